"""Random operations on the oracle and on another backend at once: no difference is allowed.

Hypothesis draws sequences of calls (Claessen and Hughes, QuickCheck, 2000; its stateful part after
Hughes 2007). Every call goes to both graphs; results must be the same in value, type and order, an
error must be of the same class, and after each step ids, ends and rows must agree. The harness is
itself tested with graphs that have a fault planted in them.
"""

from __future__ import annotations

import datetime

import pytest
from conftest import BACKENDS, count_operations, new_graph
from groggy.oracle.graph import PythonGraph
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support import same

IDS = st.sampled_from([0, 1, 2, 3, 7, -1, "a", "b", "c", "d", "0", "ä"])
NEW_IDS = st.one_of(IDS, st.none())
BAD_IDS = st.sampled_from([1.5, True, b"x", (1,), 2**63, "\ud800"])
NAMES = st.sampled_from(["x", "y", "w", "two words"])
VALUES = st.sampled_from([
    None, True, False, 0, 1, -5, 2**63 - 1, 2**70, 0.0, -0.0, 1.0, 2.5, float("nan"), float("inf"),
    "", "x", "ä\ud800", b"", b"x", [], [1, [2.0]], (1,), {"k": [1], 2: None}, {1, "a"}, frozenset(),
    datetime.date(2025, 1, 26), datetime.datetime(2025, 1, 26, 1, tzinfo=datetime.timezone.utc),
])  # fmt: skip
ATTRIBUTES = st.dictionaries(NAMES, VALUES, max_size=3)
BAD_ATTRIBUTES = st.sampled_from([{"x": 1, "y": object()}, {"x": [1j]}, {"w": range(3)}])
DIRECTIONS = st.sampled_from(["out", "in", "both"])
PAIRS = st.tuples(IDS, IDS)
EDGES = st.integers(-1, 40)
EXPRESSIONS = st.sampled_from([
    "x > 0", "x == 1 and has(y)", "not x", "y in (1, 'x', None)", "x is None", "w != 1 or x",
    "`two words` == 'x'", "x + 1 > y", "len(x) >= 1", "id == 'a' or id == 1", "source == target",
    "x == y", "x / 2 == 0.5", "(x", "-x < 0 < y + 2",
])  # fmt: skip

