"""Layouts and clustering against NetworkX and igraph on random graphs of every kind.

spring_layout and forceatlas2_layout with theta=0 go step by step as NetworkX's do from the same
starting places; what rounding makes of that grows with the steps. spectral_layout is held against
the Laplacian's eigenvectors from NumPy, and against NetworkX's picture where there is one alone. GLI_TEST_FULL=1 takes 240 graphs
instead of 40.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict

import igraph
import networkx as nx
import numpy as np
import pytest
from groggy import Graph
from test_parity_community import GRAPHS, twins

counted: dict[str, int] = defaultdict(int)


def undirected(other, weight=None):
    """Directions dropped, parallel edges added up; what a directed pair weighs is both of its."""
    graph = nx.Graph()
    graph.add_nodes_from(other)
    for u, v, data in other.edges(data=True):
        more = 1 if weight is None else data.get(weight, 1)
        known = graph.get_edge_data(u, v, {"weight": 0})["weight"]
        graph.add_edge(u, v, weight=known + more)
    return graph


def close(name, found, places, tolerance):
    for id, (x, y) in places.items():
        assert math.isclose(found[id], x, rel_tol=tolerance, abs_tol=tolerance), (name, id)
        assert math.isclose(found.y[id], y, rel_tol=tolerance, abs_tol=tolerance), (name, id)
    assert len(found) == len(places)
    counted[name] += 2 * len(places)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_layouts(seed):
    g, other, draw = twins(seed)
    close("circular_layout", g.circular_layout(scale=3), nx.circular_layout(other, scale=3), 1e-6)
    start = g.random_layout(seed=seed)
    places = {id: np.array([start[id], start.y[id]]) for id in g}
    if len({tuple(place) for place in places.values()}) < len(g):
        return
    given = {"x": start.to_dict(), "y": start.y.to_dict()}
    steps, weight = draw.choice([1, 5, 12]), draw.choice([None, "w"]) if g.edge_count() else None
    graph = undirected(other, weight)
    expected = nx.spring_layout(
        graph, pos=places, iterations=steps, method="force", weight="weight"
    )
    found = g.spring_layout(iterations=steps, weight=weight, theta=0, **given)
    close("spring_layout", found, expected, 1e-6)
    options = {
        "jitter_tolerance": draw.choice([1, 0.3]),
        "scaling_ratio": draw.choice([2, 5]),
        "gravity": draw.choice([1, 0.2]),
        "strong_gravity": draw.random() < 0.3,
        "distributed_action": draw.random() < 0.3,
        "linlog": draw.random() < 0.3,
    }
    if len(g) > 1:
        with np.errstate(invalid="ignore"):
            expected = nx.forceatlas2_layout(
                graph,
                pos={id: place.copy() for id, place in places.items()},
                max_iter=steps,
                weight="weight",
                node_mass={id: other.degree(id) + 1 for id in other},
                **options,
            )
        found = g.forceatlas2_layout(iterations=steps, weight=weight, theta=0, seed=seed, **options)
        close("forceatlas2_layout", found, expected, 1e-6)


def laplacian(g, graph):
    """D - A of what `undirected` gives, in the order of g's nodes."""
    return nx.laplacian_matrix(graph, nodelist=g.node_ids(), weight="weight").toarray()


