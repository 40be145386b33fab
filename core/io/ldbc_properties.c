/* ldbc_properties.c: the .properties file of an LDBC Graphalytics graph, and the way to its files.
 *
 * Lines of "graph.NAME.KEY = VALUE" (Java's properties, one per line; # and ! begin comments). Read
 * here: vertex-file, edge-file, directed, and names and types of vertex-properties and
 * edge-properties; the rest (what each algorithm is run with) is for who runs the benchmark. The
 * two files are looked for in the folder of the properties file and nowhere else. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "ids/ids.h"
#include "io/ldbc.h"
#include "io/text.h"

static bool is_space(char c) {
  return gli__is_blank(c) || c == '\f';
}

static gli__ldbc_text trimmed(const char *begin, const char *end, int64_t line) {
  while (begin < end && is_space(*begin))
    begin++;
  while (begin < end && is_space(end[-1]))
    end--;
  return (gli__ldbc_text){begin, (size_t)(end - begin), line};
}

static bool equals(const gli__ldbc_text *text, const char *word) {
  return text->size_bytes == strlen(word) && memcmp(text->bytes, word, text->size_bytes) == 0;
}

typedef struct description {
  const char *path;
  gli__ldbc *described;
  gli__ldbc_text directed, vertex_names, vertex_types, edge_names, edge_types;
} description;

static gli_status fail_in(const description *d, const gli__ldbc_text *found, const char *expected,
                          gli_error *error) {
  return gli__format_error(error, d->path, found->line, 1, found->bytes, found->size_bytes,
                           expected);
}

/* Where the value of "graph.NAME.<ending>" goes; NULL: not ours. */
static gli__ldbc_text *place_of(description *d, const gli__ldbc_text *key,
                                gli__ldbc_text *name_out) {
  const struct {
    const char *ending;
    gli__ldbc_text *place;
  } known[] = {{".vertex-file", &d->described->vertex_file},
               {".edge-file", &d->described->edge_file},
               {".directed", &d->directed},
               {".vertex-properties.names", &d->vertex_names},
               {".vertex-properties.types", &d->vertex_types},
               {".edge-properties.names", &d->edge_names},
               {".edge-properties.types", &d->edge_types}};
  const size_t prefix = strlen("graph.");
  if (key->size_bytes < prefix || memcmp(key->bytes, "graph.", prefix) != 0) return NULL;
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    const size_t ending = strlen(known[k].ending);
    if (key->size_bytes <= prefix + ending ||
        memcmp(key->bytes + key->size_bytes - ending, known[k].ending, ending) != 0) {
      continue;
    }
    *name_out = (gli__ldbc_text){key->bytes + prefix, key->size_bytes - prefix - ending, key->line};
    return known[k].place;
  }
  return NULL;
}

static gli_status take_line(description *d, const char *begin, const char *end, int64_t line,
                            gli_error *error) {
  const gli__ldbc_text whole = trimmed(begin, end, line);
  if (whole.size_bytes == 0 || *whole.bytes == '#' || *whole.bytes == '!') return GLI_OK;
  const char *stop = whole.bytes + whole.size_bytes, *separator = whole.bytes;
  while (separator < stop && *separator != '=' && *separator != ':')
    separator++;
  if (separator == stop || stop[-1] == '\\') return fail_in(d, &whole, "key = value", error);
  const gli__ldbc_text key = trimmed(whole.bytes, separator, line);
  const gli__ldbc_text value = trimmed(separator + 1, stop, line);
  gli__ldbc_text name = {0}, *known = &d->described->name;
  gli__ldbc_text *place = place_of(d, &key, &name);
  if (place == NULL) return GLI_OK;
  if (place->bytes != NULL) return fail_in(d, &key, "each property once", error);
  if (known->bytes == NULL) *known = name;
  if (known->size_bytes != name.size_bytes ||
      memcmp(known->bytes, name.bytes, name.size_bytes) != 0) {
    return fail_in(d, &key, "properties of one graph", error);
  }
  *place = value;
  return GLI_OK;
}

/* "a, b, c" into at most GLI__LDBC_MAX_PROPERTIES pieces; nothing at all is no piece. */
static gli_status split_list(const description *d, const gli__ldbc_text *list,
                             gli__ldbc_text *pieces, int32_t *count_out, gli_error *error) {
  int32_t count = 0;
  const char *at = list->bytes, *end = at == NULL ? NULL : at + list->size_bytes;
  while (at != NULL && list->size_bytes > 0) {
    const char *comma = memchr(at, ',', (size_t)(end - at));
    if (count == GLI__LDBC_MAX_PROPERTIES) {
      return gli__fail_at(error, GLI_ERROR_LIMIT, list->line, 1,
                          "'%s', line %lld: at most %d properties can be read", d->path,
                          (long long)list->line, GLI__LDBC_MAX_PROPERTIES);
    }
    pieces[count] = trimmed(at, comma == NULL ? end : comma, list->line);
    if (pieces[count++].size_bytes == 0) {
      return fail_in(d, list, "names or types with commas between them", error);
    }
    at = comma == NULL ? NULL : comma + 1;
  }
  *count_out = count;
  return GLI_OK;
}

