/* algorithms.c: the list of algorithms that callers see: built-in ones, then extensions'. */
#include "algorithms/descriptors.h"
#include "dispatch/dispatch.h"

#include <string.h>

const gli_algorithm *const gli__algorithms[] = {
#define GLI_DESCRIPTOR_ENTRY(name) &gli__algorithm_##name,
    GLI_ALGORITHM_LIST(GLI_DESCRIPTOR_ENTRY)
#undef GLI_DESCRIPTOR_ENTRY
};
const size_t gli__algorithm_count = sizeof gli__algorithms / sizeof gli__algorithms[0];

size_t gli_algorithm_count(void) {
  return gli__algorithm_count + gli__extension_algorithm_count();
}

const gli_algorithm *gli_algorithm_at(size_t position) {
  if (position < gli__algorithm_count) return gli__algorithms[position];
  const gli_extension_algorithm *added =
      gli__extension_algorithm_at(position - gli__algorithm_count);
  return added == NULL ? NULL : &added->algorithm;
}

static bool answers_to(const gli_algorithm *algorithm, const char *name) {
  if (strcmp(algorithm->name, name) == 0) return true;
  for (const char *const *alias = algorithm->aliases; alias != NULL && *alias != NULL; alias++) {
    if (strcmp(*alias, name) == 0) return true;
  }
  return false;
}

const gli_algorithm *gli_algorithm_find(const char *name) {
  if (name == NULL) return NULL;
  const gli_algorithm *algorithm = NULL;
  for (size_t k = 0; (algorithm = gli_algorithm_at(k)) != NULL; k++) {
    if (answers_to(algorithm, name)) return algorithm;
  }
  return NULL;
}

bool gli_algorithm_runs_on_devices(const gli_algorithm *algorithm) {
  return gli__device_algorithm_find(algorithm->name) != NULL;
}
