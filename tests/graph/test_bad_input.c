/* The bad-input table of the C interface. Every row is a call that must be refused: it returns the
 * status that graph.h promises, its message names what was given, and a full dump of the graph
 * (ids, attributes, edges, rows of both sides, names, version, counters) is the same before and
 * after. Nothing is kept: an allocator counts the bytes. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "support/failing_allocator.h"

/* --- a graph, and all that can be seen of it ---------------------------------------------------
 */

typedef struct scene {
  failing_allocator counting;
  gli_allocator allocator;
  gli_graph *graph;
  gli_key weight, name;
} scene;

static gli_edge_id join(gli_graph *graph, const char *from, const char *to, gli_key key,
                        gli_value value) {
  gli_error error = {0};
  gli_edge_id edge = GLI_EDGE_NONE;
  const gli_id source = gli_id_string(from), target = gli_id_string(to);
  const gli_attribute attribute = {key, value};
  must(gli_graph_add_edge(graph, &source, &target, &attribute, 1, &edge, &error), &error);
  return edge;
}

/* ann -> bob -> cid -> ann, a loop at cid, dan alone, eve removed; ids 7 and "7". */
static void open_scene(scene *of, bool directed, bool multigraph) {
  memset(of, 0, sizeof *of);
  of->counting.fail_at = -1;
  of->allocator = failing_allocator_table(&of->counting);
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {0};
  options.directed = directed;
  options.multigraph = multigraph;
  options.allocator = &of->allocator;
  must(gli_graph_create(&options, &of->graph, &error), &error);
  must(gli_graph_key(of->graph, "weight", 6, &of->weight, &error), &error);
  must(gli_graph_key(of->graph, "name", 4, &of->name, &error), &error);
  const gli_id seven = gli_id_int(7);
  const gli_attribute attribute = {of->name, gli_value_string("sieben")};
  must(gli_graph_add_node(of->graph, &seven, &attribute, 1, NULL, &error), &error);
  join(of->graph, "ann", "bob", of->weight, gli_value_float(2.5));
  join(of->graph, "bob", "cid", of->weight, gli_value_int(1));
  join(of->graph, "cid", "ann", of->weight, gli_value_bool(true));
  join(of->graph, "cid", "cid", of->weight, gli_value_null());
  join(of->graph, "7", "ann", of->weight, gli_value_float(4));
  join(of->graph, "eve", "bob", of->weight, gli_value_float(9));
  const gli_id dan = gli_id_string("dan"), eve = gli_id_string("eve");
  must(gli_graph_add_node(of->graph, &dan, NULL, 0, NULL, &error), &error);
  must(gli_graph_remove_node(of->graph, &eve, &error), &error);
}

static void close_scene(scene *of) {
  gli_graph_free(of->graph);
  cr_assert_eq(atomic_load(&of->counting.live_bytes), 0);
}

/* --- the table ----------------------------------------------------------------------------------
 */

typedef gli_status (*bad_call)(scene *of, gli_error *error);

typedef struct bad_row {
  const char *what;
  bad_call call;
  gli_status status;
  const char *words; /* in the message */
} bad_row;

static void refuse(const bad_row *row, bool directed, bool multigraph) {
  scene of;
  gli_error error = {0};
  open_scene(&of, directed, multigraph);
  char *before = dump(of.graph);
  const gli_status status = row->call(&of, &error);
  cr_assert_eq(status, row->status, "%s: status %s, '%s'", row->what, gli_status_text(status),
               error.message);
  cr_assert_eq(error.status, row->status, "%s", row->what);
  cr_assert(strstr(error.message, row->words) != NULL, "%s: '%s' does not say '%s'", row->what,
            error.message, row->words);
  cr_assert_null(strchr(error.message, '\n'), "%s: more than one line", row->what);
  char *after = dump(of.graph);
  cr_assert_str_eq(before, after, "%s changed the graph", row->what);
  cr_assert_eq(row->call(&of, NULL), row->status, "%s without an error to write", row->what);
  free(before);
  free(after);
  close_scene(&of);
}

static void refuse_all(const bad_row *rows, size_t count) {
  for (size_t k = 0; k < count; k++) {
    for (int kind = 0; kind < 4; kind++)
      refuse(&rows[k], kind % 2 == 0, kind / 2 == 0);
  }
}
#define REFUSE_ALL(rows) refuse_all(rows, sizeof(rows) / sizeof(rows)[0])

