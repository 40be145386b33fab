/* test_filter_random.c: random expressions against a plain evaluator of trees, row by row.
 *
 * The evaluator here shares nothing with the library: values are small structs, numbers are long
 * doubles (80 bits on x86-64: every int64 and double is exact), trees recurse. Columns are narrow
 * and wide ints, floats, bools, texts, mixed and sparse ones, so that every form of chunk is met.
 */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS 9000
#define COLUMNS 8

typedef enum { MISSING, NONE, BOOL, INT, FLOAT, TEXT } plain_type;
typedef struct plain {
  plain_type type;
  int64_t integer; /* BOOL, INT */
  double real;
  const char *text;
} plain;

typedef struct tree {
  char operation[12]; /* "value", "name", "not", "and", "==", "+", ... */
  plain value;
  int column;
  struct tree *left, *right;
} tree;

static uint64_t state = 20260101;
static uint64_t draw(uint64_t bound) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (state >> 11) % bound;
}

static plain (*table)[ROWS]; /* [COLUMNS] */
static const char *const column_names[COLUMNS] = {"tiny", "wide",  "real",   "flag",
                                                  "text", "mixed", "sparse", "same"};
static const char *const words[] = {"", "a", "ab", "b", "Zz", "\xC3\xA9", "abab"};

static plain make_int(int64_t integer) {
  return (plain){INT, integer, 0, NULL};
}
static plain make_float(double real) {
  return (plain){FLOAT, 0, real, NULL};
}
static plain make_bool(bool flag) {
  return (plain){BOOL, flag, 0, NULL};
}
static plain make_text(const char *text) {
  return (plain){TEXT, 0, 0, text};
}

static plain draw_value(int column) {
  plain none = {NONE, 0, 0, NULL}, missing = {MISSING, 0, 0, NULL};
  static const int64_t wide[] = {INT64_MAX, INT64_MIN, 0, (int64_t)1 << 53, ((int64_t)1 << 53) + 1};
  switch (column) {
    case 0:
      return draw(20) == 0 ? missing : make_int((int64_t)draw(9) - 4);
    case 1:
      return draw(30) == 0 ? none : make_int(draw(2) ? wide[draw(5)] : (int64_t)draw(100000));
    case 2:
      return draw(9) == 0 ? missing : make_float(draw(5) ? (double)draw(17) / 4 - 2 : 0x1p53);
    case 3:
      return draw(9) == 0 ? none : make_bool(draw(2));
    case 4:
      return draw(9) == 0 ? missing : make_text(words[draw(7)]);
    case 5:
      return draw(7) == 0 ? missing : draw_value((int)draw(5));
    case 6:
      return draw(500) == 0 ? make_int((int64_t)draw(4)) : missing;
    default:
      return make_int(3);
  }
}

/* --- The plain evaluator ---------------------------------------------------------------------- */

static bool is_number(plain value) {
  return value.type == BOOL || value.type == INT || value.type == FLOAT;
}
static long double number(plain value) {
  return value.type == FLOAT ? (long double)value.real : (long double)value.integer;
}
static bool truth(plain value) {
  if (value.type == TEXT) return value.text[0] != '\0';
  return is_number(value) && number(value) != 0;
}
static bool equal(plain left, plain right) {
  if (is_number(left) && is_number(right)) return number(left) == number(right);
  if (left.type != right.type) return false;
  return left.type == NONE || strcmp(left.text, right.text) == 0;
}

static plain calculate(char operation, plain left, plain right) {
  plain missing = {MISSING, 0, 0, NULL};
  if (!is_number(left) || !is_number(right)) return missing;
  if (left.type == FLOAT || right.type == FLOAT) {
    double one = left.type == FLOAT ? left.real : (double)left.integer;
    double other = right.type == FLOAT ? right.real : (double)right.integer;
    if (operation == '+') return make_float(one + other);
    if (operation == '-') return make_float(one - other);
    if (operation == '*') return make_float(one * other);
    if (other == 0) return missing;
    if (operation == '/') return make_float(one / other);
    double rest = fmod(one, other);
    if (rest != 0 && (rest < 0) != (other < 0)) rest += other;
    return make_float(rest);
  }
  int64_t result;
  int64_t one = left.integer, other = right.integer;
  if (operation == '+')
    return __builtin_add_overflow(one, other, &result) ? missing : make_int(result);
  if (operation == '-')
    return __builtin_sub_overflow(one, other, &result) ? missing : make_int(result);
  if (operation == '*')
    return __builtin_mul_overflow(one, other, &result) ? missing : make_int(result);
  if (other == 0) return missing;
  if (operation == '/') /* only where both convert exactly, see draw_tree */
    return make_float((double)one / (double)other);
  if (other == -1) return make_int(0);
  result = one % other;
  return make_int(result != 0 && (result < 0) != (other < 0) ? result + other : result);
}

