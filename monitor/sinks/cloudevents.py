"""CloudEvents as HTTP carries them: CloudEvents 1.0.2, "HTTP Protocol Binding". Pure."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.domain.delivery import Message

MAX_BATCH_BYTES: Final = 900_000
"""Of the events in one batch: nginx and others take bodies of 1 MiB unless told otherwise."""

_BODY_MEMBERS: Final = frozenset({"data", "datacontenttype"})
"""What is no `ce-` header in binary mode: the body, and its Content-Type."""
_UNSAFE: Final = re.compile(r"[^\x21-\x7e]|[\"%]")
"""What a header's value may not hold as it is (3.1.3.2 of the binding)."""


class Mode(StrEnum):
    """How events become requests (1.3 of the binding)."""

    STRUCTURED = "structured"
    BINARY = "binary"
    BATCH = "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One POST.

    Attributes:
        id: The event's; of several events together one made of theirs, so that the same ones have the same.
        headers: Those that the body asks for.
    """

    id: str
    headers: Mapping[str, str]
    body: bytes


def structured(message: Message) -> Request:
    """The whole event as the body (3.2), the stored bytes as they are."""
    return _single(message, {"Content-Type": "application/cloudevents+json; charset=utf-8"}, message.document)


def binary(message: Message) -> Request:
    """The event's data as the body, its attributes as headers (3.1)."""
    event: Mapping[str, Any] = orjson.loads(message.document)
    attributes = {f"ce-{name}": encoded(str(value)) for name, value in event.items() if name not in _BODY_MEMBERS}
    headers = {"Content-Type": event["datacontenttype"], **attributes}
    return _single(message, headers, orjson.dumps(event["data"]))


def batched(messages: Sequence[Message]) -> Request:
    """Events together as a JSON array (3.3)."""
    ids = [message.id for message in messages]
    return Request(
        id=ids[0] if len(ids) == 1 else str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(ids))),
        headers={"Content-Type": "application/cloudevents-batch+json; charset=utf-8"},
        body=b"[%b]" % b",".join(message.document for message in messages),
    )


def written(message: Message, text: str, content_type: str) -> Request:
    """A text that stands for the event."""
    return _single(message, {"Content-Type": content_type}, text.encode())


def in_batches(messages: Iterable[Message], limit: int = MAX_BATCH_BYTES) -> Iterator[list[Message]]:
    """*messages* in order, together as long as their documents have at most *limit* bytes; a larger one alone."""
    batch: list[Message] = []
    size = 0
    for message in messages:
        if batch and size + len(message.document) > limit:
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.document)
    if batch:
        yield batch


def encoded(value: str) -> str:
    """*value* as a header has it: percent-encoded UTF-8 where it is not plain printable ASCII."""
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), value)


def _single(message: Message, headers: Mapping[str, str], body: bytes) -> Request:
    return Request(id=message.id, headers=headers, body=body)
