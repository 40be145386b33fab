"""``groggy ldbc``: the algorithms of LDBC Graphalytics on its graphs."""

from __future__ import annotations

import sys
import time

import click

import groggy
from groggy.shell.common import Failure, guarded
from groggy.shell.printing import duration


@click.command()
@click.argument("path", metavar="GRAPH.properties")
@click.argument("algorithm", type=click.Choice(["bfs", "cdlp", "lcc", "pr", "sssp", "wcc"], False))
@click.option("--output", type=click.Path(dir_okay=False), help="Where the values go; else standard output.")
@click.option("--validate", "reference", type=click.Path(),
              help="Compare with this reference output; without --output nothing else is written.")
@click.option("--backend", default="c-gpu", show_default=True, help="Where to run.")
@click.option("--device", help="Which device; see `groggy backends`.")
@click.option("--threads", type=click.IntRange(min=0), help="At most so many threads.")
@click.option("--max-seconds", type=float, help="Give up after this long.")
@click.option("--progress", is_flag=True, help="Show a progress bar on standard error.")
def ldbc(path: str, algorithm: str, output: str | None, reference: str | None, backend: str,
         device: str | None, threads: int | None, max_seconds: float | None, progress: bool) -> None:
    """Run one of LDBC Graphalytics' six algorithms on one of its graphs.

    The .properties file names the vertex and edge files beside it and what each algorithm is run
    with. The output has a line "vertex value" per vertex, in the order of the vertex file. With
    --validate the exit code is 1 where a value does not match by the benchmark's rule: exact (bfs,
    cdlp), within 0.01 % (lcc, pr, sssp), same components (wcc).

    Source: The LDBC Graphalytics Benchmark 1.0.5, arXiv:2011.15028

    \b
    Examples:
      groggy ldbc example-directed.properties pr
      groggy ldbc graph500-22.properties bfs --output bfs.txt --validate graph500-22-BFS
    """
    from groggy import ldbc as graphalytics

    show = True if progress else None
    given = guarded(lambda: graphalytics.parameters(path))
    began = time.perf_counter()
    graph = guarded(
        lambda: groggy.read(path, backend=backend, device=device, format="ldbc", progress=show)
    )
    loaded = time.perf_counter() - began
    found = guarded(
        lambda: graphalytics.run(
            graph, algorithm, given, max_seconds=max_seconds, threads=threads, progress=show
        )
    )
    if output is not None or reference is None:
        target = sys.stdout if output is None else output
        guarded(lambda: graphalytics.write(found, target), output or "standard output")
    size = graph.node_count() + graph.edge_count()
    seconds = found.run.seconds["total"]
    click.echo(
        f"{algorithm}: {graph.node_count()} vertices, {graph.edge_count()} edges, loaded in "
        f"{duration(loaded)}, processed in {duration(seconds)} ({size / seconds / 1e6:.3g} million "
        f"edges and vertices per second) on {found.run.device or found.run.backend}",
        err=True,
    )
    if reference is not None:
        wrong = guarded(lambda: graphalytics.validate(found, reference))
        if wrong:
            raise Failure(f"{reference}: not the same: " + "; ".join(wrong))
        click.echo(f"{reference}: the same", err=True)
