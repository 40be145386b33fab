/* call.h: one algorithm call on a device, as the algorithm's host loop sees it.
 *
 * A gli__call carries its status: once something failed (the driver, memory, cancellation), every
 * function here does nothing and gives zero, so that a loop reads straight and asks
 * gli__call_go_on once per level or iteration. Scratch buffers are given back when the call ends,
 * however it ends.
 *
 *     const gli__device_rows in = gli__call_rows(call, true);
 *     gli_device_buffer *score = gli__call_buffer(call, n, sizeof(double));
 *     for (...; gli__call_go_on(call) && !done;) {
 *       GLI__LAUNCH(call, "pull", gli__items(n), gli__arg_buffer(in.rows), gli__arg_buffer(score),
 * ...);
 *       ...
 *     }
 *     gli__call_download(call, score, 0, column, n * sizeof(double));
 *     return call->status;
 *
 * An algorithm is one file pair device/<family>/<name>.c and .cl with one symbol,
 * gli__device_<name>; CMake makes the table of them from the files that are there. */
#ifndef GLI_DEVICE_CALL_H
#define GLI_DEVICE_CALL_H

#include <gli/algorithm.h>

#include "base/error.h"
#include "device/devices.h"

/* What the cost model asks about a call: how much there is to do, whoever does it. */
typedef struct gli__device_work {
  double entries;     /* row entries read, over all iterations */
  double nodes;       /* node values read or written, over all iterations */
  double launches;    /* dependent launches on a device */
  double round_trips; /* waits of the host for a device */
  double cpu_seconds; /* what our CPU kernel takes for it on one core of a usual machine */
  double result_bytes;
  bool reads_in; /* the in rows too (directed graphs): they have to be on the device as well */
  /* Edge attributes whose values along the out rows, along the in rows have to be there. */
  const char *out_weight, *in_weight;
} gli__device_work;

enum { GLI__NEEDS_FP64 = 1, GLI__NEEDS_ATOMIC64 = 2 };

typedef struct gli__call gli__call;

typedef struct gli__device_algorithm {
  const char *program; /* stem of its .cl: "link_analysis/pagerank" */
  uint32_t needs;      /* GLI__NEEDS_...: a device without it is "unavailable" for this one */
  /* Whether these options have a kernel; `why_not_out` gets a line when not. NULL: all have. */
  bool (*takes)(gli_snapshot *snapshot, const void *options, const char **why_not_out);
  /* What these options need beyond `needs`. NULL: nothing. */
  uint32_t (*needs_also)(gli_snapshot *snapshot, const void *options);
  gli__device_work (*work)(gli_snapshot *snapshot, const void *options);
  gli_status (*run)(gli__call *call, const void *options, gli_result *result);
} gli__device_algorithm;

/* All that a call with these options needs. */
static inline uint32_t gli__device_needs(const gli__device_algorithm *form, gli_snapshot *snapshot,
                                         const void *options) {
  return form->needs | (form->needs_also == NULL ? 0 : form->needs_also(snapshot, options));
}

/* The device form of an algorithm, or NULL (made by CMake: device_table.c). */
const gli__device_algorithm *gli__device_algorithm_find(const char *name);
/* The text of a .cl file by its stem, or NULL (made by CMake). */
const char *gli__device_text(const char *stem);
extern const char gli__device_dialect[];

struct gli__call {
  gli_status status;    /* sticky */
  gli_device_code code; /* the driver's answer that made it fail, if one did */
  bool short_of_memory; /* the failure was GLI_DEVICE_NO_MEMORY: others may be evicted */
  gli_run *run;
  gli_snapshot *snapshot;
  gli__device *device;
  const gli__device_algorithm *algorithm;
  gli_error *error;
  struct gli__scratch *scratch;
  double transfer_seconds; /* uploads and waits for downloads, host clock */
  double build_seconds;    /* programs compiled or loaded */
  /* Columns stay on the device (keep='device'): hands one to the result, which then owns it. NULL:
   * they go to the host. */
  gli_status (*keep)(gli_result *result, const char *name, gli_column_type type,
                     gli_column_domain domain, int64_t length, gli__kept *kept, gli_error *error);
};

/* A call on a device whose lock is held; `end` gives scratch back and leaves the status. */
void gli__call_begin(gli__call *call, gli_run *run, gli_snapshot *snapshot, gli__device *device,
                     const gli__device_algorithm *algorithm, gli_error *error);
