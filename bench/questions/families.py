"""The other families beside the libraries: similarity, far paths, walks, layouts, sets, trees.

Kronecker graphs of scale 14 (the name of a row says when it is another: what costs more than a
pass over the graph, or has slow peers). Far paths are those of the largest component, where every
library means the same by a diameter. Bellman-Ford has negative lengths and no negative cycle.
Neighbours and walks are drawn by NumPy as well, one step of all walkers at once, as one writes it
by hand. Layouts run 50 iterations. Who takes ten times as long as another peer is left out.
"""

import gc

import kronecker
from measure import up_to_three
from report import faster_than_all

TITLE = "Similarity, far paths, walks, layouts, trees, sets on Kronecker graphs (scale 14: 16,384 nodes, 212 k edges)"
REPEAT = 2
SOURCES, WALK, FANOUT, ITERATIONS = 256, 10, 10, 50
NAMES = (
    "jaccard of all edges' ends, scale 12",
    "adamic_adar of all edges' ends, scale 12",
    "adamic_adar of all 2-hop pairs, scale 12",
    "bellman_ford, directed, scale 12",
    "eccentricity, scale 12",
    "diameter, scale 12",
    "average_shortest_path_length, scale 12",
    "distances of 256 sources",
    "distances of 256 sources, weighted, scale 12",
    "bfs_edges",
    "sample_neighbors, 10 of each node's",
    "random_walks, 10 steps from each node",
    "spring_layout, scale 10",
    "forceatlas2_layout, scale 10",
    "minimum_spanning_forest",
    "biconnected_components",
    "k_truss, scale 12",
    "greedy_color",
    "maximal_independent_set",
    "maximal_matching",
    "square_clustering, scale 10",
)
(
    JACCARD,
    ADAMIC,
    TWO_HOPS,
    BELLMAN,
    ECCENTRICITY,
    DIAMETER,
    AVERAGE,
    DISTANCES,
    WEIGHTED,
    BFS_EDGES,
    SAMPLE,
    WALKS,
    SPRING,
    FORCE,
    FOREST,
    BLOCKS,
    TRUSS,
    COLORS,
    INDEPENDENT,
    MATCHING,
    SQUARES,
) = NAMES
UNITS = {name: "s" for name in NAMES}


class _Inputs:
    """Graphs as (n, sources, targets), each made when it is asked for."""

    def __init__(self, divisor: int) -> None:
        self.scale = kronecker.scale_of(divisor) - 3

    def plain(self):
        return kronecker.edges(self.scale)

    def small(self):
        return kronecker.edges(self.scale - 2)

    def tiny(self):
        return kronecker.edges(self.scale - 4)

    def connected(self):
        """The largest component of the small graph, renumbered."""
        import numpy
        from scipy.sparse import csgraph

        n, sources, targets = self.small()
        label = csgraph.connected_components(_matrix(n, sources, targets), directed=False)[1]
        largest = numpy.bincount(label).argmax()
        inside = label == largest
        number = numpy.cumsum(inside) - 1
        kept = inside[sources]
        return int(inside.sum()), number[sources[kept]], number[targets[kept]]

    def with_negative(self):
        """Directed, and lengths of which some are negative: what a cycle loses it gets back."""
        import numpy

        n, sources, targets = kronecker.edges(self.scale - 2, True)
        height = numpy.random.default_rng(5).random(n)
        return n, sources, targets, kronecker.weights(len(sources)) + height[sources] - height[targets]

    def many(self, n: int):
        import numpy

        return numpy.random.default_rng(9).choice(n, SOURCES, replace=False)


def _matrix(n, sources, targets, values=None, both=False):
    import numpy
    import scipy.sparse

    values = numpy.ones(len(sources)) if values is None else values
    if both:
        sources, targets = numpy.append(sources, targets), numpy.append(targets, sources)
        values = numpy.append(values, values)
    return scipy.sparse.csr_array((values, (sources, targets)), shape=(n, n))


def _measure(make):
    """A contender: `make(inputs)` gives pairs (name, call)."""

    def run(scale: int):
        found: dict[str, float | list[float]] = {}
        for name, call in make(_Inputs(scale)):
            gc.collect()
            found[name] = up_to_three(call, 0.5)
        return found

    return run


