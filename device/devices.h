/* devices.h: the drivers and devices of this process: found once, opened on first use, never
 * closed.
 *
 * A driver is a plugin (plugins.c opens it, and refuses what it should not trust); its devices are
 * entries here, whether usable or not, each with the reason. Nothing is opened before somebody asks
 * for it, and a device only when a call is to run on it. One call at a time uses a device, in the
 * order in which they came: gli__device_acquire waits for its turn and still listens to
 * cancellation.
 *
 * A device that is lost, or whose driver failed three times in a row, is quarantined: no call of
 * its driver is made for it any more, mirrors and buffers are given up for lost.
 *
 * Fork. Drivers have threads and handles of their own, which a child does not get: a driver that
 * the parent had looked for devices is unavailable in the child, with that reason. A child that was
 * forked before opens its own. */
#ifndef GLI_DEVICE_DEVICES_H
#define GLI_DEVICE_DEVICES_H

#include <gli/control.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/error.h"
#include "base/lock.h"
#include "base/memory.h"
#include "device/device.h"

/* A program that was built for a device, and the kernels of it that were used. */
#define GLI__PROGRAM_KERNELS 24
typedef struct gli__device_program {
  const char *name; /* of its source: compared by content */
  gli_device_program *program;
  struct {
    const char *name;
    gli_device_kernel *kernel;
  } kernels[GLI__PROGRAM_KERNELS];
  int32_t kernel_count;
  struct gli__device_program *next;
} gli__device_program;

typedef struct gli__mirror gli__mirror; /* mirror.h */
typedef struct gli__kept gli__kept;     /* kept.h */

/* Bytes over the bus and allocations, since the device was opened. */
typedef struct gli__device_traffic {
  uint64_t uploaded_bytes, downloaded_bytes;
  uint64_t allocated_bytes, peak_bytes; /* by libgli: mirrors, scratch, kept columns */
  uint64_t kept_bytes;                  /* of these, columns of results */
  uint64_t launches;
} gli__device_traffic;

/* Measured figures for the cost model; rough ones until the device is calibrated. */
typedef struct gli__device_rates {
  bool measured;
  double launch_seconds;        /* one dependent launch */
  double round_trip_seconds;    /* a small download with `wait` */
  double upload_bytes_second;   /* host to device */
  double download_bytes_second; /* device to host */
  double gather_entries_second; /* row entries that a pull over random rows reads */
  double stream_bytes_second;   /* device memory, read and written */
} gli__device_rates;

/* Whose turn it is to use a device: first come, first served. */
typedef struct gli__turns {
  pthread_mutex_t mutex;
  bool taken;
  struct gli__turn *first, *last; /* who waits */
} gli__turns;

#define GLI__REASON_SIZE 320

typedef struct gli__device {
  const gli_device_driver *driver;
  size_t position; /* at the driver */
  gli_device_info info;
  gli__turns turns;    /* of all that follows; a call has its turn from begin to end */
  gli_device *handle;  /* NULL: not opened yet */
  int32_t failures;    /* calls in a row that ended with GLI_DEVICE_FAILED */
  gli__memory *memory; /* host side books */
  gli__device_program *programs;
  gli__mirror *mirrors;  /* most recently used first */
  uint64_t budget_bytes; /* for mirrors; eviction by least use above it */
  gli__kept *let_go;     /* columns that nobody holds any more; under the mutex of turns */
  gli__device_traffic traffic;
  gli__device_rates rates; /* under the mutex of turns, as the next */
  double lost_seconds;     /* by calls that stayed on the CPU because of what comes but once */
  atomic_bool quarantined;
  char reason[GLI__REASON_SIZE]; /* why it is quarantined; written once, before the flag */
} gli__device;

/* --- Drivers ---------------------------------------------------------------------------------- */

enum { GLI__DEVICES_AT_MOST = 16 }; /* of a driver */

