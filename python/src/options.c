/* options.c: an algorithm's options from Python arguments, by its descriptor.
 *
 * Each parameter says its type, its range and where in the options struct it lies; ids become node
 * positions of the snapshot. Ranges are checked by libgli, which knows how to say what is wrong. */
#include "options.h"

#include "bulk.h"

int groggy_options_begin(GroggyOptions *options, GroggyState *state, const gli_algorithm *algorithm,
                         gli_snapshot *snapshot) {
  options->state = state;
  options->algorithm = algorithm;
  options->snapshot = snapshot;
  options->array_count = 0;
  options->given = 0;
  options->arrays = NULL;
  options->data = options->inline_data;
  if (algorithm->options_size > sizeof options->inline_data) {
    options->data = PyMem_RawMalloc(algorithm->options_size);
    if (options->data == NULL) {
      PyErr_NoMemory();
      return -1;
    }
  }
  gli_algorithm_defaults(algorithm, options->data);
  return 0;
}

void groggy_options_end(GroggyOptions *options) {
  for (size_t i = 0; i < options->array_count; i++)
    PyMem_RawFree(options->arrays[i]);
  PyMem_Free(options->arrays);
  if (options->data != options->inline_data) PyMem_RawFree(options->data);
}

/* Keep an array until the call is over; freed at once on failure. */
static int keep_array(GroggyOptions *options, void *array) {
  void **arrays = PyMem_Resize(options->arrays, void *, options->array_count + 1);
  if (arrays == NULL) {
    PyMem_RawFree(array);
    PyErr_NoMemory();
    return -1;
  }
  options->arrays = arrays;
  options->arrays[options->array_count++] = array;
  return 0;
}

static int node_position(GroggyState *state, gli_snapshot *snapshot, PyObject *object,
                         int32_t *position_out) {
  gli_id id;
  if (groggy_id(object, &id) < 0) return -1;
  *position_out = gli_snapshot_find_node(snapshot, &id);
  if (*position_out == GLI_NODE_NONE) {
    groggy_raise_node_missing(state, object);
    return -1;
  }
  return 0;
}

int groggy_node_positions(GroggyState *state, gli_snapshot *snapshot, PyObject *object,
                          int32_t **nodes_out, int64_t *count_out) {
  const bool is_array = PyObject_CheckBuffer(object) && !PyBytes_Check(object);
  /* A 0-d array has __index__ and is one id; other arrays have it too, and are many. */
  const bool one = PyUnicode_Check(object) || PyBytes_Check(object) ||
                   (!is_array && (PyIndex_Check(object) || Py_TYPE(object)->tp_iter == NULL) &&
                    !PySequence_Check(object));
  Py_ssize_t found = 0;
  int32_t *plain = one        ? NULL
                   : is_array ? groggy_array_positions(snapshot, object, &found)
                              : groggy_plain_positions(snapshot, object, &found);
  if (plain != NULL) {
    *nodes_out = plain;
    *count_out = found;
    return 0;
  }
  PyObject *items = one ? PyTuple_Pack(1, object) : PySequence_Tuple(object);
  if (items == NULL) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError) || !is_array) return -1;
    PyErr_Clear();
    items = PyTuple_Pack(1, object);
    if (items == NULL) return -1;
  }
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  int32_t *nodes = PyMem_RawMalloc(((size_t)count + 1) * sizeof *nodes);
  if (nodes == NULL) PyErr_NoMemory();
  Py_ssize_t read = 0;
  while (nodes != NULL && read < count &&
         node_position(state, snapshot, PyTuple_GET_ITEM(items, read), &nodes[read]) == 0)
    read++;
  Py_DECREF(items);
  if (nodes == NULL || read < count) {
    PyMem_RawFree(nodes);
    return -1;
  }
  *nodes_out = nodes;
  *count_out = count;
  return 0;
}

/* --- One function per type of parameter ---------------------------------------------------------
 */

static int set_nodes(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  int32_t *nodes = NULL;
  int64_t count = 0;
  if (groggy_node_positions(options->state, options->snapshot, value, &nodes, &count) < 0 ||
      keep_array(options, nodes) < 0)
    return -1;
  if (count == 0) {
    PyErr_Format(PyExc_ValueError, "%s is empty: at least one node is needed", parameter->name);
    return -1;
  }
  const gli_node_list list = {nodes, count};
  memcpy(options->data + parameter->offset, &list, sizeof list);
  return 0;
}

