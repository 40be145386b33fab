"""Attribute values: what is kept comes back equal and of the same type, the rest is refused."""

from __future__ import annotations

import datetime
import enum
import zoneinfo
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import same

UTC = datetime.timezone.utc
PARIS = zoneinfo.ZoneInfo("Europe/Paris")
ODD = datetime.timezone(
    datetime.timedelta(hours=-3, minutes=-30, seconds=-7, microseconds=5), "odd"
)


EXAMPLES = [
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    2**63,
    -(2**63) - 1,
    10**100,
    -(10**100),
    2**64,
    255,
    256,
    -129,
    0.0,
    -0.0,
    1.5,
    float("inf"),
    float("-inf"),
    float("nan"),
    5e-324,
    1.7976931348623157e308,
    "",
    "plain",
    "naïve \U0001f600",
    "nul \0 inside",
    "\ud800 lone \udfff",
    "x" * 100_000,
    b"",
    b"\0\xff",
    [],
    (),
    {},
    set(),
    frozenset(),
    [1, [2, [3, "x"]], None],
    (1, (2.5,), b"y"),
    {"b": 1, "a": 2, 3: None, (1, 2): [4], None: True, 2.5: {}},
    {1, 2.5, "x", None, (1, 2), frozenset({3})},
    frozenset({"a", b"a"}),
    [True, 1, 1.0, "1", b"1", None],
    datetime.date(1, 1, 1),
    datetime.date(9999, 12, 31),
    datetime.datetime(2025, 1, 26, 12, 30, 15, 123456),
    datetime.datetime(2025, 1, 26, tzinfo=UTC),
    datetime.datetime(2025, 1, 26, 1, 2, 3, 4, tzinfo=ODD),
    datetime.datetime(2025, 10, 26, 2, 30, tzinfo=PARIS),
    datetime.datetime(2025, 10, 26, 2, 30, tzinfo=PARIS, fold=1),
    datetime.datetime(2025, 10, 26, 2, 30, fold=1),
    [datetime.date(2025, 1, 1), {"when": datetime.datetime(2025, 1, 1, tzinfo=UTC)}],
]


@pytest.mark.parametrize("value", EXAMPLES, ids=lambda value: repr(value)[:40])
def test_values_come_back_as_they_were(make_graph, value):
    g = make_graph()
    g.add_node("a", x=value)
    edge = g.add_edge("a", "b", x=value)
    assert same(g.get_node("a")["x"], value)
    assert same(g.get_edge(edge)["x"], value)
    assert same(g.get_many(["a"], "x")[0], value)
    assert same(g.copy().get_node("a")["x"], value)
    assert same(g.subgraph(["a"]).get_node("a").attributes["x"], value)


def test_types_in_one_column_do_not_mix_up(make_graph):
    g = make_graph()
    for number, value in enumerate(EXAMPLES):
        g.add_node(number, x=value)
    for number, value in enumerate(EXAMPLES):
        assert same(g.get_node(number)["x"], value)
    for number, value in enumerate(reversed(EXAMPLES)):
        g.update_node(number, x=value)
    for number, value in enumerate(reversed(EXAMPLES)):
        assert same(g.get_node(number)["x"], value)


NUMPY = [
    (np.int8(-5), -5),
    (np.uint64(2**64 - 1), 2**64 - 1),
    (np.int64(7), 7),
    (np.float32(1.5), 1.5),
    (np.float64(-0.0), -0.0),
    (np.float16(2.5), 2.5),
    (np.bool_(True), True),
    (np.str_("text"), "text"),
    (np.bytes_(b"raw"), b"raw"),
    ([np.int64(1), {np.str_("k"): np.float64(2.5)}], [1, {"k": 2.5}]),
]


@pytest.mark.parametrize(("value", "expected"), NUMPY, ids=lambda value: repr(value)[:40])
def test_numpy_scalars_become_python(make_graph, value, expected):
    g = make_graph()
    g.add_node("a", x=value)
    assert same(g.get_node("a")["x"], expected)


class MyInt(int):
    pass


class MyStr(str):
    pass


class MyList(list):
    pass


class Colour(enum.IntEnum):
    RED = 1


