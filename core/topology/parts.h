/* parts.h: what the files of this room share: the side (rows and their arena), the structs.
 *
 * Blocks. A row lives in a block of the arena. Capacities are 1, 2, 3, 4, 6, 8, 12, 16, ... (two
 * per doubling: a row wastes a sixth on average where powers of two waste a third); code 0 stands
 * for "exactly the row's length", as bulk building and empty rows have it. gli_row.writer keeps the
 * code in its upper 6 bits and the number of dead entries in its lower 26. */
#ifndef GLI_TOPOLOGY_PARTS_H
#define GLI_TOPOLOGY_PARTS_H

#include "base/error.h"
#include "base/lock.h"
#include "topology/buffer.h"
#include "topology/lineage.h"
#include "topology/topology.h"

#define GLI__CODE_COUNT 64
#define GLI__DEAD_BITS 26
#define GLI__DEAD_MASK ((UINT32_C(1) << GLI__DEAD_BITS) - 1)
#define GLI__MAX_NODES INT32_MAX
#define GLI__MAX_EDGES (INT64_C(4294967295)) /* slots 0 .. 2^32 - 2 */
#define GLI__LONG_ROW 128                    /* longer rows are looked up through an index */

extern const uint32_t gli__code_capacity[GLI__CODE_COUNT];

/* The smallest block that holds `length` > 0 entries. */
static inline uint32_t gli__code_for(uint32_t length) {
  if (length <= 2) return length;
  uint32_t power = 31 - (uint32_t)__builtin_clz(length - 1);
  return length <= (UINT32_C(3) << (power - 1)) ? 2 * power + 1 : 2 * power + 2;
}
static inline uint32_t gli__row_dead(const gli_row *row) {
  return row->writer & GLI__DEAD_MASK;
}
static inline uint32_t gli__row_code(const gli_row *row) {
  return row->writer >> GLI__DEAD_BITS;
}
static inline uint32_t gli__row_capacity(const gli_row *row) {
  uint32_t code = gli__row_code(row);
  return code == 0 ? row->length : gli__code_capacity[code];
}

/* A range of the arena that a snapshot may still read. */
typedef struct gli__range {
  int64_t begin, count;
} gli__range;

/* The out rows or the in rows of a topology, with the writer's books. */
typedef struct gli__side {
  gli__buffer *rows;  /* gli_row per node; NULL: this side is not there */
  gli__buffer *arena; /* int32 neighbors, uint32 edges */
  int64_t tail;       /* entries at and above were never used */
  int64_t published;  /* tail when last shared: blocks below may be read while the arena is */
  int64_t entries;    /* live ones */
  int64_t garbage;    /* entries below tail in no row's block: free, retired or lost */
  int64_t free_heads[GLI__CODE_COUNT]; /* -1: none; the next one stands in the block itself */
  gli__range *retired;                 /* freed while a snapshot could read them */
  int64_t retired_count, retired_capacity;
  int32_t *dead_nodes; /* rows with dead entries, some twice */
  int64_t dead_count, dead_capacity;
  bool sweep_all;       /* dead_nodes does not name all of them */
  bool rows_private;    /* rows is known to be unshared */
  bool writable;        /* and the arena known to be ours to append to, and no journal is kept */
  uint64_t state;       /* number of what was frozen, until it changes; 0: not frozen yet */
  gli__journal journal; /* of changes, for copies on devices */
} gli__side;

static inline gli_row *gli__side_rows(const gli__side *side) {
  return side->rows->data[0];
}
static inline int32_t *gli__side_neighbors(const gli__side *side) {
  return side->arena->data[0];
}
static inline uint32_t *gli__side_edges(const gli__side *side) {
  return side->arena->data[1];
}

typedef struct gli__simple {
  int64_t *offsets; /* [node_count + 1] */
  int32_t *neighbors;
  int64_t node_count, entry_count;
} gli__simple;

/* What is computed once per state, by whoever asks first. Shared by the frozen topologies of one
 * state and, until it changes, by the live topology. */
typedef struct gli__derived {
  _Atomic int64_t references;
  gli__memory *memory;
  gli__lock lock;          /* held while building */
  _Atomic(gli__side *) in; /* published when complete */
  _Atomic(gli__simple *) simple;
  _Atomic int64_t in_rows_missed; /* entries that kernels read because `in` was not there */
} gli__derived;

