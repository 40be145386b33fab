/* bulk.c: ids by the million.
 *
 * A random look-up among a million ids waits for two cache misses: the slot and the record. Done in
 * groups of 64 (hash all and prefetch their slots, prefetch the records, then look up) the misses
 * of a group overlap.
 *
 * Integers whose whole range is no longer than the list (an edge list over nearly dense ids) go
 * through a memo, a plain array by id - minimum: only the first sight of an id is hashed. */
#include "base/error.h"
#include "ids/storage.h"

/* Ids in one or two arrays, read in turn: item k is element k / sides of array k % sides. */
typedef struct id_source {
  const gli_id *many[2];
  const int64_t *ints[2];
  int32_t *indices[2];
  int64_t sides;
  int64_t item_count;
  /* The memo: index + 1 by integer - minimum, or NULL. */
  int32_t *memo;
  int64_t minimum;
  uint64_t range;
} id_source;

/* The group in hand. */
typedef struct id_group {
  int64_t begin;
  int32_t count;
  gli__id_record keys[GLI__ID_GROUP];
  uint32_t tags[GLI__ID_GROUP];
  int32_t indices[GLI__ID_GROUP];
  uint8_t open[GLI__ID_GROUP]; /* which are to be hashed */
  int32_t open_count;
} id_group;

static gli_status load_keys(const id_source *source, id_group *group, gli_error *error) {
  if (source->ints[0] != NULL) {
    int64_t at = source->sides == 1 ? group->begin : group->begin / 2;
    if (source->sides == 1)
      for (int32_t item = 0; item < group->count; item++)
        group->keys[item] = gli__id_int_key(source->ints[0][at++]);
    else
      for (int32_t item = 0; item < group->count; item += 2, at++) {
        group->keys[item] = gli__id_int_key(source->ints[0][at]);
        group->keys[item + 1] = gli__id_int_key(source->ints[1][at]);
      }
    return GLI_OK;
  }
  for (int32_t item = 0; item < group->count;
       item++) { /* texts lie anywhere: fetched side by side */
    int64_t at = group->begin + item;
    const gli_id *id = &source->many[at % source->sides][at / source->sides];
    if (id->kind == GLI_ID_TEXT) GLI__PREFETCH(id->as.text);
  }
  for (int32_t item = 0; item < group->count; item++) {
    int64_t at = group->begin + item;
    const gli_id *id = &source->many[at % source->sides][at / source->sides];
    gli_status status = gli__id_check(id, error);
    if (status != GLI_OK) return status;
    group->keys[item] = gli__id_key(id);
  }
  return GLI_OK;
}

static void store_indices(const id_source *source, const id_group *group) {
  if (source->sides == 1) {
    memcpy(source->indices[0] + group->begin, group->indices,
           (size_t)group->count * sizeof(int32_t));
    return;
  }
  int64_t at = group->begin / 2;
  for (int32_t item = 0; item < group->count; item += 2, at++) {
    source->indices[0][at] = group->indices[item];
    source->indices[1][at] = group->indices[item + 1];
  }
}

static int32_t *memo_of(const id_source *source, gli__id_record key) {
  return &source->memo[key.low - (uint64_t)source->minimum];
}

/* Answer what the memo knows; hash the rest and prefetch. */
static void open_group(const gli__ids *ids, const id_source *source, id_group *group) {
  group->open_count = 0;
  if (source->memo != NULL)
    for (int32_t item = 0; item < group->count; item++)
      GLI__PREFETCH(memo_of(source, group->keys[item]));
  for (int32_t item = 0; item < group->count; item++) {
    int32_t known = source->memo == NULL ? 0 : *memo_of(source, group->keys[item]);
    group->indices[item] = known - 1;
    if (known != 0) continue;
    uint64_t hash = gli__id_hash_key(group->keys[item]);
    group->tags[item] = gli__id_tag(hash);
    gli__ids_prefetch_slot(ids, hash);
    group->open[group->open_count++] = (uint8_t)item;
  }
  const gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_relaxed);
  for (int32_t open = 0; open < group->open_count; open++) {
    const int32_t candidate = gli__id_candidate(table, group->tags[group->open[open]]);
    if (candidate != GLI_NODE_NONE) GLI__PREFETCH(gli__id_at(ids, candidate));
  }
}

