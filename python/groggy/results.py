"""Results of algorithms: mappings over columns that somebody else owns.

A :class:`Result` holds no dict and copies nothing. It sits on columns (C buffers, NumPy arrays or
plain lists), an id provider and, where the graph has holes, the list of live slots. Everything is
addressed by *slot*: ``column[slot]``, ``ids[slot]``, ``ids.index(id) -> slot``. Making one costs a
few attribute assignments; ids are looked up and values are boxed only when somebody asks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from importlib import import_module
from typing import Any, Protocol

from groggy._core import ResultParts
from groggy.errors import EdgeNotFoundError, NodeNotFoundError

__all__ = ["Column", "Ids", "Result", "RunRecord"]

_ROWS_SHOWN = 10

_CPU = (1, 0)  # kDLCPU, as DLPack numbers devices


class IdProvider(Protocol):
    """What a result needs to know of ids: the id of a slot and the slot of an id."""

    def __len__(self) -> int: ...

    def __getitem__(self, slot: int, /) -> Any: ...

    def index(self, id: Any, /) -> int:
        """The slot of an id; KeyError (NodeNotFoundError, EdgeNotFoundError) when there is none."""
        ...


class Ids:
    """An id provider over a plain list; the way back is built on first need.

    Parameters
    ----------
    ids : list
        Ids in slot order, all different.
    kind : {'node', 'edge', 'pair'}
        What they name; decides the error for an unknown one.
    """

    __slots__ = ("_ids", "_kind", "_slots")

    def __init__(self, ids: list[Any], kind: str = "node") -> None:
        self._ids = ids
        self._kind = kind
        self._slots: dict[Any, int] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, slot: int) -> Any:
        return self._ids[slot]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ids)

    def index(self, id: Any, /) -> int:
        """The slot of an id."""
        if self._slots is None:
            self._slots = {known: slot for slot, known in enumerate(self._ids)}
        # True == 1 and 1.0 == 1 in a dict, but neither is an id.
        if type(id) not in (bool, float) and id in self._slots:
            return self._slots[id]
        error = NodeNotFoundError if self._kind == "node" else EdgeNotFoundError
        raise error(f"no {self._kind} {id!r} in this result")


class RunRecord:
    """Where and how an algorithm ran.

    Attributes
    ----------
    backend : str
        The backend that did the work.
    device : str
        Name of the device, empty on the host.
    why : str
        Why this backend, in one line.
    seconds : dict
        Phase -> seconds; ``'total'`` is the whole call.
    iterations : int
        Iterations, levels or rounds.
    fallbacks : int
        How often a device failed and the host took over.
    threads : int
        Workers that could take part.
    kept : str
        Where the columns are that ``keep='device'`` asked to keep: 'device', or 'host' when the
        CPU ran it; empty when nobody asked.
    """

    __slots__ = ("backend", "device", "fallbacks", "iterations", "kept", "seconds", "threads", "why")

    def __init__(
        self,
        backend: str,
        device: str = "",
        why: str = "",
        seconds: dict[str, float] | None = None,
        iterations: int = 0,
        fallbacks: int = 0,
        threads: int = 1,
        kept: str = "",
    ) -> None:
        self.backend = backend
        self.device = device
        self.why = why
        self.seconds = {} if seconds is None else seconds
        self.iterations = iterations
        self.fallbacks = fallbacks
        self.threads = threads
        self.kept = kept

    def __repr__(self) -> str:
        where = f"{self.backend} ({self.device})" if self.device else self.backend
        parts = [f"ran on {where}"]
        if "total" in self.seconds:
            parts.append(f"in {_duration(self.seconds['total'])}")
        phases = [
            f"{phase} {_duration(seconds)}"
            for phase, seconds in self.seconds.items()
            if phase != "total" and seconds > 0
        ]
        if phases:
            parts.append("(" + ", ".join(phases) + ")")
        facts = [" ".join(parts)]
        if not self.device:
            facts.append(_counted(self.threads, "thread"))
        facts.append(_counted(self.iterations, "iteration"))
        if self.fallbacks:
            facts.append(_counted(self.fallbacks, "fallback"))
        if self.kept:
            facts.append(f"columns on the {self.kept}")
        text = ", ".join(facts)
        return f"<{text}: {self.why}>" if self.why else f"<{text}>"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, such as for a log."""
        return {
            "backend": self.backend,
            "device": self.device,
            "why": self.why,
            "seconds": dict(self.seconds),
            "iterations": self.iterations,
            "fallbacks": self.fallbacks,
            "threads": self.threads,
            "kept": self.kept,
        }


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _duration(seconds: float) -> str:
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def _sequence(data: Any) -> Any:
    """The data as something that can be indexed; a bare buffer is wrapped."""
    return data if hasattr(type(data), "__getitem__") else memoryview(data)


