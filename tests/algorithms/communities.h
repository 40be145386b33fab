/* communities.h: what must hold for partitions that maximise modularity, whoever found them, and
 * for algorithms that are told a partition. */
#ifndef TESTS_ALGORITHMS_COMMUNITIES_H
#define TESTS_ALGORITHMS_COMMUNITIES_H

#include "algorithms/support.h"

/* Numbered from 0 in the order of first nodes, as many as `count` says; holes hold 0. */
static inline void expect_numbered(const gli_result *result) {
  const gli_snapshot *snapshot = gli_result_snapshot(result);
  const int64_t *label = gli_result_ints(result, "label");
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  int64_t next = 0;
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (!gli_bit(alive, v)) {
      cr_assert_eq(label[v], 0);
      continue;
    }
    cr_assert(label[v] >= 0 && label[v] <= next, "node %d has label %d", v, (int)label[v]);
    next += label[v] == next;
  }
  cr_assert_eq(*gli_result_ints(result, "count"), next);
}

/* The scalar is what `modularity` says of the labels. */
static inline void expect_measured(const gli_result *result, const char *weight,
                                   double resolution) {
  gli_snapshot *snapshot = gli_result_snapshot(result);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t *label = gli_result_ints(result, "label");
  int32_t *nodes = calloc((size_t)limit, sizeof *nodes), count = 0;
  double *names = calloc((size_t)limit, sizeof *names);
  for (int32_t v = 0; v < limit; v++) {
    if (!gli_bit(gli_snapshot_node_bits(snapshot), v)) continue;
    nodes[count] = v;
    names[count++] = (double)label[v];
  }
  gli_modularity_options options = GLI_MODULARITY_OPTIONS_INIT;
  options.community = (gli_node_weights){nodes, names, count};
  options.weight = weight;
  options.resolution = resolution;
  gli_result *again = run_on(snapshot, "modularity", &options, 0);
  const double expected = *gli_result_floats(again, "modularity");
  const double found = *gli_result_floats(result, "modularity");
  cr_assert(fabs(found - expected) < 1e-12, "%.17g, not %.17g", found, expected);
  gli_result_free(again);
  free(nodes);
  free(names);
}

/* Each community induces a connected subgraph, directions aside: as many connected parts, joined
 * along edges within communities, as there are communities. */
static inline void expect_connected(const gli_result *result) {
  gli_snapshot *snapshot = gli_result_snapshot(result);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t *label = gli_result_ints(result, "label");
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  int32_t *root = calloc((size_t)limit + 1, sizeof *root);
  int64_t parts = gli_snapshot_node_count(snapshot);
  for (int32_t v = 0; v < limit; v++)
    root[v] = v;
  for (int32_t v = 0; v < limit; v++) {
    for (uint32_t k = 0; k < rows.rows[v].length; k++) {
      int32_t a = v, b = rows.neighbors[rows.rows[v].begin + k];
      if (label[a] != label[b]) continue;
      while (root[a] != a)
        a = root[a] = root[root[a]];
      while (root[b] != b)
        b = root[b] = root[root[b]];
      parts -= a != b;
      root[a] = b;
    }
  }
  cr_assert_eq(parts, *gli_result_ints(result, "count"), "communities fall into %d parts, not %d",
               (int)parts, (int)*gli_result_ints(result, "count"));
  free(root);
}

/* `communities` groups of `size` nodes: ten edges per node within the own group, `between` to any
 * node. */
static inline gli_snapshot *planted_groups(int32_t communities, int32_t size, int32_t between,
                                           bool directed, uint64_t seed) {
  const int32_t n = communities * size;
  const int64_t count = (int64_t)n * (10 + between);
  pair *edges = calloc((size_t)count, sizeof *edges);
  gli_random random = gli_random_start(seed, 0);
  int64_t at = 0;
  for (int32_t v = 0; v < n; v++) {
    for (int32_t k = 0; k < 10 + between; k++) {
      const uint64_t other = gli_random_below(&random, (uint64_t)(k < 10 ? size : n));
      edges[at][0] = v;
      edges[at++][1] = (int32_t)other + (k < 10 ? v / size * size : 0);
    }
  }
  gli_snapshot *snapshot = graph_of(n, directed, count, (const pair *)edges);
  free(edges);
  return snapshot;
}

