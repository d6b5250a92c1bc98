"""The Debian package, under a real systemd."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from monitor import __version__
from tests.deploy.installed import CONFIG, SERVICE, known, make_history, process, remnants, revision, watching
from tests.deploy.machine import REPOSITORY, boot
from tests.deploy.wheelhouse import LONG, QUICK, collected, successor
from tests.tools import required_tool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.machine import Machine

ROTATION: Final = "/etc/logrotate.d/rekognition-monitor"

pytestmark = pytest.mark.timeout(600)


def _package(wheelhouse: Path, directory: Path) -> Path:
    required_tool("dpkg-deb")
    build = [REPOSITORY / "deploy/debian/build", wheelhouse, directory]
    subprocess.run(build, check=True, capture_output=True)
    (package,) = directory.glob("*.deb")
    return package


def _dpkg(machine: Machine, *arguments: str) -> str:
    return machine.must("dpkg", *arguments, env=QUICK, deadline=LONG)


def _standing(machine: Machine) -> str:
    return machine.run("dpkg-query", "--show", "--showformat=${Status} ${Version}", SERVICE).out


def test_the_life_of_a_package(tmp_path: Path) -> None:
    """Installed, upgraded with its state, removed, and purged without a trace."""
    now = collected()
    later = successor(now, tmp_path / "later", "97.0.0", "9997")
    with boot() as machine:
        before = remnants(machine)
        machine.copy(_package(now, tmp_path / "now"), "/srv/now.deb")
        machine.copy(_package(later, tmp_path), "/srv/later.deb")

        _is_installed(machine)
        with watching(machine) as simulator:
            machine.must("systemctl", "enable", "--now", SERVICE)
            make_history(machine, simulator)
            _is_upgraded(machine)
        _is_removed(machine)
        _dpkg(machine, "--purge", SERVICE)
        assert (before, "") == (remnants(machine), _standing(machine))


def _is_installed(machine: Machine) -> None:
    """The command, the unit and the example are there; nothing was started."""
    _dpkg(machine, "--install", "/srv/now.deb")
    assert f"install ok installed {__version__}" == _standing(machine)
    assert f"rekognition-monitor {__version__}\n" == machine.must("/usr/bin/rekognition-monitor", "--version")
    assert "/lib/systemd/system/rekognition-monitor.service" == machine.property(SERVICE, "FragmentPath")
    assert ("inactive", True) == (machine.property(SERVICE, "ActiveState"), machine.path(CONFIG).exists())


def _is_upgraded(machine: Machine) -> None:
    """The service is a new process on the same state, and runs the new version."""
    facts, old = known(machine), process(machine)
    _dpkg(machine, "--install", "/srv/later.deb")
    assert ("install ok installed 97.0.0", "9997") == (_standing(machine), revision(machine))
    assert (facts, "active") == (known(machine), machine.property(SERVICE, "ActiveState"))
    assert old != process(machine)


def _is_removed(machine: Machine) -> None:
    """What cannot be had again stays, and what dpkg keeps for its administrator."""
    _dpkg(machine, "--remove", SERVICE)
    assert "deinstall ok config-files 97.0.0" == _standing(machine)
    kept = [CONFIG, ROTATION, "/var/lib/private/rekognition-monitor/state.db"]
    assert [True] * 3 == [machine.path(each).exists() for each in kept]
    gone = [
        "/opt/rekognition-monitor",
        "/usr/bin/rekognition-monitor",
        "/lib/systemd/system/rekognition-monitor.service",
    ]
    assert [False] * 3 == [machine.path(each).exists() for each in gone]