def _groggy(inputs):
    n, sources, targets = inputs.plain()
    g = kronecker.groggy_graph(n, sources, targets, weight=kronecker.weights(len(sources)))
    many = inputs.many(n)
    yield DISTANCES, lambda: g.distances(many)
    yield BFS_EDGES, lambda: g.bfs_edges(0)
    yield SAMPLE, lambda: g.sample_neighbors(range(n), FANOUT, replace=True)
    yield WALKS, lambda: g.random_walks(length=WALK)
    yield FOREST, lambda: g.minimum_spanning_forest(weight="weight")
    yield BLOCKS, lambda: g.biconnected_components()
    yield COLORS, lambda: g.greedy_color()
    yield INDEPENDENT, lambda: g.maximal_independent_set()
    yield MATCHING, lambda: g.maximal_matching()
    n, sources, targets = inputs.small()
    s = kronecker.groggy_graph(n, sources, targets, weight=kronecker.weights(len(sources)))
    yield JACCARD, lambda: s.jaccard()
    yield ADAMIC, lambda: s.adamic_adar()
    yield TWO_HOPS, lambda: s.similar_pairs(measure="adamic_adar", max_pairs=n * n)
    yield WEIGHTED, lambda: s.distances(inputs.many(n), weight="weight")
    yield TRUSS, lambda: s.k_truss()
    c = kronecker.groggy_graph(*inputs.connected())
    yield ECCENTRICITY, lambda: c.eccentricity()
    yield DIAMETER, lambda: c.diameter()
    yield AVERAGE, lambda: c.average_shortest_path_length()
    n, sources, targets, lengths = inputs.with_negative()
    d = kronecker.groggy_graph(n, sources, targets, directed=True, length=lengths)
    yield BELLMAN, lambda: d.bellman_ford(0, weight="length")
    t = kronecker.groggy_graph(*inputs.tiny())
    yield SPRING, lambda: t.spring_layout(iterations=ITERATIONS, threshold=0)
    yield FORCE, lambda: t.forceatlas2_layout(iterations=ITERATIONS)
    yield SQUARES, lambda: t.square_clustering()


def _igraph_graph(n, sources, targets, directed=False):
    import igraph

    return igraph.Graph(n, list(zip(sources.tolist(), targets.tolist())), directed=directed)


def _igraph(inputs):
    n, sources, targets = inputs.plain()
    weight = kronecker.weights(len(sources)).tolist()
    g = _igraph_graph(n, sources, targets)
    many = inputs.many(n).tolist()
    yield DISTANCES, lambda: g.distances(many)
    yield BFS_EDGES, lambda: g.bfs(0)
    yield FOREST, lambda: g.spanning_tree(weights=weight, return_tree=False)
    yield BLOCKS, lambda: g.biconnected_components()
    yield COLORS, lambda: g.vertex_coloring_greedy()
    n, sources, targets = inputs.small()
    s = _igraph_graph(n, sources, targets)
    lengths = kronecker.weights(len(sources)).tolist()
    pairs = s.get_edgelist()
    yield JACCARD, lambda: s.similarity_jaccard(pairs=pairs)
    yield WEIGHTED, lambda: s.distances(inputs.many(n).tolist(), weights=lengths)
    c = _igraph_graph(*inputs.connected())
    yield ECCENTRICITY, lambda: c.eccentricity()
    yield DIAMETER, lambda: c.diameter()
    yield AVERAGE, lambda: c.average_path_length()
    n, sources, targets, negative = inputs.with_negative()
    d = _igraph_graph(n, sources, targets, directed=True)
    negative = negative.tolist()
    yield BELLMAN, lambda: d.distances(0, weights=negative, algorithm="bellman_ford")
    t = _igraph_graph(*inputs.tiny())
    yield SPRING, lambda: t.layout_fruchterman_reingold(niter=ITERATIONS)


def _networkit(inputs):
    import networkit as nk

    n, sources, targets = inputs.plain()
    g = kronecker.networkit_graph(n, sources, targets)
    w = kronecker.networkit_graph(n, sources, targets, kronecker.weights(len(sources)))
    many = inputs.many(n).tolist()
    yield DISTANCES, lambda: nk.distance.SPSP(g, many).run()
    yield BFS_EDGES, lambda: nk.distance.BFS(g, 0, storePaths=True).run()
    yield FOREST, lambda: nk.graph.KruskalMSF(w).run()
    yield BLOCKS, lambda: nk.components.BiconnectedComponents(g).run()
    yield INDEPENDENT, lambda: nk.independentset.Luby().run(g)
    yield MATCHING, lambda: nk.matching.PathGrowingMatcher(g).run()
    n, sources, targets = inputs.small()
    s = kronecker.networkit_graph(n, sources, targets)
    v = kronecker.networkit_graph(n, sources, targets, kronecker.weights(len(sources)))
    pairs = list(zip(sources.tolist(), targets.tolist()))
    yield JACCARD, lambda: nk.linkprediction.JaccardIndex(s).runOn(pairs)
    yield ADAMIC, lambda: nk.linkprediction.AdamicAdarIndex(s).runOn(pairs)
    yield WEIGHTED, lambda: nk.distance.SPSP(v, inputs.many(n).tolist()).run()
    c = kronecker.networkit_graph(*inputs.connected())
    exact = nk.distance.DiameterAlgo.EXACT
    yield ECCENTRICITY, lambda: [nk.distance.Eccentricity.getValue(c, u) for u in c.iterNodes()]
    yield DIAMETER, lambda: nk.distance.Diameter(c, exact).run()


