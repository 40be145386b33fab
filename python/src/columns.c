/* columns.c: whole columns in and out: ids, ends, attributes of all nodes or edges.
 *
 * Reading goes through a snapshot, so that it sees one state and holds no lock. Arrays are buffers
 * of ours that NumPy wraps without a copy. */
#include "bulk.h"

#define SELF ((GroggyGraph *)self)

/* --- Positions -----------------------------------------------------------------------------------
 */

typedef struct Positions {
  gli_snapshot *snapshot;
  gli_side side;
  const uint64_t *bits;
  int64_t limit, count;
} Positions;

static Positions positions_of(gli_snapshot *snapshot, gli_side side) {
  const bool nodes = side == GLI_NODES;
  return (Positions){
      .snapshot = snapshot,
      .side = side,
      .bits = nodes ? gli_snapshot_node_bits(snapshot) : gli_snapshot_edge_bits(snapshot),
      .limit = nodes ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot),
      .count = nodes ? gli_snapshot_node_count(snapshot) : gli_snapshot_edge_count(snapshot),
  };
}

/* --- Ids
 * ------------------------------------------------------------------------------------------- */

static PyObject *position_id(gli_snapshot *snapshot, gli_side side, int64_t position) {
  if (side == GLI_EDGES) return PyLong_FromLongLong(gli_snapshot_edge_id(snapshot, position));
  const gli_id id = gli_snapshot_node_id(snapshot, (int32_t)position);
  return groggy_id_object(&id);
}

PyObject *groggy_snapshot_ids(gli_snapshot *snapshot, gli_side side) {
  const Positions of = positions_of(snapshot, side);
  PyObject *list = PyList_New(of.count);
  Py_ssize_t filled = 0;
  for (int64_t i = 0; list != NULL && i < of.limit && filled < of.count; i++) {
    if (!gli_bit(of.bits, i)) continue;
    PyObject *id = position_id(snapshot, side, i);
    if (id == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, filled++, id);
  }
  return list;
}

static PyObject *graph_ids(GroggyGraph *graph, gli_side side) {
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  PyObject *list = groggy_snapshot_ids(snapshot, side);
  gli_snapshot_free(snapshot);
  return list;
}

PyObject *groggy_graph_node_ids(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return graph_ids(SELF, GLI_NODES);
}

PyObject *groggy_graph_edge_ids(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return graph_ids(SELF, GLI_EDGES);
}

/* One object per node, made when its first edge comes. */
PyObject *groggy_snapshot_pairs(gli_snapshot *snapshot) {
  const Positions of = positions_of(snapshot, GLI_EDGES);
  const int32_t node_limit = gli_snapshot_node_limit(snapshot);
  const int32_t *ends[2] = {NULL, NULL};
  gli_snapshot_edge_ends(snapshot, &ends[0], &ends[1]);
  PyObject *list = PyList_New(of.count);
  PyObject **objects = PyMem_Calloc((size_t)node_limit + 1, sizeof *objects);
  if (objects == NULL) {
    Py_CLEAR(list);
    PyErr_NoMemory();
  }
  Py_ssize_t filled = 0;
  for (int64_t slot = 0; list != NULL && slot < of.limit && filled < of.count; slot++) {
    if (!gli_bit(of.bits, slot)) continue;
    PyObject *pair = PyTuple_New(2);
    for (int end = 0; pair != NULL && end < 2; end++) {
      PyObject **object = &objects[ends[end][slot]];
      if (*object == NULL) *object = position_id(snapshot, GLI_NODES, ends[end][slot]);
      if (*object == NULL)
        Py_CLEAR(pair);
      else
        PyTuple_SET_ITEM(pair, end, Py_NewRef(*object));
    }
    if (pair == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, filled++, pair);
  }
  for (int32_t node = 0; objects != NULL && node < node_limit; node++)
    Py_XDECREF(objects[node]);
  PyMem_Free(objects);
  return list;
}

