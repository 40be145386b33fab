/* scan.cu: prefix sums and selection, by CUB (single-pass scan with decoupled look-back, Merrill
 * and Garland 2016). Both are exact, so whose scan it is cannot be seen in a result. */
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <cub/device/device_scan.cuh>
#include <cub/device/device_select.cuh>

#include "cuda/primitives.h"

namespace gli_cuda {

cudaError_t inclusive_scan(gli_device_element element, void *scratch, size_t &scratch_bytes,
                           const void *in, void *out, int64_t count, cudaStream_t stream) {
  if (element == GLI_DEVICE_U32) {
    return cub::DeviceScan::InclusiveSum(scratch, scratch_bytes, static_cast<const uint32_t *>(in),
                                         static_cast<uint32_t *>(out), count, stream);
  }
  return cub::DeviceScan::InclusiveSum(scratch, scratch_bytes, static_cast<const int64_t *>(in),
                                       static_cast<int64_t *>(out), count, stream);
}

struct IsSet {
  __host__ __device__ bool operator()(uint8_t flag) const {
    return flag != 0;
  }
};

cudaError_t select_flagged(void *scratch, size_t &scratch_bytes, const uint8_t *flags,
                           int32_t *positions, uint32_t *found, int64_t count,
                           cudaStream_t stream) {
  return cub::DeviceSelect::Flagged(scratch, scratch_bytes, thrust::counting_iterator<int32_t>(0),
                                    thrust::make_transform_iterator(flags, IsSet{}), positions,
                                    found, count, stream);
}

}  // namespace gli_cuda
