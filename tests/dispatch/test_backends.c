/* The way of a call through the real OpenCL driver, where this machine has a device for it (PoCL
 * will do): by name and left to choose, pinned, from several threads, and across fork. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dispatch/opencl.h"
#include "support/caches.h"
#include "support/child.h"

TestSuite(backends, .init = set_up, .fini = tear_down);

static gli_status run_there(const char *backend, const char *device, gli_result **result_out,
                            gli_error *error) {
  gli_control control = GLI_CONTROL_INIT;
  control.backend = backend;
  control.device = device;
  return gli_pagerank(snapshot, NULL, &control, result_out, error);
}

static bool agrees_with_cpu(const gli_result *result) {
  gli_result *expected = NULL;
  bool agrees = run_there("cpu", NULL, &expected, NULL) == GLI_OK;
  const double *left = gli_result_floats(result, "score");
  const double *right = agrees ? gli_result_floats(expected, "score") : NULL;
  for (int32_t v = 0; agrees && v < gli_snapshot_node_limit(snapshot); v++)
    agrees = fabs(left[v] - right[v]) < 1e-6;
  gli_result_free(expected);
  return agrees;
}

Test(backends, by_name_it_runs_there_and_the_record_says_so) {
  NEED_OPENCL();
  gli_result *result = NULL;
  gli_error error = {0};
  gli_device_description device;
  cr_assert(gli_device_at(first, &device));
  cr_assert_eq(run_there("opencl", NULL, &result, &error), GLI_OK, "%s", error.message);
  const gli_run_record record = gli_result_run(result);
  cr_assert_str_eq(record.backend, "opencl");
  cr_assert_str_eq(record.device, device.name);
  cr_assert_str_eq(record.why, "opencl: asked for by name");
  cr_assert_eq(record.fallbacks, 0);
  cr_assert_gt(record.iterations, 0);
  cr_assert(record.transfer_seconds > 0 && record.prepare_seconds > 0);
  cr_assert_gt(record.compute_seconds, 0);
  cr_assert_float_eq(record.total_seconds,
                     record.prepare_seconds + record.transfer_seconds + record.compute_seconds,
                     1e-9);
  cr_assert(agrees_with_cpu(result));
  gli_result_free(result);
}

Test(backends, a_cpu_is_not_chosen_by_itself) {
  NEED_OPENCL();
  gli_device_description device;
  cr_assert(gli_device_at(first, &device));
  if (!device.is_cpu) cr_skip_test("%s is a real accelerator", device.name);
  gli_result *result = NULL;
  cr_assert_eq(run_there(NULL, NULL, &result, NULL), GLI_OK);
  gli_run_record record = gli_result_run(result);
  cr_assert_str_eq(record.backend, "cpu");
  cr_assert(strstr(record.why, "is this CPU") != NULL || strstr(record.why, "cuda") != NULL, "%s",
            record.why);
  gli_result_free(result);
  cr_assert_eq(run_there(NULL, "opencl:0", &result, NULL), GLI_OK);
  record = gli_result_run(result); /* who is faster is the machine's affair: both are named */
  cr_assert(strstr(record.why, "predicted") != NULL && strstr(record.why, "opencl") != NULL, "%s",
            record.why);
  cr_assert(agrees_with_cpu(result));
  gli_result_free(result);
}

