/* edge_list.c: delimited text, one edge a line: two ends, then further columns.
 *
 * A plan says how to read: delimiter, number of fields, kind of ids, kind of each further column.
 * It starts from the first lines (plan.c part below) and all blocks of the text are parsed under it
 * in parallel, straight into arrays with one place per line. A block that meets what the plan does
 * not hold (text among numbers, an empty field) raises the plan and goes on; then everything is
 * parsed once more under the raised plan. Kinds only rise (bool, int < float < text), so this ends;
 * nearly every file is parsed once. Reading types per block and joining them afterwards would save
 * that second pass but keep two representations of every column.
 *
 * Memory: 16 bytes per line for integer ids (32 for text, which stays in the file's text), 8 per
 * number column, 24 per text column, then the graph. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "ids/ids.h"
#include "io/read.h"

#define MAX_COLUMNS 256

typedef enum column_kind { KIND_NONE, KIND_BOOL, KIND_INT, KIND_FLOAT, KIND_TEXT } column_kind;

typedef struct read_plan {
  gli__delimiter delimiter;
  bool has_header;
  bool text_ids;
  bool fixed_ids;       /* asked for by the caller: other ids are errors */
  int32_t column_count; /* beyond the two ends */
  column_kind kinds[MAX_COLUMNS];
  bool gaps[MAX_COLUMNS]; /* some fields are empty: the attribute is absent there */
} read_plan;

typedef struct edge_columns {
  int64_t *int_sources, *int_targets;
  gli_id *sources, *targets;
  void *data[MAX_COLUMNS];
} edge_columns;

typedef struct parse_job {
  const gli__reading *reading;
  gli__parsed_block *blocks;
  const read_plan *plan;
  read_plan *raised; /* one per block: what this block needs */
  int64_t *edges;    /* edges found per block */
  edge_columns columns;
  const char *header_line; /* skipped */
  bool *escapes;           /* per block: a quoted field holds "" */
} parse_job;

static size_t width_of(const read_plan *plan, int32_t column) {
  if (plan->gaps[column] || plan->kinds[column] == KIND_TEXT) return sizeof(gli_value);
  return plan->kinds[column] == KIND_BOOL ? 1 : 8;
}

/* --- The plan, from the first lines ----------------------------------------------------------- */

static bool is_comment(const char *begin, const char *end) {
  while (begin < end && gli__is_blank(*begin))
    begin++;
  return begin == end || *begin == '#' || *begin == '%';
}

static column_kind kind_of(const gli__field *field) {
  int64_t integer;
  double real;
  bool boolean;
  if (gli__parse_int(field, &integer)) return KIND_INT;
  if (gli__parse_float(field, &real)) return KIND_FLOAT;
  if (gli__parse_bool(field, &boolean)) return KIND_BOOL;
  return KIND_TEXT;
}

static column_kind join_kinds(column_kind left, column_kind right) {
  if (left == right || right == KIND_NONE) return left;
  if (left == KIND_NONE) return right;
  if (left == KIND_BOOL || right == KIND_BOOL) return KIND_TEXT;
  return left > right ? left : right;
}

/* Tabs tell fields apart, unless they stand beside blanks among nothing but numbers ("1
 * 2<tab>0.5"). */
static gli__delimiter find_delimiter(const char *begin, const char *end) {
  const size_t size_bytes = (size_t)(end - begin);
  if (memchr(begin, ',', size_bytes) != NULL) return GLI__COMMA;
  if (memchr(begin, ';', size_bytes) != NULL) return GLI__SEMICOLON;
  if (memchr(begin, '\t', size_bytes) == NULL) return GLI__BLANKS;
  gli__field field;
  bool numbers = true;
  int32_t fields = 0;
  gli__line line = gli__line_start(begin, end, GLI__TAB);
  while (fields < 2 && gli__line_next(&line, &field) && field.size_bytes > 0)
    fields++;
  if (fields < 2) return GLI__BLANKS;
  line = gli__line_start(begin, end, GLI__BLANKS);
  while (gli__line_next(&line, &field)) {
    const column_kind kind = kind_of(&field);
    numbers = numbers && (kind == KIND_INT || kind == KIND_FLOAT);
  }
  return numbers && memchr(begin, ' ', size_bytes) != NULL ? GLI__BLANKS : GLI__TAB;
}