gli_status gli__call_end(gli__call *call);

/* False once something failed or the caller wants to stop. Looks at the clock and the caller's
 * cancellation; once per level or iteration. */
bool gli__call_go_on(gli__call *call);
/* Fail with a status of our own, as gli__fail does. */
gli_status gli__call_fail(gli__call *call, gli_status status, const char *format, ...)
    GLI_PRINTF(3, 4);
/* Take over what a driver's function returned. */
bool gli__call_check(gli__call *call, gli_device_code code, const gli_device_error *error);

/* --- Memory ----------------------------------------------------------------------------------- */

/* Scratch on the device; a count of 0 gives room for one item, so that a kernel has a pointer. */
gli_device_buffer *gli__call_buffer(gli__call *call, int64_t count, size_t item_size_bytes);
/* Earlier than at the end of the call. */
void gli__call_release(gli__call *call, gli_device_buffer *buffer);
/* Somebody else gives it back; its bytes stay counted until then. */
void gli__call_detach(gli__call *call, gli_device_buffer *buffer);
void gli__call_upload(gli__call *call, gli_device_buffer *buffer, int64_t offset_bytes,
                      const void *source, int64_t size_bytes);
/* Waits. */
void gli__call_download(gli__call *call, gli_device_buffer *buffer, int64_t offset_bytes,
                        void *target, int64_t size_bytes);
void gli__call_copy(gli__call *call, gli_device_buffer *from, int64_t from_offset_bytes,
                    gli_device_buffer *to, int64_t to_offset_bytes, int64_t size_bytes);
/* `count` items from `first` on. */
void gli__call_fill_u8(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                       uint8_t value);
void gli__call_fill_u32(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        uint32_t value);
void gli__call_fill_i64(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        int64_t value);
void gli__call_fill_f64(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        double value);
/* Wait for all that was launched: where a long piece of work is cut, so that cancelling is quick.
 */
void gli__call_finish(gli__call *call);
/* One value; waits. 0 when the call has failed. */
uint32_t gli__call_read_u32(gli__call *call, gli_device_buffer *buffer, int64_t index);
int64_t gli__call_read_i64(gli__call *call, gli_device_buffer *buffer, int64_t index);
double gli__call_read_f64(gli__call *call, gli_device_buffer *buffer, int64_t index);

/* --- Results ---------------------------------------------------------------------------------- */

/* Add a column of the result and fill it from a buffer that holds it as it is (float64, int64,
 * int32 nodes, uint8 bools): gli_result_add_column and a download. length: as there. NULL buffer:
 * the column stays as it is made (zeros, no nodes). Returns the column's data, NULL once the call
 * has failed. */
void *gli__call_column(gli__call *call, gli_result *result, const char *name, gli_column_type type,
                       gli_column_domain domain, int64_t length, gli_device_buffer *buffer);
/* The same for a column that nothing is done to on the host any more: with keep='device' it stays
 * where it is. Not for scalars. */
void gli__call_column_final(gli__call *call, gli_result *result, const char *name,
                            gli_column_type type, gli_column_domain domain, int64_t length,
                            gli_device_buffer *buffer);
/* An INT64 column from int32 on the device; final too. */
void gli__call_column_widened(gli__call *call, gli_result *result, const char *name,
                              gli_column_domain domain, int64_t length, gli_device_buffer *buffer);

/* --- The graph -------------------------------------------------------------------------------- */

/* Rows on the device: row_record[node_limit] (dialect.h) and int32_t neighbors[]. */
typedef struct gli__device_rows {
  gli_device_buffer *rows;
  gli_device_buffer *neighbors;
  int32_t node_limit;
  int64_t entry_limit; /* every row lies below this */
  int64_t entry_count; /* entries in rows */
  bool is_by_source; /* in rows built on the device: not in the order of edges, but of neighbours */
} gli__device_rows;

/* The mirror's rows of one side, brought up to the snapshot's state. in: the in side (undirected:
 * the same). Kept on the device between calls; borrowed for the call. */
gli__device_rows gli__call_rows(gli__call *call, bool in);
/* float64 weights parallel to the neighbours of that side, or NULL where each edge counts 1 (no
 * attribute asked for, or no edge). Kept on the device per version of the attribute. */
