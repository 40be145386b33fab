"""Filter expressions: one semantics on every backend, and errors that point."""

from __future__ import annotations

import datetime
import itertools
import zoneinfo

import pytest
from groggy.errors import ExpressionError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAN = float("nan")
INF = float("inf")


def holds(make_graph, expression, **attributes):
    g = make_graph()
    g.add_node("n", **attributes)
    found = g.filter_nodes(expression)
    assert g.node_mask(expression).tolist() == [bool(found)]
    return found == ["n"]


# expression, attributes, whether it holds
CASES = [
    # literals and truth
    ("True", {}, True),
    ("False", {}, False),
    ("None", {}, False),
    ("1", {}, True),
    ("0", {}, False),
    ("0.0", {}, False),
    ("'a'", {}, True),
    ("''", {}, False),
    ("()", {}, False),
    ("[0]", {}, True),
    ("x", {"x": NAN}, True),
    ("x", {"x": []}, False),
    ("x", {"x": {"k": 1}}, True),
    ("x", {}, False),
    ("not x", {}, True),
    ("not not x", {}, False),
    # comparisons
    ("x == 1", {"x": 1}, True),
    ("x == 1", {"x": 1.0}, True),
    ("x == 1", {"x": True}, True),
    ("x == True", {"x": 1.0}, True),
    ("x == '1'", {"x": 1}, False),
    ("x != '1'", {"x": 1}, True),
    ("x == None", {"x": None}, True),
    ("x != None", {"x": 1}, True),
    ("x is None", {"x": None}, True),
    ("x is None", {"x": 0}, False),
    ("x is None", {}, False),
    ("x is not None", {"x": 0}, True),
    ("x is not None", {}, False),
    ("x == 1", {}, False),
    ("x != 1", {}, False),
    ("not x != 1", {}, True),
    ("x < 2", {"x": 1}, True),
    ("x < 2", {"x": "1"}, False),
    ("x >= 2", {"x": "1"}, False),
    ("not x < 2", {"x": "1"}, True),
    ("x < None", {"x": 1}, False),
    ("x <= x", {"x": None}, False),
    ("x < 'b'", {"x": "a"}, True),
    ("x < 'é'", {"x": "z"}, True),
    ("x > '\U0001f600'", {"x": "\uffff"}, False),
    ("x < y", {"x": [1], "y": [2]}, False),
    ("x < y", {"x": datetime.date(2020, 1, 1), "y": datetime.date(2021, 1, 1)}, False),
    ("x == y", {"x": [1, {"a": 2}], "y": [1.0, {"a": True + 1}]}, True),
    ("x == [1, 2]", {"x": [1, 2]}, True),
    ("x == (1, 2)", {"x": [1, 2]}, False),
    ("x != (1, 2)", {"x": [1, 2]}, True),
    ("x == x", {"x": NAN}, False),
    ("x != x", {"x": NAN}, True),
    ("x < inf", {"x": 10**400, "inf": INF}, True),
    ("x == 9007199254740993", {"x": 9007199254740992.0}, False),
    ("x < 9007199254740993", {"x": 9007199254740992.0}, True),
    ("x > 9223372036854775807", {"x": 2**63}, True),
    ("x == y", {"x": 2**70, "y": 2.0**70}, True),
    ("x == y", {"x": 2**70 + 1, "y": 2.0**70}, False),
    ("x == -9223372036854775808", {"x": -(2**63)}, True),
    ("x == -0.0", {"x": 0}, True),
    ("False < True", {}, True),
    # chains
    ("1 < x < 3", {"x": 2}, True),
    ("1 < x < 2", {"x": 2}, False),
    ("1 < x <= 2 != 3", {"x": 2}, True),
    ("3 > x in (1, 2)", {"x": 2}, True),
    ("x == 1 == True", {"x": 1}, True),
    # in
    ("x in (1, 2)", {"x": 2.0}, True),
    ("x in [1, 'a', None]", {"x": None}, True),
    ("x not in (1, 2)", {"x": 3}, True),
    ("x not in (1, 2)", {}, False),
    ("x in ()", {"x": 1}, False),
    ("x in (1,)", {"x": 1}, True),
    ("x in [(1, 2), [3]]", {"x": [3]}, True),
    ("x in (-1, -2.5)", {"x": -2.5}, True),
    ("'ell' in x", {"x": "hello"}, True),
    ("'' in x", {"x": ""}, True),
    ("'z' not in x", {"x": "hello"}, True),
    ("x in 'hello'", {"x": "hell"}, True),
    ("1 in x", {"x": "1"}, False),
    ("1 not in x", {"x": "1"}, False),
    ("'a' in x", {"x": ["a"]}, False),
    ("x in (y)", {"x": "a", "y": "abc"}, True),
    # arithmetic
    ("x + 1 == 3", {"x": 2}, True),
    ("2 + 3 * 4 == 14", {}, True),
    ("(2 + 3) * 4 == 20", {}, True),
    ("10 - 2 - 3 == 5", {}, True),
    ("x / 2 == 0.5", {"x": 1}, True),
    ("-7 // 2 == -4", {}, True),
    ("-7 % 3 == 2", {}, True),
    ("7 % -3 == -2", {}, True),
    ("-7.5 // 2 == -4.0", {}, True),
    ("-7.5 % 2 == 0.5", {}, True),
    ("7 // 2.0 == 3.0", {}, True),
    ("True + True == 2", {}, True),
    ("-True == -1", {}, True),
    ("x / 0 == x / 0", {"x": 1}, False),
    ("x // 0 or x % 0 or x / 0.0", {"x": 1}, False),
    ("x + 1 == 'a1'", {"x": "a"}, False),
    ("x + y == 'ab'", {"x": "a", "y": "b"}, False),
    ("x * 2", {"x": "a"}, False),
    ("x + 1", {"x": None}, False),
    ("x + 1 > 0", {}, False),
    ("x + 1 > 0", {"x": 2**63 - 1}, False),
    ("x * 2.0 > 0", {"x": 2**63 - 1}, True),
    ("x - 1 < 0", {"x": -(2**63)}, False),
    ("-x > 0", {"x": -(2**63)}, False),
    ("x // -1 > 0", {"x": -(2**63)}, False),
    ("x + 0 > 0", {"x": 2**63}, False),
    ("x * 10 == y", {"x": 1e308, "y": INF}, True),
    ("x % 2 == 1", {"x": 3}, True),
    ("- x == 1", {"x": -1}, True),
    ("--x == 1", {"x": 1}, True),
    ("1 - -1 == 2", {}, True),
    ("2 * -x == -4", {"x": 2}, True),
    # and, or, not
    ("x or y", {"x": 0, "y": 1}, True),
    ("x and y", {"x": 0, "y": 1}, False),
    ("(x or 5) == 5", {"x": 0}, False),
    ("(x or 5) == True", {"x": 0}, True),
    ("x == 1 or y == 1 and y == 2", {"x": 1, "y": 3}, True),
    ("not x == 1 and y == 1", {"x": 2, "y": 1}, True),
    ("not (x == 1 and y == 1)", {"x": 1, "y": 1}, False),
    # functions
    ("has(x)", {"x": None}, True),
    ("has(x)", {}, False),
    ("not has(`two words`)", {}, True),
    ("has(id)", {}, False),
    ("len(x) == 4", {"x": "naïv"}, True),
    ("len(x) == 1", {"x": "\U0001f600"}, True),
    ("len(x) == 2", {"x": b"ab"}, True),
    ("len(x) == 2", {"x": {"a": 1, "b": 2}}, True),
    ("len(x) == 3", {"x": [1, 2, 3]}, True),
    ("len(x) == 1", {"x": frozenset([1])}, True),
    ("len(x) >= 0", {"x": 5}, False),
    ("lower(x) == 'abcÉ'", {"x": "ABCÉ"}, True),
    ("upper(x) == 'ABCé'", {"x": "abcé"}, True),
    ("lower(x) == x", {"x": 5}, False),
    ("startswith(x, 'he')", {"x": "hello"}, True),
    ("endswith(x, 'lo')", {"x": "hello"}, True),
    ("contains(x, 'ell')", {"x": "hello"}, True),
    ("contains(x, '')", {"x": ""}, True),
    ("not startswith(x, 'he')", {"x": 5}, True),
    ("startswith(lower(x), y)", {"x": "HELLO", "y": "he"}, True),
    ("abs(x) == 5", {"x": -5}, True),
    ("abs(x) == 1", {"x": True}, True),
    ("abs(x) == 2.5", {"x": -2.5}, True),
    ("abs(x) > 0", {"x": -(2**63)}, False),
    ("abs(x) > 0", {"x": "5"}, False),
    # names, strings, spaces
    ("`two words` == 1", {"two words": 1}, True),
    ("`or` == 1 and len == 2", {"or": 1, "len": 2}, True),
    ("größe > 1", {"größe": 2}, True),
    ("_x1 == 1", {"_x1": 1}, True),
    ('x == "a\'b"', {"x": "a'b"}, True),
    (r"x == 'a\'b\\\n\t\r\"'", {"x": "a'b\\\n\t\r\""}, True),
    ("  x\t==\n1 ", {"x": 1}, True),
    ("x==1or y", {"x": 1}, None),
    ("007 == 7", {}, True),
    (".5 + 1. == 1.5e0", {}, True),
    ("1E2 == 100 and 1e-2 == 0.01 and 1e+2 == 100.0", {}, True),
    # ids
    ("id == 'n'", {}, True),
    ("id == 'n'", {"id": 5}, False),
    ("id == 5", {"id": 5}, True),
    ("source == 1", {}, False),
]


