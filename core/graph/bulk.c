/* bulk.c: many nodes or edges in one call, all or nothing.
 *
 * Ids are found or added in prefetched groups, rows are built by the topology (a parallel counting
 * sort where there was no edge before), columns are written by ranges. While ids are exactly 0, 1,
 * 2 ... an array of ints needs no look-up at all: one parallel pass checks and narrows it.
 *
 * Undo. Ids roll back to a mark, nodes and edges are taken back from the end, and each column that
 * is about to be written is first held by one more reference, so that writing clones the chunks it
 * touches and the column as it was can be put back. For new positions that is one chunk. */
#include <stdio.h>

#include "base/pool.h"
#include "graph/graph.h"

/* --- columns ---------------------------------------------------------------------------------- */

static gli_status check_columns(const gli_graph *graph, const gli_bulk_column *columns,
                                size_t column_count, int64_t count, gli_error *error) {
  if (column_count > 0 && columns == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "columns is NULL, column_count is %zu",
                     column_count);
  }
  const gli_key key_count = atomic_load_explicit(&graph->key_count, memory_order_relaxed);
  for (size_t k = 0; k < column_count; k++) {
    const uint32_t type = columns[k].type;
    if (columns[k].key >= key_count) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "columns[%zu].key is %lu; the graph knows %lu names", k,
                       (unsigned long)columns[k].key, (unsigned long)key_count);
    }
    if (type != GLI_VALUE_BOOL && type != GLI_VALUE_INT64 && type != GLI_VALUE_FLOAT64 &&
        type != GLI_VALUE_NESTED) {
      return gli__fail(
          error, GLI_ERROR_TYPE,
          "columns[%zu].type is %lu; expected GLI_VALUE_BOOL, INT64, FLOAT64 or NESTED", k,
          (unsigned long)type);
    }
    if (count > 0 && columns[k].data == NULL) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "columns[%zu].data is NULL", k);
    }
    if (type != GLI_VALUE_NESTED) continue;
    const gli_value *values = columns[k].data;
    for (int64_t row = 0; row < count; row++) {
      if (values[row].type > GLI_VALUE_NESTED ||
          (values[row].type >= GLI_VALUE_STRING && values[row].as.bytes == NULL &&
           values[row].size_bytes > 0)) {
        return gli__fail(error, GLI_ERROR_TYPE, "columns[%zu].data[%lld] is not a value", k,
                         (long long)row);
      }
    }
  }
  return GLI_OK;
}

/* Values of any types at positions[]; what is absent leaves what is there, also what an earlier
 * item of the same call has put there. */
static gli_status write_values(gli_graph *graph, gli__column *column, int64_t count,
                               const int64_t *positions, const gli_value *values,
                               gli_error *error) {
  const size_t room = (size_t)count;
  int64_t present = 0;
  for (int64_t k = 0; k < count; k++)
    present += values[k].type != GLI_VALUE_ABSENT;
  if (present == 0) return GLI_OK;
  if (present == count) {
    return gli__column_set_many(column, count, positions, GLI_VALUE_NESTED, values, error);
  }
  gli_status status = GLI_OK;
  int64_t *places = gli__allocate(graph->memory, room, sizeof *places);
  gli_value *kept = gli__allocate(graph->memory, room, sizeof *kept);
  if (places == NULL || kept == NULL) {
    status = gli__no_memory(error, "a column with gaps");
  } else {
    present = 0;
    for (int64_t k = 0; k < count; k++) {
      if (values[k].type == GLI_VALUE_ABSENT) continue;
      places[present] = positions[k];
      kept[present++] = values[k];
    }
    status = gli__column_set_many(column, present, places, GLI_VALUE_NESTED, kept, error);
  }
  if (places != NULL) gli__release(graph->memory, places, room, sizeof *places);
  if (kept != NULL) gli__release(graph->memory, kept, room, sizeof *kept);
  return status;
}

