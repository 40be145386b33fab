/* devices.h: the drivers and devices of this process: found once, opened on first use, never
 * closed.
 *
 * A driver is a plugin (plugin.c opens it, and refuses what it should not trust); its devices are
 * entries here, whether usable or not, each with the reason. A device is opened when a call is to
 * run on it. One call at a time uses a device: gli__device_acquire takes its lock, and a call that
 * waits for it still listens to cancellation.
 *
 * A device that is lost is quarantined: no call of its driver is made for it any more, mirrors and
 * buffers are given up for lost. A child made by fork opens its devices anew where the driver can
 * live with that, and otherwise finds all of them unavailable. */
#ifndef GLI_DEVICE_DEVICES_H
#define GLI_DEVICE_DEVICES_H

#include <gli/control.h>
#include <stdatomic.h>

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

/* Bytes over the bus and allocations, since the device was opened. */
typedef struct gli__device_traffic {
  uint64_t uploaded_bytes, downloaded_bytes;
  uint64_t allocated_bytes, peak_bytes; /* by libgli: mirrors and scratch */
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

typedef struct gli__device {
  const gli_device_driver *driver;
  size_t position; /* at the driver */
  gli_device_info info;
  gli__lock lock;      /* of all that follows; a call holds it from begin to end */
  gli_device *handle;  /* NULL: not opened yet */
  uint32_t fork_count; /* the process that opened it */
  gli__memory *memory; /* host side books */
  gli__device_program *programs;
  gli__mirror *mirrors;  /* most recently used first */
  uint64_t budget_bytes; /* for mirrors; eviction by least use above it */
  gli__device_traffic traffic;
  gli__device_rates rates;
  atomic_bool quarantined;
  char reason[320]; /* why it is quarantined or cannot be opened; else what it is */
} gli__device;

#endif
