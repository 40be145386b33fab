/* growing.c: Barabasi-Albert and Watts-Strogatz graphs, which are chains by their definition: what
 * is drawn depends on all that was drawn before. One thread, looking for a stop now and then.
 *
 * Barabasi-Albert: the ends of the edges so far are the urn; drawing one of them draws a node in
 * proportion to its degree (Batagelj and Brandes 2005). A draw is a cache miss: a node's draws are
 * made ahead of their use. One at a time took 291 ms instead of 88 (131,072 nodes of 16 edges, the
 * bulk load included).
 *
 * Watts-Strogatz: which edges of the ring shall move is drawn first. Whether two nodes are joined
 * is then told by their distance on the ring, a bit per edge of the ring, and a hash table of the
 * edges that moved: at p = 0.1 a tenth of a table of all. */
#include <string.h>

#include "base/hash.h"
#include "generate/making.h"

enum { CHECKED_EVERY = 1 << 14, AT_ONCE = 32 };

/* --- Barabasi-Albert ---------------------------------------------------------------------------
 */

static gli_status attach(gli__making *making, int64_t per_node, gli_error *error) {
  int64_t *sources = making->sources, *targets = making->targets;
  int32_t *last_of = gli_run_allocate_zeroed(making->run, making->node_count, sizeof *last_of);
  if (last_of == NULL) return gli_run_no_memory(making->run, error);
  gli_random random = gli_random_start(making->options.seed, 0);
  int64_t edges = 0, looked_at = 0;
  for (; edges < per_node; edges++) {
    sources[edges] = 0;
    targets[edges] = edges + 1;
  }
  for (int64_t node = per_node + 1; node < making->node_count; node++) {
    const uint64_t urn = 2 * (uint64_t)edges;
    const int64_t end = edges + per_node;
    while (edges < end) {
      const int64_t *drawn[AT_ONCE];
      const int64_t draws = end - edges < AT_ONCE ? end - edges : AT_ONCE;
      for (int64_t k = 0; k < draws; k++) {
        const uint64_t place = gli_random_below(&random, urn);
        drawn[k] = (place % 2 == 0 ? sources : targets) + place / 2;
        GLI__PREFETCH(drawn[k]);
      }
      for (int64_t k = 0; k < draws; k++) {
        const int64_t target = *drawn[k];
        if (last_of[target] == node) continue; /* joined already */
        last_of[target] = (int32_t)node;
        sources[edges] = node;
        targets[edges++] = target;
      }
      looked_at += draws;
      if (looked_at < CHECKED_EVERY) continue;
      looked_at = 0;
      const gli_status status = gli_run_check(making->run, error);
      if (status != GLI_OK) return status;
      gli_run_progress(making->run, (double)edges, (double)making->edge_count);
    }
  }
  return GLI_OK;
}

static gli_status grow(gli__making *making, int64_t node_count, int64_t per_node,
                       gli_error *error) {
  gli_status status = gli__making_undirected(making, error);
  if (status == GLI_OK) status = gli__making_nodes(making, "node_count", node_count, error);
  if (status != GLI_OK) return status;
  if (per_node < 1 || per_node >= node_count) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: edges_per_node is %lld; expected 1 to below node_count, which is %lld",
                     making->name, (long long)per_node, (long long)node_count);
  }
  status = gli__making_edges(making, (node_count - per_node) * per_node, error);
  return status == GLI_OK ? attach(making, per_node, error) : status;
}

gli_status gli_generate_barabasi_albert(int64_t node_count, int64_t edges_per_node,
                                        const gli_generate_options *options,
                                        const gli_control *control, gli_graph **graph_out,
                                        gli_error *error) {
  gli__making making;
  gli_status status =
      gli__making_begin(&making, "barabasi_albert", options, control, graph_out, error);
  if (status == GLI_OK) status = grow(&making, node_count, edges_per_node, error);
  return gli__making_end(&making, status, graph_out, error);
}

/* --- Watts-Strogatz ----------------------------------------------------------------------------
 */

typedef struct ring {
  gli__making *making;
  int64_t nodes, reach; /* an edge for each node and distance up to reach */
  double p;
  uint64_t *moves;      /* a bit per edge: it shall move */
  int64_t *move_counts; /* per block of edges */
  uint64_t *moved;      /* [mask + 1] hash table of pairs; UINT64_MAX: free */
  uint64_t mask;
  int32_t *degrees;
} ring;

/* Edge k goes from node k % nodes to the one k / nodes + 1 steps on. Blocks are whole words. */
static void lay_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const ring *r = context;
  (void)worker;
  const int64_t block = begin / GLI__BLOCK_EDGES;
  gli_random random = gli_random_start(r->making->options.seed, (uint64_t)block + 1);
  int64_t moves = 0;
  for (int64_t k = begin; k < end; k++) {
    const int64_t source = k % r->nodes, target = source + k / r->nodes + 1;
    r->making->sources[k] = source;
    r->making->targets[k] = target < r->nodes ? target : target - r->nodes;
    if (!(gli_random_unit(&random) < r->p)) continue;
    r->moves[k >> 6] |= UINT64_C(1) << (k & 63);
    moves++;
  }
  r->move_counts[block] = moves;
}

static uint64_t pair_of(int64_t u, int64_t v) {
  return u < v ? (uint64_t)u << 32 | (uint64_t)v : (uint64_t)v << 32 | (uint64_t)u;
}

