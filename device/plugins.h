/* plugins.h: finds a driver's shared object, looks whether it may be trusted, and opens it.
 *
 * Where: libgli_<name>.so in the folders that GLI_BACKEND_PATH lists (absolute, ':' between them),
 * then in the folder that libgli itself was loaded from. A program that libgli was linked into
 * statically looks in its own folder and in the library folder that was configured. The environment
 * variable counts for nothing where the program has more rights than its user (AT_SECURE).
 *
 * Whom: a plugin runs with all rights of the process, so whoever can write it can do all that the
 * user can. plugins.c says what is refused. */
#ifndef GLI_DEVICE_PLUGINS_H
#define GLI_DEVICE_PLUGINS_H

#include "device/device.h"

/* Open the plugin of the driver `name` and copy its table; slots that an older driver lacks are
 * NULL. False: `reason` says in one line why not. Nothing that was opened is ever closed. */
bool gli__plugin_open(const char *name, gli_device_driver *table_out, char *reason,
                      size_t reason_size);

/* Whether there is a file to open, without opening it. */
bool gli__plugin_exists(const char *name);

/* For tests: what GLI_BACKEND_PATH says to a program with more rights than its user. */
void gli__plugin_pretend_secure(bool secure);

#endif
