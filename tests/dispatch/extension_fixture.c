/* extension_fixture.c: extensions that are right, or wrong in one way; FIXTURE says which. */
#include <gli/extension.h>
#include <stddef.h>

#define RIGHT 0
#define WRONG_ABI 1
#define NO_ENTRY 2
#define NULL_EXTENSION 3
#define BAD_NAME 4
#define OFFSET_OUTSIDE 5
#define NAME_TAKEN 6
#define ALIAS_TAKEN 7
#define NO_KERNEL 8
#define OVERLAP 9
#define RESERVED 10
#define DEFAULT_OUTSIDE 11
#define BAD_CHOICE 12
#define TWO_COLUMNS 13
#define NAMED_TWICE 14
#define NO_ALGORITHM 15
#define OLD_STRUCT 16

typedef struct fixture_options {
  size_t struct_size;
  int64_t start;
  const char *mode;
} fixture_options;

static const char *const modes[] = {"up", "down", NULL};

static const gli_parameter parameters[] = {
    {.name = FIXTURE == RESERVED ? "threads" : "start",
     .type = GLI_PARAMETER_INT,
     .offset =
         FIXTURE == OFFSET_OUTSIDE ? sizeof(fixture_options) - 4 : offsetof(fixture_options, start),
     .number_default = FIXTURE == DEFAULT_OUTSIDE ? -1 : 5,
     .minimum = 0,
     .maximum = 1000,
     .help = "The number of the first node."},
    {.name = "mode",
     .type = GLI_PARAMETER_CHOICE,
     .offset = FIXTURE == OVERLAP ? offsetof(fixture_options, start) + 4
                                  : offsetof(fixture_options, mode),
     .text_default = FIXTURE == BAD_CHOICE ? "sideways" : "up",
     .choices = modes,
     .help = "Which way to count."},
};

static const gli_column_info columns[] = {
    {"number", GLI_COLUMN_INT64, GLI_PER_NODE, "start, start + 1, ..."},
    {"number", GLI_COLUMN_INT64, GLI_PER_NODE, "Twice under one name."},
};

#if FIXTURE != NO_KERNEL
static gli_status count_nodes(gli_run *run, gli_snapshot *snapshot, const void *options,
                              gli_result *result, gli_error *error) {
  const fixture_options *given = options;
  void *number = NULL;
  const gli_status status =
      gli_result_add_column(result, "number", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &number, error);
  if (status != GLI_OK) return status;
  if (given->start == 999) return gli_fail(error, GLI_ERROR_LIMIT, "start is 999; %s", "too many");
  const int64_t step = given->mode[0] == 'u' ? 1 : -1;
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    ((int64_t *)number)[v] = given->start + step * v;
  }
  gli_run_count_iteration(run);
  return GLI_OK;
}
#else
#define count_nodes NULL
#endif

static const char *const aliases[] = {FIXTURE == ALIAS_TAKEN ? "bfs" : "fixture_alias", NULL};

#define DESCRIPTOR                                                                              \
  .struct_size = FIXTURE == OLD_STRUCT ? 8 : sizeof(gli_algorithm),                             \
  .name = FIXTURE == BAD_NAME     ? "Count Nodes"                                               \
          : FIXTURE == NAME_TAKEN ? "pagerank"                                                  \
          : FIXTURE == RIGHT      ? "fixture_count"                                             \
                                  : "fixture_other",                                                 \
  .family = "fixtures", .aliases = FIXTURE == RIGHT || FIXTURE == ALIAS_TAKEN ? aliases : NULL, \
  .summary = "Counts nodes.", .description = "", .reference = "", .networkx = "",               \
  .parameters = parameters, .parameter_count = 2, .options_size = sizeof(fixture_options),      \
  .columns = columns, .column_count = FIXTURE == TWO_COLUMNS ? 2 : 1, .agreement = GLI_EXACT

static const gli_extension_algorithm algorithms[] = {
    {.algorithm = {DESCRIPTOR}, .kernel = count_nodes},
    {.algorithm = {DESCRIPTOR}, .kernel = count_nodes},
};

static const gli_extension extension = {
    .struct_size = sizeof(gli_extension),
    .abi = FIXTURE == WRONG_ABI ? GLI_EXTENSION_ABI + 1 : GLI_EXTENSION_ABI,
    .name = "fixture",
    .version = "1",
    .algorithms = algorithms,
    .algorithm_count = FIXTURE == NAMED_TWICE    ? 2
                       : FIXTURE == NO_ALGORITHM ? 0
                                                 : 1,
};

#if FIXTURE == NO_ENTRY
#define ENTRY another_name
#else
#define ENTRY GLI_EXTENSION_ENTRY
#endif
GLI_API const gli_extension *ENTRY(void);
GLI_API const gli_extension *ENTRY(void) {
  return FIXTURE == NULL_EXTENSION ? NULL : &extension;
}
