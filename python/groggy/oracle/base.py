"""The calls that a graph and a batch share: one node or edge at a time, and bulk adding.

Ids are positional-only, so that attributes may have any name. Each call checks everything first
and changes the graph after that, so a call that fails changes nothing.
"""

from __future__ import annotations

from typing import Any

from groggy.errors import EdgeNotFoundError, NodeNotFoundError
from groggy.oracle import bulk
from groggy.oracle.handles import Edge, Node
from groggy.oracle.store import Change, EdgeRecord, Id, NodeRecord, Store
from groggy.oracle.values import check_attributes, check_edge_id, check_node_id, fresh

_MISSING: Any = object()


class GraphBase:
    """Node and edge calls over a store; see :class:`groggy.oracle.graph.PythonGraph`."""

    def _store_now(self) -> Store:
        """The store to read from."""
        raise NotImplementedError

    def _change(self, change: Change) -> None:
        """Do a change that is known to be possible."""
        raise NotImplementedError

    def _new_edge_id(self) -> int:
        """An edge id that nobody has had."""
        raise NotImplementedError

    def _automatic_id(self) -> int:
        """The integer above every integer node id used so far."""
        raise NotImplementedError

    # Nodes.

    def add_node(self, id: Id | None = None, /, **attributes: Any) -> Id:
        """Add a node, or merge attributes into the one with this id; return the id.

        Without an id (or with None) the node gets the integer above every integer id used so far,
        counting from 0.
        """
        checked = check_attributes(attributes)
        id = self._automatic_id() if id is None else check_node_id(id)
        self._change(("add_node", id, checked))
        return id

    def update_node(self, id: Id, /, **attributes: Any) -> None:
        """Set attributes of a node that is there."""
        record = self._node_record(id)
        self._change(("set_node", record.id, check_attributes(attributes)))

    def remove_node(self, id: Id, /) -> None:
        """Remove a node and its edges."""
        self._change(("remove_node", self._node_record(id).id))

    def has_node(self, id: Id, /) -> bool:
        """Whether there is a node with this id."""
        return check_node_id(id) in self._store_now().nodes

    def get_node(self, id: Id, /) -> Node:
        """The node as a live mapping of its attributes."""
        return Node(self, self._node_record(id))

    def node_count(self) -> int:
        """Number of nodes."""
        return len(self._store_now().nodes)

    # Edges.

    def add_edge(self, source: Id, target: Id, /, **attributes: Any) -> int:
        """Add an edge, creating ends that are not there; return its id.

        In a simple graph a second edge between the same nodes is the same edge: its attributes are
        merged and its id comes back. In a multigraph it is a parallel edge.
        """
        ends = check_node_id(source), check_node_id(target)
        return self._add_edge(*ends, check_attributes(attributes))

    def _add_edge(self, source: Id, target: Id, attributes: dict[str, Any]) -> int:
        store = self._store_now()
        known = None if store.multigraph else store.newest(source, target)
        new = known is None
        edge = self._new_edge_id() if known is None else known
        self._change(("add_edge", edge, new, source, target, attributes))
        return edge

    def update_edge(self, edge_or_source: Id, target: Id = _MISSING, /, **attributes: Any) -> None:
        """Set attributes of an edge, named by its id or by its ends (multigraph: the newest)."""
        record = self._edge_record(edge_or_source, target)
        self._change(("set_edge", record.id, check_attributes(attributes)))

    def remove_edge(self, edge_or_source: Id, target: Id = _MISSING, /) -> None:
        """Remove an edge, named by its id or by its ends (multigraph: the newest)."""
        self._change(("remove_edge", self._edge_record(edge_or_source, target).id))

    def has_edge(self, edge_or_source: Id, target: Id = _MISSING, /) -> bool:
        """Whether there is an edge with this id, or between these nodes."""
        store = self._store_now()
        if target is _MISSING:
            return check_edge_id(edge_or_source) in store.edges
        ends = check_node_id(edge_or_source), check_node_id(target)
        return bool(store.parallel(*ends))

    def get_edge(
        self, edge_or_source: Id, target: Id = _MISSING, /, *, id: int | None = None
    ) -> Edge:
        """The edge as a live mapping of its attributes.

        Named by its id or by its ends; in a multigraph the newest of several is meant unless `id`
        chooses one.
        """
        record = self._edge_record(edge_or_source, target)
        if id is None:
            return Edge(self, record)
        if target is _MISSING:
            raise TypeError("id= chooses among the edges of a pair; give source and target too")
        edge = check_edge_id(id)
        store = self._store_now()
        if edge not in store.parallel(record.source, record.target):
            raise EdgeNotFoundError(f"edge {edge} is not between {edge_or_source!r} and {target!r}")
        return Edge(self, store.edges[edge])

    def edge_count(self) -> int:
        """Number of edges."""
        return len(self._store_now().edges)

    # Many at once.

    def batch_add_nodes(self, items: Any, /, **columns: Any) -> int:
        """Add many nodes, all or none; return how many are new.

        Parameters
        ----------
        items : iterable
            Ids, (id, attributes) pairs, a dict id -> attributes, or an array of integers.
        **columns : sequence
            Attribute name -> one value per item.
        """
        new = 0
        for id, attributes in bulk.node_items(items, columns):
            new += id not in self._store_now().nodes
            self._change(("add_node", id, attributes))
        return new

    add_nodes = batch_add_nodes

    def batch_add_edges(self, sources: Any, targets: Any = None, /, **columns: Any) -> int:
        """Add many edges, all or none; return how many are new.

        Parameters
        ----------
        sources : iterable
            (source, target) pairs, (source, target, attributes) triples or an (m, 2) array of
            integers; or the sources alone, where `targets` are given.
        targets : iterable, optional
            One per source.
        **columns : sequence
            Attribute name -> one value per item.
        """
        before = self.edge_count()
        for source, target, attributes in bulk.edge_items(sources, targets, columns):
            self._add_edge(source, target, attributes)
        return self.edge_count() - before

    add_edges = batch_add_edges

    # Helpers.

    def _node_record(self, id: Id) -> NodeRecord:
        id = check_node_id(id)
        record = self._store_now().nodes.get(id)
        if record is None:
            raise NodeNotFoundError(f"no node {id!r}")
        return record

    def _edge_record(self, edge_or_source: Id, target: Id = _MISSING) -> EdgeRecord:
        store = self._store_now()
        if target is _MISSING:
            edge = check_edge_id(edge_or_source)
            if edge not in store.edges:
                raise EdgeNotFoundError(f"no edge {edge}")
            return store.edges[edge]
        ends = check_node_id(edge_or_source), check_node_id(target)
        newest = store.newest(*ends)
        if newest is None:
            raise EdgeNotFoundError(f"no edge {ends[0]!r} -> {ends[1]!r}")
        return store.edges[newest]

    def _ordered_names(self, attributes: dict[str, Any]) -> list[str]:
        return sorted(attributes, key=self._store_now().names.__getitem__)

    def _fresh_attributes(self, record: NodeRecord | EdgeRecord) -> dict[str, Any]:
        names = self._ordered_names(record.attributes)
        return {name: fresh(record.attributes[name]) for name in names}
