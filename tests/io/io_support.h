/* io_support.h: temporary files, and graphs from text, for the tests of io/. */
#ifndef TESTS_IO_SUPPORT_H
#define TESTS_IO_SUPPORT_H

#include <criterion/criterion.h>
#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/pool.h"
#include "io/read.h"

/* A file of this process in TMPDIR; the name ends as asked for. */
static inline const char *temporary_path(const char *ending) {
  static char path[512];
  const char *folder = getenv("TMPDIR");
  snprintf(path, sizeof path, "%s/gli-io-%ld-%s", folder != NULL ? folder : "/tmp", (long)getpid(),
           ending);
  return path;
}

static inline void write_file(const char *path, const void *bytes, size_t size_bytes) {
  FILE *file = fopen(path, "wb");
  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, size_bytes, file), size_bytes);
  fclose(file);
}

/* Reads text in blocks of `block_bytes`, so that few bytes already make many blocks. */
static inline gli_status read_text(const char *name, const char *text, size_t block_bytes,
                                   const gli_read_options *options, gli_graph **graph_out,
                                   gli_error *error) {
  gli_read_options complete = GLI_READ_OPTIONS_INIT;
  if (options != NULL) complete = *options;
  if (complete.max_line_bytes == 0) complete.max_line_bytes = 16 << 20;
  gli__memory *memory = gli__memory_create(complete.allocator);
  cr_assert_not_null(memory);
  const int64_t live_before = memory->live_bytes;
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(NULL, memory, &run, error), GLI_OK);
  gli_status status = gli__read_text(name, text, strlen(text), block_bytes, &complete, NULL, memory,
                                     run, graph_out, error);
  gli__run_end(run);
  cr_assert_eq(memory->live_bytes, live_before, "reading kept %lld bytes",
               (long long)(memory->live_bytes - live_before));
  gli__memory_free(memory);
  return status;
}

static inline gli_graph *read_good(const char *name, const char *text, size_t block_bytes,
                                   const gli_read_options *options) {
  gli_graph *graph = NULL;
  gli_error error = {0};
  gli_status status = read_text(name, text, block_bytes, options, &graph, &error);
  cr_assert_eq(status, GLI_OK, "%s", error.message);
  return graph;
}

/* Value of an attribute of the edge between two ids. */
static inline gli_value edge_value(gli_graph *graph, gli_id source, gli_id target,
                                   const char *name) {
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_value value = {0};
  gli_error error = {0};
  cr_assert_eq(gli_graph_find_edge(graph, &source, &target, &edge, &error), GLI_OK, "%s",
               error.message);
  gli_key key = gli_graph_find_key(graph, name, strlen(name));
  cr_assert_neq(key, GLI_KEY_NONE, "no attribute %s", name);
  cr_assert_eq(gli_graph_value(graph, GLI_EDGES, edge, key, &value, &error), GLI_OK);
  return value;
}

#endif
