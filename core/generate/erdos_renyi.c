/* erdos_renyi.c: G(n, p), G(n, m), and the stochastic block model, which is G(n, p) by blocks.
 *
 * G(n, m) numbers all pairs and takes the first m images of a bijection of the numbers: a Feistel
 * network of four rounds keyed by the seed (Luby and Rackoff 1988), walked until it falls below the
 * number of pairs, which takes less than two steps on average. So edges come out all different,
 * each by itself, in parallel. Drawing with repetition and a hash table of what was drawn is a
 * chain, and a cache miss per edge. Up to SMALL pairs, where four rounds of few bits would favour
 * some sets, pairs are chosen by selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S). */
#include "base/hash.h"
#include "generate/making.h"

enum { SMALL = 1 << 16 };

/* --- G(n, p) and blocks ------------------------------------------------------------------------
 */

static gli_status draw_gnp(gli__making *making, int64_t node_count, double p, gli_error *error) {
  gli_status status = gli__making_nodes(making, "node_count", node_count, error);
  if (status == GLI_OK) status = gli__making_check_p(making, "p", p, error);
  if (status != GLI_OK) return status;
  gli__region all = {.rows = node_count,
                     .columns = node_count,
                     .shape = making->options.directed ? GLI__OFF_DIAGONAL : GLI__UPPER,
                     .p = p};
  return gli__making_draw(making, &all, 1, error);
}

gli_status gli_generate_gnp(int64_t node_count, double p, const gli_generate_options *options,
                            const gli_control *control, gli_graph **graph_out, gli_error *error) {
  gli__making making;
  gli_status status = gli__making_begin(&making, "gnp", options, control, graph_out, error);
  if (status == GLI_OK) status = draw_gnp(&making, node_count, p, error);
  return gli__making_end(&making, status, graph_out, error);
}

gli_status gli_generate_complete(int64_t node_count, const gli_generate_options *options,
                                 const gli_control *control, gli_graph **graph_out,
                                 gli_error *error) {
  gli__making making;
  gli_status status = gli__making_begin(&making, "complete", options, control, graph_out, error);
  if (status == GLI_OK) status = draw_gnp(&making, node_count, 1, error);
  return gli__making_end(&making, status, graph_out, error);
}

static gli_status check_blocks(gli__making *making, int64_t block_count, const int64_t *sizes,
                               const double *p, gli_error *error) {
  int64_t nodes = 0;
  if (block_count < 0 || block_count > 46340) { /* whose square is below 2^31 */
    return gli__making_refuse(making, "block_count", block_count, "0 to 46340", error);
  }
  if (block_count > 0 && (sizes == NULL || p == NULL)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", making->name,
                     sizes == NULL ? "sizes" : "p");
  }
  for (int64_t i = 0; i < block_count; i++) {
    if (sizes[i] < 0) return gli__making_refuse(making, "a size", sizes[i], "at least 0", error);
    nodes = sizes[i] > INT32_MAX - nodes ? (int64_t)INT32_MAX + 1 : nodes + sizes[i];
    if (nodes > INT32_MAX) break;
    for (int64_t j = 0; j < block_count; j++) {
      const gli_status status = gli__making_check_p(making, "p", p[i * block_count + j], error);
      if (status != GLI_OK) return status;
      const double back = p[j * block_count + i];
      if (making->options.directed || p[i * block_count + j] == back) continue;
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "%s: p[%lld][%lld] is %g and p[%lld][%lld] is %g; expected them alike, for "
                       "the graph is undirected",
                       making->name, (long long)i, (long long)j, p[i * block_count + j],
                       (long long)j, (long long)i, back);
    }
  }
  return gli__making_nodes(making, "the sum of sizes", nodes, error);
}

static gli_status draw_blocks(gli__making *making, int64_t block_count, const int64_t *sizes,
                              const double *p, gli_error *error) {
  gli_status status = check_blocks(making, block_count, sizes, p, error);
  if (status != GLI_OK) return status;
  const bool directed = making->options.directed;
  gli__region *regions =
      gli_run_allocate_zeroed(making->run, block_count * block_count + 1, sizeof *regions);
  if (regions == NULL) return gli_run_no_memory(making->run, error);
  int64_t count = 0, row = 0;
  for (int64_t i = 0; i < block_count; i++) {
    int64_t column = 0;
    for (int64_t j = 0; j < block_count; j++) {
      if (j >= i || directed) {
        regions[count++] = (gli__region){.first_row = row,
                                         .first_column = column,
                                         .rows = sizes[i],
                                         .columns = sizes[j],
                                         .shape = i != j     ? GLI__RECTANGLE
                                                  : directed ? GLI__OFF_DIAGONAL
                                                             : GLI__UPPER,
                                         .p = p[i * block_count + j]};
      }
      column += sizes[j];
    }
    row += sizes[i];
  }
  return gli__making_draw(making, regions, count, error);
}

