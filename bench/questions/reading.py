"""Reading an edge list of ints, two to a line, as SNAP gives them.

Everybody reads the same file (made once, in a temporary folder); NetworkX, which is far slower, reads
its first tenth. Peers use their fastest reader for such a file, pandas with SciPy's matrix included.
"""

import os
import tempfile

from measure import random_positions, seconds
from report import faster, limit

TITLE = "Reading an edge list: 1 M nodes, 5 M lines of two ints"
REPEAT = 3
UNITS = {"MB/s": "MB/s", "a MB": "s"}


def _path(scale: int, part: int = 1) -> str:
    """The file's path; made when it is not there yet."""
    lines, below = 5_000_000 // scale, 1_000_000 // scale
    folder = os.environ.get("GLI_BENCH_FOLDER") or tempfile.gettempdir()
    path = os.path.join(folder, f"edges-{lines // part}.txt")
    if not os.path.exists(path):
        ends = zip(
            random_positions(lines // part, below, 1).tolist(),
            random_positions(lines // part, below, 2).tolist(),
        )
        with open(path + ".tmp", "w") as file:
            file.writelines(f"{u} {v}\n" for u, v in ends)
        os.replace(path + ".tmp", path)
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass
    return path


def _rate(path: str, read) -> dict[str, float]:
    megabytes = os.path.getsize(path) / 1e6
    took = seconds(lambda: read(path))
    return {"MB/s": megabytes / took, "a MB": took / megabytes}


def _groggy(scale: int):
    import groggy

    return _rate(_path(scale), lambda path: groggy.read(path, backend="c"))


def _groggy_multigraph(scale: int):
    import groggy

    return _rate(_path(scale), lambda path: groggy.read(path, backend="c", multigraph=True))


def _networkx(scale: int):
    import networkx

    return _rate(
        _path(scale, 10),
        lambda path: networkx.read_edgelist(path, create_using=networkx.DiGraph, nodetype=int, data=False),
    )


def _igraph(scale: int):
    import igraph

    return _rate(_path(scale), lambda path: igraph.Graph.Read_Edgelist(path, directed=True))


def _networkit(scale: int):
    import networkit

    reader = networkit.graphio.EdgeListReader(" ", 0, continuous=True, directed=True)
    return _rate(_path(scale), reader.read)


def _rustworkx(scale: int):
    import rustworkx

    return _rate(_path(scale), rustworkx.PyDiGraph.read_edge_list)


def _graph_tool(scale: int):
    import graph_tool

    return _rate(
        _path(scale),
        lambda path: graph_tool.load_graph_from_csv(
            path, directed=True, hashed=False, csv_options={"delimiter": " "}
        ),
    )


def _pandas(scale: int):
    import numpy
    import pandas
    import scipy.sparse

    def read(path):
        frame = pandas.read_csv(path, sep=" ", header=None)
        u, v = frame[0].to_numpy(), frame[1].to_numpy()
        size = int(max(u.max(), v.max())) + 1
        return scipy.sparse.csr_array((numpy.ones(len(u), bool), (u, v)), shape=(size, size))

    return _rate(_path(scale), read)


CONTENDERS = {
    "groggy": _groggy,
    "groggy, multigraph": _groggy_multigraph,
    "igraph": _igraph,
    "networkit": _networkit,
    "rustworkx": _rustworkx,
    "graph-tool": _graph_tool,
    "pandas + scipy (a matrix)": _pandas,
    "networkx": _networkx,
}
ONCE = {"graph-tool", "networkx"}


def rows(seen, scale):
    """MB a second, and against the best peer."""
    ours = seen.values.get("groggy", {}).get("MB/s")
    found = [limit("read of an edge list", max(ours) if ours else None, 100, "MB/s", most=False)]
    peer = seen.fastest("a MB", ("groggy", "groggy, multigraph", "pandas + scipy (a matrix)"))
    if peer:
        found.append(
            faster(
                seen,
                "read of an edge list, a MB",
                ("groggy", "a MB"),
                (peer, "a MB"),
                5,
                target=">= 5 x the best peer",
            )
        )
    found.append(
        faster(
            seen,
            "read of an edge list, a MB",
            ("groggy", "a MB"),
            ("pandas + scipy (a matrix)", "a MB"),
            1,
            target="-",
        )
    )
    return found
