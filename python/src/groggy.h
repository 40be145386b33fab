/* groggy.h: what the files of groggy._core share.
 *
 * The extension is thin: every method converts its arguments, makes one call into libgli, converts
 * the answer. What makes it fast: ids and attribute values are read where they lie in the Python
 * objects; attribute names are found by the identity of the call's tuple of keyword names; nothing
 * is allocated for a call with up to GROGGY_INLINE_ATTRIBUTES plain attributes.
 *
 * Two rules against deadlocks (DESIGN section 7). Whoever waits for a graph's lock does not hold
 * the GIL: libgli calls the wait hooks of module.c around every real wait. Nothing here runs Python
 * code while it holds a graph's lock: what a visitor builds under the lock are str and int objects,
 * which the garbage collector does not track. */
#ifndef GROGGY_H
#define GROGGY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <gli/gli.h>
#include <stdatomic.h>
#include <structmember.h>

#define GROGGY_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define GROGGY_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#define GROGGY_INLINE_ATTRIBUTES 12
#define GROGGY_KEYWORD_SLOTS 8
#define GROGGY_NAME_SLOTS 16
#define GROGGY_FREE_HANDLES 64
#define GROGGY_FREE_BUILDERS 16
#define GROGGY_STATUS_COUNT (GLI_ERROR_NEGATIVE_CYCLE + 1)

/* memory.c: what a family of graphs (a graph, its copies, their snapshots and results) holds. */
typedef struct GroggyMemory GroggyMemory;

/* The state of the module. Types are heap types: each interpreter has its own. Graphs refer to it
 * too, since handles may die after the module, in the last collection of the interpreter. */
typedef struct GroggyState {
  int64_t references;
  PyTypeObject *graph_type, *node_type, *edge_type, *batch_type, *nodes_view_type, *edges_view_type,
      *iterator_type, *snapshot_type, *buffer_type, *device_buffer_type, *ids_type, *holder_type,
      *algorithm_type, *parts_type;
  PyObject *errors[GROGGY_STATUS_COUNT];     /* exception class of each status */
  PyObject *result_class, *run_record_class; /* groggy.results, imported at the first result */
  PyObject *mapping_views[3];                /* collections.abc KeysView, ValuesView, ItemsView */
  PyObject *out, *in, *both;                 /* interned direction names */
  PyObject *zone_info;                       /* zoneinfo.ZoneInfo, at the first named zone */
  struct GroggyHandle *free_handles[GROGGY_FREE_HANDLES]; /* nodes and edges, ready for use */
  int free_handle_count;
  gli_value_builder *free_builders[GROGGY_FREE_BUILDERS];
  int free_builder_count;
} GroggyState;

/* Keys of the names of one call site: the tuple is held, so its address stays its own. */
typedef struct GroggyKeywords {
  PyObject *names;
  gli_key keys[GROGGY_INLINE_ATTRIBUTES];
} GroggyKeywords;

typedef struct GroggyName {
  PyObject *name;
  gli_key key;
} GroggyName;

typedef struct GroggyGraph {
  PyObject_HEAD gli_graph *graph;
  GroggyState *state;
  GroggyMemory *memory;
  PyObject *backend;         /* str, as the user named it */
  PyObject *on_device_error; /* str */
  PyObject *device;          /* str, or NULL: whichever */
  PyObject *weak_references;
  PyObject *last_snapshot; /* weak reference to the Snapshot made last, or NULL */
  bool directed, multigraph;
  GroggyKeywords keywords[GROGGY_KEYWORD_SLOTS];
  GroggyName names[GROGGY_NAME_SLOTS];
} GroggyGraph;

typedef struct GroggyBatch {
  PyObject_HEAD GroggyGraph *graph;
  gli_batch *batch; /* NULL once it is over */
  int users;        /* calls under way, which may have let the GIL go while they wait */
  PyObject *weak_references;
} GroggyBatch;

