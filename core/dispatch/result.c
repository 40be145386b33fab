/* result.c: the columns that a kernel filled, and the record of its run.
 *
 * A result owns its columns' data (from the snapshot's memory, so that it is counted there) and
 * holds a reference to the snapshot: positions in the columns are the snapshot's indices.
 *
 * A column may lie on a device instead (keep='device'; result_kept.c): then its data come here when
 * somebody first asks for them. */
#include "base/error.h"
#include "dispatch/dispatch.h"
#include "dispatch/result_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t gli__column_item_bytes(gli_column_type type) {
  switch (type) {
    case GLI_COLUMN_BOOL:
      return sizeof(uint8_t);
    case GLI_COLUMN_INT64:
    case GLI_COLUMN_EDGE:
      return sizeof(int64_t);
    case GLI_COLUMN_FLOAT64:
      return sizeof(double);
    case GLI_COLUMN_NODE:
      return sizeof(int32_t);
  }
  return 0;
}

gli_status gli__result_create(gli_snapshot *snapshot, gli__memory *memory, gli_result **result_out,
                              gli_error *error) {
  gli_result *result = gli__allocate_zeroed(memory, 1, sizeof *result);
  if (result == NULL) return gli__no_memory(error, "a result");
  result->memory = gli__memory_retain(memory);
  result->snapshot = gli_snapshot_retain(snapshot);
  result->run =
      (gli_run_record){.backend = "", .device = "", .why = "", .failed_device = "", .kept = ""};
  *result_out = result;
  return GLI_OK;
}

void gli_result_free(gli_result *result) {
  if (result == NULL) return;
  gli__memory *memory = result->memory;
  for (size_t k = 0; k < result->column_count; k++) {
    const gli_column *column = &result->columns[k];
    gli__column_home *home = &result->homes[k];
    gli__release(memory, atomic_load(&home->data), gli__column_room(column->length),
                 gli__column_item_bytes(column->type));
    gli__kept_free(home->kept);
    gli__kept_free(atomic_load(&home->live));
  }
  gli_snapshot_free(result->snapshot);
  gli__release(memory, result, 1, sizeof *result);
  gli__memory_free(memory);
}

/* As much of `text` as there is room for. snprintf takes 600 instructions for that, a tenth of what
 * a call on a small graph takes. */
static void copy_text(char *room, size_t size, const char *text) {
  const size_t length = text == NULL ? 0 : strnlen(text, size - 1);
  if (length > 0) memcpy(room, text, length);
  room[length] = '\0';
}

void gli__result_set_run(gli_result *result, const gli_run_record *record) {
  result->run = *record;
  copy_text(result->why, sizeof result->why, record->why);
  copy_text(result->device, sizeof result->device, record->device);
  copy_text(result->failed_device, sizeof result->failed_device, record->failed_device);
}

gli_run_record gli_result_run(const gli_result *result) {
  gli_run_record record = result->run;
  record.why = result->why;
  record.device = result->device;
  record.failed_device = result->failed_device;
  return record;
}

gli_snapshot *gli_result_snapshot(const gli_result *result) {
  return result->snapshot;
}

/* --- Columns ------------------------------------------------------------------------------------
 */

size_t gli_result_column_count(const gli_result *result) {
  return result->column_count;
}

static gli_column look(const gli_result *result, size_t position) {
  const gli__column_home *home = &result->homes[position];
  gli_column column = result->columns[position];
  column.on_device = home->kept != NULL;
  column.data = atomic_load_explicit(&home->data, memory_order_acquire);
  return column;
}

bool gli_result_column_at(const gli_result *result, size_t position, gli_column *column_out) {
  if (position >= result->column_count) return false;
  *column_out = look(result, position);
  return true;
}

static const gli_column *find(const gli_result *result, const char *name) {
  for (size_t k = 0; k < result->column_count; k++) {
    if (strcmp(result->columns[k].name, name) == 0) return &result->columns[k];
  }
  return NULL;
}

gli_status gli__result_find(const gli_result *result, const char *name, size_t *position_out,
                            gli_error *error) {
  const gli_column *column = find(result, name);
  if (column != NULL) {
    *position_out = (size_t)(column - result->columns);
    return GLI_OK;
  }
  char names[240] = "";
  size_t used = 0;
  for (size_t k = 0; k < result->column_count; k++) {
    const int wrote = snprintf(names + used, sizeof names - used, "%s'%s'", k == 0 ? "" : ", ",
                               result->columns[k].name);
    if (wrote > 0 && used + (size_t)wrote < sizeof names) used += (size_t)wrote;
  }
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "the result has no column '%.60s'; it has %s",
                   name, names);
}

gli_status gli_result_column(const gli_result *result, const char *name, gli_column *column_out,
                             gli_error *error) {
  size_t position = 0;
  gli_status status = gli__result_find(result, name, &position, error);
  if (status == GLI_OK) status = gli__result_fetch_at(result, position, NULL, error);
  if (status == GLI_OK) *column_out = look(result, position);
  return status;
}

static const void *typed(const gli_result *result, const char *name, gli_column_type type) {
  const gli_column *found = find(result, name);
  if (found == NULL || found->type != type) return NULL;
  const size_t position = (size_t)(found - result->columns);
  if (gli__result_fetch_at(result, position, NULL, NULL) != GLI_OK) return NULL;
  return look(result, position).data;
}

const double *gli_result_floats(const gli_result *result, const char *name) {
  return typed(result, name, GLI_COLUMN_FLOAT64);
}

const int64_t *gli_result_ints(const gli_result *result, const char *name) {
  return typed(result, name, GLI_COLUMN_INT64);
}

