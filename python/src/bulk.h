/* bulk.h: arguments of the calls that take many nodes, edges or values. */
#ifndef GROGGY_BULK_H
#define GROGGY_BULK_H

#include "groggy.h"

/* Many ids: gli_ids that borrow from Python objects, or plain integers. */
typedef struct GroggyIds {
  int64_t count;
  gli_id *ids;            /* or NULL */
  const int64_t *int_ids; /* or NULL */
  int64_t *owned_ints;    /* PyMem_RawFree */
  PyObject *objects;      /* tuple that keeps what `ids` borrow from; or NULL */
  Py_buffer view;
  bool has_view;
  bool is_array; /* came as a buffer: answers go out as arrays */
} GroggyIds;

/* One column of values, one per row. */
typedef struct GroggyColumn {
  PyObject *name;
  uint32_t type;     /* as in gli_bulk_column */
  gli_value *values; /* [row_count], PyMem_RawFree; or NULL where `data` is a buffer's */
  const void *data;
  Py_buffer view;
  bool has_view;
} GroggyColumn;

typedef struct GroggyColumns {
  GroggyState *state;
  int64_t row_count;
  GroggyColumn *items;
  size_t count, capacity;
  PyObject *places;          /* dict name -> place in items */
  GroggyAttributes holder;   /* keeps what values borrow from */
  struct GroggyChunk *arena; /* copies of nested values */
} GroggyColumns;

/* A plain one-dimensional buffer of numbers. 1: got it; 0: `object` is none; -1: an exception.
 * `*format_out` is 'q' (any integers, converted when narrower), 'd' or '?', or 0: a buffer of
 * something else. */
int groggy_ids_read(GroggyIds *ids, PyObject *object, const char *what);
/* The integers of a one-dimensional array; false without an exception where it is none. */
bool groggy_ids_array(GroggyIds *ids, PyObject *object);
void groggy_ids_free(GroggyIds *ids);
/* Make sure that `ids->ids` is there. */
int groggy_ids_expand(GroggyIds *ids);
/* Pairs: (source, target) items, an (m, 2) array of integers, or two sequences. */
int groggy_pairs_read(GroggyIds *sources, GroggyIds *targets, PyObject *first, PyObject *second);

/* --- bulk_find.c: the fast way of what follows; NULL without an exception: not for it --------- */
/* Serials of the ids of a list or tuple, GLI_SERIAL_NONE for what is not there; PyMem_RawFree. */
int64_t *groggy_plain_serials(GroggyGraph *graph, PyObject *object, Py_ssize_t *count_out);
/* Indices of the ids of a list, tuple or range that are all there; PyMem_RawFree. */
int32_t *groggy_plain_positions(const gli_snapshot *snapshot, PyObject *object,
                                Py_ssize_t *count_out);
/* The same of an array of integers, whose type shows what its memory holds: no subclass. */
int32_t *groggy_array_positions(const gli_snapshot *snapshot, PyObject *object,
                                Py_ssize_t *count_out);
/* Of the ends of pairs, all sources and then all targets: a list or tuple of tuples, or an (m, 2)
 * array of integers. */
int32_t *groggy_plain_pairs(const gli_snapshot *snapshot, PyObject *object, Py_ssize_t *count_out);
/* A list of bool for a list or tuple of pairs. */
PyObject *groggy_plain_has_edges(GroggyGraph *graph, PyObject *object);

void groggy_columns_init(GroggyColumns *columns, GroggyState *state, int64_t row_count);
void groggy_columns_free(GroggyColumns *columns);
/* The attributes of one row, from a mapping. */
int groggy_columns_add_row(GroggyColumns *columns, int64_t row, PyObject *mapping);
/* A whole column, from a sequence or array; it replaces what rows said. */
int groggy_columns_add_column(GroggyColumns *columns, PyObject *name, PyObject *values);
/* Keys for all names, and columns of one plain type packed: `bulk_out` is PyMem_RawFree'd. */
int groggy_columns_finish(GroggyColumns *columns, GroggyGraph *graph, gli_bulk_column **bulk_out);

#endif
