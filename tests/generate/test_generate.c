/* test_generate.c: what every generator must hold, exact structure of those without chance, and the
 * statistics of the others: bounds of six standard deviations, or chi-square at 1e-9. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <string.h>

#include "support/failing_allocator.h"

typedef gli_status (*maker)(const gli_generate_options *options, const gli_control *control,
                            gli_graph **graph_out, gli_error *error);

static const int64_t sizes[3] = {700, 0, 1300};
static const double chances[9] = {0.05, 0.5, 0.001, 0.5, 1, 0.5, 0.001, 0.5, 0.02};

#define MAKER(name, call)                                                                    \
  static gli_status name(const gli_generate_options *o, const gli_control *c, gli_graph **g, \
                         gli_error *e) {                                                     \
    return call;                                                                             \
  }
MAKER(kronecker, gli_generate_kronecker(14, 16, NULL, o, c, g, e))
MAKER(gnp, gli_generate_gnp(3000, 0.03, o, c, g, e))
MAKER(gnm, gli_generate_gnm(5000, 150000, o, c, g, e))
MAKER(gnm_small, gli_generate_gnm(100, 3000, o, c, g, e))
MAKER(barabasi_albert, gli_generate_barabasi_albert(20000, 5, o, c, g, e))
MAKER(watts_strogatz, gli_generate_watts_strogatz(40000, 8, 0.3, o, c, g, e))
MAKER(blocks, gli_generate_stochastic_block_model(3, sizes, chances, o, c, g, e))
MAKER(grid, gli_generate_grid(200, 300, true, o, c, g, e))
MAKER(complete, gli_generate_complete(500, o, c, g, e))
MAKER(path, gli_generate_path(100000, o, c, g, e))
MAKER(cycle, gli_generate_cycle(100000, o, c, g, e))
MAKER(star, gli_generate_star(100000, o, c, g, e))
MAKER(karate_club, gli_generate_karate_club(o, c, g, e))

static const struct {
  const char *name;
  maker make;
  bool draws, directed;
} makers[] = {{"kronecker", kronecker, true, true},
              {"gnp", gnp, true, true},
              {"gnm", gnm, true, true},
              {"gnm, few pairs", gnm_small, true, true},
              {"barabasi_albert", barabasi_albert, true, false},
              {"watts_strogatz", watts_strogatz, true, false},
              {"stochastic_block_model", blocks, true, true},
              {"grid", grid, false, true},
              {"complete", complete, false, true},
              {"path", path, false, true},
              {"cycle", cycle, false, true},
              {"star", star, false, true},
              {"karate_club", karate_club, false, false}};
enum { MAKERS = sizeof makers / sizeof *makers };

static gli_snapshot *freeze(gli_graph *graph) {
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, NULL), GLI_OK);
  gli_graph_free(graph);
  return snapshot;
}

static gli_snapshot *made(maker make, uint64_t seed, bool directed, int32_t threads) {
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  gli_control control = GLI_CONTROL_INIT;
  gli_graph *graph = NULL;
  gli_error error = {0};
  options.seed = seed;
  options.directed = directed;
  control.threads = threads;
  cr_assert_eq(make(&options, &control, &graph, &error), GLI_OK, "%s", error.message);
  return freeze(graph);
}

static bool same_edges(gli_snapshot *left, gli_snapshot *right) {
  const int64_t count = gli_snapshot_edge_count(left);
  const int32_t *s1, *t1, *s2, *t2;
  if (count != gli_snapshot_edge_count(right)) return false;
  gli_snapshot_edge_ends(left, &s1, &t1);
  gli_snapshot_edge_ends(right, &s2, &t2);
  return memcmp(s1, s2, (size_t)count * sizeof *s1) == 0 &&
         memcmp(t1, t2, (size_t)count * sizeof *t1) == 0;
}

Test(generate, the_same_on_any_number_of_threads_and_another_with_another_seed) {
  static const int32_t threads[] = {2, 3, 8};
  for (int k = 0; k < MAKERS; k++) {
    for (int directed = 0; directed <= makers[k].directed; directed++) {
      gli_snapshot *first = made(makers[k].make, 5, directed, 1);
      cr_assert_gt(gli_snapshot_edge_count(first), 0);
      cr_expect_eq(gli_snapshot_is_directed(first), directed);
      for (int t = 0; t < 3; t++) {
        gli_snapshot *again = made(makers[k].make, 5, directed, threads[t]);
        cr_expect(same_edges(first, again), "%s, %d threads", makers[k].name, threads[t]);
        gli_snapshot_free(again);
      }
      gli_snapshot *other = made(makers[k].make, 6, directed, 0);
      cr_expect(same_edges(first, other) == !makers[k].draws, "%s, another seed", makers[k].name);
      gli_snapshot_free(other);
      gli_snapshot_free(first);
    }
  }
}

Test(generate, no_loop_and_every_pair_once) {
  for (int k = 0; k < MAKERS; k++) {
    for (int directed = 0; directed <= makers[k].directed; directed++) {
      gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
      gli_graph *graph = NULL;
      options.directed = directed;
      /* Where parallel edges would stay they must not come; Kronecker graphs may have them. */
      options.multigraph = makers[k].make != kronecker;
      cr_assert_eq(makers[k].make(&options, NULL, &graph, NULL), GLI_OK);
      gli_snapshot *snapshot = freeze(graph);
      const int64_t count = gli_snapshot_edge_count(snapshot);
      const int32_t *sources, *targets;
      gli_snapshot_edge_ends(snapshot, &sources, &targets);
      for (int64_t e = 0; e < count; e++)
        cr_assert_neq(sources[e], targets[e], "%s, edge %lld", makers[k].name, (long long)e);
      gli_graph_options simple = GLI_GRAPH_OPTIONS_INIT;
      simple.directed = directed;
      cr_assert_eq(gli_graph_create(&simple, &graph, NULL), GLI_OK);
      int64_t *wide = malloc(2 * (size_t)count * sizeof *wide), added = 0;
      for (int64_t e = 0; e < count; e++) {
        wide[e] = sources[e];
        wide[count + e] = targets[e];
      }
      cr_assert_eq(gli_graph_add_edges(graph, count, NULL, NULL, wide, wide + count, NULL, 0, NULL,
                                       NULL, &added, NULL),
                   GLI_OK);
      cr_expect_eq(added, count, "%s: %lld of %lld edges are different", makers[k].name,
                   (long long)added, (long long)count);
      free(wide);
      gli_graph_free(graph);
      gli_snapshot_free(snapshot);
    }
  }
}

