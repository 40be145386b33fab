/* errors.c: statuses of libgli as Python exceptions.
 *
 * Classes come from groggy.errors, where each is also the built-in exception that people expect.
 * A status without a class of its own raises a plain built-in. */
#include "groggy.h"

typedef struct ErrorClass {
  gli_status status;
  const char *name; /* in groggy.errors */
} ErrorClass;

static const ErrorClass error_classes[] = {
    {GLI_ERROR_NODE_NOT_FOUND, "NodeNotFoundError"},
    {GLI_ERROR_EDGE_NOT_FOUND, "EdgeNotFoundError"},
    {GLI_ERROR_ATTRIBUTE_NOT_FOUND, "AttributeNotFoundError"},
    {GLI_ERROR_CONFLICT, "BatchConflictError"},
    {GLI_ERROR_CANCELLED, "CancelledError"},
    {GLI_ERROR_TIMEOUT, "AlgorithmTimeoutError"},
    {GLI_ERROR_NOT_CONVERGED, "NotConvergedError"},
    {GLI_ERROR_FORMAT, "FormatError"},
    {GLI_ERROR_SYNTAX, "ExpressionError"},
    {GLI_ERROR_BACKEND_UNAVAILABLE, "BackendUnavailableError"},
    {GLI_ERROR_DEVICE, "DeviceError"},
    {GLI_ERROR_ABI, "AbiError"},
    {GLI_ERROR_BUSY, "GraphBusyError"},
    {GLI_ERROR_NEGATIVE_CYCLE, "NegativeCycleError"},
};

int groggy_errors_init(GroggyState *state) {
  PyObject *module = PyImport_ImportModule("groggy.errors");
  if (module == NULL) return -1;
  int result = 0;
  for (size_t i = 0; i < sizeof error_classes / sizeof error_classes[0] && result == 0; i++) {
    PyObject *class = PyObject_GetAttrString(module, error_classes[i].name);
    if (class == NULL) result = -1;
    state->errors[error_classes[i].status] = class;
  }
  Py_DECREF(module);
  return result;
}

static PyObject *builtin_class(gli_status status) {
  switch (status) {
    case GLI_ERROR_TYPE:
      return PyExc_TypeError;
    case GLI_ERROR_OUT_OF_MEMORY:
      return PyExc_MemoryError;
    case GLI_ERROR_LIMIT:
      return PyExc_OverflowError;
    case GLI_ERROR_IO:
      return PyExc_OSError;
    case GLI_ERROR_INVALID_ARGUMENT:
      return PyExc_ValueError;
    default:
      return PyExc_RuntimeError;
  }
}

/* The message as str: a cut one may end in the middle of a character, and a name or a piece of a
 * file that is quoted may be no UTF-8. */
PyObject *groggy_error_message(const gli_error *error) {
  return PyUnicode_DecodeUTF8(
      error->message, (Py_ssize_t)strnlen(error->message, GLI_ERROR_MESSAGE_SIZE), "replace");
}

/* A DeviceError with the vendor's number, where there is one. */
static void raise_device(PyObject *class, PyObject *message, int32_t driver_code) {
  PyObject *raised = PyObject_CallOneArg(class, message);
  PyObject *number = raised == NULL ? NULL : PyLong_FromLong(driver_code);
  if (number != NULL && PyObject_SetAttrString(raised, "driver_code", number) == 0)
    PyErr_SetObject(class, raised);
  Py_XDECREF(number);
  Py_XDECREF(raised);
}

PyObject *groggy_raise(GroggyState *state, const gli_error *error) {
  if (PyErr_Occurred()) return NULL;
  PyObject *class = NULL;
  if ((size_t)error->status < GROGGY_STATUS_COUNT) class = state->errors[error->status];
  if (class == NULL) class = builtin_class(error->status);
  PyObject *message = groggy_error_message(error);
  if (message != NULL) {
    if (error->status == GLI_ERROR_DEVICE && error->driver_code != 0)
      raise_device(class, message, error->driver_code);
    else
      PyErr_SetObject(class, message);
    Py_DECREF(message);
  }
  return NULL;
}

PyObject *groggy_raise_node_missing(GroggyState *state, PyObject *id) {
  PyErr_Format(state->errors[GLI_ERROR_NODE_NOT_FOUND], "no node has the id %R", id);
  return NULL;
}

PyObject *groggy_raise_attribute_missing(GroggyState *state, PyObject *owner, PyObject *name) {
  PyErr_Format(state->errors[GLI_ERROR_ATTRIBUTE_NOT_FOUND], "%U has no attribute %R", owner, name);
  return NULL;
}

PyObject *groggy_raise_arguments(const char *function, Py_ssize_t given, const char *expected) {
  PyErr_Format(PyExc_TypeError, "%s takes %s (%zd given)", function, expected, given);
  return NULL;
}

int groggy_no_keywords(const char *function, PyObject *keyword_names) {
  if (keyword_names == NULL || PyTuple_GET_SIZE(keyword_names) == 0) return 0;
  PyErr_Format(PyExc_TypeError, "%s takes no keyword argument %R", function,
               PyTuple_GET_ITEM(keyword_names, 0));
  return -1;
}
