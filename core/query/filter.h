/* filter.h: from an expression to the rows that satisfy it.
 *
 * An expression is bound to one side of a snapshot, then run over its positions in chunks of 4,096:
 *
 *   plan        what stands under `and`, `or`, `not` at the top works on bitmaps of a chunk
 *   predicate   a leaf of it that asks one attribute one thing (age > 30, name == 'x', has(y)):
 *               loops over the chunk as the column keeps it
 *   program     any other leaf: its postfix code on 64 rows at a time
 *
 * `and` and `or` hand the rows that are still open to their right side, so a program runs where the
 * left side did not decide. Evaluation has no effects: that changes nothing but the time. */
#ifndef GLI_QUERY_FILTER_H
#define GLI_QUERY_FILTER_H

#include "base/pool.h"
#include "graph/snapshot.h"
#include "query/expression.h"

/* What a name means on a side. */
typedef enum gli__meaning {
  GLI__MEANS_NOTHING = 0, /* absent everywhere */
  GLI__MEANS_ATTRIBUTE,
  GLI__MEANS_ID,
  GLI__MEANS_SOURCE,
  GLI__MEANS_TARGET,
} gli__meaning;

typedef struct gli__binding {
  gli__meaning meaning;
  const gli__column *column; /* of an attribute; for has(): whatever the name means */
} gli__binding;

/* --- predicate.c ------------------------------------------------------------------------------ */

typedef enum gli__question {
  GLI__ASKS_RELATION, /* value relation constant, or in items */
  GLI__ASKS_TRUTH,
  GLI__ASKS_PRESENCE,
  GLI__ASKS_STARTS_WITH,
  GLI__ASKS_ENDS_WITH,
  GLI__ASKS_CONTAINS,
} gli__question;

typedef struct gli__predicate {
  gli__question question;
  gli__relation relation;
  const gli__column *column; /* NULL: holds nowhere */
  gli_value constant;
  const gli_value *items;
  uint32_t item_count;
  gli__store *store;     /* of the column's texts and nested values; may be NULL */
  int64_t reference;     /* of a text constant in the store; -1: not there */
  _Atomic uint8_t *memo; /* answers by reference: 0 not asked yet, 1 no, 2 yes; or NULL */
  uint32_t memo_count;
} gli__predicate;

/* Look the constant up, make the memo if answers can be kept by reference. */
gli_status gli__predicate_prepare(gli__predicate *predicate, gli__memory *memory, gli_error *error);
void gli__predicate_release(gli__predicate *predicate, gli__memory *memory);
/* Which rows of a chunk it holds for. */
void gli__predicate_run(const gli__predicate *predicate, int64_t chunk,
                        uint64_t words[GLI__CHUNK_WORDS]);
bool gli__predicate_test(const gli__predicate *predicate, const gli_value *value);

/* --- kernels.c -------------------------------------------------------------------------------- */

/* The integers that stand in a relation to a number: minimum <= x <= maximum, or all others. */
typedef struct gli__int_range {
  int64_t minimum, maximum; /* empty where minimum > maximum */
  bool is_complement;
} gli__int_range;
/* False where the relation or the constant is of another kind. */
bool gli__int_range_of(gli__relation relation, const gli_value *constant,
                       gli__int_range *range_out);
/* Bit k of `words`: whether data[k] is in [minimum, maximum]. */
void gli__ints_in_range(const void *data, uint32_t width, uint32_t count, int64_t minimum,
                        int64_t maximum, uint64_t *words);
/* The same relation between a float and a constant, without rounding: the relation to a double. */
typedef struct gli__float_bound {
  gli__relation relation; /* EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL */
  double bound;           /* NaN: nothing holds */
  bool is_complement;
} gli__float_bound;
bool gli__float_bound_of(gli__relation relation, const gli_value *constant,
                         gli__float_bound *bound_out);
void gli__floats_in_relation(const double *data, uint32_t count, gli__float_bound bound,
                             uint64_t *words);

/* --- program.c -------------------------------------------------------------------------------- */

struct gli__filter;

/* Texts that lower() and upper() made for the rows in hand. */
typedef struct gli__text_block {
  struct gli__text_block *next;
  size_t capacity, used;
  char bytes[];
} gli__text_block;

/* What one worker evaluates with. */
typedef struct gli__scratch_rows {
  gli__memory *memory;
  gli_value *registers; /* [depth][64] */
  uint64_t *masks;      /* [mask depth * 2][64 words] */
  gli__text_block *texts;
} gli__scratch_rows;

/* Run code [begin, end) on the rows of one word, base + bit, that are in `active`: which of them
 * are true. False: out of memory. */
bool gli__program_run(const struct gli__filter *filter, gli__scratch_rows *scratch, uint32_t begin,
                      uint32_t end, int64_t base, uint64_t active, uint64_t *truths_out);
/* Registers that the code needs. */
uint32_t gli__program_depth(const gli_expression *expression);
void gli__texts_free(gli__scratch_rows *scratch);

/* --- plan.c ----------------------------------------------------------------------------------- */

typedef enum gli__step_kind {
  GLI__STEP_PREDICATES, /* push: all of predicates [first, first + count) */
  GLI__STEP_PROGRAM,    /* push: code [first, first + count) */
  GLI__STEP_AND_RIGHT,  /* the left side is there: narrow the open rows */
  GLI__STEP_OR_RIGHT,
  GLI__STEP_AND,
  GLI__STEP_OR,
  GLI__STEP_NOT,
} gli__step_kind;

typedef struct gli__step {
  gli__step_kind kind;
  uint32_t first, count; /* AND_RIGHT, OR_RIGHT: `first` is the step of the AND or OR */
} gli__step;

typedef struct gli__filter {
  gli_snapshot *snapshot;
  gli_side side;
  int64_t limit;
  const uint64_t *bits;
  const gli_expression *expression; /* NULL: predicates only */
  gli__memory *memory;
  gli__binding *names;        /* [name_count] */
  gli__step *steps;           /* [step_capacity] */
  gli__predicate *predicates; /* [predicate_capacity] */
  uint32_t name_count, step_count, step_capacity, predicate_count, predicate_capacity;
  uint32_t register_depth, mask_depth;
} gli__filter;

gli_status gli__filter_bind(gli_snapshot *snapshot, gli_side side, const gli_expression *expression,
                            gli__filter *filter_out, gli_error *error);
void gli__filter_release(gli__filter *filter);
/* The value that a name has at a position. */
gli_value gli__binding_value(const gli__filter *filter, const gli__binding *binding,
                             int64_t position);

/* --- filter.c --------------------------------------------------------------------------------- */

/* The rows as a bitmap of whole chunks. */
typedef struct gli__row_set {
  gli__memory *memory;
  uint64_t *words;
  int64_t word_count;
  int64_t limit;
} gli__row_set;

/* As a bitmap, as positions (from an allocator of the user's, rising), or both; NULL: not wanted.
 */
gli_status gli__filter_run(gli__filter *filter, const gli_control *control, gli__row_set *set_out,
                           gli_positions *positions_out, gli_error *error);
void gli__row_set_release(gli__row_set *set);
gli_status gli__positions_make(gli__memory *memory, int64_t count, gli_positions *positions_out,
                               gli_error *error);

#endif
