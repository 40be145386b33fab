/* devices.c: accelerators as Python sees them: the list, what they hold, pinning, calibration.
 *
 * groggy.accelerators makes records of the plain dicts and tuples here. Whatever may open a driver
 * or wait for a call on a device runs without the GIL. */
#include <stdio.h>
#include <unistd.h>

#include "groggy.h"

const char *groggy_place(PyObject *backend) {
  if (PyUnicode_CompareWithASCIIString(backend, "cuda") == 0) return "cuda";
  if (PyUnicode_CompareWithASCIIString(backend, "opencl") == 0) return "opencl";
  if (PyUnicode_CompareWithASCIIString(backend, "c-gpu") == 0 ||
      PyUnicode_CompareWithASCIIString(backend, "rust-gpu") == 0)
    return NULL;
  return "cpu";
}

static size_t count_devices(void) {
  PyThreadState *thread = groggy_gil_release();
  const size_t count = gli_device_count();
  groggy_gil_retake(thread);
  return count;
}

/* --- The list --------------------------------------------------------------------------------- */

/* Names come from drivers: not always UTF-8. */
static PyObject *text_of(const char *text) {
  return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

static PyObject *figures_dict(size_t position) {
  gli_device_figures figures = {0};
  if (!gli_device_figures_at(position, &figures)) Py_RETURN_NONE;
  return Py_BuildValue(
      "{sdsdsdsdsdsd}", "launch_seconds", figures.launch_seconds, "round_trip_seconds",
      figures.round_trip_seconds, "upload_bytes_second", figures.upload_bytes_second,
      "download_bytes_second", figures.download_bytes_second, "gather_entries_second",
      figures.gather_entries_second, "stream_bytes_second", figures.stream_bytes_second);
}

static PyObject *description_dict(size_t position, const gli_device_description *device) {
  return Py_BuildValue(
      "{sssisNsNsNsKsIsNsNsNsNsNsN}", "backend", device->backend, "number", (int)device->number,
      "name", text_of(device->name), "platform", text_of(device->platform), "version",
      text_of(device->version), "memory_bytes", (unsigned long long)device->memory_bytes,
      "compute_units", (unsigned int)device->compute_units, "is_cpu",
      PyBool_FromLong(device->is_cpu), "has_fp64", PyBool_FromLong(device->has_fp64), "available",
      PyBool_FromLong(device->available), "reason", text_of(device->reason), "calibrated",
      PyBool_FromLong(device->calibrated), "figures", figures_dict(position));
}

PyObject *groggy_devices(PyObject *module, PyObject *ignored) {
  (void)module;
  (void)ignored;
  const size_t count = count_devices();
  PyObject *list = PyList_New(0);
  for (size_t i = 0; list != NULL && i < count; i++) {
    gli_device_description device;
    if (!gli_device_at(i, &device)) break;
    PyObject *dict = description_dict(i, &device);
    if (dict == NULL || PyList_Append(list, dict) < 0) Py_CLEAR(list);
    Py_XDECREF(dict);
  }
  return list;
}

PyObject *groggy_device_usage(PyObject *module, PyObject *object) {
  (void)module;
  const size_t position = PyLong_AsSize_t(object);
  if (position == (size_t)-1 && PyErr_Occurred()) return NULL;
  gli_device_usage usage = {0};
  PyThreadState *thread = groggy_gil_release();
  const bool found = gli_device_usage_at(position, &usage);
  groggy_gil_retake(thread);
  if (!found) {
    PyErr_Format(PyExc_ValueError, "there is no device at position %zu", position);
    return NULL;
  }
  return Py_BuildValue(
      "{sNsKsKsKsKsKsKsK}", "is_open", PyBool_FromLong(usage.is_open), "held_bytes",
      (unsigned long long)usage.held_bytes, "kept_bytes", (unsigned long long)usage.kept_bytes,
      "peak_bytes", (unsigned long long)usage.peak_bytes, "budget_bytes",
      (unsigned long long)usage.budget_bytes, "uploaded_bytes",
      (unsigned long long)usage.uploaded_bytes, "downloaded_bytes",
      (unsigned long long)usage.downloaded_bytes, "launches", (unsigned long long)usage.launches);
}

PyObject *groggy_device_matches(PyObject *module, PyObject *args) {
  (void)module;
  Py_ssize_t position = 0;
  const char *device = NULL;
  if (!PyArg_ParseTuple(args, "nz:device_matches", &position, &device)) return NULL;
  return PyBool_FromLong(position >= 0 && gli_device_matches((size_t)position, device));
}

PyObject *groggy_device_environment(PyObject *module, PyObject *ignored) {
  (void)module;
  (void)ignored;
  const char *text = gli_device_environment();
  if (text == NULL) Py_RETURN_NONE;
  return PyUnicode_DecodeFSDefault(text);
}

/* --- Errands ---------------------------------------------------------------------------------- */

PyObject *groggy_calibrate(PyObject *module, PyObject *object) {
  GroggyState *state = groggy_state(module);
  const size_t position = PyLong_AsSize_t(object);
  if (position == (size_t)-1 && PyErr_Occurred()) return NULL;
  GroggyWatch watch;
  gli_error error;
  gli_status status = GLI_OK;
  if (groggy_watch_begin(state, &watch, NULL, NULL, NULL, NULL) == 0) {
    groggy_watch_release(&watch);
    status = gli_device_calibrate(position, &watch.control, &error);
    groggy_watch_retake(&watch);
  }
  if (groggy_watch_end(&watch) < 0) return NULL;
  if (status != GLI_OK) return groggy_raise(state, &error);
  Py_RETURN_NONE;
}

/* What names a device, as libgli reads it: a new reference to str or None. */
static PyObject *device_text(PyObject *device) {
  if (device == Py_None || PyUnicode_CheckExact(device)) return Py_NewRef(device);
  PyObject *module = PyImport_ImportModule("groggy.accelerators");
  PyObject *text = module == NULL ? NULL : PyObject_CallMethod(module, "device_text", "O", device);
  Py_XDECREF(module);
  return text;
}

typedef gli_status (*errand)(gli_snapshot *snapshot, const gli_control *control, gli_error *error);

/* Pin or unpin: device=, or else the graph's own. */
static PyObject *run_errand(GroggyGraph *graph, const char *name, errand work,
                            PyObject *const *args, Py_ssize_t count, PyObject *keyword_names) {
  static const char *const names[] = {"device"};
  PyObject *device = Py_None;
  if (groggy_arguments(name, names, 1, 0, args, count, keyword_names, &device) < 0) return NULL;
  device = device_text(device == Py_None && graph->device != NULL ? graph->device : device);
  if (device == NULL) return NULL;
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) {
    Py_DECREF(device);
    return NULL;
  }
  GroggyWatch watch;
  gli_error error;
  gli_status status = GLI_OK;
  if (groggy_watch_begin(graph->state, &watch, NULL, NULL, NULL, NULL) == 0) {
    watch.control.backend = groggy_place(graph->backend);
    if (device != Py_None) watch.control.device = PyUnicode_AsUTF8(device);
    groggy_watch_release(&watch);
    status = work(snapshot, &watch.control, &error);
    groggy_watch_retake(&watch);
  }
  gli_snapshot_free(snapshot);
  Py_DECREF(device);
  groggy_memory_note(graph->memory);
  if (groggy_watch_end(&watch) < 0) return NULL;
  if (status != GLI_OK) return groggy_raise(graph->state, &error);
  Py_RETURN_NONE;
}

