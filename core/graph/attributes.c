/* attributes.c: values of nodes and edges, by key straight into the columns.
 *
 * All or nothing. A position that is new has no values, so a failure half-way is undone by removing
 * those just set, which cannot fail: one pass. A position that exists is written in two passes when
 * several values come at once: prepare all (which changes no value), then write. */
#include "graph/graph.h"

gli_status gli__check_attributes_slow(const gli_graph *graph, const gli_attribute *attributes,
                                      size_t count, gli_error *error) {
  if (count > 0 && attributes == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "attributes is NULL, attribute_count is %zu", count);
  }
  const gli_key key_count = atomic_load_explicit(&graph->key_count, memory_order_relaxed);
  for (size_t k = 0; k < count; k++) {
    const gli_value *value = &attributes[k].value;
    if (attributes[k].key >= key_count) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "attributes[%zu].key is %lu; the graph knows %lu names", k,
                       (unsigned long)attributes[k].key, (unsigned long)key_count);
    }
    if (value->type > GLI_VALUE_NESTED) {
      return gli__fail(error, GLI_ERROR_TYPE,
                       "attributes[%zu].value.type is %u; a gli_value_type is 0 to %d", k,
                       (unsigned)value->type, (int)GLI_VALUE_NESTED);
    }
    if (value->type >= GLI_VALUE_STRING && value->as.bytes == NULL && value->size_bytes > 0) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "attributes[%zu].value has %llu bytes at NULL", k,
                       (unsigned long long)value->size_bytes);
    }
  }
  return GLI_OK;
}

static gli_status make_column(gli_graph *graph, gli__side *side, gli_key key, gli_error *error) {
  if (key >= side->column_count) {
    const gli_key known = gli__keys_count(graph->keys);
    const gli_key count = known > key ? known : key + 1;
    gli__column **columns =
        gli__reallocate(graph->memory, side->columns, side->column_count, count, sizeof *columns);
    if (columns == NULL) return gli__no_memory(error, "the list of columns");
    memset(columns + side->column_count, 0, (count - side->column_count) * sizeof *columns);
    side->columns = columns;
    side->column_count = count;
  }
  if (side->columns[key] != NULL) return GLI_OK;
  return gli__column_create(graph->memory, graph->store, &side->columns[key], error);
}

gli_status gli__graph_column(gli_graph *graph, gli_side side, gli_key key, gli__column **column_out,
                             gli_error *error) {
  gli__side *of = &graph->sides[side];
  if (GLI__UNLIKELY(key >= of->column_count || of->columns[key] == NULL)) {
    const gli_status status = make_column(graph, of, key, error);
    if (status != GLI_OK) return status;
  }
  const gli_status status = gli__column_own(&of->columns[key], error);
  if (status == GLI_OK) *column_out = of->columns[key];
  return status;
}

/* Write one value; a removal where nothing is costs nothing. */
static inline gli_status set_one(gli_graph *graph, gli_side side, int64_t position,
                                 const gli_attribute *attribute, gli_error *error) {
  gli__column *column = NULL;
  if (attribute->value.type == GLI_VALUE_ABSENT) {
    column = gli__graph_find_column(graph, side, attribute->key);
    if (column == NULL || gli__column_get(column, position).type == GLI_VALUE_ABSENT) return GLI_OK;
  }
  gli_status status = gli__graph_column(graph, side, attribute->key, &column, error);
  if (status == GLI_OK) status = gli__column_set(column, position, &attribute->value, error);
  return status;
}

static void name_the_key(const gli_graph *graph, gli_key key, gli_status status, gli_error *error) {
  if (error == NULL || status == GLI_ERROR_OUT_OF_MEMORY) return;
  const gli_error said = *error;
  const char *name = gli__keys_name(graph->keys, key, NULL);
  gli__fail(error, status, "attribute '%.100s': %.360s", name != NULL ? name : "", said.message);
}

gli_status gli__set_new(gli_graph *graph, gli_side side, int64_t position,
                        const gli_attribute *attributes, size_t count, gli_error *error) {
  for (size_t k = 0; k < count; k++) {
    const gli_status status = set_one(graph, side, position, &attributes[k], error);
    if (status != GLI_OK) {
      gli__unset_new(graph, side, position, attributes, k);
      name_the_key(graph, attributes[k].key, status, error);
      return status;
    }
  }
  return GLI_OK;
}

