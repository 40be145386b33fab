/* fake_driver.h: a driver of devices in the host's memory, for tests of what stands above drivers.
 *
 * It has buffers, transfers and events, and kernels that only count. fake.fail makes the next calls
 * of one kind fail with a code of the test's choice; everything is counted, so that a test can say
 * that a driver was not touched. Several threads may use it: its own books are atomic. */
#ifndef TESTS_SUPPORT_FAKE_DRIVER_H
#define TESTS_SUPPORT_FAKE_DRIVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/device.h"

enum { FAKE_ENUMERATE, FAKE_OPEN, FAKE_ALLOCATE, FAKE_UPLOAD, FAKE_LAUNCH, FAKE_CALLS };

/* First in everything that the driver hands out, so that what was on a lost device can be freed. */
typedef struct fake_object {
  struct fake_object *previous, *next;
} fake_object;

struct gli_device {
  fake_object object;
  size_t position;
};
struct gli_device_buffer {
  fake_object object;
  uint64_t size_bytes;
  char bytes[];
};
struct gli_device_program {
  fake_object object;
};
struct gli_device_kernel {
  int unused;
};
struct gli_device_event {
  int unused;
};

static struct {
  size_t device_count;
  bool is_cpu, lacks_fp64;
  uint32_t group_size;
  const char *none;     /* enumerate refuses with these words */
  int64_t memory_bytes; /* allocate has no more than these; 0: no limit */
  /* What its work takes by a clock of its own, where it has one (launch_seconds > 0). */
  double clock, launch_seconds, item_seconds, byte_seconds, wait_seconds;
  struct {
    _Atomic int32_t failures; /* this many calls fail from now on; below 0: all */
    gli_device_code code;
  } fail[FAKE_CALLS];
  _Atomic int64_t calls[FAKE_CALLS];
  _Atomic int64_t all_calls; /* of any function, but enumerate */
  _Atomic int64_t live_bytes, live_buffers;
  _Atomic int32_t inside; /* threads in the driver: never more than one a device */
  _Atomic int32_t most_inside;
} fake = {.device_count = 1, .group_size = 64};

static inline gli_device_code fake_call(int kind, gli_device_error *error) {
  atomic_fetch_add(&fake.calls[kind], 1);
  const int32_t left = atomic_load(&fake.fail[kind].failures);
  if (left == 0) return GLI_DEVICE_OK;
  if (left > 0) atomic_fetch_sub(&fake.fail[kind].failures, 1);
  *error = (gli_device_error){.code = fake.fail[kind].code, .driver_code = -42};
  snprintf(error->message, sizeof error->message, "fakeCall(%d) said -42\nand no more", kind);
  return fake.fail[kind].code;
}

static inline void fake_enter(void) {
  atomic_fetch_add(&fake.all_calls, 1);
  const int32_t inside = atomic_fetch_add(&fake.inside, 1) + 1;
  int32_t most = atomic_load(&fake.most_inside);
  while (inside > most && !atomic_compare_exchange_weak(&fake.most_inside, &most, inside)) {
  }
}
static inline void fake_take(double seconds) {
  if (fake.launch_seconds > 0) fake.clock += seconds;
}
static inline double fake_now(void) {
  return fake.clock;
}
static inline void fake_leave(void) {
  atomic_fetch_sub(&fake.inside, 1);
}

static fake_object fake_objects = {&fake_objects, &fake_objects};
static pthread_mutex_t fake_mutex = PTHREAD_MUTEX_INITIALIZER;

static inline void *fake_create(size_t size_bytes) {
  fake_object *object = calloc(1, size_bytes);
  pthread_mutex_lock(&fake_mutex);
  object->previous = &fake_objects;
  object->next = fake_objects.next;
  object->next->previous = fake_objects.next = object;
  pthread_mutex_unlock(&fake_mutex);
  return object;
}

static inline void fake_free(fake_object *object) {
  pthread_mutex_lock(&fake_mutex);
  object->previous->next = object->next;
  object->next->previous = object->previous;
  pthread_mutex_unlock(&fake_mutex);
  free(object);
}

static inline void fake_fail_next(int kind, int32_t failures, gli_device_code code) {
  fake.fail[kind].code = code;
  fake.fail[kind].failures = failures;
}

