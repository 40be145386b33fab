"""Calls on many nodes and edges at once: bulk, columns, filters, groups. On every backend."""

from __future__ import annotations

import array

import numpy as np
import pytest
from groggy.errors import AttributeNotFoundError, EdgeNotFoundError, NodeNotFoundError

# Many at once.


def test_add_nodes_in_every_shape(make_graph):
    g = make_graph()
    assert g.batch_add_nodes(["a", ("b", {"x": 1}), 3]) == 3
    assert g.batch_add_nodes({"c": {"x": 2}, "a": {"x": 3}}) == 1
    assert g.add_nodes(np.array([4, 5, 3])) == 2
    assert g.add_nodes(array.array("i", [6, 7])) == 2
    assert g.add_nodes(range(8, 10), x=[8, 9], y=("p", "q")) == 2
    assert g.add_nodes(name for name in ("g1", "g2")) == 2
    assert g.add_nodes([("b", {"x": 5, "y": 6})], x=[7]) == 0
    assert g.add_nodes([]) == 0
    assert g.batch_add_nodes_raw([("raw", {"x": 1})]) in (1, None)
    assert g.node_ids() == ["a", "b", 3, "c", 4, 5, 6, 7, 8, 9, "g1", "g2", "raw"]
    assert dict(g.get_node("b")) == {"x": 7, "y": 6}
    assert g.get_node("a")["x"] == 3 and g.get_node(9)["y"] == "q"


def test_add_edges_in_every_shape(make_graph):
    g = make_graph()
    assert g.batch_add_edges([("a", "b"), ("b", "c", {"w": 1}), ["a", "b"]]) == 2
    assert g.add_edges(np.array([[1, 2], [2, 3]])) == 2
    assert g.add_edges(np.array([1, 3]), np.array([3, 1]), w=np.array([0.5, 1.5])) == 2
    assert g.add_edges(["x"], ["y"], w=[7]) == 1
    assert g.add_edges(array.array("q", [1]), array.array("q", [4])) == 1
    assert g.add_edges(pair for pair in [("p", "q")]) == 1
    assert g.add_edges([("b", "c", {"w": 5, "z": 6})], w=[7]) == 0
    assert g.batch_add_edges_raw([("r", "s", {"w": 1}), ("s", "t")]) in (2, None)
    assert g.edge_count() == 11
    assert g.get_edge(1, 3)["w"] == 0.5 and type(g.get_edge(1, 3)["w"]) is float
    assert dict(g.get_edge("b", "c")) == {"w": 7, "z": 6}
    assert g.edge_ids() == list(range(11))


def test_add_edges_to_a_multigraph(make_graph):
    g = make_graph(multigraph=True)
    assert g.add_edges([("a", "b")] * 3) == 3
    assert g.edge_pairs() == [("a", "b")] * 3


BAD_NODE_ITEMS = [
    ("abc", TypeError),
    (b"abc", TypeError),
    (5, TypeError),
    (None, TypeError),
    (["a", ("b",)], TypeError),
    (["a", ("b", {}, {})], TypeError),
    (["a", ("b", 5)], TypeError),
    (["a", ("b", {"x": object()})], TypeError),
    ({"a": 5}, TypeError),
    (np.array([1.5]), TypeError),
    (np.array([True]), TypeError),
    (np.array([2**63], dtype=np.uint64), OverflowError),
    (np.array([[1, 2]]), ValueError),
]


@pytest.mark.parametrize(("items", "error"), BAD_NODE_ITEMS)
def test_bad_nodes_in_bulk(make_graph, unchanged, items, error):
    g = make_graph()
    g.add_node("old")
    with unchanged(g), pytest.raises(error):
        g.batch_add_nodes(items)


BAD_EDGE_ITEMS = [
    ((["a"],), TypeError),
    ((["ab"],), TypeError),
    (([("a", "b"), ("a",)],), TypeError),
    (([("a", "b"), ("a", "b", "c")],), TypeError),
    (([("a", "b", {"x": object()})],), TypeError),
    (("ab",), TypeError),
    ((5,), TypeError),
    ((["a", "b"], ["c"]), ValueError),
    ((np.array([[1.0, 2.0]]),), TypeError),
    ((np.array([[1, 2, 3]]),), ValueError),
    ((np.array([1, 2]),), ValueError),
]


@pytest.mark.parametrize(("arguments", "error"), BAD_EDGE_ITEMS)
def test_bad_edges_in_bulk(make_graph, unchanged, arguments, error):
    g = make_graph()
    g.add_node("old")
    with unchanged(g), pytest.raises(error):
        g.batch_add_edges(*arguments)


