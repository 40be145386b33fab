/* test_ids.c: the id storage against a plain list, by random operations; its edges; its failures.
 */
#include <criterion/criterion.h>
#include <gli/snapshot.h>
#include <stdio.h>
#include <stdlib.h>

#include "ids/ids.h"
#include "ids/storage.h"
#include "support/failing_allocator.h"

static gli_error error;

static gli__ids *make_ids(gli__memory **memory_out) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__ids *ids = NULL;
  cr_assert_eq(gli__ids_create(memory, &ids, &error), GLI_OK);
  *memory_out = memory;
  return ids;
}

static void end_ids(gli__ids *ids, gli__memory *memory) {
  gli__ids_free(ids);
  cr_assert_eq(atomic_load(&memory->live_bytes), (int64_t)sizeof *memory);
  gli__memory_free(memory);
}

static int32_t add(gli__ids *ids, gli_id id) {
  int32_t index = -7;
  cr_assert_eq(gli__ids_add(ids, &id, gli__ids_hash(&id), &index, &error), GLI_OK, "%s",
               error.message);
  return index;
}
static int32_t find(const gli__ids *ids, gli_id id, int32_t limit, const uint64_t *bits) {
  return gli__ids_find(ids, &id, gli__ids_hash(&id), limit, bits);
}

/* The integer whose hash is given: SplitMix64's finalizer backwards (each step is a bijection). */
static int64_t unhash(uint64_t hash) {
  uint64_t x = hash;
  x ^= x >> 31 ^ x >> 62;
  x *= UINT64_C(0x319642b2d24d8ec3); /* inverse of 0x94d049bb133111eb modulo 2^64 */
  x ^= x >> 27 ^ x >> 54;
  x *= UINT64_C(0x96de1b173f119089); /* inverse of 0xbf58476d1ce4e5b9 */
  x ^= x >> 30 ^ x >> 60;
  return (int64_t)(x - UINT64_C(0x9e3779b97f4a7c15));
}

Test(ids, identity_stores_nothing) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  for (int64_t id = 0; id < 100000; id++)
    cr_assert_eq(add(ids, gli_id_int(id)), id);
  cr_assert(gli__ids_is_identity(ids));
  cr_assert_lt(gli__ids_bytes(ids), 512);
  cr_assert_eq(find(ids, gli_id_int(99999), 100000, NULL), 99999);
  cr_assert_eq(find(ids, gli_id_int(99999), 99999, NULL), GLI_NODE_NONE);
  cr_assert_eq(find(ids, gli_id_int(-1), 100000, NULL), GLI_NODE_NONE);
  cr_assert_eq(find(ids, gli_id_int(INT64_MIN), 100000, NULL), GLI_NODE_NONE);
  cr_assert_eq(find(ids, gli_id_string("7"), 100000, NULL), GLI_NODE_NONE);
  cr_assert_eq(gli__ids_get(ids, 77).as.integer, 77);
  end_ids(ids, memory);
}

Test(ids, identity_ends_without_loss) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  for (int64_t id = 0; id < 300; id++)
    add(ids, gli_id_int(id));
  cr_assert_eq(add(ids, gli_id_string("7")), 300);
  cr_assert(!gli__ids_is_identity(ids));
  cr_assert_eq(find(ids, gli_id_string("7"), 301, NULL), 300);
  for (int32_t id = 0; id < 300; id++) {
    cr_assert_eq(find(ids, gli_id_int(id), 301, NULL), id);
    cr_assert_eq(gli__ids_get(ids, id).as.integer, id);
  }
  cr_assert_eq(find(ids, gli_id_int(300), 301, NULL), GLI_NODE_NONE);
  end_ids(ids, memory);
}

