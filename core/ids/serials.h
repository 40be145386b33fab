/* serials.h: numbers that are never used twice <-> positions that get renumbered.
 *
 * Edge ids and node serials. Positions start out equal to serials; after gaps (numbers reserved by a
 * discarded batch, renumbering) a sorted array maps one to the other: serials rise with positions. */
#ifndef GLI_IDS_SERIALS_H
#define GLI_IDS_SERIALS_H

#include "base/memory.h"
#include <gli/status.h>

typedef struct gli__serials {
  int64_t count; /* positions in use */
  int64_t next;  /* next serial to hand out */
  int64_t *sorted; /* NULL while serial == position for all; else serial of each position, rising */
  int64_t capacity;
} gli__serials;

/* Position of a serial, or -1. O(1) while the identity holds, else O(log n). */
int64_t gli__serials_find(const gli__serials *serials, int64_t serial);
static inline int64_t gli__serials_at(const gli__serials *serials, int64_t position) {
  return serials->sorted == NULL ? position : serials->sorted[position];
}
/* Append one position with the given serial (>= all before); on failure nothing changed. */
gli_status gli__serials_append(gli__serials *serials, gli__memory *memory, int64_t serial,
                               gli_error *error);
/* Append `count` positions with consecutive serials from `first`. */
gli_status gli__serials_append_many(gli__serials *serials, gli__memory *memory, int64_t first,
                                    int64_t count, gli_error *error);
/* Keep only the given positions (rising). */
gli_status gli__serials_gather(gli__serials *serials, gli__memory *memory, const int64_t *kept,
                               int64_t count, gli_error *error);
gli_status gli__serials_clone(const gli__serials *serials, gli__memory *memory,
                              gli__serials *clone_out, gli_error *error);
void gli__serials_clear(gli__serials *serials, gli__memory *memory);

#endif
