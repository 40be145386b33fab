"""LDBC Graphalytics: its six algorithms, parameters, output files and rules for comparing them.

``groggy.read("example.properties")`` reads the benchmark's graphs. This module runs what the
benchmark runs on them, by the letter of its specification 1.0.5 (arXiv:2011.15028)::

    >>> import groggy, groggy.ldbc  # doctest: +SKIP
    >>> graph = groggy.read("example-directed.properties")  # doctest: +SKIP
    >>> parameters = groggy.ldbc.parameters("example-directed.properties")  # doctest: +SKIP
    >>> output = groggy.ldbc.run(graph, "pr", parameters)  # doctest: +SKIP
    >>> groggy.ldbc.validate(output, "example-directed-PR")  # doctest: +SKIP
    []

The shell has the same as ``groggy ldbc example-directed.properties pr``.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TextIO

from groggy.errors import FormatError
from groggy.results import RunRecord

__all__ = ["ALGORITHMS", "Output", "files", "parameters", "run", "validate", "write"]

#: What each of the six is, in the words of the specification.
ALGORITHMS = {
    "bfs": "breadth-first search: hops from a vertex",
    "cdlp": "community detection by label propagation",
    "lcc": "local clustering coefficient",
    "pr": "PageRank",
    "sssp": "single-source shortest paths",
    "wcc": "weakly connected components",
}

#: How the specification writes the depth of what a search does not reach.
UNREACHED = 9223372036854775807

#: How far a float may be from the reference, relative to it (section 2.4).
EPSILON = 1e-4

_FLOATS = ("lcc", "pr", "sssp")
_MISMATCHES_SHOWN = 10
_LINES_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Output:
    """What an algorithm found.

    Attributes
    ----------
    algorithm : str
        One of :data:`ALGORITHMS`.
    vertices : sequence of int
        In the order of the vertex file.
    values : sequence of int or float
        One per vertex.
    run : RunRecord
        Where it ran, and how long.
    """

    algorithm: str
    vertices: Sequence[int]
    values: Sequence[Any]
    run: RunRecord


def _properties(path: str | os.PathLike[str]) -> Iterator[tuple[str, str]]:
    """Keys and values of a properties file."""
    with open(os.fspath(path), encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            text = line.strip()
            if not text or text[0] in "#!":
                continue
            places = [place for place in (text.find("="), text.find(":")) if place >= 0]
            if not places:
                raise _format_error(path, number, f"expected key = value, found {text!r}")
            yield text[: min(places)].strip(), text[min(places) + 1 :].strip()


def files(path: str | os.PathLike[str]) -> list[str]:
    """A graph's files: the properties file, then the vertex and the edge file that it names.

    Parameters
    ----------
    path : str or path-like
        A ``.properties`` file.

    Raises
    ------
    FormatError
        A line that is no ``key = value``.
    """
    name = os.fspath(path)
    said = dict(_properties(name))
    beside = [
        value
        for ending in (".vertex-file", ".edge-file")
        for key, value in said.items()
        if key.startswith("graph.") and key.endswith(ending)
    ]
    return [name, *(os.path.join(os.path.dirname(name), file) for file in beside)]


def parameters(path: str | os.PathLike[str]) -> dict[str, str]:
    """What a graph's properties file asks of the algorithms.

    Parameters
    ----------
    path : str or path-like
        A ``.properties`` file.

    Returns
    -------
    dict
        Such as ``{"bfs.source-vertex": "1", "pr.num-iterations": "2"}``.

    Raises
    ------
    FormatError
        A line that is no ``key = value``.
    """
    found: dict[str, str] = {}
    for key, value in _properties(path):
        words = key.split(".")
        if words[0] == "graph" and len(words) > 3 and words[-2] in ALGORITHMS:
            found[f"{words[-2]}.{words[-1]}"] = value
    return found


def run(
    graph: Any,
    algorithm: str,
    parameters: Mapping[str, str],
    *,
    max_seconds: float | None = None,
    progress: Any = None,
    threads: int | None = None,
) -> Output:
    """One of the six algorithms, as the specification defines it.

    Parameters
    ----------
    graph : Graph
        Simple, without loops, its ids integers that rise, as in the benchmark's files.
    algorithm : str
        One of :data:`ALGORITHMS`.
    parameters : mapping of str to str
        As :func:`parameters` gives them.
    max_seconds, progress, threads
        As for every algorithm.

    Raises
    ------
    ValueError
        An unknown algorithm; a parameter that is missing or out of range; ids that do not rise.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm is {algorithm!r}; valid are {', '.join(ALGORITHMS)}")
    vertices = list(graph)
    if not all(type(vertex) is int for vertex in vertices) or not all(
        map(operator.lt, vertices, islice(vertices, 1, None))
    ):
        raise ValueError("the ids of a graph of LDBC Graphalytics are integers that rise")
    limits = {"max_seconds": max_seconds, "progress": progress, "threads": threads}
    values, record = _RUN[algorithm](graph, vertices, parameters, limits)
    return Output(algorithm, vertices, values, record)


