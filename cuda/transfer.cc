/* transfer.cc: uploads and downloads through pinned memory.
 *
 * A copy from or to ordinary memory makes the CUDA runtime stage it by itself, and wait. Here the
 * data go through two pinned slots: while one is copied by the device the host fills or empties the
 * other, so that a large transfer costs the slower of the two and not their sum, and the caller's
 * memory is free again when the function returns. Small uploads share a slot and wait for nothing.
 * A device starts with slots of 64 KiB and gets slots of 4 MiB with its first large transfer:
 * pinning costs about a millisecond per 4 MiB, which a small graph need not pay.
 *
 * A small download that nobody waits for becomes a letter: it arrives in pinned memory and is
 * handed to its target by the next event_wait behind it, finish, or download that waits. A larger
 * one, or one too many, waits after all. */
#include <string.h>

#include "cuda/driver.h"

namespace gli_cuda {

static gli_device_code pin(gli_device *device, uint64_t slot_bytes, char **pinned_out,
                           gli_device_error *error) {
  void *pinned = nullptr;
  gli_device_code code =
      check(device, cudaHostAlloc(&pinned, 2 * slot_bytes + mailbox_bytes, cudaHostAllocDefault),
            "cudaHostAlloc", error);
  if (code == GLI_DEVICE_OK) *pinned_out = static_cast<char *>(pinned);
  return code;
}

static void use_pinned(Staging &staging, char *pinned, uint64_t slot_bytes) {
  staging.pinned = pinned;
  staging.slot_bytes = slot_bytes;
  staging.current = 0;
  for (int k = 0; k < 2; k++) {
    staging.slots[k].memory = pinned + static_cast<uint64_t>(k) * slot_bytes;
    staging.slots[k].used_bytes = 0;
    staging.slots[k].in_flight = false;
  }
}

static char *mailbox_memory(gli_device *device) {
  return device->staging.pinned + 2 * device->staging.slot_bytes;
}

gli_device_code staging_open(gli_device *device, gli_device_error *error) {
  Staging &staging = device->staging;
  for (Slot &slot : staging.slots) {
    gli_device_code code =
        check(device, cudaEventCreateWithFlags(&slot.done, cudaEventDisableTiming),
              "cudaEventCreateWithFlags", error);
    if (code != GLI_DEVICE_OK) return code;
  }
  char *pinned = nullptr;
  gli_device_code code = pin(device, small_slot_bytes, &pinned, error);
  if (code == GLI_DEVICE_OK) use_pinned(staging, pinned, small_slot_bytes);
  return code;
}

void staging_close(gli_device *device) {
  Staging &staging = device->staging;
  for (Slot &slot : staging.slots) {
    if (slot.done != nullptr) ignore(cudaEventDestroy(slot.done));
    slot.done = nullptr;
  }
  if (staging.pinned != nullptr) ignore(cudaFreeHost(staging.pinned));
  staging.pinned = nullptr;
}

/* The stream is idle: nothing touches the slots, and all letters are there. */
static void stream_is_idle(gli_device *device) {
  for (Slot &slot : device->staging.slots) {
    slot.used_bytes = 0;
    slot.in_flight = false;
  }
  mailbox_deliver(device, device->mailbox.written);
}

static gli_device_code drain(gli_device *device, gli_device_error *error) {
  gli_device_code code =
      check(device, cudaStreamSynchronize(device->stream), "cudaStreamSynchronize", error);
  if (code == GLI_DEVICE_OK) stream_is_idle(device);
  return code;
}

/* Large slots where they pay. When the host will not pin them the small ones do, slower. */
static gli_device_code widen(gli_device *device, uint64_t size_bytes, gli_device_error *error) {
  Staging &staging = device->staging;
  if (size_bytes <= staging.slot_bytes || staging.slot_bytes >= large_slot_bytes)
    return GLI_DEVICE_OK;
  char *pinned = nullptr;
  gli_device_code code = pin(device, large_slot_bytes, &pinned, error);
  if (code != GLI_DEVICE_OK) return code == GLI_DEVICE_LOST ? code : GLI_DEVICE_OK;
  code = drain(device, error);
  if (code != GLI_DEVICE_OK) {
    ignore(cudaFreeHost(pinned));
    return code;
  }
  ignore(cudaFreeHost(staging.pinned));
  use_pinned(staging, pinned, large_slot_bytes);
  return GLI_DEVICE_OK;
}

static gli_device_code wait_for(gli_device *device, Slot &slot, gli_device_error *error) {
  if (!slot.in_flight) return GLI_DEVICE_OK;
  gli_device_code code =
      check(device, cudaEventSynchronize(slot.done), "cudaEventSynchronize", error);
  if (code == GLI_DEVICE_OK) {
    slot.in_flight = false;
    slot.used_bytes = 0;
  }
  return code;
}

static gli_device_code seal(gli_device *device, Slot &slot, gli_device_error *error) {
  gli_device_code code =
      check(device, cudaEventRecord(slot.done, device->stream), "cudaEventRecord", error);
  if (code == GLI_DEVICE_OK) slot.in_flight = true;
  return code;
}

/* A slot with room: the current one, or the other one once the device is done with it. */
static gli_device_code slot_with_room(gli_device *device, Slot **slot_out,
                                      gli_device_error *error) {
  Staging &staging = device->staging;
  Slot *slot = &staging.slots[staging.current];
  if (slot->used_bytes == staging.slot_bytes) {
    Slot *other = &staging.slots[1 - staging.current];
    gli_device_code code = slot->in_flight ? GLI_DEVICE_OK : seal(device, *slot, error);
    /* Used and not sealed: a download broke off there. */
    if (code == GLI_DEVICE_OK && other->used_bytes > 0 && !other->in_flight)
      code = seal(device, *other, error);
    if (code == GLI_DEVICE_OK) code = wait_for(device, *other, error);
    if (code != GLI_DEVICE_OK) return code;
    staging.current = 1 - staging.current;
    slot = other;
  }
  *slot_out = slot;
  return GLI_DEVICE_OK;
}

gli_device_code upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                       const void *source, uint64_t size_bytes, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code = in_buffer(buffer, offset_bytes, size_bytes, "an upload", error);
  if (code == GLI_DEVICE_OK) code = widen(device, size_bytes, error);
  const char *from = static_cast<const char *>(source);
  char *to = static_cast<char *>(buffer->memory) + offset_bytes;
  while (code == GLI_DEVICE_OK && size_bytes > 0) {
    Slot *slot = nullptr;
    code = slot_with_room(device, &slot, error);
    if (code != GLI_DEVICE_OK) return code;
    uint64_t part_bytes = device->staging.slot_bytes - slot->used_bytes;
    if (part_bytes > size_bytes) part_bytes = size_bytes;
    char *staged = slot->memory + slot->used_bytes;
    memcpy(staged, from, part_bytes);
    slot->used_bytes += part_bytes; /* also if the copy fails: it may have been queued */
    code = check(device,
                 cudaMemcpyAsync(to, staged, part_bytes, cudaMemcpyHostToDevice, device->stream),
                 "cudaMemcpyAsync", error);
    from += part_bytes;
    to += part_bytes;
    size_bytes -= part_bytes;
  }
  return code;
}

