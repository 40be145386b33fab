/* algorithms.c: one method per algorithm, made from its descriptor.
 *
 * An Algorithm object is a method descriptor, as a C method is: calling it through an instance
 * makes no bound method (Py_TPFLAGS_METHOD_DESCRIPTOR, vectorcall). It holds the descriptor and the
 * interned names of its parameters; signature and docstring are made when somebody looks. */
#include "options.h"

typedef struct Algorithm {
  PyObject_HEAD vectorcallfunc call;
  GroggyState *state;
  const gli_algorithm *descriptor;
  PyObject *name;        /* under which it is installed */
  PyObject *names;       /* tuple of parameter names, interned */
  Py_ssize_t positional; /* so many of the first parameters may be given by position */
  bool default_weight;   /* dijkstra: weight='weight' where edges have it */
} Algorithm;

typedef struct Target {
  GroggyMemory *memory;
  gli_snapshot *snapshot; /* a reference of ours */
  PyObject *backend, *on_device_error, *device;
} Target;

/* The snapshot to run on: of a graph, now, or a snapshot itself. */
static int find_target(GroggyState *state, PyObject *object, Target *target) {
  if (PyObject_TypeCheck(object, state->graph_type)) {
    GroggyGraph *graph = (GroggyGraph *)object;
    target->memory = graph->memory;
    target->backend = graph->backend;
    target->on_device_error = graph->on_device_error;
    target->device = graph->device;
    target->snapshot = groggy_snapshot_of(graph);
    return target->snapshot == NULL ? -1 : 0;
  }
  if (PyObject_TypeCheck(object, state->snapshot_type)) {
    GroggySnapshot *snapshot = (GroggySnapshot *)object;
    target->memory = snapshot->memory;
    target->backend = snapshot->backend;
    target->on_device_error = snapshot->on_device_error;
    target->device = snapshot->device;
    target->snapshot = gli_snapshot_retain(snapshot->snapshot);
    return 0;
  }
  PyErr_Format(PyExc_TypeError, "expected a graph or a snapshot, not %.200s",
               Py_TYPE(object)->tp_name);
  return -1;
}

/* What every algorithm accepts beside its own options. */
typedef struct Extras {
  PyObject *max_seconds, *progress, *threads, *keep;
} Extras;

/* `source` for `sources` and the like: people write both. */
static bool same_but_plural(PyObject *given, const char *name) {
  const size_t length = strlen(name);
  char other[64];
  if (length == 0 || length + 2 > sizeof other) return false;
  memcpy(other, name, length + 1);
  if (name[length - 1] == 's') {
    other[length - 1] = 0;
  } else {
    other[length] = 's';
    other[length + 1] = 0;
  }
  return PyUnicode_CompareWithASCIIString(given, other) == 0;
}

static int set_keyword(const Algorithm *self, GroggyOptions *options, Extras *extras,
                       PyObject *name, PyObject *value) {
  const gli_algorithm *descriptor = self->descriptor;
  for (size_t i = 0; i < descriptor->parameter_count; i++) {
    if (PyTuple_GET_ITEM(self->names, (Py_ssize_t)i) == name)
      return groggy_options_set(options, i, value);
  }
  for (size_t i = 0; i < descriptor->parameter_count; i++) {
    if (PyUnicode_Compare(PyTuple_GET_ITEM(self->names, (Py_ssize_t)i), name) == 0 ||
        (descriptor->parameters[i].type == GLI_PARAMETER_NODES &&
         same_but_plural(name, descriptor->parameters[i].name)))
      return groggy_options_set(options, i, value);
  }
  if (PyUnicode_CompareWithASCIIString(name, "max_seconds") == 0) {
    extras->max_seconds = value;
  } else if (PyUnicode_CompareWithASCIIString(name, "progress") == 0) {
    extras->progress = value;
  } else if (PyUnicode_CompareWithASCIIString(name, "threads") == 0) {
    extras->threads = value;
  } else if (PyUnicode_CompareWithASCIIString(name, "keep") == 0) {
    extras->keep = value;
  } else {
    PyErr_Format(PyExc_TypeError, "%U() got an unexpected keyword argument %R", self->name, name);
    return -1;
  }
  return 0;
}

