"""Prometheus and Alertmanager as they are installed, on the shipped files, with minutes that last a second."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from tests.deploy.rules import PROMETHEUS, RULE_FILES
from tests.sinks.listeners import closed_port
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

SCRAPE_INTERVAL: Final = 0.5
GROUP_WAIT: Final = 0.5
GROUP_INTERVAL: Final = 5.0
"""Seconds: the shipped 30s, 30s and 5m, at sixty times the speed."""

DEADLINE: Final = 60.0
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def hastened(text: str) -> str:
    """The text with every duration a sixtieth of what it was."""
    return re.sub(r"\b(\d+)([smhd])\b", lambda found: f"{int(found[1]) * _UNITS[found[2]] * 1000 // 60}ms", text)


@contextmanager
def reserved_address() -> Iterator[str]:
    """A loopback address that nobody else is given meanwhile, and that a program which is told of it can listen on."""
    with closed_port() as port:
        yield f"127.0.0.1:{port}"


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = DEADLINE) -> None:
    """Until *condition* holds; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)  # other processes work meanwhile


class Program:
    """A program that serves HTTP and says at /-/ready that it does."""

    def __init__(self, command: list[str], address: str, log: Path) -> None:
        self._command = command
        self._log = log
        self.url = f"http://{address}"

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        try:
            wait_until(self._is_ready, f"{self._command[0]} is ready")
        except AssertionError as error:
            self.__exit__(None, None, None)
            raise AssertionError(f"{error}\n{self._log.read_text()[-4000:]}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def get(self, path: str) -> Any:
        """What it answers, JSON."""
        with urllib.request.urlopen(self.url + path, timeout=DEADLINE) as response:
            return json.load(response)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/-/ready", timeout=DEADLINE):
                return True
        except OSError:
            return False


def alertmanager(config: Path, directory: Path, address: str) -> Program:
    """Debian's Alertmanager, alone, with its state and log in *directory*."""
    command = [
        required_tool("prometheus-alertmanager"),
        f"--config.file={config}",
        f"--web.listen-address={address}",
        f"--storage.path={directory / 'alertmanager-data'}",
        "--cluster.listen-address=",
    ]
    return Program(command, address, directory / "alertmanager.log")


def prometheus(config: Path, directory: Path, address: str) -> Program:
    """Debian's Prometheus, with its samples and log in *directory*."""
    command = [
        required_tool("prometheus"),
        f"--config.file={config}",
        f"--web.listen-address={address}",
        f"--storage.tsdb.path={directory / 'prometheus-data'}",
    ]
    return Program(command, address, directory / "prometheus.log")


class Watch:
    """Both programs, on what is shipped but for addresses and durations: *target* is scraped, *receiver* is told."""

    def __init__(self, directory: Path, *, target: str, receiver: str) -> None:
        self._directory = directory
        self._stack = ExitStack()
        self._addresses = {"127.0.0.1:10417": target, "127.0.0.1:9099": receiver}

    def __enter__(self) -> Self:
        here = self._directory
        with ExitStack() as stack:
            own, alertmanagers = (stack.enter_context(reserved_address()) for _ in range(2))
            self._addresses["127.0.0.1:9093"] = alertmanagers
            for path in (PROMETHEUS / "prometheus.yml", PROMETHEUS / "alertmanager.yml", *RULE_FILES):
                self._install(path)
            stack.enter_context(alertmanager(here / "alertmanager.yml", here, alertmanagers))
            self.prometheus = stack.enter_context(prometheus(here / "prometheus.yml", here, own))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What Prometheus finds now."""
        found: list[dict[str, Any]] = self.prometheus.get(f"/api/v1/query?query={expression}")["data"]["result"]
        return found

    def firing(self) -> list[str]:
        """The alerts that fire now, by name."""
        alerts = self.prometheus.get("/api/v1/alerts")["data"]["alerts"]
        return sorted(alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing")

    def rules(self) -> list[dict[str, Any]]:
        """Every rule, as Prometheus sees it."""
        return [rule for group in self.prometheus.get("/api/v1/rules")["data"]["groups"] for rule in group["rules"]]

    def _install(self, path: Path) -> None:
        text = hastened(path.read_text(encoding="utf-8"))
        for shipped, here in self._addresses.items():
            text = text.replace(shipped, here)
        installed = self._directory / path.relative_to(PROMETHEUS)
        installed.parent.mkdir(exist_ok=True)
        installed.write_text(text, encoding="utf-8")