def test_bad_columns_in_bulk(make_graph, unchanged):
    g = make_graph()
    g.add_node("old")
    for values, error in [
        ([1], ValueError),
        ([1, 2, 3], ValueError),
        ("ab", TypeError),
        (5, TypeError),
        ({1, 2}, TypeError),
        ([1, object()], TypeError),
    ]:
        with unchanged(g), pytest.raises(error):
            g.add_nodes(["a", "b"], x=values)
        with unchanged(g), pytest.raises(error):
            g.add_edges([("a", "b"), ("b", "c")], x=values)


def test_has_many(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), (1, 2)])
    assert g.has_nodes(["a", "z", 1, "1"]) == [True, False, True, False]
    assert g.has_edges([("a", "b"), ("b", "a"), ("z", "a")]) == [True, False, False]
    assert g.has_edges(["a", 2], ["b", 1]) == [True, False]
    answers = g.has_nodes(np.array([1, 2, 3]))
    assert isinstance(answers, np.ndarray) and answers.dtype == bool
    assert answers.tolist() == [True, True, False]
    answers = g.has_edges(np.array([1, 2]), np.array([2, 1]))
    assert isinstance(answers, np.ndarray) and answers.tolist() == [True, False]
    assert g.has_nodes([]) == [] and g.has_edges([]) == []
    assert g.has_nodes(np.array([], dtype=np.int64)).dtype == bool


def test_get_many(make_graph):
    g = make_graph()
    g.add_nodes(["a", "b", "c"], x=[1, [2], None])
    g.add_node("d")
    assert g.get_many(["c", "a", "b", "d", "a"], "x") == [None, 1, [2], None, 1]
    assert g.get_many(["d", "a"], "x", default=7) == [7, 1]
    assert g.get_many(["a"], "nope", 5) == [5]
    g.get_many(["b"], "x")[0].append(3)
    assert g.get_node("b")["x"] == [2]
    with pytest.raises(NodeNotFoundError):
        g.get_many(["a", "z"], "x")


def test_update_nodes(make_graph, unchanged):
    g = make_graph()
    g.add_nodes(["a", "b"])
    g.update_nodes({"a": {"x": 1}, "b": {"x": 2, "y": 3}})
    assert g.get_many(["a", "b"], "x") == [1, 2]
    for bad, error in [
        ({"a": {"x": 9}, "z": {"x": 1}}, NodeNotFoundError),
        ({"a": {"x": 9}, "b": {"x": object()}}, TypeError),
        ({"a": 5}, TypeError),
        ([("a", {})], TypeError),
    ]:
        with unchanged(g), pytest.raises(error):
            g.update_nodes(bad)


def test_remove_many(make_graph, unchanged):
    g = make_graph(multigraph=True)
    g.add_edges([("a", "b"), ("b", "c"), ("c", "d"), ("a", "b")])
    with unchanged(g), pytest.raises(NodeNotFoundError):
        g.remove_nodes(["a", "z"])
    with unchanged(g), pytest.raises(EdgeNotFoundError):
        g.remove_edges([0, 9])
    with unchanged(g), pytest.raises(EdgeNotFoundError):
        g.remove_edges([("a", "b"), ("a", "z")])
    for bad in ([("a", "b", "c")], [()], ["ab"], [1.5], "ab"):
        with unchanged(g), pytest.raises(TypeError):
            g.remove_edges(bad)
    assert g.remove_edges([("a", "b"), 1, 1]) == 2
    assert g.edge_ids() == [0, 2]
    assert g.remove_nodes(["d", "d"]) == 1
    assert g.node_ids() == ["a", "b", "c"] and g.edge_ids() == [0]
    assert g.remove_nodes([]) == 0 and g.remove_edges([]) == 0


# Columns.


def test_columns_out(make_graph):
    g = make_graph()
    g.add_nodes(
        ["a", "b"],
        i=[1, 2],
        f=[1.5, 2.5],
        b=[True, False],
        s=["x", "y"],
        mixed=[1, 2.5],
        big=[1, 2**70],
    )
    assert g.node_column("i").dtype == np.int64 and g.node_column("i").tolist() == [1, 2]
    assert g.node_column("f").dtype == np.float64 and g.node_column("f").tolist() == [1.5, 2.5]
    assert g.node_column("b").dtype == np.bool_ and g.node_column("b").tolist() == [True, False]
    for name in ("s", "mixed", "big"):
        assert g.node_column(name).dtype == object
    assert g.node_column("mixed").tolist() == [1, 2.5] and g.node_column("big")[1] == 2**70
    g.add_node("c", i=None)
    assert g.node_column("i").tolist() == [1, 2, None]
    assert g.node_column("f").tolist() == [1.5, 2.5, None] and g.node_column("f").dtype == object
    assert g.node_column("f", default=0.0).tolist() == [1.5, 2.5, 0.0]
    assert g.node_column("f", default=0.0).dtype == np.float64
    assert g.node_column("nope", default=1).tolist() == [1, 1, 1]
    with pytest.raises(AttributeNotFoundError):
        g.node_column("nope")


