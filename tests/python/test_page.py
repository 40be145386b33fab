"""The page that users know, block by block: what it shows runs as it stands, on the C backend.

The page is no part of the repository. It is looked for in ``../shared/spec`` beside the
repository, or in the folder that GLI_SPEC names; without it these tests are skipped.
"""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

import pytest

groggy = pytest.importorskip("groggy", reason="the C core is not built")

REPOSITORY = Path(__file__).resolve().parents[2]
NAME = "rust-backend-overview.rst"


def _candidates():
    if "GLI_SPEC" in os.environ:
        yield Path(os.environ["GLI_SPEC"]) / NAME
    yield REPOSITORY.parent / "shared" / "spec" / NAME
    # A work tree lies one folder deeper than a clone.
    yield REPOSITORY.parent.parent / "shared" / "spec" / NAME


PAGE = next((path for path in _candidates() if path.is_file()), None)
BLOCK = re.compile(r"^( *)\.\. code-block:: python\n[ \t]*\n((?:\1 +.*\n|\s*\n)+)", re.MULTILINE)


def _blocks():
    """(first line number, code) of each Python block."""
    if PAGE is None:
        return []
    text = PAGE.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start(2)) + 1, textwrap.dedent(match.group(2)))
        for match in BLOCK.finditer(text)
    ]


BLOCKS = _blocks()
pytestmark = pytest.mark.skipif(PAGE is None, reason=f"{NAME} is not beside this repository")


def _surroundings():
    """What the page's blocks take for granted: names that earlier blocks or the reader made."""
    g = groggy.Graph()
    g.add_edge("alice", "bob", weight=2.0)
    return {
        "Graph": groggy.Graph,
        "g": g,
        "node_data": [(f"node_{i}", {"value": i, "category": i % 10}) for i in range(1000)],
        "edge_data": [(f"node_{i}", f"node_{i + 1}", {"weight": 1.0}) for i in range(999)],
        "large_dataset": [{"id": f"user_{i}", "attributes": {"age": i % 90}} for i in range(1000)],
    }


def _run(code, names):
    exec(compile(code, str(PAGE), "exec"), names)
    return names


def _with(backend, code):
    """The block with another name for the backend in place of 'rust'."""
    return re.sub(r"'rust(-gpu|-distributed)?'", lambda match: f"'{backend}{match[1] or ''}'", code)


def test_every_block_is_found():
    assert len(BLOCKS) == PAGE.read_text(encoding="utf-8").count(".. code-block:: python")
    assert len(BLOCKS) >= 10


@pytest.mark.parametrize("backend", ["rust", "c"])
@pytest.mark.parametrize(
    "code", [code for _, code in BLOCKS], ids=[f"line{line}" for line, _ in BLOCKS]
)
def test_block(code, backend, capsys):
    names = _surroundings()
    code = _with(backend, code)
    if f"'{backend}-distributed'" in code:
        # The page's look into the future: everything but the distributed backend is there.
        with pytest.raises(groggy.BackendUnavailableError, match="c-distributed"):
            _run(code, dict(names))
        lines = [line for line in code.splitlines() if "-distributed" not in line]
        names["Graph"] = lambda backend: _with_alice(backend)
        names = _run("\n".join(lines), names)
        assert names["shortest_paths"]["bob"] == 2.0
        assert set(names["centrality"]) == {"alice", "bob"}
        return
    _run(code, names)
    assert "not available" not in capsys.readouterr().out


def _with_alice(backend):
    g = groggy.Graph(backend)
    assert g.backend == "c-gpu"
    g.add_edge("alice", "bob", weight=2.0)
    return g


def _block_with(text):
    found = [code for _, code in BLOCKS if text in code]
    assert len(found) == 1
    return found[0]


def test_basic_operations_give_what_they_say():
    names = _run(_block_with("friendship = g.add_edge"), {})
    g = names["g"]
    assert isinstance(g, groggy.Graph) and isinstance(g, groggy.FastGraph)
    assert g.get_neighbors(names["alice"]) == [names["bob"]]
    edge = g.get_edge(names["friendship"])
    assert (edge.source, edge.target) == (names["alice"], names["bob"])
    assert dict(edge) == {"relationship": "friends", "strength": 0.9, "since": 2020}


def test_large_construction_makes_what_it_says():
    g = _run(_block_with("construction_time"), {})["g"]
    # Simple graph: the 500,000 calls name 100,000 distinct pairs.
    assert (g.node_count(), g.edge_count()) == (100_000, 100_000)
    assert dict(g.get_node("node_7")) == {
        "value": 7,
        "category": 7,
        "metadata": {"created": "2025-01-08"},
    }


def test_large_construction_in_a_multigraph():
    code = _block_with("construction_time").replace(
        "Graph(backend='rust')", "Graph(backend='rust', multigraph=True)"
    )
    g = _run(code, {})["g"]
    assert (g.node_count(), g.edge_count()) == (100_000, 500_000)


def test_nested_attributes_come_back():
    names = _run(_block_with("techcorp"), {"Graph": groggy.Graph})
    assert names["latest_revenue"] == 5_000_000
    assert [person["name"] for person in names["employees"]] == ["Alice", "Bob"]
    assert names["company"] == "techcorp"


def test_direct_calls():
    names = _run(_block_with("batch_add_edges_raw"), _surroundings())
    g = names["rust_graph"]
    assert type(g) is groggy.FastGraph
    assert (g.node_count(), g.edge_count()) == (1000, 999)
    assert g.get_node("node_3")["value"] == 3 and g.get_edge("node_3", "node_4")["weight"] == 1.0
