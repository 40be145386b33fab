/* dialect.h: the few words that OpenCL C 1.2 and CUDA C++ spell differently.
 *
 * Stands before every .cl file: as text in OpenCL, by nvcc -include in CUDA. A kernel source uses
 * these words and plain C, and compiles as both:
 *
 *     KERNEL(double_all)(GLOBAL float *values, int64_t count) {
 *       FOR_ITEMS(i, count) values[i] *= 2;
 *     }
 *
 * Given from outside: GROUP_SIZE (work-items of a work-group, a power of two; 1 on CPUs), IS_CPU,
 * HAS_FP64, HAS_ATOMIC64 (0 or 1). Rules that keep both compilers content:
 * - pointers into buffers say GLOBAL, pointers into LOCAL_ARRAYs say LOCAL, also in helpers;
 * - LOCAL_ARRAY only at the top of a kernel's body; no pointer to private memory crosses a call
 *   into another address space;
 * - kernel parameters: GLOBAL pointers, int32_t, uint32_t, int64_t, uint64_t, float, double; never
 *   bool, size_t or structs by value;
 * - BARRIER() is reached by all work-items of a group or by none: no return before it, and only in
 *   loops whose count is the same for the whole group (FOR_GROUPS is);
 * - no private array lives across a BARRIER (PoCL 3.1 crashes), no variable is called half (a
 * type);
 * - no order between the work-groups of one launch: nobody waits for another group. */

/* A test that runs kernels as C has said KERNEL and the other words that they use. */
#if defined KERNEL
#elif defined __CUDACC__ /* ------------------------------------------------------------------- */

#include <stdint.h>

#define KERNEL(name) extern "C" __global__ void __launch_bounds__(GROUP_SIZE) name
#define GLOBAL
#define LOCAL
#define RESTRICT __restrict__
#define FUNCTION static __device__ __forceinline__
#define CONSTANT_TABLE static __device__ const
#define LOCAL_ARRAY(type, name, count) __shared__ type name[count]
#define BARRIER() __syncthreads()

#define LOCAL_ITEM ((uint32_t)threadIdx.x)
#define GROUP ((uint32_t)blockIdx.x)
#define GROUP_COUNT ((uint32_t)gridDim.x)
#define ITEM ((int64_t)blockIdx.x * GROUP_SIZE + threadIdx.x)
#define ITEM_COUNT ((int64_t)gridDim.x * GROUP_SIZE)

#define ATOMIC_ADD_U32(pointer, value) atomicAdd((unsigned int *)(pointer), (unsigned int)(value))
#define ATOMIC_ADD_I32(pointer, value) atomicAdd((int *)(pointer), (int)(value))
#define ATOMIC_MIN_I32(pointer, value) atomicMin((int *)(pointer), (int)(value))
#define ATOMIC_MIN_U32(pointer, value) atomicMin((unsigned int *)(pointer), (unsigned int)(value))
#define ATOMIC_MAX_I32(pointer, value) atomicMax((int *)(pointer), (int)(value))
#define ATOMIC_OR_U32(pointer, value) atomicOr((unsigned int *)(pointer), (unsigned int)(value))
#define ATOMIC_CAS_I32(pointer, expected, value) \
  atomicCAS((int *)(pointer), (int)(expected), (int)(value))
#define ATOMIC_CAS_LOCAL_I32(pointer, expected, value) ATOMIC_CAS_I32(pointer, expected, value)
#define ATOMIC_CAS_U32(pointer, expected, value) \
  atomicCAS((unsigned int *)(pointer), (unsigned int)(expected), (unsigned int)(value))
#define ATOMIC_ADD_U64(pointer, value) \
  atomicAdd((unsigned long long *)(pointer), (unsigned long long)(value))
#define ATOMIC_MIN_U64(pointer, value) \
  atomicMin((unsigned long long *)(pointer), (unsigned long long)(value))
#define ATOMIC_CAS_U64(pointer, expected, value)                             \
  atomicCAS((unsigned long long *)(pointer), (unsigned long long)(expected), \
            (unsigned long long)(value))

