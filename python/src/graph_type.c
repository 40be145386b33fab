/* graph_type.c: the type FastGraph: its life, its properties, the table of its methods.
 *
 * Methods stand in nodes.c, edges.c, bulk_*.c, columns.c and filters.c. */
#include "groggy.h"

#define FAST(name) ((PyCFunction)(void (*)(void))groggy_graph_##name)

/* --- Life ------------------------------------------------------------------------------------ */

static GroggyGraph *graph_allocate(GroggyState *state, PyTypeObject *type, gli_graph *graph,
                                   GroggyMemory *memory, PyObject *backend,
                                   PyObject *on_device_error, PyObject *device) {
  GroggyGraph *self = (GroggyGraph *)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  self->graph = graph;
  self->state = groggy_state_retain(state);
  self->memory = memory;
  self->directed = gli_graph_is_directed(graph);
  self->multigraph = gli_graph_is_multigraph(graph);
  Py_INCREF(backend);
  self->backend = backend;
  Py_INCREF(on_device_error);
  self->on_device_error = on_device_error;
  self->device = Py_XNewRef(device);
  return self;
}

PyObject *groggy_graph_wrap(GroggyState *state, PyTypeObject *type, gli_graph *graph,
                            GroggyMemory *memory, PyObject *backend, PyObject *on_device_error,
                            PyObject *device) {
  GroggyGraph *self = graph_allocate(state, type, graph, memory, backend, on_device_error, device);
  if (self == NULL) {
    gli_graph_free(graph);
    return NULL;
  }
  groggy_memory_retain(memory);
  groggy_memory_note(memory);
  return (PyObject *)self;
}

static PyObject *graph_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
  static char *names[] = {"directed", "multigraph", "backend", "on_device_error", "device", NULL};
  bool directed = true, multigraph = false;
  PyObject *backend = NULL, *on_device_error = NULL, *device = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O&O&$UUO:FastGraph", names, groggy_directed,
                                   &directed, groggy_multigraph, &multigraph, &backend,
                                   &on_device_error, &device))
    return NULL;
  if (device != Py_None && !PyUnicode_Check(device)) {
    PyErr_Format(PyExc_TypeError, "device must be str, not %.200s", Py_TYPE(device)->tp_name);
    return NULL;
  }
  GroggyState *state = groggy_state_of(type);
  GroggyMemory *memory = state == NULL ? NULL : groggy_memory_create();
  if (memory == NULL) return NULL;
  backend = backend == NULL ? PyUnicode_FromString("c") : Py_NewRef(backend);
  on_device_error =
      on_device_error == NULL ? PyUnicode_FromString("cpu") : Py_NewRef(on_device_error);
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.multigraph = multigraph;
  options.allocator = &memory->allocator;
  gli_graph *graph = NULL;
  gli_error error;
  GroggyGraph *self = NULL;
  if (backend != NULL && on_device_error != NULL) {
    if (gli_graph_create(&options, &graph, &error) != GLI_OK) {
      groggy_raise(state, &error);
    } else {
      self = graph_allocate(state, type, graph, memory, backend, on_device_error,
                            device == Py_None ? NULL : device);
      if (self == NULL) gli_graph_free(graph);
    }
  }
  Py_XDECREF(backend);
  Py_XDECREF(on_device_error);
  if (self == NULL) groggy_memory_drop(memory);
  return (PyObject *)self;
}

static int graph_traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(object));
  return 0;
}

static void graph_dealloc(PyObject *object) {
  GroggyGraph *self = (GroggyGraph *)object;
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  if (self->weak_references != NULL) PyObject_ClearWeakRefs(object);
  groggy_names_clear(self);
  gli_graph_free(self->graph);
  groggy_memory_drop(self->memory);
  Py_CLEAR(self->backend);
  Py_CLEAR(self->on_device_error);
  Py_CLEAR(self->device);
  Py_CLEAR(self->last_snapshot);
  if (self->state != NULL) groggy_state_drop(self->state);
  type->tp_free(object);
  Py_DECREF(type);
}

/* --- Small methods -----------------------------------------------------------------------------
 */

static PyObject *graph_node_count(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return PyLong_FromLongLong(gli_graph_node_count(((GroggyGraph *)self)->graph));
}

static PyObject *graph_edge_count(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return PyLong_FromLongLong(gli_graph_edge_count(((GroggyGraph *)self)->graph));
}

