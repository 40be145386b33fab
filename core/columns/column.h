/* column.h: one attribute of all nodes or of all edges.
 *
 * A column maps positions (node index, edge slot) to values in chunks of 4,096. Chunks are shared
 * copy-on-write between a graph, its copies and its snapshots: a column object is reference-counted
 * and immutable once shared; the writer calls gli__column_own first.
 *
 * A column always gives back exactly what was put in: 1, 1.0 and true are three values, floats are
 * kept by their bits, presence and null are two things. Strings and nested values are 32-bit
 * references into the graph's store. A chunk that nobody wrote costs a pointer; how a written chunk
 * is kept (packed, constant, dense; integers and references as narrow as they allow; values of
 * several types with a type byte each) is told in chunk.h.
 *
 * Threads: writing happens under the graph's exclusive lock, on a column that is owned. Whoever
 * retained a column under the graph's lock (a snapshot) reads it for ever without one. */
#ifndef GLI_COLUMNS_COLUMN_H
#define GLI_COLUMNS_COLUMN_H

#include "columns/chunk.h"
#include "values/store.h"

typedef struct gli__column gli__column;

gli_status gli__column_create(gli__memory *memory, gli__store *store, gli__column **column_out,
                              gli_error *error);
gli__column *gli__column_retain(gli__column *column);
void gli__column_free(gli__column *column); /* drops one reference */

/* Make *column exclusively owned (clone the chunk table if it is shared) before writing. */
static inline gli_status gli__column_own(gli__column **column, gli_error *error);

/* Set or (ABSENT) remove the value at a position; any position >= 0. On failure nothing changed.
 * The column must be owned. Strings and nested bytes are interned in the store. A value that was
 * just set can be removed again without failure: that is how a caller takes back a first attribute
 * when a second one failed. */
static inline gli_status gli__column_set(gli__column *column, int64_t position,
                                         const gli_value *value, gli_error *error);
/* Make sure that a following gli__column_set(column, position, value) cannot fail: interns,
 * promotes, makes the chunk writable. Lets a graph prepare all columns first, then write without
 * failure. It holds for one position at a time: prepare another one and the first must be prepared
 * again. */
gli_status gli__column_prepare(gli__column *column, int64_t position, const gli_value *value,
                               gli_error *error);
/* Values of a whole range [begin, begin + count), all present: `type` is GLI_VALUE_BOOL (uint8),
 * GLI_VALUE_INT64, GLI_VALUE_FLOAT64, or GLI_VALUE_NESTED for an array of gli_value (of any types;
 * ABSENT ones remove). On failure nothing changed. */
gli_status gli__column_set_range(gli__column *column, int64_t begin, int64_t count, uint32_t type,
                                 const void *data, gli_error *error);
/* Same, scattered: value k goes to positions[k]; later ones win. */
gli_status gli__column_set_many(gli__column *column, int64_t count, const int64_t *positions,
                                uint32_t type, const void *data, gli_error *error);

/* ABSENT beyond the end. Text and bytes live as long as the store. */
static inline gli_value gli__column_get(const gli__column *column, int64_t position);
static inline void gli__column_prefetch(const gli__column *column, int64_t position);
/* The type that all values ever set had, nulls aside; MIXED after they differed once. */
static inline gli__column_kind gli__column_type(const gli__column *column);
bool gli__column_has_nulls(const gli__column *column);
int64_t gli__column_present_count(const gli__column *column);
int64_t gli__column_bytes(const gli__column *column);                  /* without the store */
static inline uint64_t gli__column_version(const gli__column *column); /* grows with every write */
gli__store *gli__column_store(const gli__column *column);              /* borrowed */

/* One chunk as it is kept, for bulk work: positions [chunk * 4096, ...). Present values are
 * data[k], where k is the offset in the chunk (dense), 0 (constant) or the rank among the present
 * ones (packed): gli__chunk_view_at() tells. */
typedef struct gli__chunk_view {
  const uint64_t *present; /* 64 words, or NULL: none present */
  const uint64_t *nulls;   /* 64 words, or NULL: none null */
  const uint8_t *types;    /* MIXED only: gli_value_type of data[k]; else NULL */
  gli__column_kind kind;   /* of this chunk's values; EMPTY: all present are null */
  uint8_t width;           /* bytes per value of `data`, signed: ints, strings and nested (store
                              references) 1, 2, 4 or 8; float and mixed 8; bool 1 */
  bool is_constant;        /* data holds one value for all present positions */
  bool is_packed;          /* data holds only the present values, in order */
  uint32_t count;          /* present positions, nulls included */
  uint32_t capacity;       /* length of data; dense: present positions are below it */
  const void *data;
  uint64_t words[128]; /* room for what `present` and `nulls` point to if the chunk is packed */
} gli__chunk_view;

int64_t gli__column_chunk_count(const gli__column *column);
/* Fill *view_out, which must stay where it is while it is used. */
void gli__column_chunk(const gli__column *column, int64_t chunk, gli__chunk_view *view_out);
/* data[k] as 64 bits: an int, a bool, a float's bits, a store reference. */
static inline int64_t gli__chunk_view_at(const gli__chunk_view *view, uint32_t k);
/* Decode a chunk's numbers into `values[4096]` and presence (present, not null; int, float or bool)
 * into `valid[64]`; false when it holds none. What is not valid is 0. */
bool gli__column_chunk_floats(const gli__column *column, int64_t chunk, double *values,
                              uint64_t *valid);
/* Same for ints and bools. */
bool gli__column_chunk_ints(const gli__column *column, int64_t chunk, int64_t *values,
                            uint64_t *valid);
/* Same for store references of one kind (STRING or NESTED); what is not valid is UINT32_MAX. */
bool gli__column_chunk_references(const gli__column *column, int64_t chunk, gli__column_kind kind,
                                  uint32_t *references, uint64_t *valid);
/* Positions move: new[k] = old[kept[k]], kept rising; a new column. For renumbering. With another
 * `store` (NULL: the same) the contents that are still used move there, which leaves behind those
 * that are not. */
gli_status gli__column_gather(const gli__column *column, gli__store *store, const int64_t *kept,
                              int64_t count, gli__column **column_out, gli_error *error);

#include "columns/column_inline.h"

#endif
