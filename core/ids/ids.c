/* ids.c: life, single adds and reads of the id storage (ids.h says how it works). */
#include "ids/ids.h"

#include "base/error.h"
#include "ids/storage.h"

gli_status gli__ids_create(gli__memory *memory, gli__ids **ids_out, gli_error *error) {
  gli__ids *ids = gli__allocate_zeroed(memory, 1, sizeof *ids);
  if (ids == NULL) return gli__no_memory(error, "the ids");
  ids->memory = gli__memory_retain(memory);
  atomic_init(&ids->references, 1);
  *ids_out = ids;
  return GLI_OK;
}

gli__ids *gli__ids_retain(gli__ids *ids) {
  atomic_fetch_add_explicit(&ids->references, 1, memory_order_relaxed);
  return ids;
}

void gli__ids_free(gli__ids *ids) {
  if (ids == NULL) return;
  if (atomic_fetch_sub_explicit(&ids->references, 1, memory_order_acq_rel) != 1) return;
  gli__id_release_retired(ids);
  gli__id_release_records(ids);
  gli__id_block *last[] = {
      (gli__id_block *)atomic_load_explicit(&ids->table, memory_order_relaxed),
      (gli__id_block *)atomic_load_explicit(&ids->directory, memory_order_relaxed),
      (gli__id_block *)atomic_load_explicit(&ids->history, memory_order_relaxed)};
  for (size_t index = 0; index < sizeof last / sizeof last[0]; index++)
    if (last[index] != NULL) gli__release(ids->memory, last[index], last[index]->size_bytes, 1);
  while (ids->texts != NULL) {
    gli__id_text *text = ids->texts;
    ids->texts = text->next;
    gli__release(ids->memory, text, sizeof *text + text->capacity, 1);
  }
  gli__memory *memory = ids->memory;
  gli__release(memory, ids, 1, sizeof *ids);
  gli__memory_free(memory);
}

bool gli__ids_is_identity(const gli__ids *ids) {
  return atomic_load_explicit(&ids->table, memory_order_acquire) == NULL;
}

int32_t gli__ids_count(const gli__ids *ids) {
  return ids->count;
}

bool gli__ids_next_integer(const gli__ids *ids, int64_t *integer_out) {
  if (ids->next_integer > INT64_MAX) return false;
  *integer_out = (int64_t)ids->next_integer;
  return true;
}

void gli__ids_burn_integers(gli__ids *ids, uint64_t next) {
  if (next > ids->next_integer) ids->next_integer = next;
}

gli_id gli__ids_get(const gli__ids *ids, int32_t index) {
  if (gli__ids_is_identity(ids)) return gli_id_int(index);
  return gli__id_of(gli__id_at(ids, index));
}

void gli__ids_prefetch(const gli__ids *ids, int32_t index) {
  if (!gli__ids_is_identity(ids)) GLI__PREFETCH(gli__id_at(ids, index));
}

int64_t gli__ids_bytes(const gli__ids *ids) {
  const gli__id_block *blocks[] = {
      (const gli__id_block *)atomic_load_explicit(&ids->table, memory_order_relaxed),
      (const gli__id_block *)atomic_load_explicit(&ids->directory, memory_order_relaxed),
      (const gli__id_block *)atomic_load_explicit(&ids->history, memory_order_relaxed),
      ids->retired};
  int64_t bytes = (int64_t)sizeof *ids + ids->text_bytes;
  for (size_t index = 0; index < sizeof blocks / sizeof blocks[0]; index++)
    for (const gli__id_block *block = blocks[index]; block != NULL;
         block = index == 3 ? block->next : NULL)
      bytes += (int64_t)block->size_bytes;
  for (int32_t segment = 0; segment < ids->segment_count; segment++)
    bytes += (int64_t)(gli__id_segment_size(segment) * sizeof(gli__id_record));
  return bytes;
}

/* --- Adding -------------------------------------------------------------------------------- */

gli_status gli__id_check(const gli_id *id, gli_error *error) {
  if (id->kind == GLI_ID_INT) return GLI_OK;
  if (id->kind != GLI_ID_TEXT)
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "id.kind is %u; GLI_ID_INT (0) or GLI_ID_TEXT (1) is meant", id->kind);
  if (!gli__utf8_is_valid(id->as.text, id->size_bytes))
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "an id of %u bytes is not valid UTF-8; text ids must be", id->size_bytes);
  return GLI_OK;
}

gli_status gli__ids_add(gli__ids *ids, const gli_id *id, uint64_t hash, int32_t *index_out,
                        gli_error *error) {
  gli_status status = gli__id_check(id, error);
  if (status != GLI_OK) return status;
  gli__id_record key = gli__id_key(id);
  if (gli__ids_is_identity(ids)) {
    if (id->kind == GLI_ID_INT && id->as.integer == ids->count &&
        ids->count < GLI__ID_COUNT_LIMIT) {
      gli__id_note_integer(ids, key);
      *index_out = ids->count++;
      return GLI_OK;
    }
    if (ids->count < GLI__ID_COUNT_LIMIT) status = gli__id_materialize(ids, error);
    if (status != GLI_OK) return status;
  }
  if (GLI__UNLIKELY(ids->retired != NULL) &&
      atomic_load_explicit(&ids->references, memory_order_acquire) == 1)
    gli__id_release_retired(ids);
  status = gli__id_make_room(ids, 1, error);
  if (status != GLI_OK) return status;
  return gli__id_enter(ids, gli__id_tag(hash), key, NULL, index_out, error);
}

