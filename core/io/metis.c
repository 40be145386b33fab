/* metis.c: the METIS graph format (Karypis and Kumar, METIS manual 5.1, section 4.1.1).
 *
 * A header "n m [fmt [ncon]]", then one line per node: its neighbours, numbered from 1, with vertex
 * sizes and weights before and edge weights between them as `fmt` says. Lines that start with % are
 * comments. Every edge stands on both of its lines. Node i of the file gets the integer id i - 1,
 * so the ids of a graph with n nodes are 0 .. n-1.
 *
 * Blocks of lines are parsed in parallel: a first pass counts lines and entries per block, a second
 * one writes every edge seen from its smaller end. That each edge is listed from both ends with the
 * same weight is checked by sums of hashes over both directions, in the same pass. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "io/read.h"

typedef struct metis_header {
  int64_t node_count, edge_count;
  int64_t constraint_count; /* weights per node */
  bool has_sizes, has_node_weights, has_edge_weights;
  int64_t line;      /* of the header */
  const char *after; /* first byte behind it */
} metis_header;

typedef struct metis_block {
  int64_t first_node; /* nodes on lines before this block */
  int64_t node_count; /* lines that are nodes */
  int64_t forward;    /* edges seen from their smaller end, loops included */
  int64_t backward;   /* ... from their larger end */
  uint64_t forward_sum, backward_sum;
  int64_t first_edge; /* where this block writes */
} metis_block;

typedef struct metis_job {
  const gli__reading *reading;
  const metis_header *header;
  gli__parsed_block *blocks;
  metis_block *parts;
  bool writing;
  int64_t *sources, *targets, *edge_weights;
  int64_t *node_weights; /* [constraint][node] */
  int64_t *sizes;
} metis_job;

static bool is_comment_line(const char *begin, const char *end) {
  return begin < end && *begin == '%';
}

/* The header's numbers; how many were found (0 when the line holds anything else). */
static int32_t header_numbers(const char *begin, const char *end, int64_t numbers[4]) {
  gli__line line = gli__line_start(begin, end, GLI__BLANKS);
  gli__field field;
  int32_t count = 0;
  while (gli__line_next(&line, &field)) {
    int64_t number = 0;
    if (count == 4) return 0;
    if (count == 2) { /* fmt is three binary digits, leading zeros allowed */
      if (field.size_bytes > 3) return 0;
      for (uint32_t i = 0; i < field.size_bytes; i++) {
        if (field.bytes[i] != '0' && field.bytes[i] != '1') return 0;
        number = number * 10 + (field.bytes[i] - '0');
      }
    } else if (!gli__parse_int(&field, &number) || number < 0) {
      return 0;
    }
    numbers[count++] = number;
  }
  return line.broken ? 0 : count;
}

static const char *find_header(const char *bytes, size_t size_bytes, const char **end_out,
                               const char **next_out, int64_t *line_out) {
  const char *at = bytes, *stop = bytes + size_bytes;
  int64_t line = 0;
  while (at < stop) {
    const char *end = gli__line_end(at, stop, next_out);
    line++;
    if (!is_comment_line(at, end)) {
      *end_out = end;
      *line_out = line;
      return at;
    }
    at = *next_out;
  }
  return NULL;
}

bool gli__looks_like_metis(const char *bytes, size_t size_bytes) {
  const char *end, *at;
  int64_t line, numbers[4] = {0};
  const char *begin = find_header(bytes, size_bytes, &end, &at, &line);
  if (begin == NULL) return false;
  const int32_t count = header_numbers(begin, end, numbers);
  if (count < 2) return false;
  /* An edge list may begin with two integers too: count lines, and for the plain form also numbers.
   */
  const char *stop = bytes + size_bytes;
  int64_t lines = 0, fields = 0;
  while (at < stop) {
    const char *next;
    const char *line_end = gli__line_end(at, stop, &next);
    if (!is_comment_line(at, line_end)) {
      if (lines == numbers[0] && line_end > at) return false;
      lines++;
      if (count == 2) {
        bool inside = false;
        for (const char *c = at; c < line_end; c++) {
          const bool blank = gli__is_blank(*c);
          fields += !blank && !inside;
          inside = !blank;
        }
        if (fields > 2 * numbers[1]) return false;
      }
    }
    at = next;
  }
  return lines >= numbers[0] && (count > 2 || fields == 2 * numbers[1]);
}

