/* Devices over a driver made up for the test: which one is meant, what is opened when, what a
 * failure costs, what a child of fork finds, what memory does. */
#include <sys/wait.h>
#include <unistd.h>

#include "dispatch/device_form.h"
#include "support/child.h"

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

Test(devices, a_failure_names_device_driver_call_and_code) {
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
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
    fake_fail_next(FAKE_UPLOAD, 2, GLI_DEVICE_FAILED);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(ask((double)INFINITY).status, GLI_OK, "a success in between forgives");
  }
  fake_fail_next(FAKE_UPLOAD, 3, GLI_DEVICE_FAILED);
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
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
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
    fake_fail_next(FAKE_ALLOCATE, 1, GLI_DEVICE_NO_MEMORY);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_REFUSED);
    cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
    cr_assert_eq(fake.live_bytes, 0);
  }
  cr_assert_eq(ask((double)INFINITY).status, GLI_OK);
}

Test(devices, one_that_cannot_be_opened_is_tried_three_times) {
  fake_fail_next(FAKE_OPEN, -1, GLI_DEVICE_FAILED);
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

/* --- What callers see of devices ---------------------------------------------------------------
 */

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
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_LOST);
  cr_assert_eq(ask((double)INFINITY).status, GLI_ERROR_DEVICE);
  cr_assert(gli_device_at(at, &found));
  cr_assert(!found.available && strstr(found.reason, "lost") != NULL);
  cr_assert(gli_device_usage_at(at, &usage) && !usage.is_open);
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

/* --- Short of memory -------------------------------------------------------------------------- */

Test(devices, mirrors_of_others_make_room) {
  gli_snapshot *one = random_graph(1000, 20000, true, 1, NULL);
  gli_snapshot *two = random_graph(1000, 20000, true, 2, NULL);
  gli_device_usage usage;
  gli_mirror_usage mirror;
  gli_error error = {0};
  const size_t at = first_fake();
  cr_assert_eq(count(two, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_device_usage_at(at, &usage));
  const int64_t needed = (int64_t)usage.peak_bytes;
  gli__driver_replace("opencl", &fake_driver);
  cr_assert_eq(count(one, &error), GLI_OK);
  cr_assert(gli_snapshot_usage_at(one, at, &mirror) && mirror.held_bytes > 0);
  fake.memory_bytes = needed + 100;
  cr_assert_eq(count(two, &error), GLI_OK, "%s", error.message);
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
    const gli_status status = count(one, &error);
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
