/* Every algorithm that has a device form, on the CPU and on a device: that of the OpenCL plugin, or
 * of the driver that GLI_TEST_BACKEND names. Random graphs of every kind, options drawn from the
 * descriptors. What is exact is equal, floats are within the descriptor's bound, errors are the
 * same errors. An algorithm that the device is not fit for is refused with the reason.
 *
 * A plain program: it prints how much it compared, and exits 0 when all agreed, 77 when there is no
 * device. GLI_TEST_FULL=1 makes the long run, GLI_TEST_CASES=n one of n graphs. GLI_TEST_SEED=n
 * does case n alone and says more; GLI_TEST_ALGORITHM=name leaves the others out. */
#include "device/call.h"
#include "device/cases.h"
#include "device/devices.h"

enum { SKIPPED = 77, FAILURES_SHOWN = 20 };
enum { CASES_FULL = 1000, CASES_SAMPLE = 60, DRAWS = 3 };

typedef struct tally {
  int64_t equal, same_errors, refused, not_taken, wrong;
} tally;

static tally *tallies; /* of each algorithm */
static bool is_loud;
static const char *backend = "opencl";

static case_shape draw_shape(uint64_t seed) {
  static const int32_t sizes[] = {2, 5, 9, 17, 33, 64, 100, 257, 400};
  gli_random random = gli_random_start(seed, 1);
  case_shape shape = {.kind = (case_kind)(seed % CASE_KINDS)};
  shape.directed = gli_random_below(&random, 2) != 0;
  shape.multigraph = gli_random_below(&random, 3) == 0;
  shape.holes = gli_random_below(&random, 3) == 0;
  shape.weighted = gli_random_below(&random, 2) != 0;
  shape.nodes = sizes[gli_random_below(&random, sizeof sizes / sizeof sizes[0])];
  if (shape.kind == CASE_HUBS) shape.nodes = 700 + shape.nodes / 2;    /* rows above 512 entries */
  if (seed % 25 == 24 && shape.kind != CASE_DENSE) shape.nodes = 3000; /* beyond a block of rows */
  return shape;
}

static gli_status run_on(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                         const void *options, const char *where, gli_result **result_out,
                         gli_error *error) {
  gli_control control = GLI_CONTROL_INIT;
  control.backend = where;
  return gli_algorithm_run(algorithm, snapshot, options, &control, result_out, error);
}

/* What the device must have and lacks, or NULL. */
static const char *lacking(const gli__device_algorithm *form, gli_snapshot *snapshot,
                           const void *options) {
  const gli_device_info *info = &gli__driver_find(backend)->devices[0].info;
  const uint32_t needs = gli__device_needs(form, snapshot, options);
  if ((needs & GLI__NEEDS_FP64) != 0 && !info->has_fp64) return "double precision";
  if ((needs & GLI__NEEDS_ATOMIC64) != 0 && !info->has_atomic64) return "64-bit atomics";
  return NULL;
}

/* The same graph twice, so that the device finds nothing that the CPU has derived from it. */
typedef struct twins {
  gli_graph *graph, *other;
  gli_snapshot *snapshot, *on_device;
} twins;

static twins twins_of(const case_shape *shape, uint64_t seed) {
  return (twins){.graph = case_graph(shape, seed), .other = case_graph(shape, seed)};
}

static void look_at(twins *both) {
  both->snapshot = case_snapshot(both->graph);
  both->on_device = case_snapshot(both->other);
}

static void look_away(twins *both) {
  gli_snapshot_free(both->snapshot);
  gli_snapshot_free(both->on_device);
}

/* Empty when the two runs agree; else what is wrong. */
static void compare(const gli_algorithm *algorithm, const twins *both, const void *options,
                    tally *counts, char text[700]) {
  const gli__device_algorithm *form = gli__device_algorithm_find(algorithm->name);
  gli_result *expected = NULL, *found = NULL;
  gli_error cpu_error = {.message = ""}, error = {.message = ""};
  const char *words = lacking(form, both->on_device, options), *why_not = NULL;
  const gli_status cpu = run_on(algorithm, both->snapshot, options, "cpu", &expected, &cpu_error);
  const gli_status status = run_on(algorithm, both->on_device, options, backend, &found, &error);
  text[0] = '\0';
  if ((cpu == GLI_ERROR_INVALID_ARGUMENT || cpu == GLI_ERROR_ATTRIBUTE_NOT_FOUND) &&
      status == cpu) { /* before anybody was chosen */
    counts->same_errors++;
  } else if (status == GLI_ERROR_BACKEND_UNAVAILABLE && form->takes != NULL &&
             !form->takes(both->on_device, options, &why_not)) {
    if (why_not == NULL) snprintf(text, 700, "it is not taken, without a reason");
    counts->not_taken++;
  } else if (words != NULL) {
    const bool named = status == GLI_ERROR_BACKEND_UNAVAILABLE && strstr(error.message, words);
    if (!named) snprintf(text, 700, "the device lacks %s, and it says '%s'", words, error.message);
    if (named) counts->refused++;
  } else if (status != cpu) {
    snprintf(text, 700, "'%.300s', the CPU says '%.300s'", error.message, cpu_error.message);
  } else if (status != GLI_OK) {
    counts->same_errors++;
  } else if (strcmp(gli_result_run(found).backend, backend) != 0) {
    snprintf(text, 700, "it ran on %s", gli_result_run(found).backend);
  } else if (case_same(algorithm, expected, found, text)) {
    counts->equal++;
  }
  gli_result_free(expected);
  gli_result_free(found);
}

