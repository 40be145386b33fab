/* ldbc.c: the vertex and edge files of LDBC Graphalytics (specification 1.0.5, section 2.2.2).
 *
 * A vertex file has a line "ID PROPERTY..." for each vertex, ids rising; an edge file a line
 * "SOURCE TARGET PROPERTY..." for each edge. Every edge is there once and joins two vertices of the
 * vertex file; there are no loops. All of that is checked: who benchmarks wants to hear of a broken
 * file, and ids that rise are what makes the smallest index the smallest id (LDBC breaks ties by
 * id). Ids up to 2^63 - 1; the specification would allow 2^64 - 1.
 *
 * Blocks of lines are parsed in parallel into columns, as edge lists are, then loaded in bulk. Only
 * a file that turns out broken is gone through again to find the line. */
#include "io/ldbc.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* A file of ids and typed properties. */
typedef struct table {
  const gli__reading *reading;
  const gli__ldbc_columns *columns;
  int32_t id_count; /* 1: vertices, 2: edges */
  gli__parsed_block *blocks;
  int64_t block_count;
  int64_t room;  /* rows allocated */
  int64_t *rows; /* per block: rows found */
  int64_t row_count;
  int64_t *ids[2];
  void *data[GLI__LDBC_MAX_PROPERTIES]; /* int64 or float64 */
} table;

static bool fail_field(const table *t, gli__parsed_block *block, int64_t number,
                       const gli__line *line, const gli__field *field, const char *expected) {
  const char *where = field == NULL ? line->end : field->bytes;
  block->status = gli__format_error(
      &block->error, t->reading->path, number, gli__line_column(line, where),
      field == NULL ? NULL : field->bytes, field == NULL ? 0 : field->size_bytes, expected);
  return false;
}

static bool parse_property(table *t, int32_t column, int64_t row, const gli__field *field) {
  int64_t integer;
  double real;
  if (t->columns->real[column]) {
    if (!gli__parse_float(field, &real) || !isfinite(real)) return false;
    ((double *)t->data[column])[row] = real;
    return true;
  }
  if (!gli__parse_int(field, &integer)) return false;
  ((int64_t *)t->data[column])[row] = integer;
  return true;
}

static bool parse_row(table *t, gli__parsed_block *block, int64_t number, int64_t row,
                      const char *begin, const char *end) {
  gli__line line = gli__line_start(begin, end, GLI__BLANKS);
  gli__field field;
  for (int32_t k = 0; k < t->id_count; k++) {
    if (!gli__line_next(&line, &field)) {
      return fail_field(t, block, number, &line, NULL, "the id of a vertex");
    }
    if (!gli__parse_int(&field, &t->ids[k][row]) || t->ids[k][row] < 0) {
      return fail_field(t, block, number, &line, &field,
                        "the id of a vertex, from 0 to 9223372036854775807");
    }
  }
  if (t->id_count == 2 && t->ids[0][row] == t->ids[1][row]) {
    return fail_field(t, block, number, &line, &field, "an edge between two different vertices");
  }
  for (int32_t c = 0; c < t->columns->count; c++) {
    if (!gli__line_next(&line, &field)) {
      return fail_field(t, block, number, &line, NULL, "one more property");
    }
    if (!parse_property(t, c, row, &field)) {
      return fail_field(t, block, number, &line, &field,
                        t->columns->real[c] ? "a finite number" : "an integer");
    }
  }
  if (gli__line_next(&line, &field) || line.broken) {
    return fail_field(t, block, number, &line, &field, "the end of the line");
  }
  return true;
}

static bool is_blank_line(const char *begin, const char *end) {
  while (begin < end && gli__is_blank(*begin))
    begin++;
  return begin == end;
}

static void parse_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  table *t = context;
  (void)worker;
  for (int64_t b = begin; b < end; b++) {
    gli__parsed_block *block = &t->blocks[b];
    const char *at = t->reading->bytes + block->begin, *stop = t->reading->bytes + block->end;
    int64_t row = block->first_line;
    for (int64_t number = block->first_line + 1; at < stop; number++) {
      const char *next;
      const char *line_end = gli__line_end(at, stop, &next);
      if (line_end - at > t->reading->options->max_line_bytes) {
        block->status =
            gli__fail_at(&block->error, GLI_ERROR_LIMIT, number, 1,
                         "'%s', line %lld: %lld bytes long; max_line_bytes is %lld",
                         t->reading->path, (long long)number, (long long)(line_end - at),
                         (long long)t->reading->options->max_line_bytes);
        break;
      }
      if (!is_blank_line(at, line_end)) {
        if (!parse_row(t, block, number, row, at, line_end)) break;
        row++;
      }
      at = next;
    }
    t->rows[b] = row - block->first_line;
  }
}

