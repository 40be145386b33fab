/** @file control.h
 *  @brief How a long call is watched and stopped: threads, time limit, progress, cancellation.
 */
#ifndef GLI_CONTROL_H
#define GLI_CONTROL_H

#include <gli/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A flag that any thread, or a signal handler, may raise to stop the calls that watch it.
 *  Plain memory: zero-initialise it, keep it alive during the call. */
typedef struct gli_cancel {
  volatile int32_t requested;
} gli_cancel;

/** @brief Ask the calls that watch `cancel` to stop. Safe in a signal handler. */
GLI_API void gli_cancel_request(gli_cancel *cancel);

/** Called now and then (at least every 50 ms while work goes on), always on the thread that made
 *  the call. Return false to stop the call with GLI_ERROR_CALLBACK.
 *  @param done   work done so far, between 0 and `total`.
 *  @param total  all work, in the same unit; 0 while it is unknown. */
typedef bool (*gli_progress)(void *context, double done, double total);

/** What every algorithm and every bulk load accepts beside its own options. */
typedef struct gli_control {
  size_t struct_size;          /**< sizeof(gli_control) */
  double max_seconds;          /**< stop with GLI_ERROR_TIMEOUT after this long; 0: no limit */
  int32_t threads;             /**< at most this many; 0: as many as the machine has */
  const char *backend;         /**< "cpu", "cuda", "opencl": that or an error; NULL: the best */
  const char *on_device_error; /**< "cpu" (default, NULL): recompute there and say so; "raise" */
  gli_progress progress;       /**< may be NULL */
  void *progress_context;      /**< handed to progress */
  const gli_cancel *cancel;    /**< may be NULL */
  const char *device; /**< which device, when one is used: "cuda:1", "1", a part of its name
                       *   (device.h); NULL: what the environment variable GLI_DEVICE says,
                       *   or the first */
  const char *keep; /**< where the result's columns go: "host" (default, NULL); "device": they stay
                     *   on the device that ran it (result.h), on the host when the CPU did */
} gli_control;

#define GLI_CONTROL_INIT \
  { .struct_size = sizeof(gli_control) }

/** @brief How many threads a call may use: those that the machine offers this process (its affinity
 *  mask), or fewer where the environment variable GLI_THREADS says so; at least 1. Calls that
 *  follow upon each other ask the system again after some milliseconds. */
GLI_API int32_t gli_thread_count(void);

/** @brief Be told before and after a thread waits for a graph that another thread holds.
 *
 *  For bindings of languages with a global lock of their own. `before_wait` is called when a
 *  graph_* function found the graph taken, and lets the global lock go; `after_wait` gets what
 *  `before_wait` returned, and takes it back. The graph's lock is not held during either, and is
 *  asked for anew afterwards, so nobody waits for the global lock while holding a graph. The hooks
 *  run on whichever thread has to wait, also on threads that never held the global lock: check.
 *  Process-wide; set them before other threads use graphs. NULL, NULL: none (the default). */
GLI_API void gli_set_wait_hooks(void *(*before_wait)(void), void (*after_wait)(void *state));

/* --- Inside an algorithm ------------------------------------------------------------------- */

/** The state of one running call: its limits, its pool, its clock. Made by the library; kernels and
 *  extensions receive it. */
typedef struct gli_run gli_run;

/** One piece of a parallel loop: items [begin, end); 0 <= worker < gli_run_threads. */
typedef void (*gli_task)(void *context, int64_t begin, int64_t end, int32_t worker);

/** @brief Run `task` over [0, count) in blocks of `grain` items on the pool, and wait.
 *
 *  Block boundaries depend on `count` and `grain` alone, never on the number of threads: block k is
 *  [k * grain, (k + 1) * grain). A reduction that keeps one partial result per block and adds them
 *  in block order is therefore the same on any number of threads. Blocks are taken in rising order.
 *  Between blocks the pool looks at cancellation, time and progress.
 *
 *  Called by a task, it runs the blocks on the task's own thread and worker number.
 *
 *  @retval GLI_ERROR_CANCELLED, GLI_ERROR_TIMEOUT, GLI_ERROR_CALLBACK  stopped: blocks are missing.
 *  @retval GLI_ERROR_BUSY  the progress callback forked: the child has no helpers to finish. */
GLI_API gli_status gli_run_parallel(gli_run *run, int64_t count, int64_t grain, gli_task task,
                                    void *context, gli_error *error);

/** @brief How many workers gli_run_parallel may use: size per-worker scratch by it. */
GLI_API int32_t gli_run_threads(const gli_run *run);

/** @brief Look at cancellation, time and progress: in serial loops at least every 50 ms. */
GLI_API gli_status gli_run_check(gli_run *run, gli_error *error);

/** @brief True once the call shall stop: for the inner loops of long tasks, some nanoseconds each.
 *  Looks at the clock too, and on the thread that made the call it serves the progress callback. */
GLI_API bool gli_run_stopped(gli_run *run);

/** @brief Say how far the work is, for the progress callback. Any thread may call it. */
GLI_API void gli_run_progress(gli_run *run, double done, double total);

/** @brief Count one iteration (or level, or round) of the algorithm for the run record. */
GLI_API void gli_run_count_iteration(gli_run *run);

/** @brief Preparation (views of the snapshot, scratch) ends here: from now on the run record counts
 *  the time as computing. Once per call; a kernel that never says so only computes. */
GLI_API void gli_run_prepared(gli_run *run);

/** @brief Scratch memory of the call, zeroed or not. What a kernel does not give back with
 *  gli_run_release is given back when the call ends, however it ends.
 *  @return NULL when there is none; the kernel then returns gli_run_no_memory(). */
GLI_API void *gli_run_allocate(gli_run *run, int64_t count, size_t item_size_bytes);
GLI_API void *gli_run_allocate_zeroed(gli_run *run, int64_t count, size_t item_size_bytes);
GLI_API void gli_run_release(gli_run *run, void *block);
/** @brief GLI_ERROR_OUT_OF_MEMORY with a message, for a kernel whose gli_run_allocate gave NULL. */
GLI_API gli_status gli_run_no_memory(gli_run *run, gli_error *error);
/** @brief Random stream number `stream` of `seed`: 64 bits per call of gli_random_next,
 *  the same on every machine and any number of threads (SplitMix64 seeding, xoshiro256**). */
typedef struct gli_random {
  uint64_t state[4];
} gli_random;
GLI_API gli_random gli_random_start(uint64_t seed, uint64_t stream);
GLI_API uint64_t gli_random_next(gli_random *random);
/** @brief Uniform in [0, bound), unbiased; bound > 0. */
GLI_API uint64_t gli_random_below(gli_random *random, uint64_t bound);
/** @brief Uniform in [0, 1) with 53 bits. */
GLI_API double gli_random_unit(gli_random *random);

#ifdef __cplusplus
}
#endif
#endif
