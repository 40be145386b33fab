/* ranking.c: the best of many scored pairs, in order, by buckets of scores.
 *
 * A score's exponent and first bits are its cell. The first pairs that come decide which
 * neighbouring cells make a bucket, so that buckets are alike in size and fit in a cache. Pairs
 * are written bucket by bucket, those of each call into a segment of their own; in the end each
 * bucket is taken from all segments by one thread, spread over finer, even steps between its
 * lowest and highest score, put right by insertion, and written to the columns: each pair is moved
 * three times. Where a step or a bucket is crowded (many pairs of one score) it is merged, unless
 * it is in order already, as equal scores are where targets rise.
 *
 * When twice the limit would be held, the buckets that hold the best `limit` are moved to one
 * segment, the last of them in order and cut, and what is no better than its last pair is not kept
 * any more. So memory is 16 bytes for each of 2 limit pairs, or of what one call brings beside the
 * limit, and as much again while they are moved or written out. Places where scores go are counted
 * before pairs are written, for 16 parts of a call's sources: no thread waits for another. */
#include "cpu/link_prediction/ranking.h"

#include <string.h>

enum {
  CELL_SHIFT = 40, /* 4,096 cells for each power of two: equal scores have one for themselves */
  LOWEST_CELL = (1023 - 16) << 12,
  CELLS = 48 << 12,
  BUCKET_PAIRS = 1 << 12, /* wanted in a bucket */
  MOST_BUCKETS = 1 << 10, /* wanted; twice as many at the most */
  SAMPLE_PAIRS = 1 << 15, /* that decide on the buckets */
  SMALL_BUCKET = 1 << 16, /* pairs that one thread puts in order by itself */
  MOST_SEGMENTS = 1 << 8, /* then they are made one */
  PARTS = 16,             /* of a call's sources */
  STEPS = 1 << 13,
  CROWD = 24, /* pairs of one step that are merged */
  MOVED_PAIRS = 1 << 14,
};

static inline uint64_t bits_of(double score) {
  uint64_t bits;
  memcpy(&bits, &score, sizeof bits);
  return bits;
}

static inline uint32_t cell_of(double score) {
  const uint64_t cell = bits_of(score) >> CELL_SHIFT;
  if (cell < LOWEST_CELL) return 0;
  return cell - LOWEST_CELL < CELLS ? (uint32_t)(cell - LOWEST_CELL) : CELLS - 1;
}

/* --- Taking pairs ----------------------------------------------------------------------------- */

/* What one call brings. */
typedef struct adding {
  const gli__ranking *ranking;
  const gli__scored *rows;
  const int64_t *begins, *counts;
  int64_t parts[PARTS + 1]; /* first source of each part */
  uint32_t *places;         /* [part][bucket]: pairs there, then where the next one goes */
  gli__scored *pairs;
} adding;

static gli_status choose_buckets(gli__ranking *r, const adding *a, int64_t nodes, int64_t count,
                                 gli_error *error) {
  uint32_t *found = gli_run_allocate_zeroed(r->run, CELLS, sizeof *found);
  r->bucket_of = gli_run_allocate(r->run, CELLS, sizeof *r->bucket_of);
  r->segments = gli_run_allocate(r->run, MOST_SEGMENTS, sizeof *r->segments);
  if (found == NULL || r->bucket_of == NULL || r->segments == NULL) {
    return gli_run_no_memory(r->run, error);
  }
  const int64_t stride = count / SAMPLE_PAIRS + 1;
  int64_t wanted = r->expected / BUCKET_PAIRS + 1, sampled = 0, skipped = 0;
  if (wanted > MOST_BUCKETS) wanted = MOST_BUCKETS;
  for (int64_t k = 0; k < nodes; k++) {
    for (; skipped < a->counts[k]; skipped += stride, sampled++)
      found[cell_of(a->rows[a->begins[k] - a->begins[0] + skipped].score)]++;
    skipped -= a->counts[k];
  }
  const int64_t share = sampled / wanted + 1;
  int64_t bucket = 0, inside = 0;
  for (int64_t cell = CELLS - 1; cell >= 0; cell--) {
    if (inside > 0 && inside + found[cell] > share) { /* a crowded cell has a bucket for itself */
      bucket++;
      inside = 0;
    }
    r->bucket_of[cell] = (uint16_t)bucket;
    inside += found[cell];
  }
  r->buckets = bucket + 1;
  gli_run_release(r->run, found);
  return GLI_OK;
}

