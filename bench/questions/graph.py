"""The table's graph: 1 M nodes with string ids and one int, 1 M random edges with one float.

One process per contender builds it one call at a time, then reads it at random, so that the
questions of nodes, edges, access and memory share one construction. The other libraries get their
edges in bulk, their faster way; a dict from names to their own indices is part of those that have
no names. The floor is the same loops over methods that do nothing, and over a plain dict.
"""

from measure import node_names, pick, random_ends, random_positions, seconds, settle
from report import faster, faster_than_all, limit, within

TITLE = "One call each: 1 M nodes with an int, 1 M random edges with a float, random reads, memory"
REPEAT = 3
UNITS = {
    "nodes": "s",
    "edges": "s",
    "edges in bulk": "s",
    "get": "s",
    "get_neighbors": "s",
    "has_edge": "s",
    "memory of nodes": "B",
    "memory of edges": "B",
    "memory of the in-side": "B",
    "memory_usage: nodes": "B",
    "memory_usage: edges": "B",
    "memory_usage: in-side": "B",
    "empty method": "s",
    "dict insert": "s",
    "empty method + dict insert": "s",
    "empty add_edge": "s",
    "two dict look-ups": "s",
    "empty method + two dict look-ups": "s",
}


class _Inputs:
    """What everybody builds from; made before the clock starts."""

    def __init__(self, scale: int) -> None:
        self.count = 1_000_000 // scale
        self.names = node_names(self.count)
        self.sources, self.targets = random_ends(self.names, self.count)
        self.queries = 300_000 // scale
        self.wanted = pick(self.names, self.queries, 3)
        # Every other pair is an edge.
        rows = random_positions(self.queries, self.count, 4).tolist()
        others = pick(self.names, self.queries, 5)
        self.pairs = [
            (self.sources[row], self.targets[row] if turn % 2 else others[turn])
            for turn, row in enumerate(rows)
        ]

    def reads(self, get, neighbors, has_edge) -> dict[str, float]:
        """Seconds per query of three loops."""
        return {
            "get": seconds(get) / self.queries,
            "get_neighbors": seconds(neighbors) / self.queries,
            "has_edge": seconds(has_edge) / self.queries,
        }


def _construct(inputs: _Inputs, nodes, edges, edges_name: str = "edges") -> dict[str, float]:
    """Time both steps and weigh them."""
    start = settle()
    found = {"nodes": seconds(nodes)}
    middle = settle()
    found[edges_name] = seconds(edges)
    found |= {"memory of nodes": middle - start, "memory of edges": settle() - middle}
    return found


def _groggy_build(scale: int):
    from groggy import Graph

    inputs = _Inputs(scale)
    g = Graph("c")
    usage = {}

    def nodes():
        for i, name in enumerate(inputs.names):
            g.add_node(name, value=i)

    def edges():
        usage["nodes"] = g.memory_usage()["total"]
        for u, v in zip(inputs.sources, inputs.targets):
            g.add_edge(u, v, weight=1.0)

    found = _construct(inputs, nodes, edges)
    total = g.memory_usage()["total"]
    found["memory_usage: nodes"] = usage["nodes"]
    found["memory_usage: edges"] = total - usage["nodes"]
    return g, inputs, found


def _groggy(scale: int) -> dict[str, float]:
    g, inputs, found = _groggy_build(scale)

    def get():
        for name in inputs.wanted:
            g.get_node(name)["value"]

    def neighbors():
        for name in inputs.wanted:
            g.get_neighbors(name)

    def has_edge():
        for u, v in inputs.pairs:
            g.has_edge(u, v)

    found |= inputs.reads(get, neighbors, has_edge)
    before, total = settle(), g.memory_usage()["total"]
    g.get_neighbors(inputs.names[0], "in")
    found["memory of the in-side"] = settle() - before
    found["memory_usage: in-side"] = g.memory_usage()["total"] - total
    return found


def _groggy_constructed(scale: int) -> dict[str, float]:
    found = _groggy_build(scale)[2]
    return {measure: found[measure] for measure in ("nodes", "edges")}


def _networkx_build(scale: int):
    import networkx

    inputs = _Inputs(scale)
    g = networkx.DiGraph()

    def nodes():
        for i, name in enumerate(inputs.names):
            g.add_node(name, value=i)

    def edges():
        for u, v in zip(inputs.sources, inputs.targets):
            g.add_edge(u, v, weight=1.0)

    return g, inputs, _construct(inputs, nodes, edges)


