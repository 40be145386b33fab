/* sort.cl: one pass of a stable LSD radix sort of uint64 keys, with or without uint32 values.
 *
 * The keys are cut into partitions of `span`, a work-group each. sort_counts counts the digits of
 * each partition; an exclusive scan over the counts, digit by digit and partition by partition
 * within a digit, says where each partition's keys of a digit go; sort_scatter takes them there in
 * their order. (Satish, Harris, Garland 2009.)
 *
 * A group of one work-item takes digits of 8 bits and scatters straight away. Larger groups take 4
 * bits: a tile of TILE keys is sorted by digit in local memory, through one counter per digit and
 * work-item that are scanned together, and then leaves in runs of neighbours. Wider digits would
 * need more counters than a work-group's local memory holds. */
#if GROUP_SIZE > 1
#define DIGIT_BITS 4
#else
#define DIGIT_BITS 8
#endif
#define DIGITS (1 << DIGIT_BITS)
#define PER_ITEM 4
#define TILE (GROUP_SIZE * PER_ITEM)

FUNCTION uint32_t digit_of(uint64_t key, int32_t shift, uint32_t mask) {
  return (uint32_t)(key >> shift) & mask;
}

/* counts[d * partitions + p] = how many keys of partition p have digit d. */
KERNEL(sort_counts)
(GLOBAL const uint64_t *keys, GLOBAL int64_t *counts, int64_t count, int64_t span,
 int64_t partitions, int32_t shift, uint32_t mask) {
  LOCAL_ARRAY(uint32_t, tally, DIGITS * GROUP_SIZE);
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = begin + span < count ? begin + span : count;
    /* Each work-item has its own counters: tally[d * GROUP_SIZE + item]. */
    for (uint32_t d = 0; d < DIGITS; d++)
      tally[d * GROUP_SIZE + LOCAL_ITEM] = 0;
    FOR_LOCAL_ITEMS(i, begin, end) {
      tally[digit_of(keys[i], shift, mask) * GROUP_SIZE + LOCAL_ITEM]++;
    }
#if GROUP_SIZE > 1
    BARRIER();
#endif
    for (uint32_t d = LOCAL_ITEM; d < DIGITS; d += GROUP_SIZE) {
      int64_t sum = 0;
      /* Start at a different work-item per digit: neighbours read different memory banks. */
      for (uint32_t k = 0; k < GROUP_SIZE; k++) {
        sum += tally[d * GROUP_SIZE + ((k + d) & (GROUP_SIZE - 1))];
      }
      counts[d * partitions + p] = sum;
    }
#if GROUP_SIZE > 1
    BARRIER();
#endif
  }
}

/* Keys and values to where `starts` (the scan of counts) says. values may be null. */
KERNEL(sort_scatter)
(GLOBAL const uint64_t *keys, GLOBAL uint64_t *keys_out, GLOBAL const uint32_t *values,
 GLOBAL uint32_t *values_out, GLOBAL const int64_t *starts, int64_t count, int64_t span,
 int64_t partitions, int32_t shift, uint32_t mask) {
  LOCAL_ARRAY(int64_t, next, DIGITS); /* where the next key of a digit goes */
#if GROUP_SIZE > 1
  LOCAL_ARRAY(uint32_t, tally, DIGITS * GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, sums, GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, first, DIGITS + 1); /* where a digit's run starts in the sorted tile */
  LOCAL_ARRAY(uint64_t, tile_keys, TILE);
  LOCAL_ARRAY(uint16_t, order, TILE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = begin + span < count ? begin + span : count;
    for (uint32_t d = LOCAL_ITEM; d < DIGITS; d += GROUP_SIZE)
      next[d] = starts[d * partitions + p];
#if GROUP_SIZE == 1
    if (values) {
      for (int64_t i = begin; i < end; i++) {
        const uint64_t key = keys[i];
        const int64_t to = next[digit_of(key, shift, mask)]++;
        keys_out[to] = key;
        values_out[to] = values[i];
      }
    } else {
      for (int64_t i = begin; i < end; i++) {
        const uint64_t key = keys[i];
        keys_out[next[digit_of(key, shift, mask)]++] = key;
      }
    }
#else
    for (int64_t tile = begin; tile < end; tile += TILE) {
      const uint32_t length = end - tile < TILE ? (uint32_t)(end - tile) : TILE;
      const uint32_t mine = LOCAL_ITEM * PER_ITEM;
      /* 1. The tile comes in together; each work-item then counts its own few. */
      for (uint32_t i = LOCAL_ITEM; i < length; i += GROUP_SIZE)
        tile_keys[i] = keys[tile + i];
      for (uint32_t d = 0; d < DIGITS; d++)
        tally[d * GROUP_SIZE + LOCAL_ITEM] = 0;
      BARRIER();
      for (uint32_t i = mine; i < mine + PER_ITEM && i < length; i++) {
        tally[digit_of(tile_keys[i], shift, mask) * GROUP_SIZE + LOCAL_ITEM]++;
      }
      BARRIER();
      /* 2. All counters, digit by digit, become places in the sorted tile. Work-item t scans the
       * DIGITS counters from t * DIGITS on. */
      uint32_t sum = 0;
      for (uint32_t c = 0; c < DIGITS; c++)
        sum += tally[LOCAL_ITEM * DIGITS + c];
      sums[LOCAL_ITEM] = sum;
      BARRIER();
      for (uint32_t step = 1; step < GROUP_SIZE; step *= 2) {
        const uint32_t before = LOCAL_ITEM >= step ? sums[LOCAL_ITEM - step] : 0;
        BARRIER();
        sums[LOCAL_ITEM] += before;
        BARRIER();
      }
      uint32_t place = sums[LOCAL_ITEM] - sum;
      for (uint32_t c = 0; c < DIGITS; c++) {
        const uint32_t value = tally[LOCAL_ITEM * DIGITS + c];
        tally[LOCAL_ITEM * DIGITS + c] = place;
        place += value;
      }
      BARRIER();
      for (uint32_t d = LOCAL_ITEM; d < DIGITS; d += GROUP_SIZE)
        first[d] = tally[d * GROUP_SIZE];
      if (LOCAL_ITEM == 0) first[DIGITS] = length;
      BARRIER();
      /* 3. Who stands where in the sorted tile. */
      for (uint32_t i = mine; i < mine + PER_ITEM && i < length; i++) {
        order[tally[digit_of(tile_keys[i], shift, mask) * GROUP_SIZE + LOCAL_ITEM]++] = (uint16_t)i;
      }
      BARRIER();
      /* 4. Out, in runs. */
      for (uint32_t i = LOCAL_ITEM; i < length; i += GROUP_SIZE) {
        const uint32_t from = order[i];
        const uint64_t key = tile_keys[from];
        const uint32_t d = digit_of(key, shift, mask);
        const int64_t to = next[d] + (i - first[d]);
        keys_out[to] = key;
        if (values) values_out[to] = values[tile + from];
      }
      BARRIER();
      for (uint32_t d = LOCAL_ITEM; d < DIGITS; d += GROUP_SIZE)
        next[d] += first[d + 1] - first[d];
      BARRIER();
    }
    BARRIER();
#endif
  }
}
