/* strong.c: strong components: the largest by two searches, the others by Pearce's form of Tarjan's
 * algorithm (Pearce 2016, doi:10.1016/j.ipl.2015.08.010), without recursion.
 *
 * Most graphs with cycles have one large component. What a node of high degree reaches and what
 * reaches it, both found by the parallel, direction-optimising search, have that component in
 * common (Fleischer, Hendrickson and Pinar 2000, doi:10.1007/3-540-45591-4_68); the second search
 * keeps to the nodes that the first one reached, as every way back between them does. It needs the
 * in rows, so it is left out on a snapshot that has none until they would have paid, which is at
 * the second call: building them takes about as long as one depth-first search (14 ms and 11 to 15
 * on the Kronecker graph below, 12 and 25 on a uniform one), so that a call that stays the only one
 * would take half as long again. It is given up where a search reaches few nodes or takes many
 * levels: those are slow.
 *
 * Of the rest, a node all of whose ways lead into that component is one by itself: of 66 k nodes of
 * a Kronecker graph that leaves 243. They are gone through with a bitmap, by all threads (6.6 ms
 * for all instead of 7.4). What is left then is one depth-first search. rank[v] is 0 while v is
 * unseen, then the smallest rank of an open node that v is known to reach, and after v's component
 * is closed a number above all open ranks. Nodes on the path of the search and nodes waiting for
 * their component's root are disjoint, so that both stacks share one array, from its two ends.
 * Colouring or more pivots would keep the rest parallel, but are slow on many middle-sized
 * components.
 *
 * Kronecker graph of 131 k nodes and 1.86 M edges of random direction 2.9 ms (2 threads); 4.1 with
 * a second search of all nodes, levels gone through for how far they reach, and components numbered
 * by a branch for each node. The depth-first search alone takes 11 to 15, NetworKit's 29.
 *
 * O(n + m), 13 n bytes besides the representatives. */
#include "cpu/common.h"
#include "cpu/components/components.h"
#include "cpu/traversal/search.h"

enum {
  CHECK_STEPS = 1 << 18,
  SEARCH_ENTRIES = 1 << 15, /* fewer are not worth two searches */
  SAVED_READS = 4,          /* of each entry, by these in the place of a depth-first search */
  PIVOTS = 1 << 12,         /* nodes looked at for one */
  MOST_LEVELS = 40,         /* longer searches are given up */
  LEAST_SHARE = 16,         /* of the nodes, that a search has to reach */
  CLOSE_BLOCK = 1 << 12,
};

typedef struct searching {
  gli_rows rows;
  uint32_t *rank;
  uint32_t *next;   /* [node] the row entry to look at next */
  uint8_t *is_root; /* [node] reaches no open node of smaller rank, as far as is known */
  int32_t *stack;   /* path from the bottom, waiting nodes from the top */
  int64_t path, waiting;
  uint32_t open;   /* rank of the next node */
  uint32_t closed; /* rank of the component closed next: falling from UINT32_MAX */
  int32_t *first;
} searching;

static void enter(searching *s, int32_t node) {
  s->rank[node] = s->open++;
  s->is_root[node] = 1;
  s->next[node] = 0;
  s->stack[s->path++] = node;
}

/* Look at the row from where it was left. Returns an unseen neighbour, or NONE at its end. */
static int32_t look(searching *s, int32_t node, int64_t *steps) {
  const gli_row row = s->rows.rows[node];
  const int32_t *neighbors = s->rows.neighbors + row.begin;
  uint32_t rank = s->rank[node], k = s->next[node];
  int32_t unseen = GLI_NODE_NONE;
  *steps += row.length - k + 1;
  for (; k < row.length; k++) {
    const uint32_t other = s->rank[neighbors[k]];
    if (other == 0) {
      unseen = neighbors[k]; /* looked at again when its subtree is done */
      break;
    }
    if (other < rank) {
      rank = other;
      s->is_root[node] = 0;
    }
  }
  s->rank[node] = rank;
  s->next[node] = k;
  return unseen;
}

