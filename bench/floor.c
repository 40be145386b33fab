/* What the interpreter itself costs: a type whose methods take what a graph's methods take and do
 * nothing.
 *
 * script/bench builds it with the venv's Python. A loop over these methods holds everything that a
 * loop over a real graph holds - the loop, its names' cache misses, the call, the keyword's tuple -
 * except the graph. get_node() returns the object itself, which answers ["value"] with None, so
 * that `g.get_node(id)["value"]` runs too; the others return None.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

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
    PyModuleDef_HEAD_INIT, "floor", "Methods that do nothing.", -1, NULL, NULL, NULL, NULL, NULL,
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