static void count_part(void *context, int64_t begin, int64_t end, int32_t worker) {
  const adding *a = context;
  const uint16_t *bucket_of = a->ranking->bucket_of;
  (void)worker;
  for (int64_t part = begin; part < end; part++) {
    uint32_t *places = a->places + part * a->ranking->buckets;
    for (int64_t k = a->parts[part]; k < a->parts[part + 1]; k++) {
      const gli__scored *row = a->rows + (a->begins[k] - a->begins[0]);
      for (int64_t j = 0; j < a->counts[k]; j++)
        places[bucket_of[cell_of(row[j].score)]]++;
    }
  }
}

static void place_part(void *context, int64_t begin, int64_t end, int32_t worker) {
  const adding *a = context;
  const uint16_t *bucket_of = a->ranking->bucket_of;
  (void)worker;
  for (int64_t part = begin; part < end; part++) {
    uint32_t *places = a->places + part * a->ranking->buckets;
    for (int64_t k = a->parts[part]; k < a->parts[part + 1]; k++) {
      const gli__scored *row = a->rows + (a->begins[k] - a->begins[0]);
      for (int64_t j = 0; j < a->counts[k]; j++)
        a->pairs[places[bucket_of[cell_of(row[j].score)]]++] = row[j];
    }
  }
}

/* Counts become places; where buckets begin in the segment. */
static void find_places(const adding *a, int64_t *begins) {
  const int64_t buckets = a->ranking->buckets;
  int64_t place = 0;
  for (int64_t bucket = 0; bucket < buckets; bucket++) {
    begins[bucket] = place;
    for (int64_t part = 0; part < PARTS; part++) {
      const uint32_t count = a->places[part * buckets + bucket];
      a->places[part * buckets + bucket] = (uint32_t)place;
      place += count;
    }
  }
  begins[buckets] = place;
}

static gli_status new_segment(gli__ranking *r, int64_t count, gli__segment *segment,
                              gli_error *error) {
  segment->pairs = gli_run_allocate(r->run, count + 1, sizeof *segment->pairs);
  segment->begins = gli_run_allocate(r->run, r->buckets + 1, sizeof *segment->begins);
  return segment->pairs == NULL || segment->begins == NULL ? gli_run_no_memory(r->run, error)
                                                           : GLI_OK;
}

/* --- Putting a bucket in order ---------------------------------------------------------------- */

static void insert_all(gli__scored *pairs, int64_t count) {
  for (int64_t k = 1; k < count; k++) {
    const gli__scored moved = pairs[k];
    int64_t at = k;
    for (; at > 0 && gli__scored_before(&moved, &pairs[at - 1]); at--)
      pairs[at] = pairs[at - 1];
    pairs[at] = moved;
  }
}

static bool in_order(const gli__scored *pairs, int64_t count) {
  for (int64_t k = 1; k < count; k++)
    if (gli__scored_before(&pairs[k], &pairs[k - 1])) return false;
  return true;
}

static void merge_all(gli__scored *pairs, gli__scored *spare, int64_t count) {
  if (count <= CROWD) {
    insert_all(pairs, count);
    return;
  }
  const int64_t half = count / 2;
  merge_all(pairs, spare, half);
  merge_all(pairs + half, spare, count - half);
  if (!gli__scored_before(&pairs[half], &pairs[half - 1])) return;
  memcpy(spare, pairs, (size_t)half * sizeof *pairs);
  int64_t a = 0, b = half;
  for (int64_t k = 0; a < half; k++) {
    const bool right = b < count && gli__scored_before(&pairs[b], &spare[a]);
    pairs[k] = right ? pairs[b++] : spare[a++];
  }
}

/* One step of a bucket, or a bucket of one score. */
static void order_step(gli__scored *pairs, gli__scored *spare, int64_t count) {
  if (count <= CROWD) {
    insert_all(pairs, count);
  } else if (!in_order(pairs, count)) {
    merge_all(pairs, spare, count);
  }
}

/* Pairs of a bucket of all segments spread into `to` by steps of 2^shift below `high`, of which
 * there are `steps`: ends[step] is where each ends. */
