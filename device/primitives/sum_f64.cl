/* sum_f64.cl: sum of float64 in an order that depends on the count alone: the same bits on every
 * device and with every group size.
 *
 * Blocks of 4096 elements. In a block, lane l of 256 adds the elements l, l + 256, l + 512, ... in
 * rising order, and the lanes are added as a binary tree: lane l + 128 to lane l, then 64, ..., 1.
 * A work-group takes a block and its work-items share the lanes. The blocks' sums are summed the
 * same way, until one is left: three launches reach 6.9e10 elements. Plain summing of the blocks in
 * order would leave one work-item with a chain of 30,000 dependent additions for 10^8 elements. */
#define BLOCK 4096
#define LANES 256

KERNEL(sum_blocks)
(GLOBAL const double *in, GLOBAL double *sums, int64_t count, int64_t blocks) {
  LOCAL_ARRAY(double, lanes, LANES);
  FOR_GROUPS(b, blocks) {
    const int64_t begin = b * BLOCK;
    const int64_t rest = count - begin;
    const uint32_t length = rest < BLOCK ? (uint32_t)rest : BLOCK;
#if GROUP_SIZE == 1
    for (uint32_t l = 0; l < LANES; l++)
      lanes[l] = l < length ? in[begin + l] : 0.0;
    for (uint32_t row = LANES; row < length; row += LANES) {
      const uint32_t width = length - row < LANES ? length - row : LANES;
      for (uint32_t l = 0; l < width; l++)
        lanes[l] += in[begin + row + l];
    }
#else
    for (uint32_t l = LOCAL_ITEM; l < LANES; l += GROUP_SIZE) {
      double sum = l < length ? in[begin + l] : 0.0;
      for (uint32_t i = l + LANES; i < length; i += LANES)
        sum += in[begin + i];
      lanes[l] = sum;
    }
    BARRIER();
#endif
    for (uint32_t reach = LANES / 2; reach > 0; reach /= 2) {
      for (uint32_t l = LOCAL_ITEM; l < reach; l += GROUP_SIZE)
        lanes[l] += lanes[l + reach];
#if GROUP_SIZE > 1
      BARRIER();
#endif
    }
    if (LOCAL_ITEM == 0) sums[b] = lanes[0];
#if GROUP_SIZE > 1
    BARRIER();
#endif
  }
}
