/* The topology by hand: tiny graphs whose rows are known, limits, errors, sharing, memory. */
#include <criterion/criterion.h>

#include "topology/model.h"

static gli__topology *make(gli__memory *memory, bool directed, int64_t nodes) {
  gli__topology *topology = NULL;
  cr_assert_eq(gli__topology_create(memory, directed, &topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(topology, nodes, NULL), GLI_OK);
  return topology;
}

static int64_t join(gli__topology *topology, int32_t source, int32_t target) {
  int64_t slot = -1;
  cr_assert_eq(gli__topology_add_edge(topology, source, target, &slot, NULL), GLI_OK);
  return slot;
}

/* "neighbor:edge neighbor:edge" of a live row. */
static const char *live_row(const gli__topology *topology, int32_t node, bool in) {
  static char text[256];
  gli__row_cursor cursor = gli__topology_row(topology, node, in);
  int32_t neighbor;
  uint32_t edge;
  size_t used = 0;
  text[0] = '\0';
  while (gli__row_next(&cursor, &neighbor, &edge)) {
    int wrote =
        snprintf(text + used, sizeof text - used, "%s%d:%u", used > 0 ? " " : "", neighbor, edge);
    used += (size_t)wrote;
  }
  return text;
}

static const char *frozen_row(gli_rows rows, int32_t node) {
  static char text[256];
  gli_row row = rows.rows[node];
  size_t used = 0;
  text[0] = '\0';
  for (uint32_t k = 0; k < row.length; ++k) {
    int wrote = snprintf(text + used, sizeof text - used, "%s%d:%u", used > 0 ? " " : "",
                         rows.neighbors[row.begin + k], rows.edges[row.begin + k]);
    used += (size_t)wrote;
  }
  return text;
}

Test(topology, empty) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 0);
  cr_assert_eq(gli__topology_node_limit(topology), 0);
  cr_assert_eq(gli__topology_edge_count(topology), 0);
  cr_assert_not(gli__topology_wants_renumbering(topology));
  cr_assert_not(gli__topology_node_alive(topology, 0));
  cr_assert_not(gli__topology_edge_alive(topology, 0));
  gli__frozen *frozen = NULL;
  cr_assert_eq(gli__topology_freeze(topology, &frozen, NULL), GLI_OK);
  gli_rows rows;
  gli_simple_rows simple;
  cr_assert_eq(gli__frozen_in_rows(frozen, &rows, NULL), GLI_OK);
  cr_assert_eq(rows.entry_count, 0);
  cr_assert_not_null(rows.neighbors); /* never null: readers may add to it */
  cr_assert_eq(gli__frozen_simple_rows(frozen, &simple, NULL), GLI_OK);
  cr_assert_eq(simple.offsets[0], 0);
  gli__frozen_free(frozen);
  gli__topology_free(topology);
  gli__topology_free(NULL);
  gli__frozen_free(NULL);
  gli__memory_free(memory);
}

Test(topology, directed_rows_keep_the_order_of_edges) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 4);
  join(topology, 0, 2);
  join(topology, 0, 1);
  join(topology, 3, 0);
  join(topology, 0, 0);
  join(topology, 0, 2);
  cr_assert_str_eq(live_row(topology, 0, false), "2:0 1:1 0:3 2:4");
  cr_assert_not(gli__topology_has_in_rows(topology));
  cr_assert_eq(gli__topology_need_in_rows(topology, NULL), GLI_OK);
  cr_assert_str_eq(live_row(topology, 0, true), "3:2 0:3");
  cr_assert_str_eq(live_row(topology, 2, true), "0:0 0:4");
  join(topology, 1, 2); /* the in rows go along */
  cr_assert_str_eq(live_row(topology, 2, true), "0:0 0:4 1:5");
  cr_assert_eq(gli__topology_find_edge(topology, 0, 2), 4, "the newest of two");
  cr_assert_eq(gli__topology_find_edge(topology, 2, 0), -1);
  cr_assert_eq(gli__topology_remove_edge(topology, 4, NULL), GLI_OK);
  cr_assert_eq(gli__topology_find_edge(topology, 0, 2), 0, "the older one is left");
  cr_assert_str_eq(live_row(topology, 0, false), "2:0 1:1 0:3");
  cr_assert_eq(gli__topology_row_length(topology, 0, false), 3);
  gli__topology_free(topology);
  gli__memory_free(memory);
}

