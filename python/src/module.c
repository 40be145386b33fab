/* module.c: the module groggy._core: its state, its types, its functions.
 *
 * Multi-phase initialisation, heap types, no global of ours but libgli's wait hooks. */
#include "groggy.h"

/* --- Waiting for a graph's lock ----------------------------------------------------------------
 */

/* libgli is about to wait: let the GIL go if this thread has it. */
static void *before_wait(void) {
  return PyGILState_Check() ? groggy_gil_release() : NULL;
}

static void after_wait(void *thread) {
  if (thread != NULL) groggy_gil_retake(thread);
}

/* --- Functions ------------------------------------------------------------------------------- */

static PyObject *core_algorithms(PyObject *module, PyObject *ignored) {
  (void)ignored;
  return groggy_algorithm_list(groggy_state(module));
}

PyDoc_STRVAR(
    algorithms_doc,
    "algorithms()\n--\n\nDescriptors of all algorithms, each a dict: name, family, summary, "
    "description, reference,\nnetworkx, aliases, parameters, columns.");

/* One (name, available, reason) for each place where algorithms run. Drivers are opened without the
 * GIL: that takes tenths of a second. */
static PyObject *core_backends(PyObject *module, PyObject *ignored) {
  (void)module;
  (void)ignored;
  PyObject *list = PyList_New(0);
  gli_backend_info info;
  for (size_t i = 0; list != NULL; i++) {
    PyThreadState *thread = groggy_gil_release();
    const bool found = gli_backend_at(i, &info);
    groggy_gil_retake(thread);
    if (!found) break;
    PyObject *row = Py_BuildValue("(sOs)", info.name, info.available ? Py_True : Py_False,
                                  info.reason == NULL ? "" : info.reason);
    if (row == NULL || PyList_Append(list, row) < 0) Py_CLEAR(list);
    Py_XDECREF(row);
  }
  return list;
}

PyDoc_STRVAR(backends_doc,
             "backends()\n--\n\nWhere algorithms can run: a list of (name, available, reason).");

static PyObject *core_require_backend(PyObject *module, PyObject *name) {
  const char *text = PyUnicode_AsUTF8(name);
  if (text == NULL) return NULL;
  gli_error error;
  PyThreadState *thread = groggy_gil_release();
  const gli_status status = gli_backend_require(text, &error);
  groggy_gil_retake(thread);
  if (status != GLI_OK) return groggy_raise(groggy_state(module), &error);
  Py_RETURN_NONE;
}

PyDoc_STRVAR(require_backend_doc,
             "require_backend(name, /)\n--\n\nRaise BackendUnavailableError unless algorithms can "
             "run there.");

static PyObject *core_load_extension(PyObject *module, PyObject *path) {
  PyObject *encoded = NULL;
  if (!PyUnicode_FSConverter(path, &encoded)) return NULL;
  GroggyState *state = groggy_state(module);
  gli_error error;
  const gli_status status = gli_extension_load(PyBytes_AS_STRING(encoded), &error);
  Py_DECREF(encoded);
  if (status != GLI_OK) return groggy_raise(state, &error);
  if (groggy_algorithms_install(module, state) < 0) return NULL;
  Py_RETURN_NONE;
}

PyDoc_STRVAR(
    load_extension_doc,
    "load_extension(path, /)\n--\n\n"
    "Load algorithms from a shared object; they become methods of every graph.\n\n"
    "Loading runs the file's code: name only files that you trust. Loading it again changes\n"
    "nothing.\n\n"
    "Parameters\n----------\npath : str or path-like\n    Absolute.\n\n"
    "Raises\n------\nValueError\n    The path is not absolute, a name is taken, or a "
    "descriptor is wrong.\nOSError\n    The file cannot be loaded.\nAbiError\n    It was built "
    "for another version.");

static PyMethodDef module_functions[] = {
    {"algorithms", core_algorithms, METH_NOARGS, algorithms_doc},
    {"backends", core_backends, METH_NOARGS, backends_doc},
    {"devices", groggy_devices, METH_NOARGS,
     "devices()\n--\n\nDescriptions of all devices, each a dict, in the order of their positions."},
    {"device_usage", groggy_device_usage, METH_O,
     "device_usage(position, /)\n--\n\nTraffic and memory of a device, a dict. Waits for a call "
     "that "
     "runs there."},
    {"device_matches", groggy_device_matches, METH_VARARGS,
     "device_matches(position, device, /)\n--\n\nWhether `device` means the device at a position."},
    {"device_environment", groggy_device_environment, METH_NOARGS,
     "device_environment()\n--\n\nWhat GLI_DEVICE says, or None."},
    {"calibrate", groggy_calibrate, METH_O,
     "calibrate(position, /)\n--\n\nMeasure the device at a position, and keep the figures."},
    {"require_backend", core_require_backend, METH_O, require_backend_doc},
    {"adopt_methods", groggy_adopt_methods, METH_O,
     "adopt_methods(graph_type, /)\n--\n\n"
     "Give a subclass of FastGraph methods of its own, which are called without detours."},
    {"load_extension", core_load_extension, METH_O, load_extension_doc},
    {"read", (PyCFunction)(void (*)(void))groggy_read, METH_VARARGS | METH_KEYWORDS,
     "Read a graph from a file; see groggy.read."},
    {"generate", (PyCFunction)(void (*)(void))groggy_generate, METH_VARARGS | METH_KEYWORDS,
     "Make a graph from a rule; see groggy.generators."},
    {NULL, NULL, 0, NULL},
};

