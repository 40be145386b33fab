/* The two ways of counting triangles, and of weighing directed ones, on skewed graphs and others:
 * all against a sum by definition, and the variants of counting common bits against each other. */
#include "algorithms/support.h"
#include "base/pool.h"
#include "cpu/bits.h"
#include "cpu/cluster/triangles.h"

typedef gli_status (*way)(gli_run *, int64_t, const gli_simple_rows *, int64_t *, int64_t *,
                          gli_error *);
static const way ways[] = {gli__cpu_count_in_order, gli__cpu_count_by_hubs,
                           gli__cpu_count_triangles};

/* `skew` 1: ends alike; above: ends crowd at low indices. Blocks of `clique` nodes are complete. */
static gli_snapshot *make_kind(int32_t nodes, int64_t edges, double skew, int32_t clique,
                               bool is_directed) {
  pair *ends = calloc((size_t)(edges + nodes * (int64_t)clique), sizeof *ends);
  gli_random random = gli_random_start(17, (uint64_t)edges);
  for (int64_t k = 0; k < edges; k++) {
    for (int end = 0; end < 2; end++) {
      const int32_t at = (int32_t)(nodes * pow(gli_random_unit(&random), skew));
      ends[k][end] = (int32_t)((int64_t)at * 7919 % nodes); /* hubs anywhere: nodes is a prime */
    }
  }
  for (int32_t v = 0; v < nodes; v++) {
    for (int32_t u = v - v % (clique > 0 ? clique : 1); u < v; u++) {
      ends[edges][0] = u;
      ends[edges++][1] = v;
    }
  }
  gli_snapshot *snapshot = graph_of(nodes, is_directed, edges, (const pair *)ends);
  free(ends);
  return snapshot;
}

static gli_snapshot *make_graph(int32_t nodes, int64_t edges, double skew, int32_t clique) {
  return make_kind(nodes, edges, skew, clique, false);
}

/* Marks of each node's neighbours, looked up from every neighbour: six times each triangle. */
static int64_t count_by_definition(const gli_simple_rows *rows, int64_t limit, int64_t *counts) {
  uint8_t *marks = calloc((size_t)limit, 1);
  int64_t total = 0;
  for (int64_t u = 0; u < limit; u++) {
    for (int64_t k = rows->offsets[u]; k < rows->offsets[u + 1]; k++)
      marks[rows->neighbors[k]] = 1;
    for (int64_t k = rows->offsets[u]; k < rows->offsets[u + 1]; k++) {
      const int32_t v = rows->neighbors[k];
      for (int64_t j = rows->offsets[v]; j < rows->offsets[v + 1]; j++)
        counts[u] += marks[rows->neighbors[j]];
    }
    for (int64_t k = rows->offsets[u]; k < rows->offsets[u + 1]; k++)
      marks[rows->neighbors[k]] = 0;
    counts[u] /= 2;
    total += counts[u];
  }
  free(marks);
  return total / 3;
}

static void expect_definition(gli_snapshot *snapshot) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const size_t bytes = (size_t)limit * sizeof(int64_t);
  gli_simple_rows rows;
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
  int64_t *expected = calloc(1, bytes), *counts = malloc(bytes);
  const int64_t triangles = count_by_definition(&rows, limit, expected);
  const int32_t threads[] = {1, 2, 3, 8};
  gli__memory *memory = gli__memory_create(NULL);
  for (int w = 0; w < 3; w++) {
    for (int k = 0; k < 4; k++) {
      gli_control control = GLI_CONTROL_INIT;
      gli_run *run = NULL;
      int64_t total = -1;
      control.threads = threads[k];
      cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
      memset(counts, 0, bytes);
      cr_assert_eq(ways[w](run, limit, &rows, counts, &total, NULL), GLI_OK);
      cr_assert_eq(memcmp(counts, expected, bytes), 0, "way %d, %d threads", w, threads[k]);
      cr_assert_eq(total, triangles);
      gli__run_end(run);
    }
  }
  gli__memory_free(memory);
  free(expected);
  free(counts);
  gli_snapshot_free(snapshot);
}

