/* copies.h: what those who keep copies of snapshots elsewhere (device/) may know beside the public
 * functions: which graph a snapshot is of, what changed, and which version a column has. */
#ifndef GLI_GRAPH_COPIES_H
#define GLI_GRAPH_COPIES_H

#include <gli/snapshot.h>

#include "topology/lineage.h"

/* Borrowed: for the functions of lineage.h. */
gli__frozen *gli__snapshot_frozen(const gli_snapshot *snapshot);

/* Equal marks of snapshots with the same lineage and topology: the same values. */
typedef struct gli__column_mark {
  const void *column; /* NULL: nothing ever had the attribute */
  uint64_t version;
} gli__column_mark;
gli__column_mark gli__snapshot_column_mark(const gli_snapshot *snapshot, gli_side side,
                                           const char *attribute);

#endif
