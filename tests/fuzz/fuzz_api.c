/* fuzz_api.c: any bytes as a sequence of calls on a graph, next to a naive model.
 *
 * Each call takes one byte for what to do and some for ids and values; where the byte's high bit is
 * set, one allocation of the call fails (or one and all after it), and the graph must then be as it
 * was. Held snapshots must go on showing their moment, a copy must be free of its original, a batch
 * must happen whole or not at all, and at the end every byte must have come back. */
#include <gli/gli.h>
#include <stdlib.h>
#include <string.h>

#include "graph/model.h"
#include "support/failing_allocator.h"

enum { IDS = 48, HELD = 2, BULK = 20, CALLS = 400 };

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                \
    }                                                                         \
  } while (0)

typedef struct world {
  const uint8_t *bytes, *end;
  failing_allocator failing;
  gli_allocator allocator;
  gli_graph *graph;
  gli_key keys[MODEL_KEYS];
  model naive;
  gli_snapshot *held[HELD];
  model held_models[HELD];
} world;

static int draw(world *of, int limit) {
  return of->bytes < of->end ? *of->bytes++ % limit : 0;
}

static size_t draw_attributes(world *of, gli_attribute *attributes, int *codes) {
  size_t count = 0;
  for (int key = 0; key < MODEL_KEYS; key++) {
    codes[key] = draw(of, 3 * MODEL_CODES) - 2 * MODEL_CODES;
    if (codes[key] < 0) {
      codes[key] = -1;
      continue;
    }
    attributes[count].key = of->keys[key];
    attributes[count++].value = model_value(codes[key]);
  }
  return count;
}

/* --- comparing ----------------------------------------------------------------------------------
 */

static void check_values(const gli_snapshot *snapshot, const world *of, gli_side side,
                         int64_t position, const int *codes) {
  for (int key = 0; key < MODEL_KEYS; key++) {
    const gli_value found = gli_snapshot_value(snapshot, side, of->keys[key], position);
    const gli_value wanted = model_value(codes[key]);
    CHECK(gli_value_same(&found, &wanted));
  }
}

static void check_rows(const world *of, const model *naive, gli_snapshot *snapshot, gli_rows rows,
                       bool in) {
  for (int k = 0; k < naive->node_count; k++) {
    const gli_id id = model_id(naive->nodes[k].id);
    const gli_row row = rows.rows[gli_snapshot_find_node(snapshot, &id)];
    uint32_t at = 0;
    for (int j = 0; j < naive->edge_count; j++) {
      const model_edge *edge = &naive->edges[j];
      const bool source = edge->source == naive->nodes[k].id;
      const bool target = edge->target == naive->nodes[k].id;
      if (!(of->naive.directed ? (in ? target : source) : (source || target))) continue;
      CHECK(at < row.length);
      CHECK(gli_snapshot_edge_id(snapshot, rows.edges[row.begin + at]) == edge->id);
      at++;
    }
    CHECK(at == row.length);
  }
}

static void check_snapshot(const world *of, const model *naive, gli_snapshot *snapshot) {
  CHECK(gli_snapshot_node_count(snapshot) == naive->node_count);
  CHECK(gli_snapshot_edge_count(snapshot) == naive->edge_count);
  int32_t last = -1;
  for (int k = 0; k < naive->node_count; k++) {
    const gli_id id = model_id(naive->nodes[k].id);
    const int32_t index = gli_snapshot_find_node(snapshot, &id);
    CHECK(index > last); /* insertion order */
    last = index;
    check_values(snapshot, of, GLI_NODES, index, naive->nodes[k].values);
  }
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int k = 0; k < naive->edge_count; k++) {
    const model_edge *edge = &naive->edges[k];
    const gli_id from = model_id(edge->source), to = model_id(edge->target);
    const int64_t slot = gli_snapshot_find_edge(snapshot, edge->id);
    CHECK(slot >= 0);
    CHECK(sources[slot] == gli_snapshot_find_node(snapshot, &from));
    CHECK(targets[slot] == gli_snapshot_find_node(snapshot, &to));
    check_values(snapshot, of, GLI_EDGES, slot, edge->values);
  }
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  check_rows(of, naive, snapshot, rows, false);
  CHECK(gli_snapshot_in_rows(snapshot, &rows, NULL) == GLI_OK);
  check_rows(of, naive, snapshot, rows, true);
}

