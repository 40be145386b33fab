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

import os
import sys
from pathlib import Path
from typing import Any

import click

import groggy
from groggy.shell import algorithms, files, generators, ldbc, machine
from groggy.shell.common import file_options, guarded, read_graph
from groggy.shell.printing import make_console, prepare_output


class _Group(click.Group):
    """Turns every end of a run into an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        prepare_output()
        try:
            code = super().main(*args, **kwargs)
        except click.ClickException as error:
            error.show()
            raise SystemExit(error.exit_code) from None
        except (click.Abort, KeyboardInterrupt):
            click.echo("groggy: interrupted", err=True)
            raise SystemExit(130) from None
        except OSError as error:  # all that commands read and write is guarded: this was our output
            _leave_output()
            click.echo(f"groggy: standard output: {error.strerror or error}", err=True)
            raise SystemExit(1) from None
        raise SystemExit(code if isinstance(code, int) else 0)

    def invoke(self, context: click.Context) -> Any:
        try:
            code = super().invoke(context)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            # The reader of our output has gone (`groggy ... | head`): nothing is wrong. Click would
            # end with 1.
            _leave_output()
            return 0


def _leave_output() -> None:
    """Let what is still to be written go nowhere, or Python complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    guarded(lambda: groggy.load_extension(str(Path(path).resolve())))


for _command in (
    algorithms.algorithms,
    algorithms.run,
    files.convert,
    files.info,
    generators.generate,
    ldbc.ldbc,
    machine.backends,
    machine.calibrate,
):
    main.add_command(_command)


@main.command()
@click.argument("path", metavar="[FILE]", required=False)
@file_options
def demo(path: str | None, **options: Any) -> None:
    """Show the main jobs on a graph; without FILE on Zachary's karate club."""
    from groggy.demo import run_demo

    if path is None:
        path = str(Path(__file__).parent / "data" / "karate.csv")
        options["undirected"] = True
    guarded(lambda: run_demo(path, read_graph(path, options), make_console()), "standard output")


@main.command()
@click.option("--nodes", default=100_000, show_default=True, help="Size of the graph.")
def bench(nodes: int) -> None:
    """Measure this machine: the basic operations here and in the peers that are installed.

    The full tables, with the peers' bulk ways and memory, come from script/bench in the repository.
    """
    from groggy.benchmark import run_bench

    guarded(lambda: run_bench(nodes, make_console()), "standard output")


if __name__ == "__main__":
    main()
