/* rates.h: how fast a device is, for the cost model. */
#ifndef GLI_DEVICE_RATES_H
#define GLI_DEVICE_RATES_H

#include "device/devices.h"

/* What calibration stored for this device and driver version, or rough figures for its kind. */
gli__device_rates gli__rates_of(const gli_device_driver *driver, const gli_device_info *info);
/* The rough ones. */
gli__device_rates gli__rates_rough(const gli_device_info *info);

#endif
