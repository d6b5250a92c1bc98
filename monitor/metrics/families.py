"""The metrics about projects and versions: one table, from a project's state to its samples. Pure.

A value that AWS did not give is no sample: NaN never means missing. A metric whose labels are known from the beginning
starts at 0. AWS's free text is never a label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from monitor.metrics.description import Description, Kind
from monitor.metrics.samples import (
    current_statuses,
    failures,
    of_project,
    of_versions,
    project_info,
    statuses,
    transitions,
    up,
    version_info,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from monitor.metrics.shown import Shown
    from monitor.metrics.text import Sample
    from monitor.view import ProjectState

PROJECT: Final = ("aws_account_id", "aws_region", "project")
VERSION: Final = (*PROJECT, "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One metric and where its samples come from.

    Attributes:
        of_poll: Of a metric about the last poll: what of the state its samples show, so that they are made again only
            when that is another. None for one about the project's configuration, its versions and their transitions.
    """

    about: Description
    samples: Callable[[Shown], Iterable[Sample]]
    of_poll: Callable[[ProjectState], object] | None = None


FAMILIES: Final = (
    Family(
        about=Description(
            name="rekognition_project_info",
            kind=Kind.GAUGE,
            labels=(*PROJECT, "project_arn"),
            operator_labels=True,
            help="A project that is watched, always 1",
            example="count by (aws_account_id, aws_region) (rekognition_project_info)",
        ),
        samples=project_info,
    ),
    Family(
        about=Description(
            name="rekognition_project_up",
            kind=Kind.GAUGE,
            labels=PROJECT,
            help="Whether the last poll of the project succeeded",
            notes="Absent from the start of the monitor until the project's first poll: what is not known is not down, "
            "and a restart must not raise an alert. How old the data is, tells the time of the last success.",
            example="max_over_time(rekognition_project_up[5m]) == 0",
        ),
        samples=of_project(up),
        of_poll=up,
    ),
    Family(
        about=Description(
            name="rekognition_project_last_success_timestamp_seconds",
            kind=Kind.GAUGE,
            labels=PROJECT,
            help="When the last complete listing of the project was made",
            notes="Kept in the database: after a restart it is the time of an earlier process's poll. Absent before "
            "the first success ever.",
            example="time() - rekognition_project_last_success_timestamp_seconds",
        ),
        samples=of_project(attrgetter("last_success")),
        of_poll=attrgetter("last_success"),
    ),
    Family(
        about=Description(
            name="rekognition_project_poll_interval_seconds",
            kind=Kind.GAUGE,
            labels=PROJECT,
            help="How long until the project is polled again, as the cadence really is",
            notes="Longer than configured while polls fail, or when the budget of calls does not allow more. Absent "
            "before the first poll.",
            example="max by (aws_account_id, aws_region) (rekognition_project_poll_interval_seconds)",
        ),
        samples=of_project(lambda state: state.interval.total_seconds() if state.interval else None),
        of_poll=attrgetter("interval"),
    ),
    Family(
        about=Description(
            name="rekognition_project_polls_total",
            kind=Kind.COUNTER,
            labels=PROJECT,
            help="Polls of the project since the monitor began, failed ones too",
            example="rate(rekognition_project_polls_total[1h])",
        ),
        samples=of_project(attrgetter("polls")),
        of_poll=attrgetter("polls"),
    ),
    Family(
        about=Description(
            name="rekognition_project_poll_failures_total",
            kind=Kind.COUNTER,
            labels=(*PROJECT, "reason"),
            help="Polls of the project that failed since the monitor began, by reason",
            notes="Every reason starts at 0.",
            example="sum by (reason) (increase(rekognition_project_poll_failures_total[1h])) > 0",
        ),
        samples=failures,
        of_poll=attrgetter("failures"),
    ),
    Family(
        about=Description(
            name="rekognition_project_malformed_versions_total",
            kind=Kind.COUNTER,
            labels=PROJECT,
            help="Entries of listings that were no version since the monitor began",
            notes="A listing with such an entry confirms no absence.",
            example="increase(rekognition_project_malformed_versions_total[1h]) > 0",
        ),
        samples=of_project(attrgetter("malformed")),
        of_poll=attrgetter("malformed"),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_status",
            kind=Kind.GAUGE,
            labels=(*VERSION, "status"),
            help="The status of the version: 1 for the one it has, 0 for the others",
            notes="One series for each of the 14 known statuses. A status that is not known adds a series of its own; "
            "a version that AWS describes without a status has UNSPECIFIED. With `metrics.statuses: current` there is "
            "only the series that is 1, and it ends with the status: what looks back five minutes, as the rules that "
            "are shipped do, sees it five minutes longer.",
            example="count by (status) (rekognition_project_version_status == 1)",
        ),
        samples=statuses,
    ),
    Family(
        about=Description(
            name="rekognition_project_version_info",
            kind=Kind.GAUGE,
            labels=(*VERSION, "version_arn", "feature", "base_model_version", "source_version_arn"),
            operator_labels=True,
            help="What does not change about the version, always 1",
            notes="Labels that AWS gives no value for are empty.",
            example='rekognition_project_version_status{status="RUNNING"} == 1\n'
            "  and on (aws_account_id, aws_region, project, version)\n"
            '  rekognition_project_version_info{feature="CONTENT_MODERATION"}',
        ),
        samples=version_info,
    ),
    Family(
        about=Description(
            name="rekognition_project_version_status_since_timestamp_seconds",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="Since when the version has its status, as far as it is known",
            notes="The start or end of the training as AWS gives it, else when the monitor first saw the status. A "
            "status that was there at the monitor's first look may be older; the page and the API say so.",
            example="time() - rekognition_project_version_status_since_timestamp_seconds\n"
            "  and on (aws_account_id, aws_region, project, version)\n"
            '  rekognition_project_version_status{status="RUNNING"} == 1',
        ),
        samples=of_versions(lambda tracked: tracked.status_since),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_created_timestamp_seconds",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="When the version was created, as AWS gives it",
            notes="Absent where AWS gives none; it is not made up from the ARN.",
            example="time() - rekognition_project_version_created_timestamp_seconds > 86400 * 90",
        ),
        samples=of_versions(lambda tracked: tracked.version.creation_timestamp),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_training_end_timestamp_seconds",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="When the training of the version ended, as AWS gives it",
            notes="Absent where AWS gives none.",
            example="rekognition_project_version_training_end_timestamp_seconds\n"
            "  - rekognition_project_version_created_timestamp_seconds",
        ),
        samples=of_versions(lambda tracked: tracked.version.training_end_timestamp),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_billable_training_seconds",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="The training time that AWS charges for",
            notes="Given when the training succeeded. It can be longer than the training lasted.",
            example="sum by (project) (rekognition_project_version_billable_training_seconds) / 3600",
        ),
        samples=of_versions(lambda tracked: tracked.version.billable_training_time_in_seconds),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_f1_score",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="The F1 score of the version over all its labels, 0 to 1",
            notes="Absent where AWS gives none.",
            example="topk by (project) (1, rekognition_project_version_f1_score)",
        ),
        samples=of_versions(lambda tracked: tracked.version.f1_score),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_min_inference_units",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="The inference units that the version is started with at least",
            notes="Absent where AWS gives none. AWS charges for each unit while the version is RUNNING.",
            example="sum(rekognition_project_version_min_inference_units\n"
            "  and on (aws_account_id, aws_region, project, version)\n"
            '  rekognition_project_version_status{status="RUNNING"} == 1)',
        ),
        samples=of_versions(lambda tracked: tracked.version.min_inference_units),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_max_inference_units",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="The inference units that the version is scaled up to",
            notes="Absent where AWS gives none: the version does not scale by itself.",
            example="rekognition_project_version_max_inference_units",
        ),
        samples=of_versions(lambda tracked: tracked.version.max_inference_units),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_confidence_threshold",
            kind=Kind.GAUGE,
            labels=VERSION,
            help="The confidence threshold that the adapter was trained with, as AWS gives it",
            notes="Absent where AWS gives none; custom moderation adapters have one.",
            example="rekognition_project_version_confidence_threshold",
        ),
        samples=of_versions(lambda tracked: tracked.version.confidence_threshold),
    ),
    Family(
        about=Description(
            name="rekognition_project_version_transitions_total",
            kind=Kind.COUNTER,
            labels=(*PROJECT, "from", "to"),
            help="Changes of status of the project's versions, from one status to another",
            notes="Kept in the database: survives restarts. Each move that one step makes starts at 0; a move that "
            "went through statuses between two polls, or that nobody expected, appears when it is first seen.",
            example='increase(rekognition_project_version_transitions_total{to="FAILED"}[1h]) > 0',
        ),
        samples=transitions,
    ),
)


def families(*, current_only: bool) -> tuple[Family, ...]:
    """`FAMILIES`, or with *current_only* those that show each version's current status without the other 13."""
    if not current_only:
        return FAMILIES
    return tuple(
        replace(family, samples=current_statuses) if family.samples is statuses else family for family in FAMILIES
    )
