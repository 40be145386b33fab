/* threads.h: what the plain thread programs share. They also run under ThreadSanitizer. */
#ifndef TESTS_SUPPORT_THREADS_H
#define TESTS_SUPPORT_THREADS_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program with a line that says what is wrong. */
#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                  \
    }                                                                           \
  } while (0)

/* Run `body(&arguments[k])` on `count` threads at once and wait for them. */
static inline void run_threads(int count, void *(*body)(void *), void *arguments,
                               size_t argument_size) {
  pthread_t threads[64];
  CHECK(count <= 64);
  for (int index = 0; index < count; index++) {
    void *argument = (char *)arguments + (size_t)index * argument_size;
    CHECK(pthread_create(&threads[index], NULL, body, argument) == 0);
  }
  for (int index = 0; index < count; index++) {
    CHECK(pthread_join(threads[index], NULL) == 0);
  }
}

#endif
