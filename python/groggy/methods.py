"""Methods of graphs and snapshots that need no C: they put together what the C core answers."""

from __future__ import annotations

from groggy import _core, traversal

TYPE_CHECKING = False  # typing is imported for type checkers alone: it takes longer than all of groggy
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

AGGREGATES = ("count", "sum", "mean", "min", "max", "ids")

_INT64 = range(-(2**63), 2**63)


def install() -> None:
    """Add these methods to the types of the C core."""
    for owner in (_core.FastGraph, _core.Snapshot):
        # The algorithms of these names go on under others.
        setattr(owner, "_k_hop_levels", vars(owner)["k_hop"])
        setattr(owner, "_all_degrees", vars(owner)["degrees"])
        _add(owner, k_hop)
        _add(owner, degrees)
        _add(owner, distance_blocks)
    traversal.install()
    _add(_core.FastGraph, group_by)
    _add(_core.FastGraph, summary)
    _add(_core.FastGraph, _repr_html_)


def _add(owner: type, method: Callable[..., Any]) -> None:
    setattr(owner, method.__name__, method)


def k_hop(self: Any, source: Any, k: int, direction: str = "out", **control: Any) -> list[Any]:
    """Ids within `k` hops of one or several nodes, which are included.

    Ordered by level, within a level in node order.

    Parameters
    ----------
    source : id or iterable of ids
    k : int
    direction : {'out', 'in', 'both'}
    **control
        ``max_seconds``, ``progress``, ``threads``, ``keep``.
    """
    if control:
        levels = self._k_hop_levels(source, k, direction=direction, **control)
    else:  # the same at half the price: no dict of keywords is made
        levels = self._k_hop_levels(source, k, direction=direction)
    reached: list[Any] = levels._memory.reached("level")
    return reached


def degrees(
    self: Any, ids: Iterable[Any] | None = None, direction: str = "both", **options: Any
) -> Any:
    """Number of edge ends at every node: column ``degree``; or at `ids`: plain values.

    With ``weight=`` the sum of the weights: column ``strength``. A self-loop counts 2.

    Parameters
    ----------
    ids : iterable of ids, optional
        The values of these nodes come as a list, or as an array where `ids` is one.
    direction : {'out', 'in', 'both'}
    **options
        ``weight``, ``max_seconds``, ``progress``, ``threads``, ``keep``.
    """
    if ids is None and not options:  # by far the most frequent
        return self._all_degrees(direction=direction)
    if isinstance(ids, (str, bytes)) or not (ids is None or hasattr(ids, "__iter__")):
        raise TypeError(f"ids must be an iterable of ids, not one {type(ids).__name__}")
    if ids is not None and not options and isinstance(self, _core.FastGraph):
        return self._degrees_of(ids, direction)
    result = self._all_degrees(direction=direction, **options)
    if ids is None:
        return result
    values = [result[id] for id in ids]
    if not hasattr(ids, "dtype"):
        return values
    import numpy

    return numpy.array(values, dtype=numpy.float64 if "strength" in result.columns else numpy.int64)


def distance_blocks(
    self: Any,
    sources: Iterable[Any] | None = None,
    size: int = 256,
    *,
    target: Any = None,
    **options: Any,
) -> Iterator[tuple[list[Any], Any]]:
    """Distances from many sources, each on its own, a block of the matrix at a time.

    All of it is asked of the graph as it is now; the whole matrix is never held.

    Parameters
    ----------
    sources : iterable of ids, optional
        Whose rows; by default every node, in node order.
    size : int
        Sources per block: multiples of 64 go together best.
    target : id or iterable of ids, optional
        The columns; by default every node, in node order.
    **options
        ``weight``, ``direction``, ``cutoff`` as for :meth:`distances`; ``max_seconds`` (per block),
        ``progress``, ``threads``.

    Yields
    ------
    (ids, block)
        The ids of some sources and a float64 array of their rows, infinite where not reached.

    Examples
    --------
    >>> from groggy import Graph
    >>> g = Graph()
    >>> g.add_edges([("a", "b"), ("b", "c")])
    range(0, 2)
    >>> for ids, block in g.distance_blocks(size=2):
    ...     print(ids, block.tolist())
    ['a', 'b'] [[0.0, 1.0, 2.0], [inf, 0.0, 1.0]]
    ['c'] [[inf, inf, 0.0]]
    """
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"size must be an int, not {type(size).__name__}")
    if size < 1:
        raise ValueError(f"size is {size}; it must be at least 1")
    if isinstance(sources, (str, bytes)) or not (sources is None or hasattr(sources, "__iter__")):
        raise TypeError(f"sources must be an iterable of ids, not one {type(sources).__name__}")
    frozen = self if isinstance(self, _core.Snapshot) else self.snapshot()
    ids = list(frozen.node_ids() if sources is None else sources)
    return _blocks(frozen, ids, size, target, options)