void gli__ids_remove_last(gli__ids *ids) {
  if (gli__ids_is_identity(ids))
    ids->count--;
  else
    gli__id_leave(ids);
  ids->next_integer = ids->undo_next[0];
  ids->undo_next[0] = ids->undo_next[1];
}

gli__ids_mark gli__ids_get_mark(const gli__ids *ids) {
  gli__ids_mark mark = {ids->count, ids->next_integer};
  return mark;
}

/* From so many on, and when most go, a pass over the table is cheaper than a cache miss for each.
 */
#define UNDO_AT_ONCE 65536

void gli__ids_rollback(gli__ids *ids, gli__ids_mark mark) {
  const int64_t gone = (int64_t)ids->count - mark.count;
  if (gli__ids_is_identity(ids)) {
    ids->count = mark.count;
  } else if (gone >= UNDO_AT_ONCE && gone > mark.count) {
    (void)gli__id_leave_many(ids, mark.count); /* without memory for it: one by one */
  }
  while (ids->count > mark.count)
    gli__id_leave(ids);
  ids->next_integer = mark.next_integer;
  ids->undo_next[0] = ids->undo_next[1] = mark.next_integer;
}

gli_status gli__ids_reserve(gli__ids *ids, int64_t count, gli_error *error) {
  if (!gli__ids_is_identity(ids)) return gli__id_make_room(ids, count, error);
  return gli__id_check_limit(ids, count, error);
}

gli_status gli__ids_add_automatic(gli__ids *ids, int64_t count, int64_t *first_out,
                                  gli_error *error) {
  uint64_t first = ids->next_integer;
  if (first > INT64_MAX || (uint64_t)count > (uint64_t)INT64_MAX + 1 - first)
    return gli__fail(error, GLI_ERROR_LIMIT,
                     "%lld automatic ids: too few integers are left above the highest used one",
                     (long long)count);
  gli_status status = gli__id_check_limit(ids, count, error);
  if (status != GLI_OK) return status;
  if (gli__ids_is_identity(ids) && first == (uint64_t)ids->count) {
    ids->count += (int32_t)count;
    ids->undo_next[0] = ids->undo_next[1] = first;
    ids->next_integer = (uint64_t)ids->count;
    *first_out = (int64_t)first;
    return GLI_OK;
  }
  if (gli__ids_is_identity(ids)) status = gli__id_materialize(ids, error);
  if (status == GLI_OK) status = gli__id_make_room(ids, count, error);
  if (status != GLI_OK) return status;
  gli__ids_mark mark = gli__ids_get_mark(ids);
  for (int64_t done = 0; done < count && status == GLI_OK; done++) {
    gli__id_record key = gli__id_int_key((int64_t)first + done);
    int32_t index;
    status = gli__id_enter(ids, gli__id_tag(gli__id_hash_key(key)), key, NULL, &index, error);
  }
  if (status != GLI_OK) {
    gli__ids_rollback(ids, mark);
    return status;
  }
  *first_out = (int64_t)first;
  return GLI_OK;
}

/* --- New storage ---------------------------------------------------------------------------- */

static int32_t kept_at(const int32_t *kept, int32_t position) {
  return kept == NULL ? position : kept[position];
}

static bool keeps_identity(const gli__ids *ids, const int32_t *kept, int32_t count) {
  for (int32_t position = 0; position < count; position++) {
    gli_id id = gli__ids_get(ids, kept_at(kept, position));
    if (id.kind != GLI_ID_INT || id.as.integer != position) return false;
  }
  return true;
}

static gli_status copy_group(gli__ids *copy, const gli__ids *ids, const int32_t *kept,
                             int32_t begin, int32_t end, gli_error *error) {
  uint32_t tags[GLI__ID_GROUP];
  gli__id_record keys[GLI__ID_GROUP];
  for (int32_t position = begin; position < end; position++) {
    gli_id id = gli__ids_get(ids, kept_at(kept, position));
    gli__id_record key = gli__id_key(&id);
    uint64_t hash = gli__id_hash_key(key);
    gli__ids_prefetch_slot(copy, hash);
    keys[position - begin] = key;
    tags[position - begin] = gli__id_tag(hash);
  }
  for (int32_t position = begin; position < end; position++) {
    int32_t index;
    gli_status status =
        gli__id_enter(copy, tags[position - begin], keys[position - begin], NULL, &index, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

gli_status gli__ids_gather(const gli__ids *ids, const int32_t *kept, int32_t count,
                           gli__ids **ids_out, gli_error *error) {
  gli__ids *copy = NULL;
  gli_status status = gli__ids_create(ids->memory, &copy, error);
  if (status != GLI_OK) return status;
  if (keeps_identity(ids, kept, count)) {
    copy->count = count;
  } else {
    status = gli__id_materialize(copy, error);
    if (status == GLI_OK) status = gli__id_make_room(copy, count, error);
    for (int32_t begin = 0; begin < count && status == GLI_OK; begin += GLI__ID_GROUP)
      status = copy_group(copy, ids, kept, begin,
                          count - begin < GLI__ID_GROUP ? count : begin + GLI__ID_GROUP, error);
  }
  if (status != GLI_OK) {
    gli__ids_free(copy);
    return status;
  }
  copy->next_integer = ids->next_integer;
  copy->undo_next[0] = copy->undo_next[1] = copy->next_integer;
  *ids_out = copy;
  return GLI_OK;
}

gli_status gli__ids_clone(gli__ids *ids, gli__ids **clone_out, gli_error *error) {
  return gli__ids_gather(ids, NULL, ids->count, clone_out, error);
}
