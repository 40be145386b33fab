"""Backends to test, and small helpers that all tests share."""

from __future__ import annotations

import importlib.util
import os
import signal
from collections import Counter

import pytest
from groggy.oracle.graph import PythonGraph
from hypothesis import settings

# What a shell starts in the background ignores Ctrl-C, and so do its children; these tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("default", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("full", deadline=None, max_examples=2000)
FULL = os.environ.get("GLI_TEST_FULL") == "1"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "full" if FULL else "default"))

BACKENDS = ["python"]
if importlib.util.find_spec("groggy._core") is not None:
    BACKENDS += ["c", "c-gpu"]


OPERATIONS: Counter[str] = Counter()


def count_operations(backend, count=1):
    """Note operations of the stateful test, for the summary."""
    OPERATIONS[backend] += count


def pytest_terminal_summary(terminalreporter):
    for backend, count in OPERATIONS.items():
        terminalreporter.write_line(f"stateful: {count:,} operations compared, backend {backend}")


@pytest.fixture(params=BACKENDS)
def backend(request):
    """The name of the backend under test."""
    return request.param


def new_graph(backend="python", **options):
    """An empty graph of a backend; the python one needs no compiled core."""
    if backend == "python":
        return PythonGraph(**options)
    import groggy

    return groggy.Graph(backend=backend, **options)


@pytest.fixture
def make_graph(backend):
    """A function that makes an empty graph: make_graph(directed=True, multigraph=False)."""

    def make(**options):
        return new_graph(backend, **options)

    return make


def state(graph):
    """All that can be seen of a graph's content, for 'nothing changed'."""
    return (
        [(id, _comparable(node)) for id, node in graph.nodes.items()],
        [(id, edge.source, edge.target, _comparable(edge)) for id, edge in graph.edges.items()],
        [graph.get_neighbors(id, "out") for id in graph],
        [graph.get_neighbors(id, "in") for id in graph],
        [graph.get_edges(id, "both") for id in graph],
        graph.node_attributes(),
        graph.edge_attributes(),
    )


def _comparable(attributes):
    """A dict in which NaN equals NaN."""
    return {
        name: "nan" if isinstance(value, float) and value != value else value
        for name, value in attributes.items()
    }


@pytest.fixture
def unchanged():
    """A context manager: the graph has the same content and counters after the block as before."""
    return Unchanged


class Unchanged:
    """Checks that a failing call left no trace, version included."""

    def __init__(self, graph):
        self.graph = graph

    def __enter__(self):
        self.before = state(self.graph)
        self.version = self.graph.version
        return self

    def __exit__(self, *error):
        assert state(self.graph) == self.before
        assert self.graph.version == self.version
