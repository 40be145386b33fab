/* weights.c: an edge attribute as doubles, by edge slot and in row order, cached in the snapshot.
 *
 * By slot: one pass over the column's chunks, in parallel blocks of 64 chunks whose partial ranges
 * are joined in order. In row order: a gather through the rows' edge slots, once, so that kernels
 * read weights beside neighbours instead of jumping through slots in every iteration.
 *
 * Both are made with no lock, within the call under way (topology/derived.c says why), and
 * published under the snapshot's lock by whoever is done first. */
#include <math.h>

#include "base/error.h"
#include "base/pool.h"
#include "graph/snapshot.h"
#include "values/bigint.h"

#define BLOCK_CHUNKS 64

typedef struct partial_range {
  gli_weight_range range;
  bool has_weight;      /* any live edge at all */
  bool has_attribute;   /* any live edge that has the attribute */
  int64_t foreign_edge; /* the first live slot that holds no number, or -1 */
} partial_range;

typedef struct convert_job {
  const gli__column *column; /* NULL: every weight is 1 */
  const uint64_t *alive;
  int64_t edge_limit;
  double *weights;
  partial_range *partials; /* one per block */
} convert_job;

/* Adding 2^52 rounds to a whole number; floor() is a call where SSE 4.1 cannot be relied on. */
static bool is_whole(double weight) {
  return fabs(weight) < 0x1p51 && (fabs(weight) + 0x1p52) - 0x1p52 == fabs(weight);
}

static void widen(partial_range *partial, double weight, int64_t edge) {
  gli_weight_range *range = &partial->range;
  range->is_whole &= is_whole(weight);
  if (isnan(weight)) {
    if (!range->has_nan) range->minimum_edge = edge;
    range->has_nan = true;
    return;
  }
  if (!partial->has_weight || weight < range->minimum) {
    range->minimum = weight;
    if (!range->has_nan) range->minimum_edge = edge;
  }
  if (!partial->has_weight || weight > range->maximum) range->maximum = weight;
  partial->has_weight = true;
}

static bool read_bigint(const gli_value *value, gli__big *number_out) {
  if (value->type != GLI_VALUE_NESTED) return false;
  gli_value_reader reader = gli_value_reader_start(value);
  gli_value_item item;
  if (!gli_value_reader_next(&reader, &item) || item.type != GLI_NESTED_BIGINT) return false;
  *number_out = gli__big_read(item.scalar.as.bytes, (size_t)item.scalar.size_bytes);
  return true;
}

/* An int beyond 64 bits as Python's float() gives it; false: no int, or beyond the largest double.
 */
static bool big_weight(const gli__column *column, int64_t edge, double *weight_out) {
  const gli_value value = gli__column_get(column, edge);
  gli__big number;
  if (!read_bigint(&value, &number)) return false;
  const double weight = gli__big_to_real(number);
  if (isinf(weight)) return false;
  *weight_out = weight;
  return true;
}

static void convert_chunk(const convert_job *job, int64_t chunk, partial_range *partial) {
  const int64_t begin = chunk * GLI__CHUNK_SIZE;
  const int64_t left = job->edge_limit - begin;
  const int64_t count = left < GLI__CHUNK_SIZE ? left : GLI__CHUNK_SIZE;
  double values[GLI__CHUNK_SIZE];
  uint64_t valid[GLI__CHUNK_WORDS] = {0};
  gli__chunk_view view = {.present = NULL, .nulls = NULL};
  if (job->column != NULL && chunk < gli__column_chunk_count(job->column)) {
    gli__column_chunk(job->column, chunk, &view);
    if (!gli__column_chunk_floats(job->column, chunk, values, valid)) {
      memset(valid, 0, sizeof valid);
    }
  }
  for (int64_t k = 0; k < count; k++) {
    const int64_t edge = begin + k;
    double weight = 1.0;
    if (((valid[k >> 6] >> (k & 63)) & 1) != 0) weight = values[k];
    const bool is_alive = gli_bit(job->alive, edge);
    if (is_alive && view.present != NULL && gli_bit(view.present, k)) {
      partial->has_attribute = true;
      const bool is_null = view.nulls != NULL && gli_bit(view.nulls, k);
      const bool is_other = !is_null && ((valid[k >> 6] >> (k & 63)) & 1) == 0;
      if (is_other && !big_weight(job->column, edge, &weight) && partial->foreign_edge < 0) {
        partial->foreign_edge = edge;
      }
    }
    job->weights[edge] = weight;
    if (!is_alive) continue;
    widen(partial, weight, edge);
  }
}

