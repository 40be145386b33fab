/* filters.c: questions that libgli answers on a snapshot: filters, masks, subgraphs, k hops.
 *
 * Expressions and equality run in C on columns with the GIL released; a callable is asked node by
 * node and may not add or remove any. */
#include "groggy.h"

#define SELF ((GroggyGraph *)self)

/* --- Conditions
 * ------------------------------------------------------------------------------------------ */

static PyObject *raise_syntax(GroggyState *state, PyObject *expression, const gli_error *error) {
  if (error->status != GLI_ERROR_SYNTAX) return groggy_raise(state, error);
  PyObject *class = state->errors[GLI_ERROR_SYNTAX];
  PyObject *exception = PyObject_CallFunction(class, "NOL", groggy_error_message(error), expression,
                                              (long long)error->column);
  if (exception != NULL) {
    PyErr_SetObject(class, exception);
    Py_DECREF(exception);
  }
  return NULL;
}

static gli_expression *parse(GroggyState *state, PyObject *text) {
  Py_ssize_t size = 0;
  PyObject *bytes = NULL;
  const char *data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == NULL) { /* lone surrogates may stand in literals */
    PyErr_Clear();
    bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (bytes == NULL) return NULL;
    data = PyBytes_AS_STRING(bytes);
    size = PyBytes_GET_SIZE(bytes);
  }
  gli_expression *expression = NULL;
  gli_error error;
  if (gli_expression_parse(data, (size_t)size, NULL, &expression, &error) != GLI_OK)
    raise_syntax(state, text, &error);
  Py_XDECREF(bytes);
  return expression;
}

/* --- Masks
 * -----------------------------------------------------------------------------------------------
 */

/* mask[i] of all positions, holes included; PyMem_RawFree. */
static uint8_t *mask_of(GroggyGraph *graph, gli_snapshot *snapshot, gli_side side,
                        PyObject *expression_text) {
  gli_expression *expression = parse(graph->state, expression_text);
  if (expression == NULL) return NULL;
  const int64_t limit =
      side == GLI_NODES ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot);
  uint8_t *mask = PyMem_RawCalloc((size_t)limit + 1, 1);
  GroggyWatch watch;
  gli_error error;
  gli_status status = GLI_OK;
  if (mask == NULL) {
    PyErr_NoMemory();
  } else if (groggy_watch_begin(graph->state, &watch, NULL, NULL, NULL, NULL) == 0) {
    groggy_watch_release(&watch);
    status = gli_snapshot_filter_mask(snapshot, side, expression, &watch.control, mask, &error);
    groggy_watch_retake(&watch);
    if (status != GLI_OK) groggy_raise(graph->state, &error);
    (void)groggy_watch_end(&watch);
  }
  gli_expression_free(expression);
  if (PyErr_Occurred()) {
    PyMem_RawFree(mask);
    return NULL;
  }
  return mask;
}

static PyObject *graph_mask(GroggyGraph *graph, gli_side side, const char *function,
                            PyObject *const *args, Py_ssize_t count, PyObject *keyword_names) {
  static const char *const names[] = {"expression"};
  PyObject *given[1] = {NULL};
  if (groggy_arguments(function, names, 1, 1, args, count, keyword_names, given) < 0) return NULL;
  if (!PyUnicode_Check(given[0])) {
    PyErr_Format(PyExc_TypeError, "expression must be str, not %.200s", Py_TYPE(given[0])->tp_name);
    return NULL;
  }
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  uint8_t *mask = snapshot == NULL ? NULL : mask_of(graph, snapshot, side, given[0]);
  PyObject *result = NULL;
  if (mask != NULL) {
    const bool nodes = side == GLI_NODES;
    const uint64_t *bits =
        nodes ? gli_snapshot_node_bits(snapshot) : gli_snapshot_edge_bits(snapshot);
    const int64_t limit =
        nodes ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot);
    int64_t filled = 0;
    for (int64_t i = 0; i < limit; i++) {
      if (gli_bit(bits, i)) mask[filled++] = mask[i];
    }
    result = groggy_numpy(groggy_buffer(graph->state, NULL, mask, filled, '?'));
  }
  gli_snapshot_free(snapshot);
  return result;
}

PyObject *groggy_graph_node_mask(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  return graph_mask(SELF, GLI_NODES, "node_mask()", args, count, keyword_names);
}

PyObject *groggy_graph_edge_mask(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  return graph_mask(SELF, GLI_EDGES, "edge_mask()", args, count, keyword_names);
}

