"""``groggy info`` and ``groggy convert``: what a file holds, and the same in another format."""

from __future__ import annotations

import json
import math
import os
import time
from typing import Any

import click

from groggy.shell.common import file_options, guarded, read_graph
from groggy.shell.printing import duration, make_console, size


@click.command()
@click.argument("path", metavar="FILE")
@file_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def info(path: str, form: str, **options: Any) -> None:
    """Say what a graph file holds: size, density, degrees, components, attributes.

    \b
    Examples:
      groggy info wiki-Vote.txt
      groggy info roads.graph.gz --format json
    """
    began = time.perf_counter()
    graph = read_graph(path, options)
    seconds = time.perf_counter() - began
    facts = guarded(lambda: describe(graph))
    facts["read in"] = duration(seconds)
    facts["text"] = size(sum(map(os.path.getsize, _files(path))))
    if form == "json":
        click.echo(json.dumps({"file": path, **facts}, indent=2))
        return
    console = make_console()
    console.print(path, style="bold", markup=False)
    for name, value in facts.items():
        console.print(f"  {name:<22} {value}", markup=False)


def _files(path: str) -> list[str]:
    """What was read: LDBC's graphs have three files."""
    if not path.endswith(".properties"):
        return [path]
    from groggy import ldbc

    return ldbc.files(path)


def describe(graph: Any) -> dict[str, Any]:
    """The facts that ``groggy info`` prints: name -> number or text."""
    nodes, edges = graph.node_count(), graph.edge_count()
    pairs = nodes * (nodes - 1) / (1 if graph.directed else 2)
    degree = sorted(graph.degrees().to_dict().values())
    kind = "directed" if graph.directed else "undirected"
    facts: dict[str, Any] = {
        "kind": f"{kind}, parallel edges" if graph.multigraph else kind,
        "nodes": nodes,
        "edges": edges,
        "density": round(edges / pairs, 6) if pairs else 0.0,
    }
    if degree:
        marks = {
            f"{share:.0%}": degree[min(len(degree) - 1, math.floor(share * len(degree)))]
            for share in (0, 0.25, 0.5, 0.75, 0.9, 0.99, 1)
        }
        facts["degree quantiles"] = "  ".join(f"{name}: {value}" for name, value in marks.items())
        facts["components"] = _components(graph, "weak")
        if graph.directed:
            facts["strong components"] = _components(graph, "strong")
    for side, names in (
        ("node attributes", graph.node_attributes()),
        ("edge attributes", graph.edge_attributes()),
    ):
        if names:
            facts[side] = ", ".join(f"{name} ({kind})" for name, kind in names.items())
    facts["memory"] = size(graph.memory_usage()["total"])
    return facts


def _components(graph: Any, kind: str) -> str:
    result = graph.connected_components(kind=kind)
    sizes: dict[int, int] = {}
    for component in result.values():
        sizes[component] = sizes.get(component, 0) + 1
    return f"{result.count}, the largest with {max(sizes.values())} nodes"


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@file_options
def convert(source: str, target: str, **options: Any) -> None:
    """Read a graph and write it in another format, by the name's ending.

    .graph and .metis are METIS, everything else edge lists (.csv with commas, else tabs); .gz and
    .zst compress.

    \b
    Examples:
      groggy convert wiki-Vote.txt votes.csv.gz
      groggy convert power.graph power.txt.zst
    """
    graph = read_graph(source, options)
    guarded(lambda: graph.write(target))
    say_written(target, graph)


def say_written(target: str, graph: Any) -> None:
    click.echo(
        f"{target}: {graph.node_count()} nodes, {graph.edge_count()} edges, "
        f"{size(os.path.getsize(target))}",
        err=True,
    )
