"""`rekognition-monitor demo`, as somebody without an account sees it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from tests.end_to_end.daemon import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LABELS = 'aws_account_id="111122223333",aws_region="us-east-1"'
PAGE = re.compile(r"  page +(http://127\.0\.0\.1:\d+)/\n")
EVENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  (?:info|warning|error|critical) +(\S+) / (\S+): .+\n")


@contextmanager
def demo(home: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo in a terminal of nobody's, at the speed and the address that it has by itself."""
    environment = {**os.environ, "TMPDIR": str(home), "PYTHONUNBUFFERED": "1"}
    command = (sys.executable, "-m", "monitor", "demo")
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watchdog = threading.Timer(2 * DEADLINE, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def lines_of(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


def answer(url: str) -> str:
    """What is answered there within `DEADLINE` seconds, the time until somebody listens included."""
    end = time.monotonic() + DEADLINE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=max(0.1, end - time.monotonic())) as response:
                body: bytes = response.read()
                return body.decode()
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)  # the process that is to listen works meanwhile


@pytest.mark.end_to_end
@pytest.mark.timeout(300)
def test_the_demo_shows_a_fleet_live(tmp_path: Path) -> None:
    """The address, a page, metrics and health that answer, events as they come; Ctrl-C ends it and leaves nothing."""
    with demo(tmp_path) as process:
        lines = lines_of(process)
        page = next(found[1] for found in map(PAGE.fullmatch, lines) if found)
        healthy = answer(page + "/-/healthy")
        event = next(found for found in map(EVENT.fullmatch, lines) if found)
        html, metrics = answer(page + "/"), answer(page + "/metrics")
        kept = [path.name for path in tmp_path.iterdir()]
        process.send_signal(signal.SIGINT)
        rest = list(lines)
        code = process.wait(DEADLINE)
        errors = process.stderr.read() if process.stderr else ""

    assert "healthy\n" == healthy
    assert (True, True) == (event[1] in html, f'rekognition_project_info{{{LABELS},project="{event[1]}"' in metrics)
    assert 1 == len(kept)
    assert re.fullmatch(r"\d+ events? told; nothing is kept\.\n", rest[-1])
    assert (130, []) == (code, list(tmp_path.iterdir()))
    assert errors in ("", "127.0.0.1:10417 is taken, so a free port is used.\n")
