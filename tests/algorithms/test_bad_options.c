/* The bad-input table of the algorithms, made from their descriptors: every parameter of every
 * algorithm gets each value that its descriptor rules out, on a graph with every kind of weight.
 * The status and the message must fit, no result may come out, and the graph stays as it was. */
#include "support.h"

typedef struct bench_graph {
  gli_graph *graph;
  gli_snapshot *snapshot;
  int32_t hole; /* the index of a removed node */
} bench_graph;

typedef struct named_weight {
  const char *name;
  gli_value value;
} named_weight;

static const char *const good_weight = "good";

static void set_weight(gli_graph *graph, gli_edge_id edge, const char *name, gli_value value) {
  gli_error error = {0};
  gli_attribute attribute = {0, value};
  cr_assert_eq(gli_graph_key(graph, name, strlen(name), &attribute.key, &error), GLI_OK);
  cr_assert_eq(gli_graph_update(graph, GLI_EDGES, edge, &attribute, 1, &error), GLI_OK, "%s",
               error.message);
}

/* Forty nodes, one of them removed, edges around it; edge 3 -> 4 has one bad weight per name. */
static bench_graph make_graph(bool directed) {
  bench_graph made = {NULL, NULL, 0};
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {0};
  options.directed = directed;
  cr_assert_eq(gli_graph_create(&options, &made.graph, &error), GLI_OK);
  const named_weight bad[] = {{"nan", gli_value_float((double)NAN)},
                              {"infinite", gli_value_float((double)INFINITY)},
                              {"minus infinite", gli_value_float((double)-INFINITY)},
                              {"negative", gli_value_float(-0.5)},
                              {"negative int", gli_value_int(-1)},
                              {"zero", gli_value_int(0)},
                              {"text", gli_value_text("heavy", 5)},
                              {"nested", gli_value_nested("\x06\x00", 2)}};
  for (int64_t k = 0; k < 40; k++) {
    gli_edge_id edge = GLI_EDGE_NONE;
    const gli_id from = gli_id_int(k), to = gli_id_int((k * 7 + 4) % 40);
    cr_assert_eq(gli_graph_add_edge(made.graph, &from, &to, NULL, 0, &edge, &error), GLI_OK);
    set_weight(made.graph, edge, good_weight, gli_value_float(1.5));
    for (size_t j = 0; k == 3 && j < sizeof bad / sizeof *bad; j++) {
      set_weight(made.graph, edge, bad[j].name, bad[j].value);
    }
  }
  const gli_id gone = gli_id_int(11);
  gli_serial serial = 0;
  cr_assert_eq(gli_graph_find_node(made.graph, &gone, &serial, &error), GLI_OK);
  made.hole = (int32_t)serial;
  cr_assert_eq(gli_graph_remove_node(made.graph, &gone, &error), GLI_OK);
  cr_assert_eq(gli_graph_snapshot(made.graph, &made.snapshot, &error), GLI_OK);
  cr_assert(!gli_bit(gli_snapshot_node_bits(made.snapshot), made.hole));
  return made;
}
static void free_graph(bench_graph *of) {
  gli_snapshot_free(of->snapshot);
  gli_graph_free(of->graph);
}

