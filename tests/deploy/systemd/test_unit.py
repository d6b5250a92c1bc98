"""The unit's files: what systemd makes of them, and what an older one would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from monitor.aws.silence import longest_silence
from monitor.config.loading import parse_config
from monitor.service import service
from monitor.service.liveness import THREAD_LIMIT
from monitor.service.settings import aws_settings
from tests.builders import project_arn
from tests.deploy.systemd.program import UNITS
from tests.deploy.systemd.rig import UNIT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.machine import Machine

SINCE: Final = {
    "LoadCredential": 247,
    "ProcSubset": 247,
    "ProtectProc": 247,
    "SetCredential": 247,
    "RestartMaxDelaySec": 254,
    "RestartSteps": 254,
}
"""The directives of ours that came with systemd 247 or later (its NEWS); what is not here is older."""

NEWER: Final = frozenset(
    {"ExecPaths", "NoExecPaths", "ImportCredential", "PrivateIPC", "RestrictFileSystems", "RestrictNetworkInterfaces"}
    | {"SocketBindAllow", "SocketBindDeny", "MemoryKSM", "MemoryPressureWatch", "LoadCredentialEncrypted", "OpenFile"}
)
"""What came later than 247 and is tempting."""


def directives(unit: Path) -> dict[str, set[str]]:
    """Each directive and its values."""
    found: dict[str, set[str]] = {}
    for line in unit.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, set()).add(value)
    return found


@pytest.mark.end_to_end
def test_systemd_has_nothing_to_say_against_them(machine: Machine) -> None:
    """With what this systemd knows of what is newer."""
    machine.path("/usr/share/doc/rekognition-monitor").mkdir(parents=True, exist_ok=True)
    ran = machine.run("systemd-analyze", "verify", UNIT, UNIT.replace(".service", ".socket"))

    assert (0, "", "") == (ran.code, ran.out, ran.err)


@pytest.mark.end_to_end
def test_next_to_nothing_is_exposed(machine: Machine) -> None:
    """1.5 of 10 at most; what is left is the network, which is what the program is for."""
    machine.must("systemd-analyze", "security", "--no-pager", "--threshold=15", UNIT)


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda path: path.name)
def test_an_older_systemd_is_given_nothing_that_it_does_not_know(unit: Path) -> None:
    """247 is Debian 11's; what is newer has a file of its own that is installed where it is known."""
    since = int(unit.suffixes[0].removeprefix(".since-")) if ".since-" in unit.name else 247
    names = directives(unit).keys()

    assert [] == [name for name in names if name in NEWER or SINCE.get(name, 0) > since]


def test_the_watchdog_waits_longer_than_anything_in_order_takes() -> None:
    """And a loop that hangs is told before the watchdog is hungry, by the default settings; longer ones wait more."""
    text = f'{{"projects": [{{"arn": "{project_arn()}"}}]}}'
    settings = aws_settings(parse_config(text, name="monitor.yaml", environ={}).config)
    [watchdog] = directives(UNITS / UNIT)["WatchdogSec"]

    limit = timedelta(minutes=int(watchdog.removesuffix("min")))

    assert max(timedelta(seconds=THREAD_LIMIT), longest_silence(settings)) < limit


def test_a_stop_has_more_time_than_it_takes() -> None:
    """The deadlines of its steps, together."""
    steps = service.POLLS_DEADLINE + service.DELIVERIES_DEADLINE + service.SINKS_DEADLINE + service.SERVER_DEADLINE
    [stop] = directives(UNITS / UNIT)["TimeoutStopSec"]

    assert steps + 5 <= int(stop.removesuffix("s"))
