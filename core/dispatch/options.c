/* options.c: options of any algorithm, read through its descriptor.
 *
 * A caller's struct may be older than the library (a smaller struct_size): the fields it does not
 * know keep their defaults. Checks say which parameter, what it was and what would be valid. */
#include "base/error.h"
#include "dispatch/dispatch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NODE_TEXT_SIZE = 96, RANGE_TEXT_SIZE = 80 };

size_t gli__parameter_size(gli_parameter_type type) {
  switch (type) {
    case GLI_PARAMETER_BOOL:
      return sizeof(bool);
    case GLI_PARAMETER_INT:
      return sizeof(int64_t);
    case GLI_PARAMETER_FLOAT:
      return sizeof(double);
    case GLI_PARAMETER_CHOICE:
    case GLI_PARAMETER_ATTRIBUTE:
      return sizeof(const char *);
    case GLI_PARAMETER_NODES:
      return sizeof(gli_node_list);
    case GLI_PARAMETER_NODE_WEIGHTS:
      return sizeof(gli_node_weights);
    case GLI_PARAMETER_PAIRS:
      return sizeof(gli_pair_list);
    case GLI_PARAMETER_INTS:
      return sizeof(gli_int_list);
  }
  return 0;
}

/* Fields are reached by offset, so they are copied in and out rather than cast to. */
static void store(void *options, const gli_parameter *parameter, const void *value) {
  memcpy((char *)options + parameter->offset, value, gli__parameter_size(parameter->type));
}

static void load(const void *options, const gli_parameter *parameter, void *value_out) {
  memcpy(value_out, (const char *)options + parameter->offset,
         gli__parameter_size(parameter->type));
}

void gli_algorithm_defaults(const gli_algorithm *algorithm, void *options) {
  memset(options, 0, algorithm->options_size);
  memcpy(options, &algorithm->options_size, sizeof algorithm->options_size);
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    const bool flag = parameter->number_default != 0;
    const int64_t integer =
        parameter->type == GLI_PARAMETER_INT ? (int64_t)parameter->number_default : 0;
    switch (parameter->type) {
      case GLI_PARAMETER_BOOL:
        store(options, parameter, &flag);
        break;
      case GLI_PARAMETER_INT:
        store(options, parameter, &integer);
        break;
      case GLI_PARAMETER_FLOAT:
        store(options, parameter, &parameter->number_default);
        break;
      case GLI_PARAMETER_CHOICE:
      case GLI_PARAMETER_ATTRIBUTE:
        store(options, parameter, &parameter->text_default);
        break;
      case GLI_PARAMETER_NODES:
      case GLI_PARAMETER_NODE_WEIGHTS:
      case GLI_PARAMETER_PAIRS:
      case GLI_PARAMETER_INTS:
        break; /* zero: not given */
    }
  }
}

gli_status gli__options_complete(const gli_algorithm *algorithm, const void *options,
                                 void *complete, gli_error *error) {
  gli_algorithm_defaults(algorithm, complete);
  if (options == NULL) return GLI_OK;
  size_t known = 0;
  memcpy(&known, options, sizeof known);
  if (known < sizeof known || known > algorithm->options_size) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: options.struct_size is %zu; expected %zu (start from the _INIT macro "
                     "or gli_algorithm_defaults)",
                     algorithm->name, known, algorithm->options_size);
  }
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    if (parameter->offset + gli__parameter_size(parameter->type) <= known) {
      store(complete, parameter, (const char *)options + parameter->offset);
    }
  }
  return GLI_OK;
}

/* --- What would be valid, in words ------------------------------------------------------------ */

static const char *format_number(double number, char *buffer, size_t size) {
  snprintf(buffer, size, "%.15g", number);
  return buffer;
}

/* "in [0, 1)", "at least 1", "above 0, finite": the range of a parameter. */
static const char *format_range(const gli_parameter *parameter, char *buffer, size_t size) {
  char low[32], high[32];
  format_number(parameter->minimum, low, sizeof low);
  format_number(parameter->maximum, high, sizeof high);
  /* An int's largest is no news, but a float's is: 1e300 can be given. */
  const bool no_maximum =
      parameter->type == GLI_PARAMETER_INT || parameter->type == GLI_PARAMETER_INTS
          ? parameter->maximum >= 0x1p53
          : isinf(parameter->maximum);
  if (no_maximum) {
    const char *finite = isinf(parameter->maximum) && parameter->open_maximum ? " and finite" : "";
    if (isinf(parameter->minimum)) {
      snprintf(buffer, size, "%s",
               *finite != '\0'           ? "finite"
               : parameter->open_minimum ? "a number above -inf"
                                         : "a number");
    } else {
      snprintf(buffer, size, "%s %s%s", parameter->open_minimum ? "above" : "at least", low,
               finite);
    }
  } else {
    snprintf(buffer, size, "in %c%s, %s%c", parameter->open_minimum ? '(' : '[', low, high,
             parameter->open_maximum ? ')' : ']');
  }
  return buffer;
}

