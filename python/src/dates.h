/* dates.h: dates and datetimes between Python and libgli. */
#ifndef GROGGY_DATES_H
#define GROGGY_DATES_H

#include "groggy.h"

/* 1: `object` is a date or datetime of exactly these types and was added to the builder; 0: it is
 * something else; -1 with an exception. */
int groggy_date_encode(GroggyState *state, gli_value_builder *builder, PyObject *name,
                       PyObject *object);
PyObject *groggy_date_decode(GroggyState *state, const gli_value_item *item);

#endif
