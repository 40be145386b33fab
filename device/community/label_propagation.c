/* label_propagation.c: LDBC's synchronous rule on a device, one launch per kind of node and round.
 *
 * Nodes are sorted out once by their number of votes: few are counted by comparing all pairs, an
 * item per node; some in a table in local memory, a work-group per node; many in tables in global
 * memory that are laid out once, 8 bytes for twice the votes each. Counting is atomic and the
 * winner is the maximum of (votes, smaller label), so neither the order nor the device shows.
 *
 * A round reads one array of labels and writes the other. Cost O(n + m) per round; memory 8 n bytes
 * and the tables of the nodes with more than 1,024 votes. The asynchronous method is a chain by
 * definition: the CPU's. */
#include <gli/algorithms/label_propagation.h>
#include <string.h>

#include "device/call.h"
#include "device/numbering.h"

typedef struct propagation {
  gli__device_rows out, in;
  int32_t directed;
  int64_t count;
  gli_device_buffer *few;         /* flags */
  gli_device_buffer *some, *many; /* nodes */
  int64_t some_count, many_count;
  gli_device_buffer *begins, *table_labels, *table_counts; /* of the many */
  gli_device_buffer *labels, *next, *changed;
} propagation;

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_label_propagation_options *options = given;
  (void)snapshot;
  if (strcmp(options->method, "async") != 0) return true;
  *why_not_out = "asynchronous label propagation is a chain: it has a CPU kernel only";
  return false;
}

/* The nodes whose flag is set. */
static gli_device_buffer *select_nodes(gli__call *call, gli_device_buffer *flags, int64_t count,
                                       int64_t *found_out) {
  gli_device_buffer *all = gli__call_buffer(call, count, sizeof(int32_t));
  *found_out = gli__call_select(call, flags, all, count);
  gli_device_buffer *nodes = gli__call_buffer(call, *found_out, sizeof(int32_t));
  gli__call_copy(call, all, 0, nodes, 0, *found_out * (int64_t)sizeof(int32_t));
  gli__call_release(call, all);
  gli__call_release(call, flags);
  return nodes;
}

static void lay_out_tables(gli__call *call, propagation *p) {
  gli_device_buffer *slots = gli__call_buffer(call, p->many_count, sizeof(int64_t));
  p->begins = gli__call_buffer(call, p->many_count + 1, sizeof(int64_t));
  GLI__LAUNCH(call, "size_tables", gli__items(p->many_count), gli__arg_buffer(p->many),
              gli__arg_i64(p->many_count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->in.rows), gli__arg_buffer(slots), gli__arg_i64(p->count),
              gli__arg_i32(p->directed));
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, slots, p->begins, p->many_count);
  const int64_t total = gli__call_read_i64(call, p->begins, p->many_count);
  p->table_labels = gli__call_buffer(call, total, sizeof(int32_t));
  p->table_counts = gli__call_buffer(call, total, sizeof(uint32_t));
  gli__call_release(call, slots);
}

static void prepare(gli__call *call, propagation *p) {
  p->directed = gli_snapshot_is_directed(call->snapshot);
  p->out = gli__call_rows(call, false);
  p->in = gli__call_rows(call, true);
  p->count = p->out.node_limit;
  p->few = gli__call_buffer(call, p->count, sizeof(uint8_t));
  gli_device_buffer *some = gli__call_buffer(call, p->count, sizeof(uint8_t));
  gli_device_buffer *many = gli__call_buffer(call, p->count, sizeof(uint8_t));
  GLI__LAUNCH(call, "sort_out", gli__items(p->count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->in.rows), gli__arg_buffer(p->few), gli__arg_buffer(some),
              gli__arg_buffer(many), gli__arg_i64(p->count), gli__arg_i32(p->directed));
  p->some = select_nodes(call, some, p->count, &p->some_count);
  p->many = select_nodes(call, many, p->count, &p->many_count);
  if (p->many_count > 0) lay_out_tables(call, p);
  p->labels = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->next = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->changed = gli__call_buffer(call, 1, sizeof(uint32_t));
  GLI__LAUNCH(call, "start", gli__items(p->count), gli__arg_buffer(p->labels),
              gli__arg_i64(p->count));
  gli__call_copy(call, p->labels, 0, p->next, 0, p->count * (int64_t)sizeof(int32_t));
}

