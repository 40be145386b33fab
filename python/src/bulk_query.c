/* bulk_query.c: asking about, updating and removing many nodes or edges in one call. */
#include "bulk.h"

#define SELF ((GroggyGraph *)self)

static int64_t *allocate_numbers(int64_t count) {
  int64_t *numbers = PyMem_RawMalloc(count == 0 ? 1 : (size_t)count * sizeof *numbers);
  if (numbers == NULL) PyErr_NoMemory();
  return numbers;
}

/* --- Which are there
 * --------------------------------------------------------------------------------- */

/* numbers[i] != none, as an array or a list of bool. */
static PyObject *presence(GroggyState *state, const int64_t *numbers, int64_t count, int64_t none,
                          bool as_array) {
  if (as_array) {
    uint8_t *flags = PyMem_RawMalloc(count == 0 ? 1 : (size_t)count);
    if (flags == NULL) return PyErr_NoMemory();
    for (int64_t i = 0; i < count; i++)
      flags[i] = numbers[i] != none;
    return groggy_numpy(groggy_buffer(state, NULL, flags, count, '?'));
  }
  PyObject *list = PyList_New(count);
  for (int64_t i = 0; list != NULL && i < count; i++)
    PyList_SET_ITEM(list, i, Py_NewRef(numbers[i] != none ? Py_True : Py_False));
  return list;
}

/* Serials of many ids; PyMem_RawFree. NULL with an exception. */
static int64_t *find_serials(GroggyGraph *graph, const GroggyIds *ids) {
  int64_t *serials = allocate_numbers(ids->count);
  gli_error error;
  if (serials != NULL && gli_graph_find_nodes(graph->graph, ids->count, ids->ids, ids->int_ids,
                                              serials, &error) != GLI_OK) {
    groggy_raise(graph->state, &error);
    PyMem_RawFree(serials);
    serials = NULL;
  }
  return serials;
}

static int64_t *find_edges(GroggyGraph *graph, const GroggyIds *sources, const GroggyIds *targets) {
  int64_t *edges = allocate_numbers(sources->count);
  gli_error error;
  if (edges != NULL &&
      gli_graph_find_edges(graph->graph, sources->count, sources->ids, targets->ids,
                           sources->int_ids, targets->int_ids, edges, &error) != GLI_OK) {
    groggy_raise(graph->state, &error);
    PyMem_RawFree(edges);
    edges = NULL;
  }
  return edges;
}

PyObject *groggy_graph_has_nodes(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  if (groggy_no_keywords("has_nodes()", keyword_names) < 0) return NULL;
  if (count != 1) return groggy_raise_arguments("has_nodes()", count, "the ids");
  GroggyIds ids;
  if (groggy_ids_read(&ids, args[0], "ids") < 0) return NULL;
  int64_t *serials = find_serials(SELF, &ids);
  PyObject *result = serials == NULL
                         ? NULL
                         : presence(SELF->state, serials, ids.count, GLI_SERIAL_NONE, ids.is_array);
  PyMem_RawFree(serials);
  groggy_ids_free(&ids);
  return result;
}

PyObject *groggy_graph_has_edges(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  if (groggy_no_keywords("has_edges()", keyword_names) < 0) return NULL;
  if (count != 1 && count != 2)
    return groggy_raise_arguments("has_edges()", count, "pairs, or sources and targets");
  PyObject *plain = count == 1 ? groggy_plain_has_edges(SELF, args[0]) : NULL;
  if (plain != NULL) return plain;
  GroggyIds sources, targets;
  if (groggy_pairs_read(&sources, &targets, args[0], count == 2 ? args[1] : NULL) < 0) return NULL;
  int64_t *edges = find_edges(SELF, &sources, &targets);
  PyObject *result =
      edges == NULL ? NULL
                    : presence(SELF->state, edges, sources.count, GLI_EDGE_NONE, sources.is_array);
  PyMem_RawFree(edges);
  groggy_ids_free(&sources);
  groggy_ids_free(&targets);
  return result;
}

/* --- Many values
 * ------------------------------------------------------------------------------------- */

