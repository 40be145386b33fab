/* lineage.h: what changed between two snapshots of a graph, for whoever keeps a copy of its rows
 * (a device).
 *
 * A live topology and all that was frozen of it share a lineage. Once somebody watches it, the
 * writer keeps a journal per side: which entries of the arena were written for which row. A frozen
 * topology remembers how long the journal was when it was made, so that what lies between two of
 * them is a piece of the journal. An unwatched topology keeps none and pays nothing for it:
 * journals are opened by the first change after a freeze, where the state that they continue is at
 * hand, and a side that has one leaves the fast path of appending (gli__side.writable).
 *
 * A journal ends when it cannot be continued (the arena was collected, all rows were built anew, no
 * memory), is not worth it (longer than an eighth of the entries) or nobody watches any more. Then
 * a copy is due in full, and the next change after the next freeze opens another one.
 *
 * The entries that a change names may have been freed and written again since, for another row:
 * copy only what lies in the row of that node in the snapshot that is being copied. That never
 * changes while the snapshot lives. */
#ifndef GLI_TOPOLOGY_LINEAGE_H
#define GLI_TOPOLOGY_LINEAGE_H

#include "topology/buffer.h"
#include "topology/topology.h"

/* Entries [begin, begin + count) of the arena were written for the row of `node`; with or without
 * any, its record may have changed. */
typedef struct gli__change {
  int64_t begin;
  int32_t node;
  uint32_t count;
} gli__change;

/* Told when a graph and all its snapshots are gone. Belongs to who watches and to the lineage. */
typedef struct gli__watch {
  struct gli__watch *next;
  gli__memory *memory;
  _Atomic uint32_t references; /* 2: used; 1: one of the two has given it up */
  atomic_bool is_over;
} gli__watch;

typedef struct gli__lineage {
  gli__memory *memory;
  uint64_t id; /* never the same twice in a process */
  _Atomic int64_t references;
  atomic_bool watched;
  _Atomic uint64_t followed[2];  /* by side: the state that a copy has reached */
  _Atomic(gli__watch *) watches; /* only ever gets longer while the lineage lives */
} gli__lineage;

gli_status gli__lineage_create(gli__memory *memory, gli__lineage **lineage_out, gli_error *error);
gli__lineage *gli__lineage_retain(gli__lineage *lineage);
void gli__lineage_free(gli__lineage *lineage); /* drops one reference; NULL is legal */

/* The changes of one side, of a live topology or as they were when it was frozen. */
typedef struct gli__journal {
  gli__buffer *changes; /* gli__change; NULL: none is kept */
  int64_t count;
  uint64_t epoch;       /* never the same twice: of this journal */
  uint64_t start_state; /* what it continues; 0: nothing that was frozen */
} gli__journal;

/* The writer's one call; does nothing without a journal. Never fails: without memory, or beyond
 * `most` changes, the journal ends. */
void gli__journal_write(gli__journal *journal, int64_t most, int32_t node, int64_t begin,
                        uint32_t count);
static inline void gli__journal_note(gli__journal *journal, int64_t entries, int32_t node,
                                     int64_t begin, uint32_t count) {
  if (journal->changes != NULL) gli__journal_write(journal, entries / 8, node, begin, count);
}
/* Open a journal that continues `state`, if the lineage is watched; a long one that every copy has
 * followed to its end makes room for a new one. */
void gli__journal_continue(gli__journal *journal, gli__lineage *lineage, bool in, uint64_t state,
                           int64_t entries);
void gli__journal_end(gli__journal *journal);
/* For a frozen topology: as it is now. */
gli__journal gli__journal_retain(const gli__journal *journal);

/* --- For who keeps a copy --------------------------------------------------------------------- */

/* The graph that a frozen topology is of. */
uint64_t gli__frozen_lineage(const gli__frozen *frozen);

/* From now on changes are journalled. The watch (of the watcher's memory) says when nobody can hand
 * out a snapshot of this lineage any more. */
gli_status gli__frozen_watch(gli__frozen *frozen, gli__memory *memory, gli__watch **watch_out,
                             gli_error *error);
static inline bool gli__watch_is_over(const gli__watch *watch) {
  return atomic_load_explicit(&watch->is_over, memory_order_acquire);
}
void gli__watch_free(gli__watch *watch); /* NULL is legal */

/* A state of one side. Two marks with the same state are of the same records and entries; a later
 * state has a greater number. in: of the in rows (undirected: the rows). */
typedef struct gli__mark {
  uint64_t state; /* 0: no such rows (in rows that nobody needed yet) */
  uint64_t epoch; /* of the journal that goes through this state; 0: none */
  int64_t position;
} gli__mark;
gli__mark gli__frozen_mark(const gli__frozen *frozen, bool in);
/* What changed between an earlier snapshot with the mark `since` and this one; rows of nodes that
 * are new since are not named if they were never written. The array lives as long as `frozen`.
 * False: not known, copy everything. */
bool gli__frozen_changes(const gli__frozen *frozen, bool in, const gli__mark *since,
                         const gli__change **changes_out, int64_t *count_out);
/* A copy has reached this state: what led to it may be forgotten. */
void gli__frozen_followed(gli__frozen *frozen, bool in);

#endif
