/* bulk_add.c: adding many nodes or edges in one call, all or nothing.
 *
 * Everything is read and checked first; then one call into libgli does the work in prefetched
 * groups, with the GIL released but for the raw methods. */
#include "bulk.h"

#define SELF ((GroggyGraph *)self)

/* --- Nodes
 * ---------------------------------------------------------------------------------------- */

typedef struct NodesCall {
  GroggyGraph *graph;
  GroggyIds ids;
  GroggyColumns columns;
  PyObject *names; /* of whole columns; may be NULL */
  PyObject *const *values;
} NodesCall;

static int read_whole_columns(GroggyColumns *columns, PyObject *names, PyObject *const *values) {
  const Py_ssize_t count = names == NULL ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < count; i++) {
    if (groggy_columns_add_column(columns, PyTuple_GET_ITEM(names, i), values[i]) < 0) return -1;
  }
  return 0;
}

/* Items lie scattered when their order is random: their tuples are fetched ahead, and then the ids
 * in them, whose text begins in the first cache line and may end in the second. */
#define TUPLES_AHEAD 16
#define IDS_AHEAD 8

static void prefetch_items(PyObject *items, int64_t row, Py_ssize_t id_count) {
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  if (row + TUPLES_AHEAD < count) __builtin_prefetch(PyTuple_GET_ITEM(items, row + TUPLES_AHEAD));
  if (row + IDS_AHEAD >= count) return;
  PyObject *item = PyTuple_GET_ITEM(items, row + IDS_AHEAD);
  if (!PyTuple_CheckExact(item) || PyTuple_GET_SIZE(item) < id_count) return;
  for (Py_ssize_t i = 0; i < id_count; i++) {
    const char *id = (const char *)PyTuple_GET_ITEM(item, i);
    __builtin_prefetch(id);
    __builtin_prefetch(id + 63);
  }
}

/* One item: an id, or a pair of an id and its attributes. */
static int read_node_item(NodesCall *call, PyObject *items, int64_t row) {
  PyObject *item = PyTuple_GET_ITEM(items, row);
  PyObject *id = item;
  if (GROGGY_LIKELY(PyTuple_CheckExact(item) && PyTuple_GET_SIZE(item) == 2)) {
    id = PyTuple_GET_ITEM(item, 0);
    if (groggy_columns_add_row(&call->columns, row, PyTuple_GET_ITEM(item, 1)) < 0) return -1;
  } else if (PyTuple_Check(item) || PyList_Check(item)) {
    if (PySequence_Fast_GET_SIZE(item) != 2) {
      groggy_raise_value(PyExc_TypeError, item,
                         "a node must be an id or a pair (id, attributes), not ");
      return -1;
    }
    /* A list may change: what the id borrows from is held on its own. */
    id = Py_NewRef(PySequence_Fast_GET_ITEM(item, 0));
    PyObject *mapping = Py_NewRef(PySequence_Fast_GET_ITEM(item, 1));
    int result = groggy_attributes_hold(&call->columns.holder, id);
    if (result == 0) result = groggy_columns_add_row(&call->columns, row, mapping);
    Py_DECREF(mapping);
    if (result < 0) return -1;
  }
  if (id == Py_None) {
    PyErr_SetString(PyExc_TypeError, "node id must be str or int, not NoneType");
    return -1;
  }
  return groggy_id(id, &call->ids.ids[row]);
}