PyObject *groggy_graph_pin(PyObject *self, PyObject *const *args, Py_ssize_t count,
                           PyObject *keyword_names) {
  return run_errand((GroggyGraph *)self, "pin()", gli_snapshot_pin, args, count, keyword_names);
}

PyObject *groggy_graph_unpin(PyObject *self, PyObject *const *args, Py_ssize_t count,
                             PyObject *keyword_names) {
  return run_errand((GroggyGraph *)self, "unpin()", gli_snapshot_unpin, args, count, keyword_names);
}

/* --- What a graph has on devices -------------------------------------------------------------- */

static int add_mirror(PyObject *dict, size_t position, const gli_mirror_usage *usage) {
  gli_device_description device;
  if (!gli_device_at(position, &device)) return 0;
  PyObject *name = PyUnicode_FromFormat("%s:%d", device.backend, (int)device.number);
  PyObject *value = Py_BuildValue(
      "{sKsKsKsKsN}", "held_bytes", (unsigned long long)usage->held_bytes, "full_uploads",
      (unsigned long long)usage->full_uploads, "delta_uploads",
      (unsigned long long)usage->delta_uploads, "uploaded_bytes",
      (unsigned long long)usage->uploaded_bytes, "pinned", PyBool_FromLong(usage->pinned));
  const int result = name == NULL || value == NULL ? -1 : PyDict_SetItem(dict, name, value);
  Py_XDECREF(name);
  Py_XDECREF(value);
  return result;
}

PyObject *groggy_graph_device_memory(PyObject *self, PyObject *ignored) {
  (void)ignored;
  GroggyGraph *graph = (GroggyGraph *)self;
  PyObject *dict = PyDict_New();
  const char *place = groggy_place(graph->backend);
  /* The CPU's graphs are on no device, and asking would open the drivers. */
  if (dict == NULL || (place != NULL && strcmp(place, "cpu") == 0)) return dict;
  gli_snapshot *snapshot = groggy_snapshot_of(graph);
  if (snapshot == NULL) Py_CLEAR(dict);
  const size_t count = snapshot == NULL ? 0 : count_devices();
  for (size_t i = 0; dict != NULL && i < count; i++) {
    gli_mirror_usage usage = {0};
    PyThreadState *thread = groggy_gil_release();
    const bool found = gli_snapshot_usage_at(snapshot, i, &usage);
    groggy_gil_retake(thread);
    if (!found || (usage.held_bytes == 0 && usage.uploaded_bytes == 0 && !usage.pinned)) continue;
    if (add_mirror(dict, i, &usage) < 0) Py_CLEAR(dict);
  }
  gli_snapshot_free(snapshot);
  groggy_memory_note(graph->memory);
  return dict;
}

/* --- Falling back ----------------------------------------------------------------------------- */

int groggy_warn_of_fallback(const gli_run_record *record) {
  PyObject *module = PyImport_ImportModule("groggy.accelerators");
  if (module == NULL) return -1;
  PyObject *answer = PyObject_CallMethod(module, "warn_of_fallback", "NN",
                                         text_of(record->failed_device), text_of(record->why));
  Py_DECREF(module);
  Py_XDECREF(answer);
  return answer == NULL ? -1 : 0;
}

/* --- The first time ---------------------------------------------------------------------------
 */

void groggy_say_compiling(void *context, const char *device, const char *program) {
  static atomic_flag said = ATOMIC_FLAG_INIT;
  (void)context;
  (void)program;
  /* Called without the GIL: sys.stderr may be anything, but a terminal is one of the process. */
  if (!isatty(STDERR_FILENO) || atomic_flag_test_and_set(&said)) return;
  fprintf(stderr, "groggy: compiling kernels for %s, the first time only ...\n", device);
}
