from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.builders import PROJECT_ARN
from tests.metrics.fleet import exposition_of, rich_fleet
from tests.metrics.members import read_member
from tests.web.serving import NoRecords, client_of

if TYPE_CHECKING:
    from monitor.domain.inquiry import Inquiry

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def test_healthy_when_every_loop_made_progress() -> None:
    """200 while nothing is wrong."""
    with client_of() as client:
        answer = client.get("/-/healthy")
    assert (200, "healthy\n") == (answer.status_code, answer.text)


def test_unhealthy_names_the_loop() -> None:
    """503 and which loop makes no progress."""
    with client_of(health=lambda: {"polls": "no progress for 400 s", "scheduler": None}) as client:
        answer = client.get("/-/healthy")
    assert (503, "not healthy:\npolls: no progress for 400 s\n") == (answer.status_code, answer.text)


def test_ready_when_every_project_has_something_to_show() -> None:
    """200 while nothing is missing."""
    with client_of() as client:
        answer = client.get("/-/ready")
    assert (200, "ready\n") == (answer.status_code, answer.text)


def test_not_ready_names_the_projects() -> None:
    """503 and which projects have nothing to show yet."""
    with client_of(ready=lambda: [PROJECT_ARN]) as client:
        answer = client.get("/-/ready")
    assert (503, f"not ready:\n{PROJECT_ARN}: not polled yet\n") == (answer.status_code, answer.text)


def test_reload_that_is_done() -> None:
    """POST loads the configuration again, once."""
    calls: list[str] = []

    def reload() -> tuple[str, ...]:
        calls.append("reload")
        return ()

    with client_of(reload=reload) as client:
        answer = client.post("/-/reload")
    assert (200, "reloaded\n", ["reload"]) == (answer.status_code, answer.text, calls)


def test_reload_that_is_refused() -> None:
    """500 and every reason, as text."""
    with client_of(reload=lambda: ("m.yaml:3: poll.interval: is no duration", "m.yaml:9: sinks: ...")) as client:
        answer = client.post("/-/reload")
    assert (
        500,
        "not reloaded, the old configuration stays:\nm.yaml:3: poll.interval: is no duration\nm.yaml:9: sinks: ...\n",
    ) == (answer.status_code, answer.text)


def test_reload_by_get_is_refused() -> None:
    """A link that is followed reloads nothing: 405, and POST is named."""
    with client_of(reload=lambda: ("called",)) as client:
        answer = client.get("/-/reload")
    assert (405, "POST") == (answer.status_code, answer.headers["allow"])


def test_config_is_shown_as_text() -> None:
    """The running configuration is YAML that a browser shows."""
    with client_of() as client:
        answer = client.get("/config")
    assert ("poll: {interval: 5m}\n", "text/plain; charset=utf-8") == (answer.text, answer.headers["content-type"])


@pytest.mark.parametrize("accept", ["text/plain", OPENMETRICS])
def test_metrics_are_those_of_the_exposition(accept: str) -> None:
    """The scrape is what the exposition renders for the Accept header, with its content type."""
    exposition = exposition_of(*rich_fleet())
    with client_of(metrics=exposition.answer) as client:
        answer = client.get("/metrics", headers={"accept": accept})
    assert exposition.render(accept) == (answer.content, answer.headers["content-type"])


def test_metrics_are_compressed_where_the_scraper_takes_it() -> None:
    """With gzip in Accept-Encoding the body is what the exposition compressed, one gzip member, else it is plain."""
    exposition = exposition_of(*rich_fleet())
    with client_of(metrics=exposition.answer) as client:
        with client.stream("GET", "/metrics", headers={"accept-encoding": "gzip"}) as answer:
            packed = b"".join(answer.iter_raw())
        plain = client.get("/metrics", headers={"accept-encoding": "identity"})
    assert ("gzip", exposition.render("")[0], None, exposition.render("")[0]) == (
        answer.headers["content-encoding"],
        read_member(packed),
        plain.headers.get("content-encoding"),
        plain.content,
    )


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_head_of_metrics_has_the_headers_of_get(coding: str) -> None:
    """HEAD tells the length of what GET would send, and how it would be compressed."""
    exposition = exposition_of(*rich_fleet())
    with client_of(metrics=exposition.answer) as client:
        client.headers["accept-encoding"] = coding
        get, head = client.get("/metrics"), client.head("/metrics")
    names = ("content-type", "content-length", "content-encoding", "vary")
    assert (200, b"", [get.headers.get(name) for name in names]) == (
        head.status_code,
        head.content,
        [head.headers.get(name) for name in names],
    )


def test_large_metrics_arrive_whole() -> None:
    """Parts large and small are all there, in their order."""
    parts = [bytes(range(256)) * size for size in (1, 0, 5000, 2, 3, 700, 1)]
    with client_of(metrics=lambda _accept, *, gzip: (parts, f"text/plain; gzip={gzip}")) as client:
        answer = client.get("/metrics", headers={"accept-encoding": "identity"})
    body = b"".join(parts)
    assert (body, str(len(body))) == (answer.content, answer.headers["content-length"])


def test_scrape_does_not_wait_for_the_database() -> None:
    """While every thread for the database is held up, a scrape is answered."""
    release, waiting = threading.Event(), threading.Semaphore(0)

    class Stuck(NoRecords):
        def events(self, _inquiry: Inquiry) -> tuple[()]:
            waiting.release()
            release.wait(30)
            return ()

    with client_of(records=Stuck()) as client:
        asking = [threading.Thread(target=client.get, args=("/api/v1/events",)) for _ in range(6)]
        for each in asking:
            each.start()
        for _ in range(4):
            waiting.acquire(timeout=30)
        answer = client.get("/metrics")
        release.set()
        for each in asking:
            each.join(30)
    assert (200, "up 1\n") == (answer.status_code, answer.text)
