/* batch.h: the inside of a batch, for the files batch*.c.
 *
 * A batch is a shadow: a private graph that holds the new nodes and edges, plus what it means to do
 * to those of the base. Adding to the shadow is the same code as adding to a graph, without a lock;
 * a commit into a base that is still empty exchanges the parts of the two and copies nothing.
 *
 * Nodes of the base that a batch names stand in the shadow as references: the same id, a note with
 * the serial, the attributes that the batch sets. Edges of the base that it changes are patches: a
 * row of attributes in a second private graph. What it removes is remembered by serial and edge id.
 * Attributes that it takes away from the base are marked erased.
 *
 * If the base was empty when the batch began, nothing of the base is looked at until the commit:
 * no notes, no patches, no lock but for the next edge id. */
#ifndef GLI_GRAPH_BATCH_H
#define GLI_GRAPH_BATCH_H

#include "graph/graph.h"
#include "graph/map.h"

#define GLI__NOTE_NEW ((int64_t)-1)

struct gli_batch {
  gli_graph *base; /* borrowed */
  gli_graph *shadow;
  gli_graph *patches; /* edge columns by patch number; NULL: none */
  bool base_was_empty;
  uint64_t base_version; /* when the batch began */

  int64_t *notes; /* per shadow node: the serial in the base, or NEW; unused if base_was_empty */
  int64_t note_capacity;
  int64_t reference_count; /* live references */

  gli__map removed_nodes; /* serial -> 1 */
  gli__map removed_edges; /* edge id -> 1: by itself, 0: with a node of it */
  gli__map patch_of;      /* edge id -> patch number */
  gli_edge_id *patched;   /* [patch_count]: edge id of each patch */
  int64_t patch_count, patch_capacity;
  gli__map erased_nodes; /* shadow index, key -> 1 or 0 */
  gli__map erased_edges; /* patch number, key -> 1 or 0 */

  gli_edge_id next_edge,
      edge_end; /* edge ids taken from the base and not handed out: at most one */
};

static inline int64_t gli__erased_key(int64_t position, gli_key key) {
  return position << 28 | (int64_t)key;
}

/* A name of the batch's view: in the shadow, in the base, or nowhere. */
typedef struct gli__seen {
  int32_t shadow; /* index in the shadow, or GLI_NODE_NONE */
  int32_t base;   /* index in the base, of a node that the batch did not remove, or GLI_NODE_NONE */
  int64_t serial; /* of `base` */
} gli__seen;

/* Look at the base under its shared lock; not at all if it was empty. */
gli_status gli__batch_read(gli_batch *batch, gli_error *error);
void gli__batch_read_done(gli_batch *batch);
/* The base is readable (gli__batch_read). */
gli__seen gli__batch_see(const gli_batch *batch, gli__name name);
gli_status gli__batch_check_slow(gli_batch *batch, const gli_attribute *attributes, size_t count,
                                 gli_error *error);
static inline gli_status gli__batch_check(gli_batch *batch, const gli_attribute *attributes,
                                          size_t count, gli_error *error) {
  /* The shadow's keys are a part of the base's. */
  if (GLI__LIKELY(
          gli__attributes_are_plain(attributes, count, gli__keys_count(batch->shadow->keys))))
    return GLI_OK;
  return gli__batch_check_slow(batch, attributes, count, error);
}
/* The slot of a base edge that the batch did not remove, or -1. */
int64_t gli__batch_base_slot(const gli_batch *batch, gli_edge_id edge);
/* Room for `more` notes. */
gli_status gli__batch_need_notes(gli_batch *batch, int64_t more, gli_error *error);
/* Set attributes of a reference or a patch, and keep track of what is erased. */
gli_status gli__batch_overlay(gli_graph *graph, gli_side side, int64_t position, gli__map *erased,
                              const gli_attribute *attributes, size_t count, gli_error *error);
/* Base attributes with an overlay above. */
size_t gli__batch_list(const gli_batch *batch, gli_side side, int64_t base_position,
                       const gli_graph *overlay, int64_t position, const gli__map *erased,
                       gli_attribute *attributes, size_t capacity);
/* Two names at once, their cache misses side by side. */
void gli__batch_see_pair(const gli_batch *batch, gli__name source, gli__name target,
                         gli__seen *from_out, gli__seen *to_out);
/* The newest edge between two nodes in the batch's view: at most one of the outputs is >= 0. */
bool gli__batch_find_pair(const gli_batch *batch, gli__seen from, gli__seen to,
                          int64_t *shadow_slot_out, int64_t *base_slot_out);
void gli__batch_free(gli_batch *batch);
/* An edge id that was taken and not handed out goes back, if nobody took later ones. The base is
 * locked exclusively. */
void gli__batch_return_edge_ids(gli_batch *batch);
/* The same under the base's lock, where an id was taken and not used. */
void gli__batch_leave_edge_ids(gli_batch *batch);

#endif
