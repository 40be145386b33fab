/* core_number.cl: peeling by rising degree; see core_number.c.
 *
 * queue holds the nodes as they are removed; state: [0] its tail, [1] the smallest degree among the
 * nodes that a collection left, [2] how many it left, [3] how far a single group got. */
#define TAIL 0
#define SMALLEST 1
#define LEFT 2
#define HEAD 3

/* degree[v] += entries of the row that are no loops. */
KERNEL(add_degrees)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                    GLOBAL int32_t *RESTRICT degree, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    int32_t ends = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) ends += neighbors[k] != (int32_t)v;
    degree[v] += ends;
  }
}

KERNEL(start)(GLOBAL int32_t *RESTRICT nodes, GLOBAL int32_t *RESTRICT core, int64_t count) {
  FOR_ITEMS(v, count) {
    nodes[v] = (int32_t)v;
    core[v] = -1;
  }
}

/* Of the nodes that are left: those of degree <= k into the queue, the others into `left`. */
KERNEL(collect)(GLOBAL const int32_t *RESTRICT nodes, int64_t count,
                GLOBAL const int32_t *RESTRICT degree, GLOBAL int32_t *RESTRICT core,
                GLOBAL int32_t *RESTRICT left, GLOBAL int32_t *RESTRICT queue, GLOBAL int32_t *state,
                int32_t k) {
  FOR_ITEMS(i, count) {
    const int32_t v = nodes[i];
    if (core[v] >= 0) continue; /* peeled since the last collection */
    if (degree[v] <= k) {
      core[v] = k;
      queue[ATOMIC_ADD_I32(state + TAIL, 1)] = v;
    } else {
      left[ATOMIC_ADD_I32(state + LEFT, 1)] = v;
      ATOMIC_MIN_I32(state + SMALLEST, degree[v]);
    }
  }
}

/* A neighbour loses an edge; at degree k it is removed too. Whoever takes it there puts it in. */
FUNCTION void take_edge(GLOBAL int32_t *degree, GLOBAL int32_t *core, GLOBAL int32_t *queue,
                        GLOBAL int32_t *state, int32_t from, int32_t to, int32_t k) {
  if (to == from || *(volatile GLOBAL int32_t *)(degree + to) <= k) return;
  if (ATOMIC_ADD_I32(degree + to, -1) == k + 1) {
    core[to] = k;
    queue[ATOMIC_ADD_I32(state + TAIL, 1)] = to;
  }
}

/* The removed nodes [head, tail) take their edges away; an item per node. */
KERNEL(peel)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
             GLOBAL int32_t *degree, GLOBAL int32_t *core, GLOBAL int32_t *queue,
             GLOBAL int32_t *state, int64_t head, int64_t tail, int32_t k) {
  FOR_ITEMS(i, tail - head) {
    const int32_t v = queue[head + i];
    const row_record row = rows[v];
    for (int64_t e = row.begin; e < row.begin + row.length; e++)
      take_edge(degree, core, queue, state, v, neighbors[e], k);
  }
}

/* One work-group goes on while the front is thin: a round of its own per front, a node after the
 * other with its row spread over the items. Two sides: out and in rows of a directed graph. */
KERNEL(peel_thin)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL const row_record *RESTRICT in_rows,
                  GLOBAL const int32_t *RESTRICT in_neighbors, GLOBAL int32_t *degree,
                  GLOBAL int32_t *core, GLOBAL int32_t *queue, GLOBAL int32_t *state, int32_t head,
                  int32_t k, int32_t both_sides, int32_t widest, int32_t most_nodes) {
  LOCAL_ARRAY(int32_t, tail_now, 1);
  const int32_t first = head;
  for (;;) {
    if (LOCAL_ITEM == 0) tail_now[0] = *(volatile GLOBAL int32_t *)(state + TAIL);
    BARRIER();
    const int32_t tail = tail_now[0];
    BARRIER();
    if (tail == head || tail - head > widest || head - first > most_nodes) break;
    for (int32_t i = head; i < tail; i++) {
      const int32_t v = *(volatile GLOBAL int32_t *)(queue + i);
      const row_record row = rows[v];
      FOR_LOCAL_ITEMS(e, row.begin, row.begin + row.length)
      take_edge(degree, core, queue, state, v, neighbors[e], k);
      if (both_sides) {
        const row_record in = in_rows[v];
        FOR_LOCAL_ITEMS(e, in.begin, in.begin + in.length)
        take_edge(degree, core, queue, state, v, in_neighbors[e], k);
      }
    }
    head = tail;
    BARRIER();
  }
  if (LOCAL_ITEM == 0) state[HEAD] = head;
}
