/* Every allocation of every writing call fails, once and from then on: the column holds what it
 * held, what others share did not change, nothing is lost; then the same call succeeds. */
#include "columns/column_model.h"
#include "support/failing_allocator.h"

/* How the column looks before the call that fails. */
typedef enum column_state {
  STATE_EMPTY,
  STATE_PACKED,
  STATE_CONSTANT,
  STATE_DENSE,
  STATE_MIXED,
  STATE_COUNT
} column_state;

static void fill(column_model *model, column_state state) {
  const int64_t step = state == STATE_PACKED ? 97 : 1;
  const int64_t rows = state == STATE_EMPTY ? 0 : model->count - 3000;
  for (int64_t k = 0; k < rows; k += step) {
    switch (state) {
      case STATE_CONSTANT:
        model_set(model, k, gli_value_float(1.0));
        break;
      case STATE_MIXED:
        model_set(model, k, k % 2 == 0 ? gli_value_int(k) : model_text((uint64_t)k));
        break;
      default:
        model_set(model, k, gli_value_int(k % 100));
    }
  }
}

/* Operations, numbered; each leads from the model to the one that `after` becomes. */
enum { OPERATIONS = 14 };

static gli_status operate(gli__column *column, int operation, gli_value *after, gli_error *error) {
  static const int64_t positions[] = {11, 5000, 4095, 9000, 11};
  static const int64_t numbers[] = {1, -70000, INT64_MAX, 4, 5};
  static const double reals[] = {0.5, 0.25, -0.0, 1e300, 3};
  static const uint8_t bools[] = {1, 0, 1, 1, 0};
  static gli_value values[5000];
  static int64_t many[5000];
  const gli_value single[] = {gli_value_int(5),
                              gli_value_int(INT64_MIN),
                              gli_value_float(2.5),
                              gli_value_null(),
                              gli_value_string("a new text, longer than a record holds"),
                              gli_value_absent()};
  for (int64_t k = 0; k < 5000; k++) {
    many[k] = k;
    values[k] = k % 3 == 0   ? gli_value_int(k)
                : k % 3 == 1 ? gli_value_string("yet another new text")
                             : gli_value_absent();
  }
  if (operation < 6) {
    after[4097] = single[operation];
    return gli__column_set(column, 4097, &single[operation], error);
  }
  switch (operation) {
    case 6:
      after[10005] = single[4];
      return gli__column_set(column, 10005, &single[4], error);
    case 7:
      for (int64_t k = 0; k < 5000; k++) {
        after[100 + k] = gli_value_int(k);
      }
      return gli__column_set_range(column, 100, 5000, GLI_VALUE_INT64, many, error);
    case 8:
      for (int64_t k = 0; k < 5000; k++) {
        after[2000 + k] = values[k];
      }
      return gli__column_set_range(column, 2000, 5000, GLI_VALUE_NESTED, values, error);
    case 9:
      for (int k = 0; k < 5; k++) {
        after[8190 + k] = gli_value_float(reals[k]);
      }
      return gli__column_set_range(column, 8190, 5, GLI_VALUE_FLOAT64, reals, error);
    case 10:
      for (int k = 0; k < 5; k++) {
        after[positions[k]] = gli_value_int(numbers[k]);
      }
      return gli__column_set_many(column, 5, positions, GLI_VALUE_INT64, numbers, error);
    case 11:
      for (int k = 0; k < 5; k++) {
        after[positions[k]] = gli_value_bool(bools[k] != 0);
      }
      return gli__column_set_many(column, 5, positions, GLI_VALUE_BOOL, bools, error);
    case 12:
      for (int k = 0; k < 5; k++) {
        after[positions[k]] = values[k];
      }
      return gli__column_set_many(column, 5, positions, GLI_VALUE_NESTED, values, error);
    default: {
      const gli_status status = gli__column_prepare(column, 4097, &single[4], error);
      return status;
    }
  }
}