static gli_status read_header(const gli__reading *reading, metis_header *header, gli_error *error) {
  const char *end = NULL, *next = NULL;
  int64_t numbers[4] = {0, 0, 0, 0};
  const char *begin = find_header(reading->bytes, reading->size_bytes, &end, &next, &header->line);
  if (begin == NULL) {
    return gli__format_error(error, reading->path, 1, 1, NULL, 0,
                             "a METIS header (nodes, edges, format)");
  }
  const int32_t count = header_numbers(begin, end, numbers);
  if (count < 2) {
    return gli__format_error(error, reading->path, header->line, 1, begin, (size_t)(end - begin),
                             "a METIS header (nodes, edges, format)");
  }
  if (numbers[0] > INT32_MAX || numbers[1] > UINT32_MAX) {
    return gli__fail_at(error, GLI_ERROR_LIMIT, header->line, 1,
                        "'%s' announces %lld nodes and %lld edges; at most %d and %lld fit",
                        reading->path, (long long)numbers[0], (long long)numbers[1], INT32_MAX,
                        (long long)UINT32_MAX);
  }
  /* Each node needs a line: an announcement beyond the file's size is refused before any memory. */
  if (numbers[0] > (int64_t)reading->size_bytes) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, header->line, 1,
                        "'%s', line %lld, column 1: expected a line for each of %lld nodes, found "
                        "a file of %zu bytes",
                        reading->path, (long long)header->line, (long long)numbers[0],
                        reading->size_bytes);
  }
  header->node_count = numbers[0];
  header->edge_count = numbers[1];
  header->has_edge_weights = numbers[2] % 10 == 1;
  header->has_node_weights = numbers[2] / 10 % 10 == 1;
  header->has_sizes = numbers[2] / 100 == 1;
  header->constraint_count = !header->has_node_weights ? 0 : count == 4 ? numbers[3] : 1;
  header->after = next;
  if (header->constraint_count > 64) {
    return gli__fail_at(error, GLI_ERROR_LIMIT, header->line, 1,
                        "'%s' announces %lld weights per node; at most 64 can be read",
                        reading->path, (long long)header->constraint_count);
  }
  return GLI_OK;
}

static bool fail_at_field(metis_job *job, gli__parsed_block *block, int64_t line_number,
                          const gli__line *line, const gli__field *field, const char *expected) {
  const char *where = field == NULL ? line->end : field->bytes;
  block->status = gli__format_error(
      &block->error, job->reading->path, line_number, gli__line_column(line, where),
      field == NULL ? NULL : field->bytes, field == NULL ? 0 : field->size_bytes, expected);
  return false;
}

static void count_edge(metis_job *job, metis_block *part, int64_t node, int64_t neighbor,
                       int64_t weight) {
  const int64_t low = node < neighbor ? node : neighbor, high = node < neighbor ? neighbor : node;
  const uint64_t hash = gli__hash_int((uint64_t)low << 32 | (uint64_t)high) * 31 +
                        gli__hash_int((uint64_t)weight ^ UINT64_C(0x5bd1e995));
  if (node <= neighbor) {
    if (job->writing) {
      const int64_t at = part->first_edge + part->forward;
      job->sources[at] = node;
      job->targets[at] = neighbor;
      if (job->edge_weights != NULL) job->edge_weights[at] = weight;
    }
    part->forward++;
    if (node < neighbor) part->forward_sum += gli__hash_int(hash);
  } else {
    part->backward++;
    part->backward_sum += gli__hash_int(hash);
  }
}

