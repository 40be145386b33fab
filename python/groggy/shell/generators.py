"""``groggy generate``: a subcommand for every function of ``groggy.generators``."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import click

import groggy
from groggy.shell.common import guarded
from groggy.shell.files import say_written


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
    # For click a default of None is one, and then nothing is required.
    default = {} if required else {"default": parameter.default, "show_default": True}
    match parameter.annotation:
        case "bool":
            return click.Option([flag, parameter.name], is_flag=True, help=said)
        case "int" | "float":
            kind = int if parameter.annotation == "int" else float
            return click.Option(
                [flag, parameter.name], type=kind, required=required, help=said, **default
            )
        case "Iterable[int]":
            return click.Option([flag, parameter.name], required=required, callback=_numbers(int),
                                metavar="N,N,...", help=said)
        case "Sequence[float]":
            return click.Option([flag, parameter.name], callback=_numbers(float), metavar="P,P,P",
                                default=",".join(map(str, parameter.default)), show_default=True, help=said)
        case _:
            return click.Option([flag, parameter.name], required=required, callback=_numbers(float),
                                metavar="P,...;P,...", help=f"{said} Rows with ; between them.")


class _Generators(click.Group):
    """One subcommand per function of groggy.generators."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in groggy.generators.__all__]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        name = name.replace("-", "_")
        return _generator_command(name) if name in groggy.generators.__all__ else None


def _generator_command(name: str) -> click.Command:
    function = getattr(groggy.generators, name)
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
        graph = guarded(
            lambda: function(**given, threads=threads, progress=True if progress else None)
        )
        guarded(lambda: graph.write(output))
        say_written(output, graph)

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


@click.group(cls=_Generators)
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
