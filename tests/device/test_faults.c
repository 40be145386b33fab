/* What happens when a device fails: every algorithm that has a device form, on the faulty driver
 * around PoCL's, with a fault at the k-th call of the driver, of every kind, once or from then on.
 * GLI_TEST_FULL=1: for every k up to 128 and the last 32, and 64 or so between them, where the
 * rounds of an iteration repeat the same calls (all of them: quadratic, hours with hits); otherwise
 * a sample.
 *
 * The automatic call gives the CPU's answer and says that it fell back, or got over it; the call by
 * name gives a typed error with the driver's number, or the answer. Then the same call again:
 * right, unless the device was lost. Nothing leaks; a lost device is left alone. And the memory
 * ladder: devices that pretend to have 1 to 64 MiB.
 *
 * A plain program: exit 0 when all held, 77 without a device. */
#include "device/call.h"
#include "device/cases.h"
#include "device/devices.h"
#include "device/faulty_driver.h"
#include "device/mirror.h"
#include "device/plugin.h"
#include "dispatch/dispatch.h"

enum { SKIPPED = 77, PROBLEMS_SHOWN = 30 };

typedef struct totals {
  int64_t injected, attempts, fallbacks, typed, survived, again, unharmed;
  int64_t wrong, leaks; /* answers; handles that were left behind */
  int64_t problems;     /* everything else that should not be */
} totals;

static totals sums;
static const gli_device_driver *faulty;
static bool is_full;
static int64_t expected_complaints; /* provoked by the test of the wrapper */

/* One call to be disturbed. The graph is made anew each time: what the CPU derives from a snapshot
 * stays with it, and a device would build less. */
typedef struct scene {
  const gli_algorithm *algorithm;
  const case_shape *shape;
  uint64_t seed;
  bool resident; /* the graph is on the device already, and has changed since */
  bool keep;     /* columns stay there */
  gli_graph *graph;
  gli_snapshot *snapshot;
  const void *options;
  gli_result *expected; /* of the CPU */
  char text[300];
} scene;

static void problem(const scene *at, const faulty_plan *plan, int64_t *counter, const char *mode,
                    const char *what) {
  if (sums.wrong + sums.leaks + sums.problems < PROBLEMS_SHOWN) {
    printf("PROBLEM: %s: %s at call %lld (%s)%s, %s: %s\n", at->text, faulty_kind_name(plan->kind),
           (long long)plan->at, faulty_look().function, plan->from_then_on ? " and on" : "", mode,
           what);
  }
  ++*counter;
}

/* --- A choice that takes the device ------------------------------------------------------------
 */

/* The CPU and the device as they are, but with predictions that make the device win. */
static gli_status offer_slow_cpu(const gli__backend *self, const gli__request *request,
                                 double limit_seconds, gli__offer *offer_out, gli_error *error) {
  const gli__backend *host = gli__backends().backends[0];
  (void)self;
  (void)limit_seconds;
  const gli_status status = host->offer(host, request, (double)INFINITY, offer_out, error);
  offer_out->seconds = 1e9;
  return status;
}

static gli_status offer_fast_device(const gli__backend *self, const gli__request *request,
                                    double limit_seconds, gli__offer *offer_out, gli_error *error) {
  const gli__backend *device = &gli__backend_opencl;
  (void)self;
  (void)limit_seconds;
  const gli_status status = device->offer(device, request, (double)INFINITY, offer_out, error);
  offer_out->seconds = 1e-9;
  return status;
}

static gli_status run_automatically(const scene *at, gli_result **result_out, gli_error *error) {
  gli__backend cpu = *gli__backends().backends[0], device = gli__backend_opencl;
  const gli__backend *const both[] = {&cpu, &device};
  gli_control control = GLI_CONTROL_INIT;
  cpu.offer = offer_slow_cpu;
  device.offer = offer_fast_device;
  control.on_device_error = "cpu";
  if (at->keep) control.keep = "device";
  return gli__run_algorithm((gli__backend_list){both, 2}, at->algorithm, at->snapshot, at->options,
                            &control, result_out, error);
}

static gli_status run_by_name(const scene *at, gli_snapshot *snapshot, const char *backend,
                              gli_result **result_out, gli_error *error) {
  gli_control control = GLI_CONTROL_INIT;
  control.backend = backend;
  if (at->keep && strcmp(backend, "cpu") != 0) control.keep = "device";
  return gli_algorithm_run(at->algorithm, snapshot, at->options, &control, result_out, error);
}

