/* decode.c: attribute values from libgli to Python, as fresh objects. */
#include "dates.h"

static PyObject *decode_next(GroggyState *state, gli_value_reader *reader);

static PyObject *damaged(void) {
  PyErr_SetString(PyExc_SystemError, "a stored nested value is damaged");
  return NULL;
}

static PyObject *decode_big(const gli_value *bytes) {
  return PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "y#s", bytes->as.text,
                             (Py_ssize_t)bytes->size_bytes, "little");
}

/* from_bytes has no positional `signed`: negative numbers are corrected by one subtraction. */
static PyObject *decode_signed_big(const gli_value *bytes) {
  PyObject *number = decode_big(bytes);
  const bool negative =
      bytes->size_bytes > 0 && (bytes->as.bytes[bytes->size_bytes - 1] & 0x80) != 0;
  if (number == NULL || !negative) return number;
  PyObject *one = PyLong_FromLong(1);
  PyObject *bits = PyLong_FromUnsignedLongLong(bytes->size_bytes * 8);
  PyObject *modulus = one == NULL || bits == NULL ? NULL : PyNumber_Lshift(one, bits);
  PyObject *result = modulus == NULL ? NULL : PyNumber_Subtract(number, modulus);
  Py_XDECREF(one);
  Py_XDECREF(bits);
  Py_XDECREF(modulus);
  Py_DECREF(number);
  return result;
}

static PyObject *decode_list(GroggyState *state, gli_value_reader *reader, uint64_t count) {
  PyObject *list = PyList_New(0);
  for (uint64_t i = 0; list != NULL && i < count; i++) {
    PyObject *item = decode_next(state, reader);
    if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
    Py_XDECREF(item);
  }
  return list;
}

static PyObject *decode_dict(GroggyState *state, gli_value_reader *reader, uint64_t count) {
  PyObject *dict = PyDict_New();
  for (uint64_t i = 0; dict != NULL && i < count; i++) {
    PyObject *key = decode_next(state, reader);
    PyObject *item = key == NULL ? NULL : decode_next(state, reader);
    if (item == NULL || PyDict_SetItem(dict, key, item) < 0) Py_CLEAR(dict);
    Py_XDECREF(key);
    Py_XDECREF(item);
  }
  return dict;
}

static PyObject *decode_container(GroggyState *state, gli_value_reader *reader,
                                  const gli_value_item *item) {
  if (item->type == GLI_NESTED_DICT) return decode_dict(state, reader, item->count);
  PyObject *list = decode_list(state, reader, item->count);
  if (list == NULL || item->type == GLI_NESTED_LIST) return list;
  PyObject *container = NULL;
  if (item->type == GLI_NESTED_TUPLE)
    container = PyList_AsTuple(list);
  else if (item->type == GLI_NESTED_SET)
    container = PySet_New(list);
  else
    container = PyFrozenSet_New(list);
  Py_DECREF(list);
  return container;
}

static PyObject *decode_next(GroggyState *state, gli_value_reader *reader) {
  gli_value_item item;
  if (!gli_value_reader_next(reader, &item)) return damaged();
  switch (item.type) {
    case GLI_NESTED_NULL:
    case GLI_NESTED_FALSE:
    case GLI_NESTED_TRUE:
    case GLI_NESTED_INT64:
    case GLI_NESTED_FLOAT64:
    case GLI_NESTED_STRING:
      return groggy_value_object(state, &item.scalar);
    case GLI_NESTED_BIGINT:
      return decode_signed_big(&item.scalar);
    case GLI_NESTED_BYTES:
      return PyBytes_FromStringAndSize(item.scalar.as.text, (Py_ssize_t)item.scalar.size_bytes);
    case GLI_NESTED_DATE:
    case GLI_NESTED_DATETIME:
      return groggy_date_decode(state, &item);
    case GLI_NESTED_LIST:
    case GLI_NESTED_TUPLE:
    case GLI_NESTED_DICT:
    case GLI_NESTED_SET:
    case GLI_NESTED_FROZENSET:
      return decode_container(state, reader, &item);
  }
  return damaged();
}

/* Decoding makes objects that the collector tracks, so finalisers may run and change the graph: the
 * bytes are copied first. */
static PyObject *decode_nested(GroggyState *state, const gli_value *value) {
  uint8_t on_stack[1024];
  uint8_t *copy = on_stack;
  const size_t size = (size_t)value->size_bytes;
  if (size > sizeof on_stack) {
    copy = PyMem_Malloc(size);
    if (copy == NULL) return PyErr_NoMemory();
  }
  memcpy(copy, value->as.bytes, size);
  const gli_value nested = gli_value_nested(copy, size);
  gli_value_reader reader = gli_value_reader_start(&nested);
  PyObject *object = decode_next(state, &reader);
  if (copy != on_stack) PyMem_Free(copy);
  return object;
}

PyObject *groggy_value_object(GroggyState *state, const gli_value *value) {
  switch (value->type) {
    case GLI_VALUE_NULL:
      Py_RETURN_NONE;
    case GLI_VALUE_BOOL:
      return PyBool_FromLong(value->as.boolean);
    case GLI_VALUE_INT64:
      return PyLong_FromLongLong(value->as.integer);
    case GLI_VALUE_FLOAT64:
      return PyFloat_FromDouble(value->as.real);
    case GLI_VALUE_STRING:
      return groggy_text_object(value->as.text, (size_t)value->size_bytes);
    case GLI_VALUE_NESTED:
      return decode_nested(state, value);
    default:
      return damaged();
  }
}
