/* reciprocity.c: which share of a node's edges is answered, as an extension of GLI.
 *
 * A complete algorithm of your own in one file: options, descriptor, kernel, and the one symbol
 * that gli_extension_load looks for. Once loaded it is like a built-in one: in
 * gli_algorithm_find("reciprocity"), in Python as g.reciprocity(), in the shell, with the same
 * checks, limits, cancelling and run record.
 *
 * Of the neighbours that a node points at and of those that point at it, counted each: the share
 * that do both. A worker marks the ends of a node's out row in an array of its own and looks them
 * up from the in row. Cost O(n + m), 8 n bytes per thread. */
#include <gli/gli.h>
#include <stddef.h>

/* --- Options: struct_size first; the descriptor says where the fields are ----------------------
 */

typedef struct reciprocity_options {
  size_t struct_size;
  bool loops;
} reciprocity_options;

static const gli_parameter parameters[] = {
    {.name = "loops",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(reciprocity_options, loops),
     .number_default = 1,
     .help = "Whether self-loops count; they answer themselves."},
};

static const gli_column_info columns[] = {
    {"reciprocity", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Share of edges that are answered."},
};

/* --- The kernel --------------------------------------------------------------------------------
 */

enum { BLOCK_NODES = 256 };

typedef struct answering {
  gli_rows out, in;
  bool loops;
  int64_t *marks; /* [worker][limit]: 2 v + 1, node v points at it; 2 v + 2, it points at v */
  int64_t limit;
  double *share;
} answering;

/* Distinct neighbours only, so that parallel edges count once. */
static double share_of(const answering *a, int64_t v, int64_t *mark) {
  const gli_row out = a->out.rows[v], in = a->in.rows[v];
  const int64_t pointed_at = 2 * v + 1, points_back = 2 * v + 2;
  int64_t ends = 0, answered = 0;
  for (uint32_t k = 0; k < out.length; k++) {
    const int32_t w = a->out.neighbors[out.begin + k];
    if (mark[w] == pointed_at || (w == v && !a->loops)) continue;
    mark[w] = pointed_at;
    ends++;
  }
  for (uint32_t k = 0; k < in.length; k++) {
    const int32_t w = a->in.neighbors[in.begin + k];
    if (mark[w] == points_back || (w == v && !a->loops)) continue;
    answered += mark[w] == pointed_at;
    mark[w] = points_back;
    ends++;
  }
  return ends > 0 ? 2 * (double)answered / (double)ends : 0;
}

static void share_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const answering *a = context;
  for (int64_t v = begin; v < end; v++)
    a->share[v] = share_of(a, v, a->marks + worker * a->limit);
}

static gli_status kernel(gli_run *run, gli_snapshot *snapshot, const void *options,
                         gli_result *result, gli_error *error) {
  const reciprocity_options *given = options; /* complete and checked against the descriptor */
  answering a = {.out = gli_snapshot_out_rows(snapshot),
                 .loops = given->loops,
                 .limit = gli_snapshot_node_limit(snapshot)};
  void *share = NULL;
  gli_status status = gli_result_add_column(result, "reciprocity", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
                                            0, &share, error);
  if (status == GLI_OK) status = gli_snapshot_in_rows(snapshot, &a.in, error);
  if (status != GLI_OK) return status;
  a.share = share;
  a.marks = gli_run_allocate_zeroed(run, a.limit * gli_run_threads(run), sizeof *a.marks);
  if (a.marks == NULL) return gli_run_no_memory(run, error); /* given back for us when we return */
  gli_run_prepared(run);
  return gli_run_parallel(run, a.limit, BLOCK_NODES, share_block, &a, error);
}

/* --- What is registered ------------------------------------------------------------------------
 */

static const gli_extension_algorithm algorithms[] = {
    {.algorithm = {.struct_size = sizeof(gli_algorithm),
                   .name = "reciprocity",
                   .family = "link_analysis",
                   .summary = "Reciprocity: which share of a node's edges is answered.",
                   .description =
                       "Twice the neighbours that a node points at and that point at it, over all "
                       "that it points at and all that point at it. Parallel edges count once, "
                       "nodes without edges have 0. In an undirected graph every edge is answered.",
                   .reference = "Newman, Forrest and Balthrop 2002, doi:10.1103/PhysRevE.66.035101",
                   .networkx = "reciprocity",
                   .parameters = parameters,
                   .parameter_count = sizeof parameters / sizeof parameters[0],
                   .options_size = sizeof(reciprocity_options),
                   .columns = columns,
                   .column_count = sizeof columns / sizeof columns[0],
                   .agreement = GLI_EXACT},
     .kernel = kernel},
};

static const gli_extension extension = {
    .struct_size = sizeof(gli_extension),
    .abi = GLI_EXTENSION_ABI,
    .name = "reciprocity",
    .version = "1.0.0",
    .algorithms = algorithms,
    .algorithm_count = sizeof algorithms / sizeof algorithms[0],
};

GLI_API const gli_extension *GLI_EXTENSION_ENTRY(void);
GLI_API const gli_extension *GLI_EXTENSION_ENTRY(void) {
  return &extension;
}
