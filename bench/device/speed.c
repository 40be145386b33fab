/* speed.c: one large graph, each algorithm on the CPU and on a device. Usage:
 *
 *     device_speed BACKEND kron|uniform|grid SCALE SECONDS [ALGORITHM ...]
 *
 * BACKEND "auto": whoever is chosen, named in the remark.
 * Prints one line of tab-separated fields per algorithm:
 *     graph, algorithm, CPU s, first on the device s, best on the device s, of which compute s,
 *     iterations, remark
 * where "first" holds the upload of the graph, unless an algorithm before it has done that. Best of
 * at most 5, and of what SECONDS allow: the graph is made within them, and what finds no time any
 * more is said to be left out. The CPU runs once, at most a quarter of the time that is left. The
 * answers are compared. The last line is about 100,000 new edges in a graph that the device knows.
 */
#include <math.h>

#include "graphs.h"

static double deadline;
static const char *graph_name;

static void print_seconds(double seconds) {
  if (seconds < 0)
    (void)printf("\t-");
  else
    (void)printf("\t%.6f", seconds);
}

static bool same(const gli_algorithm *algorithm, const gli_result *left, const gli_result *right,
                 char text[80]) {
  gli_column a, b;
  for (size_t k = 0; gli_result_column_at(left, k, &a) && gli_result_column_at(right, k, &b); k++) {
    for (int64_t i = 0; i < a.length; i++) {
      bool equal = true;
      if (a.type == GLI_COLUMN_FLOAT64) {
        const double x = ((const double *)a.data)[i], y = ((const double *)b.data)[i];
        equal = x == y || fabs(x - y) <= algorithm->epsilon * fmax(1, fabs(x));
      } else if (a.type == GLI_COLUMN_NODE) {
        equal = ((const int32_t *)a.data)[i] == ((const int32_t *)b.data)[i];
      } else if (a.type == GLI_COLUMN_BOOL) {
        equal = ((const uint8_t *)a.data)[i] == ((const uint8_t *)b.data)[i];
      } else {
        equal = ((const int64_t *)a.data)[i] == ((const int64_t *)b.data)[i];
      }
      if (equal) continue;
      (void)snprintf(text, 80, "WRONG: %s of %lld differs", a.name, (long long)i);
      return false;
    }
  }
  return true;
}

typedef struct timing {
  double cpu, first, best, compute;
  int64_t iterations;
  char remark[200];
} timing;

/* One tab or line break would spoil the table. */
static void remark(timing *times, const char *message) {
  (void)snprintf(times->remark, sizeof times->remark, "%.190s", message);
  for (char *c = times->remark; *c != '\0'; c++) {
    if (*c == '\t' || *c == '\n' || *c == '|') *c = ' ';
  }
}

static void time_device(const question *asked, gli_snapshot *snapshot, const char *backend,
                        gli_result **result_out, timing *times) {
  for (int k = 0; k < 5; k++) {
    const double left = deadline - seconds_now();
    if (left < 0.1 || (k > 1 && left < 2 * times->best)) break;
    gli_error error = {.message = ""};
    gli_result *result = NULL;
    const double start = seconds_now();
    const gli_status status = answer(asked, snapshot, backend, "raise", left, &result, &error);
    const double seconds = seconds_now() - start;
    if (status != GLI_OK) {
      if (status == GLI_ERROR_BACKEND_UNAVAILABLE && strstr(error.message, "no kernel") != NULL)
        remark(times, "no device kernel");
      else
        remark(times, error.message);
      return;
    }
    if (k == 0) times->first = seconds;
    if (times->best < 0 || seconds < times->best) {
      const gli_run_record run = gli_result_run(result);
      times->best = seconds;
      times->compute = run.compute_seconds;
      times->iterations = run.iterations;
      if (backend == NULL) remark(times, run.backend);
    }
    gli_result_free(*result_out);
    *result_out = result;
  }
}

static void compare_with_cpu(const question *asked, gli_snapshot *snapshot, const gli_result *found,
                             timing *times) {
  gli_error error = {.message = ""};
  gli_result *expected = NULL;
  const double left = deadline - seconds_now(), start = seconds_now();
  if (left < 0.2) {
    if (times->remark[0] == '\0') remark(times, "no time left for the CPU");
    return;
  }
  const gli_status status = answer(asked, snapshot, "cpu", NULL, left / 4, &expected, &error);
  if (status == GLI_OK) {
    char text[80] = "";
    times->cpu = seconds_now() - start;
    if (found != NULL && !same(asked->algorithm, expected, found, text)) remark(times, text);
  } else if (times->remark[0] == '\0') {
    remark(times,
           status == GLI_ERROR_TIMEOUT ? "the CPU takes longer than there is time" : error.message);
  }
  gli_result_free(expected);
}