def test_columns_of_an_empty_graph(make_graph):
    g = make_graph()
    assert len(g.node_column("x")) == 0 and len(g.edge_column("x")) == 0
    assert g.edge_array().shape == (0, 2) and g.edge_array().dtype == np.int64


def test_edge_columns(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("c", "a")], w=[1, 2])
    assert g.edge_column("w").tolist() == [1, 2]
    assert g.edge_pairs() == [("a", "b"), ("c", "a")]
    assert g.edge_array().tolist() == [[0, 1], [2, 0]] and g.edge_array().dtype == np.int64
    g.remove_node("b")
    assert g.edge_array().tolist() == [[1, 0]]
    with pytest.raises(AttributeNotFoundError):
        g.edge_column("nope")


def test_columns_in(make_graph, unchanged):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")])
    g.set_node_column("x", np.array([1, 2, 3]))
    g.set_node_column("y", ["p", "q"], ids=["c", "a"])
    g.set_edge_column("w", (0.5, 1.5))
    g.set_edge_column("v", [True], ids=[1])
    assert g.get_many(["a", "b", "c"], "x") == [1, 2, 3]
    assert type(g.get_node("a")["x"]) is int
    assert g.get_many(["a", "b", "c"], "y") == ["q", None, "p"]
    assert g.edge_column("w").tolist() == [0.5, 1.5] and dict(g.get_edge(1)) == {
        "w": 1.5,
        "v": True,
    }
    for arguments, error in [
        (("x", [1, 2]), ValueError),
        (("x", [1, 2, object()]), TypeError),
        (("x", "abc"), TypeError),
        (("", [1, 2, 3]), ValueError),
        (("x", [1], ["z"]), NodeNotFoundError),
        (("x", [1, 2], ["a"]), ValueError),
    ]:
        with unchanged(g), pytest.raises(error):
            g.set_node_column(*arguments)
    with unchanged(g), pytest.raises(EdgeNotFoundError):
        g.set_edge_column("w", [1, 2], ids=[0, 9])


def test_attribute_types(make_graph):
    g = make_graph()
    g.add_node("a", b=True, i=1, f=1.5, s="x", n=[1], d={"k": 1}, u=None)
    g.add_node("b", b=None, i=2, s=None)
    g.add_edge("a", "b", w=1.5)
    types = g.node_attributes()
    assert types == {
        "b": "bool",
        "i": "int",
        "f": "float",
        "s": "str",
        "n": "value",
        "d": "value",
        "u": "value",
    }
    assert g.edge_attributes() == {"w": "float"}
    g.update_node("b", i="text")
    assert g.node_attributes()["i"] == "mixed"
    g.remove_node("a")
    assert "f" not in g.node_attributes()


# Filters and groups.


def people(make_graph):
    g = make_graph()
    g.add_node("alice", age=30, city="NYC")
    g.add_node("bob", age=25, city="SF")
    g.add_node("carol", age=30.0, city="SF", boss=None)
    g.add_node("dan", city=None)
    g.add_edge("alice", "bob", kind="friend", since=2020)
    g.add_edge("bob", "carol", kind="boss", since=2021)
    return g


def test_filter_by_keyword(make_graph):
    g = people(make_graph)
    assert g.filter_nodes() == ["alice", "bob", "carol", "dan"]
    assert g.filter_nodes(age=30) == ["alice", "carol"]
    assert g.filter_nodes(age=30, city="SF") == ["carol"]
    assert g.filter_nodes(city=None) == ["dan"]
    assert g.filter_nodes(boss=None) == ["carol"]
    assert g.filter_nodes(age="30") == [] and g.filter_nodes(nope=1) == []
    assert g.filter_edges(kind="friend") == [0] and g.filter_edges(since=2021, kind="boss") == [1]
    g.update_node("dan", flag=True, tags=[1, {"a": 2}], x=float("nan"))
    assert g.filter_nodes(flag=1) == ["dan"] and g.filter_nodes(tags=[1.0, {"a": 2}]) == ["dan"]
    assert g.filter_nodes(x=float("nan")) == []
    with pytest.raises(TypeError):
        g.filter_nodes(x=object())


