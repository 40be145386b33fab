/* shortest_paths.cl: near and far piles over float64 distances, and the tree of shortest paths.
 * See shortest_paths.c for the loop.
 *
 * Distances are at least 0, so their bits as uint64 are in their order and an atomic minimum lowers
 * them. An iteration k is three launches: relax reads the near list of slot k and fills that of
 * slot k + 1; turn, one work-group, looks whether that is empty, and if so raises the threshold and
 * asks for a split; split sorts the far pile into the near list of slot k + 1 and the other far
 * pile. Slots form a ring of four; turn clears slot k + 2. Only turn (or the thin kernel, alone on
 * the device) writes what the launches of an iteration decide by.
 *
 * A node is in a near list once: whoever raises its stamp to the number of the iteration puts it
 * there. It is in the far pile once, by a bit. A near list is one array of node_limit: nodes with
 * short rows from the front, with long ones from the back; of rows above WIDE_ROW, pieces of
 * PART_ENTRIES stand in `parts` as well. */

#define WIDE_ROW 4096
#define PART_ENTRIES 2048
#define SAMPLES 4096        /* rows that the width of a pile is chosen by */
#define SAMPLE_ENTRIES 4    /* of each */
#define INFINITE_BITS 0x7ff0000000000000ul

/* state[]: shortest_paths.c knows these too. */
#define STOPPED 0 /* 0 or why */
#define ITERATION 1 /* the next one */
#define SHORT_LIMIT 2
#define THIN_NODES 3
#define THIN_FAR 4 /* of a far pile that one work-group splits */
#define SIDE 5     /* which far pile is read */
#define SPLIT 6    /* 1: the last turn asked for a split; the other pile is filled then */
#define STEPS 7    /* splits so far */
#define SOURCES 8  /* distinct ones */
#define HANGING 9
#define FAR 10 /* and 11: nodes in the piles */
#define SLOT(iteration) (state + 16 + 4 * ((iteration)&3))
#define SHORT_NODES 0
#define LONG_NODES 1
#define PARTS 2

/* values[]: bits of float64. */
#define THRESHOLD 0 /* near: not above */
#define BEFORE 1    /* the threshold before */
#define DELTA 2
#define FARTHEST 3
#define LEAST 4 /* and 5: a lower bound of the distances in the piles */

#define STOP_DONE 1
#define STOP_GRID 2
#define STOP_THIN 3

/* Weighted rows of one or two sides, walked as one. */
typedef struct sides {
  GLOBAL const row_record *rows_a;
  GLOBAL const int32_t *neighbors_a;
  GLOBAL const double *weights_a;
  GLOBAL const row_record *rows_b; /* NULL: one side */
  GLOBAL const int32_t *neighbors_b;
  GLOBAL const double *weights_b;
} sides;

/* Where improved nodes go. */
typedef struct piles {
  GLOBAL uint64_t *distance;
  GLOBAL int32_t *stamp;
  GLOBAL uint32_t *in_far;
  GLOBAL uint32_t *slot; /* of the next iteration */
  GLOBAL int32_t *queue;
  GLOBAL int32_t *parts;
  GLOBAL int32_t *far;
  GLOBAL uint32_t *far_count;
  GLOBAL uint64_t *far_least;
  double threshold;
  double cutoff;
  int32_t node_limit;
  int32_t iteration; /* the next one */
  uint32_t short_limit;
} piles;

FUNCTION uint64_t degree_of(sides along, int64_t node) {
  const uint64_t first = along.rows_a[node].length;
  return along.rows_b ? first + along.rows_b[node].length : first;
}

FUNCTION void push_near(piles to, int32_t node, uint64_t degree) {
  if (degree <= to.short_limit) {
    to.queue[ATOMIC_ADD_U32(to.slot + SHORT_NODES, 1)] = node;
    return;
  }
  to.queue[to.node_limit - 1 - (int32_t)ATOMIC_ADD_U32(to.slot + LONG_NODES, 1)] = node;
  if (degree <= WIDE_ROW) return;
  const uint32_t count = (uint32_t)((degree + PART_ENTRIES - 1) / PART_ENTRIES);
  const int64_t first = ATOMIC_ADD_U32(to.slot + PARTS, count);
  for (uint32_t part = 0; part < count; part++) {
    to.parts[2 * (first + part)] = node;
    to.parts[2 * (first + part) + 1] = (int32_t)part;
  }
}

