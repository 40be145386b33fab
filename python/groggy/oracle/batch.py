"""Batches: a list of changes that happens whole or not at all.

A batch works on a copy of the graph and lists its changes. The commit adopts the copy when nobody
wrote to the graph meanwhile; otherwise it replays the list on a copy of the graph as it is then.
It is a BatchConflictError when a change cannot be applied any more, or when a node that the batch
found in the graph and built upon was removed (also if it was added again: that is another node).
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from groggy.errors import BatchConflictError
from groggy.oracle.base import GraphBase
from groggy.oracle.store import Change, Id, Store

if TYPE_CHECKING:
    from groggy.oracle.graph import PythonGraph


class Batch(GraphBase):
    """Staged changes of a graph; made by ``g.batch_operations()``.

    Inside the block the graph shows its old state and the batch its own writes. The changes are
    applied when the block ends and discarded when it raises. Edge ids and automatic node ids that
    a batch hands out are final; a discarded batch burns them.
    """

    def __init__(self, graph: PythonGraph) -> None:
        self._graph = graph
        self._base_version = graph.version
        self._staged: Store | None = graph._store.copy()
        self._base_serials = graph._store.next_serial
        self._relied_upon: dict[Id, int] = {}
        self._changes: list[Change] = []

    def _store_now(self) -> Store:
        if self._staged is None:
            raise RuntimeError("this batch has ended; begin another one")
        return self._staged

    def _change(self, change: Change) -> None:
        store = self._store_now()
        if not change[0].endswith("_edge"):
            named = [change[1]]
        else:
            named = [change[3], change[4]] if change[0] == "add_edge" else []
        for id in named:
            if id in store.nodes and store.nodes[id].serial < self._base_serials:
                self._relied_upon[id] = store.nodes[id].serial
        store.apply(change)
        self._changes.append(change)

    def _new_edge_id(self) -> int:
        self._store_now()
        edge = self._graph._store.next_edge
        self._graph._store.next_edge += 1
        return edge

    def _automatic_id(self) -> int:
        store, graph_store = self._store_now(), self._graph._store
        # Both counters: what the graph has used and what this batch has staged.
        store.next_node = max(store.next_node, graph_store.next_node)
        id = store.automatic_id()
        graph_store.next_node = id + 1
        return id

    def commit(self) -> None:
        """Apply everything and end the batch.

        Raises
        ------
        BatchConflictError
            Others changed the graph so that a change cannot be applied. Nothing was applied.
        """
        staged, graph = self._store_now(), self._graph
        self._staged = None
        if not self._changes:
            return
        if graph.version != self._base_version:
            for id, serial in self._relied_upon.items():
                record = graph._store.nodes.get(id)
                if record is None or record.serial != serial:
                    raise BatchConflictError(f"node {id!r} was removed by others")
            staged = graph._store.copy()
            for change in self._changes:
                staged.apply(change)
        staged.next_edge = max(staged.next_edge, graph._store.next_edge)
        staged.next_node = max(staged.next_node, graph._store.next_node)
        graph._adopt(staged)

    def rollback(self) -> None:
        """Forget everything and end the batch."""
        self._store_now()
        self._staged = None

    def __enter__(self) -> Batch:
        self._store_now()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._staged is None:
            return
        if kind is None:
            self.commit()
        else:
            self.rollback()

    def __repr__(self) -> str:
        if self._staged is None:
            return "<Batch: ended>"
        return f"<Batch: {len(self._changes)} changes staged on {self._graph!r}>"
