/* power.h: what the power iterations on devices share (eigenvector centrality, hits). */
#ifndef GLI_DEVICE_POWER_H
#define GLI_DEVICE_POWER_H

#include "device/rounds.h"
#include "device/row_sums.h"

/* In the state of the rounds: what the last scaling divided by, before it was scaled to `length`.
 */
enum { GLI__POWER_GROWTH = GLI__ROUNDS_OWN };

typedef struct gli__device_power {
  gli_device_buffer *sums;   /* float64 per node: rows times scores */
  gli_device_buffer *parts;  /* float64 per node: what is summed next */
  gli_device_buffer *total;  /* one float64: the sum, or the sum of squares */
  gli_device_buffer *change; /* one float64 */
  gli__rounds rounds;
  int64_t count;
  double length; /* what scores are scaled to, as gli__power_length has it */
} gli__device_power;

void gli__call_power_prepare(gli__call *call, gli__device_power *power, int64_t count,
                             double length);
/* scores = length / count on live nodes, 0 elsewhere. */
void gli__call_power_start(gli__call *call, const gli__device_power *power,
                           const gli__device_rows *side, gli_device_buffer *scores);
/* sums += scores. */
void gli__call_power_add_own(gli__call *call, const gli__device_power *power,
                             gli_device_buffer *scores);
/* scores = sums, scaled to a sum (or, with squares, a Euclidean length) of power->length; parts
 * hold by how much each changed then. */
void gli__call_power_scale(gli__call *call, const gli__device_power *power, bool squares,
                           gli_device_buffer *scores);
/* Rounds until the change is below `enough` times the length, which runs as launches on the device,
 * or max_iterations is reached; power->rounds.found says which. A round ends with
 * gli__call_power_scale of the scores whose change is looked at. */
void gli__call_power_iterate(gli__call *call, gli__device_power *power, int64_t max_iterations,
                             double enough,
                             void (*round)(gli__call *call, const gli__device_power *power,
                                           const void *context),
                             const void *context);

#endif
