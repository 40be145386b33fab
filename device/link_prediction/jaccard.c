/* jaccard.c: similarity of many pairs on a device, an item per pair.
 *
 * The host collects the pairs as for the CPU kernel, the device counts common and all neighbours on
 * the sorted simple rows, the host divides: the same bits as the CPU, and no float64 on the device.
 * Pairs are launched in runs, so that cancelling does not wait for all. Cost O(sum of the smaller
 * degrees); memory 24 bytes per pair. */
#include <gli/algorithms/jaccard.h>
#include <string.h>

#include "base/pool.h"
#include "cpu/link_prediction/pairs.h"
#include "device/call.h"

enum { FIRST_RUN = 1 << 16 };
#define RUN_SECONDS 0.02

typedef struct similarity {
  int32_t *sources, *targets; /* on the host */
  int64_t count;
  gli_device_buffer *common, *all;
} similarity;

static gli_device_buffer *upload_nodes(gli__call *call, const int32_t *nodes, int64_t count) {
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof *nodes);
  gli__call_upload(call, buffer, 0, nodes, count * (int64_t)sizeof *nodes);
  return buffer;
}

static void compare(gli__call *call, similarity *s) {
  const int64_t nodes = gli_snapshot_node_limit(call->snapshot);
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  const gli__device_rows rows = gli__call_rows(call, false);
  gli_device_buffer *loops = gli__call_buffer(call, nodes, sizeof(int32_t));
  gli_device_buffer *sources = upload_nodes(call, s->sources, s->count);
  gli_device_buffer *targets = upload_nodes(call, s->targets, s->count);
  s->common = gli__call_buffer(call, s->count, sizeof(int64_t));
  s->all = gli__call_buffer(call, s->count, sizeof(int64_t));
  GLI__LAUNCH(call, "find_loops", gli__items(nodes), gli__arg_buffer(rows.rows),
              gli__arg_buffer(rows.neighbors), gli__arg_buffer(loops), gli__arg_i64(nodes));
  gli_run_prepared(call->run);
  int64_t run = FIRST_RUN, first = 0;
  while (first < s->count && gli__call_go_on(call)) {
    const int64_t end = first + run < s->count ? first + run : s->count;
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)first, (double)s->count);
    GLI__LAUNCH(call, "compare_pairs", gli__items(end - first), gli__arg_buffer(simple.offsets),
                gli__arg_buffer(simple.neighbors), gli__arg_buffer(loops), gli__arg_buffer(sources),
                gli__arg_buffer(targets), gli__arg_buffer(s->common), gli__arg_buffer(s->all),
                gli__arg_i64(first), gli__arg_i64(end));
    gli__call_finish(call);
    first = end;
    if (gli__seconds_now() - began < RUN_SECONDS / 2) run *= 2;
  }
}

/* The columns: scores by division, and the pairs that they belong to. */
static void fill_columns(gli__call *call, const similarity *s, gli_result *result) {
  const int64_t size_bytes = s->count * (int64_t)sizeof(int64_t);
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, s->count, NULL);
  int32_t *source =
      gli__call_column(call, result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, s->count, NULL);
  int32_t *target =
      gli__call_column(call, result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, s->count, NULL);
  if (target == NULL || s->count == 0) return;
  int64_t *common = gli_run_allocate(call->run, s->count, sizeof *common);
  int64_t *all = gli_run_allocate(call->run, s->count, sizeof *all);
  if (common == NULL || all == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  gli__call_download(call, s->common, 0, common, size_bytes);
  gli__call_download(call, s->all, 0, all, size_bytes);
  if (call->status != GLI_OK) return;
  for (int64_t k = 0; k < s->count; k++)
    score[k] = all[k] == 0 ? 0 : (double)common[k] / (double)all[k];
  memcpy(source, s->sources, (size_t)s->count * sizeof *source);
  memcpy(target, s->targets, (size_t)s->count * sizeof *target);
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_jaccard_options *options = given;
  similarity s = {0};
  call->status = gli__pairs_collect(call->run, call->snapshot, &options->pairs, &s.sources,
                                    &s.targets, &s.count, call->error);
  if (s.count > 0) compare(call, &s);
  fill_columns(call, &s, result);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_jaccard_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double pairs = options->pairs.sources != NULL ? (double)options->pairs.count
                                                      : (double)gli_snapshot_edge_count(snapshot);
  const double degree = nodes > 0 ? entries / nodes : 0;
  return (gli__device_work){.entries = pairs * (2 + 2 * degree),
                            .nodes = 6 * pairs + 2 * nodes,
                            .launches = 8,
                            .round_trips = 4,
                            .cpu_seconds = pairs * (20e-9 + 3e-9 * degree) + entries * 1e-9,
                            .result_bytes = 16 * pairs};
}

const gli__device_algorithm gli__device_jaccard = {
    .program = "link_prediction/jaccard", .work = work, .run = run};
