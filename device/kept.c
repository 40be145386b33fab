/* kept.c: columns of results that stay on a device, and how they come and go.
 *
 * A copy of the kernel's buffer, and not the buffer itself: an algorithm goes on using its scratch,
 * which may also be longer than the column, and a copy within the device's memory takes a hundredth
 * of the download that keeping saves. The address is asked for once, while the call has its turn,
 * so that sharing it needs none. */
#include "device/kept.h"

#include <stdio.h>

#include "base/fork.h"
#include "base/pool.h"
#include "device/mirror.h"

#define PROGRAM "kept"
#define DOWNLOAD_BYTES (UINT64_C(1) << 28) /* between two looks at cancellation */

/* --- Coming ----------------------------------------------------------------------------------- */

/* A buffer of the call becomes the kept one's. */
static gli__kept *adopt(gli__call *call, gli_device_buffer *buffer, uint64_t size_bytes) {
  gli__device *device = call->device;
  gli_device_error error = {0};
  if (call->status != GLI_OK) return NULL;
  gli__kept *kept = gli__allocate_zeroed(device->memory, 1, sizeof *kept);
  if (kept == NULL) {
    call->status = gli__no_memory(call->error, "a column on a device");
    return NULL;
  }
  *kept =
      (gli__kept){.device = device, .size_bytes = size_bytes, .fork_count = gli__fork_generation()};
  atomic_init(&kept->holders, 1);
  if (device->driver->address != NULL) {
    gli_device_code code = device->driver->address(device->handle, buffer, &kept->address,
                                                   &kept->kind, &kept->number, &error);
    code = gli__device_handed(code, kept->address, "address", &error);
    if (!gli__call_check(call, code, &error)) {
      gli__release(device->memory, kept, 1, sizeof *kept);
      return NULL;
    }
  }
  kept->buffer = buffer;
  gli__call_detach(call, buffer);
  device->traffic.kept_bytes += size_bytes;
  return kept;
}

/* Room for at least one byte, as a buffer needs. */
static gli_device_buffer *room_for(gli__call *call, int64_t size_bytes) {
  return gli__call_buffer(call, size_bytes, 1);
}

static uint64_t room_bytes(int64_t size_bytes) {
  return size_bytes > 0 ? (uint64_t)size_bytes : 1;
}

gli__kept *gli__call_keep(gli__call *call, gli_device_buffer *buffer, int64_t size_bytes) {
  gli_device_buffer *own = room_for(call, size_bytes);
  gli__call_copy(call, buffer, 0, own, 0, size_bytes);
  return adopt(call, own, room_bytes(size_bytes));
}

gli__kept *gli__call_keep_data(gli__call *call, const void *data, int64_t size_bytes) {
  gli_device_buffer *own = room_for(call, size_bytes);
  gli__call_upload(call, own, 0, data, size_bytes);
  return adopt(call, own, room_bytes(size_bytes));
}

