/* topology.c: the live topology: nodes, single edges, removal, look-ups.
 *
 * Adding an edge writes its ends and appends to one or two rows: no allocation but the amortised
 * growth of arrays, all room is made before anything is changed. Removing clears a bit and counts a
 * dead entry per row. See topology.h for how this goes along with snapshots. */
#include "topology/topology.h"

#include "topology/parts.h"

gli_status gli__topology_create(gli__memory *memory, bool directed, gli__topology **topology_out,
                                gli_error *error) {
  gli__topology *topology = gli__allocate_zeroed(memory, 1, sizeof *topology);
  if (topology == NULL) return gli__no_memory(error, "a topology");
  topology->memory = gli__memory_retain(memory);
  topology->token = gli__buffer_token();
  topology->directed = directed;
  gli_status status = gli__side_create(memory, topology->token, 0, 0, &topology->out, error);
  if (status == GLI_OK) {
    status = gli__buffer_create(memory, 2, 4, 0, topology->token, &topology->ends, error);
  }
  if (status == GLI_OK) status = gli__pair_index_create(memory, &topology->pairs, error);
  if (status == GLI_OK) status = gli__lineage_create(memory, &topology->lineage, error);
  if (status != GLI_OK) {
    gli__topology_free(topology);
    return status;
  }
  *topology_out = topology;
  return GLI_OK;
}

void gli__topology_free(gli__topology *topology) {
  if (topology == NULL) return;
  gli__memory *memory = topology->memory;
  gli__pair_index_free(topology->pairs);
  gli__derived_free(topology->derived);
  gli__side_clear(&topology->out, memory);
  gli__side_clear(&topology->in, memory);
  gli__buffer_free(topology->ends);
  gli__buffer_free(topology->node_bits);
  gli__buffer_free(topology->edge_bits);
  gli__lineage_free(topology->lineage);
  gli__release(memory, topology, 1, sizeof *topology);
  gli__memory_free(memory);
}

int32_t gli__topology_node_limit(const gli__topology *topology) {
  return topology->node_limit;
}
int64_t gli__topology_edge_limit(const gli__topology *topology) {
  return topology->edge_limit;
}
int64_t gli__topology_node_count(const gli__topology *topology) {
  return topology->node_count;
}
int64_t gli__topology_edge_count(const gli__topology *topology) {
  return topology->edge_count;
}
bool gli__topology_node_alive(const gli__topology *topology, int32_t node) {
  return node >= 0 && node < topology->node_limit &&
         gli_bit(gli__bits_of(topology->node_bits), node);
}
bool gli__topology_edge_alive(const gli__topology *topology, int64_t slot) {
  return slot >= 0 && slot < topology->edge_limit &&
         gli_bit(gli__bits_of(topology->edge_bits), slot);
}
const uint64_t *gli__topology_node_bits(const gli__topology *topology) {
  return gli__bits_of(topology->node_bits);
}
const uint64_t *gli__topology_edge_bits(const gli__topology *topology) {
  return gli__bits_of(topology->edge_bits);
}

/* --- Bitmaps: bits at and above the limit are set, so that adding writes nothing ----------------
 */

static void set_words(gli__buffer *bits, int64_t first_word) {
  memset((uint64_t *)bits->data[0] + first_word, 0xff,
         (size_t)(bits->capacity - first_word) * sizeof(uint64_t));
}

/* Room for `limit` bits, of which `used` are kept. bits may be NULL. */
static gli_status reserve_bits(gli__topology *topology, gli__buffer **bits, int64_t used,
                               int64_t limit, gli_error *error) {
  int64_t words = (limit + 63) / 64, used_words = (used + 63) / 64;
  if (*bits == NULL || words <= (*bits)->capacity) return GLI_OK;
  gli_status status = gli__buffer_reserve(bits, topology->token, used_words, words, error);
  if (status == GLI_OK) set_words(*bits, used_words);
  return status;
}