typedef struct gli__driver {
  const char *name; /* "cuda", "opencl" */
  gli__lock lock;   /* while it is opened */
  _Atomic int32_t state, installed;
  _Atomic int64_t lost_nanoseconds; /* as a device's lost_seconds, until somebody opens it */
  uint32_t fork_count;              /* the process that looked for its devices */
  gli_device_driver table;
  gli__device *devices; /* [device_count], best first */
  size_t device_count;
  char reason[GLI__REASON_SIZE]; /* what there is, or why nothing */
} gli__driver;

/* The drivers that there could be; NULL past the end. */
gli__driver *gli__driver_at(size_t position);
gli__driver *gli__driver_find(const char *name);
/* Whether its devices can be used: opens the plugin and looks for devices, the first time.
 * `reason_out` gets a line either way, which lives as long as the process. */
bool gli__driver_ready(gli__driver *driver, const char **reason_out);
/* Whether nobody has asked yet; and whether there is a plugin that could be opened. */
bool gli__driver_is_untouched(const gli__driver *driver);
bool gli__driver_is_installed(gli__driver *driver);
/* For tests: devices of the driver `name` are those of `table` from now on, without a plugin; NULL:
 * of a plugin again. Nobody may be using a device of it. */
void gli__driver_replace(const char *name, const gli_device_driver *table);

/* What gli_set_compile_hook sets: who is told that kernels are compiled. */
typedef void (*gli__compile_hook)(void *context, const char *device, const char *program);
void gli__devices_set_compile_hook(gli__compile_hook hook, void *context);

/* --- Devices ---------------------------------------------------------------------------------- */

/* What GLI_DEVICE said when somebody first asked; NULL when nothing. */
const char *gli__device_environment(void);
/* Whether `wanted` means this device: "cuda:1" (driver and number there), "cuda", "1", or a part of
 * its name or platform in any case. NULL and "": every device; "none": no device. */
bool gli__device_is_wanted(const gli__device *device, const char *wanted);

/* Wait for a turn and open the device if nobody has. GLI_ERROR_DEVICE: it is quarantined or cannot
 * be opened; or what stopped the run (NULL: nothing can) while it waited. */
gli_status gli__device_acquire(gli__device *device, gli_run *run, gli_error *error);
/* A turn whether the device is open, in use or neither: for a look at what it holds. Ends with
 * gli__device_let_go. `try` does not wait. */
gli_status gli__device_wait(gli__device *device, gli_run *run, gli_error *error);
bool gli__device_try(gli__device *device);
void gli__device_let_go(gli__device *device);
/* The turn ends. `code`: the driver's answer that ended the call (GLI_DEVICE_OK: none did), and its
 * words. A lost device, or one with the third failure in a row, goes out of use here. */
void gli__device_release(gli__device *device, gli_device_code code, const char *words);
/* Its figures, whoever uses it meanwhile. */
gli__device_rates gli__device_rates_of(const gli__device *device);
void gli__device_set_rates(gli__device *device, const gli__device_rates *rates);
/* A call stays on the CPU for the sake of `once_seconds` (opening, compiling, the first upload),
 * and loses `lost_seconds` by it. True: with this one, calls have lost as much as that would have
 * cost, and it is time to pay; the count begins anew. */
bool gli__device_has_waited(gli__device *device, double lost_seconds, double once_seconds);
/* The same for a driver that nobody has opened. */
bool gli__driver_has_waited(gli__driver *driver, double lost_seconds, double once_seconds);
/* Why it is out of use, or NULL: it is not. */
const char *gli__device_quarantine(const gli__device *device);

/* What a driver's function answered that hands out `handle`: success without one is a failure. */
static inline gli_device_code gli__device_handed(gli_device_code code, const void *handle,
                                                 const char *function, gli_device_error *error) {
  if (code != GLI_DEVICE_OK || handle != NULL) return code;
  *error = (gli_device_error){.code = GLI_DEVICE_FAILED};
  snprintf(error->message, sizeof error->message, "its %s succeeded and gave nothing", function);
  return GLI_DEVICE_FAILED;
}

#endif
