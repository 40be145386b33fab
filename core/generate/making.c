/* making.c: from arguments to arrays of ends, and from these to a graph, by one bulk load. */
#include "generate/making.h"

#include <string.h>

gli_status gli__making_begin(gli__making *making, const char *name,
                             const gli_generate_options *options, const gli_control *control,
                             gli_graph **graph_out, gli_error *error) {
  static const gli_generate_options defaults = GLI_GENERATE_OPTIONS_INIT;
  *making = (gli__making){.name = name, .control = control};
  making->options = options == NULL ? defaults : *options;
  if (graph_out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: graph_out is NULL", name);
  }
  if (making->options.struct_size != sizeof making->options) {
    return gli__fail(error, GLI_ERROR_ABI, "options.struct_size is %zu; this library knows %zu",
                     making->options.struct_size, sizeof making->options);
  }
  making->memory = gli__memory_create(making->options.allocator);
  if (making->memory == NULL) return gli__no_memory(error, "the edges of a generator");
  return gli__run_begin(control, making->memory, &making->run, error);
}

gli_status gli__making_refuse(const gli__making *making, const char *argument, long long value,
                              const char *wanted, gli_error *error) {
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: %s is %lld; expected %s", making->name,
                   argument, value, wanted);
}

gli_status gli__making_check_p(const gli__making *making, const char *argument, double p,
                               gli_error *error) {
  if (p >= 0 && p <= 1) return GLI_OK; /* NaN is neither */
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "%s: %s is %g; expected a probability from 0 to 1", making->name, argument, p);
}

gli_status gli__making_undirected(const gli__making *making, gli_error *error) {
  if (!making->options.directed) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "%s: directed is true; these graphs are undirected", making->name);
}

gli_status gli__making_nodes(gli__making *making, const char *argument, int64_t node_count,
                             gli_error *error) {
  if (node_count < 0) {
    return gli__making_refuse(making, argument, node_count, "at least 0", error);
  }
  if (node_count > INT32_MAX) {
    return gli__fail(error, GLI_ERROR_LIMIT, "%s: %s is %lld; at most %d nodes fit into a graph",
                     making->name, argument, (long long)node_count, INT32_MAX);
  }
  making->node_count = node_count;
  return GLI_OK;
}

static void release_arrays(gli__making *making) {
  gli__release(making->memory, making->sources, (size_t)making->room, sizeof *making->sources);
  gli__release(making->memory, making->targets, (size_t)making->room, sizeof *making->targets);
  making->sources = making->targets = NULL;
}

gli_status gli__making_edges(gli__making *making, int64_t edge_count, gli_error *error) {
  if (edge_count > UINT32_MAX) {
    return gli__fail(error, GLI_ERROR_LIMIT, "%s: %lld edges; at most %lld fit into a graph",
                     making->name, (long long)edge_count, (long long)UINT32_MAX);
  }
  release_arrays(making);
  making->room = edge_count + 1; /* never zero bytes */
  making->sources = gli__allocate(making->memory, (size_t)making->room, sizeof *making->sources);
  making->targets = gli__allocate(making->memory, (size_t)making->room, sizeof *making->targets);
  if (making->sources == NULL || making->targets == NULL) {
    return gli__no_memory(error, "the edges of a generator");
  }
  making->edge_count = edge_count;
  return GLI_OK;
}

gli_status gli__making_end(gli__making *making, gli_status status, gli_graph **graph_out,
                           gli_error *error) {
  gli_graph_options graph_options = GLI_GRAPH_OPTIONS_INIT;
  gli_graph *graph = NULL;
  graph_options.directed = making->options.directed;
  graph_options.multigraph = making->options.multigraph;
  graph_options.allocator = making->options.allocator;
  if (making->run != NULL) gli__run_end(making->run);
  if (status == GLI_OK) status = gli_graph_create(&graph_options, &graph, error);
  if (status == GLI_OK) {
    status = gli_graph_add_nodes(graph, making->node_count, NULL, NULL, NULL, 0, making->control,
                                 NULL, error);
  }
  if (status == GLI_OK) {
    status = gli_graph_add_edges(graph, making->edge_count, NULL, NULL, making->sources,
                                 making->targets, NULL, 0, making->control, NULL, NULL, error);
  }
  if (status == GLI_OK) {
    *graph_out = graph;
  } else {
    gli_graph_free(graph);
  }
  if (making->memory != NULL) {
    release_arrays(making);
    gli__memory_free(making->memory);
  }
  return status;
}

void gli__making_close_gaps(gli__making *making, int64_t block_count, const int64_t *begins,
                            const int64_t *found) {
  int64_t kept = 0;
  for (int64_t b = 0; b < block_count; b++) {
    const size_t size_bytes = (size_t)found[b] * sizeof *making->sources;
    if (begins[b] != kept && size_bytes > 0) {
      memmove(making->sources + kept, making->sources + begins[b], size_bytes);
      memmove(making->targets + kept, making->targets + begins[b], size_bytes);
    }
    kept += found[b];
  }
  making->edge_count = kept;
}
