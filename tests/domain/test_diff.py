from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from monitor.domain.diff import Change, changes, count_moves, diff
from monitor.domain.events import Window, appeared, disappeared, status_changed, updated
from monitor.domain.lifecycle import classify
from monitor.domain.snapshot import Absence, Snapshot, Tracked
from monitor.domain.status import (
    DELETING,
    RUNNING,
    STARTING,
    STOPPED,
    TRAINING_COMPLETED,
    TRAINING_FAILED,
    TRAINING_IN_PROGRESS,
    Status,
)
from monitor.domain.version import S3Object
from tests.builders import PROJECT_ARN, at, listing, project, snapshot, tracked, version, version_arn

PROJECT = project()
PROD_ONLY = project(patterns=("prod-*",))
FIVE_AGO = Window(after=at(-5), by=at())


def before(*items: Tracked, revision: int = 7) -> Snapshot:
    """The snapshot of five minutes ago."""
    return snapshot(*items, seen_at=at(-5), revision=revision)


def silent(after: Snapshot) -> Change:
    return Change(snapshot=after, events=())


def test_the_first_listing_is_a_baseline_and_tells_nothing() -> None:
    """What was there at the first look is remembered; since when is known only as at least."""
    new, old = version("v2", RUNNING), version("v1", STOPPED)

    change = diff(PROJECT, None, listing(new, old), at())

    assert change == silent(
        Snapshot(
            project_arn=PROJECT_ARN,
            revision=1,
            seen_at=at(),
            versions={new.arn: tracked(new, at_least=True), old.arn: tracked(old, at_least=True)},
        )
    )


def test_an_empty_project_has_a_baseline_too() -> None:
    """After a first listing without versions, the next version is news."""
    empty = diff(PROJECT, None, listing(), at(-5)).snapshot

    change = diff(PROJECT, empty, listing(version()), at())

    assert change.events == (appeared(PROJECT, tracked(version(), sequence=1), FIVE_AGO),)


def test_nothing_new_keeps_everything_but_the_time() -> None:
    """An unchanged listing gives the same versions object and revision, so that nothing need be stored."""
    known = before(tracked(sequence=3))

    change = diff(PROJECT, known, listing(version()), at())

    assert change == silent(replace(known, seen_at=at()))
    assert change.snapshot.versions is known.versions


def test_the_very_same_versions_once_more_are_settled() -> None:
    """A listing whose versions are the ones of the last is not compared: the time is all that is new."""
    first = listing(version("v2"), version("v1"))
    baseline = diff(PROJECT, None, first, at(-5)).snapshot

    assert baseline.settled is first.versions
    assert diff(PROJECT, baseline, first, at()) == silent(replace(baseline, seen_at=at()))


def test_an_unchanged_listing_settles_what_was_restored() -> None:
    """From then on its versions need not be compared; not while one is missing, nor while a hole may hide one."""
    kept = tracked(version("v1"))
    whole, holed = listing(version("v1")), listing(version("v1"), malformed=["no ARN"])

    assert diff(PROJECT, before(kept), whole, at()).snapshot.settled is whole.versions
    assert diff(PROJECT, before(kept, tracked(version("v2"))), whole, at()).snapshot.settled is None
    assert diff(PROJECT, None, holed, at()).snapshot.settled is None


def test_a_hole_beside_settled_versions_is_looked_at() -> None:
    """An absence that waits is not forgotten because the versions are the ones of the last listing."""
    first = listing(version("v1"))
    baseline = diff(PROJECT, None, first, at(-5)).snapshot
    gone = diff(PROJECT, baseline, listing(), at()).snapshot

    assert gone.settled is None
    assert gone.versions[version("v1").arn].absence == Absence(listings=1, last_seen=at(-5))


