/* pause.h: tells the processor that a loop only waits. */
#ifndef GLI_BASE_PAUSE_H
#define GLI_BASE_PAUSE_H

static inline void gli__pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb" ::: "memory"); /* "yield" is a no-op on most cores */
#endif
}

#endif
