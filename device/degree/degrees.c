/* degrees.c: degrees on a device, from the lengths of rows: O(n), and O(n + m) where undirected,
 * since a loop counts twice; long rows are looked through by work-groups.
 * Strengths are float64 sums in the order of rows, which a device would make one by one: the CPU's.
 */
#include <gli/algorithms/degrees.h>

#include "device/call.h"
#include "device/long_rows.h"

enum { LONG_ROW = 512 };

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_degrees_options *options = given;
  (void)snapshot;
  if (options->weight == NULL) return true;
  *why_not_out = "strengths (degrees with a weight) have a CPU kernel only";
  return false;
}

static void add_lengths(gli__call *call, const gli__device_rows *side, gli_device_buffer *degree) {
  GLI__LAUNCH(call, "add_lengths", gli__items(side->node_limit), gli__arg_buffer(side->rows),
              gli__arg_buffer(degree), gli__arg_i64(side->node_limit));
}

static void add_loops(gli__call *call, const gli__device_rows *out, gli_device_buffer *degree) {
  const gli__long_rows longs = gli__call_long_rows(call, out, LONG_ROW);
  GLI__LAUNCH(call, "add_loops", gli__items(out->node_limit), gli__arg_buffer(out->rows),
              gli__arg_buffer(out->neighbors), gli__arg_buffer(degree), gli__arg_u32(longs.limit),
              gli__arg_i64(out->node_limit));
  GLI__LAUNCH(call, "add_long_loops", gli__groups(longs.count), gli__arg_buffer(out->rows),
              gli__arg_buffer(out->neighbors), gli__arg_buffer(longs.nodes),
              gli__arg_buffer(degree), gli__arg_i64(longs.count));
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_degrees_options *options = given;
  const bool directed = gli_snapshot_is_directed(call->snapshot);
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  const char direction = directed ? options->direction[0] : 'o';
  gli_device_buffer *degree = gli__call_buffer(call, count, sizeof(int64_t));
  gli__call_fill_i64(call, degree, 0, count, 0);
  if (direction != 'i') {
    const gli__device_rows out = gli__call_rows(call, false);
    add_lengths(call, &out, degree);
    if (!directed) add_loops(call, &out, degree);
  }
  if (direction != 'o') {
    const gli__device_rows in = gli__call_rows(call, true);
    add_lengths(call, &in, degree);
  }
  gli_run_prepared(call->run);
  gli__call_column_final(call, result, "degree", GLI_COLUMN_INT64, GLI_PER_NODE, 0, degree);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_degrees_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const bool directed = gli_snapshot_is_directed(snapshot);
  return (gli__device_work){.entries = entries,
                            .nodes = 4 * nodes,
                            .launches = directed ? 3 : 6,
                            .round_trips = directed ? 1 : 2,
                            .cpu_seconds = nodes * 2e-9 + entries * 0.6e-9,
                            .result_bytes = 8 * nodes,
                            .reads_in = options->direction[0] != 'o'};
}

const gli__device_algorithm gli__device_degrees = {
    .program = "degree/degrees", .takes = takes, .work = work, .run = run};
