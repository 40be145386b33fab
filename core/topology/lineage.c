/* lineage.c: the journal of changes, its readers, and the watch on a graph's end; see lineage.h.
 *
 * Changes are 16 bytes each in a shared buffer that is only appended to: what a frozen topology has
 * seen of it stays, and growing while one looks copies (buffer.c). States are numbered when a
 * topology is frozen; a journal continues a state when it was opened by the first change after it.
 * So a copy at state s is brought up to date by a journal either from where s was passed, or from
 * the start when the journal began at s, which is how a copy that was made before anybody watched
 * comes to follow. */
#include "topology/lineage.h"

#include "topology/parts.h"

/* So many changes are kept whatever the size of the graph; 1 MiB. */
#define KEPT_ANYWAY (INT64_C(1) << 16)
/* A journal that was followed to its end is exchanged from this length on. */
#define WORTH_EXCHANGING (INT64_C(1) << 12)
#define FIRST_CAPACITY 256

gli_status gli__lineage_create(gli__memory *memory, gli__lineage **lineage_out, gli_error *error) {
  gli__lineage *lineage = gli__allocate_zeroed(memory, 1, sizeof *lineage);
  if (lineage == NULL) return gli__no_memory(error, "a topology");
  lineage->memory = gli__memory_retain(memory);
  lineage->id = gli__buffer_token();
  atomic_init(&lineage->references, 1);
  *lineage_out = lineage;
  return GLI_OK;
}

gli__lineage *gli__lineage_retain(gli__lineage *lineage) {
  atomic_fetch_add_explicit(&lineage->references, 1, memory_order_relaxed);
  return lineage;
}

void gli__lineage_free(gli__lineage *lineage) {
  if (lineage == NULL) return;
  if (atomic_fetch_sub_explicit(&lineage->references, 1, memory_order_acq_rel) != 1) return;
  gli__watch *watch = atomic_load_explicit(&lineage->watches, memory_order_acquire);
  while (watch != NULL) {
    gli__watch *next = watch->next;
    atomic_store_explicit(&watch->is_over, true, memory_order_release);
    gli__watch_free(watch);
    watch = next;
  }
  gli__memory *memory = lineage->memory;
  gli__release(memory, lineage, 1, sizeof *lineage);
  gli__memory_free(memory);
}

/* --- Watches --------------------------------------------------------------------------------- */

