/* Devices over a driver made up for the test: which one is meant, what is opened when, what a
 * failure costs, what a child of fork finds, what the prediction says. */
#include <sys/wait.h>
#include <unistd.h>

#include "algorithms/support.h"
#include "device/rates.h"
#include "dispatch/cost.h"
#include "dispatch/dispatch.h"
#include "support/child.h"
#include "support/fake_driver.h"

/* A device form of pagerank that adds nothing up: it moves a column through the device. */
static double work_seconds = 1;
static uint32_t work_needs;
static const char *refused_options;
static const char *out_weight, *in_weight; /* that it reads */

static bool takes(gli_snapshot *snapshot, const void *options, const char **why_not_out) {
  (void)snapshot;
  (void)options;
  *why_not_out = refused_options;
  return refused_options == NULL;
}

static gli__device_work work(gli_snapshot *snapshot, const void *options) {
  (void)snapshot;
  (void)options;
  return (gli__device_work){.entries = 1000,
                            .launches = 10,
                            .cpu_seconds = work_seconds,
                            .out_weight = out_weight,
                            .in_weight = in_weight};
}

static gli_status run_form(gli__call *call, const void *options, gli_result *result) {
  (void)options;
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  double *values = calloc((size_t)count + 1, sizeof *values);
  for (int64_t k = 0; k < count; k++)
    values[k] = 7;
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof(double));
  gli_device_buffer *scratch = gli__call_buffer(call, 100, sizeof(double));
  gli__call_upload(call, buffer, 0, values, count * (int64_t)sizeof(double));
  GLI__LAUNCH(call, "nothing", gli__items(count), gli__arg_buffer(buffer),
              gli__arg_buffer(scratch));
  gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, buffer);
  free(values);
  return call->status;
}

static gli__device_algorithm form = {
    .program = "calibrate", .takes = takes, .work = work, .run = run_form};

/* One call by the device backend, past the table of device forms. */
typedef struct asked {
  gli_status status;
  gli__offer offer;
  gli__outcome outcome;
  double score;
  gli_error error;
} asked;

static gli_snapshot *snapshot;
static gli_control control = GLI_CONTROL_INIT;

static gli__request request_of(void) {
  form.needs = work_needs;
  return (gli__request){.algorithm = gli_algorithm_find("pagerank"),
                        .snapshot = snapshot,
                        .control = &control,
                        .form = &form,
                        .work = work(snapshot, NULL)};
}

static asked offer(double limit) {
  asked found = {.status = GLI_OK};
  const gli__request request = request_of();
  found.status =
      gli__backend_opencl.offer(&gli__backend_opencl, &request, limit, &found.offer, &found.error);
  return found;
}

static asked ask(double limit) {
  asked found = offer(limit);
  if (found.status != GLI_OK) return found;
  const gli__request request = request_of();
  gli_result *result = NULL;
  gli_run *run = NULL;
  gli__memory *memory = gli__snapshot_memory(snapshot);
  cr_assert_eq(gli__result_create(snapshot, memory, &result, NULL), GLI_OK);
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  found.status = gli__backend_opencl.run(&gli__backend_opencl, &found.offer, &request, run, result,
                                         &found.outcome, &found.error);
  if (found.status == GLI_OK) found.score = gli_result_floats(result, "score")[0];
  gli__run_end(run);
  gli_result_free(result);
  return found;
}

static void set_up(void) {
  snapshot = graph_of(5, true, 0, NULL);
  gli__driver_replace("opencl", &fake_driver);
}

static bool loses; /* the test lost a device, and what was on it */
static void tear_down(void) {
  gli__driver_replace("opencl", NULL);
  if (loses) fake_forget();
  cr_assert_eq(fake.live_bytes, 0);
  gli_snapshot_free(snapshot);
}

TestSuite(devices, .init = set_up, .fini = tear_down);

/* --- What is opened when ---------------------------------------------------------------------- */

Test(devices, opened_on_first_use_and_no_earlier) {
  const gli__driver *driver = gli__driver_find("opencl");
  cr_assert(gli__driver_is_untouched(driver));
  asked found = offer(40e-6);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert_str_eq(found.offer.refusal, "opening an opencl device would take 90 ms");
  cr_assert(gli__driver_is_untouched(driver), "a call that the CPU does in 40 us");
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 0);
  found = offer(1);
  cr_assert_eq(found.status, GLI_OK);
  cr_assert_str_eq(found.offer.note, "not open yet");
  cr_assert_gt(found.offer.seconds, 0.09);
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 1);
  cr_assert_eq(fake.calls[FAKE_OPEN], 0, "an offer opens no device");
  found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_OK, "%s", found.error.message);
  cr_assert_eq(found.score, 7);
  cr_assert_str_eq(found.outcome.device, "Fake Accelerator A");
  cr_assert_eq(fake.calls[FAKE_OPEN], 1);
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  cr_assert_eq(fake.calls[FAKE_OPEN], 1);
  found = offer(1);
  cr_assert_lt(found.offer.seconds, 0.01, "it is open now");
  cr_assert_eq(fake.live_bytes, 0, "scratch was given back");
}

