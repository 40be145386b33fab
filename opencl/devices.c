/* devices.c: the devices of all platforms, described and put in order.
 *
 * Best first: GPUs, then accelerators, then CPUs; of one kind, more compute units first; else the
 * order in which the ICD loader gives them. A device that cannot compile, is not available, is big
 * endian or older than OpenCL 1.2 is left out. The list is made once, so that a position means the
 * same device for the whole process; a failure is not remembered.
 *
 * For tests, read when the list is made:
 *   GLI_OPENCL_GROUP_SIZE=64          work-items of a work-group, a power of two from 1 to 256
 *   GLI_OPENCL_GROUPS=8               at most so many work-groups in a launch
 *   GLI_OPENCL_MASK=fp64,atomic64     pretend that the devices lack these; cpu: that none is a CPU,
 *                                     so that kernels go through items as on a GPU, and rows that
 *                                     the host has not built are built on the device */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opencl/opencl.h"

enum {
  DEVICE_LIMIT = 32,
  PLATFORM_LIMIT = 16,
  GPU_GROUP_SIZE = 256,
  /* PoCL on 2 cores: a pull over 1 M rows of 16 entries takes the same time with 2 to 2048 groups,
   * within the noise of a busy machine; a group costs 12 ns. Rows of unequal length, and a core
   * that others use, want many more groups than cores. */
  CPU_GROUPS_PER_UNIT = 32,
  CPU_GROUPS_MOST = 512,
  GROUPS_MOST = 1 << 20,
  NO_PLATFORM = -1001,     /* CL_PLATFORM_NOT_FOUND_KHR, which the ICD loader gives */
  GPU_GROUPS_PER_UNIT = 8, /* 2048 work-items: what a multiprocessor holds */
};

typedef struct device_list {
  opencl_found found[DEVICE_LIMIT];
  size_t count;
} device_list;

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static device_list list;

static void device_text(cl_device_id id, cl_device_info what, char *text, size_t capacity) {
  size_t size = 0;
  char *whole = NULL;
  text[0] = '\0';
  if (cl.GetDeviceInfo(id, what, 0, NULL, &size) != CL_SUCCESS || size == 0) return;
  whole = calloc(1, size + 1);
  if (whole != NULL && cl.GetDeviceInfo(id, what, size, whole, NULL) == CL_SUCCESS) {
    (void)snprintf(text, capacity, "%s", whole);
  }
  free(whole);
}

static void platform_text(cl_platform_id id, cl_platform_info what, char *text, size_t capacity) {
  char whole[1024] = "";
  if (cl.GetPlatformInfo(id, what, sizeof whole - 1, whole, NULL) != CL_SUCCESS) whole[0] = '\0';
  (void)snprintf(text, capacity, "%s", whole);
}

/* A figure of a device, 0 where it cannot say. */
static uint64_t device_number(cl_device_id id, cl_device_info what, size_t size_bytes) {
  union {
    uint64_t wide;
    uint32_t narrow;
  } value = {.wide = 0};
  if (cl.GetDeviceInfo(id, what, size_bytes, &value, NULL) != CL_SUCCESS) return 0;
  return size_bytes == sizeof(uint32_t) ? value.narrow : value.wide;
}

static bool device_flag(cl_device_id id, cl_device_info what) {
  return device_number(id, what, sizeof(cl_bool)) != 0;
}

/* Whether `word` stands in `words`, which are parted by spaces or commas. */
static bool has_word(const char *words, const char *word) {
  size_t length = strlen(word);
  for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
    bool begins = at == words || at[-1] == ' ' || at[-1] == ',';
    bool ends = at[length] == '\0' || at[length] == ' ' || at[length] == ',';
    if (begins && ends) return true;
  }
  return false;
}

static bool has_extension(cl_device_id id, const char *name) {
  size_t size = 0;
  if (cl.GetDeviceInfo(id, CL_DEVICE_EXTENSIONS, 0, NULL, &size) != CL_SUCCESS) return false;
  char *names = calloc(1, size + 1);
  bool has = names != NULL &&
             cl.GetDeviceInfo(id, CL_DEVICE_EXTENSIONS, size, names, NULL) == CL_SUCCESS &&
             has_word(names, name);
  free(names);
  return has;
}

static bool is_masked(const char *feature) {
  const char *mask = getenv("GLI_OPENCL_MASK");
  return mask != NULL && has_word(mask, feature);
}

