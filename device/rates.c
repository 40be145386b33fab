/* rates.c: a device's figures for the cost model: rough ones by its kind, and the measured ones on
 * disk.
 *
 * One small text file per device and driver version, in a folder of the user's alone. Its last line
 * is the hash of the others: a file that is damaged, foreign, or of another device is not read, and
 * the rough figures stand until somebody calibrates again. Written under another name first, so
 * that no reader sees a part. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* secure_getenv */
#endif
#include "device/rates.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

enum { FILE_BYTES = 1024 };
#define TITLE "gli rates 1"
/* Integers, which every locale writes alike: picoseconds, and bytes or entries a second. */
#define FIGURES "%s\n%s\n%s\n%lld %lld %lld %lld %lld %lld\n"
#define PICO 1e-12

gli__device_rates gli__rates_rough(const gli_device_info *info) {
  const double units = info->compute_units;
  if (info->is_cpu) {
    return (gli__device_rates){.launch_seconds = 20e-6,
                               .round_trip_seconds = 40e-6,
                               .upload_bytes_second = 4e9,
                               .download_bytes_second = 4e9,
                               .gather_entries_second = 0.15e9 * units,
                               .stream_bytes_second = 4e9 * units};
  }
  const double bus = info->shares_memory ? 20e9 : 8e9;
  return (gli__device_rates){.launch_seconds = 6e-6,
                             .round_trip_seconds = 25e-6,
                             .upload_bytes_second = bus,
                             .download_bytes_second = bus,
                             .gather_entries_second = 0.1e9 * units,
                             .stream_bytes_second = 8e9 * units};
}

/* --- The file --------------------------------------------------------------------------------- */

static const char *environment(const char *name) {
#if defined(__linux__)
  return secure_getenv(name); /* not for programs with more rights than their user */
#else
  return getenv(name);
#endif
}

/* Make the folder and those above it, as far as they are missing. */
static bool make_folders(char *path) {
  for (char *at = path + 1; *at != '\0'; at++) {
    if (*at != '/') continue;
    *at = '\0';
    const bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
    *at = '/';
    if (!made) return false;
  }
  return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* The folder of the figures; NULL with errno: there is none to be had, or others can write it. */
static bool find_folder(char folder[PATH_MAX], bool make) {
  const char *own = environment("GLI_CACHE_DIR"), *base = environment("XDG_CACHE_HOME");
  const char *home = environment("HOME");
  int length = -1;
  if (own != NULL && own[0] == '/') {
    length = snprintf(folder, PATH_MAX, "%s/rates", own);
  } else if (base != NULL && base[0] == '/') {
    length = snprintf(folder, PATH_MAX, "%s/gli/rates", base);
  } else if (home != NULL && home[0] == '/') {
    length = snprintf(folder, PATH_MAX, "%s/.cache/gli/rates", home);
  }
  errno = ENOENT;
  if (length < 0 || length >= PATH_MAX - 64) return false;
  struct stat status;
  if (make && !make_folders(folder)) return false;
  if (lstat(folder, &status) != 0) return false;
  errno = EPERM;
  return S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The file of a device: named by who it is, told by its content. */
static void name_file(const char *folder, const char *driver, const gli_device_info *info,
                      char path[PATH_MAX]) {
  char key[512];
  const int length = snprintf(key, sizeof key, "%s\n%s\n%s", driver, info->name, info->version);
  snprintf(path, PATH_MAX, "%.4000s/%s-%016llx", folder, driver,
           (unsigned long long)gli__hash(key, (size_t)length));
}

static int write_figures(char text[FILE_BYTES], const gli_device_info *info,
                         const gli__device_rates *rates) {
  const int length =
      snprintf(text, FILE_BYTES, FIGURES, TITLE, info->name, info->version,
               llround(rates->launch_seconds / PICO), llround(rates->round_trip_seconds / PICO),
               llround(rates->upload_bytes_second), llround(rates->download_bytes_second),
               llround(rates->gather_entries_second), llround(rates->stream_bytes_second));
  return length + snprintf(text + length, FILE_BYTES - (size_t)length, "%016llx\n",
                           (unsigned long long)gli__hash(text, (size_t)length));
}

static bool are_sane(const gli__device_rates *rates) {
  const double all[] = {rates->launch_seconds,        rates->round_trip_seconds,
                        rates->upload_bytes_second,   rates->download_bytes_second,
                        rates->gather_entries_second, rates->stream_bytes_second};
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
    if (!isfinite(all[k]) || all[k] <= 0) return false;
  }
  return true;
}

/* Whether the text is what write_figures makes of these figures for this very device. */
static bool read_figures(const char *text, const gli_device_info *info,
                         gli__device_rates *rates_out) {
  long long figures[6] = {0};
  char again[FILE_BYTES];
  const char *line = text;
  for (int k = 0; k < 3; k++) {
    line = strchr(line, '\n');
    if (line == NULL) return false;
    line++;
  }
  for (int k = 0; k < 6; k++) {
    char *end = NULL;
    figures[k] = strtoll(line, &end, 10);
    if (end == line) return false;
    line = end;
  }
  const gli__device_rates rates = {.measured = true,
                                   .launch_seconds = (double)figures[0] * PICO,
                                   .round_trip_seconds = (double)figures[1] * PICO,
                                   .upload_bytes_second = (double)figures[2],
                                   .download_bytes_second = (double)figures[3],
                                   .gather_entries_second = (double)figures[4],
                                   .stream_bytes_second = (double)figures[5]};
  if (!are_sane(&rates)) return false;
  write_figures(again, info, &rates);
  if (strcmp(again, text) != 0) return false;
  *rates_out = rates;
  return true;
}

gli__device_rates gli__rates_of(const gli_device_driver *driver, const gli_device_info *info) {
  char folder[PATH_MAX], path[PATH_MAX], text[FILE_BYTES];
  gli__device_rates rates = gli__rates_rough(info);
  if (!find_folder(folder, false)) return rates;
  name_file(folder, driver->name, info, path);
  const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status;
  if (file < 0) return rates;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid()) {
    const ssize_t length = read(file, text, sizeof text - 1);
    text[length < 0 ? 0 : length] = '\0';
    read_figures(text, info, &rates);
  }
  close(file);
  return rates;
}

gli_status gli__rates_store(const gli__device *device, gli_error *error) {
  char folder[PATH_MAX], path[PATH_MAX], other[PATH_MAX], text[FILE_BYTES];
  if (!find_folder(folder, true)) {
    return gli__fail(error, GLI_ERROR_IO,
                     "the figures hold for this process alone: no folder of yours to keep them in "
                     "(GLI_CACHE_DIR, XDG_CACHE_HOME or HOME): %s",
                     strerror(errno));
  }
  name_file(folder, device->driver->name, &device->info, path);
  snprintf(other, sizeof other, "%.4000s/new-XXXXXX", folder);
  const int length = write_figures(text, &device->info, &device->rates);
  const int file = mkstemp(other);
  if (file < 0) {
    return gli__fail(error, GLI_ERROR_IO, "%.200s: %s", other, strerror(errno));
  }
  const bool written = write(file, text, (size_t)length) == length;
  const bool closed = close(file) == 0;
  if (written && closed && rename(other, path) == 0) return GLI_OK;
  const gli_status status = gli__fail(error, GLI_ERROR_IO, "%.200s: %s", path, strerror(errno));
  unlink(other);
  return status;
}
