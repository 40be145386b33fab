"""Six kernels beside the GAP Benchmark Suite's reference code, on the graph files that it reads.

``script/bench --gap DIR`` names a folder of already built GAP binaries (bfs sssp pr cc bc tc) and of
its serialized graphs (``*.sg``, with weights ``*.wsg``), there or one folder below. Nothing of GAP is
in this repository. Without DIR, or without a binary or a file, a row says that it was not measured.

Timed is the warm call, on both sides the kernel without loading: ours from Python, result object
included, rows derived from the graph already made (the first call, which makes them, is shown too);
GAP's is its own "Trial Time". Both use as many threads as the process may. The same sources, drawn
from nodes with edges, go to both; betweenness takes four, ours drawn by its seed. GAP cannot take a
list: it is given each of them four times over, and the four times are averaged. PageRank stops when the L1 change
is below the same bound: ours is asked for bound / n, being NetworkX's n * tolerance. The bound is
the same, what is reached is not: to 1e-6 the true residual of ours is 6e-8 on kron17 and urand17,
that of a sweep in place as GAP's 4e-7, and GAP drops the rank of isolated nodes. GAP's weights are
int32 and its ranks float32, ours float64; its bucket width for SSSP is the best of DELTAS on
the first source. A time is the mean over sources of the minimum (or median) over trials.
"""

import json
import math
import os
import pathlib
import re
import subprocess

from measure import seconds
from report import NOT_MEASURED, Row, digits, quantity

TITLE = "Kernels beside GAP's reference code: same graph files, sources and threads"
REPEAT = 2
RAW = False  # the rows hold it all
UNITS: dict[str, str] = {}
KERNELS = {
    "bfs": "BFS",
    "sssp": "SSSP",
    "pr": "PageRank",
    "cc": "components",
    "bc": "betweenness, 4 sources",
    "tc": "triangles",
}
DELTAS = (8, 32, 128, 512)
# What limits a row that misses: one profile for each kernel.
EXPLAINED = {
    "bfs": "docs/speed.md#breadth-first-search",
    "sssp": "docs/speed.md#shortest-paths",
    "pr": "docs/speed.md#pagerank",
    "cc": "docs/speed.md#components",
    "bc": "docs/speed.md#betweenness",
}
EACH, ALL = 0.9, 0.7
WHY = "give --gap DIR: a folder of built GAP binaries and their .sg and .wsg files"
QUICK_NODES = 300_000
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# What there is.


def _folder() -> pathlib.Path | None:
    text = os.environ.get("GLI_BENCH_GAP", "")
    return pathlib.Path(text) if text else None


def _file(kernel: str, graph: str) -> pathlib.Path:
    """The graph's file for a kernel."""
    name = f"{graph}.{'wsg' if kernel == 'sssp' else 'sg'}"
    folder = _folder() or pathlib.Path()
    found = [*folder.glob(name), *folder.glob(f"*/{name}")]
    if not found:
        raise RuntimeError(f"no {name} in {folder}")
    return found[0]


def _node_count(path: pathlib.Path) -> int:
    with path.open("rb") as file:
        return int.from_bytes(file.read(17)[9:], "little")


def _graphs() -> list[str]:
    """Graphs in DIR, small ones first; only those that GLI_BENCH_GAP_ONLY names, if it names any."""
    folder = _folder()
    if folder is None:
        return []
    paths = [path for end in ("*.sg", "*/*.sg") for path in folder.glob(end)]
    names = [path.stem for path in sorted(paths, key=lambda path: path.stat().st_size)]
    return [name for name in names if name in _only() or not _only() & set(names)]


def _only() -> set[str]:
    return set(os.environ.get("GLI_BENCH_GAP_ONLY", "").replace(",", " ").split())


def _kernels() -> list[str]:
    return [name for name in KERNELS if name in _only() or not _only() & set(KERNELS)]


# What both sides run: made once per graph and kernel, kept in a file of this run.


def _rows(kernel: str, graph: str):
    """(directed, n, offsets, neighbors, weights or None) of a file."""
    import numpy

    with _file(kernel, graph).open("rb") as file:
        directed = bool(numpy.fromfile(file, numpy.uint8, 1)[0])
        _, n = numpy.fromfile(file, numpy.int64, 2)
        offsets = numpy.fromfile(file, numpy.int64, n + 1)
        width = 2 if kernel == "sssp" else 1
        entries = numpy.fromfile(file, numpy.int32, width * offsets[-1]).reshape(-1, width)
    return directed, int(n), offsets, entries[:, 0], entries[:, 1] if width == 2 else None


def _plan_path(kernel: str, graph: str) -> pathlib.Path:
    return pathlib.Path(os.environ["GLI_BENCH_FOLDER"]) / f"gap-{graph}-{kernel}.json"


