/* options.h: an algorithm's options from Python arguments, by its descriptor. */
#ifndef GROGGY_OPTIONS_H
#define GROGGY_OPTIONS_H

#include "groggy.h"

/* An options struct and the arrays that it borrows. */
typedef struct GroggyOptions {
  GroggyState *state;
  const gli_algorithm *algorithm;
  gli_snapshot *snapshot;
  char *data;    /* the struct */
  void **arrays; /* PyMem_RawFree */
  size_t array_count;
  uint64_t given; /* bit i: parameter i was given */
  _Alignas(16) char inline_data[256];
} GroggyOptions;

int groggy_options_begin(GroggyOptions *options, GroggyState *state, const gli_algorithm *algorithm,
                         gli_snapshot *snapshot);
int groggy_options_set(GroggyOptions *options, size_t parameter, PyObject *value);
void groggy_options_end(GroggyOptions *options);

#endif