static int read_options(const Algorithm *self, GroggyOptions *options, Extras *extras,
                        PyObject *const *args, Py_ssize_t count, PyObject *keyword_names) {
  const gli_algorithm *descriptor = self->descriptor;
  if (count > self->positional) {
    PyErr_Format(PyExc_TypeError, "%U() takes %zd positional argument%s (%zd given)", self->name,
                 self->positional, self->positional == 1 ? "" : "s", count);
    return -1;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    if (groggy_options_set(options, (size_t)i, args[i]) < 0) return -1;
  }
  const Py_ssize_t keyword_count = keyword_names == NULL ? 0 : PyTuple_GET_SIZE(keyword_names);
  for (Py_ssize_t i = 0; i < keyword_count; i++) {
    if (set_keyword(self, options, extras, PyTuple_GET_ITEM(keyword_names, i), args[count + i]) < 0)
      return -1;
  }
  for (size_t i = 0; i < descriptor->parameter_count; i++) {
    if (descriptor->parameters[i].required && (options->given >> i & 1) == 0) {
      PyErr_Format(PyExc_TypeError, "%U() misses the argument '%s'", self->name,
                   descriptor->parameters[i].name);
      return -1;
    }
  }
  return 0;
}

/* Where the columns go: None, 'host' or 'device'. */
static int read_keep(PyObject *keep, const char **keep_out) {
  if (keep == NULL || keep == Py_None) return 0;
  if (!PyUnicode_Check(keep)) {
    PyErr_Format(PyExc_TypeError, "keep must be 'host' or 'device', not %.200s",
                 Py_TYPE(keep)->tp_name);
    return -1;
  }
  if (PyUnicode_CompareWithASCIIString(keep, "device") == 0) {
    *keep_out = "device";
  } else if (PyUnicode_CompareWithASCIIString(keep, "host") != 0) {
    PyErr_Format(PyExc_ValueError, "keep must be 'host' or 'device', not %R", keep);
    return -1;
  }
  return 0;
}

/* dijkstra and its older names: the attribute 'weight' counts where there is one. Its weights are
 * read for that, and kept for the call. */
static void set_default_weight(const Algorithm *self, GroggyOptions *options) {
  for (size_t i = 0; i < self->descriptor->parameter_count; i++) {
    const gli_parameter *parameter = &self->descriptor->parameters[i];
    gli_weight_range range;
    if (parameter->type != GLI_PARAMETER_ATTRIBUTE || (options->given >> i & 1) != 0) continue;
    PyThreadState *thread = groggy_gil_release();
    const gli_status status = gli_snapshot_weight_range(options->snapshot, "weight", &range, NULL);
    groggy_gil_retake(thread);
    if (status == GLI_ERROR_ATTRIBUTE_NOT_FOUND) continue;
    static const char *const weight = "weight";
    memcpy(options->data + parameter->offset, &weight, sizeof weight);
  }
}

static PyObject *run(const Algorithm *self, Target *target, GroggyOptions *options,
                     GroggyWatch *watch) {
  watch->control.backend = groggy_place(target->backend);
  watch->control.on_device_error = PyUnicode_AsUTF8(target->on_device_error);
  if (target->device != NULL) watch->control.device = PyUnicode_AsUTF8(target->device);
  gli_result *result = NULL;
  gli_error error;
  error.status = GLI_OK;
  groggy_watch_release(watch);
  const gli_status status = gli_algorithm_run(self->descriptor, target->snapshot, options->data,
                                              &watch->control, &result, &error);
  groggy_watch_retake(watch);
  if (status != GLI_OK) return groggy_raise(self->state, &error);
  const gli_run_record record = gli_result_run(result);
  if (PyErr_Occurred() || (record.fallbacks > 0 && groggy_warn_of_fallback(&record) < 0)) {
    gli_result_free(result);
    return NULL;
  }
  /* Nothing but one number (transitivity): that number. */
  gli_column only;
  if (gli_result_column_count(result) == 1 && gli_result_column_at(result, 0, &only) &&
      only.domain == GLI_SCALAR) {
    PyObject *number = groggy_scalar(target->snapshot, &only);
    gli_result_free(result);
    return number;
  }
  return groggy_result(self->state, self->descriptor, result, target->memory);
}

