"""One add_edge, then a BFS, again and again: 131,072 nodes and 2 M edges (scale 17, 16 edges a node).

igraph rebuilds its index after every change; ours writes anew the rows that were touched. igraph's
BFS is whichever of its two is faster, distances() or bfs().
"""

from measure import random_positions, seconds
from report import Row, faster, limit, quantity

TITLE = "Mutate and ask: one add_edge, then BFS, on 2 M edges, repeated"
REPEAT = 3
UNITS = {
    "add_edge": "s",
    "add_edge + snapshot": "s",
    "add_edge + snapshot, an older one held": "s",
    "BFS": "s",
    "pair": "s",
}


def _arrays(scale: int):
    import numpy

    n, m = 131_072 // scale, 2_097_152 // scale
    return n, numpy.arange(n), random_positions(m, n, 1), random_positions(m, n, 2)


def _repeated(steps, ends) -> dict[str, float]:
    """The median of each step over some rounds; the pair is one whole round."""
    import statistics
    import time

    clock = time.perf_counter
    taken: dict[str, list[float]] = {name: [] for name, _ in steps} | {"pair": []}
    for u, v in ends:
        first = before = clock()
        for name, step in steps:
            step(u, v)
            now = clock()
            taken[name].append(now - before)
            before = now
        taken["pair"].append(before - first)
    return {name: statistics.median(values) for name, values in taken.items()}


def _ends(n: int, count: int):
    return list(zip(random_positions(count, n, 7).tolist(), random_positions(count, n, 8).tolist()))


def _groggy(scale: int):
    from groggy import Graph

    n, ids, sources, targets = _arrays(scale)
    g = Graph("c")
    g.add_nodes(ids)
    g.add_edges(sources, targets)
    g.add_edge(0, 1, weight=1.0)
    g.bfs(0)
    found = _repeated(
        [
            ("add_edge", lambda u, v: g.add_edge(u, v)),
            ("BFS", lambda u, v: g.bfs(0)),
        ],
        _ends(n, 40),
    )
    # The snapshot with the change that it follows: what one of them puts off the other pays.
    found["add_edge + snapshot"] = _repeated(
        [("change", lambda u, v: (g.add_edge(v, u), g.snapshot()))], _ends(n, 60)
    )["pair"]
    held = [g.snapshot()]
    found["add_edge + snapshot, an older one held"] = _repeated(
        [("change", lambda u, v: (g.add_edge(u, v + 1), held.append(g.snapshot())))], _ends(n - 1, 10)
    )["pair"]
    return found


def _igraph(scale: int):
    import igraph
    import numpy

    n, _, sources, targets = _arrays(scale)
    g = igraph.Graph(n, numpy.column_stack((sources, targets)), directed=True)
    quick = min(
        (lambda u, v: g.distances(0), lambda u, v: g.bfs(0)),
        key=lambda call: seconds(lambda: call(0, 0)),
    )
    return _repeated([("add_edge", lambda u, v: g.add_edge(u, v)), ("BFS", quick)], _ends(n, 4))


def _networkit(scale: int):
    import networkit
    import numpy

    n, _, sources, targets = _arrays(scale)
    ends = (sources.astype(numpy.uint64), targets.astype(numpy.uint64))
    g = networkit.GraphFromCoo((numpy.ones(len(sources)), ends), n, weighted=False, directed=True)
    return _repeated(
        [
            ("add_edge", lambda u, v: g.addEdge(u, v)),
            ("BFS", lambda u, v: networkit.distance.BFS(g, 0, storePaths=False).run()),
        ],
        _ends(n, 8),
    )


CONTENDERS = {"groggy": _groggy, "igraph": _igraph, "networkit": _networkit}


def rows(seen, scale):
    """The snapshot, and the pair."""
    return [
        limit(
            "one add_edge and the snapshot after it", seen.least("groggy", "add_edge + snapshot"), 50e-6, "s"
        ),
        Row(
            "the same with an older snapshot held",
            quantity(seen.least("groggy", "add_edge + snapshot, an older one held"), "s"),
            "-",
            "-",
            "-",
            None,
        ),
        faster(seen, "add_edge + BFS", ("groggy", "pair"), ("igraph", "pair"), 100),
        faster(seen, "add_edge + BFS", ("groggy", "pair"), ("networkit", "pair"), 1, target="-"),
    ]
