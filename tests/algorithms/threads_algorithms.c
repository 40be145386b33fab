/* threads_algorithms.c: every built-in algorithm on several threads at once, on one snapshot whose
 * derived views nobody has built yet; each result must be that of a run alone. A plain program, so
 * that ThreadSanitizer can watch it: exit code 0 is success. */
#include <gli/gli.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/any_options.h"

enum { NODES = 3000, EDGES = 18000, CALLERS = 3 };

static int32_t everybody[NODES]; /* filled before there are threads */
static double numbers[NODES];

static void fail(const char *what, const char *detail) {
  fprintf(stderr, "%s: %s\n", what, detail);
  exit(1);
}

static gli_snapshot *make_graph(bool directed) {
  static int32_t sources[EDGES], targets[EDGES];
  static double weights[EDGES];
  gli_random random = gli_random_start(42, 0);
  gli_snapshot *snapshot = NULL;
  gli_error error = {0};
  for (int k = 0; k < EDGES; k++) {
    sources[k] = (int32_t)gli_random_below(&random, NODES);
    targets[k] = (int32_t)gli_random_below(&random, NODES);
    weights[k] = (double)(1 + gli_random_below(&random, 16)) / 4;
  }
  if (gli_snapshot_from_edges(NODES, EDGES, sources, targets, weights, directed, NULL, &snapshot,
                              &error) != GLI_OK) {
    fail("gli_snapshot_from_edges", error.message);
  }
  return snapshot;
}

static gli_result *run_one(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                           int32_t threads) {
  gli_control control = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  gli_error error = {0};
  const gli_node_weights all = {everybody, numbers, NODES};
  void *options = any_options(algorithm, &all, "weight");
  if (options == NULL) fail(algorithm->name, "no memory for options");
  control.threads = threads;
  if (gli_algorithm_run(algorithm, snapshot, options, &control, &result, &error) != GLI_OK) {
    fail(algorithm->name, error.message);
  }
  free(options);
  return result;
}

static size_t item_bytes(gli_column_type type) {
  if (type == GLI_COLUMN_BOOL) return sizeof(uint8_t);
  return type == GLI_COLUMN_NODE ? sizeof(int32_t) : sizeof(int64_t);
}

static void compare(const gli_algorithm *algorithm, const gli_result *left,
                    const gli_result *right) {
  gli_column a, b;
  for (size_t k = 0; gli_result_column_at(left, k, &a); k++) {
    if (!gli_result_column_at(right, k, &b) || a.length != b.length ||
        memcmp(a.data, b.data, (size_t)a.length * item_bytes(a.type)) != 0) {
      fail(algorithm->name, a.name);
    }
  }
}

typedef struct caller {
  gli_snapshot *snapshot;
  gli_result **expected; /* per algorithm, made alone on a graph of its own */
  size_t first;
} caller;

static void *call_all(void *context) {
  const caller *c = context;
  const size_t count = gli_algorithm_count();
  for (size_t k = 0; k < count; k++) {
    const size_t at = (c->first + k) % count; /* callers start at different algorithms */
    const gli_algorithm *algorithm = gli_algorithm_at(at);
    if (any_options_lack(algorithm)) continue;
    gli_result *result = run_one(algorithm, c->snapshot, 0);
    compare(algorithm, c->expected[at], result);
    gli_result_free(result);
  }
  return NULL;
}

static void check(bool directed) {
  const size_t count = gli_algorithm_count();
  gli_snapshot *quiet = make_graph(directed), *shared = make_graph(directed);
  gli_result **expected = calloc(count, sizeof(*expected));
  pthread_t threads[CALLERS];
  caller callers[CALLERS];
  if (expected == NULL) fail("threads_algorithms", "no memory");
  for (size_t k = 0; k < count; k++) {
    if (any_options_lack(gli_algorithm_at(k))) continue;
    expected[k] = run_one(gli_algorithm_at(k), quiet, 1);
  }
  for (size_t k = 0; k < CALLERS; k++) {
    callers[k] = (caller){shared, expected, k * count / CALLERS};
    if (pthread_create(&threads[k], NULL, call_all, &callers[k]) != 0) fail("pthread", "create");
  }
  for (size_t k = 0; k < CALLERS; k++)
    pthread_join(threads[k], NULL);
  for (size_t k = 0; k < count; k++)
    gli_result_free(expected[k]);
  free(expected);
  gli_snapshot_free(quiet);
  gli_snapshot_free(shared);
}

int main(void) {
  for (int32_t v = 0; v < NODES; v++) {
    everybody[v] = v;
    numbers[v] = v % 7;
  }
  check(true);
  check(false);
  printf("%zu algorithms, %d threads at once, directed and not: all as alone\n",
         gli_algorithm_count(), CALLERS);
  return 0;
}