Test(ids, text_of_every_length) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  char text[301];
  for (int i = 0; i < 300; i++)
    text[i] = (char)('a' + i % 26);
  for (uint32_t size = 0; size <= 300; size++)
    cr_assert_eq(add(ids, gli_id_text(text, size)), (int32_t)size);
  for (uint32_t size = 0; size <= 300; size++) {
    char copy[301];
    memcpy(copy, text, size);
    cr_assert_eq(find(ids, gli_id_text(copy, size), 301, NULL), (int32_t)size);
    gli_id id = gli__ids_get(ids, (int32_t)size), wanted = gli_id_text(text, size);
    cr_assert(gli_id_same(&id, &wanted));
    if (size == 0) continue;
    copy[size - 1] = '!';
    cr_assert_eq(find(ids, gli_id_text(copy, size), 301, NULL), GLI_NODE_NONE);
    copy[size - 1] = text[size - 1];
    copy[size / 2] = '!';
    cr_assert_eq(find(ids, gli_id_text(copy, size), 301, NULL), GLI_NODE_NONE);
  }
  cr_assert_eq(add(ids, gli_id_text("a\0b", 3)), 301);
  cr_assert_eq(find(ids, gli_id_text("a\0c", 3), 302, NULL), GLI_NODE_NONE);
  cr_assert_eq(find(ids, gli_id_text("a\0b", 3), 302, NULL), 301);
  end_ids(ids, memory);
}

Test(ids, refused_ids_change_nothing) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  gli_id bad_text = gli_id_text("ab\xC3", 3), bad_kind = gli_id_int(0);
  bad_kind.kind = 9;
  int32_t index = -7;
  cr_assert_eq(gli__ids_add(ids, &bad_text, gli__ids_hash(&bad_text), &index, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "UTF-8") != NULL);
  cr_assert_eq(gli__ids_add(ids, &bad_kind, 0, &index, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "id.kind is 9") != NULL);
  cr_assert_eq(index, -7);
  cr_assert_eq(gli__ids_count(ids), 0);
  end_ids(ids, memory);
}

Test(ids, equal_tags_are_told_apart) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  int64_t same[200];
  for (uint64_t k = 0; k < 200; k++) {
    same[k] = unhash(UINT64_C(0xFFFFFFFF00000000) + k * 7919); /* the last home: wraps too */
    cr_assert_eq(gli__hash_int((uint64_t)same[k]) >> 32, UINT64_C(0xFFFFFFFF));
    cr_assert_eq(add(ids, gli_id_int(same[k])), (int32_t)k);
  }
  for (int32_t k = 0; k < 200; k++) {
    cr_assert_eq(find(ids, gli_id_int(same[k]), 200, NULL), k);
    cr_assert_eq(find(ids, gli_id_int(same[k]), k, NULL), GLI_NODE_NONE);
  }
  cr_assert_eq(find(ids, gli_id_int(unhash(UINT64_C(0xFFFFFFFF00000000) + 200 * 7919)), 200, NULL),
               GLI_NODE_NONE);
  end_ids(ids, memory);
}

Test(ids, automatic_ids) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  int64_t next = -7, first = -7;
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 0);
  add(ids, gli_id_int(-50));
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 0);
  add(ids, gli_id_string("zoe"));
  add(ids, gli_id_int(41));
  add(ids, gli_id_int(3));
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 42);
  cr_assert_eq(gli__ids_add_automatic(ids, 3, &first, &error), GLI_OK);
  cr_assert_eq(first, 42);
  cr_assert_eq(find(ids, gli_id_int(44), 7, NULL), 6);
  gli__ids_burn_integers(ids, 100);
  gli__ids_burn_integers(ids, 60);
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 100);
  /* Taking back gives the number back: twice in a row. */
  add(ids, gli_id_int(500));
  add(ids, gli_id_int(501));
  gli__ids_remove_last(ids);
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 501);
  gli__ids_remove_last(ids);
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 100);
  add(ids, gli_id_int(INT64_MAX));
  cr_assert(!gli__ids_next_integer(ids, &next));
  cr_assert_eq(gli__ids_add_automatic(ids, 1, &first, &error), GLI_ERROR_LIMIT);
  end_ids(ids, memory);
}