void gli__unset_new(gli_graph *graph, gli_side side, int64_t position,
                    const gli_attribute *attributes, size_t count) {
  const gli_value absent = gli_value_absent();
  for (size_t k = 0; k < count; k++) {
    gli__column *column = gli__graph_find_column(graph, side, attributes[k].key);
    if (column != NULL && gli__column_get(column, position).type != GLI_VALUE_ABSENT) {
      (void)gli__column_set(column, position, &absent, NULL);
    }
  }
}

/* Whether a later attribute of the list has the same key: then only that one counts. */
static bool is_superseded(const gli_attribute *attributes, size_t count, size_t k) {
  for (size_t later = k + 1; later < count; later++) {
    if (attributes[later].key == attributes[k].key) return true;
  }
  return false;
}

gli_status gli__set_some(gli_graph *graph, gli_side side, int64_t position,
                         const gli_attribute *attributes, size_t count, gli_error *error) {
  gli_status status = GLI_OK;
  if (count == 1) {
    status = set_one(graph, side, position, attributes, error);
    if (status != GLI_OK) name_the_key(graph, attributes->key, status, error);
    return status;
  }
  for (size_t k = 0; k < count; k++) {
    if (is_superseded(attributes, count, k)) continue;
    gli__column *column = gli__graph_find_column(graph, side, attributes[k].key);
    if (column == NULL && attributes[k].value.type == GLI_VALUE_ABSENT) continue;
    status = gli__graph_column(graph, side, attributes[k].key, &column, error);
    if (status == GLI_OK) {
      status = gli__column_prepare(column, position, &attributes[k].value, error);
    }
    if (status != GLI_OK) {
      name_the_key(graph, attributes[k].key, status, error);
      return status;
    }
  }
  for (size_t k = 0; k < count; k++) {
    if (is_superseded(attributes, count, k)) continue;
    status = set_one(graph, side, position, &attributes[k], error);
    if (status != GLI_OK) return status; /* cannot be: it was prepared */
  }
  return GLI_OK;
}

