/* encode.c: attribute values from Python to libgli.
 *
 * Exactly the types that come back equal and of the same type are taken: None, bool, int, float,
 * str, bytes, list, tuple, dict, set, frozenset, date, datetime; NumPy's scalars become Python's.
 * Plain values borrow from the object; anything nested goes through a gli_value_builder, of which
 * the module keeps a few. */
#include "dates.h"

void groggy_attributes_init(GroggyAttributes *attributes, GroggyState *state) {
  attributes->items = attributes->inline_items;
  attributes->count = 0;
  attributes->capacity = GROGGY_INLINE_ATTRIBUTES;
  attributes->state = state;
  attributes->held = NULL;
  attributes->held_count = attributes->held_capacity = 0;
  attributes->builders = NULL;
  attributes->builder_count = attributes->builder_capacity = 0;
}

void groggy_attributes_release(GroggyAttributes *attributes) {
  for (size_t i = 0; i < attributes->builder_count; i++)
    groggy_builder_give(attributes->state, attributes->builders[i]);
  for (size_t i = 0; i < attributes->held_count; i++)
    Py_DECREF(attributes->held[i]);
  PyMem_Free(attributes->builders);
  PyMem_Free(attributes->held);
  if (attributes->items != attributes->inline_items) PyMem_Free(attributes->items);
  groggy_attributes_init(attributes, attributes->state);
}

int groggy_attributes_reserve(GroggyAttributes *attributes, size_t count) {
  if (count <= attributes->capacity) return 0;
  gli_attribute *items = PyMem_New(gli_attribute, count);
  if (items == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  memcpy(items, attributes->items, attributes->count * sizeof *items);
  if (attributes->items != attributes->inline_items) PyMem_Free(attributes->items);
  attributes->items = items;
  attributes->capacity = count;
  return 0;
}

int groggy_attributes_hold(GroggyAttributes *attributes, PyObject *object) {
  if (attributes->held_count == attributes->held_capacity) {
    const size_t capacity = attributes->held_capacity == 0 ? 8 : attributes->held_capacity * 2;
    PyObject **held = PyMem_Resize(attributes->held, PyObject *, capacity);
    if (held == NULL) {
      Py_DECREF(object);
      PyErr_NoMemory();
      return -1;
    }
    attributes->held = held;
    attributes->held_capacity = capacity;
  }
  attributes->held[attributes->held_count++] = object;
  return 0;
}

gli_value_builder *groggy_builder_take(GroggyState *state) {
  if (state->free_builder_count > 0) return state->free_builders[--state->free_builder_count];
  gli_value_builder *builder = NULL;
  gli_error error;
  if (gli_value_builder_create(NULL, &builder, &error) != GLI_OK) {
    groggy_raise(state, &error);
    return NULL;
  }
  return builder;
}

void groggy_builder_give(GroggyState *state, gli_value_builder *builder) {
  if (state->free_builder_count < GROGGY_FREE_BUILDERS) {
    gli_value_builder_reset(builder);
    state->free_builders[state->free_builder_count++] = builder;
  } else {
    gli_value_builder_free(builder);
  }
}

static gli_value_builder *builder_for(GroggyAttributes *attributes) {
  if (attributes->builder_count == attributes->builder_capacity) {
    const size_t capacity =
        attributes->builder_capacity == 0 ? 4 : attributes->builder_capacity * 2;
    gli_value_builder **builders =
        PyMem_Resize(attributes->builders, gli_value_builder *, capacity);
    if (builders == NULL) {
      PyErr_NoMemory();
      return NULL;
    }
    attributes->builders = builders;
    attributes->builder_capacity = capacity;
  }
  gli_value_builder *builder = groggy_builder_take(attributes->state);
  if (builder != NULL) attributes->builders[attributes->builder_count++] = builder;
  return builder;
}

/* The UTF-8 of a str; lone surrogates as their three bytes, held as a bytes object. */
static int text_value(GroggyAttributes *attributes, PyObject *object, gli_value *value_out) {
  if (GROGGY_LIKELY(PyUnicode_IS_COMPACT_ASCII(object))) {
    *value_out = gli_value_text((const char *)PyUnicode_1BYTE_DATA(object),
                                (size_t)PyUnicode_GET_LENGTH(object));
    return 0;
  }
  Py_ssize_t size = 0;
  const char *text = PyUnicode_AsUTF8AndSize(object, &size);
  if (text == NULL) {
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return -1;
    PyErr_Clear();
    PyObject *bytes = PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass");
    if (bytes == NULL || groggy_attributes_hold(attributes, bytes) < 0) return -1;
    text = PyBytes_AS_STRING(bytes);
    size = PyBytes_GET_SIZE(bytes);
  }
  *value_out = gli_value_text(text, (size_t)size);
  return 0;
}

/* --- NumPy ---------------------------------------------------------------------------------- */

/* A NumPy scalar as Python's, without NumPy's headers; NULL without an exception: it is none. */
static PyObject *numpy_item(PyObject *object) {
  static const char *const refused[] = {"numpy.ndarray",    "numpy.datetime64", "numpy.timedelta64",
                                        "numpy.longdouble", "numpy.void",       "numpy.object_"};
  const char *type_name = Py_TYPE(object)->tp_name;
  if (strncmp(type_name, "numpy.", 6) != 0) return NULL;
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    if (strcmp(type_name, refused[i]) == 0) return NULL;
  }
  PyObject *item = PyObject_CallMethod(object, "item", NULL);
  if (item == NULL) {
    PyErr_Clear();
    return NULL;
  }
  if (PyBool_Check(item) || PyLong_CheckExact(item) || PyFloat_CheckExact(item) ||
      PyUnicode_CheckExact(item) || PyBytes_CheckExact(item))
    return item;
  Py_DECREF(item);
  return NULL;
}

