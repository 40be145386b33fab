/* pool.h: the task pool behind gli_run_parallel, and the state of a running call.
 *
 * One pool per process, started on first use, at most gli_thread_count() - 1 helpers; the calling
 * thread always works too, so a call makes progress even when every helper is busy with another
 * caller's work, and several callers share the helpers instead of oversubscribing. After fork the
 * child starts a pool anew. No thread of the pool ever calls into Python or an allocator hook. */
#ifndef GLI_BASE_POOL_H
#define GLI_BASE_POOL_H

#include <gli/control.h>

#include "base/memory.h"

/* Begin a call: copies `control` (NULL: defaults), starts the clock. Ends with gli__run_end. */
gli_status gli__run_begin(const gli_control *control, gli__memory *memory, gli_run **run_out,
                          gli_error *error);
void gli__run_end(gli_run *run);
int64_t gli__run_iterations(const gli_run *run);
/* When the call began, by gli__seconds_now. */
double gli__run_started_at(const gli_run *run);
/* When the kernel said gli_run_prepared, by gli__seconds_now; 0: it did not. */
double gli__run_prepared_at(const gli_run *run);
/* Monotonic clock. */
double gli__seconds_now(void);
/* What stopped the run, as an error; GLI_OK while it goes on. */
gli_status gli__run_stop_reason(gli_run *run, gli_error *error);

/* The run of the caller, or one of our own. */
typedef struct gli__run_guard {
  gli_run *run;
  bool own;
} gli__run_guard;
gli_status gli__run_guard_begin(gli__run_guard *guard, gli_run *run, gli__memory *memory,
                                gli_error *error);
void gli__run_guard_end(gli__run_guard *guard);

/* The call under way on this thread. What a snapshot builds for the kernel of a call (in rows,
 * simple rows, weights) belongs to that call: it is built by as many threads, and stops when the
 * call stops. `enter` returns the call outside, for `leave`. `of_call` is NULL outside of calls,
 * and in a progress callback, whose own questions are no part of the call. */
gli_run *gli__run_enter(gli_run *run);
void gli__run_leave(gli_run *outside);
gli_run *gli__run_of_call(void);

/* gli_thread_count() for a call that begins at this time of the coarse clock. Calls that begin
 * within one tick of it (4 ms) ask the system once: that takes a sixth of a call on a small graph.
 */
int32_t gli__thread_count_at(double coarse_seconds);

/* For tests: let gli_thread_count say so, whatever the machine has; 0 ends it. */
void gli__pretend_thread_count(int32_t count);

#endif
