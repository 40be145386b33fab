/* read.c: gli_read. Opens, finds out the format, hands over to its reader. */
#include "io/read.h"

#include <string.h>

#include "base/error.h"
#include "io/text.h"

gli_status gli__format_error(gli_error *error, const char *path, int64_t line, int64_t column,
                             const char *found, size_t found_bytes, const char *expected) {
  if (found == NULL) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, line, column,
                        "'%s', line %lld, column %lld: expected %s, found the end of the line",
                        path, (long long)line, (long long)column, expected);
  }
  char shown[48];
  size_t used = 0;
  for (size_t i = 0; i < found_bytes && used < sizeof shown - 4; i++) {
    unsigned char c = (unsigned char)found[i];
    const bool control = c < 0x20 || c == 0x7f;
    shown[used++] = control ? '?' : (char)c;
  }
  if (used < found_bytes) { /* never cut a UTF-8 sequence in two */
    while (used > 0 && ((unsigned char)shown[used - 1] & 0xc0) == 0x80)
      used--;
    if (used > 0 && ((unsigned char)shown[used - 1] & 0xc0) == 0xc0) used--;
    memcpy(shown + used, "...", 3);
    used += 3;
  }
  shown[used] = '\0';
  return gli__fail_at(error, GLI_ERROR_FORMAT, line, column,
                      "'%s', line %lld, column %lld: expected %s, found \"%s\"", path,
                      (long long)line, (long long)column, expected, shown);
}

typedef struct count_lines_job {
  const char *bytes;
  gli__parsed_block *blocks;
} count_lines_job;

static void count_lines(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  count_lines_job *job = context;
  for (int64_t b = begin; b < end; b++) {
    gli__parsed_block *block = &job->blocks[b];
    const char *at = job->bytes + block->begin, *stop = job->bytes + block->end;
    int64_t lines = 0;
    while (at < stop) {
      const char *newline = memchr(at, '\n', (size_t)(stop - at));
      lines++;
      at = newline == NULL ? stop : newline + 1;
    }
    block->line_count = lines;
  }
}

gli_status gli__blocks_make(const gli__reading *reading, gli__parsed_block **blocks_out,
                            int64_t *count_out, int64_t *line_count_out, gli_error *error) {
  size_t *starts = NULL;
  int64_t count = 0;
  gli_status status = gli__text_cut(reading->bytes, reading->size_bytes, reading->block_bytes,
                                    reading->memory, &starts, &count, error);
  if (status != GLI_OK) return status;
  gli__parsed_block *blocks =
      gli__allocate_zeroed(reading->memory, (size_t)count + 1, sizeof *blocks);
  if (blocks == NULL) {
    status = gli__no_memory(error, "the list of text blocks");
  } else {
    for (int64_t b = 0; b < count; b++) {
      blocks[b].begin = starts[b];
      blocks[b].end = starts[b + 1];
    }
    count_lines_job job = {reading->bytes, blocks};
    status = gli_run_parallel(reading->run, count, 1, count_lines, &job, error);
    int64_t lines = 0;
    for (int64_t b = 0; b < count; b++) {
      blocks[b].first_line = lines;
      lines += blocks[b].line_count;
    }
    if (status == GLI_OK) {
      *blocks_out = blocks;
      *count_out = count;
      *line_count_out = lines;
    } else {
      gli__release(reading->memory, blocks, (size_t)count + 1, sizeof *blocks);
    }
  }
  gli__release(reading->memory, starts, (size_t)count + 1, sizeof *starts);
  return status;
}

gli_status gli__blocks_error(const gli__parsed_block *blocks, int64_t count, gli_error *error) {
  for (int64_t b = 0; b < count; b++) {
    if (blocks[b].status == GLI_OK) continue;
    if (error != NULL) *error = blocks[b].error;
    return blocks[b].status;
  }
  return GLI_OK;
}

static bool name_ends_with(const char *path, const char *ending) {
  size_t length = strlen(path), ending_length = strlen(ending);
  static const char *const packed[] = {".gz", ".zst"};
  for (size_t i = 0; i < 2; i++) {
    size_t packed_length = strlen(packed[i]);
    if (length > packed_length && strcmp(path + length - packed_length, packed[i]) == 0) {
      length -= packed_length;
      break;
    }
  }
  return length >= ending_length &&
         memcmp(path + length - ending_length, ending, ending_length) == 0;
}