#define LAUNCH(call, kernel, count, ...)                                                    \
  gli__call_launch_from(                                                                    \
      call, PROGRAM, kernel, gli__items(count), (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

gli__kept *gli__call_keep_widened(gli__call *call, gli_device_buffer *buffer, int64_t count) {
  const int64_t size_bytes = count * (int64_t)sizeof(int64_t);
  gli_device_buffer *wide = room_for(call, size_bytes);
  LAUNCH(call, "widen", count, gli__arg_buffer(buffer), gli__arg_buffer(wide), gli__arg_i64(count));
  return adopt(call, wide, room_bytes(size_bytes));
}

/* The positions of the set bits, on the device; NULL without bits or once the call has failed. */
static gli_device_buffer *live_places(gli__call *call, const uint64_t *bits, int64_t limit,
                                      int64_t *count_out) {
  int64_t count = 0, found = 0;
  *count_out = limit;
  if (bits == NULL || call->status != GLI_OK) return NULL;
  for (int64_t k = 0; k < limit; k++)
    count += gli_bit(bits, k);
  int64_t *places = gli_run_allocate(call->run, count > 0 ? count : 1, sizeof *places);
  if (places == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  for (int64_t k = 0; k < limit; k++) {
    if (gli_bit(bits, k)) places[found++] = k;
  }
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof *places);
  gli__call_upload(call, buffer, 0, places, count * (int64_t)sizeof *places);
  gli_run_release(call->run, places); /* a driver may change the source as soon as it returned */
  *count_out = count;
  return buffer;
}

gli__kept *gli__call_keep_live(gli__call *call, const gli__kept *whole, gli_column_type type,
                               int64_t length, const uint64_t *bits, const uint64_t *node_bits,
                               int64_t node_limit, int64_t *count_out) {
  int64_t count = 0, node_count = 0;
  gli_device_buffer *places = live_places(call, bits, length, &count);
  const int64_t item = type == GLI_COLUMN_BOOL ? 1 : 8;
  gli_device_buffer *live = room_for(call, count * item);
  const gli_device_argument all = gli__arg_buffer(whole->buffer);
  if (type == GLI_COLUMN_NODE) {
    gli_device_buffer *node_places = live_places(call, node_bits, node_limit, &node_count);
    gli_device_buffer *ranks = NULL;
    if (node_places != NULL) {
      ranks = gli__call_buffer(call, node_limit, sizeof(int32_t));
      gli__call_fill_u32(call, ranks, 0, node_limit, UINT32_MAX);
      LAUNCH(call, "live_ranks", node_count, gli__arg_buffer(node_places), gli__arg_buffer(ranks),
             gli__arg_i64(node_count));
    }
    LAUNCH(call, "live_nodes", count, all, gli__arg_i32(places != NULL), gli__arg_buffer(places),
           gli__arg_i32(ranks != NULL), gli__arg_buffer(ranks), gli__arg_buffer(live),
           gli__arg_i64(count));
  } else if (places == NULL) {
    gli__call_copy(call, whole->buffer, 0, live, 0, count * item);
  } else {
    LAUNCH(call, type == GLI_COLUMN_BOOL ? "live_bytes" : "live_words", count, all,
           gli__arg_buffer(places), gli__arg_buffer(live), gli__arg_i64(count));
  }
  gli__call_finish(call); /* who gets the address may read at once */
  gli__kept *kept = adopt(call, live, room_bytes(count * item));
  if (kept != NULL) *count_out = count;
  return kept;
}

/* --- Use -------------------------------------------------------------------------------------- */

gli__kept *gli__kept_retain(gli__kept *kept) {
  atomic_fetch_add_explicit(&kept->holders, 1, memory_order_relaxed);
  return kept;
}

static bool is_of_parent(const gli__kept *kept) {
  return kept->fork_count != gli__fork_generation();
}

const char *gli__kept_is_lost(const gli__kept *kept) {
  if (is_of_parent(kept)) return "it belongs to the process that this one was forked from";
  return gli__device_quarantine(kept->device);
}

gli_status gli__kept_download(gli__kept *kept, void *target, gli_run *run, gli_error *error) {
  gli__device *device = kept->device;
  const char *lost = gli__kept_is_lost(kept);
  if (lost != NULL) {
    return gli__fail(error, GLI_ERROR_DEVICE, "%.120s (%s) holds the values, and they are lost: %s",
                     device->info.name, device->driver->name, lost);
  }
  gli_status status = gli__device_acquire(device, run, error);
  if (status != GLI_OK) return status;
  gli_error own = {.status = GLI_OK};
  gli__call call;
  gli__call_begin(&call, run, NULL, device, NULL, &own);
  for (uint64_t at = 0; at < kept->size_bytes && call.status == GLI_OK; at += DOWNLOAD_BYTES) {
    const uint64_t left = kept->size_bytes - at;
    if (run != NULL && !gli__call_go_on(&call)) break;
    gli__call_download(&call, kept->buffer, (int64_t)at, (char *)target + at,
                       (int64_t)(left < DOWNLOAD_BYTES ? left : DOWNLOAD_BYTES));
  }
  status = gli__call_end(&call);
  gli__device_release(device, call.code, own.message);
  if (status != GLI_OK && error != NULL) *error = own;
  return status;
}

/* --- Going ------------------------------------------------------------------------------------ */

void gli__kept_free(gli__kept *kept) {
  if (kept == NULL) return;
  if (atomic_fetch_sub_explicit(&kept->holders, 1, memory_order_acq_rel) > 1) return;
  gli__device *device = kept->device;
  if (is_of_parent(kept)) { /* the turns may be in the hands of a thread that is not here */
    gli__release(device->memory, kept, 1, sizeof *kept);
    return;
  }
  gli__turns *turns = &device->turns;
  pthread_mutex_lock(&turns->mutex);
  kept->next = device->let_go;
  device->let_go = kept;
  const bool free = !turns->taken;
  turns->taken = true;
  pthread_mutex_unlock(&turns->mutex);
  if (free) gli__device_let_go(device);
}

bool gli__kept_reap(gli__device *device) {
  pthread_mutex_lock(&device->turns.mutex);
  gli__kept *kept = device->let_go;
  device->let_go = NULL;
  pthread_mutex_unlock(&device->turns.mutex);
  const bool any = kept != NULL;
  while (kept != NULL) {
    gli__kept *next = kept->next;
    if (device->handle != NULL && !atomic_load(&device->quarantined)) {
      device->driver->release(device->handle, kept->buffer);
    }
    device->traffic.allocated_bytes -= kept->size_bytes;
    device->traffic.kept_bytes -= kept->size_bytes;
    gli__release(device->memory, kept, 1, sizeof *kept);
    kept = next;
  }
  return any;
}