/* Whether anything changed; waits. */
static bool one_round(gli__call *call, propagation *p) {
  gli__call_fill_u32(call, p->changed, 0, 1, 0);
  GLI__LAUNCH(call, "elect_few", gli__items(p->count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->out.neighbors), gli__arg_buffer(p->in.rows),
              gli__arg_buffer(p->in.neighbors), gli__arg_buffer(p->few), gli__arg_buffer(p->labels),
              gli__arg_buffer(p->next), gli__arg_buffer(p->changed), gli__arg_i64(p->count),
              gli__arg_i32(p->directed));
  GLI__LAUNCH(call, "elect_some", gli__groups(p->some_count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->out.neighbors), gli__arg_buffer(p->in.rows),
              gli__arg_buffer(p->in.neighbors), gli__arg_buffer(p->some),
              gli__arg_i64(p->some_count), gli__arg_buffer(p->labels), gli__arg_buffer(p->next),
              gli__arg_buffer(p->changed), gli__arg_i32(p->directed));
  GLI__LAUNCH(call, "elect_many", gli__groups(p->many_count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->out.neighbors), gli__arg_buffer(p->in.rows),
              gli__arg_buffer(p->in.neighbors), gli__arg_buffer(p->many),
              gli__arg_i64(p->many_count), gli__arg_buffer(p->begins),
              gli__arg_buffer(p->table_labels), gli__arg_buffer(p->table_counts),
              gli__arg_buffer(p->labels), gli__arg_buffer(p->next), gli__arg_buffer(p->changed),
              gli__arg_i32(p->directed));
  gli_device_buffer *read = p->labels;
  p->labels = p->next;
  p->next = read;
  gli_run_count_iteration(call->run);
  return gli__call_read_u32(call, p->changed, 0) != 0;
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_label_propagation_options *options = given;
  const int64_t rounds = options->max_iterations > 0 ? options->max_iterations : 10;
  propagation p = {0};
  gli_device_buffer *numbers = NULL, *origins = NULL;
  int64_t communities = 0;
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    prepare(call, &p);
    gli_run_prepared(call->run);
    bool changed = true;
    for (int64_t k = 0; changed && k < rounds && gli__call_go_on(call); k++) {
      gli_run_progress(call->run, (double)k, (double)rounds);
      changed = one_round(call, &p);
    }
    numbers = p.next; /* no longer needed */
    communities = gli__call_number_labels(call, &p.out, p.labels, numbers);
    origins = gli__call_buffer(call, p.count, sizeof(int32_t));
    GLI__LAUNCH(call, "name_origins", gli__items(p.count), gli__arg_buffer(p.out.rows),
                gli__arg_buffer(p.labels), gli__arg_buffer(origins), gli__arg_i64(p.count));
  }
  gli__call_column_widened(call, result, "label", GLI_PER_NODE, 0, numbers);
  gli__call_column(call, result, "origin", GLI_COLUMN_NODE, GLI_PER_NODE, 0, origins);
  int64_t *count_column =
      gli__call_column(call, result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, NULL);
  if (count_column != NULL) *count_column = communities;
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_label_propagation_options *options = given;
  const double rounds = options->max_iterations > 0 && options->max_iterations < 10
                            ? (double)options->max_iterations
                            : 10;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double sides = gli_snapshot_is_directed(snapshot) ? 2 : 1;
  const double entries = sides * (double)gli_snapshot_out_rows(snapshot).entry_count;
  return (gli__device_work){.entries = 2 * entries * rounds,
                            .nodes = 2 * nodes * rounds,
                            .launches = 12 + 4 * rounds,
                            .round_trips = 5 + rounds,
                            .cpu_seconds = rounds * (entries * 12e-9 + nodes * 10e-9),
                            .result_bytes = 8 * nodes,
                            .reads_in = true};
}

const gli__device_algorithm gli__device_label_propagation = {
    .program = "community/label_propagation", .takes = takes, .work = work, .run = run};
