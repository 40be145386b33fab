/* fuzz_expression.c: any bytes as an expression; one that parses is evaluated on a small graph with
 * values of every type. Nothing may leak or crash, and a refusal must say where and why. */
#include <gli/gli.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 70 /* more than one word of rows */

static gli_snapshot *snapshot;

static void set(gli_graph *graph, int64_t row, const char *name, gli_value value) {
  gli_key key = GLI_KEY_NONE;
  gli_id id = gli_id_int(row);
  if (gli_graph_key(graph, name, strlen(name), &key, NULL) != GLI_OK) abort();
  gli_attribute attribute = {key, value};
  if (gli_graph_add_node(graph, &id, &attribute, 1, NULL, NULL) != GLI_OK) abort();
}

static void make_rows(void) {
  gli_graph *graph = NULL;
  gli_value_builder *builder = NULL;
  gli_value nested;
  const gli_value one = gli_value_int(1);
  if (gli_graph_create(NULL, &graph, NULL) != GLI_OK) abort();
  if (gli_value_builder_create(NULL, &builder, NULL) != GLI_OK) abort();
  if (gli_value_builder_open(builder, GLI_NESTED_LIST, NULL) != GLI_OK ||
      gli_value_builder_add(builder, &one, NULL) != GLI_OK ||
      gli_value_builder_close(builder, NULL) != GLI_OK ||
      gli_value_builder_finish(builder, &nested, NULL) != GLI_OK)
    abort();
  static const char *const texts[] = {"", "a", "B\xC3\xA9", "a longer text of this column"};
  for (int64_t row = 0; row < ROWS; row++) {
    set(graph, row, "a", gli_value_int(row % 2 == 0 ? row - 30 : INT64_MAX - row));
    if (row % 3 != 0) set(graph, row, "b", gli_value_float((double)row / 7 - 3));
    if (row % 5 != 0) set(graph, row, "c", gli_value_string(texts[row % 4]));
    const gli_value any[] = {gli_value_bool(true), gli_value_null(), gli_value_int(INT64_MIN),
                             gli_value_string("a"), nested};
    set(graph, row, "x", any[row % 5]);
  }
  if (gli_graph_snapshot(graph, &snapshot, NULL) != GLI_OK) abort();
  gli_value_builder_free(builder);
  gli_graph_free(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (snapshot == NULL) make_rows();
  gli_expression *expression = NULL;
  gli_error error = {0};
  gli_status status = gli_expression_parse((const char *)data, size, NULL, &expression, &error);
  if ((status == GLI_OK) != (expression != NULL)) abort();
  if (status != GLI_OK) {
    if (status != GLI_ERROR_SYNTAX || error.message[0] == '\0') abort();
    if (error.column < 1 || error.column > (int64_t)size + 1) abort();
    return 0;
  }
  uint8_t mask[ROWS];
  gli_positions positions;
  gli_control control = GLI_CONTROL_INIT;
  control.threads = 1;
  if (gli_snapshot_filter_mask(snapshot, GLI_NODES, expression, &control, mask, &error) != GLI_OK ||
      gli_snapshot_filter(snapshot, GLI_NODES, expression, &control, &positions, &error) != GLI_OK)
    abort();
  int64_t hits = 0;
  for (int row = 0; row < ROWS; row++)
    hits += mask[row];
  if (hits != positions.count) abort();
  gli_positions_free(&positions);
  gli_expression_free(expression);
  return 0;
}
