from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from monitor.web.api.negotiation import JSON, STREAM, choose


def request(*accepted: str) -> Request:
    """A request that accepts that."""
    headers = [(b"accept", each.encode()) for each in accepted]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": b""})


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ((), JSON),
        (("*/*",), JSON),
        (("application/*",), JSON),
        (("text/event-stream",), STREAM),
        (("Text/Event-Stream",), STREAM),
        (("text/*, application/json;q=0.5",), STREAM),
        (("text/event-stream;q=0.5, */*;q=0.1",), STREAM),
        (("text/event-stream;q=0, */*",), JSON),
        (("application/json;q=0, */*;q=0.1",), STREAM),
        (("text/html", "application/json ; q=0.001"), JSON),
        (("text/event-stream;q=x, application/json",), JSON),
    ],
)
def test_what_is_liked_best_is_chosen(accepted: tuple[str, ...], expected: str) -> None:
    """By the most specific range; JSON where both are liked alike."""
    assert expected == choose(request(*accepted), [JSON, STREAM])


@pytest.mark.parametrize("accepted", ["text/html", "application/json;q=0", "*/*;q=0.0"])
def test_what_is_not_there_is_406(accepted: str) -> None:
    """And says what there is."""
    with pytest.raises(HTTPException) as caught:
        choose(request(accepted), [JSON])
    assert (406, f"Accept is {accepted!r}: there is only application/json") == (
        caught.value.status_code,
        caught.value.detail,
    )
