/* test_utf8.c: well-formed byte sequences, after the Unicode standard's table 3-7 and Markus Kuhn's
 * "UTF-8 decoder capability and stress test" (2015). */
#include <criterion/criterion.h>
#include <string.h>

#include "ids/ids.h"

typedef struct sample {
  const char *bytes;
  size_t size;
  bool is_valid;
} sample;
#define S(text, valid) \
  { text, sizeof(text) - 1, valid }

static const sample samples[] = {
    S("", true),
    S("plain", true),
    S("a\0b", true),
    S("\x7F", true),
    /* first and last of each length */
    S("\xC2\x80", true),
    S("\xDF\xBF", true),
    S("\xE0\xA0\x80", true),
    S("\xEF\xBF\xBF", true),
    S("\xF0\x90\x80\x80", true),
    S("\xF4\x8F\xBF\xBF", true),
    S("\xED\x9F\xBF", true),
    S("\xEE\x80\x80", true),
    S("\xEF\xBF\xBD", true),
    /* 3.1 stray continuation bytes; 3.2, 3.3 missing ones */
    S("\x80", false),
    S("\xBF", false),
    S("a\x80z", false),
    S("\xC3", false),
    S("\xC3(", false),
    S("\xE2\x82", false),
    S("\xE2\x28\xA1", false),
    S("\xE2\x82\x28", false),
    S("\xF0\x9F\x98", false),
    S("\xF0\x28\x8C\xBC", false),
    S("\xF0\x90\x28\xBC", false),
    S("\xF0\x90\x8C\x28", false),
    /* 3.5 impossible bytes */
    S("\xFE", false),
    S("\xFF", false),
    S("\xF8\x88\x80\x80\x80", false),
    /* 4 overlong */
    S("\xC0\xAF", false),
    S("\xC1\xBF", false),
    S("\xE0\x80\xAF", false),
    S("\xE0\x9F\xBF", false),
    S("\xF0\x80\x80\xAF", false),
    S("\xF0\x8F\xBF\xBF", false),
    S("\xC0\x80", false),
    /* 5 surrogates; beyond U+10FFFF */
    S("\xED\xA0\x80", false),
    S("\xED\xAF\xBF", false),
    S("\xED\xB0\x80", false),
    S("\xED\xBF\xBF", false),
    S("\xF4\x90\x80\x80", false),
    S("\xF5\x80\x80\x80", false),
    S("\xF7\xBF\xBF\xBF", false),
};

Test(utf8, table) {
  for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++)
    cr_expect_eq(gli__utf8_is_valid(samples[k].bytes, samples[k].size), samples[k].is_valid,
                 "sample %zu", k);
}

/* The same behind and before runs of ASCII of every length, where the fast path hands over. */
Test(utf8, behind_ascii) {
  for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++)
    for (size_t before = 0; before < 40; before++) {
      char text[128];
      memset(text, 'x', sizeof text);
      memcpy(text + before, samples[k].bytes, samples[k].size);
      cr_expect_eq(gli__utf8_is_valid(text, before + samples[k].size + 20), samples[k].is_valid,
                   "sample %zu behind %zu", k, before);
      cr_expect_eq(gli__utf8_is_valid(text, before + samples[k].size), samples[k].is_valid,
                   "sample %zu behind %zu at the end", k, before);
    }
}
