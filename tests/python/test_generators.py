"""groggy.generators: structure as NetworkX's, arguments, backends, and the shell."""

from __future__ import annotations

import inspect

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
generators = pytest.importorskip("groggy.generators")
testing = pytest.importorskip("click.testing")
cli = pytest.importorskip("groggy.cli")

SMALL = {
    "kronecker": (6, 4),
    "gnp": (40, 0.2),
    "gnm": (40, 100),
    "barabasi_albert": (40, 3),
    "watts_strogatz": (40, 4, 0.3),
    "stochastic_block_model": ([10, 0, 20], [[0.5, 0, 0.1], [0, 0, 0], [0.1, 0, 0.4]]),
    "grid": (4, 5),
    "complete": (7,),
    "path": (7,),
    "cycle": (7,),
    "star": (7,),
    "karate_club": (),
}
DIRECTED = [name for name in SMALL if "directed" in inspect.signature(getattr(generators, name)).parameters]


def make(name, **how):
    return getattr(generators, name)(*SMALL[name], **how)


def edges(graph):
    return [(edge.source, edge.target) for edge in graph.edges.values()]


def pairs(graph):
    return set(edges(graph)) if graph.directed else {frozenset(pair) for pair in edges(graph)}


def call(*arguments, code=0):
    ended = testing.CliRunner().invoke(cli.main, [str(word) for word in arguments])
    assert "Traceback" not in ended.output
    assert ended.exit_code == code, ended.output
    return ended.stdout, ended.stderr


def test_the_list_is_whole():
    assert set(SMALL) == set(generators.__all__)


@pytest.mark.parametrize("name", SMALL)
def test_seeds_threads_and_backends(name):
    wanted = edges(make(name, backend="c", threads=1))
    assert wanted == edges(make(name, backend="c")) == edges(make(name)) == edges(make(name, backend="python"))
    assert make(name, backend="python").backend == "python"
    if "seed" in inspect.signature(getattr(generators, name)).parameters:
        assert edges(make(name, seed=1)) != wanted
        assert edges(make(name, seed=2**64 - 1)) != wanted


