/* results.c: what an algorithm gives back.
 *
 * A result from C is one small object around the gli_result; groggy.results.Result, its subclass,
 * is a mapping over columns, ids and a run record, which are made when somebody asks. */
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

/* Slots of the live nodes whose value is not negative; `most_out`: the largest. One pass over all,
 * without a branch: a search of a few steps reaches few of them. */
static int64_t list_reached(const gli_snapshot *snapshot, const gli_column *column, int64_t *slots,
                            int64_t *most_out) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const int64_t *levels = column->data;
  int64_t count = 0, most = -1;
  for (int64_t v = 0; v < column->length; v++) {
    slots[count] = v;
    count += (levels[v] >= 0) & gli_bit(alive, v);
  }
  for (int64_t k = 0; k < count; k++)
    if (levels[slots[k]] > most) most = levels[slots[k]];
  *most_out = most;
  return count;
}

/* The same by value, then by slot: values are levels, small numbers, so they are counted. NULL with
 * an exception. */
static int64_t *sort_levels(const gli_snapshot *snapshot, const gli_column *column,
                            int64_t *count_out) {
  const int64_t *levels = column->data;
  int64_t most = -1, count = 0;
  int64_t *slots = PyMem_RawMalloc(((size_t)column->length + 1) * sizeof *slots);
  if (slots != NULL) count = list_reached(snapshot, column, slots, &most);
  int64_t *starts = PyMem_RawCalloc((size_t)most + 3, sizeof *starts);
  int64_t *sorted = PyMem_RawMalloc(((size_t)count + 1) * sizeof *sorted);
  if (slots == NULL || starts == NULL || sorted == NULL) {
    PyMem_RawFree(sorted);
    sorted = NULL;
    PyErr_NoMemory();
    goto done;
  }
  for (int64_t k = 0; k < count; k++)
    starts[levels[slots[k]] + 1]++;
  for (int64_t level = 0; level <= most; level++)
    starts[level + 1] += starts[level];
  for (int64_t k = 0; k < count; k++)
    sorted[starts[levels[slots[k]]]++] = slots[k];
  *count_out = count;
done:
  PyMem_RawFree(starts);
  PyMem_RawFree(slots);
  return sorted;
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

/* --- Result
 * --------------------------------------------------------------------------------------------------
 */

typedef struct Pieces {
  PyObject *columns, *scalars, *node_columns, *holder;
  PyObject *beside; /* columns per node of a result whose rows are something else */
  PyObject *lists;  /* columns per list */
  bool has_nodes, has_edges, has_rows;
  const int32_t *sources, *targets;
  int64_t row_count;
} Pieces;

static void pieces_free(Pieces *pieces) {
  Py_CLEAR(pieces->columns);
  Py_CLEAR(pieces->beside);
  Py_CLEAR(pieces->lists);
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
    if (pieces->has_rows && column->domain == GLI_PER_NODE) dict = pieces->beside;
    if (column->domain == GLI_PER_LIST) dict = pieces->lists;
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

/* The ends of pairs come last: the mapping's values are the first column. Columns per row come
 * before those per node, which then stand beside the table. */
static int take_columns(GroggyState *state, const gli_result *result, gli_snapshot *snapshot,
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
  if (pieces->has_rows) { /* pairs, or a list: rows go by their number */
    const bool pairs = pieces->sources != NULL && pieces->targets != NULL;
    *positions_out = Py_NewRef(Py_None);
    *key_out = pairs ? "pair" : "row";
    return pairs ? groggy_ids_of_pairs(state, snapshot, memory, pieces->row_count, pieces->sources,
                                       pieces->targets, pieces->holder)
                 : groggy_ids_of_rows(state, snapshot, memory, pieces->row_count);
  }
  const gli_side side = pieces->has_edges && !pieces->has_nodes ? GLI_EDGES : GLI_NODES;
  *positions_out = groggy_live_positions(state, snapshot, side);
  *key_out = side == GLI_EDGES ? "edge" : "node";
  return *positions_out == NULL ? NULL : groggy_ids(state, snapshot, memory, side);
}

/* What groggy.results.Result is made of, as its base class. A result that comes from C holds the
 * gli_result alone: columns, ids and record are made when somebody asks for one of them. Making
 * all of them at once, thirteen objects and two constructors in Python, took 14,800 of the 27,700
 * instructions of degrees on 34 nodes; now it is 300. */
typedef enum Part {
  PART_COLUMNS,
  PART_IDS,
  PART_POSITIONS,
  PART_SCALARS,
  PART_LABEL,
  PART_KEY,
  PART_NODE_COLUMNS,
  PART_NODES,
  PART_NODE_POSITIONS,
  PART_BESIDE,
  PART_LISTS,
  PART_MEMORY,
  PART_RUN, /* this one is made alone, those before it together */
  PART_COUNT
} Part;

typedef struct Parts {
  PyObject_HEAD GroggyState *state; /* NULL: made in Python, as the next three */
  PyObject *holder;                 /* of `result` */
  const gli_result *result;
  const gli_algorithm *algorithm;
  bool has_pieces;             /* all before the run record are made */
  PyObject *parts[PART_COUNT]; /* NULL: not made yet */
} Parts;

static int parts_traverse(PyObject *object, visitproc visit, void *arg) {
  Parts *self = (Parts *)object;
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->holder);
  for (int k = 0; k < PART_COUNT; k++)
    Py_VISIT(self->parts[k]);
  return 0;
}

static int parts_clear(PyObject *object) {
  Parts *self = (Parts *)object;
  for (int k = 0; k < PART_COUNT; k++)
    Py_CLEAR(self->parts[k]);
  return 0;
}

static void parts_dealloc(PyObject *object) {
  Parts *self = (Parts *)object;
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  (void)parts_clear(object);
  Py_CLEAR(self->holder);
  if (self->state != NULL) groggy_state_drop(self->state);
  type->tp_free(object);
  Py_DECREF(type);
}

/* Into `made`, in the order of the members. */
static int make_pieces(const Parts *self, PyObject *made[PART_RUN]) {
  GroggyState *const state = self->state;
  gli_snapshot *const snapshot = gli_result_snapshot(self->result);
  GroggyMemory *const memory = ((Holder *)self->holder)->memory;
  Pieces pieces = {.columns = PyDict_New(),
                   .beside = PyDict_New(),
                   .lists = PyDict_New(),
                   .scalars = PyDict_New(),
                   .node_columns = PySet_New(NULL),
                   .holder = Py_NewRef(self->holder)};
  PyObject *ids = NULL, *positions = NULL;
  const char *key = "node";
  if (pieces.columns != NULL && pieces.beside != NULL && pieces.lists != NULL &&
      pieces.scalars != NULL && pieces.node_columns != NULL &&
      take_columns(state, self->result, snapshot, &pieces) == 0)
    ids = result_ids(state, snapshot, memory, &pieces, &positions, &key);
  const bool is_by_node = strcmp(key, "node") == 0;
  PyObject *const all[PART_RUN] = {
      Py_XNewRef(pieces.columns),
      ids,
      positions,
      Py_XNewRef(pieces.scalars),
      PyUnicode_InternFromString(self->algorithm->name),
      PyUnicode_InternFromString(key),
      Py_XNewRef(pieces.node_columns),
      is_by_node ? Py_XNewRef(ids) : groggy_ids(state, snapshot, memory, GLI_NODES),
      is_by_node ? Py_XNewRef(positions) : groggy_live_positions(state, snapshot, GLI_NODES),
      Py_XNewRef(pieces.beside),
      Py_XNewRef(pieces.lists),
      Py_NewRef(self->holder)};
  pieces_free(&pieces);
  int result = 0;
  for (int k = 0; k < PART_RUN; k++) {
    made[k] = all[k];
    if (all[k] == NULL) result = -1;
  }
  for (int k = 0; result < 0 && k < PART_RUN; k++)
    Py_CLEAR(made[k]);
  return result;
}

static PyObject *parts_get(PyObject *object, void *closure) {
  Parts *self = (Parts *)object;
  const Part part = (Part)(intptr_t)closure;
  PyObject **member = &self->parts[part];
  if (self->result != NULL && self->state->ids_type == NULL) {
    PyErr_SetString(PyExc_RuntimeError, "groggy is gone: the interpreter is ending");
    return NULL;
  }
  if (self->result != NULL && part == PART_MEMORY && *member == NULL)
    return Py_NewRef(self->holder); /* needs no pieces, which take as long as a small call */
  if (self->result != NULL && part < PART_RUN && !self->has_pieces) {
    PyObject *made[PART_RUN];
    if (make_pieces(self, made) < 0) return NULL;
    /* Making them may have run other code, which asked as well, or set one. */
    for (int k = 0; k < PART_RUN; k++) {
      if (self->parts[k] == NULL)
        self->parts[k] = made[k];
      else
        Py_DECREF(made[k]);
    }
    self->has_pieces = true;
  } else if (self->result != NULL && part == PART_RUN && *member == NULL) {
    PyObject *run = run_record(self->state, self->result);
    if (run == NULL) return NULL;
    if (*member == NULL)
      *member = run;
    else
      Py_DECREF(run);
  }
  if (*member != NULL) return Py_NewRef(*member);
  PyErr_SetString(PyExc_AttributeError, "not set yet");
  return NULL;
}

static int parts_set(PyObject *object, PyObject *value, void *closure) {
  PyObject **member = &((Parts *)object)->parts[(Part)(intptr_t)closure];
  if (value == NULL) {
    PyErr_SetString(PyExc_AttributeError, "parts of a result cannot be deleted");
    return -1;
  }
  Py_XSETREF(*member, Py_NewRef(value));
  return 0;
}

#define PART(name, place) \
  { name, parts_get, parts_set, NULL, (void *)(intptr_t)(place) }
static PyGetSetDef parts_properties[] = {
    PART("_columns", PART_COLUMNS),
    PART("_ids", PART_IDS),
    PART("_positions", PART_POSITIONS),
    PART("_scalars", PART_SCALARS),
    PART("_label", PART_LABEL),
    PART("key", PART_KEY),
    PART("_node_columns", PART_NODE_COLUMNS),
    PART("_nodes", PART_NODES),
    PART("_node_positions", PART_NODE_POSITIONS),
    PART("_beside", PART_BESIDE),
    PART("_lists", PART_LISTS),
    PART("_memory", PART_MEMORY),
    PART("run", PART_RUN),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot parts_slots[] = {
    {Py_tp_doc, "The parts of a result; those of an algorithm's result are made on first need."},
    {Py_tp_dealloc, parts_dealloc},
    {Py_tp_traverse, parts_traverse},
    {Py_tp_clear, parts_clear},
    {Py_tp_getset, parts_properties},
    {0, NULL},
};

static PyType_Spec parts_spec = {
    .name = "groggy._core.ResultParts",
    .basicsize = sizeof(Parts),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = parts_slots,
};

PyObject *groggy_result(GroggyState *state, const gli_algorithm *algorithm, gli_result *result,
                        GroggyMemory *memory) {
  Holder *holder = (Holder *)state->holder_type->tp_alloc(state->holder_type, 0);
  if (holder == NULL) {
    gli_result_free(result);
    return NULL;
  }
  holder->result = result;
  holder->memory = groggy_memory_retain(memory);
  Parts *self = NULL;
  if (import_results(state) == 0) {
    PyTypeObject *type = (PyTypeObject *)state->result_class;
    self = (Parts *)type->tp_alloc(type, 0);
  }
  if (self == NULL) {
    Py_DECREF(holder);
    return NULL;
  }
  self->state = groggy_state_retain(state);
  self->holder = (PyObject *)holder;
  self->result = result;
  self->algorithm = algorithm;
  return (PyObject *)self;
}

int groggy_result_types_init(PyObject *module, GroggyState *state) {
  state->holder_type = groggy_type_add(module, &holder_spec);
  state->parts_type = groggy_type_add(module, &parts_spec);
  return state->holder_type == NULL || state->parts_type == NULL ? -1 : 0;
}