#define ATOMIC_ADD_LOCAL_U32(pointer, value) ATOMIC_ADD_U32(pointer, value)

#define POPCOUNT_U32(value) __popc(value)
#define POPCOUNT_U64(value) __popcll(value)
#define LEADING_ZEROS_U32(value) __clz((int)(value))
#define BITS_OF_F64(value) ((uint64_t)__double_as_longlong(value))
#define F64_OF_BITS(value) __longlong_as_double((long long)(value))
#define BITS_OF_F32(value) __float_as_uint(value)
#define F32_OF_BITS(value) __uint_as_float(value)
#define HAS_FP64 1
#define HAS_ATOMIC64 1
#define IS_CPU 0

#else /* OpenCL C 1.2 ------------------------------------------------------------------------- */

typedef char int8_t;
typedef uchar uint8_t;
typedef short int16_t;
typedef ushort uint16_t;
typedef int int32_t;
typedef uint uint32_t;
typedef long int64_t;
typedef ulong uint64_t;

#if HAS_FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#if HAS_ATOMIC64
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable
#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable
#endif

/* a * b + c rounds twice, as the CPU's kernels and nvcc --fmad=false do: same bits, and iterations
 * that end on a threshold end in the same round. */
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL(name) __kernel __attribute__((reqd_work_group_size(GROUP_SIZE, 1, 1))) void name
#define GLOBAL __global
#define LOCAL __local
#define RESTRICT restrict
#define FUNCTION static inline
#define CONSTANT_TABLE __constant
#define LOCAL_ARRAY(type, name, count) __local type name[count]
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

#define LOCAL_ITEM ((uint32_t)get_local_id(0))
#define GROUP ((uint32_t)get_group_id(0))
#define GROUP_COUNT ((uint32_t)get_num_groups(0))
#define ITEM ((int64_t)get_global_id(0))
#define ITEM_COUNT ((int64_t)get_global_size(0))

#define ATOMIC_ADD_U32(pointer, value) \
  atomic_add((volatile __global uint *)(pointer), (uint)(value))
#define ATOMIC_ADD_I32(pointer, value) atomic_add((volatile __global int *)(pointer), (int)(value))
#define ATOMIC_MIN_I32(pointer, value) atomic_min((volatile __global int *)(pointer), (int)(value))
#define ATOMIC_MIN_U32(pointer, value) \
  atomic_min((volatile __global uint *)(pointer), (uint)(value))
#define ATOMIC_MAX_I32(pointer, value) atomic_max((volatile __global int *)(pointer), (int)(value))
#define ATOMIC_OR_U32(pointer, value) atomic_or((volatile __global uint *)(pointer), (uint)(value))
#define ATOMIC_ADD_LOCAL_U32(pointer, value) \
  atomic_add((volatile __local uint *)(pointer), (uint)(value))
#define ATOMIC_CAS_I32(pointer, expected, value) \
  atomic_cmpxchg((volatile __global int *)(pointer), (int)(expected), (int)(value))
#define ATOMIC_CAS_LOCAL_I32(pointer, expected, value) \
  atomic_cmpxchg((volatile __local int *)(pointer), (int)(expected), (int)(value))
#define ATOMIC_CAS_U32(pointer, expected, value) \
  atomic_cmpxchg((volatile __global uint *)(pointer), (uint)(expected), (uint)(value))
#if HAS_ATOMIC64
#define ATOMIC_ADD_U64(pointer, value) \
  atom_add((volatile __global ulong *)(pointer), (ulong)(value))
#define ATOMIC_MIN_U64(pointer, value) \
  atom_min((volatile __global ulong *)(pointer), (ulong)(value))
#define ATOMIC_CAS_U64(pointer, expected, value) \
  atom_cmpxchg((volatile __global ulong *)(pointer), (ulong)(expected), (ulong)(value))
#endif

#define POPCOUNT_U32(value) popcount((uint)(value))
#define POPCOUNT_U64(value) ((int)popcount((ulong)(value)))
#define LEADING_ZEROS_U32(value) ((int)clz((uint)(value)))
#define BITS_OF_F64(value) as_ulong((double)(value))
#define F64_OF_BITS(value) as_double((ulong)(value))
#define BITS_OF_F32(value) as_uint((float)(value))
#define F32_OF_BITS(value) as_float((uint)(value))

