/* bulk_ids.c: many ids from lists, other iterables, and buffers of integers. */
#include "bulk.h"

/* --- Buffers of integers ------------------------------------------------------------------------
 */

/* The type letter of a native buffer: 0 for what is not one native number per item. */
static char native_letter(const Py_buffer *view) {
  const char *format = view->format == NULL ? "B" : view->format;
  const uint16_t probe = 1;
  const bool little = *(const uint8_t *)&probe == 1;
  if (*format == '@' || *format == '=' || *format == (little ? '<' : '>')) format++;
  return format[0] != 0 && format[1] == 0 ? format[0] : 0;
}

static bool is_signed_letter(char letter) {
  return strchr("bhilqn", letter) != NULL;
}

static int64_t read_signed(const char *item, Py_ssize_t size) {
  int8_t i8;
  int16_t i16;
  int32_t i32;
  int64_t i64;
  switch (size) {
    case 1:
      memcpy(&i8, item, 1);
      return i8;
    case 2:
      memcpy(&i16, item, 2);
      return i16;
    case 4:
      memcpy(&i32, item, 4);
      return i32;
    default:
      memcpy(&i64, item, 8);
      return i64;
  }
}

static uint64_t read_unsigned(const char *item, Py_ssize_t size) {
  const int64_t wide = read_signed(item, size);
  return size == 8 ? (uint64_t)wide : (uint64_t)wide & ((UINT64_C(1) << (8 * size)) - 1);
}

/* Copy `count` integers, `stride` bytes apart, as int64. More than a graph holds are refused before
 * memory is taken for them: an array with stride 0 is as long as it likes at no cost. */
