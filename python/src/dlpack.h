/* dlpack.h: the part of DLPack's C structures that a producer of one-dimensional arrays fills.
 *
 * Their layout is an ABI between libraries (dmlc/dlpack, versions 0.8 and 1.0), written down here
 * so that building groggy needs no header of theirs. */
#ifndef GROGGY_DLPACK_H
#define GROGGY_DLPACK_H

#include <stdint.h>

enum { GROGGY_DL_INT = 0, GROGGY_DL_FLOAT = 2, GROGGY_DL_BOOL = 6 }; /* DLDataTypeCode */
enum { GROGGY_DL_MAJOR = 1, GROGGY_DL_MINOR = 0 };

typedef struct GroggyDLTensor {
  void *data;
  int32_t device_type, device_id;
  int32_t dimensions;
  uint8_t code, bits;
  uint16_t lanes;
  int64_t *shape, *strides;
  uint64_t offset_bytes;
} GroggyDLTensor;

typedef struct GroggyDLManaged {
  GroggyDLTensor tensor;
  void *context;
  void (*deleter)(struct GroggyDLManaged *self);
} GroggyDLManaged;

typedef struct GroggyDLVersioned {
  uint32_t major, minor;
  void *context;
  void (*deleter)(struct GroggyDLVersioned *self);
  uint64_t flags;
  GroggyDLTensor tensor;
} GroggyDLVersioned;

#endif
