/* The cache of compiled programs: processes at once, damage, plants, bounds. What is compiled is
 * seen by the driver's own word, host->compiling. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "opencl/cache.h"
#include "opencl/plugin.h"
#include "support/caches.h"

static const char text_one[] =
    "KERNEL(number)(GLOBAL uint32_t *out) { if (ITEM == 0) out[0] = 1; }\n";
static const char text_two[] =
    "KERNEL(number)(GLOBAL uint32_t *out) { if (ITEM == 0) out[0] = 2; }\n";

static char root[] = "/tmp/gli-cache-XXXXXX";
static char folder[64];
static int compiled;

static void count_compiled(void *context, const char *name) {
  (void)name;
  *(int *)context += 1;
}

static void use_fresh_cache(void) {
  cr_assert(use_caches_in(root));
  (void)snprintf(folder, sizeof folder, "%s/opencl", root);
}

static void open_device(void) {
  const gli_device_host host = {sizeof host, &compiled, count_compiled};
  use_fresh_cache();
  OK(plugin_open(&host));
}

static void remove_cache(void) {
  char command[128];
  (void)snprintf(command, sizeof command, "rm -rf %s", root);
  cr_assert_eq(system(command), 0);
}

static void close_device(void) {
  driver->close(device);
  remove_cache();
}

/* Build a text and run its kernel: the number that it writes, 0 when a call fails. No assertion:
 * children use it. */
static uint32_t number_of(const char *text) {
  const gli_device_source source = {"test/number", gli__device_dialect, text};
  gli_device_program *program = NULL;
  gli_device_kernel *kernel = NULL;
  gli_device_buffer *out = NULL;
  uint32_t number = 0;
  if (driver->program(device, &source, &program, &failure) == GLI_DEVICE_OK &&
      driver->kernel(device, program, "number", &kernel, &failure) == GLI_DEVICE_OK &&
      driver->allocate(device, 4, &out, &failure) == GLI_DEVICE_OK) {
    const gli_device_argument argument = {.type = GLI_DEVICE_BUFFER, .as.buffer = out};
    const gli_device_shape one = {GLI_DEVICE_ITEMS, 1};
    if (driver->launch(device, kernel, one, &argument, 1, &failure) != GLI_DEVICE_OK ||
        driver->download(device, out, 0, &number, 4, true, &failure) != GLI_DEVICE_OK) {
      number = 0;
    }
  }
  driver->release(device, out);
  driver->program_release(device, program);
  return number;
}

/* Whether building the text compiled it. */
static bool compiles(const char *text, uint32_t number) {
  int before = compiled;
  uint32_t seen = number_of(text);
  cr_assert_eq(seen, number, "%u instead of %u: %s", seen, number, failure.message);
  return compiled != before;
}

/* The entries; the path of the last one goes to `path`. Everything else in the folder is an error.
 */
static int entries(char *path, size_t capacity) {
  int count = 0;
  DIR *stream = opendir(folder);
  cr_assert_not_null(stream);
  for (struct dirent *item; (item = readdir(stream)) != NULL;) {
    if (item->d_name[0] == '.' && item->d_name[1 + (item->d_name[1] == '.')] == '\0') continue;
    cr_assert_eq(strlen(item->d_name), 36, "%s", item->d_name);
    if (path != NULL) (void)snprintf(path, capacity, "%s/%s", folder, item->d_name);
    count++;
  }
  (void)closedir(stream);
  return count;
}

static unsigned char *read_file(const char *path, size_t *size_bytes_out) {
  struct stat state;
  int file = open(path, O_RDONLY);
  cr_assert_geq(file, 0, "%s", path);
  cr_assert_eq(fstat(file, &state), 0);
  unsigned char *bytes = malloc((size_t)state.st_size);
  cr_assert_eq(read(file, bytes, (size_t)state.st_size), state.st_size);
  (void)close(file);
  *size_bytes_out = (size_t)state.st_size;
  return bytes;
}

