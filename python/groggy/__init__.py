"""groggy: a mutable property graph in C, with algorithms.

>>> from groggy import Graph
>>> g = Graph()
>>> friendship = g.add_edge("alice", "bob", since=2020)
>>> g.get_node("alice")["age"] = 30
>>> g.filter_nodes("age >= 30")
['alice']
>>> g.pagerank().top(1)[0][0]
'bob'
"""

from groggy._core import FastGraph
from groggy.backends import backends, get_available_backends
from groggy.errors import (
    AbiError,
    AlgorithmTimeoutError,
    AttributeNotFoundError,
    BackendUnavailableError,
    BatchConflictError,
    CancelledError,
    DeviceError,
    DeviceWarning,
    EdgeNotFoundError,
    ExpressionError,
    FormatError,
    GraphBusyError,
    GroggyError,
    NegativeCycleError,
    NodeNotFoundError,
    NotConvergedError,
)
from groggy.graph import Graph, load_extension, read

from groggy._core import __version__

# As typing's own, which mypy knows by its name: typing itself is half of what an import may take.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from groggy import generators, ldbc
    from groggy.accelerators import Device, calibrate, devices
    from groggy.descriptions import Algorithm, algorithms
else:

    def __getattr__(name):
        """Descriptors and devices are loaded when somebody asks for them."""
        if name in ("Algorithm", "algorithms"):
            from groggy import descriptions as module
        elif name in ("Device", "calibrate", "devices"):
            from groggy import accelerators as module
        elif name in ("generators", "ldbc"):
            from importlib import import_module

            return import_module(f"groggy.{name}")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals().setdefault(name, getattr(module, name))

    def __dir__():
        return __all__


C_BACKEND_AVAILABLE = True
#: The older name of C_BACKEND_AVAILABLE: what was the Rust backend is the C backend.
RUST_BACKEND_AVAILABLE = True

__all__ = [
    "C_BACKEND_AVAILABLE",
    "RUST_BACKEND_AVAILABLE",
    "AbiError",
    "Algorithm",
    "AlgorithmTimeoutError",
    "AttributeNotFoundError",
    "BackendUnavailableError",
    "BatchConflictError",
    "CancelledError",
    "Device",
    "DeviceError",
    "DeviceWarning",
    "EdgeNotFoundError",
    "ExpressionError",
    "FastGraph",
    "FormatError",
    "Graph",
    "GraphBusyError",
    "GroggyError",
    "NegativeCycleError",
    "NodeNotFoundError",
    "NotConvergedError",
    "__version__",
    "algorithms",
    "backends",
    "calibrate",
    "devices",
    "generators",
    "get_available_backends",
    "ldbc",
    "load_extension",
    "read",
]
