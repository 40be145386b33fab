/* read.h: what the readers of single formats share. */
#ifndef GLI_IO_READ_H
#define GLI_IO_READ_H

#include <gli/io.h>

#include "base/memory.h"
#include "base/pool.h"
#include "io/fields.h"

/* One reading: text in, graph out. Options are complete. */
typedef struct gli__reading {
  const char *path; /* for messages only */
  const char *bytes;
  size_t size_bytes;
  size_t block_bytes; /* text is parsed in blocks of about this size */
  const gli_read_options *options;
  gli__memory *memory;
  gli_run *run;
  const gli_control *control;
} gli__reading;

gli_status gli__read_edge_list(const gli__reading *reading, gli_graph **graph_out,
                               gli_error *error);
gli_status gli__read_metis(const gli__reading *reading, gli_graph **graph_out, gli_error *error);
gli_status gli__read_ldbc(const gli__reading *reading, gli_graph **graph_out, gli_error *error);
/* Does the content agree with its first line being a METIS header? */
bool gli__looks_like_metis(const char *bytes, size_t size_bytes);
/* Text to graph, as gli_read does with a file's; also the way in for the fuzzer. */
gli_status gli__read_text(const char *path, const char *bytes, size_t size_bytes,
                          size_t block_bytes, const gli_read_options *options,
                          const gli_control *control, gli__memory *memory, gli_run *run,
                          gli_graph **graph_out, gli_error *error);

/* One block of text parsed by a task; blocks report the earliest error of a file, whoever came
 * first. */
typedef struct gli__parsed_block {
  size_t begin, end;  /* bytes of the text */
  int64_t first_line; /* lines before this block */
  int64_t line_count;
  gli_status status;
  gli_error error; /* line relative to the file */
} gli__parsed_block;

/* Cut a text into blocks and count their lines in parallel. Release with count and size. */
gli_status gli__blocks_make(const gli__reading *reading, gli__parsed_block **blocks_out,
                            int64_t *count_out, int64_t *line_count_out, gli_error *error);
/* The first block's error, if any. */
gli_status gli__blocks_error(const gli__parsed_block *blocks, int64_t count, gli_error *error);
/* "line 3, column 7 of 'x.txt': <what>" into error; returns GLI_ERROR_FORMAT. `found` is quoted and
 * cut. */
gli_status gli__format_error(gli_error *error, const char *path, int64_t line, int64_t column,
                             const char *found, size_t found_bytes, const char *expected);

#endif
