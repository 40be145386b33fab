/* partition.c: entries into buckets; see partition.h. Cost: two passes over the input, one write of
 * 6 or 10 bytes per entry, 8 bytes per block and bucket. */
#include "topology/partition.h"

#include "base/error.h"

#define ENTRIES_PER_BUCKET 16384
#define MOST_BUCKETS 1024
#define ITEMS_PER_BLOCK (INT64_C(1) << 18)
#define MOST_BLOCKS 32
#define STREAMING_AT_LEAST (INT64_C(1) << 19)

int64_t gli__partition_blocks(int64_t items) {
  int64_t blocks = items / ITEMS_PER_BLOCK;
  return blocks < 1 ? 1 : blocks > MOST_BLOCKS ? MOST_BLOCKS : blocks;
}

/* Few enough buckets that a staged line each stays in the cache, enough that a bucket's rows do; no
 * wider than the nodes ask for: scratch is as wide as a bucket. */
static void choose_buckets(gli__partition *partition, int32_t node_count, int64_t expected) {
  int64_t wanted = expected / ENTRIES_PER_BUCKET;
  if (wanted > MOST_BUCKETS) wanted = MOST_BUCKETS;
  uint32_t shift = 0;
  while (shift < 16 && ((int64_t)node_count - 1) >> shift > 0)
    ++shift;
  while (shift > 0 && (((int64_t)node_count - 1) >> shift) + 1 < wanted)
    --shift;
  partition->shift = shift;
  partition->bucket_count = node_count == 0 ? 0 : (((int64_t)node_count - 1) >> shift) + 1;
}

static gli__sink worker_sink(gli__partition *partition, int32_t worker) {
  char *scratch = partition->scratch + (size_t)worker * partition->worker_bytes;
  gli__sink sink = {.partition = partition,
                    .lines = (gli__staged_line *)(void *)scratch,
                    .cursors = (int64_t *)(void *)(scratch + (size_t)partition->bucket_count *
                                                                 sizeof(gli__staged_line))};
  return sink;
}

static void count_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  gli__partition *partition = context;
  (void)worker;
  for (int64_t block = begin; block < end; ++block) {
    gli__sink sink = {.partition = partition,
                      .cursors = partition->starts + block * partition->bucket_count};
    memset(sink.cursors, 0, (size_t)partition->bucket_count * sizeof(int64_t));
    partition->emit(partition->context, block, &sink, true);
  }
}

static void deal_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  gli__partition *partition = context;
  gli__sink sink = worker_sink(partition, worker);
  int64_t buckets = partition->bucket_count;
  for (int64_t block = begin; block < end; ++block) {
    sink.starts = partition->starts + block * buckets;
    memcpy(sink.cursors, sink.starts, (size_t)buckets * sizeof(int64_t));
    partition->emit(partition->context, block, &sink, false);
    for (int64_t bucket = 0; bucket < buckets; ++bucket) {
      int64_t to = sink.cursors[bucket], from = to & ~(int64_t)(GLI__LINE - 1);
      if (from < sink.starts[bucket]) from = sink.starts[bucket];
      if (from < to) gli__sink_flush(&sink, &sink.lines[bucket], from, to);
    }
  }
  gli__write_fence();
}

/* Counts per block and bucket -> first positions, bucket after bucket, block after block. */
static void sum_up(gli__partition *partition) {
  int64_t total = 0;
  for (int64_t bucket = 0; bucket < partition->bucket_count; ++bucket) {
    partition->begins[bucket] = total;
    for (int64_t block = 0; block < partition->block_count; ++block) {
      int64_t *place = &partition->starts[block * partition->bucket_count + bucket];
      int64_t count = *place;
      *place = total;
      total += count;
    }
  }
  partition->begins[partition->bucket_count] = total;
  partition->entry_count = total;
  partition->streaming = total >= STREAMING_AT_LEAST;
}

static gli_status allocate_counts(gli__partition *partition, int32_t workers, gli_error *error) {
  gli__memory *memory = partition->memory;
  size_t buckets = (size_t)partition->bucket_count;
  partition->worker_bytes = (buckets * (sizeof(gli__staged_line) + sizeof(int64_t)) + 63) & ~63UL;
  partition->scratch_bytes = (size_t)workers * partition->worker_bytes;
  partition->begins = gli__allocate(memory, buckets + 1, sizeof(int64_t));
  partition->starts =
      gli__allocate(memory, buckets * (size_t)partition->block_count, sizeof(int64_t));
  partition->scratch = gli__allocate(memory, partition->scratch_bytes, 1);
  if (partition->begins == NULL || partition->starts == NULL || partition->scratch == NULL) {
    return gli__no_memory(error, "the counts of a radix partition");
  }
  return GLI_OK;
}

static gli_status allocate_entries(gli__partition *partition, gli_error *error) {
  size_t count = (size_t)partition->entry_count;
  partition->neighbors = gli__allocate(partition->memory, count, sizeof(int32_t));
  partition->locals = gli__allocate(partition->memory, count, sizeof(uint16_t));
  bool complete = partition->neighbors != NULL && partition->locals != NULL;
  if (partition->with_edges) {
    partition->edges = gli__allocate(partition->memory, count, sizeof(uint32_t));
    complete = complete && partition->edges != NULL;
  }
  if (!complete && count > 0) return gli__no_memory(error, "the entries of a radix partition");
  return GLI_OK;
}

static void release_counts(gli__partition *partition) {
  gli__memory *memory = partition->memory;
  size_t buckets = (size_t)partition->bucket_count;
  gli__release(memory, partition->starts, buckets * (size_t)partition->block_count,
               sizeof(int64_t));
  gli__release(memory, partition->scratch, partition->scratch_bytes, 1);
  partition->starts = NULL;
  partition->scratch = NULL;
}

gli_status gli__partition_make(gli__partition *partition, gli__memory *memory, gli_run *run,
                               int32_t node_count, int64_t expected, int64_t block_count,
                               bool with_edges, gli__emit emit, void *context, gli_error *error) {
  *partition = (gli__partition){.memory = memory,
                                .with_edges = with_edges,
                                .block_count = block_count,
                                .emit = emit,
                                .context = context};
  choose_buckets(partition, node_count < 1 ? 1 : node_count, expected);
  gli_status status = allocate_counts(partition, gli_run_threads(run), error);
  if (status != GLI_OK) goto failed;
  status = gli_run_parallel(run, block_count, 1, count_blocks, partition, error);
  if (status != GLI_OK) goto failed;
  sum_up(partition);
  status = allocate_entries(partition, error);
  if (status != GLI_OK) goto failed;
  status = gli_run_parallel(run, block_count, 1, deal_blocks, partition, error);
  if (status != GLI_OK) goto failed;
  release_counts(partition);
  return GLI_OK;
failed:
  gli__partition_clear(partition);
  return status;
}

void gli__partition_clear(gli__partition *partition) {
  gli__memory *memory = partition->memory;
  if (memory == NULL) return;
  size_t count = (size_t)partition->entry_count;
  release_counts(partition);
  gli__release(memory, partition->begins, (size_t)partition->bucket_count + 1, sizeof(int64_t));
  gli__release(memory, partition->neighbors, count, sizeof(int32_t));
  gli__release(memory, partition->locals, count, sizeof(uint16_t));
  gli__release(memory, partition->edges, count, sizeof(uint32_t));
  *partition = (gli__partition){0};
}
