/* ranking.h: the best of many scored pairs, in order. */
#ifndef GLI_CPU_LINK_PREDICTION_RANKING_H
#define GLI_CPU_LINK_PREDICTION_RANKING_H

#include "cpu/link_prediction/two_hops.h"

/* Pairs of one call of gli__ranking_add, by buckets of falling scores. */
typedef struct gli__segment {
  gli__scored *pairs;
  int64_t *begins; /* [bucket + 1] */
} gli__segment;

typedef struct gli__ranking {
  gli_run *run;
  int64_t limit;       /* pairs wanted, at the most */
  int64_t portion;     /* pairs that one call may bring, at the most */
  int64_t expected;    /* pairs that may come, at the most: decides how many buckets */
  double floor;        /* scores up to here are of no use any more; -1 at first */
  int64_t count;       /* pairs held */
  uint16_t *bucket_of; /* by a score's cell; NULL before the first pairs */
  int64_t buckets;
  gli__segment *segments;
  int64_t segment_count;
} gli__ranking;

/* Take pairs of `nodes` sources in rising order: counts[k] of them from rows[begins[k] - begins[0]]
 * on. Pairs of earlier calls have smaller sources, so that no later pair of the floor's score is
 * wanted. */
gli_status gli__ranking_add(gli__ranking *ranking, const gli__scored *rows, const int64_t *begins,
                            const int64_t *counts, int64_t nodes, gli_error *error);

/* Columns "score", "source" and "target": the best, in order. */
gli_status gli__ranking_columns(gli__ranking *ranking, gli_result *result, gli_error *error);

#endif