gli_device_buffer *gli__call_weights(gli__call *call, const char *attribute, bool in);
/* uint32 edge slots parallel to the neighbours of that side. They go up whole on first need in each
 * state of the graph: 4 bytes an entry. */
gli_device_buffer *gli__call_slots(gli__call *call, bool in);

/* Rows of the simple undirected graph underneath: both directions, loops and parallels dropped, in
 * rising order of neighbours (as gli_snapshot_simple_rows): int64_t offsets[node_limit + 1],
 * int32_t neighbors[]. */
typedef struct gli__device_simple_rows {
  gli_device_buffer *offsets;
  gli_device_buffer *neighbors;
  int64_t entry_count;
} gli__device_simple_rows;
gli__device_simple_rows gli__call_simple_rows(gli__call *call);

/* --- Launches --------------------------------------------------------------------------------- */

static inline gli_device_shape gli__items(int64_t count) {
  return (gli_device_shape){GLI_DEVICE_ITEMS, count};
}
static inline gli_device_shape gli__groups(int64_t count) {
  return (gli_device_shape){GLI_DEVICE_GROUPS, count};
}
static inline gli_device_shape gli__one_group(void) {
  return (gli_device_shape){GLI_DEVICE_ONE_GROUP, 1};
}
static inline gli_device_argument gli__arg_buffer(gli_device_buffer *buffer) {
  return (gli_device_argument){.type = GLI_DEVICE_BUFFER, .as.buffer = buffer};
}
static inline gli_device_argument gli__arg_i32(int32_t value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT32, .as.int32 = value};
}
static inline gli_device_argument gli__arg_u32(uint32_t value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT32, .as.uint32 = value};
}
static inline gli_device_argument gli__arg_i64(int64_t value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT64, .as.int64 = value};
}
static inline gli_device_argument gli__arg_f64(double value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT64, .as.float64 = value};
}

/* Launch a kernel of the algorithm's own program by name. */
void gli__call_launch(gli__call *call, const char *kernel, gli_device_shape shape,
                      const gli_device_argument *arguments, size_t argument_count);
/* Of another program (device/primitives/...). */
void gli__call_launch_from(gli__call *call, const char *program, const char *kernel,
                           gli_device_shape shape, const gli_device_argument *arguments,
                           size_t argument_count);
#define GLI__LAUNCH(call, kernel, shape, ...)                          \
  gli__call_launch(                                                    \
      call, kernel, shape, (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

/* --- Primitives: the driver's own where it has one, else the portable kernels ---------------
 */

/* out[i] = in[0] + ... + in[i-1]; out has count + 1 elements, the last is the total. U32 or I64;
 * both wrap. */
void gli__call_exclusive_scan(gli__call *call, gli_device_element element, gli_device_buffer *in,
                              gli_device_buffer *out, int64_t count);
/* int32 positions, rising, of the uint8 flags that are set; returns how many (waits). */
int64_t gli__call_select(gli__call *call, gli_device_buffer *flags, gli_device_buffer *positions,
                         int64_t count);
/* Exact reductions of U32, I64 (sum, min, max) and F64 (min, max; no NaN), into out[0]; no wait.
 * Nothing at all sums to 0, and its minimum is what every element replaces (infinity, INT64_MAX,
 * UINT32_MAX), its maximum likewise. F64 sums are gli__call_sum_f64. */
void gli__call_reduce(gli__call *call, gli_device_element element, gli_device_reduction reduction,
                      gli_device_buffer *in, gli_device_buffer *out, int64_t count);
/* Sum of float64 in a fixed order (blocks of 4096, then the blocks' sums likewise: sum_f64.cl): the
 * same bits on every device. Into out[0]; no wait. */
void gli__call_sum_f64(gli__call *call, gli_device_buffer *in, gli_device_buffer *out,
                       int64_t count);
/* Stable, by the low `bits` of uint64 keys; uint32 values go along, or NULL. Both in place. */
void gli__call_sort(gli__call *call, gli_device_buffer *keys, gli_device_buffer *values,
                    int64_t count, int32_t bits);
/* counts[key] += 1 for each of the uint32 keys, all below `bins`; the caller zeroes counts. */
void gli__call_histogram(gli__call *call, gli_device_buffer *keys, gli_device_buffer *counts,
                         int64_t count, int64_t bins);

#endif
