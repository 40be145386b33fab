"""The algorithms of the python backend, by definition: one module per family.

Every function takes an :class:`~groggy.oracle.adjacency.Adjacency` (nodes are 0 .. n-1 there) and
plain options, and returns plain lists by node. Names and options are checked in
:mod:`groggy.oracle.methods`, which also makes the results.
"""
