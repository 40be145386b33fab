/* order.c: topological order by Kahn's algorithm (Kahn 1962, doi:10.1145/368996.369025).
 *
 * The order itself is the queue: nodes nobody points at, in node order, then whoever loses its last
 * incoming edge, first come, first served. A row is read twice: once to take its edges away, once
 * to find who became free, so that of parallel edges the first decides the place, as in NetworkX,
 * which knows no place for the others. Incoming edges are counted from the out rows: in rows are
 * not needed.
 *
 * Serial, O(n + m), 4 n bytes of scratch. A parallel form must sort each generation to be
 * deterministic, and deep graphs, which most dependency graphs are, have thin generations. */
#include "cpu/dag/order.h"

#include "cpu/common.h"

enum { CHECK_STEPS = 1 << 18, QUEUED = -1 };

typedef struct ordering {
  gli_run *run;
  gli_rows rows;
  int32_t *waits;
  int64_t limit, steps;
  gli__order *order;
} ordering;

/* Look at the clock every now and then. */
static gli_status count_steps(ordering *o, int64_t steps, double done, gli_error *error) {
  o->steps += steps;
  if (o->steps < CHECK_STEPS) return GLI_OK;
  o->steps = 0;
  gli_run_progress(o->run, done, 2 * (double)o->limit);
  return gli_run_check(o->run, error);
}

static gli_status count_incoming(ordering *o, gli_error *error) {
  for (int64_t v = 0; v < o->limit; v++) {
    const gli_row row = o->rows.rows[v];
    const int32_t *neighbors = o->rows.neighbors + row.begin;
    for (uint32_t k = 0; k < row.length; k++)
      o->waits[neighbors[k]]++;
    const gli_status status = count_steps(o, row.length + 1, (double)v, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

/* Take away the edges that leave `node`; whoever waits for nothing more joins the queue. */
static void release(ordering *o, int32_t node) {
  const gli_row row = o->rows.rows[node];
  const int32_t *neighbors = o->rows.neighbors + row.begin;
  for (uint32_t k = 0; k < row.length; k++)
    o->waits[neighbors[k]]--;
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t other = neighbors[k];
    if (o->waits[other] != 0) continue;
    o->waits[other] = QUEUED;
    o->order->nodes[o->order->count++] = other;
  }
}

static gli_status walk(ordering *o, gli_error *error) {
  gli__order *order = o->order;
  for (int64_t at = 0; at < order->count; order->generations++) {
    const int64_t end = order->count; /* of this generation */
    for (; at < end; at++) {
      const int32_t node = order->nodes[at];
      if (order->generation != NULL) order->generation[at] = order->generations;
      release(o, node);
      const gli_status status =
          count_steps(o, o->rows.rows[node].length + 1, (double)(o->limit + at), error);
      if (status != GLI_OK) return status;
    }
    gli_run_count_iteration(o->run);
  }
  return GLI_OK;
}

gli_status gli__cpu_order(gli_run *run, gli_snapshot *snapshot, gli__order *order,
                          gli_error *error) {
  ordering o = {.run = run,
                .rows = gli_snapshot_out_rows(snapshot),
                .limit = gli_snapshot_node_limit(snapshot),
                .order = order};
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  o.waits = gli_run_allocate_zeroed(run, o.limit, sizeof *o.waits);
  if (o.waits == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  order->count = order->generations = 0;
  order->waits = o.waits;
  gli_status status = count_incoming(&o, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < o.limit; v++) {
    if (o.waits[v] != 0 || !gli_bit(bits, v)) continue;
    o.waits[v] = QUEUED;
    order->nodes[order->count++] = (int32_t)v;
  }
  status = walk(&o, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
