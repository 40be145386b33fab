/* fake_driver.h: a device in the test's own memory, for tests of what libgli keeps on devices.
 *
 * Buffers are blocks of the heap, so sanitizers see what goes past their ends. The kernels of
 * mirror.cl and mirror_build.cl run as they stand, compiled as C. The device counts bytes and
 * buffers, has as little memory as a test wants, and fails where a test wants. */
#ifndef TESTS_DEVICE_FAKE_DRIVER_H
#define TESTS_DEVICE_FAKE_DRIVER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/device.h"

struct gli_device {
  uint64_t capacity_bytes; /* 0: no limit */
  uint64_t live_bytes, live_buffers;
  uint64_t uploaded_bytes;
  int64_t calls;   /* of functions that may fail, since armed */
  int64_t fail_at; /* this call fails, from 0; -1: none */
  gli_device_code failure;
  bool is_lost; /* then any call is a mistake of the caller */
  gli_device_buffer *buffers;
};

struct gli_device_buffer {
  gli_device_buffer *next, **place; /* in the device's list */
  uint64_t size_bytes;
  char *data;
};

/* --- mirror.cl as C --------------------------------------------------------------------------- */

#define KERNEL(name) static void kernel_##name
#define FUNCTION static inline
#define GLOBAL
#define RESTRICT
#define IS_CPU 0 /* one work-item does all */
#define ITEM 0
#define ITEM_COUNT 1
#include "device/dialect.h"
#include "device/mirror.cl"
#include "device/mirror_build.cl"
#undef KERNEL
#undef FUNCTION
#undef GLOBAL
#undef RESTRICT
#undef IS_CPU
#undef ITEM
#undef ITEM_COUNT

struct gli_device_kernel {
  const char *name;
  size_t argument_count;
  void (*run)(const gli_device_argument *arguments);
};

#define FAKE_BUFFER(k) \
  ((void *)(arguments[k].as.buffer == NULL ? NULL : arguments[k].as.buffer->data))

static void fake_mark_alive(const gli_device_argument *arguments) {
  kernel_mark_alive(FAKE_BUFFER(0), FAKE_BUFFER(1), arguments[2].as.int32, arguments[3].as.int64);
}

static void fake_scatter(const gli_device_argument *arguments) {
  kernel_scatter(FAKE_BUFFER(0), arguments[1].as.int64, arguments[2].as.int64, FAKE_BUFFER(3),
                 FAKE_BUFFER(4));
}

static void fake_scatter_weights(const gli_device_argument *arguments) {
  kernel_scatter_weights(FAKE_BUFFER(0), arguments[1].as.int64, FAKE_BUFFER(2));
}

static void fake_row_lengths(const gli_device_argument *arguments) {
  kernel_row_lengths(FAKE_BUFFER(0), FAKE_BUFFER(1), arguments[2].as.int64);
}

static void fake_entry_keys(const gli_device_argument *arguments) {
  kernel_entry_keys(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), FAKE_BUFFER(3), FAKE_BUFFER(4),
                    arguments[5].as.int64, arguments[6].as.int64);
}

static void fake_in_records(const gli_device_argument *arguments) {
  kernel_in_records(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), arguments[3].as.int64,
                    arguments[4].as.int64);
}

static void fake_high_halves(const gli_device_argument *arguments) {
  kernel_high_halves(FAKE_BUFFER(0), FAKE_BUFFER(1), arguments[2].as.int64);
}

static void fake_gather(const gli_device_argument *arguments) {
  kernel_gather(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), arguments[3].as.int64);
}

static void fake_gather_words(const gli_device_argument *arguments) {
  kernel_gather_words(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), arguments[3].as.int64);
}

static void fake_pair_keys(const gli_device_argument *arguments) {
  kernel_pair_keys(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), FAKE_BUFFER(3),
                   arguments[4].as.int32, arguments[5].as.int32, arguments[6].as.int64,
                   arguments[7].as.int64);
}

static void fake_first_pairs(const gli_device_argument *arguments) {
  kernel_first_pairs(FAKE_BUFFER(0), FAKE_BUFFER(1), arguments[2].as.int32, arguments[3].as.int64);
}

static void fake_keep_pairs(const gli_device_argument *arguments) {
  kernel_keep_pairs(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), arguments[3].as.int32,
                    arguments[4].as.int64);
}

static void fake_pair_offsets(const gli_device_argument *arguments) {
  kernel_pair_offsets(FAKE_BUFFER(0), FAKE_BUFFER(1), FAKE_BUFFER(2), arguments[3].as.int32,
                      arguments[4].as.int64, arguments[5].as.int64);
}

static gli_device_kernel fake_kernels[] = {
    {"mark_alive", 4, fake_mark_alive},           {"scatter", 5, fake_scatter},
    {"scatter_weights", 3, fake_scatter_weights}, {"row_lengths", 3, fake_row_lengths},
    {"entry_keys", 7, fake_entry_keys},           {"in_records", 5, fake_in_records},
    {"high_halves", 3, fake_high_halves},         {"gather", 4, fake_gather},
    {"gather_words", 4, fake_gather_words},       {"pair_keys", 8, fake_pair_keys},
    {"first_pairs", 4, fake_first_pairs},         {"keep_pairs", 5, fake_keep_pairs},
    {"pair_offsets", 6, fake_pair_offsets},
};

