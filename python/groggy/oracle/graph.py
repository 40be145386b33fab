"""The ``python`` backend's graph."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from groggy.oracle import bulk
from groggy.oracle import write as writing
from groggy.oracle.batch import Batch
from groggy.oracle.handles import EdgesView, NodesView
from groggy.oracle.methods import AlgorithmMethods
from groggy.oracle.queries import Queries
from groggy.oracle.store import Change, EdgeRecord, Id, NodeRecord, Store
from groggy.oracle.values import check_truth


class PythonGraph(AlgorithmMethods, Queries):
    """A mutable property graph in plain Python: slow, obvious, exact.

    Nodes are named by str or int ids (``7`` and ``"7"`` are two nodes), edges get int ids that are
    never used twice. Both carry attributes. Iteration is in insertion order.

    Parameters
    ----------
    directed : bool
        Edges lead from source to target.
    multigraph : bool
        Keep parallel edges; otherwise a second edge between two nodes merges into the first.
    on_device_error : {'cpu', 'raise'}
        Accepted for the sake of other backends; there is no device here.

    Examples
    --------
    >>> from groggy.oracle.graph import PythonGraph
    >>> g = PythonGraph()
    >>> friendship = g.add_edge('alice', 'bob', since=2020)
    >>> g.get_node('alice')['age'] = 30
    >>> g.filter_nodes("age >= 30")
    ['alice']
    """

    backend: ClassVar[str] = "python"

    def __init__(
        self, *, directed: bool = True, multigraph: bool = False, on_device_error: str = "cpu"
    ) -> None:
        if on_device_error not in ("cpu", "raise"):
            raise ValueError(f"on_device_error must be 'cpu' or 'raise', not {on_device_error!r}")
        self._store = Store(check_truth(directed, "directed"), check_truth(multigraph, "multigraph"))
        self._version = 0
        self._snapshot: PythonSnapshot | None = None

    # What the shared calls need.

    def _store_now(self) -> Store:
        return self._store

    def _change(self, change: Change) -> None:
        self._store.apply(change)
        self._version += 1

    def _new_edge_id(self) -> int:
        return self._store.next_edge

    def _automatic_id(self) -> int:
        return self._store.automatic_id()

    def _adopt(self, store: Store) -> None:
        """Take over the store of a batch."""
        self._store = store
        self._version += 1

    # What it is.

    @property
    def directed(self) -> bool:
        """Whether edges have a direction."""
        return self._store.directed

    @property
    def multigraph(self) -> bool:
        """Whether parallel edges are kept."""
        return self._store.multigraph

    @property
    def version(self) -> int:
        """A number that differs after every change."""
        return self._version

    @property
    def nodes(self) -> NodesView:
        """A lazy view: len, in, iteration over ids, ``items()``, ``[id]``."""
        return NodesView(self)

    @property
    def edges(self) -> EdgesView:
        """A lazy view: len, in, iteration over edge ids, ``items()``, ``[id]``."""
        return EdgesView(self)

    def __len__(self) -> int:
        return self.node_count()

    def __bool__(self) -> bool:
        return True

    def __contains__(self, id: Any) -> bool:
        return id in self.nodes

    def __iter__(self) -> Iterator[Id]:
        return iter(self.nodes)

    # Many at once.

    def batch_operations(self) -> Batch:
        """Changes that are applied together when the block ends, or not at all.

        >>> g = PythonGraph()
        >>> with g.batch_operations() as batch:
        ...     edge = batch.add_edge('a', 'b')
        ...     g.node_count(), batch.node_count()
        (0, 2)
        >>> g.node_count()
        2
        """
        return Batch(self)

    def batch_add_nodes_raw(self, items: Iterable[Any], /) -> int:
        """Add a list of ids or (id, attributes) pairs."""
        return self.batch_add_nodes(items)

    def batch_add_edges_raw(self, items: Iterable[Any], /) -> int:
        """Add a list of (source, target) or (source, target, attributes)."""
        return self.batch_add_edges(items)

    # New graphs.

    def _empty(self) -> PythonGraph:
        return type(self)(directed=self.directed, multigraph=self.multigraph)

    def copy(self) -> PythonGraph:
        """An independent graph with the same nodes, edges, ids and attributes."""
        other = self._empty()
        other._store = self._store.copy()
        return other

    def __copy__(self) -> PythonGraph:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> PythonGraph:
        return self.copy()

    def clear(self) -> None:
        """Remove every node and edge. Edge ids and automatic node ids go on, none is used twice."""
        self._change(("clear",))

    def subgraph(self, ids: Iterable[Id], /) -> PythonGraph:
        """A new graph with these nodes and all edges between them.

        Order, attributes and edge ids are the graph's own, whatever the order of `ids`.
        """
        chosen = {self._node_record(id).id for id in bulk.elements(ids, "ids")}
        edges = {
            edge.id
            for edge in self._store.edges.values()
            if edge.source in chosen and edge.target in chosen
        }
        return self._part(chosen, edges)

    def edge_subgraph(self, edge_ids: Iterable[int], /) -> PythonGraph:
        """A new graph with these edges and their ends."""
        edges = {self._edge_record(edge).id for edge in bulk.elements(edge_ids, "edge_ids")}
        records = [self._store.edges[edge] for edge in edges]
        ends = {end for record in records for end in (record.source, record.target)}
        return self._part(ends, edges)

    def _part(self, nodes: set[Id], edges: set[int]) -> PythonGraph:
        other = self._empty()
        other._store.names = dict(self._store.names)
        for node in self._store.nodes.values():
            if node.id in nodes:
                other._store.add_node(node.id, node.attributes)
        for edge in self._store.edges.values():
            if edge.id in edges:
                other._store.add_edge(edge.id, True, edge.source, edge.target, edge.attributes)
        other._store.inherit(self._store)
        return other

    def snapshot(self) -> PythonSnapshot:
        """The graph as it is now, frozen; the same object as long as nothing changes."""
        if self._snapshot is None or self._snapshot.version != self._version:
            self._snapshot = PythonSnapshot(self._store.copy(), self._version)
        return self._snapshot

    def write(self, path: str | os.PathLike[str], format: str | None = None) -> None:
        """Write the graph to a file: an edge list, or METIS (``.graph``, ``.metis``)."""
        writing.write(self, path, format)

    # Devices: there is none here.

    @property
    def device(self) -> None:
        """The device that was asked for: None."""
        return None

    def pin(self, device: Any = None) -> None:
        """Other backends bring the graph to a device; this one has none: ValueError."""
        raise ValueError(f"backend is {self.backend!r}, which uses no device")

    unpin = pin

    def device_memory(self) -> dict[str, dict[str, Any]]:
        """What devices hold of the graph: nothing."""
        return {}

    # For people.

    def memory_usage(self) -> dict[str, int]:
        """Bytes by room, and their ``'total'``: what Python says its objects take."""
        store = self._store
        rooms = {
            "ids": sys.getsizeof(store.nodes) + sum(map(sys.getsizeof, store.nodes)),
            "topology": sys.getsizeof(store.pairs) + sys.getsizeof(store.edges),
            "node_columns": 0,
            "edge_columns": 0,
            "values": 0,
        }
        for pair, ids in store.pairs.items():
            rooms["topology"] += sys.getsizeof(pair) + sys.getsizeof(ids)
        for node in store.nodes.values():
            rooms["topology"] += sum(map(sys.getsizeof, (node, node.out, node.into)))
            _count_attributes(rooms, "node_columns", node)
        for edge in store.edges.values():
            rooms["topology"] += sys.getsizeof(edge)
            _count_attributes(rooms, "edge_columns", edge)
        rooms["total"] = sum(rooms.values())
        return rooms

    def summary(self) -> str:
        """Several lines on size, kind, attributes and memory."""
        kind = "directed" if self.directed else "undirected"
        n, m = self.node_count(), self.edge_count()
        possible = n * (n - 1) / (1 if self.directed else 2)
        lines = [
            f"{kind} {'multigraph' if self.multigraph else 'graph'}, backend {self.backend}",
            f"  nodes            {n:,}",
            f"  edges            {m:,}",
            f"  density          {m / possible if possible else 0.0:.6g}",
        ]
        for side, types in (("node", self.node_attributes()), ("edge", self.edge_attributes())):
            shown = ", ".join(f"{name} ({kind})" for name, kind in types.items()) or "none"
            lines.append(f"  {side} attributes  {shown}")
        lines.append(f"  memory           {self.memory_usage()['total']:,} bytes")
        return "\n".join(lines)

    def _describe(self) -> str:
        n, m = self.node_count(), self.edge_count()
        kind = "directed" if self.directed else "undirected"
        many = " multigraph" if self.multigraph else ""
        return f"{_plural(n, 'node')}, {_plural(m, 'edge')}, {kind}{many}, backend {self.backend}"

    def __repr__(self) -> str:
        return f"<Graph: {self._describe()}>"

    def _repr_html_(self) -> str:
        rows = [("nodes", f"{self.node_count():,}"), ("edges", f"{self.edge_count():,}")]
        rows += [("node attributes", ", ".join(self.node_attributes()) or "none")]
        rows += [("edge attributes", ", ".join(self.edge_attributes()) or "none")]
        cells = "".join(
            f"<tr><th>{name}</th><td>{html.escape(value)}</td></tr>" for name, value in rows
        )
        return f"<table><caption>Graph: {html.escape(self._describe())}</caption>{cells}</table>"


class PythonSnapshot(AlgorithmMethods):
    """A graph frozen at one version: read-only, and algorithms run on it."""

    backend: ClassVar[str] = "python"

    def __init__(self, store: Store, version: int) -> None:
        self._store = store
        self._version = version

    def _store_now(self) -> Store:
        return self._store

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self._store.nodes)

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return len(self._store.edges)

    @property
    def version(self) -> int:
        """The graph's version when this was taken."""
        return self._version

    @property
    def directed(self) -> bool:
        """Whether edges have a direction."""
        return self._store.directed

    @property
    def multigraph(self) -> bool:
        """Whether parallel edges are kept."""
        return self._store.multigraph

    def node_ids(self) -> list[Id]:
        """All node ids in order."""
        return list(self._store.nodes)

    def edge_ids(self) -> list[int]:
        """All edge ids in order."""
        return list(self._store.edges)

    def edge_pairs(self) -> list[tuple[Id, Id]]:
        """(source, target) of every edge in order."""
        return [(edge.source, edge.target) for edge in self._store.edges.values()]

    def __repr__(self) -> str:
        nodes, edges = _plural(self.node_count, "node"), _plural(self.edge_count, "edge")
        return f"<Snapshot: {nodes}, {edges}, version {self._version}>"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def _count_attributes(rooms: dict[str, int], room: str, record: NodeRecord | EdgeRecord) -> None:
    rooms[room] += sys.getsizeof(record.attributes)
    rooms["values"] += sum(map(sys.getsizeof, record.attributes.values()))
