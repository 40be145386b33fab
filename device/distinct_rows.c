/* distinct_rows.c: the mirror's rows, or row records made over the simple rows. */
#include "device/distinct_rows.h"

bool gli__has_distinct_rows(const gli_snapshot *snapshot, const char **why_not_out) {
  if (!gli_snapshot_is_directed(snapshot) || !gli_snapshot_is_multigraph(snapshot)) return true;
  *why_not_out = "counting neighbours in a directed multigraph has a CPU kernel only";
  return false;
}

gli__device_rows gli__call_distinct_rows(gli__call *call, bool in) {
  if (!gli_snapshot_is_multigraph(call->snapshot)) return gli__call_rows(call, in);
  const int32_t count = gli_snapshot_node_limit(call->snapshot);
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  const gli__device_rows rows = {.rows = gli__call_buffer(call, count, sizeof(gli_row)),
                                 .neighbors = simple.neighbors,
                                 .node_limit = count,
                                 .entry_limit = simple.entry_count,
                                 .entry_count = simple.entry_count};
  const gli_device_argument arguments[] = {gli__arg_buffer(simple.offsets),
                                           gli__arg_buffer(rows.rows), gli__arg_i64(count)};
  gli__call_launch_from(call, "distinct_rows", "make_rows", gli__items(count), arguments,
                        sizeof arguments / sizeof arguments[0]);
  return rows;
}