/* Write all columns at [first, first + count), or at positions[] when it is given. */
static gli_status write_columns(gli_graph *graph, gli_side side, const gli_bulk_column *columns,
                                size_t column_count, int64_t first, int64_t count,
                                const int64_t *positions, gli_error *error) {
  if (column_count == 0 || count == 0) return GLI_OK;
  gli__kept_columns kept;
  gli_status status = gli__keep_columns(graph, side, &kept, error);
  if (status != GLI_OK) return status;
  for (size_t k = 0; k < column_count && status == GLI_OK; k++) {
    gli__column *column = NULL;
    status = gli__graph_column(graph, side, columns[k].key, &column, error);
    if (status != GLI_OK) break;
    if (positions == NULL) {
      status = gli__column_set_range(column, first, count, columns[k].type, columns[k].data, error);
    } else if (columns[k].type == GLI_VALUE_NESTED) {
      status = write_values(graph, column, count, positions, columns[k].data, error);
    } else {
      status =
          gli__column_set_many(column, count, positions, columns[k].type, columns[k].data, error);
    }
  }
  gli__end_columns(graph, side, &kept, status == GLI_OK);
  return status;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* Before the arrays are looked at: a count that cannot be true must not be believed. */
static gli_status check_many(int64_t count, int64_t most, const gli_id *ids, const int64_t *int_ids,
                             const char *argument, gli_error *error) {
  if (count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "count is %lld; at least 0",
                     (long long)count);
  }
  if (count > most) {
    return gli__fail(error, GLI_ERROR_LIMIT, "count is %lld; at most %lld fit into a graph",
                     (long long)count, (long long)most);
  }
  if (ids != NULL && int_ids != NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "both %s and int_%s are given; expected one of them", argument, argument);
  }
  char name[64];
  for (int64_t k = 0; ids != NULL && k < count; k++) {
    const gli_status status = gli__check_id(&ids[k], argument, NULL);
    if (status == GLI_OK) continue;
    snprintf(name, sizeof name, "%s[%lld]", argument, (long long)k);
    return gli__check_id(&ids[k], name, error);
  }
  return GLI_OK;
}

/* What a failed bulk call goes back to. */
typedef struct way_back {
  gli__ids_mark ids;
  int32_t node_limit;
} way_back;

static void go_back(gli_graph *graph, const way_back *back) {
  while (gli__topology_node_limit(graph->topology) > back->node_limit) {
    gli__topology_remove_last_node(graph->topology);
  }
  gli__ids_rollback(graph->ids, back->ids);
}

/* Let topology and serials follow `added` new ids. */
static gli_status follow_ids(gli_graph *graph, int64_t added, gli_error *error) {
  if (added == 0) return GLI_OK;
  gli__side *side = &graph->sides[GLI_NODES];
  gli_status status = gli__numbers_reserve(&side->numbers, side->numbers->next, added, true, error);
  if (status == GLI_OK) status = gli__topology_add_nodes(graph->topology, added, error);
  return status;
}

static void number_nodes(gli_graph *graph, int64_t added) {
  gli__numbers *numbers = graph->sides[GLI_NODES].numbers;
  gli__numbers_push_many(numbers, numbers->next, added);
}

typedef struct nodes_call {
  int64_t count;
  const gli_id *ids;
  const int64_t *int_ids;
  const gli_bulk_column *columns;
  size_t column_count;
} nodes_call;

/* Positions of nodes some of which were there, for scattered columns. */
static gli_status write_scattered(gli_graph *graph, const nodes_call *call, const int32_t *indices,
                                  gli_error *error) {
  int64_t *positions = gli__allocate(graph->memory, (size_t)call->count, sizeof *positions);
  if (positions == NULL) return gli__no_memory(error, "the positions of a bulk call");
  for (int64_t k = 0; k < call->count; k++)
    positions[k] = indices[k];
  const gli_status status = write_columns(graph, GLI_NODES, call->columns, call->column_count, 0,
                                          call->count, positions, error);
  gli__release(graph->memory, positions, (size_t)call->count, sizeof *positions);
  return status;
}

static gli_status put_nodes(gli_graph *graph, const nodes_call *call, gli_run *run,
                            int64_t *added_out, gli_error *error) {
  int32_t *indices = NULL;
  int64_t added = 0, first_integer = 0;
  gli_status status = gli__graph_own_ids(graph, error);
  if (status != GLI_OK) return status;
  const way_back back = {gli__ids_get_mark(graph->ids), gli__topology_node_limit(graph->topology)};
  if (call->count > INT32_MAX - (int64_t)back.node_limit && call->ids == NULL &&
      call->int_ids == NULL) {
    return gli__fail(error, GLI_ERROR_LIMIT, "count is %lld; %ld more nodes fit",
                     (long long)call->count, (long)(INT32_MAX - back.node_limit));
  }
  if (call->ids == NULL && call->int_ids == NULL) {
    added = call->count;
    status = gli__ids_add_automatic(graph->ids, added, &first_integer, error);
  } else {
    indices = gli__allocate(graph->memory, (size_t)call->count, sizeof *indices);
    if (indices == NULL) return gli__no_memory(error, "the indices of a bulk call");
    status =
        gli__ids_add_many(graph->ids, call->count, call->ids, call->int_ids,
                          gli__topology_node_bits(graph->topology), indices, &added, run, error);
  }
  if (status != GLI_OK) goto cleanup;
  status = follow_ids(graph, added, error);
  if (status == GLI_OK && added == call->count) {
    status = write_columns(graph, GLI_NODES, call->columns, call->column_count, back.node_limit,
                           added, NULL, error);
  } else if (status == GLI_OK && call->column_count > 0) {
    status = write_scattered(graph, call, indices, error);
  }
  if (status != GLI_OK) {
    go_back(graph, &back);
    goto cleanup;
  }
  number_nodes(graph, added);
  *added_out = added;
cleanup:
  gli__release(graph->memory, indices, (size_t)call->count, sizeof *indices);
  return status;
}

