/* faulty_loader.h: an OpenCL loader that fails on demand. It goes by the name libOpenCL.so.1 in a
 * folder of its own, hands every call to the real one, and fails those that the plan names. */
#ifndef TESTS_OPENCL_FAULTY_LOADER_H
#define TESTS_OPENCL_FAULTY_LOADER_H

enum { FAULTY_FUNCTIONS = 24, FAULTY_FOREVER = 1 << 30 };

typedef struct faulty_plan {
  int function;               /* its number, see names; -1: none fails */
  int from;                   /* the first call of it that fails, from 0 */
  int count;                  /* so many in a row */
  int number;                 /* what they give */
  int injected;               /* how many have failed */
  int seen[FAULTY_FUNCTIONS]; /* calls of each function */
  int alive;                  /* objects that were created and not released */
  const char *names[FAULTY_FUNCTIONS];
  /* The first device again and again, each time with another type and number of compute units, in
   * the order in which types are asked for. 0: what there is. */
  int pretended;
  int described; /* types asked for */
  struct {
    unsigned long type;
    unsigned units;
  } pretend[8];
} faulty_plan;

#define FAULTY_PLAN_NAME "faulty_plan_here"

#endif