/* --- ids ----------------------------------------------------------------------------------------
 */

static gli_status add_named(scene *of, const gli_id *id, gli_error *error) {
  const gli_attribute attribute = {of->name, gli_value_int(1)};
  return gli_graph_add_node(of->graph, id, &attribute, 1, NULL, error);
}
static gli_status add_text(scene *of, const char *bytes, uint32_t size, gli_error *error) {
  const gli_id id = gli_id_text(bytes, size);
  return add_named(of, &id, error);
}
static gli_status truncated(scene *of, gli_error *error) {
  return add_text(of, "a\xc3", 2, error);
}
static gli_status overlong(scene *of, gli_error *error) {
  return add_text(of, "\xc0\xaf", 2, error);
}
static gli_status surrogate(scene *of, gli_error *error) {
  return add_text(of, "x\xed\xa0\x80", 4, error);
}
static gli_status beyond_unicode(scene *of, gli_error *error) {
  return add_text(of, "\xf4\x90\x80\x80", 4, error);
}
static gli_status stray(scene *of, gli_error *error) {
  return add_text(of, "\x80", 1, error);
}
static gli_status long_bad(scene *of, gli_error *error) {
  char bytes[300];
  memset(bytes, 'n', sizeof bytes);
  bytes[250] = (char)0xff;
  return add_text(of, bytes, sizeof bytes, error);
}
static gli_status null_text(scene *of, gli_error *error) {
  return add_text(of, NULL, 4, error);
}
static gli_status no_kind(scene *of, gli_error *error) {
  gli_id id = gli_id_int(3);
  id.kind = 2;
  return add_named(of, &id, error);
}
static gli_status bad_source(scene *of, gli_error *error) {
  const gli_id bad = gli_id_text("\xff", 1), ann = gli_id_string("new");
  return gli_graph_add_edge(of->graph, &bad, &ann, NULL, 0, NULL, error);
}
static gli_status bad_target(scene *of, gli_error *error) {
  const gli_id bad = gli_id_text("\xff", 1), ann = gli_id_string("new");
  return gli_graph_add_edge(of->graph, &ann, &bad, NULL, 0, NULL, error);
}
static gli_status null_source(scene *of, gli_error *error) {
  const gli_id ann = gli_id_string("new");
  return gli_graph_add_edge(of->graph, NULL, &ann, NULL, 0, NULL, error);
}
static gli_status null_target(scene *of, gli_error *error) {
  const gli_id ann = gli_id_string("new");
  return gli_graph_add_edge(of->graph, &ann, NULL, NULL, 0, NULL, error);
}
static gli_status null_update(scene *of, gli_error *error) {
  return gli_graph_update_node(of->graph, NULL, NULL, 0, error);
}

Test(bad_input, ids) {
  const bad_row rows[] = {
      {"truncated UTF-8", truncated, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"overlong UTF-8", overlong, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"a lone surrogate", surrogate, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"beyond U+10FFFF", beyond_unicode, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"a stray continuation byte", stray, GLI_ERROR_INVALID_ARGUMENT, "1 bytes"},
      {"a bad byte far in a long id", long_bad, GLI_ERROR_INVALID_ARGUMENT, "300 bytes"},
      {"text at NULL", null_text, GLI_ERROR_INVALID_ARGUMENT, "NULL"},
      {"an unknown kind", no_kind, GLI_ERROR_INVALID_ARGUMENT, "2"},
      {"a bad source", bad_source, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"a bad target", bad_target, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"no source", null_source, GLI_ERROR_INVALID_ARGUMENT, "source"},
      {"no target", null_target, GLI_ERROR_INVALID_ARGUMENT, "target"},
      {"an update of no node", null_update, GLI_ERROR_INVALID_ARGUMENT, "NULL"},
  };
  REFUSE_ALL(rows);
}

/* --- unknown nodes and edges ---------------------------------------------------------------------
 */

