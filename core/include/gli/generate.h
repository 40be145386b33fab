/** @file generate.h
 *  @brief Generators: graphs from a rule, for tests, benchmarks and null models.
 *
 *  Nodes are the integers from 0; all of them are there, also those that got no edge. The same
 *  arguments and the same seed give the same graph with the same order of edges, on any machine and
 *  any number of threads. Kronecker graphs, G(n, p), G(n, m), stochastic block models and the
 * graphs without chance are made in parallel; the others are chains by their definition.
 *
 *  Every function fails with GLI_ERROR_INVALID_ARGUMENT for an argument out of its range, with
 *  GLI_ERROR_LIMIT for more than 2^31 - 1 nodes or 2^32 - 1 edges, and as `control` says. Beside
 * the graph they take 16 bytes per edge while they run.
 *
 *      gli_generate_options options = GLI_GENERATE_OPTIONS_INIT;
 *      options.seed = 7;
 *      gli_graph *graph = NULL;
 *      gli_generate_gnp(1000, 0.01, &options, NULL, &graph, NULL);
 */
#ifndef GLI_GENERATE_H
#define GLI_GENERATE_H

#include <gli/control.h>
#include <gli/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_generate_options {
  size_t struct_size;
  uint64_t seed;                  /**< of the draws; default 0 */
  bool directed;                  /**< default false; see each generator */
  bool multigraph;                /**< Kronecker: keep loops and repeated pairs. Default false */
  const gli_allocator *allocator; /**< of the graph; NULL: the library's own */
} gli_generate_options;
#define GLI_GENERATE_OPTIONS_INIT \
  { .struct_size = sizeof(gli_generate_options) }

/** @brief A Kronecker graph as Graph500 makes it (R-MAT): many nodes of small and some of huge
 *  degree.
 *
 *  Draws edges_per_node * 2^scale edges; each halves the matrix of all pairs `scale` times and
 *  goes on in the first, second or third quarter with the probability in `quarters`, else in the
 *  fourth. Then nodes are renamed by a bijection, so that an id says nothing about a degree.
 *  Loops are left out and repeated pairs merge, so there are fewer edges in the end; with
 *  options->multigraph all stay.
 *
 *  @param[in]  scale           2^scale nodes; 0 to 30.
 *  @param[in]  edges_per_node  at least 0.
 *  @param[in]  quarters        three probabilities that sum to at most 1; NULL: 0.57, 0.19, 0.19.
 *  @param[in]  options         NULL for the defaults.
 *  @param[in]  control         NULL for no limits.
 *  @param[out] graph_out       Free with gli_graph_free().
 *  @param[out] error           May be NULL; written on failure only.
 *  @see Chakrabarti, Zhan and Faloutsos 2004, doi:10.1137/1.9781611972740.43; graph500.org. */
GLI_API gli_status gli_generate_kronecker(int32_t scale, int64_t edges_per_node,
                                          const double quarters[3],
                                          const gli_generate_options *options,
                                          const gli_control *control, gli_graph **graph_out,
                                          gli_error *error);

/** @brief Each pair of nodes is an edge with probability p (Erdos-Renyi, Gilbert). Directed: each
 *  ordered pair.
 *  @param[in]  node_count  at least 0.
 *  @param[in]  p           from 0 to 1.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m): gaps between edges are drawn.
 *  @see Batagelj and Brandes 2005, doi:10.1103/PhysRevE.71.036113. */
GLI_API gli_status gli_generate_gnp(int64_t node_count, double p,
                                    const gli_generate_options *options, const gli_control *control,
                                    gli_graph **graph_out, gli_error *error);

/** @brief `edge_count` of all pairs, all sets alike (Erdos-Renyi). Directed: of all ordered pairs.
 *
 *  Pairs are numbered, and a keyed bijection of the numbers names the chosen ones; up to 65,536
 *  pairs are chosen by selection sampling.
 *  @param[in]  node_count  at least 0.
 *  @param[in]  edge_count  from 0 to the number of pairs.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m).
 *  @see Luby and Rackoff 1988, doi:10.1137/0217022 (bijections of four rounds). */
GLI_API gli_status gli_generate_gnm(int64_t node_count, int64_t edge_count,
                                    const gli_generate_options *options, const gli_control *control,
                                    gli_graph **graph_out, gli_error *error);

/** @brief Growing by preferential attachment: starts with a star of edges_per_node + 1 nodes; each
 *  further node joins edges_per_node different ones, drawn in proportion to their degrees.
 *
 *  Undirected. There are edges_per_node * (node_count - edges_per_node) edges, as in NetworkX.
 *  @param[in]  node_count      more than edges_per_node.
 *  @param[in]  edges_per_node  at least 1.
 *  @param[in]  options         NULL for the defaults; `directed` is refused.
 *  @param[in]  control         NULL for no limits.
 *  @param[out] graph_out       Free with gli_graph_free().
 *  @param[out] error           May be NULL; written on failure only.
 *  @note A chain: one thread.
 *  @see Barabasi and Albert 1999, doi:10.1126/science.286.5439.509. */