Test(backends, a_graph_stays_where_it_is_pinned) {
  NEED_OPENCL();
  gli_error error = {0};
  gli_result *result = NULL;
  gli_mirror_usage mirror;
  gli_device_usage before, after;
  gli_control control = GLI_CONTROL_INIT;
  control.backend = "opencl";
  cr_assert(gli_snapshot_usage_at(snapshot, first, &mirror));
  cr_assert(mirror.held_bytes == 0 && !mirror.pinned);
  cr_assert_eq(gli_snapshot_pin(snapshot, &control, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_snapshot_usage_at(snapshot, first, &mirror));
  cr_assert(mirror.pinned && mirror.held_bytes > 4000 * sizeof(int32_t));
  cr_assert_eq(run_there("opencl", NULL, &result, NULL), GLI_OK);
  gli_result_free(result);
  cr_assert(gli_device_usage_at(first, &before));
  cr_assert_eq(run_there("opencl", NULL, &result, NULL), GLI_OK);
  gli_result_free(result);
  cr_assert(gli_device_usage_at(first, &after));
  cr_assert_lt(after.uploaded_bytes - before.uploaded_bytes, 4000 * sizeof(int32_t),
               "the rows were there");
  cr_assert_eq(after.held_bytes, before.held_bytes, "scratch was given back");
  cr_assert_eq(gli_snapshot_unpin(snapshot, NULL, &error), GLI_OK);
  cr_assert(gli_snapshot_usage_at(snapshot, first, &mirror) && !mirror.pinned);
}

Test(backends, the_choice_knows_what_is_there) {
  NEED_OPENCL();
  gli_result *result = NULL;
  gli_control control = GLI_CONTROL_INIT;
  gli_snapshot_free(snapshot);
  snapshot = random_graph(20000, 400000, true, 7, NULL); /* worth a look beyond the waits */
  cr_assert_eq(run_there("opencl", NULL, &result, NULL), GLI_OK);
  gli_result_free(result);
  control.backend = "opencl";
  cr_assert_eq(gli_snapshot_pin(snapshot, &control, NULL), GLI_OK);
  cr_assert_eq(run_there(NULL, "opencl", &result, NULL), GLI_OK);
  cr_assert(strstr(gli_result_run(result).why, "mirror resident") != NULL, "%s",
            gli_result_run(result).why);
  gli_result_free(result);
}

static void *call_often(void *wrong) {
  for (int k = 0; k < 5; k++) {
    gli_result *result = NULL;
    if (run_there("opencl", NULL, &result, NULL) != GLI_OK || !agrees_with_cpu(result)) {
      *(bool *)wrong = true;
    }
    gli_result_free(result);
  }
  return NULL;
}

Test(backends, threads_take_turns) {
  NEED_OPENCL();
  pthread_t threads[3];
  bool wrong[3] = {false};
  for (int k = 0; k < 3; k++)
    cr_assert_eq(pthread_create(&threads[k], NULL, call_often, &wrong[k]), 0);
  for (int k = 0; k < 3; k++) {
    pthread_join(threads[k], NULL);
    cr_assert_not(wrong[k]);
  }
}

Test(backends, is_measured_in_a_moment) {
  char folder[] = "/tmp/gli-rates-XXXXXX", command[64];
  cr_assert(use_caches_in(folder));
  NEED_OPENCL();
  gli_error error = {0};
  gli_device_figures figures;
  cr_assert_eq(gli_device_calibrate(first, NULL, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_device_figures_at(first, &figures));
  cr_assert(figures.launch_seconds > 0 && figures.launch_seconds < 0.1);
  cr_assert(figures.gather_entries_second > 1e5 && figures.stream_bytes_second > 1e6);
  snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

/* --- Fork ------------------------------------------------------------------------------------- */

static int in_child(int (*body)(void)) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);
    leave_child(body());
  }
  int status = 0;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

static int runs_there(void) {
  gli_result *result = NULL;
  gli_error error = {0};
  if (run_there("opencl", NULL, &result, &error) != GLI_OK) {
    fprintf(stderr, "%s\n", error.message);
    return error.status == GLI_ERROR_BACKEND_UNAVAILABLE ? 3 : 1;
  }
  const bool agrees = agrees_with_cpu(result);
  gli_result_free(result);
  return agrees ? 0 : 2;
}

static int uses_the_cpu(void) {
  gli_result *result = NULL;
  gli_error error = {0};
  if (run_there("opencl", NULL, &result, &error) != GLI_ERROR_BACKEND_UNAVAILABLE) return 1;
  if (strstr(error.message, "before this process was forked") == NULL) return 2;
  if (run_there(NULL, "opencl", &result, &error) != GLI_OK) return 3;
  if (strcmp(gli_result_run(result).backend, "cpu") != 0) return 4;
  gli_device_description device;
  if (!gli_device_at(first, &device) || device.available) return 5;
  gli_device_usage usage;
  if (!gli_device_usage_at(first, &usage) || usage.is_open) return 6;
  if (gli_snapshot_unpin(snapshot, NULL, &error) != GLI_OK) return 7;
  gli_result_free(result);
  gli_snapshot_free(snapshot); /* a mirror of it is the parent's */
  return 0;
}

Test(backends, a_child_opens_its_own_or_uses_the_cpu) {
  const int early = in_child(runs_there);
  if (early == 3) cr_skip_test("no OpenCL device here");
  cr_assert_eq(early, 0, "nobody had opened the driver");
  NEED_OPENCL();
  cr_assert_eq(in_child(uses_the_cpu), 0, "looked at, in the parent");
  cr_assert_eq(runs_there(), 0);
  cr_assert_eq(in_child(uses_the_cpu), 0, "used by the parent");
  cr_assert_eq(runs_there(), 0, "the parent goes on");
}

typedef struct told {
  int count;
  char device[128], program[64];
} told;

static void tell(void *context, const char *device, const char *program) {
  told *all = context;
  all->count++;
  snprintf(all->device, sizeof all->device, "%s", device);
  snprintf(all->program, sizeof all->program, "%s", program);
}

/* In a process of its own: what was compiled before is kept. */
static int compiles_in_an_empty_cache(void) {
  gli_device_description device;
  told all = {0};
  gli_result *result = NULL;
  gli_set_compile_hook(tell, &all);
  if (gli_backend_require("opencl", NULL) != GLI_OK) return 3;
  if (all.count != 0) return 4;
  gli_control control = GLI_CONTROL_INIT;
  control.backend = "opencl";
  if (gli_degrees(snapshot, NULL, &control, &result, NULL) != GLI_OK) return 5;
  for (first = 0; gli_device_at(first, &device) && strcmp(device.backend, "opencl") != 0; first++) {
  }
  const int once = all.count;
  gli_result_free(result);
  if (gli_degrees(snapshot, NULL, &control, &result, NULL) != GLI_OK) return 6;
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  if (once == 0 || all.count != once) return 7;
  if (strcmp(all.device, device.name) != 0 || strchr(all.program, '/') == NULL) return 8;
  gli_set_compile_hook(NULL, NULL);
  return 0;
}

Test(backends, a_hook_is_told_of_the_first_compile) {
  char folder[] = "/tmp/gli-compile-XXXXXX", command[64];
  cr_assert(use_caches_in(folder));
  const int found = in_child(compiles_in_an_empty_cache);
  snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
  if (found == 3) cr_skip_test("no OpenCL device here");
  cr_assert_eq(found, 0, "%d", found);
}
