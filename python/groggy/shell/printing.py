"""How the shell prints: a console that fits pipes, durations, plain tables."""

from __future__ import annotations

import os
import sys
from typing import Any

import click


def prepare_output() -> None:
    """Make the standard streams such that printing cannot fail for what they are.

    A process may be started without them (``>&-``), and the encoding of a terminal may lack letters
    of an id: those are printed as ``\\xe9``.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # stays open as long as the process runs
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def make_console() -> Any:
    from rich.console import Console

    class Patient(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the group, which knows that nothing is wrong."""
            raise

    # A pipe has no width: lines are as long as they need to be.
    return Patient(width=None if sys.stdout.isatty() else 200, highlight=False, soft_wrap=True,
                   emoji=False)  # fmt: skip


#: Above this share of a unit three digits round to a thousand of the unit below.
_NEARLY = 0.9995


def duration(seconds: float) -> str:
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit * _NEARLY:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def size(count: int) -> str:
    """Bytes for people: three digits and a unit."""
    for limit, factor, unit in ((1e3, 1, "bytes"), (1e6, 1e3, "kB"), (1e9, 1e6, "MB")):
        if count < limit * _NEARLY:
            return f"{count / factor:.3g} {unit}"
    return f"{count / 1e9:.3g} GB"


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
