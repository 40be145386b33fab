/* run.c: the state of one running call: limits, progress, cancelling, scratch memory.
 *
 * A run is looked at (gli__run_poll) between the blocks of a parallel loop and wherever a kernel
 * asks. That costs two loads without a limit or callback; with one, also a read of the coarse clock
 * (5 ns, good to 4 ms). The first reason to stop wins and stays. Only the calling thread calls the
 * progress callback, so a binding may take its global lock there and look for signals. */
#include "base/run.h"

#include <math.h>
#include <stdalign.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/fork.h"
#include "base/pause.h"

#define PROGRESS_SECONDS 0.025
/* Keeps scratch on cache lines of its own where the allocator aligns to them. */
#define SCRATCH_HEADER_BYTES 64
_Static_assert(sizeof(gli__scratch) <= SCRATCH_HEADER_BYTES, "the header fits");

/* --- clocks ----------------------------------------------------------------------------------- */

static double read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double gli__seconds_now(void) {
  return read_clock(CLOCK_MONOTONIC);
}

static double coarse_now(void) {
#if defined(CLOCK_MONOTONIC_COARSE)
  return read_clock(CLOCK_MONOTONIC_COARSE);
#else
  return read_clock(CLOCK_MONOTONIC);
#endif
}

/* --- begin and end ---------------------------------------------------------------------------- */

/* The fields that the caller's version of the struct has; defaults for the rest. */
static gli_status read_control(const gli_control *control, gli_control *copy_out,
                               gli_error *error) {
  gli_control copy = GLI_CONTROL_INIT;
  if (control != NULL) {
    size_t size = control->struct_size;
    if (size < offsetof(gli_control, max_seconds) + sizeof control->max_seconds) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "control.struct_size is %zu; initialise it with GLI_CONTROL_INIT", size);
    }
    memcpy(&copy, control, size < sizeof copy ? size : sizeof copy);
    copy.struct_size = sizeof copy;
  }
  if (!(copy.max_seconds >= 0)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "max_seconds is %g; it must be 0 (no limit) or more", copy.max_seconds);
  }
  if (copy.threads < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "threads is %d; it must be 0 (all) or more",
                     (int)copy.threads);
  }
  *copy_out = copy;
  return GLI_OK;
}

gli_status gli__run_begin(const gli_control *control, gli__memory *memory, gli_run **run_out,
                          gli_error *error) {
  gli_control checked = GLI_CONTROL_INIT;
  gli_status status = read_control(control, &checked, error);
  if (status != GLI_OK) {
    return status;
  }
  gli_run *run = gli__allocate_zeroed(memory, 1, sizeof *run);
  if (run == NULL) {
    return gli__no_memory(error, "the state of a call");
  }
  gli__fork_watch();
  run->memory = gli__memory_retain(memory);
  run->control = checked;
  run->caller = pthread_self();
  run->generation = gli__fork_generation();
  run->started_at = gli__seconds_now();
  double coarse = coarse_now();
  int32_t offered = gli__thread_count_at(coarse);
  run->threads = checked.threads > 0 && checked.threads < offered ? checked.threads : offered;
  run->stop_at = checked.max_seconds > 0 ? coarse + checked.max_seconds : (double)INFINITY;
  run->next_progress_at = checked.progress != NULL ? coarse + PROGRESS_SECONDS : (double)INFINITY;
  run->watches_clock = checked.max_seconds > 0 || checked.progress != NULL;
  atomic_init(&run->stopped, GLI_OK);
  atomic_init(&run->done, 0.0);
  atomic_init(&run->total, 0.0);
  atomic_init(&run->iterations, 0);
  atomic_init(&run->refused_bytes, 0);
  pthread_mutex_init(&run->scratch_mutex, NULL);
  *run_out = run;
  return GLI_OK;
}

void gli__run_end(gli_run *run) {
  if (run == NULL) {
    return;
  }
  gli__memory *memory = run->memory;
  for (gli__scratch *scratch = run->scratch; scratch != NULL;) {
    gli__scratch *next = scratch->next;
    gli__release(memory, scratch, scratch->total_bytes, 1);
    scratch = next;
  }
  pthread_mutex_destroy(&run->scratch_mutex);
  gli__release(memory, run, 1, sizeof *run);
  gli__memory_free(memory);
}