static PyObject *id_at(const GroggyIds *ids, int64_t i) {
  if (ids->ids != NULL) return groggy_id_object(&ids->ids[i]);
  return PyLong_FromLongLong(ids->int_ids[i]);
}

static bool all_there(const int64_t *serials, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    if (serials[i] == GLI_SERIAL_NONE) return false;
  return true;
}

static int check_serials(GroggyGraph *graph, const GroggyIds *ids, const int64_t *serials) {
  for (int64_t i = 0; i < ids->count; i++) {
    if (serials[i] != GLI_SERIAL_NONE) continue;
    PyObject *id = id_at(ids, i);
    if (id != NULL) groggy_raise_node_missing(graph->state, id);
    Py_XDECREF(id);
    return -1;
  }
  return 0;
}

/* Values by groups, so that the look-ups of one group overlap and decoding finds them in cache. */
#define VALUE_GROUP 256

static PyObject *values_list(GroggyGraph *graph, gli_side side, const int64_t *numbers,
                             int64_t count, gli_key key, PyObject *fallback) {
  PyObject *list = PyList_New(count);
  gli_value values[VALUE_GROUP];
  for (int64_t begin = 0; list != NULL && begin < count; begin += VALUE_GROUP) {
    const int64_t group = count - begin < VALUE_GROUP ? count - begin : VALUE_GROUP;
    gli_error error;
    if (key != GLI_KEY_NONE && gli_graph_values(graph->graph, side, group, numbers + begin, key,
                                                values, &error) != GLI_OK) {
      groggy_raise(graph->state, &error);
      Py_CLEAR(list);
    }
    for (int64_t i = 0; list != NULL && i < group; i++) {
      const bool absent = key == GLI_KEY_NONE || values[i].type == GLI_VALUE_ABSENT;
      PyObject *value =
          absent ? Py_NewRef(fallback) : groggy_value_object(graph->state, &values[i]);
      if (value == NULL)
        Py_CLEAR(list);
      else
        PyList_SET_ITEM(list, begin + i, value);
    }
  }
  return list;
}

PyObject *groggy_graph_get_many(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  static const char *const names[] = {"ids", "attribute", "default"};
  PyObject *given[3] = {NULL, NULL, Py_None};
  if (groggy_arguments("get_many()", names, 3, 2, args, count, keyword_names, given) < 0)
    return NULL;
  gli_key key = GLI_KEY_NONE;
  if (groggy_key_find(SELF, given[1], &key) < 0) return NULL;
  Py_ssize_t plain_count = 0;
  int64_t *serials = groggy_plain_serials(SELF, given[0], &plain_count);
  PyObject *result = NULL;
  if (serials != NULL && all_there(serials, plain_count)) {
    result = values_list(SELF, GLI_NODES, serials, plain_count, key, given[2]);
    PyMem_RawFree(serials);
    return result;
  }
  PyMem_RawFree(serials);
  GroggyIds ids;
  if (groggy_ids_read(&ids, given[0], "ids") < 0) return NULL;
  serials = find_serials(SELF, &ids);
  if (serials != NULL && check_serials(SELF, &ids, serials) == 0)
    result = values_list(SELF, GLI_NODES, serials, ids.count, key, given[2]);
  PyMem_RawFree(serials);
  groggy_ids_free(&ids);
  return result;
}

/* --- Many neighbours
 * ---------------------------------------------------------------------------------- */

