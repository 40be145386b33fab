/* cases.h: graphs of every kind, options of any algorithm drawn from its descriptor, and whether
 * two results are the same. All of it follows from a seed. Needs no test framework. */
#ifndef TESTS_DEVICE_CASES_H
#define TESTS_DEVICE_CASES_H

#include <gli/gli.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/link_analysis/pagerank.h"

static inline void case_require(bool holds, const char *what, const char *message) {
  if (holds) return;
  fprintf(stderr, "cases: %s: %s\n", what, message);
  abort();
}

/* --- Graphs ----------------------------------------------------------------------------------- */

typedef enum case_kind {
  CASE_EMPTY,    /* no node */
  CASE_ONE,      /* one node, perhaps with loops */
  CASE_ISOLATED, /* nodes without an edge */
  CASE_RANDOM,   /* loops and parallel edges among them where they are allowed */
  CASE_SPARSE,   /* many components, many isolated nodes */
  CASE_DENSE,
  CASE_STAR, /* one row longer than all others */
  CASE_PATH, /* deep */
  CASE_GRID,
  CASE_KRON,    /* degrees by a power law */
  CASE_CLIQUES, /* triangles, ties */
  CASE_LAYERS,  /* directed and acyclic: many shortest paths of one length */
  CASE_HUBS,    /* rows that are long for a work-item, with triangles in them */
  CASE_KINDS
} case_kind;

typedef struct case_shape {
  case_kind kind;
  bool directed, multigraph;
  bool holes;    /* nodes and edges were removed */
  bool weighted; /* the attribute "weight": 1/8 .. 8 with many ties, on most edges; or 0 .. 1 */
  int32_t nodes; /* about so many */
} case_shape;

static const char *const case_kind_names[CASE_KINDS] = {
    "empty", "one node", "isolated",  "random",  "sparse", "dense", "star",
    "path",  "grid",     "kronecker", "cliques", "layers", "hubs"};

typedef struct case_edges {
  gli_graph *graph;
  gli_random random;
  gli_key weight;
  bool weighted, zeroes;
} case_edges;

static inline int64_t case_below(case_edges *edges, int64_t bound) {
  return (int64_t)gli_random_below(&edges->random, (uint64_t)(bound < 1 ? 1 : bound));
}

static inline void case_edge(case_edges *edges, int64_t source, int64_t target) {
  gli_error error = {.message = ""};
  const gli_id from = gli_id_int(source), to = gli_id_int(target);
  const int64_t eighths = edges->zeroes ? case_below(edges, 9) : 1 + case_below(edges, 64);
  const gli_attribute attribute = {edges->weight, gli_value_float((double)eighths / 8)};
  const bool has = edges->weighted && gli_random_below(&edges->random, 16) != 0; /* else: 1 */
  case_require(
      gli_graph_add_edge(edges->graph, &from, &to, &attribute, has ? 1 : 0, NULL, &error) == GLI_OK,
      "edge", error.message);
}

/* An end of an edge of a Kronecker graph (R-MAT): a, b, c, d = .57, .19, .19, .05. */
static inline void case_kron_edge(case_edges *edges, int64_t nodes) {
  int64_t source = 0, target = 0;
  for (int64_t bit = 1; bit < nodes; bit *= 2) {
    const int64_t drawn = case_below(edges, 100);
    if (drawn >= 76) source |= bit;
    if (drawn >= 95 || (drawn >= 57 && drawn < 76)) target |= bit;
  }
  case_edge(edges, source % nodes, target % nodes);
}

