/* scan.cl: exclusive scan, and selection of flagged positions, by reduce-then-scan.
 *
 * The input is cut into partitions of `span` elements, one work-group each: pass one sums each
 * partition, a single group scans those sums, pass two walks each partition again with a running
 * carry. Three launches whatever the size, two reads and one write per element; when there is one
 * partition, one launch does it. A scan with decoupled look-back reads once, but waits for other
 * groups, which the dialect forbids (and PoCL hangs on).
 *
 * Elements of 4 and of 8 bytes share the kernels: the one of the two pointers that is not null says
 * which. Sums are kept in 64 bits and cut when they are stored, which is how uint32 wraps.
 *
 * In a group, a tile of TILE elements lies in local memory: read and written together by
 * neighbouring work-items, summed PER_ITEM at a time by one. PADDED keeps those runs off the same
 * memory bank. A group of one work-item needs none of this and runs straight through. */
#define PER_ITEM 8
#define TILE (GROUP_SIZE * PER_ITEM)
#define PADDED(i) ((i) + ((i) >> 5))

FUNCTION int64_t load(GLOBAL const uint32_t *narrow, GLOBAL const int64_t *wide, int64_t i) {
  return wide ? wide[i] : (int64_t)narrow[i];
}

FUNCTION int64_t end_of(int64_t begin, int64_t span, int64_t count) {
  return begin + span < count ? begin + span : count;
}

#if GROUP_SIZE > 1
/* The sum of `value` over this work-item and those before it; after it, sums[GROUP_SIZE - 1] is the
 * whole group's. Its first barrier also stands between what the caller wrote before and reads
 * after; a barrier is due before the next call. (Hillis and Steele 1986.) */
FUNCTION int64_t group_scan(LOCAL int64_t *sums, int64_t value) {
  sums[LOCAL_ITEM] = value;
  BARRIER();
  for (uint32_t step = 1; step < GROUP_SIZE; step *= 2) {
    const int64_t before = LOCAL_ITEM >= step ? sums[LOCAL_ITEM - step] : 0;
    BARRIER();
    sums[LOCAL_ITEM] += before;
    BARRIER();
  }
  return sums[LOCAL_ITEM];
}
#endif

/* sums[p] = the sum of partition p. */
KERNEL(scan_sums)
(GLOBAL const uint32_t *narrow, GLOBAL const int64_t *wide, GLOBAL int64_t *sums, int64_t count,
 int64_t span, int64_t partitions) {
#if GROUP_SIZE > 1
  LOCAL_ARRAY(int64_t, shared, GROUP_SIZE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = end_of(begin, span, count);
    int64_t sum = 0;
    FOR_LOCAL_ITEMS(i, begin, end) sum += load(narrow, wide, i);
#if GROUP_SIZE > 1
    sum = group_scan(shared, sum);
    if (LOCAL_ITEM == GROUP_SIZE - 1) sums[p] = sum;
    BARRIER();
#else
    sums[p] = sum;
#endif
  }
}

/* out = the exclusive scan of in, whose partition p starts at offsets[p] (null: at 0); the total
 * goes to out[count]. in and out may be the same. */
KERNEL(scan_write)
(GLOBAL const uint32_t *narrow, GLOBAL const int64_t *wide, GLOBAL uint32_t *narrow_out,
 GLOBAL int64_t *wide_out, GLOBAL const int64_t *offsets, int64_t count, int64_t span,
 int64_t partitions) {
#if GROUP_SIZE > 1
  LOCAL_ARRAY(int64_t, values, PADDED(TILE) + 1);
  LOCAL_ARRAY(int64_t, sums, GROUP_SIZE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = end_of(begin, span, count);
    int64_t carry = offsets ? offsets[p] : 0;
#if GROUP_SIZE > 1
    for (int64_t tile = begin; tile < end; tile += TILE) {
      FOR_LOCAL_ITEMS(i, tile, tile + TILE) {
        values[PADDED(i - tile)] = i < end ? load(narrow, wide, i) : 0;
      }
      BARRIER();
      const uint32_t first = LOCAL_ITEM * PER_ITEM;
      int64_t sum = 0;
      for (uint32_t k = 0; k < PER_ITEM; k++)
        sum += values[PADDED(first + k)];
      int64_t before = group_scan(sums, sum) - sum + carry;
      for (uint32_t k = 0; k < PER_ITEM; k++) {
        const int64_t value = values[PADDED(first + k)];
        values[PADDED(first + k)] = before;
        before += value;
      }
      carry += sums[GROUP_SIZE - 1];
      BARRIER();
      FOR_LOCAL_ITEMS(i, tile, tile + TILE) {
        const int64_t value = values[PADDED(i - tile)];
        if (i < end && wide_out) wide_out[i] = value;
        if (i < end && !wide_out) narrow_out[i] = (uint32_t)value;
      }
    }
#else
    if (wide_out) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t value = load(narrow, wide, i);
        wide_out[i] = carry;
        carry += value;
      }
    } else {
      for (int64_t i = begin; i < end; i++) {
        const int64_t value = load(narrow, wide, i);
        narrow_out[i] = (uint32_t)carry;
        carry += value;
      }
    }