static void release_table(table *t) {
  gli__memory *memory = t->reading->memory;
  const size_t blocks = (size_t)t->block_count + 1, room = (size_t)t->room;
  for (int32_t k = 0; k < 2; k++)
    gli__release(memory, t->ids[k], room, 8);
  for (int32_t c = 0; c < t->columns->count; c++)
    gli__release(memory, t->data[c], room, 8);
  gli__release(memory, t->rows, blocks, sizeof *t->rows);
  gli__release(memory, t->blocks, blocks, sizeof *t->blocks);
}

/* Rows move down over the gaps that blank lines left. */
static void close_gaps(table *t) {
  for (int64_t b = 0; b < t->block_count; b++) {
    const int64_t from = t->blocks[b].first_line, to = t->row_count;
    const size_t size_bytes = (size_t)t->rows[b] * 8;
    t->row_count += t->rows[b];
    if (from == to || size_bytes == 0) continue;
    for (int32_t k = 0; k < t->id_count; k++)
      memmove(t->ids[k] + to, t->ids[k] + from, size_bytes);
    for (int32_t c = 0; c < t->columns->count; c++)
      memmove((int64_t *)t->data[c] + to, (int64_t *)t->data[c] + from, size_bytes);
  }
}

static gli_status parse_table(table *t, gli_error *error) {
  gli__memory *memory = t->reading->memory;
  int64_t lines = 0;
  gli_status status = gli__blocks_make(t->reading, &t->blocks, &t->block_count, &lines, error);
  if (status != GLI_OK) return status;
  t->room = lines + 1;
  t->rows = gli__allocate_zeroed(memory, (size_t)t->block_count + 1, sizeof *t->rows);
  bool good = t->rows != NULL;
  for (int32_t k = 0; k < t->id_count && good; k++) {
    t->ids[k] = gli__allocate(memory, (size_t)t->room, 8);
    good = t->ids[k] != NULL;
  }
  for (int32_t c = 0; c < t->columns->count && good; c++) {
    t->data[c] = gli__allocate(memory, (size_t)t->room, 8);
    good = t->data[c] != NULL;
  }
  if (!good) return gli__no_memory(error, "the rows of a file");
  status = gli_run_parallel(t->reading->run, t->block_count, 1, parse_blocks, t, error);
  if (status == GLI_OK) status = gli__blocks_error(t->blocks, t->block_count, error);
  if (status == GLI_OK) close_gaps(t);
  return status;
}

/* The error of row `row`, which stands well formed on its line: goes through the text again. */
static gli_status fail_row(const table *t, int64_t row, int32_t which, const char *expected,
                           gli_error *error) {
  const char *at = t->reading->bytes, *stop = at + t->reading->size_bytes;
  for (int64_t number = 1; at < stop; number++) {
    const char *next;
    const char *end = gli__line_end(at, stop, &next);
    if (!is_blank_line(at, end) && row-- == 0) {
      gli__line line = gli__line_start(at, end, GLI__BLANKS);
      gli__field field = {0};
      for (int32_t k = 0; k <= which; k++)
        gli__line_next(&line, &field);
      return gli__format_error(error, t->reading->path, number,
                               gli__line_column(&line, field.bytes), field.bytes, field.size_bytes,
                               expected);
    }
    at = next;
  }
  return GLI_OK; /* rows come from lines */
}

static gli_status check_limits(const table *vertices, const table *edges, gli_error *error) {
  const gli_read_options *options = vertices->reading->options;
  if ((options->max_nodes > 0 && vertices->row_count > options->max_nodes) ||
      (options->max_edges > 0 && edges->row_count > options->max_edges)) {
    return gli__fail(
        error, GLI_ERROR_LIMIT,
        "'%s' has %lld vertices and '%s' %lld edges; max_nodes is %lld, max_edges %lld",
        vertices->reading->path, (long long)vertices->row_count, edges->reading->path,
        (long long)edges->row_count, (long long)options->max_nodes, (long long)options->max_edges);
  }
  for (int64_t k = 1; k < vertices->row_count; k++) {
    if (vertices->ids[0][k] > vertices->ids[0][k - 1]) continue;
    return fail_row(vertices, k, 0, "an id above the one before (vertex files are sorted)", error);
  }
  return GLI_OK;
}

