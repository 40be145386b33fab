/* arguments.c: reading the arguments of a method by position or name, and what many of them are. */
#include "groggy.h"

int groggy_arguments(const char *function, const char *const *names, Py_ssize_t name_count,
                     Py_ssize_t required, PyObject *const *args, Py_ssize_t count,
                     PyObject *keyword_names, PyObject **values) {
  if (count > name_count) {
    PyErr_Format(PyExc_TypeError, "%s takes at most %zd positional arguments (%zd given)", function,
                 name_count, count);
    return -1;
  }
  bool given[8] = {false};
  for (Py_ssize_t i = 0; i < count; i++) {
    values[i] = args[i];
    given[i] = true;
  }
  const Py_ssize_t keyword_count = keyword_names == NULL ? 0 : PyTuple_GET_SIZE(keyword_names);
  for (Py_ssize_t k = 0; k < keyword_count; k++) {
    PyObject *name = PyTuple_GET_ITEM(keyword_names, k);
    Py_ssize_t place = 0;
    while (place < name_count && PyUnicode_CompareWithASCIIString(name, names[place]) != 0)
      place++;
    if (place == name_count || given[place]) {
      PyErr_Format(PyExc_TypeError,
                   place == name_count ? "%s got an unexpected keyword argument %R"
                                       : "%s got several values for the argument %R",
                   function, name);
      return -1;
    }
    values[place] = args[count + k];
    given[place] = true;
  }
  for (Py_ssize_t i = 0; i < required; i++) {
    if (!given[i]) {
      PyErr_Format(PyExc_TypeError, "%s misses the argument '%s'", function, names[i]);
      return -1;
    }
  }
  return 0;
}

int groggy_truth(PyObject *object, const char *what, bool *truth_out) {
  const char *type = Py_TYPE(object)->tp_name;
  bool fits =
      PyBool_Check(object) || strcmp(type, "numpy.bool") == 0 || strcmp(type, "numpy.bool_") == 0;
  if (!fits && PyLong_CheckExact(object)) {
    int overflow = 0;
    const long number = PyLong_AsLongAndOverflow(object, &overflow);
    fits = overflow == 0 && (number == 0 || number == 1);
  }
  if (!fits) {
    groggy_raise_value(PyExc_TypeError, object, "%s must be True or False, not %.200s: ", what,
                       type);
    return -1;
  }
  const int truth = PyObject_IsTrue(object);
  if (truth < 0) return -1;
  *truth_out = truth != 0;
  return 0;
}

int groggy_directed(PyObject *object, void *truth_out) {
  return groggy_truth(object, "directed", truth_out) == 0;
}

int groggy_multigraph(PyObject *object, void *truth_out) {
  return groggy_truth(object, "multigraph", truth_out) == 0;
}

PyObject *groggy_tuple(PyObject *object, const char *what) {
  const bool is_text =
      PyUnicode_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object);
  if (is_text || (Py_TYPE(object)->tp_iter == NULL && !PySequence_Check(object))) {
    PyErr_Format(PyExc_TypeError, "%s must be an iterable, not %.200s", what,
                 Py_TYPE(object)->tp_name);
    return NULL;
  }
  return PySequence_Tuple(object);
}

/* A repr for one line of a message: that of an array has several, that of a list no end. */
static PyObject *short_repr(PyObject *object) {
  enum { MOST = 80 };
  PyObject *whole = PyObject_Repr(object);
  if (whole == NULL) return NULL;
  const bool is_long = PyUnicode_GET_LENGTH(whole) > MOST;
  PyObject *part = is_long ? PyUnicode_Substring(whole, 0, MOST) : Py_NewRef(whole);
  PyObject *lines = part == NULL ? NULL : PyUnicode_Splitlines(part, 0);
  PyObject *blank = PyUnicode_FromString(" ");
  PyObject *line = lines == NULL || blank == NULL ? NULL : PyUnicode_Join(blank, lines);
  PyObject *text = line == NULL ? NULL : PyUnicode_FromFormat("%U%s", line, is_long ? "..." : "");
  Py_XDECREF(line);
  Py_XDECREF(blank);
  Py_XDECREF(lines);
  Py_XDECREF(part);
  Py_DECREF(whole);
  return text;
}

void groggy_raise_value(PyObject *class, PyObject *value, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyObject *words = PyUnicode_FromFormatV(format, arguments);
  va_end(arguments);
  PyObject *shown = words == NULL ? NULL : short_repr(value);
  if (shown != NULL) PyErr_Format(class, "%U%U", words, shown);
  Py_XDECREF(shown);
  Py_XDECREF(words);
}
