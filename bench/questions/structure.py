"""Cores, clustering, strong components, spanning forest, closeness beside the libraries.

Kronecker graphs of scale 17; closeness, exact for all nodes, on scale 12. Defaults of each library,
as many threads as each takes by itself. SciPy has no closeness: its all-pairs distances are asked
for in blocks of 512 sources and added up, which is the work.
"""

import kronecker
from measure import up_to_three
from report import faster

TITLE = "Cores, clustering, SCC, closeness, MST on Kronecker graphs (scale 17: 131,072 nodes, 1.86 M edges)"
REPEAT = 2
NAMES = ("k-core", "clustering", "SCC, directed", "MST", "closeness, scale 12")
UNITS = {name: "s" for name in NAMES}


class _Graphs:
    """The three graphs, each made when it is asked for."""

    def __init__(self, divisor: int) -> None:
        self.scale = kronecker.scale_of(divisor)

    def plain(self):
        return kronecker.edges(self.scale)

    def directed(self):
        return kronecker.edges(self.scale, True)

    def small(self):
        return kronecker.edges(self.scale - 5)


def _measure(make):
    """A contender: `make(graphs)` gives pairs (name, maker of a call), one graph at a time."""

    def run(scale: int):
        found: dict[str, float | list[float]] = {}
        for name, prepare in make(_Graphs(scale)):
            found[name] = up_to_three(prepare(), 2)
        return found

    return run


def _groggy(graphs):
    n, sources, targets = graphs.plain()
    g = kronecker.groggy_graph(n, sources, targets, weight=kronecker.weights(len(sources)))
    yield "k-core", lambda: lambda: g.core_number()
    yield "clustering", lambda: lambda: g.clustering()
    yield "MST", lambda: lambda: g.minimum_spanning_forest(weight="weight")
    d = kronecker.groggy_graph(*graphs.directed(), directed=True)
    yield "SCC, directed", lambda: lambda: d.connected_components(kind="strong")
    s = kronecker.groggy_graph(*graphs.small())
    yield "closeness, scale 12", lambda: lambda: s.closeness_centrality()


def _networkit(graphs):
    import networkit as nk

    n, sources, targets = graphs.plain()
    g = kronecker.networkit_graph(n, sources, targets)
    yield "k-core", lambda: lambda: nk.centrality.CoreDecomposition(g).run()
    yield "clustering", lambda: lambda: nk.centrality.LocalClusteringCoefficient(g).run()
    w = kronecker.networkit_graph(n, sources, targets, kronecker.weights(len(sources)))
    yield "MST", lambda: lambda: nk.graph.KruskalMSF(w).run()
    d = kronecker.networkit_graph(*graphs.directed(), directed=True)
    yield "SCC, directed", lambda: lambda: nk.components.StronglyConnectedComponents(d).run()
    s = kronecker.networkit_graph(*graphs.small())
    kind = nk.centrality.ClosenessVariant.GENERALIZED
    yield "closeness, scale 12", lambda: lambda: nk.centrality.Closeness(s, False, kind).run()


def _igraph_graph(n, sources, targets, directed=False):
    import igraph

    return igraph.Graph(n, list(zip(sources.tolist(), targets.tolist())), directed=directed)


def _igraph(graphs):
    n, sources, targets = graphs.plain()
    weight = kronecker.weights(len(sources)).tolist()
    g = _igraph_graph(n, sources, targets)
    yield "k-core", lambda: lambda: g.coreness()
    yield "clustering", lambda: lambda: g.transitivity_local_undirected(mode="zero")
    yield "MST", lambda: lambda: g.spanning_tree(weights=weight, return_tree=False)
    d = _igraph_graph(*graphs.directed(), directed=True)
    yield "SCC, directed", lambda: lambda: d.connected_components("strong")
    s = _igraph_graph(*graphs.small())
    yield "closeness, scale 12", lambda: lambda: s.closeness()


def _graph_tool(graphs):
    import graph_tool.centrality
    import graph_tool.clustering
    import graph_tool.topology

    n, sources, targets = graphs.plain()
    g = kronecker.graph_tool_graph(n, sources, targets)
    weight = g.new_edge_property("double", vals=kronecker.weights(len(sources)))
    yield "k-core", lambda: lambda: graph_tool.topology.kcore_decomposition(g)
    yield "clustering", lambda: lambda: graph_tool.clustering.local_clustering(g)
    yield "MST", lambda: lambda: graph_tool.topology.min_spanning_tree(g, weights=weight)
    d = kronecker.graph_tool_graph(*graphs.directed(), directed=True)
    yield "SCC, directed", lambda: lambda: graph_tool.topology.label_components(d, directed=True)
    s = kronecker.graph_tool_graph(*graphs.small())
    yield "closeness, scale 12", lambda: lambda: graph_tool.centrality.closeness(s)


def _scipy(graphs):
    import numpy
    import scipy.sparse
    from scipy.sparse import csgraph

    def matrix(n, sources, targets, weight=None):
        values = numpy.ones(len(sources)) if weight is None else weight
        return scipy.sparse.csr_array((values, (sources, targets)), shape=(n, n))

    n, sources, targets = graphs.plain()
    w = matrix(n, sources, targets, kronecker.weights(len(sources)))
    yield "MST", lambda: lambda: csgraph.minimum_spanning_tree(w)
    d = matrix(*graphs.directed())
    yield "SCC, directed", lambda: lambda: csgraph.connected_components(d, connection="strong")
    m, sources, targets = graphs.small()
    s = matrix(m, numpy.append(sources, targets), numpy.append(targets, sources))

    def closeness():
        for begin in range(0, m, 512):
            rows = numpy.arange(begin, min(begin + 512, m))
            distances = csgraph.shortest_path(s, unweighted=True, indices=rows)
            numpy.where(numpy.isinf(distances), 0, distances).sum(axis=1)

    yield "closeness, scale 12", lambda: closeness


CONTENDERS = {
    "groggy": _measure(_groggy),
    "networkit": _measure(_networkit),
    "igraph": _measure(_igraph),
    "graph-tool": _measure(_graph_tool),
    "scipy": _measure(_scipy),
}
ONCE = {"igraph"}


def rows(seen, scale):
    """Twice as fast as the fastest."""
    found = []
    for name in NAMES:
        peer = seen.fastest(name, ("groggy",)) or "networkit"
        found.append(faster(seen, name, ("groggy", name), (peer, name), 2, target=">= 2 x the fastest peer"))
    return found
