/* bigint.h: integers beyond 64 bits, as the canonical encoding holds them: two's complement, little
 * endian. */
#ifndef GLI_VALUES_BIGINT_H
#define GLI_VALUES_BIGINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gli__big {
  const uint8_t *bytes;
  size_t size;
  bool is_negative;
} gli__big;

gli__big gli__big_read(const uint8_t *bytes, size_t size_bytes);
/* The magnitude as top * 2^shift with 64 significant bits in `top`, and whether bits were lost. */
uint64_t gli__big_top_bits(gli__big number, int64_t *shift_out, bool *lost_out);
/* The nearest double, ties to even, as Python's float() gives it; infinite beyond the largest. */
double gli__big_to_real(gli__big number);

#endif
