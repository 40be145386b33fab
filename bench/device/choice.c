/* choice.c: is the automatic choice between the CPU and a device the right one? Usage:
 *
 *     device_choice DEVICE SECONDS [SCALE_AT_MOST]
 *
 * DEVICE as GLI_DEVICE names it: "opencl:0". Graphs of 16 to 2^SCALE_AT_MOST nodes (default 18),
 * deep (a grid, as roads are) and shallow (uniform, kron), each with the algorithms below: on the
 * CPU by name, on the device by name, and left to choose, in turn, so that what else the machine
 * does strikes all three. The graph is on the device and its kernels are compiled before anything
 * is timed; the least of each counts. Prints one line a question:
 *
 *     graph, algorithm, CPU s, device s, automatic s, automatic / the better, why
 *
 * and at the end how many of them are above 1.3, and the worst. The device is measured first
 * (gli_device_calibrate), for rates of its kind alone say little. */
#include "graphs.h"

#define LIMIT 1.3

enum { CPU, DEVICE, AUTOMATIC, WAYS };

static const char *backend; /* of the device */

typedef struct tally {
  int asked, above;
  double worst;
  char where[120];
} tally;

/* Seconds of one call; negative when it cannot be had. */
static double time_once(const question *asked, gli_snapshot *snapshot, int way,
                        gli_run_record *record, gli_result **result_out) {
  static const char *const cpu = "cpu";
  gli_error error = {.message = ""};
  const char *name = way == CPU ? cpu : way == DEVICE ? backend : NULL;
  const double start = seconds_now();
  if (answer(asked, snapshot, name, "raise", 0, result_out, &error) != GLI_OK) return -1;
  const double seconds = seconds_now() - start;
  *record = gli_result_run(*result_out);
  return seconds;
}

static void time_question(const char *graph, const char *name, gli_snapshot *snapshot,
                          double seconds, tally *sums) {
  double best[WAYS] = {1e30, 1e30, 1e30};
  char why[200] = "";
  question asked;
  ask(&asked, name, 1);
  const double end = seconds_now() + seconds;
  for (int round = 0; round < 3 || (round < 500 && seconds_now() < end); round++) {
    /* Short calls several times in a row: the first after another way finds cold caches. */
    for (int step = 0; step < WAYS * (best[AUTOMATIC] < 1e-4 ? 10 : 1); step++) {
      const int way = best[AUTOMATIC] < 1e-4 ? step / 10 : step;
      gli_result *result = NULL;
      gli_run_record record;
      const double took = time_once(&asked, snapshot, way, &record, &result);
      if (took < 0) {
        best[way] = -1;
      } else if (round > 0 && took < best[way]) { /* the first time warms up */
        best[way] = took;
        if (way == AUTOMATIC) (void)snprintf(why, sizeof why, "%.190s", record.why);
      }
      gli_result_free(result); /* and what its record points to */
    }
    if (best[CPU] < 0 || best[DEVICE] < 0 || best[AUTOMATIC] < 0) break;
  }
  free(asked.options);
  if (best[CPU] < 0 || best[DEVICE] < 0 || best[AUTOMATIC] < 0) {
    (void)printf("%s\t%s\t-\t-\t-\t-\tnot on this device\n", graph, name);
    return;
  }
  const double better = best[CPU] < best[DEVICE] ? best[CPU] : best[DEVICE];
  const double ratio = best[AUTOMATIC] / better;
  (void)printf("%s\t%s\t%.7f\t%.7f\t%.7f\t%.2f\t%s%s\n", graph, name, best[CPU], best[DEVICE],
               best[AUTOMATIC], ratio, ratio > LIMIT ? "ABOVE; " : "", why);
  (void)fflush(stdout);
  sums->asked++;
  if (ratio > LIMIT) sums->above++;
  if (ratio > sums->worst) {
    sums->worst = ratio;
    (void)snprintf(sums->where, sizeof sums->where, "%s on %s", name, graph);
  }
}

static void time_graph(char kind, int scale, double seconds, tally *sums) {
  static const char *const algorithms[] = {
      "degrees", "bfs", "pagerank", "connected_components", "shortest_paths", "triangle_count"};
  const size_t count = sizeof algorithms / sizeof algorithms[0];
  char name[32];
  edge_list edges = make_edges(kind, scale);
  gli_graph *graph = make_graph(&edges);
  gli_snapshot *snapshot = snapshot_of(graph);
  (void)snprintf(name, sizeof name, "%s %d",
                 kind == 'g'   ? "grid"
                 : kind == 'k' ? "kron"
                               : "uniform",
                 scale);
  free_edges(&edges);
  for (size_t k = 0; k < count; k++)
    time_question(name, algorithms[k], snapshot, seconds / (double)count, sums);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

static void calibrate(void) {
  gli_device_description device;
  gli_error error = {.message = ""};
  for (size_t k = 0; gli_device_at(k, &device); k++) {
    if (!gli_device_matches(k, gli_device_environment())) continue;
    const gli_status status = gli_device_calibrate(k, NULL, &error);
    if (status != GLI_OK && status != GLI_ERROR_IO) stop_with("calibrate", error.message);
    backend = device.backend;
    (void)fprintf(stderr, "%s (%s)\n", device.name, device.platform);
    return;
  }
  stop_with("DEVICE", "there is none like this");
}

int main(int count, char **arguments) {
  static const int scales[] = {4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24};
  if (count < 3) stop_with("usage", "device_choice DEVICE SECONDS [SCALE_AT_MOST]");
  const int at_most = count > 3 ? atoi(arguments[3]) : 18;
  if (at_most < 4 || at_most > 24) stop_with("SCALE_AT_MOST", "4 to 24");
  if (setenv("GLI_DEVICE", arguments[1], 1) != 0) stop_with("DEVICE", "no memory");
  calibrate();
  tally sums = {0};
  int graphs = 0;
  for (size_t k = 0; k < sizeof scales / sizeof scales[0]; k++)
    graphs += scales[k] <= at_most ? 3 : 0;
  const double seconds = atof(arguments[2]) / (double)graphs;
  for (size_t k = 0; k < sizeof scales / sizeof scales[0] && scales[k] <= at_most; k++) {
    for (const char *kind = "guk"; *kind != '\0'; kind++)
      time_graph(*kind, scales[k], seconds, &sums);
  }
  (void)printf("%d of %d above %.1f; the worst is %.2f, %s\n", sums.above, sums.asked, LIMIT,
               sums.worst, sums.where);
  return 0;
}
