/* cost.h: how long a call would take on the CPU and on a device. Figures in, seconds out: nothing
 * here looks at a clock, a device or a graph, so that tests give all of it. */
#ifndef GLI_DISPATCH_COST_H
#define GLI_DISPATCH_COST_H

#include "device/call.h"

/* A device at the moment of asking. */
typedef struct gli__cost_place {
  gli__device_rates rates;
  bool is_open;           /* its context is there */
  bool is_built;          /* the algorithm's program is there */
  double open_seconds;    /* to open driver and device */
  double build_seconds;   /* to load the program, compiled before */
  uint64_t missing_bytes; /* of the mirror */
} gli__cost_place;

/* On our CPU kernels. machine_factor: this machine's core against a usual one; 2 is half as fast.
 */
double gli__cost_cpu(const gli__device_work *work, int32_t threads, double machine_factor);
double gli__cost_device(const gli__device_work *work, const gli__cost_place *place);
/* What it takes at least: launches and the host's waits, with everything there already. */
double gli__cost_waits(const gli__device_work *work, const gli__device_rates *rates);
/* The part of it that comes but once: opening, loading the program, what is missing of the mirror.
 */
double gli__cost_once(const gli__cost_place *place);
/* This machine's factor: measured once, in about a millisecond, when a call of this many seconds on
 * a usual machine first asks; 1 for shorter ones until then. */
double gli__cost_machine_factor(double seconds);
/* Rough seconds to open a driver and a device of it that nobody has touched yet. */
double gli__cost_open(const char *driver_name);
double gli__cost_build(const char *driver_name);

/* "40 us", "2.1 ms", "1.3 s" */
#define GLI__SECONDS_SIZE 24
const char *gli__seconds_text(double seconds, char text[GLI__SECONDS_SIZE]);

#endif
