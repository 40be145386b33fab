/** @file io.h
 *  @brief Reading and writing graphs: edge lists and METIS files, plain, gzip or zstd; reading
 *         those of LDBC Graphalytics too.
 *
 *  Content decides what a file is, then the name. Reading runs no code and follows no reference out
 *  of the file, but for the two files beside an LDBC .properties file. A bad file gives
 *  GLI_ERROR_FORMAT with line and column, and no graph.
 */
#ifndef GLI_IO_H
#define GLI_IO_H

#include <gli/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_read_options {
  size_t struct_size;
  const char *format;    /**< NULL: find out; "edgelist", "metis", "ldbc" */
  bool directed;         /**< edge lists; METIS is undirected, LDBC files say. Default true */
  bool multigraph;       /**< keep repeated pairs as parallel edges. Default false: they merge */
  const char *delimiter; /**< edge lists; NULL: find out (blanks/tabs, comma, semicolon) */
  const char *header;    /**< edge lists: "auto" (NULL), "yes", "no" */
  const char *ids;       /**< "auto" (NULL: int when every id is an integer), "int", "string" */
  int64_t max_nodes, max_edges; /**< 0: no limit but the library's own */
  int64_t max_line_bytes;       /**< 0: 16 MiB */
  const gli_allocator *allocator;
} gli_read_options;
#define GLI_READ_OPTIONS_INIT \
  { .struct_size = sizeof(gli_read_options), .directed = true }

/** @brief Read a graph from a file. Columns after the two ends become typed edge attributes: named
 * by the header, else "weight" for a single numeric one, else "column_3", "column_4" ...
 *
 *  A file whose name ends in .properties is one of LDBC Graphalytics (or format "ldbc"): it names a
 *  vertex file and an edge file in its own folder, says whether edges have directions, and names
 * the properties, which become attributes. Ids are integers from 0 to 2^63 - 1, rising in the
 * vertex file; loops, edges of unknown vertices and, unless `multigraph`, repeated edges are
 * errors.
 *  @see The LDBC Graphalytics Benchmark, arXiv:2011.15028.
 *  @retval GLI_ERROR_IO      no such file, no permission, broken compression.
 *  @retval GLI_ERROR_FORMAT  line, column, what was found, what was expected.
 *  @retval GLI_ERROR_LIMIT   more nodes, edges or a longer line than allowed. */
GLI_API gli_status gli_read(const char *path, const gli_read_options *options,
                            const gli_control *control, gli_graph **graph_out, gli_error *error);

typedef struct gli_write_options {
  size_t struct_size;
  const char *format;    /**< NULL: by the name (.graph, .metis: METIS; .properties: refused, LDBC's
                            are read alone; else edge list) */
  const char *delimiter; /**< edge lists; NULL: tab, or comma for .csv */
  bool header; /**< edge lists: write a line of column names. Default true when there are attributes
                */
} gli_write_options;
#define GLI_WRITE_OPTIONS_INIT \
  { .struct_size = sizeof(gli_write_options), .header = true }

/** @brief Write a graph; .gz and .zst at the end of the name compress. Written beside and renamed,
 *  so a failure leaves an older file as it was; a pipe or a device is written to as it is, and a
 *  link goes on leading to its file. An edge list holds edges alone: nodes without one,
 *  and attributes of nodes, are not in it.
 *  @retval GLI_ERROR_INVALID_ARGUMENT the format cannot hold this graph (METIS: directed, parallel
 *          edges, ...). */
GLI_API gli_status gli_write(gli_snapshot *snapshot, const char *path,
                             const gli_write_options *options, const gli_control *control,
                             gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
