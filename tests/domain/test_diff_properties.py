"""What holds of `diff` for every history of listings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.diff import diff
from monitor.domain.document import format_time, parse_time, to_document, version_from_document
from monitor.domain.project import version_name
from monitor.domain.snapshot import Absence, Listing, Snapshot, Tracked
from monitor.domain.status import DELETING
from tests.builders import PROJECT_ARN, T0, at, listing, project
from tests.strategies import Step, described, histories, listings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.domain.events import Event
    from monitor.domain.project import Project
    from monitor.domain.version import Version

PROJECT = project()
PATTERNS = st.sampled_from([(), ("prod-*",), ("prod-2", "scratch-*"), ("none",)])
FEWER = settings(max_examples=30)
"""Whole histories are dear, and each run of the tests takes others."""
STAGE = "rekognition.project_version."


@dataclass
class Replay:
    """A monitor without a world: it polls by the clock of a history and stores what has to be stored."""

    confirm_absence: int = 2
    project: Project = PROJECT
    now: datetime = T0
    current: Snapshot | None = None
    stored: str = "null"
    events: list[Event] = field(default_factory=list)

    def poll(self, step: Step) -> list[Event]:
        """One poll; returns its events."""
        self.now += step.gap
        return self.look(step.listing)

    def look(self, seen: Listing) -> list[Event]:
        """A poll at the same moment as the last."""
        change = diff(self.project, self.current, seen, self.now, confirm_absence=self.confirm_absence)
        if self.current is None or change.snapshot.revision != self.current.revision:
            self.stored = json.dumps(snapshot_document(change.snapshot))
        self.current = change.snapshot
        self.events += change.events
        return list(change.events)

    def restart(self) -> None:
        """Go on from what was stored: `seen_at` of polls that brought nothing new was not."""
        document = json.loads(self.stored)
        self.current = snapshot_from(document) if document else None

    def run(self, history: Iterable[Step], between: Callable[[], None] = lambda: None) -> Replay:
        """Every poll of *history*, and *between* after each."""
        for step in history:
            self.poll(step)
            between()
        return self


def snapshot_document(whole: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON, in a form of this test's own."""
    return {
        "revision": whole.revision,
        "seen_at": format_time(whole.seen_at),
        "gone": dict(whole.gone),
        "blind_before": whole.blind_before and format_time(whole.blind_before),
        "versions": [
            {
                "version": to_document(each.version),
                "since": format_time(each.status_since),
                "at_least": each.at_least,
                "sequence": each.sequence,
                "absence": each.absence and [each.absence.listings, format_time(each.absence.last_seen)],
            }
            for each in whole.versions.values()
        ],
    }


def snapshot_from(document: dict[str, Any]) -> Snapshot:
    """The snapshot of `snapshot_document`."""
    items = [
        Tracked(
            version=version_from_document(each["version"]),
            status_since=parse_time(each["since"]),
            at_least=each["at_least"],
            sequence=each["sequence"],
            absence=Absence(listings=each["absence"][0], last_seen=parse_time(each["absence"][1]))
            if each["absence"]
            else None,
        )
        for each in document["versions"]
    ]
    return Snapshot(
        project_arn=PROJECT_ARN,
        revision=document["revision"],
        seen_at=parse_time(document["seen_at"]),
        versions={each.version.arn: each for each in items},
        gone=document["gone"],
        blind_before=document["blind_before"] and parse_time(document["blind_before"]),
    )


def apply(known: dict[str, Tracked], events: Iterable[Event]) -> dict[str, Tracked]:
    """What somebody knows who knew *known* and reads nothing but the documents of *events*."""
    known = dict(known)
    for event in events:
        sent = json.loads(json.dumps(event.document))
        if sent["type"] == STAGE + "disappeared":
            del known[sent["subject"]]
            continue
        told = sent["data"]["version"]
        known[sent["subject"]] = Tracked(
            version=version_from_document(told),
            status_since=parse_time(told["status_since"]),
            at_least=told["status_since_at_least"],
            sequence=int(sent["sequence"]),
        )
    return known


