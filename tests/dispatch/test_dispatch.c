/* From a descriptor to a result: the list, options of older callers, the choice of a backend with
 * backends made up for the test, the run record. */
#include "dispatch/dispatch.h"

#include "algorithms/support.h"

Test(dispatch, every_descriptor_is_well_formed) {
  gli_error error = {0};
  for (size_t k = 0; k < gli__algorithm_count; k++) {
    const gli_algorithm *algorithm = gli__algorithms[k];
    cr_assert_eq(gli__algorithm_check(algorithm, &error), GLI_OK, "%s", error.message);
    cr_assert_eq(gli_algorithm_find(algorithm->name), algorithm);
    if (k > 0) {
      cr_assert_lt(strcmp(gli__algorithms[k - 1]->name, algorithm->name), 0, "in order");
    }
    for (size_t j = 0; j < algorithm->parameter_count; j++) {
      const size_t length = strlen(algorithm->parameters[j].help);
      cr_assert(length > 0 && algorithm->parameters[j].help[length - 1] == '.', "%s.%s",
                algorithm->name, algorithm->parameters[j].name);
    }
  }
  cr_assert_null(gli_algorithm_find("no_such_thing"));
  cr_assert_null(gli_algorithm_find(NULL));
  cr_assert_null(gli_algorithm_at(SIZE_MAX));
}

/* pagerank's descriptor with one thing wrong at a time. */
static void expect_malformed(const gli_algorithm *wrong, const char *words) {
  gli_error error = {0};
  cr_assert_eq(gli__algorithm_check(wrong, &error), GLI_ERROR_INVALID_ARGUMENT, "%s", words);
  cr_assert(strstr(error.message, words) != NULL, "'%s' does not say '%s'", error.message, words);
}

Test(dispatch, malformed_descriptors_are_refused) {
  static const char *const bad_aliases[] = {"page-rank", NULL};
  const gli_algorithm right = *gli_algorithm_find("pagerank");
  gli_algorithm wrong = right;
  wrong.family = NULL;
  expect_malformed(&wrong, "of family '(null)'");
  wrong = right;
  wrong.aliases = bad_aliases;
  expect_malformed(&wrong, "alias 'page-rank'");
  wrong = right;
  wrong.networkx = NULL;
  expect_malformed(&wrong, "must not be NULL");
  wrong = right;
  wrong.options_size = 4;
  expect_malformed(&wrong, "options_size");
  wrong = right;
  wrong.agreement = 0;
  expect_malformed(&wrong, "agreement");
  wrong = right;
  wrong.column_count = 0;
  expect_malformed(&wrong, "it has no column");
  gli_column_info column = right.columns[0];
  column.help = NULL;
  wrong = right;
  wrong.columns = &column;
  expect_malformed(&wrong, "column 0 ('score')");
}

Test(dispatch, malformed_parameters_are_refused) {
  const gli_algorithm right = *gli_algorithm_find("pagerank");
  gli_parameter parameters[6];
  gli_algorithm wrong = right;
  cr_assert_eq(right.parameter_count, 6);
  wrong.parameters = parameters;
#define BREAK(position, assignment, words)                 \
  memcpy(parameters, right.parameters, sizeof parameters); \
  parameters[position].assignment;                         \
  expect_malformed(&wrong, words)
  BREAK(0, name = "Damping", "parameter 0 is named 'Damping'");
  BREAK(0, name = NULL, "parameter 0 is named '(null)'");
  BREAK(1, type = 99, "parameter 'weight' has an unknown type");
  BREAK(1, help = NULL, "parameter 'weight' has no help");
  BREAK(1, minimum = (double)INFINITY, "parameter 'weight' has an empty range");
  BREAK(2, maximum = 0, "parameter 'personalization' has an empty range");
  BREAK(4, number_default = 1e300, "has a default beyond 2^53");
  BREAK(4, minimum = 1e300, "parameter 'max_iterations' has an empty range");
  BREAK(5, number_default = -1, "has a default outside of its range");
  BREAK(5, name = "damping", "'damping' and 'damping' share");
  BREAK(5, type = GLI_PARAMETER_CHOICE, "has no choices or no default");
  BREAK(0, offset = 0, "lies outside of the options struct");
#undef BREAK
}

Test(dispatch, pairs_must_have_both_ends) {
  gli_snapshot *snapshot = karate_club();
  const int32_t nodes[] = {0, 1, 99};
  gli_jaccard_options options = GLI_JACCARD_OPTIONS_INIT;
  options.pairs = (gli_pair_list){nodes, NULL, 2};
  expect_error(snapshot, "jaccard", &options, GLI_ERROR_INVALID_ARGUMENT, "no targets");
  options.pairs = (gli_pair_list){nodes, nodes + 1, 2};
  expect_error(snapshot, "jaccard", &options, GLI_ERROR_NODE_NOT_FOUND, "node index 99");
  gli_snapshot_free(snapshot);
}

