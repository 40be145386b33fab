"""Types of groggy._core. Made by script/make-stubs from script/core-stubs.in and the descriptors."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Self, SupportsIndex, TypeAlias, final

import numpy as np
import numpy.typing as npt
from typing_extensions import disjoint_base

from groggy.results import Result

_Id: TypeAlias = str | SupportsIndex
_NodeId: TypeAlias = str | int
_Progress: TypeAlias = bool | Callable[[float, float], object] | None
_Ids: TypeAlias = Iterable[_Id] | npt.NDArray[np.integer[Any]]

__version__: str

@final
class Node(MutableMapping[str, Any]):
    """The attributes of one node, live: reads and writes go to the graph."""

    @property
    def id(self) -> _NodeId: ...
    @property
    def attributes(self) -> dict[str, Any]: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __setitem__(self, name: str, value: Any, /) -> None: ...
    def __delitem__(self, name: str, /) -> None: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

@final
class Edge(MutableMapping[str, Any]):
    """The attributes of one edge, live: reads and writes go to the graph."""

    @property
    def id(self) -> int: ...
    @property
    def source(self) -> _NodeId: ...
    @property
    def target(self) -> _NodeId: ...
    @property
    def attributes(self) -> dict[str, Any]: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __setitem__(self, name: str, value: Any, /) -> None: ...
    def __delitem__(self, name: str, /) -> None: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

@final
class NodesView(Mapping[_NodeId, Node]):
    """The nodes of a graph: a lazy mapping id -> Node."""

    def __getitem__(self, id: _Id, /) -> Node: ...
    def __iter__(self) -> Iterator[_NodeId]: ...
    def __len__(self) -> int: ...

@final
class EdgesView(Mapping[int, Edge]):
    """The edges of a graph: a lazy mapping edge id -> Edge."""

    def __getitem__(self, edge: SupportsIndex | tuple[_Id, _Id], /) -> Edge: ...
    def __iter__(self) -> Iterator[int]: ...
    def __len__(self) -> int: ...

class _Algorithms:
    def adamic_adar(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def adamic_adar_index(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def ancestors(
        self,
        source: _Id | Iterable[_Id],
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def articulation_points(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def average_shortest_path_length(
        self,
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float: ...
    def bellman_ford(
        self,
        source: _Id | Iterable[_Id],
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def betweenness_centrality(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def betweenness(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def rust_betweenness_centrality(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def c_betweenness_centrality(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def bfs(
        self,
        source: _Id | Iterable[_Id],
        direction: str = 'out',
        *,
        max_depth: int | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def bfs_edges(
        self,
        source: _Id | Iterable[_Id],
        direction: str = 'out',
        *,
        max_depth: int | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def biconnected_components(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def blocks(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def bridges(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def circular_layout(
        self,
        *,
        scale: float = 1.0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def closeness_centrality(
        self,
        *,
        distance: str | None = None,
        wf_improved: bool = True,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def clustering(
        self,
        *,
        weight: str | None = None,
        method: str = 'fagiolo',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def common_neighbors(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def compare_partitions(
        self,
        community: Mapping[_Id, float],
        other: Mapping[_Id, float],
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def connected_components(
        self,
        *,
        kind: str = 'weak',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def core_number(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def cosine(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def degree_centrality(
        self,
        direction: str = 'both',
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def descendants(
        self,
        source: _Id | Iterable[_Id],
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def dfs(
        self,
        source: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def diameter(
        self,
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float: ...
    def distances(
        self,
        source: _Id | Iterable[_Id] | None = None,
        target: _Id | Iterable[_Id] | None = None,
        *,
        weight: str | None = None,
        direction: str = 'out',
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def eccentricity(
        self,
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def edge_betweenness(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def edge_betweenness_centrality(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def eigenvector_centrality(
        self,
        *,
        weight: str | None = None,
        max_iterations: int = 100,
        tolerance: float = 1e-06,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def find_negative_cycle(
        self,
        source: _Id | Iterable[_Id] | None = None,
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def forceatlas2_layout(
        self,
        *,
        iterations: int = 100,
        jitter_tolerance: float = 1.0,
        scaling_ratio: float = 2.0,
        gravity: float = 1.0,
        strong_gravity: bool = False,
        distributed_action: bool = False,
        linlog: bool = False,
        weight: str | None = None,
        theta: float = 0.8,
        x: Mapping[_Id, float] | None = None,
        y: Mapping[_Id, float] | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def forceatlas2(
        self,
        *,
        iterations: int = 100,
        jitter_tolerance: float = 1.0,
        scaling_ratio: float = 2.0,
        gravity: float = 1.0,
        strong_gravity: bool = False,
        distributed_action: bool = False,
        linlog: bool = False,
        weight: str | None = None,
        theta: float = 0.8,
        x: Mapping[_Id, float] | None = None,
        y: Mapping[_Id, float] | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def greedy_color(
        self,
        *,
        strategy: str = 'largest_first',
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def harmonic_centrality(
        self,
        *,
        distance: str | None = None,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def hits(
        self,
        *,
        weight: str | None = None,
        normalized: bool = True,
        max_iterations: int = 1000,
        tolerance: float = 1e-08,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def is_dag(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> bool: ...
    def is_directed_acyclic_graph(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> bool: ...
    def jaccard(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def k_core(
        self,
        *,
        k: int = -1,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def k_truss(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def trussness(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def katz_centrality(
        self,
        *,
        alpha: float = 0.1,
        beta: float = 1.0,
        weight: str | None = None,
        normalized: bool = True,
        max_iterations: int = 1000,
        tolerance: float = 1e-06,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def label_propagation(
        self,
        *,
        method: str = 'ldbc',
        max_iterations: int = 0,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def leiden(
        self,
        *,
        weight: str | None = None,
        resolution: float = 1.0,
        seed: int = 0,
        tolerance: float = 0.0001,
        max_levels: int | None = None,
        max_iterations: int = 2,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def louvain(
        self,
        *,
        weight: str | None = None,
        resolution: float = 1.0,
        seed: int = 0,
        tolerance: float = 0.0001,
        max_levels: int | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def maximal_independent_set(
        self,
        nodes: _Id | Iterable[_Id] | None = None,
        *,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def maximal_matching(
        self,
        *,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def minimum_spanning_forest(
        self,
        *,
        weight: str | None = None,
        maximum: bool = False,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def minimum_spanning_tree(
        self,
        *,
        weight: str | None = None,
        maximum: bool = False,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def modularity(
        self,
        community: Mapping[_Id, float],
        *,
        weight: str | None = None,
        resolution: float = 1.0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float: ...
    def neighbor_lists(
        self,
        source: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        *,
        within: bool = False,
        edges: bool = False,
        weight: str | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def overlap(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def pagerank(
        self,
        *,
        damping: float = 0.85,
        weight: str | None = None,
        personalization: Mapping[_Id, float] | None = None,
        dangling: Mapping[_Id, float] | None = None,
        max_iterations: int = 100,
        tolerance: float = 1e-06,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def partition_quality(
        self,
        community: Mapping[_Id, float],
        *,
        weight: str | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def preferential_attachment(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def radius(
        self,
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float: ...
    def random_layout(
        self,
        *,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def random_walks(
        self,
        source: _Id | Iterable[_Id] | None = None,
        *,
        length: int = 10,
        walks_per_node: int = 1,
        weight: str | None = None,
        p: float = 1.0,
        q: float = 1.0,
        direction: str = 'out',
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def resource_allocation(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def resource_allocation_index(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def sample_neighbors(
        self,
        source: _Id | Iterable[_Id],
        fanouts: int | Iterable[int],
        *,
        frontier: str = 'new',
        replace: bool = False,
        weight: str | None = None,
        direction: str = 'out',
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def shortest_path(
        self,
        source: _Id | Iterable[_Id],
        target: _Id | Iterable[_Id],
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def bidirectional_shortest_path(
        self,
        source: _Id | Iterable[_Id],
        target: _Id | Iterable[_Id],
        *,
        weight: str | None = None,
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def bidirectional_dijkstra(
        self,
        source: _Id | Iterable[_Id],
        target: _Id | Iterable[_Id],
        *,
        weight: str = 'weight',
        direction: str = 'out',
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def shortest_paths(
        self,
        source: _Id | Iterable[_Id],
        *,
        weight: str | None = None,
        targets: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def dijkstra(
        self,
        source: _Id | Iterable[_Id],
        *,
        weight: str = 'weight',
        targets: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def rust_dijkstra(
        self,
        source: _Id | Iterable[_Id],
        *,
        weight: str = 'weight',
        targets: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def c_dijkstra(
        self,
        source: _Id | Iterable[_Id],
        *,
        weight: str = 'weight',
        targets: _Id | Iterable[_Id] | None = None,
        direction: str = 'out',
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def similar_nodes(
        self,
        source: _Id | Iterable[_Id] | None = None,
        *,
        k: int = 10,
        measure: str = 'jaccard',
        threshold: float = 0.0,
        adjacent: bool = True,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def similar_pairs(
        self,
        *,
        measure: str = 'jaccard',
        threshold: float = 0.0,
        max_pairs: int = 1000000,
        adjacent: bool = True,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def sorensen(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def dice(
        self,
        pairs: Iterable[tuple[_Id, _Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def spectral_layout(
        self,
        *,
        weight: str | None = None,
        dim: int = 2,
        scale: float = 1.0,
        center_x: float = 0.0,
        center_y: float = 0.0,
        center_z: float = 0.0,
        tolerance: float = 1e-05,
        max_iterations: int = 1000,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def spring_layout(
        self,
        *,
        k: float = 0.0,
        iterations: int = 50,
        threshold: float = 0.0001,
        weight: str | None = None,
        theta: float = 0.8,
        scale: float = 1.0,
        x: Mapping[_Id, float] | None = None,
        y: Mapping[_Id, float] | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def fruchterman_reingold_layout(
        self,
        *,
        k: float = 0.0,
        iterations: int = 50,
        threshold: float = 0.0001,
        weight: str | None = None,
        theta: float = 0.8,
        scale: float = 1.0,
        x: Mapping[_Id, float] | None = None,
        y: Mapping[_Id, float] | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def square_clustering(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def topological_sort(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def transitivity(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float: ...
    def triangle_count(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...
    def triangles(
        self,
        *,
        max_seconds: float | None = None,
        progress: _Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result: ...

@disjoint_base
class FastGraph(_Algorithms):
    """A mutable property graph on the CPU: what Graph is built on, usable alone."""

    def __new__(
        cls,
        directed: bool = True,
        multigraph: bool = False,
        *,
        backend: str = ...,
        on_device_error: str = ...,
        device: str | None = None,
    ) -> Self: ...
    def __iter__(self) -> Iterator[_NodeId]: ...
    def __len__(self) -> int: ...
    def __contains__(self, id: object, /) -> bool: ...
    @property
    def directed(self) -> bool: ...
    @property
    def multigraph(self) -> bool: ...
    @property
    def version(self) -> int: ...
    @property
    def backend(self) -> str: ...
    @property
    def device(self) -> str | None: ...
    @property
    def nodes(self) -> NodesView: ...
    @property
    def edges(self) -> EdgesView: ...
    def add_node(self, id: _Id | None = None, /, **attributes: Any) -> Any: ...
    def add_edge(self, source: _Id, target: _Id, /, **attributes: Any) -> int: ...
    def update_node(self, id: _Id, /, **attributes: Any) -> None: ...
    def update_edge(self, /, *edge: Any, **attributes: Any) -> None: ...
    def remove_node(self, id: _Id, /) -> None: ...
    def remove_edge(self, /, *edge: Any) -> None: ...
    def has_node(self, id: _Id, /) -> bool: ...
    def has_edge(self, /, *edge: Any) -> bool: ...
    def get_node(self, id: _Id, /) -> Node: ...
    def get_edge(self, /, *edge: Any, id: int | None = None) -> Edge: ...
    def get_neighbors(self, id: _Id, /, direction: str = "out") -> list[Any]: ...
    def neighbors(self, id: _Id, /, direction: str = "out") -> list[Any]: ...
    def get_edges(self, id: _Id, /, direction: str = "out") -> list[int]: ...
    def degree(self, id: _Id, /, direction: str = "both") -> int: ...
    def node_count(self) -> int: ...
    def edge_count(self) -> int: ...
    def add_nodes(self, items: Any, /, **columns: Any) -> int: ...
    def batch_add_nodes(self, items: Any, /, **columns: Any) -> int: ...
    def add_edges(self, sources: Any, targets: Any = None, /, **columns: Any) -> int: ...
    def batch_add_edges(self, sources: Any, targets: Any = None, /, **columns: Any) -> int: ...
    def batch_add_nodes_raw(self, items: Any, /) -> int: ...
    def batch_add_edges_raw(self, items: Any, /) -> int: ...
    def update_nodes(self, attributes: Mapping[Any, Mapping[str, Any]], /) -> None: ...
    def remove_nodes(self, ids: _Ids, /) -> int: ...
    def remove_edges(self, edges: Iterable[Any], /) -> int: ...
    def has_nodes(self, ids: _Ids, /) -> Any: ...
    def has_edges(self, sources: Any, targets: Any = None, /) -> Any: ...
    def get_many(self, ids: _Ids, attribute: str, default: Any = None) -> list[Any]: ...
    def neighbors_of(self, ids: _Ids, direction: str = "out") -> list[list[Any]]: ...
    def node_column(self, name: str, default: Any = None) -> npt.NDArray[Any]: ...
    def edge_column(self, name: str, default: Any = None) -> npt.NDArray[Any]: ...
    def set_node_column(self, name: str, values: Any, ids: _Ids | None = None) -> None: ...
    def set_edge_column(self, name: str, values: Any, ids: Any = None) -> None: ...
    def node_ids(self) -> list[Any]: ...
    def edge_ids(self) -> list[int]: ...
    def edge_pairs(self) -> list[tuple[Any, Any]]: ...
    def edge_array(self) -> npt.NDArray[np.int64]: ...
    def node_attributes(self) -> dict[str, str]: ...
    def edge_attributes(self) -> dict[str, str]: ...
    def filter_nodes(
        self, condition: str | Callable[[Node], object] | None = None, /, **equals: Any
    ) -> list[Any]: ...
    def filter_edges(
        self, condition: str | Callable[[Edge], object] | None = None, /, **equals: Any
    ) -> list[int]: ...
    def node_mask(self, expression: str) -> npt.NDArray[np.bool_]: ...
    def edge_mask(self, expression: str) -> npt.NDArray[np.bool_]: ...
    def subgraph(self, ids: _Ids, /) -> Self: ...
    def edge_subgraph(self, edge_ids: Iterable[int], /) -> Self: ...
    def batch_operations(self) -> Batch: ...
    def snapshot(self) -> Snapshot: ...
    def copy(self) -> Self: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: Any, /) -> Self: ...
    def clear(self) -> None: ...
    def memory_usage(self) -> dict[str, int]: ...
    def pin(self, device: Any = None) -> None: ...
    def unpin(self, device: Any = None) -> None: ...
    def device_memory(self) -> dict[str, dict[str, Any]]: ...
    def write(
        self,
        path: str | os.PathLike[str],
        format: str | None = None,
        delimiter: str | None = None,
        header: bool = True,
        progress: _Progress = None,
    ) -> None: ...
    def degrees(
        self, ids: Iterable[Any] | None = None, direction: str = "both", **options: Any
    ) -> Any: ...
    def k_hop(self, source: Any, k: int, direction: str = "out", **control: Any) -> list[Any]: ...
    def distance_blocks(
        self,
        sources: Iterable[Any] | None = None,
        size: int = 256,
        *,
        target: Any = None,
        **options: Any,
    ) -> Iterator[tuple[list[Any], npt.NDArray[np.float64]]]: ...
    def ego_graph(
        self,
        id: Any,
        radius: float = 1,
        center: bool = True,
        direction: str = "out",
        weight: str | None = None,
        **control: Any,
    ) -> Any: ...
    def bfs_tree(self, source: Any, **options: Any) -> Any: ...
    def bfs_layers(self, source: Any, **options: Any) -> list[list[Any]]: ...
    def bfs_predecessors(self, source: Any, **options: Any) -> dict[Any, Any]: ...
    def bfs_successors(self, source: Any, **options: Any) -> dict[Any, list[Any]]: ...
    def descendants_at_distance(
        self, source: Any, distance: int, **options: Any
    ) -> list[Any]: ...
    def dfs_edges(self, source: Any = None, **options: Any) -> list[tuple[Any, Any]]: ...
    def dfs_tree(self, source: Any = None, **options: Any) -> Any: ...
    def dfs_preorder_nodes(self, source: Any = None, **options: Any) -> list[Any]: ...
    def dfs_postorder_nodes(self, source: Any = None, **options: Any) -> list[Any]: ...
    def dfs_predecessors(self, source: Any = None, **options: Any) -> dict[Any, Any]: ...
    def dfs_successors(self, source: Any = None, **options: Any) -> dict[Any, list[Any]]: ...
    def group_by(
        self, attribute: str, value: str | None = None, agg: str = "count", of: str = "nodes"
    ) -> dict[Any, Any]: ...
    def summary(self) -> str: ...
    def _repr_html_(self) -> str: ...

@final
class Snapshot(_Algorithms):
    """A graph as it was: algorithms run on it while the graph goes on changing."""

    @property
    def node_count(self) -> int: ...
    @property
    def edge_count(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def directed(self) -> bool: ...
    @property
    def multigraph(self) -> bool: ...
    @property
    def backend(self) -> str: ...
    @property
    def device(self) -> str | None: ...
    def node_ids(self) -> list[Any]: ...
    def edge_ids(self) -> list[int]: ...
    def edge_pairs(self) -> list[tuple[Any, Any]]: ...
    def degrees(
        self, ids: Iterable[Any] | None = None, direction: str = "both", **options: Any
    ) -> Any: ...
    def k_hop(self, source: Any, k: int, direction: str = "out", **control: Any) -> list[Any]: ...
    def distance_blocks(
        self,
        sources: Iterable[Any] | None = None,
        size: int = 256,
        *,
        target: Any = None,
        **options: Any,
    ) -> Iterator[tuple[list[Any], npt.NDArray[np.float64]]]: ...
    def bfs_tree(self, source: Any, **options: Any) -> Any: ...
    def bfs_layers(self, source: Any, **options: Any) -> list[list[Any]]: ...
    def bfs_predecessors(self, source: Any, **options: Any) -> dict[Any, Any]: ...
    def bfs_successors(self, source: Any, **options: Any) -> dict[Any, list[Any]]: ...
    def descendants_at_distance(
        self, source: Any, distance: int, **options: Any
    ) -> list[Any]: ...
    def dfs_edges(self, source: Any = None, **options: Any) -> list[tuple[Any, Any]]: ...
    def dfs_tree(self, source: Any = None, **options: Any) -> Any: ...
    def dfs_preorder_nodes(self, source: Any = None, **options: Any) -> list[Any]: ...
    def dfs_postorder_nodes(self, source: Any = None, **options: Any) -> list[Any]: ...
    def dfs_predecessors(self, source: Any = None, **options: Any) -> dict[Any, Any]: ...
    def dfs_successors(self, source: Any = None, **options: Any) -> dict[Any, list[Any]]: ...

@final
class Batch:
    """Changes that happen together at the end of a with-block, or not at all."""

    def __enter__(self) -> Self: ...
    def __exit__(self, /, *raised: Any) -> bool | None: ...
    def add_node(self, id: _Id | None = None, /, **attributes: Any) -> Any: ...
    def add_edge(self, source: _Id, target: _Id, /, **attributes: Any) -> int: ...
    def update_node(self, id: _Id, /, **attributes: Any) -> None: ...
    def update_edge(self, /, *edge: Any, **attributes: Any) -> None: ...
    def remove_node(self, id: _Id, /) -> None: ...
    def remove_edge(self, /, *edge: Any) -> None: ...
    def has_node(self, id: _Id, /) -> bool: ...
    def has_edge(self, /, *edge: Any) -> bool: ...
    def get_node(self, id: _Id, /) -> Node: ...
    def get_edge(self, /, *edge: Any, id: int | None = None) -> Edge: ...
    def batch_add_nodes(self, items: Any, /, **columns: Any) -> int: ...
    def batch_add_edges(self, sources: Any, targets: Any = None, /, **columns: Any) -> int: ...
    def node_count(self) -> int: ...
    def edge_count(self) -> int: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...

@final
class Ids:
    """Ids of a result by position."""

    def __getitem__(self, position: Any, /) -> Any: ...
    def __len__(self) -> int: ...
    def index(self, id: Any, /) -> int: ...

@final
class Buffer:
    """Column of a result: shares the memory of the core."""

    def __getitem__(self, position: Any, /) -> Any: ...
    def __len__(self) -> int: ...

@final
class DeviceBuffer:
    """Column of a result on a device; comes to the host when it is read."""

    def __getitem__(self, position: Any, /) -> Any: ...
    def __len__(self) -> int: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    @property
    def __cuda_array_interface__(self) -> dict[str, Any]: ...
    def _capsule(self, versioned: bool, /) -> Any: ...

@final
class Algorithm:
    """An algorithm as a method of graphs and snapshots."""

    __name__: str
    __qualname__: str
    __signature__: Any
    def __call__(self, *arguments: Any, **options: Any) -> Any: ...

@final
class IdIterator(Iterator[Any]):
    """Iterates over ids; stops with RuntimeError when the graph has changed."""

    def __next__(self) -> Any: ...

@disjoint_base
class ResultParts:
    """The parts of a result; those of an algorithm's result are made on first need."""

    _columns: Any
    _ids: Any
    _positions: Any
    _scalars: Any
    _label: str
    key: str
    _node_columns: Any
    _nodes: Any
    _node_positions: Any
    _beside: Any
    _lists: Any
    _memory: Any
    run: Any

@final
class ResultMemory:
    """Keeps the memory of a result alive."""

    def reached(self, column: str, /) -> list[Any]: ...
    def top(self, column: str, k: int, /) -> list[int] | None: ...

def adopt_methods(graph_type: type[FastGraph], /) -> None: ...
def algorithms() -> Any: ...
def backends() -> list[tuple[str, bool, str]]: ...
def calibrate(position: int, /) -> None: ...
def device_environment() -> str | None: ...
def device_matches(position: int, device: str | None, /) -> bool: ...
def device_usage(position: int, /) -> dict[str, Any]: ...
def devices() -> list[dict[str, Any]]: ...
def generate(*arguments: Any, **options: Any) -> Any: ...
def load_extension(path: str | os.PathLike[str], /) -> None: ...
def read(*arguments: Any, **options: Any) -> Any: ...
def require_backend(name: str, /) -> None: ...
