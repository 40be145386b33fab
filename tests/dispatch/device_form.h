/* device_form.h: a device form of pagerank over a driver made up for the tests, and calls of it
 * past the table of device forms. */
#ifndef GLI_TESTS_DEVICE_FORM_H
#define GLI_TESTS_DEVICE_FORM_H

#include "algorithms/support.h"
#include "dispatch/dispatch.h"
#include "support/fake_driver.h"

/* It adds nothing up: it moves a column through the device. */
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

static size_t first_fake(void) {
  gli_device_description found;
  size_t position = 0;
  while (gli_device_at(position, &found) && strcmp(found.backend, "opencl") != 0)
    position++;
  return position;
}

/* degrees on the driver made up here: its kernels do nothing, its memory is counted. */
static gli_status count(gli_snapshot *of, gli_error *error) {
  gli_control how = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  how.backend = "opencl";
  const gli_status status = gli_degrees(of, NULL, &how, &result, error);
  gli_result_free(result);
  return status;
}

#endif
