/* Known values: NetworkX 3.6.1, transitivity() of the karate club. */
#include "algorithms/support.h"

static const gli_transitivity_options defaults = GLI_TRANSITIVITY_OPTIONS_INIT;

Test(transitivity, holds_what_every_algorithm_must) {
  check_algorithm("transitivity", &defaults, &defaults);
}

Test(transitivity, known_values_and_no_triple_at_all) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "transitivity", NULL, 0);
  cr_expect_float_eq(*gli_result_floats(result, "transitivity"), 0.2556818181818182, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  static const pair edge[] = {{0, 1}};
  snapshot = graph_of(3, false, 1, edge);
  result = run_on(snapshot, "transitivity", NULL, 0);
  cr_expect_eq(*gli_result_floats(result, "transitivity"), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
