"""The addresses of the API, in one table: for the routes, and for the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.web.api import bodies, parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.web.api.asked import Asked
    from monitor.web.api.parameters import Parameter
    from monitor.web.ports import Ports

BASE: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address.

    Attributes:
        path: Below `BASE`; a `{arn}` in it stands for an ARN with its slashes.
        schema: The name of what it answers.
        query: The parameters that it takes.
        body: Makes the answer.
        stored: It reads the database.
    """

    path: str
    name: str
    summary: str
    description: str
    schema: str
    body: Callable[[Ports, Asked], bytes]
    query: tuple[Parameter, ...] = ()
    stored: bool = False


EVENTS: Final = Operation(
    path="/events",
    name="events",
    summary="What happened",
    description="The stored events that fit, as they are sent to sinks: CloudEvents 1.0. They are kept for "
    "`state.keep_events`. With `Accept: text/event-stream` or `stream=true`, those to come, as they are stored.",
    schema="Events",
    body=bodies.events,
    query=parameters.FOR_EVENTS,
    stored=True,
)

OPERATIONS: Final = (
    Operation(
        path="/projects",
        name="projects",
        summary="The projects, and how their polls go",
        description="Every watched project that fits, in the order in which they were first shown.",
        schema="Projects",
        body=bodies.projects,
        query=parameters.FOR_PROJECTS,
    ),
    Operation(
        path="/versions",
        name="versions",
        summary="The versions, and their statuses",
        description="The watched versions that fit, in the order of their ARNs: every field that AWS gave, in the "
        "words of the events.",
        schema="Versions",
        body=bodies.versions,
        query=parameters.FOR_VERSIONS,
    ),
    Operation(
        path="/versions/{arn}",
        name="version",
        summary="One version, whole",
        description="A version as it is, or as it was last when it is watched no longer; the newest events about it, "
        "and what became of their deliveries.",
        schema="VersionDetail",
        body=bodies.version,
        query=parameters.FOR_VERSION,
        stored=True,
    ),
    EVENTS,
    Operation(
        path="/timeline",
        name="timeline",
        summary="The statuses of versions over a time",
        description="For each version that fits the spans of its statuses from `since` (a day before `until` unless "
        "given) to `until` (now, at the latest), with `status: null` where the monitor could not see, and the changes "
        "in between. Versions that are gone are told about when `version` is their ARN.",
        schema="Timelines",
        body=bodies.timeline,
        query=parameters.FOR_TIMELINE,
        stored=True,
    ),
    Operation(
        path="/faults",
        name="faults",
        summary="What polls fail with now",
        description="The projects that fit and whose last poll failed, with what it means and what to do. A project "
        "whose name is `*` stands for the list of projects of its account and region.",
        schema="Faults",
        body=bodies.faults,
        query=parameters.FOR_PROJECTS,
    ),
    Operation(
        path="/sinks",
        name="sinks",
        summary="How deliveries go",
        description="Every sink: the configured ones in their order, then those that left deliveries behind.",
        schema="Sinks",
        body=bodies.sinks,
        stored=True,
    ),
)