Test(ids, at_most_two_to_the_31_less_one) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  int64_t first = -7;
  int32_t index = -7;
  cr_assert_eq(gli__ids_add_automatic(ids, INT32_MAX, &first, &error), GLI_OK);
  cr_assert_eq(first, 0);
  cr_assert_eq(gli__ids_count(ids), INT32_MAX);
  cr_assert_eq(find(ids, gli_id_int(INT32_MAX - 1), INT32_MAX, NULL), INT32_MAX - 1);
  gli_id next = gli_id_int(INT32_MAX), text = gli_id_string("x");
  cr_assert_eq(gli__ids_add(ids, &next, gli__ids_hash(&next), &index, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli__ids_add(ids, &text, gli__ids_hash(&text), &index, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli__ids_add_automatic(ids, 1, &first, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli__ids_reserve(ids, 1, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli__ids_count(ids), INT32_MAX);
  end_ids(ids, memory);
}

/* One id removed and added again a hundred thousand times stays one short look-up for the writer,
 * and each snapshot in between finds the index of its day. */
Test(ids, adding_again_keeps_chains_short) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  const int32_t rounds = 100000;
  uint64_t *bits = calloc((size_t)rounds / 64 + 2, sizeof *bits);
  gli_id id = gli_id_string("phoenix");
  for (int32_t round = 0; round < rounds; round++) {
    cr_assert_eq(add(ids, id), round);
    bits[round / 64] |= UINT64_C(1) << (round % 64);
    cr_assert_eq(find(ids, id, round + 1, bits), round);
    if (round + 1 < rounds) bits[round / 64] = 0;
  }
  cr_assert_eq(find(ids, id, rounds, bits), rounds - 1);
  for (int32_t limit = 1; limit <= 50; limit++) {
    uint64_t view = UINT64_C(1) << (limit - 1);
    cr_assert_eq(find(ids, id, limit, &view), limit - 1);
    view = 0;
    cr_assert_eq(find(ids, id, limit, &view), GLI_NODE_NONE);
  }
  cr_assert_eq(find(ids, id, 0, bits), GLI_NODE_NONE);
  free(bits);
  end_ids(ids, memory);
}

/* --- Against a model -------------------------------------------------------------------------- */

typedef struct model {
  gli_id ids[20000];
  char texts[20000][48];
  uint64_t bits[20000 / 64 + 1];
  int32_t count;
} model;

static uint64_t state = 88172645463325252u;
static uint64_t draw(uint64_t bound) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % bound;
}
static gli_id draw_id(char *room) {
  if (draw(3) == 0) return gli_id_int((int64_t)draw(3000) - 500);
  int size = draw(2) == 0 ? snprintf(room, 48, "n%d", (int)draw(1500))
                          : snprintf(room, 48, "a rather long identifier %d", (int)draw(1500));
  return gli_id_text(room, (uint32_t)size);
}
static int32_t model_find(const model *known, const gli_id *id, int32_t limit,
                          const uint64_t *bits) {
  for (int32_t index = limit - 1; index >= 0; index--)
    if (gli_bit(bits, index) && gli_id_same(&known->ids[index], id)) return index;
  return GLI_NODE_NONE;
}
static void model_add(model *known, gli_id id) {
  char *room = known->texts[known->count];
  if (id.kind == GLI_ID_TEXT) {
    memcpy(room, id.as.text, id.size_bytes);
    id.as.text = room;
  }
  known->bits[known->count / 64] |= UINT64_C(1) << (known->count % 64);
  known->ids[known->count++] = id;
}

typedef struct view { /* what a snapshot holds */
  gli__ids *ids;
  int32_t limit;
  uint64_t bits[20000 / 64 + 1];
} view;

static void check_view(const model *known, const view *held) {
  for (int probe = 0; probe < 40; probe++) {
    char room[48];
    gli_id id = draw_id(room);
    cr_assert_eq(find(held->ids, id, held->limit, held->bits),
                 model_find(known, &id, held->limit, held->bits));
  }
}

Test(ids, model) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  model *known = calloc(1, sizeof *known);
  view *views = calloc(4, sizeof *views);
  int32_t taken_back = 0, dead = 0;
  for (int step = 0; step < 60000 && known->count < 19000; step++) {
    char room[48];
    gli_id id = draw_id(room);
    int32_t here = model_find(known, &id, known->count, known->bits);
    cr_assert_eq(find(ids, id, known->count, known->bits), here);
    if (here == GLI_NODE_NONE) {
      cr_assert_eq(add(ids, id), known->count);
      if (draw(16) == 0) {
        gli__ids_remove_last(ids);
        taken_back++;
      } else {
        model_add(known, id);
      }
    } else if (draw(2) == 0) {
      known->bits[here / 64] &= ~(UINT64_C(1) << (here % 64));
      dead++;
    }
    if (draw(300) == 0) {
      view *held = &views[draw(4)];
      gli__ids_free(held->ids);
      held->ids = gli__ids_retain(ids);
      held->limit = known->count;
      memcpy(held->bits, known->bits, sizeof held->bits);
    }
    view *held = &views[draw(4)];
    if (held->ids != NULL && step % 50 == 0) check_view(known, held);
  }
  cr_assert_gt(taken_back, 100);
  cr_assert_gt(dead, 2000);
  cr_assert_eq(gli__ids_count(ids), known->count);
  for (int32_t index = 0; index < known->count; index++) {
    gli_id id = gli__ids_get(ids, index);
    cr_assert(gli_id_same(&id, &known->ids[index]));
  }
  /* Renumbering: the live ones in order; a clone: the same, dead ones too. */
  int32_t *kept = calloc(20000, sizeof *kept), kept_count = 0;
  for (int32_t index = 0; index < known->count; index++)
    if (gli_bit(known->bits, index)) kept[kept_count++] = index;
  gli__ids *gathered = NULL, *clone = NULL;
  cr_assert_eq(gli__ids_gather(ids, kept, kept_count, &gathered, &error), GLI_OK);
  cr_assert_eq(gli__ids_clone(ids, &clone, &error), GLI_OK);
  for (int32_t k = 0; k < kept_count; k++) {
    cr_assert_eq(find(gathered, known->ids[kept[k]], kept_count, NULL), k);
    cr_assert_eq(find(clone, known->ids[kept[k]], known->count, known->bits), kept[k]);
  }
  int64_t next = 0, next_gathered = -1;
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert(gli__ids_next_integer(gathered, &next_gathered));
  cr_assert_eq(next, next_gathered);
  gli__ids_free(gathered);
  gli__ids_free(clone);
  for (int k = 0; k < 4; k++)
    gli__ids_free(views[k].ids);
  free(kept);
  free(views);
  free(known);
  end_ids(ids, memory);
}

