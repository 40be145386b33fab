/* kept.c: columns of results that stay on a device, for Python.
 *
 * A DeviceBuffer stands where a Buffer stands: whoever reads it (an index, memoryview, NumPy) makes
 * it come to the host, once; then it is a Buffer inside. Libraries that work on the device take it
 * where it is, by DLPack or __cuda_array_interface__.
 *
 * A capsule holds the device's memory through libgli alone: no Python object, so its deleter may be
 * called by any thread, with or without the GIL, and after the result is gone. */
#include "dlpack.h"
#include "groggy.h"

typedef struct DeviceBuffer {
  PyObject_HEAD GroggyState *state;
  PyObject *owner; /* keeps the result */
  const gli_result *result;
  const char *name;
  Py_ssize_t length;
  char format;
  PyObject *here; /* a Buffer over the values on the host; NULL: nobody asked yet */
} DeviceBuffer;

PyObject *groggy_device_buffer(GroggyState *state, PyObject *owner, const gli_result *result,
                               const gli_column *column, char format) {
  DeviceBuffer *self = PyObject_New(DeviceBuffer, state->device_buffer_type);
  if (self == NULL) return NULL;
  self->state = state;
  self->owner = Py_NewRef(owner);
  self->result = result;
  self->name = column->name;
  self->length = (Py_ssize_t)column->length;
  self->format = format;
  self->here = NULL;
  return (PyObject *)self;
}

static void device_buffer_dealloc(PyObject *object) {
  DeviceBuffer *self = (DeviceBuffer *)object;
  PyTypeObject *type = Py_TYPE(object);
  Py_XDECREF(self->here);
  Py_DECREF(self->owner);
  PyObject_Free(object);
  Py_DECREF(type);
}

/* --- On the host ------------------------------------------------------------------------------ */

int groggy_fetch(GroggyState *state, const gli_result *result, const char *name) {
  GroggyWatch watch;
  gli_error error;
  gli_status status = GLI_OK;
  if (groggy_watch_begin(state, &watch, NULL, NULL, NULL, NULL) == 0) {
    groggy_watch_release(&watch);
    status = gli_result_fetch(result, name, &watch.control, &error);
    groggy_watch_retake(&watch);
  }
  if (groggy_watch_end(&watch) < 0) return -1;
  if (status == GLI_OK) return 0;
  groggy_raise(state, &error);
  return -1;
}

/* The Buffer over the values, brought here if they are not: borrowed. */
static PyObject *here(DeviceBuffer *self) {
  gli_column column;
  if (self->here != NULL) return self->here;
  if (groggy_fetch(self->state, self->result, self->name) < 0) return NULL;
  if (gli_result_column(self->result, self->name, &column, NULL) != GLI_OK) return NULL;
  PyObject *made = groggy_buffer(self->state, self->owner, (void *)(uintptr_t)column.data,
                                 self->length, self->format);
  if (made == NULL) return NULL;
  if (self->here == NULL) /* another thread may have been here while this one waited */
    self->here = made;
  else
    Py_DECREF(made);
  return self->here;
}

static int device_buffer_get(PyObject *object, Py_buffer *view, int flags) {
  PyObject *buffer = here((DeviceBuffer *)object);
  if (buffer == NULL) {
    view->obj = NULL;
    return -1;
  }
  return PyObject_GetBuffer(buffer, view, flags);
}

static Py_ssize_t device_buffer_length(PyObject *object) {
  return ((DeviceBuffer *)object)->length;
}

static PyObject *device_buffer_item(PyObject *object, Py_ssize_t index) {
  PyObject *buffer = here((DeviceBuffer *)object);
  return buffer == NULL ? NULL : PySequence_GetItem(buffer, index);
}

static PyObject *device_buffer_subscript(PyObject *object, PyObject *key) {
  PyObject *buffer = here((DeviceBuffer *)object);
  return buffer == NULL ? NULL : PyObject_GetItem(buffer, key);
}

/* --- On the device ---------------------------------------------------------------------------- */

static uint8_t item_bits(gli_column_type type) {
  return type == GLI_COLUMN_BOOL ? 8 : type == GLI_COLUMN_NODE ? 32 : 64;
}

/* The column where it is, rows of live nodes alone; an exception else. What cannot be shared is a
 * BufferError, as DLPack wants it. */
static int share(DeviceBuffer *self, gli_device_column *column) {
  gli_error error;
  PyThreadState *thread = groggy_gil_release();
  const gli_status status =
      gli_result_device_column(self->result, self->name, true, column, &error);
  groggy_gil_retake(thread);
  if (status == GLI_OK) return 0;
  if (status == GLI_ERROR_BACKEND_UNAVAILABLE)
    PyErr_SetString(PyExc_BufferError, error.message);
  else
    groggy_raise(self->state, &error);
  return -1;
}

/* What a capsule owns. */
typedef struct Shared {
  gli_device_column column;
  int64_t shape, stride;
  GroggyDLManaged managed;
  GroggyDLVersioned versioned;
} Shared;

static void shared_free(Shared *shared) {
  gli_device_column_free(&shared->column);
  PyMem_RawFree(shared);
}

static void delete_managed(GroggyDLManaged *managed) {
  shared_free(managed->context);
}

static void delete_versioned(GroggyDLVersioned *versioned) {
  shared_free(versioned->context);
}

