/* connected_components.c: components on a device. Strong ones are found by strong.c, weak ones
 * here, by Afforest (Sutton, Ben-Nun and Barak 2018, doi:10.1109/IPDPS.2018.00012).
 *
 * A forest of parents: two neighbours of every node are joined first, then paths are compressed;
 * most nodes of a large component are then in one tree, which a sample finds, and an undirected
 * graph needs not look at their other neighbours. Hooking goes from the larger root to the smaller,
 * so a component's root is its smallest node whatever the order was, and the numbers follow.
 *
 * A handful of launches, no loop: O(n + m) in practice, 4 n bytes beside the mirror and 12 n for
 * the numbering. */
#include <gli/algorithms/connected_components.h>
#include <stdlib.h>

#include "device/call.h"
#include "device/components/strong.h"
#include "device/long_rows.h"
#include "device/numbering.h"

enum { SAMPLED_NEIGHBORS = 2, SAMPLE_COUNT = 1024, LONG_ROW = 512 };

static int compare(const void *left, const void *right) {
  const int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
  return (a > b) - (a < b);
}

/* The root that most of the sampled nodes have: whichever it is, the result is the same. */
static int32_t largest_tree(gli__call *call, gli_device_buffer *parent, int64_t count) {
  const int64_t sample_count = count < SAMPLE_COUNT ? count : SAMPLE_COUNT;
  int32_t sample[SAMPLE_COUNT];
  gli_device_buffer *taken = gli__call_buffer(call, sample_count, sizeof *sample);
  GLI__LAUNCH(call, "take_sample", gli__items(sample_count), gli__arg_buffer(parent),
              gli__arg_buffer(taken), gli__arg_i64(count), gli__arg_i64(sample_count));
  gli__call_download(call, taken, 0, sample, sample_count * (int64_t)sizeof *sample);
  if (call->status != GLI_OK) return GLI_NODE_NONE;
  qsort(sample, (size_t)sample_count, sizeof *sample, compare);
  int32_t best = sample[0];
  int64_t most = 0;
  for (int64_t begin = 0, k = 0; begin < sample_count; begin = k) {
    while (k < sample_count && sample[k] == sample[begin])
      k++;
    if (k - begin <= most) continue;
    most = k - begin;
    best = sample[begin];
  }
  return best;
}

static void compress(gli__call *call, gli_device_buffer *parent, int64_t count) {
  GLI__LAUNCH(call, "compress", gli__items(count), gli__arg_buffer(parent), gli__arg_i64(count));
}

/* parent[v]: the smallest node of v's component. */
static gli_device_buffer *join_all(gli__call *call, const gli__device_rows *side) {
  const int64_t count = side->node_limit;
  gli_device_buffer *parent = gli__call_buffer(call, count, sizeof(int32_t));
  GLI__LAUNCH(call, "start", gli__items(count), gli__arg_buffer(parent), gli__arg_i64(count));
  for (uint32_t k = 0; k < SAMPLED_NEIGHBORS; k++) {
    GLI__LAUNCH(call, "join_sample", gli__items(count), gli__arg_buffer(side->rows),
                gli__arg_buffer(side->neighbors), gli__arg_buffer(parent), gli__arg_i64(count),
                gli__arg_u32(k));
  }
  compress(call, parent, count);
  /* A directed row tells one end only of an edge: skipping it would lose the edge. */
  const bool directed = gli_snapshot_is_directed(call->snapshot);
  const int32_t skipped = directed ? GLI_NODE_NONE : largest_tree(call, parent, count);
  const gli__long_rows long_rows = gli__call_long_rows(call, side, LONG_ROW);
  GLI__LAUNCH(call, "join_rest", gli__items(count), gli__arg_buffer(side->rows),
              gli__arg_buffer(side->neighbors), gli__arg_buffer(parent), gli__arg_i64(count),
              gli__arg_u32(SAMPLED_NEIGHBORS), gli__arg_u32(long_rows.limit),
              gli__arg_i32(skipped));
  GLI__LAUNCH(call, "join_long", gli__groups(long_rows.count), gli__arg_buffer(long_rows.nodes),
              gli__arg_i64(long_rows.count), gli__arg_buffer(side->rows),
              gli__arg_buffer(side->neighbors), gli__arg_buffer(parent),
              gli__arg_u32(SAMPLED_NEIGHBORS), gli__arg_i32(skipped));
  compress(call, parent, count);
  return parent;
}

static bool is_strong(const gli_snapshot *snapshot, const void *options) {
  const gli_connected_components_options *given = options;
  return given->kind[0] == 's' && gli_snapshot_is_directed(snapshot);
}

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  int64_t count = 0;
  gli_device_buffer *numbers = NULL;
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    const gli__device_rows side = gli__call_rows(call, false);
    gli_run_prepared(call->run);
    gli_device_buffer *smallest = is_strong(call->snapshot, options)
                                      ? gli__call_strong_components(call, &side)
                                      : join_all(call, &side);
    numbers = gli__call_buffer(call, side.node_limit, sizeof(int32_t));
    if (gli__call_go_on(call)) count = gli__call_number_labels(call, &side, smallest, numbers);
  }
  gli__call_column_widened(call, result, "component", GLI_PER_NODE, 0, numbers);
  int64_t *count_column =
      gli__call_column(call, result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, NULL);
  if (count_column != NULL) *count_column = count;
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *options) {
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double looked_at = gli_snapshot_is_directed(snapshot) ? entries : entries / 8;
  if (is_strong(snapshot, options)) {
    /* Three passes per round over what is still open; rounds as in graphs of small diameter. */
    return (gli__device_work){.entries = 16 * entries,
                              .nodes = 60 * nodes,
                              .launches = 80,
                              .round_trips = 24,
                              .cpu_seconds = entries * 6e-9 + nodes * 30e-9,
                              .result_bytes = 4 * nodes};
  }
  /* Hooking chases parents, several of the calibration's gathers for each entry. */
  return (gli__device_work){.entries = 4 * (looked_at + 4 * nodes),
                            .nodes = 12 * nodes,
                            .launches = 16,
                            .round_trips = 3,
                            .cpu_seconds = (looked_at + 4 * nodes) * 3e-9 + nodes * 6e-9,
                            .result_bytes = 4 * nodes};
}

const gli__device_algorithm gli__device_connected_components = {
    .program = "components/connected_components", .work = work, .run = run};
