/* The OpenCL driver through its table: every function and every error that can be provoked, on the
 * best device there is (PoCL in the project's own runs). */
#include <criterion/criterion.h>

#include "opencl/plugin.h"

static const char kernels[] =
    "KERNEL(square_all)(GLOBAL float *values, int64_t count) {\n"
    "  FOR_ITEMS(i, count) values[i] *= values[i];\n"
    "}\n"
    "KERNEL(count_set)(GLOBAL const uint8_t *flags, GLOBAL uint32_t *found, int64_t count) {\n"
    "  LOCAL_ARRAY(uint32_t, sums, GROUP_SIZE);\n"
    "  FOR_GROUPS(g, (count + 255) / 256) {\n"
    "    int64_t end = (g + 1) * 256 < count ? (g + 1) * 256 : count;\n"
    "    uint32_t sum = 0;\n"
    "    FOR_LOCAL_ITEMS(i, g * 256, end) sum += flags[i];\n"
    "    sums[LOCAL_ITEM] = sum;\n"
    "    BARRIER();\n"
    "    if (LOCAL_ITEM == 0) {\n"
    "      for (uint32_t k = 1; k < GROUP_SIZE; k++) sum += sums[k];\n"
    "      ATOMIC_ADD_U32(found, sum);\n"
    "    }\n"
    "    BARRIER();\n"
    "  }\n"
    "}\n"
    "KERNEL(one_group)(GLOBAL uint32_t *out) {\n"
    "  if (LOCAL_ITEM == 0) ATOMIC_ADD_U32(out, GROUP_COUNT);\n"
    "}\n"
    "KERNEL(take_all)(GLOBAL const int32_t *none, int32_t a, uint32_t b, int64_t c, uint64_t d,\n"
    "                 float e, GLOBAL int64_t *out) {\n"
    "  if (ITEM == 0) out[0] = (none == 0) + a + (int64_t)b + c + (int64_t)d + (int64_t)e;\n"
    "}\n"
    "KERNEL(nothing)(void) {\n"
    "}\n";

static const gli_device_driver *driver;
static gli_device *device;
static gli_device_info info;
static gli_device_program *program;
static int compiled;
static gli_device_error failure;

#define OK(call)                                                                                   \
  do {                                                                                             \
    gli_device_code ok_code = (call);                                                              \
    cr_assert_eq(ok_code, GLI_DEVICE_OK, "%s gives %d: %s", #call, (int)ok_code, failure.message); \
  } while (0)
#define FAILS(wanted, call, text)                                                      \
  do {                                                                                 \
    memset(&failure, 0, sizeof failure);                                               \
    cr_assert_eq((call), wanted);                                                      \
    cr_assert_eq(failure.code, wanted);                                                \
    cr_assert_not_null(strstr(failure.message, text), "message: %s", failure.message); \
  } while (0)

static void count_compiled(void *context, const char *name) {
  cr_assert_str_eq(name, "test/driver");
  *(int *)context += 1;
}

static gli_device_program *build(const char *text) {
  char *dialect = plugin_dialect();
  cr_assert_not_null(dialect);
  const gli_device_source source = {"test/driver", dialect, text};
  gli_device_program *built = NULL;
  OK(driver->program(device, &source, &built, &failure));
  free(dialect);
  return built;
}

static void open_device(void) {
  const gli_device_host host = {sizeof host, &compiled, count_compiled};
  size_t count = 0;
  driver = plugin_driver(&failure);
  cr_assert_not_null(driver, "%s", failure.message);
  info.struct_size = sizeof info;
  OK(driver->enumerate(&info, 1, &count, &failure));
  cr_assert_geq(count, 1);
  OK(driver->open(0, &host, &device, &failure));
}

static void open_with_program(void) {
  open_device();
  program = build(kernels);
}

static void close_device(void) {
  gli_device_memory memory;
  OK(driver->memory(device, &memory, &failure));
  cr_assert_eq(memory.allocated_bytes, 0, "%llu bytes left",
               (unsigned long long)memory.allocated_bytes);
  driver->close(device);
}

static gli_device_buffer *buffer_of(const void *data, uint64_t size_bytes) {
  gli_device_buffer *buffer = NULL;
  OK(driver->allocate(device, size_bytes, &buffer, &failure));
  if (data != NULL) OK(driver->upload(device, buffer, 0, data, size_bytes, &failure));
  return buffer;
}

static gli_device_kernel *kernel_of(const char *name) {
  gli_device_kernel *kernel = NULL;
  OK(driver->kernel(device, program, name, &kernel, &failure));
  return kernel;
}

static gli_device_argument of_buffer(gli_device_buffer *buffer) {
  return (gli_device_argument){.type = GLI_DEVICE_BUFFER, .as.buffer = buffer};
}
static gli_device_argument of_int64(int64_t value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT64, .as.int64 = value};
}
static gli_device_argument of_int32(int32_t value) {
  return (gli_device_argument){.type = GLI_DEVICE_INT32, .as.int32 = value};
}

