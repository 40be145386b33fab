/* result_parts.h: what a result is made of, for result.c and result_kept.c. */
#ifndef GLI_DISPATCH_RESULT_PARTS_H
#define GLI_DISPATCH_RESULT_PARTS_H

#include "device/kept.h"
#include "dispatch/dispatch.h"

enum { GLI__COLUMNS_AT_MOST = 16, GLI__DEVICE_NAME_SIZE = 128 };

/* Where a column's values are. `data` and `live` are set once, by whoever comes first, while others
 * may be reading: a result is const to its users. */
typedef struct gli__column_home {
  gli__kept *kept;           /* on a device; NULL: only here */
  _Atomic(void *) data;      /* on the host; NULL: only there */
  _Atomic(gli__kept *) live; /* on the device without holes, once asked for */
} gli__column_home;

struct gli_result {
  gli_snapshot *snapshot;
  gli__memory *memory;
  size_t column_count;
  gli_column columns[GLI__COLUMNS_AT_MOST]; /* their data: see homes */
  gli__column_home homes[GLI__COLUMNS_AT_MOST];
  gli_run_record run;
  char why[GLI__WHY_SIZE];
  char device[GLI__DEVICE_NAME_SIZE], failed_device[GLI__DEVICE_NAME_SIZE];
};

size_t gli__column_item_bytes(gli_column_type type);
/* Room for at least one item, so that `data` of an empty column is not NULL. */
static inline size_t gli__column_room(int64_t length) {
  return length == 0 ? 1 : (size_t)length;
}
/* The position of a column; GLI_ERROR_INVALID_ARGUMENT with the names that there are. */
gli_status gli__result_find(const gli_result *result, const char *name, size_t *position_out,
                            gli_error *error);
/* The column's data to the host, unless they are there. */
gli_status gli__result_fetch_at(const gli_result *result, size_t position,
                                const gli_control *control, gli_error *error);

#endif
