/* nodes.c: one node at a time.
 *
 * These are the calls that loops make: the fast path of each converts the id in place, makes one
 * call into libgli and returns an object that was there already, or a handle from a free list. */
#include "groggy.h"

#define SELF ((GroggyGraph *)self)

PyObject *groggy_graph_add_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count > 1))
    return groggy_raise_arguments("add_node()", count, "at most one positional argument, the id");
  gli_id id;
  const bool automatic = count == 0 || args[0] == Py_None;
  if (!automatic && groggy_id(args[0], &id) < 0) return NULL;
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, SELF->state);
  PyObject *result = NULL;
  if (groggy_attributes_keywords(SELF, &attributes, keyword_names, args + count) == 0) {
    gli_error error;
    gli_id added;
    if (GROGGY_LIKELY(gli_graph_add_node(SELF->graph, automatic ? NULL : &id, attributes.items,
                                         attributes.count, &added, &error) == GLI_OK)) {
      groggy_memory_note(SELF->memory);
      result = automatic ? groggy_id_object(&added) : groggy_id_canonical(args[0], &id);
    } else {
      groggy_raise(SELF->state, &error);
    }
  }
  groggy_attributes_free(&attributes);
  return result;
}

PyObject *groggy_graph_update_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  if (count != 1)
    return groggy_raise_arguments("update_node()", count, "one positional argument, the id");
  gli_id id;
  if (groggy_id(args[0], &id) < 0) return NULL;
  /* New names must not become known when there is no such node. */
  if (keyword_names != NULL && groggy_keywords_slot(SELF, keyword_names)->names != keyword_names &&
      !gli_graph_has_node(SELF->graph, &id))
    return groggy_raise_node_missing(SELF->state, args[0]);
  GroggyAttributes attributes;
  groggy_attributes_init(&attributes, SELF->state);
  PyObject *result = NULL;
  if (groggy_attributes_keywords(SELF, &attributes, keyword_names, args + count) == 0) {
    gli_error error;
    if (gli_graph_update_node(SELF->graph, &id, attributes.items, attributes.count, &error) ==
        GLI_OK)
      result = Py_NewRef(Py_None);
    else
      groggy_raise(SELF->state, &error);
    groggy_memory_note(SELF->memory);
  }
  groggy_attributes_free(&attributes);
  return result;
}

PyObject *groggy_graph_remove_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                   PyObject *keyword_names) {
  if (count != 1)
    return groggy_raise_arguments("remove_node()", count, "one positional argument, the id");
  gli_id id;
  if (groggy_no_keywords("remove_node()", keyword_names) < 0 || groggy_id(args[0], &id) < 0)
    return NULL;
  gli_error error;
  if (gli_graph_remove_node(SELF->graph, &id, &error) != GLI_OK)
    return groggy_raise(SELF->state, &error);
  groggy_memory_note(SELF->memory);
  Py_RETURN_NONE;
}

PyObject *groggy_graph_has_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count != 1))
    return groggy_raise_arguments("has_node()", count, "one positional argument, the id");
  gli_id id;
  if ((keyword_names != NULL && groggy_no_keywords("has_node()", keyword_names) < 0) ||
      groggy_id(args[0], &id) < 0)
    return NULL;
  return Py_NewRef(gli_graph_has_node(SELF->graph, &id) ? Py_True : Py_False);
}

PyObject *groggy_graph_get_node(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *keyword_names) {
  if (GROGGY_UNLIKELY(count != 1))
    return groggy_raise_arguments("get_node()", count, "one positional argument, the id");
  gli_id id;
  if ((keyword_names != NULL && groggy_no_keywords("get_node()", keyword_names) < 0) ||
      groggy_id(args[0], &id) < 0)
    return NULL;
  gli_serial serial = GLI_SERIAL_NONE;
  gli_error error;
  if (GROGGY_UNLIKELY(gli_graph_find_node(SELF->graph, &id, &serial, &error) != GLI_OK))
    return groggy_raise(SELF->state, &error);
  PyObject *id_object = groggy_id_canonical(args[0], &id);
  if (id_object == NULL) return NULL;
  PyObject *node = groggy_node_handle(SELF, NULL, id_object, serial);
  Py_DECREF(id_object);
  return node;
}