/* --- Filters
 * ---------------------------------------------------------------------------------------------- */

static PyObject *position_object(gli_snapshot *snapshot, gli_side side, int64_t position) {
  if (side == GLI_EDGES) return PyLong_FromLongLong(gli_snapshot_edge_id(snapshot, position));
  const gli_id id = gli_snapshot_node_id(snapshot, (int32_t)position);
  return groggy_id_object(&id);
}

/* Keyword equality: an unknown name matches nothing and does not become known. */
typedef struct Equals {
  GroggyAttributes attributes;
  bool impossible;
} Equals;

static int read_equals(GroggyGraph *graph, Equals *equals, PyObject *names,
                       PyObject *const *values) {
  equals->impossible = false;
  groggy_attributes_init(&equals->attributes, graph->state);
  const Py_ssize_t count = names == NULL ? 0 : PyTuple_GET_SIZE(names);
  if (groggy_attributes_reserve(&equals->attributes, (size_t)count) < 0) return -1;
  for (Py_ssize_t i = 0; i < count; i++) {
    gli_attribute *item = &equals->attributes.items[i];
    PyObject *name = PyTuple_GET_ITEM(names, i);
    const char *text = NULL;
    Py_ssize_t size = 0;
    if (groggy_name_check(name, &text, &size) < 0 ||
        groggy_value(&equals->attributes, name, values[i], &item->value) < 0 ||
        groggy_key_find(graph, name, &item->key) < 0)
      return -1;
    equals->impossible = equals->impossible || item->key == GLI_KEY_NONE;
  }
  equals->attributes.count = (size_t)count;
  return 0;
}

/* Positions by expression, by equality, or all of them. */
static int find_positions(GroggyGraph *graph, gli_snapshot *snapshot, gli_side side, PyObject *text,
                          const Equals *equals, gli_positions *positions_out) {
  gli_expression *expression = NULL;
  if (text != NULL && (expression = parse(graph->state, text)) == NULL) return -1;
  GroggyWatch watch;
  if (groggy_watch_begin(graph->state, &watch, NULL, NULL, NULL, NULL) < 0) return -1;
  gli_error error;
  groggy_watch_release(&watch);
  const gli_status status =
      expression != NULL
          ? gli_snapshot_filter(snapshot, side, expression, &watch.control, positions_out, &error)
          : gli_snapshot_match(snapshot, side, equals->attributes.items, equals->attributes.count,
                               &watch.control, positions_out, &error);
  groggy_watch_retake(&watch);
  gli_expression_free(expression);
  if (status != GLI_OK) groggy_raise(graph->state, &error);
  return groggy_watch_end(&watch);
}

/* Both lists rise: keep what is in both. */
static void intersect(gli_positions *left, const gli_positions *right) {
  int64_t kept = 0;
  for (int64_t i = 0, k = 0; i < left->count && k < right->count;) {
    if (left->positions[i] == right->positions[k]) {
      left->positions[kept++] = left->positions[i];
      i++;
      k++;
    } else if (left->positions[i] < right->positions[k]) {
      i++;
    } else {
      k++;
    }
  }
  left->count = kept;
}

/* Something that tells whether nodes or edges were added or removed. */
typedef struct Membership {
  gli_walk nodes, edges;
} Membership;

static int membership_check(GroggyGraph *graph, Membership *membership) {
  size_t count = 0;
  gli_error error;
  gli_status status =
      gli_graph_walk(graph->graph, GLI_NODES, &membership->nodes, 0, NULL, NULL, &count, &error);
  if (status == GLI_OK)
    status =
        gli_graph_walk(graph->graph, GLI_EDGES, &membership->edges, 0, NULL, NULL, &count, &error);
  if (status == GLI_ERROR_CONFLICT)
    PyErr_SetString(PyExc_RuntimeError, "nodes or edges were added or removed by the condition");
  else if (status != GLI_OK)
    groggy_raise(graph->state, &error);
  return status == GLI_OK ? 0 : -1;
}

/* The handle of a position, as the condition gets it. */
static PyObject *handle_at(GroggyGraph *graph, gli_snapshot *snapshot, gli_side side,
                           int64_t position) {
  if (side == GLI_EDGES)
    return groggy_edge_handle(graph, NULL, gli_snapshot_edge_id(snapshot, position));
  const gli_id id = gli_snapshot_node_id(snapshot, (int32_t)position);
  gli_serial serial = GLI_SERIAL_NONE;
  gli_error error;
  if (gli_graph_find_node(graph->graph, &id, &serial, &error) != GLI_OK)
    return groggy_raise(graph->state, &error);
  PyObject *object = groggy_id_object(&id);
  PyObject *node = object == NULL ? NULL : groggy_node_handle(graph, NULL, object, serial);
  Py_XDECREF(object);
  return node;
}

