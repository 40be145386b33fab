"""Similarity against NetworkX, igraph and NumPy on random graphs of every kind.

GLI_TEST_FULL=1 takes 240 graphs instead of 40.
"""

from __future__ import annotations

import math
from collections import defaultdict

import igraph
import networkx as nx
import numpy as np
import pytest
from test_parity_community import GRAPHS, twins

counted: dict[str, int] = defaultdict(int)

NETWORKX = {
    "adamic_adar": nx.adamic_adar_index,
    "jaccard": nx.jaccard_coefficient,
    "preferential_attachment": nx.preferential_attachment,
    "resource_allocation": nx.resource_allocation_index,
}
MEASURES = [*NETWORKX, "common_neighbors", "cosine", "overlap", "sorensen"]


def plain(other):
    """Directions and parallel edges dropped; loops stay."""
    graph = nx.Graph()
    graph.add_nodes_from(other)
    graph.add_edges_from(other.edges())
    return graph


def same(measure, found, expected):
    assert list(found) == list(expected)
    for pair, score in expected.items():
        assert math.isclose(found[pair], score, rel_tol=1e-12, abs_tol=1e-13), (measure, pair)
    counted[measure] += len(expected)


def chosen(draw, ids):
    """Different pairs of different nodes, all of them where they are few."""
    pairs = [(u, v) for u in ids for v in ids if u != v]
    return draw.sample(pairs, min(len(pairs), 150))


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_against_networkx(seed):
    g, other, draw = twins(seed)
    graph = plain(other)
    pairs = chosen(draw, g.node_ids())
    for measure, function in NETWORKX.items():
        expected = {(u, v): score for u, v, score in function(graph, pairs)}
        same(measure, getattr(g, measure)(pairs), expected)
    expected = {(u, v): len(list(nx.common_neighbors(graph, u, v))) for u, v in pairs}
    found = g.common_neighbors(pairs)
    same("common_neighbors", found, expected)
    assert all(type(count) is int for count in found.values())


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_against_igraph_and_numpy(seed):
    """Without loops, which others see differently."""
    g, other, draw = twins(seed)
    g.remove_edges([id for id, edge in g.edges.items() if edge.source == edge.target])
    graph = plain(other)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    ids = g.node_ids()
    place = {id: k for k, id in enumerate(ids)}
    pairs = chosen(draw, ids)
    twin = igraph.Graph(len(ids), [(place[u], place[v]) for u, v in graph.edges()])
    places = [(place[u], place[v]) for u, v in pairs]
    for measure, function in (
        ("jaccard", twin.similarity_jaccard),
        ("sorensen", twin.similarity_dice),
    ):
        theirs = function(pairs=places, loops=False) if pairs else []
        same(measure, getattr(g, measure)(pairs), dict(zip(pairs, theirs, strict=True)))
    matrix = nx.to_numpy_array(graph, nodelist=ids) if ids else np.zeros((0, 0))
    common, degree = matrix @ matrix, matrix.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.nan_to_num(common / np.sqrt(np.outer(degree, degree)))
        overlap = np.nan_to_num(common / np.minimum.outer(degree, degree))
    same("cosine", g.cosine(pairs), {p: cosine[at] for p, at in zip(pairs, places, strict=True)})
    same("overlap", g.overlap(pairs), {p: overlap[at] for p, at in zip(pairs, places, strict=True)})


@pytest.mark.parametrize("measure", MEASURES)
def test_a_node_and_itself(measure):
    """NetworkX's adamic_adar_index divides by zero here; neighbours of degree 1 count nothing."""
    g, other, _ = twins(12)
    graph = plain(other)
    pairs = [(u, u) for u in g]
    found = getattr(g, measure)(pairs)
    assert list(found) == pairs
    if measure == "adamic_adar":
        for u in g:
            around = [graph.degree(v) for v in graph[u] if v != u]
            expected = sum(1 / math.log(degree) for degree in around if degree > 1)
            assert math.isclose(found[u, u], expected)
    elif measure in NETWORKX:
        same(measure, found, {(u, v): score for u, v, score in NETWORKX[measure](graph, pairs)})
    assert getattr(g, measure)(pairs[:1] * 3).to_dict() == {pairs[0]: found[pairs[0]]}


def test_comparisons_were_made():
    print(dict(counted))
    assert all(counted[measure] >= 50 * GRAPHS for measure in MEASURES)