def test_filter_by_function(make_graph):
    g = people(make_graph)
    assert g.filter_nodes(lambda node: node.get("age", 0) > 26) == ["alice", "carol"]
    assert g.filter_nodes(lambda node: node.id[0] in "bd", city=None) == ["dan"]
    assert g.filter_edges(lambda edge: edge.source == "bob" or edge["since"] < 2000) == [1]
    with pytest.raises(ZeroDivisionError):
        g.filter_nodes(lambda node: 1 / 0)
    with pytest.raises(TypeError):
        g.filter_nodes(5)
    with pytest.raises(RuntimeError):
        g.filter_nodes(lambda node: g.remove_node("dan"))


def test_filter_by_expression(make_graph):
    g = people(make_graph)
    assert g.filter_nodes("age > 26 and city == 'NYC'") == ["alice"]
    assert g.filter_nodes("age > 26", city="SF") == ["carol"]
    assert g.filter_edges("since >= 2021 or source == 'alice'") == [0, 1]
    mask = g.node_mask("age == 30")
    assert mask.dtype == np.bool_ and mask.tolist() == [True, False, True, False]
    assert g.edge_mask("target == 'bob'").tolist() == [True, False]


def test_group_by(make_graph):
    g = people(make_graph)
    assert g.group_by("city") == {"NYC": 1, "SF": 2, None: 1}
    assert list(g.group_by("city")) == ["NYC", "SF", None]
    assert g.group_by("city", agg="ids") == {
        "NYC": ["alice"],
        "SF": ["bob", "carol"],
        None: ["dan"],
    }
    assert g.group_by("city", "age", agg="sum") == {"NYC": 30, "SF": 55.0, None: None}
    assert g.group_by("city", "age", "mean") == {"NYC": 30.0, "SF": 27.5, None: None}
    assert g.group_by("city", "age", "min") == {"NYC": 30, "SF": 25, None: None}
    assert g.group_by("city", value="age", agg="max")["SF"] == 30.0
    assert g.group_by("city", "age") == {"NYC": 1, "SF": 2, None: 0}
    assert g.group_by("age") == {30: 2, 25: 1}
    assert g.group_by("boss") == {None: 1}
    assert g.group_by("nope") == {}
    assert g.group_by("kind", of="edges") == {"friend": 1, "boss": 1}
    assert g.group_by("kind", "since", "sum", of="edges") == {"friend": 2020, "boss": 2021}


def test_group_by_corner_cases(make_graph):
    g = make_graph()
    nan = float("nan")
    g.add_nodes(range(6), k=[nan, -nan, 1, True, 1.0, (1, 2)], v=[2**62, 2**62, 1, 2, nan, 4])
    groups = list(g.group_by("k").items())
    assert [count for _, count in groups] == [2, 3, 1]
    assert groups[0][0] != groups[0][0] and groups[1][0] == 1 and groups[2][0] == (1, 2)
    sums = list(g.group_by("k", "v", "sum").values())
    assert sums[0] == float(2**63) and type(sums[0]) is float and sums[1] != sums[1]
    low = list(g.group_by("k", "v", "min").values())
    assert low[1] != low[1] and low[2] == 4
    g.update_node(5, k=[1])
    with pytest.raises(TypeError):
        g.group_by("k")
    g.update_node(5, k=5, v="text")
    with pytest.raises(TypeError):
        g.group_by("k", "v", "sum")
    for arguments in [("k", "v", "median"), ("k", None, "sum"), ("k", None, "count", "faces")]:
        with pytest.raises(ValueError):
            g.group_by(*arguments)


def test_an_item_that_comes_twice_keeps_what_its_first_mention_set(make_graph):
    g = make_graph()
    g.batch_add_nodes([(0, {"x": None, "y": 1}), 0, (0, {"y": 2}), 1])
    assert dict(g.get_node(0)) == {"x": None, "y": 2} and dict(g.get_node(1)) == {}
    g.batch_add_edges([(0, 1, {"w": 1, "x": 5}), (0, 1), (0, 1, {"w": 3}), (1, 0)])
    assert dict(g.get_edge(0, 1)) == {"x": 5, "w": 3} and dict(g.get_edge(1, 0)) == {}