/* What a lost device leaves behind. */
static inline void fake_forget(void) {
  while (fake_objects.next != &fake_objects)
    fake_free(fake_objects.next);
  atomic_store(&fake.live_bytes, 0);
  atomic_store(&fake.live_buffers, 0);
}

static gli_device_code fake_enumerate(gli_device_info *infos, size_t capacity, size_t *count_out,
                                      gli_device_error *error) {
  const gli_device_code code = fake_call(FAKE_ENUMERATE, error);
  if (code != GLI_DEVICE_OK) return code;
  if (fake.none != NULL) {
    snprintf(error->message, sizeof error->message, "%s", fake.none);
    return error->code = GLI_DEVICE_REFUSED;
  }
  for (size_t k = 0; k < fake.device_count && k < capacity; k++) {
    gli_device_info *info = &infos[k];
    snprintf(info->name, sizeof info->name, "Fake Accelerator %c", (char)('A' + k));
    snprintf(info->platform, sizeof info->platform, "Make-Believe");
    snprintf(info->version, sizeof info->version, "1.2 fake");
    info->memory_bytes = info->largest_bytes = UINT64_C(1) << 30;
    info->compute_units = 16;
    info->group_size = fake.group_size;
    info->is_cpu = fake.is_cpu;
    info->has_fp64 = !fake.lacks_fp64;
    info->has_atomic64 = true;
  }
  *count_out = fake.device_count;
  return GLI_DEVICE_OK;
}

static gli_device_code fake_open(size_t position, const gli_device_host *host,
                                 gli_device **device_out, gli_device_error *error) {
  (void)host;
  fake_enter();
  const gli_device_code code = fake_call(FAKE_OPEN, error);
  if (code == GLI_DEVICE_OK) {
    *device_out = fake_create(sizeof **device_out);
    (*device_out)->position = position;
  }
  fake_leave();
  return code;
}

static void fake_close(gli_device *device) {
  if (device != NULL) fake_free(&device->object);
}

static gli_device_code fake_allocate(gli_device *device, uint64_t size_bytes,
                                     gli_device_buffer **buffer_out, gli_device_error *error) {
  (void)device;
  fake_enter();
  gli_device_code code = fake_call(FAKE_ALLOCATE, error);
  if (fake.memory_bytes > 0 &&
      atomic_load(&fake.live_bytes) + (int64_t)size_bytes > fake.memory_bytes) {
    snprintf(error->message, sizeof error->message, "fakeAllocate: no room");
    code = GLI_DEVICE_NO_MEMORY;
  }
  if (code == GLI_DEVICE_OK) {
    gli_device_buffer *buffer = fake_create(sizeof *buffer + size_bytes);
    buffer->size_bytes = size_bytes;
    atomic_fetch_add(&fake.live_bytes, (int64_t)size_bytes);
    atomic_fetch_add(&fake.live_buffers, 1);
    *buffer_out = buffer;
  }
  fake_leave();
  return code;
}

static void fake_release(gli_device *device, gli_device_buffer *buffer) {
  (void)device;
  if (buffer == NULL) return;
  fake_enter();
  atomic_fetch_sub(&fake.live_bytes, (int64_t)buffer->size_bytes);
  atomic_fetch_sub(&fake.live_buffers, 1);
  fake_free(&buffer->object);
  fake_leave();
}

static gli_device_code fake_upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset,
                                   const void *source, uint64_t size, gli_device_error *error) {
  (void)device;
  fake_enter();
  const gli_device_code code = fake_call(FAKE_UPLOAD, error);
  if (code == GLI_DEVICE_OK) memcpy(buffer->bytes + offset, source, size);
  fake_take((double)size * fake.byte_seconds);
  fake_leave();
  return code;
}

static gli_device_code fake_download(gli_device *device, gli_device_buffer *buffer, uint64_t offset,
                                     void *target, uint64_t size, bool wait,
                                     gli_device_error *error) {
  (void)device;
  (void)wait;
  (void)error;
  fake_enter();
  memcpy(target, buffer->bytes + offset, size);
  fake_take(fake.wait_seconds + (double)size * fake.byte_seconds);
  fake_leave();
  return GLI_DEVICE_OK;
}

