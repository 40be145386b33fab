/** @file algorithms/k_truss.h
 *  @brief Truss numbers. */
#ifndef GLI_ALGORITHMS_K_TRUSS_H
#define GLI_ALGORITHMS_K_TRUSS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_k_truss_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_k_truss_options;
#define GLI_K_TRUSS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_k_truss_options) }

/** @brief The largest k such that an edge lies in a subgraph where every edge lies in k - 2
 * triangles.
 *
 *  The edges of number k and above are the k-truss. Every edge has at least 2, but self-loops,
 * which belong to no truss: 0. Directions are ignored; parallel edges count as one and have the
 * same number. Without an edge the largest is 0.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "truss": int64 per edge. Column
 *  "largest": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(m^1.5 log n) at worst. Exact.
 *        Memory: 23 n + 48 m + 7 n t bytes, and keeps 26 n + 16 m bytes.
 *  @see Cohen 2008, Trusses: cohesive subgraphs for social network analysis; Wang and Cheng 2012,
 *  doi:10.14778/2311906.2311909; NetworkX's k_truss. */
GLI_API gli_status gli_k_truss(gli_snapshot *snapshot, const gli_k_truss_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