gli_status gli_graph_add_nodes(gli_graph *graph, int64_t count, const gli_id *ids,
                               const int64_t *int_ids, const gli_bulk_column *columns,
                               size_t column_count, const gli_control *control, int64_t *added_out,
                               gli_error *error) {
  const nodes_call call = {count, ids, int_ids, columns, column_count};
  gli_run *run = NULL;
  gli_status status = check_many(count, INT32_MAX, ids, int_ids, "ids", error);
  if (status == GLI_OK) status = check_columns(graph, columns, column_count, count, error);
  if (status == GLI_OK) status = gli__run_begin(control, graph->memory, &run, error);
  if (status != GLI_OK) return status;
  int64_t added = 0;
  status = gli__graph_write(graph, error);
  if (status == GLI_OK) {
    if (count > 0) {
      gli__graph_changing(graph);
      status = put_nodes(graph, &call, run, &added, error);
      if (status == GLI_OK) gli__graph_changed(graph);
    }
    gli__graph_write_done(graph);
  }
  gli__run_end(run);
  if (status == GLI_OK && added_out != NULL) *added_out = added;
  return status;
}

/* --- edges ------------------------------------------------------------------------------------ */

typedef struct edges_call {
  int64_t count;
  const gli_id *sources, *targets;
  const int64_t *int_sources, *int_targets;
  const gli_bulk_column *columns;
  size_t column_count;
  gli_edge_id *edges_out;
} edges_call;

typedef struct narrow_job {
  const int64_t *wide_sources, *wide_targets;
  int32_t *sources, *targets;
  int64_t limit;
  const uint64_t *bits;
  _Atomic bool failed;
} narrow_job;

static void narrow_task(void *context, int64_t begin, int64_t end, int32_t worker) {
  narrow_job *job = context;
  (void)worker;
  const uint64_t limit = (uint64_t)job->limit;
  bool inside = true;
  for (int64_t k = begin; k < end; k++) {
    const uint64_t source = (uint64_t)job->wide_sources[k];
    const uint64_t target = (uint64_t)job->wide_targets[k];
    inside &= (source < limit) & (target < limit);
    job->sources[k] = (int32_t)source;
    job->targets[k] = (int32_t)target;
  }
  if (inside && job->bits != NULL) {
    for (int64_t k = begin; k < end && inside; k++) {
      inside = gli_bit(job->bits, job->sources[k]) && gli_bit(job->bits, job->targets[k]);
    }
  }
  if (!inside) atomic_store_explicit(&job->failed, true, memory_order_relaxed);
}

/* Indices of both ends, adding what is missing. */
static gli_status find_ends(gli_graph *graph, const edges_call *call, int32_t *sources,
                            int32_t *targets, int64_t *added_out, gli_run *run, gli_error *error) {
  const uint64_t *bits = gli__topology_node_bits(graph->topology);
  if (call->int_sources != NULL && gli__ids_is_identity(graph->ids) &&
      gli__ids_count(graph->ids) > 0) {
    narrow_job job = {.wide_sources = call->int_sources,
                      .wide_targets = call->int_targets,
                      .sources = sources,
                      .targets = targets,
                      .limit = gli__ids_count(graph->ids),
                      .bits = bits};
    atomic_init(&job.failed, false);
    const gli_status status =
        gli_run_parallel(run, call->count, (int64_t)1 << 16, narrow_task, &job, error);
    if (status != GLI_OK) return status;
    if (!atomic_load_explicit(&job.failed, memory_order_relaxed)) {
      *added_out = 0;
      return GLI_OK;
    }
  }
  return gli__ids_add_pairs(graph->ids, call->count, call->sources, call->targets,
                            call->int_sources, call->int_targets, bits, sources, targets, added_out,
                            run, error);
}

