/* pool.c: the task pool behind gli_run_parallel. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "base/pool.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/run.h"

int32_t gli_thread_count(void) {
  return 1;
}
void gli__pool_in_child(void) {
}
gli_status gli_run_parallel(gli_run *run, int64_t count, int64_t grain, gli_task task,
                            void *context, gli_error *error) {
  int64_t step = grain > 0 ? grain : 1;
  for (int64_t begin = 0; begin < count; begin += step) {
    if (gli__run_poll(run)) {
      return gli__run_stop_reason(run, error);
    }
    task(context, begin, count - begin > step ? begin + step : count, 0);
  }
  return gli_run_check(run, error);
}
