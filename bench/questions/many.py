"""Many at once: the bulk calls on lists of names and on NumPy arrays, beside their single calls.

The graphs are those of the table (1 M nodes, 1 M random edges); ids are strings for the lists and
ints for the arrays.
"""

from measure import best, node_names, pick, random_positions
from report import Row, faster

TITLE = "Many at once: has_edges, get_many, neighbors_of beside the single calls"
REPEAT = 3
NAMES = ("has_edge", "get", "get_neighbors")
UNITS = {f"{name}{form}": "s" for name in NAMES for form in (", single", ", list", ", single int", ", array")}


def _lists(scale: int) -> dict[str, float]:
    from groggy import Graph

    count, queries = 1_000_000 // scale, 300_000 // scale
    names = node_names(count)
    g = Graph("c")
    g.add_nodes(names, value=list(range(count)))
    g.add_edges(pick(names, count, 1), pick(names, count, 2))
    wanted = pick(names, queries, 3)
    pairs = list(zip(pick(names, queries, 4), pick(names, queries, 5)))
    return _times(g, wanted, pairs, ", single", ", list", (wanted, pairs))


def _arrays(scale: int) -> dict[str, float]:
    import numpy
    from groggy import Graph

    count, queries = 1_000_000 // scale, 300_000 // scale
    g = Graph("c")
    g.add_nodes(random_order(count), value=numpy.arange(count))
    g.add_edges(random_positions(count, count, 1), random_positions(count, count, 2))
    wanted = random_positions(queries, count, 3)
    pairs = numpy.column_stack((random_positions(queries, count, 4), random_positions(queries, count, 5)))
    single = [tuple(pair) for pair in pairs.tolist()]
    return _times(g, wanted.tolist(), single, ", single int", ", array", (wanted, pairs))


def random_order(count: int):
    """The ids 0 .. count - 1, shuffled: an id is not its position."""
    import numpy

    return numpy.random.default_rng(9).permutation(count)


def _times(g, wanted, pairs, single: str, bulk: str, given) -> dict[str, float]:
    def has_edge():
        for u, v in pairs:
            g.has_edge(u, v)

    def get():
        for name in wanted:
            g.get_node(name)["value"]

    def neighbors():
        for name in wanted:
            g.get_neighbors(name)

    count = len(wanted)
    many, many_pairs = given
    calls = {
        f"has_edge{single}": has_edge,
        f"get{single}": get,
        f"get_neighbors{single}": neighbors,
        f"has_edge{bulk}": lambda: g.has_edges(many_pairs),
        f"get{bulk}": lambda: g.get_many(many, "value"),
        f"get_neighbors{bulk}": lambda: g.neighbors_of(many),
    }
    return {name: best(call, 2) / count for name, call in calls.items()}


CONTENDERS = {"groggy, lists of str": _lists, "groggy, arrays of int": _arrays}


def rows(seen, scale):
    """Bulk against single."""
    found: list[Row] = []
    for who, single, bulk in (
        ("groggy, lists of str", ", single", ", list"),
        ("groggy, arrays of int", ", single int", ", array"),
    ):
        for name in NAMES:
            found.append(
                faster(
                    seen,
                    f"{name}, {who.removeprefix('groggy, ')}",
                    (who, name + bulk),
                    (who, name + single),
                    5,
                    target=">= 5 x the single calls",
                )
            )
    return found
