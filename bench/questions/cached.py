"""Single reads of a small graph: everything is in cache, so what is left is the call itself.

1,000 nodes and 1,000 random edges, the shape of the table's graph; the same loops over methods that do
nothing are taken off.
"""

from measure import best, node_names, pick, random_ends
from report import Row, digits, quantity

TITLE = "In cache: 1,000 nodes, 1,000 edges, nanoseconds a call"
REPEAT = 5
UNITS = dict.fromkeys(("get", "has_edge", "get_neighbors", "add_node", "add_edge"), "s")


def _calls(scale: int, g, read, neighbors):
    names = node_names(1000)
    sources, targets = random_ends(names, 1000)
    wanted = pick(names, 20_000 // scale, 3)
    pairs = list(zip(pick(names, len(wanted), 4), pick(names, len(wanted), 5)))

    def add_nodes():
        for i, name in enumerate(wanted):
            g.add_node(name, value=i)

    def add_edges():
        for u, v in zip(sources, targets):
            g.add_edge(u, v, weight=1.0)

    def has_edge():
        for u, v in pairs:
            g.has_edge(u, v)

    for i, name in enumerate(names):
        g.add_node(name, value=i)
    add_edges()
    return {
        "add_node": best(add_nodes, 20) / len(wanted),
        "add_edge": best(add_edges, 20) / len(sources),
        "get": best(lambda: read(g, wanted), 20) / len(wanted),
        "get_neighbors": best(lambda: neighbors(g, wanted), 20) / len(wanted),
        "has_edge": best(has_edge, 20) / len(wanted),
    }


def _read(g, wanted):
    for name in wanted:
        g.get_node(name)["value"]


def _neighbors(g, wanted):
    for name in wanted:
        g.get_neighbors(name)


def _groggy(scale: int):
    from groggy import Graph

    return _calls(scale, Graph("c"), _read, _neighbors)


def _floor(scale: int):
    import floor

    return _calls(scale, floor.Floor(), _read, _neighbors)


def _networkx(scale: int):
    import networkx

    def read(g, wanted):
        for name in wanted:
            g.nodes[name]["value"]

    def neighbors(g, wanted):
        for name in wanted:
            list(g.neighbors(name))

    return _calls(scale, networkx.DiGraph(), read, neighbors)


CONTENDERS = {"groggy": _groggy, "floor": _floor, "networkx": _networkx}


def rows(seen, scale):
    """Beyond the empty method."""
    found = []
    for what, measure, bound in (
        ('get_node(id)["value"] in cache', "get", 60e-9),
        ("has_edge in cache", "has_edge", 60e-9),
        ("get_neighbors in cache", "get_neighbors", 100e-9),
        ("add_node in cache (of a known node)", "add_node", None),
        ("add_edge in cache (of a known edge)", "add_edge", None),
    ):
        ours, floor = seen.least("groggy", measure), seen.least("floor", measure)
        if ours is None or floor is None:
            continue
        beyond = ours - floor
        found.append(
            Row(
                what,
                quantity(ours, "s"),
                f"empty method: {quantity(floor, 's')}",
                f"{quantity(beyond, 's')} beyond, {digits((seen.least('networkx', measure) or 0) / ours)} x networkx",
                f"<= {quantity(bound, 's')} beyond" if bound else "-",
                beyond <= bound if bound else None,
            )
        )
    return found