static void convert_task(void *context, int64_t begin, int64_t end, int32_t worker) {
  const convert_job *job = context;
  (void)worker;
  for (int64_t chunk = begin; chunk < end; chunk++) {
    convert_chunk(job, chunk, &job->partials[chunk / BLOCK_CHUNKS]);
  }
}

static void join(partial_range *all, const partial_range *part) {
  all->has_attribute |= part->has_attribute;
  if (all->foreign_edge < 0) all->foreign_edge = part->foreign_edge;
  if (part->range.has_nan && !all->range.has_nan) {
    all->range.has_nan = true;
    all->range.minimum_edge = part->range.minimum_edge;
  }
  all->range.is_whole &= part->range.is_whole;
  if (!part->has_weight) return;
  if (!all->has_weight || part->range.minimum < all->range.minimum) {
    all->range.minimum = part->range.minimum;
    if (!all->range.has_nan) all->range.minimum_edge = part->range.minimum_edge;
  }
  if (!all->has_weight || part->range.maximum > all->range.maximum) {
    all->range.maximum = part->range.maximum;
  }
  all->has_weight = true;
}

static gli_status check_range(const gli_snapshot *snapshot, const char *attribute, gli_key key,
                              const partial_range *all, gli_error *error) {
  if (all->foreign_edge >= 0) {
    const gli_value value = gli_snapshot_value(snapshot, GLI_EDGES, key, all->foreign_edge);
    gli__big number;
    return gli__fail(error, GLI_ERROR_TYPE,
                     "edge %lld: attribute '%s' is %s; a weight is an int, a float or a bool",
                     (long long)gli_snapshot_edge_id(snapshot, all->foreign_edge), attribute,
                     value.type == GLI_VALUE_STRING ? "a string"
                     : read_bigint(&value, &number) ? "an int beyond the largest float"
                                                    : "a nested value");
  }
  if (!all->has_attribute && gli_snapshot_edge_count(snapshot) > 0) {
    return gli__fail(error, GLI_ERROR_ATTRIBUTE_NOT_FOUND, "no edge has the attribute '%s'",
                     attribute);
  }
  return GLI_OK;
}

/* Fill weights->by_edge and ->range. */
static gli_status convert(gli_snapshot *snapshot, const char *attribute, gli__weights *weights,
                          gli_error *error) {
  const int64_t limit = weights->edge_count;
  const int64_t chunks = (limit + GLI__CHUNK_SIZE - 1) / GLI__CHUNK_SIZE;
  const int64_t blocks = (chunks + BLOCK_CHUNKS - 1) / BLOCK_CHUNKS;
  partial_range all = {.range = {.minimum_edge = -1, .is_whole = true}, .foreign_edge = -1};
  gli__run_guard guard = {0};
  partial_range *partials = NULL;
  gli_status status = gli__run_guard_begin(&guard, gli__run_of_call(), snapshot->memory, error);
  if (status != GLI_OK) return status;
  if (blocks > 0) {
    partials = gli_run_allocate(guard.run, blocks, sizeof *partials);
    if (partials == NULL) {
      status = gli_run_no_memory(guard.run, error);
      goto cleanup;
    }
    for (int64_t block = 0; block < blocks; block++)
      partials[block] = all;
    convert_job job = {.column = gli__snapshot_column(snapshot, GLI_EDGES, weights->key),
                       .alive = gli_snapshot_edge_bits(snapshot),
                       .edge_limit = limit,
                       .weights = weights->by_edge,
                       .partials = partials};
    status = gli_run_parallel(guard.run, chunks, BLOCK_CHUNKS, convert_task, &job, error);
    if (status != GLI_OK) goto cleanup;
    for (int64_t block = 0; block < blocks; block++)
      join(&all, &partials[block]);
  }
  status = check_range(snapshot, attribute, weights->key, &all, error);
  weights->range = all.range;
cleanup:
  gli_run_release(guard.run, partials);
  gli__run_guard_end(&guard);
  return status;
}