static Py_ssize_t graph_length(PyObject *self) {
  return (Py_ssize_t)gli_graph_node_count(((GroggyGraph *)self)->graph);
}

static int graph_bool(PyObject *self) {
  (void)self;
  return 1;
}

/* What can never be an id is not in the graph. */
static int graph_contains(PyObject *self, PyObject *object) {
  gli_id id;
  if (groggy_id(object, &id) < 0) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_ValueError) &&
        !PyErr_ExceptionMatches(PyExc_OverflowError))
      return -1;
    PyErr_Clear();
    return 0;
  }
  return gli_graph_has_node(((GroggyGraph *)self)->graph, &id) ? 1 : 0;
}

static PyObject *graph_iterate(PyObject *self) {
  return groggy_iterator((GroggyGraph *)self, GLI_NODES);
}

static PyObject *graph_copy(PyObject *object, PyObject *ignored) {
  (void)ignored;
  GroggyGraph *self = (GroggyGraph *)object;
  gli_graph *copy = NULL;
  gli_error error;
  if (gli_graph_copy(self->graph, &copy, &error) != GLI_OK)
    return groggy_raise(self->state, &error);
  return groggy_graph_wrap(self->state, Py_TYPE(object), copy, self->memory, self->backend,
                           self->on_device_error, self->device);
}

static PyObject *graph_clear(PyObject *object, PyObject *ignored) {
  (void)ignored;
  GroggyGraph *self = (GroggyGraph *)object;
  gli_error error;
  if (gli_graph_clear(self->graph, &error) != GLI_OK) return groggy_raise(self->state, &error);
  groggy_memory_note(self->memory);
  Py_RETURN_NONE;
}

static PyObject *graph_memory_usage(PyObject *object, PyObject *ignored) {
  (void)ignored;
  GroggyGraph *self = (GroggyGraph *)object;
  gli_memory_usage usage = {.struct_size = sizeof usage};
  gli_graph_memory_usage(self->graph, &usage);
  groggy_memory_report(self->memory);
  return Py_BuildValue("{sLsLsLsLsLsL}", "ids", (long long)usage.ids_bytes, "topology",
                       (long long)usage.topology_bytes, "node_columns",
                       (long long)usage.node_columns_bytes, "edge_columns",
                       (long long)usage.edge_columns_bytes, "values", (long long)usage.values_bytes,
                       "total", (long long)usage.total_bytes);
}

static PyObject *graph_batch_operations(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return groggy_batch_begin((GroggyGraph *)self);
}

gli_snapshot *groggy_snapshot_of(GroggyGraph *graph) {
  gli_snapshot *snapshot = NULL;
  gli_error error;
  PyThreadState *thread = groggy_gil_release();
  const gli_status status = gli_graph_snapshot(graph->graph, &snapshot, &error);
  groggy_gil_retake(thread);
  groggy_memory_note(graph->memory);
  if (status != GLI_OK) {
    groggy_raise(graph->state, &error);
    return NULL;
  }
  return snapshot;
}

/* An unchanged graph gives the same Snapshot as before, as long as somebody has it. */
static PyObject *graph_snapshot(PyObject *object, PyObject *ignored) {
  (void)ignored;
  GroggyGraph *self = (GroggyGraph *)object;
  gli_snapshot *snapshot = groggy_snapshot_of(self);
  if (snapshot == NULL) return NULL;
  if (self->last_snapshot != NULL) {
    PyObject *last = PyObject_CallNoArgs(self->last_snapshot);
    if (last != NULL && last != Py_None && ((GroggySnapshot *)last)->snapshot == snapshot) {
      gli_snapshot_free(snapshot);
      return last;
    }
    Py_XDECREF(last);
    PyErr_Clear();
  }
  PyObject *made = groggy_snapshot_wrap(self, snapshot);
  PyObject *reference = made == NULL ? NULL : PyWeakref_NewRef(made, NULL);
  if (reference == NULL) {
    Py_XDECREF(made);
    return NULL;
  }
  Py_XDECREF(self->last_snapshot);
  self->last_snapshot = reference;
  return made;
}

