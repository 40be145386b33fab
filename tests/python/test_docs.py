"""Every block of Python in README.md and docs/ runs as it stands, one after the other on each page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

groggy = pytest.importorskip("groggy", reason="needs the compiled core", exc_type=ImportError)

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_of_a_page_runs(page, monkeypatch, capsys, recwarn):
    monkeypatch.chdir(ROOT)
    text = (ROOT / page).read_text()
    names = {}
    blocks = list(BLOCK.finditer(text))
    assert blocks
    for block in blocks:
        if 'Graph(backend=\'opencl\')' in block[1] and not groggy.devices():
            continue  # the README's, which needs one
        lines = text.count("\n", 0, block.start(1))
        code = compile("\n" * lines + block[1], page, "exec")  # a traceback names the page's line
        exec(code, names)


def anchors(text):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text()
    for link in LINK.findall(text):
        if link.startswith(("http:", "https:")):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text()), f"{page.name}: {link}"
