/* test_cuda_driver.cc: the host side of the CUDA driver on a runtime without a GPU
 * (stub_runtime.h).
 *
 * One scenario goes through every function of the table and looks at every result. It runs once in
 * peace, and then with each call of the runtime failing, with each kind of error, once and from
 * then on, with memory pools and without; and with each allocation of the host failing. Right is:
 * the data are right, or a function returned the code that the error stands for, with the error's
 * number and the call's name; a call that failed once succeeds when it is made again, unless the
 * device is lost; a lost device makes no further call; and after close the books are empty.
 *
 * A plain program: exit code 0 is success. The number of faults is printed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "cuda/stub_runtime.h"
#include "device/device.h"

extern "C" const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error);

static const gli_device_driver *driver;
static stub::World world;
static stub::Plan plan;

#define REQUIRE(condition)                                                                        \
  do {                                                                                            \
    if (!(condition)) {                                                                           \
      fprintf(stderr, "%s:%d: %s\n  call %ld fails with %d, %s, host %ld, pools %d\n", __FILE__,  \
              __LINE__, #condition, plan.index, plan.kind, plan.persistent ? "for good" : "once", \
              plan.host_index, world.has_pools);                                                  \
      exit(1);                                                                                    \
    }                                                                                             \
  } while (false)

static gli_device_code expected_code() {
  if (plan.host_index >= 0) return GLI_DEVICE_FAILED;
  switch (plan.kind) {
    case cudaErrorMemoryAllocation:
      return GLI_DEVICE_NO_MEMORY;
    case cudaErrorNotSupported:
      return GLI_DEVICE_REFUSED;
    case cudaErrorInvalidValue:
      return GLI_DEVICE_FAILED;
    default:
      return GLI_DEVICE_LOST;
  }
}

/* A step of the scenario: what it does can be done again from its start. */
using Step = std::function<gli_device_code(gli_device_error *)>;

static bool lost;
static long failures; /* that a function returned */

/* False when the scenario cannot go on. */
static bool run(const Step &step, bool enumerating = false) {
  gli_device_error error = {};
  gli_device_code code = step(&error);
  if (code == GLI_DEVICE_OK) return true;
  failures++;
  REQUIRE(stub::injected() > 0);
  REQUIRE(error.code == code);
  REQUIRE(code == expected_code() || (enumerating && code == GLI_DEVICE_REFUSED));
  REQUIRE(plan.host_index >= 0 || error.driver_code == static_cast<int32_t>(plan.kind));
  REQUIRE(strlen(error.message) > 10);
  if (plan.host_index < 0) REQUIRE(strstr(error.message, "error ") != nullptr);
  if (code == GLI_DEVICE_LOST) {
    lost = true;
    return false;
  }
  if (plan.host_index < 0 && (plan.persistent || stub::is_sticky(plan.kind))) return false;
  code = step(&error); /* a second time it works */
  REQUIRE(code == GLI_DEVICE_OK);
  return true;
}

/* --- The scenario ----------------------------------------------------------------------------- */

struct Scene {
  gli_device *device = nullptr;
  gli_device_buffer *a = nullptr, *b = nullptr, *small = nullptr;
};
enum { large_bytes = 40000, items = 5000 }; /* several slots of 4096 */

