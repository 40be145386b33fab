/* rows.c: one row: room for an append, dying entries, rewriting.
 *
 * An append finds room in the row's block or moves the row to a larger one: amortised O(1). A dead
 * entry is only counted; a row that is half dead is rewritten, so that walking a row costs at most
 * twice its live length and a removal O(1) amortised. A rewrite happens in place unless a snapshot
 * may be reading the block. Rows that wait with dead entries are remembered for the next freeze;
 * remembering may fail (no memory) or become too much: then the freeze looks at all rows. */
#include "topology/parts.h"

gli_status gli__rows_own(gli__topology *topology, gli__side *side, gli_error *error) {
  if (side->rows_private) return GLI_OK;
  gli_status status = gli__buffer_own(&side->rows, topology->token, topology->node_limit, error);
  if (status != GLI_OK) return status;
  side->rows_private = true;
  return GLI_OK;
}

static inline void copy_entries(const gli__side *side, int64_t from, int64_t to, uint32_t count) {
  int32_t *neighbors = gli__side_neighbors(side);
  uint32_t *edges = gli__side_edges(side);
  if (count <= 16) { /* most rows: shorter than two calls */
    for (uint32_t k = 0; k < count; ++k)
      neighbors[to + k] = neighbors[from + k];
    for (uint32_t k = 0; k < count; ++k)
      edges[to + k] = edges[from + k];
    return;
  }
  memcpy(neighbors + to, neighbors + from, (size_t)count * sizeof *neighbors);
  memcpy(edges + to, edges + from, (size_t)count * sizeof *edges);
}

/* Afterwards the records may be written and the arena be appended to. */
static gli_status make_writable(gli__topology *topology, gli__side *side, gli_error *error) {
  gli_status status = gli__rows_own(topology, side, error);
  if (status == GLI_OK && !gli__buffer_claim(side->arena, topology->token)) {
    /* Another topology appends here: take what is ours into an arena of our own. */
    status = gli__side_collect(topology, side, error);
  }
  /* With a journal every append comes by here, to be noted. */
  if (status == GLI_OK) side->writable = side->journal.changes == NULL;
  return status;
}

gli_status gli__row_reserve(gli__topology *topology, gli__side *side, int32_t node,
                            gli_error *error) {
  if (!side->writable) {
    gli_status status = make_writable(topology, side, error);
    if (status != GLI_OK) return status;
  }
  gli_row *row = gli__side_rows(side) + node;
  if (row->length < gli__row_capacity(row)) {
    gli__side_note(side, node, row->begin + row->length, 1);
    return GLI_OK;
  }
  if (row->length >= gli__code_capacity[GLI__CODE_COUNT - 1]) {
    return gli__fail(error, GLI_ERROR_LIMIT, "node index %d has %u edges; at most %u fit", node,
                     row->length, gli__code_capacity[GLI__CODE_COUNT - 1]);
  }
  uint32_t code = gli__code_for(row->length + 1);
  int64_t begin = 0;
  gli_status status = gli__block_allocate(topology, side, code, true, &begin, error);
  if (status != GLI_OK) return status;
  row = gli__side_rows(side) + node; /* a collection may have moved it */
  gli_row old = *row;
  copy_entries(side, old.begin, begin, old.length);
  row->begin = begin;
  row->writer = code << GLI__DEAD_BITS | gli__row_dead(&old);
  gli__row_block_free(side, &old);
  gli__side_note(side, node, begin, old.length + 1);
  return GLI_OK;
}

/* The live entries of the row, moved together at `to` (at or before the row, or elsewhere). */
static void pack_row(const gli__topology *topology, const gli__side *side, const gli_row *row,
                     int64_t to) {
  const uint64_t *bits = gli__bits_of(topology->edge_bits);
  int32_t *neighbors = gli__side_neighbors(side);
  uint32_t *edges = gli__side_edges(side);
  for (int64_t at = row->begin; at < row->begin + row->length; ++at) {
    if (!gli_bit(bits, edges[at])) continue;
    neighbors[to] = neighbors[at];
    edges[to++] = edges[at];
  }
}