static void expect_edges(gli_graph *graph, const char *name, const int32_t (*expected)[2],
                         int64_t count) {
  gli_snapshot *snapshot = freeze(graph);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  cr_assert_eq(gli_snapshot_edge_count(snapshot), count, "%s", name);
  for (int64_t e = 0; e < count; e++) {
    cr_expect(sources[e] == expected[e][0] && targets[e] == expected[e][1], "%s, edge %lld: %d %d",
              name, (long long)e, sources[e], targets[e]);
  }
  gli_snapshot_free(snapshot);
}

Test(generate, structure_of_the_classic_ones) {
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  gli_graph *graph = NULL;
  gli_generate_path(4, &options, NULL, &graph, NULL);
  expect_edges(graph, "path", (const int32_t[][2]){{0, 1}, {1, 2}, {2, 3}}, 3);
  gli_generate_cycle(3, &options, NULL, &graph, NULL);
  expect_edges(graph, "cycle", (const int32_t[][2]){{0, 1}, {1, 2}, {2, 0}}, 3);
  gli_generate_star(4, &options, NULL, &graph, NULL);
  expect_edges(graph, "star", (const int32_t[][2]){{0, 1}, {0, 2}, {0, 3}}, 3);
  gli_generate_complete(4, &options, NULL, &graph, NULL);
  expect_edges(graph, "complete",
               (const int32_t[][2]){{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}, 6);
  gli_generate_grid(2, 3, false, &options, NULL, &graph, NULL);
  expect_edges(graph, "grid",
               (const int32_t[][2]){{0, 1}, {1, 2}, {3, 4}, {4, 5}, {0, 3}, {1, 4}, {2, 5}}, 7);
  gli_generate_grid(2, 3, true, &options, NULL, &graph, NULL); /* two rows do not wrap */
  expect_edges(
      graph, "grid, periodic",
      (const int32_t[][2]){{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}},
      9);
  options.directed = true;
  gli_generate_complete(3, &options, NULL, &graph, NULL);
  expect_edges(graph, "complete, directed",
               (const int32_t[][2]){{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}}, 6);
  gli_generate_grid(1, 3, false, &options, NULL, &graph, NULL);
  expect_edges(graph, "grid, directed", (const int32_t[][2]){{0, 1}, {1, 0}, {1, 2}, {2, 1}}, 4);
}

Test(generate, the_karate_club_is_the_one_of_the_files) {
  /* examples/data/karate.csv: the same club from another source, each edge both ways. */
  char file[1024];
  const char *root = getenv("GLI_SOURCE_DIR");
  snprintf(file, sizeof file, "%s/examples/data/karate.csv", root != NULL ? root : ".");
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  gli_graph *read = NULL, *club = NULL;
  options.directed = false;
  cr_assert_eq(gli_read(file, &options, NULL, &read, NULL), GLI_OK);
  cr_assert_eq(gli_generate_karate_club(NULL, NULL, &club, NULL), GLI_OK);
  cr_expect_eq(gli_graph_node_count(club), 34);
  cr_expect_eq(gli_graph_edge_count(club), 78);
  for (int64_t u = 0; u < 34; u++) {
    for (int64_t v = 0; v < u; v++) {
      gli_edge_id one = GLI_EDGE_NONE, other = GLI_EDGE_NONE;
      gli_graph_find_edges(read, 1, NULL, NULL, &u, &v, &one, NULL);
      gli_graph_find_edges(club, 1, NULL, NULL, &u, &v, &other, NULL);
      cr_expect_eq(one == GLI_EDGE_NONE, other == GLI_EDGE_NONE, "%d %d", (int)u, (int)v);
    }
  }
  gli_graph_free(read);
  gli_graph_free(club);
}

Test(generate, nothing_and_next_to_nothing) {
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  static const int64_t none[2] = {0, 0};
  static const double sure[4] = {1, 1, 1, 1};
  for (int directed = 0; directed <= 1; directed++) {
    options.directed = directed;
    for (int64_t n = 0; n <= 2; n++) {
      gli_graph *graphs[8] = {NULL};
      gli_generate_gnp(n, 0.5, &options, NULL, &graphs[0], NULL);
      gli_generate_gnp(n, 0, &options, NULL, &graphs[1], NULL);
      gli_generate_gnm(n, 0, &options, NULL, &graphs[2], NULL);
      gli_generate_path(n, &options, NULL, &graphs[3], NULL);
      gli_generate_star(n, &options, NULL, &graphs[4], NULL);
      gli_generate_complete(n, &options, NULL, &graphs[5], NULL);
      gli_generate_grid(n, 1, true, &options, NULL, &graphs[6], NULL);
      gli_generate_gnp(n, 1, &options, NULL, &graphs[7], NULL);
      for (int k = 0; k < 8; k++) {
        cr_assert_not_null(graphs[k], "case %d", k);
        cr_expect_eq(gli_graph_node_count(graphs[k]), n, "case %d", k);
        const int64_t most = n < 2 ? 0 : directed ? 2 : 1;
        cr_expect_leq(gli_graph_edge_count(graphs[k]), most, "case %d", k);
        if (k >= 5) cr_expect_eq(gli_graph_edge_count(graphs[k]), most, "case %d", k);
        gli_graph_free(graphs[k]);
      }
    }
    gli_graph *graph = NULL;
    cr_expect_eq(gli_generate_stochastic_block_model(0, NULL, NULL, &options, NULL, &graph, NULL),
                 GLI_OK);
    gli_graph_free(graph);
    cr_expect_eq(gli_generate_stochastic_block_model(2, none, sure, &options, NULL, &graph, NULL),
                 GLI_OK);
    gli_graph_free(graph);
    cr_expect_eq(gli_generate_kronecker(0, 3, NULL, &options, NULL, &graph, NULL), GLI_OK);
    cr_expect_eq(gli_graph_node_count(graph), 1);
    cr_expect_eq(gli_graph_edge_count(graph), 0);
    gli_graph_free(graph);
    cr_expect_eq(gli_generate_grid(0, INT64_MAX, false, &options, NULL, &graph, NULL), GLI_OK);
    gli_graph_free(graph);
  }
}

/* --- Statistics --------------------------------------------------------------------------------
 */

static void expect_near(double found, double mean, double deviation, const char *what) {
  cr_expect_leq(fabs(found - mean), 6 * deviation, "%s: %g, expected %g, deviation %g", what, found,
                mean, deviation);
}

/* Above this a chi-square of k degrees of freedom is once in 10^9 (Wilson and Hilferty 1931). */
static double chi_square_limit(double k) {
  const double z = 6, part = 2 / (9 * k);
  return k * pow(1 - part + z * sqrt(part), 3);
}

Test(generate, numbers_of_edges_are_binomial) {
  double sum = 0, squares = 0;
  enum { TRIALS = 400 };
  const double pairs = 200.0 * 199 / 2, p = 0.1, mean = pairs * p, variance = mean * (1 - p);
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.seed = seed;
    cr_assert_eq(gli_generate_gnp(200, p, &options, NULL, &graph, NULL), GLI_OK);
    const double off = (double)gli_graph_edge_count(graph) - mean;
    sum += off;
    squares += off * off;
    gli_graph_free(graph);
  }
  expect_near(sum / TRIALS, 0, sqrt(variance / TRIALS), "mean");
  expect_near(squares / TRIALS, variance, variance * sqrt(2.0 / TRIALS), "variance");
}

