/* reduce.cl: sum, minimum and maximum of uint32 and int64, minimum and maximum of float64, without
 * float64 arithmetic: a device that has none can build this.
 *
 * Partitions of `span` elements, a work-group each, then one group over the partitions' results.
 * All three types become int64 on reading and turn back on writing: uint32 widens; the bits of a
 * float64 are put in an order that follows the numbers (-0.0 just below 0.0, NaN of either sign
 * outermost). Every operation here is exact in any order, so nobody can tell how it was cut. */
#define TYPE_U32 1 /* as gli_device_element */
#define TYPE_I64 2
#define TYPE_F64 3
#define SUM 1 /* as gli_device_reduction */
#define MIN 2

/* A float64's bits as an integer that orders like it; its own inverse. */
FUNCTION int64_t ordered(int64_t bits) {
  return bits < 0 ? bits ^ (int64_t)0x7fffffffffffffff : bits;
}

FUNCTION int64_t load(GLOBAL const uint32_t *narrow, GLOBAL const int64_t *wide, int64_t i,
                      int32_t type) {
  if (type == TYPE_U32) return (int64_t)narrow[i];
  return type == TYPE_F64 ? ordered(wide[i]) : wide[i];
}

FUNCTION int64_t combine(int64_t left, int64_t right, int32_t operation) {
  if (operation == SUM) return (int64_t)((uint64_t)left + (uint64_t)right); /* wraps, defined */
  return operation == MIN ? (left < right ? left : right) : (left > right ? left : right);
}

/* Partition p's result goes to partial[p]; where that is null there is one partition, and its
 * result goes to the one of narrow_out and wide_out that is not null. */
KERNEL(reduce)
(GLOBAL const uint32_t *narrow, GLOBAL const int64_t *wide, GLOBAL int64_t *partial,
 GLOBAL uint32_t *narrow_out, GLOBAL int64_t *wide_out, int32_t type_in, int32_t type_out,
 int32_t operation, int64_t count, int64_t span, int64_t partitions) {
#if GROUP_SIZE > 1
  LOCAL_ARRAY(int64_t, shared, GROUP_SIZE);
#endif
  FOR_GROUPS(p, partitions) {
    const int64_t begin = p * span;
    const int64_t end = begin + span < count ? begin + span : count;
    /* Each partition has at least one element: its first is as good as a neutral one but in a sum.
     */
    int64_t value = operation == SUM ? 0 : load(narrow, wide, begin, type_in);
    FOR_LOCAL_ITEMS(i, begin, end) {
      value = combine(value, load(narrow, wide, i, type_in), operation);
    }
#if GROUP_SIZE > 1
    shared[LOCAL_ITEM] = value;
    BARRIER();
    for (uint32_t reach = GROUP_SIZE / 2; reach > 0; reach /= 2) {
      if (LOCAL_ITEM < reach) {
        shared[LOCAL_ITEM] = combine(shared[LOCAL_ITEM], shared[LOCAL_ITEM + reach], operation);
      }
      BARRIER();
    }
    value = shared[0];
    BARRIER();
#endif
    if (LOCAL_ITEM == 0) {
      if (partial) {
        partial[p] = value;
      } else if (type_out == TYPE_U32) {
        narrow_out[0] = (uint32_t)value;
      } else {
        wide_out[0] = type_out == TYPE_F64 ? ordered(value) : value;
      }
    }
  }
}