static int raise_refused(PyObject *name, PyObject *object) {
  PyErr_Format(PyExc_TypeError,
               "attribute %R: a value of type %.200s cannot be kept; allowed are None, bool, int, "
               "float, str, bytes, list, tuple, dict, set, frozenset, date and datetime",
               name, Py_TYPE(object)->tp_name);
  return -1;
}

/* --- Nested values -------------------------------------------------------------------------- */

typedef struct Encoder {
  GroggyAttributes *attributes;
  gli_value_builder *builder;
  PyObject *name;
} Encoder;

static int encode(const Encoder *encoder, PyObject *object, int depth);

static int check(const Encoder *encoder, gli_status status, const gli_error *error) {
  if (status == GLI_OK) return 0;
  if (status == GLI_ERROR_OUT_OF_MEMORY)
    groggy_raise(encoder->attributes->state, error);
  else if (!PyErr_Occurred())
    PyErr_Format(PyExc_ValueError, "attribute %R: %s", encoder->name, error->message);
  return -1;
}

static int add_value(const Encoder *encoder, gli_value value) {
  gli_error error;
  return check(encoder, gli_value_builder_add(encoder->builder, &value, &error), &error);
}

/* An int beyond 64 bits: two's complement, little endian, as short as it gets. */
static int encode_big(const Encoder *encoder, PyObject *object) {
  PyObject *bits = PyObject_CallMethod(object, "bit_length", NULL);
  if (bits == NULL) return -1;
  const Py_ssize_t bit_count = PyLong_AsSsize_t(bits);
  Py_DECREF(bits);
  if (bit_count < 0) return -1;
  PyObject *method = PyObject_GetAttrString(object, "to_bytes");
  PyObject *arguments = method == NULL ? NULL : Py_BuildValue("ns", bit_count / 8 + 1, "little");
  PyObject *keywords = arguments == NULL ? NULL : Py_BuildValue("{sO}", "signed", Py_True);
  PyObject *bytes = keywords == NULL ? NULL : PyObject_Call(method, arguments, keywords);
  Py_XDECREF(method);
  Py_XDECREF(arguments);
  Py_XDECREF(keywords);
  if (bytes == NULL) return -1;
  const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
  size_t size = (size_t)PyBytes_GET_SIZE(bytes);
  while (size > 1 && ((data[size - 1] == 0xFF && data[size - 2] >= 0x80) ||
                      (data[size - 1] == 0 && data[size - 2] < 0x80)))
    size--;
  gli_error error;
  const int result =
      check(encoder, gli_value_builder_add_bigint(encoder->builder, data, size, &error), &error);
  Py_DECREF(bytes);
  return result;
}

/* Lists may change under us (a finaliser may run when anything is allocated): the size is asked
 * for at every step and each item is held. */
static int encode_sequence(const Encoder *encoder, PyObject *object, int depth) {
  const bool is_list = PyList_CheckExact(object);
  for (Py_ssize_t i = 0; i < (is_list ? PyList_GET_SIZE(object) : PyTuple_GET_SIZE(object)); i++) {
    PyObject *item = is_list ? PyList_GET_ITEM(object, i) : PyTuple_GET_ITEM(object, i);
    Py_INCREF(item);
    const int result = encode(encoder, item, depth);
    Py_DECREF(item);
    if (result < 0) return -1;
  }
  return 0;
}

static int encode_dict(const Encoder *encoder, PyObject *object, int depth) {
  PyObject *key = NULL, *item = NULL;
  const Py_ssize_t size = PyDict_GET_SIZE(object);
  Py_ssize_t position = 0;
  while (PyDict_Next(object, &position, &key, &item)) {
    Py_INCREF(key);
    Py_INCREF(item);
    int result = encode(encoder, key, depth);
    if (result == 0) result = encode(encoder, item, depth);
    Py_DECREF(key);
    Py_DECREF(item);
    if (result == 0 && PyDict_GET_SIZE(object) != size) {
      PyErr_Format(PyExc_RuntimeError, "attribute %R: the dict changed while it was read",
                   encoder->name);
      result = -1;
    }
    if (result < 0) return -1;
  }
  return 0;
}

