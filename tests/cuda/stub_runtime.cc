/* stub_runtime.cc: see stub_runtime.h. */
#include "cuda/stub_runtime.h"

#include <cuda.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cuda/driver.h"
#include "cuda/primitives.h"

extern "C" {
/* calloc and free of the driver, by the linker's --wrap. */
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *memory);
}

namespace stub {

struct Function { /* a kernel: its name, and the sizes of its parameters */
  const char *name;
  std::vector<size_t> sizes;
  std::function<void(const std::vector<uint64_t> &, Launch)> run;
};

static struct State {
  World world;
  Plan plan;
  long calls, host_calls, injected;
  bool broken;      /* a sticky error has happened */
  bool unreachable; /* the context cannot be made current any more */
  std::map<char *, size_t> device, pinned;
  std::set<void *> events, streams, pools, libraries, host;
  std::map<void *, uint64_t> recorded; /* events: the work that stands before them */
  std::deque<std::function<void()>> queue;
  uint64_t queued, done; /* work ever asked for, and done */
  long contexts, pushes;
  Launch launch;
} state;

[[noreturn]] static void stop(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "stub runtime: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, " (call %ld; call %ld fails with %d)\n", state.calls, state.plan.index,
          state.plan.kind);
  abort();
}

void reset(const World &world, const Plan &plan) {
  for (auto &block : state.device)
    __real_free(block.first);
  for (auto &block : state.pinned)
    __real_free(block.first);
  for (const auto *handles : {&state.events, &state.streams, &state.pools, &state.libraries}) {
    for (void *handle : *handles)
      __real_free(handle);
  }
  state = State();
  state.world = world;
  state.plan = plan;
}
long calls() {
  return state.calls;
}
long host_calls() {
  return state.host_calls;
}
long injected() {
  return state.injected;
}
Launch last_launch() {
  return state.launch;
}
Books books() {
  const auto count = [](const auto &taken) { return static_cast<long>(taken.size()); };
  return {count(state.device), count(state.pinned),    count(state.events), count(state.streams),
          count(state.pools),  count(state.libraries), state.contexts,      state.pushes,
          count(state.host),   state.unreachable};
}

bool is_sticky(cudaError_t kind) {
  return kind == cudaErrorIllegalAddress || kind == cudaErrorLaunchFailure ||
         kind == cudaErrorECCUncorrectable || kind == cudaErrorUnknown;
}

/* Counts a call, and says what it returns instead of working. */
static cudaError_t fault() {
  const long index = state.calls++;
  const bool due = state.plan.index >= 0 && (index == state.plan.index ||
                                             (state.plan.persistent && index > state.plan.index));
  if (due || state.broken) {
    state.injected++;
    state.broken = state.broken || is_sticky(state.plan.kind);
    return state.plan.kind;
  }
  return cudaSuccess;
}

static void need_context() {
  if (state.pushes < 1) stop("a call without a current context");
}

static void need_range(const std::map<char *, size_t> &books, const void *address, size_t size,
                       const char *what) {
  auto *start = static_cast<char *>(const_cast<void *>(address));
  auto found = books.upper_bound(start);
  if (found != books.begin()) {
    --found;
    if (start + size <= found->first + found->second) return;
  }
  stop("%zu bytes at %p are no %s", size, address, what);
}

static void enqueue(std::function<void()> work) {
  state.queue.push_back(std::move(work));
  state.queued++;
}
static void run_to(uint64_t number) {
  while (state.done < number) {
    auto work = std::move(state.queue.front());
    state.queue.pop_front();
    state.done++;
    work();
  }
}

static void *take(std::map<char *, size_t> &books, size_t size) {
  auto *block = static_cast<char *>(malloc(size)); /* ASan sees what runs over */
  if (block == nullptr) stop("no memory");
  memset(block, 0xA5, size);
  books[block] = size;
  return block;
}
static void give_back(std::map<char *, size_t> &books, void *block, const char *what) {
  auto found = books.find(static_cast<char *>(block));
  if (found == books.end()) stop("%p is no %s", block, what);
  __real_free(block);
  books.erase(found);
}
static void *new_handle(std::set<void *> &books) {
  void *handle = malloc(1);
  books.insert(handle);
  return handle;
}
static void drop_handle(std::set<void *> &books, void *handle, const char *what) {
  if (books.erase(handle) != 1) stop("%p is no %s", handle, what);
  __real_free(handle);
}

