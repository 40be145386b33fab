/** @file algorithms/bridges.h
 *  @brief Bridges. */
#ifndef GLI_ALGORITHMS_BRIDGES_H
#define GLI_ALGORITHMS_BRIDGES_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_bridges_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_bridges_options;
#define GLI_BRIDGES_OPTIONS_INIT \
  { .struct_size = sizeof(gli_bridges_options) }

/** @brief The edges whose removal would break a component in two.
 *
 *  Directions are ignored. Of parallel edges none is a bridge, since the others still join their
 *  ends (so u -> v and v -> u are no bridges either); a self-loop is none. The empty graph has
 * none.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "bridge": bool per edge. Column
 *  "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m); a directed graph needs its in rows. The same on any number of threads.
 *        Memory: 29 n + m bytes, and keeps 16 n + 8 m bytes.
 *  @see Hopcroft and Tarjan 1973, doi:10.1145/362248.362272; NetworkX's bridges. */
GLI_API gli_status gli_bridges(gli_snapshot *snapshot, const gli_bridges_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