def _networkx(scale: int) -> dict[str, float]:
    g, inputs, found = _networkx_build(scale)

    def get():
        for name in inputs.wanted:
            g.nodes[name]["value"]

    def neighbors():
        for name in inputs.wanted:
            list(g.neighbors(name))

    def has_edge():
        for u, v in inputs.pairs:
            g.has_edge(u, v)

    return found | inputs.reads(get, neighbors, has_edge)


def _networkx_constructed(scale: int) -> dict[str, float]:
    found = _networkx_build(scale)[2]
    return {measure: found[measure] for measure in ("nodes", "edges")}


def _igraph(scale: int) -> dict[str, float]:
    import igraph

    inputs = _Inputs(scale)
    g = igraph.Graph(directed=True)

    def nodes():
        g.add_vertices(inputs.names, attributes={"value": list(range(inputs.count))})

    def edges():
        g.add_edges(zip(inputs.sources, inputs.targets), attributes={"weight": [1.0] * inputs.count})

    def get():
        for name in inputs.wanted:
            g.vs.find(name)["value"]

    def neighbors():
        for name in inputs.wanted:
            g.successors(name)

    def has_edge():
        for u, v in inputs.pairs:
            g.are_adjacent(u, v)

    found = _construct(inputs, nodes, edges, "edges in bulk")
    return found | inputs.reads(get, neighbors, has_edge)


def _rustworkx(scale: int) -> dict[str, float]:
    import rustworkx

    inputs = _Inputs(scale)
    g, index = rustworkx.PyDiGraph(multigraph=False), {}

    def nodes():
        for i, name in enumerate(inputs.names):
            index[name] = g.add_node({"value": i})

    def edges():
        g.extend_from_weighted_edge_list(
            [(index[u], index[v], 1.0) for u, v in zip(inputs.sources, inputs.targets)]
        )

    def get():
        for name in inputs.wanted:
            g[index[name]]["value"]

    def neighbors():
        for name in inputs.wanted:
            g.successor_indices(index[name])

    def has_edge():
        for u, v in inputs.pairs:
            g.has_edge(index[u], index[v])

    found = _construct(inputs, nodes, edges, "edges in bulk")
    return found | inputs.reads(get, neighbors, has_edge)


def _networkit(scale: int) -> dict[str, float]:
    import networkit
    import numpy

    inputs = _Inputs(scale)
    g, index = networkit.Graph(weighted=True, directed=True), {}
    values = g.attachNodeAttribute("value", int)

    def nodes():
        for i, name in enumerate(inputs.names):
            index[name] = g.addNode()
            values[i] = i

    def edges():
        tails = numpy.array([index[u] for u in inputs.sources], dtype=numpy.uint64)
        heads = numpy.array([index[v] for v in inputs.targets], dtype=numpy.uint64)
        g.addEdges((numpy.ones(inputs.count), (tails, heads)))

    def get():
        for name in inputs.wanted:
            values[index[name]]

    def neighbors():
        for name in inputs.wanted:
            list(g.iterNeighbors(index[name]))

    def has_edge():
        for u, v in inputs.pairs:
            g.hasEdge(index[u], index[v])

    found = _construct(inputs, nodes, edges, "edges in bulk")
    return found | inputs.reads(get, neighbors, has_edge)


def _graph_tool(scale: int) -> dict[str, float]:
    import graph_tool
    import numpy

    inputs = _Inputs(scale)
    g, index = graph_tool.Graph(directed=True), {}
    kept = {}

    def nodes():
        g.add_vertex(inputs.count)
        index.update((name, i) for i, name in enumerate(inputs.names))
        kept["value"] = g.new_vertex_property("int64_t", vals=numpy.arange(inputs.count))

    def edges():
        tails = numpy.array([index[u] for u in inputs.sources])
        heads = numpy.array([index[v] for v in inputs.targets])
        g.add_edge_list(numpy.column_stack((tails, heads)))
        kept["weight"] = g.new_edge_property("double", vals=numpy.ones(inputs.count))

    def get():
        value = kept["value"]
        for name in inputs.wanted:
            value[index[name]]

    def neighbors():
        for name in inputs.wanted:
            g.get_out_neighbors(index[name])

    def has_edge():
        for u, v in inputs.pairs:
            g.edge(index[u], index[v]) is not None

    found = _construct(inputs, nodes, edges, "edges in bulk")
    return found | inputs.reads(get, neighbors, has_edge)


