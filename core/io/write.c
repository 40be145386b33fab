/* write.c: gli_write. Edge lists and METIS files, plain, gzip or zstd, written beside and renamed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gli/io.h>

#include "base/error.h"
#include "base/pool.h"
#include "graph/snapshot.h"
#include "io/fields.h"
#include "io/sink.h"

typedef struct write_job {
  gli_snapshot *snapshot;
  gli_write_options options;
  gli__sink *sink;
  gli_run *run;
  const char *path;
  char delimiter;
} write_job;

static bool ends_with(const char *text, const char *ending) {
  size_t length = strlen(text), ending_length = strlen(ending);
  return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

/* --- Fields ------------------------------------------------------------------------------------
 */

static gli_status put_text(write_job *writing, const char *text, size_t size_bytes,
                           gli_error *error) {
  /* Quoted when it would not be read back as this text: delimiters, quotes, comments, numbers. */
  gli__field as_field = {text, (uint32_t)size_bytes, false, false};
  int64_t integer;
  double real;
  bool boolean;
  bool quote = size_bytes == 0 || size_bytes > UINT32_MAX || text[0] == '#' || text[0] == '%' ||
               gli__parse_int(&as_field, &integer) || gli__parse_float(&as_field, &real) ||
               gli__parse_bool(&as_field, &boolean);
  for (size_t i = 0; i < size_bytes; i++) {
    const char c = text[i];
    if (c == '\n' || c == '\r' || c == '\0') {
      return gli__fail(
          error, GLI_ERROR_INVALID_ARGUMENT,
          "'%s' cannot be written as an edge list: a text holds a line end or zero byte",
          writing->path);
    }
    quote = quote || c == '"' || c == ',' || c == ';' || gli__is_blank(c);
  }
  if (!quote) return gli__sink_put(writing->sink, text, size_bytes, error);
  gli_status status = gli__sink_put(writing->sink, "\"", 1, error);
  for (size_t i = 0; i < size_bytes && status == GLI_OK; i++) {
    if (text[i] == '"') status = gli__sink_put(writing->sink, "\"", 1, error);
    if (status == GLI_OK) status = gli__sink_put(writing->sink, text + i, 1, error);
  }
  return status == GLI_OK ? gli__sink_put(writing->sink, "\"", 1, error) : status;
}

/* The shortest decimal that reads back as the same double; always with a point or exponent, so that
 * it reads back as a float. */
static int format_float(double real, char *buffer, size_t room) {
  if (isnan(real)) return snprintf(buffer, room, "nan");
  if (isinf(real)) return snprintf(buffer, room, real < 0 ? "-inf" : "inf");
  int size = 0;
  for (int digits = 1; digits <= 17; digits += digits == 1 ? 5 : 1) {
    size = snprintf(buffer, room, "%.*g", digits, real);
    if (strtod(buffer, NULL) == real) break;
  }
  if (strpbrk(buffer, ".e") == NULL) size += snprintf(buffer + size, room - (size_t)size, ".0");
  return size;
}

static gli_status put_value(write_job *writing, gli_value value, const char *name,
                            gli_error *error) {
  char buffer[48];
  int size = 0;
  switch ((gli_value_type)value.type) {
    case GLI_VALUE_ABSENT:
      return writing->delimiter == ' '
                 ? gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                             "attribute '%s' is absent on some edge: a blank-separated list cannot "
                             "say so; use a tab or comma as delimiter",
                             name)
                 : GLI_OK;
    case GLI_VALUE_BOOL:
      return gli__sink_put(writing->sink, value.as.boolean ? "True" : "False",
                           value.as.boolean ? 4 : 5, error);
    case GLI_VALUE_INT64:
      size = snprintf(buffer, sizeof buffer, "%lld", (long long)value.as.integer);
      break;
    case GLI_VALUE_FLOAT64:
      size = format_float(value.as.real, buffer, sizeof buffer);
      break;
    case GLI_VALUE_STRING:
      return put_text(writing, value.as.text, value.size_bytes, error);
    case GLI_VALUE_NULL:
    case GLI_VALUE_NESTED:
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "attribute '%s' holds %s on some edge: an edge list can hold bool, int, "
                       "float and text",
                       name, value.type == GLI_VALUE_NULL ? "None" : "a nested value");
  }
  return gli__sink_put(writing->sink, buffer, (size_t)size, error);
}