/* Whether a first line reads like names: ends called source and target (or so), or text where the
 * second line has numbers. */
static bool looks_like_header(const gli__field *first, const gli__field *second, int32_t count,
                              int32_t second_count) {
  static const char *const names[] = {"source", "src",        "from",     "tail",      "u",
                                      "node1",  "start",      "target",   "dst",       "to",
                                      "head",   "v",          "node2",    "end",       "node_1",
                                      "node_2", "fromnodeid", "tonodeid", "source_id", "target_id"};
  int32_t named = 0;
  for (int32_t f = 0; f < 2 && f < count; f++) {
    char lower[16] = {0};
    if (first[f].size_bytes == 0 || first[f].size_bytes >= sizeof lower) continue;
    for (uint32_t i = 0; i < first[f].size_bytes; i++) {
      lower[i] = (char)tolower((unsigned char)first[f].bytes[i]);
    }
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
      if (strcmp(lower, names[n]) == 0) {
        named++;
        break;
      }
    }
  }
  if (named == 2) return true;
  if (second_count != count) return false;
  for (int32_t f = 0; f < count; f++) {
    const column_kind above = kind_of(&first[f]), below = kind_of(&second[f]);
    if (above == KIND_TEXT && (below == KIND_INT || below == KIND_FLOAT)) return true;
  }
  return false;
}

static int32_t split(const char *begin, const char *end, gli__delimiter delimiter,
                     gli__field *fields, int32_t room) {
  gli__line line = gli__line_start(begin, end, delimiter);
  int32_t count = 0;
  gli__field field;
  while (count < room && gli__line_next(&line, &field))
    fields[count++] = field;
  return count;
}

/* The first two lines with content. */
static int32_t find_first_lines(const gli__reading *reading, const char *begins[2],
                                const char *ends[2], int64_t *line_out) {
  const char *at = reading->bytes, *stop = at + reading->size_bytes;
  int32_t found = 0;
  int64_t line = 0;
  while (at < stop && found < 2) {
    const char *next;
    const char *end = gli__line_end(at, stop, &next);
    line++;
    if (!is_comment(at, end)) {
      if (found == 0) *line_out = line;
      begins[found] = at;
      ends[found++] = end;
    }
    at = next;
  }
  return found;
}

static gli_status make_plan(const gli__reading *reading, read_plan *plan_out, gli__field *header,
                            const char **header_line_out, gli_error *error) {
  const gli_read_options *options = reading->options;
  const char *begins[2] = {NULL, NULL}, *ends[2] = {NULL, NULL};
  int64_t line = 0;
  memset(plan_out, 0, sizeof *plan_out);
  plan_out->fixed_ids = options->ids != NULL && strcmp(options->ids, "auto") != 0;
  plan_out->text_ids = options->ids != NULL && strcmp(options->ids, "string") == 0;
  const int32_t lines = find_first_lines(reading, begins, ends, &line);
  plan_out->delimiter = GLI__BLANKS;
  if (lines == 0) return GLI_OK;
  plan_out->delimiter = options->delimiter != NULL ? (gli__delimiter)options->delimiter[0]
                                                   : find_delimiter(begins[0], ends[0]);
  gli__field second[MAX_COLUMNS + 2];
  const int32_t count = split(begins[0], ends[0], plan_out->delimiter, header, MAX_COLUMNS + 2);
  const int32_t second_count =
      lines < 2 ? 0 : split(begins[1], ends[1], plan_out->delimiter, second, MAX_COLUMNS + 2);
  if (count < 2) {
    return gli__format_error(error, reading->path, line,
                             count == 0 ? 1 : (int64_t)(ends[0] - begins[0]) + 1, NULL, 0,
                             "two ends of an edge");
  }
  if (count >= MAX_COLUMNS + 2) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, line, 1,
                        "'%s', line %lld: more than %d fields; at most %d attributes can be read",
                        reading->path, (long long)line, MAX_COLUMNS + 1, MAX_COLUMNS);
  }
  plan_out->column_count = count - 2;
  const bool automatic = options->header == NULL || strcmp(options->header, "auto") == 0;
  plan_out->has_header = automatic ? looks_like_header(header, second, count, second_count)
                                   : strcmp(options->header, "yes") == 0;
  if (plan_out->has_header) *header_line_out = begins[0];
  return GLI_OK;
}

