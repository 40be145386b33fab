/* primitives.cc: the host side of what CUB does for us. Scratch memory is kept per device and
 * grows; one stream does everything in order, so that one block of it serves all calls. No
 * histogram: CUB's adds to global counters for more than a few hundred bins as the portable kernel
 * does. */
#include "cuda/primitives.h"
#include "cuda/driver.h"

namespace gli_cuda {

static gli_device_code scratch(gli_device *device, uint64_t size_bytes, gli_device_error *error) {
  if (size_bytes <= device->scratch_bytes) return GLI_DEVICE_OK;
  memory_give_back(device, device->scratch);
  device->scratch = nullptr;
  device->scratch_bytes = 0;
  gli_device_code code = memory_take(device, &device->scratch, size_bytes, error);
  if (code == GLI_DEVICE_OK) device->scratch_bytes = size_bytes;
  return code;
}

/* Ask how much scratch `work` wants, get it, do the work. */
template <typename Work>
static gli_device_code with_scratch(gli_device *device, const char *name, gli_device_error *error,
                                    Work work) {
  size_t size_bytes = 0;
  gli_device_code code = check(device, work(nullptr, size_bytes), name, error);
  if (code != GLI_DEVICE_OK) return code;
  if (size_bytes == 0) size_bytes = 1; /* CUB takes a null pointer for a question */
  code = scratch(device, size_bytes, error);
  if (code != GLI_DEVICE_OK) return code;
  return check(device, work(device->scratch, size_bytes), name, error);
}

static uint64_t size_of(gli_device_element element) {
  return element == GLI_DEVICE_U32 ? 4 : 8;
}

static gli_device_code exclusive_scan(gli_device *device, gli_device_element element,
                                      gli_device_buffer *in, gli_device_buffer *out, int64_t count,
                                      gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (element != GLI_DEVICE_U32 && element != GLI_DEVICE_I64)
    return refuse(error, GLI_DEVICE_REFUSED, "a scan of element type %d; U32 or I64", element);
  /* An inclusive scan, one element further on: the total falls out, nothing is read past the end.
   */
  gli_device_code code =
      check(device, cudaMemsetAsync(out->memory, 0, size_of(element), device->stream),
            "cudaMemsetAsync", error);
  if (code != GLI_DEVICE_OK || count == 0) return code;
  void *target = static_cast<char *>(out->memory) + size_of(element);
  return with_scratch(
      device, "cub::DeviceScan::InclusiveSum", error, [&](void *memory, size_t &bytes) {
        return inclusive_scan(element, memory, bytes, in->memory, target, count, device->stream);
      });
}

static gli_device_code select(gli_device *device, gli_device_buffer *flags,
                              gli_device_buffer *positions, gli_device_buffer *found, int64_t count,
                              gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (count == 0) {
    return check(device, cudaMemsetAsync(found->memory, 0, sizeof(uint32_t), device->stream),
                 "cudaMemsetAsync", error);
  }
  if (count > INT32_MAX) {
    return refuse(error, GLI_DEVICE_REFUSED,
                  "a selection from %lld; at most %d: positions are int32",
                  static_cast<long long>(count), INT32_MAX);
  }
  return with_scratch(
      device, "cub::DeviceSelect::Flagged", error, [&](void *memory, size_t &bytes) {
        return select_flagged(memory, bytes, static_cast<uint8_t *>(flags->memory),
                              static_cast<int32_t *>(positions->memory),
                              static_cast<uint32_t *>(found->memory), count, device->stream);
      });
}

static gli_device_code reduce(gli_device *device, gli_device_element element,
                              gli_device_reduction reduction, gli_device_buffer *in,
                              gli_device_buffer *out, int64_t count, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (element == GLI_DEVICE_F64 && reduction == GLI_DEVICE_SUM)
    return refuse(error, GLI_DEVICE_REFUSED,
                  "a float64 sum in no order; only min and max are exact");
  return with_scratch(device, "cub::DeviceReduce::Reduce", error, [&](void *memory, size_t &bytes) {
    return reduce_values(element, reduction, memory, bytes, in->memory, out->memory, count,
                         device->stream);
  });
}

/* A second half for a buffer that is sorted. */
struct Half {
  void *memory = nullptr;
  uint64_t size_bytes = 0;
};

static gli_device_code take_half(gli_device *device, const gli_device_buffer *buffer, Half &half,
                                 gli_device_error *error) {
  half.size_bytes = buffer->size_bytes;
  return memory_take(device, &half.memory, half.size_bytes, error);
}

/* The result lies in the other half: carry over what lies behind the sorted part, and exchange the
 * memory behind the handle. */
static gli_device_code exchange(gli_device *device, gli_device_buffer *buffer, Half &half,
                                uint64_t sorted_bytes, gli_device_error *error) {
  if (buffer->size_bytes > sorted_bytes) {
    gli_device_code code = check(device,
                                 cudaMemcpyAsync(static_cast<char *>(half.memory) + sorted_bytes,
                                                 static_cast<char *>(buffer->memory) + sorted_bytes,
                                                 buffer->size_bytes - sorted_bytes,
                                                 cudaMemcpyDeviceToDevice, device->stream),
                                 "cudaMemcpyAsync", error);
    if (code != GLI_DEVICE_OK) return code;
  }
  void *memory = buffer->memory;
  buffer->memory = half.memory;
  half.memory = memory;
  return GLI_DEVICE_OK;
}

static gli_device_code sort_halves(gli_device *device, gli_device_buffer *keys,
                                   gli_device_buffer *values, Half &key_half, Half &value_half,
                                   int64_t count, int32_t bits, gli_device_error *error) {
  uint64_t *const key_memory[2] = {static_cast<uint64_t *>(keys->memory),
                                   static_cast<uint64_t *>(key_half.memory)};
  uint32_t *const value_memory[2] = {
      values != nullptr ? static_cast<uint32_t *>(values->memory) : nullptr,
      static_cast<uint32_t *>(value_half.memory)};
  int selected = 0;
  gli_device_code code =
      with_scratch(device, "cub::DeviceRadixSort", error, [&](void *memory, size_t &bytes) {
        return sort_by_key(memory, bytes, key_memory, value_memory, count, bits, &selected,
                           device->stream);
      });
  if (code != GLI_DEVICE_OK || selected == 0) return code;
  const auto items = static_cast<uint64_t>(count);
  code = exchange(device, keys, key_half, items * sizeof(uint64_t), error);
  if (code == GLI_DEVICE_OK && values != nullptr)
    code = exchange(device, values, value_half, items * sizeof(uint32_t), error);
  return code;
}

static gli_device_code sort(gli_device *device, gli_device_buffer *keys, gli_device_buffer *values,
                            int64_t count, int32_t bits, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (bits < 0 || bits > 64)
    return refuse(error, GLI_DEVICE_REFUSED, "a sort by %d bits; 0 to 64", bits);
  if (count < 2 || bits == 0) return GLI_DEVICE_OK;
  Half key_half, value_half;
  gli_device_code code = take_half(device, keys, key_half, error);
  if (code == GLI_DEVICE_OK && values != nullptr)
    code = take_half(device, values, value_half, error);
  if (code == GLI_DEVICE_OK) {
    code = sort_halves(device, keys, values, key_half, value_half, count, bits, error);
  }
  if (device->lost.code == GLI_DEVICE_OK) {
    memory_give_back(device, key_half.memory);
    memory_give_back(device, value_half.memory);
  }
  return code;
}

const gli_device_primitives primitives = {exclusive_scan, select, reduce, sort, nullptr};

}  // namespace gli_cuda
