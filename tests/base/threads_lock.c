/* threads_lock.c: the readers-writer lock: exclusion, preference, nesting, hooks. */
#include <gli/control.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/lock.h"
#include "base/pool.h"
#include "support/threads.h"

#define WRITES 4000

static gli__lock lock;
static int64_t left, right; /* equal whenever nobody writes; guarded by the lock */
static _Atomic bool is_over;

static void *write_often(void *unused) {
  (void)unused;
  for (int round = 0; round < WRITES; round++) {
    if (round % 3 != 0 || !gli__lock_try_exclusive(&lock)) {
      gli__lock_exclusive(&lock);
    }
    left++;
    right++;
    gli__unlock_exclusive(&lock);
  }
  return NULL;
}

static void *read_until_over(void *argument) {
  int64_t *reads = argument;
  do {
    if (*reads % 2 != 0 || !gli__lock_try_shared(&lock)) {
      gli__lock_shared(&lock);
    }
    CHECK(left == right);
    gli__lock_shared(&lock); /* nested: must not wait for a waiting writer */
    CHECK(left == right);
    gli__unlock_shared(&lock);
    gli__unlock_shared(&lock);
    ++*reads;
  } while (!atomic_load(&is_over));
  return NULL;
}

static void readers_and_writers_exclude_each_other(void) {
  gli__lock_init(&lock);
  left = right = 0;
  atomic_store(&is_over, false);
  pthread_t readers[3];
  int64_t reads[3] = {0};
  for (int index = 0; index < 3; index++) {
    CHECK(pthread_create(&readers[index], NULL, read_until_over, &reads[index]) == 0);
  }
  char unused[3] = {0};
  run_threads(3, write_often, unused, 1); /* ends: the stream of readers does not starve writers */
  atomic_store(&is_over, true);
  for (int index = 0; index < 3; index++) {
    CHECK(pthread_join(readers[index], NULL) == 0);
    CHECK(reads[index] > 0);
  }
  CHECK(left == 3 * WRITES && right == left);
  CHECK(lock.state == 0 && lock.waiting == 0);
}

static void trying_tells_what_is_taken(void) {
  gli__lock_init(&lock);
  CHECK(gli__lock_try_shared(&lock));
  CHECK(gli__lock_try_shared(&lock));
  CHECK(!gli__lock_try_exclusive(&lock));
  gli__unlock_shared(&lock);
  CHECK(!gli__lock_try_exclusive(&lock));
  gli__unlock_shared(&lock);
  CHECK(gli__lock_try_exclusive(&lock));
  CHECK(!gli__lock_try_exclusive(&lock));
  CHECK(!gli__lock_try_shared(&lock));
  gli__unlock_exclusive(&lock);
  CHECK(gli__lock_try_shared(&lock));
  gli__unlock_shared(&lock);
  CHECK(!gli__lock_is_orphaned(&lock));
}

/* --- a language with a global lock ------------------------------------------------------------ */

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool has_global;
static _Thread_local bool has_graph;
static _Atomic int64_t waits;

static void *let_global_go(void) {
  CHECK(!has_graph);
  if (!has_global) {
    return NULL;
  }
  has_global = false;
  pthread_mutex_unlock(&global);
  atomic_fetch_add(&waits, 1);
  return &waits;
}

static void take_global_back(void *state) {
  CHECK(!has_graph);
  if (state == NULL) {
    return;
  }
  CHECK(state == &waits);
  pthread_mutex_lock(&global);
  has_global = true;
}

static void nap(void) {
  nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
}

/* Holds the global lock like an interpreter's thread does, around graph calls. */
static void *interpret(void *argument) {
  int64_t number = *(int64_t *)argument;
  for (int64_t round = 0; round < 1500; round++) {
    pthread_mutex_lock(&global);
    has_global = true;
    if ((round + number) % 3 == 0) {
      gli__lock_exclusive(&lock);
      has_graph = true;
      left++;
      right++;
      has_graph = false;
      gli__unlock_exclusive(&lock);
    } else {
      gli__lock_shared(&lock);
      has_graph = true;
      CHECK(left == right);
      has_graph = false;
      gli__unlock_shared(&lock);
    }
    CHECK(has_global);
    has_global = false;
    pthread_mutex_unlock(&global);
  }
  return NULL;
}

/* Without the global lock, and slow: what the others have to wait for. */
static void *load_file(void *unused) {
  (void)unused;
  for (int round = 0; round < 300; round++) {
    gli__lock_exclusive(&lock);
    left++;
    nap();
    right++;
    gli__unlock_exclusive(&lock);
    nap();
  }
  return NULL;
}

static void *either(void *argument) {
  return *(int64_t *)argument == 0 ? load_file(argument) : interpret(argument);
}

static void hooks_let_the_global_lock_go(void) {
  gli_set_wait_hooks(let_global_go, take_global_back);
  /* A busy machine may run the threads one after the other, so that nobody has to wait: again. */
  for (int attempt = 0; attempt < 50 && atomic_load(&waits) == 0; attempt++) {
    gli__lock_init(&lock);
    left = right = 0;
    int64_t numbers[5] = {0, 1, 2, 3, 4};
    run_threads(5, either, numbers, sizeof numbers[0]);
    CHECK(left == right && left == 300 + 4 * 500);
  }
  gli_set_wait_hooks(NULL, NULL);
  CHECK(atomic_load(&waits) > 0);
}

/* --- nesting, without luck -------------------------------------------------------------------- */

static void *write_once(void *unused) {
  (void)unused;
  gli__lock_exclusive(&lock);
  left++;
  gli__unlock_exclusive(&lock);
  return NULL;
}

static void a_nested_reader_passes_a_waiting_writer(void) {
  gli__lock_init(&lock);
  left = 0;
  gli__lock_shared(&lock);
  pthread_t writer;
  CHECK(pthread_create(&writer, NULL, write_once, NULL) == 0);
  while (atomic_load(&lock.waiting) == 0) {
    nap();
  }
  gli__lock_shared(&lock);
  CHECK(left == 0);
  gli__unlock_shared(&lock);
  gli__unlock_shared(&lock);
  CHECK(pthread_join(writer, NULL) == 0);
  CHECK(left == 1);
}

static void *read_once(void *argument) {
  gli__lock_shared(&lock);
  *(int64_t *)argument = left;
  gli__unlock_shared(&lock);
  return NULL;
}

static void a_new_reader_lets_a_waiting_writer_go_first(void) {
  gli__lock_init(&lock);
  left = 0;
  gli__lock_shared(&lock);
  pthread_t writer, reader;
  int64_t seen = -1;
  CHECK(pthread_create(&writer, NULL, write_once, NULL) == 0);
  while (atomic_load(&lock.waiting) == 0) {
    nap();
  }
  CHECK(pthread_create(&reader, NULL, read_once, &seen) == 0);
  for (int round = 0; round < 50; round++) {
    nap();
  }
  gli__unlock_shared(&lock);
  CHECK(pthread_join(writer, NULL) == 0);
  CHECK(pthread_join(reader, NULL) == 0);
  CHECK(seen == 1);
}

int main(void) {
  trying_tells_what_is_taken();
  readers_and_writers_exclude_each_other();
  a_nested_reader_passes_a_waiting_writer();
  a_new_reader_lets_a_waiting_writer_go_first();
  hooks_let_the_global_lock_go();
  puts("threads_lock: passed");
  return 0;
}
