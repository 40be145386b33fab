/* cost.c: the cost model behind the automatic choice.
 *
 * CPU: the time that the algorithm's descriptor of work gives for one core of a usual machine,
 * times what this machine's cores are against it, over the threads. Threads share memory
 * bandwidth: each further one counts 0.8.
 *
 * Device: what has to happen first (open, load the program, bring the mirror up to date), the
 * latencies of the dependent launches and of the host's waits, the work at the measured rates, and
 * the result's way back. Launches hide behind work where there is enough of it, so the larger of
 * the two counts, not the sum; a wait of the host hides behind nothing.
 *
 * What comes but once would keep a graph on the CPU for ever whose calls are each too short to pay
 * for it. So calls that stay there for that reason alone add up what they lose, and when it is as
 * much as it would have cost, the next one goes: at most twice the time of whoever had known (ski
 * rental; Karlin, Manasse, Rudolph, Sleator 1988). device_backend.c keeps the count. */
#include "dispatch/cost.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

double gli__cost_cpu(const gli__device_work *work, int32_t threads, double machine_factor) {
  const double workers = 1 + 0.8 * (threads > 1 ? threads - 1 : 0);
  return work->cpu_seconds * machine_factor / workers;
}

double gli__cost_once(const gli__cost_place *place) {
  double seconds = (double)place->missing_bytes / place->rates.upload_bytes_second;
  if (!place->is_open) seconds += place->open_seconds;
  if (!place->is_built) seconds += place->build_seconds;
  return seconds;
}

double gli__cost_waits(const gli__device_work *work, const gli__device_rates *rates) {
  return work->launches * rates->launch_seconds + work->round_trips * rates->round_trip_seconds;
}

double gli__cost_device(const gli__device_work *work, const gli__cost_place *place) {
  const gli__device_rates *rates = &place->rates;
  double seconds = gli__cost_once(place);
  const double latency = work->launches * rates->launch_seconds;
  const double labor = work->entries / rates->gather_entries_second +
                       work->nodes * sizeof(double) / rates->stream_bytes_second;
  seconds += latency > labor ? latency : labor;
  seconds += work->round_trips * rates->round_trip_seconds;
  return seconds + work->result_bytes / rates->download_bytes_second;
}

double gli__cost_open(const char *driver_name) {
  return strcmp(driver_name, "cuda") == 0 ? 0.2 : 0.09;
}

double gli__cost_build(const char *driver_name) {
  return strcmp(driver_name, "cuda") == 0 ? 0.002 : 0.05;
}

/* --- This machine ----------------------------------------------------------------------------- */

/* Dependent steps through a table in the second-level cache, which is what row loops feel most. On
 * the machine where the kernels' figures were taken it is 3.4 ns a step. */
#define STEPS 60000
#define TABLE 32768
#define USUAL_SECONDS (STEPS * 3.4e-9)

/* Calls that are shorter than this on a usual machine do not wait for it to be measured. */
#define WORTH_SECONDS 2e-3

static double machine_factor = 1;
static atomic_bool machine_is_measured;
static pthread_once_t machine_once = PTHREAD_ONCE_INIT;

static void measure_machine(void) {
  uint32_t *table = malloc(TABLE * sizeof *table);
  if (table == NULL) return;
  for (uint32_t k = 0; k < TABLE; k++)
    table[k] = (k * 20077u + 12345u) % TABLE; /* one cycle through all: Hull and Dobell */
  volatile uint32_t at = 0;
  double best = 1;
  for (int round = 0; round < 3; round++) { /* the quietest of three: others use the machine too */
    const double began = gli__seconds_now();
    uint32_t here = at;
    for (int k = 0; k < STEPS; k++)
      here = table[here];
    at = here;
    const double took = gli__seconds_now() - began;
    if (took < best) best = took;
  }
  free(table);
  const double factor = best / USUAL_SECONDS;
  machine_factor = factor < 0.25 ? 0.25 : factor > 4 ? 4 : factor;
  atomic_store(&machine_is_measured, true);
}

double gli__cost_machine_factor(double seconds) {
  if (seconds < WORTH_SECONDS && !atomic_load(&machine_is_measured)) return 1;
  pthread_once(&machine_once, measure_machine);
  return machine_factor;
}

/* As printf's %.3g, which takes longer than a small call: three digits, no zeros at the end. */
static char *put_three_digits(char *at, double value) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  static const int powers[] = {1, 10, 100};
  int64_t digits = (int64_t)(value * powers[decimals] + 0.5), whole = digits / powers[decimals];
  int64_t rest = digits % powers[decimals];
  for (int64_t step = whole < 10 ? 1 : whole < 100 ? 10 : 100; step > 0; step /= 10)
    *at++ = (char)('0' + whole / step % 10);
  if (rest > 0) *at++ = '.';
  for (int64_t step = powers[decimals] / 10; step > 0 && rest > 0; step /= 10) {
    *at++ = (char)('0' + rest / step);
    rest %= step;
  }
  return at;
}

const char *gli__seconds_text(double seconds, char text[GLI__SECONDS_SIZE]) {
  static const struct {
    double below, times;
    const char *text;
  } units[] = {{1e-6, 1e9, " ns"}, {1e-3, 1e6, " us"}, {1, 1e3, " ms"}, {0, 1, " s"}};
  size_t which = 0;
  while (units[which].below > 0 && !(seconds < units[which].below))
    which++;
  const char *unit = units[which].text;
  const double value = seconds * units[which].times;
  if (value >= 1 && value < 999.5) {
    char *at = put_three_digits(text, value);
    memcpy(at, unit, strlen(unit) + 1);
  } else {
    snprintf(text, GLI__SECONDS_SIZE, "%.3g%s", value, unit);
  }
  return text;
}
