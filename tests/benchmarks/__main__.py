"""`make bench`: every figure side by side with its peer, as a table and as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from monitor import logs
from tests.benchmarks import delivery, polls, scrape_delays, scrapes
from tests.benchmarks.figures import Figure, as_json, as_table


def measure(*, short: bool, large: bool = False) -> list[Figure]:
    """Every figure; the short form only shows that the benchmarks run, the large one takes minutes more."""
    if short:
        return [
            *polls.measure(rounds=1, calls=2),
            *scrapes.measure(projects=[20], rounds=1, calls=1),
            *scrape_delays.measure(projects=8, seconds=0.3, rounds=1),
        ]
    return [
        *polls.measure(rounds=15, calls=40),
        *scrapes.measure(projects=[100, 1000], rounds=7),
        *scrape_delays.measure(projects=1000, seconds=4, rounds=5),
        *delivery.measure(),
        *(scrapes.measure(projects=[10_000], rounds=3) if large else ()),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="only show that the benchmarks run")
    parser.add_argument("--large", action="store_true", help="also scrapes of 100,000 versions")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args()
    logs.configure("error", "console")  # the table alone goes to the terminal
    figures = measure(short=options.short, large=options.large)
    print(as_table(figures))  # noqa: T201
    if options.json:
        options.json.write_text(as_json(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
