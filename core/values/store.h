/* store.h: contents kept once. Interned strings and nested values by content.
 *
 * A gli__store hands out a 32-bit reference per distinct content, 0, 1, 2 ... in the order they
 * came; equal bytes give the same reference. One store per graph, its copies, batches and
 * snapshots: it is reference-counted and only grows, so a reference is valid as long as the store.
 * Contents that nobody uses any more are left behind when the columns are gathered into a new
 * store.
 *
 * Threads: reading a reference takes no lock, contents never move. Adding and finding take the
 * store's own short lock (graphs that share a store have a lock each). */
#ifndef GLI_VALUES_STORE_H
#define GLI_VALUES_STORE_H

#include <gli/value.h>

#include "base/memory.h"

#define GLI__STORE_NONE UINT32_MAX

typedef struct gli__store gli__store;

gli_status gli__store_create(gli__memory *memory, gli__store **store_out, gli_error *error);
gli__store *gli__store_retain(gli__store *store);
void gli__store_free(gli__store *store); /* drops one reference */
/* Intern bytes; GLI_ERROR_LIMIT past 2^32 - 2 contents or 4 GiB in one of them. What is there
 * already is found without an allocation. */
gli_status gli__store_add(gli__store *store, const void *bytes, size_t size_bytes,
                          uint32_t *reference_out, gli_error *error);
/* Intern those of many values that are STRING or NESTED: references_out[k] is written for these
 * alone. In groups whose cache misses overlap. On failure some may have been added. */
gli_status gli__store_add_many(gli__store *store, int64_t count, const gli_value *values,
                               int64_t *references_out, gli_error *error);
/* GLI__STORE_NONE when the content is not there. */
uint32_t gli__store_find(gli__store *store, const void *bytes, size_t size_bytes);
/* The content; lives as long as the store. Never NULL, also when it is empty. */
const uint8_t *gli__store_get(const gli__store *store, uint32_t reference, size_t *size_bytes_out);
/* Fetch what gli__store_get will read. */
void gli__store_prefetch(const gli__store *store, uint32_t reference);
uint32_t gli__store_count(const gli__store *store);
int64_t gli__store_bytes(const gli__store *store);

#endif
