from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import pytest

from monitor.sinks.cloudevents import batched, binary, encoded, in_batches, structured, written
from tests.fakes_outbox import a_message, an_event

if TYPE_CHECKING:
    from monitor.domain.delivery import Message

A, B, C = (a_message(an_event(version), position) for position, version in enumerate("abc", start=1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"),
        ('a "b" 50%', "a%20%22b%22%2050%25"),
        ("arn:aws:x:y/z!~", "arn:aws:x:y/z!~"),
        ("a\r\nb\x7f", "a%0D%0Ab%7F"),
    ],
)
def test_a_header_holds_printable_ascii_alone(value: str, expected: str) -> None:
    """The examples of the binding (3.1.3.2), what an ARN is made of, and what would end a header."""
    assert expected == encoded(value)


def test_every_request_for_one_event_has_its_id() -> None:
    """However it is sent."""
    assert [A.id] * 4 == [
        each.id for each in (structured(A), binary(A), batched([A]), written(A, "text", "text/plain"))
    ]


def test_an_attribute_with_any_text_is_a_header() -> None:
    """An event's subject may hold what a header may not."""
    document = {**an_event().document, "subject": "Größe 1"}
    message = replace(A, document=orjson.dumps(document))
    assert "Gr%C3%B6%C3%9Fe%201" == binary(message).headers["ce-subject"]


def test_the_id_of_a_batch_is_made_of_its_events() -> None:
    """The same again for the same, another for others, never that of an event."""
    ids = [batched(each).id for each in ([A, B], [A, B], [B, A], [A, B, C])]
    assert (ids[0], 3) == (ids[1], len(set(ids) - {A.id, B.id}))


def test_a_batch_is_an_array_of_the_documents() -> None:
    """In order."""
    assert [orjson.loads(each.document) for each in (B, A)] == orjson.loads(batched([B, A]).body)


def sizes(*lengths: int) -> list[list[int]]:
    """How documents of these lengths are put together, ten bytes at most."""
    messages: list[Message] = [replace(A, document=b"x" * length) for length in lengths]
    return [[len(message.document) for message in batch] for batch in in_batches(messages, 10)]


def test_batches_stay_below_their_size() -> None:
    """The order is kept, nothing is left out, and what is too large by itself goes alone."""
    assert [[4, 6], [5], [11], [1, 2]] == sizes(4, 6, 5, 11, 1, 2)
    assert [] == sizes()