static const std::vector<Function> &functions() {
  static const std::vector<Function> table = {
      {"fill_u32",
       {8, 8, 8, 4},
       [](const std::vector<uint64_t> &a, Launch) {
         auto *out = reinterpret_cast<uint32_t *>(a[0]) + a[1];
         need_range(state.device, out, a[2] * 4, "device memory");
         std::fill(out, out + a[2], static_cast<uint32_t>(a[3]));
       }},
      {"fill_u64",
       {8, 8, 8, 8},
       [](const std::vector<uint64_t> &a, Launch) {
         auto *out = reinterpret_cast<uint64_t *>(a[0]) + a[1];
         need_range(state.device, out, a[2] * 8, "device memory");
         std::fill(out, out + a[2], a[3]);
       }},
      /* out[0..4] = grid, a, b, whether `nothing` was null, and a float's bits */
      {"probe",
       {8, 8, 4, 8, 4},
       [](const std::vector<uint64_t> &a, Launch launch) {
         auto *out = reinterpret_cast<uint64_t *>(a[0]);
         need_range(state.device, out, 5 * 8, "device memory");
         out[0] = launch.grid;
         out[1] = a[1];
         out[2] = a[2];
         out[3] = a[3] == 0;
         out[4] = a[4];
       }},
  };
  return table;
}

}  // namespace stub

using namespace stub;

void *__wrap_calloc(size_t count, size_t size) {
  if (state.host_calls++ == state.plan.host_index) {
    state.injected++;
    return nullptr;
  }
  void *memory = __real_calloc(count, size);
  state.host.insert(memory);
  return memory;
}
void __wrap_free(void *memory) {
  state.host.erase(memory);
  __real_free(memory);
}

/* --- Devices and contexts --------------------------------------------------------------------- */

#define FAULT()                         \
  do {                                  \
    const cudaError_t due = fault();    \
    if (due != cudaSuccess) return due; \
  } while (false)

static CUresult fake_get(CUdevice *device, int number) {
  const cudaError_t due = fault();
  if (due != cudaSuccess) return static_cast<CUresult>(due);
  *device = number;
  return CUDA_SUCCESS;
}
static CUresult fake_retain(CUcontext *context, CUdevice) {
  const cudaError_t due = fault();
  if (due != cudaSuccess) return static_cast<CUresult>(due);
  state.contexts++;
  *context = reinterpret_cast<CUcontext>(&state);
  return CUDA_SUCCESS;
}
static CUresult fake_release(CUdevice) {
  if (state.contexts < 1) stop("a context was released twice");
  state.contexts--;
  return static_cast<CUresult>(fault());
}
/* What fails for good fails here only if it began here: else nothing could be given back, and the
 * books would prove nothing. */
static CUresult fake_push(CUcontext context) {
  if (context == nullptr) stop("no context to push");
  const bool spared = state.plan.persistent && !state.broken && !state.unreachable &&
                      state.calls > state.plan.index;
  const cudaError_t due = spared ? cudaSuccess : fault();
  if (due != cudaSuccess) {
    state.unreachable = state.plan.persistent;
    return static_cast<CUresult>(due);
  }
  state.pushes++;
  return CUDA_SUCCESS;
}
static CUresult fake_pop(CUcontext *context) {
  if (state.pushes < 1) stop("popped more than pushed");
  state.pushes--;
  *context = nullptr;
  return CUDA_SUCCESS;
}

