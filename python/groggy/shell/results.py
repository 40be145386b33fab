"""How the shell prints what an algorithm found: a table, CSV or JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from groggy.shell.common import guarded
from groggy.shell.printing import make_console, print_table

FORMATS = ("table", "csv", "json")


def _rows(algorithm: Any, result: Any, keys: Iterable[Any], limit: int | None) -> Iterator[list[Any]]:
    """Rows of a result by `keys`: key (one or two cells), then the columns per node, edge or pair."""
    names = _column_names(algorithm, result)
    for place, key in enumerate(keys):
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


def print_result(
    algorithm: Any, result: Any, form: str, top: int | None, limit: int | None
) -> None:
    scalars = _scalars(algorithm, result)
    lone = len(algorithm.columns) == 1 and bool(scalars)
    # Before anything is printed: lists of nodes have no largest.
    chosen = result if top is None or lone else [key for key, _ in guarded(lambda: result.top(top))]
    header = _key_names(algorithm) + ([] if lone else _column_names(algorithm, result))
    if form == "json":
        # JSON has no infinity and no NaN: null.
        rows = [] if lone else [
            [_finite(cell) for cell in row] for row in _rows(algorithm, result, chosen, limit)
        ]
        scalars = {name: _finite(value) for name, value in scalars.items()}
        click.echo(json.dumps({"algorithm": algorithm.name, **scalars, "columns": header, "rows": rows}))
        return
    if form == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        if lone:
            writer.writerows(scalars.items())
            return
        writer.writerow(header)
        writer.writerows(_rows(algorithm, result, chosen, limit))
        return
    console = make_console()
    for name, value in scalars.items():
        console.print(f"{name}: {value}", markup=False)
    if lone:
        return
    shown = limit if limit is not None or top is not None else 20
    print_table(console, header, _rows(algorithm, result, chosen, shown))
    if top is None and len(result) > (shown or 0):
        console.print(f"... {len(result)} rows; --top, --limit or --format csv show others", style="dim")
    console.print(str(result.run), style="dim", markup=False)


def _finite(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
