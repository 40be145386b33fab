/* fill.cl: a repeated pattern of more than one byte, which the CUDA runtime has no call for. */

KERNEL(fill_u32)(GLOBAL uint32_t *out, int64_t first, int64_t count, uint32_t value) {
  FOR_ITEMS(i, count) out[first + i] = value;
}

KERNEL(fill_u64)(GLOBAL uint64_t *out, int64_t first, int64_t count, uint64_t value) {
  FOR_ITEMS(i, count) out[first + i] = value;
}
