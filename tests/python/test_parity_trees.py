"""Trees, blocks, cores and sets against NetworkX, igraph and SciPy on random graphs of every kind.

Directed or not, simple or with parallel edges, with self-loops, isolated and removed nodes, weights
with ties, edges without a weight, and empty graphs. Where the libraries are free to choose (which
set, which matching), what must be true of any choice is checked. GLI_TEST_FULL=1: 240 graphs.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import networkx as nx
import numpy as np
import pytest

pytest.importorskip("groggy._core")
import groggy

FULL = os.environ.get("GLI_TEST_FULL") == "1"
COUNT = 240 if FULL else 48
WEIGHTS = [-2.5, -1, 0, 0.25, 0.5, 1, 1.0, 2, 3.75]
COMPARED: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def summary():
    yield
    for name, count in sorted(COMPARED.items()):
        print(f"\nparity: {name}: {count:,} comparisons", end="")
    print()


class Case:
    """A graph, and the same as an undirected NetworkX multigraph whose keys are edge ids."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.seed = seed
        self.graph = g = groggy.Graph(
            directed=seed % 2 == 1, multigraph=seed // 2 % 2 == 1
        )
        size = [0, 1, 2, 7, 12, 20, 35, 60][seed // 4 % 8]
        g.add_nodes(list(range(size)))
        for _ in range(int(size * draw.choice([0.5, 1, 1.3, 2, 4, 8]))):
            ends = draw.randrange(size), draw.randrange(size)
            if draw.random() < 0.2:
                g.add_edge(*ends)
            else:
                g.add_edge(*ends, w=draw.choice(WEIGHTS))
        if size > 5:
            g.remove_nodes(draw.sample(range(size), size // 8))
            g.remove_edges(draw.sample(g.edge_ids(), g.edge_count() // 10))
        self.multi = nx.MultiGraph()
        self.multi.add_nodes_from(g.node_ids())
        for id, edge in g.edges.items():
            self.multi.add_edge(edge.source, edge.target, key=id, **dict(edge))
        self.simple = nx.Graph(self.multi)
        self.simple.remove_edges_from(list(nx.selfloop_edges(self.simple)))

    @property
    def weight(self):
        return "w" if "w" in self.graph.edge_attributes() else None

    def ends(self, id):
        edge = self.graph.edges[id]
        return edge.source, edge.target


@pytest.fixture(scope="module", params=range(COUNT))
def case(request):
    return Case(request.param)


def compare(name, found, expected):
    assert found == expected
    COMPARED[name] += len(expected) if hasattr(expected, "__len__") else 1


def kruskal(case, weight, sign):
    """Ids of the forest's edges: by weight, then by id, which is the order of slots."""
    trees = nx.utils.UnionFind(case.multi.nodes)
    forest = set()
    edges = [
        (sign * d.get(weight, 1), id, u, v)
        for u, v, id, d in case.multi.edges(keys=True, data=True)
    ]
    for _, id, u, v in sorted(edges):
        if trees[u] != trees[v]:
            trees.union(u, v)
            forest.add(id)
    return forest


@pytest.mark.parametrize("maximum", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_minimum_spanning_forest(case, weighted, maximum):
    weight = case.weight if weighted else None
    result = case.graph.minimum_spanning_forest(weight=weight, maximum=maximum)
    chosen = {id for id, taken in result.items() if taken}
    expected = kruskal(case, weight, -1 if maximum else 1)
    assert chosen == expected
    find = nx.maximum_spanning_edges if maximum else nx.minimum_spanning_edges
    theirs = list(find(case.multi, weight=weight or "none", data=True))
    assert result.count == len(theirs) == len(chosen)
    total = sum(data.get(weight, 1) for *_, data in theirs)
    assert result.total_weight == pytest.approx(total, abs=1e-9)
    COMPARED["minimum_spanning_forest"] += len(result) + 2


def test_minimum_spanning_forest_beside_scipy():
    """Distinct weights: the forest is the same in every library."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    for seed in range(20 if FULL else 4):
        draw = np.random.default_rng(seed)
        size, count = 2000, 9000
        ends = draw.integers(0, size, (count, 2))
        ends = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
        weights = draw.permutation(len(ends)) + 1.0
        g = groggy.Graph(directed=False)
        g.add_nodes(list(range(size)))
        g.add_edges(ends[:, 0], ends[:, 1], w=weights)
        result = g.minimum_spanning_forest(weight="w")
        tree = minimum_spanning_tree(
            coo_array((weights, ends.T), shape=(size, size)).tocsr()
        )
        ours = sorted(weights[[bool(taken) for taken in result.values()]])
        compare("minimum_spanning_forest", ours, sorted(tree.data))


def test_bridges(case):
    result = case.graph.bridges()
    expected = {frozenset(ends) for ends in nx.bridges(case.multi)}
    ids = {id for id, is_bridge in result.items() if is_bridge}
    assert result.count == len(ids) == len(expected)
    assert {frozenset(case.ends(id)) for id in ids} == expected
    COMPARED["bridges"] += len(result) + 1


def test_articulation_points(case):
    result = case.graph.articulation_points()
    expected = set(nx.articulation_points(case.simple))
    assert list(result) == list(case.simple)
    compare(
        "articulation_points", result.to_dict(), {n: n in expected for n in case.simple}
    )
    compare("articulation_points", result.count, len(expected))


def test_biconnected_components(case):
    result = case.graph.biconnected_components()
    blocks: dict[int, set] = {}
    for id, number in result.items():
        u, v = case.ends(id)
        assert (number == -1) == (u == v)
        if number >= 0:
            blocks.setdefault(number, set()).add(frozenset((u, v)))
    theirs = {
        frozenset(frozenset(edge) for edge in block)
        for block in nx.biconnected_component_edges(case.simple)
    }
    assert {frozenset(block) for block in blocks.values()} == theirs
    assert result.count == len(theirs)
    assert list(dict.fromkeys(n for n in result.values() if n >= 0)) == list(
        range(len(theirs))
    )
    COMPARED["biconnected_components"] += len(result) + 1


def test_blocks_beside_igraph():
    igraph = pytest.importorskip("igraph")
    for seed in range(20 if FULL else 4):
        draw = np.random.default_rng(seed)
        ends = draw.integers(0, 1500, (1700, 2))
        g = groggy.Graph(directed=False, multigraph=True)
        g.add_nodes(list(range(1500)))
        g.add_edges(ends[:, 0], ends[:, 1])
        ids = list(g.edge_ids())
        other = igraph.Graph(1500, ends.tolist())
        ours = {id for id, is_bridge in g.bridges().items() if is_bridge}
        compare("bridges", ours, {ids[k] for k in other.bridges()})
        cuts = {id for id, is_cut in g.articulation_points().items() if is_cut}
        compare("articulation_points", cuts, set(other.articulation_points()))
        loose = sum(1 for c in other.biconnected_components() if len(c) > 1)
        compare("biconnected_components", g.biconnected_components().count, loose)


@pytest.mark.parametrize("k", [None, 0, 1, 2, 3])
def test_k_core(case, k):
    result = case.graph.k_core() if k is None else case.graph.k_core(k=k)
    if case.graph.directed:
        other = nx.DiGraph()
        other.add_nodes_from(case.multi)
        other.add_edges_from(case.ends(id) for id in case.graph.edge_ids())
        other.remove_edges_from(list(nx.selfloop_edges(other)))
    else:
        other = case.simple
    expected = nx.k_core(other, k) if len(other) else other
    compare("k_core", result.to_dict(), {n: n in expected for n in other})
    compare("k_core", result.count, len(expected))


@pytest.mark.parametrize("seed", [0, 1])
def test_maximal_independent_set(case, seed):
    result = case.graph.maximal_independent_set(seed=seed)
    chosen = {id for id, inside in result.items() if inside}
    assert result.count == len(chosen)
    assert all(not (u in chosen and v in chosen) for u, v in case.simple.edges)
    assert all(n in chosen or chosen & set(case.simple[n]) for n in case.simple)
    if chosen:
        given = [max(case.simple)]
        again = case.graph.maximal_independent_set(nodes=given, seed=seed)
        assert again[given[0]]
    COMPARED["maximal_independent_set"] += len(result) + case.simple.size()


@pytest.mark.parametrize("seed", [0, 1])
def test_maximal_matching(case, seed):
    result = case.graph.maximal_matching(seed=seed)
    edges = [case.ends(id) for id, taken in result.items() if taken]
    assert result.count == len(edges) and nx.is_maximal_matching(
        case.simple, set(edges)
    )
    mates = {}
    for u, v in edges:
        mates |= {u: v, v: u}
    COMPARED["maximal_matching"] += len(result) + len(mates)
    if case.simple.size():
        largest = len(nx.max_weight_matching(case.simple, maxcardinality=True))
        assert 2 * len(edges) >= largest
        COMPARED["maximal_matching"] += 1


@pytest.mark.parametrize(
    "strategy", ["largest_first", "smallest_last", "random_sequential"]
)
def test_greedy_color(case, strategy):
    result = case.graph.greedy_color(strategy=strategy, seed=case.seed)
    colors = result.to_dict()
    assert result.count == len(set(colors.values()))
    assert all(colors[u] != colors[v] for u, v in case.simple.edges)
    if strategy == "smallest_last":
        cores = nx.core_number(case.simple) if len(case.simple) else {}
        assert result.count <= max(cores.values(), default=-1) + 1
    COMPARED["greedy_color"] += case.simple.size()
    if strategy == "largest_first" and not case.graph.directed:
        compare("greedy_color", colors, {n: c for n, c in sorted_colors(case)})


def sorted_colors(case):
    """NetworkX's colouring, in the order of the graph's nodes."""
    colors = nx.greedy_color(case.multi, strategy="largest_first")
    return [(n, colors[n]) for n in case.multi]


def test_k_truss(case):
    result = case.graph.k_truss()
    numbers = {frozenset(case.ends(id)): k for id, k in result.items()}
    assert all((k == 0) == (len(ends) == 1) for ends, k in numbers.items())
    for k in range(2, result.largest + 2):
        expected = {frozenset(ends) for ends in nx.k_truss(case.simple, k).edges}
        compare(
            "k_truss",
            {ends for ends, number in numbers.items() if number >= k},
            expected,
        )
    assert result.largest == max(numbers.values(), default=0)
    COMPARED["k_truss"] += len(result)
