/* Columns that stay on a device are let go by any thread, also while another one has the device's
 * turn, and the device sees one call at a time. Runs under ThreadSanitizer. */
#include <gli/gli.h>
#include <sched.h>

#include "base/pool.h"
#include "device/fake_driver.h"
#include "device/kept.h"
#include "support/threads.h"

#define ROUNDS 2000
#define THREADS 3

static gli__device device;
static gli__kept *_Atomic posted; /* for whoever takes it */
static _Atomic int finished, freed;

/* One more holder for others, who let it go. */
static void post(gli__kept *kept) {
  gli__kept *nobody = NULL;
  gli__kept_retain(kept);
  while (!atomic_compare_exchange_weak(&posted, &nobody, kept)) {
    nobody = NULL;
    sched_yield();
  }
}

/* A call keeps a column, posts it, reads it back and lets it go. */
static void *keep_columns(void *unused) {
  (void)unused;
  for (int64_t round = 0; round < ROUNDS; round++) {
    const int64_t values[4] = {round, 1, 2, 3};
    int64_t back[4] = {0};
    gli_run *run = NULL;
    gli_error error = {0};
    gli__call call;
    CHECK(gli__run_begin(NULL, device.memory, &run, NULL) == GLI_OK);
    CHECK(gli__device_acquire(&device, run, &error) == GLI_OK);
    gli__call_begin(&call, run, NULL, &device, NULL, &error);
    gli__kept *kept = gli__call_keep_data(&call, values, sizeof values);
    CHECK(kept != NULL && gli__call_end(&call) == GLI_OK);
    if (round % 2 == 0) post(kept); /* while the turn is taken */
    gli__device_release(&device, call.code, error.message);
    if (round % 2 != 0) post(kept);
    CHECK(gli__kept_download(kept, back, run, &error) == GLI_OK && back[0] == round);
    gli__run_end(run);
    gli__kept_free(kept);
  }
  atomic_store(&finished, 1);
  return NULL;
}

static void *let_go(void *unused) {
  (void)unused;
  for (;;) {
    const int ended = atomic_load(&finished);
    gli__kept *kept = atomic_exchange(&posted, NULL);
    if (kept != NULL) {
      int64_t first = 0, values[4];
      if (atomic_load(&freed) % 3 == 0) {
        CHECK(gli__kept_download(kept, values, NULL, NULL) == GLI_OK);
        first = values[1];
        CHECK(first == 1);
      }
      gli__kept_free(kept);
      atomic_fetch_add(&freed, 1);
    } else if (ended) {
      return NULL;
    } else {
      sched_yield();
    }
  }
}

int main(void) {
  pthread_t threads[THREADS];
  memset(&fake_device, 0, sizeof fake_device);
  fake_device.fail_at = -1;
  device.driver = &fake_driver;
  device.handle = &fake_device;
  device.memory = gli__memory_create(NULL);
  pthread_mutex_init(&device.turns.mutex, NULL);
  for (size_t k = 0; k < THREADS; k++)
    CHECK(pthread_create(&threads[k], NULL, k == 0 ? keep_columns : let_go, NULL) == 0);
  for (size_t k = 0; k < THREADS; k++)
    CHECK(pthread_join(threads[k], NULL) == 0);
  CHECK(atomic_load(&freed) == ROUNDS);
  CHECK(device.traffic.kept_bytes == 0 && device.traffic.allocated_bytes == 0);
  CHECK(fake_device.live_buffers == 0 && device.let_go == NULL);
  /* A lost device: nothing is called any more, and nothing is left in the books. */
  gli_run *run = NULL;
  gli_error error = {0};
  gli__call call;
  int64_t value = 7;
  CHECK(gli__run_begin(NULL, device.memory, &run, NULL) == GLI_OK);
  CHECK(gli__device_acquire(&device, run, &error) == GLI_OK);
  gli__call_begin(&call, run, NULL, &device, NULL, &error);
  gli__kept *kept = gli__call_keep_data(&call, &value, sizeof value);
  fake_device.calls = 0;
  fake_device.fail_at = 0;
  fake_device.failure = GLI_DEVICE_LOST;
  gli__call_finish(&call);
  CHECK(gli__call_end(&call) == GLI_ERROR_DEVICE);
  gli__device_release(&device, call.code, error.message);
  CHECK(gli__kept_is_lost(kept) != NULL);
  CHECK(gli__kept_download(kept, &value, NULL, &error) == GLI_ERROR_DEVICE);
  gli__kept_free(kept);
  CHECK(device.traffic.kept_bytes == 0 && device.let_go == NULL);
  gli__run_end(run);
  fake_reset(&fake_device);
  gli__memory_free(device.memory);
  pthread_mutex_destroy(&device.turns.mutex);
  return 0;
}
