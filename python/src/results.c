/* results.c: what an algorithm gives back, and buffers.
 *
 * A Buffer is a one-dimensional array of numbers that somebody owns: memoryview and NumPy take it
 * without a copy, and it can be indexed. Ids is how a result finds the id of a slot and back. Both
 * keep alive what they point into, so the groggy.results.Result on top of them copies nothing. */
#include "groggy.h"

/* --- Holder: the C result
 * ---------------------------------------------------------------------------- */

typedef struct Holder {
  PyObject_HEAD gli_result *result;
  GroggyMemory *memory;
} Holder;

static void holder_dealloc(PyObject *object) {
  Holder *self = (Holder *)object;
  PyTypeObject *type = Py_TYPE(object);
  gli_result_free(self->result);
  groggy_memory_drop(self->memory);
  type->tp_free(object);
  Py_DECREF(type);
}

/* The slots of a column's largest values; None for a column of another type. */
static PyObject *holder_top(PyObject *object, PyObject *args) {
  const gli_result *result = ((Holder *)object)->result;
  GroggyState *state = groggy_state_of(Py_TYPE(object));
  const char *name = NULL;
  long long count = 0;
  if (!PyArg_ParseTuple(args, "sL", &name, &count)) return NULL;
  gli_column column;
  if (state == NULL || groggy_fetch(state, result, name) < 0) return NULL;
  if (gli_result_column(result, name, &column, NULL) != GLI_OK ||
      (column.type != GLI_COLUMN_FLOAT64 && column.type != GLI_COLUMN_INT64))
    Py_RETURN_NONE;
  if (count < 0) count = 0;
  if (count > column.length) count = column.length;
  int64_t *slots = PyMem_RawMalloc(((size_t)count + 1) * sizeof *slots);
  if (slots == NULL) return PyErr_NoMemory();
  int64_t found = 0;
  gli_error error;
  PyThreadState *thread = groggy_gil_release();
  const gli_status status = gli_result_top(result, name, count, slots, &found, &error);
  groggy_gil_retake(thread);
  PyObject *list = NULL;
  if (status == GLI_OK)
    list = PyList_New((Py_ssize_t)found);
  else
    PyErr_SetString(PyExc_ValueError, error.message);
  for (int64_t k = 0; list != NULL && k < found; k++) {
    PyObject *slot = PyLong_FromLongLong(slots[k]);
    if (slot == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, (Py_ssize_t)k, slot);
  }
  PyMem_RawFree(slots);
  return list;
}

/* Slots of the live nodes whose value is not negative, by value, then by slot: values are levels,
 * small numbers, so they are counted. NULL with an exception. */
static int64_t *sort_levels(const gli_snapshot *snapshot, const gli_column *column,
                            int64_t *count_out) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const int64_t *levels = column->data;
  int64_t most = -1;
  for (int64_t v = 0; v < column->length; v++)
    if (levels[v] > most && gli_bit(alive, v)) most = levels[v];
  int64_t *starts = PyMem_RawCalloc((size_t)most + 3, sizeof *starts);
  int64_t *slots = PyMem_RawMalloc(((size_t)column->length + 1) * sizeof *slots);
  if (starts == NULL || slots == NULL) {
    PyMem_RawFree(starts);
    PyMem_RawFree(slots);
    PyErr_NoMemory();
    return NULL;
  }
  for (int64_t v = 0; v < column->length; v++)
    if (levels[v] >= 0 && gli_bit(alive, v)) starts[levels[v] + 1]++;
  for (int64_t level = 0; level <= most; level++)
    starts[level + 1] += starts[level];
  for (int64_t v = 0; v < column->length; v++)
    if (levels[v] >= 0 && gli_bit(alive, v)) slots[starts[levels[v]]++] = v;
  *count_out = most < 0 ? 0 : starts[most];
  PyMem_RawFree(starts);
  return slots;
}

