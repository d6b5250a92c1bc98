"""The fleet: how many versions are in which status, what runs and costs, what trains, what failed."""

from __future__ import annotations

from typing import Final

from tests.deploy.grafana.dashboard import PROJECT, TARGET, Dashboard, Row
from tests.deploy.grafana.panels import GOOD_WHEN_ZERO, Query, bars, graph, stat
from tests.deploy.grafana.statuses import BAD, painted
from tests.deploy.grafana.tables import Column, table

VERSIONS: Final = "project_status:rekognition_project_versions:sum"
PLACES: Final = {"aws_account_id": "Account", "aws_region": "Region", "project": "Project"}
BY_PROJECT: Final = "aws_account_id, aws_region, project"
BY_VERSION: Final = f"{BY_PROJECT}, version"

TO_PROJECT: Final = [
    {
        "title": "This project's dashboard",
        "url": "/d/rekognition-project?var-datasource=${datasource}&${job:queryparam}&${instance:queryparam}"
        "&var-account=${__data.fields.Account}&var-region=${__data.fields.Region}"
        "&var-project=${__data.fields.Project}&${__url_time_range}",
    }
]
WINDOW: Final = "Counted over two minutes, or from one point to the next where they are further apart."
"""What `$__rate_interval` means to who reads a count."""

MONEY: Final = "currencyUSD"
"""For the shipped price; a price in another currency is shown with the same sign until it is changed here."""


def versions(status: str) -> str:
    """How many versions have one of these statuses."""
    return f'sum({VERSIONS}{{{PROJECT},status=~"{status}"}}) or vector(0)'


NOW: Final = (
    stat(
        "Running",
        "Versions that are RUNNING. AWS charges for each of their inference units.",
        Query(versions("RUNNING")),
        width=3,
    ),
    stat("In training", "Versions that are TRAINING_IN_PROGRESS.", Query(versions("TRAINING_IN_PROGRESS")), width=3),
    stat(
        "Failed, expired",
        "Versions that are FAILED, TRAINING_FAILED, COPYING_FAILED or EXPIRED.",
        Query(versions(BAD)),
        colors=GOOD_WHEN_ZERO,
        width=3,
    ),
    stat(
        "Unreachable",
        "Projects whose last poll failed: what is shown of them is old.",
        Query(f"count(rekognition_project_up{{{PROJECT}}} == 0) or vector(0)"),
        colors=GOOD_WHEN_ZERO,
        width=3,
    ),
    stat(
        "Cost an hour",
        "What the running inference units cost: at least, and at most where versions scale by themselves.",
        Query(f"sum(project:rekognition_running_cost_per_hour:min{{{PROJECT}}})", "at least"),
        Query(f"sum(project:rekognition_running_cost_per_hour:max{{{PROJECT}}})", "at most"),
        unit=MONEY,
        width=6,
    ),
    stat(
        "Cost of the last day",
        "The inference unit hours of the last 24 hours at the price that the rules are given.",
        Query(f"sum(project:rekognition_cost_min:sum1d{{{PROJECT}}})", "at least"),
        Query(f"sum(project:rekognition_cost_max:sum1d{{{PROJECT}}})", "at most"),
        unit=MONEY,
        width=6,
    ),
)

STATUSES: Final = (
    graph(
        "Versions by status",
        "How many versions have each status.",
        Query(f"sum by (status) ({VERSIONS}{{{PROJECT}}})", "{{status}}"),
        stacked=True,
        overrides=painted(),
    ),
    graph(
        "Running by account and region",
        "How many versions are RUNNING in each account and region, where AWS's quotas apply.",
        Query(
            f'sum by (aws_account_id, aws_region) ({VERSIONS}{{{PROJECT},status="RUNNING"}})',
            "{{aws_account_id}} {{aws_region}}",
        ),
    ),
    table(
        "Projects",
        "Each project: its versions, what of them runs, trains or failed, what that costs, and how old this is.",
        Column(name="Versions", expression=f"sum by ({BY_PROJECT}) ({VERSIONS}{{{PROJECT}}})"),
        Column(name="Running", expression=f'sum by ({BY_PROJECT}) ({VERSIONS}{{{PROJECT},status="RUNNING"}})'),
        Column(
            name="In training",
            expression=f'sum by ({BY_PROJECT}) ({VERSIONS}{{{PROJECT},status="TRAINING_IN_PROGRESS"}})',
        ),
        Column(name="Failed", expression=f'sum by ({BY_PROJECT}) ({VERSIONS}{{{PROJECT},status=~"{BAD}"}})'),
        Column(
            name="Cost an hour",
            expression=f"sum by ({BY_PROJECT}) (project:rekognition_running_cost_per_hour:min{{{PROJECT}}})",
            unit=MONEY,
        ),
        Column(
            name="Cost of the last day",
            expression=f"sum by ({BY_PROJECT}) (project:rekognition_cost_min:sum1d{{{PROJECT}}})",
            unit=MONEY,
        ),
        Column(
            name="Last success",
            expression=f"time() - max by ({BY_PROJECT}) "
            f"(rekognition_project_last_success_timestamp_seconds{{{PROJECT}}})",
            unit="s",
        ),
        labels=PLACES,
        height=7,
        links={"Project": TO_PROJECT},
    ),
)

