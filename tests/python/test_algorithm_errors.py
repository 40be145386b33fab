"""Algorithms in corners: tiny graphs, bad options and weights, time limits, progress, records."""

from __future__ import annotations

import math
import random

import pytest
from groggy.errors import AlgorithmTimeoutError, AttributeNotFoundError, NodeNotFoundError


def every_algorithm(g, source):
    return {
        "bfs": g.bfs(source),
        "shortest_paths": g.shortest_paths(source),
        "connected_components": g.connected_components(),
        "pagerank": g.pagerank(),
        "betweenness_centrality": g.betweenness_centrality(),
        "edge_betweenness": g.edge_betweenness(),
        "degrees": g.degrees(),
        "triangle_count": g.triangle_count(),
        "clustering": g.clustering(),
        "core_number": g.core_number(),
        "label_propagation": g.label_propagation(),
        "jaccard": g.jaccard(),
    }


def test_one_node(make_graph):
    for directed in (True, False):
        g = make_graph(directed=directed)
        g.add_node("a")
        found = {name: result.to_dict() for name, result in every_algorithm(g, "a").items()}
        assert found == {
            "bfs": {"a": 0},
            "shortest_paths": {"a": 0.0},
            "connected_components": {"a": 0},
            "pagerank": {"a": 1.0},
            "betweenness_centrality": {"a": 0.0},
            "edge_betweenness": {},
            "degrees": {"a": 0},
            "triangle_count": {"a": 0},
            "clustering": {"a": 0.0},
            "core_number": {"a": 0},
            "label_propagation": {"a": 0},
            "jaccard": {},
        }


def test_the_empty_graph(make_graph):
    g = make_graph()
    for call in (
        g.connected_components,
        g.pagerank,
        g.betweenness_centrality,
        g.edge_betweenness,
        g.degrees,
        g.triangle_count,
        g.clustering,
        g.core_number,
        g.label_propagation,
        g.jaccard,
    ):
        result = call()
        assert len(result) == 0 and result.to_dict() == {} and result.top(5) == []
        assert len(result.to_numpy()) == 0
    assert g.transitivity() == 0.0 and g.clustering().average == 0.0
    assert g.connected_components().count == 0 and g.triangle_count().total == 0
    with pytest.raises(NodeNotFoundError):
        g.bfs("a")
    assert g.pagerank(weight="w").to_dict() == {}


BAD_WEIGHTS = [
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    (-1, ValueError),
    (-0.5, ValueError),
    ("heavy", TypeError),
    ([1], TypeError),
    (2**1024, TypeError),  # beyond the largest float
]


@pytest.mark.parametrize(("weight", "error"), BAD_WEIGHTS)
def test_bad_weights(make_graph, unchanged, weight, error):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    bad = g.add_edge("b", "c", w=weight)
    calls = [
        lambda: g.pagerank(weight="w"),
        lambda: g.betweenness_centrality(weight="w"),
        lambda: g.edge_betweenness(weight="w"),
        lambda: g.clustering(weight="w"),
    ]
    if weight not in (-1, -0.5):
        calls.append(lambda: g.degrees(weight="w"))
    if weight != float("inf"):
        calls.append(lambda: g.shortest_paths("a", weight="w"))
    for call in calls:
        with unchanged(g), pytest.raises(error) as caught:
            call()
        assert str(bad) in str(caught.value)


@pytest.mark.parametrize("big", [2**63, 2**70 + 1, -(2**70), 2**1023 + 2**969, 3**200])
def test_weights_beyond_64_bits_are_rounded_as_float_does(make_graph, big):
    g = make_graph()
    g.add_edge("a", "b", w=big)
    g.add_edge("b", "c", w=1)
    assert g.degrees(weight="w")["a"] == float(big)
    if big > 0:
        assert g.shortest_paths("a", weight="w")["b"] == float(big)
    else:
        with pytest.raises(ValueError, match="at least 0"):
            g.shortest_paths("a", weight="w")


