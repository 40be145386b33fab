/* run_reciprocity.c: load the extension and run what it brings.
 *
 * Usage: run_reciprocity /absolute/path/to/reciprocity.so FILE */
#include <gli/gli.h>
#include <stdio.h>

static int complain(const gli_error *error) {
  fprintf(stderr, "%s\n", error->message);
  return 1;
}

int main(int argc, char **argv) {
  gli_error error = {0};
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  gli_result *result = NULL;
  int code = 1;
  if (argc != 3) {
    fprintf(stderr, "usage: %s /absolute/path/to/reciprocity.so FILE\n", argv[0]);
    return 2;
  }
  if (gli_extension_load(argv[1], &error) != GLI_OK) return complain(&error);
  if (gli_read(argv[2], NULL, NULL, &graph, &error) != GLI_OK ||
      gli_graph_snapshot(graph, &snapshot, &error) != GLI_OK ||
      gli_algorithm_run(gli_algorithm_find("reciprocity"), snapshot, NULL, NULL, &result, &error) !=
          GLI_OK) {
    complain(&error);
    goto cleanup;
  }
  int64_t best[3], found = 0;
  if (gli_result_top(result, "reciprocity", 3, best, &found, &error) != GLI_OK) {
    complain(&error);
    goto cleanup;
  }
  for (int64_t k = 0; k < found; k++) {
    char name[64];
    const gli_id id = gli_snapshot_node_id(snapshot, (int32_t)best[k]);
    printf("%s %.6f\n", gli_id_format(&id, name, sizeof name),
           gli_result_floats(result, "reciprocity")[best[k]]);
  }
  printf("on %s\n", gli_result_run(result).backend);
  code = 0;
cleanup:
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return code;
}
