from __future__ import annotations

import pytest

from monitor.domain.standing import STOPPED, Standing


@pytest.mark.parametrize(
    ("failing", "error", "stopped"),
    [
        (True, f"{STOPPED}: 410 Gone", True),
        (False, f"{STOPPED}: 410 Gone", False),
        (True, "503", False),
        (True, None, False),
    ],
)
def test_a_sink_stands_stopped_while_its_last_word_is_that(failing: bool, error: str | None, stopped: bool) -> None:  # noqa: FBT001
    """What it said before it was accepted again counts no longer."""
    assert stopped == Standing(failing=failing, last_error=error).stopped
