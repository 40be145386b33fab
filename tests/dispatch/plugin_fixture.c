/* Drivers to open: one right, the others wrong in one way each (-DFIXTURE=...). All of them would
 * be "opencl", and all but the right one would do harm or be of no use. */
#include <signal.h>
#include <unistd.h>

#include "support/fake_driver.h"

enum {
  RIGHT,
  WRONG_ABI,
  SHORT_TABLE,
  NO_DRIVER,
  OTHER_NAME,
  LACKS_FUNCTION,
  NO_ENTRY,
  CRASHES,
  EXITS,
  CRASHES_LATER,
  OLDER,
  EVIL
};

static gli_device_driver table;

__attribute__((constructor)) static void load(void) {
  table = fake_driver;
  if (FIXTURE == WRONG_ABI) table.abi = GLI_DEVICE_ABI + 1;
  if (FIXTURE == SHORT_TABLE) table.struct_size = 32;
  if (FIXTURE == OTHER_NAME) table.name = "abacus";
  if (FIXTURE == LACKS_FUNCTION) table.launch = NULL;
  if (FIXTURE == CRASHES) raise(SIGSEGV);
  if (FIXTURE == EXITS) _exit(0);
  if (FIXTURE == OLDER) { /* what lies past its end is none of its functions */
    table.struct_size = offsetof(gli_device_driver, primitives);
    memset(&table.primitives, 0x5a, sizeof table.primitives);
    memset(&table.address, 0x5a, sizeof table.address);
  }
}

#if FIXTURE_HAS_ENTRY
__attribute__((visibility("default"))) const gli_device_driver *gli_device_driver_entry(
    uint32_t abi, gli_device_error *error);
const gli_device_driver *gli_device_driver_entry(uint32_t abi, gli_device_error *error) {
  (void)abi;
  if (FIXTURE == CRASHES_LATER) raise(SIGBUS);
  if (FIXTURE == NO_DRIVER) {
    snprintf(error->message, sizeof error->message, "this driver does not like you");
    return NULL;
  }
  if (FIXTURE == EVIL) { /* says that it ran */
    snprintf(error->message, sizeof error->message, "EVIL CODE RAN");
    return NULL;
  }
  return &table;
}
#endif