gli_status gli_generate_stochastic_block_model(int64_t block_count, const int64_t *sizes,
                                               const double *p, const gli_generate_options *options,
                                               const gli_control *control, gli_graph **graph_out,
                                               gli_error *error) {
  gli__making making;
  gli_status status =
      gli__making_begin(&making, "stochastic_block_model", options, control, graph_out, error);
  if (status == GLI_OK) status = draw_blocks(&making, block_count, sizes, p, error);
  return gli__making_end(&making, status, graph_out, error);
}

/* --- G(n, m) -----------------------------------------------------------------------------------
 */

typedef struct choosing {
  gli__making *making;
  uint64_t pairs;
  int low_bits; /* of the halves that the network works on */
  uint64_t low_mask, high_mask;
  uint64_t keys[4];
} choosing;

/* A bijection of the numbers of both halves' bits, walked until it falls below `pairs`. */
static int64_t image_of(const choosing *c, uint64_t number) {
  do {
    uint64_t low = number & c->low_mask, high = number >> c->low_bits;
    for (int round = 0; round < 4; round += 2) {
      high ^= gli__hash_int(low ^ c->keys[round]) & c->high_mask;
      low ^= gli__hash_int(high ^ c->keys[round + 1]) & c->low_mask;
    }
    number = high << c->low_bits | low;
  } while (number >= c->pairs);
  return (int64_t)number;
}

static void put_pair(gli__making *making, int64_t edge, int64_t place) {
  gli__pair_at(making->node_count, making->options.directed, place, &making->sources[edge],
               &making->targets[edge]);
}

static void choose_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const choosing *c = context;
  (void)worker;
  for (int64_t edge = begin; edge < end; edge++)
    put_pair(c->making, edge, image_of(c, (uint64_t)edge));
}

static void select_pairs(gli__making *making, int64_t pairs) {
  gli_random random = gli_random_start(making->options.seed, 0);
  int64_t chosen = 0;
  for (int64_t place = 0; chosen < making->edge_count; place++) {
    const uint64_t wanted = (uint64_t)(making->edge_count - chosen);
    if (gli_random_below(&random, (uint64_t)(pairs - place)) < wanted) {
      put_pair(making, chosen++, place);
    }
  }
}

static gli_status choose(gli__making *making, int64_t pairs, gli_error *error) {
  choosing c = {.making = making, .pairs = (uint64_t)pairs};
  gli_random random = gli_random_start(making->options.seed, 0);
  int bits = 0;
  while (((uint64_t)pairs - 1) >> bits != 0)
    bits++;
  c.low_bits = bits / 2;
  c.low_mask = (UINT64_C(1) << c.low_bits) - 1;
  c.high_mask = (UINT64_C(1) << (bits - c.low_bits)) - 1;
  for (int k = 0; k < 4; k++)
    c.keys[k] = gli_random_next(&random);
  return gli_run_parallel(making->run, making->edge_count, GLI__BLOCK_EDGES, choose_block, &c,
                          error);
}

static gli_status draw_gnm(gli__making *making, int64_t node_count, int64_t edge_count,
                           gli_error *error) {
  gli_status status = gli__making_nodes(making, "node_count", node_count, error);
  if (status != GLI_OK) return status;
  const gli__region all = {.rows = node_count,
                           .shape = making->options.directed ? GLI__OFF_DIAGONAL : GLI__UPPER};
  const int64_t pairs = gli__region_pairs(&all);
  if (edge_count < 0 || edge_count > pairs) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: edge_count is %lld; expected 0 to %lld, the number of pairs",
                     making->name, (long long)edge_count, (long long)pairs);
  }
  status = gli__making_edges(making, edge_count, error);
  if (status != GLI_OK || edge_count == 0) return status;
  if (pairs > SMALL) return choose(making, pairs, error);
  select_pairs(making, pairs);
  return GLI_OK;
}

gli_status gli_generate_gnm(int64_t node_count, int64_t edge_count,
                            const gli_generate_options *options, const gli_control *control,
                            gli_graph **graph_out, gli_error *error) {
  gli__making making;
  gli_status status = gli__making_begin(&making, "gnm", options, control, graph_out, error);
  if (status == GLI_OK) status = draw_gnm(&making, node_count, edge_count, error);
  return gli__making_end(&making, status, graph_out, error);
}