gli_status gli__prepare_unset(gli_graph *graph, gli_side side, int64_t position, gli_error *error) {
  const gli_value absent = gli_value_absent();
  for (gli_key key = 0; key < graph->sides[side].column_count; key++) {
    gli__column *column = graph->sides[side].columns[key];
    if (column == NULL || gli__column_get(column, position).type == GLI_VALUE_ABSENT) continue;
    gli_status status = gli__graph_column(graph, side, key, &column, error);
    if (status == GLI_OK) status = gli__column_prepare(column, position, &absent, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

void gli__unset_all(gli_graph *graph, gli_side side, int64_t position) {
  const gli_value absent = gli_value_absent();
  for (gli_key key = 0; key < graph->sides[side].column_count; key++) {
    gli__column *column = graph->sides[side].columns[key];
    if (column == NULL || gli__column_get(column, position).type == GLI_VALUE_ABSENT) continue;
    (void)gli__column_set(column, position, &absent, NULL);
  }
}

size_t gli__list_attributes(const gli_graph *graph, gli_side side, int64_t position,
                            gli_attribute *attributes, size_t capacity) {
  size_t found = 0;
  for (gli_key key = 0; key < graph->sides[side].column_count; key++) {
    const gli__column *column = graph->sides[side].columns[key];
    if (column == NULL) continue;
    const gli_value value = gli__column_get(column, position);
    if (value.type == GLI_VALUE_ABSENT) continue;
    if (found < capacity) {
      attributes[found].key = key;
      attributes[found].value = value;
    }
    found++;
  }
  return found;
}

gli_status gli__keep_columns(gli_graph *graph, gli_side side, gli__kept_columns *kept_out,
                             gli_error *error) {
  const gli__side *of = &graph->sides[side];
  gli__kept_columns kept = {.columns = NULL, .count = of->column_count};
  if (kept.count > 0) {
    kept.columns = gli__allocate(graph->memory, kept.count, sizeof *kept.columns);
    if (kept.columns == NULL) return gli__no_memory(error, "a savepoint of attribute columns");
  }
  for (gli_key key = 0; key < kept.count; key++) {
    kept.columns[key] = of->columns[key];
    if (kept.columns[key] != NULL) gli__column_retain(kept.columns[key]);
  }
  *kept_out = kept;
  return GLI_OK;
}

void gli__end_columns(gli_graph *graph, gli_side side, gli__kept_columns *kept, bool commit) {
  gli__side *of = &graph->sides[side];
  for (gli_key key = 0; key < of->column_count && !commit; key++) {
    gli__column *before = key < kept->count ? kept->columns[key] : NULL;
    if (of->columns[key] == NULL) continue;
    gli__column_free(of->columns[key]);
    of->columns[key] = before;
  }
  for (gli_key key = 0; key < kept->count && commit; key++) {
    if (kept->columns[key] != NULL) gli__column_free(kept->columns[key]);
  }
  gli__release(graph->memory, kept->columns, kept->count, sizeof *kept->columns);
}

gli_status gli__position_of(const gli_graph *graph, gli_side side, int64_t number,
                            int64_t *position_out, gli_error *error) {
  const int64_t position = gli__number_find(&graph->sides[side].numbers->map, number);
  if (side == GLI_NODES) {
    if (position < 0 || !gli__topology_node_alive(graph->topology, (int32_t)position)) {
      return gli__fail(error, GLI_ERROR_NODE_NOT_FOUND,
                       "the node with serial %lld was removed, or never was", (long long)number);
    }
  } else if (position < 0 || !gli__topology_edge_alive(graph->topology, position)) {
    return gli__edge_not_found(number, error);
  }
  *position_out = position;
  return GLI_OK;
}

static gli_status check_side(gli_side side, gli_error *error) {
  if (side == GLI_NODES || side == GLI_EDGES) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "side is %d; expected GLI_NODES or GLI_EDGES",
                   (int)side);
}

gli_status gli_graph_value(gli_graph *graph, gli_side side, int64_t number, gli_key key,
                           gli_value *value_out, gli_error *error) {
  gli_status status = check_side(side, error);
  if (status == GLI_OK) status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int64_t position = gli__number_find(&graph->sides[side].numbers->map, number);
  const uint64_t *bits = side == GLI_NODES ? gli__topology_node_bits(graph->topology)
                                           : gli__topology_edge_bits(graph->topology);
  if (GLI__UNLIKELY(position < 0 || !gli_bit(bits, position)))
    status = gli__position_of(graph, side, number, &position, error);
  if (status == GLI_OK) {
    const gli__column *column = gli__graph_find_column(graph, side, key);
    *value_out = column != NULL ? gli__column_get(column, position) : gli_value_absent();
  }
  gli__graph_read_done(graph);
  return status;
}

gli_status gli_graph_update(gli_graph *graph, gli_side side, int64_t number,
                            const gli_attribute *attributes, size_t attribute_count,
                            gli_error *error) {
  gli_status status = check_side(side, error);
  if (status == GLI_OK) status = gli__check_attributes(graph, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  int64_t position = 0;
  status = gli__position_of(graph, side, number, &position, error);
  if (status == GLI_OK) {
    gli__graph_changing(graph);
    status = gli__set_some(graph, side, position, attributes, attribute_count, error);
    if (status == GLI_OK) gli__graph_changed(graph);
  }
  gli__graph_write_done(graph);
  return status;
}

gli_status gli_graph_attributes(gli_graph *graph, gli_side side, int64_t number,
                                gli_attribute *attributes, size_t capacity, size_t *count_out,
                                gli_error *error) {
  gli_status status = check_side(side, error);
  if (status == GLI_OK) status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int64_t position = 0;
  status = gli__position_of(graph, side, number, &position, error);
  if (status == GLI_OK) {
    *count_out = gli__list_attributes(graph, side, position, attributes, capacity);
  }
  gli__graph_read_done(graph);
  return status;
}

#define AHEAD 16

gli_status gli_graph_values(gli_graph *graph, gli_side side, int64_t count, const int64_t *numbers,
                            gli_key key, gli_value *values_out, gli_error *error) {
  gli_status status = check_side(side, error);
  if (status == GLI_OK && (count < 0 || (count > 0 && (numbers == NULL || values_out == NULL)))) {
    status =
        gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                  "count is %lld with numbers or values_out NULL, or negative", (long long)count);
  }
  if (status == GLI_OK) status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  const gli__number_map *map = &graph->sides[side].numbers->map;
  const gli__column *column = gli__graph_find_column(graph, side, key);
  const uint64_t *bits = side == GLI_NODES ? gli__topology_node_bits(graph->topology)
                                           : gli__topology_edge_bits(graph->topology);
  int64_t positions[AHEAD]; /* of the numbers from k on */
  for (int64_t k = -AHEAD; k < count; k++) {
    if (k >= 0) {
      const int64_t position = positions[k % AHEAD];
      const bool there = column != NULL && position >= 0 && gli_bit(bits, position);
      values_out[k] = there ? gli__column_get(column, position) : gli_value_absent();
    }
    if (k + AHEAD < count) {
      const int64_t position = gli__number_find(map, numbers[k + AHEAD]);
      positions[(k + AHEAD) % AHEAD] = position;
      if (column != NULL && position >= 0) gli__column_prefetch(column, position);
    }
  }
  gli__graph_read_done(graph);
  return GLI_OK;
}
