/* common.h: what several descriptors share. */
#ifndef GLI_ALGORITHMS_COMMON_H
#define GLI_ALGORITHMS_COMMON_H

#include <gli/algorithm.h>
#include <math.h>

#define GLI__COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Along which edges a walk goes: the choices of a `direction` parameter. */
static const char *const gli__directions[] = {"out", "in", "both", NULL};

#endif
