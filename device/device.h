/* device.h: what a driver for accelerators offers to libgli, and all that a driver sees of it.
 *
 * A driver is a plugin (libgli_<name>.so) with one exported symbol, gli_device_driver_entry, that
 * hands out a table of functions. Everything a graph algorithm needs goes through that table:
 * memory, kernels, launches, events and, where a vendor has better ones than our portable kernels,
 * primitives. The table is the whole contract: a driver links nothing of libgli, and libgli knows
 * no vendor.
 *
 * Order. All work of one device goes to one queue: uploads, launches, copies and downloads happen
 * in the order in which they were asked for. Nothing blocks the host but a download with `wait`,
 * `event_wait` and `finish`.
 *
 * Threads. libgli calls a device from one thread at a time (it holds a lock of the device).
 *
 * Errors. Every function returns a code and, on failure, fills the caller's gli_device_error with
 * the driver's own number and the call's name. Outputs are set only on success. After
 * GLI_DEVICE_LOST libgli calls nothing of that device any more, `close` included.
 *
 * Versions. `abi` must be equal; `struct_size` lets a table grow at its end: what lies past a
 * driver's struct_size is as good as NULL. */
#ifndef GLI_DEVICE_DEVICE_H
#define GLI_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GLI_DEVICE_ABI UINT32_C(1)

typedef enum gli_device_code {
  GLI_DEVICE_OK = 0,
  GLI_DEVICE_NO_MEMORY, /* the device has no room for this; otherwise it is well */
  GLI_DEVICE_REFUSED,   /* it cannot do this (no such kernel, too large); otherwise it is well */
  GLI_DEVICE_FAILED,    /* a call failed; the next one may succeed */
  GLI_DEVICE_LOST,      /* nothing will ever succeed again on this device in this process */
} gli_device_code;

typedef struct gli_device_error {
  gli_device_code code;
  int32_t driver_code; /* the vendor's number: a cl_int, a cudaError_t; 0: none */
  char message[240];   /* one line: the vendor's call, what it said, and what to do about it */
} gli_device_error;

/* A device as it is found, before it is opened. */
typedef struct gli_device_info {
  size_t struct_size;     /* as the caller knows it; the driver fills no more */
  char name[128];         /* "NVIDIA H100 80GB HBM3" */
  char platform[128];     /* "NVIDIA CUDA", "Portable Computing Language" */
  char version[128];      /* of device and driver together: what a kernel cache depends on */
  uint64_t memory_bytes;  /* all of it */
  uint64_t largest_bytes; /* the largest single buffer */
  uint32_t compute_units; /* multiprocessors, cores */
  uint32_t group_size;    /* GROUP_SIZE of the kernels: work-items of a work-group; 1 on CPUs */
  bool is_cpu;            /* OpenCL on a CPU: FOR_ITEMS gives contiguous chunks */
  bool shares_memory;     /* buffers lie in the host's memory */
  bool has_fp64;
  bool has_atomic64;
} gli_device_info;

typedef struct gli_device gli_device;                 /* an opened device: its context and queue */
typedef struct gli_device_buffer gli_device_buffer;   /* memory on it */
typedef struct gli_device_program gli_device_program; /* the kernels of one .cl file */
typedef struct gli_device_kernel gli_device_kernel;   /* lives as long as its program */
typedef struct gli_device_event gli_device_event;     /* a place in the queue */

/* The text of a program. A driver that brings kernels compiled ahead of time looks up `name` and
 * may ignore the text. */
typedef struct gli_device_source {
  const char *name;    /* stem: "link_analysis/pagerank" */
  const char *dialect; /* dialect.h, to stand before the text; NUL-terminated */
  const char *text;    /* the .cl file, NUL-terminated */
} gli_device_source;

/* What a driver may call while it works for libgli. */
typedef struct gli_device_host {
  size_t struct_size;
  void *context;
  /* Kernels are being compiled, which takes long the first time: shown as progress. May be NULL. */
  void (*compiling)(void *context, const char *program_name);
} gli_device_host;

