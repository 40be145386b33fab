/* The OpenCL driver through its table: every function and every error that can be provoked, on the
 * best device there is (PoCL in the project's own runs). */
#include <malloc.h>

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

static gli_device_program *program;
static int compiled;

static void count_compiled(void *context, const char *name) {
  cr_assert_str_eq(name, "test/driver");
  *(int *)context += 1;
}

static gli_device_code build(const char *text, gli_device_program **built_out) {
  const gli_device_source source = {"test/driver", gli__device_dialect, text};
  return driver->program(device, &source, built_out, &failure);
}

static void open_device(void) {
  const gli_device_host host = {sizeof host, &compiled, count_compiled};
  OK(plugin_open(&host));
}

static void open_with_program(void) {
  open_device();
  OK(build(kernels, &program));
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
  enum { AT_MOST = 32 };
  gli_device_info infos[AT_MOST] = {{.struct_size = sizeof infos[0]}};
  for (int i = 0; i < AT_MOST; i++)
    infos[i].struct_size = sizeof infos[i];
  OK(driver->enumerate(infos, AT_MOST, &again, &failure));
  cr_assert_eq(count, again);
  cr_assert_leq(count, AT_MOST, "room for all that are here");
  cr_assert_str_eq(driver->name, "opencl");
  for (size_t i = 0; i < count; i++) {
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

/* --- Settings for tests ----------------------------------------------------------------------- */

static void open_in_groups_of(const char *size) {
  cr_assert_eq(setenv("GLI_OPENCL_GROUP_SIZE", size, 1), 0);
  open_with_program();
}

/* The counting kernel, which has a barrier, over counts around the group's size. */
static void count_in_groups(void) {
  uint8_t *flags = malloc(1 << 16);
  for (int i = 0; i < 1 << 16; i++)
    flags[i] = (uint8_t)(i % 5 == 0);
  gli_device_buffer *marks = buffer_of(flags, 1 << 16), *sum = buffer_of(NULL, 4);
  static const int64_t counts[] = {1, 7, 8, 63, 64, 65, 255, 256, 257, 65535, 65536};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    const gli_device_argument tally[] = {of_buffer(marks), of_buffer(sum), of_int64(counts[i])};
    uint32_t found = 0;
    OK(driver->upload(device, sum, 0, &found, 4, &failure));
    OK(driver->launch(device, kernel_of("count_set"),
                      (gli_device_shape){GLI_DEVICE_GROUPS, (counts[i] + 255) / 256}, tally, 3,
                      &failure));
    OK(driver->download(device, sum, 0, &found, 4, true, &failure));
    cr_assert_eq(found, (counts[i] + 4) / 5);
  }
  driver->release(device, marks);
  driver->release(device, sum);
  free(flags);
}

/* Settings hold for a process, and each test has its own. */
Test(opencl_driver, counts_in_groups_of_1, .fini = close_device) {
  open_in_groups_of("1");
  cr_assert_eq(info.group_size, 1);
  count_in_groups();
}
Test(opencl_driver, counts_in_groups_of_8, .fini = close_device) {
  open_in_groups_of("8");
  cr_assert_eq(info.group_size, 8);
  count_in_groups();
}
Test(opencl_driver, counts_in_groups_of_64, .fini = close_device) {
  open_in_groups_of("64");
  cr_assert_eq(info.group_size, 64);
  count_in_groups();
}
Test(opencl_driver, counts_in_groups_of_256, .fini = close_device) {
  open_in_groups_of("256");
  cr_assert_eq(info.group_size, 256);
  count_in_groups();
}
Test(opencl_driver, counts_in_three_groups, .fini = close_device) {
  cr_assert_eq(setenv("GLI_OPENCL_GROUPS", "3", 1), 0);
  open_in_groups_of("4");
  count_in_groups();
}

Test(opencl_driver, ignores_settings_that_make_no_sense, .fini = close_device) {
  cr_assert_eq(setenv("GLI_OPENCL_GROUP_SIZE", "96", 1), 0);
  cr_assert_eq(setenv("GLI_OPENCL_GROUPS", "-1", 1), 0);
  cr_assert_eq(setenv("GLI_OPENCL_MASK", "fp640,satomic64", 1), 0);
  open_with_program();
  cr_assert_eq(info.group_size, info.is_cpu ? 1 : 256);
  cr_assert(info.has_fp64 || !info.is_cpu);
  count_in_groups();
}

Test(opencl_driver, masks_features, .fini = close_device) {
  cr_assert_eq(setenv("GLI_OPENCL_MASK", "fp64,atomic64", 1), 0);
  open_device();
  cr_assert_not(info.has_fp64);
  cr_assert_not(info.has_atomic64);
  OK(build("#if HAS_FP64 || HAS_ATOMIC64\n#error not masked\n#endif\nKERNEL(nothing)(void) {}\n",
           &program));
}

Test(opencl_driver, masks_that_it_is_a_cpu, .fini = close_device) {
  cr_assert_eq(setenv("GLI_OPENCL_MASK", "cpu", 1), 0);
  open_device();
  cr_assert_not(info.is_cpu);
  cr_assert_gt(info.group_size, 1);
  OK(build("#if IS_CPU\n#error not masked\n#endif\nKERNEL(nothing)(void) {}\n", &program));
}

/* --- Errors ----------------------------------------------------------------------------------- */

Test(opencl_driver, refuses_another_abi) {
  gli_device_entry entry = plugin_entry(&failure);
  cr_assert(entry != NULL);
  cr_assert_null(entry(GLI_DEVICE_ABI + 1, &failure));
  cr_assert_not_null(strstr(failure.message, "ABI 1"), "%s", failure.message);
  cr_assert_null(entry(0, NULL));
  cr_assert_not_null(entry(GLI_DEVICE_ABI, NULL));
}

Test(opencl_driver, fills_only_what_the_caller_knows, .init = open_device, .fini = close_device) {
  gli_device_info known;
  size_t count = 0;
  memset(&known, 0x5a, sizeof known);
  known.struct_size = offsetof(gli_device_info, memory_bytes);
  OK(driver->enumerate(&known, 1, &count, &failure));
  cr_assert_str_eq(known.name, info.name);
  cr_assert_eq(known.memory_bytes, UINT64_C(0x5a5a5a5a5a5a5a5a));
  gli_device *none = NULL;
  FAILS(GLI_DEVICE_REFUSED, driver->open(count, NULL, &none, &failure), "numbered from 0");
  cr_assert_null(none);
  cr_assert_eq(driver->open(count, NULL, &none, NULL), GLI_DEVICE_REFUSED);
}

Test(opencl_driver, refuses_bad_ranges, .init = open_device, .fini = close_device) {
  gli_device_buffer *buffer = buffer_of(NULL, 100), *none = NULL;
  char bytes[200] = "";
  const uint32_t word = 1;
  FAILS(GLI_DEVICE_REFUSED, driver->allocate(device, 0, &none, &failure), "0 bytes");
  FAILS(GLI_DEVICE_REFUSED, driver->allocate(device, info.largest_bytes + 1, &none, &failure),
        "at most");
  FAILS(GLI_DEVICE_REFUSED, driver->allocate(device, UINT64_MAX, &none, &failure), "at most");
  cr_assert_null(none);
  FAILS(GLI_DEVICE_REFUSED, driver->upload(device, buffer, 1, bytes, 100, &failure),
        "upload: 100 bytes at 1 of a buffer of 100");
  FAILS(GLI_DEVICE_REFUSED, driver->upload(device, NULL, 0, bytes, 1, &failure), "no buffer");
  FAILS(GLI_DEVICE_REFUSED, driver->download(device, buffer, UINT64_MAX, bytes, 2, true, &failure),
        "download: 2 bytes");
  FAILS(GLI_DEVICE_REFUSED, driver->copy(device, buffer, 0, buffer, 99, 2, &failure), "copy to");
  FAILS(GLI_DEVICE_REFUSED, driver->copy(device, buffer, 101, buffer, 0, 0, &failure), "copy from");
  FAILS(GLI_DEVICE_REFUSED, driver->fill(device, buffer, 0, 104, &word, 4, &failure), "fill: 104");
  FAILS(GLI_DEVICE_REFUSED, driver->fill(device, buffer, 2, 4, &word, 4, &failure), "multiples");
  FAILS(GLI_DEVICE_REFUSED, driver->fill(device, buffer, 0, 4, &word, 2, &failure), "1, 4 or 8");
  OK(driver->upload(device, buffer, 100, bytes, 0, &failure));
  driver->release(device, buffer);
}

Test(opencl_driver, reports_what_the_compiler_says, .init = open_device, .fini = close_device) {
  gli_device_program *none = NULL;
  FAILS(GLI_DEVICE_REFUSED, build("KERNEL(bad)(void) {\n  int a = b;\n}\n", &none),
        "clBuildProgram: CL_BUILD_PROGRAM_FAILURE (-11): test/driver: ");
  cr_assert_eq(failure.driver_code, -11);
  if (strcmp(info.platform, "Portable Computing Language") == 0) {
    cr_assert_not_null(strstr(failure.message, "test/driver.cl:2:"), "%s", failure.message);
  }
  /* A warning is an error: a program that one compiler doubts is mended. */
  FAILS(GLI_DEVICE_REFUSED, build("KERNEL(bad)(void) {\n#warning doubt\n}\n", &none), "doubt");
  cr_assert_null(none);
}

Test(opencl_driver, refuses_bad_launches, .init = open_with_program, .fini = close_device) {
  gli_device_kernel *kernel = kernel_of("square_all"), *none = NULL;
  gli_device_buffer *buffer = buffer_of(NULL, 64);
  const gli_device_shape items = {GLI_DEVICE_ITEMS, 16};
  const gli_device_argument good[] = {of_buffer(buffer), of_int64(16)};
  FAILS(GLI_DEVICE_REFUSED, driver->kernel(device, program, "absent", &none, &failure),
        "clCreateKernel: CL_INVALID_KERNEL_NAME (-46): absent");
  FAILS(GLI_DEVICE_REFUSED, driver->launch(device, kernel, items, good, 1, &failure),
        "square_all: 1 arguments given, it takes 2");
  FAILS(GLI_DEVICE_REFUSED,
        driver->launch(device, kernel, (gli_device_shape){GLI_DEVICE_ITEMS, -1}, good, 2, &failure),
        "a count of -1");
  OK(driver->launch(device, kernel, items, good, 2, &failure));
  driver->release(device, buffer);
}

Test(opencl_driver, runs_out_of_memory, .fini = close_device) {
  /* GiB; other platforms have what they have. */
  cr_assert_eq(setenv("POCL_MEMORY_LIMIT", "1", 1), 0);
  open_device();
  gli_device_buffer *buffers[64] = {NULL};
  gli_device_memory memory;
  int count = 0;
  uint64_t size_bytes = info.largest_bytes;
  for (; count < 64; count++) {
    memset(&failure, 0, sizeof failure);
    if (driver->allocate(device, size_bytes, &buffers[count], &failure) != GLI_DEVICE_OK) break;
  }
  if (count == 64) cr_skip_test("64 of the largest buffers fit");
  cr_assert_eq(failure.code, GLI_DEVICE_NO_MEMORY, "%s", failure.message);
  cr_assert_not_null(strstr(failure.message, "bytes, beside"), "%s", failure.message);
  cr_assert_null(buffers[count]);
  OK(driver->memory(device, &memory, &failure));
  cr_assert_eq(memory.allocated_bytes, size_bytes * (uint64_t)count);
  for (int i = 0; i < count; i++)
    driver->release(device, buffers[i]);
  OK(driver->allocate(device, size_bytes, &buffers[0], &failure)); /* otherwise it is well */
  driver->release(device, buffers[0]);
}

Test(opencl_driver, keeps_no_events, .init = open_with_program, .fini = close_device) {
  gli_device_kernel *kernel = kernel_of("nothing");
  size_t before = 0;
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 20000; i++) {
      gli_device_event *event = NULL;
      OK(driver->launch(device, kernel, (gli_device_shape){GLI_DEVICE_ITEMS, 1}, NULL, 0,
                        &failure));
      if (i % 10 == 0) {
        OK(driver->event_record(device, &event, &failure));
        driver->event_release(device, event);
      }
      if (i % 1000 == 0) OK(driver->finish(device, &failure));
    }
    OK(driver->finish(device, &failure));
    if (round == 0) before = mallinfo2().uordblks;
  }
  size_t after = mallinfo2().uordblks;
  cr_assert_lt(after, before + 200000, "%zu bytes more after 22,000 commands", after - before);
}