/* Indices of many ids; PyMem_RawFree. NULL with an exception, also when a node is not there. */
static int32_t *find_positions(GroggyState *state, const gli_snapshot *snapshot,
                               const GroggyIds *ids) {
  int32_t *nodes = PyMem_RawMalloc(((size_t)ids->count + 1) * sizeof *nodes);
  if (nodes == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  gli_error error;
  int64_t known = 0;
  if (gli_snapshot_find_nodes(snapshot, ids->count, ids->ids, ids->int_ids, nodes, &error) !=
      GLI_OK) {
    groggy_raise(state, &error);
  } else {
    while (known < ids->count && nodes[known] != GLI_NODE_NONE)
      known++;
    if (known == ids->count) return nodes;
    PyObject *id = id_at(ids, known);
    if (id != NULL) groggy_raise_node_missing(state, id);
    Py_XDECREF(id);
  }
  PyMem_RawFree(nodes);
  return NULL;
}

#define ID_GROUP 256 /* ids that are fetched side by side */

/* The ids of all neighbours one after the other, as rows: the lists of result[0 .. count). */
static int fill_rows(const gli_snapshot *snapshot, const int64_t *offsets, int64_t count,
                     const int64_t *neighbors, PyObject *result, int64_t first) {
  gli_id group[ID_GROUP];
  const int64_t total = offsets[count];
  int64_t fetched = 0;
  for (int64_t i = 0; i < count; i++) {
    PyObject *row = PyList_New(offsets[i + 1] - offsets[i]);
    if (row == NULL) return -1;
    PyList_SET_ITEM(result, first + i, row);
    for (int64_t k = offsets[i]; k < offsets[i + 1]; k++) {
      if (k == fetched) {
        const int64_t more = total - k < ID_GROUP ? total - k : ID_GROUP;
        gli_snapshot_node_ids(snapshot, more, neighbors + k, group);
        fetched += more;
      }
      PyObject *object = groggy_id_object(&group[k % ID_GROUP]);
      if (object == NULL) return -1;
      PyList_SET_ITEM(row, k - offsets[i], object);
    }
  }
  return 0;
}

#define ROW_BLOCK 4096     /* nodes whose neighbours are collected at once: they stay in cache */
#define BREATH (64 * 1024) /* nodes after which other threads get a turn */

/* The rows of `count` nodes, as lists of ids. */
static PyObject *neighbor_rows(GroggyGraph *graph, gli_snapshot *snapshot, const int32_t *nodes,
                               int64_t count, gli_direction direction) {
  /* Where a neighbour may come twice, each block would pay for marks of all nodes. */
  const bool repeats = gli_snapshot_is_multigraph(snapshot) ||
                       (direction == GLI_BOTH && gli_snapshot_is_directed(snapshot));
  const int64_t block = repeats || count < ROW_BLOCK ? count : ROW_BLOCK;
  int64_t *offsets = allocate_numbers(block + 1);
  PyObject *result = offsets == NULL ? NULL : PyList_New(count);
  for (int64_t begin = 0; result != NULL && begin < count; begin += block) {
    const int64_t in_block = count - begin < block ? count - begin : block;
    gli_positions neighbors = {0};
    gli_error error;
    PyThreadState *thread = repeats || begin % BREATH == 0 ? groggy_gil_release() : NULL;
    const gli_status status = gli_snapshot_neighbors(snapshot, nodes + begin, in_block, direction,
                                                     offsets, &neighbors, &error);
    if (thread != NULL) groggy_gil_retake(thread);
    if (status != GLI_OK) groggy_raise(graph->state, &error);
    if (status != GLI_OK ||
        fill_rows(snapshot, offsets, in_block, neighbors.positions, result, begin) < 0)
      Py_CLEAR(result);
    if (neighbors.positions != NULL) gli_positions_free(&neighbors);
  }
  PyMem_RawFree(offsets);
  return result;
}

static PyObject *number_list(const int64_t *numbers, Py_ssize_t count) {
  PyObject *list = PyList_New(count);
  for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
    PyObject *number = PyLong_FromLongLong(numbers[i]);
    if (number == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, i, number);
  }
  return list;
}

/* The graph's snapshot, and in it the nodes that `ids` names: *nodes_out, PyMem_RawFree, *count_out
 * of them, *is_array_out whether they came as an array. NULL with an exception. */
