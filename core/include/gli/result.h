/** @file result.h
 *  @brief What an algorithm gives back: named columns and the record of the run.
 */
#ifndef GLI_RESULT_H
#define GLI_RESULT_H

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
} gli_column_domain;

/** A column of a result. `data` is read-only and lives as long as the result. */
typedef struct gli_column {
  const char *name;
  gli_column_type type;
  gli_column_domain domain;
  int64_t length;
  const void *data;
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
} gli_run_record;

typedef struct gli_result gli_result;

GLI_API void gli_result_free(gli_result *result);
GLI_API size_t gli_result_column_count(const gli_result *result);
/** @brief Column by position, in the descriptor's order. False when out of range. */
GLI_API bool gli_result_column_at(const gli_result *result, size_t position,
                                  gli_column *column_out);
/** @brief Column by name. @retval GLI_ERROR_INVALID_ARGUMENT no such column; the message lists
 * them. */
GLI_API gli_status gli_result_column(const gli_result *result, const char *name,
                                     gli_column *column_out, gli_error *error);
/** @brief Data of a FLOAT64 / INT64 / NODE column by name, NULL when there is none of this type. */
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

/* --- For kernels and extensions: filling a result ------------------------------------------- */

/** @brief Add a column in the descriptor's order and get its zeroed data (NODE and EDGE: all -1).
 *  @param length  rows of a PER_ROW column; ignored for the other domains. */
GLI_API gli_status gli_result_add_column(gli_result *result, const char *name, gli_column_type type,
                                         gli_column_domain domain, int64_t length, void **data_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