static std::vector<unsigned char> noise(size_t size, uint32_t seed) {
  std::vector<unsigned char> bytes(size);
  for (auto &byte : bytes)
    byte = static_cast<unsigned char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

template <typename T>
static gli_device_code put(Scene &scene, gli_device_buffer *buffer, std::vector<T> values,
                           gli_device_error *error) {
  gli_device_code code =
      driver->upload(scene.device, buffer, 0, values.data(), values.size() * sizeof(T), error);
  /* The caller may change its memory at once. */
  memset(static_cast<void *>(values.data()), 0x11, values.size() * sizeof(T));
  return code;
}
template <typename T>
static gli_device_code get(Scene &scene, gli_device_buffer *buffer, std::vector<T> &values,
                           gli_device_error *error) {
  return driver->download(scene.device, buffer, 0, values.data(), values.size() * sizeof(T), true,
                          error);
}

static bool found_and_opened(Scene &scene) {
  bool good = run(
      [&](gli_device_error *error) {
        gli_device_info infos[3];
        infos[0].struct_size = sizeof infos[0];
        size_t count = 99;
        gli_device_code code = driver->enumerate(infos, 3, &count, error);
        if (code != GLI_DEVICE_OK) {
          REQUIRE(count == 99);
          return code;
        }
        REQUIRE(count == 2);
        REQUIRE(strcmp(infos[1].name, "Stub 1") == 0 && infos[1].group_size == 256);
        return code;
      },
      true);
  return good && run(
                     [&](gli_device_error *error) {
                       return driver->open(1, nullptr, &scene.device, error);
                     },
                     true);
}

static bool buffers(Scene &scene) {
  const auto take = [&](gli_device_buffer *&buffer, uint64_t size) {
    return run([&](gli_device_error *error) {
      return driver->allocate(scene.device, size, &buffer, error);
    });
  };
  return take(scene.a, large_bytes) && take(scene.b, large_bytes) && take(scene.small, 64);
}

static bool transfers(Scene &scene) {
  /* Many small ones share slots and wait for nothing. */
  bool good = run([&](gli_device_error *error) {
    gli_device_code code = GLI_DEVICE_OK;
    for (uint32_t k = 0; code == GLI_DEVICE_OK && k < 40; k++) {
      std::vector<uint32_t> ten(10, k);
      code = driver->upload(scene.device, scene.a, k * 40, ten.data(), 40, error);
      std::fill(ten.begin(), ten.end(), 77);
    }
    return code;
  });
  good = good && run([&](gli_device_error *error) {
           std::vector<uint32_t> back(400);
           gli_device_code code = get(scene, scene.a, back, error);
           for (uint32_t k = 0; code == GLI_DEVICE_OK && k < 400; k++)
             REQUIRE(back[k] == k / 10);
           return code;
         });
  /* A large one, there, over, and back with an offset. */
  const auto bytes = noise(large_bytes, 7);
  good = good && run([&](gli_device_error *error) { return put(scene, scene.a, bytes, error); });
  good = good && run([&](gli_device_error *error) {
           return driver->copy(scene.device, scene.a, 100, scene.b, 300, 30000, error);
         });
  return good && run([&](gli_device_error *error) {
           std::vector<unsigned char> back(20001);
           gli_device_code code =
               driver->download(scene.device, scene.b, 303, back.data(), back.size(), true, error);
           if (code == GLI_DEVICE_OK)
             REQUIRE(std::equal(back.begin(), back.end(), bytes.begin() + 103));
           return code;
         });
}

/* Downloads that nobody waits for, behind uploads that come later. */
static bool letters(Scene &scene) {
  return run([&](gli_device_error *error) {
    uint32_t first = 0, second = 0;
    gli_device_event *event = nullptr;
    std::vector<uint32_t> data = {5, 6};
    gli_device_code code = put(scene, scene.small, data, error);
    if (code == GLI_DEVICE_OK)
      code = driver->download(scene.device, scene.small, 0, &first, 4, false, error);
    if (code == GLI_DEVICE_OK) code = driver->event_record(scene.device, &event, error);
    if (code == GLI_DEVICE_OK) {
      data = {8, 9};
      code = put(scene, scene.small, data, error);
    }
    if (code == GLI_DEVICE_OK)
      code = driver->download(scene.device, scene.small, 4, &second, 4, false, error);
    if (code == GLI_DEVICE_OK) code = driver->event_wait(scene.device, event, error);
    if (code == GLI_DEVICE_OK) REQUIRE(first == 5 && second == 0);
    if (code == GLI_DEVICE_OK) code = driver->finish(scene.device, error);
    if (code == GLI_DEVICE_OK) REQUIRE(first == 5 && second == 9);
    if (event != nullptr && code != GLI_DEVICE_LOST) driver->event_release(scene.device, event);
    /* Nothing may be written to this frame after it is gone, whatever failed. */
    if (code != GLI_DEVICE_OK && code != GLI_DEVICE_LOST) driver->finish(scene.device, nullptr);
    return code;
  });
}

/* More of them than the mailbox holds. */
static bool many_letters(Scene &scene) {
  return run([&](gli_device_error *error) {
    static uint32_t targets[100]; /* outlives a failure */
    std::vector<uint32_t> data(100);
    for (uint32_t k = 0; k < 100; k++)
      data[k] = k * k;
    memset(targets, 0, sizeof targets);
    gli_device_code code = put(scene, scene.a, data, error);
    for (uint64_t k = 0; code == GLI_DEVICE_OK && k < 100; k++)
      code = driver->download(scene.device, scene.a, 4 * k, &targets[k], 4, false, error);
    if (code == GLI_DEVICE_OK) code = driver->finish(scene.device, error);
    for (uint32_t k = 0; code == GLI_DEVICE_OK && k < 100; k++)
      REQUIRE(targets[k] == k * k);
    return code;
  });
}

static bool fills(Scene &scene) {
  return run([&](gli_device_error *error) {
    const unsigned char byte = 3;
    const uint32_t word = 0x01020304, same = 0xFFFFFFFF;
    const double number = 0.25;
    gli_device_code code = driver->fill(scene.device, scene.a, 0, 4000, &byte, 1, error);
    if (code == GLI_DEVICE_OK) code = driver->fill(scene.device, scene.a, 40, 400, &word, 4, error);
    if (code == GLI_DEVICE_OK)
      code = driver->fill(scene.device, scene.a, 800, 80, &number, 8, error);
    if (code == GLI_DEVICE_OK) code = driver->fill(scene.device, scene.a, 1000, 8, &same, 4, error);
    if (code == GLI_DEVICE_OK) code = driver->fill(scene.device, scene.a, 8, 0, &word, 4, error);
    std::vector<unsigned char> back(4000), expected(4000, 3);
    for (size_t k = 40; k < 440; k += 4)
      memcpy(&expected[k], &word, 4);
    for (size_t k = 800; k < 880; k += 8)
      memcpy(&expected[k], &number, 8);
    memset(&expected[1000], 0xFF, 8);
    if (code == GLI_DEVICE_OK) code = get(scene, scene.a, back, error);
    if (code == GLI_DEVICE_OK) REQUIRE(back == expected);
    return code;
  });
}

static gli_device_code probe(Scene &scene, gli_device_kernel *kernel, gli_device_shape shape,
                             uint64_t grid, gli_device_error *error) {
  gli_device_argument arguments[5] = {};
  arguments[0].type = arguments[3].type = GLI_DEVICE_BUFFER;
  arguments[0].as.buffer = scene.small;
  arguments[1].type = GLI_DEVICE_INT64;
  arguments[1].as.int64 = -7;
  arguments[2].type = arguments[4].type = GLI_DEVICE_INT32;
  arguments[2].as.int32 = -9;
  arguments[4].as.float32 = 1.0F;
  gli_device_code code = driver->launch(scene.device, kernel, shape, arguments, 5, error);
  std::vector<uint64_t> back(5);
  if (code == GLI_DEVICE_OK) code = get(scene, scene.small, back, error);
  if (code == GLI_DEVICE_OK) {
    REQUIRE(back[0] == grid && stub::last_launch().block == 256);
    REQUIRE(back[1] == static_cast<uint64_t>(-7) && back[2] == 0xFFFFFFF7 && back[3] == 1);
    REQUIRE(back[4] == 0x3F800000);
  }
  return code;
}

static bool launches(Scene &scene) {
  const gli_device_source source = {"test/probe", "", ""};
  gli_device_program *program = nullptr;
  gli_device_kernel *kernel = nullptr;
  bool good = run([&](gli_device_error *error) {
    return driver->program(scene.device, &source, &program, error);
  });
  good = good && run([&](gli_device_error *error) {
           return driver->kernel(scene.device, program, "probe", &kernel, error);
         });
  const uint64_t most = stub::multiprocessors * stub::groups_per_multiprocessor * 4;
  const struct {
    gli_device_shape shape;
    uint64_t grid;
  } cases[] = {{{GLI_DEVICE_ITEMS, 1}, 1},       {{GLI_DEVICE_ITEMS, 256}, 1},
               {{GLI_DEVICE_ITEMS, 257}, 2},     {{GLI_DEVICE_ITEMS, INT64_MAX}, most},
               {{GLI_DEVICE_GROUPS, 3}, 3},      {{GLI_DEVICE_GROUPS, INT64_MAX}, most},
               {{GLI_DEVICE_ONE_GROUP, 1000}, 1}};
  for (const auto &one : cases) {
    good = good && run([&](gli_device_error *error) {
             return probe(scene, kernel, one.shape, one.grid, error);
           });
  }
  if (good) driver->program_release(scene.device, program);
  return good;
}

static bool primitives(Scene &scene) {
  const gli_device_primitives &call = driver->primitives;
  std::vector<uint32_t> in(items), scanned(items + 1);
  for (uint32_t k = 0; k < items; k++)
    in[k] = k * 977;
  bool good = run([&](gli_device_error *error) {
    gli_device_code code = put(scene, scene.a, in, error);
    if (code == GLI_DEVICE_OK)
      code = call.exclusive_scan(scene.device, GLI_DEVICE_U32, scene.a, scene.b, items, error);
    if (code == GLI_DEVICE_OK) code = get(scene, scene.b, scanned, error);
    uint32_t sum = 0;
    for (uint32_t k = 0; code == GLI_DEVICE_OK && k <= items; sum += k < items ? in[k] : 0, k++)
      REQUIRE(scanned[k] == sum);
    return code;
  });
  good = good && run([&](gli_device_error *error) {
           std::vector<int64_t> one(1);
           gli_device_code code =
               call.exclusive_scan(scene.device, GLI_DEVICE_I64, scene.a, scene.b, 0, error);
           if (code == GLI_DEVICE_OK) code = get(scene, scene.b, one, error);
           if (code == GLI_DEVICE_OK) REQUIRE(one[0] == 0);
           return code;
         });
  good = good && run([&](gli_device_error *error) {
           std::vector<uint8_t> flags(items);
           for (uint32_t k = 0; k < items; k++)
             flags[k] = k % 3 == 0 ? static_cast<uint8_t>(k) : 0;
           const auto set = items - std::count(flags.begin(), flags.end(), 0);
           std::vector<uint32_t> found(1);
           std::vector<int32_t> positions(static_cast<size_t>(set));
           gli_device_code code = put(scene, scene.a, flags, error);
           if (code == GLI_DEVICE_OK)
             code = call.select(scene.device, scene.a, scene.b, scene.small, items, error);
           if (code == GLI_DEVICE_OK) code = get(scene, scene.small, found, error);
           if (code == GLI_DEVICE_OK) code = get(scene, scene.b, positions, error);
           if (code == GLI_DEVICE_OK) REQUIRE(found[0] == set);
           for (size_t k = 0; code == GLI_DEVICE_OK && k < positions.size(); k++)
             REQUIRE(flags[static_cast<size_t>(positions[k])] != 0);
           return code;
         });
  return good && run([&](gli_device_error *error) {
           std::vector<double> values(items), least(1);
           for (uint32_t k = 0; k < items; k++)
             values[k] = (k * 31) % 977 - 400.5;
           gli_device_code code = put(scene, scene.a, values, error);
           if (code == GLI_DEVICE_OK) {
             code = call.reduce(scene.device, GLI_DEVICE_F64, GLI_DEVICE_MIN, scene.a, scene.small,
                                items, error);
           }
           if (code == GLI_DEVICE_OK) code = get(scene, scene.small, least, error);
           if (code == GLI_DEVICE_OK) REQUIRE(least[0] == -400.5);
           return code;
         });
}

/* Sorted by low bits, ties in order, what lies behind untouched; the memory behind a handle may
 * have changed, and must still be the one that `address` gives and close returns. */
static bool sorts(Scene &scene, int32_t bits, bool with_values) {
  enum { sorted = 3000, behind = 500 };
  return run([&](gli_device_error *error) {
    std::vector<uint64_t> keys(sorted + behind);
    std::vector<uint32_t> values(sorted + behind);
    for (uint32_t k = 0; k < sorted + behind; k++) {
      keys[k] = (static_cast<uint64_t>(k) * 2654435761U) ^ (static_cast<uint64_t>(k) << 40);
      values[k] = k;
    }
    gli_device_code code = put(scene, scene.a, keys, error);
    if (code == GLI_DEVICE_OK) code = put(scene, scene.b, values, error);
    if (code == GLI_DEVICE_OK) {
      code = driver->primitives.sort(scene.device, scene.a, with_values ? scene.b : nullptr, sorted,
                                     bits, error);
    }
    std::vector<uint64_t> keys_back(keys.size());
    std::vector<uint32_t> values_back(values.size()), order(sorted);
    if (code == GLI_DEVICE_OK) code = get(scene, scene.a, keys_back, error);
    if (code == GLI_DEVICE_OK) code = get(scene, scene.b, values_back, error);
    if (code != GLI_DEVICE_OK) return code;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (uint32_t k = 0; k < sorted; k++)
      order[k] = k;
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t x, uint32_t y) { return (keys[x] & mask) < (keys[y] & mask); });
    for (uint32_t k = 0; k < sorted; k++) {
      REQUIRE(keys_back[k] == keys[order[k]]);
      REQUIRE(values_back[k] == (with_values ? order[k] : k));
    }
    for (uint32_t k = sorted; k < sorted + behind; k++)
      REQUIRE(keys_back[k] == keys[k] && values_back[k] == values[k]);
    return code;
  });
}

