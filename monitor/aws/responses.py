"""The body of an answer, between botocore and us.

botocore's own parser turns a 200 whose body is empty, cut off, HTML or null into `{}` without an error, drops fields
that its model does not have, and takes most of the time of a call. So for the listings its parser only hands the body
on, and `read_page` reads it. Errors stay botocore's, except those that are none of AWS's.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from botocore.parsers import JSONParser, QueryParser, ResponseParserError, ResponseParserFactory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LISTS: Final = {
    "DescribeProjectVersions": "ProjectVersionDescriptions",
    "DescribeProjects": "ProjectDescriptions",
}
"""The listings whose body is handed on, and the list that an answer of each has to hold."""

_HANDED_ON: Final = frozenset({*LISTS, "ListTagsForResource"})

BODY: Final = "Body"
"""Where the body stands in a parsed answer."""


class MalformedResponseError(Exception):
    """An answer that says that all is well is not of the protocol's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """One page, with its entries as they came; anything may be among them."""

    entries: list[Any]
    next_token: str | None


def read_page(body: bytes, operation: str = "DescribeProjectVersions") -> RawPage:
    """The page in *body*. Raises MalformedResponseError, with what is wrong, for anything else."""
    document = _read_object(body)
    name = LISTS[operation]
    entries = document.get(name)
    if not isinstance(entries, list):
        raise MalformedResponseError(f"{name} is {_kind(entries)}, not a list")
    token = document.get("NextToken")
    if token is not None and not isinstance(token, str):
        raise MalformedResponseError(f"NextToken is {_kind(token)}, not a text")
    return RawPage(entries=entries, next_token=token or None)


def read_tags(body: bytes) -> dict[str, str]:
    """The tags in *body*, an answer of ListTagsForResource. Raises MalformedResponseError for anything else."""
    tags = _read_object(body).get("Tags")
    if not isinstance(tags, dict):
        raise MalformedResponseError(f"Tags is {_kind(tags)}, not an object")
    return {key: value for key, value in tags.items() if isinstance(value, str)}


def check_length(body: bytes, headers: Mapping[str, str]) -> None:
    """Raises MalformedResponseError for a body that ended before its Content-Length, which botocore does not check.

    A body in another coding than the wire's has another length, so it is not judged.
    """
    announced = headers.get("content-length", "")
    if "content-encoding" in headers or not announced.isdecimal():
        return
    if int(announced) > len(body):
        raise MalformedResponseError(f"the body ends after {len(body)} of {announced} bytes")


class HandingOnParser(JSONParser):
    """botocore's parser of JSON 1.1, but that it leaves the bodies of what we read ourselves unread."""

    def _do_parse(self, response: Any, shape: Any) -> Any:
        if response.get("context", {}).get("operation_name") not in _HANDED_ON:
            with _form_checked():
                return super()._do_parse(response, shape)  # type: ignore[misc]
        return {BODY: response["body"]}

    def _do_error_parse(self, response: Any, shape: Any) -> Any:
        if _is_error(response["body"]):
            return super()._do_error_parse(response, shape)  # type: ignore[misc]
        status = response["status_code"]
        message = f"HTTP {status} {_phrase(status)}, with no error of AWS's in the body"
        return {"Error": {"Code": str(status), "Message": message}, "ResponseMetadata": {}}


class CheckingQueryParser(QueryParser):
    """botocore's parser of the query protocol (SNS, STS), which stumbles over XML of another form."""

    def _do_parse(self, response: Any, shape: Any) -> Any:
        with _form_checked():
            return super()._do_parse(response, shape)  # type: ignore[misc]


class ParserFactory(ResponseParserFactory):
    """The component of a botocore session that makes parsers: ours where there is one for the protocol."""

    def create_parser(self, protocol_name: str) -> Any:
        ours = {"json": HandingOnParser, "query": CheckingQueryParser}.get(protocol_name)
        return ours() if ours else super().create_parser(protocol_name)


@contextmanager
def _form_checked() -> Iterator[None]:
    """Make what botocore's parsers raise for an answer of another form the error that it has for unreadable ones."""
    try:
        yield
    except (AttributeError, KeyError, TypeError) as error:
        raise ResponseParserError(f"the answer is not of the protocol's form: {error!r}") from error


def _read_object(body: bytes) -> dict[str, Any]:
    if not body:
        raise MalformedResponseError("the body is empty")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedResponseError(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise MalformedResponseError(f"the body is {_kind(document)}, not an object")
    return document


def _is_error(body: bytes) -> bool:
    """Whether botocore can read *body* as an error: it would fail on most that is none."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(document, dict) and isinstance(document.get("__type", ""), str)


def _kind(value: Any) -> str:
    if value is None:
        return "missing or null"
    return {dict: "an object", list: "a list", str: "a text", bool: "true or false"}.get(type(value), "a number")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "(unknown status)"