typedef struct gli__pair_index gli__pair_index;

struct gli__topology {
  gli__memory *memory;
  uint64_t token; /* as owner of buffers */
  bool directed;
  int32_t node_limit;
  int64_t edge_limit, node_count, edge_count;
  gli__side out, in;
  gli__buffer *ends;                  /* sources, targets */
  gli__buffer *node_bits, *edge_bits; /* NULL: all alive; bits at and above the limit are set */
  int64_t node_room;                  /* indices that records and bitmap hold; 0: to be checked */
  int64_t edge_room;                  /* slots that ends and bitmap hold; 0 when to be checked */
  gli__derived *derived;              /* of this very state, or NULL */
  int64_t in_rows_missed;             /* what earlier states' `derived` had counted */
  gli__pair_index *pairs;
  gli__lineage *lineage;
};

struct gli__frozen {
  _Atomic int64_t references;
  gli__memory *memory;
  bool directed;
  int32_t node_limit;
  int64_t edge_limit, node_count, edge_count;
  gli__buffer *rows, *arena, *ends, *node_bits, *edge_bits;
  int64_t entry_limit, entry_count;
  gli__derived *derived;
  gli__lineage *lineage;
  uint64_t state;           /* of the out rows */
  gli__journal journals[2]; /* out, in: as they were */
};

static inline uint64_t *gli__bits_of(const gli__buffer *buffer) {
  return buffer == NULL ? NULL : (uint64_t *)buffer->data[0];
}

/* --- arena.c: blocks, free lists, collection --- */

gli_status gli__side_create(gli__memory *memory, uint64_t token, int64_t node_capacity,
                            int64_t entry_capacity, gli__side *side_out, gli_error *error);
void gli__side_clear(gli__side *side, gli__memory *memory);
/* A view of `from` for another topology: shares rows and arena, has no books of its own. */
void gli__side_share(const gli__side *from, gli__side *side_out);
/* From now on the entries below the tail and the rows may be read by others. */
void gli__side_publish(gli__side *side);
/* A block of gli__code_capacity[code] entries. May collect when `may_collect`, which moves every
 * row of the side (and shortens blocks): read the row anew afterwards. */
gli_status gli__block_allocate(gli__topology *topology, gli__side *side, uint32_t code,
                               bool may_collect, int64_t *begin_out, gli_error *error);
/* Give back [begin, begin + count); kept aside while a snapshot may read it. Never fails. */
void gli__block_free(gli__side *side, int64_t begin, int64_t count);
/* The same for the block of a row that has left it. */
void gli__row_block_free(gli__side *side, const gli_row *row);
/* Whether a snapshot may be reading the block at `begin`. */
bool gli__block_is_visible(const gli__side *side, int64_t begin);
/* Every live entry into a fresh arena, in node order, dead ones left out. */
gli_status gli__side_collect(gli__topology *topology, gli__side *side, gli_error *error);

/* --- rows.c: one row --- */

/* Afterwards the records may be written. */
gli_status gli__rows_own(gli__topology *topology, gli__side *side, gli_error *error);
/* Afterwards the row has room for one entry more, which is journalled. */
gli_status gli__row_reserve(gli__topology *topology, gli__side *side, int32_t node,
                            gli_error *error);
static inline bool gli__row_is_ready(const gli__side *side, int32_t node) {
  const gli_row *row = gli__side_rows(side) + node;
  return side->writable && row->length < gli__code_capacity[gli__row_code(row)];
}
/* The same beside a journal, and enough once gli__row_reserve was called. */
static inline bool gli__row_has_room(const gli__side *side, int32_t node) {
  const gli_row *row = gli__side_rows(side) + node;
  return row->length < gli__code_capacity[gli__row_code(row)];
}
/* The row of `node` is changed: these entries written, or its record alone. */
static inline void gli__side_note(gli__side *side, int32_t node, int64_t begin, uint32_t count) {
  gli__journal_note(&side->journal, side->entries, node, begin, count);
}
static inline void gli__row_append(gli__side *side, int32_t node, int32_t neighbor, uint32_t edge) {
  gli_row *row = gli__side_rows(side) + node;
  int64_t at = row->begin + row->length;
  gli__side_neighbors(side)[at] = neighbor;
  gli__side_edges(side)[at] = edge;
  ++row->length;
  ++side->entries;
}
/* One entry of the row has died (its edge bit is cleared): counts it, rewrites a half-dead row. The
 * records are owned. Never fails: what cannot be rewritten now waits. */
