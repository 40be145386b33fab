/* stop_a_long_run.c: three ways to stop an algorithm: a time limit, a flag that a signal handler
 * raises (Ctrl-C), a progress callback that says no.
 *
 * Usage: stop_a_long_run FILE */
#include <gli/gli.h>
#include <signal.h>
#include <stdio.h>

static gli_cancel interrupted; /* plain memory, so a signal handler may raise it */

static void on_interrupt(int signal_number) {
  (void)signal_number;
  gli_cancel_request(&interrupted);
}

static bool show_progress(void *context, double done, double total) {
  (void)context;
  if (total > 0) fprintf(stderr, "\r%3.0f %%", 100 * done / total);
  return true; /* false would stop the call */
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  signal(SIGINT, on_interrupt);
  gli_error error = {0};
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  gli_result *result = NULL;
  gli_status status = gli_read(argv[1], NULL, NULL, &graph, &error);
  if (status == GLI_OK) status = gli_graph_snapshot(graph, &snapshot, &error);

  gli_control control = GLI_CONTROL_INIT;
  control.max_seconds = 0.02;
  control.cancel = &interrupted;
  control.progress = show_progress;
  /* Exact betweenness takes a second or so on the shipped graph: far beyond this limit. */
  if (status == GLI_OK) {
    status = gli_betweenness_centrality(snapshot, NULL, &control, &result, &error);
    if (status != GLI_OK) printf("\nstopped: %s (%s)\n", gli_status_text(status), error.message);
  }
  if (snapshot != NULL) {
    printf("the graph is as it was: %lld nodes\n", (long long)gli_graph_node_count(graph));
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return status == GLI_ERROR_IO || status == GLI_ERROR_FORMAT ? 1 : 0;
}