static PyObject *holder_reached(PyObject *object, PyObject *name_object) {
  const gli_result *result = ((Holder *)object)->result;
  const gli_snapshot *snapshot = gli_result_snapshot(result);
  const char *name = PyUnicode_AsUTF8(name_object);
  gli_column column;
  gli_error error;
  if (name == NULL) return NULL;
  if (gli_result_column(result, name, &column, &error) != GLI_OK ||
      column.type != GLI_COLUMN_INT64) {
    PyErr_Format(PyExc_ValueError, "column %R holds no levels", name_object);
    return NULL;
  }
  int64_t count = 0;
  int64_t *slots = sort_levels(snapshot, &column, &count);
  PyObject *list = slots == NULL ? NULL : PyList_New((Py_ssize_t)count);
  gli_id group[256];
  for (int64_t begin = 0; list != NULL && begin < count; begin += 256) {
    const int64_t size = count - begin < 256 ? count - begin : 256;
    gli_snapshot_node_ids(snapshot, size, slots + begin, group);
    for (int64_t k = 0; list != NULL && k < size; k++) {
      PyObject *id = groggy_id_object(&group[k]);
      if (id == NULL)
        Py_CLEAR(list);
      else
        PyList_SET_ITEM(list, (Py_ssize_t)(begin + k), id);
    }
  }
  PyMem_RawFree(slots);
  return list;
}

