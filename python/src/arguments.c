/* arguments.c: reading the arguments of a method by position or name. */
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
