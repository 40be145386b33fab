/* rates.c: figures of a device for the cost model: rough ones by its kind. */
#include "device/rates.h"

#include <string.h>

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

gli__device_rates gli__rates_of(const gli_device_driver *driver, const gli_device_info *info) {
  (void)driver;
  return gli__rates_rough(info);
}