/* --- Life --------------------------------------------------------------------------------------
 */

GroggyState *groggy_state_of(PyTypeObject *type) {
  PyObject *module = PyType_GetModuleByDef(type, &groggy_module);
  return module == NULL ? NULL : groggy_state(module);
}

PyTypeObject *groggy_type_add(PyObject *module, PyType_Spec *spec) {
  PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
  if (type != NULL && PyModule_AddType(module, type) < 0) Py_CLEAR(type);
  return type;
}

int groggy_borrow_methods(PyTypeObject *type, const char *abc, const char *const *names) {
  PyObject *module = PyImport_ImportModule("collections.abc");
  if (module == NULL) return -1;
  PyObject *class = PyObject_GetAttrString(module, abc);
  Py_DECREF(module);
  if (class == NULL) return -1;
  int result = 0;
  for (; *names != NULL && result == 0; names++) {
    PyObject *method = PyObject_GetAttrString(class, *names);
    if (method == NULL || PyObject_SetAttrString((PyObject *)type, *names, method) < 0) result = -1;
    Py_XDECREF(method);
  }
  if (result == 0) {
    PyObject *registered = PyObject_CallMethod(class, "register", "O", type);
    result = registered == NULL ? -1 : 0;
    Py_XDECREF(registered);
  }
  Py_DECREF(class);
  return result;
}

static int intern_names(GroggyState *state) {
  state->out = PyUnicode_InternFromString("out");
  state->in = PyUnicode_InternFromString("in");
  state->both = PyUnicode_InternFromString("both");
  return state->out == NULL || state->in == NULL || state->both == NULL ? -1 : 0;
}

static int module_execute(PyObject *module) {
  GroggyState *state = PyMem_Calloc(1, sizeof *state);
  if (state == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  state->references = 1;
  *(GroggyState **)PyModule_GetState(module) = state;
  if (intern_names(state) < 0 || groggy_errors_init(state) < 0 ||
      groggy_graph_type_init(module, state) < 0 || groggy_handle_types_init(module, state) < 0 ||
      groggy_view_types_init(module, state) < 0 || groggy_batch_type_init(module, state) < 0 ||
      groggy_snapshot_type_init(module, state) < 0 || groggy_buffer_types_init(module, state) < 0 ||
      groggy_result_types_init(module, state) < 0 || groggy_kept_type_init(module, state) < 0 ||
      groggy_algorithm_type_init(module, state) < 0 || groggy_algorithms_install(module, state) < 0)
    return -1;
  if (PyModule_AddStringConstant(module, "__version__", gli_version()) < 0) return -1;
  gli_set_wait_hooks(before_wait, after_wait);
  gli_set_compile_hook(groggy_say_compiling, NULL);
  return 0;
}

// clang-format off
#define STATE_OBJECTS(DO) \
  DO(graph_type) DO(node_type) DO(edge_type) DO(batch_type) DO(nodes_view_type) \
  DO(edges_view_type) DO(iterator_type) DO(snapshot_type) DO(buffer_type) DO(device_buffer_type) DO(ids_type) \
  DO(holder_type) DO(parts_type) DO(algorithm_type) DO(result_class) DO(run_record_class) DO(out) DO(in) \
  DO(both) DO(zone_info)
// clang-format on

GroggyState *groggy_state_retain(GroggyState *state) {
  state->references++;
  return state;
}

void groggy_state_drop(GroggyState *state) {
  if (--state->references > 0) return;
  groggy_handles_clear(state);
  while (state->free_builder_count > 0)
    gli_value_builder_free(state->free_builders[--state->free_builder_count]);
  PyMem_Free(state);
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
  GroggyState *state = groggy_state(module);
  if (state == NULL) return 0;
#define VISIT(name) Py_VISIT(state->name);
  STATE_OBJECTS(VISIT)
#undef VISIT
  for (int i = 0; i < GROGGY_STATUS_COUNT; i++)
    Py_VISIT(state->errors[i]);
  return 0;
}

static int module_clear(PyObject *module) {
  GroggyState *state = groggy_state(module);
  if (state == NULL) return 0;
#define CLEAR(name) Py_CLEAR(state->name);
  STATE_OBJECTS(CLEAR)
#undef CLEAR
  for (int i = 0; i < GROGGY_STATUS_COUNT; i++)
    Py_CLEAR(state->errors[i]);
  return 0;
}

static void module_free(void *module) {
  GroggyState **state = PyModule_GetState((PyObject *)module);
  if (state == NULL || *state == NULL) return;
  (void)module_clear((PyObject *)module);
  groggy_state_drop(*state);
  *state = NULL;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_execute},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_USED},
#endif
    {0, NULL},
};

struct PyModuleDef groggy_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "groggy._core",
    .m_doc = "The C core of groggy: graphs, handles, results, algorithms.",
    .m_size = sizeof(GroggyState *),
    .m_methods = module_functions,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void) {
  return PyModuleDef_Init(&groggy_module);
}
