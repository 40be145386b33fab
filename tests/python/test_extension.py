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
    """examples/extension/reciprocity.c as a shared object; CMake makes gli/algorithms.h, here we do."""
    folder = tmp_path_factory.mktemp("extension")
    headers = ROOT / "core" / "include"
    (folder / "gli").mkdir()
    names = sorted(path.relative_to(headers) for path in headers.glob("gli/algorithms/*.h"))
    (folder / "gli" / "algorithms.h").write_text("".join(f"#include <{name}>\n" for name in names))
    library = folder / "reciprocity.so"
    subprocess.run(
        [COMPILER, "-std=c11", "-O1", "-shared", "-fPIC", f"-I{headers}", f"-I{folder}",
         str(ROOT / "examples" / "extension" / "reciprocity.c"), "-o", str(library), "-lm"],
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
result = graph.reciprocity()
print(sum(result.values()) > 0, result.run.backend, "reciprocity" in [a.name for a in groggy.algorithms()])
print("reciprocity" in groggy.Graph.reciprocity.__doc__.lower(), graph.snapshot().reciprocity().top(1) == result.top(1))
""",
        extension,
        ROOT / "examples" / "data" / "email-Eu-core.csv",
    )
    assert printed.split() == ["True", "cpu", "True", "True", "True"]


def test_it_agrees_with_networkx(extension):
    pytest.importorskip("groggy._core")
    networkx = pytest.importorskip("networkx")
    printed = run(
        """
import sys, groggy
groggy.load_extension(sys.argv[1])
graph = groggy.read(sys.argv[2])
for node, share in graph.reciprocity().items():
    print(node, repr(share))
""",
        extension,
        ROOT / "examples" / "data" / "email-Eu-core.csv",
    )
    shares = {int(n): float(share) for n, share in map(str.split, printed.splitlines())}
    graph = networkx.DiGraph()
    for line in (ROOT / "examples" / "data" / "email-Eu-core.csv").read_text().splitlines():
        u, v, _ = line.split()
        graph.add_edge(int(u), int(v))
    assert shares == networkx.reciprocity(graph, graph)


def test_the_shell_runs_it(extension):
    pytest.importorskip("groggy._core")
    done = subprocess.run(
        [sys.executable, "-m", "groggy.cli", "--extension", str(extension), "run", "reciprocity",
         str(ROOT / "examples" / "data" / "karate.csv"), "--format", "csv", "--top", "3"],
        capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


def test_what_cannot_be_loaded_says_why(extension, tmp_path):
    groggy = pytest.importorskip("groggy")
    with pytest.raises(ValueError, match="absolute"):
        groggy.load_extension("reciprocity.so")
    with pytest.raises(OSError):
        groggy.load_extension(str(tmp_path / "nothing.so"))
    broken = tmp_path / "broken.so"
    broken.write_bytes(extension.read_bytes()[:500])
    with pytest.raises(OSError):
        groggy.load_extension(str(broken))
