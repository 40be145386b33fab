/* fork.c: registers what fork.h describes. */
#include "base/fork.h"

#include <pthread.h>

_Atomic uint32_t gli__fork_count;

static void after_in_child(void) {
  atomic_fetch_add_explicit(&gli__fork_count, 1, memory_order_relaxed);
  gli__lock_in_child();
  gli__pool_in_child();
}

static void watch(void) {
  pthread_atfork(NULL, NULL, after_in_child);
}

void gli__fork_watch(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch);
}
