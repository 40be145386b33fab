/* hard.c: what can go wrong on a real CUDA device, done to it. Usage:
 *
 *     device_hard LIBRARY ladder|fault
 *
 * LIBRARY is hard.cu's. ladder: device memory is taken away until so much is left, from plenty down
 * to 1 MiB; by name each algorithm gives the right answer or a typed error, chosen automatically
 * always the right answer; with the memory given back all is as before. fault: a faulty kernel of
 * somebody else in this process makes the context unusable for good; by name that is an error,
 * automatically the CPU's answer, and the device is in quarantine from then on. */
#include <dlfcn.h>

#include "graphs.h"

static const char *const names[] = {"bfs", "pagerank", "connected_components", "triangle_count"};
enum { NAMES = sizeof names / sizeof names[0] };

static int failures;

static void judge(bool right, const char *what, const char *name, const char *message) {
  (void)printf("%s\t%s\t%s\t%.160s\n", right ? "ok" : "WRONG", what, name, message);
  (void)fflush(stdout);
  if (!right) failures++;
}

/* The first column of integers says enough about the answer; floats are left to the parity test. */
static bool same_ints(const gli_result *left, const gli_result *right) {
  gli_column a, b;
  for (size_t k = 0; gli_result_column_at(left, k, &a) && gli_result_column_at(right, k, &b); k++) {
    const size_t size = a.type == GLI_COLUMN_NODE ? 4 : a.type == GLI_COLUMN_BOOL ? 1 : 8;
    if (a.type != GLI_COLUMN_FLOAT64 && memcmp(a.data, b.data, (size_t)a.length * size) != 0)
      return false;
  }
  return true;
}

/* backend NULL: whoever is chosen, and the answer must come. */
static void try_all(gli_snapshot *snapshot, const char *backend, bool must_answer,
                    const char *what) {
  for (size_t k = 0; k < NAMES; k++) {
    question asked;
    ask(&asked, names[k], 1);
    gli_result *expected = NULL, *found = NULL;
    gli_error error = {.message = ""};
    if (answer(&asked, snapshot, "cpu", NULL, 60, &expected, &error) != GLI_OK)
      stop_with(names[k], error.message);
    const gli_status status =
        answer(&asked, snapshot, backend, backend != NULL ? "raise" : "cpu", 60, &found, &error);
    if (status == GLI_OK) {
      judge(same_ints(expected, found), what, names[k], gli_result_run(found).backend);
    } else {
      const bool is_typed = status == GLI_ERROR_OUT_OF_MEMORY || status == GLI_ERROR_DEVICE ||
                            status == GLI_ERROR_BACKEND_UNAVAILABLE;
      judge(is_typed && !must_answer, what, names[k], error.message);
    }
    gli_result_free(expected);
    gli_result_free(found);
    free(asked.options);
  }
}

static void *function(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) stop_with(name, "not in the library");
  return found;
}

int main(int count, char **arguments) {
  if (count < 3) stop_with("usage", "device_hard LIBRARY ladder|fault");
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) stop_with("dlopen", dlerror());
  int (*hog)(uint64_t) = NULL, (*give_back)(void) = NULL, (*fault)(void) = NULL;
  void *symbol = function(library, "hard_hog");
  memcpy(&hog, &symbol, sizeof hog);
  symbol = function(library, "hard_give_back");
  memcpy(&give_back, &symbol, sizeof give_back);
  symbol = function(library, "hard_fault");
  memcpy(&fault, &symbol, sizeof fault);

  edge_list edges = make_edges('k', 18);
  gli_graph *graph = make_graph(&edges);
  gli_snapshot *snapshot = snapshot_of(graph);
  try_all(snapshot, "cuda", true, "before");
  if (strcmp(arguments[2], "ladder") == 0) {
    static const uint64_t steps[] = {1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1};
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
      char what[64];
      (void)snprintf(what, sizeof what, "%llu MiB left", (unsigned long long)steps[k]);
      /* Another graph each time: nothing of it lies on the device yet. */
      gli_graph *other = make_graph(&edges);
      gli_snapshot *fresh = snapshot_of(other);
      judge(hog(steps[k] << 20) == 0, what, "hog", "");
      try_all(fresh, "cuda", false, what);
      try_all(fresh, NULL, true, what);
      judge(give_back() == 0, what, "give back", "");
      gli_snapshot_free(fresh);
      gli_graph_free(other);
    }
    try_all(snapshot, "cuda", true, "with all memory again");
  } else {
    const int code = fault();
    judge(code == 700 || code == 719, "the faulty kernel", "cudaDeviceSynchronize",
          code == 700 ? "700, illegal address" : "another error");
    try_all(snapshot, "cuda", false, "after the fault");
    try_all(snapshot, NULL, true, "after the fault, automatically");
    question asked;
    ask(&asked, "bfs", 1);
    gli_error error = {.message = ""};
    gli_result *result = NULL;
    const gli_status status = answer(&asked, snapshot, "cuda", "raise", 60, &result, &error);
    judge(status != GLI_OK, "quarantine", "bfs", error.message);
    free(asked.options);
  }
  free_edges(&edges);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  (void)printf("%s: %d wrong\n", arguments[2], failures);
  return failures == 0 ? 0 : 1;
}
