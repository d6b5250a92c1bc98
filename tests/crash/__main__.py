"""The long crash campaign: `make crash`. Ends with 1 when an event was lost, invented, changed or out of order."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.crash.campaign import SPEED, CrashCampaign, Plan
from tests.crash.lives import Kind

if TYPE_CHECKING:
    from collections import Counter

MIX = (*(Kind.RANDOM, Kind.WRITE) * 5, Kind.DISK, Kind.CLOCK)
"""Of twelve lives five are killed at random, five at a write, and one each has a full disk or a clock that is set."""
_SECONDS_A_LIFE = 1.5


def plan(kills: int, kinds: tuple[Kind, ...] = MIX, seed: int = 1) -> Plan:
    """So many kills, in a world in which something goes on all the while."""
    seconds = int(kills * _SECONDS_A_LIFE * SPEED)  # of the world
    return Plan(kills=kills, kinds=kinds, seed=seed, versions=max(60, seconds // 2), born_within=f"{max(5, seconds)}s")


def main() -> int:
    """Play one campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--only", choices=[*Kind], help="one kind of life only")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    kinds = (Kind(arguments.only),) if arguments.only else MIX
    with tempfile.TemporaryDirectory(prefix="crash-") as directory:
        campaign = CrashCampaign(
            plan(arguments.kills, kinds, arguments.seed),
            Path(directory),
            say=lambda text: print(text, flush=True),  # noqa: T201
        )
        result = campaign.play()
    verdict = result.verdict
    print(  # noqa: T201
        f"{sum(result.kills.values())} kills in {result.seconds:.0f} s ({_counts(result.kills)}), {result.jumps} jumps"
        f" of the clock; {verdict.versions} versions, {verdict.listings} listings: {verdict.events} events arrived,"
        f" {verdict.repeats} again; the receiver failed: {_counts(result.failed)}; {len(verdict.problems)} problems"
    )
    for where, number in sorted(result.deaths.items()):
        print(f"{number:5} killed {where}")  # noqa: T201
    for problem in verdict.problems[:20]:
        print(problem)  # noqa: T201
    return 1 if verdict.problems else 0


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counter.items()))


if __name__ == "__main__":
    sys.exit(main())
