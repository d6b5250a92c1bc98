"""What a listing says that the last snapshot did not: the next snapshot, and the events.

The rules: a first listing is a baseline and tells nothing. A version is gone when enough complete listings in a row
lack it, at once when it was DELETING. A status and other fields that change in one poll are one event. Versions that
the project's patterns leave out are remembered like the others but never told about, so that a change of the patterns
invents neither an appearance nor a disappearance.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.document import to_json
from monitor.domain.events import Event, Window, appeared, disappeared, status_changed, updated
from monitor.domain.lifecycle import classify
from monitor.domain.snapshot import Absence, Listing, Snapshot, Tracked
from monitor.domain.status import DELETING, TRAINING_COMPLETED, TRAINING_FAILED, TRAINING_IN_PROGRESS
from monitor.domain.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What follows from one listing.

    Attributes:
        snapshot: The next one; its revision is the old one's when there is nothing to store.
        events: In the order they are told: the listed versions from the oldest on, then those that are gone.
    """

    snapshot: Snapshot
    events: tuple[Event, ...] = ()


def diff(
    project: Project,
    before: Snapshot | None,
    listing: Listing,
    at: datetime,
    *,
    asked_at: datetime | None = None,
    confirm_absence: int = 2,
) -> Change:
    """The next snapshot and the events.

    Args:
        project: Whose listing it is, and which of its versions are told about.
        before: The last snapshot; None for the first listing ever.
        listing: A complete one.
        at: When the listing was complete, UTC. What it shows has happened by then. A clock that went back is borne: no
            window ends before it begins.
        asked_at: When it was asked for, *at* unless given. What it does not show may have happened since then.
        confirm_absence: How many complete listings in a row must lack a version before it is gone.
    """
    if before is None:
        return Change(snapshot=_baseline(project, listing, at, asked_at or at))
    if listing.versions is before.settled and not listing.malformed:
        return Change(snapshot=replace(before, seen_at=asked_at or at))
    met = {version.arn: _meet(project, before, version, at) for version in listing.versions}
    missed = {
        arn: _miss(project, before, tracked, listing, at, confirm_absence)
        for arn, tracked in before.versions.items()
        if arn not in met
    }
    told = [event for _, event in (*reversed(met.values()), *missed.values()) if event]
    snapshot = _next(before, met | missed, asked_at or at, listing)
    return Change(snapshot=snapshot, events=tuple(told))


def count_moves(events: Iterable[Event]) -> Counter[tuple[str, str]]:
    """How often each pair of statuses was moved through, by their words."""
    return Counter((event.move.before.word, event.move.after.word) for event in events if event.move)


def changes(before: Version, after: Version) -> dict[str, list[Any]]:
    """The fields other than the status that differ, each with its old and new value as JSON has them."""
    changed = {
        name: [to_json(getattr(before, name)), to_json(getattr(after, name))]
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
    }
    return changed | {
        key: [before.extra.get(key), after.extra.get(key)]
        for key in sorted(before.extra.keys() | after.extra.keys())
        if before.extra.get(key, _ABSENT) != after.extra.get(key, _ABSENT)
    }


_ABSENT: Final = object()
_COMPARED: Final = tuple(f.name for f in fields(Version) if f.name not in ("arn", "name", "status", "extra"))


@dataclass(frozen=True, slots=True)
class _Gone:
    """In the place of a tracked version that is gone: the last sequence told about it."""

    sequence: int


def _baseline(project: Project, listing: Listing, at: datetime, asked_at: datetime) -> Snapshot:
    tracked = {version.arn: _track(version, None, at, at_least=True) for version in listing.versions}
    return Snapshot(
        project_arn=project.arn,
        revision=1,
        seen_at=asked_at,
        versions=tracked,
        blind_before=at if listing.malformed else None,
        settled=None if listing.malformed else listing.versions,
    )


