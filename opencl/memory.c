/* memory.c: buffers, and what happens to them on the device.
 *
 * OpenCL allocates lazily: clCreateBuffer succeeds, and the first launch that uses the buffer finds
 * no room. libgli wants to know at once, so a new buffer gets one byte written into it, through the
 * queue and without waiting. */
#include <stdlib.h>

#include "opencl/opencl.h"

gli_device_code opencl_allocate(gli_device *device, uint64_t size_bytes,
                                gli_device_buffer **buffer_out, gli_device_error *error) {
  const gli_device_info *info = &device->found.info;
  if (size_bytes == 0) return opencl_refuse(error, "a buffer of 0 bytes: give it at least 1");
  if (size_bytes > info->largest_bytes || size_bytes > SIZE_MAX) {
    return opencl_refuse(error, "a buffer of %llu bytes: %s takes at most %llu in one",
                         (unsigned long long)size_bytes, info->name,
                         (unsigned long long)info->largest_bytes);
  }
  gli_device_buffer *buffer = calloc(1, sizeof *buffer);
  if (buffer == NULL) return opencl_no_host_memory(error, "a buffer's record");
  cl_int status = CL_SUCCESS;
  const char *call = "clCreateBuffer";
  buffer->memory =
      cl.CreateBuffer(device->context, CL_MEM_READ_WRITE, (size_t)size_bytes, NULL, &status);
  if (status == CL_SUCCESS) {
    static const cl_uchar zero;
    call = "clEnqueueFillBuffer";
    status = cl.EnqueueFillBuffer(device->queue, buffer->memory, &zero, 1, 0, 1, 0, NULL, NULL);
  }
  if (status != CL_SUCCESS) {
    if (buffer->memory != NULL) (void)cl.ReleaseMemObject(buffer->memory);
    free(buffer);
    return opencl_fail_with(error, opencl_classify(OPENCL_ALLOCATION, status), status, call,
                            "a buffer of %llu bytes, beside %llu in use",
                            (unsigned long long)size_bytes,
                            (unsigned long long)device->allocated_bytes);
  }
  buffer->size_bytes = size_bytes;
  buffer->next = device->buffers;
  if (buffer->next != NULL) buffer->next->previous = buffer;
  device->buffers = buffer;
  device->allocated_bytes += size_bytes;
  *buffer_out = buffer;
  return GLI_DEVICE_OK;
}

void opencl_release(gli_device *device, gli_device_buffer *buffer) {
  if (buffer == NULL) return;
  if (buffer->previous != NULL) buffer->previous->next = buffer->next;
  if (buffer->next != NULL) buffer->next->previous = buffer->previous;
  if (device->buffers == buffer) device->buffers = buffer->next;
  device->allocated_bytes -= buffer->size_bytes;
  (void)cl.ReleaseMemObject(buffer->memory); /* OpenCL keeps it until the queue is done with it */
  free(buffer);
}

gli_device_code opencl_copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                            gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                            gli_device_error *error) {
  gli_device_code code =
      opencl_check_range("copy from", from, from_offset_bytes, size_bytes, error);
  if (code == GLI_DEVICE_OK) {
    code = opencl_check_range("copy to", to, to_offset_bytes, size_bytes, error);
  }
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  cl_int status =
      cl.EnqueueCopyBuffer(device->queue, from->memory, to->memory, (size_t)from_offset_bytes,
                           (size_t)to_offset_bytes, (size_t)size_bytes, 0, NULL, NULL);
  if (status != CL_SUCCESS)
    return opencl_fail(error, OPENCL_QUEUEING, "clEnqueueCopyBuffer", status);
  return GLI_DEVICE_OK;
}

gli_device_code opencl_fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                            uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                            gli_device_error *error) {
  if (pattern_bytes != 1 && pattern_bytes != 4 && pattern_bytes != 8) {
    return opencl_refuse(error, "fill with a pattern of %u bytes: it has 1, 4 or 8", pattern_bytes);
  }
  if (offset_bytes % pattern_bytes != 0 || size_bytes % pattern_bytes != 0) {
    return opencl_refuse(
        error, "fill of %llu bytes at %llu: both are multiples of the pattern's %u",
        (unsigned long long)size_bytes, (unsigned long long)offset_bytes, pattern_bytes);
  }
  gli_device_code code = opencl_check_range("fill", buffer, offset_bytes, size_bytes, error);
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  cl_int status = cl.EnqueueFillBuffer(device->queue, buffer->memory, pattern, pattern_bytes,
                                       (size_t)offset_bytes, (size_t)size_bytes, 0, NULL, NULL);
  if (status != CL_SUCCESS)
    return opencl_fail(error, OPENCL_QUEUEING, "clEnqueueFillBuffer", status);
  return GLI_DEVICE_OK;
}

gli_device_code opencl_memory(gli_device *device, gli_device_memory *memory_out,
                              gli_device_error *error) {
  (void)error;
  uint64_t total = device->found.info.memory_bytes;
  memory_out->total_bytes = total;
  memory_out->allocated_bytes = device->allocated_bytes;
  /* OpenCL 1.2 cannot say what others use. */
  memory_out->free_bytes = total > device->allocated_bytes ? total - device->allocated_bytes : 0;
  return GLI_DEVICE_OK;
}

gli_device_code opencl_address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                               int32_t *kind_out, int32_t *number_out, gli_device_error *error) {
  (void)error;
  *address_out = buffer->memory;
  *kind_out = 4; /* kDLOpenCL */
  *number_out = device->number;
  return GLI_DEVICE_OK;
}
