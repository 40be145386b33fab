/* generate.c: one way to all generators. groggy.generators is what people call. */
#include "groggy.h"

#include <string.h>

/* Numbers of a call, as many as the generator takes; checked by the table below. */
typedef struct Numbers {
  int64_t integers[2];
  double reals[3];
  int64_t *sizes; /* of blocks, with probabilities[block_count^2] */
  double *probabilities;
  int64_t block_count;
} Numbers;

typedef gli_status (*Generator)(const Numbers *numbers, const gli_generate_options *options,
                                const gli_control *control, gli_graph **graph_out,
                                gli_error *error);

#define GENERATOR(name, call)                                                                   \
  static gli_status name(const Numbers *n, const gli_generate_options *o, const gli_control *c, \
                         gli_graph **g, gli_error *e) {                                         \
    (void)n;                                                                                    \
    return call;                                                                                \
  }
GENERATOR(kronecker, n->integers[0]<INT32_MIN || n->integers[0]> INT32_MAX
                         ? gli_generate_kronecker(-1, n->integers[1], n->reals, o, c, g, e)
                         : gli_generate_kronecker((int32_t)n->integers[0], n->integers[1], n->reals,
                                                  o, c, g, e))
GENERATOR(gnp, gli_generate_gnp(n->integers[0], n->reals[0], o, c, g, e))
GENERATOR(gnm, gli_generate_gnm(n->integers[0], n->integers[1], o, c, g, e))
GENERATOR(barabasi_albert, gli_generate_barabasi_albert(n->integers[0], n->integers[1], o, c, g, e))
GENERATOR(watts_strogatz,
          gli_generate_watts_strogatz(n->integers[0], n->integers[1], n->reals[0], o, c, g, e))
GENERATOR(stochastic_block_model, gli_generate_stochastic_block_model(n->block_count, n->sizes,
                                                                      n->probabilities, o, c, g, e))
GENERATOR(grid, gli_generate_grid(n->integers[0], n->integers[1], n->reals[0] != 0, o, c, g, e))
GENERATOR(complete, gli_generate_complete(n->integers[0], o, c, g, e))
GENERATOR(path, gli_generate_path(n->integers[0], o, c, g, e))
GENERATOR(cycle, gli_generate_cycle(n->integers[0], o, c, g, e))
GENERATOR(star, gli_generate_star(n->integers[0], o, c, g, e))
GENERATOR(karate_club, gli_generate_karate_club(o, c, g, e))

static const struct {
  const char *name;
  Generator generate;
  int integers, reals;
  bool blocks;
} generators[] = {{"kronecker", kronecker, 2, 3, false},
                  {"gnp", gnp, 1, 1, false},
                  {"gnm", gnm, 2, 0, false},
                  {"barabasi_albert", barabasi_albert, 2, 0, false},
                  {"watts_strogatz", watts_strogatz, 2, 1, false},
                  {"stochastic_block_model", stochastic_block_model, 0, 0, true},
                  {"grid", grid, 2, 1, false},
                  {"complete", complete, 1, 0, false},
                  {"path", path, 1, 0, false},
                  {"cycle", cycle, 1, 0, false},
                  {"star", star, 1, 0, false},
                  {"karate_club", karate_club, 0, 0, false}};

static int take_integers(PyObject *given, int64_t *out, Py_ssize_t count) {
  for (Py_ssize_t k = 0; k < count; k++) {
    out[k] = PyLong_AsLongLong(PyTuple_GET_ITEM(given, k));
    if (out[k] == -1 && PyErr_Occurred()) return -1;
  }
  return 0;
}

static int take_reals(PyObject *given, double *out, Py_ssize_t count) {
  for (Py_ssize_t k = 0; k < count; k++) {
    out[k] = PyFloat_AsDouble(PyTuple_GET_ITEM(given, k));
    if (out[k] == -1 && PyErr_Occurred()) return -1;
  }
  return 0;
}