/* --- Books ------------------------------------------------------------------------------------ */

/* After a call all that is alive belongs to mirrors and programs; without them nothing is. */
static void check_leaks(const scene *at, const faulty_plan *plan, const char *mode) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  const bool lost = faulty_look().lost;
  gli__driver *driver = gli__driver_find("opencl");
  char text[160];
  faulty_books books;
  if (!lost && driver->device_count == 1 && driver->devices[0].handle != NULL) {
    faulty_arm(&nothing);
    gli__device_try(&driver->devices[0]);
    gli__mirror_release_all(&driver->devices[0]);
    gli__device_let_go(&driver->devices[0]);
    books = faulty_look();
    if (books.live_buffers != 0 || books.live_events != 0) {
      snprintf(text, sizeof text, "%lld buffers of %llu bytes, %lld events are left",
               (long long)books.live_buffers, (unsigned long long)books.live_bytes,
               (long long)books.live_events);
      problem(at, plan, &sums.leaks, mode, text);
    }
    if (driver->devices[0].traffic.allocated_bytes != 0) {
      problem(at, plan, &sums.leaks, mode, "libgli's own books hold bytes");
    }
  }
  gli__driver_replace("opencl", NULL);
  if (lost) faulty_reap(false);
  books = faulty_look();
  if (books.live_devices != 0 || books.live_programs != 0 || books.live_buffers != 0) {
    snprintf(text, sizeof text, "%lld devices, %lld programs are left",
             (long long)books.live_devices, (long long)books.live_programs);
    problem(at, plan, &sums.leaks, mode, text);
  }
}

/* --- One fault -------------------------------------------------------------------------------- */

/* Whether this fault may leave no trace in the answer's record: memory that others made room for,
 * figures that are not needed for the answer. */
static bool may_survive(const faulty_plan *plan, const char *function) {
  if (plan->kind == FAULTY_NO_MEMORY) return true;
  return strcmp(function, "memory") == 0 || strncmp(function, "event_", 6) == 0;
}

/* Whether the device was never chosen: it was not even found. */
static bool was_unseen(const char *function) {
  return strcmp(function, "enumerate") == 0;
}

/* Kept columns are looked at on a device that works again. */
static bool is_right(const scene *at, const gli_result *found, const faulty_plan *plan,
                     const char *mode) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  char text[200];
  const gli_run_record record = gli_result_run(found);
  const char *kept = !at->keep ? "" : strcmp(record.backend, "cpu") == 0 ? "host" : "device";
  const bool only_numbers =
      at->algorithm->column_count == 1 && at->algorithm->columns[0].domain == GLI_SCALAR;
  if (strcmp(record.kept, kept) != 0 && !only_numbers) {
    problem(at, plan, &sums.problems, mode, "the record does not say where the columns are");
  }
  if (strcmp(record.kept, "device") == 0) faulty_arm(&nothing);
  if (case_same(at->algorithm, at->expected, found, text)) return true;
  problem(at, plan, &sums.wrong, mode, text);
  return false;
}

static faulty_books judge_automatic(const scene *at, const faulty_plan *plan) {
  gli_result *found = NULL;
  gli_error error = {.message = ""};
  const gli_status status = run_automatically(at, &found, &error);
  const faulty_books books = faulty_look();
  sums.injected += books.injected;
  if (status != GLI_OK) {
    problem(at, plan, &sums.problems, "automatic", error.message);
  } else if (is_right(at, found, plan, "automatic")) {
    const gli_run_record record = gli_result_run(found);
    const bool fell_back = strcmp(record.backend, "cpu") == 0;
    const bool must = books.injected > 0 && !may_survive(plan, books.function);
    const int32_t expected = fell_back && !was_unseen(books.function) ? 1 : 0;
    if (record.fallbacks != expected) {
      problem(at, plan, &sums.problems, "automatic", "the fallbacks are miscounted");
    } else if (fell_back && books.injected == 0) {
      problem(at, plan, &sums.problems, "automatic", record.why);
    } else if (must && !fell_back) {
      problem(at, plan, &sums.problems, "automatic", "the fault went unnoticed");
    } else if (fell_back) {
      sums.fallbacks++;
    } else {
      ++*(books.injected > 0 ? &sums.survived : &sums.unharmed);
    }
  }
  gli_result_free(found);
  return books;
}