PyObject *groggy_graph_edge_pairs(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_snapshot *snapshot = groggy_snapshot_of(SELF);
  if (snapshot == NULL) return NULL;
  PyObject *list = groggy_snapshot_pairs(snapshot);
  gli_snapshot_free(snapshot);
  return list;
}

/* rank[i]: how many live nodes come before index i; NULL with an exception. */
static int64_t *live_ranks(const Positions *nodes) {
  int64_t *ranks = PyMem_RawMalloc(((size_t)nodes->limit + 1) * sizeof *ranks);
  if (ranks == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  int64_t rank = 0;
  for (int64_t i = 0; i < nodes->limit; i++) {
    ranks[i] = rank;
    rank += gli_bit(nodes->bits, i) ? 1 : 0;
  }
  return ranks;
}

PyObject *groggy_graph_edge_array(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_snapshot *snapshot = groggy_snapshot_of(SELF);
  if (snapshot == NULL) return NULL;
  const Positions nodes = positions_of(snapshot, GLI_NODES);
  const Positions edges = positions_of(snapshot, GLI_EDGES);
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  int64_t *ranks = live_ranks(&nodes);
  int64_t *ends = PyMem_RawMalloc(((size_t)edges.count * 2 + 1) * sizeof *ends);
  PyObject *result = NULL;
  if (ends == NULL) PyErr_NoMemory();
  if (ranks != NULL && ends != NULL) {
    int64_t filled = 0;
    for (int64_t slot = 0; slot < edges.limit; slot++) {
      if (!gli_bit(edges.bits, slot)) continue;
      ends[filled++] = ranks[sources[slot]];
      ends[filled++] = ranks[targets[slot]];
    }
    PyObject *flat = groggy_numpy(groggy_buffer(SELF->state, NULL, ends, edges.count * 2, 'q'));
    ends = NULL;
    if (flat != NULL) result = PyObject_CallMethod(flat, "reshape", "ii", -1, 2);
    Py_XDECREF(flat);
  }
  PyMem_RawFree(ranks);
  PyMem_RawFree(ends);
  gli_snapshot_free(snapshot);
  return result;
}

/* --- Attributes out
 * ------------------------------------------------------------------------------- */

enum { KIND_BOOL = 1, KIND_INT = 2, KIND_FLOAT = 4, KIND_STRING = 8, KIND_OTHER = 16 };

static int value_kind(uint8_t type) {
  switch (type) {
    case GLI_VALUE_BOOL:
      return KIND_BOOL;
    case GLI_VALUE_INT64:
      return KIND_INT;
    case GLI_VALUE_FLOAT64:
      return KIND_FLOAT;
    case GLI_VALUE_STRING:
      return KIND_STRING;
    default:
      return KIND_OTHER;
  }
}

/* The default as a plain value, if it is one. */
static int default_kind(PyObject *object, gli_value *value_out) {
  int overflow = 0;
  if (object == Py_True || object == Py_False) {
    *value_out = gli_value_bool(object == Py_True);
  } else if (PyFloat_CheckExact(object)) {
    *value_out = gli_value_float(PyFloat_AS_DOUBLE(object));
  } else if (PyLong_CheckExact(object)) {
    const long long integer = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0) return KIND_OTHER;
    *value_out = gli_value_int(integer);
  } else {
    return KIND_OTHER;
  }
  return value_kind(value_out->type);
}

/* An array of one plain type. `values` has no absent one. */
static PyObject *plain_array(GroggyState *state, const gli_value *values, int64_t count, int kind) {
  const size_t width = kind == KIND_BOOL ? 1 : 8;
  char *data = PyMem_RawMalloc((size_t)count * width);
  if (data == NULL) return PyErr_NoMemory();
  for (int64_t i = 0; i < count; i++) {
    if (kind == KIND_BOOL)
      data[i] = values[i].as.boolean ? 1 : 0;
    else
      memcpy(data + i * 8, &values[i].as, 8);
  }
  const char format = kind == KIND_BOOL ? '?' : kind == KIND_INT ? 'q' : 'd';
  return groggy_numpy(groggy_buffer(state, NULL, data, count, format));
}

