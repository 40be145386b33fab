"""Filter on an int column of 1 M rows: to a mask, to an index array, to a list of ids."""

from measure import best, node_names
from report import Row, faster, limit, quantity

TITLE = "Filter on an int column, 1 M rows"
REPEAT = 3
UNITS = {"to a mask": "s", "to an index array": "s", "to a list of ids": "s"}


def _groggy(scale: int):
    import numpy
    from groggy import Graph

    count = 1_000_000 // scale
    g = Graph("c")
    g.add_nodes(node_names(count), value=numpy.random.default_rng(1).integers(0, 1000, count))
    return {
        "to a mask": best(lambda: g.node_mask("value >= 500"), 9),
        "to an index array": best(lambda: numpy.flatnonzero(g.node_mask("value >= 500")), 9),
        "to a list of ids": best(lambda: g.filter_nodes("value >= 500"), 5),
    }


def _networkx(scale: int):
    import networkx
    import numpy

    count = 1_000_000 // scale
    values = numpy.random.default_rng(1).integers(0, 1000, count).tolist()
    g = networkx.DiGraph()
    g.add_nodes_from((name, {"value": value}) for name, value in zip(node_names(count), values))
    return {"to a list of ids": best(lambda: [v for v, d in g.nodes(data=True) if d["value"] >= 500], 2)}


def _igraph(scale: int):
    import igraph
    import numpy

    count = 1_000_000 // scale
    g = igraph.Graph(count)
    g.vs["value"] = numpy.random.default_rng(1).integers(0, 1000, count).tolist()
    return {"to an index array": best(lambda: g.vs.select(value_ge=500).indices, 2)}


def _numpy(scale: int):
    import numpy

    values = numpy.random.default_rng(1).integers(0, 1000, 1_000_000 // scale)
    return {
        "to a mask": best(lambda: values >= 500, 9),
        "to an index array": best(lambda: numpy.flatnonzero(values >= 500), 9),
    }


CONTENDERS = {"groggy": _groggy, "networkx": _networkx, "igraph": _igraph, "numpy (no graph)": _numpy}


def rows(seen, scale):
    """A mask or an index array."""
    found = [
        limit("filter to a mask", seen.least("groggy", "to a mask"), 1e-3 / scale, "s"),
        limit("filter to an index array", seen.least("groggy", "to an index array"), 1e-3 / scale, "s"),
    ]
    found.append(
        Row(
            "filter to a list of ids",
            quantity(seen.least("groggy", "to a list of ids"), "s"),
            "-",
            "-",
            "-",
            None,
        )
    )
    found.append(
        faster(
            seen,
            "filter to a list of ids",
            ("groggy", "to a list of ids"),
            ("networkx", "to a list of ids"),
            1,
            target="-",
        )
    )
    return found