static PyObject *graph_repr(PyObject *object) {
  GroggyGraph *self = (GroggyGraph *)object;
  const char *name = strrchr(Py_TYPE(object)->tp_name, '.');
  const long long nodes = gli_graph_node_count(self->graph);
  const long long edges = gli_graph_edge_count(self->graph);
  return PyUnicode_FromFormat("<%s: %lld node%s, %lld edge%s, %s%s, backend %U>",
                              name == NULL ? Py_TYPE(object)->tp_name : name + 1, nodes,
                              nodes == 1 ? "" : "s", edges, edges == 1 ? "" : "s",
                              self->directed ? "directed" : "undirected",
                              self->multigraph ? ", multigraph" : "", self->backend);
}

/* --- Properties --------------------------------------------------------------------------------
 */

static PyObject *graph_get_directed(PyObject *self, void *closure) {
  (void)closure;
  return PyBool_FromLong(((GroggyGraph *)self)->directed);
}

static PyObject *graph_get_multigraph(PyObject *self, void *closure) {
  (void)closure;
  return PyBool_FromLong(((GroggyGraph *)self)->multigraph);
}

static PyObject *graph_get_version(PyObject *self, void *closure) {
  (void)closure;
  return PyLong_FromUnsignedLongLong(gli_graph_version(((GroggyGraph *)self)->graph));
}

static PyObject *graph_get_backend(PyObject *self, void *closure) {
  (void)closure;
  return Py_NewRef(((GroggyGraph *)self)->backend);
}

static PyObject *graph_get_nodes(PyObject *self, void *closure) {
  (void)closure;
  return groggy_view((GroggyGraph *)self, GLI_NODES);
}

static PyObject *graph_get_edges_view(PyObject *self, void *closure) {
  (void)closure;
  return groggy_view((GroggyGraph *)self, GLI_EDGES);
}

static PyObject *graph_get_device(PyObject *self, void *closure) {
  (void)closure;
  PyObject *device = ((GroggyGraph *)self)->device;
  return Py_NewRef(device == NULL ? Py_None : device);
}