static faulty_books judge_named(const scene *at, const faulty_plan *plan) {
  gli_result *found = NULL;
  gli_error error = {.message = ""};
  const gli_status status = run_by_name(at, at->snapshot, "opencl", &found, &error);
  const faulty_books books = faulty_look();
  const int32_t code = FAULTY_CODE - (int32_t)plan->kind;
  char number[16];
  snprintf(number, sizeof number, "%d", (int)code);
  sums.injected += books.injected;
  if (status == GLI_OK) {
    if (is_right(at, found, plan, "named")) {
      if (books.injected > 0 && !may_survive(plan, books.function)) {
        problem(at, plan, &sums.problems, "named", "the fault went unnoticed");
      }
      ++*(books.injected > 0 ? &sums.survived : &sums.unharmed);
    }
  } else if (books.injected == 0) {
    problem(at, plan, &sums.problems, "named, without a fault", error.message);
  } else if (was_unseen(books.function) ? status != GLI_ERROR_BACKEND_UNAVAILABLE
                                        : status != GLI_ERROR_DEVICE) {
    problem(at, plan, &sums.problems, "named: not a device's error", error.message);
  } else if (plan->kind != FAULTY_GARBAGE && strstr(error.message, number) == NULL) {
    problem(at, plan, &sums.problems, "named: without the driver's number", error.message);
  } else {
    sums.typed++;
  }
  gli_result_free(found);
  return books;
}

/* The same call again on the device as it was left. */
static void judge_again(const scene *at, const faulty_plan *plan, const faulty_books *struck) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  const faulty_books before = faulty_look();
  gli_result *found = NULL;
  gli_error error = {.message = ""};
  if (was_unseen(struck->function)) return;
  if (!before.lost) faulty_arm(&nothing);
  const gli_status status = run_by_name(at, at->snapshot, "opencl", &found, &error);
  if (before.lost) {
    if (status != GLI_ERROR_DEVICE && status != GLI_ERROR_BACKEND_UNAVAILABLE) {
      problem(at, plan, &sums.problems, "again", "a lost device answers");
    }
    if (faulty_look().calls != before.calls) {
      problem(at, plan, &sums.problems, "again", "a lost device is called");
    }
  } else if (status != GLI_OK) {
    problem(at, plan, &sums.problems, "again", error.message);
  } else if (is_right(at, found, plan, "again")) {
    sums.again++;
  }
  gli_result_free(found);
}

/* The graph, and what of it lies on the device before the call. */
static void set_scene(scene *at) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  at->graph = case_graph(at->shape, at->seed);
  gli__driver_replace("opencl", faulty);
  faulty_arm(&nothing);
  if (at->resident) {
    gli_snapshot *earlier = case_snapshot(at->graph);
    gli_result *result = NULL;
    gli_error error = {.message = ""};
    const gli_status status = run_by_name(at, earlier, "opencl", &result, &error);
    if (status == GLI_ERROR_DEVICE) { /* not converged or not taken: all the same here */
      problem(at, &nothing, &sums.problems, "earlier", error.message);
    }
    gli_result_free(result);
    gli_snapshot_free(earlier);
    case_mutate(at->graph, 3, at->seed);
  }
  at->snapshot = case_snapshot(at->graph);
}

static void clear_scene(scene *at, const faulty_plan *plan, const char *mode) {
  check_leaks(at, plan, mode);
  gli_snapshot_free(at->snapshot);
  gli_graph_free(at->graph);
  at->snapshot = NULL;
  at->graph = NULL;
}

static void inject(scene *at, const faulty_plan *plan, bool automatic) {
  set_scene(at);
  faulty_arm(plan);
  const faulty_books struck = automatic ? judge_automatic(at, plan) : judge_named(at, plan);
  judge_again(at, plan, &struck);
  sums.attempts++;
  clear_scene(at, plan, automatic ? "automatic" : "named");
}

/* --- All faults of a call --------------------------------------------------------------------- */

/* How many calls of the driver the undisturbed call makes; -1: it has no kernel for these options.
 */
