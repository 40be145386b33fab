/* serials.h: numbers that are never used twice <-> positions that get renumbered.
 *
 * Edge ids and node serials. Positions start out equal to serials; after gaps (numbers reserved by
 * a discarded batch, renumbering) a sorted array maps one to the other: serials rise with
 * positions.
 *
 * The array is reference-counted: a clone (a snapshot's) shares it in O(1), and the one that was
 * cloned goes on appending past what the clone sees. A clone that wants to append copies first. */
#ifndef GLI_IDS_SERIALS_H
#define GLI_IDS_SERIALS_H

#include <gli/status.h>
#include "base/memory.h"

typedef struct gli__serials_array gli__serials_array;

typedef struct gli__serials {
  int64_t count;         /* positions in use */
  int64_t next;          /* next serial to hand out */
  const int64_t *sorted; /* NULL while serial == position for all; else serial of each, rising */
  gli__serials_array *array; /* owns `sorted` */
  bool borrowed;             /* a clone: must not append to a shared array */
} gli__serials;

/* Position of a serial, or -1. O(1) while gaps are rare, else O(log n). */
int64_t gli__serials_find(const gli__serials *serials, int64_t serial);
static inline int64_t gli__serials_at(const gli__serials *serials, int64_t position) {
  return serials->sorted == NULL ? position : serials->sorted[position];
}
/* Append one position with the given serial (above all before); on failure nothing changed. */
gli_status gli__serials_append(gli__serials *serials, gli__memory *memory, int64_t serial,
                               gli_error *error);
/* Append `count` positions with consecutive serials from `first`. */
gli_status gli__serials_append_many(gli__serials *serials, gli__memory *memory, int64_t first,
                                    int64_t count, gli_error *error);
/* Keep only the given positions (rising). `next` stays, so no serial comes back. */
gli_status gli__serials_gather(gli__serials *serials, gli__memory *memory, const int64_t *kept,
                               int64_t count, gli_error *error);
/* The same numbers, in O(1); gone with gli__serials_clear. */
gli_status gli__serials_clone(const gli__serials *serials, gli__memory *memory,
                              gli__serials *clone_out, gli_error *error);
void gli__serials_clear(gli__serials *serials, gli__memory *memory);
/* Bytes of the array; 0 while serials are positions. */
int64_t gli__serials_bytes(const gli__serials *serials);

#endif
