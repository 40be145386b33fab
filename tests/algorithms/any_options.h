/* any_options.h: options that make any built-in algorithm run, for tests that go over all of them.
 */
#ifndef TESTS_ALGORITHMS_ANY_OPTIONS_H
#define TESTS_ALGORITHMS_ANY_OPTIONS_H

#include <gli/gli.h>
#include <stdlib.h>
#include <string.h>

/* Has no result on graphs with cycles; its kernel is is_dag's. */
static inline bool any_options_lack(const gli_algorithm *algorithm) {
  return strcmp(algorithm->name, "topological_sort") == 0;
}

/* With weights these search from each node alone: not on graphs of thousands of nodes. */
static inline bool any_options_search_long(const gli_algorithm *algorithm) {
  static const char *const names[] = {"average_shortest_path_length", "diameter", "distances",
                                      "eccentricity", "radius"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(algorithm->name, names[k]) == 0) return true;
  return false;
}

/* What is required, and `weight`, which may be NULL, wherever weights of edges are taken. The graph
 * has the nodes 1, 2, 6, 7 and 9, and `everybody` says a number for each of its nodes. NULL: no
 * memory. */
static inline void *any_options(const gli_algorithm *algorithm, const gli_node_weights *everybody,
                                const char *weight) {
  static const int32_t nodes[] = {1, 6, 9}, others[] = {2, 6, 7};
  static const int64_t three = 3;
  const double small = 1e-4;
  const gli_node_list list = {nodes, 3};
  const gli_pair_list pairs = {nodes, others, 3};
  const gli_int_list ints = {&three, 1};
  char *options = calloc(1, algorithm->options_size);
  if (options == NULL) return NULL;
  gli_algorithm_defaults(algorithm, options);
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    char *field = options + parameter->offset;
    if (parameter->type == GLI_PARAMETER_ATTRIBUTE && !any_options_search_long(algorithm))
      memcpy(field, &weight, sizeof weight);
    if (strcmp(parameter->name, "samples") == 0)
      memcpy(field, &three, sizeof three); /* not O(nm) */
    if (strcmp(parameter->name, "iterations") == 0)
      memcpy(field, &three, sizeof three); /* of a layout, all alike */
    if (strcmp(parameter->name, "alpha") == 0)
      memcpy(field, &small, sizeof small); /* iterations converge on any graph of ours */
    if (!parameter->required) continue;
    if (parameter->type == GLI_PARAMETER_NODE_WEIGHTS) memcpy(field, everybody, sizeof *everybody);
    if (parameter->type == GLI_PARAMETER_NODES) memcpy(field, &list, sizeof list);
    if (parameter->type == GLI_PARAMETER_PAIRS) memcpy(field, &pairs, sizeof pairs);
    if (parameter->type == GLI_PARAMETER_INTS) memcpy(field, &ints, sizeof ints);
    if (parameter->type == GLI_PARAMETER_INT) memcpy(field, &three, sizeof three);
  }
  return options;
}

#endif
