"""The page's comparison table: the python backend and the C backend side by side.

The same calls on `Graph('python')`, which is written to be obvious and not to be fast, and on
`Graph('c')`; the page's own claims stand beside what is measured here.
"""

from measure import node_names, pick, random_ends, seconds, settle
from report import Row, digits, quantity

TITLE = "The page's comparison table: python backend and C backend, beside the page's claims"
REPEAT = 2
UNITS = {
    "add 1 M nodes": "s",
    "add 1 M edges": "s",
    "random node access": "s",
    "neighbour queries": "s",
    "memory (1 M nodes)": "B",
}
CLAIMS = {
    "add 1 M nodes": (2.5, 0.8, 3.1),
    "add 1 M edges": (3.2, 0.6, 5.3),
    "random node access": (1.0e-6, 0.3e-6, 3.3),
    "neighbour queries": (2.0e-6, 0.5e-6, 4.0),
    "memory (1 M nodes)": (450e6, 180e6, 2.5),
}


def _backend(backend: str):
    def run(scale: int):
        from groggy import Graph

        count, queries = 1_000_000 // scale, 200_000 // scale
        names = node_names(count)
        sources, targets = random_ends(names, count)
        wanted = pick(names, queries, 3)
        start = settle()
        g = Graph(backend)

        def nodes():
            for i, name in enumerate(names):
                g.add_node(name, value=i)

        def edges():
            for u, v in zip(sources, targets):
                g.add_edge(u, v, weight=1.0)

        def access():
            for name in wanted:
                g.get_node(name)

        def neighbors():
            for name in wanted:
                g.get_neighbors(name)

        found = {"add 1 M nodes": seconds(nodes)}
        found["memory (1 M nodes)"] = settle() - start
        found["add 1 M edges"] = seconds(edges)
        found["random node access"] = seconds(access) / queries
        found["neighbour queries"] = seconds(neighbors) / queries
        return found

    return run


CONTENDERS = {"c": _backend("c"), "python": _backend("python")}
ONCE = {"python"}


def rows(seen, scale):
    """Ours, then the page's figures for Rust and its ratio."""
    found = []
    for measure, unit in UNITS.items():
        ours, plain = seen.least("c", measure), seen.least("python", measure)
        if ours is None or plain is None:
            continue
        _, claimed, ratio = CLAIMS[measure]
        each = claimed if unit == "s" and claimed < 1e-3 else claimed / scale
        found.append(
            Row(
                measure,
                quantity(ours, unit),
                f"python backend: {quantity(plain, unit)}",
                f"{digits(plain / ours)} x",
                f"page: {quantity(each, unit)}, {ratio} x",
                ours <= each and plain / ours >= ratio,
            )
        )
    return found
