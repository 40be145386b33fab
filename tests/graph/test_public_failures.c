/* Every allocation of the public functions around the graph fails: queries, groups, parts, files in
 * every form, results, changes of shared copies, and every algorithm with its weights and samples
 * on a graph with holes. test_graph_failures.c does the same for graph.h. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "support/failing_allocator.h"

typedef struct stage {
  gli_graph *graph, *other;
  gli_snapshot *snapshot;
  gli_result *result;
  gli_allocator allocator;
  gli_key weight, name, number;
  char folder[64];
  const gli_algorithm *algorithm;
  const void *options;
} stage;

typedef gli_status (*call)(stage *on, gli_error *error);

static void fill(stage *on) {
  static const char *const texts[] = {"red", "green",
                                      "a colour with a name beyond any inline form"};
  gli_error error = {0};
  must(gli_graph_key(on->graph, "weight", 6, &on->weight, &error), &error);
  must(gli_graph_key(on->graph, "name", 4, &on->name, &error), &error);
  must(gli_graph_key(on->graph, "number", 6, &on->number, &error), &error);
  for (int64_t k = 0; k < 60; k++) {
    const gli_id id = gli_id_int(k);
    const gli_attribute attributes[] = {{on->name, gli_value_string(texts[k % 3])},
                                        {on->number, gli_value_int(k % 7)}};
    must(gli_graph_add_node(on->graph, &id, attributes, k % 5 == 0 ? 1 : 2, NULL, &error), &error);
  }
  for (int64_t k = 0; k < 200; k++) {
    const gli_id from = gli_id_int(k * 7 % 60), to = gli_id_int(k * k % 60);
    const gli_attribute attributes[] = {{on->weight, gli_value_float(0.5 + (double)(k % 4))},
                                        {on->name, gli_value_string(texts[k % 2])}};
    must(gli_graph_add_edge(on->graph, &from, &to, attributes, 2, NULL, &error), &error);
  }
  for (int64_t k = 9; k < 60; k += 20) {
    const gli_id id = gli_id_int(k);
    must(gli_graph_remove_node(on->graph, &id, &error), &error);
  }
}

/* `before` may not fail; `run` is tested, gives back what it made, and leaves the graph as it is
 * unless it says that it `changes` it. */
static int fail_each(const char *what, call before, call run, bool changes, bool directed,
                     const gli_algorithm *algorithm, const void *options) {
  failing_loop loop = failing_loop_start(what);
  int rounds = 0;
  while (failing_loop_next(&loop)) {
    stage on = {.allocator = loop.allocator, .algorithm = algorithm, .options = options};
    gli_graph_options chosen = GLI_GRAPH_OPTIONS_INIT;
    gli_error error = {0};
    chosen.directed = directed;
    chosen.allocator = &loop.allocator;
    must(gli_graph_create(&chosen, &on.graph, &error), &error);
    fill(&on);
    must(gli_graph_snapshot(on.graph, &on.snapshot, &error), &error);
    if (before != NULL) must(before(&on, &error), &error);
    char *was = dump(on.graph);
    failing_loop_arm(&loop);
    const gli_status status = run(&on, &error);
    const bool failed = failing_loop_disarm(&loop);
    /* What can be done without (an index, a cache) hides its failure. */
    cr_assert(status == GLI_OK || (failed && status == GLI_ERROR_OUT_OF_MEMORY),
              "%s: status %s, %s", what, gli_status_text(status), error.message);
    if (status != GLI_OK || !changes) {
      char *is = dump(on.graph);
      cr_assert_str_eq(was, is, "%s changed the graph", what);
      free(is);
      must(run(&on, &error), &error);
    }
    free(was);
    gli_result_free(on.result);
    gli_snapshot_free(on.snapshot);
    gli_graph_free(on.other);
    gli_graph_free(on.graph);
    if (on.folder[0] != 0) {
      char command[128];
      snprintf(command, sizeof command, "rm -r '%s'", on.folder);
      cr_assert_eq(system(command), 0);
    }
    rounds++;
  }
  return rounds;
}

static void fail_both(const char *what, call before, call run, bool changes) {
  fail_each(what, before, run, changes, true, NULL, NULL);
  fail_each(what, before, run, changes, false, NULL, NULL);
}

/* --- queries -------------------------------------------------------------------------------------
 */

