"""``groggy backends`` and ``groggy calibrate``: what this machine has to run on."""

from __future__ import annotations

import json
from typing import Any

import click

import groggy
from groggy.shell.common import guarded
from groggy.shell.printing import duration, make_console, print_table


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def backends(form: str) -> None:
    """List the backends: what is here, what is not, and why; then the devices.

    The environment variable GLI_DEVICE chooses a device for all calls that name none: opencl:0, a
    number, a part of its name, or none.
    """
    known = groggy.get_available_backends()
    if form == "json":
        click.echo(json.dumps(known, indent=2))
        return
    console = make_console()
    rows = [
        (name, "yes" if state["available"] else "no", state["device"] or "-", state["reason"])
        for name, state in known.items()
    ]
    print_table(console, ["backend", "available", "device", "why"], rows)
    found = groggy.devices()
    if found:
        click.echo()
        _print_devices(console, found)


def _print_devices(console: Any, found: list[Any]) -> None:
    header = ["device", "name", "memory", "units", "fp64", "launch", "upload", "gather", "rates", "state"]
    rows = [
        (
            str(device),
            device.name,
            f"{device.memory_bytes / 2**30:.1f} GiB",
            device.compute_units,
            "yes" if device.has_fp64 else "no",
            duration(device.figures["launch_seconds"]),
            f"{device.figures['upload_bytes_second'] / 1e9:.3g} GB/s",
            f"{device.figures['gather_entries_second'] / 1e9:.3g} G/s",
            "measured" if device.calibrated else "rough",
            _state(device),
        )
        for device in found
    ]
    print_table(console, header, rows)


def _state(device: Any) -> str:
    if not device.available:
        return f"out of use: {device.reason}"
    return "a CPU: used where it is named" if device.is_cpu else "ready"


@click.command()
@click.argument("device", required=False)
def calibrate(device: str | None) -> None:
    """Measure DEVICE, or all: about a second each, for better choices of where to run.

    The figures are kept for this user, in $GLI_CACHE_DIR/rates or ~/.cache/gli/rates.

    \b
    Examples:
      groggy calibrate
      groggy calibrate cuda:0
    """
    _print_devices(make_console(), guarded(lambda: groggy.calibrate(device)))
