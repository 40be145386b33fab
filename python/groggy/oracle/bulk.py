"""Arguments of the calls that take many nodes, edges or values at once.

Everything is checked and converted before the graph sees any of it: these calls happen whole or
not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from groggy.oracle.store import Id
from groggy.oracle.values import check_attributes, check_name, check_node_id, check_value

NodeItem = tuple[Id, dict[str, Any]]
EdgeItem = tuple[Id, Id, dict[str, Any]]


def is_array(data: Any) -> bool:
    """Whether this is a NumPy array (or something with the same shape of API)."""
    return hasattr(data, "ndim") and hasattr(data, "dtype") and hasattr(data, "tolist")


def like(given: Any, answers: list[Any], dtype: Any = None) -> Any:
    """Answers as an array where the question was one, else as a list."""
    if not is_array(given):
        return answers
    import numpy

    return numpy.array(answers, dtype=dtype)


def elements(items: Any, what: str) -> list[Any]:
    """The elements of an iterable; a single str or bytes is taken for a mistake."""
    if isinstance(items, (str, bytes, bytearray)):
        raise TypeError(f"{what} must be an iterable of them, not one {type(items).__name__}")
    if is_array(items) and items.ndim != 1:
        raise ValueError(f"{what}: expected an array of one dimension, not {items.ndim}")
    try:
        return list(items)
    except TypeError:
        raise TypeError(f"{what} must be an iterable, not {type(items).__name__}") from None


def sequence(values: Any, what: str) -> list[Any]:
    """A column of values: anything ordered that has a length."""
    unordered = isinstance(values, (Mapping, Set))
    if unordered or not hasattr(values, "__len__"):
        raise TypeError(f"{what} must be a sequence, not {type(values).__name__}")
    return elements(values, what)


def column_rows(columns: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """Columns name -> values as one dict per item."""
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, values in columns.items():
        name = check_name(name)
        values = sequence(values, f"column {name!r}")
        if len(values) != count:
            raise ValueError(f"column {name!r} has {len(values)} values for {count} items")
        for row, value in zip(rows, values):
            row[name] = check_value(name, value)
    return rows


def node_items(items: Any, columns: Mapping[str, Any]) -> list[NodeItem]:
    """Nodes to add: ids, (id, attributes) pairs, or a dict id -> attributes."""
    if isinstance(items, Mapping):
        items = list(items.items())
    parsed: list[NodeItem] = []
    for position, item in enumerate(elements(items, "nodes")):
        attributes: Any = {}
        if isinstance(item, (tuple, list)):
            if len(item) != 2:
                raise TypeError(
                    f"item {position}: expected an id or (id, attributes), not {item!r}"
                )
            item, attributes = item
        parsed.append((check_node_id(item), check_attributes(attributes)))
    rows = column_rows(columns, len(parsed))
    return [(id, {**attributes, **row}) for (id, attributes), row in zip(parsed, rows)]


def edge_items(sources: Any, targets: Any, columns: Mapping[str, Any]) -> list[EdgeItem]:
    """Edges to add: pairs and triples in one iterable, or two columns of ends."""
    parsed: list[EdgeItem] = []
    if targets is not None:
        from_ids = elements(sources, "sources")
        to_ids = elements(targets, "targets")
        if len(from_ids) != len(to_ids):
            raise ValueError(f"{len(from_ids)} sources for {len(to_ids)} targets")
        for source, target in zip(from_ids, to_ids):
            parsed.append((check_node_id(source), check_node_id(target), {}))
    else:
        for position, item in enumerate(pair_elements(sources, "edges")):
            if not isinstance(item, (tuple, list)) or len(item) not in (2, 3):
                raise TypeError(
                    f"item {position}: expected (source, target) or (source, target, attributes), "
                    f"not {item!r}"
                )
            attributes = check_attributes(item[2] if len(item) == 3 else {})
            parsed.append((check_node_id(item[0]), check_node_id(item[1]), attributes))
    rows = column_rows(columns, len(parsed))
    return [(u, v, {**attributes, **row}) for (u, v, attributes), row in zip(parsed, rows)]


def pair_elements(items: Any, what: str) -> list[Any]:
    """The elements of an iterable of pairs; an (m, 2) array gives its rows as lists."""
    if is_array(items) and items.dtype.kind != "O":
        if items.ndim != 2 or items.shape[1] != 2:
            raise ValueError(f"{what}: expected an array of shape (m, 2), not {items.shape}")
        if items.dtype.kind not in "iuU":
            raise TypeError(f"{what}: expected an array of integers, not {items.dtype}")
        return list(items.tolist())
    return elements(items, what)


def pairs(sources: Any, targets: Any = None) -> list[tuple[Id, Id]]:
    """Pairs of node ids, without attributes."""
    if targets is None:
        for position, item in enumerate(items := pair_elements(sources, "pairs")):
            if not isinstance(item, (tuple, list)) or len(item) != 2:
                raise TypeError(f"item {position}: expected (source, target), not {item!r}")
        sources = items
    return [(u, v) for u, v, _ in edge_items(sources, targets, {})]


def one_or_many(sources: Any) -> list[Any]:
    """One id or an iterable of ids, as a list of ids."""
    if isinstance(sources, str) or not isinstance(sources, Iterable):
        return [sources]
    listed = elements(sources, "sources")
    if not listed:
        raise ValueError("at least one source is needed, none was given")
    return listed
