/* test_read.c: edge lists and METIS files: content, types, errors with their places. */
#include "io_support.h"

#include "support/failing_allocator.h"

static void check_counts(gli_graph *graph, int64_t nodes, int64_t edges) {
  cr_expect_eq(gli_graph_node_count(graph), nodes, "%lld nodes, not %lld",
               (long long)gli_graph_node_count(graph), (long long)nodes);
  cr_expect_eq(gli_graph_edge_count(graph), edges, "%lld edges, not %lld",
               (long long)gli_graph_edge_count(graph), (long long)edges);
}

static const char *shipped(const char *name) {
  static char path[1024];
  const char *root = getenv("GLI_SOURCE_DIR");
  snprintf(path, sizeof path, "%s/examples/data/%s", root != NULL ? root : ".", name);
  return path;
}

Test(read, shipped_graphs_have_their_published_sizes) {
  /* Counts as examples/data/README.md gives them from their sources. */
  static const struct {
    const char *name;
    bool directed;
    int64_t nodes, edges;
  } files[] = {{"wiki-Vote.txt", true, 7115, 103689},   {"astro-ph.graph", true, 16706, 121251},
               {"power.graph", true, 4941, 6594},       {"airfoil1.graph", true, 4253, 12289},
               {"karate.csv", false, 34, 78},           {"netscience.csv", false, 1461, 2742},
               {"email-Eu-core.csv", true, 1005, 25571}};
  for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
    gli_read_options options = GLI_READ_OPTIONS_INIT;
    options.directed = files[f].directed;
    gli_graph *graph = NULL;
    gli_error error = {0};
    gli_status status = gli_read(shipped(files[f].name), &options, NULL, &graph, &error);
    cr_assert_eq(status, GLI_OK, "%s", error.message);
    if (strcmp(files[f].name, "netscience.csv") == 0) {
      /* Its source counts 1,461 nodes with isolated ones; an edge list holds only those with edges.
       */
      cr_expect_leq(gli_graph_node_count(graph), 1461);
      cr_expect_eq(gli_graph_edge_count(graph), 2742);
    } else {
      check_counts(graph, files[f].nodes, files[f].edges);
    }
    gli_graph_free(graph);
  }
}

Test(read, any_block_size_gives_the_same_graph) {
  const char *text = "# comment\n1 2 0.5\n2 3 1.5\r\n\n  \n% another\n3 1 2\n4 4 7.25\n1 2 9\n";
  for (size_t block = 1; block < 70; block++) {
    gli_graph *graph = read_good("x.txt", text, block, NULL);
    check_counts(graph, 4, 4);
    cr_expect_eq(edge_value(graph, gli_id_int(1), gli_id_int(2), "weight").as.real, 9.0);
    cr_expect_eq(edge_value(graph, gli_id_int(3), gli_id_int(1), "weight").as.real, 2.0);
    cr_expect_eq(edge_value(graph, gli_id_int(4), gli_id_int(4), "weight").as.real, 7.25);
    gli_graph_free(graph);
  }
}

Test(read, kinds_rise_over_the_whole_file) {
  /* Column 3 turns from int to float, 4 from int to text, 5 has gaps, 6 is bool. */
  const char *text = "source,target,a,b,c,d\n1,2,1,1,5,True\n2,3,2,x,,False\n3,4,2.5,3,7,True\n";
  for (size_t block = 8; block < 64; block += 7) {
    gli_graph *graph = read_good("x.csv", text, block, NULL);
    check_counts(graph, 4, 3);
    gli_value value = edge_value(graph, gli_id_int(1), gli_id_int(2), "a");
    cr_expect(value.type == GLI_VALUE_FLOAT64 && value.as.real == 1.0);
    value = edge_value(graph, gli_id_int(1), gli_id_int(2), "b");
    cr_expect(value.type == GLI_VALUE_STRING && value.size_bytes == 1 && *value.as.text == '1');
    value = edge_value(graph, gli_id_int(2), gli_id_int(3), "c");
    cr_expect_eq(value.type, GLI_VALUE_ABSENT);
    value = edge_value(graph, gli_id_int(3), gli_id_int(4), "c");
    cr_expect(value.type == GLI_VALUE_INT64 && value.as.integer == 7);
    value = edge_value(graph, gli_id_int(2), gli_id_int(3), "d");
    cr_expect(value.type == GLI_VALUE_BOOL && !value.as.boolean);
    gli_graph_free(graph);
  }
}