static int64_t count_calls(scene *at) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  gli_result *found = NULL;
  gli_error error = {.message = ""};
  set_scene(at);
  faulty_arm(&nothing);
  const gli_status status = run_by_name(at, at->snapshot, "opencl", &found, &error);
  int64_t calls = faulty_look().calls;
  if (status == GLI_ERROR_BACKEND_UNAVAILABLE) {
    calls = -1;
  } else if (status != GLI_OK) {
    problem(at, &nothing, &sums.problems, "clean", error.message);
    calls = -1;
  } else {
    (void)is_right(at, found, &nothing, "clean");
  }
  gli_result_free(found);
  clear_scene(at, &nothing, "clean");
  return calls;
}

static bool is_chosen(int64_t call, int64_t calls, gli_random *random) {
  enum { FIRST = 128, LAST = 32, BETWEEN = 64 };
  if (call < FIRST || call >= calls - LAST) return true;
  return gli_random_below(random, (uint64_t)(calls - FIRST - LAST)) < BETWEEN;
}

static void disturb(scene *at, uint64_t seed) {
  enum { SAMPLE = 20 };
  const int64_t calls = count_calls(at);
  gli_random random = gli_random_start(seed, 3);
  const int64_t sample = at->keep ? SAMPLE / 4 : SAMPLE;
  for (int64_t k = 0; k < (is_full || calls < sample ? calls : sample); k++) {
    /* Calls near the begin differ most from each other. */
    const uint64_t reach = (uint64_t)(k % 2 == 0 && calls > 40 ? 40 : calls);
    if (is_full && !is_chosen(k, calls, &random)) continue;
    int64_t call = is_full ? k : (int64_t)gli_random_below(&random, reach);
    /* Columns are kept at the end. */
    if (at->keep && !is_full) call = calls - 1 - (int64_t)(call % (calls > 8 ? 8 : calls));
    for (faulty_kind kind = FAULTY_NO_MEMORY; kind < FAULTY_KINDS; kind++) {
      const int ways = is_full ? 4 : 1;
      for (int way = 0; way < ways; way++) {
        const int chosen = is_full ? way : (int)gli_random_below(&random, 4);
        const faulty_plan plan = {.kind = kind, .at = call, .from_then_on = (chosen & 1) != 0};
        inject(at, &plan, (chosen & 2) != 0);
      }
    }
  }
}