static inline void case_add_edges(case_edges *edges, case_kind kind, int64_t n) {
  const int64_t side = (int64_t)sqrt((double)n);
  switch (kind) {
    case CASE_EMPTY:
    case CASE_ISOLATED:
    case CASE_KINDS:
      return;
    case CASE_ONE:
      for (int64_t k = case_below(edges, 3); k > 0; k--)
        case_edge(edges, 0, 0);
      return;
    case CASE_RANDOM:
      for (int64_t k = 0; k < 4 * n; k++)
        case_edge(edges, case_below(edges, n), case_below(edges, n));
      return;
    case CASE_SPARSE:
      for (int64_t k = 0; k < n / 3; k++)
        case_edge(edges, case_below(edges, n), case_below(edges, n));
      return;
    case CASE_DENSE:
      for (int64_t k = 0; k < n * side; k++) {
        case_edge(edges, case_below(edges, n), case_below(edges, n));
      }
      return;
    case CASE_STAR:
      for (int64_t k = 1; k < n; k++)
        case_edge(edges, k % 3 == 0 ? k : 0, k % 3 == 0 ? 0 : k);
      return;
    case CASE_PATH:
      for (int64_t k = 1; k < n; k++)
        case_edge(edges, k - 1, k);
      return;
    case CASE_GRID:
      for (int64_t k = 0; k < side * side; k++) {
        if ((k + 1) % side != 0) case_edge(edges, k, k + 1);
        if (k + side < side * side) case_edge(edges, k, k + side);
      }
      return;
    case CASE_KRON:
      for (int64_t k = 0; k < 8 * n; k++)
        case_kron_edge(edges, n);
      return;
    case CASE_CLIQUES:
      for (int64_t first = 0; first < n; first += 7) {
        for (int64_t i = first; i < first + 7 && i < n; i++) {
          for (int64_t j = i + 1; j < first + 7 && j < n; j++)
            case_edge(edges, i, j);
        }
        if (first + 7 < n && case_below(edges, 4) != 0) case_edge(edges, first, first + 7);
      }
      return;
    case CASE_LAYERS:
      for (int64_t k = 0; k + side < n; k++) {
        for (int64_t j = 0; j < 3; j++) {
          case_edge(edges, k,
                    (k / side + 1) * side % n + case_below(edges, side < n ? side : n) % n);
        }
      }
      return;
    case CASE_HUBS: /* two that lead to most nodes, two that most lead to */
      for (int64_t hub = 0; hub < 4; hub++) {
        for (int64_t k = 0; k < n; k++) {
          if (case_below(edges, 8) == 0) continue;
          case_edge(edges, hub < 2 ? hub : k, hub < 2 ? k : hub);
        }
      }
      for (int64_t k = 0; k < n; k++)
        case_edge(edges, k, case_below(edges, n));
      return;
  }
}

/* Remove some nodes and edges: few enough that nothing is renumbered. */
static inline void case_make_holes(case_edges *edges, int64_t n) {
  gli_error error = {.message = ""};
  for (int64_t k = 0; k < n / 8; k++) {
    const gli_id id = gli_id_int(case_below(edges, n));
    (void)gli_graph_remove_node(edges->graph, &id, &error); /* again: not found */
  }
  for (int64_t k = 0; k < n / 8; k++) {
    (void)gli_graph_remove_edge(edges->graph, case_below(edges, 4 * n), &error);
  }
}

static inline gli_graph *case_graph(const case_shape *shape, uint64_t seed) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {.message = ""};
  case_edges edges = {
      .random = gli_random_start(seed, 17), .weighted = shape->weighted, .zeroes = seed % 5 == 0};
  options.directed = shape->directed;
  options.multigraph = shape->multigraph;
  case_require(gli_graph_create(&options, &edges.graph, &error) == GLI_OK, "graph", error.message);
  case_require(gli_graph_key(edges.graph, "weight", 6, &edges.weight, &error) == GLI_OK, "key",
               error.message);
  const int64_t n = shape->kind == CASE_EMPTY ? 0 : shape->kind == CASE_ONE ? 1 : shape->nodes;
  for (int64_t k = 0; k < n; k++) {
    const gli_id id = gli_id_int(k);
    case_require(gli_graph_add_node(edges.graph, &id, NULL, 0, NULL, &error) == GLI_OK, "node",
                 error.message);
  }
  case_add_edges(&edges, shape->kind, n);
  if (shape->holes) case_make_holes(&edges, n);
  return edges.graph;
}

