/* rates.h: how fast a device is, for the cost model: rough by its kind, or measured and stored. */
#ifndef GLI_DEVICE_RATES_H
#define GLI_DEVICE_RATES_H

#include "device/call.h"

/* Rough figures for a kind of device. */
gli__device_rates gli__rates_rough(const gli_device_info *info);
/* What was measured and stored for this device with this version of its driver, or the rough ones.
 */
gli__device_rates gli__rates_of(const gli_device_driver *driver, const gli_device_info *info);
/* Keep them for later processes: <cache>/gli/rates, or $GLI_CACHE_DIR/rates, of the user alone. */
gli_status gli__rates_store(const gli__device *device, gli_error *error);

/* Measure all of them in less than a second, by the clock `now`; call->device is open and idle. On
 * success they are the device's. */
gli_status gli__rates_measure(gli__call *call, double (*now)(void));

#endif
