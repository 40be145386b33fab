/* transfer.c: bytes from and to the host.
 *
 * An upload must not keep a hold on the caller's memory. A blocking write would do, but it waits
 * for all that stands in the queue before it; so a small upload is copied aside and written from
 * there without waiting, and only a large one (where the copy would cost as much as the wait is
 * likely to) blocks. What was copied is freed when a later upload sees that it has arrived. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "opencl/opencl.h"

enum {
  STAGED_UPLOAD_BYTES = 64 << 10, /* larger ones block; malloc maps fresh pages from 128 KiB on */
  STAGING_BYTES = 4 << 20,        /* on their way at one time, all together */
};

gli_device_code opencl_check_range(const char *what, const gli_device_buffer *buffer,
                                   uint64_t offset_bytes, uint64_t size_bytes,
                                   gli_device_error *error) {
  if (buffer == NULL) return opencl_refuse(error, "%s: no buffer", what);
  if (offset_bytes <= buffer->size_bytes && size_bytes <= buffer->size_bytes - offset_bytes) {
    return GLI_DEVICE_OK;
  }
  return opencl_refuse(error, "%s: %llu bytes at %llu of a buffer of %llu", what,
                       (unsigned long long)size_bytes, (unsigned long long)offset_bytes,
                       (unsigned long long)buffer->size_bytes);
}

static void drop_first(gli_device *device) {
  opencl_staging *first = device->staging_first;
  device->staging_first = first->next;
  if (first->next == NULL) device->staging_last = NULL;
  device->staging_bytes -= first->size_bytes;
  (void)cl.ReleaseEvent(first->done);
  free(first);
}

void opencl_staging_free(gli_device *device, bool is_idle) {
  /* At most STAGING_BYTES for each device that could not be closed well; still to be found from
   * here, so that tools do not call it lost. */
  static opencl_staging *_Atomic abandoned;
  if (is_idle) {
    while (device->staging_first != NULL)
      drop_first(device);
  } else if (device->staging_first != NULL) {
    device->staging_last->next = atomic_exchange(&abandoned, device->staging_first);
    device->staging_first = device->staging_last = NULL;
    device->staging_bytes = 0;
  }
}

static bool has_arrived(const opencl_staging *staging) {
  cl_int state = CL_QUEUED;
  cl_int status =
      cl.GetEventInfo(staging->done, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL);
  return status == CL_SUCCESS && state <= CL_COMPLETE; /* negative: it failed */
}

/* Free what has arrived, and wait for the oldest until `size_bytes` more fit. */
static gli_device_code make_room(gli_device *device, uint64_t size_bytes, gli_device_error *error) {
  while (device->staging_first != NULL) {
    opencl_staging *first = device->staging_first;
    if (!has_arrived(first)) {
      if (device->staging_bytes + size_bytes <= STAGING_BYTES) break;
      cl_int status = cl.WaitForEvents(1, &first->done);
      if (status != CL_SUCCESS) return opencl_wait_failed(device, error, "clWaitForEvents", status);
    }
    drop_first(device);
  }
  return GLI_DEVICE_OK;
}

static gli_device_code upload_staged(gli_device *device, gli_device_buffer *buffer,
                                     uint64_t offset_bytes, const void *source, size_t size_bytes,
                                     gli_device_error *error) {
  gli_device_code code = make_room(device, size_bytes, error);
  if (code != GLI_DEVICE_OK) return code;
  opencl_staging *staging = malloc(sizeof *staging + size_bytes);
  if (staging == NULL) return opencl_no_host_memory(error, "the copy of an upload");
  void *copy = staging + 1;
  memcpy(copy, source, size_bytes);
  cl_int status =
      cl.EnqueueWriteBuffer(device->queue, buffer->memory, CL_FALSE, (size_t)offset_bytes,
                            size_bytes, copy, 0, NULL, &staging->done);
  if (status != CL_SUCCESS) {
    free(staging);
    return opencl_fail(error, OPENCL_QUEUEING, "clEnqueueWriteBuffer", status);
  }
  staging->next = NULL;
  staging->size_bytes = size_bytes;
  if (device->staging_last != NULL) {
    device->staging_last->next = staging;
  } else {
    device->staging_first = staging;
  }
  device->staging_last = staging;
  device->staging_bytes += size_bytes;
  return GLI_DEVICE_OK;
}

gli_device_code opencl_upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                              const void *source, uint64_t size_bytes, gli_device_error *error) {
  gli_device_code code = opencl_check_range("upload", buffer, offset_bytes, size_bytes, error);
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  if (size_bytes <= STAGED_UPLOAD_BYTES) {
    return upload_staged(device, buffer, offset_bytes, source, (size_t)size_bytes, error);
  }
  cl_int status =
      cl.EnqueueWriteBuffer(device->queue, buffer->memory, CL_TRUE, (size_t)offset_bytes,
                            (size_t)size_bytes, source, 0, NULL, NULL);
  if (status != CL_SUCCESS) {
    return opencl_wait_failed(device, error, "clEnqueueWriteBuffer", status);
  }
  return GLI_DEVICE_OK;
}

gli_device_code opencl_download(gli_device *device, gli_device_buffer *buffer,
                                uint64_t offset_bytes, void *target, uint64_t size_bytes, bool wait,
                                gli_device_error *error) {
  gli_device_code code = opencl_check_range("download", buffer, offset_bytes, size_bytes, error);
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  cl_int status =
      cl.EnqueueReadBuffer(device->queue, buffer->memory, wait ? CL_TRUE : CL_FALSE,
                           (size_t)offset_bytes, (size_t)size_bytes, target, 0, NULL, NULL);
  if (status != CL_SUCCESS) {
    return opencl_wait_failed(device, error, "clEnqueueReadBuffer", status);
  }
  return GLI_DEVICE_OK;
}