static gli_status put_id(write_job *writing, gli_id id, gli_error *error) {
  if (id.kind == GLI_ID_TEXT) return put_text(writing, id.as.text, id.size_bytes, error);
  char buffer[24];
  int size = snprintf(buffer, sizeof buffer, "%lld", (long long)id.as.integer);
  return gli__sink_put(writing->sink, buffer, (size_t)size, error);
}

/* --- Edge lists --------------------------------------------------------------------------------
 */

/* Keys that some edge has, in key order. */
static gli_status find_columns(const write_job *writing, gli_key **keys_out, size_t *count_out,
                               size_t *room_out, gli_error *error) {
  gli__memory *memory = gli__snapshot_memory(writing->snapshot);
  const gli_key all = gli__snapshot_key_count(writing->snapshot);
  *room_out = (size_t)all + 1;
  gli_key *keys = gli__allocate(memory, *room_out, sizeof *keys);
  if (keys == NULL) return gli__no_memory(error, "the columns of a file");
  size_t count = 0;
  for (gli_key key = 0; key < all; key++) {
    const gli__column *column = gli__snapshot_column(writing->snapshot, GLI_EDGES, key);
    if (column != NULL && gli__column_present_count(column) > 0) keys[count++] = key;
  }
  *keys_out = keys;
  *count_out = count;
  return GLI_OK;
}

static gli_status put_header(write_job *writing, const gli_key *keys, size_t count,
                             gli_error *error) {
  gli_status status = gli__sink_put(writing->sink, "source", 6, error);
  if (status == GLI_OK) status = gli__sink_put(writing->sink, &writing->delimiter, 1, error);
  if (status == GLI_OK) status = gli__sink_put(writing->sink, "target", 6, error);
  for (size_t c = 0; c < count && status == GLI_OK; c++) {
    size_t size_bytes = 0;
    const char *name = gli__snapshot_key_name(writing->snapshot, keys[c], &size_bytes);
    status = gli__sink_put(writing->sink, &writing->delimiter, 1, error);
    if (status == GLI_OK) status = put_text(writing, name, size_bytes, error);
  }
  return status == GLI_OK ? gli__sink_put(writing->sink, "\n", 1, error) : status;
}

static gli_status write_edges(write_job *writing, const gli_key *keys, size_t count,
                              gli_error *error) {
  gli_snapshot *snapshot = writing->snapshot;
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  const uint64_t *bits = gli_snapshot_edge_bits(snapshot);
  const int64_t limit = gli_snapshot_edge_limit(snapshot);
  gli_status status = GLI_OK;
  for (int64_t e = 0; e < limit && status == GLI_OK; e++) {
    if (!gli_bit(bits, e)) continue;
    status = put_id(writing, gli_snapshot_node_id(snapshot, sources[e]), error);
    if (status == GLI_OK) status = gli__sink_put(writing->sink, &writing->delimiter, 1, error);
    if (status == GLI_OK) {
      status = put_id(writing, gli_snapshot_node_id(snapshot, targets[e]), error);
    }
    for (size_t c = 0; c < count && status == GLI_OK; c++) {
      status = gli__sink_put(writing->sink, &writing->delimiter, 1, error);
      if (status == GLI_OK) {
        status = put_value(writing, gli_snapshot_value(snapshot, GLI_EDGES, keys[c], e),
                           gli__snapshot_key_name(snapshot, keys[c], NULL), error);
      }
    }
    if (status == GLI_OK) status = gli__sink_put(writing->sink, "\n", 1, error);
    if (status == GLI_OK && (e & 4095) == 0) {
      gli_run_progress(writing->run, (double)e, (double)limit);
      status = gli_run_check(writing->run, error);
    }
  }
  return status;
}

