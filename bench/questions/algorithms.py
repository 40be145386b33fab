"""Every algorithm of the command line on wiki-Vote and astro-ph, beside the peers that have it.

The graphs are in memory; a fresh result is computed each time, defaults are kept. Betweenness is
drawn from 16 sources where the library can do that. A cell is empty where a library has no such
function or means another thing by it (clustering of directed graphs). No targets here.
"""

import gc
import pathlib

from measure import seconds
from report import Row, digits, quantity

TITLE = "Algorithms on wiki-Vote (7,115 nodes, 103,689 edges) and astro-ph (16,706; 121,251)"
REPEAT = 2
DATA = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data"
ALGORITHMS = (
    "bfs",
    "shortest_paths",
    "connected_components",
    "pagerank",
    "betweenness_centrality",
    "edge_betweenness",
    "degrees",
    "k_hop",
    "triangle_count",
    "clustering",
    "transitivity",
    "core_number",
    "label_propagation",
    "jaccard",
)
FILES = {"wiki-Vote": "wiki-Vote.txt", "astro-ph": "astro-ph.graph"}
UNITS = {f"{name}, {file}": "s" for file in FILES for name in ALGORITHMS}
SAMPLES = 16


def _edges(file: str):
    """(number of nodes, list of pairs, directed), nodes renumbered in order of appearance."""
    lines = (DATA / FILES[file]).read_text().splitlines()
    if file == "wiki-Vote":
        pairs = [tuple(map(int, line.split())) for line in lines if not line.startswith("#")]
        index: dict[int, int] = {}
        pairs = [(index.setdefault(u, len(index)), index.setdefault(v, len(index))) for u, v in pairs]
        return len(index), pairs, True
    lines = [line for line in lines if not line.startswith("%")]
    count = int(lines[0].split()[0])
    rows = [[int(word) - 1 for word in line.split()] for line in lines[1 : count + 1]]
    return count, [(u, v) for u, row in enumerate(rows) for v in row if u < v], False


def _source(pairs) -> int:
    """A node of high degree: every algorithm starts where most can be reached."""
    degree: dict[int, int] = {}
    for pair in pairs:
        for v in pair:
            degree[v] = degree.get(v, 0) + 1
    return max(degree, key=degree.__getitem__)


def _measure(make):
    """A contender: `make(n, pairs, directed, source)` gives name -> call."""

    def run(scale: int):
        found = {}
        for file in FILES:
            n, pairs, directed = _edges(file)
            for name, call in make(n, pairs, directed, _source(pairs)).items():
                gc.collect()
                first = seconds(call)
                again = [seconds(call) for _ in range(2 if first < 0.2 else 0)]
                found[f"{name}, {file}"] = min([first, *again])
        return found

    return run


def _groggy(n, pairs, directed, source):
    from groggy import Graph

    g = Graph("c", directed=directed)
    g.add_nodes(range(n))
    g.add_edges(pairs)
    return {
        "bfs": lambda: g.bfs(source),
        "shortest_paths": lambda: g.shortest_paths(source),
        "connected_components": lambda: g.connected_components(),
        "pagerank": lambda: g.pagerank(),
        "betweenness_centrality": lambda: g.betweenness_centrality(samples=SAMPLES),
        "edge_betweenness": lambda: g.edge_betweenness(samples=SAMPLES),
        "degrees": lambda: g.degrees(),
        "k_hop": lambda: g.k_hop(source, 2),
        "triangle_count": lambda: g.triangle_count(),
        "clustering": lambda: g.clustering(),
        "transitivity": lambda: g.transitivity(),
        "core_number": lambda: g.core_number(),
        "label_propagation": lambda: g.label_propagation(method="async"),
        "jaccard": lambda: g.jaccard(),
    }


