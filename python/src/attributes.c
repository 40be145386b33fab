/* attributes.c: attribute names and their keys; attributes from keyword arguments and mappings.
 *
 * A call site passes the same tuple of keyword names each time, so its keys are found by the
 * tuple's address (the cache holds a reference, so that no other tuple can take the address). Names
 * given as objects (`node["value"]`) are found by the address of the str in the same way. */
#include "groggy.h"

int groggy_name_check(PyObject *name, const char **text_out, Py_ssize_t *size_out) {
  if (!PyUnicode_Check(name)) {
    groggy_raise_value(PyExc_TypeError, name,
                       "attribute name must be str, not %.200s: ", Py_TYPE(name)->tp_name);
    return -1;
  }
  const char *text = PyUnicode_AsUTF8AndSize(name, size_out);
  if (text == NULL) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_ValueError, "attribute name %R holds a lone surrogate", name);
    }
    return -1;
  }
  if (*size_out == 0) {
    PyErr_SetString(PyExc_ValueError, "attribute name must not be empty");
    return -1;
  }
  if (memchr(text, 0, (size_t)*size_out) != NULL) {
    PyErr_Format(PyExc_ValueError, "attribute name %R holds a NUL character", name);
    return -1;
  }
  *text_out = text;
  return 0;
}

static void remember(GroggyName *slot, PyObject *name, gli_key key) {
  if (!PyUnicode_CheckExact(name)) return;
  PyObject *old = slot->name;
  Py_INCREF(name);
  slot->name = name;
  slot->key = key;
  Py_XDECREF(old);
}

int groggy_key(GroggyGraph *graph, PyObject *name, gli_key *key_out) {
  GroggyName *slot = groggy_name_slot(graph, name);
  if (GROGGY_LIKELY(slot->name == name)) {
    *key_out = slot->key;
    return 0;
  }
  const char *text = NULL;
  Py_ssize_t size = 0;
  if (groggy_name_check(name, &text, &size) < 0) return -1;
  gli_error error;
  gli_key key = GLI_KEY_NONE;
  if (gli_graph_key(graph->graph, text, (size_t)size, &key, &error) != GLI_OK) {
    groggy_raise(graph->state, &error);
    return -1;
  }
  remember(slot, name, key);
  *key_out = key;
  return 0;
}

int groggy_key_find(GroggyGraph *graph, PyObject *name, gli_key *key_out) {
  GroggyName *slot = groggy_name_slot(graph, name);
  if (GROGGY_LIKELY(slot->name == name)) {
    *key_out = slot->key;
    return 0;
  }
  *key_out = GLI_KEY_NONE;
  if (!PyUnicode_Check(name)) {
    groggy_raise_value(PyExc_TypeError, name,
                       "attribute name must be str, not %.200s: ", Py_TYPE(name)->tp_name);
    return -1;
  }
  Py_ssize_t size = 0;
  const char *text = PyUnicode_AsUTF8AndSize(name, &size);
  if (text == NULL) { /* a lone surrogate: no attribute is called so */
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return -1;
    PyErr_Clear();
    return 0;
  }
  const gli_key key = gli_graph_find_key(graph->graph, text, (size_t)size);
  if (key != GLI_KEY_NONE) remember(slot, name, key);
  *key_out = key;
  return 0;
}

PyObject *groggy_key_name(GroggyGraph *graph, gli_key key) {
  size_t size = 0;
  const char *text = gli_graph_key_name(graph->graph, key, &size);
  PyObject *name = groggy_text_object(text, size);
  if (name != NULL) PyUnicode_InternInPlace(&name);
  return name;
}

void groggy_names_clear(GroggyGraph *graph) {
  for (size_t i = 0; i < GROGGY_KEYWORD_SLOTS; i++)
    Py_CLEAR(graph->keywords[i].names);
  for (size_t i = 0; i < GROGGY_NAME_SLOTS; i++)
    Py_CLEAR(graph->names[i].name);
}

/* Values first: a name becomes known to the graph only when the whole call is right. */
int groggy_attributes_keywords_slow(GroggyGraph *graph, GroggyAttributes *attributes,
                                    PyObject *names, PyObject *const *values) {
  const Py_ssize_t count = PyTuple_GET_SIZE(names);
  if (groggy_attributes_reserve(attributes, (size_t)count) < 0) return -1;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *name = PyTuple_GET_ITEM(names, i);
    const char *text = NULL;
    Py_ssize_t size = 0;
    if (groggy_name_check(name, &text, &size) < 0 ||
        groggy_value(attributes, name, values[i], &attributes->items[i].value) < 0)
      return -1;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    if (groggy_key(graph, PyTuple_GET_ITEM(names, i), &attributes->items[i].key) < 0) return -1;
  }
  attributes->count = (size_t)count;
  if (count > GROGGY_INLINE_ATTRIBUTES) return 0;
  GroggyKeywords *slot = groggy_keywords_slot(graph, names);
  PyObject *old = slot->names;
  Py_INCREF(names);
  slot->names = names;
  for (Py_ssize_t i = 0; i < count; i++)
    slot->keys[i] = attributes->items[i].key;
  Py_XDECREF(old);
  return 0;
}

/* A dict of one's own, which nobody else can change while it is read; held by `attributes`. */
static PyObject *own_dict(GroggyAttributes *attributes, PyObject *mapping) {
  PyObject *dict = NULL;
  if (PyDict_Check(mapping)) {
    dict = PyDict_Copy(mapping);
  } else if (PyMapping_Check(mapping) && PyObject_HasAttrString(mapping, "keys")) {
    dict = PyDict_New();
    if (dict != NULL && PyDict_Update(dict, mapping) < 0) Py_CLEAR(dict);
  } else {
    PyErr_Format(PyExc_TypeError, "attributes must be a mapping, not %.200s",
                 Py_TYPE(mapping)->tp_name);
  }
  if (dict == NULL || groggy_attributes_hold(attributes, dict) < 0) return NULL;
  return dict;
}

int groggy_attributes_mapping(GroggyGraph *graph, GroggyAttributes *attributes, PyObject *mapping) {
  PyObject *dict = own_dict(attributes, mapping);
  if (dict == NULL || groggy_attributes_reserve(attributes, (size_t)PyDict_GET_SIZE(dict)) < 0)
    return -1;
  PyObject *name = NULL, *object = NULL;
  Py_ssize_t position = 0;
  size_t count = 0;
  while (PyDict_Next(dict, &position, &name, &object)) {
    const char *text = NULL;
    Py_ssize_t size = 0;
    if (groggy_name_check(name, &text, &size) < 0 ||
        groggy_value(attributes, name, object, &attributes->items[count].value) < 0)
      return -1;
    count++;
  }
  position = 0;
  count = 0;
  while (PyDict_Next(dict, &position, &name, &object)) {
    if (groggy_key(graph, name, &attributes->items[count++].key) < 0) return -1;
  }
  attributes->count = count;
  return 0;
}