static gli_status parse(stage *on, const char *text, gli_expression **out, gli_error *error) {
  return gli_expression_parse(text, strlen(text), &on->allocator, out, error);
}

static gli_status filter_side(stage *on, gli_side side, const char *text, gli_error *error) {
  gli_expression *expression = NULL;
  gli_positions found;
  gli_status status = parse(on, text, &expression, error);
  if (status == GLI_OK) {
    status = gli_snapshot_filter(on->snapshot, side, expression, NULL, &found, error);
    if (status == GLI_OK) {
      cr_assert_gt(found.count, 0);
      gli_positions_free(&found);
    }
  }
  gli_expression_free(expression);
  return status;
}
static gli_status filter_nodes(stage *on, gli_error *error) {
  return filter_side(
      on, GLI_NODES,
      "(number * 2 + 1 > 3 or name in ('red', 'blue')) and not startswith(name, 'x')", error);
}
static gli_status filter_edges(stage *on, gli_error *error) {
  return filter_side(on, GLI_EDGES, "weight / 2 < 1.5 and upper(name) != 'BLUE' and len(name) > 1",
                     error);
}
static gli_status mask_edges(stage *on, gli_error *error) {
  uint8_t mask[256];
  gli_expression *expression = NULL;
  cr_assert_leq(gli_snapshot_edge_limit(on->snapshot), 256);
  gli_status status = parse(on, "weight == 1.5 or source == target", &expression, error);
  if (status == GLI_OK) {
    status = gli_snapshot_filter_mask(on->snapshot, GLI_EDGES, expression, NULL, mask, error);
  }
  gli_expression_free(expression);
  return status;
}
static gli_status match_edges(stage *on, gli_error *error) {
  const gli_attribute wanted[] = {{on->name, gli_value_string("red")},
                                  {on->weight, gli_value_float(0.5)}};
  gli_positions found;
  const gli_status status =
      gli_snapshot_match(on->snapshot, GLI_EDGES, wanted, 2, NULL, &found, error);
  if (status == GLI_OK) gli_positions_free(&found);
  return status;
}
static gli_status group_all(stage *on, gli_error *error) {
  for (int aggregate = GLI_COUNT; aggregate <= GLI_MEMBERS; aggregate++) {
    gli_groups groups;
    const gli_key value =
        aggregate >= GLI_SUM && aggregate < GLI_MEMBERS ? on->number : GLI_KEY_NONE;
    const gli_status status = gli_snapshot_group(on->snapshot, GLI_NODES, on->name, value,
                                                 (gli_aggregate)aggregate, NULL, &groups, error);
    if (status != GLI_OK) return status;
    cr_assert_eq(groups.count, 3);
    gli_groups_free(&groups);
  }
  return GLI_OK;
}
static gli_status neighbors_both(stage *on, gli_error *error) {
  const int32_t nodes[] = {0, 1, 2, 3, 7, 7, 59};
  int64_t offsets[8];
  gli_positions found;
  const gli_status status =
      gli_snapshot_neighbors(on->snapshot, nodes, 7, GLI_BOTH, offsets, &found, error);
  if (status == GLI_OK) gli_positions_free(&found);
  return status;
}
static gli_status edge_part(stage *on, gli_error *error) {
  const int64_t slots[] = {0, 1, 5, 6};
  gli_graph *part = NULL;
  const gli_status status = gli_snapshot_edge_subgraph(on->snapshot, slots, 4, &part, error);
  if (status == GLI_OK) cr_assert_eq(gli_graph_edge_count(part), 4);
  gli_graph_free(part);
  return status;
}
static gli_status node_part(stage *on, gli_error *error) {
  const int64_t nodes[] = {0, 7, 14, 21, 28, 35, 1, 4};
  gli_graph *part = NULL;
  const gli_status status = gli_snapshot_subgraph(on->snapshot, nodes, 8, &part, error);
  if (status == GLI_OK) cr_assert_eq(gli_graph_node_count(part), 8);
  gli_graph_free(part);
  return status;
}

Test(public_failures, queries) {
  fail_both("gli_snapshot_filter (nodes)", NULL, filter_nodes, false);
  fail_both("gli_snapshot_filter (edges)", NULL, filter_edges, false);
  fail_both("gli_snapshot_filter_mask", NULL, mask_edges, false);
  fail_both("gli_snapshot_match", NULL, match_edges, false);
  fail_both("gli_snapshot_group", NULL, group_all, false);
  fail_both("gli_snapshot_neighbors", NULL, neighbors_both, false);
  fail_both("gli_snapshot_edge_subgraph", NULL, edge_part, false);
  fail_both("gli_snapshot_subgraph", NULL, node_part, false);
}

