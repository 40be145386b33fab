/** @file algorithms/greedy_color.h
 *  @brief Greedy colouring. */
#ifndef GLI_ALGORITHMS_GREEDY_COLOR_H
#define GLI_ALGORITHMS_GREEDY_COLOR_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_greedy_color_options {
  size_t struct_size;
  const char
      *strategy; /**< the order: "largest_first" (default), "smallest_last", "random_sequential" */
  int64_t seed;  /**< of the random order; default 0 */
} gli_greedy_color_options;
#define GLI_GREEDY_COLOR_OPTIONS_INIT \
  { .struct_size = sizeof(gli_greedy_color_options), .strategy = "largest_first" }

/** @brief Small numbers for the nodes, never the same for two neighbours.
 *
 *  Nodes get, one after the other, the smallest colour that no neighbour has yet. largest_first: by
 *  falling degree (parallel edges and both ends of loops count), ties in node order, as in
 * NetworkX; smallest_last: the order of core_number's peeling backwards, which needs at most one
 * colour more than the largest core number; random_sequential: a random order. Directions,
 * self-loops and parallel edges make no difference to who is a neighbour. The empty graph needs no
 * colour.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "color": int64 per node. Column
 *  "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  another strategy.
 *  @note Cost O(n + m), colours one after the other; a directed graph needs its in rows. The same
 *        on any number of threads.
 *        Memory: 29 n bytes, and keeps 26 n + 16 m bytes.
 *  @see Welsh and Powell 1967, doi:10.1093/comjnl/10.1.85; Matula and Beck 1983,
 *  doi:10.1145/2402.322385; NetworkX's greedy_color. */
GLI_API gli_status gli_greedy_color(gli_snapshot *snapshot, const gli_greedy_color_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
