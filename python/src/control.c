/* control.c: long calls under watch: Ctrl-C, progress, limits.
 *
 * libgli calls watch_step on the calling thread at least every 50 ms. It takes the GIL back for as
 * long as it needs: to run signal handlers (on the main thread) and the progress callable. */
#include "groggy.h"

static bool watch_step(void *context, double done, double total) {
  GroggyWatch *watch = context;
  const bool released = watch->thread != NULL;
  if (released) groggy_watch_retake(watch);
  bool go_on = PyErr_CheckSignals() == 0;
  if (go_on && watch->callback != NULL) {
    PyObject *answer = PyObject_CallFunction(watch->callback, "dd", done, total);
    go_on = answer != NULL;
    Py_XDECREF(answer);
  }
  if (released) groggy_watch_release(watch);
  return go_on;
}

static int read_seconds(PyObject *object, double *seconds_out) {
  if (PyBool_Check(object)) {
    PyErr_SetString(PyExc_TypeError, "max_seconds must be a number, not bool");
    return -1;
  }
  const double seconds = PyFloat_AsDouble(object);
  if (seconds == -1.0 && PyErr_Occurred()) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Format(PyExc_TypeError, "max_seconds must be a number, not %.200s",
                   Py_TYPE(object)->tp_name);
    }
    return -1;
  }
  if (!(seconds > 0)) {
    PyErr_Format(PyExc_ValueError, "max_seconds must be above 0, not %R", object);
    return -1;
  }
  *seconds_out = seconds;
  return 0;
}

static int read_threads(PyObject *object, int32_t *threads_out) {
  int64_t threads = 0;
  if (groggy_int64(object, "threads", "int", &threads) < 0) return -1;
  if (threads < 0 || threads > INT32_MAX) {
    PyErr_Format(PyExc_ValueError, "threads must be at least 0 (0: all), not %R", object);
    return -1;
  }
  *threads_out = (int32_t)threads;
  return 0;
}

static int read_progress(GroggyWatch *watch, PyObject *progress, PyObject *label) {
  if (progress == Py_True) {
    PyObject *module = PyImport_ImportModule("groggy.progress");
    if (module == NULL) return -1;
    watch->bar = PyObject_CallMethod(module, "Bar", "O", label);
    Py_DECREF(module);
    if (watch->bar == NULL) return -1;
    watch->callback = watch->bar;
    Py_INCREF(watch->callback);
    return 0;
  }
  if (!PyCallable_Check(progress)) {
    PyErr_Format(PyExc_TypeError, "progress must be True or a callable(done, total), not %.200s",
                 Py_TYPE(progress)->tp_name);
    return -1;
  }
  watch->callback = progress;
  Py_INCREF(progress);
  return 0;
}

int groggy_watch_begin(GroggyState *state, GroggyWatch *watch, PyObject *max_seconds,
                       PyObject *progress, PyObject *threads, PyObject *label) {
  (void)state;
  watch->control = (gli_control)GLI_CONTROL_INIT;
  watch->control.progress = watch_step;
  watch->control.progress_context = watch;
  watch->thread = NULL;
  watch->callback = watch->bar = NULL;
  if (max_seconds != NULL && max_seconds != Py_None &&
      read_seconds(max_seconds, &watch->control.max_seconds) < 0)
    return -1;
  if (threads != NULL && threads != Py_None && read_threads(threads, &watch->control.threads) < 0)
    return -1;
  if (progress != NULL && progress != Py_None && progress != Py_False)
    return read_progress(watch, progress, label);
  return 0;
}

/* Close what the watch opened. -1 when an exception is set, the call's own or a later one. */
int groggy_watch_end(GroggyWatch *watch) {
  if (watch->bar != NULL) {
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *answer = PyObject_CallMethod(watch->bar, "close", NULL);
    Py_XDECREF(answer);
    if (type != NULL) PyErr_Restore(type, value, traceback);
  }
  Py_CLEAR(watch->bar);
  Py_CLEAR(watch->callback);
  return PyErr_Occurred() ? -1 : 0;
}