def test_a_new_version_appears() -> None:
    """A version that the last listing lacked is told, and known to be new since then."""
    known = before(tracked())
    new = version("v2", TRAINING_IN_PROGRESS, creation_timestamp=at(-1))

    change = diff(PROJECT, known, listing(new, version()), at())

    fresh = tracked(new, since=at(-1), sequence=1)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={new.arn: fresh, **known.versions}),
        events=(appeared(PROJECT, fresh, FIVE_AGO),),
    )


def test_a_change_of_status_is_told_with_what_changed_besides() -> None:
    """Status and message that change in one poll are one event, and the status is known since then."""
    known = before(tracked(version(status=STARTING), since=at(-9), at_least=True, sequence=4))
    now = version(status=RUNNING, status_message="up")

    change = diff(PROJECT, known, listing(now), at())

    new = tracked(now, since=at(), sequence=5)
    move = classify(STARTING, RUNNING)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={now.arn: new}),
        events=(status_changed(PROJECT, new, FIVE_AGO, move, {"status_message": [None, "up"]}),),
    )


def test_another_field_is_told_as_an_update() -> None:
    """A change of anything but the status leaves alone since when the status lasts."""
    known = before(tracked(since=at(-9), at_least=True, sequence=4))
    now = version(min_inference_units=2)

    change = diff(PROJECT, known, listing(now), at())

    new = tracked(now, since=at(-9), at_least=True, sequence=5)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={now.arn: new}),
        events=(updated(PROJECT, new, FIVE_AGO, {"min_inference_units": [None, 2]}),),
    )


def test_a_first_absence_is_only_noted() -> None:
    """A version that one listing lacks is still there for all we know."""
    known = before(tracked(sequence=2))

    change = diff(PROJECT, known, listing(), at())

    missing = tracked(sequence=2, absence=Absence(listings=1, last_seen=at(-5)))
    assert change == silent(replace(known, revision=8, seen_at=at(), versions={missing.version.arn: missing}))


def test_a_confirmed_absence_is_told_with_what_was_last_known() -> None:
    """The second listing in a row without the version makes it gone, since the last that had it."""
    absent = tracked(version(status=RUNNING), sequence=2, absence=Absence(listings=1, last_seen=at(-10)))
    known = before(absent)

    change = diff(PROJECT, known, listing(), at())

    last = replace(absent, sequence=3)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={}, gone={version_arn(): 3}),
        events=(disappeared(PROJECT, last, Window(after=at(-10), by=at())),),
    )


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_as_many_listings_confirm_as_are_asked_for(needed: int) -> None:
    """The version is gone with the listing that makes the absence long enough, not before and not again."""
    known = before(tracked())
    told = []
    for minute in range(5):
        change = diff(PROJECT, known, listing(), at(minute), confirm_absence=needed)
        told.append([event.type.value for event in change.events])
        known = change.snapshot

    gone = ["rekognition.project_version.disappeared"]
    assert told == [gone if minute == needed - 1 else [] for minute in range(5)]


def test_what_was_deleting_is_gone_at_once() -> None:
    """DELETING ends out of the listing, so the first absence is the expected end."""
    known = before(tracked(version(status=DELETING), sequence=1))

    change = diff(PROJECT, known, listing(), at(), confirm_absence=3)

    last = tracked(version(status=DELETING), sequence=2)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={}, gone={version_arn(): 2}),
        events=(disappeared(PROJECT, last, FIVE_AGO),),
    )


@pytest.mark.parametrize("status", [RUNNING, DELETING], ids=str)
def test_a_malformed_listing_confirms_no_absence(status: Status) -> None:
    """The entry that makes no sense may be the version that is missing."""
    absent = tracked(version(status=status), absence=Absence(listings=1, last_seen=at(-10)))
    known = before(absent)

    change = diff(PROJECT, known, listing(malformed=["an entry is null"]), at(), confirm_absence=1)

    assert change == silent(replace(known, seen_at=at()))


