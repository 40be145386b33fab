/* model.h: a graph as a plain list of edges, to hold the topology against.
 *
 * Everything is as naive as can be: a row is found by going through all edges in order. */
#ifndef TESTS_TOPOLOGY_MODEL_H
#define TESTS_TOPOLOGY_MODEL_H

#include <assert.h>
#include <stdlib.h>

#include "topology/topology.h"

#define MODEL_CHECK(condition)                                                                   \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      fprintf(stderr, "%s:%d: model and topology differ: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                                   \
    }                                                                                            \
  } while (0)

#include <stdio.h>

typedef struct model {
  bool directed;
  int32_t node_limit;
  int64_t edge_limit;
  int64_t node_capacity, edge_capacity;
  bool *node_alive, *edge_alive;
  int32_t *sources, *targets;
} model;

static inline model model_new(bool directed) {
  model made = {.directed = directed};
  return made;
}

static inline void model_free(model *graph) {
  free(graph->node_alive);
  free(graph->edge_alive);
  free(graph->sources);
  free(graph->targets);
  *graph = (model){0};
}

static inline void *model_grow(void *block, int64_t count, size_t size) {
  void *grown = realloc(block, (size_t)(count + 1) * size);
  MODEL_CHECK(grown != NULL);
  return grown;
}

static inline void model_add_nodes(model *graph, int64_t count) {
  int64_t needed = graph->node_limit + count;
  if (needed > graph->node_capacity) {
    graph->node_capacity = 2 * needed;
    graph->node_alive = model_grow(graph->node_alive, graph->node_capacity, sizeof(bool));
  }
  for (int64_t node = graph->node_limit; node < needed; ++node)
    graph->node_alive[node] = true;
  graph->node_limit = (int32_t)needed;
}

static inline int64_t model_add_edge(model *graph, int32_t source, int32_t target) {
  if (graph->edge_limit == graph->edge_capacity) {
    graph->edge_capacity = 2 * graph->edge_capacity + 16;
    graph->edge_alive = model_grow(graph->edge_alive, graph->edge_capacity, sizeof(bool));
    graph->sources = model_grow(graph->sources, graph->edge_capacity, sizeof(int32_t));
    graph->targets = model_grow(graph->targets, graph->edge_capacity, sizeof(int32_t));
  }
  graph->edge_alive[graph->edge_limit] = true;
  graph->sources[graph->edge_limit] = source;
  graph->targets[graph->edge_limit] = target;
  return graph->edge_limit++;
}

static inline model model_copy(const model *graph) {
  model copy = model_new(graph->directed);
  model_add_nodes(&copy, graph->node_limit);
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    copy.node_alive[node] = graph->node_alive[node];
  }
  for (int64_t edge = 0; edge < graph->edge_limit; ++edge) {
    model_add_edge(&copy, graph->sources[edge], graph->targets[edge]);
    copy.edge_alive[edge] = graph->edge_alive[edge];
  }
  return copy;
}

static inline bool model_joins(const model *graph, int64_t edge, int32_t source, int32_t target) {
  int32_t from = graph->sources[edge], to = graph->targets[edge];
  return (from == source && to == target) || (!graph->directed && from == target && to == source);
}

static inline int64_t model_find(const model *graph, int32_t source, int32_t target) {
  for (int64_t edge = graph->edge_limit; edge-- > 0;) {
    if (graph->edge_alive[edge] && model_joins(graph, edge, source, target)) return edge;
  }
  return -1;
}

static inline void model_remove_node(model *graph, int32_t node) {
  graph->node_alive[node] = false;
  for (int64_t edge = 0; edge < graph->edge_limit; ++edge) {
    if (graph->sources[edge] == node || graph->targets[edge] == node) {
      graph->edge_alive[edge] = false;
    }
  }
}

static inline int64_t model_count(const bool *alive, int64_t limit) {
  int64_t count = 0;
  for (int64_t k = 0; k < limit; ++k)
    count += alive[k];
  return count;
}

/* All rows at once: offsets and (neighbor, edge) in edge order. */
typedef struct model_rows {
  int64_t *offsets;
  int32_t *neighbors;
  uint32_t *edges;
} model_rows;

static inline model_rows model_make_rows(const model *graph, bool in) {
  model_rows rows = {
      .offsets = calloc((size_t)graph->node_limit + 2, sizeof(int64_t)),
      .neighbors = malloc(sizeof(int32_t) * (size_t)(2 * graph->edge_limit + 1)),
      .edges = malloc(sizeof(uint32_t) * (size_t)(2 * graph->edge_limit + 1)),
  };
  for (int filling = 0; filling < 2; ++filling) {
    for (int64_t edge = 0; edge < graph->edge_limit; ++edge) {
      if (!graph->edge_alive[edge]) continue;
      int32_t ends[2] = {graph->sources[edge], graph->targets[edge]};
      for (int side = 0; side < 2; ++side) {
        if (graph->directed && side != (int)in) continue;
        if (!graph->directed && side == 1 && ends[0] == ends[1]) continue;
        if (filling) {
          int64_t at = rows.offsets[ends[side] + 1]++;
          rows.neighbors[at] = ends[1 - side];
          rows.edges[at] = (uint32_t)edge;
        } else {
          ++rows.offsets[ends[side] + 2];
        }
      }
    }
    for (int32_t node = 0; !filling && node < graph->node_limit; ++node) {
      rows.offsets[node + 2] += rows.offsets[node + 1];
    }
  }
  return rows; /* offsets[node] .. offsets[node + 1] after filling */
}

static inline void model_rows_free(model_rows *rows) {
  free(rows->offsets);
  free(rows->neighbors);
  free(rows->edges);
}