# Calls that change a graph; a batch knows them too: (method, arguments, keywords).
SINGLE = st.one_of(
    st.tuples(st.just("add_node"), st.tuples(NEW_IDS), ATTRIBUTES),
    st.tuples(st.just("add_node"), st.just(()), ATTRIBUTES),
    st.tuples(st.just("add_edge"), PAIRS, ATTRIBUTES),
    st.tuples(st.just("add_edge"), PAIRS, ATTRIBUTES),
    st.tuples(st.just("update_node"), st.tuples(IDS), ATTRIBUTES),
    st.tuples(st.just("update_edge"), PAIRS, ATTRIBUTES),
    st.tuples(st.just("update_edge"), st.tuples(EDGES), ATTRIBUTES),
    st.tuples(st.just("remove_node"), st.tuples(IDS), st.just({})),
    st.tuples(st.just("remove_edge"), PAIRS, st.just({})),
    st.tuples(st.just("remove_edge"), st.tuples(EDGES), st.just({})),
    st.tuples(st.just("add_node"), st.tuples(BAD_IDS), ATTRIBUTES),
    st.tuples(st.just("add_node"), st.tuples(IDS), BAD_ATTRIBUTES),
    st.tuples(st.just("add_edge"), st.tuples(IDS, BAD_IDS), ATTRIBUTES),
    st.tuples(st.just("add_edge"), PAIRS, BAD_ATTRIBUTES),
    st.tuples(st.just("update_node"), st.tuples(IDS), BAD_ATTRIBUTES),
)
NODE_ITEMS = st.lists(st.one_of(IDS, st.tuples(IDS, ATTRIBUTES)), max_size=6)
BAD_NODE_ITEMS = st.tuples(NODE_ITEMS, st.one_of(BAD_IDS, st.tuples(IDS, BAD_ATTRIBUTES)))
EDGE_ITEMS = st.lists(st.one_of(PAIRS, st.tuples(IDS, IDS, ATTRIBUTES)), max_size=8)
BAD_EDGE_ITEMS = st.tuples(EDGE_ITEMS, st.one_of(st.tuples(IDS, BAD_IDS), st.tuples(IDS), IDS))
BULK = st.one_of(
    st.tuples(st.just("batch_add_nodes"), st.tuples(NODE_ITEMS), st.just({})),
    st.tuples(st.just("batch_add_edges"), st.tuples(EDGE_ITEMS), st.just({})),
    st.tuples(
        st.just("batch_add_nodes"),
        BAD_NODE_ITEMS.map(lambda parts: ([*parts[0], parts[1]],)),
        st.just({}),
    ),
    st.tuples(
        st.just("batch_add_edges"),
        BAD_EDGE_ITEMS.map(lambda parts: ([*parts[0], parts[1]],)),
        st.just({}),
    ),
)
READS = st.one_of(
    st.tuples(st.just("has_node"), st.tuples(IDS), st.just({})),
    st.tuples(st.just("has_edge"), PAIRS, st.just({})),
    st.tuples(st.just("has_edge"), st.tuples(EDGES), st.just({})),
    st.tuples(st.sampled_from(["node_count", "edge_count"]), st.just(()), st.just({})),
    st.tuples(st.just("get_node"), st.tuples(IDS), st.just({})),
    st.tuples(st.just("get_edge"), PAIRS, st.just({})),
    st.tuples(st.just("get_edge"), st.tuples(EDGES), st.just({})),
)
QUERIES = st.one_of(
    READS,
    st.tuples(
        st.sampled_from(["get_neighbors", "get_edges", "degree"]),
        st.tuples(IDS, DIRECTIONS),
        st.just({}),
    ),
    st.tuples(
        st.sampled_from(["filter_nodes", "filter_edges"]), st.tuples(EXPRESSIONS), ATTRIBUTES
    ),
    st.tuples(st.sampled_from(["filter_nodes", "filter_edges"]), st.just(()), ATTRIBUTES),
    st.tuples(st.sampled_from(["node_mask", "edge_mask"]), st.tuples(EXPRESSIONS), st.just({})),
    st.tuples(
        st.just("group_by"),
        st.tuples(NAMES, st.none(), st.sampled_from(["count", "ids"])),
        st.fixed_dictionaries({"of": st.sampled_from(["nodes", "edges"])}),
    ),
    st.tuples(
        st.just("group_by"),
        st.tuples(NAMES, NAMES, st.sampled_from(["count", "sum", "mean", "min", "max"])),
        st.just({}),
    ),
    st.tuples(st.sampled_from(["node_column", "edge_column"]), st.tuples(NAMES), st.just({})),
    st.tuples(
        st.sampled_from(["node_column", "edge_column"]), st.tuples(NAMES, VALUES), st.just({})
    ),
    st.tuples(
        st.just("get_many"), st.tuples(st.lists(IDS, max_size=4), NAMES, VALUES), st.just({})
    ),
    st.tuples(st.just("has_nodes"), st.tuples(st.lists(IDS, max_size=4)), st.just({})),
    st.tuples(st.just("has_edges"), st.tuples(st.lists(PAIRS, max_size=4)), st.just({})),
    st.tuples(
        st.just("neighbors_of"), st.tuples(st.lists(IDS, max_size=3), DIRECTIONS), st.just({})
    ),
    st.tuples(st.just("k_hop"), st.tuples(IDS, st.integers(0, 3), DIRECTIONS), st.just({})),
    st.tuples(
        st.sampled_from(["edge_pairs", "edge_array", "node_ids", "edge_ids"]),
        st.just(()),
        st.just({}),
    ),
)
ALGORITHMS = st.one_of(
    st.tuples(st.just("bfs"), st.tuples(IDS, DIRECTIONS), st.just({})),
    st.tuples(st.just("shortest_paths"), st.tuples(IDS), st.just({})),
    st.tuples(
        st.sampled_from(
            ["triangle_count", "core_number", "label_propagation", "jaccard", "degrees"]
        ),
        st.just(()),
        st.just({}),
    ),
    st.tuples(
        st.just("connected_components"),
        st.just(()),
        st.fixed_dictionaries({"kind": st.sampled_from(["weak", "strong"])}),
    ),
)


def plain(value):
    """A result as plain values that `same` can compare."""
    if hasattr(value, "attributes"):
        ends = (value.source, value.target) if hasattr(value, "source") else ()
        return [value.id, *ends, unordered(dict(value))]
    if hasattr(value, "run"):
        columns = {name: list(getattr(value, name).values()) for name in value.columns}
        return [list(value), columns, list(value.scalars.items())]
    if hasattr(value, "dtype"):
        return [str(value.dtype), value.tolist()]
    if isinstance(value, dict) and any(key != key for key in value):
        return list(value.items())
    return value


def unordered(attributes):
    """Attributes sorted by name: calls that fail may make a name known to one side only."""
    return dict(sorted(attributes.items()))


def outcome(call, *arguments, **keywords):
    """What a call gives: ('value', ...) or ('error', class)."""
    try:
        return "value", plain(call(*arguments, **keywords))
    except Exception as error:
        return "error", type(error)