static gli_status update_unknown(scene *of, gli_error *error) {
  const gli_id id = gli_id_string("zoe");
  const gli_attribute attribute = {of->name, gli_value_int(1)};
  return gli_graph_update_node(of->graph, &id, &attribute, 1, error);
}
static gli_status update_removed(scene *of, gli_error *error) {
  const gli_id id = gli_id_string("eve");
  return gli_graph_update_node(of->graph, &id, NULL, 0, error);
}
static gli_status remove_unknown(scene *of, gli_error *error) {
  const gli_id id = gli_id_int(8);
  return gli_graph_remove_node(of->graph, &id, error);
}
static gli_status find_unknown(scene *of, gli_error *error) {
  gli_serial serial = 5;
  const gli_id id = gli_id_int(-8);
  const gli_status status = gli_graph_find_node(of->graph, &id, &serial, error);
  cr_assert_eq(serial, 5, "an output of a failed call");
  return status;
}
static gli_status value_unknown(scene *of, gli_error *error) {
  gli_value value;
  const gli_id id = gli_id_string("zoe");
  return gli_graph_node_value(of->graph, &id, of->name, &value, error);
}
static gli_status value_of_removed(scene *of, gli_error *error) {
  gli_value value;
  return gli_graph_value(of->graph, GLI_NODES, 5, of->name, &value, error); /* eve */
}
static gli_status value_of_no_edge(scene *of, gli_error *error) {
  gli_value value;
  return gli_graph_value(of->graph, GLI_EDGES, INT64_MAX, of->name, &value, error);
}
static gli_status update_of_no_serial(scene *of, gli_error *error) {
  const gli_attribute attribute = {of->name, gli_value_int(1)};
  return gli_graph_update(of->graph, GLI_NODES, -1, &attribute, 1, error);
}
static gli_status update_of_removed_edge(scene *of, gli_error *error) {
  const gli_attribute attribute = {of->name, gli_value_int(1)};
  return gli_graph_update(of->graph, GLI_EDGES, 5, &attribute, 1, error);
}
static gli_status no_side(scene *of, gli_error *error) {
  const gli_attribute attribute = {of->name, gli_value_int(1)};
  return gli_graph_update(of->graph, (gli_side)2, 0, &attribute, 1, error);
}
static gli_status attributes_of_removed(scene *of, gli_error *error) {
  size_t count = 0;
  return gli_graph_attributes(of->graph, GLI_NODES, 5, NULL, 0, &count, error);
}
static gli_status id_of_removed(scene *of, gli_error *error) {
  gli_id id;
  return gli_graph_node_id(of->graph, 5, &id, error);
}
static gli_status remove_no_edge(scene *of, gli_error *error) {
  return gli_graph_remove_edge(of->graph, 5, error);
}
static gli_status remove_negative_edge(scene *of, gli_error *error) {
  return gli_graph_remove_edge(of->graph, INT64_MIN, error);
}
static gli_status get_no_edge(scene *of, gli_error *error) {
  gli_edge edge;
  return gli_graph_get_edge(of->graph, 77, &edge, error);
}
static gli_status find_no_edge(scene *of, gli_error *error) {
  gli_edge_id edge = 3;
  const gli_id dan = gli_id_string("dan"), zoe = gli_id_string("zoe");
  const gli_status status = gli_graph_find_edge(of->graph, &dan, &zoe, &edge, error);
  cr_assert_eq(edge, 3);
  return status;
}
static bool never(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  (void)neighbor, (void)index, (void)edge;
  *(bool *)context = true;
  return true;
}
static gli_status row_of_unknown(scene *of, gli_error *error) {
  bool called = false;
  const gli_id id = gli_id_string("zoe");
  const gli_status status = gli_graph_visit_row(of->graph, &id, GLI_OUT, never, &called, error);
  cr_assert(!called);
  return status;
}
static gli_status no_direction(scene *of, gli_error *error) {
  int64_t degree = 0;
  const gli_id id = gli_id_string("ann");
  return gli_graph_degree(of->graph, &id, (gli_direction)3, &degree, error);
}
static gli_status no_row_direction(scene *of, gli_error *error) {
  bool called = false;
  const gli_id id = gli_id_string("ann");
  return gli_graph_visit_row(of->graph, &id, (gli_direction)-1, never, &called, error);
}
static gli_status no_visitor(scene *of, gli_error *error) {
  const gli_id id = gli_id_string("ann");
  return gli_graph_visit_row(of->graph, &id, GLI_OUT, NULL, NULL, error);
}

