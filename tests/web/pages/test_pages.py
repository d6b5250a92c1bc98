from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from monitor.errors import StateUnavailableError
from monitor.view import ProjectState
from tests.builders import at, fault, project, snapshot, tracked, version
from tests.metrics.fleet import rich_fleet
from tests.web.serving import client_of, message


class Words(HTMLParser):
    """The text of a page, and the addresses that it loads or links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "a":
            self.linked.append(named["href"] or "")
        elif "href" in named or "src" in named:
            self.loaded.append(named.get("href") or named.get("src") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def words(*states: ProjectState, **parts: Any) -> list[str]:
    """The words of the page about these."""
    with client_of(*states, **parts) as client:
        return [word for word in Words(client.get("/").text).words if word]


def test_page_shows_every_version_with_its_status() -> None:
    """A version is there with its name, status, inference units, F1 and message."""
    shown = words(*rich_fleet())
    start = shown.index("prod.2") - 1
    assert ["RUNNING", "prod.2", "1 h 30 min", "1 to 4", "0.857", "The model is running."] == shown[start : start + 6]


def test_page_says_where_a_status_may_be_older() -> None:
    """A status that was there at the first look is known at least since then."""
    shown = words(ProjectState(project=project(), snapshot=snapshot(tracked(since=at(-5), at_least=True))))
    assert ["at least", "5 min"] == shown[shown.index("at least") : shown.index("at least") + 2]


def test_page_has_exact_times() -> None:
    """Each relative time has the exact one for machines and for a pointer."""
    with client_of(ProjectState(project=project(), snapshot=snapshot(tracked(since=at(-5))))) as client:
        text = client.get("/").text
    assert '<time datetime="2026-11-21T17:55:00Z" title="2026-11-21 17:55:00 UTC">5 min</time>' in text


def test_text_of_others_is_only_ever_text() -> None:
    """Markup in messages, labels, statuses and summaries is shown, never obeyed."""
    markup = "<script>alert(1)</script>"
    shown = words(
        ProjectState(
            project=project(labels={"note": markup}),
            snapshot=snapshot(tracked(version(status=markup, status_message=markup))),
            fault=fault(message=markup, hint=markup),
        ),
        latest=lambda _: [message(summary=markup)],
    )
    assert [f"note: {markup}", f"timed_out: {markup}", markup, markup, markup, markup] == [
        word for word in shown if "alert" in word
    ]


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    """Text that UTF-8 cannot hold is shown as its number."""
    shown = words(ProjectState(project=project(), snapshot=snapshot(tracked(version(status_message="\ud83d")))))
    assert r"\ud83d" in shown


def test_page_loads_only_what_is_here() -> None:
    """The page loads nothing from elsewhere, and everything that it loads is there and may be kept."""
    with client_of(*rich_fleet()) as client:
        page = Words(client.get("/").text)
        answers = [client.get("/" + address) for address in page.loaded]
    assert [(200, "text/css; charset=utf-8"), (200, "image/svg+xml")] == [
        (answer.status_code, answer.headers["content-type"]) for answer in answers
    ]
    assert all("immutable" in answer.headers["cache-control"] for answer in answers)


def test_page_and_its_files_are_small() -> None:
    """A page of a few projects and all that it loads are under 50 KB."""
    with client_of(*rich_fleet()) as client:
        first = client.get("/", headers={"accept-encoding": "identity"})
        files = [client.get("/" + address) for address in Words(first.text).loaded]
    assert sum(len(answer.content) for answer in (first, *files)) < 50_000


def test_every_link_of_ours_is_answered() -> None:
    """Every address of the monitor that the page links to is there; the others are AWS's console."""
    with client_of(*rich_fleet()) as client:
        linked = set(Words(client.get("/").text).linked)
        own = {address for address in linked if "://" not in address}
        assert {200} == {client.get("/" + address).status_code for address in own}
    assert all(re.match(r"https://[a-z0-9-]+\.console\.aws\.amazon\.com/", address) for address in linked - own)


def test_page_has_no_script_and_no_inline_style() -> None:
    """Nothing on the page needs more than the Content-Security-Policy allows."""
    with client_of(*rich_fleet(), latest=lambda _: [message()]) as client:
        text = client.get("/").text
    assert [] == re.findall(r"<script|<style|\sstyle=|\son\w+=", text)


def test_page_says_what_is_wrong_with_the_monitor() -> None:
    """A loop that stands still is told at the top."""
    assert "polls: no progress for 400 s" in words(health=lambda: {"polls": "no progress for 400 s"})


def test_page_is_there_without_the_database() -> None:
    """When the history cannot be read the page says so and shows the rest."""

    def locked(_: int) -> Any:
        raise StateUnavailableError("database is locked")

    shown = words(*rich_fleet(), latest=locked)
    assert [True, True] == [
        "The history cannot be read now: the database does not answer. Polls go on." in shown,
        "RUNNING" in shown,
    ]


def test_page_shows_the_last_events() -> None:
    """The newest events are told by severity and summary."""
    asked: list[int] = []

    def latest(limit: int) -> Any:
        asked.append(limit)
        return [message(summary="v1: STARTING -> FAILED")]

    shown = words(latest=latest)
    start = shown.index("Last events") + 1
    assert ([12], ["info", "v1: STARTING -> FAILED"]) == (asked, shown[start : start + 2])


def test_empty_page_says_so() -> None:
    """Without projects and events the page says that there are none."""
    shown = words()
    assert [True, True] == [text in shown for text in ("No project is watched yet.", "Nothing has changed yet.")]


def test_file_that_is_not_there() -> None:
    """Only the page's own files are served."""
    with client_of() as client:
        assert [404, 404] == [client.get(path).status_code for path in ("/static/app.js", "/static/..%2fpages.py")]
