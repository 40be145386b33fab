/* handles.c: Node and Edge, live mappings of the attributes of one node or edge.
 *
 * A handle holds the graph, the id, and a number that is never used twice (a node's serial, an
 * edge's id), so that it knows when its node was removed, also when the same id was added again,
 * and reads without hashing the id. Handles of a batch go by id: the batch knows what is removed in
 * it. Handles come from a free list. What MutableMapping derives from five methods is taken from
 * there. */
#include "groggy.h"

static GroggyHandle *handle_new(GroggyState *state, PyTypeObject *type) {
  if (GROGGY_LIKELY(state->free_handle_count > 0)) {
    GroggyHandle *self = state->free_handles[--state->free_handle_count];
    (void)PyObject_Init((PyObject *)self, type);
    return self;
  }
  return PyObject_GC_New(GroggyHandle, type);
}

static PyObject *handle_make(PyTypeObject *type, GroggyGraph *graph, GroggyBatch *batch,
                             PyObject *id, int64_t number) {
  GroggyHandle *self = handle_new(graph->state, type);
  if (self == NULL) return NULL;
  Py_INCREF(graph);
  self->graph = graph;
  Py_XINCREF(batch);
  self->batch = batch;
  Py_INCREF(id);
  self->id = id;
  self->number = number;
  PyObject_GC_Track(self);
  return (PyObject *)self;
}

PyObject *groggy_node_handle(GroggyGraph *graph, GroggyBatch *batch, PyObject *id,
                             gli_serial serial) {
  return handle_make(graph->state->node_type, graph, batch, id, serial);
}

PyObject *groggy_edge_handle(GroggyGraph *graph, GroggyBatch *batch, gli_edge_id edge) {
  PyObject *id = PyLong_FromLongLong(edge);
  if (id == NULL) return NULL;
  PyObject *handle = handle_make(graph->state->edge_type, graph, batch, id, edge);
  Py_DECREF(id);
  return handle;
}

static int handle_traverse(PyObject *object, visitproc visit, void *arg) {
  GroggyHandle *self = (GroggyHandle *)object;
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->graph);
  Py_VISIT(self->batch);
  return 0;
}

static void handle_dealloc(PyObject *object) {
  GroggyHandle *self = (GroggyHandle *)object;
  PyTypeObject *type = Py_TYPE(object);
  GroggyGraph *graph = self->graph;
  GroggyState *state = graph->state;
  PyObject_GC_UnTrack(object);
  Py_CLEAR(self->id);
  Py_CLEAR(self->batch);
  self->graph = NULL;
  if (state->free_handle_count < GROGGY_FREE_HANDLES)
    state->free_handles[state->free_handle_count++] = self;
  else
    PyObject_GC_Del(self);
  Py_DECREF(type);
  Py_DECREF(graph);
}

void groggy_handles_clear(GroggyState *state) {
  while (state->free_handle_count > 0)
    PyObject_GC_Del(state->free_handles[--state->free_handle_count]);
}

/* --- Reading and writing, of a graph or a batch -------------------------------------------------
 */

static bool is_node(const GroggyHandle *self) {
  return Py_TYPE(self) == self->graph->state->node_type;
}

static gli_side side_of(const GroggyHandle *self) {
  return is_node(self) ? GLI_NODES : GLI_EDGES;
}

static PyObject *handle_title(GroggyHandle *self) {
  return PyUnicode_FromFormat(is_node(self) ? "node %R" : "edge %R", self->id);
}

static PyObject *raise_removed(GroggyHandle *self) {
  PyObject *title = handle_title(self);
  if (title != NULL) {
    const gli_status status = is_node(self) ? GLI_ERROR_NODE_NOT_FOUND : GLI_ERROR_EDGE_NOT_FOUND;
    PyErr_Format(self->graph->state->errors[status], "%U was removed", title);
    Py_DECREF(title);
  }
  return NULL;
}

static PyObject *handle_raise(GroggyHandle *self, const gli_error *error) {
  if (error->status == GLI_ERROR_NODE_NOT_FOUND || error->status == GLI_ERROR_EDGE_NOT_FOUND)
    return raise_removed(self);
  return groggy_raise(self->graph->state, error);
}

static gli_batch *open_batch(const GroggyHandle *self) {
  if (self->batch->batch == NULL)
    PyErr_SetString(PyExc_RuntimeError, "the batch is over: it was committed or rolled back");
  return self->batch->batch;
}

