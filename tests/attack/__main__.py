"""The attack: `make attack`. Prints what the daemon did meanwhile and afterwards; ends with 1 where it did not stand.

Needs Debian's prometheus. Attackers are other processes of this machine: what they take of its cores is in the figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bcrypt

from tests.attack.target import Footprint, Lateness, Scraper, Seen, forget_peak, scraped_by_prometheus
from tests.end_to_end.daemon import Daemon, environment
from tests.end_to_end.prometheus import reserved_address
from tests.sinks.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.end_to_end.prometheus import Program

PLAIN: Final = ("silent", "trickling", "asking_little", "asking_all", "garbling")
CLOSED: Final = ("silent", "handshaking", "guessing", "asking_little", "garbling")
"""With TLS and passwords: what asks without one is refused at the gate."""
LARGE: Final = ("slow_reading",)

_USER: Final = ("prometheus", "a password")
_HEAD: Final = (
    f"{'attack':26} {'scrapes':>7} {'failed':>6} {'median':>7} {'slowest':>7} {'Prom.':>6} {'failed':>6}"
    f" {'polls':>6} {'late':>5} {'MiB':>6} {'most':>6} {'files':>5}"
)
_SETTLE: Final = 12.0
"""Seconds after an attack until all has to be as before: what says nothing is cut off after 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEnd:
    """The simulator, in a process of its own."""

    url: str
    served: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One daemon, and what it has to stand.

    Attributes:
        versions: Of each project.
    """

    label: str
    kinds: tuple[str, ...]
    projects: int
    versions: int
    tls: bool

    def only(self, kinds: Sequence[str]) -> Plan:
        return replace(self, kinds=tuple(each for each in self.kinds if each in kinds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one attack came to."""

    name: str
    scraper: Scraper
    seen: Seen
    lateness: Lateness
    during: Footprint
    after: Footprint
    attackers: str

    def text(self) -> str:
        return (
            f"{self.name:26} {len(self.scraper.times):7} {len(self.scraper.failures):6} {self.scraper.median:7.3f}"
            f" {self.scraper.slowest:7.3f} {self.seen.slowest:6.3f} {self.seen.failed:6} {self.lateness.polls:6}"
            f" {self.lateness.late:5} {self.after.resident:6.0f} {self.during.peak:6.0f} {self.after.files:5}"
            f"  {self.attackers}"
        )

    def stood(self, before: Footprint) -> bool:
        """Whether each scrape ended within a second, polls were on time, and all is as before."""
        quick = not self.scraper.failures and self.scraper.slowest < 1 and not self.seen.failed
        return quick and not self.lateness.late and self.after.files <= before.files + 5


