"""What a second thread gives: each parallel kernel with one thread and with two, in turns.

Beside it, in the same rounds, a plain gather loop over the same rows: a sum of values at the
neighbours of all nodes, in C with threads of its own. On cores that share their caches and their
memory that is what there is to win. Where the loop itself gains less than SECOND_CORE the machine
had no second core to give, and nothing is judged. Kronecker graph of scale 17; betweenness from four sources,
closeness on scale 12.
"""

import kronecker
from measure import seconds
from report import NOT_MEASURED, Row, digits, quantity

TITLE = "The second thread: time with one over time with two, Kronecker graph of scale 17"
REPEAT = 2
RAW = False
UNITS: dict[str, str] = {}
TARGET, ROUNDS = 0.85, 4
SECOND_CORE = 1.5
NAMES = (
    "bfs",
    "shortest_paths",
    "connected_components",
    "pagerank",
    "betweenness_centrality",
    "closeness_centrality",
    "triangle_count",
    "clustering",
    "core_number",
    "label_propagation",
    "louvain",
    "leiden",
    "minimum_spanning_forest",
    "maximal_independent_set",
    "maximal_matching",
    "greedy_color",
    "random_walks",
)


def _calls(scale: int):
    """Name -> call of a number of threads, and the gather loop."""
    import floor
    import numpy

    n, sources, targets = kronecker.edges(kronecker.scale_of(scale))
    weight = 1 + numpy.floor(255 * kronecker.weights(len(sources)))
    g = kronecker.groggy_graph(n, sources, targets, weight=weight)
    small = kronecker.groggy_graph(*kronecker.edges(kronecker.scale_of(scale) - 5))
    hub = int(numpy.bincount(sources, minlength=n).argmax())
    order = numpy.argsort(numpy.append(sources, targets), kind="stable")
    rows = numpy.append(targets, sources)[order].astype(numpy.int32)
    values = numpy.random.default_rng(3).random(n)
    calls = {
        "bfs": lambda t: g.bfs(hub, threads=t),
        "shortest_paths": lambda t: g.shortest_paths(hub, weight="weight", threads=t),
        "betweenness_centrality": lambda t: g.betweenness_centrality(samples=4, threads=t),
        "closeness_centrality": lambda t: small.closeness_centrality(threads=t),
        "label_propagation": lambda t: g.label_propagation(threads=t),
    }
    for name in set(NAMES) - set(calls):
        calls[name] = lambda t, name=name: getattr(g, name)(threads=t)
    return calls, lambda t: floor.gather(rows, values, t, 5) / 5


def _groggy(scale: int):
    calls, gather = _calls(scale)
    found: dict[str, list[float]] = {}
    for name in NAMES:
        calls[name](2)  # what is derived from the graph
        for _ in range(ROUNDS):
            for threads in (1, 2):
                found.setdefault(f"gather, {threads}", []).append(gather(threads))
                taken = seconds(lambda name=name, threads=threads: calls[name](threads))
                found.setdefault(f"{name}, {threads}", []).append(taken)
            if sum(found[f"{name}, 1"]) > 1:
                break
    return found


CONTENDERS = {"groggy": _groggy}


def _scaling(seen, name: str) -> float | None:
    one, two = seen.least("groggy", f"{name}, 1"), seen.least("groggy", f"{name}, 2")
    return None if one is None or two is None else one / two


def rows(seen, scale):
    """Each kernel's scaling over the gather loop's."""
    floor = _scaling(seen, "gather")
    target = f">= {TARGET} x the gather loop's"
    if floor is None:
        return [Row("second thread", NOT_MEASURED, "gather", NOT_MEASURED, target, None)]
    found = []
    for name in NAMES:
        scaling = _scaling(seen, name)
        if scaling is None:
            continue
        one, two = (quantity(seen.least("groggy", f"{name}, {t}"), "s") for t in (1, 2))
        figure = f"{one} -> {two}: {digits(scaling)} x"
        ratio = scaling / floor
        judged = floor >= SECOND_CORE
        against = f"gather: {digits(floor)} x" + ("" if judged else ", no second core")
        met = ratio >= TARGET if judged else None
        found.append(Row(f"second thread, {name}", figure, against, f"{digits(ratio)} x", target, met))
    return found