/* The pair's place in the table, or the free one where it would go. */
static uint64_t place_of(const ring *r, uint64_t pair) {
  uint64_t place = gli__hash_int(pair) & r->mask;
  while (r->moved[place] != UINT64_MAX && r->moved[place] != pair)
    place = (place + 1) & r->mask;
  return place;
}

/* Is the ring's edge from u onwards to v there while edge `now` is at work? Those ahead of it have
 * not moved yet. */
static bool on_ring(const ring *r, int64_t u, int64_t v, int64_t now) {
  const int64_t steps = v > u ? v - u : v - u + r->nodes;
  if (steps > r->reach) return false;
  const int64_t edge = (steps - 1) * r->nodes + u;
  return edge >= now || (r->moves[edge >> 6] >> (edge & 63) & 1) == 0;
}

static bool joined(const ring *r, int64_t u, int64_t v, int64_t now) {
  return on_ring(r, u, v, now) || on_ring(r, v, u, now) ||
         r->moved[place_of(r, pair_of(u, v))] != UINT64_MAX;
}

static gli_status move_edges(ring *r, gli_error *error) {
  gli__making *making = r->making;
  gli_random random = gli_random_start(making->options.seed, 0);
  int64_t looked_at = 0;
  for (int64_t k = 0; k < making->edge_count; k++) {
    const uint64_t bit = UINT64_C(1) << (k & 63);
    if (++looked_at % CHECKED_EVERY == 0) {
      const gli_status status = gli_run_check(making->run, error);
      if (status != GLI_OK) return status;
      gli_run_progress(making->run, (double)k, (double)making->edge_count);
    }
    if ((r->moves[k >> 6] & bit) == 0) continue;
    const int64_t u = making->sources[k];
    if (r->degrees[u] >= r->nodes - 1) { /* joined to all: it stays */
      r->moves[k >> 6] &= ~bit;
      continue;
    }
    int64_t v = u;
    while (v == u || joined(r, u, v, k)) {
      v = (int64_t)gli_random_below(&random, (uint64_t)r->nodes);
      looked_at++;
    }
    r->degrees[making->targets[k]]--;
    r->degrees[v]++;
    making->targets[k] = v;
    const uint64_t pair = pair_of(u, v);
    r->moved[place_of(r, pair)] = pair;
  }
  return GLI_OK;
}

static gli_status rewire(gli__making *making, int64_t reach, double p, gli_error *error) {
  ring r = {.making = making, .nodes = making->node_count, .reach = reach, .p = p};
  const int64_t edges = making->edge_count;
  const int64_t blocks = (edges + GLI__BLOCK_EDGES - 1) / GLI__BLOCK_EDGES;
  r.moves = gli_run_allocate_zeroed(making->run, edges / 64 + 1, sizeof *r.moves);
  r.move_counts = gli_run_allocate_zeroed(making->run, blocks + 1, sizeof *r.move_counts);
  if (r.moves == NULL || r.move_counts == NULL) return gli_run_no_memory(making->run, error);
  gli_status status = gli_run_parallel(making->run, edges, GLI__BLOCK_EDGES, lay_block, &r, error);
  int64_t moves = 0;
  for (int64_t b = 0; b < blocks; b++)
    moves += r.move_counts[b];
  if (status != GLI_OK || moves == 0) return status;
  int64_t room = 16;
  while (room < 2 * moves)
    room *= 2;
  r.mask = (uint64_t)room - 1;
  r.moved = gli_run_allocate(making->run, room, sizeof *r.moved);
  r.degrees = gli_run_allocate(making->run, r.nodes, sizeof *r.degrees);
  if (r.moved == NULL || r.degrees == NULL) return gli_run_no_memory(making->run, error);
  memset(r.moved, 0xff, (size_t)room * sizeof *r.moved);
  for (int64_t v = 0; v < r.nodes; v++)
    r.degrees[v] = (int32_t)(2 * reach);
  return move_edges(&r, error);
}

static gli_status make_small_world(gli__making *making, int64_t node_count, int64_t neighbor_count,
                                   double p, gli_error *error) {
  gli_status status = gli__making_undirected(making, error);
  if (status == GLI_OK) status = gli__making_nodes(making, "node_count", node_count, error);
  if (status == GLI_OK) status = gli__making_check_p(making, "p", p, error);
  if (status != GLI_OK) return status;
  if (neighbor_count < 0 || neighbor_count >= node_count) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: neighbor_count is %lld; expected 0 to below node_count, which is %lld",
                     making->name, (long long)neighbor_count, (long long)node_count);
  }
  status = gli__making_edges(making, node_count * (neighbor_count / 2), error);
  return status == GLI_OK ? rewire(making, neighbor_count / 2, p, error) : status;
}

gli_status gli_generate_watts_strogatz(int64_t node_count, int64_t neighbor_count, double p,
                                       const gli_generate_options *options,
                                       const gli_control *control, gli_graph **graph_out,
                                       gli_error *error) {
  gli__making making;
  gli_status status =
      gli__making_begin(&making, "watts_strogatz", options, control, graph_out, error);
  if (status == GLI_OK) status = make_small_world(&making, node_count, neighbor_count, p, error);
  return gli__making_end(&making, status, graph_out, error);
}
