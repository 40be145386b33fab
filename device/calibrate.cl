/* calibrate.cl: the kernels behind a device's measured rates (calibrate.c). */

/* A launch that does next to nothing. */
KERNEL(nothing)(GLOBAL uint32_t *out) {
  if (ITEM == 0) out[0] += 1;
}

/* Random positions below `limit`, a power of two: SplitMix's finalizer in 32 bits. */
KERNEL(scatter_positions)(GLOBAL uint32_t *positions, int64_t count, uint32_t limit) {
  FOR_ITEMS(i, count) {
    uint32_t bits = (uint32_t)i * 0x9e3779b9u;
    bits = (bits ^ (bits >> 16)) * 0x85ebca6bu;
    bits = (bits ^ (bits >> 13)) * 0xc2b2ae35u;
    positions[i] = (bits ^ (bits >> 16)) & (limit - 1);
  }
}

/* What a pull over rows of 16 random neighbours reads. */
KERNEL(gather)(GLOBAL const uint32_t *positions, GLOBAL const uint32_t *values,
               GLOBAL uint32_t *sums, int64_t rows) {
  FOR_ITEMS(i, rows) {
    uint32_t sum = 0;
    for (int32_t k = 0; k < 16; k++)
      sum += values[positions[i * 16 + k]];
    sums[i] = sum;
  }
}

/* Memory in a stream: one read, one write. */
KERNEL(stream)(GLOBAL const uint32_t *in, GLOBAL uint32_t *out, int64_t count) {
  FOR_ITEMS(i, count) out[i] = in[i] + 1;
}
