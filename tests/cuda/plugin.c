/* plugin.c: libgli_cuda.so as it was built. It opens at once on every machine, asks for
 * nothing that a user would have to install, and where there is no GPU says so in words that help.
 * Where there is one, memory, a kernel and a primitive are tried. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "device/device.h"

#define REQUIRE(condition)                                                         \
  do {                                                                             \
    if (!(condition)) {                                                            \
      (void)printf("%s:%d: not so: %s (%d: %s)\n", __FILE__, __LINE__, #condition, \
                   (int)error.code, error.message);                                \
      return 1;                                                                    \
    }                                                                              \
  } while (0)

static double seconds_now(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int try_device(const gli_device_driver *driver) {
  gli_device_error error = {.message = ""};
  gli_device *device = NULL;
  gli_device_buffer *keys = NULL, *sums = NULL;
  enum { COUNT = 100000 };
  static uint64_t filled[COUNT], sums_back[COUNT + 1];
  const uint64_t pattern = UINT64_C(0x0102030405);
  REQUIRE(driver->open(0, NULL, &device, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->allocate(device, sizeof filled, &keys, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->allocate(device, sizeof sums_back, &sums, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->fill(device, keys, 0, sizeof filled, &pattern, 8, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->download(device, keys, 0, filled, sizeof filled, true, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->primitives.exclusive_scan(device, GLI_DEVICE_I64, keys, sums, COUNT, &error) ==
          GLI_DEVICE_OK);
  REQUIRE(driver->download(device, sums, 0, sums_back, sizeof sums_back, true, &error) ==
          GLI_DEVICE_OK);
  for (size_t k = 0; k < COUNT; k++)
    REQUIRE(filled[k] == pattern);
  for (size_t k = 0; k <= COUNT; k++)
    REQUIRE(sums_back[k] == k * pattern);
  driver->close(device);
  return 0;
}

int main(void) {
  gli_device_error error = {.message = ""};
  const double start = seconds_now();
  void *library = dlopen(GLI_CUDA_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) (void)snprintf(error.message, sizeof error.message, "%.200s", dlerror());
  REQUIRE(library != NULL);
  const double opened = seconds_now();
  void *symbol = dlsym(library, GLI_DEVICE_ENTRY_NAME);
  gli_device_entry entry = NULL;
  memcpy(&entry, &symbol, sizeof entry);
  REQUIRE(entry != NULL);
  REQUIRE(entry(GLI_DEVICE_ABI + 1, &error) == NULL && error.code == GLI_DEVICE_REFUSED);
  const gli_device_driver *driver = entry(GLI_DEVICE_ABI, &error);
  REQUIRE(driver != NULL && driver->abi == GLI_DEVICE_ABI);
  REQUIRE(driver->struct_size == sizeof *driver && strcmp(driver->name, "cuda") == 0);

  struct stat file;
  REQUIRE(stat(GLI_CUDA_PLUGIN, &file) == 0);
  (void)printf("libgli_cuda.so: %.2f MB, opens in %.2f ms\n", (double)file.st_size / 1e6,
               1e3 * (opened - start));
  REQUIRE(file.st_size <= 10 * 1000 * 1000);
  REQUIRE(opened - start < 1); /* a busy machine; measured 0.5 ms */

  size_t count = 12345;
  const gli_device_code code = driver->enumerate(NULL, 0, &count, &error);
  if (code == GLI_DEVICE_OK) {
    (void)printf("%zu CUDA devices\n", count);
    return try_device(driver);
  }
  REQUIRE(code == GLI_DEVICE_REFUSED && count == 12345);
  REQUIRE(strstr(error.message, "cudaGetDeviceCount: error") == error.message);
  REQUIRE(strstr(error.message, "install") != NULL || strstr(error.message, "nvidia-smi") != NULL);
  (void)printf("no CUDA device: %s\n", error.message);
  return 0;
}
