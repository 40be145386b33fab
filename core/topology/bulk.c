/* bulk.c: many edges at once.
 *
 * Few edges beside what is there: one after the other, in groups whose rows are prefetched
 * together, so that the cache misses of a group overlap. Many: all rows are built anew by counting
 * (build.c), which costs O(n + m) for both the old and the new edges and wins as soon as the new
 * ones are as many as the old. In a simple graph a repeated pair takes no slot: the pairs left out
 * are a bitmap, and a pair's slot is its number less the repeated ones before it.
 *
 * Everything is prepared aside or past the limits, where nobody looks, and taken over at the end.
 */
#include "base/pool.h"
#include "topology/parts.h"

#define GROUP 32
#define PAIRS_PER_BLOCK (INT64_C(1) << 16)
#define NODES_PER_BLOCK 8192

static gli_status check_ends(const gli__topology *topology, int64_t count, const int32_t *sources,
                             const int32_t *targets, gli_error *error) {
  uint32_t limit = (uint32_t)topology->node_limit;
  for (int64_t k = 0; k < count; ++k) {
    if ((uint32_t)sources[k] < limit && (uint32_t)targets[k] < limit) continue;
    bool is_source = (uint32_t)sources[k] >= limit;
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s[%lld] is %d, but there are %u nodes: indices go from 0 to below that",
                     is_source ? "sources" : "targets", (long long)k,
                     is_source ? sources[k] : targets[k], limit);
  }
  return GLI_OK;
}

/* --- One after the other --------------------------------------------------------------------- */

/* Inlined early: GCC drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void prefetch_group(const gli__topology *topology,
                                                                 int64_t count,
                                                                 const int32_t *sources,
                                                                 const int32_t *targets) {
  const gli__side *out = &topology->out;
  const gli__side *back = topology->directed ? &topology->in : out;
  for (int64_t k = 0; k < count; ++k) {
    GLI__PREFETCH(gli__side_rows(out) + sources[k]);
    if (back->rows != NULL) GLI__PREFETCH(gli__side_rows(back) + targets[k]);
  }
  for (int64_t k = 0; k < count; ++k) {
    const gli_row *row = gli__side_rows(out) + sources[k];
    GLI__PREFETCH(gli__side_neighbors(out) + row->begin);
    GLI__PREFETCH(gli__side_edges(out) + row->begin + row->length);
    if (back->rows == NULL) continue;
    row = gli__side_rows(back) + targets[k];
    GLI__PREFETCH(gli__side_neighbors(back) + row->begin + row->length);
    GLI__PREFETCH(gli__side_edges(back) + row->begin + row->length);
  }
}

static gli_status add_one(gli__topology *topology, int32_t source, int32_t target, bool simple,
                          int64_t *slot_out, int64_t *added, gli_error *error) {
  if (simple) {
    *slot_out = gli__topology_find_edge(topology, source, target);
    if (*slot_out >= 0) return GLI_OK;
  }
  gli_status status = gli__topology_add_edge(topology, source, target, slot_out, error);
  if (status == GLI_OK) ++*added;
  return status;
}

static gli_status add_in_groups(gli__topology *topology, int64_t count, const int32_t *sources,
                                const int32_t *targets, bool simple, int64_t *slots_out,
                                int64_t *added_out, gli_run *run, gli_error *error) {
  int64_t added = 0;
  gli_status status = check_ends(topology, count, sources, targets, error);
  for (int64_t begin = 0; begin < count && status == GLI_OK; begin += GROUP) {
    int64_t size = count - begin < GROUP ? count - begin : GROUP;
    prefetch_group(topology, size, sources + begin, targets + begin);
    for (int64_t k = begin; k < begin + size && status == GLI_OK; ++k) {
      int64_t slot = -1;
      status = add_one(topology, sources[k], targets[k], simple, &slot, &added, error);
      if (slots_out != NULL && status == GLI_OK) slots_out[k] = slot;
    }
    if (begin % (GROUP * 1024) == 0 && status == GLI_OK) status = gli_run_check(run, error);
  }
  if (status != GLI_OK) {
    while (added-- > 0)
      gli__topology_remove_last_edge(topology);
    return status;
  }
  if (added_out != NULL) *added_out = added;
  return GLI_OK;
}

/* --- All rows anew --------------------------------------------------------------------------- */