void gli__row_entry_died(gli__topology *topology, gli__side *side, int32_t node);
/* Empty the row and give its block back. */
void gli__row_clear(gli__side *side, int32_t node);
/* Rewrite every row with dead entries. */
gli_status gli__side_sweep(gli__topology *topology, gli__side *side, gli_error *error);

/* --- pair_index.c: neighbour -> newest slot, for long rows --- */

gli_status gli__pair_index_create(gli__memory *memory, gli__pair_index **index_out,
                                  gli_error *error);
void gli__pair_index_free(gli__pair_index *index);
void gli__pair_index_clear(gli__pair_index *index); /* writer: forget every row */
int64_t gli__pair_index_bytes(const gli__pair_index *index);
/* Newest live slot in the row, or -1. Builds the row's table when it is not there. */
int64_t gli__pair_index_find(gli__topology *topology, const gli__side *side, int32_t node,
                             int32_t neighbor);
/* Writer: the row (already long) has the entry (neighbor, slot) as its last one. */
void gli__pair_index_added(gli__topology *topology, const gli__side *side, int32_t node,
                           int32_t neighbor, uint32_t slot);
/* Writer: that entry was taken back (the row is shorter by it already). */
void gli__pair_index_taken_back(gli__topology *topology, const gli__side *side, int32_t node,
                                int32_t neighbor, uint32_t slot);
/* Writer: the row is being emptied. */
void gli__pair_index_forget(gli__topology *topology, const gli__side *side, int32_t node);
/* Newest live slot by scanning the row from its end. */
int64_t gli__row_scan(const gli__topology *topology, const gli__side *side, int32_t node,
                      int32_t neighbor);

/* --- build.c: rows from pairs, in parallel --- */

typedef struct gli__build_input {
  int32_t node_count;
  int64_t count;         /* pairs; pair k becomes edge slot k */
  const int32_t *keys;   /* whose row */
  const int32_t *others; /* the entry */
  const uint64_t *bits;  /* pairs to take; NULL: all */
  bool both;             /* undirected: into both rows, a loop once */
  /* Repeated pairs. With `gone` (zeroed, one bit per pair) pairs from `fixed_count` on that repeat
   * an earlier one are left out and marked there; firsts[k - fixed_count] (may be NULL) becomes the
   * number of the pair that pair k repeats. */
  _Atomic uint64_t *gone;
  int64_t fixed_count;
  int64_t *firsts;
} gli__build_input;

/* A fresh side. *gone_count_out is set with `gone`. Keys out of range: INVALID_ARGUMENT. */
gli_status gli__build_side(gli__memory *memory, uint64_t token, const gli__build_input *input,
                           gli_run *run, gli__side *side_out, int64_t *gone_count_out,
                           gli_error *error);

/* --- derived.c --- */

gli_status gli__derived_create(gli__memory *memory, gli__derived **derived_out, gli_error *error);
void gli__derived_free(gli__derived *derived);
/* Keep the in rows that a frozen topology of this very state has built, if any. */
void gli__topology_adopt_in_rows(gli__topology *topology);
/* Before the first change after a freeze: the same, and what is derived is of the past. */
void gli__topology_detach(gli__topology *topology);
/* Let the frozen topologies of this state share the in rows of the live one. */
gli_status gli__derived_offer_in_rows(gli__topology *topology, gli_error *error);
int64_t gli__derived_bytes(const gli__derived *derived);
/* Rows of the live edges by their targets. */
gli_status gli__build_in_rows(gli__memory *memory, uint64_t token, int32_t node_limit,
                              int64_t edge_limit, const gli__buffer *ends,
                              const gli__buffer *edge_bits, gli_run *run, gli__side *side_out,
                              gli_error *error);

/* --- topology.c --- */

/* Room for `count` more edge slots: ends and bitmap. */
gli_status gli__topology_edge_room(gli__topology *topology, int64_t count, gli_error *error);

#endif