/* Afterwards bits may be cleared. */
static gli_status own_bits(gli__topology *topology, gli__buffer **bits, int64_t limit,
                           gli_error *error) {
  if (*bits != NULL) {
    return gli__buffer_own(bits, topology->token, (*bits)->capacity, error);
  }
  gli_status status = gli__buffer_create(topology->memory, 1, sizeof(uint64_t),
                                         (limit + 63) / 64 + 1, topology->token, bits, error);
  if (status == GLI_OK) set_words(*bits, 0);
  return status;
}

static void clear_bit(gli__buffer *bits, int64_t position) {
  ((uint64_t *)bits->data[0])[position >> 6] &= ~(UINT64_C(1) << (position & 63));
}

/* --- Nodes ----------------------------------------------------------------------------------- */

/* Room for `count` more records on both sides and in the bitmap. */
static gli_status make_node_room(gli__topology *topology, int64_t count, gli_error *error) {
  int64_t limit = topology->node_limit, needed = limit + count;
  if (count > GLI__MAX_NODES - limit) {
    return gli__fail(error, GLI_ERROR_LIMIT,
                     "%lld nodes more than the %lld there are; at most %d fit", (long long)count,
                     (long long)limit, GLI__MAX_NODES);
  }
  gli_status status =
      gli__buffer_reserve(&topology->out.rows, topology->token, limit, needed, error);
  int64_t room = topology->out.rows->capacity;
  if (status == GLI_OK && topology->in.rows != NULL) {
    status = gli__buffer_reserve(&topology->in.rows, topology->token, limit, needed, error);
    if (topology->in.rows->capacity < room) room = topology->in.rows->capacity;
  }
  if (status == GLI_OK) {
    status = reserve_bits(topology, &topology->node_bits, limit, needed, error);
  }
  if (status != GLI_OK) return status;
  if (topology->node_bits != NULL && topology->node_bits->capacity * 64 < room) {
    room = topology->node_bits->capacity * 64;
  }
  topology->node_room = room < GLI__MAX_NODES ? room : GLI__MAX_NODES;
  return GLI_OK;
}

gli_status gli__topology_add_nodes(gli__topology *topology, int64_t count, gli_error *error) {
  int64_t limit = topology->node_limit;
  if (GLI__UNLIKELY(topology->derived != NULL)) gli__topology_detach(topology);
  if (GLI__UNLIKELY(count > topology->node_room - limit)) {
    gli_status status = make_node_room(topology, count, error);
    if (status != GLI_OK) return status;
  }
  gli_row *out = gli__side_rows(&topology->out) + limit;
  for (int64_t k = 0; k < count; ++k)
    out[k] = (gli_row){0};
  if (topology->in.rows != NULL) {
    gli_row *in = gli__side_rows(&topology->in) + limit;
    for (int64_t k = 0; k < count; ++k)
      in[k] = (gli_row){0};
  }
  topology->node_limit = (int32_t)(limit + count);
  topology->node_count += count;
  return GLI_OK;
}

void gli__topology_remove_last_node(gli__topology *topology) {
  --topology->node_limit;
  --topology->node_count;
}

/* --- Adding an edge -------------------------------------------------------------------------- */

gli_status gli__topology_edge_room(gli__topology *topology, int64_t count, gli_error *error) {
  int64_t limit = topology->edge_limit, needed = limit + count;
  if (count > GLI__MAX_EDGES - limit) {
    return gli__fail(error, GLI_ERROR_LIMIT,
                     "%lld edges more than the %lld there are (removed ones included); at most "
                     "%lld fit",
                     (long long)count, (long long)limit, (long long)GLI__MAX_EDGES);
  }
  gli_status status = gli__buffer_reserve(&topology->ends, topology->token, limit, needed, error);
  if (status == GLI_OK) {
    status = reserve_bits(topology, &topology->edge_bits, limit, needed, error);
  }
  if (status != GLI_OK) return status;
  int64_t room = topology->ends->capacity;
  if (topology->edge_bits != NULL && topology->edge_bits->capacity * 64 < room) {
    room = topology->edge_bits->capacity * 64;
  }
  topology->edge_room = room < GLI__MAX_EDGES ? room : GLI__MAX_EDGES;
  return GLI_OK;
}