static bool figures(Scene &scene) {
  bool good = run([&](gli_device_error *error) {
    gli_device_memory memory = {};
    gli_device_code code = driver->memory(scene.device, &memory, error);
    if (code == GLI_DEVICE_OK) {
      REQUIRE(memory.total_bytes == 5000);
      /* What a pool keeps counts as free; a device whose pool could not be made has none. */
      REQUIRE(memory.free_bytes == (stub::books().pools == 1 ? 1200 : 1000));
      REQUIRE(stub::books().pools == 1 || !world.has_pools || stub::injected() > 0);
      REQUIRE(memory.allocated_bytes == 2 * large_bytes + 64);
    }
    return code;
  });
  good = good && run([&](gli_device_error *error) {
           void *address = nullptr;
           int32_t kind = 0, number = 0;
           gli_device_code code =
               driver->address(scene.device, scene.a, &address, &kind, &number, error);
           if (code == GLI_DEVICE_OK) REQUIRE(address != nullptr && kind == 2 && number == 1);
           return code;
         });
  return good && run([&](gli_device_error *error) {
           gli_device_event *from = nullptr, *to = nullptr;
           double seconds = -1;
           gli_device_code code = driver->event_record(scene.device, &from, error);
           if (code == GLI_DEVICE_OK)
             code = driver->fill(scene.device, scene.a, 0, 64, "x", 1, error);
           if (code == GLI_DEVICE_OK) code = driver->event_record(scene.device, &to, error);
           if (code == GLI_DEVICE_OK) code = driver->finish(scene.device, error);
           if (code == GLI_DEVICE_OK)
             code = driver->event_elapsed(scene.device, from, to, &seconds, error);
           if (code == GLI_DEVICE_OK) REQUIRE(seconds == 0.001);
           if (code == GLI_DEVICE_OK) driver->event_release(scene.device, to);
           return code; /* the others are left to close */
         });
}