static PyObject *object_array(GroggyState *state, const gli_value *values, int64_t count,
                              PyObject *fallback) {
  PyObject *list = PyList_New(count);
  for (int64_t i = 0; list != NULL && i < count; i++) {
    PyObject *object = values[i].type == GLI_VALUE_ABSENT ? Py_NewRef(fallback)
                                                          : groggy_value_object(state, &values[i]);
    if (object == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, i, object);
  }
  PyObject *numpy = list == NULL ? NULL : PyImport_ImportModule("numpy");
  PyObject *array =
      numpy == NULL ? NULL : PyObject_CallMethod(numpy, "fromiter", "OO", list, &PyBaseObject_Type);
  Py_XDECREF(numpy);
  Py_XDECREF(list);
  return array;
}

static PyObject *column_array(GroggyState *state, const Positions *of, gli_key key, PyObject *name,
                              PyObject *given_default) {
  gli_value *values = PyMem_RawMalloc(((size_t)of->count + 1) * sizeof *values);
  if (values == NULL) return PyErr_NoMemory();
  int kinds = 0;
  int64_t count = 0, absent = 0;
  for (int64_t i = 0; i < of->limit; i++) {
    if (!gli_bit(of->bits, i)) continue;
    values[count] = key == GLI_KEY_NONE ? gli_value_absent()
                                        : gli_snapshot_value(of->snapshot, of->side, key, i);
    if (values[count].type == GLI_VALUE_ABSENT)
      absent++;
    else
      kinds |= value_kind(values[count].type);
    count++;
  }
  PyObject *result = NULL;
  gli_value filler = gli_value_absent();
  if (given_default == NULL && absent == count && count > 0) {
    PyErr_Format(state->errors[GLI_ERROR_ATTRIBUTE_NOT_FOUND], "no %s has an attribute %R",
                 of->side == GLI_NODES ? "node" : "edge", name);
  } else {
    if (absent > 0)
      kinds |= given_default == NULL ? KIND_OTHER : default_kind(given_default, &filler);
    if (kinds == KIND_BOOL || kinds == KIND_INT || kinds == KIND_FLOAT) {
      for (int64_t i = 0; i < count && absent > 0; i++) {
        if (values[i].type == GLI_VALUE_ABSENT) values[i] = filler;
      }
      result = plain_array(state, values, count, kinds);
    } else {
      result = object_array(state, values, count, given_default == NULL ? Py_None : given_default);
    }
  }
  PyMem_RawFree(values);
  return result;
}

static PyObject *graph_column(GroggyGraph *graph, gli_side side, PyObject *const *args,
                              Py_ssize_t count, PyObject *keyword_names) {
  static const char *const names[] = {"name", "default"};
  PyObject *given[2] = {NULL, NULL};
  const char *function = side == GLI_NODES ? "node_column()" : "edge_column()";
  const char *text = NULL;
  Py_ssize_t size = 0;
  gli_key key = GLI_KEY_NONE;
  if (groggy_arguments(function, names, 2, 1, args, count, keyword_names, given) < 0 ||
      groggy_name_check(given[0], &text, &size) < 0 || groggy_key_find(graph, given[0], &key) < 0)
    return NULL;
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  const Positions of = positions_of(snapshot, side);
  PyObject *array = column_array(graph->state, &of, key, given[0], given[1]);
  gli_snapshot_free(snapshot);
  return array;
}

PyObject *groggy_graph_node_column(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  return graph_column(SELF, GLI_NODES, args, count, keyword_names);
}

PyObject *groggy_graph_edge_column(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  return graph_column(SELF, GLI_EDGES, args, count, keyword_names);
}