Test(topology, undirected_loop_stands_once) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, false, 3);
  join(topology, 1, 1);
  join(topology, 2, 1);
  cr_assert_str_eq(live_row(topology, 1, false), "1:0 2:1");
  cr_assert_str_eq(live_row(topology, 2, true), "1:1");
  cr_assert(gli__topology_has_in_rows(topology));
  cr_assert_eq(gli__topology_find_edge(topology, 1, 2), 1);
  cr_assert_eq(gli__topology_find_edge(topology, 2, 1), 1);
  int32_t source, target;
  gli__topology_edge_ends(topology, 1, &source, &target);
  cr_assert(source == 2 && target == 1, "the ends stay as they were given");
  gli__frozen *frozen = NULL;
  cr_assert_eq(gli__topology_freeze(topology, &frozen, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_out_rows(frozen).entry_count, 3);
  gli__frozen_free(frozen);
  cr_assert_eq(gli__topology_remove_node(topology, 1, NULL), GLI_OK);
  cr_assert_eq(gli__topology_edge_count(topology), 0);
  cr_assert_eq(gli__topology_node_count(topology), 2);
  cr_assert_str_eq(live_row(topology, 2, false), "");
  gli__topology_free(topology);
  gli__memory_free(memory);
}

Test(topology, errors_change_nothing) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 3);
  join(topology, 0, 1);
  gli_error error = {0};
  cr_assert_eq(gli__topology_remove_edge(topology, 1, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_not_null(strstr(error.message, "slot 1"), "%s", error.message);
  cr_assert_eq(gli__topology_remove_edge(topology, -1, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli__topology_remove_node(topology, 3, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli__topology_add_nodes(topology, INT32_MAX, &error), GLI_ERROR_LIMIT);
  cr_assert_not_null(strstr(error.message, "2147483647"), "%s", error.message);
  int32_t sources[] = {0, 1, 7}, targets[] = {1, 2, 0};
  for (int simple = 0; simple < 2; ++simple) {
    cr_assert_eq(
        gli__topology_add_edges(topology, 3, sources, targets, simple, NULL, NULL, NULL, &error),
        GLI_ERROR_INVALID_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "sources[2] is 7"), "%s", error.message);
  }
  int64_t added = -1;
  cr_assert_eq(gli__topology_add_edges(topology, 0, NULL, NULL, true, NULL, &added, NULL, &error),
               GLI_OK);
  cr_assert_eq(added, 0);
  cr_assert_eq(gli__topology_add_edges(topology, INT64_C(4294967295), sources, targets, false, NULL,
                                       NULL, NULL, &error),
               GLI_ERROR_LIMIT);
  cr_assert_not_null(strstr(error.message, "4294967295"), "%s", error.message);
  cr_assert_eq(gli__topology_edge_limit(topology), 1);
  cr_assert_str_eq(live_row(topology, 0, false), "1:0");
  gli__topology_free(topology);
  gli__memory_free(memory);
}

Test(topology, frozen_from_edges) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__frozen *frozen = NULL;
  gli_error error = {0};
  int32_t sources[] = {2, 0, 2, 1, 1}, targets[] = {0, 1, 0, 1, 2};
  cr_assert_eq(gli__frozen_from_edges(memory, 3, 5, sources, targets, true, &frozen, &error),
               GLI_OK);
  cr_assert_str_eq(frozen_row(gli__frozen_out_rows(frozen), 2), "0:0 0:2");
  cr_assert_str_eq(frozen_row(gli__frozen_out_rows(frozen), 1), "1:3 2:4");
  gli_rows in;
  cr_assert_eq(gli__frozen_in_rows(frozen, &in, NULL), GLI_OK);
  cr_assert_str_eq(frozen_row(in, 0), "2:0 2:2");
  gli_simple_rows simple;
  cr_assert_eq(gli__frozen_simple_rows(frozen, &simple, NULL), GLI_OK);
  const int64_t offsets[] = {0, 2, 4, 6};
  const int32_t neighbors[] = {1, 2, 0, 2, 0, 1};
  cr_assert_arr_eq(simple.offsets, offsets, sizeof offsets);
  cr_assert_arr_eq(simple.neighbors, neighbors, sizeof neighbors);
  cr_assert_null(gli__frozen_node_bits(frozen));
  gli__frozen_free(gli__frozen_retain(frozen));
  gli__frozen_free(frozen);

  targets[3] = -1;
  cr_assert_eq(gli__frozen_from_edges(memory, 3, 5, sources, targets, true, &frozen, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "targets[3] is -1"), "%s", error.message);
  cr_assert_eq(gli__frozen_from_edges(memory, 0, 1, sources, targets, true, &frozen, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli__frozen_from_edges(memory, -1, 0, NULL, NULL, true, &frozen, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli__frozen_from_edges(memory, 1, -1, NULL, NULL, true, &frozen, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli__memory_free(memory);
}

/* What a snapshot holds is shared, not copied; and it is the writer's again when it is gone. */
Test(topology, snapshots_share) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 1000);
  for (int32_t k = 0; k < 5000; ++k)
    join(topology, k % 1000, k % 7);
  gli__frozen *first = NULL, *second = NULL;
  cr_assert_eq(gli__topology_freeze(topology, &first, NULL), GLI_OK);
  const gli_row *rows = gli__frozen_out_rows(first).rows;
  int64_t bytes = atomic_load(&memory->live_bytes);
  cr_assert_eq(gli__topology_freeze(topology, &second, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_out_rows(second).rows, rows);
  cr_assert_lt(atomic_load(&memory->live_bytes) - bytes, 512);
  join(topology, 3, 4);
  gli__frozen *third = NULL;
  cr_assert_eq(gli__topology_freeze(topology, &third, NULL), GLI_OK);
  cr_assert_neq(gli__frozen_out_rows(third).rows, rows, "records are cloned while others look");
  cr_assert_eq(gli__frozen_out_rows(third).rows[3].length, 6);
  cr_assert_eq(rows[3].length, 5);
  gli__frozen_free(first);
  gli__frozen_free(second);
  rows = gli__frozen_out_rows(third).rows;
  gli__frozen_free(third);
  join(topology, 3, 5);
  cr_assert_eq(gli__topology_freeze(topology, &third, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_out_rows(third).rows, rows, "in place when nobody else looks");
  gli__frozen_free(third);
  gli__topology_free(topology);
  gli__memory_free(memory);
}

/* In rows that a snapshot has built are kept up by the live graph from then on. */
Test(topology, in_rows_are_inherited) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 5);
  join(topology, 0, 4);
  join(topology, 1, 4);
  gli__frozen *first = NULL, *second = NULL;
  gli_rows rows, again;
  cr_assert_eq(gli__topology_freeze(topology, &first, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_in_rows(first, &rows, NULL), GLI_OK);
  cr_assert_eq(gli__topology_freeze(topology, &second, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_in_rows(second, &again, NULL), GLI_OK);
  cr_assert_eq(rows.rows, again.rows, "the same state, the same in rows");
  gli__frozen_free(second);
  cr_assert_not(gli__topology_has_in_rows(topology));
  join(topology, 2, 4);
  cr_assert(gli__topology_has_in_rows(topology));
  cr_assert_str_eq(live_row(topology, 4, true), "0:0 1:1 2:2");
  cr_assert_str_eq(frozen_row(rows, 4), "0:0 1:1");
  cr_assert_eq(gli__topology_freeze(topology, &second, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_in_rows(second, &again, NULL), GLI_OK);
  cr_assert_str_eq(frozen_row(again, 4), "0:0 1:1 2:2");
  gli__frozen_free(first);
  gli__frozen_free(second);
  gli__topology_free(topology);
  gli__memory_free(memory);
}

/* A bitmap made by the first removal grows with what is added afterwards. */
Test(topology, bitmaps_grow) {
  gli__memory *memory = gli__memory_create(NULL);
  for (int setting = 0; setting < 4; ++setting) {
    bool directed = setting < 2, prepared = setting % 2 == 1;
    gli__topology *topology = make(memory, directed, 0);
    for (int k = 0; k < 1500; ++k) { /* the records have room for 2,048 */
      cr_assert_eq(gli__topology_add_nodes(topology, 1, NULL), GLI_OK);
    }
    for (int32_t k = 0; k < 3000; ++k)
      join(topology, k % 1500, 0);
    cr_assert_null(gli__topology_node_bits(topology));
    if (prepared) {
      cr_assert_eq(gli__topology_prepare_removals(topology, true, NULL), GLI_OK);
      cr_assert_eq(gli__topology_node_count(topology), 1500);
    }
    cr_assert_eq(gli__topology_remove_node(topology, 7, NULL), GLI_OK);
    cr_assert_not(gli_bit(gli__topology_node_bits(topology), 7));
    cr_assert_not(gli_bit(gli__topology_edge_bits(topology), 1507));
    for (int32_t k = 1500; k < 20000; ++k) {
      cr_assert_eq(gli__topology_add_nodes(topology, 1, NULL), GLI_OK);
      join(topology, k, k - 1);
      gli__topology_prefetch_row(topology, k);
      gli__topology_prefetch_entries(topology, k);
    }
    for (int32_t k = 1500; k < 20000; ++k) {
      cr_assert(gli__topology_node_alive(topology, k));
      cr_assert(gli__topology_edge_alive(topology, 1500 + k));
    }
    cr_assert_eq(gli__topology_remove_node(topology, 19999, NULL), GLI_OK);
    cr_assert_eq(gli__topology_node_count(topology), 19998);
    gli__topology_free(topology);
  }
  gli__memory_free(memory);
}

/* Adding and removing for ever needs no more memory than the live edges. */
Test(topology, churn_does_not_grow) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, false, 64);
  gli_random random = gli_random_start(5, 0);
  int64_t settled = 0;
  for (int64_t round = 0; round < 60000; ++round) {
    join(topology, (int32_t)gli_random_below(&random, 64), (int32_t)gli_random_below(&random, 64));
    if (round >= 3000) {
      cr_assert_eq(gli__topology_remove_edge(topology, round - 3000, NULL), GLI_OK);
    }
    if (round % 500 == 0) {
      gli__frozen *frozen = NULL;
      cr_assert_eq(gli__topology_freeze(topology, &frozen, NULL), GLI_OK);
      gli__frozen_free(frozen);
    }
    if (round == 20000) settled = gli__topology_bytes(topology) - 20000 * 8;
  }
  /* The ends of removed edges stay until renumbering; the rows must not grow. */
  int64_t now = gli__topology_bytes(topology) - 60000 * 8;
  cr_assert_lt(now, settled + 40000 * 4, "%lld then, %lld now", (long long)settled, (long long)now);
  cr_assert(gli__topology_wants_renumbering(topology));
  gli__topology_free(topology);
  gli__memory_free(memory);
}

/* A hub gains and loses edges around the length where its row gets an index. */
Test(topology, long_rows_are_indexed_rightly) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__topology *topology = make(memory, true, 2000);
  model graph = model_new(true);
  model_add_nodes(&graph, 2000);
  gli_random random = gli_random_start(9, 0);
  for (int step = 0; step < 12000; ++step) {
    bool adding = gli_random_below(&random, 100) < (step / 1500 % 2 == 0 ? 70U : 30U);
    int32_t target = (int32_t)gli_random_below(&random, 400);
    if (adding) {
      cr_assert_eq(join(topology, 0, target), model_add_edge(&graph, 0, target));
    } else {
      int64_t slot = gli__topology_find_edge(topology, 0, target);
      cr_assert_eq(slot, model_find(&graph, 0, target));
      if (slot >= 0) {
        cr_assert_eq(gli__topology_remove_edge(topology, slot, NULL), GLI_OK);
        graph.edge_alive[slot] = false;
      }
    }
    if (step % 16 == 0) {
      join(topology, 0, target);
      gli__topology_remove_last_edge(topology);
    }
    cr_assert_eq(gli__topology_find_edge(topology, 0, target), model_find(&graph, 0, target));
  }
  model_check_live(&graph, topology);
  model_free(&graph);
  gli__topology_free(topology);
  gli__memory_free(memory);
}