static void free_new(gli_snapshot *snapshot, gli__weights *weights) {
  if (weights == NULL) return;
  gli__release(snapshot->memory, weights->by_edge, (size_t)weights->edge_count, sizeof(double));
  gli__release(snapshot->memory, weights, 1, sizeof *weights);
}

static gli_status make_weights(gli_snapshot *snapshot, const char *attribute, gli_key key,
                               gli__weights **weights_out, gli_error *error) {
  gli__weights *weights = gli__allocate_zeroed(snapshot->memory, 1, sizeof *weights);
  if (weights == NULL) return gli__no_memory(error, "edge weights");
  weights->key = key;
  weights->edge_count = gli_snapshot_edge_limit(snapshot);
  gli_status status = GLI_OK;
  if (weights->edge_count > 0) {
    weights->by_edge = gli__allocate(snapshot->memory, (size_t)weights->edge_count, sizeof(double));
    if (weights->by_edge == NULL) status = gli__no_memory(error, "edge weights");
  }
  if (status == GLI_OK) status = convert(snapshot, attribute, weights, error);
  if (status != GLI_OK) {
    free_new(snapshot, weights);
    return status;
  }
  *weights_out = weights;
  return GLI_OK;
}

/* The cached weights of a key, or NULL; with `made`, those it takes over when there are none. */
static gli__weights *find_or_keep(gli_snapshot *snapshot, gli_key key, gli__weights *made) {
  gli__lock_exclusive(&snapshot->lock);
  gli__weights *found = snapshot->weights;
  while (found != NULL && found->key != key)
    found = found->next;
  if (found == NULL && made != NULL) {
    made->next = snapshot->weights;
    snapshot->weights = found = made;
  }
  gli__unlock_exclusive(&snapshot->lock);
  return found;
}

/* The cached weights of an attribute; they stay where they are as long as the snapshot lives. */
static gli_status need_weights(gli_snapshot *snapshot, const char *attribute,
                               gli__weights **weights_out, gli_error *error) {
  if (attribute == NULL) return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "attribute is NULL");
  const gli_key key = gli_snapshot_find_key(snapshot, attribute, strlen(attribute));
  gli__weights *known = find_or_keep(snapshot, key, NULL);
  if (known == NULL) {
    gli__weights *made = NULL;
    const gli_status status = make_weights(snapshot, attribute, key, &made, error);
    if (status != GLI_OK) return status;
    known = find_or_keep(snapshot, key, made);
    if (known != made) free_new(snapshot, made);
  }
  *weights_out = known;
  return GLI_OK;
}

/* --- in row order ----------------------------------------------------------------------------- */

_Static_assert(sizeof(gli_entry) == sizeof(double), "both kinds of row weights are as large");

typedef struct gather_job {
  gli_rows rows;
  const double *by_edge;
  void *by_row;
} gather_job;

static void gather_numbers(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gather_job *job = context;
  double *by_row = job->by_row;
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows.rows[node];
    for (int64_t at = row.begin; at < row.begin + row.length; at++)
      by_row[at] = job->by_edge[job->rows.edges[at]];
  }
}

static void gather_entries(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gather_job *job = context;
  gli_entry *by_row = job->by_row;
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows.rows[node];
    for (int64_t at = row.begin; at < row.begin + row.length; at++) {
      by_row[at] = (gli_entry){.neighbor = job->rows.neighbors[at],
                               .weight = (uint32_t)job->by_edge[job->rows.edges[at]]};
    }
  }
}

/* What is cached in *place; with `made`, what it takes over when there is nothing. */
static const void *peek_or_keep(gli_snapshot *snapshot, gli__row_weights *place,
                                gli__row_weights made) {
  gli__lock_exclusive(&snapshot->lock);
  if (place->items == NULL) *place = made;
  const void *kept = place->items;
  gli__unlock_exclusive(&snapshot->lock);
  return kept;
}

