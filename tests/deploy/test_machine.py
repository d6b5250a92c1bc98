"""The machine that the tests of the service run on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.deploy.machine import REPOSITORY, boot
from tests.service.rig import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deploy.machine import Machine

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with boot() as machine:
        yield machine


def test_systemd_is_process_one_and_all_its_units_are_well(machine: Machine) -> None:
    """Nothing of the host disturbs it."""
    assert ("running\n", "systemd\n") == (
        machine.run("systemctl", "is-system-running").out,
        machine.must("cat", "/proc/1/comm"),
    )


def test_what_is_written_inside_stays_inside(machine: Machine) -> None:
    """The host's files are only read."""
    machine.path("/etc/written-by-a-test").write_text("inside")
    assert "inside" == machine.must("cat", "/etc/written-by-a-test")
    assert not Path("/etc/written-by-a-test").exists()


def test_the_repository_is_where_it_is_on_the_host(machine: Machine) -> None:
    """So its environment runs there."""
    program = REPOSITORY / ".venv/bin/rekognition-monitor"
    assert 0 == machine.run(program, "--version").code


def test_a_service_has_a_user_and_credentials_of_its_own(machine: Machine) -> None:
    """What needs mounts of its own works."""
    machine.path("/etc/secret").write_text("hidden")
    hardened = ["DynamicUser=yes", "PrivateDevices=yes", "PrivateTmp=yes", "LoadCredential=one:/etc/secret"]
    properties = [f"--property={each}" for each in hardened]
    show = 'cat "$CREDENTIALS_DIRECTORY/one"'
    assert "hidden" == machine.must("systemd-run", "--quiet", "--wait", "--pipe", *properties, "--", "sh", "-c", show)


def test_a_server_of_the_test_is_asked_from_inside(machine: Machine) -> None:
    """Its socket is in the machine's network, which nobody else is in."""
    with machine.network(), socket.create_server(("127.0.0.1", 0)) as inside:
        port = inside.getsockname()[1]
        assert 0 == machine.run("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}").code
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        assert 0 != machine.run("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}").code


@pytest.mark.usefixtures("machine")  # where none can be had, none is left
def test_a_run_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    """Neither mounts nor files nor cgroups: what takes them away outlives whoever made them."""
    program = (
        "import signal; from tests.deploy.machine import boot\nwith boot(): print('up', flush=True); signal.pause()"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert "up\n" == run.stdout.readline()
        [base] = tmp_path.iterdir()
        run.kill()
    wait_until(lambda: not base.exists())  # the last that is taken away, when no process is left in the cgroup
    assert str(base) not in Path("/proc/self/mounts").read_text()


def test_two_machines_do_not_meet(machine: Machine) -> None:
    """Workers of one test run boot theirs at the same time."""
    with boot() as other:
        assert 0 == other.run("systemd-run", "--unit=same", "sleep", "1000").code
        assert "inactive\n" == machine.run("systemctl", "is-active", "same").out
