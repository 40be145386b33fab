"""Every algorithm of the command line on wiki-Vote and astro-ph, beside the peers that have it.

The graphs are in memory; a fresh result is computed each time, defaults are kept. Betweenness is
drawn from 16 sources where the library can do that. A cell is empty where a library has no such
function, means another thing by it (clustering of directed graphs), or takes minutes (networkx's
and NetworKit's closeness, harmonic). Topological order is of the edges from the smaller to the
larger end. No targets here.
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
    "dfs",
    "descendants",
    "topological_sort",
    "connected_components, strong",
    "bridges",
    "articulation_points",
    "biconnected_components",
    "closeness_centrality",
    "harmonic_centrality",
    "eigenvector_centrality",
    "katz_centrality",
    "hits",
    "degree_centrality",
    "louvain",
    "leiden",
    "modularity",
    "k_truss",
    "greedy_color",
    "maximal_independent_set",
    "maximal_matching",
    "minimum_spanning_forest",
    "random_walks",
    "adamic_adar",
)
FILES = {"wiki-Vote": "wiki-Vote.txt", "astro-ph": "astro-ph.graph"}
UNITS = {f"{name}, {file}": "s" for file in FILES for name in ALGORITHMS}
SAMPLES = 16
ALPHA = 1e-3  # Katz's, below one over the largest eigenvalue of both graphs
WALK = 10


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


def _acyclic(pairs) -> list:
    """The same edges from the smaller to the larger end, each once."""
    return sorted({(min(u, v), max(u, v)) for u, v in pairs if u != v})


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
    dag = Graph("c", directed=True)
    dag.add_nodes(range(n))
    dag.add_edges(_acyclic(pairs))
    parts = g.louvain().to_dict()
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
        "dfs": lambda: g.dfs(source),
        "descendants": lambda: g.descendants(source),
        "topological_sort": lambda: dag.topological_sort(),
        "connected_components, strong": lambda: g.connected_components(kind="strong"),
        "bridges": lambda: g.bridges(),
        "articulation_points": lambda: g.articulation_points(),
        "biconnected_components": lambda: g.biconnected_components(),
        "closeness_centrality": lambda: g.closeness_centrality(),
        "harmonic_centrality": lambda: g.harmonic_centrality(),
        "eigenvector_centrality": lambda: g.eigenvector_centrality(max_iterations=1000),
        "katz_centrality": lambda: g.katz_centrality(alpha=ALPHA),
        "hits": lambda: g.hits(max_iterations=1000),
        "degree_centrality": lambda: g.degree_centrality(),
        "louvain": lambda: g.louvain(),
        "leiden": lambda: g.leiden(),
        "modularity": lambda: g.modularity(community=parts),
        "k_truss": lambda: g.k_truss(),
        "greedy_color": lambda: g.greedy_color(),
        "maximal_independent_set": lambda: g.maximal_independent_set(),
        "maximal_matching": lambda: g.maximal_matching(),
        "minimum_spanning_forest": lambda: g.minimum_spanning_forest(),
        "random_walks": lambda: g.random_walks(length=WALK),
        "adamic_adar": lambda: g.adamic_adar(),
    }


def _networkx(n, pairs, directed, source):
    import networkx as nx

    g = nx.DiGraph() if directed else nx.Graph()
    g.add_nodes_from(range(n))
    g.add_edges_from(pairs)
    simple = nx.Graph(g)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    components = nx.weakly_connected_components if directed else nx.connected_components
    dag = nx.DiGraph(_acyclic(pairs))
    parts = nx.community.label_propagation_communities(simple)
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
        "dfs": lambda: list(nx.dfs_preorder_nodes(g, source)),
        "descendants": lambda: nx.descendants(g, source),
        "topological_sort": lambda: list(nx.topological_sort(dag)),
        "bridges": lambda: list(nx.bridges(simple)),
        "articulation_points": lambda: list(nx.articulation_points(simple)),
        "biconnected_components": lambda: list(nx.biconnected_components(simple)),
        "katz_centrality": lambda: nx.katz_centrality(g, alpha=ALPHA),
        "hits": lambda: nx.hits(g, max_iter=1000),
        "degree_centrality": lambda: nx.degree_centrality(g),
        "louvain": lambda: nx.community.louvain_communities(simple, seed=0),
        "modularity": lambda: nx.community.modularity(simple, parts),
        "k_truss": lambda: nx.k_truss(simple, 3),
        "greedy_color": lambda: nx.greedy_color(simple),
        "maximal_independent_set": lambda: nx.maximal_independent_set(simple, seed=0),
        "maximal_matching": lambda: nx.maximal_matching(simple),
        "minimum_spanning_forest": lambda: list(nx.minimum_spanning_edges(simple, weight=None, data=False)),
        "adamic_adar": lambda: list(nx.adamic_adar_index(simple, simple.edges())),
    } | (
        {"connected_components, strong": lambda: list(nx.strongly_connected_components(g))}
        if directed
        else {"eigenvector_centrality": lambda: nx.eigenvector_centrality(g, max_iter=1000)}
    )


def _igraph(n, pairs, directed, source):
    import igraph

    g = igraph.Graph(n, pairs, directed=directed)
    simple = g.as_undirected().simplify()
    dag = igraph.Graph(n, _acyclic(pairs), directed=True)
    parts = simple.community_multilevel().membership
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
        "dfs": lambda: g.dfs(source),
        "descendants": lambda: g.subcomponent(source, mode="out"),
        "topological_sort": lambda: dag.topological_sorting(),
        "connected_components, strong": lambda: g.connected_components("strong"),
        "bridges": lambda: simple.bridges(),
        "articulation_points": lambda: simple.articulation_points(),
        "biconnected_components": lambda: simple.biconnected_components(),
        "closeness_centrality": lambda: g.closeness(mode="in"),
        "hits": lambda: g.hub_score(),
        "louvain": lambda: simple.community_multilevel(),
        "leiden": lambda: simple.community_leiden(objective_function="modularity"),
        "modularity": lambda: simple.modularity(parts),
        "greedy_color": lambda: simple.vertex_coloring_greedy(),
        "minimum_spanning_forest": lambda: simple.spanning_tree(return_tree=False),
        "random_walks": lambda: [g.random_walk(v, WALK, mode="out", stuck="return") for v in range(n)],
    } | (
        {}
        if directed
        else {
            "clustering": lambda: simple.transitivity_local_undirected(mode="zero"),
            "eigenvector_centrality": lambda: g.eigenvector_centrality(),
        }
    )


def _networkit(n, pairs, directed, source):
    import networkit as nk

    g = nk.Graph(n, directed=directed)
    for u, v in pairs:
        g.addEdge(u, v)
    simple = nk.graphtools.toUndirected(g) if directed else nk.Graph(g)
    simple.removeSelfLoops()
    simple.removeMultiEdges()
    components = nk.components.WeaklyConnectedComponents if directed else nk.components.ConnectedComponents
    parts = nk.community.PLM(simple).run().getPartition()
    return {
        "bfs": lambda: nk.distance.BFS(g, source, storePaths=True).run(),
        "shortest_paths": lambda: nk.distance.Dijkstra(g, source, storePaths=True).run(),
        "connected_components": lambda: components(g).run(),
        "pagerank": lambda: nk.centrality.PageRank(g, damp=0.85, tol=1e-6).run(),
        "betweenness_centrality": lambda: nk.centrality.EstimateBetweenness(g, SAMPLES, True, True).run(),
        "degrees": lambda: nk.centrality.DegreeCentrality(g).run(),
        "core_number": lambda: nk.centrality.CoreDecomposition(simple).run(),
        "label_propagation": lambda: nk.community.PLP(simple).run(),
        "biconnected_components": lambda: nk.components.BiconnectedComponents(simple).run(),
        "eigenvector_centrality": lambda: nk.centrality.EigenvectorCentrality(g).run(),
        "katz_centrality": lambda: nk.centrality.KatzCentrality(g, ALPHA).run(),
        "louvain": lambda: nk.community.PLM(simple).run(),
        "leiden": lambda: nk.community.ParallelLeiden(simple).run(),
        "modularity": lambda: nk.community.Modularity().getQuality(parts, simple),
        "maximal_independent_set": lambda: nk.independentset.Luby().run(simple),
    } | (
        {"connected_components, strong": lambda: nk.components.StronglyConnectedComponents(g).run()}
        if directed
        else {"clustering": lambda: nk.centrality.LocalClusteringCoefficient(simple).run()}
    )


CONTENDERS = {
    "groggy": _measure(_groggy),
    "networkx": _measure(_networkx),
    "igraph": _measure(_igraph),
    "networkit": _measure(_networkit),
}
ONCE = {"networkx", "igraph"}


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
