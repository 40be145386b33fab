/* errors.cc: what CUDA's errors mean to libgli, and the context of a device.
 *
 * Some errors are "sticky": the context is corrupt, and every later call gives the same error until
 * the process ends. They are GLI_DEVICE_LOST. The list follows the words of the runtime's
 * documentation of cudaError_t ("the process must be terminated and relaunched"); an unknown error
 * counts as lost, since nobody can say that the device is well. Out of memory is told apart,
 * because libgli can evict. All the rest failed once. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cuda/driver.h"

namespace gli_cuda {

static gli_device_code meaning(cudaError_t status) {
  switch (status) {
    case cudaSuccess:
      return GLI_DEVICE_OK;
    case cudaErrorMemoryAllocation:
      return GLI_DEVICE_NO_MEMORY;
    case cudaErrorInvalidDeviceFunction:
    case cudaErrorInsufficientDriver:
    case cudaErrorStubLibrary:
    case cudaErrorCallRequiresNewerDriver:
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
    case cudaErrorInvalidKernelImage:
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorInvalidPtx:
    case cudaErrorJitCompilerNotFound:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorJitCompilationDisabled:
    case cudaErrorSymbolNotFound:
    case cudaErrorLaunchOutOfResources:
    case cudaErrorInvalidConfiguration:
    case cudaErrorNotSupported:
      return GLI_DEVICE_REFUSED;
    case cudaErrorInitializationError: /* of an opened device: a fork lies between */
    case cudaErrorCudartUnloading:
    case cudaErrorDevicesUnavailable:
    case cudaErrorIncompatibleDriverContext:
    case cudaErrorDeviceUninitialized:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorContained:
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorContextIsDestroyed:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorTensorMemoryLeak:
    case cudaErrorMpsConnectionFailed:
    case cudaErrorMpsRpcFailure:
    case cudaErrorMpsClientTerminated:
    case cudaErrorExternalDevice:
    case cudaErrorUnknown:
      return GLI_DEVICE_LOST;
    default:
      return GLI_DEVICE_FAILED;
  }
}

/* What a user can do about it; "" where the name says all. */
static const char *advice(cudaError_t status) {
  switch (status) {
    case cudaErrorInsufficientDriver:
      return ": install NVIDIA's driver, release 580 or newer (Debian: nvidia-driver; "
             "https://www.nvidia.com/drivers)";
    case cudaErrorNoDevice:
      return ": no NVIDIA GPU is visible; see nvidia-smi and CUDA_VISIBLE_DEVICES";
    case cudaErrorInitializationError:
      return ": a process forked after CUDA was started cannot use it; start it anew (spawn)";
    case cudaErrorInvalidDeviceFunction:
    case cudaErrorNoKernelImageForDevice:
      return ": libgli_cuda.so lacks code for this GPU; build with GLI_CUDA_ARCHITECTURES=release";
    case cudaErrorDevicesUnavailable:
      return ": another process has the GPU for itself";
    default:
      return "";
  }
}

static gli_device_code keep(gli_device *device, gli_device_error *error,
                            const gli_device_error &made) {
  if (made.code == GLI_DEVICE_LOST && device != nullptr && device->lost.code == GLI_DEVICE_OK)
    device->lost = made;
  if (error != nullptr) *error = made;
  return made.code;
}

gli_device_code check(gli_device *device, cudaError_t status, const char *call,
                      gli_device_error *error) {
  if (status == cudaSuccess) return GLI_DEVICE_OK;
  gli_device_error made = {};
  made.code = meaning(status);
  made.driver_code = static_cast<int32_t>(status);
  snprintf(made.message, sizeof made.message, "%s: error %d, %s (%s)%s", call,
           static_cast<int>(status), cudaGetErrorName(status), cudaGetErrorString(status),
           advice(status));
  cudaGetLastError(); /* or CUB and others would take it for theirs */
  return keep(device, error, made);
}

gli_device_code check(gli_device *device, CUresult status, const char *call,
                      gli_device_error *error) {
  return check(device, static_cast<cudaError_t>(status), call, error);
}

gli_device_code refuse(gli_device_error *error, gli_device_code code, const char *format, ...) {
  if (error == nullptr) return code;
  error->code = code;
  error->driver_code = 0;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof error->message, format, arguments);
  va_end(arguments);
  return code;
}

void ignore(cudaError_t status) {
  if (status != cudaSuccess) cudaGetLastError();
}

Current::Current(gli_device *owner, gli_device_error *error)
    : code(GLI_DEVICE_OK), device(nullptr) {
  if (owner->lost.code == GLI_DEVICE_OK && getpid() != owner->process) {
    refuse(&owner->lost, GLI_DEVICE_LOST,
           "CUDA device %d was opened by process %ld before it forked: a child opens its own",
           owner->number, static_cast<long>(owner->process));
  }
  if (owner->lost.code != GLI_DEVICE_OK) {
    if (error != nullptr) *error = owner->lost;
    code = GLI_DEVICE_LOST;
    return;
  }
  code = check(owner, owner->contexts.push(owner->context), "cuCtxPushCurrent", error);
  if (code == GLI_DEVICE_OK) device = owner;
}

Current::~Current() {
  CUcontext popped;
  if (device != nullptr) device->contexts.pop(&popped);
}

void *host_allocate(size_t size_bytes, gli_device_error *error) {
  void *memory = calloc(1, size_bytes);
  if (memory == nullptr) refuse(error, GLI_DEVICE_FAILED, "the host is out of memory");
  return memory;
}

void host_free(void *memory) {
  free(memory);
}

}  // namespace gli_cuda
