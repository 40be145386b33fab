/* test_ldbc.c: graphs of LDBC Graphalytics. The examples are the benchmark's own (tests/data/ldbc).
 */
#include "io/ldbc.h"

#include <sys/stat.h>

#include "io_support.h"
#include "support/failing_allocator.h"

#define HEAD "graph.g.vertex-file = g.v\ngraph.g.edge-file = g.e\n"
#define DIRECTED HEAD "graph.g.directed = true\n"
#define WEIGHTED \
  DIRECTED "graph.g.edge-properties.names = weight\ngraph.g.edge-properties.types = real\n"

/* The three files' texts to a graph, in blocks of `block_bytes`. */
static gli_status read_parts(const char *properties, const char *vertices, const char *edges,
                             size_t block_bytes, bool multigraph, gli_graph **graph_out,
                             gli_error *error) {
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  options.max_line_bytes = 4096;
  options.multigraph = multigraph;
  gli__memory *memory = gli__memory_create(NULL);
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(NULL, memory, &run, error), GLI_OK);
  const int64_t live_before = memory->live_bytes;
  gli__ldbc described;
  gli_status status =
      gli__ldbc_describe("g.properties", properties, strlen(properties), &described, error);
  const gli__reading of_vertices = {
      "g.v", vertices, strlen(vertices), block_bytes, &options, memory, run, NULL};
  const gli__reading of_edges = {"g.e",    edges,  strlen(edges), block_bytes,
                                 &options, memory, run,           NULL};
  if (status == GLI_OK) {
    status = gli__ldbc_build(&described, &of_vertices, &of_edges, graph_out, error);
  }
  cr_expect_eq(memory->live_bytes, live_before);
  gli__run_end(run);
  gli__memory_free(memory);
  return status;
}

static gli_graph *read_example(const char *name) {
  char path[1024];
  const char *root = getenv("GLI_SOURCE_DIR");
  snprintf(path, sizeof path, "%s/tests/data/ldbc/%s", root != NULL ? root : ".", name);
  gli_graph *graph = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_read(path, NULL, NULL, &graph, &error), GLI_OK, "%s", error.message);
  return graph;
}

Test(ldbc, the_examples_have_their_published_sizes) {
  gli_graph *graph = read_example("example-directed.properties");
  cr_expect(gli_graph_is_directed(graph));
  cr_expect_eq(gli_graph_node_count(graph), 10);
  cr_expect_eq(gli_graph_edge_count(graph), 17);
  cr_expect_eq(edge_value(graph, gli_id_int(5), gli_id_int(3), "weight").as.real, 0.69);
  gli_graph_free(graph);
  graph = read_example("example-undirected.properties");
  cr_expect_not(gli_graph_is_directed(graph));
  cr_expect_eq(gli_graph_node_count(graph), 9);
  cr_expect_eq(gli_graph_edge_count(graph), 12);
  cr_expect_eq(edge_value(graph, gli_id_int(9), gli_id_int(6), "weight").as.real, 0.23);
  gli_graph_free(graph);
}

Test(ldbc, properties_of_vertices_and_edges_blanks_and_any_block) {
  static const char properties[] =
      "# a comment\n! another\n\ngraphs.root = elsewhere\n  graph.g.vertex-file : g.v  \n"
      "graph.g.edge-file=g.e\r\ngraph.g.directed = false\ngraph.g.meta.vertices = 3\n"
      "graph.g.vertex-properties.names = age, height\n"
      "graph.g.vertex-properties.types = integer, real\n"
      "graph.g.edge-properties.names = w\ngraph.g.edge-properties.types = integer\n"
      "graph.g.bfs.source-vertex = 1\n";
  static const char vertices[] = "0 30 1.5\n\n7 -2 1e3\r\n9223372036854775807 0 0\n   \n";
  static const char edges[] = "\n0 7 5\n7 9223372036854775807 -6";
  for (size_t block = 1; block < 80; block++) {
    gli_graph *graph = NULL;
    gli_error error = {0};
    cr_assert_eq(read_parts(properties, vertices, edges, block, false, &graph, &error), GLI_OK,
                 "block %zu: %s", block, error.message);
    cr_expect_eq(gli_graph_node_count(graph), 3);
    cr_expect_eq(gli_graph_edge_count(graph), 2);
    gli_value value = {0};
    const gli_id seven = gli_id_int(7), last = gli_id_int(INT64_MAX);
    gli_key key = gli_graph_find_key(graph, "age", 3);
    cr_assert_eq(gli_graph_node_value(graph, &seven, key, &value, NULL), GLI_OK);
    cr_expect(value.type == GLI_VALUE_INT64 && value.as.integer == -2);
    key = gli_graph_find_key(graph, "height", 6);
    cr_assert_eq(gli_graph_node_value(graph, &seven, key, &value, NULL), GLI_OK);
    cr_expect(value.type == GLI_VALUE_FLOAT64 && value.as.real == 1000);
    cr_expect_eq(edge_value(graph, last, seven, "w").as.integer, -6);
    gli_graph_free(graph);
  }
}

