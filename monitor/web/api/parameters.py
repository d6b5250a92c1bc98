"""What a request can say, once for those who read it and for the OpenAPI document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from monitor.config.duration import PATTERN as DURATION
from monitor.config.event_types import words
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_POSITION: Final = 2**63 - 1
MOST_VALUES: Final = 50
"""How often one parameter may be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter.

    Attributes:
        schema: What each value has to be, in JSON Schema: an integer, a boolean or a string.
        must: The same in words, for who got it wrong: "it has to be …".
        many: Whether it may be given several times; one of the values has to fit.
        place: `query`, `header` or `path`.
    """

    name: str
    schema: Mapping[str, Any]
    description: str
    must: str
    many: bool = False
    place: str = "query"

    def wrong(self, text: str) -> str | None:
        """Why *text* is no value of it; None when it is one."""
        return None if _fits(self.schema, text) else f"{self.name} is {text!r}: it has to be {self.must}"


def _fits(schema: Mapping[str, Any], text: str) -> bool:
    if schema["type"] == "integer":
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(schema["maximum"]))
        return digits and schema["minimum"] <= int(text) <= schema["maximum"]
    if schema["type"] == "boolean":
        return text in ("true", "false")
    if "enum" in schema:
        return text in schema["enum"]
    long_enough = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    return long_enough and re.search(schema.get("pattern", ""), text) is not None


def _text(most: int, pattern: str | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": most}
    return schema if pattern is None else {**schema, "pattern": pattern}


def _number(least: int, most: int, default: int | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return schema if default is None else {**schema, "default": default}


def _whole(least: int, most: int) -> str:
    return f"a whole number from {least} to {most}"


_MOMENT: Final = {
    "type": "string",
    "maxLength": 64,
    "anyOf": [{"format": "date-time"}, {"format": "date"}, {"pattern": f"^{DURATION}$"}],
    "examples": ["2026-11-21T18:00:00Z", "2026-11-21", "2h"],
}
_MOMENT_WORDS: Final = "a time (2026-11-21T18:00:00Z), a date (2026-11-21) or a duration back from now (30m, 2h, 7d)"
_STATUS: Final = _text(128)

PROJECT: Final = Parameter(
    name="project",
    schema=_text(512),
    must="a name or an ARN of 1 to 512 characters",
    description="Name or ARN of the project, with the wildcards `*`, `?` and `[]`.",
    many=True,
)
VERSION: Final = Parameter(
    name="version",
    schema=_text(1024),
    must="a name or an ARN of 1 to 1024 characters",
    description="Name or ARN of the version, with the wildcards `*`, `?` and `[]`.",
    many=True,
)
ACCOUNT: Final = Parameter(
    name="account",
    schema=_text(12, r"^[0-9]{12}$"),
    must="an account id, 12 digits",
    description="Id of the account.",
    many=True,
)
REGION: Final = Parameter(
    name="region",
    schema=_text(64, r"^[a-z0-9-]+$"),
    must="the name of a region, as in us-east-1",
    description="Name of the region.",
    many=True,
)
LABEL: Final = Parameter(
    name="label",
    schema=_text(512, r"^[a-zA-Z_][a-zA-Z0-9_]*=.*$"),
    must="NAME=VALUE",
    description="A label of the project, as `NAME=VALUE`. Of several, each has to fit.",
    many=True,
)
STATUS: Final = Parameter(
    name="status",
    schema=_STATUS,
    must="a status of 1 to 128 characters, as in RUNNING",
    description="The status that the version has now, as AWS writes it.",
    many=True,
)
TYPE: Final = Parameter(
    name="type",
    schema={"type": "string", "enum": list(words())},
    must="a type of event or its last part, as in status_changed",
    description="Type of the event: whole, without `rekognition.`, or its last part, which stands for every type that "
    "ends so.",
    many=True,
)
SEVERITY: Final = Parameter(
    name="severity",
    schema={"type": "string", "enum": [severity.word for severity in Severity]},
    must="info, warning, error or critical",
    description="This severity or a graver one.",
)
FROM: Final = Parameter(
    name="from",
    schema=_STATUS,
    must=STATUS.must,
    description="The status that a change was from. Only changes of status have one.",
)
TO: Final = Parameter(
    name="to",
    schema=_STATUS,
    must=STATUS.must,
    description="The status that a change was to. Only changes of status have one.",
)
TEXT: Final = Parameter(
    name="text",
    schema=_text(256),
    must="1 to 256 characters",
    description="Words that all have to occur in the event's summary, or in the ARN, labels, status, message, "
    "description, feature, base model or source of the project or version, in whatever case.",
)
SINCE: Final = Parameter(
    name="since",
    schema=_MOMENT,
    must=_MOMENT_WORDS,
    description="Only what happened at this time or later: a time, a date, or a duration back from now. UTC unless it "
    "says otherwise.",
)
UNTIL: Final = Parameter(
    name="until",
    schema=_MOMENT,
    must=_MOMENT_WORDS,
    description="Only what happened before this time, written as `since` is.",
)
AFTER: Final = Parameter(
    name="after",
    schema=_number(0, MAX_POSITION),
    must=_whole(0, MAX_POSITION),
    description="Only events stored after this position: the `next` of the answer before, or the `id` of the stream.",
)
BEFORE: Final = Parameter(
    name="before",
    schema=_number(0, MAX_POSITION),
    must=_whole(0, MAX_POSITION),
    description="Only events stored before this position: the `next` of the answer before in the order newest.",
)
ORDER: Final = Parameter(
    name="order",
    schema={"type": "string", "enum": ["oldest", "newest"], "default": "oldest"},
    must="oldest or newest",
    description="Which come first. `next` goes on the same way: as `after` for the oldest, as `before` for the newest.",
)
LIMIT: Final = Parameter(
    name="limit",
    schema=_number(1, 1000, 100),
    must=_whole(1, 1000),
    description="At most so many.",
)
VERSIONS_LIMIT: Final = Parameter(
    name="limit",
    schema=_number(1, 10_000, 1000),
    must=_whole(1, 10_000),
    description="At most so many.",
)
AFTER_ARN: Final = Parameter(
    name="after",
    schema=_text(2048),
    must="the ARN of a version, at most 2048 characters",
    description="Only versions whose ARN comes after this one: the `next` of the answer before.",
)
STREAM: Final = Parameter(
    name="stream",
    schema={"type": "boolean", "default": False},
    must="true or false",
    description="`true` asks for server-sent events, as `Accept: text/event-stream` does: those that are stored from "
    "now on, or after `after` or `Last-Event-ID`. `before`, `order`, `limit` and `until` have no meaning then.",
)
LAST_EVENT_ID: Final = Parameter(
    name="Last-Event-ID",
    schema=_number(0, MAX_POSITION),
    must=_whole(0, MAX_POSITION),
    description="Where a stream goes on that was cut off; browsers send it by themselves. Comes before `after`.",
    place="header",
)
ARN: Final = Parameter(
    name="arn",
    schema=_text(2048),
    must="the ARN of a version",
    description="The version's ARN, its slashes as they are or percent-encoded.",
    place="path",
)

PLACES: Final = (PROJECT, ACCOUNT, REGION, LABEL)
FOR_PROJECTS: Final = PLACES
FOR_VERSIONS: Final = (*PLACES, VERSION, STATUS, AFTER_ARN, VERSIONS_LIMIT)
FOR_VERSION: Final = (LIMIT,)
FOR_TIMELINE: Final = (*PLACES, VERSION, STATUS, SINCE, UNTIL, AFTER_ARN, LIMIT)
FOR_EVENTS: Final = (
    *(*PLACES, VERSION, TYPE, SEVERITY, FROM, TO, TEXT, SINCE, UNTIL),
    *(AFTER, BEFORE, ORDER, LIMIT, STREAM),
)