/* Which of the ids is no vertex? The first one in the order of the file. */
static gli_status fail_stranger(const table *vertices, const table *edges, gli_error *error) {
  for (int64_t row = 0; row < edges->row_count; row++) {
    for (int32_t k = 0; k < 2; k++) {
      int64_t low = 0, high = vertices->row_count;
      while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (vertices->ids[0][middle] < edges->ids[k][row]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (low < vertices->row_count && vertices->ids[0][low] == edges->ids[k][row]) continue;
      return fail_row(edges, row, k, "a vertex of the vertex file", error);
    }
  }
  return GLI_OK;
}

/* Which row repeats an earlier one? New edges got rising ids; a repeated one has an older id. */
static gli_status fail_repeated(gli_graph *graph, const table *edges, gli_error *error) {
  gli_edge_id newest = -1;
  for (int64_t row = 0; row < edges->row_count; row++) {
    gli_edge_id edge = GLI_EDGE_NONE;
    const gli_status status = gli_graph_find_edges(graph, 1, NULL, NULL, edges->ids[0] + row,
                                                   edges->ids[1] + row, &edge, error);
    if (status != GLI_OK) return status;
    if (edge <= newest) return fail_row(edges, row, 0, "each edge once", error);
    newest = edge;
  }
  return GLI_OK;
}

static gli_status bulk_columns(gli_graph *graph, const table *t, gli_bulk_column *bulk,
                               gli_error *error) {
  gli_status status = GLI_OK;
  for (int32_t c = 0; c < t->columns->count && status == GLI_OK; c++) {
    bulk[c].type = t->columns->real[c] ? GLI_VALUE_FLOAT64 : GLI_VALUE_INT64;
    bulk[c].data = t->data[c];
    status = gli_graph_key(graph, t->columns->names[c].bytes, t->columns->names[c].size_bytes,
                           &bulk[c].key, error);
  }
  return status;
}

static gli_status load(gli_graph *graph, const table *vertices, const table *edges,
                       gli_error *error) {
  const gli_control *control = vertices->reading->control;
  gli_bulk_column bulk[GLI__LDBC_MAX_PROPERTIES];
  int64_t added = 0;
  gli_status status = bulk_columns(graph, vertices, bulk, error);
  if (status == GLI_OK) {
    status = gli_graph_add_nodes(graph, vertices->row_count, NULL, vertices->ids[0], bulk,
                                 (size_t)vertices->columns->count, control, NULL, error);
  }
  if (status == GLI_OK) status = bulk_columns(graph, edges, bulk, error);
  if (status == GLI_OK) {
    status = gli_graph_add_edges(graph, edges->row_count, NULL, NULL, edges->ids[0], edges->ids[1],
                                 bulk, (size_t)edges->columns->count, control, NULL, &added, error);
  }
  if (status == GLI_OK && gli_graph_node_count(graph) != vertices->row_count) {
    status = fail_stranger(vertices, edges, error);
  }
  if (status == GLI_OK && added != edges->row_count) status = fail_repeated(graph, edges, error);
  return status;
}

gli_status gli__ldbc_build(const gli__ldbc *described, const gli__reading *vertices,
                           const gli__reading *edges, gli_graph **graph_out, gli_error *error) {
  table nodes = {.reading = vertices, .columns = &described->vertices, .id_count = 1};
  table pairs = {.reading = edges, .columns = &described->edges, .id_count = 2};
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_graph *graph = NULL;
  options.directed = described->directed;
  options.multigraph = vertices->options->multigraph;
  options.allocator = vertices->options->allocator;
  gli_status status = parse_table(&nodes, error);
  if (status == GLI_OK) status = parse_table(&pairs, error);
  if (status == GLI_OK) status = check_limits(&nodes, &pairs, error);
  if (status == GLI_OK) status = gli_graph_create(&options, &graph, error);
  if (status == GLI_OK) status = load(graph, &nodes, &pairs, error);
  if (status == GLI_OK) {
    *graph_out = graph;
  } else {
    gli_graph_free(graph);
  }
  release_table(&pairs);
  release_table(&nodes);
  return status;
}