static void rewrite_in_place(gli__topology *topology, gli__side *side, int32_t node) {
  gli_row *row = gli__side_rows(side) + node;
  uint32_t live = row->length - gli__row_dead(row), capacity = gli__row_capacity(row);
  uint32_t code = gli__code_for(live);
  pack_row(topology, side, row, row->begin);
  row->length = live;
  gli__side_note(side, node, row->begin, live);
  if (gli__code_capacity[code] > capacity) {
    /* An exact block that is no multiple of anything: stays exact. */
    row->writer = 0;
    gli__block_free(side, row->begin + live, capacity - live);
    return;
  }
  /* Keep some room unless the row has become much smaller than its block. */
  if (gli__row_code(row) != 0 && gli__code_capacity[code] > capacity / 2) {
    row->writer = gli__row_code(row) << GLI__DEAD_BITS;
    return;
  }
  row->writer = code << GLI__DEAD_BITS;
  gli__block_free(side, row->begin + gli__code_capacity[code], capacity - gli__code_capacity[code]);
}

/* Without the dead entries. The records are owned. */
static gli_status rewrite_row(gli__topology *topology, gli__side *side, int32_t node,
                              gli_error *error) {
  gli_row *row = gli__side_rows(side) + node;
  uint32_t live = row->length - gli__row_dead(row);
  if (live == 0) {
    gli__row_clear(side, node);
    return GLI_OK;
  }
  if (!gli__buffer_claim(side->arena, topology->token)) {
    return gli__side_collect(topology, side, error);
  }
  if (!gli__block_is_visible(side, row->begin)) {
    rewrite_in_place(topology, side, node);
    return GLI_OK;
  }
  uint32_t code = gli__code_for(live);
  int64_t begin = 0;
  gli_status status = gli__block_allocate(topology, side, code, false, &begin, error);
  if (status != GLI_OK) return status;
  pack_row(topology, side, row, begin);
  gli_row old = *row;
  *row = (gli_row){.begin = begin, .length = live, .writer = code << GLI__DEAD_BITS};
  gli__row_block_free(side, &old);
  gli__side_note(side, node, begin, live);
  return GLI_OK;
}

static void remember_dead(gli__topology *topology, gli__side *side, int32_t node) {
  if (side->sweep_all) return;
  if (side->dead_count == side->dead_capacity) {
    int64_t capacity = side->dead_capacity == 0 ? 64 : 2 * side->dead_capacity;
    int32_t *larger = NULL;
    if (side->dead_capacity <= 64 + topology->node_limit / 8) {
      larger = gli__reallocate(topology->memory, side->dead_nodes, (size_t)side->dead_capacity,
                               (size_t)capacity, sizeof *larger);
    }
    if (larger == NULL) {
      side->sweep_all = true;
      return;
    }
    side->dead_nodes = larger;
    side->dead_capacity = capacity;
  }
  side->dead_nodes[side->dead_count++] = node;
}

void gli__row_entry_died(gli__topology *topology, gli__side *side, int32_t node) {
  gli_row *row = gli__side_rows(side) + node;
  uint32_t dead = gli__row_dead(row) + 1;
  ++row->writer; /* the dead count: at most half of the length, or an eighth of what fits */
  --side->entries;
  /* Half dead: into its own block without an allocation, or into a new one if a snapshot looks. A
   * clone's arena is not ours to write; its rows wait for the first append or freeze. */
  if (dead >= row->length - row->length / 2 || dead > GLI__DEAD_MASK / 2) {
    bool ours = dead == row->length || gli__buffer_claim(side->arena, topology->token);
    if (ours && rewrite_row(topology, side, node, NULL) == GLI_OK) return;
  }
  if (dead == 1) remember_dead(topology, side, node);
}

void gli__row_clear(gli__side *side, int32_t node) {
  gli_row *row = gli__side_rows(side) + node;
  gli_row old = *row;
  side->entries -= old.length - gli__row_dead(&old);
  *row = (gli_row){0};
  gli__row_block_free(side, &old);
  gli__side_note(side, node, 0, 0);
}

gli_status gli__side_sweep(gli__topology *topology, gli__side *side, gli_error *error) {
  if (side->dead_count == 0 && !side->sweep_all) return GLI_OK;
  gli_status status = gli__rows_own(topology, side, error);
  int64_t count = side->sweep_all ? topology->node_limit : side->dead_count;
  for (int64_t k = 0; k < count && status == GLI_OK; ++k) {
    int32_t node = side->sweep_all ? (int32_t)k : side->dead_nodes[k];
    if (node >= topology->node_limit) continue; /* taken back since */
    const gli_row *row = gli__side_rows(side) + node;
    if (gli__row_dead(row) > 0) status = rewrite_row(topology, side, node, error);
    if (side->dead_count == 0 && !side->sweep_all) return status; /* a collection did it all */
  }
  if (status != GLI_OK) return status;
  side->dead_count = 0;
  side->sweep_all = false;
  return GLI_OK;
}
