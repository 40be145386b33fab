"""Live handles on nodes and edges, and the views of a graph. On every backend."""

from __future__ import annotations

import pytest
from groggy.errors import AttributeNotFoundError, EdgeNotFoundError, NodeNotFoundError

# Handles.


def test_a_node_is_a_live_mapping(make_graph):
    g = make_graph()
    g.add_node("a", x=1)
    node = g.get_node("a")
    assert node.id == "a" and node["x"] == 1 and node.get("y") is None and len(node) == 1
    g.update_node("a", y=2)
    assert dict(node) == {"x": 1, "y": 2} == node.attributes
    node["z"] = 3
    assert g.get_node("a")["z"] == 3
    del node["x"]
    assert "x" not in g.get_node("a") and list(node) == ["y", "z"]
    assert node.pop("y") == 2 and node.setdefault("q", 9) == 9
    node.update({"r": 1}, s=2)
    assert dict(node) == {"z": 3, "q": 9, "r": 1, "s": 2}
    assert node == {"z": 3, "q": 9, "r": 1, "s": 2} and node != {"z": 3}
    assert node == g.get_node("a")
    assert list(node.items())[0] == ("z", 3) and 3 in node.values()
    with pytest.raises(TypeError):
        hash(node)
    node.clear()
    assert dict(node) == {} and g.has_node("a")


def test_names_come_in_the_order_they_were_first_set_on_the_graph(make_graph):
    g = make_graph()
    g.add_node("a", one=1, two=2)
    g.add_node("b", two=2, three=3, one=1)
    assert list(g.get_node("b")) == ["one", "two", "three"]
    g.update_node("a", three=3)
    assert list(g.get_node("a")) == ["one", "two", "three"]


def test_missing_attributes(make_graph, unchanged):
    g = make_graph()
    g.add_node("a", x=1)
    edge = g.add_edge("a", "b", w=1)
    for handle in (g.get_node("a"), g.get_edge(edge)):
        with unchanged(g):
            for call in (
                lambda: handle["nope"],
                lambda: handle.pop("nope"),
                lambda: handle.__delitem__("nope"),
            ):
                with pytest.raises(KeyError) as caught:
                    call()
                assert isinstance(caught.value, AttributeNotFoundError)
                assert "nope" in str(caught.value)
        assert handle.get("nope", 5) == 5 and handle.pop("nope", 6) == 6


def test_an_attribute_set_to_none_is_there(make_graph):
    g = make_graph()
    g.add_node("a", x=None)
    assert "x" in g.get_node("a") and g.get_node("a")["x"] is None
    assert dict(g.get_node("a")) == {"x": None}


def test_reads_are_fresh_copies(make_graph):
    g = make_graph()
    given = {"deep": [1, 2]}
    g.add_node("a", data=given)
    given["deep"].append(3)
    node = g.get_node("a")
    node["data"]["deep"].append(4)
    node.attributes["data"]["deep"].append(5)
    dict(node)["data"]["deep"].append(6)
    assert node["data"] == {"deep": [1, 2]}
    data = node["data"]
    data["deep"].append(7)
    node["data"] = data
    assert node["data"] == {"deep": [1, 2, 7]}


def uses_of(handle):
    return [
        lambda: handle["x"],
        lambda: handle.get("x"),
        lambda: handle.__setitem__("x", 1),
        lambda: handle.__delitem__("x"),
        lambda: handle.pop("x", None),
        lambda: handle.popitem(),
        lambda: handle.setdefault("x", 1),
        lambda: handle.clear(),
        lambda: handle.update(x=1),
        lambda: len(handle),
        lambda: list(handle),
        lambda: dict(handle),
        lambda: handle.attributes,
        lambda: handle.id,
        lambda: "x" in handle,
    ]


def test_a_handle_of_a_removed_node(make_graph):
    g = make_graph()
    g.add_node("a", x=1)
    node = g.get_node("a")
    g.remove_node("a")
    for again in (False, True):
        if again:
            g.add_node("a", x=2)
        for use in uses_of(node):
            with pytest.raises(NodeNotFoundError):
                use()
        assert repr(node) == "Node('a', removed)"
    assert g.get_node("a")["x"] == 2