Test(bad_input, unknown) {
  const bad_row rows[] = {
      {"update of an unknown node", update_unknown, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"update of a removed node", update_removed, GLI_ERROR_NODE_NOT_FOUND, "eve"},
      {"removal of an unknown node", remove_unknown, GLI_ERROR_NODE_NOT_FOUND, "8"},
      {"search of an unknown node", find_unknown, GLI_ERROR_NODE_NOT_FOUND, "-8"},
      {"value of an unknown node", value_unknown, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"value of a removed node", value_of_removed, GLI_ERROR_NODE_NOT_FOUND, "5"},
      {"value of an unknown edge", value_of_no_edge, GLI_ERROR_EDGE_NOT_FOUND,
       "9223372036854775807"},
      {"update of no serial", update_of_no_serial, GLI_ERROR_NODE_NOT_FOUND, "-1"},
      {"update of a removed edge", update_of_removed_edge, GLI_ERROR_EDGE_NOT_FOUND, "5"},
      {"an unknown side", no_side, GLI_ERROR_INVALID_ARGUMENT, "side is 2"},
      {"attributes of a removed node", attributes_of_removed, GLI_ERROR_NODE_NOT_FOUND, "5"},
      {"id of a removed node", id_of_removed, GLI_ERROR_NODE_NOT_FOUND, "5"},
      {"removal of a removed edge", remove_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "5"},
      {"removal of a negative edge", remove_negative_edge, GLI_ERROR_EDGE_NOT_FOUND, "-9223"},
      {"an unknown edge", get_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "77"},
      {"an unknown pair", find_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "dan"},
      {"the row of an unknown node", row_of_unknown, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"a degree in no direction", no_direction, GLI_ERROR_INVALID_ARGUMENT, "direction is 3"},
      {"a row in no direction", no_row_direction, GLI_ERROR_INVALID_ARGUMENT, "direction is -1"},
      {"no visitor", no_visitor, GLI_ERROR_INVALID_ARGUMENT, "visitor"},
  };
  REFUSE_ALL(rows);
}

/* --- attributes and names ------------------------------------------------------------------------
 */

static gli_status add_with(scene *of, gli_key key, gli_value value, gli_error *error) {
  const gli_id id = gli_id_string("new");
  const gli_attribute attributes[] = {{of->name, gli_value_int(1)}, {key, value}};
  return gli_graph_add_node(of->graph, &id, attributes, 2, NULL, error);
}
static gli_status no_key(scene *of, gli_error *error) {
  return add_with(of, 99, gli_value_int(1), error);
}
static gli_status no_type(scene *of, gli_error *error) {
  gli_value value = gli_value_int(1);
  value.type = 77;
  return add_with(of, of->weight, value, error);
}
static gli_status text_at_null(scene *of, gli_error *error) {
  return add_with(of, of->weight, gli_value_text(NULL, 9), error);
}
static gli_status nested_at_null(scene *of, gli_error *error) {
  return add_with(of, of->weight, gli_value_nested(NULL, 9), error);
}
static gli_status attributes_at_null(scene *of, gli_error *error) {
  const gli_id id = gli_id_string("ann");
  return gli_graph_update_node(of->graph, &id, NULL, 3, error);
}
static gli_status edge_with_no_key(scene *of, gli_error *error) {
  const gli_id ann = gli_id_string("ann"), fay = gli_id_string("fay");
  const gli_attribute attribute = {GLI_KEY_NONE, gli_value_int(1)};
  return gli_graph_add_edge(of->graph, &ann, &fay, &attribute, 1, NULL, error);
}
static gli_status name_key(scene *of, const char *name, size_t size, gli_error *error) {
  gli_key key = 1234;
  const gli_status status = gli_graph_key(of->graph, name, size, &key, error);
  cr_assert_eq(key, 1234);
  return status;
}
static gli_status empty_name(scene *of, gli_error *error) {
  return name_key(of, "", 0, error);
}
static gli_status nul_in_name(scene *of, gli_error *error) {
  return name_key(of, "a\0b", 3, error);
}
static gli_status bad_name(scene *of, gli_error *error) {
  return name_key(of, "a\xff", 2, error);
}
static gli_status surrogate_name(scene *of, gli_error *error) {
  return name_key(of, "\xed\xb0\x80", 3, error);
}

