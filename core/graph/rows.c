/* rows.c: a node's neighbours and degree, O(degree) and exact straight after any change. */
#include "graph/graph.h"

static gli_status check_direction(gli_direction direction, gli_error *error) {
  if (direction == GLI_OUT || direction == GLI_IN || direction == GLI_BOTH) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "direction is %d; expected GLI_OUT, GLI_IN or GLI_BOTH", (int)direction);
}

/* Building changes no
 * content, but needs the exclusive lock once; they stay from then on. */
gli_status gli__graph_read_rows(gli_graph *graph, gli_direction direction, gli_error *error) {
  gli_status status = gli__graph_read(graph, error);
  while (status == GLI_OK && graph->directed && direction != GLI_OUT &&
         !gli__topology_has_in_rows(graph->topology)) {
    gli__graph_read_done(graph);
    status = gli__graph_write(graph, error);
    if (status != GLI_OK) break;
    status = gli__topology_need_in_rows(graph->topology, error);
    gli__graph_write_done(graph);
    if (status == GLI_OK) status = gli__graph_read(graph, error);
  }
  return status;
}

int64_t gli__list_slots(const gli_graph *graph, int32_t index, int64_t *slots, int64_t capacity) {
  int64_t found = 0;
  for (int in = 0; in < (graph->directed ? 2 : 1); in++) {
    gli__row_cursor cursor = gli__topology_row(graph->topology, index, in != 0);
    int32_t neighbor = 0;
    uint32_t slot = 0;
    while (gli__row_next(&cursor, &neighbor, &slot)) {
      if (found < capacity) slots[found] = slot;
      found++;
    }
  }
  return found;
}

#define GROUP 16

/* Records of ids lie scattered: look a group ahead. Returns false when the visitor said stop. */
static bool visit(const gli_graph *graph, int32_t index, bool in, gli_row_visitor visitor,
                  void *context) {
  const gli__number_map *map = &graph->sides[GLI_EDGES].numbers->map;
  gli__row_cursor cursor = gli__topology_row(graph->topology, index, in);
  int32_t neighbors[GROUP];
  uint32_t slots[GROUP];
  for (;;) {
    int found = 0;
    while (found < GROUP && gli__row_next(&cursor, &neighbors[found], &slots[found])) {
      gli__ids_prefetch(graph->ids, neighbors[found]);
      found++;
    }
    for (int k = 0; k < found; k++) {
      const gli_id id = gli__ids_get(graph->ids, neighbors[k]);
      if (!visitor(context, &id, neighbors[k], gli__number_at(map, slots[k]))) return false;
    }
    if (found < GROUP) return true;
  }
}

gli_status gli_graph_visit_row(gli_graph *graph, const gli_id *id, gli_direction direction,
                               gli_row_visitor visitor, void *context, gli_error *error) {
  gli_status status = check_direction(direction, error);
  if (status == GLI_OK) status = gli__check_id(id, "id", error);
  if (status == GLI_OK && visitor == NULL) {
    status = gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "visitor is NULL");
  }
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_read_rows(graph, direction, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) {
    bool go_on = true;
    if (!graph->directed || direction != GLI_IN) {
      go_on = visit(graph, index, false, visitor, context);
    }
    if (go_on && graph->directed && direction != GLI_OUT) {
      visit(graph, index, true, visitor, context);
    }
  }
  gli__graph_read_done(graph);
  return status;
}

/* Undirected loops stand once in their row and count twice. */
static int64_t count_loops(const gli_graph *graph, int32_t index) {
  if (!graph->multigraph) return gli__topology_find_edge(graph->topology, index, index) >= 0;
  gli__row_cursor cursor = gli__topology_row(graph->topology, index, false);
  int64_t loops = 0;
  int32_t neighbor = 0;
  uint32_t slot = 0;
  while (gli__row_next(&cursor, &neighbor, &slot))
    loops += neighbor == index;
  return loops;
}

gli_status gli_graph_degree(gli_graph *graph, const gli_id *id, gli_direction direction,
                            int64_t *degree_out, gli_error *error) {
  gli_status status = check_direction(direction, error);
  if (status == GLI_OK) status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_read_rows(graph, direction, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) {
    int64_t degree = 0;
    if (!graph->directed) {
      degree = gli__topology_row_length(graph->topology, index, false) + count_loops(graph, index);
    } else {
      if (direction != GLI_IN) degree += gli__topology_row_length(graph->topology, index, false);
      if (direction != GLI_OUT) degree += gli__topology_row_length(graph->topology, index, true);
    }
    *degree_out = degree;
  }
  gli__graph_read_done(graph);
  return status;
}