/* A live handle on a node or an edge, of a graph or of what a batch shows. */
typedef struct GroggyHandle {
  PyObject_HEAD GroggyGraph *graph;
  GroggyBatch *batch; /* NULL for a graph's */
  PyObject *id;       /* the node's or edge's id */
  int64_t number;     /* the node's serial, or the edge's id */
} GroggyHandle;

typedef struct GroggySnapshot {
  PyObject_HEAD gli_snapshot *snapshot;
  GroggyState *state;
  GroggyMemory *memory;
  PyObject *backend, *on_device_error, *device; /* as the graph's */
  PyObject *weak_references;
} GroggySnapshot;

/* Attributes of a call, ready for libgli, and what their values borrow from. */
typedef struct GroggyAttributes {
  gli_attribute *items;
  size_t count;
  size_t capacity;
  GroggyState *state;
  PyObject **held; /* objects whose bytes are borrowed */
  size_t held_count, held_capacity;
  gli_value_builder **builders; /* nested values, encoded */
  size_t builder_count, builder_capacity;
  gli_attribute inline_items[GROGGY_INLINE_ATTRIBUTES];
} GroggyAttributes;

/* A watched call: Ctrl-C, progress, limits. The GIL is released between groggy_watch_release and
 * groggy_watch_retake. */
typedef struct GroggyWatch {
  gli_control control;
  PyThreadState *thread;
  PyObject *callback;
  PyObject *bar;
  char backend[32];
} GroggyWatch;

extern struct PyModuleDef groggy_module;

static inline GroggyState *groggy_state(PyObject *module) {
  return *(GroggyState **)PyModule_GetState(module);
}
GroggyState *groggy_state_retain(GroggyState *state);
void groggy_state_drop(GroggyState *state);
/* The state behind one of our types or a subclass of one; sets an exception when there is none. */
GroggyState *groggy_state_of(PyTypeObject *type);

/* --- errors.c ------------------------------------------------------------------------------- */
int groggy_errors_init(GroggyState *state);
/* Raise what a failed call says; always NULL. An exception that is set already stays. */
PyObject *groggy_raise(GroggyState *state, const gli_error *error);
PyObject *groggy_error_message(const gli_error *error);
PyObject *groggy_raise_node_missing(GroggyState *state, PyObject *id);
PyObject *groggy_raise_attribute_missing(GroggyState *state, PyObject *owner, PyObject *name);
/* TypeError for a wrong number of positional arguments. */
PyObject *groggy_raise_arguments(const char *function, Py_ssize_t given, const char *expected);
int groggy_no_keywords(const char *function, PyObject *keyword_names);

/* --- arguments.c ---------------------------------------------------------------------------- */
/* Arguments by position or name into values[name_count] (at most 8), which hold the defaults. */
int groggy_arguments(const char *function, const char *const *names, Py_ssize_t name_count,
                     Py_ssize_t required, PyObject *const *args, Py_ssize_t count,
                     PyObject *keyword_names, PyObject **values);
/* True or False, NumPy's too, 0 or 1: anything else ("no" would be true) is a TypeError. */
int groggy_truth(PyObject *object, const char *what, bool *truth_out);
/* The same for PyArg_Parse's O&: 1 and a bool, or 0. */
int groggy_directed(PyObject *object, void *truth_out);
int groggy_multigraph(PyObject *object, void *truth_out);
/* The items of an iterable that is no text, as a tuple; NULL with a TypeError that names `what`. */
PyObject *groggy_tuple(PyObject *object, const char *what);
/* Raise with the words of a format, then the value, on one line of bounded length. */
void groggy_raise_value(PyObject *class, PyObject *value, const char *format, ...);

