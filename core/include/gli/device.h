/** @file device.h
 *  @brief Accelerators: which there are, how fast they are, what they hold of a graph.
 *
 *  Devices belong to the backends "cuda" and "opencl" (backend.h). Looking at them opens the
 *  drivers, once per process; nothing is opened before. A device itself is opened by the first call
 *  that runs there. A position in the list stays valid as long as the process lives.
 *
 *  A graph's topology is mirrored on a device by the first call that runs there, and kept up to
 * date by what changed since. Mirrors make room for each other within a budget, the least used
 * first.
 *
 *  The environment variable GLI_DEVICE chooses the device of calls that name none (gli_control,
 *  field `device`): "cuda:1" is driver and number, "1" a number at its driver, anything else a part
 *  of the device's name or platform in any case; "none" turns devices off. It is read once. A CPU
 *  with an OpenCL driver is used only where it is named, by GLI_DEVICE or by the call.
 */
#ifndef GLI_DEVICE_H
#define GLI_DEVICE_H

#include <gli/control.h>
#include <gli/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A device, as it was found. Texts live as long as the process. */
typedef struct gli_device_description {
  const char *backend;  /**< "cuda", "opencl" */
  int32_t number;       /**< at its backend: "opencl:0" names it */
  const char *name;     /**< "NVIDIA H100 80GB HBM3" */
  const char *platform; /**< "NVIDIA CUDA", "Portable Computing Language" */
  const char *version;  /**< of device and driver together */
  uint64_t memory_bytes;
  uint32_t compute_units; /**< multiprocessors, cores */
  bool is_cpu;            /**< OpenCL on a CPU */
  bool has_fp64;          /**< double precision, which some algorithms need */
  bool available;         /**< false: out of use, for the reason below */
  const char *reason;     /**< why it is out of use; "" when it is not */
  bool calibrated;        /**< its figures are measured, not rough ones of its kind */
} gli_device_description;

/** Figures of a device behind the automatic choice of a backend. */
typedef struct gli_device_figures {
  double launch_seconds;        /**< one kernel launch after another */
  double round_trip_seconds;    /**< the host waits for a number from the device */
  double upload_bytes_second;   /**< host to device */
  double download_bytes_second; /**< device to host */
  double gather_entries_second; /**< row entries that a pull over random rows reads */
  double stream_bytes_second;   /**< device memory, read and written */
} gli_device_figures;

/** What libgli did with a device since it was opened. */
typedef struct gli_device_usage {
  bool is_open;
  uint64_t held_bytes;     /**< allocated now: mirrors, kept columns, scratch of a running call */
  uint64_t kept_bytes;     /**< of these, columns of results (gli_control.keep) */
  uint64_t peak_bytes;     /**< the most that was ever allocated */
  uint64_t budget_bytes;   /**< for mirrors; 0 until it is open */
  uint64_t uploaded_bytes; /**< host to device */
  uint64_t downloaded_bytes;
  uint64_t launches;
} gli_device_usage;

/** What a device holds of one graph. */
typedef struct gli_mirror_usage {
  uint64_t held_bytes;    /**< rows, weights and derived views */
  uint64_t full_uploads;  /**< of a side of the graph */
  uint64_t delta_uploads; /**< of what had changed */
  uint64_t uploaded_bytes;
  bool pinned;
} gli_mirror_usage;

/** @brief How many devices there are, those of all backends together. */
GLI_API size_t gli_device_count(void);
/** @brief The device at a position: cuda's before opencl's, each driver's best first.
 *  @return false when there is no such device. */
GLI_API bool gli_device_at(size_t position, gli_device_description *description_out);
/** @brief Whether a device is meant by `device`, as gli_control and GLI_DEVICE write it. NULL and
 * "" mean every device, "none" no device.
 *  @return false also when there is no such position. */
GLI_API bool gli_device_matches(size_t position, const char *device);
/** @brief What GLI_DEVICE said when it was first looked at; NULL when nothing. */
GLI_API const char *gli_device_environment(void);
/** @brief The figures that predictions rest on, measured or rough. False: no such device. */
GLI_API bool gli_device_figures_at(size_t position, gli_device_figures *figures_out);
/** @brief Traffic and memory of a device. Waits for a call that is running there.
 *  @return false when there is no such device. */
GLI_API bool gli_device_usage_at(size_t position, gli_device_usage *usage_out);

/** @brief Be told when kernels are about to be compiled for a device, which takes a second or more:
 *  the first time that this user runs an algorithm there; later processes load what was kept. The
 *  library itself prints nothing.
 *
 *  Called on the thread of the call that needs them, once per program of kernels. Process-wide; set
 *  it before other threads use devices. NULL: nobody (the default).
 *  @param[in] compiling  gets the device's name and the program's ("link_analysis/pagerank"). */
GLI_API void gli_set_compile_hook(void (*compiling)(void *context, const char *device,
                                                    const char *program),
                                  void *context);

/** @brief Measure a device, in about a second, and keep the figures for later processes of this
 *  user: in $GLI_CACHE_DIR/rates, $XDG_CACHE_HOME/gli/rates or ~/.cache/gli/rates, for this version
 *  of the driver. They hold in this process at once, also when they cannot be stored.
 *
 *  @param[in]  position  A device.
 *  @param[in]  control   NULL: no limits. backend and device are not looked at.
 *  @param[out] error     May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT     no such device.
 *  @retval GLI_ERROR_BACKEND_UNAVAILABLE  it is out of use, or of the process that forked this one.
 *  @retval GLI_ERROR_DEVICE               it failed.
 *  @retval GLI_ERROR_IO                   measured, but not stored; the message says why. */
GLI_API gli_status gli_device_calibrate(size_t position, const gli_control *control,
                                        gli_error *error);

/** @brief Bring a graph's topology to a device and keep it there, whatever the budget says.
 *
 *  The mirror is the graph's, not the snapshot's: later snapshots of the same graph send what
 *  changed. Pinning again changes nothing.
 *
 *  @param[in]  snapshot  A snapshot of the graph.
 *  @param[in]  control   backend and device say where; NULL or without them: the first device that
 *                        is no CPU, or the one that GLI_DEVICE names.
 *  @param[out] error     May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT     no such backend, or the backend "cpu".
 *  @retval GLI_ERROR_BACKEND_UNAVAILABLE  no such device here; the message says why.
 *  @retval GLI_ERROR_DEVICE               it failed, or has no room for the graph. */
GLI_API gli_status gli_snapshot_pin(gli_snapshot *snapshot, const gli_control *control,
                                    gli_error *error);
/** @brief The mirror may make room for others again: on the device that control names, or without
 *  one on all. Never fails for a graph that is not pinned.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no such backend. */
GLI_API gli_status gli_snapshot_unpin(gli_snapshot *snapshot, const gli_control *control,
                                      gli_error *error);
/** @brief What a device holds of the snapshot's graph; zeros when nothing. Waits for a call that is
 *  running there. False: no such device. */
GLI_API bool gli_snapshot_usage_at(gli_snapshot *snapshot, size_t position,
                                   gli_mirror_usage *usage_out);

#ifdef __cplusplus
}
#endif
#endif
