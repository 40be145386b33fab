/* pair_index.c: neighbor -> newest slot, for rows too long to scan.
 *
 * One small hash table per long row, made when the row is first asked, found through a directory
 * that is keyed by side and node. An entry is 8 bytes: the neighbor and the newest slot; its top
 * bit says that older parallel edges exist. Removing an edge does not touch the table: whoever
 * finds a dead slot answers "none", or scans the row where older parallel edges may be. Cost: a
 * scan of GLI__LONG_ROW entries takes about as long as the two cache misses of a look-up, so
 * shorter rows have no table.
 *
 * Threads. Readers share the graph's lock, several at once: look-ups take no lock, making a table
 * takes the small lock here; tables and directories are published by atomic stores when complete,
 * and an outgrown directory stays until the writer, alone by the graph's exclusive lock, comes by.
 * Only the writer changes a table. The index is a cache: what it has no memory for is scanned. */
#include "base/hash.h"
#include "base/lock.h"
#include "topology/parts.h"

#define NOBODY UINT32_MAX  /* no entry; node indices are below 2^31 - 1 */
#define NO_SLOT UINT32_MAX /* the entry's edge was taken back; slots end at 2^32 - 2 */
#define OLDER (UINT32_C(1) << 31)

typedef struct entry {
  uint32_t neighbor; /* with OLDER, or NOBODY */
  uint32_t slot;
} entry;

typedef struct table {
  uint32_t mask, used;
  entry entries[];
} table;

typedef struct place {
  _Atomic int64_t key; /* node * 2 + (in side), -1: empty */
  _Atomic(table *) table;
} place;

typedef struct directory {
  struct directory *outgrown; /* readers may still be in there */
  int64_t mask, used;
  place places[];
} directory;

struct gli__pair_index {
  gli__memory *memory;
  gli__lock lock; /* held while a table is made */
  _Atomic(directory *) directory;
  _Atomic int64_t bytes;
};

static size_t table_bytes(uint32_t mask) {
  return sizeof(table) + ((size_t)mask + 1) * sizeof(entry);
}
static size_t directory_bytes(int64_t mask) {
  return sizeof(directory) + ((size_t)mask + 1) * sizeof(place);
}

gli_status gli__pair_index_create(gli__memory *memory, gli__pair_index **index_out,
                                  gli_error *error) {
  gli__pair_index *index = gli__allocate_zeroed(memory, 1, sizeof *index);
  if (index == NULL) return gli__no_memory(error, "the pair index");
  index->memory = memory;
  gli__lock_init(&index->lock);
  *index_out = index;
  return GLI_OK;
}

static void release_counted(gli__pair_index *index, void *block, size_t size_bytes) {
  if (block == NULL) return;
  gli__release(index->memory, block, size_bytes, 1);
  atomic_fetch_sub_explicit(&index->bytes, (int64_t)size_bytes, memory_order_relaxed);
}

static void *allocate_counted(gli__pair_index *index, size_t size_bytes) {
  void *block = gli__allocate(index->memory, size_bytes, 1);
  if (block != NULL) {
    atomic_fetch_add_explicit(&index->bytes, (int64_t)size_bytes, memory_order_relaxed);
  }
  return block;
}

static void release_table(gli__pair_index *index, table *old) {
  if (old != NULL) release_counted(index, old, table_bytes(old->mask));
}

void gli__pair_index_clear(gli__pair_index *index) {
  directory *current = atomic_load_explicit(&index->directory, memory_order_relaxed);
  for (int64_t k = 0; current != NULL && k <= current->mask; ++k) {
    release_table(index, atomic_load_explicit(&current->places[k].table, memory_order_relaxed));
  }
  atomic_store_explicit(&index->directory, NULL, memory_order_relaxed);
  while (current != NULL) {
    directory *outgrown = current->outgrown;
    release_counted(index, current, directory_bytes(current->mask));
    current = outgrown;
  }
}

void gli__pair_index_free(gli__pair_index *index) {
  if (index == NULL) return;
  gli__pair_index_clear(index);
  gli__release(index->memory, index, 1, sizeof *index);
}

int64_t gli__pair_index_bytes(const gli__pair_index *index) {
  if (index == NULL) return 0;
  return atomic_load_explicit(&index->bytes, memory_order_relaxed) + (int64_t)sizeof *index;
}

/* --- The directory --------------------------------------------------------------------------- */

static int64_t row_key(const gli__topology *topology, const gli__side *side, int32_t node) {
  return (int64_t)node * 2 + (side == &topology->in);
}

/* The place of a key, or the empty place where it belongs. */
static place *directory_place(directory *in, int64_t key) {
  int64_t at = (int64_t)(gli__hash_int((uint64_t)key) >> 8);
  for (;; ++at) {
    place *found = &in->places[at & in->mask];
    int64_t present = atomic_load_explicit(&found->key, memory_order_acquire);
    if (present == key || present == -1) return found;
  }
}

static table *find_table(const gli__pair_index *index, int64_t key) {
  directory *in = atomic_load_explicit(&index->directory, memory_order_acquire);
  if (in == NULL) return NULL;
  place *found = directory_place(in, key);
  if (atomic_load_explicit(&found->key, memory_order_relaxed) != key) return NULL;
  return atomic_load_explicit(&found->table, memory_order_acquire);
}

