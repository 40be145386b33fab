/* edges.c: one edge at a time. An edge is named by its id or by its two ends. */
#include "groggy.h"

#define SELF ((GroggyGraph *)self)

PyObject *groggy_graph_add_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count != 2))
    return groggy_raise_arguments("add_edge()", count,
                                  "two positional arguments, source and target");
  gli_id source, target;
  if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, SELF->state);
  PyObject *result = NULL;
  if (groggy_attributes_keywords(SELF, &attributes, keyword_names, args + count) == 0) {
    gli_error error;
    gli_edge_id edge = GLI_EDGE_NONE;
    if (GROGGY_LIKELY(gli_graph_add_edge(SELF->graph, &source, &target, attributes.items,
                                         attributes.count, &edge, &error) == GLI_OK)) {
      groggy_memory_note(SELF->memory);
      result = PyLong_FromLongLong(edge);
    } else {
      groggy_raise(SELF->state, &error);
    }
  }
  groggy_attributes_free(&attributes);
  return result;
}

int groggy_edge_find(GroggyGraph *graph, PyObject *const *args, Py_ssize_t count,
                     gli_edge_id *edge_out) {
  if (count == 1) return groggy_edge_id(args[0], edge_out);
  if (count != 2) {
    groggy_raise_arguments("this method", count, "an edge id, or source and target");
    return -1;
  }
  gli_id source, target;
  if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0) return -1;
  gli_error error;
  if (gli_graph_find_edge(graph->graph, &source, &target, edge_out, &error) != GLI_OK) {
    groggy_raise(graph->state, &error);
    return -1;
  }
  return 0;
}

PyObject *groggy_graph_update_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  gli_edge_id edge = GLI_EDGE_NONE;
  if (groggy_edge_find(SELF, args, count, &edge) < 0) return NULL;
  if (!gli_graph_has_edge_id(SELF->graph, edge)) {
    PyErr_Format(SELF->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no edge has the id %lld",
                 (long long)edge);
    return NULL;
  }
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, SELF->state);
  PyObject *result = NULL;
  if (groggy_attributes_keywords(SELF, &attributes, keyword_names, args + count) == 0) {
    gli_error error;
    if (gli_graph_update(SELF->graph, GLI_EDGES, edge, attributes.items, attributes.count,
                         &error) == GLI_OK)
      result = Py_NewRef(Py_None);
    else
      groggy_raise(SELF->state, &error);
    groggy_memory_note(SELF->memory);
  }
  groggy_attributes_free(&attributes);
  return result;
}

PyObject *groggy_graph_remove_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  gli_edge_id edge = GLI_EDGE_NONE;
  if (groggy_no_keywords("remove_edge()", keyword_names) < 0 ||
      groggy_edge_find(SELF, args, count, &edge) < 0)
    return NULL;
  gli_error error;
  if (gli_graph_remove_edge(SELF->graph, edge, &error) != GLI_OK)
    return groggy_raise(SELF->state, &error);
  groggy_memory_note(SELF->memory);
  Py_RETURN_NONE;
}

PyObject *groggy_graph_has_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (keyword_names != NULL && groggy_no_keywords("has_edge()", keyword_names) < 0) return NULL;
  if (GROGGY_LIKELY(count == 2)) {
    gli_id source, target;
    if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0) return NULL;
    return Py_NewRef(gli_graph_has_edge(SELF->graph, &source, &target) ? Py_True : Py_False);
  }
  if (count != 1)
    return groggy_raise_arguments("has_edge()", count, "an edge id, or source and target");
  gli_edge_id edge = GLI_EDGE_NONE;
  if (groggy_edge_id(args[0], &edge) < 0) return NULL;
  return Py_NewRef(gli_graph_has_edge_id(SELF->graph, edge) ? Py_True : Py_False);
}

/* Whether the edge `edge` joins the two ends, either way round in an undirected graph. */
static int joins(GroggyGraph *graph, gli_edge_id edge, const gli_id *source, const gli_id *target) {
  gli_edge found;
  gli_error error;
  int result = 0;
  gli_status status = gli_graph_read_begin(graph->graph, &error);
  if (status == GLI_OK) {
    status = gli_graph_get_edge(graph->graph, edge, &found, &error);
    if (status == GLI_OK)
      result = (gli_id_same(&found.source, source) && gli_id_same(&found.target, target)) ||
               (!graph->directed && gli_id_same(&found.source, target) &&
                gli_id_same(&found.target, source));
    gli_graph_read_end(graph->graph);
  }
  if (status == GLI_OK) return result;
  groggy_raise(graph->state, &error);
  return -1;
}

/* get_edge(source, target, id=edge): one of several parallel edges. */
static PyObject *chosen_edge(GroggyGraph *graph, PyObject *const *args, Py_ssize_t count,
                             PyObject *chosen) {
  gli_id source, target;
  gli_edge_id edge = GLI_EDGE_NONE;
  if (count != 2) return groggy_raise_arguments("get_edge() with id=", count, "source and target");
  if (groggy_id(args[0], &source) < 0 || groggy_id(args[1], &target) < 0 ||
      groggy_edge_id(chosen, &edge) < 0)
    return NULL;
  const int fits = joins(graph, edge, &source, &target);
  if (fits == 0)
    PyErr_Format(graph->state->errors[GLI_ERROR_EDGE_NOT_FOUND],
                 "edge %lld is not between %R and %R", (long long)edge, args[0], args[1]);
  return fits == 1 ? groggy_edge_handle(graph, NULL, edge) : NULL;
}

PyObject *groggy_graph_get_edge(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (keyword_names != NULL && PyTuple_GET_SIZE(keyword_names) > 0) {
    if (PyTuple_GET_SIZE(keyword_names) > 1 ||
        PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keyword_names, 0), "id") != 0) {
      groggy_no_keywords("get_edge()", keyword_names);
      return NULL;
    }
    if (args[count] != Py_None) return chosen_edge(SELF, args, count, args[count]);
  }
  gli_edge_id edge = GLI_EDGE_NONE;
  if (groggy_edge_find(SELF, args, count, &edge) < 0) return NULL;
  if (count == 1 && !gli_graph_has_edge_id(SELF->graph, edge)) {
    PyErr_Format(SELF->state->errors[GLI_ERROR_EDGE_NOT_FOUND], "no edge has the id %lld",
                 (long long)edge);
    return NULL;
  }
  return groggy_edge_handle(SELF, NULL, edge);
}
