/* filter.c: runs a bound filter over all rows, in parallel, and hands the rows out. */
#include "query/filter.h"

#include "base/error.h"

#define CHUNKS_PER_TASK 16

typedef struct filter_run {
  const gli__filter *filter;
  uint64_t *words;
  gli__scratch_rows *workers;
  int64_t *begins; /* [chunks + 1]: hits before a chunk; NULL: nobody wants positions */
  int64_t *positions;
  _Atomic bool has_no_memory;
} filter_run;

/* The rows of a chunk that exist. */
static void live_rows(const gli__filter *filter, int64_t chunk, uint64_t *words) {
  int64_t base = chunk << GLI__CHUNK_SHIFT;
  for (int64_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    int64_t left = filter->limit - base - word * 64;
    uint64_t live = left >= 64 ? ~UINT64_C(0) : left <= 0 ? 0 : (UINT64_C(1) << left) - 1;
    if (live != 0 && filter->bits != NULL) live &= filter->bits[base / 64 + word];
    words[word] = live;
  }
}

static bool is_empty(const uint64_t *words) {
  uint64_t any = 0;
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
    any |= words[word];
  return any == 0;
}

static void run_predicates(const gli__filter *filter, const gli__step *step, int64_t chunk,
                           const uint64_t *open, uint64_t *out) {
  uint64_t some[GLI__CHUNK_WORDS];
  memcpy(out, open, GLI__CHUNK_WORDS * sizeof *out);
  for (uint32_t k = 0; k < step->count; k++) {
    gli__predicate_run(&filter->predicates[step->first + k], chunk, some);
    for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
      out[word] &= some[word];
  }
}

static bool run_program(const gli__filter *filter, gli__scratch_rows *scratch,
                        const gli__step *step, int64_t chunk, const uint64_t *open, uint64_t *out) {
  int64_t base = chunk << GLI__CHUNK_SHIFT;
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    out[word] = 0;
    if (open[word] != 0 &&
        !gli__program_run(filter, scratch, step->first, step->first + step->count,
                          base + (int64_t)word * 64, open[word], &out[word]))
      return false;
  }
  return true;
}

/* Open the right side of an AND (rows the left kept) or OR (rows it did not). */
static void narrow(gli__step_kind kind, const uint64_t *open, const uint64_t *left,
                   uint64_t *narrowed) {
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
    narrowed[word] = open[word] & (kind == GLI__STEP_AND_RIGHT ? left[word] : ~left[word]);
}

static bool run_chunk(const gli__filter *filter, gli__scratch_rows *scratch, int64_t chunk,
                      uint64_t *out) {
  const size_t bytes = GLI__CHUNK_WORDS * sizeof(uint64_t);
  uint64_t *results = scratch->masks;                                       /* grows up */
  uint64_t *open = results + (size_t)filter->mask_depth * GLI__CHUNK_WORDS; /* a second stack */
  live_rows(filter, chunk, open);
  for (uint32_t at = 0; at < filter->step_count; at++) {
    const gli__step *step = &filter->steps[at];
    uint64_t *top = results - GLI__CHUNK_WORDS, *below = results - 2 * GLI__CHUNK_WORDS;
    switch (step->kind) {
      case GLI__STEP_PREDICATES:
        run_predicates(filter, step, chunk, open, results);
        results += GLI__CHUNK_WORDS;
        break;
      case GLI__STEP_PROGRAM:
        if (!run_program(filter, scratch, step, chunk, open, results)) return false;
        results += GLI__CHUNK_WORDS;
        break;
      case GLI__STEP_AND_RIGHT:
      case GLI__STEP_OR_RIGHT:
        narrow(step->kind, open, top, open + GLI__CHUNK_WORDS);
        open += GLI__CHUNK_WORDS;
        if (is_empty(open)) { /* decided: the right side is nothing */
          memset(results, 0, bytes);
          results += GLI__CHUNK_WORDS;
          at = step->first - 1;
        }
        break;
      case GLI__STEP_AND:
      case GLI__STEP_OR:
        for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
          below[word] =
              step->kind == GLI__STEP_AND ? below[word] & top[word] : below[word] | top[word];
        results -= GLI__CHUNK_WORDS;
        open -= GLI__CHUNK_WORDS;
        break;
      case GLI__STEP_NOT:
        for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
          top[word] = open[word] & ~top[word];
        break;
    }
  }
  memcpy(out, scratch->masks, bytes);
  return true;
}

