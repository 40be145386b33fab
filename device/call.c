/* call.c: the frame of one algorithm call on a device: status, scratch, transfers, launches.
 *
 * Everything here looks at call->status first, so an algorithm's loop needs no error handling of
 * its own. Programs are built on first use and kept with the device; a kernel is found by its name
 * in the program's short list (the name is a literal, so comparing addresses nearly always does).
 */
#include "device/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "device/kept.h"
#include "device/mirror.h"

typedef struct gli__scratch {
  gli_device_buffer *buffer;
  uint64_t size_bytes;
  struct gli__scratch *next;
} gli__scratch;

void gli__call_begin(gli__call *call, gli_run *run, gli_snapshot *snapshot, gli__device *device,
                     const gli__device_algorithm *algorithm, gli_error *error) {
  *call = (gli__call){.status = GLI_OK,
                      .run = run,
                      .snapshot = snapshot,
                      .device = device,
                      .algorithm = algorithm,
                      .error = error};
}

/* Scratch goes back to the driver, unless the device is lost: then it is gone already. */
static void give_back(gli__call *call, gli__scratch *scratch) {
  gli__device *device = call->device;
  if (!atomic_load(&device->quarantined)) device->driver->release(device->handle, scratch->buffer);
  device->traffic.allocated_bytes -= scratch->size_bytes;
  gli_run_release(call->run, scratch);
}

gli_status gli__call_end(gli__call *call) {
  while (call->scratch != NULL) {
    gli__scratch *scratch = call->scratch;
    call->scratch = scratch->next;
    give_back(call, scratch);
  }
  return call->status;
}

bool gli__call_go_on(gli__call *call) {
  if (call->status == GLI_OK) call->status = gli_run_check(call->run, call->error);
  return call->status == GLI_OK;
}

gli_status gli__call_fail(gli__call *call, gli_status status, const char *format, ...) {
  char message[GLI_ERROR_MESSAGE_SIZE];
  va_list arguments;
  if (call->status != GLI_OK) return call->status; /* the first failure is the one to tell */
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  call->status = gli__fail(call->error, status, "%s", message);
  return call->status;
}

bool gli__call_check(gli__call *call, gli_device_code code, const gli_device_error *error) {
  if (code == GLI_DEVICE_OK) return call->status == GLI_OK;
  gli__device *device = call->device;
  if (code == GLI_DEVICE_LOST && !atomic_load(&device->quarantined)) {
    snprintf(device->reason, sizeof device->reason, "the device was lost: %s", error->message);
    atomic_store(&device->quarantined, true);
  }
  if (call->status != GLI_OK) return false; /* the first failure is the one to tell */
  call->code = code;
  call->short_of_memory = code == GLI_DEVICE_NO_MEMORY;
  gli__call_fail(call, GLI_ERROR_DEVICE, "%s (%s): %s", device->info.name, device->driver->name,
                 error->message);
  if (call->error != NULL) call->error->driver_code = error->driver_code;
  return false;
}

/* --- Memory ----------------------------------------------------------------------------------- */