static void play() {
  stub::reset(world, plan);
  lost = false;
  failures = 0;
  Scene scene;
  const bool done = found_and_opened(scene) && buffers(scene) && transfers(scene) &&
                    letters(scene) && many_letters(scene) && fills(scene) && launches(scene) &&
                    primitives(scene) && sorts(scene, 20, true) && sorts(scene, 30, true) &&
                    sorts(scene, 20, false) && figures(scene);
  REQUIRE(done || failures > 0);
  const long calls = stub::calls();
  if (lost && scene.device != nullptr) { /* not one call more */
    gli_device_error error = {};
    REQUIRE(driver->finish(scene.device, &error) == GLI_DEVICE_LOST);
    REQUIRE(strlen(error.message) > 10 && stub::calls() == calls);
  } else if (scene.device != nullptr) {
    driver->release(scene.device, scene.small);
  }
  driver->close(scene.device);
  const stub::Books books = stub::books();
  REQUIRE(books.host_blocks == 0 && books.pushes == 0 && books.contexts == 0);
  if (books.unreachable) return;
  /* A sticky error may come in the middle of giving back: what is left goes with the process. */
  if (stub::injected() > 0 && stub::is_sticky(plan.kind)) return;
  REQUIRE(books.device_blocks == 0 && books.pinned_blocks == 0 && books.events == 0);
  REQUIRE(books.streams == 0 && books.pools == 0 && books.libraries == 0);
}

