/* driver.c: the OpenCL driver's table, its one exported symbol, and opening and closing a device.
 *
 * Nothing is opened before `enumerate` is called. A device is one context and one in-order queue,
 * so that the order of the calls is the order of the work. */
#include <stdlib.h>
#include <string.h>

#include "opencl/opencl.h"

static gli_device_code opencl_enumerate(gli_device_info *infos, size_t capacity, size_t *count_out,
                                        gli_device_error *error) {
  const opencl_found *found = NULL;
  size_t count = 0;
  gli_device_code code = opencl_devices(&found, &count, error);
  if (code != GLI_DEVICE_OK) return code;
  for (size_t i = 0; infos != NULL && i < count && i < capacity; i++) {
    size_t known = infos[i].struct_size;
    if (known == 0 || known > sizeof(gli_device_info)) known = sizeof(gli_device_info);
    memcpy(&infos[i], &found[i].info, known);
    infos[i].struct_size = known;
  }
  *count_out = count;
  return GLI_DEVICE_OK;
}

static void opencl_close(gli_device *device) {
  if (device == NULL) return;
  bool is_idle = device->queue == NULL || cl.Finish(device->queue) == CL_SUCCESS;
  opencl_staging_free(device, is_idle);
  while (device->events != NULL)
    opencl_event_release(device, device->events);
  while (device->programs != NULL)
    opencl_program_release(device, device->programs);
  while (device->buffers != NULL)
    opencl_release(device, device->buffers);
  if (device->queue != NULL) (void)cl.ReleaseCommandQueue(device->queue);
  if (device->context != NULL) (void)cl.ReleaseContext(device->context);
  free(device);
}

static gli_device_code opencl_open(size_t position, const gli_device_host *host,
                                   gli_device **device_out, gli_device_error *error) {
  const opencl_found *found = NULL;
  size_t count = 0;
  gli_device_code code = opencl_devices(&found, &count, error);
  if (code != GLI_DEVICE_OK) return code;
  if (position >= count) {
    return opencl_refuse(error, "device %zu: there are %zu, numbered from 0", position, count);
  }
  gli_device *device = calloc(1, sizeof *device);
  if (device == NULL) return opencl_no_host_memory(error, "a device's record");
  device->found = found[position];
  device->number = (int32_t)position;
  if (host != NULL) {
    size_t known = host->struct_size < sizeof *host ? host->struct_size : sizeof *host;
    memcpy(&device->host, host, known);
  }
  const cl_context_properties properties[] = {CL_CONTEXT_PLATFORM,
                                              (cl_context_properties)device->found.platform, 0};
  cl_int status = CL_SUCCESS;
  const char *call = "clCreateContext";
  device->context = cl.CreateContext(properties, 1, &device->found.id, NULL, NULL, &status);
  if (status == CL_SUCCESS) {
    call = "clCreateCommandQueue";
    device->queue = cl.CreateCommandQueue(device->context, device->found.id,
                                          CL_QUEUE_PROFILING_ENABLE, &status);
  }
  if (status != CL_SUCCESS) {
    opencl_close(device);
    return opencl_fail_with(error, opencl_classify(OPENCL_ALLOCATION, status), status, call, "%s",
                            found[position].info.name);
  }
  *device_out = device;
  return GLI_DEVICE_OK;
}

static const gli_device_driver driver = {
    .struct_size = sizeof(gli_device_driver),
    .abi = GLI_DEVICE_ABI,
    .name = "opencl",
    .enumerate = opencl_enumerate,
    .open = opencl_open,
    .close = opencl_close,
    .allocate = opencl_allocate,
    .release = opencl_release,
    .upload = opencl_upload,
    .download = opencl_download,
    .copy = opencl_copy,
    .fill = opencl_fill,
    .memory = opencl_memory,
    .program = opencl_program,
    .program_release = opencl_program_release,
    .kernel = opencl_kernel,
    .launch = opencl_launch,
    .event_record = opencl_event_record,
    .event_wait = opencl_event_wait,
    .event_elapsed = opencl_event_elapsed,
    .event_release = opencl_event_release,
    .finish = opencl_finish,
    .address = opencl_address,
};

__attribute__((visibility("default"))) const gli_device_driver *gli_device_driver_entry(
    uint32_t abi, gli_device_error *error);

const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error) {
  if (abi == GLI_DEVICE_ABI) return &driver;
  (void)opencl_refuse(error, "libgli_opencl.so speaks ABI %u of device drivers, libgli ABI %u",
                      GLI_DEVICE_ABI, abi);
  return NULL;
}
