/* Searches and shortest paths on frontiers of every size, which the small graphs of test_parity do
 * not have: rows that a work-group walks or that are cut into pieces, levels from the side of the
 * nodes not reached, thin frontiers that grow out of one work-group and back into it, edges of
 * weight 0 in long chains and behind hubs. And random walks that take several launches and batches,
 * and draw over whole rows of hubs. The OpenCL device against the CPU kernels, and against
 * closed forms where there are some.
 *
 * A plain program: exit code 0 when all agreed, 77 when there is no device. */
#include "device/cases.h"
#include "device/devices.h"

enum { SKIPPED = 77, GRID_SIDE = 300, CHAIN = 3000, HUB_LEAVES = 9000 };

static int64_t compared, wrong;

/* --- Graphs ----------------------------------------------------------------------------------- */

typedef struct edge_list {
  int32_t *sources, *targets;
  double *weights;
  int64_t count, room;
  int32_t nodes;
  gli_random random;
} edge_list;

static edge_list edges_start(int32_t nodes, int64_t room) {
  edge_list list = {.nodes = nodes, .room = room, .random = gli_random_start(9, 2)};
  list.sources = malloc((size_t)room * sizeof *list.sources);
  list.targets = malloc((size_t)room * sizeof *list.targets);
  list.weights = malloc((size_t)room * sizeof *list.weights);
  case_require(list.sources != NULL && list.targets != NULL && list.weights != NULL, "edges",
               "no memory");
  return list;
}

static int32_t draw(edge_list *list, int64_t bound) {
  return (int32_t)gli_random_below(&list->random, (uint64_t)bound);
}

static void edge(edge_list *list, int64_t source, int64_t target, double weight) {
  case_require(list->count < list->room, "edges", "no room");
  list->sources[list->count] = (int32_t)source;
  list->targets[list->count] = (int32_t)target;
  list->weights[list->count++] = weight;
}

static gli_snapshot *finish(edge_list *list, bool directed) {
  gli_snapshot *snapshot = NULL;
  gli_rows in;
  gli_error error = {.message = ""};
  gli_status status =
      gli_snapshot_from_edges(list->nodes, list->count, list->sources, list->targets, list->weights,
                              directed, NULL, &snapshot, &error);
  if (status == GLI_OK) status = gli_snapshot_in_rows(snapshot, &in, &error);
  case_require(status == GLI_OK, "graph", error.message);
  free(list->sources);
  free(list->targets);
  free(list->weights);
  return snapshot;
}

static gli_snapshot *make_grid(bool directed) {
  edge_list list = edges_start(GRID_SIDE * GRID_SIDE, 2 * GRID_SIDE * GRID_SIDE);
  for (int64_t y = 0; y < GRID_SIDE; y++) {
    for (int64_t x = 0; x < GRID_SIDE; x++) {
      const int64_t here = y * GRID_SIDE + x;
      if (x + 1 < GRID_SIDE) edge(&list, here, here + 1, 1 + draw(&list, 100));
      if (y + 1 < GRID_SIDE) edge(&list, here, here + GRID_SIDE, 1 + draw(&list, 100));
    }
  }
  return finish(&list, directed);
}

/* Three hubs in a chain, leaves around them, and some edges between the leaves. */
static gli_snapshot *make_hubs(bool directed) {
  const int64_t nodes = 3 + 3 * HUB_LEAVES;
  edge_list list = edges_start((int32_t)nodes, 2 + 3 * nodes);
  edge(&list, 0, 1, 2.5);
  edge(&list, 1, 2, 0.5);
  for (int64_t v = 3; v < nodes; v++) {
    const int64_t hub = v % 3;
    edge(&list, v % 2 == 0 || !directed ? hub : v, v % 2 == 0 || !directed ? v : hub,
         draw(&list, 8) / 4.0);
    if (v % 2 == 0) edge(&list, v, 3 + draw(&list, nodes - 3), draw(&list, 1000) / 7.0);
  }
  return finish(&list, directed);
}

