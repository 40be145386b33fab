/** @file algorithms/core_number.h
 *  @brief Core numbers. */
#ifndef GLI_ALGORITHMS_CORE_NUMBER_H
#define GLI_ALGORITHMS_CORE_NUMBER_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_core_number_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_core_number_options;
#define GLI_CORE_NUMBER_OPTIONS_INIT \
  { .struct_size = sizeof(gli_core_number_options) }

/** @brief The largest k such that a node lies in a subgraph where every node has k edges.
 *
 *  Self-loops are ignored, parallel edges count once per direction; in a directed graph in and
 *  out edges add up, so mutual neighbours count two.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "core": int64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m). Exact.
 *        Memory: 20 n + 2 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Batagelj and Zaversnik 2003, arXiv:cs/0310049; Kabir and Madduri 2017,
 *       doi:10.1109/IPDPSW.2017.151; NetworkX's core_number. */
GLI_API gli_status gli_core_number(gli_snapshot *snapshot, const gli_core_number_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
