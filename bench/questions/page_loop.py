"""The page's loop: 100,000 nodes with three attributes and 500,000 edges, in a batch.

Word for word it makes 100,000 distinct edges, each five times; in a multigraph all 500,000 stay.
The others, which have no batches, run the same loop on the graph itself.
"""

from measure import seconds
from report import faster, within

TITLE = "The page's loop: 100,000 nodes with three attributes, 500,000 edges, in a batch"
REPEAT = 3
UNITS = {"loop": "s", "loop, multigraph": "s", "empty loop": "s"}


def _loop(batch, scale: int) -> None:
    nodes, edges = 100_000 // scale, 500_000 // scale
    for i in range(nodes):
        batch.add_node(
            f"node_{i}", value=i, category=i % 100, metadata={"created": f"2025-01-{i % 30 + 1:02d}"}
        )
    for i in range(edges):
        source = f"node_{i % nodes}"
        target = f"node_{(i + 1) % nodes}"
        batch.add_edge(source, target, weight=1.0)


def _groggy(scale: int):
    from groggy import Graph

    def run(multigraph):
        with Graph("c", multigraph=multigraph).batch_operations() as batch:
            _loop(batch, scale)

    return {"loop": seconds(lambda: run(False)), "loop, multigraph": seconds(lambda: run(True))}


def _networkx(scale: int):
    import networkx

    return {
        "loop": seconds(lambda: _loop(networkx.DiGraph(), scale)),
        "loop, multigraph": seconds(lambda: _loop(networkx.MultiDiGraph(), scale)),
    }


def _floor(scale: int):
    import floor

    return {"empty loop": seconds(lambda: _loop(floor.Floor(), scale))}


CONTENDERS = {
    "groggy": _groggy,
    "networkx": _networkx,
    "floor": _floor,
    "groggy, collector on": _groggy,
    "networkx, collector on": _networkx,
}
COLLECTOR_ON = {"groggy, collector on", "networkx, collector on"}


def rows(seen, scale):
    """Both kinds of graph."""
    found = []
    for measure in ("loop", "loop, multigraph"):
        found += [
            faster(seen, measure, ("groggy", measure), ("networkx", measure), 6),
            faster(
                seen,
                f"{measure}, collector on",
                ("groggy, collector on", measure),
                ("networkx, collector on", measure),
                1,
                target="-",
            ),
            within(seen, measure, ("groggy", measure), ("floor", "empty loop"), 1.6),
        ]
    return found