@pytest.mark.parametrize("holes", [1, 3])
def test_a_version_that_was_hidden_at_the_baseline_does_not_appear(holes: int) -> None:
    """Until a listing could be read whole, what is older than the baseline may have been there all the time."""
    broken = listing(malformed=["entry 1 has no ARN"])
    known: Snapshot | None = None
    for minute in range(holes):
        known = diff(PROJECT, known, broken, at(minute)).snapshot
    hidden = version("hidden", status=RUNNING, creation_timestamp=at(-60))

    change = diff(PROJECT, known, listing(hidden), at(5))

    assert change.events == ()
    assert change.snapshot.versions == {hidden.arn: tracked(hidden, since=at(5), at_least=True)}


def test_a_version_created_after_a_baseline_with_a_hole_appears() -> None:
    """What did not exist then was not hidden."""
    known = diff(PROJECT, None, listing(malformed=["entry 1 has no ARN"]), at()).snapshot
    fresh = version("fresh", status=RUNNING, creation_timestamp=at(1))

    change = diff(PROJECT, known, listing(fresh), at(5))

    assert [event.subject for event in change.events] == [fresh.arn]


def test_a_version_appears_after_a_hole_that_is_not_the_first_listing() -> None:
    """A whole listing once showed all that there was, so what was not in it is new, whatever came between."""
    known = diff(PROJECT, before(), listing(malformed=["entry 1 has no ARN"]), at()).snapshot
    fresh = version("fresh", status=RUNNING, creation_timestamp=at(-60))

    change = diff(PROJECT, known, listing(fresh), at(5))

    assert [event.subject for event in change.events] == [fresh.arn]


def test_a_baseline_with_a_hole_is_whole_as_soon_as_a_listing_is() -> None:
    """That has to be stored, so the revision grows."""
    known = diff(PROJECT, None, listing(version(), malformed=["entry 1 has no ARN"]), at()).snapshot

    change = diff(PROJECT, known, listing(version()), at(5))

    assert (known.blind_before, change.snapshot.blind_before) == (at(), None)
    assert (known.revision + 1, known.versions) == (change.snapshot.revision, change.snapshot.versions)


def test_a_version_told_gone_that_comes_back_appears_even_after_a_hole() -> None:
    """Its disappearance was told, so its return is."""
    lost = version("lost", status=RUNNING, creation_timestamp=at(-60))
    known = replace(before(), gone={lost.arn: 3}, blind_before=at(-5))

    change = diff(PROJECT, known, listing(lost), at(5))

    assert [(event.type, event.sequence) for event in change.events] == [("rekognition.project_version.appeared", 4)]


def test_a_window_ends_when_the_answer_is_complete_and_the_next_begins_when_it_was_asked_for() -> None:
    """What changes while AWS answers is in both windows, so that neither says what was not known."""
    first = diff(PROJECT, before(tracked()), listing(version(status=STARTING)), at(2), asked_at=at(1))
    second = diff(PROJECT, first.snapshot, listing(version(status=RUNNING)), at(4), asked_at=at(3))
    windows = [
        (event.document["data"]["observed_after"], event.document["data"]["observed_by"])
        for event in (*first.events, *second.events)
    ]

    assert windows == [
        ("2026-11-21T17:55:00Z", "2026-11-21T18:02:00Z"),
        ("2026-11-21T18:01:00Z", "2026-11-21T18:04:00Z"),
    ]


def test_a_malformed_listing_is_no_sight_of_what_it_lacks() -> None:
    """A version that is gone was last seen by the listing that had it, not by one that could not be read whole."""
    known = diff(PROJECT, before(tracked()), listing(malformed=["an entry is null"]), at()).snapshot

    change = diff(PROJECT, known, listing(), at(5), confirm_absence=1)

    assert [event.document["data"]["observed_after"] for event in change.events] == ["2026-11-21T17:55:00Z"]


def test_listings_that_stay_malformed_change_nothing_further() -> None:
    """A project with an entry that never makes sense is not stored anew with each poll."""
    broken = listing(malformed=["an entry is null"])
    known = diff(PROJECT, before(tracked()), broken, at()).snapshot

    assert diff(PROJECT, known, broken, at(5)) == silent(replace(known, seen_at=at(5)))