/* Every pair is as likely as any other: chi-square of how often each was an edge. */
static void expect_even_pairs(const char *what, int64_t nodes, bool directed, double share,
                              gli_status (*make)(int64_t nodes, const gli_generate_options *options,
                                                 gli_graph **graph_out)) {
  enum { TRIALS = 2000 };
  static int seen[40][40];
  memset(seen, 0, sizeof seen);
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.seed = seed;
    options.directed = directed;
    cr_assert_eq(make(nodes, &options, &graph), GLI_OK);
    gli_snapshot *snapshot = freeze(graph);
    const int32_t *sources, *targets;
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    for (int64_t e = 0; e < gli_snapshot_edge_count(snapshot); e++)
      seen[sources[e]][targets[e]]++;
    gli_snapshot_free(snapshot);
  }
  double chi = 0;
  int64_t pairs = 0;
  for (int64_t u = 0; u < nodes; u++) {
    for (int64_t v = directed ? 0 : u + 1; v < nodes; v++) {
      if (u == v) continue;
      const double off = seen[u][v] - TRIALS * share;
      chi += off * off / (TRIALS * share * (1 - share));
      pairs++;
    }
  }
  cr_expect_leq(chi, chi_square_limit((double)pairs), "%s: chi-square %g of %d", what, chi,
                (int)pairs);
  cr_expect_geq(chi, (double)pairs - 6 * sqrt(2 * (double)pairs), "%s: too even, %g", what, chi);
}