gli_status gli__run_guard_begin(gli__run_guard *guard, gli_run *run, gli__memory *memory,
                                gli_error *error) {
  guard->run = run;
  guard->own = false;
  if (run != NULL) return GLI_OK;
  gli_status status = gli__run_begin(NULL, memory, &guard->run, error);
  guard->own = status == GLI_OK;
  return status;
}

void gli__run_guard_end(gli__run_guard *guard) {
  if (guard->own) gli__run_end(guard->run);
  guard->own = false;
}

/* --- the call of a thread ----------------------------------------------------------------------
 */

static _Thread_local gli_run *run_of_call GLI__FAST_THREAD_LOCAL;

gli_run *gli__run_enter(gli_run *run) {
  gli_run *outside = run_of_call;
  run_of_call = run;
  return outside;
}

void gli__run_leave(gli_run *outside) {
  run_of_call = outside;
}

gli_run *gli__run_of_call(void) {
  return run_of_call != NULL && !run_of_call->in_callback ? run_of_call : NULL;
}

/* --- stopping --------------------------------------------------------------------------------- */

void gli_cancel_request(gli_cancel *cancel) {
  __atomic_store_n(&cancel->requested, 1, __ATOMIC_RELAXED);
}

static bool is_cancelled(const gli_run *run) {
  const gli_cancel *cancel = run->control.cancel;
  return cancel != NULL && __atomic_load_n(&cancel->requested, __ATOMIC_RELAXED) != 0;
}

void gli__run_stop(gli_run *run, gli_status reason) {
  int32_t expected = GLI_OK;
  atomic_compare_exchange_strong_explicit(&run->stopped, &expected, (int32_t)reason,
                                          memory_order_relaxed, memory_order_relaxed);
}

/* On the calling thread: hand the progress on when its time has come. A child that the callback
 * forked comes back here too, without the helpers of the call: it stops. */
static void serve_progress(gli_run *run, double now) {
  if (!pthread_equal(run->caller, pthread_self()) || now < run->next_progress_at ||
      run->in_callback) {
    return;
  }
  run->in_callback = true;
  bool go_on = run->control.progress(run->control.progress_context,
                                     atomic_load_explicit(&run->done, memory_order_relaxed),
                                     atomic_load_explicit(&run->total, memory_order_relaxed));
  run->in_callback = false;
  run->next_progress_at = coarse_now() + PROGRESS_SECONDS;
  if (gli__fork_generation() != run->generation) {
    pthread_mutex_init(&run->scratch_mutex, NULL); /* a helper may have held it */
    gli__run_stop(run, GLI_ERROR_BUSY);
  } else if (!go_on) {
    gli__run_stop(run, GLI_ERROR_CALLBACK);
  }
}

bool gli__run_poll_flags(gli_run *run) {
  if (GLI__UNLIKELY(gli__run_stop_status(run) != GLI_OK)) {
    return true;
  }
  if (GLI__UNLIKELY(is_cancelled(run))) {
    gli__run_stop(run, GLI_ERROR_CANCELLED);
    return true;
  }
  return false;
}

bool gli__run_poll(gli_run *run) {
  if (gli__run_poll_flags(run)) {
    return true;
  }
  if (!run->watches_clock) {
    return false;
  }
  double now = coarse_now();
  if (now >= run->stop_at) {
    gli__run_stop(run, GLI_ERROR_TIMEOUT);
  } else if (run->control.progress != NULL) {
    serve_progress(run, now);
  }
  return gli__run_stop_status(run) != GLI_OK;
}

bool gli_run_stopped(gli_run *run) {
  return gli__run_poll(run);
}

gli_status gli_run_check(gli_run *run, gli_error *error) {
  return gli__run_poll(run) ? gli__run_stop_reason(run, error) : GLI_OK;
}

