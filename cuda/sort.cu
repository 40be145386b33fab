/* sort.cu: stable radix sort by CUB (least significant digit first, one pass over the data per
 * digit: Adinets and Merrill 2022, "Onesweep", arXiv:2206.01784). */
#include <cub/device/device_radix_sort.cuh>

#include "cuda/primitives.h"

namespace gli_cuda {

cudaError_t sort_by_key(void *scratch, size_t &scratch_bytes, uint64_t *const keys[2],
                        uint32_t *const values[2], int64_t count, int bits, int *selected,
                        cudaStream_t stream) {
  cub::DoubleBuffer<uint64_t> key_halves(keys[0], keys[1]);
  cudaError_t status;
  if (values[0] == nullptr) {
    status =
        cub::DeviceRadixSort::SortKeys(scratch, scratch_bytes, key_halves, count, 0, bits, stream);
    *selected = key_halves.selector;
    return status;
  }
  cub::DoubleBuffer<uint32_t> value_halves(values[0], values[1]);
  status = cub::DeviceRadixSort::SortPairs(scratch, scratch_bytes, key_halves, value_halves, count,
                                           0, bits, stream);
  *selected = key_halves.selector; /* keys and values move together */
  return status;
}

}  // namespace gli_cuda