/* The pile's least distance; what is read plainly may be old, and is then larger. */
FUNCTION void lower_least(GLOBAL uint64_t *least, uint64_t bits) {
  if (bits < *least) ATOMIC_MIN_U64(least, bits);
}

/* A path to `other` of length `there`. The plain read may be old, and is then larger: the atomic
 * minimum decides. Whoever lowers a distance sees to it that the node is in a pile. */
FUNCTION void relax_entry(piles to, sides along, int32_t other, double there) {
  const uint64_t bits = BITS_OF_F64(there);
  if (bits >= to.distance[other] || !(there <= to.cutoff)) return;
  if (ATOMIC_MIN_U64(to.distance + other, bits) <= bits) return;
  if (there <= to.threshold) {
    if (ATOMIC_MAX_I32(to.stamp + other, to.iteration) < to.iteration) {
      push_near(to, other, degree_of(along, other));
    }
    return;
  }
  lower_least(to.far_least, bits);
  const uint32_t before = BIT_SET_ATOMIC(to.in_far, other);
  if (((before >> (other & 31)) & 1u) == 0) to.far[ATOMIC_ADD_U32(to.far_count, 1)] = other;
}

FUNCTION void relax_at(piles to, sides along, row_record a, row_record b, int64_t k, double here) {
  if (k < a.length) {
    const int64_t at = a.begin + k;
    relax_entry(to, along, along.neighbors_a[at], here + along.weights_a[at]);
  } else {
    const int64_t at = b.begin + k - a.length;
    relax_entry(to, along, along.neighbors_b[at], here + along.weights_b[at]);
  }
}

FUNCTION void relax_row(piles to, sides along, int32_t node) {
  const double here = F64_OF_BITS(to.distance[node]);
  const row_record a = along.rows_a[node];
  for (int64_t at = a.begin; at < a.begin + a.length; at++)
    relax_entry(to, along, along.neighbors_a[at], here + along.weights_a[at]);
  if (!along.rows_b) return;
  const row_record b = along.rows_b[node];
  for (int64_t at = b.begin; at < b.begin + b.length; at++)
    relax_entry(to, along, along.neighbors_b[at], here + along.weights_b[at]);
}

/* A node of the far pile: settled meanwhile, near by now, or far still. */
FUNCTION void split_node(piles to, sides along, int32_t node, uint64_t before) {
  const uint64_t bits = to.distance[node];
  if (bits > BITS_OF_F64(to.threshold)) {
    lower_least(to.far_least, bits);
    to.far[ATOMIC_ADD_U32(to.far_count, 1)] = node;
    return;
  }
  ATOMIC_ADD_U32(to.in_far + (node >> 5), 0u - (1u << (node & 31))); /* the bit was set */
  if (bits > before) push_near(to, node, degree_of(along, node));
}

#define PILES_PARAMETERS                                                                         \
  GLOBAL uint32_t *state, GLOBAL uint64_t *values, int32_t iteration,                            \
      GLOBAL const row_record *rows_a, GLOBAL const int32_t *neighbors_a,                        \
      GLOBAL const double *weights_a, GLOBAL const row_record *rows_b,                           \
      GLOBAL const int32_t *neighbors_b, GLOBAL const double *weights_b,                         \
      GLOBAL uint64_t *distance, GLOBAL int32_t *stamp, GLOBAL uint32_t *in_far,                 \
      GLOBAL int32_t *even_queue, GLOBAL int32_t *odd_queue, GLOBAL int32_t *even_parts,         \
      GLOBAL int32_t *odd_parts, GLOBAL int32_t *even_far, GLOBAL int32_t *odd_far,              \
      GLOBAL const int32_t *targets, int64_t target_count, int32_t node_limit, double cutoff
