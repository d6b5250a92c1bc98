"""What makes each alert about a project's polls and about the monitor fire, and what must not."""

from __future__ import annotations

from typing import Final

from tests.deploy.case import PLACE, PROJECT, SHELVES, TARGET, Case, series
from tests.deploy.series import Samples, World, growing, samples

UP: Final = series("up", TARGET)
MIB: Final = 1024 * 1024


def polled_at(minutes: Samples, interval: float, lasts: float) -> World:
    """A project whose last success was at these minutes, asked every *interval* seconds, over *lasts* minutes."""
    return {
        series("rekognition_project_last_success_timestamp_seconds", PROJECT): tuple(
            None if minute is None else minute * 60 for minute in minutes
        ),
        series("rekognition_project_poll_interval_seconds", PROJECT): samples((interval, lasts)),
    }


def calls(name: str, each: float, minutes: float, **labels: str) -> World:
    """A counter of calls to AWS that grows by *each* in 30 seconds."""
    return {series(name, TARGET | PLACE, operation="DescribeProjectVersions", **labels): growing(minutes, each)}


def throttled(each: float) -> World:
    """Of 20 calls in 30 seconds, *each* are throttled."""
    return calls("rekognition_monitor_aws_requests_total", 20, 50) | calls(
        "rekognition_monitor_aws_request_failures_total", each, 50, code="ThrottlingException"
    )


def budget(each: float) -> World:
    """*each* calls in 30 seconds, where one a second is allowed."""
    limit = {series("rekognition_monitor_aws_calls_per_second_limit", TARGET | PLACE): samples((1, 60))}
    return calls("rekognition_monitor_aws_requests_total", each, 60) | limit


def lateness(late: float) -> World:
    """Of 100 polls in 30 seconds, *late* begin one to five minutes late."""
    name = "rekognition_monitor_poll_lateness_seconds_bucket"
    return {
        series(name, TARGET, le="1.0"): growing(40, 100 - late),
        series(name, TARGET, le="60.0"): growing(40, 100 - late),
        series(name, TARGET, le="300.0"): growing(40, 100),
        series(name, TARGET, le="+Inf"): growing(40, 100),
    }


def polls(counts: Samples) -> World:
    """A monitor that has made so many polls, of a project that is to be asked every five minutes."""
    return {
        series("rekognition_monitor_poll_duration_seconds_count", TARGET): counts,
        series("rekognition_project_poll_interval_seconds", PROJECT): samples((300, len(counts) / 2)),
    }


def waiting(pending: float) -> World:
    """A sink that takes nothing from minute 10 to 40, and *pending* deliveries that wait for it."""
    return {
        series("rekognition_monitor_outbox_pending", TARGET, sink="ops"): samples((0, 10), (pending, 30)),
        series("rekognition_monitor_outbox_oldest_pending_timestamp_seconds", TARGET, sink="ops"): samples(
            (None, 10), (600, 30)
        ),
    }


DISCOVERED: Final = PLACE | {"account": "production"}

PROJECTS: Final = (
    Case(
        alert="RekognitionProjectUnreachable",
        fires={series("rekognition_project_up", PROJECT): samples((1, 10), (0, 20))},
        not_yet=24,
        at=25.5,
        labels=PROJECT,
        description=f"Project {SHELVES} cannot be polled. "
        "What is shown of it is as old as the last poll that succeeded.",
        quiet={series("rekognition_project_up", PROJECT): samples((1, 10), (0, 9), (1, 11))},
    ),
    Case(
        alert="RekognitionDiscoveryFailing",
        fires={series("rekognition_discovery_up", DISCOVERED): samples((1, 10), (0, 20))},
        not_yet=24,
        at=25.5,
        labels=DISCOVERED,
        description="The projects of account production (111122223333) in us-east-1 cannot be listed. "
        "A new project there is not watched.",
        quiet={series("rekognition_discovery_up", DISCOVERED): samples((1, 10), (0, 9), (1, 11))},
    ),
    Case(
        alert="RekognitionProjectStale",
        fires=polled_at(samples((0, 60)), 300, 60),
        not_yet=39.5,
        at=40.5,
        labels=PROJECT,
        description=f"What is known of project {SHELVES} is 40m 30s old.",
        quiet=polled_at(samples((0, 100)), 3600, 100),
    ),
    Case(
        alert="RekognitionProjectNotPolled",
        fires={series("rekognition_project_polls_total", PROJECT): samples((0, 40))},
        not_yet=29.5,
        at=30,
        labels=PROJECT,
        description=f"Project {SHELVES} has not been polled since the monitor was started.",
        quiet={series("rekognition_project_polls_total", PROJECT): (*samples((0, 5)), *growing(35))},
    ),
)

