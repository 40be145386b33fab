/* hits.c: hubs and authorities (Kleinberg 1999) as an extension of GLI.
 *
 * A complete algorithm of your own in one file: options, descriptor, kernel, and the one symbol
 * that gli_extension_load looks for. Once loaded it is like a built-in one: in
 * gli_algorithm_find("hits"), in Python as g.hits(), in the shell, with the same checks, limits,
 * cancelling and run record.
 *
 * A good hub points at good authorities, and a good authority is pointed at by good hubs. Power
 * iteration: authority = sum of hub over the in row, hub = sum of authority over the out row, each
 * scaled to sum to 1. Cost O(n + m) per iteration. */
#include <gli/gli.h>
#include <math.h>
#include <stddef.h>

/* --- Options: struct_size first; the descriptor says where the fields are ----------------------
 */

typedef struct hits_options {
  size_t struct_size;
  int64_t max_iterations;
  double tolerance;
} hits_options;

static const gli_parameter parameters[] = {
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(hits_options, max_iterations),
     .number_default = 100,
     .minimum = 1,
     .maximum = 1e9,
     .help = "Give up after this many iterations."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(hits_options, tolerance),
     .number_default = 1e-8,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Stop when the hub scores changed by less than this in sum."},
};

static const gli_column_info columns[] = {
    {"hub", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "How well the node points at authorities; sums to 1."},
    {"authority", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "How well the node is pointed at by hubs; sums to 1."},
};

/* --- The kernel --------------------------------------------------------------------------------
 */

enum { BLOCK_NODES = 1024 };

typedef struct hits {
  gli_rows rows;      /* of the half step that runs: in rows, then out rows */
  const double *from; /* summed over the rows */
  double *to;
  double *partial; /* per block; added in block order, so the threads do not matter */
  double scale;
  double *scaled; /* where the scaled values go */
} hits;

static void sum_rows(void *context, int64_t begin, int64_t end, int32_t worker) {
  const hits *h = context;
  double total = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = h->rows.rows[v];
    double sum = 0;
    for (uint32_t k = 0; k < row.length; k++)
      sum += h->from[h->rows.neighbors[row.begin + k]];
    h->to[v] = sum;
    total += sum;
  }
  h->partial[begin / BLOCK_NODES] = total;
}

/* Scale `to` into `scaled`, and sum how far it moves. */
static void scale_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const hits *h = context;
  double change = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double value = h->to[v] * h->scale;
    change += fabs(value - h->scaled[v]);
    h->scaled[v] = value;
  }
  h->partial[begin / BLOCK_NODES] = change;
}

static double add_partials(const hits *h, int64_t limit) {
  double sum = 0;
  for (int64_t k = 0; k * BLOCK_NODES < limit; k++)
    sum += h->partial[k];
  return sum;
}

/* scaled = rows * from, scaled to sum to 1. */
static gli_status half_step(gli_run *run, hits *h, int64_t limit, double *change_out,
                            gli_error *error) {
  gli_status status = gli_run_parallel(run, limit, BLOCK_NODES, sum_rows, h, error);
  if (status != GLI_OK) return status;
  const double sum = add_partials(h, limit);
  h->scale = sum > 0 ? 1 / sum : 0;
  status = gli_run_parallel(run, limit, BLOCK_NODES, scale_block, h, error);
  *change_out = add_partials(h, limit);
  return status;
}

static gli_status kernel(gli_run *run, gli_snapshot *snapshot, const void *options,
                         gli_result *result, gli_error *error) {
  const hits_options *given = options; /* complete and checked against the descriptor */
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t count = gli_snapshot_node_count(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot); /* NULL: no removed node */
  void *hub = NULL, *authority = NULL;
  gli_status status =
      gli_result_add_column(result, "hub", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &hub, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "authority", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0,
                                 &authority, error);
  if (status != GLI_OK) return status;
  gli_rows in;
  status = gli_snapshot_in_rows(snapshot, &in, error);
  if (status != GLI_OK) return status;
  hits h = {.to = gli_run_allocate(run, limit, sizeof(double)),
            .partial = gli_run_allocate(run, limit / BLOCK_NODES + 1, sizeof(double))};
  if (h.to == NULL || h.partial == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < limit; v++) {
    ((double *)hub)[v] = gli_bit(alive, v) ? 1 / (double)count : 0;
  }
  gli_run_prepared(run);
  double change = 0;
  for (int64_t k = 0; k < given->max_iterations; k++) {
    h.rows = in;
    h.from = hub;
    h.scaled = authority;
    status = half_step(run, &h, limit, &change, error);
    if (status != GLI_OK) return status;
    h.rows = gli_snapshot_out_rows(snapshot);
    h.from = authority;
    h.scaled = hub;
    status = half_step(run, &h, limit, &change, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    gli_run_progress(run, (double)k, (double)given->max_iterations);
    if (change <= given->tolerance) return GLI_OK; /* scratch is given back for us */
  }
  return gli_fail(error, GLI_ERROR_NOT_CONVERGED,
                  "hits: after %lld iterations the scores still change by %g; raise max_iterations "
                  "or tolerance",
                  (long long)given->max_iterations, change);
}

/* --- What is registered ------------------------------------------------------------------------
 */

static const gli_extension_algorithm algorithms[] = {
    {.algorithm = {.struct_size = sizeof(gli_algorithm),
                   .name = "hits",
                   .family = "link_analysis",
                   .summary = "Hubs and authorities.",
                   .description = "A good hub points at good authorities, and a good authority is "
                                  "pointed at by good hubs. In an undirected graph the two are the "
                                  "same. Without edges all scores are 0.",
                   .reference = "Kleinberg 1999, doi:10.1145/324133.324140",
                   .networkx = "hits",
                   .parameters = parameters,
                   .parameter_count = sizeof parameters / sizeof parameters[0],
                   .options_size = sizeof(hits_options),
                   .columns = columns,
                   .column_count = sizeof columns / sizeof columns[0],
                   .agreement = GLI_BOUNDED,
                   .epsilon = 1e-8},
     .kernel = kernel},
};

static const gli_extension extension = {
    .struct_size = sizeof(gli_extension),
    .abi = GLI_EXTENSION_ABI,
    .name = "hits",
    .version = "1.0.0",
    .algorithms = algorithms,
    .algorithm_count = sizeof algorithms / sizeof algorithms[0],
};

GLI_API const gli_extension *GLI_EXTENSION_ENTRY(void);
GLI_API const gli_extension *GLI_EXTENSION_ENTRY(void) {
  return &extension;
}
