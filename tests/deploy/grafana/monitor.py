"""The monitor itself: whether it polls, on time and within its budget, tells what it finds, and what a scrape costs."""

from __future__ import annotations

from typing import Final

from tests.deploy.grafana.dashboard import PLACE, PROJECT, TARGET, Dashboard, Row
from tests.deploy.grafana.fleet import WINDOW
from tests.deploy.grafana.panels import GOOD_WHEN_ZERO, GREEN, RED, YELLOW, Query, bars, graph, stat, steps
from tests.deploy.grafana.statuses import painted

SEVERITIES: Final = {"info": "#8AB8FF", "warning": "#F2CC0C", "error": "#FF780A", "critical": "#E02F44"}

RATE: Final = "[$__rate_interval]"


def quantile(part: float, histogram: str, by: str = "") -> str:
    """The time within which this part of the events was done."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({part}, sum by ({labels}) (rate({histogram}_bucket{{{TARGET}}}{RATE})))"


def increase(metric: str, where: str, by: str) -> str:
    """How often, where it was at all."""
    return f"round(sum by ({by}) (increase({metric}{{{where}}}{RATE}))) > 0"


NOW: Final = (
    stat(
        "Monitors that answer",
        "Targets of Prometheus that were scraped.",
        Query(f"sum(up{{{TARGET}}})"),
        colors=steps((1, GREEN), base=RED),
    ),
    stat(
        "Version",
        "Which version of the monitor answers.",
        Query(f"count by (version) (rekognition_monitor_build_info{{{TARGET}}})", "{{version}}"),
        text="name",
    ),
    stat(
        "Started",
        "How long ago the monitor was started; the latest of several.",
        Query(f"time() - max(process_start_time_seconds{{{TARGET}}})"),
        unit="s",
    ),
    stat(
        "Configuration refused",
        "Monitors whose configuration on the disk was refused at the last reload.",
        Query(f"count(rekognition_monitor_config_last_reload_successful{{{TARGET}}} == 0) or vector(0)"),
        colors=GOOD_WHEN_ZERO,
    ),
    stat(
        "Database",
        "The size of the monitor's database; the largest of several.",
        Query(f"max(rekognition_monitor_state_size_bytes{{{TARGET}}})"),
        unit="bytes",
    ),
    stat(
        "Failed transactions",
        "Transactions that the database did not take since the start: a full disk, say. Nothing is lost.",
        Query(f"sum(rekognition_monitor_commit_failures_total{{{TARGET}}})"),
        colors=GOOD_WHEN_ZERO,
    ),
    stat(
        "Unreachable projects",
        "Projects whose last poll failed.",
        Query(f"count(rekognition_project_up{{{PROJECT}}} == 0) or vector(0)"),
        colors=GOOD_WHEN_ZERO,
    ),
    stat(
        "Oldest knowledge",
        "How long ago the project that waits longest was listed whole.",
        Query(f"time() - min(rekognition_project_last_success_timestamp_seconds{{{PROJECT}}})"),
        unit="s",
    ),
    stat(
        "Malformed versions",
        "Versions in AWS's answers that could not be read and were left out, since the start.",
        Query(f"sum(rekognition_project_malformed_versions_total{{{PROJECT}}})"),
        colors=GOOD_WHEN_ZERO,
    ),
    stat(
        "Deliveries that wait",
        "Deliveries that a sink has not accepted yet, over all sinks.",
        Query(f"sum(rekognition_monitor_outbox_pending{{{TARGET}}})"),
        colors=steps((1, YELLOW), (100, RED)),
    ),
    stat(
        "Deliveries given up",
        "Deliveries that were given up since the start. They are kept and can be tried again.",
        Query(f"sum(rekognition_monitor_deliveries_dead_total{{{TARGET}}})"),
        colors=GOOD_WHEN_ZERO,
    ),
    stat(
        "Sinks that stopped",
        "Sinks whose far end wants nothing more, and is asked nothing until the next reload.",
        Query(f"sum(rekognition_monitor_sink_stopped{{{TARGET}}})"),
        colors=GOOD_WHEN_ZERO,
    ),
)

POLLS: Final = (
    graph(
        "Polls",
        "Polls a second, and those of them that failed.",
        Query(f"sum(rate(rekognition_project_polls_total{{{PROJECT}}}{RATE}))", "polls"),
        Query(f"sum(rate(rekognition_project_poll_failures_total{{{PROJECT}}}{RATE}))", "failed"),
        unit="cps",
        width=8,
    ),
    graph(
        "Polls that failed, by reason",
        f"Which faults there were, in which project. {WINDOW}",
        Query(
            increase("rekognition_project_poll_failures_total", PROJECT, "project, reason"), "{{project}}: {{reason}}"
        ),
        events=True,
        width=8,
    ),
    bars(
        "Age of what is known",
        "How long ago each project was last listed whole.",
        Query(
            f"time() - max by (aws_region, project) (rekognition_project_last_success_timestamp_seconds{{{PROJECT}}})",
            "{{project}} {{aws_region}}",
        ),
        unit="s",
    ),
    graph(
        "Duration of polls",
        "From the first call to AWS to the commit: half of the polls, and 99 of 100, took at most this long.",
        Query(quantile(0.5, "rekognition_monitor_poll_duration_seconds"), "half"),
        Query(quantile(0.99, "rekognition_monitor_poll_duration_seconds"), "99 %"),
        unit="s",
        width=8,
    ),
    graph(
        "Lateness of polls",
        "How long after their time half of the polls, and 99 of 100, began at the latest.",
        Query(quantile(0.5, "rekognition_monitor_poll_lateness_seconds"), "half"),
        Query(quantile(0.99, "rekognition_monitor_poll_lateness_seconds"), "99 %"),
        unit="s",
        width=8,
    ),
    graph(
        "Cadence",
        "How long until each project is polled again. Longer than configured while polls fail or the budget is short.",
        Query(
            f"max by (aws_region, project) (rekognition_project_poll_interval_seconds{{{PROJECT}}})",
            "{{project}} {{aws_region}}",
        ),
        unit="s",
        width=8,
    ),
)

CALLS: Final = (
    graph(
        "Budget used",
        "Calls to AWS as a part of those that the monitor allows itself in each account and region, retries included.",
        Query(
            "sum by (job, instance, aws_account_id, aws_region) "
            f"(rate(rekognition_monitor_aws_requests_total{{{PLACE}}}{RATE}))\n"
            f"  / rekognition_monitor_aws_calls_per_second_limit{{{PLACE}}}",
            "{{aws_account_id}} {{aws_region}}",
        ),
        unit="percentunit",
        width=8,
    ),
    graph(
        "Calls a second allowed",
        "What the monitor allows itself at present. Halved when AWS throttles, and won back slowly.",
        Query(
            f"min by (aws_account_id, aws_region) (rekognition_monitor_aws_calls_per_second_limit{{{PLACE}}})",
            "{{aws_account_id}} {{aws_region}}",
        ),
        unit="reqps",
        width=8,
    ),
    graph(
        "Calls that failed",
        f"Calls to AWS that failed, by AWS's error code or the network's fault. {WINDOW}",
        Query(increase("rekognition_monitor_aws_request_failures_total", PLACE, "code"), "{{code}}"),
        events=True,
        width=8,
    ),
)

DELIVERIES: Final = (
    graph(
        "Events",
        f"Events that were stored, by severity. {WINDOW}",
        Query(increase("rekognition_monitor_events_total", TARGET, "severity"), "{{severity}}"),
        events=True,
        overrides=painted(SEVERITIES),
        width=8,
    ),
    graph(
        "Deliveries",
        "Events that each sink accepted, a second.",
        Query(f"sum by (sink) (rate(rekognition_monitor_deliveries_total{{{TARGET}}}{RATE}))", "{{sink}}"),
        unit="cps",
        width=8,
    ),
    graph(
        "Delivery latency",
        "How long after it was stored a sink accepted an event: 95 of 100 within this time.",
        Query(quantile(0.95, "rekognition_monitor_delivery_latency_seconds", "sink"), "{{sink}}"),
        unit="s",
        width=8,
    ),
    graph(
        "Outbox",
        "Deliveries that wait for each sink.",
        Query(f"sum by (sink) (rekognition_monitor_outbox_pending{{{TARGET}}})", "{{sink}}"),
        width=8,
    ),
    graph(
        "Oldest delivery that waits",
        "For how long it has waited, by sink; nothing where none waits.",
        Query(
            f"time() - min by (sink) (rekognition_monitor_outbox_oldest_pending_timestamp_seconds{{{TARGET}}})",
            "{{sink}}",
        ),
        unit="s",
        width=8,
    ),
    graph(
        "Attempts that failed",
        f"Attempts to deliver that a sink did not accept, by reason. {WINDOW}",
        Query(increase("rekognition_monitor_delivery_failures_total", TARGET, "sink, reason"), "{{sink}}: {{reason}}"),
        events=True,
        width=8,
    ),
)

PROCESS: Final = (
    graph(
        "Duration of a scrape",
        "How long Prometheus waited for the answer.",
        Query(f"scrape_duration_seconds{{{TARGET}}}", "{{instance}}"),
        unit="s",
        width=6,
    ),
    graph(
        "Samples in a scrape",
        "How many series the monitor exposes.",
        Query(f"scrape_samples_scraped{{{TARGET}}}", "{{instance}}"),
        width=6,
    ),
    graph(
        "Processor",
        "Processor time that the monitor uses, of one core.",
        Query(f"rate(process_cpu_seconds_total{{{TARGET}}}{RATE})", "{{instance}}"),
        unit="percentunit",
        width=6,
    ),
    graph(
        "Memory",
        "Resident memory of the monitor.",
        Query(f"process_resident_memory_bytes{{{TARGET}}}", "{{instance}}"),
        unit="bytes",
        width=6,
    ),
)

ITSELF: Final = Dashboard(
    uid="rekognition-monitor",
    title="Rekognition / Monitor",
    description="Whether the monitor polls, on time and within its budget, tells what it finds, and what it costs.",
    rows=(
        Row("Now", NOW),
        Row("Polls", POLLS),
        Row("Calls to AWS", CALLS),
        Row("Deliveries", DELIVERIES),
        Row("Scrapes and process", PROCESS),
    ),
    annotation="Restarts",
    moves=f"sum by (instance) (changes(process_start_time_seconds{{{TARGET}}}{RATE})) > 0",
    move="{{instance}} was started",
)