/* --- Parsing one block -------------------------------------------------------------------------
 */

typedef struct line_place {
  parse_job *job;
  gli__parsed_block *block;
  read_plan *raised;
  int64_t at;   /* place in the arrays */
  int64_t line; /* of the file */
  int64_t block_index;
} line_place;

static bool fail_field(line_place *place, const gli__line *line, const gli__field *field,
                       const char *expected) {
  const char *where = field == NULL ? line->end : field->bytes;
  place->block->status = gli__format_error(
      &place->block->error, place->job->reading->path, place->line, gli__line_column(line, where),
      field == NULL ? NULL : field->bytes, field == NULL ? 0 : field->size_bytes, expected);
  return false;
}

static bool parse_end(line_place *place, const gli__line *line, const gli__field *field,
                      int64_t *int_ids, gli_id *ids) {
  const read_plan *plan = place->job->plan;
  if (field->size_bytes == 0 && !field->quoted) return fail_field(place, line, field, "a node id");
  if (!plan->text_ids) {
    if (gli__parse_int(field, &int_ids[place->at])) return true;
    if (plan->fixed_ids)
      return fail_field(place, line, field, "an integer id (64 bits, no leading zeros)");
    place->raised->text_ids = true;
    return true;
  }
  if (!gli__utf8_is_valid(field->bytes, field->size_bytes)) {
    return fail_field(place, line, field, "an id in valid UTF-8");
  }
  ids[place->at] = gli_id_text(field->bytes, field->size_bytes);
  if (field->has_escapes) {
    ids[place->at].kind = 2; /* marked for unescape_all() */
    place->job->escapes[place->block_index] = true;
  }
  return true;
}

/* A value of a column that is kept as gli_value: text, or a column with gaps. */
static bool parse_value(line_place *place, const gli__line *line, const gli__field *field,
                        column_kind kind, gli_value *value) {
  int64_t integer;
  double real;
  bool boolean;
  *value = gli_value_absent();
  if (field->size_bytes == 0 && !field->quoted) return true;
  if (kind == KIND_BOOL && gli__parse_bool(field, &boolean)) {
    *value = gli_value_bool(boolean);
  } else if (kind == KIND_INT && gli__parse_int(field, &integer)) {
    *value = gli_value_int(integer);
  } else if (kind == KIND_FLOAT && gli__parse_float(field, &real)) {
    *value = gli_value_float(real);
  } else {
    if (!gli__utf8_is_valid(field->bytes, field->size_bytes)) {
      return fail_field(place, line, field, "a value in valid UTF-8");
    }
    *value = gli_value_text(field->bytes, field->size_bytes);
    if (field->has_escapes) {
      value->reserved[0] = 1;
      place->job->escapes[place->block_index] = true;
    }
  }
  return true;
}