Test(devices, no_device_is_a_reason) {
  fake.none = "no OpenCL platform is installed: apt install pocl-opencl-icd";
  const asked found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(found.error.message, fake.none) != NULL, "%s", found.error.message);
  gli_backend_info info;
  for (size_t k = 0; gli_backend_at(k, &info); k++) {
    if (strcmp(info.name, "opencl") != 0) continue;
    cr_assert_not(info.available);
    cr_assert_str_eq(info.reason, fake.none);
  }
  gli_error error = {0};
  cr_assert_eq(gli_backend_require("opencl", &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(error.message, fake.none) != NULL);
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 1, "looked for once");
}

Test(devices, nonsense_from_a_driver_is_refused) {
  fake.group_size = 48;
  const asked found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(found.error.message, "work-groups of 48") != NULL, "%s", found.error.message);
}

/* --- Which device is meant -------------------------------------------------------------------- */

static const char *device_for(const char *wanted) {
  static asked found;
  control.device = wanted;
  found = ask((double)INFINITY);
  control.device = NULL;
  return found.status == GLI_OK ? found.outcome.device : found.error.message;
}

Test(devices, chosen_by_number_name_and_driver) {
  fake.device_count = 3;
  cr_assert_str_eq(device_for(NULL), "Fake Accelerator A");
  cr_assert_str_eq(device_for(""), "Fake Accelerator A");
  cr_assert_str_eq(device_for("1"), "Fake Accelerator B");
  cr_assert_str_eq(device_for("opencl:2"), "Fake Accelerator C");
  cr_assert_str_eq(device_for("opencl"), "Fake Accelerator A");
  cr_assert_str_eq(device_for("accelerator c"), "Fake Accelerator C");
  cr_assert_str_eq(device_for("opencl:rator B"), "Fake Accelerator B");
  cr_assert_str_eq(device_for("make-believe"), "Fake Accelerator A");
  cr_assert(strstr(device_for("cuda:0"), "none of its 3 devices is 'cuda:0'") != NULL);
  cr_assert(strstr(device_for("3"), "none of its 3 devices is '3'") != NULL);
  cr_assert(strstr(device_for("none"), "is 'none'") != NULL);
}

Test(devices, the_environment_chooses_too) {
  fake.device_count = 2;
  setenv("GLI_DEVICE", "opencl:1", 1);
  cr_assert_str_eq(device_for(NULL), "Fake Accelerator B");
  cr_assert_str_eq(device_for("0"), "Fake Accelerator A", "the call's own word counts more");
}

Test(devices, a_cpu_is_no_accelerator_unless_it_is_named) {
  fake.is_cpu = true;
  asked found = offer(1);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(found.error.message, "is this CPU") != NULL, "%s", found.error.message);
  cr_assert_eq(offer((double)INFINITY).status, GLI_OK);
  control.device = "fake";
  cr_assert_eq(offer(1).status, GLI_OK);
}

Test(devices, what_it_cannot_do_is_said) {
  fake.lacks_fp64 = true;
  cr_assert_eq(offer((double)INFINITY).status, GLI_OK);
  work_needs = GLI__NEEDS_FP64;
  asked found = offer((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(found.error.message, "no double precision, which pagerank needs") != NULL);
  work_needs = 0;
  refused_options = "negative weights have no kernel";
  found = offer((double)INFINITY);
  cr_assert(strstr(found.error.message, refused_options) != NULL);
}

/* --- Failures --------------------------------------------------------------------------------- */

static void fail_next(int kind, int32_t failures, gli_device_code code) {
  fake.fail[kind].code = code;
  fake.fail[kind].failures = failures;
}

Test(devices, a_failure_names_device_driver_call_and_code) {
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  const asked found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_DEVICE);
  cr_assert(strstr(found.error.message, "Fake Accelerator A (opencl): fakeCall") != NULL, "%s",
            found.error.message);
  cr_assert_eq(found.error.driver_code, -42);
  cr_assert_null(strchr(found.error.message, '\n'));
  cr_assert_eq(fake.live_bytes, 0);
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK, "one failure is forgiven");
}