const int32_t *gli_result_nodes(const gli_result *result, const char *name) {
  return typed(result, name, GLI_COLUMN_NODE);
}

/* A column without its data; the domain says how long it is. */
static gli_status add_empty(gli_result *result, const char *name, gli_column_type type,
                            gli_column_domain domain, int64_t length, gli_error *error) {
  if (result->column_count == GLI__COLUMNS_AT_MOST || find(result, name) != NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "column '%.60s' is there twice or beyond the %d that a result can hold", name,
                     (int)GLI__COLUMNS_AT_MOST);
  }
  if (domain == GLI_PER_NODE) length = gli_snapshot_node_limit(result->snapshot);
  if (domain == GLI_PER_EDGE) length = gli_snapshot_edge_limit(result->snapshot);
  if (domain == GLI_SCALAR) length = 1;
  if (length < 0 || gli__column_item_bytes(type) == 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "column '%.60s' has length %lld and type %d; it needs a length of at least 0 "
                     "and one of the column types",
                     name, (long long)length, (int)type);
  }
  result->columns[result->column_count] =
      (gli_column){.name = name, .type = type, .domain = domain, .length = length};
  return GLI_OK;
}

gli_status gli_result_add_column(gli_result *result, const char *name, gli_column_type type,
                                 gli_column_domain domain, int64_t length, void **data_out,
                                 gli_error *error) {
  const gli_status status = add_empty(result, name, type, domain, length, error);
  if (status != GLI_OK) return status;
  const size_t items = gli__column_room(result->columns[result->column_count].length);
  const size_t item = gli__column_item_bytes(type);
  const bool is_id = type == GLI_COLUMN_NODE || type == GLI_COLUMN_EDGE; /* these start as none */
  void *data = is_id ? gli__allocate(result->memory, items, item)
                     : gli__allocate_zeroed(result->memory, items, item);
  if (data == NULL) return gli__no_memory(error, "a result's column");
  if (is_id) memset(data, 0xff, items * item);
  atomic_init(&result->homes[result->column_count++].data, data);
  *data_out = data;
  return GLI_OK;
}

gli_status gli__result_add_kept(gli_result *result, const char *name, gli_column_type type,
                                gli_column_domain domain, int64_t length, gli__kept *kept,
                                gli_error *error) {
  const gli_status status = add_empty(result, name, type, domain, length, error);
  if (status == GLI_OK) result->homes[result->column_count++].kept = kept;
  return status;
}

/* --- The best of a column -----------------------------------------------------------------------
 */

typedef struct ranking {
  const gli_column *column;
  const uint64_t *bits; /* which positions are no holes */
} ranking;

/* Whether position `left` ranks before `right`: larger value, NaN last, then smaller position. */
static bool ranks_before(const ranking *rank, int64_t left, int64_t right) {
  if (rank->column->type == GLI_COLUMN_INT64) {
    const int64_t *values = rank->column->data;
    if (values[left] != values[right]) return values[left] > values[right];
    return left < right;
  }
  const double *values = rank->column->data;
  const double a = values[left], b = values[right];
  if (isnan(a) != isnan(b)) return isnan(b);
  if (!isnan(a) && a != b) return a > b;
  return left < right;
}

/* Restore the heap whose root is the worst that was kept. */
static void sift_down(const ranking *rank, int64_t *heap, int64_t count, int64_t at) {
  for (;;) {
    int64_t worst = at;
    for (int64_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
      if (ranks_before(rank, heap[worst], heap[child])) worst = child;
    }
    if (worst == at) return;
    const int64_t moved = heap[at];
    heap[at] = heap[worst];
    heap[worst] = moved;
    at = worst;
  }
}

gli_status gli_result_top(const gli_result *result, const char *name, int64_t count,
                          int64_t *positions_out, int64_t *found_out, gli_error *error) {
  size_t position = 0;
  gli_status status = gli__result_find(result, name, &position, error);
  if (status == GLI_OK) status = gli__result_fetch_at(result, position, NULL, error);
  if (status != GLI_OK) return status;
  const gli_column column = look(result, position);
  const bool ranked = column.type == GLI_COLUMN_FLOAT64 || column.type == GLI_COLUMN_INT64;
  if (!ranked || column.domain == GLI_SCALAR) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "column '%s' cannot be ranked; it must hold a float or an int per node, edge "
                     "or row",
                     name);
  }
  if (count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "count is %lld; it must be at least 0",
                     (long long)count);
  }
  ranking rank = {.column = &column};
  if (column.domain == GLI_PER_NODE) rank.bits = gli_snapshot_node_bits(result->snapshot);
  if (column.domain == GLI_PER_EDGE) rank.bits = gli_snapshot_edge_bits(result->snapshot);
  int64_t kept = 0;
  for (int64_t k = 0; count > 0 && k < column.length; k++) {
    if (!gli_bit(rank.bits, k)) continue;
    if (kept < count) {
      positions_out[kept++] = k;
      if (kept == count) {
        for (int64_t at = kept / 2; at-- > 0;)
          sift_down(&rank, positions_out, kept, at);
      }
    } else if (ranks_before(&rank, k, positions_out[0])) {
      positions_out[0] = k;
      sift_down(&rank, positions_out, kept, 0);
    }
  }
  if (kept < count) {
    for (int64_t at = kept / 2; at-- > 0;)
      sift_down(&rank, positions_out, kept, at);
  }
  for (int64_t end = kept; end-- > 1;) { /* the worst goes to the end, again and again */
    const int64_t worst = positions_out[0];
    positions_out[0] = positions_out[end];
    positions_out[end] = worst;
    sift_down(&rank, positions_out, end, 0);
  }
  *found_out = kept;
  return GLI_OK;
}
