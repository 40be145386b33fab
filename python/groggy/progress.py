"""The progress bar of ``progress=True``: on a terminal, and only once a call takes a while."""

from __future__ import annotations

import sys
import time
from typing import Any

#: Calls shorter than this show nothing.
_PATIENCE = 0.3


class Bar:
    """A callable(done, total) that draws a bar on standard error.

    Parameters
    ----------
    label : str
        What is going on.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = time.monotonic()
        self._progress: Any = None
        self._task: Any = None

    def __call__(self, done: float, total: float) -> None:
        if self._progress is None:
            if time.monotonic() - self._start < _PATIENCE or not sys.stderr.isatty():
                return
            self._open()
        self._progress.update(self._task, completed=done, total=total or None)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(self._label, total=None)
        self._progress.start()

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