Test(devices, three_failures_in_a_row_are_too_many) {
  for (int round = 0; round < 2; round++) {
    fail_next(FAKE_UPLOAD, 2, GLI_DEVICE_FAILED);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(ask((double)INFINITY).status, GLI_OK, "a success in between forgives");
  }
  fail_next(FAKE_UPLOAD, 3, GLI_DEVICE_FAILED);
  for (int k = 0; k < 3; k++)
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
  const int64_t calls = fake.all_calls;
  const asked found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(found.error.message, "failed three times in a row") != NULL, "%s",
            found.error.message);
  cr_assert_eq(offer(1).status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert_eq(fake.all_calls, calls, "no call of its driver any more");
}

Test(devices, a_lost_device_is_out_of_use_at_once) {
  fake.device_count = 2;
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
  const gli__device *lost = &gli__driver_find("opencl")->devices[0];
  cr_assert_not_null(gli__device_quarantine(lost));
  cr_assert(strstr(gli__device_quarantine(lost), "the device was lost: fakeCall") != NULL);
  cr_assert_str_eq(device_for(NULL), "Fake Accelerator B", "the next one takes over");
  cr_assert(strstr(device_for("0"), "out of use") != NULL);
  loses = true;
}

Test(devices, refused_and_full_are_no_failures) {
  for (int k = 0; k < 8; k++) {
    fail_next(FAKE_ALLOCATE, 1, GLI_DEVICE_NO_MEMORY);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_REFUSED);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(fake.live_bytes, 0);
  }
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
}

Test(devices, one_that_cannot_be_opened_is_tried_three_times) {
  fail_next(FAKE_OPEN, -1, GLI_DEVICE_FAILED);
  for (int k = 0; k < 3; k++) {
    const asked found = ask((double)INFINITY);
    cr_assert_eq(found.status, GLI_ERROR_DEVICE);
    cr_assert(strstr(found.error.message, "cannot be opened") != NULL, "%s", found.error.message);
    cr_assert_eq(found.error.driver_code, -42);
  }
  cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert_eq(fake.calls[FAKE_OPEN], 3);
}

/* --- Waiting ---------------------------------------------------------------------------------- */

Test(devices, whoever_waits_can_be_stopped) {
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  gli__device *held = &gli__driver_find("opencl")->devices[0];
  cr_assert(gli__device_try(held));
  cr_assert_not(gli__device_try(held));
  control.max_seconds = 0.05;
  asked found = ask((double)INFINITY);
  cr_assert_eq(found.status, GLI_ERROR_TIMEOUT, "%s", found.error.message);
  gli_cancel cancel = {0};
  gli_cancel_request(&cancel);
  control.max_seconds = 0;
  control.cancel = &cancel;
  cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_CANCELLED);
  control.cancel = NULL;
  cr_assert_str_eq(offer(1).offer.note, "in use by another call");
  gli__device_let_go(held);
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
}

/* --- Fork ------------------------------------------------------------------------------------- */

static int in_child(int (*body)(void)) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    leave_child(body());
  }
  int status = 0;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

static int finds_it_of_the_parent(void) {
  const int64_t calls = fake.all_calls;
  const asked named = ask((double)INFINITY);
  const asked automatic = offer(1);
  if (named.status != GLI_ERROR_BACKEND_UNAVAILABLE) return 1;
  if (strstr(named.error.message, "before this process was forked") == NULL) return 2;
  if (automatic.status != GLI_ERROR_BACKEND_UNAVAILABLE) return 3;
  if (fake.all_calls != calls) return 4;
  gli_result *result = NULL; /* the CPU works */
  if (gli_pagerank(snapshot, NULL, NULL, &result, NULL) != GLI_OK) return 5;
  gli_result_free(result);
  return 0;
}

static int opens_its_own(void) {
  return ask((double)INFINITY).status == GLI_OK ? 0 : 1;
}

Test(devices, a_child_does_not_use_the_parents_handles) {
  cr_assert_eq(in_child(opens_its_own), 0, "nobody had opened it");
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  cr_assert_eq(in_child(finds_it_of_the_parent), 0);
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK, "the parent goes on");
}

/* --- The cost model ----------------------------------------------------------------------------
 */