/* Defaults, with what is required filled in. */
static const int32_t first_node[] = {0};
static void *valid_options(const gli_algorithm *algorithm, const gli_snapshot *snapshot) {
  enum { NODES_AT_MOST = 64 };
  static int32_t nodes[NODES_AT_MOST];
  static const double ones[NODES_AT_MOST] = {1};
  gli_node_weights everybody = {nodes, ones, 0};
  cr_assert_leq(gli_snapshot_node_limit(snapshot), NODES_AT_MOST);
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (gli_bit(gli_snapshot_node_bits(snapshot), v)) nodes[everybody.count++] = v;
  }
  char *options = calloc(1, algorithm->options_size);
  gli_algorithm_defaults(algorithm, options);
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    if (!parameter->required) continue;
    if (parameter->type == GLI_PARAMETER_NODES) {
      const gli_node_list list = {first_node, 1};
      memcpy(options + parameter->offset, &list, sizeof list);
    } else if (parameter->type == GLI_PARAMETER_INTS) {
      static const int64_t numbers[] = {3, 2};
      const gli_int_list list = {numbers, 2};
      memcpy(options + parameter->offset, &list, sizeof list);
    } else if (parameter->type == GLI_PARAMETER_INT) {
      const int64_t two = 2;
      memcpy(options + parameter->offset, &two, sizeof two);
    } else if (parameter->type == GLI_PARAMETER_NODE_WEIGHTS) {
      memcpy(options + parameter->offset, &everybody, sizeof everybody);
    } else {
      cr_assert_fail("%s: fill in %s", algorithm->name, parameter->name);
    }
  }
  return options;
}

/* One refusal: `bytes` in the parameter's field. */
static void refuse(const bench_graph *on, const gli_algorithm *algorithm,
                   const gli_parameter *parameter, const void *bytes, size_t size,
                   gli_status expected, const char *words) {
  char *options = valid_options(algorithm, on->snapshot);
  memcpy(options + parameter->offset, bytes, size);
  const uint64_t version = gli_graph_version(on->graph);
  expect_error(on->snapshot, algorithm->name, options, expected, words);
  gli_error error = {0};
  gli_result *result = NULL;
  cr_assert_eq(gli_algorithm_run(algorithm, on->snapshot, options, NULL, &result, &error),
               expected);
  cr_assert(strstr(error.message, parameter->name) != NULL || strstr(error.message, words) != NULL,
            "%s: '%s' does not name %s", algorithm->name, error.message, parameter->name);
  cr_assert(strstr(error.message, algorithm->name) != NULL ||
                expected == GLI_ERROR_ATTRIBUTE_NOT_FOUND || expected == GLI_ERROR_TYPE,
            "'%s' does not name %s", error.message, algorithm->name);
  cr_assert_eq(gli_graph_version(on->graph), version);
  free(options);
}

static int refuse_numbers(const bench_graph *on, const gli_algorithm *algorithm,
                          const gli_parameter *parameter) {
  int count = 0;
  if (parameter->type == GLI_PARAMETER_INT) {
    const int64_t values[] = {INT64_MIN, -1, INT64_MAX, 0};
    for (size_t k = 0; k < 4; k++) {
      const double number = (double)values[k];
      if (number >= parameter->minimum && number <= parameter->maximum) continue;
      refuse(on, algorithm, parameter, &values[k], sizeof *values, GLI_ERROR_INVALID_ARGUMENT,
             "must be");
      count++;
    }
    return count;
  }
  const double values[] = {(double)NAN, -1, (double)-INFINITY, 1.0000001, (double)INFINITY};
  for (size_t k = 0; k < 5; k++) {
    const bool low = values[k] < parameter->minimum ||
                     (parameter->open_minimum && values[k] <= parameter->minimum);
    const bool high = values[k] > parameter->maximum ||
                      (parameter->open_maximum && values[k] >= parameter->maximum);
    if (!(isnan(values[k]) || low || high)) continue;
    refuse(on, algorithm, parameter, &values[k], sizeof *values, GLI_ERROR_INVALID_ARGUMENT,
           "must be");
    count++;
  }
  return count;
}

static int refuse_ints(const bench_graph *on, const gli_algorithm *algorithm,
                       const gli_parameter *parameter) {
  int count = 0;
  const int64_t bad[] = {INT64_MIN, -2, INT64_MAX};
  for (size_t k = 0; k < 3; k++) {
    const int64_t values[] = {1, bad[k]};
    const gli_int_list list = {values, 2};
    if ((double)bad[k] >= parameter->minimum && (double)bad[k] <= parameter->maximum) continue;
    refuse(on, algorithm, parameter, &list, sizeof list, GLI_ERROR_INVALID_ARGUMENT, "must be");
    count++;
  }
  if (!parameter->required) return count;
  const gli_int_list nothing = {NULL, 0}, none = {bad, 0};
  refuse(on, algorithm, parameter, &nothing, sizeof nothing, GLI_ERROR_INVALID_ARGUMENT,
         "required");
  refuse(on, algorithm, parameter, &none, sizeof none, GLI_ERROR_INVALID_ARGUMENT, "empty");
  return count + 2;
}

