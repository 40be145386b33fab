/* rounds.c: batches of rounds, and a look at the state after each batch. */
#include "device/rounds.h"

#include "base/pool.h"

enum { MAX_BATCH = 64 };
#define BATCH_SECONDS 0.01

gli__rounds gli__call_rounds_start(gli__call *call) {
  gli__rounds rounds = {.state = gli__call_buffer(call, GLI__ROUNDS_STATE, sizeof(double))};
  gli__call_fill_f64(call, rounds.state, 0, GLI__ROUNDS_STATE, 0);
  return rounds;
}

void gli__call_rounds(gli__call *call, gli__rounds *rounds, int64_t most,
                      void (*round)(gli__call *call, void *context), void *context) {
  int64_t queued = 0, batch = 1;
  while (gli__call_go_on(call) && rounds->found[GLI__ROUNDS_DONE] == 0 && queued < most) {
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)queued, (double)most);
    for (int64_t k = 0; k < batch && queued < most; k++, queued++)
      round(call, context);
    gli__call_download(call, rounds->state, 0, rounds->found, sizeof rounds->found);
    if (batch < MAX_BATCH && gli__seconds_now() - began < BATCH_SECONDS) batch *= 2;
  }
  for (int64_t k = 0; k < (int64_t)rounds->found[GLI__ROUNDS_COUNT]; k++)
    gli_run_count_iteration(call->run);
}
