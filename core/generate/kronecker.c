/* kronecker.c: R-MAT graphs as Graph500 draws them.
 *
 * Four halvings of the matrix at a time have 256 outcomes; one of them takes one draw, from an
 * alias table (Walker 1977, built as Vose 1991 has it), its probabilities rounded to 2^-40. Halving
 * by halving with 32 bits each made the whole call 134 ms instead of 104 (scale 17, 16 edges per
 * node, two threads; 65 of them are the bulk load). A block of edges has a random stream of its
 * own. Nodes are renamed by a bijection of the ids' bits, multiplying by odd numbers and folding:
 * Graph500 shuffles instead, which takes an array and a pass.
 *
 * Cost O(edges * scale), O(edges / 2^16) memory beside the ends. */
#include "base/hash.h"
#include "generate/making.h"

enum { LEVELS = 4, MOST_OUTCOMES = 1 << (2 * LEVELS) };

/* So many halvings at once. An outcome is the bits of the row, then those of the column. */
typedef struct halvings {
  int levels;
  uint32_t keep[MOST_OUTCOMES]; /* of 2^32: how often the outcome stays, else it is the other */
  uint8_t other[MOST_OUTCOMES];
} halvings;

typedef struct kronecker {
  gli__making *making;
  int scale;
  halvings four, rest; /* scale / 4 times, then scale % 4 halvings */
  uint64_t mask;
  uint64_t factors[3], offsets[3];
  int64_t drawn;           /* edges, loops included */
  int64_t *begins, *found; /* per block */
} kronecker;

/* The alias table of `levels` halvings: outcomes above the mean fill up those below it. */
static void make_halvings(halvings *h, int levels, const double quarters[4]) {
  const int outcomes = 1 << (2 * levels);
  double share[MOST_OUTCOMES];
  int below[MOST_OUTCOMES], above[MOST_OUTCOMES], below_count = 0, above_count = 0;
  h->levels = levels;
  for (int k = 0; k < outcomes; k++) {
    share[k] = outcomes;
    for (int level = 0; level < levels; level++)
      share[k] *= quarters[(k >> (levels + level) & 1) * 2 + (k >> level & 1)];
    h->other[k] = (uint8_t)k;
    h->keep[k] = UINT32_MAX;
    if (share[k] < 1) {
      below[below_count++] = k;
    } else {
      above[above_count++] = k;
    }
  }
  while (below_count > 0 && above_count > 0) {
    const int small = below[--below_count], large = above[above_count - 1];
    h->keep[small] = (uint32_t)(share[small] * 0x1p32);
    h->other[small] = (uint8_t)large;
    share[large] -= 1 - share[small];
    if (share[large] >= 1) continue;
    above_count--;
    below[below_count++] = large;
  }
}

static void halve(const halvings *h, gli_random *random, uint64_t *row, uint64_t *column) {
  const uint64_t drawn = gli_random_next(random);
  uint32_t outcome = (uint32_t)(drawn >> (64 - 2 * h->levels));
  outcome = (uint32_t)drawn < h->keep[outcome] ? outcome : h->other[outcome];
  *row = *row << h->levels | outcome >> h->levels;
  *column = *column << h->levels | (outcome & ((1u << h->levels) - 1));
}

static int64_t renamed(const kronecker *k, uint64_t id) {
  for (int round = 0; round < 3; round++) {
    id = (id * k->factors[round] + k->offsets[round]) & k->mask;
    id ^= id >> (k->scale / 2 + 1);
  }
  return (int64_t)id;
}

static void draw_edge(const kronecker *k, gli_random *random, uint64_t *source, uint64_t *target) {
  *source = *target = 0;
  for (int level = k->scale; level >= LEVELS; level -= LEVELS)
    halve(&k->four, random, source, target);
  if (k->rest.levels > 0) halve(&k->rest, random, source, target);
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
  const double last = 1 - quarters[0] - quarters[1] - quarters[2];
  const double all[4] = {quarters[0], quarters[1], quarters[2], last > 0 ? last : 0};
  make_halvings(&k.four, LEVELS, all);
  make_halvings(&k.rest, scale % LEVELS, all);
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
