/* Dates, tuples, frozensets, bytes and big integers in matches and groups: equal as Python says.
 * Known equalities are those of CPython's datetime: aware times are equal when they are the same
 * instant, naive and aware ones never are; sets have no order; a dict's order does not count. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES = 18 };

static void must(gli_status status, const gli_error *error) {
  cr_assert_eq(status, GLI_OK, "%s", error->message);
}

static void add_time(gli_value_builder *to, int year, int hour, int zone, int64_t offset_hours) {
  gli_error error = {0};
  gli_datetime at = {.year = year, .month = 2, .day = 28, .hour = (uint8_t)hour};
  at.zone = (uint8_t)zone;
  if (zone == 1) at.offset_microseconds = offset_hours * INT64_C(3600000000);
  if (zone == 2) {
    at.zone_name = "Europe/Paris";
    at.zone_name_size_bytes = 12;
  }
  must(gli_value_builder_add_datetime(to, &at, &error), &error);
}

static void add_date(gli_value_builder *to, uint8_t day) {
  gli_error error = {0};
  const gli_datetime date = {.year = 2024, .month = 3, .day = day};
  must(gli_value_builder_add_date(to, &date, &error), &error);
}

static void add_ints(gli_value_builder *to, gli_nested_type container, int first, int second) {
  gli_error error = {0};
  const gli_value one = gli_value_int(first), two = gli_value_int(second);
  must(gli_value_builder_open(to, container, &error), &error);
  must(gli_value_builder_add(to, &one, &error), &error);
  must(gli_value_builder_add(to, &two, &error), &error);
  must(gli_value_builder_close(to, &error), &error);
}

/* Values by number. The class of each, by Python's ==, is in `classes`. */
static void build(gli_value_builder *to, int number) {
  static const uint8_t big[] = {0, 0, 0, 0, 0, 0, 0, 0, 1}; /* 2^64 */
  gli_error error = {0};
  const gli_value real = gli_value_float(0x1p64), text = gli_value_string("k");
  switch (number) {
    case 0:
      add_time(to, 2024, 12, 1, 2);
      break;
    case 1:
      add_time(to, 2024, 10, 1, 0);
      break;
    case 2:
      add_time(to, 2024, 12, 0, 0);
      break;
    case 3:
      add_time(to, 2024, 12, 2, 0);
      break;
    case 4:
      add_time(to, 1900, 12, 1, 2);
      break;
    case 5:
      add_date(to, 1);
      break;
    case 6:
      add_date(to, 2);
      break;
    case 7:
      add_ints(to, GLI_NESTED_TUPLE, 1, 2);
      break;
    case 8:
      add_ints(to, GLI_NESTED_TUPLE, 2, 1);
      break;
    case 9:
      add_ints(to, GLI_NESTED_FROZENSET, 1, 2);
      break;
    case 10:
      add_ints(to, GLI_NESTED_FROZENSET, 2, 1);
      break;
    case 11:
      must(gli_value_builder_add_bytes(to, "ab", 2, &error), &error);
      break;
    case 12:
      must(gli_value_builder_add_bytes(to, "ac", 2, &error), &error);
      break;
    case 13:
      must(gli_value_builder_add_bigint(to, big, sizeof big, &error), &error);
      break;
    case 14:
      must(gli_value_builder_add(to, &real, &error), &error);
      break;
    case 15: /* the tuple of a time, at another offset than in 16 */
    case 16:
      must(gli_value_builder_open(to, GLI_NESTED_TUPLE, &error), &error);
      must(gli_value_builder_add(to, &text, &error), &error);
      add_time(to, 2024, number == 15 ? 12 : 10, 1, number == 15 ? 2 : 0);
      must(gli_value_builder_close(to, &error), &error);
      break;
    default:
      must(gli_value_builder_add(to, &text, &error), &error);
      break;
  }
}
static const int classes[VALUES] = {0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 9, 11, 12, 13, 13, 15, 15, 17};

typedef struct scene {
  gli_value_builder *builders[VALUES];
  gli_value values[VALUES];
  gli_graph *graph;
  gli_snapshot *snapshot;
  gli_key key;
} scene;