Test(triangle_ways, agree_with_the_definition) {
  gli__pretend_thread_count(8);
  expect_definition(make_graph(4001, 60000, 4, 0)); /* hubs, of which some have bit rows */
  expect_definition(make_graph(4001, 60000, 1, 0)); /* all alike */
  expect_definition(make_graph(2003, 3000, 6, 40)); /* cliques beside hubs */
  expect_definition(make_graph(1009, 900, 1, 3));   /* short rows */
  expect_definition(make_graph(701, 200000, 1, 0)); /* dense: every row is long */
  expect_definition(make_graph(7, 0, 1, 0));        /* no edge */
  gli__pretend_thread_count(0);
}

/* One hub in the middle of the indices, joined to all, and edges between the others. */
Test(triangle_ways, search_rows_that_are_much_longer) {
  enum { NODES = 3001, HUB = 1500, MORE = 9000 };
  pair *edges = calloc(NODES + MORE, sizeof *edges);
  gli_random random = gli_random_start(3, 0);
  int64_t count = 0;
  for (int32_t v = 0; v < NODES; v++) {
    edges[count][0] = HUB;
    edges[count++][1] = v;
  }
  for (int k = 0; k < MORE; k++) {
    edges[count][0] = (int32_t)gli_random_below(&random, NODES);
    edges[count++][1] = (int32_t)gli_random_below(&random, NODES);
  }
  expect_definition(graph_of(NODES, false, count, (const pair *)edges));
  free(edges);
}

/* --- Directed ----------------------------------------------------------------------------------
 */

typedef gli_status (*weighing)(gli_run *, int64_t, const gli__directed_rows *, bool, int64_t *,
                               int64_t *, gli_error *);
static const weighing weighings[] = {gli__cpu_weigh_in_order, gli__cpu_weigh_by_hubs,
                                     gli__cpu_weigh_directed};

/* How many directions from each node to each, out of the edges themselves: 0, 1 or 2. */
static uint8_t *strengths_between(gli_snapshot *snapshot, int64_t limit) {
  uint8_t *strengths = calloc((size_t)(limit * limit), 1);
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  for (int64_t v = 0; v < limit; v++)
    for (uint32_t k = 0; k < out.rows[v].length; k++) {
      const int32_t other = out.neighbors[out.rows[v].begin + k];
      if (other != v) strengths[v * limit + other] = 1;
    }
  for (int64_t v = 0; v < limit; v++)
    for (int64_t u = 0; u < v; u++) {
      const uint8_t sum = (uint8_t)(strengths[v * limit + u] + strengths[u * limit + v]);
      strengths[v * limit + u] = strengths[u * limit + v] = sum;
    }
  return strengths;
}

/* All pairs of neighbours of each node. */
static int64_t weigh_by_definition(const uint8_t *strengths, const gli_simple_rows *rows,
                                   int64_t limit, bool between, int64_t *weights) {
  int64_t corners = 0;
  for (int64_t v = 0; v < limit; v++) {
    weights[v] = 0;
    for (int64_t j = rows->offsets[v]; j < rows->offsets[v + 1]; j++)
      for (int64_t k = rows->offsets[v]; k < j; k++) {
        const int32_t a = rows->neighbors[j], b = rows->neighbors[k];
        const int64_t ab = strengths[a * limit + b];
        weights[v] += between ? ab : ab * strengths[v * limit + a] * strengths[v * limit + b];
        corners += ab > 0;
      }
  }
  return corners / 3;
}

static void expect_weighing(gli_snapshot *snapshot, const uint8_t *strengths, weighing weigh,
                            bool between, int32_t threads) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const size_t bytes = (size_t)limit * sizeof(int64_t);
  int64_t *expected = malloc(bytes), *weights = calloc(1, bytes), total = -1;
  gli__directed_rows rows;
  uint8_t *directions = NULL;
  gli_control control = GLI_CONTROL_INIT;
  gli_run *run = NULL;
  gli__memory *memory = gli__memory_create(NULL);
  control.threads = threads;
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows.simple, NULL), GLI_OK);
  cr_assert_eq(gli__cpu_simple_directions(run, snapshot, &rows.simple, &directions, NULL), GLI_OK);
  rows.directions = directions;
  const int64_t triangles = weigh_by_definition(strengths, &rows.simple, limit, between, expected);
  cr_assert_eq(weigh(run, limit, &rows, between, weights, &total, NULL), GLI_OK);
  cr_assert_eq(memcmp(weights, expected, bytes), 0, "between: %d, %d threads", between, threads);
  cr_assert_eq(total, triangles);
  gli__run_end(run);
  gli__memory_free(memory);
  free(expected);
  free(weights);
}

