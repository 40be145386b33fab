/* topology.h: who is joined to whom. Rows over a growing arena, by node index and edge slot.
 *
 * One gli__topology per graph. Every edge slot has its ends (sources[], targets[]); the out rows
 * (undirected: the rows) and, once somebody needed them, the in rows hold the neighbours.
 *
 * Rows. A row owns a block of the arena; its gli_row says where. Appending writes past the row's
 * length when the block has room (a snapshot does not see it: its own record has the old length)
 * and otherwise moves the row to the next larger block (1, 2, 3, 4, 6, 8, 12, 16, ... entries) at
 * the arena's tail or from a free list. gli_row.writer keeps the block's size code and the count of
 * dead entries. A block that a living snapshot may read is not reused; others go to a free list per
 * size.
 *
 * Removal. An edge slot is marked dead in the edge bitmap, and its rows count one dead entry more:
 * O(1), published entries never change. Readers of a row with dead entries skip those. A row that
 * is half dead, and every such row when a snapshot is taken, is written anew without them.
 *
 * Sharing. Records, arena, ends and bitmaps are reference-counted buffers. A snapshot takes a
 * reference to each; the writer clones records and bitmaps before changing them while they are
 * shared (16 bytes per node), and appends to arena and ends in place, past what was published.
 * Garbage above a quarter of the arena: one pass into a fresh arena when the next snapshot is taken
 * or the arena would have to grow.
 *
 * Pairs. find_edge scans the shorter row; a row longer than 128 entries gets a hash table of its
 * neighbours when first asked, which is kept up to date.
 *
 * Bitmaps. Bits at and above the limit are set: adding a node or an edge writes none. Count and
 * walk below the limit only. */
#ifndef GLI_TOPOLOGY_TOPOLOGY_H
#define GLI_TOPOLOGY_TOPOLOGY_H

#include <gli/control.h>
#include <gli/graph.h>
#include <gli/snapshot.h>

#include "base/memory.h"

typedef struct gli__topology gli__topology;
typedef struct gli__frozen gli__frozen; /* the topology of a snapshot; reference-counted */

gli_status gli__topology_create(gli__memory *memory, bool directed, gli__topology **topology_out,
                                gli_error *error);
void gli__topology_free(gli__topology *topology);
/* Same content, shared where possible until either changes. */
gli_status gli__topology_clone(gli__topology *topology, gli__topology **clone_out,
                               gli_error *error);

int32_t gli__topology_node_limit(const gli__topology *topology); /* indices, holes included */
int64_t gli__topology_edge_limit(const gli__topology *topology); /* slots, holes included */
int64_t gli__topology_node_count(const gli__topology *topology); /* alive */
int64_t gli__topology_edge_count(const gli__topology *topology); /* alive */
bool gli__topology_node_alive(const gli__topology *topology, int32_t node);
bool gli__topology_edge_alive(const gli__topology *topology, int64_t slot);
const uint64_t *gli__topology_node_bits(const gli__topology *topology); /* NULL: all alive */
const uint64_t *gli__topology_edge_bits(const gli__topology *topology);

/* All of these: on failure nothing changed. */
/* `count` new nodes at the end; their rows are empty. */
gli_status gli__topology_add_nodes(gli__topology *topology, int64_t count, gli_error *error);
/* Take back the last node; it has no edge and was never in a snapshot. */
void gli__topology_remove_last_node(gli__topology *topology);
/* A new edge slot at the end, alive, entered into the rows. */
gli_status gli__topology_add_edge(gli__topology *topology, int32_t source, int32_t target,
                                  int64_t *slot_out, gli_error *error);
/* Take back the last edge added by add_edge (for a failed attribute write). */
void gli__topology_remove_last_edge(gli__topology *topology);
/* Bulk: `count` new edges in order. With `simple`, a pair that is already there, or repeated in the
 * input, gets the slot of its first appearance instead. slots_out[k] may be NULL. Into a topology
 * without edges: parallel counting sort; else prefetched groups. Cancellable: all or nothing. */
gli_status gli__topology_add_edges(gli__topology *topology, int64_t count, const int32_t *sources,
                                   const int32_t *targets, bool simple, int64_t *slots_out,
                                   int64_t *added_out, gli_run *run, gli_error *error);
gli_status gli__topology_remove_edge(gli__topology *topology, int64_t slot, gli_error *error);
/* After this, removing edges and (nodes: true) nodes cannot fail until the next clone or freeze,
 * whatever is added in between: lets a batch do all that can fail first. */
gli_status gli__topology_prepare_removals(gli__topology *topology, bool nodes, gli_error *error);
/* Removes the node and its edges; needs the in rows when directed. Visitor-free: the slots removed
 * are those whose bit fell. */
