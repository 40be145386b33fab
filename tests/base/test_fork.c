/* test_fork.c: a child can use what the parent used: the pool starts anew, locks are free. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/pool.h"
#include "support/child.h"

static gli__memory *memory;

static void add(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)worker;
  atomic_fetch_add((_Atomic int64_t *)context, to - from);
}

/* A parallel loop as a whole; returns what it counted. */
static int64_t count_items(void) {
  _Atomic int64_t counted = 0;
  gli_run *run = NULL;
  if (gli__run_begin(NULL, memory, &run, NULL) != GLI_OK ||
      gli_run_parallel(run, 10000, 10, add, &counted, NULL) != GLI_OK) {
    return -1;
  }
  gli__run_end(run);
  return counted;
}

/* Exit code of the child that runs `body`; ended by a signal after ten seconds. */
static int fork_and_run(int (*body)(void)) {
  pid_t child = fork();
  if (child == 0) {
    alarm(10);
    leave_child(body());
  }
  int status = 0;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status), "the child was ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

static void set_up(void) {
  memory = gli__memory_create(NULL);
  gli__pretend_thread_count(4);
}

static void tear_down(void) {
  gli__memory_free(memory);
}

static int loop_in_child(void) {
  for (int round = 0; round < 20; round++) {
    if (count_items() != 10000) {
      return 1;
    }
  }
  return 0;
}

static int loop_in_grandchild(void) {
  return count_items() == 10000 ? fork_and_run(loop_in_child) : 2;
}

Test(fork, the_pool_starts_anew, .init = set_up, .fini = tear_down) {
  cr_assert_eq(count_items(), 10000);
  for (int round = 0; round < 10; round++) {
    cr_assert_eq(fork_and_run(loop_in_child), 0);
    cr_assert_eq(count_items(), 10000);
  }
  cr_assert_eq(fork_and_run(loop_in_grandchild), 0);
}

static _Atomic bool is_over;

static void *keep_looping(void *unused) {
  (void)unused;
  while (!atomic_load(&is_over)) {
    count_items();
  }
  return NULL;
}

Test(fork, in_the_middle_of_another_threads_loop, .init = set_up, .fini = tear_down) {
  pthread_t threads[2];
  for (int index = 0; index < 2; index++) {
    cr_assert_eq(pthread_create(&threads[index], NULL, keep_looping, NULL), 0);
  }
  for (int round = 0; round < 30; round++) {
    cr_assert_eq(fork_and_run(loop_in_child), 0, "round %d", round);
  }
  atomic_store(&is_over, true);
  for (int index = 0; index < 2; index++) {
    pthread_join(threads[index], NULL);
  }
}

static pid_t child_of_callback;

static bool fork_once(void *context, double done, double total) {
  (void)context;
  (void)done;
  (void)total;
  if (child_of_callback == 0) {
    child_of_callback = fork();
    if (child_of_callback == 0) {
      alarm(10);
      child_of_callback = -1; /* the child does not fork again */
    }
  }
  return true;
}

static void nap(void *context, int64_t from, int64_t to, int32_t worker) {
  nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  add(context, from, to, worker);
}

Test(fork, by_the_progress_callback, .init = set_up, .fini = tear_down) {
  gli_control control = GLI_CONTROL_INIT;
  control.progress = fork_once;
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  _Atomic int64_t counted = 0;
  gli_status status = gli_run_parallel(run, 400, 1, nap, &counted, NULL);
  gli__run_end(run);
  if (child_of_callback == -1) {
    leave_child(status == GLI_ERROR_BUSY && count_items() == 10000 ? 7 : 1);
  }
  cr_assert_eq(status, GLI_OK);
  cr_assert_eq(counted, 400);
  int child_status = 0;
  cr_assert_eq(waitpid(child_of_callback, &child_status, 0), child_of_callback);
  cr_assert(WIFEXITED(child_status));
  cr_assert_eq(WEXITSTATUS(child_status), 7);
}

/* --- locks ------------------------------------------------------------------------------------ */

static gli__lock lock;
static _Atomic int holds;

static void *hold(void *argument) {
  bool exclusive = argument != NULL;
  if (exclusive) {
    gli__lock_exclusive(&lock);
  } else {
    gli__lock_shared(&lock);
  }
  atomic_store(&holds, 1);
  while (atomic_load(&holds) != 2) {
    usleep(100);
  }
  if (exclusive) {
    gli__unlock_exclusive(&lock);
  } else {
    gli__unlock_shared(&lock);
  }
  return NULL;
}

static int lock_both_ways(void) {
  gli__lock_exclusive(&lock);
  bool orphaned = gli__lock_is_orphaned(&lock);
  bool excludes = !gli__lock_try_shared(&lock);
  gli__unlock_exclusive(&lock);
  gli__lock_shared(&lock);
  bool shares = gli__lock_try_shared(&lock);
  gli__unlock_shared(&lock);
  gli__unlock_shared(&lock);
  return excludes && shares ? (orphaned ? 3 : 4) : 1;
}

static int fork_while_held(void *exclusive) {
  gli__lock_init(&lock);
  atomic_store(&holds, 0);
  pthread_t thread;
  cr_assert_eq(pthread_create(&thread, NULL, hold, exclusive), 0);
  while (atomic_load(&holds) == 0) {
    usleep(100);
  }
  int code = fork_and_run(lock_both_ways);
  atomic_store(&holds, 2);
  pthread_join(thread, NULL);
  cr_assert_eq(lock_both_ways(), 4); /* the parent's lock is as ever */
  return code;
}

Test(fork, a_lock_held_by_another_threads_writer_is_orphaned) {
  cr_assert_eq(fork_while_held(&lock), 3);
}

Test(fork, a_lock_held_by_another_threads_reader_is_free) {
  cr_assert_eq(fork_while_held(NULL), 4);
}

Test(fork, a_free_lock_stays_free) {
  gli__lock_init(&lock);
  cr_assert_eq(fork_and_run(lock_both_ways), 4);
}