def check_spectral(g, graph, **options):
    """The definition, whatever basis repeated eigenvalues have; NetworkX's picture where they are
    simple."""
    components, size = nx.number_connected_components(graph), len(g)
    found = g.spectral_layout(tolerance=1e-9, **options)
    places = np.column_stack([found.to_numpy(), found.y.to_numpy()])
    assert abs(abs(places).max() - 1) < 1e-12 and abs(places.sum(axis=0)).max() < 1e-9 * size
    matrix = laplacian(g, graph).astype(float)
    values, vectors = np.linalg.eigh(matrix)
    unit = places / np.linalg.norm(places, axis=0)
    assert abs(unit[:, 0] @ unit[:, 1]) < 1e-8
    for k in range(2):
        expected = max(values[k + 1], 0) if k + 1 >= components else 0
        rest = np.linalg.norm(matrix @ unit[:, k] - expected * unit[:, k])
        assert rest < 1e-7 * max(values[-1], 1)
        assert math.isclose(unit[:, k] @ matrix @ unit[:, k], expected, rel_tol=1e-7, abs_tol=1e-9)
        same = vectors[:, abs(values - expected) < 1e-6 * max(values[-1], 1)]
        assert np.linalg.norm(same.T @ unit[:, k]) > 1 - 1e-7
        sizes = abs(places[:, k]) / abs(places[:, k]).max()
        first = np.flatnonzero(sizes > 0.45 - 1e-7)[0]
        assert sizes[first] < 0.45 + 1e-7 or places[first, k] > 0
        counted["spectral_layout"] += size
    gaps = np.diff(values[: 4 if size > 3 else 3])
    if components == 1 and gaps.min() > 1e-4 * values[-1]:
        theirs = nx.spectral_layout(graph, weight="weight")
        theirs = np.array([theirs[id] for id in g])
        for k in range(2):
            sign = np.sign(theirs[:, k] @ places[:, k])
            assert abs(sign * theirs[:, k] - places[:, k]).max() < 1e-6
            counted["spectral_layout (the same picture)"] += size


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_spectral_layout(seed):
    g, other, draw = twins(seed)
    weight = draw.choice([None, "w"]) if g.edge_count() else None
    if len(g) < 3:
        center = draw.choice([(0, 0), (2, -3)])
        expected = nx.spectral_layout(other, center=center)
        found = g.spectral_layout(center_x=center[0], center_y=center[1])
        close("spectral_layout", found, expected, 1e-12)
        return
    check_spectral(g, undirected(other, weight), weight=weight)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_spectral_layout_of_larger_graphs(seed):
    """Those that are iterated for: connected, with tails, weights, directions, parallel edges."""
    draw = random.Random(seed)
    size = draw.randrange(49, 130)
    g = Graph(directed=seed % 2 == 1, multigraph=seed % 4 > 1)
    g.add_nodes(range(size))
    span = draw.choice([1, 3, size])
    edges = [(v, draw.randrange(max(0, v - span), v)) for v in range(1, size)]
    edges += [tuple(draw.sample(range(size), 2)) for _ in range(int(size * draw.choice([0, 0.3, 2])))]
    for u, v in edges:
        g.add_edge(u, v, w=draw.choice([0.25, 0.5, 1, 2, 3.75]))
    if seed % 8 == 7:
        g.remove_nodes(draw.sample(range(size), 2))
    other = nx.MultiDiGraph() if g.directed else nx.MultiGraph()
    other.add_nodes_from(g.node_ids())
    for edge in g.edges.values():
        other.add_edge(edge.source, edge.target, w=edge["w"])
    weight = draw.choice([None, "w"])
    check_spectral(g, undirected(other, weight), weight=weight)


@pytest.mark.parametrize("seed", range(0, GRAPHS, 2))
def test_spring_layout_of_a_crowd(seed):
    """Nodes that start nearer to each other than the least distance that counts, 0.01."""
    g, other, draw = twins(seed)
    start = g.random_layout(seed=seed)
    places = {id: np.array([start[id], start.y[id]]) for id in g}
    for id in draw.sample(list(g), len(g) * 3 // 5):
        places[id] = 0.4 + 0.012 * places[id]
    given = {
        "x": {id: place[0] for id, place in places.items()},
        "y": {id: place[1] for id, place in places.items()},
    }
    expected = nx.spring_layout(undirected(other), pos=places, iterations=2, method="force")
    close("spring_layout", g.spring_layout(iterations=2, theta=0, **given), expected, 1e-6)


@pytest.mark.parametrize("seed", range(0, GRAPHS, 4))
def test_more_theta_is_nearly_the_same(seed):
    """One step from the same places: its direction is that of the force."""
    g, _, _ = twins(seed)
    if len(g) < 2:
        return
    exact = g.spring_layout(iterations=1, theta=0, seed=seed)
    for theta, bound in ((0.3, 0.02), (0.8, 0.06)):
        found = g.spring_layout(iterations=1, theta=theta, seed=seed)
        apart = np.hypot(found.to_numpy() - exact.to_numpy(), found.y.to_numpy() - exact.y.to_numpy())
        assert apart.max() < bound
        counted["theta"] += len(g)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_clustering(seed):
    g, other, _ = twins(seed)
    plain = nx.DiGraph(other) if g.directed else nx.Graph(other)
    flat = undirected(other)
    flat.remove_edges_from(list(nx.selfloop_edges(flat)))
    summed = plain.copy()
    for u, v in summed.edges():
        edges = other.get_edge_data(u, v)
        summed[u][v]["w"] = sum(
            edge["w"] for edge in (edges.values() if g.multigraph else [edges])
        )
    for name, found, expected in (
        ("clustering", g.clustering(), nx.clustering(plain)),
        ("square_clustering", g.square_clustering(), nx.square_clustering(flat)),
        ("triangle_count", g.triangle_count(), nx.triangles(flat)),
    ):
        assert list(found) == list(expected)
        for id, value in expected.items():
            assert math.isclose(found[id], value, abs_tol=1e-12), (name, id)
        counted[name] += len(expected)
    if g.edge_count():
        weighted = g.clustering(weight="w")
        for id, value in nx.clustering(summed, weight="w").items():
            assert math.isclose(weighted[id], value, rel_tol=1e-9, abs_tol=1e-12), id
            counted["clustering"] += 1
    ids = g.node_ids()
    place = {id: k for k, id in enumerate(ids)}
    twin = igraph.Graph(len(ids), [(place[u], place[v]) for u, v in flat.edges()])
    assert math.isclose(g.transitivity(), twin.transitivity_undirected(mode="zero"), abs_tol=1e-12)
    counted["transitivity"] += 1


def test_comparisons_were_made():
    print(dict(counted))
    for name in ("circular_layout", "spectral_layout", "spring_layout", "forceatlas2_layout", "square_clustering"):
        assert counted[name] >= 10 * GRAPHS
