/* Known values: NetworkX 3.6.1; random graphs are compared with relaxing until nothing changes. */
#include <gli/algorithms/shortest_paths.h>

#include "algorithms/support.h"

static const gli_shortest_paths_options init = GLI_SHORTEST_PATHS_OPTIONS_INIT;

static gli_shortest_paths_options from(const int32_t *sources, int64_t count, const char *weight) {
  gli_shortest_paths_options options = GLI_SHORTEST_PATHS_OPTIONS_INIT;
  options.source = (gli_node_list){sources, count};
  options.weight = weight;
  return options;
}

typedef struct expected {
  double *distance;
  int32_t *predecessor;
  int32_t *steps;
} expected;

/* One edge, in the directions that count. */
typedef void (*visit)(expected *e, int32_t u, int32_t v, double w, int32_t round);

static void relax(expected *e, int32_t u, int32_t v, double w, int32_t round) {
  (void)round;
  if (e->distance[u] + w < e->distance[v]) {
    e->distance[v] = e->distance[u] + w;
    e->steps[v] = -2; /* something changed */
  }
}

static void join_nearer(expected *e, int32_t u, int32_t v, double w, int32_t round) {
  (void)round;
  if (!(e->distance[v] < (double)INFINITY) || !(e->distance[u] < e->distance[v])) return;
  if (e->distance[u] + w != e->distance[v]) return;
  if (e->predecessor[v] < 0 || u < e->predecessor[v]) e->predecessor[v] = u;
}

static void join_beside(expected *e, int32_t u, int32_t v, double w, int32_t round) {
  if (e->distance[u] != e->distance[v] || e->distance[u] + w != e->distance[v]) return;
  if (e->steps[u] != round || (e->steps[v] >= 0 && e->steps[v] <= round)) return;
  if (e->predecessor[v] < 0 || u < e->predecessor[v]) e->predecessor[v] = u;
  e->steps[v] = round + 1;
}

static void each_edge(gli_snapshot *snapshot, const gli_shortest_paths_options *options, visit go,
                      expected *e, int32_t round) {
  const int32_t *sources = NULL, *targets = NULL;
  const double *weights = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  if (options->weight != NULL) {
    cr_assert_eq(gli_snapshot_edge_weights(snapshot, options->weight, &weights, NULL), GLI_OK);
  }
  const bool directed = gli_snapshot_is_directed(snapshot);
  for (int64_t k = 0; k < gli_snapshot_edge_limit(snapshot); k++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), k)) continue;
    const double w = weights == NULL ? 1 : weights[k];
    if (!directed || strcmp(options->direction, "in") != 0) {
      go(e, sources[k], targets[k], w, round);
    }
    if (!directed || strcmp(options->direction, "out") != 0) {
      go(e, targets[k], sources[k], w, round);
    }
  }
}

static expected define(gli_snapshot *snapshot, const gli_shortest_paths_options *options) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  expected e = {calloc((size_t)limit, sizeof(double)), calloc((size_t)limit, sizeof(int32_t)),
                calloc((size_t)limit, sizeof(int32_t))};
  for (int32_t v = 0; v < limit; v++)
    e.distance[v] = (double)INFINITY;
  for (int64_t k = 0; k < options->source.count; k++)
    e.distance[options->source.nodes[k]] = 0;
  for (bool changed = true; changed;) {
    for (int32_t v = 0; v < limit; v++)
      e.steps[v] = -1;
    each_edge(snapshot, options, relax, &e, 0);
    changed = false;
    for (int32_t v = 0; v < limit; v++)
      changed = changed || e.steps[v] == -2;
  }
  double farthest = options->targets.nodes == NULL ? (double)INFINITY : 0;
  for (int64_t k = 0; k < options->targets.count; k++) {
    farthest = fmax(farthest, e.distance[options->targets.nodes[k]]);
  }
  farthest = fmin(farthest, options->cutoff);
  for (int32_t v = 0; v < limit; v++) {
    e.predecessor[v] = e.steps[v] = -1;
    if (e.distance[v] > farthest) e.distance[v] = (double)INFINITY;
  }
  each_edge(snapshot, options, join_nearer, &e, 0);
  for (int64_t k = 0; k < options->source.count; k++)
    e.steps[options->source.nodes[k]] = 0;
  for (int32_t v = 0; v < limit; v++) {
    if (e.predecessor[v] >= 0) e.steps[v] = 0;
  }
  for (int32_t round = 0; round < limit; round++) {
    each_edge(snapshot, options, join_beside, &e, round);
  }
  return e;
}

