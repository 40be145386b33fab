/* memory.c: what graphs hold, shown to tracemalloc.
 *
 * A graph allocates through a table that counts, atomically, and then asks libgli's default
 * allocator. tracemalloc sees one block per family of graphs, whose size is the live bytes; it is
 * brought up to date at the end of a method call, with the GIL held and no lock of a graph, when
 * the two differ by GROGGY_REPORT_STEP. Telling tracemalloc from inside the allocator would
 * deadlock: a pool thread would wait for the GIL while the thread that has it waits for the pool.
 * While tracing is off a report costs 2.5 ns, once per step.
 *
 * The counter outlives the last Python object when something in C still holds memory: live_bytes
 * counts 1 for "Python objects refer to it", and whoever brings it to zero frees it. */
#include "groggy.h"

#define GROGGY_REPORT_STEP (64 * 1024)
#define GROGGY_TRACE_DOMAIN 0x676C69u /* "gli" */

static void memory_count(GroggyMemory *memory, int64_t change) {
  const int64_t live =
      atomic_fetch_add_explicit(&memory->live_bytes, change, memory_order_relaxed) + change;
  int64_t peak = atomic_load_explicit(&memory->peak_bytes, memory_order_relaxed);
  while (live > peak &&
         !atomic_compare_exchange_weak_explicit(&memory->peak_bytes, &peak, live,
                                                memory_order_relaxed, memory_order_relaxed)) {
  }
  const int64_t drift = live - atomic_load_explicit(&memory->reported_bytes, memory_order_relaxed);
  if (drift > GROGGY_REPORT_STEP || drift < -GROGGY_REPORT_STEP)
    atomic_store_explicit(&memory->stale, true, memory_order_relaxed);
}

static void *counted_allocate(void *context, size_t size_bytes) {
  GroggyMemory *memory = context;
  void *block = memory->underlying->allocate(memory->underlying->context, size_bytes);
  if (block != NULL) memory_count(memory, (int64_t)size_bytes);
  return block;
}

static void *counted_reallocate(void *context, void *block, size_t old_size_bytes,
                                size_t new_size_bytes) {
  GroggyMemory *memory = context;
  void *moved = memory->underlying->reallocate(memory->underlying->context, block, old_size_bytes,
                                               new_size_bytes);
  if (moved != NULL) memory_count(memory, (int64_t)new_size_bytes - (int64_t)old_size_bytes);
  return moved;
}

/* The counter's last byte is the last use of it: acquire and release, so that whoever frees it
 * comes after everybody else's counting. */
static void memory_subtract(GroggyMemory *memory, int64_t size_bytes) {
  const int64_t live =
      atomic_fetch_sub_explicit(&memory->live_bytes, size_bytes, memory_order_acq_rel) - size_bytes;
  if (live == 0) free(memory);
}

static void counted_release(void *context, void *block, size_t size_bytes) {
  GroggyMemory *memory = context;
  memory->underlying->release(memory->underlying->context, block, size_bytes);
  const int64_t left =
      atomic_load_explicit(&memory->live_bytes, memory_order_relaxed) - (int64_t)size_bytes;
  if (atomic_load_explicit(&memory->reported_bytes, memory_order_relaxed) - left >
      GROGGY_REPORT_STEP)
    atomic_store_explicit(&memory->stale, true, memory_order_relaxed);
  memory_subtract(memory, (int64_t)size_bytes);
}

GroggyMemory *groggy_memory_create(void) {
  GroggyMemory *memory = malloc(sizeof *memory);
  if (memory == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  memory->allocator =
      (gli_allocator){memory, counted_allocate, counted_reallocate, counted_release};
  memory->underlying = gli_allocator_default();
  gli_allocator_hands_on(counted_allocate);
  atomic_init(&memory->live_bytes, 1);
  atomic_init(&memory->peak_bytes, 1);
  atomic_init(&memory->reported_bytes, 0);
  atomic_init(&memory->stale, false);
  memory->references = 1;
  return memory;
}

GroggyMemory *groggy_memory_retain(GroggyMemory *memory) {
  memory->references++;
  return memory;
}

void groggy_memory_report(GroggyMemory *memory) {
  atomic_store_explicit(&memory->stale, false, memory_order_relaxed);
  const int64_t live = atomic_load_explicit(&memory->live_bytes, memory_order_relaxed);
  const int64_t peak = atomic_exchange_explicit(&memory->peak_bytes, live, memory_order_relaxed);
  atomic_store_explicit(&memory->reported_bytes, live, memory_order_relaxed);
  const uintptr_t block = (uintptr_t)memory; /* less the byte that stands for the references */
  if (peak > live + GROGGY_REPORT_STEP)
    (void)PyTraceMalloc_Track(GROGGY_TRACE_DOMAIN, block, (size_t)peak - 1);
  (void)PyTraceMalloc_Track(GROGGY_TRACE_DOMAIN, block, (size_t)live - 1);
}

void groggy_memory_drop(GroggyMemory *memory) {
  if (memory == NULL) return;
  if (--memory->references > 0) {
    groggy_memory_note(memory);
    return;
  }
  (void)PyTraceMalloc_Untrack(GROGGY_TRACE_DOMAIN, (uintptr_t)memory);
  memory_subtract(memory, 1);
}
