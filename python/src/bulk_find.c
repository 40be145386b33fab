/* bulk_find.c: look-ups of many plain ids, straight from the caller's list or tuple.
 *
 * The ids of a list are objects that lie anywhere, and reading them is half of the price of a
 * look-up: a str straddles two cache lines. So they are asked for some ids ahead and handed on in
 * blocks that stay in cache, where the careful way (bulk_ids.c) goes through all objects once to
 * hold and convert them and through all texts again to hash them.
 *
 * That is allowed where every id is exactly a str of ASCII or an int of 64 bits: between the first
 * and the last no Python code runs and nothing is allocated, so nobody can change the list, and all
 * answers are of one moment, for the graph is read throughout. Whatever else comes, an id that is
 * none included, is left to the careful way, which begins anew. Integers of a range or an array are
 * no objects at all. */
#include "bulk.h"

#define BLOCK 512
#define AHEAD 12

/* The type of an object; the state and the text of a str. */
static inline void fetch(const PyObject *object) {
  __builtin_prefetch(object);
  __builtin_prefetch((const char *)object + 32);
}

static inline bool plain_id(PyObject *object, gli_id *id_out) {
  if (PyUnicode_CheckExact(object) && PyUnicode_IS_COMPACT_ASCII(object)) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(object);
    if ((uint64_t)length >= UINT32_MAX) return false;
    *id_out = gli_id_text((const char *)PyUnicode_1BYTE_DATA(object), (uint32_t)length);
    return true;
  }
  if (!PyLong_CheckExact(object)) return false;
  int overflow = 0;
  const long long integer = PyLong_AsLongLongAndOverflow(object, &overflow);
  *id_out = gli_id_int(integer);
  return overflow == 0;
}

/* A list or a tuple, as it is now. */
typedef struct PlainItems {
  PyObject *const *items;
  Py_ssize_t count;
} PlainItems;

static bool plain_items(PyObject *object, PlainItems *items_out) {
  if (!PyList_CheckExact(object) && !PyTuple_CheckExact(object)) return false;
  items_out->items = PySequence_Fast_ITEMS(object);
  items_out->count = PySequence_Fast_GET_SIZE(object);
  return true;
}

/* The ids [begin, end). */
static bool plain_ids(const PlainItems *all, Py_ssize_t begin, Py_ssize_t end, gli_id *ids_out) {
  for (Py_ssize_t i = begin; i < end; i++) {
    if (i + AHEAD < all->count) fetch(all->items[i + AHEAD]);
    if (!plain_id(all->items[i], &ids_out[i - begin])) return false;
  }
  return true;
}

static inline bool is_plain_pair(PyObject *pair) {
  return PyTuple_CheckExact(pair) && PyTuple_GET_SIZE(pair) == 2;
}

static bool plain_pairs(const PlainItems *all, Py_ssize_t begin, Py_ssize_t end,
                        gli_id *sources_out, gli_id *targets_out) {
  for (Py_ssize_t i = begin; i < end; i++) {
    if (i + 2 * AHEAD < all->count) fetch(all->items[i + 2 * AHEAD]);
    if (i + AHEAD < all->count && is_plain_pair(all->items[i + AHEAD])) {
      fetch(PyTuple_GET_ITEM(all->items[i + AHEAD], 0));
      fetch(PyTuple_GET_ITEM(all->items[i + AHEAD], 1));
    }
    PyObject *pair = all->items[i];
    if (!is_plain_pair(pair) || !plain_id(PyTuple_GET_ITEM(pair, 0), &sources_out[i - begin]) ||
        !plain_id(PyTuple_GET_ITEM(pair, 1), &targets_out[i - begin]))
      return false;
  }
  return true;
}

static Py_ssize_t block_end(Py_ssize_t begin, Py_ssize_t count) {
  return count - begin < BLOCK ? count : begin + BLOCK;
}