gli_device_buffer *gli__call_buffer(gli__call *call, int64_t count, size_t item_size_bytes) {
  if (call->status != GLI_OK) return NULL;
  gli__device *device = call->device;
  gli_device_error error = {0};
  gli_device_buffer *buffer = NULL;
  size_t size_bytes = 0;
  if (!gli__multiply((size_t)(count > 0 ? count : 1), item_size_bytes, &size_bytes)) {
    gli__call_fail(call, GLI_ERROR_LIMIT, "%lld items of %zu bytes are more than can be addressed",
                   (long long)count, item_size_bytes);
    return NULL;
  }
  gli__scratch *scratch = gli_run_allocate(call->run, 1, sizeof *scratch);
  if (scratch == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  gli_device_code code = device->driver->allocate(device->handle, size_bytes, &buffer, &error);
  while (code == GLI_DEVICE_NO_MEMORY && gli__mirror_evict(device, size_bytes, call)) {
    code = device->driver->allocate(device->handle, size_bytes, &buffer, &error);
  }
  code = gli__device_handed(code, buffer, "allocate", &error);
  if (!gli__call_check(call, code, &error)) {
    gli_run_release(call->run, scratch);
    return NULL;
  }
  *scratch = (gli__scratch){.buffer = buffer, .size_bytes = size_bytes, .next = call->scratch};
  call->scratch = scratch;
  gli__device_traffic *traffic = &device->traffic;
  traffic->allocated_bytes += size_bytes;
  if (traffic->allocated_bytes > traffic->peak_bytes) {
    traffic->peak_bytes = traffic->allocated_bytes;
  }
  return buffer;
}

void gli__call_release(gli__call *call, gli_device_buffer *buffer) {
  for (gli__scratch **at = &call->scratch; *at != NULL; at = &(*at)->next) {
    if ((*at)->buffer != buffer) continue;
    gli__scratch *found = *at;
    *at = found->next;
    give_back(call, found);
    return;
  }
}

void gli__call_detach(gli__call *call, gli_device_buffer *buffer) {
  for (gli__scratch **at = &call->scratch; *at != NULL; at = &(*at)->next) {
    if ((*at)->buffer != buffer) continue;
    gli__scratch *found = *at;
    *at = found->next;
    gli_run_release(call->run, found);
    return;
  }
}

void gli__call_upload(gli__call *call, gli_device_buffer *buffer, int64_t offset_bytes,
                      const void *source, int64_t size_bytes) {
  if (call->status != GLI_OK || size_bytes == 0) return;
  gli__device *device = call->device;
  gli_device_error error = {0};
  const double began = gli__seconds_now();
  const gli_device_code code = device->driver->upload(
      device->handle, buffer, (uint64_t)offset_bytes, source, (uint64_t)size_bytes, &error);
  call->transfer_seconds += gli__seconds_now() - began;
  if (gli__call_check(call, code, &error)) device->traffic.uploaded_bytes += (uint64_t)size_bytes;
}

void gli__call_download(gli__call *call, gli_device_buffer *buffer, int64_t offset_bytes,
                        void *target, int64_t size_bytes) {
  if (call->status != GLI_OK || size_bytes == 0) return;
  gli__device *device = call->device;
  gli_device_error error = {0};
  gli__call_finish(call); /* what was launched before is computing, not transfer */
  if (call->status != GLI_OK) return;
  const double began = gli__seconds_now();
  const gli_device_code code = device->driver->download(
      device->handle, buffer, (uint64_t)offset_bytes, target, (uint64_t)size_bytes, true, &error);
  call->transfer_seconds += gli__seconds_now() - began;
  if (gli__call_check(call, code, &error)) {
    device->traffic.downloaded_bytes += (uint64_t)size_bytes;
  }
}

void gli__call_copy(gli__call *call, gli_device_buffer *from, int64_t from_offset_bytes,
                    gli_device_buffer *to, int64_t to_offset_bytes, int64_t size_bytes) {
  if (call->status != GLI_OK || size_bytes == 0) return;
  gli_device_error error = {0};
  const gli_device_code code =
      call->device->driver->copy(call->device->handle, from, (uint64_t)from_offset_bytes, to,
                                 (uint64_t)to_offset_bytes, (uint64_t)size_bytes, &error);
  gli__call_check(call, code, &error);
}

void gli__call_finish(gli__call *call) {
  if (call->status != GLI_OK) return;
  gli_device_error error = {0};
  const gli_device_code code = call->device->driver->finish(call->device->handle, &error);
  gli__call_check(call, code, &error);
}

static void fill(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                 const void *pattern, uint32_t pattern_bytes) {
  if (call->status != GLI_OK || count == 0) return;
  gli_device_error error = {0};
  const gli_device_code code =
      call->device->driver->fill(call->device->handle, buffer, (uint64_t)first * pattern_bytes,
                                 (uint64_t)count * pattern_bytes, pattern, pattern_bytes, &error);
  gli__call_check(call, code, &error);
}

void gli__call_fill_u8(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                       uint8_t value) {
  fill(call, buffer, first, count, &value, sizeof value);
}

void gli__call_fill_u32(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        uint32_t value) {
  fill(call, buffer, first, count, &value, sizeof value);
}

void gli__call_fill_i64(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        int64_t value) {
  fill(call, buffer, first, count, &value, sizeof value);
}

void gli__call_fill_f64(gli__call *call, gli_device_buffer *buffer, int64_t first, int64_t count,
                        double value) {
  fill(call, buffer, first, count, &value, sizeof value);
}

/* A small read: waiting for the launches before it is what takes the time, and that is computing.
 */
static void read_one(gli__call *call, gli_device_buffer *buffer, int64_t index, void *value,
                     uint64_t size_bytes) {
  if (call->status != GLI_OK) return;
  gli_device_error error = {0};
  const gli_device_code code = call->device->driver->download(
      call->device->handle, buffer, (uint64_t)index * size_bytes, value, size_bytes, true, &error);
  if (gli__call_check(call, code, &error)) {
    call->device->traffic.downloaded_bytes += size_bytes;
  }
}

uint32_t gli__call_read_u32(gli__call *call, gli_device_buffer *buffer, int64_t index) {
  uint32_t value = 0;
  read_one(call, buffer, index, &value, sizeof value);
  return call->status == GLI_OK ? value : 0;
}

int64_t gli__call_read_i64(gli__call *call, gli_device_buffer *buffer, int64_t index) {
  int64_t value = 0;
  read_one(call, buffer, index, &value, sizeof value);
  return call->status == GLI_OK ? value : 0;
}

double gli__call_read_f64(gli__call *call, gli_device_buffer *buffer, int64_t index) {
  double value = 0;
  read_one(call, buffer, index, &value, sizeof value);
  return call->status == GLI_OK ? value : 0;
}

/* --- Results ---------------------------------------------------------------------------------- */

static void *add_column(gli__call *call, gli_result *result, const char *name, gli_column_type type,
                        gli_column_domain domain, int64_t length, int64_t *length_out) {
  if (call->status != GLI_OK) return NULL;
  void *data = NULL;
  call->status = gli_result_add_column(result, name, type, domain, length, &data, call->error);
  if (call->status != GLI_OK) return NULL;
  gli_column column = {0};
  call->status = gli_result_column(result, name, &column, call->error);
  *length_out = column.length;
  return data;
}

static int64_t item_bytes(gli_column_type type) {
  switch (type) {
    case GLI_COLUMN_BOOL:
      return 1;
    case GLI_COLUMN_NODE:
      return 4;
    default:
      return 8;
  }
}

void *gli__call_column(gli__call *call, gli_result *result, const char *name, gli_column_type type,
                       gli_column_domain domain, int64_t length, gli_device_buffer *buffer) {
  void *data = add_column(call, result, name, type, domain, length, &length);
  if (data != NULL && buffer != NULL) {
    gli__call_download(call, buffer, 0, data, length * item_bytes(type));
  }
  return call->status == GLI_OK ? data : NULL;
}

/* Hand a kept column over; the result has it, or nobody. */
static void keep_column(gli__call *call, gli_result *result, const char *name, gli_column_type type,
                        gli_column_domain domain, int64_t length, gli__kept *kept) {
  if (call->status != GLI_OK) return;
  call->status = call->keep(result, name, type, domain, length, kept, call->error);
  if (call->status != GLI_OK) gli__kept_free(kept);
}

static int64_t length_of(const gli__call *call, gli_column_domain domain, int64_t length) {
  if (domain == GLI_PER_NODE) return gli_snapshot_node_limit(call->snapshot);
  if (domain == GLI_PER_EDGE) return gli_snapshot_edge_limit(call->snapshot);
  return length;
}

void gli__call_column_final(gli__call *call, gli_result *result, const char *name,
                            gli_column_type type, gli_column_domain domain, int64_t length,
                            gli_device_buffer *buffer) {
  if (call->keep == NULL || buffer == NULL) {
    (void)gli__call_column(call, result, name, type, domain, length, buffer);
    return;
  }
  const int64_t size_bytes = length_of(call, domain, length) * item_bytes(type);
  keep_column(call, result, name, type, domain, length, gli__call_keep(call, buffer, size_bytes));
}

typedef struct widening {
  const int32_t *narrow;
  int64_t *wide;
} widening;

static void widen_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const widening *job = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++)
    job->wide[k] = job->narrow[k];
}

