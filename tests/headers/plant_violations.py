"""Does script/check-layers find a wrong arrow? Builds small trees, some with one planted.

    plant_violations.py script/check-layers
"""

import pathlib
import subprocess
import sys
import tempfile

CLEAN = {
    "core/include/gli/status.h": "",
    "core/include/gli/graph.h": "#include <gli/status.h>\n",
    "core/include/gli/snapshot.h": "#include <gli/graph.h>\n",
    "core/base/memory.h": "#include <stdlib.h>\n#include <gli/status.h>\n",
    "core/values/store.h": '#include "base/memory.h"\n',
    "core/columns/column.h": '#include "values/store.h"\n',
    "core/graph/graph.c": '#include "columns/column.h"\n#include "lock_order.h"\n',
    "core/graph/lock_order.h": "",
    "core/dispatch/dispatch.h": '#include "base/memory.h"\n#include "cpu/kernels.h"\n',
    "core/algorithms/list.h": "",
    "core/algorithms/paths/bfs.c": '#include "dispatch/dispatch.h"\n',
    "core/io/write.c": '#include "columns/column.h"\n',
    "cpu/kernels.h": '#include "algorithms/list.h"\n',
    "cpu/paths/bfs.c": '#include <gli/snapshot.h>\n#include "base/memory.h"\n',
    "python/module.c": "#include <gli/graph.h>\n",
    "device/device.h": "",
    "device/call.h": '#include "base/memory.h"\n#include "device/device.h"\n',
    "opencl/loader.h": '#include "device/device.h"\n#include <CL/cl.h>\n',
    "opencl/driver.c": '#include "opencl/loader.h"\n',
}
# (file, line to add, what the complaint must name)
PLANTED = [
    ("core/base/memory.h", '#include "graph/lock_order.h"', "core/base/memory.h:3: base includes graph/lock_order.h"),
    ("core/base/memory.h", "#include <gli/graph.h>", "base must not see gli/graph.h"),
    ("core/values/store.h", '#include "columns/column.h"', "values includes columns/column.h"),
    ("core/columns/column.h", ' # include  "dispatch/dispatch.h"', "columns includes dispatch/dispatch.h"),
    ("core/graph/graph.c", '#include "dispatch/dispatch.h"', "graph includes dispatch/dispatch.h"),
    ("core/dispatch/dispatch.h", '#include "../algorithms/paths/bfs.c"', "which is in algorithms"),
    ("core/algorithms/paths/bfs.c", '#include "columns/column.h"', "algorithms includes columns/column.h"),
    ("core/io/write.c", '#include "dispatch/dispatch.h"', "io includes dispatch/dispatch.h"),
    ("cpu/paths/bfs.c", '#include "graph/lock_order.h"', "cpu includes graph/lock_order.h"),
    ("cpu/paths/bfs.c", "#include <gli/graph.h>", "cpu must not see gli/graph.h"),
    ("cpu/paths/bfs.c", '#include "algorithms/list.h"', "cpu includes algorithms/list.h"),
    ("cpu/paths/bfs.c", '#include "dispatch/dispatch.h"', "cpu includes dispatch/dispatch.h"),
    ("core/include/gli/status.h", '#include "base/memory.h"', "include includes base/memory.h"),
    ("python/module.c", '#include "base/memory.h"', "python includes base/memory.h"),
    ("device/call.h", '#include "graph/lock_order.h"', "device includes graph/lock_order.h"),
    ("opencl/driver.c", '#include "device/call.h"', "opencl sees device/device.h"),
    ("opencl/driver.c", '#include "base/memory.h"', "opencl includes base/memory.h"),
    ("opencl/driver.c", "#include <gli/status.h>", "opencl must not see gli/status.h"),
    ("core/attic/old.c", '#include "base/memory.h"', "'attic' is no room"),
]


def run(checker, files):
    """Exit code and complaints of the checker on a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, checker, "--root", folder], capture_output=True, text=True)
        return done.returncode, done.stderr


def main():
    checker = sys.argv[1]
    failures = []
    code, complaints = run(checker, CLEAN)
    if code != 0:
        failures.append(f"the clean tree was refused:\n{complaints}")
    if run(checker, {})[0] == 0:
        failures.append("an empty tree passed")
    for name, line, expected in PLANTED:
        code, complaints = run(checker, {**CLEAN, name: CLEAN.get(name, "") + line + "\n"})
        if code == 0 or expected not in complaints or complaints.count("\n") != 1:
            failures.append(f"{line} in {name}: exit code {code}, said: {complaints!r}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(PLANTED)} planted violations, {len(failures)} mistakes")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
