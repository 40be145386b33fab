/* program.c: kernel text built for a device, and its kernels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opencl/opencl.h"

enum { OPTIONS_BYTES = 160, LINE_BYTES = 160 };

/* Warnings are errors: a driver that finds one in our kernels should say so where tests run. */
static void build_options(const gli_device_info *info, char *options) {
  (void)snprintf(
      options, OPTIONS_BYTES,
      "-cl-std=CL1.2 -Werror -DGROUP_SIZE=%u -DIS_CPU=%d -DHAS_FP64=%d -DHAS_ATOMIC64=%d",
      info->group_size, info->is_cpu, info->has_fp64, info->has_atomic64);
}

/* The first line of the build log that names an error (else the first line), as one line. */
static void first_complaint(cl_program program, cl_device_id id, char *line) {
  size_t size = 0;
  (void)snprintf(line, LINE_BYTES, "no build log");
  if (cl.GetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size) != CL_SUCCESS)
    return;
  char *log = calloc(1, size + 1);
  if (log == NULL) return;
  if (cl.GetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, size, log, NULL) == CL_SUCCESS) {
    const char *at = strstr(log, "error:");
    while (at != NULL && at > log && at[-1] != '\n')
      at--;
    if (at == NULL) at = log + strspn(log, " \t\r\n");
    int used = 0;
    for (; at[used] != '\0' && used < LINE_BYTES - 1; used++) {
      line[used] = at[used] == '\n' || at[used] == '\t' ? ' ' : at[used];
    }
    line[used] = '\0';
  }
  free(log);
}

static gli_device_code build_failed(gli_device *device, const gli_device_source *source,
                                    cl_program program, cl_int status, gli_device_error *error) {
  char line[LINE_BYTES];
  first_complaint(program, device->found.id, line);
  return opencl_fail_with(error, opencl_classify(OPENCL_OTHER, status), status, "clBuildProgram",
                          "%s: %s", source->name, line);
}

static gli_device_code build_from_source(gli_device *device, const gli_device_source *source,
                                         const char *options, cl_program *program_out,
                                         gli_device_error *error) {
  char place[160];
  (void)snprintf(place, sizeof place, "\n#line 1 \"%.120s.cl\"\n", source->name);
  const char *texts[] = {source->dialect, place, source->text};
  cl_int status = CL_SUCCESS;
  if (device->host.compiling != NULL) device->host.compiling(device->host.context, source->name);
  cl_program program = cl.CreateProgramWithSource(device->context, 3, texts, NULL, &status);
  if (status != CL_SUCCESS) {
    return opencl_fail_with(error, opencl_classify(OPENCL_OTHER, status), status,
                            "clCreateProgramWithSource", "%s", source->name);
  }
  status = cl.BuildProgram(program, 1, &device->found.id, options, NULL, NULL);
  if (status != CL_SUCCESS) {
    gli_device_code code = build_failed(device, source, program, status, error);
    (void)cl.ReleaseProgram(program);
    return code;
  }
  *program_out = program;
  return GLI_DEVICE_OK;
}

gli_device_code opencl_program(gli_device *device, const gli_device_source *source,
                               gli_device_program **program_out, gli_device_error *error) {
  char options[OPTIONS_BYTES];
  build_options(&device->found.info, options);
  gli_device_program *program = calloc(1, sizeof *program);
  if (program == NULL) return opencl_no_host_memory(error, "a program's record");
  gli_device_code code = build_from_source(device, source, options, &program->program, error);
  if (code != GLI_DEVICE_OK) {
    free(program);
    return code;
  }
  program->next = device->programs;
  if (program->next != NULL) program->next->previous = program;
  device->programs = program;
  *program_out = program;
  return GLI_DEVICE_OK;
}

void opencl_program_release(gli_device *device, gli_device_program *program) {
  if (program == NULL) return;
  if (program->previous != NULL) program->previous->next = program->next;
  if (program->next != NULL) program->next->previous = program->previous;
  if (device->programs == program) device->programs = program->next;
  while (program->kernels != NULL) {
    gli_device_kernel *kernel = program->kernels;
    program->kernels = kernel->next;
    (void)cl.ReleaseKernel(kernel->kernel);
    free(kernel);
  }
  (void)cl.ReleaseProgram(program->program);
  free(program);
}

gli_device_code opencl_kernel(gli_device *device, gli_device_program *program, const char *name,
                              gli_device_kernel **kernel_out, gli_device_error *error) {
  (void)device;
  gli_device_kernel *kernel = calloc(1, sizeof *kernel);
  if (kernel == NULL) return opencl_no_host_memory(error, "a kernel's record");
  cl_int status = CL_SUCCESS;
  const char *call = "clCreateKernel";
  (void)snprintf(kernel->name, sizeof kernel->name, "%s", name);
  kernel->kernel = cl.CreateKernel(program->program, name, &status);
  if (status == CL_SUCCESS) {
    call = "clGetKernelInfo";
    status = cl.GetKernelInfo(kernel->kernel, CL_KERNEL_NUM_ARGS, sizeof kernel->argument_count,
                              &kernel->argument_count, NULL);
  }
  if (status != CL_SUCCESS) {
    if (kernel->kernel != NULL) (void)cl.ReleaseKernel(kernel->kernel);
    free(kernel);
    return opencl_fail_with(error, opencl_classify(OPENCL_OTHER, status), status, call, "%s", name);
  }
  kernel->next = program->kernels;
  program->kernels = kernel;
  *kernel_out = kernel;
  return GLI_DEVICE_OK;
}
