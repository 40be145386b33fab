/* search.cl: the levels of a direction-optimising breadth-first search. See search.c for the loop.
 *
 * A launch walks the level of its `depth` and is a no-op when the search has to stop or to change
 * its way there: the host queues several, and reads why the last one stopped. What a launch looks
 * at was written by the launches before it: each depth has a slot of counters in a ring of four.
 * The launch of depth d reads slot d, counts into slot d + 1 and clears slot d + 2.
 *
 * A frontier is one array of node_limit: nodes with short rows from the front, nodes with long rows
 * from the back, which a work-group walks together; of rows above WIDE_ROW, pieces of PART_ENTRIES
 * stand in `parts` as well, a work-group each. Edges are counted in units of 2^shift, rounded up:
 * they steer, they decide no result. */

#define BLOCK_NODES 1024 /* nodes of a bottom-up task: whole words of the bitmaps */
#define WIDE_ROW 4096
#define PART_ENTRIES 2048
#define DEFERRED_ROW 512 /* bottom-up: longer rows are searched by a work-group */
#define UNSEEN_FACTOR 15 /* Beamer's alpha */
#define NODES_FACTOR 18  /* Beamer's beta */
#define NO_NODE 0xffffffffu

/* state[]: search.c knows these too. */
#define STOPPED 0 /* 0 or why */
#define DEPTH 1   /* of the frontier that is to be walked next */
#define MAY_BOTTOM_UP 2
#define SHORT_LIMIT 3
#define SHIFT 4
#define THIN_NODES 5
#define THIN_EDGES 6
#define LEAST_EDGES 7 /* of a frontier that is worth going bottom-up */
#define HAS_TARGETS 8
#define SLOT(depth) (state + 16 + 16 * ((depth)&3))

/* A slot. Counted by the launch that finds the depth's nodes: */
#define SHORT_NODES 0
#define LONG_NODES 1
#define PARTS 2
#define NODES 3 /* bottom-up */
#define EDGES 4 /* that leave the frontier */
#define FOUND 5 /* targets */
/* Counted by the launch that walks the depth: */
#define DEFERRED 6
#define COUNTED 7
/* Written once by the launch before: */
#define UNSEEN 8    /* edges of the nodes not reached, this frontier's included */
#define LEFT 9      /* targets not reached, this frontier's included */
#define PREVIOUS 10 /* nodes of the frontier before */
#define REACHED 11  /* nodes reached before this frontier */

#define STOP_DONE 1
#define STOP_BOTTOM_UP 2
#define STOP_TOP_DOWN 3
#define STOP_THIN 4

/* Rows of one or two sides, walked as one. */
typedef struct sides {
  GLOBAL const row_record *rows_a;
  GLOBAL const int32_t *neighbors_a;
  GLOBAL const row_record *rows_b; /* NULL: one side */
  GLOBAL const int32_t *neighbors_b;
} sides;

/* Where a walk puts what it finds. */
typedef struct finding {
  GLOBAL int32_t *level;
  GLOBAL int32_t *predecessor;     /* may be NULL */
  GLOBAL const uint32_t *targets;  /* a bitmap; may be NULL */
  GLOBAL uint32_t *slot;           /* of the next depth */
  GLOBAL int32_t *queue;           /* the next frontier */
  GLOBAL int32_t *parts;
  int32_t node_limit;
  int32_t depth; /* of what is found */
  uint32_t short_limit;
} finding;

FUNCTION uint64_t degree_of(sides along, int64_t node) {
  const uint64_t first = along.rows_a[node].length;
  return along.rows_b ? first + along.rows_b[node].length : first;
}

FUNCTION int32_t entry_of(row_record a, row_record b, sides along, int64_t k) {
  return k < a.length ? along.neighbors_a[a.begin + k] : along.neighbors_b[b.begin + k - a.length];
}

FUNCTION void push(finding next, int32_t node, uint64_t degree) {
  if (degree <= next.short_limit) {
    next.queue[ATOMIC_ADD_U32(next.slot + SHORT_NODES, 1)] = node;
    return;
  }
  next.queue[next.node_limit - 1 - (int32_t)ATOMIC_ADD_U32(next.slot + LONG_NODES, 1)] = node;
  if (degree <= WIDE_ROW) return;
  const uint32_t count = (uint32_t)((degree + PART_ENTRIES - 1) / PART_ENTRIES);
  const int64_t first = ATOMIC_ADD_U32(next.slot + PARTS, count);
  for (uint32_t part = 0; part < count; part++) {
    next.parts[2 * (first + part)] = node;
    next.parts[2 * (first + part) + 1] = (int32_t)part;
  }
}

