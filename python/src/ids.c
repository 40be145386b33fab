/* ids.c: node ids, edge ids and directions between Python and libgli. */
#include "groggy.h"

/* What is neither an exact int nor a plain ASCII str. */
int groggy_id_slow(PyObject *object, gli_id *id_out) {
  if (PyUnicode_Check(object)) {
    Py_ssize_t size = 0;
    const char *text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text == NULL) {
      if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "node id %R holds a lone surrogate", object);
      }
      return -1;
    }
    if ((uint64_t)size >= UINT32_MAX) {
      PyErr_SetString(PyExc_OverflowError, "node id is a str of 4 GiB or more");
      return -1;
    }
    *id_out = gli_id_text(text, (uint32_t)size);
    return 0;
  }
  int64_t integer = 0;
  if (groggy_int64(object, "node id", "str or int", &integer) < 0) return -1;
  *id_out = gli_id_int(integer);
  return 0;
}

int groggy_int64(PyObject *object, const char *what, const char *expected, int64_t *number_out) {
  if (PyBool_Check(object)) {
    PyErr_Format(PyExc_TypeError, "%s must be %s, not bool (%R)", what, expected, object);
    return -1;
  }
  if (!PyIndex_Check(object)) {
    PyErr_Format(PyExc_TypeError, "%s must be %s, not %.200s", what, expected,
                 Py_TYPE(object)->tp_name);
    return -1;
  }
  PyObject *number = PyNumber_Index(object);
  if (number == NULL) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, "%s must be %s, not %.200s", what, expected,
                   Py_TYPE(object)->tp_name);
    }
    return -1;
  }
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
  if (overflow != 0)
    PyErr_Format(PyExc_OverflowError, "%s %R does not fit into 64 bits", what, number);
  Py_DECREF(number);
  if (overflow != 0 || (value == -1 && PyErr_Occurred())) return -1;
  *number_out = value;
  return 0;
}

int groggy_edge_id(PyObject *object, gli_edge_id *edge_out) {
  return groggy_int64(object, "edge id", "int", edge_out);
}

/* Whether bytes are ASCII: by words, the last of which may overlap the one before. */
static bool is_ascii(const char *text, size_t size_bytes) {
  const uint64_t high = UINT64_C(0x8080808080808080);
  uint64_t seen = 0, word;
  if (size_bytes >= 8) {
    for (size_t i = 0; i + 8 < size_bytes; i += 8) {
      memcpy(&word, text + i, 8);
      seen |= word;
    }
    memcpy(&word, text + size_bytes - 8, 8);
    return ((seen | word) & high) == 0;
  }
  if (size_bytes >= 4) {
    uint32_t first, last;
    memcpy(&first, text, 4);
    memcpy(&last, text + size_bytes - 4, 4);
    return ((first | last) & (uint32_t)high) == 0;
  }
  for (size_t i = 0; i < size_bytes; i++)
    seen |= (uint8_t)text[i];
  return (seen & 0x80) == 0;
}

/* ASCII, which is by far the most common, takes one copy. */
PyObject *groggy_text_object(const char *text, size_t size_bytes) {
  if (GROGGY_LIKELY(size_bytes > 1 && is_ascii(text, size_bytes))) {
    PyObject *object = PyUnicode_New((Py_ssize_t)size_bytes, 127);
    if (object != NULL) memcpy(PyUnicode_1BYTE_DATA(object), text, size_bytes);
    return object;
  }
  return PyUnicode_DecodeUTF8(text, (Py_ssize_t)size_bytes, "surrogatepass");
}

PyObject *groggy_id_object(const gli_id *id) {
  if (id->kind == GLI_ID_INT) return PyLong_FromLongLong(id->as.integer);
  return groggy_text_object(id->as.text, id->size_bytes);
}

PyObject *groggy_id_canonical(PyObject *object, const gli_id *id) {
  if (PyUnicode_CheckExact(object) || PyLong_CheckExact(object)) {
    Py_INCREF(object);
    return object;
  }
  return groggy_id_object(id);
}

int groggy_direction(GroggyState *state, PyObject *object, gli_direction *direction_out) {
  if (object == state->out) {
    *direction_out = GLI_OUT;
  } else if (object == state->in) {
    *direction_out = GLI_IN;
  } else if (object == state->both) {
    *direction_out = GLI_BOTH;
  } else if (!PyUnicode_Check(object)) {
    PyErr_Format(PyExc_TypeError, "direction must be 'out', 'in' or 'both', not %.200s",
                 Py_TYPE(object)->tp_name);
    return -1;
  } else if (PyUnicode_CompareWithASCIIString(object, "out") == 0) {
    *direction_out = GLI_OUT;
  } else if (PyUnicode_CompareWithASCIIString(object, "in") == 0) {
    *direction_out = GLI_IN;
  } else if (PyUnicode_CompareWithASCIIString(object, "both") == 0) {
    *direction_out = GLI_BOTH;
  } else {
    PyErr_Format(PyExc_ValueError, "direction must be 'out', 'in' or 'both', not %R", object);
    return -1;
  }
  return 0;
}
