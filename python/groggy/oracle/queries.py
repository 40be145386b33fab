"""Questions about many nodes and edges: filters, columns, groups, neighbours in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from groggy.errors import AttributeNotFoundError
from groggy.oracle import bulk
from groggy.oracle.base import GraphBase
from groggy.oracle.expression import MISSING, Expression
from groggy.oracle.handles import Edge, Node
from groggy.oracle.store import EdgeRecord, Id, NodeRecord
from groggy.oracle.values import (
    INT64_MAX,
    INT64_MIN,
    check_attributes,
    check_edge_id,
    check_name,
    check_value,
    fresh,
    type_name,
)

if TYPE_CHECKING:
    import numpy

DIRECTIONS = ("out", "in", "both")
AGGREGATES = ("count", "sum", "mean", "min", "max", "ids")
_NOT_GIVEN: Any = object()

Record = NodeRecord | EdgeRecord


def check_direction(direction: str) -> str:
    """One of 'out', 'in', 'both'; undirected graphs check it too and then ignore it."""
    if direction not in DIRECTIONS:
        raise ValueError(f"direction must be 'out', 'in' or 'both', not {direction!r}")
    return direction


class Queries(GraphBase):
    """The read side of a graph beyond single nodes and edges."""

    # Neighbours.

    def get_neighbors(self, id: Id, /, direction: str = "out") -> list[Id]:
        """Distinct neighbours in the order of their first edge.

        'out': successors, 'in': predecessors, 'both': out row, then in row. Undirected graphs have
        one row.
        """
        record = self._node_record(id)
        row = self._store_now().row(record.id, check_direction(direction))
        return list(dict.fromkeys(other for _, other in row))

    def neighbors(self, id: Id, /, direction: str = "out") -> list[Id]:
        """The same as :meth:`get_neighbors`."""
        return self.get_neighbors(id, direction)

    def neighbors_of(self, ids: Iterable[Id], direction: str = "out") -> list[list[Id]]:
        """:meth:`get_neighbors` of many nodes."""
        return [self.get_neighbors(id, direction) for id in bulk.elements(ids, "ids")]

    def get_edges(self, id: Id, /, direction: str = "out") -> list[int]:
        """Ids of a node's edges in row order, each once."""
        record = self._node_record(id)
        row = self._store_now().row(record.id, check_direction(direction))
        return list(dict.fromkeys(edge for edge, _ in row))

    def degree(self, id: Id, /, direction: str = "both") -> int:
        """Number of edge ends at a node: a self-loop counts 2 (directed: 1 out and 1 in)."""
        record = self._node_record(id)
        store = self._store_now()
        row = list(store.row(record.id, check_direction(direction)))
        if store.directed:
            return len(row)
        return len(row) + sum(other == record.id for _, other in row)

    # Many at once.

    def has_nodes(self, ids: Iterable[Id]) -> list[bool] | numpy.ndarray:
        """Which of these nodes are there; an array of bool where `ids` is an array."""
        answers = [self.has_node(id) for id in bulk.elements(ids, "ids")]
        found: list[bool] | numpy.ndarray = bulk.like(ids, answers, bool)
        return found

    def has_edges(self, sources: Any, targets: Any = None) -> list[bool] | numpy.ndarray:
        """Which of these pairs have an edge; an array of bool where arrays are given."""
        answers = [self.has_edge(*pair) for pair in bulk.pairs(sources, targets)]
        found: list[bool] | numpy.ndarray = bulk.like(sources, answers, bool)
        return found

    def get_many(self, ids: Iterable[Id], attribute: str, default: Any = None) -> list[Any]:
        """One attribute of many nodes; `default` where a node does not have it."""
        name = check_name(attribute)
        records = [self._node_record(id) for id in bulk.elements(ids, "ids")]
        return [
            fresh(record.attributes[name]) if name in record.attributes else default
            for record in records
        ]

    def update_nodes(self, updates: Mapping[Id, Mapping[str, Any]], /) -> None:
        """Set attributes of many nodes, all or none."""
        if not isinstance(updates, Mapping):
            raise TypeError(f"updates must be a mapping, not {type(updates).__name__}")
        checked = [
            (self._node_record(id).id, check_attributes(attributes))
            for id, attributes in updates.items()
        ]
        for id, attributes in checked:
            self._change(("set_node", id, attributes))

    def remove_nodes(self, ids: Iterable[Id], /) -> int:
        """Remove many nodes, all or none; return how many."""
        found = dict.fromkeys(self._node_record(id).id for id in bulk.elements(ids, "ids"))
        for id in found:
            self._change(("remove_node", id))
        return len(found)

    def remove_edges(self, edges: Any, /) -> int:
        """Remove many edges, given by ids or pairs, all or none; return how many."""
        found: dict[int, None] = {}
        items = edges.tolist() if bulk.is_array(edges) and edges.ndim == 2 else edges
        for item in bulk.elements(items, "edges"):
            ends = tuple(item) if isinstance(item, (tuple, list)) else (item,)
            if len(ends) > 2 or not ends:
                raise TypeError(f"expected an edge id or (source, target), not {item!r}")
            found[self._edge_record(*ends).id] = None
        for edge in found:
            self._change(("remove_edge", edge))
        return len(found)

    # Filters.

    def filter_nodes(
        self, condition: str | Callable[[Node], Any] | None = None, /, **equals: Any
    ) -> list[Id]:
        """Ids of the nodes that satisfy the condition and have all these attribute values.

        Parameters
        ----------
        condition : str or callable, optional
            An expression such as ``"age > 30 and city == 'NYC'"``, or a function of a node.
        **equals
            Attribute name -> value, compared by Python's ==.
        """
        return [record.id for record in self._filter("nodes", condition, equals)]

    def filter_edges(
        self, condition: str | Callable[[Edge], Any] | None = None, /, **equals: Any
    ) -> list[int]:
        """Ids of the edges that satisfy the condition; see :meth:`filter_nodes`."""
        found: list[Any] = self._filter("edges", condition, equals)
        return [record.id for record in found]

    def node_mask(self, expression: str) -> numpy.ndarray:
        """Which nodes satisfy an expression: an array of bool in node order."""
        return self._mask("nodes", expression)

    def edge_mask(self, expression: str) -> numpy.ndarray:
        """Which edges satisfy an expression: an array of bool in edge order."""
        return self._mask("edges", expression)

    def _records(self, side: str) -> list[Record]:
        return list(getattr(self._store_now(), side).values())

    def _filter(self, side: str, condition: Any, equals: Mapping[str, Any]) -> list[Record]:
        equals = check_attributes(equals)
        records = [
            record
            for record in self._records(side)
            if all(
                name in record.attributes and bool(record.attributes[name] == value)
                for name, value in equals.items()
            )
        ]
        if condition is None:
            return records
        if isinstance(condition, str):
            matches = self._matcher(side, Expression(condition))
            return [record for record in records if matches(record)]
        if not callable(condition):
            raise TypeError(
                f"condition must be an expression or a function, not {type(condition).__name__}"
            )
        return self._filter_by_call(side, condition, records)

    def _filter_by_call(
        self, side: str, condition: Callable[[Any], Any], records: list[Record]
    ) -> list[Record]:
        handle: Callable[[GraphBase, Any], Any] = Node if side == "nodes" else Edge
        store = self._store_now()
        before = store.node_changes, store.edge_changes
        found = []
        for record in records:
            if condition(handle(self, record)):
                found.append(record)
            store = self._store_now()
            if (store.node_changes, store.edge_changes) != before:
                raise RuntimeError("nodes or edges were added or removed by the filter's function")
        return found

    def _mask(self, side: str, expression: str) -> numpy.ndarray:
        import numpy

        if not isinstance(expression, str):
            raise TypeError(f"expression must be str, not {type(expression).__name__}")
        matches = self._matcher(side, Expression(expression))
        return numpy.array([matches(record) for record in self._records(side)], dtype=bool)

    def _matcher(self, side: str, expression: Expression) -> Callable[[Record], bool]:
        """A function of a record; `id`, `source`, `target` unless they are attributes."""
        fields = {"id"} if side == "nodes" else {"id", "source", "target"}
        for record in self._records(side):
            fields -= record.attributes.keys()

        def matches(record: Record) -> bool:
            def lookup(name: str) -> Any:
                if name in fields:
                    return getattr(record, name)
                return record.attributes.get(name, MISSING)

            return expression.matches(lookup, record.attributes.__contains__)

        return matches

    # Columns.

    def node_ids(self) -> list[Id]:
        """All node ids in order."""
        return list(self._store_now().nodes)

    def edge_ids(self) -> list[int]:
        """All edge ids in order."""
        return list(self._store_now().edges)

    def edge_pairs(self) -> list[tuple[Id, Id]]:
        """(source, target) of every edge in order."""
        return [(edge.source, edge.target) for edge in self._store_now().edges.values()]

    def edge_array(self) -> numpy.ndarray:
        """The ends of every edge as positions in node order: int64 of shape (edges, 2)."""
        import numpy

        position = {id: place for place, id in enumerate(self._store_now().nodes)}
        pairs = [(position[u], position[v]) for u, v in self.edge_pairs()]
        return numpy.array(pairs, dtype=numpy.int64).reshape(-1, 2)

    def node_column(self, name: str, default: Any = _NOT_GIVEN) -> numpy.ndarray:
        """One attribute of all nodes in order.

        int64, float64 or bool where every value, after filling in `default` (None unless given),
        is of that type; else an array of objects.
        """
        return self._column("nodes", name, default)

    def edge_column(self, name: str, default: Any = _NOT_GIVEN) -> numpy.ndarray:
        """One attribute of all edges in order; see :meth:`node_column`."""
        return self._column("edges", name, default)

    def _column(self, side: str, name: str, default: Any) -> numpy.ndarray:
        name = check_name(name)
        records = self._records(side)
        if default is _NOT_GIVEN:
            default = None
            if records and not any(name in record.attributes for record in records):
                raise AttributeNotFoundError(f"no {side[:-1]} has an attribute {name!r}")
        return _as_array(
            [
                fresh(record.attributes[name]) if name in record.attributes else default
                for record in records
            ]
        )

    def set_node_column(self, name: str, values: Any, ids: Iterable[Id] | None = None) -> None:
        """Set one attribute of all nodes (in order), or of the nodes `ids`."""
        name = check_name(name)
        known = (
            self.node_ids()
            if ids is None
            else [self._node_record(id).id for id in bulk.elements(ids, "ids")]
        )
        for id, value in zip(known, _column_values(name, values, len(known))):
            self._change(("set_node", id, {name: value}))

    def set_edge_column(self, name: str, values: Any, ids: Iterable[int] | None = None) -> None:
        """Set one attribute of all edges (in order), or of the edges `ids`."""
        name = check_name(name)
        known = (
            self.edge_ids()
            if ids is None
            else [self._edge_record(check_edge_id(id)).id for id in bulk.elements(ids, "ids")]
        )
        for edge, value in zip(known, _column_values(name, values, len(known))):
            self._change(("set_edge", edge, {name: value}))

    def node_attributes(self) -> dict[str, str]:
        """Attribute name -> type of what the nodes hold now.

        'bool', 'int', 'float', 'str', 'value' (anything else), 'mixed'.
        """
        return self._attribute_types("nodes")

    def edge_attributes(self) -> dict[str, str]:
        """Attribute name -> type of what the edges hold now."""
        return self._attribute_types("edges")

    def _attribute_types(self, side: str) -> dict[str, str]:
        records = self._records(side)
        types = {}
        for name in self._store_now().names:
            values = [record.attributes[name] for record in records if name in record.attributes]
            if values:
                types[name] = type_name(values)
        return types

    # Groups.

    def group_by(
        self, attribute: str, value: str | None = None, agg: str = "count", of: str = "nodes"
    ) -> dict[Any, Any]:
        """Groups of nodes or edges with the same attribute value.

        Parameters
        ----------
        attribute : str
            Nodes that do not have it are left out; None is a key like others.
        value : str, optional
            The attribute to aggregate. Members without it, or with None, do not count.
        agg : {'count', 'sum', 'mean', 'min', 'max', 'ids'}
            What to say of each group. A group without any value gives None.
        of : {'nodes', 'edges'}

        Returns
        -------
        dict
            Key -> aggregate, in the order of each group's first member. All NaN are one group.
        """
        if agg not in AGGREGATES:
            raise ValueError(f"agg must be one of {', '.join(AGGREGATES)}, not {agg!r}")
        if of not in ("nodes", "edges"):
            raise ValueError(f"of must be 'nodes' or 'edges', not {of!r}")
        if value is None and agg not in ("count", "ids"):
            raise ValueError(f"agg={agg!r} needs value, the attribute to aggregate")
        name = check_name(attribute)
        groups: dict[Any, list[Record]] = {}
        not_a_number = None
        for record in self._records(of):
            if name not in record.attributes:
                continue
            key = record.attributes[name]
            if key != key:
                not_a_number = key if not_a_number is None else not_a_number
                key = not_a_number
            try:
                groups.setdefault(key, []).append(record)
            except TypeError:
                raise TypeError(
                    f"attribute {name!r} of {record.id!r}: a group key cannot be "
                    f"{type(key).__name__}"
                ) from None
        value = None if value is None else check_name(value)
        return {key: _aggregate(members, value, agg) for key, members in groups.items()}


