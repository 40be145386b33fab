/* views.c: g.nodes and g.edges, live views, and the iterators over ids.
 *
 * An iterator takes no snapshot: it walks the graph in blocks of WALK_BLOCK ids, and at each step
 * looks whether nodes (edges) were added or removed since it began, as a dict's does. The graph's
 * version is one atomic load; only when it changed is the graph asked what changed. */
#include "groggy.h"

#define WALK_BLOCK 32

typedef struct View {
  PyObject_HEAD GroggyGraph *graph;
} View;

typedef struct Iterator {
  PyObject_HEAD GroggyGraph *graph; /* NULL: exhausted */
  gli_walk walk;
  uint64_t version;
  gli_side side;
  int next, count;
  PyObject *ids[WALK_BLOCK];
} Iterator;

/* --- Iterators ---------------------------------------------------------------------------------
 */

static PyObject *raise_changed(const Iterator *self) {
  PyErr_Format(PyExc_RuntimeError, "%s were added or removed during iteration",
               self->side == GLI_NODES ? "nodes" : "edges");
  return NULL;
}

/* The next block of ids as objects; under the graph's shared lock only str and int are made. */
static int iterator_fill(Iterator *self) {
  gli_id ids[WALK_BLOCK];
  int64_t numbers[WALK_BLOCK];
  size_t count = 0;
  gli_error error;
  gli_graph *graph = self->graph->graph;
  if (gli_graph_read_begin(graph, &error) != GLI_OK) {
    groggy_raise(self->graph->state, &error);
    return -1;
  }
  self->version = gli_graph_version(graph);
  const gli_status status =
      gli_graph_walk(graph, self->side, &self->walk, WALK_BLOCK,
                     self->side == GLI_NODES ? ids : NULL, numbers, &count, &error);
  self->next = self->count = 0;
  for (size_t i = 0; status == GLI_OK && i < count; i++) {
    PyObject *id =
        self->side == GLI_NODES ? groggy_id_object(&ids[i]) : PyLong_FromLongLong(numbers[i]);
    if (id == NULL) break;
    self->ids[self->count++] = id;
  }
  gli_graph_read_end(graph);
  if (status == GLI_ERROR_CONFLICT)
    raise_changed(self);
  else if (status != GLI_OK)
    groggy_raise(self->graph->state, &error);
  return PyErr_Occurred() ? -1 : 0;
}

static int iterator_check(Iterator *self) {
  const uint64_t version = gli_graph_version(self->graph->graph);
  if (GROGGY_LIKELY(version == self->version)) return 0;
  size_t count = 0;
  gli_error error;
  const gli_status status =
      gli_graph_walk(self->graph->graph, self->side, &self->walk, 0, NULL, NULL, &count, &error);
  self->version = version;
  if (status == GLI_ERROR_CONFLICT)
    raise_changed(self);
  else if (status != GLI_OK)
    groggy_raise(self->graph->state, &error);
  return status == GLI_OK ? 0 : -1;
}

static PyObject *iterator_next(PyObject *object) {
  Iterator *self = (Iterator *)object;
  if (self->graph == NULL || iterator_check(self) < 0) return NULL;
  if (self->next == self->count && iterator_fill(self) < 0) return NULL;
  if (self->next < self->count) {
    PyObject *id = self->ids[self->next];
    self->ids[self->next++] = NULL;
    return id;
  }
  Py_CLEAR(self->graph);
  return NULL;
}

static int iterator_traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(((Iterator *)object)->graph);
  return 0;
}

static int iterator_clear(PyObject *object) {
  Py_CLEAR(((Iterator *)object)->graph);
  return 0;
}