Test(devices, the_model_adds_up) {
  const gli__device_rates rates = {.launch_seconds = 1e-5,
                                   .round_trip_seconds = 1e-3,
                                   .upload_bytes_second = 1e9,
                                   .download_bytes_second = 5e8,
                                   .gather_entries_second = 1e8,
                                   .stream_bytes_second = 1e10};
  gli__cost_place place = {.rates = rates,
                           .is_open = true,
                           .is_built = true,
                           .open_seconds = 0.5,
                           .build_seconds = 0.25};
  gli__device_work job = {.launches = 10};
  cr_assert_float_eq(gli__cost_device(&job, &place), 1e-4, 1e-12);
  job.round_trips = 3;
  cr_assert_float_eq(gli__cost_device(&job, &place), 3.1e-3, 1e-12);
  job.entries = 1e6; /* 10 ms: hides the launches */
  cr_assert_float_eq(gli__cost_device(&job, &place), 13e-3, 1e-12);
  job.nodes = 1e6; /* 8 MB at 10 GB/s */
  cr_assert_float_eq(gli__cost_device(&job, &place), 13.8e-3, 1e-12);
  job.result_bytes = 1e6;
  cr_assert_float_eq(gli__cost_device(&job, &place), 15.8e-3, 1e-12);
  place.missing_bytes = 4000000;
  cr_assert_float_eq(gli__cost_device(&job, &place), 19.8e-3, 1e-12);
  place.is_built = false;
  cr_assert_float_eq(gli__cost_device(&job, &place), 0.2698, 1e-12);
  place.is_open = false;
  cr_assert_float_eq(gli__cost_device(&job, &place), 0.7698, 1e-12);
  job = (gli__device_work){.cpu_seconds = 1};
  cr_assert_float_eq(gli__cost_cpu(&job, 1, 1), 1, 1e-12);
  cr_assert_float_eq(gli__cost_cpu(&job, 6, 2), 0.4, 1e-12);
}

Test(devices, seconds_read_well) {
  char text[GLI__SECONDS_SIZE];
  cr_assert_str_eq(gli__seconds_text(40e-6, text), "40 us");
  cr_assert_str_eq(gli__seconds_text(2.1e-3, text), "2.1 ms");
  cr_assert_str_eq(gli__seconds_text(0.0123456, text), "12.3 ms");
  cr_assert_str_eq(gli__seconds_text(1.25, text), "1.25 s");
}

Test(devices, this_machine_is_some_factor_of_a_usual_one) {
  cr_assert_eq(gli__cost_machine_factor(1e-4), 1, "not measured for a small call");
  const double factor = gli__cost_machine_factor(1);
  cr_assert(factor >= 0.25 && factor <= 4);
  cr_assert_eq(gli__cost_machine_factor(1), factor, "measured once");
  cr_assert_eq(gli__cost_machine_factor(1e-4), factor, "and for all from then on");
}

/* --- What callers see of devices ---------------------------------------------------------------
 */

static size_t first_fake(void) {
  gli_device_description found;
  size_t position = 0;
  while (gli_device_at(position, &found) && strcmp(found.backend, "opencl") != 0)
    position++;
  return position;
}

static char cache_folder[] = "/tmp/gli-rates-XXXXXX";
static void use_a_cache_of_its_own(void) {
  cr_assert_not_null(mkdtemp(cache_folder));
  setenv("GLI_CACHE_DIR", cache_folder, 1);
}
static void drop_the_cache(void) {
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", cache_folder);
  cr_assert_eq(system(command), 0);
}

static const char *why_of(gli_snapshot *of, const char *device, char why[256]) {
  gli_control how = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  how.device = device;
  cr_assert_eq(gli_label_propagation(of, NULL, &how, &result, NULL), GLI_OK);
  snprintf(why, 256, "%s", gli_result_run(result).why);
  gli_result_free(result);
  return why;
}

/* No driver is asked that cannot have the device, and none at all for "none". */
Test(devices, are_named) {
  char why[256];
  gli_snapshot *one = random_graph(200, 1000, false, 3, NULL);
  cr_assert_null(gli_device_environment());
  cr_assert_str_eq(why_of(one, "none", why), "cpu: devices are turned off ('none')");
  cr_assert_null(strstr(why_of(one, "cuda:0", why), "opencl"));
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 0);
  fake.device_count = 2;
  const size_t at = first_fake();
  const char *const second[] = {"opencl:1", "1", "accelerator b", "believe", "opencl", "", NULL};
  for (size_t k = 0; k < sizeof second / sizeof second[0]; k++) {
    cr_assert(gli_device_matches(at + 1, second[k]), "%zu", k);
    cr_assert_eq(gli_device_matches(at, second[k]), k > 2, "%zu", k);
    cr_assert_not(gli_device_matches(at + 2, second[k]), "there is none");
  }
  cr_assert_not(gli_device_matches(at, "none"));
  cr_assert(gli_algorithm_runs_on_devices(gli_algorithm_find("label_propagation")));
  cr_assert_not(gli_algorithm_runs_on_devices(gli_algorithm_find("edge_betweenness")));
  gli_snapshot_free(one);
}