/* Some new edges, and some that go. */
static inline void case_mutate(gli_graph *graph, int64_t changes, uint64_t seed) {
  gli_error error = {.message = ""};
  case_edges edges = {.graph = graph, .random = gli_random_start(seed, 18), .weighted = true};
  case_require(gli_graph_key(graph, "weight", 6, &edges.weight, &error) == GLI_OK, "key",
               error.message);
  const int64_t n = (int64_t)gli_graph_node_count(graph) + 2;
  for (int64_t k = 0; k < changes; k++) {
    case_edge(&edges, case_below(&edges, n), case_below(&edges, n));
    if (k % 4 == 3) (void)gli_graph_remove_edge(graph, case_below(&edges, 2 * n), &error);
  }
}

static inline gli_snapshot *case_snapshot(gli_graph *graph) {
  gli_snapshot *snapshot = NULL;
  gli_error error = {.message = ""};
  case_require(gli_graph_snapshot(graph, &snapshot, &error) == GLI_OK, "snapshot", error.message);
  return snapshot;
}

static inline const char *case_shape_text(const case_shape *shape, char text[128]) {
  snprintf(text, 128, "%s, %d nodes%s%s%s%s", case_kind_names[shape->kind], (int)shape->nodes,
           shape->directed ? ", directed" : "", shape->multigraph ? ", multigraph" : "",
           shape->holes ? ", holes" : "", shape->weighted ? ", weighted" : "");
  return text;
}

/* --- Options ---------------------------------------------------------------------------------- */

enum { CASE_LIST = 6, CASE_LISTS = 4 };

/* Options of any algorithm, with the lists that they point to. */
typedef struct case_options {
  const gli_algorithm *algorithm;
  void *options; /* complete */
  int32_t nodes[CASE_LISTS][2][CASE_LIST];
  double weights[CASE_LISTS][CASE_LIST];
  int32_t lists;
  char text[400]; /* what differs from the defaults */
} case_options;

/* A live node, or GLI_NODE_NONE in a graph without one. */
static inline int32_t case_node(const gli_snapshot *snapshot, gli_random *random) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  if (gli_snapshot_node_count(snapshot) == 0) return GLI_NODE_NONE;
  for (;;) {
    const int32_t node = (int32_t)gli_random_below(random, (uint64_t)limit);
    if (gli_bit(gli_snapshot_node_bits(snapshot), node)) return node;
  }
}

static inline void case_say(case_options *made, const char *name, const char *value) {
  const size_t length = strlen(made->text);
  snprintf(made->text + length, sizeof made->text - length, "%s%s=%s", length == 0 ? "" : ", ",
           name, value);
}

/* At least one of a list of live nodes; false: there is none. */
static inline bool case_fill_lists(case_options *made, const gli_snapshot *snapshot,
                                   gli_random *random, int64_t *count_out) {
  *count_out = 1 + (int64_t)gli_random_below(random, CASE_LIST);
  if (made->lists == CASE_LISTS || gli_snapshot_node_count(snapshot) == 0) return false;
  for (int64_t k = 0; k < *count_out; k++) {
    made->nodes[made->lists][0][k] = case_node(snapshot, random);
    made->nodes[made->lists][1][k] = case_node(snapshot, random);
    made->weights[made->lists][k] = (double)(1 + gli_random_below(random, 9)) / 4;
  }
  return true;
}