typedef enum gli_device_argument_type {
  GLI_DEVICE_BUFFER = 1, /* a pointer to the start of a buffer; NULL buffer: a null pointer */
  GLI_DEVICE_INT32,      /* int32_t or uint32_t or float: 4 bytes */
  GLI_DEVICE_INT64,      /* int64_t or uint64_t or double: 8 bytes */
} gli_device_argument_type;

typedef struct gli_device_argument {
  gli_device_argument_type type;
  union {
    gli_device_buffer *buffer;
    int32_t int32;
    uint32_t uint32;
    float float32;
    int64_t int64;
    uint64_t uint64;
    double float64;
  } as;
} gli_device_argument;

/* How many work-items a launch gets. Kernels loop (FOR_ITEMS, FOR_GROUPS), so a driver is free to
 * start fewer than there are items or tasks: as many as fill the device. A count of 0 launches
 * nothing and succeeds. */
typedef enum gli_device_shape_type {
  GLI_DEVICE_ITEMS = 1, /* count: items of a FOR_ITEMS loop */
  GLI_DEVICE_GROUPS,    /* count: tasks of a FOR_GROUPS loop, a work-group each */
  GLI_DEVICE_ONE_GROUP, /* one work-group, whatever count (> 0) says: BARRIER spans the launch */
} gli_device_shape_type;

typedef struct gli_device_shape {
  gli_device_shape_type type;
  int64_t count;
} gli_device_shape;

/* Element types of primitives. */
typedef enum gli_device_element {
  GLI_DEVICE_U32 = 1,
  GLI_DEVICE_I64,
  GLI_DEVICE_F64,
} gli_device_element;

typedef enum gli_device_reduction {
  GLI_DEVICE_SUM = 1,
  GLI_DEVICE_MIN,
  GLI_DEVICE_MAX,
} gli_device_reduction;

/* The primitives that a vendor may do better than device/primitives/. Each slot may be NULL: then
 * the portable kernels do it. All are stable or exact as said: a result never depends on who did
 * it. Counts are elements; no two buffers of a call overlap unless they are the same buffer where
 * `in == out` is allowed. A driver keeps its own scratch memory. */
typedef struct gli_device_primitives {
  /* out[i] = sum of in[0 .. i-1]; out has count + 1 elements, the last is the total. U32 wraps. */
  gli_device_code (*exclusive_scan)(gli_device *device, gli_device_element element,
                                    gli_device_buffer *in, gli_device_buffer *out, int64_t count,
                                    gli_device_error *error);
  /* positions[k] = the k-th i with flags[i] != 0 (uint8 flags, int32 positions, in rising order);
   * found (one uint32) = how many. */
  gli_device_code (*select)(gli_device *device, gli_device_buffer *flags,
                            gli_device_buffer *positions, gli_device_buffer *found, int64_t count,
                            gli_device_error *error);
  /* out[0] of the element type. No F64 SUM: its order would depend on who did it. */
  gli_device_code (*reduce)(gli_device *device, gli_device_element element,
                            gli_device_reduction reduction, gli_device_buffer *in,
                            gli_device_buffer *out, int64_t count, gli_device_error *error);
  /* Stable sort by uint64 keys, of which the low `bits` count; uint32 values go along (NULL: none).
   * Both in place; the driver may exchange memory behind the handles, not the handles. */
  gli_device_code (*sort)(gli_device *device, gli_device_buffer *keys, gli_device_buffer *values,
                          int64_t count, int32_t bits, gli_device_error *error);
  /* counts[key] += 1 for each of the uint32 keys, all below `bins`; counts are uint32, zeroed by
   * the caller. */
  gli_device_code (*histogram)(gli_device *device, gli_device_buffer *keys,
                               gli_device_buffer *counts, int64_t count, int64_t bins,
                               gli_device_error *error);
} gli_device_primitives;

typedef struct gli_device_memory {
  uint64_t total_bytes;
  uint64_t free_bytes;      /* as the driver says; total - allocated where it cannot say */
  uint64_t allocated_bytes; /* in buffers of this device handle */
} gli_device_memory;