static void write_file(const char *path, const void *bytes, size_t size_bytes, mode_t mode) {
  (void)unlink(path);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  cr_assert_geq(file, 0, "%s", path);
  cr_assert_eq(write(file, bytes, size_bytes), (ssize_t)size_bytes);
  cr_assert_eq(fchmod(file, mode), 0);
  (void)close(file);
}

/* Known values of FNV-1a with 128 bits, from its authors' test suite. */
Test(opencl_cache, digests_are_those_of_fnv) {
  opencl_digest digest = opencl_digest_begin();
  cr_assert_eq(digest.high, UINT64_C(0x6c62272e07bb0142));
  opencl_digest_add(&digest, "foobar", 6);
  cr_assert_eq(digest.high, UINT64_C(0x343e1662793c64bf));
  cr_assert_eq(digest.low, UINT64_C(0x6f0d3597ba446f18));
}

Test(opencl_cache, second_time_is_not_compiled, .init = open_device, .fini = close_device) {
  struct stat state;
  cr_assert(compiles(text_one, 1));
  cr_assert_not(compiles(text_one, 1));
  cr_assert(compiles(text_two, 2)); /* another text, another entry */
  cr_assert_not(compiles(text_two, 2));
  cr_assert_not(compiles(text_one, 1));
  char path[512];
  cr_assert_eq(entries(path, sizeof path), 2);
  cr_assert_eq(stat(folder, &state), 0);
  cr_assert_eq(state.st_mode & 0777, 0700);
  cr_assert_eq(stat(path, &state), 0);
  cr_assert_eq(state.st_mode & 0777, 0600);
}

/* Damage number `i` of `bytes`; the size that is left. */
static size_t damage(unsigned char *bytes, size_t size_bytes, unsigned i) {
  enum { HEADER = 48 };
  switch (i % 5) {
    case 0: /* a bit of the header, every one in turn */
      bytes[i / 5 % HEADER] ^= (unsigned char)(1 << (i / 5 / HEADER % 8));
      return size_bytes;
    case 1: /* a bit of the binary, spread over all of it */
      bytes[HEADER + (size_t)i * 7919 % (size_bytes - HEADER)] ^= (unsigned char)(1 << (i / 5 % 8));
      return size_bytes;
    case 2: /* cut: empty, within the header, the header alone, within the binary, by one byte */
      return i / 5 <= HEADER       ? i / 5
             : i / 5 == HEADER + 1 ? size_bytes - 1
                                   : (size_t)i * 7919 % size_bytes;
    case 3: /* a run of zeros, as a power cut leaves */
      memset(bytes + (size_t)i * 104729 % (size_bytes - 512), 0, 512);
      memset(bytes + size_bytes - 16, (int)i, 16);
      return size_bytes;
    default: /* something after the end */
      memset(bytes + size_bytes, (int)i, 1 + i % 64);
      return size_bytes + 1 + i % 64;
  }
}

/* The key that an entry's name says. */
static opencl_digest key_of(const char *path) {
  opencl_digest key = {0, 0};
  const char *name = strrchr(path, '/') + 1;
  cr_assert_eq(sscanf(name, "%16" SCNx64 "%16" SCNx64, &key.high, &key.low), 2, "%s", name);
  return key;
}

/* The cache is offered a thousand. A compilation takes LLVM 20 ms: the driver gets each in the long
 * run, else every tenth. */
