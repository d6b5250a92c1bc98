"""The receiver of the documentation, as a reader would start it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.config.sinks.webhook import signing_keys
from monitor.sinks.webhook import WebhookSink
from tests.fakes_outbox import a_message, an_event
from tests.sinks.listeners import closed_port
from tests.sinks.receiver import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "examples" / "receiver.py"
SECRET: Final = "whsec_" + b64encode(b"k" * 32).decode()

A, B = (a_message(an_event(version), position) for position, version in enumerate("ab", start=1))


@contextmanager
def running(port: int, directory: Path) -> Iterator[list[str]]:
    """What the receiver, which runs meanwhile, has handled: complete when it has ended."""
    environment = {**os.environ, "WEBHOOK_SECRET": SECRET, "SEEN_DB": str(directory / "seen.db"), "PORT": str(port)}
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, str(EXAMPLE)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        yield lines
        process.terminate()
        assert process.stdout
        lines += process.stdout


def a_sink(port: int, secret: str) -> WebhookSink:
    return WebhookSink(
        url=f"http://127.0.0.1:{port}/", keys=signing_keys(secret), timeout=DEADLINE, clock=lambda: datetime.now(UTC)
    )


def delivered(sink: WebhookSink) -> bool:
    """Whether both events were taken, as soon as the process listens."""
    until = time.monotonic() + DEADLINE
    while sink.deliver([A, B]):
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.05)
    return True


def test_takes_each_event_once(tmp_path: Path) -> None:
    """Events that come again are accepted, and handled no more."""
    with closed_port() as port, running(port, tmp_path) as handled:
        sink = a_sink(port, SECRET)
        assert delivered(sink)
        assert {} == sink.deliver([A, B])
        sink.close()
    assert ['"shop / a: 1"\n', '"shop / b: 1"\n'] == handled


def test_refuses_what_somebody_else_signed(tmp_path: Path) -> None:
    """And what nobody did."""
    with closed_port() as port, running(port, tmp_path):
        sinks = [a_sink(port, secret) for secret in (SECRET, b64encode(b"x" * 32).decode(), "")]
        assert delivered(sinks[0])
        told = [str(error) for sink in sinks for error in sink.deliver([A]).values()]
        for sink in sinks:
            sink.close()
    assert [
        f"127.0.0.1:{port} answered 401 Unauthorized: No matching signature found",
        f"127.0.0.1:{port} answered 401 Unauthorized: Missing required headers",
    ] == told


def test_is_short_enough_to_read() -> None:
    """Thirty lines of code, without the imports."""
    lines = EXAMPLE.read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.startswith(("import", "from", "#", '"""'))]
    assert 30 >= len(code)
