/* threads_pool.c: parallel loops: each item once, from several callers, nested, stopped. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/pool.h"
#include "support/threads.h"

#define THREADS 8

static gli__memory *memory;

static gli_run *begin(const gli_control *control) {
  gli_run *run = NULL;
  gli_error error;
  CHECK(gli__run_begin(control, memory, &run, &error) == GLI_OK);
  return run;
}

static void sleep_ms(long milliseconds) {
  struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

typedef struct counting {
  uint8_t *seen; /* by item */
  int64_t count;
  int64_t grain;
  int32_t threads;
  _Atomic int64_t blocks;
} counting;

static void count_items(void *context, int64_t from, int64_t to, int32_t worker) {
  counting *state = context;
  CHECK(from % state->grain == 0);
  CHECK(to == from + state->grain || to == state->count);
  CHECK(from < to && to <= state->count);
  CHECK(worker >= 0 && worker < state->threads);
  for (int64_t item = from; item < to; item++) {
    state->seen[item]++;
  }
  atomic_fetch_add(&state->blocks, 1);
}

static void loop_once(gli_run *run, int64_t count, int64_t grain) {
  counting state = {.count = count, .grain = grain, .threads = gli_run_threads(run)};
  state.seen = calloc((size_t)count + 1, 1);
  CHECK(state.seen != NULL);
  CHECK(gli_run_parallel(run, count, grain, count_items, &state, NULL) == GLI_OK);
  for (int64_t item = 0; item < count; item++) {
    CHECK(state.seen[item] == 1);
  }
  CHECK(state.blocks == (count + grain - 1) / grain);
  free(state.seen);
}

static void every_item_runs_once(void) {
  const int64_t counts[] = {0, 1, 2, 7, 8, 9, 1000, 4096, 100003};
  const int64_t grains[] = {1, 3, 64, 1000, 1000000};
  for (int32_t threads = 1; threads <= THREADS; threads++) {
    gli_run *run = begin(&(gli_control){.struct_size = sizeof(gli_control), .threads = threads});
    CHECK(gli_run_threads(run) == threads);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
      for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++) {
        loop_once(run, counts[c], grains[g]);
      }
    }
    gli__run_end(run);
  }
}

static void *call_in(void *argument) {
  int64_t *seed = argument;
  gli_run *run = begin(NULL);
  for (int64_t round = 0; round < 200; round++) {
    loop_once(run, 1 + (*seed * 7919 + round * 31) % 3000, 1 + round % 50);
  }
  gli__run_end(run);
  return NULL;
}

static void several_callers_share_the_helpers(void) {
  int64_t seeds[4] = {1, 2, 3, 4};
  run_threads(4, call_in, seeds, sizeof seeds[0]);
}

/* A block counts each of its items by a loop of its own, on its own worker's counter. */
typedef struct nesting {
  gli_run *run;
  int64_t by_worker[THREADS];
} nesting;

typedef struct inner {
  nesting *outer;
  int32_t worker;
} inner;

static void count_inner(void *context, int64_t from, int64_t to, int32_t worker) {
  inner *state = context;
  CHECK(worker == state->worker);
  state->outer->by_worker[worker] += to - from; /* no other thread has this worker's number */
}

static void count_outer(void *context, int64_t from, int64_t to, int32_t worker) {
  nesting *state = context;
  for (int64_t item = from; item < to; item++) {
    inner nested = {.outer = state, .worker = worker};
    CHECK(gli_run_parallel(state->run, 10, 3, count_inner, &nested, NULL) == GLI_OK);
  }
}

static void nested_loops_run_on_their_worker(void) {
  nesting state = {.run = begin(NULL)};
  CHECK(gli_run_parallel(state.run, 500, 5, count_outer, &state, NULL) == GLI_OK);
  int64_t total = 0;
  for (int worker = 0; worker < THREADS; worker++) {
    total += state.by_worker[worker];
  }
  CHECK(total == 5000);
  gli__run_end(state.run);
}

/* Partial sums per block, added in block order: bit for bit the same on any number of threads. */
static void sum_block(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)worker;
  double sum = 0;
  for (int64_t item = from; item < to; item++) {
    sum += 1.0 / (double)(item + 1);
  }
  ((double *)context)[from / 100] = sum;
}

static void block_sums_do_not_depend_on_threads(void) {
  double first = 0;
  for (int32_t threads = 1; threads <= THREADS; threads++) {
    double partial[100];
    gli_run *run = begin(&(gli_control){.struct_size = sizeof(gli_control), .threads = threads});
    CHECK(gli_run_parallel(run, 10000, 100, sum_block, partial, NULL) == GLI_OK);
    double sum = 0;
    for (int block = 0; block < 100; block++) {
      sum += partial[block];
    }
    first = threads == 1 ? sum : first;
    CHECK(memcmp(&sum, &first, sizeof sum) == 0);
    gli__run_end(run);
  }
  CHECK(first > 9.787606036 && first < 9.787606037); /* H(10000), A001008 / A002805 */
}

static void nap(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)worker;
  atomic_fetch_add((_Atomic int64_t *)context, to - from);
  sleep_ms(1);
}

static gli_cancel flag;

static void *raise_flag(void *unused) {
  (void)unused;
  sleep_ms(30);
  gli_cancel_request(&flag);
  return NULL;
}