def present(known: Snapshot | None) -> dict[str, Tracked]:
    """The versions of a snapshot, without the absences that are only suspected."""
    versions = known.versions if known else {}
    return {arn: replace(each, absence=None) for arn, each in versions.items()}


def fact(event: Event) -> dict[str, Any]:
    """An event without the beginning of its window, which depends on what the monitor was awake to see."""
    document: dict[str, Any] = json.loads(json.dumps(event.document))
    del document["data"]["observed_after"]
    return document


def facts(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [fact(event) for event in events]


@FEWER
@given(listings(whole=True), st.integers(-10_000, 10_000))
def test_a_listing_against_itself_is_silent(seen: Listing, minutes: int) -> None:
    """Nothing new gives no event, the same revision and the very same versions, whatever the clock did."""
    first = diff(PROJECT, None, seen, T0).snapshot

    again = diff(PROJECT, first, seen, at(minutes))

    assert (again.events, again.snapshot) == ((), replace(first, seen_at=at(minutes)))
    assert again.snapshot.versions is first.versions


@FEWER
@given(histories(clock_goes_back=True), st.integers(1, 3))
def test_events_carry_everything(history: list[Step], confirm_absence: int) -> None:
    """Whoever knows the last snapshot and applies the events of a poll knows the next one.

    Until a listing was whole, versions that were hidden at the baseline join it in silence.
    """
    monitor = Replay(confirm_absence=confirm_absence)
    for step in history:
        before = monitor.current
        events = monitor.poll(step)
        if before is not None and before.blind_before is None:
            assert apply(present(before), events) == present(monitor.current)


@FEWER
@given(histories(), st.lists(st.booleans(), min_size=8, max_size=8))
def test_restarts_change_nothing_but_the_beginning_of_a_window(history: list[Step], restarts: list[bool]) -> None:
    """The same listings give the same events with the same ids, whenever the monitor was started again.

    What unchanged polls saw may be forgotten, so an event may say that the old state was seen earlier, never later.
    """
    steady = Replay().run(history)
    plan = iter(restarts)
    restless = Replay()
    restless.run(history, lambda: restless.restart() if next(plan) else None)

    assert facts(restless.events) == facts(steady.events)
    begun = [each.document["data"]["observed_after"] for each in steady.events]
    begun_earlier = [each.document["data"]["observed_after"] for each in restless.events]
    assert all(parse_time(earlier) <= parse_time(after) for earlier, after in zip(begun_earlier, begun, strict=True))


@FEWER
@given(histories(clock_goes_back=True), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_polls_that_bring_nothing_new_change_nothing_later(history: list[Step], repeats: list[int]) -> None:
    """However often an unchanged project is asked in between, the same changes give the same events."""
    seldom, often = Replay(), Replay()
    for step, times in zip(history, repeats, strict=False):
        seldom.poll(step)
        often.poll(step)
        for _ in range(times):
            if all(each.absence is None for each in (often.current.versions if often.current else {}).values()):
                often.look(step.listing)

    assert facts(often.events) == facts(seldom.events)


@FEWER
@given(histories(clock_goes_back=True, max_size=12), st.integers(1, 3))
def test_ids_never_repeat_and_each_version_counts_its_events(history: list[Step], confirm_absence: int) -> None:
    """Every event has an id of its own, and those of one version are numbered 1, 2, 3 in the order they are told."""
    events = Replay(confirm_absence=confirm_absence).run(history).events

    assert len({event.id for event in events}) == len(events)
    by_version = groupby(sorted(events, key=lambda event: event.subject), key=lambda event: event.subject)
    for _, told in by_version:
        numbers = [event.sequence for event in told]
        assert numbers == list(range(1, len(numbers) + 1))


@FEWER
@given(histories(clock_goes_back=True, max_size=12), st.integers(1, 3))
def test_appearing_and_disappearing_take_turns(history: list[Step], confirm_absence: int) -> None:
    """A version that is there does not appear, and one that is gone neither changes nor goes again."""
    monitor = Replay(confirm_absence=confirm_absence)
    monitor.run(history[:1])
    there = set(monitor.current.versions if monitor.current else ())
    for step in history[1:]:
        for event in monitor.poll(step):
            kind = event.type.removeprefix(STAGE)
            assert (kind == "appeared") == (event.subject not in there)
        there = set(monitor.current.versions if monitor.current else ())


@FEWER
@given(histories(clock_goes_back=True, max_size=12), st.integers(1, 3))
def test_a_version_is_gone_when_enough_whole_listings_in_a_row_lack_it(
    history: list[Step], confirm_absence: int
) -> None:
    """Only a listing without malformed entries counts: the n-th in a row makes the end, the first after DELETING."""
    monitor = Replay(confirm_absence=confirm_absence)
    missed: dict[str, int] = {}
    for step in history:
        known = monitor.current.versions if monitor.current else {}
        listed = {each.arn for each in step.listing.versions}
        missed = {arn: missed.get(arn, 0) for arn in known if arn not in listed}
        if not step.listing.malformed:
            missed = {arn: count + 1 for arn, count in missed.items()}
        due = {
            arn
            for arn, count in missed.items()
            if count >= confirm_absence or (count and known[arn].version.status == DELETING)
        }
        events = monitor.poll(step)
        told = {event.subject for event in events if event.type == STAGE + "disappeared"}
        assert told == due
        assert monitor.current is not None
        assert set(monitor.current.versions) == (set(known) | listed) - due


@FEWER
@given(histories(clock_goes_back=True), st.integers(1, 3))
def test_no_window_ends_before_it_begins(history: list[Step], confirm_absence: int) -> None:
    """Also when the clock goes back, the old state was seen before the new one."""
    for event in Replay(confirm_absence=confirm_absence).run(history).events:
        data = event.document["data"]
        assert parse_time(data["observed_after"]) <= parse_time(data["observed_by"]) == event.time


@FEWER
@given(histories(max_size=12))
def test_windows_of_one_version_follow_one_another(history: list[Step]) -> None:
    """While the clock goes forward, a version's old state was last seen no earlier than it was first seen."""
    events = sorted(Replay().run(history).events, key=lambda event: (event.subject, event.sequence))
    for first, second in pairwise(events):
        if first.subject == second.subject:
            assert first.time <= parse_time(second.document["data"]["observed_after"])


@FEWER
@given(histories(clock_goes_back=True), st.lists(PATTERNS, min_size=8, max_size=8))
def test_patterns_that_change_invent_nothing(history: list[Step], patterns: list[tuple[str, ...]]) -> None:
    """With patterns that change from poll to poll, what is told is what all would be told, less what was left out."""
    everything, chosen = Replay(), Replay()
    for step, wanted in zip(history, patterns, strict=False):
        chosen.project = project(patterns=wanted)
        told = [(event.type, event.subject, event.move) for event in chosen.poll(step)]
        happened = everything.poll(step)
        assert told == [
            (event.type, event.subject, event.move)
            for event in happened
            if chosen.project.watches(version_name(event.subject))
        ]
    assert present(everything.current).keys() == present(chosen.current).keys()


@FEWER
@given(described("prod-2"), described("prod-2"), st.lists(PATTERNS, max_size=3))
def test_patterns_alone_are_silent(seen: Version, other: Version, patterns: list[tuple[str, ...]]) -> None:
    """A change of the patterns between polls that see the same tells nothing, whatever was left out before."""
    monitor = Replay(project=project(patterns=("none",)))
    monitor.look(listing(other))
    monitor.look(listing(seen))
    for wanted in patterns:
        monitor.project = project(patterns=wanted)
        assert monitor.look(listing(seen)) == []


@FEWER
@given(histories(clock_goes_back=True))
def test_the_revision_grows_by_one_with_each_change_only(history: list[Step]) -> None:
    """What has to be stored has the next revision; what has not, the same."""
    monitor = Replay()
    for step in history:
        before = monitor.current
        monitor.poll(step)
        assert monitor.current is not None
        if before is not None:
            same = (before.versions, before.gone) == (monitor.current.versions, monitor.current.gone)
            assert monitor.current.revision == before.revision + (not same)
