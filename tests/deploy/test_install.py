"""`deploy/install`, under a real systemd."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from monitor import __version__
from monitor.store.migrations import REVISIONS
from tests.deploy.installed import (
    CONFIG,
    EXAMPLE,
    SERVICE,
    known,
    make_history,
    process,
    remnants,
    revision,
    watching,
)
from tests.deploy.machine import REPOSITORY, boot
from tests.deploy.wheelhouse import LONG, QUICK, collected, successor
from tests.tools import required_tool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.machine import Machine

INSTALL: Final = REPOSITORY / "deploy/install"
pytestmark = pytest.mark.timeout(600)


def _install(machine: Machine, wheelhouse: Path | str, *options: str) -> str:
    return machine.must(f"{wheelhouse}/install", *options, env=QUICK, deadline=LONG)


def test_the_life_of_an_installation(tmp_path: Path) -> None:
    """Installed, upgraded with its state, not upgraded to what is broken, removed, and gone without a trace."""
    now = collected()
    later = successor(now, tmp_path / "later", "97.0.0", "9997")
    broken = successor(now, tmp_path / "broken", "98.0.0", "9997", "9998", broken=True)
    with boot() as machine:
        before = remnants(machine)
        machine.copy(later, "/srv/later")
        machine.copy(broken, "/srv/broken")

        _says_what_it_would_do(machine, now)
        _is_installed(machine, now)
        with watching(machine) as simulator:
            _install(machine, now, "--now")
            make_history(machine, simulator)
            _is_rotated(machine)
            _is_upgraded(machine)
            _goes_back(machine)
            _goes_on_after_an_interruption(machine)
        _is_removed(machine)
        assert machine.must(INSTALL, "purge").startswith("stop the service")
        assert before == remnants(machine)


def _says_what_it_would_do(machine: Machine, wheelhouse: Path) -> None:
    before = remnants(machine)
    said = _install(machine, wheelhouse, "--dry-run", "--logrotate")
    assert 6 == sum(line.startswith("would ") for line in said.splitlines())
    assert before == remnants(machine)


def _is_installed(machine: Machine, wheelhouse: Path) -> None:
    """Twice is as once, and what the administrator wrote stays."""
    _install(machine, wheelhouse, "--logrotate")
    assert EXAMPLE.read_bytes() == machine.path(CONFIG).read_bytes()
    assert f"rekognition-monitor {__version__}\n" == machine.must(SERVICE, "--version")
    machine.path(CONFIG).write_text("mine")
    assert " is in use\n" in _install(machine, wheelhouse)
    assert "mine" == machine.path(CONFIG).read_text()


def _is_rotated(machine: Machine) -> None:
    """logrotate accepts the entry, and the directory that belongs to the service."""
    machine.must(required_tool("logrotate"), "--force", "/etc/logrotate.d/rekognition-monitor")
    assert "events.jsonl.1" in _state(machine)


def _is_upgraded(machine: Machine) -> None:
    """The state is as it was, in tables that the new version has migrated; nothing is told twice."""
    before, old = known(machine), process(machine)
    assert REVISIONS[-1] == revision(machine)
    _install(machine, "/srv/later")
    assert (before, "9997") == (known(machine), revision(machine))
    assert old != process(machine)
    assert ["97.0.0-made-for-tests-py3.11"] == _versions(machine)
    assert not [name for name in _state(machine) if "before-upgrade" in name]


def _goes_back(machine: Machine) -> None:
    """The version that cannot run has migrated the database; the old one has its own again, and runs."""
    before = known(machine)
    ran = machine.run("/srv/broken/install", env=QUICK, deadline=LONG)
    assert (1, "9997") == (ran.code, revision(machine))
    assert "this version is broken" in ran.err
    assert ran.err.endswith("the upgrade to 98.0.0-made-for-tests-py3.11 failed, nothing of it was kept\n")
    assert "active\n" == machine.run("systemctl", "is-active", SERVICE).out
    assert (before, ["97.0.0-made-for-tests-py3.11"]) == (known(machine), _versions(machine))


def _goes_on_after_an_interruption(machine: Machine) -> None:
    """A machine that lost its power in the middle of an upgrade is brought back to what worked."""
    before = known(machine)
    machine.must("systemctl", "stop", SERVICE)
    state = "/var/lib/rekognition-monitor"
    machine.path("/opt/rekognition-monitor/upgrade-began-from").write_text("97.0.0-made-for-tests-py3.11\n")
    machine.must("mkdir", f"{state}/state.db.before-upgrade")
    machine.must("mv", f"{state}/state.db", f"{state}/state.db.before-upgrade/database")
    machine.must("touch", f"{state}/state.db.before-upgrade/whole", f"{state}/state.db")
    _install(machine, "/srv/later", "--now")
    assert before == known(machine)


def _is_removed(machine: Machine) -> None:
    """The program goes; what cannot be had again stays."""
    _install(machine, REPOSITORY / "deploy", "remove")
    assert not machine.path("/opt/rekognition-monitor").exists()
    assert "inactive\n" == machine.run("systemctl", "is-active", SERVICE).out
    assert machine.path(CONFIG).exists()
    assert {"state.db", "events.jsonl.1"} <= set(_state(machine))


def _versions(machine: Machine) -> list[str]:
    return sorted(path.name for path in machine.path("/opt/rekognition-monitor/versions").iterdir())


def _state(machine: Machine) -> list[str]:
    return sorted(path.name for path in machine.path("/var/lib/private/rekognition-monitor").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--quick"], "install: unknown option --quick; see: install help\n"),
        (["instal"], "install: unknown command instal; see: install help\n"),
        (["--wheelhouse"], "install: --wheelhouse takes a value\n"),
        (["--dry-run", "--wheelhouse", "/etc"], "install: /etc is no wheelhouse; collect one with: make wheelhouse\n"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str) -> None:
    """Nothing is done, and the exit code is 2."""
    ran = subprocess.run([INSTALL, *arguments], capture_output=True, text=True, check=False)
    assert (2, said) == (ran.returncode, ran.stderr)


def test_a_damaged_wheelhouse_is_refused(tmp_path: Path) -> None:
    """Before anything is made from it."""
    wheelhouse = shutil.copytree(collected(), tmp_path / "wheelhouse")
    (wheelhouse / "logrotate").write_text("damaged")
    ran = subprocess.run([wheelhouse / "install", "--dry-run"], capture_output=True, text=True, check=False)
    assert (1, True) == (ran.returncode, f"the wheelhouse {wheelhouse} is damaged; copy it again" in ran.stderr)


def test_the_scripts_are_clean() -> None:
    """ShellCheck finds nothing to say."""
    scripts = [INSTALL, *(REPOSITORY / "deploy/debian").glob("*")]
    shell = [path for path in scripts if path.is_file() and path.read_text().startswith("#!")]
    ran = subprocess.run([required_tool("shellcheck"), *shell], capture_output=True, text=True, check=False)
    assert (0, "") == (ran.returncode, ran.stdout)
