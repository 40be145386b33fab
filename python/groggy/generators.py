"""Graphs from a rule: random ones for benchmarks and null models, and the classic ones.

Nodes are the integers from 0; all of them are there, also those without an edge. The same arguments
and the same seed give the same graph with the same order of edges, on any machine and any number of
threads.

    >>> import groggy.generators
    >>> g = groggy.generators.gnp(1000, 0.01, seed=7)
    >>> g.node_count()
    1000

All take these keywords beside their own:

``backend``, ``device``, ``on_device_error``
    As for :class:`groggy.Graph`.
``max_seconds``, ``progress``, ``threads``
    As for every algorithm.

and all raise ValueError for an argument out of its range, OverflowError for more than 2^31 - 1 nodes
or 2^32 - 1 edges. In the shell they are ``groggy generate``.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any

from groggy import _core
from groggy.backends import resolve
from groggy.graph import Graph

__all__ = [
    "barabasi_albert",
    "complete",
    "cycle",
    "gnm",
    "gnp",
    "grid",
    "karate_club",
    "kronecker",
    "path",
    "star",
    "stochastic_block_model",
    "watts_strogatz",
]


def kronecker(
    scale: int,
    edges_per_node: int = 16,
    *,
    quarters: Sequence[float] = (0.57, 0.19, 0.19),
    seed: int = 0,
    directed: bool = False,
    multigraph: bool = False,
    **how: Any,
) -> Graph:
    """A Kronecker graph as Graph500 makes it (R-MAT): many small degrees, some huge ones.

    Draws ``edges_per_node * 2**scale`` edges: each halves the matrix of all pairs `scale` times and
    goes on in one of the quarters. Then nodes are renamed, so that an id says nothing about a
    degree. Loops are left out and repeated pairs merge, so there are fewer edges in the end.

    Parameters
    ----------
    scale : int
        2**scale nodes, 0 to 30.
    edges_per_node : int
        How many edges are drawn per node.
    quarters : three floats
        Probabilities of the first three quarters; the fourth has the rest.
    seed : int
        Of the draws.
    directed : bool
    multigraph : bool
        Keep loops and repeated pairs.

    References
    ----------
    D. Chakrabarti, Y. Zhan and C. Faloutsos, R-MAT: a recursive model for graph mining, 2004.
    """
    reals = _floats("quarters", quarters)
    if len(reals) != 3:
        raise ValueError(f"quarters has {len(reals)} numbers; expected three")
    sizes = {"scale": scale, "edges_per_node": edges_per_node}
    return _make("kronecker", sizes, reals, how, seed=seed, directed=directed, multigraph=multigraph)


def gnp(n: int, p: float, *, seed: int = 0, directed: bool = False, **how: Any) -> Graph:
    """Each pair of nodes is an edge with probability `p` (Erdos-Renyi, Gilbert).

    Parameters
    ----------
    n : int
        Nodes.
    p : float
        0 to 1.
    seed : int
        Of the draws.
    directed : bool
        Each ordered pair.

    References
    ----------
    V. Batagelj and U. Brandes, Efficient generation of large random networks, 2005.
    """
    return _make("gnp", {"n": n}, _floats("p", (p,)), how, seed=seed, directed=directed)


def gnm(n: int, m: int, *, seed: int = 0, directed: bool = False, **how: Any) -> Graph:
    """`m` of all pairs of nodes, all sets of pairs alike (Erdos-Renyi).

    Parameters
    ----------
    n : int
        Nodes.
    m : int
        Edges, at most n (n - 1) / 2; directed twice as many.
    seed : int
        Of the draws.
    directed : bool
        Of all ordered pairs.

    References
    ----------
    P. Erdos and A. Renyi, On random graphs I, 1959.
    """
    return _make("gnm", {"n": n, "m": m}, (), how, seed=seed, directed=directed)


def barabasi_albert(n: int, m: int, *, seed: int = 0, **how: Any) -> Graph:
    """Growing by preferential attachment: each new node joins `m` others by their degrees.

    Starts with a star of m + 1 nodes; there are ``m * (n - m)`` edges, as in NetworkX.

    Parameters
    ----------
    n : int
        Nodes.
    m : int
        Edges of each new node, 1 to n - 1.
    seed : int
        Of the draws.

    References
    ----------
    A.-L. Barabasi and R. Albert, Emergence of scaling in random networks, 1999.
    """
    return _make("barabasi_albert", {"n": n, "m": m}, (), how, seed=seed)


def watts_strogatz(n: int, k: int, p: float, *, seed: int = 0, **how: Any) -> Graph:
    """A small world: a ring where each edge moves one of its ends with probability `p`.

    Parameters
    ----------
    n : int
        Nodes.
    k : int
        Each is joined to its `k` nearest ones, below n; an odd number counts as one less.
    p : float
        0 to 1.
    seed : int
        Of the draws.

    References
    ----------
    D. J. Watts and S. H. Strogatz, Collective dynamics of small-world networks, 1998.
    """
    return _make("watts_strogatz", {"n": n, "k": k}, _floats("p", (p,)), how, seed=seed)


def stochastic_block_model(
    sizes: Iterable[int],
    p: Iterable[Iterable[float]],
    *,
    seed: int = 0,
    directed: bool = False,
    **how: Any,
) -> Graph:
    """Blocks of nodes, a probability of an edge for every pair of blocks.

    Parameters
    ----------
    sizes : ints
        Nodes of each block; the first ones are block 0.
    p : rows of floats
        ``p[i][j]``: from block i to block j; symmetric unless directed.
    seed : int
        Of the draws.
    directed : bool

    References
    ----------
    P. W. Holland, K. B. Laskey and S. Leinhardt, Stochastic blockmodels: first steps, 1983.
    """
    rows = [_floats("p", row) for row in _all("p", p)]
    counts = _all("sizes", sizes)
    if len(rows) != len(counts) or any(len(row) != len(counts) for row in rows):
        raise ValueError(
            f"p must have {len(counts)} rows of {len(counts)} numbers, as many as there are sizes"
        )
    reals = tuple(number for row in rows for number in row)
    blocks = {f"sizes[{block}]": count for block, count in enumerate(counts)}
    return _make("stochastic_block_model", blocks, reals, how, seed=seed, directed=directed)


def grid(
    rows: int, columns: int, *, periodic: bool = False, directed: bool = False, **how: Any
) -> Graph:
    """A grid: node ``r * columns + c`` is joined to its neighbours in row and column.

    Parameters
    ----------
    rows, columns : int
    periodic : bool
        The last row (column) is joined to the first, where there are more than two.
    directed : bool
        Both ways.
    """
    if isinstance(periodic, str) or periodic not in (False, True):
        raise TypeError(f"periodic must be True or False, not {type(periodic).__name__}")
    sides = {"rows": rows, "columns": columns}
    return _make("grid", sides, (float(periodic),), how, directed=directed)


def complete(n: int, *, directed: bool = False, **how: Any) -> Graph:
    """An edge between every two of `n` nodes; directed: both ways.

    Parameters
    ----------
    n : int
        Nodes.
    directed : bool
    """
    return _make("complete", {"n": n}, (), how, directed=directed)


def path(n: int, *, directed: bool = False, **how: Any) -> Graph:
    """0 - 1 - 2 - ...; directed: from each node to the next.

    Parameters
    ----------
    n : int
        Nodes.
    directed : bool
    """
    return _make("path", {"n": n}, (), how, directed=directed)


def cycle(n: int, *, directed: bool = False, **how: Any) -> Graph:
    """A path whose last node is joined to its first; directed: from each node to the next.

    Parameters
    ----------
    n : int
        Nodes, at least 3.
    directed : bool
    """
    return _make("cycle", {"n": n}, (), how, directed=directed)


def star(n: int, *, directed: bool = False, **how: Any) -> Graph:
    """Node 0 joined to all others; directed: from node 0.

    Parameters
    ----------
    n : int
        Nodes, the centre included (NetworkX's ``star_graph`` counts it apart).
    directed : bool
    """
    return _make("star", {"n": n}, (), how, directed=directed)


def karate_club(**how: Any) -> Graph:
    """Zachary's karate club: 34 members, 78 friendships.

    References
    ----------
    W. W. Zachary, An information flow model for conflict and fission in small groups, 1977.
    """
    return _make("karate_club", {}, (), how)


def _all(name: str, given: Iterable[Any]) -> tuple[Any, ...]:
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise TypeError(f"{name} must be a list, not {type(given).__name__}")
    return tuple(given)


def _floats(name: str, given: Iterable[float]) -> tuple[float, ...]:
    return tuple(_float(name, number) for number in _all(name, given))


def _float(name: str, number: Any) -> float:
    kind = type(number).__name__
    # A type and an array have __float__ as well, and are no numbers.
    if not hasattr(type(number), "__float__") or getattr(number, "shape", ()) != ():
        raise TypeError(f"{name} must be a number, not {kind}")
    return float(number)


def _integer(name: str, number: Any) -> int:
    if isinstance(number, bool) or not hasattr(type(number), "__index__"):
        raise TypeError(f"{name} must be int, not {type(number).__name__}")
    if getattr(number, "shape", ()) != ():
        raise TypeError(f"{name} must be one int, not an array")
    return operator.index(number)


def _make(
    name: str,
    integers: dict[str, int],
    reals: tuple[float, ...],
    how: dict[str, Any],
    *,
    seed: int = 0,
    directed: bool = False,
    multigraph: bool = False,
) -> Graph:
    backend = resolve(how.pop("backend", "c-gpu"))
    device = how.pop("device", None)
    on_device_error = how.pop("on_device_error", "cpu")
    limits = {limit: how.pop(limit, None) for limit in ("max_seconds", "progress", "threads")}
    if how:
        raise TypeError(f"{name}() got an unexpected keyword argument {next(iter(how))!r}")
    if on_device_error not in ("cpu", "raise"):
        raise ValueError(f"on_device_error must be 'cpu' or 'raise', not {on_device_error!r}")
    if device is not None or backend in ("cuda", "opencl"):
        from groggy.accelerators import check_device

        device = check_device(device, backend)
    whole = {given: _integer(given, number) for given, number in integers.items()}
    for given, number in whole.items():
        if not -(1 << 63) <= number < 1 << 63:
            raise OverflowError(f"{given} is {number}, which does not fit into 64 bits")
    seed = _integer("seed", seed)
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed is {seed}; expected an integer from 0 to below 2^64")
    core = "c" if backend == "python" else backend
    graph: Graph = _core.generate(
        Graph, name, tuple(whole.values()), reals, core, on_device_error, None if core == "c" else device,
        directed=directed, multigraph=multigraph, seed=seed, **limits,
    )  # fmt: skip
    if backend != "python":
        return graph
    copy = Graph("python", directed=graph.directed, multigraph=graph.multigraph)
    copy.add_nodes(list(graph))
    copy.add_edges([(edge.source, edge.target) for edge in graph.edges.values()])
    return copy