static void spread(const gli__ranking *r, int64_t bucket, uint64_t high, int shift, int64_t steps,
                   gli__scored *to, uint32_t *ends) {
  uint32_t place = 0;
  memset(ends, 0, (size_t)steps * sizeof *ends);
  for (int64_t k = 0; k < r->segment_count; k++) {
    const gli__segment *segment = &r->segments[k];
    for (int64_t j = segment->begins[bucket]; j < segment->begins[bucket + 1]; j++)
      ends[(high - bits_of(segment->pairs[j].score)) >> shift]++;
  }
  for (int64_t step = 0; step < steps; step++) {
    const uint32_t length = ends[step];
    ends[step] = place;
    place += length;
  }
  for (int64_t k = 0; k < r->segment_count; k++) {
    const gli__segment *segment = &r->segments[k];
    for (int64_t j = segment->begins[bucket]; j < segment->begins[bucket + 1]; j++)
      to[ends[(high - bits_of(segment->pairs[j].score)) >> shift]++] = segment->pairs[j];
  }
}

/* A bucket of all segments into `to`, in order; `spare` is as long. */
static void order_bucket(const gli__ranking *r, int64_t bucket, int64_t count, gli__scored *to,
                         gli__scored *spare, uint32_t *ends) {
  uint64_t low = UINT64_MAX, high = 0;
  for (int64_t k = 0; k < r->segment_count; k++) {
    const gli__segment *segment = &r->segments[k];
    for (int64_t j = segment->begins[bucket]; j < segment->begins[bucket + 1]; j++) {
      const uint64_t bits = bits_of(segment->pairs[j].score);
      low = bits < low ? bits : low;
      high = bits > high ? bits : high;
    }
  }
  const uint64_t most = count < STEPS / 2 ? 2 * (uint64_t)count : STEPS;
  int shift = 0;
  while ((high - low) >> shift >= most)
    shift++;
  const int64_t steps = (int64_t)((high - low) >> shift) + 1;
  spread(r, bucket, high, shift, steps, to, ends);
  for (int64_t step = 0, begin = 0; step < steps; begin = ends[step++])
    order_step(to + begin, spare, ends[step] - begin);
}

/* --- Moving buckets --------------------------------------------------------------------------- */

typedef struct moving {
  const gli__ranking *ranking;
  int64_t *begins;    /* [bucket + 1]: where each begins when all segments are one */
  gli__scored *pairs; /* moved to here, or */
  gli__scored *room;  /* [worker][2 room_pairs] in order here, and written out */
  int64_t room_pairs;
  int64_t bucket;  /* a large one alone */
  int64_t *places; /* [segment]: where its pairs go */
  uint32_t *ends;  /* [worker][STEPS] */
  double *scores;
  int32_t *sources, *targets;
} moving;

/* As many of `count` pairs as are moved between two looks at whether the run is to stop. */
static int64_t piece(int64_t count) {
  return count < MOVED_PAIRS ? count : MOVED_PAIRS;
}

static void copy_pairs(gli_run *run, gli__scored *to, const gli__scored *from, int64_t count) {
  for (int64_t k = 0; k < count && !gli_run_stopped(run); k += MOVED_PAIRS)
    memcpy(to + k, from + k, (size_t)piece(count - k) * sizeof *to);
}

static void move_bucket(void *context, int64_t begin, int64_t end, int32_t worker) {
  const moving *m = context;
  const gli__ranking *r = m->ranking;
  (void)worker;
  for (int64_t bucket = begin; bucket < end; bucket++) {
    gli__scored *to = m->pairs + m->begins[bucket];
    for (int64_t k = 0; k < r->segment_count; k++) {
      const int64_t *begins = r->segments[k].begins;
      const int64_t length = begins[bucket + 1] - begins[bucket];
      const gli__scored *from = r->segments[k].pairs + begins[bucket];
      copy_pairs(r->run, to, from, length);
      to += length;
    }
  }
}

static void write_pairs(const moving *m, const gli__scored *pairs, int64_t place, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    m->scores[place + k] = pairs[k].score;
    m->sources[place + k] = pairs[k].source;
    m->targets[place + k] = pairs[k].target;
  }
}

static void write_bucket(void *context, int64_t begin, int64_t end, int32_t worker) {
  const moving *m = context;
  gli__scored *room = m->room + worker * 2 * m->room_pairs;
  for (int64_t bucket = begin; bucket < end && !gli_run_stopped(m->ranking->run); bucket++) {
    const int64_t place = m->begins[bucket], count = m->begins[bucket + 1] - place;
    if (count == 0 || count > m->room_pairs) continue;
    order_bucket(m->ranking, bucket, count, room, room + m->room_pairs, m->ends + worker * STEPS);
    write_pairs(m, room, place, count);
  }
}

