"""Writing a graph as an edge list or a METIS file."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groggy.oracle.graph import PythonGraph

FORMATS = ("edgelist", "metis")


def write(graph: PythonGraph, path: str | os.PathLike[str], format: str | None = None) -> None:
    """Write the graph; the name decides what `format` leaves open, ``.gz`` compresses.

    The file is written beside its place and then renamed, so a failure leaves an older one as it
    was; a pipe or a device is written to as it is.

    Raises
    ------
    ValueError
        An unknown format, or one that cannot hold this graph.
    """
    path = os.fspath(path)
    stem = path.removesuffix(".gz")
    if format is None and stem.endswith(".properties"):
        raise ValueError(
            f"{path!r} would be read as a graph of LDBC Graphalytics, which can be read but not written"
        )
    if format is None:
        format = "metis" if stem.endswith((".graph", ".metis")) else "edgelist"
    if format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if stem.endswith(".zst"):
        raise ValueError("the python backend does not write .zst; use .gz or another backend")
    if format == "metis":
        lines = _metis(graph)
    else:
        lines = _edge_list(graph, "," if stem.endswith(".csv") else "\t")
    text = "".join(line + "\n" for line in lines).encode("utf-8")
    if path.endswith(".gz"):
        text = gzip.compress(text, mtime=0)
    if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe is no place to rename to
        with open(path, "wb") as file:
            file.write(text)
        return
    place = os.path.realpath(path)
    temporary = f"{place}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(text)
        os.replace(temporary, place)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


def _edge_list(graph: PythonGraph, delimiter: str) -> Iterator[str]:
    """A header where edges have attributes, then one line per edge. Isolated nodes get lost."""
    names = list(graph.edge_attributes())
    if names:
        yield delimiter.join(_field(name, delimiter) for name in ["source", "target", *names])
    for edge in graph.edges.values():
        fields = [edge.source, edge.target, *(edge.get(name) for name in names)]
        yield delimiter.join(_field(field, delimiter) for field in fields)


def _field(value: Any, delimiter: str) -> str:
    if value is None:
        return ""
    if type(value) not in (bool, int, float, str):
        raise ValueError(f"an edge list cannot hold a value of type {type(value).__name__}")
    text = str(value)
    if any(character in text for character in (delimiter, "\n", "\r", '"')):
        raise ValueError(f"an edge list with delimiter {delimiter!r} cannot hold {text!r}")
    return text


def _metis(graph: PythonGraph) -> Iterator[str]:
    """Karypis and Kumar's format: ``n m``, then the neighbours of each node, counted from 1.

    Ids are lost: nodes are known by their position. Weights are written when every edge has a
    positive int attribute ``weight``.
    """
    if graph.directed:
        raise ValueError("a METIS file cannot hold a directed graph")
    pairs = graph.edge_pairs()
    if any(source == target for source, target in pairs):
        raise ValueError("a METIS file cannot hold self-loops")
    if len({frozenset(pair) for pair in pairs}) < len(pairs):
        raise ValueError("a METIS file cannot hold parallel edges")
    weights = {edge.id: edge.get("weight") for edge in graph.edges.values()}
    weighted = bool(weights) and all(type(w) is int and w > 0 for w in weights.values())
    yield f"{graph.node_count()} {graph.edge_count()}" + (" 001" if weighted else "")
    position = {id: place for place, id in enumerate(graph.node_ids(), 1)}
    for id in graph.node_ids():
        words = []
        for edge, other in graph._store_now().row(id, "both"):
            words.append(str(position[other]))
            if weighted:
                words.append(str(weights[edge]))
        yield " ".join(words)
