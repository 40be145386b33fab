"""The bad-input table: each call is refused with its error, says why, and leaves no trace.

The rows of algorithms are made from their descriptors, so a new algorithm is in the table by
itself. Every backend is held to the same errors.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import sys
import time

import pytest
from groggy.errors import (
    AttributeNotFoundError,
    EdgeNotFoundError,
    ExpressionError,
    NegativeCycleError,
    NodeNotFoundError,
    NotConvergedError,
)

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)

LONE = "ab\ud800"
CYCLE: list[object] = []
CYCLE.append(CYCLE)
KNOT: dict[str, object] = {}
KNOT["self"] = [KNOT]


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.fixture
def g(make_graph):
    g = make_graph()
    g.add_node(7, name="sieben")
    g.add_node("7", name="text")
    g.add_edge("ann", "bob", weight=2.5, km=1)
    g.add_edge("bob", "cid", weight=1, km=2)
    g.add_edge("cid", "ann", weight=True)
    g.add_edge("cid", "cid")
    g.add_edge("eve", "bob", weight=9.0)
    g.remove_node("eve")
    return g


ROWS = {
    # unknown ids
    "get_node": (lambda g: g.get_node("zoe"), NodeNotFoundError, "zoe"),
    "get_node, removed": (lambda g: g.get_node("eve"), NodeNotFoundError, "eve"),
    "get_node, other kind": (lambda g: g.get_node("8"), NodeNotFoundError, "8"),
    "update_node": (lambda g: g.update_node("zoe", x=1), NodeNotFoundError, "zoe"),
    "remove_node": (lambda g: g.remove_node(8), NodeNotFoundError, "8"),
    "remove_nodes": (lambda g: g.remove_nodes(["ann", "zoe"]), NodeNotFoundError, "zoe"),
    "get_neighbors": (lambda g: g.get_neighbors("zoe"), NodeNotFoundError, "zoe"),
    "degree": (lambda g: g.degree("zoe"), NodeNotFoundError, "zoe"),
    "get_edge": (lambda g: g.get_edge(99), EdgeNotFoundError, "99"),
    "get_edge, removed": (lambda g: g.get_edge(4), EdgeNotFoundError, "4"),
    "get_edge, pair": (lambda g: g.get_edge("ann", "cid"), EdgeNotFoundError, "ann"),
    "update_edge": (lambda g: g.update_edge(-1, x=1), EdgeNotFoundError, "-1"),
    "remove_edge": (lambda g: g.remove_edge("ann", "zoe"), EdgeNotFoundError, "zoe"),
    "remove_edges": (lambda g: g.remove_edges([0, 99]), EdgeNotFoundError, "99"),
    "subgraph": (lambda g: g.subgraph(["ann", "zoe"]), NodeNotFoundError, "zoe"),
    "edge_subgraph": (lambda g: g.edge_subgraph([0, 99]), EdgeNotFoundError, "99"),
    "get_many": (lambda g: g.get_many(["ann", "zoe"], "name"), NodeNotFoundError, "zoe"),
    "neighbors_of": (lambda g: g.neighbors_of(["ann", "zoe"]), NodeNotFoundError, "zoe"),
    "update_nodes": (
        lambda g: g.update_nodes({"ann": {"x": 1}, "zoe": {"x": 1}}), NodeNotFoundError, "zoe",
    ),
    "set_node_column": (
        lambda g: g.set_node_column("x", [1, 2], ["ann", "zoe"]), NodeNotFoundError, "zoe",
    ),
    "a missing attribute": (lambda g: g.get_node("ann")["age"], AttributeNotFoundError, "age"),
    "a missing column": (lambda g: g.node_column("age"), AttributeNotFoundError, "age"),
    # wrong types of ids
    "float": (lambda g: g.add_node(1.5), TypeError, "float"),
    "bool": (lambda g: g.add_node(True), TypeError, "bool"),
    "bytes": (lambda g: g.add_edge("ann", b"bob"), TypeError, "bytes"),
    "tuple": (lambda g: g.add_edge(("ann",), "bob"), TypeError, "tuple"),
    "None in bulk": (lambda g: g.add_nodes(["new", None]), TypeError, "None"),
    "float in bulk": (lambda g: g.add_edges([("new", "ann"), ("ann", 2.0)]), TypeError, "float"),
    "str as items": (lambda g: g.add_nodes("new"), TypeError, "str"),
    "a lone end": (lambda g: g.add_edges([("new", "ann"), ("ann",)]), (TypeError, ValueError), ""),
    "float as edge": (lambda g: g.get_edge(1.0), TypeError, "float"),
    # numbers that do not fit
    "2^63": (lambda g: g.add_node(2**63), OverflowError, ""),
    "-2^63 - 1": (lambda g: g.add_edge("new", -(2**63) - 1), OverflowError, ""),
    "2^63 in bulk": (lambda g: g.add_nodes(["new", 2**63]), OverflowError, ""),
    "2^63 as edge": (lambda g: g.remove_edge(2**63), (OverflowError, EdgeNotFoundError), ""),
    # text
    "lone surrogate": (lambda g: g.add_node(LONE), ValueError, ""),
    "lone surrogate, end": (lambda g: g.add_edge("new", LONE), ValueError, ""),
    "lone surrogate, bulk": (lambda g: g.add_nodes(["new", LONE]), ValueError, ""),
    "lone surrogate, name": (lambda g: g.add_node("new", **{LONE: 1}), ValueError, ""),
    "NUL in a name": (lambda g: g.add_node("new", **{"a\0b": 1}), ValueError, ""),
    "empty name": (lambda g: g.update_node("ann", **{"": 1}), ValueError, ""),
    "a name that is no str": (lambda g: g.add_nodes([("new", {1: 2})]), TypeError, ""),
    # values
    "object": (lambda g: g.add_node("new", x=object()), TypeError, "'x'"),
    "complex": (lambda g: g.add_edge("new", "ann", ok=1, x=1j), TypeError, "complex"),
    "a function": (lambda g: g.update_node("ann", x=len), TypeError, "builtin_function"),
    "deep in a list": (lambda g: g.update_node("ann", x=[1, {"k": [range(3)]}]), TypeError, "range"),
    "a subclass": (lambda g: g.update_node("ann", x=type("D", (dict,), {})()), TypeError, "D"),
    "a list that holds itself": (lambda g: g.add_node("new", x=CYCLE), ValueError, "'x'"),
    "a dict that holds itself": (lambda g: g.add_node("new", x=KNOT), ValueError, "'x'"),
    "201 containers": (lambda g: g.add_node("new", x=nested(201)), ValueError, "'x'"),
    "100,000 containers": (lambda g: g.add_node("new", x=nested(100_000)), ValueError, "'x'"),
    "a bad value in bulk": (
        lambda g: g.add_nodes([("new", {"x": 1}), ("newer", {"x": set})]), TypeError, "'x'",
    ),
    "a bad value through a handle": (
        lambda g: g.get_node("ann").update(x=1j), TypeError, "complex",
    ),
    # columns
    "a short column": (lambda g: g.add_nodes(["a", "b"], x=[1]), ValueError, "x"),
    "a long column": (lambda g: g.set_node_column("x", [1] * 99), ValueError, "99"),
    "unequal ends": (lambda g: g.add_edges(["ann", "bob"], ["cid"]), ValueError, ""),
    # choices and expressions
    "direction": (lambda g: g.get_neighbors("ann", "up"), ValueError, "'up'"),
    "a bad expression": (lambda g: g.filter_nodes("age >"), ExpressionError, ""),
    "an unfinished string": (lambda g: g.filter_edges("name == 'x"), ExpressionError, ""),
    "101 parentheses": (lambda g: g.filter_nodes("(" * 101 + "x" + ")" * 101), ExpressionError, ""),
    "an expression that is a number": (lambda g: g.filter_nodes(3), TypeError, "int"),
    "a filter's value": (lambda g: g.filter_nodes(name=object()), TypeError, "object"),
    "agg": (lambda g: g.group_by("name", agg="median"), ValueError, "median"),
    "of": (lambda g: g.group_by("name", of="people"), ValueError, "people"),
    "sum of nothing": (lambda g: g.group_by("name", agg="sum"), ValueError, "value"),
    # files
    "write to nowhere": (lambda g: g.write("/no/such/folder/x.csv"), OSError, ""),
    "write as what": (lambda g: g.write("/tmp/never.csv", format="pdf"), ValueError, "pdf"),
    "write as LDBC's": (lambda g: g.write("/tmp/never.properties"), ValueError, "LDBC"),
    "METIS of a directed graph": (lambda g: g.write("/tmp/never.graph"), ValueError, "directed"),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_refused(g, unchanged, what):
    call, error, words = ROWS[what]
    with unchanged(g), pytest.raises(error) as caught:
        call(g)
    message = str(caught.value)
    assert message and "\n" not in message
    assert words in message


@pytest.mark.parametrize("what", [name for name, row in ROWS.items() if row[1] is not OSError])
def test_refused_in_a_batch(g, unchanged, what):
    """A bad argument raises at its call and stages nothing; the batch can go on."""
    call, error, _ = ROWS[what]
    batch = g.batch_operations()
    if not hasattr(batch, call.__code__.co_names[0]):
        batch.rollback()
        return
    with unchanged(g):
        counts = batch.node_count(), batch.edge_count()
        with pytest.raises(error):
            call(batch)
        assert (batch.node_count(), batch.edge_count()) == counts
        batch.commit()


def test_values_at_the_edge_are_taken(g):
    """What is next to the refused: taken, and given back equal."""
    for value in (nested(200), LONE, "a\0b", 2**200, math.inf, [LONE], {"k": b"\0"}, ()):
        g.add_node("edge", x=value)
        assert g.get_node("edge")["x"] == value
    g.add_node("a\0b")
    assert g.has_node("a\0b") and not g.has_node("a")
    g.add_node(2**63 - 1)
    g.add_node(-(2**63))
    assert list(g)[-2:] == [2**63 - 1, -(2**63)]
    with pytest.raises(OverflowError):
        g.add_node()


def test_shared_but_not_cyclic_values_are_taken(g):
    part = [1]
    g.add_node("twice", x=[part, part])
    assert g.get_node("twice")["x"] == [[1], [1]]


def test_attributes_named_like_parameters(g):
    names = ["id", "source", "target", "self", "name", "direction", "weight", "batch", "graph",
             "attributes", "items", "columns", "threads", "None", "x y", "class"]  # fmt: skip
    wanted = {name: place for place, name in enumerate(names)}
    g.add_node("n", **wanted)
    g.add_edge("n", "m", **wanted)
    g.update_node("m", **wanted)
    g.update_edge("n", "m", **wanted)
    assert dict(g.get_node("n")) == dict(g.get_node("m")) == dict(g.get_edge("n", "m")) == wanted


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_writing_to_what_is_no_file(g, tmp_path):
    """A pipe or device is written to, and stays what it is; a link goes on leading to its file."""
    pipe, link, file = tmp_path / "pipe.csv", tmp_path / "link.csv", tmp_path / "file.csv"
    g.write(file)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        g.write(pipe)
        assert os.read(reader, 10_000) == file.read_bytes()
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    link.symlink_to(file)
    g.add_edge("ann", "dan")
    g.write(link)
    assert link.is_symlink() and "dan" in file.read_text()
    with pytest.raises(OSError, match=str(tmp_path)):
        g.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.csv", "link.csv", "pipe.csv"]


@pytest.mark.parametrize("value", ["no", "", 2, -1, 0.0, [], (), {}, b"x", 2**70, math.nan])
def test_what_is_no_truth_is_refused(tmp_path, backend, value):
    """directed="no" was true, and directed="" false."""
    path = tmp_path / "x.csv"
    path.write_text("1 2\n")
    g = groggy.Graph(backend)
    for what, call in (
        ("directed", lambda: groggy.Graph(backend, directed=value)),
        ("multigraph", lambda: groggy.Graph(backend, multigraph=value)),
        ("directed", lambda: groggy.read(path, backend=backend, directed=value)),
        ("multigraph", lambda: groggy.read(path, backend=backend, multigraph=value)),
        ("directed", lambda: groggy.generators.path(3, directed=value, backend=backend)),
        ("multigraph", lambda: groggy.generators.kronecker(3, multigraph=value, backend=backend)),
        ("periodic", lambda: groggy.generators.grid(3, 3, periodic=value, backend=backend)),
        ("header", lambda: backend == "python" or g.write(path, header=value)),
    ):
        if (backend, what) == ("python", "header") or (what == "periodic" and value == 0):
            continue  # 0.0 equals False
        with pytest.raises(TypeError, match=f"{what} must be True or False, not "):
            call()
    for truth in (True, False, 1, 0):
        assert groggy.Graph(backend, directed=truth).directed is bool(truth)


def test_a_path_is_no_open_file(tmp_path):
    """open() takes an int for a file that is open, and closing it took standard input away."""
    path = tmp_path / "x.csv"
    path.write_text("1 2\n")
    with open(path) as file:
        for call in (groggy.read, groggy.ldbc.parameters):
            for value in (file.fileno(), True, None, 1.5):
                with pytest.raises(TypeError):
                    call(value)
        assert file.read() == "1 2\n"


def test_sources_that_can_be_read_once(g):
    """A generator of sources is used up by the search; what is made from it used it again."""
    for what in ("bfs_layers", "bfs_tree", "bfs_successors", "bfs_predecessors", "descendants", "dfs_edges"):
        if g.backend == "python" and not hasattr(type(g), what):
            continue
        call = getattr(g, what)
        wanted, found = call(["ann", "7"]), call(id for id in ["ann", "7"])
        if what == "bfs_tree":
            wanted, found = list(wanted), list(found)
        assert found == wanted, what
    if hasattr(type(g), "ego_graph"):
        for center in (True, False):
            wanted, found = (g.ego_graph(ids, center=center) for ids in (["ann"], iter(["ann"])))
            assert list(found) == list(wanted)
        for radius, error in ((None, TypeError), ("1", TypeError), (True, TypeError), (-1, ValueError),
                              (math.nan, ValueError), ([1], TypeError)):  # fmt: skip
            with pytest.raises(error, match="radius"):
                g.ego_graph("ann", radius)


# 2^31 nodes.


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_two_billion_nodes_take_no_memory(backend, make_graph, unchanged):
    if backend == "python":
        pytest.skip("plain Python has no limit but memory")
    g = make_graph()
    g.add_edge("a", "b")
    before, began = resident(), time.monotonic()
    shape = memoryview(bytearray(8)).cast("q")
    import numpy as np

    # One int64 seen 2^31 times: no memory of its own.
    ids = np.lib.stride_tricks.as_strided(np.asarray(shape), (2**31,), (0,))
    with unchanged(g), pytest.raises((OverflowError, ValueError, MemoryError)) as caught:
        g.add_nodes(ids)
    assert str(2**31) in str(caught.value)
    assert resident() - before < 64 * 2**20
    assert time.monotonic() - began < 5


# Algorithms.


def algorithms():
    return groggy.algorithms()


def required(algorithm):
    words = {"nodes": "ann", "int": 1, "node_weights": {"ann": 1}, "ints": [2, 1]}
    return {p.name: words[p.type] for p in algorithm.parameters if p.required}


def method(g, algorithm):
    if not hasattr(g, algorithm.name):
        assert g.backend == "python", "every algorithm has a CPU kernel"
        pytest.skip(f"the python backend has no {algorithm.name}")
    return getattr(g, algorithm.name)


def test_an_algorithm_that_the_python_backend_lacks():
    g = groggy.Graph(backend="python")
    with pytest.raises(AttributeError, match="python backend has no katz_centrality.*backend='c'"):
        g.katz_centrality()
    with pytest.raises(AttributeError, match="no attribute 'katz'"):
        g.katz()


def bad_options():
    """(algorithm, parameter, value, error) for what the descriptors rule out."""
    for algorithm in algorithms():
        for p in algorithm.parameters:
            match p.type:
                case "int":
                    bad = [("1", TypeError), (1.5, TypeError), (2**70, (OverflowError, ValueError))]
                    if p.minimum is not None and p.minimum > -math.inf:
                        bad.append((int(p.minimum) - 1, ValueError))
                case "float":
                    bad = [("1", TypeError), (math.nan, ValueError), (1j, TypeError)]
                    if p.minimum is not None and p.minimum > -math.inf:
                        bad.append((p.minimum - 1, ValueError))
                case "ints":
                    bad = [("1", TypeError), ([1.5], TypeError), (1.5, TypeError), ([], ValueError)]
                    bad += [([2**70], OverflowError), ([1, int(p.minimum) - 1], ValueError)]
                    bad += [(object(), TypeError), (len, TypeError)]
                case "bool":
                    bad = [(word, TypeError) for word in ("no", "", 2, -1, 1.0, [], {}, b"0", 2**70)]
                case "choice":
                    bad = [("sideways", ValueError), (3, (TypeError, ValueError)), ("", ValueError)]
                case "attribute":
                    bad = [("nobody has it", AttributeNotFoundError), (3, (TypeError, AttributeNotFoundError))]
                case "nodes":
                    bad = [(["ann", "zoe"], NodeNotFoundError), (1.5, TypeError), ([1.5], TypeError)]
                    bad += [([], ValueError), (LONE, (ValueError, NodeNotFoundError))]
                case "node_weights":
                    bad = [({"zoe": 1}, NodeNotFoundError), ({"ann": "x"}, TypeError), ({"ann": None}, TypeError)]
                    wrong = [math.nan, math.inf]
                    if p.name not in ("x", "y"):  # coordinates may be any finite number
                        wrong += [-1, 0]
                    bad += [({"ann": weight}, ValueError) for weight in wrong]
                    bad.append(([1, 2], TypeError))
                case "pairs":
                    bad = [([("ann", "zoe")], NodeNotFoundError), ([("ann",)], (TypeError, ValueError))]
                    bad += [(3, TypeError), (len, TypeError), ([3], TypeError), (["ab"], TypeError)]
                case _:
                    bad = []
            for value, error in bad:
                yield pytest.param(algorithm, p.name, value, error, id=f"{algorithm.name} {p.name}")


@pytest.mark.parametrize(("algorithm", "name", "value", "error"), list(bad_options()))
def test_bad_options_of_algorithms(g, unchanged, algorithm, name, value, error):
    options = {**required(algorithm), name: value}
    with unchanged(g), pytest.raises(error) as caught:
        method(g, algorithm)(**options)
    message = str(caught.value)
    assert message and "\n" not in message
    if type(caught.value) in (TypeError, ValueError, OverflowError) and g.backend != "python":
        # The argument by name (or another one, where this may be right), or what kind of thing it is.
        names = [p.name for p in algorithm.parameters]
        assert any(word in message for word in [*names, "node id", "attribute name"])


def test_the_range_that_a_message_tells_is_the_range(g):
    """What is refused lies outside of what the message says is valid."""
    if g.backend == "python":
        pytest.skip("it has words of its own")
    said = r"; it must be (in [\[(]|at least |above |at most |below |finite|a number)"
    for algorithm in algorithms():
        for p in algorithm.parameters:
            if p.type not in ("float", "node_weights"):
                continue
            for number in (1.7e308, -1.7e308, math.inf, -math.inf):
                value = number if p.type == "float" else dict.fromkeys(g, number)
                given = {**required(algorithm), p.name: value}
                try:
                    with contextlib.suppress(NotConvergedError):
                        method(g, algorithm)(**given)
                except ValueError as error:
                    found = re.search(rf"{p.name}.* is (\S+){said}(.*)$", str(error))
                    if found is None:
                        continue  # of another parameter, or of several values together
                    words = str(error)[found.start(2):]
                    if words.startswith("at least "):
                        assert not number >= float(words.split()[2]) or "finite" in words, error
                    elif words.startswith("above "):
                        assert not number > float(words.split()[1]) or "finite" in words, error


def test_messages_are_short(g, unchanged):
    """The repr of what was given instead may have many lines and no end."""
    numpy = pytest.importorskip("numpy")
    if g.backend == "python":
        pytest.skip("it shows what it was given")
    for value in (numpy.zeros((3, 3)), list(range(10**5)), {k: "x" * 99 for k in range(99)}):
        for call in (
            lambda: g.pagerank(weight=value),
            lambda: g.node_column(value),
            lambda: g.bfs("ann", direction=value),
            lambda: g.jaccard(pairs=[value]),
            lambda: g.add_edges([value]),
            lambda: g.has_edges([value]),
            lambda: g.add_nodes([value]),
            lambda: g.betweenness_centrality(normalized=value),
        ):
            with unchanged(g), pytest.raises((TypeError, ValueError)) as caught:
                call()
            message = str(caught.value)
            assert message and len(message) < 250 and "\n" not in message


WEIGHTED = [
    pytest.param(algorithm, p, id=algorithm.name)
    for algorithm in algorithms()
    for p in algorithm.parameters
    if p.type == "attribute"
]


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, -1, -0.5, "2", [1]])
@pytest.mark.parametrize(("algorithm", "parameter"), WEIGHTED)
def test_bad_weights(g, unchanged, algorithm, parameter, weight):
    """NaN never; what lies outside of the descriptor's range never; what is no number never."""
    edge = g.add_edge("ann", 7, weight=weight)
    options = {**required(algorithm), parameter.name: "weight"}
    allowed = isinstance(weight, (int, float)) and parameter.minimum <= weight <= parameter.maximum
    allowed &= weight != -math.inf  # below every range
    allowed &= not (weight == parameter.maximum and parameter.open_maximum)
    with unchanged(g):
        if allowed:
            # Weights may keep an iteration from converging, or make a negative cycle or none.
            with contextlib.suppress(NotConvergedError, NegativeCycleError):
                found = method(g, algorithm)(**options)
                lone = isinstance(found, float) or algorithm.name == "find_negative_cycle"
                assert lone or len(found) > 0
            return
        error = ValueError if isinstance(weight, (int, float)) else TypeError
        with pytest.raises(error) as caught:
            method(g, algorithm)(**options)
    assert str(edge) in str(caught.value) or "ann" in str(caught.value), "the edge is named"


