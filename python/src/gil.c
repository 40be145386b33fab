/* gil.c: letting the GIL go for a while, without starving those who wait for it.
 *
 * CPython forces a switch only when a waiting thread has waited a switch interval (5 ms) and nobody
 * let the GIL go meanwhile. A voluntary release wakes a waiter, and one that ends before the waiter
 * has woken (tens of microseconds, more on a busy machine) sends it back to the start of a new
 * interval. So a thread that lets the GIL go for some microseconds at least every 5 ms, as one does
 * that changes a graph and takes snapshots of it, can keep it for seconds: with one CPU and no
 * preemption on wake-up, 200,000 turns against 0.
 *
 * Therefore a thread that has had nothing but such short releases for TURN_NS makes the next one
 * long enough: it pauses before it takes the GIL back. That costs 1.5 % where other Python threads
 * exist and none wants the GIL, and nothing where there are none. Doing short work with the GIL
 * held would do too, but how long work takes is known only afterwards, and a thread that waits for
 * the pool with the GIL held may wait for one that wants it.
 *
 * Time is read when there are other threads, as in notebooks, and from the coarse clock: four looks
 * at the fine one, 60 to 100 ns each on a virtual machine, were a fifth of a call on a small graph.
 * The coarse one lags behind by up to a tick: what shall count as long must be longer by a tick. */
#include <time.h>

#include "groggy.h"

#define TURN_NS INT64_C(10000000)
#define PAUSE_NS 100000 /* the timer adds about 50,000 */
#define LONG_ENOUGH_NS INT64_C(5000000)

/* Since when this thread has let the GIL go for moments only; 0: not known yet. */
static _Thread_local int64_t turn_began_ns;
static _Thread_local int64_t released_at_ns;
static _Thread_local bool pause_is_due;

#if defined(CLOCK_MONOTONIC_COARSE)
#define CLOCK CLOCK_MONOTONIC_COARSE
#else
#define CLOCK CLOCK_MONOTONIC
#endif

static int64_t in_ns(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK, &now);
  return in_ns(now);
}

static int64_t tick_ns(void) {
  struct timespec tick = {0};
  clock_getres(CLOCK, &tick);
  return in_ns(tick);
}

/* Needs the GIL: the list of threads is its own. */
static bool has_other_threads(void) {
  PyThreadState *const first = PyInterpreterState_ThreadHead(PyInterpreterState_Get());
  return first != NULL && PyThreadState_Next(first) != NULL;
}

PyThreadState *groggy_gil_release(void) {
  if (has_other_threads()) {
    released_at_ns = now_ns();
    if (turn_began_ns == 0) turn_began_ns = released_at_ns;
    pause_is_due = released_at_ns - turn_began_ns >= TURN_NS;
  } else {
    turn_began_ns = 0;
    pause_is_due = false;
  }
  return PyEval_SaveThread();
}

/* Without a turn there was nobody to give it to. */
void groggy_gil_retake(PyThreadState *thread) {
  if (turn_began_ns == 0) {
    PyEval_RestoreThread(thread);
    return;
  }
  const int64_t taken_ns = now_ns() - released_at_ns;
  const bool was_long = taken_ns >= LONG_ENOUGH_NS && taken_ns >= LONG_ENOUGH_NS + tick_ns();
  if (pause_is_due && !was_long) nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
  const bool begins_turn = pause_is_due || was_long;
  PyEval_RestoreThread(thread);
  if (begins_turn) turn_began_ns = now_ns();
}
