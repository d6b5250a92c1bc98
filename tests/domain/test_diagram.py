from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.diagram import MEANINGS, as_dot, as_mermaid, as_text
from monitor.domain.lifecycle import MOVES
from monitor.domain.status import KNOWN

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"

DOT = """\
digraph lifecycle {
    rankdir=LR;
    node [shape=box];
    begin [shape=point];
    end [shape=doublecircle, label=""];
    TRAINING_IN_PROGRESS [style=dashed];
    TRAINING_COMPLETED;
    TRAINING_FAILED;
    STARTING [style=dashed];
    RUNNING [style=bold];
    FAILED;
    STOPPING [style=dashed];
    STOPPED;
    DELETING [style=dashed];
    COPYING_IN_PROGRESS [style=dashed];
    COPYING_COMPLETED;
    COPYING_FAILED;
    DEPRECATED;
    EXPIRED;
    begin -> TRAINING_IN_PROGRESS;
    begin -> COPYING_IN_PROGRESS;
    TRAINING_IN_PROGRESS -> TRAINING_COMPLETED;
    TRAINING_IN_PROGRESS -> TRAINING_FAILED;
    TRAINING_COMPLETED -> STARTING;
    TRAINING_COMPLETED -> DEPRECATED;
    TRAINING_COMPLETED -> DELETING;
    TRAINING_FAILED -> DELETING;
    STARTING -> RUNNING;
    STARTING -> FAILED;
    RUNNING -> STOPPING;
    RUNNING -> FAILED;
    FAILED -> STARTING;
    FAILED -> DELETING;
    STOPPING -> STOPPED;
    STOPPING -> FAILED;
    STOPPED -> STARTING;
    STOPPED -> DELETING;
    COPYING_IN_PROGRESS -> COPYING_COMPLETED;
    COPYING_IN_PROGRESS -> COPYING_FAILED;
    COPYING_COMPLETED -> STARTING;
    COPYING_COMPLETED -> DELETING;
    COPYING_FAILED -> DELETING;
    DEPRECATED -> EXPIRED;
    DEPRECATED -> DELETING;
    EXPIRED -> DELETING;
    DELETING -> end;
}
"""


@pytest.mark.parametrize(
    ("language", "drawing", "command"),
    [("text", as_text(), "lifecycle"), ("mermaid", as_mermaid(), "lifecycle --format mermaid")],
)
def test_the_page_shows_what_the_command_prints(language: str, drawing: str, command: str) -> None:
    """The page is the golden copy of both drawings; where it is old, put in what the command prints."""
    assert f"```{language}\n{drawing}```\n" in PAGE.read_text("utf-8"), f"rekognition-monitor {command}"


def test_the_graph_for_graphviz() -> None:
    """The whole lifecycle in DOT: from the two ways to begin to the one end."""
    assert as_dot() == DOT


def test_every_status_has_a_meaning() -> None:
    """A status that is added to the table is explained, too."""
    assert set(MEANINGS) == set(KNOWN.values())


def test_the_table_has_a_line_for_every_status() -> None:
    """Under the headings, each status is shown once with all that can follow it."""
    lines = as_text().splitlines()[1:]

    assert [(line.split()[0], line.rpartition("  ")[2]) for line in lines] == [
        (status.word, ", ".join(map(str, MOVES[status])) or "gone") for status in KNOWN.values()
    ]