static bool in_range(const gli_parameter *parameter, double number) {
  const bool above =
      parameter->open_minimum ? number > parameter->minimum : number >= parameter->minimum;
  const bool below =
      parameter->open_maximum ? number < parameter->maximum : number <= parameter->maximum;
  return above && below; /* both false for NaN */
}

static const char *format_node(const gli_snapshot *snapshot, int32_t node, char *buffer,
                               size_t size) {
  const gli_id id = gli_snapshot_node_id(snapshot, node);
  return gli_id_format(&id, buffer, size);
}

/* --- The checks, one per kind of parameter ---------------------------------------------------- */

typedef struct checked {
  const gli_algorithm *algorithm;
  const gli_parameter *parameter;
  gli_snapshot *snapshot;
  gli_error *error;
} checked;

static gli_status check_number(const checked *at, double number) {
  char range[RANGE_TEXT_SIZE], text[32];
  if (in_range(at->parameter, number)) return GLI_OK;
  return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s is %s; it must be %s",
                   at->algorithm->name, at->parameter->name,
                   format_number(number, text, sizeof text),
                   format_range(at->parameter, range, sizeof range));
}

static gli_status check_choice(const checked *at, const char *text) {
  const char *const *choices = at->parameter->choices;
  for (const char *const *choice = choices; text != NULL && *choice != NULL; choice++) {
    if (strcmp(*choice, text) == 0) return GLI_OK;
  }
  char list[200] = "";
  size_t used = 0;
  for (const char *const *choice = choices; *choice != NULL; choice++) {
    const int wrote =
        snprintf(list + used, sizeof list - used, "%s'%s'", used == 0 ? "" : ", ", *choice);
    if (wrote > 0 && used + (size_t)wrote < sizeof list) used += (size_t)wrote;
  }
  return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s is '%.60s'; it must be one of %s",
                   at->algorithm->name, at->parameter->name, text == NULL ? "" : text, list);
}

static gli_status check_weights(const checked *at, const char *attribute) {
  if (attribute == NULL) {
    if (!at->parameter->required) return GLI_OK;
    return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: %s is required: the name of an edge attribute", at->algorithm->name,
                     at->parameter->name);
  }
  if (gli_snapshot_edge_count(at->snapshot) == 0) return GLI_OK;
  gli_weight_range range;
  const gli_status status = gli_snapshot_weight_range(at->snapshot, attribute, &range, at->error);
  if (status != GLI_OK) return status;
  if (!range.has_nan && in_range(at->parameter, range.minimum) &&
      in_range(at->parameter, range.maximum)) {
    return GLI_OK;
  }
  /* Name an edge that breaks the range: the smallest is known, others are looked for. */
  const double *weights = NULL;
  const gli_status got = gli_snapshot_edge_weights(at->snapshot, attribute, &weights, at->error);
  if (got != GLI_OK) return got;
  const uint64_t *bits = gli_snapshot_edge_bits(at->snapshot);
  const int64_t limit = gli_snapshot_edge_limit(at->snapshot);
  int64_t edge = 0;
  while (edge < limit && (!gli_bit(bits, edge) || in_range(at->parameter, weights[edge])))
    edge++;
  if (edge == limit) return GLI_OK;
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(at->snapshot, &sources, &targets);
  char source[NODE_TEXT_SIZE], target[NODE_TEXT_SIZE], number[32], allowed[RANGE_TEXT_SIZE];
  return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT,
                   "%s: %s '%.60s' of the edge from %s to %s is %s; it must be %s (edge id %lld)",
                   at->algorithm->name, at->parameter->name, attribute,
                   format_node(at->snapshot, sources[edge], source, sizeof source),
                   format_node(at->snapshot, targets[edge], target, sizeof target),
                   format_number(weights[edge], number, sizeof number),
                   format_range(at->parameter, allowed, sizeof allowed),
                   (long long)gli_snapshot_edge_id(at->snapshot, edge));
}

