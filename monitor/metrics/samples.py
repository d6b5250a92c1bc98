"""Where the samples of each metric come from: functions from a project that is shown to labels and values. Pure.

A value that AWS did not give is no sample: NaN never means missing. What has known labels starts at 0.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from monitor.domain.fault import Reason
from monitor.domain.lifecycle import MOVES
from monitor.domain.status import KNOWN
from monitor.metrics.shown import project_labels
from monitor.metrics.text import label_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from monitor.domain.snapshot import Tracked
    from monitor.metrics.shown import Shown
    from monitor.metrics.text import Sample
    from monitor.view import ProjectState


def of_versions(value: Callable[[Tracked], float | datetime | None]) -> Callable[[Shown], Iterator[Sample]]:
    """One sample for each version that has the value."""

    def samples(shown: Shown) -> Iterator[Sample]:
        for labels, tracked in shown.versions:
            yield from _sample(labels, value(tracked))

    return samples


def of_project(value: Callable[[ProjectState], float | datetime | None]) -> Callable[[Shown], Iterator[Sample]]:
    """One sample, where the project has the value."""
    return lambda shown: _sample(shown.labels, value(shown.state))


def _sample(labels: str, value: float | datetime | None) -> Iterator[Sample]:
    match value:
        case None:
            return
        case int() | float():
            if isfinite(value):
                yield labels, value
        case moment:
            yield labels, moment.timestamp()


def statuses(shown: Shown) -> Iterator[Sample]:
    """1 for the status that each version has, 0 for the other known ones."""
    for labels, tracked in shown.versions:
        yield from ((f"{labels},{label}", 0) for label in _STATUS_LABELS)
        yield f"{labels},{label_text({'status': tracked.version.status.word})}", 1


def current_statuses(shown: Shown) -> Iterator[Sample]:
    """1 for the status that each version has."""
    for labels, tracked in shown.versions:
        yield f"{labels},{label_text({'status': tracked.version.status.word})}", 1


def version_info(shown: Shown) -> Iterator[Sample]:
    """Each version's facts as labels, with the operator's; the own ones win."""
    project = shown.state.project
    for _, tracked in shown.versions:
        version = tracked.version
        own = {
            **project_labels(project),
            "version": version.name,
            "version_arn": version.arn,
            "feature": version.feature or "",
            "base_model_version": version.base_model_version or "",
            "source_version_arn": version.source_project_version_arn or "",
        }
        yield label_text({**own, **project.labels, **own}), 1


def project_info(shown: Shown) -> Iterator[Sample]:
    """The project's facts as labels, with the operator's; the own ones win."""
    project = shown.state.project
    own = {**project_labels(project), "project_arn": project.arn}
    yield label_text({**own, **project.labels, **own}), 1


def transitions(shown: Shown) -> Iterator[Sample]:
    """How often each move was made; those of one step begin at 0."""
    counts = {**_DIRECT_MOVES, **shown.state.transitions}
    for (before, after), count in counts.items():
        yield f"{shown.labels},{label_text({'from': before, 'to': after})}", count


def failures(shown: Shown) -> Iterator[Sample]:
    """How often a poll failed for each reason there is."""
    for reason in Reason:
        yield f'{shown.labels},reason="{reason}"', shown.state.failures.get(reason, 0)


def up(state: ProjectState) -> int | None:
    """Whether the last poll succeeded; None before the first."""
    if state.fault is not None:
        return 0
    return 1 if state.polls else None


_STATUS_LABELS: Final = tuple(label_text({"status": word}) for word in KNOWN)
_DIRECT_MOVES: Final = {(before.word, after.word): 0 for before, following in MOVES.items() for after in following}
