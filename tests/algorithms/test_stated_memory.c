/* What each algorithm's header says of its memory, held against what a call takes.
 *
 * The manual in core/include/gli/algorithms/<name>.h has one sentence of a fixed form:
 *
 *     Memory: 14 n + 8 d t bytes, and keeps 16 n + 8 e bytes.
 *
 * The first sum is scratch and result together at their peak, with the options that take most. The
 * second is what the first call leaves with the snapshot for later ones (in rows, simple rows,
 * weights); no such words: nothing. n nodes, m edges, e row entries (2 m in undirected graphs),
 * d the largest degree, t threads, or the name of an int option. Fixed amounts up to SLACK_BYTES
 * go without saying.
 *
 * More than is stated is a failure, and so is stating twice of what any of these calls takes. */
#include "support.h"

#include "base/pool.h"

enum { SIZES = 2, THREADS = 4, SLACK_BYTES = 32 << 10, TEXT_SIZE = 8192 };

/* --- An allocator that counts ----------------------------------------------------------------- */

typedef struct counter {
  _Atomic int64_t live, peak;
} counter;

static void count_bytes(counter *c, int64_t change) {
  const int64_t live = atomic_fetch_add(&c->live, change) + change;
  int64_t peak = atomic_load(&c->peak);
  while (live > peak && !atomic_compare_exchange_weak(&c->peak, &peak, live)) {
  }
}

static void *counted_allocate(void *context, size_t size_bytes) {
  void *block = malloc(size_bytes);
  if (block != NULL) count_bytes(context, (int64_t)size_bytes);
  return block;
}

static void *counted_reallocate(void *context, void *block, size_t old_size_bytes,
                                size_t new_size_bytes) {
  void *moved = realloc(block, new_size_bytes);
  if (moved != NULL) count_bytes(context, (int64_t)new_size_bytes - (int64_t)old_size_bytes);
  return moved;
}

static void counted_release(void *context, void *block, size_t size_bytes) {
  free(block);
  count_bytes(context, -(int64_t)size_bytes);
}

/* --- Graphs ----------------------------------------------------------------------------------- */

typedef enum shape { UNDIRECTED, DIRECTED, ACYCLIC, SHAPES } shape;

typedef struct measured_graph {
  counter bytes;
  gli_allocator allocator;
  gli_snapshot *snapshot;
  int32_t node_count;
  int64_t entry_count, edge_count, largest_degree;
} measured_graph;

static int32_t everybody[1 << 13]; /* each node's index, and a number for each */
static double numbers[1 << 13];

/* With weights O(n (m + n log n)): measured on smaller graphs. */
static bool is_long(const gli_algorithm *algorithm) {
  static const char *const names[] = {"average_shortest_path_length", "diameter", "distances",
                                      "eccentricity", "radius"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(algorithm->name, names[k]) == 0) return true;
  return false;
}

/* Ends by a power law: some rows are long. Eight edges a node. */
static gli_snapshot *make_snapshot(const measured_graph *of, shape kind, double *weights) {
  pair *edges = calloc((size_t)of->edge_count, sizeof *edges);
  gli_random random = gli_random_start(5, (uint64_t)kind);
  for (int64_t k = 0; k < of->edge_count; k++) {
    const double u = gli_random_unit(&random);
    int32_t source = (int32_t)((double)of->node_count * u * u * u);
    int32_t target = (int32_t)gli_random_below(&random, (uint64_t)of->node_count);
    if (kind == ACYCLIC && source == target) target = (source + 1) % of->node_count;
    const bool swap = kind == ACYCLIC && source > target;
    edges[k][0] = swap ? target : source;
    edges[k][1] = swap ? source : target;
    weights[k] = 1 + (double)gli_random_below(&random, 255);
  }
  gli_snapshot *made = graph_with(of->node_count, kind != UNDIRECTED, of->edge_count,
                                  (const pair *)edges, weights, &of->allocator);
  free(edges);
  return made;
}

