"""The daemon as a process of its own, on a configuration made for a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from monitor.simulator import Served

DEADLINE = 60.0


def environment() -> dict[str, str]:
    """The environment of the program: credentials that only a simulator takes."""
    dummies = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    return os.environ | dummies | {"AWS_EC2_METADATA_DISABLED": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str


class FarEnd(Protocol):
    """What the daemon asks: a simulator in this process, or what is known of one in another."""

    @property
    def url(self) -> str: ...

    @property
    def served(self) -> tuple[Served, ...]: ...


class Daemon:
    """`rekognition-monitor run`, polling the simulator every second and telling the sinks `log` and `file`."""

    def __init__(self, directory: Path, simulator: FarEnd, projects: Sequence[str | Mapping[str, Any]]) -> None:
        self._directory = directory
        self._simulator = simulator
        self.configure(projects)
        self.process: subprocess.Popen[bytes] | None = None
        self.exit_code: int | None = None

    def configure(self, projects: Sequence[str | Mapping[str, Any]], **sections: Any) -> None:
        """Write the configuration; *projects* are ARNs or entries, *sections* take the place of the usual ones."""
        config = {
            "poll": {"interval": "1s", "transition_interval": "1s", "jitter": 0},
            "aws": {"max_calls_per_second": 5, "endpoint_url": self._simulator.url},
            "state": {"url": self.state_url},
            "web": {"listen": "127.0.0.1:0"},
            "projects": [{"arn": each} if isinstance(each, str) else each for each in projects],
            "sinks": [{"name": "file", "type": "file", "path": str(self._directory / "events.jsonl")}],
        }
        self.config_path.write_text(json.dumps(config | sections))  # JSON is YAML

    @property
    def state_url(self) -> str:
        """Its database, as the configuration names it."""
        return f"sqlite:///{self._directory / 'state.db'}"

    @property
    def config_path(self) -> Path:
        """Where the configuration is."""
        return self._directory / "monitor.yaml"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGTERM if error is None else signal.SIGKILL)

    def start(self) -> None:
        """Start the process and wait until it serves."""
        with (self._directory / "log.jsonl").open("wb") as log:
            self.process = subprocess.Popen(self._command("run"), env=environment(), stderr=log)
        self.wait_for(lambda: self._logged("monitor.started") is not None)

    def run(self, name: str, *options: str) -> Ran:
        """Another command of the program, on the same configuration, to its end."""
        command = self._command(name, *options)
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=DEADLINE, check=False)
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the process by a signal; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        self.exit_code = self.process.wait(DEADLINE)
        return self.exit_code

    def send(self, number: signal.Signals) -> None:
        """Send a signal and go on."""
        assert self.process is not None
        self.process.send_signal(number)

    @property
    def url(self) -> str:
        """Where it serves."""
        entry = self._logged("monitor.started")
        assert entry is not None
        return str(entry["url"])

    def get(self, path: str) -> str:
        """What it answers."""
        with urllib.request.urlopen(self.url.rstrip("/") + path, timeout=DEADLINE) as response:
            body: bytes = response.read()
        return body.decode()

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """The status and the text that it answers, whatever the status is."""
        request = urllib.request.Request(self.url.rstrip("/") + path, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def metrics(self, *starts: str) -> list[str]:
        """The lines of /metrics that begin with one of these."""
        return [line for line in self.get("/metrics").splitlines() if line.startswith(starts)]

    def log(self) -> str:
        """All that it has written to standard error since it was started."""
        return (self._directory / "log.jsonl").read_text()

    def entries(self, event: str) -> list[dict[str, Any]]:
        """The log entries of that name."""
        whole = self.log().rpartition("\n")[0]
        return [entry for entry in map(json.loads, whole.splitlines()) if entry["event"] == event]

    def delivered(self) -> list[dict[str, Any]]:
        """The events that are in the sink's file."""
        path = self._directory / "events.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def wait_for_polls(self, count: int) -> None:
        """Until so many more listings were answered whole, and what they brought is committed."""
        begin = len(self._simulator.served)
        self.wait_for(lambda: sum(each.complete for each in self._simulator.served[begin:]) > count)

    def wait_for_events(self, count: int) -> list[dict[str, Any]]:
        """Until so many events are delivered; returns all."""
        self.wait_for(lambda: len(self.delivered()) >= count)
        return self.delivered()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Until *condition* holds; fails with the log when that takes too long, or the process has ended."""
        end = time.monotonic() + DEADLINE
        while not condition():
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > end:
                raise AssertionError(f"the daemon {'ended' if ended else 'did not get there'}:\n{self.log()[-4000:]}")
            time.sleep(0.02)  # another process works meanwhile

    def _command(self, name: str, *options: str) -> list[str]:
        return [sys.executable, "-m", "monitor", name, "--config", str(self.config_path), *options]

    def _logged(self, event: str) -> dict[str, Any] | None:
        return next(iter(self.entries(event)), None)
