from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from monitor.errors import StateUnavailableError
from monitor.view import ProjectState
from tests.builders import at, fault, project, snapshot, tracked
from tests.metrics.fleet import rich_fleet
from tests.web.pages.fleets import of_statuses, one, state
from tests.web.pages.histories import V1, Kept, events_of, receipt
from tests.web.pages.html import Page, page_of
from tests.web.serving import client_of, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
RUNS = state("shop", one("v1", "RUNNING", minutes=1))


def locked(*_: Any, **__: Any) -> Any:
    raise StateUnavailableError("database is locked")


class Locked(Kept):
    """A history that cannot be read."""

    def __init__(self) -> None:
        super().__init__([])

    events = about = locked


@pytest.fixture(scope="module")
def client() -> Any:
    """A client of a monitor with one version and its history."""
    history = Kept(events_of("STOPPED", "RUNNING", message="The model is hosted."), [receipt(1, "audit")])
    with client_of(RUNS, records=history, latest=lambda _: history.messages, clock=lambda: at(10)) as made:
        yield made


def test_fleet_shows_a_version_with_its_status() -> None:
    """A version is there with its name, what AWS says, its F1, its training and its units."""
    page = page_of("/", *rich_fleet())
    words = page.words[page.words.index("Projects and versions") :]
    assert [True] * 4 == [word in words for word in ("The model is running.", "0.857", "1–4", "RUNNING")]  # noqa: RUF001


def test_fleet_says_where_a_status_may_be_older() -> None:
    """A status that was there at the first look is known at least since then, relative and exact."""
    page = page_of("/", ProjectState(project=project(), snapshot=snapshot(tracked(since=at(-5), at_least=True))))
    assert ["5 min", "2026-11-21 17:55:00 UTC"] == page.after("at least", 2)


def test_time_can_be_focused_and_is_exact() -> None:
    """Each relative time has the exact one, for machines, for a pointer and for the keyboard."""
    with client_of(ProjectState(project=project(), snapshot=snapshot(tracked(since=at(-5))))) as made:
        text = made.get("/").text
    assert (
        '<time class="when" datetime="2026-11-21T17:55:00Z" tabindex="0">5 min'
        '<span class="exact">2026-11-21 17:55:00 UTC</span></time>'
    ) in text


def test_transition_that_was_skipped_is_said(client: httpx.Client) -> None:
    """The last events and the timeline name the statuses that were not seen."""
    page = Page(client.get("/").text)
    assert ["skipped STARTING", "STOPPED to RUNNING: skipped STARTING"] == [
        word for word in page.words if word.startswith(("skipped STARTING", "STOPPED to"))
    ]


def test_timeline_is_svg_with_words(client: httpx.Client) -> None:
    """A version's timeline is a picture whose text says the same."""
    text = client.get("/").text
    assert 'role="img" aria-label="24 hours: not seen' in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["a", "b"]), ("?text=v1", ["a", "b"]), ("?status=failed", ["b"]), ("?text=nothing", [])],
)
def test_filter_is_in_the_address(query: str, expected: list[str]) -> None:
    """An address with a filter shows what fits, so that a view can be sent."""
    page = page_of(f"/{query}", of_statuses("a", "RUNNING"), of_statuses("b", "FAILED"))
    words = page.words[page.words.index("Projects and versions") :]
    assert expected == [word for word in words if word in {"a", "b"}]


def test_nothing_that_fits_is_said() -> None:
    """A filter that leaves nothing says so."""
    assert "Nothing fits the filter." in page_of("/?text=nothing", RUNS).words


def test_large_fleet_is_in_pages() -> None:
    """A fleet beyond a page's length has pages, and the filter stays in their addresses."""
    page = page_of("/?status=stopped&page=2", of_statuses("a", *["STOPPED"] * 250))
    assert ["Page 2 of 3", "./?status=stopped&page=1#fleet", "./?status=stopped&page=3#fleet"] == [
        next(word for word in page.words if word.startswith("Page")),
        *[address for address in page.linked if "page=" in address and "page=2" not in address],
    ]