gli_status gli__topology_remove_node(gli__topology *topology, int32_t node, gli_error *error);
/* Built now if not there: O(n + m). */
gli_status gli__topology_need_in_rows(gli__topology *topology, gli_error *error);
bool gli__topology_has_in_rows(const gli__topology *topology);

/* The newest live slot that joins two nodes, or -1. Undirected: in either order. May build an index
 * of a long row (const for readers only through the shared lock: the index has a lock of its own).
 */
int64_t gli__topology_find_edge(gli__topology *topology, int32_t source, int32_t target);
void gli__topology_prefetch_row(const gli__topology *topology, int32_t node);
void gli__topology_prefetch_entries(const gli__topology *topology, int32_t node);
void gli__topology_edge_ends(const gli__topology *topology, int64_t slot, int32_t *source_out,
                             int32_t *target_out);

/* Walks the live entries of a row; lives on the stack. `in` asks for the in row (must be there;
 * undirected: same as out). */
typedef struct gli__row_cursor {
  const int32_t *neighbors;
  const uint32_t *edges;
  const uint64_t *edge_bits; /* NULL: nothing dead in this row */
  uint32_t position, length;
} gli__row_cursor;
gli__row_cursor gli__topology_row(const gli__topology *topology, int32_t node, bool in);
static inline bool gli__row_next(gli__row_cursor *cursor, int32_t *neighbor_out,
                                 uint32_t *edge_out) {
  while (cursor->position < cursor->length) {
    uint32_t at = cursor->position++;
    uint32_t edge = cursor->edges[at];
    if (cursor->edge_bits == NULL || gli_bit(cursor->edge_bits, edge)) {
      *neighbor_out = cursor->neighbors[at];
      *edge_out = edge;
      return true;
    }
  }
  return false;
}
/* Live entries of a row: O(1). */
int64_t gli__topology_row_length(const gli__topology *topology, int32_t node, bool in);

/* Freeze: sweeps touched rows, then shares. The caller holds the exclusive lock. */
gli_status gli__topology_freeze(gli__topology *topology, gli__frozen **frozen_out,
                                gli_error *error);
gli__frozen *gli__frozen_retain(gli__frozen *frozen);
void gli__frozen_free(gli__frozen *frozen);
/* From arrays, without a graph; ends are checked. */
gli_status gli__frozen_from_edges(gli__memory *memory, int32_t node_count, int64_t edge_count,
                                  const int32_t *sources, const int32_t *targets, bool directed,
                                  gli__frozen **frozen_out, gli_error *error);
/* Readers (no lock). */
bool gli__frozen_is_directed(const gli__frozen *frozen);
int32_t gli__frozen_node_limit(const gli__frozen *frozen);
int64_t gli__frozen_edge_limit(const gli__frozen *frozen);
int64_t gli__frozen_node_count(const gli__frozen *frozen);
int64_t gli__frozen_edge_count(const gli__frozen *frozen);
const uint64_t *gli__frozen_node_bits(const gli__frozen *frozen);
const uint64_t *gli__frozen_edge_bits(const gli__frozen *frozen);
gli_rows gli__frozen_out_rows(const gli__frozen *frozen);
/* Built on first need, within the call under way on this thread (gli__run_of_call), and handed back
 * to the live topology when it is still at the same state, so that the next snapshots inherit it.
 */
bool gli__frozen_in_rows_pay(gli__frozen *frozen, int64_t entries_saved);
gli_status gli__frozen_in_rows(gli__frozen *frozen, gli_rows *rows_out, gli_error *error);
void gli__frozen_edge_ends(const gli__frozen *frozen, const int32_t **sources_out,
                           const int32_t **targets_out);
gli_status gli__frozen_simple_rows(gli__frozen *frozen, gli_simple_rows *rows_out,
                                   gli_error *error);
bool gli__frozen_has_simple_rows(const gli__frozen *frozen); /* built by somebody already */

/* Renumbering: whether a quarter of nodes or edges are holes, and the squeeze itself. kept arrays
 * (rising old positions) come from the topology and are freed by the caller with
 * gli__release(memory, kept, count, size). */
bool gli__topology_wants_renumbering(const gli__topology *topology);
gli_status gli__topology_renumber(gli__topology *topology, gli__topology **renumbered_out,
                                  int32_t **kept_nodes_out, int64_t *kept_node_count_out,
                                  int64_t **kept_edges_out, int64_t *kept_edge_count_out,
                                  gli_error *error);
int64_t gli__topology_bytes(const gli__topology *topology);

/* Exchange what they are known by (lineage.h): the lineage stays with the graph when its topology
 * is replaced. */
void gli__topology_swap_lineages(gli__topology *left, gli__topology *right);

#endif
