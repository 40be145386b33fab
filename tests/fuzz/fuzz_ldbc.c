/* fuzz_ldbc.c: any bytes as the three files of an LDBC Graphalytics graph, with a zero byte between
 * them. The first byte chooses the block size; nothing may leak or crash, and a failure must say
 * why. */
#include <stdlib.h>
#include <string.h>

#include "io/ldbc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  const char *texts[3];
  size_t sizes[3];
  const char *at = (const char *)data + 1, *end = (const char *)data + size;
  for (int k = 0; k < 3; k++) {
    const char *zero = k == 2 || at == end ? NULL : memchr(at, 0, (size_t)(end - at));
    texts[k] = at;
    sizes[k] = (size_t)((zero == NULL ? end : zero) - at);
    at = zero == NULL ? end : zero + 1;
  }
  gli_read_options options = GLI_READ_OPTIONS_INIT;
  options.multigraph = (data[0] & 8) != 0;
  options.max_line_bytes = 4096;
  const size_t block_bytes = (size_t)1 << (data[0] >> 4);
  gli__memory *memory = gli__memory_create(NULL);
  gli_run *run = NULL;
  gli_graph *graph = NULL;
  gli_error error = {0};
  const int64_t live_before = memory == NULL ? 0 : memory->live_bytes;
  if (memory == NULL || gli__run_begin(NULL, memory, &run, &error) != GLI_OK) abort();
  gli__ldbc described;
  gli_status status = gli__ldbc_describe("fuzz", texts[0], sizes[0], &described, &error);
  if (status == GLI_OK) {
    const gli__reading vertices = {"fuzz.v", texts[1], sizes[1], block_bytes,
                                   &options, memory,   run,      NULL};
    const gli__reading edges = {"fuzz.e", texts[2], sizes[2], block_bytes,
                                &options, memory,   run,      NULL};
    status = gli__ldbc_build(&described, &vertices, &edges, &graph, &error);
  }
  gli__run_end(run);
  if ((status == GLI_OK) != (graph != NULL)) abort();
  if (status != GLI_OK && error.message[0] == '\0') abort();
  if (memory->live_bytes != live_before) abort(); /* the graph has memory of its own */
  gli_graph_free(graph);
  gli__memory_free(memory);
  return 0;
}
