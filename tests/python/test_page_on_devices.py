"""The page's blocks, the README's example and all of the data folder on OpenCL: the CPU's results.

GLI_DEVICE is read once per process, so each way of running the blocks is a process of its own.
PoCL counts as a device here because it is named. Without an OpenCL device everything is skipped
with the driver's reason.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
page = pytest.importorskip("test_page")

OPENCL = groggy.get_available_backends()["opencl"]
FULL = os.environ.get("GLI_TEST_FULL") == "1"
pytestmark = pytest.mark.skipif(
    not OPENCL["available"], reason=f"no OpenCL device: {OPENCL['reason']}"
)
#: What is asked for -> the environment variable GLI_DEVICE.
WAYS = {"opencl": None, "c-gpu": "opencl:0"}

BLOCKS = """
import contextlib, io, json, re, sys, textwrap
sys.path.insert(0, sys.argv[1])
import groggy
import test_page as page
backend = sys.argv[2]

def plain(value):
    if isinstance(value, groggy.Graph):
        if not len(value):
            return None
        results = [value.pagerank(), value.connected_components(), value.bfs(next(iter(value)))]
        places.update(result.run.backend for result in results)
        return [plain(result) for result in results]
    if hasattr(value, "run"):
        places.add(value.run.backend)
        return [[repr(id), number] for id, number in value.items()]
    return None

places, found = set(), {}
for line, code in page.BLOCKS:
    if "'rust-gpu'" in code:  # g = Graph(...) twice, then algorithms on an empty graph
        code = "\\n".join(line for line in code.splitlines() if "-distributed" not in line)
        code = code.replace("g = Graph(backend='rust-gpu')", "g = alices()")
    if "range(" in code and sys.argv[3] != "full":  # as it stands it runs in test_page.py
        for number in ("1000000", "500000", "100000"):
            code = code.replace(number, number[:-2])
    code = code.replace("'rust'", repr(backend))
    names = page._surroundings()
    def alices():
        g = groggy.Graph(backend)
        g.add_edge("alice", "bob", weight=2.0)
        return g
    names.update(alices=alices, g=alices())
    with contextlib.redirect_stdout(io.StringIO()) as said:
        page._run(code, names)
    assert "not available" not in said.getvalue(), said.getvalue()
    found[line] = {
        name: plain(value) for name, value in names.items()
        if name != "__builtins__" and not isinstance(value, type) and not name.startswith("_")
    }
