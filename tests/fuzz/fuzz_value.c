/* fuzz_value.c: any bytes as a nested value. The walk must end inside the bytes; what validation
 * lets pass, the builder takes and gives back byte for byte. */
#include <stdlib.h>
#include <string.h>

#include <gli/value.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const gli_value nested = gli_value_nested(data, size);
  gli_value_reader reader = gli_value_reader_start(&nested);
  gli_value_item item;
  while (gli_value_reader_next(&reader, &item)) {
    if (reader.cursor > reader.end) abort();
  }
  gli_error error = {0};
  const gli_status status = gli_value_validate(data, size, &error);
  if (status != GLI_OK) {
    if (status != GLI_ERROR_FORMAT || error.message[0] == '\0') abort();
    return 0;
  }
  gli_value_builder *builder = NULL;
  gli_value value;
  if (gli_value_builder_create(NULL, &builder, &error) != GLI_OK ||
      gli_value_builder_open(builder, GLI_NESTED_LIST, &error) != GLI_OK) {
    abort();
  }
  const gli_status added = gli_value_builder_add(builder, &nested, &error);
  if (added == GLI_OK) {
    if (gli_value_builder_close(builder, &error) != GLI_OK ||
        gli_value_builder_finish(builder, &value, &error) != GLI_OK ||
        value.size_bytes != size + 2 || memcmp(value.as.bytes + 2, data, size) != 0) {
      abort();
    }
  } else if (strstr(error.message, "deeper") == NULL) {
    abort(); /* one list more around it may be one too many, nothing else */
  }
  gli_value_builder_free(builder);
  return 0;
}
