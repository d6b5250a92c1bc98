from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitor.config.model import Config, Project, State
from monitor.service.presence import Presence, find_daemon
from monitor.store import StateLock
from tests.builders import PROJECT_ARN

if TYPE_CHECKING:
    from pathlib import Path


def test_whoever_has_the_lock_is_the_daemon(tmp_path: Path) -> None:
    """Before, while and after it runs."""
    url = f"sqlite:///{tmp_path}/state.db"
    config = Config(state=State(url=url), projects=(Project(arn=PROJECT_ARN),))
    lock = StateLock(url)
    before = find_daemon(config)
    lock.acquire()
    meanwhile = find_daemon(config)
    lock.release()
    stopped = Presence(running=False)
    assert [before, meanwhile, find_daemon(config)] == [
        stopped,
        Presence(running=True, process=str(os.getpid())),
        stopped,
    ]
