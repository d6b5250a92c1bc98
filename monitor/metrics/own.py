"""The metrics of the monitor about itself, described. `instruments` makes and moves them."""

from __future__ import annotations

from typing import Final

from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from monitor.metrics.description import Description, Kind

_ENDPOINT: Final = ("aws_account_id", "aws_region")
_PLACE: Final = (*_ENDPOINT, "account")

EVENT_SEVERITIES: Final = {
    EventType.VERSION_APPEARED: tuple(Severity),
    EventType.VERSION_STATUS_CHANGED: tuple(Severity),
    EventType.VERSION_UPDATED: (Severity.INFO,),
    EventType.VERSION_DISAPPEARED: (Severity.INFO, Severity.CRITICAL),
    EventType.PROJECT_APPEARED: (Severity.INFO,),
    EventType.PROJECT_DISAPPEARED: (Severity.INFO,),
    EventType.PROJECT_UNREACHABLE: (Severity.ERROR,),
    EventType.PROJECT_RECOVERED: (Severity.INFO,),
}
"""The severities that each type of event can have: these series start at 0."""

POLL_DURATION: Final = Description(
    name="rekognition_monitor_poll_duration_seconds",
    kind=Kind.HISTOGRAM,
    help="How long polls took, from the first call to AWS to the commit",
    example="histogram_quantile(0.99, sum by (le) (rate(rekognition_monitor_poll_duration_seconds_bucket[5m])))",
)
POLL_LATENESS: Final = Description(
    name="rekognition_monitor_poll_lateness_seconds",
    kind=Kind.HISTOGRAM,
    help="How long after their time polls began",
    example="histogram_quantile(0.99, sum by (le) (rate(rekognition_monitor_poll_lateness_seconds_bucket[5m])))",
)
AWS_REQUESTS: Final = Description(
    name="rekognition_monitor_aws_requests_total",
    kind=Kind.COUNTER,
    labels=(*_ENDPOINT, "operation"),
    help="Calls to AWS, every attempt counted, retries too",
    example="sum by (aws_account_id, aws_region) (rate(rekognition_monitor_aws_requests_total[5m]))",
)
AWS_REQUEST_FAILURES: Final = Description(
    name="rekognition_monitor_aws_request_failures_total",
    kind=Kind.COUNTER,
    labels=(*_ENDPOINT, "operation", "code"),
    help="Calls to AWS that failed, by AWS's error code or the network's fault",
    notes="A code appears when it is first seen: AWS's codes are no closed set.",
    example="sum by (code) (increase(rekognition_monitor_aws_request_failures_total[1h])) > 0",
)
AWS_CALLS_LIMIT: Final = Description(
    name="rekognition_monitor_aws_calls_per_second_limit",
    kind=Kind.GAUGE,
    labels=_ENDPOINT,
    help="The calls a second that the monitor allows itself at present",
    notes="Halved when AWS throttles, and won back slowly.",
    example="sum by (aws_account_id, aws_region) (rate(rekognition_monitor_aws_requests_total[5m]))\n"
    "  / rekognition_monitor_aws_calls_per_second_limit",
)
DISCOVERY_UP: Final = Description(
    name="rekognition_discovery_up",
    kind=Kind.GAUGE,
    labels=_PLACE,
    help="Whether the last attempt to list the projects of the account and region succeeded",
    notes="From the first attempt on, also where none has ever succeeded. `account` is the name in the configuration; "
    "`aws_account_id` is empty while only AWS could say it, and has not.",
    example="max_over_time(rekognition_discovery_up[15m]) == 0",
)
DISCOVERY_PROJECTS: Final = Description(
    name="rekognition_discovery_projects",
    kind=Kind.GAUGE,
    labels=_PLACE,
    help="Projects that were found in the account and region and are watched",
    example="sum by (account) (rekognition_discovery_projects)",
)
DISCOVERY_LAST_SUCCESS: Final = Description(
    name="rekognition_discovery_last_success_timestamp_seconds",
    kind=Kind.GAUGE,
    labels=_PLACE,
    help="When the projects of the account and region were last listed whole",
    notes="Absent before the first success of the process.",
    example="time() - rekognition_discovery_last_success_timestamp_seconds",
)
DISCOVERIES: Final = Description(
    name="rekognition_discovery_attempts_total",
    kind=Kind.COUNTER,
    labels=_PLACE,
    help="Attempts to list the projects of the account and region",
    example="sum by (account) (increase(rekognition_discovery_attempts_total[1d]))",
)
DISCOVERY_FAILURES: Final = Description(
    name="rekognition_discovery_failures_total",
    kind=Kind.COUNTER,
    labels=(*_PLACE, "reason"),
    help="Those of them that failed, by the reason",
    notes="A reason appears when it is first seen.",
    example="sum by (account, reason) (increase(rekognition_discovery_failures_total[1h])) > 0",
)
EVENTS: Final = Description(
    name="rekognition_monitor_events_total",
    kind=Kind.COUNTER,
    labels=("type", "severity"),
    help="Events that were stored since the monitor began",
    notes="Every pair that can occur starts at 0.",
    example='increase(rekognition_monitor_events_total{severity="critical"}[1h]) > 0',
)
COMMIT_FAILURES: Final = Description(
    name="rekognition_monitor_commit_failures_total",
    kind=Kind.COUNTER,
    help="Transactions that the database did not take",
    notes="A full disk, say. The poll is made again, nothing is lost.",
    example="increase(rekognition_monitor_commit_failures_total[15m]) > 0",
)
DELIVERIES: Final = Description(
    name="rekognition_monitor_deliveries_total",
    kind=Kind.COUNTER,
    labels=("sink",),
    help="Events that the sink accepted",
    example="sum by (sink) (rate(rekognition_monitor_deliveries_total[5m]))",
)
DELIVERY_FAILURES: Final = Description(
    name="rekognition_monitor_delivery_failures_total",
    kind=Kind.COUNTER,
    labels=("sink", "reason"),
    help="Attempts to deliver that the sink did not accept",
    example="sum by (sink, reason) (increase(rekognition_monitor_delivery_failures_total[15m])) > 0",
)
DELIVERIES_DEAD: Final = Description(
    name="rekognition_monitor_deliveries_dead_total",
    kind=Kind.COUNTER,
    labels=("sink",),
    help="Deliveries that were given up",
    notes="They are kept: `rekognition-monitor outbox` lists them and tries them again.",
    example="increase(rekognition_monitor_deliveries_dead_total[1h]) > 0",
)
DELIVERY_LATENCY: Final = Description(
    name="rekognition_monitor_delivery_latency_seconds",
    kind=Kind.HISTOGRAM,
    labels=("sink",),
    help="How long after the poll that saw it the sink accepted an event",
    example="histogram_quantile(0.95,\n"
    "  sum by (sink, le) (rate(rekognition_monitor_delivery_latency_seconds_bucket[15m])))",
)
SINK_STOPPED: Final = Description(
    name="rekognition_monitor_sink_stopped",
    kind=Kind.GAUGE,
    labels=("sink",),
    help="Whether the sink said that it wants nothing more, and is asked nothing until the next reload",
    example="rekognition_monitor_sink_stopped == 1",
)
OUTBOX_PENDING: Final = Description(
    name="rekognition_monitor_outbox_pending",
    kind=Kind.GAUGE,
    labels=("sink",),
    help="Deliveries that wait for the sink",
    example="max_over_time(rekognition_monitor_outbox_pending[5m]) > 100",
)
OUTBOX_OLDEST: Final = Description(
    name="rekognition_monitor_outbox_oldest_pending_timestamp_seconds",
    kind=Kind.GAUGE,
    labels=("sink",),
    help="When the oldest delivery that waits for the sink was stored",
    notes="Absent while none waits.",
    example="time() - rekognition_monitor_outbox_oldest_pending_timestamp_seconds > 900",
)
BUILD_INFO: Final = Description(
    name="rekognition_monitor_build_info",
    kind=Kind.GAUGE,
    labels=("version",),
    help="The version of the monitor, always 1",
    notes="`python_info` has that of Python.",
    example="count by (version) (rekognition_monitor_build_info)",
)
RELOAD_SUCCESSFUL: Final = Description(
    name="rekognition_monitor_config_last_reload_successful",
    kind=Kind.GAUGE,
    help="Whether the last attempt to load the configuration succeeded",
    example="max_over_time(rekognition_monitor_config_last_reload_successful[5m]) == 0",
)
RELOAD_SUCCESS_TIME: Final = Description(
    name="rekognition_monitor_config_last_reload_success_timestamp_seconds",
    kind=Kind.GAUGE,
    help="When the configuration was last loaded with success",
    example="time() - rekognition_monitor_config_last_reload_success_timestamp_seconds",
)
STATE_SIZE: Final = Description(
    name="rekognition_monitor_state_size_bytes",
    kind=Kind.GAUGE,
    help="The size of the database",
    notes="Absent while it cannot be told.",
    example="predict_linear(rekognition_monitor_state_size_bytes[1d], 86400 * 30)",
)

OWN: Final = (
    POLL_DURATION,
    POLL_LATENESS,
    AWS_REQUESTS,
    AWS_REQUEST_FAILURES,
    AWS_CALLS_LIMIT,
    DISCOVERY_UP,
    DISCOVERY_PROJECTS,
    DISCOVERY_LAST_SUCCESS,
    DISCOVERIES,
    DISCOVERY_FAILURES,
    EVENTS,
    COMMIT_FAILURES,
    DELIVERIES,
    DELIVERY_FAILURES,
    DELIVERIES_DEAD,
    DELIVERY_LATENCY,
    SINK_STOPPED,
    OUTBOX_PENDING,
    OUTBOX_OLDEST,
    BUILD_INFO,
    RELOAD_SUCCESSFUL,
    RELOAD_SUCCESS_TIME,
    STATE_SIZE,
)
"""In the order of the exposition and of the reference."""
