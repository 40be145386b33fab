/* hard.cu: somebody else in the process who is bad for its CUDA device: takes its memory away, or
 * runs a kernel that writes where nothing is. Part of no product; see hard.c. */
#include <cuda_runtime.h>
#include <stdint.h>

static void *blocks[4096];
static int block_count;

extern "C" int hard_give_back(void) {
  while (block_count > 0)
    cudaFree(blocks[--block_count]);
  return static_cast<int>(cudaGetLastError());
}

/* Takes memory until `leave_bytes` are free, in pieces that become smaller. */
extern "C" int hard_hog(uint64_t leave_bytes) {
  uint64_t piece = UINT64_C(4) << 30;
  while (piece >= (UINT64_C(1) << 20) && block_count < 4096) {
    size_t free_bytes = 0, total_bytes = 0;
    cudaError_t status = cudaMemGetInfo(&free_bytes, &total_bytes);
    if (status != cudaSuccess) return static_cast<int>(status);
    if (free_bytes < leave_bytes + piece ||
        cudaMalloc(&blocks[block_count], piece) != cudaSuccess) {
      cudaGetLastError();
      piece /= 2;
    } else {
      block_count++;
    }
  }
  return 0;
}

__global__ void write_nowhere(int *nowhere) {
  nowhere[threadIdx.x] = 1;
}

extern "C" int hard_fault(void) {
  write_nowhere<<<1, 32>>>(reinterpret_cast<int *>(16));
  return static_cast<int>(cudaDeviceSynchronize());
}
