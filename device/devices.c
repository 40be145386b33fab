/* devices.c: which drivers and devices there are, whose turn it is, and which are out of use.
 *
 * A driver goes from untouched to ready or absent once, under its lock; after that everything that
 * is read without a turn (names, figures, reasons) stays as it is for ever. What changes, the
 * quarantine, is a flag that is raised once, after its reason was written.
 *
 * Turns are handed on in the order of asking: with a plain mutex a thread that makes one call after
 * the other takes it again before a sleeper has woken up. A waiter wakes up 100 times a second to
 * see whether its call was cancelled. */
#include "device/devices.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fork.h"
#include "base/pool.h"
#include "device/kept.h"
#include "device/mirror.h"
#include "device/plugins.h"
#include "device/rates.h"

enum { UNTOUCHED, READY, ABSENT };
enum { UNKNOWN, THERE, MISSING };
enum { FAILURES_AT_MOST = 3 };
#define LOOK_NANOSECONDS 10000000 /* how often a waiter looks at cancellation */

/* --- Drivers ---------------------------------------------------------------------------------- */

static gli__driver drivers[] = {{.name = "cuda"}, {.name = "opencl"}};
enum { DRIVER_COUNT = sizeof drivers / sizeof drivers[0] };

static const gli_device_driver *replaced[DRIVER_COUNT]; /* by tests */

gli__driver *gli__driver_at(size_t position) {
  return position < DRIVER_COUNT ? &drivers[position] : NULL;
}

gli__driver *gli__driver_find(const char *name) {
  for (size_t k = 0; k < DRIVER_COUNT; k++) {
    if (strcmp(drivers[k].name, name) == 0) return &drivers[k];
  }
  return NULL;
}

bool gli__driver_is_untouched(const gli__driver *driver) {
  return atomic_load_explicit(&driver->state, memory_order_acquire) == UNTOUCHED;
}

bool gli__driver_is_installed(gli__driver *driver) {
  if (!gli__driver_is_untouched(driver)) return driver->table.open != NULL;
  int32_t known = atomic_load_explicit(&driver->installed, memory_order_relaxed);
  if (known == UNKNOWN) { /* looked at once: every small call asks */
    known =
        replaced[driver - drivers] != NULL || gli__plugin_exists(driver->name) ? THERE : MISSING;
    atomic_store_explicit(&driver->installed, known, memory_order_relaxed);
  }
  return known == THERE;
}

static void say(char text[GLI__REASON_SIZE], const char *format, ...) GLI_PRINTF(2, 3);
static void say(char text[GLI__REASON_SIZE], const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, GLI__REASON_SIZE, format, arguments);
  va_end(arguments);
}

/* Text from a driver: ends somewhere, and is one line. */
static void tame(char *text, size_t size) {
  text[size - 1] = '\0';
  for (char *at = text; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ') *at = ' ';
  }
}

static bool is_sane(const gli_device_info *info) {
  const uint32_t group = info->group_size;
  return group > 0 && group <= 4096 && (group & (group - 1)) == 0 && info->memory_bytes > 0 &&
         info->compute_units > 0;
}

static void init_turns(gli__turns *turns) {
  pthread_mutex_init(&turns->mutex, NULL);
  turns->taken = false;
  turns->first = turns->last = NULL;
}

static bool add_devices(gli__driver *driver, gli_device_info *infos, size_t count) {
  gli__memory *memory = gli__memory_create(NULL); /* of the devices' books; for ever */
  gli__device *devices =
      memory == NULL ? NULL : gli__allocate_zeroed(memory, count, sizeof *devices);
  if (devices == NULL) {
    gli__memory_free(memory);
    say(driver->reason, "no memory for a list of %zu devices", count);
    return false;
  }
  for (size_t k = 0; k < count; k++) {
    gli__device *device = &devices[k];
    device->driver = &driver->table;
    device->position = k;
    device->info = infos[k];
    device->memory = memory;
    init_turns(&device->turns);
    tame(device->info.name, sizeof device->info.name);
    tame(device->info.platform, sizeof device->info.platform);
    tame(device->info.version, sizeof device->info.version);
    if (!is_sane(&device->info)) {
      say(device->reason, "the driver describes it with work-groups of %u and %llu bytes of memory",
          (unsigned)infos[k].group_size, (unsigned long long)infos[k].memory_bytes);
      atomic_store(&device->quarantined, true);
    }
    device->rates = gli__rates_of(&driver->table, &device->info);
    device->lost_seconds = (double)atomic_load(&driver->lost_nanoseconds) * 1e-9;
  }
  driver->devices = devices;
  driver->device_count = count;
  if (count == 1) {
    say(driver->reason, "%.120s (%.120s)", devices[0].info.name, devices[0].info.platform);
  } else {
    say(driver->reason, "%zu devices, the first is %.120s (%.120s)", count, devices[0].info.name,
        devices[0].info.platform);
  }
  return true;
}

