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
DUMP: Final = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
tables = {}
for name, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})") if row[1] != "seen_at"]
    tables[name] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)
print(json.dumps(tables))
"""


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


def known(machine: Machine) -> dict[str, list[Any]]:
    """All that the database holds, by table; but when the last look was, and what a later version has added."""
    tables: dict[str, list[Any]] = json.loads(machine.must("/usr/bin/python3", "-c", DUMP, DATABASE))
    return {name: rows for name, rows in tables.items() if not name.startswith(("alembic", "made_by", "sqlite"))}


def revision(machine: Machine) -> str:
    """What the database was last migrated to."""
    ((found,),) = json.loads(machine.must("/usr/bin/python3", "-c", DUMP, DATABASE))["alembic_version"]
    return str(found)


def wait_for_history(machine: Machine) -> None:
    """Until the change that the simulator makes is told to the one sink besides the log, and both have settled it."""
    told = machine.path("/var/lib/private/rekognition-monitor/events.jsonl")
    machine.wait_until(lambda: told.exists() and told.read_text().count("\n") == 1, "the change of v2 is told")
    machine.wait_until(lambda: "pending" not in str(known(machine)["deliveries"]), "the outbox is empty")


def process(machine: Machine) -> str:
    """The service's main process; 0 when it does not run."""
    return machine.property(f"{SERVICE}.service", "MainPID")


def remnants(machine: Machine) -> list[str]:
    """Every file of the machine with our name in its path."""
    trees = ("/etc", "/opt", "/usr", "/var", "/run", "/lib/systemd", "/home", "/root")
    found = machine.must("find", *trees, "-xdev", "-name", "*rekognition*", "-not", "-path", "/var/log/journal/*")
    return sorted(line for line in found.splitlines() if not line.startswith(f"{REPOSITORY}/"))
