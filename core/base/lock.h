/* lock.h: a readers-writer lock, small enough for one per graph.
 *
 * Uncontended, each side costs one atomic operation to take and one to give back. Writers are
 * preferred, so that a stream of readers cannot starve one. The try forms never wait: whoever
 * holds Python's GIL uses them first and lets the GIL go before waiting (see DESIGN: deadlocks). */
#ifndef GLI_BASE_LOCK_H
#define GLI_BASE_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct gli__lock {
  _Atomic uint32_t state;   /* bit 31: a writer holds it; bits 0-30: readers */
  _Atomic uint32_t waiting; /* writers that wait */
} gli__lock;

void gli__lock_init(gli__lock *lock);
bool gli__lock_try_shared(gli__lock *lock);
void gli__lock_shared(gli__lock *lock);
void gli__unlock_shared(gli__lock *lock);
bool gli__lock_try_exclusive(gli__lock *lock);
void gli__lock_exclusive(gli__lock *lock);
void gli__unlock_exclusive(gli__lock *lock);

#endif
