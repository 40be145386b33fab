/* queue.c: launches and marks in the queue.
 *
 * Kernels loop over their items, so a launch gets no more work-groups than fill the device: on PoCL
 * a group costs 12 ns, and on a GPU a group that loops saves its start. The local size is always
 * given; it is the one that the kernel was compiled for. */
#include <stdio.h>
#include <stdlib.h>

#include "opencl/opencl.h"

gli_device_code opencl_wait_failed(gli_device *device, gli_device_error *error, const char *call,
                                   int number) {
  gli_device_code code = opencl_classify(OPENCL_WAITING, number);
  /* A crashed kernel comes back as CL_OUT_OF_RESOURCES or a failed event: if the empty queue fails
   * too, the device is gone. */
  if (code == GLI_DEVICE_FAILED && cl.Finish(device->queue) != CL_SUCCESS) code = GLI_DEVICE_LOST;
  return opencl_fail_with(error, code, number, call, "%s", device->found.info.name);
}

/* Work-groups for a shape whose count is above 0. */
static uint64_t group_count(const gli_device *device, gli_device_shape shape) {
  if (shape.type == GLI_DEVICE_ONE_GROUP) return 1;
  uint64_t groups = (uint64_t)shape.count;
  if (shape.type == GLI_DEVICE_ITEMS) {
    uint64_t size = device->found.info.group_size;
    groups = groups / size + (groups % size != 0);
  }
  return groups < device->found.group_limit ? groups : device->found.group_limit;
}

static gli_device_code set_argument(gli_device_kernel *kernel, cl_uint at,
                                    const gli_device_argument *argument, gli_device_error *error) {
  cl_mem memory = NULL;
  const void *value = &argument->as;
  size_t size_bytes = 0;
  switch (argument->type) {
    case GLI_DEVICE_BUFFER:
      memory = argument->as.buffer != NULL ? argument->as.buffer->memory : NULL;
      value = &memory;
      size_bytes = sizeof memory;
      break;
    case GLI_DEVICE_INT32:
      size_bytes = sizeof argument->as.int32;
      break;
    case GLI_DEVICE_INT64:
      size_bytes = sizeof argument->as.int64;
      break;
  }
  cl_int status = cl.SetKernelArg(kernel->kernel, at, size_bytes, value);
  if (status == CL_SUCCESS) return GLI_DEVICE_OK;
  return opencl_fail_with(error, opencl_classify(OPENCL_OTHER, status), status, "clSetKernelArg",
                          "argument %u of %s", at, kernel->name);
}

gli_device_code opencl_launch(gli_device *device, gli_device_kernel *kernel, gli_device_shape shape,
                              const gli_device_argument *arguments, size_t argument_count,
                              gli_device_error *error) {
  if (shape.count < 0) {
    return opencl_refuse(error, "%s: a count of %lld", kernel->name, (long long)shape.count);
  }
  if (argument_count != kernel->argument_count) {
    return opencl_refuse(error, "%s: %zu arguments given, it takes %u", kernel->name,
                         argument_count, kernel->argument_count);
  }
  if (shape.count == 0) return GLI_DEVICE_OK;
  for (size_t i = 0; i < argument_count; i++) {
    gli_device_code code = set_argument(kernel, (cl_uint)i, &arguments[i], error);
    if (code != GLI_DEVICE_OK) return code;
  }
  const size_t local = device->found.info.group_size;
  const size_t global = (size_t)group_count(device, shape) * local;
  cl_int status = cl.EnqueueNDRangeKernel(device->queue, kernel->kernel, 1, NULL, &global, &local,
                                          0, NULL, NULL);
  if (status == CL_SUCCESS) return GLI_DEVICE_OK;
  return opencl_fail_with(error, opencl_classify(OPENCL_QUEUEING, status), status,
                          "clEnqueueNDRangeKernel", "%s, %zu work-items in groups of %zu",
                          kernel->name, global, local);
}

gli_device_code opencl_event_record(gli_device *device, gli_device_event **event_out,
                                    gli_device_error *error) {
  gli_device_event *event = calloc(1, sizeof *event);
  if (event == NULL) return opencl_no_host_memory(error, "an event's record");
  cl_int status = cl.EnqueueMarkerWithWaitList(device->queue, 0, NULL, &event->event);
  if (status != CL_SUCCESS) {
    free(event);
    return opencl_fail(error, OPENCL_QUEUEING, "clEnqueueMarkerWithWaitList", status);
  }
  event->next = device->events;
  if (event->next != NULL) event->next->previous = event;
  device->events = event;
  *event_out = event;
  (void)cl.Flush(device->queue); /* the device begins while the host goes on; waiting would tell */
  return GLI_DEVICE_OK;
}

gli_device_code opencl_event_wait(gli_device *device, gli_device_event *event,
                                  gli_device_error *error) {
  cl_int status = cl.WaitForEvents(1, &event->event);
  if (status != CL_SUCCESS) return opencl_wait_failed(device, error, "clWaitForEvents", status);
  return GLI_DEVICE_OK;
}

gli_device_code opencl_event_elapsed(gli_device *device, gli_device_event *from,
                                     gli_device_event *to, double *seconds_out,
                                     gli_device_error *error) {
  cl_ulong begin = 0, end = 0;
  (void)device;
  cl_int status =
      cl.GetEventProfilingInfo(from->event, CL_PROFILING_COMMAND_END, sizeof begin, &begin, NULL);
  if (status == CL_SUCCESS) {
    status = cl.GetEventProfilingInfo(to->event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
  }
  if (status == CL_PROFILING_INFO_NOT_AVAILABLE) {
    return opencl_fail_with(error, GLI_DEVICE_REFUSED, status, "clGetEventProfilingInfo",
                            "time is known once both events were waited for");
  }
  if (status != CL_SUCCESS) {
    return opencl_fail(error, OPENCL_OTHER, "clGetEventProfilingInfo", status);
  }
  *seconds_out = end > begin ? (double)(end - begin) * 1e-9 : 0;
  return GLI_DEVICE_OK;
}

void opencl_event_release(gli_device *device, gli_device_event *event) {
  if (event == NULL) return;
  if (event->previous != NULL) event->previous->next = event->next;
  if (event->next != NULL) event->next->previous = event->previous;
  if (device->events == event) device->events = event->next;
  (void)cl.ReleaseEvent(event->event);
  free(event);
}

gli_device_code opencl_finish(gli_device *device, gli_device_error *error) {
  cl_int status = cl.Finish(device->queue);
  if (status != CL_SUCCESS) return opencl_wait_failed(device, error, "clFinish", status);
  opencl_staging_free(device, true);
  return GLI_DEVICE_OK;
}
