/* arena.c: blocks of the arena: free lists, what snapshots may still read, collection.
 *
 * A freed block keeps the position of the next free one of its code in its own first entry, so free
 * lists cost no memory. A range that is no block (the tail of a shortened row, a bulk-built row) is
 * cut into blocks. While a snapshot holds the arena, blocks below `published` may be read by it:
 * they are put aside and become free once nobody else holds the arena any more.
 *
 * Growing by blocks leaves small ones behind (every row of length 10 once owned blocks of 1, 2, 3,
 * 4, 6 and 8). When more than a quarter of the arena is garbage it is collected: at the next
 * freeze, or when an append would have to enlarge the arena. One pass, O(n + m), amortised by the
 * garbage. */
#include "base/pool.h"
#include "topology/parts.h"

#define PAIR(power) UINT32_C(1) << (power), UINT32_C(3) << ((power)-1)
const uint32_t gli__code_capacity[GLI__CODE_COUNT] = {
    0,        1,        2,        3,        PAIR(2),  PAIR(3),  PAIR(4),  PAIR(5),  PAIR(6),
    PAIR(7),  PAIR(8),  PAIR(9),  PAIR(10), PAIR(11), PAIR(12), PAIR(13), PAIR(14), PAIR(15),
    PAIR(16), PAIR(17), PAIR(18), PAIR(19), PAIR(20), PAIR(21), PAIR(22), PAIR(23), PAIR(24),
    PAIR(25), PAIR(26), PAIR(27), PAIR(28), PAIR(29), PAIR(30), PAIR(31)};
#undef PAIR

/* Below this many entries garbage is not worth a pass. */
#define COLLECT_AT_LEAST 4096
#define COLLECT_GRAIN 8192

static void reset_books(gli__side *side) {
  for (int code = 0; code < GLI__CODE_COUNT; ++code)
    side->free_heads[code] = -1;
}

gli_status gli__side_create(gli__memory *memory, uint64_t token, int64_t node_capacity,
                            int64_t entry_capacity, gli__side *side_out, gli_error *error) {
  gli__side side = {.rows_private = true};
  reset_books(&side);
  gli_status status = gli__buffer_create(memory, 1, (uint32_t)sizeof(gli_row), node_capacity, token,
                                         &side.rows, error);
  if (status != GLI_OK) return status;
  status = gli__buffer_create(memory, 2, 4, entry_capacity, token, &side.arena, error);
  if (status != GLI_OK) {
    gli__buffer_free(side.rows);
    return status;
  }
  *side_out = side;
  return GLI_OK;
}

void gli__side_clear(gli__side *side, gli__memory *memory) {
  gli__buffer_free(side->rows);
  gli__buffer_free(side->arena);
  gli__journal_end(&side->journal);
  gli__release(memory, side->retired, (size_t)side->retired_capacity, sizeof *side->retired);
  gli__release(memory, side->dead_nodes, (size_t)side->dead_capacity, sizeof *side->dead_nodes);
  *side = (gli__side){0};
}

void gli__side_share(const gli__side *from, gli__side *side_out) {
  gli__side side = {.rows = gli__buffer_retain(from->rows),
                    .arena = gli__buffer_retain(from->arena),
                    .tail = from->tail,
                    .published = from->tail,
                    .entries = from->entries,
                    .garbage = from->garbage,
                    .state = from->state,
                    .sweep_all = from->dead_count > 0 || from->sweep_all};
  reset_books(&side);
  *side_out = side;
}

void gli__side_publish(gli__side *side) {
  side->published = side->tail;
  side->rows_private = false;
  side->writable = false;
}

bool gli__block_is_visible(const gli__side *side, int64_t begin) {
  return begin < side->published && gli__buffer_is_shared(side->arena);
}

/* The free list is threaded through the first entries of the blocks. */
static inline void push_block(gli__side *side, uint32_t code, int64_t begin) {
  int64_t next = side->free_heads[code];
  gli__side_neighbors(side)[begin] = (int32_t)(uint32_t)(next & UINT32_MAX);
  gli__side_edges(side)[begin] = (uint32_t)((uint64_t)next >> 32);
  side->free_heads[code] = begin;
}

