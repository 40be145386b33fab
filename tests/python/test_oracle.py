"""What is the python backend's own: results over foreign buffers, draws, records, errors."""

from __future__ import annotations

import array
import copy
import doctest
import gzip
import importlib
import pickle
import pkgutil
import subprocess
import sys

import groggy.oracle
import numpy as np
import pytest
from groggy import errors
from groggy.errors import EdgeNotFoundError, GroggyError, NodeNotFoundError
from groggy.oracle.algorithms.draw import Random, sample, shuffled
from groggy.oracle.graph import PythonGraph
from groggy.results import Column, Ids, Result, RunRecord

# Results.


class SlotIds:
    """Ids as a C snapshot would give them: by slot, with holes that have no id."""

    def __init__(self, ids):
        self.ids = ids

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, slot):
        assert self.ids[slot] is not None, "asked for the id of a hole"
        return self.ids[slot]

    def index(self, id):
        if id is None or id not in self.ids:
            raise NodeNotFoundError(f"no node {id!r}")
        return self.ids.index(id)


def with_holes():
    return Result(
        {
            "level": memoryview(array.array("q", [0, 99, 1, 2, 99, -1])),
            "predecessor": memoryview(array.array("i", [-1, 77, 0, 2, 77, -1])),
        },
        SlotIds(["a", None, "b", 3, None, "z"]),
        positions=array.array("i", [0, 2, 3, 5]),
        scalars={"total": 7},
        run=RunRecord("c"),
        name="bfs",
        node_columns={"predecessor"},
    )


def test_a_result_is_a_mapping():
    result = with_holes()
    assert len(result) == 4 and list(result) == ["a", "b", 3, "z"]
    assert result["b"] == 1 and type(result["b"]) is int and result.get("nope", 5) == 5
    assert list(result.keys()) == ["a", "b", 3, "z"] and list(result.values()) == [0, 1, 2, -1]
    assert list(result.items()) == [("a", 0), ("b", 1), (3, 2), ("z", -1)]
    assert result.to_dict() == dict(result) == {"a": 0, "b": 1, 3: 2, "z": -1}
    assert result == {"a": 0, "b": 1, 3: 2, "z": -1} and result != {"a": 0}
    assert "a" in result and "nope" not in result and [] not in result and None not in result
    assert ("b", 1) in result.items() and 2 in result.values() and 99 not in result.values()
    assert len(result.items()) == len(result.values()) == 4 and result.keys() >= {"a", "b"}
    with pytest.raises(NodeNotFoundError):
        result["nope"]


def test_columns_and_scalars():
    result = with_holes()
    assert result.columns == ("level", "predecessor") and result.scalars == {"total": 7}
    assert result.total == 7
    assert result.predecessor.to_dict() == {"a": None, "b": "a", 3: "b", "z": None}
    assert result.predecessor["b"] == "a" and isinstance(result.level, Column)
    assert dict(result.level) == dict(result) and len(result.level) == 4
    assert result.column("predecessor")[3] == "b"
    assert {"level", "predecessor", "total", "top"} <= set(dir(result))
    with pytest.raises(AttributeError, match="predecessor"):
        result.nope
    with pytest.raises(AttributeError):
        result.column("nope")
    with pytest.raises(AttributeError):
        result._private


def test_arrays():
    result = with_holes()
    assert result.to_numpy().tolist() == [0, 1, 2, -1] and result.to_numpy().dtype == np.int64
    assert result.to_numpy("predecessor").tolist() == [-1, 0, 1, -1]
    assert np.asarray(result.predecessor).dtype == np.int64
    assert np.asarray(result, dtype=float).tolist() == [0.0, 1.0, 2.0, -1.0]
    assert np.asarray(result.level).tolist() == [0, 1, 2, -1]
    with pytest.raises(KeyError):
        result.to_numpy("nope")


def test_arrays_share_memory_where_they_can():
    data = array.array("d", [1.5, 2.5])
    result = Result({"score": memoryview(data)}, Ids(["a", "b"]))
    view = result.to_numpy()
    data[0] = 7.5
    assert view.tolist() == [7.5, 2.5] and np.shares_memory(view, np.frombuffer(data))
    read_only = Result({"score": memoryview(data).toreadonly()}, Ids(["a", "b"]))
    assert not read_only.to_numpy().flags.writeable
    copied = np.array(result, copy=True)
    assert not np.shares_memory(copied, view)
    given = np.array([1, 2])
    assert Result({"x": given}, Ids(["a", "b"])).to_numpy() is given
    assert Result({"x": [True, False]}, Ids(["a", "b"])).to_numpy().dtype == bool


