/* ids.h: external id (int64 or UTF-8 text) <-> dense node index.
 *
 * While the ids are exactly 0, 1, 2 ... in order nothing is stored at all (the identity); the first
 * other id builds the records and the hash table. A record is 16 bytes with up to 15 bytes of text
 * inline; longer text goes to an arena. The table has slots of 8 bytes {tag32, index32}, linear
 * probing. Records never move and are only ever added, so a snapshot reads without a lock beside
 * one adder: an entry of a removed node stays in the table and is told apart by the alive bitmap
 * that the caller gives; renumbering makes new storage and leaves the old one to the snapshots that
 * hold it. An id that was removed and added again takes over its slot; the older index stays
 * reachable for snapshots. table.c says why that is right beside readers.
 *
 * Memory: 16 bytes a node, and 11 to 23 (17 at a million) of table.
 *
 * Who may call what: add, remove_last, rollback, reserve, burn: the adder, alone (the graph's
 * exclusive lock), with no other owner that adds (a copy of a graph clones before its first add).
 * find, get, prefetch: anyone who holds a reference, with the limit and bits of his view. */
#ifndef GLI_IDS_IDS_H
#define GLI_IDS_IDS_H

#include <gli/control.h>
#include <gli/id.h>

#include "base/memory.h"

/* Reference-counted storage, shared by a graph and its snapshots (and copies, until one adds). */
typedef struct gli__ids gli__ids;

gli_status gli__ids_create(gli__memory *memory, gli__ids **ids_out, gli_error *error);
gli__ids *gli__ids_retain(gli__ids *ids);
void gli__ids_free(gli__ids *ids);
/* A storage of its own with the same content (for a copy of a graph that wants to add). */
gli_status gli__ids_clone(gli__ids *ids, gli__ids **clone_out, gli_error *error);

/* Hash of an id; compute once, prefetch, then look up. */
uint64_t gli__ids_hash(const gli_id *id);
void gli__ids_prefetch_slot(const gli__ids *ids, uint64_t hash);
/* The slot of the id at an index below the count; where finding it costs next to nothing. */
void gli__ids_prefetch_slot_of(const gli__ids *ids, int32_t index);

/* The index of an id among indices below `limit` that are alive in `bits` (NULL: all), or
 * GLI_NODE_NONE. Lock-free beside an adder (snapshots); the writer passes its own limit and bits.
 */
int32_t gli__ids_find(const gli__ids *ids, const gli_id *id, uint64_t hash, int32_t limit,
                      const uint64_t *bits);
/* Two ids at once, so that what both wait for comes side by side. */
typedef struct gli__ids_pair {
  const gli_id *id[2];
  uint64_t hash[2];
  int32_t index[2]; /* the answer */
} gli__ids_pair;
void gli__ids_find_pair(const gli__ids *ids, gli__ids_pair *pair, int32_t limit,
                        const uint64_t *bits);
/* Append an id that is not alive; its index is *index_out == the count before. Text must be UTF-8
 * (checked: GLI_ERROR_INVALID_ARGUMENT). On failure nothing changed. */
gli_status gli__ids_add(gli__ids *ids, const gli_id *id, uint64_t hash, int32_t *index_out,
                        gli_error *error);
/* Take back the last added id (a failed add_node); it must not be published yet. At most two in a
 * row, or as many as a rollback to a mark says; automatic ids are given back too. */
void gli__ids_remove_last(gli__ids *ids);
typedef struct gli__ids_mark {
  int32_t count;
  uint64_t next_integer;
} gli__ids_mark;
gli__ids_mark gli__ids_get_mark(const gli__ids *ids);
void gli__ids_rollback(gli__ids *ids, gli__ids_mark mark);
/* Room for `count` more: adding them fails only where text above 15 bytes finds no memory, or a
 * removed id comes back. While the identity holds: only for ids that go on with it. */
gli_status gli__ids_reserve(gli__ids *ids, int64_t count, gli_error *error);
/* Find or add many: indices_out[k] for each; *added_out new ones. int_ids or many is given.
 * Prefetched in groups; keeps first-seen order. All or nothing. run may be NULL. */
gli_status gli__ids_add_many(gli__ids *ids, int64_t count, const gli_id *many,
                             const int64_t *int_ids, const uint64_t *bits, int32_t *indices_out,
                             int64_t *added_out, gli_run *run, gli_error *error);
/* The same for both ends of edges, in the order source 0, target 0, source 1, ... */
gli_status gli__ids_add_pairs(gli__ids *ids, int64_t count, const gli_id *sources,
                              const gli_id *targets, const int64_t *int_sources,
                              const int64_t *int_targets, const uint64_t *bits,
                              int32_t *source_indices_out, int32_t *target_indices_out,
                              int64_t *added_out, gli_run *run, gli_error *error);
/* Append `count` automatic ids, consecutive from *first_out. */
gli_status gli__ids_add_automatic(gli__ids *ids, int64_t count, int64_t *first_out,
                                  gli_error *error);
/* Look many up; indices_out[k] is GLI_NODE_NONE where an id is not alive. */
void gli__ids_find_many(const gli__ids *ids, int64_t count, const gli_id *many,
                        const int64_t *int_ids, int32_t limit, const uint64_t *bits,
                        int32_t *indices_out);
/* The id at an index; text lives as long as the storage. */
gli_id gli__ids_get(const gli__ids *ids, int32_t index);
void gli__ids_prefetch(const gli__ids *ids, int32_t index);
int32_t gli__ids_count(const gli__ids *ids); /* with holes */
/* Automatic ids begin at `next` or above from now on (2^63: none is left). */
void gli__ids_burn_integers(gli__ids *ids, uint64_t next);
/* The automatic id: one above every integer id ever added, from 0; false when none is left. */
bool gli__ids_next_integer(const gli__ids *ids, int64_t *integer_out);
bool gli__ids_is_identity(const gli__ids *ids);
int64_t gli__ids_bytes(const gli__ids *ids);
/* New storage with the kept indices in order (renumbering); next_integer is kept. */
gli_status gli__ids_gather(const gli__ids *ids, const int32_t *kept, int32_t count,
                           gli__ids **ids_out, gli_error *error);
/* Whether bytes are UTF-8 without surrogates. */
bool gli__utf8_is_valid(const char *text, size_t size_bytes);

#endif
