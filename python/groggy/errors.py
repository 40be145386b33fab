"""Exceptions of groggy.

Every error that groggy raises on its own account is a :class:`GroggyError` and, beside that, the
built-in exception a Python user would expect: a missing node is a ``KeyError``, a backend that is
not on this machine an ``ImportError``. Bad arguments raise plain ``TypeError``, ``ValueError`` or
``OverflowError``.
"""

from __future__ import annotations

__all__ = [
    "AbiError",
    "AlgorithmTimeoutError",
    "AttributeNotFoundError",
    "BackendUnavailableError",
    "BatchConflictError",
    "CancelledError",
    "DeviceError",
    "DeviceWarning",
    "EdgeNotFoundError",
    "ExpressionError",
    "FormatError",
    "GraphBusyError",
    "GroggyError",
    "NegativeCycleError",
    "NodeNotFoundError",
    "NotConvergedError",
]


class GroggyError(Exception):
    """Base class of groggy's own errors."""


class _MissingKeyError(GroggyError, KeyError):
    """A KeyError that prints its message as it is; KeyError itself prints it quoted."""

    def __str__(self) -> str:
        return str(self.args[0]) if len(self.args) == 1 else Exception.__str__(self)


class NodeNotFoundError(_MissingKeyError):
    """There is no node with this id, or the node behind a handle was removed."""


class EdgeNotFoundError(_MissingKeyError):
    """There is no such edge, or the edge behind a handle was removed."""


class AttributeNotFoundError(_MissingKeyError):
    """The node, the edge or the whole graph has no attribute of this name."""


class BackendUnavailableError(GroggyError, ImportError):
    """The backend is known but cannot run on this machine; the message says why."""


class DeviceError(GroggyError, RuntimeError):
    """A device failed in the middle of its work; the message names the driver's call.

    Attributes
    ----------
    driver_code : int or None
        What that call said: a cl_int, a cudaError_t.
    """

    driver_code: int | None = None


class DeviceWarning(RuntimeWarning):
    """A device failed and the CPU did its work; said once per process and device."""


class BatchConflictError(GroggyError, RuntimeError):
    """A batch could not be applied because others changed the graph; nothing was applied."""


class GraphBusyError(GroggyError, RuntimeError):
    """The graph was being written when the process forked; it cannot be used in the child."""


class NotConvergedError(GroggyError, ArithmeticError):
    """An iteration reached its limit before its tolerance."""


class NegativeCycleError(GroggyError, ValueError):
    """A cycle of negative weight can be reached, so that paths have no shortest; the message names it."""


class CancelledError(GroggyError):
    """The call was stopped before it was done."""


class AlgorithmTimeoutError(GroggyError, TimeoutError):
    """The call took longer than its ``max_seconds``."""


class FormatError(GroggyError, ValueError):
    """A file does not say what its format demands.

    Attributes
    ----------
    path : str or None
        The file.
    line, column : int or None
        Where, both counted from 1.
    """

    def __init__(
        self,
        message: str,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.column = column


class ExpressionError(GroggyError, ValueError):
    """A filter expression cannot be understood.

    Attributes
    ----------
    expression : str or None
        The whole expression.
    column : int or None
        The character where it goes wrong, counted from 1.
    """

    def __init__(
        self, message: str, expression: str | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.expression = expression
        self.column = column


class AbiError(GroggyError, ImportError):
    """A plugin or extension was built for another version of the library."""
