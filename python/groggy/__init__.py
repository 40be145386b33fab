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
from groggy.descriptions import Algorithm, algorithms
from groggy.errors import (
    AbiError,
    AlgorithmTimeoutError,
    AttributeNotFoundError,
    BackendUnavailableError,
    BatchConflictError,
    CancelledError,
    DeviceError,
    EdgeNotFoundError,
    ExpressionError,
    FormatError,
    GraphBusyError,
    GroggyError,
    NodeNotFoundError,
    NotConvergedError,
)
from groggy.graph import Graph, load_extension, read

from groggy._core import __version__

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
    "DeviceError",
    "EdgeNotFoundError",
    "ExpressionError",
    "FastGraph",
    "FormatError",
    "Graph",
    "GraphBusyError",
    "GroggyError",
    "NodeNotFoundError",
    "NotConvergedError",
    "__version__",
    "algorithms",
    "backends",
    "get_available_backends",
    "load_extension",
    "read",
]
