/* The two ways of counting triangles, on skewed graphs and others: both against a count by
 * definition, and the variants of counting common bits against each other. */
#include "algorithms/support.h"
#include "base/pool.h"
#include "cpu/bits.h"
#include "cpu/cluster/triangles.h"

typedef gli_status (*way)(gli_run *, int64_t, const gli_simple_rows *, int64_t *, int64_t *,
                          gli_error *);
static const way ways[] = {gli__cpu_count_in_order, gli__cpu_count_by_hubs,
                           gli__cpu_count_triangles};

/* `skew` 1: ends alike; above: ends crowd at low indices. Blocks of `clique` nodes are complete. */
static gli_snapshot *make_graph(int32_t nodes, int64_t edges, double skew, int32_t clique) {
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
  gli_snapshot *snapshot = graph_of(nodes, false, edges, (const pair *)ends);
  free(ends);
  return snapshot;
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