/* Without a snapshot, so that rows are looked at before they are swept. */
static void check_points(world *of) {
  CHECK(gli_graph_node_count(of->graph) == of->naive.node_count);
  CHECK(gli_graph_edge_count(of->graph) == of->naive.edge_count);
  for (int id = 0; id < IDS; id++) {
    const gli_id name = model_id(id), next = model_id((id * 5 + 1) % IDS);
    const model_node *node = model_find(&of->naive, id);
    const model_edge *edge = model_find_pair(&of->naive, id, (id * 5 + 1) % IDS);
    CHECK(gli_graph_has_node(of->graph, &name) == (node != NULL));
    CHECK(gli_graph_has_edge(of->graph, &name, &next) == (edge != NULL));
    if (node == NULL) continue;
    int64_t degree = 0, wanted = 0;
    for (int k = 0; k < of->naive.edge_count; k++) {
      wanted += (of->naive.edges[k].source == id) + (of->naive.edges[k].target == id);
    }
    CHECK(gli_graph_degree(of->graph, &name, GLI_BOTH, &degree, NULL) == GLI_OK);
    CHECK(degree == wanted);
  }
}

static void check_all(world *of) {
  gli_snapshot *snapshot = NULL;
  CHECK(gli_graph_snapshot(of->graph, &snapshot, NULL) == GLI_OK);
  check_snapshot(of, &of->naive, snapshot);
  gli_snapshot_free(snapshot);
  for (int k = 0; k < HELD; k++) {
    if (of->held[k] != NULL) check_snapshot(of, &of->held_models[k], of->held[k]);
  }
}

/* --- calls --------------------------------------------------------------------------------------
 */

/* Whether a call is done; false: it must have failed for want of memory alone. */
static bool done(world *of, gli_status status) {
  if (status == GLI_OK) return true;
  CHECK(status == GLI_ERROR_OUT_OF_MEMORY && atomic_load(&of->failing.failures) > 0);
  return false;
}

static void change_node(world *of, bool add) {
  gli_attribute attributes[MODEL_KEYS];
  int codes[MODEL_KEYS];
  const int id = draw(of, IDS);
  const size_t count = draw_attributes(of, attributes, codes);
  const gli_id name = model_id(id);
  gli_error error = {0};
  if (add) {
    if (done(of, gli_graph_add_node(of->graph, &name, attributes, count, NULL, &error))) {
      model_add_node(&of->naive, id, codes);
    }
    return;
  }
  const gli_status status = gli_graph_update_node(of->graph, &name, attributes, count, &error);
  if (model_find(&of->naive, id) == NULL) {
    CHECK(status == GLI_ERROR_NODE_NOT_FOUND);
  } else if (done(of, status)) {
    model_add_node(&of->naive, id, codes);
  }
}

