/* dump.h: all that can be seen of a graph, as text: to hold "unchanged" against. */
#ifndef TESTS_GRAPH_DUMP_H
#define TESTS_GRAPH_DUMP_H

#include <criterion/criterion.h>
#include <gli/gli.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static inline void must(gli_status status, const gli_error *error) {
  cr_assert_eq(status, GLI_OK, "%s", error->message);
}

static inline void dump_value(FILE *to, gli_value value) {
  fprintf(to, "%d:", value.type);
  if (value.type == GLI_VALUE_STRING || value.type == GLI_VALUE_NESTED) {
    for (uint64_t k = 0; k < value.size_bytes; k++)
      fprintf(to, "%02x", value.as.bytes[k]);
  } else {
    fprintf(to, "%" PRIx64, (uint64_t)value.as.integer);
  }
}

static inline void dump_attributes(FILE *to, gli_snapshot *snapshot, gli_key key_count,
                                   gli_side side, int64_t position) {
  for (gli_key key = 0; key < key_count; key++) {
    fprintf(to, " %u=", key);
    dump_value(to, gli_snapshot_value(snapshot, side, key, position));
  }
  fputc('\n', to);
}

static inline void dump_rows(FILE *to, gli_snapshot *snapshot, gli_rows rows) {
  for (int32_t index = 0; index < gli_snapshot_node_limit(snapshot); index++) {
    fprintf(to, "row %d:", index);
    const gli_row row = rows.rows[index];
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      fprintf(to, " %d/%u", rows.neighbors[k], rows.edges[k]);
    }
    fputc('\n', to);
  }
}

/* Everything, as text. Free it. */
static inline char *dump(gli_graph *graph) {
  char *text = NULL;
  size_t size = 0;
  FILE *to = open_memstream(&text, &size);
  gli_snapshot *snapshot = NULL;
  gli_error error = {0};
  must(gli_graph_snapshot(graph, &snapshot, &error), &error);
  const gli_key key_count = gli_graph_key_count(graph);
  fprintf(to, "version %" PRIu64 " nodes %" PRId64 " edges %" PRId64 " names",  //
          gli_graph_version(graph), gli_graph_node_count(graph), gli_graph_edge_count(graph));
  for (gli_key key = 0; key < key_count; key++) {
    fprintf(to, " %s", gli_graph_key_name(graph, key, NULL));
  }
  fputc('\n', to);
  for (int32_t index = 0; index < gli_snapshot_node_limit(snapshot); index++) {
    if (!gli_bit(gli_snapshot_node_bits(snapshot), index)) continue;
    char name[64];
    const gli_id id = gli_snapshot_node_id(snapshot, index);
    fprintf(to, "node %d %u %s", index, id.kind, gli_id_format(&id, name, sizeof name));
    dump_attributes(to, snapshot, key_count, GLI_NODES, index);
  }
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t slot = 0; slot < gli_snapshot_edge_limit(snapshot); slot++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), slot)) continue;
    fprintf(to, "edge %" PRId64 " %d %d", gli_snapshot_edge_id(snapshot, slot), sources[slot],
            targets[slot]);
    dump_attributes(to, snapshot, key_count, GLI_EDGES, slot);
  }
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  dump_rows(to, snapshot, rows);
  must(gli_snapshot_in_rows(snapshot, &rows, &error), &error);
  dump_rows(to, snapshot, rows);
  gli_snapshot_free(snapshot);
  fclose(to);
  return text;
}

#endif