typedef struct gli_device_driver {
  size_t struct_size;
  uint32_t abi;     /* GLI_DEVICE_ABI */
  const char *name; /* "opencl", "cuda" */

  /* The devices there are, best first; infos may be NULL to only count. None at all is a
   * GLI_DEVICE_REFUSED whose message says what is missing and how to get it. */
  gli_device_code (*enumerate)(gli_device_info *infos, size_t capacity, size_t *count_out,
                               gli_device_error *error);
  gli_device_code (*open)(size_t position, const gli_device_host *host, gli_device **device_out,
                          gli_device_error *error);
  /* Gives everything back, buffers and programs that are left included. NULL is legal. */
  void (*close)(gli_device *device);

  /* size_bytes > 0; the content is undefined. */
  gli_device_code (*allocate)(gli_device *device, uint64_t size_bytes,
                              gli_device_buffer **buffer_out, gli_device_error *error);
  /* Work already in the queue may still use it. NULL is legal. */
  void (*release)(gli_device *device, gli_device_buffer *buffer);
  /* `source` may be changed as soon as this returns. */
  gli_device_code (*upload)(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                            const void *source, uint64_t size_bytes, gli_device_error *error);
  /* With `wait` the data are there on return; without, after a later event_wait or finish. */
  gli_device_code (*download)(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                              void *target, uint64_t size_bytes, bool wait,
                              gli_device_error *error);
  gli_device_code (*copy)(gli_device *device, gli_device_buffer *from, uint64_t from_offset_bytes,
                          gli_device_buffer *to, uint64_t to_offset_bytes, uint64_t size_bytes,
                          gli_device_error *error);
  /* Repeats a pattern of 1, 4 or 8 bytes; offset and size are multiples of it. */
  gli_device_code (*fill)(gli_device *device, gli_device_buffer *buffer, uint64_t offset_bytes,
                          uint64_t size_bytes, const void *pattern, uint32_t pattern_bytes,
                          gli_device_error *error);
  gli_device_code (*memory)(gli_device *device, gli_device_memory *memory_out,
                            gli_device_error *error);

  gli_device_code (*program)(gli_device *device, const gli_device_source *source,
                             gli_device_program **program_out, gli_device_error *error);
  void (*program_release)(gli_device *device, gli_device_program *program);
  gli_device_code (*kernel)(gli_device *device, gli_device_program *program, const char *name,
                            gli_device_kernel **kernel_out, gli_device_error *error);
  gli_device_code (*launch)(gli_device *device, gli_device_kernel *kernel, gli_device_shape shape,
                            const gli_device_argument *arguments, size_t argument_count,
                            gli_device_error *error);

  /* A mark in the queue. */
  gli_device_code (*event_record)(gli_device *device, gli_device_event **event_out,
                                  gli_device_error *error);
  gli_device_code (*event_wait)(gli_device *device, gli_device_event *event,
                                gli_device_error *error);
  /* Device time between two marks, both reached. */
  gli_device_code (*event_elapsed)(gli_device *device, gli_device_event *from, gli_device_event *to,
                                   double *seconds_out, gli_device_error *error);
  void (*event_release)(gli_device *device, gli_device_event *event);
  /* Wait for all that was asked for. */
  gli_device_code (*finish)(gli_device *device, gli_device_error *error);

  gli_device_primitives primitives;

  /* Where the buffer lies, for those who share memory without a copy (DLPack,
   * __cuda_array_interface__): a device address, and what DLPack calls the kind of device (2: CUDA,
   * 4: OpenCL) with its number. NULL slot: not shared. */
  gli_device_code (*address)(gli_device *device, gli_device_buffer *buffer, void **address_out,
                             int32_t *kind_out, int32_t *number_out, gli_device_error *error);
} gli_device_driver;

/* The one symbol of a plugin. NULL with a message when it cannot work with this ABI; it touches no
 * hardware and no vendor library yet. */
#define GLI_DEVICE_ENTRY_NAME "gli_device_driver_entry"
typedef const gli_device_driver *(*gli_device_entry)(uint32_t abi, gli_device_error *error);

#ifdef __cplusplus
}
#endif
#endif