/* The type that a column shows: None counts for nothing beside other values. */
static const char *column_type_name(const Positions *of, gli_key key) {
  int kinds = 0;
  bool present = false;
  for (int64_t i = 0; i < of->limit; i++) {
    if (!gli_bit(of->bits, i)) continue;
    const gli_value value = gli_snapshot_value(of->snapshot, of->side, key, i);
    present = present || value.type != GLI_VALUE_ABSENT;
    if (value.type != GLI_VALUE_ABSENT && value.type != GLI_VALUE_NULL)
      kinds |= value_kind(value.type);
  }
  switch (kinds) {
    case 0:
      return present ? "value" : NULL;
    case KIND_BOOL:
      return "bool";
    case KIND_INT:
      return "int";
    case KIND_FLOAT:
      return "float";
    case KIND_STRING:
      return "str";
    case KIND_OTHER:
      return "value";
    default:
      return "mixed";
  }
}

static PyObject *attribute_types(GroggyGraph *graph, gli_side side) {
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  const Positions of = positions_of(snapshot, side);
  const gli_key key_count = gli_graph_key_count(graph->graph);
  PyObject *dict = PyDict_New();
  for (gli_key key = 0; dict != NULL && key < key_count; key++) {
    const char *type = column_type_name(&of, key);
    if (type == NULL) continue;
    PyObject *name = groggy_key_name(graph, key);
    PyObject *text = name == NULL ? NULL : PyUnicode_InternFromString(type);
    if (text == NULL || PyDict_SetItem(dict, name, text) < 0) Py_CLEAR(dict);
    Py_XDECREF(name);
    Py_XDECREF(text);
  }
  gli_snapshot_free(snapshot);
  return dict;
}

PyObject *groggy_graph_node_attributes(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return attribute_types(SELF, GLI_NODES);
}

PyObject *groggy_graph_edge_attributes(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return attribute_types(SELF, GLI_EDGES);
}

/* --- Attributes in
 * ---------------------------------------------------------------------------------- */

/* One column's values, checked, before anything is looked up or changed. */
static int read_values(GroggyColumns *columns, PyObject *name, PyObject *values) {
  if (PyDict_Check(values) || PyAnySet_Check(values) || !PySequence_Check(values)) {
    PyErr_Format(PyExc_TypeError, "column %R must be a sequence, not %.200s", name,
                 Py_TYPE(values)->tp_name);
    return -1;
  }
  const char *text = NULL;
  Py_ssize_t size = 0;
  const Py_ssize_t length = PyObject_Length(values);
  if (length < 0 || groggy_name_check(name, &text, &size) < 0) return -1;
  if (length != columns->row_count) {
    PyErr_Format(PyExc_ValueError, "column %R has %zd values for %lld items", name, length,
                 (long long)columns->row_count);
    return -1;
  }
  return groggy_columns_add_column(columns, name, values);
}

static gli_value value_at(const GroggyColumn *column, int64_t row) {
  switch (column->type) {
    case GLI_VALUE_BOOL:
      return gli_value_bool(((const uint8_t *)column->data)[row] != 0);
    case GLI_VALUE_INT64:
      return gli_value_int(((const int64_t *)column->data)[row]);
    case GLI_VALUE_FLOAT64:
      return gli_value_float(((const double *)column->data)[row]);
    default:
      return ((const gli_value *)column->data)[row];
  }
}

/* Write to nodes (by serial) or edges (by id), one after the other. */
static PyObject *write_column(GroggyGraph *graph, gli_side side, const int64_t *numbers,
                              int64_t count, PyObject *name, PyObject *values) {
  GroggyColumns columns;
  groggy_columns_init(&columns, graph->state, count);
  gli_bulk_column *bulk = NULL;
  PyObject *result = NULL;
  if (read_values(&columns, name, values) == 0 &&
      (count == 0 || groggy_columns_finish(&columns, graph, &bulk) == 0)) {
    gli_error error;
    gli_status status = GLI_OK;
    for (int64_t row = 0; row < count && status == GLI_OK; row++) {
      const gli_attribute item = {bulk[0].key, value_at(&columns.items[0], row)};
      status = gli_graph_update(graph->graph, side, numbers[row], &item, 1, &error);
    }
    result = status == GLI_OK ? Py_NewRef(Py_None) : groggy_raise(graph->state, &error);
  }
  PyMem_RawFree(bulk);
  groggy_columns_free(&columns);
  groggy_memory_report(graph->memory);
  return result;
}