/* Rows, numbers and columns; the ends are there. */
static gli_status put_rows(gli_graph *graph, const edges_call *call, const int32_t *sources,
                           const int32_t *targets, int64_t *slots, gli_run *run, int64_t *added_out,
                           gli_error *error) {
  gli__side *side = &graph->sides[GLI_EDGES];
  const int64_t first = gli__topology_edge_limit(graph->topology);
  const int64_t first_number = side->numbers->next;
  int64_t added = 0;
  gli_status status = gli__numbers_reserve(&side->numbers, first_number, call->count, true, error);
  if (status != GLI_OK) return status;
  status = gli__topology_add_edges(graph->topology, call->count, sources, targets,
                                   !graph->multigraph, slots, &added, run, error);
  if (status != GLI_OK) return status;
  status = write_columns(graph, GLI_EDGES, call->columns, call->column_count, first, call->count,
                         added == call->count ? NULL : slots, error);
  if (status != GLI_OK) {
    for (; added > 0; added--)
      gli__topology_remove_last_edge(graph->topology);
    return status;
  }
  gli__numbers_push_many(side->numbers, first_number, added);
  for (int64_t k = 0; k < call->count && call->edges_out != NULL; k++) {
    call->edges_out[k] = gli__number_at(&side->numbers->map, slots[k]);
  }
  *added_out = added;
  return GLI_OK;
}

static gli_status put_edges(gli_graph *graph, const edges_call *call, gli_run *run,
                            int64_t *added_out, gli_error *error) {
  int64_t new_nodes = 0;
  int64_t *slots = call->edges_out, *own_slots = NULL;
  const size_t count = (size_t)call->count;
  gli_status status = gli__graph_own_ids(graph, error);
  if (status != GLI_OK) return status;
  const way_back back = {gli__ids_get_mark(graph->ids), gli__topology_node_limit(graph->topology)};
  int32_t *sources = gli__allocate(graph->memory, count, sizeof *sources);
  int32_t *targets = gli__allocate(graph->memory, count, sizeof *targets);
  if (slots == NULL && call->column_count > 0 && !graph->multigraph) {
    slots = own_slots = gli__allocate(graph->memory, count, sizeof *slots);
  }
  if (sources == NULL || targets == NULL ||
      (slots == NULL && call->column_count > 0 && !graph->multigraph)) {
    status = gli__no_memory(error, "the ends of a bulk call");
    goto cleanup;
  }
  status = find_ends(graph, call, sources, targets, &new_nodes, run, error);
  if (status != GLI_OK) goto cleanup;
  status = follow_ids(graph, new_nodes, error);
  if (status == GLI_OK) {
    status = put_rows(graph, call, sources, targets, slots, run, added_out, error);
  }
  if (status != GLI_OK) {
    go_back(graph, &back);
    goto cleanup;
  }
  number_nodes(graph, new_nodes);
cleanup:
  gli__release(graph->memory, sources, count, sizeof *sources);
  gli__release(graph->memory, targets, count, sizeof *targets);
  gli__release(graph->memory, own_slots, count, sizeof *own_slots);
  return status;
}

static gli_status check_ends(const edges_call *call, gli_error *error) {
  gli_status status =
      check_many(call->count, UINT32_MAX, call->sources, call->int_sources, "sources", error);
  if (status == GLI_OK) {
    status =
        check_many(call->count, UINT32_MAX, call->targets, call->int_targets, "targets", error);
  }
  if (status != GLI_OK || call->count == 0) return status;
  const bool ids = call->sources != NULL && call->targets != NULL;
  const bool ints = call->int_sources != NULL && call->int_targets != NULL;
  if (!ids && !ints) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "expected sources and targets, or int_sources and int_targets");
  }
  return GLI_OK;
}

gli_status gli_graph_add_edges(gli_graph *graph, int64_t count, const gli_id *sources,
                               const gli_id *targets, const int64_t *int_sources,
                               const int64_t *int_targets, const gli_bulk_column *columns,
                               size_t column_count, const gli_control *control,
                               gli_edge_id *edges_out, int64_t *added_out, gli_error *error) {
  const edges_call call = {count,       sources, targets,      int_sources,
                           int_targets, columns, column_count, edges_out};
  gli_run *run = NULL;
  gli_status status = check_ends(&call, error);
  if (status == GLI_OK) status = check_columns(graph, columns, column_count, count, error);
  if (status == GLI_OK) status = gli__run_begin(control, graph->memory, &run, error);
  if (status != GLI_OK) return status;
  int64_t added = 0;
  status = gli__graph_write(graph, error);
  if (status == GLI_OK) {
    if (count > 0) {
      gli__graph_changing(graph);
      status = put_edges(graph, &call, run, &added, error);
      if (status == GLI_OK) gli__graph_changed(graph);
    }
    gli__graph_write_done(graph);
  }
  gli__run_end(run);
  if (status == GLI_OK && added_out != NULL) *added_out = added;
  return status;
}