WATCHER: Final = (
    Case(
        alert="RekognitionMonitorDown",
        fires={UP: samples((1, 10), (0, 10))},
        not_yet=12.5,
        at=13,
        labels=TARGET,
        description="The monitor at 127.0.0.1:10417 does not answer. Nobody is watching its projects.",
        quiet={UP: samples((1, 20))},
    ),
    Case(
        alert="RekognitionMonitorAbsent",
        fires={series("up", TARGET | {"job": "another"}): samples((1, 20))},
        not_yet=4.5,
        at=5,
        labels={"job": "rekognition-monitor"},
        description="Prometheus has no target with the job rekognition-monitor. Nobody is watching its projects.",
        quiet={UP: samples((0, 20))},
    ),
    Case(
        alert="RekognitionMonitorReloadFailed",
        fires={
            series("rekognition_monitor_config_last_reload_successful", TARGET): samples((1, 10), (0, 20)),
        },
        not_yet=19,
        at=20.5,
        labels=TARGET,
        description="The monitor at 127.0.0.1:10417 refused its configuration and goes on with the one it had. "
        "It will not start with the new one.",
        quiet={series("rekognition_monitor_config_last_reload_successful", TARGET): samples((1, 10), (0, 4), (1, 16))},
    ),
    Case(
        alert="RekognitionMonitorPollsStopped",
        fires=polls((*growing(10), *samples((20, 50)))),
        not_yet=44,
        at=45.5,
        labels=TARGET,
        description="The monitor at 127.0.0.1:10417 has polled no project for 30 minutes.",
        quiet=polls(growing(60, 0.1)),
    ),
    Case(
        alert="RekognitionMonitorPollsLate",
        fires=lateness(2),
        not_yet=15,
        at=20,
        labels=TARGET,
        description="One poll in a hundred of the monitor at 127.0.0.1:10417 begins 3m 0s late or more.",
        quiet=lateness(0.5),
    ),
    Case(
        alert="RekognitionMonitorThrottled",
        fires=throttled(2),
        not_yet=15,
        at=20,
        labels=TARGET | PLACE,
        description="AWS throttles 10% of the monitor's calls in us-east-1 of account 111122223333.",
        quiet=throttled(0.5),
    ),
    Case(
        alert="RekognitionMonitorNearBudget",
        fires=budget(29.4),
        not_yet=40,
        at=50,
        labels=TARGET | PLACE,
        description="The monitor makes 98% of the calls that it allows itself in us-east-1 of account 111122223333. "
        "With more to do it asks less often.",
        quiet=budget(15),
        restart=20,
    ),
    Case(
        alert="RekognitionMonitorOutboxOld",
        fires=waiting(3),
        not_yet=30,
        at=30.5,
        labels=TARGET | {"sink": "ops"},
        description="An event has been waiting for the sink ops for 20m 30s.",
        quiet=waiting(0),
    ),
    Case(
        alert="RekognitionMonitorDeliveriesDead",
        fires={series("rekognition_monitor_deliveries_dead_total", TARGET, sink="ops"): samples((0, 10), (1, 20))},
        not_yet=9.5,
        at=15,
        labels=TARGET | {"sink": "ops"},
        description="Deliveries to the sink ops were given up. `rekognition-monitor outbox list` shows them.",
        quiet={series("rekognition_monitor_deliveries_dead_total", TARGET, sink="ops"): samples((3, 30))},
    ),
    Case(
        alert="RekognitionMonitorSinkStopped",
        fires={series("rekognition_monitor_sink_stopped", TARGET, sink="ops"): samples((0, 10), (1, 20))},
        not_yet=14.5,
        at=15.5,
        labels=TARGET | {"sink": "ops"},
        description="The far end of the sink ops said that it is gone for good (410). "
        "Its deliveries wait until a reload.",
        quiet={series("rekognition_monitor_sink_stopped", TARGET, sink="ops"): samples((0, 30))},
    ),
    Case(
        alert="RekognitionMonitorCommitsFailing",
        fires={series("rekognition_monitor_commit_failures_total", TARGET): (*samples((0, 10)), *growing(40))},
        not_yet=30,
        at=31,
        labels=TARGET,
        description="The monitor at 127.0.0.1:10417 cannot store what it sees: no change is told until it can.",
        quiet={series("rekognition_monitor_commit_failures_total", TARGET): samples((0, 10), (1, 40))},
    ),
    Case(
        alert="RekognitionMonitorDatabaseLarge",
        fires={series("rekognition_monitor_state_size_bytes", TARGET): samples((1000 * MIB, 10), (1536 * MIB, 20))},
        not_yet=24.5,
        at=25,
        labels=TARGET,
        description="The database of the monitor at 127.0.0.1:10417 has 1.5GiB.",
        quiet={series("rekognition_monitor_state_size_bytes", TARGET): samples((1000 * MIB, 30))},
    ),
)

MONITOR_CASES: Final = (*PROJECTS, *WATCHER)