Test(opencl_cache, damaged_entries_are_compiled_anew, .init = open_device, .fini = close_device,
     .timeout = 600) {
  enum { ROUNDS = 1000 };
  const char *full = getenv("GLI_TEST_FULL");
  const unsigned every = full != NULL && full[0] == '1' ? 1 : 10;
  unsigned rebuilt = 0, expected = 0;
  char path[512];
  size_t whole_bytes = 0, loaded_bytes = 0;
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(entries(path, sizeof path), 1);
  const opencl_digest key = key_of(path);
  unsigned char *loaded = opencl_cache_load(key, &loaded_bytes);
  cr_assert_not_null(loaded, "the entry whole, under the key of its name");
  free(loaded);
  unsigned char *whole = read_file(path, &whole_bytes), *bytes = malloc(whole_bytes + 64);
  for (unsigned i = 0; i < ROUNDS; i++) {
    memcpy(bytes, whole, whole_bytes);
    write_file(path, bytes, damage(bytes, whole_bytes, i), 0600);
    cr_assert_null(opencl_cache_load(key, &loaded_bytes), "damage %u went unseen", i);
    if (i / 5 % every != 0) continue; /* of each kind alike */
    expected++;
    rebuilt += compiles(text_one, 1);
    cr_assert_eq(rebuilt, expected, "damage %u was loaded", i);
    if (expected % 10 == 1) cr_assert_not(compiles(text_one, 1)); /* written anew, and good */
  }
  (void)printf(
      "opencl cache: %d damaged entries, 0 loaded, %u given to the driver and compiled anew\n",
      ROUNDS, rebuilt);
  free(whole);
  free(bytes);
}

Test(opencl_cache, planted_entries_are_not_loaded, .init = open_device, .fini = close_device) {
  char path[512], aside[512], outside[600];
  size_t size_bytes = 0, other_bytes = 0;
  int plants = 0;
  struct stat state;
  cr_assert(compiles(text_two, 2));
  cr_assert_eq(entries(path, sizeof path), 1);
  unsigned char *other = read_file(path, &other_bytes); /* a whole entry of another text */
  cr_assert_eq(unlink(path), 0);
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(entries(path, sizeof path), 1);
  unsigned char *good = read_file(path, &size_bytes);
  (void)snprintf(outside, sizeof outside, "%s/outside", root);
  (void)snprintf(aside, sizeof aside, "%s/aside", root);

  write_file(path, other, other_bytes, 0600);
  cr_assert(compiles(text_one, 1), "an entry under another's name was loaded");
  plants++;
  static const mode_t modes[] = {0620, 0602, 0666, 0777};
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++, plants++) {
    write_file(path, good, size_bytes, modes[i]);
    cr_assert(compiles(text_one, 1), "mode %o was loaded", (unsigned)modes[i]);
    cr_assert_not(compiles(text_one, 1));
  }
  write_file(outside, good, size_bytes, 0600);
  cr_assert_eq(unlink(path), 0);
  cr_assert_eq(symlink(outside, path), 0);
  cr_assert(compiles(text_one, 1), "a link was followed");
  cr_assert_eq(lstat(path, &state), 0);
  cr_assert(S_ISREG(state.st_mode)); /* replaced, not written through */
  cr_assert_eq(unlink(path), 0);
  cr_assert_eq(link(outside, path), 0);
  cr_assert(compiles(text_one, 1), "a file with another name was loaded");
  cr_assert_eq(unlink(path), 0);
  cr_assert_eq(mkfifo(path, 0600), 0);
  cr_assert(compiles(text_one, 1), "a FIFO was loaded");
  cr_assert_eq(unlink(path), 0);
  cr_assert_eq(mkdir(path, 0700), 0);
  cr_assert(compiles(text_one, 1), "a folder was loaded");
  cr_assert(compiles(text_one, 1)); /* nothing can take its place: no entry, no harm */
  cr_assert_eq(rmdir(path), 0);
  plants += 4;
  if (geteuid() == 0) { /* only root can give files away */
    write_file(path, good, size_bytes, 0600);
    cr_assert_eq(chown(path, 65534, 65534), 0);
    cr_assert(compiles(text_one, 1), "another user's file was loaded");
    write_file(path, good, size_bytes, 0600);
    cr_assert_eq(chown(folder, 65534, 65534), 0);
    cr_assert(compiles(text_one, 1), "another user's folder was used");
    cr_assert_eq(chown(folder, 0, 0), 0);
    plants += 2;
  }
  write_file(path, good, size_bytes, 0600);
  cr_assert_eq(chmod(folder, 0777), 0);
  cr_assert(compiles(text_one, 1), "a folder that all may write was used");
  cr_assert_eq(chmod(folder, 0700), 0);
  cr_assert_eq(rename(folder, aside), 0);
  cr_assert_eq(symlink(aside, folder), 0);
  cr_assert(compiles(text_one, 1), "a linked folder was used");
  plants += 2;
  cr_assert_eq(unlink(folder), 0);
  cr_assert_eq(rename(aside, folder), 0);
  cr_assert_not(compiles(text_one, 1));
  (void)printf("opencl cache: %d planted entries and folders, 0 loaded\n", plants);
  free(good);
  free(other);
}

