/* test_write.c: what is written comes back; what cannot be written says so and leaves no file. */
#include "io_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "support/failing_allocator.h"

static gli_graph *sample_graph(bool directed, const gli_allocator *allocator) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.allocator = allocator;
  gli_graph *graph = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_graph_create(&options, &graph, &error), GLI_OK);
  gli_key weight, label;
  cr_assert_eq(gli_graph_key(graph, "weight", 6, &weight, &error), GLI_OK);
  cr_assert_eq(gli_graph_key(graph, "label", 5, &label, &error), GLI_OK);
  static const char *const names[] = {"a b", "7", "say \"x\"", "#no comment", "plain", "\xc3\xa9"};
  for (int k = 0; k < 6; k++) {
    gli_id source = gli_id_string(names[k]), target = gli_id_int(k);
    gli_attribute attributes[] = {{weight, gli_value_float(0.1 * k)},
                                  {label, gli_value_string(names[(k + 1) % 6])}};
    cr_assert_eq(
        gli_graph_add_edge(graph, &source, &target, attributes, k == 3 ? 1 : 2, NULL, &error),
        GLI_OK, "%s", error.message);
  }
  return graph;
}

static gli_status write_graph(gli_graph *graph, const char *path, const gli_write_options *options,
                              gli_error *error) {
  gli_snapshot *snapshot = NULL;
  gli_status status = gli_graph_snapshot(graph, &snapshot, error);
  if (status != GLI_OK) return status;
  status = gli_write(snapshot, path, options, NULL, error);
  gli_snapshot_free(snapshot);
  return status;
}

static bool exists(const char *path) {
  struct stat information;
  return stat(path, &information) == 0;
}

Test(write, edge_lists_come_back_plain_and_packed) {
  static const char *const endings[] = {"w.tsv", "w.csv", "w.csv.gz", "w.txt.zst"};
  gli_graph *graph = sample_graph(true, NULL);
  for (size_t k = 0; k < 4; k++) {
    const char *path = temporary_path(endings[k]);
    gli_error error = {0};
    cr_assert_eq(write_graph(graph, path, NULL, &error), GLI_OK, "%s", error.message);
    gli_graph *back = NULL;
    cr_assert_eq(gli_read(path, NULL, NULL, &back, &error), GLI_OK, "%s", error.message);
    cr_expect_eq(gli_graph_edge_count(back), 6);
    /* Text and integer ids stand in one column: they come back as text. */
    gli_value value = edge_value(back, gli_id_string("a b"), gli_id_string("0"), "label");
    cr_expect(value.type == GLI_VALUE_STRING && value.size_bytes == 1 && *value.as.text == '7');
    value = edge_value(back, gli_id_string("say \"x\""), gli_id_string("2"), "weight");
    cr_expect(value.type == GLI_VALUE_FLOAT64 && value.as.real == 0.1 * 2);
    value = edge_value(back, gli_id_string("#no comment"), gli_id_string("3"), "label");
    cr_expect_eq(value.type, GLI_VALUE_ABSENT);
    gli_graph_free(back);
    unlink(path);
  }
  gli_graph_free(graph);
}

Test(write, many_floats_come_back_bit_for_bit) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_graph_create(NULL, &graph, &error), GLI_OK);
  gli_key weight;
  cr_assert_eq(gli_graph_key(graph, "weight", 6, &weight, &error), GLI_OK);
  gli_random random = gli_random_start(7, 0);
  double expected[500];
  for (int64_t k = 0; k < 500; k++) {
    uint64_t bits = gli_random_next(&random);
    memcpy(&expected[k], &bits, 8);
    if (expected[k] != expected[k]) expected[k] = 1e300;
    gli_id source = gli_id_int(k), target = gli_id_int(k + 1);
    gli_attribute attribute = {weight, gli_value_float(expected[k])};
    cr_assert_eq(gli_graph_add_edge(graph, &source, &target, &attribute, 1, NULL, &error), GLI_OK);
  }
  const char *path = temporary_path("floats.csv");
  cr_assert_eq(write_graph(graph, path, NULL, &error), GLI_OK);
  gli_graph *back = NULL;
  cr_assert_eq(gli_read(path, NULL, NULL, &back, &error), GLI_OK, "%s", error.message);
  for (int64_t k = 0; k < 500; k++) {
    gli_value value = edge_value(back, gli_id_int(k), gli_id_int(k + 1), "weight");
    cr_expect_eq(value.type, GLI_VALUE_FLOAT64);
    cr_expect_eq(memcmp(&value.as.real, &expected[k], 8), 0, "%.17g", expected[k]);
  }
  gli_graph_free(graph);
  gli_graph_free(back);
  unlink(path);
}

