/* driver.cc: the devices there are, opening and closing one, and the table of the driver. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cuda/driver.h"

namespace gli_cuda {

static void describe(int number, const cudaDeviceProp &properties, int driver, int runtime,
                     gli_device_info *info) {
  snprintf(info->name, sizeof info->name, "%.120s", properties.name);
  snprintf(info->platform, sizeof info->platform, "NVIDIA CUDA");
  snprintf(info->version, sizeof info->version,
           "compute %d.%d, driver for CUDA %d.%d, runtime %d.%d, number %d", properties.major,
           properties.minor, driver / 1000, driver % 1000 / 10, runtime / 1000, runtime % 1000 / 10,
           number);
  info->memory_bytes = info->largest_bytes = properties.totalGlobalMem;
  info->compute_units = static_cast<uint32_t>(properties.multiProcessorCount);
  info->group_size = group_size;
  info->is_cpu = false;
  info->shares_memory = false; /* integrated GPUs too: cudaMalloc's memory is not the host's */
  info->has_fp64 = true;
  info->has_atomic64 = true;
}

static gli_device_code count_devices(int *count_out, gli_device_error *error) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  gli_device_code code = check(nullptr, status, "cudaGetDeviceCount", error);
  if (code == GLI_DEVICE_OK && count == 0)
    code = check(nullptr, cudaErrorNoDevice, "cudaGetDeviceCount", error);
  if (code == GLI_DEVICE_OK) {
    *count_out = count;
    return code;
  }
  if (error != nullptr) error->code = GLI_DEVICE_REFUSED;
  return GLI_DEVICE_REFUSED;
}