static inline double case_draw_number(const gli_parameter *parameter, gli_random *random) {
  const bool whole = parameter->type == GLI_PARAMETER_INT;
  const double low = isfinite(parameter->minimum) ? parameter->minimum : -4;
  const double high = parameter->maximum > low + 12 ? low + 12 : parameter->maximum;
  double drawn = 0;
  switch (gli_random_below(random, whole ? 2 : 3)) {
    case 0:
      drawn = low + (high - low) * gli_random_unit(random);
      break;
    case 1:
      drawn = low + (whole ? (double)gli_random_below(random, 3) : gli_random_unit(random));
      break;
    default: /* around the default, by orders of magnitude: tolerances */
      drawn = isfinite(parameter->number_default)
                  ? parameter->number_default * pow(10, (double)gli_random_below(random, 4) - 3)
                  : low + 3;
  }
  if (whole) drawn = floor(drawn);
  if (drawn < low || (drawn <= low && parameter->open_minimum)) drawn = whole ? low + 1 : high / 2;
  if (drawn > high || (drawn >= high && parameter->open_maximum)) drawn = (low + high) / 2;
  return drawn;
}

static inline void case_draw_parameter(case_options *made, const gli_parameter *parameter,
                                       const gli_snapshot *snapshot, bool weighted,
                                       gli_random *random) {
  void *field = (char *)made->options + parameter->offset;
  char text[64] = "";
  int64_t count = 0;
  switch (parameter->type) {
    case GLI_PARAMETER_BOOL:
      *(bool *)field = !*(bool *)field;
      snprintf(text, sizeof text, "%d", *(bool *)field);
      break;
    case GLI_PARAMETER_INT:
      *(int64_t *)field = (int64_t)case_draw_number(parameter, random);
      snprintf(text, sizeof text, "%lld", (long long)*(int64_t *)field);
      break;
    case GLI_PARAMETER_FLOAT:
      *(double *)field = case_draw_number(parameter, random);
      snprintf(text, sizeof text, "%.17g", *(double *)field);
      break;
    case GLI_PARAMETER_CHOICE: {
      while (parameter->choices[count] != NULL)
        count++;
      *(const char **)field = parameter->choices[gli_random_below(random, (uint64_t)count)];
      snprintf(text, sizeof text, "%s", *(const char **)field);
      break;
    }
    case GLI_PARAMETER_ATTRIBUTE:
      if (!weighted) return;
      *(const char **)field = "weight";
      snprintf(text, sizeof text, "weight");
      break;
    case GLI_PARAMETER_INTS:
      return; /* no algorithm with a form for devices has it */
    case GLI_PARAMETER_NODES:
      if (!case_fill_lists(made, snapshot, random, &count)) return;
      *(gli_node_list *)field = (gli_node_list){made->nodes[made->lists++][0], count};
      snprintf(text, sizeof text, "%lld nodes from %d", (long long)count,
               (int)((gli_node_list *)field)->nodes[0]);
      break;
    case GLI_PARAMETER_NODE_WEIGHTS:
      if (!case_fill_lists(made, snapshot, random, &count)) return;
      *(gli_node_weights *)field =
          (gli_node_weights){made->nodes[made->lists][0], made->weights[made->lists], count};
      made->lists++;
      snprintf(text, sizeof text, "%lld weights", (long long)count);
      break;
    case GLI_PARAMETER_PAIRS:
      if (!case_fill_lists(made, snapshot, random, &count)) return;
      *(gli_pair_list *)field =
          (gli_pair_list){made->nodes[made->lists][0], made->nodes[made->lists][1], count};
      made->lists++;
      snprintf(text, sizeof text, "%lld pairs", (long long)count);
      break;
  }
  case_say(made, parameter->name, text);
}

/* `varied`: each parameter is as likely varied as left alone; else only what is required is given.
 */
static inline case_options *case_draw_options(const gli_algorithm *algorithm,
                                              const gli_snapshot *snapshot, bool varied,
                                              bool weighted, uint64_t seed) {
  case_options *made = calloc(1, sizeof *made);
  case_require(made != NULL, "options", "no memory");
  gli_random random = gli_random_start(seed, 19);
  made->algorithm = algorithm;
  made->options = calloc(1, algorithm->options_size);
  case_require(made->options != NULL, "options", "no memory");
  gli_algorithm_defaults(algorithm, made->options);
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    const bool chosen = varied && gli_random_below(&random, 2) == 0;
    if (!parameter->required && !chosen) continue;
    case_draw_parameter(made, parameter, snapshot, weighted, &random);
  }
  return made;
}