Test(bad_input, attributes) {
  const bad_row rows[] = {
      {"an unknown key", no_key, GLI_ERROR_INVALID_ARGUMENT, "attributes[1].key is 99"},
      {"an unknown type", no_type, GLI_ERROR_TYPE, "77"},
      {"text at NULL", text_at_null, GLI_ERROR_INVALID_ARGUMENT, "attributes[1]"},
      {"nested at NULL", nested_at_null, GLI_ERROR_INVALID_ARGUMENT, "9 bytes at NULL"},
      {"attributes at NULL", attributes_at_null, GLI_ERROR_INVALID_ARGUMENT,
       "attribute_count is 3"},
      {"an edge with no key", edge_with_no_key, GLI_ERROR_INVALID_ARGUMENT, "4294967295"},
      {"an empty name", empty_name, GLI_ERROR_INVALID_ARGUMENT, "empty"},
      {"NUL in a name", nul_in_name, GLI_ERROR_INVALID_ARGUMENT, "NUL"},
      {"a name that is not UTF-8", bad_name, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"a surrogate in a name", surrogate_name, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
  };
  REFUSE_ALL(rows);
}

/* Attributes may be called as parameters and fields are: names are only names. */
Test(bad_input, names_of_parameters) {
  scene of;
  gli_error error = {0};
  open_scene(&of, true, false);
  const char *names[] = {"id",   "source",  "target", "weight", "graph",
                         "NULL", "damping", "self",   " "};
  const gli_id ann = gli_id_string("ann");
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    gli_attribute attribute = {0, gli_value_int((int64_t)k)};
    must(gli_graph_key(of.graph, names[k], strlen(names[k]), &attribute.key, &error), &error);
    must(gli_graph_update_node(of.graph, &ann, &attribute, 1, &error), &error);
    gli_value found;
    must(gli_graph_node_value(of.graph, &ann, attribute.key, &found, &error), &error);
    cr_assert_eq(found.as.integer, (int64_t)k);
  }
  close_scene(&of);
}

/* --- many at once
 * ---------------------------------------------------------------------------------- */