/* Sees the planted groups exactly. */
static inline void expect_planted(const gli_result *result, int32_t size) {
  const int64_t *label = gli_result_ints(result, "label");
  const int32_t n = gli_snapshot_node_limit(gli_result_snapshot(result));
  for (int32_t v = 0; v < n; v++)
    cr_assert_eq(label[v], v / size, "node %d is in community %d", v, (int)label[v]);
}

/* What check_algorithm checks, for algorithms that are told a partition: a graph must have the
 * nodes that it names, and check_algorithm's graphs have different sizes. `community`, and `other`
 * where there are two partitions, lie in `options`. */
static inline void check_partition_algorithm(const char *name, const void *init,
                                             const void *options, gli_node_weights *community,
                                             gli_node_weights *other) {
  enum { NODES = 20000 };
  static int32_t nodes[NODES];
  static double names[NODES], others[NODES];
  const gli_algorithm *algorithm = gli_algorithm_find(name);
  check_defaults(algorithm, init);
  for (int32_t v = 0; v < NODES; v++) {
    nodes[v] = v;
    names[v] = (v * 7) % 31;
    others[v] = v / 50;
  }
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = random_graph(NODES, 4 * NODES, directed, 11, NULL);
    *community = (gli_node_weights){nodes, names, NODES};
    if (other != NULL) *other = (gli_node_weights){nodes, others, NODES};
    check_any_threads(algorithm, snapshot, options);
    gli_cancel cancel = {1};
    gli_control control = GLI_CONTROL_INIT;
    control.cancel = &cancel;
    gli_result *result = NULL;
    cr_assert_eq(gli_algorithm_run(algorithm, snapshot, options, &control, &result, NULL),
                 GLI_ERROR_CANCELLED);
    cr_assert_null(result);
    gli_snapshot_free(snapshot);
    community->count = 40;
    if (other != NULL) other->count = 40;
    check_failing_allocations(algorithm, options, directed);
  }
}

/* Random edges that weigh 1, loops and parallel ones among them. */
static inline gli_snapshot *graph_of_ones(int32_t node_count, int64_t edge_count, bool directed,
                                          uint64_t seed) {
  pair *edges = calloc((size_t)edge_count + 1, sizeof *edges);
  double *ones = calloc((size_t)edge_count + 1, sizeof *ones);
  gli_random random = gli_random_start(seed, 0);
  for (int64_t k = 0; k < edge_count; k++) {
    edges[k][0] = (int32_t)gli_random_below(&random, (uint64_t)node_count);
    edges[k][1] = (int32_t)gli_random_below(&random, (uint64_t)node_count);
    ones[k] = 1;
  }
  gli_snapshot *snapshot =
      graph_with(node_count, directed, edge_count, (const pair *)edges, ones, NULL);
  free(edges);
  free(ones);
  return snapshot;
}

/* Edges that are counted and weights of 1 that are added up give the same bits. */
static inline void expect_ones_count(const char *name, const void *counted, const void *weighted) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot = graph_of_ones(100, 100 + 20 * (int64_t)seed, seed % 2 == 1, seed);
    gli_result *one = run_on(snapshot, name, counted, 0);
    gli_result *other = run_on(snapshot, name, weighted, 0);
    expect_same(one, other);
    gli_result_free(one);
    gli_result_free(other);
    gli_snapshot_free(snapshot);
  }
}

/* The nodes of ring_with_holes(30), and for each in which half of the ring it stands. */
static inline gli_node_weights ring_halves(void) {
  static int32_t nodes[24];
  static double half[24];
  int32_t count = 0;
  for (int32_t v = 0; v < 30; v++) {
    if (v % 5 == 0) continue;
    nodes[count] = v;
    half[count] = count / 12;
    count++;
  }
  return (gli_node_weights){nodes, half, count};
}

#endif
