"""The ``groggy`` command.

Every algorithm's subcommand and its options are made from its descriptor, so an extension that is
loaded with ``--extension`` has one too. A user's mistake ends in one line on standard error and an
exit code, never in a traceback:

=====  ==========================================================
code   meaning
=====  ==========================================================
0      done
1      the input or the run failed; the message says how
2      the command line is wrong
3      a backend was asked for that is not on this machine
130    interrupted
=====  ==========================================================
"""

from __future__ import annotations

import csv
import inspect
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

import groggy
from groggy import generators
from groggy.errors import BackendUnavailableError, GroggyError

FORMATS = ("table", "csv", "json")


class Failure(click.ClickException):
    """One line for the user and an exit code."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: Any = None) -> None:
        click.echo(f"groggy: {self.message}", err=True)


def _guarded(call: Callable[[], Any]) -> Any:
    """Run `call`; what users can cause becomes a :class:`Failure`."""
    try:
        return call()
    except BackendUnavailableError as error:
        raise Failure(str(error), 3) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise Failure(f"{where}{error.strerror or error}") from None
    except (GroggyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Failure(str(error) or type(error).__name__) from None


# Reading.


# Names and settings of the options that every command which reads a graph has.
_FILE_OPTIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["--undirected"], {"is_flag": True, "help": "Edges have no direction."}),
    (["--multigraph"], {"is_flag": True, "help": "Keep repeated pairs as parallel edges."}),
    (
        ["--ids"],
        {
            "type": click.Choice(["auto", "int", "string"]),
            "default": "auto",
            "help": "Kind of node ids.",
        },
    ),
    (
        ["--header"],
        {
            "type": click.Choice(["auto", "yes", "no"]),
            "default": "auto",
            "help": "Whether the first line names the columns.",
        },
    ),
    (["--backend"], {"default": "c-gpu", "show_default": True, "help": "Where to run."}),
    (
        ["--device"],
        {"help": "Which device, such as opencl:0 or a part of its name; see `groggy backends`."},
    ),
    (["--progress"], {"is_flag": True, "help": "Show a progress bar on standard error."}),
]


def _file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of files to a function that becomes a command."""
    for names, settings in reversed(_FILE_OPTIONS):
        command = click.option(*names, **settings)(command)
    return command


def _read(path: str, options: dict[str, Any]) -> Any:
    return _guarded(
        lambda: groggy.read(
            path,
            backend=options["backend"],
            device=options.get("device"),
            directed=not options["undirected"],
            multigraph=options["multigraph"],
            ids=options["ids"],
            header=options["header"],
            progress=True if options["progress"] else None,
        )
    )


def _node_id(graph: Any, text: str) -> Any:
    """The id that a user's word means: an int where the graph has that node, else text."""
    try:
        number = int(text)
    except ValueError:
        return text
    return number if str(number) == text and graph.has_node(number) else text


# The command and its children.