/* Room in the two rows of an edge; second may be NULL. Both may be rows of one side, whose
 * collection for the second may take the first one's room away: then once more. */
static gli_status reserve_rows(gli__topology *topology, int32_t source, gli__side *second,
                               int32_t target, gli_error *error) {
  gli_status status = GLI_OK;
  do {
    if (!gli__row_is_ready(&topology->out, source)) {
      status = gli__row_reserve(topology, &topology->out, source, error);
    }
    if (status == GLI_OK && second != NULL && !gli__row_is_ready(second, target)) {
      status = gli__row_reserve(topology, second, target, error);
    }
  } while (status == GLI_OK && !gli__row_has_room(&topology->out, source));
  return status;
}

static inline void append(gli__topology *topology, gli__side *side, int32_t node, int32_t neighbor,
                          uint32_t slot) {
  gli__row_append(side, node, neighbor, slot);
  if (GLI__UNLIKELY(gli__side_rows(side)[node].length > GLI__LONG_ROW)) {
    gli__pair_index_added(topology, side, node, neighbor, slot);
  }
}

/* The side that holds the edge a second time: in rows, the other row of an undirected edge, NULL.
 */
static inline gli__side *second_side(gli__topology *topology, int32_t source, int32_t target) {
  if (topology->directed) return topology->in.rows != NULL ? &topology->in : NULL;
  return source != target ? &topology->out : NULL;
}

gli_status gli__topology_add_edge(gli__topology *topology, int32_t source, int32_t target,
                                  int64_t *slot_out, gli_error *error) {
  if (GLI__UNLIKELY(topology->derived != NULL)) gli__topology_detach(topology);
  int64_t slot = topology->edge_limit;
  gli_status status = GLI_OK;
  if (GLI__UNLIKELY(slot >= topology->edge_room)) {
    status = gli__topology_edge_room(topology, 1, error);
    if (status != GLI_OK) return status;
  }
  gli__side *second = second_side(topology, source, target);
  if (!gli__row_is_ready(&topology->out, source) ||
      (second != NULL && !gli__row_is_ready(second, target))) {
    status = reserve_rows(topology, source, second, target, error);
    if (status != GLI_OK) return status;
  }
  ((int32_t *)topology->ends->data[0])[slot] = source;
  ((int32_t *)topology->ends->data[1])[slot] = target;
  append(topology, &topology->out, source, target, (uint32_t)slot);
  if (second != NULL) append(topology, second, target, source, (uint32_t)slot);
  ++topology->edge_limit;
  ++topology->edge_count;
  *slot_out = slot;
  return GLI_OK;
}

static void take_back(gli__topology *topology, gli__side *side, int32_t node, int32_t neighbor,
                      uint32_t slot) {
  gli_row *row = gli__side_rows(side) + node;
  bool was_long = row->length > GLI__LONG_ROW;
  --row->length;
  --side->entries;
  gli__side_note(side, node, 0, 0);
  if (was_long) gli__pair_index_taken_back(topology, side, node, neighbor, slot);
}

void gli__topology_remove_last_edge(gli__topology *topology) {
  int64_t slot = --topology->edge_limit;
  --topology->edge_count;
  int32_t source, target;
  gli__topology_edge_ends(topology, slot, &source, &target);
  gli__side *second = second_side(topology, source, target);
  take_back(topology, &topology->out, source, target, (uint32_t)slot);
  if (second != NULL) take_back(topology, second, target, source, (uint32_t)slot);
}

/* --- Removal --------------------------------------------------------------------------------- */

