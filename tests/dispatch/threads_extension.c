/* threads_extension.c: several threads load the same extensions while others list and run what is
 * there. A plain program for ThreadSanitizer: exit code 0 is success. */
#include <gli/gli.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOADERS = 3, READERS = 2 };

static _Atomic int loaders_left = LOADERS;

static void load(const char *name) {
  char path[1024];
  gli_error error = {0};
  snprintf(path, sizeof path, "%s/extension_%s.so", EXTENSION_FOLDER, name);
  if (gli_extension_load(path, &error) != GLI_OK) {
    fprintf(stderr, "%s\n", error.message);
    exit(1);
  }
}

static void *load_all(void *context) {
  (void)context;
  for (int k = 0; k < 20; k++) {
    load("RIGHT");
    load("reciprocity");
  }
  atomic_fetch_sub(&loaders_left, 1);
  return NULL;
}

static void *read_all(void *context) {
  (void)context;
  while (atomic_load(&loaders_left) > 0) {
    const gli_algorithm *algorithm = NULL;
    size_t seen = 0;
    for (; (algorithm = gli_algorithm_at(seen)) != NULL; seen++) {
      if (gli_algorithm_find(algorithm->name) != algorithm) {
        fprintf(stderr, "%s cannot be found\n", algorithm->name);
        exit(1);
      }
    }
    if (seen > gli_algorithm_count()) exit(1); /* the list only grows */
  }
  return NULL;
}

int main(void) {
  pthread_t threads[LOADERS + READERS];
  const size_t before = gli_algorithm_count();
  for (int k = 0; k < LOADERS + READERS; k++) {
    if (pthread_create(&threads[k], NULL, k < LOADERS ? load_all : read_all, NULL) != 0) return 1;
  }
  for (int k = 0; k < LOADERS + READERS; k++)
    pthread_join(threads[k], NULL);
  if (gli_algorithm_count() != before + 2) {
    fprintf(stderr, "%zu algorithms, expected %zu\n", gli_algorithm_count(), before + 2);
    return 1;
  }
  return 0;
}