def test_edge_ids_stay_consecutive_beside_an_open_batch(make_graph):
    g = make_graph()
    g.add_node("base")
    with g.batch_operations() as batch:
        assert batch.add_edge("a", "b") == 0
        assert g.add_edge("c", "d") == 1
        assert batch.add_edge("b", "c") == 2
    assert g.add_edge("d", "e") == 3
    assert g.edge_pairs() and sorted(g.edge_ids()) == [0, 1, 2, 3]


# Lists of plain ids take a way of their own, in blocks; every other list the careful one.

COUNT = 6_000  # more than a block of neighbours


def _ring_with_chords(make_graph, **options):
    g = make_graph(**options)
    ids = [f"n{i}" if i % 3 else i for i in range(COUNT)]
    g.add_nodes(ids, value=list(range(COUNT)))
    ends = [(i, (i * 7 + 1) % COUNT) for i in range(COUNT)] + [(i, i // 2) for i in range(0, COUNT, 5)]
    g.add_edges([(ids[u], ids[v]) for u, v in ends])
    for i in range(100, 140):
        g.remove_node(ids[i])
    return g, [name for i, name in enumerate(ids) if not 100 <= i < 140]


@pytest.mark.parametrize("options", [{}, {"directed": False}, {"multigraph": True}])
def test_long_plain_lists_answer_as_single_calls_do(make_graph, options):
    g, ids = _ring_with_chords(make_graph, **options)
    pairs = [(u, v) for u, v in zip(ids, ids[1:] + ids[:1])] + [(ids[0], "nobody"), ("nobody", ids[0])]
    pairs += list(g.edge_pairs())[:2_000]
    assert g.has_edges(pairs) == g.has_edges(tuple(pairs)) == [g.has_edge(u, v) for u, v in pairs]
    assert g.has_edges([list(pair) for pair in pairs]) == g.has_edges(pairs)
    assert g.get_many(ids, "value") == g.get_many(tuple(ids), "value") == [g.get_node(u)["value"] for u in ids]
    for direction in ("out", "in", "both"):
        assert g.neighbors_of(ids, direction) == [g.get_neighbors(u, direction) for u in ids]
        assert g.neighbors_of(iter(ids), direction) == g.neighbors_of(ids, direction)
        degrees = [g.degree(u, direction) for u in ids]
        assert g.degrees(ids, direction) == g.degrees(iter(ids), direction) == degrees


class _Id(str):
    """No plain str."""


@pytest.mark.parametrize("place", [0, 511, 512, 5_000])
def test_one_id_that_is_not_plain(make_graph, place):
    g, ids = _ring_with_chords(make_graph)
    g.add_node("größe", value=1)
    g.add_edge("größe", ids[3])
    for other, same in ((_Id(ids[5]), ids[5]), (np.int64(3), 3), ("größe", "größe")):
        mixed = [*ids[:place], other, *ids[place:]]
        plain = [*ids[:place], same, *ids[place:]]
        assert g.get_many(mixed, "value") == [g.get_node(u)["value"] for u in plain]
        assert g.neighbors_of(mixed) == [g.get_neighbors(u) for u in plain]
        assert g.degrees(mixed) == [g.degree(u) for u in plain]
        assert g.has_edges([(u, ids[3]) for u in mixed]) == [g.has_edge(u, ids[3]) for u in plain]
    for bad, error in ((1.5, TypeError), (True, TypeError), (2**63, OverflowError), ("\ud800", ValueError)):
        mixed = [*ids[:place], bad, *ids[place:]]
        for call in (
            lambda: g.get_many(mixed, "value"),
            lambda: g.neighbors_of(mixed),
            lambda: g.degrees(mixed),
            lambda: g.has_edges([(u, ids[3]) for u in mixed]),
            lambda: g.has_edges([(ids[3], u) for u in mixed]),
        ):
            with pytest.raises(error):
                call()
    mixed = [*ids[:place], "nobody", *ids[place:]]
    for missing in (
        lambda: g.get_many(mixed, "value"),
        lambda: g.neighbors_of(mixed),
        lambda: g.degrees(mixed),
    ):
        with pytest.raises(NodeNotFoundError, match="nobody"):
            missing()
    with pytest.raises(TypeError, match="source, target"):
        g.has_edges([*[(u, u) for u in ids[:place]], (1, 2, 3)])


def test_ids_that_change_the_graph_while_they_are_read(make_graph):
    g = make_graph()
    g.add_edge("a", "b")
    assert g.neighbors_of(g.add_node(u) for u in ("a", "new")) == [["b"], []]
