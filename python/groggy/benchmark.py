"""The short self-measurement behind ``groggy bench``: single calls here and in the peers at hand.

Everybody builds the same graph, string ids with one int and random edges with one float, one call
each where it has such a call, and reads it at random. Rounds alternate between the libraries, the
least time counts, and the cyclic collector is off meanwhile. Peers are measured when they can be
imported; nothing is installed. The full tables come from script/bench in the repository.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ROUNDS = 3
MEASURES = ("add_node", "add_edge", "get", "get_neighbors", "has_edge", "pagerank")

#: (step, calls that the step makes, the step)
Steps = list[tuple[str, int, Callable[[], Any]]]


class _Inputs:
    """What all libraries build and ask."""

    def __init__(self, nodes: int) -> None:
        draw = random.Random(1)
        self.names = [f"node_{i}" for i in range(nodes)]
        self.pairs = [(draw.choice(self.names), draw.choice(self.names)) for _ in range(nodes)]
        self.wanted = draw.choices(self.names, k=min(nodes, 100_000))


def _groggy(inputs: _Inputs) -> Steps:
    from groggy import Graph

    return _steps(
        inputs,
        Graph(),
        lambda g: [g.get_node(name)["value"] for name in inputs.wanted],
        lambda g: [g.get_neighbors(name) for name in inputs.wanted],
        lambda g: g.pagerank(),
    )


def _networkx(inputs: _Inputs) -> Steps:
    networkx: Any = import_module("networkx")  # a peer need not be here, nor its stubs

    return _steps(
        inputs,
        networkx.DiGraph(),
        lambda g: [g.nodes[name]["value"] for name in inputs.wanted],
        lambda g: [list(g.neighbors(name)) for name in inputs.wanted],
        # NetworkX needs SciPy for it.
        networkx.pagerank if find_spec("scipy") else None,
    )


def _steps(
    inputs: _Inputs,
    graph: Any,
    get: Callable[[Any], Any],
    neighbors: Callable[[Any], Any],
    pagerank: Callable[[Any], Any] | None,
) -> Steps:
    """The steps of a library with NetworkX's names for adding and for has_edge."""

    def add_nodes() -> None:
        for i, name in enumerate(inputs.names):
            graph.add_node(name, value=i)

    def add_edges() -> None:
        for source, target in inputs.pairs:
            graph.add_edge(source, target, weight=1.0)

    def has_edge() -> None:
        for source, target in inputs.pairs:
            graph.has_edge(source, target)

    steps: Steps = [
        ("add_node", len(inputs.names), add_nodes),
        ("add_edge", len(inputs.pairs), add_edges),
        ("get", len(inputs.wanted), lambda: get(graph)),
        ("get_neighbors", len(inputs.wanted), lambda: neighbors(graph)),
        ("has_edge", len(inputs.pairs), has_edge),
    ]
    if pagerank is not None:
        steps.append(("pagerank", 1, lambda: pagerank(graph)))
    return steps


def _igraph(inputs: _Inputs) -> Steps:
    igraph: Any = import_module("igraph")

    graph = igraph.Graph(directed=True)
    count, edges = len(inputs.names), len(inputs.pairs)

    def add_nodes() -> None:
        graph.add_vertices(inputs.names, attributes={"value": list(range(count))})

    def add_edges() -> None:
        graph.add_edges(inputs.pairs, attributes={"weight": [1.0] * edges})

    def has_edge() -> None:
        for source, target in inputs.pairs:
            graph.are_adjacent(source, target)

    wanted = inputs.wanted
    return [
        ("add_node", count, add_nodes),
        ("add_edge", edges, add_edges),
        ("get", len(wanted), lambda: [graph.vs.find(name)["value"] for name in wanted]),
        ("get_neighbors", len(wanted), lambda: [graph.successors(name) for name in wanted]),
        ("has_edge", edges, has_edge),
        ("pagerank", 1, graph.pagerank),
    ]


_LIBRARIES: dict[str, Callable[[_Inputs], Steps]] = {
    "groggy": _groggy,
    "networkx": _networkx,
    "igraph": _igraph,
}


def measure(nodes: int) -> dict[str, dict[str, float]]:
    """Library -> measure -> seconds a call, the least of the rounds.

    Parameters
    ----------
    nodes : int
        How many nodes, and how many edges; at least 1.
    """
    if nodes < 1:
        raise ValueError(f"nodes must be at least 1, not {nodes}")
    inputs = _Inputs(nodes)
    here = {name: steps for name, steps in _LIBRARIES.items() if find_spec(name)}
    least: dict[str, dict[str, float]] = {name: {} for name in here}
    collecting = gc.isenabled()
    try:
        for _ in range(ROUNDS):
            for name, make in here.items():
                gc.collect()
                gc.disable()
                for step, count, call in make(inputs):
                    began = time.perf_counter()
                    call()
                    each = (time.perf_counter() - began) / count
                    least[name][step] = min(each, least[name].get(step, each))
    finally:
        if collecting:
            gc.enable()
    return least


def run_bench(nodes: int, console: Any) -> None:
    """Measure, and print a table with what each library takes for one call.

    Parameters
    ----------
    nodes : int
        How many nodes, and how many edges.
    console : rich.console.Console
    """
    from groggy.shell.printing import duration, print_table

    least = measure(nodes)
    peers = [name for name in least if name != "groggy"]
    rows = []
    for step in MEASURES:
        ours = least["groggy"][step]
        row = [step, duration(ours)]
        for name in peers:
            theirs = least[name].get(step)
            row.append("-" if theirs is None else f"{duration(theirs)}  ({theirs / ours:.1f} x)")
        rows.append(tuple(row))
    console.print(
        f"{nodes:,} nodes and {nodes:,} random edges: time of one call, the least of {ROUNDS} rounds; "
        "in brackets, how many times as long as groggy",
        markup=False,
    )
    print_table(console, ["", "groggy", *peers], rows)
    console.print(
        "The cyclic collector was off. igraph adds nodes and edges in bulk, its faster way.",
        markup=False,
    )
    absent = [name for name in _LIBRARIES if name not in least]
    if absent:
        console.print(f"Not installed, so not measured: {', '.join(absent)}.", markup=False)