void gli__watch_free(gli__watch *watch) {
  if (watch == NULL) return;
  if (atomic_fetch_sub_explicit(&watch->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = watch->memory;
  gli__release(memory, watch, 1, sizeof *watch);
  gli__memory_free(memory);
}

/* One that its watcher has given up, so that coming and going leaves nothing behind. */
static gli__watch *reuse_watch(gli__lineage *lineage, const gli__memory *memory) {
  gli__watch *watch = atomic_load_explicit(&lineage->watches, memory_order_acquire);
  for (; watch != NULL; watch = watch->next) {
    uint32_t unused = 1;
    if (watch->memory == memory &&
        atomic_compare_exchange_strong_explicit(&watch->references, &unused, 2,
                                                memory_order_acq_rel, memory_order_relaxed)) {
      return watch;
    }
  }
  return NULL;
}

gli_status gli__frozen_watch(gli__frozen *frozen, gli__memory *memory, gli__watch **watch_out,
                             gli_error *error) {
  gli__lineage *lineage = frozen->lineage;
  gli__watch *watch = reuse_watch(lineage, memory);
  if (watch == NULL) {
    watch = gli__allocate_zeroed(memory, 1, sizeof *watch);
    if (watch == NULL) return gli__no_memory(error, "the watch on a graph");
    watch->memory = gli__memory_retain(memory);
    atomic_init(&watch->references, 2);
    watch->next = atomic_load_explicit(&lineage->watches, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&lineage->watches, &watch->next, watch,
                                                  memory_order_release, memory_order_relaxed)) {
    }
  }
  atomic_store_explicit(&lineage->watched, true, memory_order_relaxed);
  *watch_out = watch;
  return GLI_OK;
}

/* Whether any watcher has not given up. */
static bool is_watched(gli__lineage *lineage) {
  if (!atomic_load_explicit(&lineage->watched, memory_order_relaxed)) return false;
  const gli__watch *watch = atomic_load_explicit(&lineage->watches, memory_order_acquire);
  while (watch != NULL && atomic_load_explicit(&watch->references, memory_order_relaxed) < 2)
    watch = watch->next;
  return watch != NULL;
}

/* --- The writer ------------------------------------------------------------------------------ */

void gli__journal_end(gli__journal *journal) {
  if (journal->changes == NULL) return;
  gli__buffer_free(journal->changes);
  *journal = (gli__journal){0};
}

void gli__journal_write(gli__journal *journal, int64_t most, int32_t node, int64_t begin,
                        uint32_t count) {
  int64_t at = journal->count;
  if (GLI__UNLIKELY(at == journal->changes->capacity)) {
    bool is_long = at >= KEPT_ANYWAY && at >= most;
    if (is_long ||
        gli__buffer_reserve(&journal->changes, journal->epoch, at, at + 1, NULL) != GLI_OK) {
      gli__journal_end(journal);
      return;
    }
  }
  gli__change *changes = journal->changes->data[0];
  changes[at] = (gli__change){.begin = begin, .node = node, .count = count};
  journal->count = at + 1;
}

void gli__journal_continue(gli__journal *journal, gli__lineage *lineage, bool in, uint64_t state,
                           int64_t entries) {
  if (!is_watched(lineage)) {
    gli__journal_end(journal);
    return;
  }
  if (journal->changes != NULL) {
    bool is_long = journal->count >= KEPT_ANYWAY && journal->count >= entries / 8;
    bool followed = atomic_load_explicit(&lineage->followed[in], memory_order_relaxed) == state;
    if (!is_long && !(followed && journal->count >= WORTH_EXCHANGING)) return;
    gli__journal_end(journal);
  }
  gli__journal fresh = {.epoch = gli__buffer_token(), .start_state = state};
  if (gli__buffer_create(lineage->memory, 1, (uint32_t)sizeof(gli__change), FIRST_CAPACITY,
                         fresh.epoch, &fresh.changes, NULL) == GLI_OK) {
    *journal = fresh;
  }
}

gli__journal gli__journal_retain(const gli__journal *journal) {
  gli__journal seen = *journal;
  (void)gli__buffer_retain(seen.changes);
  return seen;
}

/* --- Readers --------------------------------------------------------------------------------- */

uint64_t gli__frozen_lineage(const gli__frozen *frozen) {
  return frozen->lineage->id;
}

gli__mark gli__frozen_mark(const gli__frozen *frozen, bool in) {
  gli__mark mark = {.state = frozen->state};
  in = in && frozen->directed;
  if (in) {
    const gli__side *side = atomic_load_explicit(&frozen->derived->in, memory_order_acquire);
    if (side == NULL) return (gli__mark){0};
    mark.state = side->state;
  }
  mark.epoch = frozen->journals[in].epoch;
  mark.position = frozen->journals[in].count;
  return mark;
}

/* Where in the journal a copy that is at `since` goes on; -1: nowhere. */
static int64_t place_in(const gli__journal *journal, const gli__mark *since, const gli__mark *now) {
  if (since->state == now->state) return journal->count;
  if (journal->changes == NULL) return -1;
  if (since->epoch == journal->epoch) return since->position;
  return since->state == journal->start_state ? 0 : -1;
}

bool gli__frozen_changes(const gli__frozen *frozen, bool in, const gli__mark *since,
                         const gli__change **changes_out, int64_t *count_out) {
  const gli__mark now = gli__frozen_mark(frozen, in);
  if (since->state == 0 || now.state == 0) return false;
  const gli__journal *journal = &frozen->journals[in && frozen->directed];
  const int64_t position = place_in(journal, since, &now);
  /* Beyond the end: the frozen one is an earlier state than `since`. */
  if (position < 0 || position > journal->count) return false;
  *count_out = journal->count - position;
  *changes_out = *count_out == 0 ? NULL : (const gli__change *)journal->changes->data[0] + position;
  return true;
}

void gli__frozen_followed(gli__frozen *frozen, bool in) {
  in = in && frozen->directed;
  const uint64_t state = gli__frozen_mark(frozen, in).state;
  atomic_store_explicit(&frozen->lineage->followed[in], state, memory_order_relaxed);
}
