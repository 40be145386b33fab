/* What calls cost on devices, over a driver made up for the test: the model, figures that are
 * measured and stored, what is not there yet, and where calls go that are left to choose. */
#include "device/rates.h"
#include "dispatch/cost.h"
#include "dispatch/device_form.h"

TestSuite(device_choice, .init = set_up, .fini = tear_down);

/* --- The cost model ----------------------------------------------------------------------------
 */

Test(device_choice, the_model_adds_up) {
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

Test(device_choice, seconds_read_well) {
  char text[GLI__SECONDS_SIZE];
  cr_assert_str_eq(gli__seconds_text(40e-6, text), "40 us");
  cr_assert_str_eq(gli__seconds_text(2.1e-3, text), "2.1 ms");
  cr_assert_str_eq(gli__seconds_text(0.0123456, text), "12.3 ms");
  cr_assert_str_eq(gli__seconds_text(1.25, text), "1.25 s");
}

Test(device_choice, this_machine_is_some_factor_of_a_usual_one) {
  cr_assert_eq(gli__cost_machine_factor(1e-4), 1, "not measured for a small call");
  const double factor = gli__cost_machine_factor(1);
  cr_assert(factor >= 0.25 && factor <= 4);
  cr_assert_eq(gli__cost_machine_factor(1), factor, "measured once");
  cr_assert_eq(gli__cost_machine_factor(1e-4), factor, "and for all from then on");
}

/* --- Figures -----------------------------------------------------------------------------------
 */

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

Test(device_choice, are_measured_once_and_remembered, .init = use_a_cache_of_its_own,
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

Test(device_choice, damaged_figures_are_not_believed, .init = use_a_cache_of_its_own,
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

Test(device_choice, figures_that_cannot_be_stored_hold_in_this_process,
     .init = use_a_cache_of_its_own, .fini = drop_the_cache) {
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

Test(device_choice, calibration_that_fails_changes_nothing) {
  const size_t at = first_fake();
  gli_device_figures before, after;
  gli_error error = {0};
  cr_assert(gli_device_figures_at(at, &before));
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_DEVICE);
  cr_assert(gli_device_figures_at(at, &after));
  cr_assert_eq(memcmp(&before, &after, sizeof before), 0);
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_DEVICE);
  cr_assert_eq(gli_device_calibrate(at, NULL, &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  loses = true;
}

Test(device_choice, measuring_finds_what_a_clock_says) {
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

Test(device_choice, a_slow_device_is_not_measured_for_ever) {
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

Test(device_choice, weights_that_are_not_there_go_up_first) {
  gli_error error = {0};
  for (int directed = 0; directed <= 1; directed++) {
    gli__driver_replace("opencl", &fake_driver);
    gli_snapshot_free(snapshot);
    snapshot = random_graph(1000, 20000, directed, 4, NULL);
    const double side = 8e-6 * (double)gli_snapshot_out_rows(snapshot).entry_count; /* megabytes */
    out_weight = in_weight = NULL;
    /* Not open it has nothing at all. */
    cr_assert_eq(offer(1).status, GLI_OK);
    gli__driver_find("opencl")->devices[0].rates.upload_bytes_second = 1e8;
    const double nothing_there = offer(1).offer.seconds;
    out_weight = in_weight = "weight";
    cr_assert_float_eq(offer(1).offer.seconds, nothing_there + (directed ? 2 : 1) * side * 1e-2,
                       1e-12);
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

Test(device_choice, the_whole_way_of_calls_that_are_left_to_choose) {
  gli_snapshot *one = random_graph(1000, 20000, false, 3, NULL);
  gli_snapshot *tiny = graph_of(2, true, 0, NULL);
  gli_result *result = NULL;
  gli_error error = {0};
  expect_way(one, "cpu", 0, "device would take");
  cr_assert_eq(fake.calls[FAKE_ENUMERATE], 0);
  cr_assert_eq(count(one, &error), GLI_OK, "%s", error.message);
  expect_way(one, "cpu", 0, "on opencl (mirror resident, to be compiled)");
  cr_assert_eq(fake.calls[FAKE_OPEN], 1);
  cr_assert_eq(propagate_there(one, &error), GLI_OK, "%s", error.message);
  expect_way(one, "opencl", 0, "on cpu (mirror resident)");
  const int64_t calls = fake.all_calls;
  expect_way(tiny, "cpu", 0, "cpu: predicted");
  cr_assert_eq(fake.all_calls, calls, "a tiny graph never goes there");
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  expect_way(one, "cpu", 1, "cpu: opencl failed (Fake Accelerator A (opencl): fakeCall");
  expect_way(one, "opencl", 0, "on cpu (mirror resident)");
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
  cr_assert_eq(propagate(one, "raise", &result, &error), GLI_ERROR_DEVICE);
  cr_assert_eq(error.driver_code, -42);
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
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

Test(device_choice, what_comes_but_once_is_paid_when_calls_have_lost_as_much) {
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
