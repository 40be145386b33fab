/* bfs_edges.c: one queue, in the order that NetworkX has. A parallel search finds the same levels,
 * but whoever comes first discovers a node; here that is what is asked for. O(n + m).
 *
 * Most levels of most graphs discover little: their rows are read for nothing. Where edges are gone
 * along both ways and less is left of the rows of unseen nodes than there is in those of the level,
 * the unseen are asked first which node of the level will discover them: the one among their
 * neighbours that is first in the queue. (Beamer, Asanovic and Patterson 2012,
 * doi:10.1109/SC.2012.50, with the order kept.) A node that discovers many looks through its row
 * until it has found them all; few are put in order by the edges that they name.
 *
 * A Kronecker graph of scale 14 takes .40 ms, of scale 17 5.8: with one queue alone it was .47 and
 * 10.9, and .44 and 7.2 when all that discover somebody looked through their rows. */
#include <gli/algorithms/bfs_edges.h>

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { CHECK_STEPS = 1 << 16, FEW = 16 };

/* A node that will be discovered. */
typedef struct asked {
  int32_t node, place; /* the latter of whom discovers it, in the queue */
  uint32_t edge;       /* the first one between them */
} asked;

typedef struct discovering {
  gli_run *run;
  gli_rows rows[2];
  int sides;
  bool both_ways; /* who is a neighbour has one */
  int64_t limit;
  uint8_t *seen;
  int32_t *queue, *from; /* of queue[k] */
  uint32_t *edge;
  int32_t *level;
  int64_t count;
  int64_t left;  /* entries of unseen nodes */
  int64_t steps; /* since the last look at the clock */
  /* Once the unseen are asked: */
  int32_t *unseen, *place; /* the latter in the queue, of nodes of the latest level */
  int32_t *finds;          /* how many a place will discover; see discover_asked */
  asked *found;
  int64_t unseen_count;
} discovering;

static int64_t length_of(const discovering *d, int32_t node) {
  int64_t length = 0;
  for (int side = 0; side < d->sides; side++)
    length += d->rows[side].rows[node].length;
  return length;
}

/* At most `most` neighbours. */
static void discover(discovering *d, int64_t at, int64_t most) {
  const int32_t node = d->queue[at];
  const int64_t last = most < d->limit - d->count ? d->count + most : d->limit;
  for (int side = 0; side < d->sides && d->count < last; side++) {
    const gli_row row = d->rows[side].rows[node];
    int64_t k = row.begin;
    for (; k < row.begin + row.length; k++) {
      const int32_t other = d->rows[side].neighbors[k];
      if (d->seen[other]) continue;
      d->seen[other] = 1;
      d->from[d->count] = node;
      d->edge[d->count] = d->rows[side].edges[k];
      d->queue[d->count++] = other;
      if (d->count == last) break;
    }
    d->steps += k - row.begin;
  }
  d->steps++;
}

static gli_status look_at_clock(discovering *d, gli_error *error) {
  if (d->steps < CHECK_STEPS) return GLI_OK;
  d->steps = 0;
  gli_run_progress(d->run, (double)d->count, (double)d->limit);
  return gli_run_check(d->run, error);
}

static gli_status list_unseen(discovering *d, gli_error *error) {
  d->unseen = gli_run_allocate(d->run, d->limit, sizeof *d->unseen);
  d->place = gli_run_allocate(d->run, d->limit, sizeof *d->place);
  d->finds = gli_run_allocate(d->run, d->limit, sizeof *d->finds);
  d->found = gli_run_allocate(d->run, d->limit, sizeof *d->found);
  if (d->unseen == NULL || d->place == NULL || d->finds == NULL || d->found == NULL)
    return gli_run_no_memory(d->run, error);
  gli_status status = GLI_OK;
  for (int64_t v = 0; status == GLI_OK && v < d->limit; v++) {
    d->place[v] = INT32_MAX;
    if (!d->seen[v] && length_of(d, (int32_t)v) > 0) d->unseen[d->unseen_count++] = (int32_t)v;
    d->steps++;
    status = look_at_clock(d, error);
  }
  return status;
}

