"""Versions for spreadsheets: RFC 4180, a line for each version, every column always there."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.document import format_time
from monitor.domain.events import version_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.cli.watched import Watched
    from monitor.domain.snapshot import Tracked

_PROJECT: Final = ("project", "project_arn", "account_id", "region", "seen_at", "unreachable")
_VERSION: Final = (
    "name",
    "arn",
    "status",
    "status_since",
    "status_since_at_least",
    "status_message",
    "creation_timestamp",
    "training_end_timestamp",
    "billable_training_time_in_seconds",
    "f1_score",
    "min_inference_units",
    "max_inference_units",
    "feature",
    "base_model_version",
    "source_project_version_arn",
    "confidence_threshold",
    "version_description",
)
COLUMNS: Final = (*_PROJECT, *(f"version_{name}" if name in {"name", "arn"} else name for name in _VERSION))


def sheet(found: Iterable[Watched]) -> str:
    """The lines; projects without a version have none."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for watched in found:
        beginning = _project(watched)
        writer.writerows([*beginning, *_version(tracked)] for tracked in watched.versions)
    return lines.getvalue()


def _project(watched: Watched) -> Sequence[Any]:
    project = watched.project
    seen = format_time(watched.snapshot.seen_at) if watched.snapshot else None
    return project.name, project.arn, project.account_id, project.region, seen, _word(watched.unreachable)


def _version(tracked: Tracked) -> Sequence[Any]:
    document = version_document(tracked)
    document["status_since_at_least"] = _word(tracked.at_least)
    return [document.get(name) for name in _VERSION]


def _word(value: object) -> str:
    """As JSON has it."""
    return "true" if value else "false"