static gli_status take_columns(const description *d, const gli__ldbc_text *names,
                               const gli__ldbc_text *types, gli__ldbc_columns *columns,
                               gli_error *error) {
  gli__ldbc_text kinds[GLI__LDBC_MAX_PROPERTIES];
  int32_t kind_count = 0;
  gli_status status = split_list(d, names, columns->names, &columns->count, error);
  if (status == GLI_OK) status = split_list(d, types, kinds, &kind_count, error);
  if (status != GLI_OK) return status;
  if (kind_count != columns->count) {
    return fail_in(d, types->bytes != NULL ? types : names, "as many types as names", error);
  }
  for (int32_t k = 0; k < kind_count; k++) {
    columns->real[k] = equals(&kinds[k], "real");
    if (!columns->real[k] && !equals(&kinds[k], "integer")) {
      return fail_in(d, &kinds[k], "the type 'real' or 'integer'", error);
    }
    const gli__ldbc_text *name = &columns->names[k];
    if (memchr(name->bytes, 0, name->size_bytes) != NULL ||
        !gli__utf8_is_valid(name->bytes, name->size_bytes)) {
      return fail_in(d, name, "a name in UTF-8", error);
    }
    for (int32_t j = 0; j < k; j++) {
      if (columns->names[j].size_bytes == columns->names[k].size_bytes &&
          memcmp(columns->names[j].bytes, columns->names[k].bytes, columns->names[k].size_bytes) ==
              0) {
        return fail_in(d, &columns->names[k], "each name once", error);
      }
    }
  }
  return GLI_OK;
}

/* A name of a file in the same folder or below: what leads elsewhere is refused. */
static gli_status check_file(const description *d, const gli__ldbc_text *file, gli_error *error) {
  bool good = file->size_bytes > 0 && file->size_bytes < 1024 && file->bytes[0] != '/';
  size_t begin = 0;
  for (size_t k = 0; good && k <= file->size_bytes; k++) {
    if (k < file->size_bytes && file->bytes[k] == '\0') good = false;
    if (k < file->size_bytes && file->bytes[k] != '/') continue;
    if (k - begin == 2 && memcmp(file->bytes + begin, "..", 2) == 0) good = false;
    begin = k + 1;
  }
  return good ? GLI_OK : fail_in(d, file, "the name of a file in the same folder", error);
}

static gli_status check_description(description *d, gli_error *error) {
  const struct {
    const gli__ldbc_text *text;
    const char *key;
  } needed[] = {{&d->described->vertex_file, "vertex-file"},
                {&d->described->edge_file, "edge-file"},
                {&d->directed, "directed"}};
  for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
    if (needed[k].text->bytes != NULL) continue;
    return gli__fail_at(error, GLI_ERROR_FORMAT, 1, 1,
                        "'%s', line 1, column 1: expected a line graph.NAME.%s = ..., found none",
                        d->path, needed[k].key);
  }
  gli_status status = check_file(d, &d->described->vertex_file, error);
  if (status == GLI_OK) status = check_file(d, &d->described->edge_file, error);
  if (status != GLI_OK) return status;
  d->described->directed = equals(&d->directed, "true");
  if (!d->described->directed && !equals(&d->directed, "false")) {
    return fail_in(d, &d->directed, "'true' or 'false'", error);
  }
  status = take_columns(d, &d->vertex_names, &d->vertex_types, &d->described->vertices, error);
  if (status != GLI_OK) return status;
  return take_columns(d, &d->edge_names, &d->edge_types, &d->described->edges, error);
}

gli_status gli__ldbc_describe(const char *path, const char *bytes, size_t size_bytes,
                              gli__ldbc *described_out, gli_error *error) {
  description d = {.path = path, .described = described_out};
  const char *at = bytes, *stop = bytes + size_bytes;
  *described_out = (gli__ldbc){0};
  for (int64_t line = 1; at < stop; line++) {
    const char *next;
    const char *end = gli__line_end(at, stop, &next);
    const gli_status status = take_line(&d, at, end, line, error);
    if (status != GLI_OK) return status;
    at = next;
  }
  return check_description(&d, error);
}

/* The file beside `path`: its folder, then the name. */
static gli_status open_beside(const gli__reading *reading, const gli__ldbc_text *name, char *path,
                              size_t room, gli__text *text, gli_error *error) {
  const char *slash = strrchr(reading->path, '/');
  const int folder = slash == NULL ? 0 : (int)(slash - reading->path) + 1;
  const int used =
      snprintf(path, room, "%.*s%.*s", folder, reading->path, (int)name->size_bytes, name->bytes);
  if (used < 0 || (size_t)used >= room) {
    return gli__fail(error, GLI_ERROR_LIMIT, "'%s': the names of its files are too long",
                     reading->path);
  }
  return gli__text_open(text, path, reading->memory, reading->run, error);
}

gli_status gli__read_ldbc(const gli__reading *reading, gli_graph **graph_out, gli_error *error) {
  gli__ldbc described;
  gli__text vertex_text = {0}, edge_text = {0};
  char vertex_path[4096], edge_path[4096];
  gli_status status =
      gli__ldbc_describe(reading->path, reading->bytes, reading->size_bytes, &described, error);
  if (status != GLI_OK) return status;
  status = open_beside(reading, &described.vertex_file, vertex_path, sizeof vertex_path,
                       &vertex_text, error);
  if (status != GLI_OK) goto cleanup;
  status =
      open_beside(reading, &described.edge_file, edge_path, sizeof edge_path, &edge_text, error);
  if (status != GLI_OK) goto cleanup;
  gli__reading vertices = *reading, edges = *reading;
  vertices.path = vertex_path;
  vertices.bytes = vertex_text.bytes;
  vertices.size_bytes = vertex_text.size_bytes;
  edges.path = edge_path;
  edges.bytes = edge_text.bytes;
  edges.size_bytes = edge_text.size_bytes;
  status = gli__ldbc_build(&described, &vertices, &edges, graph_out, error);
cleanup:
  gli__text_close(&vertex_text);
  gli__text_close(&edge_text);
  return status;
}