static scene open_scene(void) {
  scene made = {.graph = NULL};
  gli_error error = {0};
  must(gli_graph_create(NULL, &made.graph, &error), &error);
  must(gli_graph_key(made.graph, "x", 1, &made.key, &error), &error);
  for (int k = 0; k < VALUES; k++) {
    must(gli_value_builder_create(NULL, &made.builders[k], &error), &error);
    build(made.builders[k], k);
    must(gli_value_builder_finish(made.builders[k], &made.values[k], &error), &error);
    const gli_id id = gli_id_int(k);
    const gli_attribute attribute = {made.key, made.values[k]};
    must(gli_graph_add_node(made.graph, &id, &attribute, 1, NULL, &error), &error);
  }
  must(gli_graph_snapshot(made.graph, &made.snapshot, &error), &error);
  return made;
}

static void close_scene(scene *of) {
  for (int k = 0; k < VALUES; k++)
    gli_value_builder_free(of->builders[k]);
  gli_snapshot_free(of->snapshot);
  gli_graph_free(of->graph);
}

Test(nested_values, match) {
  scene on = open_scene();
  for (int k = 0; k < VALUES; k++) {
    const gli_attribute wanted = {on.key, on.values[k]};
    gli_positions found;
    gli_error error = {0};
    must(gli_snapshot_match(on.snapshot, GLI_NODES, &wanted, 1, NULL, &found, &error), &error);
    int64_t at = 0;
    for (int j = 0; j < VALUES; j++) {
      if (classes[j] != classes[k]) continue;
      cr_assert_lt(at, found.count, "value %d is not found by %d", j, k);
      cr_assert_eq(found.positions[at++], j, "searching %d", k);
    }
    cr_assert_eq(at, found.count, "value %d finds too much", k);
    gli_positions_free(&found);
  }
  close_scene(&on);
}

Test(nested_values, group) {
  scene on = open_scene();
  gli_groups groups;
  gli_error error = {0};
  must(gli_snapshot_group(on.snapshot, GLI_NODES, on.key, GLI_KEY_NONE, GLI_MEMBERS, NULL, &groups,
                          &error),
       &error);
  int64_t count = 0;
  for (int k = 0; k < VALUES; k++) {
    if (classes[k] != k) continue; /* the first of its class */
    cr_assert_lt(count, groups.count);
    int64_t at = groups.offsets[count];
    for (int j = 0; j < VALUES; j++) {
      if (classes[j] == k) cr_assert_eq(groups.members[at++], j, "class %d", k);
    }
    cr_assert_eq(at, groups.offsets[++count], "class %d", k);
  }
  cr_assert_eq(groups.count, count);
  gli_groups_free(&groups);
  close_scene(&on);
}

/* A list, dict or set is no key, as in Python. */
Test(nested_values, keys_that_cannot_be) {
  static const gli_nested_type kinds[] = {GLI_NESTED_LIST, GLI_NESTED_SET, GLI_NESTED_DICT};
  for (size_t k = 0; k < 3; k++) {
    scene on = open_scene();
    gli_value_builder *builder = NULL;
    gli_value value;
    gli_groups groups;
    gli_error error = {0};
    must(gli_value_builder_create(NULL, &builder, &error), &error);
    add_ints(builder, kinds[k], 1, 2);
    must(gli_value_builder_finish(builder, &value, &error), &error);
    const gli_id id = gli_id_int(5);
    const gli_attribute attribute = {on.key, value};
    must(gli_graph_update_node(on.graph, &id, &attribute, 1, &error), &error);
    gli_snapshot_free(on.snapshot);
    must(gli_graph_snapshot(on.graph, &on.snapshot, &error), &error);
    cr_assert_eq(gli_snapshot_group(on.snapshot, GLI_NODES, on.key, GLI_KEY_NONE, GLI_COUNT, NULL,
                                    &groups, &error),
                 GLI_ERROR_TYPE);
    cr_assert(strstr(error.message, "'x'") != NULL, "%s", error.message);
    gli_value_builder_free(builder);
    close_scene(&on);
  }
}