Test(read, ids_are_integers_only_when_all_are) {
  gli_graph *graph = read_good("x.txt", "1 2\n2 x\n", 4, NULL);
  gli_id one = gli_id_string("1"), number = gli_id_int(1);
  cr_expect(gli_graph_has_node(graph, &one));
  cr_expect_not(gli_graph_has_node(graph, &number));
  gli_graph_free(graph);
  /* 007 would not come back as it was, so it is text. */
  graph = read_good("x.txt", "007 2\n", 64, NULL);
  one = gli_id_string("007");
  cr_expect(gli_graph_has_node(graph, &one));
  gli_graph_free(graph);
  graph = read_good("x.txt", "-9223372036854775808 9223372036854775807\n", 64, NULL);
  number = gli_id_int(INT64_MIN);
  cr_expect(gli_graph_has_node(graph, &number));
  gli_graph_free(graph);
}

Test(read, quotes_headers_delimiters) {
  gli_graph *graph = read_good(
      "x.csv", "\"New York\",\"say \"\"hi\"\"\",\"a,b\"\nParis,\"New York\",c\n", 16, NULL);
  gli_id york = gli_id_string("New York"), hi = gli_id_string("say \"hi\"");
  cr_expect(gli_graph_has_node(graph, &york) && gli_graph_has_node(graph, &hi));
  gli_value value = edge_value(graph, york, hi, "column_3");
  cr_expect(value.size_bytes == 3 && memcmp(value.as.text, "a,b", 3) == 0);
  gli_graph_free(graph);
  graph = read_good("x.tsv", "Rio de Janeiro\tSao Paulo\t3\n", 64, NULL);
  gli_id rio = gli_id_string("Rio de Janeiro");
  cr_expect(gli_graph_has_node(graph, &rio));
  gli_graph_free(graph);
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  options.header = "no";
  graph = read_good("x.csv", "source,target\na,b\n", 64, &options);
  check_counts(graph, 4, 2);
  gli_graph_free(graph);
  options.header = "yes";
  graph = read_good("x.csv", "p,q\na,b\n", 64, &options);
  check_counts(graph, 2, 1);
  gli_graph_free(graph);
  graph = read_good("x.txt", "", 64, NULL);
  check_counts(graph, 0, 0);
  gli_graph_free(graph);
}

Test(read, undirected_and_multigraph) {
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  options.directed = false;
  gli_graph *graph = read_good("x.txt", "1 2 3\n2 1 4\n1 2 5\n", 64, &options);
  check_counts(graph, 2, 1);
  cr_expect_eq(edge_value(graph, gli_id_int(2), gli_id_int(1), "weight").as.integer, 5);
  gli_graph_free(graph);
  options.multigraph = true;
  graph = read_good("x.txt", "1 2 3\n2 1 4\n1 2 5\n", 64, &options);
  check_counts(graph, 2, 3);
  gli_graph_free(graph);
}

Test(read, metis_of_the_manual) {
  /* The weighted graph of the METIS 5.1 manual, figure 2(b): 7 nodes, 11 edges. */
  const char *text =
      "% a comment\n7 11 001\n5 1 3 2 2 1\n1 1 3 2 4 1\n5 3 4 2 2 2 1 2\n2 1 3 2 6 2 7 5\n"
      "1 1 3 3 6 2\n5 2 4 2 7 6\n6 6 4 5\n";
  for (size_t block = 1; block < 90; block += 3) {
    gli_graph *graph = read_good("x.graph", text, block, NULL);
    check_counts(graph, 7, 11);
    cr_expect_not(gli_graph_is_directed(graph));
    cr_expect_eq(edge_value(graph, gli_id_int(6), gli_id_int(5), "weight").as.integer, 6);
    gli_graph_free(graph);
  }
}

Test(read, metis_node_weights_sizes_and_isolated_nodes) {
  const char *text = "4 2 110 2\n7 1 2 2\n8 3 4 1 3\n9 5 6 2\n10 7 8\n";
  gli_graph *graph = read_good("x.graph", text, 16, NULL);
  check_counts(graph, 4, 2);
  gli_id last = gli_id_int(3);
  gli_value value = {0};
  gli_key key = gli_graph_find_key(graph, "size", 4);
  cr_assert_eq(gli_graph_node_value(graph, &last, key, &value, NULL), GLI_OK);
  cr_expect_eq(value.as.integer, 10);
  key = gli_graph_find_key(graph, "weight_2", 8);
  cr_assert_eq(gli_graph_node_value(graph, &last, key, &value, NULL), GLI_OK);
  cr_expect_eq(value.as.integer, 8);
  gli_graph_free(graph);
}

