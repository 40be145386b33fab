/* relabelled_driver.c: the OpenCL driver under the name of CUDA, for tests of what only CUDA has.
 *
 * A plugin libgli_cuda.so around libgli_opencl.so (its path: RELABELLED_DRIVER) on PoCL, whose
 * buffers are the host's memory: the address that it gives out as CUDA's can be read by a test.
 * relabelled_lose() loses the device; relabelled_live() counts the buffers that are not given back.
 */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/device.h"

static const gli_device_driver *real;
static gli_device_driver table;
static atomic_int lost, live, downloads;

void relabelled_lose(void);
void relabelled_lose(void) {
  atomic_store(&lost, 1);
}

int relabelled_live(void);
int relabelled_live(void) {
  return atomic_load(&live);
}

int relabelled_downloads(void);
int relabelled_downloads(void) {
  return atomic_load(&downloads);
}

static gli_device_code if_lost(gli_device_error *error) {
  if (!atomic_load(&lost)) return GLI_DEVICE_OK;
  error->code = GLI_DEVICE_LOST;
  error->driver_code = 719;
  snprintf(error->message, sizeof error->message, "cudaErrorLaunchFailure (719): unplugged");
  return GLI_DEVICE_LOST;
}

static gli_device_code allocate(gli_device *device, uint64_t size_bytes,
                                gli_device_buffer **buffer_out, gli_device_error *error) {
  gli_device_code code = if_lost(error);
  if (code == GLI_DEVICE_OK) code = real->allocate(device, size_bytes, buffer_out, error);
  if (code == GLI_DEVICE_OK) atomic_fetch_add(&live, 1);
  return code;
}

static void release(gli_device *device, gli_device_buffer *buffer) {
  if (atomic_load(&lost)) abort(); /* nothing may be called any more */
  if (buffer != NULL) atomic_fetch_sub(&live, 1);
  real->release(device, buffer);
}

static gli_device_code download(gli_device *device, gli_device_buffer *buffer,
                                uint64_t offset_bytes, void *target, uint64_t size_bytes, bool wait,
                                gli_device_error *error) {
  const gli_device_code code = if_lost(error);
  if (code != GLI_DEVICE_OK) return code;
  atomic_fetch_add(&downloads, 1);
  return real->download(device, buffer, offset_bytes, target, size_bytes, wait, error);
}

static gli_device_code finish(gli_device *device, gli_device_error *error) {
  const gli_device_code code = if_lost(error);
  return code == GLI_DEVICE_OK ? real->finish(device, error) : code;
}

/* Where PoCL keeps the buffer: mapping it costs nothing and moves nothing. */
static gli_device_code address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                               int32_t *kind_out, int32_t *number_out, gli_device_error *error) {
  void *memory = NULL;
  cl_context context;
  cl_device_id id;
  size_t size = 0;
  cl_int status;
  gli_device_code code = if_lost(error);
  if (code == GLI_DEVICE_OK)
    code = real->address(device, buffer, &memory, kind_out, number_out, error);
  if (code != GLI_DEVICE_OK) return code;
  clGetMemObjectInfo(memory, CL_MEM_CONTEXT, sizeof context, &context, NULL);
  clGetMemObjectInfo(memory, CL_MEM_SIZE, sizeof size, &size, NULL);
  clGetContextInfo(context, CL_CONTEXT_DEVICES, sizeof id, &id, NULL);
  cl_command_queue queue = clCreateCommandQueue(context, id, 0, &status);
  *address_out =
      clEnqueueMapBuffer(queue, memory, CL_TRUE, CL_MAP_READ, 0, size, 0, NULL, NULL, &status);
  clEnqueueUnmapMemObject(queue, memory, *address_out, 0, NULL, NULL);
  clFinish(queue);
  clReleaseCommandQueue(queue);
  *kind_out = 2;
  *number_out = 0;
  return status == CL_SUCCESS ? GLI_DEVICE_OK : GLI_DEVICE_FAILED;
}

const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error);
const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error) {
  const char *path = getenv("RELABELLED_DRIVER");
  void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
  gli_device_entry entry = NULL;
  void *symbol = library == NULL ? NULL : dlsym(library, GLI_DEVICE_ENTRY_NAME);
  if (symbol == NULL) {
    snprintf(error->message, sizeof error->message, "RELABELLED_DRIVER names no driver");
    return NULL;
  }
  memcpy(&entry, &symbol, sizeof entry);
  real = entry(abi, error);
  if (real == NULL) return NULL;
  table = *real;
  table.name = "cuda";
  table.allocate = allocate;
  table.release = release;
  table.download = download;
  table.finish = finish;
  table.address = address;
  return &table;
}