def _load_plan(kernel: str, graph: str) -> dict:
    return json.loads(_plan_path(kernel, graph).read_text())


def _drawn(n: int, seed: int) -> list[int]:
    """The four sources that betweenness_centrality draws among n nodes with this seed: where all
    edges lead to node 0, the ends of paths are node 0 and the sources."""
    import numpy
    from groggy import Graph

    star = Graph("c", directed=True)
    star.add_nodes(numpy.arange(n))
    star.add_edges(numpy.arange(1, n), numpy.zeros(n - 1, numpy.int64))
    scores = star.betweenness_centrality(samples=4, seed=seed, endpoints=True, normalized=False)
    found = numpy.flatnonzero(numpy.asarray(scores)[1:]) + 1
    return found.tolist() if len(found) == 4 else [0, *found.tolist()]


def _make_plan(kernel: str, graph: str, n: int, degrees) -> dict:
    """Sources, trials and bounds, the same for both."""
    import numpy

    draw = numpy.random.default_rng(1)
    plan: dict = {"trials": 3, "bound": 1e-6 if n <= 2**19 else 1e-4}
    if kernel in ("bfs", "sssp"):
        plan["sources"] = draw.choice(numpy.flatnonzero(degrees), 6).tolist()
    if kernel == "bc":
        plan["seeds"], plan["sources"], plan["trials"], seed = [], [], 2, 0
        while len(plan["seeds"]) < (2 if n <= 2**19 else 1):
            sources = _drawn(n, seed)
            if degrees[sources].all():
                plan["seeds"].append(seed)
                plan["sources"].append(sources)
            seed += 1
    if kernel in ("pr", "cc"):
        plan["trials"] = 5
    _plan_path(kernel, graph).write_text(json.dumps(plan))
    return plan


# Ours.


def _groggy(kernel: str, graph: str):
    def run(scale: int):
        import numpy
        from groggy import Graph

        directed, n, offsets, neighbors, weights = _rows(kernel, graph)
        plan = _make_plan(kernel, graph, n, numpy.diff(offsets))
        sources, targets = numpy.repeat(numpy.arange(n), numpy.diff(offsets)), neighbors.astype(numpy.int64)
        kept = slice(None) if directed else sources <= targets
        attributes = {} if weights is None else {"weight": weights[kept].astype(numpy.float64)}
        g = Graph("c", directed=directed)
        g.add_nodes(numpy.arange(n))
        g.add_edges(sources[kept], targets[kept], **attributes)
        del sources, targets, neighbors, weights, kept, attributes
        return _trials(_calls(g, kernel, plan, n), plan["trials"])

    return run


def _calls(g, kernel: str, plan: dict, n: int) -> dict:
    """Name -> call, one for each source."""
    many = {"threads": THREADS}
    if kernel == "bfs":
        return {str(s): lambda s=s: g.bfs(s, **many) for s in plan["sources"]}
    if kernel == "sssp":
        return {str(s): lambda s=s: g.shortest_paths(s, weight="weight", **many) for s in plan["sources"]}
    if kernel == "bc":
        draw = {"samples": 4, "normalized": False}
        return {str(s): lambda s=s: g.betweenness_centrality(seed=s, **draw, **many) for s in plan["seeds"]}
    if kernel == "pr":
        bound = {"tolerance": plan["bound"] / n, "max_iterations": 1000}
        return {"": lambda: g.pagerank(**bound, **many)}
    if kernel == "cc":
        return {"": lambda: g.connected_components(**many)}
    return {"": lambda: g.triangle_count(**many)}


def _trials(calls: dict, trials: int) -> dict[str, float | list[float]]:
    """The first call of all, then each several times; twice at least, long ones not more."""
    found: dict[str, float | list[float]] = {"first": seconds(next(iter(calls.values())))}
    for name, call in calls.items():
        times: list[float] = []
        while len(times) < trials and (len(times) < 2 or sum(times) < 5):
            times.append(seconds(call))
        found[f"at {name}"] = times
    return found


# GAP's.


