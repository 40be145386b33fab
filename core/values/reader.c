/* reader.c: walking a nested value, and proving that bytes are one.
 *
 * The walk is flat: containers say how many elements follow, the caller keeps its own stack. The
 * proof keeps a stack of its own, 200 frames of 40 bytes, so it needs no memory and cannot be made
 * to recurse. It looks at every byte once, at those of sets once more per set around them. */
#include "base/error.h"
#include "values/encoding.h"

gli_value_reader gli_value_reader_start(const gli_value *nested) {
  gli_value_reader reader = {NULL, NULL};
  if (nested->type == GLI_VALUE_NESTED && nested->size_bytes != 0) {
    reader.cursor = nested->as.bytes;
    reader.end = nested->as.bytes + nested->size_bytes;
  }
  return reader;
}

bool gli_value_reader_next(gli_value_reader *reader, gli_value_item *item_out) {
  return gli__item_read(&reader->cursor, reader->end, item_out) == NULL;
}

/* A container that is being read. */
typedef struct open_container {
  gli_nested_type type;
  bool must_hash;          /* it stands as a key, so its elements must be hashable too */
  uint64_t left;           /* elements to come; a dict counts keys and values */
  const uint8_t *element;  /* the one being read */
  const uint8_t *previous; /* sets: the one before it ... */
  size_t previous_size_bytes;
} open_container;

/* An element of a container ended at `end`. */
static const char *element_ended(open_container *container, const uint8_t *end) {
  if (!gli__nested_is_set(container->type)) {
    return NULL;
  }
  const size_t size_bytes = (size_t)(end - container->element);
  if (container->previous != NULL &&
      gli__encoding_compare(container->previous, container->previous_size_bytes, container->element,
                            size_bytes) >= 0) {
    return "the elements of a set do not rise";
  }
  container->previous = container->element;
  container->previous_size_bytes = size_bytes;
  return NULL;
}

static bool element_must_hash(const open_container *container) {
  return container->must_hash || gli__nested_is_set(container->type) ||
         (container->type == GLI_NESTED_DICT && container->left % 2 == 0);
}

static const char *text_complaint(const gli_value_item *item) {
  const bool is_text = item->type == GLI_NESTED_STRING;
  const uint8_t *const bytes =
      is_text ? item->scalar.as.bytes : (const uint8_t *)item->datetime.zone_name;
  const size_t size_bytes =
      (size_t)(is_text ? item->scalar.size_bytes : item->datetime.zone_name_size_bytes);
  return bytes == NULL || gli__text_is_utf8(bytes, size_bytes) ? NULL : "a text is not UTF-8";
}

const char *gli__encoding_complaint(const uint8_t *bytes, size_t size_bytes, uint32_t depth_limit,
                                    bool must_hash, size_t *at_out) {
  open_container open[GLI_VALUE_DEPTH_LIMIT];
  const uint8_t *cursor = bytes;
  const uint8_t *const end = bytes + size_bytes;
  uint32_t depth = 0;
  bool hashable = must_hash;
  do {
    *at_out = (size_t)(cursor - bytes);
    if (depth != 0) {
      hashable = element_must_hash(&open[depth - 1]);
      open[depth - 1].element = cursor;
      open[depth - 1].left--;
    }
    gli_value_item item;
    const char *complaint = gli__item_read(&cursor, end, &item);
    if (complaint == NULL) {
      complaint = text_complaint(&item);
    }
    if (complaint == NULL && hashable && !gli__nested_is_hashable(item.type)) {
      complaint = "a list, dict or set stands as a key or in a set";
    }
    if (complaint == NULL && gli__nested_is_container(item.type)) {
      if (depth == depth_limit) {
        return "it is nested deeper than 200 containers";
      }
      open[depth++] =
          (open_container){.type = item.type,
                           .must_hash = hashable,
                           .left = item.type == GLI_NESTED_DICT ? item.count * 2 : item.count};
      if (item.count != 0) {
        continue;
      }
      depth--;
    }
    while (complaint == NULL && depth != 0) {
      complaint = element_ended(&open[depth - 1], cursor);
      if (open[depth - 1].left != 0) {
        break;
      }
      depth--;
    }
    if (complaint != NULL) {
      return complaint;
    }
  } while (depth != 0);
  *at_out = (size_t)(cursor - bytes);
  return cursor != end ? "something stands behind the value" : NULL;
}

gli_status gli_value_validate(const void *bytes, size_t size_bytes, gli_error *error) {
  size_t at = 0;
  const char *const complaint =
      gli__encoding_complaint(bytes != NULL ? bytes : (const void *)"",
                              bytes != NULL ? size_bytes : 0, GLI_VALUE_DEPTH_LIMIT, false, &at);
  return complaint == NULL ? GLI_OK
                           : gli__fail(error, GLI_ERROR_FORMAT, "nested value, byte %zu of %zu: %s",
                                       at, size_bytes, complaint);
}
