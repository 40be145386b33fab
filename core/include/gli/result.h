/** @file result.h
 *  @brief What an algorithm gives back: named columns and the record of the run.
 */
#ifndef GLI_RESULT_H
#define GLI_RESULT_H

#include <gli/control.h>
#include <gli/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gli_column_type {
  GLI_COLUMN_BOOL = 1, /**< uint8, 0 or 1 */
  GLI_COLUMN_INT64,
  GLI_COLUMN_FLOAT64,
  GLI_COLUMN_NODE, /**< int32 node index, GLI_NODE_NONE for none */
  GLI_COLUMN_EDGE, /**< int64 edge slot, -1 for none */
} gli_column_type;

typedef enum gli_column_domain {
  GLI_PER_NODE = 1, /**< [node_limit]; holes hold 0 (NODE, EDGE: none) */
  GLI_PER_EDGE,     /**< [edge_limit], by slot; holes hold 0 */
  GLI_PER_ROW,      /**< [row_count]: pairs, lists; all such columns of a result have one length */
  GLI_SCALAR,       /**< [1] */
  GLI_PER_LIST, /**< [list_count + 1], where rows stand in lists: list k is rows [k] to [k + 1] - 1
                 */
} gli_column_domain;

/** A column of a result. `data` is read-only and lives as long as the result; NULL while the values
 *  are on a device alone (gli_control.keep) and nobody has asked for them here. */
typedef struct gli_column {
  const char *name;
  gli_column_type type;
  gli_column_domain domain;
  int64_t length;
  const void *data;
  bool on_device; /**< a device has the values (too): gli_result_device_column() shares them */
} gli_column;

/** Where and how an algorithm ran. */
typedef struct gli_run_record {
  const char *backend;  /**< "cpu", "opencl", "cuda" */
  const char *device;   /**< the device's name; "" on the CPU */
  const char *why;      /**< one line: why this backend */
  int32_t threads;      /**< workers that could take part */
  int32_t fallbacks;    /**< how often a device failed and the CPU took over */
  int64_t iterations;   /**< iterations, levels or rounds */
  double total_seconds; /**< the whole call */
  double snapshot_seconds, prepare_seconds, transfer_seconds, compute_seconds;
  const char *failed_device; /**< with fallbacks: the device that failed; else "" */
  const char *kept; /**< where the columns are that gli_control.keep asked to keep: "device", or
                     *   "host" when the CPU ran it; "" when nobody asked */
} gli_run_record;

typedef struct gli_result gli_result;

GLI_API void gli_result_free(gli_result *result);
GLI_API size_t gli_result_column_count(const gli_result *result);
/** @brief Column by position, in the descriptor's order. False when out of range. Only looks: a
 *  column that is on a device stays there, and has data NULL. */
GLI_API bool gli_result_column_at(const gli_result *result, size_t position,
                                  gli_column *column_out);
/** @brief Column by name, with its data; one that stayed on a device is brought here, once.
 *  @retval GLI_ERROR_INVALID_ARGUMENT no such column; the message lists them.
 *  @retval GLI_ERROR_DEVICE           its values are on a device that failed. */
GLI_API gli_status gli_result_column(const gli_result *result, const char *name,
                                     gli_column *column_out, gli_error *error);
/** @brief Data of a FLOAT64 / INT64 / NODE column by name, NULL when there is none of this type, or
 *  when it stayed on a device and cannot be brought here: gli_result_column says why. */
GLI_API const double *gli_result_floats(const gli_result *result, const char *name);
GLI_API const int64_t *gli_result_ints(const gli_result *result, const char *name);
GLI_API const int32_t *gli_result_nodes(const gli_result *result, const char *name);
GLI_API gli_run_record gli_result_run(const gli_result *result);
/** @brief The snapshot that the result speaks of; borrowed. */
GLI_API gli_snapshot *gli_result_snapshot(const gli_result *result);
/** @brief The `count` best positions of a FLOAT64 or INT64 column per node or edge, best first;
 *  ties by the smaller position, NaN last, holes never.
 *  @param[out] positions_out room for `count`. @param[out] found_out how many were written. */
GLI_API gli_status gli_result_top(const gli_result *result, const char *name, int64_t count,
                                  int64_t *positions_out, int64_t *found_out, gli_error *error);

/* --- Results that stay on a device ------------------------------------------------------------ */

/** A column in a device's memory, for work that goes on there.
 *
 *  The memory stays until the last holder gives it back, whatever becomes of result, graph and
 *  library's own copies. It is nobody else's: what a holder writes there is what later reads of the
 *  column from this device see. All work of the library on it is done when it is handed out, so any
 *  stream or queue may read it; work of the holder's has to be done before it is given back. */
typedef struct gli_device_column {
  const char *backend;   /**< "cuda", "opencl" */
  int32_t number;        /**< of the device at its backend: "opencl:0" */
  void *address;         /**< cuda: a device pointer; opencl: a cl_mem, which knows its context */
  int32_t dlpack_kind;   /**< DLDeviceType of DLPack: 2 cuda, 4 opencl */
  int32_t dlpack_number; /**< device_id of DLPack */
  gli_column_type type;
  int64_t length;
  void *holder; /**< the library's own */
} gli_device_column;

/** @brief Bring a kept column to the host, once, under control; one that is here already is left.
 *  @param[in]  control  NULL: no limits; max_seconds, cancel and progress count.
 *  @retval GLI_ERROR_INVALID_ARGUMENT no such column; GLI_ERROR_DEVICE: the device failed; or what
 *          stopped it. */
GLI_API gli_status gli_result_fetch(const gli_result *result, const char *name,
                                    const gli_control *control, gli_error *error);
/** @brief A kept column where it is.
 *  @param[in]  live_rows   false: as it is stored, a value per index, holes included. true: rows of
 *                          live nodes or edges alone, in their order; nodes in it become INT64
 *                          positions in that order, -1 for none. Made on the device at first need.
 *  @param[out] column_out  Give back with gli_device_column_free().
 *  @retval GLI_ERROR_INVALID_ARGUMENT      no such column, or it is on the host.
 *  @retval GLI_ERROR_BACKEND_UNAVAILABLE   the driver does not share its memory.
 *  @retval GLI_ERROR_DEVICE                the device failed, or is of the process that forked. */
GLI_API gli_status gli_result_device_column(const gli_result *result, const char *name,
                                            bool live_rows, gli_device_column *column_out,
                                            gli_error *error);
/** @brief Give the memory back: on any thread, once, never waiting for the device. NULL is legal,
 *  and so is a column that is given back already. */
GLI_API void gli_device_column_free(gli_device_column *column);

/* --- For kernels and extensions: filling a result ------------------------------------------- */

/** @brief Add a column in the descriptor's order and get its zeroed data (NODE and EDGE: all -1).
 *  @param length  rows of a PER_ROW column, lists and one of a PER_LIST one; ignored for the
 * others. */
GLI_API gli_status gli_result_add_column(gli_result *result, const char *name, gli_column_type type,
                                         gli_column_domain domain, int64_t length, void **data_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
