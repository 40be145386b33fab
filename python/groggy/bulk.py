"""Many nodes or edges into a batch, all or none: checked on a graph of their own first."""

from __future__ import annotations

from typing import Any

from groggy import _core


def stage_nodes(batch: _core.Batch, items: Any, /, **columns: Any) -> int:
    """Stage what ``add_nodes(items, **columns)`` would add; return how many nodes are new."""
    rehearsal = _core.FastGraph()
    rehearsal.add_nodes(items, **columns)
    before = batch.node_count()
    for id, node in rehearsal.nodes.items():
        batch.add_node(id, **node)
    return batch.node_count() - before


def stage_edges(batch: _core.Batch, sources: Any, targets: Any = None, /, **columns: Any) -> int:
    """Stage what ``add_edges(sources, targets, **columns)`` would; return how many are new."""
    rehearsal = _core.FastGraph(multigraph=True)
    rehearsal.add_edges(sources, targets, **columns)
    before = batch.edge_count()
    for edge in rehearsal.edges.values():
        batch.add_edge(edge.source, edge.target, **edge)
    return batch.edge_count() - before

