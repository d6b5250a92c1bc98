from __future__ import annotations

from monitor.cli.styles import status_style
from monitor.domain.status import KNOWN, Status


def test_colours_follow_what_a_status_means() -> None:
    """Green runs and costs, cyan is under way, yellow and red are for somebody to look at."""
    assert {word: status_style(status) for word, status in KNOWN.items()} == {
        "TRAINING_IN_PROGRESS": "cyan",
        "TRAINING_COMPLETED": "",
        "TRAINING_FAILED": "red",
        "STARTING": "cyan",
        "RUNNING": "bold green",
        "FAILED": "bold red",
        "STOPPING": "cyan",
        "STOPPED": "",
        "DELETING": "cyan",
        "COPYING_IN_PROGRESS": "cyan",
        "COPYING_COMPLETED": "",
        "COPYING_FAILED": "red",
        "DEPRECATED": "yellow",
        "EXPIRED": "bold red",
    }


def test_an_unknown_status_is_yellow() -> None:
    """It is a warning, as its event is."""
    assert status_style(Status("HIBERNATING")) == "yellow"