static bool look_for_devices(gli__driver *driver) {
  gli_device_info infos[GLI__DEVICES_AT_MOST];
  memset(infos, 0, sizeof infos);
  for (size_t k = 0; k < GLI__DEVICES_AT_MOST; k++)
    infos[k].struct_size = sizeof infos[k];
  size_t count = 0;
  gli_device_error error = {GLI_DEVICE_OK, 0, ""};
  const gli_device_code code = driver->table.enumerate(infos, GLI__DEVICES_AT_MOST, &count, &error);
  tame(error.message, sizeof error.message);
  if (code != GLI_DEVICE_OK) {
    say(driver->reason, "%s",
        error.message[0] == '\0' ? "its driver cannot list devices, and does not say why"
                                 : error.message);
    return false;
  }
  if (count == 0) {
    say(driver->reason, "its driver found no device");
    return false;
  }
  return add_devices(driver, infos, count < GLI__DEVICES_AT_MOST ? count : GLI__DEVICES_AT_MOST);
}

static void open_driver(gli__driver *driver) {
  const gli_device_driver *given = replaced[driver - drivers];
  bool here = true;
  if (given != NULL) {
    driver->table = (gli_device_driver){0};
    memcpy(&driver->table, given,
           given->struct_size < sizeof *given ? given->struct_size : sizeof *given);
  } else {
    here = gli__plugin_open(driver->name, &driver->table, driver->reason, sizeof driver->reason);
  }
  driver->fork_count = gli__fork_generation();
  if (here) here = look_for_devices(driver);
  atomic_store_explicit(&driver->state, here ? READY : ABSENT, memory_order_release);
}

static bool is_of_parent(const gli__driver *driver, const char **reason_out) {
  if (driver->table.open == NULL || driver->fork_count == gli__fork_generation()) return false;
  *reason_out =
      "its driver was opened before this process was forked, and the handles are the "
      "parent's; start the process before the first use of a device, or without fork";
  return true;
}

bool gli__driver_ready(gli__driver *driver, const char **reason_out) {
  if (gli__driver_is_untouched(driver)) {
    gli__fork_watch();
    gli__lock_exclusive(&driver->lock);
    const bool interrupted = gli__lock_is_orphaned(&driver->lock);
    if (!interrupted && gli__driver_is_untouched(driver)) open_driver(driver);
    gli__unlock_exclusive(&driver->lock);
    if (interrupted) {
      *reason_out = "this process was forked while another thread opened the driver";
      return false;
    }
  }
  if (is_of_parent(driver, reason_out)) return false;
  *reason_out = driver->reason;
  if (atomic_load_explicit(&driver->state, memory_order_acquire) != READY) return false;
  for (size_t k = 0; k < driver->device_count; k++) {
    if (gli__device_quarantine(&driver->devices[k]) == NULL) return true;
  }
  *reason_out = gli__device_quarantine(&driver->devices[0]);
  return false;
}

/* --- Programs and what else a device keeps ---------------------------------------------------- */

static void forget_programs(gli__device *device, bool release) {
  while (device->programs != NULL) {
    gli__device_program *program = device->programs;
    device->programs = program->next;
    if (release) device->driver->program_release(device->handle, program->program);
    gli__release(device->memory, program, 1, sizeof *program);
  }
}

void gli__driver_replace(const char *name, const gli_device_driver *table) {
  gli__driver *driver = gli__driver_find(name);
  gli__memory *memory = driver->device_count == 0 ? NULL : driver->devices[0].memory;
  for (size_t k = 0; k < driver->device_count; k++) {
    gli__device *device = &driver->devices[k];
    const bool is_open = device->handle != NULL && !atomic_load(&device->quarantined);
    if (is_open) {
      gli__mirror_release_all(device);
    } else {
      gli__mirror_forget_all(device);
    }
    forget_programs(device, is_open);
    if (is_open) device->driver->close(device->handle);
    pthread_mutex_destroy(&device->turns.mutex);
  }
  if (memory != NULL) {
    gli__release(memory, driver->devices, driver->device_count, sizeof *driver->devices);
    gli__memory_free(memory);
  }
  driver->devices = NULL;
  driver->device_count = 0;
  driver->table = (gli_device_driver){0};
  replaced[driver - drivers] = table;
  atomic_store(&driver->installed, UNKNOWN);
  atomic_store(&driver->lost_nanoseconds, 0);
  atomic_store(&driver->state, UNTOUCHED);
}