gli_status gli__read_text(const char *path, const char *bytes, size_t size_bytes,
                          size_t block_bytes, const gli_read_options *options,
                          const gli_control *control, gli__memory *memory, gli_run *run,
                          gli_graph **graph_out, gli_error *error) {
  const gli__reading reading = {path,    bytes,  size_bytes, block_bytes,
                                options, memory, run,        control};
  size_t sniffed = size_bytes < 4096 ? size_bytes : 4096;
  if (sniffed > 0 && memchr(bytes, '\0', sniffed) != NULL) {
    return gli__fail_at(
        error, GLI_ERROR_FORMAT, 1, 1,
        "'%s' is not a text file: it has a zero byte near its beginning; edge lists, METIS files "
        "and LDBC's .properties, plain, gzip or zstd, can be read",
        path);
  }
  const bool ldbc = options->format != NULL ? strcmp(options->format, "ldbc") == 0
                                            : name_ends_with(path, ".properties");
  if (ldbc) return gli__read_ldbc(&reading, graph_out, error);
  bool metis;
  if (options->format != NULL) {
    metis = strcmp(options->format, "metis") == 0;
  } else {
    metis = gli__looks_like_metis(bytes, size_bytes) || name_ends_with(path, ".graph") ||
            name_ends_with(path, ".metis");
  }
  return metis ? gli__read_metis(&reading, graph_out, error)
               : gli__read_edge_list(&reading, graph_out, error);
}

static bool is_one_of(const char *text, const char *const *allowed) {
  for (; *allowed != NULL; allowed++) {
    if (strcmp(text, *allowed) == 0) return true;
  }
  return false;
}

static gli_status check_options(const gli_read_options *options, gli_error *error) {
  static const char *const formats[] = {"edgelist", "metis", "ldbc", NULL};
  static const char *const headers[] = {"auto", "yes", "no", NULL};
  static const char *const ids[] = {"auto", "int", "string", NULL};
  static const char *const delimiters[] = {" ", "\t", ",", ";", NULL};
  if (options->format != NULL && !is_one_of(options->format, formats)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "format is '%s'; valid are 'edgelist', 'metis' and 'ldbc'", options->format);
  }
  if (options->header != NULL && !is_one_of(options->header, headers)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "header is '%s'; valid are 'auto', 'yes' and 'no'", options->header);
  }
  if (options->ids != NULL && !is_one_of(options->ids, ids)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "ids is '%s'; valid are 'auto', 'int' and 'string'", options->ids);
  }
  if (options->delimiter != NULL && !is_one_of(options->delimiter, delimiters)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "delimiter is '%s'; valid are a blank, a tab, ',' and ';'",
                     options->delimiter);
  }
  if (options->max_nodes < 0 || options->max_edges < 0 || options->max_line_bytes < 0) {
    return gli__fail(
        error, GLI_ERROR_INVALID_ARGUMENT,
        "max_nodes, max_edges and max_line_bytes are %lld, %lld and %lld; each must be "
        "0 (no limit) or more",
        (long long)options->max_nodes, (long long)options->max_edges,
        (long long)options->max_line_bytes);
  }
  return GLI_OK;
}

gli_status gli_read(const char *path, const gli_read_options *options, const gli_control *control,
                    gli_graph **graph_out, gli_error *error) {
  static const gli_read_options defaults = GLI_READ_OPTIONS_INIT;
  gli_read_options complete = options == NULL ? defaults : *options;
  if (path == NULL || graph_out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s is NULL",
                     path == NULL ? "path" : "graph_out");
  }
  if (complete.struct_size != sizeof complete) {
    return gli__fail(error, GLI_ERROR_ABI, "options.struct_size is %zu; this library knows %zu",
                     complete.struct_size, sizeof complete);
  }
  gli_status status = check_options(&complete, error);
  if (status != GLI_OK) return status;
  if (complete.max_line_bytes == 0) complete.max_line_bytes = 16 << 20;

  gli_run *run = NULL;
  gli__text text = {0};
  gli__memory *memory = gli__memory_create(complete.allocator);
  if (memory == NULL) return gli__no_memory(error, "a file's text");
  status = gli__run_begin(control, memory, &run, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__text_open(&text, path, memory, run, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__read_text(path, text.bytes, text.size_bytes, GLI__TEXT_BLOCK_BYTES, &complete,
                          control, memory, run, graph_out, error);
cleanup:
  gli__text_close(&text);
  if (run != NULL) gli__run_end(run);
  gli__memory_free(memory);
  return status;
}