Test(opencl_driver, describes_its_devices, .init = open_device, .fini = close_device) {
  size_t count = 0, again = 0;
  OK(driver->enumerate(NULL, 0, &count, &failure));
  gli_device_info infos[32] = {{.struct_size = sizeof infos[0]}};
  for (int i = 0; i < 32; i++)
    infos[i].struct_size = sizeof infos[i];
  OK(driver->enumerate(infos, 32, &again, &failure));
  cr_assert_eq(count, again);
  cr_assert_str_eq(driver->name, "opencl");
  for (size_t i = 0; i < count && i < 32; i++) {
    cr_assert_neq(infos[i].name[0], '\0');
    cr_assert_neq(infos[i].platform[0], '\0');
    cr_assert_neq(infos[i].version[0], '\0');
    cr_assert_gt(infos[i].memory_bytes, 0);
    cr_assert_leq(infos[i].largest_bytes, infos[i].memory_bytes);
    cr_assert_gt(infos[i].compute_units, 0);
    cr_assert_gt(infos[i].group_size, 0);
    cr_assert_eq(infos[i].group_size & (infos[i].group_size - 1), 0);
  }
}

Test(opencl_driver, moves_bytes, .init = open_device, .fini = close_device) {
  enum { SIZE = 3 << 20 }; /* above what is staged */
  uint8_t *bytes = malloc(SIZE), *back = calloc(1, SIZE);
  for (int i = 0; i < SIZE; i++)
    bytes[i] = (uint8_t)(i * 7 + i / 251);
  gli_device_buffer *one = buffer_of(bytes, SIZE), *two = buffer_of(NULL, SIZE);
  OK(driver->copy(device, one, 5, two, 0, SIZE - 5, &failure));
  OK(driver->download(device, two, 0, back, SIZE - 5, true, &failure));
  cr_assert_arr_eq(back, bytes + 5, SIZE - 5);
  /* Small uploads in a row, the source changed in between, the download without wait. */
  for (int i = 0; i < 64; i++) {
    memset(bytes, i, 1 << 18);
    OK(driver->upload(device, one, (uint64_t)(i % 8) << 18, bytes, 1 << 18, &failure));
  }
  OK(driver->download(device, one, 0, back, 8 << 18, false, &failure));
  OK(driver->finish(device, &failure));
  for (int i = 0; i < 8 << 18; i++)
    cr_assert_eq(back[i], 56 + (i >> 18));
  driver->release(device, one);
  driver->release(device, two);
  driver->release(device, NULL);
  free(bytes);
  free(back);
}

Test(opencl_driver, fills_patterns, .init = open_device, .fini = close_device) {
  gli_device_buffer *buffer = buffer_of(NULL, 4096);
  const uint8_t byte = 7;
  const uint32_t word = 0xdeadbeef;
  const double real = 2.5;
  OK(driver->fill(device, buffer, 0, 4096, &byte, 1, &failure));
  OK(driver->fill(device, buffer, 4, 12, &word, 4, &failure));
  OK(driver->fill(device, buffer, 4096 - 16, 16, &real, 8, &failure));
  OK(driver->fill(device, buffer, 0, 0, &real, 8, &failure));
  uint8_t back[4096];
  OK(driver->download(device, buffer, 0, back, 4096, true, &failure));
  cr_assert_eq(back[0], 7);
  cr_assert_arr_eq(back + 4, &word, 4);
  cr_assert_arr_eq(back + 12, &word, 4);
  cr_assert_eq(back[16], 7);
  cr_assert_arr_eq(back + 4096 - 8, &real, 8);
  driver->release(device, buffer);
}

