"""Small graphs: what one whole call takes from Python, beside igraph and the others.

karate (34 nodes, 78 edges) and netscience (1,461; 2,742), undirected; directed algorithms see the
same edges from the smaller to the larger end. A call makes a fresh answer in each library's own
form: ours a Result whose columns are arrays, igraph's mostly a list. igraph keeps whether a graph
is a DAG after it was asked once. A time is the least mean of 100 calls in a row.
"""

import gc
import pathlib

from measure import seconds
from report import Row, digits, faster, quantity

TITLE = "Small graphs: one whole call on karate (34 nodes) and netscience (1,461), seconds a call"
REPEAT = 3
DATA = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data"
FILES = ("karate", "netscience")
LINEAR = (
    "bfs",
    "shortest_paths",
    "dfs",
    "k_hop",
    "degrees",
    "connected_components",
    "connected_components, strong",
    "core_number",
    "topological_sort",
    "is_dag",
    "bridges",
    "articulation_points",
    "biconnected_components",
)
OTHERS = (
    "pagerank",
    "triangle_count",
    "clustering",
    "transitivity",
    "minimum_spanning_forest",
    "greedy_color",
    "label_propagation",
    "louvain",
    "leiden",
    "betweenness_centrality",
    "closeness_centrality",
)
UNITS = {f"{name}, {file}": "s" for file in FILES for name in LINEAR + OTHERS}
BOUND = 20e-6


def _edges(file: str):
    """(number of nodes, pairs): nodes in order, each edge once from the smaller end, no loops."""
    lines = (DATA / f"{file}.csv").read_text().replace(",", " ").splitlines()
    ends = [tuple(map(int, line.split()[:2])) for line in lines if line[:1].isdigit()]
    nodes = {node: index for index, node in enumerate(sorted({node for pair in ends for node in pair}))}
    pairs = {(min(u, v), max(u, v)) for u, v in ends if u != v}
    return len(nodes), sorted((nodes[u], nodes[v]) for u, v in pairs)


def _a_call(call) -> float:
    """Seconds a call, so many in a row that they take a while."""
    once = min(seconds(call) for _ in range(3))
    count = max(1, min(100, int(0.02 / once)))

    def loop():
        for _ in range(count):
            call()

    return min(seconds(loop) for _ in range(5)) / count


def _measure(make):
    def run(scale: int):
        found = {}
        for file in FILES:
            for name, call in make(*_edges(file)).items():
                gc.collect()
                found[f"{name}, {file}"] = _a_call(call)
        return found

    return run


def _groggy(n, pairs):
    from groggy import Graph

    g, d = Graph("c", directed=False), Graph("c", directed=True)
    for graph in (g, d):
        graph.add_nodes(range(n))
        graph.add_edges(pairs)
    return {
        "bfs": lambda: g.bfs(0),
        "shortest_paths": lambda: g.shortest_paths(0),
        "dfs": lambda: g.dfs(0),
        "k_hop": lambda: g.k_hop(0, 2),
        "degrees": lambda: g.degrees(),
        "connected_components": lambda: g.connected_components(),
        "connected_components, strong": lambda: d.connected_components(kind="strong"),
        "core_number": lambda: g.core_number(),
        "topological_sort": lambda: d.topological_sort(),
        "is_dag": lambda: d.is_dag(),
        "bridges": lambda: g.bridges(),
        "articulation_points": lambda: g.articulation_points(),
        "biconnected_components": lambda: g.biconnected_components(),
        "pagerank": lambda: g.pagerank(),
        "triangle_count": lambda: g.triangle_count(),
        "clustering": lambda: g.clustering(),
        "transitivity": lambda: g.transitivity(),
        "minimum_spanning_forest": lambda: g.minimum_spanning_forest(),
        "greedy_color": lambda: g.greedy_color(),
        "label_propagation": lambda: g.label_propagation(method="async"),
        "louvain": lambda: g.louvain(),
        "leiden": lambda: g.leiden(),
        "betweenness_centrality": lambda: g.betweenness_centrality(),
        "closeness_centrality": lambda: g.closeness_centrality(),
    }


