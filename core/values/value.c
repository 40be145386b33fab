/* value.c: small questions about single values. */
#include <gli/value.h>
#include <math.h>
#include <string.h>

gli_value gli_value_string(const char *text) {
  return gli_value_text(text, text != NULL ? strlen(text) : 0);
}

bool gli_value_same(const gli_value *left, const gli_value *right) {
  if (left->type != right->type) {
    return false;
  }
  switch (left->type) {
    case GLI_VALUE_BOOL:
      return left->as.boolean == right->as.boolean;
    case GLI_VALUE_INT64:
      return left->as.integer == right->as.integer;
    case GLI_VALUE_FLOAT64:
      return left->as.integer == right->as.integer ||
             (isnan(left->as.real) && isnan(right->as.real));
    case GLI_VALUE_STRING:
    case GLI_VALUE_NESTED:
      return left->size_bytes == right->size_bytes &&
             (left->size_bytes == 0 ||
              memcmp(left->as.bytes, right->as.bytes, left->size_bytes) == 0);
    default:
      return true; /* absent, null */
  }
}
