/* plan.c: binds an expression to a side of a snapshot and sorts its parts into predicates, programs
 * and the bitmap steps above them. One pass back over the code finds what stands under and, or, not
 * only; one pass forward writes the steps. */
#include "base/error.h"
#include "query/filter.h"

/* --- Names ------------------------------------------------------------------------------------ */

static bool is_called(const gli__name_text *name, const char *word) {
  return name->size_bytes == strlen(word) && memcmp(name->text, word, name->size_bytes) == 0;
}

static gli__binding bind_name(const gli_snapshot *snapshot, gli_side side,
                              const gli__name_text *name) {
  gli__binding binding = {GLI__MEANS_NOTHING, NULL};
  gli_key key = gli_snapshot_find_key(snapshot, name->text, name->size_bytes);
  if (key != GLI_KEY_NONE) binding.column = gli__snapshot_column(snapshot, side, key);
  if (binding.column != NULL && gli__column_present_count(binding.column) > 0)
    binding.meaning = GLI__MEANS_ATTRIBUTE;
  else if (is_called(name, "id"))
    binding.meaning = GLI__MEANS_ID;
  else if (side == GLI_EDGES && is_called(name, "source"))
    binding.meaning = GLI__MEANS_SOURCE;
  else if (side == GLI_EDGES && is_called(name, "target"))
    binding.meaning = GLI__MEANS_TARGET;
  return binding;
}

static gli_value value_of_id(const gli_snapshot *snapshot, int32_t node) {
  gli_id id = gli_snapshot_node_id(snapshot, node);
  return id.kind == GLI_ID_INT ? gli_value_int(id.as.integer)
                               : gli_value_text(id.as.text, id.size_bytes);
}

/* Inline text of an id lies in the storage of ids, which the snapshot holds: borrowing is safe. */
gli_value gli__binding_value(const gli__filter *filter, const gli__binding *binding,
                             int64_t position) {
  const int32_t *sources, *targets;
  switch (binding->meaning) {
    case GLI__MEANS_ATTRIBUTE:
      return gli__column_get(binding->column, position);
    case GLI__MEANS_ID:
      if (filter->side == GLI_NODES) return value_of_id(filter->snapshot, (int32_t)position);
      return gli_value_int(gli_snapshot_edge_id(filter->snapshot, position));
    case GLI__MEANS_SOURCE:
    case GLI__MEANS_TARGET:
      gli__frozen_edge_ends(filter->snapshot->frozen, &sources, &targets);
      return value_of_id(filter->snapshot, binding->meaning == GLI__MEANS_SOURCE
                                               ? sources[position]
                                               : targets[position]);
    default:
      return gli_value_absent();
  }
}

/* --- Leaves that are predicates --------------------------------------------------------------- */

static const gli__constant *constant_at(const gli__filter *filter, uint32_t at) {
  const gli__instruction *code = &filter->expression->code[at];
  return code->operation == GLI__OP_CONSTANT ? &filter->expression->constants[code->argument]
                                             : NULL;
}
/* The attribute at an instruction; false where it is anything else. */
static bool column_at(const gli__filter *filter, uint32_t at, const gli__column **column_out) {
  const gli__instruction *code = &filter->expression->code[at];
  if (code->operation != GLI__OP_NAME) return false;
  const gli__binding *binding = &filter->names[code->argument];
  if (binding->meaning != GLI__MEANS_ATTRIBUTE && binding->meaning != GLI__MEANS_NOTHING)
    return false;
  *column_out = binding->meaning == GLI__MEANS_ATTRIBUTE ? binding->column : NULL;
  return true;
}

static gli_status add_predicate(gli__filter *filter, gli__predicate predicate, gli_error *error) {
  gli_status status = gli__predicate_prepare(&predicate, filter->memory, error);
  if (status == GLI_OK) filter->predicates[filter->predicate_count++] = predicate;
  return status;
}

static gli__relation mirrored(gli__relation relation) {
  switch (relation) {
    case GLI__LESS:
      return GLI__GREATER;
    case GLI__LESS_EQUAL:
      return GLI__GREATER_EQUAL;
    case GLI__GREATER:
      return GLI__LESS;
    case GLI__GREATER_EQUAL:
      return GLI__LESS_EQUAL;
    default:
      return relation;
  }
}

/* A pair `left relation right` as a predicate, where one is an attribute and one a literal. */
static bool pair_predicate(const gli__filter *filter, const gli__instruction *pair, uint32_t left,
                           uint32_t right, gli__predicate *predicate_out) {
  gli__predicate predicate = {.question = GLI__ASKS_RELATION,
                              .relation = (gli__relation)pair->relation};
  const gli__constant *constant = constant_at(filter, right);
  if (constant != NULL && column_at(filter, left, &predicate.column)) {
    predicate.constant = constant->value;
    predicate.items = constant->items;
    predicate.item_count = constant->item_count;
  } else {
    constant = constant_at(filter, left);
    if (constant == NULL || pair->relation > GLI__GREATER_EQUAL ||
        !column_at(filter, right, &predicate.column))
      return false;
    predicate.constant = constant->value;
    predicate.relation = mirrored(predicate.relation);
  }
  *predicate_out = predicate;
  return true;
}