static void cancelling_stops_the_loop(void) {
  for (int32_t threads = 1; threads <= THREADS; threads += THREADS - 1) {
    flag.requested = 0;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, raise_flag, NULL) == 0);
    gli_run *run = begin(
        &(gli_control){.struct_size = sizeof(gli_control), .threads = threads, .cancel = &flag});
    _Atomic int64_t napped = 0;
    gli_error error;
    double start = gli__seconds_now();
    CHECK(gli_run_parallel(run, 1000000, 1, nap, &napped, &error) == GLI_ERROR_CANCELLED);
    CHECK(gli__seconds_now() - start < 5);
    CHECK(strstr(error.message, "asked to stop") != NULL);
    CHECK(napped > 0 && napped < 1000000);
    int64_t before = napped;
    CHECK(gli_run_stopped(run));
    CHECK(gli_run_parallel(run, 10, 1, nap, &napped, NULL) == GLI_ERROR_CANCELLED);
    CHECK(napped == before);
    gli__run_end(run);
    CHECK(pthread_join(thread, NULL) == 0);
  }
}

static void time_limit_stops_the_loop(void) {
  gli_run *run = begin(&(gli_control){.struct_size = sizeof(gli_control), .max_seconds = 0.05});
  _Atomic int64_t napped = 0;
  gli_error error;
  double start = gli__seconds_now();
  CHECK(gli_run_parallel(run, 1000000, 1, nap, &napped, &error) == GLI_ERROR_TIMEOUT);
  double seconds = gli__seconds_now() - start;
  CHECK(seconds > 0.03 && seconds < 5);
  CHECK(strstr(error.message, "max_seconds is 0.05") != NULL);
  CHECK(gli_run_check(run, NULL) == GLI_ERROR_TIMEOUT);
  gli__run_end(run);
}

typedef struct watching {
  pthread_t thread;
  int calls;
  int stop_after;
  double done;
  double total;
} watching;

static bool watch(void *context, double done, double total) {
  watching *state = context;
  CHECK(pthread_equal(state->thread, pthread_self()));
  CHECK(done >= state->done);
  state->done = done;
  state->total = total;
  return ++state->calls < state->stop_after;
}

static void progress_is_served_on_the_calling_thread(void) {
  watching state = {.thread = pthread_self(), .stop_after = 4};
  gli_run *run = begin(&(gli_control){
      .struct_size = sizeof(gli_control), .progress = watch, .progress_context = &state});
  gli_run_progress(run, 3, 12);
  _Atomic int64_t napped = 0;
  gli_error error;
  CHECK(gli_run_parallel(run, 1000000, 1, nap, &napped, &error) == GLI_ERROR_CALLBACK);
  CHECK(strstr(error.message, "progress callback") != NULL);
  CHECK(state.calls == 4);
  CHECK(state.done == 3 && state.total == 12);
  gli__run_end(run);
}

/* The caller's block is short, a helper's long: progress goes on while the caller only waits. */
static void long_for_helpers(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)from;
  (void)to;
  sleep_ms(worker == 0 ? 1 : *(long *)context);
}

static void progress_goes_on_while_the_caller_waits(void) {
  watching state = {.thread = pthread_self(), .stop_after = 1000};
  gli_run *run = begin(&(gli_control){
      .struct_size = sizeof(gli_control), .progress = watch, .progress_context = &state});
  long milliseconds = 300;
  for (int round = 0; round < 20 && state.calls < 4; round++) {
    CHECK(gli_run_parallel(run, 1000, 1, long_for_helpers, &milliseconds, NULL) == GLI_OK);
  }
  CHECK(state.calls >= 4);
  gli__run_end(run);
}

static void use_scratch(void *context, int64_t from, int64_t to, int32_t worker) {
  (void)worker;
  gli_run *run = context;
  for (int64_t item = from; item < to; item++) {
    int64_t *block = gli_run_allocate_zeroed(run, 1 + item % 100, sizeof *block);
    CHECK(block != NULL && block[item % 100] == 0);
    block[0] = item;
    if (item % 3 != 0) {
      gli_run_release(run, block);
    }
  }
  gli_run_count_iteration(run);
  gli_run_progress(run, (double)to, 3000);
}

static void scratch_comes_from_any_thread_and_is_given_back(void) {
  int64_t before = memory->live_bytes;
  gli_run *run = begin(NULL);
  CHECK(gli_run_parallel(run, 3000, 10, use_scratch, run, NULL) == GLI_OK);
  CHECK(gli__run_iterations(run) == 300);
  CHECK(memory->live_bytes > before);
  gli__run_end(run);
  CHECK(memory->live_bytes == before);
}

int main(void) {
  memory = gli__memory_create(NULL);
  CHECK(memory != NULL);
  gli__pretend_thread_count(THREADS);
  every_item_runs_once();
  several_callers_share_the_helpers();
  nested_loops_run_on_their_worker();
  block_sums_do_not_depend_on_threads();
  cancelling_stops_the_loop();
  time_limit_stops_the_loop();
  progress_is_served_on_the_calling_thread();
  progress_goes_on_while_the_caller_waits();
  scratch_comes_from_any_thread_and_is_given_back();
  gli__memory_free(memory);
  puts("threads_pool: passed");
  return 0;
}
