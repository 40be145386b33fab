"""Triangles, clustering, transitivity, cores and neighbourhood similarity."""

from __future__ import annotations

import math

from groggy.oracle.adjacency import Adjacency
from groggy.oracle.control import Control


def triangle_count(adjacency: Adjacency, control: Control) -> list[int]:
    """Triangles at every node: directions, loops and parallel edges are ignored."""
    neighbors = adjacency.simple_neighbors()
    counts = []
    for node, around in enumerate(neighbors):
        control.tick(node, len(neighbors))
        counts.append(sum(len(around & neighbors[other]) for other in around) // 2)
    return counts


def transitivity(adjacency: Adjacency, control: Control) -> float:
    """Three times the triangles over the connected triples; 0 where there is no triple.

    References
    ----------
    S. Wasserman and K. Faust, Social Network Analysis, 1994.
    """
    neighbors = adjacency.simple_neighbors()
    closed = 2 * sum(triangle_count(adjacency, control))
    triples = sum(len(around) * (len(around) - 1) for around in neighbors)
    return closed / triples if triples else 0.0


def clustering(
    adjacency: Adjacency,
    weights: list[float] | None,
    control: Control,
    method: str = "fagiolo",
) -> list[float]:
    """Share of the possible triangles at a node that are there, or their weight.

    With weights a triangle counts the geometric mean of its three weights, each divided by the
    largest weight of the graph; weights of parallel edges add up first. Directed graphs count
    directed triangles; with the method 'ldbc' the edges between the neighbours of a node.

    References
    ----------
    J. Saramaki et al., Generalizations of the clustering coefficient to weighted complex networks,
    2007. G. Fagiolo, Clustering in complex directed networks, 2007. A. Iosup et al., LDBC
    Graphalytics, 2016.
    """
    weight = _simple_weights(adjacency, weights)
    largest = max(weight.values(), default=1.0)
    if largest == 0:
        return [0.0] * len(adjacency)
    weight = {pair: value / largest for pair, value in weight.items() if pair[0] != pair[1]}
    out: list[set[int]] = [set() for _ in range(len(adjacency))]
    into: list[set[int]] = [set() for _ in range(len(adjacency))]
    for u, v in weight:
        out[u].add(v)
        into[v].add(u)
    coefficients = []
    for node in range(len(adjacency)):
        control.tick(node, len(adjacency))
        if method == "ldbc":
            around = out[node] | into[node]
            between = sum(len(out[other] & around) for other in around)
            possible = len(around) * (len(around) - 1)
            coefficients.append(between / possible if possible else 0.0)
        elif adjacency.directed:
            coefficients.append(_directed_coefficient(node, out, into, weight))
        else:
            coefficients.append(_coefficient(node, out, weight))
    return coefficients


def _simple_weights(
    adjacency: Adjacency, weights: list[float] | None
) -> dict[tuple[int, int], float]:
    """(u, v) -> weight; undirected edges stand in both directions. Unweighted: 1 each."""
    summed: dict[tuple[int, int], float] = {}
    for edge, (u, v) in enumerate(adjacency.edges):
        for pair in {(u, v)} if adjacency.directed else {(u, v), (v, u)}:
            if weights is None:
                summed[pair] = 1.0
            else:
                summed[pair] = summed.get(pair, 0.0) + weights[edge]
    return summed


def _coefficient(
    node: int, neighbors: list[set[int]], weight: dict[tuple[int, int], float]
) -> float:
    around = sorted(neighbors[node])
    if len(around) < 2:
        return 0.0
    total = 0.0
    for j in around:
        for k in around:
            if k in neighbors[j]:
                total += math.cbrt(weight[node, j] * weight[j, k] * weight[k, node])
    return total / (len(around) * (len(around) - 1))


def _directed_coefficient(
    node: int,
    out: list[set[int]],
    into: list[set[int]],
    weight: dict[tuple[int, int], float],
) -> float:
    """Fagiolo's: all eight kinds of directed triangles over all that there could be."""
    total = 0.0
    for j in sorted(out[node] | into[node]):
        for k in sorted(out[node] | into[node]):
            if j == k:
                continue
            for first in ((node, j), (j, node)):
                for second in ((j, k), (k, j)):
                    for third in ((k, node), (node, k)):
                        if first in weight and second in weight and third in weight:
                            total += math.cbrt(weight[first] * weight[second] * weight[third])
    degree = len(out[node]) + len(into[node])
    both = len(out[node] & into[node])
    possible = 2 * (degree * (degree - 1) - 2 * both)
    return total / possible if possible else 0.0


def core_number(adjacency: Adjacency, control: Control) -> list[int]:
    """The largest k such that the node lies in a subgraph where every node has k edges.

    Loops are ignored, parallel edges count once per direction; in a directed graph the two edges
    between mutual neighbours count two, as NetworkX counts them. Found by peeling.

    References
    ----------
    S. B. Seidman, Network structure and minimum degree, 1983. V. Batagelj and M. Zaversnik, An O(m)
    algorithm for cores decomposition of networks, 2003.
    """
    distinct = {(u, v) for u, v in adjacency.edges if u != v}
    if not adjacency.directed:
        distinct = {(min(pair), max(pair)) for pair in distinct}
    neighbors: list[list[int]] = [[] for _ in range(len(adjacency))]
    for u, v in sorted(distinct):
        neighbors[u].append(v)
        neighbors[v].append(u)
    degree = {node: len(row) for node, row in enumerate(neighbors)}
    core = [0] * len(adjacency)
    level = 0
    while degree:
        control.tick(len(core) - len(degree), len(core))
        node = min(degree, key=degree.__getitem__)
        level = max(level, degree.pop(node))
        core[node] = level
        for other in neighbors[node]:
            if other in degree:
                degree[other] -= 1
    return core


def jaccard(adjacency: Adjacency, pairs: list[tuple[int, int]], control: Control) -> list[float]:
    """Common neighbours over all neighbours of two nodes; 0 where neither has any.

    Directions are dropped. As in NetworkX a self-loop makes a node its own neighbour, which counts
    among all neighbours, while the two nodes themselves never count among the common ones.

    References
    ----------
    P. Jaccard, Etude comparative de la distribution florale, 1901.
    """
    neighbors = [
        {other for other, _ in adjacency.row(node, "both")} for node in range(len(adjacency))
    ]
    scores = []
    for place, (u, v) in enumerate(pairs):
        control.tick(place, len(pairs))
        union = neighbors[u] | neighbors[v]
        common = (neighbors[u] & neighbors[v]) - {u, v}
        scores.append(len(common) / len(union) if union else 0.0)
    return scores
