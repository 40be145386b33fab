/* program.c: kernel text built for a device, and its kernels.
 *
 * The first build of a text takes up to seconds; its machine code is kept on disk (cache.c), and
 * the next process that wants it gets it in milliseconds. A driver that does not take its own
 * binary back gets the text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "opencl/cache.h"
#include "opencl/opencl.h"

enum {
  OPTIONS_BYTES = 160,
  LINE_BYTES = 160,
  HOLD_MS = 60000, /* the longest wait for others that compile; more than any program takes */
};

static bool is_pocl(const gli_device *device) {
  return strstr(device->found.platform_version, "PoCL ") != NULL;
}

/* Warnings are errors where our own tests run. Elsewhere what a compiler that we have never seen
 * thinks of a pragma must not cost its user the device. */
static void build_options(const gli_device *device, char *options) {
  const gli_device_info *info = &device->found.info;
  (void)snprintf(options, OPTIONS_BYTES,
                 "-cl-std=CL1.2 %s-DGROUP_SIZE=%u -DIS_CPU=%d -DHAS_FP64=%d -DHAS_ATOMIC64=%d",
                 is_pocl(device) ? "-Werror " : "", info->group_size, info->is_cpu, info->has_fp64,
                 info->has_atomic64);
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
    for (; used < LINE_BYTES - 1 && at[used] != '\0'; used++) {
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

/* PoCL before 8 runs `ld` to link kernels, and ends the whole process when there is none. */
static bool lacks_linker(const gli_device *device) {
  int major = 0;
  const char *version = strstr(device->found.platform_version, "PoCL ");
  if (version == NULL || sscanf(version, "PoCL %d", &major) != 1 || major >= 8) return false;
  const char *path = getenv("PATH");
  if (path == NULL || getenv("POCL_PATH_LD") != NULL) return false;
  for (const char *at = path; *at != '\0'; at += strspn(at, ":")) {
    char file[1024];
    size_t length = strcspn(at, ":");
    int used = snprintf(file, sizeof file, "%.*s/ld", (int)length, at);
    if (used > 0 && (size_t)used < sizeof file && access(file, X_OK) == 0) return false;
    at += length;
  }
  return true;
}

static gli_device_code build_from_source(gli_device *device, const gli_device_source *source,
                                         const char *options, cl_program *program_out,
                                         gli_device_error *error) {
  char place[160];
  (void)snprintf(place, sizeof place, "\n#line 1 \"%.120s.cl\"\n", source->name);
  const char *texts[] = {source->dialect, place, source->text};
  cl_int status = CL_SUCCESS;
  if (lacks_linker(device)) {
    return opencl_refuse(error,
                         "%s: PoCL links kernels with `ld`, which is not on the PATH: "
                         "install binutils",
                         source->name);
  }
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

/* Everything that the machine code depends on. */
static opencl_digest cache_key(const gli_device *device, const gli_device_source *source,
                               const char *options) {
  const opencl_found *found = &device->found;
  const char *parts[] = {GLI_VERSION_TEXT, found->info.platform, found->platform_version,
                         found->vendor,    found->info.name,     found->info.version,
                         options,          source->name,         source->dialect,
                         source->text};
  opencl_digest key = opencl_digest_begin();
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    opencl_digest_add_text(&key, parts[i]);
  return key;
}

/* NULL when there is no binary, or the driver does not take it. */
static cl_program build_from_cache(gli_device *device, opencl_digest key, const char *options) {
  size_t size_bytes = 0;
  unsigned char *bytes = opencl_cache_load(key, &size_bytes);
  if (bytes == NULL) return NULL;
  const unsigned char *binary = bytes;
  cl_int accepted = CL_SUCCESS, status = CL_SUCCESS;
  cl_program program = cl.CreateProgramWithBinary(device->context, 1, &device->found.id,
                                                  &size_bytes, &binary, &accepted, &status);
  free(bytes);
  if (status == CL_SUCCESS) {
    status = accepted != CL_SUCCESS
                 ? accepted
                 : cl.BuildProgram(program, 1, &device->found.id, options, NULL, NULL);
  }
  if (status == CL_SUCCESS) return program;
  if (program != NULL) (void)cl.ReleaseProgram(program);
  return NULL;
}

static void keep_in_cache(cl_program program, opencl_digest key) {
  size_t size_bytes = 0;
  if (cl.GetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof size_bytes, &size_bytes, NULL) !=
          CL_SUCCESS ||
      size_bytes == 0) {
    return;
  }
  unsigned char *bytes = malloc(size_bytes);
  if (bytes != NULL &&
      cl.GetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof bytes, &bytes, NULL) == CL_SUCCESS) {
    opencl_cache_store(key, bytes, size_bytes);
  }
  free(bytes);
}

/* Compile what the cache lacks, one process at a time (cache.c says why), and keep the binary. */
static gli_device_code build_alone(gli_device *device, const gli_device_source *source,
                                   const char *options, opencl_digest key, cl_program *program_out,
                                   gli_device_error *error) {
  gli_device_code code = GLI_DEVICE_OK;
  int held = opencl_cache_hold(HOLD_MS);
  *program_out = held >= 0 ? build_from_cache(device, key, options) : NULL;
  if (*program_out == NULL) {
    code = build_from_source(device, source, options, program_out, error);
    if (code == GLI_DEVICE_OK && held >= 0) keep_in_cache(*program_out, key);
  }
  opencl_cache_let_go(held);
  return code;
}

gli_device_code opencl_program(gli_device *device, const gli_device_source *source,
                               gli_device_program **program_out, gli_device_error *error) {
  char options[OPTIONS_BYTES];
  build_options(device, options);
  gli_device_program *program = calloc(1, sizeof *program);
  if (program == NULL) return opencl_no_host_memory(error, "a program's record");
  gli_device_code code = GLI_DEVICE_OK;
  opencl_digest key = cache_key(device, source, options);
  program->program = build_from_cache(device, key, options);
  if (program->program == NULL) {
    code = build_alone(device, source, options, key, &program->program, error);
  }
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