class _Numbers:
    """Slots that go by their numbers, as lists do."""

    __slots__ = ("_count",)

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, slot: int) -> int:
        return slot

    def index(self, id: Any, /) -> int:
        """The number itself, where there is such a list."""
        if not isinstance(id, bool) and hasattr(type(id), "__index__"):
            number = operator.index(id)
            if 0 <= number < self._count:
                return number
        raise KeyError(f"no list {id!r} in this result, whose offsets are numbered below {self._count}")


class _Rows(Mapping[Any, Any]):
    """Id -> value of one column; what Result and Column have in common."""

    __slots__ = ()

    def _table(self) -> Result:
        raise NotImplementedError

    def _name(self) -> str:
        raise NotImplementedError

    def __getitem__(self, id: Any) -> Any:
        table = self._table()
        return table._value(self._name(), table._ids.index(id))

    def __len__(self) -> int:
        return self._table()._row_count()

    def __iter__(self) -> Iterator[Any]:
        return self._table()._iterate_ids()

    def __contains__(self, id: object) -> bool:
        try:
            self._table()._ids.index(id)
        except (KeyError, TypeError, ValueError, OverflowError):
            return False
        return True

    def keys(self) -> KeysView[Any]:
        return KeysView(self)

    def values(self) -> ValuesView[Any]:
        return _Values(self)

    def items(self) -> ItemsView[Any, Any]:
        return _Items(self)

    def _iterate_values(self) -> Iterator[Any]:
        return self._table()._iterate_column(self._name())

    def to_dict(self) -> dict[Any, Any]:
        """A plain dict id -> value, in order."""
        return dict(self.items())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = self._table()._array(self._name())
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    # For libraries that compute with the column where it is.

    def _kept(self) -> Any:
        """The column's home on a device; None where it is on the host."""
        data = self._table()._columns[self._name()]
        return data if hasattr(type(data), "__dlpack_device__") else None

    def __dlpack_device__(self) -> tuple[int, int]:
        kept = self._kept()
        return _CPU if kept is None else kept.__dlpack_device__()

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The column for ``from_dlpack`` of NumPy, PyTorch, CuPy and others.

        On the host the memory is shared and read-only where the consumer knows DLPack 1.0, else it
        is a copy. With ``keep='device'`` the device's memory is shared; all work on it is done, so
        any `stream` may read it. What a consumer writes there, later reads of the column see that
        have not brought it to the host before.

        Raises
        ------
        BufferError
            It cannot be had on `dl_device`, or not with (or without) a copy.
        """
        kept = self._kept()
        here = self.__dlpack_device__()
        wanted = here if dl_device is None else _two_ints("dl_device", dl_device)
        versioned = max_version is not None and _two_ints("max_version", max_version)[0] >= 1
        if copy is not None and copy not in (False, True):
            raise TypeError(f"copy must be True, False or None, not {type(copy).__name__}")
        if wanted not in (here, _CPU):
            raise BufferError(f"the column is on DLPack device {here}, not on {wanted}")
        if kept is not None and wanted == here:
            if copy:
                raise BufferError("the column is shared without a copy; the consumer can make one")
            return kept._capsule(versioned)
        if stream is not None and wanted == here:
            raise BufferError(f"stream is {stream!r}, but the column is on the host; use None")
        array = self.__array__()
        if not versioned:
            if copy is False:
                raise BufferError("without DLPack 1.0 nobody is told that it is read-only: allow a copy")
            return array.copy().__dlpack__()
        if kept is not None and copy is False:
            raise BufferError("the column is on a device; on the host it is a copy")
        return array.__dlpack__(max_version=max_version, copy=copy)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """The column in CUDA's memory, with ``keep='device'``; AttributeError elsewhere."""
        kept = self._kept()
        if kept is None:
            raise AttributeError("__cuda_array_interface__: the column is on the host")
        interface: dict[str, Any] = kept.__cuda_array_interface__
        return interface