/* --- Rows ----------------------------------------------------------------------------------------
 */

/* The id and the direction of get_neighbors, get_edges and degree. */
static int row_arguments(GroggyGraph *graph, const char *function, PyObject *const *args,
                         Py_ssize_t count, PyObject *keyword_names, gli_id *id_out,
                         gli_direction *direction_inout) {
  const Py_ssize_t keyword_count = keyword_names == NULL ? 0 : PyTuple_GET_SIZE(keyword_names);
  if (count < 1 || count + keyword_count > 2) {
    groggy_raise_arguments(function, count + keyword_count, "an id and a direction");
    return -1;
  }
  if (keyword_count == 1 &&
      PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keyword_names, 0), "direction") != 0)
    return groggy_no_keywords(function, keyword_names);
  if (groggy_id(args[0], id_out) < 0) return -1;
  /* A keyword's value follows the positional arguments. */
  if (count + keyword_count == 2) return groggy_direction(graph->state, args[1], direction_inout);
  return 0;
}

/* Each neighbour once: short rows compare with what is there, long ones keep a set of indices. */
#define SHORT_ROW 24

#define FIRST_ITEMS 32

typedef struct NeighborList {
  PyObject **items; /* `first`, or memory of its own */
  Py_ssize_t item_count, capacity;
  PyObject *first[FIRST_ITEMS];
  int32_t recent[SHORT_ROW];
  int32_t *table; /* open addressing, GLI_NODE_NONE: free; of 2^bits slots */
  unsigned bits;
  bool edges; /* collect edge ids instead, all of them */
} NeighborList;

static bool table_insert(int32_t *table, unsigned bits, int32_t index) {
  const uint32_t mask = (UINT32_C(1) << bits) - 1;
  uint32_t slot = ((uint32_t)index * UINT32_C(0x9E3779B1)) >> (32 - bits);
  while (table[slot] != GLI_NODE_NONE) {
    if (table[slot] == index) return false;
    slot = (slot + 1) & mask;
  }
  table[slot] = index;
  return true;
}

/* 1 new, 0 seen before, -1 no memory. */
static int neighbor_is_new(NeighborList *neighbors, int32_t index) {
  const Py_ssize_t count = neighbors->item_count;
  if (neighbors->table == NULL) {
    for (Py_ssize_t i = 0; i < count; i++) {
      if (neighbors->recent[i] == index) return 0;
    }
    if (count < SHORT_ROW) {
      neighbors->recent[count] = index;
      return 1;
    }
  }
  if (neighbors->table == NULL || (uint64_t)count * 2 >= UINT64_C(1) << neighbors->bits) {
    const unsigned bits = neighbors->table == NULL ? 7 : neighbors->bits + 2;
    int32_t *table = PyMem_RawMalloc(sizeof *table << bits);
    if (table == NULL) return -1;
    memset(table, 0xFF, sizeof *table << bits);
    if (neighbors->table == NULL) {
      for (Py_ssize_t i = 0; i < count; i++)
        table_insert(table, bits, neighbors->recent[i]);
    } else {
      for (size_t i = 0; i < (size_t)1 << neighbors->bits; i++) {
        if (neighbors->table[i] != GLI_NODE_NONE) table_insert(table, bits, neighbors->table[i]);
      }
    }
    PyMem_RawFree(neighbors->table);
    neighbors->table = table;
    neighbors->bits = bits;
  }
  return table_insert(neighbors->table, neighbors->bits, index) ? 1 : 0;
}

static bool grow(NeighborList *neighbors) {
  const size_t capacity = (size_t)neighbors->capacity * 4;
  const bool own = neighbors->items != neighbors->first;
  PyObject **items = PyMem_RawRealloc(own ? neighbors->items : NULL, capacity * sizeof *items);
  if (items == NULL) {
    PyErr_NoMemory();
    return false;
  }
  if (!own) memcpy(items, neighbors->first, sizeof neighbors->first);
  neighbors->items = items;
  neighbors->capacity = (Py_ssize_t)capacity;
  return true;
}

