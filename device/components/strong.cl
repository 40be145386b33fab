/* strong.cl: trimming, colours and their roots' components; see strong.c. first[v] is -1 while v is
 * in no component yet; such a node is called open. Within a launch a node may see what others
 * write: values only fall and marks are only set, so it settles in fewer rounds and in the same
 * place. */
#define OPEN (-1)
#define NOW(pointer) (*(volatile GLOBAL const int32_t *)(pointer))

KERNEL(start)(GLOBAL const row_record *RESTRICT rows, GLOBAL int32_t *RESTRICT first,
              int64_t count) {
  FOR_ITEMS(v, count) first[v] = rows[v].alive ? OPEN : (int32_t)v;
}

/* Which open nodes have an open successor, and which an open predecessor. */
KERNEL(look_around)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                    GLOBAL const int32_t *RESTRICT first, GLOBAL uint8_t *has_out,
                    GLOBAL uint8_t *has_in, int64_t count) {
  FOR_ITEMS(v, count) {
    if (first[v] != OPEN) continue;
    const row_record row = rows[v];
    uint8_t any = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t w = neighbors[k];
      if (w == (int32_t)v || first[w] != OPEN) continue;
      any = 1;
      has_in[w] = 1; /* everybody writes the same */
    }
    has_out[v] = any;
  }
}

/* Who lacks one of them is a component alone. The others start with their own colour. */
KERNEL(trim)(GLOBAL const uint8_t *RESTRICT has_out, GLOBAL const uint8_t *RESTRICT has_in,
             GLOBAL int32_t *RESTRICT first, GLOBAL int32_t *RESTRICT color,
             GLOBAL int32_t *changed, int64_t count) {
  FOR_ITEMS(v, count) {
    if (first[v] != OPEN) continue;
    color[v] = (int32_t)v;
    if (has_out[v] && has_in[v]) continue;
    first[v] = (int32_t)v;
    changed[0] = 1;
  }
}

/* Colours fall along edges: in the end a node has the smallest one that reaches it. */
KERNEL(spread)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
               GLOBAL const int32_t *RESTRICT first, GLOBAL int32_t *color, GLOBAL int32_t *changed,
               int64_t count) {
  FOR_ITEMS(v, count) {
    if (first[v] != OPEN) continue;
    const row_record row = rows[v];
    const int32_t own = NOW(color + v);
    int32_t any = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t w = neighbors[k];
      if (first[w] != OPEN || NOW(color + w) <= own) continue;
      ATOMIC_MIN_I32(color + w, own);
      any = 1;
    }
    if (any) changed[0] = 1;
  }
}

/* mark[v]: v reaches the root of its colour. The root does. */
KERNEL(mark_roots)(GLOBAL const int32_t *RESTRICT first, GLOBAL const int32_t *RESTRICT color,
                   GLOBAL int32_t *RESTRICT mark, int64_t count) {
  FOR_ITEMS(v, count) mark[v] = first[v] == OPEN && color[v] == (int32_t)v;
}

KERNEL(mark_back)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL const int32_t *RESTRICT first, GLOBAL const int32_t *RESTRICT color,
                  GLOBAL int32_t *mark, GLOBAL int32_t *changed, int64_t count) {
  FOR_ITEMS(v, count) {
    if (first[v] != OPEN || NOW(mark + v)) continue;
    const row_record row = rows[v];
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t w = neighbors[k];
      if (first[w] != OPEN || color[w] != color[v] || !NOW(mark + w)) continue;
      mark[v] = 1;
      changed[0] = 1;
      break;
    }
  }
}

/* The marked nodes of a colour are its root's component. */
KERNEL(settle)(GLOBAL int32_t *RESTRICT first, GLOBAL const int32_t *RESTRICT color,
               GLOBAL const int32_t *RESTRICT mark, GLOBAL int32_t *left, int64_t count) {
  FOR_ITEMS(v, count) {
    if (first[v] != OPEN) continue;
    if (mark[v]) {
      first[v] = color[v];
    } else {
      left[0] = 1;
    }
  }
}