static void disturb_algorithm(const gli_algorithm *algorithm, const case_shape *shape,
                              bool resident, uint64_t seed) {
  const faulty_plan nothing = {.kind = FAULTY_NOTHING};
  gli_graph *graph = case_graph(shape, seed);
  gli_snapshot *snapshot = case_snapshot(graph);
  char shape_text[128];
  for (uint64_t draw = 0; draw < 3; draw++) { /* the defaults, other options, and these kept */
    const bool keep = draw == 2;
    scene at = {.algorithm = algorithm, .shape = shape, .seed = seed, .resident = resident};
    at.keep = keep;
    gli_error error = {.message = ""};
    case_options *made =
        case_draw_options(algorithm, snapshot, draw == 1, shape->weighted, seed + draw);
    at.options = made->options;
    snprintf(at.text, sizeof at.text, "%s(%.120s) on %s%s%s", algorithm->name, made->text,
             case_shape_text(shape, shape_text), resident ? ", resident" : "",
             keep ? ", kept" : "");
    set_scene(&at);
    const gli_status status = run_by_name(&at, at.snapshot, "cpu", &at.expected, &error);
    clear_scene(&at, &nothing, "the CPU");
    if (status == GLI_OK) disturb(&at, seed + draw);
    gli_result_free(at.expected);
    case_options_free(made);
  }
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

/* --- Three in a row --------------------------------------------------------------------------- */

static void check_quarantine(const scene *at) {
  const faulty_plan plan = {.kind = FAULTY_LAUNCH, .at = 2, .from_then_on = true};
  gli_error error = {.message = ""};
  gli_result *found = NULL;
  gli__driver_replace("opencl", faulty);
  faulty_arm(&plan);
  for (int k = 0; k < 3; k++)
    (void)run_by_name(at, at->snapshot, "opencl", &found, &error);
  const int64_t calls = faulty_look().calls;
  sums.injected += faulty_look().injected;
  const gli_status status = run_by_name(at, at->snapshot, "opencl", &found, &error);
  if (status == GLI_OK || faulty_look().calls != calls) {
    problem(at, &plan, &sums.problems, "quarantine", "a device that always fails is called on");
  }
  if (run_automatically(at, &found, &error) != GLI_OK) {
    problem(at, &plan, &sums.problems, "quarantine", error.message);
  } else {
    (void)is_right(at, found, &plan, "quarantine");
    if (gli_result_run(found).fallbacks != 0) { /* it is not even tried */
      problem(at, &plan, &sums.problems, "quarantine", gli_result_run(found).why);
    }
  }
  gli_result_free(found);
  gli__driver_replace("opencl", NULL);
  faulty_reap(true);
}

/* --- The memory ladder ------------------------------------------------------------------------ */

typedef struct ladder {
  int64_t steps, on_device, fallbacks, typed;
} ladder;

/* All sources of a graph of this size would take minutes. */
static void limit_samples(const case_options *made) {
  for (size_t k = 0; k < made->algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &made->algorithm->parameters[k];
    if (strcmp(parameter->name, "samples") != 0) continue;
    const int64_t samples = 8;
    memcpy((char *)made->options + parameter->offset, &samples, sizeof samples);
  }
}

/* Several graphs one after the other on a device with so little memory: mirrors have to go. */
static void climb(const gli_algorithm *algorithm, uint64_t memory_bytes, ladder *steps) {
  const faulty_plan plan = {.kind = FAULTY_NOTHING, .memory_bytes = memory_bytes};
  scene at = {.algorithm = algorithm};
  gli__driver_replace("opencl", faulty);
  faulty_arm(&plan);
  for (uint64_t k = 0; k < 5; k++) {
    const case_shape shape = {.kind = k % 2 == 0 ? CASE_KRON : CASE_GRID,
                              .directed = k % 3 != 0,
                              .nodes = is_full ? 20000 : 6000};
    if (!is_full && k == 3) break;
    gli_graph *graph = case_graph(&shape, 100 + k);
    at.snapshot = case_snapshot(graph);
    case_options *made = case_draw_options(algorithm, at.snapshot, false, false, k);
    gli_error error = {.message = ""};
    at.options = made->options;
    limit_samples(made);
    case_go_to_the_end(made, at.snapshot);
    snprintf(at.text, sizeof at.text, "%s on %.0f MiB", algorithm->name,
             (double)memory_bytes / 1048576);
    if (run_by_name(&at, at.snapshot, "cpu", &at.expected, &error) == GLI_OK) {
      gli_result *found = NULL;
      gli_status status = run_by_name(&at, at.snapshot, "opencl", &found, &error);
      steps->steps++;
      if (status == GLI_OK) {
        steps->on_device += is_right(&at, found, &plan, "ladder, named");
      } else if (status == GLI_ERROR_DEVICE && error.driver_code != 0) {
        steps->typed++;
      } else if (status != GLI_ERROR_BACKEND_UNAVAILABLE) {
        problem(&at, &plan, &sums.problems, "ladder", error.message);
      }
      gli_result_free(found);
      found = NULL;
      status = run_automatically(&at, &found, &error);
      if (status != GLI_OK) problem(&at, &plan, &sums.problems, "ladder", error.message);
      if (status == GLI_OK) {
        (void)is_right(&at, found, &plan, "ladder, automatic");
        steps->fallbacks += gli_result_run(found).fallbacks;
      }
      gli_result_free(found);
    }
    if (faulty_look().peak_bytes > memory_bytes) {
      problem(&at, &plan, &sums.problems, "ladder", "more memory is used than there is");
    }
    gli_result_free(at.expected);
    at.expected = NULL;
    case_options_free(made);
    gli_snapshot_free(at.snapshot);
    gli_graph_free(graph);
  }
  check_leaks(&at, &plan, "ladder");
}

static void climb_all(const gli_algorithm *algorithm, ladder *steps) {
  for (uint64_t mebibytes = 1; mebibytes <= 64; mebibytes *= is_full ? 2 : 8) {
    climb(algorithm, mebibytes << 20, steps);
  }
}

/* ---------------------------------------------------------------------------------------------- */

static void disturb_all(const gli_algorithm *algorithm, ladder *steps) {
  static const case_shape shapes[] = {
      {.kind = CASE_RANDOM, .directed = true, .weighted = true, .nodes = 20},
      {.kind = CASE_CLIQUES, .directed = false, .weighted = false, .holes = true, .nodes = 24},
      {.kind = CASE_KRON, .directed = true, .multigraph = true, .weighted = true, .nodes = 40},
  };
  const totals before = sums;
  for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
    disturb_algorithm(algorithm, &shapes[k], k % 2 == 1, 7 + k);
    if (!is_full && k == 1) break;
  }
  climb_all(algorithm, steps);
  printf("%-24s %7lld calls disturbed, %8lld faults, %6lld fell back, %6lld typed errors\n",
         algorithm->name, (long long)(sums.attempts - before.attempts),
         (long long)(sums.injected - before.injected),
         (long long)(sums.fallbacks - before.fallbacks), (long long)(sums.typed - before.typed));
}

