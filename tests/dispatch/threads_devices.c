/* Threads on one device, over a driver made up for the test: calls one after the other and in the
 * order in which they came, lookers-on beside them, failures in between, and a loss at the end that
 * nobody gets past. */
#include <gli/gli.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "dispatch/cost.h"
#include "dispatch/dispatch.h"
#include "support/fake_driver.h"
#include "support/threads.h"

enum { CALLERS = 4, CALLS = 300, NODES = 64 };

static gli_snapshot *snapshot;
static _Atomic int64_t done, failed, turned_away;

static gli_status run_form(gli__call *call, const void *options, gli_result *result) {
  double values[NODES];
  (void)options;
  for (int k = 0; k < NODES; k++)
    values[k] = k;
  gli_device_buffer *buffer = gli__call_buffer(call, NODES, sizeof(double));
  gli__call_upload(call, buffer, 0, values, (int64_t)sizeof values);
  GLI__LAUNCH(call, "nothing", gli__items(NODES), gli__arg_buffer(buffer));
  gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, buffer);
  return call->status;
}

static gli__device_work work(gli_snapshot *unused, const void *options) {
  (void)unused;
  (void)options;
  return (gli__device_work){.cpu_seconds = 1, .launches = 1};
}

static const gli__device_algorithm form = {.program = "calibrate", .work = work, .run = run_form};

/* What one call gives: its status, and whether the column is right when there is one. */
static gli_status call_once(bool named, bool *right_out) {
  gli_control control = GLI_CONTROL_INIT;
  const gli__request request = {.algorithm = gli_algorithm_find("pagerank"),
                                .snapshot = snapshot,
                                .control = &control,
                                .form = &form,
                                .work = {.cpu_seconds = 1}};
  gli__offer offer;
  gli__outcome outcome = {.device = ""};
  gli_error error = {0};
  gli_run *run = NULL;
  gli_result *result = NULL;
  gli__memory *memory = gli__snapshot_memory(snapshot);
  *right_out = true;
  gli_status status = gli__backend_opencl.offer(&gli__backend_opencl, &request,
                                                named ? (double)INFINITY : 1.0, &offer, &error);
  if (status != GLI_OK) return status;
  if (gli__run_begin(&control, memory, &run, &error) != GLI_OK) return GLI_ERROR_OUT_OF_MEMORY;
  status = gli__result_create(snapshot, memory, &result, &error);
  if (status == GLI_OK) {
    status = gli__backend_opencl.run(&gli__backend_opencl, &offer, &request, run, result, &outcome,
                                     &error);
  }
  if (status == GLI_OK) {
    const double *score = gli_result_floats(result, "score");
    for (int k = 0; k < NODES; k++)
      *right_out = *right_out && score[k] == k;
  }
  gli_result_free(result);
  gli__run_end(run);
  return status;
}

static void (*harm)(void);

/* The first of them does harm to the driver halfway through. */
static void *keep_calling(void *first) {
  for (int k = 0; k < CALLS; k++) {
    if (first != NULL && harm != NULL && k == CALLS / 2) harm();
    bool right = true;
    const gli_status status = call_once(k % 2 == 0, &right);
    CHECK(right);
    if (status == GLI_OK) {
      atomic_fetch_add(&done, 1);
    } else if (status == GLI_ERROR_DEVICE) {
      atomic_fetch_add(&failed, 1);
    } else {
      CHECK(status == GLI_ERROR_BACKEND_UNAVAILABLE);
      atomic_fetch_add(&turned_away, 1);
    }
  }
  return NULL;
}

static atomic_bool is_over;

static void *keep_looking(void *unused) {
  (void)unused;
  while (!atomic_load(&is_over)) {
    gli_device_description found;
    gli_device_figures figures;
    gli_device_usage usage;
    gli_backend_info info;
    for (size_t k = 0; gli_device_at(k, &found); k++) {
      CHECK(gli_device_figures_at(k, &figures) && figures.launch_seconds > 0);
      CHECK(gli_device_usage_at(k, &usage));
      CHECK(found.available || found.reason[0] != '\0');
      if (found.available) gli_device_calibrate(k, NULL, NULL);
    }
    for (size_t k = 0; gli_backend_at(k, &info); k++)
      CHECK(info.reason[0] != '\0');
  }
  return NULL;
}

/* All callers and a looker-on. */
static void run_round(void (*with)(void)) {
  pthread_t callers[CALLERS], looker;
  atomic_store(&done, 0);
  atomic_store(&failed, 0);
  atomic_store(&turned_away, 0);
  atomic_store(&is_over, false);
  fake.most_inside = 0;
  harm = with;
  gli__driver_replace("opencl", &fake_driver);
  for (int k = 0; k < CALLERS; k++)
    CHECK(pthread_create(&callers[k], NULL, keep_calling, k == 0 ? &is_over : NULL) == 0);
  CHECK(pthread_create(&looker, NULL, keep_looking, NULL) == 0);
  for (int k = 0; k < CALLERS; k++)
    pthread_join(callers[k], NULL);
  atomic_store(&is_over, true);
  pthread_join(looker, NULL);
  CHECK(atomic_load(&done) + atomic_load(&failed) + atomic_load(&turned_away) == CALLERS * CALLS);
  CHECK(atomic_load(&fake.most_inside) == 1);
}

static void fail_once(void) {
  fake_fail_next(FAKE_LAUNCH, 1, GLI_DEVICE_FAILED);
}

static void lose(void) {
  fake_fail_next(FAKE_UPLOAD, -1, GLI_DEVICE_LOST);
}

int main(void) {
  char folder[] = "/tmp/gli-threads-XXXXXX", command[64];
  CHECK(mkdtemp(folder) != NULL);
  setenv("GLI_CACHE_DIR", folder, 1);
  CHECK(gli_snapshot_from_edges(NODES, 0, NULL, NULL, NULL, true, NULL, &snapshot, NULL) == GLI_OK);
  run_round(NULL);
  CHECK(done == CALLERS * CALLS && fake.live_bytes == 0);
  run_round(fail_once);
  CHECK(failed <= 1 && turned_away == 0 && fake.live_bytes == 0);
  run_round(lose);
  CHECK(failed >= 1 && turned_away > 0);
  const int64_t calls = fake.all_calls;
  bool right = true;
  CHECK(call_once(true, &right) == GLI_ERROR_BACKEND_UNAVAILABLE);
  CHECK(fake.all_calls == calls);
  gli__driver_replace("opencl", NULL);
  fake_forget();
  gli_snapshot_free(snapshot);
  snprintf(command, sizeof command, "rm -r %s", folder);
  CHECK(system(command) == 0);
  puts("threads_devices: fine");
  return 0;
}
