"""What a contender measures with, inside its own process: seconds, resident bytes, the inputs.

Every contender of a question makes its inputs with the same functions and the same seed, outside
the clock. Standard library only at import: graph-tool's side runs in the system's Python.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any


def seconds(call: Callable[[], Any]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def best(call: Callable[[], Any], times: int) -> float:
    """The shortest of several calls."""
    return min(seconds(call) for _ in range(times))


def up_to_three(call: Callable[[], Any], enough: float) -> list[float]:
    """The seconds of one call, and of a second and a third unless `enough` seconds are spent."""
    times = [seconds(call)]
    while len(times) < 3 and sum(times) < enough:
        times.append(seconds(call))
    return times


def resident_bytes() -> int:
    """Memory of this process that is in RAM now (Linux)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def settle() -> int:
    """Collect garbage, then say what is resident."""
    gc.collect()
    return resident_bytes()


def node_names(count: int) -> list[str]:
    """``node_0``, ``node_1``, ... as fresh strings, no hash computed yet."""
    return [f"node_{i}" for i in range(count)]


def random_positions(count: int, below: int, seed: int) -> Any:
    """A NumPy array of positions, the same for everybody."""
    import numpy

    return numpy.random.default_rng(seed).integers(0, below, count)


def pick(names: list[str], count: int, seed: int) -> list[str]:
    """Randomly drawn names: the very objects of `names`, as a program that holds its ids has them."""
    return [names[i] for i in random_positions(count, len(names), seed).tolist()]


def random_ends(names: list[str], count: int) -> tuple[list[str], list[str]]:
    """Sources and targets of random edges."""
    return pick(names, count, 1), pick(names, count, 2)