/* --- Which device is meant -------------------------------------------------------------------- */

static pthread_once_t environment_once = PTHREAD_ONCE_INIT;
static char environment_text[256];

static void read_environment(void) {
  const char *given = getenv("GLI_DEVICE");
  if (given != NULL) snprintf(environment_text, sizeof environment_text, "%s", given);
}

const char *gli__device_environment(void) {
  pthread_once(&environment_once, read_environment);
  return environment_text[0] == '\0' ? NULL : environment_text;
}

static bool contains(const char *text, const char *part) {
  const size_t length = strlen(part);
  for (; *text != '\0'; text++) {
    size_t same = 0;
    while (same < length &&
           tolower((unsigned char)text[same]) == tolower((unsigned char)part[same]))
      same++;
    if (same == length) return true;
  }
  return length == 0;
}

bool gli__device_is_wanted(const gli__device *device, const char *wanted) {
  if (wanted == NULL || wanted[0] == '\0') return true;
  if (strcmp(wanted, "none") == 0) return false;
  const size_t stem = strlen(device->driver->name);
  if (strncmp(wanted, device->driver->name, stem) == 0 &&
      (wanted[stem] == ':' || wanted[stem] == '\0')) {
    wanted += stem;
    if (*wanted == ':') wanted++;
    if (*wanted == '\0') return true;
  }
  if (strspn(wanted, "0123456789") == strlen(wanted)) {
    return strtoull(wanted, NULL, 10) == device->position;
  }
  return contains(device->info.name, wanted) || contains(device->info.platform, wanted);
}

/* --- Turns ------------------------------------------------------------------------------------ */

typedef struct gli__turn {
  pthread_cond_t woken;
  bool mine;
  struct gli__turn *next;
} turn;

static void leave_queue(gli__turns *turns, turn *waiter) {
  turn *previous = NULL;
  for (turn *at = turns->first; at != waiter; at = at->next)
    previous = at;
  if (previous == NULL) {
    turns->first = waiter->next;
  } else {
    previous->next = waiter->next;
  }
  if (turns->last == waiter) turns->last = previous;
}

static void hand_on(gli__turns *turns) {
  turn *next = turns->first;
  turns->taken = next != NULL;
  if (next == NULL) return;
  leave_queue(turns, next);
  next->mine = true;
  pthread_cond_signal(&next->woken);
}

bool gli__device_try(gli__device *device) {
  pthread_mutex_lock(&device->turns.mutex);
  const bool free = !device->turns.taken;
  device->turns.taken = true;
  pthread_mutex_unlock(&device->turns.mutex);
  return free;
}

/* What was let go while somebody had the turn goes back before the next one has it. */
void gli__device_let_go(gli__device *device) {
  pthread_mutex_lock(&device->turns.mutex);
  while (device->let_go != NULL) {
    pthread_mutex_unlock(&device->turns.mutex);
    gli__kept_reap(device);
    pthread_mutex_lock(&device->turns.mutex);
  }
  hand_on(&device->turns);
  pthread_mutex_unlock(&device->turns.mutex);
}

gli_status gli__device_wait(gli__device *device, gli_run *run, gli_error *error) {
  gli__turns *turns = &device->turns;
  gli_status status = GLI_OK;
  pthread_mutex_lock(&turns->mutex);
  if (!turns->taken) {
    turns->taken = true;
    pthread_mutex_unlock(&turns->mutex);
    return GLI_OK;
  }
  turn waiter = {.mine = false};
  pthread_cond_init(&waiter.woken, NULL);
  if (turns->last != NULL) turns->last->next = &waiter;
  if (turns->first == NULL) turns->first = &waiter;
  turns->last = &waiter;
  while (!waiter.mine && status == GLI_OK) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_NANOSECONDS;
    if (until.tv_nsec >= 1000000000) {
      until.tv_sec++;
      until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&waiter.woken, &turns->mutex, &until);
    if (waiter.mine || run == NULL) continue;
    pthread_mutex_unlock(&turns->mutex); /* a callback may run, and take its time */
    status = gli_run_check(run, error);
    pthread_mutex_lock(&turns->mutex);
  }
  const bool gives_up = status != GLI_OK && waiter.mine;
  if (status != GLI_OK && !gives_up) leave_queue(turns, &waiter);
  pthread_mutex_unlock(&turns->mutex);
  pthread_cond_destroy(&waiter.woken);
  if (gives_up) gli__device_let_go(device);
  return status;
}

gli__device_rates gli__device_rates_of(const gli__device *device) {
  gli__device *locked = (gli__device *)(uintptr_t)device; /* its mutex alone */
  pthread_mutex_lock(&locked->turns.mutex);
  const gli__device_rates rates = device->rates;
  pthread_mutex_unlock(&locked->turns.mutex);
  return rates;
}