static void write_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const moving *m = context;
  (void)worker;
  write_pairs(m, m->pairs + begin, m->begins[0] + begin, end - begin);
}

/* Where buckets begin; returns how many of them hold the best `limit`. */
static int64_t find_begins(const gli__ranking *r, int64_t *begins) {
  int64_t place = 0, bucket = 0;
  for (; bucket < r->buckets && place < r->limit; bucket++) {
    begins[bucket] = place;
    for (int64_t k = 0; k < r->segment_count; k++)
      place += r->segments[k].begins[bucket + 1] - r->segments[k].begins[bucket];
  }
  for (int64_t after = bucket; after <= r->buckets; after++)
    begins[after] = place;
  return bucket;
}

/* One bucket of a single segment into order, by all threads. */
static gli_status order_large(const gli__ranking *r, gli__scored *pairs, int64_t count,
                              gli_error *error) {
  int64_t ordered = 1; /* pairs from the first on */
  while (ordered < count && in_order(pairs + ordered - 1, piece(count - ordered) + 1)) {
    ordered += piece(count - ordered);
    const gli_status status = gli_run_check(r->run, error);
    if (status != GLI_OK) return status;
  }
  if (ordered >= count) return GLI_OK;
  gli__scored *spare = gli_run_allocate(r->run, count, sizeof *spare);
  if (spare == NULL) return gli_run_no_memory(r->run, error);
  const gli_status status = gli__scored_sort(r->run, pairs, spare, count, error);
  gli_run_release(r->run, spare);
  return status;
}

/* All segments into one, without buckets that are not needed for the best `limit`. */
static gli_status merge_segments(gli__ranking *r, int64_t *filled_out, gli_error *error) {
  gli__segment merged;
  int64_t *begins = gli_run_allocate(r->run, r->buckets + 1, sizeof *begins);
  if (begins == NULL) return gli_run_no_memory(r->run, error);
  *filled_out = find_begins(r, begins);
  gli_status status = new_segment(r, begins[r->buckets], &merged, error);
  if (status != GLI_OK) return status;
  moving m = {.ranking = r, .begins = begins, .pairs = merged.pairs};
  status = gli_run_parallel(r->run, *filled_out, 1, move_bucket, &m, error);
  if (status != GLI_OK) return status;
  memcpy(merged.begins, begins, (size_t)(r->buckets + 1) * sizeof *begins);
  gli_run_release(r->run, begins);
  for (int64_t k = 0; k < r->segment_count; k++) {
    gli_run_release(r->run, r->segments[k].pairs);
    gli_run_release(r->run, r->segments[k].begins);
  }
  r->segments[0] = merged;
  r->segment_count = 1;
  r->count = merged.begins[r->buckets];
  return gli_run_check(r->run, error);
}

/* Keep the best `limit` alone, where there are as many. */
static gli_status cut(gli__ranking *r, gli_error *error) {
  int64_t filled = 0;
  gli_status status = merge_segments(r, &filled, error);
  if (status != GLI_OK || r->count < r->limit) return status;
  int64_t *begins = r->segments[0].begins;
  gli__scored *pairs = r->segments[0].pairs;
  const int64_t last = begins[filled - 1];
  status = order_large(r, pairs + last, r->count - last, error);
  if (status != GLI_OK) return status;
  r->floor = pairs[r->limit - 1].score;
  r->count = r->limit;
  for (int64_t bucket = filled; bucket <= r->buckets; bucket++)
    begins[bucket] = r->limit;
  return gli_run_check(r->run, error);
}

gli_status gli__ranking_add(gli__ranking *r, const gli__scored *rows, const int64_t *begins,
                            const int64_t *counts, int64_t nodes, gli_error *error) {
  adding a = {.ranking = r, .rows = rows, .begins = begins, .counts = counts};
  int64_t count = 0, passed = 0;
  gli_status status = GLI_OK;
  for (int64_t k = 0; k < nodes; k++)
    count += counts[k];
  if (count == 0) return GLI_OK;
  if (r->bucket_of == NULL) status = choose_buckets(r, &a, nodes, count, error);
  if (status != GLI_OK) return status;
  int64_t part = 1;
  for (int64_t k = 0; k < nodes; k++) {
    while (part < PARTS && passed >= count / PARTS * part)
      a.parts[part++] = k;
    passed += counts[k];
  }
  while (part <= PARTS)
    a.parts[part++] = nodes;
  gli__segment *segment = &r->segments[r->segment_count];
  status = new_segment(r, count, segment, error);
  if (status != GLI_OK) return status;
  a.pairs = segment->pairs;
  a.places = gli_run_allocate_zeroed(r->run, PARTS * r->buckets, sizeof *a.places);
  if (a.places == NULL) return gli_run_no_memory(r->run, error);
  status = gli_run_parallel(r->run, PARTS, 1, count_part, &a, error);
  if (status != GLI_OK) return status;
  find_places(&a, segment->begins);
  status = gli_run_parallel(r->run, PARTS, 1, place_part, &a, error);
  gli_run_release(r->run, a.places);
  if (status != GLI_OK) return status;
  r->segment_count++;
  r->count += count;
  if (r->segment_count == MOST_SEGMENTS ||
      (r->count > r->limit && r->count - r->limit > r->limit - r->portion)) {
    status = cut(r, error);
  }
  return status == GLI_OK ? gli_run_check(r->run, error) : status;
}