int64_t *groggy_plain_serials(GroggyGraph *graph, PyObject *object, Py_ssize_t *count_out) {
  PlainItems all, now;
  if (!plain_items(object, &all) || all.count == 0) return NULL;
  int64_t *serials = PyMem_RawMalloc((size_t)all.count * sizeof *serials);
  if (serials == NULL || gli_graph_read_begin(graph->graph, NULL) != GLI_OK) {
    PyMem_RawFree(serials);
    return NULL;
  }
  gli_id ids[BLOCK];
  /* Waiting for the graph may have let others change the list. */
  bool good = plain_items(object, &now) && now.count == all.count;
  for (Py_ssize_t begin = 0; good && begin < now.count; begin += BLOCK) {
    const Py_ssize_t end = block_end(begin, now.count);
    good =
        plain_ids(&now, begin, end, ids) &&
        gli_graph_find_nodes(graph->graph, end - begin, ids, NULL, serials + begin, NULL) == GLI_OK;
  }
  gli_graph_read_end(graph->graph);
  if (good) {
    *count_out = all.count;
    return serials;
  }
  PyMem_RawFree(serials);
  return NULL;
}

/* Indices of `integers`, or where that is NULL of first + k * step; false where one is not there.
 */
static bool find_integers(const gli_snapshot *snapshot, const int64_t *integers, int64_t first,
                          int64_t step, Py_ssize_t count, int32_t *nodes) {
  int64_t block[BLOCK];
  bool good = true;
  for (Py_ssize_t begin = 0; good && begin < count; begin += BLOCK) {
    const Py_ssize_t end = block_end(begin, count);
    for (Py_ssize_t i = begin; integers == NULL && i < end; i++)
      block[i - begin] = first + i * step;
    good = gli_snapshot_find_nodes(snapshot, end - begin, NULL,
                                   integers == NULL ? block : integers + begin, nodes + begin,
                                   NULL) == GLI_OK;
    for (Py_ssize_t i = begin; good && i < end; i++)
      good = nodes[i] != GLI_NODE_NONE;
  }
  return good;
}

static bool find_ids(const gli_snapshot *snapshot, const gli_id *ids, Py_ssize_t count,
                     int32_t *nodes) {
  bool good = gli_snapshot_find_nodes(snapshot, count, ids, NULL, nodes, NULL) == GLI_OK;
  for (Py_ssize_t i = 0; good && i < count; i++)
    good = nodes[i] != GLI_NODE_NONE;
  return good;
}

/* `nodes`, where they are what was asked for. */
static int32_t *where_good(bool good, int32_t *nodes) {
  if (good) return nodes;
  PyMem_RawFree(nodes);
  return NULL;
}

/* An attribute of a range that fits into 32 bits, so that nothing overflows here. */
static bool range_part(PyObject *range, const char *name, int64_t *part_out) {
  PyObject *number = PyObject_GetAttrString(range, name);
  int overflow = 0;
  *part_out = number == NULL ? -1 : PyLong_AsLongLongAndOverflow(number, &overflow);
  Py_XDECREF(number);
  PyErr_Clear();
  return number != NULL && overflow == 0 && *part_out >= INT32_MIN && *part_out <= INT32_MAX;
}

static int32_t *range_positions(const gli_snapshot *snapshot, PyObject *range,
                                Py_ssize_t *count_out) {
  int64_t first = 0, step = 0, stop = 0;
  if (!range_part(range, "start", &first) || !range_part(range, "step", &step) ||
      !range_part(range, "stop", &stop))
    return NULL;
  *count_out = PyObject_Size(range);
  if (*count_out <= 0) return NULL;
  int32_t *nodes = PyMem_RawMalloc((size_t)*count_out * sizeof *nodes);
  return where_good(nodes != NULL && find_integers(snapshot, NULL, first, step, *count_out, nodes),
                    nodes);
}

/* Whether the type shows what the memory holds: no subclass. */
static bool is_plain_array(PyObject *object) {
  return PyObject_CheckBuffer(object) && !PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE);
}

int32_t *groggy_array_positions(const gli_snapshot *snapshot, PyObject *object,
                                Py_ssize_t *count_out) {
  GroggyIds ids;
  if (!is_plain_array(object) || !groggy_ids_array(&ids, object)) return NULL;
  *count_out = (Py_ssize_t)ids.count;
  int32_t *nodes = ids.count == 0 ? NULL : PyMem_RawMalloc((size_t)ids.count * sizeof *nodes);
  const bool good = nodes != NULL && find_integers(snapshot, ids.int_ids, 0, 0, *count_out, nodes);
  groggy_ids_free(&ids);
  return where_good(good, nodes);
}

