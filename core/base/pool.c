/* pool.c: the task pool behind gli_run_parallel.
 *
 * A parallel loop is a region on its caller's stack. The caller lists it, wakes helpers, and takes
 * blocks itself by an atomic counter, as each helper that joined does; when the blocks are used up
 * it takes the region off the list and waits for the helpers that are still inside. Worker numbers
 * are given out in order of joining: 0 is the caller. So a region never waits for a helper to come,
 * and a second caller shares the helpers (each goes to the region that has the fewest) instead of
 * adding threads. A task's own loops run inline.
 *
 * Idle helpers watch a counter for some microseconds, because kernels start the next loop soon
 * after the last, and then sleep; so does a caller whose helpers are still busy. Why not OpenMP,
 * and what the waiting times cost, is measured in docs/adr/0001-task-pool.md. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "base/pool.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/pause.h"
#include "base/run.h"

#define HELPER_LIMIT 255
#define HELPER_STACK_BYTES ((size_t)4 << 20)
#define SPINS 400                 /* of gli__pause: about 15 us */
#define WAIT_NANOSECONDS 20000000 /* between looks at progress while helpers finish */

typedef struct region {
  alignas(64) _Atomic int64_t next_block; /* every worker changes it: a cache line of its own */
  uint8_t rest_of_line[56];
  _Atomic int32_t present; /* helpers inside; the caller may leave when it is 0 */
  int32_t helper_limit;
  gli_run *run;
  gli_task task;
  void *context;
  int64_t count;
  int64_t grain;
  int64_t block_count;

  struct region *next; /* these three: under the pool's mutex */
  int32_t joined;
  bool is_listed;
} region;

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t work;     /* helpers sleep on it */
  pthread_cond_t finished; /* callers sleep on it */
  region *regions;         /* those that have blocks left and take more helpers */
  int32_t helpers;
  int32_t sleeping_helpers;
  int32_t sleeping_callers;
  _Atomic uint32_t published; /* raised with every region: idle helpers watch it */
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER,
          .work = PTHREAD_COND_INITIALIZER,
          .finished = PTHREAD_COND_INITIALIZER};

/* The innermost region that this thread works in: loops inside of it run inline. */
typedef struct position {
  const gli_run *run;
  int32_t worker;
} position;
static _Thread_local position current GLI__FAST_THREAD_LOCAL;

/* The helpers are the parent's: start anew. */
void gli__pool_in_child(void) {
  pthread_mutex_init(&pool.mutex, NULL);
  pthread_cond_init(&pool.work, NULL);
  pthread_cond_init(&pool.finished, NULL);
  pool.regions = NULL;
  pool.helpers = 0;
  pool.sleeping_helpers = 0;
  pool.sleeping_callers = 0;
}

/* --- how many threads ------------------------------------------------------------------------- */

static int32_t thread_bound = INT32_MAX; /* GLI_THREADS, read once */
static _Atomic int32_t pretended_count;

static void read_thread_bound(void) {
  const char *text = getenv("GLI_THREADS");
  char *end = NULL;
  long bound = text != NULL ? strtol(text, &end, 10) : 0;
  if (bound >= 1 && bound < INT32_MAX && *end == '\0') {
    thread_bound = (int32_t)bound;
  }
}

static int32_t processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    return CPU_COUNT(&set);
  }
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : online > HELPER_LIMIT ? HELPER_LIMIT + 1 : (int32_t)online;
}

static int32_t count_threads(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_thread_bound);
  int32_t count = processor_count();
  count = count < thread_bound ? count : thread_bound;
  return count <= HELPER_LIMIT ? count : HELPER_LIMIT + 1;
}

int32_t gli_thread_count(void) {
  int32_t pretended = atomic_load_explicit(&pretended_count, memory_order_relaxed);
  return pretended > 0 ? pretended : count_threads();
}

