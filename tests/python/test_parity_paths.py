"""Shortest paths, distances and neighbourhoods against NetworkX on random graphs of every kind.

A sample by default, >= 200 graphs per algorithm with GLI_TEST_FULL=1. Graphs are directed or not,
simple or with parallel edges, with self-loops, isolated nodes, holes, mixed ids and weights.
"""

from __future__ import annotations

import math
import os
import random

import groggy
import networkx as nx
import pytest

ROUNDS = 60 if os.environ.get("GLI_TEST_FULL") else 6
KINDS = [(directed, multigraph) for directed in (True, False) for multigraph in (True, False)]
counted: dict[str, int] = {}


@pytest.fixture(scope="module", autouse=True)
def report():
    yield
    for name, count in sorted(counted.items()):
        print(f"\n{name}: {count:,} comparisons", end="")


def count(name, number):
    counted[name] = counted.get(name, 0) + number


def random_pair(directed, multigraph, seed, weights, density=(0.5, 1, 2, 4)):
    """A graph and its NetworkX twin; weights are multiples of 1/2, so that sums are exact."""
    draw = random.Random(f"{directed} {multigraph} {seed}")
    size = draw.choice([0, 1, 5, 12, 25, 40])
    ids = [n if draw.random() < 0.5 else f"n{n}" for n in range(size)]
    draw.shuffle(ids)
    g = groggy.Graph(directed=directed, multigraph=multigraph)
    g.add_nodes(ids)
    height = {id: draw.randrange(8) for id in ids}
    for _ in range(int(size * draw.choice(density))):
        source, target = draw.choice(ids), draw.choice(ids)
        g.add_edge(source, target, w=weights(draw, height[source], height[target]))
    g.remove_nodes(draw.sample(list(g), size // 8))
    g.remove_edges(draw.sample(g.edge_ids(), g.edge_count() // 8))
    kind = {
        (True, True): nx.MultiDiGraph,
        (True, False): nx.DiGraph,
        (False, True): nx.MultiGraph,
        (False, False): nx.Graph,
    }[directed, multigraph]
    other = kind()
    other.add_nodes_from(g.node_ids())
    for edge in g.edges.values():
        other.add_edge(edge.source, edge.target, w=edge["w"])
    return g, other


def positive(draw, source, target):
    return draw.choice([0, 0.5, 1, 1, 2, 3.5])


def shifted(draw, source, target):
    """Of any sign, and no cycle below 0."""
    return draw.choice([0, 0.5, 1, 2]) + source - target


def anything(draw, source, target):
    return draw.choice([-1.5, -0.5, 0, 1, 2, 3, 4, 5])


def lightest(graph, source, target):
    data = graph.get_edge_data(source, target)
    return min(edge["w"] for edge in data.values()) if graph.is_multigraph() else data["w"]


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_bellman_ford(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, shifted if directed else positive)
        for source in list(other)[:8]:
            result = g.bellman_ford(source, weight="w")
            distances, paths = nx.single_source_bellman_ford(other, source, weight="w")
            assert {id: d for id, d in result.items() if d < math.inf} == distances
            for id in distances:
                path = result.path(id)
                assert path[0] == source and path[-1] == id
                steps = zip(path, path[1:], strict=False)
                assert sum(lightest(other, u, v) for u, v in steps) == distances[id]
                assert len(path) <= len(paths[id])
            plain = g.bellman_ford(source)
            assert plain.to_dict() == g.shortest_paths(source).to_dict()
            assert dict(plain.predecessor.items()) == dict(g.bfs(source).predecessor.items())
            count("bellman_ford", 3 * len(distances) + 2 * len(other))


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_negative_cycles(directed, multigraph):
    for seed in range(ROUNDS * 2):
        g, other = random_pair(directed, multigraph, seed, anything, density=(0.5, 1, 1.5))
        found = g.find_negative_cycle(weight="w")
        assert (len(found) > 0) == nx.negative_edge_cycle(other, weight="w")
        check_cycle(g, found)
        for source in list(other)[:6]:
            found = g.find_negative_cycle(source, weight="w")
            check_cycle(g, found)
            reached = {source, *nx.descendants(other, source)}
            assert reached >= set(found.values())
            try:
                expected = nx.single_source_bellman_ford_path_length(other, source, weight="w")
            except nx.NetworkXUnbounded:
                assert len(found) > 0
                with pytest.raises(groggy.NegativeCycleError, match="weight -") as caught:
                    g.bellman_ford(source, weight="w")
                cycle = list(found.values())
                assert f"{' -> '.join(map(text, [*cycle, cycle[0]]))}" in str(caught.value)
            else:
                assert len(found) == 0
                distances = g.bellman_ford(source, weight="w")
                assert {id: d for id, d in distances.items() if d < math.inf} == expected
            count("find_negative_cycle", 2 + len(found))


def text(id):
    return repr(id).replace("'", '"') if isinstance(id, str) else str(id)


def check_cycle(g, found):
    nodes, total = list(found.values()), 0
    for place, edge in enumerate(found.edge.values()):
        ends = {g.edges[edge].source, g.edges[edge].target}
        assert {nodes[place], nodes[(place + 1) % len(nodes)]} == ends
        if g.directed:
            assert g.edges[edge].source == nodes[place]
        total += g.edges[edge]["w"]
    assert len(set(nodes)) == len(nodes)
    assert total == found.weight and (not nodes or total < 0)


def test_a_float_distance_of_minus_one_is_a_distance():
    g = groggy.Graph()
    g.add_edge("a", "b", w=-1)
    assert g.bellman_ford("a", weight="w").path("b") == ["a", "b"]
    with pytest.raises(ValueError, match="no path"):
        g.bfs("b").path("a")
