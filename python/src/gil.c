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
 * the pool with the GIL held may wait for one that wants it. */
#include <time.h>

#include "groggy.h"

#define TURN_NS INT64_C(10000000)
#define PAUSE_NS 100000 /* the timer adds about 50,000 */
#define LONG_ENOUGH_NS INT64_C(5000000)

/* Since when this thread has let the GIL go for moments only; 0: not known yet. */
static _Thread_local int64_t turn_began_ns;
static _Thread_local int64_t released_at_ns;
static _Thread_local bool pause_is_due;

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Needs the GIL: the list of threads is its own. */
static bool has_other_threads(void) {
  PyThreadState *const first = PyInterpreterState_ThreadHead(PyInterpreterState_Get());
  return first != NULL && PyThreadState_Next(first) != NULL;
}

PyThreadState *groggy_gil_release(void) {
  released_at_ns = now_ns();
  if (turn_began_ns == 0) turn_began_ns = released_at_ns;
  pause_is_due = released_at_ns - turn_began_ns >= TURN_NS && has_other_threads();
  return PyEval_SaveThread();
}

void groggy_gil_retake(PyThreadState *thread) {
  const bool was_long = now_ns() - released_at_ns >= LONG_ENOUGH_NS;
  if (pause_is_due && !was_long) nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
  const bool begins_turn = pause_is_due || was_long;
  PyEval_RestoreThread(thread);
  if (begins_turn) turn_began_ns = now_ns();
}