/* Affinity masks belong to threads, and so does what is remembered of them. */
int32_t gli__thread_count_at(double coarse_seconds) {
  static _Thread_local double counted_at GLI__FAST_THREAD_LOCAL;
  static _Thread_local int32_t count GLI__FAST_THREAD_LOCAL;
  int32_t pretended = atomic_load_explicit(&pretended_count, memory_order_relaxed);
  if (pretended > 0) {
    return pretended;
  }
  if (coarse_seconds > counted_at) {
    count = count_threads();
    counted_at = coarse_seconds;
  }
  return count;
}

void gli__pretend_thread_count(int32_t count) {
  atomic_store_explicit(&pretended_count, count, memory_order_relaxed);
}

/* --- working ---------------------------------------------------------------------------------- */

static void run_block(const region *loop, int64_t block, int32_t worker) {
  int64_t begin = block * loop->grain;
  int64_t left = loop->count - begin;
  loop->task(loop->context, begin, left > loop->grain ? begin + loop->grain : loop->count, worker);
}

/* Take blocks until there are none or the run stops. */
static void work(region *loop, int32_t worker) {
  position outer = current;
  current = (position){.run = loop->run, .worker = worker};
  while (!gli__run_poll(loop->run)) {
    int64_t block = atomic_fetch_add_explicit(&loop->next_block, 1, memory_order_relaxed);
    if (block >= loop->block_count) {
      break;
    }
    run_block(loop, block, worker);
  }
  current = outer;
}

/* The clock is read after each block. Before the first only what needs no clock is asked: kernels
 * of small graphs have a dozen loops of one block, shorter than the clock takes to read. */
static gli_status run_inline(const region *loop, gli_error *error) {
  position outer = current;
  int32_t worker = outer.run == loop->run ? outer.worker : 0;
  current = (position){.run = loop->run, .worker = worker};
  bool stops = gli__run_poll_flags(loop->run);
  for (int64_t block = 0; block < loop->block_count && !stops; block++) {
    run_block(loop, block, worker);
    stops = gli__run_poll(loop->run);
  }
  current = outer;
  return stops ? gli__run_stop_reason(loop->run, error) : GLI_OK;
}

/* --- helpers ---------------------------------------------------------------------------------- */

static void unlist(region *loop) {
  region **link = &pool.regions;
  while (*link != loop) {
    link = &(*link)->next;
  }
  *link = loop->next;
  loop->is_listed = false;
}

/* Under the mutex: join the region with the fewest helpers; NULL when none takes more. */
static region *join(int32_t *worker_out) {
  region *chosen = pool.regions;
  for (region *other = pool.regions; other != NULL; other = other->next) {
    if (other->joined < chosen->joined) {
      chosen = other;
    }
  }
  if (chosen == NULL) {
    return NULL;
  }
  *worker_out = ++chosen->joined;
  atomic_fetch_add_explicit(&chosen->present, 1, memory_order_relaxed);
  if (chosen->joined == chosen->helper_limit) {
    unlist(chosen);
  }
  return chosen;
}

/* Under the mutex, which is let go meanwhile: wait until there may be a region to join. */
static void idle(void) {
  uint32_t seen = atomic_load_explicit(&pool.published, memory_order_relaxed);
  pthread_mutex_unlock(&pool.mutex);
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(&pool.published, memory_order_relaxed) != seen) {
      break;
    }
    gli__pause();
  }
  pthread_mutex_lock(&pool.mutex);
  if (atomic_load_explicit(&pool.published, memory_order_relaxed) == seen) {
    pool.sleeping_helpers++;
    pthread_cond_wait(&pool.work, &pool.mutex);
    pool.sleeping_helpers--;
  }
}

static void *help(void *unused) {
  (void)unused;
  pthread_mutex_lock(&pool.mutex);
  for (;;) {
    int32_t worker;
    region *loop = join(&worker);
    if (loop == NULL) {
      idle();
      continue;
    }
    pthread_mutex_unlock(&pool.mutex);
    work(loop, worker);
    /* The last touch of the region: its caller may be gone right after. */
    atomic_fetch_sub_explicit(&loop->present, 1, memory_order_release);
    pthread_mutex_lock(&pool.mutex);
    if (pool.sleeping_callers > 0) {
      pthread_cond_broadcast(&pool.finished);
    }
  }
  return NULL;
}