Test(ids, gather_finds_the_identity_again) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory), *gathered = NULL;
  add(ids, gli_id_string("x"));
  for (int64_t id = 0; id < 100; id++)
    add(ids, gli_id_int(id));
  int32_t kept[100];
  for (int32_t k = 0; k < 100; k++)
    kept[k] = k + 1;
  cr_assert_eq(gli__ids_gather(ids, kept, 100, &gathered, &error), GLI_OK);
  cr_assert(gli__ids_is_identity(gathered));
  cr_assert_eq(find(gathered, gli_id_int(99), 100, NULL), 99);
  gli__ids_free(gathered);
  end_ids(ids, memory);
}

/* --- Many ------------------------------------------------------------------------------------- */

/* What add_many must give, one by one. */
static void add_one_by_one(gli__ids *ids, const uint64_t *bits, int32_t start, int64_t count,
                           const int64_t *values, int32_t *indices) {
  for (int64_t k = 0; k < count; k++) {
    gli_id id = gli_id_int(values[k]);
    indices[k] = GLI_NODE_NONE;
    int32_t found = find(ids, id, gli__ids_count(ids), NULL);
    if (found >= start || (found >= 0 && gli_bit(bits, found)))
      indices[k] = found;
    else
      indices[k] = add(ids, id);
  }
}

