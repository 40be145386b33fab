/** @file allocator.h
 *  @brief Where memory comes from: one table of three functions, chosen per graph.
 */
#ifndef GLI_ALLOCATOR_H
#define GLI_ALLOCATOR_H

#include <gli/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Functions that hand out memory. They are called from any thread, so they must be thread-safe;
 *  a failure is a NULL return. Sizes are never zero. Blocks are aligned for any type (16 bytes). */
typedef struct gli_allocator {
  void *context; /**< passed back to every function */
  void *(*allocate)(void *context, size_t size_bytes);
  /** On failure returns NULL and leaves the old block as it was. */
  void *(*reallocate)(void *context, void *block, size_t old_size_bytes, size_t new_size_bytes);
  /** `size_bytes` is what was asked for, so that an allocator can count without headers. */
  void (*release)(void *context, void *block, size_t size_bytes);
} gli_allocator;

/** @brief The allocator used when NULL is given: malloc for small blocks; large ones come straight
 *  from the system, ask for huge pages and grow in place where the system can (mremap). */
GLI_API const gli_allocator *gli_allocator_default(void);

/** @brief Say that an allocator's `allocate` asks the default one for every block and hands it on
 * as it is, as one that counts does. Large blocks of the default one come cleared by the system:
 * then nobody clears them again, which for a result of gigabytes takes seconds in which a call does
 * not stop. For the whole process; the last one said counts, NULL takes it back. */
GLI_API void gli_allocator_hands_on(void *(*allocate)(void *context, size_t size_bytes));

#ifdef __cplusplus
}
#endif
#endif
