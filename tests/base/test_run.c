/* test_run.c: the state of a call, on one thread. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"
#include "support/failing_allocator.h"

static gli_status begin_with(gli_control control, gli_error *error) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_run *run = NULL;
  gli_status status = gli__run_begin(&control, memory, &run, error);
  cr_assert_eq(run == NULL, status != GLI_OK);
  gli__run_end(run);
  gli__memory_free(memory);
  return status;
}

Test(run, wrong_controls_are_refused) {
  gli_error error;
  cr_assert_eq(begin_with((gli_control){0}, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "GLI_CONTROL_INIT"));
  gli_control control = GLI_CONTROL_INIT;
  control.max_seconds = -1;
  cr_assert_eq(begin_with(control, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "max_seconds is -1"));
  control.max_seconds = NAN;
  cr_assert_eq(begin_with(control, &error), GLI_ERROR_INVALID_ARGUMENT);
  control.max_seconds = 0;
  control.threads = -3;
  cr_assert_eq(begin_with(control, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "threads is -3"));
  control.threads = 0;
  control.max_seconds = INFINITY;
  cr_assert_eq(begin_with(control, &error), GLI_OK);
}

/* A caller that was built when the struct ended after max_seconds: the rest is not looked at. */
Test(run, an_older_control_is_read_as_far_as_it_goes) {
  gli_control control = GLI_CONTROL_INIT;
  control.struct_size = offsetof(gli_control, threads);
  control.threads = -3;
  cr_assert_eq(begin_with(control, NULL), GLI_OK);
}

Test(run, threads_are_at_most_what_is_asked_for) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__pretend_thread_count(6);
  for (int32_t threads = 0; threads < 9; threads++) {
    gli_control control = GLI_CONTROL_INIT;
    control.threads = threads;
    gli_run *run = NULL;
    cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
    cr_assert_eq(gli_run_threads(run), threads == 0 || threads > 6 ? 6 : threads);
    gli__run_end(run);
  }
  gli__pretend_thread_count(0);
  cr_assert_geq(gli_thread_count(), 1);
  gli__memory_free(memory);
}

Test(run, environment_bounds_the_threads) {
  setenv("GLI_THREADS", "1", 1); /* read once: each test is a process of its own */
  cr_assert_eq(gli_thread_count(), 1);
}

Test(run, a_senseless_bound_is_ignored) {
  setenv("GLI_THREADS", "many", 1);
  cr_assert_geq(gli_thread_count(), 1);
  cr_assert_leq(gli_thread_count(), sysconf(_SC_NPROCESSORS_ONLN));
}

Test(run, what_a_kernel_leaves_is_given_back) {
  gli__memory *memory = gli__memory_create(NULL);
  int64_t before = memory->live_bytes;
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(NULL, memory, &run, NULL), GLI_OK);
  double *first = gli_run_allocate(run, 100, sizeof *first);
  double *second = gli_run_allocate_zeroed(run, 200, sizeof *second);
  double *third = gli_run_allocate(run, 0, sizeof *third);
  cr_assert(first != NULL && second != NULL && third != NULL);
  for (int index = 0; index < 200; index++) {
    cr_assert_eq(second[index], 0);
  }
  gli_run_release(run, second);
  gli_run_release(run, NULL);
  gli_run_release(run, first);
  gli__run_end(run);
  gli__run_end(NULL);
  cr_assert_eq(memory->live_bytes, before);
  gli__memory_free(memory);
}

Test(run, too_much_scratch_is_an_error_with_its_size) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(NULL, memory, &run, NULL), GLI_OK);
  cr_assert_null(gli_run_allocate(run, INT64_MAX, 8));
  cr_assert_null(gli_run_allocate(run, -1, 8));
  cr_assert_null(gli_run_allocate_zeroed(run, INT64_MAX - 8, 1));
  gli_error error;
  cr_assert_eq(gli_run_no_memory(run, &error), GLI_ERROR_OUT_OF_MEMORY);
  cr_assert_not_null(strstr(error.message, "9223372036854775799 bytes"));
  gli__run_end(run);
  gli__memory_free(memory);
}

Test(run, every_failing_allocation) {
  failing_loop loop = failing_loop_start("gli__run_begin and gli_run_allocate");
  while (failing_loop_next(&loop)) {
    gli__memory *memory = gli__memory_create(&loop.allocator);
    gli_run *run = NULL;
    failing_loop_arm(&loop);
    gli_status status = gli__run_begin(NULL, memory, &run, NULL);
    bool got_all = status == GLI_OK && gli_run_allocate(run, 10, 8) != NULL &&
                   gli_run_allocate_zeroed(run, 10, 8) != NULL;
    cr_assert_eq(failing_loop_disarm(&loop), !got_all);
    cr_assert(status == GLI_OK || status == GLI_ERROR_OUT_OF_MEMORY);
    gli__run_end(run);
    gli__memory_free(memory);
  }
}

Test(run, first_reason_to_stop_stays) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_cancel cancel = {0};
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  control.max_seconds = 0.02;
  gli_run *run = NULL;
  gli_error error;
  cr_assert_eq(gli__run_begin(&control, memory, &run, &error), GLI_OK);
  cr_assert_eq(gli_run_check(run, &error), GLI_OK);
  cr_assert_not(gli_run_stopped(run));
  gli_cancel_request(&cancel);
  cr_assert_eq(gli_run_check(run, &error), GLI_ERROR_CANCELLED);
  cr_assert_eq(error.status, GLI_ERROR_CANCELLED);
  usleep(40000);
  cr_assert_eq(gli_run_check(run, &error), GLI_ERROR_CANCELLED);
  gli__run_end(run);
  gli__memory_free(memory);
}

static bool count_calls(void *context, double done, double total) {
  (void)done;
  (void)total;
  ++*(int *)context;
  return true;
}

/* A serial loop that asks gli_run_stopped alone still serves progress, at least every 50 ms. */
Test(run, stopped_serves_progress_and_the_clock) {
  gli__memory *memory = gli__memory_create(NULL);
  int calls = 0;
  gli_control control = GLI_CONTROL_INIT;
  control.progress = count_calls;
  control.progress_context = &calls;
  control.max_seconds = 0.3;
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  while (!gli_run_stopped(run)) {
    usleep(100);
  }
  cr_assert_geq(calls, 4); /* 6 on an idle machine */
  cr_assert_leq(calls, 12);
  cr_assert_eq(gli_run_check(run, NULL), GLI_ERROR_TIMEOUT);
  gli__run_end(run);
  gli__memory_free(memory);
}
