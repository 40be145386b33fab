/* Columns against a plain array of values: every operation, every form of chunk, shared columns
 * that must not change, and what it all costs in bytes. */
#include "columns/column_model.h"

#define ANY_VALUE 0x7fu
#define KIND(type) (1u << (type))

typedef struct fixture {
  gli__memory *memory;
  gli__store *store;
} fixture;

static fixture fixture_open(void) {
  fixture open = {.memory = gli__memory_create(NULL)};
  cr_assert_not_null(open.memory);
  cr_assert_eq(gli__store_create(open.memory, &open.store, NULL), GLI_OK);
  return open;
}

static void fixture_close(fixture *open) {
  gli__store_free(open->store);
  cr_assert_eq(atomic_load(&open->memory->live_bytes), (int64_t)sizeof *open->memory,
               "something leaked");
  gli__memory_free(open->memory);
}

Test(column, gives_back_what_was_put_in) {
  fixture open = fixture_open();
  column_model model = model_create(open.memory, open.store, 20);
  const uint64_t payload = UINT64_C(0x7ff800000000beef);
  gli_value nan = gli_value_float(0);
  memcpy(&nan.as.real, &payload, sizeof payload);
  const gli_value values[] = {gli_value_int(1),          gli_value_float(1.0),
                              gli_value_bool(true),      gli_value_null(),
                              gli_value_float(-0.0),     nan,
                              gli_value_int(INT64_MIN),  gli_value_text("x\0y", 3),
                              gli_value_nested("\1", 1), gli_value_text(NULL, 0)};
  for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
    model_set(&model, (int64_t)k, values[k]);
    model_check(&model);
  }
  cr_assert_eq(gli__column_type(model.column), GLI__COLUMN_MIXED);
  model_free(&model);
  fixture_close(&open);
}

Test(column, type_is_the_one_of_its_values) {
  fixture open = fixture_open();
  gli__column *column = NULL;
  cr_assert_eq(gli__column_create(open.memory, open.store, &column, NULL), GLI_OK);
  cr_assert_eq(gli__column_type(column), GLI__COLUMN_EMPTY);
  gli_value value = gli_value_null();
  cr_assert_eq(gli__column_set(column, 5, &value, NULL), GLI_OK);
  cr_assert_eq(gli__column_type(column), GLI__COLUMN_EMPTY);
  cr_assert(gli__column_has_nulls(column));
  for (int64_t k = 10; k < 9000; k++) {
    value = gli_value_string("text");
    cr_assert_eq(gli__column_set(column, k, &value, NULL), GLI_OK);
  }
  cr_assert_eq(gli__column_type(column), GLI__COLUMN_STRING);
  value = gli_value_absent();
  cr_assert_eq(gli__column_set(column, 5, &value, NULL), GLI_OK);
  cr_assert_not(gli__column_has_nulls(column));
  cr_assert_eq(gli__column_set(column, 1 << 20, &value, NULL), GLI_OK);
  cr_assert_eq(gli__column_present_count(column), 8990);
  value = gli_value_bool(false);
  cr_assert_eq(gli__column_set(column, 5, &value, NULL), GLI_OK);
  cr_assert_eq(gli__column_type(column), GLI__COLUMN_MIXED);
  gli__column_free(column);
  fixture_close(&open);
}