static gli_device_code fake_copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset,
                                 gli_device_buffer *to, uint64_t to_offset, uint64_t size,
                                 gli_device_error *error) {
  (void)device;
  (void)error;
  memmove(to->bytes + to_offset, from->bytes + from_offset, size);
  return GLI_DEVICE_OK;
}

static gli_device_code fake_fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset,
                                 uint64_t size, const void *pattern, uint32_t pattern_bytes,
                                 gli_device_error *error) {
  (void)device;
  (void)error;
  for (uint64_t k = 0; k < size; k += pattern_bytes)
    memcpy(buffer->bytes + offset + k, pattern, pattern_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code fake_memory(gli_device *device, gli_device_memory *memory_out,
                                   gli_device_error *error) {
  (void)device;
  (void)error;
  const uint64_t live = (uint64_t)atomic_load(&fake.live_bytes);
  *memory_out = (gli_device_memory){UINT64_C(1) << 30, (UINT64_C(1) << 30) - live, live};
  return GLI_DEVICE_OK;
}

static gli_device_code fake_program(gli_device *device, const gli_device_source *source,
                                    gli_device_program **program_out, gli_device_error *error) {
  (void)device;
  (void)source;
  (void)error;
  *program_out = fake_create(sizeof **program_out);
  return GLI_DEVICE_OK;
}
static void fake_program_release(gli_device *device, gli_device_program *program) {
  (void)device;
  fake_free(&program->object);
}
static gli_device_code fake_kernel(gli_device *device, gli_device_program *program,
                                   const char *name, gli_device_kernel **kernel_out,
                                   gli_device_error *error) {
  static gli_device_kernel kernel;
  (void)device;
  (void)program;
  (void)name;
  (void)error;
  *kernel_out = &kernel;
  return GLI_DEVICE_OK;
}
static gli_device_code fake_launch(gli_device *device, gli_device_kernel *kernel,
                                   gli_device_shape shape, const gli_device_argument *arguments,
                                   size_t argument_count, gli_device_error *error) {
  (void)device;
  (void)kernel;
  (void)arguments;
  (void)argument_count;
  fake_enter();
  const gli_device_code code = fake_call(FAKE_LAUNCH, error);
  fake_take(fake.launch_seconds + (double)shape.count * fake.item_seconds);
  fake_leave();
  return code;
}
static gli_device_code fake_event_record(gli_device *device, gli_device_event **event_out,
                                         gli_device_error *error) {
  static gli_device_event event;
  (void)device;
  (void)error;
  *event_out = &event;
  return GLI_DEVICE_OK;
}
static gli_device_code fake_event_wait(gli_device *device, gli_device_event *event,
                                       gli_device_error *error) {
  (void)device;
  (void)event;
  (void)error;
  return GLI_DEVICE_OK;
}
static gli_device_code fake_event_elapsed(gli_device *device, gli_device_event *from,
                                          gli_device_event *to, double *seconds_out,
                                          gli_device_error *error) {
  (void)device;
  (void)from;
  (void)to;
  (void)error;
  *seconds_out = 0;
  return GLI_DEVICE_OK;
}
static void fake_event_release(gli_device *device, gli_device_event *event) {
  (void)device;
  (void)event;
}
static gli_device_code fake_finish(gli_device *device, gli_device_error *error) {
  (void)device;
  (void)error;
  return GLI_DEVICE_OK;
}

static const gli_device_driver fake_driver = {.struct_size = sizeof fake_driver,
                                              .abi = GLI_DEVICE_ABI,
                                              .name = "opencl",
                                              .enumerate = fake_enumerate,
                                              .open = fake_open,
                                              .close = fake_close,
                                              .allocate = fake_allocate,
                                              .release = fake_release,
                                              .upload = fake_upload,
                                              .download = fake_download,
                                              .copy = fake_copy,
                                              .fill = fake_fill,
                                              .memory = fake_memory,
                                              .program = fake_program,
                                              .program_release = fake_program_release,
                                              .kernel = fake_kernel,
                                              .launch = fake_launch,
                                              .event_record = fake_event_record,
                                              .event_wait = fake_event_wait,
                                              .event_elapsed = fake_event_elapsed,
                                              .event_release = fake_event_release,
                                              .finish = fake_finish};

#endif