/* The search leaves `node`: its component is complete, or it waits for the root above. */
static void leave(searching *s, int32_t node, int64_t node_limit) {
  s->path--;
  if (!s->is_root[node]) {
    s->stack[node_limit - ++s->waiting] = node;
    return;
  }
  const uint32_t rank = s->rank[node];
  int32_t smallest = node;
  const int64_t before = s->waiting;
  while (s->waiting > 0 && s->rank[s->stack[node_limit - s->waiting]] >= rank) {
    const int32_t member = s->stack[node_limit - s->waiting--];
    if (member < smallest) smallest = member;
  }
  for (int64_t k = before; k > s->waiting; k--) {
    const int32_t member = s->stack[node_limit - k];
    s->rank[member] = s->closed;
    s->first[member] = smallest;
  }
  s->open -= (uint32_t)(before - s->waiting) + 1;
  s->rank[node] = s->closed--;
  s->first[node] = smallest;
}

/* --- The largest component -------------------------------------------------------------------- */

/* The node with most ways through it, of some at fixed places. */
static int32_t choose_pivot(int64_t limit, const gli_rows *out, const gli_rows *in) {
  const int64_t stride = (limit / PIVOTS) | 1;
  int32_t pivot = 0;
  double most = -1;
  for (int64_t v = 0; v < limit; v += stride) {
    const double ways = (double)out->rows[v].length * (double)in->rows[v].length;
    if (!(ways > most)) continue;
    most = ways;
    pivot = (int32_t)v;
  }
  return pivot;
}

/* Whether a search got everywhere it can, and far enough to hope for a large component. */
static bool is_wide(const gli__search_extent *extent, int64_t limit) {
  return extent->is_complete && extent->reached >= limit / LEAST_SHARE;
}

/* forth[v] >= 0: the pivot reaches v; back[v] >= 0: v reaches it, or the pivot does not reach v.
 * *wide_out: both are complete. */
static gli_status search_from_pivot(gli_run *run, gli_snapshot *snapshot, int32_t *forth,
                                    int32_t *back, bool *wide_out, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  gli_rows in;
  gli_status status = gli_snapshot_in_rows(snapshot, &in, error);
  if (status != GLI_OK) return status;
  const int32_t pivot = choose_pivot(limit, &out, &in);
  gli__search_extent extent = {0};
  gli__search search = {.sources = {&pivot, 1},
                        .direction = GLI_OUT,
                        .max_depth = MOST_LEVELS,
                        .extent_out = &extent};
  status = gli__cpu_search(run, snapshot, &search, forth, NULL, error);
  *wide_out = status == GLI_OK && is_wide(&extent, limit);
  if (!*wide_out) return status;
  search.direction = GLI_IN;
  search.within = forth;
  status = gli__cpu_search(run, snapshot, &search, back, NULL, error);
  *wide_out = status == GLI_OK && is_wide(&extent, limit);
  return status;
}

/* Closing what both searches reached, and then whoever has no way to others that are left. */
typedef struct closing {
  gli_rows rows;
  const int32_t *back;
  uint64_t *closed; /* bitmap of what both reached */
  uint32_t *rank;
  int32_t *first;
  int32_t smallest;
} closing;

static void close_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const closing *c = context;
  (void)worker;
  for (int64_t base = begin; base < end; base += 64) {
    const int64_t past = base + 64 < end ? base + 64 : end;
    uint64_t word = 0;
    for (int64_t v = base; v < past; v++) {
      const bool common = c->first[v] >= 0 && c->back[v] >= 0;
      word |= (uint64_t)common << (v & 63);
      c->rank[v] = common ? UINT32_MAX : 0;
      c->first[v] = common ? c->smallest : (int32_t)v;
    }
    c->closed[base >> 6] = word;
  }
}