def _aggregate(members: list[Record], value: str | None, agg: str) -> Any:
    if agg == "ids":
        return [record.id for record in members]
    if value is None:
        return len(members)
    present = [
        (record.id, record.attributes[value])
        for record in members
        if record.attributes.get(value) is not None
    ]
    if agg == "count":
        return len(present)
    for id, item in present:
        if type(item) not in (bool, int, float):
            raise TypeError(
                f"attribute {value!r} of {id!r}: cannot aggregate {type(item).__name__}"
            )
    values = [item for _, item in present]
    if not values:
        return None
    if agg in ("min", "max"):
        not_numbers = [item for item in values if item != item]
        return not_numbers[0] if not_numbers else (min if agg == "min" else max)(values)
    total = _sum(values)
    if agg == "mean":
        return total / len(values)
    return total if type(total) is float or INT64_MIN <= total <= INT64_MAX else float(total)


def _sum(values: list[Any]) -> int | float:
    """Left to right; exact for ints. The builtin sum() compensates floats since Python 3.12."""
    total: int | float = 0.0 if any(type(value) is float for value in values) else 0
    for value in values:
        total += value
    return total


def _column_values(name: str, values: Any, count: int) -> list[Any]:
    listed = bulk.sequence(values, f"column {name!r}")
    if len(listed) != count:
        raise ValueError(f"column {name!r} has {len(listed)} values for {count} items")
    return [check_value(name, value) for value in listed]


def _as_array(values: list[Any]) -> numpy.ndarray:
    import numpy

    kinds = {type(value) for value in values}
    for kind, dtype in ((bool, numpy.bool_), (float, numpy.float64), (int, numpy.int64)):
        fits = kind is not int or all(
            type(value) is int and INT64_MIN <= value <= INT64_MAX for value in values
        )
        if kinds == {kind} and fits:
            return numpy.array(values, dtype=dtype)
    array = numpy.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        array[place] = value
    return array
