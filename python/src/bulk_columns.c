/* bulk_columns.c: attributes of many rows, as columns of gli_values or of plain numbers.
 *
 * Rows come as dicts, mostly with the same names in the same order: each name is looked for at the
 * place it had in the row before. Nested values are encoded one after the other into an arena. A
 * column that turns out to hold one plain type in every row is packed in place, which is what the
 * core's columns take fastest. Strings are borrowed; their objects are held, for the GIL may go. */
#include "bulk.h"

#define CHUNK_BYTES ((size_t)256 * 1024)

typedef struct GroggyChunk {
  struct GroggyChunk *next;
  size_t used, capacity;
  uint8_t bytes[];
} GroggyChunk;

void groggy_columns_init(GroggyColumns *columns, GroggyState *state, int64_t row_count) {
  memset(columns, 0, offsetof(GroggyColumns, holder));
  columns->state = state;
  columns->row_count = row_count;
  columns->arena = NULL;
  groggy_attributes_init(&columns->holder, state);
}

void groggy_columns_free(GroggyColumns *columns) {
  for (size_t i = 0; i < columns->count; i++) {
    GroggyColumn *column = &columns->items[i];
    PyMem_RawFree(column->values);
    if (column->has_view) PyBuffer_Release(&column->view);
    Py_DECREF(column->name);
  }
  PyMem_Free(columns->items);
  columns->items = NULL;
  columns->count = columns->capacity = 0;
  Py_CLEAR(columns->places);
  groggy_attributes_free(&columns->holder);
  while (columns->arena != NULL) {
    GroggyChunk *next = columns->arena->next;
    PyMem_RawFree(columns->arena);
    columns->arena = next;
  }
}

static int keep_bytes(GroggyColumns *columns, gli_value *value) {
  const size_t size = (size_t)value->size_bytes;
  GroggyChunk *chunk = columns->arena;
  if (chunk == NULL || chunk->capacity - chunk->used < size) {
    const size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    chunk = PyMem_RawMalloc(sizeof *chunk + capacity);
    if (chunk == NULL) {
      PyErr_NoMemory();
      return -1;
    }
    chunk->next = columns->arena;
    chunk->used = 0;
    chunk->capacity = capacity;
    columns->arena = chunk;
  }
  memcpy(chunk->bytes + chunk->used, value->as.bytes, size);
  value->as.bytes = chunk->bytes + chunk->used;
  chunk->used += size;
  return 0;
}

/* One value that stays valid as long as `columns`. */
static int keep_value(GroggyColumns *columns, PyObject *name, PyObject *object,
                      gli_value *value_out) {
  GroggyAttributes *holder = &columns->holder;
  gli_value value;
  if (groggy_value(holder, name, object, &value) < 0) return -1;
  if (value.type == GLI_VALUE_STRING && holder->builder_count == 0) {
    if (groggy_attributes_hold(holder, Py_NewRef(object)) < 0) return -1;
  } else if (holder->builder_count > 0) {
    if ((value.type == GLI_VALUE_NESTED || value.type == GLI_VALUE_STRING) &&
        keep_bytes(columns, &value) < 0)
      return -1;
    groggy_builder_give(columns->state, holder->builders[--holder->builder_count]);
  }
  *value_out = value;
  return 0;
}

/* --- Columns
 * ---------------------------------------------------------------------------------------- */

static GroggyColumn *new_column(GroggyColumns *columns, PyObject *name) {
  if (columns->count == columns->capacity) {
    const size_t capacity = columns->capacity == 0 ? 8 : columns->capacity * 2;
    GroggyColumn *items = PyMem_Resize(columns->items, GroggyColumn, capacity);
    if (items == NULL) {
      PyErr_NoMemory();
      return NULL;
    }
    columns->items = items;
    columns->capacity = capacity;
  }
  if (columns->places == NULL && (columns->places = PyDict_New()) == NULL) return NULL;
  PyObject *place = PyLong_FromSize_t(columns->count);
  if (place == NULL || PyDict_SetItem(columns->places, name, place) < 0) {
    Py_XDECREF(place);
    return NULL;
  }
  Py_DECREF(place);
  GroggyColumn *column = &columns->items[columns->count];
  memset(column, 0, sizeof *column);
  column->name = Py_NewRef(name);
  column->type = GLI_VALUE_NESTED;
  columns->count++;
  return column;
}

