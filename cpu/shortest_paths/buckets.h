/* buckets.h: queues of nodes by distance, for delta-stepping.
 *
 * Each slot (what one worker works at) keeps a ring of OPEN queues for the buckets from the current
 * one on, and one queue more for what is farther. Queues are lists of chunks that go back to the
 * slot that emptied them, so memory follows what is waiting, not what has ever waited. */
#ifndef GLI_CPU_SHORTEST_PATHS_BUCKETS_H
#define GLI_CPU_SHORTEST_PATHS_BUCKETS_H

#include <stdatomic.h>

#include "cpu/common.h"

enum {
  GLI__OPEN_BUCKETS = 64, /* a power of 2 */
  GLI__CHUNK_ENTRIES = 63,
  GLI__CHUNKS_AT_ONCE = 4,
};

/* A node as it was queued: out of date when its label has got smaller since. */
typedef struct gli__waiting {
  uint64_t label;
  int32_t node;
} gli__waiting;

typedef struct gli__chunk {
  struct gli__chunk *next;
  int64_t count;
  gli__waiting entries[GLI__CHUNK_ENTRIES];
} gli__chunk;

typedef struct gli__queue {
  gli__chunk *first, *last;
  int64_t count; /* entries */
} gli__queue;

typedef struct gli__slot {
  gli__queue open[GLI__OPEN_BUCKETS]; /* bucket b in [b % OPEN] */
  gli__queue far;
  int64_t nearest_far; /* bucket; INT64_MAX when `far` is empty */
  gli__chunk *spare;
  bool failed;            /* no memory for a chunk: an entry was lost */
  _Atomic int64_t cursor; /* of this slot's part of the work; others help */
  int64_t end;
  uint8_t rest_of_line[64];
} gli__slot;

static inline void gli__slot_give_back(gli__slot *slot, gli__chunk *chunk) {
  chunk->next = slot->spare;
  slot->spare = chunk;
}

/* An empty chunk at the end of the queue; false: no memory. */
static inline bool gli__slot_extend(gli_run *run, gli__slot *slot, gli__queue *queue) {
  if (slot->spare == NULL) {
    gli__chunk *made = gli_run_allocate(run, GLI__CHUNKS_AT_ONCE, sizeof *made);
    if (made == NULL) {
      slot->failed = true;
      return false;
    }
    for (int k = 0; k < GLI__CHUNKS_AT_ONCE; k++)
      gli__slot_give_back(slot, &made[k]);
  }
  gli__chunk *chunk = slot->spare;
  slot->spare = chunk->next;
  chunk->next = NULL;
  chunk->count = 0;
  if (queue->last == NULL) {
    queue->first = chunk;
  } else {
    queue->last->next = chunk;
  }
  queue->last = chunk;
  return true;
}

static inline void gli__slot_queue(gli_run *run, gli__slot *slot, gli__queue *queue, uint64_t label,
                                   int32_t node) {
  if (queue->last == NULL || queue->last->count == GLI__CHUNK_ENTRIES) {
    if (!gli__slot_extend(run, slot, queue)) return;
  }
  gli__chunk *chunk = queue->last;
  chunk->entries[chunk->count++] = (gli__waiting){label, node};
  queue->count++;
}

/* `ahead`: buckets from the current one on, at least 0. */
static inline void gli__slot_push(gli_run *run, gli__slot *slot, int64_t current, int64_t bucket,
                                  uint64_t label, int32_t node) {
  if (bucket - current < GLI__OPEN_BUCKETS) {
    gli__slot_queue(run, slot, &slot->open[bucket & (GLI__OPEN_BUCKETS - 1)], label, node);
    return;
  }
  gli__slot_queue(run, slot, &slot->far, label, node);
  if (bucket < slot->nearest_far) slot->nearest_far = bucket;
}

#endif