static void check_three_in_a_row(void) {
  const case_shape shape = {.kind = CASE_RANDOM, .nodes = 20};
  gli_graph *graph = case_graph(&shape, 1);
  scene at = {.algorithm = gli_algorithm_find("pagerank"), .snapshot = case_snapshot(graph)};
  gli_error error = {.message = ""};
  snprintf(at.text, sizeof at.text, "pagerank");
  case_options *made = case_draw_options(at.algorithm, at.snapshot, false, false, 1);
  at.options = made->options;
  if (run_by_name(&at, at.snapshot, "cpu", &at.expected, &error) == GLI_OK) check_quarantine(&at);
  gli_result_free(at.expected);
  case_options_free(made);
  gli_snapshot_free(at.snapshot);
  gli_graph_free(graph);
}

/* --- Who watches the watcher ------------------------------------------------------------------ */

/* A kernel that writes one element behind its buffer: the scan of 8 has 9. */
static void write_behind(gli_device *device, gli_device_buffer *in, gli_device_buffer *out) {
  const gli_device_source source = {"primitives/scan", gli__device_dialect,
                                    gli__device_text("primitives/scan")};
  const gli_device_argument arguments[] = {
      gli__arg_buffer(NULL), gli__arg_buffer(in), gli__arg_buffer(NULL), gli__arg_buffer(out),
      gli__arg_buffer(NULL), gli__arg_i64(8),     gli__arg_i64(8),       gli__arg_i64(1)};
  gli_device_error error = {.message = ""};
  gli_device_program *program = NULL;
  gli_device_kernel *kernel = NULL;
  if (faulty->program(device, &source, &program, &error) != GLI_DEVICE_OK ||
      faulty->kernel(device, program, "scan_write", &kernel, &error) != GLI_DEVICE_OK ||
      faulty->launch(device, kernel, gli__groups(1), arguments, 8, &error) != GLI_DEVICE_OK) {
    printf("PROBLEM: %s\n", error.message);
    sums.problems++;
  }
  faulty->program_release(device, program);
}

/* The wrapper finds each breach of the contract that it promises to find. */
static void check_the_wrapper(void) {
  faulty_plan plan = {.kind = FAULTY_NOTHING};
  gli_device_error error = {.message = ""};
  gli_device *device = NULL;
  gli_device_buffer *one = NULL, *other = NULL;
  uint8_t bytes[64] = {0};
  const int64_t before = faulty_look().complaints;
  bool holds = true;
  faulty_arm(&plan);
  faulty_quiet(true);
  holds &= faulty->open(0, NULL, &device, &error) == GLI_DEVICE_OK;
  holds &= faulty->allocate(device, 64, &one, &error) == GLI_DEVICE_OK;
  holds &= faulty->allocate(device, 64, &other, &error) == GLI_DEVICE_OK;
  /* Fresh memory is poison, and so is what nobody waited for. */
  holds &= faulty->download(device, one, 0, bytes, 64, true, &error) == GLI_DEVICE_OK;
  holds &= bytes[0] == 0xCB && bytes[63] == 0xCB;
  holds &= faulty->fill(device, one, 0, 64, &(uint64_t){1}, 8, &error) == GLI_DEVICE_OK;
  holds &= faulty->download(device, one, 0, bytes, 64, false, &error) == GLI_DEVICE_OK;
  holds &= bytes[0] == 0xCB && bytes[8] == 0xCB;
  holds &= faulty->finish(device, &error) == GLI_DEVICE_OK && bytes[0] == 1 && bytes[1] == 0;
  holds &= faulty_look().complaints == before;
  /* One complaint each. */
  holds &= faulty->upload(device, one, 8, bytes, 60, &error) == GLI_DEVICE_FAILED;
  holds &= faulty->copy(device, one, 0, other, 65, 0, &error) == GLI_DEVICE_FAILED;
  holds &= faulty->fill(device, one, 4, 8, bytes, 8, &error) == GLI_DEVICE_FAILED;
  holds &= faulty_look().complaints == before + 3;
  write_behind(device, one, other);
  faulty->release(device, other);
  holds &= faulty_look().complaints == before + 4;
  faulty->release(device, other);
  holds &= faulty->download(device, other, 0, bytes, 1, true, &error) == GLI_DEVICE_FAILED;
  holds &= faulty_look().complaints == before + 6 && faulty_look().live_buffers == 1;
  plan = (faulty_plan){.kind = FAULTY_LOST};
  faulty_arm(&plan);
  holds &= faulty->finish(device, &error) == GLI_DEVICE_LOST && error.driver_code != 0;
  faulty->release(device, one);
  faulty->close(device);
  holds &= faulty->finish(device, &error) == GLI_DEVICE_LOST;
  holds &= faulty_look().complaints == before + 9 && faulty_look().injected == 1;
  faulty_reap(false);
  holds &= faulty_look().live_buffers == 0 && faulty_look().live_devices == 0;
  faulty_quiet(false);
  expected_complaints = faulty_look().complaints;
  if (holds) return;
  printf("PROBLEM: the faulty driver itself does not see all that it should\n");
  sums.problems++;
}