Test(dispatch, options_of_an_older_caller_keep_the_defaults_it_does_not_know) {
  struct {
    size_t struct_size;
    double damping;
  } older = {sizeof older, 0.5};
  gli_pagerank_options complete;
  cr_assert_eq(gli__options_complete(gli_algorithm_find("pagerank"), &older, &complete, NULL),
               GLI_OK);
  cr_assert_eq(complete.damping, 0.5);
  cr_assert_eq(complete.max_iterations, 100);
  cr_assert_eq(complete.tolerance, 1e-6);
  cr_assert_eq(complete.struct_size, sizeof complete);
}

Test(dispatch, refuses_a_wrong_call) {
  gli_snapshot *snapshot = graph_of(2, true, 0, NULL);
  gli_pagerank_options options = {0};
  gli_result *result = NULL;
  gli_error error = {0};
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT, "struct_size is 0");
  options.struct_size = sizeof options + 8;
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT, "struct_size");
  const gli_algorithm *algorithm = gli_algorithm_find("pagerank");
  cr_assert_eq(gli_algorithm_run(NULL, snapshot, NULL, NULL, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_algorithm_run(algorithm, NULL, NULL, NULL, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_algorithm_run(algorithm, snapshot, NULL, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_control control = {0};
  cr_assert_eq(gli_algorithm_run(algorithm, snapshot, NULL, &control, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  control = (gli_control)GLI_CONTROL_INIT;
  control.on_device_error = "shrug";
  cr_assert_eq(gli_algorithm_run(algorithm, snapshot, NULL, &control, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "'shrug'") != NULL);
  gli_snapshot_free(snapshot);
}

/* --- The backends of this build --------------------------------------------------------------- */

Test(dispatch, says_which_backends_there_are_and_why_not) {
  gli_backend_info info;
  bool has_cpu = false;
  for (size_t k = 0; k < gli_backend_count(); k++) {
    cr_assert(gli_backend_at(k, &info));
    cr_assert_gt(strlen(info.reason), 10);
    gli_error error = {0};
    const gli_status status = gli_backend_require(info.name, &error);
    cr_assert_eq(status, info.available ? GLI_OK : GLI_ERROR_BACKEND_UNAVAILABLE);
    if (!info.available) cr_assert(strstr(error.message, info.reason) != NULL);
    has_cpu = has_cpu || (strcmp(info.name, "cpu") == 0 && info.available);
  }
  cr_assert(has_cpu);
  cr_assert_not(gli_backend_at(gli_backend_count(), &info));
  gli_error error = {0};
  cr_assert_eq(gli_backend_require("abacus", &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "'cpu', 'cuda', 'opencl'") != NULL, "%s", error.message);
  cr_assert_eq(gli_backend_require(NULL, NULL), GLI_ERROR_INVALID_ARGUMENT);
}

Test(dispatch, the_record_says_where_and_why) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "pagerank", NULL, 0);
  const gli_run_record record = gli_result_run(result);
  cr_assert_str_eq(record.backend, "cpu");
  cr_assert_str_eq(record.device, "");
  cr_assert(strncmp(record.why, "cpu: ", 5) == 0, "%s", record.why);
  cr_assert_eq(record.threads, gli_thread_count());
  cr_assert_eq(record.fallbacks, 0);
  cr_assert_gt(record.iterations, 0);
  cr_assert(record.prepare_seconds >= 0 && record.compute_seconds > 0);
  cr_assert_float_eq(record.total_seconds, record.prepare_seconds + record.compute_seconds, 1e-9);
  cr_assert_eq(gli_result_snapshot(result), snapshot);
  gli_result_free(result);
  gli_control control = GLI_CONTROL_INIT;
  gli_error error = {0};
  control.backend = "cpu";
  cr_assert_eq(gli_pagerank(snapshot, NULL, &control, &result, &error), GLI_OK);
  cr_assert_str_eq(gli_result_run(result).why, "cpu: asked for by name");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* --- Backends made up ------------------------------------------------------------------------- */

static gli_status fill(gli_result *result, double value, gli_error *error) {
  void *score = NULL;
  const gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status == GLI_OK) *(double *)score = value;
  return status;
}

static gli_status on_cpu(gli_run *run, gli_snapshot *snapshot, const void *options,
                         gli_result *result, gli_error *error) {
  (void)run;
  (void)snapshot;
  (void)options;
  return fill(result, 1, error);
}

static int device_failures;
static gli_status on_device(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  (void)run;
  (void)snapshot;
  (void)options;
  if (device_failures > 0) {
    fill(result, 3, error); /* what a failed device wrote must not be seen */
    return gli_fail(error, GLI_ERROR_DEVICE, "the device is on fire");
  }
  return fill(result, 2, error);
}

static int probes;
static bool device_is_here;
static double device_seconds;

static bool probe_here(const char **reason_out) {
  *reason_out = "here";
  return true;
}
static bool probe_device(const char **reason_out) {
  probes++;
  *reason_out = device_is_here ? "a made-up device" : "its driver is too old: install 1.2";
  return device_is_here;
}
static gli_kernel cpu_kernel(const gli_algorithm *algorithm) {
  (void)algorithm;
  return on_cpu;
}
static gli_kernel device_kernel(const gli_algorithm *algorithm) {
  return strcmp(algorithm->name, "pagerank") == 0 ? on_device : NULL;
}
static double predict_cpu(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                          const void *options) {
  (void)algorithm;
  (void)snapshot;
  (void)options;
  return 1.0;
}
static double predict_device(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                             const void *options) {
  (void)algorithm;
  (void)snapshot;
  (void)options;
  return device_seconds;
}

static const gli__backend host = {"cpu", probe_here, cpu_kernel, predict_cpu};
static const gli__backend device = {"made_up", probe_device, device_kernel, predict_device};
static const gli__backend *const made_up[] = {&host, &device};
static const gli__backend_list both = {made_up, 2};

/* Run pagerank or another on the made-up backends; expect a value of the kernel and words of why.
 */
static void expect_run(const char *name, const gli_control *control, double value,
                       const char *backend, const char *why) {
  gli_snapshot *snapshot = graph_of(1, true, 0, NULL);
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(
      gli__run_algorithm(both, gli_algorithm_find(name), snapshot, NULL, control, &result, &error),
      GLI_OK, "%s", error.message);
  const gli_run_record record = gli_result_run(result);
  cr_assert_eq(gli_result_floats(result, "score")[0], value);
  cr_assert_str_eq(record.backend, backend);
  cr_assert(strstr(record.why, why) != NULL, "%s", record.why);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

static void expect_failure(const gli_control *control, const char *name, gli_status expected,
                           const char *words) {
  gli_snapshot *snapshot = graph_of(1, true, 0, NULL);
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(
      gli__run_algorithm(both, gli_algorithm_find(name), snapshot, NULL, control, &result, &error),
      expected);
  cr_assert_null(result);
  cr_assert(strstr(error.message, words) != NULL, "%s", error.message);
  gli_snapshot_free(snapshot);
}

Test(dispatch, takes_the_backend_that_is_predicted_to_be_faster) {
  device_is_here = true;
  device_seconds = 0.25;
  expect_run("pagerank", NULL, 2, "made_up", "made_up: predicted 0.25 s, cpu 1 s");
  probes = 0;
  device_seconds = 4;
  expect_run("pagerank", NULL, 1, "cpu", "no device is predicted to be faster");
  cr_assert_eq(probes, 0, "a device that cannot win must not be touched");
  device_seconds = (double)NAN;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: ");
  device_seconds = 0.25;
  expect_run("degrees", NULL, 1, "cpu", "cpu: "); /* no kernel for it on the device */
  device_is_here = false;
  expect_run("pagerank", NULL, 1, "cpu", "its driver is too old");
}

Test(dispatch, by_name_is_that_or_an_error) {
  gli_control control = GLI_CONTROL_INIT;
  control.backend = "made_up";
  device_is_here = true;
  device_seconds = 100;
  expect_run("pagerank", &control, 2, "made_up", "asked for by name");
  expect_failure(&control, "degrees", GLI_ERROR_BACKEND_UNAVAILABLE, "no kernel for degrees");
  device_is_here = false;
  expect_failure(&control, "pagerank", GLI_ERROR_BACKEND_UNAVAILABLE, "its driver is too old");
  control.backend = "abacus";
  expect_failure(&control, "pagerank", GLI_ERROR_INVALID_ARGUMENT, "'cpu', 'made_up'");
}

Test(dispatch, a_failed_device_is_not_hidden) {
  gli_control control = GLI_CONTROL_INIT;
  device_is_here = true;
  device_seconds = 0.25;
  device_failures = 1;
  expect_run("pagerank", &control, 1, "cpu", "cpu: made_up failed (the device is on fire)");
  control.on_device_error = "cpu";
  expect_run("pagerank", &control, 1, "cpu", "on fire");
  control.on_device_error = "raise";
  expect_failure(&control, "pagerank", GLI_ERROR_DEVICE, "the device is on fire");
  control.on_device_error = "cpu";
  control.backend = "made_up"; /* by name: never falls back */
  expect_failure(&control, "pagerank", GLI_ERROR_DEVICE, "the device is on fire");
  device_failures = 0;
}
