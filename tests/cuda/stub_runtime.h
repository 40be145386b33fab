/* stub_runtime.h: a CUDA runtime without a GPU, for the host side of the driver.
 *
 * It keeps books on everything that the driver takes, fails any call on demand, and is lazy: work
 * in a stream is done when somebody waits for it and not before, which is the worst that a real
 * device may do to memory that is changed or given back too early. What no GPU would forgive
 * (unknown addresses, copies past the end, no current context, transfers that are not through
 * pinned memory) ends the program with a message. */
#ifndef TESTS_CUDA_STUB_RUNTIME_H
#define TESTS_CUDA_STUB_RUNTIME_H

#include <cuda_runtime_api.h>

namespace stub {

struct Plan {
  long index; /* the call that fails, from 0; -1: none */
  cudaError_t kind;
  bool persistent; /* every later call too; what is sticky in CUDA is always so */
  long host_index; /* the calloc that fails, from 0; -1: none */
};
struct World {
  int devices;
  bool has_pools;
};

/* A new process, so to speak: counters at 0, empty books. */
void reset(const World &world, const Plan &plan);
long calls();
long host_calls();
long injected();
bool is_sticky(cudaError_t kind);

/* What has been taken and not given back. */
struct Books {
  long device_blocks, pinned_blocks, events, streams, pools, libraries, contexts, pushes;
  long host_blocks;
  bool unreachable; /* its context could not be made current: releasing that ends all of it */
};
Books books();
/* The last launch. */
struct Launch {
  unsigned int grid, block;
};
Launch last_launch();
enum { multiprocessors = 10, groups_per_multiprocessor = 4 };

}  // namespace stub

#endif
