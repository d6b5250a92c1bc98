"""What a fault makes of an answer."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from monitor.simulator.faults import Fault, FaultKind
from monitor.simulator.refusals import Refusal
from monitor.simulator.wire import HTML_TYPE, Manner, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.simulator.documents import Document

_HTML = b"<!DOCTYPE html><html><body><h1>It works, but it is not Rekognition</h1></body></html>"


def interrupt(fault: Fault) -> Reply | None:
    """The reply of a fault that comes before the operation: nothing is carried out. None for the other kinds.

    Raises Refusal for the kinds that are errors.
    """
    if fault.kind is FaultKind.ERROR:
        raise Refusal(fault.code or "", fault.message, fault.status)
    if fault.kind is FaultKind.EXPIRED_TOKEN:
        raise Refusal("InvalidPaginationTokenException", "Invalid Pagination Token: it has expired")
    if fault.kind is FaultKind.RESET:
        return Reply(manner=Manner.RESET)
    if fault.kind is FaultKind.HANG:
        return Reply(manner=Manner.HANG, hang=fault.delay.total_seconds() if fault.delay else None)
    return None


def spoil_document(fault: Fault, document: Document, request: Mapping[str, Any]) -> Document:
    """The answer with what the fault does to its content; the same one for the kinds that do nothing to it."""
    if fault.kind is FaultKind.REPEATED_TOKEN:
        token = request.get("NextToken") or document.get("NextToken")
        return {**document, "NextToken": token} if token else document
    key = next((key for key, value in document.items() if isinstance(value, list)), None)
    spoil = _LISTS.get(fault.kind)
    if key is None or spoil is None:
        return document
    spoiled = {**document, key: spoil(document[key])}
    return {name: value for name, value in spoiled.items() if value is not _LEFT_OUT}


def spoil_reply(fault: Fault, reply: Reply) -> Reply:
    """The reply with what the fault does to its bytes; the same one for the kinds that do nothing to them."""
    bodies = {
        FaultKind.EMPTY: Reply(),
        FaultKind.NO_CONTENT: Reply(status=HTTPStatus.NO_CONTENT),
        FaultKind.HTML: Reply(status=fault.status or HTTPStatus.OK, body=_HTML, content_type=HTML_TYPE),
        FaultKind.NOT_JSON: Reply(body=reply.body[: len(reply.body) // 2]),
        FaultKind.WRONG_JSON: Reply(body=b"[1]"),
        FaultKind.TRUNCATED: Reply(body=reply.body, manner=Manner.TRUNCATED),
    }
    return bodies.get(fault.kind, reply)


_LEFT_OUT = object()


def _without_arn(item: Mapping[str, Any]) -> Document:
    return {key: value for key, value in item.items() if not key.endswith("Arn") or key.startswith("Source")}


def _first(change: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    return lambda items: [change(items[0]), *items[1:]] if items else items


_LISTS: Mapping[FaultKind, Callable[[list[Any]], Any]] = MappingProxyType(
    {
        FaultKind.MISSING_LIST: lambda _items: _LEFT_OUT,
        FaultKind.NULL_LIST: lambda _items: None,
        FaultKind.STRING_LIST: lambda _items: "none",
        FaultKind.NULL_ITEM: _first(lambda _item: None),
        FaultKind.MISSING_ARN: _first(_without_arn),
        FaultKind.BAD_TIMESTAMP: _first(lambda item: {**item, "CreationTimestamp": "yesterday"}),
    }
)