static bool compare(const char *operation, plain left, plain right) {
  if (left.type == MISSING || right.type == MISSING) return false;
  if (strcmp(operation, "==") == 0) return equal(left, right);
  if (strcmp(operation, "!=") == 0) return !equal(left, right);
  long double order;
  if (left.type == TEXT && right.type == TEXT)
    order = strcmp(left.text, right.text);
  else if (is_number(left) && is_number(right))
    order = number(left) < number(right) ? -1 : number(left) > number(right) ? 1 : 0;
  else
    return false;
  if (operation[0] == '<') return operation[1] == '=' ? order <= 0 : order < 0;
  return operation[1] == '=' ? order >= 0 : order > 0;
}

static plain evaluate(const tree *node, int row) {
  const char *operation = node->operation;
  if (strcmp(operation, "value") == 0) return node->value;
  if (strcmp(operation, "name") == 0) return table[node->column][row];
  if (strcmp(operation, "has") == 0) return make_bool(table[node->column][row].type != MISSING);
  plain left = evaluate(node->left, row);
  if (strcmp(operation, "not") == 0) return make_bool(!truth(left));
  if (strcmp(operation, "is None") == 0) return make_bool(left.type == NONE);
  if (strcmp(operation, "is not None") == 0)
    return make_bool(left.type != NONE && left.type != MISSING);
  plain right = evaluate(node->right, row);
  if (strcmp(operation, "and") == 0) return make_bool(truth(left) && truth(right));
  if (strcmp(operation, "or") == 0) return make_bool(truth(left) || truth(right));
  if (strchr("+-*/%", operation[0]) != NULL) return calculate(operation[0], left, right);
  if (strcmp(operation, "in") == 0 || strcmp(operation, "not in") == 0) {
    bool is_in = left.type != MISSING && (equal(left, node->value) || equal(left, right));
    return make_bool(left.type != MISSING && is_in == (operation[0] == 'i'));
  }
  return make_bool(compare(operation, left, right));
}

/* --- Random trees ----------------------------------------------------------------------------- */

static tree pool[4096];
static int pool_used;
static tree *new_tree(const char *operation) {
  tree *node = &pool[pool_used++];
  memset(node, 0, sizeof *node);
  strcpy(node->operation, operation);
  return node;
}

static tree *draw_leaf(void) {
  if (draw(2) == 0) {
    tree *node = new_tree(draw(8) == 0 ? "has" : "name");
    node->column = (int)draw(COLUMNS);
    return node;
  }
  tree *node = new_tree("value");
  do {
    node->value = draw_value((int)draw(5));
  } while (node->value.type == MISSING);
  return node;
}

static tree *draw_tree(int depth) {
  static const char *const binary[] = {
      "and", "or", "==", "!=", "<", "<=", ">", ">=", "and", "or", "==", "<", "+", "-", "*", "%"};
  if (depth == 0 || draw(6) == 0) return draw_leaf();
  uint64_t kind = draw(12);
  if (kind == 0 || kind == 1) {
    tree *node = new_tree(kind == 0 ? "not" : draw(2) ? "is None" : "is not None");
    node->left = draw_tree(depth - 1);
    return node;
  }
  if (kind == 2) {
    tree *node = new_tree(draw(2) ? "in" : "not in");
    node->left = draw_tree(depth - 1);
    do
      node->right = draw_leaf();
    while (strcmp(node->right->operation, "value") != 0);
    do
      node->value = draw_value((int)draw(5));
    while (node->value.type == MISSING);
    return node;
  }
  tree *node = new_tree(binary[draw(16)]);
  if (draw(14) == 0) { /* division: of small numbers */
    strcpy(node->operation, "/");
    node->left = new_tree("name");
    node->left->column = 0;
    node->right = new_tree("value");
    node->right->value = draw(2) ? make_int((int64_t)draw(5) - 2) : make_float(0.5);
    return node;
  }
  node->left = draw_tree(depth - 1);
  node->right = draw_tree(depth - 1);
  return node;
}

typedef struct writer {
  char text[65536];
  size_t at;
} writer;

