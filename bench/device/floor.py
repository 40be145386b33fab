"""What PageRank's traffic costs in other libraries: copy bandwidth and sparse products. Usage: floor.py SCALE.

SciPy on the CPU, CuPy and PyTorch on the GPU, whichever are installed; a matrix of 2^SCALE rows and 32
entries a row at random places. Prints lines of tab-separated fields: library, what, seconds, rate.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np


def best(call: Callable[[], object], wait: Callable[[], object], repeat: int = 5) -> float:
    """The least seconds of a few calls, each waited for."""
    call()
    wait()
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        wait()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def say(library: str, what: str, seconds: float, rate: float, unit: str) -> None:
    print(f"{library}\t{what}\t{seconds:.6f}\t{rate / 1e9:.2f} G {unit}/s", flush=True)


def main() -> None:
    nodes = 1 << int(sys.argv[1])
    entries = nodes * 32
    generator = np.random.default_rng(1)
    offsets = np.arange(0, entries + 1, 32, dtype=np.int32)
    columns = generator.integers(0, nodes, entries, dtype=np.int32)
    values = np.ones(entries)
    vector = generator.random(nodes)
    try:
        from scipy.sparse import csr_matrix

        matrix = csr_matrix((values, columns, offsets), shape=(nodes, nodes))
        seconds = best(lambda: matrix @ vector, lambda: None, 3)
        say("SciPy (1 thread)", "sparse product, float64", seconds, entries / seconds, "entries")
    except ImportError:
        print("SciPy\tnot installed\t\t")
    try:
        import cupy
        from cupyx.scipy.sparse import csr_matrix as device_matrix

        wait = cupy.cuda.Device().synchronize
        source = cupy.zeros(1 << 28, dtype=cupy.uint8)
        target = cupy.empty_like(source)
        seconds = best(lambda: cupy.copyto(target, source), wait)
        say("CuPy", "copy, bytes read and written", seconds, 2 * source.nbytes / seconds, "bytes")
        on_device = device_matrix(
            (cupy.asarray(values), cupy.asarray(columns), cupy.asarray(offsets)), shape=(nodes, nodes)
        )
        device_vector = cupy.asarray(vector)
        seconds = best(lambda: on_device @ device_vector, wait)
        say("CuPy (cuSPARSE)", "sparse product, float64", seconds, entries / seconds, "entries")
    except (ImportError, RuntimeError, OSError) as why:  # a library that is there and does not run is a line too
        print(f"CuPy\t{type(why).__name__}: {(str(why).splitlines() or [''])[0]}\t\t")
    try:
        import torch

        if not torch.cuda.is_available():
            raise RuntimeError("sees no GPU")
        tensor = torch.sparse_csr_tensor(
            torch.from_numpy(offsets).cuda(),
            torch.from_numpy(columns).cuda(),
            torch.from_numpy(values).cuda(),
            size=(nodes, nodes),
        )
        dense = torch.from_numpy(vector).cuda()
        seconds = best(lambda: tensor @ dense, torch.cuda.synchronize)
        say("PyTorch", "sparse product, float64", seconds, entries / seconds, "entries")
    except (ImportError, RuntimeError, OSError) as why:
        print(f"PyTorch\t{type(why).__name__}: {(str(why).splitlines() or [''])[0]}\t\t")


if __name__ == "__main__":
    main()
