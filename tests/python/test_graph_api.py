"""The graph API: every call, its order of results, its errors. Runs on every backend."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from groggy.errors import EdgeNotFoundError, GroggyError, NodeNotFoundError

# Ids and nodes.


def test_automatic_ids_are_above_every_integer_used(make_graph):
    g = make_graph()
    assert g.add_node() == 0
    assert g.add_node(None) == 1
    assert g.add_node(10, x=1) == 10
    assert g.add_node("10") == "10"
    assert g.add_node() == 11
    g.remove_node(11)
    assert g.add_node() == 12
    g.add_edge(50, -3)
    assert g.add_node(name="by attribute only") == 51
    assert list(g) == [0, 1, 10, "10", 12, 50, -3, 51]


def test_automatic_ids_start_at_zero_below_negative_ones(make_graph):
    g = make_graph()
    g.add_node(-7)
    assert g.add_node() == 0


def test_automatic_ids_run_out(make_graph, unchanged):
    g = make_graph()
    g.add_node(2**63 - 1)
    with unchanged(g), pytest.raises(OverflowError):
        g.add_node()


def test_int_and_str_ids_are_different_nodes(make_graph):
    g = make_graph()
    g.add_node(7, kind="int")
    g.add_node("7", kind="str")
    assert g.node_count() == 2
    assert g.get_node(7)["kind"] == "int"
    assert g.get_node("7")["kind"] == "str"


class Seven:
    def __index__(self):
        return 7


class Name(str):
    def __str__(self):
        return "something else"


@pytest.mark.parametrize("id", [7, np.int8(7), np.uint64(7), Seven()])
def test_everything_with_index_is_an_int(make_graph, id):
    g = make_graph()
    assert g.add_node(id) == 7
    assert type(g.node_ids()[0]) is int
    assert g.has_node(7) and 7 in g


@pytest.mark.parametrize(
    "id", ["", "alice", "naïve \U0001f600", "with\0zero", "x" * 1000, np.str_("s")]
)
def test_strings_are_ids(make_graph, id):
    g = make_graph()
    assert g.add_node(id) == id
    assert g.node_ids() == [str(id)]
    assert type(g.node_ids()[0]) is str


def test_a_subclass_of_str_is_taken_by_its_characters(make_graph):
    g = make_graph()
    g.add_node(Name("real"))
    assert g.has_node("real")


@pytest.mark.parametrize("id", [2**63 - 1, -(2**63), 0])
def test_the_ends_of_int64_are_ids(make_graph, id):
    g = make_graph()
    g.add_node(id)
    assert g.node_ids() == [id]


BAD_IDS = [
    (True, TypeError),
    (1.0, TypeError),
    (b"x", TypeError),
    ((1, 2), TypeError),
    ([1], TypeError),
    ({}, TypeError),
    (np.float64(1), TypeError),
    (np.bool_(True), TypeError),
    (2**63, OverflowError),
    (-(2**63) - 1, OverflowError),
    ("\ud800", ValueError),
]


@pytest.mark.parametrize(("id", "error"), BAD_IDS)
def test_bad_ids_are_refused_everywhere(make_graph, unchanged, id, error):
    g = make_graph()
    g.add_edge("a", "b")
    calls = [
        lambda: g.add_node(id, x=1),
        lambda: g.add_edge(id, "a"),
        lambda: g.add_edge("new", id),
        lambda: g.update_node(id, x=1),
        lambda: g.remove_node(id),
        lambda: g.has_node(id),
        lambda: g.get_node(id),
        lambda: g.has_edge("a", id),
        lambda: g.get_edge(id, "a"),
        lambda: g.get_neighbors(id),
        lambda: g.degree(id),
        lambda: g.batch_add_nodes(["new", id]),
        lambda: g.batch_add_edges([("new", "b"), ("a", id)]),
        lambda: g.subgraph([id]),
    ]
    for call in calls:
        with unchanged(g), pytest.raises(error):
            call()
    assert id not in g
    assert id not in g.nodes


def test_none_is_no_id_but_in_add_node(make_graph):
    g = make_graph()
    g.add_node("a")
    for call in (g.has_node, g.get_node, g.remove_node, g.update_node):
        with pytest.raises(TypeError):
            call(None)
    with pytest.raises(TypeError):
        g.add_edge("a", None)
    with pytest.raises(TypeError):
        g.batch_add_nodes([None])
    assert None not in g


def test_adding_a_node_again_merges(make_graph):
    g = make_graph()
    g.add_node("a", x=1, y=2)
    assert g.add_node("a", y=3, z=4) == "a"
    assert dict(g.get_node("a")) == {"x": 1, "y": 3, "z": 4}
    assert g.node_count() == 1


def test_attributes_may_have_any_name(make_graph):
    g = make_graph()
    names = [
        "id",
        "source",
        "target",
        "self",
        "name",
        "attributes",
        "items",
        "weird name",
        "é",
        "class",
    ]
    g.add_node("a", **{name: name for name in names})
    assert dict(g.get_node("a")) == {name: name for name in names}
    edge = g.add_edge("a", "b", **{name: name for name in names})
    assert dict(g.get_edge(edge)) == {name: name for name in names}
    g.update_node("a", id=1, self=2)
    g.update_edge("a", "b", source=1, target=2)
    assert g.get_node("a")["id"] == 1
    assert g.get_edge("a", "b")["source"] == 1
    assert g.get_edge("a", "b").source == "a"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", ValueError),
        ("a\0b", ValueError),
        ("\udc80", ValueError),
        (1, TypeError),
        (None, TypeError),
    ],
)
def test_bad_attribute_names(make_graph, unchanged, name, error):
    g = make_graph()
    g.add_edge("a", "b")
    with unchanged(g), pytest.raises(error):
        g.batch_add_nodes([("new", {name: 1})])
    with unchanged(g), pytest.raises(error):
        g.batch_add_edges([("new", "b", {name: 1})])
    with unchanged(g), pytest.raises(error):
        g.get_node("a")[name] = 1
    if isinstance(name, str):
        with unchanged(g), pytest.raises(error):
            g.add_node("a", **{name: 1})


def test_update_node(make_graph, unchanged):
    g = make_graph()
    g.add_node("a", x=1)
    assert g.update_node("a", x=2, y=None) is None
    assert dict(g.get_node("a")) == {"x": 2, "y": None}
    with unchanged(g), pytest.raises(NodeNotFoundError):
        g.update_node("b", x=1)
    with unchanged(g), pytest.raises(TypeError):
        g.update_node("a", x=3, z=object())


def test_remove_node_takes_its_edges(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    g.remove_node("a")
    assert g.node_ids() == ["b", "c"]
    assert g.edge_pairs() == [("b", "c")]
    assert g.edge_ids() == [1]
    assert g.get_neighbors("c") == []
    with pytest.raises(NodeNotFoundError):
        g.remove_node("a")


def test_a_removed_node_comes_back_bare_and_last(make_graph):
    g = make_graph()
    g.add_node("a", x=1)
    g.add_node("b")
    g.add_edge("a", "b")
    g.remove_node("a")
    g.add_node("a")
    assert g.node_ids() == ["b", "a"]
    assert dict(g.get_node("a")) == {}
    assert g.get_neighbors("a") == []


# Edges.


def test_edge_ids_count_up_and_are_never_reused(make_graph):
    g = make_graph()
    assert g.add_edge("a", "b") == 0
    assert g.add_edge("b", "c") == 1
    g.remove_edge(0)
    assert g.add_edge("a", "b") == 2
    g.remove_node("a")
    assert g.add_edge("c", "d") == 3
    g.clear()
    assert g.add_edge("a", "b") == 4
    assert not g.has_edge(0)


def test_a_simple_graph_merges_parallel_edges(make_graph):
    g = make_graph()
    first = g.add_edge("a", "b", x=1)
    assert g.add_edge("a", "b", y=2) == first
    assert dict(g.get_edge(first)) == {"x": 1, "y": 2}
    other = g.add_edge("b", "a")
    assert other != first
    assert g.edge_count() == 2


def test_an_undirected_edge_is_the_same_from_both_ends(make_graph):
    g = make_graph(directed=False)
    edge = g.add_edge("a", "b", x=1)
    assert g.add_edge("b", "a", y=2) == edge
    assert g.has_edge("b", "a") and g.has_edge("a", "b")
    assert (g.get_edge("b", "a").source, g.get_edge("b", "a").target) == ("a", "b")
    assert g.get_neighbors("a") == ["b"] and g.get_neighbors("b") == ["a"]
    g.remove_edge("b", "a")
    assert g.edge_count() == 0 and not g.has_edge("a", "b")
    again = g.add_edge("b", "a")
    assert g.get_edge(again).source == "b"


def test_a_multigraph_keeps_parallel_edges(make_graph):
    g = make_graph(multigraph=True)
    first, second, third = (g.add_edge("a", "b", n=n) for n in range(3))
    assert len({first, second, third}) == 3
    assert g.get_edge("a", "b").id == third
    assert g.get_edge("a", "b", id=second)["n"] == 1
    g.update_edge("a", "b", n=20)
    assert [g.get_edge(edge)["n"] for edge in (first, second, third)] == [0, 1, 20]
    g.remove_edge("a", "b")
    assert g.edge_ids() == [first, second]
    assert g.get_edge("a", "b").id == second
    assert g.get_neighbors("a") == ["b"]
    assert g.get_edges("a") == [first, second]
    assert g.degree("a") == 2


def test_id_chooses_only_among_the_edges_of_the_pair(make_graph):
    g = make_graph(multigraph=True)
    ab = g.add_edge("a", "b")
    bc = g.add_edge("b", "c")
    assert g.get_edge("a", "b", id=ab).id == ab
    for wrong in (bc, 99):
        with pytest.raises(EdgeNotFoundError):
            g.get_edge("a", "b", id=wrong)
    with pytest.raises(TypeError):
        g.get_edge(ab, id=ab)


def test_missing_edges(make_graph, unchanged):
    g = make_graph()
    g.add_edge("a", "b")
    g.add_node("c")
    assert not g.has_edge("b", "a") and not g.has_edge("a", "nobody") and not g.has_edge(7)
    with unchanged(g):
        for ends in [("a", "c"), ("a", "nobody"), ("b", "a"), (7,), (-1,)]:
            for call in (g.get_edge, g.remove_edge, g.update_edge):
                with pytest.raises(EdgeNotFoundError):
                    call(*ends)


@pytest.mark.parametrize(
    ("edge", "error"),
    [("a", TypeError), (True, TypeError), (0.0, TypeError), (2**63, OverflowError)],
)
def test_bad_edge_ids(make_graph, edge, error):
    g = make_graph()
    g.add_edge("a", "b")
    for call in (g.has_edge, g.get_edge, g.remove_edge, g.update_edge):
        with pytest.raises(error):
            call(edge)
    assert edge not in g.edges


def test_self_loops(make_graph):
    for directed in (True, False):
        g = make_graph(directed=directed)
        loop = g.add_edge("a", "a")
        g.add_edge("a", "b")
        assert g.get_neighbors("a") == ["a", "b"]
        assert g.get_neighbors("a", "both") == ["a", "b"]
        assert g.get_edges("a", "both") == [0, 1]
        assert g.degree("a") == 3
        assert g.degree("a", "out") == (2 if directed else 3)
        assert g.degree("a", "in") == (1 if directed else 3)
        g.remove_edge(loop)
        assert g.get_neighbors("a", "both") == ["b"]
        assert g.degree("a") == 1


# Rows.


def test_rows_are_in_insertion_order(make_graph):
    g = make_graph()
    g.add_edges([("a", "z"), ("a", "b"), ("c", "a"), ("b", "a"), ("a", "c"), ("a", "y")])
    assert g.get_neighbors("a") == ["z", "b", "c", "y"]
    assert g.get_neighbors("a", direction="in") == ["c", "b"]
    assert g.get_neighbors("a", "both") == ["z", "b", "c", "y"]
    assert g.get_neighbors("b", "both") == ["a"]
    assert g.neighbors("a", "in") == g.get_neighbors("a", "in")
    assert g.get_edges("a") == [0, 1, 4, 5]
    assert g.get_edges("a", "in") == [2, 3]
    assert g.get_edges("a", "both") == [0, 1, 4, 5, 2, 3]
    assert g.neighbors_of(["a", "b"], "in") == [["c", "b"], ["a"]]
    g.remove_edge("a", "b")
    g.add_edge("a", "b")
    assert g.get_neighbors("a") == ["z", "c", "y", "b"]


def test_undirected_rows(make_graph):
    g = make_graph(directed=False, multigraph=True)
    g.add_edges([("b", "a"), ("a", "c"), ("a", "b"), ("d", "a")])
    for direction in ("out", "in", "both"):
        assert g.get_neighbors("a", direction) == ["b", "c", "d"]
        assert g.get_edges("a", direction) == [0, 1, 2, 3]
        assert g.degree("a", direction) == 4


def test_bad_directions_and_nodes(make_graph):
    for directed in (True, False):
        g = make_graph(directed=directed)
        g.add_edge("a", "b")
        for call in (g.get_neighbors, g.get_edges, g.degree, g.bfs):
            with pytest.raises(ValueError, match="direction"):
                call("a", direction="sideways")
            with pytest.raises(NodeNotFoundError):
                call("nobody")
        with pytest.raises(NodeNotFoundError):
            g.neighbors_of(["a", "nobody"])


# The graph itself.


def test_counts_and_truth(make_graph):
    g = make_graph()
    assert bool(g) and len(g) == 0 and g.node_count() == 0 and g.edge_count() == 0
    g.add_edge("a", "b")
    assert len(g) == g.node_count() == 2 and g.edge_count() == 1
    assert "a" in g and "c" not in g and list(g) == ["a", "b"]


def test_kind(make_graph, backend):
    g = make_graph()
    assert (g.directed, g.multigraph, g.backend) == (True, False, backend)
    g = make_graph(directed=False, multigraph=True)
    assert (g.directed, g.multigraph) == (False, True)
    with pytest.raises(ValueError):
        make_graph(on_device_error="ignore")


def test_the_version_changes_with_every_change(make_graph):
    g = make_graph()
    changes = [
        lambda: g.add_node("a"),
        lambda: g.add_edge("a", "b"),
        lambda: g.update_node("a", x=1),
        lambda: g.update_edge("a", "b", x=1),
        lambda: g.get_node("a").update(x=2),
        lambda: g.get_node("a").pop("x"),
        lambda: g.remove_edge("a", "b"),
        lambda: g.remove_node("a"),
        lambda: g.batch_add_nodes([5]),
        lambda: g.clear(),
    ]
    versions = [g.version]
    for change in changes:
        change()
        versions.append(g.version)
    assert len(set(versions)) == len(versions)
    before = g.version
    g.node_ids(), g.has_node("a"), repr(g), g.summary()
    assert g.version == before


def test_text(make_graph, backend):
    g = make_graph()
    g.add_edge("a", "b", w=1.5)
    g.add_node("c", name="<script>")
    assert repr(g) == f"<Graph: 3 nodes, 1 edge, directed, backend {backend}>"
    assert "3" in g.summary() and "name" in g.summary() and len(g.summary().splitlines()) > 3
    page = g._repr_html_()
    assert page.startswith("<") and "nodes" in page
    assert "'a'" in repr(g.nodes) and "0" in repr(g.edges)
    assert repr(g.get_node("c")) == "Node('c', {'name': '<script>'})"
    assert repr(g.get_edge(0)) == "Edge(0, 'a', 'b', {'w': 1.5})"


def test_html_is_escaped(make_graph):
    g = make_graph()
    g.add_node("c", **{"<b>": 1})
    assert "<b>" not in g._repr_html_()


def test_memory_usage(make_graph):
    g = make_graph()
    empty = g.memory_usage()
    assert all(isinstance(size, int) and size >= 0 for size in empty.values())
    for n in range(5000):
        g.add_edge(n, n + 1, text=f"value {n}")
    usage = g.memory_usage()
    assert usage["total"] > empty["total"]
    assert usage["total"] >= sum(size for room, size in usage.items() if room != "total")


def test_copy_is_independent(make_graph):
    g = make_graph(directed=False, multigraph=True)
    g.add_edge("a", "b", tags=["x"])
    g.add_edge("a", "b")
    g.add_node(5)
    for other in (g.copy(), copy.copy(g), copy.deepcopy(g)):
        assert type(other) is type(g)
        assert (other.directed, other.multigraph, other.backend) == (False, True, g.backend)
        assert other.node_ids() == ["a", "b", 5] and other.edge_ids() == [0, 1]
        assert other.get_edge(0)["tags"] == ["x"]
        assert other.add_edge("a", "c") == 2
        assert other.add_node() == 6
        other.update_node("a", x=1)
        other.remove_node("b")
        assert g.node_ids() == ["a", "b", 5] and g.edge_ids() == [0, 1]
        assert dict(g.get_node("a")) == {}
    assert g.add_edge("x", "y") == 2


def test_clear(make_graph):
    g = make_graph()
    g.add_edge(3, 4, w=1)
    g.update_node(3, x=1)
    node, edge = g.get_node(3), g.get_edge(0)
    assert g.clear() is None
    assert len(g) == 0 and g.edge_count() == 0 and list(g.nodes) == [] and list(g.edges) == []
    assert g.node_attributes() == {} and g.edge_attributes() == {}
    for handle in (node, edge):
        with pytest.raises(GroggyError):
            dict(handle)
    assert g.add_node() == 5
    assert g.add_edge(3, 4) == 1
    assert dict(g.get_node(3)) == {}


# Parts of graphs.


def test_subgraph(make_graph):
    g = make_graph(multigraph=True)
    g.add_nodes([3, 1, 2], x=[30, [10], 20])
    g.add_edges([(1, 2), (2, 3), (1, 2), (3, 3), (1, 9)], w=[0, 1, 2, 3, 4])
    part = g.subgraph([2, 1, 3, 2])
    assert type(part) is type(g) and part.multigraph and part.backend == g.backend
    assert part.node_ids() == [3, 1, 2] and part.edge_ids() == [0, 1, 2, 3]
    assert part.edge_column("w").tolist() == [0, 1, 2, 3]
    part = g.subgraph([2, 1])
    assert (
        part.node_ids() == [1, 2]
        and part.edge_ids() == [0, 2]
        and part.edge_pairs() == [(1, 2)] * 2
    )
    assert part.get_edge(2)["w"] == 2 and part.get_node(1)["x"] == [10]
    assert part.add_edge(1, 2) == 5 and part.add_node() == 10
    part.remove_node(1)
    assert g.has_node(1) and g.edge_count() == 5
    assert len(g.subgraph([])) == 0
    with pytest.raises(NodeNotFoundError):
        g.subgraph([1, 77])


def test_edge_subgraph(make_graph):
    g = make_graph(directed=False)
    g.add_edges([("a", "b"), ("b", "c"), ("c", "d")], w=[1, 2, 3])
    part = g.edge_subgraph([2, 0])
    assert not part.directed
    assert part.node_ids() == ["a", "b", "c", "d"] and part.edge_ids() == [0, 2]
    assert part.get_edge("d", "c")["w"] == 3
    assert g.edge_subgraph([1]).node_ids() == ["b", "c"]
    with pytest.raises(EdgeNotFoundError):
        g.edge_subgraph([0, 9])


def test_k_hop(make_graph):
    g = make_graph()
    g.add_edges([("c", "b"), ("c", "a"), ("b", "z"), ("a", "y"), ("y", "c")])
    assert g.k_hop("c", 0) == ["c"]
    assert g.k_hop("c", 1) == ["c", "b", "a"]
    assert g.k_hop("c", 2) == ["c", "b", "a", "z", "y"]
    assert g.k_hop("c", 1, direction="in") == ["c", "y"]
    assert g.k_hop(["y", "b"], 1) == ["b", "y", "c", "z"]
    assert g.k_hop("z", 1, "both") == ["z", "b"]
    for arguments, error in [
        (("c", -1), ValueError),
        (("c", 1.5), TypeError),
        (("nobody", 1), NodeNotFoundError),
        (([], 1), ValueError),
    ]:
        with pytest.raises(error):
            g.k_hop(*arguments)


def test_snapshots_are_frozen(make_graph):
    g = make_graph()
    g.add_edge("a", "b", w=1.0)
    frozen = g.snapshot()
    assert g.snapshot() is frozen
    assert (frozen.node_count, frozen.edge_count, frozen.version) == (2, 1, g.version)
    g.add_edge("b", "c")
    g.remove_node("a")
    assert (frozen.node_count, frozen.edge_count) == (2, 1)
    assert frozen.node_ids() == ["a", "b"] and frozen.edge_pairs() == [("a", "b")]
    assert frozen.edge_ids() == [0] and (frozen.directed, frozen.multigraph) == (True, False)
    assert "2 nodes" in repr(frozen)
    assert frozen.bfs("a").to_dict() == {"a": 0, "b": 1}
    assert g.snapshot() is not frozen and g.snapshot().version != frozen.version
    with pytest.raises(NodeNotFoundError):
        g.bfs("a")


# Files.


def test_write_edge_list(make_graph, tmp_path):
    g = make_graph()
    g.add_edge("a", "b", weight=1.5, n=1)
    g.add_edge("b", "c", n=2)
    g.write(tmp_path / "plain.csv")
    assert (tmp_path / "plain.csv").read_text() == "source,target,weight,n\na,b,1.5,1\nb,c,,2\n"
    g = make_graph()
    g.add_edges([(1, 2), (2, 3)])
    g.write(tmp_path / "bare.txt", format="edgelist")
    lines = [
        line
        for line in (tmp_path / "bare.txt").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert [line.split() for line in lines] == [["1", "2"], ["2", "3"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bare.txt", "plain.csv"]


def test_write_metis(make_graph, tmp_path):
    g = make_graph(directed=False)
    g.add_edges([("a", "b"), ("b", "c"), ("a", "c")])
    g.add_node("alone")
    g.write(tmp_path / "g.graph")
    assert (tmp_path / "g.graph").read_text().splitlines() == ["4 3", "2 3", "1 3", "2 1", ""]


def test_what_metis_cannot_hold(make_graph, tmp_path):
    path = tmp_path / "g.graph"
    path.write_text("older")
    directed, loop, parallel = (
        make_graph(),
        make_graph(directed=False),
        make_graph(directed=False, multigraph=True),
    )
    directed.add_edge(1, 2)
    loop.add_edge(1, 1)
    parallel.add_edges([(1, 2), (2, 1)])
    for g in (directed, loop, parallel):
        with pytest.raises(ValueError):
            g.write(path)
    with pytest.raises(ValueError):
        directed.write(path, format="gexf")
    assert path.read_text() == "older" and len(list(tmp_path.iterdir())) == 1


def test_write_to_nowhere(make_graph, tmp_path):
    with pytest.raises(OSError):
        make_graph().write(tmp_path / "no" / "such" / "folder.txt")