@pytest.mark.parametrize(("expression", "attributes", "expected"), CASES)
def test_meaning(make_graph, expression, attributes, expected):
    if expected is None:
        with pytest.raises(ExpressionError):
            holds(make_graph, expression, **attributes)
    else:
        assert holds(make_graph, expression, **attributes) is expected


def test_names_of_edges(make_graph):
    g = make_graph()
    g.add_edges([("a", 1), (1, "b")])
    assert g.filter_edges("source == 'a'") == [0]
    assert g.filter_edges("target == 'b' and source == 1") == [1]
    assert g.filter_edges("id == 1 or id == 7") == [1]
    g.update_edge(0, source="x")
    assert g.filter_edges("source == 'a'") == []
    assert g.filter_edges("source == 'x'") == [0]
    assert g.filter_edges("target == 1") == [0]
    g.get_edge(0).pop("source")
    assert g.filter_edges("source == 'a'") == [0]


# expression, column (1-based), a word of the message
ERRORS = [
    ("", 1, "expected"),
    ("   ", 4, "expected"),
    ("x ==", 5, "expected"),
    ("== 1", 1, "expected"),
    ("x = 1", 3, "="),
    ("x == 1 2", 8, "expected"),
    ("(x == 1", 8, "')'"),
    ("x == 1)", 7, "expected"),
    ("x in (1, 2", 11, "expected"),
    ("x in (1, y)", 10, "literal"),
    ("x in [1 2]", 9, "','"),
    ("x in [,]", 7, "literal"),
    ("x in (y, 1)", 8, "')'"),
    ("x is 1", 6, "None"),
    ("x not 1", 7, "in"),
    ("1 + not x", 5, "expected"),
    ("and x", 1, "expected"),
    ("x == 'open", 6, "closed"),
    ("x == `open", 6, "closed"),
    ("``", 1, "name"),
    (r"x == 'bad \q'", 11, "escape"),
    ("x $ 1", 3, "'$'"),
    ("x == 1a", 7, "'a'"),
    ("x == 1.2.3", 9, "'.'"),
    ("1e", 3, "exponent"),
    ("9223372036854775808", 1, "64"),
    ("-9223372036854775809", 2, "64"),
    ("x == 99999999999999999999999", 6, "64"),
    ("nope(x)", 1, "nope"),
    ("len()", 5, "expected"),
    ("len(x, y)", 6, "')'"),
    ("startswith(x)", 13, "','"),
    ("has('x')", 5, "name"),
    ("has(x", 6, "')'"),
    ("é é", 3, "expected"),
    ("`größe` `x`", 9, "expected"),
    ("x; y", 2, "';'"),
    ("__import__('os')", 1, "__import__"),
    ("x.y", 2, "'.'"),
    ("x[0]", 2, "expected"),
    ("lambda: 1", 7, "':'"),
    ("(1, 2) (3,)", 8, "expected"),
]


