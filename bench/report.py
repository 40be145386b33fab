"""Tables: what was seen, the rows that are held against a target, and their text."""

from __future__ import annotations

import dataclasses
import statistics
import unicodedata


class Seen:
    """What the repetitions of a question's contenders measured."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, list[float]]] = {}
        self.missing: dict[str, str] = {}

    def add(self, contender: str, measured: dict[str, float | list[float]]) -> None:
        """Keep one repetition; several values of a measure are as many repetitions of it."""
        for measure, value in measured.items():
            kept = self.values.setdefault(contender, {}).setdefault(measure, [])
            kept.extend(value if isinstance(value, list) else [value])

    def least(self, contender: str, measure: str) -> float | None:
        """The minimum, None when it was not measured."""
        found = self.values.get(contender, {}).get(measure)
        return min(found) if found else None

    def middle(self, contender: str, measure: str) -> float | None:
        """The median."""
        found = self.values.get(contender, {}).get(measure)
        return statistics.median(found) if found else None

    def fastest(self, measure: str, but: tuple[str, ...]) -> str | None:
        """The contender with the least value, `but` left out."""
        found = [
            (min(measures[measure]), name)
            for name, measures in self.values.items()
            if name not in but and measure in measures
        ]
        return min(found)[1] if found else None


@dataclasses.dataclass
class Row:
    """One line held against a target; ``met`` None: there is no target, or it was not measured.
    ``explained``: where it is written what limits the row, shown when it misses."""

    what: str
    figure: str
    reference: str
    ratio: str
    target: str
    met: bool | None
    explained: str = ""

    def cells(self) -> list[str]:
        """For the table."""
        verdict = {True: "met", False: "NOT met", None: "-"}[self.met]
        if self.met is False and self.explained:
            verdict += f": {self.explained}"
        return [self.what, self.figure, self.reference, self.ratio, self.target, verdict]


ROW_HEADS = ["what", "groggy", "against", "ratio", "target", ""]
NOT_MEASURED = "not measured"


def quantity(value: float | None, unit: str) -> str:
    """Three digits and a unit: ``s`` picks ns to s by itself, ``B`` bytes to GB."""
    if value is None:
        return NOT_MEASURED
    if unit == "s":
        for limit, factor, name in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
            if abs(value) < limit:
                return f"{digits(value * factor)} {name}"
        return f"{digits(value)} s"
    if unit == "B":
        for limit, factor, name in ((1e4, 1.0, "B"), (1e6, 1e-3, "kB"), (1e10, 1e-6, "MB")):
            if abs(value) < limit:
                return f"{digits(value * factor)} {name}"
        return f"{digits(value * 1e-9)} GB"
    return f"{digits(value)} {unit}".rstrip()


def digits(value: float) -> str:
    """Three significant digits, never an exponent."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _quotient(seen: Seen, over: tuple[str, str], under: tuple[str, str]) -> tuple[float | None, str]:
    """over / under by minima, and its text with the medians' ratio."""
    top, bottom = seen.least(*over), seen.least(*under)
    if top is None or bottom is None or bottom == 0:
        return None, NOT_MEASURED
    middles = (seen.middle(*over) or 0.0) / (seen.middle(*under) or 1.0)
    return top / bottom, f"{digits(top / bottom)} x (medians {digits(middles)})"


def faster(
    seen: Seen,
    what: str,
    ours: tuple[str, str],
    theirs: tuple[str, str],
    at_least: float,
    unit: str = "s",
    target: str | None = None,
) -> Row:
    """`theirs` takes at least so many times as much as `ours`; each is (contender, measure)."""
    ratio, text = _quotient(seen, theirs, ours)
    return Row(
        what,
        quantity(seen.least(*ours), unit),
        f"{theirs[0]}: {quantity(seen.least(*theirs), unit)}",
        text,
        target or f">= {at_least:g} x {theirs[0]}",
        None if ratio is None or target == "-" else ratio >= at_least,
    )


def within(
    seen: Seen,
    what: str,
    ours: tuple[str, str],
    theirs: tuple[str, str],
    at_most: float,
    unit: str = "s",
    target: str | None = None,
) -> Row:
    """`ours` is at most so many times `theirs`."""
    ratio, text = _quotient(seen, ours, theirs)
    return Row(
        what,
        quantity(seen.least(*ours), unit),
        f"{theirs[1]}: {quantity(seen.least(*theirs), unit)}",
        text,
        target or f"<= {at_most:g} x {theirs[1]}",
        None if ratio is None else ratio <= at_most,
    )


def faster_than_all(seen: Seen, what: str, ours: tuple[str, str], measure: str, but: tuple[str, ...]) -> Row:
    """Faster than whichever peer is the fastest at `measure`."""
    peer = seen.fastest(measure, but)
    if peer is None:
        return Row(
            what, quantity(seen.least(*ours), "s"), "no peer here", "-", "faster than every peer", None
        )
    return faster(seen, what, ours, (peer, measure), 1.0, target="faster than every peer")


def limit(
    what: str, value: float | None, bound: float, unit: str, most: bool = True, against: str = "-"
) -> Row:
    """A plain figure held against a bound, the ratio is figure / bound."""
    sign = "<=" if most else ">="
    met = None if value is None else (value <= bound if most else value >= bound)
    ratio = NOT_MEASURED if value is None else f"{digits(value / bound)} of the bound"
    return Row(what, quantity(value, unit), against, ratio, f"{sign} {quantity(bound, unit)}", met)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table that also reads well as plain text."""
    lines = [heads, *rows]
    widths = [max(3, *(_width(line[i]) for line in lines)) for i in range(len(heads))]
    out = []
    for number, line in enumerate(lines):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths))
        out.append("| " + " | ".join(cells) + " |")
        if number == 0:
            out.append("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(out)


def raw_table(seen: Seen, units: dict[str, str]) -> str:
    """Every contender and measure: minimum / median of the repetitions; one each way, the longer down."""
    contenders = list(seen.values)
    measures = [m for m in units if any(m in found for found in seen.values.values())]

    def cell(name: str, measure: str) -> str:
        found = seen.values[name].get(measure)
        if found is None:
            return ""
        low = quantity(min(found), units[measure])
        if len(found) == 1:
            return low
        return f"{low} / {quantity(seen.middle(name, measure), units[measure])}"

    if len(measures) >= len(contenders):
        rows = [[measure, *(cell(name, measure) for name in contenders)] for measure in measures]
        return table(["minimum / median", *contenders], rows)
    rows = [[name, *(cell(name, measure) for measure in measures)] for name in contenders]
    return table(["minimum / median", *measures], rows)
