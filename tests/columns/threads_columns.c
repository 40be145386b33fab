/* threads_columns.c: a writer, readers on snapshots of its column, and a second writer whose column
 * shares the store, as a copy of the graph does.
 *
 * The writer writes row k's values in round r as functions of (k, r), shares the column and goes on
 * with the next round; readers check that every row of what they hold says the same round, let go
 * and take the newest. Meant for ThreadSanitizer; exit code 0 is success. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "columns/column.h"

#define ROWS 9000
#define ROUNDS 60
#define READERS 3

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* the graph's lock: guards `shared` */
static gli__column *shared;
static _Atomic int wrong;
static _Atomic bool is_done;

/* Every other row is a text, some of them new in each round. */
static gli_value row_value(int64_t row, int64_t round, char *room, size_t size) {
  if (row % 2 == 0) return gli_value_int(row * 1000 + round);
  const int length =
      snprintf(room, size, "row %lld in round %lld", (long long)(row % 50), (long long)round);
  return gli_value_text(room, (size_t)length);
}

static void check(const gli__column *column) {
  char room[64];
  const gli_value first = gli__column_get(column, 0);
  const int64_t round = first.as.integer;
  for (int64_t row = 0; row < ROWS; row++) {
    const gli_value want = row_value(row, round, room, sizeof room);
    const gli_value found = gli__column_get(column, row);
    if (!gli_value_same(&want, &found)) {
      atomic_fetch_add(&wrong, 1);
    }
  }
  if (gli__column_present_count(column) != ROWS) {
    atomic_fetch_add(&wrong, 1);
  }
}

static void *read_rows(void *unused) {
  (void)unused;
  while (!atomic_load(&is_done)) {
    pthread_mutex_lock(&mutex);
    gli__column *const held = shared != NULL ? gli__column_retain(shared) : NULL;
    pthread_mutex_unlock(&mutex);
    if (held != NULL) {
      check(held);
      gli__column_free(held);
    }
  }
  return NULL;
}

static void write_round(gli__column **column, int64_t round) {
  char room[64];
  if (gli__column_own(column, NULL) != GLI_OK) {
    abort();
  }
  for (int64_t row = 0; row < ROWS; row++) {
    const gli_value value = row_value(row, round, room, sizeof room);
    if (gli__column_set(*column, row, &value, NULL) != GLI_OK) {
      abort();
    }
  }
}

static void *write_elsewhere(void *store) {
  gli__column *column = NULL;
  gli__memory *const memory = gli__memory_create(NULL);
  if (memory == NULL || gli__column_create(memory, store, &column, NULL) != GLI_OK) {
    abort();
  }
  for (int64_t round = 0; !atomic_load(&is_done); round++) {
    write_round(&column, round % (2 * ROUNDS));
    check(column);
  }
  gli__column_free(column);
  gli__memory_free(memory);
  return NULL;
}

int main(void) {
  gli__memory *const memory = gli__memory_create(NULL);
  gli__store *store = NULL;
  gli__column *column = NULL;
  if (memory == NULL || gli__store_create(memory, &store, NULL) != GLI_OK ||
      gli__column_create(memory, store, &column, NULL) != GLI_OK) {
    return 1;
  }
  pthread_t readers[READERS];
  pthread_t writer;
  for (int k = 0; k < READERS; k++) {
    pthread_create(&readers[k], NULL, read_rows, NULL);
  }
  pthread_create(&writer, NULL, write_elsewhere, store);
  for (int64_t round = 0; round < ROUNDS; round++) {
    write_round(&column, round);
    pthread_mutex_lock(&mutex);
    gli__column *const older = shared;
    shared = gli__column_retain(column);
    pthread_mutex_unlock(&mutex);
    gli__column_free(older);
  }
  atomic_store(&is_done, true);
  for (int k = 0; k < READERS; k++) {
    pthread_join(readers[k], NULL);
  }
  pthread_join(writer, NULL);
  gli__column_free(shared);
  gli__column_free(column);
  gli__store_free(store);
  const bool leaked = atomic_load(&memory->live_bytes) != (int64_t)sizeof *memory;
  gli__memory_free(memory);
  printf("threads_columns: %d wrong rows, %s\n", atomic_load(&wrong),
         leaked ? "memory leaked" : "no leak");
  return atomic_load(&wrong) != 0 || leaked;
}
