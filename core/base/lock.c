/* lock.c: the readers-writer lock.
 *
 * One word holds the readers' count, the writer's bit and a bit that says that threads sleep. A
 * waiter spins for about a microsecond, which covers a point operation of another thread, then
 * sleeps in one of 16 global buckets (mutex and condition variable) chosen by the lock's address,
 * as WebKit's ParkingLot does: a lock stays 16 bytes, and whoever gives it back touches a bucket
 * only when the sleep bit is set. A futex would do the same on Linux alone.
 *
 * Why not pthread_rwlock_t: 56 bytes, no hook between failing and waiting, and with glibc's
 * writer preference a thread that reads twice deadlocks. */
#include "base/lock.h"

#include <gli/control.h>
#include <pthread.h>

#include "base/fork.h"
#include "base/pause.h"

#define WRITER (UINT32_C(1) << 31)
#define SLEEPERS (UINT32_C(1) << 30)
#define READERS (SLEEPERS - 1)
#define SPINS 64
#define BUCKETS 16

typedef struct bucket {
  pthread_mutex_t mutex;
  pthread_cond_t freed;
} bucket;

#define BUCKET \
  { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER }
#define BUCKETS_4 BUCKET, BUCKET, BUCKET, BUCKET
static bucket buckets[BUCKETS] = {BUCKETS_4, BUCKETS_4, BUCKETS_4, BUCKETS_4};

/* How many shared locks this thread holds: a nested one must not wait for a waiting writer. */
static _Thread_local uint32_t shared_held GLI__FAST_THREAD_LOCAL;

static void *(*_Atomic before_wait)(void);
static void (*_Atomic after_wait)(void *);

void gli_set_wait_hooks(void *(*before)(void), void (*after)(void *state)) {
  atomic_store_explicit(&before_wait, before, memory_order_release);
  atomic_store_explicit(&after_wait, after, memory_order_release);
}

void gli__lock_init(gli__lock *lock) {
  gli__fork_watch();
  atomic_init(&lock->state, 0);
  atomic_init(&lock->waiting, 0);
  atomic_init(&lock->generation, gli__fork_generation());
  atomic_init(&lock->orphaned, 0);
}

bool gli__lock_is_orphaned(const gli__lock *lock) {
  return atomic_load_explicit(&lock->orphaned, memory_order_relaxed) != 0;
}

static bucket *bucket_of(const gli__lock *lock) {
  return &buckets[(((uintptr_t)lock >> 4) ^ ((uintptr_t)lock >> 12)) % BUCKETS];
}

/* --- fork ------------------------------------------------------------------------------------- */

/* Buckets hold nothing but waiters, and a child has none: begin with fresh ones. */
void gli__lock_in_child(void) {
  for (int index = 0; index < BUCKETS; index++) {
    pthread_mutex_init(&buckets[index].mutex, NULL);
    pthread_cond_init(&buckets[index].freed, NULL);
  }
}