static gli_snapshot *find_asked(GroggyGraph *graph, PyObject *object, int32_t **nodes_out,
                                Py_ssize_t *count_out, bool *is_array_out) {
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  *is_array_out = false;
  *nodes_out = groggy_plain_positions(snapshot, object, count_out);
  if (*nodes_out != NULL) return snapshot;
  gli_snapshot_free(snapshot); /* reading other ids may run code that changes the graph */
  GroggyIds ids;
  if (groggy_ids_read(&ids, object, "ids") < 0) return NULL;
  snapshot = groggy_snapshot_of(graph);
  if (snapshot != NULL) *nodes_out = find_positions(graph->state, snapshot, &ids);
  *count_out = ids.count;
  *is_array_out = ids.is_array;
  groggy_ids_free(&ids);
  if (*nodes_out != NULL) return snapshot;
  gli_snapshot_free(snapshot);
  return NULL;
}

PyObject *groggy_graph_neighbors_of(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  static const char *const names[] = {"ids", "direction"};
  PyObject *given[2] = {NULL, SELF->state->out};
  gli_direction direction = GLI_OUT;
  if (groggy_arguments("neighbors_of()", names, 2, 1, args, count, keyword_names, given) < 0 ||
      groggy_direction(SELF->state, given[1], &direction) < 0)
    return NULL;
  int32_t *nodes = NULL;
  Py_ssize_t node_count = 0;
  bool is_array = false;
  gli_snapshot *snapshot = find_asked(SELF, given[0], &nodes, &node_count, &is_array);
  if (snapshot == NULL) return NULL;
  PyObject *result = neighbor_rows(SELF, snapshot, nodes, node_count, direction);
  PyMem_RawFree(nodes);
  gli_snapshot_free(snapshot);
  return result;
}

PyObject *groggy_graph_degrees_of(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                  PyObject *keyword_names) {
  static const char *const names[] = {"ids", "direction"};
  PyObject *given[2] = {NULL, SELF->state->both};
  gli_direction direction = GLI_BOTH;
  if (groggy_arguments("degrees()", names, 2, 1, args, count, keyword_names, given) < 0 ||
      groggy_direction(SELF->state, given[1], &direction) < 0)
    return NULL;
  int32_t *nodes = NULL;
  Py_ssize_t node_count = 0;
  bool is_array = false;
  gli_snapshot *snapshot = find_asked(SELF, given[0], &nodes, &node_count, &is_array);
  if (snapshot == NULL) return NULL;
  int64_t *degrees = allocate_numbers(node_count);
  PyObject *result = NULL;
  if (degrees != NULL) {
    gli_error error;
    PyThreadState *thread = groggy_gil_release();
    const gli_status status =
        gli_snapshot_degrees(snapshot, nodes, node_count, direction, degrees, &error);
    groggy_gil_retake(thread);
    if (status != GLI_OK) {
      groggy_raise(SELF->state, &error);
      PyMem_RawFree(degrees);
    } else if (is_array) {
      result = groggy_numpy(groggy_buffer(SELF->state, NULL, degrees, node_count, 'q'));
    } else {
      result = number_list(degrees, node_count);
      PyMem_RawFree(degrees);
    }
  }
  PyMem_RawFree(nodes);
  gli_snapshot_free(snapshot);
  return result;
}

/* --- Updating many
 * -------------------------------------------------------------------------------------- */

/* {id: {name: value}}: as an add_nodes of nodes that are all there. */
PyObject *groggy_graph_update_nodes(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  if (groggy_no_keywords("update_nodes()", keyword_names) < 0) return NULL;
  if (count != 1) return groggy_raise_arguments("update_nodes()", count, "a dict id -> attributes");
  if (!PyDict_Check(args[0]) && !PyObject_HasAttrString(args[0], "keys")) {
    PyErr_Format(PyExc_TypeError, "update_nodes() takes a dict id -> attributes, not %.200s",
                 Py_TYPE(args[0])->tp_name);
    return NULL;
  }
  PyObject *copy = PyDict_New();
  if (copy == NULL || PyDict_Update(copy, args[0]) < 0) {
    Py_XDECREF(copy);
    return NULL;
  }
  PyObject *keys = PyDict_Keys(copy);
  GroggyIds ids = {0};
  int64_t *serials = NULL;
  PyObject *result = NULL;
  if (keys != NULL && groggy_ids_read(&ids, keys, "ids") == 0 &&
      (serials = find_serials(SELF, &ids)) != NULL && check_serials(SELF, &ids, serials) == 0) {
    PyObject *added = groggy_graph_add_nodes(self, &copy, 1, NULL);
    if (added != NULL) result = Py_NewRef(Py_None);
    Py_XDECREF(added);
  }
  PyMem_RawFree(serials);
  groggy_ids_free(&ids);
  Py_XDECREF(keys);
  Py_DECREF(copy);
  return result;
}

