/* memory.cc: buffers, copies and fills on a CUDA device.
 *
 * Memory comes from a pool of our own where the device offers pools: taking and giving back are
 * then operations of the stream and cost a microsecond, not the milliseconds and the wait for the
 * whole device of cudaMalloc and cudaFree. The pool keeps what is given back (an algorithm's
 * scratch is wanted again by the next call); when the device runs short, what the pool keeps is
 * handed back and the allocation tried once more before anyone hears of it. A pool of our own,
 * because raising the threshold of the device's default pool would change it for other libraries in
 * the process. */
#include <string.h>

#include "cuda/driver.h"

namespace gli_cuda {

static cudaError_t take(gli_device *device, void **memory, uint64_t size_bytes) {
  if (device->pool != nullptr)
    return cudaMallocFromPoolAsync(memory, size_bytes, device->pool, device->stream);
  return cudaMalloc(memory, size_bytes);
}

gli_device_code memory_take(gli_device *device, void **memory_out, uint64_t size_bytes,
                            gli_device_error *error) {
  const char *call = device->pool != nullptr ? "cudaMallocFromPoolAsync" : "cudaMalloc";
  void *memory = nullptr;
  cudaError_t status = take(device, &memory, size_bytes);
  if (status == cudaErrorMemoryAllocation && device->pool != nullptr) {
    cudaGetLastError();
    /* What is given back in stream order is free once the stream has got there. */
    gli_device_code code =
        check(device, cudaStreamSynchronize(device->stream), "cudaStreamSynchronize", error);
    if (code != GLI_DEVICE_OK) return code;
    ignore(cudaMemPoolTrimTo(device->pool, 0));
    status = take(device, &memory, size_bytes);
  }
  gli_device_code code = check(device, status, call, error);
  if (code == GLI_DEVICE_OK) *memory_out = memory;
  return code;
}

void memory_give_back(gli_device *device, void *memory) {
  if (memory == nullptr) return;
  if (device->pool != nullptr)
    check(device, cudaFreeAsync(memory, device->stream), "cudaFreeAsync", nullptr);
  else
    check(device, cudaFree(memory), "cudaFree", nullptr);
}

gli_device_code allocate(gli_device *device, uint64_t size_bytes, gli_device_buffer **buffer_out,
                         gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (size_bytes == 0)
    return refuse(error, GLI_DEVICE_REFUSED, "a buffer of 0 bytes was asked for; at least 1");
  auto *buffer = static_cast<gli_device_buffer *>(host_allocate(sizeof(gli_device_buffer), error));
  if (buffer == nullptr) return GLI_DEVICE_FAILED;
  gli_device_code code = memory_take(device, &buffer->memory, size_bytes, error);
  if (code != GLI_DEVICE_OK) {
    host_free(buffer);
    return code;
  }
  buffer->size_bytes = size_bytes;
  device->allocated_bytes += size_bytes;
  link_in(device->buffers, buffer);
  *buffer_out = buffer;
  return GLI_DEVICE_OK;
}

void buffer_end(gli_device *device, gli_device_buffer *buffer, bool reachable) {
  if (reachable) memory_give_back(device, buffer->memory);
  device->allocated_bytes -= buffer->size_bytes;
  link_out(device->buffers, buffer);
  host_free(buffer);
}

void release(gli_device *device, gli_device_buffer *buffer) {
  if (buffer == nullptr) return;
  const Current current(device, nullptr);
  if (may_end(current)) buffer_end(device, buffer, current.code == GLI_DEVICE_OK);
}

gli_device_code in_buffer(const gli_device_buffer *buffer, uint64_t offset_bytes,
                          uint64_t size_bytes, const char *what, gli_device_error *error) {
  if (offset_bytes <= buffer->size_bytes && size_bytes <= buffer->size_bytes - offset_bytes)
    return GLI_DEVICE_OK;
  return refuse(error, GLI_DEVICE_REFUSED,
                "%s of %llu bytes at %llu passes the end of a buffer of %llu bytes", what,
                static_cast<unsigned long long>(size_bytes),
                static_cast<unsigned long long>(offset_bytes),
                static_cast<unsigned long long>(buffer->size_bytes));
}

gli_device_code copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                     gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                     gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code = in_buffer(from, from_offset_bytes, size_bytes, "a copy", error);
  if (code == GLI_DEVICE_OK) code = in_buffer(to, to_offset_bytes, size_bytes, "a copy", error);
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  return check(device,
               cudaMemcpyAsync(static_cast<char *>(to->memory) + to_offset_bytes,
                               static_cast<char *>(from->memory) + from_offset_bytes, size_bytes,
                               cudaMemcpyDeviceToDevice, device->stream),
               "cudaMemcpyAsync", error);
}

