/* strong.c: strong components on a device, by trimming and colouring (Orzan 2004; Slota,
 * Rajamanickam and Madduri 2014, doi:10.1109/IPDPS.2014.64).
 *
 * Until every node is in a component: nodes without an open predecessor or successor are components
 * of their own and go first, round by round. Then each open node has itself for a colour, and
 * colours fall along edges until everyone has the smallest that reaches it. A node that keeps its
 * own is a root, and what reaches it within its colour is its component; a root is the smallest
 * node of it. At least one component per colour goes each time.
 *
 * Needs the out rows alone. Each round is a launch, each launch O(n + m) at worst; rounds are
 * queued in batches, and the host looks whether the last one changed anything. Long chains of
 * components take many rounds: there the CPU's single depth-first search is the faster one. Memory
 * 14 n bytes.
 */
#include "device/components/strong.h"

#include "base/pool.h"

static const char program[] = "components/strong";
enum { MAX_BATCH = 32 };
#define BATCH_SECONDS 0.01

typedef struct strong {
  const gli__device_rows *out;
  int64_t count;
  gli_device_buffer *first, *color, *mark, *has_out, *has_in, *changed;
} strong;

typedef void (*round_of)(gli__call *call, const strong *s);

#define LAUNCH(kernel, ...)                                                                    \
  gli__call_launch_from(                                                                       \
      call, program, kernel, gli__items(s->count), (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

static void trim_round(gli__call *call, const strong *s) {
  gli__call_fill_u8(call, s->has_in, 0, s->count, 0);
  LAUNCH("look_around", gli__arg_buffer(s->out->rows), gli__arg_buffer(s->out->neighbors),
         gli__arg_buffer(s->first), gli__arg_buffer(s->has_out), gli__arg_buffer(s->has_in),
         gli__arg_i64(s->count));
  LAUNCH("trim", gli__arg_buffer(s->has_out), gli__arg_buffer(s->has_in), gli__arg_buffer(s->first),
         gli__arg_buffer(s->color), gli__arg_buffer(s->changed), gli__arg_i64(s->count));
}

static void spread_round(gli__call *call, const strong *s) {
  LAUNCH("spread", gli__arg_buffer(s->out->rows), gli__arg_buffer(s->out->neighbors),
         gli__arg_buffer(s->first), gli__arg_buffer(s->color), gli__arg_buffer(s->changed),
         gli__arg_i64(s->count));
}

static void mark_round(gli__call *call, const strong *s) {
  LAUNCH("mark_back", gli__arg_buffer(s->out->rows), gli__arg_buffer(s->out->neighbors),
         gli__arg_buffer(s->first), gli__arg_buffer(s->color), gli__arg_buffer(s->mark),
         gli__arg_buffer(s->changed), gli__arg_i64(s->count));
}

/* Rounds until one changes nothing; only the last of a batch is looked at. */
static void settle_rounds(gli__call *call, const strong *s, round_of round) {
  int64_t batch = 1;
  bool changed = true;
  while (changed && gli__call_go_on(call)) {
    const double began = gli__seconds_now();
    for (int64_t k = 0; k < batch; k++) {
      if (k == batch - 1) gli__call_fill_u32(call, s->changed, 0, 1, 0);
      round(call, s);
      gli_run_count_iteration(call->run);
    }
    changed = gli__call_read_u32(call, s->changed, 0) != 0;
    if (batch < MAX_BATCH && gli__seconds_now() - began < BATCH_SECONDS) batch *= 2;
  }
}

gli_device_buffer *gli__call_strong_components(gli__call *call, const gli__device_rows *out) {
  const int64_t count = out->node_limit;
  strong rounds = {.out = out,
                   .count = count,
                   .first = gli__call_buffer(call, count, sizeof(int32_t)),
                   .color = gli__call_buffer(call, count, sizeof(int32_t)),
                   .mark = gli__call_buffer(call, count, sizeof(int32_t)),
                   .has_out = gli__call_buffer(call, count, sizeof(uint8_t)),
                   .has_in = gli__call_buffer(call, count, sizeof(uint8_t)),
                   .changed = gli__call_buffer(call, 1, sizeof(int32_t))};
  const strong *s = &rounds;
  LAUNCH("start", gli__arg_buffer(out->rows), gli__arg_buffer(s->first), gli__arg_i64(count));
  bool left = true;
  while (left && gli__call_go_on(call)) {
    settle_rounds(call, s, trim_round);
    settle_rounds(call, s, spread_round);
    LAUNCH("mark_roots", gli__arg_buffer(s->first), gli__arg_buffer(s->color),
           gli__arg_buffer(s->mark), gli__arg_i64(count));
    settle_rounds(call, s, mark_round);
    gli__call_fill_u32(call, s->changed, 0, 1, 0);
    LAUNCH("settle", gli__arg_buffer(s->first), gli__arg_buffer(s->color), gli__arg_buffer(s->mark),
           gli__arg_buffer(s->changed), gli__arg_i64(count));
    left = gli__call_read_u32(call, s->changed, 0) != 0;
  }
  return s->first;
}