def _run_gap(kernel: str, graph: str, *options: object) -> list[float]:
    binary = (_folder() or pathlib.Path()) / kernel
    if not os.access(binary, os.X_OK):
        raise RuntimeError(f"no program {kernel} in {_folder()}")
    command = [str(binary), "-f", str(_file(kernel, graph)), *map(str, options)]
    environment = os.environ | {"OMP_NUM_THREADS": str(THREADS)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    times = [float(text) for text in re.findall(r"Trial Time:\s+([\d.]+)", done.stdout)]
    if done.returncode != 0 or not times:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise RuntimeError(f"{kernel}: {last[0]}")
    return times


def _gap(kernel: str, graph: str):
    def run(scale: int):
        plan = _load_plan(kernel, graph)
        trials = ("-n", plan["trials"])
        if kernel == "bfs":
            return {f"at {s}": _run_gap(kernel, graph, "-r", s, *trials) for s in plan["sources"]}
        if kernel == "sssp":
            if "delta" not in plan:
                first = ("-r", plan["sources"][0], "-n", 2)
                plan["delta"] = min(DELTAS, key=lambda d: min(_run_gap(kernel, graph, *first, "-d", d)))
                _plan_path(kernel, graph).write_text(json.dumps(plan))
            options = ("-d", plan["delta"], *trials)
            return {f"at {s}": _run_gap(kernel, graph, "-r", s, *options) for s in plan["sources"]}
        if kernel == "bc":
            found = {}
            for seed, sources in zip(plan["seeds"], plan["sources"]):
                parts = [_run_gap(kernel, graph, "-i", 4, "-r", s, *trials) for s in sources]
                found[f"at {seed}"] = [sum(times) / len(times) for times in zip(*parts)]
            return found
        if kernel == "pr":
            return {"at ": _run_gap(kernel, graph, "-t", plan["bound"], "-i", 1000, *trials)}
        if kernel == "tc":
            times = _run_gap(kernel, graph, "-n", 1)
            again = plan["trials"] - 1 if times[0] < 2 else 0
            return {"at ": times + (_run_gap(kernel, graph, "-n", again) if again else [])}
        return {"at ": _run_gap(kernel, graph, *trials)}

    return run


def _too_large(graph: str):
    def run(scale: int):
        raise RuntimeError("left out of a quick run")

    return run


def _contenders() -> dict:
    found = {}
    quick = os.environ.get("GLI_BENCH_QUICK")
    for graph in _graphs():
        for kernel in _kernels():
            if quick and _node_count(_file("bfs", graph)) > QUICK_NODES:
                found[f"groggy, {kernel} {graph}"] = _too_large(graph)
                continue
            found[f"groggy, {kernel} {graph}"] = _groggy(kernel, graph)
            found[f"GAP, {kernel} {graph}"] = _gap(kernel, graph)
    return found


CONTENDERS = _contenders()
# Minutes, where both take seconds a call.
ONCE = {name for name in CONTENDERS if re.search(r" (tc|bc) \D+(19|[2-9]\d)$", name)}


def _times(seen, contender: str) -> tuple[float, float] | None:
    """(minimum, median) of the trials at each source, as means over sources."""
    names = [name for name in seen.values.get(contender, {}) if name.startswith("at ")]
    if not names:
        return None
    low = sum(seen.least(contender, name) for name in names) / len(names)
    middle = sum(seen.middle(contender, name) for name in names) / len(names)
    return low, middle


def _pair(times: tuple[float, float] | None) -> str:
    return NOT_MEASURED if times is None else " / ".join(quantity(time, "s") for time in times)


def _what(kernel: str, graph: str) -> str:
    bound = ""
    if kernel == "pr":
        try:
            bound = f" to {_load_plan(kernel, graph)['bound']:g}"
        except (OSError, KeyError):
            bound = ""
    return f"{KERNELS[kernel]}{bound}, {graph}"


def rows(seen, scale):
    """Each kernel on each graph, then the geometric mean of all."""
    target = f"<= {EACH} x GAP"
    if not CONTENDERS:
        why = WHY if _folder() is None else f"no .sg file in {_folder()}"
        return [Row(what, NOT_MEASURED, "GAP", why, target, None) for what in KERNELS.values()]
    found, ratios = [], []
    for graph in _graphs():
        for kernel in _kernels():
            ours = _times(seen, f"groggy, {kernel} {graph}")
            theirs = _times(seen, f"GAP, {kernel} {graph}")
            what, figure, against = _what(kernel, graph), _pair(ours), f"GAP: {_pair(theirs)}"
            first = seen.least(f"groggy, {kernel} {graph}", "first")
            if first is not None:
                figure += f" (first {quantity(first, 's')})"
            if ours is None or theirs is None:
                found.append(Row(what, figure, against, NOT_MEASURED, target, None))
                continue
            low, middle = ours[0] / theirs[0], ours[1] / theirs[1]
            ratios.append(low)
            text = f"{digits(low)} x (medians {digits(middle)})"
            why = EXPLAINED.get(kernel, "")
            found.append(Row(what, figure, against, text, target, low <= EACH, why))
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        met = sum(ratio <= EACH for ratio in ratios)
        figure = f"{met} of {len(ratios)} met"
        found.append(
            Row(
                "geometric mean",
                figure,
                "GAP",
                f"{digits(mean)} x",
                f"<= {ALL} x GAP",
                mean <= ALL,
                "docs/speed.md",
            )
        )
    return found