static int give_values(GroggyColumns *columns, GroggyColumn *column) {
  if (column->values != NULL) return 0;
  const size_t rows = columns->row_count == 0 ? 1 : (size_t)columns->row_count;
  column->values = PyMem_RawCalloc(rows, sizeof *column->values);
  if (column->values == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  return 0;
}

/* The column of a name, by the identity of the name at `hint`, else by the name. */
static GroggyColumn *column_of(GroggyColumns *columns, PyObject *name, size_t hint) {
  if (GROGGY_LIKELY(hint < columns->count && columns->items[hint].name == name))
    return &columns->items[hint];
  if (columns->places != NULL && PyUnicode_Check(name)) {
    PyObject *place = PyDict_GetItemWithError(columns->places, name);
    if (place != NULL) return &columns->items[PyLong_AsSize_t(place)];
    if (PyErr_Occurred()) return NULL;
  }
  const char *text = NULL;
  Py_ssize_t size = 0;
  if (groggy_name_check(name, &text, &size) < 0) return NULL;
  GroggyColumn *column = new_column(columns, name);
  return column == NULL || give_values(columns, column) < 0 ? NULL : column;
}

int groggy_columns_add_row(GroggyColumns *columns, int64_t row, PyObject *mapping) {
  PyObject *dict = NULL;
  if (PyDict_CheckExact(mapping)) {
    dict = Py_NewRef(mapping);
  } else if (PyMapping_Check(mapping) && PyObject_HasAttrString(mapping, "keys")) {
    dict = PyDict_New();
    if (dict != NULL && PyDict_Update(dict, mapping) < 0) Py_CLEAR(dict);
  } else {
    PyErr_Format(PyExc_TypeError, "attributes must be a mapping, not %.200s",
                 Py_TYPE(mapping)->tp_name);
  }
  if (dict == NULL) return -1;
  const Py_ssize_t size = PyDict_GET_SIZE(dict);
  PyObject *name = NULL, *object = NULL;
  Py_ssize_t position = 0;
  size_t hint = 0;
  int result = 0;
  while (result == 0 && PyDict_Next(dict, &position, &name, &object)) {
    GroggyColumn *column = column_of(columns, name, hint++);
    PyObject *held = Py_NewRef(object);
    result = column == NULL ? -1 : keep_value(columns, name, held, &column->values[row]);
    Py_DECREF(held);
    if (result == 0 && PyDict_GET_SIZE(dict) != size) {
      PyErr_SetString(PyExc_RuntimeError, "attributes changed while they were read");
      result = -1;
    }
  }
  Py_DECREF(dict);
  return result;
}

/* --- Whole columns
 * ------------------------------------------------------------------------------------ */

/* A C-contiguous one-dimensional buffer of int64, double or bool: its type, else 0. */
static uint32_t plain_type(const Py_buffer *view) {
  const char *format = view->format == NULL ? "B" : view->format;
  const uint16_t probe = 1;
  if (*format == '@' || *format == '=' || *format == (*(const uint8_t *)&probe == 1 ? '<' : '>'))
    format++;
  if (view->ndim != 1 || format[0] == 0 || format[1] != 0 || !PyBuffer_IsContiguous(view, 'C') ||
      (uintptr_t)view->buf % (uintptr_t)view->itemsize != 0)
    return 0;
  if (view->itemsize == 8 && strchr("qln", format[0]) != NULL) return GLI_VALUE_INT64;
  if (format[0] == 'd') return GLI_VALUE_FLOAT64;
  return format[0] == '?' ? GLI_VALUE_BOOL : 0;
}

/* 1: taken as it is; 0: not of that kind; -1: an exception. */
static int take_buffer(GroggyColumns *columns, GroggyColumn *column, PyObject *values) {
  if (!PyObject_CheckBuffer(values) || PyBytes_Check(values)) return 0;
  if (PyObject_GetBuffer(values, &column->view, PyBUF_FULL_RO) < 0) {
    PyErr_Clear();
    return 0;
  }
  const uint32_t type = plain_type(&column->view);
  if (type == 0 || column->view.shape[0] != columns->row_count) {
    PyBuffer_Release(&column->view);
    return 0;
  }
  column->has_view = true;
  column->type = type;
  column->data = column->view.buf;
  return 1;
}

int groggy_columns_add_column(GroggyColumns *columns, PyObject *name, PyObject *values) {
  GroggyColumn *column = column_of(columns, name, columns->count);
  if (column == NULL) return -1;
  const int taken = take_buffer(columns, column, values);
  if (taken != 0) return taken < 0 ? -1 : 0;
  if (PyUnicode_Check(values) || PyBytes_Check(values) || PyDict_Check(values) ||
      PyAnySet_Check(values) || !PySequence_Check(values)) {
    PyErr_Format(PyExc_TypeError, "column %R must be a sequence of values, not %.200s", name,
                 Py_TYPE(values)->tp_name);
    return -1;
  }
  PyObject *sequence = PySequence_Tuple(values);
  if (sequence == NULL) return -1;
  int result = 0;
  if (PyTuple_GET_SIZE(sequence) != columns->row_count) {
    PyErr_Format(PyExc_ValueError, "column %R has %zd values for %lld items", name,
                 PyTuple_GET_SIZE(sequence), (long long)columns->row_count);
    result = -1;
  }
  for (int64_t row = 0; result == 0 && row < columns->row_count; row++)
    result = keep_value(columns, name, PyTuple_GET_ITEM(sequence, row), &column->values[row]);
  Py_DECREF(sequence);
  return result;
}

/* --- Ready for libgli
 * ------------------------------------------------------------------------------- */

/* Pack a column of one plain type in place: rows shrink, so the front never overtakes the back. */
static void pack(GroggyColumn *column, int64_t row_count) {
  const uint8_t type = row_count == 0 ? 0 : column->values[0].type;
  if (type != GLI_VALUE_BOOL && type != GLI_VALUE_INT64 && type != GLI_VALUE_FLOAT64) return;
  for (int64_t row = 1; row < row_count; row++) {
    if (column->values[row].type != type) return;
  }
  for (int64_t row = 0; row < row_count; row++) {
    const gli_value value = column->values[row];
    if (type == GLI_VALUE_BOOL)
      ((uint8_t *)column->values)[row] = value.as.boolean;
    else
      memcpy((char *)column->values + row * 8, &value.as, 8);
  }
  column->type = type;
}

int groggy_columns_finish(GroggyColumns *columns, GroggyGraph *graph, gli_bulk_column **bulk_out) {
  gli_bulk_column *bulk = PyMem_RawMalloc((columns->count + 1) * sizeof *bulk);
  if (bulk == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  for (size_t i = 0; i < columns->count; i++) {
    GroggyColumn *column = &columns->items[i];
    if (!column->has_view) {
      pack(column, columns->row_count);
      column->data = column->values;
    }
    bulk[i] = (gli_bulk_column){.type = column->type, .data = column->data};
    if (groggy_key(graph, column->name, &bulk[i].key) < 0) {
      PyMem_RawFree(bulk);
      return -1;
    }
  }
  *bulk_out = bulk;
  return 0;
}
