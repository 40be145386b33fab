"""Centralities on random graphs of every kind, against NetworkX, SciPy and igraph.

Directed or not, with parallel edges or without, self-loops, isolated nodes, holes from removed nodes,
edges without a weight, weights of 0, the empty graph. A sample by default; GLI_TEST_FULL=1 runs at
least 200 graphs per algorithm. The number of comparisons is printed at the end (-s shows it).
"""

from __future__ import annotations

import math
import os
import random
from collections import Counter

import networkx as nx
import numpy as np
import pytest
from groggy.oracle.algorithms.draw import sample

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
igraph = pytest.importorskip("igraph")

FULL = os.environ.get("GLI_TEST_FULL") == "1"
SEEDS = range(240 if FULL else 32)
WEIGHTS = [0.25, 0.5, 1, 1.0, 2, 3.75]
COMPARED: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def print_comparisons():
    yield
    for name, count in sorted(COMPARED.items()):
        print(f"\nparity: {name}: {count:,} values compared", end="")


def graphs(seed):
    """A graph and its NetworkX twin; kinds and sizes go round with the seed."""
    draw = random.Random(f"centrality {seed}")
    directed, multigraph, size = (
        seed % 2 == 0,
        seed // 2 % 2 == 0,
        [0, 1, 2, 7, 15, 40, 90][seed % 7],
    )
    weights = [*WEIGHTS, 0] if seed % 3 == 0 else WEIGHTS
    g = groggy.Graph(backend="c", directed=directed, multigraph=multigraph)
    ids = [n if draw.random() < 0.5 else f"n{n}" for n in range(size)]
    g.add_nodes(ids)
    for _ in range(int(size * draw.choice([0.7, 1.5, 3, 6]))):
        ends = draw.choice(ids), draw.choice(ids)
        attributes = {} if draw.random() < 0.15 else {"w": draw.choice(weights)}
        g.add_edge(*ends, **attributes)
    g.remove_nodes(draw.sample(ids, size // 8))
    kind = {
        (True, True): nx.MultiDiGraph,
        (True, False): nx.DiGraph,
        (False, True): nx.MultiGraph,
        (False, False): nx.Graph,
    }[directed, multigraph]
    other = kind()
    other.add_nodes_from(g.node_ids())
    for edge in g.edges.values():
        other.add_edge(edge.source, edge.target, **dict(edge))
    return g, other


def has_weights(other):
    """Whether some edge has the attribute: naming one that no edge has is an error."""
    return any("w" in data for _, _, data in other.edges(data=True))


def simple(other, weight):
    """Parallel edges as one whose weight is their sum."""
    result = nx.DiGraph() if other.is_directed() else nx.Graph()
    result.add_nodes_from(other)
    for u, v, data in other.edges(data=True):
        more = data.get(weight, 1) if weight else 1
        result.add_edge(u, v, w=result.get_edge_data(u, v, {"w": 0})["w"] + more)
    return result


def matrix(other, weight):
    """Dense; [u, v] is the weight of the edges u -> v."""
    if len(other) == 0:
        return np.zeros((0, 0))
    return nx.to_numpy_array(simple(other, weight), weight="w")


def same(name, result, expected, tolerance=1e-9):
    assert set(result) == set(expected)
    for id, value in expected.items():
        assert result[id] == pytest.approx(value, rel=tolerance, abs=tolerance), (
            name,
            id,
        )
    COMPARED[name] += len(expected)


def attributes(other):
    return [None, "w"] if has_weights(other) else [None]


@pytest.mark.parametrize("seed", SEEDS)
def test_degree(seed):
    g, other = graphs(seed)
    same("degree_centrality", g.degree_centrality(), nx.degree_centrality(other), 0)
    if other.is_directed():
        same(
            "degree_centrality",
            g.degree_centrality("in"),
            nx.in_degree_centrality(other),
            0,
        )
        same(
            "degree_centrality",
            g.degree_centrality("out"),
            nx.out_degree_centrality(other),
            0,
        )
    else:
        same(
            "degree_centrality",
            g.degree_centrality("in"),
            nx.degree_centrality(other),
            0,
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_closeness(seed):
    g, other = graphs(seed)
    for distance in attributes(other):
        for improved in (True, False):
            same(
                "closeness_centrality",
                g.closeness_centrality(distance=distance, wf_improved=improved),
                nx.closeness_centrality(other, distance=distance, wf_improved=improved),
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_harmonic(seed):
    g, other = graphs(seed)
    for distance in attributes(other):
        expected = nx.harmonic_centrality(other, distance=distance)
        same("harmonic_centrality", g.harmonic_centrality(distance=distance), expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_samples(seed):
    """Scores from the nodes that betweenness would draw, as the python backend draws them."""
    g, other = graphs(seed)
    ids = g.node_ids()
    count = max(1, len(ids) // 3)
    if len(ids) < 2:
        return
    hops = dict(nx.all_pairs_shortest_path_length(other))
    scores = g.closeness_centrality(samples=count, seed=seed, wf_improved=False)
    drawn = {ids[k] for k in sample(len(ids), count, seed)}
    for v in ids:
        to = [hops[u][v] for u in drawn if u != v and v in hops[u]]
        assert scores[v] == pytest.approx(len(to) / sum(to) if to else 0)
    harmonic = g.harmonic_centrality(samples=count, seed=seed)
    for v in ids:
        seen = len(drawn) - (v in drawn)
        near = sum(1 / hops[u][v] for u in drawn if u != v and v in hops[u])
        assert harmonic[v] == pytest.approx(near * (len(ids) - 1) / seen if seen else 0)
    COMPARED["samples"] += 2 * len(ids)


@pytest.mark.parametrize("seed", SEEDS)
def test_eigenvector(seed):
    g, other = graphs(seed)
    if len(other) == 0:
        assert g.eigenvector_centrality().to_dict() == {}  # NetworkX raises
        return
    for weight in attributes(other):
        options = {"max_iterations": 300, "tolerance": 1e-9}
        try:
            expected = nx.eigenvector_centrality(
                simple(other, weight), max_iter=300, tol=1e-9, weight="w"
            )
        except nx.PowerIterationFailedConvergence:
            with pytest.raises(groggy.NotConvergedError):
                g.eigenvector_centrality(weight=weight, **options)
            COMPARED["eigenvector_centrality (both do not converge)"] += 1
            continue
        result = g.eigenvector_centrality(weight=weight, **options)
        same("eigenvector_centrality", result, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_hits(seed):
    """Against numpy's singular value decomposition, where the leading value stands alone; and the
    two equations that define hubs and authorities."""
    g, other = graphs(seed)
    for weight in attributes(other):
        a = matrix(other, weight)
        values = np.linalg.svd(a, compute_uv=False) if a.size else np.zeros(0)
        if len(values) == 0 or values[0] == 0:
            result = g.hits(weight=weight)
            assert not any(result.values()) and not any(result.authority.values())
            continue
        gap = values[1] / values[0] if len(values) > 1 else 0
        if gap > 0.98:
            continue
        result = g.hits(weight=weight, tolerance=1e-14, max_iterations=5000)
        left, _, right = np.linalg.svd(a)
        hub, authority = np.abs(left[:, 0]), np.abs(right[0])
        ids = list(other)
        same("hits", result, dict(zip(ids, hub / hub.sum(), strict=True)), 1e-8)
        found = {id: result.authority[id] for id in ids}
        same(
            "hits",
            found,
            dict(zip(ids, authority / authority.sum(), strict=True)),
            1e-8,
        )
        raw = g.hits(weight=weight, tolerance=1e-14, max_iterations=5000, normalized=False)
        unit = np.array([raw.authority[id] for id in ids])
        assert math.isclose(float(unit @ unit), 1, rel_tol=1e-9)
        assert np.allclose([raw[id] for id in ids], a @ unit, rtol=1e-8, atol=1e-10)
        COMPARED["hits"] += len(ids)


def test_networkx_hits_agrees():
    """Its own function, ARPACK, on a few graphs that it takes."""
    for seed in range(6 if not FULL else 60):
        other = nx.gnp_random_graph(30, 0.2, seed=seed, directed=seed % 2 == 0)
        g = groggy.Graph(backend="c", directed=seed % 2 == 0)
        g.add_nodes(list(other))
        g.add_edges(list(other.edges()))
        hubs, authorities = nx.hits(other, tol=1e-12, max_iter=10000)
        result = g.hits(tolerance=1e-13, max_iterations=10000)
        same("hits", result, hubs, 1e-6)
        same("hits", {id: result.authority[id] for id in authorities}, authorities, 1e-6)


@pytest.mark.parametrize("seed", range(24 if FULL else 6))
def test_igraph_agrees_on_larger_graphs(seed):
    draw = random.Random(seed)
    directed, size = seed % 2 == 0, 400
    edges = [(draw.randrange(size), draw.randrange(size)) for _ in range(1500)]
    lengths = [draw.choice(WEIGHTS) for _ in edges]
    other = igraph.Graph(size, edges, directed=directed)
    g = groggy.Graph(backend="c", directed=directed, multigraph=True)
    g.add_nodes(list(range(size)))
    for (u, v), length in zip(edges, lengths, strict=True):
        g.add_edge(u, v, w=length)
    for distance, weights in ((None, None), ("w", lengths)):
        closeness = g.closeness_centrality(distance=distance, wf_improved=False)
        expected = other.closeness(mode="in", weights=weights)
        same(
            "closeness_centrality (igraph)",
            closeness,
            {v: 0 if math.isnan(x) else x for v, x in enumerate(expected)},
        )
        harmonic = g.harmonic_centrality(distance=distance)
        expected = other.harmonic_centrality(mode="in", weights=weights, normalized=False)
        same("harmonic_centrality (igraph)", harmonic, dict(enumerate(expected)))
