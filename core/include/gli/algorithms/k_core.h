/** @file algorithms/k_core.h
 *  @brief k-core. */
#ifndef GLI_ALGORITHMS_K_CORE_H
#define GLI_ALGORITHMS_K_CORE_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_k_core_options {
  size_t struct_size;
  int64_t
      k; /**< edges that each node has at least; -1, the default: the largest that gives a core */
} gli_k_core_options;
#define GLI_K_CORE_OPTIONS_INIT \
  { .struct_size = sizeof(gli_k_core_options), .k = -1 }

/** @brief The largest part of the graph in which every node has k edges.
 *
 *  Without k the main core, the one of the largest k that is not empty. Self-loops are ignored,
 *  parallel edges count once per direction; in a directed graph in and out edges add up, so mutual
 *  neighbours count two. With k = 0 all nodes belong to it. The core is what the nodes that belong
 *  to it and all edges between them make; it need not be connected. The empty graph has the empty
 *  core, of k = 0.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "in_core": bool per node. Column
 * "k": int64. Column "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  k below -1.
 *  @note Cost O(n + m). Exact.
 *        Memory: 21 n + 2 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Seidman 1983, doi:10.1016/0378-8733(83)90028-X; Batagelj and Zaversnik 2003,
 *  arXiv:cs/0310049; NetworkX's k_core. */
GLI_API gli_status gli_k_core(gli_snapshot *snapshot, const gli_k_core_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
