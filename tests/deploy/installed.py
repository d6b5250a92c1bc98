"""The monitor on a machine for tests: as a service, on a simulator, with some history."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tests.builders import project_arn
from tests.deploy.machine import REPOSITORY
from tests.service.rig import set_status, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.simulator import Simulator
    from tests.deploy.machine import Machine

SERVICE: Final = "rekognition-monitor"
DATABASE: Final = "/var/lib/private/rekognition-monitor/state.db"
CONFIG: Final = "/etc/rekognition-monitor/monitor.yaml"
EXAMPLE: Final = REPOSITORY / "config/monitor.yaml"

ARN: Final = project_arn("front-door")
CREDENTIALS: Final = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
DUMP: Final = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
connection.execute("BEGIN")  # one state, while the service may be making its tables
tables = {}
for name, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})") if row[1] != "seen_at"]
    tables[name] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)
print(json.dumps(tables))
"""


@contextmanager
def watching(machine: Machine) -> Iterator[Simulator]:
    """A simulator in the machine's network, and a configuration of the monitor for it."""
    with machine.network(), simulated(ARN) as simulator:
        settings = {
            "poll": {"interval": "1s", "transition_interval": "1s", "jitter": 0},
            "aws": {"max_calls_per_second": 5, "endpoint_url": simulator.url},
            "sinks": [{"name": "audit", "type": "file", "path": "/var/lib/rekognition-monitor/events.jsonl"}],
            "projects": [{"arn": ARN}],
        }
        machine.path(CONFIG).write_text(json.dumps(settings))
        machine.path("/etc/rekognition-monitor/secrets/aws-credentials").write_text(CREDENTIALS)
        drop_in = machine.path(f"/etc/systemd/system/{SERVICE}.service.d/override.conf")
        drop_in.parent.mkdir(exist_ok=True)
        drop_in.write_text("[Service]\nMemoryHigh=512M\n")
        machine.must("systemctl", "daemon-reload")
        yield simulator


def known(machine: Machine) -> dict[str, list[Any]]:
    """All that the database holds, by table; but when somebody looked, and what a later version has added."""
    tables: dict[str, list[Any]] = json.loads(machine.must("/usr/bin/python3", "-c", DUMP, DATABASE))
    return {
        name: rows for name, rows in tables.items() if not name.startswith(("alembic", "made_by", "sqlite", "watches"))
    }


def revision(machine: Machine) -> str:
    """What the database was last migrated to."""
    ((found,),) = json.loads(machine.must("/usr/bin/python3", "-c", DUMP, DATABASE))["alembic_version"]
    return str(found)


def make_history(machine: Machine, simulator: Simulator) -> None:
    """A change after the baseline, which is told to the one sink besides the log, and settled with both."""
    machine.wait_until(lambda: machine.path(DATABASE).exists() and bool(known(machine).get("versions")), "the baseline")
    set_status(simulator, ARN, "STOPPED")
    told = machine.path("/var/lib/private/rekognition-monitor/events.jsonl")
    machine.wait_until(lambda: told.exists() and told.read_text().count("\n") == 1, "the change is told")
    machine.wait_until(lambda: "pending" not in str(known(machine)["deliveries"]), "the outbox is empty")


def process(machine: Machine) -> str:
    """The service's main process; 0 when it does not run."""
    return machine.property(f"{SERVICE}.service", "MainPID")


def remnants(machine: Machine) -> list[str]:
    """Every file of the machine with our name in its path."""
    trees = (
        "/etc",
        "/opt/rekognition-monitor",
        "/usr/bin",
        "/usr/local/bin",
        "/usr/share",
        "/lib/systemd",
        "/var",
        "/run",
    )
    found = machine.run("find", *trees, "-xdev", "-name", "*rekognition*", "-not", "-path", "/var/log/journal/*").out
    return sorted(line for line in found.splitlines() if not line.startswith(f"{REPOSITORY}/"))