static gli_status some_gnp(int64_t nodes, const gli_generate_options *options, gli_graph **out) {
  return gli_generate_gnp(nodes, 0.3, options, NULL, out, NULL);
}

static gli_status some_gnm(int64_t nodes, const gli_generate_options *options, gli_graph **out) {
  return gli_generate_gnm(nodes, nodes * (nodes - 1) / 10, options, NULL, out, NULL);
}

Test(generate, every_pair_is_as_likely_as_any_other) {
  expect_even_pairs("gnp", 30, false, 0.3, some_gnp);
  expect_even_pairs("gnp, directed", 20, true, 0.3, some_gnp);
  expect_even_pairs("gnm", 30, false, 0.2, some_gnm);
  expect_even_pairs("gnm, directed", 20, true, 0.1, some_gnm);
}

/* Sums of the edges per row and column of a 64 x 64 partition of the matrix. */
static double uneven(gli_snapshot *snapshot, int64_t nodes) {
  enum { CELLS = 64 };
  static double seen[CELLS];
  const int32_t *sources, *targets;
  memset(seen, 0, sizeof seen);
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  const int64_t count = gli_snapshot_edge_count(snapshot);
  for (int64_t e = 0; e < count; e++) {
    seen[sources[e] * CELLS / nodes]++;
    seen[targets[e] * CELLS / nodes]++;
  }
  double chi = 0;
  const double expected = 2 * (double)count / CELLS;
  for (int c = 0; c < CELLS; c++)
    chi += (seen[c] - expected) * (seen[c] - expected) / expected;
  return chi;
}

Test(generate, large_gnm_and_gnp_spread_evenly) {
  gli_graph *graph = NULL;
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  for (options.seed = 0; options.seed < 4; options.seed++) {
    cr_assert_eq(gli_generate_gnm(1 << 16, 300001, &options, NULL, &graph, NULL), GLI_OK);
    cr_expect_eq(gli_graph_edge_count(graph), 300001);
    gli_snapshot *snapshot = freeze(graph);
    cr_expect_leq(uneven(snapshot, 1 << 16), chi_square_limit(63));
    gli_snapshot_free(snapshot);
    cr_assert_eq(gli_generate_gnp(1 << 16, 1e-4, &options, NULL, &graph, NULL), GLI_OK);
    const double pairs = 65536.0 * 65535 / 2;
    expect_near((double)gli_graph_edge_count(graph), pairs * 1e-4, sqrt(pairs * 1e-4), "edges");
    snapshot = freeze(graph);
    cr_expect_leq(uneven(snapshot, 1 << 16), chi_square_limit(63));
    gli_snapshot_free(snapshot);
  }
}