typedef struct bulk {
  gli__topology *topology;
  int64_t old_limit, count;
  const int32_t *sources, *targets; /* the caller's */
  int64_t *slots_out;
  _Atomic uint64_t *gone; /* per pair, old ones first; NULL: none can be */
  uint32_t *gone_before;  /* per word of `gone` */
  int64_t gone_words, gone_count;
  gli__side out, in;
} bulk;

static uint64_t gone_word(const bulk *job, int64_t word) {
  return atomic_load_explicit(&job->gone[word], memory_order_relaxed);
}

/* The slot of a pair that is not left out. */
static inline int64_t slot_of(const bulk *job, int64_t pair) {
  uint64_t before = gone_word(job, pair >> 6) & ((UINT64_C(1) << (pair & 63)) - 1);
  int64_t slot = pair - job->gone_before[pair >> 6];
  return before == 0 ? slot : slot - __builtin_popcountll(before);
}

static gli_status sum_gone(bulk *job, gli_error *error) {
  job->gone_before =
      gli__allocate(job->topology->memory, (size_t)job->gone_words, sizeof *job->gone_before);
  if (job->gone_before == NULL) return gli__no_memory(error, "the slots of many edges");
  uint32_t total = 0;
  for (int64_t word = 0; word < job->gone_words; ++word) {
    uint64_t bits = gone_word(job, word);
    job->gone_before[word] = total;
    if (bits != 0) total += (uint32_t)__builtin_popcountll(bits);
  }
  return GLI_OK;
}

/* Pair numbers in the rows -> slots. */
static void renumber_entries(void *context, int64_t begin, int64_t end, int32_t worker) {
  bulk *job = context;
  const gli_row *rows = gli__side_rows(&job->out);
  uint32_t *edges = gli__side_edges(&job->out);
  (void)worker;
  for (int64_t node = begin; node < end; ++node) {
    int64_t stop = rows[node].begin + rows[node].length;
    for (int64_t at = rows[node].begin; at < stop; ++at) {
      edges[at] = (uint32_t)slot_of(job, edges[at]);
    }
  }
}

/* The ends of the pairs that are kept, and the caller's slots. */
static void write_ends(void *context, int64_t begin, int64_t end, int32_t worker) {
  bulk *job = context;
  int32_t *sources = job->topology->ends->data[0], *targets = job->topology->ends->data[1];
  (void)worker;
  if (job->gone_count == 0) {
    size_t bytes = (size_t)(end - begin) * sizeof *sources;
    memcpy(sources + job->old_limit + begin, job->sources + begin, bytes);
    memcpy(targets + job->old_limit + begin, job->targets + begin, bytes);
    for (int64_t k = begin; job->slots_out != NULL && k < end; ++k) {
      job->slots_out[k] = job->old_limit + k;
    }
    return;
  }
  for (int64_t k = begin; k < end; ++k) {
    int64_t pair = job->old_limit + k;
    bool gone = (gone_word(job, pair >> 6) >> (pair & 63) & 1) != 0;
    if (!gone) {
      int64_t slot = slot_of(job, pair);
      sources[slot] = job->sources[k];
      targets[slot] = job->targets[k];
      if (job->slots_out != NULL) job->slots_out[k] = slot;
    } else if (job->slots_out != NULL) {
      job->slots_out[k] = slot_of(job, job->slots_out[k]); /* the first one's, left by build.c */
    }
  }
}