Test(read, content_decides_before_the_name) {
  gli_graph *graph = read_good("x.txt", "3 2\n2\n1 3\n2\n", 64, NULL);
  check_counts(graph, 3, 2);
  cr_expect_not(gli_graph_is_directed(graph));
  gli_graph_free(graph);
  graph = read_good("x.txt", "3 2\n2 1\n1 3\n2 5\n", 64, NULL); /* no METIS file has these counts */
  cr_expect(gli_graph_is_directed(graph));
  check_counts(graph, 4, 4);
  gli_graph_free(graph);
}

typedef struct bad_file {
  const char *name, *text;
  gli_status status;
  int64_t line, column;
  const char *says;
} bad_file;

Test(read, errors_say_where_what_and_what_was_expected) {
  static const bad_file files[] = {
      {"a.txt", "1 2\n3\n", GLI_ERROR_FORMAT, 2, 2, "two ends"},
      {"a.txt", "# c\n1\n", GLI_ERROR_FORMAT, 2, 2, "two ends"},
      {"a.csv", "1,2,3\n1,2\n", GLI_ERROR_FORMAT, 2, 4, "one more field"},
      {"a.txt", "1 2\n1 2 3\n", GLI_ERROR_FORMAT, 2, 5, "found \"3\""},
      {"a.csv", "1,2\n,2\n", GLI_ERROR_FORMAT, 2, 1, "a node id"},
      {"a.csv", "a,\"b\n", GLI_ERROR_FORMAT, 1, 5, "two ends"},
      {"a.csv", "a,b\na,\"b\n", GLI_ERROR_FORMAT, 2, 5, "closing quote"},
      {"a.txt", "a b\na \xff\n", GLI_ERROR_FORMAT, 2, 3, "UTF-8"},
      {"a.graph", "x\n", GLI_ERROR_FORMAT, 1, 1, "METIS header"},
      {"a.graph", "", GLI_ERROR_FORMAT, 1, 1, "METIS header"},
      {"a.graph", "2 1 00100000000000000000000\n2\n1\n", GLI_ERROR_FORMAT, 1, 1, "METIS header"},
      {"a.graph", "2 1\n2\n3\n", GLI_ERROR_FORMAT, 3, 1, "neighbour between 1"},
      {"a.graph", "2 1\n2\n1 x\n", GLI_ERROR_FORMAT, 3, 3, "found \"x\""},
      {"a.graph", "3 1\n2\n1\n", GLI_ERROR_FORMAT, 1, 1, "3 nodes"},
      {"a.graph", "2 2\n2\n1\n", GLI_ERROR_FORMAT, 1, 1, "expected 2 edges"},
      {"a.graph", "3 2\n2 3\n1\n\n", GLI_ERROR_FORMAT, 1, 1, "one of its two lines"},
      {"a.graph", "2 1 001\n2 5\n1 6\n", GLI_ERROR_FORMAT, 1, 1, "two weights"},
      {"a.graph", "2 1 001\n2\n1 6\n", GLI_ERROR_FORMAT, 2, 2, "weight of an edge"},
      {"a.graph", "2 1 010\n-1 2\n1 1\n", GLI_ERROR_FORMAT, 2, 1, "at least 0"},
      {"a.graph", "2 1\n2\n1\n1\n", GLI_ERROR_FORMAT, 4, 1, "end of the file"},
      {"a.graph", "4294967296 1\n", GLI_ERROR_LIMIT, 1, 1, "at most"},
      {"a.graph", "2147483647 1\n", GLI_ERROR_FORMAT, 1, 1, "a line for each"},
      {"a.graph", "1 0 010 65\n", GLI_ERROR_LIMIT, 1, 1, "at most 64"},
  };
  for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
    for (size_t block = 2; block < 40; block += 9) {
      gli_graph *graph = NULL;
      gli_error error = {0};
      gli_status status = read_text(files[f].name, files[f].text, block, NULL, &graph, &error);
      cr_expect_eq(status, files[f].status, "case %zu: %s", f, error.message);
      cr_expect_eq(error.line, files[f].line, "case %zu: line %lld: %s", f, (long long)error.line,
                   error.message);
      cr_expect_eq(error.column, files[f].column, "case %zu: column %lld: %s", f,
                   (long long)error.column, error.message);
      cr_expect_not_null(strstr(error.message, files[f].says), "case %zu: %s", f, error.message);
      cr_expect_null(graph);
    }
  }
}