def test_a_handle_of_a_removed_edge(make_graph):
    g = make_graph()
    edge = g.get_edge(g.add_edge("a", "b", x=1))
    assert (edge.id, edge.source, edge.target, edge["x"]) == (0, "a", "b", 1)
    edge["x"] = 2
    assert g.get_edge("a", "b")["x"] == 2
    g.remove_edge(0)
    g.add_edge("a", "b", x=3)
    for use in [*uses_of(edge), lambda: edge.source]:
        with pytest.raises(EdgeNotFoundError):
            use()
    assert repr(edge) == "Edge(0, removed)"
    assert g.get_edge("a", "b")["x"] == 3


@pytest.mark.parametrize("kind", ["node", "edge"])
def test_attributes_leave_one_by_one_or_all_at_once(make_graph, kind):
    g = make_graph()
    g.add_edge("a", "b", x=1, y=2, z=None)
    g.update_node("a", x=1, y=2, z=None)
    handle = g.get_node("a") if kind == "node" else g.get_edge("a", "b")
    assert handle.pop("x") == 1 and handle.pop("x", 7) == 7 and handle.pop("z", 7) is None
    for missing in (lambda: handle.pop("x"), lambda: handle.pop("nobody")):
        with pytest.raises(AttributeNotFoundError):
            missing()
    assert handle.attributes == {"y": 2}
    handle["x"] = 3
    before = g.version
    assert handle.clear() is None and handle.attributes == {}
    assert g.version != before
    before = g.version
    handle.clear()
    assert g.version == before


def test_bad_values_through_handles(make_graph, unchanged):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    for handle in (g.get_node("a"), g.get_edge("a", "b")):
        with unchanged(g), pytest.raises(TypeError, match="bad"):
            handle["bad"] = object()
        with unchanged(g), pytest.raises(TypeError, match="bad"):
            handle.update(good=1, bad=object())


# Views.


def test_views(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")], w=[1, 2])
    assert len(g.nodes) == 3 and list(g.nodes) == ["a", "b", "c"]
    assert "a" in g.nodes and "z" not in g.nodes and 1.5 not in g.nodes and [] not in g.nodes
    assert g.nodes["a"].id == "a"
    assert [(id, node.id) for id, node in g.nodes.items()] == [(id, id) for id in "abc"]
    assert list(g.edges) == [0, 1] and len(g.edges) == 2
    assert 0 in g.edges and 7 not in g.edges and ("a", "b") in g.edges and ("a", "c") not in g.edges
    assert g.edges[1]["w"] == 2 and g.edges["b", "c"].id == 1
    assert [(id, edge["w"]) for id, edge in g.edges.items()] == [(0, 1), (1, 2)]
    with pytest.raises(NodeNotFoundError):
        g.nodes["z"]
    with pytest.raises(EdgeNotFoundError):
        g.edges[7]


def test_views_are_live(make_graph):
    g = make_graph()
    nodes, edges = g.nodes, g.edges
    g.add_edge("a", "b")
    assert list(nodes) == ["a", "b"] and list(edges) == [0]


STRUCTURE_CHANGES = [
    ("nodes", lambda g: g.add_node("new")),
    ("nodes", lambda g: g.remove_node("c")),
    ("nodes", lambda g: g.add_edge("a", "new")),
    ("nodes", lambda g: g.clear()),
    ("edges", lambda g: g.add_edge("a", "c")),
    ("edges", lambda g: g.remove_edge("a", "b")),
    ("edges", lambda g: g.remove_node("a")),
    ("edges", lambda g: g.clear()),
]


@pytest.mark.parametrize(("side", "change"), STRUCTURE_CHANGES)
def test_changing_the_graph_while_iterating(make_graph, side, change):
    views = [lambda g: getattr(g, side), lambda g: getattr(g, side).items()]
    if side == "nodes":
        views.append(lambda g: g)
    for view in views:
        for last in (False, True):
            g = make_graph()
            g.add_edges([("a", "b"), ("b", "c")])
            steps = iter(view(g))
            for _ in range(len(getattr(g, side)) if last else 1):
                next(steps)
            change(g)
            with pytest.raises(RuntimeError):
                next(steps)


def test_setting_attributes_while_iterating_is_fine(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")])
    for id in g.nodes:
        g.update_node(id, seen=True)
        g.add_node(id, again=1)
    for edge in g.edges:
        g.edges[edge]["seen"] = True
    for id, node in g.nodes.items():
        node["id"] = id
    assert g.filter_nodes(seen=True, again=1) == ["a", "b", "c"]
