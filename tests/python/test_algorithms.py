"""Every algorithm against NetworkX on random graphs of every kind, and against SciPy and igraph.

The graphs are directed or not, simple or with parallel edges, with self-loops, isolated nodes,
string and int ids, weights with ties, edges without a weight, and holes from removed nodes.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import networkx as nx
import numpy as np
import pytest
from groggy.errors import AttributeNotFoundError, NodeNotFoundError, NotConvergedError
from groggy.oracle.algorithms.draw import sample

WEIGHTS = [0.25, 0.5, 1, 1.0, 2, 3.75]
KINDS = [
    (directed, multigraph, seed)
    for directed in (True, False)
    for multigraph in (True, False)
    for seed in range(4)
]


def pair_of_graphs(make_graph, directed, multigraph, seed, weights=WEIGHTS):
    """A graph and its NetworkX twin, where edge keys (attribute `id`) are edge ids."""
    draw = random.Random(f"{directed} {multigraph} {seed}")
    size = [9, 14, 24, 40][seed]
    ids = [n if draw.random() < 0.5 else f"n{n}" for n in range(size)]
    g = make_graph(directed=directed, multigraph=multigraph)
    g.add_nodes(ids)
    for _ in range(int(size * [3, 1.2, 2, 1.7][seed])):
        ends = draw.choice(ids), draw.choice(ids)
        if draw.random() < 0.15:
            g.add_edge(*ends)
        else:
            g.add_edge(*ends, w=draw.choice(weights))
    g.remove_nodes(draw.sample(ids, size // 8))
    g.remove_edges(draw.sample(g.edge_ids(), g.edge_count() // 8))
    g.add_edge("late", draw.choice(g.node_ids()), w=1)
    g.add_edge("late", "later", w=2)
    return g, twin(g)


def twin(g):
    kind = {
        (True, True): nx.MultiDiGraph,
        (True, False): nx.DiGraph,
        (False, True): nx.MultiGraph,
        (False, False): nx.Graph,
    }[g.directed, g.multigraph]
    other = kind()
    other.add_nodes_from(g.node_ids())
    for id, edge in g.edges.items():
        key = {"key": id} if g.multigraph else {}
        other.add_edge(edge.source, edge.target, **key, id=id, **dict(edge))
    return other


def simple(other, weight=None):
    """The graph without parallel edges (weights added up)."""
    kind = nx.DiGraph if other.is_directed() else nx.Graph
    result = kind()
    result.add_nodes_from(other)
    for u, v, data in other.edges(data=True):
        more = data.get(weight, 1)
        known = result.get_edge_data(u, v, {"weight": 0})["weight"]
        result.add_edge(u, v, weight=known + more)
    return result


def undirected(other):
    """Directions, parallel edges and loops dropped."""
    result = nx.Graph()
    result.add_nodes_from(other)
    result.add_edges_from((u, v) for u, v in other.edges() if u != v)
    return result


def oriented(other, direction):
    """The graph whose out-edges are this one's edges in a direction."""
    if not other.is_directed() or direction == "out":
        return other
    if direction == "in":
        return other.reverse()
    both = nx.MultiGraph()  # u -> v and v -> u may have different weights
    both.add_nodes_from(other)
    both.add_edges_from(other.edges(data=True))
    return both


def close(result, expected):
    assert list(result) == list(expected) or set(result) == set(expected)
    for id, value in expected.items():
        assert result[id] == pytest.approx(value, rel=1e-9, abs=1e-12, nan_ok=True), id


@pytest.fixture(params=KINDS, ids=lambda kind: "-".join(map(str, kind)))
def graphs(make_graph, request):
    return pair_of_graphs(make_graph, *request.param)


# Paths.


