/* row_sums.h: a value per node from its row: the product of the graph's matrix with a vector. */
#ifndef GLI_DEVICE_ROW_SUMS_H
#define GLI_DEVICE_ROW_SUMS_H

#include "device/long_rows.h"

/* sums[v] = sum over the row of v of weight * values[neighbour], all float64. weights NULL: each
 * entry counts 1; values NULL: 1. In the order of rows; long rows by a work-group, in a fixed tree.
 * Needs float64. */
void gli__call_row_sums(gli__call *call, const gli__device_rows *side,
                        const gli__long_rows *long_rows, gli_device_buffer *weights,
                        gli_device_buffer *values, gli_device_buffer *sums);
/* The long rows alone: for kernels that sum the others themselves. */
void gli__call_long_row_sums(gli__call *call, const gli__device_rows *side,
                             const gli__long_rows *long_rows, gli_device_buffer *weights,
                             gli_device_buffer *values, gli_device_buffer *sums);

#endif