static int64_t count_hits(const uint64_t *words) {
  int64_t count = 0;
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
    count += __builtin_popcountll(words[word]);
  return count;
}

static void run_task(void *context, int64_t begin, int64_t end, int32_t worker) {
  filter_run *run = context;
  for (int64_t chunk = begin; chunk < end; chunk++) {
    uint64_t *words = run->words + chunk * GLI__CHUNK_WORDS;
    if (!run_chunk(run->filter, &run->workers[worker], chunk, words)) {
      atomic_store_explicit(&run->has_no_memory, true, memory_order_relaxed);
    } else if (run->begins != NULL) {
      run->begins[chunk + 1] = count_hits(words);
    }
  }
}

/* The hits of a chunk, to where they belong among all: so chunks can be written side by side. */
static void write_task(void *context, int64_t begin, int64_t end, int32_t worker) {
  const filter_run *run = context;
  (void)worker;
  int64_t *out = run->positions + run->begins[begin];
  for (int64_t word = begin * GLI__CHUNK_WORDS; word < end * GLI__CHUNK_WORDS; word++) {
    uint64_t rows = run->words[word];
    if (rows == ~UINT64_C(0)) {
      for (int64_t bit = 0; bit < 64; bit++)
        *out++ = word * 64 + bit;
      continue;
    }
    for (; rows != 0; rows &= rows - 1)
      *out++ = word * 64 + __builtin_ctzll(rows);
  }
}

/* Positions of the hits. Fresh memory is half of the cost: its pages are touched in parallel too.
 */
static gli_status write_positions(filter_run *job, gli_run *run, int64_t chunks,
                                  gli_positions *positions_out, gli_error *error) {
  gli_positions made;
  job->begins[0] = 0;
  for (int64_t chunk = 0; chunk < chunks; chunk++)
    job->begins[chunk + 1] += job->begins[chunk];
  gli_status status = gli__positions_make(job->filter->memory, job->begins[chunks], &made, error);
  if (status != GLI_OK) return status;
  job->positions = made.positions;
  if (made.count > 0)
    status = gli_run_parallel(run, chunks, CHUNKS_PER_TASK, write_task, job, error);
  if (status == GLI_OK)
    *positions_out = made;
  else
    gli_positions_free(&made);
  return status;
}

static void release_workers(const gli__filter *filter, gli__scratch_rows *workers, int32_t count) {
  if (workers == NULL) return;
  for (int32_t worker = 0; worker < count; worker++) {
    gli__texts_free(&workers[worker]);
    if (workers[worker].registers != NULL)
      gli__release(filter->memory, workers[worker].registers, (size_t)filter->register_depth * 64,
                   sizeof(gli_value));
    if (workers[worker].masks != NULL)
      gli__release(filter->memory, workers[worker].masks,
                   (size_t)(filter->mask_depth * 2 + 1) * GLI__CHUNK_WORDS, sizeof(uint64_t));
  }
  gli__release(filter->memory, workers, (size_t)count, sizeof *workers);
}

static gli__scratch_rows *make_workers(const gli__filter *filter, int32_t count) {
  gli__scratch_rows *workers = gli__allocate_zeroed(filter->memory, (size_t)count, sizeof *workers);
  for (int32_t worker = 0; workers != NULL && worker < count; worker++) {
    gli__scratch_rows *mine = &workers[worker];
    mine->memory = filter->memory;
    mine->registers =
        gli__allocate(filter->memory, (size_t)filter->register_depth * 64, sizeof(gli_value));
    mine->masks = gli__allocate(
        filter->memory, (size_t)(filter->mask_depth * 2 + 1) * GLI__CHUNK_WORDS, sizeof(uint64_t));
    if ((mine->registers == NULL && filter->register_depth > 0) || mine->masks == NULL) {
      release_workers(filter, workers, count);
      return NULL;
    }
  }
  return workers;
}

