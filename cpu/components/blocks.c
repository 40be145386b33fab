/* blocks.c: blocks (biconnected components) by one depth-first search (Hopcroft and Tarjan 1973,
 * doi:10.1145/362248.362272), without recursion.
 *
 * Every edge that is not in the search's tree joins a node with one of its ancestors. A subtree
 * below a node v whose edges lead no higher than v closes a block, with v at its top. Instead of a
 * stack of edges there is one of nodes: each node belongs to the block of the edge above it, and
 * any other edge to the block of its end that was entered later; so labels of edges are given in a
 * second pass, in parallel, and the search needs 25 bytes per node and none per edge.
 *
 * The edge above is left out by its slot: a second, parallel edge is a way back, so that no
 * parallel edge is a bridge. Serial: O(n + m). Tarjan and Vishkin's algorithm runs in parallel, but
 * does several times the work. */
#include "cpu/components/blocks.h"

#include "cpu/sides.h"

enum { CHECK_STEPS = 1 << 18 };

typedef struct searching {
  gli__sides sides;
  gli__blocks blocks;
  uint32_t *next;   /* [node] the entry to look at next, over both sides */
  int32_t *path;    /* from the root to the node that is looked at */
  int32_t *waiting; /* entered nodes whose block is still open */
  int64_t path_length, waiting_count;
  uint32_t clock;
} searching;

static void enter(searching *s, int32_t node, uint32_t above) {
  s->blocks.seen[node] = s->blocks.low[node] = ++s->clock;
  s->blocks.above[node] = above;
  s->blocks.block[node] = -1;
  s->path[s->path_length++] = node;
  s->waiting[s->waiting_count++] = node;
}

/* Look at the row from where it was left. True when that entered another node. */
static bool look(searching *s, int32_t node, int64_t *steps) {
  const gli__blocks *blocks = &s->blocks;
  const uint32_t above = blocks->above[node], split = s->sides.rows[0].rows[node].length;
  const uint32_t length = split + (s->sides.count == 2 ? s->sides.rows[1].rows[node].length : 0);
  uint32_t low = blocks->low[node], k = s->next[node];
  int32_t unseen = GLI_NODE_NONE;
  uint32_t slot = GLI__NO_SLOT;
  *steps += length - k + 1;
  for (; k < length && unseen == GLI_NODE_NONE; k++) {
    const gli_rows *rows = &s->sides.rows[k >= split];
    const int64_t at = rows->rows[node].begin + (k >= split ? k - split : k);
    const uint32_t there = blocks->seen[rows->neighbors[at]];
    if (rows->edges[at] == above) continue;
    if (there == 0) {
      unseen = rows->neighbors[at];
      slot = rows->edges[at];
    } else if (there < low) {
      low = there;
    }
  }
  blocks->low[node] = low;
  s->next[node] = k;
  *steps -= length - k;
  if (unseen != GLI_NODE_NONE) enter(s, unseen, slot);
  return unseen != GLI_NODE_NONE;
}

/* All is known of the subtree of `node`: a block ends at the node above, or its low rises. */
static void leave(searching *s, int32_t node) {
  gli__blocks *blocks = &s->blocks;
  s->path_length--;
  if (s->path_length == 0) {
    s->waiting_count = 0; /* only the root is left */
    return;
  }
  const int32_t top = s->path[s->path_length - 1];
  if (blocks->low[node] < blocks->seen[top]) {
    if (blocks->low[node] < blocks->low[top]) blocks->low[top] = blocks->low[node];
    return;
  }
  int32_t member;
  do {
    member = s->waiting[--s->waiting_count];
    blocks->block[member] = (int32_t)blocks->block_count;
  } while (member != node);
  blocks->block_count++;
  /* A root is a cut when a second block ends at it; `cut` counts up to two there. */
  const bool is_root = s->path_length == 1;
  if (!is_root || blocks->cut[top] < 2) blocks->cut[top] = is_root ? blocks->cut[top] + 1 : 1;
}

static gli_status search_from(searching *s, gli_run *run, int32_t root, int64_t limit,
                              int64_t *steps, gli_error *error) {
  enter(s, root, GLI__NO_SLOT);
  while (s->path_length > 0) {
    const int32_t node = s->path[s->path_length - 1];
    if (!look(s, node, steps)) leave(s, node);
    if (*steps < CHECK_STEPS) continue;
    *steps = 0;
    gli_run_progress(run, (double)s->clock, (double)limit);
    const gli_status status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  s->blocks.cut[root] = s->blocks.cut[root] == 2;
  return GLI_OK;
}

gli_status gli__cpu_find_blocks(gli_run *run, gli_snapshot *snapshot, gli__blocks *blocks_out,
                                gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  searching s = {0};
  gli_status status = gli__cpu_sides(snapshot, &s.sides, error);
  if (status != GLI_OK) return status;
  gli__blocks *blocks = &s.blocks;
  blocks->seen = gli_run_allocate_zeroed(run, limit, sizeof *blocks->seen);
  blocks->low = gli_run_allocate(run, limit, sizeof *blocks->low);
  blocks->above = gli_run_allocate(run, limit, sizeof *blocks->above);
  blocks->block = gli_run_allocate(run, limit, sizeof *blocks->block);
  blocks->cut = gli_run_allocate_zeroed(run, limit, sizeof *blocks->cut);
  s.next = gli_run_allocate_zeroed(run, limit, sizeof *s.next);
  s.path = gli_run_allocate(run, limit, sizeof *s.path);
  s.waiting = gli_run_allocate(run, limit, sizeof *s.waiting);
  if (blocks->seen == NULL || blocks->low == NULL || blocks->above == NULL ||
      blocks->block == NULL || blocks->cut == NULL || s.next == NULL || s.path == NULL ||
      s.waiting == NULL) {
    return gli_run_no_memory(run, error);
  }
  gli_run_prepared(run);
  int64_t steps = 0;
  for (int64_t v = 0; v < limit; v++) {
    steps++;
    if (blocks->seen[v] != 0 || !gli_bit(alive, v)) continue;
    status = search_from(&s, run, (int32_t)v, limit, &steps, error);
    if (status != GLI_OK) return status;
  }
  gli_run_release(run, s.next);
  gli_run_release(run, s.path);
  gli_run_release(run, s.waiting);
  *blocks_out = s.blocks;
  return gli_run_check(run, error);
}
