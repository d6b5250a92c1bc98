from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.view import ProjectState
from monitor.web.pages.wish import PER_PAGE, parse_wish, select
from tests.builders import T0, fault, project, project_arn
from tests.web.pages.fleets import of_statuses, one, state

SHOP = state(
    "shop",
    one("new", "RUNNING", minutes=3, f1_score=0.9, min_inference_units=2, status_message="The model is hosted."),
    one(
        "old",
        "FAILED",
        minutes=1,
        f1_score=0.8,
        creation_timestamp=T0,
        training_end_timestamp=T0 + timedelta(hours=1),
        version_description="for the Tills",
    ),
    labels={"team": "vision"},
)
PHOTOS = state("photos", one("new", "TRAINING_IN_PROGRESS", of="photos", minutes=2))
ELSEWHERE = ProjectState(project=project(project_arn("far", region="eu-west-1", account_id="444455556666")))


def found(*states: ProjectState, **parameters: str) -> list[str]:
    """What is shown, each as `project/version`."""
    shown = select(states, parse_wish(parameters)).shown
    return [f"{entry.state.project.name}/{entry.version.name if entry.version else ''}" for entry in shown]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["photos/new", "shop/new", "shop/old", "far/"]),
        ({"text": "HOSTED model"}, ["shop/new"]),
        ({"text": "tills"}, ["shop/old"]),
        ({"text": "nowhere"}, []),
        ({"status": "RUNNING"}, ["shop/new"]),
        ({"status": "under-way"}, ["photos/new"]),
        ({"status": "failed-or-expired"}, ["shop/old"]),
        ({"account": "444455556666"}, ["far/"]),
        ({"region": "us-east-1"}, ["photos/new", "shop/new", "shop/old"]),
        ({"label": "team=vision"}, ["shop/new", "shop/old"]),
        ({"label": "team=vision", "text": "new", "status": ""}, ["shop/new"]),
        (
            {"unknown": "x", "sort": "weight", "page": "-1", "range": "9y"},
            ["photos/new", "shop/new", "shop/old", "far/"],
        ),
    ],
)
def test_filter_leaves_what_is_meant(parameters: dict[str, str], expected: list[str]) -> None:
    """Each condition leaves the versions that it holds for; what means nothing is left alone."""
    assert expected == found(SHOP, PHOTOS, ELSEWHERE, **parameters)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("status", ["shop/old", "photos/new", "shop/new"]),
        ("-status", ["shop/new", "photos/new", "shop/old"]),
        ("-since", ["shop/new", "photos/new", "shop/old"]),
        ("since", ["shop/old", "photos/new", "shop/new"]),
        ("version", ["photos/new", "shop/new", "shop/old"]),
        ("f1", ["shop/old", "shop/new", "photos/new"]),
        ("-f1", ["shop/new", "shop/old", "photos/new"]),
        ("-training", ["shop/old", "photos/new", "shop/new"]),
        ("units", ["shop/new", "photos/new", "shop/old"]),
    ],
)
def test_order_is_by_a_column(sort: str, expected: list[str]) -> None:
    """Versions come in the order of a column, either way; those without a value stand last, both ways."""
    assert expected == found(SHOP, PHOTOS, ELSEWHERE, sort=sort)


def test_projects_that_fail_come_first() -> None:
    """A project that cannot be polled is at the top, the others follow by name."""
    assert ["c/", "a/", "b/"] == found(state("b"), state("c", fault=fault()), state("a"))


def test_pages_have_so_many_lines() -> None:
    """A fleet is shown in pages; a page beyond the last is the last."""
    large = of_statuses("shop", *["STOPPED"] * (2 * PER_PAGE + 3))
    last = select([large], parse_wish({"page": "9"}))
    assert (PER_PAGE, 3, 3, 3, 203) == (
        len(found(large)),
        len(last.shown),
        last.page,
        last.pages,
        last.found,
    )


def test_address_keeps_the_view() -> None:
    """The link of a view has what was asked for and nothing else; one thing can be changed in it."""
    wish = parse_wish({"text": "a b&c", "label": "team=vision", "sort": "-f1", "range": "7d", "page": "2", "x": "y"})
    assert (
        "./?text=a%20b%26c&label=team=vision&sort=-f1&range=7d&page=2",
        "./?text=a%20b%26c&label=team=vision&sort=-f1&page=2",
        "./",
    ) == (str(wish.link), str(wish.link.but(range="")), str(parse_wish({}).link))


def test_version_before_is_the_next_older_with_a_score() -> None:
    """An F1 score is held against that of the version before, passing those without one."""
    fleet = state("shop", one("c", f1_score=0.9), one("b"), one("a", f1_score=0.8))
    shown = select([fleet], parse_wish({})).shown
    assert [("c", 0.8), ("b", 0.8), ("a", None)] == [
        (entry.version.name, entry.f1_before) for entry in shown if entry.version
    ]
