/* support.h: graphs to run algorithms on, and the checks that every algorithm must pass.
 *
 * A test of an algorithm calls check_algorithm once with its options and then says what is true of
 * this algorithm alone: known values from a named source, invariants, corner cases, its errors. */
#ifndef TESTS_ALGORITHMS_SUPPORT_H
#define TESTS_ALGORITHMS_SUPPORT_H

#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"

#define COUNT_OF(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

typedef int32_t pair[2];

/* --- Graphs --------------------------------------------------------------------------------- */

static inline gli_snapshot *graph_with(int32_t node_count, bool directed, int64_t edge_count,
                                       const pair *edges, const double *weights,
                                       const gli_allocator *allocator) {
  int32_t *sources = calloc((size_t)edge_count + 1, sizeof *sources);
  int32_t *targets = calloc((size_t)edge_count + 1, sizeof *targets);
  cr_assert(sources != NULL && targets != NULL);
  for (int64_t k = 0; k < edge_count; k++) {
    sources[k] = edges[k][0];
    targets[k] = edges[k][1];
  }
  gli_snapshot *snapshot = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_snapshot_from_edges(node_count, edge_count, sources, targets, weights, directed,
                                       allocator, &snapshot, &error),
               GLI_OK, "%s", error.message);
  free(sources);
  free(targets);
  return snapshot;
}

static inline gli_snapshot *graph_of(int32_t node_count, bool directed, int64_t edge_count,
                                     const pair *edges) {
  return graph_with(node_count, directed, edge_count, edges, NULL, NULL);
}

/* Random ends, loops and parallel edges included; weights 1/8 .. 8 with many ties. */
static inline gli_snapshot *random_graph(int32_t node_count, int64_t edge_count, bool directed,
                                         uint64_t seed, const gli_allocator *allocator) {
  pair *edges = calloc((size_t)edge_count + 1, sizeof *edges);
  double *weights = calloc((size_t)edge_count + 1, sizeof *weights);
  cr_assert(edges != NULL && weights != NULL);
  gli_random random = gli_random_start(seed, 0);
  for (int64_t k = 0; k < edge_count; k++) {
    edges[k][0] = (int32_t)gli_random_below(&random, (uint64_t)node_count);
    edges[k][1] = (int32_t)gli_random_below(&random, (uint64_t)node_count);
    weights[k] = (double)(1 + gli_random_below(&random, 64)) / 8;
  }
  gli_snapshot *snapshot =
      graph_with(node_count, directed, edge_count, (const pair *)edges, weights, allocator);
  free(edges);
  free(weights);
  return snapshot;
}

/* `source target weight` lines of a file in examples/data. Returns how many there are. */
static inline int64_t read_pairs(const char *name, pair *edges, int64_t room) {
  const char *root = getenv("GLI_SOURCE_DIR");
  char path[1024];
  snprintf(path, sizeof path, "%s/examples/data/%s", root == NULL ? "." : root, name);
  FILE *file = fopen(path, "r");
  cr_assert_not_null(file, "%s: set GLI_SOURCE_DIR or run in the source folder", path);
  int64_t count = 0;
  double weight;
  int source, target;
  while (count < room && fscanf(file, "%d %d %lf", &source, &target, &weight) == 3) {
    edges[count][0] = source;
    edges[count++][1] = target;
  }
  fclose(file);
  return count;
}

/* karate.csv: Zachary's karate club, 34 nodes, 78 undirected edges. The weight of the edge u < v is
 * 1 + (7 u + 3 v) % 5, so that others can make the same graph. */
static inline gli_snapshot *karate_club(void) {
  pair lines[200], edges[100];
  double weights[100];
  const int64_t line_count = read_pairs("karate.csv", lines, 200);
  int64_t count = 0;
  for (int64_t k = 0; k < line_count; k++) {
    const int32_t source = lines[k][0], target = lines[k][1];
    if (source > target) continue; /* the file lists each edge both ways */
    edges[count][0] = source;
    edges[count][1] = target;
    weights[count++] = 1 + (source * 7 + target * 3) % 5;
  }
  cr_assert_eq(count, 78);
  return graph_with(34, false, count, (const pair *)edges, weights, NULL);
}

/* The same edges in the same order among more nodes, which have none. */
static inline gli_snapshot *with_more_nodes(const gli_snapshot *snapshot, int32_t node_count) {
  const int64_t count = gli_snapshot_edge_limit(snapshot);
  const int32_t *sources, *targets;
  pair *edges = calloc((size_t)count + 1, sizeof *edges);
  cr_assert(edges != NULL);
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t k = 0; k < count; k++) {
    edges[k][0] = sources[k];
    edges[k][1] = targets[k];
  }
  gli_snapshot *more =
      graph_of(node_count, gli_snapshot_is_directed(snapshot), count, (const pair *)edges);
  free(edges);
  return more;
}

