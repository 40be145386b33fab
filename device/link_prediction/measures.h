/* measures.h: similarity of many pairs on a device, by any of the CPU's measures. */
#ifndef GLI_DEVICE_LINK_PREDICTION_MEASURES_H
#define GLI_DEVICE_LINK_PREDICTION_MEASURES_H

#include "cpu/link_prediction/measures.h"
#include "device/call.h"

#define GLI__MEASURES_PROGRAM "link_prediction/measures"

/* The columns of gli__measure_pairs, with the same bits. ADAMIC_ADAR and RESOURCE_ALLOCATION need
 * float64. */
gli_status gli__call_measure_pairs(gli__call *call, const gli_pair_list *pairs,
                                   gli__measure measure, gli_result *result);
gli__device_work gli__measure_pairs_work(gli_snapshot *snapshot, const gli_pair_list *pairs,
                                         gli__measure measure);

#endif