static void check_algorithm(size_t position, const twins *both, const case_shape *shape,
                            uint64_t seed, const char *stage) {
  static int64_t shown;
  const gli_algorithm *algorithm = gli_algorithm_at(position);
  const char *only = getenv("GLI_TEST_ALGORITHM");
  char text[700] = "", shape_text[128];
  if (gli__device_algorithm_find(algorithm->name) == NULL) return;
  if (only != NULL && strcmp(only, algorithm->name) != 0) return;
  for (uint64_t draw = 0; draw < DRAWS; draw++) {
    case_options *made = case_draw_options(algorithm, both->snapshot, draw > 0, shape->weighted,
                                           seed * DRAWS + draw);
    case_go_to_the_end(made, both->snapshot);
    compare(algorithm, both, made->options, &tallies[position], text);
    if (text[0] != '\0') tallies[position].wrong++;
    if (is_loud || (text[0] != '\0' && shown++ < FAILURES_SHOWN)) {
      printf("%s: %s(%s) on %s%s (GLI_TEST_SEED=%llu): %s\n", text[0] == '\0' ? "ok" : "WRONG",
             algorithm->name, made->text, case_shape_text(shape, shape_text), stage,
             (unsigned long long)seed, text[0] == '\0' ? "equal" : text);
    }
    case_options_free(made);
  }
}

/* A graph as it is made, and again after a change: the mirror follows it. */
static void check_case(uint64_t seed) {
  const case_shape shape = draw_shape(seed);
  twins both = twins_of(&shape, seed);
  for (int round = 0; round < 2; round++) {
    look_at(&both);
    for (size_t k = 0; k < gli_algorithm_count(); k++) {
      check_algorithm(k, &both, &shape, 2 * seed + (uint64_t)round,
                      round == 0 ? "" : ", then changed");
    }
    look_away(&both);
    case_mutate(both.graph, 1 + (int64_t)(seed % 9), seed);
    case_mutate(both.other, 1 + (int64_t)(seed % 9), seed);
  }
  gli_graph_free(both.graph);
  gli_graph_free(both.other);
}

static void add(tally *sum, const tally *one) {
  sum->equal += one->equal;
  sum->same_errors += one->same_errors;
  sum->refused += one->refused;
  sum->not_taken += one->not_taken;
  sum->wrong += one->wrong;
}

/* Of all that many graphs bring, something must have been compared for each form. */
static int report(uint64_t cases) {
  const bool is_whole = cases >= CASES_SAMPLE && getenv("GLI_TEST_ALGORITHM") == NULL;
  tally sum = {0};
  printf("%-24s %8s %8s %8s %8s %8s\n", "parity", "equal", "errors", "refused", "untaken", "WRONG");
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const tally *one = &tallies[k];
    const char *name = gli_algorithm_at(k)->name;
    if (gli__device_algorithm_find(name) == NULL) continue;
    printf("%-24s %8lld %8lld %8lld %8lld %8lld\n", name, (long long)one->equal,
           (long long)one->same_errors, (long long)one->refused, (long long)one->not_taken,
           (long long)one->wrong);
    add(&sum, one);
    if (!is_whole || one->equal + one->refused > 0) continue;
    printf("WRONG: %s was never compared\n", name);
    sum.wrong++;
  }
  const gli_device_info *info = &gli__driver_find(backend)->devices[0].info;
  printf(
      "%s, work-groups of %u, fp64 %d, 64-bit atomics %d: %lld comparisons, %lld the same error, "
      "%lld refused with the reason, %lld without a kernel for the options, %lld wrong\n",
      info->name, info->group_size, info->has_fp64, info->has_atomic64, (long long)sum.equal,
      (long long)sum.same_errors, (long long)sum.refused, (long long)sum.not_taken,
      (long long)sum.wrong);
  return sum.wrong == 0 && sum.equal + sum.refused > 0 ? 0 : 1;
}

int main(void) {
  const char *reason = NULL, *full = getenv("GLI_TEST_FULL"), *one = getenv("GLI_TEST_SEED");
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (getenv("GLI_TEST_BACKEND") != NULL) backend = getenv("GLI_TEST_BACKEND");
  if (gli__driver_find(backend) == NULL) {
    printf("GLI_TEST_BACKEND: no driver is called %s\n", backend);
    return 1;
  }
  if (!gli__driver_ready(gli__driver_find(backend), &reason)) {
    printf("skipped: no device of %s: %s\n", backend, reason);
    return SKIPPED;
  }
  tallies = calloc(gli_algorithm_count(), sizeof *tallies);
  if (tallies == NULL) return 1;
  if (one != NULL) {
    is_loud = true;
    check_case(strtoull(one, NULL, 10) / 2); /* printed seeds count both rounds of a case */
    return report(1);
  }
  uint64_t cases = full != NULL && strcmp(full, "1") == 0 ? CASES_FULL : CASES_SAMPLE;
  if (getenv("GLI_TEST_CASES") != NULL) cases = strtoull(getenv("GLI_TEST_CASES"), NULL, 10);
  for (uint64_t seed = 0; seed < cases; seed++)
    check_case(seed);
  return report(cases);
}
