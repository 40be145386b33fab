/* hubs.h: nodes by falling degree with bit rows among the hubs, as hubs.c makes them, for the two
 * that look at corners of triangles there: hubs.c counts, directed_hubs.c weighs. */
#ifndef GLI_CPU_CLUSTER_HUBS_H
#define GLI_CPU_CLUSTER_HUBS_H

#include "cpu/bits.h"
#include "cpu/cluster/triangles.h"

enum { GLI__HUB_PROBES = 64 }; /* words of marks that a corner looks at one by one, at most */

typedef struct gli__hubs_job gli__hubs_job;
struct gli__hubs_job {
  /* Given. */
  gli_run *run;
  const gli_simple_rows *simple;
  const uint8_t *directions; /* per simple entry, 3: both; with two planes */
  int64_t *counts;           /* by node, added to */
  bool between;              /* directed: LDBC's rule */
  int64_t planes;            /* 1: who is joined; 2: and who in both directions */
  /* Adds to counts and `found` what the triangles with u as their corner of largest rank are
   * worth; returns how many they are. `marks` is found and left clear. */
  int64_t (*corner)(const gli__hubs_job *job, int64_t u, uint64_t *marks, int64_t *found);
  /* Made. */
  int32_t *rank, *node_at; /* [node_limit]; of nodes and back */
  int64_t ranked;          /* nodes with two neighbours, which come first */
  int64_t *offsets;        /* [ranked + 1] up rows, by rank */
  int32_t *up;             /* ranks; with two planes ~rank of who is joined in both directions */
  int64_t hubs, hub_words; /* hub_words: of a plane of a bit row */
  uint64_t *bit_rows;      /* [hubs][planes][hub_words] */
  int64_t mark_words;
  uint64_t *marks; /* [workers][planes][mark_words] */
  int64_t *found;  /* [workers][hubs] */
  const gli__bits_variant *bits;
  int64_t total;
};

/* *total_out: the sum of what `corner` returned. */
gli_status gli__hubs_run(gli__hubs_job *job, int64_t node_limit, int64_t *total_out,
                         gli_error *error);

/* Bits that a plane of a bit row and one of the marks have in common. `words`: where the marks are,
 * `count` of them, of which the first GLI__HUB_PROBES are there. */
static inline int64_t gli__hubs_in_common(const gli__hubs_job *job, const uint64_t *row,
                                          const uint64_t *marks, const int32_t *words,
                                          int64_t count) {
  if (count * job->bits->words_per_probe >= job->hub_words || count > GLI__HUB_PROBES) {
    return job->bits->common(row, marks, job->hub_words);
  }
  return job->bits->common_at(row, marks, words, count);
}

#endif