@pytest.mark.parametrize("direction", ["out", "in", "both"])
def test_bfs(graphs, direction):
    g, other = graphs
    other = oriented(other, direction)
    ids = g.node_ids()
    for sources in ([ids[0]], ["late"], ids[2:4], ids):
        expected = nx.multi_source_dijkstra_path_length(other, set(sources), weight=None)
        levels = {id: int(expected.get(id, -1)) for id in ids}
        result = g.bfs(sources if len(sources) > 1 else sources[0], direction=direction)
        assert result.to_dict() == levels and list(result) == ids
        for id in ids:
            nearer = [
                before
                for before in ids
                if levels[before] == levels[id] - 1 and other.has_edge(before, id)
            ]
            expected_predecessor = nearer[0] if levels[id] > 0 else None
            assert result.predecessor[id] == expected_predecessor
            if levels[id] >= 0:
                path = result.path(id)
                assert path[0] in sources and path[-1] == id and len(path) == levels[id] + 1
                assert all(other.has_edge(*step) for step in itertools.pairwise(path))
        for depth in (0, 1, 2):
            cut = {id: level if level <= depth else -1 for id, level in levels.items()}
            assert g.bfs(sources, direction=direction, max_depth=depth).to_dict() == cut
            within = [(level, id) for id, level in cut.items() if level >= 0]
            in_order = [id for _, id in sorted(within, key=lambda item: item[0])]
            assert g.k_hop(sources, depth, direction=direction) == in_order


def lightest(other, u, v, weight):
    if not other.has_edge(u, v):
        return math.inf
    data = other.get_edge_data(u, v)
    edges = data.values() if other.is_multigraph() else [data]
    return min(edge.get(weight, 1) for edge in edges)


def check_predecessors(result, other, sources, weight):
    ids = list(result)
    distance = result.to_dict()
    for id in ids:
        predecessor = result.predecessor[id]
        if id in sources or distance[id] == math.inf:
            assert predecessor is None
            continue
        tight = [
            before
            for before in ids
            if distance[before] + lightest(other, before, id, weight) == distance[id] < math.inf
        ]
        nearer = [before for before in tight if distance[before] < distance[id]]
        if nearer:
            assert predecessor == nearer[0]
        else:
            assert predecessor in tight
        path = result.path(id)
        assert path[0] in sources
        length = sum(lightest(other, u, v, weight) for u, v in itertools.pairwise(path))
        assert length == pytest.approx(distance[id])


@pytest.mark.parametrize("direction", ["out", "in", "both"])
@pytest.mark.parametrize("weight", [None, "w"])
def test_shortest_paths(graphs, direction, weight):
    g, other = graphs
    other = oriented(other, direction)
    ids = g.node_ids()
    for sources in ([ids[1]], ["late"], ids[1:4]):
        expected = nx.multi_source_dijkstra_path_length(other, set(sources), weight=weight)
        result = g.shortest_paths(sources, weight=weight, direction=direction)
        assert result.to_dict() == {id: expected.get(id, math.inf) for id in ids}
        check_predecessors(result, other, sources, weight)


@pytest.mark.parametrize("kind", KINDS[::3])
def test_shortest_paths_with_edges_of_length_zero(make_graph, kind):
    g, other = pair_of_graphs(make_graph, *kind, weights=[0, 0.0, 0, 1, 2])
    for source in g.node_ids():
        expected = nx.single_source_dijkstra_path_length(other, source, weight="w")
        result = g.shortest_paths(source, weight="w")
        assert result.to_dict() == {id: expected.get(id, math.inf) for id in g.node_ids()}
        check_predecessors(result, other, [source], "w")


def test_predecessors_over_edges_of_length_zero(make_graph):
    g = make_graph()
    for name in "dcbas":
        g.add_node(name)
    for u, v in ["sa", "ab", "ac", "bc", "cb", "bd", "cd", "da"]:
        g.add_edge(u, v, w=0)
    result = g.shortest_paths("s", weight="w")
    assert set(result.values()) == {0.0}
    assert result.predecessor.to_dict() == {"d": "c", "c": "a", "b": "a", "a": "s", "s": None}


