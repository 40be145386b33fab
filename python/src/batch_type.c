/* batch_type.c: changes that happen together or not at all, `with g.batch_operations() as batch`.
 *
 * The methods are those of the graph; what they stage lies in a gli_batch. A call may let the GIL
 * go while it waits for the graph, so the batch counts its users: it cannot end under one. */
#include "groggy.h"

#define SELF ((GroggyBatch *)self)
#define STATE (SELF->graph->state)

PyObject *groggy_batch_begin(GroggyGraph *graph) {
  GroggyBatch *self =
      (GroggyBatch *)graph->state->batch_type->tp_alloc(graph->state->batch_type, 0);
  if (self == NULL) return NULL;
  Py_INCREF(graph);
  self->graph = graph;
  gli_error error;
  if (gli_batch_begin(graph->graph, &self->batch, &error) != GLI_OK) {
    self->batch = NULL;
    groggy_raise(graph->state, &error);
    Py_DECREF(self);
    return NULL;
  }
  return (PyObject *)self;
}

static int batch_traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(SELF->graph);
  return 0;
}

static void batch_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  if (SELF->weak_references != NULL) PyObject_ClearWeakRefs(self);
  gli_batch_discard(SELF->batch);
  SELF->batch = NULL;
  if (SELF->graph != NULL) groggy_memory_note(SELF->graph->memory);
  Py_CLEAR(SELF->graph);
  type->tp_free(self);
  Py_DECREF(type);
}

/* The batch for one call; each enter that gives one has its leave. */
static gli_batch *enter(PyObject *self) {
  if (GROGGY_UNLIKELY(SELF->batch == NULL)) {
    PyErr_SetString(PyExc_RuntimeError, "the batch is over: it was committed or rolled back");
    return NULL;
  }
  SELF->users++;
  return SELF->batch;
}

static void leave(PyObject *self) {
  SELF->users--;
  groggy_memory_note(SELF->graph->memory);
}

static PyObject *none_or_raise(PyObject *self, gli_status status, const gli_error *error) {
  return status == GLI_OK ? Py_NewRef(Py_None) : groggy_raise(STATE, error);
}

/* --- Nodes
 * ---------------------------------------------------------------------------------------- */

static PyObject *batch_add_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count > 1))
    return groggy_raise_arguments("add_node()", count, "at most one positional argument, the id");
  gli_id id;
  const bool automatic = count == 0 || args[0] == Py_None;
  if (!automatic && groggy_id(args[0], &id) < 0) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, STATE);
  PyObject *result = NULL;
  gli_batch *batch = enter(self);
  if (batch != NULL) {
    gli_error error;
    gli_id added;
    if (groggy_attributes_keywords(SELF->graph, &attributes, keyword_names, args + count) == 0) {
      if (GROGGY_LIKELY(gli_batch_add_node(batch, automatic ? NULL : &id, attributes.items,
                                           attributes.count, &added, &error) == GLI_OK))
        result = automatic ? groggy_id_object(&added) : groggy_id_canonical(args[0], &id);
      else
        groggy_raise(STATE, &error);
    }
    leave(self);
  }
  groggy_attributes_free(&attributes);
  return result;
}

static PyObject *batch_update_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  if (count != 1)
    return groggy_raise_arguments("update_node()", count, "one positional argument, the id");
  gli_id id;
  if (groggy_id(args[0], &id) < 0) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, STATE);
  PyObject *result = NULL;
  gli_batch *batch = enter(self);
  if (batch != NULL) {
    gli_error error;
    if (!gli_batch_has_node(batch, &id))
      groggy_raise_node_missing(STATE, args[0]);
    else if (groggy_attributes_keywords(SELF->graph, &attributes, keyword_names, args + count) == 0)
      result = none_or_raise(
          self, gli_batch_update_node(batch, &id, attributes.items, attributes.count, &error),
          &error);
    leave(self);
  }
  groggy_attributes_free(&attributes);
  return result;
}

static PyObject *batch_remove_node(PyObject *self, PyObject *object) {
  gli_id id;
  if (groggy_id(object, &id) < 0) return NULL;
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  gli_error error;
  PyObject *result = none_or_raise(self, gli_batch_remove_node(batch, &id, &error), &error);
  leave(self);
  return result;
}

static PyObject *batch_has_node(PyObject *self, PyObject *object) {
  gli_id id;
  if (groggy_id(object, &id) < 0) return NULL;
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  PyObject *result = PyBool_FromLong(gli_batch_has_node(batch, &id));
  leave(self);
  return result;
}

