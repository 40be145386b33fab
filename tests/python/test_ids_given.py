"""What may stand for a list of ids or pairs: arrays, ranges, buffers, iterators; and what may not."""

from __future__ import annotations

import array
import ctypes

import numpy as np
import pytest

groggy = pytest.importorskip("groggy", reason="the C core is not built")

from groggy import FastGraph, Graph  # noqa: E402  (after the skip)


@pytest.mark.parametrize("code", "bBhHiIlLqQ")
def test_integer_buffers(code):
    data = array.array(code, [3, 1, 2])
    g = Graph("c")
    assert g.add_nodes(data) == 3 and list(g) == [3, 1, 2]
    assert g.add_edges(data, memoryview(data)[::-1]) == 3
    assert g.edge_pairs() == [(3, 2), (1, 1), (2, 3)]
    assert g.has_nodes(np.array([1, 9])).tolist() == [True, False]


def test_strided_and_foreign_buffers():
    g = Graph("c")
    wide = np.arange(20, dtype=np.int64).reshape(10, 2)
    g.add_edges(wide[::2])
    g.add_edges(wide[1::2, 0], wide[1::2, 1])
    assert sorted(g.edge_pairs()) == [(2 * i, 2 * i + 1) for i in range(10)]
    g.add_nodes(np.array([100, 101], dtype=">i4"))
    assert g.has_node(100) and g.has_node(101)
    ctypes_array = (ctypes.c_int64 * 3)(200, 201, 202)
    g.add_nodes(ctypes_array)
    assert g.has_node(202)
    for bad in (np.array([1.5]), np.array([True]), array.array("d", [1.0])):
        with pytest.raises(TypeError):
            g.add_nodes(bad)
    with pytest.raises(ValueError):
        g.add_nodes(np.zeros((2, 2), dtype=int))
    with pytest.raises(ValueError):
        g.add_edges(np.zeros((2, 3), dtype=int))
    with pytest.raises(OverflowError):
        g.add_nodes(np.array([2**63], dtype=np.uint64))


@pytest.mark.parametrize("first", [0, 10**17], ids=["by index", "by any int"])
def test_nodes_of_an_algorithm_in_every_form(first):
    g = FastGraph()
    ids = np.arange(first, first + 3000)
    g.add_nodes(ids)
    g.add_edges(ids[:-1], ids[1:])
    some = [first + k for k in (2999, 7, 1500, 7)]
    backwards = range(first + 2900, first + 100, -7)
    for wanted, forms in (
        (some, (tuple, iter, np.array, lambda a: np.array(a, object), lambda a: memoryview(np.array(a)))),
        (some, (lambda a: array.array("q", a), lambda a: np.repeat(a, 3)[::3], lambda a: np.array(a, ">i8"))),
        (list(backwards), (lambda _: backwards, lambda a: np.array(a, np.uint64))),
        (ids.tolist(), (lambda _: range(first, first + 3000), lambda _: ids)),
    ):
        expected = np.asarray(g.sample_neighbors(wanted, 2, seed=3).column("node"))
        for form in forms:
            found = np.asarray(g.sample_neighbors(form(wanted), 2, seed=3).column("node"))
            assert found.tolist() == expected.tolist()


def test_nodes_of_an_algorithm_in_forms_that_are_none():
    g = FastGraph()
    g.add_nodes(range(20))
    g.add_edges([(k, k + 1) for k in range(19)])
    for bad, error in (
        (range(15, 21), "no node has the id 20"),
        (range(3, -2, -1), "no node has the id -1"),
        (range(10**30, 10**30 + 3), "does not fit into 64 bits"),
        (range(0), "is empty"),
        (np.array([3, 50]), "no node has the id .*50"),
        (np.array([3, 2**63], np.uint64), "9223372036854775808 does not fit"),
        (np.array([], int), "is empty"),
        (np.array([[3, 5]]), "must be str or int, not numpy.ndarray"),
        (np.array([3.0]), "must be str or int, not numpy.float64"),
        (np.array([True]), "must be str or int, not numpy.bool"),
        (np.ma.masked_array([3, 5], [0, 1]), "must be str or int, not MaskedConstant"),
    ):
        with pytest.raises((LookupError, OverflowError, ValueError, TypeError), match=error):
            g.sample_neighbors(bad, 2)


@pytest.mark.parametrize("first", [0, 10**17], ids=["by index", "by any int"])
def test_pairs_of_an_algorithm_in_every_form(first):
    g = FastGraph()
    ids = np.arange(first, first + 2000)
    g.add_nodes(ids)
    g.add_edges(ids[:-2], ids[2:])
    draw = np.random.default_rng(1)
    pairs = ids[draw.integers(0, 50, (3000, 2))]  # most of them again and again
    expected = g.jaccard(iter([list(map(int, pair)) for pair in pairs]))
    once = list(dict.fromkeys(map(tuple, pairs.tolist())))
    assert len(np.asarray(expected.column("score"))) == len(once) < 3000
    for form in (
        pairs,
        pairs.tolist(),
        [tuple(pair) for pair in pairs.tolist()],
        tuple(tuple(pair) for pair in pairs.tolist()),
        np.asfortranarray(pairs),
        np.repeat(pairs, 2, axis=1)[:, ::2],
        pairs.astype(np.uint64),
        pairs.astype(">i8"),
        pairs.astype(object),
        memoryview(pairs),
    ):
        found = g.jaccard(form)
        for name in ("score", "source", "target"):
            assert np.array_equal(np.asarray(found.column(name)), np.asarray(expected.column(name)))


def test_pairs_of_an_algorithm_in_forms_that_are_none():
    g = FastGraph()
    g.add_nodes(range(20))
    for bad, error in (
        (np.array([[3, 50]]), "no node has the id 50"),
        ([(3, 5), (3, 50)], "no node has the id 50"),
        (np.array([[3, 2**63]], np.uint64), "9223372036854775808 does not fit"),
        (np.array([[3, 5, 7]]), "pairs must hold pairs"),
        (np.array([3, 5]), "pairs must hold pairs"),
        ([(3, 5), (3,)], "pairs must hold pairs"),
        (np.array([[3.0, 5.0]]), "must be str or int, not float"),
        (np.array([[True, False]]), "must be str or int, not bool"),
        ([(3, 5), (3, 2**70)], "does not fit into 64 bits"),
    ):
        with pytest.raises((LookupError, OverflowError, ValueError, TypeError), match=error):
            g.jaccard(bad)
    assert len(np.asarray(g.jaccard(np.empty((0, 2), int)).column("score"))) == 0