static gli_status add_group(gli__ids *ids, const id_source *source, id_group *group,
                            const gli__id_alive *alive, gli_error *error) {
  gli_status status = load_keys(source, group, error);
  if (status != GLI_OK) return status;
  open_group(ids, source, group);
  if (group->open_count > 0) status = gli__id_make_room(ids, group->open_count, error);
  for (int32_t open = 0; open < group->open_count && status == GLI_OK; open++) {
    int32_t item = group->open[open];
    gli__id_record key = group->keys[item];
    int32_t *memo = source->memo == NULL ? NULL : memo_of(source, key);
    if (memo != NULL && *memo != 0) {
      group->indices[item] = *memo - 1;
      continue;
    }
    status = gli__id_enter(ids, group->tags[item], key, alive, &group->indices[item], error);
    if (memo != NULL && status == GLI_OK) *memo = group->indices[item] + 1;
  }
  if (status == GLI_OK) store_indices(source, group);
  return status;
}

/* The same for integers with a memo: most groups hold known ids only, and are one load an item. The
 * items of a group are taken side by side: at + 0, at + 1 ... of each array. */
static gli_status add_known_group(gli__ids *ids, const id_source *source, id_group *group,
                                  const gli__id_alive *alive, gli_error *error) {
  const int32_t *memo = source->memo;
  const uint64_t minimum = (uint64_t)source->minimum;
  int32_t least = INT32_MAX;
  if (source->sides == 1) {
    const int64_t *ints = source->ints[0] + group->begin;
    int32_t *indices = source->indices[0] + group->begin;
    for (int32_t item = 0; item < group->count; item++) {
      int32_t known = memo[(uint64_t)ints[item] - minimum];
      least = known < least ? known : least;
      indices[item] = known - 1;
    }
  } else {
    for (int side = 0; side < 2; side++) {
      const int64_t *ints = source->ints[side] + group->begin / 2;
      int32_t *indices = source->indices[side] + group->begin / 2;
      for (int32_t item = 0; item < group->count / 2; item++) {
        int32_t known = memo[(uint64_t)ints[item] - minimum];
        least = known < least ? known : least;
        indices[item] = known - 1;
      }
    }
  }
  return least > 0 ? GLI_OK : add_group(ids, source, group, alive, error);
}

/* As far as the identity goes: the items that are integers already there or the next one. */
static int64_t add_identical(gli__ids *ids, const id_source *source, const gli__id_alive *alive) {
  int64_t item = 0;
  for (; item < source->item_count; item++) {
    int64_t side = source->sides == 1 ? 0 : item & 1, at = source->sides == 1 ? item : item >> 1;
    uint64_t integer;
    if (source->ints[0] != NULL) {
      integer = (uint64_t)source->ints[side][at];
    } else {
      const gli_id *id = &source->many[side][at];
      if (id->kind != GLI_ID_INT) break;
      integer = (uint64_t)id->as.integer;
    }
    if (integer > (uint64_t)ids->count) break;
    if (integer == (uint64_t)ids->count) {
      if (ids->count == GLI__ID_COUNT_LIMIT) break;
      ids->count++;
      if (ids->next_integer < (uint64_t)ids->count) ids->next_integer = (uint64_t)ids->count;
    } else if ((int32_t)integer < alive->limit && !gli_bit(alive->bits, (int64_t)integer)) {
      break;
    }
    source->indices[side][at] = (int32_t)integer;
  }
  return item;
}

/* A memo where it pays: where every id comes more than once on average. Without memory: none. */
static void make_memo(gli__ids *ids, id_source *source) {
  if (source->ints[0] == NULL || source->item_count < 1024) return;
  int64_t minimum = INT64_MAX, maximum = INT64_MIN;
  for (int64_t side = 0; side < source->sides; side++)
    for (int64_t at = 0; at < source->item_count / source->sides; at++) {
      int64_t integer = source->ints[side][at];
      minimum = integer < minimum ? integer : minimum;
      maximum = integer > maximum ? integer : maximum;
    }
  uint64_t span = (uint64_t)maximum - (uint64_t)minimum;
  if (span >= (uint64_t)source->item_count) return;
  source->minimum = minimum;
  source->range = span + 1;
  source->memo = gli__allocate_zeroed(ids->memory, (size_t)source->range, sizeof(int32_t));
}