static PyObject *batch_get_node(PyObject *self, PyObject *object) {
  gli_id id;
  if (groggy_id(object, &id) < 0) return NULL;
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  const bool there = gli_batch_has_node(batch, &id);
  leave(self);
  if (!there) return groggy_raise_node_missing(STATE, object);
  PyObject *id_object = groggy_id_canonical(object, &id);
  PyObject *node =
      id_object == NULL ? NULL : groggy_node_handle(SELF->graph, SELF, id_object, GLI_SERIAL_NONE);
  Py_XDECREF(id_object);
  return node;
}

/* --- Edges
 * ---------------------------------------------------------------------------------------- */

static PyObject *batch_add_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count != 2))
    return groggy_raise_arguments("add_edge()", count,
                                  "two positional arguments, source and target");
  gli_id source, target;
  if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, STATE);
  PyObject *result = NULL;
  gli_batch *batch = enter(self);
  if (batch != NULL) {
    gli_error error;
    gli_edge_id edge = GLI_EDGE_NONE;
    if (groggy_attributes_keywords(SELF->graph, &attributes, keyword_names, args + count) == 0) {
      if (GROGGY_LIKELY(gli_batch_add_edge(batch, &source, &target, attributes.items,
                                           attributes.count, &edge, &error) == GLI_OK))
        result = PyLong_FromLongLong(edge);
      else
        groggy_raise(STATE, &error);
    }
    leave(self);
  }
  groggy_attributes_free(&attributes);
  return result;
}

/* The edge that an id or a pair names, in the batch; it is there. */
static int find_edge(PyObject *self, gli_batch *batch, PyObject *const *args, Py_ssize_t count,
                     gli_edge_id *edge_out) {
  gli_error error;
  gli_status status;
  if (count == 1) {
    gli_edge edge;
    if (groggy_edge_id(args[0], edge_out) < 0) return -1;
    status = gli_batch_get_edge(batch, *edge_out, &edge, &error);
  } else if (count == 2) {
    gli_id source, target;
    if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0) return -1;
    status = gli_batch_find_edge(batch, &source, &target, edge_out, &error);
  } else {
    groggy_raise_arguments("this method", count, "an edge id, or source and target");
    return -1;
  }
  if (status == GLI_OK) return 0;
  groggy_raise(STATE, &error);
  return -1;
}

static PyObject *batch_update_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, STATE);
  PyObject *result = NULL;
  gli_batch *batch = enter(self);
  if (batch != NULL) {
    gli_error error;
    gli_edge_id edge = GLI_EDGE_NONE;
    if (find_edge(self, batch, args, count, &edge) == 0 &&
        groggy_attributes_keywords(SELF->graph, &attributes, keyword_names, args + count) == 0)
      result = none_or_raise(
          self, gli_batch_update_edge(batch, edge, attributes.items, attributes.count, &error),
          &error);
    leave(self);
  }
  groggy_attributes_free(&attributes);
  return result;
}

static PyObject *batch_remove_edge(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  PyObject *result = NULL;
  gli_error error;
  gli_edge_id edge = GLI_EDGE_NONE;
  if (find_edge(self, batch, args, count, &edge) == 0)
    result = none_or_raise(self, gli_batch_remove_edge(batch, edge, &error), &error);
  leave(self);
  return result;
}

static PyObject *batch_has_edge(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  gli_edge_id edge = GLI_EDGE_NONE;
  const int found = find_edge(self, batch, args, count, &edge);
  leave(self);
  if (found < 0) {
    if (!PyErr_ExceptionMatches(STATE->errors[GLI_ERROR_EDGE_NOT_FOUND]) &&
        !PyErr_ExceptionMatches(STATE->errors[GLI_ERROR_NODE_NOT_FOUND]))
      return NULL;
    PyErr_Clear();
  }
  return Py_NewRef(found == 0 ? Py_True : Py_False);
}