/* Degrees by a power law, and nodes that nothing leads to. */
static gli_snapshot *make_skewed(bool directed) {
  const int64_t nodes = 12000, edges = 150000;
  edge_list list = edges_start((int32_t)nodes, edges);
  for (int64_t k = 0; k < edges; k++) {
    const int64_t a = draw(&list, nodes), b = draw(&list, nodes), c = draw(&list, nodes);
    edge(&list, a * b / nodes * c / nodes, b * c / nodes,
         ldexp(1 + draw(&list, 9), draw(&list, 20)));
  }
  return finish(&list, directed);
}

/* A chain of weight 0 into a hub whose edges weigh 0 but for every seventh. */
static gli_snapshot *make_zeroes(bool directed) {
  edge_list list = edges_start(CHAIN + 1 + HUB_LEAVES, CHAIN + HUB_LEAVES);
  for (int64_t k = 0; k < CHAIN; k++)
    edge(&list, k, k + 1, 0);
  for (int64_t k = 0; k < HUB_LEAVES; k++)
    edge(&list, CHAIN, CHAIN + 1 + k, k % 7 == 0 ? (double)(k % 3) : 0);
  return finish(&list, directed);
}

/* --- Comparing -------------------------------------------------------------------------------- */

static gli_result *run_on(const char *algorithm, gli_snapshot *snapshot, const void *options,
                          const char *backend) {
  gli_control control = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  gli_error error = {.message = ""};
  control.backend = backend;
  const gli_status status = gli_algorithm_run(gli_algorithm_find(algorithm), snapshot, options,
                                              &control, &result, &error);
  case_require(status == GLI_OK, algorithm, error.message);
  return result;
}

/* Returns the device's result. */
static gli_result *compare(const char *graph, const char *algorithm, gli_snapshot *snapshot,
                           const void *options) {
  char text[200] = "";
  gli_result *expected = run_on(algorithm, snapshot, options, "cpu");
  gli_result *found = run_on(algorithm, snapshot, options, "opencl");
  compared++;
  if (!case_same(gli_algorithm_find(algorithm), expected, found, text)) {
    wrong++;
    printf("WRONG: %s on %s: %s\n", algorithm, graph, text);
  }
  gli_result_free(expected);
  return found;
}

static void check_paths(const char *graph, gli_snapshot *snapshot, const char *direction,
                        gli_node_list sources) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int32_t targets[] = {limit / 2, limit / 3, limit / 2, sources.nodes[0]};
  for (int draw = 0; draw < 6; draw++) {
    gli_shortest_paths_options options = GLI_SHORTEST_PATHS_OPTIONS_INIT;
    options.source = sources;
    options.direction = direction;
    options.weight = draw % 2 == 0 ? "weight" : NULL;
    if (draw / 2 == 1) options.targets = (gli_node_list){targets, 4};
    if (draw / 2 == 2) options.cutoff = draw % 2 == 0 ? 150.5 : 2;
    gli_result_free(compare(graph, "shortest_paths", snapshot, &options));
  }
}

static void check_graph(const char *name, gli_snapshot *(*make)(bool directed)) {
  static const char *const directions[] = {"out", "in", "both"};
  for (int turn = 0; turn < 4; turn++) {
    gli_snapshot *snapshot = make(turn > 0);
    const int32_t limit = gli_snapshot_node_limit(snapshot);
    const int32_t sources[] = {turn == 2 ? limit - 1 : 0, limit / 5};
    const gli_node_list list = {sources, 1 + turn % 2};
    const char *direction = directions[turn == 0 ? 0 : turn - 1];
    gli_bfs_options bfs = GLI_BFS_OPTIONS_INIT;
    gli_k_hop_options k_hop = {.struct_size = sizeof k_hop, .direction = direction, .k = 3};
    bfs.source = k_hop.source = list;
    bfs.direction = direction;
    gli_result_free(compare(name, "bfs", snapshot, &bfs));
    gli_result_free(compare(name, "k_hop", snapshot, &k_hop));
    k_hop.k = limit;
    gli_result_free(compare(name, "k_hop", snapshot, &k_hop));
    check_paths(name, snapshot, direction, list);
    gli_snapshot_free(snapshot);
  }
}