static void expect_definition(gli_snapshot *snapshot, const gli_shortest_paths_options *options) {
  expected e = define(snapshot, options);
  for (int32_t threads = 0; threads <= 1; threads++) {
    gli_result *result = run_on(snapshot, "shortest_paths", options, threads);
    for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
      if (!gli_bit(gli_snapshot_node_bits(snapshot), v)) continue;
      cr_assert_eq(gli_result_floats(result, "distance")[v], e.distance[v],
                   "distance of %d is %.17g, expected %.17g", v,
                   gli_result_floats(result, "distance")[v], e.distance[v]);
      cr_assert_eq(gli_result_nodes(result, "predecessor")[v], e.predecessor[v],
                   "predecessor of %d is %d, expected %d", v,
                   gli_result_nodes(result, "predecessor")[v], e.predecessor[v]);
    }
    gli_result_free(result);
  }
  free(e.distance);
  free(e.predecessor);
  free(e.steps);
}

Test(shortest_paths, holds_what_every_algorithm_must) {
  const int32_t sources[] = {4, 11, 4}, targets[] = {1, 30};
  gli_shortest_paths_options options = from(sources, 3, NULL);
  check_algorithm("shortest_paths", &init, &options);
  options.weight = "weight";
  options.direction = "both";
  check_algorithm("shortest_paths", &init, &options);
  options.direction = "in";
  options.targets = (gli_node_list){targets, 2};
  check_algorithm("shortest_paths", &init, &options);
}

Test(shortest_paths, agrees_with_networkx_on_the_karate_club) {
  /* nx.single_source_dijkstra_path_length(G, 16, weight="weight") */
  static const double distance[34] = {5,  9,  7,  10, 3,  4,  1,  7, 10, 9, 5, 9,
                                      7,  10, 13, 10, 0,  7,  11, 8, 10, 9, 9, 11,
                                      11, 13, 13, 8,  11, 13, 10, 9, 8,  11};
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 16;
  gli_shortest_paths_options options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "shortest_paths", &options, 0);
  for (int32_t v = 0; v < 34; v++) {
    cr_assert_eq(gli_result_floats(result, "distance")[v], distance[v], "node %d", v);
  }
  gli_result_free(result);
  expect_definition(snapshot, &options);
  options.weight = NULL;
  expect_definition(snapshot, &options);
  gli_snapshot_free(snapshot);
}

Test(shortest_paths, agrees_with_the_definition) {
  static const char *const directions[] = {"out", "in", "both"};
  for (int directed = 0; directed <= 1; directed++) {
    for (uint64_t seed = 1; seed <= 12; seed++) {
      const int32_t nodes = (int32_t)(seed * 20);
      gli_snapshot *snapshot =
          random_graph(nodes, nodes * (int64_t)(seed % 4 + 1), directed, seed, NULL);
      const int32_t sources[] = {0, nodes - 1, 0}, targets[] = {3, 5, 3};
      for (int k = 0; k < 3; k++) {
        gli_shortest_paths_options options =
            from(sources, (int64_t)(seed % 3 + 1), k == 2 ? NULL : "weight");
        options.direction = directions[(seed + (uint64_t)k) % 3];
        expect_definition(snapshot, &options);
        options.targets = (gli_node_list){targets, 3};
        expect_definition(snapshot, &options);
        options.cutoff = k == 2 ? 2.5 : 4.0;
        expect_definition(snapshot, &options);
      }
      gli_snapshot_free(snapshot);
    }
  }
}

