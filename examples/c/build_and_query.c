/* build_and_query.c: build a small property graph, change it, ask it. */
#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>

/* Every call reports what went wrong; an example may simply stop there. */
static void must(gli_status status, const gli_error *error) {
  if (status == GLI_OK) return;
  fprintf(stderr, "%s: %s\n", gli_status_text(status), error->message);
  exit(1);
}

static bool print_neighbor(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  char name[64];
  (void)index;
  (void)edge;
  printf("%s%s", (*(int *)context)++ == 0 ? "alice knows: " : ", ",
         gli_id_format(neighbor, name, sizeof name));
  return true;
}

int main(void) {
  gli_error error = {0};
  gli_graph *graph = NULL;
  must(gli_graph_create(NULL, &graph, &error), &error);

  /* Attribute names become keys once; then values are set by key. */
  gli_key age, since;
  must(gli_graph_key(graph, "age", 3, &age, &error), &error);
  must(gli_graph_key(graph, "since", 5, &since, &error), &error);

  gli_id alice = gli_id_string("alice"), bob = gli_id_string("bob"), carol = gli_id_string("carol");
  gli_attribute attribute = {age, gli_value_int(30)};
  must(gli_graph_add_node(graph, &alice, &attribute, 1, NULL, &error), &error);
  attribute.value = gli_value_int(25);
  must(gli_graph_add_node(graph, &bob, &attribute, 1, NULL, &error), &error);
  attribute.value = gli_value_int(41);
  must(gli_graph_add_node(graph, &carol, &attribute, 1, NULL, &error), &error);

  gli_attribute friends_since = {since, gli_value_int(2020)};
  must(gli_graph_add_edge(graph, &alice, &bob, &friends_since, 1, NULL, &error), &error);
  must(gli_graph_add_edge(graph, &alice, &carol, NULL, 0, NULL, &error), &error);

  int64_t degree = 0;
  must(gli_graph_degree(graph, &alice, GLI_OUT, &degree, &error), &error);
  printf("Alice knows %lld people\n", (long long)degree);
  int printed = 0;
  must(gli_graph_visit_row(graph, &alice, GLI_OUT, print_neighbor, &printed, &error), &error);
  printf("\n");

  gli_value value;
  must(gli_graph_node_value(graph, &bob, age, &value, &error), &error);
  printf("bob is %lld\n", (long long)value.as.integer);

  /* Questions about many nodes are asked of a snapshot: the graph may change meanwhile. */
  gli_snapshot *snapshot = NULL;
  must(gli_graph_snapshot(graph, &snapshot, &error), &error);
  must(gli_graph_remove_node(graph, &carol, &error), &error);

  gli_expression *older = NULL;
  gli_positions found = {0};
  static const char text[] = "age > 28";
  must(gli_expression_parse(text, sizeof text - 1, NULL, &older, &error), &error);
  must(gli_snapshot_filter(snapshot, GLI_NODES, older, NULL, &found, &error), &error);
  printf("older than 28:");
  for (int64_t k = 0; k < found.count; k++) {
    char name[64];
    gli_id id = gli_snapshot_node_id(snapshot, (int32_t)found.positions[k]);
    printf(" %.*s", (int)id.size_bytes,
           id.kind == GLI_ID_TEXT ? id.as.text : gli_id_format(&id, name, 64));
  }
  printf("\n");

  gli_positions_free(&found);
  gli_expression_free(older);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  return 0;
}
