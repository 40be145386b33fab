/* reduce.cu: exact reductions, by CUB. Which of sum, min and max it is, is looked at per element:
 * the loop waits for memory anyway, and three times fewer kernels are compiled. */
#include <cub/device/device_reduce.cuh>
#include <limits>

#include "cuda/primitives.h"

namespace gli_cuda {

template <typename T>
struct Combine {
  gli_device_reduction reduction;
  __host__ __device__ T operator()(T a, T b) const {
    if (reduction == GLI_DEVICE_SUM) return a + b;
    return (reduction == GLI_DEVICE_MIN) == (b < a) ? b : a;
  }
};

template <typename T>
static cudaError_t reduce_as(gli_device_reduction reduction, void *scratch, size_t &scratch_bytes,
                             const void *in, void *out, int64_t count, cudaStream_t stream) {
  using limits = std::numeric_limits<T>;
  T neutral = T(0);
  if (reduction == GLI_DEVICE_MIN)
    neutral = limits::has_infinity ? limits::infinity() : limits::max();
  if (reduction == GLI_DEVICE_MAX)
    neutral = limits::has_infinity ? -limits::infinity() : limits::lowest();
  return cub::DeviceReduce::Reduce(scratch, scratch_bytes, static_cast<const T *>(in),
                                   static_cast<T *>(out), count, Combine<T>{reduction}, neutral,
                                   stream);
}

cudaError_t reduce_values(gli_device_element element, gli_device_reduction reduction, void *scratch,
                          size_t &scratch_bytes, const void *in, void *out, int64_t count,
                          cudaStream_t stream) {
  switch (element) {
    case GLI_DEVICE_U32:
      return reduce_as<uint32_t>(reduction, scratch, scratch_bytes, in, out, count, stream);
    case GLI_DEVICE_I64:
      return reduce_as<int64_t>(reduction, scratch, scratch_bytes, in, out, count, stream);
    case GLI_DEVICE_F64:
      return reduce_as<double>(reduction, scratch, scratch_bytes, in, out, count, stream);
    default:
      return cudaErrorInvalidValue;
  }
}

}  // namespace gli_cuda
