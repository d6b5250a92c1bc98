"""metrics.statuses, from the configuration to what is scraped"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.service.rig import A, Files, load, metrics, running, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator

STATUS = "rekognition_project_version_status{"


def test_statuses_are_shown_as_the_configuration_says(simulator: Simulator, tmp_path: Path) -> None:
    """Only the current one from the start, and all of them after a reload that asks for them."""
    files = Files(load(tmp_path, simulator.url, A, metrics={"statuses": "current"}))
    with running(files().config, load=files) as service:
        wait_until(lambda: metrics(service, STATUS) != [])
        current = metrics(service, STATUS)
        files.found = load(tmp_path, simulator.url, A)
        service.reload()
        shown = metrics(service, STATUS)

    assert (1, 14, current) == (len(current), len(shown), [line for line in shown if line.endswith(" 1")])