Test(generate, blocks_have_their_own_densities) {
  static const int64_t counts[3] = {300, 200, 100};
  static const double p[9] = {0.3, 0.02, 0.1, 0.05, 0.5, 0, 1, 0.01, 0.2};
  static const double even[9] = {0.3, 0.02, 0.1, 0.02, 0.5, 0, 0.1, 0, 0.2};
  for (int directed = 0; directed <= 1; directed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.directed = directed;
    cr_assert_eq(gli_generate_stochastic_block_model(3, counts, directed ? p : even, &options, NULL,
                                                     &graph, NULL),
                 GLI_OK);
    gli_snapshot *snapshot = freeze(graph);
    int64_t found[3][3] = {{0}};
    const int32_t *sources, *targets;
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    for (int64_t e = 0; e < gli_snapshot_edge_count(snapshot); e++) {
      const int i = (sources[e] >= 300) + (sources[e] >= 500);
      const int j = (targets[e] >= 300) + (targets[e] >= 500);
      found[i][j]++;
    }
    for (int i = 0; i < 3; i++) {
      for (int j = directed ? 0 : i; j < 3; j++) {
        const double chance = (directed ? p : even)[3 * i + j];
        double pairs = (double)(counts[i] * (i == j ? counts[j] - 1 : counts[j]));
        if (i == j && !directed) pairs /= 2;
        expect_near((double)found[i][j], pairs * chance, sqrt(pairs * chance * (1 - chance)),
                    "a block");
      }
    }
    gli_snapshot_free(snapshot);
  }
}

Test(generate, kronecker_follows_its_quarters) {
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  gli_graph *graph = NULL;
  options.multigraph = true;
  options.directed = true;
  cr_assert_eq(gli_generate_kronecker(10, 64, NULL, &options, NULL, &graph, NULL), GLI_OK);
  cr_expect_eq(gli_graph_edge_count(graph), 64 << 10);
  gli_snapshot *snapshot = freeze(graph);
  /* Loops: each halving keeps to the diagonal with 0.57 + 0.05. */
  const double edges = 64 << 10, loop = pow(0.62, 10);
  const int32_t *sources, *targets;
  double loops = 0, squares = 0;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  double degrees[1 << 10] = {0};
  for (int64_t e = 0; e < 64 << 10; e++) {
    loops += sources[e] == targets[e];
    degrees[sources[e]]++;
  }
  expect_near(loops, edges * loop, sqrt(edges * loop), "loops");
  /* Out degrees: a node with k zero bits has edges * 0.76^k * 0.24^(10 - k), so the chance that two
   * edges share their source is (0.76^2 + 0.24^2)^10, whatever the names. */
  for (int v = 0; v < 1 << 10; v++)
    squares += degrees[v] * (degrees[v] - 1);
  const double share = pow(0.76 * 0.76 + 0.24 * 0.24, 10);
  expect_near(squares / (edges * (edges - 1)), share, 0.02 * share, "pairs with one source");
  gli_snapshot_free(snapshot);
  /* One quarter alone: every edge is the same loop, and is left out. */
  options.multigraph = false;
  static const double corner[3] = {1, 0, 0};
  cr_assert_eq(gli_generate_kronecker(6, 4, corner, &options, NULL, &graph, NULL), GLI_OK);
  cr_expect_eq(gli_graph_edge_count(graph), 0);
  gli_graph_free(graph);
}

Test(generate, kronecker_names_are_a_bijection) {
  /* The matrix filled evenly and often: every node gets an edge. */
  static const double even[3] = {0.25, 0.25, 0.25};
  for (int32_t scale = 0; scale <= 8; scale++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.multigraph = true;
    options.seed = (uint64_t)scale;
    cr_assert_eq(gli_generate_kronecker(scale, 40, even, &options, NULL, &graph, NULL), GLI_OK);
    cr_expect_eq(gli_graph_node_count(graph), 1 << scale);
    gli_snapshot *snapshot = freeze(graph);
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    for (int32_t v = 0; v < 1 << scale; v++)
      cr_expect_gt(rows.rows[v].length, 0, "scale %d: node %d", scale, v);
    gli_snapshot_free(snapshot);
  }
}

Test(generate, preferential_attachment_prefers) {
  gli_graph *graph = NULL;
  cr_assert_eq(gli_generate_barabasi_albert(50000, 4, NULL, NULL, &graph, NULL), GLI_OK);
  cr_expect_eq(gli_graph_edge_count(graph), 4 * (50000 - 4));
  gli_snapshot *snapshot = freeze(graph);
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  int64_t of_degree[9] = {0}, largest = 0;
  for (int32_t v = 0; v < 50000; v++) {
    const uint32_t degree = rows.rows[v].length;
    if (degree < 9) of_degree[degree]++;
    if (degree > largest) largest = degree;
  }
  /* Dorogovtsev, Mendes and Samukhin 2000: P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)). */
  for (int k = 4; k < 9; k++) {
    const double share = 2.0 * 4 * 5 / (k * (k + 1.0) * (k + 2.0));
    expect_near((double)of_degree[k], 50000 * share, sqrt(50000 * share), "nodes of a degree");
  }
  cr_expect_gt(largest, 300); /* of the order of m sqrt(n): 894 */
  gli_snapshot_free(snapshot);
}

