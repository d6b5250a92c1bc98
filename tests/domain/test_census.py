from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.account import Discovery
from monitor.domain.census import Census, Found, ProjectListing, Recount, Resident, recount
from tests.builders import at, project_arn

A, B, C = (project_arn(name) for name in "abc")
BOTH = ("CUSTOM_LABELS", "CONTENT_MODERATION")


def listing(*arns: str, deleting: str = "") -> ProjectListing:
    return ProjectListing(projects=tuple(Found(arn, "DELETING" if arn == deleting else "CREATED") for arn in arns))


def census(*residents: Resident, minute: float = 0) -> Census:
    return Census(features=BOTH, taken_at=at(minute), residents={each.arn: each for each in residents})


def resident(arn: str, *, watched: bool = True, missed: int = 0, deleting: bool = False) -> Resident:
    return Resident(arn=arn, watched=watched, missed=missed, deleting=deleting)


def count(
    before: Census | None, now: ProjectListing, *, wanted: tuple[str, ...] = (A, B, C), features: tuple[str, ...] = BOTH
) -> Recount:
    return recount(before, now, wanted, features=features, at=at(60), confirm_absence=2)


def test_the_first_census_tells_nothing() -> None:
    """It is a baseline, and says which are watched."""
    expected = census(resident(A), resident(B, watched=False), minute=60)
    assert Recount(census=expected) == count(None, listing(A, B), wanted=(A,))
    assert ((A,), False) == (expected.watched, expected.unsure)


def test_a_project_that_joins_is_new_in_the_world() -> None:
    """Unless it is not wanted."""
    found = count(census(resident(A)), listing(A, B, C), wanted=(A, B))
    assert (B,) == found.appeared
    assert census(resident(A), resident(B), resident(C, watched=False), minute=60) == found.census


def test_a_project_that_is_wanted_only_now_is_no_news() -> None:
    """The configuration changed, not the world."""
    found = count(census(resident(A), resident(B, watched=False)), listing(A, B))
    assert Recount(census=census(resident(A), resident(B), minute=60)) == found


def test_a_project_is_gone_when_two_listings_in_a_row_lack_it() -> None:
    """Until then it is watched on, and asked about soon again."""
    once = count(census(resident(A), resident(B)), listing(A))
    assert Recount(census=census(resident(A), resident(B, missed=1), minute=60)) == once
    assert ((A, B), True) == (once.census.watched, once.census.unsure)
    twice = count(once.census, listing(A))
    assert Recount(census=census(resident(A), minute=60), disappeared=(B,)) == twice


def test_a_project_that_comes_back_was_never_gone() -> None:
    """A listing is no snapshot: something may be missing from one."""
    found = count(census(resident(A, missed=1)), listing(A))
    assert Recount(census=census(resident(A), minute=60)) == found


def test_a_project_that_was_being_deleted_is_gone_at_once() -> None:
    """There is nothing to confirm."""
    before = count(None, listing(A, B, deleting=B)).census
    assert (B,) == count(before, listing(A)).disappeared


def test_a_project_that_was_not_watched_goes_in_silence() -> None:
    """Nobody was told that it was there."""
    assert () == count(census(resident(A, watched=False, missed=1)), listing()).disappeared


def test_a_listing_with_an_entry_that_makes_no_sense_confirms_no_absence() -> None:
    """That entry may have been the one."""
    strange = replace(listing(), malformed=("entry 1: has no ProjectArn",))
    before = census(resident(A, missed=1), resident(B, deleting=True))
    assert Recount(census=replace(before, taken_at=at(60))) == count(before, strange)


@pytest.mark.parametrize("features", [("CUSTOM_LABELS",), ()])
def test_another_question_is_another_baseline(features: tuple[str, ...]) -> None:
    """Projects of a kind that is asked for no longer are not gone, and others are not new."""
    found = count(census(resident(A), resident(B)), listing(A, C), features=features)
    assert Recount(census=replace(census(resident(A), resident(C), minute=60), features=features)) == found


def test_what_is_left_out_by_name_is_watched_no_longer() -> None:
    """By a discovery that is another than the one that took the census."""
    narrow = Discovery(include=("b*",), exclude=(), features=BOTH, every=timedelta(hours=1))
    assert (B,) == census(resident(A), resident(B), resident(C, watched=False)).watched_by(narrow)
