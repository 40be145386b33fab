/** @file algorithms/connected_components.h
 *  @brief Connected components, weak and strong. */
#ifndef GLI_ALGORITHMS_CONNECTED_COMPONENTS_H
#define GLI_ALGORITHMS_CONNECTED_COMPONENTS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_connected_components_options {
  size_t struct_size;
  const char *kind; /**< "weak" (default): directions do not count; "strong": both ways */
} gli_connected_components_options;
#define GLI_CONNECTED_COMPONENTS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_connected_components_options), .kind = "weak" }

/** @brief Which nodes hang together.
 *
 *  Weak: nodes joined by edges, whatever their direction. Strong: nodes that reach each other along
 *  directions; the same as weak in an undirected graph. Components are numbered from 0 in the order
 *  of their first nodes. An isolated node is a component; the empty graph has none.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "component" int64 per node;
 *                          "count" int64, how many there are.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an unknown kind.
 *  @note Cost O(n + m): in parallel when weak; when strong, in parallel for the largest
 *        component, once the in rows are there or would have paid (a second call on a large
 *        snapshot builds them: what depends on m), else serial.
 *        Memory: 25 n + 20 m bytes, and keeps 16 n + 8 m bytes.
 *  @see Sutton, Ben-Nun and Barak 2018, doi:10.1109/IPDPS.2018.00012 (weak); Fleischer,
 *       Hendrickson and Pinar 2000, doi:10.1007/3-540-45591-4_68, and Pearce 2016,
 *       doi:10.1016/j.ipl.2015.08.010 (strong). */
GLI_API gli_status gli_connected_components(gli_snapshot *snapshot,
                                            const gli_connected_components_options *options,
                                            const gli_control *control, gli_result **result_out,
                                            gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