GLI_API gli_status gli_generate_barabasi_albert(int64_t node_count, int64_t edges_per_node,
                                                const gli_generate_options *options,
                                                const gli_control *control, gli_graph **graph_out,
                                                gli_error *error);

/** @brief A small world: a ring in which each node is joined to its `neighbor_count` nearest ones
 *  (an odd number counts as one less); then each edge u-v becomes u-w with probability p, w drawn
 *  among the nodes that u is not joined to.
 *
 *  Undirected; node_count * (neighbor_count / 2) edges.
 *  @param[in]  node_count      more than neighbor_count.
 *  @param[in]  neighbor_count  at least 0.
 *  @param[in]  p               from 0 to 1.
 *  @param[in]  options         NULL for the defaults; `directed` is refused.
 *  @param[in]  control         NULL for no limits.
 *  @param[out] graph_out       Free with gli_graph_free().
 *  @param[out] error           May be NULL; written on failure only.
 *  @note A chain where it rewires: one thread.
 *  @see Watts and Strogatz 1998, doi:10.1038/30918; NetworkX's watts_strogatz_graph. */
GLI_API gli_status gli_generate_watts_strogatz(int64_t node_count, int64_t neighbor_count, double p,
                                               const gli_generate_options *options,
                                               const gli_control *control, gli_graph **graph_out,
                                               gli_error *error);

/** @brief Blocks of nodes, a probability of an edge for every pair of blocks. Block 0 holds the
 *  first sizes[0] nodes, and so on.
 *  @param[in]  block_count  at least 0.
 *  @param[in]  sizes        [block_count], at least 0 each.
 *  @param[in]  p            [block_count][block_count], from 0 to 1; symmetric unless directed,
 *                           where p[i][j] is that of edges from block i to block j.
 *  @param[in]  options      NULL for the defaults.
 *  @param[in]  control      NULL for no limits.
 *  @param[out] graph_out    Free with gli_graph_free().
 *  @param[out] error        May be NULL; written on failure only.
 *  @note Cost O(n + m + block_count^2).
 *  @see Holland, Laskey and Leinhardt 1983, doi:10.1016/0378-8733(83)90021-7. */
GLI_API gli_status gli_generate_stochastic_block_model(int64_t block_count, const int64_t *sizes,
                                                       const double *p,
                                                       const gli_generate_options *options,
                                                       const gli_control *control,
                                                       gli_graph **graph_out, gli_error *error);

/** @brief A grid of row_count * column_count nodes, joined to the right and downwards. Node
 *  r * column_count + c lies in row r and column c. Directed: both ways.
 *  @param[in]  row_count     at least 0.
 *  @param[in]  column_count  at least 0.
 *  @param[in]  periodic      join the last row (column) to the first where there are more than two.
 *  @param[in]  options       NULL for the defaults.
 *  @param[in]  control       NULL for no limits.
 *  @param[out] graph_out     Free with gli_graph_free().
 *  @param[out] error         May be NULL; written on failure only. */
GLI_API gli_status gli_generate_grid(int64_t row_count, int64_t column_count, bool periodic,
                                     const gli_generate_options *options,
                                     const gli_control *control, gli_graph **graph_out,
                                     gli_error *error);

/** @brief An edge between every two different nodes. Directed: both ways.
 *  @param[in]  node_count  at least 0.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only. */
GLI_API gli_status gli_generate_complete(int64_t node_count, const gli_generate_options *options,
                                         const gli_control *control, gli_graph **graph_out,
                                         gli_error *error);

/** @brief 0 - 1 - 2 - ... Directed: from each node to the next.
 *  @param[in]  node_count  at least 0.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only. */
GLI_API gli_status gli_generate_path(int64_t node_count, const gli_generate_options *options,
                                     const gli_control *control, gli_graph **graph_out,
                                     gli_error *error);

/** @brief A path whose last node is joined to its first. Directed: from each node to the next.
 *  @param[in]  node_count  at least 3.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only. */
GLI_API gli_status gli_generate_cycle(int64_t node_count, const gli_generate_options *options,
                                      const gli_control *control, gli_graph **graph_out,
                                      gli_error *error);

/** @brief Node 0 joined to all others. Directed: from node 0.
 *  @param[in]  node_count  at least 0, the centre included.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only. */
GLI_API gli_status gli_generate_star(int64_t node_count, const gli_generate_options *options,
                                     const gli_control *control, gli_graph **graph_out,
                                     gli_error *error);

/** @brief Zachary's karate club: 34 members, 78 friendships. Undirected.
 *  @param[in]  options     NULL for the defaults; `directed` is refused.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] graph_out   Free with gli_graph_free().
 *  @param[out] error       May be NULL; written on failure only.
 *  @see Zachary 1977, doi:10.1086/jar.33.4.3629752 (the matrix of figure 2, numbered from 0). */
GLI_API gli_status gli_generate_karate_club(const gli_generate_options *options,
                                            const gli_control *control, gli_graph **graph_out,
                                            gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
