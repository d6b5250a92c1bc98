from __future__ import annotations

import os
import re
import signal
import socket
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from monitor.cli.demonstration import ANY_PORT, free_address, make_config, simulated_access
from tests.builders import PROJECT_ARN
from tests.cli.terminal import DEADLINE, start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

EVENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  (info|warning|error|critical) +\S+ / \S+: .+\n")


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What the process prints, line by line; it is killed when that takes too long."""
    assert process.stdout is not None
    timer = threading.Timer(DEADLINE, process.kill)
    timer.start()
    try:
        yield from process.stdout
    finally:
        timer.cancel()


def test_the_demo_tells_events_and_serves_until_interrupted(tmp_path: Path) -> None:
    """Where to look comes first, then a line for each event; Ctrl-C ends it in order and leaves nothing behind."""
    env = {"TMPDIR": str(tmp_path), "AWS_PROFILE": "no-such-profile", "HTTP_PROXY": "http://127.0.0.1:9"}
    with start("demo", "--listen", ANY_PORT, "--speed", "400", env=env) as process:
        lines = _lines(process)
        printed = list(islice(lines, 6))
        assert len(printed) == 6, process.communicate()
        page = printed[1].split()[1]
        told = next(line for line in lines if line.strip())
        with urlopen(page, timeout=DEADLINE) as answer:
            html = answer.read().decode()
        with urlopen(f"{page}metrics", timeout=DEADLINE) as answer:
            metrics = answer.read().decode()
        process.send_signal(signal.SIGINT)
        *_, last = lines
        code, errors = process.wait(DEADLINE), process.stderr.read() if process.stderr else ""
    assert (code, errors, bool(EVENT.fullmatch(told)), list(tmp_path.iterdir())) == (130, "", True, [])
    assert re.fullmatch(r"\d+ events? told; nothing is kept\.\n", last)
    assert ("checkout-products" in html, "rekognition_project_version_status{" in metrics) == (True, True)


def test_the_demo_ends_when_nobody_reads() -> None:
    """`demo | head` does not stay behind."""
    with start("demo", "--listen", ANY_PORT, "--speed", "400") as process:
        lines = _lines(process)
        assert next(lines, ""), process.communicate()
        assert process.stdout is not None
        process.stdout.close()
        code, errors = process.wait(DEADLINE), process.stderr.read() if process.stderr else ""
    assert (code, errors) == (1, "")


def test_boto3_finds_nothing_of_the_users() -> None:
    """Neither accounts nor endpoints nor proxies; all of it is there again afterwards."""
    users = {"AWS_PROFILE": "production", "AWS_ENDPOINT_URL": "https://example.com", "HOME": "/home/ann"}
    environ = dict(users)
    with simulated_access(environ):
        during = dict(environ)
    assert environ == users
    assert during == {
        "HOME": "/home/ann",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "the-simulator-takes-any",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def test_a_taken_address_gives_way_to_a_free_port() -> None:
    """One that is free is kept."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = f"127.0.0.1:{taken.getsockname()[1]}"
        while_taken = free_address(wanted)
    assert (while_taken, free_address(wanted)) == (ANY_PORT, wanted)


def test_the_configuration_keeps_to_the_simulators_limit() -> None:
    """Fewer calls than AWS and the simulator allow; the log sink leaves the telling to the demo."""
    config = make_config([PROJECT_ARN], "http://127.0.0.1:1", Path("/tmp/home"), ANY_PORT)  # nothing is made there
    told = (
        config.aws.max_calls_per_second < 5,
        config.state.url,
        [(sink.name, sink.enabled) for sink in config.sinks],
        [project.arn for project in config.projects],
    )
    assert told == (True, "sqlite:////tmp/home/state.db", [("log", False)], [PROJECT_ARN])