/* A part of a download on its way into a slot. */
static gli_device_code fetch(gli_device *device, Slot &slot, const char *from, uint64_t part_bytes,
                             gli_device_error *error) {
  gli_device_code code =
      check(device,
            cudaMemcpyAsync(slot.memory, from, part_bytes, cudaMemcpyDeviceToHost, device->stream),
            "cudaMemcpyAsync", error);
  if (code == GLI_DEVICE_OK) code = seal(device, slot, error);
  return code;
}

/* All uploads that use the slots stand before this in the stream, so a part may land where one of
 * them still is: the device has read it by then. */
static gli_device_code download_parts(gli_device *device, const char *from, char *to,
                                      uint64_t size_bytes, gli_device_error *error) {
  Staging &staging = device->staging;
  const uint64_t slot_bytes = staging.slot_bytes;
  const uint64_t parts = (size_bytes + slot_bytes - 1) / slot_bytes;
  const uint64_t last_bytes = size_bytes - (parts - 1) * slot_bytes;
  gli_device_code code =
      fetch(device, staging.slots[0], from, parts == 1 ? last_bytes : slot_bytes, error);
  for (uint64_t k = 0; code == GLI_DEVICE_OK && k < parts; k++) {
    if (k + 1 < parts) {
      code = fetch(device, staging.slots[(k + 1) % 2], from + (k + 1) * slot_bytes,
                   k + 2 == parts ? last_bytes : slot_bytes, error);
    }
    if (code == GLI_DEVICE_OK) code = wait_for(device, staging.slots[k % 2], error);
    if (code == GLI_DEVICE_OK) {
      memcpy(to + k * slot_bytes, staging.slots[k % 2].memory,
             k + 1 == parts ? last_bytes : slot_bytes);
    }
  }
  return code;
}

static gli_device_code write_letter(gli_device *device, const char *from, void *target,
                                    uint64_t size_bytes, gli_device_error *error) {
  Mailbox &mailbox = device->mailbox;
  char *place = mailbox_memory(device) + mailbox.used_bytes;
  gli_device_code code = check(
      device, cudaMemcpyAsync(place, from, size_bytes, cudaMemcpyDeviceToHost, device->stream),
      "cudaMemcpyAsync", error);
  if (code != GLI_DEVICE_OK) return code;
  mailbox.letters[mailbox.count++] = {target, mailbox.used_bytes, size_bytes, ++mailbox.written};
  mailbox.used_bytes += size_bytes;
  return GLI_DEVICE_OK;
}

void mailbox_deliver(gli_device *device, uint64_t number) {
  Mailbox &mailbox = device->mailbox;
  int kept = 0;
  for (int k = 0; k < mailbox.count; k++) {
    const Letter &letter = mailbox.letters[k];
    if (letter.number <= number)
      memcpy(letter.target, mailbox_memory(device) + letter.offset_bytes, letter.size_bytes);
    else
      mailbox.letters[kept++] = letter;
  }
  mailbox.count = kept;
  if (kept == 0) mailbox.used_bytes = 0;
}

gli_device_code download(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                         void *target, uint64_t size_bytes, bool wait, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code = in_buffer(buffer, offset_bytes, size_bytes, "a download", error);
  if (code != GLI_DEVICE_OK) return code;
  if (size_bytes == 0) return wait ? finish(device, error) : GLI_DEVICE_OK;
  const char *from = static_cast<const char *>(buffer->memory) + offset_bytes;
  const Mailbox &mailbox = device->mailbox;
  if (!wait && mailbox.count < letter_limit && size_bytes <= mailbox_bytes - mailbox.used_bytes)
    return write_letter(device, from, target, size_bytes, error);
  code = widen(device, size_bytes, error);
  if (code != GLI_DEVICE_OK) return code;
  code = download_parts(device, from, static_cast<char *>(target), size_bytes, error);
  if (code == GLI_DEVICE_OK) {
    stream_is_idle(device);
  } else if (code != GLI_DEVICE_LOST) {
    /* A part may still be on its way into a slot: the next upload must not write there. */
    if (drain(device, nullptr) != GLI_DEVICE_OK) {
      for (Slot &slot : device->staging.slots)
        slot.used_bytes = device->staging.slot_bytes;
    }
  }
  return code;
}

}  // namespace gli_cuda