def _bfs(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    result = graph.bfs(source=_integer(given, "bfs.source-vertex", 0), **limits)
    return [UNREACHED if level < 0 else level for level in result.level.values()], result.run


def _cdlp(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    rounds = _integer(given, "cdlp.max-iterations", 1)
    result = graph.label_propagation(method="ldbc", max_iterations=rounds, **limits)
    return list(result.origin.values()), result.run


def _lcc(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    result = graph.clustering(method="ldbc", **limits)
    return list(result.coefficient.values()), result.run


def _pr(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    rounds = _integer(given, "pr.num-iterations", 1)
    damping = _number(given, "pr.damping-factor", 0, 1)
    result = graph.pagerank(damping=damping, max_iterations=rounds, tolerance=0, **limits)
    return list(result.score.values()), result.run


def _sssp(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    source = _integer(given, "sssp.source-vertex", 0)
    weight = _text(given, "sssp.weight-property")
    result = graph.shortest_paths(source=source, weight=weight, **limits)
    return list(result.distance.values()), result.run


def _wcc(graph: Any, vertices: list[int], given: Mapping[str, str], limits: Any) -> Any:
    """A component goes by its smallest vertex, as in the reference outputs."""
    result = graph.connected_components(kind="weak", **limits)
    components = list(result.component.values())
    smallest: dict[int, int] = {}
    for vertex, component in zip(vertices, components, strict=True):
        smallest.setdefault(component, vertex)
    return [smallest[component] for component in components], result.run


_RUN = {"bfs": _bfs, "cdlp": _cdlp, "lcc": _lcc, "pr": _pr, "sssp": _sssp, "wcc": _wcc}


def _text(given: Mapping[str, str], key: str) -> str:
    text = given.get(key)
    if text is not None and not isinstance(text, str):
        raise TypeError(f"the parameter {key} must be str, not {type(text).__name__}")
    if not text:
        raise ValueError(f"the parameter {key} is missing: expected a line graph.NAME.{key} = ...")
    return text


def _integer(given: Mapping[str, str], key: str, least: int) -> int:
    text = _text(given, key)
    if not text.isascii() or not text.isdecimal() or not least <= int(text) < 1 << 63:
        raise ValueError(f"the parameter {key} is {text!r}; expected an integer of at least {least}")
    return int(text)


def _number(given: Mapping[str, str], key: str, least: float, most: float) -> float:
    text = _text(given, key)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ValueError(f"the parameter {key} is {text!r}; expected a number from {least} to {most}")
    return number


def _lines(output: Output) -> Iterator[str]:
    """Text in pieces of many lines."""
    rows = zip(output.vertices, output.values, strict=True)
    form = "%d %.15e\n" if output.algorithm in _FLOATS else "%d %d\n"
    while piece := list(islice(rows, _LINES_AT_ONCE)):
        text = "".join(map(form.__mod__, piece))
        # Only here can an "inf" be: vertices are integers.
        yield text.replace("inf", "infinity") if output.algorithm == "sssp" else text


def write(output: Output, file: str | os.PathLike[str] | TextIO) -> None:
    """Write a line ``vertex value`` per vertex.

    Integers as they are, floats with 16 significant digits, ``infinity`` for what is not reached.

    Parameters
    ----------
    output : Output
    file : str, path-like or text file
    """
    if hasattr(file, "writelines"):
        file.writelines(_lines(output))
        return
    with open(os.fspath(file), "w", encoding="ascii") as opened:
        opened.writelines(_lines(output))


def validate(output: Output, reference: str | os.PathLike[str]) -> list[str]:
    """Compare with a reference output, by the rule for the algorithm.

    Exact match for bfs and cdlp; equivalence for wcc: the same vertices share a label in both;
    within 0.01 % of the reference for lcc, pr and sssp.

    Parameters
    ----------
    output : Output
    reference : str or path-like
        Lines ``vertex value``, in any order.

    Returns
    -------
    list of str
        What does not match, the first ten; empty: valid.

    Raises
    ------
    FormatError
        A line of the reference that is not ``vertex value``.
    """
    expected = _read_reference(reference, float if output.algorithm in _FLOATS else int)
    wrong: list[str] = []
    if len(expected) != len(output.vertices):
        wrong.append(f"{len(output.vertices)} vertices, {len(expected)} in the reference")
    partners: dict[Any, Any] = {}
    owners: dict[Any, Any] = {}
    for vertex, value in zip(output.vertices, output.values, strict=True):
        if len(wrong) == _MISMATCHES_SHOWN:
            break
        if vertex not in expected:
            wrong.append(f"vertex {vertex} is not in the reference")
            continue
        wanted = expected[vertex]
        if output.algorithm == "wcc":
            good = partners.setdefault(wanted, value) == value
            good = owners.setdefault(value, wanted) == wanted and good
        elif output.algorithm in _FLOATS:
            # Infinities are equal, or at an infinite distance that no epsilon covers.
            good = value == wanted or abs(value - wanted) <= EPSILON * abs(wanted) < math.inf
        else:
            good = value == wanted
        if not good:
            wrong.append(f"vertex {vertex}: {value}, {wanted} in the reference")
    return wrong


def _read_reference(path: str | os.PathLike[str], kind: Any) -> dict[int, Any]:
    found: dict[int, Any] = {}
    with open(os.fspath(path), encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            words = line.split()
            if not words:
                continue
            try:
                vertex, value = words
                found[int(vertex)] = kind(value)
            except ValueError:
                message = f"expected a vertex and its value, found {line.strip()!r}"
                raise _format_error(path, number, message) from None
    return found


def _format_error(path: str | os.PathLike[str], line: int, message: str) -> FormatError:
    error = FormatError(f"'{os.fspath(path)}', line {line}, column 1: {message}")
    error.path, error.line, error.column = os.fspath(path), line, 1
    return error
