"""One project: what its versions did, how good they are, how long they trained, what they cost."""

from __future__ import annotations

from typing import Any, Final

from tests.deploy.grafana.dashboard import PROJECT, Dashboard, Row
from tests.deploy.grafana.fleet import MONEY, WINDOW
from tests.deploy.grafana.panels import Query, bars, graph, stat, timeline
from tests.deploy.grafana.statuses import coded, mappings
from tests.deploy.grafana.tables import Column, table

UP: Final[dict[str, Any]] = {
    "mappings": [
        {
            "type": "value",
            "options": {
                "0": {"text": "no", "color": "red", "index": 0},
                "1": {"text": "yes", "color": "green", "index": 1},
            },
        }
    ]
}

NOW: Final = (
    stat(
        "Polled",
        "Whether the last poll of the project succeeded.",
        Query(f"min(rekognition_project_up{{{PROJECT}}})"),
        unit="bool_yes_no",
        width=3,
        **UP,
    ),
    stat(
        "Last success",
        "How long ago the project was last listed whole: how old all of this is.",
        Query(f"time() - max(rekognition_project_last_success_timestamp_seconds{{{PROJECT}}})"),
        unit="s",
        width=3,
    ),
    stat(
        "Versions",
        "How many versions the project has.",
        Query(f"sum(project_status:rekognition_project_versions:sum{{{PROJECT}}})"),
        width=3,
    ),
    stat(
        "Best F1 score",
        "The highest F1 score of a version that is there, 0 to 1.",
        Query(f"max(rekognition_project_version_f1_score{{{PROJECT}}})"),
        unit="none",
        width=3,
        decimals=3,
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

LIVES: Final = (
    timeline(
        "Status of each version",
        "What each version was when. A row ends where the version is gone.",
        Query(coded(PROJECT), "{{version}}"),
        mappings=mappings(),
    ),
    table(
        "Versions",
        "Each version: its status, for how long at least, its age, F1 score, inference units and charged training.",
        Column(
            name="is",
            expression=f"max by (version, status) (rekognition_project_version_status{{{PROJECT}}}) == 1",
            shown=False,
        ),
        Column(
            name="For",
            expression="max by (version) "
            f"(time() - rekognition_project_version_status_since_timestamp_seconds{{{PROJECT}}})",
            unit="s",
        ),
        Column(
            name="Age",
            expression="max by (version) "
            f"(time() - rekognition_project_version_created_timestamp_seconds{{{PROJECT}}})",
            unit="s",
        ),
        Column(
            name="F1 score",
            expression=f"max by (version) (rekognition_project_version_f1_score{{{PROJECT}}})",
            unit="none",
        ),
        Column(
            name="Units",
            expression=f"max by (version) (rekognition_project_version_min_inference_units{{{PROJECT}}})",
        ),
        Column(
            name="Units at most",
            expression=f"max by (version) (rekognition_project_version_max_inference_units{{{PROJECT}}})",
        ),
        Column(
            name="Charged training",
            expression=f"max by (version) (rekognition_project_version_billable_training_seconds{{{PROJECT}}})",
            unit="s",
        ),
        labels={"version": "Version", "status": "Status"},
        height=7,
    ),
)

QUALITY: Final = (
    bars(
        "F1 score by version",
        "How good each version is by AWS's own evaluation, 0 to 1.",
        Query(f"max by (version) (rekognition_project_version_f1_score{{{PROJECT}}})", "{{version}}"),
        unit="none",
        height=6,
        max=1,
        decimals=3,
    ),
    bars(
        "How long trainings took",
        "From the creation of each version to the end of its training.",
        Query(
            "max by (version) (\n"
            f"  rekognition_project_version_training_end_timestamp_seconds{{{PROJECT}}}\n"
            f"    - rekognition_project_version_created_timestamp_seconds{{{PROJECT}}}\n"
            ")",
            "{{version}}",
        ),
        unit="s",
        height=6,
    ),
    bars(
        "Charged training",
        "The training time that AWS charges for. It can be longer than the training lasted.",
        Query(f"max by (version) (rekognition_project_version_billable_training_seconds{{{PROJECT}}})", "{{version}}"),
        unit="s",
        height=6,
    ),
)

CHANGES: Final = (
    graph(
        "Changes of status",
        f"How many versions went from one status to another. {WINDOW}",
        Query(
            "round(sum by (from, to) (increase("
            f"rekognition_project_version_transitions_total{{{PROJECT}}}[$__rate_interval]))) > 0",
            "{{from}} → {{to}}",
        ),
        events=True,
    ),
    graph(
        "Running inference units by version",
        "The inference units that each running version was started with.",
        Query(
            f"max by (version) (version:rekognition_running_inference_units:min{{{PROJECT}}})",
            "{{version}}",
        ),
        stacked=True,
    ),
    graph(
        "Cadence",
        "How long until the project is polled again, and how old what is known of it is.",
        Query(f"max(rekognition_project_poll_interval_seconds{{{PROJECT}}})", "interval"),
        Query(f"time() - max(rekognition_project_last_success_timestamp_seconds{{{PROJECT}}})", "age"),
        unit="s",
    ),
    graph(
        "Polls that failed",
        f"Polls of the project that failed, by reason. {WINDOW}",
        Query(
            "round(sum by (reason) (increase("
            f"rekognition_project_poll_failures_total{{{PROJECT}}}[$__rate_interval]))) > 0",
            "{{reason}}",
        ),
        events=True,
    ),
)

ONE_PROJECT: Final = Dashboard(
    uid="rekognition-project",
    title="Rekognition / Project",
    description="One project: what its versions did, how good they are, how long they trained, what they cost.",
    rows=(
        Row("Now", NOW),
        Row("Lives", LIVES),
        Row("Trainings", QUALITY),
        Row("Changes, units and polls", CHANGES),
    ),
    single=("account", "region", "project"),
    annotation="Transitions",
    moves="sum by (from, to) (increase("
    f"rekognition_project_version_transitions_total{{{PROJECT}}}[$__rate_interval])) > 0",
    move="{{from}} → {{to}}",
    span="now-7d",
)
