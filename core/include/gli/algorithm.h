/** @file algorithm.h
 *  @brief Descriptors: what algorithms there are, with parameters, columns, sources.
 *
 *  Bindings, the command line, the type stubs and the table in the docs are made from these at run
 *  time; no binding has code of its own per algorithm. An extension registers the same kind of
 *  descriptor (see extension.h).
 */
#ifndef GLI_ALGORITHM_H
#define GLI_ALGORITHM_H

#include <gli/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The C type of an option field, found at `offset` in the options struct. */
typedef enum gli_parameter_type {
  GLI_PARAMETER_BOOL = 1,     /**< bool */
  GLI_PARAMETER_INT,          /**< int64_t */
  GLI_PARAMETER_FLOAT,        /**< double */
  GLI_PARAMETER_CHOICE,       /**< const char *: one of `choices` */
  GLI_PARAMETER_ATTRIBUTE,    /**< const char *: name of an edge attribute, NULL for none */
  GLI_PARAMETER_NODES,        /**< gli_node_list; a binding accepts one node or a list */
  GLI_PARAMETER_NODE_WEIGHTS, /**< gli_node_weights: node -> float */
  GLI_PARAMETER_PAIRS,        /**< gli_pair_list */
  GLI_PARAMETER_INTS,         /**< gli_int_list; a binding accepts one int or a list */
} gli_parameter_type;

/** Node indices of the snapshot, borrowed for the call. NULL nodes: not given. */
typedef struct gli_node_list {
  const int32_t *nodes;
  int64_t count;
} gli_node_list;
/** A float for some nodes, borrowed. NULL nodes: not given. */
typedef struct gli_node_weights {
  const int32_t *nodes;
  const double *weights;
  int64_t count;
} gli_node_weights;
/** Pairs of node indices, borrowed. NULL: not given. */
typedef struct gli_pair_list {
  const int32_t *sources;
  const int32_t *targets;
  int64_t count;
} gli_pair_list;
/** Integers, borrowed. NULL values: not given. */
typedef struct gli_int_list {
  const int64_t *values;
  int64_t count;
} gli_int_list;

typedef struct gli_parameter {
  const char *name;
  gli_parameter_type type;
  bool required;
  size_t offset;         /**< of the field in the options struct */
  double number_default; /**< BOOL, INT, FLOAT */
  /** INT, FLOAT, INTS: the range of the value, or of each. ATTRIBUTE: of the edges' weights, NaN
   * never allowed; NODE_WEIGHTS: of the weights. Both ends are allowed unless `open_...` says
   * otherwise. A limit that may be left out has "no limit" as its default: INFINITY, or INT32_MAX
   * for depths. */
  double minimum, maximum;
  bool open_minimum;          /**< the minimum itself is not allowed */
  bool open_maximum;          /**< the maximum itself is not allowed; with INFINITY: finite only */
  const char *text_default;   /**< CHOICE, ATTRIBUTE; NULL for none */
  const char *const *choices; /**< CHOICE: NULL-terminated */
  const char *help;           /**< one sentence */
} gli_parameter;

typedef struct gli_column_info {
  const char *name;
  gli_column_type type;
  gli_column_domain domain;
  const char *help;
} gli_column_info;

/** How far results agree between thread counts and backends. */
typedef enum gli_agreement {
  GLI_EXACT = 1, /**< equal */
  GLI_BOUNDED,   /**< floats within `epsilon` of the converged answer; equal on any thread count */
  GLI_QUALITY,   /**< other answers of the same quality, when deterministic=false was asked for */
} gli_agreement;

typedef struct gli_algorithm gli_algorithm;

/** @brief A front door: checks the options, dispatches, gives a result.
 *  @param options  the algorithm's own struct, or NULL for the defaults. */
typedef gli_status (*gli_algorithm_call)(gli_snapshot *snapshot, const void *options,
                                         const gli_control *control, gli_result **result_out,
                                         gli_error *error);

/** The work itself on one backend; options are complete and valid. Adds its columns to `result`. */
typedef gli_status (*gli_kernel)(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error);

/** A further check of options that a range cannot say (may look at the snapshot). May be NULL. */
typedef gli_status (*gli_algorithm_check)(gli_snapshot *snapshot, const void *options,
                                          gli_error *error);

struct gli_algorithm {
  size_t struct_size;
  const char *name;           /**< such as "pagerank": the stem of all its files */
  const char *family;         /**< such as "link_analysis": the folder */
  const char *const *aliases; /**< further names, NULL-terminated; may be NULL */
  const char *summary;        /**< one sentence */
  const char *description;    /**< meaning, corner cases, cost: paragraphs */
  const char *reference;      /**< paper or definition */
  const char *networkx;       /**< NetworkX's name for it, or "" */
  const gli_parameter *parameters;
  size_t parameter_count;
  size_t options_size; /**< sizeof the options struct; its first field is size_t struct_size */
  const gli_column_info *columns;
  size_t column_count;
  gli_agreement agreement;
  double epsilon;
  gli_algorithm_check check;
};

/** @brief All algorithms: the built-in ones in alphabetical order, then extensions' as loaded. */
GLI_API size_t gli_algorithm_count(void);
GLI_API const gli_algorithm *gli_algorithm_at(size_t position);
/** @brief By name or alias; NULL when there is none. */
GLI_API const gli_algorithm *gli_algorithm_find(const char *name);
/** @brief Whether devices have kernels for it too; the CPU has for all. */
GLI_API bool gli_algorithm_runs_on_devices(const gli_algorithm *algorithm);
/** @brief Fill an options struct with the descriptor's defaults, struct_size included. */
GLI_API void gli_algorithm_defaults(const gli_algorithm *algorithm, void *options);
/** @brief Run any algorithm: check options against the descriptor, choose a backend, run.
 *  The typed functions in algorithms.h are this with a typed options struct.
 *  @param options NULL: the defaults (an error where a parameter is required).
 *  @param control NULL: no limits, all threads, automatic backend. */
GLI_API gli_status gli_algorithm_run(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                                     const void *options, const gli_control *control,
                                     gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