#define SIDES \
  { rows_a, neighbors_a, weights_a, rows_b, neighbors_b, weights_b }
/* The near list of iteration `at`, and the far pile `side`. */
#define PILES(at, side)                                                                     \
  {                                                                                         \
    distance, stamp, in_far, SLOT(at), (at)&1 ? odd_queue : even_queue,                     \
        (at)&1 ? odd_parts : even_parts, (side) ? odd_far : even_far, state + FAR + (side), \
        values + LEAST + (side), F64_OF_BITS(values[THRESHOLD]), cutoff, node_limit, (at),  \
        state[SHORT_LIMIT]                                                                  \
  }

/* --- The start -------------------------------------------------------------------------------- */

/* One work-group: the width of a pile, `factor` times the mean of some weights. */
KERNEL(choose_delta)(GLOBAL uint64_t *values, GLOBAL const row_record *RESTRICT rows,
                     GLOBAL const double *RESTRICT weights, int64_t node_limit, double factor) {
  LOCAL_ARRAY(double, sums, GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, counts, GROUP_SIZE);
  const int64_t samples = node_limit < SAMPLES ? node_limit : SAMPLES;
  double sum = 0;
  uint32_t count = 0;
  FOR_LOCAL_ITEMS(i, 0, samples) {
    const row_record row = rows[i * node_limit / samples];
    const uint32_t length = row.length < SAMPLE_ENTRIES ? row.length : SAMPLE_ENTRIES;
    for (uint32_t k = 0; k < length; k++) {
      const double weight = weights[row.begin + k];
      if (BITS_OF_F64(weight) < INFINITE_BITS) {
        sum += weight;
        count++;
      }
    }
  }
  sums[LOCAL_ITEM] = sum;
  counts[LOCAL_ITEM] = count;
  BARRIER();
  for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
    if (LOCAL_ITEM < reach) {
      sums[LOCAL_ITEM] += sums[LOCAL_ITEM + reach];
      counts[LOCAL_ITEM] += counts[LOCAL_ITEM + reach];
    }
    BARRIER();
  }
  if (LOCAL_ITEM == 0) {
    const double delta = counts[0] > 0 ? factor * (sums[0] / counts[0]) : 0;
    values[DELTA] = BITS_OF_F64(delta);
    values[THRESHOLD] = BITS_OF_F64(delta);
  }
}

/* Sources that are named twice count once. */
KERNEL(seed)(PILES_PARAMETERS, GLOBAL const int32_t *RESTRICT sources, int64_t count) {
  const sides along = SIDES;
  const piles to = PILES(iteration, 0);
  FOR_ITEMS(k, count) {
    const int32_t node = sources[k];
    if (ATOMIC_MIN_U64(distance + node, 0) != 0) {
      ATOMIC_ADD_U32(state + SOURCES, 1);
      push_near(to, node, degree_of(along, node));
    }
  }
}

/* --- An iteration ----------------------------------------------------------------------------- */

