from __future__ import annotations

from datetime import timedelta

from monitor.cli.lines import event_line
from monitor.cli.table import plain
from monitor.domain.events import Window, disappeared
from monitor.domain.reachability import Reachability, observe_failure
from tests.builders import T0, at, fault, project, tracked, version
from tests.cli.state import arrival, change


def test_a_line_says_when_how_much_it_matters_and_what() -> None:
    """The three, in columns of one width."""
    assert plain(event_line(change(5))) == "2026-11-21T18:05:00Z  info      getting-started / v1: STARTING -> RUNNING"


def test_a_change_carries_what_aws_says_about_it() -> None:
    """The message tells why, so it belongs to the line; its control characters are shown."""
    line = plain(event_line(change(5, after="FAILED", message="no\ncapacity [bold]")))
    assert line == "2026-11-21T18:05:00Z  critical  getting-started / v1: STARTING -> FAILED  (no\\ncapacity [bold])"


def test_an_old_message_is_not_repeated() -> None:
    """What a version said when it was last seen is no news when it is gone."""
    gone = disappeared(project(), tracked(version("v1", "STOPPED", status_message="old")), Window(after=T0, by=at(1)))
    assert plain(event_line(gone)) == "2026-11-21T18:01:00Z  info      getting-started / v1: disappeared, last STOPPED"


def test_an_appearance_names_its_project() -> None:
    """Whatever the fact is about."""
    expected = "2026-11-21T18:00:00Z  info      second / v2: appeared, TRAINING_IN_PROGRESS"
    assert plain(event_line(arrival())) == expected


def test_a_fault_of_an_account_names_the_account() -> None:
    """There is no project to name."""
    _, events = observe_failure(Reachability(), project(), fault(), T0 + timedelta(seconds=1), after=1)
    expected = (
        "2026-11-21T18:00:01Z  error     account 111122223333 in us-east-1 unreachable: timed_out: no answer in 20 s"
    )
    assert plain(event_line(events[0])) == expected
