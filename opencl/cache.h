/* cache.h: compiled programs kept on disk between processes. */
#ifndef GLI_OPENCL_CACHE_H
#define GLI_OPENCL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 128 bits. */
typedef struct opencl_digest {
  uint64_t high, low;
} opencl_digest;

/* FNV-1a, begun, fed and used as it is. */
opencl_digest opencl_digest_begin(void);
void opencl_digest_add(opencl_digest *digest, const void *bytes, size_t size_bytes);
/* A text and its end: "ab", "c" and "a", "bc" are two things. NULL counts as "". */
void opencl_digest_add_text(opencl_digest *digest, const char *text);

/* What was stored under `key`, or NULL: not there, damaged, or not to be trusted. The caller frees.
 * Using an entry makes it young. */
unsigned char *opencl_cache_load(opencl_digest key, size_t *size_bytes_out);
/* The folder, for this process to compile alone until it lets go; what others compiled meanwhile is
 * there to load. -1 when there is no folder, or others held it for all of `wait_ms` milliseconds:
 * then nothing should be stored. */
int opencl_cache_hold(int wait_ms);
void opencl_cache_let_go(int held);
/* Tells nobody when it could not: a cache is a help, not a need. Drops what was not used for
 * longest when the folder has grown too large. */
void opencl_cache_store(opencl_digest key, const unsigned char *bytes, size_t size_bytes);

#endif