/* One node's line: [size] [weights] (neighbour [weight])* */
static bool parse_node(metis_job *job, gli__parsed_block *block, metis_block *part, int64_t node,
                       int64_t line_number, const char *begin, const char *end) {
  const metis_header *header = job->header;
  gli__line line = gli__line_start(begin, end, GLI__BLANKS);
  gli__field field;
  int64_t number = 0, before = header->constraint_count + (header->has_sizes ? 1 : 0);
  for (int64_t k = 0; k < before; k++) {
    if (!gli__line_next(&line, &field)) {
      return fail_at_field(job, block, line_number, &line, NULL, "a node weight or size");
    }
    if (!gli__parse_int(&field, &number) || number < 0) {
      return fail_at_field(job, block, line_number, &line, &field,
                           "a node weight or size (an integer of at least 0)");
    }
    if (!job->writing) continue;
    if (header->has_sizes && k == 0) {
      job->sizes[node] = number;
    } else {
      job->node_weights[(k - (header->has_sizes ? 1 : 0)) * header->node_count + node] = number;
    }
  }
  while (gli__line_next(&line, &field)) {
    int64_t neighbor = 0, weight = 1;
    if (!gli__parse_int(&field, &neighbor) || neighbor < 1 || neighbor > header->node_count) {
      return fail_at_field(job, block, line_number, &line, &field,
                           "a neighbour between 1 and the number of nodes");
    }
    if (header->has_edge_weights) {
      if (!gli__line_next(&line, &field)) {
        return fail_at_field(job, block, line_number, &line, NULL, "the weight of an edge");
      }
      if (!gli__parse_int(&field, &weight) || weight < 0) {
        return fail_at_field(job, block, line_number, &line, &field,
                             "the weight of an edge (an integer of at least 0)");
      }
    }
    count_edge(job, part, node, neighbor - 1, weight);
  }
  if (line.broken) return fail_at_field(job, block, line_number, &line, NULL, "numbers");
  return true;
}

/* Lines that are nodes, per block; counted before parsing so that a block knows its first node. */
static void count_nodes(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  metis_job *job = context;
  for (int64_t b = begin; b < end; b++) {
    const char *at = job->reading->bytes + job->blocks[b].begin;
    const char *stop = job->reading->bytes + job->blocks[b].end;
    int64_t nodes = 0;
    while (at < stop) {
      const char *next;
      const char *line_end = gli__line_end(at, stop, &next);
      nodes += at >= job->header->after && !is_comment_line(at, line_end);
      at = next;
    }
    job->parts[b].node_count = nodes;
  }
}

static void parse_nodes(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  metis_job *job = context;
  for (int64_t b = begin; b < end; b++) {
    gli__parsed_block *block = &job->blocks[b];
    metis_block *part = &job->parts[b];
    const char *at = job->reading->bytes + block->begin;
    const char *stop = job->reading->bytes + block->end;
    int64_t line_number = block->first_line, node = part->first_node;
    part->forward = part->backward = 0;
    part->forward_sum = part->backward_sum = 0;
    while (at < stop) {
      const char *next;
      const char *line_end = gli__line_end(at, stop, &next);
      line_number++;
      if (at >= job->header->after && !is_comment_line(at, line_end)) {
        if (node < job->header->node_count) {
          if (!parse_node(job, block, part, node, line_number, at, line_end)) break;
        } else if (line_end > at) {
          gli__line line = gli__line_start(at, line_end, GLI__BLANKS);
          gli__field field;
          if (gli__line_next(&line, &field)) {
            fail_at_field(job, block, line_number, &line, &field,
                          "the end of the file: all nodes have their lines");
            break;
          }
        }
        node++;
      }
      at = next;
    }
  }
}

