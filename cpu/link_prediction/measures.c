/* measures.c: what two nodes have in common, and the score that a measure makes of it.
 *
 * Rows of similar length are merged; where one is much longer, its entries are searched instead
 * (binary search from the last place found). Common neighbours are added up in rising order, so
 * that the same pair has the same bits whoever asks for it. Simple rows leave loops out, so they
 * are counted beside. Many pairs at once: pair_scores.c. */
#include "cpu/link_prediction/measures.h"

#include <math.h>
#include <string.h>

enum { LONGER_BY = 16, BLOCK_ENTRIES = 1 << 16 };

gli__measure gli__measure_named(const char *name) {
  static const char *const names[] = {
      [GLI__ADAMIC_ADAR] = "adamic_adar",
      [GLI__COMMON_NEIGHBORS] = "common_neighbors",
      [GLI__COSINE] = "cosine",
      [GLI__JACCARD] = "jaccard",
      [GLI__OVERLAP] = "overlap",
      [GLI__PREFERENTIAL_ATTACHMENT] = "preferential_attachment",
      [GLI__RESOURCE_ALLOCATION] = "resource_allocation",
      [GLI__SORENSEN] = "sorensen",
  };
  int measure = 0;
  while (strcmp(names[measure], name) != 0)
    measure++;
  return (gli__measure)measure;
}

/* --- What is common --------------------------------------------------------------------------- */

/* First place in [low, high) whose neighbour is at least `wanted`; high where there is none. */
static int64_t lower_bound(const int32_t *neighbors, int64_t low, int64_t high, int32_t wanted) {
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (neighbors[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static bool joined(const gli_simple_rows *rows, int32_t u, int32_t v) {
  const int64_t end = rows->offsets[u + 1];
  const int64_t at = lower_bound(rows->neighbors, rows->offsets[u], end, v);
  return at < end && rows->neighbors[at] == v;
}

double gli__measure_common(const gli__measuring *m, int32_t u, int32_t v) {
  const int32_t *neighbors = m->simple.neighbors;
  int64_t a = m->simple.offsets[u], b = m->simple.offsets[v];
  int64_t a_end = m->simple.offsets[u + 1], b_end = m->simple.offsets[v + 1];
  int64_t count = 0;
  double sum = 0;
  if (a_end - a > b_end - b) { /* a: the shorter */
    const int64_t begin = a, end = a_end;
    a = b;
    a_end = b_end;
    b = begin;
    b_end = end;
  }
  const bool search = (b_end - b) / LONGER_BY > a_end - a;
  while (a < a_end && b < b_end) {
    const int32_t left = neighbors[a];
    if (search) b = lower_bound(neighbors, b, b_end, left);
    if (b == b_end) break;
    const int32_t right = neighbors[b];
    if (m->shares != NULL && left == right) sum += m->shares[left];
    count += left == right;
    a += left <= right;
    b += right <= left;
  }
  return m->shares != NULL ? sum : (double)count;
}

int64_t gli__measure_degree(const gli__measuring *m, int32_t v) {
  return m->simple.offsets[v + 1] - m->simple.offsets[v] + 2 * m->loops[v];
}

double gli__measure_score(const gli__measuring *m, int32_t u, int32_t v, double common) {
  const int64_t *offsets = m->simple.offsets;
  const double u_size = (double)(offsets[u + 1] - offsets[u] + m->loops[u]);
  const double v_size = (double)(offsets[v + 1] - offsets[v] + m->loops[v]);
  switch (m->measure) {
    case GLI__ADAMIC_ADAR:
    case GLI__COMMON_NEIGHBORS:
    case GLI__RESOURCE_ALLOCATION:
      return common;
    case GLI__PREFERENTIAL_ATTACHMENT:
      return (double)gli__measure_degree(m, u) * (double)gli__measure_degree(m, v);
    case GLI__COSINE: /* the root of one number: exact where the sizes are equal */
      return u_size * v_size > 0 ? common / sqrt(u_size * v_size) : 0;
    case GLI__OVERLAP:
      return u_size * v_size > 0 ? common / fmin(u_size, v_size) : 0;
    case GLI__SORENSEN:
      return u_size + v_size > 0 ? 2 * common / (u_size + v_size) : 0;
    case GLI__JACCARD:
      break;
  }
  if (u_size + v_size == 0) return 0;
  if (u == v) return common / u_size;
  double shared = common; /* in both sets; u and v themselves are there where they have loops */
  if (m->loops[u] + m->loops[v] > 0 && joined(&m->simple, u, v)) {
    shared += m->loops[u] + m->loops[v];
  }
  return common / (u_size + v_size - shared);
}

/* --- Getting ready ---------------------------------------------------------------------------- */

double gli__measure_share(gli__measure measure, double degree) {
  if (measure == GLI__RESOURCE_ALLOCATION && degree > 0) return 1 / degree;
  if (measure == GLI__ADAMIC_ADAR && degree > 1) return 1 / log(degree);
  return 0;
}

typedef struct preparing {
  const gli__measuring *m;
  gli_rows rows;
  uint8_t *loops;
  double *shares;
} preparing;

static void prepare_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const preparing *p = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = p->rows.rows[v];
    for (int64_t k = row.begin; k < row.begin + row.length; k++)
      p->loops[v] |= p->rows.neighbors[k] == v;
    if (p->shares == NULL) continue;
    p->shares[v] = gli__measure_share(p->m->measure, (double)gli__measure_degree(p->m, (int32_t)v));
  }
}

gli_status gli__measuring_prepare(gli_run *run, gli_snapshot *snapshot, gli__measure measure,
                                  gli__measuring *measuring_out, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  gli__measuring *m = measuring_out;
  preparing p = {.m = m, .rows = gli_snapshot_out_rows(snapshot)};
  *m = (gli__measuring){.run = run, .measure = measure};
  gli_status status = gli_snapshot_simple_rows(snapshot, &m->simple, error);
  if (status != GLI_OK) return status;
  m->loops = p.loops = gli_run_allocate_zeroed(run, limit + 1, 1);
  if (p.loops == NULL) return gli_run_no_memory(run, error);
  if (measure == GLI__ADAMIC_ADAR || measure == GLI__RESOURCE_ALLOCATION) {
    m->shares = p.shares = gli_run_allocate_zeroed(run, limit + 1, sizeof *p.shares);
    if (p.shares == NULL) return gli_run_no_memory(run, error);
  }
  const int64_t grain = gli__cpu_grain(limit, p.rows.entry_count, BLOCK_ENTRIES);
  return gli_run_parallel(run, limit, grain, prepare_block, &p, error);
}
