"""Ctrl-C at random moments: KeyboardInterrupt at once, and a graph that goes on working.

A child process does long jobs one after the other; after each start the parent waits for a random
time and sends SIGINT. The child notes when the KeyboardInterrupt came (both read the same monotonic
clock), and checks that the graph is whole. 50 interrupts here, 1,000 with GLI_TEST_FULL=1.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)

COUNT = 1000 if os.environ.get("GLI_TEST_FULL") == "1" else 50

CHILD = r'''
import sys, tempfile, time
from pathlib import Path
import numpy as np
from groggy import Graph, read

def say(*words):
    print(*words, flush=True)

rounds = int(sys.argv[1])
draw = np.random.default_rng(7)
n, m = 20_000, 60_000
g = Graph("c")
g.add_nodes(np.arange(n))
g.add_edges(draw.integers(0, n, m), draw.integers(0, n, m), w=draw.random(m) + 0.5)
g.set_node_column("x", np.arange(n))
cycle = Graph("c")
cycle.add_edges(np.arange(5000), (np.arange(5000) + 1) % 5000)
pairs = Graph("c", directed=False)  # labels change sides for ever
pairs.add_edges(np.arange(0, 10_000, 2), np.arange(1, 10_000, 2))
big_nodes = draw.permutation(4_000_000)
big_sources, big_targets = draw.integers(0, 500_000, (2, 4_000_000))
many = [f"name {k}" for k in range(1_000_000)]
folder = tempfile.TemporaryDirectory()
path = Path(folder.name, "edges.txt")
path.write_text("".join(f"{u} {v}\n" for u, v in draw.integers(0, 500_000, (1_500_000, 2)).tolist()))

def batch(graph):
    with graph.batch_operations() as staged:
        for name in many:
            staged.add_edge(name, "hub", x=1)

JOBS = {
    "betweenness": lambda: g.betweenness_centrality(),
    "betweenness, weighted": lambda: g.betweenness_centrality(weight="w"),
    "edge_betweenness, one thread": lambda: g.edge_betweenness(threads=1),
    "pagerank": lambda: cycle.pagerank(damping=1.0, personalization={0: 1}, tolerance=0, max_iterations=10**9),
    "label_propagation": lambda: pairs.label_propagation(max_iterations=10**9),
    "add_nodes, array": lambda: fresh.add_nodes(big_nodes),
    "add_edges, arrays": lambda: fresh.add_edges(big_sources, big_targets),
    "add_nodes, list": lambda: fresh.add_nodes(many),
    "batch": lambda: batch(fresh),
    "read": lambda: read(path),
    "filter by a function": lambda: [g.filter_nodes(lambda node: node["x"] < 0) for _ in range(1000)],
}
WHOLE = {  # (nodes, edges) of what a job fills, with the node that was there before
    "add_nodes, array": (4_000_001, 0),
    "add_edges, arrays": (
        np.unique(np.concatenate((big_sources, big_targets))).size + 1,
        np.unique(big_sources * 500_000 + big_targets).size,
    ),
    "add_nodes, list": (1_000_001, 0),
    "batch": (1_000_002, 1_000_000),
}
names = list(JOBS)
for turn in range(rounds):
    name = names[turn % len(names)]
    fresh = Graph("c")
    fresh.add_node("before", x=1)
    came = None
    finished = False
    try:
        say("go", name)
        JOBS[name]()
        finished = True
        time.sleep(60)
    except KeyboardInterrupt:
        came = time.monotonic()
    say("came", came, int(finished))
    # Usable, and whole or not at all: the signal may have come when the call was about to return.
    counts = fresh.node_count(), fresh.edge_count()
    assert counts in ((1, 0), WHOLE.get(name)), (name, counts)
    fresh.add_edge("before", "after", x=2)
    assert fresh.get_node("before")["x"] == 1 and fresh.has_edge("before", "after")
    assert g.node_count() == n and dict(g.get_node(5)) == {"x": 5}
    assert len(g.bfs(0)) == n and g.connected_components().count >= 1
    extra = g.add_edge(0, "extra", w=1.0)
    g.remove_node("extra")
    assert not g.has_edge(extra) and g.node_count() == n
say("done")
'''


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
def test_ctrl_c_at_random_moments():
    draw = random.Random(11)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(COUNT)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    took = defaultdict(list)
    middle = 0
    try:
        for _ in range(COUNT):
            word, name = child.stdout.readline().rstrip("\n").split(" ", 1)
            assert word == "go"
            time.sleep(draw.choice([0.0, 0.002, 0.02, 0.1]) * draw.random())
            sent = time.monotonic()
            child.send_signal(signal.SIGINT)
            word, came, finished = child.stdout.readline().split()
            assert word == "came" and came != "None"
            took[name].append(float(came) - sent)
            middle += finished == "0"
        assert child.stdout.readline() == "done\n"
        assert child.wait(60) == 0
    finally:
        child.kill()
        error = child.stderr.read()
        child.wait()
        child.stdout.close()
        child.stderr.close()
        assert "Traceback" not in error, error
    every = sorted(second for seconds in took.values() for second in seconds)
    print(f"\n{COUNT} interrupts, {middle} of them in the middle of a job; until KeyboardInterrupt:")
    for share in (0.5, 0.9, 0.99, 1):
        print(f"  {share:4.0%}  {every[min(COUNT - 1, int(share * COUNT))] * 1e3:7.1f} ms")
    for name, seconds in took.items():
        median = statistics.median(seconds)
        print(f"  {name:<30} median {median * 1e3:6.1f} ms, longest {max(seconds) * 1e3:7.1f} ms")
    # The promise is 100 ms; a busy machine may take the processor away for longer.
    assert every[-1] < 1.0
    assert statistics.median(every) < 0.1
    assert middle >= 0.8 * COUNT