static bool parse_column(line_place *place, const gli__line *line, const gli__field *field,
                         int32_t column) {
  const read_plan *plan = place->job->plan;
  const column_kind kind = plan->kinds[column];
  void *data = place->job->columns.data[column];
  const bool empty = field->size_bytes == 0 && !field->quoted;
  if (empty) place->raised->gaps[column] = true;
  if (!empty && kind != KIND_TEXT) {
    bool boolean = false;
    int64_t integer = 0;
    double real = 0;
    const bool fits = kind == KIND_INT     ? gli__parse_int(field, &integer)
                      : kind == KIND_FLOAT ? gli__parse_float(field, &real)
                      : kind == KIND_BOOL  ? gli__parse_bool(field, &boolean)
                                           : false;
    if (!fits) {
      place->raised->kinds[column] = join_kinds(place->raised->kinds[column], kind_of(field));
      return true;
    }
    if (!plan->gaps[column]) {
      if (kind == KIND_INT) ((int64_t *)data)[place->at] = integer;
      if (kind == KIND_FLOAT) ((double *)data)[place->at] = real;
      if (kind == KIND_BOOL) ((uint8_t *)data)[place->at] = boolean;
      return true;
    }
  }
  if (!plan->gaps[column] && kind != KIND_TEXT) return true; /* the plan is raised already */
  return parse_value(place, line, field, kind, &((gli_value *)data)[place->at]);
}

static bool parse_line(line_place *place, const char *begin, const char *end) {
  const read_plan *plan = place->job->plan;
  edge_columns *columns = &place->job->columns;
  gli__line line = gli__line_start(begin, end, plan->delimiter);
  gli__field field;
  int32_t count = 0;
  if (end - begin > place->job->reading->options->max_line_bytes) {
    place->block->status =
        gli__fail_at(&place->block->error, GLI_ERROR_LIMIT, place->line, 1,
                     "'%s', line %lld: %lld bytes long; max_line_bytes is %lld",
                     place->job->reading->path, (long long)place->line, (long long)(end - begin),
                     (long long)place->job->reading->options->max_line_bytes);
    return false;
  }
  while (gli__line_next(&line, &field)) {
    if (count == plan->column_count + 2) {
      return fail_field(place, &line, &field,
                        "the end of the line (all lines have the same number of fields)");
    }
    bool good = count == 0 ? parse_end(place, &line, &field, columns->int_sources, columns->sources)
                : count == 1
                    ? parse_end(place, &line, &field, columns->int_targets, columns->targets)
                    : parse_column(place, &line, &field, count - 2);
    if (!good) return false;
    count++;
  }
  if (line.broken) return fail_field(place, &line, NULL, "a closing quote and then a delimiter");
  if (count < plan->column_count + 2) {
    return fail_field(place, &line, NULL, count < 2 ? "two ends of an edge" : "one more field");
  }
  return true;
}

static void parse_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  parse_job *job = context;
  for (int64_t b = begin; b < end; b++) {
    gli__parsed_block *block = &job->blocks[b];
    const char *at = job->reading->bytes + block->begin;
    const char *stop = job->reading->bytes + block->end;
    line_place place = {job, block, &job->raised[b], block->first_line, block->first_line, b};
    while (at < stop) {
      const char *next;
      const char *line_end = gli__line_end(at, stop, &next);
      place.line++;
      if (!is_comment(at, line_end) && at != job->header_line) {
        if (!parse_line(&place, at, line_end)) break;
        place.at++;
      }
      at = next;
    }
    job->edges[b] = place.at - block->first_line;
  }
}

/* --- From blocks to a graph --------------------------------------------------------------------
 */

/* Raise the plan by what the blocks met; true when something has changed. */
static bool raise_plan(read_plan *plan, const read_plan *raised, int64_t block_count) {
  bool changed = false;
  for (int64_t b = 0; b < block_count; b++) {
    if (raised[b].text_ids && !plan->text_ids) plan->text_ids = changed = true;
    for (int32_t c = 0; c < plan->column_count; c++) {
      column_kind kind = join_kinds(plan->kinds[c], raised[b].kinds[c]);
      if (kind != plan->kinds[c]) {
        plan->kinds[c] = kind;
        changed = true;
      }
      if (raised[b].gaps[c] && !plan->gaps[c]) plan->gaps[c] = changed = true;
    }
  }
  return changed;
}

