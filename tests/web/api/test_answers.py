from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.api.house import V2

if TYPE_CHECKING:
    from tests.web.api.house import House

PATHS = ("projects", "versions", f"versions/{V2}", "events", "faults", "sinks", "timeline", "openapi.json")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["{}", '"other", {}', "*", "{strong}"])
def test_what_the_client_has_is_not_sent_again(house: House, path: str, form: str) -> None:
    """Whether the tag was weak to it or not."""
    first = house.client.get(f"/api/v1/{path}")
    tag = first.headers["etag"]
    known = {"If-None-Match": form.format(tag, strong=tag.removeprefix("W/"))}
    again = house.client.get(f"/api/v1/{path}", headers=known)
    assert (304, b"", tag, "private, no-cache", "Accept, Accept-Encoding") == (
        again.status_code,
        again.content,
        *(again.headers[name] for name in ("etag", "cache-control", "vary")),
    )


def test_what_has_changed_is_sent(house: House) -> None:
    """Another answer has another tag."""
    tag = house.client.get("/api/v1/events").headers["etag"]
    assert 200 == house.client.get("/api/v1/events?limit=1", headers={"If-None-Match": tag}).status_code


def test_the_tag_is_that_of_the_text(house: House) -> None:
    """Compressed or not."""
    tags = {
        house.client.get("/api/v1/events", headers={"Accept-Encoding": coding}).headers["etag"]
        for coding in ("gzip", "identity")
    }
    assert 1 == len(tags)


@pytest.mark.parametrize("path", [*PATHS, "events?stream=true"])
def test_head_is_get_without_the_body(house: House, path: str) -> None:
    """Of a stream, too, which then ends."""
    head = house.client.head(f"/api/v1/{path}")
    media = "text/event-stream; charset=utf-8" if "stream" in path else "application/json"
    assert (200, b"", media) == (head.status_code, head.content, head.headers["content-type"])


@pytest.mark.parametrize("path", [*PATHS, "events?stream=true"])
def test_a_medium_that_is_not_there_is_406(house: House, path: str) -> None:
    """As a problem document all the same."""
    answer = house.client.get(f"/api/v1/{path}", headers={"Accept": "image/png"})
    assert (406, "application/problem+json", "Not Acceptable") == (
        answer.status_code,
        answer.headers["content-type"],
        answer.json()["title"],
    )


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_changed(house: House, path: str) -> None:
    """Other methods are refused, with those that there are."""
    answer = house.client.request("DELETE", f"/api/v1/{path}")
    assert (405, {"GET", "HEAD"}, "DELETE is not for this address") == (
        answer.status_code,
        set(answer.headers["allow"].split(", ")),
        answer.json()["detail"],
    )


def test_a_refusal_names_each_parameter(house: House) -> None:
    """In a problem document (RFC 9457) that is not kept."""
    answer = house.client.get("/api/v1/versions?statsu=RUNNING&limit=0")
    unknown = "statsu is no parameter here; there are project, account, region, label, version, status, after, limit"
    wrong = "limit is '0': it has to be a whole number from 1 to 10000"
    assert (
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": f"{unknown}; {wrong}",
            "errors": [{"parameter": "statsu", "detail": unknown}, {"parameter": "limit", "detail": wrong}],
        },
        "application/problem+json",
        "no-store",
    ) == (answer.json(), answer.headers["content-type"], answer.headers["cache-control"])