extern "C" {

cudaError_t cudaGetLastError(void) {
  return cudaSuccess;
}
const char *cudaGetErrorName(cudaError_t) {
  return "cudaErrorOfTheStub";
}
const char *cudaGetErrorString(cudaError_t) {
  return "as the test wants it";
}

cudaError_t cudaGetDeviceCount(int *count) {
  FAULT();
  if (state.world.devices < 0) return cudaErrorInsufficientDriver;
  if (state.world.devices == 0) return cudaErrorNoDevice;
  *count = state.world.devices;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int *version) {
  FAULT();
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int *version) {
  FAULT();
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device) {
  FAULT();
  memset(properties, 0, sizeof *properties);
  snprintf(properties->name, sizeof properties->name, "Stub %d", device);
  properties->totalGlobalMem = 1 << 30;
  properties->multiProcessorCount = multiprocessors;
  properties->major = 9;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int) {
  FAULT();
  if (attribute == cudaDevAttrMemoryPoolsSupported)
    *value = state.world.has_pools;
  else if (attribute == cudaDevAttrMultiProcessorCount)
    *value = multiprocessors;
  else
    stop("an attribute that the stub does not know: %d", attribute);
  return cudaSuccess;
}
cudaError_t cudaGetDriverEntryPointByVersion(const char *symbol, void **function, unsigned int,
                                             unsigned long long,
                                             cudaDriverEntryPointQueryResult *result) {
  FAULT();
  const std::string name = symbol;
  *result = cudaDriverEntryPointSuccess;
  if (name == "cuDeviceGet")
    *function = reinterpret_cast<void *>(fake_get);
  else if (name == "cuDevicePrimaryCtxRetain")
    *function = reinterpret_cast<void *>(fake_retain);
  else if (name == "cuDevicePrimaryCtxRelease")
    *function = reinterpret_cast<void *>(fake_release);
  else if (name == "cuCtxPushCurrent")
    *function = reinterpret_cast<void *>(fake_push);
  else if (name == "cuCtxPopCurrent")
    *function = reinterpret_cast<void *>(fake_pop);
  else
    *result = cudaDriverEntryPointSymbolNotFound;
  return cudaSuccess;
}

/* --- Streams and events ----------------------------------------------------------------------- */

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned int) {
  need_context();
  FAULT();
  *stream = static_cast<cudaStream_t>(new_handle(state.streams));
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  need_context();
  run_to(state.queued);
  drop_handle(state.streams, stream, "stream");
  return fault();
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  need_context();
  FAULT();
  run_to(state.queued);
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned int) {
  need_context();
  FAULT();
  *event = static_cast<cudaEvent_t>(new_handle(state.events));
  return cudaSuccess;
}
cudaError_t cudaEventCreate(cudaEvent_t *event) {
  return cudaEventCreateWithFlags(event, 0);
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  drop_handle(state.events, event, "event");
  state.recorded.erase(event);
  return fault();
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  need_context();
  FAULT();
  state.recorded[event] = state.queued;
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  need_context();
  FAULT();
  if (state.recorded.count(event) != 1) stop("waiting for an event that was not recorded");
  run_to(state.recorded[event]);
  return cudaSuccess;
}
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t from, cudaEvent_t to) {
  need_context();
  FAULT();
  if (state.recorded[from] > state.done || state.recorded[to] > state.done)
    return cudaErrorNotReady;
  *milliseconds = static_cast<float>(state.recorded[to] - state.recorded[from]);
  return cudaSuccess;
}

/* --- Memory ----------------------------------------------------------------------------------- */