/* Claim a neighbour of a frontier node; returns the edges that leave it when it is new. The plain
 * read of the level may be old: then the exchange tells. */
FUNCTION uint64_t visit(finding next, sides along, int32_t node, int32_t other) {
  uint64_t degree = 0;
  int32_t known = next.level[other];
  if (known < 0) {
    known = ATOMIC_CAS_I32(next.level + other, -1, next.depth);
    if (known < 0) {
      known = next.depth;
      degree = degree_of(along, other);
      if (next.targets && BIT_TEST(next.targets, other)) ATOMIC_ADD_U32(next.slot + FOUND, 1);
      push(next, other, degree);
    }
  }
  /* An old predecessor read here is larger than the true one: the minimum decides. */
  if (next.predecessor && known == next.depth &&
      (uint32_t)node < (uint32_t)next.predecessor[other]) {
    ATOMIC_MIN_U32((GLOBAL uint32_t *)next.predecessor + other, node);
  }
  return degree;
}

FUNCTION uint64_t visit_row(finding next, sides along, int32_t node) {
  uint64_t edges = 0;
  const row_record a = along.rows_a[node];
  for (uint32_t k = 0; k < a.length; k++)
    edges += visit(next, along, node, along.neighbors_a[a.begin + k]);
  if (along.rows_b) {
    const row_record b = along.rows_b[node];
    for (uint32_t k = 0; k < b.length; k++)
      edges += visit(next, along, node, along.neighbors_b[b.begin + k]);
  }
  return edges;
}

FUNCTION uint32_t in_units(uint64_t edges, uint32_t shift) {
  return (uint32_t)((edges + ((uint64_t)1 << shift) - 1) >> shift);
}

/* --- Deciding: the same for every item of a launch ------------------------------------------- */

FUNCTION int32_t wants_bottom_up(GLOBAL const uint32_t *state, GLOBAL const uint32_t *slot) {
  const uint32_t edges = slot[EDGES];
  const uint32_t unseen = slot[UNSEEN] > edges ? slot[UNSEEN] - edges : 0;
  return state[MAY_BOTTOM_UP] && edges > state[LEAST_EDGES] && edges > unseen / UNSEEN_FACTOR;
}

FUNCTION int32_t is_done(GLOBAL const uint32_t *state, GLOBAL const uint32_t *slot,
                         uint32_t nodes) {
  return nodes == 0 || (state[HAS_TARGETS] && slot[LEFT] == slot[FOUND]);
}

/* Whether a frontier is for one work-group. `part`: of what a thin frontier may hold at most. */
FUNCTION int32_t is_thin(GLOBAL const uint32_t *state, GLOBAL const uint32_t *slot, uint32_t part) {
  return slot[LONG_NODES] == 0 && slot[SHORT_NODES] <= state[THIN_NODES] / part &&
         slot[EDGES] <= state[THIN_EDGES] / part;
}

FUNCTION void advance(GLOBAL uint32_t *state, int32_t depth, uint32_t nodes) {
  GLOBAL uint32_t *slot = SLOT(depth);
  GLOBAL uint32_t *next = SLOT(depth + 1);
  GLOBAL uint32_t *after = SLOT(depth + 2);
  next[UNSEEN] = slot[UNSEEN] > slot[EDGES] ? slot[UNSEEN] - slot[EDGES] : 0;
  next[LEFT] = slot[LEFT] - slot[FOUND];
  next[PREVIOUS] = nodes;
  next[REACHED] = slot[REACHED] + nodes;
  for (int32_t k = 0; k < COUNTED; k++)
    after[k] = 0;
  state[DEPTH] = (uint32_t)depth + 1;
}

/* --- The start -------------------------------------------------------------------------------- */

/* Targets that are named twice count once. */
KERNEL(mark_targets)(GLOBAL uint32_t *state, GLOBAL const int32_t *RESTRICT nodes, int64_t count,
                     GLOBAL uint32_t *targets) {
  FOR_ITEMS(k, count) {
    const int32_t node = nodes[k];
    const uint32_t before = BIT_SET_ATOMIC(targets, node);
    if (((before >> (node & 31)) & 1u) == 0) ATOMIC_ADD_U32(SLOT(0) + LEFT, 1);
  }
}

