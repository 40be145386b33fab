/* kernels.c: which CPU kernel belongs to which descriptor. */
#include "cpu/kernels.h"

#include "algorithms/descriptors.h"

gli_kernel gli__cpu_kernel(const gli_algorithm *algorithm) {
  static const struct {
    const gli_algorithm *algorithm;
    gli_kernel kernel;
  } kernels[] = {
#define GLI_KERNEL_ENTRY(name) {&gli__algorithm_##name, gli__cpu_##name},
      GLI_ALGORITHM_LIST(GLI_KERNEL_ENTRY)
#undef GLI_KERNEL_ENTRY
  };
  for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
    if (kernels[k].algorithm == algorithm) return kernels[k].kernel;
  }
  return NULL;
}
