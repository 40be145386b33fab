/* Copies follow by the journal in threads of their own, with no lock held while they read, beside a
 * writer that goes on. Runs under ThreadSanitizer. */
#include "base/lock.h"
#include "support/threads.h"
#include "topology/lineage.h"

#define NODES 300
#define ROUNDS 400
#define FOLLOWERS 3

typedef struct shared {
  gli__lock lock;
  gli__frozen *newest; /* under the lock */
  _Atomic int finished;
} shared;

typedef struct follower {
  shared *all;
  gli__memory *memory;
  gli__watch *watch;
  gli__mark mark;
  gli_row rows[NODES];
  int32_t *neighbors;
  int64_t room;
  int64_t deltas, fulls;
} follower;

static void copy_range(follower *self, const gli_rows *rows, int64_t begin, int64_t end) {
  for (int64_t at = begin; at < end; ++at)
    self->neighbors[at] = rows->neighbors[at];
}

static void follow(follower *self, gli__frozen *frozen) {
  const gli_rows rows = gli__frozen_out_rows(frozen);
  const gli__change *changes = NULL;
  int64_t count = 0;
  if (rows.entry_limit > self->room) {
    self->neighbors = realloc(self->neighbors, (size_t)rows.entry_limit * sizeof(int32_t));
    self->room = rows.entry_limit;
  }
  if (gli__frozen_changes(frozen, false, &self->mark, &changes, &count)) {
    ++self->deltas;
    for (int64_t k = 0; k < count; ++k) {
      const gli_row row = rows.rows[changes[k].node];
      int64_t end = changes[k].begin + changes[k].count, stop = row.begin + row.length;
      self->rows[changes[k].node] = row;
      copy_range(self, &rows, changes[k].begin > row.begin ? changes[k].begin : row.begin,
                 end < stop ? end : stop);
    }
  } else {
    ++self->fulls;
    for (int32_t node = 0; node < NODES; ++node) {
      self->rows[node] = rows.rows[node];
      copy_range(self, &rows, rows.rows[node].begin,
                 rows.rows[node].begin + rows.rows[node].length);
    }
  }
  self->mark = gli__frozen_mark(frozen, false);
  gli__frozen_followed(frozen, false);
  for (int32_t node = 0; node < NODES; ++node) {
    const gli_row row = rows.rows[node];
    CHECK(row.length == self->rows[node].length);
    CHECK(row.length == 0 || row.begin == self->rows[node].begin);
    for (int64_t at = row.begin; at < row.begin + row.length; ++at)
      CHECK(rows.neighbors[at] == self->neighbors[at]);
  }
}

static void *run_follower(void *argument) {
  follower *self = argument;
  while (!atomic_load(&self->all->finished)) {
    gli__lock_shared(&self->all->lock);
    gli__frozen *frozen = self->all->newest != NULL ? gli__frozen_retain(self->all->newest) : NULL;
    gli__unlock_shared(&self->all->lock);
    if (frozen == NULL) continue;
    if (self->watch == NULL)
      CHECK(gli__frozen_watch(frozen, self->memory, &self->watch, NULL) == GLI_OK);
    /* An older one is not followed: a copy never goes back. */
    if (gli__frozen_mark(frozen, false).state >= self->mark.state) follow(self, frozen);
    gli__frozen_free(frozen);
  }
  return NULL;
}

static void write_rounds(shared *all, gli__topology *topology, gli_random *random) {
  for (int round = 0; round < ROUNDS; ++round) {
    for (int k = 0; k < 60; ++k) {
      int64_t slot = -1;
      int32_t source = (int32_t)gli_random_below(random, NODES);
      int32_t target = (int32_t)gli_random_below(random, NODES);
      CHECK(gli__topology_add_edge(topology, source, target, &slot, NULL) == GLI_OK);
      slot = (int64_t)gli_random_below(random, (uint64_t)slot + 1);
      if (k % 2 == 0 && gli__topology_edge_alive(topology, slot))
        CHECK(gli__topology_remove_edge(topology, slot, NULL) == GLI_OK);
    }
    gli__frozen *fresh = NULL;
    CHECK(gli__topology_freeze(topology, &fresh, NULL) == GLI_OK);
    gli__lock_exclusive(&all->lock);
    gli__frozen *old = all->newest;
    all->newest = fresh;
    gli__unlock_exclusive(&all->lock);
    gli__frozen_free(old);
  }
}

int main(void) {
  shared all = {.newest = NULL};
  gli__lock_init(&all.lock);
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = NULL;
  gli_random random = gli_random_start(5, 0);
  CHECK(gli__topology_create(memory, false, &topology, NULL) == GLI_OK);
  CHECK(gli__topology_add_nodes(topology, NODES, NULL) == GLI_OK);
  pthread_t threads[FOLLOWERS];
  follower followers[FOLLOWERS];
  for (int k = 0; k < FOLLOWERS; ++k) {
    followers[k] = (follower){.all = &all, .memory = memory};
    CHECK(pthread_create(&threads[k], NULL, run_follower, &followers[k]) == 0);
  }
  write_rounds(&all, topology, &random);
  atomic_store(&all.finished, 1);
  int64_t deltas = 0;
  for (int k = 0; k < FOLLOWERS; ++k) {
    CHECK(pthread_join(threads[k], NULL) == 0);
    deltas += followers[k].deltas;
  }
  CHECK(deltas > 0);
  gli__topology_free(topology);
  gli__frozen_free(all.newest);
  for (int k = 0; k < FOLLOWERS; ++k) {
    CHECK(followers[k].watch == NULL || gli__watch_is_over(followers[k].watch));
    gli__watch_free(followers[k].watch);
    free(followers[k].neighbors);
  }
  gli__memory_free(memory);
  puts("threads_lineage: followers beside a writer: ok");
  return 0;
}
