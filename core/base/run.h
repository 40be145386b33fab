/* run.h: what is inside a gli_run; for run.c and pool.c alone. */
#ifndef GLI_BASE_RUN_H
#define GLI_BASE_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/pool.h"

/* Before each block of scratch: a list, so that gli__run_end finds what a failed kernel left. */
typedef struct gli__scratch {
  struct gli__scratch *previous;
  struct gli__scratch *next;
  size_t total_bytes; /* this header included */
} gli__scratch;

struct gli_run {
  gli__memory *memory;
  gli_control control;
  pthread_t caller;
  int32_t threads;
  uint32_t generation; /* of the process that began the run */
  double started_at;
  double prepared_at; /* 0: the kernel did not say */
  double stop_at;     /* coarse clock; infinity without a limit */
  bool watches_clock; /* a limit or a progress callback is set */

  _Atomic int32_t stopped; /* gli_status; GLI_OK while the run goes on */
  _Atomic double done;
  _Atomic double total;
  double next_progress_at; /* the calling thread's alone */
  bool in_callback;        /* the calling thread's alone */
  _Atomic int64_t iterations;

  pthread_mutex_t scratch_mutex;
  gli__scratch *scratch;
  _Atomic size_t refused_bytes; /* the last scratch that there was no memory for */
};

/* Look at everything now; true when the run shall stop. The calling thread serves progress. */
bool gli__run_poll(gli_run *run);
/* The same without the clock: no time limit, no progress. */
bool gli__run_poll_flags(gli_run *run);
void gli__run_stop(gli_run *run, gli_status reason);

static inline gli_status gli__run_stop_status(const gli_run *run) {
  return (gli_status)atomic_load_explicit(&run->stopped, memory_order_relaxed);
}

#endif
