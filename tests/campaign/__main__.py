"""The long campaign: `make campaign`. Prints what it did; ends with 1 when anything was lost, invented or reordered."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.campaign.campaign import Campaign, Plan


def main() -> int:
    """Play one campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--lives", type=int, default=1000)
    parser.add_argument("--projects", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=60)
    parser.add_argument("--longest", type=float, default=4.0, help="seconds that a process lives at most")
    parser.add_argument("--seed", type=int, default=1)
    plan = Plan(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="campaign-") as directory:
        campaign = Campaign(plan, Path(directory), say=lambda text: print(text, flush=True))  # noqa: T201
        verdict = campaign.play()
    print(  # noqa: T201
        f"{verdict.versions} versions, {verdict.listings} listings, {plan.restarts} restarts"
        f" ({campaign.kills} by kill -9): {verdict.events} events, {verdict.repeats} sent again,"
        f" {len(verdict.problems)} problems"
    )
    for problem in verdict.problems[:20]:
        print(problem)  # noqa: T201
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    sys.exit(main())
