"""monitor.service.core"""

from __future__ import annotations

from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from monitor.domain.commit import Commit
from monitor.service.core import Core
from monitor.store import StateLock
from tests.builders import T0, project, snapshot, tracked, version
from tests.service.rig import A, B, Told, make_config

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator


def test_every_enabled_sink_has_a_name(simulator: Simulator, tmp_path: Path) -> None:
    """Those of the file that are on, and the extra ones."""
    sinks = [
        {"name": "off", "type": "file", "path": "/nowhere", "enabled": False},
        {"name": "audit", "type": "file", "path": "/nowhere"},
    ]
    core = Core(make_config(tmp_path, simulator.url, A, sinks=sinks), {"demo": Told()})
    core.close()

    assert ("audit", "log", "demo") == core.sink_names()


def test_what_is_restored_is_shown_until_it_is_forgotten(simulator: Simulator, tmp_path: Path) -> None:
    """Every configured project has a state, one that was never polled an empty one."""
    core = Core(make_config(tmp_path, simulator.url, A, B), {})
    known = snapshot(tracked(version()), arn=A)
    core.store.commit(Commit(project=project(A), at=T0, after=known))
    core.restore()
    restored = [(state.project.arn, state.snapshot, state.ready) for state in core.view.states()]
    core.forget(core.projects[A])
    left = [state.project.arn for state in core.view.states()]
    core.close()

    assert [(A, known, True), (B, None, False)] == restored
    assert [B] == left


def test_a_close_saves_what_was_seen_and_frees_the_database(simulator: Simulator, tmp_path: Path) -> None:
    """The next process goes on from there."""
    config = make_config(tmp_path, simulator.url, A)
    core = Core(config, {})
    core.lock.acquire()
    core.poller.poll(core.projects[A])
    second = core.poller.poll(core.projects[A]).state.snapshot
    core.close()
    lock = StateLock(config.state.url)
    reopened = Core(config, {})
    stored = reopened.store.snapshot(A)
    reopened.close()

    assert (second, True) == (stored, lock.acquire())
    lock.release()


def test_a_close_that_cannot_save_closes_all_the_same(simulator: Simulator, tmp_path: Path) -> None:
    """A disk that fails, or is gone, keeps nobody from ending."""
    core = Core(make_config(tmp_path, simulator.url, A), {})
    core.poller.poll(core.projects[A])
    core.poller.poll(core.projects[A])
    core.store.close()
    for path in tmp_path.glob("state.db*"):
        path.unlink()
    (tmp_path / "state.db").mkdir()
    with capture_logs() as entries:
        core.close()

    assert ["seen.unsaved"] == [entry["event"] for entry in entries]