print(json.dumps([sorted(places), found]))
"""


def blocks(backend, device):
    """(backends that did the work, line -> name -> result) of the page's blocks."""
    known = {name: value for name, value in os.environ.items() if name != "GLI_DEVICE"}
    ended = subprocess.run(
        [sys.executable, "-c", BLOCKS, str(Path(__file__).parent), backend, "full" if FULL else ""],
        capture_output=True, text=True, timeout=300,
        env=known | ({"GLI_DEVICE": device} if device else {}),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def same(left, right):
    """Equal, but floats may differ in the last digits (the CPU's and a device's agree to 1e-9)."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    return left == right


@pytest.fixture(scope="module")
def on_the_cpu():
    if page.PAGE is None:
        pytest.skip(f"{page.NAME} is not beside this repository")
    places, found = blocks("c", None)
    assert places == ["cpu"]
    return found


@pytest.mark.parametrize("backend", WAYS)
def test_the_page(backend, on_the_cpu):
    places, found = blocks(backend, WAYS[backend])
    assert places == ["opencl"] if backend == "opencl" else set(places) <= {"cpu", "opencl"}
    assert found.keys() == on_the_cpu.keys()
    for line, names in found.items():
        assert names.keys() == on_the_cpu[line].keys()
        for name, value in names.items():
            assert same(value, on_the_cpu[line][name]), f"line {line}: {name}"
    assert sum(value is not None for names in found.values() for value in names.values()) > 10


README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("backend", WAYS)
def test_the_readme(backend):
    code = re.search(r"## Python\n\n```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[1]
    assert "Graph(backend='c-gpu')" in code

    def said(name, device):
        known = {name: value for name, value in os.environ.items() if name != "GLI_DEVICE"}
        return subprocess.run(
            [sys.executable, "-c", code.replace("'c-gpu'", repr(name))],
            capture_output=True, text=True, timeout=120, check=True,
            env=known | ({"GLI_DEVICE": device} if device else {}),
        ).stdout.splitlines()  # fmt: skip

    nodes, top, run = said(backend, WAYS[backend])
    assert [nodes, top][0] == said("c", None)[0]
    numbers = re.compile(r"[-+0-9.e]*\d\.\d[-+0-9e]*")
    ours, wanted = top, said("c", None)[1]
    assert numbers.sub("x", ours) == numbers.sub("x", wanted)
    assert same(
        [float(n) for n in numbers.findall(ours)], [float(n) for n in numbers.findall(wanted)]
    )
    assert run.startswith("<ran on opencl" if backend == "opencl" else "<ran on ")


# The data folder, in the shell.


def _data():
    root = Path(__file__).resolve().parents[2]
    for folder in (root.parent / "shared" / "data", root.parent.parent / "shared" / "data"):
        if folder.is_dir():
            return folder
    return root / "examples" / "data"


FILES = sorted(path for path in _data().iterdir() if path.suffix in (".csv", ".txt", ".graph"))
SMALL = 120_000  # bytes; larger files only in the full run, but for the algorithms that take little
QUICK = {"pagerank", "connected_components", "degrees", "bfs", "shortest_paths", "k_hop"}
ON_DEVICES = [algorithm for algorithm in groggy.algorithms() if algorithm.on_devices]


def shell(*arguments):
    """Output of the groggy command in this process; None: no kernel for directed graphs."""
    testing = pytest.importorskip("click.testing")
    from groggy.cli import main

    ended = testing.CliRunner().invoke(main, [str(word) for word in arguments])
    if ended.exit_code == 3 and "CPU kernel only" in ended.output and "--undirected" not in arguments:
        return None
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def options(algorithm, path):
    """What the algorithm needs, and what keeps it short."""
    words = []
    first = next(iter(groggy.read(path)))
    for parameter in algorithm.parameters:
        if parameter.name == "source" or (parameter.required and parameter.type == "nodes"):
            words += ["--" + parameter.name.replace("_", "-"), first]
        elif parameter.name == "tolerance" and algorithm.name in ("eigenvector_centrality", "hits"):
            words += ["--tolerance", 1e-3]  # meshes have their largest eigenvalues close together
        elif parameter.name == "tolerance" and algorithm.name == "pagerank":
            # The CPU solves for the scores where devices iterate: they meet at the scores themselves.
            words += ["--tolerance", 1e-15, "--max-iterations", 1000]
        elif parameter.name == "alpha":
            words += ["--alpha", 0.001]  # katz: below 1 over the largest eigenvalue of each file
        elif parameter.name == "k":
            words += ["--k", 2]
        elif parameter.name == "samples" and not FULL:
            words += ["--samples", 8, "--seed", 1]
        elif parameter.name == "pairs":
            nodes = list(groggy.read(path))[:12]
            for u, v in zip(nodes, nodes[1:], strict=False):
                words += ["--pairs", u, v]
    return words


def test_there_are_files_and_algorithms():
    assert len(FILES) >= 3 and len(ON_DEVICES) >= 10


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
@pytest.mark.parametrize("algorithm", ON_DEVICES, ids=[a.name for a in ON_DEVICES])
def test_every_file(algorithm, path):
    if not FULL and path.stat().st_size > SMALL and algorithm.name not in QUICK:
        pytest.skip("a larger file: with GLI_TEST_FULL=1")
    words = ["run", algorithm.name, path, *options(algorithm, path), "--format", "csv"]
    said = shell(*words, "--backend", "opencl")
    if said is None:
        words.append("--undirected")
        said = shell(*words, "--backend", "opencl")
    ours = list(csv.reader(io.StringIO(said)))
    wanted = list(csv.reader(io.StringIO(shell(*words, "--backend", "c"))))
    assert len(ours) == len(wanted) and (len(ours) > 1 or algorithm.name == "transitivity")
    if ours == wanted:
        return
    exact = algorithm.agreement == "exact"
    for row, expected in zip(ours, wanted, strict=True):
        assert len(row) == len(expected)
        for cell, other in zip(row, expected, strict=True):
            if cell != other:
                assert not exact or "." in cell, (row, expected)
                tolerance = max(algorithm.epsilon, 1e-12)
                assert float(cell) == pytest.approx(float(other), rel=1e-9, abs=tolerance)


def test_the_shell_names_what_has_no_device_form():
    graph = groggy.Graph(backend="opencl")
    graph.add_edges([("a", "b"), ("b", "c")])
    needed = {"nodes": "a", "int": 1, "node_weights": {"a": 1, "b": 1, "c": 2}, "ints": [2]}
    for algorithm in groggy.algorithms():
        if algorithm.on_devices:
            continue
        given = {p.name: needed[p.type] for p in algorithm.parameters if p.required}
        with pytest.raises(groggy.BackendUnavailableError, match=algorithm.name):
            getattr(graph, algorithm.name)(**given)
