"""Bulk loading: 1 M nodes and 10 M edges from two NumPy arrays of ints.

igraph, NetworKit, graph-tool and SciPy keep parallel edges (SciPy adds them up), so the like for
like row is our multigraph; the simple graph, which has to find repeated pairs, is shown too. Each load is
the first of its process: fresh memory is part of it.
"""

from measure import random_positions, seconds
from report import faster, limit

TITLE = "Bulk: 1 M nodes, 10 M edges from NumPy arrays of ints"
REPEAT = 3
UNITS = {"multigraph": "s", "simple": "s"}


def _arrays(scale: int):
    import numpy

    n, m = 1_000_000 // scale, 10_000_000 // scale
    return n, numpy.arange(n), random_positions(m, n, 1), random_positions(m, n, 2)


def _load(scale: int, multigraph: bool) -> float:
    from groggy import Graph

    _, ids, sources, targets = _arrays(scale)

    def load():
        g = Graph("c", multigraph=multigraph)
        g.add_nodes(ids)
        g.add_edges(sources, targets)

    return seconds(load)


def _groggy(scale: int):
    return {"multigraph": _load(scale, True)}


def _groggy_simple(scale: int):
    return {"simple": _load(scale, False)}


def _igraph(scale: int):
    import igraph
    import numpy

    n, _, sources, targets = _arrays(scale)

    def load():
        igraph.Graph(n, numpy.column_stack((sources, targets)), directed=True)

    return {"multigraph": seconds(load)}


def _networkit(scale: int):
    import networkit
    import numpy

    n, _, sources, targets = _arrays(scale)
    ends = (sources.astype(numpy.uint64), targets.astype(numpy.uint64))
    weights = numpy.ones(len(sources))
    return {
        "multigraph": seconds(
            lambda: networkit.GraphFromCoo((weights, ends), n, weighted=False, directed=True)
        )
    }


def _graph_tool(scale: int):
    import graph_tool
    import numpy

    n, _, sources, targets = _arrays(scale)

    def load():
        g = graph_tool.Graph(directed=True)
        g.add_vertex(n)
        g.add_edge_list(numpy.column_stack((sources, targets)))

    return {"multigraph": seconds(load)}


def _scipy(scale: int):
    import numpy
    import scipy.sparse

    n, _, sources, targets = _arrays(scale)

    def load():
        scipy.sparse.csr_array((numpy.ones(len(sources)), (sources, targets)), shape=(n, n))

    return {"simple": seconds(load)}


CONTENDERS = {
    "groggy": _groggy,
    "groggy, simple graph": _groggy_simple,
    "igraph": _igraph,
    "networkit": _networkit,
    "graph-tool": _graph_tool,
    "scipy (a matrix)": _scipy,
}


def rows(seen, scale):
    """Edges a second, and against igraph."""
    count = 10_000_000 // scale
    found = []
    for who, measure in (("groggy", "multigraph"), ("groggy, simple graph", "simple")):
        took = seen.least(who, measure)
        rate = None if took is None else count / took / 1e6
        found += [
            limit(f"bulk edges, {measure}", rate, 25.0, "M edges/s", most=False),
            faster(seen, f"bulk edges, {measure}", (who, measure), ("igraph", "multigraph"), 15),
        ]
    found.append(
        faster(
            seen,
            "bulk edges, multigraph",
            ("groggy", "multigraph"),
            ("networkit", "multigraph"),
            1,
            target="-",
        )
    )
    return found
