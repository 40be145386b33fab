/* driver.h: what the files of the CUDA driver share.
 *
 * The driver stands on the CUDA runtime (linked statically: a user installs NVIDIA's driver and
 * nothing else) and keeps to the primary context of its device, so that PyTorch or CuPy in the same
 * process see the same memory. It pushes that context for the time of a call and pops it again, by
 * five functions of the driver API that it gets from the runtime: cudaSetDevice would leave another
 * current device behind for whoever calls CUDA next, and restoring it would open a context on a GPU
 * that nobody asked for. */
#ifndef GLI_CUDA_DRIVER_H
#define GLI_CUDA_DRIVER_H

#include <cuda.h>
#include <cuda_runtime_api.h>
#include <sys/types.h>

#include "device/device.h"

namespace gli_cuda {

enum : int { group_size = 256 }; /* GROUP_SIZE of the kernels, given to nvcc by CMakeLists.txt */

/* A program that is compiled into the plugin: a fatbin. */
struct Embedded {
  const char *name; /* stem: "link_analysis/pagerank" */
  const unsigned char *image;
};
/* Ends with a null name (made by CMake). */
extern const Embedded embedded[];
/* "90", "75 80 ... and PTX": what the fatbins hold, for messages. */
extern const char architectures[];

/* The functions of the driver API that the runtime has no equal for. */
struct Contexts {
  CUresult (*device_get)(CUdevice *device, int number);
  CUresult (*retain)(CUcontext *context, CUdevice device);
  CUresult (*release)(CUdevice device);
  CUresult (*push)(CUcontext context);
  CUresult (*pop)(CUcontext *context);
};

/* Pinned memory through which uploads and downloads go, in two halves: one is filled or emptied by
 * the host while the other is on its way. */
struct Slot {
  char *memory;
  uint64_t used_bytes;
  cudaEvent_t done;
  bool in_flight; /* `done` is recorded behind the last copy that touches it */
};
struct Staging {
  char *pinned; /* both slots, and the letters of downloads that nobody waits for yet */
  uint64_t slot_bytes;
  Slot slots[2];
  int current;
};

/* A small download that nobody waits for yet: it lies in pinned memory until the host sees that it
 * has arrived. */
struct Letter {
  void *target;
  uint64_t offset_bytes, size_bytes;
  uint64_t number;
};
/* Sizes that a test makes small. */
#ifndef GLI_CUDA_SMALL_SLOT_BYTES
#define GLI_CUDA_SMALL_SLOT_BYTES (64 << 10)
#define GLI_CUDA_LARGE_SLOT_BYTES (4 << 20)
#define GLI_CUDA_MAILBOX_BYTES 4096
#endif
enum : uint64_t {
  small_slot_bytes = GLI_CUDA_SMALL_SLOT_BYTES,
  large_slot_bytes = GLI_CUDA_LARGE_SLOT_BYTES,
  mailbox_bytes = GLI_CUDA_MAILBOX_BYTES,
};
enum : int { letter_limit = 64 };
struct Mailbox {
  Letter letters[letter_limit];
  int count;
  uint64_t used_bytes;
  uint64_t written; /* letters so far */
};

/* Everything that a device owns hangs in a list, so that close finds it. */
template <typename T>
struct Link {
  T *next, *previous;
};
template <typename T>
void link_in(T *&first, T *item) {
  item->link.previous = nullptr;
  item->link.next = first;
  if (first != nullptr) first->link.previous = item;
  first = item;
}
template <typename T>
void link_out(T *&first, T *item) {
  if (item->link.previous != nullptr)
    item->link.previous->link.next = item->link.next;
  else
    first = item->link.next;
  if (item->link.next != nullptr) item->link.next->link.previous = item->link.previous;
}

}  // namespace gli_cuda

struct gli_device_buffer {
  void *memory;
  uint64_t size_bytes;
  gli_cuda::Link<gli_device_buffer> link;
};

struct gli_device_kernel {
  cudaKernel_t kernel;
  int64_t resident_groups; /* how many work-groups the whole device runs at a time */
  char name[64];
  gli_cuda::Link<gli_device_kernel> link;
};

struct gli_device_program {
  cudaLibrary_t library;
  gli_device_kernel *kernels;
  char name[96];
  gli_cuda::Link<gli_device_program> link;
};

struct gli_device_event {
  cudaEvent_t event;
  uint64_t letters; /* how many had been asked for when it was recorded */
  gli_cuda::Link<gli_device_event> link;
};

