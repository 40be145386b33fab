"""What ``groggy demo`` and ``script/demo`` show: the main jobs on a real graph."""

from __future__ import annotations

import time
from typing import Any

import groggy


def run_demo(path: str, graph: Any, console: Any) -> None:
    """Print a tour: the graph, five algorithms on it, attributes, mutation, then a device.

    Parameters
    ----------
    path : str
        Where the graph came from, for the headline.
    graph : groggy.Graph
    console : rich.console.Console
    """
    if len(graph) == 0:
        raise ValueError(f"{path}: a graph without nodes has nothing to show")
    _describe(path, graph, console)
    _rank(graph, console)
    _attributes(console)
    _mutate(graph, console)
    _on_a_device(graph, console)


def _title(console: Any, text: str) -> None:
    console.print()
    console.print(text, style="bold", markup=False)


def _ran(console: Any, label: str, result: Any) -> None:
    """One line: which backend ran, how long it took, and why there."""
    run = result.run
    milliseconds = run.seconds["total"] * 1e3
    console.print(
        f"  {label:<34} {milliseconds:9.2f} ms   on {run.backend}, {run.threads} threads   ({run.why})",
        markup=False,
    )


def _describe(path: str, graph: Any, console: Any) -> None:
    from groggy.shell.files import describe

    _title(console, f"1. The graph: {path}")
    for name, value in describe(graph).items():
        console.print(f"  {name:<22} {value}", markup=False)


def _rank(graph: Any, console: Any) -> None:
    from groggy.shell.printing import print_table

    _title(console, "2. Algorithms: what ran where, and why")
    samples = min(200, graph.node_count())
    pagerank = graph.pagerank()
    components = graph.connected_components()
    triangles = graph.triangle_count()
    communities = graph.label_propagation()
    betweenness = graph.betweenness_centrality(samples=samples, seed=1)
    _ran(console, "pagerank", pagerank)
    _ran(console, "connected_components", components)
    _ran(console, "triangle_count", triangles)
    _ran(console, "label_propagation", communities)
    _ran(console, f"betweenness, {samples} sources", betweenness)
    console.print()
    console.print(
        f"  {components.count} components, {triangles.total} triangles, "
        f"{communities.count} communities",
        markup=False,
    )
    console.print()
    rows = [
        (node, score, betweenness[node], triangles[node], communities[node])
        for node, score in pagerank.top(8)
    ]
    print_table(console, ["  top node", "pagerank", "betweenness", "triangles", "community"], rows)


def _attributes(console: Any) -> None:
    _title(console, "3. Attributes: add, batch, filter, group")
    people = groggy.Graph()
    ann = people.add_node("ann", age=34, city="Paris", tags=["chess", "ski"])
    people.add_node("bob", age=25, city="Oslo")
    people.add_edge(ann, "bob", since=2019, strength=0.8)
    with people.batch_operations() as batch:
        for number in range(20_000):
            batch.add_node(f"p{number}", age=18 + number % 60, city=("Rome", "Oslo")[number % 2])
            batch.add_edge(f"p{number}", "ann", since=2000 + number % 25)
    console.print(f"  {people!r}", markup=False)
    began = time.perf_counter()
    adults = people.filter_nodes("age >= 65 and city == 'Oslo'")
    seconds = time.perf_counter() - began
    console.print(
        f"  filter_nodes(\"age >= 65 and city == 'Oslo'\")   {len(adults)} nodes in "
        f"{seconds * 1e3:.2f} ms",
        markup=False,
    )
    means = people.group_by("city", value="age", agg="mean")
    shown = ", ".join(f"{city} {mean:.1f}" for city, mean in means.items())
    console.print(f"  group_by('city', value='age', agg='mean')      {shown}", markup=False)
    node = people.get_node("ann")
    node["age"] += 1
    console.print(f"  get_node('ann')                                 {node!r}", markup=False)


def _mutate(graph: Any, console: Any) -> None:
    _title(console, "4. Mutate and ask again: no rebuild")
    before = graph.pagerank()
    favourite = before.top(1)[0][0]
    held = graph.snapshot()
    graph.add_edge("a newcomer", favourite)
    began = time.perf_counter()
    graph.snapshot()
    seconds = time.perf_counter() - began
    after = graph.pagerank()
    console.print(
        f"  one edge added; the next snapshot took {seconds * 1e6:.0f} µs\n"
        f"  pagerank of {favourite!r}: {before[favourite]:.6f} -> {after[favourite]:.6f}\n"
        f"  a snapshot taken before still has {held.node_count} nodes, the graph {len(graph)}",
        markup=False,
    )


def _on_a_device(graph: Any, console: Any) -> None:
    from groggy.accelerators import of_graph
    from groggy.shell.printing import print_table

    found = of_graph(graph)
    if not found:
        why = groggy.get_available_backends()["c-gpu"]["reason"]
        _title(console, "5. On a device: none here")
        console.print(f"  {why}", markup=False)
        return
    device = found[0]
    _title(console, f"5. The same graph on a device: {device}, {device.name}")
    graphs = []
    for backend, name in (("c", None), (device.backend, str(device))):
        twin = groggy.Graph(backend, directed=graph.directed, multigraph=graph.multigraph, device=name)
        twin.add_nodes(graph.node_ids())
        twin.add_edges(graph.edge_pairs())
        graphs.append(twin)
    rows = [_compare(name, *graphs) for name in ("pagerank", "connected_components", "core_number")]
    header = ["  algorithm", "on the CPU", "first there", "again there", "largest difference"]
    print_table(console, header, rows)
    host, twin = graphs
    before = twin.device_memory()[str(device)]
    twin.add_edge("another newcomer", "one more")
    twin.pagerank()
    after = twin.device_memory()[str(device)]
    console.print(
        f"\n  it holds {before['held_bytes']:,} bytes of the graph; one more edge sent "
        f"{after['uploaded_bytes'] - before['uploaded_bytes']:,} bytes",
        markup=False,
    )


def _compare(name: str, host: Any, twin: Any) -> tuple[Any, ...]:
    """A row: milliseconds of the CPU's second call and the device's first two, and agreement."""
    getattr(host, name)()
    wanted = getattr(host, name)()
    first = getattr(twin, name)()  # compiles kernels, unless they are in the cache, and uploads
    again = getattr(twin, name)()
    apart = max((abs(again[id] - value) for id, value in wanted.items()), default=0)
    times = [f"{result.run.seconds['total'] * 1e3:.2f} ms" for result in (wanted, first, again)]
    return (f"  {name}", *times, "none" if apart == 0 else f"{apart:.2g}")
