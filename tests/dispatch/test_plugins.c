/* Drivers as files: what is opened, what is refused and with which words. Each test puts a file
 * into a folder of its own and names that folder in GLI_BACKEND_PATH. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dl_iterate_phdr */
#endif
#include <criterion/criterion.h>
#include <fcntl.h>
#include <gli/gli.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/devices.h"
#include "device/plugins.h"
#include "support/child.h"

static char folder[] = "/tmp/gli-plugins-XXXXXX";
static char other[] = "/tmp/gli-others-XXXXXX";

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...) {
  char command[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(command, sizeof command, format, arguments);
  va_end(arguments);
  cr_assert_eq(system(command), 0, "%s", command);
}

static void set_up(void) {
  umask(022);
  cr_assert(mkdtemp(folder) != NULL && mkdtemp(other) != NULL);
  setenv("GLI_BACKEND_PATH", folder, 1);
}

static void tear_down(void) {
  shell("rm -r %s %s", folder, other);
}

TestSuite(plugins, .init = set_up, .fini = tear_down);

/* Put a driver of the fixtures where it is looked for. */
static void put(const char *fixture) {
  shell("install -m 755 %s/driver_%s.so %s/libgli_opencl.so", DRIVER_FOLDER, fixture, folder);
}

static char reason[GLI__REASON_SIZE];
static bool opens(void) {
  gli_device_driver table;
  memset(reason, 0, sizeof reason);
  return gli__plugin_open("opencl", &table, reason, sizeof reason);
}

static void expect_refusal(const char *words) {
  cr_assert_not(opens(), "expected '%s'", words);
  cr_assert(strstr(reason, words) != NULL, "'%s' does not say '%s'", reason, words);
  cr_assert(strstr(reason, "EVIL") == NULL, "%s", reason);
}

/* --- What is opened --------------------------------------------------------------------------- */

static int count_object(struct dl_phdr_info *info, size_t size, void *count) {
  (void)info;
  (void)size;
  ++*(int *)count;
  return 0;
}
static int loaded_objects(void) {
  int count = 0;
  dl_iterate_phdr(count_object, &count);
  return count;
}

Test(plugins, a_driver_is_opened_when_somebody_asks) {
  put("RIGHT");
  const int before = loaded_objects();
  gli_snapshot *snapshot = NULL;
  gli_result *result = NULL;
  const int32_t ends[] = {0, 1};
  cr_assert_eq(gli_snapshot_from_edges(2, 1, ends, ends + 1, NULL, true, NULL, &snapshot, NULL),
               GLI_OK);
  cr_assert_eq(gli_pagerank(snapshot, NULL, NULL, &result, NULL), GLI_OK);
  const char *why = gli_result_run(result).why;
  cr_assert(strstr(why, "less than any device needs") != NULL, "%s", why);
  cr_assert_eq(loaded_objects(), before, "a small call opens nothing");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_error error = {0};
  cr_assert_eq(gli_backend_require("opencl", &error), GLI_OK, "%s", error.message);
  cr_assert_eq(loaded_objects(), before + 1);
  gli_device_description found;
  size_t position = 0;
  while (gli_device_at(position, &found) && strcmp(found.backend, "opencl") != 0)
    position++;
  cr_assert_str_eq(found.name, "Fake Accelerator A");
}

Test(plugins, an_older_driver_lacks_the_newer_slots) {
  gli_device_driver table;
  put("OLDER");
  cr_assert(gli__plugin_open("opencl", &table, reason, sizeof reason), "%s", reason);
  cr_assert_null(table.primitives.sort);
  cr_assert_null(table.address);
  cr_assert_not_null(table.finish);
}

Test(plugins, the_first_folder_that_has_it_counts) {
  char list[256];
  put("RIGHT");
  snprintf(list, sizeof list, "%s::%s", other, folder);
  setenv("GLI_BACKEND_PATH", list, 1);
  cr_assert(opens(), "%s", reason);
  shell("install -m 755 %s/driver_EVIL.so %s/libgli_opencl.so", DRIVER_FOLDER, other);
  shell("chmod 777 %s", other); /* refused, and nothing else is tried in its place */
  expect_refusal("everybody can write it");
}

/* --- Where it may lie ------------------------------------------------------------------------- */

Test(plugins, relative_folders_are_refused) {
  put("EVIL");
  cr_assert_eq(chdir(folder), 0);
  static const char *const relative[] = {".", "./", "..", "lib", "~/lib"};
  for (size_t k = 0; k < sizeof relative / sizeof relative[0]; k++) {
    setenv("GLI_BACKEND_PATH", relative[k], 1);
    expect_refusal("not an absolute path");
    cr_assert(strstr(reason, relative[k]) != NULL);
  }
  gli_error error = {0};
  cr_assert_eq(gli_backend_require("opencl", &error), GLI_ERROR_BACKEND_UNAVAILABLE);
  cr_assert(strstr(error.message, "not an absolute path") != NULL, "%s", error.message);
}

Test(plugins, the_current_folder_is_not_looked_in) {
  put("EVIL");
  cr_assert_eq(chdir(folder), 0);
  static const char *const nothing[] = {"", ":", "::", "/nowhere/at/all"};
  for (size_t k = 0; k < sizeof nothing / sizeof nothing[0]; k++) {
    setenv("GLI_BACKEND_PATH", nothing[k], 1);
    opens(); /* the driver of this build, perhaps */
    cr_assert(strstr(reason, "EVIL") == NULL, "%s", reason);
    cr_assert(strstr(reason, folder) == NULL, "%s", reason);
  }
}

Test(plugins, the_environment_counts_for_nothing_with_more_rights) {
  put("EVIL");
  gli__plugin_pretend_secure(true);
  opens();
  cr_assert(strstr(reason, "EVIL") == NULL && strstr(reason, folder) == NULL, "%s", reason);
  gli__plugin_pretend_secure(false);
  opens();
  cr_assert(strstr(reason, "EVIL") != NULL, "the same without: %s", reason);
}

Test(plugins, a_missing_driver_says_where_it_was_looked_for) {
  gli_device_driver table;
  cr_assert_not(gli__plugin_open("abacus", &table, reason, sizeof reason));
  cr_assert(strstr(reason, "libgli_abacus.so is not installed") != NULL, "%s", reason);
  cr_assert(strstr(reason, "GLI_BACKEND_PATH") != NULL, "%s", reason);
  cr_assert_not(gli__plugin_exists("abacus"));
  put("RIGHT");
  cr_assert(gli__plugin_exists("opencl"));
}

/* --- Whom it may belong to -------------------------------------------------------------------- */

Test(plugins, what_others_can_write_is_refused) {
  static const struct {
    int file, folder;
    const char *words;
  } modes[] = {{0664, 0755, "its group can write it (mode 664)"},
               {0646, 0755, "everybody can write it (mode 646)"},
               {0777, 0755, "everybody can write it"},
               {0644, 0775, "its group can write it (mode 775)"},
               {0644, 0777, "everybody can write it (mode 777)"},
               {0644, 01777, "everybody can write it (mode 1777)"}};
  put("EVIL");
  for (size_t k = 0; k < sizeof modes / sizeof modes[0]; k++) {
    shell("chmod %o %s/libgli_opencl.so; chmod %o %s", modes[k].file, folder, modes[k].folder,
          folder);
    expect_refusal(modes[k].words);
  }
  shell("chmod 755 %s; chmod 644 %s/libgli_opencl.so", folder, folder);
  opens();
  cr_assert(strstr(reason, "EVIL") != NULL, "the same file otherwise: %s", reason);
}

Test(plugins, what_belongs_to_others_is_refused) {
  if (geteuid() != 0) cr_skip_test("only root can give files away");
  put("EVIL");
  shell("chown 4242 %s/libgli_opencl.so", folder);
  expect_refusal("it belongs to user 4242");
  shell("chown 0 %s/libgli_opencl.so; chown 4242 %s", folder, folder);
  expect_refusal("it belongs to user 4242");
}

Test(plugins, a_link_is_as_good_as_both_its_ends) {
  put("RIGHT");
  shell("mv %s/libgli_opencl.so %s/real.so; ln -s %s/real.so %s/libgli_opencl.so", folder, other,
        other, folder);
  cr_assert(opens(), "%s", reason);
  shell("install -m 755 %s/driver_EVIL.so %s/real.so; chmod 777 %s", DRIVER_FOLDER, other, other);
  expect_refusal("everybody can write it (mode 777)");
  shell("chmod 755 %s; chmod 666 %s/real.so", other, other);
  expect_refusal("real.so is not opened: everybody can write it");
  shell("rm %s/real.so", other);
  expect_refusal("cannot be opened: No such file");
  shell("ln -s libgli_opencl.so %s/real.so; ln -sf %s/real.so %s/libgli_opencl.so", folder, folder,
        folder);
  expect_refusal("Too many levels of symbolic links");
}

static atomic_bool swapping;
static void *swap(void *unused) {
  char good[64], evil[64], name[64];
  (void)unused;
  snprintf(good, sizeof good, "%s/good", folder);
  snprintf(evil, sizeof evil, "%s/evil", folder);
  snprintf(name, sizeof name, "%s/libgli_opencl.so", folder);
  for (int k = 0; atomic_load(&swapping); k++) {
    char next[64];
    snprintf(next, sizeof next, "%s/next", folder);
    if (link(k % 2 == 0 ? good : evil, next) == 0) rename(next, name);
    unlink(next);
  }
  return NULL;
}

Test(plugins, what_is_loaded_is_what_was_looked_at) {
  pthread_t swapper;
  int opened = 0, refused = 0;
  put("RIGHT");
  shell(
      "cd %s; mv libgli_opencl.so good; ln good libgli_opencl.so; "
      "install -m 666 %s/driver_EVIL.so evil",
      folder, DRIVER_FOLDER);
  atomic_store(&swapping, true);
  cr_assert_eq(pthread_create(&swapper, NULL, swap, NULL), 0);
  /* On a busy machine the other thread may stand still for the first 200. */
  for (int k = 0; k < 200 || ((opened == 0 || refused == 0) && k < 100000); k++) {
    if (opens()) {
      opened++;
    } else {
      refused++;
      cr_assert(strstr(reason, "EVIL") == NULL, "%s", reason);
    }
  }
  atomic_store(&swapping, false);
  pthread_join(swapper, NULL);
  cr_assert(opened > 0 && refused > 0, "%d opened, %d refused", opened, refused);
}

/* --- What it may be --------------------------------------------------------------------------- */

Test(plugins, what_is_no_driver_is_refused) {
  static const char *const wrong[][2] = {
      {"NO_ENTRY", "does not define gli_device_driver_entry"},
      {"WRONG_ABI", "was built for driver ABI 2"},
      {"SHORT_TABLE", "with a table of 32 bytes"},
      {"NO_DRIVER", "this driver does not like you"},
      {"OTHER_NAME", "gave a driver 'abacus' that is not 'opencl'"},
      {"LACKS_FUNCTION", "lacks functions"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    put(wrong[k][0]);
    expect_refusal(wrong[k][1]);
  }
}

Test(plugins, what_is_no_shared_object_is_refused) {
  shell("echo '#!/bin/sh' >%s/libgli_opencl.so", folder);
  expect_refusal("no shared object of this machine");
  shell(": >%s/libgli_opencl.so", folder);
  expect_refusal("no shared object of this machine");
  shell("rm %s/libgli_opencl.so; mkfifo -m 644 %s/libgli_opencl.so", folder, folder);
  expect_refusal("not a regular file");
  shell("rm %s/libgli_opencl.so; mkdir %s/libgli_opencl.so", folder, folder);
  expect_refusal("not a regular file");
}

Test(plugins, truncated_files_are_refused_and_nobody_dies) {
  struct stat status;
  char path[128];
  int refused = 0;
  put("RIGHT");
  snprintf(path, sizeof path, "%s/libgli_opencl.so", folder);
  cr_assert_eq(stat(path, &status), 0);
  for (int part = 1; part < 40; part++) {
    put("RIGHT");
    cr_assert_eq(truncate(path, status.st_size * part / 40), 0);
    if (opens()) continue; /* what was cut off belongs to debuggers */
    refused++;
    cr_assert(strstr(reason, "truncated") != NULL || strstr(reason, "no shared object") != NULL,
              "part %d: %s", part, reason);
  }
  cr_assert_gt(refused, 5);
}

Test(plugins, a_driver_that_crashes_takes_a_child_along_and_not_us) {
  static const char *const deadly[] = {"CRASHES", "EXITS", "CRASHES_LATER"};
  for (size_t k = 0; k < sizeof deadly / sizeof deadly[0]; k++) {
    put(deadly[k]);
    expect_refusal("loading it crashes or hangs");
  }
  put("RIGHT");
  cr_assert(opens(), "%s", reason);
}

static int open_in_child(void) {
  if (!opens()) return 1;
  return gli_backend_require("opencl", NULL) == GLI_OK ? 0 : 2;
}

Test(plugins, a_child_that_was_forked_before_opens_its_own) {
  put("RIGHT");
  const pid_t child = fork();
  if (child == 0) leave_child(open_in_child());
  int status = 0;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