Test(read, options_are_checked_and_limits_hold) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  cr_expect_eq(gli_read(NULL, NULL, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_eq(gli_read("/nonexistent/file", NULL, NULL, &graph, &error), GLI_ERROR_IO);
  cr_expect_not_null(strstr(error.message, "/nonexistent/file"));
  cr_expect_eq(gli_read("/", NULL, NULL, &graph, &error), GLI_ERROR_IO);
  options.format = "gexf";
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.header = "maybe";
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.ids = "uuid";
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.delimiter = "|";
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.max_edges = -1;
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.struct_size = 3;
  cr_expect_eq(gli_read("x", &options, NULL, &graph, &error), GLI_ERROR_ABI);

  options = (gli_read_options)GLI_READ_OPTIONS_INIT;
  options.max_edges = 1;
  cr_expect_eq(read_text("x", "1 2\n2 3\n", 64, &options, &graph, &error), GLI_ERROR_LIMIT);
  options.max_edges = 0;
  options.max_nodes = 2;
  cr_expect_eq(read_text("x", "1 2\n2 3\n", 64, &options, &graph, &error), GLI_ERROR_LIMIT);
  cr_expect_eq(read_text("x.graph", "3 0\n\n\n\n", 64, &options, &graph, &error), GLI_ERROR_LIMIT);
  options.max_nodes = 0;
  options.max_line_bytes = 5;
  cr_expect_eq(read_text("x", "1 2\n2 33333\n", 64, &options, &graph, &error), GLI_ERROR_LIMIT);
  cr_expect_eq(error.line, 2);
  options.max_line_bytes = 0;
  options.ids = "int";
  cr_expect_eq(read_text("x", "1 2\n2 x\n", 64, &options, &graph, &error), GLI_ERROR_FORMAT);
  cr_expect_eq(error.column, 3);
  options.ids = "string";
  graph = read_good("x", "1 2\n", 64, &options);
  gli_id one = gli_id_string("1");
  cr_expect(gli_graph_has_node(graph, &one));
  gli_graph_free(graph);
}

Test(read, binary_and_broken_compression) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  const char *path = temporary_path("bin");
  write_file(path,
             "\x7f"
             "ELF\0\0",
             6);
  cr_expect_eq(gli_read(path, NULL, NULL, &graph, &error), GLI_ERROR_FORMAT);
  write_file(path, "\x1f\x8b\x08garbage", 10);
  cr_expect_eq(gli_read(path, NULL, NULL, &graph, &error), GLI_ERROR_IO);
  write_file(path, "\x28\xb5\x2f\xfdgarbage", 11);
  cr_expect_eq(gli_read(path, NULL, NULL, &graph, &error), GLI_ERROR_IO);
  write_file(path,
             "\xef\xbb\xbf"
             "1 2\n",
             7); /* a byte order mark */
  cr_assert_eq(gli_read(path, NULL, NULL, &graph, &error), GLI_OK, "%s", error.message);
  check_counts(graph, 2, 1);
  gli_graph_free(graph);
  unlink(path);
}

Test(read, cancelled_before_it_begins) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  gli_cancel cancel = {0};
  gli_cancel_request(&cancel);
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  cr_expect_eq(gli_read(shipped("wiki-Vote.txt"), NULL, &control, &graph, &error),
               GLI_ERROR_CANCELLED);
  cr_expect_null(graph);
}

Test(read, every_failing_allocation) {
  static const char *const texts[][2] = {
      {"x.csv", "source,target,a,b\n1,2,1,x\ny,3,2.5,\n3,\"a\"\"b\",2.5,z\n"},
      {"x.graph", "3 2 011\n5 2 7\n6 1 7 3 8\n7 2 8\n"}};
  for (size_t t = 0; t < 2; t++) {
    failing_loop loop = failing_loop_start(t == 0 ? "gli_read (edge list)" : "gli_read (METIS)");
    while (failing_loop_next(&loop)) {
      gli_read_options options = GLI_READ_OPTIONS_INIT;
      options.allocator = &loop.allocator;
      gli_graph *graph = NULL;
      gli_error error = {0};
      const char *path = temporary_path(texts[t][0]);
      write_file(path, texts[t][1], strlen(texts[t][1]));
      failing_loop_arm(&loop);
      gli_status status = gli_read(path, &options, NULL, &graph, &error);
      bool failed = failing_loop_disarm(&loop);
      cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
      cr_assert(failed == (graph == NULL));
      gli_graph_free(graph);
      unlink(path);
    }
  }
}
