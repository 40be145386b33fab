/* random_walks.h: node2vec's biases, for the CPU kernel and for devices. */
#ifndef GLI_CPU_TRAVERSAL_RANDOM_WALKS_H
#define GLI_CPU_TRAVERSAL_RANDOM_WALKS_H

#include <math.h>
#include <stdbool.h>

/* What going back, near and away counts, over the largest of the three. */
typedef struct gli__walk_bias {
  bool is_biased;
  double back, near, away;
} gli__walk_bias;

static inline gli__walk_bias gli__walk_bias_of(double p, double q) {
  const double back = 1 / p, away = 1 / q;
  const double most = fmax(1, fmax(back, away));
  return (gli__walk_bias){
      .is_biased = p != 1 || q != 1, .back = back / most, .near = 1 / most, .away = away / most};
}

#endif