static void compare_many(int64_t count, const int64_t *values, const int64_t *before,
                         int64_t before_count, bool some_dead) {
  gli__memory *memory, *other_memory;
  gli__ids *ids = make_ids(&memory), *plain = make_ids(&other_memory);
  for (int64_t k = 0; k < before_count; k++) {
    add(ids, gli_id_int(before[k]));
    add(plain, gli_id_int(before[k]));
  }
  uint64_t *bits = malloc(((size_t)before_count / 64 + 1) * sizeof *bits);
  for (int64_t word = 0; word <= before_count / 64; word++)
    bits[word] = some_dead ? UINT64_C(0xAAAAAAAAAAAAAAAA) : UINT64_MAX;
  int32_t *indices = malloc((size_t)count * sizeof *indices);
  int32_t *wanted = malloc((size_t)count * sizeof *wanted);
  int64_t added = -7;
  cr_assert_eq(gli__ids_add_many(ids, count, NULL, values, bits, indices, &added, NULL, &error),
               GLI_OK);
  add_one_by_one(plain, bits, (int32_t)before_count, count, values, wanted);
  cr_assert_arr_eq(indices, wanted, (size_t)count * sizeof *indices);
  cr_assert_eq(added, gli__ids_count(plain) - before_count);
  int64_t next = 0, next_wanted = -1;
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert(gli__ids_next_integer(plain, &next_wanted));
  cr_assert_eq(next, next_wanted);
  /* And every id is found, in bulk, from numbers and from gli_id. */
  gli_id *many = malloc((size_t)count * sizeof *many);
  for (int64_t k = 0; k < count; k++)
    many[k] = gli_id_int(values[k]);
  int32_t *found = malloc((size_t)count * sizeof *found);
  gli__ids_find_many(ids, count, NULL, values, gli__ids_count(ids), NULL, found);
  cr_assert_arr_eq(found, indices, (size_t)count * sizeof *indices);
  gli__ids_find_many(ids, count, many, NULL, gli__ids_count(ids), NULL, found);
  cr_assert_arr_eq(found, indices, (size_t)count * sizeof *indices);
  /* The same pairwise. */
  gli__memory *pair_memory;
  gli__ids *pairs = make_ids(&pair_memory);
  for (int64_t k = 0; k < before_count; k++)
    add(pairs, gli_id_int(before[k]));
  int64_t half = count / 2, *sides = malloc((size_t)count * sizeof *sides);
  int32_t *side_indices = malloc((size_t)count * sizeof *side_indices);
  for (int64_t k = 0; k < half; k++) {
    sides[k] = values[2 * k];
    sides[half + k] = values[2 * k + 1];
  }
  cr_assert_eq(gli__ids_add_pairs(pairs, half, NULL, NULL, sides, sides + half, bits, side_indices,
                                  side_indices + half, &added, NULL, &error),
               GLI_OK);
  for (int64_t k = 0; k < half; k++) {
    cr_assert_eq(side_indices[k], wanted[2 * k]);
    cr_assert_eq(side_indices[half + k], wanted[2 * k + 1]);
  }
  end_ids(pairs, pair_memory);
  free(sides);
  free(side_indices);
  free(found);
  free(many);
  free(wanted);
  free(indices);
  free(bits);
  end_ids(plain, other_memory);
  end_ids(ids, memory);
}

Test(ids, many_equal_one_by_one) {
  int64_t values[6000], before[500];
  for (int shape = 0; shape < 8; shape++) {
    for (int64_t k = 0; k < 6000; k++) {
      if (shape == 0) values[k] = k;                                 /* the identity */
      if (shape == 1) values[k] = (int64_t)draw(500);                /* known ids, memo */
      if (shape == 2) values[k] = (int64_t)draw(3000) - 1500;        /* memo below zero */
      if (shape == 3) values[k] = (int64_t)draw(UINT64_MAX);         /* scattered */
      if (shape == 4) values[k] = k % 2 == 0 ? k / 2 : 5999 - k / 2; /* leaves the identity */
      if (shape == 5) values[k] = k == 10 ? INT64_MAX - 5 : k == 20 ? INT64_MIN : (int64_t)draw(9);
      if (shape == 6) values[k] = k < 3000 ? k : (int64_t)draw(3000); /* identity, then known */
      if (shape == 7) values[k] = (int64_t)draw(1000) * 1000003;
    }
    for (int64_t k = 0; k < 500; k++)
      before[k] = k;
    compare_many(6000, values, before, 0, false);
    compare_many(6000, values, before, 500, false);
    compare_many(6000, values, before, 500, true);
    for (int64_t k = 0; k < 500; k++)
      before[k] = 3 * k - 100;
    compare_many(6000, values, before, 500, true);
  }
}