Test(generate, small_worlds_move_their_share_of_edges) {
  static const double chance[] = {0, 0.1, 1};
  for (int k = 0; k < 3; k++) {
    gli_graph *graph = NULL;
    cr_assert_eq(gli_generate_watts_strogatz(20000, 11, chance[k], NULL, NULL, &graph, NULL),
                 GLI_OK); /* an odd 11 counts as 10 */
    cr_expect_eq(gli_graph_edge_count(graph), 100000);
    gli_snapshot *snapshot = freeze(graph);
    const int32_t *sources, *targets;
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    double stayed = 0;
    for (int64_t e = 0; e < 100000; e++) {
      const int32_t steps = (targets[e] - sources[e] + 20000) % 20000;
      cr_assert_eq(sources[e], e % 20000);
      stayed += steps == e / 20000 + 1;
    }
    expect_near(stayed, 1e5 * (1 - chance[k]), sqrt(1e5 * chance[k] * (1 - chance[k])),
                "edges that stayed");
    gli_snapshot_free(snapshot);
  }
  /* As dense as it can be: moving finds the only free place, or leaves the edge. */
  gli_graph *graph = NULL;
  for (uint64_t seed = 0; seed < 50; seed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    options.seed = seed;
    for (int64_t n = 1; n < 9; n++) {
      cr_assert_eq(gli_generate_watts_strogatz(n, n - 1, 1, &options, NULL, &graph, NULL), GLI_OK);
      cr_expect_eq(gli_graph_edge_count(graph), n * ((n - 1) / 2));
      gli_graph_free(graph);
    }
  }
}

/* Where few pairs are chosen from, a share that is a little off shows; and none may be left over
 * where all are wanted. */
Test(generate, gnm_chooses_among_few_pairs) {
  const int32_t *sources, *targets;
  double first = 0;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.seed = seed;
    options.directed = true;
    cr_assert_eq(gli_generate_gnm(2, 1, &options, NULL, &graph, NULL), GLI_OK);
    gli_snapshot *snapshot = freeze(graph);
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    first += sources[0] == 0;
    gli_snapshot_free(snapshot);
  }
  expect_near(first, 1000, sqrt(500), "graphs with the first pair");
  for (int64_t n = 2; n < 8; n++) {
    for (uint64_t seed = 0; seed < 20; seed++) {
      gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
      gli_graph *graph = NULL;
      options.seed = seed;
      cr_assert_eq(gli_generate_gnm(n, n * (n - 1) / 2, &options, NULL, &graph, NULL), GLI_OK);
      cr_assert_eq(gli_graph_edge_count(graph), n * (n - 1) / 2);
      gli_graph_free(graph);
    }
  }
}

/* Where an edge moves to, its ends are not joined yet: not by itself either. */
Test(generate, small_worlds_leave_no_edge_that_moves_in_its_place) {
  for (uint64_t seed = 0; seed < 50; seed++) {
    gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
    gli_graph *graph = NULL;
    options.seed = seed;
    cr_assert_eq(gli_generate_watts_strogatz(50, 4, 1, &options, NULL, &graph, NULL), GLI_OK);
    gli_snapshot *snapshot = freeze(graph);
    const int32_t *sources, *targets;
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    for (int32_t e = 0; e < 100; e++)
      cr_assert_neq((targets[e] - sources[e] + 50) % 50, e / 50 + 1, "edge %d", e);
    gli_snapshot_free(snapshot);
  }
}

/* --- Errors ------------------------------------------------------------------------------------
 */

static void expect_refused(gli_status status, gli_status wanted, const gli_error *error,
                           const char *says) {
  cr_expect_eq(status, wanted, "'%s': %s", says, error->message);
  cr_expect_not_null(strstr(error->message, says), "expected '%s' in: %s", says, error->message);
}

