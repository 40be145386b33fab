/* descriptor.c: whether a descriptor is well-formed.
 *
 * Bindings build keyword arguments and attribute names from descriptors and write into option
 * structs by offset, so a wrong one from an extension must be refused before anybody uses it. Our
 * own descriptors go through the same check in a test. */
#include "base/error.h"
#include "dispatch/dispatch.h"

#include <math.h>
#include <string.h>

/* A name that can be an identifier in C and in Python, lower case. */
static bool is_identifier(const char *name) {
  if (name == NULL || !((*name >= 'a' && *name <= 'z') || *name == '_')) return false;
  for (const char *c = name; *c != '\0'; c++) {
    if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_')) return false;
  }
  return strlen(name) <= 60;
}

static const char *shown(const char *name) {
  return name == NULL ? "(null)" : name;
}

/* Options that gli_control and the bindings give every algorithm. */
static bool is_reserved(const char *name) {
  static const char *const reserved[] = {"self",    "struct_size", "max_seconds", "progress",
                                         "threads", "backend",     "run",         "columns"};
  for (size_t k = 0; k < sizeof reserved / sizeof reserved[0]; k++) {
    if (strcmp(name, reserved[k]) == 0) return true;
  }
  return false;
}

static const char *parameter_fault(const gli_algorithm *algorithm, const gli_parameter *parameter) {
  const size_t size = gli__parameter_size(parameter->type);
  if (size == 0) return "has an unknown type";
  if (parameter->offset < sizeof(size_t) || parameter->offset > algorithm->options_size ||
      algorithm->options_size - parameter->offset < size) {
    return "lies outside of the options struct";
  }
  if (parameter->help == NULL) return "has no help";
  switch (parameter->type) {
    case GLI_PARAMETER_INT:
      if (!(fabs(parameter->number_default) <= 0x1p53)) return "has a default beyond 2^53";
      /* fall through */
    case GLI_PARAMETER_FLOAT:
      if (!(parameter->minimum < parameter->maximum)) return "has an empty range";
      if (!parameter->required && !(parameter->number_default >= parameter->minimum &&
                                    parameter->number_default <= parameter->maximum)) {
        return "has a default outside of its range";
      }
      return NULL;
    case GLI_PARAMETER_ATTRIBUTE:
    case GLI_PARAMETER_NODE_WEIGHTS:
    case GLI_PARAMETER_INTS:
      return parameter->minimum < parameter->maximum ? NULL : "has an empty range";
    case GLI_PARAMETER_CHOICE:
      if (parameter->choices == NULL || parameter->text_default == NULL) {
        return "has no choices or no default";
      }
      for (const char *const *choice = parameter->choices; *choice != NULL; choice++) {
        if (strcmp(*choice, parameter->text_default) == 0) return NULL;
      }
      return "has a default that is no choice";
    case GLI_PARAMETER_BOOL:
    case GLI_PARAMETER_NODES:
    case GLI_PARAMETER_PAIRS:
      return NULL;
  }
  return "has an unknown type";
}

static gli_status check_parameters(const gli_algorithm *algorithm, gli_error *error) {
  for (size_t k = 0; k < algorithm->parameter_count; k++) {
    const gli_parameter *parameter = &algorithm->parameters[k];
    if (!is_identifier(parameter->name) || is_reserved(parameter->name)) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "%s: parameter %zu is named '%.60s'; it must be a lower-case identifier "
                       "that is not reserved",
                       algorithm->name, k, shown(parameter->name));
    }
    const char *fault = parameter_fault(algorithm, parameter);
    if (fault != NULL) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: parameter '%s' %s", algorithm->name,
                       parameter->name, fault);
    }
    const size_t end = parameter->offset + gli__parameter_size(parameter->type);
    for (size_t other = 0; other < k; other++) {
      const gli_parameter *earlier = &algorithm->parameters[other];
      const size_t earlier_end = earlier->offset + gli__parameter_size(earlier->type);
      if (strcmp(earlier->name, parameter->name) == 0 ||
          (parameter->offset < earlier_end && earlier->offset < end)) {
        return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                         "%s: parameters '%s' and '%s' share a name or bytes", algorithm->name,
                         earlier->name, parameter->name);
      }
    }
  }
  return GLI_OK;
}

static gli_status check_columns(const gli_algorithm *algorithm, gli_error *error) {
  if (algorithm->column_count == 0 || algorithm->columns == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: it has no column", algorithm->name);
  }
  for (size_t k = 0; k < algorithm->column_count; k++) {
    const gli_column_info *column = &algorithm->columns[k];
    if (!is_identifier(column->name) || is_reserved(column->name) || column->help == NULL ||
        column->type < GLI_COLUMN_BOOL || column->type > GLI_COLUMN_EDGE ||
        column->domain < GLI_PER_NODE || column->domain > GLI_PER_LIST) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "%s: column %zu ('%.60s') needs a lower-case identifier that is not "
                       "reserved, a type, a domain and help",
                       algorithm->name, k, shown(column->name));
    }
    for (size_t other = 0; other < k; other++) {
      if (strcmp(algorithm->columns[other].name, column->name) == 0) {
        return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: two columns are named '%s'",
                         algorithm->name, column->name);
      }
    }
  }
  return GLI_OK;
}

gli_status gli__algorithm_check(const gli_algorithm *algorithm, gli_error *error) {
  if (algorithm->struct_size != sizeof *algorithm) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "an algorithm's struct_size is %zu; it must be sizeof(gli_algorithm), %zu",
                     algorithm->struct_size, sizeof *algorithm);
  }
  if (!is_identifier(algorithm->name) || !is_identifier(algorithm->family)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "an algorithm is named '%.60s' of family '%.60s'; both must be lower-case "
                     "identifiers",
                     shown(algorithm->name), shown(algorithm->family));
  }
  for (const char *const *alias = algorithm->aliases; alias != NULL && *alias != NULL; alias++) {
    if (!is_identifier(*alias)) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "%s: alias '%.60s' must be a lower-case identifier", algorithm->name,
                       *alias);
    }
  }
  if (algorithm->summary == NULL || algorithm->description == NULL ||
      algorithm->reference == NULL || algorithm->networkx == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: summary, description, reference and networkx must not be NULL",
                     algorithm->name);
  }
  if (algorithm->options_size < sizeof(size_t) ||
      (algorithm->parameter_count > 0 && algorithm->parameters == NULL) ||
      algorithm->agreement < GLI_EXACT || algorithm->agreement > GLI_QUALITY) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "%s: options_size, parameters or agreement is not filled in", algorithm->name);
  }
  const gli_status status = check_parameters(algorithm, error);
  return status != GLI_OK ? status : check_columns(algorithm, error);
}
