"""monitor.service.standing"""

from __future__ import annotations

import pytest

from monitor.service.standing import standing
from monitor.view import ProjectState
from tests import builders
from tests.builders import at

NEW = ProjectState(project=builders.project())
WELL = ProjectState(project=builders.project(), snapshot=builders.snapshot(builders.tracked()), last_success=at(1))
ILL = ProjectState(project=builders.project(), fault=builders.fault(), last_success=at(-5))


@pytest.mark.parametrize(
    ("states", "line"),
    [
        ((), "no projects, no versions, no faults, no complete poll yet"),
        ((NEW,), "1 project, no versions, no faults, no complete poll yet"),
        ((WELL, ILL, NEW), "3 projects, 1 version, 1 fault, last complete poll 2026-11-21 18:01:00 UTC"),
        ((WELL, WELL, ILL, ILL), "4 projects, 2 versions, 2 faults, last complete poll 2026-11-21 18:01:00 UTC"),
    ],
)
def test_a_line_says_how_the_daemon_is(states: tuple[ProjectState, ...], line: str) -> None:
    """What there is, what is wrong, and when all was last seen of a project."""
    assert line == standing(states)