static PyObject *batch_get_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  PyObject *chosen = Py_None;
  if (keyword_names != NULL && PyTuple_GET_SIZE(keyword_names) > 0) {
    if (PyTuple_GET_SIZE(keyword_names) > 1 ||
        PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keyword_names, 0), "id") != 0) {
      groggy_no_keywords("get_edge()", keyword_names);
      return NULL;
    }
    chosen = args[count];
  }
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  gli_edge_id edge = GLI_EDGE_NONE;
  int found = find_edge(self, batch, args, count, &edge);
  if (found == 0 && chosen != Py_None) {
    gli_edge one, other;
    gli_error error;
    gli_edge_id wanted = GLI_EDGE_NONE;
    found = groggy_edge_id(chosen, &wanted);
    if (found == 0 && (gli_batch_get_edge(batch, wanted, &one, &error) != GLI_OK ||
                       gli_batch_get_edge(batch, edge, &other, &error) != GLI_OK)) {
      groggy_raise(STATE, &error);
      found = -1;
    }
    const bool same = found == 0 && gli_id_same(&one.source, &other.source) &&
                      gli_id_same(&one.target, &other.target);
    const bool reversed = found == 0 && !SELF->graph->directed &&
                          gli_id_same(&one.source, &other.target) &&
                          gli_id_same(&one.target, &other.source);
    if (found == 0 && !same && !reversed) {
      PyErr_Format(STATE->errors[GLI_ERROR_EDGE_NOT_FOUND], "edge %R is not between these nodes",
                   chosen);
      found = -1;
    }
    edge = wanted;
  }
  leave(self);
  return found < 0 ? NULL : groggy_edge_handle(SELF->graph, SELF, edge);
}

/* --- Many
 * ------------------------------------------------------------------------------------------ */

/* Stage what the graph's add_nodes (add_edges) would: Python does the reading of the arguments, on
 * a graph of its own, so that a bad one stages nothing. */
static PyObject *batch_add_many(PyObject *self, PyObject *args, PyObject *keywords,
                                const char *function) {
  PyObject *module = PyImport_ImportModule("groggy.bulk");
  if (module == NULL) return NULL;
  PyObject *method = PyObject_GetAttrString(module, function);
  Py_DECREF(module);
  if (method == NULL) return NULL;
  PyObject *all = PyTuple_New(PyTuple_GET_SIZE(args) + 1);
  PyObject *result = NULL;
  if (all != NULL) {
    PyTuple_SET_ITEM(all, 0, Py_NewRef(self));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
      PyTuple_SET_ITEM(all, i + 1, Py_NewRef(PyTuple_GET_ITEM(args, i)));
    result = PyObject_Call(method, all, keywords);
    Py_DECREF(all);
  }
  Py_DECREF(method);
  return result;
}

static PyObject *batch_add_nodes(PyObject *self, PyObject *args, PyObject *keywords) {
  return batch_add_many(self, args, keywords, "stage_nodes");
}

static PyObject *batch_add_edges(PyObject *self, PyObject *args, PyObject *keywords) {
  return batch_add_many(self, args, keywords, "stage_edges");
}

static PyObject *batch_node_count(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  PyObject *result = PyLong_FromLongLong(gli_batch_node_count(batch));
  leave(self);
  return result;
}

static PyObject *batch_edge_count(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_batch *batch = enter(self);
  if (batch == NULL) return NULL;
  PyObject *result = PyLong_FromLongLong(gli_batch_edge_count(batch));
  leave(self);
  return result;
}

/* --- The end
 * ----------------------------------------------------------------------------------------- */

/* Take the batch out of the object, so that nobody else can use or end it. */
static gli_batch *take(PyObject *self) {
  if (SELF->batch == NULL) {
    PyErr_SetString(PyExc_RuntimeError, "the batch is over: it was committed or rolled back");
    return NULL;
  }
  if (SELF->users > 0) {
    PyErr_SetString(PyExc_RuntimeError, "another thread is using the batch");
    return NULL;
  }
  gli_batch *batch = SELF->batch;
  SELF->batch = NULL;
  return batch;
}

static PyObject *batch_commit(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_batch *batch = take(self);
  if (batch == NULL) return NULL;
  gli_error error;
  const gli_status status = gli_batch_commit(batch, &error);
  groggy_memory_note(SELF->graph->memory);
  return none_or_raise(self, status, &error);
}

static PyObject *batch_rollback(PyObject *self, PyObject *ignored) {
  (void)ignored;
  gli_batch *batch = take(self);
  if (batch == NULL) return NULL;
  gli_batch_discard(batch);
  groggy_memory_note(SELF->graph->memory);
  Py_RETURN_NONE;
}

static PyObject *batch_enter(PyObject *self, PyObject *ignored) {
  (void)ignored;
  if (enter(self) == NULL) return NULL;
  leave(self);
  return Py_NewRef(self);
}

static PyObject *batch_exit(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  if (SELF->batch == NULL) Py_RETURN_FALSE;
  const bool failed = count > 0 && args[0] != Py_None;
  PyObject *result = failed ? batch_rollback(self, NULL) : batch_commit(self, NULL);
  if (result == NULL) return NULL;
  Py_DECREF(result);
  Py_RETURN_FALSE;
}