gli_status gli__run_stop_reason(gli_run *run, gli_error *error) {
  gli_status status = gli__run_stop_status(run);
  double seconds = gli__seconds_now() - run->started_at;
  switch (status) {
    case GLI_OK:
      return GLI_OK;
    case GLI_ERROR_CANCELLED:
      return gli__fail(error, status, "the caller asked to stop after %.3f seconds", seconds);
    case GLI_ERROR_TIMEOUT:
      return gli__fail(error, status, "max_seconds is %g and %.3f seconds passed",
                       run->control.max_seconds, seconds);
    case GLI_ERROR_CALLBACK:
      return gli__fail(error, status, "the progress callback asked to stop after %.3f seconds",
                       seconds);
    default:
      return gli__fail(error, status,
                       "this process was forked by the call's own progress callback and cannot "
                       "finish it; make the call again");
  }
}

/* --- what a kernel tells ---------------------------------------------------------------------- */

int32_t gli_run_threads(const gli_run *run) {
  return run->threads;
}

void gli_run_progress(gli_run *run, double done, double total) {
  atomic_store_explicit(&run->done, done, memory_order_relaxed);
  atomic_store_explicit(&run->total, total, memory_order_relaxed);
}

void gli_run_count_iteration(gli_run *run) {
  atomic_fetch_add_explicit(&run->iterations, 1, memory_order_relaxed);
}

void gli_run_prepared(gli_run *run) {
  run->prepared_at = gli__seconds_now();
}

double gli__run_started_at(const gli_run *run) {
  return run->started_at;
}

double gli__run_prepared_at(const gli_run *run) {
  return run->prepared_at;
}

int64_t gli__run_iterations(const gli_run *run) {
  return atomic_load_explicit(&run->iterations, memory_order_relaxed);
}

/* --- scratch ---------------------------------------------------------------------------------- */

static void *allocate_scratch(gli_run *run, int64_t count, size_t item_size_bytes, bool zeroed) {
  size_t bytes = SIZE_MAX;
  size_t total_bytes;
  if (count < 0 || !gli__multiply((size_t)count, item_size_bytes, &bytes) ||
      !gli__add(bytes, SCRATCH_HEADER_BYTES, &total_bytes)) {
    atomic_store_explicit(&run->refused_bytes, bytes, memory_order_relaxed);
    return NULL;
  }
  gli__scratch *scratch = zeroed ? gli__allocate_zeroed(run->memory, total_bytes, 1)
                                 : gli__allocate(run->memory, total_bytes, 1);
  if (scratch == NULL) {
    atomic_store_explicit(&run->refused_bytes, bytes, memory_order_relaxed);
    return NULL;
  }
  scratch->total_bytes = total_bytes;
  scratch->previous = NULL;
  pthread_mutex_lock(&run->scratch_mutex);
  scratch->next = run->scratch;
  if (run->scratch != NULL) {
    run->scratch->previous = scratch;
  }
  run->scratch = scratch;
  pthread_mutex_unlock(&run->scratch_mutex);
  return (uint8_t *)scratch + SCRATCH_HEADER_BYTES;
}

void *gli_run_allocate(gli_run *run, int64_t count, size_t item_size_bytes) {
  return allocate_scratch(run, count, item_size_bytes, false);
}

void *gli_run_allocate_zeroed(gli_run *run, int64_t count, size_t item_size_bytes) {
  return allocate_scratch(run, count, item_size_bytes, true);
}

void gli_run_release(gli_run *run, void *block) {
  if (block == NULL) {
    return;
  }
  gli__scratch *scratch = (gli__scratch *)(void *)((uint8_t *)block - SCRATCH_HEADER_BYTES);
  pthread_mutex_lock(&run->scratch_mutex);
  if (scratch->previous != NULL) {
    scratch->previous->next = scratch->next;
  } else {
    run->scratch = scratch->next;
  }
  if (scratch->next != NULL) {
    scratch->next->previous = scratch->previous;
  }
  pthread_mutex_unlock(&run->scratch_mutex);
  gli__release(run->memory, scratch, scratch->total_bytes, 1);
}

gli_status gli_run_no_memory(gli_run *run, gli_error *error) {
  size_t refused = atomic_load_explicit(&run->refused_bytes, memory_order_relaxed);
  return gli__fail(error, GLI_ERROR_OUT_OF_MEMORY,
                   "no memory for %zu bytes of scratch; nothing was changed", refused);
}
