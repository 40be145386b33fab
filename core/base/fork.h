/* fork.h: what happens to locks and threads when the process forks.
 *
 * Only the forking thread lives on in a child. A generation number, raised in each child, tells
 * whatever has waiters or helpers (locks, the task pool) that its other threads are gone. */
#ifndef GLI_BASE_FORK_H
#define GLI_BASE_FORK_H

#include <stdatomic.h>
#include <stdint.h>

extern _Atomic uint32_t gli__fork_count; /* 0 in the process that loaded libgli */

static inline uint32_t gli__fork_generation(void) {
  return atomic_load_explicit(&gli__fork_count, memory_order_relaxed);
}

/* Register the fork handlers, once per process; called before anything that needs them. */
void gli__fork_watch(void);

/* lock.c and pool.c: forget the parent's other threads. */
void gli__lock_in_child(void);
void gli__pool_in_child(void);

#endif