def test_top():
    nan = float("nan")
    result = Result(
        {"x": array.array("d", [1, 3, nan, 3, 2]), "y": [5, 4, 3, 2, 1]}, Ids(list("abcde"))
    )
    assert result.top(2) == [("b", 3.0), ("d", 3.0)]
    assert [id for id, _ in result.top(10)] == ["b", "d", "e", "a", "c"]
    assert result.top(2, "y") == [("a", 5), ("b", 4)] == result.y.top(2)
    assert result.top(0) == [] and len(result.top()) == 5
    with pytest.raises(ValueError):
        result.top(-1)
    with pytest.raises(KeyError):
        result.top(1, "nope")
    with pytest.raises(TypeError):
        with_holes().top(1, "predecessor")


def test_paths():
    result = with_holes()
    assert result.path(3) == ["a", "b", 3] and result.path("a") == ["a"]
    with pytest.raises(ValueError, match="z"):
        result.path("z")


def test_text():
    text = repr(with_holes())
    assert text.splitlines() == [
        "<bfs: 4 nodes, total = 7>",
        "  node  level  predecessor",
        "  'a'   0      None",
        "  'b'   1      'a'",
        "  3     2      'b'",
        "  'z'   -1     None",
    ]
    long = Result({"score": array.array("d", range(1000))}, Ids(list(range(1000))), name="pagerank")
    assert "1,000 nodes" in repr(long) and "990 more" in repr(long) and len(repr(long)) < 500
    assert (
        repr(Result({}, Ids([]), scalars={"x": 0.5}, name="transitivity"))
        == "<transitivity: x = 0.5>"
    )
    assert "predecessor" in repr(with_holes().predecessor)


def test_run_records():
    record = RunRecord("cuda", "RTX", "fast", {"total": 0.5, "compute": 0.25}, 3, 1, 2)
    assert (
        repr(record) == "<ran on cuda (RTX) in 500 ms (compute 250 ms), 3 iterations, "
        "1 fallback: fast>"
    )
    assert "µs" in repr(RunRecord("c", seconds={"total": 5e-6}))
    assert repr(RunRecord("cpu", threads=2)) == "<ran on cpu, 2 threads, 0 iterations>"
    assert record.to_dict() == {
        "backend": "cuda", "device": "RTX", "why": "fast",
        "seconds": {"total": 0.5, "compute": 0.25}, "iterations": 3, "fallbacks": 1, "threads": 2,
        "kept": "",
    }  # fmt: skip


def test_results_by_edge_and_by_pair():
    edges = Result({"score": [0.5, 0.25]}, Ids([4, 7], "edge"), name="edge_betweenness", key="edge")
    assert edges[7] == 0.25 and "2 edges" in repr(edges)
    for unknown in (0, True, "x"):
        assert unknown not in edges
        with pytest.raises(EdgeNotFoundError):
            edges[unknown]
    pairs = Result(
        {"score": array.array("d", [0.5]), "source": [1], "target": [3]},
        Ids([("b", "d")], "pair"),
        key="pair",
        node_columns={"source", "target"},
        nodes=SlotIds(["a", "b", None, "d"]),
        node_positions=[0, 1, 3],
    )
    assert pairs["b", "d"] == 0.5 and pairs.target["b", "d"] == "d"
    assert pairs.to_numpy("target").tolist() == [2] and ("a", "b") not in pairs


def test_pandas():
    pytest.importorskip("pandas")
    frame = with_holes().to_pandas()
    assert list(frame.index) == ["a", "b", 3, "z"] and frame.index.name == "node"
    assert list(frame.columns) == ["level", "predecessor"]
    assert frame["level"].tolist() == [0, 1, 2, -1]
    g = PythonGraph()
    g.add_edges([("a", "b"), ("b", "c")])
    frame = g.jaccard().to_pandas()
    assert frame.index.names == ["source", "target"] and list(frame.columns) == ["score"]
    assert g.edge_betweenness().to_pandas().index.name == "edge"


def test_a_result_keeps_little():
    result = with_holes()
    assert not hasattr(result, "__dict__") and not hasattr(result.level, "__dict__")


# Draws.


def test_draws_are_those_of_the_core():
    """Figures printed by core/base/random.c: gli_random_start(42, 7) and (0, 0)."""
    draws = Random(42, 7)
    assert [draws.next() for _ in range(4)] == [
        7833814102147051298,
        2335560146075602369,
        3054654672759334201,
        1510866622492838443,
    ]
    draws = Random(0)
    assert [draws.below(10) for _ in range(6)] == [8, 6, 8, 2, 1, 5]