struct gli_device {
  int number;
  pid_t process;
  gli_cuda::Contexts contexts;
  CUdevice handle;
  CUcontext context;
  cudaStream_t stream;
  cudaMemPool_t pool; /* NULL: the device offers none */
  int multiprocessors;
  uint64_t allocated_bytes;
  gli_cuda::Staging staging;
  gli_cuda::Mailbox mailbox;
  void *scratch; /* of the primitives */
  uint64_t scratch_bytes;
  gli_device_program *fill_program;
  gli_device_kernel *fill_u32, *fill_u64;
  gli_device_buffer *buffers;
  gli_device_program *programs;
  gli_device_event *events;
  gli_device_error lost; /* code LOST: why no call is made any more */
};

namespace gli_cuda {

/* --- errors.cc -------------------------------------------------------------------------------- */

/* OK, or the code that `status` stands for with a message that names the call. Clears the
 * runtime's own memory of the error. */
gli_device_code check(gli_device *device, cudaError_t status, const char *call,
                      gli_device_error *error);
/* The driver API has the same numbers. */
gli_device_code check(gli_device *device, CUresult status, const char *call,
                      gli_device_error *error);
gli_device_code refuse(gli_device_error *error, gli_device_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* For clean-ups whose result changes nothing. */
void ignore(cudaError_t status);

/* The device's context is current while this lives. */
class Current {
 public:
  Current(gli_device *device, gli_device_error *error);
  ~Current();
  Current(const Current &) = delete;
  Current &operator=(const Current &) = delete;
  gli_device_code code;

 private:
  gli_device *device;
};

/* Whether something may be given back now. When its context could not be made current this once, it
 * stays in its list, and close gives it back. */
inline bool may_end(const Current &current) {
  return current.code == GLI_DEVICE_OK || current.code == GLI_DEVICE_LOST;
}

/* Zeroed host memory. */
void *host_allocate(size_t size_bytes, gli_device_error *error);
void host_free(void *memory);

/* --- memory.cc -------------------------------------------------------------------------------- */

/* The context must be current. Stream-ordered where the device has pools. */
gli_device_code memory_take(gli_device *device, void **memory_out, uint64_t size_bytes,
                            gli_device_error *error);
void memory_give_back(gli_device *device, void *memory);

gli_device_code allocate(gli_device *device, uint64_t size_bytes, gli_device_buffer **buffer_out,
                         gli_device_error *error);
void release(gli_device *device, gli_device_buffer *buffer);
/* The context is current if `reachable`; else only the host's part ends. So do the other two. */
void buffer_end(gli_device *device, gli_device_buffer *buffer, bool reachable);
gli_device_code copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                     gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                     gli_device_error *error);
gli_device_code fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                     uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                     gli_device_error *error);
gli_device_code memory(gli_device *device, gli_device_memory *memory_out, gli_device_error *error);
gli_device_code address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                        int32_t *kind_out, int32_t *number_out, gli_device_error *error);
/* Whether [offset, offset + size) lies in the buffer; else REFUSED. */
gli_device_code in_buffer(const gli_device_buffer *buffer, uint64_t offset_bytes,
                          uint64_t size_bytes, const char *what, gli_device_error *error);

/* --- transfer.cc ------------------------------------------------------------------------------ */

gli_device_code staging_open(gli_device *device, gli_device_error *error);
void staging_close(gli_device *device);
gli_device_code upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                       const void *source, uint64_t size_bytes, gli_device_error *error);
gli_device_code download(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                         void *target, uint64_t size_bytes, bool wait, gli_device_error *error);
/* Letters up to this number have arrived: hand them to their targets. */
void mailbox_deliver(gli_device *device, uint64_t number);

/* --- launch.cc -------------------------------------------------------------------------------- */

gli_device_code program(gli_device *device, const gli_device_source *source,
                        gli_device_program **program_out, gli_device_error *error);
void program_release(gli_device *device, gli_device_program *program);
void program_end(gli_device *device, gli_device_program *program, bool reachable);
gli_device_code kernel(gli_device *device, gli_device_program *program, const char *name,
                       gli_device_kernel **kernel_out, gli_device_error *error);
gli_device_code launch(gli_device *device, gli_device_kernel *kernel, gli_device_shape shape,
                       const gli_device_argument *arguments, size_t argument_count,
                       gli_device_error *error);
gli_device_code event_record(gli_device *device, gli_device_event **event_out,
                             gli_device_error *error);
gli_device_code event_wait(gli_device *device, gli_device_event *event, gli_device_error *error);
gli_device_code event_elapsed(gli_device *device, gli_device_event *from, gli_device_event *to,
                              double *seconds_out, gli_device_error *error);
void event_release(gli_device *device, gli_device_event *event);
void event_end(gli_device *device, gli_device_event *event, bool reachable);
gli_device_code finish(gli_device *device, gli_device_error *error);

/* --- primitives.cc ---------------------------------------------------------------------------- */

extern const gli_device_primitives primitives;

}  // namespace gli_cuda

#endif