gli_status gli__filter_run(gli__filter *filter, const gli_control *control, gli__row_set *set_out,
                           gli_positions *positions_out, gli_error *error) {
  int64_t chunks = (filter->limit + GLI__CHUNK_SIZE - 1) >> GLI__CHUNK_SHIFT;
  gli__row_set set = {filter->memory, NULL, chunks * GLI__CHUNK_WORDS, filter->limit};
  gli_run *run = NULL;
  filter_run job = {.filter = filter};
  int32_t threads = 0;
  gli_status status = gli__run_begin(control, filter->memory, &run, error);
  if (status != GLI_OK) return status;
  threads = gli_run_threads(run);
  set.words = gli__allocate(filter->memory, (size_t)set.word_count, sizeof(uint64_t));
  job.words = set.words;
  job.workers = make_workers(filter, threads);
  if (positions_out != NULL)
    job.begins = gli__allocate(filter->memory, (size_t)chunks + 1, sizeof *job.begins);
  if ((set.words == NULL && set.word_count > 0) || job.workers == NULL ||
      (positions_out != NULL && job.begins == NULL)) {
    status = gli__no_memory(error, "the rows of a filter");
    goto cleanup;
  }
  status = gli_run_parallel(run, chunks, CHUNKS_PER_TASK, run_task, &job, error);
  if (status == GLI_OK && atomic_load(&job.has_no_memory))
    status = gli__no_memory(error, "the texts of a filter");
  if (status == GLI_OK && positions_out != NULL)
    status = write_positions(&job, run, chunks, positions_out, error);
cleanup:
  gli__release(filter->memory, job.begins, (size_t)chunks + 1, sizeof *job.begins);
  release_workers(filter, job.workers, threads);
  gli__run_end(run);
  if (status == GLI_OK && set_out != NULL)
    *set_out = set;
  else
    gli__row_set_release(&set);
  return status;
}

void gli__row_set_release(gli__row_set *set) {
  gli__release(set->memory, set->words, (size_t)set->word_count, sizeof(uint64_t));
}

/* --- Rows handed out -------------------------------------------------------------------------- */

gli_status gli__positions_make(gli__memory *memory, int64_t count, gli_positions *positions_out,
                               gli_error *error) {
  gli_positions made = {NULL, count, memory->allocator};
  if (count > 0) {
    made.positions =
        made.allocator.allocate(made.allocator.context, (size_t)count * sizeof(int64_t));
    if (made.positions == NULL) return gli__no_memory(error, "the positions of a filter");
  }
  *positions_out = made;
  return GLI_OK;
}

void gli_positions_free(gli_positions *positions) {
  if (positions == NULL || positions->positions == NULL) return;
  positions->allocator.release(positions->allocator.context, positions->positions,
                               (size_t)positions->count * sizeof(int64_t));
  positions->positions = NULL;
  positions->count = 0;
}

/* Eight bits into eight bytes of 0 and 1: bit k is moved into byte k, then made 1. */
static uint64_t spread_bits(uint64_t byte) {
  uint64_t lanes = byte * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);
  return (lanes + UINT64_C(0x7F7F7F7F7F7F7F7F)) >> 7 & UINT64_C(0x0101010101010101);
}

static void row_set_mask(const gli__row_set *set, uint8_t *mask) {
  int64_t whole = set->limit / 8;
  for (int64_t group = 0; group < whole; group++) {
    uint64_t eight = spread_bits(set->words[group / 8] >> (group % 8 * 8) & 0xFF);
    memcpy(mask + group * 8, &eight, 8);
  }
  for (int64_t row = whole * 8; row < set->limit; row++)
    mask[row] = (uint8_t)(set->words[row / 64] >> (row % 64) & 1);
}

static gli_status filter_rows(gli_snapshot *snapshot, gli_side side,
                              const gli_expression *expression, const gli_control *control,
                              gli__row_set *set_out, gli_positions *positions_out,
                              gli_error *error) {
  gli__filter filter;
  gli_status status = gli__filter_bind(snapshot, side, expression, &filter, error);
  if (status != GLI_OK) return status;
  status = gli__filter_run(&filter, control, set_out, positions_out, error);
  gli__filter_release(&filter);
  return status;
}

gli_status gli_snapshot_filter(gli_snapshot *snapshot, gli_side side,
                               const gli_expression *expression, const gli_control *control,
                               gli_positions *positions_out, gli_error *error) {
  return filter_rows(snapshot, side, expression, control, NULL, positions_out, error);
}

gli_status gli_snapshot_filter_mask(gli_snapshot *snapshot, gli_side side,
                                    const gli_expression *expression, const gli_control *control,
                                    uint8_t *mask, gli_error *error) {
  gli__row_set set;
  gli_status status = filter_rows(snapshot, side, expression, control, &set, NULL, error);
  if (status != GLI_OK) return status;
  row_set_mask(&set, mask);
  gli__row_set_release(&set);
  return GLI_OK;
}
