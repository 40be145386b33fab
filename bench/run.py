"""Run the questions of bench/questions/ and print their tables; script/bench calls this.

    run.py [--quick] [--repeat N] [--gap DIR] [question ...]

Every contender of a question runs in a process of its own, in turn: one round of all, then the
next round, so that a busy minute hits everybody alike. The cyclic collector is off for all but the
contenders that say "collector on". A contender that fails is reported, never left out in silence.
A whole run is written to bench/results/.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time
from types import ModuleType

import report

HERE = pathlib.Path(__file__).resolve().parent
ORDER = (
    "graph",
    "cached",
    "page_loop",
    "pairs",
    "bulk",
    "many",
    "memory",
    "mutate",
    "filter",
    "import_time",
    "reading",
    "generators",
    "installed_size",
    "algorithms",
    "small",
    "gap",
    "communities",
    "structure",
    "families",
    "threads",
    "page_table",
)
PEERS = ("networkx", "igraph", "rustworkx", "networkit", "scipy", "numpy", "pandas")
TIMEOUT_S = 600


def questions() -> list[str]:
    """Every file of bench/questions/, the known ones in order, others after them."""
    found = {path.stem for path in (HERE / "questions").glob("*.py")} - {"__init__"}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))


def interpreter(contender: str) -> list[str] | str:
    """The command that runs a contender, or why it cannot run."""
    if not contender.startswith("graph-tool"):
        return [sys.executable]
    system = os.environ.get("GLI_GRAPH_TOOL_PYTHON", "")
    return [system] if system else os.environ.get("GLI_GRAPH_TOOL_WHY", "graph-tool is not here")


def run_once(
    question: str, contender: str, scale: int, collector: str
) -> dict[str, float | list[float]] | str:
    """What one process measured, or why it did not."""
    command = interpreter(contender)
    if isinstance(command, str):
        return command
    command = [*command, str(HERE / "child.py"), question, contender, str(scale), collector]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"stopped after {TIMEOUT_S} s"
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return lines[-1]
    return json.loads(done.stdout.splitlines()[-1])


def ask(name: str, module: ModuleType, scale: int, repeat: int | None) -> report.Seen:
    """All rounds of one question."""
    seen = report.Seen()
    once = getattr(module, "ONCE", set())
    rounds = repeat or (module.REPEAT if scale == 1 else min(module.REPEAT, 2))
    for round_number in range(rounds):
        for contender in module.CONTENDERS:
            if contender in seen.missing or (round_number and contender in once):
                continue
            collector = "on" if contender in getattr(module, "COLLECTOR_ON", set()) else "off"
            got = run_once(name, contender, scale, collector)
            if isinstance(got, str):
                seen.missing[contender] = got
            else:
                seen.add(contender, got)
    return seen


def chapter(module: ModuleType, seen: report.Seen, scale: int, took: float) -> str:
    """The text of one question: what was seen, then the rows with ratio and target."""
    parts = [f"## {module.TITLE}"]
    if scale != 1:
        parts.append(f"Sizes divided by {scale}.")
    if seen.values and getattr(module, "RAW", True):
        parts.append(report.raw_table(seen, module.UNITS))
    for name, why in seen.missing.items():
        parts.append(f"{name}: {report.NOT_MEASURED}: {why}")
    rows = module.rows(seen, scale)
    if rows:
        parts.append(report.table(report.ROW_HEADS, [row.cells() for row in rows]))
    parts.append(f"({took:.0f} s)")
    return "\n\n".join(parts)


# The machine.


def _first(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    except OSError:
        return ""
    return found.group(1).strip() if found else ""


def _version_of(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "none"


def machine() -> dict[str, str]:
    """What the figures were measured on; nothing that names the machine itself."""
    memory = int(_first("/proc/meminfo", r"^MemTotal:\s+(\d+)") or 0) / 2**20
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = []
    for peer in ("groggy", *PEERS):
        try:
            versions.append(f"{peer} {importlib.metadata.version(peer)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{peer}: none")
    system = os.environ.get("GLI_GRAPH_TOOL_PYTHON")
    if system:
        code = "import graph_tool, platform; print(graph_tool.__version__, 'on Python', platform.python_version())"
        versions.append(f"graph-tool {_version_of([system, '-c', code])}")
    else:
        versions.append(f"graph-tool: {report.NOT_MEASURED}: {os.environ.get('GLI_GRAPH_TOOL_WHY', '')}")
    return {
        "CPU": _first("/proc/cpuinfo", r"^model name\s*:\s*(.+)$")
        or platform.processor()
        or platform.machine(),
        "cores": str(cores),
        "memory": f"{memory:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "compiler": _version_of([os.environ.get("CC", "cc"), "--version"]),
        "versions": ", ".join(versions),
    }


def heading(facts: dict[str, str]) -> str:
    """The top of the results: machine, rules."""
    lines = ["# What script/bench measured", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += [
        f"- load when it began: {os.getloadavg()[0]:.1f}",
        "",
        "Competitors take turns in one run, each in its own process; cells are minimum / median of the",
        "repetitions; ratios are of the minima. The cyclic collector is off unless a row says on.",
        "A percentage or ratio on a busy machine varies by a quarter.",
    ]
    return "\n".join(lines)


def result_path(facts: dict[str, str]) -> pathlib.Path:
    """bench/results/<date>-<short machine description>.md"""
    words = f"{facts['CPU']} {facts['cores']} cores"
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower().replace("(r)", "").replace("(tm)", "")).strip("-")
    return HERE / "results" / f"{datetime.date.today().isoformat()}-{slug}.md"


def summary(rows: list[report.Row]) -> str:
    """How many targets are met, and which are not."""
    judged = [row for row in rows if row.met is not None]
    missed = [row for row in judged if not row.met]
    unknown = [row for row in rows if row.met is None and row.target != "-"]
    lines = ["## Targets", "", f"{len(judged) - len(missed)} of {len(judged)} rows with a target are met."]
    for title, some in (("Not met:", missed), ("Not measured:", unknown)):
        if some:
            lines += ["", title, ""]
            for row in some:
                why = f"; {row.explained}" if row.met is False and row.explained else ""
                lines.append(f"- {row.what}: {row.figure}; {row.ratio}; target {row.target}{why}")
    return "\n".join(lines)


def main() -> None:
    """Ask, print, write."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure groggy beside its peers.")
    parser.add_argument("question", nargs="*", help=f"only these: {', '.join(questions())}")
    parser.add_argument("--quick", action="store_true", help="ten times smaller, prints only")
    parser.add_argument("--repeat", type=int, default=None, help="so many rounds of each question")
    parser.add_argument(
        "--gap",
        type=pathlib.Path,
        metavar="DIR",
        help="a folder of built GAP binaries (bfs sssp pr cc bc tc) and of the graph files that they read "
        "(*.sg, *.wsg, there or one folder below), for the question gap",
    )
    parser.add_argument(
        "--gap-only",
        default="",
        metavar="NAMES",
        help="only these graphs and kernels of it, such as kron17,bfs,pr",
    )
    options = parser.parse_args()
    if options.gap is not None:
        if not options.gap.is_dir():
            parser.error(f"--gap {options.gap}: no such folder")
        os.environ["GLI_BENCH_GAP"] = str(options.gap.resolve())
    os.environ["GLI_BENCH_GAP_ONLY"] = options.gap_only
    if options.quick:
        os.environ["GLI_BENCH_QUICK"] = "1"
    unknown = set(options.question) - set(questions())
    if unknown:
        parser.error(f"no question {min(unknown)!r}; there are: {', '.join(questions())}")
    scale = 10 if options.quick else 1
    facts = machine()
    parts, rows = [heading(facts)], []
    print(parts[0], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GLI_BENCH_FOLDER"] = folder
        for name in options.question or questions():
            module = importlib.import_module(f"questions.{name}")
            began = time.monotonic()
            seen = ask(name, module, scale, options.repeat)
            parts.append(chapter(module, seen, scale, time.monotonic() - began))
            rows += module.rows(seen, scale)
            print("\n" + parts[-1], flush=True)
    parts.append(summary(rows))
    print("\n" + parts[-1])
    if options.quick or options.question:
        print("\nOnly a whole run at full size is written to bench/results/.")
        return
    path = result_path(facts)
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n")
    print(f"\nwritten: {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