static PyObject *algorithm_call(PyObject *callable, PyObject *const *args, size_t flags_and_count,
                                PyObject *keyword_names) {
  Algorithm *self = (Algorithm *)callable;
  const Py_ssize_t count = PyVectorcall_NARGS(flags_and_count);
  Target target;
  if (count < 1) {
    PyErr_Format(PyExc_TypeError, "%U() needs a graph or a snapshot", self->name);
    return NULL;
  }
  if (find_target(self->state, args[0], &target) < 0) return NULL;
  Extras extras = {NULL, NULL, NULL, NULL};
  GroggyOptions options;
  GroggyWatch watch;
  PyObject *result = NULL;
  if (groggy_options_begin(&options, self->state, self->descriptor, target.snapshot) == 0) {
    if (read_options(self, &options, &extras, args + 1, count - 1, keyword_names) == 0) {
      if (self->default_weight) set_default_weight(self, &options);
      if (groggy_watch_begin(self->state, &watch, extras.max_seconds, extras.progress,
                             extras.threads, self->name) == 0 &&
          read_keep(extras.keep, &watch.control.keep) == 0)
        result = run(self, &target, &options, &watch);
      if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
    }
    groggy_options_end(&options);
  }
  gli_snapshot_free(target.snapshot);
  groggy_memory_note(target.memory);
  return result;
}

/* --- The type
 * ------------------------------------------------------------------------------------------ */

static PyObject *algorithm_get(PyObject *self, PyObject *instance, PyObject *type) {
  (void)type;
  if (instance == NULL || instance == Py_None) return Py_NewRef(self);
  return PyMethod_New(self, instance);
}

static int algorithm_traverse(PyObject *self, visitproc visit, void *arg) {
  (void)self;
  Py_VISIT(Py_TYPE(self));
  return 0;
}

static void algorithm_dealloc(PyObject *object) {
  Algorithm *self = (Algorithm *)object;
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  Py_CLEAR(self->name);
  Py_CLEAR(self->names);
  type->tp_free(object);
  Py_DECREF(type);
}

static PyObject *algorithm_repr(PyObject *object) {
  return PyUnicode_FromFormat("<algorithm %U>", ((Algorithm *)object)->name);
}

/* groggy.descriptions makes what people read: a signature, a docstring. */
static PyObject *describe(Algorithm *self, const char *function) {
  PyObject *module = PyImport_ImportModule("groggy.descriptions");
  if (module == NULL) return NULL;
  PyObject *text = PyObject_CallMethod(module, function, "sO", self->descriptor->name, self->name);
  Py_DECREF(module);
  return text;
}

static PyObject *algorithm_signature(PyObject *self, void *closure) {
  (void)closure;
  return describe((Algorithm *)self, "signature");
}

static PyObject *algorithm_doc(PyObject *self, void *closure) {
  (void)closure;
  return describe((Algorithm *)self, "docstring");
}

static PyObject *algorithm_name(PyObject *self, void *closure) {
  (void)closure;
  return Py_NewRef(((Algorithm *)self)->name);
}

static PyObject *algorithm_qualified_name(PyObject *self, void *closure) {
  (void)closure;
  return PyUnicode_FromFormat("FastGraph.%U", ((Algorithm *)self)->name);
}

static PyObject *algorithm_module(PyObject *self, void *closure) {
  (void)self;
  (void)closure;
  return PyUnicode_FromString("groggy._core");
}