/* All attributes, in an array of the caller's or a bigger one; -1 with an exception. */
static gli_status read_all(GroggyHandle *self, gli_batch *batch, gli_attribute *items,
                           size_t capacity, size_t *count_out, gli_error *error) {
  if (batch == NULL)
    return gli_graph_attributes(self->graph->graph, side_of(self), self->number, items, capacity,
                                count_out, error);
  if (!is_node(self))
    return gli_batch_edge_attributes(batch, self->number, items, capacity, count_out, error);
  gli_id id;
  if (groggy_id(self->id, &id) < 0) return GLI_ERROR_CALLBACK;
  return gli_batch_node_attributes(batch, &id, items, capacity, count_out, error);
}

typedef struct Loaded {
  gli_attribute *items;
  size_t count;
  gli_attribute inline_items[GROGGY_INLINE_ATTRIBUTES];
} Loaded;

static void loaded_free(Loaded *loaded) {
  if (loaded->items != loaded->inline_items) PyMem_Free(loaded->items);
}

static int load_from(GroggyHandle *self, gli_batch *batch, Loaded *loaded) {
  loaded->items = loaded->inline_items;
  size_t capacity = GROGGY_INLINE_ATTRIBUTES;
  for (;;) {
    gli_error error;
    error.status = GLI_OK;
    if (read_all(self, batch, loaded->items, capacity, &loaded->count, &error) != GLI_OK) {
      loaded_free(loaded);
      handle_raise(self, &error);
      return -1;
    }
    if (loaded->count <= capacity) return 0;
    loaded_free(loaded);
    capacity = loaded->count + 8; /* others may add some before we ask again */
    loaded->items = PyMem_New(gli_attribute, capacity);
    if (loaded->items == NULL) {
      loaded->items = loaded->inline_items;
      PyErr_NoMemory();
      return -1;
    }
  }
}

/* While a call is under way the batch cannot end, though the call may let the GIL go. */
static int load(GroggyHandle *self, Loaded *loaded) {
  if (self->batch == NULL) return load_from(self, NULL, loaded);
  gli_batch *batch = open_batch(self);
  if (batch == NULL) return -1;
  self->batch->users++;
  const int result = load_from(self, batch, loaded);
  self->batch->users--;
  return result;
}

/* One value; absent where it is not set. */
static int read_value(GroggyHandle *self, gli_key key, gli_value *value_out) {
  if (GROGGY_LIKELY(self->batch == NULL)) {
    gli_error error;
    if (GROGGY_LIKELY(gli_graph_value(self->graph->graph, side_of(self), self->number, key,
                                      value_out, &error) == GLI_OK))
      return 0;
    handle_raise(self, &error);
    return -1;
  }
  Loaded loaded;
  if (load(self, &loaded) < 0) return -1;
  *value_out = gli_value_absent();
  for (size_t i = 0; i < loaded.count; i++) {
    if (loaded.items[i].key == key) *value_out = loaded.items[i].value;
  }
  loaded_free(&loaded);
  return 0;
}

static int write_attributes(GroggyHandle *self, const gli_attribute *items, size_t count) {
  gli_error error;
  gli_status status = GLI_OK;
  if (self->batch == NULL) {
    status =
        gli_graph_update(self->graph->graph, side_of(self), self->number, items, count, &error);
  } else {
    gli_batch *batch = open_batch(self);
    if (batch == NULL) return -1;
    gli_id id;
    if (is_node(self) && groggy_id(self->id, &id) < 0) return -1;
    self->batch->users++;
    status = is_node(self) ? gli_batch_update_node(batch, &id, items, count, &error)
                           : gli_batch_update_edge(batch, self->number, items, count, &error);
    self->batch->users--;
  }
  if (status != GLI_OK) {
    handle_raise(self, &error);
    return -1;
  }
  groggy_memory_note(self->graph->memory);
  return 0;
}

/* --- The mapping -------------------------------------------------------------------------------
 */

static PyObject *raise_absent(GroggyHandle *self, PyObject *name) {
  PyObject *title = handle_title(self);
  if (title != NULL) groggy_raise_attribute_missing(self->graph->state, title, name);
  Py_XDECREF(title);
  return NULL;
}

/* The value of a name, absent when nobody knows the name. */
static int find_value(GroggyHandle *self, PyObject *name, gli_value *value_out) {
  gli_key key = GLI_KEY_NONE;
  if (!PyUnicode_Check(name)) {
    if (PyObject_Hash(name) == -1) return -1;
  } else if (groggy_key_find(self->graph, name, &key) < 0) {
    return -1;
  }
  if (GROGGY_LIKELY(key != GLI_KEY_NONE)) return read_value(self, key, value_out);
  Loaded loaded; /* a removed node says so, whatever the name */
  if (load(self, &loaded) < 0) return -1;
  loaded_free(&loaded);
  *value_out = gli_value_absent();
  return 0;
}