static int set_node_weights(GroggyOptions *options, const gli_parameter *parameter,
                            PyObject *value) {
  if (!PyMapping_Check(value) || !PyObject_HasAttrString(value, "keys")) {
    PyErr_Format(PyExc_TypeError, "%s must be a mapping id -> number, not %.200s", parameter->name,
                 Py_TYPE(value)->tp_name);
    return -1;
  }
  PyObject *copy = PyDict_New();
  if (copy == NULL || PyDict_Update(copy, value) < 0) {
    Py_XDECREF(copy);
    return -1;
  }
  const size_t count = (size_t)PyDict_GET_SIZE(copy);
  int32_t *nodes = PyMem_RawMalloc((count + 1) * sizeof *nodes);
  double *weights = PyMem_RawMalloc((count + 1) * sizeof *weights);
  int result = -1;
  if (nodes == NULL || weights == NULL) {
    PyErr_NoMemory();
    PyMem_RawFree(nodes);
    PyMem_RawFree(weights);
  } else if (keep_array(options, nodes) < 0) {
    PyMem_RawFree(weights);
  } else if (keep_array(options, weights) == 0) {
    PyObject *id = NULL, *number = NULL;
    Py_ssize_t position = 0;
    size_t filled = 0;
    result = 0;
    while (result == 0 && PyDict_Next(copy, &position, &id, &number)) {
      result = node_position(options->state, options->snapshot, id, &nodes[filled]);
      if (result == 0 && PyBool_Check(number)) {
        PyErr_Format(PyExc_TypeError, "%s[%R] must be a number, not bool", parameter->name, id);
        result = -1;
      }
      if (result == 0) {
        weights[filled] = PyFloat_AsDouble(number);
        result = weights[filled] == -1.0 && PyErr_Occurred() ? -1 : 0;
        if (result < 0 && PyErr_ExceptionMatches(PyExc_TypeError))
          PyErr_Format(PyExc_TypeError, "%s[%R] must be a number, not %.200s", parameter->name, id,
                       Py_TYPE(number)->tp_name);
      }
      filled++;
    }
    const gli_node_weights list = {nodes, weights, (int64_t)count};
    memcpy(options->data + parameter->offset, &list, sizeof list);
  }
  Py_DECREF(copy);
  return result;
}

static int read_pair(GroggyOptions *options, const char *name, PyObject *pair, int32_t *source,
                     int32_t *target) {
  PyObject *ends = PyTuple_Check(pair) || PyList_Check(pair) ? PySequence_Tuple(pair) : NULL;
  if (ends == NULL || PyTuple_GET_SIZE(ends) != 2) {
    if (!PyErr_Occurred())
      groggy_raise_value(PyExc_TypeError, pair, "%s must hold pairs (source, target), not ", name);
    Py_XDECREF(ends);
    return -1;
  }
  int result = node_position(options->state, options->snapshot, PyTuple_GET_ITEM(ends, 0), source);
  if (result == 0)
    result = node_position(options->state, options->snapshot, PyTuple_GET_ITEM(ends, 1), target);
  Py_DECREF(ends);
  return result;
}

/* Whatever holds pairs; NULL with an exception. */
static int32_t *careful_pairs(GroggyOptions *options, const char *name, PyObject *value,
                              Py_ssize_t *count_out) {
  PyObject *rows = PyObject_HasAttrString(value, "tolist")
                       ? PyObject_CallMethod(value, "tolist", NULL)
                       : Py_NewRef(value);
  PyObject *items = rows == NULL ? NULL : groggy_tuple(rows, name);
  Py_XDECREF(rows);
  if (items == NULL) return NULL;
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  int32_t *ends = PyMem_RawMalloc(((size_t)count * 2 + 1) * sizeof *ends);
  if (ends == NULL) PyErr_NoMemory();
  Py_ssize_t read = 0;
  while (ends != NULL && read < count &&
         read_pair(options, name, PyTuple_GET_ITEM(items, read), &ends[read],
                   &ends[count + read]) == 0)
    read++;
  Py_DECREF(items);
  *count_out = count;
  if (ends != NULL && read == count) return ends;
  PyMem_RawFree(ends);
  return NULL;
}

static int set_pairs(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  if (PyUnicode_Check(value) || PyBytes_Check(value)) {
    PyErr_Format(PyExc_TypeError, "%s must be an iterable of pairs, not %.200s", parameter->name,
                 Py_TYPE(value)->tp_name);
    return -1;
  }
  Py_ssize_t count = 0;
  int32_t *ends = groggy_plain_pairs(options->snapshot, value, &count);
  if (ends == NULL) ends = careful_pairs(options, parameter->name, value, &count);
  if (ends == NULL || keep_array(options, ends) < 0) return -1;
  const gli_pair_list list = {ends, ends + count, count};
  memcpy(options->data + parameter->offset, &list, sizeof list);
  return 0;
}

