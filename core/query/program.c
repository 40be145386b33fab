/* program.c: postfix code on 64 rows at a time.
 *
 * Registers hold 64 values each (1.5 KiB), so that the cost of an instruction is shared by the rows
 * and the registers of a usual expression stay in the first cache: some 5 ns a row and instruction,
 * against 30 and more for walking a tree per row. */
#include "query/filter.h"

#define TEXT_BLOCK_BYTES 4096

typedef gli_value row_values[64];

void gli__texts_free(gli__scratch_rows *scratch) {
  while (scratch->texts != NULL) {
    gli__text_block *block = scratch->texts;
    scratch->texts = block->next;
    gli__release(scratch->memory, block, sizeof *block + block->capacity, 1);
  }
}

/* Between words: keep one block. */
static void reuse_texts(gli__scratch_rows *scratch) {
  if (scratch->texts == NULL) return;
  gli__text_block *kept = scratch->texts;
  scratch->texts = kept->next;
  gli__texts_free(scratch);
  kept->next = NULL;
  kept->used = 0;
  scratch->texts = kept;
}

static char *text_room(gli__scratch_rows *scratch, size_t size_bytes) {
  gli__text_block *block = scratch->texts;
  if (block == NULL || block->capacity - block->used < size_bytes) {
    size_t capacity = size_bytes > TEXT_BLOCK_BYTES ? size_bytes : TEXT_BLOCK_BYTES;
    block = gli__allocate(scratch->memory, sizeof *block + capacity, 1);
    if (block == NULL) return NULL;
    block->next = scratch->texts;
    block->capacity = capacity;
    block->used = 0;
    scratch->texts = block;
  }
  char *room = block->bytes + block->used;
  block->used += size_bytes;
  return room;
}

/* ASCII letters only, as documented: no table of the world's letters. */
static bool change_case(gli__scratch_rows *scratch, gli_value *value, char first, char last,
                        int shift) {
  if (value->type != GLI_VALUE_STRING) {
    *value = gli_value_absent();
    return true;
  }
  if (value->size_bytes == 0) return true;
  char *room = text_room(scratch, value->size_bytes);
  if (room == NULL) return false;
  for (uint64_t at = 0; at < value->size_bytes; at++) {
    char letter = value->as.text[at];
    room[at] = letter >= first && letter <= last ? (char)(letter + shift) : letter;
  }
  value->as.text = room;
  return true;
}

static gli_value text_answer(gli__operation operation, const gli_value *text,
                             const gli_value *part) {
  if (text->type != GLI_VALUE_STRING || part->type != GLI_VALUE_STRING) return gli_value_absent();
  if (operation == GLI__OP_STARTS_WITH) return gli_value_bool(gli__text_starts_with(text, part));
  if (operation == GLI__OP_ENDS_WITH) return gli_value_bool(gli__text_ends_with(text, part));
  return gli_value_bool(gli__text_contains(text, part));
}

#define EACH_ROW(row, active)                                                    \
  for (uint64_t rows_left_ = (active), row;                                      \
       rows_left_ != 0 && ((row = (uint64_t)__builtin_ctzll(rows_left_)), true); \
       rows_left_ &= rows_left_ - 1)

static bool run_unary(gli__operation operation, gli__scratch_rows *scratch, gli_value *top,
                      uint64_t active) {
  EACH_ROW(row, active) {
    gli_value *value = &top[row];
    switch (operation) {
      case GLI__OP_NOT:
        *value = gli_value_bool(!gli__python_truth(value));
        break;
      case GLI__OP_NEGATE:
        *value = gli__python_negate(value);
        break;
      case GLI__OP_ABSOLUTE:
        *value = gli__python_absolute(value);
        break;
      case GLI__OP_LENGTH:
        *value = gli__python_length(value);
        break;
      case GLI__OP_LOWER:
        if (!change_case(scratch, value, 'A', 'Z', 'a' - 'A')) return false;
        break;
      default:
        if (!change_case(scratch, value, 'a', 'z', 'A' - 'a')) return false;
    }
  }
  return true;
}

static void run_binary(gli__operation operation, gli_value *left, const gli_value *right,
                       uint64_t active) {
  EACH_ROW(row, active) {
    gli_value *value = &left[row];
    switch (operation) {
      case GLI__OP_AND:
        *value = gli_value_bool(gli__python_truth(value) && gli__python_truth(&right[row]));
        break;
      case GLI__OP_OR:
        *value = gli_value_bool(gli__python_truth(value) || gli__python_truth(&right[row]));
        break;
      case GLI__OP_STARTS_WITH:
      case GLI__OP_ENDS_WITH:
      case GLI__OP_CONTAINS:
        *value = text_answer(operation, value, &right[row]);
        break;
      default:
        *value =
            gli__python_calculate((gli__arithmetic)(operation - GLI__OP_ADD), value, &right[row]);
    }
  }
}
_Static_assert(GLI__OP_REMAINDER - GLI__OP_ADD == GLI__REMAINDER, "both lists in one order");

