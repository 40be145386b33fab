"""Read a graph, rank its nodes, see where that ran and why.

Usage: python rank.py FILE
"""

import sys

import groggy

graph = groggy.read(sys.argv[1])
print(graph.summary())

scores = graph.pagerank(tolerance=1e-9)
for node, score in scores.top(5):
    print(f"{node!s:>12}  {score:.6f}")
print(scores.run)

# Results are mappings and arrays: no copy until you ask for one.
array = scores.to_numpy()
print("sum of the scores:", array.sum())

# The graph goes on changing; a snapshot does not.
before = graph.snapshot()
graph.add_edge("newcomer", scores.top(1)[0][0])
print(before.node_count, "nodes before,", graph.node_count(), "now")