static void put(writer *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  out->at += (size_t)vsnprintf(out->text + out->at, sizeof out->text - out->at, format, arguments);
  va_end(arguments);
}
static void put_value(writer *out, plain value) {
  if (value.type == NONE) put(out, "None");
  if (value.type == BOOL) put(out, value.integer ? "True" : "False");
  if (value.type == INT) put(out, "%lld", (long long)value.integer);
  if (value.type == FLOAT)
    put(out, "%.17g%s", value.real, floor(value.real) == value.real ? "e0" : "");
  if (value.type == TEXT) put(out, "'%s'", value.text);
}
static void put_tree(writer *out, const tree *node) {
  const char *operation = node->operation;
  if (strcmp(operation, "value") == 0) {
    put_value(out, node->value);
  } else if (strcmp(operation, "name") == 0) {
    put(out, "%s", column_names[node->column]);
  } else if (strcmp(operation, "has") == 0) {
    put(out, "has(%s)", column_names[node->column]);
  } else if (strcmp(operation, "not") == 0) {
    put(out, "(not ");
    put_tree(out, node->left);
    put(out, ")");
  } else if (operation[0] == 'i' && operation[1] == 's') {
    put(out, "(");
    put_tree(out, node->left);
    put(out, " %s)", operation);
  } else {
    put(out, "(");
    put_tree(out, node->left);
    put(out, " %s ", operation);
    bool is_in = strcmp(operation, "in") == 0 || strcmp(operation, "not in") == 0;
    if (is_in) put(out, "[");
    put_tree(out, node->right);
    if (is_in) {
      put(out, ", ");
      put_value(out, node->value);
      put(out, "]");
    }
    put(out, ")");
  }
}

static gli_value library_value(plain value) {
  switch (value.type) {
    case NONE:
      return gli_value_null();
    case BOOL:
      return gli_value_bool(value.integer != 0);
    case INT:
      return gli_value_int(value.integer);
    case FLOAT:
      return gli_value_float(value.real);
    case TEXT:
      return gli_value_string(value.text);
    default:
      return gli_value_absent();
  }
}

static gli_snapshot *make_rows(gli_graph **graph_out) {
  gli_error error;
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  table = calloc(COLUMNS, sizeof *table);
  cr_assert_eq(gli_graph_create(NULL, &graph, &error), GLI_OK);
  gli_key keys[COLUMNS];
  for (int column = 0; column < COLUMNS; column++)
    cr_assert_eq(gli_graph_key(graph, column_names[column], strlen(column_names[column]),
                               &keys[column], &error),
                 GLI_OK);
  for (int row = 0; row < ROWS; row++) {
    gli_attribute attributes[COLUMNS];
    size_t count = 0;
    for (int column = 0; column < COLUMNS; column++) {
      table[column][row] = draw_value(column);
      if (table[column][row].type != MISSING)
        attributes[count++] = (gli_attribute){keys[column], library_value(table[column][row])};
    }
    gli_id id = gli_id_int(row);
    cr_assert_eq(gli_graph_add_node(graph, &id, attributes, count, NULL, &error), GLI_OK);
  }
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK);
  *graph_out = graph;
  return snapshot;
}

Test(filter_random, agrees_with_the_plain_evaluator, .timeout = 120) {
  gli_error error;
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = make_rows(&graph);
  uint8_t *mask = malloc(ROWS);
  static writer out;
  int64_t hits = 0;
  const char *more = getenv("GLI_RANDOM_EXPRESSIONS");
  const int rounds = more != NULL ? atoi(more) : 600;
  for (int round = 0; round < rounds; round++) {
    pool_used = 0;
    out.at = 0;
    tree *root = draw_tree(1 + (int)draw(4));
    put_tree(&out, root);
    gli_expression *expression = NULL;
    cr_assert_eq(gli_expression_parse(out.text, out.at, NULL, &expression, &error), GLI_OK,
                 "%s\n%s", out.text, error.message);
    cr_assert_eq(gli_snapshot_filter_mask(snapshot, GLI_NODES, expression, NULL, mask, &error),
                 GLI_OK);
    for (int row = 0; row < ROWS; row++) {
      bool wanted = truth(evaluate(root, row));
      hits += wanted;
      cr_assert_eq(mask[row], wanted, "row %d of %s: %d", row, out.text, mask[row]);
    }
    gli_expression_free(expression);
  }
  cr_assert_gt(hits, (int64_t)rounds * ROWS / 10);
  cr_assert_lt(hits, (int64_t)rounds * ROWS * 9 / 10);
  free(mask);
  free(table);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}