static gli_status write_edge_list(write_job *writing, gli_error *error) {
  gli_key *keys = NULL;
  size_t count = 0, room = 0;
  gli_status status = find_columns(writing, &keys, &count, &room, error);
  if (status != GLI_OK) return status;
  /* Without a header a lone number column reads back as "weight"; other names need one. */
  if (writing->options.header && count > 0) status = put_header(writing, keys, count, error);
  if (status == GLI_OK) status = write_edges(writing, keys, count, error);
  gli__release(gli__snapshot_memory(writing->snapshot), keys, room, sizeof *keys);
  return status;
}

/* --- METIS -------------------------------------------------------------------------------------
 */

/* What METIS can hold: undirected, no loops, no parallel edges; weights that are integers >= 0. */
static gli_status check_metis(const write_job *writing, bool *weighted_out, gli_key *key_out,
                              gli_error *error) {
  gli_snapshot *snapshot = writing->snapshot;
  if (gli_snapshot_is_directed(snapshot)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "'%s' cannot be written as METIS: the graph is directed", writing->path);
  }
  gli_simple_rows simple;
  gli_status status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status != GLI_OK) return status;
  if (simple.offsets[gli_snapshot_node_limit(snapshot)] != 2 * gli_snapshot_edge_count(snapshot)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "'%s' cannot be written as METIS: the graph has self-loops or parallel edges",
                     writing->path);
  }
  *key_out = gli_snapshot_find_key(snapshot, "weight", 6);
  const gli__column *column =
      *key_out == GLI_KEY_NONE ? NULL : gli__snapshot_column(snapshot, GLI_EDGES, *key_out);
  *weighted_out = column != NULL && gli__column_present_count(column) > 0;
  const uint64_t *bits = gli_snapshot_edge_bits(snapshot);
  for (int64_t e = 0; *weighted_out && e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(bits, e)) continue;
    const gli_value value = gli_snapshot_value(snapshot, GLI_EDGES, *key_out, e);
    if (value.type != GLI_VALUE_INT64 || value.as.integer < 0) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "'%s' cannot be written as METIS: attribute 'weight' of edge %lld is not an "
                       "integer of at least 0",
                       writing->path, (long long)gli_snapshot_edge_id(snapshot, e));
    }
  }
  return GLI_OK;
}

static gli_status put_number(write_job *writing, int64_t number, const char *before,
                             gli_error *error) {
  char buffer[32];
  int size = snprintf(buffer, sizeof buffer, "%s%lld", before, (long long)number);
  return gli__sink_put(writing->sink, buffer, (size_t)size, error);
}

static gli_status write_metis_rows(write_job *writing, const int32_t *numbers, bool weighted,
                                   gli_key key, gli_error *error) {
  gli_snapshot *snapshot = writing->snapshot;
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  gli_status status = GLI_OK;
  for (int32_t v = 0; v < limit && status == GLI_OK; v++) {
    if (!gli_bit(bits, v)) continue;
    for (uint32_t k = 0; k < rows.rows[v].length && status == GLI_OK; k++) {
      const int64_t at = rows.rows[v].begin + k;
      status = put_number(writing, numbers[rows.neighbors[at]] + 1, k == 0 ? "" : " ", error);
      if (status == GLI_OK && weighted) {
        status = put_number(writing,
                            gli_snapshot_value(snapshot, GLI_EDGES, key, rows.edges[at]).as.integer,
                            " ", error);
      }
    }
    if (status == GLI_OK) status = gli__sink_put(writing->sink, "\n", 1, error);
    if (status == GLI_OK && (v & 4095) == 0) {
      gli_run_progress(writing->run, (double)v, (double)limit);
      status = gli_run_check(writing->run, error);
    }
  }
  return status;
}

