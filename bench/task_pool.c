/* task_pool.c: the pool of core/base beside OpenMP; the figures of docs/adr/0001-task-pool.md.
 *
 *     cc -O2 -fopenmp -Icore -Icore/include -DGLI_VERSION_TEXT='""' bench/task_pool.c
 * core/base/[a-z]*.c -lm
 *     ./a.out              (clang's runtime: clang ... -fopenmp=libomp)
 *
 * Times are the best of several repetitions, in one process, the competitors taking turns. */
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/pool.h"

#define ROUNDS 9
#define ITEMS 2000000

static gli__memory *memory;
static double values[ITEMS];

static void empty(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)context;
  (void)from;
  (void)to;
  __asm__ __volatile__("" ::"r"(worker) : "memory");
}

static void scale(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)context;
  (void)worker;
  for (int64_t item = from; item < to; item++) {
    values[item] = values[item] * 0.999 + 1.0;
  }
}

static void loop_pool(gli_run *run, int64_t count, int64_t grain, gli_task task) {
  gli_run_parallel(run, count, grain, task, NULL, NULL);
}

static void loop_openmp(gli_run *run, int64_t count, int64_t grain, gli_task task) {
  int64_t blocks = (count - 1) / grain + 1;
  int threads = gli_run_threads(run);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (int64_t block = 0; block < blocks; block++) {
    int64_t end = (block + 1) * grain;
    task(NULL, block * grain, end < count ? end : count, omp_get_thread_num());
  }
}

typedef void (*looper)(gli_run *, int64_t, int64_t, gli_task);
static const looper loopers[] = {loop_pool, loop_openmp};
static const char *const names[] = {"gli pool", "OpenMP"};

static gli_run *begin(int32_t threads) {
  gli_control control = GLI_CONTROL_INIT;
  control.threads = threads;
  gli_run *run = NULL;
  if (gli__run_begin(&control, memory, &run, NULL) != GLI_OK) {
    _exit(1);
  }
  return run;
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

static void nap_us(long microseconds) {
  nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
}

/* Best microseconds of a loop, `pause_us` after the one before. */
static double latency(looper loop, int32_t threads, int64_t count, int64_t grain, gli_task task,
                      long pause_us, int repeats) {
  gli_run *run = begin(threads);
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double total = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
      if (pause_us > 0) {
        nap_us(pause_us);
      }
      double start = gli__seconds_now();
      loop(run, count, grain, task);
      total += gli__seconds_now() - start;
    }
    best = total < best ? total : best;
  }
  gli__run_end(run);
  return best / repeats * 1e6;
}

static void show(const char *what, int32_t threads, int64_t count, int64_t grain, gli_task task,
                 long pause_us, int repeats) {
  printf("%-52s", what);
  for (int which = 0; which < 2; which++) {
    printf("  %s %9.2f us", names[which],
           latency(loopers[which], threads, count, grain, task, pause_us, repeats));
  }
  puts("");
}

typedef struct caller {
  looper loop;
} caller;

static void *call_in(void *argument) {
  gli_run *run = begin(0);
  for (int repeat = 0; repeat < 200; repeat++) {
    ((caller *)argument)->loop(run, ITEMS / 10, 4096, scale);
  }
  gli__run_end(run);
  return NULL;
}

/* Wall seconds of `callers` threads that each run 200 loops over the same work. */
static double several_callers(looper loop, int callers) {
  double best = 1e9;
  for (int round = 0; round < 5; round++) {
    pthread_t threads[8];
    caller arguments[8];
    double start = gli__seconds_now();
    for (int index = 0; index < callers; index++) {
      arguments[index].loop = loop;
      pthread_create(&threads[index], NULL, call_in, &arguments[index]);
    }
    for (int index = 0; index < callers; index++) {
      pthread_join(threads[index], NULL);
    }
    double seconds = gli__seconds_now() - start;
    best = seconds < best ? seconds : best;
  }
  return best;
}

/* User CPU milliseconds spent in 20 pauses of 10 ms, each after an empty loop. */
static double idle_cost(looper loop) {
  gli_run *run = begin(0);
  double before = cpu_seconds();
  for (int repeat = 0; repeat < 20; repeat++) {
    loop(run, 16, 1, empty);
    nap_us(10000);
  }
  double after = cpu_seconds();
  gli__run_end(run);
  return (after - before) * 1000;
}

/* Whether a child can run a loop after the parent did. */
static const char *after_fork(looper loop) {
  gli_run *run = begin(2);
  loop(run, 16, 1, empty);
  gli__run_end(run);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(3);
    run = begin(2);
    loop(run, 16, 1, empty);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? "runs" : "hangs (ended after 3 s)";
}

static double lock_nanoseconds(bool exclusive) {
  static gli__lock lock;
  gli__lock_init(&lock);
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = gli__seconds_now();
    for (int repeat = 0; repeat < 1000000; repeat++) {
      if (exclusive) {
        gli__lock_exclusive(&lock);
        gli__unlock_exclusive(&lock);
      } else {
        gli__lock_shared(&lock);
        gli__unlock_shared(&lock);
      }
    }
    double seconds = gli__seconds_now() - start;
    best = seconds < best ? seconds : best;
  }
  return best * 1e3;
}

static double poll_nanoseconds(bool watches_clock) {
  gli_control control = GLI_CONTROL_INIT;
  control.max_seconds = watches_clock ? 1000 : 0;
  gli_run *run = NULL;
  gli__run_begin(&control, memory, &run, NULL);
  double start = gli__seconds_now();
  for (int repeat = 0; repeat < 1000000; repeat++) {
    if (gli_run_stopped(run)) {
      break;
    }
  }
  double seconds = gli__seconds_now() - start;
  gli__run_end(run);
  return seconds * 1e3;
}

int main(void) {
  memory = gli__memory_create(NULL);
  printf("%d threads\n", (int)gli_thread_count());
  /* First, while no thread of OpenMP is there to spin. */
  for (int which = 0; which < 2; which++) {
    printf("%s: CPU time in 20 pauses of 10 ms: %.1f ms\n", names[which],
           idle_cost(loopers[which]));
  }
  show("one block (runs inline)", 0, 100, 1000, empty, 0, 100000);
  show("16 empty blocks, 1 thread", 1, 16, 1, empty, 0, 100000);
  show("16 empty blocks, all threads, back to back", 0, 16, 1, empty, 0, 20000);
  show("16 empty blocks, all threads, 1 ms after the last", 0, 16, 1, empty, 1000, 100);
  show("2 M floats in 489 blocks, 1 thread", 1, ITEMS, 4096, scale, 0, 20);
  show("2 M floats in 489 blocks, all threads", 0, ITEMS, 4096, scale, 0, 20);
  show("2 M floats in 489 blocks, 1 ms after the last", 0, ITEMS, 4096, scale, 1000, 20);
  for (int callers = 1; callers <= 4; callers *= 2) {
    printf("%d callers, 200 loops of 200,000 floats each         ", callers);
    for (int which = 0; which < 2; which++) {
      printf("  %s %9.1f ms", names[which], several_callers(loopers[which], callers) * 1000);
    }
    puts("");
  }
  printf("gli_run_stopped: %.1f ns, with a time limit %.1f ns\n", poll_nanoseconds(false),
         poll_nanoseconds(true));
  printf("lock and unlock: shared %.1f ns, exclusive %.1f ns\n", lock_nanoseconds(false),
         lock_nanoseconds(true));
  for (int which = 0; which < 2; which++) {
    printf("%s: a forked child's first loop %s\n", names[which], after_fork(loopers[which]));
  }
  return 0;
}
