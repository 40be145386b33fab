"""A graph as algorithms read it: nodes are 0 .. n-1, rows are lists, weights are floats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from groggy.errors import AttributeNotFoundError

if TYPE_CHECKING:
    from groggy.oracle.store import Id, Store


class Adjacency:
    """Rows of a store's nodes and edges by position.

    Attributes
    ----------
    ids : list
        Node ids in order.
    edges : list of (int, int)
        Ends of every edge, in edge order.
    edge_ids : list of int
    out, into : list of list of (int, int)
        Row entries (neighbour, edge position) in insertion order of the edges. Undirected graphs
        have one row per node, under both names; a self-loop stands in it once.
    """

    def __init__(self, store: Store) -> None:
        self.directed = store.directed
        self.ids: list[Id] = list(store.nodes)
        self.index = {id: place for place, id in enumerate(self.ids)}
        self.edge_ids = list(store.edges)
        self.edges = [
            (self.index[edge.source], self.index[edge.target]) for edge in store.edges.values()
        ]
        place = {edge: position for position, edge in enumerate(self.edge_ids)}
        self.out = self._rows(store, place, "out")
        self.into = self._rows(store, place, "in") if self.directed else self.out
        self._attributes = [edge.attributes for edge in store.edges.values()]

    def _rows(
        self, store: Store, place: dict[int, int], direction: str
    ) -> list[list[tuple[int, int]]]:
        return [
            [(self.index[other], place[edge]) for edge, other in store.row(id, direction)]
            for id in self.ids
        ]

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, node: int, direction: str) -> list[tuple[int, int]]:
        """Row entries: 'both' is out, then in; undirected graphs have one row."""
        if not self.directed or direction == "out":
            return self.out[node]
        return self.into[node] if direction == "in" else self.out[node] + self.into[node]

    def simple_neighbors(self) -> list[set[int]]:
        """Neighbours with directions dropped, loops dropped, parallel edges once."""
        neighbors: list[set[int]] = [set() for _ in self.ids]
        for u, v in self.edges:
            if u != v:
                neighbors[u].add(v)
                neighbors[v].add(u)
        return neighbors

    def weights(
        self, name: str | None, *, minimum: str = "zero", finite: bool = True
    ) -> list[float]:
        """The weight of every edge.

        Absent and None count 1, and so does every edge where `name` is None. Weights are numbers:
        at least 0 (`minimum` 'zero'), above 0 ('positive') or any ('none'), never NaN, and finite
        unless `finite` is False.

        Raises
        ------
        AttributeNotFoundError
            There are edges, and none has the attribute.
        TypeError, ValueError
            An edge holds something else; the message names it.
        """
        if name is None:
            return [1.0] * len(self.edges)
        if self.edges and not any(name in attributes for attributes in self._attributes):
            raise AttributeNotFoundError(f"weight: no edge has an attribute {name!r}")
        return [
            self._weight(position, name, attributes.get(name), minimum, finite)
            for position, attributes in enumerate(self._attributes)
        ]

    def _weight(self, position: int, name: str, value: Any, minimum: str, finite: bool) -> float:
        if value is None:
            return 1.0
        u, v = self.edges[position]
        where = f"edge {self.edge_ids[position]} ({self.ids[u]!r} -> {self.ids[v]!r})"
        if type(value) not in (bool, int, float):
            raise TypeError(f"{where}: {name!r} is {type(value).__name__}, a weight is a number")
        try:
            number = float(value)
        except OverflowError:
            raise TypeError(f"{where}: {name!r} is an int beyond the largest float") from None
        allowed = {"zero": number >= 0, "positive": number > 0, "none": True}[minimum]
        if not allowed or math.isnan(number) or (finite and math.isinf(number)):
            expected = {"zero": ["at least 0"], "positive": ["above 0"], "none": []}[minimum]
            expected += ["finite"] if finite else []
            raise ValueError(f"{where}: {name!r} is {value!r}, it must be {' and '.join(expected)}")
        return number