void gli__device_set_rates(gli__device *device, const gli__device_rates *rates) {
  pthread_mutex_lock(&device->turns.mutex);
  device->rates = *rates;
  pthread_mutex_unlock(&device->turns.mutex);
}

bool gli__device_has_waited(gli__device *device, double lost_seconds, double once_seconds) {
  pthread_mutex_lock(&device->turns.mutex);
  device->lost_seconds += lost_seconds;
  const bool enough = device->lost_seconds >= once_seconds;
  if (enough) device->lost_seconds = 0;
  pthread_mutex_unlock(&device->turns.mutex);
  return enough;
}

bool gli__driver_has_waited(gli__driver *driver, double lost_seconds, double once_seconds) {
  const int64_t lost = (int64_t)(lost_seconds * 1e9);
  return atomic_fetch_add(&driver->lost_nanoseconds, lost) + lost >= (int64_t)(once_seconds * 1e9);
}

/* --- Opening, and going out of use ------------------------------------------------------------ */

static bool is_quarantined(const gli__device *device) {
  return atomic_load_explicit(&device->quarantined, memory_order_acquire);
}

const char *gli__device_quarantine(const gli__device *device) {
  return is_quarantined(device) ? device->reason : NULL;
}

/* By whoever has the turn. Says why once; the first reason stays. */
static void quarantine(gli__device *device, const char *what, const char *words) {
  if (!is_quarantined(device)) {
    say(device->reason, "%s%.240s", what, words);
    atomic_store_explicit(&device->quarantined, true, memory_order_release);
  }
  gli__mirror_forget_all(device);
  forget_programs(device, false);
  device->handle = NULL;
}

/* The third failure in a row is one too many. */
static void count_failure(gli__device *device, gli_device_code code, const char *words) {
  if (code == GLI_DEVICE_OK) device->failures = 0;
  if (code == GLI_DEVICE_FAILED) device->failures++;
  if (code == GLI_DEVICE_LOST) {
    quarantine(device, "the device was lost: ", words);
  } else if (device->failures >= FAILURES_AT_MOST) {
    quarantine(device, "its driver failed three times in a row; the last time: ", words);
  }
}

static _Atomic(gli__compile_hook) compile_hook;
static _Atomic(void *) compile_context;

void gli__devices_set_compile_hook(gli__compile_hook hook, void *context) {
  atomic_store(&compile_hook, NULL); /* not the old one with the new context */
  atomic_store(&compile_context, context);
  atomic_store(&compile_hook, hook);
}

static void tell_compiling(void *context, const char *program) {
  const gli__device *device = context;
  const gli__compile_hook hook = atomic_load(&compile_hook);
  if (hook != NULL) hook(atomic_load(&compile_context), device->info.name, program);
}

static gli_status open_device(gli__device *device, gli_error *error) {
  const gli_device_host host = {
      .struct_size = sizeof host, .context = device, .compiling = tell_compiling};
  gli_device_error said = {GLI_DEVICE_OK, 0, ""};
  gli_device *handle = NULL;
  gli_device_code code = device->driver->open(device->position, &host, &handle, &said);
  code = gli__device_handed(code, handle, "open", &said);
  tame(said.message, sizeof said.message);
  if (code != GLI_DEVICE_OK) {
    count_failure(device, code, said.message);
    gli__report(error, GLI_ERROR_DEVICE, "%.120s (%s) cannot be opened: %s", device->info.name,
                device->driver->name, said.message);
    if (error != NULL) error->driver_code = said.driver_code;
    return GLI_ERROR_DEVICE;
  }
  device->handle = handle;
  /* Three quarters for mirrors, the rest for scratch and others; of a CPU's memory, a quarter. */
  device->budget_bytes = device->info.shares_memory ? device->info.memory_bytes / 4
                                                    : device->info.memory_bytes / 4 * 3;
  return GLI_OK;
}

gli_status gli__device_acquire(gli__device *device, gli_run *run, gli_error *error) {
  gli_status status = gli__device_wait(device, run, error);
  if (status != GLI_OK) return status;
  if (is_quarantined(device)) {
    status = gli__fail(error, GLI_ERROR_DEVICE, "%.120s (%s) is out of use: %s", device->info.name,
                       device->driver->name, device->reason);
  } else if (device->handle == NULL) {
    status = open_device(device, error);
  }
  if (status != GLI_OK) gli__device_let_go(device);
  return status;
}

void gli__device_release(gli__device *device, gli_device_code code, const char *words) {
  if (is_quarantined(device)) code = GLI_DEVICE_LOST;
  count_failure(device, code, words);
  gli__device_let_go(device);
}