/* Serials of all nodes or ids of all edges, in order; PyMem_RawFree. */
static int64_t *all_numbers(GroggyGraph *graph, gli_side side, int64_t *count_out) {
  const int64_t capacity =
      side == GLI_NODES ? gli_graph_node_count(graph->graph) : gli_graph_edge_count(graph->graph);
  int64_t *numbers = PyMem_RawMalloc(((size_t)capacity + 1) * sizeof *numbers);
  if (numbers == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  gli_walk walk = {0};
  gli_error error;
  size_t count = 0;
  if (gli_graph_walk(graph->graph, side, &walk, (size_t)capacity, NULL, numbers, &count, &error) !=
      GLI_OK) {
    groggy_raise(graph->state, &error);
    PyMem_RawFree(numbers);
    return NULL;
  }
  *count_out = (int64_t)count;
  return numbers;
}

/* Serials of the nodes, or the ids of the edges, that `ids` names; all are there. */
static int64_t *named_numbers(GroggyGraph *graph, gli_side side, PyObject *ids,
                              int64_t *count_out) {
  GroggyIds read;
  if (groggy_ids_read(&read, ids, side == GLI_NODES ? "ids" : "edge ids") < 0) return NULL;
  int64_t *numbers = PyMem_RawMalloc(((size_t)read.count + 1) * sizeof *numbers);
  if (numbers == NULL) PyErr_NoMemory();
  int64_t row = 0;
  for (; numbers != NULL && row < read.count; row++) {
    const gli_id id = read.ids != NULL ? read.ids[row] : gli_id_int(read.int_ids[row]);
    gli_error error;
    if (side == GLI_NODES) {
      if (gli_graph_find_node(graph->graph, &id, &numbers[row], &error) != GLI_OK) {
        groggy_raise(graph->state, &error);
        break;
      }
      continue;
    }
    if (id.kind != GLI_ID_INT) {
      PyErr_SetString(PyExc_TypeError, "edge id must be int, not str");
      break;
    }
    numbers[row] = id.as.integer;
    if (!gli_graph_has_edge_id(graph->graph, numbers[row])) {
      PyErr_Format(graph->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no edge has the id %lld",
                   (long long)numbers[row]);
      break;
    }
  }
  *count_out = read.count;
  groggy_ids_free(&read);
  if (PyErr_Occurred()) {
    PyMem_RawFree(numbers);
    return NULL;
  }
  return numbers;
}

static PyObject *set_column(GroggyGraph *graph, gli_side side, PyObject *const *args,
                            Py_ssize_t count, PyObject *keyword_names) {
  static const char *const names[] = {"name", "values", "ids"};
  PyObject *given[3] = {NULL, NULL, Py_None};
  const char *function = side == GLI_NODES ? "set_node_column()" : "set_edge_column()";
  if (groggy_arguments(function, names, 3, 2, args, count, keyword_names, given) < 0) return NULL;
  int64_t number_count = 0;
  int64_t *numbers = given[2] == Py_None ? all_numbers(graph, side, &number_count)
                                         : named_numbers(graph, side, given[2], &number_count);
  if (numbers == NULL) return NULL;
  PyObject *result = write_column(graph, side, numbers, number_count, given[0], given[1]);
  PyMem_RawFree(numbers);
  return result;
}

PyObject *groggy_graph_set_node_column(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                       PyObject *keyword_names) {
  return set_column(SELF, GLI_NODES, args, count, keyword_names);
}

PyObject *groggy_graph_set_edge_column(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                       PyObject *keyword_names) {
  return set_column(SELF, GLI_EDGES, args, count, keyword_names);
}
