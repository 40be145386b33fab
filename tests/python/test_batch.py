"""Batches: whole or not at all, own writes visible inside, conflicts at the end."""

from __future__ import annotations

import pytest
from groggy.errors import BatchConflictError, EdgeNotFoundError, NodeNotFoundError


def test_the_graph_shows_its_old_state_until_the_end(make_graph):
    g = make_graph()
    g.add_node("old", x=1)
    with g.batch_operations() as batch:
        assert batch.add_node("a", x=[1]) == "a"
        edge = batch.add_edge("a", "b", w=2)
        batch.update_node("old", x=2)
        assert batch.has_node("a") and batch.has_node("b") and batch.has_edge("a", "b")
        assert batch.node_count() == 3 and batch.edge_count() == 1
        assert batch.get_node("old")["x"] == 2 and batch.get_edge(edge)["w"] == 2
        assert batch.get_edge("a", "b").id == edge and batch.has_edge(edge)
        assert g.node_count() == 1 and g.edge_count() == 0 and not g.has_node("a")
        assert g.get_node("old")["x"] == 1 and not g.has_edge(edge)
    assert g.node_ids() == ["old", "a", "b"]
    assert g.get_edge(edge).target == "b" and g.get_edge(edge)["w"] == 2
    assert g.get_node("old")["x"] == 2 and g.get_node("a")["x"] == [1]


def test_everything_is_discarded_when_the_block_raises(make_graph, unchanged):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    with unchanged(g), pytest.raises(ZeroDivisionError):
        with g.batch_operations() as batch:
            batch.add_node("c")
            batch.remove_node("a")
            batch.update_edge
            burnt = batch.add_edge("c", "b")
            1 / 0
    assert g.add_edge("x", "y") > burnt


def test_all_changes_in_order(make_graph):
    g = make_graph()
    g.add_edges([("a", "b"), ("b", "c")], w=[1, 2])
    with g.batch_operations() as batch:
        batch.remove_edge("a", "b")
        again = batch.add_edge("a", "b", w=3)
        batch.update_edge(again, v=4)
        batch.update_edge("b", "c", w=5)
        batch.remove_node("c")
        batch.add_node("c", back=True)
        batch.add_node("c", more=1)
        batch.remove_edge(again)
        last = batch.add_edge("c", "a")
    assert g.node_ids() == ["a", "b", "c"]
    assert dict(g.get_node("c")) == {"back": True, "more": 1}
    assert g.edge_ids() == [last] and last > again > 1


def test_an_edge_that_is_there_keeps_its_id(make_graph):
    g = make_graph()
    old = g.add_edge("a", "b", w=1)
    with g.batch_operations() as batch:
        assert batch.add_edge("a", "b", v=2) == old
        new = batch.add_edge("b", "a")
        assert batch.add_edge("b", "a", w=5) == new
    assert dict(g.get_edge(old)) == {"w": 1, "v": 2} and g.get_edge("b", "a")["w"] == 5
    assert g.edge_ids() == [old, new]


def test_parallel_edges_in_a_batch(make_graph):
    g = make_graph(multigraph=True)
    with g.batch_operations() as batch:
        ids = [batch.add_edge("a", "b") for _ in range(3)]
        batch.remove_edge("a", "b")
    assert g.edge_ids() == ids[:2]


def test_undirected_batch(make_graph):
    g = make_graph(directed=False)
    with g.batch_operations() as batch:
        edge = batch.add_edge("a", "b")
        assert batch.add_edge("b", "a") == edge and batch.has_edge("b", "a")
    assert g.edge_pairs() == [("a", "b")]


def test_bulk_in_a_batch(make_graph):
    g = make_graph()
    with g.batch_operations() as batch:
        batch.batch_add_nodes([("a", {"x": 1}), "b"])
        batch.batch_add_edges([("a", "b", {"w": 1}), ("b", "c")])
        assert batch.node_count() == 3 and g.node_count() == 0
    assert g.edge_pairs() == [("a", "b"), ("b", "c")] and g.get_node("a")["x"] == 1