Test(column, refuses_bad_arguments) {
  fixture open = fixture_open();
  gli__column *column = NULL;
  cr_assert_eq(gli__column_create(open.memory, open.store, &column, NULL), GLI_OK);
  gli_error error = {0};
  gli_value value = gli_value_int(1);
  cr_assert_eq(gli__column_set(column, -1, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_str_eq(error.message, "position is -1; it must be 0 or more");
  cr_assert_eq(gli__column_prepare(column, -7, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  value.type = 9;
  cr_assert_eq(gli__column_set(column, 1, &value, &error), GLI_ERROR_TYPE);
  cr_assert_eq(gli__column_set_range(column, -1, 3, GLI_VALUE_INT64, "", &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli__column_set_range(column, 0, 3, GLI_VALUE_STRING, "", &error), GLI_ERROR_TYPE);
  const int64_t positions[] = {3, -4};
  const int64_t numbers[] = {3, 4};
  cr_assert_eq(gli__column_set_many(column, 2, positions, GLI_VALUE_INT64, numbers, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_value values[] = {gli_value_int(1), gli_value_int(2)};
  values[1].type = 77;
  cr_assert_eq(gli__column_set_range(column, 0, 2, GLI_VALUE_NESTED, values, &error),
               GLI_ERROR_TYPE);
  cr_assert_eq(gli__column_present_count(column), 0);
  cr_assert_eq(gli__column_chunk_count(column), 0);
  gli__column_free(column);
  fixture_close(&open);
}

/* Writes in order, one kind after the other, over several chunks. */
Test(column, appending_every_kind) {
  static const uint32_t kinds[] = {KIND(GLI_VALUE_INT64),
                                   KIND(GLI_VALUE_FLOAT64),
                                   KIND(GLI_VALUE_BOOL),
                                   KIND(GLI_VALUE_STRING),
                                   KIND(GLI_VALUE_NESTED),
                                   KIND(GLI_VALUE_NULL),
                                   KIND(GLI_VALUE_INT64) | KIND(GLI_VALUE_NULL),
                                   ANY_VALUE};
  for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
    fixture open = fixture_open();
    model_random random = {.state = kind};
    column_model model = model_create(open.memory, open.store, 10000);
    for (int64_t k = 0; k < model.count; k++) {
      model_set(&model, k, model_value(&random, kinds[kind]));
    }
    model_check(&model);
    model_check_views(&model);
    model_check_decoded(&model);
    model_free(&model);
    fixture_close(&open);
  }
}

/* Integers that need 1, 2, 4, 8 bytes come one after the other. */
Test(column, integers_widen) {
  fixture open = fixture_open();
  column_model model = model_create(open.memory, open.store, 4096 * 3);
  for (int64_t k = 0; k < model.count; k++) {
    const int64_t number = k % 2 == 0 ? k : -k;
    model_set(&model, k, gli_value_int(k % 5000 == 4999 ? number * 100000000000 : number));
    if (k % 1000 == 0) {
      model_check(&model);
    }
  }
  model_check(&model);
  model_check_decoded(&model);
  model_free(&model);
  fixture_close(&open);
}

/* One random operation on a model. */
static void random_operation(column_model *model, model_random *random, uint32_t kinds) {
  const uint64_t choice = model_below(random, 100);
  const int64_t begin = (int64_t)model_below(random, (uint64_t)model->count);
  if (choice < 50) {
    model_set(model, begin, model_value(random, kinds));
    return;
  }
  if (choice < 60) {
    model_set(model, begin, gli_value_absent());
    return;
  }
  if (choice < 70) {
    const gli_value value = model_value(random, kinds);
    cr_assert_eq(gli__column_own(&model->column, NULL), GLI_OK);
    cr_assert_eq(gli__column_prepare(model->column, begin, &value, NULL), GLI_OK);
    if (choice < 66) {
      model_set(model, begin, value);
    }
    return;
  }
  int64_t count = 1 + (int64_t)model_below(random, choice < 90 ? 60 : 6000);
  count = count < model->count - begin ? count : model->count - begin;
  gli_value *const values = malloc((size_t)count * sizeof *values);
  int64_t *const numbers = malloc((size_t)count * sizeof *numbers);
  int64_t *const positions = malloc((size_t)count * sizeof *positions);
  uint8_t *const bools = malloc((size_t)count);
  const bool is_scattered = choice % 2 == 0;
  uint32_t type = GLI_VALUE_BOOL + (uint32_t)model_below(random, 3);
  type = choice % 3 == 0 || (kinds & KIND(type)) == 0 ? (uint32_t)GLI_VALUE_NESTED : type;
  for (int64_t k = 0; k < count; k++) {
    positions[k] = is_scattered ? (int64_t)model_below(random, (uint64_t)model->count) : begin + k;
    values[k] = model_value(random, type == GLI_VALUE_NESTED ? kinds : KIND(type));
    numbers[k] = values[k].as.integer;
    bools[k] = type == GLI_VALUE_BOOL && values[k].as.boolean ? 7 : 0;
  }
  const void *data = type == GLI_VALUE_NESTED ? (const void *)values : numbers;
  data = type == GLI_VALUE_BOOL ? bools : data;
  cr_assert_eq(gli__column_own(&model->column, NULL), GLI_OK);
  const gli_status status =
      is_scattered || choice % 5 == 0
          ? gli__column_set_many(model->column, count, positions, type, data, NULL)
          : gli__column_set_range(model->column, begin, count, type, data, NULL);
  cr_assert_eq(status, GLI_OK);
  for (int64_t k = 0; k < count; k++) {
    model->values[positions[k]] = values[k];
  }
  free(bools);
  free(positions);
  free(numbers);
  free(values);
}

/* A column of its own, holding only what is kept. */
static void check_gather(const column_model *model, model_random *random, gli__store *store) {
  int64_t *const kept = malloc((size_t)model->count * sizeof *kept);
  column_model gathered = {.values = calloc((size_t)model->count, sizeof(gli_value))};
  const uint64_t begin = model_below(random, 3) * 4096;
  for (int64_t k = 0; k < model->count; k++) {
    if ((uint64_t)k < begin || model_below(random, 3) != 0) {
      gathered.values[gathered.count] = model->values[k];
      kept[gathered.count++] = k;
    }
  }
  cr_assert_eq(
      gli__column_gather(model->column, store, kept, gathered.count, &gathered.column, NULL),
      GLI_OK);
  model_check(&gathered);
  model_check_views(&gathered);
  cr_assert_gt(gli__column_version(gathered.column), gli__column_version(model->column));
  model_free(&gathered);
  free(kept);
}

static void random_walk(uint64_t seed, uint32_t kinds, int steps) {
  enum { HELD = 4 };
  fixture open = fixture_open();
  model_random random = {.state = seed};
  column_model model = model_create(open.memory, open.store, 3 * 4096 + 500);
  column_model held[HELD] = {{0}};
  for (int step = 0; step < steps; step++) {
    random_operation(&model, &random, kinds);
    if (step % 16 == 0) {
      column_model *const one = &held[model_below(&random, HELD)];
      if (one->column != NULL) {
        model_check(one); /* what was shared did not change */
        model_free(one);
      }
      *one = model_share(&model);
    }
    if (step % 64 == 0) {
      model_check(&model);
      model_check_views(&model);
      model_check_decoded(&model);
    }
    if (step % 128 == 0) {
      gli__store *other = NULL;
      cr_assert_eq(gli__store_create(open.memory, &other, NULL), GLI_OK);
      check_gather(&model, &random, NULL);
      check_gather(&model, &random, other);
      gli__store_free(other);
    }
  }
  for (int k = 0; k < HELD; k++) {
    if (held[k].column != NULL) {
      model_check(&held[k]);
      model_free(&held[k]);
    }
  }
  model_check(&model);
  model_free(&model);
  fixture_close(&open);
}

Test(column, random_operations) {
  static const uint32_t kinds[] = {
      ANY_VALUE,
      KIND(GLI_VALUE_INT64),
      KIND(GLI_VALUE_INT64) | KIND(GLI_VALUE_NULL),
      KIND(GLI_VALUE_FLOAT64) | KIND(GLI_VALUE_ABSENT),
      KIND(GLI_VALUE_STRING) | KIND(GLI_VALUE_NULL) | KIND(GLI_VALUE_ABSENT),
      KIND(GLI_VALUE_BOOL),
      KIND(GLI_VALUE_INT64) | KIND(GLI_VALUE_FLOAT64),
      KIND(GLI_VALUE_NULL) | KIND(GLI_VALUE_ABSENT)};
  for (uint64_t seed = 0; seed < 2 * sizeof kinds / sizeof *kinds; seed++) {
    random_walk(seed, kinds[seed / 2], 300);
  }
}

/* Few positions, so that chunks stay packed and empty out again. */
Test(column, sparse_random_operations) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    fixture open = fixture_open();
    model_random random = {.state = seed};
    column_model model = model_create(open.memory, open.store, 3 * 4096);
    for (int step = 0; step < 2000; step++) {
      const int64_t position = (int64_t)model_below(&random, 300) * 41 % model.count;
      const uint32_t kinds = seed % 2 == 0 ? ANY_VALUE : KIND(GLI_VALUE_ABSENT) | KIND(3);
      model_set(&model, position, model_value(&random, kinds));
      if (step % 200 == 199) {
        column_model held = model_share(&model);
        for (int64_t k = 0; k < model.count; k++) {
          if (model_below(&random, 4) != 0) {
            model_set(&model, k, gli_value_absent());
          }
        }
        model_check(&held);
        model_free(&held);
      }
    }
    model_check(&model);
    model_check_views(&model);
    model_check_decoded(&model);
    model_free(&model);
    fixture_close(&open);
  }
}

/* Ranges of ints that need 1, 2, 4, 8 bytes, or one value only, into chunks of every width. */
Test(column, runs_of_every_width) {
  static const int64_t factors[] = {0, 1, 100, 100000, INT64_C(10000000000)};
  static int64_t numbers[6000];
  for (size_t first = 0; first < 5; first++) {
    for (size_t second = 0; second < 5; second++) {
      fixture open = fixture_open();
      column_model model = model_create(open.memory, open.store, 9000);
      for (int part = 0; part < 2; part++) {
        const int64_t begin = part == 0 ? 100 : 2000;
        for (int64_t k = 0; k < 6000; k++) {
          numbers[k] = (k % 100 - 50) * factors[part == 0 ? first : second];
          model.values[begin + k] = gli_value_int(numbers[k]);
        }
        cr_assert_eq(
            gli__column_set_range(model.column, begin, 6000, GLI_VALUE_INT64, numbers, NULL),
            GLI_OK);
        model_check(&model);
        model_check_decoded(&model);
      }
      model_free(&model);
      fixture_close(&open);
    }
  }
}

/* Chunks that hold nothing but nulls, then values; ranges that only remove; repeated positions. */
Test(column, nulls_removals_repetitions) {
  fixture open = fixture_open();
  column_model model = model_create(open.memory, open.store, 5000);
  static gli_value absent[5000];
  static int64_t positions[5000];
  static int64_t numbers[5000];
  for (int64_t k = 0; k < model.count; k++) {
    model_set(&model, k, gli_value_null());
    absent[k] = gli_value_absent();
    positions[k] = 4990 + k % 3;
    numbers[k] = k;
  }
  cr_assert_eq(gli__column_type(model.column), GLI__COLUMN_EMPTY);
  model_set(&model, 77, gli_value_float(2.5));
  model_check(&model);
  model_set(&model, 78, gli_value_float(2.5));
  model_set(&model, 77, gli_value_null());
  model_check(&model);
  model_check_decoded(&model);
  cr_assert_eq(gli__column_set_many(model.column, 5000, positions, GLI_VALUE_INT64, numbers, NULL),
               GLI_OK);
  for (int64_t k = 4997; k < 5000; k++) {
    model.values[positions[k]] = gli_value_int(k);
  }
  model_check(&model);
  cr_assert_eq(gli__column_set_range(model.column, 0, 5000, GLI_VALUE_NESTED, absent, NULL),
               GLI_OK);
  cr_assert_eq(gli__column_set_range(model.column, 0, 5000, GLI_VALUE_NESTED, absent, NULL),
               GLI_OK);
  cr_assert_eq(gli__column_set_many(model.column, 3, positions, GLI_VALUE_NESTED, absent, NULL),
               GLI_OK);
  memset(model.values, 0, 5000 * sizeof *model.values);
  model_check(&model);
  cr_assert_eq(gli__column_set_range(model.column, 0, 0, GLI_VALUE_INT64, NULL, NULL), GLI_OK);
  cr_assert_eq(gli__column_set_many(model.column, 0, NULL, GLI_VALUE_INT64, NULL, NULL), GLI_OK);
  model_free(&model);
  fixture_close(&open);
}

/* What chunk.h promises of bytes, per 1 M rows. */
static double bytes_per_row(const gli__column *column, int64_t rows) {
  return (double)gli__column_bytes(column) / (double)rows;
}

Test(column, costs_what_it_holds) {
  fixture open = fixture_open();
  enum { ROWS = 1000000 };
  gli__column *columns[5] = {NULL};
  for (int k = 0; k < 5; k++) {
    cr_assert_eq(gli__column_create(open.memory, open.store, &columns[k], NULL), GLI_OK);
  }
  for (int64_t k = 0; k < ROWS; k++) {
    const gli_value rising = gli_value_int(k);
    const gli_value weight = gli_value_float(1.0);
    const gli_value real = gli_value_float((double)k + 0.5);
    char text[24];
    snprintf(text, sizeof text, "city %d", (int)(k % 100));
    const gli_value city = gli_value_string(text);
    cr_assert_eq(gli__column_set(columns[0], k, &rising, NULL), GLI_OK);
    cr_assert_eq(gli__column_set(columns[1], k, &weight, NULL), GLI_OK);
    cr_assert_eq(gli__column_set(columns[2], k, &real, NULL), GLI_OK);
    cr_assert_eq(gli__column_set(columns[3], k, &city, NULL), GLI_OK);
    if (k % 1000 == 123) {
      cr_assert_eq(gli__column_set(columns[4], k, &rising, NULL), GLI_OK);
    }
  }
  cr_assert_lt(bytes_per_row(columns[0], ROWS), 4.2);
  cr_assert_lt(bytes_per_row(columns[1], ROWS), 0.2);
  cr_assert_lt(bytes_per_row(columns[2], ROWS), 8.2);
  cr_assert_lt(bytes_per_row(columns[3], ROWS), 1.2);
  cr_assert_lt(bytes_per_row(columns[4], ROWS / 1000), 40.0);
  cr_assert_eq(gli__store_count(open.store), 100);
  int64_t bytes = gli__store_bytes(open.store);
  for (int k = 0; k < 5; k++) {
    fprintf(stderr, "[bytes] column %d: %.3f per row\n", k, bytes_per_row(columns[k], ROWS));
    bytes += gli__column_bytes(columns[k]);
  }
  cr_assert_eq(bytes + (int64_t)sizeof *open.memory, atomic_load(&open.memory->live_bytes),
               "bytes are not all counted");
  for (int k = 0; k < 5; k++) {
    gli__column_free(columns[k]);
  }
  fixture_close(&open);
}
