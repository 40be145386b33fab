"""The Kronecker graph that several questions build: the Graph500's shape, seeded, made with NumPy.

Every contender makes it in its own process, outside the clock, and gets the same edges.
"""

from __future__ import annotations

from typing import Any

SCALE = 17  # 131,072 nodes; 14 in a quick run


def scale_of(divisor: int) -> int:
    """The graph's scale: eight times smaller in a quick run."""
    return SCALE if divisor == 1 else SCALE - 3


def edges(scale: int, directed: bool = False) -> tuple[int, Any, Any]:
    """(n, sources, targets) of 2**scale nodes and 16 drawn edges a node, each kept once, no loops.

    Undirected ones have the smaller end first. Scale 17 has 1.86 M undirected edges.
    """
    import numpy

    draw = numpy.random.default_rng(scale)
    n, count = 1 << scale, 16 << scale
    ends = numpy.zeros((2, count), numpy.int64)
    for bit in range(scale):
        corner = draw.random(count, numpy.float32)
        low = corner >= 0.76  # 0.57 + 0.19: the lower half of the matrix
        right = numpy.where(low, corner >= 0.95, corner >= 0.57)
        ends[0] |= low.astype(numpy.int64) << bit
        ends[1] |= right.astype(numpy.int64) << bit
    ends = draw.permutation(n)[ends]
    if not directed:
        ends = numpy.sort(ends, axis=0)
    keys = numpy.unique(ends[0][ends[0] != ends[1]] * n + ends[1][ends[0] != ends[1]])
    return n, keys // n, keys % n


def weights(count: int) -> Any:
    """A random weight for each edge."""
    import numpy

    return numpy.random.default_rng(7).random(count)


def groggy_graph(n: int, sources: Any, targets: Any, directed: bool = False, **attributes: Any) -> Any:
    """Our graph of these edges."""
    import numpy
    from groggy import Graph

    g = Graph("c", directed=directed)
    g.add_nodes(numpy.arange(n))
    g.add_edges(sources, targets, **attributes)
    return g


def networkit_graph(n: int, sources: Any, targets: Any, weight: Any = None, directed: bool = False) -> Any:
    """NetworKit's, from coordinates."""
    import networkit
    import numpy

    values = numpy.ones(len(sources)) if weight is None else weight
    ends = (sources.astype(numpy.uint64), targets.astype(numpy.uint64))
    return networkit.GraphFromCoo((values, ends), n, weighted=weight is not None, directed=directed)


def graph_tool_graph(n: int, sources: Any, targets: Any, directed: bool = False) -> Any:
    """graph-tool's."""
    import graph_tool
    import numpy

    g = graph_tool.Graph(directed=directed)
    g.add_vertex(n)
    g.add_edge_list(numpy.column_stack((sources, targets)))
    return g


def modularity(n: int, sources: Any, targets: Any, community: Any) -> float:
    """Newman's modularity of a partition, by one formula for everybody."""
    import numpy

    community = numpy.unique(numpy.asarray(community), return_inverse=True)[1]
    inside = numpy.count_nonzero(community[sources] == community[targets])
    degree = numpy.bincount(sources, minlength=n) + numpy.bincount(targets, minlength=n)
    total = numpy.bincount(community, weights=degree)
    count = len(sources)
    return float(inside / count - ((total / (2 * count)) ** 2).sum())