class _Group(click.Group):
    """Turns every end of a run into an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.ClickException as error:
            error.show()
            raise SystemExit(error.exit_code) from None
        except (click.Abort, KeyboardInterrupt):
            click.echo("groggy: interrupted", err=True)
            raise SystemExit(130) from None
        raise SystemExit(code if isinstance(code, int) else 0)

    def invoke(self, context: click.Context) -> Any:
        try:
            code = super().invoke(context)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            # The reader of our output has gone (`groggy ... | head`): nothing is wrong. Click would
            # end with 1.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(groggy.__version__, prog_name="groggy")
@click.option(
    "--extension",
    "extensions",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A shared object with algorithms of your own. Loading runs its code.",
)
def main(extensions: tuple[str, ...]) -> None:
    """Property graphs: look at files, run algorithms, convert, compare.

    \b
    Examples:
      groggy info wiki-Vote.txt
      groggy run pagerank wiki-Vote.txt --top 10
      groggy run shortest_paths roads.csv --source 17 --weight km --format csv
      groggy convert wiki-Vote.txt votes.csv.gz
    """
    for path in extensions:
        _load_extension(path)


def _load_extension(path: str) -> None:
    _guarded(lambda: groggy.load_extension(str(Path(path).resolve())))


def _console() -> Any:
    from rich.console import Console

    class Patient(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the group, which knows that nothing is wrong."""
            raise

    # A pipe has no width: lines are as long as they need to be.
    return Patient(width=None if sys.stdout.isatty() else 200, highlight=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


@main.command()
@click.argument("path", metavar="FILE")
@_file_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def info(path: str, form: str, **options: Any) -> None:
    """Say what a graph file holds: size, density, degrees, components, attributes.

    \b
    Examples:
      groggy info wiki-Vote.txt
      groggy info roads.graph.gz --format json
    """
    began = time.perf_counter()
    graph = _read(path, options)
    seconds = time.perf_counter() - began
    facts = _guarded(lambda: describe(graph))
    facts["read in"] = _duration(seconds)
    facts["text"] = f"{os.path.getsize(path) / 1e6:.2f} MB"
    if form == "json":
        click.echo(json.dumps({"file": path, **facts}, indent=2))
        return
    console = _console()
    console.print(f"[bold]{path}[/bold]")
    for name, value in facts.items():
        console.print(f"  {name:<22} {value}", markup=False)


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
    facts["memory"] = f"{graph.memory_usage()['total'] / 1e6:.2f} MB"
    return facts


def _components(graph: Any, kind: str) -> str:
    result = graph.connected_components(kind=kind)
    sizes: dict[int, int] = {}
    for component in result.values():
        sizes[component] = sizes.get(component, 0) + 1
    return f"{result.count}, the largest with {max(sizes.values())} nodes"


# Algorithms.


class _Algorithms(click.Group):
    """One subcommand per descriptor."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(algorithm.name for algorithm in groggy.algorithms())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        for algorithm in groggy.algorithms():
            if name == algorithm.name or name in algorithm.aliases:
                return _algorithm_command(algorithm)
        return None


@main.group(cls=_Algorithms)
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
            return click.Option(
                [flag, parameter.name],
                type=_TYPES[parameter.type],
                default=parameter.default,
                show_default=parameter.default is not None,
                **common,
            )


def _given(graph: Any, parameter: Any, value: Any) -> Any:
    """An option's value as the Python method takes it; None: not given."""
    if value is None or value == ():
        return None
    match parameter.type:
        case "nodes":
            return [_node_id(graph, text) for text in value]
        case "pairs":
            return [(_node_id(graph, u), _node_id(graph, v)) for u, v in value]
        case "ints":
            try:
                return [int(text) for text in value.split(",")]
            except ValueError:
                raise click.BadParameter(
                    f"{value!r} is no list of ints such as 15,10", param_hint=parameter.name
                ) from None
        case "node_weights":
            weights = {}
            for text in value:
                name, separator, weight = text.rpartition("=")
                if not separator:
                    raise click.BadParameter(f"{text!r} is not ID=WEIGHT", param_hint=parameter.name)
                try:
                    weights[_node_id(graph, name)] = float(weight)
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
        graph = _read(path, options)
        arguments = {}
        for parameter in algorithm.parameters:
            value = _given(graph, parameter, extra[parameter.name])
            if value is not None:
                arguments[parameter.name] = value
        result = _guarded(
            lambda: _method(graph, algorithm.name)(
                **arguments,
                max_seconds=seconds,
                threads=threads,
                progress=True if options["progress"] else None,
            )
        )
        _print_result(algorithm, result, form, top, limit)

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
    return _file_options_of(command)


def _file_options_of(command: click.Command) -> click.Command:
    """Add them to a command made by hand, but for those whose names it has itself."""
    taken = {option for parameter in command.params for option in parameter.opts}
    command.params.extend(
        click.Option(names, **settings)
        for names, settings in _FILE_OPTIONS
        if not taken & set(names)
    )
    return command


def _rows(algorithm: Any, result: Any, top: int | None, limit: int | None) -> Iterator[list[Any]]:
    """Rows of a result: key (one or two cells), then the columns per node, edge or pair."""
    names = _column_names(algorithm, result)
    chosen = [key for key, _ in result.top(top)] if top is not None else result
    for place, key in enumerate(chosen):
        if limit is not None and place >= limit:
            return
        cells = list(key) if isinstance(key, tuple) else [key]
        for name in names:
            column = getattr(result, name)
            cells.append(column[key])
        yield cells


def _column_names(algorithm: Any, result: Any) -> list[str]:
    keys = _key_names(algorithm)
    # Some algorithms fill one column or another: degrees without and with weights.
    return [
        column.name
        for column in algorithm.columns
        if column.domain != "scalar" and column.name in result.columns and column.name not in keys
    ]


def _key_names(algorithm: Any) -> list[str]:
    """Of the cells before the columns: pairs go by their ends, other lists by the row's number."""
    names = {column.name for column in algorithm.columns if column.domain == "row"}
    if names:
        return ["source", "target"] if {"source", "target"} <= names else ["row"]
    domain = algorithm.columns[0].domain
    return {"node": ["node"], "edge": ["edge"]}.get(domain, [])


def _scalars(algorithm: Any, result: Any) -> dict[str, Any]:
    names = [column.name for column in algorithm.columns if column.domain == "scalar"]
    if len(algorithm.columns) == 1 and names:
        return {names[0]: result}
    return {name: getattr(result, name) for name in names}


def _print_result(
    algorithm: Any, result: Any, form: str, top: int | None, limit: int | None
) -> None:
    scalars = _scalars(algorithm, result)
    lone = len(algorithm.columns) == 1 and bool(scalars)
    header = _key_names(algorithm) + ([] if lone else _column_names(algorithm, result))
    if form == "json":
        # JSON has no infinity and no NaN: null.
        rows = [] if lone else [
            [_finite(cell) for cell in row] for row in _rows(algorithm, result, top, limit)
        ]
        scalars = {name: _finite(value) for name, value in scalars.items()}
        click.echo(json.dumps({"algorithm": algorithm.name, **scalars, "columns": header, "rows": rows}))
        return
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if lone:
            writer.writerows(scalars.items())
            return
        writer.writerow(header)
        writer.writerows(_rows(algorithm, result, top, limit))
        return
    console = _console()
    for name, value in scalars.items():
        console.print(f"{name}: {value}", markup=False)
    if lone:
        return
    shown = limit if limit is not None or top is not None else 20
    print_table(console, header, _rows(algorithm, result, top, shown))
    if top is None and len(result) > (shown or 0):
        console.print(f"... {len(result)} rows; --top, --limit or --format csv show others", style="dim")
    console.print(str(result.run), style="dim", markup=False)


def _finite(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def print_table(console: Any, header: list[str], rows: Any) -> None:
    """A plain table: text to the left, numbers to the right."""
    listed = [list(row) for row in rows]
    texts = [header, *([_cell(value) for value in row] for row in listed)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    is_text = [any(isinstance(row[k], str) for row in listed) for k in range(len(header))]
    for place, row in enumerate(texts):
        cells = [
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, is_text, strict=True)
        ]
        style = "bold" if place == 0 and console.is_terminal else None
        line = "  ".join(cells).rstrip()
        # Rich takes a millisecond per line, which a long table feels.
        console.print(line, style=style, markup=False) if style else click.echo(line, file=console.file)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else str(value)


# The rest.


@main.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@_file_options
def convert(source: str, target: str, **options: Any) -> None:
    """Read a graph and write it in another format, by the name's ending.

    .graph and .metis are METIS, everything else edge lists (.csv with commas, else tabs); .gz and
    .zst compress.

    \b
    Examples:
      groggy convert wiki-Vote.txt votes.csv.gz
      groggy convert power.graph power.txt.zst
    """
    graph = _read(source, options)
    _guarded(lambda: graph.write(target))
    _say_written(target, graph)


def _say_written(target: str, graph: Any) -> None:
    click.echo(
        f"{target}: {graph.node_count()} nodes, {graph.edge_count()} edges, "
        f"{os.path.getsize(target) / 1e6:.2f} MB",
        err=True,
    )


# Generators.


def _numbers(kind: Callable[[str], Any]) -> Callable[[Any, Any, str | None], Any]:
    """For an option with numbers in rows: commas between them, semicolons between rows."""

    def parse(context: Any, option: Any, text: str | None) -> Any:
        if text is None:
            return None
        try:
            return [[kind(word) for word in row.split(",")] for row in text.split(";")]
        except ValueError:
            raise click.BadParameter(f"{text!r} is not numbers with commas between them") from None

    return parse


def _parts_of(text: str) -> tuple[str, dict[str, str]]:
    """A docstring's words before its parameters, and what it says of each of these."""
    text, _, source = text.replace("``", "").partition("\n\nReferences\n----------\n")
    head, _, section = text.partition("\n\nParameters\n----------\n")
    said: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line.startswith(" "):
            for name in names:
                said[name] = f"{said.get(name, '')} {line.strip()}".strip()
        else:
            names = [name.strip() for name in line.split(":")[0].split(",")]
    return head + (f"\n\nSource: {source}" if source else ""), said


def _generator_option(parameter: inspect.Parameter, said: str) -> click.Option:
    flag = "--" + parameter.name.replace("_", "-")
    required = parameter.default is parameter.empty
    default = None if required else parameter.default
    match parameter.annotation:
        case "bool":
            return click.Option([flag, parameter.name], is_flag=True, help=said)
        case "int" | "float":
            kind = int if parameter.annotation == "int" else float
            return click.Option(
                [flag, parameter.name], type=kind, required=required, default=default,
                show_default=True, help=said,
            )  # fmt: skip
        case "Iterable[int]":
            return click.Option([flag, parameter.name], required=required, callback=_numbers(int),
                                metavar="N,N,...", help=said)
        case "Sequence[float]":
            return click.Option([flag, parameter.name], callback=_numbers(float), metavar="P,P,P",
                                default=",".join(map(str, default)), show_default=True, help=said)
        case _:
            return click.Option([flag, parameter.name], required=required, callback=_numbers(float),
                                metavar="P,...;P,...", help=f"{said} Rows with ; between them.")


class _Generators(click.Group):
    """One subcommand per function of groggy.generators."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in generators.__all__]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        name = name.replace("-", "_")
        return _generator_command(name) if name in generators.__all__ else None


def _generator_command(name: str) -> click.Command:
    function = getattr(generators, name)
    text, said = _parts_of(inspect.getdoc(function) or "")
    parameters = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
    ]

    def callback(output: str, threads: int | None, progress: bool, **given: Any) -> None:
        for parameter in parameters:
            if parameter.annotation in ("Iterable[int]", "Sequence[float]"):
                given[parameter.name] = given[parameter.name][0]
        graph = _guarded(
            lambda: function(**given, threads=threads, progress=True if progress else None)
        )
        _guarded(lambda: graph.write(output))
        _say_written(output, graph)

    return click.Command(
        name.replace("_", "-"),
        callback=callback,
        help=text,
        short_help=text.split("\n")[0],
        params=[
            *[_generator_option(parameter, said.get(parameter.name, "")) for parameter in parameters],
            click.Option(["-o", "--output"], required=True, type=click.Path(dir_okay=False),
                         help="File to write; .graph and .metis are METIS, else an edge list."),
            click.Option(["--threads"], type=click.IntRange(min=0), help="At most so many threads."),
            click.Option(["--progress"], is_flag=True, help="Show a progress bar on standard error."),
        ],
    )  # fmt: skip


@main.group(cls=_Generators)
def generate() -> None:
    """Make a graph from a rule and write it; see `groggy generate KIND --help`.

    The same options and the same seed give the same graph on any machine. An edge list holds edges
    alone; METIS files have the nodes without edges too.

    \b
    Examples:
      groggy generate kronecker --scale 17 --edges-per-node 16 --seed 1 -o kron17.txt
      groggy generate grid --rows 1500 --columns 1500 -o lattice.graph.gz
      groggy generate stochastic-block-model --sizes 50,50 --p "0.2,0.01;0.01,0.2" -o two.csv
    """


@main.command()
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
    given = _guarded(lambda: graphalytics.parameters(path))
    began = time.perf_counter()
    graph = _guarded(
        lambda: groggy.read(path, backend=backend, device=device, format="ldbc", progress=show)
    )
    loaded = time.perf_counter() - began
    found = _guarded(
        lambda: graphalytics.run(
            graph, algorithm, given, max_seconds=max_seconds, threads=threads, progress=show
        )
    )
    if output is not None or reference is None:
        _guarded(lambda: graphalytics.write(found, output if output is not None else sys.stdout))
    size = graph.node_count() + graph.edge_count()
    seconds = found.run.seconds["total"]
    click.echo(
        f"{algorithm}: {graph.node_count()} vertices, {graph.edge_count()} edges, loaded in "
        f"{_duration(loaded)}, processed in {_duration(seconds)} ({size / seconds / 1e6:.3g} million "
        f"edges and vertices per second) on {found.run.device or found.run.backend}",
        err=True,
    )
    if reference is not None:
        wrong = _guarded(lambda: graphalytics.validate(found, reference))
        if wrong:
            raise Failure(f"{reference}: not the same: " + "; ".join(wrong))
        click.echo(f"{reference}: the same", err=True)


@main.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def backends(form: str) -> None:
    """List the backends: what is here, what is not, and why; then the devices.

    The environment variable GLI_DEVICE chooses a device for all calls that name none: opencl:0, a
    number, a part of its name, or none.
    """
    known = groggy.get_available_backends()
    if form == "json":
        click.echo(json.dumps(known, indent=2))
        return
    console = _console()
    rows = [
        (name, "yes" if state["available"] else "no", state["device"] or "-", state["reason"])
        for name, state in known.items()
    ]
    print_table(console, ["backend", "available", "device", "why"], rows)
    found = groggy.devices()
    if found:
        click.echo()
        _print_devices(console, found)


def _print_devices(console: Any, found: list[Any]) -> None:
    header = ["device", "name", "memory", "units", "fp64", "launch", "upload", "gather", "rates", "state"]
    rows = [
        (
            str(device),
            device.name,
            f"{device.memory_bytes / 2**30:.1f} GiB",
            device.compute_units,
            "yes" if device.has_fp64 else "no",
            _duration(device.figures["launch_seconds"]),
            f"{device.figures['upload_bytes_second'] / 1e9:.3g} GB/s",
            f"{device.figures['gather_entries_second'] / 1e9:.3g} G/s",
            "measured" if device.calibrated else "rough",
            _state(device),
        )
        for device in found
    ]
    print_table(console, header, rows)


def _state(device: Any) -> str:
    if not device.available:
        return f"out of use: {device.reason}"
    return "a CPU: used where it is named" if device.is_cpu else "ready"


@main.command()
@click.argument("device", required=False)
def calibrate(device: str | None) -> None:
    """Measure DEVICE, or all: about a second each, for better choices of where to run.

    The figures are kept for this user, in $GLI_CACHE_DIR/rates or ~/.cache/gli/rates.

    \b
    Examples:
      groggy calibrate
      groggy calibrate cuda:0
    """
    _print_devices(_console(), _guarded(lambda: groggy.calibrate(device)))


@main.command()
def algorithms() -> None:
    """List the algorithms with their sources."""
    rows = [(a.name, a.family, a.networkx, a.summary) for a in groggy.algorithms()]
    print_table(_console(), ["algorithm", "family", "in NetworkX", "summary"], rows)


@main.command()
@click.argument("path", metavar="[FILE]", required=False)
@_file_options
def demo(path: str | None, **options: Any) -> None:
    """Show the main jobs on a graph; without FILE on Zachary's karate club."""
    from groggy.demo import run_demo

    if path is None:
        path = str(Path(__file__).parent / "data" / "karate.csv")
        options["undirected"] = True
    _guarded(lambda: run_demo(path, _read(path, options), _console()))


@main.command()
@click.option("--nodes", default=100_000, show_default=True, help="Size of the graph.")
def bench(nodes: int) -> None:
    """Measure this machine: the basic operations here and in the peers that are installed.

    The full tables, with the peers' bulk ways and memory, come from script/bench in the repository.
    """
    from groggy.benchmark import run_bench

    _guarded(lambda: run_bench(nodes, _console()))


if __name__ == "__main__":
    main()
