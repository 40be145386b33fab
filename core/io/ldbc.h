/* ldbc.h: graphs as LDBC Graphalytics keeps them: a .properties file that describes a vertex file
 * and an edge file. Split so that the parts can be tested and fuzzed without files. */
#ifndef GLI_IO_LDBC_H
#define GLI_IO_LDBC_H

#include "io/read.h"

enum { GLI__LDBC_MAX_PROPERTIES = 32 };

/* A piece of the properties file's text. */
typedef struct gli__ldbc_text {
  const char *bytes; /* NULL: not there */
  size_t size_bytes;
  int64_t line;
} gli__ldbc_text;

/* The properties of vertices or edges, in the order of their columns. */
typedef struct gli__ldbc_columns {
  int32_t count;
  gli__ldbc_text names[GLI__LDBC_MAX_PROPERTIES];
  bool real[GLI__LDBC_MAX_PROPERTIES]; /* float64, else int64 */
} gli__ldbc_columns;

/* What a properties file says about its graph; borrows the text. */
typedef struct gli__ldbc {
  gli__ldbc_text name, vertex_file, edge_file;
  bool directed;
  gli__ldbc_columns vertices, edges;
} gli__ldbc;

gli_status gli__ldbc_describe(const char *path, const char *bytes, size_t size_bytes,
                              gli__ldbc *described_out, gli_error *error);

/* Both files' text to a graph. The readings hold each file's path and text, and the same run. */
gli_status gli__ldbc_build(const gli__ldbc *described, const gli__reading *vertices,
                           const gli__reading *edges, gli_graph **graph_out, gli_error *error);

#endif