def _blocks(
    frozen: Any, ids: list[Any], size: int, target: Any, options: dict[str, Any]
) -> Iterator[tuple[list[Any], Any]]:
    for begin in range(0, len(ids), size):
        part = ids[begin : begin + size]
        result = frozen.distances(part, target, **options)
        yield part, result.to_numpy().reshape(result.sources, result.targets)


def group_by(
    self: Any, attribute: str, value: str | None = None, agg: str = "count", of: str = "nodes"
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
    if not isinstance(agg, str) or agg not in AGGREGATES:
        raise ValueError(f"agg must be one of {', '.join(AGGREGATES)}, not {agg!r}")
    if not isinstance(of, str) or of not in ("nodes", "edges"):
        raise ValueError(f"of must be 'nodes' or 'edges', not {of!r}")
    if value is None and agg not in ("count", "ids"):
        raise ValueError(f"agg={agg!r} needs value, the attribute to aggregate")
    nodes = of == "nodes"
    ids = self.node_ids() if nodes else self.edge_ids()
    read = self.node_column if nodes else self.edge_column
    # One object that is no attribute value marks what is absent.
    keys = read(attribute, _ABSENT).tolist()
    values = None if value is None else read(value, _ABSENT).tolist()
    groups: dict[Any, list[int]] = {}
    not_a_number = None
    for place, key in enumerate(keys):
        if key is _ABSENT:
            continue
        if key != key:
            not_a_number = key if not_a_number is None else not_a_number
            key = not_a_number
        try:
            groups.setdefault(key, []).append(place)
        except TypeError:
            raise TypeError(
                f"attribute {attribute!r} of {ids[place]!r}: {type(key).__name__} cannot be a group key"
            ) from None
    return {key: _aggregate(places, ids, values, value, agg) for key, places in groups.items()}


_ABSENT = object()


def _aggregate(
    places: list[int], ids: list[Any], values: list[Any] | None, name: str | None, agg: str
) -> Any:
    if agg == "ids":
        return [ids[place] for place in places]
    if values is None:
        return len(places)
    present = [(ids[place], values[place]) for place in places]
    present = [(id, item) for id, item in present if item is not _ABSENT and item is not None]
    if agg == "count":
        return len(present)
    for id, item in present:
        if type(item) not in (bool, int, float):
            raise TypeError(f"attribute {name!r} of {id!r}: cannot aggregate {type(item).__name__}")
    numbers = [item for _, item in present]
    if not numbers:
        return None
    if agg in ("min", "max"):
        not_numbers = [item for item in numbers if item != item]
        return not_numbers[0] if not_numbers else (min if agg == "min" else max)(numbers)
    total = _sum(numbers)
    if agg == "mean":
        return total / len(numbers)
    return total if type(total) is float or total in _INT64 else float(total)


def _sum(numbers: list[Any]) -> int | float:
    """Left to right; exact for ints. The builtin sum() compensates floats since Python 3.12."""
    total: int | float = 0.0 if any(type(item) is float for item in numbers) else 0
    for item in numbers:
        total += item
    return total


def summary(self: Any) -> str:
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


def _repr_html_(self: Any) -> str:
    """What notebooks show."""
    import html

    rows = [
        ("nodes", f"{self.node_count():,}"),
        ("edges", f"{self.edge_count():,}"),
        ("node attributes", ", ".join(self.node_attributes()) or "none"),
        ("edge attributes", ", ".join(self.edge_attributes()) or "none"),
    ]
    cells = "".join(
        f"<tr><th>{name}</th><td>{html.escape(value)}</td></tr>" for name, value in rows
    )
    return f"<table><caption>{html.escape(repr(self)[1:-1])}</caption>{cells}</table>"
