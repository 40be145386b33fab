"""What may be a node id, an edge id, an attribute name and an attribute value.

Everything is checked here before a graph changes, and converted into exactly one Python type:
NumPy scalars become Python's, containers are copied. Stored values are never changed in place and
are copied again on the way out, so nobody can reach into a graph through a list it handed out.
"""

from __future__ import annotations

import datetime
import operator
import sys
import zoneinfo
from collections.abc import Mapping
from typing import Any

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1
DEPTH_LIMIT = 200

_ATOMS = frozenset({type(None), bool, int, float, str, bytes})


def _as_int64(value: Any, what: str, expected: str) -> int:
    """An int from anything with ``__index__`` except a bool, within 64 bits."""
    if isinstance(value, bool):
        raise TypeError(f"{what} must be {expected}, not bool ({value!r})")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} must be {expected}, not {type(value).__name__}") from None
    if not INT64_MIN <= number <= INT64_MAX:
        raise OverflowError(f"{what} {number} does not fit into 64 bits")
    return number


def check_node_id(value: Any) -> int | str:
    """The id as a plain int or str.

    Raises
    ------
    TypeError
        Neither str nor an integer (bool and float are not).
    OverflowError
        An integer outside int64.
    ValueError
        A str that UTF-8 cannot hold: a lone surrogate.
    """
    if isinstance(value, str):
        text = value if type(value) is str else str.__str__(value)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"node id {text!r} holds a lone surrogate") from None
        return text
    return _as_int64(value, "node id", "str or int")


def check_edge_id(value: Any) -> int:
    """The edge id as a plain int; errors as for node ids."""
    return _as_int64(value, "edge id", "int")


def check_count(value: Any, what: str, minimum: int = 0) -> int:
    """A count such as k or max_depth."""
    number = _as_int64(value, what, "int")
    if number < minimum:
        raise ValueError(f"{what} must be at least {minimum}, not {number}")
    return number


def check_truth(value: Any, what: str) -> bool:
    """True or False, NumPy's too, 0 or 1."""
    kind = type(value)
    if kind is bool or kind.__name__ in ("bool_", "bool") or (kind is int and value in (0, 1)):
        return bool(value)
    raise TypeError(f"{what} must be True or False, not {kind.__name__}")


def check_name(name: Any) -> str:
    """An attribute name as a plain str: not empty, UTF-8, no NUL."""
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be str, not {type(name).__name__} ({name!r})")
    text = name if type(name) is str else str.__str__(name)
    if not text:
        raise ValueError("attribute name must not be empty")
    if "\0" in text:
        raise ValueError(f"attribute name {text!r} holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(f"attribute name {text!r} holds a lone surrogate") from None
    return text


def check_attributes(attributes: Any) -> dict[str, Any]:
    """A checked copy of a mapping name -> value."""
    if not isinstance(attributes, Mapping):
        raise TypeError(f"attributes must be a mapping, not {type(attributes).__name__}")
    checked = {}
    for name, value in attributes.items():
        name = check_name(name)
        checked[name] = check_value(name, value)
    return checked


def check_value(name: str, value: Any) -> Any:
    """A copy of an attribute value in exactly the types a graph keeps.

    Allowed are None, bool, int, float, str, bytes, list, tuple, dict, set, frozenset, date and
    datetime (naive, with a fixed offset or a named zoneinfo zone), nested at most 200 deep, and
    NumPy scalars, which become Python's. Subclasses are refused: they would not come back.

    Raises
    ------
    TypeError
        Any other type; the message names the attribute and the type.
    ValueError
        Nested deeper than 200 levels, as every cycle is.
    """
    return _check(name, value, 0)


def _check(name: str, value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in _ATOMS or kind is datetime.date:
        return value
    if kind is datetime.datetime:
        return _check_datetime(name, value)
    if kind in (list, tuple, dict, set, frozenset):
        depth += 1
        if depth > DEPTH_LIMIT:
            raise ValueError(
                f"attribute {name!r}: nested deeper than {DEPTH_LIMIT} levels (or a cycle)"
            )
        return _check_container(name, value, kind, depth)
    return _check_numpy(name, value)


def _check_container(name: str, value: Any, kind: type, depth: int) -> Any:
    if kind is dict:
        copy = {}
        for key, item in value.items():
            key = _check(name, key, depth)
            copy[key] = _check(name, item, depth)
        return copy
    items = []
    for item in value:
        items.append(_check(name, item, depth))
    return items if kind is list else kind(items)


def _check_datetime(name: str, value: datetime.datetime) -> datetime.datetime:
    zone = value.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return value
    if type(zone) is zoneinfo.ZoneInfo and zone.key is not None:
        return value
    raise TypeError(
        f"attribute {name!r}: a datetime with tzinfo of type {type(zone).__name__} cannot be kept; "
        "use datetime.timezone or a named zoneinfo.ZoneInfo"
    )


def _check_numpy(name: str, value: Any) -> Any:
    """NumPy scalars as Python's. NumPy is looked up, never imported, so it is free when unused."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        if isinstance(
            value, (numpy.bool_, numpy.integer, numpy.floating, numpy.str_, numpy.bytes_)
        ):
            item = value.item()
            # timedelta64 counts as an integer for NumPy; longdouble has no Python type.
            if type(item) in _ATOMS and not isinstance(value, numpy.timedelta64):
                return item
    raise TypeError(
        f"attribute {name!r}: a value of type {type(value).__name__} cannot be kept; allowed are "
        "None, bool, int, float, str, bytes, list, tuple, dict, set, frozenset, date and datetime"
    )


def fresh(value: Any) -> Any:
    """A copy of a stored value that its reader may change."""
    kind = type(value)
    if kind is list:
        return [fresh(item) for item in value]
    if kind is tuple:
        return tuple([fresh(item) for item in value])
    if kind is dict:
        return {key: fresh(item) for key, item in value.items()}
    if kind is set:
        return set(value)
    return value


def type_name(values: Any) -> str:
    """The type of a column of values, as ``node_attributes`` reports it.

    ``'bool'``, ``'int'`` (all within int64), ``'float'``, ``'str'``; ``'value'`` for anything else
    of one sort (nested values, bytes, dates, integers beyond int64, None alone); ``'mixed'`` where
    several of these meet. None counts for nothing beside other values.
    """
    scalars = {bool: "bool", int: "int", float: "float", str: "str"}
    names = set()
    for value in values:
        if value is None:
            continue
        name = scalars.get(type(value), "value")
        if name == "int" and not INT64_MIN <= value <= INT64_MAX:
            name = "value"
        names.add(name)
    if not names:
        return "value"
    return names.pop() if len(names) == 1 else "mixed"
