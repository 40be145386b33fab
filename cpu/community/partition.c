/* partition.c: numbers per node into labels, by a table of open addressing. Cost O(n). */
#include "cpu/community/partition.h"

#include <math.h>

enum { NODES_BETWEEN_CHECKS = 1 << 16 };

/* What was given, per node; NaN where nothing was. */
static gli_status spread(gli_run *run, gli_snapshot *snapshot, const char *algorithm,
                         const char *parameter, const gli_node_weights *given, double *numbers,
                         gli_error *error) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  for (int32_t v = 0; v < limit; v++)
    numbers[v] = (double)NAN;
  for (int64_t k = 0; k < given->count; k++)
    numbers[given->nodes[k]] = given->weights[k];
  for (int32_t v = 0; v < limit; v++) {
    if (!gli_bit(alive, v) || !isnan(numbers[v])) continue;
    char node[96];
    const gli_id id = gli_snapshot_node_id(snapshot, v);
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: %s does not say where %s belongs; it must name every node", algorithm,
                     parameter, gli_id_format(&id, node, sizeof node));
  }
  return gli_run_check(run, error);
}

/* The label of a number: a place of the table holds a label, or -1. */
static int32_t label_of(int32_t *table, uint64_t mask, double number, gli__partition *partition) {
  uint64_t slot = ((uint64_t)(int64_t)number * UINT64_C(0x9e3779b97f4a7c15)) >> 20 & mask;
  while (table[slot] >= 0 && partition->names[table[slot]] != number)
    slot = (slot + 1) & mask;
  if (table[slot] < 0) {
    table[slot] = (int32_t)partition->count;
    partition->names[partition->count++] = number;
  }
  return table[slot];
}

gli_status gli__partition_labels(gli_run *run, gli_snapshot *snapshot, const char *algorithm,
                                 const char *parameter, const gli_node_weights *given,
                                 gli__partition *partition_out, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  gli__partition partition = {.count = 0};
  int64_t room = 16;
  while (room < 2 * limit)
    room *= 2;
  double *numbers = gli_run_allocate(run, limit + 1, sizeof *numbers);
  int32_t *table = gli_run_allocate(run, room, sizeof *table);
  partition.labels = gli_run_allocate_zeroed(run, limit + 1, sizeof *partition.labels);
  partition.names = gli_run_allocate(run, limit + 1, sizeof *partition.names);
  if (numbers == NULL || table == NULL || partition.labels == NULL || partition.names == NULL) {
    return gli_run_no_memory(run, error);
  }
  gli_status status = spread(run, snapshot, algorithm, parameter, given, numbers, error);
  for (int64_t k = 0; k < room; k++)
    table[k] = -1;
  for (int64_t v = 0; v < limit && status == GLI_OK; v++) {
    if (gli_bit(alive, v)) {
      partition.labels[v] = label_of(table, (uint64_t)room - 1, numbers[v], &partition);
    }
    if (v % NODES_BETWEEN_CHECKS == 0) status = gli_run_check(run, error);
  }
  gli_run_release(run, table);
  gli_run_release(run, numbers);
  if (status == GLI_OK) *partition_out = partition;
  return status;
}