Test(devices, are_listed) {
  fake.device_count = 2;
  const size_t at = first_fake();
  gli_device_description found;
  cr_assert_eq(gli_device_count(), at + 2);
  cr_assert(gli_device_at(at + 1, &found));
  cr_assert_str_eq(found.name, "Fake Accelerator B");
  cr_assert_str_eq(found.platform, "Make-Believe");
  cr_assert_eq(found.number, 1);
  cr_assert(found.available && found.has_fp64 && !found.is_cpu && !found.calibrated);
  cr_assert_str_eq(found.reason, "");
  cr_assert_not(gli_device_at(at + 2, &found));
  gli_device_usage usage;
  cr_assert(gli_device_usage_at(at, &usage));
  cr_assert(!usage.is_open && usage.held_bytes == 0);
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  cr_assert(gli_device_usage_at(at, &usage));
  cr_assert(usage.is_open && usage.held_bytes == 0 && usage.launches == 1);
  cr_assert_eq(usage.uploaded_bytes, 5 * sizeof(double));
  cr_assert_eq(usage.downloaded_bytes, 5 * sizeof(double));
  cr_assert_eq(usage.peak_bytes, 105 * sizeof(double));
  cr_assert_gt(usage.budget_bytes, 0);
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
  cr_assert(gli_device_at(at, &found));
  cr_assert(!found.available && strstr(found.reason, "lost") != NULL);
  cr_assert(gli_device_usage_at(at, &usage) && !usage.is_open);
  loses = true;
}

Test(devices, are_measured_once_and_remembered, .init = use_a_cache_of_its_own,
     .fini = drop_the_cache) {
  const size_t at = first_fake();
  gli_device_figures rough, measured, again;
  gli_device_description found;
  gli_error error = {0};
  cr_assert(gli_device_figures_at(at, &rough));
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_device_at(at, &found) && found.calibrated);
  cr_assert(gli_device_figures_at(at, &measured));
  cr_assert(measured.launch_seconds > 0 && measured.launch_seconds != rough.launch_seconds);
  gli__driver_replace("opencl", &fake_driver); /* as another process would */
  cr_assert(gli_device_at(at, &found) && found.calibrated);
  cr_assert(gli_device_figures_at(at, &again));
  cr_assert_float_eq(again.gather_entries_second, measured.gather_entries_second, 1);
  cr_assert_float_eq(again.launch_seconds, measured.launch_seconds, 1e-12);
  cr_assert_eq(gli_device_calibrate(at + 9, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
}

/* The one file of figures, changed by a shell command that says $f. */
static bool still_calibrated_after(const char *command) {
  char text[512];
  gli_device_description found;
  snprintf(text, sizeof text, "for f in %s/rates/*; do %s; done", cache_folder, command);
  cr_assert_eq(system(text), 0);
  gli__driver_replace("opencl", &fake_driver);
  cr_assert(gli_device_at(first_fake(), &found));
  return found.calibrated;
}

Test(devices, damaged_figures_are_not_believed, .init = use_a_cache_of_its_own,
     .fini = drop_the_cache) {
  static const char *const damage[] = {
      "sed -i '4s/$/0/' $f",                 /* a figure ten times as large */
      "head -c 60 $f >$f.new; mv $f.new $f", /* cut */
      "echo more >>$f",
      ": >$f",
      "ln -s $f.other $f.link; mv $f $f.other; mv $f.link $f", /* a link */
      "rm $f; mkdir $f",
      "rm -rf $f; mkfifo $f",
      "chmod 777 ${f%/*}", /* a folder that others can write: nothing of it counts */
  };
  const size_t at = first_fake();
  for (size_t k = 0; k < sizeof damage / sizeof damage[0]; k++) {
    gli_error error = {0};
    cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_OK, "%s", error.message);
    cr_assert(still_calibrated_after(":"), "before '%s'", damage[k]);
    cr_assert_not(still_calibrated_after(damage[k]), "after '%s'", damage[k]);
    cr_assert_not(still_calibrated_after("rm -rf ${f%/*}"));
  }
}

Test(devices, figures_that_cannot_be_stored_hold_in_this_process, .init = use_a_cache_of_its_own,
     .fini = drop_the_cache) {
  char text[256];
  gli_device_description found;
  gli_error error = {0};
  snprintf(text, sizeof text, ": >%s/rates", cache_folder);
  cr_assert_eq(system(text), 0);
  const size_t at = first_fake();
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_IO);
  cr_assert(strstr(error.message, "this process alone") != NULL, "%s", error.message);
  cr_assert(gli_device_at(at, &found) && found.calibrated);
}

