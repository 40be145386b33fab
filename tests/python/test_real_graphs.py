"""Five algorithms on every graph in examples/data, against NetworkX and igraph.

The files are read a second time by the few lines below, which share no code with the package. What
would take minutes (exact betweenness of the largest graph; NetworkX's exact betweenness of all but
the small ones) runs with GLI_TEST_FULL=1; otherwise the same comparison is made for some sources.
"""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import igraph
import networkx as nx
import numpy as np
import pytest
from groggy.oracle.algorithms.draw import sample

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"
FILES = sorted(path.name for path in DATA.iterdir() if path.name != "README.md")
DIRECTED = {"wiki-Vote.txt", "email-Eu-core.csv"}
SIZES = {  # from the README beside the files
    "wiki-Vote.txt": (7115, 103689),
    "astro-ph.graph": (16706, 121251),
    "power.graph": (4941, 6594),
    "airfoil1.graph": (4253, 12289),
    "karate.csv": (34, 78),
    "netscience.csv": (1461, 2742),
    "email-Eu-core.csv": (1005, 25571),
}
FULL = os.environ.get("GLI_TEST_FULL") == "1"
SLOW = {"astro-ph.graph"}
full_only = pytest.mark.skipif(not FULL, reason="takes minutes: GLI_TEST_FULL=1 runs it")


@functools.cache
def mine(name):
    return groggy.read(DATA / name, directed=name in DIRECTED)


def edge_lines(name):
    """(source, target) as they stand in a file, in our ids."""
    text = (DATA / name).read_text().splitlines()
    if name.endswith(".graph"):
        rows = [line.split() for line in text if not line.startswith("%")][1:]
        for node, row in enumerate(rows):
            yield from ((node, int(other) - 1) for other in row)
        return
    for line in text:
        if not line.startswith("#"):
            source, target, *_ = line.split()
            yield int(source), int(target)


@functools.cache
def theirs(name):
    """The NetworkX graph, with our ids."""
    other = nx.DiGraph() if name in DIRECTED else nx.Graph()
    if name.endswith(".graph"):
        first = mine(name).node_ids()[0]
        other.add_nodes_from(range(first, first + SIZES[name][0]))
        other.add_edges_from((u + first, v + first) for u, v in edge_lines(name))
    else:
        other.add_edges_from(edge_lines(name))
    return other


@functools.cache
def igraphs(name):
    """The igraph graph and the ids of its vertices."""
    other = theirs(name)
    ids = list(other)
    place = {id: number for number, id in enumerate(ids)}
    edges = [(place[u], place[v]) for u, v in other.edges]
    return igraph.Graph(len(ids), edges, directed=other.is_directed()), ids


def agree(found, wanted, absolute):
    assert found.keys() == wanted.keys()
    worst = max(abs(found[id] - wanted[id]) for id in wanted)
    assert worst <= absolute, f"differs by {worst}"


def test_all_files_are_known():
    assert set(FILES) == set(SIZES)


@pytest.mark.parametrize("name", FILES)
def test_reading(name):
    g, other = mine(name), theirs(name)
    assert (g.node_count(), g.edge_count()) == SIZES[name]
    assert (len(other), other.number_of_edges()) == SIZES[name]
    assert set(g) == set(other)
    pairs = set(g.edge_pairs())
    assert all((u, v) in pairs or (v, u) in pairs for u, v in other.edges)


@pytest.mark.parametrize("name", FILES)
def test_pagerank(name):
    found = mine(name).pagerank(tolerance=1e-13, max_iterations=1000).to_dict()
    assert sum(found.values()) == pytest.approx(1)
    agree(found, nx.pagerank(theirs(name), tol=1e-13, max_iter=1000), 1e-9)
    other, ids = igraphs(name)
    agree(found, dict(zip(ids, other.pagerank(damping=0.85), strict=True)), 1e-9)


@pytest.mark.parametrize("name", FILES)
def test_connected_components(name):
    g, other = mine(name), theirs(name)
    result = g.connected_components()
    found = groups(result)
    weak = nx.weakly_connected_components if g.directed else nx.connected_components
    assert found == {frozenset(part) for part in weak(other)}
    assert result.count == len(found)
    rival, ids = igraphs(name)
    assert found == {frozenset(ids[k] for k in part) for part in rival.components(mode="weak")}
    if g.directed:
        strong = groups(g.connected_components(kind="strong"))
        assert strong == {frozenset(part) for part in nx.strongly_connected_components(other)}
        rivals = rival.components(mode="strong")
        assert strong == {frozenset(ids[k] for k in part) for part in rivals}


def groups(labels):
    parts = {}
    for id, label in labels.items():
        parts.setdefault(label, set()).add(id)
    assert list(parts) == list(range(len(parts))), "numbered by their first node"
    return {frozenset(part) for part in parts.values()}


