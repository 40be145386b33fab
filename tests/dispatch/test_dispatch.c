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

static gli_status run_on_cpu(const gli__backend *self, const gli__offer *offer,
                             const gli__request *request, gli_run *run, gli_result *result,
                             gli__outcome *outcome, gli_error *error) {
  (void)self;
  (void)offer;
  (void)request;
  (void)run;
  (void)outcome;
  return fill(result, 1, error);
}

/* How the made-up device fails, and how often before it works again. */
static int device_failures;
static gli_status device_status = GLI_ERROR_DEVICE;
static bool makes_room;
static int device_runs;

static gli_status run_on_device(const gli__backend *self, const gli__offer *offer,
                                const gli__request *request, gli_run *run, gli_result *result,
                                gli__outcome *outcome, gli_error *error) {
  (void)self;
  (void)request;
  (void)run;
  cr_assert_str_eq(offer->place, "the place of the offer");
  device_runs++;
  snprintf(outcome->device, sizeof outcome->device, "made up");
  outcome->transfer_seconds = 0;
  if (device_failures > 0) {
    device_failures--;
    fill(result, 3, error); /* what a failed device wrote must not be seen */
    outcome->again = makes_room;
    return gli_fail(error, device_status, "the device is on fire");
  }
  return fill(result, 2, error);
}

static int openings;
static bool device_is_here, device_is_installed = true;
static const char *absent_words; /* of a driver that has no device */
static double host_seconds, device_seconds, opening_seconds;
static double result_bytes; /* to be downloaded, as the device was asked last */

static bool probe_here(const gli__backend *self, const char **reason_out) {
  (void)self;
  *reason_out = "here";
  return true;
}
static bool probe_device(const gli__backend *self, const char **reason_out) {
  (void)self;
  *reason_out = device_is_here ? "a made-up device" : "its driver is too old: install 1.2";
  return device_is_here;
}
static gli_status offer_cpu(const gli__backend *self, const gli__request *request,
                            double limit_seconds, gli__offer *offer_out, gli_error *error) {
  (void)self;
  (void)request;
  (void)limit_seconds;
  (void)error;
  *offer_out = (gli__offer){.seconds = host_seconds};
  return GLI_OK;
}
static gli_status offer_device(const gli__backend *self, const gli__request *request,
                               double limit_seconds, gli__offer *offer_out, gli_error *error) {
  (void)self;
  const char *reason = NULL;
  *offer_out = (gli__offer){.seconds = (double)NAN, .is_absent = !device_is_installed};
  if (!device_is_installed && absent_words == NULL) return GLI_ERROR_BACKEND_UNAVAILABLE;
  if (!device_is_installed) {
    return gli_fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "%s", absent_words);
  }
  if (strcmp(request->algorithm->name, "pagerank") != 0) {
    return gli_fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "made_up: no kernel for %s",
                    request->algorithm->name);
  }
  if (limit_seconds < opening_seconds) {
    return gli_fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "made_up: opening takes longer");
  }
  openings++;
  result_bytes = request->work.result_bytes;
  if (!probe_device(self, &reason)) {
    return gli_fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "made_up: %s", reason);
  }
  *offer_out = (gli__offer){
      .place = "the place of the offer", .seconds = device_seconds, .note = "mirror resident"};
  return GLI_OK;
}

static const gli__backend host = {
    .name = "cpu", .probe = probe_here, .offer = offer_cpu, .run = run_on_cpu};
static const gli__backend device = {
    .name = "made_up", .probe = probe_device, .offer = offer_device, .run = run_on_device};
static const gli__backend *const made_up[] = {&host, &device};
static const gli__backend_list both = {made_up, 2};

static void start_well(void) {
  device_is_here = device_is_installed = true;
  host_seconds = 1;
  device_seconds = 0.25;
  opening_seconds = 0;
  device_failures = openings = device_runs = 0;
  device_status = GLI_ERROR_DEVICE;
  makes_room = false;
}

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
  cr_assert_str_eq(record.device, strcmp(backend, "cpu") == 0 ? "" : "made up");
  cr_assert_eq(record.fallbacks, strstr(record.why, "failed") != NULL ? 1 : 0);
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

Test(dispatch, what_stays_on_a_device_is_not_downloaded) {
  gli_control control = GLI_CONTROL_INIT;
  start_well();
  expect_run("pagerank", &control, 2, "made_up", "predicted");
  cr_assert_eq(result_bytes, sizeof(double));
  control.keep = "device";
  expect_run("pagerank", &control, 2, "made_up", "predicted");
  cr_assert_eq(result_bytes, 0);
}

