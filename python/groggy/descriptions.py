"""Descriptors of algorithms for people: lists, signatures, docstrings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groggy import _core

if TYPE_CHECKING:
    import inspect

_NO_LIMIT = 2**31 - 1

#: Options that every algorithm accepts, with their help.
CONTROL = (
    ("max_seconds", "float", "Stop with AlgorithmTimeoutError after this long."),
    ("progress", "bool or callable", "True draws a bar; a callable gets (done, total)."),
    ("threads", "int", "At most so many threads; 0 or None: all."),
    ("keep", "{'host', 'device'}", "'device': columns stay on the device that ran it, if one did."),
)

_TYPES = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "attribute": "str",
    "nodes": "id or iterable of ids",
    "node_weights": "mapping id -> float",
    "pairs": "list of (source, target)",
    "ints": "int or list of int",
}
_COLUMN_TYPES = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "node": "id or None",
    "edge": "edge id",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an algorithm.

    Attributes
    ----------
    name : str
    type : str
        'bool', 'int', 'float', 'choice', 'attribute', 'nodes', 'node_weights', 'pairs' or
        'ints'.
    required : bool
    default : object
        None where there is none.
    minimum, maximum : float
        The range of an int or float.
    open_maximum : bool
        The maximum itself is not allowed.
    choices : list of str
    help : str
    """

    name: str
    type: str
    required: bool
    default: Any
    minimum: float
    maximum: float
    open_maximum: bool
    choices: list[str]
    help: str


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result: ``domain`` is 'node', 'edge', 'row', 'list' or 'scalar'."""

    name: str
    type: str
    domain: str
    help: str


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What there is to know of an algorithm."""

    name: str
    family: str
    aliases: list[str]
    summary: str
    description: str
    reference: str
    networkx: str
    parameters: list[Parameter]
    columns: list[ResultColumn]
    agreement: str
    epsilon: float
    positional: int
    on_devices: bool


def algorithms() -> list[Algorithm]:
    """All algorithms: the built-in ones by name, then those of extensions.

    >>> [algorithm.name for algorithm in algorithms() if algorithm.networkx == "pagerank"]
    ['pagerank']
    """
    found = []
    for descriptor in _core.algorithms():
        parameters = [_parameter(parameter) for parameter in descriptor.pop("parameters")]
        columns = [ResultColumn(**column) for column in descriptor.pop("columns")]
        found.append(Algorithm(parameters=parameters, columns=columns, **descriptor))
    return found


def _parameter(fields: dict[str, Any]) -> Parameter:
    """A parameter whose default is 'no limit' in C has none here."""
    if fields["default"] in (_NO_LIMIT, math.inf) and fields["type"] in ("int", "float"):
        fields["default"] = None
    return Parameter(**fields)


def _find(name: str) -> Algorithm:
    return next(algorithm for algorithm in algorithms() if algorithm.name == name)


def _default(parameter: Parameter, alias: str) -> Any:
    if parameter.type == "attribute" and "dijkstra" in alias:
        return "weight"
    return parameter.default


def signature(name: str, alias: str) -> inspect.Signature:
    """The signature of an algorithm's method."""
    import inspect

    algorithm = _find(name)
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for place, parameter in enumerate(algorithm.parameters):
        kind = (
            inspect.Parameter.POSITIONAL_OR_KEYWORD
            if place < algorithm.positional
            else inspect.Parameter.KEYWORD_ONLY
        )
        default = inspect.Parameter.empty if parameter.required else _default(parameter, alias)
        parameters.append(inspect.Parameter(parameter.name, kind, default=default))
    for control, _, _ in CONTROL:
        parameters.append(
            inspect.Parameter(control, inspect.Parameter.KEYWORD_ONLY, default=None)
        )
    return inspect.Signature(parameters)


def docstring(name: str, alias: str) -> str:
    """The docstring of an algorithm's method, in numpydoc's form."""
    algorithm = _find(name)
    lines = [algorithm.summary, ""]
    if algorithm.description:
        lines += [algorithm.description, ""]
    lines += ["Parameters", "----------"]
    for parameter in algorithm.parameters:
        lines += [f"{parameter.name} : {_type(parameter, alias)}", f"    {parameter.help}"]
    for control, kind, text in CONTROL:
        lines += [f"{control} : {kind}, optional", f"    {text}"]
    lines += ["", "Returns", "-------", "Result"]
    for column in algorithm.columns:
        what = "number" if column.domain == "scalar" else f"per {column.domain}"
        lines += [f"    ``{column.name}`` ({_COLUMN_TYPES[column.type]}, {what}): {column.help}"]
    if algorithm.reference:
        lines += ["", "References", "----------", algorithm.reference]
    if algorithm.networkx:
        lines += ["", "See Also", "--------", f"networkx.{algorithm.networkx}"]
    return "\n".join(lines)


def _type(parameter: Parameter, alias: str) -> str:
    kind = _TYPES.get(parameter.type) or "{" + ", ".join(map(repr, parameter.choices)) + "}"
    if parameter.required:
        return kind
    default = _default(parameter, alias)
    return f"{kind}, optional" if default is None else f"{kind}, default {default!r}"