@pytest.mark.parametrize("name", FILES)
def test_triangle_count(name):
    result = mine(name).triangle_count()
    simple = nx.Graph(theirs(name))
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    assert result.to_dict() == nx.triangles(simple)
    rival, ids = igraphs(name)
    rival = rival.as_undirected().simplify()
    triangles = np.array(rival.list_triangles(), dtype=np.int64).reshape(-1, 3)
    counts = np.bincount(triangles.ravel(), minlength=len(ids)).tolist()
    assert result.to_dict() == dict(zip(ids, counts, strict=True))
    assert result.total == len(triangles)


@pytest.mark.parametrize("name", FILES)
def test_label_propagation(name):
    """The synchronous rule; no peer has the same one, so the rule is spelt out here again."""
    g, other = mine(name), theirs(name)
    order = list(g)
    label = {id: place for place, id in enumerate(order)}
    for _ in range(10):
        following = {}
        for id in order:
            if other.is_directed():
                around = [*other.successors(id), *other.predecessors(id)]
            else:
                around = other.adj[id]
            counts = Counter(label[neighbor] for neighbor in around)
            most = max(counts.values(), default=0)
            following[id] = min((k for k, n in counts.items() if n == most), default=label[id])
        if following == label:
            break
        label = following
    numbers = {}
    wanted = {id: numbers.setdefault(label[id], len(numbers)) for id in order}
    result = g.label_propagation()
    assert result.to_dict() == wanted
    assert result.count == len(numbers)


@pytest.mark.parametrize("name", ["karate.csv", "netscience.csv", "power.graph", "airfoil1.graph"])
def test_asynchronous_communities_are_as_good_as_networkx(name):
    """Random by nature: compared by modularity, not node by node."""
    g, other = mine(name), nx.Graph(theirs(name))
    result = g.label_propagation(method="async", seed=3)
    ours = nx.community.modularity(other, groups(result))
    peers = nx.community.modularity(other, nx.community.asyn_lpa_communities(other, seed=3))
    assert ours >= 0.8 * peers - 0.05
    assert result.to_dict() == g.label_propagation(method="async", seed=3).to_dict()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=full_only if name in SLOW else ()) for name in FILES]
)
def test_exact_betweenness_against_igraph(name):
    g = mine(name)
    if not FULL and SIZES[name][0] > 4500:
        pytest.skip("takes seconds: GLI_TEST_FULL=1 runs it")
    found = g.betweenness_centrality(normalized=False).to_dict()
    rival, ids = igraphs(name)
    wanted = dict(zip(ids, rival.betweenness(), strict=True))
    agree(found, wanted, 1e-9 * max(wanted.values()))


@pytest.mark.parametrize("name", ["karate.csv", "netscience.csv"])
def test_exact_betweenness_against_networkx(name):
    found = mine(name).betweenness_centrality().to_dict()
    agree(found, nx.betweenness_centrality(theirs(name)), 1e-12)


class Drawn(random.Random):
    """Hands NetworkX the sources that our draw gives."""

    def __init__(self, order, seed):
        super().__init__(0)
        self.order, self.own_seed = order, seed

    def sample(self, population, k):
        assert set(population) == set(self.order)
        return [self.order[place] for place in sample(len(self.order), k, self.own_seed)]


@pytest.mark.parametrize("name", FILES)
def test_sampled_betweenness_against_networkx(name):
    g = mine(name)
    found = g.betweenness_centrality(samples=6, seed=5).to_dict()
    wanted = nx.betweenness_centrality(theirs(name), k=6, seed=Drawn(list(g), 5))
    agree(found, wanted, 1e-10)


COMMANDS = {
    "pagerank": ("score", []),
    "betweenness_centrality": ("score", ["--samples", "20", "--seed", "2"]),
    "betweenness": ("score", ["--samples", "20", "--seed", "2"]),
    "label_propagation": ("label", []),
    "connected_components": ("component", []),
    "triangle_count": ("triangles", []),
}


@pytest.mark.parametrize("algorithm", COMMANDS)
@pytest.mark.parametrize("name", FILES if FULL else ["karate.csv", "power.graph", "wiki-Vote.txt"])
def test_the_command_prints_the_same(algorithm, name):
    column, options = COMMANDS[algorithm]
    command = [sys.executable, "-m", "groggy.cli", "run", algorithm, str(DATA / name), *options]
    if name not in DIRECTED and not name.endswith(".graph"):
        command.append("--undirected")
    ended = subprocess.run(
        [*command, "--format", "json"], capture_output=True, text=True, timeout=300, check=True
    )
    said = json.loads(ended.stdout)
    assert said["columns"][:2] == ["node", column]
    given = {"samples": 20, "seed": 2} if options else {}
    wanted = getattr(mine(name), algorithm)(**given)
    assert {row[0]: row[1] for row in said["rows"]} == wanted.to_dict()
    for scalar in ("count", "total"):
        if scalar in said:
            assert said[scalar] == getattr(wanted, scalar)