Test(shortest_paths, edges_of_weight_zero_and_infinity) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    enum { NODES = 60, EDGES = 150 };
    pair edges[EDGES];
    double weights[EDGES];
    gli_random random = gli_random_start(seed, 1);
    for (int k = 0; k < EDGES; k++) {
      edges[k][0] = (int32_t)gli_random_below(&random, NODES);
      edges[k][1] = (int32_t)gli_random_below(&random, NODES);
      const uint64_t draw = gli_random_below(&random, 6);
      weights[k] = draw < 3 ? 0 : draw == 3 ? (double)INFINITY : (double)draw - 3;
    }
    for (int directed = 0; directed <= 1; directed++) {
      gli_snapshot *snapshot =
          graph_with(NODES, directed, EDGES, (const pair *)edges, weights, NULL);
      const int32_t sources[] = {7, 8, 7};
      gli_shortest_paths_options options = from(sources, 3, "weight");
      expect_definition(snapshot, &options);
      options.cutoff = 0;
      expect_definition(snapshot, &options);
      gli_snapshot_free(snapshot);
    }
  }
}

Test(shortest_paths, keeps_to_sums_of_floats) {
  /* 0.1 + 0.2 is more than 0.3: the direct edge is shorter, by one bit. */
  const pair edges[] = {{0, 1}, {1, 2}, {0, 2}};
  const double weights[] = {0.1, 0.2, 0.3};
  gli_snapshot *snapshot = graph_with(3, true, 3, edges, weights, NULL);
  const int32_t source = 0;
  gli_shortest_paths_options options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "shortest_paths", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[2], 0.3);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[2], 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(shortest_paths, corner_cases) {
  gli_snapshot *lonely = graph_of(3, true, 0, NULL);
  const int32_t source = 1;
  gli_shortest_paths_options options = from(&source, 1, "anything"); /* no edge can lack it */
  gli_result *result = run_on(lonely, "shortest_paths", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[1], 0);
  cr_assert(isinf(gli_result_floats(result, "distance")[0]));
  gli_result_free(result);
  gli_snapshot_free(lonely);
  gli_snapshot *ring = ring_with_holes(60);
  options = from(&source, 1, NULL);
  expect_definition(ring, &options);
  result = run_on(ring, "shortest_paths", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[0], 0, "holes hold 0");
  cr_assert_eq(gli_result_floats(result, "distance")[59], 47);
  gli_result_free(result);
  gli_snapshot_free(ring);
}

Test(shortest_paths, says_what_is_wrong) {
  const pair edges[] = {{0, 1}, {1, 2}};
  const double negative[] = {1, -0.5}, nan[] = {(double)NAN, 1};
  gli_snapshot *snapshot = graph_with(3, true, 2, edges, negative, NULL);
  const int32_t nodes[] = {0, 3};
  gli_shortest_paths_options options = from(nodes, 1, "weight");
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_INVALID_ARGUMENT,
               "weight 'weight' of the edge from 1 to 2 is -0.5; it must be at least 0");
  options = from(nodes, 1, NULL);
  options.cutoff = -1;
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_INVALID_ARGUMENT,
               "cutoff is -1; it must be at least 0");
  options.cutoff = (double)NAN;
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_INVALID_ARGUMENT, "cutoff is nan");
  options = from(nodes, 1, NULL);
  options.targets = (gli_node_list){nodes + 1, 1};
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_NODE_NOT_FOUND, "targets[0]");
  options.targets = (gli_node_list){nodes, 0};
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_INVALID_ARGUMENT,
               "targets is empty");
  expect_error(snapshot, "shortest_paths", NULL, GLI_ERROR_INVALID_ARGUMENT, "source is required");
  gli_snapshot_free(snapshot);
  snapshot = graph_with(3, true, 2, edges, nan, NULL);
  options = from(nodes, 1, "weight");
  expect_error(snapshot, "shortest_paths", &options, GLI_ERROR_INVALID_ARGUMENT,
               "of the edge from 0 to 1 is nan");
  gli_snapshot_free(snapshot);
}

Test(shortest_paths, has_a_typed_front_door) {
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 3;
  const gli_shortest_paths_options options = from(&source, 1, "weight");
  gli_result *typed = NULL, *generic = run_on(snapshot, "shortest_paths", &options, 0);
  cr_assert_eq(gli_shortest_paths(snapshot, &options, NULL, &typed, NULL), GLI_OK);
  expect_same(typed, generic);
  gli_result_free(typed);
  gli_result_free(generic);
  gli_snapshot_free(snapshot);
}