/* What any removal changes is afterwards ours to change. */
static gli_status prepare_removal(gli__topology *topology, gli_error *error) {
  if (topology->derived != NULL) gli__topology_detach(topology);
  gli_status status = gli__rows_own(topology, &topology->out, error);
  if (status == GLI_OK && topology->in.rows != NULL) {
    status = gli__rows_own(topology, &topology->in, error);
  }
  if (status != GLI_OK) return status;
  bool fresh = topology->edge_bits == NULL;
  status = own_bits(topology, &topology->edge_bits, topology->edge_limit, error);
  if (status == GLI_OK && fresh) topology->edge_room = 0; /* the bitmap may be the smaller one */
  return status;
}

static void kill_edge(gli__topology *topology, int64_t slot) {
  clear_bit(topology->edge_bits, slot);
  --topology->edge_count;
}

gli_status gli__topology_remove_edge(gli__topology *topology, int64_t slot, gli_error *error) {
  if (!gli__topology_edge_alive(topology, slot)) {
    return gli__fail(error, GLI_ERROR_EDGE_NOT_FOUND, "edge slot %lld holds no edge",
                     (long long)slot);
  }
  gli_status status = prepare_removal(topology, error);
  if (status != GLI_OK) return status;
  int32_t source, target;
  gli__topology_edge_ends(topology, slot, &source, &target);
  gli__side *second = second_side(topology, source, target);
  kill_edge(topology, slot);
  gli__row_entry_died(topology, &topology->out, source);
  if (second != NULL) gli__row_entry_died(topology, second, target);
  return GLI_OK;
}

gli_status gli__topology_prepare_removals(gli__topology *topology, bool nodes, gli_error *error) {
  gli_status status = nodes ? gli__topology_need_in_rows(topology, error) : GLI_OK;
  if (status == GLI_OK) status = prepare_removal(topology, error);
  if (status != GLI_OK || !nodes) return status;
  bool fresh = topology->node_bits == NULL;
  status = own_bits(topology, &topology->node_bits, topology->node_limit, error);
  if (status == GLI_OK && fresh) topology->node_room = 0; /* the bitmap may be the smaller one */
  return status;
}

/* The node's edges in its row of `side` die; `mirror` holds them at their other ends. */
static void kill_row(gli__topology *topology, gli__side *side, gli__side *mirror, int32_t node) {
  const gli_row row = gli__side_rows(side)[node];
  for (int64_t at = row.begin; at < row.begin + row.length; ++at) {
    /* Read anew each time: a rewritten row may enlarge and move the arena. */
    uint32_t slot = gli__side_edges(side)[at];
    int32_t neighbor = gli__side_neighbors(side)[at];
    if (!gli_bit(gli__bits_of(topology->edge_bits), slot)) continue;
    kill_edge(topology, slot);
    if (neighbor != node) gli__row_entry_died(topology, mirror, neighbor);
  }
}

gli_status gli__topology_remove_node(gli__topology *topology, int32_t node, gli_error *error) {
  if (!gli__topology_node_alive(topology, node)) {
    return gli__fail(error, GLI_ERROR_NODE_NOT_FOUND, "node index %d holds no node", node);
  }
  gli_status status = gli__topology_prepare_removals(topology, true, error);
  if (status != GLI_OK) return status;
  gli__side *out = &topology->out;
  gli__side *in = topology->directed ? &topology->in : out;
  kill_row(topology, out, in, node);
  if (topology->directed) kill_row(topology, in, out, node);
  gli__pair_index_forget(topology, out, node);
  gli__row_clear(out, node);
  if (topology->directed) {
    gli__pair_index_forget(topology, in, node);
    gli__row_clear(in, node);
  }
  clear_bit(topology->node_bits, node);
  --topology->node_count;
  return GLI_OK;
}

/* --- In rows --------------------------------------------------------------------------------- */

bool gli__topology_has_in_rows(const gli__topology *topology) {
  return !topology->directed || topology->in.rows != NULL;
}