/* Entries that are whole, but whose binary OpenCL does not take: it gets the text. */
Test(opencl_cache, rejected_binaries_are_compiled_anew, .init = open_device, .fini = close_device) {
  char path[512];
  opencl_digest key;
  unsigned char junk[4096];
  for (size_t i = 0; i < sizeof junk; i++)
    junk[i] = (unsigned char)(i * 31 + 7);
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(entries(path, sizeof path), 1);
  const char *name = strrchr(path, '/') + 1;
  cr_assert_eq(sscanf(name, "%16" SCNx64 "%16" SCNx64, &key.high, &key.low), 2);
  static const size_t sizes[] = {1, 48, 4096};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    opencl_cache_store(key, junk, sizes[i]);
    cr_assert_eq(entries(NULL, 0), 1);
    cr_assert(compiles(text_one, 1));
    cr_assert_not(compiles(text_one, 1));
  }
}

Test(opencl_cache, lies_where_the_environment_says, .init = open_device, .fini = close_device) {
  cr_assert_eq(setenv("GLI_CACHE_DIR", "relative", 1), 0); /* not a place: no cache */
  cr_assert(compiles(text_one, 1));
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(access("relative", F_OK), -1);
  cr_assert_eq(setenv("GLI_CACHE_DIR", "/proc/nobody", 1), 0);
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(unsetenv("GLI_CACHE_DIR"), 0);
  cr_assert_eq(setenv("XDG_CACHE_HOME", root, 1), 0);
  cr_assert(compiles(text_one, 1));
  cr_assert_not(compiles(text_one, 1));
  (void)snprintf(folder, sizeof folder, "%s/gli/opencl", root);
  cr_assert_eq(entries(NULL, 0), 1);
  cr_assert_eq(unsetenv("XDG_CACHE_HOME"), 0);
  cr_assert_eq(setenv("HOME", root, 1), 0);
  cr_assert(compiles(text_one, 1));
  cr_assert_not(compiles(text_one, 1));
  (void)snprintf(folder, sizeof folder, "%s/.cache/gli/opencl", root);
  cr_assert_eq(entries(NULL, 0), 1);
}

Test(opencl_cache, drops_what_was_not_used_for_longest, .init = open_device, .fini = close_device) {
  char path[600], first[600];
  struct stat state;
  cr_assert(compiles(text_one, 1));
  cr_assert_eq(entries(first, sizeof first), 1);
  for (int i = 0; i < 4; i++) { /* 4 x 20 MiB, each younger than the one before */
    const struct timespec times[2] = {{1000000000 + i, 0}, {1000000000 + i, 0}};
    (void)snprintf(path, sizeof path, "%s/%032d.bin", folder, i);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    cr_assert_eq(ftruncate(file, 20 << 20), 0);
    cr_assert_eq(futimens(file, times), 0);
    (void)close(file);
  }
  const struct timespec old[2] = {{900000000, 0}, {900000000, 0}};
  cr_assert_eq(utimensat(AT_FDCWD, first, old, 0), 0);
  cr_assert_not(compiles(text_one, 1)); /* used: young again */
  (void)snprintf(path, sizeof path, "%s/.new-1-0-crash", folder);
  write_file(path, "x", 1, 0600);
  cr_assert_eq(utimensat(AT_FDCWD, path, old, 0), 0);
  cr_assert(compiles(text_two, 2));
  cr_assert_eq(access(path, F_OK), -1, "what a crash left behind stays");
  cr_assert_eq(entries(NULL, 0), 5); /* the oldest of the four is gone */
  (void)snprintf(path, sizeof path, "%s/%032d.bin", folder, 0);
  cr_assert_eq(stat(path, &state), -1);
  cr_assert_not(compiles(text_one, 1));
  cr_assert_not(compiles(text_two, 2));
}