def test_targets_and_cutoff(graphs):
    g, other = graphs
    ids = g.node_ids()
    full = g.shortest_paths(ids[1], weight="w").to_dict()
    for limit in (0, 0.5, 1.75, 100):
        expected = nx.single_source_dijkstra_path_length(other, ids[1], weight="w", cutoff=limit)
        result = g.shortest_paths(ids[1], weight="w", cutoff=limit)
        assert result.to_dict() == {id: expected.get(id, math.inf) for id in ids}
    reached = [id for id in ids if full[id] < math.inf]
    for targets in (reached[:1], reached[-2:], ids[-1:], ids):
        farthest = max(full[target] for target in targets)
        result = g.shortest_paths(ids[1], weight="w", targets=targets)
        expected = {id: value if value <= farthest else math.inf for id, value in full.items()}
        assert result.to_dict() == expected


def test_dijkstra_aliases(make_graph):
    g = make_graph()
    g.add_edge("alice", "bob", strength=0.5)
    g.add_edge("bob", "carol")
    for call in (g.dijkstra, g.rust_dijkstra, g.c_dijkstra):
        assert call(source="alice").to_dict() == {"alice": 0.0, "bob": 1.0, "carol": 2.0}
    g.update_edge("alice", "bob", weight=7)
    assert g.rust_dijkstra(source="alice")["carol"] == 8.0
    assert g.dijkstra("alice", weight="strength")["bob"] == 0.5
    with pytest.raises(AttributeNotFoundError):
        g.shortest_paths("alice", weight="nope")


def test_path_to_what_is_not_reached(make_graph):
    g = make_graph()
    g.add_edge("a", "b")
    for result in (g.bfs("b"), g.shortest_paths("b")):
        assert result.path("b") == ["b"]
        with pytest.raises(ValueError):
            result.path("a")
        with pytest.raises(NodeNotFoundError):
            result.path("nobody")
    with pytest.raises(AttributeError):
        g.degrees().path("a")


# Components and communities.


def test_connected_components(graphs):
    g, other = graphs
    for kind in ("weak", "strong"):
        if not g.directed:
            parts = nx.connected_components(other)
        elif kind == "weak":
            parts = nx.weakly_connected_components(other)
        else:
            parts = nx.strongly_connected_components(other)
        home = {id: frozenset(part) for part in parts for id in part}
        number = {part: place for place, part in enumerate(dict.fromkeys(home[id] for id in g))}
        result = g.connected_components(kind=kind)
        assert result.to_dict() == {id: number[home[id]] for id in g}
        assert result.count == len(number) and result.columns == ("component",)


def votes(g, id, labels):
    row = g.get_edges(id, "out") + (g.get_edges(id, "in") if g.directed else [])
    ends = [(g.edges[edge].source, g.edges[edge].target) for edge in row]
    return Counter(labels[v if u == id else u] for u, v in ends)


def renumbered(labels):
    number = {}
    return [number.setdefault(label, len(number)) for label in labels]


def test_label_propagation_ldbc(graphs):
    g, _ = graphs
    labels = {id: place for place, id in enumerate(g)}
    for rounds in range(1, 13):
        following = {}
        for id in g:
            counts = votes(g, id, labels)
            following[id] = (
                min(counts, key=lambda label: (-counts[label], label)) if counts else labels[id]
            )
        labels = following
        result = g.label_propagation(max_iterations=rounds)
        assert list(result.values()) == renumbered(labels.values())
        assert result.count == len(set(labels.values()))
        if rounds == 10:
            assert g.label_propagation().to_dict() == result.to_dict()


def test_label_propagation_on_the_example_of_ldbc(make_graph):
    """Two triangles joined by an edge, one round by hand: smallest among equally frequent."""
    g = make_graph(directed=False)
    g.add_edges([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)])
    # Each node's neighbours carry all different labels in round one, so the smallest wins.
    assert list(g.label_propagation(max_iterations=1).values()) == renumbered([1, 0, 0, 2, 3, 3])


def test_label_propagation_async(graphs):
    g, other = graphs
    weak = g.connected_components()
    for seed in range(3):
        options = {"method": "async", "seed": seed, "max_iterations": 100}
        result = g.label_propagation(**options)
        assert result.to_dict() == g.label_propagation(threads=1, **options).to_dict()
        labels = result.to_dict()
        assert list(labels.values()) == renumbered(labels.values())
        for id in g:
            counts = votes(g, id, labels)
            assert not counts or counts[labels[id]] == max(counts.values())
        assert len({(weak[id], label) for id, label in labels.items()}) == result.count