static void release_columns(parse_job *job, const read_plan *plan, int64_t lines) {
  gli__memory *memory = job->reading->memory;
  edge_columns *columns = &job->columns;
  const size_t count = (size_t)lines;
  if (columns->int_sources != NULL) gli__release(memory, columns->int_sources, count, 8);
  if (columns->int_targets != NULL) gli__release(memory, columns->int_targets, count, 8);
  if (columns->sources != NULL) gli__release(memory, columns->sources, count, sizeof(gli_id));
  if (columns->targets != NULL) gli__release(memory, columns->targets, count, sizeof(gli_id));
  for (int32_t c = 0; c < plan->column_count; c++) {
    if (columns->data[c] != NULL) gli__release(memory, columns->data[c], count, width_of(plan, c));
  }
  memset(columns, 0, sizeof *columns);
}

static gli_status allocate_columns(parse_job *job, const read_plan *plan, int64_t lines,
                                   gli_error *error) {
  gli__memory *memory = job->reading->memory;
  edge_columns *columns = &job->columns;
  const size_t count = (size_t)lines;
  bool good = true;
  if (plan->text_ids) {
    columns->sources = gli__allocate(memory, count, sizeof(gli_id));
    columns->targets = gli__allocate(memory, count, sizeof(gli_id));
    good = columns->sources != NULL && columns->targets != NULL;
  } else {
    columns->int_sources = gli__allocate(memory, count, 8);
    columns->int_targets = gli__allocate(memory, count, 8);
    good = columns->int_sources != NULL && columns->int_targets != NULL;
  }
  for (int32_t c = 0; c < plan->column_count && good; c++) {
    columns->data[c] = gli__allocate(memory, count, width_of(plan, c));
    good = columns->data[c] != NULL;
  }
  if (good) return GLI_OK;
  release_columns(job, plan, lines);
  return gli__no_memory(error, "the edges of a file");
}

/* Close the gaps that comments left: edges move down, in order. */
static int64_t close_gaps(parse_job *job, const read_plan *plan, int64_t block_count) {
  int64_t kept = 0;
  edge_columns *columns = &job->columns;
  for (int64_t b = 0; b < block_count; b++) {
    const int64_t from = job->blocks[b].first_line, count = job->edges[b];
    if (from != kept && count > 0) {
      const size_t n = (size_t)count;
      if (plan->text_ids) {
        memmove(columns->sources + kept, columns->sources + from, n * sizeof(gli_id));
        memmove(columns->targets + kept, columns->targets + from, n * sizeof(gli_id));
      } else {
        memmove(columns->int_sources + kept, columns->int_sources + from, n * 8);
        memmove(columns->int_targets + kept, columns->int_targets + from, n * 8);
      }
      for (int32_t c = 0; c < plan->column_count; c++) {
        const size_t width = width_of(plan, c);
        char *data = columns->data[c];
        memmove(data + (size_t)kept * width, data + (size_t)from * width, n * width);
      }
    }
    kept += count;
  }
  return kept;
}

static uint64_t unescape(const char *from, uint64_t size_bytes, char *to) {
  uint64_t used = 0;
  for (uint64_t i = 0; i < size_bytes; i++) {
    to[used++] = from[i];
    if (from[i] == '"') i++; /* quotes come in pairs here */
  }
  return used;
}

