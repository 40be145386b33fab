"""Breadth-first search and shortest paths."""

from __future__ import annotations

import heapq
from collections import deque

from groggy.oracle.adjacency import Adjacency
from groggy.oracle.control import Control

INFINITY = float("inf")
OPPOSITE = {"out": "in", "in": "out", "both": "both"}


def bfs(
    adjacency: Adjacency,
    sources: list[int],
    direction: str,
    max_depth: int | None,
    control: Control,
) -> tuple[list[int], list[int]]:
    """Hops from the nearest source, and a predecessor on a shortest path.

    Returns
    -------
    level, predecessor : list of int
        -1 for what is not reached (within `max_depth`). The predecessor is the neighbour of the
        smallest index one level nearer; -1 for sources.

    References
    ----------
    E. F. Moore, The shortest path through a maze, 1959.
    """
    level = [-1] * len(adjacency)
    for source in sources:
        level[source] = 0
    queue = deque(sorted(set(sources)))
    visited = 0
    while queue:
        node = queue.popleft()
        visited += 1
        control.tick(visited, len(adjacency))
        if max_depth is not None and level[node] == max_depth:
            continue
        for other, _ in adjacency.row(node, direction):
            if level[other] < 0:
                level[other] = level[node] + 1
                queue.append(other)
    control.iterations = max(level, default=0) + 1
    predecessor = [-1] * len(adjacency)
    for node, step in enumerate(level):
        if step > 0:
            nearer = [
                other
                for other, _ in adjacency.row(node, OPPOSITE[direction])
                if level[other] == step - 1
            ]
            predecessor[node] = min(nearer)
    return level, predecessor


def shortest_paths(
    adjacency: Adjacency,
    sources: list[int],
    weights: list[float],
    targets: list[int] | None,
    direction: str,
    cutoff: float | None,
    control: Control,
) -> tuple[list[float], list[int]]:
    """Length of the shortest path from the nearest source, and a predecessor on one.

    With `targets`, nodes farther than the farthest reachable target count as unreached, unless
    some target cannot be reached at all; with `cutoff`, those farther than that.

    Returns
    -------
    distance : list of float
        inf where there is no path.
    predecessor : list of int
        -1 for sources and for what is not reached; see :func:`_predecessors`.

    References
    ----------
    E. W. Dijkstra, A note on two problems in connexion with graphs, 1959.
    """
    distance = [INFINITY] * len(adjacency)
    done = [False] * len(adjacency)
    heap = []
    for source in set(sources):
        distance[source] = 0.0
        heap.append((0.0, source))
    heapq.heapify(heap)
    settled = 0
    while heap:
        length, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = True
        settled += 1
        control.tick(settled, len(adjacency))
        for other, edge in adjacency.row(node, direction):
            if length + weights[edge] < distance[other]:
                distance[other] = length + weights[edge]
                heapq.heappush(heap, (distance[other], other))
    control.iterations = settled
    farthest = INFINITY if targets is None else max(distance[target] for target in targets)
    if cutoff is not None:
        farthest = min(farthest, cutoff)
    distance = [length if length <= farthest else INFINITY for length in distance]
    return distance, _predecessors(adjacency, sources, distance, weights, direction)


def _predecessors(
    adjacency: Adjacency,
    sources: list[int],
    distance: list[float],
    weights: list[float],
    direction: str,
) -> list[int]:
    """Predecessors that do not depend on the order in which nodes were settled.

    u is tight for v when ``distance[u] + weight == distance[v]``. The predecessor is the smallest
    index among the tight u that are strictly nearer. Where there is none (edges of length zero), v
    hangs on a node at the same distance: the one with the fewest zero steps to a node that has a
    nearer predecessor or is a source, then the smallest index. So following predecessors always
    ends at a source.
    """
    count = len(adjacency)
    tight: list[list[int]] = [[] for _ in range(count)]
    for node in range(count):
        if distance[node] < INFINITY:
            for other, edge in adjacency.row(node, OPPOSITE[direction]):
                if distance[other] + weights[edge] == distance[node]:
                    tight[node].append(other)
    predecessor = [-1] * count
    steps = [-1] * count
    starts = set(sources)
    for node in range(count):
        nearer = [other for other in tight[node] if distance[other] < distance[node]]
        if node in starts:
            steps[node] = 0
        elif nearer:
            steps[node] = 0
            predecessor[node] = min(nearer)
    level = 0
    hanging = [node for node in range(count) if steps[node] < 0 and tight[node]]
    while hanging:
        for node in hanging:
            beside = [other for other in tight[node] if steps[other] == level]
            if beside:
                predecessor[node] = min(beside)
        level += 1
        for node in hanging:
            if predecessor[node] >= 0:
                steps[node] = level
        hanging = [node for node in hanging if steps[node] < 0]
    return predecessor