Test(opencl_driver, launches_every_shape, .init = open_with_program, .fini = close_device) {
  enum { COUNT = 100003 };
  float *values = malloc(COUNT * sizeof(float));
  uint8_t *flags = malloc(COUNT);
  uint32_t set = 0, found = 0, groups = 0;
  for (int i = 0; i < COUNT; i++) {
    values[i] = (float)(i % 1000);
    flags[i] = (uint8_t)(i % 3 == 0);
    set += flags[i];
  }
  gli_device_buffer *data = buffer_of(values, COUNT * sizeof(float));
  gli_device_buffer *marks = buffer_of(flags, COUNT), *sum = buffer_of(&found, 4);
  const gli_device_argument square[] = {of_buffer(data), of_int64(COUNT)};
  const gli_device_argument tally[] = {of_buffer(marks), of_buffer(sum), of_int64(COUNT)};
  const gli_device_argument alone[] = {of_buffer(sum)};
  OK(driver->launch(device, kernel_of("square_all"), (gli_device_shape){GLI_DEVICE_ITEMS, COUNT},
                    square, 2, &failure));
  OK(driver->launch(device, kernel_of("count_set"),
                    (gli_device_shape){GLI_DEVICE_GROUPS, (COUNT + 255) / 256}, tally, 3,
                    &failure));
  OK(driver->download(device, data, 0, values, COUNT * sizeof(float), true, &failure));
  OK(driver->download(device, sum, 0, &found, 4, true, &failure));
  for (int i = 0; i < COUNT; i++)
    cr_assert_eq((int)values[i], (i % 1000) * (i % 1000));
  cr_assert_eq(found, set);
  OK(driver->upload(device, sum, 0, &groups, 4, &failure));
  OK(driver->launch(device, kernel_of("one_group"), (gli_device_shape){GLI_DEVICE_ONE_GROUP, 1000},
                    alone, 1, &failure));
  OK(driver->launch(device, kernel_of("one_group"), (gli_device_shape){GLI_DEVICE_ITEMS, 0}, alone,
                    1, &failure));
  OK(driver->download(device, sum, 0, &groups, 4, true, &failure));
  cr_assert_eq(groups, 1);
  driver->release(device, data);
  driver->release(device, marks);
  driver->release(device, sum);
  free(values);
  free(flags);
}

Test(opencl_driver, passes_every_argument, .init = open_with_program, .fini = close_device) {
  gli_device_buffer *out = buffer_of(NULL, 8);
  const gli_device_argument arguments[] = {of_buffer(NULL),
                                           of_int32(-5),
                                           {GLI_DEVICE_INT32, {.uint32 = UINT32_MAX}},
                                           of_int64(-(INT64_C(1) << 40)),
                                           {GLI_DEVICE_INT64, {.uint64 = UINT64_C(1) << 41}},
                                           {GLI_DEVICE_INT32, {.float32 = 3.0F}},
                                           of_buffer(out)};
  OK(driver->launch(device, kernel_of("take_all"), (gli_device_shape){GLI_DEVICE_ITEMS, 1},
                    arguments, 7, &failure));
  int64_t sum = 0;
  OK(driver->download(device, out, 0, &sum, 8, true, &failure));
  cr_assert_eq(sum, 1 - 5 + (int64_t)UINT32_MAX + (INT64_C(1) << 40) + 3);
  driver->release(device, out);
}

Test(opencl_driver, measures_between_events, .init = open_with_program, .fini = close_device) {
  gli_device_kernel *kernel = kernel_of("nothing");
  gli_device_event *from = NULL, *to = NULL;
  OK(driver->event_record(device, &from, &failure));
  for (int i = 0; i < 100; i++) {
    OK(driver->launch(device, kernel, (gli_device_shape){GLI_DEVICE_ITEMS, 1}, NULL, 0, &failure));
  }
  OK(driver->event_record(device, &to, &failure));
  OK(driver->event_wait(device, to, &failure));
  OK(driver->event_wait(device, from, &failure));
  double seconds = -1;
  OK(driver->event_elapsed(device, from, to, &seconds, &failure));
  cr_assert_gt(seconds, 0);
  cr_assert_lt(seconds, 5);
  driver->event_release(device, from);
  driver->event_release(device, to);
  driver->event_release(device, NULL);
}

/* Visible, because Criterion's workers find it by its name. */
__attribute__((visibility("default"))) int main(int argc, char *argv[]) {
  int skipped = plugin_probe();
  if (skipped != 0) return skipped;
  struct criterion_test_set *tests = criterion_initialize();
  int result = 0;
  if (criterion_handle_args(argc, argv, true)) result = !criterion_run_all_tests(tests);
  criterion_finalize(tests);
  return result;
}
