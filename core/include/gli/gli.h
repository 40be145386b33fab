/** @file gli.h
 *  @brief GLI, a property graph that mutates, with algorithms on CPU and devices. Include this.
 *
 *      gli_graph *graph = NULL;
 *      gli_error error = {0};
 *      gli_graph_create(NULL, &graph, &error);
 *      gli_id alice = gli_id_string("alice"), bob = gli_id_string("bob");
 *      gli_graph_add_edge(graph, &alice, &bob, NULL, 0, NULL, &error);
 *      gli_snapshot *snapshot = NULL;
 *      gli_graph_snapshot(graph, &snapshot, &error);
 *      gli_result *result = NULL;
 *      if (gli_pagerank(snapshot, NULL, NULL, &result, &error) != GLI_OK) puts(error.message);
 *
 *  graph.h     the mutable graph, batches          snapshot.h   what algorithms read
 *  algorithms.h  one function per algorithm        result.h     columns and the run record
 *  query.h     filters, groups, subgraphs          io.h         files
 *  control.h   threads, limits, cancelling         algorithm.h  descriptors
 *  backend.h   where algorithms can run            device.h     accelerators, pinning
 *  generate.h  graphs from a rule
 */
#ifndef GLI_GLI_H
#define GLI_GLI_H

#include <gli/algorithm.h>
#include <gli/algorithms.h>
#include <gli/allocator.h>
#include <gli/backend.h>
#include <gli/control.h>
#include <gli/device.h>
#include <gli/extension.h>
#include <gli/generate.h>
#include <gli/graph.h>
#include <gli/id.h>
#include <gli/io.h>
#include <gli/query.h>
#include <gli/result.h>
#include <gli/snapshot.h>
#include <gli/status.h>
#include <gli/value.h>

#endif
