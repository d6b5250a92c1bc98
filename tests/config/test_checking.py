from __future__ import annotations

import pytest

from monitor.config.estimating import Estimate, estimate
from tests.config.examples import SMALLEST, arn, load


def warnings(text: str) -> tuple[str, ...]:
    return load(text).warnings


def test_nothing_to_warn_of() -> None:
    """The smallest file is as it should be."""
    assert warnings(SMALLEST) == ()


def test_slow_transitions() -> None:
    """A transition that is asked about more seldom than rest, for all and for one project."""
    text = "poll: {interval: 1m, transition_interval: 2m}\n" + SMALLEST + "    interval: 30s\n"
    assert warnings(text) == (
        (
            "monitor.yaml:1: poll.transition_interval: the transition interval, 2m, is longer than the interval, 1m: "
            "make it shorter, or changes under way are seen later than others"
        ),
        (
            "monitor.yaml:4: projects[0].interval: the transition interval, 2m, is longer than the interval, 30s: "
            "make it shorter, or changes under way are seen later than others"
        ),
    )


def test_above_the_quota() -> None:
    """More calls than AWS allows unless asked."""
    assert warnings("aws: {max_calls_per_second: 8}\n" + SMALLEST) == (
        (
            "monitor.yaml:1: aws.max_calls_per_second: 8 is above AWS's default quota of 5 in an account and region, "
            "which others need too: write less, unless AWS raised it for you (L-12019FB0)"
        ),
    )


def test_over_the_budget() -> None:
    """Two projects at once a second need two calls a second; other regions have budgets of their own."""
    text = (
        "poll: {interval: 1s, transition_interval: 1s}\n"
        f"projects: [{{arn: '{arn('a')}'}}, {{arn: '{arn('b')}'}}, {{arn: '{arn('c', region='eu-west-1')}'}}]\n"
    )
    assert warnings(text) == (
        (
            "monitor.yaml:1: aws.max_calls_per_second: 1 is not enough for the 2 projects of "
            "arn:aws:rekognition:us-east-1:111122223333, which need 2 calls a second: make their interval longer, or "
            "each wait becomes 2 times as long as it says"
        ),
    )


def test_regions() -> None:
    """Unknown regions pass, for AWS adds some; so does a partition without Rekognition."""
    text = (
        f"projects:\n  - arn: {arn('a', region='us-east-3')}\n  - arn: {arn('b', region='moon')}\n"
        f"  - arn: {arn('c', region='cn-north-1', partition='aws-cn')}\n"
    )
    assert warnings(text) == (
        (
            "monitor.yaml:2: projects[0].arn: us-east-3 is not a region where Rekognition is known to be; did you mean "
            "us-east-2? check the ARN"
        ),
        "monitor.yaml:3: projects[1].arn: moon is not a region where Rekognition is known to be; check the ARN",
        "monitor.yaml:4: projects[2].arn: Rekognition is not offered in the partition aws-cn: check the ARN",
    )


def test_a_region_of_another_partition() -> None:
    """AWS would refuse the ARN: each region is in one of its separate worlds."""
    text = (
        f"projects:\n  - arn: {arn('a', region='us-gov-west-1')}\n"
        f"  - arn: {arn('b', region='us-gov-west-1', partition='aws-us-gov')}\n"
    )
    assert warnings(text) == (
        "monitor.yaml:2: projects[0].arn: us-gov-west-1 is in the partition aws-us-gov, not aws: check the ARN",
    )


def test_same_names() -> None:
    """A project made again under its old name would share the metrics' labels."""
    text = f"projects:\n  - arn: {arn('a', created=1)}\n  - arn: {arn('a', created=2)}\n"
    assert warnings(text) == (
        (
            "monitor.yaml:3: projects[1].arn: has the account, region and name of projects[0], so their metrics would "
            "have the same labels and only the newer project's are shown: take the one out that was deleted"
        ),
    )


def test_no_sink_is_on() -> None:
    """Nobody would be told."""
    assert warnings(SMALLEST + "sinks: [{name: log, type: log, enabled: false}]\n") == (
        "monitor.yaml:3: sinks: every sink is off, so nobody is told of an event: turn one on",
    )


def test_two_sinks_in_one_file() -> None:
    """Each line would stand there twice."""
    text = SMALLEST + "sinks:\n  - {name: a, type: file, path: x}\n  - {name: b, type: file, path: x}\n"
    assert warnings(text) == (
        "monitor.yaml:5: sinks[1].path: is the file of sinks[0] too: events for both stand in it twice; name another",
    )