Test(generate, what_cannot_be_is_refused) {
  gli_graph *g = NULL;
  gli_error e = {0};
  gli_generate_options arcs = GLI_GENERATE_OPTIONS_INIT, old = GLI_GENERATE_OPTIONS_INIT;
  arcs.directed = true;
  old.struct_size = 3;
  const gli_status bad = GLI_ERROR_INVALID_ARGUMENT, many = GLI_ERROR_LIMIT;
  const int64_t big = (int64_t)INT32_MAX + 1, huge = INT64_MAX;
#define REFUSED(wanted, says, call) expect_refused(call, wanted, &e, says)
  REFUSED(bad, "gnp: p is 1.5", gli_generate_gnp(10, 1.5, NULL, NULL, &g, &e));
  REFUSED(bad, "gnp: p is -0.1", gli_generate_gnp(10, -0.1, NULL, NULL, &g, &e));
  REFUSED(bad, "nan", gli_generate_gnp(10, NAN, NULL, NULL, &g, &e));
  REFUSED(bad, "node_count is -1", gli_generate_gnp(-1, 0.5, NULL, NULL, &g, &e));
  REFUSED(many, "node_count is 2147483648", gli_generate_gnp(big, 0.5, NULL, NULL, &g, &e));
  REFUSED(many, "edges; at most", gli_generate_gnp(INT32_MAX, 0.5, NULL, NULL, &g, &e));
  REFUSED(many, "edges; at most", gli_generate_complete(200000, NULL, NULL, &g, &e));
  REFUSED(bad, "0 to 45", gli_generate_gnm(10, 46, NULL, NULL, &g, &e));
  REFUSED(bad, "0 to 90", gli_generate_gnm(10, 91, &arcs, NULL, &g, &e));
  REFUSED(bad, "edge_count is -1", gli_generate_gnm(10, -1, NULL, NULL, &g, &e));
  REFUSED(many, "edges; at most", gli_generate_gnm(INT32_MAX, huge / 8, NULL, NULL, &g, &e));
  REFUSED(bad, "edges_per_node is 0", gli_generate_barabasi_albert(10, 0, NULL, NULL, &g, &e));
  REFUSED(bad, "which is 10", gli_generate_barabasi_albert(10, 10, NULL, NULL, &g, &e));
  REFUSED(many, "edges; at most",
          gli_generate_barabasi_albert(INT32_MAX, 1 << 20, NULL, NULL, &g, &e));
  REFUSED(bad, "undirected", gli_generate_barabasi_albert(10, 2, &arcs, NULL, &g, &e));
  REFUSED(bad, "neighbor_count is 10", gli_generate_watts_strogatz(10, 10, 0, NULL, NULL, &g, &e));
  REFUSED(bad, "neighbor_count is -2", gli_generate_watts_strogatz(10, -2, 0, NULL, NULL, &g, &e));
  REFUSED(bad, "p is 2", gli_generate_watts_strogatz(10, 4, 2, NULL, NULL, &g, &e));
  REFUSED(bad, "undirected", gli_generate_watts_strogatz(10, 4, 0, &arcs, NULL, &g, &e));
  REFUSED(many, "edges; at most",
          gli_generate_watts_strogatz(INT32_MAX, 1 << 20, 0, NULL, NULL, &g, &e));
  REFUSED(bad, "scale is 31", gli_generate_kronecker(31, 1, NULL, NULL, NULL, &g, &e));
  REFUSED(bad, "scale is -1", gli_generate_kronecker(-1, 1, NULL, NULL, NULL, &g, &e));
  REFUSED(bad, "edges_per_node is -1", gli_generate_kronecker(5, -1, NULL, NULL, NULL, &g, &e));
  REFUSED(many, "at scale 30", gli_generate_kronecker(30, 16, NULL, NULL, NULL, &g, &e));
  REFUSED(many, "at scale 1", gli_generate_kronecker(1, huge, NULL, NULL, NULL, &g, &e));
  REFUSED(bad, "quarters sum to 1.5",
          gli_generate_kronecker(5, 1, (double[]){0.5, 0.5, 0.5}, NULL, NULL, &g, &e));
  REFUSED(bad, "a quarter is -1",
          gli_generate_kronecker(5, 1, (double[]){-1, 0.5, 0.5}, NULL, NULL, &g, &e));
  REFUSED(bad, "row_count is -1", gli_generate_grid(-1, 2, false, NULL, NULL, &g, &e));
  REFUSED(bad, "column_count is -1", gli_generate_grid(2, -1, false, NULL, NULL, &g, &e));
  REFUSED(many, "nodes fit", gli_generate_grid(1 << 16, 1 << 16, false, NULL, NULL, &g, &e));
  REFUSED(many, "nodes fit", gli_generate_grid(huge, huge, false, NULL, NULL, &g, &e));
  REFUSED(many, "edges; at most", gli_generate_grid(40000, 40000, true, &arcs, NULL, &g, &e));
  REFUSED(bad, "at least 3", gli_generate_cycle(2, NULL, NULL, &g, &e));
  REFUSED(bad, "at least 0", gli_generate_path(-1, NULL, NULL, &g, &e));
  REFUSED(bad, "at least 0", gli_generate_star(-1, NULL, NULL, &g, &e));
  REFUSED(bad, "undirected", gli_generate_karate_club(&arcs, NULL, &g, &e));
  const int64_t two[2] = {5, 5}, negative[2] = {5, -1}, wide[2] = {INT32_MAX, 1};
  const double uneven_p[4] = {0, 0.5, 0.4, 0}, out[4] = {0, 2, 2, 0}, none[4] = {0};
#define BLOCKS gli_generate_stochastic_block_model
  REFUSED(bad, "alike", BLOCKS(2, two, uneven_p, NULL, NULL, &g, &e));
  REFUSED(bad, "p is 2", BLOCKS(2, two, out, &arcs, NULL, &g, &e));
  REFUSED(bad, "a size is -1", BLOCKS(2, negative, none, NULL, NULL, &g, &e));
  REFUSED(many, "nodes fit", BLOCKS(2, wide, none, NULL, NULL, &g, &e));
  REFUSED(bad, "block_count is -1", BLOCKS(-1, two, none, NULL, NULL, &g, &e));
  REFUSED(bad, "p is NULL", BLOCKS(2, two, NULL, NULL, NULL, &g, &e));
  REFUSED(bad, "sizes is NULL", BLOCKS(2, NULL, none, NULL, NULL, &g, &e));
  REFUSED(bad, "graph_out is NULL", gli_generate_path(3, NULL, NULL, NULL, &e));
  REFUSED(GLI_ERROR_ABI, "struct_size", gli_generate_path(3, &old, NULL, &g, &e));
  cr_expect_null(g);
}