/* No path leads back to such a node: it is a component. Most of what is left are such nodes. */
static void trim_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const closing *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (c->rank[v] != 0) continue;
    const gli_row row = c->rows.rows[v];
    const int32_t *neighbors = c->rows.neighbors + row.begin;
    uint32_t k = 0;
    while (k < row.length && (neighbors[k] == v || gli_bit(c->closed, neighbors[k])))
      k++;
    if (k == row.length) c->rank[v] = UINT32_MAX;
  }
}

static gli_status close_and_trim(gli_run *run, const searching *s, const int32_t *back,
                                 int64_t limit, gli_error *error) {
  closing c = {.rows = s->rows,
               .back = back,
               .closed = gli_run_allocate(run, limit / 64 + 1, sizeof *c.closed),
               .rank = s->rank,
               .first = s->first};
  if (c.closed == NULL) return gli_run_no_memory(run, error);
  while (c.smallest < limit && (c.first[c.smallest] < 0 || back[c.smallest] < 0))
    c.smallest++;
  gli_status status = gli_run_parallel(run, limit, CLOSE_BLOCK, close_block, &c, error);
  if (status == GLI_OK) status = gli_run_parallel(run, limit, CLOSE_BLOCK, trim_block, &c, error);
  gli_run_release(run, c.closed);
  return status;
}

/* --- The others --------------------------------------------------------------------------------
 */

static gli_status search_rest(searching *s, gli_run *run, int64_t limit, gli_error *error) {
  int64_t steps = 0;
  for (int64_t root = 0; root < limit; root++) {
    if (s->rank[root] != 0) continue;
    enter(s, (int32_t)root);
    while (s->path > 0) {
      const int32_t node = s->stack[s->path - 1];
      const int32_t unseen = look(s, node, &steps);
      if (unseen != GLI_NODE_NONE) {
        enter(s, unseen);
      } else {
        leave(s, node, limit);
      }
      if (steps < CHECK_STEPS) continue;
      steps = 0;
      gli_run_progress(run, (double)root, (double)limit);
      const gli_status status = gli_run_check(run, error);
      if (status != GLI_OK) return status;
    }
  }
  return gli_run_check(run, error);
}

gli_status gli__cpu_strong_components(gli_run *run, gli_snapshot *snapshot, int32_t *first,
                                      gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  searching s = {
      .rows = gli_snapshot_out_rows(snapshot), .open = 1, .closed = UINT32_MAX - 1, .first = first};
  bool searched = s.rows.entry_count >= SEARCH_ENTRIES &&
                  gli_snapshot_in_rows_pay(snapshot, SAVED_READS * s.rows.entry_count);
  int32_t *back = NULL;
  gli_status status = GLI_OK;
  if (searched) {
    back = gli_run_allocate(run, limit, sizeof *back);
    if (back == NULL) return gli_run_no_memory(run, error);
    status = search_from_pivot(run, snapshot, first, back, &searched, error);
    if (status != GLI_OK) return status;
  }
  s.rank = searched ? gli_run_allocate(run, limit, sizeof *s.rank)
                    : gli_run_allocate_zeroed(run, limit, sizeof *s.rank);
  if (s.rank == NULL) return gli_run_no_memory(run, error);
  if (searched) status = close_and_trim(run, &s, back, limit, error);
  if (status != GLI_OK) return status;
  gli_run_release(run, back);
  s.next = gli_run_allocate(run, limit, sizeof *s.next);
  s.is_root = gli_run_allocate(run, limit, sizeof *s.is_root);
  s.stack = gli_run_allocate(run, limit, sizeof *s.stack);
  if (s.next == NULL || s.is_root == NULL || s.stack == NULL) return gli_run_no_memory(run, error);
  if (!searched) gli_run_prepared(run);
  status = search_rest(&s, run, limit, error);
  gli_run_release(run, s.rank);
  gli_run_release(run, s.next);
  gli_run_release(run, s.is_root);
  gli_run_release(run, s.stack);
  return status;
}