def test_label_propagation_async_finds_cliques(make_graph):
    g = make_graph(directed=False)
    for clique in range(4):
        nodes = range(10 * clique, 10 * clique + 8)
        g.add_edges(itertools.combinations(nodes, 2))
    g.add_edges([(0, 10), (10, 20), (20, 30)])
    cliques = {id: id // 10 for id in g}
    found = [g.label_propagation(method="async", seed=seed) == cliques for seed in range(40)]
    assert sum(found) >= 36


# Centrality.


def test_pagerank(graphs):
    g, other = graphs
    for weight in (None, "w"):
        expected = nx.pagerank(other, alpha=0.9, weight=weight, tol=1e-12, max_iter=1000)
        result = g.pagerank(damping=0.9, weight=weight, tolerance=1e-12, max_iterations=1000)
        assert result.to_dict() == pytest.approx(expected, abs=1e-9)
        assert sum(result.values()) == pytest.approx(1)
    default = g.pagerank().to_dict()
    assert default == pytest.approx(nx.pagerank(other, weight=None), abs=1e-6)


def test_pagerank_personalized(graphs):
    g, other = graphs
    ids = g.node_ids()
    start = {ids[0]: 1, ids[3]: 2.5, ids[-1]: 0}
    escape = {ids[1]: 3, ids[2]: 1}
    for options in (
        {"personalization": start},
        {"personalization": start, "dangling": escape},
        {"dangling": escape},
    ):
        expected = nx.pagerank(other, weight="w", tol=1e-12, max_iter=1000, **options)
        result = g.pagerank(weight="w", tolerance=1e-12, max_iterations=1000, **options)
        assert result.to_dict() == pytest.approx(expected, abs=1e-9)


def test_pagerank_that_does_not_converge(graphs):
    g, _ = graphs
    with pytest.raises(NotConvergedError) as caught:
        g.pagerank(max_iterations=2, tolerance=1e-12)
    assert isinstance(caught.value, ArithmeticError) and "2" in str(caught.value)
    assert g.pagerank(damping=0).to_dict() == pytest.approx(dict.fromkeys(g, 1 / len(g)))


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize("endpoints", [True, False])
def test_betweenness(graphs, weight, normalized, endpoints):
    g, other = graphs
    options = {"weight": weight, "normalized": normalized, "endpoints": endpoints}
    close(g.betweenness_centrality(**options), nx.betweenness_centrality(other, **options))


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("normalized", [True, False])
def test_edge_betweenness(graphs, weight, normalized):
    g, other = graphs
    options = {"weight": weight, "normalized": normalized}
    expected = nx.edge_betweenness_centrality(other, **options)
    result = g.edge_betweenness(**options)
    assert list(result) == g.edge_ids()
    close(result, {other.edges[edge]["id"]: value for edge, value in expected.items()})


class Drawn(random.Random):
    """For NetworkX: a generator that draws the sources that groggy draws."""

    def __init__(self, seed):
        super().__init__(0)
        self.own_seed = seed

    def sample(self, population, k):
        return [population[place] for place in sample(len(population), k, self.own_seed)]


@pytest.mark.parametrize("options", [{}, {"normalized": False}, {"weight": "w"}])
def test_sampled_betweenness(graphs, options):
    g, other = graphs
    for size in (1, 3, len(g)):
        for endpoints in (True, False):
            expected = nx.betweenness_centrality(
                other, k=size, seed=Drawn(7), endpoints=endpoints, **options
            )
            close(
                g.betweenness_centrality(samples=size, seed=7, endpoints=endpoints, **options),
                expected,
            )
        expected = nx.edge_betweenness_centrality(other, k=size, seed=Drawn(8), **options)
        result = g.edge_betweenness(samples=size, seed=8, **options)
        close(result, {other.edges[edge]["id"]: value for edge, value in expected.items()})


def test_betweenness_aliases(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")])
    expected = {"a": 0.0, "b": 0.5, "c": 0.0}
    for call in (
        g.betweenness,
        g.betweenness_centrality,
        g.rust_betweenness_centrality,
        g.c_betweenness_centrality,
    ):
        assert call().to_dict() == expected


def test_degrees(graphs):
    g, other = graphs
    views = {"both": other.degree, "out": other.degree, "in": other.degree}
    if g.directed:
        views.update(out=other.out_degree, **{"in": other.in_degree})
    for direction, view in views.items():
        result = g.degrees(direction=direction)
        assert result.to_dict() == dict(view()) and result.columns == ("degree",)
        assert all(type(value) is int for value in result.values())
        assert [g.degree(id, direction) for id in g] == list(result.values())
        weighted = g.degrees(direction=direction, weight="w")
        assert weighted.columns == ("strength",)
        close(weighted, dict(view(weight="w")))


def test_degrees_of_some_nodes(make_graph):
    g = make_graph()
    g.add_edges([(1, 2), (1, 3), (3, 3)], w=[0.5, 1.5, 2])
    assert g.degrees([3, 1, 3]) == [3, 2, 3]
    assert g.degrees([1, 3], "in") == [0, 2] and g.degrees([], direction="out") == []
    assert g.degrees([3], weight="w") == [5.5]
    values = g.degrees(np.array([3, 1]))
    assert isinstance(values, np.ndarray) and values.tolist() == [3, 2]
    with pytest.raises(NodeNotFoundError):
        g.degrees([1, 77])


def test_negative_strengths(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "b")], w=[-2, -0.5])
    assert g.degrees(weight="w").to_dict() == {"a": -2.0, "b": -3.0}


