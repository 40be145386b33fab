/* partition.h: a stable, parallel radix partition of row entries by the node whose row they go to.
 *
 * First of the two steps of a counting sort that stays in the cache (Satish et al. 2010;
 * Polychroniou and Ross 2014): entries (key, neighbor, edge) are dealt into buckets of 2^shift
 * consecutive keys, each small enough that its rows can be filled within the L2 cache afterwards.
 * Entries are staged in lines of 16 per bucket and written a line at a time (software write
 * combining), so memory sees whole lines and the TLB one page per 16 entries. A naive atomic
 * counting sort was 4 to 5 times slower on random pairs.
 *
 * The input is cut into blocks that depend on its size alone; each bucket receives block 0's
 * entries first, then block 1's, each in their order. So the result is stable and the same on any
 * number of threads. */
#ifndef GLI_TOPOLOGY_PARTITION_H
#define GLI_TOPOLOGY_PARTITION_H

#include <gli/control.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/memory.h"

#define GLI__LINE 16 /* entries of a staged line */

typedef struct gli__partition gli__partition;

typedef struct gli__staged_line {
  int32_t neighbors[GLI__LINE];
  uint32_t edges[GLI__LINE];
  uint16_t locals[GLI__LINE];
} gli__staged_line;

/* What a block's entries go into; one per worker. */
typedef struct gli__sink {
  const gli__partition *partition;
  int64_t *cursors;        /* per bucket: entries so far (counting), else the next position */
  const int64_t *starts;   /* per bucket: this block's first position */
  gli__staged_line *lines; /* per bucket */
} gli__sink;

/* Hand every entry of block `block` to the sink: by gli__sink_count when `counting`, else by
 * gli__sink_put; the same entries in the same order both times. */
typedef void (*gli__emit)(void *context, int64_t block, gli__sink *sink, bool counting);

struct gli__partition {
  gli__memory *memory;
  uint32_t shift; /* bucket = key >> shift, at most 16 */
  bool with_edges;
  bool streaming; /* more entries than the cache holds */
  int64_t bucket_count, block_count;
  int64_t entry_count; /* all entries */
  int64_t *begins;     /* [bucket_count + 1] where each bucket's entries lie */
  int32_t *neighbors;  /* [entry_count], by bucket */
  uint32_t *edges;     /* NULL without edges */
  uint16_t *locals;    /* the key's lower bits */
  /* private */
  int64_t *starts; /* [block][bucket] */
  char *scratch;   /* per worker */
  size_t scratch_bytes;
  size_t worker_bytes;
  gli__emit emit;
  void *context;
};

/* How many blocks an input of `items` is cut into. */
int64_t gli__partition_blocks(int64_t items);

/* Partition what `emit` hands out; `expected` is a guess of the number of entries, for the sizes.
 * On success gli__partition_clear gives the arrays back, on failure nothing is held. */
gli_status gli__partition_make(gli__partition *partition, gli__memory *memory, gli_run *run,
                               int32_t node_count, int64_t expected, int64_t block_count,
                               bool with_edges, gli__emit emit, void *context, gli_error *error);
void gli__partition_clear(gli__partition *partition);

static inline void gli__sink_count(gli__sink *sink, int32_t key) {
  ++sink->cursors[(uint32_t)key >> sink->partition->shift];
}

/* Write the staged entries of positions [from, to), which lie within one line. */
static inline void gli__sink_flush(const gli__sink *sink, const gli__staged_line *line,
                                   int64_t from, int64_t to) {
  const gli__partition *partition = sink->partition;
  size_t count = (size_t)(to - from), first = (size_t)(from & (GLI__LINE - 1));
  memcpy(partition->neighbors + from, line->neighbors + first, count * sizeof(int32_t));
  memcpy(partition->locals + from, line->locals + first, count * sizeof(uint16_t));
  if (partition->with_edges) {
    memcpy(partition->edges + from, line->edges + first, count * sizeof(uint32_t));
  }
}

/* A whole staged line to its place, past the cache when it would not stay there anyway: the
 * processor then need not read the line first (136 against 181 ms of processor time for 10 M
 * pairs). Places are multiples of 16 entries, so they are aligned as the arrays are: to 16 bytes.
 */
static inline __attribute__((always_inline)) void gli__write_line(void *to, const void *from,
                                                                  size_t size_bytes,
                                                                  bool streaming) {
#if defined(__SSE2__)
  if (streaming) {
    __m128i *into = to;
    const __m128i *staged = from;
    for (size_t k = 0; k < size_bytes / sizeof *into; ++k) {
      _mm_stream_si128(into + k, _mm_loadu_si128(staged + k));
    }
    return;
  }
#endif
  (void)streaming;
  memcpy(to, from, size_bytes);
}

/* Streamed lines are seen by other threads after this. */
static inline void gli__write_fence(void) {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

static inline __attribute__((always_inline)) void gli__sink_put(gli__sink *sink, int32_t key,
                                                                int32_t neighbor, uint32_t edge) {
  const gli__partition *partition = sink->partition;
  uint32_t shift = partition->shift, bucket = (uint32_t)key >> shift;
  int64_t at = sink->cursors[bucket]++;
  gli__staged_line *line = &sink->lines[bucket];
  size_t place = (size_t)(at & (GLI__LINE - 1));
  line->neighbors[place] = neighbor;
  line->edges[place] = edge;
  line->locals[place] = (uint16_t)((uint32_t)key & ((UINT32_C(1) << shift) - 1));
  if (place != GLI__LINE - 1) return;
  int64_t from = at - (GLI__LINE - 1);
  if (GLI__UNLIKELY(from < sink->starts[bucket])) {
    gli__sink_flush(sink, line, sink->starts[bucket], at + 1);
    return;
  }
  bool streaming = partition->streaming;
  gli__write_line(partition->neighbors + from, line->neighbors, sizeof line->neighbors, streaming);
  gli__write_line(partition->locals + from, line->locals, sizeof line->locals, streaming);
  if (partition->with_edges) {
    gli__write_line(partition->edges + from, line->edges, sizeof line->edges, streaming);
  }
}

#endif