static PyObject *batch_repr(PyObject *self) {
  if (SELF->batch == NULL) return PyUnicode_FromString("<Batch: over>");
  return PyUnicode_FromFormat("<Batch: %lld nodes, %lld edges once committed>",
                              (long long)gli_batch_node_count(SELF->batch),
                              (long long)gli_batch_edge_count(SELF->batch));
}

#define FAST(name) ((PyCFunction)(void (*)(void))(name))

static PyMethodDef batch_methods[] = {
    {"add_node", FAST(batch_add_node), METH_FASTCALL | METH_KEYWORDS,
     "add_node($self, id=None, /, **attributes)\n--\n\nStage adding a node; returns its id."},
    {"add_edge", FAST(batch_add_edge), METH_FASTCALL | METH_KEYWORDS,
     "add_edge($self, source, target, /, **attributes)\n--\n\n"
     "Stage adding an edge; returns the id that it will have."},
    {"update_node", FAST(batch_update_node), METH_FASTCALL | METH_KEYWORDS,
     "update_node($self, id, /, **attributes)\n--\n\nStage setting attributes of a node."},
    {"update_edge", FAST(batch_update_edge), METH_FASTCALL | METH_KEYWORDS,
     "update_edge($self, /, *edge, **attributes)\n--\n\nStage setting attributes of an edge."},
    {"remove_node", batch_remove_node, METH_O,
     "remove_node($self, id, /)\n--\n\nStage removing a node and its edges."},
    {"remove_edge", FAST(batch_remove_edge), METH_FASTCALL,
     "remove_edge($self, /, *edge)\n--\n\nStage removing an edge."},
    {"has_node", batch_has_node, METH_O,
     "has_node($self, id, /)\n--\n\nWhether the node will be there."},
    {"has_edge", FAST(batch_has_edge), METH_FASTCALL,
     "has_edge($self, /, *edge)\n--\n\nWhether the edge will be there."},
    {"get_node", batch_get_node, METH_O,
     "get_node($self, id, /)\n--\n\nThe node as the batch sees it, live: writes are staged."},
    {"get_edge", FAST(batch_get_edge), METH_FASTCALL | METH_KEYWORDS,
     "get_edge($self, /, *edge, id=None)\n--\n\nThe edge as the batch sees it, live."},
    {"batch_add_nodes", FAST(batch_add_nodes), METH_VARARGS | METH_KEYWORDS,
     "batch_add_nodes($self, items, /, **columns)\n--\n\nStage many nodes; returns how many are "
     "new."},
    {"batch_add_edges", FAST(batch_add_edges), METH_VARARGS | METH_KEYWORDS,
     "batch_add_edges($self, sources, targets=None, /, **columns)\n--\n\n"
     "Stage many edges; returns how many are new."},
    {"node_count", batch_node_count, METH_NOARGS,
     "node_count($self, /)\n--\n\nNumber of nodes once committed."},
    {"edge_count", batch_edge_count, METH_NOARGS,
     "edge_count($self, /)\n--\n\nNumber of edges once committed."},
    {"commit", batch_commit, METH_NOARGS,
     "commit($self, /)\n--\n\nApply everything, or raise BatchConflictError and apply nothing."},
    {"rollback", batch_rollback, METH_NOARGS, "rollback($self, /)\n--\n\nForget everything."},
    {"__enter__", batch_enter, METH_NOARGS, "__enter__($self, /)\n--\n\nThe batch itself."},
    {"__exit__", FAST(batch_exit), METH_FASTCALL,
     "__exit__($self, /, *exception)\n--\n\nCommit, or roll back after an exception."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef batch_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(GroggyBatch, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot batch_slots[] = {
    {Py_tp_doc, "Changes that happen together when the with-block ends, or not at all."},
    {Py_tp_dealloc, batch_dealloc},
    {Py_tp_traverse, batch_traverse},
    {Py_tp_methods, batch_methods},
    {Py_tp_members, batch_members},
    {Py_tp_repr, batch_repr},
    {0, NULL},
};

static PyType_Spec batch_spec = {
    .name = "groggy._core.Batch",
    .basicsize = sizeof(GroggyBatch),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = batch_slots,
};

int groggy_batch_type_init(PyObject *module, GroggyState *state) {
  state->batch_type = groggy_type_add(module, &batch_spec);
  return state->batch_type == NULL ? -1 : 0;
}
