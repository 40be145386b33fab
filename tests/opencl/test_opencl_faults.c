/* Every OpenCL call that the driver makes fails once, or from some time on, with every number that
 * has a meaning of its own: the driver gives the failure back with the call's name, or does
 * without; it never takes a failure for a success, leaves no OpenCL object behind, and works
 * afterwards. */
#include "opencl/faulty_loader.h"
#include "opencl/plugin.h"
#include "support/caches.h"

static const char text[] =
    "KERNEL(double_all)(GLOBAL uint32_t *values, int64_t count) {\n"
    "  FOR_ITEMS(i, count) values[i] *= 2;\n"
    "}\n";
enum { COUNT = 40000, SMALL = 1000 }; /* above and below what is staged */

static faulty_plan *plan;
enum { LOST_KEPT = 2000 };
static gli_device *lost[LOST_KEPT]; /* never closed; kept, so that LeakSanitizer finds them */
static int lost_count;
static char folder[] = "/tmp/gli-cache-XXXXXX";

/* Failing these, the driver does without: nobody needs to know. */
static const char *const spared[] = {"clGetProgramInfo", "clGetProgramBuildInfo", "clGetEventInfo",
                                     "clCreateProgramWithBinary", "clFlush"};

static void begin(void) {
  void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  plan = library != NULL ? dlsym(library, FAULTY_PLAN_NAME) : NULL;
  cr_assert_not_null(plan, "the faulty loader is not in LD_LIBRARY_PATH");
  cr_assert(use_caches_in(folder));
}

