/* What the interpreter itself costs: a type whose methods take what a graph's methods take and do
 * nothing.
 *
 * script/bench builds it with the venv's Python. A loop over these methods holds everything that a
 * loop over a real graph holds - the loop, its names' cache misses, the call, the keyword's tuple -
 * except the graph. get_node() returns the object itself, which answers ["value"] with None, so
 * that `g.get_node(id)["value"]` runs too; the others return None.
 *
 * gather() is what a second thread can give on this machine: the plain loop of pulling kernels, a
 * sum of values at the indices of an array, cut into as many parts as there are threads.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <time.h>

static PyObject *method_nothing(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                                PyObject *names) {
  (void)self, (void)arguments, (void)count, (void)names;
  Py_RETURN_NONE;
}

static PyObject *method_self(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                             PyObject *names) {
  (void)arguments, (void)count, (void)names;
  return Py_NewRef(self);
}

static PyObject *subscript(PyObject *self, PyObject *key) {
  (void)self, (void)key;
  Py_RETURN_NONE;
}

#define METHOD(name, function) \
  { name, (PyCFunction)(void (*)(void))(function), METH_FASTCALL | METH_KEYWORDS, NULL }

static PyMethodDef methods[] = {
    METHOD("add_node", method_nothing),
    METHOD("add_edge", method_nothing),
    METHOD("has_edge", method_nothing),
    METHOD("has_node", method_nothing),
    METHOD("get_neighbors", method_nothing),
    METHOD("get_node", method_self),
    {NULL, NULL, 0, NULL},
};

/* --- gather ------------------------------------------------------------------------------------
 */

typedef struct part {
  const int32_t *indices;
  const double *values;
  Py_ssize_t begin, end;
  double sum;
} part;

static void *add_up(void *argument) {
  part *p = argument;
  double sum = 0;
  for (Py_ssize_t k = p->begin; k < p->end; k++)
    sum += p->values[p->indices[k]];
  p->sum = sum;
  return NULL;
}

static double gather_seconds(part *parts, int threads) {
  struct timespec began, ended;
  pthread_t workers[64];
  int started = 0;
  clock_gettime(CLOCK_MONOTONIC, &began);
  while (started + 1 < threads &&
         pthread_create(&workers[started], NULL, add_up, &parts[started + 1]) == 0)
    started++;
  add_up(&parts[0]);
  for (int k = started + 1; k < threads; k++) /* whose thread did not start */
    add_up(&parts[k]);
  for (int k = 0; k < started; k++)
    pthread_join(workers[k], NULL);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  return (double)(ended.tv_sec - began.tv_sec) + 1e-9 * (double)(ended.tv_nsec - began.tv_nsec);
}

/* gather(indices: int32, values: float64, threads, repeats): seconds of `repeats` passes. */
static PyObject *gather(PyObject *module, PyObject *arguments) {
  Py_buffer indices, values;
  int threads = 1, repeats = 1;
  (void)module;
  if (!PyArg_ParseTuple(arguments, "y*y*ii", &indices, &values, &threads, &repeats)) return NULL;
  part parts[64];
  double seconds = 0;
  if (threads < 1 || threads > 64) {
    PyErr_SetString(PyExc_ValueError, "threads must be in [1, 64]");
  } else {
    const Py_ssize_t count = indices.len / (Py_ssize_t)sizeof(int32_t);
    for (int k = 0; k < threads; k++)
      parts[k] = (part){indices.buf, values.buf, count * k / threads, count * (k + 1) / threads, 0};
    Py_BEGIN_ALLOW_THREADS;
    for (int k = 0; k < repeats; k++)
      seconds += gather_seconds(parts, threads);
    Py_END_ALLOW_THREADS;
  }
  PyBuffer_Release(&indices);
  PyBuffer_Release(&values);
  return PyErr_Occurred() ? NULL : PyFloat_FromDouble(seconds);
}

static PyMethodDef functions[] = {
    {"gather", gather, METH_VARARGS, "Seconds of passes that sum values at indices."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_methods, methods},
    {Py_mp_subscript, (void *)subscript},
    {0, NULL},
};

static PyType_Spec specification = {
    .name = "floor.Floor",
    .basicsize = (int)sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "floor",
    "Methods that do nothing.",
    -1,
    functions,
    NULL,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC PyInit_floor(void) {
  PyObject *module = PyModule_Create(&definition);
  PyObject *type = PyType_FromSpec(&specification);
  if (module && type && PyModule_AddObjectRef(module, "Floor", type) == 0) {
    Py_DECREF(type);
    return module;
  }
  Py_XDECREF(type);
  Py_XDECREF(module);
  return NULL;
}