/* The runtime sets bytes only; wider patterns are a kernel of our own, found on first use. */
static gli_device_code fill_kernel(gli_device *device, uint32_t pattern_bytes,
                                   gli_device_kernel **kernel_out, gli_device_error *error) {
  gli_device_kernel *&slot = pattern_bytes == 4 ? device->fill_u32 : device->fill_u64;
  gli_device_code code = GLI_DEVICE_OK;
  if (device->fill_program == nullptr) {
    const gli_device_source source = {"cuda/fill", "", ""};
    code = program(device, &source, &device->fill_program, error);
  }
  if (code == GLI_DEVICE_OK && slot == nullptr) {
    const char *name = pattern_bytes == 4 ? "fill_u32" : "fill_u64";
    code = kernel(device, device->fill_program, name, &slot, error);
  }
  if (code == GLI_DEVICE_OK) *kernel_out = slot;
  return code;
}

gli_device_code fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                     uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                     gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if ((pattern_bytes != 1 && pattern_bytes != 4 && pattern_bytes != 8) ||
      offset_bytes % pattern_bytes != 0 || size_bytes % pattern_bytes != 0) {
    return refuse(error, GLI_DEVICE_REFUSED,
                  "a fill with %u bytes; a pattern has 1, 4 or 8, offset and size are multiples",
                  pattern_bytes);
  }
  gli_device_code code = in_buffer(buffer, offset_bytes, size_bytes, "a fill", error);
  if (code != GLI_DEVICE_OK || size_bytes == 0) return code;
  const auto *bytes = static_cast<const unsigned char *>(pattern);
  if (memcmp(bytes, bytes + 1, pattern_bytes - 1) == 0) { /* all bytes are the same */
    return check(device,
                 cudaMemsetAsync(static_cast<char *>(buffer->memory) + offset_bytes, bytes[0],
                                 size_bytes, device->stream),
                 "cudaMemsetAsync", error);
  }
  gli_device_kernel *kernel = nullptr;
  code = fill_kernel(device, pattern_bytes, &kernel, error);
  if (code != GLI_DEVICE_OK) return code;
  gli_device_argument arguments[4] = {};
  arguments[0].type = GLI_DEVICE_BUFFER;
  arguments[0].as.buffer = buffer;
  arguments[1].type = arguments[2].type = GLI_DEVICE_INT64;
  arguments[1].as.uint64 = offset_bytes / pattern_bytes;
  arguments[2].as.uint64 = size_bytes / pattern_bytes;
  arguments[3].type = pattern_bytes == 4 ? GLI_DEVICE_INT32 : GLI_DEVICE_INT64;
  memcpy(&arguments[3].as, pattern, pattern_bytes);
  const gli_device_shape shape = {GLI_DEVICE_ITEMS, arguments[2].as.int64};
  return launch(device, kernel, shape, arguments, 4, error);
}

/* What the pool keeps unused is as good as free to us. */
gli_device_code memory(gli_device *device, gli_device_memory *memory_out, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  size_t free_bytes = 0, total_bytes = 0;
  gli_device_code code =
      check(device, cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo", error);
  if (code != GLI_DEVICE_OK) return code;
  cuuint64_t reserved = 0, used = 0;
  if (device->pool != nullptr) {
    code = check(
        device, cudaMemPoolGetAttribute(device->pool, cudaMemPoolAttrReservedMemCurrent, &reserved),
        "cudaMemPoolGetAttribute", error);
    if (code == GLI_DEVICE_OK) {
      code =
          check(device, cudaMemPoolGetAttribute(device->pool, cudaMemPoolAttrUsedMemCurrent, &used),
                "cudaMemPoolGetAttribute", error);
    }
    if (code != GLI_DEVICE_OK) return code;
  }
  memory_out->total_bytes = total_bytes;
  memory_out->free_bytes = free_bytes + (reserved > used ? reserved - used : 0);
  memory_out->allocated_bytes = device->allocated_bytes;
  return GLI_DEVICE_OK;
}

gli_device_code address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                        int32_t *kind_out, int32_t *number_out, gli_device_error *error) {
  if (device->lost.code != GLI_DEVICE_OK) {
    if (error != nullptr) *error = device->lost;
    return GLI_DEVICE_LOST;
  }
  *address_out = buffer->memory;
  *kind_out = 2; /* kDLCUDA */
  *number_out = device->number;
  return GLI_DEVICE_OK;
}

}  // namespace gli_cuda