def _igraph(n, pairs):
    import igraph

    g, d = igraph.Graph(n, pairs), igraph.Graph(n, pairs, directed=True)
    return {
        "bfs": lambda: g.bfs(0),
        "shortest_paths": lambda: g.distances(0),
        "dfs": lambda: g.dfs(0),
        "k_hop": lambda: g.neighborhood(0, 2),
        "degrees": lambda: g.degree(),
        "connected_components": lambda: g.connected_components(),
        "connected_components, strong": lambda: d.connected_components("strong"),
        "core_number": lambda: g.coreness(),
        "topological_sort": lambda: d.topological_sorting(),
        "is_dag": lambda: d.is_dag(),
        "bridges": lambda: g.bridges(),
        "articulation_points": lambda: g.articulation_points(),
        "biconnected_components": lambda: g.biconnected_components(),
        "pagerank": lambda: g.pagerank(),
        "clustering": lambda: g.transitivity_local_undirected(mode="zero"),
        "transitivity": lambda: g.transitivity_undirected(),
        "minimum_spanning_forest": lambda: g.spanning_tree(return_tree=False),
        "greedy_color": lambda: g.vertex_coloring_greedy(),
        "label_propagation": lambda: g.community_label_propagation(),
        "louvain": lambda: g.community_multilevel(),
        "leiden": lambda: g.community_leiden(objective_function="modularity"),
        "betweenness_centrality": lambda: g.betweenness(),
        "closeness_centrality": lambda: g.closeness(),
    }


def _networkx(n, pairs):
    import networkx as nx

    g, d = nx.Graph(), nx.DiGraph()
    for graph in (g, d):
        graph.add_nodes_from(range(n))
        graph.add_edges_from(pairs)
    return {
        "bfs": lambda: nx.single_source_shortest_path_length(g, 0),
        "degrees": lambda: dict(g.degree()),
        "connected_components": lambda: list(nx.connected_components(g)),
        "connected_components, strong": lambda: list(nx.strongly_connected_components(d)),
        "core_number": lambda: nx.core_number(g),
        "topological_sort": lambda: list(nx.topological_sort(d)),
        "pagerank": lambda: nx.pagerank(g),
    }


def _rustworkx(n, pairs):
    import rustworkx as rx

    g, d = rx.PyGraph(), rx.PyDiGraph()
    for graph in (g, d):
        graph.add_nodes_from(list(range(n)))
        graph.extend_from_edge_list(pairs)
    return {
        "bfs": lambda: rx.bfs_search(g, [0], rx.visit.BFSVisitor()),
        "connected_components": lambda: rx.connected_components(g),
        "connected_components, strong": lambda: rx.strongly_connected_components(d),
        "core_number": lambda: rx.core_number(g),
        "topological_sort": lambda: rx.topological_sort(d),
        "is_dag": lambda: rx.is_directed_acyclic_graph(d),
        "bridges": lambda: rx.bridges(g),
        "articulation_points": lambda: rx.articulation_points(g),
        "transitivity": lambda: rx.transitivity(g),
        "betweenness_centrality": lambda: rx.betweenness_centrality(g),
        "closeness_centrality": lambda: rx.closeness_centrality(g),
    }


CONTENDERS = {
    "groggy": _measure(_groggy),
    "igraph": _measure(_igraph),
    "networkx": _measure(_networkx),
    "rustworkx": _measure(_rustworkx),
}


def rows(seen, scale):
    """Linear algorithms within the bound, and none slower than igraph."""
    found = []
    for file in FILES:
        slow = [n for n in LINEAR if (seen.least("groggy", f"{n}, {file}") or 0) > BOUND]
        times = {n: t for n in LINEAR if (t := seen.least("groggy", f"{n}, {file}")) is not None}
        if times:
            worst = max(times, key=times.__getitem__)
            figure = f"{len(times) - len(slow)} of {len(times)}; {worst}: {quantity(times[worst], 's')}"
            ratio = f"{digits(times[worst] / BOUND)} of the bound"
            target = f"<= {quantity(BOUND, 's')}"
            found.append(Row(f"linear algorithms, {file}", figure, "-", ratio, target, not slow))
        for name in LINEAR + OTHERS:
            measure = f"{name}, {file}"
            if seen.least("igraph", measure) is not None:
                found.append(faster(seen, measure, ("groggy", measure), ("igraph", measure), 1))
    return found
