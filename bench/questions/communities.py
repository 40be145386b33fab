"""Communities on a Kronecker graph of scale 17, beside the libraries: time and modularity.

Defaults of each library; as many threads as each takes by itself. Modularity is computed by one
formula for everybody's partition. Label propagation is the asynchronous one, as the others'; ours goes on until no node
would rather have another label, NetworKit's until one node in 100,000 or fewer changed.
"""

import time

import kronecker
from report import Row, digits, faster

TITLE = "Communities on a Kronecker graph of 131,072 nodes and 1.86 M edges"
REPEAT = 2
NAMES = ("label propagation", "Louvain", "Leiden")
UNITS = {name: "s" for name in NAMES} | {f"modularity, {name}": "" for name in NAMES}


def _measure(make):
    """A contender: `make(n, sources, targets)` gives name -> (call, partition of its answer)."""

    def run(scale: int):
        n, sources, targets = kronecker.edges(kronecker.scale_of(scale))
        found: dict[str, float | list[float]] = {}
        for name, (call, partition) in make(n, sources, targets).items():
            times: list[float] = []
            while len(times) < 3 and sum(times) < 2:
                began = time.perf_counter()
                answer = call()
                times.append(time.perf_counter() - began)
            found[name] = times
            found[f"modularity, {name}"] = kronecker.modularity(n, sources, targets, partition(answer))
        return found

    return run


def _groggy(n, sources, targets):
    g = kronecker.groggy_graph(n, sources, targets)
    return {
        "label propagation": (lambda: g.label_propagation(method="async"), lambda r: r.to_numpy()),
        "Louvain": (lambda: g.louvain(), lambda r: r.to_numpy()),
        "Leiden": (lambda: g.leiden(), lambda r: r.to_numpy()),
    }


def _networkit(n, sources, targets):
    import networkit as nk

    g = kronecker.networkit_graph(n, sources, targets)

    def run(make):
        algorithm = make()
        algorithm.run()
        return algorithm

    def partition(algorithm):
        return algorithm.getPartition().getVector()

    return {
        "label propagation": (lambda: run(lambda: nk.community.PLP(g)), partition),
        "Louvain": (lambda: run(lambda: nk.community.PLM(g)), partition),
        "Leiden": (lambda: run(lambda: nk.community.ParallelLeiden(g)), partition),
    }


def _igraph(n, sources, targets):
    import igraph

    g = igraph.Graph(n, list(zip(sources.tolist(), targets.tolist())))

    def partition(clustering):
        return clustering.membership

    return {
        "label propagation": (lambda: g.community_label_propagation(), partition),
        "Louvain": (lambda: g.community_multilevel(), partition),
        "Leiden": (lambda: g.community_leiden(objective_function="modularity"), partition),
    }


CONTENDERS = {
    "groggy": _measure(_groggy),
    "networkit": _measure(_networkit),
    "igraph": _measure(_igraph),
}
ONCE = {"igraph"}


def rows(seen, scale):
    """Twice as fast as the fastest, and as good as the best but for half a percent."""
    found = []
    for name in NAMES:
        peer = seen.fastest(name, ("groggy",)) or "networkit"
        found.append(faster(seen, name, ("groggy", name), (peer, name), 2, target=">= 2 x the fastest peer"))
    for name in NAMES:
        what = f"modularity, {name}"
        best = max((max(v[what]), who) for who, v in seen.values.items() if what in v) if seen.values else None
        ours = seen.middle("groggy", what)
        if best is None or ours is None:
            continue
        ratio, judged = ours / best[0] if best[0] > 0 else 1.0, name != "label propagation"
        found.append(
            Row(
                what,
                f"{ours:.4f}",
                f"{best[1]}: {best[0]:.4f}",
                f"{digits(ratio)} x the best",
                ">= 0.995 x the best" if judged else "-",
                ratio >= 0.995 if judged else None,
            )
        )
    return found