#endif
    if (p == partitions - 1 && LOCAL_ITEM == 0) {
      if (wide_out) {
        wide_out[count] = carry;
      } else {
        narrow_out[count] = (uint32_t)carry;
      }
    }
  }
}

/* Flags i to i + 7 as bytes of 0 or 1, the first lowest; those from `end` on are clear. A span is a
 * multiple of eight, so that only the last of all flags may stand alone. */
FUNCTION uint64_t eight_flags(GLOBAL const uint8_t *flags, int64_t i, int64_t end) {
  uint64_t word = 0;
  if (i + 8 <= end) {
    word = *(GLOBAL const uint64_t *)(flags + i);
  } else {
    for (int64_t k = i; k < end; k++)
      word |= (uint64_t)flags[k] << (8 * (k - i));
  }
  word |= word >> 4;
  word |= word >> 2;
  word |= word >> 1;
  return word & 0x0101010101010101ul;
}

/* sums[p] = how many flags of partition p are set. */
KERNEL(select_sums)
(GLOBAL const uint8_t *flags, GLOBAL int64_t *sums, int64_t count, int64_t span,
 int64_t partitions) {
#if GROUP_SIZE > 1
  LOCAL_ARRAY(int64_t, shared, GROUP_SIZE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = end_of(begin, span, count);
    int64_t sum = 0;
    for (int64_t i = begin + 8 * LOCAL_ITEM; i < end; i += 8 * GROUP_SIZE) {
      sum += POPCOUNT_U64(eight_flags(flags, i, end));
    }
#if GROUP_SIZE > 1
    sum = group_scan(shared, sum);
    if (LOCAL_ITEM == GROUP_SIZE - 1) sums[p] = sum;
    BARRIER();
#else
    sums[p] = sum;
#endif
  }
}

/* The positions of the flags that are set, those of partition p from offsets[p] on (null: 0); found
 * gets how many there are. Flags are usually clear: eight at once are passed over. */
KERNEL(select_write)
(GLOBAL const uint8_t *flags, GLOBAL int32_t *positions, GLOBAL uint32_t *found,
 GLOBAL const int64_t *offsets, int64_t count, int64_t span, int64_t partitions) {
#if GROUP_SIZE > 1
  LOCAL_ARRAY(int64_t, sums, GROUP_SIZE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = end_of(begin, span, count);
    int64_t carry = offsets ? offsets[p] : 0;
    for (int64_t tile = begin; tile < end; tile += 8 * GROUP_SIZE) {
      const int64_t i = tile + 8 * LOCAL_ITEM;
      const uint64_t word = i < end ? eight_flags(flags, i, end) : 0;
      const int64_t mine = POPCOUNT_U64(word);
#if GROUP_SIZE > 1
      int64_t at = group_scan(sums, mine) - mine + carry;
      carry += sums[GROUP_SIZE - 1];
#else
      int64_t at = carry;
      carry += mine;
#endif
      if (word) {
        for (int32_t k = 0; k < 8; k++) {
          if ((word >> (8 * k)) & 1) positions[at++] = (int32_t)(i + k);
        }
      }
#if GROUP_SIZE > 1
      BARRIER();
#endif
    }
    if (p == partitions - 1 && LOCAL_ITEM == 0) found[0] = (uint32_t)carry;
  }
}