#define SAMPLE 8192

/* How many different ids there are, from how many pairs of a sample are equal: s^2 / 2d (the
 * birthday estimate). Saves the growing of the table where nearly all are new. */
static int64_t estimate_distinct(const id_source *source) {
  uint32_t seen[SAMPLE * 2] = {0};
  uint64_t equal = 0;
  int64_t step = source->item_count / SAMPLE;
  for (int64_t sample = 0; sample < SAMPLE; sample++) {
    int64_t item = sample * step, side = item % source->sides, at = item / source->sides;
    if (source->ints[0] == NULL && source->many[side][at].kind > GLI_ID_TEXT) continue;
    gli__id_record key = source->ints[0] != NULL ? gli__id_int_key(source->ints[side][at])
                                                 : gli__id_key(&source->many[side][at]);
    uint64_t hash = gli__id_hash_key(key);
    uint32_t mark = (uint32_t)hash | 1, slot = (uint32_t)(hash >> 40) % (SAMPLE * 2);
    while (seen[slot] != 0 && seen[slot] != mark)
      slot = (slot + 1) % (SAMPLE * 2);
    equal += seen[slot] == mark;
    seen[slot] = mark;
  }
  if (equal == 0) return source->item_count;
  int64_t distinct = (int64_t)SAMPLE * SAMPLE / 2 / (int64_t)equal;
  return distinct < source->item_count ? distinct / 2 : source->item_count;
}

static gli_status add_source(gli__ids *ids, id_source *source, const uint64_t *bits,
                             int64_t *added_out, gli_run *run, gli_error *error) {
  gli__ids_mark mark = gli__ids_get_mark(ids);
  gli__id_alive alive = {ids->count, bits};
  gli_status status = GLI_OK;
  id_group group;
  int64_t begin = gli__ids_is_identity(ids) ? add_identical(ids, source, &alive) : 0;
  begin -= begin % source->sides; /* groups begin with a pair; what is there is found again */
  if (begin < source->item_count) {
    if (gli__ids_is_identity(ids)) status = gli__id_materialize(ids, error);
    if (status == GLI_OK) make_memo(ids, source);
    if (status == GLI_OK && source->item_count >= 8 * SAMPLE)
      gli__id_expect(ids, estimate_distinct(source));
  }
  for (group.begin = begin; group.begin < source->item_count && status == GLI_OK;
       group.begin += GLI__ID_GROUP) {
    int64_t left = source->item_count - group.begin;
    group.count = left < GLI__ID_GROUP ? (int32_t)left : GLI__ID_GROUP;
    status = source->memo != NULL ? add_known_group(ids, source, &group, &alive, error)
                                  : add_group(ids, source, &group, &alive, error);
    if (run != NULL && status == GLI_OK && (group.begin / GLI__ID_GROUP) % 128 == 0)
      status = gli_run_check(run, error);
  }
  gli__release(ids->memory, source->memo, (size_t)source->range, sizeof(int32_t));
  if (status != GLI_OK) {
    gli__ids_rollback(ids, mark);
    return status;
  }
  ids->undo_next[0] = ids->undo_next[1] = mark.next_integer;
  *added_out = ids->count - mark.count;
  return GLI_OK;
}

gli_status gli__ids_add_many(gli__ids *ids, int64_t count, const gli_id *many,
                             const int64_t *int_ids, const uint64_t *bits, int32_t *indices_out,
                             int64_t *added_out, gli_run *run, gli_error *error) {
  id_source source = {{many, NULL}, {int_ids, NULL}, {indices_out, NULL}, 1, count, NULL, 0, 0};
  return add_source(ids, &source, bits, added_out, run, error);
}

gli_status gli__ids_add_pairs(gli__ids *ids, int64_t count, const gli_id *sources,
                              const gli_id *targets, const int64_t *int_sources,
                              const int64_t *int_targets, const uint64_t *bits,
                              int32_t *source_indices_out, int32_t *target_indices_out,
                              int64_t *added_out, gli_run *run, gli_error *error) {
  id_source source = {{sources, targets},
                      {int_sources, int_targets},
                      {source_indices_out, target_indices_out},
                      2,
                      count * 2,
                      NULL,
                      0,
                      0};
  return add_source(ids, &source, bits, added_out, run, error);
}
