"""``groggy run`` and ``groggy algorithms``: a subcommand for every descriptor, and their list."""

from __future__ import annotations

from typing import Any

import click

import groggy
from groggy.shell.common import add_file_options, guarded, node_id, read_graph
from groggy.shell.printing import make_console, print_table
from groggy.shell.results import FORMATS, print_result


class _Algorithms(click.Group):
    """One subcommand per descriptor."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(algorithm.name for algorithm in groggy.algorithms())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        for algorithm in groggy.algorithms():
            if name == algorithm.name or name in algorithm.aliases:
                return _algorithm_command(algorithm)
        return None


@click.group(cls=_Algorithms)
def run() -> None:
    """Run an algorithm on a graph file; see `groggy run ALGORITHM --help`.

    \b
    Examples:
      groggy run pagerank wiki-Vote.txt --top 10
      groggy run bfs roads.graph --source 0 --format csv > levels.csv
      groggy run jaccard people.csv --pairs ann bob --format json
    """


_TYPES: dict[str, Any] = {"int": int, "float": float, "attribute": str}


def _option(parameter: Any) -> click.Option:
    flag = "--" + parameter.name.replace("_", "-")
    common: dict[str, Any] = {"help": parameter.help, "required": parameter.required}
    match parameter.type:
        case "bool":
            return click.Option(
                [f"{flag}/--no-{flag[2:]}", parameter.name], default=parameter.default, **common
            )
        case "choice":
            kind = click.Choice(parameter.choices)
            return click.Option(
                [flag, parameter.name], type=kind, default=parameter.default, show_default=True, **common
            )
        case "nodes":
            return click.Option([flag, parameter.name], multiple=True, metavar="ID", **common)
        case "pairs":
            return click.Option(
                [flag, parameter.name], multiple=True, nargs=2, metavar="ID ID", **common
            )
        case "ints":
            return click.Option([flag, parameter.name], metavar="INT,INT...", **common)
        case "node_weights":
            return click.Option([flag, parameter.name], multiple=True, metavar="ID=WEIGHT", **common)
        case _:
            # For click a default of None is one, and then nothing is required.
            if parameter.default is not None and not parameter.required:
                common |= {"default": parameter.default, "show_default": True}
            return click.Option([flag, parameter.name], type=_TYPES[parameter.type], **common)


def _given(graph: Any, parameter: Any, value: Any) -> Any:
    """An option's value as the Python method takes it; None: not given."""
    if value is None or value == ():
        return None
    match parameter.type:
        case "nodes":
            return [node_id(graph, text) for text in value]
        case "pairs":
            return [(node_id(graph, u), node_id(graph, v)) for u, v in value]
        case "ints":
            try:
                return [int(text) for text in value.split(",")]
            except ValueError:
                raise click.BadParameter(
                    f"{value!r} is no list of ints such as 15,10", param_hint=parameter.name
                ) from None
        case "node_weights":
            weights: dict[Any, float] = {}
            for text in value:
                name, separator, weight = text.rpartition("=")
                if not separator:
                    raise click.BadParameter(f"{text!r} is not ID=WEIGHT", param_hint=parameter.name)
                id = node_id(graph, name)
                if id in weights:
                    raise click.BadParameter(f"{name!r} is there twice", param_hint=parameter.name)
                try:
                    weights[id] = float(weight)
                except ValueError:
                    raise click.BadParameter(
                        f"{text!r} is not ID=WEIGHT: {weight!r} is no number",
                        param_hint=parameter.name,
                    ) from None
            return weights
        case _:
            return value


def _example(algorithm: Any) -> str:
    """A command line that runs: what is required, filled in."""
    words = {"nodes": "17", "int": "2", "float": "0.5", "attribute": "weight", "ints": "15,10"}
    required = [
        f" --{parameter.name.replace('_', '-')} {words.get(parameter.type, '...')}"
        for parameter in algorithm.parameters
        if parameter.required
    ]
    return f"groggy run {algorithm.name} graph.txt{''.join(required)} --limit 10"


def _method(graph: Any, name: str) -> Any:
    """The method that gives a Result: k_hop's own name gives a list of ids in Python."""
    return getattr(graph, "_k_hop_levels" if name == "k_hop" else name)


def _algorithm_command(algorithm: Any) -> click.Command:
    def call(path: str, form: str, top: int, limit: int | None, seconds: float | None,
             threads: int | None, extra: dict[str, Any], **options: Any) -> None:
        graph = read_graph(path, options)
        arguments = {}
        for parameter in algorithm.parameters:
            value = _given(graph, parameter, extra[parameter.name])
            if value is not None:
                arguments[parameter.name] = value
        result = guarded(
            lambda: _method(graph, algorithm.name)(
                **arguments,
                max_seconds=seconds,
                threads=threads,
                progress=True if options["progress"] else None,
            )
        )
        print_result(algorithm, result, form, top, limit)

    names = {parameter.name for parameter in algorithm.parameters}

    def callback(**everything: Any) -> None:
        extra = {name: everything.pop(name) for name in names}
        call(extra=extra, **everything)

    command = click.Command(
        algorithm.name,
        callback=callback,
        help=f"{algorithm.summary}\n\n{algorithm.description}\n\nSource: {algorithm.reference}"
        f"\n\n\b\nExample:\n  {_example(algorithm)}",
        short_help=algorithm.summary,
        params=[
            click.Argument(["path"], metavar="FILE"),
            *[_option(parameter) for parameter in algorithm.parameters],
            click.Option(["--format", "form"], type=click.Choice(FORMATS), default="table",
                         help="How to print the result."),
            click.Option(["--top"], type=click.IntRange(min=0), default=None,
                         help="Only so many rows, the largest first."),
            click.Option(["--limit"], type=click.IntRange(min=0), default=None,
                         help="Only the first so many rows (a table shows 20 by itself)."),
            click.Option(["--max-seconds", "seconds"], type=float, default=None,
                         help="Give up after this long."),
            click.Option(["--threads"], type=click.IntRange(min=0), default=None,
                         help="At most so many threads."),
        ],
    )
    return add_file_options(command)


@click.command()
def algorithms() -> None:
    """List the algorithms with their sources."""
    rows = [(a.name, a.family, a.networkx, a.summary) for a in groggy.algorithms()]
    print_table(make_console(), ["algorithm", "family", "in NetworkX", "summary"], rows)