static PyMethodDef holder_methods[] = {
    {"reached", holder_reached, METH_O,
     "reached($self, column, /)\n--\n\nIds of the nodes whose level is not negative, by level, "
     "then "
     "in node order."},
    {"top", holder_top, METH_VARARGS,
     "top($self, column, k, /)\n--\n\nThe slots of the k largest values, largest first; None for a "
     "column that holds\nneither floats nor ints."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot holder_slots[] = {
    {Py_tp_doc, "Keeps the memory of a result."},
    {Py_tp_dealloc, holder_dealloc},
    {Py_tp_methods, holder_methods},
    {0, NULL},
};

static PyType_Spec holder_spec = {
    .name = "groggy._core.ResultMemory",
    .basicsize = sizeof(Holder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = holder_slots,
};

/* --- Buffer
 * --------------------------------------------------------------------------------------------- */

typedef struct Buffer {
  PyObject_HEAD PyObject *owner; /* NULL: `data` is the buffer's own, and writable */
  char *data;
  Py_ssize_t length;
  Py_ssize_t item_size;
  char format[2];
} Buffer;

PyObject *groggy_buffer(GroggyState *state, PyObject *owner, void *data, Py_ssize_t length,
                        char format) {
  Buffer *self = PyObject_New(Buffer, state->buffer_type);
  if (self == NULL) {
    if (owner == NULL) PyMem_RawFree(data);
    return NULL;
  }
  self->owner = Py_XNewRef(owner);
  self->data = data;
  self->length = length;
  self->item_size = format == '?' ? 1 : format == 'i' ? 4 : 8;
  self->format[0] = format;
  self->format[1] = 0;
  return (PyObject *)self;
}

static void buffer_dealloc(PyObject *object) {
  Buffer *self = (Buffer *)object;
  PyTypeObject *type = Py_TYPE(object);
  if (self->owner == NULL) PyMem_RawFree(self->data);
  Py_XDECREF(self->owner);
  PyObject_Free(object);
  Py_DECREF(type);
}

static int buffer_get(PyObject *object, Py_buffer *view, int flags) {
  Buffer *self = (Buffer *)object;
  static char nothing[8];
  char *data = self->data == NULL ? nothing : self->data;
  if (PyBuffer_FillInfo(view, object, data, self->length * self->item_size, self->owner != NULL,
                        flags) < 0)
    return -1;
  view->itemsize = self->item_size;
  view->format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? self->format : NULL;
  if ((flags & PyBUF_ND) == PyBUF_ND) view->shape = &self->length;
  if ((flags & PyBUF_STRIDES) == PyBUF_STRIDES) view->strides = &self->item_size;
  return 0;
}

static Py_ssize_t buffer_length(PyObject *object) {
  return ((Buffer *)object)->length;
}

static PyObject *buffer_item(PyObject *object, Py_ssize_t index) {
  const Buffer *self = (const Buffer *)object;
  if (index < 0 || index >= self->length) {
    PyErr_SetString(PyExc_IndexError, "position out of range");
    return NULL;
  }
  switch (self->format[0]) {
    case '?':
      return PyBool_FromLong(self->data[index]);
    case 'i':
      return PyLong_FromLong(((const int32_t *)(const void *)self->data)[index]);
    case 'd':
      return PyFloat_FromDouble(((const double *)(const void *)self->data)[index]);
    default:
      return PyLong_FromLongLong(((const int64_t *)(const void *)self->data)[index]);
  }
}

/* An index, or a slice through a memoryview. */
static PyObject *buffer_subscript(PyObject *object, PyObject *key) {
  if (PyIndex_Check(key)) {
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return NULL;
    return buffer_item(object, index < 0 ? index + buffer_length(object) : index);
  }
  PyObject *view = PyMemoryView_FromObject(object);
  PyObject *part = view == NULL ? NULL : PyObject_GetItem(view, key);
  Py_XDECREF(view);
  return part;
}

static PyType_Slot buffer_slots[] = {
    {Py_tp_doc, "Numbers that memoryview and numpy.asarray take without a copy."},
    {Py_tp_dealloc, buffer_dealloc},
    {Py_bf_getbuffer, buffer_get},
    {Py_sq_length, buffer_length},
    {Py_sq_item, buffer_item},
    {Py_mp_length, buffer_length},
    {Py_mp_subscript, buffer_subscript},
    {0, NULL},
};

static PyType_Spec buffer_spec = {
    .name = "groggy._core.Buffer",
    .basicsize = sizeof(Buffer),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_SEQUENCE,
    .slots = buffer_slots,
};

PyObject *groggy_numpy(PyObject *buffer) {
  if (buffer == NULL) return NULL;
  PyObject *numpy = PyImport_ImportModule("numpy");
  PyObject *array = numpy == NULL ? NULL : PyObject_CallMethod(numpy, "asarray", "O", buffer);
  Py_XDECREF(numpy);
  Py_DECREF(buffer);
  return array;
}

PyObject *groggy_live_positions(GroggyState *state, gli_snapshot *snapshot, gli_side side) {
  const bool nodes = side == GLI_NODES;
  const uint64_t *bits =
      nodes ? gli_snapshot_node_bits(snapshot) : gli_snapshot_edge_bits(snapshot);
  const int64_t limit =
      nodes ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot);
  const int64_t count =
      nodes ? gli_snapshot_node_count(snapshot) : gli_snapshot_edge_count(snapshot);
  if (bits == NULL || count == limit) Py_RETURN_NONE;
  int64_t *positions = PyMem_RawMalloc(((size_t)count + 1) * sizeof *positions);
  if (positions == NULL) return PyErr_NoMemory();
  int64_t filled = 0;
  for (int64_t i = 0; i < limit && filled < count; i++) {
    if (gli_bit(bits, i)) positions[filled++] = i;
  }
  return groggy_buffer(state, NULL, positions, filled, 'q');
}

/* --- Ids
 * ---------------------------------------------------------------------------------------------------
 */

typedef enum IdsKind { IDS_NODES, IDS_EDGES, IDS_PAIRS, IDS_ROWS } IdsKind;

typedef struct Ids {
  PyObject_HEAD GroggyState *state;
  gli_snapshot *snapshot;
  GroggyMemory *memory;
  IdsKind kind;
  Py_ssize_t length;
  PyObject *owner; /* of the arrays of pairs */
  const int32_t *sources, *targets;
  PyObject *slots; /* dict pair -> slot, made on first need */
} Ids;

static Ids *ids_new(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                    IdsKind kind) {
  Ids *self = (Ids *)state->ids_type->tp_alloc(state->ids_type, 0);
  if (self == NULL) return NULL;
  self->state = state;
  self->snapshot = gli_snapshot_retain(snapshot);
  self->memory = groggy_memory_retain(memory);
  self->kind = kind;
  if (kind == IDS_NODES)
    self->length = gli_snapshot_node_limit(snapshot);
  else if (kind == IDS_EDGES)
    self->length = (Py_ssize_t)gli_snapshot_edge_limit(snapshot);
  return self;
}

PyObject *groggy_ids(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                     gli_side side) {
  return (PyObject *)ids_new(state, snapshot, memory, side == GLI_NODES ? IDS_NODES : IDS_EDGES);
}

static void ids_dealloc(PyObject *object) {
  Ids *self = (Ids *)object;
  PyTypeObject *type = Py_TYPE(object);
  gli_snapshot_free(self->snapshot);
  groggy_memory_drop(self->memory);
  Py_CLEAR(self->owner);
  Py_CLEAR(self->slots);
  type->tp_free(object);
  Py_DECREF(type);
}

static Py_ssize_t ids_length(PyObject *object) {
  return ((Ids *)object)->length;
}

static PyObject *node_object(const Ids *self, int32_t index) {
  const gli_id id = gli_snapshot_node_id(self->snapshot, index);
  return groggy_id_object(&id);
}

static PyObject *ids_item(PyObject *object, Py_ssize_t slot) {
  const Ids *self = (const Ids *)object;
  if (slot < 0 || slot >= self->length) {
    PyErr_SetString(PyExc_IndexError, "slot out of range");
    return NULL;
  }
  if (self->kind == IDS_NODES) return node_object(self, (int32_t)slot);
  if (self->kind == IDS_EDGES)
    return PyLong_FromLongLong(gli_snapshot_edge_id(self->snapshot, slot));
  if (self->kind == IDS_ROWS) return PyLong_FromSsize_t(slot);
  PyObject *source = node_object(self, self->sources[slot]);
  PyObject *target = source == NULL ? NULL : node_object(self, self->targets[slot]);
  PyObject *pair = target == NULL ? NULL : PyTuple_Pack(2, source, target);
  Py_XDECREF(source);
  Py_XDECREF(target);
  return pair;
}

/* Not Py_sq_item alone: a mapping's item slot spares the detour over negative indices. */
static PyObject *ids_subscript(PyObject *object, PyObject *key) {
  const Py_ssize_t slot = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (slot == -1 && PyErr_Occurred()) return NULL;
  return ids_item(object, slot);
}

static PyObject *pair_slot(Ids *self, PyObject *pair) {
  if (self->slots == NULL) {
    PyObject *slots = PyDict_New();
    for (Py_ssize_t slot = 0; slots != NULL && slot < self->length; slot++) {
      PyObject *key = ids_item((PyObject *)self, slot);
      PyObject *number = key == NULL ? NULL : PyLong_FromSsize_t(slot);
      if (number == NULL || PyDict_SetItem(slots, key, number) < 0) Py_CLEAR(slots);
      Py_XDECREF(key);
      Py_XDECREF(number);
    }
    self->slots = slots;
    if (slots == NULL) return NULL;
  }
  PyObject *slot = PyDict_GetItemWithError(self->slots, pair);
  if (slot == NULL && !PyErr_Occurred())
    PyErr_Format(self->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no pair %R in this result", pair);
  return Py_XNewRef(slot);
}

/* A row's id is its number. */
static PyObject *row_slot(const Ids *self, PyObject *number) {
  const Py_ssize_t slot = PyLong_CheckExact(number) ? PyLong_AsSsize_t(number) : -1;
  if (slot >= 0 && slot < self->length) return Py_NewRef(number);
  PyErr_Format(PyExc_KeyError, "no row %R in this result, which has %zd", number, self->length);
  return NULL;
}

static PyObject *ids_index(PyObject *object, PyObject *id_object) {
  Ids *self = (Ids *)object;
  if (self->kind == IDS_PAIRS) return pair_slot(self, id_object);
  if (self->kind == IDS_ROWS) return row_slot(self, id_object);
  int64_t slot = -1;
  if (self->kind == IDS_NODES) {
    gli_id id;
    if (groggy_id(id_object, &id) < 0) return NULL;
    slot = gli_snapshot_find_node(self->snapshot, &id);
  } else {
    gli_edge_id edge = GLI_EDGE_NONE;
    if (groggy_edge_id(id_object, &edge) < 0) return NULL;
    slot = gli_snapshot_find_edge(self->snapshot, edge);
  }
  if (slot >= 0) return PyLong_FromLongLong(slot);
  const bool nodes = self->kind == IDS_NODES;
  PyErr_Format(self->state->errors[nodes ? GLI_ERROR_NODE_NOT_FOUND : GLI_ERROR_EDGE_NOT_FOUND],
               "no %s %R in this result", nodes ? "node" : "edge", id_object);
  return NULL;
}

static PyMethodDef ids_methods[] = {
    {"index", ids_index, METH_O, "index($self, id, /)\n--\n\nThe slot of an id."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot ids_slots[] = {
    {Py_tp_doc, "Slot -> id of a snapshot's nodes or edges, or of a result's pairs or rows."},
    {Py_tp_dealloc, ids_dealloc},
    {Py_tp_methods, ids_methods},
    {Py_sq_length, ids_length},
    {Py_sq_item, ids_item},
    {Py_mp_length, ids_length},
    {Py_mp_subscript, ids_subscript},
    {0, NULL},
};

static PyType_Spec ids_spec = {
    .name = "groggy._core.Ids",
    .basicsize = sizeof(Ids),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = ids_slots,
};

/* --- Result
 * --------------------------------------------------------------------------------------------------
 */

typedef struct Pieces {
  PyObject *columns, *scalars, *node_columns, *holder;
  bool has_nodes, has_edges, has_rows;
  const int32_t *sources, *targets;
  int64_t row_count;
} Pieces;

static void pieces_free(Pieces *pieces) {
  Py_CLEAR(pieces->columns);
  Py_CLEAR(pieces->scalars);
  Py_CLEAR(pieces->node_columns);
  Py_CLEAR(pieces->holder);
}

static char column_format(gli_column_type type) {
  switch (type) {
    case GLI_COLUMN_BOOL:
      return '?';
    case GLI_COLUMN_FLOAT64:
      return 'd';
    case GLI_COLUMN_NODE:
      return 'i';
    default:
      return 'q';
  }
}

/* A scalar as Python's number; nodes and edges by their ids. */
PyObject *groggy_scalar(gli_snapshot *snapshot, const gli_column *column) {
  switch (column->type) {
    case GLI_COLUMN_BOOL:
      return PyBool_FromLong(*(const uint8_t *)column->data);
    case GLI_COLUMN_FLOAT64:
      return PyFloat_FromDouble(*(const double *)column->data);
    case GLI_COLUMN_NODE: {
      const int32_t index = *(const int32_t *)column->data;
      if (index < 0) Py_RETURN_NONE;
      const gli_id id = gli_snapshot_node_id(snapshot, index);
      return groggy_id_object(&id);
    }
    default:
      return PyLong_FromLongLong(*(const int64_t *)column->data);
  }
}

/* A column of edges by their ids, -1 for none; a node column keeps slots, which Result translates.
 */
static PyObject *edge_buffer(GroggyState *state, const gli_snapshot *snapshot,
                             const gli_column *column) {
  const int64_t *slots = column->data;
  int64_t *ids = PyMem_RawMalloc(((size_t)column->length + 1) * sizeof *ids);
  if (ids == NULL) return PyErr_NoMemory();
  for (int64_t k = 0; k < column->length; k++)
    ids[k] = slots[k] < 0 ? -1 : (int64_t)gli_snapshot_edge_id(snapshot, slots[k]);
  return groggy_buffer(state, NULL, ids, (Py_ssize_t)column->length, 'q');
}

static int add_column(GroggyState *state, const gli_result *result, gli_snapshot *snapshot,
                      Pieces *pieces, const gli_column *column) {
  PyObject *name = PyUnicode_InternFromString(column->name);
  if (name == NULL) return -1;
  PyObject *dict = pieces->columns;
  PyObject *value = NULL;
  int failed = 0;
  if (column->domain == GLI_SCALAR) {
    dict = pieces->scalars;
    value = groggy_scalar(snapshot, column);
  } else {
    pieces->has_nodes = pieces->has_nodes || column->domain == GLI_PER_NODE;
    pieces->has_edges = pieces->has_edges || column->domain == GLI_PER_EDGE;
    pieces->has_rows = pieces->has_rows || column->domain == GLI_PER_ROW;
    if (column->type == GLI_COLUMN_NODE) {
      failed = PySet_Add(pieces->node_columns, name);
      if (strcmp(column->name, "source") == 0) pieces->sources = column->data;
      if (strcmp(column->name, "target") == 0) pieces->targets = column->data;
    }
    if (column->domain == GLI_PER_ROW) pieces->row_count = column->length;
    /* Only read through: the buffer is read-only because it has an owner. */
    value = column->type == GLI_COLUMN_EDGE ? edge_buffer(state, snapshot, column)
            : column->on_device
                ? groggy_device_buffer(state, pieces->holder, result, column,
                                       column_format(column->type))
                : groggy_buffer(state, pieces->holder, (void *)(uintptr_t)column->data,
                                (Py_ssize_t)column->length, column_format(column->type));
  }
  if (value == NULL || PyDict_SetItem(dict, name, value) < 0) failed = -1;
  Py_DECREF(name);
  Py_XDECREF(value);
  return failed;
}

static bool is_end(const gli_column *column) {
  return column->domain == GLI_PER_ROW && column->type == GLI_COLUMN_NODE &&
         (strcmp(column->name, "source") == 0 || strcmp(column->name, "target") == 0);
}

/* The ends of pairs come last: the mapping's values are the first column. */
static int take_columns(GroggyState *state, gli_result *result, gli_snapshot *snapshot,
                        Pieces *pieces) {
  const size_t count = gli_result_column_count(result);
  for (int ends = 0; ends < 2; ends++) {
    for (size_t i = 0; i < count; i++) {
      gli_column column;
      if (gli_result_column_at(result, i, &column) && is_end(&column) == (ends == 1) &&
          add_column(state, result, snapshot, pieces, &column) < 0)
        return -1;
    }
  }
  return 0;
}

static int import_results(GroggyState *state) {
  if (state->result_class != NULL) return 0;
  PyObject *module = PyImport_ImportModule("groggy.results");
  if (module == NULL) return -1;
  state->run_record_class = PyObject_GetAttrString(module, "RunRecord");
  state->result_class =
      state->run_record_class == NULL ? NULL : PyObject_GetAttrString(module, "Result");
  Py_DECREF(module);
  return state->result_class == NULL ? -1 : 0;
}

static PyObject *run_record(GroggyState *state, const gli_result *result) {
  const gli_run_record record = gli_result_run(result);
  return PyObject_CallFunction(state->run_record_class, "sss{sdsdsdsdsd}Liis", record.backend,
                               record.device, record.why, "total", record.total_seconds, "snapshot",
                               record.snapshot_seconds, "prepare", record.prepare_seconds,
                               "transfer", record.transfer_seconds, "compute",
                               record.compute_seconds, (long long)record.iterations,
                               (int)record.fallbacks, (int)record.threads, record.kept);
}

/* The id provider that the columns go by, its live positions and its name. */
static PyObject *result_ids(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                            const Pieces *pieces, PyObject **positions_out, const char **key_out) {
  if (pieces->has_rows && pieces->sources != NULL && pieces->targets != NULL) {
    Ids *ids = ids_new(state, snapshot, memory, IDS_PAIRS);
    if (ids == NULL) return NULL;
    ids->owner = Py_NewRef(pieces->holder);
    ids->sources = pieces->sources;
    ids->targets = pieces->targets;
    ids->length = (Py_ssize_t)pieces->row_count;
    *positions_out = Py_NewRef(Py_None);
    *key_out = "pair";
    return (PyObject *)ids;
  }
  if (pieces->has_rows) { /* a list: rows go by their number */
    Ids *ids = ids_new(state, snapshot, memory, IDS_ROWS);
    if (ids == NULL) return NULL;
    ids->length = (Py_ssize_t)pieces->row_count;
    *positions_out = Py_NewRef(Py_None);
    *key_out = "row";
    return (PyObject *)ids;
  }
  const gli_side side = pieces->has_edges && !pieces->has_nodes ? GLI_EDGES : GLI_NODES;
  *positions_out = groggy_live_positions(state, snapshot, side);
  *key_out = side == GLI_EDGES ? "edge" : "node";
  return *positions_out == NULL ? NULL : groggy_ids(state, snapshot, memory, side);
}

PyObject *groggy_result(GroggyState *state, const gli_algorithm *algorithm, gli_result *result,
                        GroggyMemory *memory, gli_snapshot *snapshot) {
  Holder *holder = (Holder *)state->holder_type->tp_alloc(state->holder_type, 0);
  if (holder == NULL) {
    gli_result_free(result);
    return NULL;
  }
  holder->result = result;
  holder->memory = groggy_memory_retain(memory);
  Pieces pieces = {.columns = PyDict_New(),
                   .scalars = PyDict_New(),
                   .node_columns = PySet_New(NULL),
                   .holder = (PyObject *)holder};
  PyObject *object = NULL, *ids = NULL, *positions = NULL, *run = NULL, *nodes = NULL;
  PyObject *node_positions = NULL;
  const char *key = "node";
  if (pieces.columns == NULL || pieces.scalars == NULL || pieces.node_columns == NULL ||
      import_results(state) < 0 || take_columns(state, result, snapshot, &pieces) < 0)
    goto cleanup;
  ids = result_ids(state, snapshot, memory, &pieces, &positions, &key);
  run = ids == NULL ? NULL : run_record(state, result);
  if (run == NULL) goto cleanup;
  if (strcmp(key, "node") == 0) {
    nodes = Py_NewRef(Py_None);
    node_positions = Py_NewRef(Py_None);
  } else {
    nodes = groggy_ids(state, snapshot, memory, GLI_NODES);
    node_positions = groggy_live_positions(state, snapshot, GLI_NODES);
  }
  if (nodes != NULL && node_positions != NULL)
    object = PyObject_CallFunction(state->result_class, "OOOOOssOOOO", pieces.columns, ids,
                                   positions, pieces.scalars, run, algorithm->name, key,
                                   pieces.node_columns, nodes, node_positions, holder);
cleanup:
  pieces_free(&pieces);
  Py_XDECREF(ids);
  Py_XDECREF(positions);
  Py_XDECREF(run);
  Py_XDECREF(nodes);
  Py_XDECREF(node_positions);
  return object;
}

int groggy_result_types_init(PyObject *module, GroggyState *state) {
  state->holder_type = groggy_type_add(module, &holder_spec);
  state->buffer_type = groggy_type_add(module, &buffer_spec);
  state->ids_type = groggy_type_add(module, &ids_spec);
  return state->holder_type == NULL || state->buffer_type == NULL || state->ids_type == NULL ? -1
                                                                                             : 0;
}