Test(dispatch, takes_the_backend_that_is_predicted_to_be_faster) {
  start_well();
  expect_run("pagerank", NULL, 2, "made_up",
             "made_up: predicted 250 ms against 1 s on cpu (mirror resident)");
  device_seconds = 4;
  expect_run("pagerank", NULL, 1, "cpu",
             "cpu: predicted 1 s against 4 s on made_up (mirror resident)");
  device_seconds = 1; /* a draw: the CPU, which has nothing to move */
  expect_run("pagerank", NULL, 1, "cpu", "cpu: ");
  device_seconds = (double)NAN;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: predicted 1 s; no device predicts");
  device_seconds = 0.25;
  host_seconds = (double)NAN; /* the CPU is never left without a prediction of its own */
  expect_run("pagerank", NULL, 1, "cpu", "cpu: ");
  host_seconds = 1;
  expect_run("degrees", NULL, 1, "cpu", "made_up: no kernel for degrees");
  device_is_here = false;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: predicted 1 s; made_up: its driver is too old");
  device_is_installed = false;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: no device driver is installed");
  absent_words = "made_up: nothing is plugged in";
  expect_run("pagerank", NULL, 1, "cpu", "cpu: made_up: nothing is plugged in");
}

Test(dispatch, a_device_that_cannot_win_is_not_touched) {
  start_well();
  opening_seconds = 0.09;
  host_seconds = 40e-6;
  device_seconds = 1e-6;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: predicted 40 us; made_up: opening takes longer");
  cr_assert_eq(openings, 0);
  host_seconds = 0.1;
  expect_run("pagerank", NULL, 2, "made_up", "predicted 1 us against 100 ms on cpu");
  cr_assert_eq(openings, 1);
}

Test(dispatch, by_name_is_that_or_an_error) {
  start_well();
  gli_control control = GLI_CONTROL_INIT;
  control.backend = "made_up";
  device_seconds = 100;
  opening_seconds = 100;
  expect_run("pagerank", &control, 2, "made_up", "made_up: asked for by name");
  expect_failure(&control, "degrees", GLI_ERROR_BACKEND_UNAVAILABLE, "no kernel for degrees");
  device_is_here = false;
  expect_failure(&control, "pagerank", GLI_ERROR_BACKEND_UNAVAILABLE, "its driver is too old");
  control.backend = "abacus";
  expect_failure(&control, "pagerank", GLI_ERROR_INVALID_ARGUMENT, "'cpu', 'made_up'");
}

Test(dispatch, a_failed_device_is_not_hidden) {
  start_well();
  gli_control control = GLI_CONTROL_INIT;
  device_failures = 1;
  expect_run("pagerank", &control, 1, "cpu", "cpu: made_up failed (the device is on fire)");
  control.on_device_error = "cpu";
  device_failures = 1;
  expect_run("pagerank", &control, 1, "cpu", "on fire");
  control.on_device_error = "raise";
  device_failures = 1;
  expect_failure(&control, "pagerank", GLI_ERROR_DEVICE, "the device is on fire");
  control.on_device_error = "cpu";
  control.backend = "made_up"; /* by name: never falls back */
  device_failures = 1;
  expect_failure(&control, "pagerank", GLI_ERROR_DEVICE, "the device is on fire");
}

Test(dispatch, what_the_algorithm_answers_is_no_failure_of_the_device) {
  static const gli_status answers[] = {GLI_ERROR_INVALID_ARGUMENT, GLI_ERROR_CANCELLED,
                                       GLI_ERROR_TIMEOUT, GLI_ERROR_NOT_CONVERGED,
                                       GLI_ERROR_OUT_OF_MEMORY};
  for (size_t k = 0; k < sizeof answers / sizeof answers[0]; k++) {
    start_well();
    device_failures = 1;
    device_status = answers[k];
    expect_failure(NULL, "pagerank", answers[k], "on fire");
    cr_assert_eq(device_runs, 1);
  }
}

Test(dispatch, once_more_when_room_was_made) {
  start_well();
  device_failures = 1;
  makes_room = true;
  expect_run("pagerank", NULL, 2, "made_up", "made_up: predicted");
  cr_assert_eq(device_runs, 2);
  start_well();
  device_failures = 9;
  makes_room = true;
  expect_run("pagerank", NULL, 1, "cpu", "cpu: made_up failed");
  cr_assert_eq(device_runs, 2, "one more attempt, not nine");
  start_well();
  gli_control control = GLI_CONTROL_INIT;
  control.backend = "made_up";
  device_failures = 9;
  makes_room = true;
  expect_failure(&control, "pagerank", GLI_ERROR_DEVICE, "on fire");
  cr_assert_eq(device_runs, 2);
}