/* Both passes agree with the header, and every edge stands on both of its lines. */
static gli_status check_totals(const metis_job *job, int64_t block_count, gli_error *error) {
  const metis_header *header = job->header;
  int64_t nodes = 0, forward = 0, backward = 0;
  uint64_t forward_sum = 0, backward_sum = 0;
  for (int64_t b = 0; b < block_count; b++) {
    nodes += job->parts[b].node_count;
    forward += job->parts[b].forward;
    backward += job->parts[b].backward;
    forward_sum += job->parts[b].forward_sum;
    backward_sum += job->parts[b].backward_sum;
  }
  if (nodes < header->node_count) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, header->line, 1,
                        "'%s', line %lld, column 1: expected a line for each of %lld nodes, found "
                        "%lld lines",
                        job->reading->path, (long long)header->line, (long long)header->node_count,
                        (long long)nodes);
  }
  if (forward_sum != backward_sum) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, header->line, 1,
                        "'%s': some edge stands on one of its two lines only, or with two weights "
                        "(%lld entries point to higher nodes or itself, %lld to lower ones)",
                        job->reading->path, (long long)forward, (long long)backward);
  }
  if (forward != header->edge_count) {
    return gli__fail_at(error, GLI_ERROR_FORMAT, header->line, 1,
                        "'%s', line %lld, column 1: expected %lld edges as announced, found %lld",
                        job->reading->path, (long long)header->line, (long long)header->edge_count,
                        (long long)forward);
  }
  return GLI_OK;
}

static gli_status allocate_arrays(metis_job *job, gli_error *error) {
  const metis_header *header = job->header;
  gli__memory *memory = job->reading->memory;
  const size_t edges = (size_t)header->edge_count + 1, nodes = (size_t)header->node_count + 1;
  job->sources = gli__allocate(memory, edges, 8);
  job->targets = gli__allocate(memory, edges, 8);
  bool good = job->sources != NULL && job->targets != NULL;
  if (header->has_edge_weights) {
    job->edge_weights = gli__allocate(memory, edges, 8);
    good = good && job->edge_weights != NULL;
  }
  if (header->constraint_count > 0) {
    job->node_weights = gli__allocate(memory, nodes * (size_t)header->constraint_count, 8);
    good = good && job->node_weights != NULL;
  }
  if (header->has_sizes) {
    job->sizes = gli__allocate(memory, nodes, 8);
    good = good && job->sizes != NULL;
  }
  return good ? GLI_OK : gli__no_memory(error, "the edges of a file");
}

static void release_arrays(metis_job *job) {
  const metis_header *header = job->header;
  gli__memory *memory = job->reading->memory;
  const size_t edges = (size_t)header->edge_count + 1, nodes = (size_t)header->node_count + 1;
  if (job->sources != NULL) gli__release(memory, job->sources, edges, 8);
  if (job->targets != NULL) gli__release(memory, job->targets, edges, 8);
  if (job->edge_weights != NULL) gli__release(memory, job->edge_weights, edges, 8);
  if (job->node_weights != NULL) {
    gli__release(memory, job->node_weights, nodes * (size_t)header->constraint_count, 8);
  }
  if (job->sizes != NULL) gli__release(memory, job->sizes, nodes, 8);
}

static gli_status add_node_columns(gli_graph *graph, const metis_job *job, gli_error *error) {
  const metis_header *header = job->header;
  gli_bulk_column columns[65];
  size_t count = 0;
  gli_status status = GLI_OK;
  for (int64_t k = 0; k < header->constraint_count && status == GLI_OK; k++) {
    char name[32] = "weight";
    if (header->constraint_count > 1) snprintf(name, sizeof name, "weight_%d", (int)k + 1);
    columns[count].type = GLI_VALUE_INT64;
    columns[count].data = job->node_weights + k * header->node_count;
    status = gli_graph_key(graph, name, strlen(name), &columns[count++].key, error);
  }
  if (header->has_sizes && status == GLI_OK) {
    columns[count].type = GLI_VALUE_INT64;
    columns[count].data = job->sizes;
    status = gli_graph_key(graph, "size", 4, &columns[count++].key, error);
  }
  if (status == GLI_OK) {
    status = gli_graph_add_nodes(graph, header->node_count, NULL, NULL, columns, count,
                                 job->reading->control, NULL, error);
  }
  return status;
}

