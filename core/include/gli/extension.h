/** @file extension.h
 *  @brief Algorithms of your own: a shared object that registers descriptors.
 *
 *  The shared object defines GLI_EXTENSION_ENTRY, which fills a gli_extension. It calls the public
 *  functions of libgli (snapshot, run, result) as any program does.
 */
#ifndef GLI_EXTENSION_H
#define GLI_EXTENSION_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Grows when a struct or function that extensions use changes incompatibly. */
#define GLI_EXTENSION_ABI 1

typedef struct gli_extension_algorithm {
  gli_algorithm algorithm; /**< the descriptor; strings must live as long as the process */
  gli_kernel kernel;       /**< the work, on the CPU */
} gli_extension_algorithm;

typedef struct gli_extension {
  size_t struct_size;
  uint32_t abi; /**< GLI_EXTENSION_ABI of the headers it was built with */
  const char *name;
  const char *version;
  const gli_extension_algorithm *algorithms;
  size_t algorithm_count;
} gli_extension;

/** The symbol that libgli looks up. */
typedef const gli_extension *(*gli_extension_entry)(void);
#define GLI_EXTENSION_ENTRY gli_extension_main

/** @brief Load a shared object and register its algorithms. Loading runs its code: name only files
 *  that you trust. It is never unloaded; loading the same file again changes nothing.
 *  @param path  absolute; no search, no relative path.
 *  @retval GLI_ERROR_INVALID_ARGUMENT relative path, name already taken, or a descriptor that is
 * wrong.
 *  @retval GLI_ERROR_IO   cannot be opened; the message holds the loader's words.
 *  @retval GLI_ERROR_ABI  built for another ABI number, or without the entry. */
GLI_API gli_status gli_extension_load(const char *path, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