static PyObject *handle_subscript(PyObject *object, PyObject *name) {
  GroggyHandle *self = (GroggyHandle *)object;
  GroggyGraph *graph = self->graph;
  const GroggyName *slot = groggy_name_slot(graph, name);
  gli_value value;
  if (GROGGY_LIKELY(slot->name == name && self->batch == NULL)) {
    gli_error error;
    if (GROGGY_UNLIKELY(gli_graph_value(graph->graph, side_of(self), self->number, slot->key,
                                        &value, &error) != GLI_OK))
      return handle_raise(self, &error);
  } else if (find_value(self, name, &value) < 0) {
    return NULL;
  }
  if (GROGGY_UNLIKELY(value.type == GLI_VALUE_ABSENT)) return raise_absent(self, name);
  return groggy_value_object(self->graph->state, &value);
}

static int handle_contains(PyObject *object, PyObject *name) {
  gli_value value;
  if (find_value((GroggyHandle *)object, name, &value) < 0) return -1;
  return value.type != GLI_VALUE_ABSENT;
}

static int handle_alive(GroggyHandle *self) {
  Loaded loaded;
  if (load(self, &loaded) < 0) return -1;
  loaded_free(&loaded);
  return 0;
}

static int handle_delete(GroggyHandle *self, PyObject *name) {
  gli_attribute item;
  if (find_value(self, name, &item.value) < 0) return -1;
  if (item.value.type == GLI_VALUE_ABSENT) {
    raise_absent(self, name);
    return -1;
  }
  if (groggy_key_find(self->graph, name, &item.key) < 0) return -1;
  item.value = gli_value_absent();
  return write_attributes(self, &item, 1);
}

static int handle_assign(PyObject *object, PyObject *name, PyObject *value) {
  GroggyHandle *self = (GroggyHandle *)object;
  if (value == NULL) return handle_delete(self, name);
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, self->graph->state);
  const char *text = NULL;
  Py_ssize_t size = 0;
  gli_attribute item;
  int result = -1;
  if (handle_alive(self) == 0 && groggy_name_check(name, &text, &size) == 0 &&
      groggy_value(&attributes, name, value, &item.value) == 0 &&
      groggy_key(self->graph, name, &item.key) == 0)
    result = write_attributes(self, &item, 1);
  groggy_attributes_free(&attributes);
  return result;
}

static Py_ssize_t handle_length(PyObject *object) {
  Loaded loaded;
  if (load((GroggyHandle *)object, &loaded) < 0) return -1;
  loaded_free(&loaded);
  return (Py_ssize_t)loaded.count;
}

static PyObject *handle_attributes(PyObject *object, void *closure) {
  (void)closure;
  GroggyHandle *self = (GroggyHandle *)object;
  Loaded loaded;
  if (load(self, &loaded) < 0) return NULL;
  PyObject *dict = PyDict_New();
  for (size_t i = 0; dict != NULL && i < loaded.count; i++) {
    PyObject *name = groggy_key_name(self->graph, loaded.items[i].key);
    PyObject *value =
        name == NULL ? NULL : groggy_value_object(self->graph->state, &loaded.items[i].value);
    if (value == NULL || PyDict_SetItem(dict, name, value) < 0) Py_CLEAR(dict);
    Py_XDECREF(name);
    Py_XDECREF(value);
  }
  loaded_free(&loaded);
  return dict;
}

static PyObject *handle_iterate(PyObject *object) {
  GroggyHandle *self = (GroggyHandle *)object;
  Loaded loaded;
  if (load(self, &loaded) < 0) return NULL;
  PyObject *names = PyTuple_New((Py_ssize_t)loaded.count);
  for (size_t i = 0; names != NULL && i < loaded.count; i++) {
    PyObject *name = groggy_key_name(self->graph, loaded.items[i].key);
    if (name == NULL)
      Py_CLEAR(names);
    else
      PyTuple_SET_ITEM(names, (Py_ssize_t)i, name);
  }
  loaded_free(&loaded);
  PyObject *iterator = names == NULL ? NULL : PyObject_GetIter(names);
  Py_XDECREF(names);
  return iterator;
}

/* Mapping's own would take a removed node's NodeNotFoundError, a KeyError, for a missing name. */
static PyObject *handle_get(PyObject *object, PyObject *const *args, Py_ssize_t count,
                            PyObject *keyword_names) {
  static const char *const names[] = {"key", "default"};
  PyObject *given[2] = {NULL, Py_None};
  gli_value value;
  if (groggy_arguments("get()", names, 2, 1, args, count, keyword_names, given) < 0 ||
      find_value((GroggyHandle *)object, given[0], &value) < 0)
    return NULL;
  if (value.type == GLI_VALUE_ABSENT) return Py_NewRef(given[1]);
  return groggy_value_object(((GroggyHandle *)object)->graph->state, &value);
}