KERNEL(relax)(PILES_PARAMETERS) {
  const sides along = SIDES;
  const uint32_t side = state[SIDE] ^ state[SPLIT];
  const piles to = PILES(iteration + 1, side);
  GLOBAL const int32_t *queue = iteration & 1 ? odd_queue : even_queue;
  GLOBAL const int32_t *parts = iteration & 1 ? odd_parts : even_parts;
  GLOBAL const uint32_t *slot = SLOT(iteration);
  const int32_t runs = state[STOPPED] == 0;
  const int64_t part_count = runs ? slot[PARTS] : 0;
  const int64_t long_count = runs ? slot[LONG_NODES] : 0;
  const int64_t short_count = runs ? slot[SHORT_NODES] : 0;
  FOR_GROUPS(t, part_count) {
    const int32_t node = parts[2 * t];
    const int64_t begin = (int64_t)parts[2 * t + 1] * PART_ENTRIES;
    const int64_t degree = (int64_t)degree_of(along, node);
    const int64_t end = begin + PART_ENTRIES < degree ? begin + PART_ENTRIES : degree;
    const row_record a = along.rows_a[node];
    const row_record b = along.rows_b ? along.rows_b[node] : a;
    const double here = F64_OF_BITS(distance[node]);
    FOR_LOCAL_ITEMS(k, begin, end) relax_at(to, along, a, b, k, here);
  }
  FOR_GROUPS(g, long_count) {
    const int32_t node = queue[node_limit - 1 - g];
    const int64_t degree = (int64_t)degree_of(along, node);
    const int64_t end = degree > WIDE_ROW ? 0 : degree;
    const row_record a = along.rows_a[node];
    const row_record b = along.rows_b ? along.rows_b[node] : a;
    const double here = F64_OF_BITS(distance[node]);
    FOR_LOCAL_ITEMS(k, 0, end) relax_at(to, along, a, b, k, here);
  }
  FOR_ITEMS(i, short_count) relax_row(to, along, queue[i]);
}

/* Whether every target is at `limit` or nearer; a whole work-group asks. */
FUNCTION int32_t targets_within(GLOBAL const uint64_t *distance, GLOBAL const int32_t *targets,
                                int64_t target_count, uint64_t limit, LOCAL uint64_t *farthest) {
  uint64_t most = 0;
  FOR_LOCAL_ITEMS(t, 0, target_count) {
    const uint64_t bits = distance[targets[t]];
    most = bits > most ? bits : most;
  }
  farthest[LOCAL_ITEM] = most;
  BARRIER();
  for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
    if (LOCAL_ITEM < reach && farthest[LOCAL_ITEM + reach] > farthest[LOCAL_ITEM]) {
      farthest[LOCAL_ITEM] = farthest[LOCAL_ITEM + reach];
    }
    BARRIER();
  }
  return farthest[0] <= limit && farthest[0] < INFINITE_BITS;
}

/* One item: the end of an iteration. The near list being empty, the search is done or the threshold
 * rises above the least distance in the far pile. A bound that is too low (its node came near by
 * another path) costs a split that finds nothing near, and knows the true one after. */
FUNCTION void turn_around(GLOBAL uint32_t *state, GLOBAL uint64_t *values, int32_t iteration,
                          int32_t is_empty, int32_t is_enough) {
  GLOBAL uint32_t *after = SLOT(iteration + 2);
  const uint32_t side = state[SIDE] ^ state[SPLIT];
  if (state[SPLIT]) state[FAR + 1 - side] = 0;
  state[SIDE] = side;
  state[SPLIT] = 0;
  state[ITERATION] = (uint32_t)iteration + 1;
  for (int32_t k = 0; k < 4; k++)
    after[k] = 0;
  if (!is_empty) return;
  if (is_enough || state[FAR + side] == 0) {
    state[STOPPED] = STOP_DONE;
    return;
  }
  const double threshold = F64_OF_BITS(values[THRESHOLD]);
  const double least = F64_OF_BITS(values[LEAST + side]);
  values[BEFORE] = values[THRESHOLD];
  values[THRESHOLD] =
      BITS_OF_F64((least > threshold ? least : threshold) + F64_OF_BITS(values[DELTA]));
  values[LEAST + 1 - side] = INFINITE_BITS;
  state[SPLIT] = 1;
  state[STEPS]++;
}

FUNCTION int32_t is_thin(GLOBAL const uint32_t *state, GLOBAL const uint32_t *slot, uint32_t part) {
  const uint32_t side = state[SIDE] ^ state[SPLIT];
  return slot[LONG_NODES] == 0 && slot[SHORT_NODES] <= state[THIN_NODES] / part &&
         state[FAR + side] <= state[THIN_FAR] / part;
}