def as_networkx():
    nx = pytest.importorskip("networkx")
    grid = nx.grid_2d_graph(4, 5)
    torus = nx.grid_2d_graph(3, 5, periodic=True)
    arcs = nx.DiGraph
    return [
        (generators.complete(7), nx.complete_graph(7)),
        (generators.complete(5, directed=True), nx.complete_graph(5, arcs)),
        (generators.path(7), nx.path_graph(7)),
        (generators.path(7, directed=True), nx.path_graph(7, arcs)),
        (generators.cycle(7), nx.cycle_graph(7)),
        (generators.cycle(7, directed=True), nx.cycle_graph(7, arcs)),
        (generators.star(7), nx.star_graph(6)),
        (generators.grid(4, 5), nx.relabel_nodes(grid, lambda rc: rc[0] * 5 + rc[1])),
        (generators.grid(3, 5, periodic=True), nx.relabel_nodes(torus, lambda rc: rc[0] * 5 + rc[1])),
        (
            generators.grid(4, 5, directed=True),
            nx.relabel_nodes(grid, lambda rc: rc[0] * 5 + rc[1]).to_directed(),
        ),
        (generators.karate_club(), nx.karate_club_graph()),
        (generators.watts_strogatz(20, 5, 0), nx.watts_strogatz_graph(20, 5, 0)),
        (generators.gnp(20, 1), nx.complete_graph(20)),
        (generators.gnm(20, 190), nx.complete_graph(20)),
        (generators.gnm(400, 400 * 399 // 2), nx.complete_graph(400)),
        (generators.barabasi_albert(9, 8), nx.barabasi_albert_graph(9, 8, seed=1)),
    ]


def test_the_same_graphs_as_networkx():
    for ours, theirs in as_networkx():
        assert list(ours) == sorted(theirs)
        assert ours.directed == theirs.is_directed()
        wanted = set(theirs.edges) if ours.directed else {frozenset(pair) for pair in theirs.edges}
        assert pairs(ours) == wanted


def test_sizes_of_random_ones_are_networkx_s():
    nx = pytest.importorskip("networkx")
    for n, m in ((30, 1), (30, 7), (200, 50)):
        assert generators.barabasi_albert(n, m).edge_count() == nx.barabasi_albert_graph(n, m).number_of_edges()
    for n, k in ((30, 4), (31, 7), (200, 50)):
        assert (
            generators.watts_strogatz(n, k, 0.5).edge_count()
            == nx.watts_strogatz_graph(n, k, 0.5).number_of_edges()
        )


def test_small_worlds_are_what_they_are_known_for():
    """Watts and Strogatz 1998, figure 2: at p = 0.01 paths are short, and clustering is still high."""
    ring, world, chance = (generators.watts_strogatz(1000, 10, p, seed=3) for p in (0, 0.01, 1))

    def clustering(graph):
        return graph.clustering().average

    def farthest(graph):
        return max(graph.bfs(source=0).level.values())

    assert clustering(ring) == pytest.approx(2 / 3)
    assert clustering(world) > 0.9 * clustering(ring) and farthest(world) < farthest(ring) / 3
    assert clustering(chance) < 0.05


def test_kronecker_options():
    simple = generators.kronecker(8, 16, seed=4)
    multi = generators.kronecker(8, 16, seed=4, multigraph=True)
    assert multi.multigraph and multi.edge_count() == 16 << 8 > simple.edge_count()
    assert {pair for pair in pairs(multi) if len(pair) == 2} == pairs(simple)
    degrees = sorted(generators.kronecker(12, 16, seed=4).degrees().values())
    assert degrees[-1] > 40 * max(1, degrees[len(degrees) // 2])
    even = sorted(generators.kronecker(12, 16, quarters=(0.25, 0.25, 0.25)).degrees().values())
    assert even[-1] < 3 * even[len(even) // 2]


BAD = [
    (ValueError, "gnp", (10, 1.5), {}),
    (ValueError, "gnp", (-1, 0.5), {}),
    (ValueError, "gnp", (10, float("nan")), {}),
    (TypeError, "gnp", (10, "0.5"), {}),
    (TypeError, "gnp", (10, None), {}),
    (TypeError, "gnp", (10.5, 0.5), {}),
    (TypeError, "gnp", (True, 0.5), {}),
    (TypeError, "gnp", (10, 0.5), {"sed": 1}),
    (ValueError, "gnp", (10, 0.5), {"seed": -1}),
    (ValueError, "gnp", (10, 0.5), {"seed": 2**64}),
    (TypeError, "gnp", (10, 0.5), {"seed": "1"}),
    (ValueError, "gnp", (10, 0.5), {"backend": "fast"}),
    (ValueError, "gnp", (10, 0.5), {"on_device_error": "ignore"}),
    (ValueError, "gnp", (10, 0.5), {"backend": "c", "device": "cuda:0"}),
    (OverflowError, "gnp", (2**31, 0.5), {}),
    (OverflowError, "gnp", (2**70, 0.5), {}),
    (OverflowError, "complete", (10**6,), {}),
    (ValueError, "gnm", (10, 46), {}),
    (ValueError, "gnm", (10, 91), {"directed": True}),
    (ValueError, "barabasi_albert", (10, 10), {}),
    (ValueError, "barabasi_albert", (10, 0), {}),
    (TypeError, "barabasi_albert", (10, 2), {"directed": True}),
    (ValueError, "watts_strogatz", (10, 10, 0.1), {}),
    (ValueError, "watts_strogatz", (10, 4, 1.1), {}),
    (ValueError, "stochastic_block_model", ([1, 2], [[0, 1]]), {}),
    (ValueError, "stochastic_block_model", ([1, 2], [[0, 1], [1]]), {}),
    (ValueError, "stochastic_block_model", ([1, 2], [[0, 1], [0.5, 0]]), {}),
    (ValueError, "stochastic_block_model", ([1, -2], [[0, 1], [1, 0]]), {}),
    (ValueError, "kronecker", (31,), {}),
    (ValueError, "kronecker", (5, -1), {}),
    (ValueError, "kronecker", (2**40, 1), {}),
    (ValueError, "kronecker", (5, 1), {"quarters": (0.5, 0.5)}),
    (ValueError, "kronecker", (5, 1), {"quarters": (0.5, 0.5, 0.5)}),
    (OverflowError, "kronecker", (30, 16), {}),
    (ValueError, "grid", (-1, 3), {}),
    (OverflowError, "grid", (2**16, 2**16), {}),
    (ValueError, "cycle", (2,), {}),
    (ValueError, "star", (-1,), {}),
]


@pytest.mark.parametrize(("error", "name", "given", "how"), BAD)
def test_what_cannot_be_is_refused(error, name, given, how):
    with pytest.raises(error) as raised:
        getattr(generators, name)(*given, **how)
    assert str(raised.value) and raised.type is error


def test_limits_of_calls():
    with pytest.raises(groggy.AlgorithmTimeoutError):
        generators.barabasi_albert(10**7, 8, max_seconds=0.01)
    seen = []
    generators.kronecker(17, 8, progress=lambda done, total: seen.append(done / (total or 1)))
    assert all(0 <= share <= 1 for share in seen)


@pytest.mark.parametrize("name", SMALL)
def test_shell(name, tmp_path):
    words = []
    function = inspect.signature(getattr(generators, name)).parameters
    for parameter, value in zip(function, SMALL[name], strict=False):
        if name == "stochastic_block_model":
            rows = value if isinstance(value[0], list) else [value]
            value = ";".join(",".join(map(str, row)) for row in rows)
        words += ["--" + parameter.replace("_", "-"), value]
    target = tmp_path / "made.graph"
    _, said = call("generate", name.replace("_", "-"), *words, "-o", target)
    read = groggy.read(target)
    assert pairs(read) == pairs(make(name)) and read.node_count() == make(name).node_count()
    assert f"{read.edge_count()} edges" in said
    shown, _ = call("generate", name.replace("_", "-"), "--help")
    assert "--output" in shown and "----" not in shown


def test_shell_says_what_is_wrong(tmp_path):
    target = tmp_path / "x.txt"
    assert "p is 1.5" in call("generate", "gnp", "--n", 9, "--p", 1.5, "-o", target, code=1)[1]
    assert not target.exists()
    call("generate", "gnp", "--n", 9, "--p", 0.5, code=2)
    call("generate", "gnq", "-o", target, code=2)
    blocks = ("generate", "stochastic-block-model", "-o", target, "--sizes")
    assert "commas" in call(*blocks, "5,x", "--p", "0,1;1,0", code=2)[1]
    assert "2 rows of 2" in call(*blocks, "5,5", "--p", "0,1", code=1)[1]
    shown, _ = call("generate", "kronecker", "--scale", 6, "--edges-per-node", 4, "--seed", 3, "--quarters",
                    "0.6,0.2,0.1", "-o", target)  # fmt: skip
    wanted = generators.kronecker(6, 4, seed=3, quarters=(0.6, 0.2, 0.1))
    assert groggy.read(target, directed=False).edge_count() == wanted.edge_count()


def test_the_example_of_the_docs():
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs" / "python.md").read_text()
    code = page[page.index("## Generators") :].split("```python\n")[1].split("```")[0]
    made = []
    for line in code.strip().splitlines()[2:]:
        found = eval(line, {"generators": generators})
        made += found if isinstance(found, tuple) else [found]
    assert len(made) == 11 and made[0].node_count() == 1024 and made[-1].edge_count() == 78
