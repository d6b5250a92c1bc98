from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from monitor.domain.account import Place
from monitor.view import PlaceState, ProjectState, View
from tests.builders import ENDPOINT, PROJECT_ARN, at, fault, project, project_arn, snapshot, tracked, version

ONE, TWO = project(project_arn("one")), project(project_arn("two"))


@dataclass
class Recorder:
    """A listener that writes down what it is told."""

    heard: list[tuple[str, object]] = field(default_factory=list)

    def published(self, state: ProjectState) -> None:
        self.heard.append(("published", state))

    def removed(self, project_arn: str) -> None:
        self.heard.append(("removed", project_arn))


def test_states_come_in_the_order_of_the_first_publication() -> None:
    """A project's new state takes the place of the old one, so that a page does not jump."""
    view = View()
    first, second, newer = (ProjectState(project=ONE), ProjectState(project=TWO), ProjectState(project=ONE, polls=1))
    for state in (first, second, newer):
        view.publish(state)

    assert view.states() == (newer, second)


def test_one_state_is_found_by_its_project() -> None:
    """A project that is not watched has none."""
    view = View()
    view.publish(ProjectState(project=ONE))

    assert (view.get(ONE.arn), view.get(TWO.arn)) == (ProjectState(project=ONE), None)


def test_what_was_read_does_not_change() -> None:
    """A reader keeps what it took, whatever is published meanwhile."""
    view = View()
    view.publish(ProjectState(project=ONE))
    taken = view.states()
    view.publish(ProjectState(project=TWO))
    view.remove(ONE.arn)

    assert (taken, view.states()) == ((ProjectState(project=ONE),), (ProjectState(project=TWO),))


def test_listeners_hear_each_change_in_its_order() -> None:
    """Every listener is told of every state and of each removal, but not of one that removed nothing."""
    recorders = Recorder(), Recorder()
    view = View(*recorders)
    state = ProjectState(project=ONE)
    view.publish(state)
    view.remove(ONE.arn)
    view.remove(ONE.arn)

    heard = [("published", state), ("removed", ONE.arn)]
    assert [recorder.heard for recorder in recorders] == [heard, heard]


@pytest.mark.parametrize(
    ("state", "ready"),
    [
        (ProjectState(project=ONE), False),
        (ProjectState(project=ONE, snapshot=snapshot()), True),
        (ProjectState(project=ONE, fault=fault()), True),
    ],
    ids=["nothing", "snapshot", "fault"],
)
def test_a_project_is_ready_when_there_is_something_to_show(state: ProjectState, ready: bool) -> None:  # noqa: FBT001 - a table
    """A snapshot, restored or fresh, or the reason why there is none."""
    assert state.ready is ready


def test_the_watched_versions_are_counted_by_status() -> None:
    """Versions that the patterns leave out are not counted."""
    known = snapshot(
        tracked(version("prod-1", "RUNNING")),
        tracked(version("prod-2", "RUNNING")),
        tracked(version("prod-3", "REFINING")),
        tracked(version("scratch-1", "RUNNING")),
    )
    state = ProjectState(project=project(PROJECT_ARN, patterns=("prod-*",)), snapshot=known)

    assert state.counts() == Counter(RUNNING=2, REFINING=1)


def test_without_a_snapshot_nothing_is_counted() -> None:
    """A project that was never listed has no versions to count."""
    assert ProjectState(project=ONE).counts() == Counter()


def test_faults_of_places_are_shown_among_those_of_projects() -> None:
    """In the form of a project that stands for all of the account and region."""
    view = View()
    place = Place(account="production", account_id="111122223333", region="us-east-1")
    view.publish_place(PlaceState(place=place, fault=fault(), failing_since=at(1), failed_in_a_row=2))
    view.publish_place(PlaceState(place=replace(place, region="eu-west-1")))
    view.publish(ProjectState(project=project(), fault=fault()))
    view.publish(ProjectState(project=project(project_arn("well"))))

    assert [f"{ENDPOINT}:project/*", PROJECT_ARN] == [state.project.arn for state in view.faulty()]
    assert (at(1), 2) == (view.faulty()[0].failing_since, view.faulty()[0].failed_in_a_row)
