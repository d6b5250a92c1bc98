"""The kinds of value that settings have, each read and checked in one place.

A check raises ValueError with what is said after the value: `"x" ` + `is not a duration: write …`. It does not repeat
the value, which may come from the environment.
"""

from __future__ import annotations

import re
from datetime import timedelta
from math import isfinite
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from monitor.config.duration import PATTERN as DURATION_PATTERN
from monitor.config.duration import format_duration, read_duration
from monitor.config.event_types import expand, words
from monitor.domain.project import is_version_arn, parse_project

OWN_LABELS: Final = frozenset(
    {
        "aws_account_id",
        "aws_region",
        "base_model_version",
        "feature",
        "project",
        "project_arn",
        "source_version_arn",
        "status",
        "version",
        "version_arn",
    }
)
"""Labels that the metrics have already."""

TARGET_LABELS: Final = frozenset({"instance", "job", "le", "quantile"})
"""Labels that Prometheus gives to a target, a histogram or a summary."""

_HIGHEST_PORT: Final = 65535
_LABEL_NAME: Final = r"[a-zA-Z_][a-zA-Z0-9_]*"
_SINK_NAME: Final = r"[a-z0-9][a-z0-9_-]{0,62}"
_STATUS: Final = r"[A-Z][A-Z_]{0,63}"
_LISTEN: Final = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<host>[a-zA-Z0-9._-]+)):(?P<port>\d{1,5})", re.ASCII)
_ARN_PATTERN: Final = r"^arn:[a-z0-9-]+:rekognition:[a-z0-9-]+:[0-9]{12}:project/[a-zA-Z0-9_.\-]{1,255}/[0-9]+$"
"""For editors only; `monitor.domain.project` decides."""
_ARN_EXAMPLE: Final = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"


def check_arn(text: str) -> str:
    """*text*, the ARN of a project (aws.md's pattern: Rekognition API Reference, ProjectArn)."""
    if is_version_arn(text):
        raise ValueError(
            "is the ARN of a version, and the project's cannot be made from it (the digits at the end differ): "
            "take the project's own from `aws rekognition describe-projects`"
        )
    try:
        parse_project(text)
    except ValueError:
        raise ValueError(f"is not the ARN of a Rekognition project: {_arn_fault(text)}") from None
    return text


def _arn_fault(text: str) -> str:
    parts = text.split(":", 5)
    if len(parts) == 6 and parts[:1] == ["arn"]:  # noqa: PLR2004 - arn:partition:service:region:account:resource
        if parts[2] != "rekognition":
            return "its third part, the service, is not `rekognition`"
        if not re.fullmatch(r"\d{12}", parts[4], re.ASCII):
            return "the account is 12 digits"
        if re.fullmatch(r"project/[^/]+/?", parts[5]):
            return "the digits at the end, the time of the project's creation, are missing"
    return f"it looks like {_ARN_EXAMPLE}"


def split_listen(text: str) -> tuple[str, int]:
    """The host and the port of `HOST:PORT`, an IPv6 host in brackets. Raises ValueError for another text."""
    match = _LISTEN.fullmatch(text)
    if match is None:
        if text.count(":") > 1 and "[" not in text:
            raise ValueError("has an IPv6 host without brackets: write it as in [::1]:10417")
        if re.fullmatch(r":\d{1,5}", text, re.ASCII):
            raise ValueError(f"has no host: write 127.0.0.1{text}, or 0.0.0.0{text} for every address")
        raise ValueError("is not HOST:PORT: write it as in 127.0.0.1:10417, or [::1]:10417 for IPv6")
    port = int(match["port"])
    if port > _HIGHEST_PORT:
        raise ValueError(f"has a port above {_HIGHEST_PORT}: choose a lower one")
    return match["v6"] or match["host"], port


def check_listen(text: str) -> str:
    split_listen(text)
    return text