# Clusters.


def test_triangle_count(graphs):
    g, other = graphs
    expected = nx.triangles(undirected(other))
    result = g.triangle_count()
    assert result.to_dict() == expected
    assert result.total == sum(expected.values()) // 3


def test_clustering(graphs):
    g, other = graphs
    collapsed = nx.DiGraph(other) if g.directed else nx.Graph(other)
    result = g.clustering()
    close(result, nx.clustering(collapsed))
    assert result.average == pytest.approx(nx.average_clustering(collapsed))
    assert result.transitivity == pytest.approx(nx.transitivity(undirected(other)))
    assert g.transitivity() == result.transitivity
    close(g.clustering(weight="w"), nx.clustering(simple(other, "w"), weight="weight"))


def test_clustering_with_weight_zero(make_graph):
    g = make_graph(directed=False)
    g.add_edges([("a", "b"), ("b", "c"), ("c", "a")], w=[0, 0, 0])
    assert g.clustering(weight="w").to_dict() == {"a": 0.0, "b": 0.0, "c": 0.0}


def test_core_number(graphs):
    g, other = graphs
    plain = nx.DiGraph(other) if g.directed else nx.Graph(other)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    assert g.core_number().to_dict() == nx.core_number(plain)


def test_jaccard(graphs):
    g, other = graphs
    plain = nx.Graph()
    plain.add_nodes_from(other)
    plain.add_edges_from(other.edges())
    pairs = [(u, v) for u in g for v in g]
    expected = {(u, v): score for u, v, score in nx.jaccard_coefficient(plain, pairs)}
    result = g.jaccard(pairs)
    assert list(result) == pairs
    close(result, expected)
    result = g.jaccard()
    assert list(result) == list(dict.fromkeys(g.edge_pairs()))
    close(result, {pair: expected[pair] for pair in result})
    assert list(g.jaccard(pairs[:2] + pairs[:1])) == pairs[:2]
    u, v = pairs[1]
    assert result.key == "pair" and g.jaccard([(u, v)]).target[u, v] == v


# Against others than NetworkX.


def matrix(g, weight=None):
    sparse = pytest.importorskip("scipy.sparse")
    ends = g.edge_array()
    values = (
        [1.0] * len(ends)
        if weight is None
        else [edge.get(weight, 1.0) for edge in g.edges.values()]
    )
    return sparse.coo_array((values, (ends[:, 0], ends[:, 1])), shape=(len(g), len(g))).tocsr()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind[1]])
