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


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_eccentricity_and_averages(directed, multigraph, weight):
    """NetworkX raises where the graph is not connected; by its distances that is infinite."""
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, positive, density=(1, 2, 4, 8))
        if seed % 2 and len(other) > 1:  # connected; few graphs are by themselves
            ids = list(other)
            for u, v in zip(ids, ids[1:] + ids[:1], strict=True):
                g.add_edge(u, v, w=1)
                other.add_edge(u, v, w=1)
        length = weight or (lambda u, v, edge: 1)
        distances = dict(nx.all_pairs_dijkstra_path_length(other, weight=length))
        far = {
            id: max(found.values()) if len(found) == len(other) else math.inf
            for id, found in distances.items()
        }
        result = g.eccentricity(weight=weight)
        assert result.to_dict() == far
        diameter, radius = max(far.values(), default=0), min(far.values(), default=0)
        assert result.diameter == g.diameter(weight=weight) == diameter
        assert result.radius == g.radius(weight=weight) == radius
        average = g.average_shortest_path_length(weight=weight)
        if diameter < math.inf and len(other) > 1:
            # NetworkX 3.6 does not count weights in its eccentricity of multigraphs as in distances
            assert result.to_dict() == nx.eccentricity(other, sp=distances)
            assert {id for id, is_center in result.center.items() if is_center} == {
                id for id in other if far[id] == radius
            }
            expected = nx.average_shortest_path_length(other, weight=weight)
            assert average == pytest.approx(expected, rel=1e-14)
        elif len(other) > 1:
            assert average == math.inf
        else:
            assert average == 0
        count("eccentricity, diameter, radius", len(other) + 4)
        count("average_shortest_path_length", 1)


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_distances_and_paths(directed, multigraph, weight):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, positive)
        ids = list(other)
        length = weight or (lambda u, v, edge: 1)
        expected = dict(nx.all_pairs_dijkstra_path_length(other, weight=length))
        rows = 0
        for sources, block in g.distance_blocks(size=1 + seed, weight=weight):
            assert block.shape == (len(sources), len(ids)) and block.dtype == float
            for id, row in zip(sources, block.tolist(), strict=True):
                assert id == ids[rows]
                assert row == [expected[id].get(target, math.inf) for target in ids]
                rows += 1
        assert rows == len(ids)
        count("distances", rows * rows)
        if not ids:
            continue
        draw = random.Random(seed)
        some = draw.choices(ids, k=5)
        block = g.distances(some, some[::-1], weight=weight, cutoff=2)
        assert (block.sources, block.targets) == (5, 5)
        wanted = [expected[u].get(v, math.inf) for u in some for v in reversed(some)]
        assert list(block.values()) == [d if d <= 2 else math.inf for d in wanted]
        for source, target in [(u, v) for u in some for v in some]:
            found = g.shortest_path(source, target, weight=weight)
            path, edges = list(found.values()), list(found.edge.values())
            if target not in expected[source]:
                assert path == edges == [] and found.length == math.inf
                with pytest.raises(nx.NetworkXNoPath):
                    nx.shortest_path(other, source, target)
            else:
                if weight:
                    assert found.length == nx.bidirectional_dijkstra(other, source, target, "w")[0]
                else:
                    assert len(path) == len(nx.shortest_path(other, source, target))
                assert found.length == expected[source][target]
                assert path[0] == source and path[-1] == target and edges[-1] == -1
                for step, edge in zip(zip(path, path[1:], strict=False), edges, strict=False):
                    ends = (g.edges[edge].source, g.edges[edge].target)
                    assert step == ends or (not directed and step == ends[::-1])
            count("shortest_path", 1 + len(path))


def test_distance_blocks_say_what_is_wrong():
    g = groggy.Graph()
    g.add_edge("a", "b")
    for arguments, error in (
        ({"size": 0}, ValueError),
        ({"size": 1.5}, TypeError),
        ({"sources": "a"}, TypeError),
    ):
        with pytest.raises(error):
            g.distance_blocks(**arguments)
    with pytest.raises(groggy.NodeNotFoundError):
        list(g.distance_blocks(["zoe"]))
    blocks = g.distance_blocks(["b", "a"], 1, target="b")
    g.clear()  # they speak of the graph as it was
    assert [block.tolist() for _, block in blocks] == [[[0.0]], [[1.0]]]