static PyGetSetDef graph_properties[] = {
    {"directed", graph_get_directed, NULL, "Whether edges have a direction.", NULL},
    {"multigraph", graph_get_multigraph, NULL, "Whether two nodes may have several edges.", NULL},
    {"version", graph_get_version, NULL, "A number that changes with every change of content.",
     NULL},
    {"backend", graph_get_backend, NULL, "The name of the backend, as it was asked for.", NULL},
    {"device", graph_get_device, NULL, "The device that was asked for, or None.", NULL},
    {"nodes", graph_get_nodes, NULL, "A live view of the nodes: id -> Node.", NULL},
    {"edges", graph_get_edges_view, NULL, "A live view of the edges: edge id -> Edge.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* --- Methods -----------------------------------------------------------------------------------
 */

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef graph_methods[] = {
    {"add_node", FAST(add_node), KEYWORDS,
     "add_node($self, id=None, /, **attributes)\n--\n\n"
     "Add a node, or merge attributes into the one with this id; returns its id.\n\n"
     "Without an id it gets the integer above every integer id used so far, from 0."},
    {"add_edge", FAST(add_edge), KEYWORDS,
     "add_edge($self, source, target, /, **attributes)\n--\n\n"
     "Add an edge, creating ends that are not there; returns its id, an int.\n\n"
     "In a simple graph an edge that is there already is kept and its attributes are merged; in a\n"
     "multigraph a parallel edge is added."},
    {"update_node", FAST(update_node), KEYWORDS,
     "update_node($self, id, /, **attributes)\n--\n\n"
     "Set attributes of a node that is there, else NodeNotFoundError."},
    {"update_edge", FAST(update_edge), KEYWORDS,
     "update_edge($self, /, *edge, **attributes)\n--\n\n"
     "Set attributes of an edge: update_edge(edge_id, ...) or update_edge(source, target, ...)."},
    {"remove_node", FAST(remove_node), KEYWORDS,
     "remove_node($self, id, /)\n--\n\nRemove a node and its edges."},
    {"remove_edge", FAST(remove_edge), KEYWORDS,
     "remove_edge($self, /, *edge)\n--\n\n"
     "Remove an edge: remove_edge(edge_id) or remove_edge(source, target)."},
    {"has_node", FAST(has_node), KEYWORDS,
     "has_node($self, id, /)\n--\n\nWhether a node has this id."},
    {"has_edge", FAST(has_edge), KEYWORDS,
     "has_edge($self, /, *edge)\n--\n\n"
     "Whether there is an edge: has_edge(source, target) or has_edge(edge_id)."},
    {"get_node", FAST(get_node), KEYWORDS,
     "get_node($self, id, /)\n--\n\nThe node: a live mapping of its attributes, with ``id``."},
    {"get_edge", FAST(get_edge), KEYWORDS,
     "get_edge($self, /, *edge, id=None)\n--\n\n"
     "The edge: get_edge(edge_id) or get_edge(source, target); a live mapping of its attributes,\n"
     "with ``id``, ``source`` and ``target``. Multigraph: the newest, or the one with this id."},
    {"get_neighbors", FAST(get_neighbors), KEYWORDS,
     "get_neighbors($self, id, /, direction='out')\n--\n\n"
     "Ids of a node's neighbours, each once, in the order of their edges.\n\n"
     "direction is 'out' (successors), 'in' (predecessors) or 'both'; undirected graphs: all."},
    {"neighbors", FAST(get_neighbors), KEYWORDS,
     "neighbors($self, id, /, direction='out')\n--\n\nThe same as get_neighbors."},
    {"get_edges", FAST(get_edges), KEYWORDS,
     "get_edges($self, id, /, direction='out')\n--\n\nIds of a node's edges, in their order."},
    {"degree", FAST(degree), KEYWORDS,
     "degree($self, id, /, direction='both')\n--\n\n"
     "Number of edge ends at a node; a self-loop counts 2 ('both')."},
    {"node_count", graph_node_count, METH_NOARGS, "node_count($self, /)\n--\n\nNumber of nodes."},
    {"edge_count", graph_edge_count, METH_NOARGS, "edge_count($self, /)\n--\n\nNumber of edges."},
    {"add_nodes", FAST(add_nodes), KEYWORDS,
     "add_nodes($self, items, /, **columns)\n--\n\n"
     "Add many nodes, all or none; returns how many are new.\n\n"
     "items: ids, (id, attributes) pairs, a dict id -> attributes, or an array of ints.\n"
     "columns: attribute name -> one value per item."},
    {"batch_add_nodes", FAST(add_nodes), KEYWORDS,
     "batch_add_nodes($self, items, /, **columns)\n--\n\nThe same as add_nodes."},
    {"add_edges", FAST(add_edges), KEYWORDS,
     "add_edges($self, sources, targets=None, /, **columns)\n--\n\n"
     "Add many edges, all or none; returns how many are new.\n\n"
     "Either one argument: (source, target) or (source, target, attributes) tuples or an (m, 2)\n"
     "array of ints; or two: sources and targets. columns: attribute name -> one value per edge."},
    {"batch_add_edges", FAST(add_edges), KEYWORDS,
     "batch_add_edges($self, sources, targets=None, /, **columns)\n--\n\nThe same as add_edges."},
    {"batch_add_nodes_raw", FAST(add_nodes_raw), KEYWORDS,
     "batch_add_nodes_raw($self, items, /)\n--\n\n"
     "add_nodes for a list of (id, dict) tuples or ids, the fastest way in; keeps the GIL."},
    {"batch_add_edges_raw", FAST(add_edges_raw), KEYWORDS,
     "batch_add_edges_raw($self, items, /)\n--\n\n"
     "add_edges for a list of (source, target) or (source, target, dict) tuples, the fastest way\n"
     "in; keeps the GIL."},
    {"update_nodes", FAST(update_nodes), KEYWORDS,
     "update_nodes($self, attributes, /)\n--\n\nSet attributes of many nodes: a dict id -> dict."},
    {"remove_nodes", FAST(remove_nodes), KEYWORDS,
     "remove_nodes($self, ids, /)\n--\n\nRemove nodes, all or none; returns how many."},
    {"remove_edges", FAST(remove_edges), KEYWORDS,
     "remove_edges($self, edges, /)\n--\n\n"
     "Remove edges (ids or (source, target) pairs), all or none; returns how many."},
    {"has_nodes", FAST(has_nodes), KEYWORDS,
     "has_nodes($self, ids, /)\n--\n\n"
     "Whether each id is there: a list of bool, or an array when given one."},
    {"has_edges", FAST(has_edges), KEYWORDS,
     "has_edges($self, sources, targets=None, /)\n--\n\n"
     "Whether each pair is joined: pairs, or sources and targets. A list, or an array for arrays."},
    {"get_many", FAST(get_many), KEYWORDS,
     "get_many($self, ids, attribute, default=None)\n--\n\nOne attribute of many nodes, a list."},
    {"neighbors_of", FAST(neighbors_of), KEYWORDS,
     "neighbors_of($self, ids, direction='out')\n--\n\nget_neighbors of many nodes, a list of "
     "lists."},
    {"_degrees_of", FAST(degrees_of), KEYWORDS,
     "_degrees_of($self, ids, direction='both')\n--\n\ndegree of many nodes: a list, or an array "
     "where `ids` is one."},
    {"node_column", FAST(node_column), KEYWORDS,
     "node_column($self, name, default=None)\n--\n\n"
     "One attribute of all nodes as a NumPy array in node order: int64, float64 or bool where all\n"
     "are of that type, else object."},
    {"edge_column", FAST(edge_column), KEYWORDS,
     "edge_column($self, name, default=None)\n--\n\nOne attribute of all edges; see node_column."},
    {"set_node_column", FAST(set_node_column), KEYWORDS,
     "set_node_column($self, name, values, ids=None)\n--\n\n"
     "Set one attribute of all nodes, in node order, or of the nodes in `ids`."},
    {"set_edge_column", FAST(set_edge_column), KEYWORDS,
     "set_edge_column($self, name, values, ids=None)\n--\n\n"
     "Set one attribute of all edges, in edge order, or of the edges in `ids`."},
    {"node_ids", groggy_graph_node_ids, METH_NOARGS,
     "node_ids($self, /)\n--\n\nIds of all nodes, a list."},
    {"edge_ids", groggy_graph_edge_ids, METH_NOARGS,
     "edge_ids($self, /)\n--\n\nIds of all edges, a list."},
    {"edge_pairs", groggy_graph_edge_pairs, METH_NOARGS,
     "edge_pairs($self, /)\n--\n\n(source, target) of all edges, a list in edge order."},
    {"edge_array", groggy_graph_edge_array, METH_NOARGS,
     "edge_array($self, /)\n--\n\n"
     "Positions of the ends of all edges among the nodes, an int64 array (m, 2)."},
    {"node_attributes", groggy_graph_node_attributes, METH_NOARGS,
     "node_attributes($self, /)\n--\n\n"
     "Names that nodes have now, with their types: 'bool', 'int', 'float', 'str', 'value', "
     "'mixed'."},
    {"edge_attributes", groggy_graph_edge_attributes, METH_NOARGS,
     "edge_attributes($self, /)\n--\n\nNames that edges have now; see node_attributes."},
    {"filter_nodes", FAST(filter_nodes), KEYWORDS,
     "filter_nodes($self, condition=None, /, **equals)\n--\n\n"
     "Ids of the nodes for which the condition holds and the attributes equal.\n\n"
     "condition: an expression such as \"age > 30 and city == 'NYC'\", or a callable(Node)."},
    {"filter_edges", FAST(filter_edges), KEYWORDS,
     "filter_edges($self, condition=None, /, **equals)\n--\n\nIds of edges; see filter_nodes."},
    {"node_mask", FAST(node_mask), KEYWORDS,
     "node_mask($self, expression)\n--\n\nThe expression for each node, a bool array in node "
     "order."},
    {"edge_mask", FAST(edge_mask), KEYWORDS,
     "edge_mask($self, expression)\n--\n\nThe expression for each edge, a bool array in edge "
     "order."},
    {"subgraph", FAST(subgraph), KEYWORDS,
     "subgraph($self, ids, /)\n--\n\n"
     "A new graph of these nodes and the edges between them, attributes and edge ids kept."},
    {"edge_subgraph", FAST(edge_subgraph), KEYWORDS,
     "edge_subgraph($self, edge_ids, /)\n--\n\nA new graph of these edges and their ends."},
    {"batch_operations", graph_batch_operations, METH_NOARGS,
     "batch_operations($self, /)\n--\n\n"
     "A batch for a with-block: its changes happen together at the end, or not at all."},
    {"snapshot", graph_snapshot, METH_NOARGS,
     "snapshot($self, /)\n--\n\nThe graph as it is now, frozen; algorithms run on it too."},
    {"copy", graph_copy, METH_NOARGS,
     "copy($self, /)\n--\n\nA graph of its own with the same content."},
    {"__copy__", graph_copy, METH_NOARGS, "__copy__($self, /)\n--\n\nThe same as copy()."},
    {"__deepcopy__", graph_copy, METH_O, "__deepcopy__($self, memo, /)\n--\n\nThe same as copy()."},
    {"clear", graph_clear, METH_NOARGS,
     "clear($self, /)\n--\n\nRemove all nodes and edges; used-up ids stay used."},
    {"memory_usage", graph_memory_usage, METH_NOARGS,
     "memory_usage($self, /)\n--\n\nBytes by what they hold, and 'total'."},
    {"pin", FAST(pin), KEYWORDS,
     "pin($self, /, device=None)\n--\n\n"
     "Bring the graph to a device and keep it there until unpin(); what changes follows.\n\n"
     "device: as for Graph; by default the graph's own, GLI_DEVICE's, or the first GPU."},
    {"unpin", FAST(unpin), KEYWORDS,
     "unpin($self, /, device=None)\n--\n\n"
     "Let the graph make room for others on a device again, or on all."},
    {"device_memory", groggy_graph_device_memory, METH_NOARGS,
     "device_memory($self, /)\n--\n\n"
     "What devices hold of the graph: 'opencl:0' -> held_bytes, full_uploads, delta_uploads,\n"
     "uploaded_bytes, pinned. Waits for a call that is running there."},
    {"write", FAST(write), KEYWORDS,
     "write($self, path, format=None, delimiter=None, header=True, progress=None)\n--\n\n"
     "Write to a file: an edge list, or METIS (by name: .graph, .metis); .gz and .zst compress.\n\n"
     "delimiter and header are for edge lists; progress: True or a callable(done, total)."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef graph_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(GroggyGraph, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(graph_doc,
             "FastGraph(directed=True, multigraph=False, *, backend='c', on_device_error='cpu', "
             "device=None)\n--\n\n"
             "A mutable property graph in C; what Graph is built on, and usable alone.");

static PyType_Slot graph_slots[] = {
    {Py_tp_doc, (void *)graph_doc},
    {Py_tp_new, graph_new},
    {Py_tp_dealloc, graph_dealloc},
    {Py_tp_traverse, graph_traverse},
    {Py_tp_methods, graph_methods},
    {Py_tp_getset, graph_properties},
    {Py_tp_members, graph_members},
    {Py_tp_repr, graph_repr},
    {Py_tp_iter, graph_iterate},
    {Py_sq_length, graph_length},
    {Py_sq_contains, graph_contains},
    {Py_nb_bool, graph_bool},
    {0, NULL},
};

static PyType_Spec graph_spec = {
    .name = "groggy._core.FastGraph",
    .basicsize = sizeof(GroggyGraph),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = graph_slots,
};

/* The interpreter calls a method without detours only on objects of the very type that it was
 * defined for: so the one subclass that everybody uses gets methods of its own, the same functions.
 * 140 instructions less a call. */
PyObject *groggy_adopt_methods(PyObject *module, PyObject *object) {
  GroggyState *state = groggy_state(module);
  if (!PyType_Check(object) || !PyType_IsSubtype((PyTypeObject *)object, state->graph_type)) {
    PyErr_Format(PyExc_TypeError, "expected a subclass of FastGraph, not %R", object);
    return NULL;
  }
  PyTypeObject *type = (PyTypeObject *)object;
  for (PyMethodDef *method = graph_methods; method->ml_name != NULL; method++) {
    PyObject *inherited = PyObject_GetAttrString(object, method->ml_name);
    if (inherited == NULL) return NULL;
    const bool is_ours = Py_TYPE(inherited) == &PyMethodDescr_Type &&
                         ((PyMethodDescrObject *)inherited)->d_method == method;
    Py_DECREF(inherited);
    if (!is_ours) continue; /* replaced since */
    PyObject *own = PyDescr_NewMethod(type, method);
    const int failed = own == NULL ? -1 : PyObject_SetAttrString(object, method->ml_name, own);
    Py_XDECREF(own);
    if (failed < 0) return NULL;
  }
  Py_RETURN_NONE;
}

int groggy_graph_type_init(PyObject *module, GroggyState *state) {
  state->graph_type = groggy_type_add(module, &graph_spec);
  return state->graph_type == NULL ? -1 : 0;
}