static gli_status add_count(scene *of, int64_t count, gli_error *error) {
  return gli_graph_add_nodes(of->graph, count, NULL, NULL, NULL, 0, NULL, NULL, error);
}
static gli_status negative_count(scene *of, gli_error *error) {
  return add_count(of, -1, error);
}
static gli_status too_many_nodes(scene *of, gli_error *error) {
  return add_count(of, INT64_C(1) << 31, error);
}
static gli_status far_too_many_nodes(scene *of, gli_error *error) {
  return add_count(of, INT64_MAX, error);
}
static const int64_t ints[3] = {1, 2, 3};
static gli_status too_many_ints(scene *of, gli_error *error) {
  /* The array is shorter: the count must be refused before it is read. */
  return gli_graph_add_nodes(of->graph, INT64_C(1) << 31, NULL, ints, NULL, 0, NULL, NULL, error);
}
static gli_status both_ids(scene *of, gli_error *error) {
  const gli_id ids[3] = {gli_id_int(1), gli_id_int(2), gli_id_int(3)};
  return gli_graph_add_nodes(of->graph, 3, ids, ints, NULL, 0, NULL, NULL, error);
}
static gli_status bad_last_id(scene *of, gli_error *error) {
  const gli_id ids[3] = {gli_id_int(1), gli_id_int(2), gli_id_text("\xff", 1)};
  return gli_graph_add_nodes(of->graph, 3, ids, NULL, NULL, 0, NULL, NULL, error);
}
static gli_status column(scene *of, gli_bulk_column column, gli_error *error) {
  return gli_graph_add_nodes(of->graph, 3, NULL, ints, &column, 1, NULL, NULL, error);
}
static gli_status column_at_null(scene *of, gli_error *error) {
  return column(of, (gli_bulk_column){of->name, GLI_VALUE_INT64, NULL}, error);
}
static gli_status column_of_no_type(scene *of, gli_error *error) {
  return column(of, (gli_bulk_column){of->name, GLI_VALUE_STRING, ints}, error);
}
static gli_status column_of_no_key(scene *of, gli_error *error) {
  return column(of, (gli_bulk_column){55, GLI_VALUE_INT64, ints}, error);
}
static gli_status column_with_bad_last(scene *of, gli_error *error) {
  gli_value values[3] = {gli_value_int(1), gli_value_null(), gli_value_int(3)};
  values[2].type = 200;
  return column(of, (gli_bulk_column){of->name, GLI_VALUE_NESTED, values}, error);
}
static gli_status columns_at_null(scene *of, gli_error *error) {
  return gli_graph_add_nodes(of->graph, 3, NULL, ints, NULL, 2, NULL, NULL, error);
}
static gli_status add_pairs(scene *of, int64_t count, const int64_t *sources,
                            const int64_t *targets, gli_error *error) {
  return gli_graph_add_edges(of->graph, count, NULL, NULL, sources, targets, NULL, 0, NULL, NULL,
                             NULL, error);
}
static gli_status negative_pairs(scene *of, gli_error *error) {
  return add_pairs(of, INT64_MIN, ints, ints, error);
}
static gli_status too_many_pairs(scene *of, gli_error *error) {
  return add_pairs(of, INT64_C(1) << 32, ints, ints, error);
}
static gli_status no_targets(scene *of, gli_error *error) {
  return add_pairs(of, 3, ints, NULL, error);
}
static gli_status bad_last_end(scene *of, gli_error *error) {
  const gli_id from[2] = {gli_id_int(1), gli_id_int(2)};
  const gli_id to[2] = {gli_id_int(1), gli_id_text("\xed\xa0\x80", 3)};
  return gli_graph_add_edges(of->graph, 2, from, to, NULL, NULL, NULL, 0, NULL, NULL, NULL, error);
}
static gli_status find_negative(scene *of, gli_error *error) {
  gli_serial serial;
  return gli_graph_find_nodes(of->graph, -5, NULL, ints, &serial, error);
}
static gli_status find_nothing(scene *of, gli_error *error) {
  return gli_graph_find_nodes(of->graph, 3, NULL, ints, NULL, error);
}
static gli_status find_half(scene *of, gli_error *error) {
  gli_edge_id edges[3];
  return gli_graph_find_edges(of->graph, 3, NULL, NULL, ints, NULL, edges, error);
}
static gli_status values_negative(scene *of, gli_error *error) {
  gli_value value;
  return gli_graph_values(of->graph, GLI_NODES, -1, ints, of->name, &value, error);
}

Test(bad_input, many) {
  const bad_row rows[] = {
      {"-1 nodes", negative_count, GLI_ERROR_INVALID_ARGUMENT, "count is -1"},
      {"2^31 nodes", too_many_nodes, GLI_ERROR_LIMIT, "2147483648"},
      {"2^63 - 1 nodes", far_too_many_nodes, GLI_ERROR_LIMIT, "9223372036854775807"},
      {"2^31 named nodes", too_many_ints, GLI_ERROR_LIMIT, "2147483648"},
      {"ids of both kinds", both_ids, GLI_ERROR_INVALID_ARGUMENT, "int_ids"},
      {"the last id is bad", bad_last_id, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"a column at NULL", column_at_null, GLI_ERROR_INVALID_ARGUMENT, "columns[0].data"},
      {"a column of no type", column_of_no_type, GLI_ERROR_TYPE, "columns[0].type"},
      {"a column of no key", column_of_no_key, GLI_ERROR_INVALID_ARGUMENT, "columns[0].key is 55"},
      {"a column's last value", column_with_bad_last, GLI_ERROR_TYPE, "columns[0].data[2]"},
      {"columns at NULL", columns_at_null, GLI_ERROR_INVALID_ARGUMENT, "column_count is 2"},
      {"negative pairs", negative_pairs, GLI_ERROR_INVALID_ARGUMENT, "count is -9223"},
      {"2^32 pairs", too_many_pairs, GLI_ERROR_LIMIT, "4294967296"},
      {"no targets", no_targets, GLI_ERROR_INVALID_ARGUMENT, "targets"},
      {"the last end is bad", bad_last_end, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"search of -5 nodes", find_negative, GLI_ERROR_INVALID_ARGUMENT, "count is -5"},
      {"nowhere for answers", find_nothing, GLI_ERROR_INVALID_ARGUMENT, "answers"},
      {"half of the pairs", find_half, GLI_ERROR_INVALID_ARGUMENT, "complete"},
      {"values of -1 nodes", values_negative, GLI_ERROR_INVALID_ARGUMENT, "count is -1"},
  };
  REFUSE_ALL(rows);
}