/* --- results
 * --------------------------------------------------------------------------------------- */

static gli_status rank(stage *on, gli_error *error) {
  return gli_algorithm_run(gli_algorithm_find("pagerank"), on->snapshot, NULL, NULL, &on->result,
                           error);
}
static gli_status top(stage *on, gli_error *error) {
  int64_t best[10], found = 0;
  gli_status status = gli_result_top(on->result, "score", 10, best, &found, error);
  if (status == GLI_OK) cr_assert_eq(found, 10);
  /* Something that allocates for certain, so that the loop has an end to find. */
  gli_result *again = NULL;
  if (status == GLI_OK) {
    status =
        gli_algorithm_run(gli_algorithm_find("degrees"), on->snapshot, NULL, NULL, &again, error);
  }
  gli_result_free(again);
  return status;
}
Test(public_failures, results) {
  fail_both("gli_result_top", rank, top, false);
}

/* --- files
 * ------------------------------------------------------------------------------------------ */

static gli_status make_folder(stage *on, gli_error *error) {
  (void)error;
  snprintf(on->folder, sizeof on->folder, "/tmp/gli-failures-XXXXXX");
  cr_assert_not_null(mkdtemp(on->folder));
  return GLI_OK;
}
static gli_status write_as(stage *on, const char *name, gli_error *error) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", on->folder, name);
  const gli_status status = gli_write(on->snapshot, path, NULL, NULL, error);
  /* All or nothing: a file is there only when the call said so, and no other one beside it. */
  cr_assert_eq(access(path, F_OK) == 0, status == GLI_OK, "%s", path);
  if (status == GLI_OK) unlink(path);
  cr_assert_eq(rmdir(on->folder), 0, "something was left in %s", on->folder);
  on->folder[0] = 0;
  if (status != GLI_OK) make_folder(on, NULL);
  return status;
}
static gli_status write_plain(stage *on, gli_error *error) {
  if (on->folder[0] == 0) make_folder(on, error);
  return write_as(on, "graph.csv", error);
}
static gli_status write_gzip(stage *on, gli_error *error) {
  if (on->folder[0] == 0) make_folder(on, error);
  return write_as(on, "graph.txt.gz", error);
}
static gli_status write_zstd(stage *on, gli_error *error) {
  if (on->folder[0] == 0) make_folder(on, error);
  return write_as(on, "graph.txt.zst", error);
}

static gli_status write_first(stage *on, const char *name, gli_error *error) {
  char path[128];
  make_folder(on, error);
  snprintf(path, sizeof path, "%s/%s", on->folder, name);
  return gli_write(on->snapshot, path, NULL, NULL, error);
}
static gli_status plain_first(stage *on, gli_error *error) {
  return write_first(on, "graph", error);
}
static gli_status gzip_first(stage *on, gli_error *error) {
  return write_first(on, "graph.gz", error);
}
static gli_status zstd_first(stage *on, gli_error *error) {
  return write_first(on, "graph.zst", error);
}
static gli_status read_any(stage *on, gli_error *error) {
  static const char *const names[] = {"graph", "graph.gz", "graph.zst"};
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  gli_graph *graph = NULL;
  char path[128];
  options.allocator = &on->allocator;
  for (int k = 0; k < 3; k++) {
    snprintf(path, sizeof path, "%s/%s", on->folder, names[k]);
    if (access(path, F_OK) == 0) break;
  }
  const gli_status status = gli_read(path, &options, NULL, &graph, error);
  if (status == GLI_OK) {
    cr_assert_eq(gli_graph_edge_count(graph), gli_snapshot_edge_count(on->snapshot));
  } else {
    cr_assert_null(graph);
  }
  gli_graph_free(graph);
  return status;
}

Test(public_failures, files) {
  fail_both("gli_write (plain)", make_folder, write_plain, false);
  fail_both("gli_write (gzip)", make_folder, write_gzip, false);
  fail_both("gli_write (zstd)", make_folder, write_zstd, false);
  fail_both("gli_read (plain)", plain_first, read_any, false);
  fail_both("gli_read (gzip)", gzip_first, read_any, false);
  fail_both("gli_read (zstd)", zstd_first, read_any, false);
}