/* email-Eu-core.csv: 1,005 nodes, 25,571 directed edges, loops among them. */
static inline gli_snapshot *email_core(void) {
  enum { ROOM = 30000 };
  pair *edges = calloc(ROOM, sizeof *edges);
  const int64_t count = read_pairs("email-Eu-core.csv", edges, ROOM);
  cr_assert_eq(count, 25571);
  gli_snapshot *snapshot = graph_of(1005, true, count, (const pair *)edges);
  free(edges);
  return snapshot;
}

/* A graph whose nodes 0, 5, 10, ... were removed, with edges that went with them: holes, few enough
 * that nothing is renumbered. The other nodes stand on a directed ring 1 -> 2 -> 3 -> 4 -> 6 ... 1.
 */
static inline gli_snapshot *ring_with_holes(int32_t node_limit) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_graph_create(NULL, &graph, &error), GLI_OK, "%s", error.message);
  for (int64_t k = 0; k < node_limit; k++) {
    gli_id id = gli_id_int(k);
    cr_assert_eq(gli_graph_add_node(graph, &id, NULL, 0, NULL, &error), GLI_OK, "%s",
                 error.message);
  }
  int64_t last = node_limit - 1; /* no hole: node_limit is a multiple of 5 */
  for (int64_t k = 0; k < node_limit; k++) {
    if (k % 5 == 0) continue;
    const gli_id here = gli_id_int(k), before = gli_id_int(last), hole = gli_id_int(k - 1);
    gli_status status = GLI_OK;
    if (k % 5 == 1) status = gli_graph_add_edge(graph, &here, &hole, NULL, 0, NULL, &error);
    cr_assert_eq(status, GLI_OK, "%s", error.message);
    status = gli_graph_add_edge(graph, &before, &here, NULL, 0, NULL, &error);
    cr_assert_eq(status, GLI_OK, "%s", error.message);
    last = k;
  }
  for (int64_t k = 0; k < node_limit; k += 5) {
    const gli_id id = gli_id_int(k);
    cr_assert_eq(gli_graph_remove_node(graph, &id, &error), GLI_OK, "%s", error.message);
  }
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK, "%s", error.message);
  cr_assert_not_null(gli_snapshot_node_bits(snapshot), "the graph must have holes");
  cr_assert_eq(gli_snapshot_node_limit(snapshot), node_limit);
  gli_graph_free(graph);
  return snapshot;
}

/* --- Running -------------------------------------------------------------------------------- */

static inline gli_result *run_on(gli_snapshot *snapshot, const char *name, const void *options,
                                 int32_t threads) {
  gli_control control = GLI_CONTROL_INIT;
  control.threads = threads;
  gli_result *result = NULL;
  gli_error error = {0};
  const gli_status status =
      gli_algorithm_run(gli_algorithm_find(name), snapshot, options, &control, &result, &error);
  cr_assert_eq(status, GLI_OK, "%s: %s", name, error.message);
  return result;
}

/* Run and expect a refusal with `words` in its message. */
static inline void expect_error(gli_snapshot *snapshot, const char *name, const void *options,
                                gli_status expected, const char *words) {
  gli_result *result = NULL;
  gli_error error = {0};
  const gli_status status =
      gli_algorithm_run(gli_algorithm_find(name), snapshot, options, NULL, &result, &error);
  cr_assert_eq(status, expected, "%s: got '%s'", name, error.message);
  cr_assert_null(result);
  cr_assert_eq(error.status, expected);
  cr_assert(strstr(error.message, words) != NULL, "'%s' does not say '%s'", error.message, words);
}

static inline size_t column_bytes(const gli_column *column) {
  switch (column->type) {
    case GLI_COLUMN_BOOL:
      return (size_t)column->length;
    case GLI_COLUMN_NODE:
      return (size_t)column->length * sizeof(int32_t);
    case GLI_COLUMN_INT64:
    case GLI_COLUMN_EDGE:
    case GLI_COLUMN_FLOAT64:
      break;
  }
  return (size_t)column->length * sizeof(int64_t);
}

/* Every column bit for bit. */
static inline void expect_same(const gli_result *left, const gli_result *right) {
  gli_column a, b;
  cr_assert_eq(gli_result_column_count(left), gli_result_column_count(right));
  for (size_t k = 0; gli_result_column_at(left, k, &a); k++) {
    cr_assert(gli_result_column_at(right, k, &b));
    cr_assert_str_eq(a.name, b.name);
    cr_assert_eq(column_bytes(&a), column_bytes(&b));
    cr_assert_eq(memcmp(a.data, b.data, column_bytes(&a)), 0, "column '%s' differs", a.name);
  }
}

/* --- What holds for every algorithm --------------------------------------------------------- */

