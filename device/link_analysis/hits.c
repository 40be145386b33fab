/* hits.c: hubs and authorities on a device: two half rounds of power iteration, by power.h. 32 n
 * bytes beside the mirror. */
#include "cpu/link_analysis/hits.h"

#include "cpu/power.h"
#include "device/power.h"

enum { LONG_ROW = 256 };

typedef struct hits {
  gli__device_rows out, in;
  gli__long_rows long_out, long_in;
  gli_device_buffer *out_weights, *in_weights; /* NULL: each entry counts 1 */
  gli_device_buffer *hub, *authority;
} hits;

static void iterate_once(gli__call *call, const gli__device_power *power, const void *context) {
  const hits *h = context;
  gli__call_row_sums(call, &h->in, &h->long_in, h->in_weights, h->hub, power->sums);
  gli__call_power_scale(call, power, false, h->authority);
  gli__call_row_sums(call, &h->out, &h->long_out, h->out_weights, h->authority, power->sums);
  gli__call_power_scale(call, power, false, h->hub);
}

static void iterate(gli__call *call, hits *h, gli__device_power *power,
                    const gli_hits_options *options) {
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  h->out = gli__call_rows(call, false);
  h->in = gli__call_rows(call, true);
  h->long_out = gli__call_long_rows(call, &h->out, LONG_ROW);
  h->long_in = gli__call_long_rows(call, &h->in, LONG_ROW);
  h->out_weights = gli__call_weights(call, options->weight, false);
  h->in_weights = gli__call_weights(call, options->weight, true);
  h->hub = gli__call_buffer(call, limit, sizeof(double));
  h->authority = gli__call_buffer(call, limit, sizeof(double));
  gli__call_power_prepare(call, power, limit, power->length);
  gli__call_power_start(call, power, &h->out, h->hub);
  gli__call_fill_f64(call, h->authority, 0, limit, 0);
  gli_run_prepared(call->run);
  gli__call_power_iterate(call, power, options->max_iterations, options->tolerance, iterate_once,
                          h);
  if (call->status == GLI_OK && power->rounds.found[GLI__ROUNDS_DONE] == 0) {
    call->status = gli__hits_not_converged(
        options, power->rounds.found[GLI__ROUNDS_CHANGE] / power->length, call->error);
  }
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_hits_options *options = given;
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  hits h = {.hub = NULL};
  gli__device_power power = {.length = 1};
  call->status = gli__power_length(call->snapshot, options->weight, &power.length, call->error);
  if (call->status == GLI_OK && gli_snapshot_edge_count(call->snapshot) > 0) {
    iterate(call, &h, &power, options);
  }
  double *hub = gli__call_column(call, result, "hub", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, h.hub);
  double *authority =
      gli__call_column(call, result, "authority", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, h.authority);
  if (hub != NULL && authority != NULL) {
    const double growth = power.rounds.found[GLI__POWER_GROWTH] / power.length;
    gli__hits_finish(options, power.length, growth, limit, hub, authority);
  }
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_hits_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double iterations = options->max_iterations < 20 ? (double)options->max_iterations : 20;
  return (gli__device_work){.entries = 2 * entries * iterations,
                            .nodes = 18 * nodes * iterations,
                            .launches = 8 + 14 * iterations,
                            .round_trips = 8,
                            .cpu_seconds = 2 * iterations * (entries * 1.6e-9 + nodes * 5e-9),
                            .result_bytes = 16 * nodes,
                            .reads_in = true,
                            .out_weight = options->weight,
                            .in_weight = options->weight};
}

const gli__device_algorithm gli__device_hits = {
    .program = "power", .needs = GLI__NEEDS_FP64, .work = work, .run = run};
