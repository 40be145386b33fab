/* column.h: one attribute of all nodes or of all edges.
 *
 * A column maps positions (node index, edge slot) to values in chunks of 4,096. Chunks are shared
 * copy-on-write between a graph, its copies and its snapshots: a column object is reference-counted
 * and immutable once shared; the writer calls gli__column_own first.
 *
 * A column has one type while all its values agree (bool, int64, float64, string, nested) and is
 * promoted to MIXED (a type byte beside each value) when they do not, so it always gives back
 * exactly what was put in. Presence and null are two things. Strings and nested values are 32-bit
 * references into the graph's store. A chunk that nobody wrote costs a pointer; one with few values
 * is kept packed; integers are kept as narrow as the chunk allows. */
#ifndef GLI_COLUMNS_COLUMN_H
#define GLI_COLUMNS_COLUMN_H

#include "values/store.h"

#define GLI__CHUNK_SHIFT 12
#define GLI__CHUNK_SIZE 4096

typedef struct gli__column gli__column;

typedef enum gli__column_kind {
  GLI__COLUMN_EMPTY = 0, /* no value was ever set */
  GLI__COLUMN_BOOL,
  GLI__COLUMN_INT64,
  GLI__COLUMN_FLOAT64,
  GLI__COLUMN_STRING,
  GLI__COLUMN_NESTED,
  GLI__COLUMN_MIXED,
} gli__column_kind;

gli_status gli__column_create(gli__memory *memory, gli__store *store, gli__column **column_out,
                              gli_error *error);
gli__column *gli__column_retain(gli__column *column);
void gli__column_free(gli__column *column); /* drops one reference */

/* Make *column exclusively owned (clone the chunk table if it is shared) before writing. */
gli_status gli__column_own(gli__column **column, gli_error *error);

/* Set or (ABSENT) remove the value at a position; any position >= 0. On failure nothing changed.
 * The column must be owned. Strings and nested bytes are interned in the store. */
gli_status gli__column_set(gli__column *column, int64_t position, const gli_value *value,
                           gli_error *error);
/* Make sure that a following gli__column_set(column, position, value) cannot fail: interns, promotes,
 * makes the chunk writable. Lets a graph prepare all columns first, then write without failure. */
gli_status gli__column_prepare(gli__column *column, int64_t position, const gli_value *value,
                               gli_error *error);
/* Values of a whole range [begin, begin + count), all present: `type` is GLI_VALUE_BOOL (uint8),
 * GLI_VALUE_INT64, GLI_VALUE_FLOAT64, or GLI_VALUE_NESTED for an array of gli_value. */
gli_status gli__column_set_range(gli__column *column, int64_t begin, int64_t count, uint32_t type,
                                 const void *data, gli_error *error);
/* Same, scattered: value k goes to positions[k]; later ones win. */
gli_status gli__column_set_many(gli__column *column, int64_t count, const int64_t *positions,
                                uint32_t type, const void *data, gli_error *error);

gli_value gli__column_get(const gli__column *column, int64_t position); /* ABSENT beyond the end */
void gli__column_prefetch(const gli__column *column, int64_t position);
gli__column_kind gli__column_type(const gli__column *column);
bool gli__column_has_nulls(const gli__column *column);
int64_t gli__column_present_count(const gli__column *column);
int64_t gli__column_bytes(const gli__column *column);
uint64_t gli__column_version(const gli__column *column); /* grows with every write */

/* One chunk, decoded for bulk work: positions [chunk * 4096, ...). */
typedef struct gli__chunk_view {
  const uint64_t *present; /* 64 words, or NULL: none present */
  const uint64_t *nulls;   /* 64 words, or NULL: none null */
  const uint8_t *types;    /* MIXED only: gli_value_type per position; else NULL */
  gli__column_kind kind;
  uint8_t width; /* bytes per value of `data`: ints 1, 2, 4 or 8 (signed); float 8; bool 1; string and
                    nested 4 (store references); mixed 8 */
  bool is_constant; /* data holds one value for all present positions */
  bool is_packed;   /* data holds only the present values, in order */
  const void *data;
} gli__chunk_view;
int64_t gli__column_chunk_count(const gli__column *column);
gli__chunk_view gli__column_chunk(const gli__column *column, int64_t chunk);
/* Decode a chunk's numbers into `values[4096]` and presence (present, not null, numeric) into
 * `valid[64]`; false when it holds none. */
bool gli__column_chunk_floats(const gli__column *column, int64_t chunk, double *values,
                              uint64_t *valid);
bool gli__column_chunk_ints(const gli__column *column, int64_t chunk, int64_t *values,
                            uint64_t *valid);
/* Positions move: new[k] = old[kept[k]], kept rising; a new column. For renumbering. */
gli_status gli__column_gather(const gli__column *column, const int64_t *kept, int64_t count,
                              gli__column **column_out, gli_error *error);

#endif