/* The _INIT macro and the descriptor give the same options. */
static inline void check_defaults(const gli_algorithm *algorithm, const void *init) {
  char *defaults = calloc(1, algorithm->options_size);
  gli_algorithm_defaults(algorithm, defaults);
  cr_assert_eq(memcmp(defaults, init, sizeof(size_t)), 0, "struct_size");
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    const char *left = defaults + parameter->offset;
    const char *right = (const char *)init + parameter->offset;
    if (parameter->type == GLI_PARAMETER_CHOICE) {
      const char *a, *b;
      memcpy(&a, left, sizeof a);
      memcpy(&b, right, sizeof b);
      cr_assert_str_eq(a, b, "%s", parameter->name);
      continue;
    }
    const size_t size = parameter->type == GLI_PARAMETER_BOOL ? sizeof(bool) : sizeof(int64_t);
    cr_assert_eq(memcmp(left, right, size), 0, "default of %s", parameter->name);
  }
  free(defaults);
}

/* A result has the columns that the descriptor promises, of the lengths that their domain says. */
static inline void check_columns(const gli_algorithm *algorithm, const gli_result *result) {
  const gli_snapshot *snapshot = gli_result_snapshot(result);
  gli_column column;
  cr_assert_gt(gli_result_column_count(result), 0);
  for (size_t k = 0; gli_result_column_at(result, k, &column); k++) {
    const gli_column_info *info = NULL;
    for (size_t j = 0; info == NULL && j < algorithm->column_count; j++) {
      if (strcmp(algorithm->columns[j].name, column.name) == 0) info = &algorithm->columns[j];
    }
    cr_assert_not_null(info, "column '%s' is not in the descriptor", column.name);
    cr_assert_eq(info->type, column.type);
    cr_assert_eq(info->domain, column.domain);
    if (column.domain == GLI_PER_NODE) {
      cr_assert_eq(column.length, gli_snapshot_node_limit(snapshot));
    }
    if (column.domain == GLI_PER_EDGE) {
      cr_assert_eq(column.length, gli_snapshot_edge_limit(snapshot));
    }
    if (column.domain == GLI_SCALAR) cr_assert_eq(column.length, 1);
  }
}

static inline void check_failing_allocations(const gli_algorithm *algorithm, const void *options,
                                             bool directed) {
  failing_loop loop = failing_loop_start(algorithm->name);
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = random_graph(40, 120, directed, 7, &loop.allocator);
    gli_result *result = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    const gli_status status =
        gli_algorithm_run(algorithm, snapshot, options, NULL, &result, &error);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s: %s", algorithm->name,
                 error.message);
    cr_assert_eq(result == NULL, failed);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

static inline bool refuse_progress(void *context, double done, double total) {
  (void)context;
  (void)done;
  (void)total;
  return false;
}

/* The same bits on any number of threads and from run to run, in the columns that are promised. */
static inline void check_any_threads(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                                     const void *options) {
  const char *name = algorithm->name;
  gli_result *alone = run_on(snapshot, name, options, 1);
  gli_result *together = run_on(snapshot, name, options, 0);
  gli_result *again = run_on(snapshot, name, options, 0);
  check_columns(algorithm, alone);
  expect_same(alone, together);
  expect_same(together, again);
  cr_assert_str_eq(gli_result_run(alone).backend, "cpu");
  cr_assert_eq(gli_result_run(alone).threads, 1);
  gli_result_free(alone);
  gli_result_free(together);
  gli_result_free(again);
}

/* `options` must be valid on a graph of 40 nodes with the edge attribute "weight"; `init` is the
 * _INIT macro. Checks: defaults, columns, same bits on any number of threads and from run to run,
 * every allocation failing, cancelling. */
static inline void check_algorithm(const char *name, const void *init, const void *options) {
  const gli_algorithm *algorithm = gli_algorithm_find(name);
  cr_assert_not_null(algorithm, "no algorithm '%s'", name);
  check_defaults(algorithm, init);
  for (int directed = 0; directed <= 1; directed++) {
    const int32_t sizes[] = {40, 3000, 20000};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
      gli_snapshot *snapshot = random_graph(sizes[k], 4 * (int64_t)sizes[k], directed, 11, NULL);
      check_any_threads(algorithm, snapshot, options);
      gli_snapshot_free(snapshot);
    }
    check_failing_allocations(algorithm, options, directed);
  }
  gli_snapshot *snapshot = random_graph(3000, 9000, true, 3, NULL);
  gli_cancel cancel = {1};
  gli_control control = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  control.cancel = &cancel;
  cr_assert_eq(gli_algorithm_run(algorithm, snapshot, options, &control, &result, NULL),
               GLI_ERROR_CANCELLED);
  cr_assert_null(result);
  gli_snapshot_free(snapshot);
}

#endif
