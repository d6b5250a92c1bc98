"""What is attacked: the daemon as a process of its own over a large fleet, scraped by a real Prometheus."""

from __future__ import annotations

import json
import ssl
import statistics
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from tests.end_to_end.prometheus import prometheus, reserved_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from tests.end_to_end.prometheus import Program

_CONFIG: Final = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: attacked
    scheme: {scheme}
    tls_config: {{insecure_skip_verify: true}}
    {authentication}
    static_configs: [{{targets: ["{target}"]}}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What a process has: megabytes in memory now and at most, open files, threads."""

    resident: float
    peak: float
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Self:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        facts = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        return cls(
            resident=int(facts["VmRSS"].split()[0]) / 1024,
            peak=int(facts["VmHWM"].split()[0]) / 1024,
            files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
            threads=int(facts["Threads"]),
        )


def forget_peak(pid: int) -> None:
    """Begin anew with the most memory that was used (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


@dataclass(slots=True, kw_only=True)
class Scraper:
    """A plain client that scrapes every half second, on a connection of its own each time, compressed."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    every: float = 0.5
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _tls: ssl.SSLContext = field(default_factory=ssl._create_unverified_context)  # noqa: SLF001 - the certificate is ours
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join()

    @property
    def slowest(self) -> float:
        return max(self.times, default=float("nan"))

    @property
    def median(self) -> float:
        return statistics.median(self.times) if self.times else float("nan")

    def scrape(self) -> bytes:
        """Once."""
        request = urllib.request.Request(f"{self.url}/metrics", headers={"Accept-Encoding": "gzip"} | self.headers)
        with urllib.request.urlopen(request, timeout=10, context=self._tls) as response:
            body: bytes = response.read()
        return body

    def _run(self) -> None:
        while not self._over.wait(self.every):
            began = time.monotonic()
            try:
                self.scrape()
            except OSError as error:
                self.failures.append(str(error))
            self.times.append(time.monotonic() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """Polls, and how many of them began more than a second late."""

    polls: int
    late: int

    @classmethod
    def of(cls, exposition: str) -> Self:
        name = "rekognition_monitor_poll_lateness_seconds"
        found = dict(line.rsplit(" ", 1) for line in exposition.splitlines() if line.startswith(name))
        polls = int(float(found[f"{name}_count"]))
        return cls(polls=polls, late=polls - int(float(found[f'{name}_bucket{{le="1.0"}}'])))

    def since(self, before: Lateness) -> Lateness:
        return Lateness(polls=self.polls - before.polls, late=self.late - before.late)


@contextmanager
def scraped_by_prometheus(url: str, directory: Path, user: tuple[str, str] | None) -> Iterator[Program]:
    """A Prometheus that scrapes *url* every second and gives it one."""
    scheme, _, target = url.partition("://")
    authentication = f"basic_auth: {json.dumps(dict(zip(('username', 'password'), user, strict=True)))}" if user else ""
    config = directory / "prometheus.yml"
    config.write_text(_CONFIG.format(scheme=scheme, target=target, authentication=authentication))
    with reserved_address() as address, prometheus(config, directory, address) as program:
        yield program


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Prometheus makes of the last seconds: scrapes, those that failed, and the slowest."""

    scrapes: int
    failed: int
    slowest: float

    @classmethod
    def by(cls, program: Program, seconds: float) -> Self:
        span = f"[{int(seconds)}s]"
        scrapes = _value(program, f"count_over_time(up{span})")
        up = _value(program, f"sum_over_time(up{span})")
        slowest = _value(program, f"max_over_time(scrape_duration_seconds{span})")
        return cls(scrapes=int(scrapes), failed=int(scrapes - up), slowest=slowest)


def _value(program: Program, expression: str) -> float:
    found: list[Any] = []
    with suppress(OSError):
        found = program.get(f"/api/v1/query?query={expression}")["data"]["result"]
    return float(found[0]["value"][1]) if found else 0.0