/* Being asked for 2^31 nodes takes no memory: no byte is asked for before the count is looked at.
 */
Test(bad_input, limits_take_no_memory) {
  scene of;
  open_scene(&of, true, false);
  const int64_t counts[] = {INT64_C(1) << 31, INT64_C(1) << 40, INT64_MAX / 16, INT64_MAX};
  const int64_t before = atomic_load(&of.counting.live_bytes);
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    atomic_store(&of.counting.calls, 0);
    cr_assert_eq(add_count(&of, counts[k], NULL), GLI_ERROR_LIMIT);
    cr_assert_eq(atomic_load(&of.counting.calls), 0, "memory was asked for");
    cr_assert_eq(atomic_load(&of.counting.live_bytes), before);
  }
  close_scene(&of);
}

/* The last automatic id: after 2^63 - 1 was used there is none above. */
static gli_status automatic(scene *of, gli_error *error) {
  return gli_graph_add_node(of->graph, NULL, NULL, 0, NULL, error);
}
static gli_status automatic_many(scene *of, gli_error *error) {
  return add_count(of, 2, error);
}
Test(bad_input, automatic_ids_run_out) {
  scene of;
  gli_error error = {0};
  open_scene(&of, true, false);
  const gli_id last = gli_id_int(INT64_MAX);
  must(gli_graph_add_node(of.graph, &last, NULL, 0, NULL, &error), &error);
  char *before = dump(of.graph);
  cr_assert_eq(automatic(&of, &error), GLI_ERROR_LIMIT);
  cr_assert(strstr(error.message, "2^63 - 1") != NULL, "%s", error.message);
  cr_assert_eq(automatic_many(&of, &error), GLI_ERROR_LIMIT);
  cr_assert(strstr(error.message, "2 automatic ids") != NULL, "%s", error.message);
  char *after = dump(of.graph);
  cr_assert_str_eq(before, after);
  free(before);
  free(after);
  close_scene(&of);
}

/* --- batches: bad arguments fail at their call and stage nothing
 * ------------------------------------ */

