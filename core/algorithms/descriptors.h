/* descriptors.h: the built-in descriptors, declared from the one list. */
#ifndef GLI_ALGORITHMS_DESCRIPTORS_H
#define GLI_ALGORITHMS_DESCRIPTORS_H

#include <gli/algorithm.h>

#include "algorithms/list.h"

#define GLI_DECLARE_DESCRIPTOR(name) extern const gli_algorithm gli__algorithm_##name;
GLI_ALGORITHM_LIST(GLI_DECLARE_DESCRIPTOR)
#undef GLI_DECLARE_DESCRIPTOR

#endif
