from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.parsers import JSONParser, RestJSONParser
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.responses import (
    HandingOnParser,
    MalformedResponseError,
    ParserFactory,
    RawPage,
    check_length,
    read_page,
)
from tests.aws_examples import wire_answer


def test_a_page_is_read() -> None:
    """The entries come as they are, and an empty token is none."""
    answer = wire_answer()

    assert read_page(json.dumps(answer).encode()) == RawPage(
        entries=answer["ProjectVersionDescriptions"], next_token=None
    )


def test_a_page_names_the_next() -> None:
    """A token is carried as it is; entries may be anything."""
    body = b'{"ProjectVersionDescriptions": [null, 1, {}], "NextToken": "abc", "New": 1}'

    assert read_page(body) == RawPage(entries=[None, 1, {}], next_token="abc")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is empty"),
        (b"null", "the body is missing or null, not an object"),
        (b"[1]", "the body is a list, not an object"),
        (b'"text"', "the body is a text, not an object"),
        (b"5", "the body is a number, not an object"),
        (b"true", "the body is true or false, not an object"),
        (b"{}", "ProjectVersionDescriptions is missing or null, not a list"),
        (b'{"ProjectVersionDescriptions": null}', "ProjectVersionDescriptions is missing or null, not a list"),
        (b'{"ProjectVersionDescriptions": "[]"}', "ProjectVersionDescriptions is a text, not a list"),
        (b'{"ProjectVersionDescriptions": {}}', "ProjectVersionDescriptions is an object, not a list"),
        (b'{"ProjectVersionDescriptions": [], "NextToken": 1}', "NextToken is a number, not a text"),
    ],
)
def test_anything_else_is_no_page(body: bytes, message: str) -> None:
    """It is told what is wrong."""
    with pytest.raises(MalformedResponseError) as error:
        read_page(body)

    assert str(error.value) == message


@pytest.mark.parametrize(
    "body", [b"<html></html>", b'{"ProjectVersionDescriptions": [', b"\xff\xfe", b"NaN", b"[" * 5000]
)
def test_what_is_not_json_is_no_page(body: bytes) -> None:
    """HTML, a body that breaks off, another encoding, nesting without end."""
    with pytest.raises(MalformedResponseError, match=r"^the body is not JSON: "):
        read_page(body)


@given(st.integers(0, len(json.dumps(wire_answer())) - 1))
def test_no_beginning_of_a_page_is_a_page(length: int) -> None:
    """Wherever an answer is cut off, it is seen."""
    with pytest.raises(MalformedResponseError):
        read_page(json.dumps(wire_answer()).encode()[:length])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-length": "4"},
        {"content-length": "3"},
        {"content-length": "unknown"},
        {"content-length": "9", "content-encoding": "gzip"},
    ],
)
def test_a_body_of_the_announced_length_is_whole(headers: dict[str, str]) -> None:
    """Nothing is said against a length that cannot be judged."""
    check_length(b"1234", headers)


def test_a_body_that_ends_early_is_not_whole() -> None:
    """botocore does not look at the Content-Length."""
    with pytest.raises(MalformedResponseError, match=r"^the body ends after 4 of 5 bytes$"):
        check_length(b"1234", {"content-length": "5"})


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b"null", b'"text"', b'{"__type": 5}', b'{"__type": null}', b"\xff"]
)
def test_an_error_that_is_none_of_awss_is_told_by_its_status(body: bytes) -> None:
    """botocore would raise an AttributeError or a TypeError for most of these."""
    parsed = ParserFactory().create_parser("json").parse(_response(403, body), None)

    assert parsed["Error"] == {
        "Code": "403",
        "Message": "HTTP 403 Forbidden, with no error of AWS's in the body",
    }


def test_an_error_of_awss_is_botocores_business() -> None:
    """Code and message come out as botocore has them."""
    body = b'{"__type": "com.amazonaws#AccessDeniedException", "message": "No."}'

    parsed = ParserFactory().create_parser("json").parse(_response(400, body), None)

    assert parsed["Error"] == {"Code": "AccessDeniedException", "Message": "No."}


def test_other_operations_are_botocores_business() -> None:
    """Only listings are handed on unread."""
    response = {**_response(200, b'{"any": 1}'), "context": {"operation_name": "GetRoleCredentials"}}

    assert HandingOnParser().parse(response, _NO_SHAPE) == JSONParser().parse(response, _NO_SHAPE)


def test_other_protocols_are_botocores_business() -> None:
    """The services that sign people in speak another one."""
    assert type(ParserFactory().create_parser("rest-json")) is RestJSONParser


def test_an_unknown_status_number_is_told() -> None:
    """299 is the last that HTTP counts as a success; botocore takes 300 as one."""
    parsed = ParserFactory().create_parser("json").parse(_response(599, b"<x>"), None)

    assert parsed["Error"]["Message"] == "HTTP 599 (unknown status), with no error of AWS's in the body"


_NO_SHAPE: Any = None


def _response(status: int, body: bytes) -> dict[str, Any]:
    return {
        "status_code": status,
        "headers": {},
        "body": body,
        "context": {"operation_name": "DescribeProjectVersions"},
    }
