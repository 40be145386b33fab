/* load_and_rank.c: read a graph from a file, rank its nodes, say where that ran.
 *
 * Usage: load_and_rank FILE */
#include <gli/gli.h>
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  gli_error error = {0};
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  gli_result *result = NULL;
  int exit_code = 1;

  if (gli_read(argv[1], NULL, NULL, &graph, &error) != GLI_OK) goto cleanup;
  printf("%s: %lld nodes, %lld edges\n", argv[1], (long long)gli_graph_node_count(graph),
         (long long)gli_graph_edge_count(graph));
  if (gli_graph_snapshot(graph, &snapshot, &error) != GLI_OK) goto cleanup;

  gli_pagerank_options options;
  gli_algorithm_defaults(gli_algorithm_find("pagerank"), &options);
  options.tolerance = 1e-9;
  if (gli_pagerank(snapshot, &options, NULL, &result, &error) != GLI_OK) goto cleanup;

  int64_t best[5], count = 0;
  if (gli_result_top(result, "score", 5, best, &count, &error) != GLI_OK) goto cleanup;
  const double *scores = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    char name[64];
    gli_id id = gli_snapshot_node_id(snapshot, (int32_t)best[k]);
    printf("%2lld. %-12s %.6f\n", (long long)k + 1, gli_id_format(&id, name, sizeof name),
           scores[best[k]]);
  }
  gli_run_record run = gli_result_run(result);
  printf("%lld iterations in %.1f ms on %s (%s)\n", (long long)run.iterations,
         run.total_seconds * 1e3, run.backend, run.why);
  exit_code = 0;

cleanup:
  if (exit_code != 0) fprintf(stderr, "%s\n", error.message);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return exit_code;
}
