"""Memory: 1 M nodes with 100 distinct sets of attributes, and the page's tracemalloc block."""

from measure import node_names, settle
from report import Row, digits, faster, limit, quantity

TITLE = "Memory: 100 distinct sets of attributes, and the page's tracemalloc block"
REPEAT = 2
UNITS = {
    "a node with one of 100 sets": "B",
    "a node with one of 100 sets, memory_usage": "B",
    "a node alone": "B",
    "tracemalloc peak": "B",
    "tracemalloc growth": "B",
    "RSS growth": "B",
}
MEBIBYTE = 1 << 20


def _sets():
    return [
        {
            "category": i,
            "city": f"city {i % 10}",
            "tags": ["a", f"tag {i}"],
            "profile": {"level": i % 7, "ok": True},
        }
        for i in range(100)
    ]


def _per_node(scale: int, g, usage=None):
    count = 1_000_000 // scale
    names = node_names(count)
    sets = _sets()
    start = settle()
    for i, name in enumerate(names):
        # Fresh copies, as rows that come from a file are.
        attributes = sets[i % 100]
        g.add_node(
            name,
            category=attributes["category"],
            city=attributes["city"],
            tags=list(attributes["tags"]),
            profile=dict(attributes["profile"]),
        )
    found = {"a node with one of 100 sets": (settle() - start) / count}
    if usage:
        found["a node with one of 100 sets, memory_usage"] = usage() / count
    return found


def _groggy(scale: int):
    from groggy import Graph

    g = Graph("c")
    return _per_node(scale, g, lambda: g.memory_usage()["total"])


def _groggy_alone(scale: int):
    from groggy import Graph

    g = Graph("c")
    count = 1_000_000 // scale
    names = node_names(count)
    start = settle()
    for name in names:
        g.add_node(name)
    return {"a node alone": (settle() - start) / count}


def _networkx(scale: int):
    import networkx

    return _per_node(scale, networkx.DiGraph())


def _page(scale: int):
    import tracemalloc

    from groggy import Graph

    Graph("c").add_node("first", data={"value": 0})
    start = settle()
    tracemalloc.start()
    g = Graph(backend="rust")
    with g.batch_operations() as batch:
        for i in range(1_000_000 // scale):
            batch.add_node(f"node_{i}", data={"value": i, "category": i % 1000})
    current, peak = tracemalloc.get_traced_memory()
    grown = settle() - start
    tracemalloc.stop()
    return {"tracemalloc peak": peak, "tracemalloc growth": current, "RSS growth": grown}


CONTENDERS = {
    "groggy": _groggy,
    "groggy, no attributes": _groggy_alone,
    "networkx": _networkx,
    "groggy, the page's block": _page,
}


def rows(seen, scale):
    """The page's block has two targets."""
    page = "groggy, the page's block"
    peak, grown = seen.least(page, "tracemalloc peak"), seen.least(page, "RSS growth")
    apart = None if peak is None or grown is None else abs(grown - peak) / peak
    sets, alone = "a node with one of 100 sets", "a node alone"
    ours = seen.least("groggy", sets)
    bare = seen.least("groggy, no attributes", alone)
    return [
        Row(
            "a node with one of 100 sets of attributes",
            quantity(ours, "B"),
            f"a node alone: {quantity(bare, 'B')}",
            "-" if ours is None or bare is None else f"{quantity(ours - bare, 'B')} for its attributes",
            "-",
            None,
        ),
        faster(
            seen,
            "a node with one of 100 sets of attributes",
            ("groggy", sets),
            ("networkx", sets),
            1,
            "B",
            "-",
        ),
        limit("the page's block: peak", peak, 180 * MEBIBYTE // scale, "B"),
        Row(
            "the page's block: peak and growth of RSS",
            quantity(peak, "B"),
            f"RSS: {quantity(grown, 'B')}",
            "-" if apart is None else f"{digits(apart * 100)} % apart",
            "<= 15 % apart",
            None if apart is None else apart <= 0.15,
        ),
    ]