static gli_status gather(gli_snapshot *snapshot, gather_job *job, bool is_entry, gli_error *error) {
  gli__run_guard guard = {0};
  gli_status status = gli__run_guard_begin(&guard, gli__run_of_call(), snapshot->memory, error);
  if (status != GLI_OK) return status;
  status = gli_run_parallel(guard.run, gli_snapshot_node_limit(snapshot), 8192,
                            is_entry ? gather_entries : gather_numbers, job, error);
  gli__run_guard_end(&guard);
  return status;
}

/* *items_out stays NULL where there is no entry. */
static gli_status need_row_weights(gli_snapshot *snapshot, gli__weights *weights, bool is_entry,
                                   bool in_rows, const void **items_out, gli_error *error) {
  const bool in = in_rows && gli_snapshot_is_directed(snapshot);
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  gli_status status = in ? gli_snapshot_in_rows(snapshot, &rows, error) : GLI_OK;
  if (status != GLI_OK) return status;
  gli__row_weights *place = &weights->by_row[is_entry][in];
  const void *known = peek_or_keep(snapshot, place, (gli__row_weights){NULL, 0});
  if (known == NULL && rows.entry_limit > 0) {
    const size_t entries = (size_t)rows.entry_limit;
    void *made = gli__allocate(snapshot->memory, entries, sizeof(double));
    if (made == NULL) return gli__no_memory(error, "edge weights in row order");
    gather_job job = {.rows = rows, .by_edge = weights->by_edge, .by_row = made};
    status = gather(snapshot, &job, is_entry, error);
    if (status == GLI_OK)
      known = peek_or_keep(snapshot, place, (gli__row_weights){made, rows.entry_limit});
    if (known != made) gli__release(snapshot->memory, made, entries, sizeof(double));
  }
  if (status == GLI_OK) *items_out = known;
  return status;
}

/* What a graph without edges gives: never read, but not NULL. */
static const double no_weights[1] = {1.0};
static const gli_entry no_entries[1] = {{0, 1}};

gli_status gli_snapshot_row_weights(gli_snapshot *snapshot, const char *attribute, bool in_rows,
                                    const double **weights_out, gli_error *error) {
  gli__weights *weights = NULL;
  const void *items = NULL;
  gli_status status = need_weights(snapshot, attribute, &weights, error);
  if (status == GLI_OK) status = need_row_weights(snapshot, weights, false, in_rows, &items, error);
  if (status == GLI_OK) *weights_out = items != NULL ? items : no_weights;
  return status;
}

gli_status gli_snapshot_row_entries(gli_snapshot *snapshot, const char *attribute, bool in_rows,
                                    const gli_entry **entries_out, gli_error *error) {
  gli__weights *weights = NULL;
  const void *items = NULL;
  gli_status status = need_weights(snapshot, attribute, &weights, error);
  if (status != GLI_OK) return status;
  const gli_weight_range *range = &weights->range;
  if (!range->is_whole || !(range->minimum >= 0 && range->maximum <= UINT32_MAX)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "attribute '%s' has weights between %g and %g%s; they must be whole numbers "
                     "from 0 to %u",
                     attribute, range->minimum, range->maximum,
                     range->is_whole ? "" : ", not all of them whole", UINT32_MAX);
  }
  status = need_row_weights(snapshot, weights, true, in_rows, &items, error);
  if (status == GLI_OK) *entries_out = items != NULL ? items : no_entries;
  return status;
}

gli_status gli_snapshot_edge_weights(gli_snapshot *snapshot, const char *attribute,
                                     const double **weights_out, gli_error *error) {
  gli__weights *weights = NULL;
  const gli_status status = need_weights(snapshot, attribute, &weights, error);
  if (status == GLI_OK) {
    *weights_out = weights->by_edge != NULL ? weights->by_edge : no_weights;
  }
  return status;
}

gli_status gli_snapshot_weight_range(gli_snapshot *snapshot, const char *attribute,
                                     gli_weight_range *range_out, gli_error *error) {
  gli__weights *weights = NULL;
  const gli_status status = need_weights(snapshot, attribute, &weights, error);
  if (status == GLI_OK) *range_out = weights->range;
  return status;
}
