/* errors.h: how the plugin says what went wrong. */
#ifndef GLI_OPENCL_ERRORS_H
#define GLI_OPENCL_ERRORS_H

#include "device/device.h"

/* What a failed call was about, which decides what its number means. */
typedef enum opencl_call_type {
  OPENCL_ALLOCATION, /* asks for memory: out of resources is out of memory */
  OPENCL_QUEUEING,   /* puts work into the queue */
  OPENCL_WAITING,    /* learns how work went: out of resources is how a GPU reports a crash */
  OPENCL_OTHER,
} opencl_call_type;

/* "CL_OUT_OF_RESOURCES" for -5; "unknown error" for a number that OpenCL 1.2 does not have. */
const char *opencl_error_name(int number);
/* What libgli is to make of a number from OpenCL. */
gli_device_code opencl_classify(opencl_call_type type, int number);

/* Fill `error` (may be NULL) with "CALL: CL_NAME (NUMBER)" and return its class. */
gli_device_code opencl_fail(gli_device_error *error, opencl_call_type type, const char *call,
                            int number);
/* The same, with what was being done: "CALL: CL_NAME (NUMBER): DETAIL". */
gli_device_code opencl_fail_with(gli_device_error *error, gli_device_code code, int number,
                                 const char *call, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* GLI_DEVICE_REFUSED in our own words. */
gli_device_code opencl_refuse(gli_device_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The host has no memory for the driver's own books. */
gli_device_code opencl_no_host_memory(gli_device_error *error, const char *what);

#endif