/* The number in an environment variable if it lies in [1, most], else `otherwise`. */
static uint64_t setting(const char *name, uint64_t most, uint64_t otherwise) {
  const char *text = getenv(name);
  if (text == NULL || text[0] < '0' || text[0] > '9') return otherwise;
  char *end = NULL;
  unsigned long long value = strtoull(text, &end, 10);
  return *end == '\0' && value >= 1 && value <= most ? value : otherwise;
}

/* Of a GPU, the largest power of two up to 256 that it offers; of a CPU 1, where an item is a
 * thread's chunk and a barrier costs nothing. */
static uint32_t group_size(cl_device_id id, bool is_cpu) {
  uint64_t most = device_number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof(size_t));
  uint64_t wanted = is_cpu ? 1 : GPU_GROUP_SIZE;
  uint64_t asked = setting("GLI_OPENCL_GROUP_SIZE", GPU_GROUP_SIZE, wanted);
  if ((asked & (asked - 1)) == 0) wanted = asked;
  while (wanted > 1 && wanted > most)
    wanted /= 2;
  return (uint32_t)wanted;
}

static uint32_t group_limit(const gli_device_info *info) {
  uint64_t units = info->compute_units > 0 ? info->compute_units : 1;
  uint64_t groups = units * GPU_GROUPS_PER_UNIT * (GPU_GROUP_SIZE / info->group_size);
  if (info->is_cpu) {
    groups = units * CPU_GROUPS_PER_UNIT;
    if (groups > CPU_GROUPS_MOST) groups = CPU_GROUPS_MOST;
  }
  return (uint32_t)setting("GLI_OPENCL_GROUPS", GROUPS_MOST, groups);
}

/* OpenCL 1.2 or newer: the device's text begins "OpenCL <major>.<minor>". */
static bool is_new_enough(const char *version) {
  int major = 0, minor = 0;
  if (sscanf(version, "OpenCL %d.%d", &major, &minor) != 2) return false;
  return major > 1 || (major == 1 && minor >= 2);
}

static bool is_usable(cl_device_id id, cl_device_type type, const char *version) {
  cl_device_type known = CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_ACCELERATOR | CL_DEVICE_TYPE_CPU;
  return (type & known) != 0 && is_new_enough(version) && device_flag(id, CL_DEVICE_AVAILABLE) &&
         device_flag(id, CL_DEVICE_COMPILER_AVAILABLE) && device_flag(id, CL_DEVICE_ENDIAN_LITTLE);
}

/* Fill `found` and tell whether the device is one to offer. */
static bool describe(cl_platform_id platform, cl_device_id id, opencl_found *found) {
  char version[96], driver[32];
  device_text(id, CL_DEVICE_VERSION, version, sizeof version);
  device_text(id, CL_DRIVER_VERSION, driver, sizeof driver);
  cl_device_type type = device_number(id, CL_DEVICE_TYPE, sizeof(cl_device_type));
  if (!is_usable(id, type, version)) return false;

  memset(found, 0, sizeof *found);
  found->platform = platform;
  found->id = id;
  found->type_rank = (type & CL_DEVICE_TYPE_GPU) ? 0 : (type & CL_DEVICE_TYPE_ACCELERATOR) ? 1 : 2;
  platform_text(platform, CL_PLATFORM_VERSION, found->platform_version,
                sizeof found->platform_version);
  device_text(id, CL_DEVICE_VENDOR, found->vendor, sizeof found->vendor);
  gli_device_info *info = &found->info;
  info->struct_size = sizeof *info;
  device_text(id, CL_DEVICE_NAME, info->name, sizeof info->name);
  platform_text(platform, CL_PLATFORM_NAME, info->platform, sizeof info->platform);
  (void)snprintf(info->version, sizeof info->version, "%.60s, driver %.30s", version, driver);
  info->memory_bytes = device_number(id, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof(cl_ulong));
  info->largest_bytes = device_number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof(cl_ulong));
  info->compute_units = (uint32_t)device_number(id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(cl_uint));
  info->is_cpu = found->type_rank == 2 && !is_masked("cpu");
  info->group_size = group_size(id, info->is_cpu);
  info->shares_memory = device_flag(id, CL_DEVICE_HOST_UNIFIED_MEMORY);
  info->has_fp64 =
      device_number(id, CL_DEVICE_DOUBLE_FP_CONFIG, sizeof(cl_device_fp_config)) != 0 &&
      !is_masked("fp64");
  info->has_atomic64 = has_extension(id, "cl_khr_int64_base_atomics") &&
                       has_extension(id, "cl_khr_int64_extended_atomics") && !is_masked("atomic64");
  found->group_limit = group_limit(info);
  return true;
}

