/* loader.c: opens libOpenCL.so.1 and looks its functions up by name. */
#include "opencl/loader.h"

#include <dlfcn.h>
#include <string.h>

#include "opencl/errors.h"

opencl_functions cl;

/* In the order of the struct's members, which are all pointers to functions. */
static const char *const function_names[] = {
    "clGetPlatformIDs",
    "clGetPlatformInfo",
    "clGetDeviceIDs",
    "clGetDeviceInfo",
    "clCreateContext",
    "clReleaseContext",
    "clCreateCommandQueue",
    "clReleaseCommandQueue",
    "clCreateBuffer",
    "clReleaseMemObject",
    "clCreateProgramWithSource",
    "clCreateProgramWithBinary",
    "clBuildProgram",
    "clGetProgramInfo",
    "clGetProgramBuildInfo",
    "clReleaseProgram",
    "clCreateKernel",
    "clSetKernelArg",
    "clGetKernelInfo",
    "clReleaseKernel",
    "clEnqueueNDRangeKernel",
    "clEnqueueReadBuffer",
    "clEnqueueWriteBuffer",
    "clEnqueueCopyBuffer",
    "clEnqueueFillBuffer",
    "clEnqueueMarkerWithWaitList",
    "clWaitForEvents",
    "clGetEventInfo",
    "clGetEventProfilingInfo",
    "clReleaseEvent",
    "clFlush",
    "clFinish",
};
enum { FUNCTION_COUNT = sizeof function_names / sizeof function_names[0] };
_Static_assert(sizeof(opencl_functions) == FUNCTION_COUNT * sizeof(void *),
               "one name per member of opencl_functions");

gli_device_code opencl_load(gli_device_error *error) {
  if (cl.GetPlatformIDs != NULL) return GLI_DEVICE_OK;
  void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    return opencl_refuse(error,
                         "no OpenCL ICD loader (libOpenCL.so.1): install ocl-icd-libopencl1 and a "
                         "driver, such as your GPU's or pocl-opencl-icd");
  }
  void *found[FUNCTION_COUNT];
  for (int i = 0; i < FUNCTION_COUNT; i++) {
    found[i] = dlsym(library, function_names[i]);
    if (found[i] == NULL) {
      (void)dlclose(library);
      return opencl_refuse(error, "libOpenCL.so.1 has no %s: it is older than OpenCL 1.2",
                           function_names[i]);
    }
  }
  memcpy(&cl, found, sizeof cl);
  return GLI_DEVICE_OK; /* never closed: drivers keep threads in it */
}
