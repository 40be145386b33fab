/* strong.c: strong components by Pearce's form of Tarjan's algorithm (Pearce 2016,
 * doi:10.1016/j.ipl.2015.08.010), without recursion.
 *
 * One depth-first search. rank[v] is 0 while v is unseen, then the smallest rank of an open node
 * that v is known to reach, and after v's component is closed a number above all open ranks. Nodes
 * on the path of the search and nodes waiting for their component's root are disjoint, so that both
 * stacks share one array, from its two ends.
 *
 * Serial: O(n + m), 13 n bytes, needs no in rows. Forward-backward search with trimming would run
 * in parallel, but needs the in rows and O(m) per pivot, and is slow on many middle-sized
 * components. */
#include "cpu/common.h"
#include "cpu/components/components.h"

enum { CHECK_STEPS = 1 << 18 };

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

gli_status gli__cpu_strong_components(gli_run *run, gli_snapshot *snapshot, int32_t *first,
                                      gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  searching s = {.rows = gli_snapshot_out_rows(snapshot),
                 .rank = gli_run_allocate_zeroed(run, limit, sizeof *s.rank),
                 .next = gli_run_allocate(run, limit, sizeof *s.next),
                 .is_root = gli_run_allocate(run, limit, sizeof *s.is_root),
                 .stack = gli_run_allocate(run, limit, sizeof *s.stack),
                 .open = 1,
                 .closed = UINT32_MAX,
                 .first = first};
  if (s.rank == NULL || s.next == NULL || s.is_root == NULL || s.stack == NULL) {
    return gli_run_no_memory(run, error);
  }
  gli_run_prepared(run);
  int64_t steps = 0;
  for (int64_t root = 0; root < limit; root++) {
    if (s.rank[root] != 0) continue;
    enter(&s, (int32_t)root);
    while (s.path > 0) {
      const int32_t node = s.stack[s.path - 1];
      const int32_t unseen = look(&s, node, &steps);
      if (unseen != GLI_NODE_NONE) {
        enter(&s, unseen);
      } else {
        leave(&s, node, limit);
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
