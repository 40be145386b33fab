/* snapshot_type.c: a graph frozen at one version; algorithms run on it as on a graph. */
#include "groggy.h"

#define SELF ((GroggySnapshot *)self)

PyObject *groggy_snapshot_wrap(GroggyGraph *graph, gli_snapshot *snapshot) {
  GroggyState *state = graph->state;
  GroggySnapshot *self = (GroggySnapshot *)state->snapshot_type->tp_alloc(state->snapshot_type, 0);
  if (self == NULL) {
    gli_snapshot_free(snapshot);
    return NULL;
  }
  self->snapshot = snapshot;
  self->state = state;
  self->memory = groggy_memory_retain(graph->memory);
  self->backend = Py_NewRef(graph->backend);
  self->on_device_error = Py_NewRef(graph->on_device_error);
  self->device = Py_XNewRef(graph->device);
  return (PyObject *)self;
}

static void snapshot_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  if (SELF->weak_references != NULL) PyObject_ClearWeakRefs(self);
  gli_snapshot_free(SELF->snapshot);
  groggy_memory_drop(SELF->memory);
  Py_CLEAR(SELF->backend);
  Py_CLEAR(SELF->on_device_error);
  Py_CLEAR(SELF->device);
  type->tp_free(self);
  Py_DECREF(type);
}

static PyObject *snapshot_node_ids(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return groggy_snapshot_ids(SELF->snapshot, GLI_NODES);
}

static PyObject *snapshot_edge_ids(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return groggy_snapshot_ids(SELF->snapshot, GLI_EDGES);
}

static PyObject *snapshot_edge_pairs(PyObject *self, PyObject *ignored) {
  (void)ignored;
  return groggy_snapshot_pairs(SELF->snapshot);
}

static PyObject *snapshot_node_count(PyObject *self, void *closure) {
  (void)closure;
  return PyLong_FromLongLong(gli_snapshot_node_count(SELF->snapshot));
}

static PyObject *snapshot_edge_count(PyObject *self, void *closure) {
  (void)closure;
  return PyLong_FromLongLong(gli_snapshot_edge_count(SELF->snapshot));
}

static PyObject *snapshot_version(PyObject *self, void *closure) {
  (void)closure;
  return PyLong_FromUnsignedLongLong(gli_snapshot_version(SELF->snapshot));
}

static PyObject *snapshot_directed(PyObject *self, void *closure) {
  (void)closure;
  return PyBool_FromLong(gli_snapshot_is_directed(SELF->snapshot));
}

static PyObject *snapshot_multigraph(PyObject *self, void *closure) {
  (void)closure;
  return PyBool_FromLong(gli_snapshot_is_multigraph(SELF->snapshot));
}

static PyObject *snapshot_backend(PyObject *self, void *closure) {
  (void)closure;
  return Py_NewRef(SELF->backend);
}

static PyObject *snapshot_device(PyObject *self, void *closure) {
  (void)closure;
  return Py_NewRef(SELF->device == NULL ? Py_None : SELF->device);
}

static PyObject *snapshot_repr(PyObject *self) {
  const long long nodes = gli_snapshot_node_count(SELF->snapshot);
  const long long edges = gli_snapshot_edge_count(SELF->snapshot);
  return PyUnicode_FromFormat("<Snapshot: %lld node%s, %lld edge%s, version %llu>", nodes,
                              nodes == 1 ? "" : "s", edges, edges == 1 ? "" : "s",
                              (unsigned long long)gli_snapshot_version(SELF->snapshot));
}

static PyMethodDef snapshot_methods[] = {
    {"node_ids", snapshot_node_ids, METH_NOARGS,
     "node_ids($self, /)\n--\n\nIds of all nodes, a list."},
    {"edge_ids", snapshot_edge_ids, METH_NOARGS,
     "edge_ids($self, /)\n--\n\nIds of all edges, a list."},
    {"edge_pairs", snapshot_edge_pairs, METH_NOARGS,
     "edge_pairs($self, /)\n--\n\n(source, target) of all edges, a list."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef snapshot_properties[] = {
    {"node_count", snapshot_node_count, NULL, "Number of nodes.", NULL},
    {"edge_count", snapshot_edge_count, NULL, "Number of edges.", NULL},
    {"version", snapshot_version, NULL, "The graph's version when this was taken.", NULL},
    {"directed", snapshot_directed, NULL, "Whether edges have a direction.", NULL},
    {"multigraph", snapshot_multigraph, NULL, "Whether two nodes may have several edges.", NULL},
    {"backend", snapshot_backend, NULL, "The name of the graph's backend.", NULL},
    {"device", snapshot_device, NULL, "The device that the graph names, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef snapshot_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(GroggySnapshot, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot snapshot_slots[] = {
    {Py_tp_doc, "A graph frozen at one version: read-only, and algorithms run on it."},
    {Py_tp_dealloc, snapshot_dealloc},
    {Py_tp_methods, snapshot_methods},
    {Py_tp_getset, snapshot_properties},
    {Py_tp_members, snapshot_members},
    {Py_tp_repr, snapshot_repr},
    {0, NULL},
};

static PyType_Spec snapshot_spec = {
    .name = "groggy._core.Snapshot",
    .basicsize = sizeof(GroggySnapshot),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = snapshot_slots,
};

int groggy_snapshot_type_init(PyObject *module, GroggyState *state) {
  state->snapshot_type = groggy_type_add(module, &snapshot_spec);
  return state->snapshot_type == NULL ? -1 : 0;
}