/* Runs under the graph's lock: makes str and int objects only, the list comes after it. */
static bool visit_neighbor(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  NeighborList *neighbors = context;
  if (!neighbors->edges) {
    const int is_new = neighbor_is_new(neighbors, index);
    if (is_new <= 0) {
      if (is_new < 0) PyErr_NoMemory();
      return is_new == 0;
    }
  }
  if (neighbors->item_count == neighbors->capacity && !grow(neighbors)) return false;
  PyObject *item = neighbors->edges ? PyLong_FromLongLong(edge) : groggy_id_object(neighbor);
  if (item == NULL) return false;
  neighbors->items[neighbors->item_count++] = item;
  return true;
}

static PyObject *row_list(GroggyGraph *graph, const gli_id *id, gli_direction direction,
                          bool edges) {
  NeighborList neighbors;
  neighbors.items = neighbors.first;
  neighbors.item_count = 0;
  neighbors.capacity = FIRST_ITEMS;
  neighbors.table = NULL;
  neighbors.edges = edges;
  gli_error error;
  const gli_status status =
      gli_graph_visit_row(graph->graph, id, direction, visit_neighbor, &neighbors, &error);
  PyMem_RawFree(neighbors.table);
  if (GROGGY_UNLIKELY(status != GLI_OK)) groggy_raise(graph->state, &error);
  const bool failed = status != GLI_OK || PyErr_Occurred();
  PyObject *list = failed ? NULL : PyList_New(neighbors.item_count);
  for (Py_ssize_t i = 0; i < neighbors.item_count; i++) {
    if (list != NULL)
      PyList_SET_ITEM(list, i, neighbors.items[i]);
    else
      Py_DECREF(neighbors.items[i]);
  }
  if (neighbors.items != neighbors.first) PyMem_RawFree(neighbors.items);
  return list;
}

PyObject *groggy_graph_get_neighbors(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                     PyObject *keyword_names) {
  gli_id id;
  gli_direction direction = GLI_OUT;
  if (row_arguments(SELF, "get_neighbors()", args, count, keyword_names, &id, &direction) < 0)
    return NULL;
  return row_list(SELF, &id, direction, false);
}

/* A directed self-loop stands in the out row and in the in row: the second one is dropped. */
static PyObject *without_repeats(PyObject *list) {
  if (list == NULL) return NULL;
  PyObject *seen = PyDict_New();
  for (Py_ssize_t i = 0; seen != NULL && i < PyList_GET_SIZE(list); i++) {
    if (PyDict_SetItem(seen, PyList_GET_ITEM(list, i), Py_None) < 0) Py_CLEAR(seen);
  }
  Py_DECREF(list);
  PyObject *result = seen == NULL ? NULL : PyDict_Keys(seen);
  Py_XDECREF(seen);
  return result;
}

PyObject *groggy_graph_get_edges(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keyword_names) {
  gli_id id;
  gli_direction direction = GLI_OUT;
  if (row_arguments(SELF, "get_edges()", args, count, keyword_names, &id, &direction) < 0)
    return NULL;
  PyObject *list = row_list(SELF, &id, direction, true);
  return direction == GLI_BOTH && SELF->directed ? without_repeats(list) : list;
}

PyObject *groggy_graph_degree(PyObject *self, PyObject *const *args, Py_ssize_t count,
                              PyObject *keyword_names) {
  gli_id id;
  gli_direction direction = GLI_BOTH;
  if (row_arguments(SELF, "degree()", args, count, keyword_names, &id, &direction) < 0) return NULL;
  int64_t degree = 0;
  gli_error error;
  if (gli_graph_degree(SELF->graph, &id, direction, &degree, &error) != GLI_OK)
    return groggy_raise(SELF->state, &error);
  return PyLong_FromLongLong(degree);
}
