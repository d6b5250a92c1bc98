from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from monitor.errors import StateUnavailableError, UsageError
from monitor.store import StateLock
from tests.store.commits import url_of

if TYPE_CHECKING:
    from pathlib import Path


def test_one_at_a_time_has_the_lock(path: Path) -> None:
    """The second is told who has it, and gets it after the first."""
    first, second = StateLock(url_of(path)), StateLock(url_of(path))
    taken = first.acquire(), second.acquire(), second.holder()
    first.release()
    assert ((True, False, str(os.getpid())), True) == (taken, second.acquire())
    second.release()


def test_a_link_to_the_database_leads_to_the_same_lock(path: Path) -> None:
    """Two monitors on one database would tell everything twice."""
    link = path.with_name("link.db")
    link.symlink_to(path.name)
    first, second = StateLock(url_of(path)), StateLock(url_of(link))
    taken = first.acquire(), second.acquire()
    first.release()
    assert (True, False) == taken


def test_taking_it_twice_is_taking_it_once(path: Path) -> None:
    """Whoever has it has it."""
    lock = StateLock(url_of(path))
    assert (True, True) == (lock.acquire(), lock.acquire())
    lock.release()


def test_nobody_is_named_when_nobody_has_it(path: Path) -> None:
    """Before the first, and after one that released it."""
    lock = StateLock(url_of(path))
    before = lock.holder()
    lock.acquire()
    lock.release()
    lock.release()
    assert (None, None) == (before, lock.holder())


def test_a_process_that_is_killed_lets_it_go(path: Path) -> None:
    """However it ends, the next start is not refused."""
    program = (
        "import sys; from monitor.store import StateLock\n"
        "lock = StateLock(sys.argv[1]); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, url_of(path)]
    lock = StateLock(url_of(path))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        line = other.stdout.readline()
        meanwhile = lock.acquire(), lock.holder()
        other.kill()
    assert ("True\n", (False, str(other.pid)), True) == (line, meanwhile, lock.acquire())
    lock.release()


def test_looking_whether_it_is_held_takes_nothing(path: Path) -> None:
    """Before the first, while somebody has it, and after: whoever wants it gets it all the same."""
    lock, onlooker = StateLock(url_of(path)), StateLock(url_of(path))
    before = onlooker.held(), lock.acquire(), onlooker.held()
    lock.release()
    after = onlooker.held(), lock.acquire()
    lock.release()
    assert ((False, True, True), (False, True)) == (before, after)


def test_one_who_looks_delays_a_start_and_refuses_none(path: Path) -> None:
    """A start that meets a look tries again."""
    path.with_name(path.name + ".lock").touch()
    with path.with_name(path.name + ".lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        lock = StateLock(url_of(path), pause=lambda _: fcntl.flock(file, fcntl.LOCK_UN))
        assert lock.acquire()
    lock.release()


def test_what_may_not_be_read_is_not_known(path: Path) -> None:
    """Neither yes nor no."""
    path.with_name(path.name + ".lock").symlink_to(path.with_name(path.name + ".lock"))
    assert StateLock(url_of(path)).held() is None


def test_where_there_can_be_no_lock_file_it_is_told(path: Path) -> None:
    """With the system's reason."""
    lock = StateLock(url_of(path / "missing" / "state.db"))
    with pytest.raises(StateUnavailableError, match="cannot be opened: No such file or directory"):
        lock.acquire()


def test_a_url_that_names_no_file_is_refused() -> None:
    """As the store refuses it."""
    with pytest.raises(UsageError):
        StateLock("sqlite://")
