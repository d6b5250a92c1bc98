"""A database that has just been made, copied from one that was: the migrations take 20 ms, hundreds of times."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from monitor.store import Store
from tests.store.commits import clock, url_of


def made(path: Path) -> Path:
    """*path*, where there now is a database: one that only a first start has been at, unless there was one."""
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(_fresh())
    return path


@cache
def _fresh() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "state.db")
        Store.open(url_of(path), clock=clock).close()
        return path.read_bytes()