static int read_node_items(NodesCall *call, PyObject *object) {
  PyObject *source = object;
  PyObject *pairs = NULL;
  if (PyDict_Check(object)) {
    pairs = PyDict_Items(object);
    if (pairs == NULL) return -1;
    source = pairs;
  }
  PyObject *items = groggy_tuple(source, "items");
  Py_XDECREF(pairs);
  if (items == NULL) return -1;
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  call->ids.objects = items;
  call->ids.count = call->columns.row_count = count;
  call->ids.ids = PyMem_RawMalloc(count == 0 ? 1 : (size_t)count * sizeof(gli_id));
  if (call->ids.ids == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  for (Py_ssize_t row = 0; row < count; row++) {
    prefetch_items(items, row, 1);
    if (read_node_item(call, items, row) < 0) return -1;
  }
  return 0;
}

/* Arrays of integers are taken as they are; -1 with an exception, 0 for anything else, 1 done. */
static int read_node_buffer(NodesCall *call, PyObject *object) {
  if (!PyObject_CheckBuffer(object) || PyBytes_Check(object) || PyByteArray_Check(object)) return 0;
  if (groggy_ids_read(&call->ids, object, "node ids") < 0) return -1;
  call->columns.row_count = call->ids.count;
  return 1;
}

static PyObject *add_nodes(GroggyGraph *graph, PyObject *items, PyObject *names,
                           PyObject *const *values, bool keep_gil) {
  NodesCall call = {.graph = graph, .names = names, .values = values};
  groggy_columns_init(&call.columns, graph->state, 0);
  GroggyWatch watch;
  gli_bulk_column *bulk = NULL;
  PyObject *result = NULL;
  if (groggy_watch_begin(graph->state, &watch, NULL, NULL, NULL, NULL) < 0) return NULL;
  int read = read_node_buffer(&call, items);
  if (read == 0) read = read_node_items(&call, items);
  if (read >= 0 && read_whole_columns(&call.columns, names, values) == 0 &&
      groggy_columns_finish(&call.columns, graph, &bulk) == 0) {
    int64_t added = 0;
    gli_error error;
    error.status = GLI_OK;
    if (!keep_gil) groggy_watch_release(&watch);
    const gli_status status =
        gli_graph_add_nodes(graph->graph, call.ids.count, call.ids.ids, call.ids.int_ids, bulk,
                            call.columns.count, &watch.control, &added, &error);
    if (!keep_gil) groggy_watch_retake(&watch);
    if (status != GLI_OK)
      groggy_raise(graph->state, &error);
    else
      result = PyLong_FromLongLong(added);
  }
  PyMem_RawFree(bulk);
  groggy_columns_free(&call.columns);
  groggy_ids_free(&call.ids);
  if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
  groggy_memory_report(graph->memory);
  return result;
}

PyObject *groggy_graph_add_nodes(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  if (count != 1)
    return groggy_raise_arguments("add_nodes()", count, "one positional argument, the items");
  return add_nodes(SELF, args[0], keyword_names, args + count, false);
}

PyObject *groggy_graph_add_nodes_raw(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                     PyObject *keyword_names) {
  if (count != 1 || groggy_no_keywords("batch_add_nodes_raw()", keyword_names) < 0)
    return PyErr_Occurred() ? NULL
                            : groggy_raise_arguments("batch_add_nodes_raw()", count, "the items");
  return add_nodes(SELF, args[0], NULL, NULL, true);
}

/* --- Edges
 * ----------------------------------------------------------------------------------------- */

typedef struct EdgesCall {
  GroggyIds sources, targets;
  GroggyColumns columns;
} EdgesCall;

static int read_edge_item(EdgesCall *call, PyObject *items, int64_t row) {
  PyObject *item = PyTuple_GET_ITEM(items, row);
  if (GROGGY_UNLIKELY(!PyTuple_CheckExact(item))) {
    if (!PyTuple_Check(item) && !PyList_Check(item)) {
      groggy_raise_value(PyExc_TypeError, item,
                         "an edge must be (source, target) or (source, target, attributes), not ");
      return -1;
    }
    item = PySequence_Tuple(item);
    if (item == NULL || groggy_attributes_hold(&call->columns.holder, item) < 0) return -1;
  }
  const Py_ssize_t size = PyTuple_GET_SIZE(item);
  if (size != 2 && size != 3) {
    groggy_raise_value(PyExc_TypeError, item,
                       "an edge must be (source, target) or (source, target, attributes), not ");
    return -1;
  }
  if (groggy_id(PyTuple_GET_ITEM(item, 0), &call->sources.ids[row]) < 0 ||
      groggy_id(PyTuple_GET_ITEM(item, 1), &call->targets.ids[row]) < 0)
    return -1;
  return size == 3 ? groggy_columns_add_row(&call->columns, row, PyTuple_GET_ITEM(item, 2)) : 0;
}

static int read_edge_items(EdgesCall *call, PyObject *object) {
  PyObject *items = groggy_tuple(object, "edges");
  if (items == NULL) return -1;
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  const size_t size = (count == 0 ? 1 : (size_t)count) * sizeof(gli_id);
  call->sources.objects = items;
  call->sources.count = call->targets.count = call->columns.row_count = count;
  call->sources.ids = PyMem_RawMalloc(size);
  call->targets.ids = PyMem_RawMalloc(size);
  if (call->sources.ids == NULL || call->targets.ids == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  for (Py_ssize_t row = 0; row < count; row++) {
    prefetch_items(items, row, 2);
    if (read_edge_item(call, items, row) < 0) return -1;
  }
  return 0;
}

static int read_edges(EdgesCall *call, PyObject *first, PyObject *second) {
  const bool is_buffer = PyObject_CheckBuffer(first) && !PyBytes_Check(first);
  if ((second == NULL || second == Py_None) && !is_buffer) return read_edge_items(call, first);
  if (groggy_pairs_read(&call->sources, &call->targets, first, second) < 0) return -1;
  call->columns.row_count = call->sources.count;
  return 0;
}

static PyObject *add_edges(GroggyGraph *graph, PyObject *first, PyObject *second, PyObject *names,
                           PyObject *const *values, bool keep_gil) {
  EdgesCall call;
  memset(&call, 0, sizeof call);
  groggy_columns_init(&call.columns, graph->state, 0);
  GroggyWatch watch;
  gli_bulk_column *bulk = NULL;
  PyObject *result = NULL;
  if (groggy_watch_begin(graph->state, &watch, NULL, NULL, NULL, NULL) < 0) return NULL;
  if (read_edges(&call, first, second) == 0 &&
      read_whole_columns(&call.columns, names, values) == 0 &&
      groggy_columns_finish(&call.columns, graph, &bulk) == 0) {
    int64_t added = 0;
    gli_error error;
    error.status = GLI_OK;
    if (!keep_gil) groggy_watch_release(&watch);
    const gli_status status = gli_graph_add_edges(
        graph->graph, call.sources.count, call.sources.ids, call.targets.ids, call.sources.int_ids,
        call.targets.int_ids, bulk, call.columns.count, &watch.control, NULL, &added, &error);
    if (!keep_gil) groggy_watch_retake(&watch);
    if (status != GLI_OK)
      groggy_raise(graph->state, &error);
    else
      result = PyLong_FromLongLong(added);
  }
  PyMem_RawFree(bulk);
  groggy_columns_free(&call.columns);
  groggy_ids_free(&call.sources);
  groggy_ids_free(&call.targets);
  if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
  groggy_memory_report(graph->memory);
  return result;
}

PyObject *groggy_graph_add_edges(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  if (count != 1 && count != 2)
    return groggy_raise_arguments("add_edges()", count, "the edges, or sources and targets");
  return add_edges(SELF, args[0], count == 2 ? args[1] : NULL, keyword_names, args + count, false);
}

PyObject *groggy_graph_add_edges_raw(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                     PyObject *keyword_names) {
  if (count != 1 || groggy_no_keywords("batch_add_edges_raw()", keyword_names) < 0)
    return PyErr_Occurred() ? NULL
                            : groggy_raise_arguments("batch_add_edges_raw()", count, "the items");
  return add_edges(SELF, args[0], NULL, NULL, NULL, true);
}