def test_version_page_has_everything(client: httpx.Client) -> None:
    """A version's page has its status, its fields, its timeline, its history and its deliveries."""
    page = Page(client.get("/version", params={"arn": V1}).text)
    held = ("RUNNING", "9 min", "skipped STARTING", "audit", "accepted", "1 try", "creation_timestamp", "not seen")
    assert {word: word != "creation_timestamp" for word in held} == {word: word in page.words for word in held}


def test_version_that_is_gone_has_its_history() -> None:
    """A version that is not listed any more is still found, as long as its history is kept."""
    history = Kept(events_of("DELETING", ""))
    page = page_of(f"/version?arn={V1}", records=history, clock=lambda: at(10))
    assert [True, True] == [word in page.words for word in ("Gone", "disappeared, last")]


@pytest.mark.parametrize("arn", ["", "nonsense", "%3Cscript%3E", V1])
def test_version_that_nobody_knows_is_404(arn: str) -> None:
    """What is no version, or none that is known, is said to be unknown."""
    with client_of() as made:
        answer = made.get(f"/version?arn={arn}")
    assert (404, True) == (answer.status_code, "Not known" in Page(answer.text).words)


def test_events_are_asked_for_as_the_address_says(client: httpx.Client) -> None:
    """The page of events shows what the history gives for the filter, with links to the versions."""
    page = Page(client.get("/events?status=running&severity=info").text)
    assert (True, True) == (
        "The model is hosted." in page.words,
        f"version?arn={V1.replace('/', '%2F')}" in page.linked,
    )


def test_events_are_filtered_by_place_without_script() -> None:
    """The form has account, region and label; what was chosen stays chosen, also a place where nothing is any more."""
    shop = ProjectState(project=project(labels={"team": "vision"}, account="production"))
    with client_of(shop, records=Kept([])) as made:
        text = made.get("/events?account=production&region=eu-west-1&label=team%3Dvision").text
    form = text[text.index('<form id="filter"') : text.index("</form>")]
    chosen = [
        (select.partition('"')[0], re.findall(r'<option value="([^"]*)" selected>', select))
        for select in form.split('<select name="')[1:]
    ]
    places = [("account", ["production"]), ("region", ["eu-west-1"]), ("label", ["team=vision"])]
    assert ([("type", []), ("severity", []), *places], False) == (chosen, 'type="hidden"' in form)


def test_feed_is_atom(client: httpx.Client) -> None:
    """The feed is well-formed Atom: an entry for each event, with an id that is the event's."""
    answer = client.get("/events.atom?text=x")
    feed, name = ET.fromstring(answer.content), "{http://www.w3.org/2005/Atom}"
    [event] = events_of("STOPPED", "RUNNING")
    entry = feed.find(f"{name}entry")
    assert entry is not None
    assert (
        "application/atom+xml; charset=utf-8",
        "events.atom?text=x",
        f"urn:uuid:{event.id}",
        "shop / v1: STOPPED -> RUNNING",
        "2026-11-21T18:01:00Z",
        "shop / v1: STOPPED -> RUNNING (skipped STARTING): The model is hosted.",
    ) == (
        answer.headers["content-type"],
        feed.find(f"{name}link[@rel='self']").get("href"),  # type: ignore[union-attr]
        *(entry.findtext(name + each) for each in ("id", "title", "updated", "content")),
    )


@pytest.mark.parametrize("path", ["/", f"/version?arn={V1}", "/events", f"/?text={MARKUP}", f"/events?text={MARKUP}"])
def test_text_of_others_is_only_ever_text(path: str) -> None:
    """Markup in messages, labels, statuses, names and parameters is shown, never obeyed."""
    told = one("v1", MARKUP, status_message=MARKUP, version_description=MARKUP, extra={MARKUP: MARKUP})
    history = Kept(events_of("STOPPED", MARKUP, message=MARKUP), [receipt(1, MARKUP, error=MARKUP)])
    page = page_of(
        path,
        state("shop", told, labels={"note": MARKUP}, fault=fault(message=MARKUP, hint=MARKUP)),
        records=history,
        latest=lambda _: history.messages,
        clock=lambda: at(10),
    )
    scripts, pictures = page.tags.count("script"), page.tags.count("img")
    assert (1, 1, True) == (scripts, pictures, any(MARKUP in word for word in page.words) or "text=" in path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ud83d", r"\ud83d"),
        ("abc\u202egpj.exe", r"abc\u202egpj.exe"),
        ("a\x1b[31mb\nc", r"a\x1b[31mb\nc"),
        ("موديل", "موديل"),
        ("x" * 255, "x" * 255),
    ],
)
def test_text_that_would_turn_or_break_is_shown(text: str, expected: str) -> None:
    """What UTF-8 cannot hold, what turns the direction and what controls is shown as its number; letters stay."""
    assert expected in page_of("/", state("shop", one(status_message=text))).words


