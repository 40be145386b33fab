/* own_algorithm.c: an algorithm of your own on a snapshot, with no lock and no copy.
 *
 * Loyalty of a node: which share of its out neighbours points back at it. (To make an algorithm
 * known to Python and the shell too, see examples/extension.)
 *
 * Usage: own_algorithm FILE */
#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>

/* Does the row of `from` hold `wanted`? Rows are in insertion order, so this looks at each entry.
 */
static bool points_at(const gli_rows *rows, int32_t from, int32_t wanted) {
  const gli_row row = rows->rows[from];
  for (uint32_t k = 0; k < row.length; k++) {
    if (rows->neighbors[row.begin + k] == wanted) return true;
  }
  return false;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  gli_error error = {0};
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  if (gli_read(argv[1], NULL, NULL, &graph, &error) != GLI_OK ||
      gli_graph_snapshot(graph, &snapshot, &error) != GLI_OK) {
    fprintf(stderr, "%s\n", error.message);
    gli_graph_free(graph);
    return 1;
  }

  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int32_t most_loyal = GLI_NODE_NONE;
  uint32_t most_returned = 0;
  double mean = 0;
  for (int32_t v = 0; v < limit; v++) {
    const gli_row row = rows.rows[v];
    uint32_t returned = 0;
    for (uint32_t k = 0; k < row.length; k++)
      returned += points_at(&rows, rows.neighbors[row.begin + k], v);
    if (row.length > 0) mean += (double)returned / row.length / limit;
    if (returned > most_returned) {
      most_returned = returned;
      most_loyal = v;
    }
  }
  if (most_loyal != GLI_NODE_NONE) {
    char name[64];
    gli_id id = gli_snapshot_node_id(snapshot, most_loyal);
    printf("mean loyalty %.4f; most loyal: %s, with %u of %u edges returned\n", mean,
           gli_id_format(&id, name, sizeof name), most_returned, rows.rows[most_loyal].length);
  }
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return 0;
}
