/* Frozen topologies are read with no lock while the writer goes on; readers of the live one share a
 * lock and build the pair index at the same time. Runs under ThreadSanitizer. */
#include "base/lock.h"
#include "base/pool.h"
#include "support/threads.h"
#include "topology/topology.h"

#define NODES 400
#define ROUNDS 120
#define READERS 3

typedef struct shared {
  gli__lock lock;
  gli__topology *topology;
  gli__frozen *newest; /* under the lock */
  _Atomic int finished;
  bool directed;
} shared;

typedef struct reader {
  shared *all;
  uint64_t seed;
  int64_t looked_up;
} reader;

/* Every row must agree with the ends of its edges, and all rows with the counts. */
static void check_rows(const gli__frozen *frozen, gli_rows rows, bool by_target) {
  const int32_t *sources, *targets;
  gli__frozen_edge_ends(frozen, &sources, &targets);
  const uint64_t *bits = gli__frozen_edge_bits(frozen);
  int64_t total = 0;
  for (int32_t node = 0; node < gli__frozen_node_limit(frozen); ++node) {
    gli_row row = rows.rows[node];
    for (uint32_t k = 0; k < row.length; ++k) {
      uint32_t edge = rows.edges[row.begin + k];
      int32_t neighbor = rows.neighbors[row.begin + k];
      CHECK(edge < gli__frozen_edge_limit(frozen) && gli_bit(bits, edge));
      CHECK(k == 0 || rows.edges[row.begin + k - 1] < edge);
      bool forth = sources[edge] == node && targets[edge] == neighbor;
      bool back = targets[edge] == node && sources[edge] == neighbor;
      CHECK(gli__frozen_is_directed(frozen) ? (by_target ? back : forth) : forth || back);
    }
    total += row.length;
  }
  CHECK(total == rows.entry_count);
}

static void check_frozen(gli__frozen *frozen) {
  gli_rows rows = gli__frozen_out_rows(frozen);
  check_rows(frozen, rows, false);
  CHECK(gli__frozen_in_rows(frozen, &rows, NULL) == GLI_OK);
  check_rows(frozen, rows, true);
  gli_simple_rows simple;
  CHECK(gli__frozen_simple_rows(frozen, &simple, NULL) == GLI_OK);
  int32_t limit = gli__frozen_node_limit(frozen);
  CHECK(simple.offsets[limit] <= 2 * gli__frozen_edge_count(frozen));
  for (int64_t k = 1; k < simple.offsets[limit]; ++k)
    CHECK(simple.neighbors[k] < limit);
}

static void *read_frozen(void *argument) {
  reader *self = argument;
  while (!atomic_load(&self->all->finished)) {
    gli__lock_shared(&self->all->lock);
    gli__frozen *frozen = self->all->newest != NULL ? gli__frozen_retain(self->all->newest) : NULL;
    gli__unlock_shared(&self->all->lock);
    if (frozen != NULL) check_frozen(frozen);
    gli__frozen_free(frozen);
  }
  return NULL;
}

static void *read_live(void *argument) {
  reader *self = argument;
  gli_random random = gli_random_start(self->seed, 0);
  while (!atomic_load(&self->all->finished)) {
    gli__lock_shared(&self->all->lock);
    gli__topology *topology = self->all->topology;
    for (int k = 0; k < 50; ++k) {
      /* Few sources with long rows: many readers want the same table. */
      int32_t source = (int32_t)gli_random_below(&random, 6);
      int32_t target = (int32_t)gli_random_below(&random, NODES);
      int64_t slot = gli__topology_find_edge(topology, source, target);
      if (slot < 0) continue;
      int32_t ends[2];
      CHECK(gli__topology_edge_alive(topology, slot));
      gli__topology_edge_ends(topology, slot, &ends[0], &ends[1]);
      CHECK((ends[0] == source && ends[1] == target) ||
            (!self->all->directed && ends[0] == target && ends[1] == source));
      ++self->looked_up;
    }
    gli__unlock_shared(&self->all->lock);
  }
  return NULL;
}

static void change(shared *all, gli_random *random) {
  gli__topology *topology = all->topology;
  for (int k = 0; k < 60; ++k) {
    uint64_t dice = gli_random_below(random, 20);
    int64_t slot, limit = gli__topology_edge_limit(topology);
    int32_t source = (int32_t)gli_random_below(random, dice < 12 ? 6 : NODES);
    int32_t target = (int32_t)gli_random_below(random, NODES);
    if (dice < 15) {
      CHECK(gli__topology_add_edge(topology, source, target, &slot, NULL) == GLI_OK);
    } else if (limit > 0) {
      slot = (int64_t)gli_random_below(random, (uint64_t)limit);
      if (gli__topology_edge_alive(topology, slot)) {
        CHECK(gli__topology_remove_edge(topology, slot, NULL) == GLI_OK);
      }
    }
  }
  CHECK(gli__topology_add_nodes(topology, 1, NULL) == GLI_OK);
  int32_t last = gli__topology_node_limit(topology) - 1;
  if (gli_random_below(random, 4) == 0) {
    CHECK(gli__topology_remove_node(topology, last, NULL) == GLI_OK);
  }
}