/* One work-group. */
KERNEL(turn)(PILES_PARAMETERS) {
  LOCAL_ARRAY(uint64_t, farthest, GROUP_SIZE);
  GLOBAL const uint32_t *next = SLOT(iteration + 1);
  const int32_t runs = state[STOPPED] == 0;
  const int32_t is_empty = next[SHORT_NODES] + next[LONG_NODES] == 0;
  const int64_t asked = runs && is_empty ? target_count : 0;
  const int32_t within = targets_within(distance, targets, asked, values[THRESHOLD], farthest);
  if (LOCAL_ITEM == 0 && runs) {
    turn_around(state, values, iteration, is_empty, asked > 0 && within);
    if (!is_empty && is_thin(state, next, 4)) state[STOPPED] = STOP_THIN;
  }
}

KERNEL(split)(PILES_PARAMETERS) {
  const sides along = SIDES;
  const uint32_t side = state[SIDE];
  const piles to = PILES(iteration + 1, 1 - side);
  GLOBAL const int32_t *far = side ? odd_far : even_far;
  const int64_t count = state[SPLIT] && state[STOPPED] == 0 ? state[FAR + side] : 0;
  const uint64_t before = values[BEFORE];
  FOR_ITEMS(i, count) split_node(to, along, far[i], before);
}

/* One work-group does up to `iterations` iterations while the piles are small: no launches for
 * each. */
KERNEL(relax_thin)(PILES_PARAMETERS, int32_t iterations) {
  LOCAL_ARRAY(uint64_t, farthest, GROUP_SIZE);
  const sides along = SIDES;
  int32_t at = iteration;
  uint32_t reason = is_thin(state, SLOT(at), 1) ? 0 : STOP_GRID;
  while (reason == 0 && at < iteration + iterations) { /* the same for the whole group */
    const uint32_t side = state[SIDE] ^ state[SPLIT];
    const piles to = PILES(at + 1, side);
    GLOBAL const int32_t *queue = at & 1 ? odd_queue : even_queue;
    const int64_t count = SLOT(at)[SHORT_NODES];
    FOR_LOCAL_ITEMS(i, 0, count) relax_row(to, along, queue[i]);
    BARRIER();
    const int32_t is_empty = to.slot[SHORT_NODES] + to.slot[LONG_NODES] == 0;
    if (is_empty && *to.far_count > state[THIN_FAR]) {
      reason = STOP_GRID; /* which relaxes this list again, to no effect, and splits the pile */
    } else {
      const int64_t asked = is_empty ? target_count : 0;
      int32_t within = 0;
      if (asked > 0) {
        within = targets_within(distance, targets, asked, values[THRESHOLD], farthest);
      }
      BARRIER();
      if (LOCAL_ITEM == 0) turn_around(state, values, at, is_empty, within);
      BARRIER();
      reason = state[STOPPED];
      if (reason == 0 && state[SPLIT]) {
        const uint32_t from = state[SIDE];
        const piles split_to = PILES(at + 1, 1 - from);
        GLOBAL const int32_t *far = from ? odd_far : even_far;
        const int64_t far_count = state[FAR + from];
        const uint64_t before = values[BEFORE];
        FOR_LOCAL_ITEMS(i, 0, far_count) split_node(split_to, along, far[i], before);
      }
      BARRIER();
      at++;
      if (reason == 0 && !is_thin(state, SLOT(at), 1)) reason = STOP_GRID;
      BARRIER(); /* all have decided before the first one fills a pile again */
    }
  }
  BARRIER();
  if (LOCAL_ITEM == 0 && reason) state[STOPPED] = reason;
}

/* --- The tree --------------------------------------------------------------------------------- */

/* One work-group: the distance of the farthest target; infinite when one is not reached. */
KERNEL(measure_targets)(GLOBAL uint64_t *values, GLOBAL const uint64_t *RESTRICT distance,
                        GLOBAL const int32_t *RESTRICT targets, int64_t target_count) {
  LOCAL_ARRAY(uint64_t, farthest, GROUP_SIZE);
  const int32_t all = targets_within(distance, targets, target_count, INFINITE_BITS, farthest);
  if (LOCAL_ITEM == 0) values[FARTHEST] = all ? farthest[0] : INFINITE_BITS;
}

