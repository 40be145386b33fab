"""Devices: which there are, what they hold, which one a word means, and what to say of them.

The list is libgli's; a :class:`Device` is one entry of it, frozen but for :attr:`Device.usage`.
"""

from __future__ import annotations

from groggy import _core
from groggy.errors import BackendUnavailableError, DeviceWarning

TYPE_CHECKING = False  # typing is imported for type checkers alone, as in groggy/__init__.py
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Device", "calibrate", "devices"]

_WITH_DEVICES = ("c-gpu", "cuda", "opencl")


class Device:
    """A GPU, or another device that can run algorithms.

    Attributes
    ----------
    backend : str
        'cuda' or 'opencl'.
    number : int
        Its number there; ``str(device)`` is 'opencl:0', which names it everywhere.
    name, platform, version : str
        As its driver says; the version is that of device and driver together.
    memory_bytes, compute_units : int
    is_cpu : bool
        OpenCL on a CPU: used only where it is named.
    has_fp64 : bool
        Double precision, which some algorithms need.
    available : bool
    reason : str
        Why it is out of use; empty when it is not.
    calibrated : bool
        Whether `figures` are measured (:func:`calibrate`), not rough ones of its kind.
    figures : dict
        What predictions rest on: launch_seconds, round_trip_seconds, upload_bytes_second,
        download_bytes_second, gather_entries_second, stream_bytes_second.
    """

    __slots__ = (
        "_position",
        "available",
        "backend",
        "calibrated",
        "compute_units",
        "figures",
        "has_fp64",
        "is_cpu",
        "memory_bytes",
        "name",
        "number",
        "platform",
        "reason",
        "version",
    )

    backend: str
    number: int
    name: str
    platform: str
    version: str
    memory_bytes: int
    compute_units: int
    is_cpu: bool
    has_fp64: bool
    available: bool
    reason: str
    calibrated: bool
    figures: dict[str, float]

    def __init__(self, position: int, description: dict[str, Any]) -> None:
        self._position = position
        for name, value in description.items():
            setattr(self, name, value)

    @property
    def usage(self) -> dict[str, Any]:
        """What was done with it so far, read now: is_open, held_bytes, kept_bytes (of these, columns
        of results), peak_bytes, budget_bytes (of mirrors), uploaded_bytes, downloaded_bytes, launches. Waits for a call that runs there."""
        usage: dict[str, Any] = _core.device_usage(self._position)
        return usage

    def to_dict(self) -> dict[str, Any]:
        """All but the usage, as plain values."""
        return {name: getattr(self, name) for name in Device.__annotations__}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.backend}:{self.number}"

    def __repr__(self) -> str:
        if not self.available:
            return f"<Device {self}: {self.name}, out of use: {self.reason}>"
        facts = [
            self.name,
            f"{self.memory_bytes / 2**30:.1f} GiB",
            f"{self.compute_units} compute unit{'' if self.compute_units == 1 else 's'}",
            "double precision" if self.has_fp64 else "no double precision",
            "measured" if self.calibrated else "not measured",
        ]
        if self.is_cpu:
            facts.insert(1, "a CPU")
        return f"<Device {self}: {', '.join(facts)}>"


def devices() -> list[Device]:
    """All devices, those of cuda before those of opencl, each driver's best first.

    Opens the drivers, if nobody has yet. Devices that are out of use are listed with the reason;
    why a driver has none says :func:`groggy.get_available_backends`.

    >>> [device.backend for device in devices() if device.backend not in ("cuda", "opencl")]
    []
    """
    return [Device(position, said) for position, said in enumerate(_core.devices())]


def calibrate(device: Any = None) -> list[Device]:
    """Measure devices, about a second each, for better predictions of where a call is fast.

    The figures hold at once and are kept for later processes of this user, in
    ``$GLI_CACHE_DIR/rates`` or ``~/.cache/gli/rates``.

    Parameters
    ----------
    device : str, int or Device, optional
        Which one, as for :class:`groggy.Graph`; all by default.

    Returns
    -------
    list of Device
        What was measured, with its figures.

    Raises
    ------
    BackendUnavailableError
        There is no device here, or it is out of use.
    ValueError
        No device here is called so.
    DeviceError
        It failed.
    OSError
        Measured, but the figures could not be stored.
    """
    wanted = device_text(device)
    chosen = _meant(wanted, _driver_of(wanted))
    for one in chosen:
        _core.calibrate(one._position)
    now = devices()
    return [now[one._position] for one in chosen]


# Which device a word means.


def device_text(device: Any) -> str | None:
    """What names a device, as libgli reads it."""
    if device is None or isinstance(device, str):
        return device
    if isinstance(device, Device) or (isinstance(device, int) and not isinstance(device, bool)):
        return str(device)
    raise TypeError(f"device must be str, int or Device, not {type(device).__name__}")


def _shown(found: list[Device]) -> str:
    return ", ".join(f"{device} ({device.name})" for device in found)


def _matching(wanted: str | None, found: list[Device]) -> list[Device]:
    if wanted is not None and ("\0" in wanted or any("\ud800" <= c <= "\udfff" for c in wanted)):
        return []  # C has no such text, and so no such name
    return [device for device in found if _core.device_matches(device._position, wanted)]


