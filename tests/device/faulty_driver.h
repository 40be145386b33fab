/* faulty_driver.h: a driver that works like the one it wraps, until it is told to fail.
 *
 * Each call of its table that can fail has a number. A plan says at which number what goes wrong,
 * once or from then on; the books say afterwards what was asked for, what was injected, and what is
 * still alive. Rules of device.h that libgli broke are complaints: a handle that is not alive, an
 * access past a buffer's end (also by a kernel: a guard lies behind each buffer), an argument of
 * the wrong type, any call of a device that was lost.
 *
 * What is undefined is poison: fresh buffers hold 0xCB, and a download that nobody waited for has
 * brought nothing yet. The wrapped device is opened once, programs are built once: an injected
 * fault costs microseconds. One wrapper per process; not for several threads. */
#ifndef TESTS_DEVICE_FAULTY_DRIVER_H
#define TESTS_DEVICE_FAULTY_DRIVER_H

#include "device/device.h"

typedef enum faulty_kind {
  FAULTY_NOTHING,
  FAULTY_NO_MEMORY, /* GLI_DEVICE_NO_MEMORY */
  FAULTY_LAUNCH,    /* GLI_DEVICE_FAILED: as when a launch fails */
  FAULTY_LOST,      /* GLI_DEVICE_LOST */
  FAULTY_TIMEOUT,   /* GLI_DEVICE_FAILED: as when a watchdog stopped it */
  FAULTY_ABI,       /* GLI_DEVICE_REFUSED: as of kernels that were made for another driver */
  FAULTY_GARBAGE,   /* nonsense: unknown codes, success without a handle, absurd figures */
  FAULTY_KINDS
} faulty_kind;

/* The driver's number that comes with a fault. */
enum { FAULTY_CODE = -4700 }; /* - kind */

typedef struct faulty_plan {
  faulty_kind kind;
  int64_t at; /* the number of the call, from 0 */
  bool from_then_on;
  uint64_t memory_bytes; /* the device has so much; 0: as much as the wrapped one */
} faulty_plan;

typedef struct faulty_books {
  int64_t calls;        /* that can fail, since faulty_arm */
  int64_t injected;     /* faults since faulty_arm */
  const char *function; /* where the first of them struck: "allocate" */
  bool lost;            /* a device was lost since faulty_arm */
  int64_t live_buffers, live_programs, live_events, live_devices;
  uint64_t live_bytes, peak_bytes;
  int64_t complaints; /* since the process began; each was printed, unless faulty_quiet */
} faulty_books;

/* The table, around `real`; both live as long as the process. NULL with `error` when the wrapped
 * device does not open. */
const gli_device_driver *faulty_driver(const gli_device_driver *real, gli_device_error *error);
/* Start counting calls again, under this plan. */
void faulty_arm(const faulty_plan *plan);
faulty_books faulty_look(void);
/* Give back what lost devices held, and, with `abandoned`, devices that were put out of use. */
void faulty_reap(bool abandoned);

/* Count complaints without printing them: for a test of the wrapper itself. */
void faulty_quiet(bool quiet);

const char *faulty_kind_name(faulty_kind kind);

#endif