/* What is beyond the farthest target counts as not reached. */
KERNEL(cut)(GLOBAL uint64_t *RESTRICT distance, GLOBAL const uint64_t *RESTRICT values,
            int64_t count) {
  const uint64_t farthest = values[FARTHEST];
  FOR_ITEMS(v, count) {
    if (distance[v] > farthest) distance[v] = INFINITE_BITS;
  }
}

/* Strictly nearer tight nodes: the least index by an atomic minimum. What is read plainly of a
 * predecessor may be old, and is then larger. */
FUNCTION void offer_nearer(GLOBAL const double *distance, GLOBAL int32_t *predecessor, int32_t node,
                           double here, int32_t other, double weight) {
  const double there = distance[other];
  if (here < there && here + weight == there && BITS_OF_F64(there) < INFINITE_BITS &&
      (uint32_t)node < (uint32_t)predecessor[other]) {
    ATOMIC_MIN_U32((GLOBAL uint32_t *)predecessor + other, node);
  }
}

/* Rows of one side; the long ones are left to nearer_long. */
KERNEL(nearer)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
               GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT distance,
               GLOBAL int32_t *predecessor, int64_t count, uint32_t long_row) {
  FOR_ITEMS(u, count) {
    const double here = distance[u];
    const row_record row = rows[u];
    const int64_t end = row.length > long_row || !(BITS_OF_F64(here) < INFINITE_BITS)
                            ? row.begin
                            : row.begin + row.length;
    for (int64_t at = row.begin; at < end; at++)
      offer_nearer(distance, predecessor, (int32_t)u, here, neighbors[at], weights[at]);
  }
}

KERNEL(nearer_long)(GLOBAL const row_record *RESTRICT rows,
                    GLOBAL const int32_t *RESTRICT neighbors, GLOBAL const double *RESTRICT weights,
                    GLOBAL const double *RESTRICT distance, GLOBAL int32_t *predecessor,
                    GLOBAL const int32_t *RESTRICT long_rows, int64_t count) {
  FOR_GROUPS(g, count) {
    const int32_t u = long_rows[g];
    const double here = distance[u];
    const row_record row = rows[u];
    const int64_t end =
        BITS_OF_F64(here) < INFINITE_BITS ? row.begin + row.length : row.begin;
    FOR_LOCAL_ITEMS(at, row.begin, end)
    offer_nearer(distance, predecessor, u, here, neighbors[at], weights[at]);
  }
}

/* Nodes that are reached although nobody nearer leads to them; the sources are among them. */
KERNEL(count_hanging)(GLOBAL uint32_t *state, GLOBAL const double *RESTRICT distance,
                      GLOBAL const int32_t *RESTRICT predecessor, int64_t count) {
  LOCAL_ARRAY(uint32_t, counts, GROUP_SIZE);
  uint32_t hanging = 0;
  FOR_ITEMS(v, count) {
    hanging += BITS_OF_F64(distance[v]) < INFINITE_BITS && predecessor[v] < 0 ? 1 : 0;
  }
  counts[LOCAL_ITEM] = hanging;
  BARRIER();
  for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
    if (LOCAL_ITEM < reach) counts[LOCAL_ITEM] += counts[LOCAL_ITEM + reach];
    BARRIER();
  }
  if (LOCAL_ITEM == 0 && counts[0] > 0) ATOMIC_ADD_U32(state + HANGING, counts[0]);
}

/* Rounds along edges of weight 0: steps[v] is the round in which v was joined, -1: not yet. */
KERNEL(start_steps)(GLOBAL int32_t *RESTRICT steps, GLOBAL const double *RESTRICT distance,
                    GLOBAL const int32_t *RESTRICT predecessor, int64_t count) {
  FOR_ITEMS(v, count) {
    steps[v] = BITS_OF_F64(distance[v]) < INFINITE_BITS && predecessor[v] >= 0 ? 0 : -1;
  }
}