static bool compare_pair(const gli__filter *filter, const gli__instruction *pair,
                         const gli_value *left, const gli_value *right) {
  if (pair->relation != GLI__IN && pair->relation != GLI__NOT_IN)
    return gli__python_holds((gli__relation)pair->relation, left, right);
  const gli__constant *constant = &filter->expression->constants[pair->argument];
  return left->type != GLI_VALUE_ABSENT &&
         gli__python_is_in(left, constant->items, constant->item_count) ==
             (pair->relation == GLI__IN);
}

/* `top` is the register above the right side; returns the new top. */
static row_values *run_compare(const gli__filter *filter, const gli__instruction *pair,
                               row_values *top, uint64_t active) {
  gli_value *left = top[-2], *right = top[-1], *so_far = pair->is_first ? left : top[-3];
  EACH_ROW(row, active) {
    bool holds = compare_pair(filter, pair, &left[row], &right[row]);
    so_far[row] = gli_value_bool(holds && (pair->is_first || so_far[row].as.boolean));
    if (!pair->is_first && !pair->is_last) left[row] = right[row];
  }
  if (pair->is_first) return pair->is_last ? top - 1 : top;
  return pair->is_last ? top - 2 : top - 1;
}

static void load(const gli__filter *filter, const gli__instruction *leaf, int64_t base,
                 gli_value *top, uint64_t active) {
  if (leaf->operation == GLI__OP_CONSTANT) {
    const gli_value *value = &filter->expression->constants[leaf->argument].value;
    EACH_ROW(row, active) top[row] = *value;
    return;
  }
  const gli__binding *binding = &filter->names[leaf->argument];
  bool asks_presence = leaf->operation == GLI__OP_HAS;
  EACH_ROW(row, active) {
    int64_t position = base + (int64_t)row;
    if (asks_presence)
      top[row] =
          gli_value_bool(binding->column != NULL &&
                         gli__column_get(binding->column, position).type != GLI_VALUE_ABSENT);
    else
      top[row] = gli__binding_value(filter, binding, position);
  }
}

bool gli__program_run(const gli__filter *filter, gli__scratch_rows *scratch, uint32_t begin,
                      uint32_t end, int64_t base, uint64_t active, uint64_t *truths_out) {
  row_values *registers = (row_values *)scratch->registers, *top = registers;
  reuse_texts(scratch);
  for (uint32_t at = begin; at < end; at++) {
    const gli__instruction *instruction = &filter->expression->code[at];
    switch (instruction->operation) {
      case GLI__OP_CONSTANT:
      case GLI__OP_NAME:
      case GLI__OP_HAS:
        load(filter, instruction, base, *top++, active);
        break;
      case GLI__OP_NOT:
      case GLI__OP_NEGATE:
      case GLI__OP_ABSOLUTE:
      case GLI__OP_LENGTH:
      case GLI__OP_LOWER:
      case GLI__OP_UPPER:
        if (!run_unary((gli__operation)instruction->operation, scratch, top[-1], active))
          return false;
        break;
      case GLI__OP_COMPARE:
        top = run_compare(filter, instruction, top, active);
        break;
      default:
        run_binary((gli__operation)instruction->operation, top[-2], top[-1], active);
        top--;
    }
  }
  uint64_t truths = 0;
  EACH_ROW(row, active) truths |= (uint64_t)gli__python_truth(&registers[0][row]) << row;
  *truths_out = truths;
  return true;
}

uint32_t gli__program_depth(const gli_expression *expression) {
  uint32_t depth = 0, deepest = 1;
  for (uint32_t at = 0; at < expression->code_count; at++) {
    const gli__instruction *instruction = &expression->code[at];
    switch (instruction->operation) {
      case GLI__OP_CONSTANT:
      case GLI__OP_NAME:
      case GLI__OP_HAS:
        depth++;
        break;
      case GLI__OP_NOT:
      case GLI__OP_NEGATE:
      case GLI__OP_ABSOLUTE:
      case GLI__OP_LENGTH:
      case GLI__OP_LOWER:
      case GLI__OP_UPPER:
        break;
      case GLI__OP_COMPARE:
        depth -= instruction->is_first ? (uint32_t)instruction->is_last
                                       : 1 + (uint32_t)instruction->is_last;
        break;
      default:
        depth--;
    }
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}