cudaError_t cudaMalloc(void **memory, size_t size) {
  need_context();
  FAULT();
  *memory = take(state.device, size);
  return cudaSuccess;
}
cudaError_t cudaFree(void *memory) {
  need_context();
  run_to(state.queued); /* it waits for the whole device */
  give_back(state.device, memory, "device memory");
  return fault();
}
cudaError_t cudaMallocFromPoolAsync(void **memory, size_t size, cudaMemPool_t pool, cudaStream_t) {
  need_context();
  if (state.pools.count(pool) != 1) stop("no such pool");
  FAULT();
  *memory = take(state.device, size);
  return cudaSuccess;
}
cudaError_t cudaFreeAsync(void *memory, cudaStream_t) {
  need_context();
  need_range(state.device, memory, 1, "device memory");
  enqueue([memory] { give_back(state.device, memory, "device memory"); });
  return fault();
}
cudaError_t cudaMemPoolCreate(cudaMemPool_t *pool, const cudaMemPoolProps *) {
  FAULT();
  *pool = static_cast<cudaMemPool_t>(new_handle(state.pools));
  return cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
  /* The driver has waited; if that failed, the work is done here as a device would in its time. */
  run_to(state.queued);
  if (!state.device.empty()) stop("a pool is destroyed, %zu blocks live", state.device.size());
  drop_handle(state.pools, pool, "pool");
  return fault();
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void *) {
  return fault();
}
cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t, cudaMemPoolAttr attribute, void *value) {
  FAULT();
  const uint64_t bytes = attribute == cudaMemPoolAttrReservedMemCurrent ? 300 : 100;
  memcpy(value, &bytes, sizeof bytes);
  return cudaSuccess;
}
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t, size_t) {
  return fault();
}
cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
  need_context();
  FAULT();
  *free_bytes = 1000;
  *total_bytes = 5000;
  return cudaSuccess;
}
cudaError_t cudaHostAlloc(void **memory, size_t size, unsigned int) {
  need_context();
  FAULT();
  *memory = take(state.pinned, size);
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void *memory) {
  if (state.plan.persistent && state.injected > 0) run_to(state.queued); /* nobody could wait */
  give_back(state.pinned, memory, "pinned memory"); /* work that still uses it is a mistake */
  return fault();
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t size, cudaMemcpyKind kind,
                            cudaStream_t) {
  need_context();
  const bool up = kind == cudaMemcpyHostToDevice, down = kind == cudaMemcpyDeviceToHost;
  const auto check = [=] {
    need_range(up ? state.pinned : state.device, from, size,
               up ? "pinned memory" : "device memory");
    need_range(down ? state.pinned : state.device, to, size,
               down ? "pinned memory" : "device memory");
  };
  check();
  FAULT();
  enqueue([=] {
    check();
    memcpy(to, from, size);
  });
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void *to, int value, size_t size, cudaStream_t) {
  need_context();
  need_range(state.device, to, size, "device memory");
  FAULT();
  enqueue([=] {
    need_range(state.device, to, size, "device memory");
    memset(to, value, size);
  });
  return cudaSuccess;
}

/* --- Kernels ---------------------------------------------------------------------------------- */

cudaError_t cudaLibraryLoadData(cudaLibrary_t *library, const void *image, cudaJitOption *, void **,
                                unsigned int, cudaLibraryOption *, void **, unsigned int) {
  need_context();
  FAULT();
  if (image == nullptr) stop("no image");
  *library = static_cast<cudaLibrary_t>(new_handle(state.libraries));
  return cudaSuccess;
}
cudaError_t cudaLibraryUnload(cudaLibrary_t library) {
  need_context();
  drop_handle(state.libraries, library, "library");
  return fault();
}
cudaError_t cudaLibraryGetKernel(cudaKernel_t *kernel, cudaLibrary_t library, const char *name) {
  need_context();
  if (state.libraries.count(library) != 1) stop("no such library");
  FAULT();
  for (const Function &function : functions()) {
    if (strcmp(function.name, name) != 0) continue;
    *kernel = reinterpret_cast<cudaKernel_t>(const_cast<Function *>(&function));
    return cudaSuccess;
  }
  return cudaErrorSymbolNotFound;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *groups, const void *, int, size_t) {
  need_context();
  FAULT();
  *groups = groups_per_multiprocessor;
  return cudaSuccess;
}
cudaError_t cudaLaunchKernel(const void *kernel, dim3 grid, dim3 block, void **arguments, size_t,
                             cudaStream_t) {
  need_context();
  FAULT();
  const auto *function = static_cast<const Function *>(kernel);
  std::vector<uint64_t> values;
  for (size_t k = 0; k < function->sizes.size(); k++) {
    uint64_t value = 0;
    memcpy(&value, arguments[k], function->sizes[k]);
    values.push_back(value);
  }
  state.launch = {grid.x, block.x};
  const Launch launch = state.launch;
  enqueue([=] { function->run(values, launch); });
  return cudaSuccess;
}

}  // extern "C"

/* --- CUB -------------------------------------------------------------------------------------- */