/* --- ids.c ---------------------------------------------------------------------------------- */
int groggy_id_slow(PyObject *object, gli_id *id_out);
PyObject *groggy_id_object(const gli_id *id);
/* The object itself if it is exactly a str or int, else one that says the same. */
PyObject *groggy_id_canonical(PyObject *object, const gli_id *id);
int groggy_edge_id(PyObject *object, gli_edge_id *edge_out);
int groggy_int64(PyObject *object, const char *what, const char *expected, int64_t *number_out);
PyObject *groggy_text_object(const char *text, size_t size_bytes);
int groggy_direction(GroggyState *state, PyObject *object, gli_direction *direction_out);

/* An id from a Python object; 0, or -1 with an exception. Text is borrowed from the object. */
static inline int groggy_id(PyObject *object, gli_id *id_out) {
  if (GROGGY_LIKELY(PyUnicode_CheckExact(object) && PyUnicode_IS_COMPACT_ASCII(object))) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(object);
    if (GROGGY_LIKELY((uint64_t)length < UINT32_MAX)) {
      *id_out = gli_id_text((const char *)PyUnicode_1BYTE_DATA(object), (uint32_t)length);
      return 0;
    }
  }
  if (PyLong_CheckExact(object)) {
    int overflow = 0;
    const long long integer = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (GROGGY_LIKELY(overflow == 0)) {
      *id_out = gli_id_int(integer);
      return 0;
    }
  }
  return groggy_id_slow(object, id_out);
}

/* --- encode.c, decode.c: values ------------------------------------------------------------- */
void groggy_attributes_init(GroggyAttributes *attributes, GroggyState *state);
void groggy_attributes_release(GroggyAttributes *attributes);
static inline void groggy_attributes_free(GroggyAttributes *attributes) {
  if (GROGGY_UNLIKELY(attributes->held_count + attributes->builder_count != 0 ||
                      attributes->items != attributes->inline_items)) {
    groggy_attributes_release(attributes);
  }
}
int groggy_attributes_reserve(GroggyAttributes *attributes, size_t count);
/* Keep an object alive as long as the attributes; takes over the reference, also on failure. */
int groggy_attributes_hold(GroggyAttributes *attributes, PyObject *object);
/* A value that borrows from `object` or from what `attributes` keep. `name` is for messages. */
int groggy_value(GroggyAttributes *attributes, PyObject *name, PyObject *object,
                 gli_value *value_out);
/* A new reference; NULL with an exception. Not for absent values. */
PyObject *groggy_value_object(GroggyState *state, const gli_value *value);
gli_value_builder *groggy_builder_take(GroggyState *state);
void groggy_builder_give(GroggyState *state, gli_value_builder *builder);

/* --- attributes.c: names and keyword arguments ----------------------------------------------- */
/* 0, or -1 with TypeError or ValueError, as for a name given to the graph. */
int groggy_name_check(PyObject *name, const char **text_out, Py_ssize_t *size_out);
/* The key of a name, made on first use; -1 with an exception. */
int groggy_key(GroggyGraph *graph, PyObject *name, gli_key *key_out);
/* The key if the name is known, else GLI_KEY_NONE; -1 with an exception for what is no name. */
int groggy_key_find(GroggyGraph *graph, PyObject *name, gli_key *key_out);
PyObject *groggy_key_name(GroggyGraph *graph, gli_key key);
int groggy_attributes_keywords_slow(GroggyGraph *graph, GroggyAttributes *attributes,
                                    PyObject *names, PyObject *const *values);
int groggy_attributes_mapping(GroggyGraph *graph, GroggyAttributes *attributes, PyObject *mapping);
void groggy_names_clear(GroggyGraph *graph);

static inline GroggyKeywords *groggy_keywords_slot(GroggyGraph *graph, const PyObject *names) {
  const uint64_t mixed = (uint64_t)(uintptr_t)names * UINT64_C(0x9E3779B97F4A7C15);
  return &graph->keywords[mixed >> 61];
}

static inline GroggyName *groggy_name_slot(GroggyGraph *graph, const PyObject *name) {
  const uint64_t mixed = (uint64_t)(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15);
  return &graph->names[mixed >> 60];
}

