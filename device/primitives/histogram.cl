/* histogram.cl: counts[key] += 1 for each key.
 *
 * Up to LOCAL_BINS bins: each group counts its partition in local memory and adds what it found to
 * the result; a popular key costs one global atomic per group instead of one per occurrence. Above:
 * global atomics, which spread over the bins. */
#define LOCAL_BINS 2048 /* as in primitives.c */

KERNEL(histogram_few)
(GLOBAL const uint32_t *keys, GLOBAL uint32_t *counts, int64_t count, int64_t span,
 int64_t partitions, uint32_t bins) {
  LOCAL_ARRAY(uint32_t, tally, LOCAL_BINS);
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = begin + span < count ? begin + span : count;
    for (uint32_t bin = LOCAL_ITEM; bin < bins; bin += GROUP_SIZE)
      tally[bin] = 0;
#if GROUP_SIZE > 1
    BARRIER();
    FOR_LOCAL_ITEMS(i, begin, end) ATOMIC_ADD_LOCAL_U32(tally + keys[i], 1);
    BARRIER();
#else
    for (int64_t i = begin; i < end; i++)
      tally[keys[i]]++;
#endif
    for (uint32_t bin = LOCAL_ITEM; bin < bins; bin += GROUP_SIZE) {
      if (tally[bin]) ATOMIC_ADD_U32(counts + bin, tally[bin]);
    }
#if GROUP_SIZE > 1
    BARRIER();
#endif
  }
}

KERNEL(histogram_many)(GLOBAL const uint32_t *keys, GLOBAL uint32_t *counts, int64_t count) {
  FOR_ITEMS(i, count) ATOMIC_ADD_U32(counts + keys[i], 1);
}
