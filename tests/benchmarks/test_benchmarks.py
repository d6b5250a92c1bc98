"""The benchmarks still run. What they measure is no test's business."""

from __future__ import annotations

from tests.benchmarks.__main__ import measure
from tests.benchmarks.figures import Figure, as_table


def test_every_benchmark_runs() -> None:
    """The short form gives each figure, with a peer's beside it."""
    figures = measure(short=True)

    assert [
        "poll, 1 full versions, nothing changed",
        "poll, 1 full versions, all changed",
        "poll, 10 full versions, nothing changed",
        "poll, 10 full versions, all changed",
        "poll, 100 full versions, nothing changed",
        "poll, 100 full versions, all changed",
        "scrape, 200 versions, text: CPU",
        "scrape, 200 versions, text: wall",
        "scrape, 200 versions, gzip: CPU",
        "scrape, 200 versions, gzip: wall",
        "scrape, 200 versions, gzip, every project polled since the last: CPU",
        "scrape, 200 versions, gzip, every project polled since the last: wall",
        "scrape, 200 versions, gzip, and the publishing of a changed version: CPU",
        "scrape, 200 versions, gzip, and the publishing of a changed version: wall",
        "scrape, 200 versions, gzip against text: CPU",
        "scrape, 200 versions, memory a version before the first scrape, against its text",
        "scrape, 200 versions, memory a version after a gzip scrape, against its text",
        "scrape, 200 versions, memory a version after a plain scrape, against its text",
        "polls beside 10 gzip scrapes a second of 80 versions, p99, against 100 ms more than alone",
        "polls beside 10 plain scrapes a second of 80 versions, p99, against 100 ms more than alone",
    ] == [figure.what for figure in figures]
    assert all(figure.ours > 0 and figure.peer > 0 for figure in figures)


def test_a_missed_goal_is_told() -> None:
    """The table says NO, in capitals."""
    missed = Figure(what="x", ours=2.0, peer=1.0, unit="ms", ratio=2.0, goal=0.5)

    assert ["figure  ours  peer  ratio  goal  met", "x       2 ms  1 ms  2.000  0.5   NO"] == [
        line.rstrip() for line in as_table([missed]).splitlines()
    ]