def test_a_bad_call_raises_at_once_and_the_batch_goes_on(make_graph):
    g = make_graph()
    g.add_edge("a", "b")
    with g.batch_operations() as batch:
        batch.add_node("first")
        for call, error in [
            (lambda: batch.add_node(1.5), TypeError),
            (lambda: batch.add_node("bad", x=object()), TypeError),
            (lambda: batch.add_edge("bad", None), TypeError),
            (lambda: batch.update_node("bad", x=1), NodeNotFoundError),
            (lambda: batch.remove_node("bad"), NodeNotFoundError),
            (lambda: batch.get_node("bad"), NodeNotFoundError),
            (lambda: batch.update_edge("a", "bad", x=1), EdgeNotFoundError),
            (lambda: batch.remove_edge(99), EdgeNotFoundError),
            (lambda: batch.get_edge("b", "a"), EdgeNotFoundError),
            (lambda: batch.batch_add_nodes(["bad", 1.5]), TypeError),
            (lambda: batch.batch_add_edges([("bad", "a"), ("bad",)]), TypeError),
        ]:
            with pytest.raises(error):
                call()
        assert not batch.has_node("bad")
        batch.add_node("last")
    assert g.node_ids() == ["a", "b", "first", "last"]


def test_automatic_ids(make_graph):
    g = make_graph()
    g.add_node(3)
    with g.batch_operations() as batch:
        assert batch.add_node() == 4
        assert batch.add_node(10) == 10
        assert batch.add_node(x=1) == 11
    assert g.add_node() == 12
    with pytest.raises(KeyError):
        with g.batch_operations() as batch:
            burnt = batch.add_node()
            raise KeyError
    assert g.add_node() > burnt


def test_handles_of_a_batch(make_graph):
    g = make_graph()
    g.add_node("a", x=1)
    with g.batch_operations() as batch:
        node = batch.get_node("a")
        node["x"] = 2
        node["y"] = [3]
        del node["x"]
        edge = batch.get_edge(batch.add_edge("a", "b"))
        edge["w"] = 1
        assert dict(node) == {"y": [3]} and dict(g.get_node("a")) == {"x": 1}
        assert (edge.source, edge.target, edge["w"]) == ("a", "b", 1)
    assert dict(g.get_node("a")) == {"y": [3]} and g.get_edge("a", "b")["w"] == 1


def test_old_handles_stay_good_over_a_commit(make_graph):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    node, edge = g.get_node("a"), g.get_edge(0)
    with g.batch_operations() as batch:
        batch.update_node("a", x=5)
        batch.update_edge(0, w=2)
        batch.add_node("c")
    assert node["x"] == 5 and edge["w"] == 2
    with g.batch_operations() as batch:
        batch.remove_node("a")
        batch.add_node("a", x=6)
    for handle in (node, edge):
        with pytest.raises(KeyError):
            handle["x"]


def test_commit_and_rollback(make_graph):
    g = make_graph()
    batch = g.batch_operations()
    batch.add_node("a")
    assert "Batch" in repr(batch)
    batch.commit()
    assert "ended" in repr(batch) or "over" in repr(batch)
    assert g.has_node("a")
    with g.batch_operations() as batch:
        batch.add_node("b")
        batch.rollback()
    assert not g.has_node("b")
    with g.batch_operations() as batch:
        batch.add_node("c")
        batch.commit()
        assert g.has_node("c")
    assert g.node_ids() == ["a", "c"]


def test_a_subgraph_counts_on_from_where_its_graph_counts(make_graph):
    """Numbers that a batch took and lost are gone, or given back, for subgraphs too."""
    g = make_graph()
    g.add_edge(0, 1)
    g.subgraph([0, 1])  # what is kept of an unchanged graph must not remember its counters
    batch = g.batch_operations()
    assert batch.add_node() == 2
    edge = batch.add_edge(0, 2)
    during = g.subgraph([0, 1])
    batch.rollback()
    after = g.subgraph([0, 1])
    assert during.add_node() == after.add_node() == g.add_node() == 3
    assert during.add_edge(1, 0) == edge + 1
    assert after.add_edge(1, 0) == g.add_edge(1, 0)


@pytest.mark.parametrize("nodes", [[], [0]])
def test_ids_that_come_and_go_within_a_batch_count_as_used(make_graph, nodes):
    g = make_graph()
    g.add_nodes(nodes)
    with g.batch_operations() as batch:
        batch.add_edge(5, 6)
        batch.remove_node(5)
        batch.remove_node(6)
    assert g.node_ids() == nodes and g.add_node() == 7


