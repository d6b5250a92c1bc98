"""The shapes of what the API answers, in JSON Schema 2020-12, as OpenAPI 3.1 has them.

Clients bear members that are not named here: AWS adds fields, and so may this program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from monitor.config.event_types import TYPES
from monitor.domain.delivery import DeliveryState
from monitor.domain.fault import Reason
from monitor.domain.lifecycle import MoveKind
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """The component of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, about: str = "") -> Schema:
    shape: Schema = {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }
    return {"description": about, **shape} if about else shape


def _text(about: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": about} if about else {}), **more}


def _one_of(words: Iterable[str], about: str = "") -> Schema:
    return _text(about, enum=list(words))


def _number(about: str = "", kind: str = "integer", **more: Any) -> Schema:
    return {"type": kind, **({"description": about} if about else {}), **more}


def _list(item: Schema, about: str = "") -> Schema:
    return {"type": "array", "items": item, **({"description": about} if about else {})}


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _time(about: str = "") -> Schema:
    return _text(about, format="date-time")


_FLAG: Final[Schema] = {"type": "boolean"}
_COUNT: Final = _number(minimum=0)
_STATUS: Final = _text("The status as AWS writes it; the set is open.")
_URL: Final = _or_null(_text("AWS's console; null in a partition whose console is not known.", format="uri"))

_PLACE: Final[Mapping[str, Schema]] = {
    "account_id": _text(pattern="^[0-9]{12}$"),
    "region": _text(),
    "project": ref("Project"),
}

_OF_AWS: Final[Mapping[str, Schema]] = {
    "status_message": _text("Free text of AWS."),
    "creation_timestamp": _time(),
    "training_end_timestamp": _time(),
    "billable_training_time_in_seconds": _number(),
    "f1_score": _or_null(_number("0 to 1", "number")),
    "evaluation_summary": ref("S3Object"),
    "min_inference_units": _number(),
    "max_inference_units": _number(),
    "output_config": _object({}, {"s3_bucket": _text(), "s3_key_prefix": _text()}),
    "training_data_result": ref("DataResult"),
    "testing_data_result": ref("DataResult"),
    "manifest_summary": ref("S3Object"),
    "kms_key_id": _text(),
    "source_project_version_arn": _text("What it was copied from."),
    "version_description": _text(),
    "feature": _text("CUSTOM_LABELS or CONTENT_MODERATION; the set is open."),
    "base_model_version": _text(),
    "confidence_threshold": _or_null(_number("0 to 1; of adapters", "number")),
    "extra": {"type": "object", "description": "Fields that this program does not know, by AWS's names, as they came."},
}
"""What AWS may have given of a version; what it left out is left out here."""

_POLLS: Final[Mapping[str, Schema]] = {
    "last_success": _or_null(_time("The last poll that was complete.")),
    "failing_since": _or_null(_time("The first failed poll of those in a row.")),
    "interval_seconds": _or_null(_number("Until the next poll, as the cadence has it now.", "number")),
}

_VERSION_MEMBERS: Final = {"version": ref("Version")}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Project": _object(
        {"arn": _text(), "name": _text(), "labels": {"type": "object", "additionalProperties": {"type": "string"}}},
        about="A project as events carry it.",
    ),
    "S3Object": _object({}, {"bucket": _text(), "name": _text(), "version": _text()}),
    "Dataset": _object({}, {"manifests": _list(ref("S3Object")), "auto_create": _FLAG}),
    "DataResult": _object({}, {name: ref("Dataset") for name in ("input", "output", "validation")}),
    "Version": _object(
        {
            "arn": _text(),
            "name": _text(),
            "status": _STATUS,
            "status_since": _time("AWS's own time where it has one, else when the monitor first saw the status."),
            "status_since_at_least": {"type": "boolean", "description": "It may have begun earlier."},
        },
        _OF_AWS,
        about="A version as events carry it: every field that AWS gave.",
    ),
    "Fault": _object(
        {
            "reason": _one_of(Reason),
            "message": _text("What AWS or the network said."),
            "hint": _text("What to do."),
            "code": _or_null(_text("AWS's error code.")),
            "request_id": _or_null(_text("AWS's request id.")),
        }
    ),
    "ProjectState": _object(
        {
            **{name: schema for name, schema in _PLACE.items() if name != "project"},
            "arn": _text(),
            "name": _text(),
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "console_url": _URL,
            "statuses": {
                "type": ["object", "null"],
                "additionalProperties": _COUNT,
                "description": "How many versions are in each status; null before the first complete poll.",
            },
            "seen_at": _or_null(_time("When what is shown was asked for.")),
            "fault": _or_null(ref("Fault")),
            **_POLLS,
            "polls": _number("Since the process began, failed ones too.", minimum=0),
            "failures": {"type": "object", "additionalProperties": _COUNT, "description": "Of those, by reason."},
            "malformed_versions": _number("Entries of listings that were no version.", minimum=0),
        }
    ),
    "FaultState": _object({**_PLACE, "fault": ref("Fault"), "failed_in_a_row": _number("Polls.", minimum=1), **_POLLS}),
    "VersionState": _object({**_PLACE, **_VERSION_MEMBERS}),
    "Event": _object(
        {
            "specversion": _text(const="1.0"),
            "id": _text("The same however often the event is sent.", format="uuid"),
            "source": _text("The project's ARN, or the account and region where a fault is theirs."),
            "type": _one_of(TYPES),
            "subject": _text("The version's ARN, or the source again."),
            "time": _time(),
            "datacontenttype": _text(const="application/json"),
            "severity": _one_of(severity.word for severity in Severity),
            "sequence": _text("The subject's own count of its events.", pattern="^[0-9]+$"),
            "data": {"type": "object", "description": "See docs/events.md.", "required": ["summary"]},
        },
        about="A CloudEvent 1.0, as it is sent to sinks.",
    ),
    "Delivery": _object(
        {
            "event_id": _text(format="uuid"),
            "sink": _text(),
            "state": _one_of(DeliveryState),
            "attempts": _COUNT,
            "stored_at": _time(),
            "due_at": _or_null(_time("Not to be tried before; null when it is settled.")),
            "settled_at": _or_null(_time("When the sink accepted it, or it was given up.")),
            "error": _or_null(_text("What the last attempt failed with.")),
        }
    ),
    "Sink": _object(
        {
            "name": _text(),
            "type": _or_null(_text("null for one that is not in the configuration.")),
            "state": _one_of(["ok", "failing", "stopped", "off", "removed"]),
            "pending": _COUNT,
            "oldest": _or_null(_time("When the oldest that is pending was stored.")),
            "dead": _number("Given up.", minimum=0),
            "last_success": _or_null(_time()),
            "last_error": _or_null(_text()),
        }
    ),
    "Span": _object(
        {
            "status": _or_null({**_STATUS, "description": "null where the monitor could not see."}),
            "start": _time(),
            "end": _time(),
        }
    ),
    "Change": _object(
        {
            "at": _time("AWS's own time where it has one, else when it was first seen."),
            "from": _or_null(_text("null where the version appeared.")),
            "to": _or_null(_text("null where the version disappeared.")),
            "move": {"enum": [*(kind.value for kind in MoveKind), None]},
            "via": _list(_text(), "The statuses that were not seen."),
            "observed_after": _time("The last poll that saw the old status."),
            "observed_by": _time("The first poll that saw the new one."),
        }
    ),
    "Timeline": _object(
        {
            **_PLACE,
            "version": _object(
                {
                    "arn": _text(),
                    "name": _text(),
                    "status": _text("Now, or last where the version is gone."),
                    "status_since": _time(),
                }
            ),
            "spans": _list(ref("Span"), "Without a hole, in order of time."),
            "changes": _list(ref("Change"), "In order of time."),
        }
    ),
    "Projects": _object({"projects": _list(ref("ProjectState"))}),
    "Versions": _object(
        {"versions": _list(ref("VersionState")), "next": _or_null(_text("Go on with it as `after`; null at the end."))}
    ),
    "VersionDetail": _object(
        {
            **_PLACE,
            **_VERSION_MEMBERS,
            "console_url": _URL,
            "watched": {"type": "boolean", "description": "false where this is what was last known of it."},
            "history": _list(ref("Event"), "The newest first."),
            "deliveries": _list(ref("Delivery"), "Of the newest events, the newest first."),
        }
    ),
    "Events": _object(
        {
            "events": _list(ref("Event")),
            "next": _or_null(_number("Where to go on, as `after` or `before`; null at the end.", minimum=0)),
        }
    ),
    "Timelines": _object(
        {
            "since": _time(),
            "until": _time(),
            "timelines": _list(ref("Timeline")),
            "next": _or_null(_text("Go on with it as `after`; null at the end.")),
        }
    ),
    "Faults": _object({"faults": _list(ref("FaultState"))}),
    "Sinks": _object({"sinks": _list(ref("Sink"))}),
    "Problem": _object(
        {
            "type": _text(const="about:blank"),
            "title": _text("The status in words."),
            "status": _number(minimum=400, maximum=599),
            "detail": _text("What is wrong, and what to do."),
        },
        {
            "errors": _list(
                _object({"parameter": _text(), "detail": _text()}), "Each parameter that makes no sense, and why."
            )
        },
        about="A problem document (RFC 9457).",
    ),
}