#endif /* ------------------------------------------------------------------------------------- */

/* Each item i of [0, count) once, over the whole launch. A CPU takes contiguous chunks, so that its
 * caches and prefetchers see runs; a GPU strides, so that neighbouring items are read together. */
#if IS_CPU
#define FOR_ITEMS(i, count)                                          \
  for (int64_t i = (int64_t)(count)*ITEM / ITEM_COUNT,               \
               i##_end = (int64_t)(count) * (ITEM + 1) / ITEM_COUNT; \
       i < i##_end; i++)
#else
#define FOR_ITEMS(i, count) for (int64_t i = ITEM; i < (int64_t)(count); i += ITEM_COUNT)
#endif

/* Each task g of [0, count) once, by a whole work-group; BARRIER is allowed inside. */
#define FOR_GROUPS(g, count) for (int64_t g = GROUP; g < (int64_t)(count); g += GROUP_COUNT)
/* Each item i of [begin, end) once, by the work-items of this group. */
#define FOR_LOCAL_ITEMS(i, begin, end) \
  for (int64_t i = (int64_t)(begin) + LOCAL_ITEM; i < (int64_t)(end); i += GROUP_SIZE)

/* A row of the mirror: where it lies in the arena of neighbours. */
typedef struct row_record {
  int64_t begin;
  uint32_t length;
  uint32_t alive; /* 1; 0: the node was removed */
} row_record;

/* Bitmaps of uint32 words. */
#define BIT_TEST(words, i) ((((words)[(i) >> 5]) >> ((i)&31)) & 1u)
#define BIT_SET_ATOMIC(words, i) ATOMIC_OR_U32((words) + ((i) >> 5), 1u << ((i)&31))

/* Of `count` runs [starts[k], starts[k + 1]), of which the first begins at 0, the last that begins
 * at or before `at`. */
FUNCTION int64_t run_of(GLOBAL const int64_t *starts, int64_t count, int64_t at) {
  int64_t low = 0, high = count;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    if (starts[middle] <= at) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The random streams of core/base/random.c, number for number: xoshiro256**, seeded by SplitMix64.
 * One per item of work (a walk, a node), never per work-item of a launch. */
typedef struct random_stream {
  uint64_t a, b, c, d;
} random_stream;

#define RANDOM_GOLDEN 0x9e3779b97f4a7c15u

FUNCTION uint64_t random_hash(uint64_t number) {
  number += RANDOM_GOLDEN;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

FUNCTION random_stream random_start(uint64_t seed, uint64_t stream) {
  const uint64_t base = random_hash(seed) ^ random_hash(random_hash(stream) + RANDOM_GOLDEN);
  random_stream random;
  random.a = random_hash(base);
  random.b = random_hash(base + RANDOM_GOLDEN);
  random.c = random_hash(base + 2 * RANDOM_GOLDEN);
  random.d = random_hash(base + 3 * RANDOM_GOLDEN);
  return random;
}

FUNCTION uint64_t random_next(random_stream *random) {
  const uint64_t five = random->b * 5;
  const uint64_t drawn = ((five << 7) | (five >> 57)) * 9, shifted = random->b << 17;
  random->c ^= random->a;
  random->d ^= random->b;
  random->b ^= random->c;
  random->a ^= random->d;
  random->c ^= shifted;
  random->d = (random->d << 45) | (random->d >> 19);
  return drawn;
}

/* Uniform in [0, bound); bound > 0. */
FUNCTION uint64_t random_below(random_stream *random, uint64_t bound) {
  uint64_t drawn = random_next(random);
  if (drawn < bound) {
    const uint64_t threshold = (0 - bound) % bound;
    while (drawn < threshold)
      drawn = random_next(random);
  }
  return drawn % bound;
}

#if HAS_FP64
/* Uniform in [0, 1) with 53 bits: times 2^-53. */
FUNCTION double random_unit(random_stream *random) {
  return (double)(random_next(random) >> 11) * 1.1102230246251565e-16;
}
#endif