class MyDate(datetime.date):
    pass


class OwnZone(datetime.tzinfo):
    def utcoffset(self, when):
        return datetime.timedelta(0)


Point = namedtuple("Point", "x y")

REFUSED = [
    object(),
    lambda: None,
    MyInt(1),
    MyStr("x"),
    MyList(),
    Colour.RED,
    MyDate(2025, 1, 1),
    Point(1, 2),
    OrderedDict(),
    defaultdict(int),
    bytearray(b"x"),
    memoryview(b"x"),
    1j,
    range(3),
    datetime.time(1, 2),
    datetime.timedelta(1),
    datetime.datetime(2025, 1, 1, tzinfo=OwnZone()),
    np.array([1, 2]),
    np.array(1),
    np.complex128(1j),
    np.datetime64("2025-01-01"),
    np.timedelta64(1, "s"),
    np.longdouble(1),
    type,
    ...,
]


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"k": (1, v)}])
def test_other_types_are_refused_by_name(make_graph, unchanged, value, wrap):
    g = make_graph()
    g.add_edge("a", "b", x=1)
    for call in (
        lambda: g.add_node("new", fine=1, the_key=wrap(value)),
        lambda: g.add_edge("a", "new", fine=1, the_key=wrap(value)),
        lambda: g.update_node("a", fine=1, the_key=wrap(value)),
        lambda: g.update_edge("a", "b", fine=1, the_key=wrap(value)),
        lambda: g.batch_add_nodes(["new"], the_key=[wrap(value)]),
        lambda: g.get_node("a").update(the_key=wrap(value)),
    ):
        with unchanged(g), pytest.raises(TypeError) as caught:
            call()
        assert "the_key" in str(caught.value)


@pytest.mark.parametrize("value", REFUSED[:4], ids=lambda value: type(value).__name__)
def test_the_message_names_the_type(make_graph, value):
    with pytest.raises(TypeError, match=type(value).__name__):
        make_graph().add_node("a", x=value)


def test_refused_dict_keys(make_graph, unchanged):
    g = make_graph()
    for value in [{Point(1, 2): 1}, {MyStr("x"): 1}, {1j: 2}]:
        with unchanged(g), pytest.raises(TypeError):
            g.add_node("a", x=value)


def nested(depth, make=lambda inner: [inner]):
    value = 1
    for _ in range(depth):
        value = make(value)
    return value


@pytest.mark.parametrize(
    "make", [lambda i: [i], lambda i: (i,), lambda i: {"k": i}, lambda i: frozenset([i])]
)
def test_depth(make_graph, unchanged, make):
    g = make_graph()
    deep = nested(200, make)
    g.add_node("a", x=deep)
    assert g.get_node("a")["x"] == deep
    with unchanged(g), pytest.raises(ValueError, match="200"):
        g.add_node("b", x=nested(201, make))


def test_cycles(make_graph, unchanged):
    g = make_graph()
    around = []
    around.append(around)
    mapping = {}
    mapping["self"] = [mapping]
    for value in (around, mapping):
        with unchanged(g), pytest.raises(ValueError):
            g.add_node("a", x=value)


def test_shared_parts_are_fine_and_come_back_apart(make_graph):
    g = make_graph()
    part = [1]
    g.add_node("a", x=[part, part])
    value = g.get_node("a")["x"]
    value[0].append(2)
    assert value == [[1, 2], [1]]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["\ud800", "a\udfff\0", "\U0010ffff"]),
    st.binary(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC, ODD, PARIS])),
)
HASHABLE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=4,
)
VALUES = st.recursive(
    st.one_of(SCALARS, HASHABLE),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner),
        st.dictionaries(HASHABLE, inner, max_size=4),
        st.sets(HASHABLE, max_size=3),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=1, max_size=6))
def test_any_values_come_back(make_graph, values):
    g = make_graph()
    for number, value in enumerate(values):
        g.add_node(number, x=value)
    g.add_nodes(["bulk", "other"], x=[values[0], values[-1]])
    for number, value in enumerate(values):
        assert same(g.get_node(number)["x"], value)
    assert same(g.get_node("other")["x"], values[-1])
