"""Making random graphs: 131,072 nodes, two million edges.

Time per edge of the graph that comes out, ready for use. NetworkX, which is far slower, makes a tenth. Peers
use the generators they have: NetworKit's R-MAT keeps repeated pairs, as ours does not.
"""

from measure import seconds
from report import faster_than_all

TITLE = "Generators: 131,072 nodes, 2 M edges"
REPEAT = 3
UNITS = {"kronecker": "s", "gnp": "s", "gnm": "s", "barabasi_albert": "s", "watts_strogatz": "s"}
ONCE = {"networkx"}
SEED = 1


def _sizes(scale: int) -> tuple[int, int, float]:
    """Binary logarithm of the nodes, edges drawn per node, and p."""
    power = max(8, 17 - scale.bit_length() + 1)
    nodes = 1 << power
    return power, 16, 32 / (nodes - 1)


def _per_edge(make, edges) -> float:
    found = []
    took = seconds(lambda: found.append(make()))
    return took / edges(found[-1])


def _groggy(scale: int):
    from groggy import generators

    power, degree, p = _sizes(scale)
    n = 1 << power
    makes = {
        "kronecker": lambda: generators.kronecker(power, degree, seed=SEED, backend="c"),
        "gnp": lambda: generators.gnp(n, p, seed=SEED, backend="c"),
        "gnm": lambda: generators.gnm(n, n * degree, seed=SEED, backend="c"),
        "barabasi_albert": lambda: generators.barabasi_albert(n, degree, seed=SEED, backend="c"),
        "watts_strogatz": lambda: generators.watts_strogatz(n, 2 * degree, 0.1, seed=SEED, backend="c"),
    }
    return {name: _per_edge(make, lambda graph: graph.edge_count()) for name, make in makes.items()}


def _networkit(scale: int):
    from networkit import generators

    power, degree, p = _sizes(scale)
    n = 1 << power
    makers = {
        "kronecker": lambda: generators.RmatGenerator(power, degree, 0.57, 0.19, 0.19, 0.05),
        "gnp": lambda: generators.ErdosRenyiGenerator(n, p),
        "barabasi_albert": lambda: generators.BarabasiAlbertGenerator(degree, n),
        "watts_strogatz": lambda: generators.WattsStrogatzGenerator(n, degree, 0.1),
    }
    return {
        name: _per_edge(lambda make=make: make().generate(), lambda graph: graph.numberOfEdges())
        for name, make in makers.items()
    }


def _igraph(scale: int):
    from igraph import Graph

    power, degree, p = _sizes(scale)
    n = 1 << power
    makes = {
        "gnp": lambda: Graph.Erdos_Renyi(n, p=p),
        "gnm": lambda: Graph.Erdos_Renyi(n, m=n * degree),
        "barabasi_albert": lambda: Graph.Barabasi(n, degree),
        "watts_strogatz": lambda: Graph.Watts_Strogatz(1, n, degree, 0.1),
    }
    return {name: _per_edge(make, lambda graph: graph.ecount()) for name, make in makes.items()}


def _networkx(scale: int):
    import networkx

    power, degree, _ = _sizes(scale)
    n = max(256, (1 << power) // 10)
    makes = {
        "gnp": lambda: networkx.fast_gnp_random_graph(n, 2 * degree / (n - 1), seed=SEED),
        "gnm": lambda: networkx.gnm_random_graph(n, n * degree, seed=SEED),
        "barabasi_albert": lambda: networkx.barabasi_albert_graph(n, degree, seed=SEED),
        "watts_strogatz": lambda: networkx.watts_strogatz_graph(n, 2 * degree, 0.1, seed=SEED),
    }
    return {name: _per_edge(make, lambda graph: graph.number_of_edges()) for name, make in makes.items()}


CONTENDERS = {"groggy": _groggy, "networkit": _networkit, "igraph": _igraph, "networkx": _networkx}


def rows(seen, scale):
    """Each generator against the fastest peer that has it."""
    return [
        faster_than_all(seen, f"{name}, an edge", ("groggy", name), name, ("groggy",)) for name in UNITS
    ]