def check_state_url(text: str) -> str:
    if text.startswith(("postgresql:", "postgresql+", "postgres:")):
        raise ValueError("is PostgreSQL, which is not supported yet: write sqlite:///PATH")
    path = text.removeprefix("sqlite:///")
    if not text.startswith("sqlite:///") or not path:
        raise ValueError(
            "is not a database URL: write sqlite:/// and a path, as in sqlite:////var/lib/monitor/state.db"
        )
    if "?" in path:
        raise ValueError("has parameters after `?`, which are not supported: take them out")
    if path.startswith((":memory:", "file:")):
        raise ValueError("is a database in memory, which would forget everything at a restart: name a file")
    return text


def check_http_url(text: str) -> str:
    try:
        parts = urlsplit(text)  # it and the port raise ValueError for brackets and numbers that do not fit
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"[\s\x00-\x20]", text):
        raise ValueError("is not an http or https URL: write it as in http://127.0.0.1:4566")
    return text


def check_label_name(text: str) -> str:
    if not re.fullmatch(_LABEL_NAME, text):
        raise ValueError("is not a label name: use letters, digits and _, and begin with a letter")
    if text.startswith("__") or text in TARGET_LABELS:
        raise ValueError("is a label that Prometheus keeps for itself: choose another name")
    if text in OWN_LABELS:
        raise ValueError("is a label that the metrics have already: choose another name")
    return text


def check_sink_name(text: str) -> str:
    if not re.fullmatch(_SINK_NAME, text):
        raise ValueError("is not a sink's name: use small letters, digits, - and _ (63 at most)")
    return text


def check_status(text: str) -> str:
    if not re.fullmatch(_STATUS, text):
        raise ValueError("is not a status: write it as AWS does, as in RUNNING")
    return text


def check_event_type(text: str) -> str:
    if not expand(text):
        raise ValueError("is not a type of event: use " + ", ".join(words()[:6]))
    return text


def check_text(text: str) -> str:
    """*text*, if it has a character and all can be seen."""
    if not text.strip():
        raise ValueError("is empty: write a text, or take the key out")
    if not text.isprintable():
        raise ValueError("holds a character that cannot be seen: take it out")
    return text


def read_number(value: object) -> object:
    """*value*, unless Python would take it for a number and people would not: true is 1 to it, and .nan a float."""
    if isinstance(value, bool):
        raise ValueError("is a truth value: write a number")  # noqa: TRY004 - pydantic collects ValueErrors
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("is not a number: write one, as in 0.5")
    return value


def read_listen(value: object) -> object:
    """*value*, unless it is a port alone, which YAML reads as a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        told = f"has no host: write 127.0.0.1:{value}, or 0.0.0.0:{value} for every address"
        raise ValueError(told)  # noqa: TRY004 - pydantic collects ValueErrors
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{DURATION_PATTERN}$"}),
]
Count = Annotated[int, BeforeValidator(read_number)]
Number = Annotated[float, BeforeValidator(read_number), Field(allow_inf_nan=False)]
Text = Annotated[str, AfterValidator(check_text)]
ProjectArn = Annotated[str, AfterValidator(check_arn), Field(json_schema_extra={"pattern": _ARN_PATTERN})]
Listen = Annotated[str, BeforeValidator(read_listen), AfterValidator(check_listen)]
StateUrl = Annotated[str, AfterValidator(check_text), AfterValidator(check_state_url)]
HttpUrl = Annotated[str, AfterValidator(check_http_url)]
LabelName = Annotated[str, AfterValidator(check_label_name)]
SinkName = Annotated[str, AfterValidator(check_sink_name), Field(json_schema_extra={"pattern": f"^{_SINK_NAME}$"})]
StatusWord = Annotated[str, AfterValidator(check_status), Field(json_schema_extra={"pattern": f"^{_STATUS}$"})]
EventType = Annotated[str, AfterValidator(check_event_type), WithJsonSchema({"type": "string", "enum": list(words())})]