static void expect_weights(gli_snapshot *snapshot) {
  static const int32_t threads[] = {1, 3};
  uint8_t *strengths = strengths_between(snapshot, gli_snapshot_node_limit(snapshot));
  for (int w = 0; w < 3; w++)
    for (int between = 0; between < 2; between++)
      for (int k = 0; k < 2; k++)
        expect_weighing(snapshot, strengths, weighings[w], between == 1, threads[k]);
  free(strengths);
  gli_snapshot_free(snapshot);
}

Test(triangle_ways, weigh_directed_triangles_by_definition) {
  gli__pretend_thread_count(3);
  expect_weights(make_kind(1009, 15000, 3, 0, true)); /* hubs, many pairs both ways */
  expect_weights(make_kind(1009, 15000, 1, 0, true)); /* all alike, few both ways */
  expect_weights(make_kind(503, 600, 6, 20, true));   /* cliques one way, beside hubs */
  expect_weights(make_kind(211, 30000, 1, 0, true));  /* dense, nearly all both ways */
  expect_weights(make_kind(7, 0, 1, 0, true));        /* no edge */
  gli__pretend_thread_count(0);
}

/* A row that is searched, with sides of both strengths. */
Test(triangle_ways, weigh_by_searching_long_rows) {
  enum { NODES = 901, HUB = 450 };
  pair *edges = calloc((size_t)4 * NODES, sizeof *edges);
  gli_random random = gli_random_start(11, 0);
  int64_t count = 0;
  for (int32_t v = 0; v < NODES; v++) {
    const bool is_mutual = v % 3 == 0;
    edges[count][0] = v % 2 == 0 ? HUB : v;
    edges[count++][1] = v % 2 == 0 ? v : HUB;
    if (!is_mutual) continue;
    edges[count][0] = edges[count - 1][1];
    edges[count][1] = edges[count - 1][0];
    count++;
  }
  for (; count < (int64_t)4 * NODES; count++) {
    edges[count][0] = (int32_t)gli_random_below(&random, NODES);
    edges[count][1] = (int32_t)gli_random_below(&random, NODES);
  }
  expect_weights(graph_of(NODES, true, count, (const pair *)edges));
  free(edges);
}

Test(triangle_ways, every_way_of_counting_bits_gives_the_same) {
  enum { WORDS = 64 };
  uint64_t left[WORDS], right[WORDS];
  int32_t places[WORDS];
  gli_random random = gli_random_start(1, 2);
  int64_t expected = 0;
  cr_assert(gli__bits_variants[gli__bits_variant_count - 1].runs_here());
  for (int32_t words = 0; words <= WORDS; words += GLI__BIT_LINE_WORDS) {
    expected = 0;
    for (int32_t k = 0; k < words; k++) {
      left[k] = gli_random_next(&random);
      right[k] = gli_random_next(&random);
      places[k] = words - 1 - k;
      for (int bit = 0; bit < 64; bit++)
        expected += (int64_t)((left[k] & right[k]) >> bit & 1);
    }
    for (int v = 0; v < gli__bits_variant_count; v++) {
      const gli__bits_variant *variant = &gli__bits_variants[v];
      if (!variant->runs_here()) continue;
      cr_assert_eq(variant->common(left, right, words), expected, "%s", variant->name);
      cr_assert_eq(variant->common_at(left, right, places, words), expected, "%s", variant->name);
    }
  }
  cr_assert_gt(expected, WORDS * 8);
}

Test(triangle_ways, counting_by_hubs_survives_failing_allocations) {
  failing_loop loop = failing_loop_start("triangles by hubs");
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = random_graph(600, 9000, false, 5, &loop.allocator);
    const int64_t limit = gli_snapshot_node_limit(snapshot);
    int64_t *counts = calloc((size_t)limit, sizeof *counts), total = 0;
    gli_simple_rows rows;
    gli_run *run = NULL;
    gli__memory *memory = gli__memory_create(&loop.allocator);
    cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
    cr_assert_eq(gli__run_begin(NULL, memory, &run, NULL), GLI_OK);
    failing_loop_arm(&loop);
    const gli_status status = gli__cpu_count_by_hubs(run, limit, &rows, counts, &total, NULL);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    gli__run_end(run);
    gli__memory_free(memory);
    gli_snapshot_free(snapshot);
    free(counts);
  }
}
