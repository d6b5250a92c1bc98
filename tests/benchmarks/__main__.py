"""`make bench`: every figure side by side with its peer, as a table and as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.benchmarks import polls, scrapes
from tests.benchmarks.figures import Figure, as_json, as_table


def measure(*, short: bool) -> list[Figure]:
    """Every figure; the short form only shows that the benchmarks run."""
    if short:
        return [*polls.measure(rounds=1, calls=2), *scrapes.measure(projects=20, rounds=1)]
    return [*polls.measure(rounds=15, calls=40), *scrapes.measure(projects=1000, rounds=7)]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="only show that the benchmarks run")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args()
    figures = measure(short=options.short)
    print(as_table(figures))  # noqa: T201
    if options.json:
        options.json.write_text(as_json(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
