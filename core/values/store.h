/* store.h: contents kept once. Interned strings and nested values by content.
 *
 * A gli__store hands out a 32-bit reference per distinct content; equal bytes give the same
 * reference. One store per graph (and its copies and snapshots: it is reference-counted and only
 * grows, so a reference is valid as long as the store; unreferenced contents are dropped when the
 * graph rewrites its columns, see gli__store_compact in store.c). Reading a reference takes no lock:
 * contents never move. Adding happens under the graph's exclusive lock. */
#ifndef GLI_VALUES_STORE_H
#define GLI_VALUES_STORE_H

#include <gli/value.h>

#include "base/memory.h"

typedef struct gli__store gli__store;

gli_status gli__store_create(gli__memory *memory, gli__store **store_out, gli_error *error);
gli__store *gli__store_retain(gli__store *store);
void gli__store_free(gli__store *store);
/* Intern bytes; GLI_ERROR_LIMIT past 2^32 - 2 contents. */
gli_status gli__store_add(gli__store *store, const void *bytes, size_t size_bytes,
                          uint32_t *reference_out, gli_error *error);
/* UINT32_MAX when the content is not there. Safe beside an adder only under the graph's lock. */
uint32_t gli__store_find(const gli__store *store, const void *bytes, size_t size_bytes);
/* The content; lives as long as the store. Lock-free for references obtained before. */
const uint8_t *gli__store_get(const gli__store *store, uint32_t reference, size_t *size_bytes_out);
uint32_t gli__store_count(const gli__store *store);
int64_t gli__store_bytes(const gli__store *store);

#endif
