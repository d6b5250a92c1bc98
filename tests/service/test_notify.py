"""monitor.service.notify"""

from __future__ import annotations

import socket
import uuid
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from monitor.service.notify import Notifier
from tests.service.manager import Manager

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_said_together_arrives_together(tmp_path: Path) -> None:
    """One datagram, a line for each."""
    with Manager(tmp_path) as manager:
        Notifier(manager.environ()).tell(READY=1, STATUS="well")

        assert [{"READY": "1", "STATUS": "well"}] == manager.told()


def test_a_value_says_nothing_besides(tmp_path: Path) -> None:
    """A line break in it would begin another assignment."""
    with Manager(tmp_path) as manager:
        Notifier(manager.environ()).tell(STATUS="a\nMAINPID=1\rb")

        assert [{"STATUS": "a MAINPID=1 b"}] == manager.told()


def test_a_name_that_begins_with_an_at_sign_is_abstract() -> None:
    """Containers' managers use those."""
    name = f"monitor-test-{uuid.uuid4()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        Notifier({"NOTIFY_SOCKET": f"@{name}"}).tell(READY=1)
        listening.settimeout(60)

        assert b"READY=1" == listening.recv(100)


def test_nobody_is_told_where_there_is_no_manager(tmp_path: Path) -> None:
    """Nor does one that is gone disturb anything."""
    with capture_logs() as entries:
        Notifier({}).tell(READY=1)
        Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell(READY=1)

    assert [("notification.failed", "debug")] == [(each["event"], each["log_level"]) for each in entries]
