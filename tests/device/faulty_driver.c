/* faulty_driver.c: see the header. Handles of the wrapped driver have the same C types as ours;
 * they are called real_... and never looked into. */
#include "device/faulty_driver.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POISON 0xCB
#define GUARD_BYTES 64

typedef struct kernel_entry {
  char name[64];
  gli_device_kernel *real_kernel;
  struct kernel_entry *next;
} kernel_entry;

/* A program of the wrapped device, built once. */
typedef struct program_entry {
  char name[128];
  gli_device_program *real_program;
  kernel_entry *kernels;
  struct program_entry *next;
} program_entry;

struct gli_device_buffer {
  gli_device_buffer *real_buffer;
  uint64_t size_bytes;
  gli_device_buffer *next;
};

struct gli_device_program {
  program_entry *entry;
  gli_device_program *next;
};

struct gli_device_event {
  gli_device_event *real_event;
  int64_t number; /* of the mark in the queue */
  gli_device_event *next;
};

/* A download without `wait`: it arrives when somebody waits for a later place in the queue. */
typedef struct parcel {
  void *target;
  void *content;
  uint64_t size_bytes;
  int64_t number;
  struct parcel *next;
} parcel;

struct gli_device {
  bool lost;
  int64_t number; /* of marks and parcels */
  gli_device_buffer *buffers;
  gli_device_program *programs;
  gli_device_event *events;
  parcel *parcels;
  gli_device *next;
};