@pytest.mark.parametrize("algorithm", algorithms(), ids=lambda algorithm: algorithm.name)
def test_options_that_every_algorithm_has(g, unchanged, algorithm):
    call, given = method(g, algorithm), required(algorithm)
    with unchanged(g):
        for options, error, words in (
            ({"max_seconds": 0}, ValueError, "max_seconds"),
            ({"max_seconds": -1}, ValueError, "max_seconds"),
            ({"max_seconds": math.nan}, ValueError, "max_seconds"),
            ({"max_seconds": "1"}, TypeError, "max_seconds"),
            ({"max_seconds": True}, TypeError, "max_seconds"),
            ({"threads": -1}, ValueError, "threads"),
            ({"threads": 1.5}, TypeError, ""),
            ({"progress": 3}, TypeError, "progress"),
            ({"no_such_option": 1}, TypeError, "no_such_option"),
        ):
            with pytest.raises(error) as caught:
                call(**given, **options)
            assert words in str(caught.value)
        for name in given:
            with pytest.raises(TypeError):
                call(**{other: value for other, value in given.items() if other != name})


@pytest.mark.parametrize("algorithm", algorithms(), ids=lambda algorithm: algorithm.name)
@pytest.mark.parametrize("directed", [True, False])
def test_next_to_nothing(make_graph, algorithm, directed):
    """The empty graph, one node, self-loops alone: an answer, or that the node given is not there."""
    if algorithm.name == "topological_sort":
        pytest.skip("it has no answer for loops or undirected graphs; test_parity_traversal has them")
    given = required(algorithm)
    empty = make_graph(directed=directed)
    if "source" in given or "community" in given:
        with pytest.raises(NodeNotFoundError):
            method(empty, algorithm)(**given)
    else:
        result = method(empty, algorithm)(**given)
        assert isinstance(result, bool) or (result == 0 if isinstance(result, float) else len(result) == 0)
    for loops in (0, 1, 3):
        g = make_graph(directed=directed, multigraph=True)
        g.add_node("ann")
        for _ in range(loops):
            g.add_edge("ann", "ann", weight=1)
        result = method(g, algorithm)(**given)
        values = [result] if isinstance(result, (bool, float)) else list(result)
        assert all(value == value for value in values)


