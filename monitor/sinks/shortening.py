"""Events that are larger than a far end takes, made shorter: always in the same way, and told in the event itself.

AWS's own fields are small; what can grow is what AWS adds one day (`extra`), and each of its values twice (`changed`).
"""

from __future__ import annotations

from typing import Any, Final

import orjson

MARK: Final = "shortened"
"""The member of `data` that names what was left out, by its path in `data`."""

EVERYTHING: Final = "*"
"""In `MARK`: of `data` only the summary is left, and it may be cut."""

ORDER: Final = (
    ("version", "extra"),
    ("changed",),
    ("version", "training_data_result"),
    ("version", "testing_data_result"),
    ("version", "manifest_summary"),
    ("version", "evaluation_summary"),
    ("version", "output_config"),
    ("version", "version_description"),
    ("version", "status_message"),
    ("project", "labels"),
)
"""What is left out, one after the other until the event fits: first what says least."""

_NOTHING: Final = object()


def shorten(document: bytes, limit: int) -> bytes:
    """The CloudEvent *document* in *limit* bytes at most; the very same bytes if it fits.

    Only `data` is touched. Raises ValueError when the rest alone is larger than that.
    """
    if len(document) <= limit:
        return document
    event = orjson.loads(document)
    left_out = event["data"][MARK] = []
    for path in ORDER:
        if _leave_out(event["data"], path):
            left_out.append(".".join(path))
            if len(shorter := orjson.dumps(event)) <= limit:
                return shorter
    return _only_summary(event, limit)


def _leave_out(data: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Take the member at *path* out; whether there was one."""
    *outer, name = path
    for part in outer:
        data = data.get(part) or {}
    return data.pop(name, _NOTHING) is not _NOTHING


def _only_summary(event: dict[str, Any], limit: int) -> bytes:
    summary = event["data"]["summary"]
    while True:
        event["data"] = {"summary": summary, MARK: [EVERYTHING]}
        shorter = orjson.dumps(event)
        if len(shorter) <= limit:
            return shorter
        if not summary:
            raise ValueError(f"the envelope of event {event['id']} alone is larger than {limit} bytes")
        summary = summary[: len(summary) // 2]