static int refuse_choices(const bench_graph *on, const gli_algorithm *algorithm,
                          const gli_parameter *parameter) {
  const char *values[] = {"sideways", "", NULL};
  for (size_t k = 0; k < 3; k++) {
    refuse(on, algorithm, parameter, &values[k], sizeof *values, GLI_ERROR_INVALID_ARGUMENT,
           parameter->choices[0]);
  }
  return 3;
}

static bool weight_fits(const gli_parameter *parameter, double weight) {
  if (isnan(weight)) return false;
  if (parameter->open_minimum ? weight <= parameter->minimum : weight < parameter->minimum) {
    return false;
  }
  return !(parameter->open_maximum ? weight >= parameter->maximum : weight > parameter->maximum);
}

/* Allowed: it runs, and where it iterates it may say that it does not converge; so may it name a
 * negative cycle. */
static void allow(const bench_graph *on, const gli_algorithm *algorithm, const void *options) {
  gli_result *result = NULL;
  gli_error error = {0};
  const gli_status status =
      gli_algorithm_run(algorithm, on->snapshot, options, NULL, &result, &error);
  cr_assert(
      status == GLI_OK || status == GLI_ERROR_NOT_CONVERGED || status == GLI_ERROR_NEGATIVE_CYCLE,
      "%s: %s", algorithm->name, error.message);
  gli_result_free(result);
}

static int refuse_weights(const bench_graph *on, const gli_algorithm *algorithm,
                          const gli_parameter *parameter) {
  const struct {
    const char *name;
    double weight;
  } bad[] = {
      {"nan", (double)NAN}, {"infinite", (double)INFINITY}, {"minus infinite", (double)-INFINITY},
      {"negative", -0.5},   {"negative int", -1},           {"zero", 0}};
  int count = 0;
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    if (weight_fits(parameter, bad[k].weight)) {
      char *options = valid_options(algorithm, on->snapshot);
      memcpy(options + parameter->offset, &bad[k].name, sizeof bad[k].name);
      allow(on, algorithm, options);
      free(options);
      continue;
    }
    /* The edge is named: from 3 to 25. */
    refuse(on, algorithm, parameter, &bad[k].name, sizeof bad[k].name, GLI_ERROR_INVALID_ARGUMENT,
           "3 to 25");
    count++;
  }
  const char *text = "text", *nested = "nested", *nobody = "no such attribute", *empty = "";
  refuse(on, algorithm, parameter, &text, sizeof text, GLI_ERROR_TYPE, "'text'");
  refuse(on, algorithm, parameter, &nested, sizeof nested, GLI_ERROR_TYPE, "'nested'");
  refuse(on, algorithm, parameter, &nobody, sizeof nobody, GLI_ERROR_ATTRIBUTE_NOT_FOUND, nobody);
  refuse(on, algorithm, parameter, &empty, sizeof empty, GLI_ERROR_ATTRIBUTE_NOT_FOUND, "''");
  return count + 4;
}

