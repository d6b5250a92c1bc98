"""Every panel and every rule, asked of a real Prometheus that has scraped the demo."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.deploy.rules import records
from tests.end_to_end.demo import watched_demo
from tests.end_to_end.panels import Answer, Asked, ask, queries
from tests.end_to_end.prometheus import SCRAPE_INTERVAL, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.end_to_end.prometheus import Watch

PATIENCE: Final = 120.0
"""Seconds until the demo has shown all that it shows."""

SPEED: Final = 150.0
"""Something of every kind has happened after 20 seconds."""

MAY_BE_EMPTY: Final[Mapping[tuple[str, str], str]] = {
    ("monitor.json", "Restarts"): "the annotations of the monitor, which nobody restarts",
    ("rules", "rekognition:running_expected:versions"): "as shipped no version is excepted; everybody names their own",
}
"""What the demo has nothing for, and why."""

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Prometheus at the demo."""
    with watched_demo(tmp_path_factory.mktemp("demo"), speed=SPEED) as watch:
        yield watch


def everything() -> list[Asked]:
    """All queries of the dashboards, and all that is recorded."""
    recorded = dict.fromkeys(rule.name for rule in records())
    return [*queries(), *(Asked("rules", name, "record", name) for name in recorded)]


def first_answers(url: str) -> dict[Asked, Answer]:
    """To each query its first answer that has series, or its last one without: asked until all have or time is up."""
    answers = {asked: ask(url, asked.expression) for asked in everything()}
    end = time.monotonic() + PATIENCE
    while missing := [asked for asked, answer in answers.items() if _awaited(asked, answer)]:
        if time.monotonic() > end:
            break
        time.sleep(SCRAPE_INTERVAL)  # other processes work meanwhile
        answers |= {asked: ask(url, asked.expression) for asked in missing}
    return answers


def test_every_query_of_a_dashboard_shows_the_demo(watch: Watch) -> None:
    """No query is refused, and none finds nothing, but those that are declared."""
    answers = first_answers(watch.prometheus.url)

    assert {} == {asked: answer.error for asked, answer in answers.items() if answer.error}
    assert set() == {asked for asked, answer in answers.items() if _awaited(asked, answer)}


def test_every_rule_is_evaluated_on_the_demo(watch: Watch) -> None:
    """Recording rules and alerts: each one without an error, two series of one name, or a many-to-many match."""
    wait_until(lambda: all(rule["health"] != "unknown" for rule in watch.rules()), "rules are evaluated")

    assert {} == {rule["name"]: rule.get("lastError") for rule in watch.rules() if rule["health"] != "ok"}


def test_what_may_be_empty_is_asked() -> None:
    """No declaration is left over."""
    assert set() == MAY_BE_EMPTY.keys() - {(asked.dashboard, asked.title) for asked in everything()}


def _awaited(asked: Asked, answer: Answer) -> bool:
    return not answer.series and not answer.error and (asked.dashboard, asked.title) not in MAY_BE_EMPTY
