"""The benchmarks still run. What they measure is no test's business."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest

from monitor.domain.status import STOPPED
from tests.benchmarks import load
from tests.benchmarks.__main__ import measure
from tests.benchmarks.figures import Figure, as_table, with_figures
from tests.benchmarks.fleet import Change, fleet
from tests.benchmarks.month import fixed, percentile

_OF_THE_MONTH: Final = (
    "a month of 2 projects: calls an hour, against a fixed interval with the same p95 of ends (129 s)",
    "a month of 2 projects: calls an hour, against a fixed interval with the same p95 of all (275 s)",
    "a month of 2 projects: delay of ends, p50, against a fixed interval with as many calls",
    "a month of 2 projects: delay of ends, p95, against a fixed interval with as many calls",
    "a month of 2 projects: delay of ends, p99, against a fixed interval with as many calls",
    "a month of 2 projects: delay of all, p50, against a fixed interval with as many calls",
    "a month of 2 projects: delay of all, p95, against a fixed interval with as many calls",
    "a month of 2 projects: delay of all, p99, against a fixed interval with as many calls",
)


def test_every_benchmark_runs() -> None:
    """The short form gives each figure, with a peer's beside it."""
    figures = list(measure(short=True))

    assert [
        "poll, 1 full versions, nothing changed",
        "poll, 1 full versions, all changed",
        "scrape, 20 versions, text: CPU",
        "scrape, 20 versions, text: wall",
        "scrape, 20 versions, gzip: CPU",
        "scrape, 20 versions, gzip: wall",
        "scrape, 20 versions, gzip, every project polled since the last: CPU",
        "scrape, 20 versions, gzip, every project polled since the last: wall",
        "scrape, 20 versions, gzip, and the publishing of a changed version: CPU",
        "scrape, 20 versions, gzip, and the publishing of a changed version: wall",
        "scrape, 20 versions, gzip against text: CPU",
        "scrape, 20 versions, memory a version before the first scrape, against its text",
        "scrape, 20 versions, memory a version after a gzip scrape, against its text",
        "scrape, 20 versions, memory a version after a plain scrape, against its text",
        "polls beside 10 gzip scrapes a second of 80 versions, p99, against 100 ms more than alone",
        "polls beside 10 plain scrapes a second of 80 versions, p99, against 100 ms more than alone",
        "memory of one more account and region",
        "--help, against 0.3 s",
        "--version, against 0.3 s",
        "check-config, against a Python that does nothing",
        "status, 10 versions, in a pipe, against 1 s",
        "status, 10 versions, at a terminal, against 1 s",
        "status VERSION, 10 versions, against a Python that does nothing",
        "events, against a Python that does nothing",
        *_OF_THE_MONTH,
    ] == [figure.what for figure in figures]
    assert all(figure.ours > 0 and figure.peer > 0 for figure in figures)


def test_the_daemon_is_loaded() -> None:
    """A few projects, a few seconds: the daemon, the far end, scrapes and changes, and a second start."""
    figures = load.measure(projects=20, seconds=3, interval=2)

    assert ["%", "%", "MiB", "KiB", "/s", "s"] == [figure.unit for figure in figures]
    assert figures[-2].ours > 0


def test_a_month_is_the_same_each_time() -> None:
    """The seed decides, so that two cadences see one fleet."""
    assert fleet(Random(1), 3, 7) == fleet(Random(1), 3, 7)
    assert fleet(Random(1), 3, 7) != fleet(Random(2), 3, 7)


def test_a_fixed_interval_sees_within_it() -> None:
    """A hundred changes, asked about every minute: half of them are seen within 30 seconds, all within 66."""
    changes = [Change(each * 1000.0, each, STOPPED) for each in range(100)]
    watched = fixed([changes], 2, 60)

    assert watched.calls == pytest.approx(2 * 24 * 60, rel=0.05)
    assert 0 < percentile(watched.all, 50) < 45
    assert max(watched.all) <= 66
    assert watched.ends == ()


def test_a_missed_goal_is_told() -> None:
    """The table says NO, in capitals."""
    missed = Figure(what="x", ours=2.0, peer=1.0, unit="ms", ratio=2.0, goal=0.5)

    assert ["figure  ours  peer  ratio  goal  met", "x       2 ms  1 ms  2.000  0.5   NO"] == [
        line.rstrip() for line in as_table([missed]).splitlines()
    ]


def test_the_table_of_a_page_is_renewed() -> None:
    """What stands around it stays, and so do figures that were not measured, if only some were."""
    old = as_table([_figure("one thing, wall", 2.0), _figure("another", 5.0)])
    before = f"# A\n```text\nan old machine\n\n{old}\n```\nB\n"
    new = [_figure("another", 4.0), _figure("c", 6.0)]
    page = with_figures(before, new, some=True)

    assert page.startswith("# A\n```text\n")
    assert page.endswith(f"\n\n{as_table([_figure('one thing, wall', 2.0), *new])}\n```\nB\n")
    assert "an old machine" not in page
    assert with_figures(before, new).endswith(f"\n\n{as_table(new)}\n```\nB\n")


def test_the_figures_in_a_table_for_people_are_renewed() -> None:
    """By their names; other rows stay."""
    page = "| | |\n|---|---|\n| one thing, wall | 1 ms |\n| mine | 5 |\n"

    expected = "| | |\n|---|---|\n| one thing, wall | 2 ms |\n| mine | 5 |\n"
    assert expected == with_figures(page, [_figure("one thing, wall", 2.0)])


def _figure(what: str, ours: float) -> Figure:
    return Figure(what=what, ours=ours, peer=1.0, unit="ms", ratio=ours)
