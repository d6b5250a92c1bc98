"""What makes each alert about a version fire, and what must not."""

from __future__ import annotations

from typing import Final

from tests.deploy.case import PROJECT, SHELVES, TARGET, VERSION, Case, series
from tests.deploy.series import Samples, World, growing, samples

DAY: Final = 24 * 60


def status(word: str, *spans: tuple[float | None, float], since: float = 0, version: str = "prod.2") -> World:
    """A version that is in that status where a span says 1, since minute *since*."""
    labels = VERSION | {"version": version}
    present: Samples = samples(*((None if value is None else since * 60, minutes) for value, minutes in spans))
    return {
        series("rekognition_project_version_status", labels, status=word): samples(*spans),
        series("rekognition_project_version_status_since_timestamp_seconds", labels): present,
    }


def is_now(alert: str, word: str, what: str) -> Case:
    """An alert about the status that a version has, told as soon as it has it."""
    return Case(
        alert=alert,
        fires=status(word, (0, 10), (1, 10), since=10),
        not_yet=9.5,
        at=16,
        labels=VERSION | {"status": word},
        description=what,
        quiet=status(word, (0, 20)),
    )


def too_long(alert: str, word: str, limit: int, lasts: str) -> Case:
    """An alert about the time that a version has been in a status; *limit* in minutes.

    It has been in it for that long in minute 10: times before Prometheus's first scrape are negative here.
    """
    return Case(
        alert=alert,
        fires=status(word, (1, 20), since=10 - limit),
        not_yet=10,
        at=10.5,
        description=f"Version prod.2 of project {SHELVES} has been {word} for {lasts}.",
        quiet=status(word, (1, 10), (0, 10), since=10 - limit),
    )


def moved(alert: str, before: str, after: str, what: str) -> Case:
    """An alert about a move, also one that was over before the next scrape."""
    name = "rekognition_project_version_transitions_total"
    known = series(name, PROJECT, from_=before, to=after)
    unseen = series(name, PROJECT, from_="STOPPED", to=after)
    return Case(
        alert=alert,
        fires={known: samples((2, 60)), unseen: samples((None, 30), (1, 30))},
        not_yet=29.5,
        at=36,
        labels=PROJECT | {"to": after},
        description=f"Project {SHELVES} has had 1 {what}.",
        quiet={known: samples((2, 60)), unseen: samples((1, 60))},
    )


def gone(last: int) -> World:
    """A version that is not listed any more from minute 10 on, and was RUNNING to the end or not; its project is."""
    return {
        series("rekognition_project_version_status", VERSION, status="RUNNING"): samples((last, 10), (None, 20)),
        series("rekognition_project_version_info", VERSION, version_arn="a"): samples((1, 10), (None, 20)),
        series("rekognition_project_up", PROJECT): samples((1, 30)),
    }


IS_NOW: Final = (
    is_now(
        "RekognitionVersionFailed", "FAILED", f"Version prod.2 of project {SHELVES} is FAILED: it answers no requests."
    ),
    is_now(
        "RekognitionVersionTrainingFailed",
        "TRAINING_FAILED",
        f"The training of version prod.2 of project {SHELVES} failed.",
    ),
    is_now(
        "RekognitionVersionCopyingFailed",
        "COPYING_FAILED",
        f"The copying of version prod.2 to project {SHELVES} failed.",
    ),
    is_now(
        "RekognitionVersionExpired",
        "EXPIRED",
        f"Version prod.2 of project {SHELVES} is EXPIRED: AWS answers with its base model and says nothing.",
    ),
    is_now(
        "RekognitionVersionDeprecated",
        "DEPRECATED",
        f"Version prod.2 of project {SHELVES} is DEPRECATED: "
        "it expires 60 to 90 days after the release of the new base model.",
    ),
    Case(
        alert="RekognitionVersionStatusUnknown",
        fires=status("REFINING", (None, 10), (1, 10)),
        not_yet=9.5,
        at=16,
        labels=VERSION | {"status": "REFINING"},
        description=f"Version prod.2 of project {SHELVES} has the status REFINING, "
        "which this version of the monitor does not know.",
        quiet=status("RUNNING", (1, 20), since=0),
    ),
    Case(
        alert="RekognitionVersionGoneWhileRunning",
        fires=gone(1),
        not_yet=12,
        at=13.5,
        labels=VERSION | {"status": "RUNNING"},
        description=f"Version prod.2 of project {SHELVES} is not listed any more. "
        "It was RUNNING when it was last seen.",
        quiet=gone(0),
    ),
)

TOO_LONG: Final = (
    too_long("RekognitionVersionStartingTooLong", "STARTING", 30, "30m 30s"),
    too_long("RekognitionVersionStoppingTooLong", "STOPPING", 30, "30m 30s"),
    too_long("RekognitionVersionDeletingTooLong", "DELETING", 60, "1h 0m 30s"),
    too_long("RekognitionVersionCopyingTooLong", "COPYING_IN_PROGRESS", 6 * 60, "6h 0m 30s"),
    too_long("RekognitionVersionTrainingTooLong", "TRAINING_IN_PROGRESS", DAY, "1d 0h 0m 30s"),
    Case(
        alert="RekognitionVersionRunningTooLong",
        fires=status("RUNNING", (1, 20), since=10 - DAY),
        not_yet=10,
        at=10.5,
        description=f"Version prod.2 of project {SHELVES} has been RUNNING for 1d 0h 0m 30s. "
        "AWS charges for it until it is stopped.",
        quiet=status("RUNNING", (1, 10), (0, 10), since=10 - DAY),
    ),
    Case(
        alert="RekognitionProjectManyVersionsRunning",
        fires=status("RUNNING", (1, 50)) | status("RUNNING", (0, 10), (1, 40), version="prod.3"),
        not_yet=39.5,
        at=40,
        labels=PROJECT,
        description=f"2 versions of project {SHELVES} are RUNNING at once.",
        quiet=status("RUNNING", (1, 39), (0, 11)) | status("RUNNING", (0, 10), (1, 40), version="prod.3"),
    ),
)

CHANGES: Final = (
    moved("RekognitionVersionEnteredFailed", "STARTING", "FAILED", "more of its versions become FAILED"),
    moved(
        "RekognitionVersionEnteredTrainingFailed",
        "TRAINING_IN_PROGRESS",
        "TRAINING_FAILED",
        "more of its trainings fail",
    ),
    moved("RekognitionVersionEnteredCopyingFailed", "COPYING_IN_PROGRESS", "COPYING_FAILED", "more copies to it fail"),
    moved("RekognitionVersionEnteredExpired", "DEPRECATED", "EXPIRED", "more of its adapters expire"),
    moved(
        "RekognitionVersionEnteredDeprecated",
        "TRAINING_COMPLETED",
        "DEPRECATED",
        "more of its adapters become DEPRECATED",
    ),
    Case(
        alert="RekognitionVersionDisappearedRunning",
        fires={
            series(
                "rekognition_monitor_events_total",
                TARGET,
                type="rekognition.project_version.disappeared",
                severity="critical",
            ): samples((0, 20), (1, 20))
        },
        not_yet=19.5,
        at=25,
        labels=TARGET,
        description="The monitor at 127.0.0.1:10417 saw a version disappear that was RUNNING. "
        "`rekognition-monitor events` says which.",
        quiet={
            series(
                "rekognition_monitor_events_total",
                TARGET,
                type="rekognition.project_version.disappeared",
                severity="info",
            ): growing(40)
        },
    ),
)

VERSION_CASES: Final = (*IS_NOW, *TOO_LONG, *CHANGES)
