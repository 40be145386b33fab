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


def by_order(graph, measure, threshold, adjacent):
    """Pairs that share a neighbour with their scores by NetworkX, best first, ties by place."""
    place = {id: k for k, id in enumerate(graph)}
    ids = list(graph)
    pairs = [(u, v) for u in ids for v in ids[place[u] + 1 :]]
    pairs = [(u, v) for u, v in pairs if (set(graph[u]) & set(graph[v])) - {u, v}]
    pairs = [(u, v) for u, v in pairs if adjacent or not graph.has_edge(u, v)]
    scores = [(u, v, score) for u, v, score in NETWORKX[measure](graph, pairs) if score >= threshold]
    return sorted(scores, key=lambda row: (-row[2], place[row[0]], place[row[1]]))


def agree(found, expected):
    """Rows alike; scores that differ in the last bits may stand in another order."""
    assert len(found) == len(expected)
    for (pair, score), row in zip(found.items(), expected, strict=True):
        assert math.isclose(score, row[2], rel_tol=1e-12)
        counted["similar"] += 1
        if pair != row[:2]:
            theirs = [other[2] for other in expected if other[:2] in (pair, pair[::-1])]
            assert math.isclose(score, theirs[0], rel_tol=1e-12), (pair, row)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_the_most_similar(seed):
    g, other, draw = twins(seed)
    graph = plain(other)
    measure = draw.choice(sorted(NETWORKX))
    threshold, adjacent, k = draw.choice([0, 0.25]), draw.random() < 0.5, draw.choice([1, 3, 1000])
    options = {"measure": measure, "threshold": threshold, "adjacent": adjacent}
    expected = by_order(graph, measure, threshold, adjacent)
    found = g.similar_pairs(**options)
    assert found.found == len(expected)
    agree(found, expected)
    few = g.similar_pairs(max_pairs=k, **options)
    assert few.to_dict() == dict(list(found.items())[:k]) and few.found == found.found
    both = defaultdict(dict)
    for u, v, score in expected:
        both[u][v] = both[v][u] = score
    place = {id: k for k, id in enumerate(g)}
    rows = g.similar_nodes(k=k, **options)
    wanted = [
        (u, v, both[u][v])
        for u in g
        for v in sorted(both[u], key=lambda v: (-both[u][v], place[v]))[:k]
    ]
    if k == 1000:
        agree(rows, wanted)
    else:  # which of two equals is taken may hang on the last bit
        assert len(rows) == len(wanted)
        for score, row in zip(rows.values(), wanted, strict=True):
            assert math.isclose(score, row[2], rel_tol=1e-12)
            counted["similar"] += 1
    if len(g):
        chosen = draw.choices(list(g), k=3)
        some = g.similar_nodes(chosen, k=k, **options)
        known = rows.to_dict()
        for u in chosen:
            expected = [(pair, score) for pair, score in known.items() if pair[0] == u]
            assert [(pair, score) for pair, score in some.items() if pair[0] == u] == expected


def test_comparisons_were_made():
    print(dict(counted))
    assert all(counted[measure] >= 50 * GRAPHS for measure in [*MEASURES, "similar"])