COSTS: Final = (
    graph(
        "Running inference units by project",
        "The inference units that running versions were started with.",
        Query(
            f"sum by ({BY_PROJECT}) (project:rekognition_running_inference_units:min{{{PROJECT}}})",
            "{{project}} {{aws_region}}",
        ),
        stacked=True,
    ),
    graph(
        "Cost an hour by project",
        "What the running inference units cost at least.",
        Query(
            f"sum by ({BY_PROJECT}) (project:rekognition_running_cost_per_hour:min{{{PROJECT}}})",
            "{{project}} {{aws_region}}",
        ),
        unit=MONEY,
        stacked=True,
    ),
    table(
        "Running versions",
        "Each version that is RUNNING: for how long at least, with how many units, and what that has cost at least.",
        Column(
            name="Running for",
            expression=f"max by ({BY_VERSION}) (version:rekognition_running_hours:current{{{PROJECT}}}) * 3600",
            unit="s",
        ),
        Column(
            name="Units",
            expression=f"max by ({BY_VERSION}) (version:rekognition_running_inference_units:min{{{PROJECT}}}) > 0",
        ),
        Column(
            name="Cost",
            expression=f"max by ({BY_VERSION}) (version:rekognition_running_cost:current{{{PROJECT}}})",
            unit=MONEY,
        ),
        labels=PLACES | {"version": "Version"},
        height=6,
        links={"Project": TO_PROJECT},
    ),
)

TRAININGS: Final = (
    table(
        "In training now",
        "Each version that is TRAINING_IN_PROGRESS, and for how long.",
        Column(
            name="For",
            expression=f"max by ({BY_VERSION}) (version_status:rekognition_time_in_status_seconds:current"
            f'{{{PROJECT},status="TRAINING_IN_PROGRESS"}})',
            unit="s",
        ),
        labels=PLACES | {"version": "Version"},
        width=12,
        height=6,
        links={"Project": TO_PROJECT},
    ),
    bars(
        "Trainings that succeeded",
        "The part of the trainings that succeeded, of those that were seen to end since the monitor has a database.",
        Query(
            f"max by ({BY_PROJECT}) (project:rekognition_training_success:ratio{{{PROJECT}}})",
            "{{project}} {{aws_region}}",
        ),
        unit="percentunit",
        width=12,
        height=6,
        max=1,
    ),
)

FAILURES: Final = (
    table(
        "Failed or expired now",
        "Each version that is FAILED, TRAINING_FAILED, COPYING_FAILED or EXPIRED, and for how long at least.",
        Column(
            name="For",
            expression=f"max by ({BY_VERSION}, status) (version_status:rekognition_time_in_status_seconds:current"
            f'{{{PROJECT},status=~"{BAD}"}})',
            unit="s",
        ),
        labels=PLACES | {"version": "Version", "status": "Status"},
        width=12,
        links={"Project": TO_PROJECT},
    ),
    graph(
        "Changes into a failure",
        "How many versions became FAILED, TRAINING_FAILED, COPYING_FAILED or EXPIRED, also those that recovered since. "
        + WINDOW,
        Query(
            "round(sum by (to) (increase("
            f'rekognition_project_version_transitions_total{{{PROJECT},to=~"{BAD}"}}[$__rate_interval]))) > 0',
            "{{to}}",
        ),
        events=True,
        overrides=painted(),
    ),
    table(
        "Alerts",
        "The shipped alerts that fire now, the monitor's own included.",
        Column(
            name="Firing",
            expression="max by (severity, alertname, aws_account_id, aws_region, project, version) "
            f'(ALERTS{{{TARGET},alertname=~"Rekognition.+",alertstate="firing"}})',
            shown=False,
        ),
        labels={"severity": "Severity", "alertname": "Alert", **PLACES, "version": "Version"},
        height=9,
    ),
)

FLEET: Final = Dashboard(
    uid="rekognition-fleet",
    title="Rekognition / Fleet",
    description="How many versions are in which status, what runs and costs, what trains, what failed.",
    rows=(
        Row("Now", NOW),
        Row("Statuses", STATUSES),
        Row("What runs and costs", COSTS),
        Row("What trains", TRAININGS),
        Row("What failed", FAILURES),
    ),
    annotation="Transitions",
    moves="sum by (project, from, to) (increase("
    f'rekognition_project_version_transitions_total{{{PROJECT},to=~"{BAD}"}}[$__rate_interval])) > 0',
    move="{{project}}: {{from}} → {{to}}",
)
