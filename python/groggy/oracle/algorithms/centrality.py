"""Betweenness of nodes and edges, and degrees."""

from __future__ import annotations

import heapq
import math

from groggy.oracle.adjacency import Adjacency
from groggy.oracle.control import Control


def betweenness(
    adjacency: Adjacency,
    sources: list[int] | None,
    weights: list[float],
    normalized: bool,
    endpoints: bool,
    control: Control,
) -> list[float]:
    """How many shortest paths pass through a node, as a share of those between each pair.

    Parallel edges count as one step, the lightest of them. With `sources` (a sample) the sums are
    scaled up to all nodes, as NetworkX 3.6 does.

    References
    ----------
    U. Brandes, A faster algorithm for betweenness centrality, 2001; On variants of shortest-path
    betweenness centrality and their generic computation, 2008.
    """
    count = len(adjacency)
    steps = _lightest_steps(adjacency, weights)
    score = [0.0] * count
    starts = list(range(count)) if sources is None else sources
    for place, source in enumerate(starts):
        control.tick(place, len(starts))
        order, paths, before, _ = _count_paths(steps, source)
        dependency = dict.fromkeys(order, 0.0)
        if endpoints:
            score[source] += len(order) - 1
        for node in reversed(order):
            for previous in before[node]:
                dependency[previous] += paths[previous] / paths[node] * (1.0 + dependency[node])
            if node != source:
                score[node] += dependency[node] + (1.0 if endpoints else 0.0)
    control.iterations = len(starts)
    scales = _scales(adjacency, sources, normalized, endpoints)
    return [value * scale for value, scale in zip(score, scales)]


def edge_betweenness(
    adjacency: Adjacency,
    sources: list[int] | None,
    weights: list[float],
    normalized: bool,
    control: Control,
) -> list[float]:
    """How many shortest paths use an edge, as a share of those between each pair.

    Parallel edges of the least weight share in equal parts, heavier ones get nothing.

    References
    ----------
    M. Girvan and M. E. J. Newman, Community structure in social and biological networks, 2002;
    U. Brandes, 2008, as above.
    """
    count = len(adjacency)
    steps = _lightest_steps(adjacency, weights)
    starts = list(range(count)) if sources is None else sources
    share: dict[tuple[int, int], float] = {}
    for place, source in enumerate(starts):
        control.tick(place, len(starts))
        order, paths, before, _ = _count_paths(steps, source)
        dependency = dict.fromkeys(order, 0.0)
        for node in reversed(order):
            for previous in before[node]:
                part = paths[previous] / paths[node] * (1.0 + dependency[node])
                dependency[previous] += part
                pair = _pair(adjacency, previous, node)
                share[pair] = share.get(pair, 0.0) + part
    control.iterations = len(starts)
    scale = _scales(adjacency, sources, normalized, endpoints=True)[0] if count else 1.0
    parallel: dict[tuple[int, int], list[int]] = {}
    for edge, (u, v) in enumerate(adjacency.edges):
        parallel.setdefault(_pair(adjacency, u, v), []).append(edge)
    score = [0.0] * len(adjacency.edges)
    for pair, total in share.items():
        least = min(weights[edge] for edge in parallel[pair])
        lightest = [edge for edge in parallel[pair] if weights[edge] == least]
        for edge in lightest:
            score[edge] = total * scale / len(lightest)
    return score


def _pair(adjacency: Adjacency, u: int, v: int) -> tuple[int, int]:
    return (u, v) if adjacency.directed or u <= v else (v, u)


def _lightest_steps(adjacency: Adjacency, weights: list[float]) -> list[dict[int, float]]:
    """For each node: successor -> weight of the lightest edge to it. Loops lie on no path."""
    steps: list[dict[int, float]] = [{} for _ in range(len(adjacency))]
    for node in range(len(adjacency)):
        for other, edge in adjacency.out[node]:
            if other != node:
                known = steps[node].get(other, math.inf)
                steps[node][other] = min(known, weights[edge])
    return steps


def _count_paths(
    steps: list[dict[int, float]], source: int
) -> tuple[list[int], dict[int, float], dict[int, list[int]], dict[int, float]]:
    """Shortest paths from one source.

    Returns
    -------
    order : nodes by rising distance; paths : node -> number of shortest paths;
    before : node -> predecessors on them; distance : node -> length
    """
    order: list[int] = []
    distance = {source: 0.0}
    paths = {source: 1.0}
    before: dict[int, list[int]] = {source: []}
    done: set[int] = set()
    heap = [(0.0, source)]
    while heap:
        length, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        order.append(node)
        for other, weight in steps[node].items():
            longer = length + weight
            if longer < distance.get(other, math.inf):
                distance[other] = longer
                paths[other] = paths[node]
                before[other] = [node]
                heapq.heappush(heap, (longer, other))
            elif longer == distance[other] and other not in done:
                paths[other] += paths[node]
                before[other].append(node)
    return order, paths, before, distance


def _scales(
    adjacency: Adjacency, sources: list[int] | None, normalized: bool, endpoints: bool
) -> list[float]:
    """The factor for each node's sum (for edges, any node's with `endpoints`).

    Without endpoints a sampled source has seen one source less than the others: itself.
    """
    count = len(adjacency)
    others = count if endpoints else count - 1
    if others < 2:
        return [1.0] * count
    correction = 1 if adjacency.directed else 2

    def scale(seen: int) -> float:
        if seen == 0:
            return math.nan
        return 1.0 / (seen * (others - 1)) if normalized else others / (seen * correction)

    if sources is None:
        return [scale(others)] * count
    if endpoints:
        return [scale(len(sources))] * count
    sampled = set(sources)
    return [scale(len(sources) - (node in sampled)) for node in range(count)]


def degrees(adjacency: Adjacency, direction: str) -> list[int]:
    """Number of edge ends: a self-loop counts 2 (directed: 1 out and 1 in)."""
    return [int(total) for total in strengths(adjacency, direction, [1.0] * len(adjacency.edges))]


def strengths(adjacency: Adjacency, direction: str, weights: list[float]) -> list[float]:
    """Sum of the weights of the edge ends."""
    totals = []
    for node in range(len(adjacency)):
        total = 0.0
        for other, edge in adjacency.row(node, direction):
            total += weights[edge]
            if other == node and not adjacency.directed:
                total += weights[edge]
        totals.append(total)
    return totals
