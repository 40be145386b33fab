"""Live handles on one node or edge, and the views ``g.nodes`` and ``g.edges``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from groggy.errors import (
    AttributeNotFoundError,
    EdgeNotFoundError,
    GroggyError,
    NodeNotFoundError,
)
from groggy.oracle.store import EdgeRecord, Id, NodeRecord
from groggy.oracle.values import check_attributes, check_name, fresh

if TYPE_CHECKING:
    from groggy.oracle.base import GraphBase


class _Attributes(MutableMapping[str, Any]):
    """The attributes of one node or edge: reads and writes go to the graph (or batch).

    Values are fresh copies: changing a list that was read changes nothing, assign it back. Names
    come in the order in which they were first set on the graph.
    """

    __slots__ = ("_owner",)

    _owner: GraphBase

    def _record(self) -> NodeRecord | EdgeRecord:
        """The record behind the handle, or the error for a removed one."""
        raise NotImplementedError

    def _write(self, operation: str, argument: Any) -> None:
        raise NotImplementedError

    @property
    def attributes(self) -> dict[str, Any]:
        """A fresh dict of all attributes."""
        return self._owner._fresh_attributes(self._record())

    def __getitem__(self, name: str) -> Any:
        attributes = self._record().attributes
        if name not in attributes:
            raise AttributeNotFoundError(f"{self._title()} has no attribute {name!r}")
        return fresh(attributes[name])

    def __setitem__(self, name: str, value: Any) -> None:
        self._record()
        self._write("set", check_attributes({name: value}))

    def __delitem__(self, name: str) -> None:
        if name not in self._record().attributes:
            raise AttributeNotFoundError(f"{self._title()} has no attribute {name!r}")
        self._write("unset", check_name(name))

    def update(self, other: Any = (), /, **attributes: Any) -> None:
        """Set several attributes, all or none."""
        merged = dict(other, **attributes)
        self._record()
        self._write("set", check_attributes(merged))

    def __len__(self) -> int:
        return len(self._record().attributes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._owner._ordered_names(self._record().attributes))

    def __contains__(self, name: Any) -> bool:
        return name in self._record().attributes

    # The mixins of MutableMapping catch KeyError, and with it the error for a removed node.

    def get(self, name: str, default: Any = None) -> Any:
        """The attribute, or `default` when it is absent."""
        return self[name] if name in self else default

    def pop(self, name: str, *default: Any) -> Any:
        """Remove the attribute and return it, or `default` when it is absent."""
        if default and name not in self:
            return default[0]
        value = self[name]
        del self[name]
        return value

    def clear(self) -> None:
        """Remove all attributes."""
        for name in list(self._record().attributes):
            self._write("unset", name)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """The attribute, set to `default` first when it is absent."""
        if name not in self:
            self[name] = default
        return self[name]

    def _title(self) -> str:
        raise NotImplementedError


class Node(_Attributes):
    """One node, live: a mapping of its attributes, and its ``id``.

    A handle on a removed node raises NodeNotFoundError on every use, also when a node with the
    same id was added again.
    """

    __slots__ = ("_id", "_serial")

    def __init__(self, owner: GraphBase, record: NodeRecord) -> None:
        self._owner = owner
        self._id = record.id
        self._serial = record.serial

    @property
    def id(self) -> Id:
        """The node's id."""
        return self._record().id

    def _record(self) -> NodeRecord:
        record = self._owner._store_now().nodes.get(self._id)
        if record is None or record.serial != self._serial:
            raise NodeNotFoundError(f"node {self._id!r} was removed")
        return record

    def _write(self, operation: str, argument: Any) -> None:
        self._owner._change((f"{operation}_node", self._id, argument))

    def _title(self) -> str:
        return f"node {self._id!r}"

    def __repr__(self) -> str:
        try:
            return f"Node({self._id!r}, {self.attributes!r})"
        except GroggyError:
            return f"Node({self._id!r}, removed)"