/* Under the lock: the directory has room for one key more. */
static directory *roomy_directory(gli__pair_index *index) {
  directory *old = atomic_load_explicit(&index->directory, memory_order_relaxed);
  if (old != NULL && old->used * 2 <= old->mask) return old;
  int64_t mask = old == NULL ? 31 : old->mask * 2 + 1;
  directory *larger = allocate_counted(index, directory_bytes(mask));
  if (larger == NULL) return NULL;
  larger->outgrown = old;
  larger->mask = mask;
  larger->used = 0;
  for (int64_t k = 0; k <= mask; ++k) {
    atomic_init(&larger->places[k].key, -1);
    atomic_init(&larger->places[k].table, NULL);
  }
  for (int64_t k = 0; old != NULL && k <= old->mask; ++k) {
    int64_t key = atomic_load_explicit(&old->places[k].key, memory_order_relaxed);
    table *kept = atomic_load_explicit(&old->places[k].table, memory_order_relaxed);
    if (key == -1 || kept == NULL) continue;
    place *to = directory_place(larger, key);
    atomic_store_explicit(&to->table, kept, memory_order_relaxed);
    atomic_store_explicit(&to->key, key, memory_order_relaxed);
    ++larger->used;
  }
  atomic_store_explicit(&index->directory, larger, memory_order_release);
  return larger;
}

/* Writer: no reader is inside, outgrown directories can go. */
static void drop_outgrown(gli__pair_index *index) {
  directory *current = atomic_load_explicit(&index->directory, memory_order_relaxed);
  if (current == NULL) return;
  directory *outgrown = current->outgrown;
  current->outgrown = NULL;
  while (outgrown != NULL) {
    directory *next = outgrown->outgrown;
    release_counted(index, outgrown, directory_bytes(outgrown->mask));
    outgrown = next;
  }
}

/* --- Tables ---------------------------------------------------------------------------------- */

static entry *table_place(table *in, uint32_t neighbor) {
  uint32_t at = (uint32_t)(gli__hash_int(neighbor) >> 16);
  for (;; ++at) {
    entry *found = &in->entries[at & in->mask];
    if (found->neighbor == NOBODY || (found->neighbor & ~OLDER) == neighbor) return found;
  }
}

static void table_add(table *to, uint32_t neighbor, uint32_t slot) {
  entry *found = table_place(to, neighbor);
  if (found->neighbor == NOBODY) {
    *found = (entry){neighbor, slot};
    ++to->used;
  } else {
    *found = (entry){neighbor | OLDER, slot};
  }
}

/* A table of the row's live entries with as much room again. */
static table *make_table(gli__topology *topology, const gli__side *side, int32_t node) {
  int64_t length = gli__side_rows(side)[node].length;
  uint32_t mask = 255;
  while (mask < 2 * length && mask < UINT32_MAX / 2)
    mask = mask * 2 + 1;
  table *made = mask < length ? NULL : allocate_counted(topology->pairs, table_bytes(mask));
  if (made == NULL) return NULL;
  made->mask = mask;
  made->used = 0;
  memset(made->entries, 0xff, ((size_t)mask + 1) * sizeof(entry));
  const gli_row *row = &gli__side_rows(side)[node];
  const int32_t *neighbors = gli__side_neighbors(side) + row->begin;
  const uint32_t *edges = gli__side_edges(side) + row->begin;
  const uint64_t *bits = gli__row_dead(row) > 0 ? gli__bits_of(topology->edge_bits) : NULL;
  for (int64_t k = 0; k < length; ++k) {
    if (gli_bit(bits, edges[k])) table_add(made, (uint32_t)neighbors[k], edges[k]);
  }
  return made;
}

/* Reader: the row's table, made now if it is not there; NULL: no memory. */
static table *need_table(gli__topology *topology, const gli__side *side, int32_t node) {
  gli__pair_index *index = topology->pairs;
  int64_t key = row_key(topology, side, node);
  table *found = find_table(index, key);
  if (found != NULL) return found;
  gli__lock_exclusive(&index->lock);
  found = find_table(index, key);
  directory *in = found == NULL ? roomy_directory(index) : NULL;
  if (in != NULL) found = make_table(topology, side, node);
  if (in != NULL && found != NULL) {
    place *to = directory_place(in, key);
    bool fresh = atomic_load_explicit(&to->key, memory_order_relaxed) != key;
    if (fresh) ++in->used;
    atomic_store_explicit(&to->table, found, memory_order_release);
    if (fresh) atomic_store_explicit(&to->key, key, memory_order_release);
  }
  gli__unlock_exclusive(&index->lock);
  return found;
}

#define FEW 8

/* A row of at most FEW entries, with room for FEW behind its begin: all compared at once, so that
 * no branch depends on its length, which nobody can predict. */
