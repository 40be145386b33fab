"""Time limit, progress and record of one algorithm call."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

from groggy.errors import AlgorithmTimeoutError
from groggy.oracle.values import check_count
from groggy.results import RunRecord

Progress = bool | Callable[[int, int], object] | None


class Control:
    """What every algorithm accepts beside its own options.

    Parameters
    ----------
    max_seconds : float, optional
        Stop with AlgorithmTimeoutError after this time.
    progress : bool or callable, optional
        True draws a bar on stderr; a callable gets (done, total).
    threads : int, optional
        Accepted for the sake of other backends; this one has one thread.
    keep : {'host', 'device'}, optional
        Likewise: this one has no device, so results are on the host.
    """

    def __init__(
        self,
        max_seconds: float | None,
        progress: Progress,
        threads: int | None,
        keep: str | None = None,
    ) -> None:
        if max_seconds is not None:
            if isinstance(max_seconds, bool) or not isinstance(max_seconds, (int, float)):
                raise TypeError(
                    f"max_seconds must be a number or None, not {type(max_seconds).__name__}"
                )
            if math.isnan(max_seconds) or max_seconds <= 0:
                raise ValueError(f"max_seconds must be above 0, not {max_seconds}")
        if progress is not None and not isinstance(progress, bool) and not callable(progress):
            raise TypeError("progress must be True, False, None or a function (done, total)")
        if threads is not None:
            check_count(threads, "threads")
        if keep is not None and not isinstance(keep, str):
            raise TypeError(f"keep must be 'host' or 'device', not {type(keep).__name__}")
        if keep not in (None, "host", "device"):
            raise ValueError(f"keep must be 'host' or 'device', not {keep!r}")
        self._kept = "host" if keep == "device" else ""
        self._max_seconds = max_seconds
        self._progress = _draw_bar if progress is True else progress or None
        self._start = time.perf_counter()
        self._prepared = self._start
        self.iterations = 0

    def prepared(self) -> None:
        """Arguments are checked and rows are made; the work begins."""
        self._prepared = time.perf_counter()

    def tick(self, done: int, total: int) -> None:
        """Look at the clock and tell how far we are."""
        elapsed = time.perf_counter() - self._start
        if self._max_seconds is not None and elapsed > self._max_seconds:
            raise AlgorithmTimeoutError(
                f"stopped after {elapsed:.3g} s: max_seconds is {self._max_seconds}"
            )
        if self._progress is not None:
            self._progress(done, total)

    def record(self) -> RunRecord:
        """The run record of a call that ends now."""
        now = time.perf_counter()
        seconds = {
            "prepare": self._prepared - self._start,
            "compute": now - self._prepared,
            "total": now - self._start,
        }
        return RunRecord(
            "python",
            why="backend 'python' was asked for",
            seconds=seconds,
            iterations=self.iterations,
            kept=self._kept,
        )


def _draw_bar(done: int, total: int) -> None:
    filled = 30 * done // max(total, 1)
    end = "\n" if done >= total else ""
    print(f"\r[{'#' * filled:30}] {done}/{total}", end=end, file=sys.stderr, flush=True)
