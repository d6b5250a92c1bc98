from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.wording import LONGEST, known_code, known_request_id, one_line

ARN = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef/somebody@example.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rate exceeded", "Rate exceeded"),
        ("two\r\nlines\tand\x00a zero", "two lines and a zero"),
        (f"User: {ARN} is not authorized", f"User: {ARN} is not authorized"),
        ("key AKIAIOSFODNN7EXAMPLE unknown", "key *** unknown"),
        ("key ASIAIOSFODNN7EXAMPLE unknown", "key *** unknown"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "***"),
        ("hash 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'", "hash '***'"),
        ("POST\nx-amz-security-token:short, but secret\nhost:x", "POST x-amz-security-token:*** host:x"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=x", "Authorization: ***"),
        ("via http://me:secret@proxy:3128/ failed", "via http://***@proxy:3128/ failed"),
        ("größe 日本語", "größe 日本語"),
    ],
)
def test_a_message_is_one_line_without_secrets(text: str, expected: str) -> None:
    """ARNs and addresses are kept, keys, tokens, signatures and line breaks are not."""
    assert expected == one_line(text)


def test_a_message_is_not_long() -> None:
    """A page of text is cut, and shows that it was."""
    assert one_line("word " * 1000) == ("word " * 1000)[: LONGEST - 1] + "…"


@given(st.text())
def test_any_text_becomes_one_line(text: str) -> None:
    """Whatever comes in, what goes out is printable and bounded."""
    line = one_line(text)

    assert line.isprintable()
    assert len(line) <= LONGEST


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ThrottlingException", "ThrottlingException"),
        ("AWS.SimpleQueueService", "AWS.SimpleQueueService"),
        ("403", None),
        ("", None),
        ("no code at all", None),
        ("x" * 65, None),
        (None, None),
    ],
)
def test_only_what_can_be_a_code_becomes_a_label(code: object, expected: str | None) -> None:
    """A status number or a sentence where the code should be is not taken for one."""
    assert expected == known_code(code)


@pytest.mark.parametrize(
    ("text", "expected"), [("03507c9b-7e84-11e9", "03507c9b-7e84-11e9"), ("a\nb", None), ("", None), (None, None)]
)
def test_only_what_can_be_a_request_id_is_logged(text: object, expected: str | None) -> None:
    """A header can hold anything."""
    assert expected == known_request_id(text)