/* The forms of one program share their host code. The sample takes the first few of them: of the
 * measures of pairs one that adds shares, one that counts and two that divide. */
static bool is_sampled(size_t position) {
  enum { FORMS_OF_A_PROGRAM = 4 };
  const char *program = gli__device_algorithm_find(gli_algorithm_at(position)->name)->program;
  int before = 0;
  for (size_t k = 0; k < position; k++) {
    const gli__device_algorithm *form = gli__device_algorithm_find(gli_algorithm_at(k)->name);
    before += form != NULL && strcmp(form->program, program) == 0;
  }
  return before < FORMS_OF_A_PROGRAM;
}

int main(void) {
  const char *full = getenv("GLI_TEST_FULL"), *only = getenv("GLI_TEST_ALGORITHM");
  const char *reason = NULL;
  gli_device_error error = {.message = ""};
  ladder steps = {0};
  setvbuf(stdout, NULL, _IOLBF, 0);
  const gli_device_driver *real = plugin_driver("opencl", &reason);
  if (real == NULL) {
    printf("skipped: no OpenCL device: %s\n", reason);
    return SKIPPED;
  }
  faulty = faulty_driver(real, &error);
  if (faulty == NULL) {
    printf("the wrapped device does not open: %s\n", error.message);
    return 1;
  }
  is_full = full != NULL && strcmp(full, "1") == 0;
  check_the_wrapper();
  check_three_in_a_row();
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const gli_algorithm *algorithm = gli_algorithm_at(k);
    if (gli__device_algorithm_find(algorithm->name) == NULL) continue;
    const bool is_asked = only == NULL ? is_full || is_sampled(k) : !strcmp(only, algorithm->name);
    if (is_asked) disturb_all(algorithm, &steps);
  }
  const int64_t complaints = faulty_look().complaints - expected_complaints;
  printf(
      "faults injected %lld into %lld calls: right by fallback %lld, typed errors %lld, got over "
      "it %lld, not reached %lld, right afterwards %lld; wrong %lld, leaks %lld, complaints "
      "%lld, other problems %lld\n",
      (long long)sums.injected, (long long)sums.attempts, (long long)sums.fallbacks,
      (long long)sums.typed, (long long)sums.survived, (long long)sums.unharmed,
      (long long)sums.again, (long long)sums.wrong, (long long)sums.leaks, (long long)complaints,
      (long long)sums.problems);
  printf(
      "memory ladder: %lld steps from 1 to 64 MiB, %lld on the device, %lld typed errors, %lld "
      "fell back\n",
      (long long)steps.steps, (long long)steps.on_device, (long long)steps.typed,
      (long long)steps.fallbacks);
  const int64_t wanted = is_full && only == NULL ? 50000 : 1;
  if (sums.injected < wanted) printf("at least %lld faults are wanted\n", (long long)wanted);
  const bool holds = sums.wrong + sums.leaks + sums.problems + complaints == 0;
  return holds && sums.injected >= wanted ? 0 : 1;
}
