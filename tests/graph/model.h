/* model.h: a graph as plain lists, slow and obvious, to hold the real one against.
 *
 * Ids are small numbers, some of which stand for ints and some for short or long text; attribute
 * values are small codes. Everything is kept in the order that the library promises. */
#ifndef TESTS_GRAPH_MODEL_H
#define TESTS_GRAPH_MODEL_H

#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_KEYS 3
#define MODEL_CODES 12

typedef struct model_node {
  int id;
  int64_t serial;
  int values[MODEL_KEYS];
} model_node;

typedef struct model_edge {
  int64_t id;
  int source, target;
  int values[MODEL_KEYS];
} model_edge;

typedef struct model {
  bool directed, multigraph;
  model_node *nodes;
  model_edge *edges;
  int node_count, edge_count, node_room, edge_room;
  int64_t next_serial;
} model;

/* --- names ------------------------------------------------------------------------------------ */

/* Text lives in a static table: every id keeps its bytes. */
static inline gli_id model_id(int id) {
  static char texts[4096][40];
  if (id % 2 == 0) return gli_id_int(id % 8 == 0 ? id : id * INT64_C(1000003) - 7);
  char *text = texts[id % 4096];
  if (text[0] == 0) {
    snprintf(text, sizeof texts[0], id % 3 == 0 ? "a long name that is not inline %d" : "n%d", id);
  }
  return gli_id_string(text);
}

static inline gli_value model_value(int code) {
  switch (code) {
    case 0:
      return gli_value_absent();
    case 1:
      return gli_value_null();
    case 2:
      return gli_value_bool(true);
    case 3:
      return gli_value_int(5);
    case 4:
      return gli_value_int(INT64_C(1) << 40);
    case 5:
      return gli_value_float(0.5);
    case 6:
      return gli_value_float(-0.0);
    case 7:
      return gli_value_string("red");
    case 8:
      return gli_value_string("a string that is longer than any inline form");
    case 9:
      return gli_value_string("");
    case 10:
      return gli_value_int(-1);
    default:
      return gli_value_int(300);
  }
}

/* --- life ------------------------------------------------------------------------------------- */

static inline model model_make(bool directed, bool multigraph) {
  model made = {.directed = directed, .multigraph = multigraph};
  return made;
}

static inline void model_free(model *of) {
  free(of->nodes);
  free(of->edges);
  *of = (model){.nodes = NULL};
}

static inline model model_copy(const model *of) {
  model copy = *of;
  copy.nodes = malloc(sizeof(model_node) * (size_t)(of->node_room + 1));
  copy.edges = malloc(sizeof(model_edge) * (size_t)(of->edge_room + 1));
  if (of->node_count > 0) {
    memcpy(copy.nodes, of->nodes, sizeof(model_node) * (size_t)of->node_count);
  }
  if (of->edge_count > 0) {
    memcpy(copy.edges, of->edges, sizeof(model_edge) * (size_t)of->edge_count);
  }
  return copy;
}

/* --- looking ---------------------------------------------------------------------------------- */

static inline model_node *model_find(const model *of, int id) {
  for (int k = 0; k < of->node_count; k++) {
    if (of->nodes[k].id == id) return &of->nodes[k];
  }
  return NULL;
}

static inline bool model_joins(const model *of, const model_edge *edge, int source, int target) {
  return (edge->source == source && edge->target == target) ||
         (!of->directed && edge->source == target && edge->target == source);
}

/* The newest. */
static inline model_edge *model_find_pair(const model *of, int source, int target) {
  for (int k = of->edge_count - 1; k >= 0; k--) {
    if (model_joins(of, &of->edges[k], source, target)) return &of->edges[k];
  }
  return NULL;
}

static inline model_edge *model_find_edge(const model *of, int64_t id) {
  for (int k = 0; k < of->edge_count; k++) {
    if (of->edges[k].id == id) return &of->edges[k];
  }
  return NULL;
}

/* --- changing --------------------------------------------------------------------------------- */

/* Attributes of a call: code per key, -1: not named. */
static inline void model_set(int *values, const int *codes) {
  for (int key = 0; key < MODEL_KEYS; key++) {
    if (codes[key] >= 0) values[key] = codes[key];
  }
}

static inline model_node *model_add_node(model *of, int id, const int *codes) {
  model_node *node = model_find(of, id);
  if (node == NULL) {
    if (of->node_count == of->node_room) {
      of->node_room = of->node_room * 2 + 8;
      of->nodes = realloc(of->nodes, sizeof(model_node) * (size_t)of->node_room);
    }
    node = &of->nodes[of->node_count++];
    *node = (model_node){.id = id, .serial = of->next_serial++};
  }
  if (codes != NULL) model_set(node->values, codes);
  return node;
}

static inline model_edge *model_add_edge(model *of, int source, int target, const int *codes,
                                         int64_t id) {
  model_add_node(of, source, NULL);
  model_add_node(of, target, NULL);
  model_edge *edge = of->multigraph ? NULL : model_find_pair(of, source, target);
  if (edge == NULL) {
    if (of->edge_count == of->edge_room) {
      of->edge_room = of->edge_room * 2 + 8;
      of->edges = realloc(of->edges, sizeof(model_edge) * (size_t)of->edge_room);
    }
    edge = &of->edges[of->edge_count++];
    *edge = (model_edge){.id = id, .source = source, .target = target};
  }
  if (codes != NULL) model_set(edge->values, codes);
  return edge;
}

static inline bool model_remove_edge(model *of, int64_t id) {
  model_edge *edge = model_find_edge(of, id);
  if (edge == NULL) return false;
  const size_t after = (size_t)(of->edges + of->edge_count - (edge + 1));
  memmove(edge, edge + 1, after * sizeof *edge);
  of->edge_count--;
  return true;
}

static inline bool model_remove_node(model *of, int id) {
  model_node *node = model_find(of, id);
  if (node == NULL) return false;
  for (int k = of->edge_count - 1; k >= 0; k--) {
    if (of->edges[k].source == id || of->edges[k].target == id) {
      model_remove_edge(of, of->edges[k].id);
    }
  }
  const size_t after = (size_t)(of->nodes + of->node_count - (node + 1));
  memmove(node, node + 1, after * sizeof *node);
  of->node_count--;
  return true;
}

static inline void model_clear(model *of) {
  of->node_count = 0;
  of->edge_count = 0;
}

#endif