static gli_status in_batch(scene *of, gli_status (*call)(gli_batch *, scene *, gli_error *),
                           gli_error *error) {
  gli_batch *batch = NULL;
  gli_error ignored = {0};
  must(gli_batch_begin(of->graph, &batch, &ignored), &ignored);
  const int64_t nodes = gli_batch_node_count(batch), edges = gli_batch_edge_count(batch);
  const gli_status status = call(batch, of, error);
  cr_assert_eq(gli_batch_node_count(batch), nodes, "a failed call staged nodes");
  cr_assert_eq(gli_batch_edge_count(batch), edges, "a failed call staged edges");
  gli_batch_discard(batch);
  return status;
}
#define BATCH_ROW(row, ...)                                                     \
  static gli_status row##_call(gli_batch *batch, scene *of, gli_error *error) { \
    const gli_id zoe = gli_id_string("zoe"), bad = gli_id_text("\xff", 1);      \
    const gli_attribute attribute = {of->name, gli_value_int(1)};               \
    const gli_attribute foreign = {1000, gli_value_int(1)};                     \
    (void)zoe, (void)bad, (void)attribute, (void)foreign;                       \
    return __VA_ARGS__;                                                         \
  }                                                                             \
  static gli_status row(scene *of, gli_error *error) {                          \
    return in_batch(of, row##_call, error);                                     \
  }

BATCH_ROW(batch_bad_id, gli_batch_add_node(batch, &bad, &attribute, 1, NULL, error))
BATCH_ROW(batch_bad_key, gli_batch_add_node(batch, &zoe, &foreign, 1, NULL, error))
BATCH_ROW(batch_bad_end, gli_batch_add_edge(batch, &zoe, &bad, &attribute, 1, NULL, error))
BATCH_ROW(batch_edge_key, gli_batch_add_edge(batch, &zoe, &zoe, &foreign, 1, NULL, error))
BATCH_ROW(batch_null_end, gli_batch_add_edge(batch, &zoe, NULL, &attribute, 1, NULL, error))
BATCH_ROW(batch_update_unknown, gli_batch_update_node(batch, &zoe, &attribute, 1, error))
BATCH_ROW(batch_update_no_edge, gli_batch_update_edge(batch, 5, &attribute, 1, error))
BATCH_ROW(batch_remove_unknown, gli_batch_remove_node(batch, &zoe, error))
BATCH_ROW(batch_remove_no_edge, gli_batch_remove_edge(batch, 99, error))
BATCH_ROW(batch_get_no_edge, gli_batch_get_edge(batch, 99, &(gli_edge){0}, error))
BATCH_ROW(batch_find_no_edge, gli_batch_find_edge(batch, &zoe, &zoe, &(gli_edge_id){0}, error))
BATCH_ROW(batch_no_node,
          gli_batch_node_attributes(batch, &zoe, &(gli_attribute){0}, 1, &(size_t){0}, error))
BATCH_ROW(batch_no_edge,
          gli_batch_edge_attributes(batch, -7, &(gli_attribute){0}, 1, &(size_t){0}, error))

Test(bad_input, batches) {
  const bad_row rows[] = {
      {"a bad id", batch_bad_id, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"an unknown key", batch_bad_key, GLI_ERROR_INVALID_ARGUMENT, "key is 1000"},
      {"a bad end", batch_bad_end, GLI_ERROR_INVALID_ARGUMENT, "UTF-8"},
      {"an edge with an unknown key", batch_edge_key, GLI_ERROR_INVALID_ARGUMENT, "key is 1000"},
      {"an end that is NULL", batch_null_end, GLI_ERROR_INVALID_ARGUMENT, "NULL"},
      {"update of an unknown node", batch_update_unknown, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"update of a removed edge", batch_update_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "5"},
      {"removal of an unknown node", batch_remove_unknown, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"removal of an unknown edge", batch_remove_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "99"},
      {"an unknown edge", batch_get_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "99"},
      {"an unknown pair", batch_find_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "zoe"},
      {"attributes of an unknown node", batch_no_node, GLI_ERROR_NODE_NOT_FOUND, "zoe"},
      {"attributes of an unknown edge", batch_no_edge, GLI_ERROR_EDGE_NOT_FOUND, "-7"},
  };
  REFUSE_ALL(rows);
}

/* --- making graphs
 * ------------------------------------------------------------------------------------ */

Test(bad_input, creation) {
  gli_error error = {0};
  gli_graph *graph = NULL;
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.struct_size = 3;
  cr_assert_eq(gli_graph_create(&options, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "struct_size is 3") != NULL, "%s", error.message);
  options.struct_size = sizeof options;
  gli_allocator lame = *gli_allocator_default();
  lame.release = NULL;
  options.allocator = &lame;
  cr_assert_eq(gli_graph_create(&options, &graph, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "allocator") != NULL, "%s", error.message);
  cr_assert_null(graph);
  cr_assert_eq(gli_graph_create(NULL, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  gli_graph_free(NULL);
  gli_snapshot_free(NULL);
  gli_batch_discard(NULL);
  gli_result_free(NULL);
  gli_expression_free(NULL);
  gli_value_builder_free(NULL);
}

Test(bad_input, snapshots_from_edges) {
  const int32_t low[] = {-1}, high[] = {3}, fine[] = {2};
  gli_snapshot *snapshot = NULL;
  gli_error error = {0};
  struct {
    int32_t nodes;
    int64_t edges;
    const int32_t *sources, *targets;
    const char *words;
  } rows[] = {{-1, 0, NULL, NULL, "node_count is -1"},
              {3, -1, fine, fine, "edge_count is -1"},
              {3, 1, NULL, fine, "sources"},
              {3, 1, fine, NULL, "targets"},
              {3, 1, low, fine, "-1"},
              {3, 1, fine, high, "3"},
              {0, 1, fine, fine, "2"}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    cr_assert_eq(gli_snapshot_from_edges(rows[k].nodes, rows[k].edges, rows[k].sources,
                                         rows[k].targets, NULL, true, NULL, &snapshot, &error),
                 GLI_ERROR_INVALID_ARGUMENT, "row %zu", k);
    cr_assert(strstr(error.message, rows[k].words) != NULL, "row %zu: %s", k, error.message);
    cr_assert_null(snapshot);
  }
}