def _next(
    before: Snapshot, found: Mapping[str, tuple[Tracked | _Gone, Event | None]], at: datetime, listing: Listing
) -> Snapshot:
    """The snapshot after *before*; with the very same versions, and the same revision, where nothing is new."""
    versions = {arn: tracked for arn, (tracked, _) in found.items() if isinstance(tracked, Tracked)}
    same = len(versions) == len(found) and all(before.versions.get(arn) is each for arn, each in versions.items())
    blind_before = before.blind_before if listing.malformed else None
    settled = listing.versions if len(versions) == len(listing.versions) and blind_before is None else None
    if same and blind_before == before.blind_before:
        return replace(before, seen_at=at, settled=settled)
    gone = {arn: state.sequence for arn, (state, _) in found.items() if isinstance(state, _Gone)}
    remembered = {arn: sequence for arn, sequence in before.gone.items() if arn not in versions}
    return replace(
        before,
        revision=before.revision + 1,
        seen_at=at,
        versions=before.versions if same else versions,
        gone=remembered | gone,
        blind_before=blind_before,
        settled=settled,
    )


def _meet(project: Project, before: Snapshot, version: Version, at: datetime) -> tuple[Tracked, Event | None]:
    """A version that is in the listing, against what was known of it."""
    old = before.versions.get(version.arn)
    told = project.watches(version.name)
    if old is None and _was_hidden(before, version):
        return _track(version, None, at, at_least=True), None
    if old is None:
        fresh = replace(_track(version, None, at), sequence=before.gone.get(version.arn, 0) + told)
        return fresh, appeared(project, fresh, _window(before.seen_at, at)) if told else None
    if old.version == version:
        return (replace(old, absence=None) if old.absence else old), None
    new = replace(_track(version, old, at), sequence=old.sequence + told)
    window = _window(old.absence.last_seen if old.absence else before.seen_at, at)
    return new, _changed(project, old, new, window) if told else None


def _was_hidden(before: Snapshot, version: Version) -> bool:
    """Whether it may have been there at the baseline, as an entry that made no sense: then it is no news now."""
    if before.blind_before is None or version.arn in before.gone:
        return False
    return version.created_at is None or version.created_at <= before.blind_before


def _changed(project: Project, old: Tracked, new: Tracked, window: Window) -> Event:
    changed = changes(old.version, new.version)
    if old.version.status == new.version.status:
        return updated(project, new, window, changed)
    return status_changed(project, new, window, classify(old.version.status, new.version.status), changed)


def _miss(
    project: Project, before: Snapshot, old: Tracked, listing: Listing, at: datetime, confirm_absence: int
) -> tuple[Tracked | _Gone, Event | None]:
    """A version that the listing lacks: still there for all we know, or gone."""
    known = old.absence or Absence(listings=0, last_seen=before.seen_at)
    if listing.malformed:
        return (old if old.absence else replace(old, absence=known)), None
    absence = replace(known, listings=known.listings + 1)
    if absence.listings < confirm_absence and old.version.status != DELETING:
        return replace(old, absence=absence), None
    if not project.watches(old.version.name):
        return _Gone(old.sequence), None
    last = replace(old, sequence=old.sequence + 1, absence=absence)
    return _Gone(last.sequence), disappeared(project, last, _window(absence.last_seen, at))


def _track(version: Version, old: Tracked | None, at: datetime, *, at_least: bool = False) -> Tracked:
    """*version* with the time since when it has its status: AWS's own where it has one, else when it was first seen."""
    documented = _documented_since(version)
    if documented is not None:
        return Tracked(version=version, status_since=documented, at_least=False)
    if old is not None and old.version.status == version.status:
        return Tracked(version=version, status_since=old.status_since, at_least=old.at_least)
    return Tracked(version=version, status_since=at, at_least=at_least)


def _documented_since(version: Version) -> datetime | None:
    """The start of a training, or its end, while the status is the one that began then."""
    if version.status == TRAINING_IN_PROGRESS:
        return version.created_at
    if version.status in (TRAINING_COMPLETED, TRAINING_FAILED):
        return version.training_end_timestamp
    return None


def _window(after: datetime, by: datetime) -> Window:
    return Window(after=min(after, by), by=by)