class Edge(_Attributes):
    """One edge, live: a mapping of its attributes, with ``id``, ``source`` and ``target``."""

    __slots__ = ("_id",)

    def __init__(self, owner: GraphBase, record: EdgeRecord) -> None:
        self._owner = owner
        self._id = record.id

    @property
    def id(self) -> int:
        """The edge's id, for ever."""
        return self._record().id

    @property
    def source(self) -> Id:
        """The id of the node it starts from."""
        return self._record().source

    @property
    def target(self) -> Id:
        """The id of the node it leads to."""
        return self._record().target

    def _record(self) -> EdgeRecord:
        record = self._owner._store_now().edges.get(self._id)
        if record is None:
            raise EdgeNotFoundError(f"edge {self._id} was removed")
        return record

    def _write(self, operation: str, argument: Any) -> None:
        self._owner._change((f"{operation}_edge", self._id, argument))

    def _title(self) -> str:
        return f"edge {self._id}"

    def __repr__(self) -> str:
        try:
            return f"Edge({self._id}, {self.source!r}, {self.target!r}, {self.attributes!r})"
        except GroggyError:
            return f"Edge({self._id}, removed)"


class NodesView(Mapping[Id, Node]):
    """``g.nodes``: lazy; iteration over ids, ``len``, ``in``, ``[id]``, ``items()``."""

    __slots__ = ("_graph",)

    def __init__(self, graph: GraphBase) -> None:
        self._graph = graph

    def __len__(self) -> int:
        return self._graph.node_count()

    def __iter__(self) -> Iterator[Id]:
        return _guarded(self._graph, "nodes")

    def __getitem__(self, id: Id) -> Node:
        return self._graph.get_node(id)

    def __contains__(self, id: Any) -> bool:
        try:
            return self._graph.has_node(id)
        except (TypeError, ValueError, OverflowError):
            return False

    def __repr__(self) -> str:
        return _view_repr("nodes", self)


class EdgesView(Mapping[int, Edge]):
    """``g.edges``: lazy; iteration over ids, ``len``, ``in``, ``[id]``, ``[source, target]``."""

    __slots__ = ("_graph",)

    def __init__(self, graph: GraphBase) -> None:
        self._graph = graph

    def __len__(self) -> int:
        return self._graph.edge_count()

    def __iter__(self) -> Iterator[Any]:
        return _guarded(self._graph, "edges")

    def __getitem__(self, edge: int | tuple[Id, Id]) -> Edge:
        if isinstance(edge, tuple) and len(edge) == 2:
            return self._graph.get_edge(*edge)
        return self._graph.get_edge(edge)

    def __contains__(self, edge: Any) -> bool:
        try:
            if isinstance(edge, tuple) and len(edge) == 2:
                return self._graph.has_edge(*edge)
            return self._graph.has_edge(edge)
        except (TypeError, ValueError, OverflowError):
            return False

    def __repr__(self) -> str:
        return _view_repr("edges", self)


def _guarded(graph: GraphBase, side: str) -> Iterator[Any]:
    """Ids of nodes or edges; RuntimeError once some were added or removed, as a dict does it.

    Not a generator: the guard starts when iter() is called, not at the first step.
    """
    return _Guard(graph, side)


class _Guard(Iterator[Any]):
    __slots__ = ("_changes", "_graph", "_ids", "_side")

    def __init__(self, graph: GraphBase, side: str) -> None:
        self._graph = graph
        self._side = side
        self._changes = self._count()
        self._ids = iter(list(getattr(graph._store_now(), side)))

    def _count(self) -> int:
        store = self._graph._store_now()
        return store.node_changes if self._side == "nodes" else store.edge_changes

    def __next__(self) -> Any:
        if self._count() != self._changes:
            raise RuntimeError(f"{self._side} were added or removed during iteration")
        return next(self._ids)


def _view_repr(name: str, view: Mapping[Any, Any]) -> str:
    ids = list(view)
    shown = ", ".join(repr(id) for id in ids[:10])
    more = f", ... {len(ids) - 10:,} more" if len(ids) > 10 else ""
    return f"<{name}: {len(ids):,} [{shown}{more}]>"
