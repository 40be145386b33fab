/* common.c: what most CPU kernels need, beyond inline helpers. */
#include "cpu/common.h"

enum { WIDEN_BLOCK = 1 << 16 };

typedef struct widening {
  const int32_t *narrow;
  const uint64_t *alive;
  int64_t *wide;
} widening;

static void widen_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const widening *w = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    w->wide[v] = gli_bit(w->alive, v) ? w->narrow[v] : 0;
}

gli_status gli__cpu_widen(gli_run *run, const gli_snapshot *snapshot, const int32_t *narrow,
                          int64_t *wide, gli_error *error) {
  widening w = {narrow, gli_snapshot_node_bits(snapshot), wide};
  return gli_run_parallel(run, gli_snapshot_node_limit(snapshot), WIDEN_BLOCK, widen_block, &w,
                          error);
}
