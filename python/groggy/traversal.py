"""What searches leave behind, as NetworkX has it: trees, layers, orders, neighbourhoods as graphs.

Thin methods of graphs and snapshots over the algorithms ``bfs_edges``, ``dfs``, ``k_hop`` and
``shortest_paths``, in NetworkX's orders.
"""

from __future__ import annotations

from groggy import _core

TYPE_CHECKING = False  # as in groggy.methods
if TYPE_CHECKING:
    from typing import Any


def install() -> None:
    """Add these methods to the types of the C core."""
    setattr(_core.FastGraph, ego_graph.__name__, ego_graph)
    for owner in (_core.FastGraph, _core.Snapshot):
        for method in METHODS:
            setattr(owner, method.__name__, method)


def ego_graph(
    self: Any,
    id: Any,
    radius: float = 1,
    center: bool = True,
    direction: str = "out",
    weight: str | None = None,
    **control: Any,
) -> Any:
    """A graph of its own: the nodes within `radius` of a node, all edges between them, attributes.

    Parameters
    ----------
    id : id or iterable of ids
        Several: what is near any of them.
    radius : float
        Hops; with `weight` a distance.
    center : bool
        Whether the node itself belongs to it.
    direction : {'out', 'in', 'both'}
    weight : str, optional
        Edge attribute with the length of an edge.
    **control
        ``max_seconds``, ``progress``, ``threads``.
    """
    id = _several(id)
    if center not in (False, True):
        raise TypeError(f"center must be True or False, not {type(center).__name__}")
    if isinstance(radius, bool) or not hasattr(type(radius), "__float__"):
        raise TypeError(f"radius must be a number, not {type(radius).__name__}")
    if not radius >= 0:
        raise ValueError(f"radius is {radius}; it must be at least 0")
    if weight is None:
        hops = int(min(radius, 2**31 - 1))
        near = self.k_hop(id, hops, direction=direction, **control)
    else:
        found = self.shortest_paths(
            id, weight=weight, cutoff=radius, direction=direction, **control
        )
        near = [node for node, distance in found.items() if distance <= radius]
    if not center:
        own = set(id)
        near = [node for node in near if node not in own]
    return self.subgraph(near)


def _several(id: Any) -> list[Any]:
    """One id, or those of an iterable, which may be asked for them only once."""
    if hasattr(id, "tolist"):  # of NumPy: Python's own kinds of ids
        id = id.tolist()
    return [id] if isinstance(id, (str, bytes)) or not hasattr(id, "__iter__") else list(id)


def _tree(self: Any, roots: list[Any], edges: list[tuple[Any, Any]]) -> Any:
    from groggy.graph import Graph

    tree = Graph(self.backend)
    tree.add_nodes(roots)
    tree.add_edges(edges)
    return tree


def bfs_tree(self: Any, source: Any, **options: Any) -> Any:
    """The tree of a breadth-first search as a directed graph, edges in the order of discovery.

    Options are those of :meth:`bfs_edges`; attributes are not copied, as in NetworkX.
    """
    source = _several(source)
    return _tree(self, _unique(source), list(self.bfs_edges(source, **options)))


def _unique(source: list[Any]) -> list[Any]:
    return list(dict.fromkeys(source))


def bfs_layers(self: Any, source: Any, **options: Any) -> list[list[Any]]:
    """The sources, the nodes one hop away, and so on, each in the order of discovery."""
    source = _several(source)
    found = self.bfs_edges(source, **options)
    layers: list[list[Any]] = [_unique(source)]
    for node, level in zip(found.target.values(), found.level.values()):
        if level == len(layers):
            layers.append([])
        layers[level].append(node)
    return layers


def bfs_predecessors(self: Any, source: Any, **options: Any) -> dict[Any, Any]:
    """Node -> the one it was discovered from, in the order of discovery."""
    return {node: before for before, node in self.bfs_edges(source, **options)}


def bfs_successors(self: Any, source: Any, **options: Any) -> dict[Any, list[Any]]:
    """Node -> the ones discovered from it, in the order of discovery.

    Nodes without such are left out, but for a source from which nothing is discovered at all.
    """
    source = _several(source)
    found = _successors(self.bfs_edges(source, **options))
    return found or {node: [] for node in _unique(source)}


def _successors(edges: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for node, other in edges:
        found.setdefault(node, []).append(other)
    return found


def descendants_at_distance(self: Any, source: Any, distance: int, **options: Any) -> list[Any]:
    """The nodes exactly so many hops away, in node order."""
    found = self.bfs(source, max_depth=distance, **options)
    return [node for node, level in found.items() if level == distance]


def _entered(found: Any, name: str = "preorder") -> list[Any]:
    places = {id: place for id, place in found.column(name).items() if place >= 0}
    return sorted(places, key=places.__getitem__)


def dfs_edges(self: Any, source: Any = None, **options: Any) -> list[tuple[Any, Any]]:
    """The edges over which a depth-first search enters nodes, in order; options as :meth:`dfs`."""
    found = self.dfs(source, **options)
    before = found.predecessor
    return [(before[node], node) for node in _entered(found) if before[node] is not None]


def dfs_tree(self: Any, source: Any = None, **options: Any) -> Any:
    """The forest of a depth-first search as a directed graph, without attributes."""
    found = self.dfs(source, **options)
    before = found.predecessor
    nodes = _entered(found)
    edges = [(before[node], node) for node in nodes if before[node] is not None]
    return _tree(self, nodes, edges)


def dfs_preorder_nodes(self: Any, source: Any = None, **options: Any) -> list[Any]:
    """The nodes in the order in which a depth-first search enters them."""
    return _entered(self.dfs(source, **options))


def dfs_postorder_nodes(self: Any, source: Any = None, **options: Any) -> list[Any]:
    """The nodes in the order in which a depth-first search leaves them."""
    return _entered(self.dfs(source, **options), "postorder")


def dfs_predecessors(self: Any, source: Any = None, **options: Any) -> dict[Any, Any]:
    """Node -> the one it was entered from, in the order of entering."""
    return {node: before for before, node in dfs_edges(self, source, **options)}


def dfs_successors(self: Any, source: Any = None, **options: Any) -> dict[Any, list[Any]]:
    """Node -> the ones entered from it, in the order of entering."""
    return _successors(dfs_edges(self, source, **options))


METHODS = (
    bfs_tree,
    bfs_layers,
    bfs_predecessors,
    bfs_successors,
    descendants_at_distance,
    dfs_edges,
    dfs_tree,
    dfs_preorder_nodes,
    dfs_postorder_nodes,
    dfs_predecessors,
    dfs_successors,
)
