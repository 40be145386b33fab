/* Loading extensions: the right one, the example, and those that are wrong in one way each. */
#include "algorithms/support.h"

typedef struct fixture_options { /* as in extension_fixture.c */
  size_t struct_size;
  int64_t start;
  const char *mode;
} fixture_options;

static const char *module(const char *name) {
  static char path[1024];
  snprintf(path, sizeof path, "%s/extension_%s.so", EXTENSION_FOLDER, name);
  return path;
}

static void expect_refused(const char *name, gli_status expected, const char *words) {
  gli_error error = {0};
  const size_t before = gli_algorithm_count();
  cr_assert_eq(gli_extension_load(module(name), &error), expected, "%s: '%s'", name, error.message);
  cr_assert(strstr(error.message, words) != NULL, "%s: '%s' does not say '%s'", name, error.message,
            words);
  cr_assert_eq(gli_algorithm_count(), before);
}

Test(extension, brings_an_algorithm_like_any_other) {
  gli_error error = {0};
  const size_t before = gli_algorithm_count();
  cr_assert_eq(gli_extension_load(module("RIGHT"), &error), GLI_OK, "%s", error.message);
  cr_assert_eq(gli_algorithm_count(), before + 1);
  const gli_algorithm *algorithm = gli_algorithm_at(before);
  cr_assert_str_eq(algorithm->name, "fixture_count");
  cr_assert_eq(gli_algorithm_find("fixture_count"), algorithm);
  cr_assert_eq(gli_algorithm_find("fixture_alias"), algorithm);
  cr_assert_null(gli_algorithm_at(before + 1));

  gli_snapshot *snapshot = graph_of(3, true, 0, NULL);
  gli_result *result = run_on(snapshot, "fixture_count", NULL, 0);
  cr_assert_eq(gli_result_ints(result, "number")[2], 7);
  cr_assert_str_eq(gli_result_run(result).backend, "cpu");
  cr_assert_eq(gli_result_run(result).iterations, 1);
  gli_result_free(result);
  fixture_options options = {sizeof options, 10, "down"};
  result = run_on(snapshot, "fixture_count", &options, 0);
  cr_assert_eq(gli_result_ints(result, "number")[2], 8);
  gli_result_free(result);
  options.start = -1;
  expect_error(snapshot, "fixture_count", &options, GLI_ERROR_INVALID_ARGUMENT,
               "fixture_count: start is -1; it must be in [0, 1000]");
  options.start = 999;
  expect_error(snapshot, "fixture_count", &options, GLI_ERROR_LIMIT, "start is 999; too many");
  gli_snapshot_free(snapshot);
}

Test(extension, loading_again_changes_nothing) {
  gli_error error = {0};
  cr_assert_eq(gli_extension_load(module("RIGHT"), &error), GLI_OK, "%s", error.message);
  const size_t count = gli_algorithm_count();
  cr_assert_eq(gli_extension_load(module("RIGHT"), &error), GLI_OK, "%s", error.message);
  char roundabout[1100];
  snprintf(roundabout, sizeof roundabout, "%s/../dispatch/extension_RIGHT.so", EXTENSION_FOLDER);
  cr_assert_eq(gli_extension_load(roundabout, &error), GLI_OK, "%s", error.message);
  cr_assert_eq(gli_algorithm_count(), count);
}

Test(extension, the_example_agrees_with_networkx) {
  /* nx.reciprocity(G, G) on email-Eu-core, NetworkX 3.6.1; then without self-loops */
  gli_error error = {0};
  cr_assert_eq(gli_extension_load(module("reciprocity"), &error), GLI_OK, "%s", error.message);
  struct {
    size_t struct_size;
    bool loops;
  } options = {sizeof options, true};
  gli_snapshot *snapshot = email_core();
  gli_result *result = run_on(snapshot, "reciprocity", &options, 0);
  const double *share = gli_result_floats(result, "reciprocity");
  cr_assert_eq(share[0], 0.821917808219178);
  cr_assert_eq(share[160], 0.7326007326007326);
  cr_assert_eq(share[107], 0.8203753351206434);
  cr_assert_eq(share[1004], 0);
  gli_result *alone = run_on(snapshot, "reciprocity", &options, 1);
  expect_same(result, alone);
  gli_result_free(alone);
  gli_result_free(result);
  options.loops = false;
  result = run_on(snapshot, "reciprocity", &options, 0);
  cr_assert_eq(gli_result_floats(result, "reciprocity")[0], 0.8169014084507042);
  cr_assert_eq(gli_result_floats(result, "reciprocity")[160], 0.7316176470588235);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(extension, refuses_paths_that_are_not_absolute) {
  static const char *const paths[] = {"", "reciprocity.so", "./reciprocity.so",
                                      "../reciprocity.so"};
  gli_error error = {0};
  for (int k = 0; k < 4; k++) {
    cr_assert_eq(gli_extension_load(paths[k], &error), GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(strstr(error.message, "absolute path") != NULL, "%s", error.message);
  }
  cr_assert_eq(gli_extension_load(NULL, NULL), GLI_ERROR_INVALID_ARGUMENT);
}

Test(extension, refuses_what_is_no_extension) {
  gli_error error = {0};
  cr_assert_eq(gli_extension_load("/nowhere/reciprocity.so", &error), GLI_ERROR_IO);
  cr_assert(strstr(error.message, "/nowhere/reciprocity.so") != NULL, "%s", error.message);
  cr_assert_eq(gli_extension_load("/etc/passwd", &error), GLI_ERROR_IO);
  expect_refused("NO_ENTRY", GLI_ERROR_ABI, "does not define gli_extension_main");
  expect_refused("NULL_EXTENSION", GLI_ERROR_ABI, "returned NULL");
  expect_refused("WRONG_ABI", GLI_ERROR_ABI, "ABI 2; this library has 1");
}

Test(extension, refuses_wrong_descriptors) {
  expect_refused("BAD_NAME", GLI_ERROR_INVALID_ARGUMENT, "'Count Nodes'");
  expect_refused("OFFSET_OUTSIDE", GLI_ERROR_INVALID_ARGUMENT,
                 "parameter 'start' lies outside of the options struct");
  expect_refused("NAME_TAKEN", GLI_ERROR_INVALID_ARGUMENT, "'pagerank' is already there");
  expect_refused("ALIAS_TAKEN", GLI_ERROR_INVALID_ARGUMENT, "'bfs' is already there");
  expect_refused("NAMED_TWICE", GLI_ERROR_INVALID_ARGUMENT, "'fixture_other' is already there");
  expect_refused("NO_KERNEL", GLI_ERROR_INVALID_ARGUMENT, "the kernel is NULL");
  expect_refused("OVERLAP", GLI_ERROR_INVALID_ARGUMENT, "'start' and 'mode' share");
  expect_refused("RESERVED", GLI_ERROR_INVALID_ARGUMENT, "'threads'");
  expect_refused("DEFAULT_OUTSIDE", GLI_ERROR_INVALID_ARGUMENT, "default outside of its range");
  expect_refused("BAD_CHOICE", GLI_ERROR_INVALID_ARGUMENT, "default that is no choice");
  expect_refused("TWO_COLUMNS", GLI_ERROR_INVALID_ARGUMENT, "two columns are named 'number'");
  expect_refused("NO_ALGORITHM", GLI_ERROR_INVALID_ARGUMENT, "at least one algorithm");
  expect_refused("OLD_STRUCT", GLI_ERROR_INVALID_ARGUMENT, "struct_size is 8");
}