class Pair(RuleBasedStateMachine):
    """The oracle and the subject, driven by the same calls."""

    backend = "python"

    @initialize(directed=st.booleans(), multigraph=st.booleans())
    def begin(self, directed, multigraph):
        self.model = PythonGraph(directed=directed, multigraph=multigraph)
        self.subject = self.make(directed=directed, multigraph=multigraph)
        self.snapshots = []
        self.handles = []

    def make(self, **options):
        return new_graph(self.backend, **options)

    def compare(self, left, right, what):
        count_operations(self.backend)
        assert left[0] == right[0], f"{what}: {left} here, {right} there"
        assert left[1] is right[1] or same(left[1], right[1]), f"{what}: {left} here, {right} there"

    def both(self, call, left=None, right=None):
        """Do one call on both sides and compare what comes of it."""
        name, arguments, keywords = call
        left = self.model if left is None else left
        right = self.subject if right is None else right
        self.compare(
            outcome(getattr(left, name), *arguments, **keywords),
            outcome(getattr(right, name), *arguments, **keywords),
            call,
        )

    @rule(call=SINGLE)
    def change(self, call):
        self.both(call)

    @rule(call=BULK)
    def change_many(self, call):
        self.both(call)

    @rule(call=QUERIES)
    def ask(self, call):
        self.both(call)

    @rule(call=ALGORITHMS)
    def run(self, call):
        self.both(call)

    @rule(name=NAMES, value=VALUES, count=st.integers(0, 14))
    def set_column(self, name, value, count):
        self.both(("set_node_column", (name, [value] * count), {}))
        fitting = [value] * self.model.edge_count()
        self.both(("set_edge_column", (name, fitting), {}))

    @rule(updates=st.dictionaries(IDS, ATTRIBUTES, max_size=3))
    def update_many(self, updates):
        self.both(("update_nodes", (updates,), {}))

    @rule(ids=st.lists(IDS, max_size=2), edges=st.lists(st.one_of(PAIRS, EDGES), max_size=2))
    def remove_many(self, ids, edges):
        self.both(("remove_edges", (edges,), {}))
        self.both(("remove_nodes", (ids,), {}))

    @rule(
        staged=st.lists(st.one_of(SINGLE, SINGLE, BULK, READS), min_size=1, max_size=8),
        others=st.lists(SINGLE, max_size=2),
        end=st.sampled_from(["commit", "commit", "commit", "rollback", "raise"]),
    )
    def batch(self, staged, others, end):
        left, right = self.model.batch_operations(), self.subject.batch_operations()
        for call in staged:
            self.both(call, left, right)
            self.same_ids()
        for call in others:
            self.both(call)
        if end == "raise":
            ends = [outcome(leave_with_error, batch) for batch in (left, right)]
            self.compare(*ends, "a block that raises")
        else:
            self.both((end, (), {}), left, right)

    @rule(id=IDS)
    def hold_a_node(self, id):
        if self.model.has_node(id):
            self.handles.append((self.model.get_node(id), self.subject.get_node(id)))

    @rule(pair=PAIRS)
    def hold_an_edge(self, pair):
        if self.model.has_edge(*pair):
            self.handles.append((self.model.get_edge(*pair), self.subject.get_edge(*pair)))

    @precondition(lambda self: self.handles)
    @rule(which=st.integers(0), name=NAMES, value=VALUES, operation=st.integers(0, 4))
    def use_a_handle(self, which, name, value, operation):
        left, right = self.handles[which % len(self.handles)]
        operations = [
            ("__getitem__", (name,), {}),
            ("__setitem__", (name, value), {}),
            ("__delitem__", (name,), {}),
            ("pop", (name, None), {}),
            ("update", ({name: value},), {}),
        ]
        self.both(operations[operation], left, right)
        self.compare(
            outcome(lambda: unordered(left.attributes)),
            outcome(lambda: unordered(right.attributes)),
            "attributes of a handle",
        )

    @rule()
    def take_a_snapshot(self):
        left, right = self.model.snapshot(), self.subject.snapshot()
        self.snapshots = [*self.snapshots[-2:], (left, right)]
        for name in ("node_ids", "edge_ids", "edge_pairs"):
            self.both((name, (), {}), left, right)

    @precondition(lambda self: self.snapshots)
    @rule(which=st.integers(0), call=ALGORITHMS)
    def ask_a_snapshot(self, which, call):
        left, right = self.snapshots[which % len(self.snapshots)]
        self.both(call, left, right)
        for name in ("node_ids", "edge_ids", "edge_pairs"):
            self.both((name, (), {}), left, right)
        assert (left.node_count, left.edge_count) == (right.node_count, right.edge_count)

    @rule()
    def go_on_with_a_copy(self):
        self.model, self.subject = self.model.copy(), self.subject.copy()

    @rule(ids=st.lists(IDS, max_size=12))
    def go_on_with_a_part(self, ids):
        self.both(("subgraph", ([*ids, "nobody"],), {}))
        known = [id for id in ids if self.model.has_node(id)]
        if len(known) > 4:
            self.model, self.subject = self.model.subgraph(known), self.subject.subgraph(known)

    @rule(numbers=st.lists(st.integers(0), max_size=6))
    def compare_an_edge_part(self, numbers):
        edges = self.model.edge_ids()
        chosen = [edges[number % len(edges)] for number in numbers if edges]
        self.whole(self.model.edge_subgraph(chosen), self.subject.edge_subgraph(chosen))

    @precondition(lambda self: self.model.node_count() > 8)
    @rule(sure=st.integers(0, 9))
    def clear(self, sure):
        if sure == 0:
            self.both(("clear", (), {}))

    @rule()
    def compare_everything(self):
        self.whole(self.model, self.subject)

    @invariant()
    def same_ids(self):
        if hasattr(self, "model"):
            assert self.subject.node_ids() == self.model.node_ids()
            assert self.subject.edge_ids() == self.model.edge_ids()
            assert self.subject.edge_pairs() == self.model.edge_pairs()

    def whole(self, left, right):
        """Rows and attributes of two graphs, all of them."""
        for id in left.node_ids():
            for direction in ("out", "in", "both"):
                self.both(("get_neighbors", (id, direction), {}), left, right)
                self.both(("get_edges", (id, direction), {}), left, right)
            self.both(("get_node", (id,), {}), left, right)
        for edge in left.edge_ids():
            self.both(("get_edge", (edge,), {}), left, right)
        for name in ("node_attributes", "edge_attributes"):
            types = (set(getattr(graph, name)()) for graph in (left, right))
            assert len(set(map(frozenset, types))) == 1

    def teardown(self):
        if hasattr(self, "model"):
            self.whole(self.model, self.subject)