static inline void model_check_live_rows(const model *graph, const gli__topology *topology,
                                         bool in) {
  model_rows rows = model_make_rows(graph, in);
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    gli__row_cursor cursor = gli__topology_row(topology, node, in);
    int64_t at = rows.offsets[node], end = rows.offsets[node + 1];
    MODEL_CHECK(gli__topology_row_length(topology, node, in) == end - at);
    int32_t neighbor;
    uint32_t edge;
    while (gli__row_next(&cursor, &neighbor, &edge)) {
      MODEL_CHECK(at < end && rows.neighbors[at] == neighbor && rows.edges[at] == edge);
      ++at;
    }
    MODEL_CHECK(at == end);
  }
  model_rows_free(&rows);
}

static inline void model_check_live(const model *graph, const gli__topology *topology) {
  MODEL_CHECK(gli__topology_node_limit(topology) == graph->node_limit);
  MODEL_CHECK(gli__topology_edge_limit(topology) == graph->edge_limit);
  MODEL_CHECK(gli__topology_node_count(topology) ==
              model_count(graph->node_alive, graph->node_limit));
  MODEL_CHECK(gli__topology_edge_count(topology) ==
              model_count(graph->edge_alive, graph->edge_limit));
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    MODEL_CHECK(gli__topology_node_alive(topology, node) == graph->node_alive[node]);
  }
  for (int64_t edge = 0; edge < graph->edge_limit; ++edge) {
    int32_t source, target;
    MODEL_CHECK(gli__topology_edge_alive(topology, edge) == graph->edge_alive[edge]);
    gli__topology_edge_ends(topology, edge, &source, &target);
    MODEL_CHECK(source == graph->sources[edge] && target == graph->targets[edge]);
  }
  model_check_live_rows(graph, topology, false);
  if (gli__topology_has_in_rows(topology)) model_check_live_rows(graph, topology, true);
}

static inline void model_check_rows(const model *graph, const gli_rows *rows, bool in) {
  model_rows expected = model_make_rows(graph, in);
  int64_t total = 0;
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    gli_row row = rows->rows[node];
    int64_t at = expected.offsets[node];
    MODEL_CHECK(row.length == expected.offsets[node + 1] - at);
    MODEL_CHECK(row.begin >= 0 && row.begin + row.length <= rows->entry_limit);
    for (uint32_t k = 0; k < row.length; ++k) {
      MODEL_CHECK(rows->neighbors[row.begin + k] == expected.neighbors[at + k]);
      MODEL_CHECK(rows->edges[row.begin + k] == expected.edges[at + k]);
    }
    total += row.length;
  }
  MODEL_CHECK(rows->entry_count == total);
  model_rows_free(&expected);
}

/* Simple rows against a sort of the naive neighbour lists. */
static inline int model_compare(const void *left, const void *right) {
  int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
  return (a > b) - (a < b);
}

static inline void model_check_simple(const model *graph, const gli_simple_rows *rows) {
  model_rows out = model_make_rows(graph, false), in = model_make_rows(graph, true);
  int32_t *all = malloc(sizeof(int32_t) * (size_t)(2 * graph->edge_limit + 1));
  MODEL_CHECK(rows->offsets[0] == 0);
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    int64_t count = 0;
    for (int64_t at = out.offsets[node]; at < out.offsets[node + 1]; ++at) {
      all[count++] = out.neighbors[at];
    }
    for (int64_t at = in.offsets[node]; graph->directed && at < in.offsets[node + 1]; ++at) {
      all[count++] = in.neighbors[at];
    }
    qsort(all, (size_t)count, sizeof *all, model_compare);
    int64_t at = rows->offsets[node];
    for (int64_t k = 0; k < count; ++k) {
      if (all[k] == node || (k > 0 && all[k] == all[k - 1])) continue;
      MODEL_CHECK(at < rows->offsets[node + 1] && rows->neighbors[at] == all[k]);
      ++at;
    }
    MODEL_CHECK(at == rows->offsets[node + 1]);
  }
  free(all);
  model_rows_free(&out);
  model_rows_free(&in);
}

static inline void model_check_frozen(const model *graph, gli__frozen *frozen, bool derived) {
  MODEL_CHECK(gli__frozen_is_directed(frozen) == graph->directed);
  MODEL_CHECK(gli__frozen_node_limit(frozen) == graph->node_limit);
  MODEL_CHECK(gli__frozen_edge_limit(frozen) == graph->edge_limit);
  MODEL_CHECK(gli__frozen_node_count(frozen) == model_count(graph->node_alive, graph->node_limit));
  MODEL_CHECK(gli__frozen_edge_count(frozen) == model_count(graph->edge_alive, graph->edge_limit));
  for (int32_t node = 0; node < graph->node_limit; ++node) {
    MODEL_CHECK(gli_bit(gli__frozen_node_bits(frozen), node) == graph->node_alive[node]);
  }
  const int32_t *sources, *targets;
  gli__frozen_edge_ends(frozen, &sources, &targets);
  for (int64_t edge = 0; edge < graph->edge_limit; ++edge) {
    MODEL_CHECK(gli_bit(gli__frozen_edge_bits(frozen), edge) == graph->edge_alive[edge]);
    MODEL_CHECK(sources[edge] == graph->sources[edge] && targets[edge] == graph->targets[edge]);
  }
  gli_rows rows = gli__frozen_out_rows(frozen);
  model_check_rows(graph, &rows, false);
  if (!derived) return;
  MODEL_CHECK(gli__frozen_in_rows(frozen, &rows, NULL) == GLI_OK);
  model_check_rows(graph, &rows, true);
  gli_simple_rows simple;
  MODEL_CHECK(gli__frozen_simple_rows(frozen, &simple, NULL) == GLI_OK);
  model_check_simple(graph, &simple);
}

#endif