static void require(bool holds, const char *what) {
  compared++;
  if (holds) return;
  wrong++;
  printf("WRONG: %s\n", what);
}

/* From a corner: the level is x + y, the predecessor lies above where there is a row above. */
static void check_grid_by_formula(void) {
  const int32_t corner = 0;
  gli_snapshot *snapshot = make_grid(false);
  gli_bfs_options options = GLI_BFS_OPTIONS_INIT;
  options.source = (gli_node_list){&corner, 1};
  gli_result *result = run_on("bfs", snapshot, &options, "opencl");
  const int64_t *level = gli_result_ints(result, "level");
  const int32_t *predecessor = gli_result_nodes(result, "predecessor");
  bool holds = true;
  for (int32_t v = 1; v < GRID_SIDE * GRID_SIDE; v++) {
    const int32_t x = v % GRID_SIDE, y = v / GRID_SIDE;
    holds = holds && level[v] == x + y && predecessor[v] == (y > 0 ? v - GRID_SIDE : v - 1);
  }
  require(holds, "levels and predecessors of a grid");
  require(gli_result_run(result).iterations >= 2 * GRID_SIDE - 2, "the levels of a grid, counted");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* All of the chain is at distance 0, each node joined by the one before. */
static void check_zeroes_by_formula(void) {
  const int32_t first = 0;
  gli_snapshot *snapshot = make_zeroes(true);
  gli_shortest_paths_options options = GLI_SHORTEST_PATHS_OPTIONS_INIT;
  options.source = (gli_node_list){&first, 1};
  options.weight = "weight";
  gli_result *result = run_on("shortest_paths", snapshot, &options, "opencl");
  const double *distance = gli_result_floats(result, "distance");
  const int32_t *predecessor = gli_result_nodes(result, "predecessor");
  bool holds = predecessor[0] == GLI_NODE_NONE;
  for (int32_t v = 1; v <= CHAIN + HUB_LEAVES; v++) {
    const int32_t leaf = v - CHAIN - 1;
    const double expected = leaf >= 0 && leaf % 7 == 0 ? leaf % 3 : 0;
    const int32_t before = leaf >= 0 && expected == 0 ? CHAIN : v - 1;
    if (distance[v] != expected) holds = false;
    if (expected == 0 && predecessor[v] != before) holds = false;
  }
  require(holds, "the tree along edges of weight 0");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* --- Random walks ----------------------------------------------------------------------------- */

static void check_walks_on(const char *graph, gli_snapshot *snapshot) {
  static const struct {
    double p, q;
    bool weighted;
  } draws[] = {{1, 1, false}, {1, 1, true}, {0.25, 4, false}, {1e7, 1e6, true}, {1e-3, 1, true}};
  int32_t few[200]; /* rows of hubs are gone through at nearly every step of the last two */
  for (int32_t k = 0; k < 200; k++)
    few[k] = k * (gli_snapshot_node_limit(snapshot) / 200);
  for (size_t k = 0; k < sizeof draws / sizeof draws[0]; k++) {
    gli_random_walks_options options = GLI_RANDOM_WALKS_OPTIONS_INIT;
    options.p = draws[k].p;
    options.q = draws[k].q;
    options.weight = draws[k].weighted ? "weight" : NULL;
    options.direction = k % 2 == 0 ? "out" : "in";
    options.length = 1 + (int64_t)k * 2;
    options.seed = (int64_t)k;
    if (k >= 3) options.source = (gli_node_list){few, 200};
    gli_result_free(compare(graph, "random_walks", snapshot, &options));
  }
}

/* One walk of more steps than a launch takes, more walks than that, and more than a batch has. */
static void check_many_steps(void) {
  static const int32_t hubs[] = {0, 1, 2, 1};
  const gli_algorithm *algorithm = gli_algorithm_find("random_walks");
  gli_snapshot *snapshot = make_hubs(false);
  gli_random_walks_options options = GLI_RANDOM_WALKS_OPTIONS_INIT;
  options.source = (gli_node_list){hubs, 2};
  options.length = 100003;
  gli_result_free(compare("hubs, a long walk", "random_walks", snapshot, &options));
  options.weight = "weight";
  options.p = 0.5;
  options.length = 3001;
  gli_result_free(compare("hubs, a long walk", "random_walks", snapshot, &options));
  options.walks_per_node = 40000;
  options.length = 1;
  gli_result_free(compare("hubs, some walks", "random_walks", snapshot, &options));
  options = (gli_random_walks_options)GLI_RANDOM_WALKS_OPTIONS_INIT;
  options.source = (gli_node_list){hubs, 4};
  options.walks_per_node = 270001;
  options.length = 2;
  gli_result *brought = compare("hubs, many walks", "random_walks", snapshot, &options);
  gli_control control = GLI_CONTROL_INIT;
  gli_result *kept = NULL;
  gli_error error = {.message = ""};
  char text[200] = "";
  control.backend = "opencl";
  control.keep = "device";
  const gli_status status =
      gli_algorithm_run(algorithm, snapshot, &options, &control, &kept, &error);
  case_require(status == GLI_OK, "kept walks", error.message);
  require(case_same(algorithm, brought, kept, text), "walks that stay on the device");
  gli_result_free(kept);
  gli_result_free(brought);
  gli_snapshot_free(snapshot);
}

/* Weights whose sum is more than a double holds. */
static void check_heavy_walks(void) {
  edge_list list = edges_start(501, 1000);
  for (int32_t k = 0; k < 1000; k++)
    edge(&list, k % 501, k / 2, k % 501 == k / 2 ? 1 : 1.7e308);
  gli_snapshot *snapshot = finish(&list, false);
  gli_random_walks_options options = GLI_RANDOM_WALKS_OPTIONS_INIT;
  options.weight = "weight";
  gli_result_free(compare("heavy edges", "random_walks", snapshot, &options));
  gli_snapshot_free(snapshot);
}

static void check_walks(void) {
  for (int turn = 0; turn < 2; turn++) {
    gli_snapshot *hubs = make_hubs(turn == 1), *skewed = make_skewed(turn == 1);
    check_walks_on("hubs", hubs);
    check_walks_on("a skewed graph", skewed);
    gli_snapshot_free(hubs);
    gli_snapshot_free(skewed);
  }
  check_many_steps();
  check_heavy_walks();
}

int main(void) {
  const char *reason = NULL;
  if (!gli__driver_ready(gli__driver_find("opencl"), &reason)) {
    printf("skipped: no OpenCL device: %s\n", reason);
    return SKIPPED;
  }
  const gli_device_info *info = &gli__driver_find("opencl")->devices[0].info;
  if (!info->has_fp64 || !info->has_atomic64) {
    printf("skipped: %s has no double precision or no 64-bit atomics\n", info->name);
    return SKIPPED;
  }
  check_grid_by_formula();
  check_zeroes_by_formula();
  check_graph("a grid", make_grid);
  check_graph("hubs", make_hubs);
  check_graph("a skewed graph", make_skewed);
  check_graph("edges of weight 0", make_zeroes);
  check_walks();
  printf("work-groups of %u: %lld comparisons, %lld wrong\n", info->group_size, (long long)compared,
         (long long)wrong);
  return wrong == 0 ? 0 : 1;
}
