"""Columns that stay on the device (keep='device'), and how other libraries take them.

OpenCL runs on PoCL, with a consumer in C (dlpack_consumer.c). What only CUDA has is tested on the
same driver under CUDA's name (relabelled_driver.c): no GPU is asked or claimed. Without an OpenCL
device, or without a compiler and OpenCL's headers, those tests are skipped with the reason.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)
from groggy import Graph  # noqa: E402 (only where the core is built)

numpy = pytest.importorskip("numpy")

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMPILER = shutil.which("cc")
OPENCL = groggy.get_available_backends()["opencl"]
needs_opencl = pytest.mark.skipif(not OPENCL["available"], reason=f"no OpenCL: {OPENCL['reason']}")
VERSIONED = tuple(map(int, numpy.__version__.split(".")[:2])) >= (2, 1)

CPU, CUDA, OPENCL_KIND = 1, 2, 4  # DLDeviceType


def fill(graph, nodes=60, holes=False):
    graph.add_edges([(k, (k * 7 + 3) % nodes) for k in range(nodes)])
    graph.add_edges([(k, (k * 5 + 1) % nodes) for k in range(nodes)])
    if holes:
        for node in (0, 17, 30):
            graph.remove_node(node)
    return graph


def usage():
    position = [str(device) for device in groggy.devices()].index(OPENCL["device"])
    return groggy.devices()[position].usage


def build(source, target, *flags):
    """A shared object from a C file of the tests; the test is skipped where it cannot be built."""
    if COMPILER is None:
        pytest.skip("there is no C compiler here")
    made = subprocess.run(
        [COMPILER, "-std=c11", "-O1", "-Wall", "-shared", "-fPIC", "-Wno-deprecated-declarations", f"-I{ROOT}",
         str(HERE / source), "-o", str(target), *flags],
        capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode != 0 and "CL/cl.h" in made.stderr:
        pytest.skip("OpenCL's headers are not here")
    assert made.returncode == 0, made.stderr
    target.chmod(0o700)
    return target


# On the host.


@pytest.mark.parametrize("backend", ["c", "c-gpu", "python"])
def test_on_the_host_it_says_so(backend):
    g = fill(Graph(backend))
    asked = g.pagerank(keep="device")
    assert asked.run.kept == "host" and "columns on the host" in repr(asked.run)
    assert asked.run.to_dict()["kept"] == "host"
    assert asked.__dlpack_device__() == (CPU, 0)
    assert not hasattr(asked, "__cuda_array_interface__")
    assert asked == g.pagerank()
    for plain in (g.pagerank(), g.pagerank(keep=None), g.pagerank(keep="host")):
        assert plain.run.kept == "" and "columns on" not in repr(plain.run)


@pytest.mark.parametrize("backend", ["c", "python"])
def test_what_keep_may_be(backend):
    g = fill(Graph(backend))
    with pytest.raises(ValueError, match="keep must be 'host' or 'device', not 'gpu'"):
        g.pagerank(keep="gpu")
    with pytest.raises(TypeError, match="keep must be 'host' or 'device', not int"):
        g.bfs(1, keep=1)
    assert g.k_hop(1, 1, keep="device") == g.k_hop(1, 1)
    assert g.degrees(keep="device") == g.degrees()


@needs_opencl
@pytest.mark.parametrize("holes", [False, True])
def test_lists_stay_there(holes):
    g = fill(Graph("c", multigraph=True), holes=holes)
    on_device = fill(Graph("opencl", multigraph=True), holes=holes)
    chosen = [5, 9, 5, 58]
    for given in ({}, {"direction": "in"}, {"source": chosen, "within": True, "edges": True}):
        here = g.neighbor_lists(**given)
        there = on_device.neighbor_lists(**given, keep="device")
        assert there.run.kept == "device" and there.run.backend == "opencl"
        for name in ("offset", "neighbor", "node", *(["place"] if "within" in given else [])):
            column = getattr(there, name)
            assert column.__dlpack_device__()[0] == OPENCL_KIND
            assert numpy.array_equal(column.to_numpy(), getattr(here, name).to_numpy())
        if "edges" in given:  # which go by ids that only the host has
            assert there.edge.__dlpack_device__() == (CPU, 0)
            assert there.edge.to_numpy().tolist() == here.edge.to_numpy().tolist()


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("backend", ["c", "python"])
def test_numpy_takes_host_columns(backend, holes):
    g = fill(Graph(backend), holes=holes)
    found = g.bfs(1)
    for column in (found, found.level, found.predecessor, g.pagerank(), g.articulation_points()
                   if backend == "c" else g.clustering()):  # fmt: skip
        taken = numpy.from_dlpack(column)
        plain = column.to_numpy()
        assert taken.dtype == plain.dtype and taken.shape == (len(column),)
        assert numpy.array_equal(taken, plain)
        old = numpy.from_dlpack(_Old(column))  # as consumers of before DLPack 1.0 ask
        assert numpy.array_equal(old, plain) and not numpy.shares_memory(old, plain)
    if VERSIONED and backend == "c" and not holes:
        score = g.pagerank()
        taken = numpy.from_dlpack(score)
        assert numpy.shares_memory(taken, score.to_numpy()) and not taken.flags.writeable
        wanted = list(score.values())
        del score, g
        gc.collect()
        assert taken.tolist() == wanted
        copied = numpy.from_dlpack(found.level, copy=True)
        assert not numpy.shares_memory(copied, found.level.to_numpy())


class _Old:
    """A producer that is asked as before DLPack 1.0: no max_version."""

    def __init__(self, column):
        self._column = column

    def __dlpack__(self, **ignored):
        return self._column.__dlpack__()

    def __dlpack_device__(self):
        return self._column.__dlpack_device__()


@pytest.mark.parametrize(
    "wrong",
    [{"max_version": "x"}, {"max_version": 1}, {"max_version": (1,)}, {"max_version": (1.0, 0)},
     {"dl_device": "x"}, {"dl_device": 3}, {"dl_device": (1, 0, 0)}, {"copy": "no"}, {"copy": 2}],
)  # fmt: skip
def test_wrong_words_of_consumers(wrong):
    g = groggy.Graph("c")
    g.add_edge("a", "b")
    with pytest.raises(TypeError, match=next(iter(wrong))):
        g.pagerank().__dlpack__(**wrong)


def test_what_host_columns_refuse():
    score = fill(Graph("c")).pagerank()
    with pytest.raises(BufferError, match="not on \\(2, 0\\)"):
        score.__dlpack__(dl_device=(CUDA, 0))
    with pytest.raises(BufferError, match="stream"):
        score.__dlpack__(stream=1)
    with pytest.raises(BufferError, match="allow a copy"):
        score.__dlpack__(copy=False)
    with pytest.raises(AttributeError, match="on the host"):
        getattr(score.score, "__cuda_array_interface__")  # noqa: B009 (reading it is the test)


# On OpenCL.


@needs_opencl
@pytest.mark.parametrize("holes", [False, True])
def test_kept_columns_are_the_same(holes):
    kept, host = fill(Graph("opencl"), holes=holes), fill(Graph("c"), holes=holes)
    calls = {
        "bfs": lambda g, **o: g.bfs(1, **o),
        "shortest_paths": lambda g, **o: g.shortest_paths(1, **o),
        "degrees": lambda g, **o: g.degrees(**o),
        "pagerank": lambda g, **o: g.pagerank(**o),
        "katz_centrality": lambda g, **o: g.katz_centrality(alpha=0.05, **o),
        "hits": lambda g, **o: g.hits(**o),
        "betweenness_centrality": lambda g, **o: g.betweenness_centrality(**o),
        "connected_components": lambda g, **o: g.connected_components(**o),
        "core_number": lambda g, **o: g.core_number(**o),
        "triangle_count": lambda g, **o: g.triangle_count(**o),
        "jaccard": lambda g, **o: g.jaccard([(1, 2), (2, 3), (4, 1)], **o),
        "label_propagation": lambda g, **o: g.label_propagation(**o),
    }
    before = usage()["kept_bytes"]
    compared = 0
    for name, call in calls.items():
        found, wanted = call(kept, keep="device"), call(host)
        assert found.run.kept == "device", name
        assert found.scalars == wanted.scalars and list(found) == list(wanted)
        for column in wanted.columns:
            ends = name == "jaccard" and column in ("source", "target")  # they name the rows
            kind = found.column(column).__dlpack_device__()[0]
            assert kind == (CPU if ends else OPENCL_KIND), (name, column)
            left, right = found.column(column).to_numpy(), wanted.column(column).to_numpy()
            assert left.dtype == right.dtype and numpy.allclose(left, right, atol=1e-9), name
            assert found.column(column).to_dict() == pytest.approx(wanted.column(column).to_dict())
            compared += 1
        assert usage()["kept_bytes"] > before
        del found, left  # the array is the result's memory
    assert compared >= 17 and usage()["kept_bytes"] == before


@needs_opencl
def test_a_column_comes_to_the_host_once_and_when_asked():
    g = fill(Graph("opencl"))
    g.pagerank(), g.degrees()
    before = usage()
    found = g.degrees(keep="device")
    made = usage()
    assert made["downloaded_bytes"] == before["downloaded_bytes"]
    assert made["kept_bytes"] == before["kept_bytes"] + 8 * len(g.nodes)
    assert "degree" in found.columns and len(found) == 60 and 3 in found and list(found)[:2] == [0, 3]
    assert found.__dlpack_device__()[0] == OPENCL_KIND
    assert usage()["downloaded_bytes"] == before["downloaded_bytes"]
    assert found[3] == g.degree(3)
    after = usage()["downloaded_bytes"]
    assert after == before["downloaded_bytes"] + 8 * len(g.nodes)
    values = list(found.values())
    assert found.to_numpy().tolist() == values and found.top(2) and memoryview(found._columns["degree"])[0]
    assert found.run.kept == "device" and usage()["downloaded_bytes"] == after
    assert "4" in repr(found)


@needs_opencl
def test_what_kept_columns_refuse():
    found = fill(Graph("opencl")).pagerank(keep="device")
    with pytest.raises((BufferError, RuntimeError)):
        numpy.from_dlpack(found)  # NumPy takes no device but the CPU
    with pytest.raises(BufferError, match="the consumer can make one"):
        found.__dlpack__(copy=True)
    with pytest.raises(BufferError, match="not on \\(2, 0\\)"):
        found.__dlpack__(dl_device=(CUDA, 0))
    with pytest.raises(AttributeError, match="which is no CUDA device"):
        getattr(found.score, "__cuda_array_interface__")  # noqa: B009 (reading it is the test)
    with pytest.raises(BufferError, match="on a device; on the host it is a copy"):
        found.__dlpack__(dl_device=(CPU, 0), max_version=(1, 0), copy=False)
    if VERSIONED:
        assert numpy.array_equal(numpy.from_dlpack(found, device="cpu"), found.to_numpy())


@needs_opencl
def test_two_threads_read_a_kept_column():
    g = fill(Graph("opencl"), nodes=4000)
    wanted = g.degrees().to_numpy().tolist()
    wrong = []
    for _ in range(10):
        found = g.degrees(keep="device")
        together = threading.Barrier(4)

        def look(found=found, together=together):
            together.wait()
            if found.to_numpy().tolist() != wanted:
                wrong.append(found)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


@pytest.fixture(scope="module")
def consumer(tmp_path_factory):
    """The consumer in C, through ctypes."""
    library = build("dlpack_consumer.c", tmp_path_factory.mktemp("consumer") / "consumer.so", "-lOpenCL", "-lpthread")
    loaded = ctypes.CDLL(str(library))
    loaded.consumer_length.restype = ctypes.c_int64
    for name in ("consumer_type", "consumer_length", "consumer_free"):
        getattr(loaded, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
    loaded.consumer_read.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64]
    return loaded


_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
_rename = ctypes.pythonapi.PyCapsule_SetName
_rename.argtypes = [ctypes.py_object, ctypes.c_char_p]
_USED = {False: b"used_dltensor", True: b"used_dltensor_versioned"}


def take(capsule, versioned):
    """What a consumer does first: the tensor is its own from now on."""
    managed = _pointer(capsule, _USED[versioned].removeprefix(b"used_"))
    _rename(capsule, _USED[versioned])
    return managed


def read(consumer, managed, versioned):
    """(DLPack's type, values) through the consumer's own queue."""
    kind = consumer.consumer_type(managed, versioned)
    dtype = {64 * 10 + 1: numpy.int64, 2000 + 64 * 10 + 1: numpy.float64, 6000 + 8 * 10 + 1: numpy.bool_}[kind]
    values = numpy.empty(consumer.consumer_length(managed, versioned), dtype)
    assert consumer.consumer_read(managed, versioned, values.ctypes.data, values.nbytes) == 0
    return values


@needs_opencl
@pytest.mark.parametrize("versioned", [False, True])
@pytest.mark.parametrize("holes", [False, True])
def test_a_consumer_in_c(consumer, versioned, holes):
    before = usage()
    g, host = fill(Graph("opencl"), holes=holes), fill(Graph("c"), holes=holes)
    version = {"max_version": (1, 0)} if versioned else {}
    for kept, plain in (
        (g.pagerank(keep="device"), host.pagerank()),
        (g.bfs(1, keep="device").level, host.bfs(1).level),
        (g.bfs(1, keep="device").predecessor, host.bfs(1).predecessor),
        (g.hits(keep="device").hub, host.hits().hub),
    ):
        managed = take(kept.__dlpack__(stream=None, **version), versioned)
        values = read(consumer, managed, versioned)
        wanted = plain.to_numpy()
        assert values.dtype == wanted.dtype and numpy.allclose(values, wanted, atol=1e-9)
        assert consumer.consumer_free(managed, versioned) == 0
    del kept
    gc.collect()
    assert usage()["kept_bytes"] == before["kept_bytes"]


@needs_opencl
@pytest.mark.parametrize("versioned", [False, True])
def test_a_capsule_outlives_everything(consumer, versioned):
    version = {"max_version": (1, 0)} if versioned else {}
    before = usage()["kept_bytes"]
    g = fill(Graph("opencl"))
    found = g.degrees(keep="device")
    wanted = fill(Graph("c")).degrees().to_numpy()
    size = 8 * len(wanted)
    managed = take(found.__dlpack__(**version), versioned)
    unused = found.__dlpack__(**version)
    again = found.__dlpack__(**version)
    g.add_edge("later", 1)
    g.degrees()
    del g, found, again
    gc.collect()
    fill(Graph("opencl"), nodes=9).pagerank()  # the mirror of the graph that died goes
    assert usage()["kept_bytes"] == before + size  # one buffer, whoever holds it
    assert numpy.array_equal(read(consumer, managed, versioned), wanted)
    assert consumer.consumer_free(managed, versioned) == 0
    assert usage()["kept_bytes"] == before + size  # the capsule that nobody consumed
    del unused
    gc.collect()
    assert usage()["kept_bytes"] == before


@needs_opencl
def test_letting_go_while_a_call_runs(consumer):
    """The deleter does not wait for the device; the memory goes back with the call's turn."""
    before = usage()["kept_bytes"]
    small, large = fill(Graph("opencl")), Graph("opencl")
    ends = numpy.arange(200_000)
    large.add_edges(ends, (ends * 7 + 1) % 200_000)
    managed = take(small.degrees(keep="device").__dlpack__(), False)
    running, seen = threading.Event(), []

    def work():
        def step(done, total):
            running.set()

        seen.append(large.pagerank(tolerance=0.0, max_iterations=10**6, max_seconds=1.0, progress=step))

    def expect_timeout():
        try:
            work()
        except groggy.AlgorithmTimeoutError as error:
            seen.append(error)

    thread = threading.Thread(target=expect_timeout)
    thread.start()
    assert running.wait(60)
    assert consumer.consumer_free(managed, False) == 0
    finished_first = not thread.is_alive()
    thread.join()
    assert not finished_first and len(seen) == 1
    assert usage()["kept_bytes"] == before


# Under CUDA's name, in processes of their own.


@pytest.fixture(scope="module")
def relabelled(tmp_path_factory):
    """The environment of a process that has a CUDA driver."""
    if not OPENCL["available"]:
        pytest.skip(f"no OpenCL: {OPENCL['reason']}")
    folder = tmp_path_factory.mktemp("relabelled")
    folder.chmod(0o700)
    build("relabelled_driver.c", folder / "libgli_cuda.so", "-lOpenCL", "-ldl")
    real = next(
        line.split(maxsplit=5)[5].strip() for line in Path("/proc/self/maps").open() if "libgli_opencl" in line
    )
    return {
        **{name: value for name, value in os.environ.items() if name != "GLI_DEVICE"},
        "GLI_BACKEND_PATH": str(folder),
        "RELABELLED_DRIVER": real,
    }


PROLOGUE = """
import ctypes, gc, json, os, sys
import numpy
import groggy
from groggy import Graph
def fill(g):
    g.add_edges([(k, (k * 7 + 3) % 60) for k in range(60)])
    g.add_edges([(k, (k * 5 + 1) % 60) for k in range(60)])
    return g
def values_at(interface):
    address, writable_not = interface["data"]
    count, = interface["shape"]
    dtype = numpy.dtype(interface["typestr"])
    return numpy.frombuffer((ctypes.c_char * (count * dtype.itemsize)).from_address(address), dtype)
driver = ctypes.CDLL(os.environ["GLI_BACKEND_PATH"] + "/libgli_cuda.so")
said = {}
"""


def run(environment, code):
    ended = subprocess.run(
        [sys.executable, "-c", PROLOGUE + code + "\nprint(json.dumps(said))"],
        capture_output=True, text=True, timeout=120, env=environment,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_cuda_array_interface(relabelled):
    said = run(relabelled, """
g, host = fill(Graph("cuda")), fill(Graph("c"))
score = g.pagerank(keep="device")
interface = score.__cuda_array_interface__
said["interface"] = {name: value for name, value in interface.items() if name != "data"}
said["writable"] = interface["data"][1] is False
said["score"] = float(abs(values_at(interface) - host.pagerank().to_numpy()).max())
paths = g.bfs(1, keep="device")
level, before = paths.level.__cuda_array_interface__, paths.predecessor.__cuda_array_interface__
said["types"] = [level["typestr"], before["typestr"]]
said["level"] = values_at(level).tolist() == host.bfs(1).level.to_numpy().tolist()
said["predecessor"] = values_at(before).tolist() == host.bfs(1).predecessor.to_numpy().tolist()
said["device"] = list(score.__dlpack_device__())
said["downloads"] = driver.relabelled_downloads()
said["found"] = score.to_numpy().tolist() == values_at(interface).tolist()
for graph in (g, host):
    graph.remove_node(7)
holed = g.bfs(1, keep="device").predecessor
said["holed"] = values_at(holed.__cuda_array_interface__).tolist() == host.bfs(1).predecessor.to_numpy().tolist()
said["empty"] = Graph("cuda").degrees(keep="device").run.kept
record = g.pagerank(keep="device").run
said["record"] = [record.backend, record.kept]
""")  # fmt: skip
    assert said["interface"] == {"shape": [60], "typestr": "<f8", "strides": None, "version": 3}
    assert said["writable"] and said["score"] < 1e-9
    assert said["types"] == ["<i8", "<i8"] and said["level"] and said["predecessor"]
    assert said["device"] == [CUDA, 0] and said["found"] and said["holed"]
    assert said["record"] == ["cuda", "device"]


def test_a_lost_device(relabelled):
    """What was kept there is gone, and said to be; nothing is called any more."""
    said = run(relabelled, """
g = fill(Graph("cuda"))
read, unread = g.degrees(keep="device"), g.degrees(keep="device")
wanted = read.to_numpy().tolist()
capsule = unread.__dlpack__()
driver.relabelled_lose()
errors = []
for use in (lambda: unread[3], lambda: unread.to_numpy(), lambda: unread.top(2), lambda: unread.__dlpack__(),
            lambda: unread.__cuda_array_interface__, lambda: unread.__dlpack_device__()):
    try:
        use()
    except groggy.DeviceError as error:
        errors.append(str(error))
said["errors"] = errors
said["read"] = read.to_numpy().tolist() == wanted and read[3] == wanted[list(read).index(3)]
del capsule, unread, read
gc.collect()
said["kept"] = [d.usage["kept_bytes"] for d in groggy.devices() if d.backend == "cuda"]
""")  # fmt: skip
    assert len(said["errors"]) == 6 and said["read"] and said["kept"] == [0]
    assert "unplugged" in said["errors"][0]
    assert all("lost" in error for error in said["errors"][1:])


def test_falling_back_says_where_the_columns_are(relabelled):
    said = run(relabelled | {"GLI_DEVICE": "cuda:0"}, """
import warnings
warnings.simplefilter("ignore")
def graph():
    g = Graph()
    ends = numpy.arange(60_000)
    for step in (7, 11, 13, 17, 19, 23, 29, 31):
        g.add_edges(ends, (ends * step + 1) % 60_000)
    return g
g = graph()
g.pin()
first = g.label_propagation(keep="device", threads=1, max_iterations=20).run
driver.relabelled_lose()
second = g.label_propagation(keep="device", threads=1, max_iterations=20).run
said["runs"] = [[r.backend, r.kept, r.fallbacks] for r in (first, second)]
""")  # fmt: skip
    (first, second) = said["runs"]
    assert first == ["cuda", "device", 0] or first == ["cpu", "host", 0]  # as the prediction says
    assert second[:2] == ["cpu", "host"] and second[2] == (1 if first[0] == "cuda" else 0)


def test_nothing_is_left_behind(relabelled):
    said = run(relabelled, """
g = fill(Graph("cuda"))
g.pagerank()
before = driver.relabelled_live()
for _ in range(20):
    found = g.bfs(1, keep="device")
    found.__dlpack__(), found.predecessor.__dlpack__(max_version=(1, 0)), found.level[3]
    g.katz_centrality(alpha=0.01, keep="device").__cuda_array_interface__
del found
gc.collect()
said["left"] = driver.relabelled_live() - before
said["kept"] = [d.usage["kept_bytes"] for d in groggy.devices() if d.backend == "cuda"]
""")  # fmt: skip
    assert said["left"] == 0 and said["kept"] == [0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child(relabelled):
    said = run(relabelled, """
g = fill(Graph("cuda"))
read, unread = g.degrees(keep="device"), g.degrees(keep="device")
wanted = read.to_numpy().tolist()
capsule = unread.__dlpack__()
child = os.fork()
if child == 0:
    for use in (lambda: unread[3], lambda: unread.__dlpack__()):
        try:
            use()
        except groggy.DeviceError as error:
            assert "forked" in str(error), error
        else:
            os._exit(1)
    if read.to_numpy().tolist() != wanted:
        os._exit(2)
    del capsule, unread, read, g
    gc.collect()
    os._exit(0)
said["child"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
said["parent"] = unread.to_numpy().tolist() == wanted
""")  # fmt: skip
    assert said == {"child": 0, "parent": True}
