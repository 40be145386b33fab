/* lock.h: a readers-writer lock, small enough for one per graph.
 *
 * Uncontended, each side costs one atomic operation to take and one to give back. Writers are
 * preferred, so that a stream of readers cannot starve one; a thread that already reads something
 * is let in all the same, so shared locks may nest. Asking for the exclusive lock while holding the
 * shared one of the same lock never ends. The try forms never wait; the others wait between the
 * hooks of gli_set_wait_hooks, and never call a hook while the lock is theirs (see DESIGN:
 * deadlocks).
 *
 * After fork a child finds every lock free, whatever other threads of the parent held. One that was
 * held exclusively is orphaned: what it guards may be half changed, and its owner answers
 * GLI_ERROR_BUSY when gli__lock_is_orphaned says so after the lock was taken. */
#ifndef GLI_BASE_LOCK_H
#define GLI_BASE_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct gli__lock {
  _Atomic uint32_t state;      /* bit 31: a writer holds it; bit 30: threads sleep; else readers */
  _Atomic uint32_t waiting;    /* writers that wait */
  _Atomic uint32_t generation; /* of the process (fork.h) that last used it */
  _Atomic uint32_t orphaned;   /* 1: a fork interrupted a writer */
} gli__lock;

void gli__lock_init(gli__lock *lock);
bool gli__lock_try_shared(gli__lock *lock);
void gli__lock_shared(gli__lock *lock);
void gli__unlock_shared(gli__lock *lock); /* by the thread that took it */
bool gli__lock_try_exclusive(gli__lock *lock);
void gli__lock_exclusive(gli__lock *lock);
void gli__unlock_exclusive(gli__lock *lock);
bool gli__lock_is_orphaned(const gli__lock *lock);

#endif
