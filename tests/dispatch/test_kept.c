/* Columns that stay on a device, as a C program has them: through OpenCL, where this machine has a
 * device for it (PoCL will do). What a consumer does with the cl_mem is in tests/python. */
#include "dispatch/opencl.h"

TestSuite(kept, .init = set_up, .fini = tear_down);

static gli_result *rank(gli_snapshot *graph, const char *backend, const char *keep) {
  gli_control control = GLI_CONTROL_INIT;
  gli_error error = {0};
  gli_result *result = NULL;
  control.backend = backend;
  control.keep = keep;
  cr_assert_eq(gli_pagerank(graph, NULL, &control, &result, &error), GLI_OK, "%s", error.message);
  return result;
}

static uint64_t kept_bytes(void) {
  gli_device_usage usage = {0};
  cr_assert(gli_device_usage_at(first, &usage));
  return usage.kept_bytes;
}

Test(kept, the_cpu_keeps_columns_here_and_says_so) {
  gli_result *asked = rank(snapshot, "cpu", "device"), *plain = rank(snapshot, "cpu", NULL);
  gli_device_column column;
  gli_error error = {0};
  cr_assert_str_eq(gli_result_run(asked).kept, "host");
  cr_assert_str_eq(gli_result_run(plain).kept, "");
  cr_assert_eq(gli_result_device_column(asked, "score", false, &column, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "is on the host"), "%s", error.message);
  cr_assert_eq(gli_result_device_column(asked, "level", false, &column, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "it has 'score'"), "%s", error.message);
  cr_assert_eq(gli_result_fetch(asked, "score", NULL, &error), GLI_OK);
  cr_assert_eq(gli_result_fetch(asked, "level", NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  gli_device_column_free(NULL);
  gli_result_free(asked);
  gli_result_free(plain);
}

Test(kept, what_keep_may_say) {
  gli_control control = GLI_CONTROL_INIT;
  gli_error error = {0};
  gli_result *result = NULL;
  control.keep = "gpu";
  cr_assert_eq(gli_pagerank(snapshot, NULL, &control, &result, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "control.keep is 'gpu'; it must be 'host' or 'device'"),
                     "%s", error.message);
  /* A caller from before the field: it is not read. */
  control.struct_size = offsetof(gli_control, keep);
  cr_assert_eq(gli_pagerank(snapshot, NULL, &control, &result, &error), GLI_OK);
  cr_assert_str_eq(gli_result_run(result).kept, "");
  gli_result_free(result);
}

Test(kept, a_column_comes_here_once_and_under_control) {
  NEED_OPENCL();
  const uint64_t before = kept_bytes();
  gli_result *there = rank(snapshot, "opencl", "device"), *here = rank(snapshot, "cpu", NULL);
  gli_column column;
  gli_error error = {0};
  gli_cancel cancel = {1};
  gli_control control = GLI_CONTROL_INIT;
  cr_assert_str_eq(gli_result_run(there).kept, "device");
  cr_assert(gli_result_column_at(there, 0, &column));
  cr_assert(column.data == NULL && column.on_device && column.length == 400);
  cr_assert_eq(kept_bytes(), before + 3200);
  control.cancel = &cancel;
  cr_assert_eq(gli_result_fetch(there, "score", &control, &error), GLI_ERROR_CANCELLED);
  cr_assert(gli_result_column_at(there, 0, &column) && column.data == NULL);
  cr_assert_eq(gli_result_fetch(there, "score", NULL, &error), GLI_OK, "%s", error.message);
  cr_assert(gli_result_column_at(there, 0, &column));
  cr_assert(column.data != NULL && column.on_device);
  cr_assert_eq(column.data, (const void *)gli_result_floats(there, "score"));
  cr_assert_eq(gli_result_fetch(there, "score", &control, &error), GLI_OK, "it is here");
  for (int64_t v = 0; v < 400; v++)
    cr_assert(fabs(gli_result_floats(there, "score")[v] - gli_result_floats(here, "score")[v]) <
              1e-9);
  int64_t best[3], expected[3], found = 0;
  gli_result *again = rank(snapshot, "opencl", "device");
  cr_assert_eq(gli_result_top(again, "score", 3, best, &found, &error), GLI_OK);
  cr_assert_eq(gli_result_top(here, "score", 3, expected, &found, &error), GLI_OK);
  cr_assert_eq(memcmp(best, expected, sizeof best), 0);
  gli_result_free(again);
  gli_result_free(there);
  gli_result_free(here);
  cr_assert_eq(kept_bytes(), before);
}

Test(kept, a_shared_column_outlives_its_result) {
  NEED_OPENCL();
  const uint64_t before = kept_bytes();
  gli_result *result = rank(snapshot, "opencl", "device");
  gli_device_column column, live;
  gli_error error = {0};
  cr_assert_eq(gli_result_device_column(result, "score", false, &column, &error), GLI_OK, "%s",
               error.message);
  cr_assert_eq(gli_result_device_column(result, "score", true, &live, &error), GLI_OK);
  cr_assert_str_eq(column.backend, "opencl");
  cr_assert(column.address != NULL && column.dlpack_kind == 4 && column.dlpack_number == 0);
  cr_assert(column.type == GLI_COLUMN_FLOAT64 && column.length == 400);
  cr_assert_eq(live.address, column.address, "without holes it is the same");
  gli_result_free(result);
  cr_assert_eq(kept_bytes(), before + 3200);
  gli_device_column_free(&live);
  cr_assert_eq(kept_bytes(), before + 3200);
  gli_device_column_free(&column);
  gli_device_column_free(&column); /* given back already */
  cr_assert_eq(kept_bytes(), before);
}

Test(kept, nodes_are_positions_where_rows_are_live) {
  NEED_OPENCL();
  const uint64_t before = kept_bytes();
  gli_control control = GLI_CONTROL_INIT;
  gli_result *result = NULL;
  gli_error error = {0};
  gli_device_column stored, live;
  const int32_t source = 0;
  gli_bfs_options options = GLI_BFS_OPTIONS_INIT;
  options.source = (gli_node_list){&source, 1};
  control.backend = "opencl";
  control.keep = "device";
  cr_assert_eq(gli_bfs(snapshot, &options, &control, &result, &error), GLI_OK, "%s", error.message);
  cr_assert_eq(gli_result_device_column(result, "predecessor", false, &stored, &error), GLI_OK);
  cr_assert_eq(gli_result_device_column(result, "predecessor", true, &live, &error), GLI_OK);
  cr_assert(stored.type == GLI_COLUMN_NODE && live.type == GLI_COLUMN_INT64);
  cr_assert(stored.address != live.address && stored.length == live.length);
  /* level, predecessor, and the latter as positions */
  cr_assert_eq(kept_bytes(), before + 400 * (8 + 4 + 8));
  gli_result_free(result);
  gli_device_column_free(&stored);
  gli_device_column_free(&live);
  cr_assert_eq(kept_bytes(), before);
}
