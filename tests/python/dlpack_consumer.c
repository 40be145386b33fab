/* dlpack_consumer.c: a library that takes OpenCL arrays by DLPack, as a user's would.
 *
 * Written against DLPack's structures as dmlc/dlpack documents them, not against groggy's copy of
 * them. It reads the array by a queue of its own and gives it back on a thread of its own. */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <pthread.h>
#include <stdint.h>

typedef struct {
  void *data;
  struct {
    int32_t device_type, device_id;
  } device;
  int32_t ndim;
  struct {
    uint8_t code, bits;
    uint16_t lanes;
  } dtype;
  int64_t *shape, *strides;
  uint64_t byte_offset;
} DLTensor;

typedef struct DLManagedTensor {
  DLTensor dl_tensor;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;

typedef struct DLManagedTensorVersioned {
  struct {
    uint32_t major, minor;
  } version;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned *self);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;

static const DLTensor *tensor_of(void *managed, int versioned) {
  return versioned ? &((DLManagedTensorVersioned *)managed)->dl_tensor
                   : &((DLManagedTensor *)managed)->dl_tensor;
}

/* code * 1000 + bits * 10 + lanes, or -1 for what this consumer does not take. */
int consumer_type(void *managed, int versioned);
int consumer_type(void *managed, int versioned) {
  const DLTensor *tensor = tensor_of(managed, versioned);
  if (versioned && ((DLManagedTensorVersioned *)managed)->version.major != 1) return -1;
  if (tensor->device.device_type != 4 || tensor->ndim != 1 || tensor->byte_offset != 0) return -1;
  if (tensor->strides != NULL && tensor->strides[0] != 1) return -1;
  return tensor->dtype.code * 1000 + tensor->dtype.bits * 10 + tensor->dtype.lanes;
}

int64_t consumer_length(void *managed, int versioned);
int64_t consumer_length(void *managed, int versioned) {
  return tensor_of(managed, versioned)->shape[0];
}

/* The array through a queue of our own in the array's own context. */
int consumer_read(void *managed, int versioned, void *target, uint64_t size);
int consumer_read(void *managed, int versioned, void *target, uint64_t size) {
  const DLTensor *tensor = tensor_of(managed, versioned);
  cl_mem memory = tensor->data;
  cl_context context;
  cl_device_id device;
  cl_int status = clGetMemObjectInfo(memory, CL_MEM_CONTEXT, sizeof context, &context, NULL);
  if (status != CL_SUCCESS) return status;
  status = clGetContextInfo(context, CL_CONTEXT_DEVICES, sizeof device, &device, NULL);
  if (status != CL_SUCCESS) return status;
  cl_command_queue queue = clCreateCommandQueue(context, device, 0, &status);
  if (status != CL_SUCCESS) return status;
  status = clEnqueueReadBuffer(queue, memory, CL_TRUE, 0, size, target, 0, NULL, NULL);
  clReleaseCommandQueue(queue);
  return status;
}

typedef struct {
  void *managed;
  int versioned;
} parting;

static void *let_go(void *context) {
  const parting *last = context;
  if (last->versioned) {
    DLManagedTensorVersioned *managed = last->managed;
    managed->deleter(managed);
  } else {
    DLManagedTensor *managed = last->managed;
    managed->deleter(managed);
  }
  return NULL;
}

/* On a thread that Python has never seen. */
int consumer_free(void *managed, int versioned);
int consumer_free(void *managed, int versioned) {
  parting last = {managed, versioned};
  pthread_t thread;
  if (pthread_create(&thread, NULL, let_go, &last) != 0) return -1;
  return pthread_join(thread, NULL);
}
