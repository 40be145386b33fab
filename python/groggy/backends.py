"""Names of backends: which there are, which are here, and why the others are not."""

from __future__ import annotations

from groggy import _core
from groggy.errors import BackendUnavailableError

#: Backends by name, each with the device of libgli that it needs (None: no device).
_DEVICES: dict[str, str | None] = {
    "python": None,
    "c": "cpu",
    "c-gpu": "cpu",
    "cuda": "cuda",
    "opencl": "opencl",
    "c-distributed": None,
}

#: Other names of the same backends.
_ALIASES = {
    "cpu": "c",
    "rust": "c",
    "rust-gpu": "c-gpu",
    "rust-distributed": "c-distributed",
}

_DISTRIBUTED = (
    "c-distributed is not built yet: this version works on one machine; use backend='c' or 'c-gpu'"
)


def resolve(name: str) -> str:
    """The backend behind a name, checked to be usable here.

    Raises
    ------
    ValueError
        No backend is called so.
    BackendUnavailableError
        It cannot run on this machine; the message says why.
    """
    if not isinstance(name, str):
        raise TypeError(f"backend must be str, not {type(name).__name__}")
    backend = _ALIASES.get(name, name)
    if backend not in _DEVICES:
        known = ", ".join(repr(known) for known in [*_DEVICES, *_ALIASES])
        raise ValueError(f"backend must be one of {known}, not {name!r}")
    if backend == "c-distributed":
        raise BackendUnavailableError(_DISTRIBUTED)
    device = _DEVICES[backend]
    if device is not None and device != "cpu":
        _core.require_backend(device)
    return backend


def get_available_backends() -> dict[str, dict[str, bool | str]]:
    """Backend -> whether it can be used here, on which device, and what it is or why not.

    Opens the drivers of devices, if nobody has yet.

    >>> get_available_backends()["python"]["available"]
    True
    """
    from groggy.accelerators import automatic, named

    places = {name: (available, reason) for name, available, reason in _core.backends()}
    rows = {
        "python": (True, "", "plain Python, slow and obvious"),
        "c": (True, "", places["cpu"][1]),
        "c-gpu": automatic(),
        "cuda": named("cuda", places),
        "opencl": named("opencl", places),
        "c-distributed": (False, "", _DISTRIBUTED),
    }
    return {
        name: {"available": available, "device": device, "reason": reason}
        for name, (available, device, reason) in rows.items()
    }


def backends() -> list[str]:
    """Names of the backends that can be used here."""
    return [name for name, state in get_available_backends().items() if state["available"]]