/* One int or several. */
static int set_ints(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  /* An array has __index__ too, and is many; NumPy's scalars have no length. */
  const bool one = PyLong_Check(value) || (PyIndex_Check(value) && !PySequence_Check(value));
  if (!one && (PyUnicode_Check(value) || PyBytes_Check(value) ||
               (Py_TYPE(value)->tp_iter == NULL && !PySequence_Check(value)))) {
    PyErr_Format(PyExc_TypeError, "%s must be a list of int, not %.200s", parameter->name,
                 Py_TYPE(value)->tp_name);
    return -1;
  }
  PyObject *items = one ? PyTuple_Pack(1, value) : PySequence_Tuple(value);
  if (items == NULL) return -1;
  const Py_ssize_t count = PyTuple_GET_SIZE(items);
  int64_t *numbers = PyMem_RawMalloc(((size_t)count + 1) * sizeof *numbers);
  int result = -1;
  if (numbers == NULL) {
    PyErr_NoMemory();
  } else if (keep_array(options, numbers) == 0) {
    result = 0;
    for (Py_ssize_t k = 0; result == 0 && k < count; k++)
      result = groggy_int64(PyTuple_GET_ITEM(items, k), parameter->name, "int", &numbers[k]);
    const gli_int_list list = {numbers, count};
    memcpy(options->data + parameter->offset, &list, sizeof list);
  }
  Py_DECREF(items);
  return result;
}

static int set_int(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  int64_t number = 0;
  if (groggy_int64(value, parameter->name, "int", &number) < 0) return -1;
  memcpy(options->data + parameter->offset, &number, sizeof number);
  return 0;
}

static int set_float(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  const bool has_float = Py_TYPE(value)->tp_as_number != NULL &&
                         (Py_TYPE(value)->tp_as_number->nb_float != NULL || PyIndex_Check(value));
  if (PyBool_Check(value) || !has_float) {
    PyErr_Format(PyExc_TypeError, "%s must be a number, not %.200s", parameter->name,
                 Py_TYPE(value)->tp_name);
    return -1;
  }
  const double number = PyFloat_AsDouble(value);
  if (number == -1.0 && PyErr_Occurred()) return -1;
  memcpy(options->data + parameter->offset, &number, sizeof number);
  return 0;
}

static int set_choice(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  for (const char *const *choice = parameter->choices; *choice != NULL; choice++) {
    if (PyUnicode_Check(value) && PyUnicode_CompareWithASCIIString(value, *choice) == 0) {
      memcpy(options->data + parameter->offset, choice, sizeof *choice);
      return 0;
    }
  }
  PyObject *names = PyUnicode_FromString("");
  for (const char *const *choice = parameter->choices; names != NULL && *choice != NULL; choice++) {
    PyObject *longer =
        PyUnicode_FromFormat("%U%s'%s'", names, choice == parameter->choices ? "" : ", ", *choice);
    Py_DECREF(names);
    names = longer;
  }
  if (names != NULL)
    groggy_raise_value(PyExc_ValueError, value, "%s must be one of %U, not ", parameter->name,
                       names);
  Py_XDECREF(names);
  return -1;
}

static int set_attribute(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  const char *text = NULL;
  Py_ssize_t size = 0;
  if (groggy_name_check(value, &text, &size) < 0) return -1;
  memcpy(options->data + parameter->offset, &text, sizeof text);
  return 0;
}

static int set_bool(GroggyOptions *options, const gli_parameter *parameter, PyObject *value) {
  bool flag = false;
  if (groggy_truth(value, parameter->name, &flag) < 0) return -1;
  memcpy(options->data + parameter->offset, &flag, sizeof flag);
  return 0;
}

int groggy_options_set(GroggyOptions *options, size_t place, PyObject *value) {
  const gli_parameter *parameter = &options->algorithm->parameters[place];
  if ((options->given >> place & 1) != 0) {
    PyErr_Format(PyExc_TypeError, "%s() got several values for the argument '%s'",
                 options->algorithm->name, parameter->name);
    return -1;
  }
  options->given |= UINT64_C(1) << place;
  if (value == Py_None) {
    if (!parameter->required) {
      if (parameter->type == GLI_PARAMETER_ATTRIBUTE) {
        const char *none = NULL;
        memcpy(options->data + parameter->offset, &none, sizeof none);
      }
      return 0;
    }
    PyErr_Format(PyExc_TypeError, "%s() needs %s, not None", options->algorithm->name,
                 parameter->name);
    return -1;
  }
  switch (parameter->type) {
    case GLI_PARAMETER_BOOL:
      return set_bool(options, parameter, value);
    case GLI_PARAMETER_INT:
      return set_int(options, parameter, value);
    case GLI_PARAMETER_FLOAT:
      return set_float(options, parameter, value);
    case GLI_PARAMETER_CHOICE:
      return set_choice(options, parameter, value);
    case GLI_PARAMETER_ATTRIBUTE:
      return set_attribute(options, parameter, value);
    case GLI_PARAMETER_NODES:
      return set_nodes(options, parameter, value);
    case GLI_PARAMETER_NODE_WEIGHTS:
      return set_node_weights(options, parameter, value);
    case GLI_PARAMETER_PAIRS:
      return set_pairs(options, parameter, value);
    case GLI_PARAMETER_INTS:
      return set_ints(options, parameter, value);
  }
  PyErr_Format(PyExc_SystemError, "parameter %s has an unknown type", parameter->name);
  return -1;
}