/* A consumer renames the capsule and calls the deleter itself; nobody took it: so do we. */
static void capsule_free(PyObject *capsule) {
  if (PyCapsule_IsValid(capsule, "dltensor")) {
    GroggyDLManaged *managed = PyCapsule_GetPointer(capsule, "dltensor");
    managed->deleter(managed);
  } else if (PyCapsule_IsValid(capsule, "dltensor_versioned")) {
    GroggyDLVersioned *versioned = PyCapsule_GetPointer(capsule, "dltensor_versioned");
    versioned->deleter(versioned);
  }
}

static GroggyDLTensor tensor_of(Shared *shared) {
  const gli_device_column *column = &shared->column;
  shared->shape = column->length;
  shared->stride = 1;
  return (GroggyDLTensor){.data = column->address,
                          .device_type = column->dlpack_kind,
                          .device_id = column->dlpack_number,
                          .dimensions = 1,
                          .code = column->type == GLI_COLUMN_FLOAT64 ? GROGGY_DL_FLOAT
                                  : column->type == GLI_COLUMN_BOOL  ? GROGGY_DL_BOOL
                                                                     : GROGGY_DL_INT,
                          .bits = item_bits(column->type),
                          .lanes = 1,
                          .shape = &shared->shape,
                          .strides = &shared->stride};
}

/* _capsule(versioned): checked and described in groggy.results, where the host's columns are too.
 */
static PyObject *device_buffer_capsule(PyObject *object, PyObject *versioned) {
  const int is_versioned = PyObject_IsTrue(versioned);
  if (is_versioned < 0) return NULL;
  Shared *shared = PyMem_RawCalloc(1, sizeof *shared);
  if (shared == NULL) return PyErr_NoMemory();
  if (share((DeviceBuffer *)object, &shared->column) < 0) {
    PyMem_RawFree(shared);
    return NULL;
  }
  shared->managed = (GroggyDLManaged){tensor_of(shared), shared, delete_managed};
  shared->versioned = (GroggyDLVersioned){
      GROGGY_DL_MAJOR, GROGGY_DL_MINOR, shared, delete_versioned, 0, tensor_of(shared)};
  PyObject *capsule = is_versioned
                          ? PyCapsule_New(&shared->versioned, "dltensor_versioned", capsule_free)
                          : PyCapsule_New(&shared->managed, "dltensor", capsule_free);
  if (capsule == NULL) shared_free(shared);
  return capsule;
}

static PyObject *device_buffer_device(PyObject *object, PyObject *ignored) {
  (void)ignored;
  gli_device_column column;
  if (share((DeviceBuffer *)object, &column) < 0) return NULL;
  PyObject *pair = Py_BuildValue("(ii)", (int)column.dlpack_kind, (int)column.dlpack_number);
  gli_device_column_free(&column);
  return pair;
}

/* The memory stays as long as the result does, of which whoever reads this dict has a part. */
static PyObject *device_buffer_cuda(PyObject *object, void *closure) {
  (void)closure;
  gli_device_column column;
  if (share((DeviceBuffer *)object, &column) < 0) return NULL;
  PyObject *dict = NULL;
  if (strcmp(column.backend, "cuda") != 0) {
    PyErr_Format(PyExc_AttributeError, "the column is on %s:%d, which is no CUDA device",
                 column.backend, (int)column.number);
  } else {
    const char *kind = column.type == GLI_COLUMN_FLOAT64 ? "<f8"
                       : column.type == GLI_COLUMN_BOOL  ? "|b1"
                                                         : "<i8";
    void *address = column.length == 0 ? NULL : column.address;
    dict = Py_BuildValue("{s(L)sss(NO)sOsi}", "shape", (long long)column.length, "typestr", kind,
                         "data", PyLong_FromVoidPtr(address), Py_False, "strides", Py_None,
                         "version", 3);
  }
  gli_device_column_free(&column);
  return dict;
}

static PyMethodDef device_buffer_methods[] = {
    {"_capsule", device_buffer_capsule, METH_O,
     "_capsule($self, versioned, /)\n--\n\nA DLPack capsule of the column where it is."},
    {"__dlpack_device__", device_buffer_device, METH_NOARGS,
     "__dlpack_device__($self, /)\n--\n\nDLPack's kind and number of the device."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef device_buffer_properties[] = {
    {"__cuda_array_interface__", device_buffer_cuda, NULL,
     "Version 3; AttributeError where the column is on no CUDA device.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot device_buffer_slots[] = {
    {Py_tp_doc, "A column on a device; it comes to the host when somebody reads it."},
    {Py_tp_dealloc, device_buffer_dealloc},
    {Py_tp_methods, device_buffer_methods},
    {Py_tp_getset, device_buffer_properties},
    {Py_bf_getbuffer, device_buffer_get},
    {Py_sq_length, device_buffer_length},
    {Py_sq_item, device_buffer_item},
    {Py_mp_length, device_buffer_length},
    {Py_mp_subscript, device_buffer_subscript},
    {0, NULL},
};

static PyType_Spec device_buffer_spec = {
    .name = "groggy._core.DeviceBuffer",
    .basicsize = sizeof(DeviceBuffer),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_SEQUENCE,
    .slots = device_buffer_slots,
};

int groggy_kept_type_init(PyObject *module, GroggyState *state) {
  state->device_buffer_type = groggy_type_add(module, &device_buffer_spec);
  return state->device_buffer_type == NULL ? -1 : 0;
}
