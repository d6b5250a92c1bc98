"""Judges the events of a monitor by what the simulator served it.

The simulator writes down every listing. A listing counts as seen when the same process asked for the project again
afterwards, since a poll is committed before the next begins. The last listing that a process got before it ended may or
may not have been committed, and either is right; so each version's events must be those of *some* choice among such
listings, and of all the others. Written without a line of the monitor's own code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

APPEARED = "rekognition.project_version.appeared"
CHANGED = "rekognition.project_version.status_changed"
DISAPPEARED = "rekognition.project_version.disappeared"

Told = tuple[str, str | None, str | None]
"""Type, status before and status after, of one event about a version."""


@dataclass(frozen=True)
class Page:
    """One answer of DescribeProjectVersions as the simulator wrote it down.

    Attributes:
        process: Which of the monitor's processes asked: 0, 1, 2, …
        number: Of the page.
        whole: It was sent, and as it should be.
        last: Of its listing.
    """

    process: int
    project: str
    number: int
    versions: tuple[tuple[str, str], ...]
    whole: bool
    last: bool


@dataclass
class Seen:
    """One complete listing; *certain* when the monitor must have committed it."""

    process: int
    statuses: Mapping[str, str]
    certain: bool = False


@dataclass(frozen=True)
class Belief:
    """What a monitor that told the first *told* events of a version may hold true about it.

    Attributes:
        started: There was a baseline.
        status: None when the version is not there, as far as is known.
        missing: Listings in a row without it.
    """

    started: bool = False
    status: str | None = None
    missing: int = 0
    told: int = 0


@dataclass
class Verdict:
    """What is wrong; nothing when all is well."""

    problems: list[str] = field(default_factory=list)
    versions: int = 0
    events: int = 0
    repeats: int = 0
    listings: int = 0


def listings(pages: Iterable[Page]) -> dict[str, list[Seen]]:
    """The complete listings of each project, in order."""
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    parts: dict[str, list[Page]] = {}
    for page in pages:
        seen = found[page.project]
        if seen and seen[-1].process == page.process:
            seen[-1].certain = True
        if not page.whole:
            continue  # the same page may be asked for again
        if page.number == 1:
            parts[page.project] = []
        part = parts.setdefault(page.project, [])
        part.append(page)
        if page.last and [each.number for each in part] == list(range(1, len(part) + 1)):
            statuses = {arn: status for each in part for arn, status in each.versions}
            seen.append(Seen(process=page.process, statuses=statuses))
    return found


def judge(pages: Iterable[Page], events: Sequence[Mapping[str, Any]], *, confirm_absence: int) -> Verdict:
    """Whether *events*, in the order they were delivered, tell what *pages* showed: all of it and nothing else."""
    verdict = Verdict()
    unique = _without_repeats(events, verdict)
    told: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in unique:
        told[event["subject"]].append(event)
    for subject, about in told.items():
        _check_sequence(subject, about, verdict)
    seen = listings(pages)
    verdict.events = len(unique)
    verdict.listings = sum(len(each) for each in seen.values())
    known = {arn for each in seen.values() for listing in each for arn in listing.statuses}
    verdict.versions = len(known)
    for subject in told.keys() - known:
        if "/version/" in subject:
            verdict.problems.append(f"{subject}: told about, never served")
    for each in seen.values():
        for arn in sorted({arn for listing in each for arn in listing.statuses}):
            _check_story(arn, each, [_told(event) for event in told[arn]], confirm_absence, verdict)
    return verdict


def _without_repeats(events: Sequence[Mapping[str, Any]], verdict: Verdict) -> list[Mapping[str, Any]]:
    """Each fact once; a repeat has to be the same to the last letter."""
    first: dict[str, Mapping[str, Any]] = {}
    for event in events:
        if event["id"] not in first:
            first[event["id"]] = event
            continue
        verdict.repeats += 1
        if first[event["id"]] != event:
            verdict.problems.append(f"{event['id']}: sent twice with different content")
    return list(first.values())


def _check_sequence(subject: str, events: Sequence[Mapping[str, Any]], verdict: Verdict) -> None:
    sequences = [int(event["sequence"]) for event in events]
    if sequences != list(range(1, len(events) + 1)):
        verdict.problems.append(f"{subject}: sequence {sequences}")
    for event in events:
        data = event["data"]
        if data.get("observed_after", "") > data.get("observed_by", ""):
            verdict.problems.append(f"{event['id']}: the window ends before it begins")


def _told(event: Mapping[str, Any]) -> Told | None:
    """What an event says about statuses; None where it says nothing."""
    data = event["data"]
    if event["type"] == APPEARED:
        return (APPEARED, None, data["version"]["status"])
    if event["type"] == CHANGED:
        return (CHANGED, data["from"], data["to"])
    if event["type"] == DISAPPEARED:
        return (DISAPPEARED, data["version"]["status"], None)
    return None


def _check_story(
    arn: str, seen: Sequence[Seen], told: Sequence[Told | None], confirm_absence: int, verdict: Verdict
) -> None:
    """Follow every belief that fits the events so far; something must be left when both have ended."""
    story = [each for each in told if each is not None]
    beliefs = {Belief()}
    for number, listing in enumerate(seen):
        after = {
            belief for old in beliefs for belief in _believe(old, listing.statuses.get(arn), story, confirm_absence)
        }
        left = after if listing.certain else after | beliefs
        if not left:
            verdict.problems.append(f"{arn}: at listing {number} of {len(seen)} nothing fits; told {story}")
            return
        beliefs = left
    if not any(belief.told == len(story) for belief in beliefs):
        most = max(belief.told for belief in beliefs)
        verdict.problems.append(f"{arn}: {story[most:]} told, but never shown")


def _believe(old: Belief, status: str | None, story: Sequence[Told], confirm_absence: int) -> set[Belief]:
    """What is believed after a listing that shows *status*, if the next event of the story allows it."""
    if not old.started:
        return {Belief(started=True, status=status)}
    if status == old.status:
        return {Belief(started=True, status=status, told=old.told)}
    if status is not None:
        expected: Told = (APPEARED, None, status) if old.status is None else (CHANGED, old.status, status)
        return _tell(old, status, expected, story)
    missing = old.missing + 1
    if missing < confirm_absence and old.status != "DELETING":
        return {Belief(started=True, status=old.status, missing=missing, told=old.told)}
    return _tell(old, None, (DISAPPEARED, old.status, None), story)


def _tell(old: Belief, status: str | None, expected: Told, story: Sequence[Told]) -> set[Belief]:
    if old.told < len(story) and story[old.told] == expected:
        return {Belief(started=True, status=status, told=old.told + 1)}
    return set()
