/* sink.h: a file that is being written: buffered, compressed by its name, all or nothing. */
#ifndef GLI_IO_SINK_H
#define GLI_IO_SINK_H

#include <gli/status.h>

#include "base/memory.h"

typedef struct gli__sink gli__sink;

/* Opens a new file beside `path`, or the pipe or device that is there; names that end in .gz or
 * .zst are compressed. */
gli_status gli__sink_open(const char *path, gli__memory *memory, gli__sink **sink_out,
                          gli_error *error);
gli_status gli__sink_put(gli__sink *sink, const char *bytes, size_t size_bytes, gli_error *error);
/* With GLI_OK so far: finish, and rename over `path`. With a failure: remove what was written, and
 * return that failure. Frees the sink either way. */
gli_status gli__sink_close(gli__sink *sink, gli_status so_far, gli_error *error);

#endif