static void make_graph(int size, shape kind, int32_t divisor, measured_graph *of) {
  *of = (measured_graph){.node_count = (size == 0 ? 2048 : 8192) / divisor};
  of->allocator =
      (gli_allocator){&of->bytes, counted_allocate, counted_reallocate, counted_release};
  of->edge_count = 8 * (int64_t)of->node_count;
  double *weights = calloc((size_t)of->edge_count, sizeof *weights);
  of->snapshot = make_snapshot(of, kind, weights);
  free(weights);
  const gli_rows rows = gli_snapshot_out_rows(of->snapshot);
  of->entry_count = rows.entry_count;
  int64_t *degree = calloc((size_t)of->node_count, sizeof *degree);
  for (int32_t v = 0; v < of->node_count; v++) {
    degree[v] += rows.rows[v].length;
    for (int64_t k = 0; kind != UNDIRECTED && k < rows.rows[v].length; k++)
      degree[rows.neighbors[rows.rows[v].begin + k]]++;
  }
  for (int32_t v = 0; v < of->node_count; v++)
    if (degree[v] > of->largest_degree) of->largest_degree = degree[v];
  free(degree);
}

/* --- What is stated --------------------------------------------------------------------------- */

/* The header without the stars of its comments, on one line. */
static void read_manual(const char *name, char *text) {
  const char *root = getenv("GLI_SOURCE_DIR");
  char path[1024];
  snprintf(path, sizeof path, "%s/core/include/gli/algorithms/%s.h", root == NULL ? "." : root,
           name);
  FILE *file = fopen(path, "r");
  cr_assert_not_null(file, "%s: set GLI_SOURCE_DIR or run in the source folder", path);
  size_t used = 0;
  for (int last = ' ', c = fgetc(file); c != EOF; c = fgetc(file)) {
    cr_assert_lt(used + 1, TEXT_SIZE, "%s.h is longer than the test has room for", name);
    if (c == '*' || c == '\n') c = ' ';
    if (c != ' ' || last != ' ') text[used++] = (char)c;
    last = c;
  }
  text[used] = '\0';
  fclose(file);
}

typedef struct call {
  const gli_algorithm *algorithm;
  const char *options;
  const measured_graph *graph;
  int32_t threads;
} call;

