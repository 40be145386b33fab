"""PageRank."""

from __future__ import annotations

from groggy.errors import NotConvergedError
from groggy.oracle.adjacency import Adjacency
from groggy.oracle.control import Control


def pagerank(
    adjacency: Adjacency,
    damping: float,
    weights: list[float],
    personalization: list[float] | None,
    dangling: list[float] | None,
    max_iterations: int,
    tolerance: float,
    control: Control,
) -> list[float]:
    """The stationary probability of the random surfer, by power iteration.

    Weights of parallel edges add up. A node whose out-weights sum to 0 gives its score to
    `dangling` (by default `personalization`, by default everybody). Stops when the L1 change is
    below ``n * tolerance``, as NetworkX does; with a tolerance of 0 after `max_iterations`.

    References
    ----------
    S. Brin and L. Page, The anatomy of a large-scale hypertextual web search engine, 1998.
    """
    count = len(adjacency)
    if count == 0:
        return []
    restart = personalization or [1.0 / count] * count
    dangling = dangling or restart
    strength = [sum(weights[edge] for _, edge in adjacency.out[node]) for node in range(count)]
    score = [1.0 / count] * count
    change = 0.0
    for iteration in range(max_iterations):
        control.tick(iteration, max_iterations)
        lost = sum(score[node] for node in range(count) if strength[node] == 0)
        following = [
            damping * lost * dangling[node] + (1.0 - damping) * restart[node]
            for node in range(count)
        ]
        for node in range(count):
            for other, edge in adjacency.out[node]:
                if strength[node] > 0:
                    following[other] += damping * score[node] * weights[edge] / strength[node]
        change = sum(abs(new - old) for new, old in zip(following, score))
        score = following
        control.iterations = iteration + 1
        if change < count * tolerance:
            return score
    if tolerance == 0:
        return score
    raise NotConvergedError(
        f"pagerank: the change is still {change:.3g} after {max_iterations} iterations, "
        f"it should be below {count * tolerance:.3g}"
    )
