"""Traversal and dag algorithms against NetworkX on random graphs of every kind.

A sample by default, >= 200 graphs per algorithm with GLI_TEST_FULL=1. Graphs are directed or not,
simple or with parallel edges, with self-loops, isolated nodes, holes and mixed ids.
"""

from __future__ import annotations

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


def random_pair(directed, multigraph, seed, acyclic=False):
    """A graph and its NetworkX twin."""
    draw = random.Random(f"{directed} {multigraph} {seed} {acyclic}")
    size = draw.choice([0, 1, 5, 12, 30, 60])
    ids = [n if draw.random() < 0.5 else f"n{n}" for n in range(size)]
    draw.shuffle(ids)
    rank = {id: place for place, id in enumerate(draw.sample(ids, size))}
    g = groggy.Graph(directed=directed, multigraph=multigraph)
    g.add_nodes(ids)
    for _ in range(int(size * draw.choice([0.5, 1, 2, 4]))):
        source, target = draw.choice(ids), draw.choice(ids)
        if acyclic and rank[source] == rank[target]:
            continue
        if acyclic and rank[source] > rank[target]:
            source, target = target, source
        g.add_edge(source, target, w=draw.choice([0.5, 1, 2]))
    g.remove_nodes(draw.sample(ids, size // 8))
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
        other.add_edge(edge.source, edge.target)
    return g, other


@pytest.mark.parametrize("multigraph", [True, False])
def test_topological_sort(multigraph):
    for seed in range(ROUNDS * 2):
        g, other = random_pair(True, multigraph, seed, acyclic=True)
        result = g.topological_sort()
        assert list(result.values()) == list(nx.topological_sort(other))
        generations = list(nx.topological_generations(other))
        expected = [place for place, nodes in enumerate(generations) for _ in nodes]
        assert list(result.generation.values()) == expected
        assert g.is_dag() is True
        count("topological_sort", 2 * len(other) + 1)


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_cycles(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed)
        expected = nx.is_directed_acyclic_graph(other)
        assert g.is_dag() is expected
        count("is_dag", 1)
        if expected:
            continue
        with pytest.raises(ValueError, match=r"has a cycle|is undirected") as caught:
            g.topological_sort()
        if not directed:
            continue
        edge = g.edges[int(str(caught.value).split("edge id ")[1].split(")")[0])]
        assert nx.has_path(other, edge.target, edge.source), "the edge named is on no cycle"
        count("cycles named", 1)


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_descendants_and_ancestors(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed)
        place = {id: at for at, id in enumerate(g.node_ids())}
        for id in other:
            for name in ("descendants", "ancestors"):
                found = list(getattr(g, name)(id).values())
                assert found == sorted(getattr(nx, name)(other, id), key=place.__getitem__)
                count(name, len(found) + 1)
        several = list(other)[:3]
        if several:
            expected = set().union(*(nx.descendants(other, id) for id in several))
            assert set(g.descendants(several).values()) == expected - set(several)


def in_order(result, name):
    """Ids by their place in one of the orders of dfs."""
    places = {id: place for id, place in result.column(name).items() if place >= 0}
    return sorted(places, key=places.__getitem__)


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_dfs(directed, multigraph):
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed)
        for source in [None, *other]:
            result = g.dfs() if source is None else g.dfs(source)
            entered = list(nx.dfs_preorder_nodes(other, source))
            assert in_order(result, "preorder") == entered
            assert in_order(result, "postorder") == list(nx.dfs_postorder_nodes(other, source))
            before = {id: node for id, node in result.predecessor.items() if node is not None}
            assert before == nx.dfs_predecessors(other, source)
            depth = {}
            for id in entered:
                depth[id] = depth[before[id]] + 1 if id in before else 0
            assert {id: d for id, d in result.depth.items() if d >= 0} == depth
            count("dfs", 4 * len(entered) + 1)


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_random_walks(directed, multigraph):
    """No outside source has these walks: every step is an edge, every end has none."""
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed)
        result = g.random_walks(length=5, walks_per_node=2, p=0.5, q=2, seed=seed)
        nodes = list(result.values())
        assert result.walks == 2 * len(other) and result.places == 6
        assert nodes[::6] == [id for id in other for _ in range(2)]
        for place in range(len(nodes)):
            if place % 6 == 0:
                continue
            before, here = nodes[place - 1], nodes[place]
            if here is None:
                assert before is None or not list(other.neighbors(before))
            else:
                assert other.has_edge(before, here)
            count("random_walks", 1)


def lists_as_matrix(lists, height, width, neighbors):
    """The lists as SciPy's rows, parallel edges added up."""
    sparse = pytest.importorskip("scipy.sparse")
    rows = (lists.weight.to_numpy(), neighbors, lists.offset.to_numpy())
    return sparse.csr_array(rows, shape=(height, width)).toarray()


@pytest.mark.parametrize(("directed", "multigraph"), KINDS)
def test_neighbor_lists(directed, multigraph):
    numpy = pytest.importorskip("numpy")
    for seed in range(ROUNDS):
        g, other = random_pair(directed, multigraph, seed)
        for edge in g.edges.values():
            edge["v"] = 1 + edge.id % 7
        if len(g) == 0 or g.edge_count() == 0:
            continue
        ids = list(g.node_ids())
        position = {id: place for place, id in enumerate(ids)}
        wanted = numpy.zeros((len(ids), len(ids)))
        for edge in g.edges.values():
            ends = position[edge.source], position[edge.target]
            wanted[ends] += edge["v"]
            if not directed and ends[0] != ends[1]:
                wanted[ends[::-1]] += edge["v"]
        size = len(ids)
        out = g.neighbor_lists(weight="v", edges=True)
        assert (lists_as_matrix(out, size, size, out.neighbor.to_numpy()) == wanted).all()
        assert [g.get_edge(edge)["v"] for edge in out.edge.values()] == list(out.weight.values())
        turned = g.neighbor_lists(direction="in", weight="v")
        assert (lists_as_matrix(turned, size, size, turned.neighbor.to_numpy()) == wanted.T).all()
        chosen = random.Random(seed).sample(ids, (size + 1) // 2)
        part = g.neighbor_lists(chosen, within=True, weight="v")
        places = numpy.array([position[id] for id in chosen])
        inner = lists_as_matrix(part, len(chosen), len(chosen), part.place.to_numpy())
        assert (inner == wanted[numpy.ix_(places, places)]).all()
        # In the order that NetworkX has, which keeps that of edges; a multigraph's come together.
        if not multigraph:
            lists = g.neighbor_lists(chosen)
            bounds = list(lists.offset.values())
            found = list(lists.values()), list(lists.neighbor.values())
            for place, id in enumerate(chosen):
                rows = slice(bounds[place], bounds[place + 1])
                assert found[0][rows] == [id] * len(other[id])
                assert found[1][rows] == list(other[id])
        count("neighbor_lists", 3 * size * size)
