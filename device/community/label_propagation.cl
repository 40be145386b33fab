/* label_propagation.cl: one synchronous round, by the number of votes a node has; see
 * label_propagation.c. A vote is a row entry, of the out row and, in directed graphs, the in row.
 * The winner has most votes, then the smallest label, in whatever order votes are counted. */

#define FEW_VOTES 16       /* counted by comparing all pairs, an item per node */
#define TABLE_VOTES 1024   /* up to here in a table in local memory, a group per node */
#define TABLE_SLOTS 2048
#define NO_LABEL (-1)

FUNCTION uint32_t slot_of(int32_t label) {
  const uint32_t mixed = (uint32_t)label * 2654435769u;
  return mixed ^ (mixed >> 16);
}

/* The k-th vote for v: its out row, then its in row. */
FUNCTION int32_t vote_of(GLOBAL const int32_t *out_neighbors, GLOBAL const int32_t *in_neighbors,
                         row_record out, row_record in, uint32_t k) {
  return k < out.length ? out_neighbors[out.begin + k] : in_neighbors[in.begin + (k - out.length)];
}

KERNEL(start)(GLOBAL int32_t *RESTRICT labels, int64_t count) {
  FOR_ITEMS(v, count) labels[v] = (int32_t)v;
}

KERNEL(name_origins)(GLOBAL const row_record *RESTRICT out, GLOBAL const int32_t *RESTRICT labels,
                     GLOBAL int32_t *RESTRICT origins, int64_t count) {
  FOR_ITEMS(v, count) origins[v] = out[v].alive ? labels[v] : -1;
}

/* few[v], some[v], many[v]: which kernel elects for v; votes_of[v] for the table of the last. */
KERNEL(sort_out)(GLOBAL const row_record *RESTRICT out, GLOBAL const row_record *RESTRICT in,
                 GLOBAL uint8_t *RESTRICT few, GLOBAL uint8_t *RESTRICT some,
                 GLOBAL uint8_t *RESTRICT many, int64_t count, int32_t directed) {
  FOR_ITEMS(v, count) {
    const uint64_t votes = (uint64_t)out[v].length + (directed ? in[v].length : 0);
    few[v] = out[v].alive && votes <= FEW_VOTES;
    some[v] = votes > FEW_VOTES && votes <= TABLE_VOTES;
    many[v] = votes > TABLE_VOTES;
  }
}

/* slots[g]: the size of the table in global memory for the g-th node with many votes. */
KERNEL(size_tables)(GLOBAL const int32_t *RESTRICT nodes, int64_t node_count,
                    GLOBAL const row_record *RESTRICT out, GLOBAL const row_record *RESTRICT in,
                    GLOBAL int64_t *RESTRICT slots, int64_t label_count, int32_t directed) {
  FOR_ITEMS(g, node_count) {
    const int32_t v = nodes[g];
    int64_t votes = (int64_t)out[v].length + (directed ? in[v].length : 0);
    int64_t size = TABLE_SLOTS;
    if (votes > label_count) votes = label_count; /* no node sees more labels than there are */
    while (size < 2 * votes) size *= 2;
    slots[g] = size;
  }
}

KERNEL(elect_few)(GLOBAL const row_record *RESTRICT out, GLOBAL const int32_t *RESTRICT out_neighbors,
                  GLOBAL const row_record *RESTRICT in, GLOBAL const int32_t *RESTRICT in_neighbors,
                  GLOBAL const uint8_t *RESTRICT few, GLOBAL const int32_t *RESTRICT labels,
                  GLOBAL int32_t *RESTRICT next, GLOBAL uint32_t *changed, int64_t count,
                  int32_t directed) {
  int32_t any = 0;
  FOR_ITEMS(v, count) {
    if (!few[v]) continue;
    const row_record from = out[v], into = in[v];
    const uint32_t votes = from.length + (directed ? into.length : 0);
    int32_t seen[FEW_VOTES];
    int32_t best = labels[v];
    uint32_t most = 0;
    for (uint32_t k = 0; k < votes; k++)
      seen[k] = labels[vote_of(out_neighbors, in_neighbors, from, into, k)];
    for (uint32_t k = 0; k < votes; k++) {
      uint32_t times = 0;
      for (uint32_t j = 0; j < votes; j++) times += seen[j] == seen[k];
      if (times > most || (times == most && seen[k] < best)) {
        most = times;
        best = seen[k];
      }
    }
    next[v] = best;
    any |= best != labels[v];
  }
  if (any) changed[0] = 1; /* everybody writes the same */
}

