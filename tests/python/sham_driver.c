/* sham_driver.c: a driver plugin for tests of what Python does when a device fails.
 *
 * One "GPU" in the test's own memory that takes everything but a launch. SHAM says what fails:
 * "launch" (each launch, as after CL_OUT_OF_RESOURCES), "lost" (the first launch, for ever), "open"
 * (opening), "none" (there is no device). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/device.h"

struct gli_device {
  int unused;
};
struct gli_device_buffer {
  char *bytes;
};
struct gli_device_program {
  int unused;
};
struct gli_device_kernel {
  int unused;
};
struct gli_device_event {
  int unused;
};

static struct gli_device the_device;
static struct gli_device_program the_program;
static struct gli_device_kernel the_kernel;
static struct gli_device_event the_event;

static int fails(const char *what) {
  const char *sham = getenv("SHAM");
  return sham != NULL && strcmp(sham, what) == 0;
}

static gli_device_code fail(gli_device_code code, int number, const char *words,
                            gli_device_error *error) {
  error->code = code;
  error->driver_code = number;
  snprintf(error->message, sizeof error->message, "%s", words);
  return code;
}

static gli_device_code enumerate(gli_device_info *infos, size_t capacity, size_t *count_out,
                                 gli_device_error *error) {
  if (fails("none"))
    return fail(GLI_DEVICE_REFUSED, -1001, "clGetPlatformIDs: no sham here; buy one", error);
  for (size_t k = 0; infos != NULL && k < capacity && k < 2; k++) {
    gli_device_info *info = &infos[k];
    snprintf(info->name, sizeof info->name, "Sham %zu", k);
    snprintf(info->platform, sizeof info->platform, "Shams");
    snprintf(info->version, sizeof info->version, "sham 1");
    info->memory_bytes = info->largest_bytes = (uint64_t)1 << 30;
    info->compute_units = 8;
    info->group_size = 64;
    info->has_fp64 = info->has_atomic64 = true;
  }
  *count_out = 2;
  return GLI_DEVICE_OK;
}

static gli_device_code open_device(size_t position, const gli_device_host *host,
                                   gli_device **device_out, gli_device_error *error) {
  (void)position;
  (void)host;
  if (fails("open"))
    return fail(GLI_DEVICE_FAILED, -6, "clCreateContext: CL_OUT_OF_HOST_MEMORY (-6)", error);
  *device_out = &the_device;
  return GLI_DEVICE_OK;
}

static void close_device(gli_device *device) {
  (void)device;
}

static gli_device_code allocate(gli_device *device, uint64_t size_bytes,
                                gli_device_buffer **buffer_out, gli_device_error *error) {
  (void)device;
  gli_device_buffer *buffer = malloc(sizeof *buffer);
  if (buffer != NULL) buffer->bytes = malloc(size_bytes);
  if (buffer == NULL || buffer->bytes == NULL) {
    free(buffer);
    return fail(GLI_DEVICE_NO_MEMORY, -4, "clCreateBuffer: -4", error);
  }
  *buffer_out = buffer;
  return GLI_DEVICE_OK;
}

static void release(gli_device *device, gli_device_buffer *buffer) {
  (void)device;
  if (buffer != NULL) free(buffer->bytes);
  free(buffer);
}

static gli_device_code upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                              const void *source, uint64_t size_bytes, gli_device_error *error) {
  (void)device;
  (void)error;
  memcpy(buffer->bytes + offset_bytes, source, size_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code download(gli_device *device, gli_device_buffer *buffer,
                                uint64_t offset_bytes, void *target, uint64_t size_bytes, bool wait,
                                gli_device_error *error) {
  (void)device;
  (void)wait;
  (void)error;
  memcpy(target, buffer->bytes + offset_bytes, size_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                            gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                            gli_device_error *error) {
  (void)device;
  (void)error;
  memmove(to->bytes + to_offset_bytes, from->bytes + from_offset_bytes, size_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                            uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                            gli_device_error *error) {
  (void)device;
  (void)error;
  for (uint64_t at = 0; at < size_bytes; at += pattern_bytes)
    memcpy(buffer->bytes + offset_bytes + at, pattern, pattern_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code memory(gli_device *device, gli_device_memory *memory_out,
                              gli_device_error *error) {
  (void)device;
  (void)error;
  *memory_out = (gli_device_memory){(uint64_t)1 << 30, (uint64_t)1 << 30, 0};
  return GLI_DEVICE_OK;
}

static gli_device_code program(gli_device *device, const gli_device_source *source,
                               gli_device_program **program_out, gli_device_error *error) {
  (void)device;
  (void)source;
  (void)error;
  *program_out = &the_program;
  return GLI_DEVICE_OK;
}

static void program_release(gli_device *device, gli_device_program *released) {
  (void)device;
  (void)released;
}

static gli_device_code kernel(gli_device *device, gli_device_program *of, const char *name,
                              gli_device_kernel **kernel_out, gli_device_error *error) {
  (void)device;
  (void)of;
  (void)name;
  (void)error;
  *kernel_out = &the_kernel;
  return GLI_DEVICE_OK;
}

static gli_device_code launch(gli_device *device, gli_device_kernel *launched,
                              gli_device_shape shape, const gli_device_argument *arguments,
                              size_t argument_count, gli_device_error *error) {
  (void)device;
  (void)launched;
  (void)shape;
  (void)arguments;
  (void)argument_count;
  if (fails("lost"))
    return fail(GLI_DEVICE_LOST, -36, "clFinish: CL_INVALID_COMMAND_QUEUE (-36)", error);
  return fail(GLI_DEVICE_FAILED, -5, "clEnqueueNDRangeKernel: CL_OUT_OF_RESOURCES (-5)", error);
}

static gli_device_code event_record(gli_device *device, gli_device_event **event_out,
                                    gli_device_error *error) {
  (void)device;
  (void)error;
  *event_out = &the_event;
  return GLI_DEVICE_OK;
}

static gli_device_code event_wait(gli_device *device, gli_device_event *event,
                                  gli_device_error *error) {
  (void)device;
  (void)event;
  (void)error;
  return GLI_DEVICE_OK;
}

static gli_device_code event_elapsed(gli_device *device, gli_device_event *from,
                                     gli_device_event *to, double *seconds_out,
                                     gli_device_error *error) {
  (void)device;
  (void)from;
  (void)to;
  (void)error;
  *seconds_out = 1e-6;
  return GLI_DEVICE_OK;
}

static void event_release(gli_device *device, gli_device_event *event) {
  (void)device;
  (void)event;
}

static gli_device_code finish(gli_device *device, gli_device_error *error) {
  (void)device;
  (void)error;
  return GLI_DEVICE_OK;
}

static const gli_device_driver table = {
    .struct_size = sizeof(gli_device_driver),
    .abi = GLI_DEVICE_ABI,
    .name = "opencl",
    .enumerate = enumerate,
    .open = open_device,
    .close = close_device,
    .allocate = allocate,
    .release = release,
    .upload = upload,
    .download = download,
    .copy = copy,
    .fill = fill,
    .memory = memory,
    .program = program,
    .program_release = program_release,
    .kernel = kernel,
    .launch = launch,
    .event_record = event_record,
    .event_wait = event_wait,
    .event_elapsed = event_elapsed,
    .event_release = event_release,
    .finish = finish,
};

const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error);
const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error) {
  if (abi == GLI_DEVICE_ABI) return &table;
  fail(GLI_DEVICE_REFUSED, 0, "the sham driver is of another version", error);
  return NULL;
}