static void iterator_dealloc(PyObject *object) {
  Iterator *self = (Iterator *)object;
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  for (int i = self->next; i < self->count; i++)
    Py_DECREF(self->ids[i]);
  Py_CLEAR(self->graph);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyObject *groggy_iterator(GroggyGraph *graph, gli_side side) {
  Iterator *self = PyObject_GC_New(Iterator, graph->state->iterator_type);
  if (self == NULL) return NULL;
  Py_INCREF(graph);
  self->graph = graph;
  self->walk = (gli_walk){0};
  self->side = side;
  self->next = self->count = 0;
  PyObject_GC_Track(self);
  /* The walk begins now, not at the first step. */
  self->version = gli_graph_version(graph->graph);
  size_t count = 0;
  gli_error error;
  if (gli_graph_walk(graph->graph, side, &self->walk, 0, NULL, NULL, &count, &error) != GLI_OK) {
    groggy_raise(graph->state, &error);
    Py_CLEAR(self);
  }
  return (PyObject *)self;
}

static PyType_Slot iterator_slots[] = {
    {Py_tp_doc, "Ids of a graph's nodes or edges."},
    {Py_tp_dealloc, iterator_dealloc},
    {Py_tp_traverse, iterator_traverse},
    {Py_tp_clear, iterator_clear},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, iterator_next},
    {0, NULL},
};

static PyType_Spec iterator_spec = {
    .name = "groggy._core.IdIterator",
    .basicsize = sizeof(Iterator),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = iterator_slots,
};

/* --- Views ---------------------------------------------------------------------------------------
 */

PyObject *groggy_view(GroggyGraph *graph, gli_side side) {
  PyTypeObject *type =
      side == GLI_NODES ? graph->state->nodes_view_type : graph->state->edges_view_type;
  View *self = PyObject_GC_New(View, type);
  if (self == NULL) return NULL;
  Py_INCREF(graph);
  self->graph = graph;
  PyObject_GC_Track(self);
  return (PyObject *)self;
}

static gli_side view_side(PyObject *self) {
  const GroggyGraph *graph = ((View *)self)->graph;
  return Py_TYPE(self) == graph->state->nodes_view_type ? GLI_NODES : GLI_EDGES;
}

static int view_traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(((View *)object)->graph);
  return 0;
}

static int view_clear(PyObject *object) {
  Py_CLEAR(((View *)object)->graph);
  return 0;
}

static void view_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  (void)view_clear(object);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

static Py_ssize_t view_length(PyObject *self) {
  gli_graph *graph = ((View *)self)->graph->graph;
  return (Py_ssize_t)(view_side(self) == GLI_NODES ? gli_graph_node_count(graph)
                                                   : gli_graph_edge_count(graph));
}

static PyObject *view_iterate(PyObject *self) {
  return groggy_iterator(((View *)self)->graph, view_side(self));
}

/* An edge is asked for by its id or by the pair of its ends. */
static PyObject *view_call(PyObject *self, PyObject *key,
                           PyObject *(*node_method)(PyObject *, PyObject *const *, Py_ssize_t,
                                                    PyObject *),
                           PyObject *(*edge_method)(PyObject *, PyObject *const *, Py_ssize_t,
                                                    PyObject *)) {
  PyObject *graph = (PyObject *)((View *)self)->graph;
  if (view_side(self) == GLI_NODES) return node_method(graph, &key, 1, NULL);
  if (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 2) {
    PyObject *const ends[] = {PyTuple_GET_ITEM(key, 0), PyTuple_GET_ITEM(key, 1)};
    return edge_method(graph, ends, 2, NULL);
  }
  return edge_method(graph, &key, 1, NULL);
}

static PyObject *view_subscript(PyObject *self, PyObject *key) {
  return view_call(self, key, groggy_graph_get_node, groggy_graph_get_edge);
}

static int view_contains(PyObject *self, PyObject *key) {
  PyObject *answer = view_call(self, key, groggy_graph_has_node, groggy_graph_has_edge);
  if (answer == NULL) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_ValueError) &&
        !PyErr_ExceptionMatches(PyExc_OverflowError))
      return -1;
    PyErr_Clear();
    return 0;
  }
  const int result = answer == Py_True;
  Py_DECREF(answer);
  return result;
}

#define VIEW_SHOWN 10