/* Whom an unseen node is discovered by: its neighbour that comes first, as an unseen node has none
 * in the levels before. Of its edges to it the first: rows rise in edges. */
static bool ask(discovering *d, int32_t node, asked *found) {
  *found = (asked){node, INT32_MAX, 0};
  for (int side = 0; side < d->sides; side++) {
    const gli_row row = d->rows[side].rows[node];
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t place = d->place[d->rows[side].neighbors[k]];
      if (place >= found->place) continue;
      found->place = place;
      found->edge = d->rows[side].edges[k];
    }
    d->steps += row.length;
  }
  return found->place != INT32_MAX;
}

/* Who of the level [begin, end) will discover whom and how many. */
static gli_status ask_unseen(discovering *d, int64_t begin, int64_t end, int64_t *found_out,
                             gli_error *error) {
  gli_status status = d->unseen == NULL ? list_unseen(d, error) : GLI_OK;
  int64_t kept = 0, found = 0;
  for (int64_t k = begin; status == GLI_OK && k < end; k++) {
    d->place[d->queue[k]] = (int32_t)k;
    d->finds[k] = 0;
    d->steps++;
    status = look_at_clock(d, error);
  }
  for (int64_t j = 0; status == GLI_OK && j < d->unseen_count; j++) {
    const int32_t node = d->unseen[j];
    if (d->seen[node]) continue;
    if (ask(d, node, &d->found[found])) {
      d->finds[d->found[found++].place]++;
    } else {
      d->unseen[kept++] = node;
    }
    status = look_at_clock(d, error);
  }
  d->unseen_count = kept;
  *found_out = found;
  return status;
}

/* To its place among those whom the same node discovers, which stand in the order of edges. */
static void insert(discovering *d, const asked *one) {
  const int32_t from = d->queue[one->place];
  int64_t at = d->finds[one->place]++;
  for (; d->from[at - 1] == from && d->edge[at - 1] > one->edge; at--) {
    d->queue[at] = d->queue[at - 1];
    d->edge[at] = d->edge[at - 1];
  }
  d->queue[at] = one->node;
  d->edge[at] = one->edge;
  d->seen[one->node] = 1;
}

/* The unseen are asked, and go into the queue by who discovers them and by edges. From here on
 * finds[] is 0, or where the next of a few goes, or how many look for themselves, as -count: all do
 * where rows have two sides. */
static gli_status discover_asked(discovering *d, int64_t begin, int64_t end, gli_error *error) {
  int64_t found = 0, next = end;
  gli_status status = ask_unseen(d, begin, end, &found, error);
  for (int64_t at = begin; status == GLI_OK && at < end; at++) {
    const int32_t finds = d->finds[at];
    if (finds > 0) d->finds[at] = finds > FEW || d->sides == 2 ? -finds : (int32_t)next;
    for (int32_t k = 0; k < finds; k++)
      d->from[next++] = d->queue[at];
    d->steps += 1 + finds;
    status = look_at_clock(d, error);
  }
  for (int64_t j = 0; status == GLI_OK && j < found; j++) {
    if (d->finds[d->found[j].place] > 0) insert(d, &d->found[j]);
    d->steps++;
    status = look_at_clock(d, error);
  }
  for (int64_t at = begin; status == GLI_OK && at < end; at++) {
    const int32_t finds = d->finds[at];
    if (finds > 0) d->count = finds; /* behind its few */
    if (finds >= 0) continue;
    discover(d, at, -finds);
    status = look_at_clock(d, error);
  }
  return status;
}

/* What the level [begin, end) discovers. */
static gli_status expand(discovering *d, int64_t begin, int64_t end, gli_error *error) {
  int64_t entries = 0;
  gli_status status = GLI_OK;
  for (int64_t k = begin; d->both_ways && status == GLI_OK && k < end; k++) {
    entries += length_of(d, d->queue[k]);
    d->steps++;
    status = look_at_clock(d, error);
  }
  if (status != GLI_OK) return status;
  d->left -= entries;
  const int64_t to_begin = d->unseen == NULL ? d->limit : 0;
  if (d->both_ways && d->left + to_begin < entries / 2) return discover_asked(d, begin, end, error);
  for (int64_t at = begin; status == GLI_OK && at < end; at++) {
    discover(d, at, d->limit);
    status = look_at_clock(d, error);
  }
  return status;
}

