/* launch.cc: programs, kernels, launches and events.
 *
 * Programs were compiled ahead of time and lie in the plugin as fatbins; a program is loaded when
 * it is asked for. Kernels loop (FOR_ITEMS strides, FOR_GROUPS takes tasks), so that a launch need
 * not have a work-group for every item: as many as the device can run at a time (asked of the
 * runtime once per kernel), times a few, so that groups with little to do make room for the next.
 */
#include <stdio.h>
#include <string.h>

#include "cuda/driver.h"

namespace gli_cuda {

enum : int { waves = 4, argument_limit = 64 };

static const unsigned char *image_of(const char *name) {
  for (const Embedded *entry = embedded; entry->name != nullptr; entry++) {
    if (strcmp(entry->name, name) == 0) return entry->image;
  }
  return nullptr;
}

gli_device_code program(gli_device *device, const gli_device_source *source,
                        gli_device_program **program_out, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  const unsigned char *image = image_of(source->name);
  if (image == nullptr) {
    return refuse(error, GLI_DEVICE_REFUSED,
                  "libgli_cuda.so was built without the kernels of '%s': build it anew",
                  source->name);
  }
  auto *made = static_cast<gli_device_program *>(host_allocate(sizeof(gli_device_program), error));
  if (made == nullptr) return GLI_DEVICE_FAILED;
  gli_device_code code = check(
      device, cudaLibraryLoadData(&made->library, image, nullptr, nullptr, 0, nullptr, nullptr, 0),
      "cudaLibraryLoadData", error);
  if (code != GLI_DEVICE_OK) {
    host_free(made);
    return code;
  }
  snprintf(made->name, sizeof made->name, "%s", source->name);
  link_in(device->programs, made);
  *program_out = made;
  return GLI_DEVICE_OK;
}

void program_end(gli_device *device, gli_device_program *program, bool reachable) {
  while (program->kernels != nullptr) {
    gli_device_kernel *kernel = program->kernels;
    link_out(program->kernels, kernel);
    host_free(kernel);
  }
  if (reachable) {
    /* Its kernels may still be in the queue. */
    check(device, cudaStreamSynchronize(device->stream), "cudaStreamSynchronize", nullptr);
    check(device, cudaLibraryUnload(program->library), "cudaLibraryUnload", nullptr);
  }
  link_out(device->programs, program);
  host_free(program);
}

void program_release(gli_device *device, gli_device_program *program) {
  if (program == nullptr) return;
  const Current current(device, nullptr);
  if (may_end(current)) program_end(device, program, current.code == GLI_DEVICE_OK);
}

/* Kernel names in messages: which program a driver's complaint is about. */
static void name_kernel(gli_device_error *error, const gli_device_program *program,
                        const char *name) {
  if (error == nullptr) return;
  const size_t length = strlen(error->message);
  snprintf(error->message + length, sizeof error->message - length, "; kernel %s of %s", name,
           program->name);
}

gli_device_code kernel(gli_device *device, gli_device_program *program, const char *name,
                       gli_device_kernel **kernel_out, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  auto *made = static_cast<gli_device_kernel *>(host_allocate(sizeof(gli_device_kernel), error));
  if (made == nullptr) return GLI_DEVICE_FAILED;
  gli_device_code code = check(device, cudaLibraryGetKernel(&made->kernel, program->library, name),
                               "cudaLibraryGetKernel", error);
  int groups = 0;
  if (code == GLI_DEVICE_OK) {
    code = check(device,
                 cudaOccupancyMaxActiveBlocksPerMultiprocessor(
                     &groups, static_cast<const void *>(made->kernel), group_size, 0),
                 "cudaOccupancyMaxActiveBlocksPerMultiprocessor", error);
  }
  if (code != GLI_DEVICE_OK) {
    name_kernel(error, program, name);
    host_free(made);
    return code;
  }
  if (groups < 1) groups = 1; /* the launch itself will say why not */
  made->resident_groups = static_cast<int64_t>(groups) * device->multiprocessors;
  snprintf(made->name, sizeof made->name, "%s", name);
  link_in(program->kernels, made);
  *kernel_out = made;
  return GLI_DEVICE_OK;
}

static unsigned int groups_of(const gli_device_kernel *kernel, gli_device_shape shape) {
  if (shape.type == GLI_DEVICE_ONE_GROUP) return 1;
  int64_t groups = shape.count;
  if (shape.type == GLI_DEVICE_ITEMS) groups = (shape.count - 1) / group_size + 1;
  const int64_t most = kernel->resident_groups * waves;
  return static_cast<unsigned int>(groups < most ? groups : most);
}

gli_device_code launch(gli_device *device, gli_device_kernel *kernel, gli_device_shape shape,
                       const gli_device_argument *arguments, size_t argument_count,
                       gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  if (argument_count > argument_limit) {
    return refuse(error, GLI_DEVICE_REFUSED, "%zu arguments for kernel %s; at most %d",
                  argument_count, kernel->name, argument_limit);
  }
  if (shape.count <= 0) return GLI_DEVICE_OK;
  void *addresses[argument_limit];
  void *pointers[argument_limit];
  for (size_t k = 0; k < argument_count; k++) {
    const gli_device_argument &argument = arguments[k];
    pointers[k] = nullptr;
    if (argument.type == GLI_DEVICE_BUFFER) {
      if (argument.as.buffer != nullptr) pointers[k] = argument.as.buffer->memory;
    } else if (argument.type == GLI_DEVICE_INT32 || argument.type == GLI_DEVICE_INT64) {
      memcpy(&pointers[k], &argument.as, sizeof pointers[k]); /* the low bytes are what counts */
    } else {
      return refuse(error, GLI_DEVICE_REFUSED, "argument %zu of kernel %s has the unknown type %d",
                    k, kernel->name, static_cast<int>(argument.type));
    }
    addresses[k] = &pointers[k];
  }
  gli_device_code code = check(
      device,
      cudaLaunchKernel(static_cast<const void *>(kernel->kernel), dim3(groups_of(kernel, shape)),
                       dim3(group_size), addresses, 0, device->stream),
      "cudaLaunchKernel", error);
  if (code != GLI_DEVICE_OK && error != nullptr) {
    const size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof error->message - length, "; kernel %s", kernel->name);
  }
  return code;
}