/* First use in a child: the parent's other threads, which may have held the lock, are not here. */
static void adopt(gli__lock *lock) {
  bucket *home = bucket_of(lock);
  pthread_mutex_lock(&home->mutex);
  uint32_t generation = gli__fork_generation();
  if (atomic_load_explicit(&lock->generation, memory_order_acquire) != generation) {
    if ((atomic_load_explicit(&lock->state, memory_order_relaxed) & WRITER) != 0) {
      atomic_store_explicit(&lock->orphaned, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&lock->state, 0, memory_order_relaxed);
    atomic_store_explicit(&lock->waiting, 0, memory_order_relaxed);
    atomic_store_explicit(&lock->generation, generation, memory_order_release);
  }
  pthread_mutex_unlock(&home->mutex);
}

static inline void follow_fork(gli__lock *lock) {
  if (__builtin_expect(
          atomic_load_explicit(&lock->generation, memory_order_acquire) != gli__fork_generation(),
          0)) {
    adopt(lock);
  }
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Whether trying could succeed; `state` was read before `waiting` is. */
static bool is_free(const gli__lock *lock, uint32_t state, bool exclusive) {
  if (exclusive) {
    return (state & (WRITER | READERS)) == 0;
  }
  return (state & WRITER) == 0 &&
         (shared_held != 0 || atomic_load_explicit(&lock->waiting, memory_order_relaxed) == 0);
}

/* Sleep until the lock looks free. No wake-up is lost: the sleep bit is set, and seen still set,
 * under the bucket's mutex, so whoever frees the lock later finds it and comes here after the wait
 * began. A reader that stands back for a waiting writer sleeps while the lock is free: that writer
 * takes it and frees it again; had it done so before the bit was set, then `waiting`, which it
 * lowered first, is seen lowered when `state` is read with acquire and the loop looks again. */
static void sleep_until_free(gli__lock *lock, bool exclusive) {
  bucket *home = bucket_of(lock);
  pthread_mutex_lock(&home->mutex);
  for (;;) {
    uint32_t state = atomic_load_explicit(&lock->state, memory_order_acquire);
    if (is_free(lock, state, exclusive)) {
      break;
    }
    if ((state & SLEEPERS) != 0) {
      pthread_cond_wait(&home->freed, &home->mutex);
    } else {
      atomic_compare_exchange_strong_explicit(&lock->state, &state, state | SLEEPERS,
                                              memory_order_acquire, memory_order_relaxed);
    }
  }
  pthread_mutex_unlock(&home->mutex);
}

static void wake(gli__lock *lock) {
  bucket *home = bucket_of(lock);
  pthread_mutex_lock(&home->mutex);
  atomic_fetch_and_explicit(&lock->state, ~SLEEPERS, memory_order_relaxed);
  pthread_cond_broadcast(&home->freed);
  pthread_mutex_unlock(&home->mutex);
}

static void wait_until_free(gli__lock *lock, bool exclusive) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (is_free(lock, atomic_load_explicit(&lock->state, memory_order_acquire), exclusive)) {
      return;
    }
    gli__pause();
  }
  void *(*before)(void) = atomic_load_explicit(&before_wait, memory_order_acquire);
  void (*after)(void *) = atomic_load_explicit(&after_wait, memory_order_acquire);
  void *state = before != NULL ? before() : NULL;
  sleep_until_free(lock, exclusive);
  if (after != NULL) {
    after(state);
  }
}

/* --- shared ----------------------------------------------------------------------------------- */

bool gli__lock_try_shared(gli__lock *lock) {
  follow_fork(lock);
  if (shared_held == 0 && atomic_load_explicit(&lock->waiting, memory_order_relaxed) != 0) {
    return false;
  }
  uint32_t state = atomic_load_explicit(&lock->state, memory_order_relaxed);
  while ((state & WRITER) == 0) {
    if (atomic_compare_exchange_weak_explicit(&lock->state, &state, state + 1, memory_order_acquire,
                                              memory_order_relaxed)) {
      shared_held++;
      return true;
    }
  }
  return false;
}

void gli__lock_shared(gli__lock *lock) {
  while (!gli__lock_try_shared(lock)) {
    wait_until_free(lock, false);
  }
}

void gli__unlock_shared(gli__lock *lock) {
  shared_held--;
  uint32_t before = atomic_fetch_sub_explicit(&lock->state, 1, memory_order_release);
  if (__builtin_expect((before & SLEEPERS) != 0, 0) && (before & READERS) == 1) {
    wake(lock);
  }
}

/* --- exclusive -------------------------------------------------------------------------------- */

bool gli__lock_try_exclusive(gli__lock *lock) {
  follow_fork(lock);
  uint32_t state = atomic_load_explicit(&lock->state, memory_order_relaxed);
  while ((state & (WRITER | READERS)) == 0) {
    if (atomic_compare_exchange_weak_explicit(&lock->state, &state, state | WRITER,
                                              memory_order_acquire, memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

void gli__lock_exclusive(gli__lock *lock) {
  if (gli__lock_try_exclusive(lock)) {
    return;
  }
  atomic_fetch_add_explicit(&lock->waiting, 1, memory_order_relaxed);
  do {
    wait_until_free(lock, true);
  } while (!gli__lock_try_exclusive(lock));
  atomic_fetch_sub_explicit(&lock->waiting, 1, memory_order_relaxed);
}

void gli__unlock_exclusive(gli__lock *lock) {
  uint32_t before = atomic_fetch_and_explicit(&lock->state, ~WRITER, memory_order_release);
  if (__builtin_expect((before & SLEEPERS) != 0, 0)) {
    wake(lock);
  }
}
