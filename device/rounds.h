/* rounds.h: iterations that a device ends by itself.
 *
 * A round is some launches. The last of them closes it: it writes the state, and once the change is
 * small enough, what is queued after it changes nothing that counts. So the host queues several
 * rounds and reads the state once per batch; a batch doubles while it takes less than some
 * milliseconds, so that cancelling stays quick and small graphs pay few round trips. */
#ifndef GLI_DEVICE_ROUNDS_H
#define GLI_DEVICE_ROUNDS_H

#include "device/call.h"

/* The state, float64 each; kernels know these places by number. */
enum {
  GLI__ROUNDS_CHANGE, /* of the last round */
  GLI__ROUNDS_OWN,    /* the algorithm's own */
  GLI__ROUNDS_COUNT,  /* rounds that were closed */
  GLI__ROUNDS_DONE,   /* 1 once the change was small enough */
  GLI__ROUNDS_STATE
};

typedef struct gli__rounds {
  gli_device_buffer *state;
  double found[GLI__ROUNDS_STATE]; /* as the host read it last */
} gli__rounds;

/* A state of zeros. Scratch of the call. */
gli__rounds gli__call_rounds_start(gli__call *call);
/* Rounds until one is the last, or there were `most`: rounds->found[GLI__ROUNDS_DONE] says which.
 * Each is counted for the run record. */
void gli__call_rounds(gli__call *call, gli__rounds *rounds, int64_t most,
                      void (*round)(gli__call *call, void *context), void *context);

#endif