def _meant(wanted: str | None, backend: str | None) -> list[Device]:
    """The usable devices that a word means, of one backend or of all; an error when none."""
    found = [device for device in devices() if backend in (None, device.backend)]
    if not found:
        reasons = "; ".join(
            f"{name}: {reason}"
            for name, _, reason in _core.backends()
            if name != "cpu" and backend in (None, name)
        )
        raise BackendUnavailableError(f"there is no device here: {reasons}")
    meant = _matching(wanted, found)
    if not meant:
        raise ValueError(f"device is {wanted!r}, which is none of those here: {_shown(found)}")
    usable = [device for device in meant if device.available]
    if not usable:
        first = meant[0]
        raise BackendUnavailableError(f"{first} ({first.name}) is out of use: {first.reason}")
    return usable


def _driver_of(wanted: str | None) -> str | None:
    """Of "cuda:1": cuda, so that an error says why that has no device."""
    name = (wanted or "").partition(":")[0]
    return name if name in ("cuda", "opencl") else None


def check_device(device: Any, backend: str) -> str | None:
    """A graph's device, checked to be one that its backend can use.

    Raises
    ------
    ValueError
        The backend uses no device, or has none like this.
    BackendUnavailableError
        There is none that can be used.
    """
    wanted = device_text(device)
    if wanted is not None and backend not in _WITH_DEVICES:
        names = "c-gpu, cuda or opencl"
        raise ValueError(f"device is {wanted!r}, but backend {backend!r} uses none; use {names}")
    if wanted is None:
        _check_environment(backend)
    elif backend != "c-gpu":
        _meant(wanted, backend)
    elif wanted != "none":
        _meant(wanted, _driver_of(wanted))
    return wanted


def _check_environment(backend: str) -> None:
    """A backend asked for by name needs a device that GLI_DEVICE lets through."""
    wanted = _core.device_environment()
    if wanted is None:
        return
    found = [device for device in devices() if device.backend == backend]
    if not _matching(wanted, found):
        raise BackendUnavailableError(
            f"backend {backend!r} is not available: {_turned_off(wanted, found)}"
        )


def _turned_off(wanted: str, found: list[Device]) -> str:
    if wanted == "none":
        return "GLI_DEVICE=none turns devices off"
    return f"GLI_DEVICE={wanted} means none of those here: {_shown(found)}"


# What get_available_backends says.


def named(backend: str, places: dict[str, tuple[bool, str]]) -> tuple[bool, str, str]:
    """(available, device, reason) of 'cuda' or 'opencl'."""
    available, reason = places.get(backend, (False, "not part of this build"))
    if not available:
        return False, "", reason
    found = [device for device in devices() if device.backend == backend]
    wanted = _core.device_environment()
    meant = [device for device in _matching(wanted, found) if device.available]
    if not meant:
        return False, "", _turned_off(wanted or "", found)
    return True, str(meant[0]), reason if len(found) == 1 else _described(meant[0])


def _described(device: Device) -> str:
    return f"{device.name} ({device.platform})"


def _wanted(found: list[Device], wanted: str | None) -> list[Device]:
    """What calls with c-gpu look at: a CPU only where it is named."""
    return [device for device in _matching(wanted, found) if wanted is not None or not device.is_cpu]


def automatic() -> tuple[bool, str, str]:
    """(available, devices, reason) of 'c-gpu': what it would use."""
    wanted = _core.device_environment()
    if wanted == "none":
        return True, "", "runs on the CPU: GLI_DEVICE=none turns devices off"
    found = devices()
    meant = _wanted(found, wanted)
    offered: dict[str, Device] = {}  # of each driver the first, as the dispatcher chooses
    for device in meant:
        if device.available:
            offered.setdefault(device.backend, device)
    if offered:
        names = " or ".join(device.name for device in offered.values())
        return True, ", ".join(map(str, offered.values())), f"{names} where that pays, else the CPU"
    return True, "", "runs on the CPU: " + _why_no_gpu(wanted, found, meant)


def of_graph(graph: Any) -> list[Device]:
    """Devices that may run a graph's algorithms, the likeliest first."""
    if graph.backend not in _WITH_DEVICES:
        return []
    wanted = graph.device if graph.device is not None else _core.device_environment()
    found = [device for device in devices() if device.available]
    if graph.backend != "c-gpu":
        return _matching(wanted, [device for device in found if device.backend == graph.backend])
    return _wanted(found, wanted)


def _why_no_gpu(wanted: str | None, found: list[Device], meant: list[Device]) -> str:
    if meant:
        first = meant[0]
        return f"{first} ({first.name}) is out of use: {first.reason}"
    driver = _driver_of(wanted)
    if driver is not None and all(device.backend != driver for device in found):
        reason = next(reason for name, _, reason in _core.backends() if name == driver)
        return f"GLI_DEVICE={wanted}, but {reason}"
    if wanted is not None:
        here = _shown(found) or "there is none"
        return f"GLI_DEVICE={wanted} means none of the devices here: {here}"
    if found:
        first = found[0]
        return f"no GPU here ({first} is a CPU, {first.name}; GLI_DEVICE={first} would use it)"
    return "no GPU here"


# Falling back.

_warned: set[str] = set()


def warn_of_fallback(device: str, why: str) -> None:
    """Warn that the CPU did a device's work: once per process and device."""
    if device in _warned:
        return
    _warned.add(device)
    import warnings

    warnings.warn(
        f"{device} failed and the CPU did its work; this is said once. {why}",
        DeviceWarning,
        stacklevel=2,
    )
