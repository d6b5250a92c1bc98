"""The files in deploy/grafana. `python -m tests.deploy.grafana.files` writes them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.deploy.grafana.fleet import FLEET
from tests.deploy.grafana.monitor import ITSELF
from tests.deploy.grafana.project import ONE_PROJECT
from tests.deploy.rules import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.deploy.grafana.dashboard import Dashboard

GRAFANA: Final = ROOT / "deploy" / "grafana"
DASHBOARDS: Final[Mapping[str, Dashboard]] = {"fleet.json": FLEET, "project.json": ONE_PROJECT, "monitor.json": ITSELF}


def main() -> None:
    """Write every file."""
    for name, dashboard in DASHBOARDS.items():
        (GRAFANA / name).write_text(dashboard.render(), encoding="utf-8")


if __name__ == "__main__":
    main()
