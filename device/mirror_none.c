/* mirror_none.c: what mirror.h says of a device that keeps no mirror between calls. Weak: a
 * mirror.c that keeps them takes over, function by function. */
#include "device/mirror.h"

__attribute__((weak)) bool gli__mirror_evict(gli__device *device, uint64_t wanted_bytes,
                                             const gli__call *in_use) {
  (void)device;
  (void)wanted_bytes;
  (void)in_use;
  return false;
}

__attribute__((weak)) void gli__mirror_forget_all(gli__device *device) {
  (void)device;
}

__attribute__((weak)) void gli__mirror_release_all(gli__device *device) {
  (void)device;
}

__attribute__((weak)) uint64_t gli__mirror_missing_bytes(const gli__device *device,
                                                         const gli_snapshot *snapshot, bool in) {
  (void)device;
  (void)in;
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  return (uint64_t)gli_snapshot_node_limit(snapshot) * sizeof(gli_row) +
         (uint64_t)rows.entry_count * sizeof(int32_t);
}

__attribute__((weak)) gli_status gli__mirror_pin(gli__call *call) {
  return gli__call_fail(call, GLI_ERROR_DEVICE, "this build keeps no mirror between calls");
}

__attribute__((weak)) void gli__mirror_unpin(gli__device *device, const gli_snapshot *snapshot) {
  (void)device;
  (void)snapshot;
}

__attribute__((weak)) gli__mirror_figures gli__mirror_figures_of(const gli__device *device,
                                                                 const gli_snapshot *snapshot) {
  (void)device;
  (void)snapshot;
  return (gli__mirror_figures){.bytes = 0};
}
