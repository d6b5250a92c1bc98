"""`make bench`: every figure side by side with its peer, as a table and as JSON."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor import logs
from tests.benchmarks import clients, commands, delivery, load, month, polls, scrape_delays, scrapes
from tests.benchmarks.figures import as_json, as_table, with_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.benchmarks.figures import Figure


CASES: Final[Mapping[str, Callable[[], Iterable[Figure]]]] = {
    "polls": lambda: polls.measure(rounds=15, calls=40),
    "scrapes": lambda: scrapes.measure(projects=[100, 1000], rounds=5),
    "scrape-delays": lambda: scrape_delays.measure(projects=1000, seconds=4, rounds=2),
    "delivery": delivery.measure,
    "clients": clients.measure,
    "commands": commands.measure,
    "month": month.measure,
    "load": load.measure,
}
"""In the order of the table."""


def measure(*, short: bool, large: bool = False, only: str | None = None) -> Iterator[Figure]:
    """Every figure, or those of one case; the short form shows that they run, the large one takes minutes more."""
    if short:
        yield from polls.measure(rounds=1, calls=1, sizes=[1])
        yield from scrapes.measure(projects=[2], rounds=1, calls=1)
        yield from scrape_delays.measure(projects=8, seconds=0.1, rounds=1)
        yield from clients.measure(ours=2, peers=1)
        yield from commands.measure(projects=1, rounds=1)
        yield from month.measure(projects=2, days=14)
        return
    for name, case in CASES.items():
        if only in (None, name):
            yield from case()
    if large:
        yield from scrapes.measure(projects=[10_000], rounds=3)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="only show that the benchmarks run")
    parser.add_argument("--large", action="store_true", help="also scrapes of 100,000 versions")
    parser.add_argument("--only", choices=CASES, help="measure nothing else")
    parser.add_argument("--page", type=Path, action="append", default=[], help="a page that shows figures, renewed")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go as JSON")
    options = parser.parse_args()
    logs.configure("error", "console")  # the table alone goes to the terminal
    began = time.monotonic()
    figures = list(measure(short=options.short, large=options.large, only=options.only))
    print(as_table(figures))  # noqa: T201
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(as_json(figures, seconds=time.monotonic() - began))
    for page in options.page:
        page.write_text(with_figures(page.read_text(), figures, some=options.only is not None))
    return 0


if __name__ == "__main__":
    sys.exit(main())
