/* result_kept.c: columns of a result that stay on a device, and the ways to them.
 *
 * A result is const to its readers, of whom there may be several at a time. What comes late (the
 * values on the host, the rows without holes on the device) is made without a lock and published by
 * one compare-and-swap: the second of two who ask at once does the work for nothing, and nobody
 * waits for a device while holding anything that others need. */
#include <string.h>

#include "base/error.h"
#include "dispatch/result_parts.h"

/* --- While the result is made ----------------------------------------------------------------- */

bool gli__result_is_kept(const gli_result *result) {
  for (size_t k = 0; k < result->column_count; k++) {
    if (result->homes[k].kept != NULL) return true;
  }
  return false;
}

/* The ends of pairs name the rows, and edges are shown by ids that only the host has. */
static bool stays_here(const gli_column *column) {
  if (column->type == GLI_COLUMN_EDGE || column->domain == GLI_SCALAR) return true;
  return column->domain == GLI_PER_ROW && column->type == GLI_COLUMN_NODE &&
         (strcmp(column->name, "source") == 0 || strcmp(column->name, "target") == 0);
}

gli_status gli__result_keep_rest(gli_result *result, gli__call *call) {
  for (size_t k = 0; k < result->column_count && call->status == GLI_OK; k++) {
    const gli_column *column = &result->columns[k];
    gli__column_home *home = &result->homes[k];
    if (home->kept != NULL || stays_here(column)) continue;
    home->kept = gli__call_keep_data(
        call, atomic_load(&home->data),
        (int64_t)((size_t)column->length * gli__column_item_bytes(column->type)));
  }
  gli__call_finish(call); /* what fails has failed now, while the CPU can still do it */
  return call->status;
}

/* --- Calls of a device for a result that is there ---------------------------------------------
 */

/* A run for work on the column, ended by the caller. */
static gli_status begin_run(const gli_result *result, const gli_control *control, gli_run **run_out,
                            gli_error *error) {
  static const gli_control no_limits = GLI_CONTROL_INIT;
  return gli__run_begin(control == NULL ? &no_limits : control, result->memory, run_out, error);
}

gli_status gli__result_fetch_at(const gli_result *result, size_t position,
                                const gli_control *control, gli_error *error) {
  const gli_column *column = &result->columns[position];
  gli__column_home *home = (gli__column_home *)(uintptr_t)&result->homes[position];
  if (atomic_load_explicit(&home->data, memory_order_acquire) != NULL) return GLI_OK;
  gli_run *run = NULL;
  gli_status status = begin_run(result, control, &run, error);
  if (status != GLI_OK) return status;
  const size_t items = gli__column_room(column->length);
  const size_t item = gli__column_item_bytes(column->type);
  void *data = gli__allocate_zeroed(result->memory, items, item);
  if (data == NULL) {
    status = gli__no_memory(error, "a result's column");
    goto cleanup;
  }
  if (column->length > 0) {
    gli_run *outside = gli__run_enter(run);
    status = gli__kept_download(home->kept, data, run, error);
    gli__run_leave(outside);
  }
  void *nobody = NULL;
  if (status == GLI_OK && atomic_compare_exchange_strong(&home->data, &nobody, data)) data = NULL;
  gli__release(result->memory, data, items, item); /* it failed, or another thread was first */
cleanup:
  gli__run_end(run);
  return status;
}

gli_status gli_result_fetch(const gli_result *result, const char *name, const gli_control *control,
                            gli_error *error) {
  size_t position = 0;
  const gli_status status = gli__result_find(result, name, &position, error);
  return status == GLI_OK ? gli__result_fetch_at(result, position, control, error) : status;
}

/* --- Sharing ---------------------------------------------------------------------------------- */

