/* child.h: how a forked child of a test ends. */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include <stddef.h>
#include <unistd.h>

/* There in a build that measures coverage: _exit alone would lose what the child reached. */
extern void __gcov_dump(void) __attribute__((weak));

/* End the child without the exit handlers, which are the parent's (Criterion's, say). */
static inline void leave_child(int code) {
  if (__gcov_dump != NULL) {
    __gcov_dump();
  }
  _exit(code);
}

#endif