static gli_status build_graph(const metis_job *job, gli_graph **graph_out, gli_error *error) {
  const gli_read_options *options = job->reading->options;
  const metis_header *header = job->header;
  gli_graph_options graph_options = GLI_GRAPH_OPTIONS_INIT;
  graph_options.directed = false;
  graph_options.multigraph = options->multigraph;
  graph_options.allocator = options->allocator;
  gli_graph *graph = NULL;
  gli_bulk_column weight = {0, GLI_VALUE_INT64, job->edge_weights};
  gli_status status = gli_graph_create(&graph_options, &graph, error);
  if (status == GLI_OK) status = add_node_columns(graph, job, error);
  if (status == GLI_OK && header->has_edge_weights) {
    status = gli_graph_key(graph, "weight", 6, &weight.key, error);
  }
  if (status == GLI_OK) {
    status = gli_graph_add_edges(graph, header->edge_count, NULL, NULL, job->sources, job->targets,
                                 &weight, header->has_edge_weights ? 1 : 0, job->reading->control,
                                 NULL, NULL, error);
  }
  if (status == GLI_OK) {
    *graph_out = graph;
  } else {
    gli_graph_free(graph);
  }
  return status;
}

static gli_status parse_twice(metis_job *job, int64_t block_count, gli_error *error) {
  gli_run *run = job->reading->run;
  gli_status status = gli_run_parallel(run, block_count, 1, count_nodes, job, error);
  int64_t nodes = 0;
  for (int64_t b = 0; b < block_count; b++) {
    job->parts[b].first_node = nodes;
    nodes += job->parts[b].node_count;
  }
  if (status == GLI_OK) status = gli_run_parallel(run, block_count, 1, parse_nodes, job, error);
  if (status == GLI_OK) status = gli__blocks_error(job->blocks, block_count, error);
  if (status == GLI_OK) status = check_totals(job, block_count, error);
  if (status == GLI_OK) status = allocate_arrays(job, error);
  if (status != GLI_OK) return status;
  int64_t edges = 0;
  for (int64_t b = 0; b < block_count; b++) {
    job->parts[b].first_edge = edges;
    edges += job->parts[b].forward;
  }
  job->writing = true;
  return gli_run_parallel(run, block_count, 1, parse_nodes, job, error);
}

gli_status gli__read_metis(const gli__reading *reading, gli_graph **graph_out, gli_error *error) {
  metis_header header = {0};
  metis_job job = {.reading = reading, .header = &header};
  int64_t block_count = 0, lines = 0;
  gli_status status = read_header(reading, &header, error);
  if (status != GLI_OK) return status;
  const gli_read_options *options = reading->options;
  if ((options->max_nodes > 0 && header.node_count > options->max_nodes) ||
      (options->max_edges > 0 && header.edge_count > options->max_edges)) {
    return gli__fail_at(error, GLI_ERROR_LIMIT, header.line, 1,
                        "'%s' has %lld nodes and %lld edges; max_nodes is %lld, max_edges %lld",
                        reading->path, (long long)header.node_count, (long long)header.edge_count,
                        (long long)options->max_nodes, (long long)options->max_edges);
  }
  status = gli__blocks_make(reading, &job.blocks, &block_count, &lines, error);
  if (status != GLI_OK) return status;
  const size_t blocks = (size_t)block_count + 1;
  job.parts = gli__allocate_zeroed(reading->memory, blocks, sizeof *job.parts);
  status = job.parts == NULL ? gli__no_memory(error, "the blocks of a file")
                             : parse_twice(&job, block_count, error);
  if (status == GLI_OK) status = build_graph(&job, graph_out, error);
  release_arrays(&job);
  if (job.parts != NULL) gli__release(reading->memory, job.parts, blocks, sizeof *job.parts);
  gli__release(reading->memory, job.blocks, blocks, sizeof *job.blocks);
  return status;
}
