/* test_error.c: messages fit, are one line of UTF-8, and statuses have words. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

Test(error, is_filled_and_returned) {
  gli_error error;
  memset(&error, 0xEE, sizeof error);
  cr_assert_eq(gli__fail(&error, GLI_ERROR_LIMIT, "count is %d; at most %d fit", 9, 8),
               GLI_ERROR_LIMIT);
  cr_assert_eq(error.status, GLI_ERROR_LIMIT);
  cr_assert_eq(error.driver_code, 0);
  cr_assert_eq(error.line, 0);
  cr_assert_eq(error.column, 0);
  cr_assert_str_eq(error.message, "count is 9; at most 8 fit");
}

Test(error, knows_a_place) {
  gli_error error;
  cr_assert_eq(gli__fail_at(&error, GLI_ERROR_FORMAT, 12, 34, "found '%c'", 'x'), GLI_ERROR_FORMAT);
  cr_assert_eq(error.line, 12);
  cr_assert_eq(error.column, 34);
  cr_assert_str_eq(error.message, "found 'x'");
}

Test(error, may_be_null) {
  cr_assert_eq(gli__fail(NULL, GLI_ERROR_IO, "%s", "x"), GLI_ERROR_IO);
  cr_assert_eq(gli__fail_at(NULL, GLI_ERROR_SYNTAX, 1, 2, "%s", "x"), GLI_ERROR_SYNTAX);
  cr_assert_eq(gli__no_memory(NULL, "rows"), GLI_ERROR_OUT_OF_MEMORY);
}

Test(error, names_what_there_is_no_memory_for) {
  gli_error error;
  gli__no_memory(&error, "rows");
  cr_assert_not_null(strstr(error.message, "rows"));
}

/* U+00E9 is two bytes: at every offset the cut must fall between two characters. */
Test(error, long_messages_are_cut_between_characters) {
  for (int shift = 0; shift < 4; shift++) {
    char text[2000] = "";
    memset(text, 'a', (size_t)shift);
    for (int at = shift; at + 3 < 1500; at += 3) {
      memcpy(text + at, "\xE2\x82\xAC", 4); /* the euro sign */
    }
    gli_error error;
    gli__fail(&error, GLI_ERROR_FORMAT, "%s", text);
    size_t length = strlen(error.message);
    cr_assert_lt(length, GLI_ERROR_MESSAGE_SIZE);
    cr_assert_geq(length, GLI_ERROR_MESSAGE_SIZE - 4);
    cr_assert_str_eq(error.message + length - 3, "...");
    cr_assert_eq((length - 3 - (size_t)shift) % 3, 0);
  }
}

Test(error, a_message_that_just_fits_is_whole) {
  char text[GLI_ERROR_MESSAGE_SIZE + 1];
  memset(text, 'a', sizeof text);
  text[GLI_ERROR_MESSAGE_SIZE - 1] = '\0';
  gli_error error;
  gli__fail(&error, GLI_ERROR_FORMAT, "%s", text);
  cr_assert_str_eq(error.message, text);
}

Test(error, stays_on_one_line) {
  gli_error error;
  gli__fail(&error, GLI_ERROR_FORMAT, "found 'a\nb\r\tc\x1B[31m\x7F'");
  cr_assert_str_eq(error.message, "found 'a?b??c?[31m?'");
}

Test(status, has_words) {
  cr_assert_str_eq(gli_status_text(GLI_OK), "ok");
  cr_assert_str_eq(gli_status_text(GLI_ERROR_NODE_NOT_FOUND), "node not found");
  cr_assert_str_eq(gli_status_text(GLI_ERROR_CALLBACK), "callback failed");
  cr_assert_not_null(strstr(gli_status_meaning(GLI_ERROR_TIMEOUT), "max_seconds"));
  cr_assert_str_eq(gli_status_text((gli_status)9999), "unknown status");
  cr_assert_str_eq(gli_status_text((gli_status)-1), "unknown status");
  cr_assert_not_null(gli_status_meaning((gli_status)9999));
  for (int status = GLI_OK; status <= GLI_ERROR_NEGATIVE_CYCLE; status++) {
    cr_assert_gt(strlen(gli_status_text((gli_status)status)), 1);
    cr_assert_gt(strlen(gli_status_meaning((gli_status)status)), 1);
  }
}

Test(status, numbers_are_part_of_the_abi) {
  cr_assert_eq(GLI_OK, 0);
  cr_assert_eq(GLI_ERROR_OUT_OF_MEMORY, 3);
  cr_assert_eq(GLI_ERROR_CALLBACK, 19);
  cr_assert_eq(GLI_ERROR_NEGATIVE_CYCLE, 20);
}

Test(status, version_is_three_numbers) {
  int major = -1, minor = -1, patch = -1;
  cr_assert_eq(sscanf(gli_version(), "%d.%d.%d", &major, &minor, &patch), 3);
  cr_assert(major >= 0 && minor >= 0 && patch >= 0);
}
