/* failing_allocator.h: makes each allocation of a call fail, and finds what was lost by that.
 *
 * An allocator that counts what is alive, checks every size that it is told, moves every block that
 * is reallocated (so that a stale pointer is found), and fails where it is told to. The loop goes
 * through all allocations of a call, letting the k-th fail once, then the k-th and all after it:
 *
 *     failing_loop loop = failing_loop_start("gli_thing_add");
 *     while (failing_loop_next(&loop)) {
 *       gli_thing *thing = make_thing(&loop.allocator);      // does not fail yet
 *       failing_loop_arm(&loop);
 *       gli_status status = gli_thing_add(thing, &error);
 *       bool failed = failing_loop_disarm(&loop);            // whether a failure was injected
 *       cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
 *       ... failed: the thing is as it was ...
 *       gli_thing_free(thing);                               // everything back, or the loop aborts
 *     }
 *
 * At the end it prints one line with the number of failures, and appends "what count" to the file
 * that GLI_FAILURES_FILE names, if set. Needs no test framework: what is wrong ends in abort(). */
#ifndef TESTS_SUPPORT_FAILING_ALLOCATOR_H
#define TESTS_SUPPORT_FAILING_ALLOCATOR_H

#include <gli/allocator.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct failing_allocator {
  _Atomic int64_t live_bytes;
  _Atomic int64_t live_blocks;
  _Atomic int64_t calls;    /* allocations asked for since armed */
  _Atomic int64_t failures; /* injected since armed */
  int64_t fail_at;          /* this call fails, from 0; -1: none */
  bool from_then_on;        /* and all after it */
} failing_allocator;

/* In front of each block; keeps it aligned for any type. */
typedef struct failing_header {
  uint64_t mark;
  size_t size_bytes;
} failing_header;

#define FAILING_MARK UINT64_C(0x676c692d6c697665)

static inline void failing_abort(const char *complaint, size_t told, size_t known) {
  fprintf(stderr, "failing_allocator: %s (told %zu, known %zu)\n", complaint, told, known);
  abort();
}

static inline bool failing_refuses(failing_allocator *failing) {
  int64_t call = atomic_fetch_add(&failing->calls, 1);
  bool refuses = failing->fail_at >= 0 &&
                 (call == failing->fail_at || (failing->from_then_on && call > failing->fail_at));
  if (refuses) {
    atomic_fetch_add(&failing->failures, 1);
  }
  return refuses;
}

static inline void *failing_allocate(void *context, size_t size_bytes) {
  failing_allocator *failing = (failing_allocator *)context;
  if (size_bytes == 0) {
    failing_abort("zero bytes were asked for", 0, 1);
  }
  if (failing_refuses(failing)) {
    return NULL;
  }
  failing_header *header = (failing_header *)malloc(sizeof *header + size_bytes);
  if (header == NULL) {
    return NULL;
  }
  header->mark = FAILING_MARK;
  header->size_bytes = size_bytes;
  memset(header + 1, 0xA5, size_bytes < 65536 ? size_bytes : 65536); /* nobody relies on zeroes */
  atomic_fetch_add(&failing->live_bytes, (int64_t)size_bytes);
  atomic_fetch_add(&failing->live_blocks, 1);
  return header + 1;
}

static inline void failing_release(void *context, void *block, size_t size_bytes) {
  failing_allocator *failing = (failing_allocator *)context;
  failing_header *header = (failing_header *)block - 1;
  if (header->mark != FAILING_MARK) {
    failing_abort("a block is given back that is not alive", size_bytes, 0);
  }
  if (header->size_bytes != size_bytes) {
    failing_abort("a block is given back with another size", size_bytes, header->size_bytes);
  }
  header->mark = 0;
  atomic_fetch_sub(&failing->live_bytes, (int64_t)size_bytes);
  atomic_fetch_sub(&failing->live_blocks, 1);
  free(header);
}

static inline void *failing_reallocate(void *context, void *block, size_t old_size_bytes,
                                       size_t new_size_bytes) {
  void *moved = failing_allocate(context, new_size_bytes);
  if (moved != NULL) {
    memcpy(moved, block, old_size_bytes < new_size_bytes ? old_size_bytes : new_size_bytes);
    failing_release(context, block, old_size_bytes);
  }
  return moved;
}

/* The gli_allocator in front of `failing`, which must outlive what is made with it. */
static inline gli_allocator failing_allocator_table(failing_allocator *failing) {
  gli_allocator table;
  table.context = failing;
  table.allocate = failing_allocate;
  table.reallocate = failing_reallocate;
  table.release = failing_release;
  return table;
}

typedef struct failing_loop {
  gli_allocator allocator; /* hand &loop.allocator to what is tested */
  failing_allocator *failing;
  const char *what;
  int64_t next_fail_at;
  int64_t failures; /* over the whole loop */
  bool from_then_on;
  bool is_running;
  bool last_failed;
} failing_loop;

static inline failing_loop failing_loop_start(const char *what) {
  failing_loop loop;
  memset(&loop, 0, sizeof loop);
  loop.failing = (failing_allocator *)calloc(1, sizeof *loop.failing);
  if (loop.failing == NULL) {
    abort();
  }
  loop.failing->fail_at = -1;
  loop.allocator = failing_allocator_table(loop.failing);
  loop.what = what;
  return loop;
}

static inline void failing_loop_arm(failing_loop *loop) {
  atomic_store(&loop->failing->calls, 0);
  atomic_store(&loop->failing->failures, 0);
  loop->failing->from_then_on = loop->from_then_on;
  loop->failing->fail_at = loop->next_fail_at;
}

/* Whether a failure was injected since failing_loop_arm. */
static inline bool failing_loop_disarm(failing_loop *loop) {
  loop->failing->fail_at = -1;
  loop->last_failed = atomic_load(&loop->failing->failures) > 0;
  loop->failures += atomic_exchange(&loop->failing->failures, 0);
  return loop->last_failed;
}

static inline void failing_loop_finish(failing_loop *loop) {
  fprintf(stderr, "[failures] %s: %" PRId64 "\n", loop->what, loop->failures);
  const char *path = getenv("GLI_FAILURES_FILE");
  FILE *file = path != NULL ? fopen(path, "a") : NULL;
  if (file != NULL) {
    fprintf(file, "%s %" PRId64 "\n", loop->what, loop->failures);
    fclose(file);
  }
  if (loop->failures == 0) {
    fprintf(stderr, "failing_allocator: %s never allocates: nothing was tested\n", loop->what);
    abort();
  }
  free(loop->failing);
  loop->failing = NULL;
}

/* The next round; false after both ways of failing went past the call's last allocation. */
static inline bool failing_loop_next(failing_loop *loop) {
  if (loop->is_running) {
    int64_t live_blocks = atomic_load(&loop->failing->live_blocks);
    if (live_blocks != 0) {
      fprintf(stderr, "%s: %" PRId64 " blocks leaked when allocation %" PRId64 " failed%s\n",
              loop->what, live_blocks, loop->next_fail_at,
              loop->from_then_on ? " and all after it" : "");
      abort();
    }
    loop->next_fail_at++;
    if (!loop->last_failed) {
      if (loop->from_then_on) {
        failing_loop_finish(loop);
        return false;
      }
      loop->from_then_on = true;
      loop->next_fail_at = 0;
    }
  }
  loop->is_running = true;
  loop->last_failed = false;
  return true;
}

#endif
