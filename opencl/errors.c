/* errors.c: OpenCL's numbers as names, classes and one-line messages. */
#include "opencl/errors.h"

#include <stdarg.h>
#include <stdio.h>

#include "opencl/loader.h"

typedef struct error_name {
  int number;
  const char *name;
} error_name;

#define NAMED(number) \
  { number, #number }
static const error_name error_names[] = {
    NAMED(CL_DEVICE_NOT_FOUND),
    NAMED(CL_DEVICE_NOT_AVAILABLE),
    NAMED(CL_COMPILER_NOT_AVAILABLE),
    NAMED(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    NAMED(CL_OUT_OF_RESOURCES),
    NAMED(CL_OUT_OF_HOST_MEMORY),
    NAMED(CL_PROFILING_INFO_NOT_AVAILABLE),
    NAMED(CL_MEM_COPY_OVERLAP),
    NAMED(CL_BUILD_PROGRAM_FAILURE),
    NAMED(CL_MAP_FAILURE),
    NAMED(CL_MISALIGNED_SUB_BUFFER_OFFSET),
    NAMED(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    NAMED(CL_COMPILE_PROGRAM_FAILURE),
    NAMED(CL_LINKER_NOT_AVAILABLE),
    NAMED(CL_LINK_PROGRAM_FAILURE),
    NAMED(CL_INVALID_VALUE),
    NAMED(CL_INVALID_DEVICE_TYPE),
    NAMED(CL_INVALID_PLATFORM),
    NAMED(CL_INVALID_DEVICE),
    NAMED(CL_INVALID_CONTEXT),
    NAMED(CL_INVALID_QUEUE_PROPERTIES),
    NAMED(CL_INVALID_COMMAND_QUEUE),
    NAMED(CL_INVALID_HOST_PTR),
    NAMED(CL_INVALID_MEM_OBJECT),
    NAMED(CL_INVALID_BINARY),
    NAMED(CL_INVALID_BUILD_OPTIONS),
    NAMED(CL_INVALID_PROGRAM),
    NAMED(CL_INVALID_PROGRAM_EXECUTABLE),
    NAMED(CL_INVALID_KERNEL_NAME),
    NAMED(CL_INVALID_KERNEL_DEFINITION),
    NAMED(CL_INVALID_KERNEL),
    NAMED(CL_INVALID_ARG_INDEX),
    NAMED(CL_INVALID_ARG_VALUE),
    NAMED(CL_INVALID_ARG_SIZE),
    NAMED(CL_INVALID_KERNEL_ARGS),
    NAMED(CL_INVALID_WORK_DIMENSION),
    NAMED(CL_INVALID_WORK_GROUP_SIZE),
    NAMED(CL_INVALID_WORK_ITEM_SIZE),
    NAMED(CL_INVALID_GLOBAL_OFFSET),
    NAMED(CL_INVALID_EVENT_WAIT_LIST),
    NAMED(CL_INVALID_EVENT),
    NAMED(CL_INVALID_OPERATION),
    NAMED(CL_INVALID_BUFFER_SIZE),
    NAMED(CL_INVALID_GLOBAL_WORK_SIZE),
    NAMED(CL_INVALID_PROPERTY),
    {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
};

const char *opencl_error_name(int number) {
  for (size_t i = 0; i < sizeof error_names / sizeof error_names[0]; i++) {
    if (error_names[i].number == number) return error_names[i].name;
  }
  return "unknown error";
}

gli_device_code opencl_classify(opencl_call_type type, int number) {
  switch (number) {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
    case CL_OUT_OF_HOST_MEMORY:
      return GLI_DEVICE_NO_MEMORY;
    case CL_OUT_OF_RESOURCES:
      return type == OPENCL_ALLOCATION || type == OPENCL_QUEUEING ? GLI_DEVICE_NO_MEMORY
                                                                  : GLI_DEVICE_FAILED;
    case CL_DEVICE_NOT_AVAILABLE:
    case CL_INVALID_CONTEXT: /* the context or queue was ours and whole: the driver dropped it */
    case CL_INVALID_COMMAND_QUEUE:
    case CL_INVALID_DEVICE:
      return GLI_DEVICE_LOST;
    case CL_INVALID_BUFFER_SIZE:
    case CL_INVALID_KERNEL_NAME:
    case CL_INVALID_ARG_INDEX:
    case CL_INVALID_ARG_VALUE:
    case CL_INVALID_ARG_SIZE:
    case CL_INVALID_KERNEL_ARGS:
    case CL_INVALID_WORK_GROUP_SIZE:
    case CL_BUILD_PROGRAM_FAILURE:
    case CL_COMPILER_NOT_AVAILABLE:
      return GLI_DEVICE_REFUSED;
    default:
      return GLI_DEVICE_FAILED;
  }
}

static gli_device_code fill(gli_device_error *error, gli_device_code code, int number,
                            const char *prefix, const char *format, va_list arguments) {
  if (error == NULL) return code;
  error->code = code;
  error->driver_code = number;
  int used = snprintf(error->message, sizeof error->message, "%s", prefix);
  if (used >= 0 && (size_t)used < sizeof error->message) {
    (void)vsnprintf(error->message + used, sizeof error->message - (size_t)used, format, arguments);
  }
  return code;
}

gli_device_code opencl_fail_with(gli_device_error *error, gli_device_code code, int number,
                                 const char *call, const char *format, ...) {
  char prefix[120];
  (void)snprintf(prefix, sizeof prefix, "%s: %s (%d)%s", call, opencl_error_name(number), number,
                 format[0] != '\0' ? ": " : "");
  va_list arguments;
  va_start(arguments, format);
  (void)fill(error, code, number, prefix, format, arguments);
  va_end(arguments);
  return code;
}

gli_device_code opencl_fail(gli_device_error *error, opencl_call_type type, const char *call,
                            int number) {
  return opencl_fail_with(error, opencl_classify(type, number), number, call, "%s", "");
}

gli_device_code opencl_refuse(gli_device_error *error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)fill(error, GLI_DEVICE_REFUSED, 0, "", format, arguments);
  va_end(arguments);
  return GLI_DEVICE_REFUSED;
}

gli_device_code opencl_no_host_memory(gli_device_error *error, const char *what) {
  return opencl_fail_with(error, GLI_DEVICE_NO_MEMORY, CL_OUT_OF_HOST_MEMORY, "malloc", "%s", what);
}
