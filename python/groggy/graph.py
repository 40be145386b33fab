"""Graph: the class that people use; a backend's graph with a name for it."""

from __future__ import annotations

import os

from groggy import _core, methods
from groggy.backends import resolve

TYPE_CHECKING = False  # typing is imported for type checkers alone: it takes longer than all of groggy
if TYPE_CHECKING:
    from typing import Any, Self

__all__ = ["Graph", "load_extension", "read"]

methods.install()


class _GraphType(type):
    """Makes ``Graph(backend='python')`` give the python backend's graph, which is a Graph too."""

    def __call__(
        cls,
        backend: str = "c-gpu",
        *,
        directed: bool = True,
        multigraph: bool = False,
        on_device_error: str = "cpu",
        device: Any = None,
        **options: Any,
    ) -> Any:
        if on_device_error not in ("cpu", "raise"):
            raise ValueError(f"on_device_error must be 'cpu' or 'raise', not {on_device_error!r}")
        name = resolve(backend)
        if device is not None or name in ("cuda", "opencl"):
            from groggy.accelerators import check_device

            device = check_device(device, name)
        if name == "python":
            from groggy.oracle.graph import PythonGraph

            return PythonGraph(
                directed=directed, multigraph=multigraph, on_device_error=on_device_error
            )
        return super().__call__(
            directed=directed,
            multigraph=multigraph,
            backend=name,
            on_device_error=on_device_error,
            device=device,
            **options,
        )

    def __instancecheck__(cls, instance: object) -> bool:
        if super().__instancecheck__(instance):
            return True
        # Asked without an import: who has a PythonGraph has imported it.
        import sys

        oracle = sys.modules.get("groggy.oracle.graph")
        return cls is Graph and oracle is not None and isinstance(instance, oracle.PythonGraph)


class Graph(_core.FastGraph, metaclass=_GraphType):
    """A mutable property graph: nodes and edges with attributes, and algorithms on them.

    Nodes are named by str or int ids (``7`` and ``"7"`` are two nodes); edges get int ids that are
    never used twice. Iteration is in insertion order.

    Parameters
    ----------
    backend : str
        'c-gpu' (default): the best device for each algorithm, the CPU where that is best;
        'c': the CPU; 'cuda', 'opencl': that or BackendUnavailableError; 'python': plain Python.
        'rust', 'rust-gpu' and 'rust-distributed' are older names of c, c-gpu, c-distributed.
    directed : bool
        Edges lead from source to target.
    multigraph : bool
        Keep parallel edges; otherwise a second edge between two nodes merges into the first.
    on_device_error : {'cpu', 'raise'}
        What c-gpu does when a device fails: compute again on the CPU and say so (DeviceWarning,
        ``.run.fallbacks``), or raise DeviceError. A backend asked for by name raises.
    device : str, int or Device, optional
        Which one, for c-gpu, cuda and opencl: 'cuda:1', a number, or a part of its name;
        :func:`groggy.devices` lists them. None: what the environment variable GLI_DEVICE says, or
        the first. OpenCL on a CPU is used only where it is named, or with backend='opencl'.

    Examples
    --------
    >>> g = Graph()
    >>> alice = g.add_node(name="Alice", age=30)
    >>> bob = g.add_node(name="Bob", age=25)
    >>> friendship = g.add_edge(alice, bob, since=2020)
    >>> g.get_neighbors(alice)
    [1]
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __new__(
            cls,
            backend: str = "c-gpu",
            *,
            directed: bool = True,
            multigraph: bool = False,
            on_device_error: str = "cpu",
            device: Any = None,
        ) -> Self: ...


_core.adopt_methods(Graph)


def read(
    path: str | os.PathLike[str],
    *,
    backend: str = "c-gpu",
    directed: bool = True,
    multigraph: bool = False,
    format: str | None = None,
    delimiter: str | None = None,
    header: str | bool | None = None,
    ids: str | None = None,
    max_nodes: int = 0,
    max_edges: int = 0,
    max_line_bytes: int = 0,
    progress: Any = None,
    threads: int | None = None,
    on_device_error: str = "cpu",
    device: Any = None,
) -> Any:
    """Read a graph from a file: an edge list or METIS, plain, ``.gz`` or ``.zst``.

    Columns after the two ends become edge attributes. A ``.properties`` file is one of LDBC
    Graphalytics, with a vertex file and an edge file beside it.

    Parameters
    ----------
    path : str or path-like
    backend : str
        As for :class:`Graph`.
    directed : bool
        For edge lists; METIS files are undirected, LDBC's say what they are.
    multigraph : bool
        Keep repeated pairs as parallel edges; otherwise they merge.
    format : {'edgelist', 'metis', 'ldbc'}, optional
        Found out from content and name by default.
    delimiter : str, optional
        Of an edge list; found out by default.
    header : {'auto', 'yes', 'no'} or bool, optional
        Whether an edge list's first line names the columns.
    ids : {'auto', 'int', 'string'}, optional
        Kind of node ids; 'auto': int when all are integers.
    max_nodes, max_edges, max_line_bytes : int
        Limits; 0: the library's own.
    progress : bool or callable, optional
        True draws a bar; a callable gets (done, total).
    on_device_error, device
        As for :class:`Graph`.

    Raises
    ------
    OSError
        The file cannot be read.
    FormatError
        It breaks its format; has ``path``, ``line`` and ``column``.
    OverflowError
        It is larger than the limits.
    """
    name = resolve(backend)
    if on_device_error not in ("cpu", "raise"):
        raise ValueError(f"on_device_error must be 'cpu' or 'raise', not {on_device_error!r}")
    if device is not None or name in ("cuda", "opencl"):
        from groggy.accelerators import check_device

        device = check_device(device, name)
    if isinstance(header, bool):
        header = "yes" if header else "no"
    # FileNotFoundError and its kin, with errno and file name. An int would be an open file, and
    # closed by this.
    with open(os.fspath(path), "rb"):
        pass
    for limit, number in (
        ("max_nodes", max_nodes), ("max_edges", max_edges), ("max_line_bytes", max_line_bytes),
    ):  # fmt: skip
        if isinstance(number, bool) or not hasattr(type(number), "__index__"):
            raise TypeError(f"{limit} must be int, not {type(number).__name__}")
    options: dict[str, Any] = {
        "format": format,
        "directed": directed,
        "multigraph": multigraph,
        "delimiter": delimiter,
        "header": header,
        "ids": ids,
        "max_nodes": max_nodes,
        "max_edges": max_edges,
        "max_line_bytes": max_line_bytes,
        "progress": progress,
        "threads": threads,
    }
    if name != "python":
        return _core.read(Graph, path, name, on_device_error, device, **options)
    graph = _core.read(Graph, path, "c", on_device_error, None, **options)
    copy = Graph("python", directed=graph.directed, multigraph=graph.multigraph)
    copy.add_nodes([(id, dict(node)) for id, node in graph.nodes.items()])
    copy.add_edges([(edge.source, edge.target, dict(edge)) for edge in graph.edges.values()])
    return copy


def load_extension(path: str | os.PathLike[str]) -> None:
    """Load algorithms from a shared object; they become methods of every graph.

    Loading runs the file's code: name only files that you trust. Loading it again changes nothing.

    Parameters
    ----------
    path : str or path-like
        Absolute: nothing is searched.

    Raises
    ------
    ValueError
        The path is not absolute, a name is taken, or a descriptor is wrong.
    OSError
        The file cannot be loaded; the message holds the loader's words.
    AbiError
        It was built for another version of the library.
    """
    _core.load_extension(path)
