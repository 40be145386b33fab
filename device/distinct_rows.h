/* distinct_rows.h: rows in which each neighbour stands once, for algorithms that count neighbours.
 *
 * A simple graph's rows are such; an undirected multigraph has its simple rows. Loops may stand in
 * them or not. Directed multigraphs have no such rows on a device. */
#ifndef GLI_DEVICE_DISTINCT_ROWS_H
#define GLI_DEVICE_DISTINCT_ROWS_H

#include "device/call.h"

/* Whether there are such rows; `why_not_out` gets a line when not. For `takes`. */
bool gli__has_distinct_rows(const gli_snapshot *snapshot, const char **why_not_out);
gli__device_rows gli__call_distinct_rows(gli__call *call, bool in);

#endif