static PyObject *view_repr(PyObject *self) {
  const bool nodes = view_side(self) == GLI_NODES;
  const Py_ssize_t count = view_length(self);
  PyObject *iterator = view_iterate(self);
  PyObject *shown = iterator == NULL ? NULL : PyList_New(0);
  for (int i = 0; shown != NULL && i < VIEW_SHOWN; i++) {
    PyObject *id = iterator_next(iterator);
    PyObject *text = id == NULL ? NULL : PyObject_Repr(id);
    if ((id == NULL && PyErr_Occurred()) || (id != NULL && text == NULL) ||
        (text != NULL && PyList_Append(shown, text) < 0))
      Py_CLEAR(shown);
    Py_XDECREF(id);
    Py_XDECREF(text);
    if (id == NULL) break;
  }
  Py_XDECREF(iterator);
  PyObject *separator = shown == NULL ? NULL : PyUnicode_FromString(", ");
  PyObject *joined = separator == NULL ? NULL : PyUnicode_Join(separator, shown);
  PyObject *counts = joined == NULL ? NULL : PyLong_FromSsize_t(count);
  PyObject *more = counts == NULL ? NULL : PyLong_FromSsize_t(count - VIEW_SHOWN);
  PyObject *format =
      more == NULL ? NULL
                   : PyUnicode_FromString(count > VIEW_SHOWN ? "<{}: {:,} [{}, ... {:,} more]>"
                                                             : "<{}: {:,} [{}]>");
  PyObject *result = format == NULL
                         ? NULL
                         : PyObject_CallMethod(format, "format", "sOOO", nodes ? "nodes" : "edges",
                                               counts, joined, more);
  Py_XDECREF(shown);
  Py_XDECREF(separator);
  Py_XDECREF(joined);
  Py_XDECREF(counts);
  Py_XDECREF(more);
  Py_XDECREF(format);
  return result;
}

#define VIEW_SLOTS(doc)                                                                       \
  {Py_tp_doc, (void *)(doc)}, {Py_tp_dealloc, view_dealloc}, {Py_tp_traverse, view_traverse}, \
      {Py_tp_clear, view_clear}, {Py_tp_repr, view_repr}, {Py_tp_iter, view_iterate},         \
      {Py_tp_hash, PyObject_HashNotImplemented}, {Py_mp_subscript, view_subscript},           \
      {Py_mp_length, view_length}, {Py_sq_contains, view_contains}, {                         \
    0, NULL                                                                                   \
  }

static PyType_Slot nodes_view_slots[] = {
    VIEW_SLOTS("A live view of the nodes: a mapping id -> Node, in node order.")};
static PyType_Slot edges_view_slots[] = {
    VIEW_SLOTS("A live view of the edges: a mapping edge id -> Edge; also [source, target].")};

#define VIEW_FLAGS \
  (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_MAPPING)

static PyType_Spec nodes_view_spec = {
    .name = "groggy._core.NodesView",
    .basicsize = sizeof(View),
    .flags = VIEW_FLAGS,
    .slots = nodes_view_slots,
};
static PyType_Spec edges_view_spec = {
    .name = "groggy._core.EdgesView",
    .basicsize = sizeof(View),
    .flags = VIEW_FLAGS,
    .slots = edges_view_slots,
};

int groggy_view_types_init(PyObject *module, GroggyState *state) {
  static const char *const borrowed[] = {"keys", "values", "items", "get", "__eq__", NULL};
  state->iterator_type = groggy_type_add(module, &iterator_spec);
  state->nodes_view_type = groggy_type_add(module, &nodes_view_spec);
  state->edges_view_type = groggy_type_add(module, &edges_view_spec);
  if (state->iterator_type == NULL || state->nodes_view_type == NULL ||
      state->edges_view_type == NULL)
    return -1;
  return groggy_borrow_methods(state->nodes_view_type, "Mapping", borrowed) < 0 ||
                 groggy_borrow_methods(state->edges_view_type, "Mapping", borrowed) < 0
             ? -1
             : 0;
}
