"""monitor.service.history"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.errors import UsageError
from monitor.service.core import Core
from monitor.service.history import open_state
from tests.service.rig import A, make_config

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator


def test_a_database_that_is_not_there_is_not_made(simulator: Simulator, tmp_path: Path) -> None:
    """Who only looks leaves nothing behind."""
    with (
        pytest.raises(UsageError, match="there is no state database at"),
        open_state(make_config(tmp_path, simulator.url, A)),
    ):
        pass

    assert [] == list(tmp_path.glob("state.db*"))


def test_a_database_is_read_beside_the_one_that_writes_it(simulator: Simulator, tmp_path: Path) -> None:
    """What is committed is seen at once."""
    config = make_config(tmp_path, simulator.url, A)
    core = Core(config, {})
    with open_state(config) as store:
        before = [snapshot.project_arn for snapshot in store.snapshots()]
        core.poller.poll(core.projects[A])
        after = [snapshot.project_arn for snapshot in store.snapshots()]
    core.close()

    assert ([], [A]) == (before, after)