def test_weights_of_none_and_bool_count(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c"), ("c", "d")], w=[None, True, 2])
    assert g.shortest_paths("a", weight="w")["d"] == 4.0


def test_an_edge_of_infinite_length_lies_on_no_path(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c"), ("a", "c")], w=[1, float("inf"), 2])
    g.add_edge("c", "d", w=float("inf"))
    result = g.shortest_paths("a", weight="w")
    assert result.to_dict() == {"a": 0.0, "b": 1.0, "c": 2.0, "d": float("inf")}
    assert result.predecessor["d"] is None


def test_as_many_samples_as_nodes_are_exact(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c"), ("c", "d")])
    for samples in (4, 1000):
        assert g.betweenness(samples=samples, seed=3).to_dict() == g.betweenness().to_dict()


def test_zero_is_no_length_for_betweenness(make_graph):
    g = make_graph()
    g.add_edge("a", "b", w=0)
    for call in (g.betweenness_centrality, g.edge_betweenness):
        with pytest.raises(ValueError):
            call(weight="w")


BAD_OPTIONS = [
    ("bfs", ("a",), {"direction": "up"}, ValueError),
    ("bfs", ("a",), {"max_depth": -1}, ValueError),
    ("bfs", ("a",), {"max_depth": 1.5}, TypeError),
    ("bfs", ("nobody",), {}, NodeNotFoundError),
    ("bfs", (["a", "nobody"],), {}, NodeNotFoundError),
    ("bfs", ([],), {}, ValueError),
    ("bfs", (), {}, TypeError),
    ("bfs", (1.5,), {}, TypeError),
    ("shortest_paths", ("a",), {"weight": "nope"}, AttributeNotFoundError),
    ("shortest_paths", ("a",), {"targets": ["nobody"]}, NodeNotFoundError),
    ("shortest_paths", ("a",), {"cutoff": -1}, ValueError),
    ("shortest_paths", ("a",), {"cutoff": math.nan}, ValueError),
    ("connected_components", (), {"kind": "loose"}, ValueError),
    ("pagerank", (), {"damping": 1.5}, ValueError),
    ("pagerank", (), {"damping": -0.1}, ValueError),
    ("pagerank", (), {"damping": math.nan}, ValueError),
    ("pagerank", (), {"damping": "high"}, TypeError),
    ("pagerank", (), {"tolerance": -1}, ValueError),
    ("pagerank", (), {"max_iterations": 0}, ValueError),
    ("pagerank", (), {"personalization": {"nobody": 1}}, NodeNotFoundError),
    ("pagerank", (), {"personalization": {"a": -1, "b": 2}}, ValueError),
    ("pagerank", (), {"personalization": {"a": math.nan}}, ValueError),
    ("pagerank", (), {"personalization": {"a": 0}}, ValueError),
    ("pagerank", (), {"personalization": {}}, ValueError),
    ("pagerank", (), {"personalization": [1, 2]}, TypeError),
    ("pagerank", (), {"dangling": {"a": 0}}, ValueError),
    ("pagerank", (), {"weight": "nope"}, AttributeNotFoundError),
    ("betweenness_centrality", (), {"samples": 0}, ValueError),
    ("betweenness_centrality", (), {"samples": 1.5}, TypeError),
    ("edge_betweenness", (), {"samples": -1}, ValueError),
    ("degrees", (), {"direction": "up"}, ValueError),
    ("label_propagation", (), {"method": "magic"}, ValueError),
    ("label_propagation", (), {"max_iterations": -1}, ValueError),
    ("jaccard", ([("a", "nobody")],), {}, NodeNotFoundError),
    ("jaccard", ([("a", "b", "c")],), {}, TypeError),
    ("jaccard", ("ab",), {}, TypeError),
]


@pytest.mark.parametrize(("name", "arguments", "options", "error"), BAD_OPTIONS)
def test_bad_options(make_graph, unchanged, name, arguments, options, error):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")])
    with unchanged(g), pytest.raises(error):
        getattr(g, name)(*arguments, **options)


ALGORITHMS = [
    ("bfs", "a"),
    ("shortest_paths", "a"),
    ("connected_components",),
    ("pagerank",),
    ("betweenness_centrality",),
    ("edge_betweenness",),
    ("degrees",),
    ("triangle_count",),
    ("clustering",),
    ("core_number",),
    ("label_propagation",),
    ("jaccard",),
]


@pytest.mark.parametrize("call", ALGORITHMS, ids=lambda call: call[0])
def test_common_options(make_graph, call):
    name, *arguments = call
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c"), ("c", "a")])
    run = getattr(g, name)
    with pytest.raises(TypeError):
        run(*arguments, no_such_option=1)
    for bad, error in [
        ({"max_seconds": 0}, ValueError),
        ({"max_seconds": math.nan}, ValueError),
        ({"max_seconds": "1"}, TypeError),
        ({"progress": 5}, TypeError),
        ({"threads": -1}, ValueError),
        ({"threads": 1.5}, TypeError),
    ]:
        with pytest.raises(error):
            run(*arguments, **bad)
    seen = []
    result = run(
        *arguments,
        max_seconds=100,
        threads=1,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert all(0 <= done <= total for done, total in seen)
    assert result.to_dict() == run(*arguments).to_dict()
    assert run.__doc__
    assert result.run.backend and result.run.why and result.run.fallbacks == 0
    assert result.run.seconds["total"] >= 0 and result.run.threads >= 1
    assert str(result.run.iterations) in repr(result.run)
    frozen = g.snapshot()
    g.clear()
    assert getattr(frozen, name)(*arguments).to_dict() == result.to_dict()
    assert len(result) == 3 and result.to_dict()


def test_errors_from_progress_come_through(make_graph):
    g = make_graph()
    g.add_edges((n, n + 1) for n in range(3000))

    def stop(done, total):
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError):
        g.betweenness_centrality(progress=stop)
    assert g.node_count() == 3001


def test_max_seconds(make_graph, unchanged):
    g = make_graph(directed=False)
    draw = random.Random(1)
    g.add_edges((draw.randrange(20000), draw.randrange(20000)) for _ in range(60000))
    version = g.version
    with pytest.raises(AlgorithmTimeoutError) as caught:
        g.betweenness_centrality(max_seconds=0.05)
    assert isinstance(caught.value, TimeoutError)
    assert g.version == version