/* As handle_get: MutableMapping's would give the default for a removed node. */
static PyObject *handle_pop(PyObject *object, PyObject *const *args, Py_ssize_t count,
                            PyObject *keyword_names) {
  static const char *const names[] = {"key", "default"};
  GroggyHandle *self = (GroggyHandle *)object;
  PyObject *given[2] = {NULL, NULL};
  gli_value value;
  if (groggy_arguments("pop()", names, 2, 1, args, count, keyword_names, given) < 0 ||
      find_value(self, given[0], &value) < 0)
    return NULL;
  if (value.type == GLI_VALUE_ABSENT)
    return given[1] != NULL ? Py_NewRef(given[1]) : raise_absent(self, given[0]);
  PyObject *popped = groggy_value_object(self->graph->state, &value);
  if (popped != NULL && handle_delete(self, given[0]) < 0) Py_CLEAR(popped);
  return popped;
}

/* In one change; MutableMapping's would take a removed node for an empty one. */
static PyObject *handle_clear(PyObject *object, PyObject *unused) {
  GroggyHandle *self = (GroggyHandle *)object;
  Loaded loaded;
  (void)unused;
  if (load(self, &loaded) < 0) return NULL;
  for (size_t i = 0; i < loaded.count; i++)
    loaded.items[i].value = gli_value_absent();
  const int result = loaded.count == 0 ? 0 : write_attributes(self, loaded.items, loaded.count);
  loaded_free(&loaded);
  return result < 0 ? NULL : Py_NewRef(Py_None);
}

/* update(other=(), /, **attributes): all of them or none. */
static PyObject *handle_update(PyObject *object, PyObject *args, PyObject *keywords) {
  GroggyHandle *self = (GroggyHandle *)object;
  PyObject *merged = PyObject_Call((PyObject *)&PyDict_Type, args, keywords);
  if (merged == NULL) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, self->graph->state);
  int result = handle_alive(self);
  if (result == 0) result = groggy_attributes_mapping(self->graph, &attributes, merged);
  if (result == 0) result = write_attributes(self, attributes.items, attributes.count);
  groggy_attributes_free(&attributes);
  Py_DECREF(merged);
  return result < 0 ? NULL : Py_NewRef(Py_None);
}

/* Ids of both ends as objects. Text of ids is borrowed from storage that a writer without the GIL
 * may move, so they are made under the graph's lock: nothing but str and int. */
static int edge_ends(GroggyHandle *self, PyObject **ends_out) {
  gli_graph *graph = self->graph->graph;
  gli_batch *batch = NULL;
  gli_error error;
  gli_edge ends;
  if (self->batch != NULL && (batch = open_batch(self)) == NULL) return -1;
  if (batch != NULL) self->batch->users++;
  gli_status status = gli_graph_read_begin(graph, &error);
  if (status == GLI_OK) {
    status = batch == NULL ? gli_graph_get_edge(graph, self->number, &ends, &error)
                           : gli_batch_get_edge(batch, self->number, &ends, &error);
    if (status == GLI_OK) {
      ends_out[0] = groggy_id_object(&ends.source);
      ends_out[1] = groggy_id_object(&ends.target);
    }
    gli_graph_read_end(graph);
  }
  if (batch != NULL) self->batch->users--;
  if (status != GLI_OK) handle_raise(self, &error);
  if (ends_out[0] != NULL && ends_out[1] != NULL) return 0;
  Py_CLEAR(ends_out[0]);
  Py_CLEAR(ends_out[1]);
  return -1;
}

static PyObject *handle_repr(PyObject *object) {
  GroggyHandle *self = (GroggyHandle *)object;
  PyObject *attributes = handle_attributes(object, NULL);
  if (attributes == NULL) {
    if (!PyErr_ExceptionMatches(PyExc_KeyError)) return NULL;
    PyErr_Clear();
    return PyUnicode_FromFormat(is_node(self) ? "Node(%R, removed)" : "Edge(%R, removed)",
                                self->id);
  }
  PyObject *text = NULL;
  if (is_node(self)) {
    text = PyUnicode_FromFormat("Node(%R, %R)", self->id, attributes);
  } else {
    PyObject *ends[2] = {NULL, NULL};
    if (edge_ends(self, ends) == 0)
      text = PyUnicode_FromFormat("Edge(%R, %R, %R, %R)", self->id, ends[0], ends[1], attributes);
    Py_XDECREF(ends[0]);
    Py_XDECREF(ends[1]);
  }
  Py_DECREF(attributes);
  return text;
}