@pytest.mark.parametrize(("expression", "column", "word"), ERRORS)
def test_errors_point(make_graph, expression, column, word):
    g = make_graph()
    g.add_node("n", x=1)
    for call in (g.filter_nodes, g.node_mask, g.filter_edges, g.edge_mask):
        with pytest.raises(ExpressionError) as caught:
            call(expression)
        error = caught.value
        assert (error.column, error.expression) == (column, expression)
        assert isinstance(error, ValueError)
        assert word in str(error) and str(column) in str(error)


def test_errors_come_from_an_empty_graph_too(make_graph):
    with pytest.raises(ExpressionError):
        make_graph().filter_nodes("x ==")


@pytest.mark.parametrize(
    "open, close", [("(", ")"), ("not ", ""), ("- ", ""), ("abs(", ")"), ("[", "]")]
)
def test_depth(make_graph, open, close):
    g = make_graph()
    g.add_node("n", x=1)
    inner = "1" if open == "[" else "x"
    g.filter_nodes(open * 100 + inner + close * 100)
    with pytest.raises(ExpressionError, match="nested"):
        g.filter_nodes(open * 101 + inner + close * 101)


def test_long_flat_expressions(make_graph):
    g = make_graph()
    g.add_node("n", x=1)
    assert g.filter_nodes(" + ".join(["x"] * 5000) + " == 5000") == ["n"]
    assert g.filter_nodes(" or ".join(["x == 2"] * 5000)) == []
    assert g.filter_nodes("x in (" + ", ".join(map(str, range(5000))) + ")") == ["n"]