static void end(void) {
  char command[128];
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

#define STEP(call)                                    \
  do {                                                \
    gli_device_code step_code = (call);               \
    if (step_code != GLI_DEVICE_OK) return step_code; \
  } while (0)

/* Uses every function of an open device; *right_out: the results are. */
static gli_device_code work(bool *right_out) {
  static uint32_t values[COUNT], back[COUNT];
  const gli_device_source source = {"test/faults", gli__device_dialect, text};
  const uint32_t seven = 7;
  gli_device_buffer *one = NULL, *two = NULL;
  gli_device_program *program = NULL;
  gli_device_kernel *kernel = NULL;
  gli_device_event *from = NULL, *to = NULL;
  double seconds = -1;
  for (uint32_t i = 0; i < COUNT; i++)
    values[i] = i;
  memset(back, 0, sizeof back);
  STEP(driver->program(device, &source, &program, &failure));
  STEP(driver->kernel(device, program, "double_all", &kernel, &failure));
  STEP(driver->allocate(device, sizeof values, &one, &failure));
  STEP(driver->allocate(device, sizeof values, &two, &failure));
  STEP(driver->upload(device, one, 0, values, sizeof values, &failure));
  for (int i = 0; i < 3; i++) {
    STEP(driver->upload(device, one, 0, values, SMALL * 4, &failure));
  }
  STEP(driver->event_record(device, &from, &failure));
  const gli_device_argument arguments[] = {{GLI_DEVICE_BUFFER, {.buffer = one}},
                                           {GLI_DEVICE_INT64, {.int64 = COUNT}}};
  STEP(driver->launch(device, kernel, (gli_device_shape){GLI_DEVICE_ITEMS, COUNT}, arguments, 2,
                      &failure));
  STEP(driver->copy(device, one, 0, two, 0, sizeof values, &failure));
  STEP(driver->fill(device, two, 0, 4, &seven, 4, &failure));
  STEP(driver->event_record(device, &to, &failure));
  STEP(driver->event_wait(device, to, &failure));
  STEP(driver->event_elapsed(device, from, to, &seconds, &failure));
  STEP(driver->download(device, two, 0, back, sizeof back / 2, false, &failure));
  STEP(driver->finish(device, &failure));
  STEP(driver->download(device, two, sizeof back / 2, back + COUNT / 2, sizeof back / 2, true,
                        &failure));
  *right_out = back[0] == 7 && seconds >= 0;
  for (uint32_t i = 1; i < COUNT; i++)
    *right_out = *right_out && back[i] == 2 * i;
  return GLI_DEVICE_OK;
}

/* Open, work, close; the first code that is not OK. After LOST nothing is called, as libgli does.
 */
static gli_device_code run(bool *right_out) {
  *right_out = false;
  memset(&failure, 0, sizeof failure);
  memset(plan->seen, 0, sizeof plan->seen);
  gli_device_code code = plugin_open(NULL);
  if (code != GLI_DEVICE_OK) return code;
  code = work(right_out);
  if (code != GLI_DEVICE_LOST) {
    driver->close(device);
  } else if (lost_count < LOST_KEPT) {
    lost[lost_count++] = device;
  }
  return code;
}

static bool is_spared(const char *name) {
  for (size_t i = 0; i < sizeof spared / sizeof spared[0]; i++) {
    if (strcmp(spared[i], name) == 0) return true;
  }
  return false;
}

/* What a run gave in which calls of `name` failed with this number. */
static void check(gli_device_code code, bool right, const char *name, int number, bool may_pass) {
  if (code == GLI_DEVICE_OK) {
    cr_assert(right, "%s failed (%d), and the result is wrong", name, number);
    cr_assert(may_pass || is_spared(name), "%s failed (%d), and nobody heard of it", name, number);
    return;
  }
  char expected[80];
  cr_assert_eq(failure.code, code);
  cr_assert_eq(failure.driver_code, number, "%s (%d): %s", name, number, failure.message);
  (void)snprintf(expected, sizeof expected, "%s: CL_", name);
  cr_assert_eq(strncmp(failure.message, expected, strlen(expected)), 0, "%s (%d): %s", name, number,
               failure.message);
  (void)snprintf(expected, sizeof expected, "(%d)", number);
  cr_assert_not_null(strstr(failure.message, expected), "%s", failure.message);
  if (number == -2 || number == -36) cr_assert_eq(code, GLI_DEVICE_LOST, "%s", failure.message);
  if (number == -4 || number == -6) cr_assert_eq(code, GLI_DEVICE_NO_MEMORY, "%s", failure.message);
}

/* One sweep over the calls of a clean run, with or without programs from the cache. Counts faults
 * into *injected_out. */
static void sweep(const char *cache, int number, int count, int *injected_out) {
  bool right = false;
  int calls[FAULTY_FUNCTIONS];
  cr_assert_eq(setenv("GLI_CACHE_DIR", cache, 1), 0);
  plan->function = -1;
  for (int i = 0; i < 2; i++) { /* the second has what the first left in the cache */
    OK(run(&right));
    cr_assert(right);
  }
  memcpy(calls, plan->seen, sizeof calls);
  for (int function = 2; function < FAULTY_FUNCTIONS; function++) { /* 0 and 1: once in a process */
    for (int from = 0; from < calls[function]; from++) {
      plan->function = function;
      plan->from = from;
      plan->count = count;
      plan->number = number;
      plan->injected = 0;
      plan->alive = 0;
      gli_device_code code = run(&right);
      if (plan->injected == 0) { /* a busy machine: it looked less often whether work is done */
        cr_assert(code == GLI_DEVICE_OK && right);
        continue;
      }
      *injected_out += plan->injected;
      /* A binary that does not build is built from its text; closing has nobody to tell. */
      bool in_close = strcmp(plan->names[function], "clFinish") == 0 && from == calls[function] - 1;
      bool from_text = strcmp(plan->names[function], "clBuildProgram") == 0 && count == 1;
      check(code, right, plan->names[function], number, in_close || from_text);
      if (code != GLI_DEVICE_LOST) {
        /* The events of uploads stay with the bytes that the device may still read. */
        bool is_idle = strcmp(plan->names[function], "clFinish") != 0;
        if (is_idle)
          cr_assert_eq(plan->alive, 0, "%d objects left after %s (%d)", plan->alive,
                       plan->names[function], number);
      }
      plan->function = -1;
      OK(run(&right));
      cr_assert(right);
    }
  }
}

Test(opencl_faults, every_call_fails, .init = begin, .fini = end, .timeout = 600) {
  static const int numbers[] = {-4, -6, -2, -36, -59};
  int injected = 0;
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    sweep(folder, numbers[i], 1, &injected);
    sweep(folder, numbers[i], FAULTY_FOREVER, &injected);
    sweep("/proc/nobody", numbers[i], 1, &injected);
  }
  cr_assert_gt(injected, 300);
  (void)printf("opencl faults: %d failing OpenCL calls injected, all reported or done without\n",
               injected);
}