/* Positive when `left` comes after `right`. Insertion sort below: few, and stable. */
static int compare(const opencl_found *left, const opencl_found *right) {
  if (left->type_rank != right->type_rank) return left->type_rank > right->type_rank ? 1 : -1;
  if (left->info.compute_units == right->info.compute_units) return 0;
  return left->info.compute_units < right->info.compute_units ? 1 : -1;
}

static void insert(device_list *into, const opencl_found *found) {
  if (into->count == DEVICE_LIMIT) return;
  size_t at = into->count++;
  for (; at > 0 && compare(&into->found[at - 1], found) > 0; at--) {
    into->found[at] = into->found[at - 1];
  }
  into->found[at] = *found;
}

/* Why `seen` devices on these platforms are none that libgli can use. */
static gli_device_code none_usable(const cl_platform_id *platforms, cl_uint platform_count,
                                   cl_uint seen, cl_int trouble, gli_device_error *error) {
  char name[64] = "";
  if (seen > 0) {
    return opencl_refuse(error,
                         "%u OpenCL device(s), none of them usable: OpenCL 1.2 with a compiler, "
                         "little endian, is needed",
                         seen);
  }
  for (cl_uint p = 0; p < platform_count; p++) {
    platform_text(platforms[p], CL_PLATFORM_NAME, name, sizeof name);
    if (strcmp(name, "Portable Computing Language") == 0) {
      return opencl_fail_with(error, GLI_DEVICE_REFUSED, trouble, "clGetDeviceIDs",
                              "PoCL offers no device where it cannot write its kernel cache: set "
                              "POCL_CACHE_DIR to a folder of yours");
    }
  }
  return opencl_fail_with(
      error, GLI_DEVICE_REFUSED, trouble, "clGetDeviceIDs",
      "%s has no device: is the GPU's driver loaded, and may this user open its "
      "device files?",
      name);
}

static gli_device_code find_all(device_list *into, gli_device_error *error) {
  gli_device_code code = opencl_load(error);
  if (code != GLI_DEVICE_OK) return code;
  cl_platform_id platforms[PLATFORM_LIMIT];
  cl_uint platform_count = 0, seen = 0;
  cl_int status = cl.GetPlatformIDs(PLATFORM_LIMIT, platforms, &platform_count);
  if (status == NO_PLATFORM || (status == CL_SUCCESS && platform_count == 0)) {
    return opencl_fail_with(error, GLI_DEVICE_REFUSED, NO_PLATFORM, "clGetPlatformIDs",
                            "no OpenCL driver is installed: install your GPU's, or "
                            "pocl-opencl-icd to run on the CPU");
  }
  if (status != CL_SUCCESS) return opencl_fail(error, OPENCL_OTHER, "clGetPlatformIDs", status);
  if (platform_count > PLATFORM_LIMIT) platform_count = PLATFORM_LIMIT;
  cl_int trouble = CL_DEVICE_NOT_FOUND;
  for (cl_uint p = 0; p < platform_count; p++) {
    cl_device_id ids[DEVICE_LIMIT];
    cl_uint count = 0;
    status = cl.GetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, DEVICE_LIMIT, ids, &count);
    if (status != CL_SUCCESS) {
      if (status != CL_DEVICE_NOT_FOUND) trouble = status;
      continue;
    }
    if (count > DEVICE_LIMIT) count = DEVICE_LIMIT;
    for (cl_uint i = 0; i < count; i++) {
      opencl_found found;
      seen++;
      if (describe(platforms[p], ids[i], &found)) insert(into, &found);
    }
  }
  if (into->count > 0) return GLI_DEVICE_OK;
  return none_usable(platforms, platform_count, seen, trouble, error);
}

gli_device_code opencl_devices(const opencl_found **found_out, size_t *count_out,
                               gli_device_error *error) {
  gli_device_code code = GLI_DEVICE_OK;
  (void)pthread_mutex_lock(&list_lock);
  if (list.count == 0) code = find_all(&list, error); /* fails with an empty list only */
  (void)pthread_mutex_unlock(&list_lock);
  if (code != GLI_DEVICE_OK) return code;
  *found_out = list.found; /* written once */
  *count_out = list.count;
  return GLI_DEVICE_OK;
}
