"""The state of a python graph and the eight changes it knows.

A :class:`Store` is nodes, edges and an index from pairs to edges, all in plain dicts, whose order
is insertion order. Arguments were checked before they come here. Changes are small tuples, so that
a batch can list them and replay them later: see :meth:`Store.apply`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from groggy.errors import BatchConflictError
from groggy.oracle.values import INT64_MAX

Id = int | str
Sources = Id | Iterable[Id]
Change = tuple[Any, ...]


class NodeRecord:
    """A node: its attributes and the ids of its edges, rows in insertion order.

    The serial number is never used twice, so a node that was removed and added again is another.
    Undirected graphs keep every edge in `out`; `into` stays empty.
    """

    __slots__ = ("attributes", "id", "into", "out", "serial")

    def __init__(self, id: Id, serial: int) -> None:
        self.id = id
        self.serial = serial
        self.attributes: dict[str, Any] = {}
        self.out: dict[int, None] = {}
        self.into: dict[int, None] = {}


class EdgeRecord:
    """An edge: its id, its ends as first given, its attributes."""

    __slots__ = ("attributes", "id", "source", "target")

    def __init__(self, id: int, source: Id, target: Id) -> None:
        self.id = id
        self.source = source
        self.target = target
        self.attributes: dict[str, Any] = {}


class Store:
    """Nodes, edges, the pair index, and counters that only grow.

    Attributes
    ----------
    names : dict
        Attribute name -> rank, in the order the names were first set on the graph; nodes and edges
        share them.
    next_node, next_edge, next_serial : int
        The next automatic node id, edge id and serial number.
    node_changes, edge_changes : int
        How often nodes (edges) were added or removed: iterators compare these.
    """

    def __init__(self, directed: bool, multigraph: bool) -> None:
        self.directed = directed
        self.multigraph = multigraph
        self.nodes: dict[Id, NodeRecord] = {}
        self.edges: dict[int, EdgeRecord] = {}
        self.pairs: dict[tuple[Id, Id], dict[int, None]] = {}
        self.names: dict[str, int] = {}
        self.next_node = 0
        self.next_edge = 0
        self.next_serial = 0
        self.node_changes = 0
        self.edge_changes = 0

    def copy(self) -> Store:
        """An independent store with the same content and counters; values are shared (frozen)."""
        other = Store(self.directed, self.multigraph)
        for record in self.nodes.values():
            twin = NodeRecord(record.id, record.serial)
            twin.attributes = dict(record.attributes)
            twin.out = dict(record.out)
            twin.into = dict(record.into)
            other.nodes[twin.id] = twin
        for edge in self.edges.values():
            copied = EdgeRecord(edge.id, edge.source, edge.target)
            copied.attributes = dict(edge.attributes)
            other.edges[copied.id] = copied
        other.pairs = {pair: dict(ids) for pair, ids in self.pairs.items()}
        other.inherit(self)
        return other

    def inherit(self, other: Store) -> None:
        """Take over the attribute names and counters of the graph this one comes from."""
        self.names = dict(other.names)
        self.next_node = other.next_node
        self.next_edge = other.next_edge
        self.next_serial = other.next_serial
        self.node_changes = other.node_changes
        self.edge_changes = other.edge_changes

    # Questions.

    def automatic_id(self) -> int:
        """The integer above every integer node id used so far, from 0."""
        if self.next_node > INT64_MAX:
            raise OverflowError("no automatic node id is left above 9223372036854775807")
        return self.next_node

    def parallel(self, source: Id, target: Id) -> dict[int, None]:
        """Ids of the edges between two nodes, oldest first."""
        return self.pairs.get(self._pair(source, target), {})

    def newest(self, source: Id, target: Id) -> int | None:
        """The id of the newest edge between two nodes, None when there is none."""
        ids = self.parallel(source, target)
        return next(reversed(ids)) if ids else None

    def _pair(self, source: Id, target: Id) -> tuple[Id, Id]:
        """The key of a pair; undirected graphs know one pair for both directions."""
        if not self.directed and (target, source) in self.pairs:
            return target, source
        return source, target

    def row(self, id: Id, direction: str) -> Iterator[tuple[int, Id]]:
        """(edge id, the other end) of a node's row entries; 'both' is out, then in."""
        record = self.nodes[id]
        if not self.directed or direction in ("out", "both"):
            for edge in record.out:
                ends = self.edges[edge]
                yield edge, ends.target if ends.source == id else ends.source
        if self.directed and direction in ("in", "both"):
            for edge in record.into:
                yield edge, self.edges[edge].source

    # Changes.

    def apply(self, change: Change) -> None:
        """Do one change: its name, then its arguments.

        Raises
        ------
        BatchConflictError
            What the change speaks of is not as it was when the change was made. The store may be
            half changed by then: whoever replays works on a copy.
        """
        getattr(self, change[0])(*change[1:])

    def add_node(self, id: Id, attributes: dict[str, Any]) -> None:
        """Add a node or merge attributes into it."""
        if id not in self.nodes:
            self.nodes[id] = NodeRecord(id, self.next_serial)
            self.next_serial += 1
            self.node_changes += 1
            if isinstance(id, int):
                self.next_node = max(self.next_node, id + 1)
        self._merge(self.nodes[id].attributes, attributes)

    def set_node(self, id: Id, attributes: dict[str, Any]) -> None:
        """Merge attributes into a node that is there."""
        self._merge(self._node(id).attributes, attributes)

    def unset_node(self, id: Id, name: str) -> None:
        """Remove one attribute of a node."""
        self._node(id).attributes.pop(name, None)

    def remove_node(self, id: Id) -> None:
        """Remove a node and its edges."""
        record = self._node(id)
        for edge in [*record.out, *record.into]:
            if edge in self.edges:  # a directed self-loop stands in both rows
                self.remove_edge(edge)
        del self.nodes[id]
        self.node_changes += 1

    def add_edge(
        self, edge: int, new: bool, source: Id, target: Id, attributes: dict[str, Any]
    ) -> None:
        """Add the edge with this id, or, when it is not `new`, merge attributes into it."""
        if not new:
            self.set_edge(edge, attributes)
            return
        if not self.multigraph and self.parallel(source, target):
            raise BatchConflictError(
                f"edge {source!r} -> {target!r} was added by others, where the batch had promised "
                f"the id {edge}"
            )
        self.add_node(source, {})
        self.add_node(target, {})
        record = EdgeRecord(edge, source, target)
        self._merge(record.attributes, attributes)
        self.edges[edge] = record
        self.pairs.setdefault(self._pair(source, target), {})[edge] = None
        self.nodes[source].out[edge] = None
        if self.directed:
            self.nodes[target].into[edge] = None
        else:
            self.nodes[target].out[edge] = None
        self.next_edge = max(self.next_edge, edge + 1)
        self.edge_changes += 1

    def set_edge(self, edge: int, attributes: dict[str, Any]) -> None:
        """Merge attributes into an edge that is there."""
        self._merge(self._edge(edge).attributes, attributes)

    def unset_edge(self, edge: int, name: str) -> None:
        """Remove one attribute of an edge."""
        self._edge(edge).attributes.pop(name, None)

    def remove_edge(self, edge: int) -> None:
        """Remove an edge."""
        record = self._edge(edge)
        pair = self._pair(record.source, record.target)
        del self.pairs[pair][edge]
        if not self.pairs[pair]:
            del self.pairs[pair]
        for id in (record.source, record.target):
            self.nodes[id].out.pop(edge, None)
            self.nodes[id].into.pop(edge, None)
        del self.edges[edge]
        self.edge_changes += 1

    def clear(self) -> None:
        """Remove every node and edge; names and counters stay used."""
        self.node_changes += len(self.nodes)
        self.edge_changes += len(self.edges)
        self.nodes.clear()
        self.edges.clear()
        self.pairs.clear()

    def _merge(self, attributes: dict[str, Any], more: dict[str, Any]) -> None:
        for name in more:
            self.names.setdefault(name, len(self.names))
        attributes.update(more)

    def _node(self, id: Id) -> NodeRecord:
        if id not in self.nodes:
            raise BatchConflictError(f"node {id!r} was removed by others")
        return self.nodes[id]

    def _edge(self, edge: int) -> EdgeRecord:
        if edge not in self.edges:
            raise BatchConflictError(f"edge {edge} was removed by others")
        return self.edges[edge]