class Siege:
    """One daemon under one attack after the other."""

    def __init__(self, daemon: Daemon, program: Program, headers: dict[str, str], seconds: float) -> None:
        assert daemon.process is not None
        self._pid = daemon.process.pid
        self._url = daemon.url.rstrip("/")
        self._program = program
        self._headers = headers
        self._seconds = seconds
        self.before = Footprint.of(self._pid)

    def lay(self, kind: str | None, label: str) -> Row:
        """Attack in one way, or not at all."""
        forget_peak(self._pid)
        quiet = Scraper(url=self._url, headers=self._headers)
        before = Lateness.of(gzip.decompress(quiet.scrape()).decode())
        with Scraper(url=self._url, headers=self._headers) as scraper:
            attackers = self._attack(kind)
        seen = Seen.by(self._program, self._seconds)
        during = Footprint.of(self._pid)
        time.sleep(_SETTLE)  # nobody does anything
        lateness = Lateness.of(gzip.decompress(quiet.scrape()).decode()).since(before)
        after = Footprint.of(self._pid)
        return Row(
            name=label, scraper=scraper, seen=seen, lateness=lateness, during=during, after=after, attackers=attackers
        )

    def _attack(self, kind: str | None) -> str:
        if kind is None:
            time.sleep(self._seconds)  # the others work
            return ""
        command = [sys.executable, "-m", "tests.attack.attackers", kind, self._url, str(self._seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=self._seconds + 60)
        return done.stdout.strip()


def scenario(projects: int, versions: int) -> dict[str, Any]:
    """A fleet in which one version of each project changes every few seconds."""
    steps = [{"after": "7s", "status": status} for status in ("STOPPING", "STOPPED", "STARTING", "RUNNING")]
    lively = {"name": "lively", "status": "RUNNING", "repeat": True, "steps": steps}
    quiet = [{"name": f"version-{number:04}", "status": "STOPPED", "age": "90d"} for number in range(versions - 1)]
    fleet = [{"name": f"project-{number:03}", "versions": [lively, *quiet]} for number in range(projects)]
    return {"limits": {"calls_per_second": None}, "projects": fleet}


@contextmanager
def simulated(directory: Path, projects: int, versions: int) -> Iterator[tuple[FarEnd, list[str]]]:
    """The simulator of such a fleet, and its ARNs."""
    path = directory / "scenario.yaml"
    path.write_text(json.dumps(scenario(projects, versions)))
    with reserved_address() as address:
        command = [sys.executable, "-m", "monitor", "simulate", "--scenario", str(path), "--listen", address]
        with (directory / "simulator.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield FarEnd(url=f"http://{address}"), _arns(address, projects)
        finally:
            process.kill()
            process.wait()


def _arns(address: str, projects: int) -> list[str]:
    """What the simulator calls its projects, once it answers."""
    command = [sys.executable, "-c", _LIST, f"http://{address}"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True, timeout=120)
    found: list[str] = json.loads(done.stdout)
    assert len(found) == projects, done
    return found


_LIST: Final = """
import json, sys, time, boto3
from botocore.exceptions import EndpointConnectionError
client = boto3.client("rekognition", endpoint_url=sys.argv[1], region_name="us-east-1")
for _ in range(300):
    try:
        pages = client.get_paginator("describe_projects").paginate()
        print(json.dumps([each["ProjectArn"] for page in pages for each in page["ProjectDescriptions"]]))
        break
    except EndpointConnectionError:
        time.sleep(0.2)
"""


def closed(directory: Path) -> Path:
    """A web configuration file with TLS and one user."""
    identity = Authority.make(directory).issue("localhost", "127.0.0.1")
    name, password = _USER
    file = directory / "web.yaml"
    users = {name: bcrypt.hashpw(password.encode(), bcrypt.gensalt(10)).decode()}
    tls = {"cert_file": str(identity.path), "key_file": str(identity.path)}
    file.write_text(json.dumps({"tls_server_config": tls, "basic_auth_users": users}))
    return file


def besiege(directory: Path, plan: Plan, seconds: float) -> bool:
    """One daemon through one attack after the other; whether it stood."""
    web = {"listen": "127.0.0.1:0", "config_file": str(closed(directory)) if plan.tls else None}
    headers = {"Authorization": f"Basic {b64encode(':'.join(_USER).encode()).decode()}"} if plan.tls else {}
    with ExitStack() as stack:
        far_end, arns = stack.enter_context(simulated(directory, plan.projects, plan.versions))
        daemon = Daemon(directory, far_end, arns)
        poll = {"interval": "10s", "transition_interval": "10s", "jitter": 0.1}
        aws = {"max_calls_per_second": 100, "endpoint_url": far_end.url}
        daemon.configure(arns, web=web, poll=poll, aws=aws)
        stack.enter_context(daemon)
        scraper = Scraper(url=daemon.url.rstrip("/"), headers=headers)
        _until_seen(scraper, plan.projects)
        size = len(gzip.decompress(scraper.scrape())) / 1e6
        program = stack.enter_context(scraped_by_prometheus(scraper.url, directory, _USER if plan.tls else None))
        time.sleep(7)  # Prometheus begins after five
        siege = Siege(daemon, program, headers, seconds)
        print(f"/metrics has {size:.0f} MB", _HEAD, sep="\n", flush=True)  # noqa: T201
        stood = True
        for kind in (None, *plan.kinds, None):
            row = siege.lay(kind, (kind or "nobody").replace("_", " ") + plan.label)
            print(row.text(), flush=True)  # noqa: T201
            stood &= row.stood(siege.before)
    return stood


def _until_seen(scraper: Scraper, projects: int) -> None:
    deadline = time.monotonic() + timedelta(minutes=2).total_seconds()
    while gzip.decompress(scraper.scrape()).count(b"\nrekognition_project_up{") < projects:
        assert time.monotonic() < deadline, "the fleet was not seen"
        time.sleep(0.5)  # the daemon polls


def main() -> int:
    """Attack without TLS, and with; and one with much to read."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each attack")
    parser.add_argument("--only", default="", help="attacks, with commas between them")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        sieges = [
            Plan(label="", kinds=PLAIN, projects=20, versions=50, tls=False),
            Plan(label=" (TLS, password)", kinds=CLOSED, projects=20, versions=50, tls=True),
            Plan(label=" (large)", kinds=LARGE, projects=40, versions=200, tls=False),
            Plan(label=" (large, TLS)", kinds=LARGE, projects=40, versions=200, tls=True),
        ]
        wanted = [plan.only(asked.only.split(",")) if asked.only else plan for plan in sieges]
        stood = [
            besiege(_made(Path(name) / str(number)), plan, asked.seconds)
            for number, plan in enumerate(wanted)
            if plan.kinds
        ]
    return 0 if all(stood) else 1


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


if __name__ == "__main__":
    sys.exit(main())