Test(ldbc, nothing_in_the_files_is_a_graph_too) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  cr_assert_eq(read_parts(DIRECTED, "", "", 8, false, &graph, &error), GLI_OK, "%s", error.message);
  cr_expect_eq(gli_graph_node_count(graph), 0);
  gli_graph_free(graph);
  /* An edge given twice is an error, but where parallel edges are asked for. */
  cr_assert_eq(read_parts(DIRECTED, "1\n2\n", "1 2\n1 2\n", 8, true, &graph, &error), GLI_OK);
  cr_expect_eq(gli_graph_edge_count(graph), 2);
  gli_graph_free(graph);
}

typedef struct bad_graph {
  const char *properties, *vertices, *edges;
  const char *file;
  int64_t line, column;
  const char *says;
} bad_graph;

Test(ldbc, errors_name_file_and_line) {
  static const bad_graph graphs[] = {
      {"", "", "", "g.properties", 1, 1, "graph.NAME.vertex-file"},
      {HEAD, "", "", "g.properties", 1, 1, "graph.NAME.directed"},
      {HEAD "graph.g.directed = maybe\n", "", "", "g.properties", 3, 1, "'true' or 'false'"},
      {DIRECTED "nonsense\n", "", "", "g.properties", 4, 1, "key = value"},
      {DIRECTED "graph.g.note = a\\\n", "", "", "g.properties", 4, 1, "key = value"},
      {DIRECTED "graph.g.directed = true\n", "", "", "g.properties", 4, 1, "each property once"},
      {DIRECTED "graph.h.edge-file = h.e\n", "", "", "g.properties", 4, 1, "each property once"},
      {"graph.g.directed = true\ngraph.h.edge-file = h.e\n", "", "", "g.properties", 2, 1,
       "one graph"},
      {"graph.g.vertex-file = /etc/passwd\ngraph.g.edge-file = g.e\ngraph.g.directed = true\n", "",
       "", "g.properties", 1, 1, "same folder"},
      {"graph.g.vertex-file = g.v\ngraph.g.edge-file = a/../../g.e\ngraph.g.directed = true\n", "",
       "", "g.properties", 2, 1, "same folder"},
      {"graph.g.vertex-file = g.v\ngraph.g.edge-file = ..\ngraph.g.directed = true\n", "", "",
       "g.properties", 2, 1, "same folder"},
      {"graph.g.vertex-file =\ngraph.g.edge-file = g.e\ngraph.g.directed = true\n", "", "",
       "g.properties", 1, 1, "same folder"},
      {DIRECTED "graph.g.edge-properties.names = w\n", "", "", "g.properties", 4, 1,
       "as many types"},
      {DIRECTED "graph.g.edge-properties.names = w,\ngraph.g.edge-properties.types = real\n", "",
       "", "g.properties", 4, 1, "commas"},
      {DIRECTED "graph.g.edge-properties.names = w\ngraph.g.edge-properties.types = text\n", "", "",
       "g.properties", 5, 1, "'real' or 'integer'"},
      {DIRECTED "graph.g.edge-properties.names = w\xff\ngraph.g.edge-properties.types = real\n", "",
       "", "g.properties", 4, 1, "a name in UTF-8"},
      {DIRECTED "graph.g.edge-properties.names = w,w\ngraph.g.edge-properties.types = real,real\n",
       "", "", "g.properties", 4, 1, "each name once"},
      {DIRECTED, "1\nx\n", "", "g.v", 2, 1, "id of a vertex"},
      {DIRECTED, "1\n-2\n", "", "g.v", 2, 1, "id of a vertex"},
      {DIRECTED, "9223372036854775808\n", "", "g.v", 1, 1, "9223372036854775807"},
      {DIRECTED, "1\n2 3\n", "", "g.v", 2, 3, "end of the line"},
      {DIRECTED, "1\n\n3\n3\n", "", "g.v", 4, 1, "sorted"},
      {DIRECTED, "5\n4\n", "", "g.v", 2, 1, "sorted"},
      {DIRECTED, "1\n2\n", "1\n", "g.e", 1, 2, "id of a vertex"},
      {DIRECTED, "1\n2\n", "1 2\n\n2 2\n", "g.e", 3, 3, "two different"},
      {DIRECTED, "1\n2\n", "1 2\n\n2 3\n", "g.e", 3, 3, "vertex file"},
      {DIRECTED, "1\n2\n", "1 2\n2 1\n1 2\n", "g.e", 3, 1, "each edge once"},
      {HEAD "graph.g.directed = false\n", "1\n2\n", "1 2\n2 1\n", "g.e", 2, 1, "each edge once"},
      {WEIGHTED, "1\n2\n", "1 2\n", "g.e", 1, 4, "one more property"},
      {WEIGHTED, "1\n2\n", "1 2 x\n", "g.e", 1, 5, "finite number"},
      {WEIGHTED, "1\n2\n", "1 2 inf\n", "g.e", 1, 5, "finite number"},
      {WEIGHTED, "1\n2\n", "1 2 1 1\n", "g.e", 1, 7, "end of the line"},
      {WEIGHTED, "1\n2\n", "1 2 \"1\"\n", "g.e", 1, 6, "finite number"},
  };
  for (size_t k = 0; k < sizeof graphs / sizeof *graphs; k++) {
    const bad_graph *bad = &graphs[k];
    for (size_t block = 2; block < 40; block += 9) {
      gli_graph *graph = NULL;
      gli_error error = {0};
      const gli_status status =
          read_parts(bad->properties, bad->vertices, bad->edges, block, false, &graph, &error);
      cr_expect_eq(status, GLI_ERROR_FORMAT, "case %zu: %s", k, error.message);
      cr_expect_eq(error.line, bad->line, "case %zu: %s", k, error.message);
      cr_expect_eq(error.column, bad->column, "case %zu, column %lld: %s", k,
                   (long long)error.column, error.message);
      cr_expect_not_null(strstr(error.message, bad->says), "case %zu: %s", k, error.message);
      cr_expect_not_null(strstr(error.message, bad->file), "case %zu: %s", k, error.message);
      cr_expect_null(graph);
    }
  }
}