/* Under the mutex: have `wanted` helpers, or as many as the system grants. Signals are for the
 * program's own threads. */
static void start_helpers(int32_t wanted) {
  if (pool.helpers >= wanted) {
    return;
  }
  sigset_t blocked, old;
  sigfillset(&blocked);
  sigdelset(&blocked, SIGSEGV);
  sigdelset(&blocked, SIGBUS);
  sigdelset(&blocked, SIGFPE);
  sigdelset(&blocked, SIGILL);
  sigdelset(&blocked, SIGPROF); /* profilers sample every thread */
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) {
    return;
  }
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, HELPER_STACK_BYTES);
  pthread_sigmask(SIG_SETMASK, &blocked, &old);
  pthread_t thread;
  while (pool.helpers < wanted && pthread_create(&thread, &attributes, help, NULL) == 0) {
    pool.helpers++;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pthread_attr_destroy(&attributes);
}

/* --- callers ---------------------------------------------------------------------------------- */

static void publish(region *loop) {
  pthread_mutex_lock(&pool.mutex);
  start_helpers(loop->helper_limit);
  loop->next = pool.regions;
  pool.regions = loop;
  loop->is_listed = true;
  atomic_fetch_add_explicit(&pool.published, 1, memory_order_relaxed);
  int32_t to_wake = pool.sleeping_helpers;
  pthread_mutex_unlock(&pool.mutex);
  if (to_wake > loop->helper_limit && loop->helper_limit < 4) {
    for (int32_t woken = 0; woken < loop->helper_limit; woken++) {
      pthread_cond_signal(&pool.work);
    }
  } else if (to_wake > 0) {
    pthread_cond_broadcast(&pool.work);
  }
}

/* Under the mutex: sleep until a helper leaves some region, or it is time to look at progress. */
static void sleep_until_finished(const region *loop) {
  pool.sleeping_callers++;
  if (loop->run->control.progress == NULL) {
    pthread_cond_wait(&pool.finished, &pool.mutex);
  } else {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&pool.finished, &pool.mutex, &until);
  }
  pool.sleeping_callers--;
}

static bool is_finished(region *loop) {
  return atomic_load_explicit(&loop->present, memory_order_acquire) == 0;
}

/* Wait for the helpers inside. A child that the progress callback forked meanwhile does not: they
 * are the parent's. */
static void wait_for_helpers(region *loop) {
  for (int spin = 0; spin < SPINS && !is_finished(loop); spin++) {
    gli__pause();
  }
  while (!is_finished(loop) && gli__fork_generation() == loop->run->generation) {
    pthread_mutex_lock(&pool.mutex);
    if (!is_finished(loop)) {
      sleep_until_finished(loop);
    }
    pthread_mutex_unlock(&pool.mutex);
    gli__run_poll(loop->run);
  }
}

gli_status gli_run_parallel(gli_run *run, int64_t count, int64_t grain, gli_task task,
                            void *context, gli_error *error) {
  if (count <= 0) {
    return gli_run_check(run, error);
  }
  region loop = {.run = run, .task = task, .context = context, .count = count};
  loop.grain = grain > 0 ? grain : 1;
  loop.block_count = (count - 1) / loop.grain + 1;
  int64_t useful = loop.block_count < run->threads ? loop.block_count : run->threads;
  loop.helper_limit = (int32_t)useful - 1;
  if (loop.helper_limit == 0 || current.run != NULL) {
    return run_inline(&loop, error);
  }
  publish(&loop);
  work(&loop, 0);
  if (gli__fork_generation() == run->generation) {
    pthread_mutex_lock(&pool.mutex);
    if (loop.is_listed) {
      unlist(&loop);
    }
    pthread_mutex_unlock(&pool.mutex);
    wait_for_helpers(&loop);
  }
  return gli_run_check(run, error);
}