#define SEARCH_PARAMETERS                                                                      \
  GLOBAL uint32_t *state, int32_t depth, GLOBAL const row_record *rows_a,                      \
      GLOBAL const int32_t *neighbors_a, GLOBAL const row_record *rows_b,                      \
      GLOBAL const int32_t *neighbors_b, GLOBAL int32_t *level, GLOBAL int32_t *predecessor,   \
      GLOBAL const uint32_t *targets, GLOBAL int32_t *even_queue, GLOBAL int32_t *odd_queue,   \
      GLOBAL int32_t *even_parts, GLOBAL int32_t *odd_parts, int32_t node_limit
#define SIDES \
  { rows_a, neighbors_a, rows_b, neighbors_b }
/* What goes into the frontier of a depth. */
#define FINDING(at)                                                               \
  {                                                                               \
    level, predecessor, targets, SLOT(at), (at)&1 ? odd_queue : even_queue,       \
        (at)&1 ? odd_parts : even_parts, node_limit, (at), state[SHORT_LIMIT]     \
  }

/* Sources that are named twice count once. */
KERNEL(seed)(SEARCH_PARAMETERS, GLOBAL const int32_t *RESTRICT sources, int64_t count) {
  const sides along = SIDES;
  const finding next = FINDING(depth);
  FOR_ITEMS(k, count) {
    const int32_t node = sources[k];
    if (ATOMIC_CAS_I32(level + node, -1, 0) < 0) {
      const uint64_t degree = degree_of(along, node);
      if (targets && BIT_TEST(targets, node)) ATOMIC_ADD_U32(next.slot + FOUND, 1);
      push(next, node, degree);
      ATOMIC_ADD_U32(next.slot + EDGES, in_units(degree, state[SHIFT]));
    }
  }
}

/* --- Top-down --------------------------------------------------------------------------------- */

KERNEL(top_down)(SEARCH_PARAMETERS) {
  LOCAL_ARRAY(uint64_t, sums, GROUP_SIZE);
  const sides along = SIDES;
  const finding next = FINDING(depth + 1);
  GLOBAL const int32_t *queue = depth & 1 ? odd_queue : even_queue;
  GLOBAL const int32_t *parts = depth & 1 ? odd_parts : even_parts;
  GLOBAL const uint32_t *slot = SLOT(depth);
  const uint32_t nodes = slot[SHORT_NODES] + slot[LONG_NODES];
  /* Whoever reads STOPPED after it was set below has come to the same end by itself. */
  const uint32_t reason = state[STOPPED]                ? state[STOPPED]
                          : is_done(state, slot, nodes) ? STOP_DONE
                          : wants_bottom_up(state, slot) ? STOP_BOTTOM_UP
                          : is_thin(state, slot, 4)      ? STOP_THIN
                                                         : 0;
  const int64_t part_count = reason ? 0 : slot[PARTS];
  const int64_t long_count = reason ? 0 : slot[LONG_NODES];
  const int64_t short_count = reason ? 0 : slot[SHORT_NODES];
  uint64_t edges = 0;
  FOR_GROUPS(t, part_count) {
    const int32_t node = parts[2 * t];
    const int64_t begin = (int64_t)parts[2 * t + 1] * PART_ENTRIES;
    const int64_t degree = (int64_t)degree_of(along, node);
    const int64_t end = begin + PART_ENTRIES < degree ? begin + PART_ENTRIES : degree;
    const row_record a = along.rows_a[node];
    const row_record b = along.rows_b ? along.rows_b[node] : a;
    FOR_LOCAL_ITEMS(k, begin, end) edges += visit(next, along, node, entry_of(a, b, along, k));
  }
  FOR_GROUPS(g, long_count) {
    const int32_t node = queue[node_limit - 1 - g];
    const int64_t degree = (int64_t)degree_of(along, node);
    const int64_t end = degree > WIDE_ROW ? 0 : degree;
    const row_record a = along.rows_a[node];
    const row_record b = along.rows_b ? along.rows_b[node] : a;
    FOR_LOCAL_ITEMS(k, 0, end) edges += visit(next, along, node, entry_of(a, b, along, k));
  }
  FOR_ITEMS(i, short_count) edges += visit_row(next, along, queue[i]);
  sums[LOCAL_ITEM] = edges;
  BARRIER();
  for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
    if (LOCAL_ITEM < reach) sums[LOCAL_ITEM] += sums[LOCAL_ITEM + reach];
    BARRIER();
  }
  if (LOCAL_ITEM == 0 && sums[0] > 0) {
    ATOMIC_ADD_U32(next.slot + EDGES, in_units(sums[0], state[SHIFT]));
  }
  if (ITEM == 0 && reason) state[STOPPED] = reason;
  if (ITEM == 0 && !reason) advance(state, depth, nodes);
}