static void time_algorithm(const char *name, gli_snapshot *snapshot, const char *backend,
                           int32_t source) {
  timing times = {-1, -1, -1, -1, 0, ""};
  question asked;
  ask(&asked, name, source);
  gli_result *found = NULL;
  if (strcmp(name, "label_propagation") == 0) {
    int64_t *rounds = option(&asked, "max_iterations");
    if (rounds != NULL) *rounds = 10;
  }
  if (deadline - seconds_now() < 0.1)
    remark(&times, "left out: no time left");
  else
    time_device(&asked, snapshot, backend, &found, &times);
  compare_with_cpu(&asked, snapshot, found, &times);
  (void)printf("%s\t%s", graph_name, name);
  print_seconds(times.cpu);
  print_seconds(times.first);
  print_seconds(times.best);
  print_seconds(times.compute);
  (void)printf("\t%lld\t%s\n", (long long)times.iterations, times.remark);
  (void)fflush(stdout);
  gli_result_free(found);
  free(asked.options);
}

/* New edges in a graph whose mirror lies on the device: ready to query after this. */
static void time_change(gli_graph *graph, const char *backend) {
  enum { NEW_EDGES = 100000 };
  if (deadline - seconds_now() < 1) return;
  edge_list more = make_edges('u', 13); /* 131072 */
  timing times = {-1, -1, -1, -1, 0, ""};
  question asked;
  ask(&asked, "degrees", 0);
  for (int round = 0; round < 2; round++) { /* the first brings the mirror up to date */
    if (round == 1) add_edges(graph, &more, NEW_EDGES);
    gli_error error = {.message = ""};
    gli_result *result = NULL;
    gli_snapshot *snapshot = snapshot_of(graph);
    const double start = seconds_now();
    if (answer(&asked, snapshot, backend, "raise", 60, &result, &error) == GLI_OK) {
      times.first = seconds_now() - start;
      times.compute = gli_result_run(result).compute_seconds;
    } else {
      remark(&times, error.message);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  (void)printf("%s\tdegrees after %d new edges\t-", graph_name, (int)NEW_EDGES);
  print_seconds(times.first);
  (void)printf("\t-");
  print_seconds(times.compute);
  (void)printf("\t0\t%s\n", times.remark);
  free(asked.options);
  free_edges(&more);
}

int main(int count, char **arguments) {
  static const char *const usual[] = {
      "bfs",         "pagerank",          "connected_components", "shortest_paths",
      "core_number", "label_propagation", "triangle_count",       "clustering"};
  if (count < 5 || strchr("kug", arguments[2][0]) == NULL)
    stop_with("usage", "device_speed BACKEND kron|uniform|grid SCALE SECONDS [ALGORITHM ...]");
  const int scale = atoi(arguments[3]);
  if (scale < 4 || scale > 30) stop_with("SCALE", "4 to 30");
  const char *backend = strcmp(arguments[1], "auto") == 0 ? NULL : arguments[1];
  deadline = seconds_now() + atof(arguments[4]);
  char name[64];
  (void)snprintf(name, sizeof name, "%s %d", arguments[2], scale);
  graph_name = name;
  double start = seconds_now();
  edge_list edges = make_edges(arguments[2][0], scale);
  const double made = seconds_now() - start;
  start = seconds_now();
  gli_graph *graph = make_graph(&edges);
  (void)fprintf(stderr, "%s: %lld nodes, %lld edges; made in %.1f s, loaded in %.1f s\n", name,
                (long long)gli_graph_node_count(graph), (long long)gli_graph_edge_count(graph),
                made, seconds_now() - start);
  free_edges(&edges);
  gli_snapshot *snapshot = snapshot_of(graph);
  const int32_t source = 1;
  if (count > 5) {
    for (int k = 5; k < count; k++)
      time_algorithm(arguments[k], snapshot, backend, source);
  } else {
    for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++) {
      const bool is_thin = arguments[2][0] == 'g' && k >= 4; /* nothing to learn on a grid */
      if (!is_thin) time_algorithm(usual[k], snapshot, backend, source);
    }
  }
  gli_snapshot_free(snapshot);
  if (backend != NULL) time_change(graph, backend);
  gli_graph_free(graph);
  return 0;
}