/* --- The table -------------------------------------------------------------------------------- */

static gli_device fake_device;

static inline gli_device_code fake_call(gli_device *device, gli_device_error *error,
                                        const char *what) {
  if (device->is_lost) {
    fprintf(stderr, "fake_driver: %s on a device that is lost\n", what);
    abort();
  }
  if (device->calls++ != device->fail_at) return GLI_DEVICE_OK;
  device->is_lost = device->failure == GLI_DEVICE_LOST;
  error->code = device->failure;
  snprintf(error->message, sizeof error->message, "%s fails because a test wants it", what);
  return device->failure;
}

static inline void fake_bounds(const gli_device_buffer *buffer, uint64_t offset, uint64_t size,
                               const char *what) {
  if (offset > buffer->size_bytes || size > buffer->size_bytes - offset) {
    fprintf(stderr, "fake_driver: %s of [%llu, + %llu) in a buffer of %llu bytes\n", what,
            (unsigned long long)offset, (unsigned long long)size,
            (unsigned long long)buffer->size_bytes);
    abort();
  }
}

static inline gli_device_code fake_allocate(gli_device *device, uint64_t size_bytes,
                                            gli_device_buffer **buffer_out,
                                            gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "allocate");
  if (code != GLI_DEVICE_OK) return code;
  if (device->capacity_bytes > 0 && device->live_bytes + size_bytes > device->capacity_bytes) {
    snprintf(error->message, sizeof error->message, "no room for %llu bytes",
             (unsigned long long)size_bytes);
    return error->code = GLI_DEVICE_NO_MEMORY;
  }
  gli_device_buffer *buffer = malloc(sizeof *buffer);
  buffer->size_bytes = size_bytes;
  buffer->data = malloc(size_bytes);
  memset(buffer->data, 0x5a, size_bytes);
  buffer->next = device->buffers;
  buffer->place = &device->buffers;
  if (buffer->next != NULL) buffer->next->place = &buffer->next;
  device->buffers = buffer;
  device->live_bytes += size_bytes;
  device->live_buffers++;
  *buffer_out = buffer;
  return GLI_DEVICE_OK;
}

static inline void fake_drop(gli_device *device, gli_device_buffer *buffer) {
  *buffer->place = buffer->next;
  if (buffer->next != NULL) buffer->next->place = buffer->place;
  device->live_bytes -= buffer->size_bytes;
  device->live_buffers--;
  free(buffer->data);
  free(buffer);
}

static inline void fake_release(gli_device *device, gli_device_buffer *buffer) {
  if (buffer == NULL) return;
  if (device->is_lost) fake_call(device, NULL, "release");
  fake_drop(device, buffer);
}

/* The end of a lost device, or of what a process that forked had on it. */
static inline void fake_reset(gli_device *device) {
  while (device->buffers != NULL)
    fake_drop(device, device->buffers);
  device->is_lost = false;
}

static inline gli_device_code fake_upload(gli_device *device, gli_device_buffer *buffer,
                                          uint64_t offset, const void *source, uint64_t size,
                                          gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "upload");
  if (code != GLI_DEVICE_OK) return code;
  fake_bounds(buffer, offset, size, "upload");
  memcpy(buffer->data + offset, source, size);
  device->uploaded_bytes += size;
  return GLI_DEVICE_OK;
}

static inline gli_device_code fake_download(gli_device *device, gli_device_buffer *buffer,
                                            uint64_t offset, void *target, uint64_t size, bool wait,
                                            gli_device_error *error) {
  (void)wait;
  gli_device_code code = fake_call(device, error, "download");
  if (code != GLI_DEVICE_OK) return code;
  fake_bounds(buffer, offset, size, "download");
  memcpy(target, buffer->data + offset, size);
  return GLI_DEVICE_OK;
}

static inline gli_device_code fake_copy(gli_device *device, gli_device_buffer *from,
                                        uint64_t from_offset, gli_device_buffer *to,
                                        uint64_t to_offset, uint64_t size,
                                        gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "copy");
  if (code != GLI_DEVICE_OK) return code;
  fake_bounds(from, from_offset, size, "copy");
  fake_bounds(to, to_offset, size, "copy");
  memcpy(to->data + to_offset, from->data + from_offset, size);
  return GLI_DEVICE_OK;
}

static inline gli_device_code fake_program(gli_device *device, const gli_device_source *source,
                                           gli_device_program **program_out,
                                           gli_device_error *error) {
  static char programs[1];
  (void)source;
  gli_device_code code = fake_call(device, error, "program");
  if (code == GLI_DEVICE_OK) *program_out = (gli_device_program *)programs;
  return code;
}