/* `a < b <= c ...`, every pair an attribute and a literal: one predicate a pair. */
static gli_status chain_predicates(gli__filter *filter, uint32_t begin, uint32_t end,
                                   bool *done_out, gli_error *error) {
  const gli__instruction *code = filter->expression->code;
  gli__predicate predicate;
  *done_out = false;
  uint32_t left = begin, at = begin + 1;
  for (; at + 1 < end; at += 2) { /* right side, comparison */
    /* `(a < 1) == b` has the same operations as `a < 1 == b`, but begins a second chain. */
    if (code[at + 1].operation != GLI__OP_COMPARE || code[at + 1].is_first != (at == begin + 1) ||
        !pair_predicate(filter, &code[at + 1], left, at, &predicate))
      return GLI_OK;
    left = at;
  }
  if (at != end || end - begin < 3) return GLI_OK;
  for (left = begin, at = begin + 1; at + 1 < end; left = at, at += 2) {
    pair_predicate(filter, &code[at + 1], left, at, &predicate);
    gli_status status = add_predicate(filter, predicate, error);
    if (status != GLI_OK) return status;
  }
  *done_out = true;
  return GLI_OK;
}

/* has(name), a bare name, startswith(name, 'x') and its like. */
static bool single_predicate(const gli__filter *filter, uint32_t begin, uint32_t end,
                             gli__predicate *predicate_out) {
  const gli__instruction *code = filter->expression->code;
  gli__predicate predicate = {.question = GLI__ASKS_TRUTH};
  if (end - begin == 1 && code[begin].operation == GLI__OP_HAS) {
    predicate.question = GLI__ASKS_PRESENCE;
    predicate.column = filter->names[code[begin].argument].column;
  } else if (end - begin == 1) {
    if (!column_at(filter, begin, &predicate.column)) return false;
  } else if (end - begin == 3 && code[end - 1].operation >= GLI__OP_STARTS_WITH &&
             constant_at(filter, begin + 1) != NULL &&
             column_at(filter, begin, &predicate.column)) {
    gli__operation operation = (gli__operation)code[end - 1].operation;
    predicate.question = (gli__question)(GLI__ASKS_STARTS_WITH + (operation - GLI__OP_STARTS_WITH));
    predicate.constant = constant_at(filter, begin + 1)->value;
  } else {
    return false;
  }
  *predicate_out = predicate;
  return true;
}
_Static_assert(GLI__ASKS_CONTAINS - GLI__ASKS_STARTS_WITH == GLI__OP_CONTAINS - GLI__OP_STARTS_WITH,
               "both lists in one order");

/* --- Steps ------------------------------------------------------------------------------------ */

static uint32_t add_step(gli__filter *filter, gli__step_kind kind, uint32_t first, uint32_t count) {
  filter->steps[filter->step_count] = (gli__step){kind, first, count};
  return filter->step_count++;
}

static gli_status add_leaf(gli__filter *filter, uint32_t begin, uint32_t end, gli_error *error) {
  gli__predicate predicate;
  uint32_t first = filter->predicate_count;
  bool is_done = single_predicate(filter, begin, end, &predicate);
  gli_status status = GLI_OK;
  if (is_done)
    status = add_predicate(filter, predicate, error);
  else
    status = chain_predicates(filter, begin, end, &is_done, error);
  if (status != GLI_OK) return status;
  if (is_done) {
    add_step(filter, GLI__STEP_PREDICATES, first, filter->predicate_count - first);
  } else {
    add_step(filter, GLI__STEP_PROGRAM, begin, end - begin);
    filter->register_depth = gli__program_depth(filter->expression);
  }
  return GLI_OK;
}

/* What the pass back notes of every instruction. */
typedef struct node_note {
  bool is_top;           /* root, or under and, or, not alone */
  uint8_t right_of;      /* the step before its subtree: AND_RIGHT, OR_RIGHT; 0: none */
  uint32_t right_parent; /* by subtree's first instruction: whose right side begins here */
} node_note;

static bool is_gate(const gli__instruction *code) {
  return code->operation == GLI__OP_AND || code->operation == GLI__OP_OR ||
         code->operation == GLI__OP_NOT;
}

