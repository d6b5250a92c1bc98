"""monitor.service.standing"""

from __future__ import annotations

import pytest

from monitor.domain.account import Place
from monitor.service.standing import standing
from monitor.view import PlaceState, ProjectState, View
from tests import builders
from tests.builders import at

A, B, C = (builders.project(builders.project_arn(name)) for name in "abc")
NEW = ProjectState(project=A)
WELL = ProjectState(project=B, snapshot=builders.snapshot(builders.tracked()), last_success=at(1))
ILL = ProjectState(project=C, fault=builders.fault(), last_success=at(-5))
PLACE = Place(account="production", account_id="111122223333", region="us-east-1")
REFUSED = PlaceState(place=PLACE, fault=builders.fault())


@pytest.mark.parametrize(
    ("states", "places", "line"),
    [
        ((), (), "no projects, no versions, no faults, no complete poll yet"),
        ((NEW,), (PlaceState(place=PLACE),), "1 project, no versions, no faults, no complete poll yet"),
        ((WELL, ILL, NEW), (), "3 projects, 1 version, 1 fault, last complete poll 2026-11-21 18:01:00 UTC"),
        ((WELL, ILL), (REFUSED,), "2 projects, 1 version, 2 faults, last complete poll 2026-11-21 18:01:00 UTC"),
        ((), (REFUSED,), "no projects, no versions, 1 fault, no complete poll yet"),
    ],
)
def test_a_line_says_how_the_daemon_is(
    states: tuple[ProjectState, ...], places: tuple[PlaceState, ...], line: str
) -> None:
    """What there is, what is wrong (also with an account's region), and when all was last seen of a project."""
    view = View()
    for state in states:
        view.publish(state)
    for place in places:
        view.publish_place(place)

    assert line == standing(view)
