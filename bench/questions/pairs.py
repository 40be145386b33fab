"""Lists of pairs with attributes, 1 M: what a program has when it read them elsewhere.

(u, v, {"weight": w}) with string ids, onto a graph that has the nodes. igraph and rustworkx take
their bulk forms of the same lists, the dict from names to indices already made.
"""

from measure import node_names, random_ends, seconds
from report import faster, limit

TITLE = "Lists of pairs with attributes: 1 M (u, v, {'weight': w}) in one call"
REPEAT = 3
UNITS = {"edges in lists": "s", "edges in lists, raw": "s", "nodes in lists": "s"}


def _inputs(scale: int):
    count = 1_000_000 // scale
    names = node_names(count)
    sources, targets = random_ends(names, count)
    nodes = [(name, {"value": i}) for i, name in enumerate(names)]
    edges = [(u, v, {"weight": float(i)}) for i, (u, v) in enumerate(zip(sources, targets))]
    return nodes, edges


def _groggy(scale: int):
    from groggy import Graph
    from groggy._core import FastGraph

    nodes, edges = _inputs(scale)
    g, raw = Graph("c"), FastGraph()
    found = {
        "nodes in lists": seconds(lambda: g.batch_add_nodes(nodes)),
        "edges in lists": seconds(lambda: g.batch_add_edges(edges)),
    }
    raw.batch_add_nodes_raw(nodes)
    found["edges in lists, raw"] = seconds(lambda: raw.batch_add_edges_raw(edges))
    return found


def _networkx(scale: int):
    import networkx

    nodes, edges = _inputs(scale)
    g = networkx.DiGraph()
    return {
        "nodes in lists": seconds(lambda: g.add_nodes_from(nodes)),
        "edges in lists": seconds(lambda: g.add_edges_from(edges)),
    }


def _igraph(scale: int):
    import igraph

    nodes, edges = _inputs(scale)
    g = igraph.Graph(directed=True)
    g.add_vertices([name for name, _ in nodes])

    def add():
        g.add_edges([(u, v) for u, v, _ in edges], attributes={"weight": [d["weight"] for _, _, d in edges]})

    return {"edges in lists": seconds(add)}


def _rustworkx(scale: int):
    import rustworkx

    nodes, edges = _inputs(scale)
    g = rustworkx.PyDiGraph(multigraph=False)
    index = dict(zip((name for name, _ in nodes), g.add_nodes_from([d for _, d in nodes])))
    return {
        "edges in lists": seconds(lambda: g.add_edges_from([(index[u], index[v], d) for u, v, d in edges]))
    }


CONTENDERS = {"groggy": _groggy, "networkx": _networkx, "igraph": _igraph, "rustworkx": _rustworkx}


def rows(seen, scale):
    """Edges a second."""
    count = 1_000_000 // scale
    found = []
    for measure in ("edges in lists", "edges in lists, raw"):
        took = seen.least("groggy", measure)
        rate = None if took is None else count / took / 1e6
        found.append(limit(measure, rate, 3.0, "M edges/s", most=False))
    for peer in ("networkx", "igraph", "rustworkx"):
        found.append(
            faster(
                seen, "edges in lists", ("groggy", "edges in lists"), (peer, "edges in lists"), 1, target="-"
            )
        )
    return found