/* Sources may be named twice: the same value is written. */
KERNEL(start_sources)(GLOBAL int32_t *steps, GLOBAL const int32_t *RESTRICT sources,
                      int64_t count) {
  FOR_ITEMS(k, count) steps[sources[k]] = 0;
}

/* A neighbour at the same distance joins in this round, by the least index that leads to it. */
FUNCTION void offer_beside(GLOBAL const double *distance, GLOBAL int32_t *predecessor,
                           GLOBAL int32_t *steps, GLOBAL uint32_t *joined, GLOBAL int32_t *queue,
                           int32_t round, int32_t node, double here, int32_t other,
                           double weight) {
  if (distance[other] != here || here + weight != here) return;
  int32_t known = steps[other];
  if (known < 0) {
    known = ATOMIC_CAS_I32(steps + other, -1, round + 1);
    if (known < 0) {
      known = round + 1;
      queue[ATOMIC_ADD_U32(joined, 1)] = other;
    }
  }
  if (known == round + 1) ATOMIC_MIN_U32((GLOBAL uint32_t *)predecessor + other, node);
}

#define BESIDE_PARAMETERS                                                                        \
  GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,              \
      GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT distance,             \
      GLOBAL int32_t *predecessor, GLOBAL int32_t *steps, GLOBAL uint32_t *joined,               \
      GLOBAL int32_t *even_queue, GLOBAL int32_t *odd_queue, int32_t round, int64_t node_limit,  \
      uint32_t long_row

/* joined: a ring of four counters; round r reads [r], counts into [r + 1] and clears [r + 2]. In
 * round 0 every node is looked at, later those that joined in the round before. */
KERNEL(beside)(BESIDE_PARAMETERS) {
  GLOBAL const int32_t *queue = round & 1 ? odd_queue : even_queue;
  GLOBAL int32_t *next_queue = round & 1 ? even_queue : odd_queue;
  GLOBAL uint32_t *next = joined + ((round + 1) & 3);
  const int64_t count = round == 0 ? node_limit : (int64_t)joined[round & 3];
  FOR_ITEMS(i, count) {
    const int32_t u = round == 0 ? (int32_t)i : queue[i];
    const double here = distance[u];
    const row_record row = rows[u];
    if (steps[u] == round && row.length <= long_row) {
      for (int64_t at = row.begin; at < row.begin + row.length; at++) {
        offer_beside(distance, predecessor, steps, next, next_queue, round, u, here, neighbors[at],
                     weights[at]);
      }
    }
  }
  if (ITEM == 0) joined[(round + 2) & 3] = 0;
}

KERNEL(beside_long)(BESIDE_PARAMETERS, GLOBAL const int32_t *RESTRICT long_rows, int64_t count) {
  GLOBAL int32_t *next_queue = round & 1 ? even_queue : odd_queue;
  GLOBAL uint32_t *next = joined + ((round + 1) & 3);
  FOR_GROUPS(g, count) {
    const int32_t u = long_rows[g];
    const double here = distance[u];
    const row_record row = rows[u];
    const int64_t end = steps[u] == round ? row.begin + row.length : row.begin;
    FOR_LOCAL_ITEMS(at, row.begin, end)
    offer_beside(distance, predecessor, steps, next, next_queue, round, u, here, neighbors[at],
                 weights[at]);
  }
}

/* --- The end ---------------------------------------------------------------------------------- */

/* Indices of removed nodes hold 0, as on the host. */
KERNEL(clear_holes)(GLOBAL const row_record *RESTRICT rows, GLOBAL double *RESTRICT distance,
                    int64_t count) {
  FOR_ITEMS(v, count) {
    if (!rows[v].alive) distance[v] = 0;
  }
}

KERNEL(hops)(GLOBAL const int32_t *RESTRICT level, GLOBAL uint64_t *RESTRICT distance,
             int64_t count) {
  FOR_ITEMS(v, count) {
    distance[v] = level[v] < 0 ? INFINITE_BITS : BITS_OF_F64((double)level[v]);
  }
}