def test_patterns_that_match_nothing() -> None:
    """Names and ARNs match; another pattern is told."""
    text = SMALLEST + "sinks:\n  - name: log\n    type: log\n    projects: [my-*, '*:project/my-project/*', shop]\n"
    assert warnings(text) == (
        'monitor.yaml:6: sinks[0].projects[2]: "shop" is the name or ARN of no project in this file: check it',
    )


def test_statuses_that_aws_does_not_document() -> None:
    """They may be new, or wrong."""
    text = SMALLEST + "sinks:\n  - {name: log, type: log, statuses: [RUNNING, RUNING, PAUSED]}\n"
    assert warnings(text) == (
        "monitor.yaml:4: sinks[0].statuses[1]: RUNING is not a status that AWS documents; did you mean RUNNING?",
        "monitor.yaml:4: sinks[0].statuses[2]: PAUSED is not a status that AWS documents: check it",
    )


def test_statuses_before_and_after() -> None:
    """In a mapping they are told by their place in it."""
    text = SMALLEST + "sinks:\n  - {name: log, type: log, statuses: {from: [RUNNING], to: [STOPPED, PAUSED]}}\n"
    assert warnings(text) == (
        "monitor.yaml:4: sinks[0].statuses.to[1]: PAUSED is not a status that AWS documents: check it",
    )


ABOUT_PROJECTS = ["project.appeared", "project.disappeared", "project.unreachable", "project.recovered"]
COMING_AND_GOING = ["project_version.appeared", "project_version.updated", "project_version.disappeared"]


@pytest.mark.parametrize(
    ("settings", "untold"),
    [
        ("", None),
        ("types: [status_changed, appeared, updated, disappeared, recovered]", ["project.unreachable"]),
        (
            "min_severity: warning",
            ["project_version.updated", "project.appeared", "project.disappeared", "project.recovered"],
        ),
        ("min_severity: critical", ["project_version.updated", *ABOUT_PROJECTS]),
        ("statuses: [RUNNING]", ABOUT_PROJECTS),
        ("statuses: {from: [RUNNING]}", [*COMING_AND_GOING, *ABOUT_PROJECTS]),
        ("enabled: false", None),
    ],
)
def test_types_that_only_the_log_is_told_of(settings: str, untold: list[str] | None) -> None:
    """By what the filters can let through at all; where there is no other sink, that is what was wanted."""
    text = SMALLEST + f"sinks:\n  - {{name: ops, type: file, path: x, {settings}}}\n"
    told = [warning.partition("told of ")[2].partition(":")[0].split(", ") for warning in warnings(text)]
    assert told == ([untold] if untold else [])


def test_quiet_windows_that_hold_for_too_long() -> None:
    """What they hold would be given up by the first attempt that fails."""
    windows = '[{from: "20:00", to: "08:00"}, {days: [sat, sun]}]'
    text = SMALLEST + f"sinks:\n  - {{name: log, type: log, max_age: AGE, quiet: {windows}}}\n"
    assert (warnings(text.replace("AGE", "60h")), warnings(text.replace("AGE", "61h"))) == (
        (
            (
                "monitor.yaml:4: sinks[0].quiet: the windows can hold an event for 60h, and max_age is 60h: make "
                "max_age longer, or the windows shorter"
            ),
        ),
        (),
    )


def test_estimate() -> None:
    """Calls at rest and at the busiest, for each account and region, against what the budget allows."""
    text = (
        "poll: {interval: 6m, transition_interval: 36s}\naws: {max_calls_per_second: 0.5}\n"
        f"projects:\n  - arn: {arn('a')}\n  - {{arn: '{arn('b')}', interval: 1m}}\n"
        f"  - arn: {arn('c', region='eu-west-1')}\n"
    )
    prefix = "arn:aws:rekognition"
    assert estimate(load(text).config) == (
        Estimate(
            endpoint=f"{prefix}:us-east-1:111122223333",
            projects=2,
            calls_per_hour=70.0,
            busiest_calls_per_hour=200.0,
            budget_per_hour=1800.0,
        ),
        Estimate(
            endpoint=f"{prefix}:eu-west-1:111122223333",
            projects=1,
            calls_per_hour=10.0,
            busiest_calls_per_hour=100.0,
            budget_per_hour=1800.0,
        ),
    )