static int refuse_nodes(const bench_graph *on, const gli_algorithm *algorithm,
                        const gli_parameter *parameter) {
  const int32_t limit = gli_snapshot_node_limit(on->snapshot);
  const int32_t bad[] = {-1, limit, INT32_MAX, INT32_MIN, on->hole};
  const double ones[] = {1, 1};
  int count = 0;
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    const int32_t nodes[] = {0, bad[k]};
    const gli_node_list list = {nodes, 2};
    const gli_node_weights weights = {nodes, ones, 2};
    const gli_pair_list pairs[] = {{first_node, &bad[k], 1}, {&bad[k], first_node, 1}};
    if (parameter->type == GLI_PARAMETER_NODES) {
      refuse(on, algorithm, parameter, &list, sizeof list, GLI_ERROR_NODE_NOT_FOUND, "live node");
    } else if (parameter->type == GLI_PARAMETER_NODE_WEIGHTS) {
      refuse(on, algorithm, parameter, &weights, sizeof weights, GLI_ERROR_NODE_NOT_FOUND,
             "live node");
    } else {
      refuse(on, algorithm, parameter, &pairs[0], sizeof *pairs, GLI_ERROR_NODE_NOT_FOUND,
             "live node");
      refuse(on, algorithm, parameter, &pairs[1], sizeof *pairs, GLI_ERROR_NODE_NOT_FOUND,
             "live node");
    }
    count++;
  }
  if (parameter->type == GLI_PARAMETER_NODES && parameter->required) {
    const gli_node_list nothing = {NULL, 0}, none = {first_node, 0};
    refuse(on, algorithm, parameter, &nothing, sizeof nothing, GLI_ERROR_INVALID_ARGUMENT,
           "required");
    refuse(on, algorithm, parameter, &none, sizeof none, GLI_ERROR_INVALID_ARGUMENT, "empty");
    count += 2;
  }
  if (parameter->type == GLI_PARAMETER_NODE_WEIGHTS) {
    const double values[] = {(double)NAN, -1, (double)INFINITY, 0};
    for (size_t k = 0; k < 4; k++) {
      if (parameter->minimum < 0 && isfinite(values[k])) continue; /* a place: any number */
      const gli_node_weights weights = {first_node, &values[k], 1};
      refuse(on, algorithm, parameter, &weights, sizeof weights, GLI_ERROR_INVALID_ARGUMENT,
             parameter->name);
      count++;
    }
  }
  return count;
}

Test(bad_options, every_parameter_of_every_algorithm) {
  int count = 0;
  for (int directed = 0; directed <= 1; directed++) {
    bench_graph on = make_graph(directed != 0);
    for (size_t k = 0; k < gli_algorithm_count(); k++) {
      const gli_algorithm *algorithm = gli_algorithm_at(k);
      for (size_t j = 0; j < algorithm->parameter_count; j++) {
        const gli_parameter *parameter = &algorithm->parameters[j];
        switch (parameter->type) {
          case GLI_PARAMETER_BOOL:
            break;
          case GLI_PARAMETER_INT:
          case GLI_PARAMETER_FLOAT:
            count += refuse_numbers(&on, algorithm, parameter);
            break;
          case GLI_PARAMETER_INTS:
            count += refuse_ints(&on, algorithm, parameter);
            break;
          case GLI_PARAMETER_CHOICE:
            count += refuse_choices(&on, algorithm, parameter);
            break;
          case GLI_PARAMETER_ATTRIBUTE:
            count += refuse_weights(&on, algorithm, parameter);
            break;
          case GLI_PARAMETER_NODES:
          case GLI_PARAMETER_NODE_WEIGHTS:
          case GLI_PARAMETER_PAIRS:
            count += refuse_nodes(&on, algorithm, parameter);
            break;
        }
      }
    }
    free_graph(&on);
  }
  cr_assert_gt(count, 200, "only %d refusals were tested", count);
  cr_log_info("%d refusals", count);
}