def test_an_ended_batch_is_of_no_use(make_graph):
    g = make_graph()
    g.add_edge("a", "b")
    for end in ("commit", "rollback"):
        batch = g.batch_operations()
        node = batch.get_node("a")
        getattr(batch, end)()
        for use in (
            lambda: batch.add_node("x"),
            lambda: batch.add_node(),
            lambda: batch.add_edge("x", "y"),
            lambda: batch.has_node("a"),
            lambda: batch.node_count(),
            lambda: batch.get_node("a"),
            lambda: batch.commit(),
            lambda: batch.rollback(),
            lambda: batch.__enter__(),
            lambda: node["x"],
            lambda: node.update(x=1),
        ):
            with pytest.raises(RuntimeError):
                use()
    assert g.node_ids() == ["a", "b"]


# Others write meanwhile.


def test_harmless_writes_of_others(make_graph):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    with g.batch_operations() as batch:
        mine = batch.add_edge("b", "c", w=2)
        batch.update_node("a", x="batch")
        batch.add_node("both", x=1)
        other = g.add_edge("p", "q")
        g.add_node("both", y=2)
        g.update_node("a", x="other", y=1)
        g.remove_edge("a", "b")
        assert other != mine
    assert g.edge_ids() == [other, mine]
    assert g.node_ids() == ["a", "b", "p", "q", "both", "c"]
    assert dict(g.get_node("a")) == {"x": "batch", "y": 1}
    assert dict(g.get_node("both")) == {"x": 1, "y": 2}
    assert g.get_neighbors("b") == ["c"]


CONFLICTS = [
    (lambda batch: batch.update_node("a", x=1), lambda g: g.remove_node("a")),
    (lambda batch: batch.remove_node("a"), lambda g: g.remove_node("a")),
    (lambda batch: batch.add_edge("a", "new"), lambda g: g.remove_node("a")),
    (lambda batch: batch.add_node("a", x=1), lambda g: g.remove_node("a")),
    (lambda batch: batch.update_node("a", x=1), lambda g: (g.remove_node("a"), g.add_node("a"))),
    (lambda batch: batch.update_edge("a", "b", x=1), lambda g: g.remove_edge("a", "b")),
    (lambda batch: batch.remove_edge("a", "b"), lambda g: g.remove_edge("a", "b")),
    (lambda batch: batch.add_edge("a", "b"), lambda g: g.remove_edge("a", "b")),
    (
        lambda batch: batch.update_edge("a", "b", x=1),
        lambda g: (g.remove_edge(0), g.add_edge("a", "b")),
    ),
    (lambda batch: batch.update_edge(0, x=1), lambda g: g.remove_node("b")),
    (lambda batch: batch.add_edge("b", "a"), lambda g: g.add_edge("b", "a")),
    (lambda batch: batch.update_node("a", x=1), lambda g: g.clear()),
]


@pytest.mark.parametrize(("staged", "meanwhile"), CONFLICTS)
def test_conflicts(make_graph, unchanged, staged, meanwhile):
    g = make_graph()
    g.add_edge("a", "b", w=1)
    batch = g.batch_operations()
    batch.add_node("first")
    staged(batch)
    batch.add_node("last")
    meanwhile(g)
    with unchanged(g), pytest.raises(BatchConflictError):
        batch.commit()
    with pytest.raises(RuntimeError):
        batch.commit()


def test_a_conflict_at_the_end_of_the_block(make_graph):
    g = make_graph()
    g.add_node("a")
    with pytest.raises(BatchConflictError):
        with g.batch_operations() as batch:
            batch.update_node("a", x=1)
            g.remove_node("a")
    assert len(g) == 0


def test_two_batches(make_graph):
    g = make_graph()
    one, two = g.batch_operations(), g.batch_operations()
    first, second = one.add_edge("a", "b"), two.add_edge("c", "d")
    assert first != second
    two.commit()
    one.commit()
    assert g.edge_ids() == [second, first] and g.node_ids() == ["c", "d", "a", "b"]


def test_an_empty_batch_changes_nothing(make_graph, unchanged):
    g = make_graph()
    g.add_edge("a", "b")
    with unchanged(g), g.batch_operations() as batch:
        assert batch.has_node("a")


def test_a_batch_while_iterating(make_graph):
    g = make_graph()
    g.add_nodes(["a", "b"])
    with g.batch_operations() as batch:
        for id in g.nodes:
            batch.add_edge(id, f"{id}'")
    assert g.edge_count() == 2
