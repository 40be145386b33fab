"""Several Python threads at one graph: what they see is always whole.

Readers check invariants that every single write keeps, so a half-done write would be seen: two
attributes set by one call are equal, a batch's nodes and edges come together, a snapshot's counts
never move, an algorithm on a snapshot gives the same bits each time.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)

SECONDS = 1.5
PATIENCE = 30  # seconds until a thread without a turn counts as starved


def together(*targets, seconds=SECONDS):
    """Run functions of a 'may go on' function in threads; the first error is raised."""
    errors, turns = [], [0] * len(targets)
    begin = time.monotonic()

    def go_on():
        """Until the time is over and everybody has had a turn: a machine may start threads late."""
        passed = time.monotonic() - begin
        return not errors and (passed < seconds or (passed < PATIENCE and not all(turns)))

    def run(place, target):
        try:
            while go_on():
                target()
                turns[place] += 1
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=(place, target)) for place, target in enumerate(targets)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]
    assert all(turns), f"a thread never had a turn: {turns}"
    return turns


def ring(size=400, **options):
    g = groggy.Graph("c", **options)
    g.add_nodes(range(size))
    g.add_edges([(k, (k + 1) % size) for k in range(size)])
    g.set_node_column("a", [0] * size)
    g.set_node_column("b", [0] * size)
    return g


@pytest.mark.parametrize("multigraph", [False, True])
def test_readers_see_whole_writes(multigraph):
    g = ring(multigraph=multigraph)
    draw = random.Random(1)
    number = 0

    def write():
        nonlocal number
        number += 1
        node = draw.randrange(400)
        g.update_node(node, a=number, b=number)
        g.add_edge(node, f"leaf {number % 50}", a=number, b=number)
        with g.batch_operations() as batch:
            batch.add_node("left", stamp=number)
            batch.add_node("right", stamp=number)
            batch.add_edge("left", "right", stamp=number)
        if number % 3 == 0:
            g.remove_node("left")
        if number % 50 == 49:
            g.remove_nodes([id for id in g.node_ids() if isinstance(id, str) and "leaf" in id])

    def read_points():
        node = random.randrange(400)
        attributes = g.get_node(node).attributes
        assert attributes["a"] == attributes["b"]
        assert g.has_edge(node, (node + 1) % 400)
        neighbors = g.get_neighbors(node)
        assert neighbors[0] == (node + 1) % 400
        assert len(set(neighbors)) == len(neighbors)

    def read_whole():
        snapshot = g.snapshot()
        n, m = snapshot.node_count, snapshot.edge_count
        ids = snapshot.node_ids()
        assert len(ids) == n and len(snapshot.edge_pairs()) == m
        assert ("left" in ids) <= ("right" in ids)
        first = snapshot.pagerank(tolerance=1e-4).to_numpy().tobytes()
        assert snapshot.pagerank(tolerance=1e-4, threads=1).to_numpy().tobytes() == first
        assert (snapshot.node_count, snapshot.edge_count) == (n, m)

    def ask():
        assert len(g.filter_nodes("a != b")) == 0
        assert g.connected_components().count >= 1
        assert g.core_number()[0] >= 2

    together(write, read_points, read_points, read_whole, ask)
    assert set(range(400)) <= set(g)
    copy = g.copy()
    assert copy.edge_pairs() == g.edge_pairs() and copy.node_ids() == g.node_ids()


def test_writers_take_turns():
    """What each of three writers added is there, once, with its own values."""
    g = groggy.Graph("c")
    counts = [0, 0, 0]

    def writer(name):
        def write():
            k = counts[name]
            g.add_node(f"{name} {k}", owner=name, k=k)
            g.add_edge(f"{name} {k}", f"{name} {max(0, k - 1)}", k=k)
            g.add_nodes([(f"{name} bulk {k}", {"owner": name})])
            counts[name] = k + 1

        return write

    together(*(writer(name) for name in range(3)), seconds=0.7)
    assert g.node_count() == 2 * sum(counts) and g.edge_count() == sum(counts)
    for name in range(3):
        assert len(g.filter_nodes(f"owner == {name}")) == 2 * counts[name]
        for k in (0, counts[name] // 2, counts[name] - 1):
            assert dict(g.get_node(f"{name} {k}")) == {"owner": name, "k": k}
    assert sorted(g.edge_ids()) == list(range(sum(counts)))


def test_long_algorithms_at_once():
    """The same answers as alone, from several threads that share the pool."""
    draw = random.Random(4)
    g = groggy.Graph("c")
    g.add_edges([(draw.randrange(3000), draw.randrange(3000)) for _ in range(12_000)])
    calls = {
        "pagerank": lambda: g.pagerank(),
        "betweenness": lambda: g.betweenness_centrality(samples=60, seed=1),
        "components": lambda: g.connected_components(),
        "triangles": lambda: g.triangle_count(),
        "labels": lambda: g.label_propagation(),
        "paths": lambda: g.shortest_paths(0),
    }
    alone = {name: call().to_numpy().tobytes() for name, call in calls.items()}

    def repeat(name):
        def run():
            assert calls[name]().to_numpy().tobytes() == alone[name], name

        return run

    together(*(repeat(name) for name in calls))


def test_iteration_beside_a_writer_is_whole_or_refused():
    g = ring()
    refused = 0

    def write():
        g.add_node("guest")
        g.remove_node("guest")

    def iterate():
        nonlocal refused
        try:
            ids = list(g)
        except RuntimeError as error:
            assert "changed" in str(error)
            refused += 1
        else:
            assert ids[:400] == list(range(400))
        # In one call there is nothing between.
        assert g.node_ids()[:400] == list(range(400))

    together(write, iterate, seconds=0.7)


# One CPU, and a scheduler that lets a thread run on when it wakes another (SCHED_BATCH): whoever
# gives the GIL back for microseconds has it again before anybody has woken. Each writer does one
# kind of call that lets the GIL go, about once in 2 ms.
STARVING = """
import os, sys, threading, time
import groggy

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
g = groggy.Graph("c")
g.add_nodes(range(100))
g.set_node_column("a", [1] * 100)
number = 0

def snapshot():
    g.node_ids()

def filter():
    g.filter_nodes("a > 1")

def neighbors():
    g.neighbors_of([1, 2])

release = {"snapshot": snapshot, "filter": filter, "neighbors": neighbors}[sys.argv[1]]
WANTED, PATIENCE = 50, 12
turns = [0, 0, 0]
begin = time.monotonic()

def go_on():
    return min(turns) < WANTED and time.monotonic() - begin < PATIENCE

def write():
    global number
    while go_on():
        until = time.perf_counter() + 0.002
        while time.perf_counter() < until:
            number += 1
        g.update_node(number % 100, a=number)
        release()
        turns[0] += 1

def wait(place):
    while go_on():
        time.sleep(0)  # lets the GIL go and asks for it anew
        turns[place] += 1

threads = [threading.Thread(target=write)]
threads += [threading.Thread(target=wait, args=(place,)) for place in (1, 2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(turns, round(time.monotonic() - begin, 2))
sys.exit(min(turns) < WANTED)
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="needs Linux's schedulers")
@pytest.mark.parametrize("release", ["snapshot", "filter", "neighbors"])
def test_short_releases_starve_nobody(release):
    """50 turns each take half a second; without the pauses of gil.c it is 0 to 30 in 12 seconds."""
    done = subprocess.run(
        [sys.executable, "-c", STARVING, release],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