static void fail_operation(column_state state, int operation, bool is_shared) {
  char what[64];
  snprintf(what, sizeof what, "column state %d, operation %d%s", (int)state, operation,
           is_shared ? ", shared" : "");
  failing_loop loop = failing_loop_start(what);
  bool allocates = false;
  while (failing_loop_next(&loop)) {
    gli__memory *const memory = gli__memory_create(&loop.allocator);
    gli__store *store = NULL;
    cr_assert_eq(gli__store_create(memory, &store, NULL), GLI_OK);
    column_model model = model_create(memory, store, 11000);
    fill(&model, state);
    column_model held = {0};
    if (is_shared) {
      held = model_share(&model);
    }
    column_model after = model_share(&model);
    gli__column_free(after.column);
    after.column = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    gli_status status = gli__column_own(&model.column, &error);
    if (status == GLI_OK) {
      status = operate(model.column, operation, after.values, &error);
    }
    const bool failed = failing_loop_disarm(&loop);
    allocates = allocates || failed;
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", what);
    if (failed) {
      model_check(&model);
      cr_assert_eq(gli__column_own(&model.column, NULL), GLI_OK);
      cr_assert_eq(operate(model.column, operation, after.values, NULL), GLI_OK);
    }
    after.column = model.column;
    model_check(&after);
    if (is_shared) {
      model_check(&held);
      model_free(&held);
    }
    free(after.values);
    model_free(&model);
    gli__store_free(store);
    cr_assert_eq(atomic_load(&memory->live_bytes), (int64_t)sizeof *memory);
    gli__memory_free(memory);
    if (!allocates) {
      break; /* an operation without an allocation cannot fail */
    }
  }
  if (!allocates) {
    free(loop.failing);
  }
}

Test(column_failures, every_operation_in_every_state) {
  for (int state = 0; state < STATE_COUNT; state++) {
    for (int operation = 0; operation < OPERATIONS; operation++) {
      fail_operation((column_state)state, operation, false);
      fail_operation((column_state)state, operation, true);
    }
  }
}

/* After a prepare, the set asks for nothing; a value just set is taken back without asking. */
Test(column_failures, what_was_prepared_cannot_fail) {
  failing_allocator failing = {.fail_at = -1};
  const gli_allocator allocator = failing_allocator_table(&failing);
  const gli_value values[] = {
      gli_value_int(1),          gli_value_int(1 << 20),
      gli_value_float(0.5),      gli_value_null(),
      gli_value_bool(true),      gli_value_string("a text that nobody had before"),
      gli_value_nested("\1", 1), gli_value_absent()};
  for (int state = 0; state < STATE_COUNT; state++) {
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
      gli__memory *const memory = gli__memory_create(&allocator);
      gli__store *store = NULL;
      cr_assert_eq(gli__store_create(memory, &store, NULL), GLI_OK);
      column_model model = model_create(memory, store, 11000);
      fill(&model, (column_state)state);
      column_model held = model_share(&model);
      cr_assert_eq(gli__column_own(&model.column, NULL), GLI_OK);
      for (int64_t position = 4000; position < 8300; position += 1400) {
        cr_assert_eq(gli__column_prepare(model.column, position, &values[k], NULL), GLI_OK);
        model_check(&model);
        failing.calls = 0;
        failing.from_then_on = true;
        failing.fail_at = 0;
        model_set(&model, position, values[k]);
        model_set(&model, position, gli_value_absent());
        cr_assert_eq(atomic_load(&failing.calls), 0);
        failing.fail_at = -1;
      }
      model_check(&model);
      model_check(&held);
      model_free(&held);
      model_free(&model);
      gli__store_free(store);
      gli__memory_free(memory);
      cr_assert_eq(atomic_load(&failing.live_blocks), 0);
    }
  }
}

Test(column_failures, gather) {
  for (int state = STATE_PACKED; state < STATE_COUNT; state++) {
    failing_loop loop = failing_loop_start("gli__column_gather");
    while (failing_loop_next(&loop)) {
      gli__memory *const memory = gli__memory_create(&loop.allocator);
      gli__store *store = NULL;
      gli__store *other = NULL;
      cr_assert_eq(gli__store_create(memory, &store, NULL), GLI_OK);
      cr_assert_eq(gli__store_create(memory, &other, NULL), GLI_OK);
      column_model model = model_create(memory, store, 11000);
      fill(&model, (column_state)state);
      column_model gathered = {.values = calloc(11000, sizeof(gli_value))};
      static int64_t kept[11000];
      for (int64_t k = 0; k < model.count; k++) {
        if (k < 4096 || k % 2 == 0) {
          gathered.values[gathered.count] = model.values[k];
          kept[gathered.count++] = k;
        }
      }
      failing_loop_arm(&loop);
      const gli_status status =
          gli__column_gather(model.column, other, kept, gathered.count, &gathered.column, NULL);
      const bool failed = failing_loop_disarm(&loop);
      cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
      model_check(&model);
      if (failed) {
        cr_assert_null(gathered.column);
      } else {
        model_check(&gathered);
      }
      model_free(&gathered);
      model_free(&model);
      gli__store_free(other);
      gli__store_free(store);
      gli__memory_free(memory);
    }
  }
}