/* The numbers of generator `which`; how many there must be is a matter of groggy.generators. */
static int take_numbers(size_t which, PyObject *integers, PyObject *reals, Numbers *numbers) {
  const Py_ssize_t integer_count = PyTuple_GET_SIZE(integers), real_count = PyTuple_GET_SIZE(reals);
  if (!generators[which].blocks) {
    if (integer_count != generators[which].integers || real_count != generators[which].reals) {
      PyErr_Format(PyExc_TypeError, "generate(): %s takes %d integers and %d floats",
                   generators[which].name, generators[which].integers, generators[which].reals);
      return -1;
    }
    if (take_integers(integers, numbers->integers, integer_count) < 0) return -1;
    return take_reals(reals, numbers->reals, real_count);
  }
  if (integer_count > 0
          ? real_count / integer_count != integer_count || real_count % integer_count != 0
          : real_count != 0) {
    PyErr_SetString(PyExc_ValueError,
                    "p must have a row for each of sizes, and a number in each "
                    "row for each of sizes");
    return -1;
  }
  numbers->block_count = integer_count;
  numbers->sizes = PyMem_RawMalloc(((size_t)integer_count + 1) * sizeof *numbers->sizes);
  numbers->probabilities =
      PyMem_RawMalloc(((size_t)real_count + 1) * sizeof *numbers->probabilities);
  if (numbers->sizes == NULL || numbers->probabilities == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  if (take_integers(integers, numbers->sizes, integer_count) < 0) return -1;
  return take_reals(reals, numbers->probabilities, real_count);
}

static PyObject *generate(GroggyState *state, PyTypeObject *type, size_t which,
                          const Numbers *numbers, gli_generate_options *options,
                          PyObject *const where[3], PyObject *const limits[3]) {
  GroggyMemory *memory = groggy_memory_create();
  PyObject *label = PyUnicode_FromString(generators[which].name);
  PyObject *result = NULL;
  GroggyWatch watch;
  if (memory != NULL && label != NULL) {
    options->allocator = &memory->allocator;
    if (groggy_watch_begin(state, &watch, limits[0], limits[1], limits[2], label) == 0) {
      gli_graph *graph = NULL;
      gli_error error;
      groggy_watch_release(&watch);
      const gli_status status =
          generators[which].generate(numbers, options, &watch.control, &graph, &error);
      groggy_watch_retake(&watch);
      result = status == GLI_OK ? groggy_graph_wrap(state, type, graph, memory, where[0], where[1],
                                                    where[2] == Py_None ? NULL : where[2])
                                : groggy_raise(state, &error);
    }
    if (groggy_watch_end(&watch) < 0) Py_CLEAR(result);
  }
  groggy_memory_drop(memory);
  Py_XDECREF(label);
  return result;
}

PyObject *groggy_generate(PyObject *module, PyObject *args, PyObject *keywords) {
  static char *names[] = {
      "type",     "name",       "integers", "reals",       "backend",  "on_device_error", "device",
      "directed", "multigraph", "seed",     "max_seconds", "progress", "threads",         NULL};
  GroggyState *state = groggy_state(module);
  gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
  PyTypeObject *type = NULL;
  PyObject *integers = NULL, *reals = NULL, *where[3] = {NULL, NULL, Py_None}, *seed = NULL;
  PyObject *limits[3] = {Py_None, Py_None, Py_None};
  const char *name = NULL;
  bool directed = false, multigraph = false;
  if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!sO!O!UUO|O&O&OOOO:generate", names,
                                   &PyType_Type, &type, &name, &PyTuple_Type, &integers,
                                   &PyTuple_Type, &reals, &where[0], &where[1], &where[2],
                                   groggy_directed, &directed, groggy_multigraph, &multigraph,
                                   &seed, &limits[0], &limits[1], &limits[2]))
    return NULL;
  if (!PyType_IsSubtype(type, state->graph_type)) {
    PyErr_SetString(PyExc_TypeError, "type must be a kind of FastGraph");
    return NULL;
  }
  options.directed = directed;
  options.multigraph = multigraph;
  options.seed = seed == NULL ? 0 : PyLong_AsUnsignedLongLong(seed);
  if (options.seed == (uint64_t)-1 && PyErr_Occurred()) return NULL;
  for (size_t which = 0; which < sizeof generators / sizeof *generators; which++) {
    if (strcmp(generators[which].name, name) != 0) continue;
    Numbers numbers = {0};
    PyObject *result = NULL;
    if (take_numbers(which, integers, reals, &numbers) == 0) {
      result = generate(state, type, which, &numbers, &options, where, limits);
    }
    PyMem_RawFree(numbers.sizes);
    PyMem_RawFree(numbers.probabilities);
    return result;
  }
  PyErr_Format(PyExc_ValueError, "no generator '%s'", name);
  return NULL;
}
