"""tests.campaign.oracle: a judge that lets everything pass would prove nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaign.oracle import APPEARED, CHANGED, DISAPPEARED, Page, judge

PROJECT = "arn:project/p/1"
ARN = "arn:project/p/version/v/2"


def page(status: str | None, *, process: int = 0, whole: bool = True, number: int = 1, last: bool = True) -> Page:
    versions = () if status is None else ((ARN, status),)
    return Page(process=process, project=PROJECT, number=number, versions=versions, whole=whole, last=last)


def event(kind: str, before: str | None, after: str | None, sequence: int, identity: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {"version": {"status": after or before}, "observed_after": "1", "observed_by": "2"}
    if kind == CHANGED:
        data |= {"from": before, "to": after}
    return {
        "id": identity or f"{kind}-{sequence}",
        "type": kind,
        "subject": ARN,
        "sequence": str(sequence),
        "data": data,
    }


STORY = [page("STARTING"), page("RUNNING"), page("STOPPING"), page("STOPPING")]
RUN = event(CHANGED, "STARTING", "RUNNING", 1)
STOP = event(CHANGED, "RUNNING", "STOPPING", 2)


def test_the_whole_story_is_accepted() -> None:
    """Each change told once, in order."""
    assert [] == judge(STORY, [RUN, STOP], confirm_absence=2).problems


def test_a_repeat_with_the_same_content_is_accepted() -> None:
    """At least once means that a fact may come twice."""
    verdict = judge(STORY, [RUN, STOP, RUN], confirm_absence=2)

    assert ([], 1) == (verdict.problems, verdict.repeats)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([RUN], id="lost"),
        pytest.param([STOP], id="the first lost"),
        pytest.param([], id="all lost"),
        pytest.param([STOP, RUN], id="out of order"),
        pytest.param([RUN, STOP, event(CHANGED, "STOPPING", "STOPPED", 3)], id="invented"),
        pytest.param([RUN, event(CHANGED, "RUNNING", "FAILED", 2)], id="another status"),
        pytest.param([RUN, RUN | {"data": {"from": "X"}}, STOP], id="a repeat that differs"),
        pytest.param([RUN, STOP | {"id": "other", "sequence": "3"}], id="a gap in the sequence"),
        pytest.param([RUN, STOP, RUN | {"subject": "arn:project/p/version/w/3", "id": "w"}], id="unknown version"),
    ],
)
def test_every_other_story_is_refused(events: list[dict[str, Any]]) -> None:
    """Loss, invention, disorder and forgery are found."""
    assert [] != judge(STORY, events, confirm_absence=2).problems


@pytest.mark.parametrize("events", [[RUN], [event(CHANGED, "STARTING", "STOPPING", 1)]])
def test_the_last_listing_before_a_kill_may_have_been_committed_or_not(events: list[dict[str, Any]]) -> None:
    """Both a commit just before the kill and none are right; what comes after decides the rest."""
    killed = [page("STARTING"), page("RUNNING", process=0)]
    if events[0] is RUN:
        pages = [*killed, page("RUNNING", process=1), page("RUNNING", process=1)]
    else:
        pages = [*killed, page("STOPPING", process=1), page("STOPPING", process=1)]

    assert [] == judge(pages, events, confirm_absence=2).problems


def test_a_listing_that_a_later_poll_follows_was_committed() -> None:
    """No kill, no excuse: RUNNING was shown between two other polls of one process."""
    assert [] != judge(STORY, [event(CHANGED, "STARTING", "STOPPING", 1)], confirm_absence=2).problems


def test_what_was_not_sent_whole_was_not_shown() -> None:
    """A listing that broke off shows nothing."""
    pages = [page("STARTING"), page("RUNNING", whole=False), page("STARTING"), page("STARTING")]

    assert [] == judge(pages, [], confirm_absence=2).problems


@pytest.mark.parametrize(("absent", "problems"), [(1, 0), (2, 1)])
def test_a_disappearance_is_due_when_it_is_confirmed(absent: int, problems: int) -> None:
    """One listing without it is no disappearance, two in a row are one."""
    pages = [page("STOPPED"), *[page(None)] * absent, page("STOPPED"), page("STOPPED")]

    assert problems == len(judge(pages, [], confirm_absence=2).problems)


def test_a_version_deleted_and_gone_is_told_at_once() -> None:
    """DELETING needs no confirmation."""
    pages = [page("DELETING"), page(None), page(None)]

    assert [] == judge(pages, [event(DISAPPEARED, "DELETING", None, 1)], confirm_absence=2).problems


def test_pages_make_one_listing() -> None:
    """A listing is all of its pages; one that begins again counts from its first page."""
    first = Page(process=0, project=PROJECT, number=1, versions=((ARN, "RUNNING"),), whole=True, last=False)
    second = page(None, number=2)
    pages = [first, second, first, first, second, first]

    assert [] == judge(pages, [], confirm_absence=1).problems


def test_a_version_that_appears_is_told() -> None:
    """After the baseline, a new version is an event."""
    pages = [page(None), page("TRAINING_IN_PROGRESS"), page("TRAINING_IN_PROGRESS")]

    assert [] == judge(pages, [event(APPEARED, None, "TRAINING_IN_PROGRESS", 1)], confirm_absence=2).problems
    assert [] != judge(pages, [], confirm_absence=2).problems
