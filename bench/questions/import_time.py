"""`import groggy` beyond a bare interpreter, which runs in the same rounds."""

import subprocess
import sys

from measure import seconds
from report import Row, digits, quantity

TITLE = "Import time"
REPEAT = 3
UNITS = {"start": "s"}


def _start(code: str):
    def run(scale: int):
        command = [sys.executable, "-c", code]
        subprocess.run(command, check=True)
        return {"start": min(seconds(lambda: subprocess.run(command, check=True)) for _ in range(5))}

    return run


CONTENDERS = {
    "groggy": _start("import groggy"),
    "bare interpreter": _start("pass"),
    "numpy": _start("import numpy"),
    "igraph": _start("import igraph"),
    "rustworkx": _start("import rustworkx"),
    "networkx": _start("import networkx"),
    "networkit": _start("import networkit"),
    "graph-tool": _start("import graph_tool"),
}


def rows(seen, scale):
    """Milliseconds beyond bare."""
    bare = seen.least("bare interpreter", "start")
    found = []
    for name in ("groggy", "igraph", "rustworkx", "networkx", "networkit"):
        took = seen.least(name, "start")
        if took is None or bare is None:
            continue
        beyond = took - bare
        ours = name == "groggy"
        found.append(
            Row(
                f"import {name}",
                quantity(took, "s"),
                f"bare interpreter: {quantity(bare, 's')}",
                f"{digits(beyond * 1e3)} ms beyond",
                "<= 20 ms beyond" if ours else "-",
                beyond <= 0.020 if ours else None,
            )
        )
    return found
