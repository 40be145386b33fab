/* opencl.h: what tests through the real OpenCL driver share: a graph, and the driver's first
 * device. */
#ifndef TESTS_DISPATCH_OPENCL_H
#define TESTS_DISPATCH_OPENCL_H

#include "algorithms/support.h"
#include "device/devices.h"

static gli_snapshot *snapshot;
static size_t first; /* position of OpenCL's first device in the list */

static void set_up(void) {
  snapshot = random_graph(400, 4000, true, 7, NULL);
}

static void tear_down(void) {
  gli_snapshot_free(snapshot);
}

/* Skips the test where there is no device. Opens the driver. */
#define NEED_OPENCL()                                                      \
  do {                                                                     \
    gli_error missing = {0};                                               \
    if (gli_backend_require("opencl", &missing) != GLI_OK) {               \
      cr_skip_test("%s", missing.message);                                 \
    }                                                                      \
    gli_device_description at;                                             \
    while (gli_device_at(first, &at) && strcmp(at.backend, "opencl") != 0) \
      first++;                                                             \
  } while (0)

#endif
