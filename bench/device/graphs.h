/* graphs.h: large graphs made where they are measured, by all cores, the same from a seed.
 *
 * kron: R-MAT with Graph500's figures (.57, .19, .19), 16 edges a node, nodes scrambled; uniform:
 * the same number of edges between any two nodes; grid: a square one with 2 edges a node, as deep
 * as a map of roads. All are undirected multigraphs, with weights 1 to 255. */
#ifndef BENCH_DEVICE_GRAPHS_H
#define BENCH_DEVICE_GRAPHS_H

#include <gli/gli.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double seconds_now(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void stop_with(const char *what, const char *message) {
  (void)fprintf(stderr, "%s: %s\n", what, message);
  exit(1);
}

typedef struct edge_list {
  char kind; /* k, u, g */
  int scale;
  int64_t node_count, edge_count;
  int64_t *sources, *targets;
  double *weights;
} edge_list;

static inline uint64_t scramble(uint64_t x) { /* splitmix64's finish */
  x += UINT64_C(0x9E3779B97F4A7C15);
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return x ^ (x >> 31);
}

/* Another order of the nodes: a bijection of [0, 2^scale). */
static inline int64_t shuffle_node(uint64_t node, int scale) {
  const uint64_t mask = (UINT64_C(1) << scale) - 1;
  for (int round = 0; round < 3; round++) {
    node = (node * UINT64_C(0x9E3779B97F4A7C15) + UINT64_C(0x1234567)) & mask;
    node ^= node >> (scale / 2 + 1);
  }
  return (int64_t)node;
}

static inline void make_edge(edge_list *edges, int64_t k) {
  const uint64_t base = scramble((uint64_t)k * 8 + 1);
  uint64_t source = 0, target = 0;
  if (edges->kind == 'u') {
    source = base % (uint64_t)edges->node_count;
    target = scramble(base) % (uint64_t)edges->node_count;
  } else if (edges->kind == 'g') {
    const int64_t side = (int64_t)1 << (edges->scale / 2), cell = k / 2;
    const int64_t row = cell / side, column = cell % side;
    source = (uint64_t)cell;
    target = (uint64_t)(k % 2 == 0 ? row * side + (column + 1) % side
                                   : (row + 1) % side * side + column);
  } else {
    for (int bit = 0; bit < edges->scale; bit++) {
      static const uint64_t a = 37356, b = 49807, c = 62259; /* of 65536 */
      const uint64_t drawn = (scramble(base + (uint64_t)(bit / 4)) >> (16 * (bit % 4))) & 0xFFFF;
      source = 2 * source + (drawn >= b);
      target = 2 * target + ((drawn >= a && drawn < b) || drawn >= c);
    }
    source = (uint64_t)shuffle_node(source, edges->scale);
    target = (uint64_t)shuffle_node(target, edges->scale);
  }
  edges->sources[k] = (int64_t)source;
  edges->targets[k] = (int64_t)target;
  edges->weights[k] = (double)(1 + base % 255);
}

typedef struct edge_part {
  edge_list *edges;
  int64_t begin, end;
} edge_part;

static inline void *make_part(void *context) {
  const edge_part *part = context;
  for (int64_t k = part->begin; k < part->end; k++)
    make_edge(part->edges, k);
  return NULL;
}

static inline edge_list make_edges(char kind, int scale) {
  enum { PARTS_AT_MOST = 64 };
  edge_list edges = {.kind = kind, .scale = scale};
  edges.node_count = (int64_t)1 << (kind == 'g' ? scale / 2 * 2 : scale);
  edges.edge_count = edges.node_count * (kind == 'g' ? 2 : 16);
  edges.sources = malloc((size_t)edges.edge_count * sizeof(int64_t));
  edges.targets = malloc((size_t)edges.edge_count * sizeof(int64_t));
  edges.weights = malloc((size_t)edges.edge_count * sizeof(double));
  if (edges.sources == NULL || edges.targets == NULL || edges.weights == NULL)
    stop_with("edges", "the host is out of memory");
  const int32_t threads = gli_thread_count();
  const int64_t parts = threads < PARTS_AT_MOST ? threads : PARTS_AT_MOST;
  pthread_t workers[PARTS_AT_MOST];
  edge_part work[PARTS_AT_MOST];
  for (int64_t k = 0; k < parts; k++) {
    work[k] = (edge_part){&edges, edges.edge_count * k / parts, edges.edge_count * (k + 1) / parts};
    if (pthread_create(&workers[k], NULL, make_part, &work[k]) != 0)
      stop_with("edges", "no thread");
  }
  for (int64_t k = 0; k < parts; k++)
    (void)pthread_join(workers[k], NULL);
  return edges;
}

static inline void free_edges(edge_list *edges) {
  free(edges->sources);
  free(edges->targets);
  free(edges->weights);
}

static inline void add_edges(gli_graph *graph, const edge_list *edges, int64_t count) {
  gli_error error = {.message = ""};
  gli_bulk_column weight = {.type = GLI_VALUE_FLOAT64, .data = edges->weights};
  if (gli_graph_key(graph, "weight", 6, &weight.key, &error) != GLI_OK ||
      gli_graph_add_edges(graph, count, NULL, NULL, edges->sources, edges->targets, &weight, 1,
                          NULL, NULL, NULL, &error) != GLI_OK) {
    stop_with("add_edges", error.message);
  }
}

static inline gli_graph *make_graph(const edge_list *edges) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {.message = ""};
  gli_graph *graph = NULL;
  options.directed = false;
  options.multigraph = true;
  if (gli_graph_create(&options, &graph, &error) != GLI_OK) stop_with("graph", error.message);
  add_edges(graph, edges, edges->edge_count);
  return graph;
}

static inline gli_snapshot *snapshot_of(gli_graph *graph) {
  gli_error error = {.message = ""};
  gli_snapshot *snapshot = NULL;
  if (gli_graph_snapshot(graph, &snapshot, &error) != GLI_OK) stop_with("snapshot", error.message);
  return snapshot;
}

/* An algorithm with its defaults; `source` where it needs one. */
typedef struct question {
  const gli_algorithm *algorithm;
  void *options;
  int32_t source;
} question;

static inline void *option(question *asked, const char *name) {
  for (size_t k = 0; k < asked->algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &asked->algorithm->parameters[k];
    if (strcmp(parameter->name, name) == 0) return (char *)asked->options + parameter->offset;
  }
  return NULL;
}

static inline void ask(question *asked, const char *name, int32_t source) {
  asked->algorithm = gli_algorithm_find(name);
  if (asked->algorithm == NULL) stop_with(name, "no such algorithm");
  asked->options = calloc(1, asked->algorithm->options_size);
  if (asked->options == NULL) stop_with(name, "the host is out of memory");
  gli_algorithm_defaults(asked->algorithm, asked->options);
  asked->source = source;
  gli_node_list *from = option(asked, "source");
  if (from != NULL) *from = (gli_node_list){&asked->source, 1};
  const char **weight = option(asked, "weight");
  if (weight != NULL && strcmp(name, "shortest_paths") == 0) *weight = "weight";
}

static inline gli_status answer(const question *asked, gli_snapshot *snapshot, const char *backend,
                                const char *on_device_error, double max_seconds,
                                gli_result **result_out, gli_error *error) {
  gli_control control = GLI_CONTROL_INIT;
  control.backend = backend;
  control.on_device_error = on_device_error;
  control.max_seconds = max_seconds;
  return gli_algorithm_run(asked->algorithm, snapshot, asked->options, &control, result_out, error);
}

#endif