/* Ask a callable about each position; those that it refuses go. */
static int ask(GroggyGraph *graph, gli_snapshot *snapshot, gli_side side, PyObject *condition,
               gli_positions *positions) {
  Membership membership = {0};
  int64_t kept = 0;
  if (membership_check(graph, &membership) < 0) return -1;
  for (int64_t i = 0; i < positions->count; i++) {
    PyObject *handle = handle_at(graph, snapshot, side, positions->positions[i]);
    PyObject *answer = handle == NULL ? NULL : PyObject_CallOneArg(condition, handle);
    const int truth = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(handle);
    Py_XDECREF(answer);
    if (truth < 0 || membership_check(graph, &membership) < 0) return -1;
    if (truth != 0) positions->positions[kept++] = positions->positions[i];
  }
  positions->count = kept;
  return 0;
}

#define ID_GROUP 256 /* ids that are fetched side by side */

static PyObject *node_id_list(const gli_snapshot *snapshot, const gli_positions *positions) {
  PyObject *list = PyList_New(positions->count);
  gli_id ids[ID_GROUP];
  for (int64_t i = 0; list != NULL && i < positions->count; i++) {
    if (i % ID_GROUP == 0) {
      const int64_t left = positions->count - i;
      gli_snapshot_node_ids(snapshot, left < ID_GROUP ? left : ID_GROUP, positions->positions + i,
                            ids);
    }
    PyObject *id = groggy_id_object(&ids[i % ID_GROUP]);
    if (id == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, i, id);
  }
  return list;
}

static PyObject *id_list(gli_snapshot *snapshot, gli_side side, const gli_positions *positions) {
  if (side == GLI_NODES) return node_id_list(snapshot, positions);
  PyObject *list = PyList_New(positions->count);
  for (int64_t i = 0; list != NULL && i < positions->count; i++) {
    PyObject *id = position_object(snapshot, side, positions->positions[i]);
    if (id == NULL)
      Py_CLEAR(list);
    else
      PyList_SET_ITEM(list, i, id);
  }
  return list;
}

static PyObject *filter(GroggyGraph *graph, gli_side side, PyObject *condition,
                        const Equals *equals) {
  const bool by_text = PyUnicode_Check(condition);
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) return NULL;
  gli_positions positions = {0}, equal = {0};
  PyObject *result = NULL;
  int failed =
      find_positions(graph, snapshot, side, by_text ? condition : NULL, equals, &positions);
  if (failed == 0 && by_text && equals->attributes.count > 0) {
    failed = find_positions(graph, snapshot, side, NULL, equals, &equal);
    if (failed == 0) intersect(&positions, &equal);
  }
  if (failed == 0 && equals->impossible) positions.count = 0;
  if (failed == 0 && !by_text && condition != Py_None)
    failed = ask(graph, snapshot, side, condition, &positions);
  if (failed == 0) result = id_list(snapshot, side, &positions);
  gli_positions_free(&equal);
  gli_positions_free(&positions);
  gli_snapshot_free(snapshot);
  return result;
}

static PyObject *graph_filter(GroggyGraph *graph, gli_side side, const char *function,
                              PyObject *const *args, Py_ssize_t count, PyObject *keyword_names) {
  if (count > 1) return groggy_raise_arguments(function, count, "at most one positional argument");
  PyObject *condition = count == 0 ? Py_None : args[0];
  if (condition != Py_None && !PyUnicode_Check(condition) && !PyCallable_Check(condition)) {
    PyErr_Format(PyExc_TypeError, "condition must be an expression or a callable, not %.200s",
                 Py_TYPE(condition)->tp_name);
    return NULL;
  }
  Equals equals;
  PyObject *result = NULL;
  if (read_equals(graph, &equals, keyword_names, args + count) == 0)
    result = filter(graph, side, condition, &equals);
  groggy_attributes_free(&equals.attributes);
  return result;
}

PyObject *groggy_graph_filter_nodes(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  return graph_filter(SELF, GLI_NODES, "filter_nodes()", args, count, keyword_names);
}

PyObject *groggy_graph_filter_edges(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                    PyObject *keyword_names) {
  return graph_filter(SELF, GLI_EDGES, "filter_edges()", args, count, keyword_names);
}
