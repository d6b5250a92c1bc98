"""The service under a real systemd: it starts, is reloaded, is killed, hangs, and stops."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING

import pytest

from tests.deploy.systemd.rig import CONFIG, PROJECT, STATE, UNIT, URL
from tests.sinks.receiver import Receiver

if TYPE_CHECKING:
    from tests.deploy.systemd.rig import Service
    from tests.sinks.receiver import Handler

pytestmark = pytest.mark.end_to_end

STATUS = re.compile(r"1 project, \d+ versions?, no faults, last complete poll \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")


def test_it_is_active_once_it_serves(service: Service) -> None:
    """No waiting: `systemctl start` returns when /metrics answers; the line of its status follows the polls."""
    service.begin()
    up = service.metrics("rekognition_monitor_build_info", "process_resident_memory_bytes")

    assert ("active", 2) == (service.shows("ActiveState"), len([line for line in up if not line.startswith("#")]))
    service.wait(lambda: bool(STATUS.fullmatch(service.shows("StatusText"))), "a line of status")


def test_a_reload_is_over_when_systemctl_returns(service: Service) -> None:
    """And the service is active by the new configuration; one that is refused says why and changes nothing."""
    service.begin()
    service.configure(log={"level": "debug"})
    service.machine.must("systemctl", "reload", UNIT)
    service.wait(lambda: "level: debug" in service.ask("/config")[1], "the new configuration")
    service.put(CONFIG, "projects: []\n")
    refused = service.machine.run("systemctl", "reload", UNIT)
    service.wait(lambda: bool(service.entries("config.refused")), "a refusal")

    assert (1, "active") == (refused.code, service.shows("ActiveState"))
    assert ["rekognition_monitor_config_last_reload_successful 0.0"] == service.metrics(
        "rekognition_monitor_config_last_reload_successful "
    )
    assert "level: debug" in service.ask("/config")[1]


def test_a_kill_loses_nothing(service: Service) -> None:
    """Restarted by itself; what was told is not told again, and what changed meanwhile is told once."""
    service.begin()
    service.wait_for_polls()
    service.move("STOPPING")
    service.wait_to_be_told("RUNNING -> STOPPING")
    service.wait_to_settle()
    before = service.shows("MainPID")
    service.machine.must("systemctl", "kill", "--signal=KILL", UNIT)
    service.move("STOPPED")
    service.wait_to_be_told("RUNNING -> STOPPING", "STOPPING -> STOPPED")
    service.wait_to_be_active()

    assert "1" == service.shows("NRestarts")
    assert before != service.shows("MainPID")


def test_a_process_that_is_frozen_is_ended_and_restarted(service: Service) -> None:
    """By the watchdog, whose signal makes it say where each of its threads was."""
    service.drop_in("[Service]\nWatchdogSec=10s\nRestartSec=100ms\n")
    service.begin()
    service.machine.must("systemctl", "kill", "--signal=STOP", UNIT)

    service.wait(lambda: service.shows("NRestarts") == "1" and service.shows("ActiveState") == "active", "a restart")
    service.wait(lambda: _told_where_it_was(service), "where its threads were")


def _told_where_it_was(service: Service) -> bool:
    """At least of one thread: the others run on while it is written, which can cut it off. The journal may be late."""
    left = service.journal("--output=cat", f"--unit={UNIT}")
    return "Fatal Python error: Aborted" in left and "(most recent call first)" in left


def test_a_stop_settles_what_is_under_way(service: Service) -> None:
    """The sink accepts while the service is stopping, and nothing is left to be sent again after the next start."""
    stopping = threading.Event()

    def accept_late(handler: Handler) -> None:
        stopping.wait(60)
        handler.reply(204, {}, b"")

    with Receiver(accept_late) as receiver:
        service.begin(sinks=[{"name": "ops", "type": "webhook", "url": receiver.url, "timeout": "1m"}])
        service.wait_for_polls()
        service.move("STOPPING")
        assert receiver.wait_for(lambda: receiver.connections == 1)
        service.machine.must("systemctl", "stop", "--no-block", UNIT)
        stopping.set()
        service.wait(lambda: service.shows("ActiveState") == "inactive", "a stop in order")
        [stopped] = service.entries("monitor.stopped")
    waiting = service.command("outbox", "list", "--output", "json")

    assert ("true", "true") == (stopped["MONITOR_POLLS_ENDED"], stopped["MONITOR_OUTBOX_SETTLED"])
    assert {"deliveries": []} == json.loads(waiting.out)
    assert 1 == len(receiver.received)


def test_a_configuration_that_is_refused_is_not_tried_again(service: Service) -> None:
    """It would be refused again; the reasons are in the journal."""
    service.put(CONFIG, "projects: []\n")
    started = service.machine.run("systemctl", "start", UNIT)
    said = service.journal("--output=cat", f"--unit={UNIT}")

    assert (1, "failed", "2", "0") == (
        started.code,
        service.shows("ActiveState"),
        service.shows("ExecMainStatus"),
        service.shows("NRestarts"),
    )
    assert "monitor.yaml:1: projects: is an empty list" in said


def test_the_administrator_looks_beside_it(service: Service) -> None:
    """`status` reads the database while the service runs, and when it does not; it leaves no file that is root's."""
    service.begin()
    service.wait_for_polls()
    beside = service.command("status")
    service.machine.must("systemctl", "stop", UNIT)
    alone = service.command("status")

    assert (0, 0) == (beside.code, alone.code)
    assert "RUNNING" in beside.out
    assert "RUNNING" in alone.out
    assert "" == service.machine.must("find", STATE, "-user", "root")


def test_systemd_can_hold_the_web_port(service: Service) -> None:
    """Whoever asks starts it, on the socket's address whatever the configuration says."""
    service.configure(web={"listen": "127.0.0.1:1"})
    service.machine.must("systemctl", "start", UNIT.replace(".service", ".socket"))
    inactive = service.shows("ActiveState")
    answered = service.ask("/-/healthy")
    service.wait_to_be_active()
    [started] = service.entries("monitor.started")

    assert ("inactive", (200, "healthy\n")) == (inactive, answered)
    assert URL == started["MONITOR_URL"]


def test_our_fields_are_the_journals(service: Service) -> None:
    """Each by its name, with the priority of its level; AWS's text makes neither a field nor a line of its own."""
    service.begin()
    service.wait_for_polls()
    odd = service.simulator.world.put_version(PROJECT, "odd\nPRIORITY=0\nMONITOR_EVENT=forged", status="RUNNING")
    service.wait(lambda: bool(service.entries("version.refused")), "a version that makes no sense")
    service.simulator.world.remove_version(odd)
    [refused] = service.entries("version.refused")
    [started] = service.entries("monitor.started")

    assert ("1", "6", "rekognition-monitor", URL) == tuple(
        started[name] for name in ("MONITOR_PROJECTS", "PRIORITY", "SYSLOG_IDENTIFIER", "MONITOR_URL")
    )
    assert ("4", PROJECT) == (refused["PRIORITY"], refused["MONITOR_PROJECT"])
    assert "forged" in refused["MESSAGE"].splitlines()[0]
