/** @file algorithms/compare_partitions.h
 *  @brief How alike two partitions of the nodes are. */
#ifndef GLI_ALGORITHMS_COMPARE_PARTITIONS_H
#define GLI_ALGORITHMS_COMPARE_PARTITIONS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_compare_partitions_options {
  size_t struct_size;
  gli_node_weights community; /**< required: node -> number; equal numbers are one community */
  gli_node_weights other;     /**< required: the same of the other partition */
} gli_compare_partitions_options;
#define GLI_COMPARE_PARTITIONS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_compare_partitions_options) }

/** @brief How alike two partitions of the nodes are, whatever numbers their communities carry.
 *
 *  With H the entropies of the two partitions and I their mutual information, in nats: normalised
 *  mutual information 2 I / (H1 + H2); homogeneity I / H1, completeness I / H2 (the first taken for
 *  the truth); variation of information H1 + H2 - 2 I. The Rand index is the share of the pairs of
 *  nodes that both partitions put together or both apart; the adjusted one is 0 where two random
 *  partitions of these sizes would stand on average, 1 for equal ones, and may be negative.
 *
 *  As in scikit-learn, two partitions that are one community each are alike: 1 for the normalised
 *  mutual information, homogeneity and completeness; a partition without entropy is homogeneous.
 *  The Rand indices of less than two nodes are 1. Edges play no part.
 *
 *  @param[in]  snapshot    n nodes. Not modified, may be shared between threads.
 *  @param[in]  options     community and other must each name every node.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns, a row per two communities that
 *                          have a node in common, in the order of the communities' first nodes:
 *                          "shared" int64, how many; "community" and "other" float64, the numbers
 *                          given. Scalars, float64: "normalized_mutual_information",
 *                          "adjusted_rand_index", "rand_index", "mutual_information",
 *                          "variation_of_information", "homogeneity", "completeness".
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a node without community; a community below 0 or NaN.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    community or other names a node that is not there.
 *  @note Cost O(n). Memory: 80 n bytes.
 *  @see Danon et al. 2005, doi:10.1088/1742-5468/2005/09/P09008; Hubert and Arabie 1985,
 *       doi:10.1007/BF01908075; Meila 2007, doi:10.1016/j.jmva.2006.11.013; scikit-learn's
 *       normalized_mutual_info_score and adjusted_rand_score; igraph's compare_communities. */
GLI_API gli_status gli_compare_partitions(gli_snapshot *snapshot,
                                          const gli_compare_partitions_options *options,
                                          const gli_control *control, gli_result **result_out,
                                          gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