static gli_status build_out(bulk *job, bool simple, gli_run *run, gli_error *error) {
  gli__topology *topology = job->topology;
  gli__build_input input = {.node_count = topology->node_limit,
                            .count = job->old_limit + job->count,
                            .keys = job->sources,
                            .others = job->targets,
                            .bits = gli__bits_of(topology->edge_bits),
                            .both = !topology->directed,
                            .fixed_count = job->old_limit,
                            .firsts = job->slots_out};
  if (job->old_limit > 0) {
    /* One array of all: past the limit of the ends, where nobody looks yet. */
    int32_t *sources = topology->ends->data[0], *targets = topology->ends->data[1];
    gli_status status = check_ends(topology, job->count, job->sources, job->targets, error);
    if (status != GLI_OK) return status;
    memcpy(sources + job->old_limit, job->sources, (size_t)job->count * sizeof *sources);
    memcpy(targets + job->old_limit, job->targets, (size_t)job->count * sizeof *targets);
    input.keys = sources;
    input.others = targets;
  }
  if (simple) {
    job->gone_words = (input.count + 63) / 64;
    job->gone = gli__allocate_zeroed(topology->memory, (size_t)job->gone_words, sizeof *job->gone);
    if (job->gone == NULL) return gli__no_memory(error, "the search for repeated edges");
    input.gone = job->gone;
  }
  return gli__build_side(topology->memory, topology->token, &input, run, &job->out,
                         &job->gone_count, error);
}

static void take_over(bulk *job, int64_t added) {
  gli__topology *topology = job->topology;
  gli__pair_index_clear(topology->pairs);
  gli__side_clear(&topology->out, topology->memory);
  topology->out = job->out;
  job->out = (gli__side){0};
  if (job->in.rows != NULL) {
    gli__side_clear(&topology->in, topology->memory);
    topology->in = job->in;
    job->in = (gli__side){0};
  }
  topology->node_room = 0; /* the new records are as many as the nodes */
  topology->edge_limit += added;
  topology->edge_count += added;
}

static gli_status build_anew(gli__topology *topology, int64_t count, const int32_t *sources,
                             const int32_t *targets, bool simple, int64_t *slots_out,
                             int64_t *added_out, gli_run *run, gli_error *error) {
  gli__memory *memory = topology->memory;
  bulk job = {.topology = topology,
              .old_limit = topology->edge_limit,
              .count = count,
              .sources = sources,
              .targets = targets,
              .slots_out = slots_out};
  gli_status status = gli__topology_edge_room(topology, count, error);
  if (status == GLI_OK) status = build_out(&job, simple, run, error);
  if (status != GLI_OK) goto cleanup;
  if (job.gone_count > 0) {
    status = sum_gone(&job, error);
    if (status != GLI_OK) goto cleanup;
    status =
        gli_run_parallel(run, topology->node_limit, NODES_PER_BLOCK, renumber_entries, &job, error);
    if (status != GLI_OK) goto cleanup;
  }
  status = gli_run_parallel(run, count, PAIRS_PER_BLOCK, write_ends, &job, error);
  if (status != GLI_OK) goto cleanup;
  int64_t added = count - job.gone_count;
  if (topology->in.rows != NULL) {
    status =
        gli__build_in_rows(memory, topology->token, topology->node_limit, job.old_limit + added,
                           topology->ends, topology->edge_bits, run, &job.in, error);
    if (status != GLI_OK) goto cleanup;
  }
  take_over(&job, added);
  if (added_out != NULL) *added_out = added;
cleanup:
  gli__side_clear(&job.out, memory);
  gli__side_clear(&job.in, memory);
  gli__release(memory, job.gone_before, (size_t)job.gone_words, sizeof *job.gone_before);
  gli__release(memory, (void *)job.gone, (size_t)job.gone_words, sizeof *job.gone);
  return status;
}

gli_status gli__topology_add_edges(gli__topology *topology, int64_t count, const int32_t *sources,
                                   const int32_t *targets, bool simple, int64_t *slots_out,
                                   int64_t *added_out, gli_run *run, gli_error *error) {
  if (count <= 0) {
    if (added_out != NULL) *added_out = 0;
    return GLI_OK;
  }
  if (topology->derived != NULL) gli__topology_detach(topology);
  gli__run_guard guard = {0};
  gli_status status = gli__run_guard_begin(&guard, run, topology->memory, error);
  if (status != GLI_OK) return status;
  bool anew = count >= topology->edge_limit && count >= topology->node_limit / 8;
  status = (anew ? build_anew : add_in_groups)(topology, count, sources, targets, simple, slots_out,
                                               added_out, guard.run, error);
  gli__run_guard_end(&guard);
  return status;
}