/* --- Thin ------------------------------------------------------------------------------------- */

/* The only group of a launch counts in local memory and finds its frontier there, up to THIN_ROOM
 * nodes of it; the queue in global memory is written for whoever goes on. One item needs no
 * atomics. */
#if GROUP_SIZE == 1
#define THIN_ROOM 1
#define IS_NEARBY(i) 0        /* caches do that */
#define IS_SHORT(degree, to) 1 /* as search.c says of such devices */
#define CLAIM(place, value) (*(place) = (value), -1)
#define COUNT_LOCAL(place, value) ((*(place) += (value)) - (value))
#define LOWER_NODE(place, value) (*(place) = (value))
#else
#define THIN_ROOM (4 * GROUP_SIZE)
#define IS_NEARBY(i) ((i) < THIN_ROOM)
#define IS_SHORT(degree, to) ((degree) <= (to).short_limit)
#define CLAIM(place, value) ATOMIC_CAS_I32(place, -1, value)
#define COUNT_LOCAL(place, value) ATOMIC_ADD_LOCAL_U32(place, value)
#define LOWER_NODE(place, value) ATOMIC_MIN_U32((GLOBAL uint32_t *)(place), value)
#endif

FUNCTION uint64_t visit_thin(finding next, sides along, LOCAL uint32_t *counts,
                             LOCAL int32_t *nearby, int32_t node, int32_t other) {
  uint64_t degree = 0;
  int32_t known = next.level[other];
  if (known < 0) {
    known = CLAIM(next.level + other, next.depth);
    if (known < 0) {
      known = next.depth;
      degree = degree_of(along, other);
      if (next.targets && BIT_TEST(next.targets, other)) COUNT_LOCAL(counts + FOUND, 1);
      if (IS_SHORT(degree, next)) {
        const uint32_t at = COUNT_LOCAL(counts + SHORT_NODES, 1);
        next.queue[at] = other;
        if (IS_NEARBY(at)) nearby[at] = other;
      } else {
        COUNT_LOCAL(counts + LONG_NODES, 1);
        push(next, other, degree);
      }
    }
  }
  if (known == next.depth && next.predecessor &&
      (uint32_t)node < (uint32_t)next.predecessor[other]) {
    LOWER_NODE(next.predecessor + other, node);
  }
  return degree;
}

FUNCTION uint64_t visit_row_thin(finding next, sides along, LOCAL uint32_t *counts,
                                 LOCAL int32_t *nearby, int32_t node) {
  uint64_t edges = 0;
  const row_record a = along.rows_a[node];
  for (uint32_t k = 0; k < a.length; k++)
    edges += visit_thin(next, along, counts, nearby, node, along.neighbors_a[a.begin + k]);
  if (along.rows_b) {
    const row_record b = along.rows_b[node];
    for (uint32_t k = 0; k < b.length; k++)
      edges += visit_thin(next, along, counts, nearby, node, along.neighbors_b[b.begin + k]);
  }
  return edges;
}

/* Why a frontier of `nodes`, `long_nodes` of them with long rows, is not for one work-group. */
FUNCTION uint32_t why_not_thin(GLOBAL const uint32_t *state, uint32_t nodes, uint32_t long_nodes,
                               uint32_t edges, uint32_t left) {
  return nodes == 0 || (state[HAS_TARGETS] && left == 0) ? STOP_DONE
         : long_nodes > 0 || nodes > state[THIN_NODES] || edges > state[THIN_EDGES]
             ? STOP_TOP_DOWN
             : 0;
}

/* One work-group walks up to `levels` levels while their frontiers are thin: no launch per level,
 * and one barrier. counts: a ring of four, as the slots. The level at `at` counts into [at + 1] and
 * clears [at + 2], which nobody looks at before the next barrier. */