static gli_status prepare(discovering *d, gli_snapshot *snapshot, const char *direction_text,
                          gli_error *error) {
  const gli_direction direction = gli__cpu_direction(direction_text);
  const bool directed = gli_snapshot_is_directed(snapshot);
  d->limit = gli_snapshot_node_limit(snapshot);
  d->sides = direction == GLI_BOTH && directed ? 2 : 1;
  d->both_ways = direction == GLI_BOTH || !directed;
  gli_status status = gli__cpu_rows(snapshot, direction, &d->rows[0], error);
  if (status == GLI_OK && d->sides == 2)
    status = gli_snapshot_in_rows(snapshot, &d->rows[1], error);
  if (status != GLI_OK) return status;
  for (int side = 0; side < d->sides; side++)
    d->left += d->rows[side].entry_count;
  d->seen = gli_run_allocate_zeroed(d->run, d->limit, 1);
  d->queue = gli_run_allocate(d->run, d->limit, sizeof *d->queue);
  d->from = gli_run_allocate(d->run, d->limit, sizeof *d->from);
  d->edge = gli_run_allocate(d->run, d->limit, sizeof *d->edge);
  d->level = gli_run_allocate(d->run, d->limit, sizeof *d->level);
  if (d->seen == NULL || d->queue == NULL || d->from == NULL || d->edge == NULL || d->level == NULL)
    return gli_run_no_memory(d->run, error);
  gli_run_prepared(d->run);
  return GLI_OK;
}

static gli_status search(discovering *d, const gli_bfs_edges_options *given, int64_t *sources_out,
                         gli_error *error) {
  gli_status status = GLI_OK;
  for (int64_t k = 0; k < given->source.count; k++) {
    const int32_t source = given->source.nodes[k];
    if (d->seen[source]) continue;
    d->seen[source] = 1;
    d->from[d->count] = GLI_NODE_NONE;
    d->queue[d->count++] = source;
  }
  *sources_out = d->count;
  int64_t begin = 0;
  for (int32_t level = 0; begin < d->count; level++) {
    const int64_t end = d->count;
    for (int64_t k = begin; k < end; k++)
      d->level[k] = level;
    if (level < given->max_depth) status = expand(d, begin, end, error);
    if (status != GLI_OK) return status;
    begin = end;
  }
  gli_run_release(d->run, d->seen);
  gli_run_release(d->run, d->unseen);
  gli_run_release(d->run, d->place);
  gli_run_release(d->run, d->finds);
  gli_run_release(d->run, d->found);
  return gli_run_check(d->run, error);
}

gli_status gli__cpu_bfs_edges(gli_run *run, gli_snapshot *snapshot, const void *options,
                              gli_result *result, gli_error *error) {
  const gli_bfs_edges_options *given = options;
  discovering d = {.run = run};
  void *edge = NULL, *level = NULL, *source = NULL, *target = NULL;
  int64_t first = 0;
  gli_status status = prepare(&d, snapshot, given->direction, error);
  if (status == GLI_OK) status = search(&d, given, &first, error);
  if (status != GLI_OK) return status;
  const int64_t count = d.count - first;
  status = gli_result_add_column(result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, count, &edge, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "level", GLI_COLUMN_INT64, GLI_PER_ROW, count, &level, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, count, &source,
                                   error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, count, &target,
                                   error);
  if (status != GLI_OK) return status;
  for (int64_t begin = 0; status == GLI_OK && begin < count; begin += CHECK_STEPS) {
    const int64_t end = count - begin < CHECK_STEPS ? count : begin + CHECK_STEPS;
    for (int64_t k = begin; k < end; k++) {
      ((int64_t *)edge)[k] = d.edge[first + k];
      ((int64_t *)level)[k] = d.level[first + k];
      ((int32_t *)source)[k] = d.from[first + k];
      ((int32_t *)target)[k] = d.queue[first + k];
    }
    status = gli_run_check(run, error);
  }
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