static PyGetSetDef algorithm_properties[] = {
    {"__signature__", algorithm_signature, NULL, NULL, NULL},
    {"__doc__", algorithm_doc, NULL, NULL, NULL},
    {"__name__", algorithm_name, NULL, NULL, NULL},
    {"__qualname__", algorithm_qualified_name, NULL, NULL, NULL},
    {"__module__", algorithm_module, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef algorithm_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Algorithm, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot algorithm_slots[] = {
    {Py_tp_dealloc, algorithm_dealloc}, {Py_tp_traverse, algorithm_traverse},
    {Py_tp_call, PyVectorcall_Call},    {Py_tp_descr_get, algorithm_get},
    {Py_tp_repr, algorithm_repr},       {Py_tp_getset, algorithm_properties},
    {Py_tp_members, algorithm_members}, {0, NULL},
};

static PyType_Spec algorithm_spec = {
    .name = "groggy._core.Algorithm",
    .basicsize = sizeof(Algorithm),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .slots = algorithm_slots,
};

int groggy_algorithm_type_init(PyObject *module, GroggyState *state) {
  state->algorithm_type = groggy_type_add(module, &algorithm_spec);
  return state->algorithm_type == NULL ? -1 : 0;
}

/* --- Installing
 * ------------------------------------------------------------------------------------------- */

/* Nodes, pairs, what is required, and a direction may be given by position. */
static Py_ssize_t count_positional(const gli_algorithm *descriptor) {
  size_t count = 0;
  while (count < descriptor->parameter_count) {
    const gli_parameter *parameter = &descriptor->parameters[count];
    if (!parameter->required && parameter->type != GLI_PARAMETER_NODES &&
        parameter->type != GLI_PARAMETER_PAIRS && strcmp(parameter->name, "direction") != 0)
      break;
    count++;
  }
  return (Py_ssize_t)count;
}

static PyObject *algorithm_new(GroggyState *state, const gli_algorithm *descriptor,
                               const char *name) {
  Algorithm *self = (Algorithm *)state->algorithm_type->tp_alloc(state->algorithm_type, 0);
  if (self == NULL) return NULL;
  self->call = algorithm_call;
  self->state = state;
  self->descriptor = descriptor;
  self->name = PyUnicode_InternFromString(name);
  self->names = PyTuple_New((Py_ssize_t)descriptor->parameter_count);
  self->positional = count_positional(descriptor);
  self->default_weight = strstr(name, "dijkstra") != NULL;
  bool complete = self->name != NULL && self->names != NULL;
  for (size_t i = 0; complete && i < descriptor->parameter_count; i++) {
    PyObject *parameter = PyUnicode_InternFromString(descriptor->parameters[i].name);
    complete = parameter != NULL;
    if (complete) PyTuple_SET_ITEM(self->names, (Py_ssize_t)i, parameter);
  }
  if (!complete) Py_CLEAR(self);
  return (PyObject *)self;
}

/* A method of its own (k_hop, add_node ...) stays. */
static int install(GroggyState *state, const gli_algorithm *descriptor, const char *name) {
  PyTypeObject *const types[] = {state->graph_type, state->snapshot_type};
  PyObject *method = algorithm_new(state, descriptor, name);
  int result = method == NULL ? -1 : 0;
  for (size_t i = 0; i < 2 && result == 0; i++) {
    if (!PyObject_HasAttrString((PyObject *)types[i], name))
      result = PyObject_SetAttrString((PyObject *)types[i], name, method);
  }
  Py_XDECREF(method);
  return result;
}

typedef struct OlderName {
  const char *name, *algorithm;
} OlderName;

static const OlderName older_names[] = {
    {"dijkstra", "shortest_paths"},
    {"rust_dijkstra", "shortest_paths"},
    {"c_dijkstra", "shortest_paths"},
    {"betweenness", "betweenness_centrality"},
    {"rust_betweenness_centrality", "betweenness_centrality"},
    {"c_betweenness_centrality", "betweenness_centrality"},
};

int groggy_algorithms_install(PyObject *module, GroggyState *state) {
  (void)module;
  for (size_t i = 0; i < gli_algorithm_count(); i++) {
    const gli_algorithm *descriptor = gli_algorithm_at(i);
    if (install(state, descriptor, descriptor->name) < 0) return -1;
    for (const char *const *alias = descriptor->aliases; alias != NULL && *alias != NULL; alias++) {
      if (install(state, descriptor, *alias) < 0) return -1;
    }
  }
  for (size_t i = 0; i < sizeof older_names / sizeof older_names[0]; i++) {
    const gli_algorithm *descriptor = gli_algorithm_find(older_names[i].algorithm);
    if (descriptor != NULL && install(state, descriptor, older_names[i].name) < 0) return -1;
  }
  return 0;
}

/* --- Descriptors for Python
 * ------------------------------------------------------------------------------- */

static const char *const parameter_types[] = {
    [GLI_PARAMETER_BOOL] = "bool",
    [GLI_PARAMETER_INT] = "int",
    [GLI_PARAMETER_FLOAT] = "float",
    [GLI_PARAMETER_CHOICE] = "choice",
    [GLI_PARAMETER_ATTRIBUTE] = "attribute",
    [GLI_PARAMETER_NODES] = "nodes",
    [GLI_PARAMETER_NODE_WEIGHTS] = "node_weights",
    [GLI_PARAMETER_PAIRS] = "pairs",
    [GLI_PARAMETER_INTS] = "ints",
};
static const char *const column_types[] = {
    [GLI_COLUMN_BOOL] = "bool", [GLI_COLUMN_INT64] = "int", [GLI_COLUMN_FLOAT64] = "float",
    [GLI_COLUMN_NODE] = "node", [GLI_COLUMN_EDGE] = "edge",
};
static const char *const column_domains[] = {
    [GLI_PER_NODE] = "node", [GLI_PER_EDGE] = "edge", [GLI_PER_ROW] = "row",
    [GLI_SCALAR] = "scalar", [GLI_PER_LIST] = "list",
};
static const char *const agreements[] = {
    [GLI_EXACT] = "exact",
    [GLI_BOUNDED] = "bounded",
    [GLI_QUALITY] = "quality",
};

static PyObject *text_list(const char *const *texts) {
  PyObject *list = PyList_New(0);
  for (; list != NULL && texts != NULL && *texts != NULL; texts++) {
    PyObject *text = PyUnicode_FromString(*texts);
    if (text == NULL || PyList_Append(list, text) < 0) Py_CLEAR(list);
    Py_XDECREF(text);
  }
  return list;
}

static PyObject *parameter_default(const gli_parameter *parameter) {
  switch (parameter->type) {
    case GLI_PARAMETER_BOOL:
      return PyBool_FromLong(parameter->number_default != 0);
    case GLI_PARAMETER_INT:
      return PyLong_FromDouble(parameter->number_default);
    case GLI_PARAMETER_FLOAT:
      return PyFloat_FromDouble(parameter->number_default);
    default:
      return Py_BuildValue("z", parameter->text_default);
  }
}

static PyObject *parameter_dict(const gli_parameter *parameter) {
  return Py_BuildValue(
      "{sssssOsNsdsdsOsNss}", "name", parameter->name, "type", parameter_types[parameter->type],
      "required", parameter->required ? Py_True : Py_False, "default", parameter_default(parameter),
      "minimum", parameter->minimum, "maximum", parameter->maximum, "open_maximum",
      parameter->open_maximum ? Py_True : Py_False, "choices", text_list(parameter->choices),
      "help", parameter->help == NULL ? "" : parameter->help);
}

static PyObject *column_dict(const gli_column_info *column) {
  return Py_BuildValue("{ssssssss}", "name", column->name, "type", column_types[column->type],
                       "domain", column_domains[column->domain], "help",
                       column->help == NULL ? "" : column->help);
}

static int append(PyObject *list, PyObject *item) {
  const int result = item == NULL ? -1 : PyList_Append(list, item);
  Py_XDECREF(item);
  return result;
}

static const char *text_or_empty(const char *text) {
  return text == NULL ? "" : text;
}

static PyObject *descriptor_dict(const gli_algorithm *descriptor) {
  PyObject *parameters = PyList_New(0), *columns = PyList_New(0), *dict = NULL;
  int result = parameters == NULL || columns == NULL ? -1 : 0;
  for (size_t i = 0; result == 0 && i < descriptor->parameter_count; i++)
    result = append(parameters, parameter_dict(&descriptor->parameters[i]));
  for (size_t i = 0; result == 0 && i < descriptor->column_count; i++)
    result = append(columns, column_dict(&descriptor->columns[i]));
  if (result == 0)
    dict = Py_BuildValue(
        "{sssssNsssssssssOsOsssdsnsO}", "name", descriptor->name, "family", descriptor->family,
        "aliases", text_list(descriptor->aliases), "summary", text_or_empty(descriptor->summary),
        "description", text_or_empty(descriptor->description), "reference",
        text_or_empty(descriptor->reference), "networkx", text_or_empty(descriptor->networkx),
        "parameters", parameters, "columns", columns, "agreement",
        agreements[descriptor->agreement], "epsilon", descriptor->epsilon, "positional",
        count_positional(descriptor), "on_devices",
        gli_algorithm_runs_on_devices(descriptor) ? Py_True : Py_False);
  Py_XDECREF(parameters);
  Py_XDECREF(columns);
  return dict;
}

PyObject *groggy_algorithm_list(GroggyState *state) {
  (void)state;
  PyObject *list = PyList_New(0);
  for (size_t i = 0; list != NULL && i < gli_algorithm_count(); i++) {
    if (append(list, descriptor_dict(gli_algorithm_at(i))) < 0) Py_CLEAR(list);
  }
  return list;
}
