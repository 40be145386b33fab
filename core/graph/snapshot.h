/* snapshot.h: what a snapshot is made of, for query/, io/, dispatch/ and the binding.
 *
 * A snapshot holds a reference to each part of the graph as it was: topology, ids, columns, keys,
 * values. Nothing of it changes any more, but for the caches under `lock`. */
#ifndef GLI_GRAPH_SNAPSHOT_H
#define GLI_GRAPH_SNAPSHOT_H

#include <gli/snapshot.h>

#include "base/lock.h"
#include "base/memory.h"
#include "columns/column.h"
#include "graph/keys.h"
#include "graph/numbers.h"
#include "ids/ids.h"
#include "topology/topology.h"
#include "values/store.h"

/* Eight bytes for each row entry. */
typedef struct gli__row_weights {
  void *items; /* [count], or NULL: not made yet */
  int64_t count;
} gli__row_weights;

/* Weights of one attribute, made on first need. */
typedef struct gli__weights {
  struct gli__weights *next;
  gli_key key;
  double *by_edge; /* [edge_count], the edge limit */
  int64_t edge_count;
  /* In row order, [is_entry][is_in]: plain, or beside the neighbour (gli_entry). Undirected graphs
   * have no in rows of their own. */
  gli__row_weights by_row[2][2];
  gli_weight_range range;
} gli__weights;

typedef struct gli__snapshot_side {
  gli__column **columns; /* [column_count], by key; NULL: no node (edge) ever had it */
  gli_key column_count;
  gli__numbers *numbers; /* serials, edge ids */
  gli__number_map map;   /* of `numbers`, as it was; stands alone when that is NULL */
} gli__snapshot_side;

struct gli_snapshot {
  _Atomic int64_t references;
  gli__memory *memory;
  gli__frozen *frozen;
  gli__ids *ids;     /* NULL: node i has the id i (made from arrays) */
  gli__store *store; /* NULL: no column holds text or nested values */
  gli__keys *keys;
  gli__snapshot_side sides[2]; /* by gli_side */
  uint64_t version;
  /* Automatic ids (2^63: none left) and edge ids of a graph made from this start here: the graph's
   * counters when it was last asked for this snapshot. */
  _Atomic uint64_t next_integer;
  _Atomic int64_t next_edge;
  bool multigraph;
  gli__lock lock;      /* of what follows */
  uint32_t fork_count; /* the process that `lock` belongs to */
  gli__weights *weights;
  uint64_t *ascending[2]; /* [is_in] bitmaps of node_limit nodes; NULL: not made yet */
};

void gli__snapshot_free_ascending(gli_snapshot *snapshot);

static inline gli__column *gli__snapshot_column(const gli_snapshot *snapshot, gli_side side,
                                                gli_key key) {
  const gli__snapshot_side *of = &snapshot->sides[side];
  return key < of->column_count ? of->columns[key] : NULL;
}
static inline gli_key gli__snapshot_key_count(const gli_snapshot *snapshot) {
  return gli__keys_count(snapshot->keys);
}
static inline const char *gli__snapshot_key_name(const gli_snapshot *snapshot, gli_key key,
                                                 size_t *size_bytes_out) {
  return gli__keys_name(snapshot->keys, key, size_bytes_out);
}
/* Bitmap of the live positions of a side, or NULL: all. */
static inline const uint64_t *gli__snapshot_bits(const gli_snapshot *snapshot, gli_side side) {
  return side == GLI_NODES ? gli__frozen_node_bits(snapshot->frozen)
                           : gli__frozen_edge_bits(snapshot->frozen);
}
/* Positions of a side, holes included; and how many of them are alive. */
static inline int64_t gli__snapshot_limit(const gli_snapshot *snapshot, gli_side side) {
  return side == GLI_NODES ? gli__frozen_node_limit(snapshot->frozen)
                           : gli__frozen_edge_limit(snapshot->frozen);
}
static inline int64_t gli__snapshot_count(const gli_snapshot *snapshot, gli_side side) {
  return side == GLI_NODES ? gli__frozen_node_count(snapshot->frozen)
                           : gli__frozen_edge_count(snapshot->frozen);
}
/* Borrowed. */
gli__memory *gli__snapshot_memory(gli_snapshot *snapshot);

/* extract.c: a graph of its own with the given nodes and edges (both rising, alive, each once; the
 * ends of every edge are among the nodes). Attributes, keys, edge ids and both counters are kept.
 */
gli_status gli__snapshot_extract(gli_snapshot *snapshot, const int32_t *nodes, int64_t node_count,
                                 const int64_t *slots, int64_t edge_count, gli_graph **graph_out,
                                 gli_error *error);

#endif
