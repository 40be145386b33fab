/* predecessors.c: which tree of shortest paths a device gives back, from distances alone.
 *
 * As cpu/shortest_paths/predecessors.c: the smallest tight node that is strictly nearer, an atomic
 * minimum scattered along the rows; then, only where nodes hang that nobody nearer leads to, rounds
 * along edges of weight 0. A round looks at the nodes that joined in the one before it, so all
 * rounds together cost O(n + m); several are queued per wait of the host. */
#include <assert.h>

#include "base/pool.h"
#include "device/long_rows.h"
#include "device/shortest_paths/paths.h"

enum { LONG_ROW = 256, FIRST_BATCH = 4, MOST_BATCH = 256 };
#define BATCH_SECONDS 0.01

typedef struct joining {
  gli__call *call;
  const gli__device_paths *along;
  gli__long_rows long_rows[2];
  int64_t node_limit;
  gli_device_buffer *distance, *predecessor;
  gli_device_buffer *steps, *joined, *queue[2];
} joining;

static void find_nearer(joining *j) {
  const int sides = j->along->count;
  assert(sides <= 2);
  for (int side = 0; side < sides; side++) {
    const gli__device_rows *rows = &j->along->rows[side];
    j->long_rows[side] = gli__call_long_rows(j->call, rows, LONG_ROW);
    GLI__LAUNCH(j->call, "nearer", gli__items(j->node_limit), gli__arg_buffer(rows->rows),
                gli__arg_buffer(rows->neighbors), gli__arg_buffer(j->along->weights[side]),
                gli__arg_buffer(j->distance), gli__arg_buffer(j->predecessor),
                gli__arg_i64(j->node_limit), gli__arg_u32(j->long_rows[side].limit));
    GLI__LAUNCH(j->call, "nearer_long", gli__groups(j->long_rows[side].count),
                gli__arg_buffer(rows->rows), gli__arg_buffer(rows->neighbors),
                gli__arg_buffer(j->along->weights[side]), gli__arg_buffer(j->distance),
                gli__arg_buffer(j->predecessor), gli__arg_buffer(j->long_rows[side].nodes),
                gli__arg_i64(j->long_rows[side].count));
  }
}

static void queue_round(const joining *j, int32_t round) {
  for (int side = 0; side < j->along->count; side++) {
    const gli_device_argument arguments[] = {
        gli__arg_buffer(j->along->rows[side].rows),
        gli__arg_buffer(j->along->rows[side].neighbors),
        gli__arg_buffer(j->along->weights[side]),
        gli__arg_buffer(j->distance),
        gli__arg_buffer(j->predecessor),
        gli__arg_buffer(j->steps),
        gli__arg_buffer(j->joined),
        gli__arg_buffer(j->queue[0]),
        gli__arg_buffer(j->queue[1]),
        gli__arg_i32(round),
        gli__arg_i64(j->node_limit),
        gli__arg_u32(j->long_rows[side].limit),
        gli__arg_buffer(j->long_rows[side].nodes),
        gli__arg_i64(j->long_rows[side].count),
    };
    const size_t count = sizeof arguments / sizeof arguments[0];
    gli__call_launch(j->call, "beside", gli__items(j->node_limit), arguments, count - 2);
    gli__call_launch(j->call, "beside_long", gli__groups(j->long_rows[side].count), arguments,
                     count);
  }
}

static void join_beside(joining *j, gli_device_buffer *sources, int64_t source_count) {
  gli__call *call = j->call;
  j->steps = gli__call_buffer(call, j->node_limit, sizeof(int32_t));
  j->joined = gli__call_buffer(call, 4, sizeof(uint32_t));
  j->queue[0] = gli__call_buffer(call, j->node_limit, sizeof(int32_t));
  j->queue[1] = gli__call_buffer(call, j->node_limit, sizeof(int32_t));
  gli__call_fill_u32(call, j->joined, 0, 4, 0);
  GLI__LAUNCH(call, "start_steps", gli__items(j->node_limit), gli__arg_buffer(j->steps),
              gli__arg_buffer(j->distance), gli__arg_buffer(j->predecessor),
              gli__arg_i64(j->node_limit));
  GLI__LAUNCH(call, "start_sources", gli__items(source_count), gli__arg_buffer(j->steps),
              gli__arg_buffer(sources), gli__arg_i64(source_count));
  int64_t batch = FIRST_BATCH;
  int32_t round = 0;
  uint32_t joined = 1;
  while (joined > 0 && gli__call_go_on(call)) {
    const double began = gli__seconds_now();
    for (int64_t k = 0; k < batch; k++)
      queue_round(j, round++);
    joined = gli__call_read_u32(call, j->joined, round & 3);
    if (batch < MOST_BATCH && gli__seconds_now() - began < BATCH_SECONDS) batch *= 2;
  }
}

gli_device_buffer *gli__call_path_predecessors(gli__call *call, const gli__device_paths *along,
                                               gli_device_buffer *sources, int64_t source_count,
                                               int64_t distinct_sources, gli_device_buffer *state,
                                               gli_device_buffer *distance) {
  joining j = {.call = call,
               .along = along,
               .node_limit = gli_snapshot_node_limit(call->snapshot),
               .distance = distance};
  j.predecessor = gli__call_buffer(call, j.node_limit, sizeof(int32_t));
  gli__call_fill_u32(call, j.predecessor, 0, j.node_limit, UINT32_MAX);
  find_nearer(&j);
  GLI__LAUNCH(call, "count_hanging", gli__items(j.node_limit), gli__arg_buffer(state),
              gli__arg_buffer(distance), gli__arg_buffer(j.predecessor),
              gli__arg_i64(j.node_limit));
  if ((int64_t)gli__call_read_u32(call, state, GLI__PATHS_HANGING) > distinct_sources) {
    join_beside(&j, sources, source_count);
  }
  return j.predecessor;
}