/* Given or not, and every index a live node. */
static gli_status check_nodes(const checked *at, const int32_t *nodes, int64_t count) {
  const int32_t limit = gli_snapshot_node_limit(at->snapshot);
  const uint64_t *bits = gli_snapshot_node_bits(at->snapshot);
  if (nodes == NULL && !at->parameter->required) return GLI_OK;
  if (nodes == NULL || count <= 0) {
    return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: %s is %s; it must name at least one", at->algorithm->name,
                     at->parameter->name, nodes == NULL ? "required" : "empty");
  }
  for (int64_t k = 0; k < count; k++) {
    if (nodes[k] >= 0 && nodes[k] < limit && gli_bit(bits, nodes[k])) continue;
    return gli__fail(at->error, GLI_ERROR_NODE_NOT_FOUND,
                     "%s: %s[%lld] is node index %d; it must be a live node below %d",
                     at->algorithm->name, at->parameter->name, (long long)k, (int)nodes[k],
                     (int)limit);
  }
  return GLI_OK;
}

static gli_status check_node_weights(const checked *at, const gli_node_weights *given) {
  gli_status status = check_nodes(at, given->nodes, given->count);
  if (status != GLI_OK || given->nodes == NULL) return status;
  for (int64_t k = 0; k < given->count; k++) {
    if (in_range(at->parameter, given->weights[k])) continue;
    char node[NODE_TEXT_SIZE], number[32], range[RANGE_TEXT_SIZE];
    return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s of %s is %s; it must be %s",
                     at->algorithm->name, at->parameter->name,
                     format_node(at->snapshot, given->nodes[k], node, sizeof node),
                     format_number(given->weights[k], number, sizeof number),
                     format_range(at->parameter, range, sizeof range));
  }
  return GLI_OK;
}

static gli_status check_ints(const checked *at, const gli_int_list *given) {
  if (given->values == NULL && !at->parameter->required) return GLI_OK;
  if (given->values == NULL || given->count <= 0) {
    return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: %s is %s; it must hold at least one int", at->algorithm->name,
                     at->parameter->name, given->values == NULL ? "required" : "empty");
  }
  for (int64_t k = 0; k < given->count; k++) {
    char range[RANGE_TEXT_SIZE];
    if (in_range(at->parameter, (double)given->values[k])) continue;
    return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s[%lld] is %lld; it must be %s",
                     at->algorithm->name, at->parameter->name, (long long)k,
                     (long long)given->values[k], format_range(at->parameter, range, sizeof range));
  }
  return GLI_OK;
}

static gli_status check_parameter(const checked *at, const void *complete) {
  union {
    bool flag;
    int64_t integer;
    double number;
    const char *text;
    gli_node_list nodes;
    gli_node_weights weights;
    gli_pair_list pairs;
    gli_int_list ints;
  } value;
  load(complete, at->parameter, &value);
  switch (at->parameter->type) {
    case GLI_PARAMETER_BOOL:
      return GLI_OK;
    case GLI_PARAMETER_INT:
      return check_number(at, (double)value.integer);
    case GLI_PARAMETER_FLOAT:
      return check_number(at, value.number);
    case GLI_PARAMETER_CHOICE:
      return check_choice(at, value.text);
    case GLI_PARAMETER_ATTRIBUTE:
      return check_weights(at, value.text);
    case GLI_PARAMETER_NODES:
      return check_nodes(at, value.nodes.nodes, value.nodes.count);
    case GLI_PARAMETER_NODE_WEIGHTS:
      return check_node_weights(at, &value.weights);
    case GLI_PARAMETER_INTS:
      return check_ints(at, &value.ints);
    case GLI_PARAMETER_PAIRS: {
      if (value.pairs.sources != NULL && value.pairs.count == 0) return GLI_OK;
      const gli_status status = check_nodes(at, value.pairs.sources, value.pairs.count);
      if (status != GLI_OK || value.pairs.sources == NULL) return status;
      if (value.pairs.targets == NULL) {
        return gli__fail(at->error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s has sources but no targets",
                         at->algorithm->name, at->parameter->name);
      }
      return check_nodes(at, value.pairs.targets, value.pairs.count);
    }
  }
  return GLI_OK;
}

gli_status gli__options_check(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                              const void *complete, gli_error *error) {
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const checked at = {algorithm, &algorithm->parameters[k], snapshot, error};
    const gli_status status = check_parameter(&at, complete);
    if (status != GLI_OK) return status;
  }
  return algorithm->check == NULL ? GLI_OK : algorithm->check(snapshot, complete, error);
}