def test_against_scipy(make_graph, kind):
    csgraph = pytest.importorskip("scipy.sparse.csgraph")
    g, _ = pair_of_graphs(make_graph, *kind)
    for connection in ("weak", "strong"):
        count, labels = csgraph.connected_components(matrix(g), g.directed, connection)
        result = g.connected_components(kind=connection)
        assert result.count == count and list(result.values()) == renumbered(labels.tolist())
    for source in (0, len(g) - 1):
        expected = csgraph.dijkstra(matrix(g, "w"), g.directed, indices=source)
        assert (
            g.shortest_paths(g.node_ids()[source], weight="w").to_numpy().tolist()
            == expected.tolist()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_against_igraph(make_graph, kind):
    igraph = pytest.importorskip("igraph")
    g, _ = pair_of_graphs(make_graph, *kind)
    other = igraph.Graph(n=len(g), edges=g.edge_array().tolist(), directed=g.directed)
    lengths = [edge.get("w", 1) for edge in g.edges.values()]
    distances = other.distances(0, weights=lengths, mode="out")[0]
    assert list(g.shortest_paths(g.node_ids()[0], weight="w").values()) == pytest.approx(distances)
    if not g.multigraph:  # igraph counts parallel edges as different paths
        expected = other.betweenness(directed=g.directed, weights=lengths)
        result = g.betweenness_centrality(normalized=False, weight="w")
        assert list(result.values()) == pytest.approx(expected, abs=1e-9)
    scores = other.pagerank(weights=lengths)
    if g.directed:  # an undirected loop counts twice for igraph, once for NetworkX and groggy
        result = g.pagerank(weight="w", tolerance=1e-12, max_iterations=1000)
        assert list(result.values()) == pytest.approx(scores, abs=1e-8)
    plain = other.as_undirected(mode="collapse") if g.directed else other
    plain = plain.simplify()
    assert g.triangle_count().total == len(plain.list_triangles())
    assert g.transitivity() == pytest.approx(plain.transitivity_undirected(mode="zero"))
    if not g.directed:
        assert list(g.core_number().values()) == plain.coreness()


def test_the_karate_club(make_graph):
    """Figures that NetworkX's and igraph's manuals give for Zachary's karate club."""
    g = make_graph(directed=False)
    g.add_nodes(range(34))
    g.add_edges(nx.karate_club_graph().edges())
    assert g.edge_count() == 78
    assert g.triangle_count().total == 45
    assert g.transitivity() == pytest.approx(0.2556818181818182)
    assert g.betweenness_centrality().top(3) == [
        (0, pytest.approx(0.43763528138528146)),
        (33, pytest.approx(0.30407497594997596)),
        (32, pytest.approx(0.145247113997114)),
    ]
    assert g.core_number().top(1) == [(0, 4)]
    assert max(g.bfs(0).values()) == 3
    assert [id for id, _ in g.pagerank().top(3)] == [33, 0, 32]


def test_top_is_the_head_of_a_stable_sort():
    """By the C core's heap: ties by the smaller position, no holes, any k."""
    groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
    draw = random.Random(3)
    g = groggy.Graph("c")
    g.add_edges([(draw.randrange(300), draw.randrange(300)) for _ in range(700)])
    g.remove_nodes([0, 17, 18, 299])
    results = [g.core_number(), g.pagerank(), g.edge_betweenness(), g.clustering(), g.jaccard()]
    results.append(g.connected_components())
    for result in results:
        values = result.to_dict()
        wanted = sorted(values.items(), key=lambda item: -item[1])
        for k in (0, 1, 2, 7, len(values) - 1, len(values), len(values) + 1, 10**30):
            assert result.top(k) == wanted[:k]
        with pytest.raises(ValueError, match="at least 0"):
            result.top(-1)
    degrees = g.degrees()
    assert degrees.top(5, "degree") == degrees.degree.top(5) == degrees.top(5)
    g.add_edge("far", "away")
    distance = g.shortest_paths("far")
    assert distance.top(1)[0][1] == math.inf and distance.top(10**6)[-1] == ("far", 0.0)