/* --- id, source, target
 * --------------------------------------------------------------------------- */

static PyObject *handle_get_id(PyObject *object, void *closure) {
  (void)closure;
  GroggyHandle *self = (GroggyHandle *)object;
  return handle_alive(self) < 0 ? NULL : Py_NewRef(self->id);
}

static PyObject *edge_end(PyObject *object, void *closure) {
  PyObject *ends[2] = {NULL, NULL};
  if (edge_ends((GroggyHandle *)object, ends) < 0) return NULL;
  const int wanted = closure == NULL ? 0 : 1;
  Py_DECREF(ends[1 - wanted]);
  return ends[wanted];
}

static PyGetSetDef node_properties[] = {
    {"id", handle_get_id, NULL, "The node's id.", NULL},
    {"attributes", handle_attributes, NULL, "A fresh dict of all attributes.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static char is_target[] = "target";

static PyGetSetDef edge_properties[] = {
    {"id", handle_get_id, NULL, "The edge's id, for ever.", NULL},
    {"source", edge_end, NULL, "The id of the node it starts from.", NULL},
    {"target", edge_end, NULL, "The id of the node it leads to.", is_target},
    {"attributes", handle_attributes, NULL, "A fresh dict of all attributes.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef handle_methods[] = {
    {"get", (PyCFunction)(void (*)(void))handle_get, METH_FASTCALL | METH_KEYWORDS,
     "get($self, key, default=None)\n--\n\nThe attribute, or the default where it is not set."},
    {"pop", (PyCFunction)(void (*)(void))handle_pop, METH_FASTCALL | METH_KEYWORDS,
     "pop($self, key, /, default=...)\n--\n\n"
     "Remove the attribute and return it, or the default where it is not set."},
    {"clear", handle_clear, METH_NOARGS,
     "clear($self, /)\n--\n\nRemove all attributes, in one change."},
    {"update", (PyCFunction)(void (*)(void))handle_update, METH_VARARGS | METH_KEYWORDS,
     "Set several attributes, all or none."},
    {NULL, NULL, 0, NULL},
};

#define HANDLE_SLOTS(doc, properties)                                                             \
  {Py_tp_doc, (void *)(doc)}, {Py_tp_dealloc, handle_dealloc}, {Py_tp_traverse, handle_traverse}, \
      {Py_tp_methods, handle_methods}, {Py_tp_getset, properties}, {Py_tp_repr, handle_repr},     \
      {Py_tp_iter, handle_iterate}, {Py_tp_hash, PyObject_HashNotImplemented},                    \
      {Py_mp_subscript, handle_subscript}, {Py_mp_ass_subscript, handle_assign},                  \
      {Py_mp_length, handle_length}, {Py_sq_contains, handle_contains}, {                         \
    0, NULL                                                                                       \
  }

static PyType_Slot node_slots[] = {HANDLE_SLOTS(
    "One node, live: a mapping of its attributes, and its ``id``.\n\n"
    "Values are fresh copies: changing a list that was read changes nothing, assign it "
    "back. A handle\non a removed node raises NodeNotFoundError, also when its id was "
    "added again.",
    node_properties)};
static PyType_Slot edge_slots[] = {HANDLE_SLOTS(
    "One edge, live: a mapping of its attributes, with ``id``, ``source``, ``target``.",
    edge_properties)};

#define HANDLE_FLAGS \
  (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_MAPPING)

static PyType_Spec node_spec = {
    .name = "groggy._core.Node",
    .basicsize = sizeof(GroggyHandle),
    .flags = HANDLE_FLAGS,
    .slots = node_slots,
};
static PyType_Spec edge_spec = {
    .name = "groggy._core.Edge",
    .basicsize = sizeof(GroggyHandle),
    .flags = HANDLE_FLAGS,
    .slots = edge_slots,
};

int groggy_handle_types_init(PyObject *module, GroggyState *state) {
  static const char *const borrowed[] = {"keys",    "values",     "items", "__eq__",
                                         "popitem", "setdefault", NULL};
  state->node_type = groggy_type_add(module, &node_spec);
  state->edge_type = groggy_type_add(module, &edge_spec);
  if (state->node_type == NULL || state->edge_type == NULL) return -1;
  return groggy_borrow_methods(state->node_type, "MutableMapping", borrowed) < 0 ||
                 groggy_borrow_methods(state->edge_type, "MutableMapping", borrowed) < 0
             ? -1
             : 0;
}