def leave_with_error(batch):
    with batch:
        raise LookupError("in the middle of a block")


@pytest.mark.parametrize("name", [name for name in BACKENDS if name != "python"])
def test_backends_agree_with_the_oracle(name):
    run_state_machine_as_test(type(f"Pair_{name}", (Pair,), {"backend": name}))


# Is the harness any good? Each of these graphs has one fault.


class ForgetsRows(PythonGraph):
    """A removed edge stays in the count of degrees."""

    def degree(self, id, /, direction="both"):
        return super().degree(id, direction) + (self._store.next_edge > self.edge_count() + 2)


class ReusesEdgeIds(PythonGraph):
    """The highest edge id is handed out again once its edge is gone."""

    def _new_edge_id(self):
        return max(self._store.edges, default=-1) + 1


class MixesUpNumbers(PythonGraph):
    """True comes back as 1."""

    def _change(self, change):
        *rest, last = change
        if isinstance(last, dict):
            last = {name: 1 if value is True else value for name, value in last.items()}
        super()._change((*rest, last))


class HalfDone(PythonGraph):
    """A bulk call that fails has done the items before the bad one."""

    def batch_add_nodes(self, items, /, **columns):
        for item in items:
            super().batch_add_nodes([item], **columns)


class WrongOrder(PythonGraph):
    """Rows are sorted instead of in insertion order."""

    def get_neighbors(self, id, /, direction="out"):
        return sorted(super().get_neighbors(id, direction), key=str)


class StaleSnapshots(PythonGraph):
    """A snapshot is not made anew after a removal."""

    def snapshot(self):
        if self._snapshot is not None and self._snapshot.node_count > self.node_count():
            return self._snapshot
        return super().snapshot()


FAULTS = [ForgetsRows, ReusesEdgeIds, MixesUpNumbers, HalfDone, WrongOrder, StaleSnapshots]


QUICK = settings(
    max_examples=3000, phases=[Phase.generate], report_multiple_bugs=False, database=None
)
# A removal between two snapshots and a question to the later one: sequences of 50 steps, the default, meet it after
# 200,000 operations, sequences of 120 after 1,000.
LONGER = settings(QUICK, stateful_step_count=120)


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda kind: kind.__name__)
def test_the_harness_finds_faults(faulty):
    machine = type("Faulty", (Pair,), {"make": staticmethod(faulty)})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=LONGER if faulty is StaleSnapshots else QUICK)


def test_the_oracle_agrees_with_itself():
    """The harness raises no false alarm, whatever it draws."""
    run_state_machine_as_test(Pair)