static inline gli_device_code fake_kernel(gli_device *device, gli_device_program *program,
                                          const char *name, gli_device_kernel **kernel_out,
                                          gli_device_error *error) {
  (void)program;
  gli_device_code code = fake_call(device, error, "kernel");
  if (code != GLI_DEVICE_OK) return code;
  for (size_t k = 0; k < sizeof fake_kernels / sizeof fake_kernels[0]; k++) {
    if (strcmp(fake_kernels[k].name, name) != 0) continue;
    *kernel_out = &fake_kernels[k];
    return GLI_DEVICE_OK;
  }
  snprintf(error->message, sizeof error->message, "no kernel %s", name);
  return error->code = GLI_DEVICE_REFUSED;
}

static inline gli_device_code fake_launch(gli_device *device, gli_device_kernel *kernel,
                                          gli_device_shape shape,
                                          const gli_device_argument *arguments, size_t count,
                                          gli_device_error *error) {
  (void)shape;
  gli_device_code code = fake_call(device, error, "launch");
  if (code != GLI_DEVICE_OK) return code;
  if (count != kernel->argument_count) abort();
  kernel->run(arguments);
  return GLI_DEVICE_OK;
}

static inline gli_device_code fake_finish(gli_device *device, gli_device_error *error) {
  return fake_call(device, error, "finish");
}

static inline gli_device_code fake_fill(gli_device *device, gli_device_buffer *buffer,
                                        uint64_t offset, uint64_t size, const void *pattern,
                                        uint32_t pattern_bytes, gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "fill");
  if (code != GLI_DEVICE_OK) return code;
  fake_bounds(buffer, offset, size, "fill");
  for (uint64_t at = 0; at < size; at += pattern_bytes)
    memcpy(buffer->data + offset + at, pattern, pattern_bytes);
  return GLI_DEVICE_OK;
}

static inline gli_device_code fake_memory(gli_device *device, gli_device_memory *memory_out,
                                          gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "memory");
  if (code != GLI_DEVICE_OK) return code;
  const uint64_t total = device->capacity_bytes > 0 ? device->capacity_bytes : UINT64_C(1) << 40;
  *memory_out = (gli_device_memory){total, total - device->live_bytes, device->live_bytes};
  return GLI_DEVICE_OK;
}

/* --- Primitives ------------------------------------------------------------------------------- */

static inline gli_device_code fake_scan(gli_device *device, gli_device_element element,
                                        gli_device_buffer *in, gli_device_buffer *out,
                                        int64_t count, gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "exclusive_scan");
  if (code != GLI_DEVICE_OK) return code;
  int64_t sum = 0;
  for (int64_t k = 0; k <= count; k++) {
    if (element == GLI_DEVICE_I64) {
      ((int64_t *)(void *)out->data)[k] = sum;
      if (k < count) sum += ((const int64_t *)(const void *)in->data)[k];
    } else {
      ((uint32_t *)(void *)out->data)[k] = (uint32_t)sum;
      if (k < count) sum += ((const uint32_t *)(const void *)in->data)[k];
    }
  }
  return GLI_DEVICE_OK;
}

typedef struct fake_pair {
  uint64_t key, masked;
  int64_t position;
  uint32_t value;
} fake_pair;

static inline int fake_compare(const void *left, const void *right) {
  const fake_pair *a = left, *b = right;
  if (a->masked != b->masked) return a->masked < b->masked ? -1 : 1;
  return a->position < b->position ? -1 : 1;
}

static inline gli_device_code fake_sort(gli_device *device, gli_device_buffer *keys,
                                        gli_device_buffer *values, int64_t count, int32_t bits,
                                        gli_device_error *error) {
  gli_device_code code = fake_call(device, error, "sort");
  if (code != GLI_DEVICE_OK) return code;
  uint64_t *key = (uint64_t *)(void *)keys->data;
  uint32_t *value = values == NULL ? NULL : (uint32_t *)(void *)values->data;
  fake_pair *pairs = malloc((size_t)count * sizeof *pairs + 1);
  for (int64_t k = 0; k < count; k++) {
    const uint64_t mask = bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
    pairs[k] = (fake_pair){key[k], key[k] & mask, k, value == NULL ? 0 : value[k]};
  }
  qsort(pairs, (size_t)count, sizeof *pairs, fake_compare);
  for (int64_t k = 0; k < count; k++) {
    key[k] = pairs[k].key;
    if (value != NULL) value[k] = pairs[k].value;
  }
  free(pairs);
  return GLI_DEVICE_OK;
}

static const gli_device_driver fake_driver = {
    .struct_size = sizeof fake_driver,
    .abi = GLI_DEVICE_ABI,
    .name = "fake",
    .allocate = fake_allocate,
    .release = fake_release,
    .upload = fake_upload,
    .download = fake_download,
    .copy = fake_copy,
    .program = fake_program,
    .kernel = fake_kernel,
    .launch = fake_launch,
    .finish = fake_finish,
    .fill = fake_fill,
    .memory = fake_memory,
    .primitives = {.exclusive_scan = fake_scan, .sort = fake_sort},
};

#endif