static inline void case_options_free(case_options *made) {
  if (made == NULL) return;
  free(made->options);
  free(made);
}

/* On large graphs the CPU solves for PageRank where devices iterate: they meet at the scores
 * themselves, not at a change that is small enough for either. Below 1e-12 the CPU iterates, too.
 */
static inline void case_go_to_the_end(const case_options *made, const gli_snapshot *snapshot) {
  if (strcmp(made->algorithm->name, "pagerank") != 0) return;
  gli_pagerank_options *options = made->options;
  const double enough = options->tolerance * (double)gli_snapshot_node_count(snapshot);
  if (gli_snapshot_is_directed(snapshot) || options->weight != NULL ||
      !gli__cpu_pagerank_solves(gli_snapshot_out_rows(snapshot).entry_count, options->damping,
                                enough)) {
    return;
  }
  options->tolerance = 1e-17;
  options->max_iterations = 2000;
}

/* --- Results ---------------------------------------------------------------------------------- */

static inline size_t case_item_bytes(gli_column_type type) {
  return type == GLI_COLUMN_BOOL ? 1 : type == GLI_COLUMN_NODE ? sizeof(int32_t) : sizeof(int64_t);
}

static inline bool case_same_float(double left, double right, const gli_algorithm *algorithm) {
  if (left == right || (isnan(left) && isnan(right))) return true;
  const double scale = fmax(1, fabs(left));
  return algorithm->agreement != GLI_EXACT && fabs(left - right) <= algorithm->epsilon * scale;
}

/* True when every column agrees as the descriptor promises; else `text` says where not. */
static inline bool case_same(const gli_algorithm *algorithm, const gli_result *expected,
                             const gli_result *found, char text[200]) {
  gli_column a, b;
  if (gli_result_column_count(expected) != gli_result_column_count(found)) {
    snprintf(text, 200, "%zu columns, expected %zu", gli_result_column_count(found),
             gli_result_column_count(expected));
    return false;
  }
  for (size_t k = 0; gli_result_column_at(expected, k, &a); k++) {
    const bool there = gli_result_column_at(found, k, &b);
    if (!there || strcmp(a.name, b.name) != 0 || a.type != b.type || a.domain != b.domain ||
        a.length != b.length) {
      snprintf(text, 200, "column %zu is not '%s' with %lld rows", k, a.name, (long long)a.length);
      return false;
    }
    if (b.on_device && gli_result_column(found, b.name, &b, NULL) != GLI_OK) {
      snprintf(text, 200, "column '%s' does not come to the host", a.name);
      return false;
    }
    for (int64_t row = 0; row < a.length; row++) {
      const size_t bytes = case_item_bytes(a.type);
      const char *left = (const char *)a.data + (size_t)row * bytes;
      const char *right = (const char *)b.data + (size_t)row * bytes;
      if (memcmp(left, right, bytes) == 0) continue;
      double l = 0, r = 0;
      if (a.type == GLI_COLUMN_FLOAT64) {
        memcpy(&l, left, sizeof l);
        memcpy(&r, right, sizeof r);
        if (case_same_float(l, r, algorithm)) continue;
      } else {
        l = a.type == GLI_COLUMN_NODE   ? *(const int32_t *)(const void *)left
            : a.type == GLI_COLUMN_BOOL ? *(const uint8_t *)left
                                        : (double)*(const int64_t *)(const void *)left;
        r = a.type == GLI_COLUMN_NODE   ? *(const int32_t *)(const void *)right
            : a.type == GLI_COLUMN_BOOL ? *(const uint8_t *)right
                                        : (double)*(const int64_t *)(const void *)right;
      }
      snprintf(text, 200, "%s[%lld] is %.17g, expected %.17g", a.name, (long long)row, r, l);
      return false;
    }
  }
  return true;
}

#endif
