/* subgraph.c: which nodes and edges a subgraph has; extraction itself is graph/extract.c.
 *
 * Chosen nodes and edges are marked in bitmaps, which sorts them and drops doubles. Cost of the
 * induced one: the rows of the chosen nodes and a bit per edge of the graph. */
#include "base/error.h"

#include <assert.h>
#include "query/filter.h"

typedef struct marks {
  uint64_t *words;
  int64_t word_count;
} marks;

static gli_status make_marks(gli__memory *memory, int64_t limit, marks *marks_out,
                             gli_error *error) {
  marks made = {NULL, limit / 64 + 1};
  made.words = gli__allocate_zeroed(memory, (size_t)made.word_count, sizeof(uint64_t));
  if (made.words == NULL) return gli__no_memory(error, "a subgraph");
  *marks_out = made;
  return GLI_OK;
}
static void release_marks(gli__memory *memory, marks *made) {
  gli__release(memory, made->words, (size_t)made->word_count, sizeof(uint64_t));
}
static void mark(marks *made, int64_t at) {
  made->words[at / 64] |= UINT64_C(1) << (at % 64);
}
static int64_t count_marks(const marks *made) {
  int64_t count = 0;
  for (int64_t word = 0; word < made->word_count; word++)
    count += __builtin_popcountll(made->words[word]);
  return count;
}

static gli_status mark_given(const int64_t *given, int64_t count, int64_t limit,
                             const uint64_t *bits, const char *argument, marks *made,
                             gli_error *error) {
  for (int64_t k = 0; k < count; k++) {
    if (given[k] < 0 || given[k] >= limit || !gli_bit(bits, given[k]))
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "%s[%lld] is %lld; a live one below %lld is meant", argument, (long long)k,
                       (long long)given[k], (long long)limit);
    mark(made, given[k]);
  }
  return GLI_OK;
}

/* Edges with both ends chosen. An undirected edge stands in two rows: its source's counts. */
static void mark_edges_between(const gli_snapshot *snapshot, const marks *nodes, marks *edges) {
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t word = 0; word < nodes->word_count; word++)
    for (uint64_t open = nodes->words[word]; open != 0; open &= open - 1) {
      int64_t node = word * 64 + __builtin_ctzll(open);
      gli_row row = rows.rows[node];
      for (int64_t entry = row.begin; entry < row.begin + row.length; entry++)
        if (gli_bit(nodes->words, rows.neighbors[entry]) &&
            sources[rows.edges[entry]] == (int32_t)node)
          mark(edges, rows.edges[entry]);
    }
}

static void mark_ends(const gli_snapshot *snapshot, const marks *edges, marks *nodes) {
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t word = 0; word < edges->word_count; word++)
    for (uint64_t open = edges->words[word]; open != 0; open &= open - 1) {
      int64_t slot = word * 64 + __builtin_ctzll(open);
      mark(nodes, sources[slot]);
      mark(nodes, targets[slot]);
    }
}

static gli_status extract(gli_snapshot *snapshot, const marks *nodes, const marks *edges,
                          gli_graph **graph_out, gli_error *error) {
  gli__memory *memory = gli__snapshot_memory(snapshot);
  int64_t node_count = count_marks(nodes), edge_count = count_marks(edges), at = 0;
  int32_t *kept_nodes = gli__allocate(memory, (size_t)node_count, sizeof *kept_nodes);
  int64_t *kept_edges = gli__allocate(memory, (size_t)edge_count, sizeof *kept_edges);
  gli_status status = GLI_OK;
  if ((kept_nodes == NULL && node_count > 0) || (kept_edges == NULL && edge_count > 0)) {
    status = gli__no_memory(error, "a subgraph");
    goto cleanup;
  }
  for (int64_t word = 0; word < nodes->word_count; word++)
    for (uint64_t open = nodes->words[word]; open != 0; open &= open - 1) {
      assert(kept_nodes != NULL);
      kept_nodes[at++] = (int32_t)(word * 64) + __builtin_ctzll(open);
    }
  at = 0;
  for (int64_t word = 0; word < edges->word_count; word++)
    for (uint64_t open = edges->words[word]; open != 0; open &= open - 1) {
      assert(kept_edges != NULL);
      kept_edges[at++] = word * 64 + __builtin_ctzll(open);
    }
  status = gli__snapshot_extract(snapshot, kept_nodes, node_count, kept_edges, edge_count,
                                 graph_out, error);
cleanup:
  gli__release(memory, kept_edges, (size_t)edge_count, sizeof *kept_edges);
  gli__release(memory, kept_nodes, (size_t)node_count, sizeof *kept_nodes);
  return status;
}

/* `given` are nodes or edge slots. */
static gli_status subgraph(gli_snapshot *snapshot, gli_side side, const int64_t *given,
                           int64_t count, gli_graph **graph_out, gli_error *error) {
  gli__memory *memory = gli__snapshot_memory(snapshot);
  marks nodes = {NULL, 0}, edges = {NULL, 0};
  gli_status status = make_marks(memory, gli_snapshot_node_limit(snapshot), &nodes, error);
  if (status == GLI_OK)
    status = make_marks(memory, gli_snapshot_edge_limit(snapshot), &edges, error);
  if (status == GLI_OK)
    status = mark_given(given, count, gli__snapshot_limit(snapshot, side),
                        gli__snapshot_bits(snapshot, side), side == GLI_NODES ? "nodes" : "slots",
                        side == GLI_NODES ? &nodes : &edges, error);
  if (status == GLI_OK) {
    if (side == GLI_NODES)
      mark_edges_between(snapshot, &nodes, &edges);
    else
      mark_ends(snapshot, &edges, &nodes);
    status = extract(snapshot, &nodes, &edges, graph_out, error);
  }
  release_marks(memory, &edges);
  release_marks(memory, &nodes);
  return status;
}

gli_status gli_snapshot_subgraph(gli_snapshot *snapshot, const int64_t *nodes, int64_t count,
                                 gli_graph **graph_out, gli_error *error) {
  return subgraph(snapshot, GLI_NODES, nodes, count, graph_out, error);
}

gli_status gli_snapshot_edge_subgraph(gli_snapshot *snapshot, const int64_t *slots, int64_t count,
                                      gli_graph **graph_out, gli_error *error) {
  return subgraph(snapshot, GLI_EDGES, slots, count, graph_out, error);
}