/* Keyword arguments as attributes: checked and converted before any name becomes known. */
static inline int groggy_attributes_keywords(GroggyGraph *graph, GroggyAttributes *attributes,
                                             PyObject *names, PyObject *const *values) {
  if (names == NULL) return 0;
  const GroggyKeywords *slot = groggy_keywords_slot(graph, names);
  if (GROGGY_UNLIKELY(slot->names != names))
    return groggy_attributes_keywords_slow(graph, attributes, names, values);
  const size_t count = (size_t)PyTuple_GET_SIZE(names);
  for (size_t i = 0; i < count; i++) {
    attributes->items[i].key = slot->keys[i];
    if (groggy_value(attributes, PyTuple_GET_ITEM(names, (Py_ssize_t)i), values[i],
                     &attributes->items[i].value) < 0)
      return -1;
  }
  attributes->count = count;
  return 0;
}

/* --- memory.c ------------------------------------------------------------------------------- */
struct GroggyMemory {
  gli_allocator allocator; /* counts, then asks libgli's default allocator */
  const gli_allocator *underlying;
  _Atomic int64_t live_bytes; /* and 1 while a Python object refers to it */
  _Atomic int64_t peak_bytes; /* since the last report */
  _Atomic int64_t reported_bytes;
  _Atomic bool stale; /* live and reported differ by a step */
  int64_t references; /* Python objects; under the GIL */
};
GroggyMemory *groggy_memory_create(void);
GroggyMemory *groggy_memory_retain(GroggyMemory *memory);
void groggy_memory_drop(GroggyMemory *memory);
void groggy_memory_report(GroggyMemory *memory);
/* At the end of a call that may have changed how much is held; no graph lock may be held. */
static inline void groggy_memory_note(GroggyMemory *memory) {
  if (GROGGY_UNLIKELY(atomic_load_explicit(&memory->stale, memory_order_relaxed)))
    groggy_memory_report(memory);
}

/* --- gil.c ---------------------------------------------------------------------------------- */
/* Let the GIL go and take it back, by the thread that has it, so that others get their turns: for
 * every release, also the shortest. */
PyThreadState *groggy_gil_release(void);
void groggy_gil_retake(PyThreadState *thread);

/* --- control.c ------------------------------------------------------------------------------ */
int groggy_watch_begin(GroggyState *state, GroggyWatch *watch, PyObject *max_seconds,
                       PyObject *progress, PyObject *threads, PyObject *label);
int groggy_watch_end(GroggyWatch *watch);
static inline void groggy_watch_release(GroggyWatch *watch) {
  watch->thread = groggy_gil_release();
}
static inline void groggy_watch_retake(GroggyWatch *watch) {
  groggy_gil_retake(watch->thread);
  watch->thread = NULL;
}

/* --- types ---------------------------------------------------------------------------------- */
int groggy_graph_type_init(PyObject *module, GroggyState *state);
PyObject *groggy_adopt_methods(PyObject *module, PyObject *type);
int groggy_handle_types_init(PyObject *module, GroggyState *state);
int groggy_view_types_init(PyObject *module, GroggyState *state);
int groggy_batch_type_init(PyObject *module, GroggyState *state);
int groggy_snapshot_type_init(PyObject *module, GroggyState *state);
int groggy_buffer_types_init(PyObject *module, GroggyState *state);
int groggy_result_types_init(PyObject *module, GroggyState *state);
int groggy_kept_type_init(PyObject *module, GroggyState *state);
int groggy_algorithm_type_init(PyObject *module, GroggyState *state);
/* Add methods of a collections.abc class to a type, such as those of Mapping. */
int groggy_borrow_methods(PyTypeObject *type, const char *abc, const char *const *names);
PyTypeObject *groggy_type_add(PyObject *module, PyType_Spec *spec);

/* A Python graph around a new C graph, which it takes over (also on failure). device: str or NULL.
 */
