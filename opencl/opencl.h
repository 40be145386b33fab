/* opencl.h: what the files of the OpenCL driver share. */
#ifndef GLI_OPENCL_OPENCL_H
#define GLI_OPENCL_OPENCL_H

#include "device/device.h"
#include "opencl/errors.h"
#include "opencl/loader.h"

/* A device as it was found: what libgli sees, and what only the driver needs. */
typedef struct opencl_found {
  gli_device_info info;
  cl_platform_id platform;
  cl_device_id id;
  char platform_version[128]; /* with `vendor` and the info, what machine code depends on */
  char vendor[64];
  uint32_t type_rank;   /* 0: GPU, 1: accelerator, 2: CPU */
  uint32_t group_limit; /* work-groups of a launch: as many as fill the device */
} opencl_found;

/* All devices of all platforms, best first; found once in a process. Thread-safe. */
gli_device_code opencl_devices(const opencl_found **found_out, size_t *count_out,
                               gli_device_error *error);

struct gli_device_buffer {
  cl_mem memory;
  uint64_t size_bytes;
  gli_device_buffer *previous, *next;
};

struct gli_device_kernel {
  cl_kernel kernel;
  uint32_t argument_count;
  gli_device_kernel *next;
  char name[80];
};

struct gli_device_program {
  cl_program program;
  gli_device_kernel *kernels;
  gli_device_program *previous, *next;
};

struct gli_device_event {
  cl_event event;
  gli_device_event *previous, *next;
};

/* Bytes that were copied from the caller and are on their way to the device. */
typedef struct opencl_staging {
  cl_event done;
  struct opencl_staging *next;
  uint64_t size_bytes;
} opencl_staging;

struct gli_device {
  opencl_found found;
  int32_t number; /* in the list of devices */
  gli_device_host host;
  cl_context context;
  cl_command_queue queue;
  gli_device_buffer *buffers;
  gli_device_program *programs;
  gli_device_event *events;
  uint64_t allocated_bytes;
  opencl_staging *staging_first, *staging_last; /* oldest first */
  uint64_t staging_bytes;
};

/* memory.c */
gli_device_code opencl_allocate(gli_device *device, uint64_t size_bytes,
                                gli_device_buffer **buffer_out, gli_device_error *error);
void opencl_release(gli_device *device, gli_device_buffer *buffer);
gli_device_code opencl_copy(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                            gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                            gli_device_error *error);
gli_device_code opencl_fill(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                            uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                            gli_device_error *error);
gli_device_code opencl_memory(gli_device *device, gli_device_memory *memory_out,
                              gli_device_error *error);

/* The cl_mem, for those who share it: it knows its context. */
gli_device_code opencl_address(gli_device *device, gli_device_buffer *buffer, void **address_out,
                               int32_t *kind_out, int32_t *number_out, gli_device_error *error);

/* transfer.c */
gli_device_code opencl_upload(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                              const void *source, uint64_t size_bytes, gli_device_error *error);
gli_device_code opencl_download(gli_device *device, gli_device_buffer *buffer,
                                uint64_t offset_bytes, void *target, uint64_t size_bytes, bool wait,
                                gli_device_error *error);
/* Give up staging memory. Not idle: nobody knows whether the device still reads it, so it stays. */
void opencl_staging_free(gli_device *device, bool is_idle);
/* Whether [offset, offset + size) lies in the buffer; REFUSED with the figures otherwise. */
gli_device_code opencl_check_range(const char *what, const gli_device_buffer *buffer,
                                   uint64_t offset_bytes, uint64_t size_bytes,
                                   gli_device_error *error);

/* program.c */
gli_device_code opencl_program(gli_device *device, const gli_device_source *source,
                               gli_device_program **program_out, gli_device_error *error);
void opencl_program_release(gli_device *device, gli_device_program *program);
gli_device_code opencl_kernel(gli_device *device, gli_device_program *program, const char *name,
                              gli_device_kernel **kernel_out, gli_device_error *error);

/* queue.c */
gli_device_code opencl_launch(gli_device *device, gli_device_kernel *kernel, gli_device_shape shape,
                              const gli_device_argument *arguments, size_t argument_count,
                              gli_device_error *error);
gli_device_code opencl_event_record(gli_device *device, gli_device_event **event_out,
                                    gli_device_error *error);
gli_device_code opencl_event_wait(gli_device *device, gli_device_event *event,
                                  gli_device_error *error);
gli_device_code opencl_event_elapsed(gli_device *device, gli_device_event *from,
                                     gli_device_event *to, double *seconds_out,
                                     gli_device_error *error);
void opencl_event_release(gli_device *device, gli_device_event *event);
gli_device_code opencl_finish(gli_device *device, gli_device_error *error);
/* Work failed that was in the queue already: find out whether the device is gone for good. */
gli_device_code opencl_wait_failed(gli_device *device, gli_device_error *error, const char *call,
                                   int number);

#endif