/* Rewrite the fields that were marked for holding "", into one block from the run's scratch. */
static gli_status unescape_all(parse_job *job, const read_plan *plan, int64_t edges,
                               gli_error *error) {
  edge_columns *columns = &job->columns;
  uint64_t room = 0;
  for (int pass = 0; pass < 2; pass++) {
    char *to = NULL;
    if (pass == 1) {
      to = gli_run_allocate(job->reading->run, (int64_t)room, 1);
      if (to == NULL) return gli_run_no_memory(job->reading->run, error);
    }
    for (int side = 0; side < 2 && plan->text_ids; side++) {
      gli_id *ids = side == 0 ? columns->sources : columns->targets;
      for (int64_t e = 0; e < edges; e++) {
        if (ids[e].kind != 2) continue;
        if (pass == 0) {
          room += ids[e].size_bytes;
        } else {
          uint64_t used = unescape(ids[e].as.text, ids[e].size_bytes, to);
          ids[e] = gli_id_text(to, (uint32_t)used);
          to += used;
        }
      }
    }
    for (int32_t c = 0; c < plan->column_count; c++) {
      if (width_of(plan, c) != sizeof(gli_value)) continue;
      gli_value *values = columns->data[c];
      for (int64_t e = 0; e < edges; e++) {
        if (values[e].reserved[0] == 0) continue;
        if (pass == 0) {
          room += values[e].size_bytes;
        } else {
          uint64_t used = unescape(values[e].as.text, values[e].size_bytes, to);
          values[e] = gli_value_text(to, used);
          to += used;
        }
      }
    }
  }
  return GLI_OK;
}

/* The attribute name of a further column: from the header, else "weight" for a lone number column,
 * else by its position in the file. */
static gli_status name_column(gli_graph *graph, const read_plan *plan, const gli__field *header,
                              int32_t column, gli_key *key_out, gli_error *error) {
  char name[32];
  if (plan->has_header && header[column + 2].size_bytes > 0) {
    return gli_graph_key(graph, header[column + 2].bytes, header[column + 2].size_bytes, key_out,
                         error);
  }
  const column_kind kind = plan->kinds[column];
  if (plan->column_count == 1 && (kind == KIND_INT || kind == KIND_FLOAT)) {
    return gli_graph_key(graph, "weight", 6, key_out, error);
  }
  int size = snprintf(name, sizeof name, "column_%d", column + 3);
  return gli_graph_key(graph, name, (size_t)size, key_out, error);
}

static gli_status build_graph(parse_job *job, const read_plan *plan, const gli__field *header,
                              int64_t edges, gli_graph **graph_out, gli_error *error) {
  const gli_read_options *options = job->reading->options;
  gli_graph_options graph_options = GLI_GRAPH_OPTIONS_INIT;
  graph_options.directed = options->directed;
  graph_options.multigraph = options->multigraph;
  graph_options.allocator = options->allocator;
  gli_graph *graph = NULL;
  gli_bulk_column bulk[MAX_COLUMNS];
  size_t bulk_count = 0;
  gli_status status = gli_graph_create(&graph_options, &graph, error);
  for (int32_t c = 0; c < plan->column_count && status == GLI_OK; c++) {
    static const uint32_t types[] = {GLI_VALUE_NESTED, GLI_VALUE_BOOL, GLI_VALUE_INT64,
                                     GLI_VALUE_FLOAT64, GLI_VALUE_NESTED};
    gli_bulk_column *column = &bulk[bulk_count++];
    column->type = plan->gaps[c] ? GLI_VALUE_NESTED : types[plan->kinds[c]];
    column->data = job->columns.data[c];
    status = name_column(graph, plan, header, c, &column->key, error);
  }
  if (status == GLI_OK) {
    status = gli_graph_add_edges(graph, edges, job->columns.sources, job->columns.targets,
                                 job->columns.int_sources, job->columns.int_targets, bulk,
                                 bulk_count, job->reading->control, NULL, NULL, error);
  }
  if (status == GLI_OK && options->max_nodes > 0 &&
      gli_graph_node_count(graph) > options->max_nodes) {
    status = gli__fail(error, GLI_ERROR_LIMIT, "'%s' has %lld nodes; max_nodes is %lld",
                       job->reading->path, (long long)gli_graph_node_count(graph),
                       (long long)options->max_nodes);
  }
  if (status == GLI_OK) {
    *graph_out = graph;
  } else {
    gli_graph_free(graph);
  }
  return status;
}