/* What a word of a term stands for; -1: nothing. */
static double value_of(const call *of, const char *word, size_t length) {
  if (length == 1) {
    const struct {
      char name;
      double value;
    } known[] = {{'n', of->graph->node_count},
                 {'m', (double)of->graph->edge_count},
                 {'e', (double)of->graph->entry_count},
                 {'d', (double)of->graph->largest_degree},
                 {'t', of->threads}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
      if (known[k].name == *word) return known[k].value;
  }
  for (size_t k = 0; k < of->algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &of->algorithm->parameters[k];
    int64_t value;
    if (parameter->type != GLI_PARAMETER_INT || strlen(parameter->name) != length ||
        memcmp(parameter->name, word, length) != 0)
      continue;
    memcpy(&value, of->options + parameter->offset, sizeof value);
    return (double)value;
  }
  return -1;
}

/* "14 n + 8 d t bytes": the sum; -1 when it reads otherwise. `end_out`: behind "bytes". */
static double evaluate(const call *of, const char *text, const char **end_out) {
  double sum = 0, term = 1;
  bool is_empty = true;
  for (;;) {
    const size_t length = strcspn(text, " ,.;");
    const bool is_end = length == 5 && memcmp(text, "bytes", 5) == 0;
    if (is_end || (length == 1 && *text == '+')) {
      if (is_empty) return -1;
      sum += term;
      if (is_end) break;
      term = 1;
      is_empty = true;
    } else {
      char *after = NULL;
      double factor = strtod(text, &after);
      if (after != text + length) factor = value_of(of, text, length);
      if (length == 0 || factor < 0) return -1;
      term *= factor;
      is_empty = false;
    }
    text += length;
    if (*text++ != ' ') return -1;
  }
  *end_out = text + strlen("bytes");
  return sum;
}

static void stated(const call *of, double *memory_out, double *kept_out) {
  static const char phrase[] = "Memory: ", more[] = ", and keeps ";
  char text[TEXT_SIZE];
  read_manual(of->algorithm->name, text);
  const char *at = strstr(text, phrase), *end = NULL;
  cr_assert_not_null(at, "%s.h has no sentence 'Memory: 14 n bytes'", of->algorithm->name);
  *memory_out = evaluate(of, at + strlen(phrase), &end);
  cr_assert(*memory_out >= 0, "%s.h: '%.60s' is no sum of products", of->algorithm->name, at);
  *kept_out = 0;
  if (strncmp(end, more, strlen(more)) != 0) return;
  *kept_out = evaluate(of, end + strlen(more), &end);
  cr_assert(*kept_out >= 0, "%s.h: '%.90s' is no sum of products", of->algorithm->name, at);
}

/* --- What is taken ---------------------------------------------------------------------------- */

/* How many ways of giving a parameter are tried. */
static size_t way_count(const gli_parameter *parameter) {
  size_t count = 0;
  switch (parameter->type) {
    case GLI_PARAMETER_CHOICE: /* of similarity: the first takes most */
      while (parameter->choices[count] != NULL && strcmp(parameter->name, "measure") != 0)
        count++;
      if (count == 0) count = 1;
      return count;
    case GLI_PARAMETER_BOOL:
    case GLI_PARAMETER_ATTRIBUTE:
    case GLI_PARAMETER_NODE_WEIGHTS:
      return 2;
    default: /* node2vec's q; many samples without weights, few with */
      return strcmp(parameter->name, "q") == 0 || strcmp(parameter->name, "samples") == 0 ? 2 : 1;
  }
}

/* Samples: as many as go side by side, not O(n m). */
static int64_t sample_count(const gli_algorithm *algorithm, size_t way) {
  const bool many = way == 0 && strstr(algorithm->name, "betweenness") == NULL;
  return many ? 512 : 32;
}

static void give(const call *of, const gli_parameter *parameter, size_t way, char *field) {
  static const char *const weight = "weight";
  static const double half = 0.5, small = 1e-5;
  static const int64_t three = 3;
  const int64_t samples = sample_count(of->algorithm, way);
  const gli_int_list few = {&three, 1};
  const gli_node_list first = {everybody, 1};
  const gli_node_weights all = {everybody, numbers, of->graph->node_count};
  const bool flag = way == 1;
  switch (parameter->type) {
    case GLI_PARAMETER_CHOICE:
      memcpy(field, &parameter->choices[way], sizeof(const char *));
      break;
    case GLI_PARAMETER_BOOL:
      memcpy(field, &flag, sizeof flag);
      break;
    case GLI_PARAMETER_ATTRIBUTE:
      if (way == 1) memcpy(field, &weight, sizeof weight);
      break;
    case GLI_PARAMETER_NODE_WEIGHTS:
      if (way == 1 || parameter->required) memcpy(field, &all, sizeof all);
      break;
    case GLI_PARAMETER_NODES:
      if (parameter->required) memcpy(field, &first, sizeof first);
      break;
    case GLI_PARAMETER_INTS:
      if (parameter->required) memcpy(field, &few, sizeof few);
      break;
    case GLI_PARAMETER_INT:
      if (parameter->required) memcpy(field, &three, sizeof three);
      if (strcmp(parameter->name, "iterations") == 0) memcpy(field, &three, sizeof three);
      if (strcmp(parameter->name, "samples") == 0) memcpy(field, &samples, sizeof samples);
      break;
    case GLI_PARAMETER_FLOAT:
      if (strcmp(parameter->name, "alpha") == 0) memcpy(field, &small, sizeof small);
      if (way == 1) memcpy(field, &half, sizeof half);
      break;
    case GLI_PARAMETER_PAIRS:
      break;
  }
}

/* Some calls have no answer on a shape (no order of a cyclic graph, no convergence): what they took
 * until then counts as well. */
static bool run_call(const call *of) {
  gli_control control = GLI_CONTROL_INIT;
  control.threads = of->threads;
  control.backend = "cpu";
  gli_result *result = NULL;
  gli_error error = {0};
  const gli_status status =
      gli_algorithm_run(of->algorithm, of->graph->snapshot, of->options, &control, &result, &error);
  cr_assert_neq(status, GLI_ERROR_OUT_OF_MEMORY, "%s", error.message);
  gli_result_free(result);
  return status == GLI_OK;
}

typedef struct found {
  double share; /* the largest of taken / stated */
  double bytes, stated;
  int answers;
} found;

static void measure(const call *of, measured_graph *graph, int64_t live_at_first, found *best) {
  double memory = 0, kept = 0;
  stated(of, &memory, &kept);
  run_call(of); /* makes what is kept */
  const int64_t before = atomic_load(&graph->bytes.live);
  atomic_store(&graph->bytes.peak, before);
  best->answers += run_call(of);
  const double taken = (double)(atomic_load(&graph->bytes.peak) - before);
  const double left = (double)(atomic_load(&graph->bytes.live) - live_at_first);
  cr_expect(taken <= memory + SLACK_BYTES,
            "%s.h states %.0f bytes beside the graph; a call on %d nodes, %lld edges (%s), %d "
            "threads takes %.0f",
            of->algorithm->name, memory, graph->node_count, (long long)graph->edge_count,
            gli_snapshot_is_directed(graph->snapshot) ? "directed" : "undirected", of->threads,
            taken);
  cr_expect(
      left <= kept + SLACK_BYTES,
      "%s.h states %.0f bytes kept with the snapshot of %d nodes, %lld edges (%s); it is %.0f",
      of->algorithm->name, kept, graph->node_count, (long long)graph->edge_count,
      gli_snapshot_is_directed(graph->snapshot) ? "directed" : "undirected", left);
  const double share = taken / (memory > 1 ? memory : 1);
  if (share > best->share) {
    best->share = share;
    best->bytes = taken;
    best->stated = memory;
  }
}

/* The k-th way of each parameter; `choices` false: but choices as they are by default. */
static void give_all(const call *of, char *options, size_t k, bool choices) {
  gli_algorithm_defaults(of->algorithm, options);
  for (size_t j = 0; j < of->algorithm->parameter_count; j++) {
    const gli_parameter *parameter = &of->algorithm->parameters[j];
    if (!choices && parameter->type == GLI_PARAMETER_CHOICE) continue;
    give(of, parameter, k % way_count(parameter), options + parameter->offset);
  }
}

/* Every way of giving each of its parameters, in as few calls as there are ways of one; and where
 * a choice does not go with the rest (clustering by LDBC's rule takes no weights), without it. */
static void measure_on(const gli_algorithm *algorithm, int size, shape kind, found *best) {
  size_t calls = 1;
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const size_t ways = way_count(&algorithm->parameters[k]);
    if (ways > calls) calls = ways;
  }
  measured_graph graph;
  make_graph(size, kind, is_long(algorithm) ? 8 : 1, &graph);
  const int64_t live_at_first = atomic_load(&graph.bytes.live);
  char *options = calloc(1, algorithm->options_size);
  for (size_t k = 0; k < calls; k++) {
    const call made = {algorithm, options, &graph, size == 0 ? 1 : THREADS};
    const int answers = best->answers;
    give_all(&made, options, k, true);
    measure(&made, &graph, live_at_first, best);
    if (k == 0 || best->answers > answers) continue;
    give_all(&made, options, k, false);
    measure(&made, &graph, live_at_first, best);
  }
  free(options);
  gli_snapshot_free(graph.snapshot);
  cr_assert_eq(atomic_load(&graph.bytes.live), 0, "%s", algorithm->name);
}

Test(stated_memory, every_algorithm) {
  gli__pretend_thread_count(THREADS);
  for (int32_t v = 0; v < 1 << 13; v++) {
    everybody[v] = v;
    numbers[v] = 1 + v % 7;
  }
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const gli_algorithm *algorithm = gli_algorithm_at(k);
    found best = {0, 0, 0, 0};
    for (int size = 0; size < SIZES; size++)
      for (int kind = 0; kind < (best.answers > 0 ? ACYCLIC : SHAPES); kind++)
        measure_on(algorithm, size, (shape)kind, &best);
    cr_expect_gt(best.answers, 0, "%s has no answer on any graph", algorithm->name);
    cr_expect(best.share > 0.5, "%s.h states %.0f bytes; the most that any call takes is %.0f",
              algorithm->name, best.stated, best.bytes);
    printf("memory of %s: stated %.0f bytes, taken %.0f\n", algorithm->name, best.stated,
           best.bytes);
  }
  gli__pretend_thread_count(0);
}
