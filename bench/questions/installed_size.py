"""What the installed package takes on disk, bytecode caches left out."""

import importlib.metadata
import os

from report import limit

TITLE = "Installed size"
REPEAT = 1
UNITS = {"size": "B"}


def _size(name: str):
    def run(scale: int):
        files = importlib.metadata.distribution(name).files or []
        paths = {str(file.locate()) for file in files if "__pycache__" not in str(file)}
        return {"size": sum(os.path.getsize(path) for path in paths if os.path.exists(path))}

    return run


CONTENDERS = {name: _size(name) for name in ("groggy", "networkx", "igraph", "rustworkx", "networkit")}


def rows(seen, scale):
    """The package by itself, its dependencies not counted."""
    return [limit("installed size", seen.least("groggy", "size"), 5e6, "B")]