def test_samples_and_shuffles():
    counts = [0] * 10
    for seed in range(3000):
        drawn = sample(10, 3, seed)
        assert len(set(drawn)) == 3
        for number in drawn:
            counts[number] += 1
    assert all(800 < count < 1000 for count in counts)
    assert sorted(shuffled(50, Random(1))) == list(range(50)) != shuffled(50, Random(1))
    assert sample(4, 4, 9) != list(range(4)) or sample(4, 4, 10) != list(range(4))
    assert sample(0, 0, 1) == [] and shuffled(0, Random(0)) == []


# Errors.


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("NodeNotFoundError", KeyError),
        ("EdgeNotFoundError", KeyError),
        ("AttributeNotFoundError", KeyError),
        ("BackendUnavailableError", ImportError),
        ("DeviceError", RuntimeError),
        ("BatchConflictError", RuntimeError),
        ("GraphBusyError", RuntimeError),
        ("NotConvergedError", ArithmeticError),
        ("CancelledError", Exception),
        ("AlgorithmTimeoutError", TimeoutError),
        ("FormatError", ValueError),
        ("ExpressionError", ValueError),
        ("AbiError", ImportError),
    ],
)
def test_errors_are_what_python_users_expect(name, builtin):
    kind = getattr(errors, name)
    assert issubclass(kind, GroggyError) and issubclass(kind, builtin) and kind.__doc__
    error = kind("no node 'x'")
    assert str(error) == "no node 'x'"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and str(again) == str(error)
    assert name in errors.__all__


def test_errors_that_point():
    error = errors.FormatError("bad", "file.csv", 3, 7)
    assert (error.path, error.line, error.column, str(error)) == ("file.csv", 3, 7, "bad")
    error = pickle.loads(pickle.dumps(errors.ExpressionError("bad", "x =", 3)))
    assert (error.expression, error.column) == ("x =", 3)


# The rest.


def test_version_of_a_call_that_fails_stays():
    g = PythonGraph()
    version = g.version
    with pytest.raises(TypeError):
        g.add_node("a", x=object())
    assert g.version == version


def test_writing_compressed(tmp_path):
    g = PythonGraph()
    g.add_edge(1, 2)
    g.write(tmp_path / "g.csv.gz")
    assert gzip.decompress((tmp_path / "g.csv.gz").read_bytes()) == b"1,2\n"
    with pytest.raises(ValueError):
        g.write(tmp_path / "g.csv.zst")


@pytest.mark.parametrize("value", ["a,b", "line\nbreak", 'quo"te', [1], b"x"])
def test_what_an_edge_list_cannot_hold(tmp_path, value):
    g = PythonGraph()
    g.add_edge(1, 2, x=value)
    with pytest.raises(ValueError):
        g.write(tmp_path / "g.csv")
    assert list(tmp_path.iterdir()) == []


def test_metis_with_weights(tmp_path):
    g = PythonGraph(directed=False)
    g.add_edge("a", "b", weight=3)
    g.add_edge("b", "c", weight=4)
    g.write(tmp_path / "g.graph")
    assert (tmp_path / "g.graph").read_text() == "3 2 001\n2 3\n1 3 3 4\n2 4\n"


def test_progress_bar(capsys):
    g = PythonGraph()
    g.add_edges([("a", "b"), ("b", "c")])
    g.betweenness_centrality(progress=True)
    assert "/3" in capsys.readouterr().err


def test_copies_of_results():
    g = PythonGraph()
    g.add_edge("a", "b")
    result = g.bfs("a")
    assert copy.copy(result).to_dict() == {"a": 0, "b": 1}


def test_numpy_is_not_imported_until_it_is_used():
    code = (
        "import sys; from groggy.oracle.graph import PythonGraph; g = PythonGraph();"
        "g.add_edge(1, 2, w=1.5); g.filter_nodes('id == 1'); g.pagerank().top(1);"
        "assert 'numpy' not in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


MODULES = ["groggy.errors", "groggy.results", "groggy.oracle"] + [
    module.name for module in pkgutil.walk_packages(groggy.oracle.__path__, "groggy.oracle.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def public_members():
    for name in MODULES:
        module = importlib.import_module(name)
        yield name, module
        for member, value in vars(module).items():
            own = getattr(value, "__module__", None) == name and callable(value)
            if own and not member.startswith("_"):
                yield f"{name}.{member}", value
    for member in dir(PythonGraph):
        if not member.startswith("_"):
            yield f"PythonGraph.{member}", getattr(PythonGraph, member)


def test_everything_public_is_documented():
    bare = [
        name
        for name, member in public_members()
        if not isinstance(member, str) and not member.__doc__
    ]
    assert bare == []