static void add_edge(world *of) {
  gli_attribute attributes[MODEL_KEYS];
  int codes[MODEL_KEYS];
  const int source = draw(of, IDS), target = draw(of, IDS);
  const size_t count = draw_attributes(of, attributes, codes);
  const gli_id from = model_id(source), to = model_id(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  if (!done(of, gli_graph_add_edge(of->graph, &from, &to, attributes, count, &edge, NULL))) return;
  CHECK(model_add_edge(&of->naive, source, target, codes, edge)->id == edge);
}

static void change_edge(world *of, bool removed) {
  gli_attribute attributes[MODEL_KEYS];
  int codes[MODEL_KEYS];
  const int place = draw(of, 255);
  if (of->naive.edge_count == 0) {
    CHECK(gli_graph_remove_edge(of->graph, place, NULL) == GLI_ERROR_EDGE_NOT_FOUND);
    return;
  }
  model_edge *edge = &of->naive.edges[place % of->naive.edge_count];
  if (removed) {
    if (done(of, gli_graph_remove_edge(of->graph, edge->id, NULL))) {
      model_remove_edge(&of->naive, edge->id);
    }
    return;
  }
  const size_t count = draw_attributes(of, attributes, codes);
  if (done(of, gli_graph_update(of->graph, GLI_EDGES, edge->id, attributes, count, NULL))) {
    model_set(edge->values, codes);
  }
}

static void remove_node(world *of) {
  const int id = draw(of, IDS);
  const gli_id name = model_id(id);
  const gli_status status = gli_graph_remove_node(of->graph, &name, NULL);
  if (model_find(&of->naive, id) == NULL) {
    CHECK(status == GLI_ERROR_NODE_NOT_FOUND);
  } else if (done(of, status)) {
    model_remove_node(&of->naive, id);
  }
}

static void add_many(world *of, bool edges) {
  int from[BULK], to[BULK], codes[BULK];
  gli_id sources[BULK], targets[BULK];
  gli_value values[BULK];
  gli_edge_id ids[BULK];
  const int count = draw(of, BULK);
  const int key = draw(of, MODEL_KEYS);
  for (int k = 0; k < count; k++) {
    from[k] = draw(of, IDS);
    to[k] = draw(of, IDS);
    codes[k] = draw(of, MODEL_CODES);
    sources[k] = model_id(from[k]);
    targets[k] = model_id(to[k]);
    values[k] = model_value(codes[k]);
  }
  const gli_bulk_column column = {of->keys[key], GLI_VALUE_NESTED, values};
  int64_t added = 0;
  const int before = edges ? of->naive.edge_count : of->naive.node_count;
  gli_status status;
  if (edges) {
    status = gli_graph_add_edges(of->graph, count, sources, targets, NULL, NULL, &column, 1, NULL,
                                 ids, &added, NULL);
  } else {
    status = gli_graph_add_nodes(of->graph, count, sources, NULL, &column, 1, NULL, &added, NULL);
  }
  if (!done(of, status)) return;
  for (int k = 0; k < count; k++) {
    int named[MODEL_KEYS] = {-1, -1, -1};
    if (values[k].type != GLI_VALUE_ABSENT) named[key] = codes[k]; /* absent leaves what is there */
    if (edges) {
      CHECK(model_add_edge(&of->naive, from[k], to[k], named, ids[k])->id == ids[k]);
    } else {
      model_add_node(&of->naive, from[k], named);
    }
  }
  CHECK(added == (edges ? of->naive.edge_count : of->naive.node_count) - before);
}

/* One staged change; the model follows if it is taken. */
static void stage(world *of, gli_batch *batch, model *staged) {
  gli_attribute attributes[MODEL_KEYS];
  int codes[MODEL_KEYS];
  const int what = draw(of, 5), id = draw(of, IDS), other = draw(of, IDS);
  const gli_id name = model_id(id), to = model_id(other);
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_status status;
  const size_t count = what < 3 ? draw_attributes(of, attributes, codes) : 0;
  switch (what) {
    case 0:
      if (done(of, gli_batch_add_node(batch, &name, attributes, count, NULL, NULL))) {
        model_add_node(staged, id, codes);
      }
      return;
    case 1:
      if (done(of, gli_batch_add_edge(batch, &name, &to, attributes, count, &edge, NULL))) {
        CHECK(model_add_edge(staged, id, other, codes, edge)->id == edge);
      }
      return;
    case 2:
      status = gli_batch_update_node(batch, &name, attributes, count, NULL);
      break;
    case 3:
      status = gli_batch_remove_node(batch, &name, NULL);
      break;
    default:
      if (staged->edge_count == 0) return;
      edge = staged->edges[id % staged->edge_count].id;
      if (done(of, gli_batch_remove_edge(batch, edge, NULL))) model_remove_edge(staged, edge);
      return;
  }
  if (model_find(staged, id) == NULL) {
    CHECK(status == GLI_ERROR_NODE_NOT_FOUND);
  } else if (done(of, status)) {
    if (what == 2) model_add_node(staged, id, codes);
    if (what == 3) model_remove_node(staged, id);
  }
}

static void run_batch(world *of) {
  gli_batch *batch = NULL;
  if (!done(of, gli_batch_begin(of->graph, &batch, NULL))) return;
  model staged = model_copy(&of->naive);
  const int count = draw(of, 16);
  for (int k = 0; k < count; k++) {
    stage(of, batch, &staged);
    CHECK(gli_batch_node_count(batch) == staged.node_count);
    CHECK(gli_batch_edge_count(batch) == staged.edge_count);
  }
  if (draw(of, 4) == 0) {
    gli_batch_discard(batch);
    model_free(&staged);
  } else if (done(of, gli_batch_commit(batch, NULL))) {
    model_free(&of->naive);
    of->naive = staged;
  } else {
    model_free(&staged);
  }
}

static void hold(world *of) {
  const int place = draw(of, HELD);
  gli_snapshot *snapshot = NULL;
  if (!done(of, gli_graph_snapshot(of->graph, &snapshot, NULL))) return;
  gli_snapshot_free(of->held[place]);
  model_free(&of->held_models[place]);
  of->held[place] = snapshot;
  of->held_models[place] = model_copy(&of->naive);
}

/* Goes on with the copy (or a part that is the whole); the original goes. */
static void go_on_with_copy(world *of) {
  gli_graph *copy = NULL;
  if (!done(of, gli_graph_copy(of->graph, &copy, NULL))) return;
  const gli_id mine = model_id(1);
  CHECK(gli_graph_has_node(copy, &mine) == (model_find(&of->naive, 1) != NULL));
  gli_graph_free(of->graph);
  of->graph = copy;
}

static void clear(world *of) {
  if (done(of, gli_graph_clear(of->graph, NULL))) model_clear(&of->naive);
}

static void filter(world *of) {
  static const char *const texts[] = {"a == 5", "not has(b)", "b == 'red' or c > 0", "a is None"};
  const char *text = texts[draw(of, 4)];
  gli_expression *expression = NULL;
  gli_snapshot *snapshot = NULL;
  gli_positions found = {NULL, 0, of->allocator};
  gli_error error = {0};
  gli_status status = gli_graph_snapshot(of->graph, &snapshot, &error);
  if (status == GLI_OK) {
    status = gli_expression_parse(text, strlen(text), &of->allocator, &expression, &error);
  }
  if (status == GLI_OK) {
    status = gli_snapshot_filter(snapshot, GLI_NODES, expression, NULL, &found, &error);
  }
  if (done(of, status)) {
    int wanted = 0;
    for (int k = 0; k < of->naive.node_count; k++) {
      const int *codes = of->naive.nodes[k].values;
      wanted += text == texts[0]   ? codes[0] == 3
                : text == texts[1] ? codes[1] == 0
                : text == texts[2]
                    ? codes[1] == 7 || (codes[2] >= 2 && codes[2] <= 5) || codes[2] == 11
                    : codes[0] == 1;
    }
    CHECK(found.count == wanted);
    gli_positions_free(&found);
  }
  gli_expression_free(expression);
  gli_snapshot_free(snapshot);
}

static void refuse(world *of) {
  const gli_id bad = gli_id_text("\xed\xa0\x80", 3), good = model_id(draw(of, IDS));
  CHECK(gli_graph_add_edge(of->graph, &good, &bad, NULL, 0, NULL, NULL) != GLI_OK);
  CHECK(gli_graph_add_nodes(of->graph, INT64_MAX, NULL, NULL, NULL, 0, NULL, NULL, NULL) != GLI_OK);
  CHECK(gli_graph_remove_edge(of->graph, -1, NULL) != GLI_OK);
}

static void step(world *of) {
  const int what = draw(of, 256);
  const bool fails = what >= 128;
  const int64_t at = fails ? draw(of, 32) : -1;
  atomic_store(&of->failing.calls, 0);
  atomic_store(&of->failing.failures, 0);
  of->failing.from_then_on = fails && at % 2 == 0;
  of->failing.fail_at = fails ? at / 2 : -1;
  switch (what % 16) {
    case 0:
    case 1:
      change_node(of, true);
      break;
    case 2:
    case 3:
    case 4:
      add_edge(of);
      break;
    case 5:
      remove_node(of);
      break;
    case 6:
      change_edge(of, true);
      break;
    case 7:
      change_edge(of, false);
      break;
    case 8:
      change_node(of, false);
      break;
    case 9:
      add_many(of, false);
      break;
    case 10:
      add_many(of, true);
      break;
    case 11:
      run_batch(of);
      break;
    case 12:
      hold(of);
      break;
    case 13:
      filter(of);
      break;
    case 14:
      go_on_with_copy(of);
      break;
    default:
      draw(of, 8) == 0 ? clear(of) : refuse(of);
      break;
  }
  of->failing.fail_at = -1;
  check_points(of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  world of = {.bytes = data, .end = data + size};
  static const char *const names[MODEL_KEYS] = {"a", "b", "c"};
  of.failing.fail_at = -1;
  of.allocator = failing_allocator_table(&of.failing);
  const int kind = draw(&of, 4);
  of.naive = model_make(kind % 2 == 0, kind / 2 == 0);
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = of.naive.directed;
  options.multigraph = of.naive.multigraph;
  options.allocator = &of.allocator;
  CHECK(gli_graph_create(&options, &of.graph, NULL) == GLI_OK);
  for (int key = 0; key < MODEL_KEYS; key++) {
    CHECK(gli_graph_key(of.graph, names[key], 1, &of.keys[key], NULL) == GLI_OK);
  }
  for (int k = 0; k < CALLS && of.bytes < of.end; k++) {
    step(&of);
    if (k % 8 == 7) check_all(&of);
  }
  check_all(&of);
  for (int k = 0; k < HELD; k++) {
    gli_snapshot_free(of.held[k]);
    model_free(&of.held_models[k]);
  }
  gli_graph_free(of.graph);
  model_free(&of.naive);
  CHECK(atomic_load(&of.failing.live_bytes) == 0);
  return 0;
}
