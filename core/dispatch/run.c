/* run.c: one call of an algorithm, from options to result. */
#include "base/error.h"
#include "dispatch/dispatch.h"

#include <stdio.h>
#include <string.h>

/* What one call holds on its way. */
typedef struct call {
  const gli_algorithm *algorithm;
  gli_snapshot *snapshot;
  gli__memory *memory;
  void *options; /* complete: algorithm->options_size bytes */
  gli_control control;
  gli__choice choice;
  double started;
} call;

/* The fields of `given` that the dispatcher reads itself; gli__run_begin checks the others. */
static gli_status take_control(const gli_control *given, gli_control *control, gli_error *error) {
  *control = (gli_control)GLI_CONTROL_INIT;
  if (given == NULL) return GLI_OK;
  if (given->struct_size < sizeof given->struct_size) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "control.struct_size is %zu; initialise it with GLI_CONTROL_INIT",
                     given->struct_size);
  }
  const size_t known = given->struct_size < sizeof *control ? given->struct_size : sizeof *control;
  memcpy(control, given, known); /* the caller may be older or newer than the library */
  control->struct_size = sizeof *control;
  const char *answer = control->on_device_error;
  if (answer != NULL && strcmp(answer, "cpu") != 0 && strcmp(answer, "raise") != 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "control.on_device_error is '%.60s'; it must be 'cpu' or 'raise'", answer);
  }
  return GLI_OK;
}

/* Run the chosen kernel once; on success *result_out holds its columns and its run record. */
static gli_status run_kernel(const call *made, gli_run *run, int32_t fallbacks,
                             gli_result **result_out, gli_error *error) {
  gli_result *result = NULL;
  gli_status status = gli__result_create(made->snapshot, made->memory, &result, error);
  if (status != GLI_OK) return status;
  status = gli_run_check(run, error);
  if (status != GLI_OK) goto cleanup;
  const double began = gli__seconds_now();
  gli_run *outside = gli__run_enter(run);
  status = made->choice.kernel(run, made->snapshot, made->options, result, error);
  gli__run_leave(outside);
  if (status != GLI_OK) goto cleanup;
  const double now = gli__seconds_now();
  const double said = gli__run_prepared_at(run);
  const double prepared = said > 0 ? said : began;
  const gli_run_record record = {.backend = made->choice.backend->name,
                                 .device = "",
                                 .why = made->choice.why,
                                 .threads = gli_run_threads(run),
                                 .fallbacks = fallbacks,
                                 .iterations = gli__run_iterations(run),
                                 .total_seconds = now - made->started,
                                 .prepare_seconds = prepared - made->started,
                                 .compute_seconds = now - prepared};
  gli__result_set_run(result, &record);
  *result_out = result;
  result = NULL;
cleanup:
  gli_result_free(result);
  return status;
}

/* After a device failed: the CPU, when the caller left the choice to us and allows it. */
static gli_status fall_back(gli__backend_list list, call *made, gli_result **result_out,
                            gli_error *error) {
  char why[GLI__WHY_SIZE];
  snprintf(why, sizeof why, "%s: %s failed (%.160s)", list.backends[0]->name,
           made->choice.backend->name, error->message);
  gli_status status = gli__choose(list, list.backends[0]->name, made->algorithm, made->snapshot,
                                  made->options, &made->choice, error);
  if (status != GLI_OK) return status;
  memcpy(made->choice.why, why, sizeof why);
  gli_run *run = NULL;
  status = gli__run_begin(&made->control, made->memory, &run, error);
  if (status != GLI_OK) return status;
  status = run_kernel(made, run, 1, result_out, error);
  gli__run_end(run);
  return status;
}

static gli_status run_checked(gli__backend_list list, call *made, const void *options,
                              gli_result **result_out, gli_error *error) {
  gli_status status = gli__options_complete(made->algorithm, options, made->options, error);
  if (status != GLI_OK) return status;
  gli_run *run = NULL;
  status = gli__run_begin(&made->control, made->memory, &run, error);
  if (status != GLI_OK) return status;
  gli_run *outside = gli__run_enter(run); /* looking at weights reads all of them */
  status = gli__options_check(made->algorithm, made->snapshot, made->options, error);
  gli__run_leave(outside);
  if (status == GLI_OK) {
    status = gli__choose(list, made->control.backend, made->algorithm, made->snapshot,
                         made->options, &made->choice, error);
  }
  gli_error own = {0}; /* the caller's error may be NULL, and a fallback quotes the message */
  if (status != GLI_OK) goto cleanup;
  status = run_kernel(made, run, 0, result_out, &own);
  const char *answer = made->control.on_device_error;
  if (status == GLI_ERROR_DEVICE && made->choice.automatic &&
      (answer == NULL || strcmp(answer, "cpu") == 0)) {
    status = fall_back(list, made, result_out, &own);
  }
  if (status != GLI_OK && error != NULL) *error = own;
cleanup:
  gli__run_end(run);
  return status;
}

gli_status gli__run_algorithm(gli__backend_list list, const gli_algorithm *algorithm,
                              gli_snapshot *snapshot, const void *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error) {
  if (algorithm == NULL || snapshot == NULL || result_out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s is NULL; an algorithm, a snapshot and a place for the result are needed",
                     algorithm == NULL  ? "algorithm"
                     : snapshot == NULL ? "snapshot"
                                        : "result_out");
  }
  call made = {.algorithm = algorithm,
               .snapshot = snapshot,
               .memory = gli__snapshot_memory(snapshot),
               .started = gli__seconds_now()};
  gli_status status = take_control(control, &made.control, error);
  if (status != GLI_OK) return status;
  made.options = gli__allocate_zeroed(made.memory, 1, algorithm->options_size);
  if (made.options == NULL) return gli__no_memory(error, "the options of a call");
  status = run_checked(list, &made, options, result_out, error);
  gli__release(made.memory, made.options, 1, algorithm->options_size);
  return status;
}

gli_status gli_algorithm_run(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                             const void *options, const gli_control *control,
                             gli_result **result_out, gli_error *error) {
  return gli__run_algorithm(gli__backends(), algorithm, snapshot, options, control, result_out,
                            error);
}