static gli_status write_metis(write_job *writing, gli_error *error) {
  gli_snapshot *snapshot = writing->snapshot;
  bool weighted = false;
  gli_key key = GLI_KEY_NONE;
  gli_status status = check_metis(writing, &weighted, &key, error);
  if (status != GLI_OK) return status;
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int32_t *numbers = gli_run_allocate(writing->run, (int64_t)limit + 1, sizeof *numbers);
  if (numbers == NULL) return gli_run_no_memory(writing->run, error);
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  int32_t count = 0;
  for (int32_t v = 0; v < limit; v++)
    numbers[v] = gli_bit(bits, v) ? count++ : -1;
  status = put_number(writing, count, "", error);
  if (status == GLI_OK) status = put_number(writing, gli_snapshot_edge_count(snapshot), " ", error);
  if (status == GLI_OK && weighted) status = gli__sink_put(writing->sink, " 001", 4, error);
  if (status == GLI_OK) status = gli__sink_put(writing->sink, "\n", 1, error);
  if (status == GLI_OK) status = write_metis_rows(writing, numbers, weighted, key, error);
  gli_run_release(writing->run, numbers);
  return status;
}

/* --- The front door ----------------------------------------------------------------------------
 */

static gli_status check_options(const char *path, const gli_write_options *options, bool *metis_out,
                                char *delimiter_out, gli_error *error) {
  char name[4096];
  if (strlen(path) >= sizeof name) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "path has %zu bytes; at most %zu are valid",
                     strlen(path), sizeof name - 1);
  }
  snprintf(name, sizeof name, "%s", path);
  if (ends_with(name, ".gz")) name[strlen(name) - 3] = '\0';
  if (ends_with(name, ".zst")) name[strlen(name) - 4] = '\0';
  *metis_out = ends_with(name, ".graph") || ends_with(name, ".metis");
  if (options->format != NULL) {
    *metis_out = strcmp(options->format, "metis") == 0;
    if (!*metis_out && strcmp(options->format, "edgelist") != 0) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "format is '%s'; valid are 'edgelist' and 'metis'", options->format);
    }
  } else if (ends_with(name, ".properties")) {
    return gli__fail(
        error, GLI_ERROR_INVALID_ARGUMENT,
        "'%s' would be read as a graph of LDBC Graphalytics, which can be read but not "
        "written: choose another ending, or say format 'edgelist' or 'metis'",
        path);
  }
  *delimiter_out = ends_with(name, ".csv") ? ',' : '\t';
  if (options->delimiter != NULL) {
    if (strlen(options->delimiter) != 1 || strchr(" \t,;", options->delimiter[0]) == NULL) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "delimiter is '%s'; valid are a blank, a tab, ',' and ';'",
                       options->delimiter);
    }
    *delimiter_out = options->delimiter[0];
  }
  return GLI_OK;
}

gli_status gli_write(gli_snapshot *snapshot, const char *path, const gli_write_options *options,
                     const gli_control *control, gli_error *error) {
  static const gli_write_options defaults = GLI_WRITE_OPTIONS_INIT;
  write_job writing = {.snapshot = snapshot, .path = path};
  bool metis = false;
  if (snapshot == NULL || path == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s is NULL",
                     snapshot == NULL ? "snapshot" : "path");
  }
  writing.options = options == NULL ? defaults : *options;
  if (writing.options.struct_size != sizeof writing.options) {
    return gli__fail(error, GLI_ERROR_ABI, "options.struct_size is %zu; this library knows %zu",
                     writing.options.struct_size, sizeof writing.options);
  }
  gli_status status = check_options(path, &writing.options, &metis, &writing.delimiter, error);
  if (status != GLI_OK) return status;
  gli__memory *memory = gli__snapshot_memory(snapshot);
  status = gli__run_begin(control, memory, &writing.run, error);
  if (status != GLI_OK) return status;
  status = gli__sink_open(path, memory, &writing.sink, error);
  if (status == GLI_OK) {
    status = metis ? write_metis(&writing, error) : write_edge_list(&writing, error);
    status = gli__sink_close(writing.sink, status, error);
  }
  gli__run_end(writing.run);
  return status;
}
