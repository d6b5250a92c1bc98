"""A project's state made ready for the families: who is shown, and under which labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.metrics.text import label_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.project import Project
    from monitor.domain.snapshot import Tracked
    from monitor.view import ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One project.

    Attributes:
        labels: Those of the project, as text.
        versions: The watched ones, each with its labels as text and no two of one name, newest first.
    """

    state: ProjectState
    labels: str
    versions: tuple[tuple[str, Tracked], ...]


def show(state: ProjectState, *, versions: bool = True) -> Shown:
    """*state*, ready for the families; without *versions* only for those that are not about them."""
    project = state.project
    watched = state.snapshot.watched(project) if state.snapshot and versions else []
    labels = label_text(project_labels(project))
    named = tuple((f"{labels},{label_text({'version': each.version.name})}", each) for each in _newest(watched))
    return Shown(state=state, labels=labels, versions=named)


def project_labels(project: Project) -> dict[str, str]:
    """What every series of a project has."""
    return {"aws_account_id": project.account_id, "aws_region": project.region, "project": project.name}


def _newest(watched: Iterable[Tracked]) -> Iterable[Tracked]:
    """One of each name: a name can be used again while the version that had it is still being deleted."""
    chosen: dict[str, Tracked] = {}
    for tracked in watched:
        known = chosen.setdefault(tracked.version.name, tracked)
        chosen[tracked.version.name] = max(known, tracked, key=_age)
    return chosen.values()


def _age(tracked: Tracked) -> tuple[int, str, str]:
    """Grows with the time of creation, the number that a version's ARN ends with; it may be absurdly long."""
    arn = tracked.version.arn
    digits = arn.rpartition("/")[2].lstrip("0")
    return len(digits), digits, arn
