from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.events import EventType
from monitor.domain.inquiry import Inquiry
from monitor.domain.severity import Severity
from monitor.web.pages.happenings import PER_PAGE, events_page, newest_of, parse_event_wish
from monitor.web.pages.options import Option, Places
from tests.builders import T0, project, project_arn
from tests.web.serving import message


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {}),
        (
            {"project": "shop*", "version": "prod-*", "type": "project_version.status_changed", "status": "running"},
            {
                "projects": ("shop*",),
                "versions": ("prod-*",),
                "types": (EventType.VERSION_STATUS_CHANGED,),
                "after_status": "RUNNING",
            },
        ),
        (
            {"severity": "error", "account": "111122223333", "region": "eu-west-1", "label": "team=vision"},
            {
                "severity": Severity.ERROR,
                "accounts": ("111122223333",),
                "regions": ("eu-west-1",),
                "labels": {"team": "vision"},
            },
        ),
        ({"text": " till ", "before": "7"}, {"text": "till", "before": 7}),
        ({"after": "7"}, {"after": 7, "newest_first": False}),
        ({"type": "nothing", "severity": "dire", "before": "-1", "after": "x"}, {}),
    ],
)
def test_address_is_an_inquiry(parameters: dict[str, str], expected: dict[str, Any]) -> None:
    """The parameters of an address ask for one event more than a page has; what means nothing is left alone."""
    usual: dict[str, Any] = {"limit": PER_PAGE + 1, "newest_first": True}
    assert Inquiry(**{**usual, **expected}) == parse_event_wish(parameters).inquiry


@pytest.mark.parametrize(
    ("given", "expected"), [("production", ("111122223333",)), ("999988887777", ("999988887777",))]
)
def test_account_is_asked_for_by_its_name_too(given: str, expected: tuple[str, ...]) -> None:
    """The address keeps the name; the history knows only ids."""
    projects = [project(account="production"), project(project_arn("far", account_id="999988887777"))]
    wish = parse_event_wish({"account": given}, projects)
    assert (expected, f"events?account={given}") == (wish.inquiry.accounts, str(wish.link))


@pytest.mark.parametrize(
    ("parameters", "positions", "expected"),
    [
        ({}, [3, 2], ([3, 2], "", "")),
        ({}, range(100, 100 - PER_PAGE - 1, -1), (list(range(100, 50, -1)), "events?before=51", "")),
        ({"before": "60"}, [59, 58], ([59, 58], "", "events?after=59")),
        ({"after": "7"}, [8, 9], ([9, 8], "events?before=8", "")),
        ({"after": "7"}, range(8, 8 + PER_PAGE + 1), (list(range(57, 7, -1)), "events?before=8", "events?after=57")),
        ({"text": "x"}, [], ([], "", "")),
    ],
)
def test_page_leads_to_older_and_newer_ones(
    parameters: dict[str, str], positions: list[int], expected: tuple[list[int], str, str]
) -> None:
    """A page is newest first, and links to where there is more."""
    page = events_page(parse_event_wish(parameters), [message(each) for each in positions], [], T0)
    assert page.events is not None
    assert expected == ([event.position for event in page.events], page.older, page.newer)


def test_feed_is_of_the_newest() -> None:
    """Whatever page is looked at, its feed has the newest of what the filter leaves."""
    wish = parse_event_wish({"text": "x", "before": "9"})
    assert (Inquiry(text="x", limit=5, newest_first=True), "events.atom?text=x") == (
        newest_of(wish, 5),
        str(wish.feed),
    )


def test_page_without_the_database_has_no_events() -> None:
    """None stands for a history that cannot be read."""
    assert events_page(parse_event_wish({}), None, [], T0).events is None


@pytest.mark.parametrize("messages", [None, []])
def test_filter_offers_the_places_of_projects(messages: list[Any] | None) -> None:
    """Every account, by its name where it has one, every region and every label, once and in order."""
    projects = [
        project(labels={"team": "vision", "tier": "1"}, account="production"),
        project(project_arn("near"), labels={"team": "vision"}, account="production"),
        project(project_arn("far", region="eu-west-1", account_id="999988887777"), labels={"team": "speech"}),
    ]
    expected = Places(
        accounts=(
            Option(value="111122223333", word="production (111122223333)"),
            Option(value="999988887777", word="999988887777"),
        ),
        regions=(Option(value="eu-west-1", word="eu-west-1"), Option(value="us-east-1", word="us-east-1")),
        labels=tuple(Option(value=each, word=each) for each in ("team=speech", "team=vision", "tier=1")),
    )
    assert expected == events_page(parse_event_wish({}), messages, projects, T0).places