static void *write_on(void *argument) {
  reader *self = argument;
  shared *all = self->all;
  gli_random random = gli_random_start(self->seed, 0);
  gli__frozen *old = NULL; /* one round longer than the readers need it */
  for (int round = 0; round < ROUNDS; ++round) {
    gli__frozen *frozen = NULL;
    gli__lock_exclusive(&all->lock);
    change(all, &random);
    CHECK(gli__topology_freeze(all->topology, &frozen, NULL) == GLI_OK);
    gli__frozen *replaced = all->newest;
    all->newest = frozen;
    gli__unlock_exclusive(&all->lock);
    gli__frozen_free(old);
    old = replaced;
    if (round % 3 == 0) { /* sometimes nobody holds anything: writing goes in place */
      gli__frozen_free(old);
      old = NULL;
      gli__lock_exclusive(&all->lock);
      gli__frozen_free(all->newest);
      all->newest = NULL;
      change(all, &random);
      gli__unlock_exclusive(&all->lock);
    }
  }
  gli__frozen_free(old);
  atomic_store(&all->finished, 1);
  return NULL;
}

typedef struct job {
  void *(*body)(void *);
  reader self;
} job;

static void *run_job(void *argument) {
  job *mine = argument;
  return mine->body(&mine->self);
}

static void play(bool directed) {
  gli__memory *memory = gli__memory_create(NULL);
  shared all = {.directed = directed};
  gli__lock_init(&all.lock);
  CHECK(gli__topology_create(memory, directed, &all.topology, NULL) == GLI_OK);
  CHECK(gli__topology_add_nodes(all.topology, NODES, NULL) == GLI_OK);
  job jobs[1 + 2 * READERS] = {{write_on, {&all, 1, 0}}};
  for (int k = 0; k < READERS; ++k) {
    jobs[1 + k] = (job){read_frozen, {&all, (uint64_t)k + 2, 0}};
    jobs[1 + READERS + k] = (job){read_live, {&all, (uint64_t)k + 20, 0}};
  }
  run_threads(1 + 2 * READERS, run_job, jobs, sizeof jobs[0]);
  gli__frozen_free(all.newest);
  gli__topology_free(all.topology);
  gli__memory_free(memory);
}

/* The parallel build: every block and bucket on its own thread, repeated pairs marked by several.
 */
static void build_in_parallel(bool directed) {
  enum { PAIRS = 600000, ENDS = 30000 };
  gli__memory *memory = gli__memory_create(NULL);
  int32_t *sources = malloc(PAIRS * sizeof *sources), *targets = malloc(PAIRS * sizeof *targets);
  int64_t *slots = malloc(PAIRS * sizeof *slots);
  CHECK(sources != NULL && targets != NULL && slots != NULL);
  gli_random random = gli_random_start(7, 0);
  for (int k = 0; k < PAIRS; ++k) {
    sources[k] = (int32_t)gli_random_below(&random, k % 2 == 0 ? ENDS : 40);
    targets[k] = (int32_t)gli_random_below(&random, ENDS);
  }
  gli_control control = GLI_CONTROL_INIT;
  control.threads = 4;
  gli_run *run = NULL;
  gli__topology *topology = NULL;
  gli__frozen *frozen = NULL;
  int64_t added = 0;
  CHECK(gli__run_begin(&control, memory, &run, NULL) == GLI_OK);
  CHECK(gli__topology_create(memory, directed, &topology, NULL) == GLI_OK);
  CHECK(gli__topology_add_nodes(topology, ENDS, NULL) == GLI_OK);
  CHECK(gli__topology_add_edges(topology, PAIRS, sources, targets, true, slots, &added, run,
                                NULL) == GLI_OK);
  CHECK(added == gli__topology_edge_count(topology) && added < PAIRS);
  for (int k = 0; k < PAIRS; ++k) {
    int32_t source, target;
    gli__topology_edge_ends(topology, slots[k], &source, &target);
    CHECK((source == sources[k] && target == targets[k]) ||
          (!directed && source == targets[k] && target == sources[k]));
  }
  CHECK(gli__topology_freeze(topology, &frozen, NULL) == GLI_OK);
  check_frozen(frozen);
  gli__frozen_free(frozen);
  gli__topology_free(topology);
  gli__run_end(run);
  gli__memory_free(memory);
  free(sources);
  free(targets);
  free(slots);
}

int main(void) {
  build_in_parallel(true);
  build_in_parallel(false);
  play(true);
  play(false);
  puts("threads_topology: frozen readers beside a writer: ok");
  return 0;
}