static int64_t *copy_integers(const Py_buffer *view, const char *start, int64_t count, int64_t most,
                              Py_ssize_t stride) {
  if (count > most) {
    PyErr_Format(PyExc_OverflowError, "an array of %lld; at most %lld fit into a graph",
                 (long long)count, (long long)most);
    return NULL;
  }
  int64_t *integers = PyMem_RawMalloc(count == 0 ? 1 : (size_t)count * sizeof *integers);
  if (integers == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  const bool is_signed = is_signed_letter(native_letter(view));
  if (is_signed && view->itemsize == sizeof(int64_t)) { /* by far the most common */
    for (int64_t i = 0; i < count; i++)
      memcpy(&integers[i], start + i * stride, sizeof(int64_t));
    return integers;
  }
  for (int64_t i = 0; i < count; i++) {
    const char *item = start + i * stride;
    if (is_signed) {
      integers[i] = read_signed(item, view->itemsize);
      continue;
    }
    const uint64_t wide = read_unsigned(item, view->itemsize);
    if (wide > INT64_MAX) {
      PyErr_Format(PyExc_OverflowError, "node id %llu does not fit into 64 bits",
                   (unsigned long long)wide);
      PyMem_RawFree(integers);
      return NULL;
    }
    integers[i] = (int64_t)wide;
  }
  return integers;
}

/* 1: `view` holds integers (release it); 0: no buffer, or one of objects or text; -1: a buffer of
 * what can be no id. */
static int integer_buffer(PyObject *object, Py_buffer *view, const char *what) {
  if (!PyObject_CheckBuffer(object) || PyBytes_Check(object) || PyByteArray_Check(object)) return 0;
  if (PyObject_GetBuffer(object, view, PyBUF_FULL_RO) < 0) {
    PyErr_Clear();
    return 0;
  }
  const char letter = native_letter(view);
  if (letter != 0 && strchr("bBhHiIlLqQnN", letter) != NULL) return 1;
  const bool refused = letter != 0 && strchr("?efdg", letter) != NULL;
  if (refused)
    PyErr_Format(PyExc_TypeError, "%s must be str or int, not an array of %s", what,
                 letter == '?' ? "bool" : "float");
  PyBuffer_Release(view);
  return refused ? -1 : 0;
}

/* --- Ids
 * ------------------------------------------------------------------------------------------ */

void groggy_ids_free(GroggyIds *ids) {
  PyMem_RawFree(ids->ids);
  PyMem_RawFree(ids->owned_ints);
  Py_CLEAR(ids->objects);
  if (ids->has_view) PyBuffer_Release(&ids->view);
  memset(ids, 0, sizeof *ids);
}

static int read_buffer(GroggyIds *ids, const char *what) {
  const Py_buffer *view = &ids->view;
  ids->has_view = ids->is_array = true;
  if (view->ndim != 1) {
    PyErr_Format(PyExc_ValueError, "%s must be a one-dimensional array, not one of %d dimensions",
                 what, view->ndim);
    return -1;
  }
  ids->count = view->shape[0];
  const char letter = native_letter(view);
  if (view->itemsize == 8 && is_signed_letter(letter) && PyBuffer_IsContiguous(view, 'C') &&
      (uintptr_t)view->buf % sizeof(int64_t) == 0) {
    ids->int_ids = view->buf;
    return 0;
  }
  ids->owned_ints = copy_integers(view, view->buf, ids->count, INT32_MAX, view->strides[0]);
  ids->int_ids = ids->owned_ints;
  return ids->owned_ints == NULL ? -1 : 0;
}

bool groggy_ids_array(GroggyIds *ids, PyObject *object) {
  memset(ids, 0, sizeof *ids);
  const int buffer = integer_buffer(object, &ids->view, "ids");
  if (buffer < 0) PyErr_Clear();
  if (buffer <= 0) return false;
  if (read_buffer(ids, "ids") == 0) return true;
  PyErr_Clear();
  groggy_ids_free(ids);
  return false;
}

static gli_id *allocate_ids(int64_t count) {
  gli_id *ids = PyMem_RawMalloc(count == 0 ? 1 : (size_t)count * sizeof *ids);
  if (ids == NULL) PyErr_NoMemory();
  return ids;
}

int groggy_ids_read(GroggyIds *ids, PyObject *object, const char *what) {
  memset(ids, 0, sizeof *ids);
  const int buffer = integer_buffer(object, &ids->view, what);
  if (buffer != 0) {
    if (buffer > 0 && read_buffer(ids, what) == 0) return 0;
    if (buffer > 0) groggy_ids_free(ids);
    return -1;
  }
  ids->is_array = strcmp(Py_TYPE(object)->tp_name, "numpy.ndarray") == 0;
  ids->objects = groggy_tuple(object, what);
  if (ids->objects == NULL) return -1;
  ids->count = PyTuple_GET_SIZE(ids->objects);
  ids->ids = allocate_ids(ids->count);
  for (int64_t i = 0; ids->ids != NULL && i < ids->count; i++) {
    if (groggy_id(PyTuple_GET_ITEM(ids->objects, i), &ids->ids[i]) < 0) {
      groggy_ids_free(ids);
      return -1;
    }
  }
  return ids->ids == NULL ? (groggy_ids_free(ids), -1) : 0;
}

int groggy_ids_expand(GroggyIds *ids) {
  if (ids->ids != NULL) return 0;
  ids->ids = allocate_ids(ids->count);
  if (ids->ids == NULL) return -1;
  for (int64_t i = 0; i < ids->count; i++)
    ids->ids[i] = gli_id_int(ids->int_ids[i]);
  ids->int_ids = NULL;
  return 0;
}

/* --- Pairs
 * ------------------------------------------------------------------------------------------ */

static int pairs_from_buffer(GroggyIds *sources, GroggyIds *targets, Py_buffer *view) {
  int result = -1;
  if (view->ndim != 2 || view->shape[1] != 2) {
    PyErr_SetString(PyExc_ValueError, "an array of edges must have the shape (m, 2)");
  } else {
    const int64_t count = view->shape[0];
    const char *start = view->buf;
    sources->owned_ints = copy_integers(view, start, count, UINT32_MAX, view->strides[0]);
    if (sources->owned_ints != NULL)
      targets->owned_ints =
          copy_integers(view, start + view->strides[1], count, UINT32_MAX, view->strides[0]);
    sources->int_ids = sources->owned_ints;
    targets->int_ids = targets->owned_ints;
    sources->count = targets->count = count;
    sources->is_array = true;
    result = targets->owned_ints == NULL ? -1 : 0;
  }
  PyBuffer_Release(view);
  return result;
}

static int pairs_from_items(GroggyIds *sources, GroggyIds *targets, PyObject *items) {
  PyObject *tuple = groggy_tuple(items, "edges");
  if (tuple == NULL) return -1;
  const Py_ssize_t count = PyTuple_GET_SIZE(tuple);
  sources->count = targets->count = count;
  sources->objects = tuple;
  sources->ids = allocate_ids(count);
  targets->ids = allocate_ids(count);
  targets->objects = PyTuple_New(count); /* keeps the pairs as they are: lists may change */
  if (sources->ids == NULL || targets->ids == NULL || targets->objects == NULL) return -1;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *pair = PyTuple_GET_ITEM(tuple, i);
    if (!(PyTuple_Check(pair) || PyList_Check(pair)) || PySequence_Fast_GET_SIZE(pair) != 2) {
      groggy_raise_value(PyExc_TypeError, pair, "an edge must be a pair (source, target), not ");
      return -1;
    }
    PyObject *own = PySequence_Tuple(pair);
    if (own == NULL) return -1;
    PyTuple_SET_ITEM(targets->objects, i, own);
    if (groggy_id(PyTuple_GET_ITEM(own, 0), &sources->ids[i]) < 0 ||
        groggy_id(PyTuple_GET_ITEM(own, 1), &targets->ids[i]) < 0)
      return -1;
  }
  return 0;
}

int groggy_pairs_read(GroggyIds *sources, GroggyIds *targets, PyObject *first, PyObject *second) {
  memset(sources, 0, sizeof *sources);
  memset(targets, 0, sizeof *targets);
  int result = -1;
  Py_buffer view;
  if (second != NULL && second != Py_None) {
    if (groggy_ids_read(sources, first, "sources") < 0) return -1;
    result = groggy_ids_read(targets, second, "targets");
    if (result == 0 && sources->count != targets->count) {
      PyErr_Format(PyExc_ValueError, "%lld sources but %lld targets", (long long)sources->count,
                   (long long)targets->count);
      result = -1;
    }
    if (result == 0 && (sources->ids == NULL) != (targets->ids == NULL))
      result = groggy_ids_expand(sources) < 0 ? -1 : groggy_ids_expand(targets);
  } else {
    const int buffer = integer_buffer(first, &view, "edges");
    if (buffer > 0)
      result = pairs_from_buffer(sources, targets, &view);
    else if (buffer == 0)
      result = pairs_from_items(sources, targets, first);
  }
  if (result < 0) {
    groggy_ids_free(sources);
    groggy_ids_free(targets);
  }
  return result;
}