def test_expression_must_be_text(make_graph):
    with pytest.raises(TypeError):
        make_graph().node_mask(5)


# Against Python's own evaluation, where both have the same meaning.

NUMBERS = st.one_of(st.integers(-5, 5), st.sampled_from([0.5, -1.5, 2.0]), st.booleans())


@st.composite
def arithmetic(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(st.sampled_from(["x", "y"]), NUMBERS.map(repr)))
    operator = draw(st.sampled_from(["+", "-", "*", "/", "//", "%"]))
    left, right = draw(arithmetic(depth=depth - 1)), draw(arithmetic(depth=depth - 1))
    return f"({left}) {operator} ({right})" if draw(st.booleans()) else f"{left} {operator} {right}"


@st.composite
def conditions(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        return f"{draw(arithmetic())} {operator} {draw(arithmetic())}"
    if draw(st.booleans()):
        return f"not ({draw(conditions(depth=depth - 1))})"
    operator = draw(st.sampled_from(["and", "or"]))
    return f"({draw(conditions(depth=depth - 1))}) {operator} {draw(conditions(depth=depth - 1))}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=conditions(), x=NUMBERS, y=NUMBERS)
def test_agrees_with_python(make_graph, expression, x, y):
    try:
        expected = bool(eval(expression, {}, {"x": x, "y": y}))
    except ZeroDivisionError:
        return  # MISSING here, an exception there
    assert holds(make_graph, expression, x=x, y=y) is expected


def test_datetimes_are_equal_as_in_python(make_graph):
    """Python says what is equal: instants across zones, wall clocks within one, PEP 495's folds."""
    paris, berlin, york = map(
        zoneinfo.ZoneInfo, ["Europe/Paris", "Europe/Berlin", "America/New_York"]
    )
    six = datetime.timezone(datetime.timedelta(hours=6))
    noon = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.UTC)
    twice = datetime.datetime(2024, 10, 27, 2, 30)  # in Paris; 2:30 on 31 March is nowhere
    times = [noon.astimezone(zone) for zone in (datetime.UTC, six, paris, berlin, york)]
    times += [noon.replace(tzinfo=zone) for zone in (None, paris, york)]
    times += [twice.replace(tzinfo=zone, fold=fold) for zone in (paris, berlin) for fold in (0, 1)]
    times += [datetime.datetime(2024, 10, 27, hour, 30, tzinfo=datetime.UTC) for hour in (0, 1)]
    times += [datetime.datetime(2024, 3, 31, 2, 30, tzinfo=zone) for zone in (paris, berlin)]
    times += [datetime.datetime(2024, 3, 31, 1, 30, tzinfo=datetime.UTC), noon.date()]
    g = make_graph()
    pairs = list(itertools.product(times, repeat=2))
    for x, y in pairs:
        g.add_node(x=x, y=y, xs=[x], ys=[y], held={x}, hold={y})
    assert sum(x == y for x, y in pairs) > len(times), "some of different zones"
    for left, right in (("x", "y"), ("xs", "ys")):
        found = g.node_mask(f"{left} == {right}").tolist()
        assert found == [x == y for x, y in pairs]
    assert g.node_mask("held == hold").tolist() == [{x} == {y} for x, y in pairs]
    for node, (x, y) in enumerate(pairs):
        read = g.get_node(node)
        assert (repr(read["x"]), repr(read["y"])) == (repr(x), repr(y))
        assert read["xs"] == [x]
