/* Readers, a writer, snapshots, batches and copies on one graph at once; runs under
 * ThreadSanitizer.
 *
 * What must hold at any moment, and is looked at by every reader:
 *   every edge has the weight that its ends say;
 *   nodes of a batch come in pairs: both there or neither. */
#include <gli/gli.h>
#include <stdatomic.h>
#include <string.h>

#include "support/threads.h"

enum { NODES = 400, ROUNDS = 5000, PAIRS = 1 << 20 };

typedef struct shared_state {
  gli_graph *graph;
  gli_key weight, name;
  _Atomic bool done;
  _Atomic int64_t pairs; /* batches committed so far */
} shared_state;

static shared_state shared;

static gli_random stream(uint64_t of) {
  return gli_random_start(2024, of);
}

static void must(gli_status status, const gli_error *error) {
  if (status != GLI_OK) fprintf(stderr, "%s\n", error->message);
  CHECK(status == GLI_OK);
}

static int64_t weight_of(const gli_id *source, const gli_id *target) {
  return source->as.integer * 1000003 + target->as.integer;
}

static void *write_edges(void *argument) {
  gli_random random = stream(1);
  gli_error error = {0};
  (void)argument;
  for (int round = 0; round < ROUNDS * 4; round++) {
    const gli_id from = gli_id_int((int64_t)gli_random_below(&random, NODES));
    const gli_id to = gli_id_int((int64_t)gli_random_below(&random, NODES));
    const gli_attribute weight = {shared.weight, gli_value_int(weight_of(&from, &to))};
    const gli_attribute name = {shared.name, gli_value_string(round % 2 == 0 ? "even" : "odd")};
    gli_edge_id edge = GLI_EDGE_NONE;
    must(gli_graph_add_edge(shared.graph, &from, &to, &weight, 1, &edge, &error), &error);
    must(gli_graph_add_node(shared.graph, &from, &name, 1, NULL, &error), &error);
    if (round % 3 == 0) must(gli_graph_remove_edge(shared.graph, edge, &error), &error);
    if (round % 50 == 0) must(gli_graph_remove_node(shared.graph, &to, &error), &error);
  }
  atomic_store(&shared.done, true);
  return NULL;
}

static bool check_entry(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  int64_t *sum = context;
  *sum += neighbor->as.integer + index + edge;
  return true;
}

static void read_edge(gli_random *random) {
  const gli_id from = gli_id_int((int64_t)gli_random_below(random, NODES));
  const gli_id to = gli_id_int((int64_t)gli_random_below(random, NODES));
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_value value;
  gli_edge ends;
  if (gli_graph_find_edge(shared.graph, &from, &to, &edge, NULL) != GLI_OK) return;
  if (gli_graph_value(shared.graph, GLI_EDGES, edge, shared.weight, &value, NULL) == GLI_OK) {
    CHECK(value.type == GLI_VALUE_INT64 && value.as.integer == weight_of(&from, &to));
  }
  if (gli_graph_get_edge(shared.graph, edge, &ends, NULL) == GLI_OK) {
    CHECK(gli_id_same(&ends.source, &from) && gli_id_same(&ends.target, &to));
  }
}

static void *read_points(void *argument) {
  gli_random random = stream(*(uint64_t *)argument);
  gli_error error = {0};
  int64_t sum = 0;
  while (!atomic_load(&shared.done)) {
    read_edge(&random);
    const gli_id id = gli_id_int((int64_t)gli_random_below(&random, NODES));
    gli_serial serial = GLI_SERIAL_NONE;
    gli_attribute attributes[4];
    size_t count = 0;
    int64_t degree = 0;
    gli_memory_usage usage;
    gli_graph_visit_row(shared.graph, &id, GLI_BOTH, check_entry, &sum, NULL);
    gli_graph_degree(shared.graph, &id, GLI_IN, &degree, NULL);
    /* Borrowed text stays as long as reading goes on. */
    must(gli_graph_read_begin(shared.graph, &error), &error);
    if (gli_graph_find_node(shared.graph, &id, &serial, NULL) == GLI_OK) {
      must(gli_graph_attributes(shared.graph, GLI_NODES, serial, attributes, 4, &count, &error),
           &error);
      for (size_t k = 0; k < count; k++) {
        const gli_value value = attributes[k].value;
        if (value.type != GLI_VALUE_STRING) continue;
        CHECK(memcmp(value.as.text, value.size_bytes == 4 ? "even" : "odd", value.size_bytes) == 0);
      }
    }
    gli_graph_read_end(shared.graph);
    gli_graph_memory_usage(shared.graph, &usage);
    sum += degree + usage.total_bytes + gli_graph_node_count(shared.graph);
  }
  CHECK(sum != 0);
  return NULL;
}

