/* loader.h: the functions of the OpenCL ICD loader, found at run time.
 *
 * Linking libOpenCL would make the whole plugin fail to load where it is missing, with no reason
 * that a user could read. The headers are needed at build time only, for the types. */
#ifndef GLI_OPENCL_LOADER_H
#define GLI_OPENCL_LOADER_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "device/device.h"

/* Named as OpenCL names them, without "cl". Filled by opencl_load; all of OpenCL 1.2. */
typedef struct opencl_functions {
  __typeof__(&clGetPlatformIDs) GetPlatformIDs;
  __typeof__(&clGetPlatformInfo) GetPlatformInfo;
  __typeof__(&clGetDeviceIDs) GetDeviceIDs;
  __typeof__(&clGetDeviceInfo) GetDeviceInfo;
  __typeof__(&clCreateContext) CreateContext;
  __typeof__(&clReleaseContext) ReleaseContext;
  __typeof__(&clCreateCommandQueue) CreateCommandQueue;
  __typeof__(&clReleaseCommandQueue) ReleaseCommandQueue;
  __typeof__(&clCreateBuffer) CreateBuffer;
  __typeof__(&clReleaseMemObject) ReleaseMemObject;
  __typeof__(&clCreateProgramWithSource) CreateProgramWithSource;
  __typeof__(&clCreateProgramWithBinary) CreateProgramWithBinary;
  __typeof__(&clBuildProgram) BuildProgram;
  __typeof__(&clGetProgramInfo) GetProgramInfo;
  __typeof__(&clGetProgramBuildInfo) GetProgramBuildInfo;
  __typeof__(&clReleaseProgram) ReleaseProgram;
  __typeof__(&clCreateKernel) CreateKernel;
  __typeof__(&clSetKernelArg) SetKernelArg;
  __typeof__(&clGetKernelInfo) GetKernelInfo;
  __typeof__(&clReleaseKernel) ReleaseKernel;
  __typeof__(&clEnqueueNDRangeKernel) EnqueueNDRangeKernel;
  __typeof__(&clEnqueueReadBuffer) EnqueueReadBuffer;
  __typeof__(&clEnqueueWriteBuffer) EnqueueWriteBuffer;
  __typeof__(&clEnqueueCopyBuffer) EnqueueCopyBuffer;
  __typeof__(&clEnqueueFillBuffer) EnqueueFillBuffer;
  __typeof__(&clEnqueueMarkerWithWaitList) EnqueueMarkerWithWaitList;
  __typeof__(&clWaitForEvents) WaitForEvents;
  __typeof__(&clGetEventInfo) GetEventInfo;
  __typeof__(&clGetEventProfilingInfo) GetEventProfilingInfo;
  __typeof__(&clReleaseEvent) ReleaseEvent;
  __typeof__(&clFlush) Flush;
  __typeof__(&clFinish) Finish;
} opencl_functions;

extern opencl_functions cl;

/* Open libOpenCL.so.1 and fill `cl`; once. The caller holds the lock of the enumeration. */
gli_device_code opencl_load(gli_device_error *error);

#endif