Test(ids, many_is_all_or_nothing) {
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  add(ids, gli_id_string("first"));
  gli_id many[300];
  char texts[300][32];
  for (int k = 0; k < 300; k++) {
    int size = snprintf(texts[k], sizeof texts[k], "node number %d of many", k);
    many[k] = k % 3 == 0 ? gli_id_int(k) : gli_id_text(texts[k], (uint32_t)size);
  }
  texts[200][5] = '\xFF';
  int32_t indices[300];
  int64_t added = -7, next = -7;
  cr_assert_eq(gli__ids_add_many(ids, 300, many, NULL, NULL, indices, &added, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(added, -7);
  cr_assert_eq(gli__ids_count(ids), 1);
  cr_assert_eq(find(ids, many[1], 1, NULL), GLI_NODE_NONE);
  cr_assert(gli__ids_next_integer(ids, &next));
  cr_assert_eq(next, 0);
  texts[200][5] = ' ';
  cr_assert_eq(gli__ids_add_many(ids, 300, many, NULL, NULL, indices, &added, NULL, &error),
               GLI_OK);
  cr_assert_eq(added, 300);
  for (int32_t k = 0; k < 300; k++)
    cr_assert_eq(find(ids, many[k], 301, NULL), k + 1);
  end_ids(ids, memory);
}

/* A rollback of most ids makes a new table: with ids that were there, with an older reader on the
 * ids, and not where an id of them was added again. */
static void take_back_many(bool has_reader, bool adds_again) {
  enum { FEW = 1000, MANY = 100000 };
  gli__memory *memory;
  gli__ids *ids = make_ids(&memory);
  gli__ids *reader = NULL;
  gli_id *many = malloc(MANY * sizeof *many);
  int32_t *indices = malloc(MANY * sizeof *indices);
  char(*texts)[32] = malloc(MANY * sizeof *texts);
  for (int k = 0; k < MANY; k++) {
    const int size = snprintf(texts[k], sizeof texts[k], "node number %d of many", k);
    many[k] = k % 3 == 0 ? gli_id_int(INT64_C(7) * k) : gli_id_text(texts[k], (uint32_t)size);
  }
  for (int k = 0; k < FEW; k++)
    cr_assert_eq(add(ids, many[k]), k);
  uint64_t bits[FEW / 64 + 1];
  memset(bits, 0xff, sizeof bits);
  if (adds_again) bits[5] &= ~UINT64_C(1); /* 320 is removed: the call adds it again */
  if (has_reader) reader = gli__ids_retain(ids);
  const char kept = texts[MANY - 1][5];
  many[MANY - 1] = gli_id_text(texts[MANY - 1], 20);
  texts[MANY - 1][5] = '\xFF';
  int64_t added = -7;
  cr_assert_eq(gli__ids_add_many(ids, MANY, many, NULL, bits, indices, &added, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  texts[MANY - 1][5] = kept;
  cr_assert_eq(gli__ids_count(ids), FEW);
  for (int k = 0; k < MANY; k += k < FEW ? 1 : 97)
    cr_assert_eq(find(ids, many[k], FEW, NULL), k < FEW ? k : GLI_NODE_NONE, "%d", k);
  if (reader != NULL) gli__ids_free(reader);
  memset(bits, 0xff, sizeof bits);
  cr_assert_eq(gli__ids_add_many(ids, MANY, many, NULL, bits, indices, &added, NULL, &error),
               GLI_OK);
  cr_assert_eq(added, MANY - FEW);
  for (int k = 0; k < MANY; k++)
    cr_assert_eq(find(ids, many[k], MANY, NULL), k);
  free(texts);
  free(indices);
  free(many);
  end_ids(ids, memory);
}

Test(ids, many_are_taken_back_at_once) {
  take_back_many(false, false);
  take_back_many(true, false);
  take_back_many(false, true);
}

static int64_t not_again(int64_t k) { /* distinct, without order */
  return (int64_t)((uint64_t)k * UINT64_C(0x9e3779b97f4a7c15) >> 1);
}

Test(ids, failing_allocations) {
  failing_loop loop = failing_loop_start("gli__ids_add_many");
  while (failing_loop_next(&loop)) {
    gli__memory *memory = gli__memory_create(&loop.allocator);
    gli__ids *ids = NULL;
    cr_assert_eq(gli__ids_create(memory, &ids, &error), GLI_OK);
    for (int64_t k = 0; k < 40; k++)
      add(ids, gli_id_int(k));
    gli__ids *snapshot = gli__ids_retain(ids);
    int64_t values[2000];
    int32_t indices[2000];
    for (int64_t k = 0; k < 2000; k++)
      values[k] = k % 5 == 0 ? k % 40 : not_again(k);
    values[1999] = 1;
    uint64_t bits[1] = {~UINT64_C(0) << 10}; /* the first ten were removed: history */
    int64_t added = -7, next = 0;
    failing_loop_arm(&loop);
    gli_status status =
        gli__ids_add_many(ids, 2000, NULL, values, bits, indices, &added, NULL, &error);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    cr_assert_eq(gli__ids_count(ids) == 40, failed);
    cr_assert_eq(gli__ids_next_integer(ids, &next) && next == 40, failed);
    for (int32_t k = 0; k < 40; k++)
      cr_assert_eq(find(snapshot, gli_id_int(k), 40, bits), k < 10 ? GLI_NODE_NONE : k);
    for (int32_t k = 0; k < 40; k++)
      cr_assert_eq(find(ids, gli_id_int(k), 40, NULL), k);
    gli__ids_free(snapshot);
    gli__ids_free(ids);
    gli__memory_free(memory);
  }
  loop = failing_loop_start("gli__ids_add");
  while (failing_loop_next(&loop)) {
    gli__memory *memory = gli__memory_create(&loop.allocator);
    gli__ids *ids = NULL, *copy = NULL;
    cr_assert_eq(gli__ids_create(memory, &ids, &error), GLI_OK);
    failing_loop_arm(&loop);
    gli_status status = GLI_OK;
    int32_t k = 0;
    char text[64];
    for (; k < 400 && status == GLI_OK; k++) {
      int size = snprintf(text, sizeof text, "a name too long for its record %d", k % 390);
      gli_id id = gli_id_text(text, (uint32_t)size);
      int32_t index;
      status = gli__ids_add(ids, &id, gli__ids_hash(&id), &index, &error);
      if (status != GLI_OK) cr_assert_eq(gli__ids_count(ids), k);
    }
    if (status == GLI_OK) status = gli__ids_clone(ids, &copy, &error);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    for (int32_t at = 0; at < gli__ids_count(ids); at++)
      cr_assert_eq(gli__ids_get(ids, at).size_bytes, at % 390 < 10 ? 32 : at % 390 < 100 ? 33 : 34);
    gli__ids_free(copy);
    gli__ids_free(ids);
    gli__memory_free(memory);
  }
}

Test(ids, formatted_for_people) {
  char buffer[16];
  gli_id number = gli_id_int(INT64_MIN), text = gli_id_string("al\"ice"), long_text;
  cr_assert_str_eq(gli_id_format(&number, buffer, sizeof buffer), "-92233720368547");
  cr_assert_str_eq(gli_id_format(&text, buffer, sizeof buffer), "\"al\"ice\"");
  long_text = gli_id_string("0123456789abcd\xC3\xA9");
  cr_assert_str_eq(gli_id_format(&long_text, buffer, sizeof buffer), "\"0123456789abcd");
  long_text = gli_id_string("0123456789abc\xC3\xA9");
  cr_assert_str_eq(gli_id_format(&long_text, buffer, sizeof buffer), "\"0123456789abc");
  long_text = gli_id_string("0123456789ab\xC3\xA9");
  cr_assert_str_eq(gli_id_format(&long_text, buffer, sizeof buffer), "\"0123456789ab\xC3\xA9");
  cr_assert_str_eq(gli_id_format(&text, buffer, 1), "");
}
