/* Mirrors follow the snapshots of a graph while another thread goes on changing it, and graphs end
 * on other threads than the one that uses the device. Runs under ThreadSanitizer. */
#include <gli/gli.h>
#include <sched.h>

#include "base/pool.h"
#include "device/fake_driver.h"
#include "device/mirror.h"
#include "graph/copies.h"
#include "support/threads.h"

#define NODES 5000
#define ROUNDS 300

typedef struct shared {
  gli_graph *graph;
  _Atomic int looks; /* at different states */
  _Atomic int finished;
} shared;

static gli__device device;

static void add_edges(gli_graph *graph, gli_random *random, int count) {
  for (int k = 0; k < count; k++) {
    const gli_id source = gli_id_int((int64_t)gli_random_below(random, NODES));
    const gli_id target = gli_id_int((int64_t)gli_random_below(random, k % 5 == 0 ? 3 : NODES));
    CHECK(gli_graph_add_edge(graph, &source, &target, NULL, 0, NULL, NULL) == GLI_OK);
  }
}

static gli_graph *make_graph(void) {
  gli_graph *graph = NULL;
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.multigraph = true;
  CHECK(gli_graph_create(&options, &graph, NULL) == GLI_OK);
  return graph;
}

static void *change_graph(void *argument) {
  shared *all = argument;
  gli_random random = gli_random_start(3, 0);
  for (int round = 0; round < ROUNDS; round++) {
    while (atomic_load(&all->looks) * 4 < round) /* the device keeps up */
      sched_yield();
    add_edges(all->graph, &random, 40);
    for (int k = 0; k < 15; k++) {
      const gli_edge_id edge = (int64_t)gli_random_below(&random, 30000);
      if (gli_graph_has_edge_id(all->graph, edge))
        CHECK(gli_graph_remove_edge(all->graph, edge, NULL) == GLI_OK);
    }
    /* A graph that comes and goes beside it, while the device is used. */
    if (round % 10 == 0) {
      gli_graph *other = make_graph();
      add_edges(other, &random, 10);
      gli_graph_free(other);
    }
  }
  atomic_store(&all->finished, 1);
  return NULL;
}

static void check_side(gli_snapshot *snapshot, const gli__device_rows *rows, bool in) {
  gli_rows host = gli_snapshot_out_rows(snapshot);
  if (in) CHECK(gli_snapshot_in_rows(snapshot, &host, NULL) == GLI_OK);
  const row_record *records = (const row_record *)(const void *)rows->rows->data;
  const int32_t *neighbors = (const int32_t *)(const void *)rows->neighbors->data;
  for (int32_t node = 0; node < rows->node_limit; node++) {
    const gli_row row = host.rows[node];
    CHECK(records[node].length == row.length && records[node].alive == 1);
    for (uint32_t k = 0; k < row.length; k++)
      CHECK(neighbors[records[node].begin + k] == host.neighbors[row.begin + k]);
  }
}

static void look(gli_snapshot *snapshot) {
  gli_run *run = NULL;
  gli_error error = {0};
  gli__call call;
  CHECK(gli__run_begin(NULL, device.memory, &run, NULL) == GLI_OK);
  gli__call_begin(&call, run, snapshot, &device, NULL, &error);
  for (int in = 0; in < 2; in++) {
    const gli__device_rows rows = gli__call_rows(&call, in != 0);
    CHECK(call.status == GLI_OK);
    check_side(snapshot, &rows, in != 0);
  }
  CHECK(gli__call_end(&call) == GLI_OK);
  gli__run_end(run);
}

static void forget_programs(void) {
  while (device.programs != NULL) {
    gli__device_program *program = device.programs;
    device.programs = program->next;
    gli__release(device.memory, program, 1, sizeof *program);
  }
}

int main(void) {
  fake_device.fail_at = -1;
  device.driver = &fake_driver;
  device.handle = &fake_device;
  device.info.is_cpu = true;
  device.memory = gli__memory_create(NULL);
  shared all = {.graph = make_graph()};
  pthread_t writer;
  gli_random random = gli_random_start(9, 0);
  uint64_t deltas = 0, seen = 0;
  add_edges(all.graph, &random, 30000);
  CHECK(pthread_create(&writer, NULL, change_graph, &all) == 0);
  while (!atomic_load(&all.finished)) {
    gli_snapshot *snapshot = NULL;
    CHECK(gli_graph_snapshot(all.graph, &snapshot, NULL) == GLI_OK);
    look(snapshot);
    if (gli_snapshot_version(snapshot) != seen) atomic_fetch_add(&all.looks, 1);
    seen = gli_snapshot_version(snapshot);
    deltas = gli__mirror_figures_of(&device, snapshot).delta_uploads;
    gli_snapshot_free(snapshot);
  }
  CHECK(pthread_join(writer, NULL) == 0);
  CHECK(deltas > 0);
  gli_graph_free(all.graph);
  CHECK(!gli__mirror_evict(&device, 0, NULL) || fake_device.live_bytes == 0);
  CHECK(fake_device.live_bytes == 0); /* it went with its graph */
  gli__mirror_release_all(&device);
  forget_programs();
  gli__memory_free(device.memory);
  puts("threads_mirror: a mirror beside a writer: ok");
  return 0;
}
