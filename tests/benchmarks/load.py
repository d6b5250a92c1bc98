"""The whole daemon under load: 10,000 projects of 10 versions, asked once a minute, AWS answering in 100 ms.

The daemon runs in a process of its own, and so does the far end. A scrape comes every 15 s, a change every second.
Measured once every project has its baseline: the daemon's CPU, how late its polls begin, and its memory.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from tests.benchmarks.figures import Figure
from tests.benchmarks.slow_end import VERSIONS, arn_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
DEADLINE: Final = 300.0
ANSWER: Final = 0.1
"""Seconds."""
CPU_GOAL: Final = 30.0
"""Per cent of one core."""
LATE_GOAL: Final = 1.0
"""Seconds, at the 99th percentile: one of the histogram's bounds."""
MEMORY_GOAL: Final = 500.0
"""MiB."""
VERSION_GOAL: Final = 4.0
"""KiB."""
START_GOAL: Final = 5.0
"""Seconds from the start of the process until it is ready, with every version in the database."""
SCRAPE_EVERY: Final = 15


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was measured.

    Attributes:
        cpu: Per cent of one core.
        late: Per cent of the polls that began more than `LATE_GOAL` after they were due.
        polls: A second.
        memory: MiB at most.
        restart: Seconds until the daemon was ready again.
    """

    cpu: float
    late: float
    polls: float
    memory: float
    restart: float


def measure(*, projects: int = 10_000, seconds: int = 300, interval: int = 60) -> list[Figure]:
    """Load it for so long, end it, and start it once more."""
    loaded = run(projects, seconds, interval)
    name = f"{projects:,} projects of {VERSIONS} versions every {interval} s"
    return [
        _figure(f"{name}: CPU, against {CPU_GOAL:g} % of a core", loaded.cpu, CPU_GOAL, "%"),
        _figure(f"{name}: polls more than {LATE_GOAL:g} s late, against 1 %", loaded.late, 1.0, "%"),
        _figure(f"{name}: memory", loaded.memory, MEMORY_GOAL, "MiB"),
        _figure(
            f"{name}: memory a version, everything included",
            loaded.memory * 1024 / (projects * VERSIONS),
            VERSION_GOAL,
            "KiB",
        ),
        _figure(f"{name}: polls a second, wanted against made", projects / interval, loaded.polls, "/s", goal=1.05),
        _figure(f"{projects * VERSIONS:,} versions in the database: ready after", loaded.restart, START_GOAL, "s"),
    ]


def run(projects: int, seconds: int, interval: int) -> Loaded:
    """Start both processes, wait for the baselines, measure, and start the daemon once more."""
    with tempfile.TemporaryDirectory(prefix="load-") as directory, _far_end() as far_end:
        config = _configure(Path(directory), projects, interval, far_end)
        with _daemon(config) as (daemon, url):
            time.sleep(min(interval, seconds) / 2)  # the bow wave of the baselines passes
            before, cpu, began = _polls(url), _cpu(daemon.pid), time.monotonic()
            for second in range(seconds):
                _change(far_end)
                if second % SCRAPE_EVERY == 0:
                    _get(f"{url}/metrics")
                time.sleep(max(0.0, began + second + 1 - time.monotonic()))
            spent, took = _cpu(daemon.pid) - cpu, time.monotonic() - began
            made, in_time = (now - then for now, then in zip(_polls(url), before, strict=True))
            memory = _peak_memory(daemon.pid)
        began = time.monotonic()
        with _daemon(config):
            restart = time.monotonic() - began
    late = 100 * (made - in_time) / max(made, 1)
    return Loaded(cpu=100 * spent / took, late=late, polls=made / took, memory=memory, restart=restart)


def _figure(what: str, ours: float, peer: float, unit: str, goal: float = 1.0) -> Figure:
    return Figure(what=what, ours=ours, peer=peer, unit=unit, ratio=ours / peer, goal=goal)


@contextmanager
def _far_end() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.benchmarks.slow_end", str(ANSWER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _configure(directory: Path, projects: int, interval: int, far_end: subprocess.Popen[str]) -> Path:
    assert far_end.stdout is not None
    document = {
        "poll": {"interval": f"{interval}s", "transition_interval": f"{interval}s", "workers": 64},
        "aws": {"endpoint_url": f"http://127.0.0.1:{int(far_end.stdout.readline())}", "max_calls_per_second": 5},
        "state": {"url": f"sqlite:///{directory}/state.db"},
        "web": {"listen": "127.0.0.1:0"},
        "projects": [{"arn": arn_of(number)} for number in range(projects)],
        "sinks": [{"name": "log", "type": "log"}],
    }
    path = directory / "monitor.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


@contextmanager
def _daemon(config: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The daemon, once it is ready, and where it serves."""
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    log = config.with_name("log")
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
    with log.open("wb") as lines, subprocess.Popen(command, stderr=lines, cwd=ROOT, env=environment) as process:
        try:
            url = _url(process, log)
            _wait_until_ready(url)
            yield process, url
        finally:
            process.terminate()
            process.wait(DEADLINE)


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end and process.poll() is None:
        _, found, rest = log.read_text(errors="replace").partition('"url":"')
        if found:
            return rest.partition('"')[0]
        time.sleep(0.05)
    raise AssertionError(f"the daemon does not start: {log.read_text(errors='replace')[-2000:]}")


def _wait_until_ready(url: str) -> None:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        try:
            _get(f"{url}/-/ready")
        except OSError:  # 503 is one
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the daemon does not get ready")


def _get(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # as Prometheus asks
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def _text(body: bytes) -> str:
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def _change(far_end: subprocess.Popen[str]) -> None:
    assert far_end.stdin is not None
    far_end.stdin.write("change\n")
    far_end.stdin.flush()


def _polls(url: str) -> tuple[float, float]:
    """How many polls began, and how many of them in time."""
    name = "rekognition_monitor_poll_lateness_seconds"
    values = dict(line.rsplit(" ", 1) for line in _text(_get(f"{url}/metrics")).splitlines() if line.startswith(name))
    return float(values[f"{name}_count"]), float(values[f'{name}_bucket{{le="{LATE_GOAL}"}}'])


def _cpu(pid: int) -> float:
    """Seconds that the process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_memory(pid: int) -> float:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    from tests.benchmarks.figures import as_table

    print(as_table(measure(projects=int(sys.argv[1]), seconds=int(sys.argv[2]), interval=int(sys.argv[3]))))  # noqa: T201