static gli_device_code enumerate(gli_device_info *infos, size_t capacity, size_t *count_out,
                                 gli_device_error *error) {
  int count = 0;
  gli_device_code code = count_devices(&count, error);
  if (code != GLI_DEVICE_OK) return code;
  int driver = 0, runtime = 0;
  code = check(nullptr, cudaDriverGetVersion(&driver), "cudaDriverGetVersion", error);
  if (code == GLI_DEVICE_OK)
    code = check(nullptr, cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion", error);
  const size_t wanted = infos == nullptr ? 0 : static_cast<size_t>(count);
  for (size_t k = 0; code == GLI_DEVICE_OK && k < wanted && k < capacity; k++) {
    cudaDeviceProp properties;
    code = check(nullptr, cudaGetDeviceProperties(&properties, static_cast<int>(k)),
                 "cudaGetDeviceProperties", error);
    if (code != GLI_DEVICE_OK) break;
    /* The caller may know a shorter or a longer form: its own size is the step. */
    const size_t stride = infos[0].struct_size;
    gli_device_info made = {};
    describe(static_cast<int>(k), properties, driver, runtime, &made);
    made.struct_size = stride;
    memcpy(reinterpret_cast<char *>(infos) + k * stride, &made,
           stride < sizeof made ? stride : sizeof made);
  }
  if (code == GLI_DEVICE_OK) *count_out = static_cast<size_t>(count);
  return code;
}

template <typename Function>
static gli_device_code entry_point(const char *name, Function *function, gli_device_error *error) {
  void *found = nullptr;
  cudaDriverEntryPointQueryResult result = cudaDriverEntryPointSymbolNotFound;
  gli_device_code code = check(
      nullptr, cudaGetDriverEntryPointByVersion(name, &found, 12000, cudaEnableDefault, &result),
      "cudaGetDriverEntryPointByVersion", error);
  if (code != GLI_DEVICE_OK) return code;
  if (found == nullptr || result != cudaDriverEntryPointSuccess)
    return refuse(error, GLI_DEVICE_REFUSED,
                  "NVIDIA's driver has no %s: install release 580 or newer", name);
  memcpy(function, &found, sizeof found);
  return GLI_DEVICE_OK;
}

/* Retain the primary context. */
static gli_device_code open_context(gli_device *device, gli_device_error *error) {
  Contexts &contexts = device->contexts;
  gli_device_code code = entry_point("cuDeviceGet", &contexts.device_get, error);
  if (code == GLI_DEVICE_OK)
    code = entry_point("cuDevicePrimaryCtxRetain", &contexts.retain, error);
  if (code == GLI_DEVICE_OK)
    code = entry_point("cuDevicePrimaryCtxRelease", &contexts.release, error);
  if (code == GLI_DEVICE_OK) code = entry_point("cuCtxPushCurrent", &contexts.push, error);
  if (code == GLI_DEVICE_OK) code = entry_point("cuCtxPopCurrent", &contexts.pop, error);
  if (code == GLI_DEVICE_OK) {
    code =
        check(nullptr, contexts.device_get(&device->handle, device->number), "cuDeviceGet", error);
  }
  if (code == GLI_DEVICE_OK) {
    CUcontext context = nullptr;
    code = check(nullptr, contexts.retain(&context, device->handle), "cuDevicePrimaryCtxRetain",
                 error);
    if (code == GLI_DEVICE_OK) device->context = context;
  }
  return code;
}

static gli_device_code open_pool(gli_device *device, gli_device_error *error) {
  int offered = 0;
  gli_device_code code = check(
      device, cudaDeviceGetAttribute(&offered, cudaDevAttrMemoryPoolsSupported, device->number),
      "cudaDeviceGetAttribute", error);
  if (code != GLI_DEVICE_OK || offered == 0) return code;
  cudaMemPoolProps properties = {};
  properties.allocType = cudaMemAllocationTypePinned;
  properties.location.type = cudaMemLocationTypeDevice;
  properties.location.id = device->number;
  code = check(device, cudaMemPoolCreate(&device->pool, &properties), "cudaMemPoolCreate", error);
  if (code != GLI_DEVICE_OK) {
    device->pool = nullptr;
    return code == GLI_DEVICE_LOST ? code : GLI_DEVICE_OK; /* cudaMalloc does, slower */
  }
  cuuint64_t keep = UINT64_MAX;
  return check(device,
               cudaMemPoolSetAttribute(device->pool, cudaMemPoolAttrReleaseThreshold, &keep),
               "cudaMemPoolSetAttribute", error);
}

/* Everything that needs the context to be current. */
static gli_device_code open_queue(gli_device *device, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code =
      check(device,
            cudaDeviceGetAttribute(&device->multiprocessors, cudaDevAttrMultiProcessorCount,
                                   device->number),
            "cudaDeviceGetAttribute", error);
  if (code == GLI_DEVICE_OK) {
    code = check(device, cudaStreamCreateWithFlags(&device->stream, cudaStreamNonBlocking),
                 "cudaStreamCreateWithFlags", error);
  }
  if (code == GLI_DEVICE_OK) code = open_pool(device, error);
  if (code == GLI_DEVICE_OK) code = staging_open(device, error);
  return code;
}

static void close_queue(gli_device *device) {
  /* There is nobody to try again after this: two chances. Of a device that is lost only the host's
   * memory is given back. */
  const Current current(device, nullptr), again(device, nullptr);
  const bool reachable = current.code == GLI_DEVICE_OK || again.code == GLI_DEVICE_OK;
  if (reachable && device->stream != nullptr) ignore(cudaStreamSynchronize(device->stream));
  while (device->programs != nullptr)
    program_end(device, device->programs, reachable);
  while (device->events != nullptr)
    event_end(device, device->events, reachable);
  while (device->buffers != nullptr)
    buffer_end(device, device->buffers, reachable);
  if (!reachable) return;
  memory_give_back(device, device->scratch);
  if (device->stream != nullptr) ignore(cudaStreamSynchronize(device->stream));
  staging_close(device);
  if (device->pool != nullptr) ignore(cudaMemPoolDestroy(device->pool));
  if (device->stream != nullptr) ignore(cudaStreamDestroy(device->stream));
}

static void close(gli_device *device) {
  if (device == nullptr) return;
  if (device->context != nullptr) {
    close_queue(device);
    if (device->process == getpid()) device->contexts.release(device->handle);
  }
  host_free(device);
}

static gli_device_code open(size_t position, const gli_device_host *, gli_device **device_out,
                            gli_device_error *error) {
  int count = 0;
  gli_device_code code = count_devices(&count, error);
  if (code != GLI_DEVICE_OK) return code;
  if (position >= static_cast<size_t>(count)) {
    return refuse(error, GLI_DEVICE_REFUSED, "CUDA device %zu was asked for; there are %d",
                  position, count);
  }
  auto *device = static_cast<gli_device *>(host_allocate(sizeof(gli_device), error));
  if (device == nullptr) return GLI_DEVICE_FAILED;
  device->number = static_cast<int>(position);
  device->process = getpid();
  code = open_context(device, error);
  if (code == GLI_DEVICE_OK) code = open_queue(device, error);
  /* A plugin without code for this GPU is found out here and not in the middle of an algorithm. */
  if (code == GLI_DEVICE_OK) {
    const gli_device_source source = {"cuda/fill", "", ""};
    code = program(device, &source, &device->fill_program, error);
  }
  if (code == GLI_DEVICE_OK)
    code = kernel(device, device->fill_program, "fill_u32", &device->fill_u32, error);
  if (code != GLI_DEVICE_OK) {
    if (code == GLI_DEVICE_REFUSED && error != nullptr && error->driver_code != 0) {
      const size_t length = strlen(error->message);
      snprintf(error->message + length, sizeof error->message - length, " (it holds: %s)",
               architectures);
    }
    close(device);
    return code;
  }
  *device_out = device;
  return GLI_DEVICE_OK;
}

static const gli_device_driver driver = {
    sizeof(gli_device_driver),
    GLI_DEVICE_ABI,
    "cuda",
    enumerate,
    open,
    close,
    allocate,
    release,
    upload,
    download,
    copy,
    fill,
    memory,
    program,
    program_release,
    kernel,
    launch,
    event_record,
    event_wait,
    event_elapsed,
    event_release,
    finish,
    primitives,
    address,
};

}  // namespace gli_cuda

extern "C" __attribute__((visibility("default"))) const gli_device_driver *gli_device_driver_entry(
    uint32_t abi, gli_device_error *error) {
  if (abi == GLI_DEVICE_ABI) return &gli_cuda::driver;
  gli_cuda::refuse(
      error, GLI_DEVICE_REFUSED,
      "libgli_cuda.so speaks ABI %u of device.h, libgli wants %u: install both of one version",
      GLI_DEVICE_ABI, abi);
  return nullptr;
}
