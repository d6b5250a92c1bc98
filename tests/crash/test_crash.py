"""The short form of `make crash`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.__main__ import plan
from tests.crash.campaign import CrashCampaign

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.end_to_end
@pytest.mark.timeout(600)
def test_twenty_deaths_lose_no_event_and_invent_none(tmp_path: Path) -> None:
    """Killed at random and at writes, on a full disk, with a clock that jumps: all arrives, in order, by its id."""
    result = CrashCampaign(plan(20, seed=7), tmp_path, say=print).play()
    assert ([], 20) == (result.verdict.problems, sum(result.kills.values()))
    assert result.verdict.events > 0
