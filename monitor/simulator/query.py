"""AWS's Query protocol, which STS speaks: a form goes there, and XML comes back.

Source: AWS Security Token Service API Reference, "Making Query requests" and the examples of each operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.sax.saxutils import escape

from monitor.simulator.refusals import Refusal
from monitor.simulator.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = dict[str, "str | Fields"]

_XML: Final = "text/xml"
_SPACE: Final = "https://sts.amazonaws.com/doc/2011-06-15/"


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form. Raises Refusal when it is none."""
    try:
        return dict(parse_qsl(body.decode("ascii"), strict_parsing=True))
    except ValueError as error:
        raise Refusal("MalformedQueryString") from error


def query_reply(operation: str, result: Fields) -> Reply:
    """The answer of *operation*."""
    about = f"<ResponseMetadata><RequestId>{uuid4()}</RequestId></ResponseMetadata>"
    body = f"<{operation}Result>{_xml(result)}</{operation}Result>{about}"
    return _reply(200, f'<{operation}Response xmlns="{_SPACE}">{body}</{operation}Response>')


def query_error(refusal: Refusal) -> Reply:
    """An error, as STS tells it."""
    its: Fields = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message}
    body = f"<Error>{_xml(its)}</Error><RequestId>{uuid4()}</RequestId>"
    return _reply(refusal.status, f'<ErrorResponse xmlns="{_SPACE}">{body}</ErrorResponse>')


def _reply(status: int, text: str) -> Reply:
    return Reply(status=status, body=text.encode(), content_type=_XML)


def _xml(fields: Mapping[str, str | Fields]) -> str:
    return "".join(
        f"<{name}>{escape(value) if isinstance(value, str) else _xml(value)}</{name}>" for name, value in fields.items()
    )