/* --- Writing out ------------------------------------------------------------------------------ */

static gli_status write_small(moving *m, int64_t filled, gli_error *error) {
  gli_run *run = m->ranking->run;
  const int64_t workers = gli_run_threads(run);
  m->room = gli_run_allocate(run, workers * 2 * m->room_pairs, sizeof *m->room);
  m->ends = gli_run_allocate(run, workers * STEPS, sizeof *m->ends);
  if (m->room == NULL || m->ends == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli_run_parallel(run, filled, 1, write_bucket, m, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}

static void collect_segment(void *context, int64_t begin, int64_t end, int32_t worker) {
  const moving *m = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const gli__segment *segment = &m->ranking->segments[k];
    const int64_t first = segment->begins[m->bucket];
    copy_pairs(m->ranking->run, m->pairs + m->places[k], segment->pairs + first,
               segment->begins[m->bucket + 1] - first);
  }
}

/* A bucket that is too large for one thread. */
static gli_status write_large(const moving *m, int64_t bucket, gli_error *error) {
  const gli__ranking *r = m->ranking;
  moving one = *m;
  int64_t count = 0;
  one.bucket = bucket;
  one.begins = m->begins + bucket;
  one.places = gli_run_allocate(r->run, r->segment_count, sizeof *one.places);
  one.pairs = gli_run_allocate(r->run, one.begins[1] - one.begins[0], sizeof *one.pairs);
  if (one.places == NULL || one.pairs == NULL) return gli_run_no_memory(r->run, error);
  for (int64_t k = 0; k < r->segment_count; k++) {
    one.places[k] = count;
    count += r->segments[k].begins[bucket + 1] - r->segments[k].begins[bucket];
  }
  gli_status status = gli_run_parallel(r->run, r->segment_count, 1, collect_segment, &one, error);
  if (status == GLI_OK) status = order_large(r, one.pairs, count, error);
  if (status == GLI_OK)
    status = gli_run_parallel(r->run, count, MOVED_PAIRS, write_block, &one, error);
  gli_run_release(r->run, one.places);
  gli_run_release(r->run, one.pairs);
  return status == GLI_OK ? gli_run_check(r->run, error) : status;
}

gli_status gli__ranking_columns(gli__ranking *r, gli_result *result, gli_error *error) {
  gli_status status = r->count > r->limit ? cut(r, error) : GLI_OK; /* less memory beside columns */
  const int64_t wanted = r->count;
  moving m = {.ranking = r};
  void *score = NULL, *source = NULL, *target = NULL;
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, wanted, &score,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, wanted, &source,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, wanted, &target,
                                   error);
  }
  if (status != GLI_OK || wanted == 0) return status;
  m.scores = score;
  m.sources = source;
  m.targets = target;
  m.begins = gli_run_allocate(r->run, r->buckets + 1, sizeof *m.begins);
  if (m.begins == NULL) return gli_run_no_memory(r->run, error);
  const int64_t filled = find_begins(r, m.begins);
  int64_t large = 0;
  for (int64_t bucket = 0; bucket < filled; bucket++) {
    const int64_t count = m.begins[bucket + 1] - m.begins[bucket];
    large += count > SMALL_BUCKET;
    if (count <= SMALL_BUCKET && count > m.room_pairs) m.room_pairs = count;
  }
  status = write_small(&m, filled, error);
  for (int64_t bucket = 0; bucket < filled && status == GLI_OK && large > 0; bucket++) {
    if (m.begins[bucket + 1] - m.begins[bucket] > SMALL_BUCKET)
      status = write_large(&m, bucket, error);
  }
  return status;
}