static int64_t scan_few(const gli_row *row, const int32_t *neighbors, const uint32_t *edges,
                        const uint64_t *bits, int32_t neighbor) {
  uint32_t hits = 0;
  for (uint32_t k = 0; k < FEW; ++k)
    hits |= (uint32_t)(neighbors[k] == neighbor) << k;
  hits &= (UINT32_C(1) << row->length) - 1;
  while (hits != 0) {
    const uint32_t at = 31 - (uint32_t)__builtin_clz(hits);
    if (gli_bit(bits, edges[at])) return edges[at];
    hits &= ~(UINT32_C(1) << at);
  }
  return -1;
}

int64_t gli__row_scan(const gli__topology *topology, const gli__side *side, int32_t node,
                      int32_t neighbor) {
  const gli_row *row = gli__side_rows(side) + node;
  const int32_t *neighbors = gli__side_neighbors(side) + row->begin;
  const uint32_t *edges = gli__side_edges(side) + row->begin;
  const uint64_t *bits = gli__row_dead(row) > 0 ? gli__bits_of(topology->edge_bits) : NULL;
  /* Reading past the row is for who alone may write there: copies of a graph share an arena. */
  if (row->length <= FEW && row->begin + FEW <= side->arena->capacity &&
      atomic_load_explicit(&side->arena->owner, memory_order_relaxed) == topology->token)
    return scan_few(row, neighbors, edges, bits, neighbor);
  int64_t at = row->length;
  while (at > 0) {
    /* Sixteen at a time while none fits: the compiler makes vector compares of it. */
    while (at >= 16) {
      const int32_t *group = neighbors + at - 16;
      int32_t any = 0;
      for (int k = 0; k < 16; ++k)
        any |= group[k] == neighbor;
      if (any) break;
      at -= 16;
    }
    int64_t stop = at >= 16 ? at - 16 : 0;
    while (at > stop) {
      --at;
      if (neighbors[at] == neighbor && gli_bit(bits, edges[at])) return edges[at];
    }
  }
  return -1;
}

static bool is_live(const gli__topology *topology, const entry *found) {
  return found->slot != NO_SLOT && gli_bit(gli__bits_of(topology->edge_bits), found->slot);
}

int64_t gli__pair_index_find(gli__topology *topology, const gli__side *side, int32_t node,
                             int32_t neighbor) {
  table *in = need_table(topology, side, node);
  if (in == NULL) return gli__row_scan(topology, side, node, neighbor);
  const entry *found = table_place(in, (uint32_t)neighbor);
  if (found->neighbor == NOBODY) return -1;
  if (is_live(topology, found)) return found->slot;
  return found->neighbor & OLDER ? gli__row_scan(topology, side, node, neighbor) : -1;
}

/* --- Writer ---------------------------------------------------------------------------------- */

/* Forget a row: its place in the directory stays for the next time. */
static void forget_table(gli__pair_index *index, int64_t key) {
  directory *in = atomic_load_explicit(&index->directory, memory_order_relaxed);
  place *found = directory_place(in, key);
  release_table(index, atomic_load_explicit(&found->table, memory_order_relaxed));
  atomic_store_explicit(&found->table, NULL, memory_order_relaxed);
}

void gli__pair_index_forget(gli__topology *topology, const gli__side *side, int32_t node) {
  gli__pair_index *index = topology->pairs;
  int64_t key = row_key(topology, side, node);
  if (find_table(index, key) != NULL) forget_table(index, key);
}

void gli__pair_index_added(gli__topology *topology, const gli__side *side, int32_t node,
                           int32_t neighbor, uint32_t slot) {
  gli__pair_index *index = topology->pairs;
  int64_t key = row_key(topology, side, node);
  table *in = find_table(index, key);
  if (in == NULL) return;
  drop_outgrown(index);
  if (gli__side_rows(side)[node].length == GLI__LONG_ROW + 1) {
    /* Long again: while the row was short its table was not kept up to date. */
    forget_table(index, key);
    return;
  }
  /* Three quarters full: made anew from the live entries; without memory the row has none. */
  if ((uint64_t)in->used * 4 > (uint64_t)in->mask * 3) {
    table *larger = make_table(topology, side, node); /* the new entry included */
    forget_table(index, key);
    if (larger == NULL) return;
    directory *places = atomic_load_explicit(&index->directory, memory_order_relaxed);
    atomic_store_explicit(&directory_place(places, key)->table, larger, memory_order_release);
    return;
  }
  entry *found = table_place(in, (uint32_t)neighbor);
  if (found->neighbor == (uint32_t)neighbor && !is_live(topology, found)) {
    found->slot = slot; /* the only one before is dead: no older edge */
  } else {
    table_add(in, (uint32_t)neighbor, slot);
  }
}

void gli__pair_index_taken_back(gli__topology *topology, const gli__side *side, int32_t node,
                                int32_t neighbor, uint32_t slot) {
  table *in = find_table(topology->pairs, row_key(topology, side, node));
  if (in == NULL) return;
  entry *found = table_place(in, (uint32_t)neighbor);
  if (found->neighbor == NOBODY || found->slot != slot) return;
  int64_t older = gli__row_scan(topology, side, node, neighbor);
  found->slot = older >= 0 ? (uint32_t)older : NO_SLOT;
}