Test(write, metis_comes_back_also_with_holes) {
  gli_graph *graph = NULL;
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {0};
  options.directed = false;
  cr_assert_eq(gli_graph_create(&options, &graph, &error), GLI_OK);
  for (int64_t k = 0; k < 20; k++) {
    gli_id source = gli_id_int(k), target = gli_id_int((k * 7 + 3) % 20);
    if (source.as.integer == target.as.integer) continue;
    cr_assert_eq(gli_graph_add_edge(graph, &source, &target, NULL, 0, NULL, &error), GLI_OK);
  }
  gli_id gone = gli_id_int(5);
  cr_assert_eq(gli_graph_remove_node(graph, &gone, &error), GLI_OK);
  const char *path = temporary_path("m.graph");
  cr_assert_eq(write_graph(graph, path, NULL, &error), GLI_OK, "%s", error.message);
  gli_graph *back = NULL;
  cr_assert_eq(gli_read(path, NULL, NULL, &back, &error), GLI_OK, "%s", error.message);
  cr_expect_eq(gli_graph_node_count(back), 19);
  cr_expect_eq(gli_graph_edge_count(back), gli_graph_edge_count(graph));
  gli_id loop = gli_id_int(1);
  cr_assert_eq(gli_graph_add_edge(graph, &loop, &loop, NULL, 0, NULL, &error), GLI_OK);
  cr_expect_eq(write_graph(graph, path, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect(exists(path)); /* the older file is still there */
  gli_graph_free(graph);
  gli_graph_free(back);
  unlink(path);
}

Test(write, what_a_format_cannot_hold_is_an_error_and_leaves_no_file) {
  gli_graph *graph = sample_graph(true, NULL);
  gli_error error = {0};
  const char *path = temporary_path("bad.graph");
  cr_expect_eq(write_graph(graph, path, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_not_null(strstr(error.message, "directed"));
  cr_expect_not(exists(path));
  gli_write_options options = GLI_WRITE_OPTIONS_INIT;
  options.delimiter = " ";
  path = temporary_path("bad.txt");
  cr_expect_eq(write_graph(graph, path, &options, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_not_null(strstr(error.message, "absent"));
  options.delimiter = "::";
  cr_expect_eq(write_graph(graph, path, &options, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_write_options)GLI_WRITE_OPTIONS_INIT;
  options.format = "dot";
  cr_expect_eq(write_graph(graph, path, &options, &error), GLI_ERROR_INVALID_ARGUMENT);
  path = temporary_path("bad.properties");
  cr_expect_eq(write_graph(graph, path, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_not_null(strstr(error.message, "LDBC"));
  cr_expect_not(exists(path));
  path = temporary_path("bad.txt");
  gli_key key;
  cr_assert_eq(gli_graph_key(graph, "nothing", 7, &key, &error), GLI_OK);
  gli_id a = gli_id_string("plain"), b = gli_id_int(4);
  gli_attribute null = {key, gli_value_null()};
  cr_assert_eq(gli_graph_add_edge(graph, &a, &b, &null, 1, NULL, &error), GLI_OK);
  cr_expect_eq(write_graph(graph, path, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_not_null(strstr(error.message, "'nothing'"));
  cr_expect_not(exists(path));
  cr_expect_eq(write_graph(graph, "/nonexistent/folder/x.txt", NULL, &error), GLI_ERROR_IO);
  gli_graph_free(graph);
}

Test(write, what_is_no_file_is_written_to_and_stays) {
  gli_graph *graph = sample_graph(true, NULL);
  gli_error error = {0};
  struct stat there;
  const char *pipe = temporary_path("pipe.csv"); /* a device would be lost where this fails */
  char text[4096];
  cr_assert_eq(mkfifo(pipe, 0600), 0);
  const int reader = open(pipe, O_RDONLY | O_NONBLOCK);
  cr_assert_geq(reader, 0);
  cr_expect_eq(write_graph(graph, pipe, NULL, &error), GLI_OK, "%s", error.message);
  cr_expect_gt(read(reader, text, sizeof text), 50);
  cr_assert_eq(stat(pipe, &there), 0);
  cr_expect(S_ISFIFO(there.st_mode), "the pipe is a file now");
  close(reader);
  unlink(pipe);
  cr_expect_eq(write_graph(graph, "/tmp", NULL, &error), GLI_ERROR_IO);
  cr_expect_not_null(strstr(error.message, "'/tmp': it is a folder"), "%s", error.message);
  cr_expect_eq(write_graph(graph, "", NULL, &error), GLI_ERROR_IO);
  cr_expect_not_null(strstr(error.message, "path has 0 bytes"), "%s", error.message);
  char link[600], file[600];
  snprintf(file, sizeof file, "%s", temporary_path("behind.csv"));
  snprintf(link, sizeof link, "%s", temporary_path("link.csv"));
  write_file(file, "older", 5);
  cr_assert_eq(symlink(file, link), 0);
  cr_expect_eq(write_graph(graph, link, NULL, &error), GLI_OK, "%s", error.message);
  cr_assert_eq(lstat(link, &there), 0);
  cr_expect(S_ISLNK(there.st_mode), "the link is a file now");
  cr_assert_eq(lstat(file, &there), 0);
  cr_expect(S_ISREG(there.st_mode) && there.st_size > 5);
  unlink(link);
  unlink(file);
  gli_graph_free(graph);
}

Test(write, a_full_disk_is_an_error_and_leaves_the_older_file) {
  gli_graph *graph = sample_graph(true, NULL);
  gli_error error = {0};
  for (int packed = 0; packed < 2; packed++) {
    const char *path = temporary_path(packed ? "full.csv.gz" : "full.csv");
    write_file(path, "older", 5);
    signal(SIGXFSZ, SIG_IGN); /* then a write beyond the limit fails as on a full disk */
    struct rlimit before, few = {16, 16};
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    few.rlim_max = before.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &few), 0);
    const gli_status status = write_graph(graph, path, NULL, &error);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_expect_eq(status, GLI_ERROR_IO);
    cr_expect_not_null(strstr(error.message, path), "%s", error.message);
    struct stat there;
    cr_assert_eq(stat(path, &there), 0);
    cr_expect_eq(there.st_size, 5);
    char temporary[600];
    snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    cr_expect_not(exists(temporary));
    unlink(path);
  }
  gli_graph_free(graph);
}

Test(write, every_failing_allocation) {
  failing_loop loop = failing_loop_start("gli_write");
  while (failing_loop_next(&loop)) {
    gli_graph *graph = sample_graph(true, &loop.allocator);
    gli_error error = {0};
    gli_snapshot *snapshot = NULL;
    cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK);
    const char *path = temporary_path("failing.csv.gz");
    failing_loop_arm(&loop);
    gli_status status = gli_write(snapshot, path, NULL, NULL, &error);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
    cr_assert_eq(exists(path), !failed);
    unlink(path);
    gli_snapshot_free(snapshot);
    gli_graph_free(graph);
  }
}