static const gli_device_driver *real;
static gli_device *real_device;
static gli_device_info real_info;
static program_entry *programs;
static gli_device *devices;
static faulty_plan plan;
static faulty_books books;
static bool is_quiet;

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void complain(const char *format, ...) {
  va_list arguments;
  books.complaints++;
  if (is_quiet) return;
  va_start(arguments, format);
  fputs("faulty driver: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

static gli_device_code say(gli_device_error *error, gli_device_code code, int32_t number,
                           const char *function, const char *words) {
  error->code = code;
  error->driver_code = number;
  snprintf(error->message, sizeof error->message, "%s: %s (%d)", function, words, (int)number);
  return code;
}

const char *faulty_kind_name(faulty_kind kind) {
  static const char *const names[FAULTY_KINDS] = {
      "nothing", "no memory", "launch failure", "device lost", "time-out", "wrong ABI", "garbage"};
  return names[kind];
}

/* What happens to this call: OK lets it through. */
static gli_device_code strike(gli_device *device, const char *function, gli_device_error *error) {
  static const gli_device_code codes[FAULTY_KINDS] = {
      [FAULTY_NO_MEMORY] = GLI_DEVICE_NO_MEMORY, [FAULTY_LAUNCH] = GLI_DEVICE_FAILED,
      [FAULTY_LOST] = GLI_DEVICE_LOST,           [FAULTY_TIMEOUT] = GLI_DEVICE_FAILED,
      [FAULTY_ABI] = GLI_DEVICE_REFUSED,         [FAULTY_GARBAGE] = (gli_device_code)77};
  if (device != NULL && device->lost) {
    complain("%s is called although the device was lost", function);
    return say(error, GLI_DEVICE_LOST, FAULTY_CODE - FAULTY_LOST, function, "lost before");
  }
  const int64_t call = books.calls++;
  if (plan.kind == FAULTY_NOTHING || call < plan.at || (call > plan.at && !plan.from_then_on)) {
    return GLI_DEVICE_OK;
  }
  if (books.injected++ == 0) books.function = function;
  if (plan.kind == FAULTY_LOST) {
    books.lost = true;
    if (device != NULL) device->lost = true;
  }
  return say(error, codes[plan.kind], FAULTY_CODE - (int32_t)plan.kind, function,
             faulty_kind_name(plan.kind));
}

/* Garbage from a function that hands out a handle: success, but nothing handed out. */
static gli_device_code struck(gli_device_code code) {
  return plan.kind == FAULTY_GARBAGE ? GLI_DEVICE_OK : code;
}

static bool is_alive(const gli_device *device, const gli_device_buffer *buffer,
                     const char *function) {
  for (const gli_device_buffer *at = device->buffers; at != NULL; at = at->next) {
    if (at == buffer) return true;
  }
  complain("%s gets a buffer that is not alive", function);
  return false;
}

static bool is_within(const gli_device *device, const gli_device_buffer *buffer, uint64_t offset,
                      uint64_t size, const char *function) {
  if (!is_alive(device, buffer, function)) return false;
  if (size <= buffer->size_bytes && offset <= buffer->size_bytes - size) return true;
  complain("%s of %llu bytes at %llu of a buffer of %llu", function, (unsigned long long)size,
           (unsigned long long)offset, (unsigned long long)buffer->size_bytes);
  return false;
}

static gli_device_code out_of_contract(gli_device_error *error, const char *function) {
  return say(error, GLI_DEVICE_FAILED, 0, function, "outside of the contract");
}

static uint64_t memory_bytes(void) {
  return plan.memory_bytes != 0 ? plan.memory_bytes : real_info.memory_bytes;
}

/* --- Devices ---------------------------------------------------------------------------------- */

static gli_device_code enumerate(gli_device_info *infos, size_t capacity, size_t *count_out,
                                 gli_device_error *error) {
  const gli_device_code code = strike(NULL, "enumerate", error);
  if (code != GLI_DEVICE_OK && plan.kind != FAULTY_GARBAGE) return code;
  *count_out = 1;
  if (infos == NULL || capacity == 0) return GLI_DEVICE_OK;
  infos[0] = real_info;
  if (code != GLI_DEVICE_OK) {
    memset(infos[0].name, 'x', sizeof infos[0].name);
    infos[0].group_size = UINT32_C(0xCBCBCBCB);
    infos[0].memory_bytes = infos[0].largest_bytes = UINT64_MAX;
    *count_out = SIZE_MAX;
    return GLI_DEVICE_OK;
  }
  infos[0].memory_bytes = memory_bytes();
  if (infos[0].largest_bytes > memory_bytes()) infos[0].largest_bytes = memory_bytes();
  return GLI_DEVICE_OK;
}

static gli_device_code open_device(size_t position, const gli_device_host *host,
                                   gli_device **device_out, gli_device_error *error) {
  (void)host;
  const gli_device_code code = strike(NULL, "open", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  if (position != 0) return out_of_contract(error, "open");
  gli_device *device = calloc(1, sizeof *device);
  if (device == NULL) return say(error, GLI_DEVICE_FAILED, 0, "open", "no host memory");
  device->next = devices;
  devices = device;
  books.live_devices++;
  *device_out = device;
  return GLI_DEVICE_OK;
}

static void drop_buffer(gli_device *device, gli_device_buffer *buffer) {
  gli_device_buffer **at = &device->buffers;
  while (*at != buffer)
    at = &(*at)->next;
  *at = buffer->next;
  real->release(real_device, buffer->real_buffer);
  books.live_buffers--;
  books.live_bytes -= buffer->size_bytes;
  free(buffer);
}

/* `number`: parcels up to this one arrive; the others stay on their way. */
static void deliver(gli_device *device, int64_t number, bool arrives) {
  for (parcel **at = &device->parcels; *at != NULL;) {
    parcel *one = *at;
    if (one->number > number) {
      at = &one->next;
      continue;
    }
    if (arrives) memcpy(one->target, one->content, one->size_bytes);
    *at = one->next;
    free(one->content);
    free(one);
  }
}

static void drop_device(gli_device *device) {
  gli_device **at = &devices;
  while (*at != device)
    at = &(*at)->next;
  *at = device->next;
  while (device->buffers != NULL)
    drop_buffer(device, device->buffers);
  while (device->programs != NULL) {
    gli_device_program *program = device->programs;
    device->programs = program->next;
    books.live_programs--;
    free(program);
  }
  while (device->events != NULL) {
    gli_device_event *event = device->events;
    device->events = event->next;
    real->event_release(real_device, event->real_event);
    books.live_events--;
    free(event);
  }
  deliver(device, INT64_MAX, false);
  books.live_devices--;
  free(device);
}

static void close_device(gli_device *device) {
  if (device == NULL) return;
  if (device->lost) {
    complain("close is called although the device was lost");
    return;
  }
  if (device->parcels != NULL) complain("close comes before a download has arrived");
  drop_device(device);
}

void faulty_reap(bool abandoned) {
  for (gli_device *device = devices; device != NULL;) {
    gli_device *next = device->next;
    if (device->lost || abandoned) drop_device(device);
    device = next;
  }
}

/* --- Memory ----------------------------------------------------------------------------------- */

static gli_device_code allocate(gli_device *device, uint64_t size_bytes,
                                gli_device_buffer **buffer_out, gli_device_error *error) {
  gli_device_code code = strike(device, "allocate", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  if (size_bytes == 0) {
    complain("allocate of 0 bytes");
    return out_of_contract(error, "allocate");
  }
  if (plan.memory_bytes != 0 && size_bytes > plan.memory_bytes - books.live_bytes) {
    return say(error, GLI_DEVICE_NO_MEMORY, FAULTY_CODE - FAULTY_NO_MEMORY, "allocate",
               "the device pretends to have no more");
  }
  gli_device_buffer *buffer = calloc(1, sizeof *buffer);
  if (buffer == NULL) return say(error, GLI_DEVICE_FAILED, 0, "allocate", "no host memory");
  const uint64_t whole_bytes = size_bytes + GUARD_BYTES;
  const uint8_t poison = POISON;
  code = real->allocate(real_device, whole_bytes, &buffer->real_buffer, error);
  if (code != GLI_DEVICE_OK) {
    free(buffer);
    return code;
  }
  code = real->fill(real_device, buffer->real_buffer, 0, whole_bytes, &poison, 1, error);
  if (code != GLI_DEVICE_OK) complain("the wrapped driver cannot poison: %s", error->message);
  buffer->size_bytes = size_bytes;
  buffer->next = device->buffers;
  device->buffers = buffer;
  books.live_buffers++;
  books.live_bytes += size_bytes;
  if (books.live_bytes > books.peak_bytes) books.peak_bytes = books.live_bytes;
  *buffer_out = buffer;
  return GLI_DEVICE_OK;
}

static void release(gli_device *device, gli_device_buffer *buffer) {
  if (buffer == NULL) return;
  if (device->lost) {
    complain("release is called although the device was lost");
    return;
  }
  if (!is_alive(device, buffer, "release")) return;
  uint8_t guard[GUARD_BYTES];
  gli_device_error error = {.message = ""};
  if (real->download(real_device, buffer->real_buffer, buffer->size_bytes, guard, sizeof guard,
                     true, &error) != GLI_DEVICE_OK) {
    complain("the wrapped driver cannot read a guard: %s", error.message);
  }
  for (size_t k = 0; k < sizeof guard; k++) {
    if (guard[k] == POISON) continue;
    complain("something was written %zu bytes behind the end of a buffer of %llu bytes", k,
             (unsigned long long)buffer->size_bytes);
    break;
  }
  drop_buffer(device, buffer);
}

static gli_device_code upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                              const void *source, uint64_t size_bytes, gli_device_error *error) {
  const gli_device_code code = strike(device, "upload", error);
  if (code != GLI_DEVICE_OK) return code;
  if (!is_within(device, buffer, offset_bytes, size_bytes, "upload")) {
    return out_of_contract(error, "upload");
  }
  return real->upload(real_device, buffer->real_buffer, offset_bytes, source, size_bytes, error);
}

static gli_device_code download(gli_device *device, gli_device_buffer *buffer,
                                uint64_t offset_bytes, void *target, uint64_t size_bytes, bool wait,
                                gli_device_error *error) {
  gli_device_code code = strike(device, "download", error);
  if (code != GLI_DEVICE_OK) return code;
  if (!is_within(device, buffer, offset_bytes, size_bytes, "download")) {
    return out_of_contract(error, "download");
  }
  if (wait) {
    deliver(device, INT64_MAX, true); /* one queue: what was asked for before is there too */
    return real->download(real_device, buffer->real_buffer, offset_bytes, target, size_bytes, true,
                          error);
  }
  parcel *one = calloc(1, sizeof *one);
  if (one != NULL) one->content = malloc(size_bytes);
  if (one == NULL || one->content == NULL) {
    free(one);
    return say(error, GLI_DEVICE_FAILED, 0, "download", "no host memory");
  }
  code = real->download(real_device, buffer->real_buffer, offset_bytes, one->content, size_bytes,
                        true, error);
  memset(target, POISON, size_bytes);
  one->target = target;
  one->size_bytes = size_bytes;
  one->number = ++device->number;
  one->next = device->parcels;
  device->parcels = one;
  return code;
}

static gli_device_code copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                            gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                            gli_device_error *error) {
  const gli_device_code code = strike(device, "copy", error);
  if (code != GLI_DEVICE_OK) return code;
  if (!is_within(device, from, from_offset_bytes, size_bytes, "copy from") ||
      !is_within(device, to, to_offset_bytes, size_bytes, "copy to")) {
    return out_of_contract(error, "copy");
  }
  return real->copy(real_device, from->real_buffer, from_offset_bytes, to->real_buffer,
                    to_offset_bytes, size_bytes, error);
}

static gli_device_code fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                            uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                            gli_device_error *error) {
  const gli_device_code code = strike(device, "fill", error);
  if (code != GLI_DEVICE_OK) return code;
  const bool fits = pattern_bytes == 1 || pattern_bytes == 4 || pattern_bytes == 8;
  if (!fits || offset_bytes % pattern_bytes != 0 || size_bytes % pattern_bytes != 0) {
    complain("fill of %llu bytes at %llu with a pattern of %u", (unsigned long long)size_bytes,
             (unsigned long long)offset_bytes, pattern_bytes);
    return out_of_contract(error, "fill");
  }
  if (!is_within(device, buffer, offset_bytes, size_bytes, "fill")) {
    return out_of_contract(error, "fill");
  }
  return real->fill(real_device, buffer->real_buffer, offset_bytes, size_bytes, pattern,
                    pattern_bytes, error);
}

static gli_device_code memory(gli_device *device, gli_device_memory *memory_out,
                              gli_device_error *error) {
  const gli_device_code code = strike(device, "memory", error);
  if (code != GLI_DEVICE_OK && plan.kind != FAULTY_GARBAGE) return code;
  if (code != GLI_DEVICE_OK) {
    *memory_out = (gli_device_memory){0, UINT64_MAX, UINT64_MAX};
    return GLI_DEVICE_OK;
  }
  const uint64_t total = memory_bytes();
  *memory_out = (gli_device_memory){total, total - books.live_bytes, books.live_bytes};
  return GLI_DEVICE_OK;
}

static gli_device_code address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                               int32_t *kind_out, int32_t *number_out, gli_device_error *error) {
  const gli_device_code code = strike(device, "address", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  if (!is_alive(device, buffer, "address")) return out_of_contract(error, "address");
  return real->address(real_device, buffer->real_buffer, address_out, kind_out, number_out, error);
}

/* --- Programs --------------------------------------------------------------------------------- */

static gli_device_code program(gli_device *device, const gli_device_source *source,
                               gli_device_program **program_out, gli_device_error *error) {
  gli_device_code code = strike(device, "program", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  program_entry *entry = programs;
  while (entry != NULL && strcmp(entry->name, source->name) != 0)
    entry = entry->next;
  if (entry == NULL) {
    gli_device_program *real_program = NULL;
    code = real->program(real_device, source, &real_program, error);
    if (code != GLI_DEVICE_OK) return code;
    entry = calloc(1, sizeof *entry);
    if (entry == NULL) return say(error, GLI_DEVICE_FAILED, 0, "program", "no host memory");
    snprintf(entry->name, sizeof entry->name, "%s", source->name);
    entry->real_program = real_program;
    entry->next = programs;
    programs = entry;
  }
  gli_device_program *made = calloc(1, sizeof *made);
  if (made == NULL) return say(error, GLI_DEVICE_FAILED, 0, "program", "no host memory");
  made->entry = entry;
  made->next = device->programs;
  device->programs = made;
  books.live_programs++;
  *program_out = made;
  return GLI_DEVICE_OK;
}

static void program_release(gli_device *device, gli_device_program *released) {
  if (released == NULL) return;
  if (device->lost) {
    complain("program_release is called although the device was lost");
    return;
  }
  for (gli_device_program **at = &device->programs; *at != NULL; at = &(*at)->next) {
    if (*at != released) continue;
    *at = released->next;
    books.live_programs--;
    free(released);
    return;
  }
  complain("program_release gets a program that is not alive");
}

static gli_device_code kernel(gli_device *device, gli_device_program *of, const char *name,
                              gli_device_kernel **kernel_out, gli_device_error *error) {
  gli_device_code code = strike(device, "kernel", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  kernel_entry *entry = of->entry->kernels;
  while (entry != NULL && strcmp(entry->name, name) != 0)
    entry = entry->next;
  if (entry == NULL) {
    gli_device_kernel *real_kernel = NULL;
    code = real->kernel(real_device, of->entry->real_program, name, &real_kernel, error);
    if (code != GLI_DEVICE_OK) return code;
    entry = calloc(1, sizeof *entry);
    if (entry == NULL) return say(error, GLI_DEVICE_FAILED, 0, "kernel", "no host memory");
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->real_kernel = real_kernel;
    entry->next = of->entry->kernels;
    of->entry->kernels = entry;
  }
  *kernel_out = entry->real_kernel;
  return GLI_DEVICE_OK;
}

static gli_device_code launch(gli_device *device, gli_device_kernel *launched,
                              gli_device_shape shape, const gli_device_argument *arguments,
                              size_t argument_count, gli_device_error *error) {
  enum { ARGUMENTS_AT_MOST = 64 };
  gli_device_argument real_arguments[ARGUMENTS_AT_MOST];
  const gli_device_code code = strike(device, "launch", error);
  if (code != GLI_DEVICE_OK) return code;
  if (argument_count > ARGUMENTS_AT_MOST || launched == NULL || shape.count < 0) {
    complain("launch of %zu arguments over %lld items", argument_count, (long long)shape.count);
    return out_of_contract(error, "launch");
  }
  for (size_t k = 0; k < argument_count; k++) {
    real_arguments[k] = arguments[k];
    if (arguments[k].type != GLI_DEVICE_BUFFER || arguments[k].as.buffer == NULL) continue;
    if (!is_alive(device, arguments[k].as.buffer, "launch")) {
      return out_of_contract(error, "launch");
    }
    real_arguments[k].as.buffer = arguments[k].as.buffer->real_buffer;
  }
  return real->launch(real_device, launched, shape, real_arguments, argument_count, error);
}

/* --- Events ----------------------------------------------------------------------------------- */

static gli_device_code event_record(gli_device *device, gli_device_event **event_out,
                                    gli_device_error *error) {
  gli_device_code code = strike(device, "event_record", error);
  if (code != GLI_DEVICE_OK) return struck(code);
  gli_device_event *event = calloc(1, sizeof *event);
  if (event == NULL) return say(error, GLI_DEVICE_FAILED, 0, "event_record", "no host memory");
  code = real->event_record(real_device, &event->real_event, error);
  if (code != GLI_DEVICE_OK) {
    free(event);
    return code;
  }
  event->number = ++device->number;
  event->next = device->events;
  device->events = event;
  books.live_events++;
  *event_out = event;
  return GLI_DEVICE_OK;
}

static gli_device_code event_wait(gli_device *device, gli_device_event *event,
                                  gli_device_error *error) {
  gli_device_code code = strike(device, "event_wait", error);
  if (code != GLI_DEVICE_OK) return code;
  code = real->event_wait(real_device, event->real_event, error);
  if (code == GLI_DEVICE_OK) deliver(device, event->number, true);
  return code;
}

static gli_device_code event_elapsed(gli_device *device, gli_device_event *from,
                                     gli_device_event *to, double *seconds_out,
                                     gli_device_error *error) {
  const gli_device_code code = strike(device, "event_elapsed", error);
  if (code != GLI_DEVICE_OK && plan.kind != FAULTY_GARBAGE) return code;
  if (code != GLI_DEVICE_OK) {
    *seconds_out = -(double)NAN;
    return GLI_DEVICE_OK;
  }
  return real->event_elapsed(real_device, from->real_event, to->real_event, seconds_out, error);
}

static void event_release(gli_device *device, gli_device_event *event) {
  if (event == NULL) return;
  if (device->lost) {
    complain("event_release is called although the device was lost");
    return;
  }
  for (gli_device_event **at = &device->events; *at != NULL; at = &(*at)->next) {
    if (*at != event) continue;
    *at = event->next;
    real->event_release(real_device, event->real_event);
    books.live_events--;
    free(event);
    return;
  }
  complain("event_release gets an event that is not alive");
}

static gli_device_code finish(gli_device *device, gli_device_error *error) {
  gli_device_code code = strike(device, "finish", error);
  if (code != GLI_DEVICE_OK) return code;
  code = real->finish(real_device, error);
  if (code == GLI_DEVICE_OK) deliver(device, INT64_MAX, true);
  return code;
}

/* --- The table -------------------------------------------------------------------------------- */

const gli_device_driver *faulty_driver(const gli_device_driver *wrapped, gli_device_error *error) {
  static gli_device_driver table = {.struct_size = sizeof table,
                                    .abi = GLI_DEVICE_ABI,
                                    .enumerate = enumerate,
                                    .open = open_device,
                                    .close = close_device,
                                    .allocate = allocate,
                                    .release = release,
                                    .upload = upload,
                                    .download = download,
                                    .copy = copy,
                                    .fill = fill,
                                    .memory = memory,
                                    .program = program,
                                    .program_release = program_release,
                                    .kernel = kernel,
                                    .launch = launch,
                                    .event_record = event_record,
                                    .event_wait = event_wait,
                                    .event_elapsed = event_elapsed,
                                    .event_release = event_release,
                                    .finish = finish,
                                    .address = address};
  size_t count = 0;
  real_info.struct_size = sizeof real_info;
  if (wrapped->enumerate(&real_info, 1, &count, error) != GLI_DEVICE_OK ||
      wrapped->open(0, NULL, &real_device, error) != GLI_DEVICE_OK) {
    return NULL;
  }
  real = wrapped;
  /* Our own kernels are never left for a device that is a CPU, unless somebody names it. */
  real_info.is_cpu = false;
  real_info.shares_memory = false;
  table.name = wrapped->name;
  return &table;
}

void faulty_arm(const faulty_plan *new_plan) {
  plan = *new_plan;
  books.calls = books.injected = 0;
  books.function = "";
  books.lost = false;
  books.peak_bytes = books.live_bytes;
}

faulty_books faulty_look(void) {
  return books;
}

void faulty_quiet(bool quiet) {
  is_quiet = quiet;
}
