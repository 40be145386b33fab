/* run.c: one call of an algorithm, from options to result. */
#include "base/error.h"
#include "dispatch/dispatch.h"

#include <stdio.h>
#include <string.h>

/* What one call holds on its way. */
typedef struct call {
  gli__request request;
  gli__memory *memory;
  void *options; /* complete: algorithm->options_size bytes */
  gli_control control;
  gli__choice choice;
  char failed_device[128]; /* whose work the CPU took over; "": nobody's */
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
  const char *keep = control->keep;
  if (keep != NULL && strcmp(keep, "host") != 0 && strcmp(keep, "device") != 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "control.keep is '%.60s'; it must be 'host' or 'device'", keep);
  }
  return GLI_OK;
}

/* What is left of the caller's time: a second attempt does not begin with a fresh hour. */
static gli_control remaining(const call *made) {
  gli_control control = made->control;
  if (control.max_seconds > 0) {
    const double left = control.max_seconds - (gli__seconds_now() - made->started);
    control.max_seconds = left > 1e-9 ? left : 1e-9;
  }
  return control;
}

static void write_record(const call *made, gli_run *run, const gli__outcome *outcome,
                         int32_t fallbacks, double began, gli_result *result) {
  const double now = gli__seconds_now();
  const double said = outcome->prepared_at > 0 ? outcome->prepared_at : gli__run_prepared_at(run);
  const double prepare = (said > 0 ? said : began) - made->started + outcome->build_seconds;
  const double total = now - made->started;
  const bool asked = gli__control_keeps(&made->control);
  const gli_run_record record = {
      .backend = made->choice.backend->name,
      .device = outcome->device,
      .why = made->choice.why,
      .threads = gli_run_threads(run),
      .fallbacks = fallbacks,
      .iterations = gli__run_iterations(run),
      .total_seconds = total,
      .prepare_seconds = prepare,
      .transfer_seconds = outcome->transfer_seconds,
      .compute_seconds = total - prepare - outcome->transfer_seconds,
      .failed_device = made->failed_device,
      .kept = !asked                        ? ""
              : gli__result_is_kept(result) ? "device"
                                            : "host",
  };
  gli__result_set_run(result, &record);
}

/* Run it once where it was chosen to; on success *result_out holds its columns and its record. */
static gli_status run_once(const call *made, gli_run *run, int32_t fallbacks,
                           gli__outcome *outcome_out, gli_result **result_out, gli_error *error) {
  gli_result *result = NULL;
  *outcome_out = (gli__outcome){.device = ""};
  gli_status status = gli__result_create(made->request.snapshot, made->memory, &result, error);
  if (status != GLI_OK) return status;
  status = gli_run_check(run, error);
  if (status != GLI_OK) goto cleanup;
  const double began = gli__seconds_now();
  const gli__backend *backend = made->choice.backend;
  gli_run *outside = gli__run_enter(run);
  status =
      backend->run(backend, &made->choice.offer, &made->request, run, result, outcome_out, error);
  gli__run_leave(outside);
  if (status != GLI_OK) goto cleanup;
  write_record(made, run, outcome_out, fallbacks, began, result);
  *result_out = result;
  result = NULL;
cleanup:
  gli_result_free(result);
  return status;
}

/* The same as a run of its own, for a further attempt: iterations and scratch begin anew. */
static gli_status run_anew(const call *made, int32_t fallbacks, gli_result **result_out,
                           gli_error *error) {
  gli_run *run = NULL;
  gli__outcome outcome;
  const gli_control control = remaining(made);
  gli_status status = gli__run_begin(&control, made->memory, &run, error);
  if (status != GLI_OK) return status;
  status = run_once(made, run, fallbacks, &outcome, result_out, error);
  gli__run_end(run);
  return status;
}

/* After a device failed: the CPU, when the caller left the choice to us and allows it. */
static gli_status fall_back(gli__backend_list list, call *made, gli_result **result_out,
                            gli_error *error) {
  char why[GLI__WHY_SIZE];
  snprintf(why, sizeof why, "%s: %s failed (%.160s)", list.backends[0]->name,
           made->choice.backend->name, error->message);
  const gli_status status =
      gli__choose(list, list.backends[0]->name, &made->request, &made->choice, error);
  if (status != GLI_OK) return status;
  memcpy(made->choice.why, why, sizeof why);
  return run_anew(made, 1, result_out, error);
}

/* On a device that was short of memory, once more when others' mirrors made room; then on the CPU,
 * if that is allowed. */
static gli_status run_chosen(gli__backend_list list, call *made, gli_run *run,
                             gli_result **result_out, gli_error *error) {
  gli_error own = {0}; /* the caller's error may be NULL, and a fallback quotes the message */
  gli__outcome outcome;
  gli_status status = run_once(made, run, 0, &outcome, result_out, &own);
  if (status == GLI_ERROR_DEVICE && outcome.again) status = run_anew(made, 0, result_out, &own);
  const char *answer = made->control.on_device_error;
  if (status == GLI_ERROR_DEVICE && made->choice.automatic &&
      (answer == NULL || strcmp(answer, "cpu") == 0)) {
    memcpy(made->failed_device, outcome.device, sizeof made->failed_device);
    status = fall_back(list, made, result_out, &own);
  }
  if (status != GLI_OK && error != NULL) *error = own;
  return status;
}

/* Check the options, and see what there is to do if that is to decide. */
static gli_status prepare_request(call *made, gli_run *run, gli_error *error) {
  gli__request *request = &made->request;
  request->threads = gli_run_threads(run);
  gli_run *outside = gli__run_enter(run); /* looking at weights reads all of them */
  const gli_status status =
      gli__options_check(request->algorithm, request->snapshot, made->options, error);
  if (status == GLI_OK) {
    request->form = gli__device_algorithm_find(request->algorithm->name);
    if (request->form != NULL && made->control.backend == NULL) {
      request->work = request->form->work(request->snapshot, made->options);
      if (gli__control_keeps(&made->control)) request->work.result_bytes = 0;
    }
  }
  gli__run_leave(outside);
  return status;
}

static gli_status run_checked(gli__backend_list list, call *made, const void *options,
                              gli_result **result_out, gli_error *error) {
  gli_status status = gli__options_complete(made->request.algorithm, options, made->options, error);
  if (status != GLI_OK) return status;
  gli_run *run = NULL;
  status = gli__run_begin(&made->control, made->memory, &run, error);
  if (status != GLI_OK) return status;
  made->started = gli__run_started_at(run);
  status = prepare_request(made, run, error);
  if (status == GLI_OK) {
    status = gli__choose(list, made->control.backend, &made->request, &made->choice, error);
  }
  if (status == GLI_OK) status = run_chosen(list, made, run, result_out, error);
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
  call made = {.memory = gli__snapshot_memory(snapshot)};
  gli_status status = take_control(control, &made.control, error);
  if (status != GLI_OK) return status;
  made.options = gli__allocate_zeroed(made.memory, 1, algorithm->options_size);
  if (made.options == NULL) return gli__no_memory(error, "the options of a call");
  made.request = (gli__request){.algorithm = algorithm,
                                .snapshot = snapshot,
                                .options = made.options,
                                .control = &made.control};
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
