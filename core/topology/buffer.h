/* buffer.h: reference-counted arrays, shared by a live topology and what was frozen of it.
 *
 * A buffer has one or two parallel columns of equal items (arena: neighbors and edges; ends:
 * sources and targets; rows and bitmaps: one column). Who holds a reference may read what was
 * published to it. One topology, the owner (by its token), may append past that; everybody else
 * copies first. A buffer without an owner is claimed by the first that wants to append. */
#ifndef GLI_TOPOLOGY_BUFFER_H
#define GLI_TOPOLOGY_BUFFER_H

#include <gli/status.h>

#include "base/memory.h"

typedef struct gli__buffer {
  void *data[2];
  int64_t capacity;     /* items that fit into every column */
  int64_t allocated[2]; /* items each column was asked for: differs after half a failure */
  gli__memory *memory;
  _Atomic int64_t references;
  _Atomic uint64_t owner; /* token of the topology that may append; 0: nobody yet */
  uint32_t item_bytes;
  uint32_t columns;
} gli__buffer;

/* A token for gli__buffer.owner; never the same twice, so a freed owner cannot be mistaken. */
uint64_t gli__buffer_token(void);

gli_status gli__buffer_create(gli__memory *memory, uint32_t columns, uint32_t item_bytes,
                              int64_t capacity, uint64_t owner, gli__buffer **buffer_out,
                              gli_error *error);
gli__buffer *gli__buffer_retain(gli__buffer *buffer); /* NULL is legal */
void gli__buffer_free(gli__buffer *buffer);           /* drops one reference; NULL is legal */

/* Whether somebody else holds a reference. The acquire pairs with the release of the last reader's
 * gli__buffer_free: once this is false, the caller may overwrite what that reader saw. */
static inline bool gli__buffer_is_shared(const gli__buffer *buffer) {
  return atomic_load_explicit(&buffer->references, memory_order_acquire) > 1;
}

/* Whether `owner` may write past what others were shown; claims what nobody owns. */
bool gli__buffer_claim(gli__buffer *buffer, uint64_t owner);

/* Room for `needed` items where the first `used` are kept: grows in place while unshared, else
 * into a copy (*buffer is exchanged, the old one stays with its other holders). Afterwards `owner`
 * may append. On failure nothing changed. */
gli_status gli__buffer_reserve(gli__buffer **buffer, uint64_t owner, int64_t used, int64_t needed,
                               gli_error *error);
/* Afterwards nobody else sees *buffer, so any of it may be written. */
gli_status gli__buffer_own(gli__buffer **buffer, uint64_t owner, int64_t used, gli_error *error);

int64_t gli__buffer_bytes(const gli__buffer *buffer);

#endif