def _networkx(n, pairs, directed, source):
    import networkx as nx

    g = nx.DiGraph() if directed else nx.Graph()
    g.add_nodes_from(range(n))
    g.add_edges_from(pairs)
    simple = nx.Graph(g)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    components = nx.weakly_connected_components if directed else nx.connected_components
    return {
        "bfs": lambda: nx.single_source_shortest_path_length(g, source),
        "shortest_paths": lambda: nx.single_source_dijkstra_path_length(g, source, weight=None),
        "connected_components": lambda: list(components(g)),
        "pagerank": lambda: nx.pagerank(g),
        "betweenness_centrality": lambda: nx.betweenness_centrality(g, k=SAMPLES, seed=0),
        "edge_betweenness": lambda: nx.edge_betweenness_centrality(g, k=SAMPLES, seed=0),
        "degrees": lambda: dict(g.degree()),
        "k_hop": lambda: nx.single_source_shortest_path_length(g, source, cutoff=2),
        "triangle_count": lambda: nx.triangles(simple),
        "clustering": lambda: nx.clustering(g),
        "transitivity": lambda: nx.transitivity(simple),
        "core_number": lambda: nx.core_number(g),
        "label_propagation": lambda: list(nx.community.asyn_lpa_communities(g, seed=0)),
        "jaccard": lambda: list(nx.jaccard_coefficient(simple, simple.edges())),
    }


def _igraph(n, pairs, directed, source):
    import igraph

    g = igraph.Graph(n, pairs, directed=directed)
    simple = g.as_undirected().simplify()
    drawn = list(range(0, n, n // SAMPLES))[:SAMPLES]
    return {
        "bfs": lambda: g.distances(source),
        "shortest_paths": lambda: g.distances(source, algorithm="dijkstra"),
        "connected_components": lambda: g.connected_components("weak"),
        "pagerank": lambda: g.pagerank(),
        "betweenness_centrality": lambda: g.betweenness(directed=directed, sources=drawn),
        "degrees": lambda: g.degree(),
        "k_hop": lambda: g.neighborhood(source, 2, mode="out"),
        "triangle_count": lambda: simple.list_triangles() and None,
        "transitivity": lambda: simple.transitivity_undirected(),
        "core_number": lambda: g.coreness(),
        "label_propagation": lambda: g.community_label_propagation(),
        "jaccard": lambda: simple.similarity_jaccard(pairs=pairs),
    } | ({} if directed else {"clustering": lambda: simple.transitivity_local_undirected(mode="zero")})


def _networkit(n, pairs, directed, source):
    import networkit as nk

    g = nk.Graph(n, directed=directed)
    for u, v in pairs:
        g.addEdge(u, v)
    simple = nk.graphtools.toUndirected(g) if directed else nk.Graph(g)
    simple.removeSelfLoops()
    simple.removeMultiEdges()
    parts = nk.components.WeaklyConnectedComponents if directed else nk.components.ConnectedComponents
    return {
        "bfs": lambda: nk.distance.BFS(g, source, storePaths=True).run(),
        "shortest_paths": lambda: nk.distance.Dijkstra(g, source, storePaths=True).run(),
        "connected_components": lambda: parts(g).run(),
        "pagerank": lambda: nk.centrality.PageRank(g, damp=0.85, tol=1e-6).run(),
        "betweenness_centrality": lambda: nk.centrality.EstimateBetweenness(g, SAMPLES, True, True).run(),
        "degrees": lambda: nk.centrality.DegreeCentrality(g).run(),
        "core_number": lambda: nk.centrality.CoreDecomposition(simple).run(),
        "label_propagation": lambda: nk.community.PLP(simple).run(),
    } | ({} if directed else {"clustering": lambda: nk.centrality.LocalClusteringCoefficient(simple).run()})


CONTENDERS = {
    "groggy": _measure(_groggy),
    "networkx": _measure(_networkx),
    "igraph": _measure(_igraph),
    "networkit": _measure(_networkit),
}
ONCE = {"networkx"}


def rows(seen, scale):
    """How many times as long each peer takes."""
    found = []
    for measure in UNITS:
        ours = seen.least("groggy", measure)
        if ours is None:
            continue
        times = [
            f"{peer} {digits(theirs / ours)} x"
            for peer in ("networkx", "igraph", "networkit")
            if (theirs := seen.least(peer, measure)) is not None
        ]
        found.append(Row(measure, quantity(ours, "s"), "", ", ".join(times), "-", None))
    return found
