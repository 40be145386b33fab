/* calibrate.c: measures a device for the cost model, in well under a second.
 *
 * Each figure is the best of three after a round that does not count: programs are compiled then,
 * clocks come up, and other users of the machine can only make a round slower. The gather reads
 * 16 random entries per row out of a table of 16 MB, as a pull over a middling graph does; smaller
 * CPUs and devices with little memory get smaller tables. Latencies are averages of a chain of
 * launches and the least of twenty waits. A slow device gets fewer rounds: half a second is for
 * repeating, once the programs are there. */
#include "base/pool.h"
#include "device/rates.h"

#define PROGRAM "calibrate"
enum { ROUNDS = 3, CHAIN = 64, WAITS = 20, ROW = 16 };
#define REPEAT_SECONDS 0.5

typedef struct bench {
  gli__call *call;
  double (*now)(void);
  double began; /* when the programs were there */
  gli_device_buffer *positions, *values, *sums;
  void *host;
  int64_t rows, table; /* table: entries of `values`, a power of two */
} bench;

typedef void (*measured)(const bench *on);

static void finish(const bench *on) {
  gli__call *call = on->call;
  if (call->status != GLI_OK) return;
  gli_device_error error = {GLI_DEVICE_OK, 0, ""};
  gli__call_check(call, call->device->driver->finish(call->device->handle, &error), &error);
}

static double best_of(const bench *on, measured work) {
  double best = 0;
  work(on);
  finish(on);
  for (int round = 0; round < ROUNDS && gli__call_go_on(on->call); round++) {
    const double began = on->now();
    work(on);
    finish(on);
    const double took = on->now() - began;
    if (round == 0 || took < best) best = took;
    if (on->now() - on->began > REPEAT_SECONDS) break;
  }
  return best > 1e-9 ? best : 1e-9;
}

#define LAUNCH(on, kernel, shape, ...)                                                \
  gli__call_launch_from(                                                              \
      (on)->call, PROGRAM, kernel, shape, (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

static void chain(const bench *on) {
  for (int k = 0; k < CHAIN; k++)
    LAUNCH(on, "nothing", gli__items(1), gli__arg_buffer(on->sums));
}

static void wait_once(const bench *on) {
  gli__call_read_u32(on->call, on->sums, 0);
}

static void upload(const bench *on) {
  gli__call_upload(on->call, on->positions, 0, on->host,
                   on->rows * ROW * (int64_t)sizeof(uint32_t));
}

static void download(const bench *on) {
  gli__call_download(on->call, on->positions, 0, on->host,
                     on->rows * ROW * (int64_t)sizeof(uint32_t));
}

static void gather(const bench *on) {
  LAUNCH(on, "gather", gli__items(on->rows), gli__arg_buffer(on->positions),
         gli__arg_buffer(on->values), gli__arg_buffer(on->sums), gli__arg_i64(on->rows));
}

static void stream(const bench *on) {
  LAUNCH(on, "stream", gli__items(on->table), gli__arg_buffer(on->values),
         gli__arg_buffer(on->positions), gli__arg_i64(on->table));
}

/* Tables of the usual size, or smaller ones for a device that has little memory. */
static void make_tables(bench *on) {
  gli__call *call = on->call;
  on->table = INT64_C(1) << (call->device->info.is_cpu ? 20 : 22);
  const uint64_t memory = call->device->info.memory_bytes;
  while (on->table > 1024 && (uint64_t)on->table * 12 > memory / 8)
    on->table /= 2;
  on->rows = on->table / ROW;
  on->values = gli__call_buffer(call, on->table, sizeof(uint32_t));
  on->positions = gli__call_buffer(call, on->rows * ROW, sizeof(uint32_t));
  on->sums = gli__call_buffer(call, on->rows, sizeof(uint32_t));
  gli__call_fill_u32(call, on->values, 0, on->table, 1);
  gli__call_fill_u32(call, on->sums, 0, on->rows, 0);
  on->host = gli_run_allocate_zeroed(call->run, on->rows * ROW, sizeof(uint32_t));
  if (on->host == NULL && call->status == GLI_OK) {
    call->status = gli_run_no_memory(call->run, call->error);
  }
}

gli_status gli__rates_measure(gli__call *call, double (*now)(void)) {
  bench on = {.call = call, .now = now};
  gli__device_rates rates = {.measured = true};
  make_tables(&on);
  if (call->status != GLI_OK) return call->status;
  chain(&on); /* compiles */
  finish(&on);
  on.began = now();
  const double bytes = (double)on.rows * ROW * sizeof(uint32_t);
  rates.upload_bytes_second = bytes / best_of(&on, upload);
  rates.download_bytes_second = bytes / best_of(&on, download);
  LAUNCH(&on, "scatter_positions", gli__items(on.rows * ROW), gli__arg_buffer(on.positions),
         gli__arg_i64(on.rows * ROW), gli__arg_u32((uint32_t)on.table));
  rates.gather_entries_second = (double)on.rows * ROW / best_of(&on, gather);
  rates.stream_bytes_second = 2 * sizeof(uint32_t) * (double)on.table / best_of(&on, stream);
  rates.round_trip_seconds = best_of(&on, wait_once);
  for (int k = 0; k < WAITS && now() - on.began < REPEAT_SECONDS; k++) {
    const double again = best_of(&on, wait_once);
    if (again < rates.round_trip_seconds) rates.round_trip_seconds = again;
  }
  const double chained = best_of(&on, chain);
  const double launching = chained - rates.round_trip_seconds; /* one wait is in it */
  rates.launch_seconds = (launching > 0 ? launching : chained) / CHAIN;
  gli_run_release(call->run, on.host);
  if (call->status == GLI_OK) gli__device_set_rates(call->device, &rates);
  return call->status;
}