def test_listings_before_and_after_a_malformed_one_confirm_together() -> None:
    """A malformed listing neither adds to an absence nor ends it."""
    known = before(tracked())
    told = []
    for minute, seen in enumerate([listing(), listing(malformed=["an entry is null"]), listing()]):
        change = diff(PROJECT, known, seen, at(minute))
        told.append(len(change.events))
        known = change.snapshot

    assert told == [0, 0, 1]


def test_a_version_back_unchanged_is_no_news() -> None:
    """An absence that was not confirmed ends in silence."""
    known = before(tracked(sequence=2, absence=Absence(listings=1, last_seen=at(-10))))

    change = diff(PROJECT, known, listing(version()), at())

    back = tracked(sequence=2)
    assert change == silent(replace(known, revision=8, seen_at=at(), versions={back.version.arn: back}))


def test_a_version_back_changed_moved_since_it_was_last_seen() -> None:
    """The old status was seen by the last listing that had the version."""
    known = before(tracked(version(status=STARTING), absence=Absence(listings=1, last_seen=at(-10))))
    now = version(status=RUNNING)

    change = diff(PROJECT, known, listing(now), at())

    new = tracked(now, sequence=1)
    window = Window(after=at(-10), by=at())
    assert change.events == (status_changed(PROJECT, new, window, classify(STARTING, RUNNING), {}),)


def test_a_version_back_after_it_was_gone_goes_on_counting() -> None:
    """Its appearance is a new fact and gets an id of its own."""
    known = snapshot(seen_at=at(-5), revision=7, gone={version_arn(): 3, version_arn("v0"): 1})

    change = diff(PROJECT, known, listing(version()), at())

    back = tracked(sequence=4)
    assert change == Change(
        snapshot=replace(known, revision=8, seen_at=at(), versions={version_arn(): back}, gone={version_arn("v0"): 1}),
        events=(appeared(PROJECT, back, FIVE_AGO),),
    )


def test_events_are_told_from_the_oldest_version_on_and_the_gone_last() -> None:
    """The order of the events does not depend on which page a version came in."""
    known = before(tracked(version("v2")), tracked(version("v1")), tracked(version("v0", DELETING)))
    seen = listing(version("v3"), version("v2", STARTING), version("v1", STARTING))

    change = diff(PROJECT, known, seen, at())

    assert [(event.subject, event.type.name) for event in change.events] == [
        (version_arn("v1"), "VERSION_STATUS_CHANGED"),
        (version_arn("v2"), "VERSION_STATUS_CHANGED"),
        (version_arn("v3"), "VERSION_APPEARED"),
        (version_arn("v0"), "VERSION_DISAPPEARED"),
    ]


def test_versions_that_the_patterns_leave_out_are_remembered_but_not_told() -> None:
    """Appearing, changing and going of such a version is stored and no event; it has no count of events."""
    known = before(tracked(version("scratch-2", STARTING)), tracked(version("scratch-1", DELETING), sequence=2))
    new, changed = version("scratch-3"), version("scratch-2", RUNNING)

    change = diff(PROD_ONLY, known, listing(new, changed), at())

    assert change == silent(
        replace(
            known,
            revision=8,
            seen_at=at(),
            versions={new.arn: tracked(new), changed.arn: tracked(changed)},
            gone={version_arn("scratch-1"): 2},
        )
    )


def test_patterns_that_let_more_in_invent_no_appearance() -> None:
    """A version that was left out until now was there before."""
    known = diff(PROD_ONLY, before(), listing(version("scratch-1")), at(-3)).snapshot

    assert diff(PROJECT, known, listing(version("scratch-1")), at()).events == ()


def test_patterns_that_leave_more_out_invent_no_disappearance() -> None:
    """A version that is left out from now on is still there."""
    known = before(tracked(version("scratch-1", DELETING)))

    change = diff(PROD_ONLY, known, listing(version("scratch-1", DELETING)), at(), confirm_absence=1)

    assert change == silent(replace(known, seen_at=at()))