KERNEL(walk_thin)(SEARCH_PARAMETERS, int32_t levels) {
  LOCAL_ARRAY(uint32_t, counts, 4 * COUNTED);
  LOCAL_ARRAY(int32_t, even_nearby, THIN_ROOM);
  LOCAL_ARRAY(int32_t, odd_nearby, THIN_ROOM);
  const sides along = SIDES;
  const int32_t last = depth + levels;
  GLOBAL const uint32_t *entered = SLOT(depth);
  uint32_t nodes = entered[SHORT_NODES];
  uint32_t edges = entered[EDGES];
  uint32_t unseen = entered[UNSEEN];
  uint32_t left = entered[LEFT] - entered[FOUND];
  uint32_t found = 0; /* in the last level: LEFT does without */
  uint32_t previous = entered[PREVIOUS];
  uint32_t reached = entered[REACHED];
  uint32_t reason =
      why_not_thin(state, nodes + entered[LONG_NODES], entered[LONG_NODES], edges, left);
  int32_t at = depth;
  FOR_LOCAL_ITEMS(k, 0, 4 * COUNTED) counts[k] = 0;
  FOR_LOCAL_ITEMS(i, 0, nodes < THIN_ROOM ? nodes : THIN_ROOM) {
    if (at & 1) odd_nearby[i] = odd_queue[i];
    else even_nearby[i] = even_queue[i];
  }
  BARRIER();
  while (reason == 0 && at < last) { /* the same for the whole group */
    const finding next = FINDING(at + 1);
    GLOBAL const int32_t *queue = at & 1 ? odd_queue : even_queue;
    LOCAL const int32_t *nearby = at & 1 ? odd_nearby : even_nearby;
    LOCAL int32_t *next_nearby = at & 1 ? even_nearby : odd_nearby;
    LOCAL uint32_t *next_counts = counts + COUNTED * ((at + 1) & 3);
    uint64_t left_by = 0;
    FOR_LOCAL_ITEMS(i, 0, nodes) {
      const int32_t node = IS_NEARBY(i) ? nearby[i] : queue[i];
      left_by += visit_row_thin(next, along, next_counts, next_nearby, node);
    }
    if (left_by > 0) COUNT_LOCAL(next_counts + EDGES, in_units(left_by, state[SHIFT]));
    if (LOCAL_ITEM == 0) {
      for (int32_t k = 0; k < COUNTED; k++) {
        counts[COUNTED * ((at + 2) & 3) + k] = 0;
        SLOT(at + 2)[k] = 0;
      }
    }
    BARRIER();
    unseen = unseen > edges ? unseen - edges : 0;
    reached += nodes;
    previous = nodes;
    nodes = next_counts[SHORT_NODES];
    edges = next_counts[EDGES];
    found = next_counts[FOUND];
    left -= found;
    at++;
    reason = why_not_thin(state, nodes + next_counts[LONG_NODES], next_counts[LONG_NODES], edges,
                          left);
  }
  if (LOCAL_ITEM == 0) {
    GLOBAL uint32_t *slot = SLOT(at);
    if (at > depth) { /* long nodes and their parts are counted there already */
      slot[SHORT_NODES] = nodes;
      slot[EDGES] = edges;
      slot[FOUND] = found;
      slot[UNSEEN] = unseen;
      slot[LEFT] = left + found;
      slot[PREVIOUS] = previous;
      slot[REACHED] = reached;
      state[DEPTH] = (uint32_t)at;
    }
    if (reason) state[STOPPED] = reason;
  }
}

/* --- Bottom-up -------------------------------------------------------------------------------- */

/* The frontier of top-down as a bitmap. Bits of it are clear before. */
KERNEL(mark_frontier)(SEARCH_PARAMETERS, GLOBAL uint32_t *bits) {
  GLOBAL uint32_t *slot = SLOT(depth);
  GLOBAL const int32_t *queue = depth & 1 ? odd_queue : even_queue;
  const int64_t short_count = slot[SHORT_NODES];
  const int64_t long_count = slot[LONG_NODES];
  FOR_ITEMS(i, short_count) BIT_SET_ATOMIC(bits, queue[i]);
  FOR_ITEMS(g, long_count) BIT_SET_ATOMIC(bits, queue[node_limit - 1 - g]);
  if (ITEM == 0) slot[NODES] = slot[SHORT_NODES] + slot[LONG_NODES];
}

