/** @file backend.h
 *  @brief Where algorithms can run on this machine, and why not elsewhere.
 */
#ifndef GLI_BACKEND_H
#define GLI_BACKEND_H

#include <gli/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_backend_info {
  const char *name; /**< "cpu", "cuda", "opencl" */
  bool available;
  const char *reason; /**< what it is when available; why not, and what to do, when not */
} gli_backend_info;

GLI_API size_t gli_backend_count(void);
/** @brief The backend at a position; looking at a device backend may open its driver once. */
GLI_API bool gli_backend_at(size_t position, gli_backend_info *info_out);
/** @retval GLI_ERROR_BACKEND_UNAVAILABLE known, but not here: the message holds the reason.
 *  @retval GLI_ERROR_INVALID_ARGUMENT     no such backend; the message lists the names. */
GLI_API gli_status gli_backend_require(const char *name, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
