/* pause.h: small things that processors and systems spell differently. */
#ifndef GLI_BASE_PAUSE_H
#define GLI_BASE_PAUSE_H

#include <stddef.h> /* defines __GLIBC__ where that is what we have */
#include <stdint.h>

/* Tells the processor that a loop only waits. */
static inline void gli__pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb" ::: "memory"); /* "yield" is a no-op on most cores */
#endif
}

/* A thread-local variable at a fixed place, reached without a call. glibc keeps room for such ones
 * of libraries that are opened later; musl does not, and macOS has no such thing. */
#if defined(__ELF__) && defined(__GLIBC__)
#define GLI__FAST_THREAD_LOCAL __attribute__((tls_model("initial-exec")))
#else
#define GLI__FAST_THREAD_LOCAL
#endif

#endif