/* --- What there is ---------------------------------------------------------------------------- */

static void test_refusals() {
  gli_device_error error = {};
  REQUIRE(gli_device_driver_entry(GLI_DEVICE_ABI + 1, &error) == nullptr);
  REQUIRE(error.code == GLI_DEVICE_REFUSED && strstr(error.message, "ABI") != nullptr);
  size_t count = 5;
  gli_device *device = nullptr;
  world.devices = -1; /* no driver */
  stub::reset(world, plan);
  REQUIRE(driver->enumerate(nullptr, 0, &count, &error) == GLI_DEVICE_REFUSED && count == 5);
  REQUIRE(error.driver_code == 35 && strstr(error.message, "install NVIDIA's driver") != nullptr);
  world.devices = 0;
  stub::reset(world, plan);
  REQUIRE(driver->enumerate(nullptr, 0, &count, &error) == GLI_DEVICE_REFUSED && count == 5);
  REQUIRE(error.driver_code == 100 && strstr(error.message, "nvidia-smi") != nullptr);
  world.devices = 2;
  stub::reset(world, plan);
  REQUIRE(driver->open(2, nullptr, &device, &error) == GLI_DEVICE_REFUSED && device == nullptr);
  REQUIRE(strstr(error.message, "there are 2") != nullptr);
}