static void note_tops(const gli_expression *expression, node_note *notes) {
  const gli__instruction *code = expression->code;
  notes[expression->code_count - 1].is_top = true;
  for (uint32_t at = expression->code_count; at-- > 0;) {
    if (!notes[at].is_top || !is_gate(&code[at])) continue;
    notes[at - 1].is_top = true;
    if (code[at].operation == GLI__OP_NOT) continue;
    uint32_t right = code[at - 1].start;
    notes[right - 1].is_top = true;
    notes[right].right_of =
        code[at].operation == GLI__OP_AND ? GLI__STEP_AND_RIGHT : GLI__STEP_OR_RIGHT;
    notes[right].right_parent = at;
  }
}

/* Steps that wait for the step of their AND or OR: `first` holds the instruction until then. */
static gli_status write_steps(gli__filter *filter, const node_note *notes, uint32_t *step_of,
                              gli_error *error) {
  const gli__instruction *code = filter->expression->code;
  uint32_t depth = 0;
  for (uint32_t at = 0; at < filter->expression->code_count; at++) {
    if (notes[at].right_of != 0)
      add_step(filter, (gli__step_kind)notes[at].right_of, notes[at].right_parent, 0);
    if (!notes[at].is_top) continue;
    if (!is_gate(&code[at])) {
      gli_status status = add_leaf(filter, code[at].start, at + 1, error);
      if (status != GLI_OK) return status;
      if (++depth > filter->mask_depth) filter->mask_depth = depth;
      continue;
    }
    gli__step_kind kind = code[at].operation == GLI__OP_AND  ? GLI__STEP_AND
                          : code[at].operation == GLI__OP_OR ? GLI__STEP_OR
                                                             : GLI__STEP_NOT;
    step_of[at] = add_step(filter, kind, 0, 0);
    if (kind != GLI__STEP_NOT) depth--;
  }
  for (uint32_t step = 0; step < filter->step_count; step++)
    if (filter->steps[step].kind == GLI__STEP_AND_RIGHT ||
        filter->steps[step].kind == GLI__STEP_OR_RIGHT)
      filter->steps[step].first = step_of[filter->steps[step].first];
  return GLI_OK;
}

static gli_status plan(gli__filter *filter, gli_error *error) {
  gli__memory *memory = filter->memory;
  const gli_expression *expression = filter->expression;
  uint32_t count = expression->code_count;
  gli_status status = GLI_ERROR_OUT_OF_MEMORY;
  node_note *notes = gli__allocate_zeroed(memory, count, sizeof *notes);
  uint32_t *step_of = gli__allocate_zeroed(memory, count, sizeof *step_of);
  filter->step_capacity = count * 2;
  filter->steps = gli__allocate(memory, filter->step_capacity, sizeof(gli__step));
  filter->predicate_capacity = count;
  filter->predicates = gli__allocate(memory, count, sizeof(gli__predicate));
  if (notes == NULL || step_of == NULL || filter->steps == NULL || filter->predicates == NULL) {
    gli__no_memory(error, "a filter");
    goto cleanup;
  }
  note_tops(expression, notes);
  status = write_steps(filter, notes, step_of, error);
cleanup:
  gli__release(memory, step_of, count, sizeof *step_of);
  gli__release(memory, notes, count, sizeof *notes);
  return status;
}

void gli__filter_release(gli__filter *filter) {
  for (uint32_t k = 0; k < filter->predicate_count; k++)
    gli__predicate_release(&filter->predicates[k], filter->memory);
  gli__release(filter->memory, filter->names, filter->name_count, sizeof(gli__binding));
  if (filter->steps != NULL)
    gli__release(filter->memory, filter->steps, filter->step_capacity, sizeof(gli__step));
  if (filter->predicates != NULL)
    gli__release(filter->memory, filter->predicates, filter->predicate_capacity,
                 sizeof(gli__predicate));
}

gli_status gli__filter_bind(gli_snapshot *snapshot, gli_side side, const gli_expression *expression,
                            gli__filter *filter_out, gli_error *error) {
  gli__filter filter = {.snapshot = snapshot,
                        .side = side,
                        .limit = gli__snapshot_limit(snapshot, side),
                        .bits = gli__snapshot_bits(snapshot, side),
                        .expression = expression,
                        .memory = gli__snapshot_memory(snapshot)};
  filter.names = gli__allocate(filter.memory, expression->name_count, sizeof(gli__binding));
  if (filter.names == NULL && expression->name_count > 0) return gli__no_memory(error, "a filter");
  filter.name_count = expression->name_count;
  for (uint32_t name = 0; name < filter.name_count; name++)
    filter.names[name] = bind_name(snapshot, side, &expression->names[name]);
  gli_status status = plan(&filter, error);
  if (status != GLI_OK) {
    gli__filter_release(&filter);
    return status;
  }
  *filter_out = filter;
  return GLI_OK;
}
