/* gli_graph_walk: everything once, in order, in pieces of any size, past holes; and what it
 * refuses. */
#include <string.h>

#include "dump.h"

enum { NODES = 400 };

static gli_graph *make_graph(bool with_holes) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  must(gli_graph_create(NULL, &graph, &error), &error);
  for (int64_t k = 0; k < NODES; k++) {
    const gli_id from = gli_id_int(k), to = gli_id_int((k + 1) % NODES);
    must(gli_graph_add_edge(graph, &from, &to, NULL, 0, NULL, &error), &error);
  }
  /* Holes: single ones, at the very ends, and a stretch over whole words of 64. */
  for (int64_t k = 0; k < NODES && with_holes; k++) {
    const gli_id id = gli_id_int(k);
    if (k != 0 && k != NODES - 1 && k != 77 && !(k >= 130 && k < 200)) continue;
    must(gli_graph_remove_node(graph, &id, &error), &error);
  }
  return graph;
}

/* All numbers of a walk in pieces of `capacity`; how many. */
static int64_t walk_all(gli_graph *graph, gli_side side, size_t capacity, gli_id *ids,
                        int64_t *numbers) {
  gli_walk walk = {0};
  gli_error error = {0};
  int64_t count = 0;
  for (size_t found = 1; found > 0; count += (int64_t)found) {
    must(gli_graph_walk(graph, side, &walk, capacity, ids == NULL ? NULL : ids + count,
                        numbers + count, &found, &error),
         &error);
    cr_assert_leq(found, capacity);
  }
  return count;
}

Test(walk, everything_in_order) {
  static int64_t numbers[NODES + 8], wanted[NODES];
  static gli_id ids[NODES + 8];
  for (int holes = 0; holes <= 1; holes++) {
    gli_graph *graph = make_graph(holes != 0);
    gli_snapshot *snapshot = NULL;
    gli_error error = {0};
    const size_t capacities[] = {1, 3, 64, 65, NODES + 8};
    for (size_t c = 0; c < sizeof capacities / sizeof *capacities; c++) {
      int64_t count = walk_all(graph, GLI_NODES, capacities[c], ids, numbers);
      cr_assert_eq(count, gli_graph_node_count(graph));
      for (int64_t k = 0; k < count; k++) {
        cr_assert(gli_graph_has_node(graph, &ids[k]));
        gli_serial serial = -1;
        must(gli_graph_find_node(graph, &ids[k], &serial, &error), &error);
        cr_assert_eq(serial, numbers[k]);
        if (k > 0) cr_assert_gt(numbers[k], numbers[k - 1]);
      }
      must(gli_graph_snapshot(graph, &snapshot, &error), &error);
      int64_t edges = 0;
      for (int64_t slot = 0; slot < gli_snapshot_edge_limit(snapshot); slot++) {
        if (!gli_bit(gli_snapshot_edge_bits(snapshot), slot)) continue;
        wanted[edges++] = gli_snapshot_edge_id(snapshot, slot);
      }
      gli_snapshot_free(snapshot);
      count = walk_all(graph, GLI_EDGES, capacities[c], NULL, numbers);
      cr_assert_eq(count, edges);
      cr_assert_eq(memcmp(numbers, wanted, (size_t)count * sizeof *wanted), 0);
    }
    gli_graph_free(graph);
  }
}

Test(walk, of_nothing) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  int64_t numbers[4];
  must(gli_graph_create(NULL, &graph, &error), &error);
  cr_assert_eq(walk_all(graph, GLI_NODES, 4, NULL, numbers), 0);
  cr_assert_eq(walk_all(graph, GLI_EDGES, 4, NULL, numbers), 0);
  gli_graph_free(graph);
}

static void change(gli_graph *graph, int what) {
  gli_error error = {0};
  const gli_id here = gli_id_int(5), there = gli_id_int(6), new_id = gli_id_string("new");
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_batch *batch = NULL;
  switch (what) {
    case 0:
      must(gli_graph_remove_node(graph, &here, &error), &error);
      break;
    case 1:
      must(gli_graph_add_edge(graph, &new_id, &here, NULL, 0, NULL, &error), &error);
      break;
    case 2:
      must(gli_graph_clear(graph, &error), &error);
      break;
    case 3: /* as many as before */
      must(gli_graph_add_edge(graph, &new_id, &here, NULL, 0, NULL, &error), &error);
      must(gli_graph_remove_node(graph, &there, &error), &error);
      break;
    default:
      must(gli_batch_begin(graph, &batch, &error), &error);
      must(gli_batch_add_edge(batch, &new_id, &here, NULL, 0, &edge, &error), &error);
      must(gli_batch_commit(batch, &error), &error);
      break;
  }
}

Test(walk, changes_meanwhile) {
  for (int side = GLI_NODES; side <= GLI_EDGES; side++) {
    for (int what = 0; what < 5; what++) {
      gli_graph *graph = make_graph(false);
      gli_walk walk = {0};
      gli_error error = {0};
      int64_t numbers[4];
      size_t count = 99;
      must(gli_graph_walk(graph, (gli_side)side, &walk, 4, NULL, numbers, &count, &error), &error);
      cr_assert_eq(count, 4);
      must(gli_graph_walk(graph, (gli_side)side, &walk, 0, NULL, NULL, &count, &error), &error);
      cr_assert_eq(count, 0, "only looked");
      change(graph, what);
      count = 99;
      cr_assert_eq(gli_graph_walk(graph, (gli_side)side, &walk, 4, NULL, numbers, &count, &error),
                   GLI_ERROR_CONFLICT, "side %d, change %d", side, what);
      cr_assert_eq(count, 99, "an output of a failed call");
      cr_assert(strstr(error.message, side == GLI_NODES ? "nodes" : "edges") != NULL);
      gli_graph_free(graph);
    }
  }
}

Test(walk, attributes_may_change) {
  gli_graph *graph = make_graph(true);
  gli_walk walk = {0};
  gli_error error = {0};
  gli_attribute attribute = {0, gli_value_int(1)};
  const gli_id id = gli_id_int(9);
  gli_id ids[8];
  size_t count = 0;
  must(gli_graph_key(graph, "x", 1, &attribute.key, &error), &error);
  must(gli_graph_walk(graph, GLI_NODES, &walk, 8, ids, NULL, &count, &error), &error);
  must(gli_graph_update_node(graph, &id, &attribute, 1, &error), &error);
  must(gli_graph_walk(graph, GLI_NODES, &walk, 8, ids, NULL, &count, &error), &error);
  cr_assert_eq(ids[0].as.integer, 9);
  gli_graph_free(graph);
}

Test(walk, refusals) {
  gli_graph *graph = make_graph(false);
  gli_walk walk = {0};
  gli_error error = {0};
  gli_id ids[2];
  size_t count = 0;
  cr_assert_eq(gli_graph_walk(graph, GLI_EDGES, &walk, 2, ids, NULL, &count, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "ids_out") != NULL, "%s", error.message);
  cr_assert_eq(gli_graph_walk(graph, (gli_side)7, &walk, 2, NULL, NULL, &count, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "side is 7") != NULL, "%s", error.message);
  cr_assert_eq(gli_graph_walk(graph, GLI_NODES, NULL, 2, NULL, NULL, &count, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_walk(graph, GLI_NODES, &walk, 2, NULL, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_graph_free(graph);
}