void gli__call_column_widened(gli__call *call, gli_result *result, const char *name,
                              gli_column_domain domain, int64_t length, gli_device_buffer *buffer) {
  if (call->keep != NULL && buffer != NULL) {
    keep_column(call, result, name, GLI_COLUMN_INT64, domain, length,
                gli__call_keep_widened(call, buffer, length_of(call, domain, length)));
    return;
  }
  int64_t *wide = add_column(call, result, name, GLI_COLUMN_INT64, domain, length, &length);
  if (wide == NULL || length == 0 || buffer == NULL) return;
  /* Half the bytes over the bus; the host widens at memory speed. */
  int32_t *narrow = gli_run_allocate(call->run, length, sizeof *narrow);
  if (narrow == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  gli__call_download(call, buffer, 0, narrow, length * (int64_t)sizeof *narrow);
  if (call->status == GLI_OK) {
    widening job = {narrow, wide};
    call->status =
        gli_run_parallel(call->run, length, INT64_C(1) << 16, widen_block, &job, call->error);
  }
  gli_run_release(call->run, narrow);
}

/* --- The graph -------------------------------------------------------------------------------- */

gli__device_rows gli__call_rows(gli__call *call, bool in) {
  if (call->status != GLI_OK) return (gli__device_rows){0};
  return gli__mirror_rows(call, in);
}

gli__device_simple_rows gli__call_simple_rows(gli__call *call) {
  if (call->status != GLI_OK) return (gli__device_simple_rows){0};
  return gli__mirror_simple_rows(call);
}

gli_device_buffer *gli__call_slots(gli__call *call, bool in) {
  if (call->status != GLI_OK) return NULL;
  return gli__mirror_slots(call, in);
}

gli_device_buffer *gli__call_weights(gli__call *call, const char *attribute, bool in) {
  if (call->status != GLI_OK || attribute == NULL) return NULL;
  if (gli_snapshot_edge_count(call->snapshot) == 0) return NULL;
  return gli__mirror_weights(call, attribute, in);
}

/* --- Programs and launches -------------------------------------------------------------------- */

static gli__device_program *build_program(gli__call *call, const char *name) {
  gli__device *device = call->device;
  gli_device_error error = {0};
  const gli_device_source source = {
      .name = name, .dialect = gli__device_dialect, .text = gli__device_text(name)};
  if (source.text == NULL) {
    gli__call_fail(call, GLI_ERROR_DEVICE, "there is no kernel source named '%s'", name);
    return NULL;
  }
  gli__device_program *built = gli__allocate_zeroed(device->memory, 1, sizeof *built);
  if (built == NULL) {
    call->status = gli__no_memory(call->error, "a device program");
    return NULL;
  }
  const double began = gli__seconds_now();
  gli_device_code code = device->driver->program(device->handle, &source, &built->program, &error);
  code = gli__device_handed(code, built->program, "program", &error);
  call->build_seconds += gli__seconds_now() - began;
  if (!gli__call_check(call, code, &error)) {
    gli__release(device->memory, built, 1, sizeof *built);
    return NULL;
  }
  built->name = name;
  built->next = device->programs;
  device->programs = built;
  return built;
}

static gli__device_program *find_program(gli__call *call, const char *name) {
  for (gli__device_program *at = call->device->programs; at != NULL; at = at->next) {
    if (at->name == name || strcmp(at->name, name) == 0) return at;
  }
  return build_program(call, name);
}

static gli_device_kernel *find_kernel(gli__call *call, gli__device_program *program,
                                      const char *name) {
  for (int32_t k = 0; k < program->kernel_count; k++) {
    const char *known = program->kernels[k].name;
    if (known == name || strcmp(known, name) == 0) return program->kernels[k].kernel;
  }
  gli_device_error error = {0};
  gli_device_kernel *kernel = NULL;
  gli_device_code code =
      call->device->driver->kernel(call->device->handle, program->program, name, &kernel, &error);
  code = gli__device_handed(code, kernel, "kernel", &error);
  if (!gli__call_check(call, code, &error)) return NULL;
  if (program->kernel_count == GLI__PROGRAM_KERNELS) {
    gli__call_fail(call, GLI_ERROR_DEVICE, "program '%s' has more than %d kernels", program->name,
                   GLI__PROGRAM_KERNELS);
    return NULL;
  }
  program->kernels[program->kernel_count].name = name;
  program->kernels[program->kernel_count++].kernel = kernel;
  return kernel;
}

void gli__call_launch_from(gli__call *call, const char *program, const char *kernel,
                           gli_device_shape shape, const gli_device_argument *arguments,
                           size_t argument_count) {
  if (call->status != GLI_OK || shape.count == 0) return;
  gli__device_program *built = find_program(call, program);
  if (built == NULL) return;
  gli_device_kernel *found = find_kernel(call, built, kernel);
  if (found == NULL) return;
  gli_device_error error = {0};
  const gli_device_code code = call->device->driver->launch(call->device->handle, found, shape,
                                                            arguments, argument_count, &error);
  if (gli__call_check(call, code, &error)) call->device->traffic.launches++;
}

void gli__call_launch(gli__call *call, const char *kernel, gli_device_shape shape,
                      const gli_device_argument *arguments, size_t argument_count) {
  gli__call_launch_from(call, call->algorithm->program, kernel, shape, arguments, argument_count);
}
