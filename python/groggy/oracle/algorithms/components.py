"""Connected components, weak and strong."""

from __future__ import annotations

from groggy.oracle.adjacency import Adjacency
from groggy.oracle.control import Control


def connected_components(
    adjacency: Adjacency, kind: str, control: Control
) -> tuple[list[int], int]:
    """Component of every node, numbered in the order of their first nodes, and how many there are.

    'weak': joined by edges in any direction. 'strong': each reaches the other along directions.

    References
    ----------
    J. Hopcroft and R. Tarjan, Algorithm 447, 1973. Strong components as intersections of forward
    and backward reach: the definition itself.
    """
    component = [-1] * len(adjacency)
    count = 0
    for node in range(len(adjacency)):
        if component[node] >= 0:
            continue
        control.tick(node, len(adjacency))
        if kind == "strong" and adjacency.directed:
            members = _reach(adjacency, node, "out") & _reach(adjacency, node, "in")
        else:
            members = _reach(adjacency, node, "both")
        for member in members:
            component[member] = count
        count += 1
    return component, count


def _reach(adjacency: Adjacency, start: int, direction: str) -> set[int]:
    reached = {start}
    stack = [start]
    while stack:
        for other, _ in adjacency.row(stack.pop(), direction):
            if other not in reached:
                reached.add(other)
                stack.append(other)
    return reached