static void check_snapshot(gli_snapshot *snapshot) {
  const int32_t *sources = NULL, *targets = NULL;
  const double *weights = NULL;
  gli_error error = {0};
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  const uint64_t *bits = gli_snapshot_edge_bits(snapshot);
  int64_t edges = 0, entries = 0;
  for (int64_t slot = 0; slot < gli_snapshot_edge_limit(snapshot); slot++) {
    if (!gli_bit(bits, slot)) continue;
    const gli_id from = gli_snapshot_node_id(snapshot, sources[slot]);
    const gli_id to = gli_snapshot_node_id(snapshot, targets[slot]);
    const gli_value value = gli_snapshot_value(snapshot, GLI_EDGES, shared.weight, slot);
    CHECK(value.type == GLI_VALUE_INT64 && value.as.integer == weight_of(&from, &to));
    edges++;
  }
  CHECK(edges == gli_snapshot_edge_count(snapshot));
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
    entries += rows.rows[node].length;
  }
  CHECK(entries == rows.entry_count && entries == edges);
  must(gli_snapshot_in_rows(snapshot, &rows, &error), &error);
  CHECK(rows.entry_count == edges);
  if (edges > 0) {
    must(gli_snapshot_row_weights(snapshot, "weight", true, &weights, &error), &error);
  }
  int64_t halves = 0;
  for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
    if (!gli_bit(gli_snapshot_node_bits(snapshot), node)) continue;
    const gli_id id = gli_snapshot_node_id(snapshot, node);
    if (id.kind != GLI_ID_INT || id.as.integer < PAIRS) continue;
    halves += id.as.integer % 2 == 0 ? 1 : -1;
  }
  CHECK(halves == 0);
}

static void *take_snapshots(void *argument) {
  gli_error error = {0};
  gli_snapshot *held = NULL;
  (void)argument;
  while (!atomic_load(&shared.done)) {
    gli_snapshot *snapshot = NULL;
    must(gli_graph_snapshot(shared.graph, &snapshot, &error), &error);
    check_snapshot(snapshot);
    if (held != NULL) check_snapshot(held);
    gli_snapshot_free(held);
    held = snapshot;
  }
  gli_snapshot_free(held);
  return NULL;
}

static void *commit_batches(void *argument) {
  const int64_t first = PAIRS + (int64_t) * (uint64_t *)argument * PAIRS;
  gli_error error = {0};
  for (int64_t round = 0; !atomic_load(&shared.done); round++) {
    gli_batch *batch = NULL;
    const gli_id even = gli_id_int(first + 2 * round), odd = gli_id_int(first + 2 * round + 1);
    const gli_attribute weight = {shared.weight, gli_value_int(weight_of(&even, &odd))};
    must(gli_batch_begin(shared.graph, &batch, &error), &error);
    must(gli_batch_add_node(batch, &even, NULL, 0, NULL, &error), &error);
    must(gli_batch_add_edge(batch, &even, &odd, &weight, 1, NULL, &error), &error);
    if (round % 4 == 0) {
      gli_batch_discard(batch);
      continue;
    }
    must(gli_batch_commit(batch, &error), &error);
    atomic_fetch_add(&shared.pairs, 1);
  }
  return NULL;
}

static void *make_copies(void *argument) {
  gli_error error = {0};
  (void)argument;
  while (!atomic_load(&shared.done)) {
    gli_graph *copy = NULL;
    gli_snapshot *snapshot = NULL;
    const gli_id from = gli_id_int(-5), to = gli_id_int(3);
    const gli_attribute attributes[2] = {
        {shared.weight, gli_value_int(weight_of(&from, &to))},
        {shared.name, gli_value_string("text that both graphs put into one store")}};
    must(gli_graph_copy(shared.graph, &copy, &error), &error);
    must(gli_graph_add_edge(copy, &from, &to, attributes, 2, NULL, &error), &error);
    must(gli_graph_snapshot(copy, &snapshot, &error), &error);
    check_snapshot(snapshot);
    gli_snapshot_free(snapshot);
    gli_graph_free(copy);
  }
  return NULL;
}

typedef struct role {
  void *(*body)(void *);
  uint64_t number;
} role;

static void *play(void *argument) {
  role *of = argument;
  return of->body(&of->number);
}

int main(void) {
  gli_error error = {0};
  must(gli_graph_create(NULL, &shared.graph, &error), &error);
  must(gli_graph_key(shared.graph, "weight", 6, &shared.weight, &error), &error);
  must(gli_graph_key(shared.graph, "name", 4, &shared.name, &error), &error);
  must(gli_graph_add_nodes(shared.graph, NODES, NULL, NULL, NULL, 0, NULL, NULL, &error), &error);
  role roles[] = {{write_edges, 0},    {read_points, 10},   {read_points, 11}, {take_snapshots, 0},
                  {commit_batches, 1}, {commit_batches, 2}, {make_copies, 0}};
  run_threads(sizeof roles / sizeof *roles, play, roles, sizeof *roles);
  gli_snapshot *snapshot = NULL;
  must(gli_graph_snapshot(shared.graph, &snapshot, &error), &error);
  check_snapshot(snapshot);
  int64_t halves = 0;
  for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
    halves += gli_bit(gli_snapshot_node_bits(snapshot), node) &&
              gli_snapshot_node_id(snapshot, node).as.integer >= PAIRS;
  }
  CHECK(halves == 2 * atomic_load(&shared.pairs));
  printf("%lld batches committed beside %d changes\n", (long long)atomic_load(&shared.pairs),
         ROUNDS * 4);
  gli_snapshot_free(snapshot);
  gli_graph_free(shared.graph);
  return 0;
}