PyObject *groggy_graph_wrap(GroggyState *state, PyTypeObject *type, gli_graph *graph,
                            GroggyMemory *memory, PyObject *backend, PyObject *on_device_error,
                            PyObject *device);
PyObject *groggy_node_handle(GroggyGraph *graph, GroggyBatch *batch, PyObject *id,
                             gli_serial serial);
PyObject *groggy_edge_handle(GroggyGraph *graph, GroggyBatch *batch, gli_edge_id edge);
void groggy_handles_clear(GroggyState *state);
PyObject *groggy_batch_begin(GroggyGraph *graph);
PyObject *groggy_view(GroggyGraph *graph, gli_side side);
PyObject *groggy_iterator(GroggyGraph *graph, gli_side side);
PyObject *groggy_snapshot_wrap(GroggyGraph *graph, gli_snapshot *snapshot);
PyObject *groggy_snapshot_ids(gli_snapshot *snapshot, gli_side side);
PyObject *groggy_snapshot_pairs(gli_snapshot *snapshot);
/* The graph's snapshot, made with the GIL released; NULL with an exception. */
gli_snapshot *groggy_snapshot_of(GroggyGraph *graph);
/* `end` of an undirected or directed look-up: edge id of (u, v) or of an id, by argument count. */
int groggy_edge_find(GroggyGraph *graph, PyObject *const *args, Py_ssize_t count,
                     gli_edge_id *edge_out);

/* --- buffers.c ------------------------------------------------------------------------------ */
/* A buffer over memory that `owner` keeps; with owner NULL the buffer owns `data` (PyMem_RawFree).
 */
PyObject *groggy_buffer(GroggyState *state, PyObject *owner, void *data, Py_ssize_t length,
                        char format);
/* The buffer as a NumPy array; takes over the reference. */
PyObject *groggy_numpy(PyObject *buffer);
PyObject *groggy_ids(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                     gli_side side);
/* Of rows 0 .. count - 1, and of pairs of nodes in arrays that `owner` keeps. */
PyObject *groggy_ids_of_rows(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                             int64_t count);
PyObject *groggy_ids_of_pairs(GroggyState *state, gli_snapshot *snapshot, GroggyMemory *memory,
                              int64_t count, const int32_t *sources, const int32_t *targets,
                              PyObject *owner);
/* Positions of live nodes or edges as a buffer of int64, or None when there is no hole. */
PyObject *groggy_live_positions(GroggyState *state, gli_snapshot *snapshot, gli_side side);

/* --- results.c ------------------------------------------------------------------------------ */
/* Takes over `result`. */
PyObject *groggy_result(GroggyState *state, const gli_algorithm *algorithm, gli_result *result,
                        GroggyMemory *memory);
/* The value of a scalar column; nodes by their ids. */
PyObject *groggy_scalar(gli_snapshot *snapshot, const gli_column *column);

/* --- kept.c --------------------------------------------------------------------------------- */
/* A column that is on a device; `owner` keeps the result. */
PyObject *groggy_device_buffer(GroggyState *state, PyObject *owner, const gli_result *result,
                               const gli_column *column, char format);
/* Bring a column to the host if it is not there; -1 with an exception. */
int groggy_fetch(GroggyState *state, const gli_result *result, const char *name);

/* --- devices.c ------------------------------------------------------------------------------ */
/* Where a graph of this backend computes: libgli's name of the backend, or NULL for its choice. */
const char *groggy_place(PyObject *backend);
/* One line on a terminal when kernels are compiled for the first time, which takes a while. */
void groggy_say_compiling(void *context, const char *device, const char *program);
PyObject *groggy_devices(PyObject *module, PyObject *ignored);
PyObject *groggy_device_usage(PyObject *module, PyObject *position);
PyObject *groggy_device_matches(PyObject *module, PyObject *args);
PyObject *groggy_device_environment(PyObject *module, PyObject *ignored);
PyObject *groggy_calibrate(PyObject *module, PyObject *position);
/* Warn of devices that failed meanwhile, each once; -1 when the warning is an exception. */
int groggy_warn_of_fallback(const gli_run_record *record);