@pytest.mark.parametrize("options", [{}, {"replace": True}, {"weight": "w"}, {"frontier": "all"}])
@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_sample_neighbors(directed, multigraph, options):
    """No outside source has these samples: rows are edges, as many as the fan-outs say."""
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, positive)
        ids = list(other)
        if not ids:
            continue
        sources = random.Random(seed).choices(ids, k=3)
        found = g.sample_neighbors(sources, [3, -1, 2], seed=seed, **options)
        layer = dict.fromkeys(sources, 0)
        rows = zip(found.values(), found.neighbor.values(), found.edge.values(), found.hop.values(),
                   strict=True)  # fmt: skip
        drawn: dict[tuple[int, object], list[int]] = {}
        for node, neighbor, edge, hop in rows:
            ends = (g.edges[edge].source, g.edges[edge].target)
            assert (node, neighbor) == ends or (not directed and (neighbor, node) == ends)
            assert layer[node] <= hop - 1 if "frontier" in options else layer[node] == hop - 1
            layer.setdefault(neighbor, hop)
            drawn.setdefault((hop, node), []).append(edge)
        assert {id: at for id, at in found.layer.items() if at >= 0} == layer
        assert found.column("layer").to_dict() == found.layer.to_dict() and "layer" in dir(found)
        for (hop, node), edges in drawn.items():
            fanout = (3, -1, 2)[hop - 1]
            row = [e for e in g.get_edges(node, "out")]
            if "weight" in options:
                row = [e for e in row if g.edges[e]["w"] > 0]
            assert set(edges) <= set(row)
            if fanout < 0 or (len(row) <= fanout and "replace" not in options):
                assert sorted(edges) == sorted(row)
            else:
                assert len(edges) == fanout
        count("sample_neighbors", len(found) + len(ids))


def test_fanouts_are_ints():
    g = groggy.Graph()
    g.add_edges([("a", "b"), ("a", "c"), ("b", "c")])
    wanted = g.sample_neighbors("a", [2]).to_dict()
    numpy = pytest.importorskip("numpy")
    for fanouts in (2, (2,), numpy.array([2]), iter([2])):
        assert g.sample_neighbors("a", fanouts).to_dict() == wanted
    with pytest.raises(ValueError, match=r"fanouts\[1\] is -2; it must be in \[-1"):
        g.sample_neighbors("a", [1, -2])
    with pytest.raises(AttributeError, match="layer"):
        _ = g.sample_neighbors("a", 1).nothing


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_trees_and_layers(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, positive)
        for source in list(other)[:6]:
            edges = list(nx.bfs_edges(other, source))
            assert list(g.bfs_edges(source)) == edges
            near = list(nx.bfs_edges(other, source, depth_limit=2))
            assert list(g.bfs_edges(source, max_depth=2)) == near
            if directed:
                back = list(nx.bfs_edges(other, source, reverse=True))
                assert list(g.bfs_edges(source, "in")) == back
            layers = list(nx.bfs_layers(other, source))
            assert g.bfs_layers(source) == layers
            assert g.bfs_predecessors(source) == dict(nx.bfs_predecessors(other, source))
            assert g.bfs_successors(source) == dict(nx.bfs_successors(other, source))
            assert same_graph(g.bfs_tree(source), nx.bfs_tree(other, source))
            assert same_graph(g.dfs_tree(source), nx.dfs_tree(other, source))
            found = set(g.descendants_at_distance(source, 2))
            assert found == nx.descendants_at_distance(other, source, 2)
            count("bfs_edges and what follows", 4 * len(edges) + 2 * len(layers) + len(near) + 1)
        for source in [None, *list(other)[:4]]:
            edges = list(nx.dfs_edges(other, source))
            assert g.dfs_edges(source) == edges
            assert g.dfs_preorder_nodes(source) == list(nx.dfs_preorder_nodes(other, source))
            assert g.dfs_postorder_nodes(source) == list(nx.dfs_postorder_nodes(other, source))
            assert g.dfs_predecessors(source) == nx.dfs_predecessors(other, source)
            assert g.dfs_successors(source) == nx.dfs_successors(other, source)
            count("dfs_edges and what follows", 5 * len(edges) + 1)


def same_graph(ours, other):
    pairs = [(edge.source, edge.target) for edge in ours.edges.values()]
    return ours.directed and set(ours) == set(other) and sorted(pairs, key=str) == sorted(
        other.edges(), key=str
    )


def ends(u, v):
    return sorted([str(u), str(v)])


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_ego_graph(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed, positive)
        for node in other:
            other.nodes[node]["name"] = g.nodes[node]["name"] = str(node)
        for id in list(other)[:6]:
            for radius, center, weight in ((1, True, None), (2, False, None), (1.5, True, "w")):
                ours = g.ego_graph(id, radius, center, weight=weight)
                theirs = nx.ego_graph(other, id, radius, center, distance=weight)
                assert list(ours) == [node for node in other if node in theirs]
                assert {n: a["name"] for n, a in ours.nodes.items()} == dict(theirs.nodes("name"))
                pairs = sorted((ends(e.source, e.target), e["w"]) for e in ours.edges.values())
                assert pairs == sorted((ends(u, v), w) for u, v, w in theirs.edges(data="w"))
                count("ego_graph", len(theirs) + len(pairs))
            assert set(g.ego_graph(id, 2, direction="both")) == set(
                nx.ego_graph(other, id, 2, undirected=True)
            )
    with pytest.raises(groggy.NodeNotFoundError):
        g.ego_graph("nobody")