Test(devices, calibration_that_fails_changes_nothing) {
  const size_t at = first_fake();
  gli_device_figures before, after;
  gli_error error = {0};
  cr_assert(gli_device_figures_at(at, &before));
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_DEVICE);
  cr_assert(gli_device_figures_at(at, &after));
  cr_assert_eq(memcmp(&before, &after, sizeof before), 0);
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_DEVICE);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  loses = true;
}

Test(devices, pinning_says_what_is_wrong) {
  gli_error error = {0};
  gli_control where = GLI_CONTROL_INIT;
  where.backend = "cpu";
  cr_assert_eq(gli_snapshot_pin(snapshot, &where, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_unpin(snapshot, &where, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_unpin(snapshot, NULL, &error), GLI_OK);
  cr_assert(gli__driver_is_untouched(gli__driver_find("opencl")), "nothing to let go");
  where.backend = NULL;
  where.device = "H100";
  cr_assert_eq(gli_snapshot_pin(snapshot, &where, &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(error.message, "no device like H100") != NULL, "%s", error.message);
  fake.is_cpu = true;
  gli__driver_replace("opencl", &fake_driver);
  cr_assert_eq(gli_snapshot_pin(snapshot, NULL, &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(error.message, "has to be named") != NULL, "%s", error.message);
}

Test(devices, measuring_finds_what_a_clock_says) {
  fake.launch_seconds = 1e-5;
  fake.item_seconds = 2e-9;
  fake.byte_seconds = 1e-10;
  fake.wait_seconds = 1e-4;
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  gli__device *device = &gli__driver_find("opencl")->devices[0];
  gli_run *run = NULL;
  gli_error error = {0};
  gli__call call;
  cr_assert_eq(gli__run_begin(NULL, device->memory, &run, NULL), GLI_OK);
  cr_assert_eq(gli__device_acquire(device, run, &error), GLI_OK);
  gli__call_begin(&call, run, NULL, device, NULL, &error);
  cr_assert_eq(gli__rates_measure(&call, fake_now), GLI_OK, "%s", error.message);
  cr_assert_eq(gli__call_end(&call), GLI_OK);
  gli__device_release(device, GLI_DEVICE_OK, "");
  gli__run_end(run);
  const gli__device_rates rates = gli__device_rates_of(device);
  cr_assert(rates.measured);
  cr_assert_float_eq(rates.upload_bytes_second, 1e10, 1e7);
  cr_assert_float_eq(rates.download_bytes_second, 1e10, 1e9);      /* a wait is in it */
  cr_assert_float_eq(rates.gather_entries_second, 16 / 2e-9, 2e8); /* an item is a row of 16 */
  cr_assert_float_eq(rates.stream_bytes_second, 8 / 2e-9, 1e7);
  cr_assert_float_eq(rates.round_trip_seconds, 1e-4, 1e-6);
  cr_assert_float_eq(rates.launch_seconds, 1e-5, 2e-6);
  cr_assert_lt(fake.clock, 1.0, "measured for %g seconds", fake.clock);
}

Test(devices, a_slow_device_is_not_measured_for_ever) {
  fake.launch_seconds = 1e-3;
  fake.item_seconds = 2e-7;
  fake.byte_seconds = 1e-8;
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  gli__device *device = &gli__driver_find("opencl")->devices[0];
  gli_run *run = NULL;
  gli__call call;
  cr_assert_eq(gli__run_begin(NULL, device->memory, &run, NULL), GLI_OK);
  cr_assert_eq(gli__device_acquire(device, run, NULL), GLI_OK);
  gli__call_begin(&call, run, NULL, device, NULL, NULL);
  cr_assert_eq(gli__rates_measure(&call, fake_now), GLI_OK);
  gli__call_end(&call);
  gli__device_release(device, GLI_DEVICE_OK, "");
  gli__run_end(run);
  /* Two rounds of each, not four: 16 MB up and down, rows, stream, chain. */
  cr_assert_lt(fake.clock, 4.0, "%g", fake.clock);
}

/* --- Short of memory -------------------------------------------------------------------------- */

/* degrees on the driver made up here: its kernels do nothing, its memory is counted. */
static gli_status count(gli_snapshot *of, const char *backend, gli_run_record *record_out,
                        gli_error *error) {
  gli_control how = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  how.backend = backend;
  const gli_status status = gli_degrees(of, NULL, &how, &result, error);
  if (status == GLI_OK && record_out != NULL) *record_out = gli_result_run(result);
  gli_result_free(result);
  return status;
}

Test(devices, mirrors_of_others_make_room) {
  gli_snapshot *one = random_graph(1000, 20000, true, 1, NULL);
  gli_snapshot *two = random_graph(1000, 20000, true, 2, NULL);
  gli_device_usage usage;
  gli_mirror_usage mirror;
  gli_error error = {0};
  const size_t at = first_fake();
  cr_assert_eq(count(two, "opencl", NULL, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_device_usage_at(at, &usage));
  const int64_t needed = (int64_t)usage.peak_bytes;
  gli__driver_replace("opencl", &fake_driver);
  cr_assert_eq(count(one, "opencl", NULL, &error), GLI_OK);
  cr_assert(gli_snapshot_usage_at(one, at, &mirror) && mirror.held_bytes > 0);
  fake.memory_bytes = needed + 100;
  cr_assert_eq(count(two, "opencl", NULL, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_snapshot_usage_at(one, at, &mirror));
  cr_assert_eq(mirror.held_bytes, 0, "it made room");
  cr_assert(gli_snapshot_usage_at(two, at, &mirror) && mirror.held_bytes > 0);
  gli_snapshot_free(one);
  gli_snapshot_free(two);
}

Test(devices, no_room_at_all_is_an_error_by_name_and_leaves_nothing) {
  gli_snapshot *one = random_graph(1000, 20000, true, 1, NULL);
  gli_device_usage usage;
  gli_mirror_usage mirror;
  const size_t at = first_fake();
  int served = 0, refused = 0;
  for (int64_t limit = 1; limit < 4000000; limit = limit * 5 / 3 + 100) {
    gli_error error = {0};
    fake.memory_bytes = limit;
    const gli_status status = count(one, "opencl", NULL, &error);
    cr_assert(gli_device_usage_at(at, &usage) && gli_snapshot_usage_at(one, at, &mirror));
    cr_assert_eq(usage.held_bytes, mirror.held_bytes, "limit %lld", (long long)limit);
    cr_assert_eq((int64_t)usage.held_bytes, fake.live_bytes);
    if (status == GLI_OK) served++;
    if (status == GLI_OK) continue;
    refused++;
    cr_assert_eq(status, GLI_ERROR_DEVICE);
    cr_assert(strstr(error.message, "fakeAllocate: no room") != NULL, "%s", error.message);
  }
  cr_assert(served > 1 && refused > 5, "%d served, %d refused", served, refused);
  cr_assert_null(gli__device_quarantine(&gli__driver_find("opencl")->devices[0]), "it is well");
  gli_snapshot_free(one);
}

/* --- Weights that are not there ----------------------------------------------------------------
 */

/* One iteration on the driver made up here: it brings rows and weights to the device. */
static gli_status rank_there(gli_snapshot *of, const char *weight, gli_error *error) {
  gli_control how = GLI_CONTROL_INIT;
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  gli_result *result = NULL;
  how.backend = "opencl";
  options.weight = weight;
  options.max_iterations = 1;
  options.tolerance = 0;
  const gli_status status = gli_pagerank(of, &options, &how, &result, error);
  gli_result_free(result);
  return status;
}

static void expect_weights(double megabytes, double rows_there) {
  char note[sizeof((gli__offer *)NULL)->note];
  const asked found = offer(1);
  snprintf(note, sizeof note, megabytes > 0 ? "%.3g MB to upload" : "mirror resident", megabytes);
  cr_assert_eq(found.status, GLI_OK, "%s", found.error.message);
  cr_assert_str_eq(found.offer.note, note);
  cr_assert_float_eq(found.offer.seconds, rows_there + megabytes * 1e-2, 1e-12);
}

Test(devices, weights_that_are_not_there_go_up_first) {
  gli_error error = {0};
  for (int directed = 0; directed <= 1; directed++) {
    gli__driver_replace("opencl", &fake_driver);
    gli_snapshot_free(snapshot);
    snapshot = random_graph(1000, 20000, directed, 4, NULL);
    const double side = 8e-6 * (double)gli_snapshot_out_rows(snapshot).entry_count; /* megabytes */
    out_weight = in_weight = NULL;
    cr_assert_eq(ask((double)INFINITY).status, GLI_OK); /* opens it and loads its program */
    cr_assert_eq(rank_there(snapshot, NULL, &error), GLI_OK, "%s", error.message);
    gli__driver_find("opencl")->devices[0].rates.upload_bytes_second = 1e8;
    const double rows_there = offer(1).offer.seconds;
    expect_weights(0, rows_there);
    out_weight = "weight";
    expect_weights(side, rows_there);
    in_weight = "weight";
    expect_weights(directed ? 2 * side : side, rows_there);
    out_weight = NULL;
    expect_weights(side, rows_there);
    /* They are the difference between a call that goes and one that stays. */
    const double limit = 0.5e-3;
    cr_assert_lt(rows_there, limit);
    cr_assert_gt(offer(limit).offer.seconds, limit);
    out_weight = "weight";
    cr_assert_eq(rank_there(snapshot, "weight", &error), GLI_OK, "%s", error.message);
    gli__driver_find("opencl")->devices[0].rates.upload_bytes_second = 1e8;
    expect_weights(0, rows_there);
    out_weight = in_weight = "nobody's";
    expect_weights(directed ? 2 * side : side, rows_there);
  }
  out_weight = in_weight = NULL;
}

/* --- The whole way, left to choose ------------------------------------------------------------ */

static gli_status propagate(gli_snapshot *of, const char *on_device_error, gli_result **result_out,
                            gli_error *error) {
  gli_control how = GLI_CONTROL_INIT;
  how.on_device_error = on_device_error;
  how.threads = 1;
  return gli_label_propagation(of, NULL, &how, result_out, error);
}

static gli_status propagate_there(gli_snapshot *of, gli_error *error) {
  gli_control how = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  how.backend = "opencl";
  const gli_status status = gli_label_propagation(of, NULL, &how, &result, error);
  gli_result_free(result);
  return status;
}

static void expect_way(gli_snapshot *of, const char *backend, int32_t fallbacks, const char *why) {
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(propagate(of, NULL, &result, &error), GLI_OK, "%s", error.message);
  const gli_run_record record = gli_result_run(result);
  cr_assert_str_eq(record.backend, backend, "%s", record.why);
  cr_assert_eq(record.fallbacks, fallbacks);
  cr_assert(strstr(record.why, why) != NULL, "'%s' does not say '%s'", record.why, why);
  cr_assert_str_eq(record.device, strcmp(backend, "cpu") == 0 ? "" : "Fake Accelerator A");
  cr_assert_str_eq(record.failed_device, fallbacks == 0 ? "" : "Fake Accelerator A");
  gli_result_free(result);
}

Test(devices, the_whole_way_of_calls_that_are_left_to_choose) {
  gli_snapshot *one = random_graph(1000, 20000, false, 3, NULL);
  gli_snapshot *tiny = graph_of(2, true, 0, NULL);
  gli_result *result = NULL;
  gli_error error = {0};
  expect_way(one, "cpu", 0, "device would take");
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 0);
  cr_assert_eq(count(one, "opencl", NULL, &error), GLI_OK, "%s", error.message);
  expect_way(one, "cpu", 0, "on opencl (mirror resident, to be compiled)");
  cr_assert_eq(fake.calls[FAKE_OPEN], 1);
  cr_assert_eq(propagate_there(one, &error), GLI_OK, "%s", error.message);
  expect_way(one, "opencl", 0, "on cpu (mirror resident)");
  const int64_t calls = fake.all_calls;
  expect_way(tiny, "cpu", 0, "cpu: predicted");
  cr_assert_eq(fake.all_calls, calls, "a tiny graph never goes there");
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  expect_way(one, "cpu", 1, "cpu: opencl failed (Fake Accelerator A (opencl): fakeCall");
  expect_way(one, "opencl", 0, "on cpu (mirror resident)");
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  cr_assert_eq(propagate(one, "raise", &result, &error), GLI_ERROR_DEVICE);
  cr_assert_eq(error.driver_code, -42);
  fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  expect_way(one, "cpu", 1, "opencl failed");
  const int64_t after = fake.all_calls;
  expect_way(one, "cpu", 0, "opencl: the device was lost");
  cr_assert_eq(fake.all_calls, after, "no call of its driver any more");
  gli_snapshot_free(one);
  gli_snapshot_free(tiny);
  loses = true;
}

/* Ask with so many seconds left until an offer wins; how often, or 1000: never. */
static int calls_until_it_wins(double limit) {
  for (int k = 0; k < 1000; k++) {
    const asked found = offer(limit);
    if (found.status == GLI_OK && found.offer.seconds < limit) return k;
  }
  return 1000;
}

Test(devices, what_comes_but_once_is_paid_when_calls_have_lost_as_much) {
  cr_assert_eq(calls_until_it_wins(0.9e-3), 1000, "short calls never open a driver");
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 0);
  /* 180 ms lost at 10 ms each: then the driver is opened, and the device's 140 ms are paid for. */
  cr_assert_eq(calls_until_it_wins(0.01), 17);
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 1);
  const asked again = offer(0.01); /* nobody ran it: the count began anew */
  cr_assert_eq(again.status, GLI_OK);
  cr_assert_gt(again.offer.seconds, 0.09);
  cr_assert_eq(calls_until_it_wins(0.02), 6, "140 ms at 20 ms each, of which 10 are there");
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
  cr_assert_eq(calls_until_it_wins(0.01), 0, "open, and its program is there");
  cr_assert_eq(calls_until_it_wins(1e-5), 1000, "what is faster on the CPU stays there");
}