# Changes while iterating.


@pytest.mark.parametrize(
    ("look", "change"),
    [
        (iter, lambda g: g.add_node("new")),
        (iter, lambda g: g.remove_node(7)),
        (lambda g: iter(g.nodes), lambda g: g.add_edge("new", "ann")),
        (lambda g: iter(g.nodes.items()), lambda g: g.remove_node("cid")),
        (lambda g: iter(g.edges), lambda g: g.add_edge("ann", "cid")),
        (lambda g: iter(g.edges.items()), lambda g: g.remove_edge(0)),
        (lambda g: iter(g.edges), lambda g: g.clear()),
        (iter, lambda g: g.add_nodes(range(100, 200))),
    ],
)
def test_changes_while_iterating(g, look, change):
    steps = look(g)
    next(steps)
    change(g)
    with pytest.raises(RuntimeError, match="during iteration"):
        next(steps)
    g.add_node("after")
    assert g.has_node("after") and "after" in list(g)


def test_changes_by_the_callable_of_a_filter(g):
    def grow(node):
        g.add_node(f"new {len(g)}")
        return True

    with pytest.raises(RuntimeError):
        g.filter_nodes(grow)
    assert g.has_node("ann")


def test_an_error_in_a_callable_comes_out(g, unchanged):
    def fail(node):
        raise LookupError("mine")

    with unchanged(g), pytest.raises(LookupError, match="mine"):
        g.filter_nodes(fail)

    def items():
        yield "new"
        raise LookupError("mine")

    with unchanged(g), pytest.raises(LookupError, match="mine"):
        g.add_nodes(items())
    with unchanged(g), pytest.raises(LookupError, match="mine"):
        g.add_edges((id, "ann") for id in items())
