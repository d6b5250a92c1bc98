from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.store import Store
from tests.store.commits import clock, url_of
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "state.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the database, as each new process would; closed at the end."""
    stores: list[Store] = []

    def start() -> Store:
        stores.append(Store.open(url_of(path), clock=clock))
        return stores[-1]

    yield start
    for store in stores:
        store.close()


@pytest.fixture
def store(path: Path, opened: Callable[[], Store]) -> Store:
    made(path)
    return opened()
