/* match.c: rows that have all of some values: a predicate each, over the whole column. */
#include "base/error.h"
#include "query/filter.h"

gli_status gli_snapshot_match(gli_snapshot *snapshot, gli_side side,
                              const gli_attribute *attributes, size_t attribute_count,
                              const gli_control *control, gli_positions *positions_out,
                              gli_error *error) {
  if (attribute_count > 65536)
    return gli__fail(error, GLI_ERROR_LIMIT, "attribute_count is %zu; at most 65536 are compared",
                     attribute_count);
  gli__step step = {GLI__STEP_PREDICATES, 0, (uint32_t)attribute_count};
  gli__filter filter = {.snapshot = snapshot,
                        .side = side,
                        .limit = gli__snapshot_limit(snapshot, side),
                        .bits = gli__snapshot_bits(snapshot, side),
                        .memory = gli__snapshot_memory(snapshot),
                        .mask_depth = 1,
                        .step_count = 1};
  gli_status status = GLI_OK;
  filter.steps = gli__allocate(filter.memory, 1, sizeof step);
  filter.step_capacity = 1;
  filter.predicate_capacity = (uint32_t)attribute_count;
  filter.predicates = gli__allocate(filter.memory, attribute_count, sizeof(gli__predicate));
  if (filter.steps == NULL || (filter.predicates == NULL && attribute_count > 0)) {
    status = gli__no_memory(error, "a match");
    goto cleanup;
  }
  filter.steps[0] = step;
  for (size_t k = 0; k < attribute_count && status == GLI_OK; k++) {
    /* An absent value equals nothing, an unknown attribute is absent everywhere. */
    bool is_absent = attributes[k].value.type == GLI_VALUE_ABSENT;
    gli__predicate predicate = {
        .question = GLI__ASKS_RELATION,
        .relation = GLI__EQUAL,
        .column = is_absent ? NULL : gli__snapshot_column(snapshot, side, attributes[k].key),
        .constant = attributes[k].value};
    status = gli__predicate_prepare(&predicate, filter.memory, error);
    if (status == GLI_OK) filter.predicates[filter.predicate_count++] = predicate;
  }
  if (status == GLI_OK) status = gli__filter_run(&filter, control, NULL, positions_out, error);
cleanup:
  gli__filter_release(&filter);
  return status;
}
