/* faulty_loader.c: see the header. One process, one thread: that is all its test needs. */
#include "opencl/faulty_loader.h"

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT faulty_plan faulty_plan_here = {.function = -1};

/* The real function of this name. */
static void *real(const char *name) {
  static void *library;
  if (library == NULL) library = dlopen(GLI_REAL_OPENCL, RTLD_NOW | RTLD_LOCAL);
  void *symbol = library != NULL ? dlsym(library, name) : NULL;
  if (symbol == NULL) abort();
  return symbol;
}

/* Counts the call; whether it is to fail. */
static int fails(int function, const char *name) {
  faulty_plan *plan = &faulty_plan_here;
  int at = plan->seen[function]++;
  plan->names[function] = name;
  if (plan->function != function || at < plan->from || at - plan->from >= plan->count) return 0;
  plan->injected++;
  return 1;
}

/* A function that gives its status, and one that gives an object and its status by pointer.
 * Numbered ones can fail. */
#define CALL(name, parameters, ...)              \
  EXPORT cl_int CL_API_CALL name parameters {    \
    __typeof__(&name) function;                  \
    void *symbol = real(#name);                  \
    memcpy(&function, &symbol, sizeof function); \
    return function(__VA_ARGS__);                \
  }
#define FAULTY(at, name, parameters, ...)                 \
  EXPORT cl_int CL_API_CALL name parameters {             \
    __typeof__(&name) function;                           \
    void *symbol = real(#name);                           \
    memcpy(&function, &symbol, sizeof function);          \
    if (fails(at, #name)) return faulty_plan_here.number; \
    return function(__VA_ARGS__);                         \
  }
#define FAULTY_OBJECT(at, type, name, parameters, ...) \
  EXPORT type CL_API_CALL name parameters {            \
    __typeof__(&name) function;                        \
    void *symbol = real(#name);                        \
    memcpy(&function, &symbol, sizeof function);       \
    if (fails(at, #name)) {                            \
      *status = faulty_plan_here.number;               \
      return NULL;                                     \
    }                                                  \
    type object = function(__VA_ARGS__);               \
    faulty_plan_here.alive += object != NULL;          \
    return object;                                     \
  }
#define RELEASE(name, type)                      \
  EXPORT cl_int CL_API_CALL name(type object) {  \
    __typeof__(&name) function;                  \
    void *symbol = real(#name);                  \
    memcpy(&function, &symbol, sizeof function); \
    faulty_plan_here.alive--;                    \
    return function(object);                     \
  }

FAULTY(0, clGetPlatformIDs, (cl_uint n, cl_platform_id *ids, cl_uint *count), n, ids, count)
CALL(clGetPlatformInfo, (cl_platform_id p, cl_platform_info i, size_t s, void *v, size_t *r), p, i,
     s, v, r)
EXPORT cl_int CL_API_CALL clGetDeviceIDs(cl_platform_id p, cl_device_type t, cl_uint n,
                                         cl_device_id *ids, cl_uint *count) {
  __typeof__(&clGetDeviceIDs) function;
  void *symbol = real("clGetDeviceIDs");
  memcpy(&function, &symbol, sizeof function);
  if (fails(1, "clGetDeviceIDs")) return faulty_plan_here.number;
  cl_int status = function(p, t, n, ids, count);
  const cl_uint pretended = (cl_uint)faulty_plan_here.pretended;
  if (status == CL_SUCCESS && pretended > 0 && pretended <= n) {
    for (cl_uint i = 1; i < pretended; i++)
      ids[i] = ids[0];
    *count = pretended;
  }
  return status;
}
EXPORT cl_int CL_API_CALL clGetDeviceInfo(cl_device_id d, cl_device_info i, size_t s, void *v,
                                          size_t *r) {
  __typeof__(&clGetDeviceInfo) function;
  void *symbol = real("clGetDeviceInfo");
  memcpy(&function, &symbol, sizeof function);
  faulty_plan *plan = &faulty_plan_here;
  cl_int status = function(d, i, s, v, r);
  if (status != CL_SUCCESS || plan->pretended == 0) return status;
  if (i == CL_DEVICE_TYPE) {
    const cl_device_type type = plan->pretend[plan->described++].type;
    memcpy(v, &type, sizeof type);
  } else if (i == CL_DEVICE_MAX_COMPUTE_UNITS) {
    memcpy(v, &plan->pretend[plan->described - 1].units, sizeof(cl_uint));
  }
  return status;
}
FAULTY_OBJECT(2, cl_context, clCreateContext,
              (const cl_context_properties *properties, cl_uint n, const cl_device_id *ids,
               void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data,
               cl_int *status),
              properties, n, ids, notify, data, status)
RELEASE(clReleaseContext, cl_context)
FAULTY_OBJECT(3, cl_command_queue, clCreateCommandQueue,
              (cl_context c, cl_device_id d, cl_command_queue_properties p, cl_int *status), c, d,
              p, status)
RELEASE(clReleaseCommandQueue, cl_command_queue)
FAULTY_OBJECT(4, cl_mem, clCreateBuffer,
              (cl_context c, cl_mem_flags f, size_t s, void *h, cl_int *status), c, f, s, h, status)
RELEASE(clReleaseMemObject, cl_mem)
FAULTY_OBJECT(5, cl_program, clCreateProgramWithSource,
              (cl_context c, cl_uint n, const char **t, const size_t *l, cl_int *status), c, n, t,
              l, status)
FAULTY_OBJECT(6, cl_program, clCreateProgramWithBinary,
              (cl_context c, cl_uint n, const cl_device_id *ids, const size_t *l,
               const unsigned char **b, cl_int *each, cl_int *status),
              c, n, ids, l, b, each, status)
FAULTY(7, clBuildProgram,
       (cl_program p, cl_uint n, const cl_device_id *ids, const char *options,
        void(CL_CALLBACK *notify)(cl_program, void *), void *data),
       p, n, ids, options, notify, data)
FAULTY(8, clGetProgramInfo, (cl_program p, cl_program_info i, size_t s, void *v, size_t *r), p, i,
       s, v, r)
FAULTY(9, clGetProgramBuildInfo,
       (cl_program p, cl_device_id d, cl_program_build_info i, size_t s, void *v, size_t *r), p, d,
       i, s, v, r)
RELEASE(clReleaseProgram, cl_program)
FAULTY_OBJECT(10, cl_kernel, clCreateKernel, (cl_program p, const char *n, cl_int *status), p, n,
              status)
FAULTY(11, clSetKernelArg, (cl_kernel k, cl_uint i, size_t s, const void *v), k, i, s, v)
FAULTY(12, clGetKernelInfo, (cl_kernel k, cl_kernel_info i, size_t s, void *v, size_t *r), k, i, s,
       v, r)
RELEASE(clReleaseKernel, cl_kernel)
FAULTY(13, clEnqueueNDRangeKernel,
       (cl_command_queue q, cl_kernel k, cl_uint d, const size_t *o, const size_t *g,
        const size_t *l, cl_uint n, const cl_event *w, cl_event *e),
       q, k, d, o, g, l, n, w, e)
FAULTY(14, clEnqueueReadBuffer,
       (cl_command_queue q, cl_mem m, cl_bool b, size_t o, size_t s, void *p, cl_uint n,
        const cl_event *w, cl_event *e),
       q, m, b, o, s, p, n, w, e)

/* These make events. */
static cl_int counted(cl_int status, const cl_event *event) {
  faulty_plan_here.alive += status == CL_SUCCESS && event != NULL;
  return status;
}
#define FAULTY_EVENT(at, name, parameters, ...)           \
  EXPORT cl_int CL_API_CALL name parameters {             \
    __typeof__(&name) function;                           \
    void *symbol = real(#name);                           \
    memcpy(&function, &symbol, sizeof function);          \
    if (fails(at, #name)) return faulty_plan_here.number; \
    return counted(function(__VA_ARGS__), event);         \
  }
FAULTY_EVENT(15, clEnqueueWriteBuffer,
             (cl_command_queue q, cl_mem m, cl_bool b, size_t o, size_t s, const void *p, cl_uint n,
              const cl_event *w, cl_event *event),
             q, m, b, o, s, p, n, w, event)
FAULTY(16, clEnqueueCopyBuffer,
       (cl_command_queue q, cl_mem a, cl_mem b, size_t i, size_t j, size_t s, cl_uint n,
        const cl_event *w, cl_event *e),
       q, a, b, i, j, s, n, w, e)
FAULTY(17, clEnqueueFillBuffer,
       (cl_command_queue q, cl_mem m, const void *p, size_t l, size_t o, size_t s, cl_uint n,
        const cl_event *w, cl_event *e),
       q, m, p, l, o, s, n, w, e)
FAULTY_EVENT(18, clEnqueueMarkerWithWaitList,
             (cl_command_queue q, cl_uint n, const cl_event *w, cl_event *event), q, n, w, event)
FAULTY(19, clWaitForEvents, (cl_uint n, const cl_event *e), n, e)
FAULTY(20, clGetEventInfo, (cl_event e, cl_event_info i, size_t s, void *v, size_t *r), e, i, s, v,
       r)
FAULTY(21, clGetEventProfilingInfo, (cl_event e, cl_profiling_info i, size_t s, void *v, size_t *r),
       e, i, s, v, r)
RELEASE(clReleaseEvent, cl_event)
FAULTY(22, clFlush, (cl_command_queue q), q)
FAULTY(23, clFinish, (cl_command_queue q), q)
