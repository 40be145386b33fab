/* primitives.h: CUB behind plain functions, so that the host side of the driver is plain C++ and a
 * test can stand in for the device.
 *
 * As in CUB, a call without `scratch` only says how many bytes of it are wanted. */
#ifndef GLI_CUDA_PRIMITIVES_H
#define GLI_CUDA_PRIMITIVES_H

#include <cuda_runtime_api.h>
#include <stddef.h>
#include <stdint.h>

#include "device/device.h"

namespace gli_cuda {

/* out[i] = in[0] + ... + in[i]. */
cudaError_t inclusive_scan(gli_device_element element, void *scratch, size_t &scratch_bytes,
                           const void *in, void *out, int64_t count, cudaStream_t stream);
cudaError_t select_flagged(void *scratch, size_t &scratch_bytes, const uint8_t *flags,
                           int32_t *positions, uint32_t *found, int64_t count, cudaStream_t stream);
/* A count of 0 gives what changes nothing: 0, or the greatest or least value. */
cudaError_t reduce_values(gli_device_element element, gli_device_reduction reduction, void *scratch,
                          size_t &scratch_bytes, const void *in, void *out, int64_t count,
                          cudaStream_t stream);
/* keys[0] and values[0] hold the input; *selected says which of the two halves the result lies in.
 * values may be two null pointers. */
cudaError_t sort_by_key(void *scratch, size_t &scratch_bytes, uint64_t *const keys[2],
                        uint32_t *const values[2], int64_t count, int bits, int *selected,
                        cudaStream_t stream);

}  // namespace gli_cuda

#endif