def _two_ints(name: str, pair: Any) -> tuple[int, int]:
    try:
        first, second = pair
        return operator.index(first), operator.index(second)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a pair of ints, not {pair!r}") from None


class _Values(ValuesView[Any]):
    """values() that walks the column instead of looking every id up."""

    __slots__ = ()
    _mapping: _Rows

    def __iter__(self) -> Iterator[Any]:
        return self._mapping._iterate_values()

    def __contains__(self, value: object) -> bool:
        return any(value is other or value == other for other in self)


class _Items(ItemsView[Any, Any]):
    """items() that walks ids and column side by side."""

    __slots__ = ()
    _mapping: _Rows

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return zip(iter(self._mapping), self._mapping._iterate_values())


class Column(_Rows):
    """One column of a result: a mapping id -> value in node order."""

    __slots__ = ("_column", "_result")

    def __init__(self, result: Result, name: str) -> None:
        self._result = result
        self._column = name

    def _table(self) -> Result:
        return self._result

    def _name(self) -> str:
        return self._column

    def to_numpy(self) -> Any:
        """This column as an array; see :meth:`Result.to_numpy`."""
        return self._result.to_numpy(self._column)

    def top(self, k: int = 10) -> list[tuple[Any, Any]]:
        """The `k` largest values; see :meth:`Result.top`."""
        return self._result.top(k, self._column)

    def __repr__(self) -> str:
        return self._result._describe([self._column])


