/* test_expression.c: what is refused, where and why; limits; failing allocations. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>

#include "query/expression.h"
#include "query/refusals.h"
#include "support/failing_allocator.h"

static gli_status parse(const char *text, size_t size_bytes, gli_error *error) {
  gli_expression *expression = NULL;
  gli_status status = gli_expression_parse(text, size_bytes, NULL, &expression, error);
  cr_assert_eq(expression != NULL, status == GLI_OK);
  gli_expression_free(expression);
  return status;
}

Test(expression, refusals) {
  for (size_t k = 0; k < sizeof refusals / sizeof refusals[0]; k++) {
    gli_error error = {0};
    /* A copy of exact size, so that reading past the end is seen by a sanitizer. */
    size_t size = refusals[k].size_bytes;
    char *text = malloc(size + (size == 0));
    memcpy(text, refusals[k].text, size);
    cr_expect_eq(parse(text, size, &error), GLI_ERROR_SYNTAX, "%s was accepted", refusals[k].text);
    cr_expect_eq(error.column, refusals[k].column, "%s: column %lld, not %lld", refusals[k].text,
                 (long long)error.column, (long long)refusals[k].column);
    char wanted[600];
    snprintf(wanted, sizeof wanted, "column %lld: %s in expression ", (long long)refusals[k].column,
             refusals[k].message);
    cr_expect(strncmp(error.message, wanted, strlen(wanted)) == 0, "%s:\n%s\n%s", refusals[k].text,
              error.message, wanted);
    cr_expect_eq(parse(text, size, NULL), GLI_ERROR_SYNTAX);
    free(text);
  }
}

Test(expression, not_utf8) {
  gli_error error = {0};
  cr_assert_eq(parse("a == '\xC3'", 8, &error), GLI_ERROR_SYNTAX);
  cr_assert_eq(error.column, 7);
  cr_assert_eq(parse("\xC3\xA9\xFF", 3, &error), GLI_ERROR_SYNTAX);
  cr_assert_eq(error.column, 2);
  cr_assert_eq(parse("a == '\xED\xA0\x80'", 10, &error),
               GLI_OK); /* a lone surrogate, as in values */
}

static char *repeated(const char *unit, size_t count, const char *end) {
  size_t size = strlen(unit);
  char *text = malloc(size * count + strlen(end) + 1);
  for (size_t k = 0; k < count; k++)
    memcpy(text + k * size, unit, size);
  strcpy(text + size * count, end);
  return text;
}

/* However the text nests, it is refused without a deep stack; however long a chain is, it is taken.
 */
Test(expression, deep_and_long) {
  static const char *const units[] = {"(", "[", "not ", "-", "len(", "(1,", "[(", "- not (-"};
  gli_error error = {0};
  for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
    char *text = repeated(units[k], 20000, "a");
    cr_expect_eq(parse(text, strlen(text), &error), GLI_ERROR_SYNTAX, "%s", units[k]);
    free(text);
  }
  static const char *const chains[] = {"a + ", "a and ", "a or ", "a < ", "a in [1] == "};
  for (size_t k = 0; k < sizeof chains / sizeof chains[0]; k++) {
    char *text = repeated(chains[k], 20000, "a");
    cr_expect_eq(parse(text, strlen(text), &error), GLI_OK, "%s: %s", chains[k], error.message);
    free(text);
  }
}

Test(expression, a_long_message_is_cut_between_characters) {
  gli_error error = {0};
  char *text = repeated("\xC3\xA9", 1000, " $");
  cr_assert_eq(parse(text, strlen(text), &error), GLI_ERROR_SYNTAX);
  cr_assert_eq(error.column, 1002);
  cr_assert(gli__utf8_is_valid(error.message, strlen(error.message)));
  free(text);
}

Test(expression, failing_allocations) {
  const char *text =
      "a > 3 and name in ('x', 'a longer text', [1, 2], ()) or -len(`b c`) < 1.5 and "
      "(startswith(name, 'y') or c == [[1], (2, 3)]) and d < e <= f "
      "or 0.0000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000000000000000000000000000000000000001 == 0";
  failing_loop loop = failing_loop_start("gli_expression_parse");
  while (failing_loop_next(&loop)) {
    gli_error error = {0};
    gli_expression *expression = NULL;
    failing_loop_arm(&loop);
    gli_status status =
        gli_expression_parse(text, strlen(text), &loop.allocator, &expression, &error);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
    cr_assert_eq(expression == NULL, failed);
    gli_expression_free(expression);
  }
}