/* --- algorithms.c --------------------------------------------------------------------------- */
int groggy_algorithms_install(PyObject *module, GroggyState *state);
PyObject *groggy_algorithm_list(GroggyState *state);
/* Node positions of a snapshot from one id or an iterable of ids; PyMem_RawFree(*nodes_out). */
int groggy_node_positions(GroggyState *state, gli_snapshot *snapshot, PyObject *object,
                          int32_t **nodes_out, int64_t *count_out);

/* --- methods of FastGraph, by file ------------------------------------------------------------ */
#define GROGGY_FAST_METHOD(name)                                                         \
  PyObject *groggy_graph_##name(PyObject *self, PyObject *const *args, Py_ssize_t count, \
                                PyObject *keyword_names)
#define GROGGY_PLAIN_METHOD(name) PyObject *groggy_graph_##name(PyObject *self, PyObject *ignored)
/* nodes.c, edges.c */
GROGGY_FAST_METHOD(add_node);
GROGGY_FAST_METHOD(update_node);
GROGGY_FAST_METHOD(remove_node);
GROGGY_FAST_METHOD(has_node);
GROGGY_FAST_METHOD(get_node);
GROGGY_FAST_METHOD(get_neighbors);
GROGGY_FAST_METHOD(get_edges);
GROGGY_FAST_METHOD(degree);
GROGGY_FAST_METHOD(add_edge);
GROGGY_FAST_METHOD(update_edge);
GROGGY_FAST_METHOD(remove_edge);
GROGGY_FAST_METHOD(has_edge);
GROGGY_FAST_METHOD(get_edge);
/* bulk_*.c, columns.c */
GROGGY_FAST_METHOD(add_nodes);
GROGGY_FAST_METHOD(add_edges);
GROGGY_FAST_METHOD(add_nodes_raw);
GROGGY_FAST_METHOD(add_edges_raw);
GROGGY_FAST_METHOD(update_nodes);
GROGGY_FAST_METHOD(remove_nodes);
GROGGY_FAST_METHOD(remove_edges);
GROGGY_FAST_METHOD(has_nodes);
GROGGY_FAST_METHOD(has_edges);
GROGGY_FAST_METHOD(get_many);
GROGGY_FAST_METHOD(degrees_of);
GROGGY_FAST_METHOD(neighbors_of);
GROGGY_FAST_METHOD(node_column);
GROGGY_FAST_METHOD(edge_column);
GROGGY_FAST_METHOD(set_node_column);
GROGGY_FAST_METHOD(set_edge_column);
GROGGY_PLAIN_METHOD(node_ids);
GROGGY_PLAIN_METHOD(edge_ids);
GROGGY_PLAIN_METHOD(edge_pairs);
GROGGY_PLAIN_METHOD(edge_array);
GROGGY_PLAIN_METHOD(node_attributes);
GROGGY_PLAIN_METHOD(edge_attributes);
/* filters.c, parts.c */
GROGGY_FAST_METHOD(filter_nodes);
GROGGY_FAST_METHOD(filter_edges);
GROGGY_FAST_METHOD(node_mask);
GROGGY_FAST_METHOD(edge_mask);
GROGGY_FAST_METHOD(subgraph);
GROGGY_FAST_METHOD(edge_subgraph);
/* devices.c */
GROGGY_FAST_METHOD(pin);
GROGGY_FAST_METHOD(unpin);
GROGGY_PLAIN_METHOD(device_memory);
/* files.c */
GROGGY_FAST_METHOD(write);
PyObject *groggy_read(PyObject *module, PyObject *args, PyObject *keywords);
PyObject *groggy_generate(PyObject *module, PyObject *args, PyObject *keywords);

#endif
