/** @file algorithms/spectral_layout.h
 *  @brief Places by eigenvectors of the Laplacian. */
#ifndef GLI_ALGORITHMS_SPECTRAL_LAYOUT_H
#define GLI_ALGORITHMS_SPECTRAL_LAYOUT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_spectral_layout_options {
  size_t struct_size;
  const char *weight; /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  int64_t dim;        /**< 2 (default) or 3: with column "z" */
  double scale;       /**< of the largest coordinate, seen from the centre; default 1 */
  double center_x;    /**< where the mean of all places is, at most 1e15 away; default 0 */
  double center_y;
  double center_z;
  double tolerance;       /**< residual of an eigenvector, over its eigenvalue; default 1e-5 */
  int64_t max_iterations; /**< default 1000 */
} gli_spectral_layout_options;
#define GLI_SPECTRAL_LAYOUT_OPTIONS_INIT                                                         \
  {                                                                                              \
    .struct_size = sizeof(gli_spectral_layout_options), .dim = 2, .scale = 1, .tolerance = 1e-5, \
    .max_iterations = 1000                                                                       \
  }

/** @brief Places by the eigenvectors of the Laplacian's smallest eigenvalues but one.
 *
 *  The Laplacian is D - A: A[u][v] holds the weight of the edges between u and v, directed ones
 *  either way, parallel ones added up; D its row sums; self-loops cancel out. Its smallest
 *  eigenvalue is 0, of the constant vector; x, y (and z) are unit eigenvectors of the next ones in
 *  rising order, all scaled alike so that the largest coordinate is scale, as NetworkX's
 *  spectral_layout does it.
 *
 *  Which of many: a vector's sign is such that the first node with at least 0.45 of its largest
 *  size lies on the positive side. Where an eigenvalue is repeated (those within a millionth of
 *  each other, or within the tolerance if that is larger), any basis of its space would do; x is
 *  the space's unit vector that is nearest to a fixed random vector, y that of those orthogonal to
 *  x that is nearest to a second one. If the space has more dimensions than the vectors that were
 *  found, four, they stand for it. In a graph of c components (edges of weight 0 are none) the
 *  eigenvalue 0 comes c times: the components, in the order of their first nodes, go round a
 *  circle; x is the cosine of their angles, y the sine, z the cosine of twice the angle, made
 *  orthogonal to the constant vector and to each other over all nodes. So a component's nodes lie
 *  in one place, unless there are too few components (x alone for two of them) and other
 *  eigenvectors follow.
 *
 *  No node: nothing. One node: the centre. Two nodes: 0 and twice the centre, as NetworkX has it.
 *  Three nodes in three dimensions: z is the centre's.
 *
 *  Up to 48 nodes all eigenvectors are computed. Larger graphs: LOBPCG with a multigrid cycle as
 *  its preconditioner; an eigenvector x is done when |L x - value x| <= tolerance * value, or as
 *  small as rounding lets it become.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "x", "y", with dim 3 "z": float64
 *                          per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; a negative, infinite or NaN weight.
 *  @retval GLI_ERROR_NOT_CONVERGED     max_iterations reached.
 *  @note Cost O(n + m) per iteration, parallel. The same bits on any number of threads.
 *        Memory: 360 n + 36 m + 8 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Hall 1970, doi:10.1287/mnsc.17.3.219; Koren 2005, doi:10.1016/j.camwa.2004.08.015; Knyazev
 *  2001, doi:10.1137/S1064827500366124; NetworkX's spectral_layout. */
GLI_API gli_status gli_spectral_layout(gli_snapshot *snapshot,
                                       const gli_spectral_layout_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
