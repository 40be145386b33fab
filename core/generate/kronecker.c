/* kronecker.c: R-MAT graphs as Graph500 draws them.
 *
 * An edge takes one draw of 32 bits per halving (two per call of the generator), compared with the
 * running sums of the quarters' probabilities: they are so rounded to 2^-32. A block of edges has a
 * random stream of its own. Nodes are renamed by a bijection of the ids' bits, multiplying by odd
 * numbers and folding: Graph500 shuffles instead, which takes an array and a pass.
 *
 * Cost O(edges * scale), O(edges / 2^16) memory beside the ends. */
#include "base/hash.h"
#include "generate/making.h"

typedef struct kronecker {
  gli__making *making;
  int scale;
  uint64_t first, second, third; /* running sums of the probabilities, of 2^32 */
  uint64_t mask;
  uint64_t factors[3], offsets[3];
  int64_t drawn;           /* edges, loops included */
  int64_t *begins, *found; /* per block */
} kronecker;

static int64_t renamed(const kronecker *k, uint64_t id) {
  for (int round = 0; round < 3; round++) {
    id = (id * k->factors[round] + k->offsets[round]) & k->mask;
    id ^= id >> (k->scale / 2 + 1);
  }
  return (int64_t)id;
}

static void draw_edge(const kronecker *k, gli_random *random, uint64_t *source, uint64_t *target) {
  uint64_t drawn = 0, u = 0, v = 0;
  for (int level = 0; level < k->scale; level++) {
    drawn = level % 2 == 0 ? gli_random_next(random) : drawn >> 32;
    const uint64_t at = drawn & UINT32_MAX;
    const bool below = at >= k->second; /* the lower half of the matrix */
    u = u << 1 | below;
    v = v << 1 | (at >= (below ? k->third : k->first));
  }
  *source = u;
  *target = v;
}

static void draw_block(const kronecker *k, int64_t block) {
  const int64_t first = block * GLI__BLOCK_EDGES;
  const int64_t last = first + GLI__BLOCK_EDGES < k->drawn ? first + GLI__BLOCK_EDGES : k->drawn;
  gli_random random = gli_random_start(k->making->options.seed, (uint64_t)block + 1);
  int64_t at = first;
  for (int64_t edge = first; edge < last; edge++) {
    uint64_t source, target;
    draw_edge(k, &random, &source, &target);
    if (source == target && !k->making->options.multigraph) continue;
    k->making->sources[at] = renamed(k, source);
    k->making->targets[at] = renamed(k, target);
    at++;
  }
  k->begins[block] = first;
  k->found[block] = at - first;
}

static void draw_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  for (int64_t block = begin; block < end; block++)
    draw_block(context, block);
}

static gli_status check(const gli__making *making, int32_t scale, int64_t edges_per_node,
                        const double quarters[3], gli_error *error) {
  if (scale < 0 || scale > 30) {
    return gli__making_refuse(making, "scale", scale, "0 to 30", error);
  }
  if (edges_per_node < 0) {
    return gli__making_refuse(making, "edges_per_node", edges_per_node, "at least 0", error);
  }
  if (edges_per_node > (int64_t)UINT32_MAX >> scale) {
    return gli__fail(error, GLI_ERROR_LIMIT,
                     "%s: edges_per_node is %lld at scale %d; at most %lld edges fit into a graph",
                     making->name, (long long)edges_per_node, (int)scale, (long long)UINT32_MAX);
  }
  for (int k = 0; k < 3; k++) {
    const gli_status status = gli__making_check_p(making, "a quarter", quarters[k], error);
    if (status != GLI_OK) return status;
  }
  const double sum = quarters[0] + quarters[1] + quarters[2];
  if (sum <= 1 + 1e-9) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: quarters sum to %g; expected at most 1",
                   making->name, sum);
}

static gli_status draw(gli__making *making, int32_t scale, int64_t edges_per_node,
                       const double *given, gli_error *error) {
  static const double graph500[3] = {0.57, 0.19, 0.19};
  const double *quarters = given != NULL ? given : graph500;
  gli_status status = check(making, scale, edges_per_node, quarters, error);
  if (status != GLI_OK) return status;
  kronecker k = {.making = making, .scale = scale, .drawn = edges_per_node << scale};
  making->node_count = INT64_C(1) << scale;
  k.mask = (uint64_t)making->node_count - 1;
  k.first = (uint64_t)(quarters[0] * 0x1p32);
  k.second = (uint64_t)((quarters[0] + quarters[1]) * 0x1p32);
  k.third = (uint64_t)((quarters[0] + quarters[1] + quarters[2]) * 0x1p32);
  gli_random random = gli_random_start(making->options.seed, 0);
  for (int round = 0; round < 3; round++) {
    k.factors[round] = gli_random_next(&random) | 1;
    k.offsets[round] = gli_random_next(&random);
  }
  const int64_t blocks = (k.drawn + GLI__BLOCK_EDGES - 1) / GLI__BLOCK_EDGES;
  k.begins = gli_run_allocate(making->run, blocks + 1, sizeof *k.begins);
  k.found = gli_run_allocate(making->run, blocks + 1, sizeof *k.found);
  if (k.begins == NULL || k.found == NULL) return gli_run_no_memory(making->run, error);
  status = gli__making_edges(making, k.drawn, error);
  if (status == GLI_OK) {
    status = gli_run_parallel(making->run, blocks, 1, draw_blocks, &k, error);
  }
  if (status == GLI_OK) gli__making_close_gaps(making, blocks, k.begins, k.found);
  return status;
}

gli_status gli_generate_kronecker(int32_t scale, int64_t edges_per_node, const double quarters[3],
                                  const gli_generate_options *options, const gli_control *control,
                                  gli_graph **graph_out, gli_error *error) {
  gli__making making;
  gli_status status = gli__making_begin(&making, "kronecker", options, control, graph_out, error);
  if (status == GLI_OK) status = draw(&making, scale, edges_per_node, quarters, error);
  return gli__making_end(&making, status, graph_out, error);
}
