/* is_dag on graphs with and without cycles stands in test_topological_sort.c, beside the orders. */
#include <gli/algorithms/is_dag.h>

#include "algorithms/support.h"

static const gli_is_dag_options init = GLI_IS_DAG_OPTIONS_INIT;

Test(is_dag, holds_what_every_algorithm_must) {
  check_algorithm("is_dag", &init, &init);
}

Test(is_dag, goes_by_networkx_name_too) {
  cr_assert_eq(gli_algorithm_find("is_directed_acyclic_graph"), gli_algorithm_find("is_dag"));
}

Test(is_dag, says_no_to_the_email_graph) {
  gli_snapshot *snapshot = email_core(); /* has self-loops */
  gli_result *result = NULL;
  gli_column column;
  cr_assert_eq(gli_is_dag(snapshot, NULL, NULL, &result, NULL), GLI_OK);
  cr_assert_eq(gli_result_column(result, "is_dag", &column, NULL), GLI_OK);
  cr_assert_eq(*(const uint8_t *)column.data, 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
