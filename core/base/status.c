/* status.c: words for the status codes, and the version. */
#include <gli/status.h>

static const char *const texts[] = {
#define GLI_STATUS_TEXT(name, text, meaning) text,
    GLI_STATUS_LIST(GLI_STATUS_TEXT)
#undef GLI_STATUS_TEXT
};

static const char *const meanings[] = {
#define GLI_STATUS_MEANING(name, text, meaning) meaning,
    GLI_STATUS_LIST(GLI_STATUS_MEANING)
#undef GLI_STATUS_MEANING
};

static bool is_known(gli_status status) {
  return (size_t)status < sizeof texts / sizeof texts[0];
}

const char *gli_status_text(gli_status status) {
  return is_known(status) ? texts[status] : "unknown status";
}

const char *gli_status_meaning(gli_status status) {
  return is_known(status) ? meanings[status] : "no status code of this version has this number";
}

const char *gli_version(void) {
  return GLI_VERSION_TEXT;
}