static gli_status parse_all(parse_job *job, read_plan *plan, int64_t block_count, int64_t lines,
                            gli_error *error) {
  for (;;) {
    read_plan used = *plan;
    memset(job->raised, 0, (size_t)block_count * sizeof *job->raised);
    gli_status status = allocate_columns(job, &used, lines, error);
    if (status != GLI_OK) return status;
    job->plan = &used;
    status = gli_run_parallel(job->reading->run, block_count, 1, parse_blocks, job, error);
    if (status == GLI_OK) status = gli__blocks_error(job->blocks, block_count, error);
    const bool again = status == GLI_OK && raise_plan(plan, job->raised, block_count);
    job->plan = plan;
    if (status == GLI_OK && !again) return GLI_OK;
    release_columns(job, &used, lines);
    if (status != GLI_OK) return status;
  }
}

/* Kinds of the first data line are the plan's start. */
static void guess_kinds(const gli__reading *reading, read_plan *plan, const char *header_line) {
  const char *at = reading->bytes, *stop = at + reading->size_bytes;
  gli__field fields[MAX_COLUMNS + 2];
  while (at < stop) {
    const char *next;
    const char *end = gli__line_end(at, stop, &next);
    if (!is_comment(at, end) && at != header_line) {
      int32_t count = split(at, end, plan->delimiter, fields, plan->column_count + 2);
      int64_t integer;
      for (int32_t f = 0; f < count; f++) {
        if (f < 2 && !plan->fixed_ids && !gli__parse_int(&fields[f], &integer))
          plan->text_ids = true;
        if (f >= 2 && fields[f].size_bytes > 0) plan->kinds[f - 2] = kind_of(&fields[f]);
      }
      return;
    }
    at = next;
  }
}

gli_status gli__read_edge_list(const gli__reading *reading, gli_graph **graph_out,
                               gli_error *error) {
  gli__memory *memory = reading->memory;
  parse_job job = {.reading = reading};
  read_plan plan;
  gli__field header[MAX_COLUMNS + 2];
  int64_t block_count = 0, lines = 0;
  gli_status status = make_plan(reading, &plan, header, &job.header_line, error);
  if (status != GLI_OK) return status;
  guess_kinds(reading, &plan, job.header_line);
  status = gli__blocks_make(reading, &job.blocks, &block_count, &lines, error);
  if (status != GLI_OK) return status;
  const size_t blocks = (size_t)block_count + 1;
  job.raised = gli__allocate_zeroed(memory, blocks, sizeof *job.raised);
  job.edges = gli__allocate_zeroed(memory, blocks, sizeof *job.edges);
  job.escapes = gli__allocate_zeroed(memory, blocks, sizeof *job.escapes);
  const int64_t places = lines + 1; /* never zero bytes */
  if (job.raised == NULL || job.edges == NULL || job.escapes == NULL) {
    status = gli__no_memory(error, "the plan of a file");
    goto cleanup;
  }
  status = parse_all(&job, &plan, block_count, places, error);
  if (status != GLI_OK) goto cleanup;
  const int64_t edges = close_gaps(&job, &plan, block_count);
  bool escapes = false;
  for (int64_t b = 0; b < block_count; b++)
    escapes = escapes || job.escapes[b];
  if (escapes) status = unescape_all(&job, &plan, edges, error);
  if (status == GLI_OK && reading->options->max_edges > 0 && edges > reading->options->max_edges) {
    status = gli__fail(error, GLI_ERROR_LIMIT, "'%s' has %lld edges; max_edges is %lld",
                       reading->path, (long long)edges, (long long)reading->options->max_edges);
  }
  if (status == GLI_OK) status = build_graph(&job, &plan, header, edges, graph_out, error);
  release_columns(&job, &plan, places);
cleanup:
  if (job.raised != NULL) gli__release(memory, job.raised, blocks, sizeof *job.raised);
  if (job.edges != NULL) gli__release(memory, job.edges, blocks, sizeof *job.edges);
  if (job.escapes != NULL) gli__release(memory, job.escapes, blocks, sizeof *job.escapes);
  gli__release(memory, job.blocks, blocks, sizeof *job.blocks);
  return status;
}