gli_device_code event_record(gli_device *device, gli_device_event **event_out,
                             gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  auto *made = static_cast<gli_device_event *>(host_allocate(sizeof(gli_device_event), error));
  if (made == nullptr) return GLI_DEVICE_FAILED;
  gli_device_code code = check(device, cudaEventCreate(&made->event), "cudaEventCreate", error);
  if (code == GLI_DEVICE_OK) {
    code = check(device, cudaEventRecord(made->event, device->stream), "cudaEventRecord", error);
    if (code != GLI_DEVICE_OK) ignore(cudaEventDestroy(made->event));
  }
  if (code != GLI_DEVICE_OK) {
    host_free(made);
    return code;
  }
  made->letters = device->mailbox.written;
  link_in(device->events, made);
  *event_out = made;
  return GLI_DEVICE_OK;
}

gli_device_code event_wait(gli_device *device, gli_device_event *event, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code =
      check(device, cudaEventSynchronize(event->event), "cudaEventSynchronize", error);
  if (code == GLI_DEVICE_OK) mailbox_deliver(device, event->letters);
  return code;
}

gli_device_code event_elapsed(gli_device *device, gli_device_event *from, gli_device_event *to,
                              double *seconds_out, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  float milliseconds = 0;
  gli_device_code code = check(device, cudaEventElapsedTime(&milliseconds, from->event, to->event),
                               "cudaEventElapsedTime", error);
  if (code == GLI_DEVICE_OK) *seconds_out = static_cast<double>(milliseconds) / 1000;
  return code;
}

void event_end(gli_device *device, gli_device_event *event, bool reachable) {
  if (reachable) check(device, cudaEventDestroy(event->event), "cudaEventDestroy", nullptr);
  link_out(device->events, event);
  host_free(event);
}

void event_release(gli_device *device, gli_device_event *event) {
  if (event == nullptr) return;
  const Current current(device, nullptr);
  if (may_end(current)) event_end(device, event, current.code == GLI_DEVICE_OK);
}

gli_device_code finish(gli_device *device, gli_device_error *error) {
  const Current current(device, error);
  if (current.code != GLI_DEVICE_OK) return current.code;
  gli_device_code code =
      check(device, cudaStreamSynchronize(device->stream), "cudaStreamSynchronize", error);
  if (code == GLI_DEVICE_OK) mailbox_deliver(device, device->mailbox.written);
  return code;
}

}  // namespace gli_cuda
