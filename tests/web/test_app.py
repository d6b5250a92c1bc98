from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from monitor.errors import StateUnavailableError
from monitor.web.responses import SECURITY_HEADERS
from tests.web.serving import NoRecords, client_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry


def fail(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a fault of the program")


class WithoutDatabase(NoRecords):
    """A history that cannot be read now."""

    def events(self, _inquiry: Inquiry) -> Sequence[Message]:
        raise StateUnavailableError("database is locked")


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/config", "/-/healthy", "/api/v1/events", "/static/style.css", "/nowhere", "/-/reload"]
)
def test_every_answer_has_the_security_headers(path: str) -> None:
    """Pages, metrics, files and refusals carry the same headers."""
    with client_of() as client:
        headers = client.get(path).headers
    assert dict(SECURITY_HEADERS) == {name: headers[name] for name in SECURITY_HEADERS}


@pytest.mark.parametrize("path", ["/", "/metrics", "/config", "/-/healthy", "/-/ready", "/api/v1/projects"])
def test_head_has_the_headers_of_get(path: str) -> None:
    """HEAD answers like GET, without the body."""
    with client_of() as client:
        get, head = client.get(path), client.head(path)
    assert (get.status_code, b"", get.headers["content-length"], get.headers["content-type"]) == (
        head.status_code,
        head.content,
        head.headers["content-length"],
        head.headers["content-type"],
    )


def test_unknown_address_is_told_in_text() -> None:
    """An address that is not there is 404."""
    with client_of() as client:
        answer = client.get("/nowhere")
    assert (404, "Not Found: there is nothing here\n") == (answer.status_code, answer.text)


def test_unknown_address_of_the_api_is_told_in_json() -> None:
    """The API's own clients get a problem document."""
    with client_of() as client:
        answer = client.get("/api/v2/everything")
    assert (404, "application/problem+json", "there is nothing here") == (
        answer.status_code,
        answer.headers["content-type"],
        answer.json()["detail"],
    )


def test_slash_at_the_end_is_no_redirect() -> None:
    """A slash too many is 404: a redirect would repeat the Host header that the client made up."""
    with client_of() as client:
        assert 404 == client.get("/metrics/").status_code


def test_other_method_is_refused_with_those_allowed() -> None:
    """A method that an address does not have is 405 and says which it has."""
    with client_of() as client:
        answer = client.post("/metrics")
    assert (405, {"GET", "HEAD"}) == (answer.status_code, set(answer.headers["allow"].split(", ")))


def test_fault_of_the_program_is_500_and_logged() -> None:
    """A fault of ours is told without its details, with the security headers, and logged with them."""
    with capture_logs() as logs, client_of(metrics=fail) as client:
        answer = client.get("/metrics")
    assert (500, "Internal Server Error: the monitor failed to answer; its log says why\n", "nosniff") == (
        answer.status_code,
        answer.text,
        answer.headers["x-content-type-options"],
    )
    assert [("request.failed", "/metrics", ZeroDivisionError)] == [
        (line["event"], line["path"], type(line["exc_info"])) for line in logs
    ]


def test_database_that_cannot_be_used_is_503() -> None:
    """Events that cannot be read now are 503, as a problem document."""
    with client_of(records=WithoutDatabase()) as client:
        answer = client.get("/api/v1/events")
    assert (503, "no answer now: database is locked; try again") == (answer.status_code, answer.json()["detail"])
