"""The short form of `make campaign`: random lives, faults, restarts and kill -9."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.campaign.campaign import Campaign, Plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.end_to_end
@pytest.mark.timeout(600)
def test_no_event_is_lost_or_invented_whatever_happens(tmp_path: Path) -> None:
    """What the simulator showed is what was told: all of it, in order, with one id for a fact."""
    plan = Plan(lives=60, projects=3, restarts=5, longest=1.5, seed=7)
    campaign = Campaign(plan, tmp_path, say=print)
    verdict = campaign.play()

    assert [] == verdict.problems
    assert 5 == campaign.kills
    assert verdict.events > 0