Test(bad_options, calls) {
  bench_graph on = make_graph(true);
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const gli_algorithm *algorithm = gli_algorithm_at(k);
    size_t *options = valid_options(algorithm, on.snapshot);
    gli_result *result = NULL;
    gli_error error = {0};
    *options += 8; /* struct_size */
    expect_error(on.snapshot, algorithm->name, options, GLI_ERROR_INVALID_ARGUMENT, "struct_size");
    *options -= 8;
    gli_control control = GLI_CONTROL_INIT;
    control.struct_size = 1;
    cr_assert_eq(gli_algorithm_run(algorithm, on.snapshot, options, &control, &result, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(strstr(error.message, "struct_size") != NULL, "%s", error.message);
    const double seconds[] = {-1, (double)NAN};
    for (size_t j = 0; j < 2; j++) {
      control = (gli_control)GLI_CONTROL_INIT;
      control.max_seconds = seconds[j];
      cr_assert_eq(gli_algorithm_run(algorithm, on.snapshot, options, &control, &result, &error),
                   GLI_ERROR_INVALID_ARGUMENT, "%s took max_seconds %g", algorithm->name,
                   seconds[j]);
      cr_assert(strstr(error.message, "max_seconds") != NULL, "%s", error.message);
    }
    control = (gli_control)GLI_CONTROL_INIT;
    control.threads = -2;
    cr_assert_eq(gli_algorithm_run(algorithm, on.snapshot, options, &control, &result, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(strstr(error.message, "threads") != NULL, "%s", error.message);
    control = (gli_control)GLI_CONTROL_INIT;
    control.backend = "abacus";
    cr_assert_eq(gli_algorithm_run(algorithm, on.snapshot, options, &control, &result, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(strstr(error.message, "abacus") != NULL, "%s", error.message);
    control.backend = "cuda";
    cr_assert_eq(gli_algorithm_run(algorithm, on.snapshot, options, &control, &result, &error),
                 GLI_ERROR_BACKEND_UNAVAILABLE, "by name it never falls back");
    cr_assert_null(result);
    free(options);
  }
  free_graph(&on);
}

/* Empty, one node, loops only: every algorithm gives an answer, or says that the source is missing.
 */
Test(bad_options, graphs_of_next_to_nothing) {
  const pair loops[] = {{0, 0}, {0, 0}, {1, 1}};
  gli_snapshot *graphs[] = {graph_of(0, true, 0, loops), graph_of(0, false, 0, loops),
                            graph_of(1, true, 0, loops), graph_of(1, false, 0, loops),
                            graph_of(2, true, 3, loops), graph_of(2, false, 3, loops)};
  for (size_t g = 0; g < sizeof graphs / sizeof *graphs; g++) {
    for (size_t k = 0; k < gli_algorithm_count(); k++) {
      const gli_algorithm *algorithm = gli_algorithm_at(k);
      char *options = valid_options(algorithm, graphs[g]);
      bool needs_node = false, needs_weights = false;
      for (size_t j = 0; j < algorithm->parameter_count; j++) {
        needs_node |= algorithm->parameters[j].required &&
                      algorithm->parameters[j].type == GLI_PARAMETER_NODES;
        needs_weights |= algorithm->parameters[j].required &&
                         algorithm->parameters[j].type == GLI_PARAMETER_NODE_WEIGHTS;
      }
      if (g < 2 && needs_node) {
        expect_error(graphs[g], algorithm->name, options, GLI_ERROR_NODE_NOT_FOUND, "live node");
      } else if (g < 2 && needs_weights) {
        expect_error(graphs[g], algorithm->name, options, GLI_ERROR_INVALID_ARGUMENT,
                     "at least one");
      } else if (strcmp(algorithm->name, "topological_sort") == 0 && (g % 2 == 1 || g == 4)) {
        expect_error(graphs[g], algorithm->name, options, GLI_ERROR_INVALID_ARGUMENT,
                     g % 2 == 1 ? "undirected" : "cycle");
      } else {
        gli_result *result = run_on(graphs[g], algorithm->name, options, 0);
        gli_column column;
        check_columns(algorithm, result);
        for (size_t j = 0; gli_result_column_at(result, j, &column); j++) {
          for (int64_t i = 0; column.type == GLI_COLUMN_FLOAT64 && i < column.length; i++) {
            cr_assert(!isnan(((const double *)column.data)[i]), "%s: NaN", algorithm->name);
          }
        }
        gli_result_free(result);
      }
      free(options);
    }
    gli_snapshot_free(graphs[g]);
  }
}