Test(generate, every_failing_allocation) {
  static const char *const names[] = {"gli_generate_kronecker",
                                      "gli_generate_gnp",
                                      "gli_generate_gnm",
                                      "gli_generate_barabasi_albert",
                                      "gli_generate_watts_strogatz",
                                      "gli_generate_stochastic_block_model",
                                      "gli_generate_grid"};
  const int64_t three[3] = {4, 5, 6};
  for (int k = 0; k < 7; k++) {
    failing_loop loop = failing_loop_start(names[k]);
    while (failing_loop_next(&loop)) {
      gli_generate_options o = GLI_GENERATE_OPTIONS_INIT;
      gli_graph *graph = NULL;
      gli_error e = {0};
      o.allocator = &loop.allocator;
      failing_loop_arm(&loop);
      const gli_status status =
          k == 0   ? gli_generate_kronecker(4, 4, NULL, &o, NULL, &graph, &e)
          : k == 1 ? gli_generate_gnp(30, 0.2, &o, NULL, &graph, &e)
          : k == 2 ? gli_generate_gnm(600, 30, &o, NULL, &graph, &e)
          : k == 3 ? gli_generate_barabasi_albert(20, 3, &o, NULL, &graph, &e)
          : k == 4 ? gli_generate_watts_strogatz(20, 4, 0.5, &o, NULL, &graph, &e)
          : k == 5 ? gli_generate_stochastic_block_model(3, three, chances, &o, NULL, &graph, &e)
                   : gli_generate_grid(4, 5, false, &o, NULL, &graph, &e);
      const bool failed = failing_loop_disarm(&loop);
      cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", e.message);
      cr_assert(failed == (graph == NULL));
      gli_graph_free(graph);
    }
  }
}

Test(generate, stops_when_asked) {
  gli_cancel cancel = {0};
  gli_control control = GLI_CONTROL_INIT;
  gli_graph *graph = NULL;
  gli_cancel_request(&cancel);
  control.cancel = &cancel;
  for (int k = 0; k < MAKERS; k++) {
    cr_expect_eq(makers[k].make(NULL, &control, &graph, NULL), GLI_ERROR_CANCELLED, "%s",
                 makers[k].name);
  }
  control.cancel = NULL;
  control.max_seconds = 0.02;
  cr_expect_eq(gli_generate_barabasi_albert(10000000, 8, NULL, &control, &graph, NULL),
               GLI_ERROR_TIMEOUT);
  cr_expect_eq(gli_generate_kronecker(20, 64, NULL, NULL, &control, &graph, NULL),
               GLI_ERROR_TIMEOUT);
  cr_expect_null(graph);
}