def test_no_window_ends_before_it_begins() -> None:
    """When the clock went back, an event was observed at one moment."""
    known = snapshot(tracked(version(status=STARTING)), seen_at=at(60))

    change = diff(PROJECT, known, listing(version(status=RUNNING)), at())

    data = change.events[0].document["data"]
    assert (data["observed_after"], data["observed_by"]) == ("2026-11-21T18:00:00Z", "2026-11-21T18:00:00Z")


def test_a_training_lasts_since_it_was_created() -> None:
    """A training begins with its version; the ARN says when where AWS does not."""
    created = version_arn(created_ms=1690556751958)
    seen = diff(PROJECT, None, listing(version(arn=created, status=TRAINING_IN_PROGRESS)), at()).snapshot

    known = seen.versions[created]

    assert (known.status_since.isoformat(), known.at_least) == ("2023-07-28T15:05:51.958000+00:00", False)


@pytest.mark.parametrize("status", [TRAINING_COMPLETED, TRAINING_FAILED], ids=str)
def test_a_training_s_outcome_lasts_since_its_end(status: Status) -> None:
    """AWS says when a training ended, which is better than when that was seen."""
    ended = version(status=status, training_end_timestamp=at(-3))

    change = diff(PROJECT, before(tracked(version(status=TRAINING_IN_PROGRESS))), listing(ended), at())

    assert change.snapshot.versions == {ended.arn: tracked(ended, since=at(-3), sequence=1)}


def test_without_the_end_of_the_training_the_first_sight_counts() -> None:
    """Where AWS leaves the time out, since when is what the monitor saw, and at the first look at least."""
    bare = version(status=TRAINING_COMPLETED)

    assert diff(PROJECT, None, listing(bare), at()).snapshot.versions == {bare.arn: tracked(bare, at_least=True)}


def test_the_end_of_the_training_says_nothing_about_later_statuses() -> None:
    """A version that was started keeps its training's end, but has its status since something else."""
    now = version(status=STARTING, training_end_timestamp=at(-30))
    known = before(tracked(version(status=TRAINING_COMPLETED, training_end_timestamp=at(-30)), since=at(-30)))

    change = diff(PROJECT, known, listing(now), at())

    assert change.snapshot.versions == {now.arn: tracked(now, since=at(), sequence=1)}


def test_changes_show_old_and_new_as_json() -> None:
    """Parts, times and fields that are not known are told as an event can carry them; the status is told elsewhere."""
    old = version(status=RUNNING, kms_key_id="k", extra={"Same": 1, "Old": [1], "Other": {"a": 1}})
    new = version(
        status=STOPPED,
        training_end_timestamp=at(),
        manifest_summary=S3Object(bucket="b"),
        extra={"Same": 1, "Other": {"a": 2}, "New": "x"},
    )

    assert changes(old, new) == {
        "training_end_timestamp": [None, "2026-11-21T18:00:00Z"],
        "manifest_summary": [None, {"bucket": "b"}],
        "kms_key_id": ["k", None],
        "New": [None, "x"],
        "Old": [[1], None],
        "Other": [{"a": 1}, {"a": 2}],
    }


def test_an_unknown_field_that_comes_with_a_null_is_a_change_that_has_a_name() -> None:
    """No update is told that does not say of what."""
    assert changes(version(), version(extra={"NewField": None})) == {"NewField": [None, None]}


def test_moves_are_counted_by_their_words() -> None:
    """Changes of status are counted, other events are not."""
    known = before(*(tracked(version(f"v{n}", STARTING)) for n in range(3)))
    now = [version("v0", RUNNING), version("v1", RUNNING), version("v2", "REFINING"), version("v3")]

    events = diff(PROJECT, known, listing(*now), at()).events

    assert count_moves(events) == Counter({("STARTING", "RUNNING"): 2, ("STARTING", "REFINING"): 1})