def test_page_loads_only_what_is_here() -> None:
    """The page loads nothing from elsewhere, and everything that it loads is there and may be kept."""
    with client_of(*rich_fleet()) as made:
        answers = [made.get("/" + address) for address in Page(made.get("/").text).loaded]
    types = ["text/css; charset=utf-8", "image/svg+xml", "text/javascript; charset=utf-8", "image/svg+xml"]
    assert [(200, kind, True) for kind in types] == [
        (answer.status_code, answer.headers["content-type"], "immutable" in answer.headers["cache-control"])
        for answer in answers
    ]


@pytest.mark.parametrize("path", ["/", "/events", f"/version?arn={V1}"])
def test_every_link_of_ours_is_answered(client: httpx.Client, path: str) -> None:
    """Every address of the monitor that a page links to is there; the others are AWS's console."""
    linked = {address.split("#")[0] for address in Page(client.get(path).text).linked} - {""}
    own = {address for address in linked if "://" not in address}
    assert {200} == {client.get("/" + address.removeprefix("./")).status_code for address in own}
    assert all(re.match(r"https://[a-z0-9-]+\.console\.aws\.amazon\.com/", address) for address in linked - own)


@pytest.mark.parametrize("path", ["/", "/events", f"/version?arn={V1}", "/version"])
def test_page_has_nothing_inline(client: httpx.Client, path: str) -> None:
    """Nothing on a page needs more than the Content-Security-Policy allows."""
    text = client.get(path).text
    assert [] == re.findall(r"<script(?! defer src=\"static/live\.js)|<style|\sstyle=|\son\w+=|javascript:", text)


def test_page_says_what_is_wrong_with_the_monitor() -> None:
    """A loop that stands still and a fault are told with what to do."""
    page = page_of("/", state("shop", fault=fault()), health=lambda: {"polls": "no progress for 400 s"})
    held = ("Not well", "polls: no progress for 400 s", "timed_out: no answer in 20 s", "Check the network.")
    assert dict.fromkeys(held, True) == {word: word in page.words for word in held}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", ["The history cannot be read now: the database does not answer.", "RUNNING"]),
        (f"/version?arn={V1}", ["The history cannot be read now: the database does not answer.", "RUNNING"]),
        ("/events", ["The history cannot be read now: the database does not answer. Polls go on."]),
    ],
)
def test_page_is_there_without_the_database(path: str, words: Sequence[str]) -> None:
    """When the history cannot be read a page says so and shows the rest."""
    shown = page_of(path, RUNS, latest=locked, records=Locked()).words
    assert [True] * len(words) == [word in shown for word in words]


def test_feed_without_the_database_is_503() -> None:
    """A feed that would lie by being empty is refused."""
    with client_of(records=Locked()) as made:
        assert 503 == made.get("/events.atom").status_code


def test_empty_page_says_so() -> None:
    """Without projects and events the page says that there are none."""
    shown = page_of("/").words
    assert [True, True] == [text in shown for text in ("No project is watched yet.", "Nothing has changed yet.")]


def test_last_events_are_few() -> None:
    """The first page asks for few events."""
    asked: list[int] = []

    def latest(limit: int) -> Any:
        asked.append(limit)
        return [message()]

    page_of("/", latest=latest)
    assert [6] == asked


def test_file_that_is_not_there() -> None:
    """Only the pages' own files are served."""
    with client_of() as made:
        assert [404, 404] == [made.get(path).status_code for path in ("/static/app.js", "/static/..%2fpages.py")]