Test(opencl_driver, close_takes_what_is_left, .init = open_with_program) {
  gli_device_event *event = NULL;
  gli_device_buffer *buffer = buffer_of("left", 5);
  const gli_device_argument alone[] = {of_buffer(buffer)};
  OK(driver->launch(device, kernel_of("one_group"), (gli_device_shape){GLI_DEVICE_ONE_GROUP, 1},
                    alone, 1, &failure));
  OK(driver->event_record(device, &event, &failure));
  driver->close(device);
  driver->close(NULL);
}

/* --- What enumerating says where something is missing ------------------------------------------
 */

/* Runs this program with one environment variable only (Criterion's own would make it a worker of
 * its); output and exit code. */
static int enumerate_with(const char *variable, const char *value, char *output, size_t capacity) {
  int ends[2];
  char setting[600];
  char *environment[] = {"GLI_TEST_ENUMERATE=1", setting, NULL};
  (void)snprintf(setting, sizeof setting, "%s=%s", variable, value);
  cr_assert_eq(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)execle("/proc/self/exe", "enumerate", (char *)NULL, environment);
    _exit(99);
  }
  (void)close(ends[1]);
  size_t used = 0;
  for (ssize_t got; (got = read(ends[0], output + used, capacity - 1 - used)) > 0;) {
    used += (size_t)got;
  }
  output[used] = '\0';
  (void)close(ends[0]);
  int status = 0;
  cr_assert_eq(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A folder that holds `file` under the name of the ICD loader. */
static void make_loader(char *folder, const char *file) {
  char command[1024];
  cr_assert_not_null(mkdtemp(folder));
  (void)snprintf(command, sizeof command, "cp %s %s/libOpenCL.so.1", file, folder);
  cr_assert_eq(system(command), 0);
}

static void remove_folder(const char *folder) {
  char command[1024];
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

Test(opencl_missing, loader) {
  char folder[] = "/tmp/gli-test-XXXXXX", output[1024];
  make_loader(folder, "/dev/null");
  cr_assert_eq(enumerate_with("LD_LIBRARY_PATH", folder, output, sizeof output),
               GLI_DEVICE_REFUSED);
  cr_assert_not_null(strstr(output, "no OpenCL ICD loader (libOpenCL.so.1): install"), "%s",
                     output);
  remove_folder(folder);
}

Test(opencl_missing, functions_of_the_loader) {
  char folder[] = "/tmp/gli-test-XXXXXX", output[1024];
  make_loader(folder, GLI_OPENCL_PLUGIN);
  cr_assert_eq(enumerate_with("LD_LIBRARY_PATH", folder, output, sizeof output),
               GLI_DEVICE_REFUSED);
  cr_assert_not_null(strstr(output, "has no clGetPlatformIDs"), "%s", output);
  remove_folder(folder);
}

Test(opencl_missing, driver) {
  char folder[] = "/tmp/gli-test-XXXXXX", output[1024];
  cr_assert_not_null(mkdtemp(folder));
  cr_assert_eq(enumerate_with("OCL_ICD_VENDORS", folder, output, sizeof output),
               GLI_DEVICE_REFUSED);
  cr_assert_not_null(strstr(output, "(-1001): no OpenCL driver is installed"), "%s", output);
  remove_folder(folder);
}

Test(opencl_missing, folder_that_pocl_can_write) {
  char output[1024];
  int code = enumerate_with("HOME", "/proc/nobody", output, sizeof output);
  if (code == GLI_DEVICE_OK) cr_skip_test("a platform that needs no folder");
  cr_assert_eq(code, GLI_DEVICE_REFUSED);
  cr_assert_not_null(strstr(output, "POCL_CACHE_DIR"), "%s", output);
}

PLUGIN_MAIN {
  return plugin_main(argc, argv);
}
