/* mirror.c: the device copy of a graph's topology. For now uploaded whole for each call. */
#include "device/mirror.h"

/* Records with `alive` in the last word, which on the host is the writer's own. */
static gli_device_buffer *upload_records(gli__call *call, const gli_rows *side, int64_t count) {
  gli_row *records = gli_run_allocate(call->run, count, sizeof *records);
  if (records == NULL && count > 0) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  const uint64_t *alive = gli_snapshot_node_bits(call->snapshot);
  for (int64_t v = 0; v < count; v++) {
    records[v] = side->rows[v];
    records[v].writer = gli_bit(alive, v) ? 1 : 0;
  }
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof *records);
  gli__call_upload(call, buffer, 0, records, count * (int64_t)sizeof *records);
  gli_run_release(call->run, records);
  return buffer;
}

gli__device_rows gli__mirror_rows(gli__call *call, bool in) {
  gli_rows side = gli_snapshot_out_rows(call->snapshot);
  if (in) call->status = gli_snapshot_in_rows(call->snapshot, &side, call->error);
  if (call->status != GLI_OK) return (gli__device_rows){0};
  const int32_t count = gli_snapshot_node_limit(call->snapshot);
  gli__device_rows rows = {.node_limit = count,
                           .entry_limit = side.entry_limit,
                           .entry_count = side.entry_count,
                           .rows = upload_records(call, &side, count),
                           .neighbors = gli__call_buffer(call, side.entry_limit, sizeof(int32_t))};
  for (int64_t v = 0; v < count; v++) { /* only what stands in rows: the rest may be written now */
    const gli_row row = side.rows[v];
    gli__call_upload(call, rows.neighbors, row.begin * (int64_t)sizeof(int32_t),
                     side.neighbors + row.begin, row.length * (int64_t)sizeof(int32_t));
  }
  return rows;
}

gli_device_buffer *gli__mirror_weights(gli__call *call, const char *attribute, bool in) {
  const double *weights = NULL;
  gli_rows side = gli_snapshot_out_rows(call->snapshot);
  if (in) call->status = gli_snapshot_in_rows(call->snapshot, &side, call->error);
  if (call->status == GLI_OK) {
    call->status = gli_snapshot_row_weights(call->snapshot, attribute, in, &weights, call->error);
  }
  if (call->status != GLI_OK) return NULL;
  gli_device_buffer *buffer = gli__call_buffer(call, side.entry_limit, sizeof *weights);
  gli__call_upload(call, buffer, 0, weights, side.entry_limit * (int64_t)sizeof *weights);
  return buffer;
}

gli__device_simple_rows gli__mirror_simple_rows(gli__call *call) {
  gli_simple_rows rows = {0};
  call->status = gli_snapshot_simple_rows(call->snapshot, &rows, call->error);
  if (call->status != GLI_OK) return (gli__device_simple_rows){0};
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  const int64_t entries = rows.offsets[count];
  gli__device_simple_rows device = {.offsets = gli__call_buffer(call, count + 1, sizeof(int64_t)),
                                    .neighbors = gli__call_buffer(call, entries, sizeof(int32_t)),
                                    .entry_count = entries};
  gli__call_upload(call, device.offsets, 0, rows.offsets, (count + 1) * (int64_t)sizeof(int64_t));
  gli__call_upload(call, device.neighbors, 0, rows.neighbors, entries * (int64_t)sizeof(int32_t));
  return device;
}
