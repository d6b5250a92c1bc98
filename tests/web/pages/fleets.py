"""Fleets for the pages' tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.view import ProjectState
from tests.builders import at, project, project_arn, snapshot, tracked, version, version_arn

if TYPE_CHECKING:
    from monitor.domain.snapshot import Tracked


def one(name: str = "v1", status: str = "STOPPED", *, of: str = "shop", minutes: float = 0, **fields: Any) -> Tracked:
    """A version of the project named *of*, in its status since *minutes* after the beginning."""
    arn = version_arn(name, of=project_arn(of))
    return tracked(version(arn=arn, status=status, **fields), since=at(minutes))


def state(name: str, *versions: Tracked, labels: dict[str, str] | None = None, **fields: Any) -> ProjectState:
    """A project of that name with these versions, newest first."""
    arn = project_arn(name)
    return ProjectState(project=project(arn, labels=labels or {}), snapshot=snapshot(*versions, arn=arn), **fields)


def of_statuses(name: str, *words: str, **fields: Any) -> ProjectState:
    """A project with a version in each of these statuses, named `v1`, `v2` …"""
    versions = [one(f"v{number}", word, of=name, min_inference_units=2) for number, word in enumerate(words, 1)]
    return state(name, *versions, **fields)
