"""The groggy command: what it prints, its exit codes, pipes, and that a mistake is one line."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
testing = pytest.importorskip("click.testing")
cli = pytest.importorskip("groggy.cli")

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"
KARATE = str(DATA / "karate.csv")
NEEDS = {"bfs": ["--source", "0"], "k_hop": ["--source", "0", "--k", "1"],
         "shortest_paths": ["--source", "0"], "ancestors": ["--source", "0"],
         "descendants": ["--source", "0"],
         "bellman_ford": ["--source", "0"], "bfs_edges": ["--source", "0"],
         "shortest_path": ["--source", "0", "--target", "33"],
         "sample_neighbors": ["--source", "0", "--fanouts", "3,2"]}  # fmt: skip
HALVES = {"community": {node: node % 2 for node in range(34)}}
PARTITIONS = {"modularity": HALVES, "partition_quality": HALVES,
              "compare_partitions": HALVES | {"other": {node: node // 17 for node in range(34)}}}  # fmt: skip
NEEDS |= {
    name: [f"--{word}={node}={label}" for word, labels in given.items() for node, label in labels.items()]
    for name, given in PARTITIONS.items()
}
LONE = ("average_shortest_path_length", "diameter", "radius",
        "is_dag", "modularity", "transitivity")  # a number or a truth, no rows
NODES = ("ancestors", "descendants", "find_negative_cycle", "neighbor_lists", "random_walks",
         "sample_neighbors", "shortest_path")  # a list of nodes, which have no largest
ALGORITHMS = [algorithm.name for algorithm in groggy.algorithms()]


def call(*arguments, code=0):
    """Run the command in this process; standard output and error."""
    ended = testing.CliRunner().invoke(cli.main, [str(word) for word in arguments])
    assert "Traceback" not in ended.output
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    assert ended.exit_code == code, ended.output
    return ended.stdout, ended.stderr


def start(*arguments, **options):
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "groggy.cli", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


# What it prints.


def test_info():
    output, _ = call("info", KARATE, "--undirected")
    facts = dict(line.split(maxsplit=1) for line in output.splitlines()[1:4])
    assert facts == {"kind": "undirected", "nodes": "34", "edges": "78"}
    assert "largest with 34 nodes" in output and "weight (float)" in output
    said = json.loads(call("info", KARATE, "--format", "json")[0])
    assert (said["nodes"], said["edges"], said["kind"]) == (34, 156, "directed")
    assert said["file"] == KARATE and said["density"] == pytest.approx(156 / 34 / 33, abs=1e-6)


def test_info_of_a_graph_without_nodes(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing here\n")
    said = json.loads(call("info", empty, "--format", "json")[0])
    assert (said["nodes"], said["edges"], said["density"]) == (0, 0, 0)


@pytest.mark.parametrize("name", [name for name in ALGORITHMS if name != "topological_sort"])
def test_every_algorithm_in_every_format(name):
    g = groggy.read(KARATE, directed=False)
    given = PARTITIONS.get(name, {"source": 0} if name in NEEDS else {})
    if name == "shortest_path":
        given = {"source": 0, "target": 33}
    if name == "sample_neighbors":
        given = {"source": 0, "fanouts": [3, 2]}
    if name == "k_hop":
        wanted = g._k_hop_levels(0, 1)
    else:
        wanted = getattr(g, name)(**given)
    command = ["run", name, KARATE, "--undirected", *NEEDS.get(name, [])]

    said = json.loads(call(*command, "--format", "json")[0])
    assert said["algorithm"] == name
    if name in LONE:
        assert said[name] == wanted
        assert call(*command, "--format", "csv")[0] == f"{name},{wanted}\n"
        assert call(*command)[0] == f"{name}: {wanted}\n"
        return
    keys = 2 if wanted.key == "pair" else 1
    found = {tuple(row[:keys]) if keys > 1 else row[0]: row[keys] for row in said["rows"]}
    assert found == wanted.to_dict()

    rows = list(csv.reader(io.StringIO(call(*command, "--format", "csv")[0])))
    assert rows[0] == said["columns"]
    assert len(rows) == len(said["rows"]) + 1
    for text, row in zip(rows[1:], said["rows"], strict=True):
        assert text == ["" if cell is None else str(cell) for cell in row]

    table, _ = call(*command)
    lines = [line.split() for line in table.splitlines()]
    assert said["columns"] in lines
    assert "ran on cpu" in table

    if name not in NODES:
        top = json.loads(call(*command, "--top", 3, "--format", "json")[0])["rows"]
        assert [row[keys] for row in top] == [value for _, value in wanted.top(3)]
    else:
        said_no = call(*command, "--top", 3, "--format", "csv", code=1)
        assert said_no == ("", "groggy: column 'node' holds nodes, which have no largest\n")
    few = json.loads(call(*command, "--limit", 2, "--format", "json")[0])["rows"]
    assert few == said["rows"][:2]
    assert json.loads(call(*command, "--limit", 0, "--format", "json")[0])["rows"] == []


def test_a_list_goes_by_rows(tmp_path):
    path = tmp_path / "order.csv"
    path.write_text("a b\nc b\nb d\n")
    said = json.loads(call("run", "topological_sort", path, "--format", "json")[0])
    assert said["columns"] == ["row", "node", "generation"]
    assert said["rows"] == [[0, "a", 0], [1, "c", 0], [2, "b", 1], [3, "d", 2]]
    path.write_text("a b\nb a\n")
    assert "cycle" in call("run", "topological_sort", path, code=1)[1]


def test_options_reach_the_algorithm():
    g = groggy.read(KARATE, directed=False)

    def scores(*options):
        said = json.loads(call("run", "pagerank", KARATE, "--undirected", "--format", "json", *options)[0])
        return dict(said["rows"])

    assert scores("--damping", 0.5) == g.pagerank(damping=0.5).to_dict()
    assert scores("--weight", "weight") == g.pagerank(weight="weight").to_dict()
    assert scores("--personalization", "0=1", "--personalization", "33=2") == (
        g.pagerank(personalization={0: 1, 33: 2}).to_dict()
    )
    assert scores("--threads", 1, "--max-seconds", 60) == g.pagerank().to_dict()
    assert scores("--backend", "rust") == scores("--backend", "c") == g.pagerank().to_dict()
    said = json.loads(call("run", "jaccard", KARATE, "--undirected", "--pairs", 0, 1, "--pairs", 0, 33,
                           "--format", "json")[0])  # fmt: skip
    assert {(u, v): score for u, v, score in said["rows"]} == g.jaccard(pairs=[(0, 1), (0, 33)]).to_dict()
    said = json.loads(call("run", "bfs", KARATE, "--source", 0, "--source", 33, "--format", "json",
                           "--undirected")[0])  # fmt: skip
    assert [row[:2] for row in said["rows"]] == [[id, n] for id, n in g.bfs([0, 33]).items()]


def test_aliases_are_subcommands_too():
    wanted = call("run", "betweenness_centrality", KARATE, "--format", "csv")[0]
    assert call("run", "betweenness", KARATE, "--format", "csv")[0] == wanted


def test_ids_that_are_text(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("from,to,km\nann,bob,1.5\nbob,cid,2.5\n")
    said = json.loads(call("run", "shortest_paths", people, "--source", "ann", "--weight", "km",
                           "--format", "json")[0])  # fmt: skip
    assert [row[:2] for row in said["rows"]] == [["ann", 0.0], ["bob", 1.5], ["cid", 4.0]]


def test_infinite_values_are_json(tmp_path):
    """JSON has no word for infinity: null, as browsers and jq expect."""
    path = tmp_path / "two.txt"
    path.write_text("1 2\n3 4\n")
    output, _ = call("run", "shortest_paths", path, "--source", 1, "--format", "json")

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    rows = json.loads(output, parse_constant=refuse)["rows"]
    assert {row[0]: row[1] for row in rows} == {1: 0.0, 2: 1.0, 3: None, 4: None}


@pytest.mark.parametrize("ending", [".csv", ".txt", ".csv.gz", ".txt.zst"])
def test_convert_and_back(tmp_path, ending):
    there, back = tmp_path / f"karate{ending}", tmp_path / "back.csv"
    _, said = call("convert", KARATE, there, "--undirected")
    assert "34 nodes, 78 edges" in said
    call("convert", there, back, "--undirected")
    before, after = (groggy.read(path, directed=False) for path in (KARATE, back))
    assert list(after) == list(before)
    assert after.edge_pairs() == before.edge_pairs()
    assert after.edge_column("weight").tolist() == before.edge_column("weight").tolist()


@pytest.mark.parametrize("ending", [".graph", ".metis.gz", ".graph.zst"])
def test_convert_metis_and_back(tmp_path, ending):
    there, back = tmp_path / f"power{ending}", tmp_path / "back.graph"
    call("convert", DATA / "power.graph", there)
    call("convert", there, back)
    before, after = (groggy.read(path) for path in (DATA / "power.graph", back))
    assert not after.directed and list(after) == list(before)
    assert sorted(after.edge_pairs()) == sorted(before.edge_pairs())


def test_backends_and_algorithms():
    known = json.loads(call("backends", "--format", "json")[0])
    assert known == groggy.get_available_backends()
    table, _ = call("backends")
    for name, state in known.items():
        line = next(line for line in table.splitlines() if line.split()[0] == name)
        assert line.split()[1:3] == ["yes" if state["available"] else "no", state["device"] or "-"]
        assert state["reason"] in line
    listed = [line.split()[0] for line in call("algorithms")[0].splitlines()]
    assert listed[0] == "algorithm" and sorted(listed[1:]) == sorted(ALGORITHMS)


def test_demo():
    output, _ = call("demo")
    assert "34" in output and "pagerank" in output and "filter_nodes" in output
    output, _ = call("demo", KARATE)
    assert KARATE in output and "directed" in output


def test_version_and_help():
    assert groggy.__version__ in call("--version")[0]
    for words in (["--help"], ["-h"], ["run", "--help"], ["info", "--help"], ["convert", "--help"]):
        output, _ = call(*words)
        assert "Usage:" in output
        assert "Examples:" in output, f"{words} shows no example"
    for name in ALGORITHMS:
        output, _ = call("run", name, "--help")
        algorithm = next(a for a in groggy.algorithms() if a.name == name)
        for parameter in algorithm.parameters:
            assert "--" + parameter.name.replace("_", "-") in output
        assert f"groggy run {name}" in output, "an example"


# Mistakes.


def mistakes(folder):
    bad = folder / "bad.txt"
    bad.write_text("1 2\n3\n")
    (folder / "empty.csv").touch()
    (folder / "latin.csv").write_bytes(b"\xff\xfe a\n")
    heavy = folder / "heavy.csv"
    heavy.write_text("a,b,w\n1,2,-1\n")
    return [
        (["info", folder / "nothing.txt"], 1, "No such file"),
        (["info", folder], 1, str(folder)),
        (["info", bad], 1, "line 2"),
        (["info", ""], 1, "groggy: '': No such file"),
        (["info", folder / "latin.csv"], 1, "line 1, column 1: expected an id in valid UTF-8"),
        (["demo", folder / "empty.csv"], 1, "empty.csv: a graph without nodes"),
        (["run", "pagerank", bad], 1, "line 2"),
        (["run", "bfs", KARATE, "--source", "nobody"], 1, "nobody"),
        (["run", "bfs", KARATE, "--source", "99"], 1, "99"),
        (["run", "bfs", KARATE, "--source", "9" * 30], 1, "9" * 30),
        (["run", "pagerank", KARATE, "--damping", "3"], 1, "damping is 3"),
        (["run", "pagerank", KARATE, "--weight", "km"], 1, "km"),
        (["run", "pagerank", heavy, "--weight", "w"], 1, "-1"),
        (["run", "pagerank", KARATE, "--max-iterations", "1"], 1, "max_iterations"),
        (["run", "pagerank", KARATE, "--max-seconds", "-1"], 1, "max_seconds"),
        (["run", "pagerank", KARATE, "--max-seconds", "nan"], 1, "max_seconds"),
        (["run", "pagerank", KARATE, "--personalization", "0"], 2, "ID=WEIGHT"),
        (["run", "pagerank", KARATE, "--personalization", "0=much"], 2, "much"),
        (["run", "pagerank", KARATE, "--personalization", "0=nan"], 1, "personalization"),
        (["run", "pagerank", KARATE, "--personalization", "0=1", "--personalization", "0=2"], 2, "twice"),
        (["run", "pagerank", KARATE, "--backend", "abacus"], 1, "abacus"),
        (["run", "pagerank", KARATE, "--backend", "cuda"], 3, "cuda"),
        (["run", "pagerank", KARATE, "--backend", "rust-distributed"], 3, "c-distributed"),
        (["run", "pagerank", KARATE, "--damping", "much"], 2, "much"),
        (["run", "pagerank", KARATE, "--format", "xml"], 2, "xml"),
        (["run", "pagerank", KARATE, "--top", "-1"], 2, "-1"),
        (["run", "pagerank", KARATE, "--no-such-option"], 2, "no-such-option"),
        (["run", "pagerank"], 2, "FILE"),
        (["run", "nothing", KARATE], 2, "nothing"),
        (["run", "bfs", KARATE], 2, "--source"),
        (["run", "k_hop", KARATE, "--source", "0"], 2, "--k"),
        (["generate", "path", "-o", folder / "path.csv"], 2, "--n"),
        (["generate", "gnp", "--n", "9", "-o", folder / "gnp.csv"], 2, "--p"),
        (["convert", KARATE, ""], 1, "path has 0 bytes"),
        (["convert", KARATE, folder], 1, "it is a folder"),
        (["run", "k_hop", KARATE, "--source", "0", "--k", "-1"], 1, "k is -1"),
        (["nothing"], 2, "nothing"),
        (["convert", KARATE, folder / "no" / "such" / "folder.csv"], 1, "folder.csv"),
        (["convert", KARATE, folder / "k.graph"], 1, "directed"),
        (["convert", KARATE], 2, "TO"),
        (["--extension", folder / "nothing.so", "algorithms"], 2, "nothing.so"),
        (["--extension", bad, "algorithms"], 1, "bad.txt"),
    ]  # fmt: skip


def test_mistakes_are_one_line_and_a_code(tmp_path):
    for arguments, code, words in mistakes(tmp_path):
        output, error = call(*arguments, code=code)
        assert output == "", arguments
        assert words in error, (arguments, error)
        if code != 2:
            assert len(error.splitlines()) == 1, (arguments, error)
            assert error.startswith("groggy: ")


def test_a_failed_convert_leaves_the_older_file(tmp_path):
    target = tmp_path / "k.graph"
    target.write_text("older")
    call("convert", KARATE, target, code=1)
    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["k.graph"]


# Processes, pipes, signals.


def test_exit_codes_of_processes(tmp_path):
    for arguments, code in (
        (["run", "pagerank", KARATE, "--top", "1"], 0),
        (["info", tmp_path / "nothing"], 1),
        (["info"], 2),
        (["info", KARATE, "--backend", "c-distributed"], 3),
    ):
        process = start(*arguments)
        output, error = process.communicate(timeout=60)
        assert process.returncode == code, error
        assert "Traceback" not in error
        assert "\x1b" not in output + error, "colours in a pipe"


COMMANDS = [["info", KARATE], ["run", "pagerank", KARATE], ["run", "degrees", KARATE, "--format", "csv"],
            ["run", "hits", KARATE, "--format", "json"], ["algorithms"], ["backends"], ["--help"], ["demo"],
            ["ldbc", DATA.parents[1] / "tests" / "data" / "ldbc" / "example-directed.properties", "bfs"]]  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: "-".join(map(str, words[:2])))
def test_a_full_disk_behind_standard_output(command):
    with open("/dev/full", "w") as full:
        process = subprocess.Popen(
            [sys.executable, "-m", "groggy.cli", *map(str, command)],
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error.splitlines()[-1] == "groggy: standard output: No space left on device"
    assert "Traceback" not in error and "Exception" not in error


def test_no_standard_output_at_all(tmp_path):
    line = f"{sys.executable} -m groggy.cli convert {KARATE} {tmp_path}/k.csv >&- 2>&- && "
    line += f"{sys.executable} -m groggy.cli info {KARATE} >&-"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)
    assert groggy.read(tmp_path / "k.csv").edge_count() == 156


@pytest.mark.parametrize("form", ["table", "csv"])
def test_letters_that_the_terminal_does_not_have(tmp_path, form):
    path = tmp_path / "letters.csv"
    path.write_text("\xe9 \u65e5\n")
    process = start("run", "pagerank", path, "--format", form, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    output, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, "")
    assert r"\xe9" in output and r"\u65e5" in output


@pytest.mark.parametrize("name", ["[red]x.csv", "[/bold].csv", ":apple:.csv", "\udcff.csv"])
def test_odd_names_of_files(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(Path(KARATE).read_bytes())
    for command in (["info", path], ["demo", path]):
        output, _ = call(*command)
        assert name.replace("\udcff", r"\udcff") in output
    path.write_text("one\n")
    assert "line 1" in call("info", path, code=1)[1]


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_reader_that_leaves(form):
    """`groggy run ... | head -1`: no complaint, exit code 0."""
    process = start("run", "jaccard", DATA / "wiki-Vote.txt", "--format", form, "--limit", "60000")
    assert process.stdout.read(20)
    process.stdout.close()
    error = process.stderr.read()
    assert process.wait(60) == 0
    assert error == ""


def test_shell_pipe():
    line = f"{sys.executable} -m groggy.cli run pagerank {KARATE} --format csv | head -1"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("node,score\n", "", 0)


def test_colours_only_on_a_terminal():
    import pty

    inner, outer = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "groggy.cli", "backends"], stdout=outer, stderr=outer, env=environment
    )
    os.close(outer)
    seen = b""
    while True:
        try:
            chunk = os.read(inner, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(inner)
    assert process.wait(60) == 0
    assert b"\x1b[" in seen and b"c-gpu" in seen


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
def test_interrupt_is_130():
    process = start("run", "betweenness", DATA / "astro-ph.graph", "--progress")
    maps = Path(f"/proc/{process.pid}/maps")
    while "libgli" not in maps.read_text():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1.5)  # the file is read by now; the algorithm takes minutes
    process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=30)
    assert process.returncode == 130, error
    assert "interrupted" in error and "Traceback" not in error and output == ""


def test_progress_goes_to_standard_error():
    output, error = call("run", "pagerank", KARATE, "--progress", "--format", "csv")
    assert output.startswith("node,score\n")
    assert "%" not in output


@pytest.mark.parametrize("form", ["json", "csv"])
def test_k_hop_on_the_python_backend_says_the_same(form):
    command = ["run", "k_hop", KARATE, "--source", "0", "--k", "2", "--direction", "in"]
    wanted = call(*command, "--format", form)[0]
    said = call(*command, "--format", form, "--backend", "python")[0]
    if form == "json":
        wanted, said = json.loads(wanted), json.loads(said)
    assert said == wanted