static int encode_set(const Encoder *encoder, PyObject *object, int depth) {
  PyObject *iterator = PyObject_GetIter(object);
  if (iterator == NULL) return -1;
  int result = 0;
  PyObject *item = NULL;
  while (result == 0 && (item = PyIter_Next(iterator)) != NULL) {
    result = encode(encoder, item, depth);
    Py_DECREF(item);
  }
  Py_DECREF(iterator);
  return result < 0 || PyErr_Occurred() ? -1 : 0;
}

static int encode_container(const Encoder *encoder, PyObject *object, gli_nested_type type,
                            int depth) {
  if (depth >= GLI_VALUE_DEPTH_LIMIT) {
    PyErr_Format(PyExc_ValueError, "attribute %R: nested deeper than %d levels (or a cycle)",
                 encoder->name, GLI_VALUE_DEPTH_LIMIT);
    return -1;
  }
  gli_error error;
  int result = check(encoder, gli_value_builder_open(encoder->builder, type, &error), &error);
  if (result < 0) return -1;
  if (type == GLI_NESTED_DICT)
    result = encode_dict(encoder, object, depth + 1);
  else if (type == GLI_NESTED_LIST || type == GLI_NESTED_TUPLE)
    result = encode_sequence(encoder, object, depth + 1);
  else
    result = encode_set(encoder, object, depth + 1);
  if (result < 0) return -1;
  return check(encoder, gli_value_builder_close(encoder->builder, &error), &error);
}

/* What is no scalar of libgli and no container. */
static int encode_other(const Encoder *encoder, PyObject *object, int depth) {
  gli_error error;
  if (PyLong_CheckExact(object)) return encode_big(encoder, object);
  if (PyBytes_CheckExact(object)) {
    const size_t size = (size_t)PyBytes_GET_SIZE(object);
    return check(
        encoder,
        gli_value_builder_add_bytes(encoder->builder, PyBytes_AS_STRING(object), size, &error),
        &error);
  }
  const int date =
      groggy_date_encode(encoder->attributes->state, encoder->builder, encoder->name, object);
  if (date != 0) return date < 0 ? -1 : 0;
  PyObject *item = numpy_item(object);
  if (item == NULL) return PyErr_Occurred() ? -1 : raise_refused(encoder->name, object);
  const int result = encode(encoder, item, depth);
  Py_DECREF(item);
  return result;
}

/* A scalar of libgli: 1 and the value, 0 for something else, -1 with an exception. */
static int scalar(GroggyAttributes *attributes, PyObject *object, gli_value *value_out) {
  if (PyLong_CheckExact(object)) {
    int overflow = 0;
    const long long integer = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0) return 0;
    *value_out = gli_value_int(integer);
    return 1;
  }
  if (PyUnicode_CheckExact(object)) return text_value(attributes, object, value_out) < 0 ? -1 : 1;
  if (PyFloat_CheckExact(object)) {
    *value_out = gli_value_float(PyFloat_AS_DOUBLE(object));
    return 1;
  }
  if (object == Py_None) {
    *value_out = gli_value_null();
    return 1;
  }
  if (object == Py_True || object == Py_False) {
    *value_out = gli_value_bool(object == Py_True);
    return 1;
  }
  return 0;
}

static int encode(const Encoder *encoder, PyObject *object, int depth) {
  gli_value value;
  const int plain = scalar(encoder->attributes, object, &value);
  if (plain != 0) return plain < 0 ? -1 : add_value(encoder, value);
  if (PyDict_CheckExact(object)) return encode_container(encoder, object, GLI_NESTED_DICT, depth);
  if (PyList_CheckExact(object)) return encode_container(encoder, object, GLI_NESTED_LIST, depth);
  if (PyTuple_CheckExact(object)) return encode_container(encoder, object, GLI_NESTED_TUPLE, depth);
  if (PyFrozenSet_CheckExact(object))
    return encode_container(encoder, object, GLI_NESTED_FROZENSET, depth);
  if (Py_TYPE(object) == &PySet_Type)
    return encode_container(encoder, object, GLI_NESTED_SET, depth);
  return encode_other(encoder, object, depth);
}

int groggy_value(GroggyAttributes *attributes, PyObject *name, PyObject *object,
                 gli_value *value_out) {
  const int plain = scalar(attributes, object, value_out);
  if (GROGGY_LIKELY(plain != 0)) return plain < 0 ? -1 : 0;
  Encoder encoder = {attributes, builder_for(attributes), name};
  if (encoder.builder == NULL || encode(&encoder, object, 0) < 0) return -1;
  gli_error error;
  return check(&encoder, gli_value_builder_finish(encoder.builder, value_out, &error), &error);
}
