"""Communities by label propagation."""

from __future__ import annotations

from collections import Counter

from groggy.oracle.adjacency import Adjacency
from groggy.oracle.algorithms.draw import Random, mix, shuffled
from groggy.oracle.control import Control


def label_propagation(
    adjacency: Adjacency, max_iterations: int, method: str, seed: int, control: Control
) -> tuple[list[int], list[int], int]:
    """Community of every node, numbered in the order of their first nodes; the node whose label it
    was at the start; and how many communities there are.

    Every node starts with a label of its own and takes the most frequent one among its
    neighbours, where every row entry counts (directed: in and out each).

    'ldbc': all nodes at once, ties to the smallest label, `max_iterations` rounds: the
    deterministic rule of LDBC Graphalytics. 'async': one node after the other, in an order drawn
    anew for each round; a node keeps its label when it is among the most frequent, else one of them
    is drawn; ends when a round changes nothing.

    References
    ----------
    U. N. Raghavan, R. Albert and S. Kumara, Near linear time algorithm to detect community
    structures in large-scale networks, 2007. A. Iosup et al., LDBC Graphalytics, 2016.
    """
    label = list(range(len(adjacency)))
    for round_number in range(max_iterations):
        control.tick(round_number, max_iterations)
        control.iterations = round_number + 1
        before = list(label)
        if method == "async":
            draws = Random(seed, round_number)
            for node in shuffled(len(adjacency), draws):
                salt = draws.next()
                best = _most_frequent(adjacency, node, label)
                if best and label[node] not in best:
                    label[node] = min(best, key=lambda candidate: mix(candidate ^ salt))
        else:
            for node in range(len(adjacency)):
                best = _most_frequent(adjacency, node, before)
                if best:
                    label[node] = min(best)
        if label == before:
            break
    number: dict[int, int] = {}
    for community in label:
        number.setdefault(community, len(number))
    return [number[community] for community in label], label, len(number)


def _most_frequent(adjacency: Adjacency, node: int, label: list[int]) -> set[int]:
    """The labels that most neighbours carry; empty for a node without neighbours."""
    votes = Counter(label[other] for other, _ in adjacency.row(node, "both"))
    most = max(votes.values(), default=0)
    return {candidate for candidate, count in votes.items() if count == most}
