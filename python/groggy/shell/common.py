"""What the commands share: one line for a mistake, the options of files, reading, node ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

import groggy
from groggy.errors import BackendUnavailableError, GroggyError


class Failure(click.ClickException):
    """One line for the user and an exit code."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: Any = None) -> None:
        click.echo(f"groggy: {self.message}", err=True)


def guarded(call: Callable[[], Any], file: str | None = None) -> Any:
    """Run `call`; what users can cause becomes a :class:`Failure`.

    `file` is the one that an error speaks of which names none, as those of writing do.
    """
    try:
        return call()
    except BackendUnavailableError as error:
        raise Failure(str(error), 3) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        name = file if error.filename is None else error.filename or repr("")
        raise Failure(f"{'' if name is None else f'{name}: '}{error.strerror or error}") from None
    except (GroggyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Failure(str(error) or type(error).__name__) from None


# Names and settings of the options that every command which reads a graph has.
FILE_OPTIONS: list[tuple[list[str], dict[str, Any]]] = [
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


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of files to a function that becomes a command."""
    for names, settings in reversed(FILE_OPTIONS):
        command = click.option(*names, **settings)(command)
    return command


def add_file_options(command: click.Command) -> click.Command:
    """Add them to a command made by hand, but for those whose names it has itself."""
    taken = {option for parameter in command.params for option in parameter.opts}
    command.params.extend(
        click.Option(names, **settings)
        for names, settings in FILE_OPTIONS
        if not taken & set(names)
    )
    return command


def read_graph(path: str, options: dict[str, Any]) -> Any:
    return guarded(
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


def node_id(graph: Any, text: str) -> Any:
    """The id that a user's word means: an int where the graph has that node, else text."""
    try:
        number = int(text)
        return number if str(number) == text and graph.has_node(number) else text
    except (ValueError, OverflowError):
        return text