/* A folder of this process with the three files; NULL: without that file. */
static const char *make_folder(const char *properties, const char *vertices, const char *edges) {
  static char path[600];
  char name[700];
  snprintf(path, sizeof path, "%s", temporary_path("ldbc"));
  mkdir(path, 0700);
  const char *const endings[] = {"properties", "v", "e"}, *const texts[] = {properties, vertices,
                                                                            edges};
  for (int k = 0; k < 3; k++) {
    snprintf(name, sizeof name, "%s/g.%s", path, endings[k]);
    unlink(name);
    if (texts[k] != NULL) write_file(name, texts[k], strlen(texts[k]));
  }
  snprintf(path, sizeof path, "%s/g.properties", temporary_path("ldbc"));
  return path;
}

static void remove_folder(void) {
  make_folder(NULL, NULL, NULL);
  rmdir(temporary_path("ldbc"));
}

Test(ldbc, missing_files_limits_and_the_format_by_name) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  cr_expect_eq(gli_read(make_folder(DIRECTED, "1\n2\n", NULL), NULL, NULL, &graph, &error),
               GLI_ERROR_IO);
  cr_expect_not_null(strstr(error.message, "g.e"), "%s", error.message);
  const char *path = make_folder(DIRECTED, "1\n2\n3\n", "1 2\n2 3\n");
  options.max_nodes = 2;
  cr_expect_eq(gli_read(path, &options, NULL, &graph, &error), GLI_ERROR_LIMIT);
  options.max_nodes = 0;
  options.max_edges = 1;
  cr_expect_eq(gli_read(path, &options, NULL, &graph, &error), GLI_ERROR_LIMIT);
  options.max_edges = 0;
  options.max_line_bytes = 2;
  cr_expect_eq(gli_read(path, &options, NULL, &graph, &error), GLI_ERROR_LIMIT);
  options.max_line_bytes = 0;
  options.format = "ldbc";
  cr_expect_eq(gli_read(path, &options, NULL, &graph, &error), GLI_OK);
  gli_graph_free(graph);
  graph = NULL;
  options.format = "metis"; /* asked for by name: no look at the name of the file */
  cr_expect_eq(gli_read(path, &options, NULL, &graph, &error), GLI_ERROR_FORMAT);
  cr_expect_null(graph);
  remove_folder();
}

Test(ldbc, every_failing_allocation) {
  const char *path = make_folder(WEIGHTED, "1\n2\n3\n", "1 2 0.5\n\n2 3 1\n");
  failing_loop loop = failing_loop_start("gli_read (LDBC)");
  while (failing_loop_next(&loop)) {
    gli_read_options options = GLI_READ_OPTIONS_INIT;
    options.allocator = &loop.allocator;
    gli_graph *graph = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    const gli_status status = gli_read(path, &options, NULL, &graph, &error);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
    cr_assert(failed == (graph == NULL));
    gli_graph_free(graph);
  }
  remove_folder();
}