/* --- changes of what is shared
 * ------------------------------------------------------------------------ */

static gli_status copy_first(stage *on, gli_error *error) {
  return gli_graph_copy(on->graph, &on->other, error);
}
static gli_status change_copy(stage *on, gli_error *error) {
  const gli_id id = gli_id_int(3), text = gli_id_string("a text id that is too long to be inline");
  const gli_attribute attribute = {on->name, gli_value_string("another text that is long enough")};
  gli_edge_id edge = GLI_EDGE_NONE;
  /* Each step is possible whatever the failed ones before it left undone. */
  gli_status status = gli_graph_add_node(on->other, &id, &attribute, 1, NULL, error);
  if (status == GLI_OK) {
    status = gli_graph_add_edge(on->other, &text, &id, &attribute, 1, &edge, error);
  }
  if (status == GLI_OK) status = gli_graph_remove_edge(on->other, edge, error);
  if (status == GLI_OK) status = gli_graph_remove_node(on->other, &id, error);
  if (status == GLI_OK) status = gli_graph_add_node(on->other, &id, NULL, 0, NULL, error);
  return status;
}
static gli_status refill(stage *on, gli_error *error) {
  gli_status status = gli_graph_clear(on->other, error);
  for (int64_t k = 0; k < 20 && status == GLI_OK; k++) {
    const gli_id from = gli_id_int(k), to = gli_id_int(k + 1);
    status = gli_graph_add_edge(on->other, &from, &to, NULL, 0, NULL, error);
  }
  return status;
}
Test(public_failures, shared) {
  fail_both("changes of a copy", copy_first, change_copy, false);
  fail_both("gli_graph_clear of a copy, filled again", copy_first, refill, false);
}

/* --- algorithms
 * ---------------------------------------------------------------------------------------- */

static gli_status run_algorithm(stage *on, gli_error *error) {
  gli_result *result = NULL;
  const gli_status status =
      gli_algorithm_run(on->algorithm, on->snapshot, on->options, NULL, &result, error);
  cr_assert_eq(result == NULL, status != GLI_OK);
  gli_result_free(result);
  return status;
}

/* Options with weights, every source and few samples, where the algorithm has such. */
Test(public_failures, algorithms) {
  static const int32_t sources[] = {0, 7, 30};
  int32_t everybody[60];
  double shares[60];
  gli_node_weights weights = {everybody, shares, 0};
  for (int32_t v = 0; v < 60; v++) {
    if (v % 20 == 9) continue; /* fill() takes these away */
    shares[weights.count] = v % 3 + 1;
    everybody[weights.count++] = v;
  }
  static const char *const weight = "weight";
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const gli_algorithm *algorithm = gli_algorithm_at(k);
    if (strcmp(algorithm->name, "topological_sort") == 0) continue; /* wants a graph of its own */
    char *options = calloc(1, algorithm->options_size);
    gli_algorithm_defaults(algorithm, options);
    for (size_t j = 0; j < algorithm->parameter_count; j++) {
      const gli_parameter *parameter = &algorithm->parameters[j];
      const gli_node_list nodes = {sources, parameter->required ? 3 : 1};
      const gli_pair_list pairs = {sources, sources, 3};
      static const int64_t three = 3;
      const gli_int_list ints = {&three, 1};
      char *field = options + parameter->offset;
      if (parameter->type == GLI_PARAMETER_NODES) memcpy(field, &nodes, sizeof nodes);
      if (parameter->type == GLI_PARAMETER_INTS) memcpy(field, &ints, sizeof ints);
      if (parameter->type == GLI_PARAMETER_NODE_WEIGHTS) memcpy(field, &weights, sizeof weights);
      if (parameter->type == GLI_PARAMETER_PAIRS) memcpy(field, &pairs, sizeof pairs);
      if (parameter->type == GLI_PARAMETER_ATTRIBUTE) memcpy(field, &weight, sizeof weight);
      if (strcmp(parameter->name, "samples") == 0 || strcmp(parameter->name, "k") == 0) {
        memcpy(field, &three, sizeof three);
      }
    }
    char what[80];
    snprintf(what, sizeof what, "%s (weights, holes)", algorithm->name);
    fail_each(what, NULL, run_algorithm, false, true, algorithm, options);
    fail_each(what, NULL, run_algorithm, false, false, algorithm, options);
    free(options);
  }
}
