/* Known values: NetworkX 3.6.1; random graphs are compared with relaxing until nothing changes. */
#include <gli/algorithms/shortest_paths.h>

#include "algorithms/support.h"
#include "base/pool.h"

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
  for (int32_t round = 0, joined = 1; joined > 0; round++) {
    each_edge(snapshot, options, join_beside, &e, round);
    joined = 0;
    for (int32_t v = 0; v < limit; v++)
      joined += e.steps[v] == round + 1;
  }
  return e;
}

static void expect_definition(gli_snapshot *snapshot, const gli_shortest_paths_options *options) {
  expected e = define(snapshot, options);
  static const int32_t threads[] = {1, 2, 3, 8};
  gli__pretend_thread_count(8);
  for (size_t k = 0; k < COUNT_OF(threads); k++) {
    gli_result *result = run_on(snapshot, "shortest_paths", options, threads[k]);
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
  gli__pretend_thread_count(0);
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

/* What delta-stepping may stumble over: one draw of a weight. */
static double draw_weight(gli_random *random, int kind) {
  const double unit = gli_random_unit(random);
  switch (kind) {
    case 0: /* all alike */
      return 1;
    case 1: /* whole: distance and predecessor in one word */
      return 1 + floor(unit * 255);
    case 2: /* whole, and too long for that */
      return 1 + floor(unit * 0x1p40);
    case 3: /* with edges of no length */
      return floor(unit * 4);
    case 4:
      return unit;
    case 5: /* a huge span */
      return pow(10, unit * 300 - 150);
    case 6: /* some lead nowhere, some cost nothing */
      return unit < 0.2 ? (double)INFINITY : unit < 0.6 ? 0 : unit;
    default: /* far beyond what the sum of two keeps apart */
      return unit < 0.5 ? 0x1p60 : unit * 0x1p-20;
  }
}

/* Large enough for delta-stepping, small enough for the definition. */
static gli_snapshot *graph_of_kind(int kind, bool directed, uint64_t seed,
                                   const gli_allocator *allocator) {
  enum { NODES = 1500, EDGES = 15000 };
  pair *edges = calloc(EDGES, sizeof *edges);
  double *weights = calloc(EDGES, sizeof *weights);
  gli_random random = gli_random_start(seed, (uint64_t)kind);
  for (int k = 0; k < EDGES; k++) {
    /* Half of the edges lead to few nodes: wide and narrow buckets, long rows. */
    const uint64_t ends = k % 2 == 0 ? NODES : 40;
    edges[k][0] = (int32_t)gli_random_below(&random, NODES);
    edges[k][1] = (int32_t)gli_random_below(&random, ends);
    weights[k] = draw_weight(&random, kind);
  }
  gli_snapshot *snapshot =
      graph_with(NODES, directed, EDGES, (const pair *)edges, weights, allocator);
  free(edges);
  free(weights);
  return snapshot;
}

Test(shortest_paths, buckets_agree_with_the_definition, .timeout = 120) {
  static const char *const directions[] = {"out", "in", "both"};
  const int32_t sources[] = {1400, 3, 1400}, targets[] = {700, 801, 3};
  const char *full = getenv("GLI_TEST_FULL");
  const uint64_t seeds = full != NULL && full[0] == '1' ? 40 : 1;
  for (uint64_t seed = 1; seed <= seeds; seed++) {
    for (int kind = 0; kind < 8; kind++) {
      gli_snapshot *snapshot = graph_of_kind(kind, (seed + (uint64_t)kind) % 2 == 0, seed, NULL);
      gli_shortest_paths_options options = from(sources, kind % 3 + 1, "weight");
      options.direction = directions[(seed + (uint64_t)kind) % 3];
      expect_definition(snapshot, &options);
      gli_result *all = run_on(snapshot, "shortest_paths", &options, 0);
      options.cutoff = gli_result_floats(all, "distance")[targets[0]] * 0.75;
      gli_result_free(all);
      expect_definition(snapshot, &options);
      options.cutoff = (double)INFINITY;
      options.targets = (gli_node_list){targets, 3};
      expect_definition(snapshot, &options);
      gli_snapshot_free(snapshot);
    }
  }
}

Test(shortest_paths, buckets_survive_failing_allocations) {
  const int32_t source = 3;
  const gli_shortest_paths_options options = from(&source, 1, "weight");
  gli_control control = GLI_CONTROL_INIT;
  control.threads = 1; /* as many allocations in every round */
  for (int kind = 1; kind <= 5; kind += 4) {
    failing_loop loop = failing_loop_start("shortest_paths by buckets");
    while (failing_loop_next(&loop)) {
      gli_snapshot *snapshot = graph_of_kind(kind, kind == 1, 3, &loop.allocator);
      gli_result *result = NULL;
      gli_error error = {0};
      failing_loop_arm(&loop);
      const gli_status status = gli_shortest_paths(snapshot, &options, &control, &result, &error);
      const bool failed = failing_loop_disarm(&loop);
      cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
      cr_assert_eq(result == NULL, failed);
      gli_result_free(result);
      gli_snapshot_free(snapshot);
    }
  }
}

/* A long path with weights that grow: everything waits beyond the open buckets again and again. */
Test(shortest_paths, buckets_widen) {
  enum { NODES = 6000 };
  pair *edges = calloc(2 * NODES, sizeof *edges);
  double *weights = calloc(2 * NODES, sizeof *weights);
  for (int32_t v = 0; v < NODES - 1; v++) {
    edges[2 * v][0] = edges[2 * v + 1][0] = v;
    edges[2 * v][1] = v + 1;
    edges[2 * v + 1][1] = (int32_t)(((int64_t)v * 7919) % NODES);
    weights[2 * v] = pow(1.05, v % 2000);
    weights[2 * v + 1] = pow(1.05, v / 3);
  }
  gli_snapshot *snapshot =
      graph_with(NODES, true, 2 * NODES - 2, (const pair *)edges, weights, NULL);
  const int32_t source = 0;
  gli_shortest_paths_options options = from(&source, 1, "weight");
  expect_definition(snapshot, &options);
  gli_snapshot_free(snapshot);
  free(edges);
  free(weights);
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