KERNEL(elect_some)(GLOBAL const row_record *RESTRICT out,
                   GLOBAL const int32_t *RESTRICT out_neighbors,
                   GLOBAL const row_record *RESTRICT in, GLOBAL const int32_t *RESTRICT in_neighbors,
                   GLOBAL const int32_t *RESTRICT nodes, int64_t node_count,
                   GLOBAL const int32_t *RESTRICT labels, GLOBAL int32_t *RESTRICT next,
                   GLOBAL uint32_t *changed, int32_t directed) {
  LOCAL_ARRAY(int32_t, table_labels, TABLE_SLOTS);
  LOCAL_ARRAY(uint32_t, table_counts, TABLE_SLOTS);
  LOCAL_ARRAY(uint32_t, most_of, GROUP_SIZE);
  LOCAL_ARRAY(int32_t, best_of, GROUP_SIZE);
  FOR_GROUPS(g, node_count) {
    const int32_t v = nodes[g];
    const row_record from = out[v], into = in[v];
    const uint32_t votes = from.length + (directed ? into.length : 0);
    uint32_t mask = 2 * FEW_VOTES - 1; /* the next power of two above twice the votes, minus one */
    while (mask < 2 * votes) mask = 2 * mask + 1;
    if (mask >= TABLE_SLOTS) mask = TABLE_SLOTS - 1;
    FOR_LOCAL_ITEMS(s, 0, mask + 1) {
      table_labels[s] = NO_LABEL;
      table_counts[s] = 0;
    }
    BARRIER();
    FOR_LOCAL_ITEMS(k, 0, votes) {
      const int32_t label =
          labels[vote_of(out_neighbors, in_neighbors, from, into, (uint32_t)k)];
      uint32_t slot = slot_of(label) & mask;
      int32_t held = ATOMIC_CAS_LOCAL_I32(table_labels + slot, NO_LABEL, label);
      while (held != NO_LABEL && held != label) {
        slot = (slot + 1) & mask;
        held = ATOMIC_CAS_LOCAL_I32(table_labels + slot, NO_LABEL, label);
      }
      ATOMIC_ADD_LOCAL_U32(table_counts + slot, 1);
    }
    BARRIER();
    uint32_t most = 0;
    int32_t best = labels[v];
    FOR_LOCAL_ITEMS(s, 0, mask + 1) {
      if (table_counts[s] > most || (table_counts[s] == most && most > 0 && table_labels[s] < best)) {
        most = table_counts[s];
        best = table_labels[s];
      }
    }
    most_of[LOCAL_ITEM] = most;
    best_of[LOCAL_ITEM] = best;
    BARRIER();
    for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
      if (LOCAL_ITEM < width) {
        const uint32_t other = LOCAL_ITEM + width;
        if (most_of[other] > most_of[LOCAL_ITEM] ||
            (most_of[other] == most_of[LOCAL_ITEM] && best_of[other] < best_of[LOCAL_ITEM])) {
          most_of[LOCAL_ITEM] = most_of[other];
          best_of[LOCAL_ITEM] = best_of[other];
        }
      }
      BARRIER();
    }
    if (LOCAL_ITEM == 0) {
      next[v] = best_of[0];
      if (best_of[0] != labels[v]) changed[0] = 1;
    }
    BARRIER();
  }
}

/* As elect_some, with the g-th node's table at begins[g] in global memory. */
KERNEL(elect_many)(GLOBAL const row_record *RESTRICT out,
                   GLOBAL const int32_t *RESTRICT out_neighbors,
                   GLOBAL const row_record *RESTRICT in, GLOBAL const int32_t *RESTRICT in_neighbors,
                   GLOBAL const int32_t *RESTRICT nodes, int64_t node_count,
                   GLOBAL const int64_t *RESTRICT begins, GLOBAL int32_t *table_labels,
                   GLOBAL uint32_t *table_counts, GLOBAL const int32_t *RESTRICT labels,
                   GLOBAL int32_t *RESTRICT next, GLOBAL uint32_t *changed, int32_t directed) {
  LOCAL_ARRAY(uint32_t, most_of, GROUP_SIZE);
  LOCAL_ARRAY(int32_t, best_of, GROUP_SIZE);
  FOR_GROUPS(g, node_count) {
    const int32_t v = nodes[g];
    const row_record from = out[v], into = in[v];
    const uint64_t votes = (uint64_t)from.length + (directed ? into.length : 0);
    const int64_t begin = begins[g], mask = begins[g + 1] - begin - 1;
    FOR_LOCAL_ITEMS(s, begin, begin + mask + 1) {
      table_labels[s] = NO_LABEL;
      table_counts[s] = 0;
    }
    BARRIER();
    FOR_LOCAL_ITEMS(k, 0, votes) {
      const int32_t label = labels[k < from.length ? out_neighbors[from.begin + k]
                                                   : in_neighbors[into.begin + (k - from.length)]];
      int64_t slot = slot_of(label) & mask;
      int32_t held = ATOMIC_CAS_I32(table_labels + begin + slot, NO_LABEL, label);
      while (held != NO_LABEL && held != label) {
        slot = (slot + 1) & mask;
        held = ATOMIC_CAS_I32(table_labels + begin + slot, NO_LABEL, label);
      }
      ATOMIC_ADD_U32(table_counts + begin + slot, 1);
    }
    BARRIER();
    uint32_t most = 0;
    int32_t best = labels[v];
    FOR_LOCAL_ITEMS(s, begin, begin + mask + 1) {
      if (table_counts[s] > most || (table_counts[s] == most && most > 0 && table_labels[s] < best)) {
        most = table_counts[s];
        best = table_labels[s];
      }
    }
    most_of[LOCAL_ITEM] = most;
    best_of[LOCAL_ITEM] = best;
    BARRIER();
    for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
      if (LOCAL_ITEM < width) {
        const uint32_t other = LOCAL_ITEM + width;
        if (most_of[other] > most_of[LOCAL_ITEM] ||
            (most_of[other] == most_of[LOCAL_ITEM] && best_of[other] < best_of[LOCAL_ITEM])) {
          most_of[LOCAL_ITEM] = most_of[other];
          best_of[LOCAL_ITEM] = best_of[other];
        }
      }
      BARRIER();
    }
    if (LOCAL_ITEM == 0) {
      next[v] = best_of[0];
      if (best_of[0] != labels[v]) changed[0] = 1;
    }
    BARRIER();
  }
}
