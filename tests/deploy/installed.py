"""The monitor on a machine for tests: as a service, on a simulator, with some history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.deploy.machine import REPOSITORY

if TYPE_CHECKING:
    from tests.deploy.machine import Machine

SERVICE: Final = "rekognition-monitor"
DATABASE: Final = "/var/lib/private/rekognition-monitor/state.db"
CONFIG: Final = "/etc/rekognition-monitor/monitor.yaml"
EXAMPLE: Final = REPOSITORY / "config/monitor.yaml"

ARN: Final = "arn:aws:rekognition:us-east-1:111122223333:project/front-door/1690474772815"
SCENARIO: Final = f"""
projects:
  - name: front-door
    arn: {ARN}
    versions:
      - {{name: v1, status: RUNNING, age: 20d}}
      - {{name: v2, status: STARTING, age: 1d, steps: [{{after: 1s, status: RUNNING}}]}}
"""
SETTINGS: Final = f"""
poll: {{interval: 1s, transition_interval: 1s, jitter: 0}}
aws: {{max_calls_per_second: 5, endpoint_url: "http://127.0.0.1:9999"}}
sinks: [{{name: audit, type: file, path: /var/lib/rekognition-monitor/events.jsonl}}]
projects: [{{arn: "{ARN}"}}]
"""
CREDENTIALS: Final = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"


def configure(machine: Machine) -> None:
    """A simulator that runs, and the monitor's configuration; it is not told of it."""
    machine.path("/tmp/scenario.yaml").write_text(SCENARIO)
    python = REPOSITORY / ".venv/bin/python"
    simulate = [python, "-m", "monitor", "simulate", "--scenario", "/tmp/scenario.yaml", "--listen", "127.0.0.1:9999"]
    machine.must("systemd-run", "--unit=simulator", f"--working-directory={REPOSITORY}", *simulate)
    machine.path(CONFIG).write_text(SETTINGS)
    machine.path("/etc/rekognition-monitor/secrets/aws-credentials").write_text(CREDENTIALS)
    drop_in = machine.path(f"/etc/systemd/system/{SERVICE}.service.d/override.conf")
    drop_in.parent.mkdir(exist_ok=True)
    drop_in.write_text("[Service]\nMemoryHigh=512M\n")
    machine.must("systemctl", "daemon-reload")


def known(machine: Machine) -> tuple[Any, list[Any]]:
    """What the monitor knows of the project now, and all that it has told; times of looking are left out."""
    status = json.loads(machine.must("rekognition-monitor", "status", "--output", "json"))
    events = machine.must("rekognition-monitor", "events", "--output", "json")
    for project in status["projects"]:
        project.pop("seen_at")
    return status["projects"], [json.loads(line) for line in events.splitlines()]


def wait_for_history(machine: Machine) -> None:
    """Until the change that the simulator makes is told."""
    events = (SERVICE, "events", "--output", "json")
    machine.wait_until(lambda: machine.run(*events).out.count("\n") == 1, "the change of v2 is told")


def revision(machine: Machine) -> str:
    """What the database was last migrated to."""
    query = f"import sqlite3; print(*sqlite3.connect('{DATABASE}').execute('SELECT * FROM alembic_version').fetchone())"
    return machine.must("/usr/bin/python3", "-c", query).strip()


def process(machine: Machine) -> str:
    """The service's main process; 0 when it does not run."""
    return machine.property(f"{SERVICE}.service", "MainPID")


def remnants(machine: Machine) -> list[str]:
    """Every file of the machine with our name in its path."""
    trees = ("/etc", "/opt", "/usr", "/var", "/run", "/lib/systemd", "/home", "/root")
    found = machine.must("find", *trees, "-xdev", "-name", "*rekognition*", "-not", "-path", "/var/log/journal/*")
    return sorted(line for line in found.splitlines() if not line.startswith(f"{REPOSITORY}/"))
