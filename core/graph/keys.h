/* keys.h: the attribute names of a graph, interned: name <-> small number.
 *
 * Shared by a graph, its copies and its snapshots; whoever adds a name while others look clones the
 * table first (names are few, and new ones rare). The texts themselves are shared between clones,
 * so a name that was handed out lives as long as any of them. */
#ifndef GLI_GRAPH_KEYS_H
#define GLI_GRAPH_KEYS_H

#include <gli/graph.h>

#include "base/memory.h"

typedef struct gli__keys gli__keys;

gli_status gli__keys_create(gli__memory *memory, gli__keys **keys_out, gli_error *error);
gli__keys *gli__keys_retain(gli__keys *keys);
void gli__keys_free(gli__keys *keys); /* drops one reference */
/* The key of a name, made when it is new. May replace *keys. On failure nothing changed. */
gli_status gli__keys_add(gli__keys **keys, const char *name, size_t name_size_bytes,
                         gli_key *key_out, gli_error *error);
gli_key gli__keys_find(const gli__keys *keys, const char *name, size_t name_size_bytes);
gli_key gli__keys_count(const gli__keys *keys);
/* Terminated; NULL for a key that is not there. */
const char *gli__keys_name(const gli__keys *keys, gli_key key, size_t *size_bytes_out);
int64_t gli__keys_bytes(const gli__keys *keys);

#endif
