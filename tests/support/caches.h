/* caches.h: caches of compiled programs that no other process uses. */
#ifndef TESTS_SUPPORT_CACHES_H
#define TESTS_SUPPORT_CACHES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Our cache and PoCL's in a new folder; `folder` ends in XXXXXX. Both, because processes that
 * compile one text at a time know each other by our cache (opencl/cache.c). Before OpenCL is first
 * used: PoCL asks for its folder once. */
static inline bool use_caches_in(char *folder) {
  char pocl[256];
  if (mkdtemp(folder) == NULL) return false;
  (void)snprintf(pocl, sizeof pocl, "%s/pocl", folder);
  return setenv("GLI_CACHE_DIR", folder, 1) == 0 && setenv("POCL_CACHE_DIR", pocl, 1) == 0;
}

#endif
