"""Which lines of which project have changed: what a scrape has to put into its blocks."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from monitor.metrics.families import FAMILIES, families
from monitor.metrics.piece import NOTHING, Piece, waiting
from monitor.metrics.shown import show
from monitor.metrics.text import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.project import Project
    from monitor.metrics.blocks import Key
    from monitor.metrics.families import Family
    from monitor.view import ProjectState

Changes = tuple[dict["Key", Piece], ...]
"""For each of `FAMILIES` the new lines of the projects whose lines changed; empty where there are none any more."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A project, and a hash of each family's lines: the lines themselves are kept once, in the blocks.

    The hash has 64 bits: one change in 2^64 would not be seen before the next one.
    """

    state: ProjectState
    hashes: tuple[int, ...]


class Projects:
    """Every project that was published, and what has changed since the changes were last taken.

    Of several with the same labels the one created last is shown.
    """

    def __init__(self, *, current_only: bool) -> None:
        """With *current_only* each version has one series for its status."""
        self._families = families(current_only=current_only)
        self._known: dict[str, _Known] = {}
        self._rivals: dict[Key, list[tuple[int, str]]] = {}
        self._unmade: dict[Key, None] = {}
        self._changes = _none()

    def configure(self, *, current_only: bool) -> None:
        """Make everything again where statuses are to be shown otherwise than so far."""
        wanted = families(current_only=current_only)
        if wanted != self._families:
            self._families = wanted
            for rivals in self._rivals.values():
                self._make_all(self._known[rivals[-1][1]].state)

    def put(self, state: ProjectState) -> None:
        """Make the lines of *state*, where it is shown; those about its versions only where they changed.

        Those of a project that is new wait until it is published again or somebody scrapes: a start with 100,000
        versions would else take seconds longer.
        """
        project = state.project
        before = self._known.get(project.arn)
        if before is None:
            insort(self._rivals.setdefault(_key(project), []), _age(project))
        if self._rivals[_key(project)][-1] != _age(project):
            self._known[project.arn] = _Known(state, ())
        elif before is None:
            self._known[project.arn] = _Known(state, ())
            self._unmade[_key(project)] = None
        elif _key(project) in self._unmade:
            self._make_all(state)
        else:
            self._make_changed(before, state)

    def remove(self, arn: str) -> None:
        """Drop the project; an older one of the same labels is shown in its place."""
        known = self._known.pop(arn, None)
        if known is None:
            return
        project = known.state.project
        rivals = self._rivals[_key(project)]
        rivals.remove(_age(project))
        if rivals:
            self._make_all(self._known[rivals[-1][1]].state)
        else:
            del self._rivals[_key(project)]
            self._unmade.pop(_key(project), None)
            for changes in self._changes:
                changes[_key(project)] = NOTHING

    def make_some(self, most: int) -> bool:
        """Make the lines of up to *most* new projects; whether some are left."""
        for key in list(islice(self._unmade, most)):
            self._make_all(self._known[self._rivals[key][-1][1]].state)
        return bool(self._unmade)

    def take_changes(self) -> Changes:
        """What has changed, once."""
        changes, self._changes = self._changes, _none()
        return changes

    def _make_all(self, state: ProjectState) -> None:
        hashes = []
        shown = show(state)
        self._unmade.pop(_key(state.project), None)
        for family, changes in zip(self._families, self._changes, strict=True):
            text = lines(family.about.name, family.samples(shown))
            changes[_key(state.project)] = waiting(text)
            hashes.append(hash(text))
        self._known[state.project.arn] = _Known(state, tuple(hashes))

    def _make_changed(self, before: _Known, state: ProjectState) -> None:
        only_polled = _same_versions(before.state, state)
        shown = show(state, versions=not only_polled)
        hashes = list(before.hashes)
        for index, family in self._other(before.state, state, only_polled=only_polled):
            text = lines(family.about.name, family.samples(shown))
            if hash(text) != hashes[index]:
                hashes[index] = hash(text)
                self._changes[index][_key(state.project)] = waiting(text)
        self._known[state.project.arn] = _Known(state, tuple(hashes))

    def _other(self, before: ProjectState, after: ProjectState, *, only_polled: bool) -> Iterator[tuple[int, Family]]:
        """The families whose lines may be others now."""
        for index, family in enumerate(self._families):
            if family.of_poll is None:
                if not only_polled:
                    yield index, family
            elif not only_polled or family.of_poll(before) != family.of_poll(after):
                yield index, family


def _none() -> Changes:
    return tuple({} for _ in FAMILIES)


def _key(project: Project) -> Key:
    return project.account_id, project.region, project.name


def _age(project: Project) -> tuple[int, str]:
    """Grows with the time of creation."""
    return project.created_ms, project.arn


def _same_versions(before: ProjectState, after: ProjectState) -> bool:
    """Whether nothing changed but by the poll; unchanged parts of a state are the same objects."""
    return (
        before.project is after.project
        and before.transitions is after.transitions
        and (before.snapshot and before.snapshot.versions) is (after.snapshot and after.snapshot.versions)
    )
