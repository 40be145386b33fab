"""The algorithms as methods: options are checked here, results are made here."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from groggy.errors import NodeNotFoundError
from groggy.oracle import bulk
from groggy.oracle.adjacency import Adjacency
from groggy.oracle.algorithms import centrality, cluster, community, components, paths
from groggy.oracle.algorithms.draw import sample
from groggy.oracle.algorithms.pagerank import pagerank
from groggy.oracle.control import Control, Progress
from groggy.oracle.queries import check_direction
from groggy.oracle.values import check_count, check_node_id, check_truth
from groggy.results import Ids, Result

if TYPE_CHECKING:
    from groggy.oracle.store import Id, Sources, Store


class AlgorithmMethods:
    """Algorithms of a graph or a snapshot.

    Each runs on the graph as it is and returns a :class:`~groggy.results.Result`, a mapping from
    id to the first column. All accept ``max_seconds`` (AlgorithmTimeoutError when it is not
    enough), ``progress`` (True or a function of (done, total)) and ``threads``.
    """

    def _store_now(self) -> Store:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        from groggy.descriptions import algorithms

        if any(name in (known.name, *known.aliases) for known in algorithms()):
            raise AttributeError(
                f"the python backend has no {name}: it is the oracle of the first algorithms; use backend='c'"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    # Paths.

    def bfs(
        self,
        source: Sources,
        direction: str = "out",
        *,
        max_depth: int | None = None,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Hops from the nearest of one or several sources.

        Columns: ``level`` (-1: not reached) and ``predecessor`` (the neighbour of the smallest
        index one level nearer; None for sources).

        >>> from groggy.oracle.graph import PythonGraph
        >>> g = PythonGraph()
        >>> added = g.add_edges([('a', 'b'), ('b', 'c')])
        >>> g.bfs('a').to_dict()
        {'a': 0, 'b': 1, 'c': 2}
        >>> g.bfs('a').path('c')
        ['a', 'b', 'c']
        """
        control = Control(max_seconds, progress, threads, keep)
        check_direction(direction)
        depth = None if max_depth is None else check_count(max_depth, "max_depth")
        adjacency = Adjacency(self._store_now())
        starts = _positions(adjacency, bulk.one_or_many(source))
        control.prepared()
        level, predecessor = paths.bfs(adjacency, starts, direction, depth, control)
        columns = {"level": array("q", level), "predecessor": array("q", predecessor)}
        return _node_result("bfs", adjacency, columns, control, node_columns={"predecessor"})

    def k_hop(
        self,
        source: Sources,
        k: int,
        direction: str = "out",
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> list[Id]:
        """Ids within `k` hops of one or several sources, which are included.

        Ordered by level, within a level in node order.
        """
        found = self._k_hop_levels(
            source,
            k,
            direction,
            max_seconds=max_seconds,
            progress=progress,
            threads=threads,
            keep=keep,
        )
        reached = [(level, id) for id, level in found.items() if level >= 0]
        return [id for _, id in sorted(reached, key=lambda pair: pair[0])]

    def _k_hop_levels(
        self,
        source: Sources,
        k: int,
        direction: str = "out",
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """The algorithm k_hop: column ``level`` (-1: farther), number ``count`` (those within)."""
        k = check_count(k, "k")
        control = Control(max_seconds, progress, threads, keep)
        check_direction(direction)
        adjacency = Adjacency(self._store_now())
        starts = _positions(adjacency, bulk.one_or_many(source))
        control.prepared()
        level, _ = paths.bfs(adjacency, starts, direction, k, control)
        count = sum(hops >= 0 for hops in level)
        columns = {"level": array("q", level)}
        return _node_result("k_hop", adjacency, columns, control, scalars={"count": count})

    def shortest_paths(
        self,
        source: Sources,
        *,
        weight: str | None = None,
        targets: Sources | None = None,
        direction: str = "out",
        cutoff: float | None = None,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Length of the shortest path from the nearest of one or several sources.

        Columns: ``distance`` (inf: no path) and ``predecessor`` (the smallest index among those on
        a shortest path, None for sources). Edges without the weight count 1.

        Parameters
        ----------
        source : id or iterable of ids
        weight : str, optional
            Edge attribute; at least 0. An edge of infinite length lies on no path.
        targets : id or iterable of ids, optional
            Stop when these are reached: what is farther than the farthest counts as unreached.
        direction : {'out', 'in', 'both'}
        cutoff : float, optional
            What is farther counts as unreached.
        """
        control = Control(max_seconds, progress, threads, keep)
        check_direction(direction)
        if cutoff is not None:
            _check_number("cutoff", cutoff, 0, math.inf)
        adjacency = Adjacency(self._store_now())
        starts = _positions(adjacency, bulk.one_or_many(source))
        ends = None if targets is None else _positions(adjacency, bulk.one_or_many(targets))
        weights = adjacency.weights(weight, finite=False)
        control.prepared()
        distance, predecessor = paths.shortest_paths(
            adjacency, starts, weights, ends, direction, cutoff, control
        )
        columns: dict[str, array[Any]] = {
            "distance": array("d", distance),
            "predecessor": array("q", predecessor),
        }
        return _node_result(
            "shortest_paths", adjacency, columns, control, node_columns={"predecessor"}
        )

    def dijkstra(self, source: Sources, *, weight: str | None = "weight", **options: Any) -> Result:
        """:meth:`shortest_paths` with ``weight='weight'``.

        Where no edge has an attribute of that name, every edge counts 1.
        """
        if weight == "weight" and not any(
            "weight" in edge.attributes for edge in self._store_now().edges.values()
        ):
            weight = None
        return self.shortest_paths(source, weight=weight, **options)

    rust_dijkstra = dijkstra
    c_dijkstra = dijkstra

    # Components and communities.

    def connected_components(
        self,
        *,
        kind: str = "weak",
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Which nodes hang together.

        Column ``component``, numbered from 0 in the order of their first nodes; number ``count``.

        Parameters
        ----------
        kind : {'weak', 'strong'}
            Along edges in any direction, or each from each along directions.
        """
        control = Control(max_seconds, progress, threads, keep)
        _check_choice("kind", kind, ("weak", "strong"))
        adjacency = Adjacency(self._store_now())
        control.prepared()
        component, count = components.connected_components(adjacency, kind, control)
        columns = {"component": array("q", component)}
        return _node_result(
            "connected_components", adjacency, columns, control, scalars={"count": count}
        )

    def label_propagation(
        self,
        *,
        max_iterations: int = 0,
        method: str = "ldbc",
        seed: int = 0,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Communities: every node takes the label most frequent among its neighbours.

        Columns ``label``, numbered from 0 in the order of their first nodes, and ``origin``, the
        node whose label it was at the start; number ``count``.

        Parameters
        ----------
        max_iterations : int
            Rounds at most; 0: 10 for 'ldbc', 100 for 'async'.
        method : {'ldbc', 'async'}
            All nodes at once with ties to the smallest label, or one after the other in an order
            drawn from `seed`.
        """
        control = Control(max_seconds, progress, threads, keep)
        _check_choice("method", method, ("ldbc", "async"))
        rounds = check_count(max_iterations, "max_iterations")
        rounds = rounds or (10 if method == "ldbc" else 100)
        seed = check_count(seed, "seed")
        adjacency = Adjacency(self._store_now())
        control.prepared()
        label, origin, count = community.label_propagation(adjacency, rounds, method, seed, control)
        columns = {"label": array("q", label), "origin": array("q", origin)}
        return _node_result(
            "label_propagation",
            adjacency,
            columns,
            control,
            scalars={"count": count},
            node_columns={"origin"},
        )

    # Centrality.

    def pagerank(
        self,
        *,
        damping: float = 0.85,
        weight: str | None = None,
        personalization: Mapping[Id, float] | None = None,
        dangling: Mapping[Id, float] | None = None,
        max_iterations: int = 100,
        tolerance: float = 1e-6,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """PageRank: the probability that a random surfer is at a node.

        Column ``score``, which sums to 1. NotConvergedError after `max_iterations`.

        Parameters
        ----------
        damping : float
            0 <= damping <= 1: the probability to follow an edge.
        weight : str, optional
            Edge attribute; edges are followed in proportion to it.
        personalization : mapping id -> number, optional
            Where the surfer starts anew; absent nodes have 0.
        dangling : mapping id -> number, optional
            Where it goes from a node without out-edges; `personalization` by default.
        max_iterations : int
        tolerance : float
            Converged when the sum of absolute changes is below nodes * tolerance; 0: exactly
            `max_iterations` are done.
        """
        control = Control(max_seconds, progress, threads, keep)
        _check_number("damping", damping, 0, 1)
        _check_number("tolerance", tolerance, 0, math.inf)
        limit = check_count(max_iterations, "max_iterations", 1)
        adjacency = Adjacency(self._store_now())
        weights = adjacency.weights(weight)
        start = _distribution(adjacency, "personalization", personalization)
        escape = _distribution(adjacency, "dangling", dangling)
        control.prepared()
        score = pagerank(adjacency, damping, weights, start, escape, limit, tolerance, control)
        return _node_result("pagerank", adjacency, {"score": array("d", score)}, control)

    def betweenness_centrality(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Share of shortest paths that pass through a node; column ``score``.

        Parameters
        ----------
        normalized : bool
            Divide by the number of pairs.
        weight : str, optional
            Edge attribute, above 0: the length of an edge.
        endpoints : bool
            A path also counts for its two ends.
        samples : int, optional
            Only from so many sources, drawn with `seed`; the sums are scaled up. All nodes or more:
            exact.
        """
        control = Control(max_seconds, progress, threads, keep)
        adjacency = Adjacency(self._store_now())
        sources = _sample(adjacency, samples, seed)
        weights = adjacency.weights(weight, minimum="positive")
        normalized = check_truth(normalized, "normalized")
        endpoints = check_truth(endpoints, "endpoints")
        control.prepared()
        score = centrality.betweenness(
            adjacency, sources, weights, normalized, endpoints, control
        )
        return _node_result(
            "betweenness_centrality", adjacency, {"score": array("d", score)}, control
        )

    betweenness = betweenness_centrality
    rust_betweenness_centrality = betweenness_centrality
    c_betweenness_centrality = betweenness_centrality

    def edge_betweenness(
        self,
        *,
        normalized: bool = True,
        weight: str | None = None,
        samples: int | None = None,
        seed: int = 0,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Share of shortest paths that use an edge: a mapping edge id -> ``score``.

        Options as for :meth:`betweenness_centrality`.
        """
        control = Control(max_seconds, progress, threads, keep)
        adjacency = Adjacency(self._store_now())
        sources = _sample(adjacency, samples, seed)
        weights = adjacency.weights(weight, minimum="positive")
        normalized = check_truth(normalized, "normalized")
        control.prepared()
        score = centrality.edge_betweenness(adjacency, sources, weights, normalized, control)
        return Result(
            {"score": array("d", score)},
            Ids(adjacency.edge_ids, "edge"),
            run=control.record(),
            name="edge_betweenness",
            key="edge",
        )

    edge_betweenness_centrality = edge_betweenness

    def degrees(
        self,
        ids: Iterable[Id] | None = None,
        direction: str = "both",
        *,
        weight: str | None = None,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Any:
        """Number of edge ends at every node: column ``degree``. A self-loop counts 2.

        With `weight` the sum of the weights: column ``strength``. With `ids` no result but the
        plain values of these nodes: a list, or an array where `ids` is one.
        """
        control = Control(max_seconds, progress, threads, keep)
        check_direction(direction)
        adjacency = Adjacency(self._store_now())
        columns: dict[str, array[Any]]
        if weight is None:
            columns = {"degree": array("q", centrality.degrees(adjacency, direction))}
        else:
            weights = adjacency.weights(weight, minimum="none")
            strengths = centrality.strengths(adjacency, direction, weights)
            columns = {"strength": array("d", strengths)}
        if ids is None:
            return _node_result("degrees", adjacency, columns, control)
        (values,) = columns.values()
        chosen = [values[place] for place in _positions(adjacency, bulk.elements(ids, "ids"))]
        return bulk.like(ids, chosen, int if weight is None else float)

    # Clusters.

    def triangle_count(
        self,
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Triangles at every node: column ``triangles``; number ``total``.

        Directions, self-loops and parallel edges are ignored.
        """
        control = Control(max_seconds, progress, threads, keep)
        adjacency = Adjacency(self._store_now())
        control.prepared()
        triangles = cluster.triangle_count(adjacency, control)
        scalars = {"total": sum(triangles) // 3}
        columns = {"triangles": array("q", triangles)}
        return _node_result("triangle_count", adjacency, columns, control, scalars=scalars)

    triangles = triangle_count

    def clustering(
        self,
        *,
        weight: str | None = None,
        method: str = "fagiolo",
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Share of possible triangles that are there: column ``coefficient``.

        Numbers ``average`` (over all nodes) and ``transitivity``. With `weight` every triangle
        counts the geometric mean of its weights relative to the largest; directed graphs count
        directed triangles (Fagiolo) or, with the method 'ldbc', edges between neighbours.
        """
        control = Control(max_seconds, progress, threads, keep)
        _check_choice("method", method, ("fagiolo", "ldbc"))
        if weight is not None and method == "ldbc":
            raise ValueError(
                f"clustering: weight {weight!r} with method 'ldbc', which counts edges; "
                "leave one out"
            )
        adjacency = Adjacency(self._store_now())
        weights = None if weight is None else adjacency.weights(weight)
        control.prepared()
        coefficient = cluster.clustering(adjacency, weights, control, method)
        scalars = {
            "average": sum(coefficient) / len(coefficient) if coefficient else 0.0,
            "transitivity": cluster.transitivity(adjacency, control),
        }
        columns = {"coefficient": array("d", coefficient)}
        return _node_result("clustering", adjacency, columns, control, scalars=scalars)

    def transitivity(
        self,
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> float:
        """Three times the triangles over the connected triples, directions ignored."""
        control = Control(max_seconds, progress, threads, keep)
        return cluster.transitivity(Adjacency(self._store_now()), control)

    def core_number(
        self,
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """The largest k such that a node lies in a k-core: column ``core``."""
        control = Control(max_seconds, progress, threads, keep)
        adjacency = Adjacency(self._store_now())
        control.prepared()
        core = cluster.core_number(adjacency, control)
        return _node_result("core_number", adjacency, {"core": array("q", core)}, control)

    def jaccard(
        self,
        pairs: Sequence[tuple[Id, Id]] | None = None,
        *,
        max_seconds: float | None = None,
        progress: Progress = None,
        threads: int | None = None,
        keep: str | None = None,
    ) -> Result:
        """Common neighbours over all neighbours: a mapping (source, target) -> ``score``.

        Parameters
        ----------
        pairs : list of pairs, optional
            By default the ends of every edge, each pair once.
        """
        control = Control(max_seconds, progress, threads, keep)
        adjacency = Adjacency(self._store_now())
        if pairs is None:
            ends = adjacency.edges
        else:
            ends = [_ends(adjacency, *pair) for pair in bulk.pairs(pairs)]
        rows = list(dict.fromkeys(ends))
        control.prepared()
        score = cluster.jaccard(adjacency, rows, control)
        nodes = Ids(adjacency.ids)
        return Result(
            {
                "score": array("d", score),
                "source": array("q", [u for u, _ in rows]),
                "target": array("q", [v for _, v in rows]),
            },
            Ids([(nodes[u], nodes[v]) for u, v in rows], "pair"),
            run=control.record(),
            name="jaccard",
            key="pair",
            node_columns={"source", "target"},
            nodes=nodes,
        )


def _node_result(
    name: str,
    adjacency: Adjacency,
    columns: Mapping[str, array[Any]],
    control: Control,
    scalars: Mapping[str, Any] | None = None,
    node_columns: Iterable[str] = (),
) -> Result:
    return Result(
        columns,
        Ids(adjacency.ids),
        scalars=scalars,
        run=control.record(),
        name=name,
        node_columns=node_columns,
    )


def _positions(adjacency: Adjacency, ids: Iterable[Any]) -> list[int]:
    positions = []
    for id in ids:
        id = check_node_id(id)
        if id not in adjacency.index:
            raise NodeNotFoundError(f"no node {id!r}")
        positions.append(adjacency.index[id])
    return positions


def _ends(adjacency: Adjacency, source: Id, target: Id) -> tuple[int, int]:
    first, second = _positions(adjacency, [source, target])
    return first, second


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r}")


def _check_number(
    name: str, value: Any, minimum: float, maximum: float, open_maximum: bool = False
) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    number = float(value)
    if not minimum <= number <= maximum or (open_maximum and number == maximum):
        interval = f"[{minimum}, {maximum}{')' if open_maximum else ']'}"
        raise ValueError(f"{name} must be in {interval}, not {number}")
    return number


def _distribution(
    adjacency: Adjacency, name: str, weights: Mapping[Id, float] | None
) -> list[float] | None:
    """Node weights as probabilities by position; None where nothing was given."""
    if weights is None:
        return None
    if not isinstance(weights, Mapping):
        raise TypeError(f"{name} must be a mapping id -> number, not {type(weights).__name__}")
    chance = [0.0] * len(adjacency)
    for id, value in weights.items():
        (position,) = _positions(adjacency, [id])
        number = _check_number(f"{name}[{id!r}]", value, 0, math.inf, open_maximum=True)
        chance[position] = number
    total = sum(chance)
    if total <= 0 or total == math.inf:
        raise ValueError(f"{name} must have a positive finite sum, not {total}")
    return [value / total for value in chance]


def _sample(adjacency: Adjacency, samples: int | None, seed: int) -> list[int] | None:
    """Sources to start from; None: all of them."""
    seed = check_count(seed, "seed")
    if samples is None:
        return None
    size = check_count(samples, "samples", 1)
    return None if size >= len(adjacency) else sample(len(adjacency), size, seed)