/* The column without holes, made on its device. */
static gli__kept *make_live(const gli_result *result, const gli_column *column,
                            const gli__kept *whole, gli_error *error) {
  gli_run *run = NULL;
  gli_error own = {.status = GLI_OK};
  gli__kept *live = NULL;
  gli__device *device = whole->device;
  const uint64_t *node_bits = gli_snapshot_node_bits(result->snapshot);
  const uint64_t *bits = NULL;
  int64_t count = 0;
  if (column->domain == GLI_PER_NODE) bits = node_bits;
  if (column->domain == GLI_PER_EDGE) bits = gli_snapshot_edge_bits(result->snapshot);
  gli_status status = begin_run(result, NULL, &run, error);
  if (status != GLI_OK) return NULL;
  status = gli__device_acquire(device, run, error);
  if (status != GLI_OK) goto cleanup;
  gli__call call;
  gli__call_begin(&call, run, result->snapshot, device, NULL, &own);
  gli_run *outside = gli__run_enter(run);
  live = gli__call_keep_live(&call, whole, column->type, column->length, bits, node_bits,
                             gli_snapshot_node_limit(result->snapshot), &count);
  gli__run_leave(outside);
  status = gli__call_end(&call);
  gli__device_release(device, call.code, own.message);
  if (status != GLI_OK && error != NULL) *error = own;
cleanup:
  gli__run_end(run);
  return live;
}

static int64_t live_length(const gli_result *result, const gli_column *column) {
  if (column->domain == GLI_PER_NODE) return gli_snapshot_node_count(result->snapshot);
  if (column->domain == GLI_PER_EDGE) return gli_snapshot_edge_count(result->snapshot);
  return column->length;
}

/* Whether the stored form and the one of live rows are the same. */
static bool is_live_as_stored(const gli_result *result, const gli_column *column) {
  return column->type != GLI_COLUMN_NODE && live_length(result, column) == column->length;
}

static gli_status fail_as_lost(const gli__kept *kept, const char *why, gli_error *error) {
  return gli__fail(error, GLI_ERROR_DEVICE, "%.120s (%s) holds the values, and they are lost: %s",
                   kept->device->info.name, kept->device->driver->name, why);
}

/* The column to share: a reference of the caller's, or NULL with an error. */
static gli__kept *find_shared(const gli_result *result, size_t position, bool live_rows,
                              gli_error *error) {
  const gli_column *column = &result->columns[position];
  gli__column_home *home = (gli__column_home *)(uintptr_t)&result->homes[position];
  if (!live_rows || is_live_as_stored(result, column)) return gli__kept_retain(home->kept);
  gli__kept *live = atomic_load_explicit(&home->live, memory_order_acquire);
  if (live == NULL) {
    gli__kept *made = make_live(result, column, home->kept, error);
    if (made == NULL) return NULL;
    if (atomic_compare_exchange_strong(&home->live, &live, made)) {
      live = made;
    } else {
      gli__kept_free(made); /* another thread was first */
    }
  }
  return gli__kept_retain(live);
}

gli_status gli_result_device_column(const gli_result *result, const char *name, bool live_rows,
                                    gli_device_column *column_out, gli_error *error) {
  size_t position = 0;
  gli_error own = {.status = GLI_OK};
  const gli_status status = gli__result_find(result, name, &position, error);
  if (status != GLI_OK) return status;
  const gli_column *column = &result->columns[position];
  const gli__kept *whole = result->homes[position].kept;
  if (whole == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "column '%.60s' is on the host; run the algorithm with keep 'device' on a "
                     "device to have it there",
                     name);
  }
  if (gli__kept_is_lost(whole) != NULL) {
    return fail_as_lost(whole, gli__kept_is_lost(whole), error);
  }
  if (whole->address == NULL) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE,
                     "column '%.60s' cannot be shared: the driver '%s' does not say where its "
                     "memory lies; read it on the host",
                     name, whole->device->driver->name);
  }
  gli__kept *shared = find_shared(result, position, live_rows, &own);
  if (shared == NULL) {
    if (error != NULL) *error = own;
    return own.status;
  }
  const bool widened = live_rows && column->type == GLI_COLUMN_NODE;
  *column_out =
      (gli_device_column){.backend = shared->device->driver->name,
                          .number = (int32_t)shared->device->position,
                          .address = shared->address,
                          .dlpack_kind = shared->kind,
                          .dlpack_number = shared->number,
                          .type = widened ? GLI_COLUMN_INT64 : column->type,
                          .length = live_rows ? live_length(result, column) : column->length,
                          .holder = shared};
  return GLI_OK;
}

void gli_device_column_free(gli_device_column *column) {
  if (column == NULL) return;
  gli__kept_free(column->holder);
  column->holder = NULL;
}