def _floor(scale: int) -> dict[str, float]:
    import floor

    inputs = _Inputs(scale)
    g = floor.Floor()

    def empty_nodes():
        for i, name in enumerate(inputs.names):
            g.add_node(name, value=i)

    def insert(d):
        for i, name in enumerate(inputs.names):
            d[name] = i

    def both_nodes(d):
        for i, name in enumerate(inputs.names):
            g.add_node(name, value=i)
            d[name] = i

    def empty_edges():
        for u, v in zip(inputs.sources, inputs.targets):
            g.add_edge(u, v, weight=1.0)

    def look_up(d):
        for u, v in zip(inputs.sources, inputs.targets):
            d[u]
            d[v]

    def both_edges(d):
        for u, v in zip(inputs.sources, inputs.targets):
            g.add_edge(u, v, weight=1.0)
            d[u]
            d[v]

    def get():
        for name in inputs.wanted:
            g.get_node(name)["value"]

    def neighbors():
        for name in inputs.wanted:
            g.get_neighbors(name)

    def has_edge():
        for u, v in inputs.pairs:
            g.has_edge(u, v)

    index: dict[str, int] = {}
    found = {
        "empty method": seconds(empty_nodes),
        # First, while no name has its hash yet: as the graph finds them.
        "empty method + dict insert": seconds(lambda: both_nodes(index)),
        "dict insert": seconds(lambda: insert({})),
        "empty add_edge": seconds(empty_edges),
        "two dict look-ups": seconds(lambda: look_up(index)),
        "empty method + two dict look-ups": seconds(lambda: both_edges(index)),
    }
    return found | inputs.reads(get, neighbors, has_edge)


CONTENDERS = {
    "groggy": _groggy,
    "networkx": _networkx,
    "floor": _floor,
    "igraph": _igraph,
    "rustworkx": _rustworkx,
    "networkit": _networkit,
    "graph-tool": _graph_tool,
    "groggy, collector on": _groggy_constructed,
    "networkx, collector on": _networkx_constructed,
}
COLLECTOR_ON = {"groggy, collector on", "networkx, collector on"}
ONCE = {"networkx, collector on"}
OURS = ("groggy", "groggy, collector on", "floor")


def rows(seen, scale):
    """The targets on single calls and on memory."""
    count = 1_000_000 // scale
    ours = "groggy"
    found = [
        faster(seen, "add_node, 1 M", (ours, "nodes"), ("networkx", "nodes"), 10),
        within(
            seen,
            "add_node, 1 M, one loop of both",
            (ours, "nodes"),
            ("floor", "empty method + dict insert"),
            1.5,
        ),
        faster(seen, "add_edge, 1 M", (ours, "edges"), ("networkx", "edges"), 5),
        faster(
            seen,
            "add_edge, 1 M, collector on",
            ("groggy, collector on", "edges"),
            ("networkx, collector on", "edges"),
            20,
        ),
        faster_than_all(seen, "add_edge, 1 M, against bulk ways", (ours, "edges"), "edges in bulk", OURS),
        within(
            seen,
            "add_edge, 1 M, one loop of both",
            (ours, "edges"),
            ("floor", "empty method + two dict look-ups"),
            1.5,
        ),
    ]
    for what, measure in (
        ('get_node(id)["value"]', "get"),
        ("has_edge", "has_edge"),
        ("get_neighbors", "get_neighbors"),
    ):
        what = f"{what} at random over 1 M"
        found.append(faster(seen, what, (ours, measure), ("networkx", measure), 2))
        found.append(faster_than_all(seen, what, (ours, measure), measure, (*OURS, "networkx")))
    by_rss = {name: seen.least(ours, name) for name in UNITS if name.startswith("memory")}
    for kind, form in (("growth of RSS", "memory of {}"), ("memory_usage()", "memory_usage: {}")):
        nodes = by_rss[form.format("nodes")]
        edges = by_rss[form.format("edges")]
        inside = by_rss[form.format("the in-side" if " of " in form else "in-side")]
        both = None if edges is None or inside is None else edges + inside
        found += [
            limit(f"memory of nodes, {kind}", nodes, 64 * count, "B"),
            limit(f"memory of edges, {kind}", edges, 48 * count, "B"),
            limit(f"memory of edges with in-side, {kind}", both, 64 * count, "B"),
        ]
    return found
