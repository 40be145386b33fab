/* walk.c: going through all nodes or edges of a graph that may change meanwhile.
 *
 * A walk keeps the position that comes next and three marks of who is in the graph: which object
 * holds the numbers (replaced by renumbering, clearing and the adoption of a batch), how many
 * positions were ever used, and how many are alive. Adding moves the second, removing the third, so
 * any change of membership shows, and setting attributes does not. Cost: O(capacity) a call, holes
 * skipped by words of 64. The loser: a snapshot, which makes the next writer copy. */
#include "graph/graph.h"

typedef struct marks {
  const void *numbers;
  int64_t used, alive;
} marks;

static marks marks_of(const gli_graph *graph, gli_side side) {
  const gli__numbers *numbers = graph->sides[side].numbers;
  const bool nodes = side == GLI_NODES;
  return (marks){
      .numbers = numbers,
      .used = numbers->map.count,
      .alive = atomic_load_explicit(nodes ? &graph->node_count : &graph->edge_count,
                                    memory_order_relaxed),
  };
}

/* The first live position at or after `position`, or `limit`. */
static int64_t next_alive(const uint64_t *bits, int64_t position, int64_t limit) {
  if (bits == NULL || position >= limit) return position;
  uint64_t word = bits[position >> 6] & (UINT64_MAX << (position & 63));
  int64_t base = position & ~INT64_C(63);
  while (word == 0) {
    base += 64;
    if (base >= limit) return limit;
    word = bits[base >> 6];
  }
  position = base + __builtin_ctzll(word);
  return position < limit ? position : limit;
}

static size_t take(const gli_graph *graph, gli_side side, gli_walk *walk, size_t capacity,
                   gli_id *ids_out, int64_t *numbers_out) {
  const bool nodes = side == GLI_NODES;
  const uint64_t *bits =
      nodes ? gli__topology_node_bits(graph->topology) : gli__topology_edge_bits(graph->topology);
  const gli__number_map *map = &graph->sides[side].numbers->map;
  size_t count = 0;
  while (count < capacity) {
    const int64_t position = next_alive(bits, walk->position, map->count);
    walk->position = position;
    if (position >= map->count) break;
    if (ids_out != NULL) ids_out[count] = gli__ids_get(graph->ids, (int32_t)position);
    if (numbers_out != NULL) numbers_out[count] = gli__number_at(map, position);
    walk->position++;
    count++;
  }
  return count;
}

gli_status gli_graph_walk(gli_graph *graph, gli_side side, gli_walk *walk, size_t capacity,
                          gli_id *ids_out, int64_t *numbers_out, size_t *count_out,
                          gli_error *error) {
  if (side != GLI_NODES && side != GLI_EDGES) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "side is %d; expected GLI_NODES or GLI_EDGES", (int)side);
  }
  if (walk == NULL || count_out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s is NULL",
                     walk == NULL ? "walk" : "count_out");
  }
  if (side == GLI_EDGES && ids_out != NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "ids_out is given for edges, which have numbers only; expected NULL");
  }
  gli_status status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  const marks now = marks_of(graph, side);
  if (walk->origin == NULL) {
    walk->origin = now.numbers;
    walk->used = now.used;
    walk->alive = now.alive;
  }
  if (walk->origin != now.numbers || walk->used != now.used || walk->alive != now.alive) {
    status = gli__fail(error, GLI_ERROR_CONFLICT, "%s were added or removed during the walk",
                       side == GLI_NODES ? "nodes" : "edges");
  } else {
    *count_out = take(graph, side, walk, capacity, ids_out, numbers_out);
  }
  gli__graph_read_done(graph);
  return status;
}