/* Remove an entry, whichever it is. No assertion. */
static void remove_one(void) {
  DIR *stream = opendir(folder);
  for (struct dirent *item; stream != NULL && (item = readdir(stream)) != NULL;) {
    if (item->d_name[0] != '.' && unlinkat(dirfd(stream), item->d_name, 0) == 0) break;
  }
  if (stream != NULL) (void)closedir(stream);
}

/* Eight processes build the same two programs again and again, in caches (ours and PoCL's) that are
 * not there yet, and each removes an entry at some time. They compile one at a time and the others
 * find what was compiled: once for each text and once more for each entry that was removed. (All at
 * once, PoCL gives out binaries without a program: cache.c.) */
Test(opencl_cache, many_processes_at_once, .init = use_fresh_cache, .fini = remove_cache,
     .timeout = 600) {
  enum { PROCESSES = 8, ROUNDS = 10 };
  pid_t children[PROCESSES];
  int *counts = mmap(NULL, PROCESSES * sizeof *counts, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  cr_assert_neq(counts, MAP_FAILED);
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = fork();
    if (children[i] != 0) continue;
    const gli_device_host host = {sizeof host, &counts[i], count_compiled};
    if (plugin_open(&host) != GLI_DEVICE_OK) _exit(1);
    for (int round = 0; round < ROUNDS; round++) {
      if (number_of(text_one) != 1 || number_of(text_two) != 2) _exit(2);
      if (round == i) remove_one();
    }
    driver->close(device);
    _exit(0);
  }
  int good = 0, in_all = 0;
  for (int i = 0; i < PROCESSES; i++) {
    int status = 0;
    cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
    good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    in_all += counts[i];
  }
  (void)munmap(counts, PROCESSES * sizeof *counts);
  (void)printf("opencl cache: %d processes at once, %d programs built and run, %d compiled\n",
               PROCESSES, PROCESSES * ROUNDS * 2, in_all);
  cr_assert_eq(good, PROCESSES);
  cr_assert_geq(in_all, 2);
  cr_assert_leq(in_all, 2 + PROCESSES, "%d compiled", in_all);
}

/* Who cannot have the folder is told so after the wait, and a child forked meanwhile does not keep
 * it. */
Test(opencl_cache, is_held_by_one_at_a_time, .init = open_device, .fini = close_device) {
  int held = opencl_cache_hold(0), other;
  cr_assert_geq(held, 0);
  cr_assert_eq(opencl_cache_hold(0), -1);
  cr_assert_eq(opencl_cache_hold(20), -1);
  pid_t child = fork();
  if (child == 0) { /* has the descriptor too, and lives on */
    for (;;)
      (void)pause();
  }
  opencl_cache_let_go(held);
  other = opencl_cache_hold(0);
  (void)kill(child, SIGKILL);
  cr_assert_eq(waitpid(child, NULL, 0), child);
  cr_assert_geq(other, 0, "a child keeps what its parent held");
  opencl_cache_let_go(other);
  cr_assert(compiles(text_one, 1)); /* and nobody holds it afterwards */
  cr_assert_eq(entries(NULL, 0), 1);
  cr_assert_eq(setenv("GLI_CACHE_DIR", "/proc/nobody", 1), 0);
  cr_assert_eq(opencl_cache_hold(0), -1);
  opencl_cache_let_go(-1);
}

PLUGIN_MAIN {
  return plugin_main(argc, argv);
}