static inline int64_t pop_block(gli__side *side, uint32_t code) {
  int64_t begin = side->free_heads[code];
  if (begin < 0) return -1;
  uint64_t low = (uint32_t)gli__side_neighbors(side)[begin];
  uint64_t high = gli__side_edges(side)[begin];
  side->free_heads[code] = (int64_t)(high << 32 | low);
  side->garbage -= gli__code_capacity[code];
  return begin;
}

static void push_range(gli__side *side, int64_t begin, int64_t count) {
  while (count > 0) {
    uint32_t wanted = count > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)count;
    uint32_t code = gli__code_for(wanted);
    if (gli__code_capacity[code] > wanted) --code;
    push_block(side, code, begin);
    begin += gli__code_capacity[code];
    count -= gli__code_capacity[code];
  }
}

static void retire(gli__memory *memory, gli__side *side, int64_t begin, int64_t count) {
  if (side->retired_count == side->retired_capacity) {
    int64_t capacity = side->retired_capacity == 0 ? 64 : 2 * side->retired_capacity;
    gli__range *larger = gli__reallocate(memory, side->retired, (size_t)side->retired_capacity,
                                         (size_t)capacity, sizeof *larger);
    if (larger == NULL) return; /* lost until the next collection */
    side->retired = larger;
    side->retired_capacity = capacity;
  }
  side->retired[side->retired_count++] = (gli__range){begin, count};
}

void gli__block_free(gli__side *side, int64_t begin, int64_t count) {
  if (count <= 0) return;
  side->garbage += count;
  if (gli__block_is_visible(side, begin)) {
    retire(side->arena->memory, side, begin, count);
  } else if (begin + count == side->tail) {
    side->tail = begin;
    side->garbage -= count;
  } else {
    push_range(side, begin, count);
  }
}

void gli__row_block_free(gli__side *side, const gli_row *row) {
  uint32_t code = gli__row_code(row);
  /* The usual case short: a block that no snapshot sees, somewhere in the arena. */
  if (code != 0 && row->begin + gli__code_capacity[code] != side->tail &&
      (row->begin >= side->published || !gli__buffer_is_shared(side->arena))) {
    push_block(side, code, row->begin);
    side->garbage += gli__code_capacity[code];
    return;
  }
  gli__block_free(side, row->begin, gli__row_capacity(row));
}

/* What snapshots held is free once they are gone. */
static void reclaim_retired(gli__side *side) {
  if (side->retired_count == 0 || gli__buffer_is_shared(side->arena)) return;
  for (int64_t k = 0; k < side->retired_count; ++k) {
    push_range(side, side->retired[k].begin, side->retired[k].count);
  }
  side->retired_count = 0;
}

gli_status gli__block_allocate(gli__topology *topology, gli__side *side, uint32_t code,
                               bool may_collect, int64_t *begin_out, gli_error *error) {
  int64_t begin = pop_block(side, code);
  if (begin < 0 && side->retired_count > 0) {
    reclaim_retired(side);
    begin = pop_block(side, code);
  }
  if (begin < 0) {
    int64_t needed = side->tail + gli__code_capacity[code];
    if (needed > side->arena->capacity && may_collect && side->tail > COLLECT_AT_LEAST &&
        side->garbage * 4 > side->tail) {
      if (gli__side_collect(topology, side, NULL) == GLI_OK) {
        needed = side->tail + gli__code_capacity[code];
      }
    }
    gli_status status =
        gli__buffer_reserve(&side->arena, topology->token, side->tail, needed, error);
    if (status != GLI_OK) return status;
    begin = side->tail;
    side->tail = needed;
  }
  *begin_out = begin;
  return GLI_OK;
}

/* --- Collection ------------------------------------------------------------------------------ */