static void test_arguments() {
  stub::reset(world, plan);
  gli_device_error error = {};
  gli_device *device = nullptr;
  gli_device_buffer *buffer = nullptr, *none = nullptr;
  REQUIRE(driver->open(0, nullptr, &device, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->allocate(device, 16, &buffer, &error) == GLI_DEVICE_OK);
  char bytes[32] = {};
  REQUIRE(driver->allocate(device, 0, &none, &error) == GLI_DEVICE_REFUSED && none == nullptr);
  REQUIRE(driver->upload(device, buffer, 8, bytes, 9, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(driver->download(device, buffer, UINT64_MAX, bytes, 9, true, &error) ==
          GLI_DEVICE_REFUSED);
  REQUIRE(driver->copy(device, buffer, 0, buffer, 15, 2, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(driver->fill(device, buffer, 2, 4, bytes, 4, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(driver->fill(device, buffer, 0, 6, bytes, 3, &error) == GLI_DEVICE_REFUSED);
  const gli_device_source unknown = {"no/such", "", ""}, known = {"test/probe", "", ""};
  gli_device_program *program = nullptr;
  gli_device_kernel *kernel = nullptr;
  REQUIRE(driver->program(device, &unknown, &program, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(strstr(error.message, "no/such") != nullptr);
  REQUIRE(driver->program(device, &known, &program, &error) == GLI_DEVICE_OK);
  REQUIRE(driver->kernel(device, program, "nobody", &kernel, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(strstr(error.message, "nobody of test/probe") != nullptr);
  REQUIRE(driver->kernel(device, program, "probe", &kernel, &error) == GLI_DEVICE_OK);
  const long calls = stub::calls();
  gli_device_argument arguments[65] = {};
  const gli_device_shape shape = {GLI_DEVICE_ITEMS, 10}, nothing = {GLI_DEVICE_ITEMS, 0};
  REQUIRE(driver->launch(device, kernel, shape, arguments, 65, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(driver->launch(device, kernel, shape, arguments, 5, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(driver->launch(device, kernel, nothing, arguments, 5, &error) == GLI_DEVICE_OK);
  REQUIRE(stub::calls() == calls + 3); /* the context, three times; no launch */
  const auto primitives = driver->primitives;
  REQUIRE(primitives.sort(device, buffer, nullptr, 2, 65, &error) == GLI_DEVICE_REFUSED);
  REQUIRE(primitives.select(device, buffer, buffer, buffer, INT64_C(1) << 31, &error) ==
          GLI_DEVICE_REFUSED);
  REQUIRE(primitives.reduce(device, GLI_DEVICE_F64, GLI_DEVICE_SUM, buffer, buffer, 2, &error) ==
          GLI_DEVICE_REFUSED);
  REQUIRE(primitives.exclusive_scan(device, GLI_DEVICE_F64, buffer, buffer, 1, &error) ==
          GLI_DEVICE_REFUSED);
  driver->release(device, nullptr);
  driver->program_release(device, nullptr);
  driver->event_release(device, nullptr);
  driver->close(nullptr);
  driver->close(device);
  REQUIRE(stub::books().host_blocks == 0 && stub::books().device_blocks == 0);
}

/* A child of a process that opened a device is told so, and touches no driver. */
static void test_fork() {
  stub::reset(world, plan);
  gli_device_error error = {};
  gli_device *device = nullptr;
  REQUIRE(driver->open(0, nullptr, &device, &error) == GLI_DEVICE_OK);
  const pid_t child = fork();
  if (child == 0) {
    const long calls = stub::calls();
    gli_device_buffer *buffer = nullptr;
    const bool told = driver->allocate(device, 8, &buffer, &error) == GLI_DEVICE_LOST &&
                      strstr(error.message, "fork") != nullptr;
    driver->close(device);
    _exit(told && stub::calls() == calls ? 0 : 1);
  }
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child && status == 0);
  driver->close(device);
}

/* From one failing call to the next: a sample of the many transfers, and of all under a sanitizer.
 */
static long stride(long index) {
  const char *full = getenv("GLI_TEST_FULL");
  if (full != nullptr && full[0] == '1') return 1;
#ifdef __SANITIZE_ADDRESS__
  return index < 150 ? 7 : 13;
#else
  return index < 150 ? 1 : 4;
#endif
}

int main() {
  driver = gli_device_driver_entry(GLI_DEVICE_ABI, nullptr);
  plan = {-1, cudaSuccess, false, -1};
  world = {2, true};
  test_refusals();
  test_arguments();
  test_fork();
  static const cudaError_t kinds[] = {cudaErrorMemoryAllocation, cudaErrorInvalidValue,
                                      cudaErrorNotSupported,     cudaErrorIllegalAddress,
                                      cudaErrorECCUncorrectable, cudaErrorLaunchFailure,
                                      cudaErrorUnknown};
  long scenarios = 0, faults = 0, swallowed = 0;
  for (const bool pools : {true, false}) {
    world.has_pools = pools;
    plan = {-1, cudaSuccess, false, -1};
    play();
    REQUIRE(failures == 0);
    const long calls = stub::calls(), host_calls = stub::host_calls();
    printf("%s pools: %ld calls of the runtime, %ld allocations of the host\n",
           pools ? "with" : "without", calls, host_calls);
    for (const cudaError_t kind : kinds) {
      for (long index = 0; index < calls; index += stride(index)) {
        for (const bool persistent : {false, true}) {
          if (persistent && stub::is_sticky(kind)) continue;
          plan = {index, kind, persistent, -1};
          play();
          REQUIRE(stub::injected() > 0);
          scenarios++;
          faults += stub::injected();
          swallowed += failures == 0;
        }
      }
    }
    for (long index = 0; index < host_calls; index++) {
      plan = {-1, cudaSuccess, false, index};
      play();
      REQUIRE(stub::injected() == 1);
      scenarios++;
      faults++;
    }
  }
  printf("%ld faults injected in %ld runs; in %ld of them the driver got on without\n", faults,
         scenarios, swallowed);
  REQUIRE(scenarios >= (stride(0) == 1 ? 2000 : 1000));
  return 0;
}