gli_status gli__topology_need_in_rows(gli__topology *topology, gli_error *error) {
  if (gli__topology_has_in_rows(topology)) return GLI_OK;
  gli__topology_adopt_in_rows(topology);
  if (topology->in.rows != NULL) return GLI_OK;
  topology->node_room = 0; /* to be looked at again, with these records */
  return gli__build_in_rows(topology->memory, topology->token, topology->node_limit,
                            topology->edge_limit, topology->ends, topology->edge_bits, NULL,
                            &topology->in, error);
}

/* --- Looking up ------------------------------------------------------------------------------ */

static int64_t find_in_row(gli__topology *topology, const gli__side *side, int32_t node,
                           int32_t neighbor) {
  if (gli__side_rows(side)[node].length <= GLI__LONG_ROW) {
    return gli__row_scan(topology, side, node, neighbor);
  }
  return gli__pair_index_find(topology, side, node, neighbor);
}

int64_t gli__topology_find_edge(gli__topology *topology, int32_t source, int32_t target) {
  const gli__side *out = &topology->out;
  const gli__side *back = topology->directed ? &topology->in : out;
  uint32_t length = gli__side_rows(out)[source].length;
  /* A short row is scanned before the other one's record would have come from memory. */
  if (length <= 32 || back->rows == NULL || gli__side_rows(back)[target].length >= length) {
    return find_in_row(topology, out, source, target);
  }
  return find_in_row(topology, back, target, source);
}

void gli__topology_prefetch_row(const gli__topology *topology, int32_t node) {
  GLI__PREFETCH(gli__side_rows(&topology->out) + node);
  if (topology->in.rows != NULL) GLI__PREFETCH(gli__side_rows(&topology->in) + node);
}

void gli__topology_prefetch_entries(const gli__topology *topology, int32_t node) {
  const gli_row *row = gli__side_rows(&topology->out) + node;
  GLI__PREFETCH(gli__side_neighbors(&topology->out) + row->begin);
  GLI__PREFETCH(gli__side_edges(&topology->out) + row->begin + row->length);
}

void gli__topology_edge_ends(const gli__topology *topology, int64_t slot, int32_t *source_out,
                             int32_t *target_out) {
  *source_out = ((const int32_t *)topology->ends->data[0])[slot];
  *target_out = ((const int32_t *)topology->ends->data[1])[slot];
}

static const gli__side *side_of(const gli__topology *topology, bool in) {
  return in && topology->directed ? &topology->in : &topology->out;
}

gli__row_cursor gli__topology_row(const gli__topology *topology, int32_t node, bool in) {
  const gli__side *side = side_of(topology, in);
  const gli_row *row = gli__side_rows(side) + node;
  return (gli__row_cursor){
      .neighbors = gli__side_neighbors(side) + row->begin,
      .edges = gli__side_edges(side) + row->begin,
      .edge_bits = gli__row_dead(row) > 0 ? gli__bits_of(topology->edge_bits) : NULL,
      .length = row->length};
}

int64_t gli__topology_row_length(const gli__topology *topology, int32_t node, bool in) {
  const gli_row *row = gli__side_rows(side_of(topology, in)) + node;
  return (int64_t)row->length - gli__row_dead(row);
}

static int64_t side_bytes(const gli__side *side) {
  return gli__buffer_bytes(side->rows) + gli__buffer_bytes(side->arena) +
         side->retired_capacity * (int64_t)sizeof(gli__range) +
         side->dead_capacity * (int64_t)sizeof(int32_t) + gli__buffer_bytes(side->journal.changes);
}

void gli__topology_swap_lineages(gli__topology *left, gli__topology *right) {
  gli__lineage *kept = left->lineage;
  left->lineage = right->lineage;
  right->lineage = kept;
}

int64_t gli__topology_bytes(const gli__topology *topology) {
  return (int64_t)(sizeof *topology + sizeof *topology->lineage) + side_bytes(&topology->out) +
         side_bytes(&topology->in) + gli__buffer_bytes(topology->ends) +
         gli__buffer_bytes(topology->node_bits) + gli__buffer_bytes(topology->edge_bits) +
         gli__pair_index_bytes(topology->pairs) + gli__derived_bytes(topology->derived);
}
