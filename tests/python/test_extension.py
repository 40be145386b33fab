"""The example extension, compiled against the public headers and loaded by Python and the shell."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPILER = shutil.which("cc")

pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler here")


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    """examples/extension/hits.c as a shared object; CMake makes gli/algorithms.h, here we do."""
    folder = tmp_path_factory.mktemp("extension")
    headers = ROOT / "core" / "include"
    (folder / "gli").mkdir()
    names = sorted(path.relative_to(headers) for path in headers.glob("gli/algorithms/*.h"))
    (folder / "gli" / "algorithms.h").write_text("".join(f"#include <{name}>\n" for name in names))
    library = folder / "hits.so"
    subprocess.run(
        [COMPILER, "-std=c11", "-O1", "-shared", "-fPIC", f"-I{headers}", f"-I{folder}",
         str(ROOT / "examples" / "extension" / "hits.c"), "-o", str(library), "-lm"],
        check=True,
    )  # fmt: skip
    return library


def run(code, *arguments):
    """In a process of its own: what is loaded stays loaded."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, check=True, cwd="/",
    ).stdout  # fmt: skip


def test_it_becomes_a_method_with_help(extension):
    pytest.importorskip("groggy._core")
    printed = run(
        """
import sys, groggy
groggy.load_extension(sys.argv[1])
groggy.load_extension(sys.argv[1])
graph = groggy.read(sys.argv[2])
result = graph.hits()
print(sum(result.values()) > 0, result.run.backend, "hits" in [a.name for a in groggy.algorithms()])
print("hits" in groggy.Graph.hits.__doc__.lower(), graph.snapshot().hits().top(1) == result.top(1))
""",
        extension,
        ROOT / "examples" / "data" / "email-Eu-core.csv",
    )
    assert printed.split() == ["True", "cpu", "True", "True", "True"]


def test_it_agrees_with_networkx(extension):
    pytest.importorskip("groggy._core")
    networkx = pytest.importorskip("networkx")
    pytest.importorskip("scipy")
    printed = run(
        """
import sys, groggy
groggy.load_extension(sys.argv[1])
graph = groggy.read(sys.argv[2])
result = graph.hits(tolerance=1e-12, max_iterations=1000)
for node, score in result.items():
    print(node, repr(score), repr(result.authority[node]))
""",
        extension,
        ROOT / "examples" / "data" / "email-Eu-core.csv",
    )
    scores = {int(n): (float(h), float(a)) for n, h, a in map(str.split, printed.splitlines())}
    graph = networkx.DiGraph()
    for line in (ROOT / "examples" / "data" / "email-Eu-core.csv").read_text().splitlines():
        u, v, _ = line.split()
        graph.add_edge(int(u), int(v))
    hubs, authorities = networkx.hits(graph, max_iter=1000, tol=1e-12)
    # Both may be scaled differently: compare relative to the sums.
    hub_sum = sum(h for h, _ in scores.values())
    authority_sum = sum(a for _, a in scores.values())
    for node in graph:
        assert scores[node][0] / hub_sum == pytest.approx(hubs[node], abs=1e-6)
        assert scores[node][1] / authority_sum == pytest.approx(authorities[node], abs=1e-6)


def test_the_shell_runs_it(extension):
    pytest.importorskip("groggy._core")
    done = subprocess.run(
        [sys.executable, "-m", "groggy.cli", "--extension", str(extension), "run", "hits",
         str(ROOT / "examples" / "data" / "karate.csv"), "--format", "csv", "--top", "3"],
        capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


def test_what_cannot_be_loaded_says_why(extension, tmp_path):
    groggy = pytest.importorskip("groggy")
    with pytest.raises(ValueError, match="absolute"):
        groggy.load_extension("hits.so")
    with pytest.raises(OSError):
        groggy.load_extension(str(tmp_path / "nothing.so"))
    broken = tmp_path / "broken.so"
    broken.write_bytes(extension.read_bytes()[:500])
    with pytest.raises(OSError):
        groggy.load_extension(str(broken))