/* --- Removing many
 * ----------------------------------------------------------------------------------------- */

PyObject *groggy_graph_remove_nodes(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  if (groggy_no_keywords("remove_nodes()", keyword_names) < 0) return NULL;
  if (count != 1) return groggy_raise_arguments("remove_nodes()", count, "the ids");
  GroggyIds ids;
  if (groggy_ids_read(&ids, args[0], "ids") < 0) return NULL;
  int64_t *serials = find_serials(SELF, &ids);
  PyObject *result = NULL;
  if (serials != NULL && check_serials(SELF, &ids, serials) == 0) {
    int64_t removed = 0;
    gli_error error;
    gli_status status = GLI_OK;
    for (int64_t i = 0; i < ids.count && status == GLI_OK; i++) {
      const gli_id id = ids.ids != NULL ? ids.ids[i] : gli_id_int(ids.int_ids[i]);
      status = gli_graph_remove_node(SELF->graph, &id, &error);
      if (status == GLI_ERROR_NODE_NOT_FOUND)
        status = GLI_OK; /* named twice */
      else
        removed++;
    }
    result = status == GLI_OK ? PyLong_FromLongLong(removed) : groggy_raise(SELF->state, &error);
    groggy_memory_note(SELF->memory);
  }
  PyMem_RawFree(serials);
  groggy_ids_free(&ids);
  return result;
}

/* The edge that an item names: an id, or a pair of ends. */
static int item_edge(GroggyGraph *graph, PyObject *item, gli_edge_id *edge_out) {
  if (PyTuple_Check(item) || PyList_Check(item)) {
    if (PySequence_Fast_GET_SIZE(item) != 2) {
      groggy_raise_value(PyExc_TypeError, item,
                         "an edge must be an id or a pair (source, target), not ");
      return -1;
    }
    PyObject *pair = PySequence_Tuple(item);
    if (pair == NULL) return -1;
    PyObject *const ends[] = {PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1)};
    const int result = groggy_edge_find(graph, ends, 2, edge_out);
    Py_DECREF(pair);
    return result;
  }
  if (groggy_edge_id(item, edge_out) < 0) return -1;
  if (gli_graph_has_edge_id(graph->graph, *edge_out)) return 0;
  PyErr_Format(graph->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no edge has the id %lld",
               (long long)*edge_out);
  return -1;
}

PyObject *groggy_graph_remove_edges(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  if (groggy_no_keywords("remove_edges()", keyword_names) < 0) return NULL;
  if (count != 1) return groggy_raise_arguments("remove_edges()", count, "the edges");
  PyObject *items = groggy_tuple(args[0], "edges");
  if (items == NULL) return NULL;
  const Py_ssize_t item_count = PyTuple_GET_SIZE(items);
  gli_edge_id *edges = allocate_numbers(item_count);
  PyObject *result = NULL;
  Py_ssize_t read = 0;
  while (edges != NULL && read < item_count &&
         item_edge(SELF, PyTuple_GET_ITEM(items, read), &edges[read]) == 0)
    read++;
  if (edges != NULL && read == item_count) {
    int64_t removed = 0;
    gli_error error;
    gli_status status = GLI_OK;
    for (Py_ssize_t i = 0; i < item_count && status == GLI_OK; i++) {
      status = gli_graph_remove_edge(SELF->graph, edges[i], &error);
      if (status == GLI_ERROR_EDGE_NOT_FOUND)
        status = GLI_OK; /* named twice */
      else
        removed++;
    }
    result = status == GLI_OK ? PyLong_FromLongLong(removed) : groggy_raise(SELF->state, &error);
    groggy_memory_note(SELF->memory);
  }
  PyMem_RawFree(edges);
  Py_DECREF(items);
  return result;
}
