/* buffers.c: what results and queries give their numbers in.
 *
 * A Buffer is a one-dimensional array of numbers that somebody owns: memoryview and NumPy take it
 * without a copy, and it can be indexed. Ids is how a result finds the id of a slot and back. Both
 * keep alive what they point into, so the groggy.results.Result on top of them copies nothing. */
#include "groggy.h"

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

PyObject *groggy_ids_of_rows(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                             int64_t count) {
  Ids *self = ids_new(state, snapshot, memory, IDS_ROWS);
  if (self != NULL) self->length = (Py_ssize_t)count;
  return (PyObject *)self;
}

PyObject *groggy_ids_of_pairs(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                              int64_t count, const int32_t *sources, const int32_t *targets,
                              PyObject *owner) {
  Ids *self = ids_new(state, snapshot, memory, IDS_PAIRS);
  if (self == NULL) return NULL;
  self->owner = Py_NewRef(owner);
  self->sources = sources;
  self->targets = targets;
  self->length = (Py_ssize_t)count;
  return (PyObject *)self;
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

int groggy_buffer_types_init(PyObject *module, GroggyState *state) {
  state->buffer_type = groggy_type_add(module, &buffer_spec);
  state->ids_type = groggy_type_add(module, &ids_spec);
  return state->buffer_type == NULL || state->ids_type == NULL ? -1 : 0;
}