/* Running out of resources is running out of memory where memory is asked for, and a crash of a
 * kernel where work is waited for: the device is lost if it fails again. */
Test(opencl_faults, out_of_resources_means_two_things, .init = begin, .fini = end) {
  enum { CREATE_BUFFER = 4, READ = 14, FINISH = 23 };
  static const struct {
    int function, count;
    gli_device_code code;
  } cases[] = {{CREATE_BUFFER, FAULTY_FOREVER, GLI_DEVICE_NO_MEMORY},
               {READ, 1, GLI_DEVICE_FAILED},
               {FINISH, 1, GLI_DEVICE_FAILED},
               {FINISH, 2, GLI_DEVICE_LOST}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bool right = false;
    plan->function = cases[i].function;
    plan->from = 0;
    plan->count = cases[i].count;
    plan->number = -5;
    gli_device_code code = run(&right);
    cr_assert_eq(code, cases[i].code, "case %zu: %d, %s", i, code, failure.message);
    plan->function = -1;
    OK(run(&right));
    cr_assert(right);
  }
}

/* Finding the devices fails, then not: a failure is not remembered. */
Test(opencl_faults, enumerating_can_be_tried_again, .init = begin, .fini = end) {
  static const int functions[] = {0, 1}; /* clGetPlatformIDs, clGetDeviceIDs */
  for (size_t i = 0; i < 2; i++) {
    bool right = false;
    plan->function = functions[i];
    plan->from = 0;
    plan->count = 1;
    plan->number = -6;
    FAILS(i == 0 ? GLI_DEVICE_NO_MEMORY : GLI_DEVICE_REFUSED, run(&right), "CL_OUT_OF_HOST_MEMORY");
  }
  bool right = false;
  plan->function = -1;
  OK(run(&right));
  cr_assert(right);
}

/* GPUs before accelerators before CPUs, then compute units, then the order of the loader; one of a
 * type that is none of these is left out. The device behind all of them is the first one; as a GPU
 * it runs our kernels in groups of 256 that stride. */
Test(opencl_faults, devices_come_best_first, .init = begin, .fini = end) {
  enum { CPU = 2, GPU = 4, ACCELERATOR = 8, CUSTOM = 16 };
  static const struct {
    unsigned long type;
    unsigned units;
  } pretend[] = {{CPU, 64}, {GPU, 10}, {CUSTOM, 500}, {ACCELERATOR, 99}, {GPU, 80}, {CPU, 128}};
  static const uint32_t units[] = {80, 10, 99, 128, 64};
  gli_device_info infos[8];
  size_t count = 0;
  bool right = false;
  plan->pretended = sizeof pretend / sizeof pretend[0];
  memcpy(plan->pretend, pretend, sizeof pretend);
  OK(run(&right));
  cr_assert(right);
  for (size_t i = 0; i < 8; i++)
    infos[i].struct_size = sizeof infos[i];
  OK(driver->enumerate(infos, 8, &count, &failure));
  cr_assert_eq(count, 5);
  for (size_t i = 0; i < count; i++) {
    cr_assert_eq(infos[i].compute_units, units[i], "position %zu: %u", i, infos[i].compute_units);
    cr_assert_eq(infos[i].is_cpu, i >= 3);
    cr_assert_eq(infos[i].group_size, i >= 3 ? 1 : 256);
  }
  for (size_t i = 0; i < count; i++) { /* each of them works */
    OK(driver->open(i, NULL, &device, &failure));
    OK(work(&right));
    cr_assert(right);
    driver->close(device);
  }
}

PLUGIN_MAIN {
  return plugin_main(argc, argv);
}
