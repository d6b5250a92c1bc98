"""The service in a machine for tests: its configuration, what systemd says of it, and what it leaves."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from tests.builders import project_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.simulator import Simulator
    from tests.deploy.machine import Machine
    from tests.end_to_end.daemon import Ran

UNIT: Final = "rekognition-monitor.service"
URL: Final = "http://127.0.0.1:10417"
PROJECT: Final = project_arn("a")
CONFIG: Final = "/etc/rekognition-monitor/monitor.yaml"
SECRETS: Final = "/etc/rekognition-monitor/secrets"
CREDENTIALS: Final = f"/run/credentials/{UNIT}"

STATE: Final = "/var/lib/private/rekognition-monitor"
_ENVIRONMENT: Final = "/etc/rekognition-monitor/environment"
_DROP_IN: Final = f"/run/systemd/system/{UNIT}.d/test.conf"
_KEYS: Final = "AWS_ACCESS_KEY_ID=AKIDEXAMPLE\nAWS_SECRET_ACCESS_KEY=secret\n"
_FILE: Final = {"name": "file", "type": "file", "path": "/var/lib/rekognition-monitor/events.jsonl"}


class Service:
    """The unit, polling the simulator every second. Each test has a version of its own in the one project."""

    def __init__(self, machine: Machine, simulator: Simulator) -> None:
        self.machine = machine
        self.simulator = simulator
        self.version = ""
        self._versions = 0
        self._since = 0.0

    def clear(self) -> None:
        """As it is after an installation: nothing runs, nothing is stored, nothing is set up."""
        self.machine.run("systemctl", "stop", UNIT, UNIT.replace(".service", ".socket"))
        self.machine.run("systemctl", "reset-failed", UNIT)
        self.machine.must("rm", "-rf", STATE, _DROP_IN, SECRETS, "/etc/rekognition-monitor/aws-config")
        self.machine.path(SECRETS).mkdir(parents=True, mode=0o700)
        self.simulator.faults.clear()
        self._versions += 1
        self.version = self.simulator.world.put_version(PROJECT, f"v{self._versions}", status="RUNNING")
        self.put(_ENVIRONMENT, _KEYS)
        self.machine.must("systemctl", "daemon-reload")
        self._since = time.time()

    def configure(self, **sections: Any) -> None:
        """Write the configuration; *sections* take the place of the usual ones."""
        config = {
            "poll": {"interval": "1s", "transition_interval": "1s", "jitter": 0},
            "aws": {"max_calls_per_second": 5, "endpoint_url": self.simulator.url},
            "projects": [{"arn": PROJECT}],
            "sinks": [_FILE],
        }
        self.put(CONFIG, json.dumps(config | sections))  # JSON is YAML

    def begin(self, **sections: Any) -> None:
        """Configure and start it; returns when it is ready."""
        self.configure(**sections)
        self.machine.must("systemctl", "start", UNIT)

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of root's."""
        target = self.machine.path(path)
        target.write_text(text)
        target.chmod(mode)

    def put_secret(self, name: str, text: str) -> None:
        """As the administrator does."""
        self.put(f"{SECRETS}/{name}", text, 0o600)

    def put_environment(self, **variables: str) -> None:
        """Of the service, in the place of the keys that it has otherwise."""
        self.put(_ENVIRONMENT, "".join(f"{name}={value}\n" for name, value in variables.items()))

    def drop_in(self, text: str) -> None:
        """Change the unit until the next `clear`."""
        target = self.machine.path(_DROP_IN)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        self.machine.must("systemctl", "daemon-reload")

    def shows(self, name: str) -> str:
        """What systemd says of it."""
        return self.machine.must("systemctl", "show", "--value", f"--property={name}", UNIT).strip()

    def command(self, *words: str) -> Ran:
        """A command of the program, run by the administrator beside the service."""
        return self.machine.run("/opt/rekognition-monitor/bin/rekognition-monitor", *words, "--config", CONFIG)

    def ask(self, path: str) -> tuple[int, str]:
        """The status and the text that it answers."""
        try:
            with urllib.request.urlopen(URL + path, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def metrics(self, *starts: str) -> list[str]:
        """The lines of /metrics that begin with one of these."""
        return [line for line in self.ask("/metrics")[1].splitlines() if line.startswith(starts)]

    def entries(self, event: str) -> list[dict[str, Any]]:
        """The entries of the journal, of that name, since the test began."""
        found = self.journal("--output=json", f"_SYSTEMD_UNIT={UNIT}", f"MONITOR_EVENT={event}")
        return [json.loads(line) for line in found.splitlines()]

    def journal(self, *options: str) -> str:
        """What journalctl shows since the test began; all that was written before now is in it."""
        self.machine.must("journalctl", "--sync")
        return self.machine.must("journalctl", f"--since=@{self._since:.6f}", *options)

    def wait_for_polls(self) -> None:
        """Until a poll that began after now is stored."""
        served = len(self.simulator.served)
        self.wait(lambda: sum(each.complete for each in self.simulator.served[served:]) > 1, "two more polls")

    def move(self, status: str) -> None:
        """Change the status of this test's version."""
        self.simulator.world.set_status(self.version, status)

    def delivered(self) -> list[str]:
        """What the sink `file` was told of this test's version."""
        path = self.machine.path(f"{STATE}/events.jsonl")
        lines = path.read_text().splitlines() if path.exists() else []
        told = [json.loads(line)["data"] for line in lines]
        return [each["summary"].rpartition(": ")[2] for each in told if each["version"]["arn"] == self.version]

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Until *condition* holds."""
        self.machine.wait_until(condition, what)

    def wait_to_be_told(self, *moves: str) -> None:
        """Until the sink `file` was told exactly these, in this order."""
        self.wait(lambda: self.delivered() == list(moves), f"told {moves}")

    def wait_to_settle(self) -> None:
        """Until the outbox knows that every sink took what it was told: a kill would have it told again."""
        nothing: dict[str, list[object]] = {"deliveries": []}
        listed = ("outbox", "list", "--output", "json")
        self.wait(lambda: bool(json.loads(self.command(*listed).out) == nothing), "an empty outbox")

    def wait_to_be_active(self) -> None:
        """Until it has told systemd that it serves; it polls a moment before that."""
        self.wait(lambda: self.shows("ActiveState") == "active", "that it is active")
