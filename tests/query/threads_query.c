/* threads_query.c: several threads ask one snapshot, each with workers of its own, while the graph
 * is written and its store of texts grows. Answers must stay those of the snapshot. Meant for
 * ThreadSanitizer; exit code 0 is success. */
#include <gli/gli.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define ROWS 150000
#define ASKERS 3

static gli_snapshot *snapshot;
static gli_expression *shared;
static _Atomic int wrong;
static _Atomic bool is_done;

static int64_t count_rows(const gli_expression *expression) {
  gli_positions positions;
  gli_error error;
  gli_control control = GLI_CONTROL_INIT;
  control.threads = 3;
  if (gli_snapshot_filter(snapshot, GLI_NODES, expression, &control, &positions, &error) != GLI_OK)
    return -1;
  int64_t count = positions.count;
  gli_positions_free(&positions);
  return count;
}

static void *ask(void *context) {
  (void)context;
  static const char text[] = "name == 'n7' or upper(name) == 'N8' or x > 149990";
  gli_expression *own = NULL;
  if (gli_expression_parse(text, sizeof text - 1, NULL, &own, NULL) != GLI_OK) return NULL;
  for (int round = 0; round < 4; round++) {
    if (count_rows(shared) != ROWS / 10) atomic_fetch_add(&wrong, 1);
    if (count_rows(own) != 2 * ROWS / 100 + 9) atomic_fetch_add(&wrong, 1);
  }
  gli_expression_free(own);
  return NULL;
}

static void *write_on(void *context) {
  gli_graph *graph = context;
  gli_key key = gli_graph_find_key(graph, "name", 4);
  for (int64_t k = 0; !atomic_load(&is_done); k++) {
    char text[32];
    snprintf(text, sizeof text, "fresh %lld", (long long)k);
    gli_attribute attribute = {key, gli_value_string(text)};
    gli_id id = gli_id_int(k * 7 % (ROWS + 1000));
    if (gli_graph_add_node(graph, &id, &attribute, 1, NULL, NULL) != GLI_OK) return NULL;
  }
  return NULL;
}

int main(void) {
  gli_graph *graph = NULL;
  gli_key name, x;
  if (gli_graph_create(NULL, &graph, NULL) != GLI_OK ||
      gli_graph_key(graph, "name", 4, &name, NULL) != GLI_OK ||
      gli_graph_key(graph, "x", 1, &x, NULL) != GLI_OK)
    return 1;
  for (int64_t row = 0; row < ROWS; row++) {
    char text[32];
    snprintf(text, sizeof text, "n%lld", (long long)(row % 100));
    gli_attribute attributes[] = {{name, gli_value_string(text)}, {x, gli_value_int(row)}};
    gli_id id = gli_id_int(row);
    if (gli_graph_add_node(graph, &id, attributes, 2, NULL, NULL) != GLI_OK) return 1;
  }
  if (gli_graph_snapshot(graph, &snapshot, NULL) != GLI_OK ||
      gli_expression_parse("endswith(name, '7')", 19, NULL, &shared, NULL) != GLI_OK)
    return 1;
  pthread_t askers[ASKERS], writer;
  pthread_create(&writer, NULL, write_on, graph);
  for (int k = 0; k < ASKERS; k++)
    pthread_create(&askers[k], NULL, ask, NULL);
  for (int k = 0; k < ASKERS; k++)
    pthread_join(askers[k], NULL);
  atomic_store(&is_done, true);
  pthread_join(writer, NULL);
  printf("%d wrong answers\n", atomic_load(&wrong));
  gli_expression_free(shared);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return atomic_load(&wrong) != 0;
}