/* The frontier of bottom-up as lists: nobody looks at the bitmap after. */
KERNEL(list_frontier)(SEARCH_PARAMETERS, GLOBAL const uint32_t *bits) {
  const sides along = SIDES;
  const finding next = FINDING(depth);
  FOR_ITEMS(w, ((int64_t)node_limit + 31) / 32) {
    const uint32_t word = bits[w];
    for (int32_t bit = 0; word >> bit; bit++) {
      if ((word >> bit) & 1u) {
        const int32_t node = (int32_t)(w * 32) + bit;
        push(next, node, degree_of(along, node));
      }
      if (bit == 31) break;
    }
  }
}

/* The smallest frontier node among entries begin, begin + step, ... of a node's rows that is below
 * `best`, or any when predecessors are not wanted. */
FUNCTION uint32_t find_nearer(sides along, GLOBAL const uint32_t *bits, int64_t node,
                              uint32_t begin, uint32_t step, int32_t any, uint32_t best) {
  const row_record a = along.rows_a[node];
  for (uint64_t k = begin; k < a.length; k += step) {
    const uint32_t other = (uint32_t)along.neighbors_a[a.begin + (int64_t)k];
    if (other < best && BIT_TEST(bits, other)) {
      best = other;
      if (any) return best;
    }
  }
  if (!along.rows_b) return best;
  const row_record b = along.rows_b[node];
  for (uint64_t k = begin; k < b.length; k += step) {
    const uint32_t other = (uint32_t)along.neighbors_b[b.begin + (int64_t)k];
    if (other < best && BIT_TEST(bits, other)) {
      best = other;
      if (any) return best;
    }
  }
  return best;
}

FUNCTION uint32_t why_not_bottom_up(GLOBAL const uint32_t *state, GLOBAL const uint32_t *slot,
                                    int32_t node_limit) {
  const uint32_t nodes = slot[NODES];
  return state[STOPPED]                ? state[STOPPED]
         : is_done(state, slot, nodes) ? STOP_DONE
         : nodes < slot[PREVIOUS] && nodes < (uint32_t)node_limit / NODES_FACTOR &&
                 !wants_bottom_up(state, slot)
             ? STOP_TOP_DOWN
             : 0;
}

/* The rows are the opposite ones; `forward_a`, `forward_b`: those that a frontier is left along. */
#define BOTTOM_UP_PARAMETERS                                                                    \
  GLOBAL uint32_t *state, int32_t depth, GLOBAL const row_record *rows_a,                       \
      GLOBAL const int32_t *neighbors_a, GLOBAL const row_record *rows_b,                       \
      GLOBAL const int32_t *neighbors_b, GLOBAL const row_record *forward_a,                    \
      GLOBAL const row_record *forward_b, GLOBAL int32_t *level, GLOBAL int32_t *predecessor,   \
      GLOBAL const uint32_t *targets, GLOBAL int32_t *deferred, GLOBAL uint32_t *even_bits,     \
      GLOBAL uint32_t *odd_bits, int32_t node_limit

/* Every node not reached looks for a neighbour in the frontier. A task is BLOCK_NODES nodes, so
 * each word of the bitmap is written by one group. */
