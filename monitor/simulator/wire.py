"""Calls and replies of Amazon's JSON 1.1 protocol over HTTP.

The region and the access key are those of the signature's credential scope; signatures are not checked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

JSON_TYPE = "application/x-amz-json-1.1"
HTML_TYPE = "text/html; charset=utf-8"

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/\s,]+)/\d{8}/(?P<region>[^/\s,]+)/[^/\s,]+/aws4_request")
_TARGET = "RekognitionService."
_FORM = "application/x-www-form-urlencoded"
_ACTION = re.compile(rb"(?:^|&)Action=(?P<name>[A-Za-z]+)(?:&|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as far as its headers tell; texts are empty where a header is missing."""

    operation: str
    region: str
    access_key: str
    user_agent: str
    body: bytes
    token: str = ""
    """Of a session, which temporary credentials have."""
    is_query: bool = False
    """A form, which is how STS is asked."""

    @classmethod
    def of(cls, headers: Message, body: bytes) -> Self:
        scope = _CREDENTIAL.search(headers.get("Authorization", ""))
        is_query = headers.get_content_type() == _FORM
        action = _ACTION.search(body) if is_query else None
        target = headers.get("X-Amz-Target", "").removeprefix(_TARGET)
        return cls(
            operation=action["name"].decode() if action else target,
            region=scope["region"] if scope else "",
            access_key=scope["key"] if scope else "",
            user_agent=headers.get("User-Agent", ""),
            body=body,
            token=headers.get("X-Amz-Security-Token", ""),
            is_query=is_query,
        )

    def document(self) -> dict[str, Any]:
        """Raises Refusal when the body is not a JSON object."""
        try:
            document = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refusal("SerializationException", "The body is not JSON.") from error
        if not isinstance(document, dict):
            raise Refusal("SerializationException", "The body is not a JSON object.")
        return document


class Manner(Enum):
    """What becomes of a reply on the connection."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = HTTPStatus.OK
    body: bytes = b""
    content_type: str = JSON_TYPE
    manner: Manner = Manner.WHOLE
    hang: float | None = None
    """For HANG: seconds until the connection is closed; None until the client or the simulator goes."""

    def head(self, date: str) -> bytes:
        """The status line and the headers."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"x-amzn-RequestId: {uuid4()}",
            f"Date: {date}",
            "Connection: keep-alive",
        ]
        if self.status != HTTPStatus.NO_CONTENT:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def document_reply(document: Mapping[str, Any]) -> Reply:
    return Reply(body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def error_reply(refusal: Refusal) -> Reply:
    """The keys of AWS's recorded error ("Error handling", Rekognition developer guide)."""
    body = {"__type": refusal.code, "Code": refusal.code, "Logref": str(uuid4()), "Message": refusal.message}
    return Reply(status=refusal.status, body=json.dumps(body).encode())