int32_t *groggy_plain_positions(const gli_snapshot *snapshot, PyObject *object,
                                Py_ssize_t *count_out) {
  PlainItems all;
  if (PyRange_Check(object)) return range_positions(snapshot, object, count_out);
  if (!plain_items(object, &all) || all.count == 0) return NULL;
  int32_t *nodes = PyMem_RawMalloc((size_t)all.count * sizeof *nodes);
  gli_id ids[BLOCK];
  bool good = nodes != NULL;
  for (Py_ssize_t begin = 0; good && begin < all.count; begin += BLOCK) {
    const Py_ssize_t end = block_end(begin, all.count);
    good = plain_ids(&all, begin, end, ids) && find_ids(snapshot, ids, end - begin, nodes + begin);
  }
  *count_out = all.count;
  return where_good(good, nodes);
}

static int32_t *array_pairs(const gli_snapshot *snapshot, PyObject *object, Py_ssize_t *count_out) {
  GroggyIds sources, targets;
  if (groggy_pairs_read(&sources, &targets, object, NULL) < 0) {
    PyErr_Clear();
    return NULL;
  }
  const Py_ssize_t count = (Py_ssize_t)sources.count;
  const bool integers = count > 0 && sources.int_ids != NULL;
  int32_t *ends = integers ? PyMem_RawMalloc((size_t)count * 2 * sizeof *ends) : NULL;
  const bool good = ends != NULL && find_integers(snapshot, sources.int_ids, 0, 0, count, ends) &&
                    find_integers(snapshot, targets.int_ids, 0, 0, count, ends + count);
  groggy_ids_free(&sources);
  groggy_ids_free(&targets);
  *count_out = count;
  return where_good(good, ends);
}

int32_t *groggy_plain_pairs(const gli_snapshot *snapshot, PyObject *object, Py_ssize_t *count_out) {
  PlainItems all;
  if (is_plain_array(object)) return array_pairs(snapshot, object, count_out);
  if (!plain_items(object, &all) || all.count == 0) return NULL;
  int32_t *ends = PyMem_RawMalloc((size_t)all.count * 2 * sizeof *ends);
  gli_id sources[BLOCK], targets[BLOCK];
  bool good = ends != NULL;
  for (Py_ssize_t begin = 0; good && begin < all.count; begin += BLOCK) {
    const Py_ssize_t end = block_end(begin, all.count);
    good = plain_pairs(&all, begin, end, sources, targets) &&
           find_ids(snapshot, sources, end - begin, ends + begin) &&
           find_ids(snapshot, targets, end - begin, ends + all.count + begin);
  }
  *count_out = all.count;
  return where_good(good, ends);
}

PyObject *groggy_plain_has_edges(GroggyGraph *graph, PyObject *object) {
  PlainItems all;
  if (!plain_items(object, &all)) return NULL;
  const Py_ssize_t count = all.count;
  PyObject *list = PyList_New(count); /* which may run finalizers: look at the items after it */
  if (list == NULL || gli_graph_read_begin(graph->graph, NULL) != GLI_OK) {
    PyErr_Clear(); /* the careful way will say it */
    Py_XDECREF(list);
    return NULL;
  }
  gli_id sources[BLOCK], targets[BLOCK];
  gli_edge_id edges[BLOCK];
  bool good = plain_items(object, &all) && all.count == count;
  for (Py_ssize_t begin = 0; good && begin < count; begin += BLOCK) {
    const Py_ssize_t end = block_end(begin, count);
    good = plain_pairs(&all, begin, end, sources, targets) &&
           gli_graph_find_edges(graph->graph, end - begin, sources, targets, NULL, NULL, edges,
                                NULL) == GLI_OK;
    for (Py_ssize_t i = begin; good && i < end; i++)
      PyList_SET_ITEM(list, i, Py_NewRef(edges[i - begin] != GLI_EDGE_NONE ? Py_True : Py_False));
  }
  gli_graph_read_end(graph->graph);
  if (!good) Py_CLEAR(list);
  return list;
}