typedef struct collection {
  const gli__side *from;
  const uint64_t *bits;
  int64_t node_limit;
  int64_t *begins; /* per block of nodes: where its rows go */
  gli_row *rows;
  int32_t *neighbors;
  uint32_t *edges;
} collection;

/* A row keeps a block of the smallest size that holds it; an exact row stays exact. */
static uint32_t collected_code(const gli_row *row) {
  uint32_t live = row->length - gli__row_dead(row);
  return gli__row_code(row) == 0 || live == 0 ? 0 : gli__code_for(live);
}

static void measure_rows(void *context, int64_t begin, int64_t end, int32_t worker) {
  collection *job = context;
  const gli_row *rows = gli__side_rows(job->from);
  int64_t total = 0;
  (void)worker;
  for (int64_t node = begin; node < end; ++node) {
    uint32_t code = collected_code(&rows[node]);
    total += code == 0 ? rows[node].length - gli__row_dead(&rows[node]) : gli__code_capacity[code];
  }
  job->begins[begin / COLLECT_GRAIN] = total;
}

static void move_rows(void *context, int64_t begin, int64_t end, int32_t worker) {
  collection *job = context;
  const gli_row *rows = gli__side_rows(job->from);
  const int32_t *neighbors = gli__side_neighbors(job->from);
  const uint32_t *edges = gli__side_edges(job->from);
  int64_t at = job->begins[begin / COLLECT_GRAIN];
  (void)worker;
  for (int64_t node = begin; node < end; ++node) {
    const gli_row *row = &rows[node];
    uint32_t code = collected_code(row), live = row->length - gli__row_dead(row);
    int64_t to = at;
    for (uint32_t k = 0; k < row->length; ++k) {
      uint32_t edge = edges[row->begin + k];
      if (live != row->length && !gli_bit(job->bits, edge)) continue;
      job->neighbors[to] = neighbors[row->begin + k];
      job->edges[to++] = edge;
    }
    job->rows[node] = (gli_row){.begin = at, .length = live, .writer = code << GLI__DEAD_BITS};
    at += code == 0 ? live : gli__code_capacity[code];
  }
}

gli_status gli__side_collect(gli__topology *topology, gli__side *side, gli_error *error) {
  gli__memory *memory = topology->memory;
  int64_t node_limit = topology->node_limit;
  int64_t blocks = (node_limit + COLLECT_GRAIN - 1) / COLLECT_GRAIN;
  collection job = {
      .from = side, .bits = gli__bits_of(topology->edge_bits), .node_limit = node_limit};
  gli__side fresh = {0};
  gli__run_guard guard = {0};
  gli_status status = gli__run_guard_begin(&guard, NULL, memory, error);
  if (status != GLI_OK) return status;
  job.begins = gli__allocate(memory, (size_t)blocks + 1, sizeof *job.begins);
  if (job.begins == NULL) {
    status = gli__no_memory(error, "the collection of the arena");
    goto cleanup;
  }
  status = gli_run_parallel(guard.run, node_limit, COLLECT_GRAIN, measure_rows, &job, error);
  if (status != GLI_OK) goto cleanup;
  int64_t total = 0;
  for (int64_t block = 0; block < blocks; ++block) {
    int64_t size = job.begins[block];
    job.begins[block] = total;
    total += size;
  }
  status = gli__side_create(memory, topology->token, side->rows->capacity, total + total / 8,
                            &fresh, error);
  if (status != GLI_OK) goto cleanup;
  job.rows = gli__side_rows(&fresh);
  job.neighbors = gli__side_neighbors(&fresh);
  job.edges = gli__side_edges(&fresh);
  status = gli_run_parallel(guard.run, node_limit, COLLECT_GRAIN, move_rows, &job, error);
  if (status != GLI_OK) goto cleanup;
  fresh.tail = total;
  fresh.entries = side->entries;
  gli__side old = *side;
  *side = fresh;
  fresh = old;
cleanup:
  gli__side_clear(&fresh, memory);
  gli__release(memory, job.begins, (size_t)blocks + 1, sizeof *job.begins);
  gli__run_guard_end(&guard);
  return status;
}