class Result(_Rows, ResultParts):
    """What an algorithm found: a mapping id -> value of its first column.

    Further columns and scalars are attributes: ``result.predecessor['bob']``, ``result.total``. Where
    rows are edges drawn and the like, so are columns per node: ``result.layer['bob']``, and where rows
    stand in lists, columns per list: ``result.offset[3]``.

    Parameters
    ----------
    columns : mapping
        Name -> data, anything with ``__getitem__`` and ``__len__`` or the buffer protocol, indexed
        by slot. The first one is the mapping's.
    ids : IdProvider
        Slot -> id and back, such as :class:`Ids`.
    positions : sequence of int, optional
        The live slots in order, where the columns have holes. None: every slot is live.
    scalars : mapping, optional
        Name -> value.
    run : RunRecord, optional
        Where it ran.
    name : str
        The algorithm's name, for the repr.
    key : {'node', 'edge', 'pair', 'row', 'list'}
        What the ids name.
    node_columns : container of str
        Columns that hold node slots (-1: none); they are shown as ids.
    nodes : IdProvider, optional
        Ids of those slots; needed where `ids` are not the nodes'.
    node_positions : sequence of int, optional
        The live node slots, where `nodes` has holes.
    memory : groggy._core.ResultMemory, optional
        The C result that the columns point into; it ranks faster than Python sorts.
    beside : mapping, optional
        Columns by node slot, where the rows are something else.
    lists : mapping, optional
        Columns by list, where the rows stand in lists.
    """

    # The base holds what __init__ sets; for a result from C it makes them when they are asked for.
    __slots__ = ()

    def __init__(
        self,
        columns: Mapping[str, Any],
        ids: Any,
        positions: Sequence[int] | None = None,
        scalars: Mapping[str, Any] | None = None,
        run: RunRecord | None = None,
        name: str = "result",
        key: str = "node",
        node_columns: Any = (),
        nodes: Any = None,
        node_positions: Sequence[int] | None = None,
        memory: Any = None,
        beside: Mapping[str, Any] | None = None,
        lists: Mapping[str, Any] | None = None,
    ) -> None:
        self._columns = columns
        self._ids = ids
        self._positions = positions
        self._scalars = scalars
        self.run = run
        self._label = name
        self.key = key
        self._node_columns = node_columns
        self._nodes = ids if nodes is None else nodes
        self._node_positions = positions if nodes is None else node_positions
        self._memory = memory
        self._beside = {} if beside is None else beside
        self._lists = {} if lists is None else lists

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (self._columns, self._ids, self._positions, self._scalars, self.run, self._label)
        more = (self.key, self._node_columns, self._nodes, self._node_positions, self._memory)
        return type(self), (*parts, *more, self._beside, self._lists)

    # What the mapping needs.

    def _table(self) -> Result:
        return self

    def _name(self) -> str:
        for name in self._columns:
            return name
        raise KeyError(f"{self._label} has no column, only {', '.join(self._scalars or ())}")

    def _row_count(self) -> int:
        return len(self._ids) if self._positions is None else len(self._positions)

    def _slots(self) -> Any:
        return range(len(self._ids)) if self._positions is None else self._positions

    def _iterate_ids(self) -> Iterator[Any]:
        return map(self._ids.__getitem__, self._slots())

    def _iterate_column(self, name: str) -> Iterator[Any]:
        data = _sequence(self._columns[name])
        values = map(data.__getitem__, self._slots())
        if name not in self._node_columns:
            return values
        nodes = self._nodes
        return (None if slot < 0 else nodes[slot] for slot in values)

    def _value(self, name: str, slot: int) -> Any:
        value = _sequence(self._columns[name])[slot]
        if name in self._node_columns:
            return None if value < 0 else self._nodes[value]
        return value

    # Columns and scalars.

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._columns)

    @property
    def scalars(self) -> dict[str, Any]:
        """Name -> value of the single numbers."""
        return dict(self._scalars or {})

    def column(self, name: str) -> Column:
        """A column by name, for names that an attribute cannot reach."""
        if name in self._columns:
            return Column(self, name)
        if name in self._beside:
            return self._node_column(name)
        if name in self._lists:
            return self._list_column(name)
        raise AttributeError(self._unknown(name))

    def _node_column(self, name: str) -> Column:
        """A column per node of a result whose rows are something else."""
        data = {name: self._beside[name]}
        table = Result(data, self._nodes, self._node_positions, {}, self.run, self._label)
        return Column(table, name)

    def _list_column(self, name: str) -> Column:
        """A column per list of a result whose rows stand in lists."""
        data = self._lists[name]
        ids = _Numbers(len(data))
        table = Result({name: data}, ids, None, {}, self.run, self._label, "list")
        return Column(table, name)

    def __getattr__(self, name: str) -> Any:
        # Called only for what is no slot and no method. Private names are nobody's column; asking
        # for them here while unpickling or copying would recurse for ever.
        if not name.startswith("_"):
            if name in self._columns:
                return Column(self, name)
            if self._scalars is not None and name in self._scalars:
                return self._scalars[name]
            if name in self._beside:
                return self._node_column(name)
            if name in self._lists:
                return self._list_column(name)
            raise AttributeError(self._unknown(name))
        raise AttributeError(name)

    def __dir__(self) -> list[str]:
        names = {*self._columns, *(self._scalars or ()), *self._beside, *self._lists}
        return sorted(names | set(object.__dir__(self)))

    def _unknown(self, name: str) -> str:
        known = ", ".join([*self._columns, *(self._scalars or ()), *self._beside, *self._lists])
        return f"{self._label} result has no column or number {name!r}; it has {known}"

    # Ways out.

    def _array(self, name: str) -> Any:
        import numpy

        data = self._columns[name]
        array = data if isinstance(data, numpy.ndarray) else numpy.asarray(_buffer(data))
        if self._positions is not None:
            array = array[_index(self._positions)]
        if name in self._node_columns:
            array = self._node_array(array)
        return array

    def _node_array(self, slots: Any) -> Any:
        """Node slots as positions among the live nodes."""
        import numpy

        slots = slots.astype(numpy.int64, copy=False)
        if self._node_positions is None:
            return slots
        live = _index(self._node_positions)
        rank = numpy.full(len(self._nodes) + 1, -1, dtype=numpy.int64)
        rank[live] = numpy.arange(len(live), dtype=numpy.int64)
        return rank[slots]

    def to_numpy(self, column: str | None = None) -> Any:
        """A column as a NumPy array in node order.

        The array shares the result's memory where the data is a buffer and the graph has no holes.
        Columns of nodes (``predecessor``) come as int64 positions in node order, -1 for none.

        Parameters
        ----------
        column : str, optional
            Which one; the first by default.
        """
        return self._array(self._known(column))

    def _known(self, column: str | None) -> str:
        if column is None:
            return self._name()
        if column not in self._columns:
            raise KeyError(self._unknown(column))
        return column

    def top(self, k: int = 10, column: str | None = None) -> list[tuple[Any, Any]]:
        """The `k` largest values of a column as (id, value), largest first.

        Equal values stand in node order, NaN at the end.
        """
        name = self._known(column)
        if isinstance(k, bool) or not hasattr(type(k), "__index__"):
            raise TypeError(f"k must be int, not {type(k).__name__}")
        if k < 0:
            raise ValueError(f"k must be at least 0, not {k}")
        if name in self._node_columns:
            raise TypeError(f"column {name!r} holds nodes, which have no largest")
        data = _sequence(self._columns[name])
        best = None if self._memory is None else self._memory.top(name, min(k, self._row_count()))
        if best is None:
            # Python's sort is stable, so ties stay in node order.
            best = sorted(self._slots(), key=lambda slot: _descending(data[slot]))[:k]
        return [(self._ids[slot], data[slot]) for slot in best]

    def to_pandas(self) -> Any:
        """A pandas DataFrame with the ids as index and one column each."""
        try:
            pandas: Any = import_module("pandas")  # it need not be here, nor its stubs
        except ImportError:
            raise ImportError("to_pandas needs pandas: pip install pandas") from None
        data = {name: list(self._iterate_column(name)) for name in self._columns}
        if self.key == "pair":
            index = pandas.MultiIndex.from_tuples(list(self), names=["source", "target"])
            data = {name: data[name] for name in data if name not in ("source", "target")}
        else:
            index = pandas.Index(list(self), name=self.key)
        return pandas.DataFrame(data, index=index)

    def path(self, target: Any) -> list[Any]:
        """The path from a source to `target` as a list of ids.

        Only for results with a ``predecessor`` column.

        Raises
        ------
        ValueError
            `target` was not reached.
        """
        if "predecessor" not in self._columns:
            raise AttributeError(f"{self._label} has no paths: it has no column 'predecessor'")
        slot = self._ids.index(target)
        value = self._value(self._name(), slot)
        if value == float("inf") or (value == -1 and type(value) is int):
            raise ValueError(f"no path to {target!r}")
        predecessors = _sequence(self._columns["predecessor"])
        path = []
        while slot >= 0:
            path.append(self._ids[slot])
            slot = predecessors[slot]
        return path[::-1]

    def __repr__(self) -> str:
        return self._describe(list(self._columns))

    def _describe(self, names: list[str]) -> str:
        count = self._row_count()
        plural = "" if count == 1 else "s"
        numbers = [f"{name} = {_short(value)}" for name, value in (self._scalars or {}).items()]
        if not names:
            return f"<{self._label}: {', '.join(numbers)}>"
        header = f"{self._label}: {count:,} {self.key}{plural}"
        if numbers:
            header += ", " + ", ".join(numbers)
        rows = [[self.key, *names]]
        for slot in self._slots()[:_ROWS_SHOWN]:
            values = [_short(self._value(name, slot)) for name in names]
            rows.append([repr(self._ids[slot]), *values])
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        lines = [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in rows
        ]
        if count > _ROWS_SHOWN:
            lines.append(f"  ... {count - _ROWS_SHOWN:,} more")
        return "\n".join([f"<{header}>", *lines])


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def _descending(value: Any) -> tuple[bool, Any]:
    """Sort key: larger first, NaN last."""
    return (True, 0) if value != value else (False, -value)


def _buffer(data: Any) -> Any:
    """The data as NumPy takes it best: through the buffer protocol where there is one."""
    try:
        return memoryview(data)
    except TypeError:
        return data


def _index(positions: Any) -> Any:
    """Positions as an index array, also when they are empty."""
    import numpy

    return numpy.asarray(_buffer(positions), dtype=numpy.int64)
