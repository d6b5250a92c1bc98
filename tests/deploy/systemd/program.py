"""The program in a machine for tests, where the unit looks for it, made of what this repository's environment holds.

What an installation makes of it is tried with the installation; here it is put in place within a moment.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.deploy.machine import REPOSITORY

if TYPE_CHECKING:
    from tests.deploy.machine import Machine

PROGRAM: Final = "/opt/rekognition-monitor/bin/rekognition-monitor"
UNITS: Final = REPOSITORY / "deploy/systemd"

_HOME: Final = Path("/opt/rekognition-monitor")
_PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"


def put_program(machine: Machine) -> None:
    """The program, read-only, and the units with what this systemd knows of them."""
    packages = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    machine.mount(packages, _HOME / "packages")
    machine.mount(REPOSITORY / "monitor", _HOME / "source/monitor")
    script = machine.path(PROGRAM)
    script.parent.mkdir(parents=True)
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH={_HOME}/source:{_HOME}/packages exec {_python(machine)} -m monitor "$@"\n'
    )
    script.chmod(0o755)
    put_units(machine)


def put_units(machine: Machine) -> None:
    """The units, as an installation puts them."""
    version = int(machine.must("systemctl", "--version").split()[1])
    for unit in UNITS.iterdir():
        since = unit.suffixes[0].removeprefix(".since-")
        if not since.isdecimal():
            machine.copy(unit, f"/etc/systemd/system/{unit.name}")
        elif int(since) <= version:
            machine.copy(unit, f"/etc/systemd/system/rekognition-monitor.service.d/since-{since}.conf")
    machine.must("systemctl", "daemon-reload")


def _python(machine: Machine) -> Path:
    """A Python of this version that a service can read: the machine's own, or else ours, shown where it can."""
    own = Path("/usr/bin") / _PYTHON
    if own.exists():
        return own
    prefix = _HOME / "python"
    machine.mount(Path(sys.base_prefix).resolve(), prefix)
    machine.path("/etc/ld.so.conf.d/python.conf").write_text(f"{prefix}/lib\n")
    machine.must("ldconfig")
    return prefix / "bin" / _PYTHON