namespace gli_cuda {

const Embedded embedded[] = {{"cuda/fill", reinterpret_cast<const unsigned char *>("image")},
                             {"test/probe", reinterpret_cast<const unsigned char *>("image")},
                             {nullptr, nullptr}};
const char architectures[] = "the stub";

/* As CUB: a question without scratch, and work in the stream with it. */
static bool asks(void *scratch, size_t &scratch_bytes, size_t wanted) {
  if (scratch == nullptr) {
    scratch_bytes = wanted;
    return true;
  }
  if (scratch_bytes < wanted) stop("too little scratch");
  need_range(state.device, scratch, wanted, "device memory");
  return false;
}

template <typename T>
static void scan_as(const void *in, void *out, int64_t count) {
  T sum = 0;
  for (int64_t k = 0; k < count; k++)
    static_cast<T *>(out)[k] = sum = static_cast<T>(sum + static_cast<const T *>(in)[k]);
}
cudaError_t inclusive_scan(gli_device_element element, void *scratch, size_t &scratch_bytes,
                           const void *in, void *out, int64_t count, cudaStream_t) {
  need_context();
  FAULT();
  if (asks(scratch, scratch_bytes, static_cast<size_t>(count) + 3)) return cudaSuccess;
  enqueue([=] {
    const size_t size = static_cast<size_t>(count) * (element == GLI_DEVICE_U32 ? 4 : 8);
    need_range(state.device, in, size, "device memory");
    need_range(state.device, out, size, "device memory");
    if (element == GLI_DEVICE_U32)
      scan_as<uint32_t>(in, out, count);
    else
      scan_as<int64_t>(in, out, count);
  });
  return cudaSuccess;
}
cudaError_t select_flagged(void *scratch, size_t &scratch_bytes, const uint8_t *flags,
                           int32_t *positions, uint32_t *found, int64_t count, cudaStream_t) {
  need_context();
  FAULT();
  if (asks(scratch, scratch_bytes, 0)) return cudaSuccess;
  enqueue([=] {
    need_range(state.device, flags, static_cast<size_t>(count), "device memory");
    *found = 0;
    for (int64_t k = 0; k < count; k++) {
      if (flags[k] != 0) positions[(*found)++] = static_cast<int32_t>(k);
    }
  });
  return cudaSuccess;
}
template <typename T>
static void reduce_as(gli_device_reduction reduction, const void *in, void *out, int64_t count) {
  T result = static_cast<const T *>(in)[0];
  for (int64_t k = 1; k < count; k++) {
    const T value = static_cast<const T *>(in)[k];
    result = reduction == GLI_DEVICE_SUM   ? static_cast<T>(result + value)
             : reduction == GLI_DEVICE_MIN ? std::min(result, value)
                                           : std::max(result, value);
  }
  *static_cast<T *>(out) = result;
}
cudaError_t reduce_values(gli_device_element element, gli_device_reduction reduction, void *scratch,
                          size_t &scratch_bytes, const void *in, void *out, int64_t count,
                          cudaStream_t) {
  need_context();
  FAULT();
  if (asks(scratch, scratch_bytes, 64)) return cudaSuccess;
  enqueue([=] {
    if (element == GLI_DEVICE_U32) reduce_as<uint32_t>(reduction, in, out, count);
    if (element == GLI_DEVICE_I64) reduce_as<int64_t>(reduction, in, out, count);
    if (element == GLI_DEVICE_F64) reduce_as<double>(reduction, in, out, count);
  });
  return cudaSuccess;
}
cudaError_t sort_by_key(void *scratch, size_t &scratch_bytes, uint64_t *const keys[2],
                        uint32_t *const values[2], int64_t count, int bits, int *selected,
                        cudaStream_t) {
  need_context();
  FAULT();
  if (asks(scratch, scratch_bytes, 32)) return cudaSuccess;
  /* Which half it is depends on the number of passes: eight bits at a time. */
  const int half = (bits + 7) / 8 % 2;
  *selected = half;
  uint64_t *key_halves[2] = {keys[0], keys[1]};
  uint32_t *value_halves[2] = {values[0], values[1]};
  enqueue([=] {
    const auto items = static_cast<size_t>(count);
    const uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    std::vector<std::pair<uint64_t, uint32_t>> pairs(items);
    for (size_t k = 0; k < items; k++)
      pairs[k] = {key_halves[0][k], value_halves[0] != nullptr ? value_halves[0][k] : 0};
    std::stable_sort(pairs.begin(), pairs.end(), [=](const auto &a, const auto &b) {
      return (a.first & mask) < (b.first & mask);
    });
    need_range(state.device, key_halves[1 - half], items * 8, "device memory");
    memset(key_halves[1 - half], 0x77, items * 8); /* the other half holds anything */
    for (size_t k = 0; k < items; k++) {
      key_halves[half][k] = pairs[k].first;
      if (value_halves[0] != nullptr) value_halves[half][k] = pairs[k].second;
    }
  });
  return cudaSuccess;
}

}  // namespace gli_cuda