KERNEL(bottom_up)(BOTTOM_UP_PARAMETERS) {
  LOCAL_ARRAY(uint8_t, is_new, BLOCK_NODES);
  LOCAL_ARRAY(uint64_t, sums, GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, counts, GROUP_SIZE);
  const sides along = SIDES;
  const sides forward = {forward_a, 0, forward_b, 0};
  GLOBAL const uint32_t *bits = depth & 1 ? odd_bits : even_bits;
  GLOBAL uint32_t *next_bits = depth & 1 ? even_bits : odd_bits;
  GLOBAL uint32_t *slot = SLOT(depth);
  GLOBAL uint32_t *next = SLOT(depth + 1);
  const uint32_t nodes = slot[NODES];
  /* Whoever reads STOPPED after it was set below has come to the same end by itself. */
  const uint32_t reason = why_not_bottom_up(state, slot, node_limit);
  const int64_t blocks = reason ? 0 : ((int64_t)node_limit + BLOCK_NODES - 1) / BLOCK_NODES;
  uint64_t edges = 0;
  uint32_t count = 0;
  FOR_GROUPS(b, blocks) {
    const int64_t first = b * BLOCK_NODES;
    const int64_t end = first + BLOCK_NODES < node_limit ? first + BLOCK_NODES : node_limit;
    FOR_LOCAL_ITEMS(v, first, first + BLOCK_NODES) {
      uint32_t nearer = NO_NODE;
      if (v < end && level[v] < 0) {
        if (GROUP_SIZE > 1 && degree_of(along, v) > DEFERRED_ROW) {
          deferred[ATOMIC_ADD_U32(slot + DEFERRED, 1)] = (int32_t)v;
        } else {
          nearer = find_nearer(along, bits, v, 0, 1, predecessor == 0, NO_NODE);
        }
      }
      is_new[v - first] = nearer != NO_NODE;
      if (nearer != NO_NODE) {
        level[v] = depth + 1;
        if (predecessor) predecessor[v] = (int32_t)nearer;
        if (targets && BIT_TEST(targets, v)) ATOMIC_ADD_U32(next + FOUND, 1);
        edges += degree_of(forward, v);
        count++;
      }
    }
    BARRIER();
    FOR_LOCAL_ITEMS(w, 0, BLOCK_NODES / 32) {
      uint32_t word = 0;
      for (int32_t bit = 0; bit < 32; bit++)
        word |= (uint32_t)is_new[32 * w + bit] << bit;
      if (first + 32 * w < end) next_bits[first / 32 + w] = word;
    }
    BARRIER();
  }
  sums[LOCAL_ITEM] = edges;
  counts[LOCAL_ITEM] = count;
  BARRIER();
  for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
    if (LOCAL_ITEM < reach) {
      sums[LOCAL_ITEM] += sums[LOCAL_ITEM + reach];
      counts[LOCAL_ITEM] += counts[LOCAL_ITEM + reach];
    }
    BARRIER();
  }
  if (LOCAL_ITEM == 0 && counts[0] > 0) {
    ATOMIC_ADD_U32(next + EDGES, in_units(sums[0], state[SHIFT]));
    ATOMIC_ADD_U32(next + NODES, counts[0]);
  }
  if (ITEM == 0 && reason) state[STOPPED] = reason;
  if (ITEM == 0 && !reason) advance(state, depth, nodes);
}

/* The long rows that bottom_up of the same depth left out, a work-group each. */
KERNEL(bottom_up_long)(BOTTOM_UP_PARAMETERS) {
  LOCAL_ARRAY(uint32_t, nearest, GROUP_SIZE);
  const sides along = SIDES;
  const sides forward = {forward_a, 0, forward_b, 0};
  GLOBAL const uint32_t *bits = depth & 1 ? odd_bits : even_bits;
  GLOBAL uint32_t *next_bits = depth & 1 ? even_bits : odd_bits;
  GLOBAL uint32_t *next = SLOT(depth + 1);
  const int64_t count = state[STOPPED] ? 0 : SLOT(depth)[DEFERRED];
  FOR_GROUPS(g, count) {
    const int32_t v = deferred[g];
    nearest[LOCAL_ITEM] =
        find_nearer(along, bits, v, LOCAL_ITEM, GROUP_SIZE, predecessor == 0, NO_NODE);
    BARRIER();
    for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
      if (LOCAL_ITEM < reach && nearest[LOCAL_ITEM + reach] < nearest[LOCAL_ITEM]) {
        nearest[LOCAL_ITEM] = nearest[LOCAL_ITEM + reach];
      }
      BARRIER();
    }
    if (LOCAL_ITEM == 0 && nearest[0] != NO_NODE) {
      level[v] = depth + 1;
      if (predecessor) predecessor[v] = (int32_t)nearest[0];
      if (targets && BIT_TEST(targets, v)) ATOMIC_ADD_U32(next + FOUND, 1);
      BIT_SET_ATOMIC(next_bits, v);
      ATOMIC_ADD_U32(next + EDGES, in_units(degree_of(forward, v), state[SHIFT]));
      ATOMIC_ADD_U32(next + NODES, 1);
    }
    BARRIER();
  }
}

/* --- The end ---------------------------------------------------------------------------------- */

/* Indices of removed nodes hold 0, as on the host. */
KERNEL(clear_holes)(GLOBAL const row_record *RESTRICT rows, GLOBAL int32_t *RESTRICT level,
                    int64_t count) {
  FOR_ITEMS(v, count) {
    if (!rows[v].alive) level[v] = 0;
  }
}
