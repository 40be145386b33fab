/* threads_ids.c: one adder, several readers without a lock, each on the view it was handed.
 *
 * The adder adds, removes and adds again, takes adds back, grows the table through many sizes and
 * now and then publishes a view {limit, bits}. Readers take a reference, look all kinds of ids up
 * and compare with what the view must hold, then let go, so that retired tables are freed while
 * others read. Meant for ThreadSanitizer; exit code 0 is success. */
#include <gli/snapshot.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "ids/ids.h"

#define NODES 60000
#define READERS 3
#define VIEWS 24

typedef struct view {
  gli__ids *ids;
  int32_t limit;
  uint64_t bits[NODES / 64 + 1];
} view;

static view *current;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int wrong;
static _Atomic bool is_done;
static int32_t numbers[NODES]; /* of each index: make_id(number) is its id */

static gli_id make_id(int32_t number, char *room, size_t size) {
  if (number % 3 == 0) return gli_id_int((int64_t)number * 1000003);
  const char *format = number % 3 == 1 ? "node-%d" : "a node of a longer name, number %d";
  return gli_id_text(room, (uint32_t)snprintf(room, size, format, number));
}

static void drop(view *held) {
  gli__ids_free(held->ids);
  free(held);
}

static void *read_views(void *context) {
  uint64_t seed = (uint64_t)(uintptr_t)context * 7919 + 17;
  while (!atomic_load(&is_done)) {
    pthread_mutex_lock(&mutex);
    view *held = NULL;
    if (current != NULL) {
      held = malloc(sizeof *held);
      *held = *current;
      held->ids = gli__ids_retain(current->ids);
    }
    pthread_mutex_unlock(&mutex);
    if (held == NULL) continue;
    for (int probe = 0; probe < 300; probe++) {
      seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
      int32_t index = (int32_t)((seed >> 33) % (uint64_t)held->limit);
      char room[64];
      gli_id id = make_id(numbers[index], room, sizeof room);
      uint64_t hash = gli__ids_hash(&id);
      gli__ids_prefetch_slot(held->ids, hash);
      gli__ids_prefetch_slot_of(held->ids, index);
      int32_t found = gli__ids_find(held->ids, &id, hash, held->limit, held->bits);
      gli__ids_pair pair = {.id = {&id, &id}, .hash = {hash, hash}};
      gli__ids_find_pair(held->ids, &pair, held->limit, held->bits);
      if (pair.index[0] != found || pair.index[1] != found) atomic_fetch_add(&wrong, 1);
      bool is_alive = gli_bit(held->bits, index);
      if (is_alive && found != index) atomic_fetch_add(&wrong, 1);
      if (!is_alive && found != GLI_NODE_NONE && numbers[found] != numbers[index])
        atomic_fetch_add(&wrong, 1);
      gli_id stored = gli__ids_get(held->ids, index);
      if (!gli_id_same(&stored, &id)) atomic_fetch_add(&wrong, 1);
      id = make_id(NODES * 2 + probe, room, sizeof room);
      if (gli__ids_find(held->ids, &id, gli__ids_hash(&id), held->limit, held->bits) >= 0)
        atomic_fetch_add(&wrong, 1);
    }
    drop(held);
  }
  return NULL;
}

int main(void) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__ids *ids = NULL;
  gli_error error;
  if (gli__ids_create(memory, &ids, &error) != GLI_OK) return 1;
  static uint64_t bits[NODES / 64 + 1];
  static int32_t alive_at[NODES * 2];
  for (int32_t number = 0; number < NODES * 2; number++)
    alive_at[number] = GLI_NODE_NONE;
  pthread_t readers[READERS];
  for (uintptr_t reader = 0; reader < READERS; reader++)
    pthread_create(&readers[reader], NULL, read_views, (void *)(reader + 1));
  uint64_t seed = 42;
  for (int32_t count = 0; count < NODES;) {
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    /* Half of the draws hit a small range again and again: removed, added again. */
    int32_t number = (int32_t)((seed >> 33) % (seed >> 62 == 0 ? 200 : NODES));
    char room[64];
    gli_id id = make_id(number, room, sizeof room);
    if (alive_at[number] != GLI_NODE_NONE) {
      bits[alive_at[number] / 64] &= ~(UINT64_C(1) << (alive_at[number] % 64));
      alive_at[number] = GLI_NODE_NONE;
    }
    int32_t index;
    if (gli__ids_add(ids, &id, gli__ids_hash(&id), &index, &error) != GLI_OK) return 1;
    if (index != count) return 1;
    if (seed >> 60 == 5) {
      gli__ids_remove_last(ids);
      continue;
    }
    numbers[index] = number;
    alive_at[number] = index;
    bits[index / 64] |= UINT64_C(1) << (index % 64);
    count++;
    if (count % (NODES / VIEWS) == 0) {
      view *fresh = malloc(sizeof *fresh);
      fresh->ids = gli__ids_retain(ids);
      fresh->limit = count;
      for (size_t word = 0; word < sizeof bits / sizeof bits[0]; word++)
        fresh->bits[word] = bits[word];
      pthread_mutex_lock(&mutex);
      view *old = current;
      current = fresh;
      pthread_mutex_unlock(&mutex);
      if (old != NULL) drop(old);
    }
  }
  atomic_store(&is_done, true);
  for (int reader = 0; reader < READERS; reader++)
    pthread_join(readers[reader], NULL);
  drop(current);
  gli__ids_free(ids);
  bool is_leaking = atomic_load(&memory->live_bytes) != (int64_t)sizeof *memory;
  gli__memory_free(memory);
  printf("%d wrong answers, %s\n", atomic_load(&wrong), is_leaking ? "leaking" : "nothing leaked");
  return atomic_load(&wrong) != 0 || is_leaking;
}