def _graph_tool(inputs):
    import graph_tool.topology

    n, sources, targets = inputs.plain()
    g = kronecker.graph_tool_graph(n, sources, targets)
    yield BLOCKS, lambda: graph_tool.topology.label_biconnected_components(g)
    yield COLORS, lambda: graph_tool.topology.sequential_vertex_coloring(g)
    yield INDEPENDENT, lambda: graph_tool.topology.max_independent_vertex_set(g)
    s = kronecker.graph_tool_graph(*inputs.small())
    ends = s.get_edges()
    yield JACCARD, lambda: graph_tool.topology.vertex_similarity(s, "jaccard", ends)
    yield ADAMIC, lambda: graph_tool.topology.vertex_similarity(s, "inv-log-weight", ends)


def _scipy(inputs):
    import numpy
    from scipy.sparse import csgraph

    n, sources, targets = inputs.plain()
    m = _matrix(n, sources, targets, both=True)
    many = inputs.many(n)
    yield DISTANCES, lambda: csgraph.shortest_path(m, unweighted=True, indices=many)
    yield BFS_EDGES, lambda: csgraph.breadth_first_order(m, 0)
    w = _matrix(n, sources, targets, kronecker.weights(len(sources)))
    yield FOREST, lambda: csgraph.minimum_spanning_tree(w)
    n, sources, targets = inputs.small()
    s = _matrix(n, sources, targets, both=True)
    v = _matrix(n, sources, targets, kronecker.weights(len(sources)), both=True)
    yield WEIGHTED, lambda: csgraph.dijkstra(v, indices=inputs.many(n))

    def two_hops():
        share = 1 / numpy.log(numpy.maximum(s.sum(axis=0), 2))
        return s.multiply(share[numpy.newaxis, :]).tocsr() @ s

    yield TWO_HOPS, two_hops
    n, sources, targets, lengths = inputs.with_negative()
    d = _matrix(n, sources, targets, lengths)
    yield BELLMAN, lambda: csgraph.bellman_ford(d, indices=0)


def _numpy(inputs):
    import numpy

    n, sources, targets = inputs.plain()
    m = _matrix(n, sources, targets, both=True)
    degree = numpy.diff(m.indptr)
    draw = numpy.random.default_rng(0)
    linked = numpy.flatnonzero(degree)

    def step(at):
        return m.indices[m.indptr[at] + (draw.random(at.shape) * degree[at]).astype(numpy.int64)]

    def walks():
        at = numpy.empty((WALK + 1, len(linked)), numpy.int64)
        at[0] = linked
        for k in range(WALK):
            at[k + 1] = step(at[k])
        return at

    yield SAMPLE, lambda: step(numpy.repeat(linked, FANOUT))
    yield WALKS, walks


def _networkx(inputs):
    import networkx as nx

    def graph(n, sources, targets):
        g = nx.Graph()
        g.add_nodes_from(range(n))
        g.add_edges_from(zip(sources.tolist(), targets.tolist()))
        return g

    s = graph(*inputs.small())
    yield TRUSS, lambda: nx.k_truss(s, 3)
    t = graph(*inputs.tiny())
    yield FORCE, lambda: nx.forceatlas2_layout(t, max_iter=ITERATIONS, seed=0)
    yield SQUARES, lambda: nx.square_clustering(t)


CONTENDERS = {
    "groggy": _measure(_groggy),
    "igraph": _measure(_igraph),
    "networkit": _measure(_networkit),
    "graph-tool": _measure(_graph_tool),
    "scipy": _measure(_scipy),
    "numpy": _measure(_numpy),
    "networkx": _measure(_networkx),
}
ONCE = set(CONTENDERS) - {"groggy"}


def rows(seen, scale):
    """None slower than the fastest that has it."""
    return [faster_than_all(seen, name, ("groggy", name), name, ("groggy",)) for name in NAMES]
