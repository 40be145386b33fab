/* fuzz_read.c: any bytes as an edge list or METIS file, in blocks of any size. The first byte
 * chooses format and block size; nothing may leak or crash, and a failure must say why. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/pool.h"
#include "io/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  static const char *const formats[] = {NULL, "edgelist", "metis", NULL};
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  options.format = formats[data[0] & 3];
  options.directed = (data[0] & 4) != 0;
  options.multigraph = (data[0] & 8) != 0;
  options.max_line_bytes = 4096;
  const size_t block_bytes = (size_t)1 << (data[0] >> 4);
  gli__memory *memory = gli__memory_create(NULL);
  gli_run *run = NULL;
  gli_graph *graph = NULL;
  gli_error error = {0};
  const int64_t live_before = memory == NULL ? 0 : memory->live_bytes;
  if (memory == NULL || gli__run_begin(NULL, memory, &run, &error) != GLI_OK) abort();
  gli_status status = gli__read_text("fuzz", (const char *)data + 1, size - 1, block_bytes,
                                     &options, NULL, memory, run, &graph, &error);
  gli__run_end(run);
  if ((status == GLI_OK) != (graph != NULL)) abort();
  if (status != GLI_OK && error.message[0] == '\0') abort();
  if (memory->live_bytes != live_before) abort(); /* the graph has memory of its own */
  gli_graph_free(graph);
  gli__memory_free(memory);
  return 0;
}
