/* parts.c: subgraphs, k hops, and files. */
#include "bulk.h"

#define SELF ((GroggyGraph *)self)

/* --- Subgraphs
 * ---------------------------------------------------------------------------------------------- */

static int compare_positions(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return a < b ? -1 : a > b;
}

/* Rising, each once. */
static int64_t sort_unique(int64_t *positions, int64_t count) {
  qsort(positions, (size_t)count, sizeof *positions, compare_positions);
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    if (kept == 0 || positions[kept - 1] != positions[i]) positions[kept++] = positions[i];
  }
  return kept;
}

static int64_t *part_positions(GroggyGraph *graph, gli_snapshot *snapshot, gli_side side,
                               PyObject *object, int64_t *count_out) {
  GroggyIds ids;
  if (groggy_ids_read(&ids, object, side == GLI_NODES ? "ids" : "edge ids") < 0) return NULL;
  int64_t *positions = PyMem_RawMalloc(((size_t)ids.count + 1) * sizeof *positions);
  if (positions == NULL) PyErr_NoMemory();
  for (int64_t i = 0; positions != NULL && i < ids.count; i++) {
    const gli_id id = ids.ids != NULL ? ids.ids[i] : gli_id_int(ids.int_ids[i]);
    PyObject *shown = NULL;
    if (side == GLI_NODES) {
      positions[i] = gli_snapshot_find_node(snapshot, &id);
    } else if (id.kind != GLI_ID_INT) {
      PyErr_SetString(PyExc_TypeError, "edge id must be int, not str");
      break;
    } else {
      positions[i] = gli_snapshot_find_edge(snapshot, id.as.integer);
    }
    if (positions[i] >= 0) continue;
    shown = groggy_id_object(&id);
    if (shown != NULL && side == GLI_NODES)
      groggy_raise_node_missing(graph->state, shown);
    else if (shown != NULL)
      PyErr_Format(graph->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no edge has the id %R", shown);
    Py_XDECREF(shown);
    break;
  }
  *count_out = ids.count;
  groggy_ids_free(&ids);
  if (PyErr_Occurred()) {
    PyMem_RawFree(positions);
    return NULL;
  }
  *count_out = sort_unique(positions, *count_out);
  return positions;
}

static PyObject *part(GroggyGraph *graph, gli_side side, const char *function,
                      PyObject *const *args, Py_ssize_t count, PyObject *keyword_names) {
  if (groggy_no_keywords(function, keyword_names) < 0) return NULL;
  if (count != 1) return groggy_raise_arguments(function, count, "the ids");
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  int64_t position_count = 0;
  int64_t *positions = part_positions(graph, snapshot, side, args[0], &position_count);
  PyObject *result = NULL;
  if (positions != NULL) {
    gli_graph *made = NULL;
    gli_error error;
    PyThreadState *thread = groggy_gil_release();
    const gli_status status =
        side == GLI_NODES
            ? gli_snapshot_subgraph(snapshot, positions, position_count, &made, &error)
            : gli_snapshot_edge_subgraph(snapshot, positions, position_count, &made, &error);
    groggy_gil_retake(thread);
    result = status != GLI_OK
                 ? groggy_raise(graph->state, &error)
                 : groggy_graph_wrap(graph->state, Py_TYPE(graph), made, graph->memory,
                                     graph->backend, graph->on_device_error, graph->device);
  }
  PyMem_RawFree(positions);
  gli_snapshot_free(snapshot);
  return result;
}

PyObject *groggy_graph_subgraph(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  return part(SELF, GLI_NODES, "subgraph()", args, count, keyword_names);
}

PyObject *groggy_graph_edge_subgraph(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                     PyObject *keyword_names) {
  return part(SELF, GLI_EDGES, "edge_subgraph()", args, count, keyword_names);
}

/* --- Files
 * ------------------------------------------------------------------------------------------------------
 */

static PyObject *raise_file(GroggyState *state, PyObject *path, const gli_error *error) {
  if (error->status != GLI_ERROR_FORMAT || PyErr_Occurred()) return groggy_raise(state, error);
  PyObject *class = state->errors[GLI_ERROR_FORMAT];
  /* N takes the message over, and passes on that there is none. */
  PyObject *exception = PyObject_CallFunction(class, "NOLL", groggy_error_message(error), path,
                                              (long long)error->line, (long long)error->column);
  if (exception != NULL) {
    PyErr_SetObject(class, exception);
    Py_DECREF(exception);
  }
  return NULL;
}

PyObject *groggy_graph_write(PyObject *self, PyObject *const *args, Py_ssize_t count,
                             PyObject *keyword_names) {
  static const char *const names[] = {"path", "format", "delimiter", "header", "progress"};
  PyObject *given[5] = {NULL, Py_None, Py_None, Py_True, Py_None};
  if (groggy_arguments("write()", names, 5, 1, args, count, keyword_names, given) < 0) return NULL;
  gli_write_options options = GLI_WRITE_OPTIONS_INIT;
  PyObject *path = NULL;
  if (given[1] != Py_None && (options.format = PyUnicode_AsUTF8(given[1])) == NULL) return NULL;
  if (given[2] != Py_None && (options.delimiter = PyUnicode_AsUTF8(given[2])) == NULL) return NULL;
  if (groggy_truth(given[3], "header", &options.header) < 0 ||
      !PyUnicode_FSConverter(given[0], &path))
    return NULL;
  gli_snapshot *snapshot = groggy_snapshot_of(SELF);
  PyObject *label = PyUnicode_FromString("write");
  PyObject *result = NULL;
  GroggyWatch watch;
  if (snapshot != NULL && label != NULL) {
    if (groggy_watch_begin(SELF->state, &watch, NULL, given[4], NULL, label) == 0) {
      gli_error error;
      groggy_watch_release(&watch);
      const gli_status status =
          gli_write(snapshot, PyBytes_AS_STRING(path), &options, &watch.control, &error);
      groggy_watch_retake(&watch);
      result = status == GLI_OK ? Py_NewRef(Py_None) : raise_file(SELF->state, given[0], &error);
    }
    if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
  }
  Py_XDECREF(label);
  gli_snapshot_free(snapshot);
  Py_DECREF(path);
  return result;
}

/* Reads into a graph of the given type; groggy.read is the function people call. */
PyObject *groggy_read(PyObject *module, PyObject *args, PyObject *keywords) {
  static char *names[] = {"type",    "path",      "backend",    "on_device_error", "device",
                          "format",  "directed",  "multigraph", "delimiter",       "header",
                          "ids",     "max_nodes", "max_edges",  "max_line_bytes",  "progress",
                          "threads", NULL};
  GroggyState *state = groggy_state(module);
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  PyTypeObject *type = NULL;
  PyObject *path_object = NULL, *backend = NULL, *on_device_error = NULL, *path = NULL;
  PyObject *device = Py_None;
  PyObject *progress = Py_None, *threads = Py_None;
  bool directed = true, multigraph = false;
  long long max_nodes = 0, max_edges = 0, max_line_bytes = 0;
  if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!OUUO|zO&O&zzzLLLOO:read", names, &PyType_Type,
                                   &type, &path_object, &backend, &on_device_error, &device,
                                   &options.format, groggy_directed, &directed, groggy_multigraph,
                                   &multigraph, &options.delimiter, &options.header, &options.ids,
                                   &max_nodes, &max_edges, &max_line_bytes, &progress, &threads))
    return NULL;
  if (!PyType_IsSubtype(type, state->graph_type)) {
    PyErr_SetString(PyExc_TypeError, "type must be a kind of FastGraph");
    return NULL;
  }
  if (!PyUnicode_FSConverter(path_object, &path)) return NULL;
  GroggyMemory *memory = groggy_memory_create();
  PyObject *label = PyUnicode_FromString("read");
  PyObject *result = NULL;
  GroggyWatch watch;
  if (memory != NULL && label != NULL) {
    options.directed = directed;
    options.multigraph = multigraph;
    options.max_nodes = max_nodes;
    options.max_edges = max_edges;
    options.max_line_bytes = max_line_bytes;
    options.allocator = &memory->allocator;
    if (groggy_watch_begin(state, &watch, NULL, progress, threads, label) == 0) {
      gli_graph *graph = NULL;
      gli_error error;
      groggy_watch_release(&watch);
      const gli_status status =
          gli_read(PyBytes_AS_STRING(path), &options, &watch.control, &graph, &error);
      groggy_watch_retake(&watch);
      result = status == GLI_OK
                   ? groggy_graph_wrap(state, type, graph, memory, backend, on_device_error,
                                       device == Py_None ? NULL : device)
                   : raise_file(state, path_object, &error);
    }
    if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
  }
  groggy_memory_drop(memory);
  Py_XDECREF(label);
  Py_DECREF(path);
  return result;
}
